/* index.h - finds again, among numbered things, those of a name.
 *
 * In: a hash and a number for each thing. Out: the number of the thing that a name is of.
 *
 * Design: the index holds numbers only. What a thing is called stays where it is, in the caller's
 * array, and the caller says whether number 7 is the one that is looked for. So one table serves
 * names that have a kind before them, keys of groups and parts of longer names, and copies none of
 * them.
 *
 * index_find writes nothing: threads that only find may share an index.
 */
#ifndef ABIPROOF_INDEX_H
#define ABIPROOF_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct index_slot;

/* Zero-initialise to get an empty index. */
struct index {
    struct index_slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t n;       /* things in it */
};

/* What index_find returns where there is no such thing. */
#define INDEX_NONE SIZE_MAX

/* Hashes n_bytes. start: a number that is part of the name, such as its kind, or the hash of the
 * bytes before these. Not for secrets: whoever chooses the names can make them collide. */
uint64_t index_hash(uint64_t start, const void *bytes, size_t n_bytes);

/* Says whether thing `number` is the one that is looked for. */
typedef bool index_is_fn(const void *context, size_t number);

/* Finds a thing by the hash of its name. Returns its number, or INDEX_NONE. */
size_t index_find(const struct index *index, uint64_t hash, index_is_fn *is, const void *context);

/* Adds a thing, of which index_find must find none yet. Its number is below INDEX_NONE - 1. */
void index_add(struct index *index, struct arena *arena, uint64_t hash, size_t number);

#endif
