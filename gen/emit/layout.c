/* layout.c - see layout.h.
 *
 * In: facts and the spec's model. Out: members. They are pushed from the first byte to the last,
 * and `end` follows them: a field that starts behind it leaves a hole, one that starts before it
 * shares bytes with what is there.
 */
#include "emit/layout.h"

#include <stdlib.h>
#include <string.h>

/* ---- types ---- */

/* Reads "[2][]" into bounds. */
static void read_bounds(struct layout_type *type, struct arena *arena, const char *text)
{
    int64_t *bounds = NULL;

    while (*text == '[') {
        char *end;
        int64_t bound = strtoll(text + 1, &end, 10);
        if (end == text + 1)
            bound = LAYOUT_FLEXIBLE;
        ARENA_PUSH(arena, bounds, type->n_bounds, bound);
        text = end + strcspn(end, "]");
        text += *text == ']';
    }
    type->bounds = bounds;
}

struct layout_type layout_type(struct arena *arena, const char *text, const struct target *target)
{
    const char *element = arena_strndup(arena, text, strcspn(text, "["));
    struct scalar scalar = scalar_of(element);
    struct layout_type type = {.kind = LAYOUT_OTHER, .text = arena_strdup(arena, text)};

    type.is_union = str_starts(element, "union:");
    if (type.is_union || str_starts(element, "struct:")) {
        type.kind = LAYOUT_RECORD;
        type.record = strchr(element, ':') + 1;
    } else if (strcmp(element, "ptr") == 0) {
        type.kind = LAYOUT_POINTER;
        type.size_bytes = target->bits / 8;
    } else if (scalar.is_integer && strcmp(element, "bool") != 0) {
        type.kind = LAYOUT_INTEGER;
        type.size_bytes = scalar.size_bytes;
        type.is_signed = scalar.is_signed;
    }
    read_bounds(&type, arena, text + strlen(element));
    return type;
}

/* Alignment of an integer inside a record, as the target has it. */
static int64_t integer_align(const struct emit_on *on, int64_t size_bytes)
{
    const struct fact *abi = facts_find(on->facts, FACT_ABI, on->target->name);

    if (size_bytes < 4)
        return size_bytes;
    int64_t align = -1;
    if (abi != NULL)
        align = fact_number(abi, size_bytes == 8 ? ABI_ALIGN64 : ABI_ALIGN32);
    return align > 0 ? align : size_bytes; /* a witness that cannot see it: as nearly everywhere */
}

/* Alignment that a compiler gives a member of this type: that of its element. */
static int64_t natural_align(struct arena *arena, const struct layout_type *type,
                             const struct emit_on *on, const struct spec *spec)
{
    int64_t size_bytes = type->size_bytes;

    if (type->kind == LAYOUT_RECORD) {
        const struct spec_record *record = spec_record(spec, type->record);
        return record != NULL ? layout_make(arena, on, spec, record).align : 1;
    }
    if (type->kind == LAYOUT_OTHER)
        size_bytes =
            scalar_of(arena_strndup(arena, type->text, strcspn(type->text, "["))).size_bytes;
    return size_bytes > 0 ? integer_align(on, size_bytes) : 1;
}

/* ---- members ---- */

/* A layout while its members are pushed. */
struct pushing {
    struct arena *arena;
    struct layout layout;
    const struct emit_on *on;
    int64_t end; /* offset behind the last byte of all */
    unsigned n_pads;
};

static void push_member(struct pushing *pushing, struct layout_member member)
{
    struct layout *layout = &pushing->layout;
    const struct layout_member *last = layout->n > 0 ? &layout->members[layout->n - 1] : NULL;

    if (last != NULL)
        member.cluster = last->cluster + (member.offset_bytes >= pushing->end);
    ARENA_PUSH(pushing->arena, layout->members, layout->n, member);
    if (member.offset_bytes + member.size_bytes > pushing->end)
        pushing->end = member.offset_bytes + member.size_bytes;
    if (member.align > layout->member_align)
        layout->member_align = member.align;
}

/* Fills the bytes up to `offset`, with words where both ends allow it. */
static void push_pad(struct pushing *pushing, int64_t offset, const char *doc)
{
    struct arena *arena = pushing->arena;
    int64_t gap = offset - pushing->end;
    int64_t unit = gap % 4 == 0 && pushing->end % 4 == 0 ? 4 : 1;
    const char *count = gap == unit ? "" : arena_printf(arena, "[%lld]", (long long)(gap / unit));

    if (gap <= 0)
        return;
    pushing->n_pads++;
    push_member(
        pushing,
        (struct layout_member){
            .name = pushing->n_pads == 1 ? "pad" : arena_printf(arena, "pad%u", pushing->n_pads),
            .part = LAYOUT_PAD,
            .type = layout_type(arena, arena_printf(arena, "u%lld%s", (long long)unit * 8, count),
                                pushing->on->target),
            .offset_bytes = pushing->end,
            .size_bytes = gap,
            .align = integer_align(pushing->on, unit),
            .doc = doc,
        });
}

/* The first word in memory is the lower one where the first byte is the lowest. */
static void push_words(struct pushing *pushing, const struct spec_field *field, int64_t offset)
{
    const struct target *target = pushing->on->target;
    bool is_little = strcmp(target->endian, "little") == 0;

    for (int half = 0; half < 2; half++) {
        bool is_low = (half == 0) == is_little;
        push_member(pushing, (struct layout_member){
                                 .name = arena_printf(pushing->arena, "%s_%s", field->name,
                                                      is_low ? "lo" : "hi"),
                                 .part = is_low ? LAYOUT_LOW : LAYOUT_HIGH,
                                 .field = field,
                                 .type = layout_type(pushing->arena, "u32", target),
                                 .offset_bytes = offset + (int64_t)4 * half,
                                 .size_bytes = 4,
                                 .align = integer_align(pushing->on, 4),
                                 .doc = is_low ? field->doc : "the upper 32 bits",
                             });
    }
}

/* ---- the record ---- */

static const struct spec_field *find_field(const struct spec_record *record, const char *name)
{
    for (unsigned i = 0; i < record->n_fields; i++)
        if (strcmp(record->fields[i].name, name) == 0)
            return &record->fields[i];
    return NULL;
}

static void set_obstacle(struct layout *layout, const char *field, const char *why)
{
    if (layout->obstacle != NULL)
        return;
    layout->obstacle_field = field;
    layout->obstacle = why;
}

/* Notes why a binding cannot have this field in any shape. */
static void check_field(struct layout *layout, struct arena *arena, const char *name,
                        const struct spec_field *model, const struct fact *field)
{
    const char *size = field->attr[FIELD_SIZE];

    if (field->attr[FIELD_BIT] != NULL)
        set_obstacle(layout, name, "is a bit-field, which bindings cannot express yet");
    else if (model != NULL && model->as == AS_WORDS && fact_number(field, FIELD_SIZE) != 8)
        set_obstacle(layout, name,
                     arena_printf(arena, "has %s bytes, where 'as: words' models 8",
                                  size != NULL ? size : "no"));
}

static void push_field(struct pushing *pushing, const struct spec *spec, const struct fact *fact)
{
    struct arena *arena = pushing->arena;
    const char *name = strrchr(fact->name, '.') + 1;
    const struct spec_field *field = find_field(pushing->layout.record, name);
    struct layout_member member = {
        .name = name,
        .part = LAYOUT_FIELD,
        .field = field,
        .type = layout_type(arena, fact->attr[FIELD_TYPE], pushing->on->target),
        .offset_bytes = fact_number(fact, FIELD_OFFSET),
        .size_bytes = fact->attr[FIELD_SIZE] != NULL ? fact_number(fact, FIELD_SIZE) : 0,
        .doc = field != NULL ? field->doc : "not named by the spec",
    };

    check_field(&pushing->layout, arena, name, field, fact);
    push_pad(pushing, member.offset_bytes,
             arena_printf(arena, "the system leaves the bytes before %s empty", name));
    if (field != NULL && field->as == AS_WORDS) {
        push_words(pushing, field, member.offset_bytes);
        return;
    }
    member.align = natural_align(arena, &member.type, pushing->on, spec);
    push_member(pushing, member);
}

/* Notes the first member that a compiler would put elsewhere. */
static void check_places(struct layout *layout, struct arena *arena)
{
    for (size_t i = 0; i < layout->n; i++) {
        const struct layout_member *member = &layout->members[i];
        if (member->offset_bytes % member->align == 0 && layout->size_bytes % member->align == 0)
            continue;
        set_obstacle(layout, member->name,
                     arena_printf(arena,
                                  "lies at %lld in %lld bytes, and its type is aligned to %lld: "
                                  "model it with 'as: words'",
                                  (long long)member->offset_bytes, (long long)layout->size_bytes,
                                  (long long)member->align));
    }
}

/* Nothing can stand behind a flexible array: the bytes up to the end are its own. */
static bool ends_flexible(const struct layout *layout)
{
    const struct layout_member *last = layout->n > 0 ? &layout->members[layout->n - 1] : NULL;

    return last != NULL && last->type.n_bounds > 0 && last->type.bounds[0] == LAYOUT_FLEXIBLE;
}

struct layout layout_make(struct arena *arena, const struct emit_on *on, const struct spec *spec,
                          const struct spec_record *record)
{
    struct pushing pushing = {.arena = arena, .layout = {.record = record}, .on = on};
    struct layout *layout = &pushing.layout;
    const struct fact **fields;
    size_t n = facts_fields(arena, on->facts, record->name, &fields);
    const struct fact *whole = facts_find(on->facts, FACT_RECORD, record->name);

    layout->is_union = strcmp(whole->attr[RECORD_KIND], "union") == 0;
    layout->size_bytes = fact_number(whole, RECORD_SIZE);
    layout->system_align = fact_number(whole, RECORD_ALIGN);
    for (size_t i = 0; i < n; i++)
        push_field(&pushing, spec, fields[i]);
    if (!ends_flexible(layout))
        push_pad(&pushing, layout->size_bytes, "the record ends on its alignment");
    layout->align =
        layout->system_align > layout->member_align ? layout->system_align : layout->member_align;
    check_places(layout, arena);
    return *layout;
}

struct layout layout_on(struct arena *arena, const struct emit_on *on,
                        const struct layout_record *record)
{
    return layout_make(arena, on, record->spec, record->record);
}

/* The first field that a binding cannot have, and why; NULL if it can have all. */
static const char *first_obstacle(struct arena *arena, const struct layout *layout,
                                  layout_obstacle_fn *obstacle, const char **field)
{
    const char *reason = layout->obstacle;

    *field = layout->obstacle_field;
    for (size_t i = 0; i < layout->n && reason == NULL && obstacle != NULL; i++) {
        *field = layout->members[i].name;
        reason = obstacle(arena, &layout->members[i]);
    }
    return reason;
}

bool layout_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                             layout_obstacle_fn *obstacle, struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        struct layout layout = layout_make(arena, &job->on[i], job->spec, record);
        const char *field;
        const char *reason = first_obstacle(arena, &layout, obstacle, &field);
        if (reason == NULL)
            continue;
        diag_error(diag, spec_location(job->spec, record->name), "field '%s' of '%s' %s (%s)",
                   field, record->name, reason, job->on[i].target->name);
        return false;
    }
    return true;
}

size_t layout_cluster_end(const struct layout *layout, size_t i)
{
    size_t end = i + 1;

    while (end < layout->n && layout->members[end].cluster == layout->members[i].cluster)
        end++;
    return end;
}
