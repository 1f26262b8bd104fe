/* spans.c - see spans.h.
 *
 * In: ranges of bytes. Out: answers about them. Design: the order by start is searched as a
 * tree whose root is its middle item, and the middles of both halves are the next nodes. `reach`
 * has for each node how far anything below it goes, so a part that ends before the range begins is
 * left out as a whole.
 */
#include "judge/spans.h"

#include <stdlib.h>

/* What is looked for, and what was found. */
struct search {
    int64_t start;
    int64_t end;
    struct arena *arena; /* NULL: one is enough, and is not kept */
    size_t *numbers;
    size_t n;
};

void spans_add(struct spans *spans, struct arena *arena, int64_t start, int64_t size_bytes,
               size_t number)
{
    struct span span = {.start = start, .number = number};

    if (__builtin_add_overflow(start, size_bytes, &span.end))
        span.end = INT64_MAX;
    ARENA_PUSH(arena, spans->items, spans->n, span);
}

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Sets the reach of the nodes in [low, high), which is not empty, and returns their greatest. */
static int64_t set_reach(struct spans *spans, size_t low, size_t high)
{
    size_t middle = low + (high - low) / 2;
    int64_t reach = spans->items[middle].end, left = reach, right = reach;

    if (low < middle)
        left = set_reach(spans, low, middle);
    if (middle + 1 < high)
        right = set_reach(spans, middle + 1, high);
    reach = left > reach ? left : reach;
    reach = right > reach ? right : reach;
    spans->reach[middle] = reach;
    return reach;
}

void spans_sort(struct spans *spans, struct arena *arena)
{
    if (spans->n == 0)
        return;
    qsort(spans->items, spans->n, sizeof *spans->items, by_start);
    spans->reach = arena_alloc(arena, spans->n * sizeof *spans->reach);
    set_reach(spans, 0, spans->n);
    for (size_t i = 0; i < spans->n; i++) {
        struct span span = spans->items[i];
        struct span *last = spans->n_runs > 0 ? &spans->runs[spans->n_runs - 1] : NULL;
        if (span.end <= span.start)
            continue; /* no bytes */
        if (last == NULL || span.start > last->end)
            ARENA_PUSH(arena, spans->runs, spans->n_runs, span);
        else if (span.end > last->end)
            last->end = span.end;
    }
}

static void find(const struct spans *spans, struct search *search, size_t low, size_t high)
{
    while (low < high && (search->arena != NULL || search->n == 0)) {
        size_t middle = low + (high - low) / 2;
        const struct span *span = &spans->items[middle];
        if (spans->reach[middle] <= search->start)
            return;
        find(spans, search, low, middle);
        if (span->start >= search->end)
            return;
        if (span->end > search->start && search->arena == NULL)
            search->n = 1;
        else if (span->end > search->start)
            ARENA_PUSH(search->arena, search->numbers, search->n, span->number);
        low = middle + 1;
    }
}

static int by_number(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;

    return (x > y) - (x < y);
}

size_t spans_overlapping(const struct spans *spans, struct arena *arena, int64_t start, int64_t end,
                         size_t **numbers)
{
    struct search search = {.start = start, .end = end, .arena = arena};

    find(spans, &search, 0, spans->n);
    if (search.n > 0)
        qsort(search.numbers, search.n, sizeof *search.numbers, by_number);
    *numbers = search.numbers;
    return search.n;
}

bool spans_overlap(const struct spans *spans, int64_t start, int64_t end)
{
    struct search search = {.start = start, .end = end};

    find(spans, &search, 0, spans->n);
    return search.n > 0;
}

bool spans_cover(const struct spans *spans, int64_t start, int64_t end)
{
    size_t low = 0, high = spans->n_runs;

    while (low < high) { /* the first run that starts behind `start` */
        size_t middle = low + (high - low) / 2;
        if (spans->runs[middle].start <= start)
            low = middle + 1;
        else
            high = middle;
    }
    return start >= end || (low > 0 && spans->runs[low - 1].end >= end);
}
