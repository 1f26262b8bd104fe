/* groups.c - see groups.h. */
#include "emit/groups.h"

#include "base/grouping.h"

struct groups groups_make(struct arena *arena, const struct emit_job *job, groups_text_fn *text,
                          const void *context)
{
    struct groups groups = {NULL, 0};
    struct grouping grouping = {.arena = arena};

    for (size_t i = 0; i < job->n_on; i++) {
        struct str one = {.arena = arena};
        text(&one, &job->on[i], context);
        size_t number = grouping_of(&grouping, str_text(&one));
        if (number == groups.n) {
            struct group new = {str_text(&one), arena_alloc(arena, job->n_on), 0};
            ARENA_PUSH(arena, groups.items, groups.n, new);
        }
        groups.items[number].chosen[i] = true;
        groups.items[number].n++;
    }
    return groups;
}

const struct group *groups_largest(const struct groups *groups)
{
    const struct group *largest = groups->items;

    for (size_t i = 0; i < groups->n; i++)
        if (groups->items[i].n >= largest->n)
            largest = &groups->items[i];
    return largest;
}
