/* near.c - see near.h. */
#include "near.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "str.h"

enum { TOLD_MAX = 3 };

static int lower(char byte)
{
    return tolower((unsigned char)byte);
}

/* Number of characters to add, drop or replace to make b of a (Levenshtein's distance). */
static size_t distance(struct arena *arena, const char *a, const char *b)
{
    size_t n = strlen(b);
    size_t *row = arena_alloc(arena, (n + 1) * sizeof *row);

    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
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
    struct str text = {.arena = arena};
    size_t n_candidates = 0, n_told = 0;

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
    for (size_t i = 0; i < n_candidates && n_told < TOLD_MAX; i++) {
        if (i > 0 && strcmp(candidates[i].name, candidates[i - 1].name) == 0)
            continue;
        str_addf(&text, "%s'%s'", n_told == 0 ? "" : " or ", candidates[i].name);
        n_told++;
    }
    return n_told == 0 ? "" : arena_printf(arena, " (perhaps %s)", str_text(&text));
}
