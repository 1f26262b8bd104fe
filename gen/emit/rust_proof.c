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

/* The static of one name on one target: everything in a module of its own, so that one attribute is
 * for all. */
struct proof_context {
    const struct spec *spec;
    const char *name;
    const struct spec_call *call;
};

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct proof_context *proof = context;
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, proof->name);

    add_static(out, proof->name, fact->attr[CONSTANT_TYPE],
               arena_printf(out->arena, "super::%s", proof->name));
}

static void text_call(struct str *out, const struct emit_on *on, const void *context)
{
    const struct proof_context *proof = context;
    const char *type = rust_call_type(out->arena, proof->call->returns.type, proof->spec);
    bool has_number = facts_find(on->facts, FACT_SYSCALL, proof->name) != NULL;

    if (!has_number && proof->call->fallback == NULL)
        return;
    str_addf(out, "    pub static call_%s: unsafe fn(", proof->name);
    rust_params(out, proof->spec, proof->call, FORM_SYSCALL, false);
    str_addf(out, ") -> %s = super::sys_%s;\n", type, proof->name);
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct proof_context *proof = context;

    if (facts_find(on->facts, FACT_SYSCALL, proof->name) != NULL)
        add_static(out, arena_printf(out->arena, "NR_%s", proof->name), "usize",
                   arena_printf(out->arena, "super::NR_%s", proof->name));
}

static void add_function(struct str *out, const struct spec *spec, const struct spec_call *call)
{
    const char *type = rust_call_type(out->arena, call->returns.type, spec);
    bool is_void = strcmp(type, "c_void") == 0;

    str_addf(out, "    pub static %s: unsafe extern \"C\" fn(", call->name);
    rust_params(out, spec, call, FORM_LIBRARY, false);
    str_addf(out, ")%s%s = super::%s;\n", is_void ? "" : " -> ", is_void ? "" : type, call->name);
}

static void add_record(struct str *out, const char *name)
{
    str_addf(out,
             "    pub static align_%s: usize = align_of::<%s>();\n"
             "    pub static mut record_%s: MaybeUninit<%s> = MaybeUninit::uninit();\n",
             name, name, name, name);
}

static void add_constants(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_constants; i++)
        for (unsigned k = 0; k < job->spec->constants[i].n_names; k++) {
            struct proof_context context = {job->spec, job->spec->constants[i].names[k], NULL};
            rust_grouped(out, job, text_constant, &context);
        }
}

void rust_proof_emit(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;

    str_add(out, "\n/// What debug information would leave out; for `abiproof prove`.\n"
                 "#[cfg(abiproof)]\npub mod proof {\n    use super::*;\n\n");
    add_constants(out, job);
    for (unsigned i = 0; i < spec->n_calls; i++) {
        struct proof_context context = {spec, spec->calls[i].name, &spec->calls[i]};
        if ((context.call->forms & FORM_SYSCALL) != 0) {
            rust_grouped(out, job, text_number, &context);
            rust_grouped(out, job, text_call, &context);
        }
        if ((context.call->forms & FORM_LIBRARY) != 0)
            add_function(out, spec, context.call);
    }
    for (unsigned i = 0; i < spec->n_records; i++)
        add_record(out, spec->records[i].name);
    for (unsigned i = 0; i < spec->n_aliases; i++)
        str_addf(out, "    pub static type_%s: %s = 0;\n", spec->aliases[i].name,
                 spec->aliases[i].name);
    str_add(out, "}\n");
}
