/* c_record.c - records of a C binding: how fields become members.
 *
 * In: the facts of a record on each target. Out: a struct with accessors, and assertions of its
 * layout.
 *
 * The hard idea: no layout may need a packed attribute or an unaligned access. A field modelled as
 * words becomes two u32 members, what the system leaves empty becomes a member named pad, and
 * fields that share bytes become a union, so that the compiler has no hole left to fill in its own
 * way.
 */
#include "emit/c.h"

#include <string.h>

/* ---- types ---- */

/* Splits "u64[2]" into element "u64" and count text "[2]". */
static const char *element_of(struct arena *arena, const char *type, const char **count)
{
    size_t length = strcspn(type, "[");

    *count = arena_strdup(arena, type + length);
    return arena_strndup(arena, type, length);
}

const char *c_type(struct arena *arena, const char *type)
{
    if (strcmp(type, "ptr") == 0)
        return "void *";
    if (str_starts(type, "struct:") || str_starts(type, "union:"))
        return arena_printf(arena, "%.*s raw_%s", (int)strcspn(type, ":"), type,
                            strchr(type, ':') + 1);
    if (scalar_of(type).is_integer && strcmp(type, "bool") != 0)
        return arena_printf(arena, "raw_%s", type);
    return NULL;
}

/* ---- records ---- */

struct record_context {
    const struct spec *spec;
    const struct spec_record *record;
};

/* One member of a record as the binding models it. */
struct member {
    const char *name;
    const char *type; /* of a fact */
    int64_t offset;
    int64_t size;
    int64_t align;
    const char *doc;
    size_t cluster; /* members with the same number share bytes: together they are a union */
};

struct members {
    struct arena *arena;
    struct member *items;
    size_t n;
    int64_t end;        /* offset after the last byte of all */
    int64_t align;      /* of the record they make */
    bool is_aligned;    /* the first one is told so: the members alone would be looser */
    int64_t word_align; /* of the 32-bit words that we put there ourselves */
    size_t cluster;     /* of the last member */
    unsigned n_pads;
};

static void push_member(struct members *members, struct member member)
{
    bool is_union = members->n > 0 && member.offset < members->end;

    members->cluster += !is_union;
    member.cluster = members->cluster;
    ARENA_PUSH(members->arena, members->items, members->n, member);
    if (member.offset + member.size > members->end)
        members->end = member.offset + member.size;
    if (member.align > members->align)
        members->align = member.align;
}

/* Fills the bytes up to `offset`, with words where both ends allow it. */
static void push_pad(struct members *members, int64_t offset, const char *doc)
{
    int64_t gap = offset - members->end;
    int64_t unit = gap % 4 == 0 && members->end % 4 == 0 ? 4 : 1;
    const char *count =
        gap == unit ? "" : arena_printf(members->arena, "[%lld]", (long long)(gap / unit));
    struct member pad = {NULL, NULL, members->end, gap, unit == 4 ? members->word_align : 1,
                         doc,  0};

    if (gap <= 0)
        return;
    pad.name =
        members->n_pads++ == 0 ? "pad" : arena_printf(members->arena, "pad%u", members->n_pads);
    pad.type = arena_printf(members->arena, "u%lld%s", (long long)unit * 8, count);
    push_member(members, pad);
}

static void push_words(struct members *members, const struct spec_field *field, int64_t offset,
                       bool is_little)
{
    for (int half = 0; half < 2; half++) {
        bool is_low = (half == 0) == is_little;
        const char *name = arena_printf(members->arena, "%s_%s", field->name, is_low ? "lo" : "hi");
        push_member(members,
                    (struct member){name, "u32", offset + (int64_t)4 * half, 4, members->word_align,
                                    is_low ? field->doc : "the upper 32 bits", 0});
    }
}

static const struct spec_field *find_field(const struct spec_record *record, const char *name)
{
    for (unsigned i = 0; i < record->n_fields; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

/* Alignment of a 32- or 64-bit word, as the target has it. */
static int64_t word_align(const struct emit_on *on, int64_t size_bytes)
{
    const struct fact *abi = facts_find(on->facts, FACT_ABI, on->target->name);

    int64_t align =
        abi == NULL ? -1 : fact_number(abi, size_bytes == 8 ? ABI_ALIGN64 : ABI_ALIGN32);

    return align > 0 ? align : size_bytes; /* a witness that cannot tell: as nearly everywhere */
}

static struct members model(struct arena *arena, const struct emit_on *on, const struct spec *spec,
                            const struct spec_record *record);

/* Alignment that C gives a member of this type: that of its element. */
static int64_t natural_align(struct arena *arena, const char *type, const struct emit_on *on,
                             const struct spec *spec)
{
    const char *count;
    const char *element = element_of(arena, type, &count);
    int64_t size_bytes = scalar_of(element).size_bytes;

    if (str_starts(element, "struct:")) {
        const struct spec_record *record = spec_record(spec, element + strlen("struct:"));
        return record != NULL ? model(arena, on, spec, record).align : 1;
    }
    if (strcmp(element, "ptr") == 0)
        size_bytes = on->target->bits / 8;
    return size_bytes >= 4 ? word_align(on, size_bytes) : size_bytes > 0 ? size_bytes : 1;
}

static struct members model(struct arena *arena, const struct emit_on *on, const struct spec *spec,
                            const struct spec_record *record)
{
    struct members members = {.arena = arena, .word_align = word_align(on, 4)};
    const struct fact **fields;
    size_t n = facts_fields(arena, on->facts, record->name, &fields);
    const struct fact *whole = facts_find(on->facts, FACT_RECORD, record->name);

    for (size_t i = 0; i < n; i++) {
        const char *name = strrchr(fields[i]->name, '.') + 1, *type = fields[i]->attr[FIELD_TYPE];
        const struct spec_field *field = find_field(record, name);
        int64_t offset = fact_number(fields[i], FIELD_OFFSET);
        int64_t size = fields[i]->attr[FIELD_SIZE] != NULL ? fact_number(fields[i], FIELD_SIZE) : 0;
        push_pad(&members, offset,
                 arena_printf(arena, "the system leaves the bytes before %s empty", name));
        if (field != NULL && field->as == AS_WORDS)
            push_words(&members, field, offset, strcmp(on->target->endian, "little") == 0);
        else
            push_member(&members,
                        (struct member){name, type, offset, size,
                                        natural_align(arena, type, on, spec),
                                        field != NULL ? field->doc : "not named by the spec", 0});
    }
    push_pad(&members, fact_number(whole, RECORD_SIZE), "the record ends on its alignment");
    /* sparc64's kernel writes an event with 8-byte stores, and refuses an array at any other place
     * (arch/sparc/kernel/unaligned_64.c); and a record around ours must have its offsets. */
    if (fact_number(whole, RECORD_ALIGN) > members.align) {
        members.align = fact_number(whole, RECORD_ALIGN);
        members.is_aligned = true;
    }
    return members;
}

/* align: what the member is told to be aligned to, 0 for nothing. */
static void emit_member(struct str *out, const struct member *member, const char *indent,
                        int64_t align)
{
    const char *count;
    const char *type = c_type(out->arena, element_of(out->arena, member->type, &count));
    const char *told =
        align > 0 ? arena_printf(out->arena, "RAW_ALIGNAS(%lld) ", (long long)align) : "";

    str_addf(out, "%s%s%s%s%s%s; /* at %lld: %s */\n", indent, told, type,
             strchr(type, '*') != NULL ? "" : " ", member->name, count, (long long)member->offset,
             member->doc);
}

/* Members first to last share bytes. One that starts later than the union is pushed to its place.
 */
static void emit_union(struct str *out, const struct member *first, const struct member *last,
                       int64_t align)
{
    str_add(out, "    union {\n");
    for (const struct member *member = first; member <= last; member++) {
        if (member->offset == first->offset) {
            emit_member(out, member, "        ", member == first ? align : 0);
            continue;
        }
        str_addf(out, "        struct {\n            raw_u8 before_%s[%lld];\n", member->name,
                 (long long)(member->offset - first->offset));
        emit_member(out, member, "            ", 0);
        str_add(out, "        };\n");
    }
    str_add(out, "    };\n");
}

static void text_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct record_context *record = context;
    const struct fact *whole = facts_find(on->facts, FACT_RECORD, record->record->name);
    const char *kind = whole->attr[RECORD_KIND];
    struct members members = model(out->arena, on, record->spec, record->record);

    str_addf(out, "/* %s bytes; the system aligns it to %s, this declaration to %lld. */\n",
             whole->attr[RECORD_SIZE], whole->attr[RECORD_ALIGN], (long long)members.align);
    str_addf(out, "%s raw_%s {\n", kind, record->record->name);
    for (size_t i = 0; i < members.n;) {
        size_t last = i;
        int64_t align = members.is_aligned && i == 0 ? members.align : 0;
        while (strcmp(kind, "struct") == 0 && last + 1 < members.n &&
               members.items[last + 1].cluster == members.items[i].cluster)
            last++;
        if (last == i)
            emit_member(out, &members.items[i], "    ", align);
        else
            emit_union(out, &members.items[i], &members.items[last], align);
        i = last + 1;
    }
    str_add(out, "};\n");
}

/* Assertions that the compiler lays the members out as the system does. */
static void text_record_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct record_context *record = context;
    const char *name = record->record->name;
    const struct fact *whole = facts_find(on->facts, FACT_RECORD, name);
    const char *type = arena_printf(out->arena, "%s raw_%s", whole->attr[RECORD_KIND], name);
    struct members members = model(out->arena, on, record->spec, record->record);

    str_addf(out, "RAW_STATIC_ASSERT(sizeof(%s) == %lld, \"size of %s\");\n", type,
             (long long)members.end, name);
    str_addf(out, "RAW_STATIC_ASSERT(RAW_ALIGNOF(%s) == %lld, \"alignment of %s\");\n", type,
             (long long)members.align, name);
    for (size_t i = 0; i < members.n; i++)
        str_addf(out,
                 "RAW_STATIC_ASSERT(__builtin_offsetof(%s, %s) == %lld, \"offset of %s.%s\");\n",
                 type, members.items[i].name, (long long)members.items[i].offset, name,
                 members.items[i].name);
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
    str_addf(out, "/* The whole of %s.%s: %s. */\n", record, field->name, field->doc);
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
                 field->views[i].doc);
        emit_grouped(out, job, text_view, &context);
    }
}

/* ---- records as a whole ---- */

/* Why a binding cannot have this field in any shape; NULL if it can. */
static const char *field_obstacle(struct arena *arena, const struct spec_field *model,
                                  const struct fact *field)
{
    if (field->attr[FIELD_BIT] != NULL)
        return "is a bit-field, which a C binding cannot express yet";
    if (model != NULL && model->as == AS_WORDS && fact_number(field, FIELD_SIZE) != 8)
        return arena_printf(arena, "has %s bytes, where 'as: words' models 8",
                            field->attr[FIELD_SIZE] != NULL ? field->attr[FIELD_SIZE] : "no");
    return NULL;
}

/* Why a binding cannot have this member; NULL if it can. */
static const char *obstacle(struct arena *arena, const struct members *members,
                            const struct member *member)
{
    const char *count;

    if (c_type(arena, element_of(arena, member->type, &count)) == NULL)
        return arena_printf(arena, "has the type '%s', which a C binding cannot express yet",
                            member->type);
    if (strchr(count, '[') != NULL && strchr(count + 1, '[') != NULL)
        return "is an array of arrays, which a C binding cannot express yet";
    if (member->offset % member->align != 0 || members->end % member->align != 0)
        return arena_printf(arena,
                            "lies at %lld in %lld bytes, where C would align it to %lld: model it "
                            "with 'as: words'",
                            (long long)member->offset, (long long)members->end,
                            (long long)member->align);
    return NULL;
}

/* The first field that a binding cannot have on this target, and why; NULL if it can have all. */
static const char *first_obstacle(struct arena *arena, const struct emit_on *on,
                                  const struct spec *spec, const struct spec_record *record,
                                  const char **name)
{
    struct members members = model(arena, on, spec, record);
    const struct fact **fields;
    size_t n = facts_fields(arena, on->facts, record->name, &fields);
    const char *reason = NULL;

    for (size_t i = 0; i < n && reason == NULL; i++) {
        *name = strrchr(fields[i]->name, '.') + 1;
        reason = field_obstacle(arena, find_field(record, *name), fields[i]);
    }
    for (size_t i = 0; i < members.n && reason == NULL; i++) {
        *name = members.items[i].name;
        reason = obstacle(arena, &members, &members.items[i]);
    }
    return reason;
}

bool c_record_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                               struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        const char *name;
        const char *reason = first_obstacle(arena, &job->on[i], job->spec, record, &name);
        if (reason == NULL)
            continue;
        diag_error(diag, spec_place(job->spec, record->name), "field '%s' of '%s' %s (%s)", name,
                   record->name, reason, job->on[i].target->name);
        return false;
    }
    return true;
}

/* Several headers may have the same record, such as a timespec: the first one defines it. */
void c_record_emit(struct str *out, const struct emit_job *job, const struct spec_record *record)
{
    struct record_context context = {job->spec, record};

    str_addf(out, "#ifndef RAW_HAS_%s\n#define RAW_HAS_%s\n/*\n", record->name, record->name);
    str_add_wrapped(out, " * ", record->doc, 100);
    str_add(out, " */\n");
    emit_grouped(out, job, text_record, &context);
    str_add(out, "\n");
    for (unsigned i = 0; i < record->n_fields; i++)
        if (record->fields[i].as == AS_WORDS)
            emit_accessors(out, job, record->name, &record->fields[i]);
    str_add(out, "#endif\n\n");
}

void c_record_emit_asserts(struct str *out, const struct emit_job *job,
                           const struct spec_record *record)
{
    struct record_context context = {job->spec, record};

    emit_grouped(out, job, text_record_asserts, &context);
}
