/* split.c - fields that a binding models in other pieces than the system; see split.h.
 *
 * In: a field of the system without one of its name in the binding, or the reverse. Out: findings.
 * Names say nothing here, so bytes are compared: whatever covers all bytes of a field, and no other
 * field's, stands for it. Design: a record may be in pieces as a whole, so fields are put in an
 * order of their bytes once, and each field asks that.
 */
#include "judge/split.h"

#include <string.h>

#include "base/grouping.h"
#include "base/str.h"
#include "judge/spans.h"

/* Fields by the bytes that they have, record by record. */
struct by_record {
    struct grouping records;
    struct spans *spans; /* by number of the record; the numbers are positions in the facts */
    size_t n;
};

/* What is asked of every field that is in pieces, prepared when the first one is. */
struct split {
    struct by_record spare; /* fields of `got` that are nothing expected by their name */
};

/* The name of the record that a field is directly in: "epoll_event" of "epoll_event.data". */
static const char *inner_record(struct arena *arena, const char *name)
{
    const char *dot = strrchr(name, '.');

    return arena_strndup(arena, name, dot != NULL ? (size_t)(dot - name) : 0);
}

static void add_span(struct by_record *fields, struct arena *arena, const char *record,
                     const struct fact *field, size_t position)
{
    size_t number = grouping_of(&fields->records, record);
    struct spans none = {.n = 0};

    if (number == fields->n)
        ARENA_PUSH(arena, fields->spans, fields->n, none);
    spans_add(&fields->spans[number], arena, fact_number(field, FIELD_OFFSET),
              fact_number(field, FIELD_SIZE), position);
}

static void sort_spans(struct by_record *fields, struct arena *arena)
{
    for (size_t i = 0; i < fields->n; i++)
        spans_sort(&fields->spans[i], arena);
}

/* The fields of the record; none if it has none of this sort. */
static const struct spans *spans_of(const struct by_record *fields, const char *record)
{
    static const struct spans none = {.n = 0};
    size_t number = grouping_find(&fields->records, record);

    return number != INDEX_NONE ? &fields->spans[number] : &none;
}

/* True for a field of `got` that may be a piece of another one: its place is known and its name is
 * not. */
static bool is_spare(const struct comparison *comparison, const struct fact *field)
{
    return field->kind == FACT_FIELD && fact_number(field, FIELD_OFFSET) >= 0 &&
           fact_number(field, FIELD_SIZE) >= 0 &&
           facts_find(comparison->expected, FACT_FIELD, field->name) == NULL;
}

static const struct split *split_of(struct comparison *comparison)
{
    struct arena *arena = comparison->findings->arena;
    struct split *split = comparison->split;

    if (split != NULL)
        return split;
    split = comparison->split = arena_alloc(arena, sizeof *split);
    split->spare.records.arena = arena;
    for (size_t i = 0; i < comparison->got->n; i++) {
        const struct fact *field = &comparison->got->items[i];
        if (is_spare(comparison, field))
            add_span(&split->spare, arena, inner_record(arena, field->name), field, i);
    }
    sort_spans(&split->spare, arena);
    return split;
}

/* The low half of a word comes first on little endian; a part that is named for a half must be it,
 * whole, and the low one without a sign, which would run into the high one. */
static void check_half(struct comparison *comparison, const struct fact *whole,
                       const struct fact *part)
{
    const char *type = part->attr[FIELD_TYPE] != NULL ? part->attr[FIELD_TYPE] : "";
    bool is_low = str_glob("*_lo", part->name), is_high = str_glob("*_hi", part->name);
    int64_t offset = fact_number(whole, FIELD_OFFSET);
    int64_t size = fact_number(whole, FIELD_SIZE);
    bool is_first = is_low == judge_is_little(comparison->expected);
    int64_t want = is_first ? offset : offset + size / 2;
    struct arena *arena = comparison->findings->arena;

    if (!is_low && !is_high)
        return;
    if (fact_number(part, FIELD_OFFSET) != want)
        findings_add(comparison->findings, "bad-offset", SEVERITY_ERROR, part->name,
                     arena_printf(arena, "%lld", (long long)want), part->attr[FIELD_OFFSET],
                     whole->where, part->where, comparison->scope);
    if (fact_number(part, FIELD_SIZE) != size / 2)
        findings_add(comparison->findings, "bad-width", SEVERITY_ERROR, part->name,
                     arena_printf(arena, "%lld", (long long)(size / 2)), part->attr[FIELD_SIZE],
                     whole->where, part->where, comparison->scope);
    else if (scalar_of(type).is_signed)
        findings_add(comparison->findings, "bad-sign", is_low ? SEVERITY_ERROR : SEVERITY_NOTE,
                     part->name, arena_printf(arena, "u%lld", (long long)size * 4), type,
                     whole->where, part->where, comparison->scope);
}

/* Sees whether fields of `got` that stand for nothing else cover every byte of `whole` and no
 * other, as parts or as views of the same bytes, with more than padding. Describes them in `parts`.
 */
static bool is_covered(struct comparison *comparison, const struct fact *whole, struct str *parts)
{
    struct arena *arena = comparison->findings->arena;
    const struct spans *spare =
        spans_of(&split_of(comparison)->spare, inner_record(arena, whole->name));
    int64_t start = fact_number(whole, FIELD_OFFSET), size = fact_number(whole, FIELD_SIZE);
    int64_t end = start + size;
    bool is_inside = true, has_meaning = false;
    size_t *found, n = spans_overlapping(spare, arena, start, end, &found);

    for (size_t i = 0; i < n; i++) {
        const struct fact *part = &comparison->got->items[found[i]];
        int64_t at = fact_number(part, FIELD_OFFSET), length = fact_number(part, FIELD_SIZE);
        is_inside = is_inside && at >= start && at + length <= end;
        has_meaning = has_meaning || !judge_is_padding(part->name);
        comparison->used[found[i]] = true;
        str_addf(parts, "%s%s at %lld, %lld bytes", parts->len > 0 ? "; " : "",
                 strrchr(part->name, '.') + 1, (long long)at, (long long)length);
        check_half(comparison, whole, part);
    }
    return is_inside && has_meaning && spans_cover(spare, start, end);
}

void judge_split(struct comparison *comparison, const struct fact *whole, size_t index)
{
    struct arena *arena = comparison->findings->arena;
    size_t before = comparison->findings->n;

    if (whole->attr[FIELD_SIZE] == NULL || whole->attr[FIELD_OFFSET] == NULL)
        return;
    struct str parts = {.arena = arena};
    if (!is_covered(comparison, whole, &parts))
        judge_add_finding(comparison, "missing-field", SEVERITY_ERROR, whole, NULL,
                          arena_printf(arena, "at %s, %s bytes", whole->attr[FIELD_OFFSET],
                                       whole->attr[FIELD_SIZE]),
                          parts.len > 0 ? str_text(&parts) : "nothing there");
    if (comparison->agreed != NULL && comparison->findings->n == before)
        comparison->agreed[index] |= fact_attrs_present(whole);
}
