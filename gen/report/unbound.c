/* unbound.c - see unbound.h.
 *
 * Design: sixty names of one family are no help as one list. Names are grouped by the longest
 * beginning, up to an underscore, that three of them share: MFD_HUGE_2MB goes to MFD_HUGE_, and
 * MFD_CLOEXEC to MFD_. In a sorted list those that share a beginning stand together, so that a name
 * need only look at the two before and behind it.
 */
#include "report/unbound.h"

#include <stdlib.h>
#include <string.h>

#include "report/report_private.h"

enum { COLUMNS = 100 };

/* A name that one spec forgot. */
struct forgotten {
    const struct finding *finding;
    const char *name;
    const char *what;    /* "a constant" */
    const char *source;  /* of the spec */
    const char *targets; /* "all its targets", or their names */
    bool is_everywhere;
    size_t beginning; /* bytes of the name that its group shares */
};

/* Those of one spec. */
struct forgotten_list {
    const struct spec *spec;
    struct forgotten *items;
    size_t n;
};

void unbound_split(const struct findings *findings, struct findings *unbound,
                   struct findings *others)
{
    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        bool is_unbound = strcmp(finding->kind, "unbound-name") == 0 && finding->waived == NULL;
        struct findings *list = is_unbound ? unbound : others;
        ARENA_PUSH(list->arena, list->items, list->n, *finding);
    }
}

/* ---- what is known of a name ---- */

/* Names of one spec on how many targets: those that there are, and those whose headers are read by
 * the witness that lists names. */
struct coverage {
    const struct spec *spec;
    size_t n, n_listed;
    bool is_selection; /* of the spec's targets */
};

static struct coverage coverage_of(const struct checks *checks, const char *spec)
{
    struct coverage coverage = {.is_selection = checks->is_selection};

    for (size_t i = 0; i < checks->n; i++) {
        const struct check *check = &checks->items[i];
        if (strcmp(check->spec->name, spec) != 0)
            continue;
        coverage.spec = check->spec;
        coverage.n++;
        coverage.n_listed +=
            !target_is_read_by_dwarf(check->target) && check->system.unavailable == NULL;
    }
    return coverage;
}

static struct forgotten describe(struct arena *arena, const struct finding *finding,
                                 const struct coverage *coverage)
{
    struct forgotten forgotten = {.finding = finding, .name = finding->item};
    const char *of = strstr(finding->got, " of source '");
    const char *source = of != NULL ? of + strlen(" of source '") : "";

    forgotten.what = arena_strndup(arena, finding->got,
                                   of != NULL ? (size_t)(of - finding->got) : strlen(finding->got));
    forgotten.source = arena_strndup(arena, source, strcspn(source, "'"));
    forgotten.is_everywhere = finding->n_targets == coverage->n_listed;
    forgotten.targets = !forgotten.is_everywhere || coverage->is_selection
                            ? report_join(arena, finding->targets, finding->n_targets)
                        : coverage->n_listed == coverage->n ? "all its targets"
                                                            : "all its targets that clang reads";
    return forgotten;
}

static bool is_constant(const struct forgotten *forgotten)
{
    return forgotten->is_everywhere && strcmp(forgotten->what, "a constant") == 0;
}

static int by_name(const void *a, const void *b)
{
    const struct forgotten *x = a, *y = b;

    return strcmp(x->name, y->name);
}

static bool share(const struct forgotten *a, const struct forgotten *b, size_t n_bytes)
{
    return strncmp(a->name, b->name, n_bytes) == 0;
}

/* True if three of the sorted names, among them number i, begin with its first n_bytes. */
static bool is_shared(const struct forgotten_list *list, size_t i, size_t n_bytes)
{
    for (size_t first = i >= 2 ? i - 2 : 0; first <= i && first + 2 < list->n; first++)
        if (share(&list->items[first], &list->items[i], n_bytes) &&
            share(&list->items[first + 2], &list->items[i], n_bytes))
            return true;
    return false;
}

/* Finds the group of each name; the list is sorted by name. */
static void find_beginnings(struct forgotten_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const char *name = list->items[i].name;
        size_t length = strlen(name);
        while (length > 0 && !(name[length - 1] == '_' && is_shared(list, i, length)))
            length--;
        list->items[i].beginning = length;
    }
}

/* ---- the names ---- */

static int by_targets(const void *a, const void *b)
{
    const struct forgotten *x = a, *y = b;
    int order = (int)y->is_everywhere - (int)x->is_everywhere;

    if (order == 0)
        order = strcmp(x->targets, y->targets);
    if (order == 0)
        order = strcmp(x->finding->reference.file, y->finding->reference.file);
    if (order == 0)
        order = x->finding->reference.line - y->finding->reference.line;
    return order != 0 ? order : strcmp(x->name, y->name);
}

static void print_names(struct str *out, const struct forgotten_list *list)
{
    struct arena *arena = out->arena;

    for (size_t i = 0; i < list->n;) {
        const struct forgotten *first = &list->items[i];
        struct str names = {.arena = arena};
        str_addf(&names, "%s:%d:", first->finding->reference.file, first->finding->reference.line);
        if (i == 0 || strcmp(list->items[i - 1].targets, first->targets) != 0)
            str_add_wrapped(out, "    ", arena_printf(arena, "[%s]", first->targets), COLUMNS);
        for (; i < list->n && strcmp(list->items[i].targets, first->targets) == 0 &&
               strcmp(list->items[i].finding->reference.file, first->finding->reference.file) == 0;
             i++)
            str_addf(&names, " %s", list->items[i].name);
        str_add_wrapped(out, "        ", str_text(&names), COLUMNS);
    }
}

/* ---- the block ---- */

/* Constants first, by source and beginning; 0 for two of one group. */
static int compare_groups(const struct forgotten *x, const struct forgotten *y)
{
    size_t least = x->beginning < y->beginning ? x->beginning : y->beginning;
    int order = (int)is_constant(y) - (int)is_constant(x);

    if (order == 0)
        order = strcmp(x->source, y->source);
    if (order == 0)
        order = strncmp(x->name, y->name, least);
    return order != 0 ? order : (x->beginning > y->beginning) - (x->beginning < y->beginning);
}

static int by_group(const void *a, const void *b)
{
    const struct forgotten *x = a, *y = b;
    int order = compare_groups(x, y);

    if (order == 0)
        order = strcmp(x->finding->reference.file, y->finding->reference.file);
    if (order == 0)
        order = x->finding->reference.line - y->finding->reference.line;
    return order != 0 ? order : strcmp(x->name, y->name);
}

/* The key, unless the spec has it: then its items go below it. */
static void print_key(struct str *out, const char *key, unsigned n)
{
    str_addf(out, n == 0 ? "%s:\n" : "# below %s:\n", key);
}

static size_t print_group(struct str *out, const struct forgotten_list *list, size_t i)
{
    const struct forgotten *first = &list->items[i];
    struct str names = {.arena = out->arena};

    for (; i < list->n && compare_groups(first, &list->items[i]) == 0; i++)
        str_addf(&names, "%s%s", names.len > 0 ? ", " : "[", list->items[i].name);
    str_add(&names, "]");
    str_add(out, "  - doc:\n");
    if (strcmp(first->source, list->spec->sources[0].name) != 0)
        str_addf(out, "    from: %s\n", first->source);
    str_add(out, "    names:\n");
    str_add_wrapped(out, "      ", str_text(&names), COLUMNS);
    return i;
}

static void print_block(struct str *out, const struct forgotten_list *list)
{
    if (list->n > 0 && is_constant(&list->items[0]))
        print_key(out, "constants", list->spec->n_constants);
    size_t i = 0;
    while (i < list->n && is_constant(&list->items[i]))
        i = print_group(out, list, i);
    if (i < list->n)
        print_key(out, "ignore", list->spec->n_ignore);
    for (; i < list->n; i++) {
        const struct forgotten *forgotten = &list->items[i];
        str_addf(out, "  - {name: %s, reason: } # %s%s%s\n", forgotten->name, forgotten->what,
                 forgotten->is_everywhere ? "" : ", on ",
                 forgotten->is_everywhere ? "" : forgotten->targets);
    }
}

static void print_spec(struct str *out, struct forgotten_list *list)
{
    str_addf(out,
             "%s: error: unbound-name: %s of the patterns that headers define, neither bound "
             "nor ignored here\n",
             list->spec->path, str_count(out->arena, list->n, "name"));
    qsort(list->items, list->n, sizeof *list->items, by_name);
    find_beginnings(list);
    qsort(list->items, list->n, sizeof *list->items, by_targets);
    print_names(out, list);
    str_addf(out, "  to paste into %s, with a doc or a reason for each:\n\n", list->spec->path);
    qsort(list->items, list->n, sizeof *list->items, by_group);
    print_block(out, list);
    str_add_char(out, '\n');
}

void unbound_print(struct str *out, const struct findings *findings, const struct checks *checks)
{
    for (size_t i = 0; i < findings->n;) {
        const char *spec = findings->items[i].spec;
        struct coverage coverage = coverage_of(checks, spec);
        struct forgotten_list list = {.spec = coverage.spec};
        if (coverage.spec == NULL)
            diag_die("no check is of the spec '%s'", spec);
        for (; i < findings->n && strcmp(findings->items[i].spec, spec) == 0; i++)
            ARENA_PUSH(out->arena, list.items, list.n,
                       describe(out->arena, &findings->items[i], &coverage));
        print_spec(out, &list);
    }
}
