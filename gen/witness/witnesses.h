/* witnesses.h - the table of witnesses.
 *
 * In: a name, or a position. Out: the row of that witness. A set of witnesses is bits, 1U <<
 * position.
 */
#ifndef ABIPROOF_WITNESSES_H
#define ABIPROOF_WITNESSES_H

#include "base/arena.h"
#include "witness/witness.h"

/* The witness at this position, in the order in which they run; NULL past the last. */
const struct witness *witness_at(unsigned position);

/* The set of the witness of this name; 0, the empty set, for an unknown name. */
unsigned witness_set(const char *name);

/* The names of a set in the order of the table, "clang dwarf" with " " between them, in the arena.
 * ~0U is the set of all. */
const char *witness_names(struct arena *arena, unsigned set, const char *separator);

#endif
