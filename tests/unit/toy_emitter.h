/* toy_emitter.h - the smallest emitters that there can be: records and constants, in C++.
 *
 * In: a spec and the facts of its targets. Out: bindings/toy/<spec>.cpp. emit_toy is the worked
 * example of gen/emit/README.md. emit_naive is how one would write a record without reading that: it
 * writes the fields as the facts have them, by name, each with the type of its fact.
 */
#ifndef ABIPROOF_TESTS_TOY_EMITTER_H
#define ABIPROOF_TESTS_TOY_EMITTER_H

#include <string.h>

#include "emit/clusters.h"
#include "emit/module.h"

static const char *const toy_keywords[] = {"class", "new", "private", "template", NULL};

static const struct words toy_words = {
    .title = "Toy",
    .comment = "// ",
    .doc = "/// ",
    .module_doc = "// ",
    .null = "nullptr",
    .sigset_size = "SIGSET_SIZE",
    .keywords = toy_keywords,
    .keyword = "$N_",
    .integers = {{"__UINT8_TYPE__", "__UINT16_TYPE__", "__UINT32_TYPE__", "__UINT64_TYPE__"},
                 {"__INT8_TYPE__", "__INT16_TYPE__", "__INT32_TYPE__", "__INT64_TYPE__"}},
    .nothing = "void",
    .pointer = "$T *",
    .array = "toy_array<$T, $N>",
    .os = "defined(__$N__)",
    .arch = "defined(__$N__)",
    .bits = "__SIZEOF_POINTER__ * 8 == $N",
    .endians = {"__BYTE_ORDER__ == 1234", "__BYTE_ORDER__ == 4321"},
    .all = {"(", " && ", ")"},
    .any = {"(", " || ", ")"},
    .negation = "!$T",
    .continued = " \\",
    .first = "#if $T",
    .next = "#elif $T",
    .last = "#else",
    .end = "#endif",
    .indent = "",
};

/* Arrays as a type, so that a member is its type and its name. */
static inline void toy_open(struct str *out, const struct emit_job *job)
{
    words_add_condition(out, &toy_words, "#if !($T)", words_known(out->arena, &toy_words, job));
    str_addf(out,
             "\n#error \"%s: abiproof has proved no layout for this target\"\n#endif\n"
             "template <class T, int n> using toy_array = T[n];\n",
             job->spec->name);
}

static inline void toy_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    const char *name = layout.record->name;

    str_addf(out, "struct alignas(%lld) %s {\n", (long long)layout.align, name);
    for (size_t i = 0; i < layout.n; i++)
        str_addf(out, "    %s %s; // at %lld: %s\n",
                 words_type(out->arena, item->words, &layout.members[i].type),
                 words_name(out->arena, item->words, layout.members[i].name),
                 (long long)layout.members[i].offset_bytes,
                 words_doc(out->arena, item->words, layout.members[i].doc));
    str_addf(out, "};\nstatic_assert(sizeof(%s) == %lld, \"size of %s\");\n", name,
             (long long)layout.size_bytes, name);
    for (size_t i = 0; i < layout.n; i++)
        str_addf(out, "static_assert(__builtin_offsetof(%s, %s) == %lld, \"offset of %s.%s\");\n",
                 name, layout.members[i].name, (long long)layout.members[i].offset_bytes, name,
                 layout.members[i].name);
}

static inline void toy_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    str_addf(out, "enum : %s { %s = %s };\n", item_constant_type(out->arena, on, item),
             item->constant, item_constant_value(out->arena, on, item));
}

static const struct module toy_module = {
    .words = &toy_words,
    .open = toy_open,
    .constant = toy_constant,
    .record = toy_record,
};

/* What this emitter cannot write it must refuse, or it would write it wrong. */
static inline bool toy_has_no_unions(const struct emit_job *job, const struct spec_record *record,
                                     struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        struct layout layout = layout_make(arena, &job->on[i], job->spec, record);
        for (size_t k = 0; k < layout.n; k++)
            if (cluster_is(&layout, k)) {
                diag_error(diag, spec_location(job->spec, record->name),
                           "field '%s' of '%s' shares bytes with the next, and the toy has no "
                           "unions (%s)",
                           layout.members[k].name, record->name, job->on[i].target->name);
                return false;
            }
    }
    return true;
}

static inline void toy_emit_as(struct emit_files *files, const struct emit_job *job,
                               const struct module *module, struct diag *diag)
{
    if (!module_can_be_expressed(job, module->words, files->arena, diag))
        return;
    for (unsigned i = 0; i < job->spec->n_records; i++)
        if (!toy_has_no_unions(job, &job->spec->records[i], files->arena, diag))
            return;
    module_emit(
        emit_start(files, arena_printf(files->arena, "bindings/toy/%s.cpp", job->spec->name)), job,
        module);
}

static inline void toy_emit(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    toy_emit_as(files, job, &toy_module, diag);
}

static const char *const toy_folders[] = {"bindings/toy/*", NULL};

static const struct emitter emit_toy = {
    .name = "toy",
    .about = "C++ of a test",
    .is_language = true,
    .needs_words = true,
    .folders = toy_folders,
    .emit = toy_emit,
};

/* ---- what goes wrong without layout.h ---- */

static inline void naive_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *record = arena_printf(out->arena, "%s.", item->record->name);

    str_addf(out, "struct %s {\n", item->record->name);
    for (size_t i = 0; i < on->facts->n; i++) {
        const struct fact *fact = &on->facts->items[i];
        if (fact->kind != FACT_FIELD || !str_starts(fact->name, record))
            continue;
        struct layout_type type = layout_type(out->arena, fact->attr[FIELD_TYPE], on->target);
        str_addf(out, "    %s %s;\n", words_type(out->arena, item->words, &type),
                 fact->name + strlen(record));
    }
    str_add(out, "};\n");
}

static inline void naive_emit(struct emit_files *files, const struct emit_job *job,
                              struct diag *diag)
{
    struct module naive = toy_module;

    naive.record = naive_record;
    toy_emit_as(files, job, &naive, diag);
}

static const struct emitter emit_naive = {
    .name = "toy",
    .about = "C++ of a test, wrong",
    .is_language = true,
    .needs_words = true,
    .folders = toy_folders,
    .emit = naive_emit,
};

#endif
