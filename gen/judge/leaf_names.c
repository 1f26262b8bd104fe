/* leaf_names.c - see leaf_names.h.
 *
 * In: paths. Out: keys. Design: a path of two parts with and without prefixes has four spellings,
 * and one of more parts would have too many: then all parts have their prefix, none has, or only
 * the first or only the last. A time is the one record whose parts have spellings of their own,
 * since C's headers themselves write st_atime for st_atim.tv_sec.
 */
#include "judge/leaf_names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "judge/comparison.h"

enum { PARTS_MAX = 32 };

/* ---- parts of a name ---- */

/* Writes a part of a name in small letters without underscores; Rust's r#type is a type. */
static const char *plain(struct arena *arena, const char *part)
{
    char *text = arena_strdup(arena, part), *to = text;

    if (strncmp(part, "r#", strlen("r#")) == 0)
        part += strlen("r#");
    for (const char *at = part; *at != '\0'; at++)
        if (*at != '_' && *at != '#')
            *to++ = (char)tolower((unsigned char)*at);
    *to = '\0';
    return text;
}

/* What is behind the first underscore of a part, without those that it begins with; NULL if there
 * is none, or nothing behind it. */
static const char *behind_prefix(const char *part)
{
    part += strspn(part, "_");
    const char *end = strchr(part, '_');
    return end != NULL && end[strspn(end, "_")] != '\0' ? end + 1 : NULL;
}

/* The path of the record that a field is in: "" for a field of the record itself. */
static const char *parent_of(struct arena *arena, const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot != NULL ? arena_strndup(arena, path, (size_t)(dot - path)) : "";
}

static const char *last_part(const char *path)
{
    const char *dot = strrchr(path, '.');

    return dot != NULL ? dot + 1 : path;
}

/* ---- prefixes ---- */

static const char *prefix_key(struct arena *arena, const char *parent, const char *part)
{
    const char *behind = behind_prefix(part);

    part += strspn(part, "_");
    return arena_printf(arena, "%s %.*s", parent, (int)(behind - part), part);
}

void leaf_names_make(struct leaf_names *names, struct arena *arena, const struct leaves *leaves)
{
    const struct facts *facts = leaves->facts;

    *names = (struct leaf_names){.arena = arena, .leaves = leaves};
    names->parents.arena = names->prefixes.arena = arena;
    for (size_t i = leaves->from; i < leaves->to; i++) {
        const char *path = facts->items[i].name + strlen(leaves->record) + 1;
        const char *parent = parent_of(arena, path), *part = last_part(path);
        if (judge_is_padding(part))
            continue;
        size_t number = grouping_of(&names->parents, parent);
        if (number == names->n_parents)
            ARENA_PUSH(arena, names->n_fields, names->n_parents, 0);
        names->n_fields[number]++;
        if (behind_prefix(part) == NULL)
            continue;
        number = grouping_of(&names->prefixes, prefix_key(arena, parent, part));
        if (number == names->n_prefixes)
            ARENA_PUSH(arena, names->n_prefixed, names->n_prefixes, 0);
        names->n_prefixed[number]++;
    }
}

/* True if most fields of the parent have the prefix of this one. */
static bool has_shared_prefix(const struct leaf_names *names, const char *parent, const char *part)
{
    if (behind_prefix(part) == NULL)
        return false;
    size_t of = grouping_find(&names->parents, parent);
    size_t with = grouping_find(&names->prefixes, prefix_key(names->arena, parent, part));
    if (of == INDEX_NONE || with == INDEX_NONE)
        return false;
    return 2 * names->n_prefixed[with] >= names->n_fields[of] &&
           (names->n_prefixed[with] > 1 || names->n_fields[of] == 1);
}

/* ---- keys ---- */

/* The spellings of one part: `bare` is without a prefix, or as `full`. */
struct part {
    const char *full;
    const char *bare;
};

static bool is_union(const struct leaf_names *names, const char *path)
{
    const struct leaves *leaves = names->leaves;
    const struct fact *field = facts_find(
        leaves->facts, FACT_FIELD, arena_printf(names->arena, "%s.%s", leaves->record, path));

    return field != NULL && field->attr[FIELD_TYPE] != NULL &&
           strncmp(field->attr[FIELD_TYPE], "union", strlen("union")) == 0;
}

/* The parts of a path that are in its keys, the last one always. */
static size_t parts_of(const struct leaf_names *names, const char *path, enum leaf_key_level level,
                       struct part *parts)
{
    struct arena *arena = names->arena;
    size_t n = 0;

    for (const char *at = path; at != NULL && n < PARTS_MAX;) {
        const char *dot = strchr(at, '.');
        const char *part = dot != NULL ? arena_strndup(arena, at, (size_t)(dot - at)) : at;
        const char *parent = at > path ? arena_strndup(arena, path, (size_t)(at - path - 1)) : "";
        bool is_bare = level == LEAF_KEY_LOOSE
                           ? behind_prefix(part) != NULL
                           : level != LEAF_KEY_OWN && has_shared_prefix(names, parent, part);
        bool is_left_out =
            dot != NULL && (level == LEAF_KEY_OWN || level >= LEAF_KEY_LAST ||
                            (level == LEAF_KEY_NO_ARMS &&
                             is_union(names, arena_strndup(arena, path, (size_t)(dot - path)))));
        if (!is_left_out) {
            parts[n].full = plain(arena, part);
            parts[n].bare = is_bare ? plain(arena, behind_prefix(part)) : parts[n].full;
            n++;
        }
        at = dot != NULL ? dot + 1 : NULL;
    }
    return n;
}

/* A list of keys without repetitions: there are a dozen at most. */
struct keys {
    struct arena *arena;
    const char **items;
    size_t n;
};

static void add_key(struct keys *keys, const char *key)
{
    for (size_t i = 0; i < keys->n; i++)
        if (strcmp(keys->items[i], key) == 0)
            return;
    if (key[0] != '\0')
        ARENA_PUSH(keys->arena, keys->items, keys->n, key);
}

/* The parts in one: without prefixes of the first, of those in the middle, and of the last one. */
static const char *join(struct arena *arena, const struct part *parts, size_t n, bool is_first_bare,
                        bool is_last_bare)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < n; i++) {
        bool is_bare = i + 1 == n ? is_last_bare : is_first_bare;
        str_add(&text, is_bare ? parts[i].bare : parts[i].full);
    }
    return str_text(&text);
}

/* The unit that a part of a time counts: "" for one of no time. */
static const char *time_unit(const struct part *last)
{
    static const char *const units[] = {"sec", "nsec", "usec"};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(last->bare, units[i]) == 0 || strcmp(last->full, units[i]) == 0 ||
            (strncmp(last->full, "tv", 2) == 0 && strcmp(last->full + 2, units[i]) == 0))
            return units[i];
    return "";
}

/* st_atim.tv_sec is st_atime, st_atime_sec and st_atim_sec, st_atim.tv_nsec is st_atime_nsec and
 * st_atimensec. */
static void add_times(struct keys *keys, const struct part *parts, size_t n, const char *unit,
                      bool is_base)
{
    for (int is_bare = 0; is_bare < 2; is_bare++) {
        const char *base = join(keys->arena, parts, n - 1, is_bare, is_bare);
        size_t length = strlen(base);
        bool is_short = length >= 3 && strcmp(base + length - 3, "tim") == 0;
        add_key(keys, arena_printf(keys->arena, "%s%s", base, unit));
        if (is_short)
            add_key(keys, arena_printf(keys->arena, "%se%s", base, unit));
        if (is_base && strcmp(unit, "sec") == 0)
            add_key(keys, arena_printf(keys->arena, "%s%s", base, is_short ? "e" : ""));
    }
}

size_t leaf_keys(const struct leaf_names *names, const char *path, enum leaf_key_level level,
                 const char ***list)
{
    struct keys keys = {.arena = names->arena};
    struct part parts[PARTS_MAX];
    size_t n = parts_of(names, path, level, parts);

    *list = NULL;
    if (n == 0)
        return 0;
    for (int form = 0; form < 4 && level != LEAF_KEY_LOOSE; form++)
        add_key(&keys, join(names->arena, parts, n, form & 1, form & 2));
    for (size_t i = 1; i + 1 < n && level == LEAF_KEY_TAIL; i++)
        for (int form = 0; form < 4; form++)
            add_key(&keys, join(names->arena, parts + i, n - i, form & 1, form & 2));
    if (level == LEAF_KEY_LOOSE)
        add_key(&keys, parts[n - 1].bare);
    if (n > 1 && time_unit(&parts[n - 1])[0] != '\0')
        add_times(&keys, parts, n, time_unit(&parts[n - 1]), level == LEAF_KEY_TIME);
    *list = keys.items;
    return keys.n;
}

/* ---- halves ---- */

/* True if `part` ends with the word, as a word: behind an underscore or a digit, as all of it, or
 * with a capital letter behind a small one. */
static bool ends_with_word(const char *part, size_t length, const char *word)
{
    size_t n = strlen(word);

    if (length < n || strncasecmp(part + length - n, word, n) != 0)
        return false;
    if (length == n || part[length - n - 1] == '_')
        return true;
    bool is_capital = isupper((unsigned char)part[length - n]) != 0;
    bool is_after_small = isupper((unsigned char)part[length - n - 1]) == 0;
    return n > 1 &&
           (isdigit((unsigned char)part[length - n - 1]) || (is_capital && is_after_small));
}

enum leaf_half leaf_half_of(struct arena *arena, const char *path, const char **stem)
{
    static const struct {
        const char *word;
        enum leaf_half half;
    } words[] = {
        {"lo", LEAF_LOW},  {"low", LEAF_LOW},   {"lower", LEAF_LOW},  {"l", LEAF_LOW},
        {"hi", LEAF_HIGH}, {"high", LEAF_HIGH}, {"upper", LEAF_HIGH}, {"h", LEAF_HIGH},
    };
    const char *part = last_part(path);
    size_t length = strlen(part);

    while (length > 0 && part[length - 1] == '_')
        length--;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!ends_with_word(part, length, words[i].word))
            continue;
        size_t left = (size_t)(part - path) + length - strlen(words[i].word);
        while (left > 0 && (path[left - 1] == '_' || path[left - 1] == '.'))
            left--;
        *stem = arena_strndup(arena, path, left);
        return words[i].half;
    }
    *stem = path;
    return LEAF_WHOLE;
}
