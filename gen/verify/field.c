/* field.c - which field of a binding stands for which of the kernel's; see verify.h.
 *
 * In: an item's facts with the binding's names of fields. Out: the kernel's names where they can be
 * told. Languages write tv_sec as Sec, tvSec or TV_SEC, so letter case, underscores and the
 * record's prefix do not count. A field whose name says nothing keeps it: then its bytes decide.
 */
#include <ctype.h>
#include <string.h>

#include "verify/verify_private.h"

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

/* True if the first n characters of text are the item's name as it is wished for or as it was
 * found, or last parts of that. */
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
    size_t length = strlen(item->ours);

    return item->kind == FACT_RECORD && strncmp(map->ours, item->ours, length) == 0 &&
                   map->ours[length] == '.'
               ? map->ours + length + 1
               : NULL;
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

/* Gives the fields that maps name the kernel's names. Maps may exchange two names, so each goes by
 * way of one that no field has; a field that only happens to have a name that a map gives to
 * another one gets an apostrophe. */
static void name_mapped_fields(struct verification *verification, struct verify_item *item,
                               const struct verify_request *request)
{
    static const char mark[] = "=";
    struct arena *arena = verification->arena;
    struct facts *got = &item->got;
    size_t skip = strlen(item->ours) + 1;

    for (size_t i = 0; i < got->n; i++) {
        const char *full = got->items[i].name;
        const char *name = got->items[i].kind == FACT_FIELD && strncmp(full + skip, mark, 1) != 0
                               ? mapped_name(verification, item, request, full + skip)
                               : NULL;
        if (name != NULL)
            rename_field(arena, got, full, arena_printf(arena, "%s.%s%s", item->ours, mark, name));
    }
    for (size_t i = 0; i < got->n; i++) {
        const char *full = got->items[i].name, *name;
        if (got->items[i].kind != FACT_FIELD || strncmp(full + skip, mark, 1) != 0)
            continue;
        name = arena_printf(arena, "%s.%s", item->ours, full + skip + strlen(mark));
        if (has_field(got, name))
            rename_field(arena, got, name, arena_printf(arena, "%s'", name));
        rename_field(arena, got, full, name);
    }
}

void verify_name_fields(struct verification *verification, struct verify_item *item,
                        const struct verify_request *request)
{
    struct arena *arena = verification->arena;

    if (item->kind != FACT_RECORD || item->part == NULL)
        return;
    /* What is mapped first, so that no guess takes its name. A field comes before those within it.
     */
    name_mapped_fields(verification, item, request);
    for (size_t i = 0; i < item->got.n; i++) {
        const char *full = item->got.items[i].name, *name;
        if (item->got.items[i].kind != FACT_FIELD)
            continue;
        name = guess_name(verification, item, full);
        if (name != NULL && strcmp(name, full) != 0 && !has_field(&item->got, name))
            rename_field(arena, &item->got, full, name);
    }
}
