/* groups.c - see groups.h. */
#include "emit/groups.h"

#include "base/grouping.h"

struct groups groups_make(struct arena *arena, const struct emit_job *job, groups_text_fn *text,
                          const void *context)
{
    struct groups groups = {.items = arena_alloc(arena, (job->n_on + 1) * sizeof *groups.items)};
    struct grouping grouping = {.arena = arena};

    for (size_t i = 0; i < job->n_on; i++) {
        struct str one = {.arena = arena};
        text(&one, &job->on[i], context);
        struct group *group = &groups.items[grouping_of(&grouping, str_text(&one))];
        if (group->n == 0)
            *group = (struct group){str_text(&one), arena_alloc(arena, job->n_on), 0};
        group->chosen[i] = true;
        group->n++;
    }
    groups.n = grouping.n;
    return groups;
}

const struct group *groups_largest(const struct groups *groups)
{
    const struct group *largest = groups->n > 0 ? groups->items : NULL;

    for (size_t i = 0; i < groups->n; i++)
        if (groups->items[i].n >= largest->n)
            largest = &groups->items[i];
    return largest;
}
