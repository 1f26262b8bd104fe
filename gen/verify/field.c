/* field.c - fields of a binding to which maps give the kernel's names; see verify.h.
 *
 * In: an item's facts with the binding's names of fields. Out: the kernel's names where a map gives
 * one. Design: what another spelling of a name means is for the comparison of records to find; a
 * map comes before that, so that it decides.
 */
#include <string.h>

#include "verify/renaming.h"
#include "verify/verify_private.h"

/* True if the first n characters of text are the item's name as it is queried or as it was found,
 * or last parts of that. */
static bool is_type_of(const struct verify_item *item, const char *text, size_t n)
{
    size_t n_found = item->found != NULL ? strlen(item->found) : 0;

    if (strlen(item->theirs) == n && strncmp(item->theirs, text, n) == 0)
        return true;
    return n > 0 && n_found >= n && strncmp(item->found + n_found - n, text, n) == 0 &&
           (n_found == n || strchr(".:/", item->found[n_found - n - 1]) != NULL);
}

/* The record that a map of a field is for; NULL for a map of something else. */
static const char *record_of_map(struct arena *arena, const struct verify_map *map)
{
    const char *dot = strchr(map->ours, '.');

    return dot != NULL ? arena_strndup(arena, map->ours, (size_t)(dot - map->ours)) : NULL;
}

/* Enters the maps of fields under the records that they are for. */
void verify_sort_maps(struct verification *verification, const struct verify_request *request)
{
    struct arena *arena = verification->arena;

    verification->mapped_records.arena = arena;
    for (size_t i = 0; i < request->n_maps; i++) {
        const char *record = record_of_map(arena, &request->maps[i]);
        struct verify_field_maps none = {.n = 0};
        if (record == NULL)
            continue;
        size_t number = grouping_of(&verification->mapped_records, record);
        if (number == verification->n_field_maps)
            ARENA_PUSH(arena, verification->field_maps, verification->n_field_maps, none);
        struct verify_field_maps *maps = &verification->field_maps[number];
        ARENA_PUSH(arena, maps->numbers, maps->n, i);
    }
}

/* The name that a map gives to this field of the item, NULL if none does. */
static const char *mapped_name(struct verification *verification, const struct verify_item *item,
                               const struct verify_request *request,
                               const struct verify_field_maps *maps, const char *field)
{
    for (size_t i = 0; i < maps->n; i++) {
        const struct verify_map *map = &request->maps[maps->numbers[i]];
        size_t n_theirs = strlen(map->theirs), n_field = strlen(field);
        if (n_theirs > n_field + 1 && map->theirs[n_theirs - n_field - 1] == '.' &&
            strcmp(map->theirs + n_theirs - n_field, field) == 0 &&
            is_type_of(item, map->theirs, n_theirs - n_field - 1)) {
            const char *ours = verify_field_of(verification->reference, map->ours);
            verification->is_used[maps->numbers[i]] = true;
            return field_name_in(ours != NULL ? ours : map->ours, item->ours);
        }
    }
    return NULL;
}

size_t verify_unused_maps(const struct verification *verification,
                          const struct verify_request *request, size_t **numbers)
{
    struct grouping found = {.arena = verification->arena};
    size_t n = 0;

    *numbers = NULL;
    for (size_t i = 0; i < verification->n_items; i++)
        if (verification->items[i].kind == FACT_RECORD && verification->items[i].found != NULL)
            (void)grouping_of(&found, verification->items[i].ours);
    for (size_t i = 0; i < request->n_maps; i++) {
        const char *record = record_of_map(verification->arena, &request->maps[i]);
        if (record != NULL && !verification->is_used[i] &&
            grouping_find(&found, record) != INDEX_NONE)
            ARENA_PUSH(verification->arena, *numbers, n, i);
    }
    return n;
}

/* Gives the fields that maps name the kernel's names. Maps may exchange two names, so each goes by
 * way of one that no field has; a field that only happens to have a name that a map gives to
 * another one gets an apostrophe. */
static void name_mapped_fields(struct verification *verification, const struct verify_item *item,
                               const struct verify_request *request,
                               const struct verify_field_maps *maps, struct renaming *renaming)
{
    static const char mark[] = "=";
    struct arena *arena = verification->arena;
    size_t skip = strlen(item->ours) + 1;

    for (size_t i = 0; i < item->got.n; i++) {
        const char *full = renaming->names[i];
        const char *name =
            item->got.items[i].kind == FACT_FIELD && strncmp(full + skip, mark, 1) != 0
                ? mapped_name(verification, item, request, maps, full + skip)
                : NULL;
        if (name != NULL)
            renaming_do(renaming, full, arena_printf(arena, "%s.%s%s", item->ours, mark, name));
    }
    for (size_t i = 0; i < item->got.n; i++) {
        const char *full = renaming->names[i];
        if (item->got.items[i].kind != FACT_FIELD || strncmp(full + skip, mark, 1) != 0)
            continue;
        const char *name = arena_printf(arena, "%s.%s", item->ours, full + skip + strlen(mark));
        if (renaming_has(renaming, name))
            renaming_do(renaming, name, arena_printf(arena, "%s'", name));
        renaming_do(renaming, full, name);
    }
}

void verify_name_fields(struct verification *verification, struct verify_item *item,
                        const struct verify_request *request)
{
    struct renaming renaming;
    size_t number = item->kind == FACT_RECORD && item->part != NULL
                        ? grouping_find(&verification->mapped_records, item->ours)
                        : INDEX_NONE;

    if (number == INDEX_NONE)
        return;
    renaming_begin(&renaming, verification->arena, &item->got, item->ours);
    name_mapped_fields(verification, item, request, &verification->field_maps[number], &renaming);
    renaming_end(&renaming, &item->got);
}
