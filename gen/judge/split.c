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
    struct by_record spare;  /* fields of `got` that are nothing expected by their name */
    struct by_record shared; /* fields expected that `got` has too, by the record they are in */
    struct spans expected;   /* all fields expected, of whatever record */
    int64_t least_record;    /* the size of the smallest record expected, or INT64_MAX */
};

/* The name of the record that a field is directly in: "epoll_event" of "epoll_event.data". */
static const char *inner_record(struct arena *arena, const char *name)
{
    const char *dot = strrchr(name, '.');

    return arena_strndup(arena, name, dot != NULL ? (size_t)(dot - name) : 0);
}

/* The record within which pieces of a field are looked for: its own; in anybody's binding, which
 * may have a record there, the outermost. */
static const char *piece_record(const struct comparison *comparison, struct arena *arena,
                                const char *name)
{
    return comparison->mode == JUDGE_FOREIGN ? arena_strndup(arena, name, strcspn(name, "."))
                                             : inner_record(arena, name);
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
 * not; and of a record within anybody's, only the fields count. */
static bool is_spare(const struct comparison *comparison, const struct fact *field)
{
    return field->kind == FACT_FIELD && fact_number(field, FIELD_OFFSET) >= 0 &&
           fact_number(field, FIELD_SIZE) >= 0 &&
           facts_find(comparison->expected, FACT_FIELD, field->name) == NULL &&
           (comparison->mode != JUDGE_FOREIGN ||
            facts_next_field(comparison->got, field->name, NULL, NULL) == NULL);
}

static const struct split *split_of(struct comparison *comparison)
{
    struct arena *arena = comparison->findings->arena;
    struct split *split = comparison->split;

    if (split != NULL)
        return split;
    split = comparison->split = arena_alloc(arena, sizeof *split);
    split->spare.records.arena = split->shared.records.arena = arena;
    split->least_record = INT64_MAX;
    for (size_t i = 0; i < comparison->got->n; i++) {
        const struct fact *field = &comparison->got->items[i];
        if (is_spare(comparison, field))
            add_span(&split->spare, arena, piece_record(comparison, arena, field->name), field, i);
    }
    for (size_t i = 0; i < comparison->expected->n; i++) {
        const struct fact *fact = &comparison->expected->items[i];
        int64_t offset = fact_number(fact, FIELD_OFFSET), size = fact_number(fact, FIELD_SIZE);
        if (fact->kind == FACT_RECORD && fact_number(fact, RECORD_SIZE) < split->least_record)
            split->least_record = fact_number(fact, RECORD_SIZE);
        if (fact->kind != FACT_FIELD)
            continue;
        spans_add(&split->expected, arena, offset, size, i);
        if (facts_find(comparison->got, FACT_FIELD, fact->name) != NULL)
            add_span(&split->shared, arena, inner_record(arena, fact->name), fact, i);
    }
    sort_spans(&split->spare, arena);
    sort_spans(&split->shared, arena);
    spans_sort(&split->expected, arena);
    return split;
}

static bool is_little(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n && facts->items[i].kind == FACT_ABI; i++)
        if (facts->items[i].attr[ABI_ENDIAN] != NULL)
            return strcmp(facts->items[i].attr[ABI_ENDIAN], "little") == 0;
    return true;
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
    bool is_first = is_low == is_little(comparison->expected);
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

/* One field that covers all bytes of another is the same one by another name, or a view of it. */
static void check_renamed(struct comparison *comparison, const struct fact *whole,
                          const struct fact *part)
{
    const char *want = whole->attr[FIELD_TYPE], *have = part->attr[FIELD_TYPE];

    if (comparison->mode == JUDGE_FOREIGN && want != NULL && have != NULL &&
        !judge_is_padding(part->name) && scalar_of(want).is_integer && scalar_of(have).is_integer &&
        strcmp(want, have) != 0)
        judge_add_finding(comparison, "bad-sign",
                          judge_is_wide_sign(want, have) ? SEVERITY_NOTE : SEVERITY_ERROR, whole,
                          part, want, have);
}

/* Sees whether fields of `got` that stand for nothing else cover every byte of `whole` and no
 * other, as parts or as views of the same bytes, with more than padding. Describes them in `parts`.
 */
static bool is_covered(struct comparison *comparison, const struct fact *whole, struct str *parts)
{
    struct arena *arena = comparison->findings->arena;
    const struct spans *spare =
        spans_of(&split_of(comparison)->spare, piece_record(comparison, arena, whole->name));
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
        if (at == start && length == size)
            check_renamed(comparison, whole, part);
        str_addf(parts, "%s%s at %lld, %lld bytes", parts->len > 0 ? "; " : "",
                 strrchr(part->name, '.') + 1, (long long)at, (long long)length);
        check_half(comparison, whole, part);
    }
    return is_inside && has_meaning && spans_cover(spare, start, end);
}

/* True if the system itself has other names for every byte of `whole`, as in a union, and `got` has
 * those: a binding need not have every member. */
static bool is_other_view(struct comparison *comparison, const struct fact *whole)
{
    const char *record = inner_record(comparison->findings->arena, whole->name);
    int64_t start = fact_number(whole, FIELD_OFFSET), size = fact_number(whole, FIELD_SIZE);

    return size > 0 &&
           spans_cover(spans_of(&split_of(comparison)->shared, record), start, start + size);
}

void judge_split(struct comparison *comparison, const struct fact *whole, size_t index)
{
    struct arena *arena = comparison->findings->arena;
    size_t before = comparison->findings->n;

    if (whole->attr[FIELD_SIZE] == NULL || whole->attr[FIELD_OFFSET] == NULL)
        return;
    if (comparison->mode == JUDGE_FOREIGN && judge_is_padding(whole->name))
        return;
    struct str parts = {.arena = arena};
    if (!is_covered(comparison, whole, &parts)) {
        if (comparison->mode == JUDGE_FOREIGN && parts.len == 0 && is_other_view(comparison, whole))
            return; /* not compared, and so not counted as agreed */
        judge_add_finding(comparison, "missing-field", SEVERITY_ERROR, whole, NULL,
                          arena_printf(arena, "at %s, %s bytes", whole->attr[FIELD_OFFSET],
                                       whole->attr[FIELD_SIZE]),
                          parts.len > 0 ? str_text(&parts) : "nothing there");
    }
    if (comparison->agreed != NULL && comparison->findings->n == before)
        comparison->agreed[index] |= fact_attrs_present(whole);
}

/* True for a field of what is padding as a whole, as Rust's MaybeUninit<[u8; 28]> has. */
static bool is_in_padding(struct arena *arena, const char *name)
{
    const char *dot = strchr(name, '.');

    while (dot != NULL && (dot = strchr(dot + 1, '.')) != NULL)
        if (judge_is_padding(arena_strndup(arena, name, (size_t)(dot - name))))
            return true;
    return false;
}

/* A field in bytes that the kernel neither reads nor writes. By its name it may be meant as
 * padding; half of a word never is. */
void judge_idle(struct comparison *comparison, const struct fact *got)
{
    int64_t at = fact_number(got, FIELD_OFFSET), length = fact_number(got, FIELD_SIZE);
    bool is_half = str_glob("*_lo", got->name) || str_glob("*_hi", got->name);

    if (length == 0 || is_in_padding(comparison->findings->arena, got->name))
        return;
    if (spans_overlap(&split_of(comparison)->expected, at, at + length))
        return;
    if (at + length > split_of(comparison)->least_record)
        return; /* behind its end: the size says it */
    judge_add_finding(comparison, "idle-field", is_half ? SEVERITY_ERROR : SEVERITY_NOTE, NULL, got,
                      "bytes that the kernel uses",
                      arena_printf(comparison->findings->arena, "padding at %lld, %lld bytes",
                                   (long long)at, (long long)length));
}
