/* spans.h - which things have bytes of a range, and whether they cover it.
 *
 * In: the first byte and the size of each thing, with a number. Out: those that have bytes of a
 * range, found without looking at all of them, and whether every byte of a range has something.
 *
 * Design: things may lie on each other, as members of a union do, so an order by first bytes is not
 * enough to find those of a range. Each half of the order, and each half of that, also knows how
 * far the things in it reach.
 */
#ifndef ABIPROOF_SPANS_H
#define ABIPROOF_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Bytes [start, end) of thing `number`. */
struct span {
    int64_t start;
    int64_t end;
    size_t number;
};

/* Zero-initialise to get none. */
struct spans {
    struct span *items; /* after spans_sort: by start, then number */
    size_t n;
    int64_t
        *reach; /* by item: the greatest end in the part of the order that it is the middle of */
    struct span *runs; /* the bytes that have something, without overlaps, by start */
    size_t n_runs;
};

/* Adds a thing. Ends beyond INT64_MAX are taken for that. */
void spans_add(struct spans *spans, struct arena *arena, int64_t start, int64_t size_bytes,
               size_t number);

/* Makes the spans ready for the questions below; after the last one was added. */
void spans_sort(struct spans *spans, struct arena *arena);

/* The things with start < `end` and end > `start`, by number. Returns how many; *numbers is in the
 * arena. */
size_t spans_overlapping(const struct spans *spans, struct arena *arena, int64_t start, int64_t end,
                         size_t **numbers);

/* True if there is such a thing. */
bool spans_overlap(const struct spans *spans, int64_t start, int64_t end);

/* True if every byte of [start, end) is in a span. */
bool spans_cover(const struct spans *spans, int64_t start, int64_t end);

#endif
