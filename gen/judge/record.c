/* record.c - see record.h.
 *
 * In: facts of both sides. Out: findings. Design: first names, wherever they lie; then places, for
 * what no name says; then every bit of the system that is left is asked what the binding has there,
 * and the reverse. What only its place says is right as far as anybody can see, and is reported as
 * that and nothing more.
 */
#include "judge/record.h"

#include <stdlib.h>
#include <string.h>

#include "judge/growing.h"
#include "judge/leaf_match.h"

/* ---- texts ---- */

const char *leaf_place_text(struct arena *arena, const struct leaf *leaf)
{
    if (leaf->is_bits)
        return arena_printf(arena, "at %s, bits %s", leaf->fact->attr[FIELD_OFFSET],
                            leaf->fact->attr[FIELD_BIT]);
    if (leaf->fact->attr[FIELD_SIZE] == NULL)
        return arena_printf(arena, "at %s", leaf->fact->attr[FIELD_OFFSET]);
    return arena_printf(arena, "at %s, %s byte%s", leaf->fact->attr[FIELD_OFFSET],
                        leaf->fact->attr[FIELD_SIZE],
                        strcmp(leaf->fact->attr[FIELD_SIZE], "1") == 0 ? "" : "s");
}

static void add_name(struct str *list, const char *name)
{
    str_addf(list, "%s%s", list->len > 0 ? ", " : "", name);
}

void record_note_place(struct record_comparison *record, struct leaf *expected, const char *got)
{
    expected->match = LEAF_BY_PLACE;
    add_name(&record->by_place.expected, expected->path);
    add_name(&record->by_place.got, got);
    if (record->comparison->agreed != NULL)
        record->comparison->agreed[expected->index] |= AGREED_BY_PLACE;
}

void record_note_older(struct record_comparison *record, struct leaf *expected)
{
    expected->match = LEAF_OLDER;
    add_name(&record->older.expected, expected->path);
}

void record_agree(struct record_comparison *record, const struct leaf *expected, unsigned attrs)
{
    attrs &= fact_attrs_present(expected->fact);
    if (record->comparison->agreed != NULL)
        record->comparison->agreed[expected->index] |= (unsigned char)attrs;
}

bool record_is_verbatim(const struct record_comparison *record, const struct leaf *expected)
{
    const struct comparison *comparison = record->comparison;

    for (size_t i = 0; i < comparison->n_verbatim; i++)
        if (strcmp(comparison->verbatim[i], expected->fact->name) == 0)
            return true;
    return false;
}

/* ---- types ---- */

enum { ALL_ATTRS = (1 << FACT_ATTRS_MAX) - 1 };

/* A sign. What the kernel returns below zero is read as huge where the binding has no sign; the
 * reverse is read rightly but for values beyond half of the range. */
static void check_sign(struct record_comparison *record, struct leaf *expected,
                       const struct leaf *got, const struct leaf_type *want,
                       const struct leaf_type *have)
{
    bool is_byte_array = want->class == LEAF_ARRAY && want->element_bits == 8;

    if (want->is_signed == have->is_signed || is_byte_array) {
        record_agree(record, expected, ALL_ATTRS);
        return;
    }
    judge_add_finding(record->comparison, "bad-sign",
                      want->is_signed ? SEVERITY_ERROR : SEVERITY_NOTE, expected->fact, got->fact,
                      expected->fact->attr[FIELD_TYPE], got->fact->attr[FIELD_TYPE]);
}

static void add_type_finding(struct record_comparison *record, const char *kind,
                             enum severity severity, const struct leaf *expected,
                             const struct leaf *got)
{
    judge_add_finding(record->comparison, kind, severity, expected->fact, got->fact,
                      expected->fact->attr[FIELD_TYPE], got->fact->attr[FIELD_TYPE]);
}

/* Bits of one element of an array; of addresses, which have those of the target, by the array's. */
static int64_t bits_of_element(const struct leaf *leaf, const struct leaf_type *type)
{
    const char *count = strchr(leaf->fact->attr[FIELD_TYPE], '[');
    long n = count != NULL && strchr(count + 1, '[') == NULL ? strtol(count + 1, NULL, 10) : 0;

    if (type->element_bits == 0 && strcmp(type->element, "ptr") == 0 && n > 0)
        return (leaf->end - leaf->first) / n;
    return type->element_bits;
}

/* Where one side has an array. Bytes are a block, in which nothing has a meaning of its own. */
static void check_array(struct record_comparison *record, struct leaf *expected,
                        const struct leaf *got, const struct leaf_type *want,
                        const struct leaf_type *have)
{
    int64_t want_bits = bits_of_element(expected, want), have_bits = bits_of_element(got, have);
    bool is_block = want_bits == 8 || have_bits == 8;
    bool are_numbers = want_bits > 0 && have_bits > 0 && want_bits != have_bits;
    /* A number over several has the halves in the other order than little endian has. */
    bool is_other_width = want->class == LEAF_ARRAY && are_numbers && !is_block &&
                          (have->class == LEAF_ARRAY || !record->is_little);

    if (want->element_bits == have->element_bits && want->class == have->class)
        check_sign(record, expected, got, want, have);
    else if (is_other_width)
        add_type_finding(record, "bad-width", SEVERITY_ERROR, expected, got);
}

static bool is_number_or_address(const struct leaf_type *type)
{
    return type->class == LEAF_INTEGER || type->class == LEAF_POINTER;
}

void record_check_type(struct record_comparison *record, struct leaf *expected,
                       const struct leaf *got)
{
    const char *want_text = expected->fact->attr[FIELD_TYPE];
    const char *have_text = got->fact->attr[FIELD_TYPE];

    record_agree(record, expected, ALL_ATTRS & ~(1U << FIELD_TYPE));
    if (want_text == NULL || have_text == NULL)
        return;
    struct leaf_type want = leaf_type_of(record->arena, want_text);
    struct leaf_type have = leaf_type_of(record->arena, have_text);
    bool is_flag = expected->end - expected->first == 8 &&
                   (want.class == LEAF_BOOL || have.class == LEAF_BOOL) &&
                   want.class != LEAF_OTHER && have.class != LEAF_OTHER;
    if (strcmp(want_text, have_text) == 0 || record_is_verbatim(record, expected))
        record_agree(record, expected, ALL_ATTRS);
    else if (want.class == LEAF_OPAQUE || have.class == LEAF_OPAQUE)
        return; /* the size is compared */
    else if (want.class == LEAF_INTEGER && have.class == LEAF_INTEGER)
        check_sign(record, expected, got, &want, &have);
    else if (is_number_or_address(&want) && is_number_or_address(&have))
        add_type_finding(record, "pointer-as-integer", SEVERITY_NOTE, expected, got);
    else if ((want.class == LEAF_ARRAY || have.class == LEAF_ARRAY) && have.class != LEAF_OTHER)
        check_array(record, expected, got, &want, &have);
    else
        add_type_finding(record, "bad-type", is_flag ? SEVERITY_NOTE : SEVERITY_ERROR, expected,
                         got);
}

/* ---- pairs ---- */

static int64_t bits_of(const struct leaf *leaf)
{
    return leaf->end - leaf->first;
}

/* Two leaves of one name that do not have the same bits. */
static void report_moved(struct record_comparison *record, struct leaf *expected,
                         const struct leaf *got)
{
    bool is_known = bits_of(expected) > 0 && bits_of(got) > 0;
    bool is_wide = is_known && bits_of(expected) != bits_of(got);

    expected->match = LEAF_WRONG;
    if (expected->is_bits || got->is_bits) {
        judge_add_finding(record->comparison, is_wide ? "bad-width" : "bad-bit", SEVERITY_ERROR,
                          expected->fact, got->fact, leaf_place_text(record->arena, expected),
                          leaf_place_text(record->arena, got));
        return;
    }
    if (expected->first != got->first)
        judge_add_finding(record->comparison, "bad-offset", SEVERITY_ERROR, expected->fact,
                          got->fact, expected->fact->attr[FIELD_OFFSET],
                          got->fact->attr[FIELD_OFFSET]);
    if (is_wide)
        judge_add_finding(record->comparison, "bad-width", SEVERITY_ERROR, expected->fact,
                          got->fact, expected->fact->attr[FIELD_SIZE], got->fact->attr[FIELD_SIZE]);
}

static void check_pair(struct record_comparison *record, struct leaf *expected)
{
    const struct leaf *got = expected->partner;
    bool is_known = bits_of(expected) > 0 && bits_of(got) > 0;
    size_t before = record->comparison->findings->n;

    if (expected->match == LEAF_BY_PLACE) {
        record_check_type(record, expected, got);
        if (record->comparison->agreed != NULL)
            record->comparison->agreed[expected->index] = 0;
        if (record->comparison->findings->n == before)
            record_note_place(
                record, expected,
                arena_printf(record->arena, "%s at %s", got->path, got->fact->attr[FIELD_OFFSET]));
        return;
    }
    if (expected->first == got->first && (!is_known || bits_of(expected) == bits_of(got))) {
        record_check_type(record, expected, got);
        return;
    }
    bool is_part = is_known && got->first >= expected->first && got->end <= expected->end;
    if (!is_part || !record_is_split(record, expected))
        report_moved(record, expected, got);
}

/* ---- fields that are no leaves ---- */

/* The record that the leaf lies in and that is next to `dot` in its name; NULL if there is none. */
static const struct fact *next_outer(const struct record_comparison *record,
                                     const struct leaf *leaf, const char **dot)
{
    const struct fact *outer = NULL;

    if (*dot == NULL)
        *dot = leaf->fact->name + strlen(record->expected.record);
    while (outer == NULL && (*dot = strchr(*dot + 1, '.')) != NULL)
        outer = facts_find_bytes(record->comparison->expected, FACT_FIELD, leaf->fact->name,
                                 (size_t)(*dot - leaf->fact->name));
    return outer;
}

/* Marks the records of which the binding spells a leaf: no block of bytes stands for those. */
static void mark_spelled(const struct record_comparison *record)
{
    for (size_t i = 0; i < record->expected.n; i++) {
        const struct leaf *leaf = &record->expected.items[i];
        const char *dot = NULL;
        if (leaf->match != LEAF_BY_NAME)
            continue;
        for (const struct fact *outer = next_outer(record, leaf, &dot); outer != NULL;
             outer = next_outer(record, leaf, &dot))
            record->is_spelled[outer - record->comparison->expected->items] = true;
    }
}

/* Enters the records within the record under the keys of their names. */
static void find_outer(const struct record_comparison *record, struct grouping *keys,
                       const struct fact ***outer)
{
    const struct facts *facts = record->comparison->expected;
    size_t n_outer = 0;
    const char **list;

    *outer = NULL;
    for (size_t i = record->expected.from; i < record->expected.to; i++) {
        const struct fact *field = &facts->items[i];
        if (facts_next_field(facts, field->name, NULL, NULL) == NULL ||
            fact_number(field, FIELD_OFFSET) < 0 || record->is_spelled[i])
            continue;
        size_t n =
            leaf_keys(&record->expected_names, field->name + strlen(record->expected.record) + 1,
                      LEAF_KEY_PATH, &list);
        for (size_t k = 0; k < n; k++)
            if (grouping_is_new(keys, list[k]))
                ARENA_PUSH(record->arena, *outer, n_outer, field);
    }
}

/* A leaf of the binding may be, as bytes, what the system has as a record: in its place. */
static void check_blocks(struct record_comparison *record)
{
    struct grouping keys = {.arena = record->arena};
    const struct fact **outer;
    const char **list;

    mark_spelled(record);
    find_outer(record, &keys, &outer);
    for (size_t i = 0; i < record->got.n && outer != NULL; i++) {
        struct leaf *leaf = &record->got.items[i];
        size_t n = leaf->partner == NULL && !leaf->is_padding
                       ? leaf_keys(&record->got_names, leaf->path, LEAF_KEY_PATH, &list)
                       : 0;
        size_t found = INDEX_NONE;
        for (size_t k = 0; k < n && found == INDEX_NONE; k++)
            found = grouping_find(&keys, list[k]);
        if (found == INDEX_NONE || fact_number(outer[found], FIELD_OFFSET) * 8 == leaf->first)
            continue;
        bool *is_moved = &record->is_moved[outer[found] - record->comparison->expected->items];
        bool is_again = *is_moved;
        *is_moved = leaf->is_moved = leaf->is_used = true;
        if (is_again)
            continue;
        const char *offset = outer[found]->attr[FIELD_OFFSET];
        judge_add_finding(
            record->comparison, "bad-offset", SEVERITY_ERROR, outer[found], leaf->fact,
            leaf->is_bits ? arena_printf(record->arena, "at %s", offset) : offset,
            leaf->is_bits ? leaf_place_text(record->arena, leaf) : leaf->fact->attr[FIELD_OFFSET]);
    }
}

/* Marks the records that the leaf lies in as not wholly agreed. */
static void mark_outer(const struct record_comparison *record, const struct leaf *leaf)
{
    const char *dot = NULL;

    for (const struct fact *outer = next_outer(record, leaf, &dot); outer != NULL;
         outer = next_outer(record, leaf, &dot))
        record->is_bad[outer - record->comparison->expected->items] = true;
}

/* True if a finding says that a record that the leaf lies in is elsewhere. */
static bool is_in_moved(const struct record_comparison *record, const struct leaf *leaf)
{
    const char *dot = NULL;

    for (const struct fact *outer = next_outer(record, leaf, &dot); outer != NULL;
         outer = next_outer(record, leaf, &dot))
        if (record->is_moved[outer - record->comparison->expected->items])
            return true;
    return false;
}

/* A field without bytes, such as an array at the end: only where both sides have it. */
static void check_empty(struct record_comparison *record, const struct fact *field)
{
    const struct comparison *comparison = record->comparison;
    const struct fact *got = facts_find(comparison->got, FACT_FIELD, field->name);
    size_t index = (size_t)(field - comparison->expected->items);

    if (got == NULL || field->attr[FIELD_OFFSET] == NULL || got->attr[FIELD_OFFSET] == NULL)
        return;
    if (strcmp(field->attr[FIELD_OFFSET], got->attr[FIELD_OFFSET]) != 0)
        judge_add_finding(record->comparison, "bad-offset", SEVERITY_ERROR, field, got,
                          field->attr[FIELD_OFFSET], got->attr[FIELD_OFFSET]);
    else if (comparison->agreed != NULL)
        comparison->agreed[index] |= fact_attrs_present(field);
}

/* A record within the record agrees if all of its leaves do. */
static void conclude_outer(struct record_comparison *record)
{
    const struct comparison *comparison = record->comparison;
    const unsigned char *agreed = comparison->agreed;

    for (size_t i = 0; i < record->expected.n && agreed != NULL; i++) {
        const struct leaf *leaf = &record->expected.items[i];
        if (agreed[leaf->index] != fact_attrs_present(leaf->fact))
            mark_outer(record, leaf);
    }
    for (size_t i = record->expected.from, leaf = 0; i < record->expected.to; i++) {
        const struct fact *field = &comparison->expected->items[i];
        if (leaf < record->expected.n && record->expected.items[leaf].index == i)
            leaf++;
        else if (facts_next_field(comparison->expected, field->name, NULL, NULL) == NULL)
            check_empty(record, field);
        else if (agreed != NULL && !record->is_bad[i])
            comparison->agreed[i] |= fact_attrs_present(field);
    }
}

/* ---- one record ---- */

static void add_spans(struct spans *spans, struct arena *arena, const struct leaves *leaves)
{
    for (size_t i = 0; i < leaves->n; i++)
        spans_add(spans, arena, leaves->items[i].first, bits_of(&leaves->items[i]), i);
    spans_sort(spans, arena);
}

/* A record of another size, where whoever passes it states that. */
static void check_growth(struct record_comparison *record)
{
    int64_t want = fact_number(record->expected_record, RECORD_SIZE);
    int64_t have = fact_number(record->got_record, RECORD_SIZE);

    if (have > want)
        judge_add_finding(record->comparison, "newer-record", SEVERITY_NOTE,
                          record->expected_record, record->got_record,
                          record->expected_record->attr[RECORD_SIZE],
                          record->got_record->attr[RECORD_SIZE]);
}

/* A binding that spells no field at all shows nothing but its size: that is no proof. */
static void note_shapeless(struct record_comparison *record)
{
    for (size_t i = 0; i < record->expected.n; i++)
        if (record->expected.items[i].match != LEAF_NOT_COMPARED &&
            !record->expected.items[i].is_padding)
            return;
    for (size_t i = 0; i < record->expected.n; i++)
        if (!record->expected.items[i].is_padding)
            record_note_place(record, &record->expected.items[i], "bytes");
}

/* What is the same for all fields of a record is one finding. */
static void report_lists(struct record_comparison *record)
{
    const struct fact *first = &record->comparison->expected->items[record->expected.from];
    struct fact named = record->expected_record != NULL ? *record->expected_record : *first;

    named.name = record->expected.record;
    if (record->by_place.expected.len > 0)
        judge_add_finding(record->comparison, "by-bytes", SEVERITY_NOTE, &named, record->got_record,
                          str_text(&record->by_place.expected), str_text(&record->by_place.got));
    if (record->older.expected.len > 0)
        judge_add_finding(record->comparison, "older-record", SEVERITY_NOTE, &named,
                          record->got_record, str_text(&record->older.expected),
                          record->got_record != NULL && record->is_growing
                              ? "padding there, or the end of the record"
                              : "padding there");
}

static void judge_record(struct record_comparison *record)
{
    struct arena *arena = record->arena;

    leaf_names_make(&record->expected_names, arena, &record->expected);
    leaf_names_make(&record->got_names, arena, &record->got);
    add_spans(&record->expected_spans, arena, &record->expected);
    add_spans(&record->got_spans, arena, &record->got);
    leaf_match_names(&record->expected, &record->expected_names, &record->got, &record->got_names,
                     arena);
    check_blocks(record);
    leaf_match_places(&record->expected, &record->got, arena);
    for (size_t i = 0; i < record->expected.n; i++)
        if (record->expected.items[i].partner != NULL)
            check_pair(record, &record->expected.items[i]);
    for (size_t i = 0; i < record->expected.n; i++)
        if (record->expected.items[i].partner == NULL &&
            !is_in_moved(record, &record->expected.items[i]))
            record_check_pieces(record, &record->expected.items[i]);
    for (size_t i = 0; i < record->got.n; i++)
        if (!record->got.items[i].is_used)
            record_check_idle(record, &record->got.items[i]);
    if (record->is_growing)
        check_growth(record);
    note_shapeless(record);
    conclude_outer(record);
    report_lists(record);
}

/* ---- all records ---- */

/* The end of the fields, from number `from` on, that are of the record of its first one. */
static size_t end_of_record(const struct facts *facts, size_t from, size_t n_record)
{
    const char *record = facts->items[from].name;
    size_t i = from;

    while (i < facts->n && facts->items[i].kind == FACT_FIELD &&
           strncmp(facts->items[i].name, record, n_record) == 0 &&
           facts->items[i].name[n_record] == '.')
        i++;
    return i;
}

/* The fields of a record among sorted facts: *from up to the number that is returned. */
static size_t find_fields(const struct facts *facts, const char *record, size_t *from)
{
    const struct fact *first = facts_next_field(facts, record, NULL, NULL);

    *from = first != NULL ? (size_t)(first - facts->items) : 0;
    return first != NULL ? end_of_record(facts, *from, strlen(record)) : 0;
}

/* The bit behind a record; INT64_MAX if its size is not known. */
static int64_t end_of(const struct fact *record)
{
    int64_t size = record != NULL ? fact_number(record, RECORD_SIZE) : -1;

    return size >= 0 && size <= INT64_MAX / 8 ? size * 8 : INT64_MAX;
}

void judge_records(struct comparison *comparison)
{
    const struct facts *expected = comparison->expected, *got = comparison->got;
    struct arena marks = {.chunks = NULL};   /* of all records */
    struct arena scratch = {.chunks = NULL}; /* of one: leaves, keys, tables; findings copy */
    bool *is_bad = arena_alloc(&marks, expected->n + 1);
    bool *is_moved = arena_alloc(&marks, expected->n + 1);
    bool *is_spelled = arena_alloc(&marks, expected->n + 1);
    size_t i = 0;

    for (size_t k = 0; k < got->n; k++)
        if (got->items[k].kind == FACT_FIELD)
            comparison->used[k] = true;
    while (i < expected->n) {
        if (expected->items[i].kind != FACT_FIELD) {
            i++;
            continue;
        }
        const char *name = expected->items[i].name;
        struct record_comparison record = {.comparison = comparison,
                                           .arena = &scratch,
                                           .is_bad = is_bad,
                                           .is_moved = is_moved,
                                           .is_spelled = is_spelled};
        const char *whole = arena_strndup(&scratch, name, strcspn(name, "."));
        size_t from = i, got_from, got_to = find_fields(got, whole, &got_from);
        i = end_of_record(expected, from, strlen(whole));
        record.expected_record = facts_find(expected, FACT_RECORD, whole);
        record.got_record = facts_find(got, FACT_RECORD, whole);
        if (record.got_record == NULL && got_to == 0)
            continue; /* the record is missing, and that is reported once */
        record.is_growing = growing_record(whole) != NULL && record.expected_record != NULL &&
                            record.got_record != NULL;
        record.is_little = judge_is_little(expected);
        record.by_place.expected.arena = record.by_place.got.arena = &scratch;
        record.older.expected.arena = &scratch;
        record.expected_end = end_of(record.expected_record);
        record.got_end = end_of(record.got_record);
        leaves_make(&record.expected, &scratch, expected, whole, from, i);
        leaves_make(&record.got, &scratch, got, whole, got_from, got_to);
        judge_record(&record);
        arena_rewind(&scratch);
    }
    arena_release(&scratch);
    arena_release(&marks);
}
