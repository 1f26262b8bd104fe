/* c_record.c - records of a C binding, spelled.
 *
 * In: the members of a record on each target, as layout.h gives them. Out: a struct with accessors,
 * and assertions of its layout. A record that the system aligns more than its members would be has
 * the alignment on its first member.
 */
#include "emit/c.h"

#include <string.h>

const char *c_type(struct arena *arena, const struct layout_type *type)
{
    switch (type->kind) {
    case LAYOUT_INTEGER:
        return arena_printf(arena, "raw_%c%d", type->is_signed ? 'i' : 'u', type->size_bytes * 8);
    case LAYOUT_POINTER:
        return "void *";
    case LAYOUT_RECORD:
        return arena_printf(arena, "%s raw_%s", type->is_union ? "union" : "struct", type->record);
    case LAYOUT_OTHER:
        break;
    }
    return NULL;
}

/* ---- records ---- */

static const char *kind_of(const struct layout *layout)
{
    return layout->is_union ? "union" : "struct";
}

/* "[2]", "[]" or "". */
static const char *bounds_text(struct arena *arena, const struct layout_type *type)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < type->n_bounds; i++)
        if (type->bounds[i] == LAYOUT_FLEXIBLE)
            str_add(&text, "[]");
        else
            str_addf(&text, "[%lld]", (long long)type->bounds[i]);
    return str_text(&text);
}

/* align: the alignment that an attribute gives the member, 0 for none. */
static void emit_member(struct str *out, const struct layout_member *member, const char *indent,
                        int64_t align)
{
    const char *type = c_type(out->arena, &member->type);
    const char *attribute =
        align > 0 ? arena_printf(out->arena, "RAW_ALIGNAS(%lld) ", (long long)align) : "";

    str_addf(out, "%s%s%s%s%s%s; /* at %lld: %s */\n", indent, attribute, type,
             strchr(type, '*') != NULL ? "" : " ", member->name,
             bounds_text(out->arena, &member->type), (long long)member->offset_bytes,
             words_doc(out->arena, &c_words, member->doc));
}

/* Members from `first` up to `end` share bytes. One that starts later than the union is pushed to
 * its place. */
static void emit_union(struct str *out, const struct layout_member *first,
                       const struct layout_member *end, int64_t align)
{
    str_add(out, "    union {\n");
    for (const struct layout_member *member = first; member < end; member++) {
        if (member->offset_bytes == first->offset_bytes) {
            emit_member(out, member, "        ", member == first ? align : 0);
            continue;
        }
        str_addf(out, "        struct {\n            raw_u8 before_%s[%lld];\n", member->name,
                 (long long)(member->offset_bytes - first->offset_bytes));
        emit_member(out, member, "            ", 0);
        str_add(out, "        };\n");
    }
    str_add(out, "    };\n");
}

static void text_record(struct str *out, const struct emit_on *on, const void *context)
{
    struct layout layout = layout_on(out->arena, on, context);
    int64_t attribute = layout.align > layout.member_align ? layout.align : 0;

    str_addf(out, "/* %lld bytes; the system aligns it to %lld, this declaration to %lld. */\n",
             (long long)layout.size_bytes, (long long)layout.system_align, (long long)layout.align);
    str_addf(out, "%s raw_%s {\n", kind_of(&layout), layout.record->name);
    for (size_t i = 0, end; i < layout.n; i = end) {
        int64_t align = i == 0 ? attribute : 0;
        end = layout.is_union ? i + 1 : layout_cluster_end(&layout, i);
        if (end == i + 1)
            emit_member(out, &layout.members[i], "    ", align);
        else
            emit_union(out, &layout.members[i], &layout.members[end], align);
    }
    str_add(out, "};\n");
}

/* Assertions that the compiler lays the members out as the system does. */
static void text_record_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    struct layout layout = layout_on(out->arena, on, context);
    const char *name = layout.record->name;
    const char *type = arena_printf(out->arena, "%s raw_%s", kind_of(&layout), name);

    str_addf(out, "RAW_STATIC_ASSERT(sizeof(%s) == %lld, \"size of %s\");\n", type,
             (long long)layout.size_bytes, name);
    str_addf(out, "RAW_STATIC_ASSERT(RAW_ALIGNOF(%s) == %lld, \"alignment of %s\");\n", type,
             (long long)layout.align, name);
    for (size_t i = 0; i < layout.n; i++)
        str_addf(out,
                 "RAW_STATIC_ASSERT(__builtin_offsetof(%s, %s) == %lld, \"offset of %s.%s\");\n",
                 type, layout.members[i].name, (long long)layout.members[i].offset_bytes, name,
                 layout.members[i].name);
}

/* ---- accessors of a field modelled as words ---- */

struct view_context {
    const char *record;
    const struct spec_field *field;
    const struct spec_view *view;
};

/* The first 32 bits in memory: where a C union would put an int. */
static void text_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct view_context *view = context;
    const char *record = view->record, *field = view->field->name, *type = view->view->type;
    bool is_pointer = strchr(type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    bool is_word = is_pointer && on->target->bits == 64;
    const char *first = is_little ? "lo" : "hi", *second = is_little ? "hi" : "lo";
    const char *star = is_pointer ? "" : " ";

    str_addf(out, "static inline %s%sraw_%s_get_%s(const struct raw_%s *record)\n{\n", type, star,
             record, view->view->name, record);
    if (is_word)
        str_addf(out, "    return (%s)(raw_uptr)raw_%s_get_%s(record);\n}\n", type, record, field);
    else
        str_addf(out, "    return (%s)%srecord->%s_%s;\n}\n", type, is_pointer ? "(raw_uptr)" : "",
                 field, first);
    str_addf(out, "static inline void raw_%s_set_%s(struct raw_%s *record, %s%s%s)\n{\n", record,
             view->view->name, record, type, star, view->view->name);
    if (is_word)
        str_addf(out, "    raw_%s_set_%s(record, (raw_u64)(raw_uptr)%s);\n}\n\n", record, field,
                 view->view->name);
    else
        str_addf(out, "    record->%s_%s = (raw_u32)%s%s;\n    record->%s_%s = 0;\n}\n\n", field,
                 first, is_pointer ? "(raw_uptr)" : "", view->view->name, field, second);
}

static void emit_accessors(struct str *out, const struct emit_job *job, const char *record,
                           const struct spec_field *field)
{
    str_addf(out, "/* The whole of %s.%s: %s. */\n", record, field->name,
             words_doc(out->arena, &c_words, field->doc));
    str_addf(out,
             "static inline raw_u64 raw_%s_get_%s(const struct raw_%s *record)\n{\n"
             "    return (raw_u64)record->%s_hi << 32 | record->%s_lo;\n}\n",
             record, field->name, record, field->name, field->name);
    str_addf(out,
             "static inline void raw_%s_set_%s(struct raw_%s *record, raw_u64 %s)\n{\n"
             "    record->%s_lo = (raw_u32)%s;\n    record->%s_hi = (raw_u32)(%s >> 32);\n}\n\n",
             record, field->name, record, field->name, field->name, field->name, field->name,
             field->name);
    for (unsigned i = 0; i < field->n_views; i++) {
        struct view_context context = {record, field, &field->views[i]};
        str_addf(out, "/* %s.%s as %s: %s. */\n", record, field->name, field->views[i].name,
                 words_doc(out->arena, &c_words, field->views[i].doc));
        c_grouped(out, job, text_view, &context);
    }
}

/* ---- records as a whole ---- */

/* Why a C binding cannot have this member; NULL if it can. */
static const char *obstacle(struct arena *arena, const struct layout_member *member)
{
    if (c_type(arena, &member->type) == NULL)
        return arena_printf(arena, "has the type '%s', which a C binding cannot express yet",
                            member->type.text);
    if (member->type.n_bounds > 1)
        return "is an array of arrays, which a C binding cannot express yet";
    return NULL;
}

bool c_record_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                               struct arena *arena, struct diag *diag)
{
    return layout_can_be_expressed(job, record, obstacle, arena, diag);
}

/* Several headers may have the same record, such as a timespec: the first one defines it. */
void c_record_emit(struct str *out, const struct emit_job *job, const struct spec_record *record)
{
    struct layout_record context = {job->spec, record};

    str_addf(out, "#ifndef RAW_HAS_%s\n#define RAW_HAS_%s\n/*\n", record->name, record->name);
    words_add_doc(out, &c_words, " * ", record->doc);
    str_add(out, " */\n");
    c_grouped(out, job, text_record, &context);
    str_add(out, "\n");
    for (unsigned i = 0; i < record->n_fields; i++)
        if (record->fields[i].as == AS_WORDS)
            emit_accessors(out, job, record->name, &record->fields[i]);
    str_add(out, "#endif\n\n");
}

void c_record_emit_asserts(struct str *out, const struct emit_job *job,
                           const struct spec_record *record)
{
    struct layout_record context = {job->spec, record};

    c_grouped(out, job, text_record_asserts, &context);
}
