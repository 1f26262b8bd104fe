/* enumerators.h - which enumerator of a binding stands for which of the system's.
 *
 * In: the names of one enumeration on both sides. Out: pairs.
 */
#ifndef ABIPROOF_ENUMERATORS_H
#define ABIPROOF_ENUMERATORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* No enumerator of the other side. */
#define ENUMERATOR_NONE ((size_t)-1)

/* The names of one enumeration. */
struct enumerators {
    const char *const *names;
    size_t n;
};

/* Finds for each of `got` the one of `expected` that its name means, and returns an array, in the
 * arena, of got.n numbers below expected.n, or ENUMERATOR_NONE. No two have the same number, and
 * what could be two of `expected` is none of them. */
size_t *enumerators_pair(struct arena *arena, struct enumerators expected, struct enumerators got);

/* True for a name that says how many enumerators there are, and grows with them: BPF_LINK_TYPE_MAX,
 * __NL80211_CMD_AFTER_LAST, IoUringOp.Last. */
bool enumerator_is_count(struct arena *arena, const char *name);

#endif
