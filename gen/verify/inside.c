/* inside.c - records that lie in a record; see verify.h.
 *
 * In: what the kernel's side says of an item. Out: the same with the fields of records within it.
 * Design: the kernel's field says "struct:timespec"; what that has inside is in the reference, at
 * the offsets that it has there. A binding may have it nested, flat or as bytes, so everything that
 * is known is expected, and how it is spelt is for the comparison of leaves.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_private.h"

/* What record a field is, or is an array of. */
struct inner {
    const char *record; /* its name; NULL: the field has no record of a name */
    const char *kind;   /* "struct:" or "union:" */
    bool is_array;
    const char *size; /* of one, in bytes; NULL if it is not known */
};

static struct inner inner_of(struct arena *arena, const struct fact *field)
{
    static const char *const marks[] = {"struct:", "union:"};
    const char *type = field->kind == FACT_FIELD ? field->attr[FIELD_TYPE] : NULL;
    struct inner inner = {.size = field->attr[FIELD_SIZE]};

    for (size_t i = 0; type != NULL && i < sizeof marks / sizeof marks[0]; i++)
        if (str_starts(type, marks[i])) {
            inner.kind = marks[i];
            inner.record = type + strlen(marks[i]);
        }
    const char *bracket = inner.record != NULL ? strchr(inner.record, '[') : NULL;
    if (bracket == NULL)
        return inner;
    inner.is_array = true;
    inner.record = arena_strndup(arena, inner.record, (size_t)(bracket - inner.record));
    int64_t size = fact_number(field, FIELD_SIZE);
    for (; bracket != NULL && size > 0; bracket = strchr(bracket + 1, '[')) {
        long count = strtol(bracket + 1, NULL, 10);
        size = count > 0 ? size / count : 0;
    }
    inner.size = size > 0 ? arena_printf(arena, "%lld", (long long)size) : NULL;
    return inner;
}

/* True if there are facts of a record of this size. size: NULL if it is not known. */
static bool has_record(const struct facts *facts, const char *record, const char *size)
{
    const struct fact *fact = facts_find(facts, FACT_RECORD, record);

    return fact != NULL && (size == NULL || fact->attr[RECORD_SIZE] == NULL ||
                            strcmp(fact->attr[RECORD_SIZE], size) == 0);
}

/* The facts that have the record that a field is: those of the item's own spec or header before all
 * others, since one name may stand for the kernel's record in one and for libc's in another. Where
 * those differ in size, the field says which one it is. NULL if there are none. */
static const struct facts *facts_of(const struct reference *reference,
                                    const struct reference_part *own, const struct inner *inner)
{
    if (inner->record == NULL)
        return NULL;
    if (has_record(&own->facts, inner->record, inner->size))
        return &own->facts;
    for (size_t i = 0; i < reference->n; i++)
        if (has_record(&reference->parts[i].facts, inner->record, inner->size))
            return &reference->parts[i].facts;
    return NULL;
}

/* Adds what an array of records has: its first element, as a record "0" in it, and all others as one
 * block "1". The reader of objects does the same. */
static void expect_elements(struct facts *expected, const struct fact *array,
                            const struct inner *inner, const struct facts *facts)
{
    struct arena *arena = expected->arena;
    const struct fact *record = facts_find(facts, FACT_RECORD, inner->record);
    int64_t base = fact_number(array, FIELD_OFFSET), whole = fact_number(array, FIELD_SIZE);
    int64_t size = fact_number(record, RECORD_SIZE);
    struct fact element = *array;

    if (base < 0 || size <= 0)
        return;
    element.name = arena_printf(arena, "%s.0", array->name);
    element.attr[FIELD_TYPE] = arena_printf(arena, "%s%s", inner->kind, inner->record);
    fact_set_number(expected, facts_push(expected, element), FIELD_SIZE, size);
    if (whole <= size)
        return;
    element.name = arena_printf(arena, "%s.1", array->name);
    element.attr[FIELD_TYPE] = /* without a name: nothing looks into it */
        arena_printf(arena, "%.*s[%lld]", (int)strcspn(inner->kind, ":"), inner->kind,
                     (long long)(whole / size - 1));
    struct fact *rest = facts_push(expected, element);
    fact_set_number(expected, rest, FIELD_OFFSET, base + size);
    fact_set_number(expected, rest, FIELD_SIZE, whole - size);
}

/* True if both have this record, of one size, with the fields of `ours` in the same places. */
static bool is_same_record(const struct facts *ours, const struct facts *other, const char *record)
{
    const struct fact *a = facts_find(ours, FACT_RECORD, record);
    const struct fact *b = facts_find(other, FACT_RECORD, record);
    const struct fact *field = NULL;

    if (a == NULL || b == NULL || fact_number(a, RECORD_SIZE) != fact_number(b, RECORD_SIZE))
        return false;
    while ((field = facts_next_field(ours, record, field, NULL)) != NULL) {
        const struct fact *same = facts_find(other, FACT_FIELD, field->name);
        if (same == NULL || fact_number(same, FIELD_OFFSET) != fact_number(field, FIELD_OFFSET))
            return false;
    }
    return true;
}

void verify_expect_more(const struct verification *verification, struct verify_item *item)
{
    const struct reference *reference = verification->reference;
    struct grouping seen = {.arena = verification->arena};

    for (size_t i = 0; i < reference->n; i++) {
        const struct reference_part *part = &reference->parts[i];
        const struct fact *field = NULL;
        if (part == item->part || !reference_is_of_headers(part) ||
            !is_same_record(&item->part->facts, &part->facts, item->ours))
            continue;
        while ((field = facts_next_field(&part->facts, item->ours, field, NULL)) != NULL)
            if (facts_find(&item->part->facts, FACT_FIELD, field->name) == NULL &&
                grouping_is_new(&seen, field->name))
                facts_push(&item->expected, *field);
    }
}

void verify_expect_inside(const struct verification *verification, struct verify_item *item)
{
    struct arena *arena = verification->arena;

    for (size_t i = 0; i < item->expected.n; i++) { /* grows by records in records */
        struct fact outer = item->expected.items[i];
        struct inner inner = inner_of(arena, &outer);
        const struct facts *facts = facts_of(verification->reference, item->part, &inner);
        int64_t base = fact_number(&outer, FIELD_OFFSET);
        const char *path = NULL;
        if (inner.is_array && facts != NULL)
            expect_elements(&item->expected, &outer, &inner, facts);
        const struct fact *field = facts != NULL && base >= 0 && !inner.is_array
                                       ? facts_next_field(facts, inner.record, NULL, &path)
                                       : NULL;
        for (; field != NULL; field = facts_next_field(facts, inner.record, field, &path)) {
            struct fact fact = *field;
            if (fact_number(&fact, FIELD_OFFSET) < 0)
                continue;
            fact.name = arena_printf(arena, "%s.%s", outer.name, path);
            fact_set_number(&item->expected, facts_push(&item->expected, fact), FIELD_OFFSET,
                            base + fact_number(&fact, FIELD_OFFSET));
        }
    }
    facts_sort(&item->expected);
}

void verify_read_inside(struct reference *reference, const struct verify_request *request)
{
    struct arena *arena = reference->arena;

    for (size_t i = 0; i < reference->n; i++) { /* grows by what is read */
        const struct reference_part *part = &reference->parts[i];
        struct grouping queried = {.arena = arena};
        struct reference_query *queries = NULL;
        size_t n = 0;
        for (size_t k = 0; k < part->facts.n; k++) {
            struct inner inner = inner_of(arena, &part->facts.items[k]);
            struct reference_query query = {FACT_RECORD, inner.record};
            if (inner.record != NULL && facts_of(reference, part, &inner) == NULL &&
                grouping_is_new(&queried, inner.record))
                ARENA_PUSH(arena, queries, n, query);
        }
        struct reference_headers headers =
            reference_is_of_headers(part) ? reference_headers_of(part) : request->headers[0];
        for (size_t k = 0; k < n; k++) { /* one by one: a tag may be known to its header alone */
            struct diag ignored;
            diag_init(&ignored, arena, false);
            (void)reference_add(reference, &headers, &queries[k], 1, &request->workspace, &ignored);
        }
    }
}
