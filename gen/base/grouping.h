/* grouping.h - groups what is alike.
 *
 * In: one text for each thing, its key. Out: numbers of groups: things with the same key are in one
 * group, and groups are numbered from 0 in the order in which their first things came. The caller
 * keeps what a group has in an array of its own, at the group's number:
 *
 *     size_t number = grouping_of(&grouping, key);
 *     if (number >= n)
 *         ARENA_PUSH(arena, groups, n, new);
 *     add_to_group(&groups[number], thing);
 *
 * Design: being alike is having the same key. So every group is found at once, and none is compared
 * with all the others.
 */
#ifndef ABIPROOF_GROUPING_H
#define ABIPROOF_GROUPING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/index.h"
#include "base/str.h"

struct grouping {
    struct arena *arena; /* set this, zero the rest */
    const char **keys;   /* of the groups, by number */
    size_t n;            /* groups so far */
    struct index index;
};

/* The number of the group with this key. A key that is new makes a group, and is copied. */
size_t grouping_of(struct grouping *grouping, const char *key);

/* True the first time that it is asked of a key: what makes a list of several equal things one in
 * which each stands once. */
bool grouping_is_new(struct grouping *grouping, const char *key);

/* The number of the group with this key where one has it, else INDEX_NONE. Makes no group. */
size_t grouping_find(const struct grouping *grouping, const char *key);

/* Appends one text to a key of several, so that two keys are equal only if all their texts are.
 * NULL is a text of its own. */
void grouping_key(struct str *key, const char *text);

/* The same for a number. */
void grouping_key_number(struct str *key, size_t number);

#endif
