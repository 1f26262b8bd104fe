/* likeness.c - see likeness.h.
 *
 * In: facts. Out: a text to find alike records by, and a number to choose among them. Design: a
 * suggestion that is wrong costs more trust than one that is missing. Sizes and places alone are
 * shared by many small records, so names must fit as well, in any spelling that the judge knows.
 */
#include "judge/likeness.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "judge/leaf_match.h"

static int by_bits(const void *a, const void *b)
{
    const struct leaf *left = a, *right = b;

    if (left->first != right->first)
        return left->first < right->first ? -1 : 1;
    return (left->end > right->end) - (left->end < right->end);
}

static struct leaves leaves_of(struct arena *arena, const struct facts *facts, const char *record)
{
    struct leaves leaves;
    size_t from = 0;

    while (from < facts->n && !fact_is_field_of(&facts->items[from], record, NULL))
        from++;
    size_t to = from;
    while (to < facts->n && fact_is_field_of(&facts->items[to], record, NULL))
        to++;
    leaves_make(&leaves, arena, facts, record, from, to);
    return leaves;
}

const char *likeness_shape(struct arena *arena, const struct facts *facts, const char *record)
{
    const struct fact *whole = facts_find(facts, FACT_RECORD, record);
    struct leaves leaves = leaves_of(arena, facts, record);
    struct str text = {.arena = arena};
    size_t n = 0;

    if (whole == NULL || whole->attr[RECORD_SIZE] == NULL || leaves.n < 2)
        return NULL;
    qsort(leaves.items, leaves.n, sizeof *leaves.items, by_bits);
    str_add(&text, whole->attr[RECORD_SIZE]);
    for (size_t i = 0; i < leaves.n; i++)
        if (leaves.items[i].end > leaves.items[i].first) { /* a flexible array has no bits */
            str_addf(&text, " %" PRId64 ":%" PRId64, leaves.items[i].first, leaves.items[i].end);
            n++;
        }
    return n < 2 ? NULL : str_text(&text);
}

size_t likeness_of_names(struct arena *arena, const struct facts *expected, const char *record,
                         const struct facts *got, const char *got_record)
{
    struct leaves ours = leaves_of(arena, expected, record);
    struct leaves theirs = leaves_of(arena, got, got_record);
    struct leaf_names our_names, their_names;
    enum { SMALL = 4 };
    size_t n = 0;
    bool is_varied = false;

    leaf_names_make(&our_names, arena, &ours);
    leaf_names_make(&their_names, arena, &theirs);
    leaf_match_names(&ours, &our_names, &theirs, &their_names, arena);
    for (size_t i = 0; i < ours.n; i++) {
        const struct leaf *leaf = &ours.items[i], *first = &ours.items[0];
        n += leaf->match == LEAF_BY_NAME && leaf_is_at(leaf, leaf->partner);
        is_varied = is_varied || leaf->end - leaf->first != first->end - first->first;
    }
    if (ours.n < SMALL)
        return 2 * n > ours.n ? n : 0;
    return 2 * n >= ours.n || (n >= 2 && is_varied) ? n : 0;
}
