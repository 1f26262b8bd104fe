/* facts_read.c - canonical text to facts; see facts.h.
 *
 * In: text. Out: facts with their locations, or a message for every line that is none. Design: a
 * line is cut up where it lies, so a fact's strings are pieces of one copy of its line.
 */
#include <stdlib.h>
#include <string.h>

#include "model/facts.h"

/* "a record", "an abi": kinds are named in the middle of messages. */
static const char *a_kind(struct arena *arena, enum fact_kind kind)
{
    const char *name = fact_kind_name(kind);
    return arena_printf(arena, "%s %s", strchr("aeiou", name[0]) != NULL ? "an" : "a", name);
}

static bool kind_named(const char *name, enum fact_kind *kind)
{
    for (int i = 0; i < N_FACT_KINDS; i++) {
        if (strcmp(fact_kind_name((enum fact_kind)i), name) == 0) {
            *kind = (enum fact_kind)i;
            return true;
        }
    }
    return false;
}

/* Returns the position of the attribute whose name is the first n_bytes of text; -1 if unknown. */
static int attr_named(enum fact_kind kind, const char *text, size_t n_bytes)
{
    for (int i = 0; fact_attr_name(kind, i) != NULL; i++) {
        const char *name = fact_attr_name(kind, i);
        if (strlen(name) == n_bytes && memcmp(name, text, n_bytes) == 0)
            return i;
    }
    return -1;
}

static void report_unknown_kind(struct diag *diag, struct location location, const char *name)
{
    struct str known = {.arena = diag->text.arena};
    for (int i = 0; i < N_FACT_KINDS; i++)
        str_addf(&known, " %s", fact_kind_name((enum fact_kind)i));
    diag_error(diag, location, "unknown kind '%s' of a fact; known:%s", name, str_text(&known));
}

static void report_unknown_attr(struct diag *diag, struct location location, enum fact_kind kind,
                                const char *piece, size_t n_bytes)
{
    struct str known = {.arena = diag->text.arena};
    for (int i = 0; fact_attr_name(kind, i) != NULL; i++)
        str_addf(&known, " %s", fact_attr_name(kind, i));
    diag_error(diag, location, "unknown attribute '%.*s' of %s fact; known:%s", (int)n_bytes, piece,
               a_kind(known.arena, kind), str_text(&known));
}

/* Reads one `attribute=value` piece into the fact. */
static bool parse_attr(struct fact *fact, const char *piece, struct diag *diag)
{
    const char *equals = strchr(piece, '=');
    if (equals == NULL) {
        diag_error(diag, fact->where, "missing '=' in %s fact: expected ATTRIBUTE=VALUE, got '%s'",
                   a_kind(diag->text.arena, fact->kind), piece);
        return false;
    }
    size_t n_bytes = (size_t)(equals - piece);
    int attr = attr_named(fact->kind, piece, n_bytes);
    if (attr < 0) {
        report_unknown_attr(diag, fact->where, fact->kind, piece, n_bytes);
        return false;
    }
    if (fact->attr[attr] != NULL) {
        diag_error(diag, fact->where,
                   "repeated attribute '%s' of %s fact: expected it once, got '%s' and '%s'",
                   fact_attr_name(fact->kind, attr), a_kind(diag->text.arena, fact->kind),
                   fact->attr[attr], equals + 1);
        return false;
    }
    fact->attr[attr] = equals + 1;
    return true;
}

/* Refuses what would survive in a value unseen, such as the CR of a file that passed an editor. */
static bool check_bytes(const char *line, struct location location, struct diag *diag)
{
    for (const char *c = line; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            diag_error(diag, location,
                       "unexpected byte 0x%02x: expected printable text, single spaces and LF",
                       (unsigned)(unsigned char)*c);
            return false;
        }
    }
    return true;
}

/* Reads one line, which is cut up and must outlive the fact. Returns false after reporting. */
static bool parse_line(struct fact *fact, char *line, struct diag *diag)
{
    if (!check_bytes(line, fact->where, diag))
        return false;
    char *rest;
    const char *kind = strtok_r(line, " ", &rest);
    if (!kind_named(kind, &fact->kind)) {
        report_unknown_kind(diag, fact->where, kind);
        return false;
    }
    fact->name = strtok_r(NULL, " ", &rest);
    const char *name = fact->name != NULL ? fact->name : "end of line";
    const char *equals = strchr(name, '=');
    if (fact->name == NULL || strcmp(name, "#") == 0 ||
        (equals != NULL && attr_named(fact->kind, name, (size_t)(equals - name)) >= 0)) {
        diag_error(diag, fact->where, "missing name of %s fact: expected '%s NAME', got '%s'",
                   a_kind(diag->text.arena, fact->kind), kind, name);
        return false;
    }
    const char *piece;
    while ((piece = strtok_r(NULL, " ", &rest)) && strcmp(piece, "#") != 0)
        if (!parse_attr(fact, piece, diag))
            return false;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const struct fact *left = *(const struct fact *const *)a;
    const struct fact *right = *(const struct fact *const *)b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    int order = strcmp(left->name, right->name);
    return order ? order : (left > right) - (left < right);
}

static bool check_same(const struct fact *first, const struct fact *second, struct diag *diag)
{
    const char *expected = fact_line(diag->text.arena, first);
    const char *got = fact_line(diag->text.arena, second);
    if (strcmp(expected, got) == 0)
        return true;
    diag_error(diag, second->where, "%s '%s' given twice: expected '%s' as before, got '%s'",
               fact_kind_name(first->kind), first->name, expected, got);
    return false;
}

/* Checks that facts of one kind and name are equal, by sorting so that they are neighbours. */
static bool check_repeats(const struct facts *facts, struct diag *diag)
{
    if (facts->index.n == facts->n) /* as nearly always: there are none */
        return true;
    struct arena arena = {0};
    const struct fact **order = arena_alloc(&arena, facts->n * sizeof *order);
    for (size_t i = 0; i < facts->n; i++)
        order[i] = &facts->items[i];
    qsort(order, facts->n, sizeof *order, compare_names);

    bool is_good = true;
    for (size_t i = 1; i < facts->n; i++) {
        const struct fact *first = order[i - 1];
        if (first->kind == order[i]->kind && strcmp(first->name, order[i]->name) == 0)
            is_good &= check_same(first, order[i], diag);
    }
    arena_release(&arena);
    return is_good;
}

bool facts_parse(struct facts *facts, const char *text, const char *file, struct diag *diag)
{
    bool is_good = true;
    struct location location = {.file = arena_strdup(facts->arena, file)};
    while (*text) {
        size_t n_bytes = strcspn(text, "\n");
        location.line++;
        if (text[0] != '#' && strspn(text, " ") < n_bytes) {
            struct fact fact = {.where = location};
            char *line = arena_strndup(facts->arena, text, n_bytes);
            if (parse_line(&fact, line, diag))
                facts_push(facts, fact);
            else
                is_good = false;
        }
        text += n_bytes + (text[n_bytes] == '\n');
    }
    return check_repeats(facts, diag) && is_good;
}
