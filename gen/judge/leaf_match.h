/* leaf_match.h - which leaf of a binding stands for which of the system's.
 *
 * In: the leaves of one record of both sides. Out: pairs, in both directions.
 */
#ifndef ABIPROOF_LEAF_MATCH_H
#define ABIPROOF_LEAF_MATCH_H

#include "judge/leaf_names.h"

/* Pairs the leaves whose names say that they are the same, wherever they lie: what is in another
 * place than its name says is wrong. Padding is never paired. Sets match to LEAF_BY_NAME, and
 * partner on both sides. */
void leaf_match_names(struct leaves *expected, const struct leaf_names *expected_names,
                      struct leaves *got, const struct leaf_names *got_names, struct arena *arena);

/* Pairs, of those that are left, the leaves that have the same bits: LEAF_BY_PLACE. Where several
 * arms of a union have them, that of the type that fits best. */
void leaf_match_places(struct leaves *expected, struct leaves *got, struct arena *arena);

/* True if both have the same bits. */
bool leaf_is_at(const struct leaf *a, const struct leaf *b);

#endif
