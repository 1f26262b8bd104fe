/* dwarf_query.c - names that are queried, and the entries that have them; see dwarf_private.h.
 *
 * In: queries, and the names of entries as compilers spell them. Out: which entry is meant. Every
 * language qualifies names in its own way (a::b, a.b, golang.org/x/sys/unix.B, a__b in Ada), so a
 * query is looked up by the last part of its name alone, reduced to small letters, and only then
 * compared in full. One object may have a name many times: the first gives the facts, and each
 * later one must agree.
 */
#include "object/dwarf_private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- spelling ---- */

/* The length of a separator at `at`, 0 if there is none. A name does not start with Ada's. */
static size_t separator(const char *at, const char *start, bool is_ada)
{
    if (at[0] == ':' && at[1] == ':')
        return 2;
    if (at[0] == '.' || at[0] == '/')
        return 1;
    return is_ada && at > start && at[0] == '_' && at[1] == '_' ? 2 : 0;
}

/* Nim's name of a type is "tyObject_EpollEvent__9abCgy": what its author wrote is in the middle. */
static const char nim_mark[] = "tyObject_";

/* The last part of a qualified name; the arguments of a generic type are part of none. */
static const char *last_part(const char *name, bool is_ada)
{
    const char *last = name;

    if (str_starts(name, nim_mark))
        return name + strlen(nim_mark);

    for (const char *at = name; *at != '\0' && *at != '<' && *at != '(';) {
        size_t length = separator(at, last, is_ada);
        at += length > 0 ? length : 1;
        if (length > 0)
            last = at;
    }
    return last;
}

/* A name that starts so is a type made of another one, as Go and Zig write them: "[]poll.Event",
 * "?*epoll.Event". It is not the name of that other one. */
static const char derived_marks[] = "[*?!&(";

/* Writes the key of a name. Returns false if it has none, or one that is too long to be wanted. */
static bool make_key(const char *name, bool is_ada, char key[DWARF_KEY_MAX])
{
    const char *end = str_starts(name, nim_mark) ? strstr(name + strlen(nim_mark), "__") : NULL;

    if (name[0] != '\0' && strchr(derived_marks, name[0]) != NULL)
        return false;
    size_t n = 0;
    for (const char *at = last_part(name, is_ada); *at != '\0' && at != end; at++) {
        if (*at == '_')
            continue;
        if (n + 1 >= DWARF_KEY_MAX)
            return false;
        key[n++] = (char)tolower((unsigned char)*at);
    }
    key[n] = '\0';
    return n > 0;
}

/* The name with one kind of separator; a loose one in small letters without underscores. */
static const char *canonical(struct arena *arena, const char *name, bool is_ada, bool is_loose)
{
    struct str text = {.arena = arena};
    bool is_nim = str_starts(name, nim_mark);
    const char *start = is_nim ? name + strlen(nim_mark) : name;
    const char *end = is_nim ? strstr(start, "__") : NULL;

    for (const char *at = start; *at != '\0' && at != end;) {
        size_t length = separator(at, start, is_ada);
        if (length > 0) {
            str_add_char(&text, '.');
            at += length;
            start = at;
            continue;
        }
        if (!is_loose)
            str_add_char(&text, *at);
        else if (*at != '_')
            str_add_char(&text, (char)tolower((unsigned char)*at));
        at++;
    }
    return str_text(&text);
}

static const char *skip_underscores(const char *at)
{
    return at + strspn(at, "_");
}

/* True if the underscores at `at` only mark what letter case marks as well, as in Epoll_In. */
static bool is_between_words(const char *at, const char *start)
{
    const char *next = skip_underscores(at);

    return *next == '\0' ||
           (at > start && !isupper((unsigned char)at[-1]) && isupper((unsigned char)*next));
}

/* True if the last part of `have` parts letters that `want` has in one word: POLL_ERR of <signal.h>
 * is not POLLERR. Both have the same letters. Ada writes Poll_Err, and its compiler makes small
 * letters of that. The other way round there is nothing to see, since EpollEvent, and EPOLLEVENT
 * where a language has no letter case, are epoll_event. */
static bool parts_a_word(const char *have, const char *want, bool is_ada)
{
    const char *start = skip_underscores(last_part(have, is_ada));

    have = start;
    want = skip_underscores(last_part(want, is_ada));
    for (; !is_ada && *have != '\0' && *want != '\0'; have++, want++) {
        if (*have == '_' && *want != '_' && !is_between_words(have, start))
            return true;
        have = skip_underscores(have);
        want = skip_underscores(want);
    }
    return false;
}

/* True if the query is for this name or, but for a whole one, for its last parts. */
static bool is_meant(struct dwarf_reading *reading, const struct dwarf_query *query,
                     const char *full)
{
    bool is_loose = query->is_loose || reading->is_caseless;
    const char *have = canonical(&reading->names, full, reading->is_ada, is_loose);
    const char *want = canonical(&reading->names, query->name, reading->is_ada, is_loose);
    size_t n_have = strlen(have), n_want = strlen(want);

    return n_have >= n_want && strcmp(have + n_have - n_want, want) == 0 &&
           (n_have == n_want || (!query->is_whole && have[n_have - n_want - 1] == '.')) &&
           !(is_loose && parts_a_word(full, query->name, reading->is_ada));
}

/* True if the name is qualified by the package, wherever that lies itself. */
static bool is_in(struct dwarf_reading *reading, const char *full, const char *package)
{
    struct arena *arena = &reading->names;
    const char *have = canonical(arena, full, reading->is_ada, reading->is_caseless);
    const char *want = canonical(arena, package, reading->is_ada, reading->is_caseless);

    return strstr(arena_printf(arena, ".%s", have), arena_printf(arena, ".%s.", want)) != NULL;
}

static bool is_inside(struct dwarf_reading *reading, const struct dwarf_query *query,
                      const char *full)
{
    bool is_found = query->n_packages == 0 || query->is_anywhere;

    for (size_t i = 0; i < query->n_packages && !is_found; i++)
        is_found = is_in(reading, full, query->packages[i]);
    return is_found;
}

/* Notes which packages have what was read: packages may lie in each other. */
static void use_packages(struct dwarf_reading *reading, const struct dwarf_query *query,
                         const char *full)
{
    for (size_t i = 0; query->is_package_used != NULL && i < query->n_packages; i++)
        if (!query->is_package_used[i] && is_in(reading, full, query->packages[i]))
            query->is_package_used[i] = true;
}

/* ---- queries ---- */

static int compare_keys(const void *a, const void *b)
{
    const struct dwarf_key *left = a, *right = b;

    return strcmp(left->text, right->text);
}

void dwarf_sort_queries(struct dwarf_reading *reading, struct arena *arena,
                        struct dwarf_query *queries, size_t n_queries)
{
    reading->keys = arena_alloc(arena, (n_queries + 1) * sizeof *reading->keys);
    for (size_t i = 0; i < n_queries; i++) {
        char key[DWARF_KEY_MAX];
        if (!make_key(queries[i].name, false, key))
            continue;
        reading->keys[reading->n_keys++] =
            (struct dwarf_key){arena_strdup(arena, key), &queries[i]};
        reading->looks_through =
            reading->looks_through ||
            (queries[i].kind == FACT_RECORD && queries[i].is_through && queries[i].parameter == 0);
    }
    qsort(reading->keys, reading->n_keys, sizeof *reading->keys, compare_keys);
}

/* The first key that is not before this one. */
static size_t find_key(const struct dwarf_reading *reading, const char *key)
{
    size_t low = 0, high = reading->n_keys;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(reading->keys[middle].text, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool dwarf_is_queried(const struct dwarf_reading *reading, const char *name)
{
    char key[DWARF_KEY_MAX];

    if (!make_key(name, reading->is_ada, key))
        return false;
    size_t at = find_key(reading, key);
    return at < reading->n_keys && strcmp(reading->keys[at].text, key) == 0;
}

/* ---- entries of one name ---- */

/* Not every entry of a record says its alignment. A field that lacks an attribute, as a bit-field has
 * no size, is another one. */
static bool is_same_attr(const struct fact *a, const struct fact *b, int attr)
{
    const char *left = a->attr[attr], *right = b->attr[attr];

    if (left == NULL || right == NULL)
        return left == right || a->kind != FACT_FIELD;
    return strcmp(left, right) == 0;
}

/* How the facts of a later entry differ from those of an earlier one; NULL if they do not. */
static const char *difference(const struct dwarf_reading *reading, const struct fact *first,
                              size_t n_first, const struct facts *later)
{
    for (size_t i = 0; i < later->n && i < n_first; i++) {
        const struct fact *a = &first[i], *b = &later->items[i];
        bool is_same = a->kind == b->kind && strcmp(a->name, b->name) == 0;
        for (int k = 0; k < FACT_ATTRS_MAX && is_same; k++)
            is_same = is_same_attr(a, b, k);
        if (!is_same)
            return fact_line(reading->arena, b);
    }
    if (later->n == n_first)
        return NULL;
    return later->n > n_first ? fact_line(reading->arena, &later->items[n_first]) : "fewer fields";
}

static bool read_first(struct dwarf_reading *reading, struct dwarf_query *query, const char *full,
                       Dwarf_Die *die, dwarf_read_fn *read)
{
    query->first_fact = reading->facts->n;
    reading->record = NULL;
    if (!read(reading, die, query))
        return false;
    query->n_facts = reading->facts->n - query->first_fact;
    /* A variable may turn out to have no value: then another entry of the name may. */
    if (query->n_facts == 0) {
        query->declared = reading->record;
        return true;
    }
    use_packages(reading, query, full);
    query->is_found = true;
    query->found = arena_strdup(reading->arena, reading->record != NULL ? reading->record : full);
    return true;
}

/* True if something else of this qualified name is known already. What has the very name of what
 * was found is another one if its facts are: several units may have one. */
static bool has_conflict(const struct dwarf_query *query, const char *full)
{
    if (strcmp(query->found, full) == 0)
        return false;
    for (size_t i = 0; i < query->n_conflicts; i++)
        if (strcmp(query->conflicts[i].name, full) == 0)
            return true;
    return false;
}

/* True if something of this name that has the same facts is known already. */
static bool has_alike(const struct dwarf_reading *reading, const struct dwarf_query *query,
                      const char *full, const struct facts *later)
{
    for (size_t i = 0; i < query->n_conflicts; i++)
        if (strcmp(query->conflicts[i].name, full) == 0 &&
            difference(reading, query->conflicts[i].facts.items, query->conflicts[i].facts.n,
                       later) == NULL)
            return true;
    return false;
}

/* Reports that more things of a name differ than anybody sorts out. Always false. */
static bool fail_many(struct dwarf_reading *reading, const struct dwarf_query *query)
{
    diag_error(reading->diag, (struct location){reading->source->container->path, 0, 0},
               "more than %d %ss of the name '%s' differ from each other: say which one is meant, "
               "as in --map '%s=...', or where to look, as in --in",
               DWARF_CONFLICTS_MAX, fact_kind_name(query->kind), query->name, query->found);
    reading->has_failed = true;
    return false;
}

/* True if the same thing is known by a shorter name: an enumerator goes by two. */
static bool has_shorter(const struct dwarf_query *query, const struct dwarf_conflict *longer)
{
    for (size_t i = 0; i < query->n_conflicts; i++) {
        const struct dwarf_conflict *known = &query->conflicts[i];
        size_t n_longer = strlen(longer->name), n_known = strlen(known->name);
        if (n_longer > n_known && strcmp(longer->name + n_longer - n_known, known->name) == 0 &&
            strcmp(longer->text, known->text) == 0 && known->at.line == longer->at.line &&
            known->at.file != NULL && longer->at.file != NULL &&
            strcmp(known->at.file, longer->at.file) == 0)
            return true;
    }
    return false;
}

/* Reads an entry's facts into `later`, which has an arena of its own. */
static bool read_into(struct dwarf_reading *reading, struct facts *later,
                      const struct dwarf_query *query, Dwarf_Die *die, dwarf_read_fn *read)
{
    struct facts *kept = reading->facts;
    struct arena *arena = reading->arena;

    reading->facts = later;
    reading->arena = later->arena;
    reading->record = NULL;
    bool is_read = read(reading, die, query);
    reading->facts = kept;
    reading->arena = arena;
    return is_read;
}

/* True if an entry has the facts of the first one, or of another of its name, as nearly every one
 * has in a program in which a million sources include one header: what is read for that is not
 * kept, nor where it stands. */
static bool is_alike(struct dwarf_reading *reading, const struct dwarf_query *query,
                     const char *full, Dwarf_Die *die, dwarf_read_fn *read)
{
    struct facts later = {.arena = &reading->passing};

    reading->has_no_places = true;
    bool is_read = read_into(reading, &later, query, die, read);
    reading->has_no_places = false;
    bool is_same = is_read && reading->record == NULL && later.n > 0 &&
                   (difference(reading, &reading->facts->items[query->first_fact], query->n_facts,
                               &later) == NULL ||
                    has_alike(reading, query, full, &later));
    arena_rewind(&reading->passing);
    return is_same;
}

/* Copies facts into another arena, with their texts. */
static struct facts copy_facts(struct arena *arena, const struct facts *facts)
{
    struct facts copies = {.arena = arena};

    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->items[i];
        struct fact *copy = facts_add(&copies, fact->kind, fact->name);
        for (int k = 0; k < FACT_ATTRS_MAX; k++)
            if (fact->attr[k] != NULL)
                copy->attr[k] = arena_strdup(arena, fact->attr[k]);
        copy->where = fact->where;
        if (fact->where.file != NULL)
            copy->where.file = arena_strdup(arena, fact->where.file);
    }
    return copies;
}

/* Keeps what a later entry, whose facts are in `passing`, has that the first one has not. */
static bool keep_conflict(struct dwarf_reading *reading, struct dwarf_query *query,
                          const char *full, const struct facts *later)
{
    struct dwarf_conflict conflict;

    if (reading->record != NULL)
        full = reading->record;
    if (later->n == 0 || has_conflict(query, full))
        return true;
    use_packages(reading, query, full);
    conflict.text =
        difference(reading, &reading->facts->items[query->first_fact], query->n_facts, later);
    if (conflict.text == NULL || has_alike(reading, query, full, later))
        return true;
    conflict.name = arena_strdup(reading->arena, full);
    conflict.facts = copy_facts(reading->arena, later);
    conflict.at = conflict.facts.items[0].where;
    if (has_shorter(query, &conflict))
        return true;
    if (query->n_conflicts == DWARF_CONFLICTS_MAX)
        return fail_many(reading, query);
    ARENA_PUSH(reading->arena, query->conflicts, query->n_conflicts, conflict);
    return true;
}

static bool read_later(struct dwarf_reading *reading, struct dwarf_query *query, const char *full,
                       Dwarf_Die *die, dwarf_read_fn *read)
{
    struct facts later = {.arena = &reading->passing};

    if (has_conflict(query, full))
        return true;
    if (query->is_package_used == NULL && is_alike(reading, query, full, die, read))
        return true;
    bool is_kept = !reading->has_failed && read_into(reading, &later, query, die, read) &&
                   keep_conflict(reading, query, full, &later);
    arena_rewind(&reading->passing);
    return is_kept;
}

static bool is_defined(Dwarf_Die *function)
{
    return dwarf_hasattr(function, DW_AT_low_pc) || dwarf_hasattr(function, DW_AT_ranges) ||
           dwarf_hasattr(function, DW_AT_inline);
}

/* The name with those of what it is in before it: "a::b::name". What has no name, such as the
 * record of a closure in C++, adds nothing. */
const char *dwarf_qualified(struct dwarf_reading *reading, const struct dwarf_scope *scope,
                            const char *name)
{
    for (; scope->outer != NULL; scope = scope->outer)
        if (scope->name[0] != '\0')
            name = arena_printf(&reading->names, "%s::%s", scope->name, name);
    return name;
}

bool dwarf_match(struct dwarf_reading *reading, enum fact_kind kind, bool is_through,
                 const struct dwarf_scope *scope, const char *name, Dwarf_Die *die,
                 dwarf_read_fn *read)
{
    char key[DWARF_KEY_MAX];

    if (name[0] == '\0' || !make_key(name, reading->is_ada, key))
        return !reading->has_failed;
    bool is_read = true;
    const char *full = NULL;
    for (size_t i = find_key(reading, key);
         is_read && i < reading->n_keys && strcmp(reading->keys[i].text, key) == 0; i++) {
        struct dwarf_query *query = reading->keys[i].query;
        if (query->kind != kind || query->is_through != is_through ||
            (query->is_found && !query->is_every) || (query->is_import && is_defined(die)) ||
            (query->is_loose && reading->is_stray))
            continue;
        if (full == NULL)
            full = dwarf_qualified(reading, scope, name);
        if (!is_meant(reading, query, full) || !is_inside(reading, query, full))
            continue;
        if (!query->takes_own && query->n_packages == 0 && dwarf_is_own(reading, die, full)) {
            dwarf_pass_over(reading, query, full);
            continue;
        }
        is_read = query->is_found ? read_later(reading, query, full, die, read)
                                  : read_first(reading, query, full, die, read);
    }
    if (full != NULL)
        arena_rewind(&reading->names);
    return is_read && !reading->has_failed;
}
