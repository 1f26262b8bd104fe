/* leaf_match.c - see leaf_match.h.
 *
 * In: leaves and the keys of their names. Out: pairs. Design: one pass for each level of keys, from
 * those that say most. Within a pass, a leaf of the same name in the same bits comes before one
 * elsewhere. Two tables answer both questions without looks at all leaves: by key and bits, and by
 * key alone. In a key of the last part of a name, one that several leaves have in different places
 * says nothing.
 */
#include "judge/leaf_match.h"

#include <string.h>

enum { ARMS_MAX = 64 }; /* of one name in the same bits, that are looked at */

bool leaf_is_at(const struct leaf *a, const struct leaf *b)
{
    return a->first == b->first && a->end == b->end;
}

static void pair(struct leaf *expected, struct leaf *got, enum leaf_match match)
{
    expected->match = got->match = match;
    expected->partner = got;
    got->partner = expected;
    got->is_used = true;
}

static bool is_free(const struct leaf *leaf)
{
    return leaf->match == LEAF_UNMATCHED && !leaf->is_padding && !leaf->is_moved;
}

/* ---- tables of leaves ---- */

struct leaf_list {
    struct leaf **items;
    size_t n;
    size_t next;    /* those before it are paired */
    bool is_spread; /* they do not all have the same bits */
};

struct leaf_table {
    struct arena *arena;
    struct grouping keys;
    struct leaf_list *lists; /* by number of the key */
    size_t n;
};

static void table_add(struct leaf_table *table, const char *key, struct leaf *leaf)
{
    size_t number = grouping_of(&table->keys, key);
    struct leaf_list none = {.n = 0};

    if (number == table->n)
        ARENA_PUSH(table->arena, table->lists, table->n, none);
    struct leaf_list *list = &table->lists[number];
    if (list->n > 0 && !leaf_is_at(list->items[0], leaf))
        list->is_spread = true;
    ARENA_PUSH(table->arena, list->items, list->n, leaf);
}

static struct leaf_list *table_find(const struct leaf_table *table, const char *key)
{
    size_t number = grouping_find(&table->keys, key);

    return number != INDEX_NONE ? &table->lists[number] : NULL;
}

static const char *bits_key(struct arena *arena, const char *key, const struct leaf *leaf)
{
    return arena_printf(arena, "%s@%lld-%lld", key, (long long)leaf->first, (long long)leaf->end);
}

/* ---- choosing ---- */

/* How well the type of one fits the other: the more, the better. */
static int fit(struct arena *arena, const struct leaf *expected, const struct leaf *got)
{
    const char *want = expected->fact->attr[FIELD_TYPE], *have = got->fact->attr[FIELD_TYPE];

    if (want == NULL || have == NULL)
        return 0;
    if (strcmp(want, have) == 0)
        return 4;
    struct leaf_type a = leaf_type_of(arena, want), b = leaf_type_of(arena, have);
    if (a.class == LEAF_INTEGER && b.class == LEAF_INTEGER)
        return a.is_signed == b.is_signed ? 3 : 2;
    if (a.class == b.class)
        return 2;
    return (a.class == LEAF_INTEGER || a.class == LEAF_POINTER) &&
           (b.class == LEAF_INTEGER || b.class == LEAF_POINTER);
}

/* The leaf that fits best of those that are free; NULL if none is. */
static struct leaf *best_of(struct arena *arena, struct leaf_list *list, const struct leaf *got)
{
    struct leaf *best = NULL;
    int best_fit = -1;

    while (list != NULL && list->next < list->n && !is_free(list->items[list->next]))
        list->next++;
    for (size_t i = list != NULL ? list->next : 0; list != NULL && i < list->n; i++) {
        struct leaf *leaf = list->items[i];
        int this_fit = is_free(leaf) ? fit(arena, leaf, got) : -1;
        if (i >= list->next + ARMS_MAX)
            break;
        if (this_fit > best_fit) {
            best = leaf;
            best_fit = this_fit;
        }
    }
    return best;
}

/* ---- passes by name ---- */

/* The tables of one pass. */
struct pass {
    struct arena *arena;
    enum leaf_key_level level;
    struct leaf_table anywhere;    /* by key */
    struct leaf_table in_place;    /* by key and bits */
    const struct leaf_table *last; /* of all passes: by last part of a name and bits */
};

static void begin_pass(struct pass *pass, struct arena *arena, enum leaf_key_level level)
{
    *pass = (struct pass){.arena = arena, .level = level};
    pass->anywhere.arena = pass->anywhere.keys.arena = arena;
    pass->in_place.arena = pass->in_place.keys.arena = arena;
}

static void enter(struct pass *pass, const char *key, struct leaf *leaf)
{
    table_add(&pass->anywhere, key, leaf);
    table_add(&pass->in_place, bits_key(pass->arena, key, leaf), leaf);
}

/* True if a leaf in its place, found by the last part of its name, is meant by that: no other place
 * has this name, or the whole of the system's name is this. */
static bool is_meant(const struct pass *pass, const char *key, const struct leaf *leaf)
{
    const struct leaf_list *list = table_find(&pass->anywhere, key);

    return pass->level < LEAF_KEY_OWN || !list->is_spread || strchr(leaf->path, '.') == NULL;
}

static struct leaf *find_in_place(struct pass *pass, const char **keys, size_t n,
                                  const struct leaf *got)
{
    for (size_t i = 0; i < n; i++) {
        struct leaf *found = best_of(
            pass->arena, table_find(&pass->in_place, bits_key(pass->arena, keys[i], got)), got);
        if (found != NULL && is_meant(pass, keys[i], found))
            return found;
    }
    return NULL;
}

static bool is_as_wide(const struct leaf *a, const struct leaf *b)
{
    return a->end - a->first == b->end - b->first;
}

/* A leaf of this name in another place. A loose key is no reason to call a place wrong, and what has
 * the name of a time may be the whole of it. */
static struct leaf *find_elsewhere(struct pass *pass, const char **keys, size_t n,
                                   const struct leaf *got)
{
    for (size_t i = 0; i < n && pass->level != LEAF_KEY_LOOSE; i++) {
        struct leaf_list *list = table_find(&pass->anywhere, keys[i]);
        if (list == NULL || (pass->level >= LEAF_KEY_OWN && list->is_spread))
            continue;
        if (pass->level < LEAF_KEY_OWN &&
            table_find(&pass->in_place, bits_key(pass->arena, keys[i], got)) != NULL)
            continue; /* another view of what is paired already */
        struct leaf *found = best_of(pass->arena, list, got);
        if (found != NULL && (pass->level != LEAF_KEY_TIME || is_as_wide(found, got)))
            return found;
    }
    return NULL;
}

/* True if the system has a leaf in the same bits whose last part of the name is this one's: then a
 * name that is only like another's, whatever is left out of that, says nothing of another place. */
static bool has_last_part_here(const struct pass *pass, const struct leaf_names *got_names,
                               const struct leaf *got)
{
    const char **keys;
    size_t n = leaf_keys(got_names, got->path, LEAF_KEY_LAST, &keys);

    for (size_t i = 0; i < n; i++)
        if (table_find(pass->last, bits_key(pass->arena, keys[i], got)) != NULL)
            return true;
    return false;
}

static void pair_by_keys(struct leaves *expected, const struct leaf_names *expected_names,
                         struct leaves *got, const struct leaf_names *got_names,
                         struct arena *arena, enum leaf_key_level level,
                         const struct leaf_table *last)
{
    struct pass pass;
    const char **keys;

    begin_pass(&pass, arena, level);
    pass.last = last;
    for (size_t i = 0; i < expected->n; i++) {
        struct leaf *leaf = &expected->items[i];
        size_t n = leaf->is_padding ? 0 : leaf_keys(expected_names, leaf->path, level, &keys);
        for (size_t k = 0; k < n; k++)
            enter(&pass, keys[k], leaf);
    }
    for (int is_elsewhere = 0; is_elsewhere < 2; is_elsewhere++)
        for (size_t i = 0; i < got->n; i++) {
            struct leaf *leaf = &got->items[i];
            if (!is_free(leaf) || leaf->is_block)
                continue;
            if (is_elsewhere && level >= LEAF_KEY_NO_ARMS &&
                has_last_part_here(&pass, got_names, leaf))
                continue;
            size_t n = leaf_keys(got_names, leaf->path, level, &keys);
            struct leaf *found = is_elsewhere ? find_elsewhere(&pass, keys, n, leaf)
                                              : find_in_place(&pass, keys, n, leaf);
            if (found != NULL)
                pair(found, leaf, LEAF_BY_NAME);
        }
}

/* Names that both sides use are the same whatever else may be like them. */
static void pair_same_names(struct leaves *expected, struct leaves *got, struct arena *arena)
{
    struct leaf_table table = {.arena = arena, .keys = {.arena = arena}};

    for (size_t i = 0; i < expected->n; i++)
        table_add(&table, expected->items[i].path, &expected->items[i]);
    for (size_t i = 0; i < got->n; i++) {
        struct leaf_list *list = table_find(&table, got->items[i].path);
        struct leaf *found = is_free(&got->items[i]) ? best_of(arena, list, &got->items[i]) : NULL;
        if (found != NULL)
            pair(found, &got->items[i], LEAF_BY_NAME);
    }
}

/* ---- a record around one leaf ---- */

/* True if the field that the first n characters of the leaf's name are has its bits. */
static bool is_all_of(const struct leaf_names *names, const struct leaf *leaf, size_t n)
{
    const struct fact *field =
        facts_find_bytes(names->leaves->facts, FACT_FIELD, leaf->fact->name, n);
    struct leaf outer;

    return field != NULL && leaf_read_bits(field, &outer) && leaf_is_at(&outer, leaf);
}

/* Calls `table_add` for the leaf under each key of each record that it is all of. */
static void enter_outer(struct leaf_table *table, const struct leaf_names *names, struct leaf *leaf)
{
    const char **keys;

    for (const char *dot = strchr(leaf->path, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
        const char *outer = arena_strndup(table->arena, leaf->path, (size_t)(dot - leaf->path));
        if (!is_all_of(names, leaf, (size_t)(dot - leaf->fact->name)))
            continue;
        size_t n = leaf_keys(names, outer, LEAF_KEY_PATH, &keys);
        for (size_t i = 0; i < n; i++)
            table_add(table, bits_key(table->arena, keys[i], leaf), leaf);
    }
}

/* One side has a record, such as in_addr or a union, of which a leaf in all its bits is what the
 * other side has under the record's name. */
static void pair_wrapped(struct leaves *expected, const struct leaf_names *expected_names,
                         struct leaves *got, const struct leaf_names *got_names,
                         struct arena *arena)
{
    struct leaf_table outer = {.arena = arena, .keys = {.arena = arena}};
    struct leaf_table inner = {.arena = arena, .keys = {.arena = arena}};
    const char **keys;

    for (size_t i = 0; i < expected->n; i++)
        if (is_free(&expected->items[i]))
            enter_outer(&outer, expected_names, &expected->items[i]);
    for (size_t i = 0; i < got->n; i++)
        if (is_free(&got->items[i]))
            enter_outer(&inner, got_names, &got->items[i]);
    for (size_t i = 0; i < got->n; i++) {
        struct leaf *leaf = &got->items[i], *found = NULL;
        size_t n = is_free(leaf) ? leaf_keys(got_names, leaf->path, LEAF_KEY_PATH, &keys) : 0;
        for (size_t k = 0; k < n && found == NULL; k++)
            found = best_of(arena, table_find(&outer, bits_key(arena, keys[k], leaf)), leaf);
        if (found != NULL)
            pair(found, leaf, LEAF_BY_NAME);
    }
    for (size_t i = 0; i < expected->n; i++) {
        struct leaf *leaf = &expected->items[i], *found = NULL;
        size_t n = is_free(leaf) ? leaf_keys(expected_names, leaf->path, LEAF_KEY_PATH, &keys) : 0;
        for (size_t k = 0; k < n && found == NULL; k++)
            found = best_of(arena, table_find(&inner, bits_key(arena, keys[k], leaf)), leaf);
        if (found != NULL)
            pair(leaf, found, LEAF_BY_NAME);
    }
}

/* Marks what has the name of a record of the system, in all of its bits: it stands for all that is
 * in there, whatever else its name may be like. */
static void mark_blocks(const struct leaves *expected, const struct leaf_names *expected_names,
                        struct leaves *got, const struct leaf_names *got_names, struct arena *arena)
{
    struct grouping blocks = {.arena = arena};
    const char **keys;

    for (size_t i = expected->from; i < expected->to; i++) {
        const struct fact *field = &expected->facts->items[i];
        struct leaf outer;
        if (facts_next_field(expected->facts, field->name, NULL, NULL) == NULL ||
            !leaf_read_bits(field, &outer))
            continue;
        size_t n = leaf_keys(expected_names, field->name + strlen(expected->record) + 1,
                             LEAF_KEY_PATH, &keys);
        for (size_t k = 0; k < n; k++)
            (void)grouping_of(&blocks, bits_key(arena, keys[k], &outer));
    }
    for (size_t i = 0; i < got->n && blocks.n > 0; i++) {
        struct leaf *leaf = &got->items[i];
        size_t n = is_free(leaf) ? leaf_keys(got_names, leaf->path, LEAF_KEY_PATH, &keys) : 0;
        for (size_t k = 0; k < n && !leaf->is_block; k++)
            leaf->is_block = grouping_find(&blocks, bits_key(arena, keys[k], leaf)) != INDEX_NONE;
    }
}

/* Enters the leaves of the system by the last parts of their names and their bits. */
static void enter_last_parts(struct leaf_table *last, struct leaves *expected,
                             const struct leaf_names *names)
{
    const char **keys;

    for (size_t i = 0; i < expected->n; i++) {
        struct leaf *leaf = &expected->items[i];
        size_t n = leaf->is_padding ? 0 : leaf_keys(names, leaf->path, LEAF_KEY_LAST, &keys);
        for (size_t k = 0; k < n; k++)
            table_add(last, bits_key(last->arena, keys[k], leaf), leaf);
    }
}

void leaf_match_names(struct leaves *expected, const struct leaf_names *expected_names,
                      struct leaves *got, const struct leaf_names *got_names, struct arena *arena)
{
    struct leaf_table last = {.arena = arena, .keys = {.arena = arena}};

    enter_last_parts(&last, expected, expected_names);
    pair_same_names(expected, got, arena);
    for (enum leaf_key_level level = LEAF_KEY_PATH; level < N_LEAF_KEY_LEVELS; level++) {
        pair_by_keys(expected, expected_names, got, got_names, arena, level, &last);
        if (level != LEAF_KEY_PATH)
            continue;
        pair_wrapped(expected, expected_names, got, got_names, arena);
        mark_blocks(expected, expected_names, got, got_names, arena);
    }
}

void leaf_match_places(struct leaves *expected, struct leaves *got, struct arena *arena)
{
    struct leaf_table table = {.arena = arena, .keys = {.arena = arena}};

    for (size_t i = 0; i < expected->n; i++)
        if (is_free(&expected->items[i]))
            table_add(&table, bits_key(arena, "", &expected->items[i]), &expected->items[i]);
    for (size_t i = 0; i < got->n; i++) {
        struct leaf *leaf = &got->items[i];
        struct leaf *found =
            is_free(leaf) ? best_of(arena, table_find(&table, bits_key(arena, "", leaf)), leaf)
                          : NULL;
        if (found != NULL)
            pair(found, leaf, LEAF_BY_PLACE);
    }
}
