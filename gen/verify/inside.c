/* inside.c - records that lie in a record; see verify.h.
 *
 * In: what the kernel's side says of an item. Out: the same with the fields of records within it.
 * Design: the kernel's field says "struct:timespec"; what that has inside is in the reference, at
 * the offsets that it has there. A binding may have it nested, flat or as bytes, so everything that
 * is known is expected, and how it is spelt is for the comparison of leaves.
 */
#include <string.h>

#include "verify/verify_private.h"

/* The name of the record that a field of this type is; NULL for every other type. */
static const char *record_of(const char *type)
{
    static const char *const marks[] = {"struct:", "union:"};

    for (size_t i = 0; type != NULL && i < sizeof marks / sizeof marks[0]; i++)
        if (str_starts(type, marks[i]) && strchr(type, '[') == NULL)
            return type + strlen(marks[i]);
    return NULL;
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
                                    const struct reference_part *own, const struct fact *field)
{
    const char *record = record_of(field->attr[FIELD_TYPE]), *size = field->attr[FIELD_SIZE];

    if (record == NULL)
        return NULL;
    if (has_record(&own->facts, record, size))
        return &own->facts;
    for (size_t i = 0; i < reference->n; i++)
        if (has_record(&reference->parts[i].facts, record, size))
            return &reference->parts[i].facts;
    return NULL;
}

void verify_expect_inside(const struct verification *verification, struct verify_item *item)
{
    struct arena *arena = verification->arena;

    for (size_t i = 0; i < item->expected.n; i++) { /* grows by records in records */
        struct fact outer = item->expected.items[i];
        const char *record = outer.kind == FACT_FIELD ? record_of(outer.attr[FIELD_TYPE]) : NULL;
        const struct facts *facts =
            record != NULL ? facts_of(verification->reference, item->part, &outer) : NULL;
        int64_t base = fact_number(&outer, FIELD_OFFSET);
        const char *inner = NULL;
        const struct fact *field =
            facts != NULL && base >= 0 ? facts_next_field(facts, record, NULL, &inner) : NULL;
        for (; field != NULL; field = facts_next_field(facts, record, field, &inner)) {
            struct fact fact = *field;
            if (fact_number(&fact, FIELD_OFFSET) < 0)
                continue;
            fact.name = arena_printf(arena, "%s.%s", outer.name, inner);
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
            const struct fact *fact = &part->facts.items[k];
            const char *record =
                fact->kind == FACT_FIELD ? record_of(fact->attr[FIELD_TYPE]) : NULL;
            struct reference_query query = {FACT_RECORD, record};
            if (record != NULL && facts_of(reference, part, fact) == NULL &&
                grouping_is_new(&queried, record))
                ARENA_PUSH(arena, queries, n, query);
        }
        for (size_t k = 0; k < n; k++) { /* one by one: a tag may be known to its header alone */
            struct diag ignored;
            diag_init(&ignored, arena, false);
            (void)reference_add(reference, request->headers, request->n_headers, &queries[k], 1,
                                &request->workspace, &ignored);
        }
    }
}
