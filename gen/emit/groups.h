/* groups.h - targets with the same text.
 *
 * In: an item, and a function that spells it for one target. Out: each different text once, with
 * the targets that have it. How a language says "on these targets" is the emitter's: a preprocessor
 * branch, an attribute, a file of its own.
 */
#ifndef ABIPROOF_GROUPS_H
#define ABIPROOF_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "emit/emit.h"

/* Appends the text of one item on one target, and nothing where the target has no such item. */
typedef void groups_text_fn(struct str *out, const struct emit_on *on, const void *context);

/* Targets with the same text of one item. */
struct group {
    const char *text; /* "" for the targets without the item */
    bool *chosen;     /* one per target of the job: it is in this group */
    size_t n;         /* targets in the group, at least 1 */
};

struct groups {
    struct group *items; /* in the order of the first target of each */
    size_t n;            /* 0 only for a job without targets */
};

/* Groups the targets of the job by their text of an item. Everything in the arena. context: handed
 * to `text`. */
struct groups groups_make(struct arena *arena, const struct emit_job *job, groups_text_fn *text,
                          const void *context);

/* The group with most targets, of those the last one: the one whose targets a language need not
 * list, if it says "else". NULL if there is no group. */
const struct group *groups_largest(const struct groups *groups);

#endif
