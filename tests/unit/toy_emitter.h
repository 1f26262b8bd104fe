/* toy_emitter.h - the smallest emitters that there can be: records and constants, in C++.
 *
 * In: a spec and the facts of its targets. Out: bindings/toy/<spec>.cpp. emit_toy is the worked
 * example of gen/emit/README.md. emit_naive is how one would write it without reading that: it
 * writes the fields as the facts have them, by name, each with the type of its fact.
 */
#ifndef ABIPROOF_TESTS_TOY_EMITTER_H
#define ABIPROOF_TESTS_TOY_EMITTER_H

#include <string.h>

#include "emit/groups.h"
#include "emit/layout.h"

struct toy_record {
    const struct spec *spec;
    const struct spec_record *record;
};

/* "__UINT32_TYPE__", "void *"; NULL for a type that this language has no word for yet. */
static inline const char *toy_type(struct arena *arena, const struct layout_type *type)
{
    if (type->kind == LAYOUT_INTEGER)
        return arena_printf(arena, "__%sINT%d_TYPE__", type->is_signed ? "" : "U",
                            type->size_bytes * 8);
    if (type->kind == LAYOUT_POINTER)
        return "void *";
    return type->kind == LAYOUT_RECORD ? type->record : NULL;
}

static inline void toy_member(struct str *out, const struct layout_member *member)
{
    str_addf(out, "    %s %s", toy_type(out->arena, &member->type), member->name);
    for (size_t i = 0; i < member->type.n_bounds; i++)
        if (member->type.bounds[i] == LAYOUT_FLEXIBLE)
            str_add(out, "[]");
        else
            str_addf(out, "[%lld]", (long long)member->type.bounds[i]);
    str_addf(out, "; // at %lld: %s\n", (long long)member->offset_bytes, member->doc);
}

static inline void toy_text_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct toy_record *toy = context;
    struct layout layout = layout_make(out->arena, on, toy->spec, toy->record);
    const char *name = layout.record->name;

    str_addf(out, "struct alignas(%lld) %s {\n", (long long)layout.align, name);
    for (size_t i = 0; i < layout.n; i++)
        toy_member(out, &layout.members[i]);
    str_addf(out, "};\nstatic_assert(sizeof(%s) == %lld, \"size of %s\");\n", name,
             (long long)layout.size_bytes, name);
    for (size_t i = 0; i < layout.n; i++)
        str_addf(out, "static_assert(__builtin_offsetof(%s, %s) == %lld, \"offset of %s.%s\");\n",
                 name, layout.members[i].name, (long long)layout.members[i].offset_bytes, name,
                 layout.members[i].name);
}

/* What this emitter cannot write it must refuse, or it would write it wrong. */
static inline bool toy_can_express(const struct emit_job *job, const struct spec_record *record,
                                   struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        struct layout layout = layout_make(arena, &job->on[i], job->spec, record);
        const char *field = layout.obstacle_field, *why = layout.obstacle;
        for (size_t k = 0; k < layout.n && why == NULL; k++) {
            field = layout.members[k].name;
            if (toy_type(arena, &layout.members[k].type) == NULL)
                why = "has a type that the toy has no word for";
            else if (layout_cluster_end(&layout, k) != k + 1)
                why = "shares bytes with the next, and the toy has no unions";
        }
        if (why != NULL) {
            diag_error(diag, spec_location(job->spec, record->name), "field '%s' of '%s' %s (%s)",
                       field, record->name, why, job->on[i].target->name);
            return false;
        }
    }
    return true;
}

static inline void toy_text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, context);
    struct layout_type type = layout_type(out->arena, fact->attr[CONSTANT_TYPE], on->target);

    str_addf(out, "enum : %s { %s = %s };\n", toy_type(out->arena, &type), fact->name,
             fact->attr[CONSTANT_VALUE]);
}

/* The text of an item: once where all targets agree, else in a branch for each group of them. */
static inline void toy_grouped(struct str *out, const struct emit_job *job, groups_text_fn *text,
                               const void *context)
{
    struct groups groups = groups_make(out->arena, job, text, context);

    for (size_t i = 0; i < groups.n; i++) {
        str_add(out, groups.n > 1 ? "#if 0" : "");
        for (size_t k = 0; k < job->n_on && groups.n > 1; k++)
            if (groups.items[i].chosen[k])
                str_addf(out, " || (%s)", job->on[k].target->when);
        str_addf(out, "%s%s%s", groups.n > 1 ? "\n" : "", groups.items[i].text,
                 groups.n > 1 ? "#endif\n" : "");
    }
}

static inline void toy_emit_with(struct emit_files *files, const struct emit_job *job,
                                 struct diag *diag, groups_text_fn *text_record)
{
    const struct spec *spec = job->spec;

    for (unsigned i = 0; i < spec->n_records; i++)
        if (!toy_can_express(job, &spec->records[i], files->arena, diag))
            return;
    struct str *out =
        emit_start(files, arena_printf(files->arena, "bindings/toy/%s.cpp", spec->name));
    str_addf(out, "// Generated by abiproof gen --spec %s; do not edit.\n", spec->name);
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            toy_grouped(out, job, toy_text_constant, spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_records; i++) {
        struct toy_record toy = {spec, &spec->records[i]};
        toy_grouped(out, job, text_record, &toy);
    }
}

static inline void toy_emit(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    toy_emit_with(files, job, diag, toy_text_record);
}

static const char *const toy_folders[] = {"bindings/toy/*", NULL};

static const struct emitter emit_toy = {
    .name = "toy",
    .about = "C++ of a test",
    .is_language = true,
    .folders = toy_folders,
    .emit = toy_emit,
};

/* ---- what goes wrong without layout.h ---- */

static inline void naive_text_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct toy_record *toy = context;

    str_addf(out, "struct %s {\n", toy->record->name);
    for (size_t i = 0; i < on->facts->n; i++) {
        const struct fact *fact = &on->facts->items[i];
        const char *record = arena_printf(out->arena, "%s.", toy->record->name);
        if (fact->kind != FACT_FIELD || !str_starts(fact->name, record))
            continue;
        struct layout_type type = layout_type(out->arena, fact->attr[FIELD_TYPE], on->target);
        str_addf(out, "    %s %s;\n", toy_type(out->arena, &type), fact->name + strlen(record));
    }
    str_add(out, "};\n");
}

static inline void naive_emit(struct emit_files *files, const struct emit_job *job,
                              struct diag *diag)
{
    toy_emit_with(files, job, diag, naive_text_record);
}

static const struct emitter emit_naive = {
    .name = "toy",
    .about = "C++ of a test, wrong",
    .folders = toy_folders,
    .emit = naive_emit,
};

#endif
