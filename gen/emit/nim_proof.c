/* nim_proof.c - what keeps everything of a Nim binding in the debug information.
 *
 * In: a spec. Out: variables that are compiled with -d:abiproof only. Design: Nim writes into C
 * neither constants nor functions nor types that nothing uses, so there is a variable of each, whose
 * name in C is the kernel's; gen/languages.yaml says how the others are called. The alignment of a
 * record is the C compiler's own.
 */
#include "emit/nim.h"

static void add_shown(struct str *out, const char *name, const char *value)
{
    str_addf(out, "let shown_%s {.exportc: \"%s\", used.} = %s\n",
             words_name(out->arena, &nim_words, name), name, value);
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    (void)on;
    add_shown(out, item->constant, words_name(out->arena, item->words, item->constant));
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *name = arena_printf(out->arena, "NR_%s", item->call->name);

    if (item_number(on, item) != NULL)
        add_shown(out, name, name);
}

static void add_record(struct str *out, const char *name)
{
    const char *type = words_record(out->arena, &nim_words, name);

    str_addf(out,
             "var record_%s {.exportc, used.}: ptr %s\n"
             "{.emit: [\"const NU align_%s = _Alignof(\", %s, \");\"].}\n",
             type, type, name, type);
}

/* Without indentation, which Nim reads. */
static void add_proof(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;
    struct item item = {.spec = spec, .words = &nim_words};

    for (unsigned i = 0; i < spec->n_constants; i++) {
        item.group = &spec->constants[i];
        for (unsigned k = 0; k < item.group->n_names; k++) {
            item.constant = item.group->names[k];
            module_add(out, job, &nim_module, text_constant, &item);
        }
    }
    for (unsigned i = 0; i < spec->n_calls; i++) {
        item.call = &spec->calls[i];
        if ((item.call->forms & FORM_SYSCALL) != 0)
            module_add(out, job, &nim_module, text_number, &item);
        if ((item.call->forms & FORM_LIBRARY) != 0)
            str_addf(out, "let link_%s {.exportc, used.} = %s\n", item.call->name, item.call->name);
    }
    for (unsigned i = 0; i < spec->n_records; i++)
        add_record(out, spec->records[i].name);
    for (unsigned i = 0; i < spec->n_aliases; i++)
        str_addf(out, "let type_%s {.exportc, used.}: %s = 0\n", spec->aliases[i].name,
                 spec->aliases[i].name);
}

void nim_proof(struct str *out, const struct emit_job *job)
{
    struct str text = {.arena = out->arena};

    add_proof(&text, job);
    str_add(out, "\n# What debug information would leave out; for `abiproof prove`.\n"
                 "when defined(abiproof):\n");
    branches_add_indented(out, &nim_words, str_text(&text));
}
