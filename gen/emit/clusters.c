/* clusters.c - see clusters.h.
 *
 * In: layouts. Out: names.
 */
#include "emit/clusters.h"

#include <string.h>

bool cluster_is(const struct layout *layout, size_t i)
{
    return !layout->is_union && layout_cluster_end(layout, i) > i + 1;
}

size_t cluster_next(const struct layout *layout, size_t i)
{
    return layout->is_union ? i + 1 : layout_cluster_end(layout, i);
}

const char *cluster_member(struct arena *arena, const struct layout *layout, size_t first)
{
    return arena_printf(arena, "at_%lld", (long long)layout->members[first].offset_bytes);
}

const char *cluster_type(struct arena *arena, const struct words *words,
                         const struct layout *layout, size_t first)
{
    return words_record(arena, words,
                        arena_printf(arena, "%s_at_%lld", layout->record->name,
                                     (long long)layout->members[first].offset_bytes));
}

const char *cluster_pushed(struct arena *arena, const struct words *words,
                           const struct layout *layout, size_t first, size_t i)
{
    if (layout->members[i].offset_bytes == layout->members[first].offset_bytes)
        return NULL;
    return words_record(arena, words,
                        arena_printf(arena, "%s_at_%lld_%s", layout->record->name,
                                     (long long)layout->members[first].offset_bytes,
                                     layout->members[i].name));
}

const char *cluster_path(struct arena *arena, const struct words *words,
                         const struct layout *layout, size_t first, size_t i)
{
    const char *name = words_name(arena, words, layout->members[i].name);

    if (!cluster_is(layout, first))
        return name;
    const char *path = arena_printf(arena, "%s.%s", cluster_member(arena, layout, first), name);
    return layout->members[i].offset_bytes == layout->members[first].offset_bytes
               ? path
               : arena_printf(arena, "%s.%s", path, name);
}

size_t cluster_of(const struct layout *layout, const struct item *item)
{
    for (size_t i = 0; i < layout->n; i = layout_cluster_end(layout, i))
        if (layout->members[i].offset_bytes == item->cluster && cluster_is(layout, i))
            return i;
    return layout->n;
}

size_t cluster_pushed_of(const struct layout *layout, const struct item *item)
{
    size_t first = cluster_of(layout, item);
    size_t end = first < layout->n ? layout_cluster_end(layout, first) : first;

    for (size_t i = first; i < end; i++)
        if (strcmp(layout->members[i].name, item->pushed) == 0 &&
            layout->members[i].offset_bytes != item->cluster)
            return i;
    return layout->n;
}
