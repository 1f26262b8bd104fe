/* verify_field.c - which field of a binding stands for which of the kernel's; see verify.h.
 *
 * In: an item's facts with the binding's names of fields. Out: the kernel's names where they can be
 * told. Languages write tv_sec as Sec, tvSec or TV_SEC, so letter case, underscores and the
 * record's prefix do not count. A field whose name says nothing keeps it: then its bytes decide.
 */
#include <ctype.h>
#include <string.h>

#include "verify_private.h"

/* Writes name in small letters without underscores. */
static const char *plain(struct arena *arena, const char *name)
{
    char *text = arena_strdup(arena, name), *to = text;

    for (const char *at = name; *at != '\0'; at++)
        if (*at != '_' && *at != '#') /* Rust's r#type */
            *to++ = (char)tolower((unsigned char)*at);
    *to = '\0';
    return text;
}

/* How well a name of theirs fits one of ours: 3 the same, 2 but for case and underscores, 1 but for
 * the prefix that C gives the fields of a record, 0 not. */
static int fitness(struct arena *arena, const char *ours, const char *theirs)
{
    const char *a, *b, *prefix = strchr(ours, '_');

    if (strcmp(ours, theirs) == 0)
        return 3;
    a = plain(arena, ours);
    b = plain(arena, theirs);
    if (strcmp(a, b) == 0)
        return 2;
    return prefix != NULL && strcmp(plain(arena, prefix + 1), b) == 0 && b[0] != '\0';
}

/* The name that a map gives to this field of the item, NULL if none does. */
static const char *mapped_name(const struct verify_item *item, const struct verify_request *request,
                               const char *field)
{
    for (size_t i = 0; i < request->n_maps; i++) {
        const struct verify_map *map = &request->maps[i];
        const char *dot = strrchr(map->theirs, '.'), *ours = strchr(map->ours, '.');
        size_t n_type = dot != NULL ? (size_t)(dot - map->theirs) : 0;
        if (dot != NULL && ours != NULL && strcmp(dot + 1, field) == 0 &&
            strlen(item->theirs) == n_type && strncmp(item->theirs, map->theirs, n_type) == 0 &&
            strncmp(map->ours, item->ours, (size_t)(ours - map->ours)) == 0 &&
            item->ours[ours - map->ours] == '\0')
            return ours + 1;
    }
    return NULL;
}

/* The name of ours that fits best and that no other field of theirs fits better. `record` has the
 * candidates, `facts` have it. */
static const char *best_name(struct arena *arena, const struct facts *facts, const char *record,
                             const char *field)
{
    size_t skip = strlen(record) + 1;
    const char *best = NULL;
    int most = 0;

    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *ours = &facts->items[i];
        int fit;
        if (ours->kind != FACT_FIELD || strncmp(ours->name, record, skip - 1) != 0 ||
            ours->name[skip - 1] != '.')
            continue;
        fit = fitness(arena, ours->name + skip, field);
        if (fit > most) {
            most = fit;
            best = ours->name + skip;
        }
    }
    return best;
}

static bool has_field(const struct facts *facts, const char *name)
{
    return facts_find(facts, FACT_FIELD, name) != NULL;
}

/* Gives a field another name, and those within it. */
static void rename_field(struct arena *arena, struct facts *facts, const char *name,
                         const char *other)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < facts->n; i++) {
        struct fact *fact = &facts->items[i];
        if (fact->kind == FACT_FIELD && strncmp(fact->name, name, length) == 0 &&
            (fact->name[length] == '\0' || fact->name[length] == '.'))
            fact->name = arena_printf(arena, "%s%s", other, fact->name + length);
    }
}

/* The kernel's name of one field, with the record's before it; NULL if it cannot be told. Where the
 * kernel has no record, it may still have a record without a name: then the path is the name. */
static const char *guess_name(struct verification *verification, const struct verify_item *item,
                              const char *full)
{
    struct arena *arena = verification->arena;
    const struct facts *facts;
    const char *record = verify_record_at(verification, item, full, &facts), *name;
    const char *last = record != NULL ? strrchr(full, '.') + 1 : full + strlen(item->ours) + 1;

    name = record != NULL ? best_name(arena, facts, record, last)
                          : best_name(arena, &item->part->facts, item->ours, last);
    return name == NULL ? NULL : arena_printf(arena, "%.*s%s", (int)(last - full), full, name);
}

void verify_name_fields(struct verification *verification, struct verify_item *item,
                        const struct verify_request *request)
{
    struct arena *arena = verification->arena;
    size_t skip = strlen(item->ours) + 1;

    if (item->kind != FACT_RECORD || item->part == NULL)
        return;
    /* What is mapped first, so that no guess takes its name. A field comes before those within it.
     */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < item->got.n; i++) {
            const char *full = item->got.items[i].name, *name;
            if (item->got.items[i].kind != FACT_FIELD)
                continue;
            if (pass == 0) {
                name = mapped_name(item, request, full + skip);
                name = name != NULL ? arena_printf(arena, "%s.%s", item->ours, name) : NULL;
            } else {
                name = guess_name(verification, item, full);
            }
            if (name != NULL && strcmp(name, full) != 0 && !has_field(&item->got, name))
                rename_field(arena, &item->got, full, name);
        }
}
