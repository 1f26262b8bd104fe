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

/* The kernel's name of the field that the map is for, NULL if that is not in the item's record. */
static const char *our_field(const struct verify_item *item, const struct verify_map *map)
{
    return item->kind == FACT_RECORD ? field_name_in(map->ours, item->ours) : NULL;
}

/* The name that a map gives to this field of the item, NULL if none does. */
static const char *mapped_name(struct verification *verification, const struct verify_item *item,
                               const struct verify_request *request, const char *field)
{
    for (size_t i = 0; i < request->n_maps; i++) {
        const char *theirs = request->maps[i].theirs;
        size_t n_theirs = strlen(theirs), n_field = strlen(field);
        if (our_field(item, &request->maps[i]) != NULL && n_theirs > n_field + 1 &&
            theirs[n_theirs - n_field - 1] == '.' &&
            strcmp(theirs + n_theirs - n_field, field) == 0 &&
            is_type_of(item, theirs, n_theirs - n_field - 1)) {
            verification->is_used[i] = true;
            return our_field(item, &request->maps[i]);
        }
    }
    return NULL;
}

size_t verify_unused_map(const struct verification *verification,
                         const struct verify_request *request, size_t from)
{
    for (size_t i = from; i < request->n_maps; i++)
        for (size_t k = 0; k < verification->n_items && !verification->is_used[i]; k++)
            if (verification->items[k].found != NULL &&
                our_field(&verification->items[k], &request->maps[i]) != NULL)
                return i;
    return request->n_maps;
}

/* Gives the fields that maps name the kernel's names. Maps may exchange two names, so each goes by
 * way of one that no field has; a field that only happens to have a name that a map gives to
 * another one gets an apostrophe. */
static void name_mapped_fields(struct verification *verification, const struct verify_item *item,
                               const struct verify_request *request, struct renaming *renaming)
{
    static const char mark[] = "=";
    struct arena *arena = verification->arena;
    size_t skip = strlen(item->ours) + 1;

    for (size_t i = 0; i < item->got.n; i++) {
        const char *full = renaming->names[i];
        const char *name =
            item->got.items[i].kind == FACT_FIELD && strncmp(full + skip, mark, 1) != 0
                ? mapped_name(verification, item, request, full + skip)
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

    if (item->kind != FACT_RECORD || item->part == NULL)
        return;
    renaming_begin(&renaming, verification->arena, &item->got, item->ours);
    name_mapped_fields(verification, item, request, &renaming);
    renaming_end(&renaming, &item->got);
}
