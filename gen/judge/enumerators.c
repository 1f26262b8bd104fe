/* enumerators.c - see enumerators.h.
 *
 * In: names. Out: pairs. Design: C puts the name of the enumeration before each enumerator, since
 * all of them are names of the whole file; languages whose enumerations are namespaces leave it out,
 * or put another before. So a name is a row of words, of which the first ones, those that most names
 * of its side share, may be left off one by one: BPF_MAP_TYPE_HASH is also MAP_TYPE_HASH, TYPE_HASH
 * and Hash. Two names are the same if they are so in one of these spellings, whatever their letter
 * case; the longest one decides.
 */
#include "judge/enumerators.h"

#include <ctype.h>
#include <string.h>

#include "base/grouping.h"

/* ---- words ---- */

/* Words of a name: the last one is all that is left where a name has more than anybody writes. */
enum { WORDS_MAX = 16 };

/* A name as words in small letters: "perCPUHash" and "PER_CPU_HASH" are per, cpu and hash. */
struct words {
    const char **items;
    size_t n;
    size_t n_shared; /* so many of the first ones are what most names of the side start with */
};

/* True if a word begins at this letter because of its case: Hash in mapHash and in LRUHash. */
static bool begins_word(const char *name, const char *at)
{
    return at > name && isupper((unsigned char)*at) &&
           (!isupper((unsigned char)at[-1]) || islower((unsigned char)at[1]));
}

static struct words split(struct arena *arena, const char *name)
{
    struct words words = {NULL, 0, 0};

    for (const char *at = name; *at != '\0';) {
        struct str word = {.arena = arena};
        bool is_last = words.n + 1 == WORDS_MAX;
        at += strspn(at, "_");
        for (const char *start = at; *at != '\0' && (is_last || *at != '_'); at++) {
            if (at > start && !is_last && begins_word(name, at))
                break;
            if (*at != '_')
                str_add_char(&word, (char)tolower((unsigned char)*at));
        }
        if (word.len > 0)
            ARENA_PUSH(arena, words.items, words.n, str_text(&word));
    }
    return words;
}

bool enumerator_is_count(struct arena *arena, const char *name)
{
    static const char *const marks[] = {"max", "last", "count", "cnt", "num", "nr", "end"};
    struct words words = split(arena, name);

    for (size_t i = 0; i < words.n; i++)
        for (size_t k = 0; k < sizeof marks / sizeof marks[0]; k++)
            if (strcmp(words.items[i], marks[k]) == 0)
                return true;
    return false;
}

/* ---- what names share ---- */

/* The words from this one on, as one: two spellings may cut them differently, "percpu", "PerCpu". */
static const char *join(struct arena *arena, const struct words *words, size_t from, size_t to)
{
    struct str text = {.arena = arena};

    for (size_t i = from; i < to; i++)
        str_add(&text, words->items[i]);
    return str_text(&text);
}

/* Names of one side, of which three of four share their first words: the others are counts, or
 * were named after something else, as CUSE_INIT among FUSE_*. */
static struct words *read_side(struct arena *arena, struct enumerators side)
{
    struct words *all = arena_alloc(arena, (side.n + 1) * sizeof *all);
    struct grouping prefixes = {.arena = arena};
    size_t *n_have = arena_alloc(arena, (side.n * WORDS_MAX + 1) * sizeof *n_have);

    for (size_t i = 0; i < side.n; i++) {
        all[i] = split(arena, side.names[i]);
        for (size_t k = 1; k < all[i].n; k++)
            n_have[grouping_of(&prefixes, join(arena, &all[i], 0, k))]++;
    }
    for (size_t i = 0; i < side.n; i++)
        for (size_t k = 1; k < all[i].n; k++)
            if (side.n > 1 &&
                4 * n_have[grouping_find(&prefixes, join(arena, &all[i], 0, k))] >= 3 * side.n)
                all[i].n_shared = k;
    return all;
}

/* ---- pairs ---- */

/* Who has a spelling: a number of a name, or ENUMERATOR_NONE for several. */
struct spellings {
    struct grouping texts;
    size_t *owners; /* room for all that are added */
    size_t n;
};

static void add_spelling(struct spellings *spellings, const char *text, size_t owner)
{
    size_t number = grouping_of(&spellings->texts, text);

    if (number >= spellings->n)
        spellings->owners[spellings->n++] = owner;
    else if (spellings->owners[number] != owner)
        spellings->owners[number] = ENUMERATOR_NONE;
}

static size_t owner_of(const struct spellings *spellings, const char *text)
{
    size_t number = grouping_find(&spellings->texts, text);

    return number != INDEX_NONE ? spellings->owners[number] : ENUMERATOR_NONE;
}

size_t *enumerators_pair(struct arena *arena, struct enumerators expected, struct enumerators got)
{
    const struct words *ours = read_side(arena, expected), *theirs = read_side(arena, got);
    struct spellings spellings = {
        .texts = {.arena = arena},
        .owners = arena_alloc(arena, (expected.n * WORDS_MAX + 1) * sizeof *spellings.owners),
    };
    size_t *pairs = arena_alloc(arena, (got.n + 1) * sizeof *pairs);
    bool *is_taken = arena_alloc(arena, expected.n + 1);

    for (size_t i = 0; i < expected.n; i++)
        for (size_t k = 0; k <= ours[i].n_shared && k < ours[i].n; k++)
            add_spelling(&spellings, join(arena, &ours[i], k, ours[i].n), i);
    for (size_t i = 0; i < got.n; i++) {
        pairs[i] = ENUMERATOR_NONE;
        for (size_t k = 0; k <= theirs[i].n_shared && pairs[i] == ENUMERATOR_NONE; k++)
            pairs[i] = owner_of(&spellings, join(arena, &theirs[i], k, theirs[i].n));
        if (pairs[i] != ENUMERATOR_NONE && is_taken[pairs[i]])
            pairs[i] = ENUMERATOR_NONE;
        if (pairs[i] != ENUMERATOR_NONE)
            is_taken[pairs[i]] = true;
    }
    return pairs;
}
