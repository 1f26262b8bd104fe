/* field.c - which field of a binding stands for which of the kernel's; see verify.h.
 *
 * In: an item's facts with the binding's names of fields. Out: the kernel's names where they can be
 * found. Languages write tv_sec as Sec, tvSec or TV_SEC, so letter case, underscores and the
 * record's prefix do not count. A field whose name says nothing keeps it: then its bytes decide.
 */
#include <ctype.h>
#include <string.h>

#include "verify/renaming.h"
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

/* Names of ours by how they may be spelt: as in `plain`, or so and without the prefix that C gives
 * the fields of a record. */
struct spellings {
    struct arena *arena;
    struct grouping records; /* those whose fields are in here */
    struct grouping keys;    /* record and spelling */
    const char **names;      /* by number of the key: the first field of the record spelt so */
};

enum spelling { SPELLING_PLAIN, SPELLING_UNPREFIXED };

static const char *spelling_key(struct arena *arena, size_t record, enum spelling spelling,
                                const char *text)
{
    return arena_printf(arena, "%zu %d %s", record, spelling, text);
}

static void add_spelling(struct spellings *spellings, const char *key, const char *name)
{
    size_t n = spellings->keys.n;

    if (grouping_of(&spellings->keys, key) == n)
        ARENA_PUSH(spellings->arena, spellings->names, n, name);
}

/* The number of the record that has the candidates and that `facts` have. */
static size_t spelt_record(struct spellings *spellings, const struct facts *facts,
                           const char *record)
{
    struct arena *arena = spellings->arena;
    size_t n = spellings->records.n;
    size_t number =
        grouping_of(&spellings->records, arena_printf(arena, "%p %s", (const void *)facts, record));
    const char *name;

    for (const struct fact *ours = number == n ? facts_next_field(facts, record, NULL, &name)
                                               : NULL;
         ours != NULL; ours = facts_next_field(facts, record, ours, &name)) {
        const char *prefix = strchr(name, '_');
        add_spelling(spellings, spelling_key(arena, number, SPELLING_PLAIN, plain(arena, name)),
                     name);
        if (prefix != NULL)
            add_spelling(spellings,
                         spelling_key(arena, number, SPELLING_UNPREFIXED, plain(arena, prefix + 1)),
                         name);
    }
    return number;
}

/* The name of ours that fits best: the same, the same but for case and underscores, or the same but
 * for the prefix. `record` has the candidates, `facts` have it. NULL if none fits. */
static const char *best_name(struct spellings *spellings, const struct facts *facts,
                             const char *record, const char *field)
{
    struct arena *arena = spellings->arena;
    const char *spelt = plain(arena, field);
    size_t number = spelt_record(spellings, facts, record);

    if (facts_find(facts, FACT_FIELD, arena_printf(arena, "%s.%s", record, field)) != NULL)
        return field;
    size_t found =
        grouping_find(&spellings->keys, spelling_key(arena, number, SPELLING_PLAIN, spelt));
    if (found == INDEX_NONE && spelt[0] != '\0')
        found = grouping_find(&spellings->keys,
                              spelling_key(arena, number, SPELLING_UNPREFIXED, spelt));
    return found != INDEX_NONE ? spellings->names[found] : NULL;
}

/* The kernel's name of one field, with the record's before it; NULL if it cannot be found. Where
 * the kernel has no record, it may still have a record without a name: then the path is the
 * name. */
static const char *guess_name(struct verification *verification, const struct verify_item *item,
                              struct spellings *spellings, const char *full)
{
    const struct facts *facts;
    const char *record = verify_record_at(verification, item, full, &facts);
    const char *last = record != NULL ? strrchr(full, '.') + 1 : full + strlen(item->ours) + 1;

    const char *name = record != NULL ? best_name(spellings, facts, record, last)
                                      : best_name(spellings, &item->part->facts, item->ours, last);
    return name == NULL
               ? NULL
               : arena_printf(verification->arena, "%.*s%s", (int)(last - full), full, name);
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
    struct arena *arena = verification->arena;
    struct spellings spellings = {
        .arena = arena, .records = {.arena = arena}, .keys = {.arena = arena}};

    if (item->kind != FACT_RECORD || item->part == NULL)
        return;
    struct renaming renaming;
    renaming_begin(&renaming, arena, &item->got, item->ours);
    /* What is mapped first, so that no guess takes its name. A field comes before those within it.
     */
    name_mapped_fields(verification, item, request, &renaming);
    for (size_t i = 0; i < item->got.n; i++) {
        const char *full = renaming.names[i];
        if (item->got.items[i].kind != FACT_FIELD)
            continue;
        const char *name = guess_name(verification, item, &spellings, full);
        if (name != NULL && strcmp(name, full) != 0 && !renaming_has(&renaming, name))
            renaming_do(&renaming, full, name);
    }
    renaming_end(&renaming, &item->got);
}
