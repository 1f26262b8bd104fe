/* suggest.c - see suggest.h. */
#include "base/suggest.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

enum { REPORTED_MAX = 3 };

static int lower(char byte)
{
    return tolower((unsigned char)byte);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Number of characters to add, drop or replace, or of neighbours to swap, to make b of a: the
 * optimal string alignment distance. Row i of the table has the distances of a's first i characters
 * to all beginnings of b; a swap looks two rows back. */
static size_t distance(struct arena *arena, const char *a, const char *b)
{
    size_t n = strlen(b);
    size_t *before = arena_alloc(arena, (n + 1) * sizeof *before), *swap;
    size_t *last = arena_alloc(arena, (n + 1) * sizeof *last);
    size_t *row = arena_alloc(arena, (n + 1) * sizeof *row);

    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        swap = before, before = last, last = row, row = swap;
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            bool is_same = lower(a[i - 1]) == lower(b[j - 1]);
            row[j] = least(last[j - 1] + !is_same, least(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
    }
    return row[n];
}

struct candidate {
    const char *name;
    size_t distance;
};

static int by_distance(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return strcmp(x->name, y->name);
}

const char *near_hint(struct arena *arena, const char *wanted, const char *const *names, size_t n)
{
    struct candidate *candidates = NULL;
    size_t n_candidates = 0, n_listed = 0;

    for (size_t i = 0; i < n; i++) {
        struct candidate candidate = {names[i], distance(arena, wanted, names[i])};
        bool is_part =
            strlen(wanted) > 2 &&
            (strcasestr(names[i], wanted) != NULL ||
             (strcasestr(wanted, names[i]) != NULL && 2 * strlen(names[i]) > strlen(wanted)));
        if (is_part || candidate.distance * 3 <= strlen(wanted))
            ARENA_PUSH(arena, candidates, n_candidates, candidate);
    }
    if (n_candidates > 0)
        qsort(candidates, n_candidates, sizeof *candidates, by_distance);
    struct str text = {.arena = arena};
    for (size_t i = 0; i < n_candidates && n_listed < REPORTED_MAX; i++) {
        if (i > 0 && strcmp(candidates[i].name, candidates[i - 1].name) == 0)
            continue;
        str_addf(&text, "%s'%s'", n_listed == 0 ? "" : " or ", candidates[i].name);
        n_listed++;
    }
    return n_listed == 0 ? "" : arena_printf(arena, " (perhaps %s)", str_text(&text));
}
