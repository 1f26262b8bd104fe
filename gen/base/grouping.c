/* grouping.c - see grouping.h.
 *
 * In: keys. Out: numbers of groups, by an index of the keys. Design: a key may have several
 * texts, and each is written behind its length, so that "a", "bc" is not "ab", "c".
 */
#include "base/grouping.h"

#include <stdio.h>
#include <string.h>

/* What is looked for. */
struct group_search {
    const struct grouping *grouping;
    const char *key;
};

static bool has_key(const void *context, size_t number)
{
    const struct group_search *search = context;

    return strcmp(search->grouping->keys[number], search->key) == 0;
}

static size_t find(const struct grouping *grouping, const char *key, uint64_t hash)
{
    struct group_search search = {grouping, key};

    return index_find(&grouping->index, hash, has_key, &search);
}

size_t grouping_find(const struct grouping *grouping, const char *key)
{
    return find(grouping, key, index_hash(0, key, strlen(key)));
}

size_t grouping_of(struct grouping *grouping, const char *key)
{
    uint64_t hash = index_hash(0, key, strlen(key));
    size_t number = find(grouping, key, hash);

    if (number != INDEX_NONE)
        return number;
    index_add(&grouping->index, grouping->arena, hash, grouping->n);
    key = arena_strdup(grouping->arena, key);
    ARENA_PUSH(grouping->arena, grouping->keys, grouping->n, key);
    return grouping->n - 1;
}

bool grouping_is_new(struct grouping *grouping, const char *key)
{
    size_t n = grouping->n;

    return grouping_of(grouping, key) == n;
}

void grouping_key_number(struct str *key, size_t number)
{
    char text[32];

    snprintf(text, sizeof text, "%zu,", number);
    str_add(key, text);
}

void grouping_key(struct str *key, const char *text)
{
    if (text == NULL) {
        str_add(key, "-,");
        return;
    }
    grouping_key_number(key, strlen(text));
    str_add(key, text);
}
