/* groups.c - see groups.h.
 *
 * In: the texts of an item. Out: groups. Targets are some dozens and differ in few ways, so that
 * each text is compared with one of each group.
 */
#include "emit/groups.h"

#include <string.h>

static struct group *find(const struct groups *groups, const char *text)
{
    for (size_t i = 0; i < groups->n; i++)
        if (strcmp(groups->items[i].text, text) == 0)
            return &groups->items[i];
    return NULL;
}

struct groups groups_make(struct arena *arena, const struct emit_job *job, groups_text_fn *text,
                          const void *context)
{
    struct groups groups = {NULL, 0};

    for (size_t i = 0; i < job->n_on; i++) {
        struct str one = {.arena = arena};
        text(&one, &job->on[i], context);
        struct group *found = find(&groups, str_text(&one));
        if (found == NULL) {
            struct group new = {str_text(&one), arena_alloc(arena, job->n_on), 0};
            ARENA_PUSH(arena, groups.items, groups.n, new);
            found = &groups.items[groups.n - 1];
        }
        found->chosen[i] = true;
        found->n++;
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
