/* likeness.h - whether a record of a binding may be one of the system's, under another name.
 *
 * In: the facts of two records. Out: whether their fields lie alike, and how many have the same name.
 */
#ifndef ABIPROOF_LIKENESS_H
#define ABIPROOF_LIKENESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/facts.h"

/* The size of a record and the bits of its leaves as a text, so that two records are laid out alike
 * if and only if their texts are equal. facts: sorted, of this record alone. NULL if it has fewer
 * than two leaves, which say nothing. */
const char *likeness_shape(struct arena *arena, const struct facts *facts, const char *record);

/* Of two records that are laid out alike: the number of leaves that have one name and one place, if
 * that is enough to believe that they are the same; else 0. Enough is more than half
 * of two or three, half of more, and two where leaves differ in width. */
size_t likeness_of_names(struct arena *arena, const struct facts *expected, const char *record,
                         const struct facts *got, const char *got_record);

#endif
