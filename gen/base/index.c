/* index.c - see index.h.
 *
 * In: hashes and numbers. Out: a table with open addressing: a thing lies in the first free slot
 * from the one that its hash names, and the table doubles before it is half full, so that a search
 * ends after few steps. Design: slots keep the whole hash, so that the table grows by itself, and a
 * name is compared only where all 64 bits agree.
 */
#include "base/index.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { FIRST_SLOTS = 16 };

struct index_slot {
    uint64_t hash;
    size_t number_plus_1; /* 0: free, which is what the arena gives */
};

uint64_t index_hash(uint64_t start, const void *bytes, size_t n_bytes)
{
    return XXH3_64bits_withSeed(bytes, n_bytes, start);
}

/* The slot of the thing that is looked for, or the free one where it would be. is: NULL to get the
 * free one at once. There must be a free one. */
static struct index_slot *find_slot(const struct index *index, uint64_t hash, index_is_fn *is,
                                    const void *context)
{
    size_t mask = index->n_slots - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct index_slot *slot = &index->slots[i];
        if (slot->number_plus_1 == 0 ||
            (slot->hash == hash && is != NULL && is(context, slot->number_plus_1 - 1)))
            return slot;
    }
}

size_t index_find(const struct index *index, uint64_t hash, index_is_fn *is, const void *context)
{
    if (index->n == 0)
        return INDEX_NONE;
    return find_slot(index, hash, is, context)->number_plus_1 - 1; /* of a free slot: INDEX_NONE */
}

static void grow(struct index *index, struct arena *arena)
{
    struct index larger = {.n_slots = index->n_slots > 0 ? 2 * index->n_slots : FIRST_SLOTS,
                           .n = index->n};

    larger.slots = arena_alloc(arena, larger.n_slots * sizeof *larger.slots);
    for (size_t i = 0; i < index->n_slots; i++)
        if (index->slots[i].number_plus_1 != 0)
            *find_slot(&larger, index->slots[i].hash, NULL, NULL) = index->slots[i];
    *index = larger;
}

void index_add(struct index *index, struct arena *arena, uint64_t hash, size_t number)
{
    if (2 * (index->n + 1) > index->n_slots)
        grow(index, arena);
    *find_slot(index, hash, NULL, NULL) = (struct index_slot){hash, number + 1};
    index->n++;
}
