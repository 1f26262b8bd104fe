/* clusters.h - members that share bytes, in a language that has no member without a name.
 *
 * In: the layout of a record. Out: names for a union at the offset where the sharing begins, and
 * for what pushes a member of it to a later place. Design: names are made of the record and the
 * offset, so that they are the same on each target that has them.
 *
 *     struct epoll_event { ...; union epoll_event_at_4 at_4; }
 *     union epoll_event_at_4 { int a; struct epoll_event_at_4_b b; }
 *     struct epoll_event_at_4_b { u8 before[2]; short b; }
 */
#ifndef ABIPROOF_CLUSTERS_H
#define ABIPROOF_CLUSTERS_H

#include "emit/item.h"

/* True if member i is the first of several that share bytes, in a record that is no union itself. */
bool cluster_is(const struct layout *layout, size_t i);

/* The index behind what stands in the record's own list at i: a cluster, or one member. */
size_t cluster_next(const struct layout *layout, size_t i);

/* The member's name of the union of which `first` is the first member: "at_4". */
const char *cluster_member(struct arena *arena, const struct layout *layout, size_t first);

/* Its type's name, of records spelled as words has it: "epoll_event_at_4". */
const char *cluster_type(struct arena *arena, const struct words *words,
                         const struct layout *layout, size_t first);

/* The name of the struct that pushes member i of it to its place; NULL if it needs none. */
const char *cluster_pushed(struct arena *arena, const struct words *words,
                           const struct layout *layout, size_t first, size_t i);

/* The path to member i, "at_4.b.b", from a record: names as words has them. */
const char *cluster_path(struct arena *arena, const struct words *words,
                         const struct layout *layout, size_t first, size_t i);

/* The first member of the cluster that an item is of; layout->n if the target has none there. */
size_t cluster_of(const struct layout *layout, const struct item *item);

/* The member of it that the item pushes; layout->n if the target has none there. */
size_t cluster_pushed_of(const struct layout *layout, const struct item *item);

#endif
