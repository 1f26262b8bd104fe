/* suggest.h - names that somebody may have meant.
 *
 * In: a name that is unknown, and all that are known. Out: the known ones that are spelt alike, for
 * a message.
 */
#ifndef ABIPROOF_SUGGEST_H
#define ABIPROOF_SUGGEST_H

#include <stddef.h>

#include "base/arena.h"

/* Returns " (perhaps 'bad-size' or 'bad-sign')" with at most three of `names`, the nearest first,
 * or "" when none is near: more than a third of the characters differ, and neither is a good part
 * of the other. Two neighbours that are swapped differ in one; case does not count. A name that is
 * there twice is listed once. */
const char *near_hint(struct arena *arena, const char *wanted, const char *const *names, size_t n);

#endif
