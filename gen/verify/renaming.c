/* renaming.c - see renaming.h.
 *
 * In: names of fields and what they become. Out: facts. Design: a field that got another name
 * is still in the lists of the paths that it has left. It stays there, and whoever reads a list
 * passes over those that have gone, and over those that it has met before, since a field may return
 * to a path; a list is read once, because then all in it have left the path.
 */
#include "verify/renaming.h"

#include <string.h>

/* Who has a path for a name, or at the start of one. */
struct renaming_path {
    size_t n_named; /* fields with exactly this name */
    size_t *below;  /* facts at the path or below it, and some that have left it */
    size_t n_below;
};

static struct renaming_path *path_of(struct renaming *renaming, const char *name, size_t n_bytes)
{
    struct renaming_path none = {.n_named = 0};
    size_t n = renaming->paths.n;

    renaming->path.len = 0;
    str_add_bytes(&renaming->path, name, n_bytes);
    size_t number = grouping_of(&renaming->paths, str_text(&renaming->path));
    if (number >= n)
        ARENA_PUSH(renaming->arena, renaming->at, n, none);
    return &renaming->at[number];
}

/* Enters a fact under its name and all paths in that. */
static void enter(struct renaming *renaming, size_t i)
{
    const char *name = renaming->names[i], *dot = name + renaming->skip - 1;

    while (dot != NULL) {
        dot = strchr(dot + 1, '.');
        struct renaming_path *path =
            path_of(renaming, name, dot != NULL ? (size_t)(dot - name) : strlen(name));
        ARENA_PUSH(renaming->arena, path->below, path->n_below, i);
        path->n_named += dot == NULL;
    }
}

void renaming_begin(struct renaming *renaming, struct arena *arena, const struct facts *facts,
                    const char *record)
{
    *renaming = (struct renaming){
        .arena = arena,
        .facts = facts,
        .skip = strlen(record) + 1,
        .names = arena_alloc(arena, (facts->n + 1) * sizeof *renaming->names),
        .turn = arena_alloc(arena, (facts->n + 1) * sizeof *renaming->turn),
        .paths = {.arena = arena},
        .path = {.arena = arena},
    };
    for (size_t i = 0; i < facts->n; i++) {
        renaming->names[i] = facts->items[i].name;
        if (facts->items[i].kind == FACT_FIELD)
            enter(renaming, i);
    }
}

bool renaming_has(const struct renaming *renaming, const char *name)
{
    size_t number = grouping_find(&renaming->paths, name);

    return number != INDEX_NONE && renaming->at[number].n_named > 0;
}

void renaming_do(struct renaming *renaming, const char *name, const char *other)
{
    size_t length = strlen(name);
    struct renaming_path *path = path_of(renaming, name, length), left = *path;

    path->below = NULL;
    path->n_below = 0;
    renaming->n_turns++;
    for (size_t k = 0; k < left.n_below; k++) {
        size_t i = left.below[k];
        const char *old = renaming->names[i];
        if (renaming->turn[i] == renaming->n_turns ||
            (strcmp(old, name) != 0 && field_name_in(old, name) == NULL))
            continue;
        renaming->turn[i] = renaming->n_turns;
        path_of(renaming, old, strlen(old))->n_named--;
        renaming->names[i] = arena_printf(renaming->arena, "%s%s", other, old + length);
        enter(renaming, i);
    }
}

void renaming_end(const struct renaming *renaming, struct facts *facts)
{
    struct facts renamed = {.arena = facts->arena};

    for (size_t i = 0; i < renaming->facts->n; i++) {
        struct fact fact = renaming->facts->items[i];
        fact.name = renaming->names[i];
        facts_push(&renamed, fact);
    }
    *facts = renamed;
}
