/* rust_proof.c - what keeps everything of a Rust binding in the debug information.
 *
 * In: a spec. Out: a module that is compiled with --cfg abiproof only. Design: rustc writes neither
 * constants nor declared functions nor types that nothing has, so there is a static that is equal to
 * each, and of what a record is aligned to and an alias stands for, too; gen/languages.yaml says how
 * they are called.
 */
#include "emit/rust.h"

#include <string.h>

static void add_static(struct str *out, const char *name, const char *type, const char *value)
{
    str_addf(out, "    pub static %s: %s = %s;\n", name, type, value);
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    add_static(out, item->constant, item_constant_type(out->arena, on, item),
               arena_printf(out->arena, "super::%s", item->constant));
}

static void text_call(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (!item_has_call(on, item))
        return;
    str_addf(out, "    pub static call_%s: unsafe fn(", item->call->name);
    item_add_params(out, item, FORM_SYSCALL, "$T");
    str_addf(out, ") -> %s = super::sys_%s;\n",
             words_call_type(out->arena, item->words, item->spec, item->call->returns.type),
             item->call->name);
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (item_number(on, item) != NULL)
        add_static(out, arena_printf(out->arena, "NR_%s", item->call->name), "usize",
                   arena_printf(out->arena, "super::NR_%s", item->call->name));
}

static void add_function(struct str *out, const struct item *item)
{
    const char *type =
        words_call_type(out->arena, item->words, item->spec, item->call->returns.type);
    bool is_void = strcmp(type, item->words->nothing) == 0;

    str_addf(out, "    pub static %s: unsafe extern \"C\" fn(", item->call->name);
    item_add_params(out, item, FORM_LIBRARY, "$T");
    str_addf(out, ")%s%s = super::%s;\n", is_void ? "" : " -> ", is_void ? "" : type,
             item->call->name);
}

static void add_record(struct str *out, const char *name)
{
    str_addf(out,
             "    pub static align_%s: usize = align_of::<%s>();\n"
             "    pub static mut record_%s: MaybeUninit<%s> = MaybeUninit::uninit();\n",
             name, name, name, name);
}

static void add_constants(struct str *out, const struct emit_job *job, struct item item)
{
    for (unsigned i = 0; i < job->spec->n_constants; i++) {
        item.group = &job->spec->constants[i];
        for (unsigned k = 0; k < item.group->n_names; k++) {
            item.constant = item.group->names[k];
            module_add(out, job, &rust_module, text_constant, &item);
        }
    }
}

void rust_proof(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;
    struct item item = {.spec = spec, .words = &rust_words};

    str_add(out, "\n/// What debug information would leave out; for `abiproof prove`.\n"
                 "#[cfg(abiproof)]\npub mod proof {\n    use super::*;\n\n");
    add_constants(out, job, item);
    for (unsigned i = 0; i < spec->n_calls; i++) {
        item.call = &spec->calls[i];
        if ((item.call->forms & FORM_SYSCALL) != 0) {
            module_add(out, job, &rust_module, text_number, &item);
            module_add(out, job, &rust_module, text_call, &item);
        }
        if ((item.call->forms & FORM_LIBRARY) != 0)
            add_function(out, &item);
    }
    for (unsigned i = 0; i < spec->n_records; i++)
        add_record(out, spec->records[i].name);
    for (unsigned i = 0; i < spec->n_aliases; i++)
        str_addf(out, "    pub static type_%s: %s = 0;\n", spec->aliases[i].name,
                 spec->aliases[i].name);
    str_add(out, "}\n");
}
