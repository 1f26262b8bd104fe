/* text_verify.c - what was verified, for people; see report.h.
 *
 * In: verified objects. Out: one line per item, for all targets on which it came out alike; of
 * constants that agree only the number, because there are many, and with -v their names.
 */
#include <stdlib.h>
#include <string.h>

#include "base/grouping.h"
#include "report/report_private.h"

/* One of several that agree, and where the binding declares it. */
struct proved_name {
    const char *text; /* "EPOLLIN", "poll.In=EPOLLIN", as --map has it */
    struct location where;
    size_t place; /* in the object: not every compiler says a line of each */
};

/* Items that came out alike. */
struct item_line {
    enum fact_kind kind;
    const char *theirs; /* NULL: several */
    const char *ours;
    enum outcome outcome;
    size_t n_items;
    size_t n_facts;
    bool is_by_place;    /* names do not say of all fields which they are */
    const char *layout;  /* of a record, "" otherwise */
    const char *unseen;  /* of an item that is there, "" otherwise */
    const char *why;     /* as verify_item's; NULL if its name or a map says it */
    const char *homonym; /* as verify_item's */
    const char **targets;
    size_t n_targets;
    struct proved_name *names; /* where it is several */
    size_t n_names;
};

struct item_lines {
    struct arena *arena;
    struct item_line *items;
    size_t n;
    struct grouping alike;
    struct grouping on;    /* a line and a target on which it holds */
    struct grouping named; /* a line and a name that it has */
};

/* "28 of 33 enumerators" */
static const char *members_of(struct arena *arena, const struct verify_item *item,
                              const struct verification *verification)
{
    const struct header_enum *is = reference_find_enum(verification->reference, item->ours, NULL);

    return arena_printf(arena, "%zu of %zu enumerators", item->expected.n,
                        is != NULL ? is->n_members : 0);
}

static const char *layout_of(struct arena *arena, const struct verify_item *item)
{
    const struct fact *record = facts_find(&item->got, FACT_RECORD, item->ours);

    if (item->kind != FACT_RECORD || record == NULL)
        return "";
    struct str text = {.arena = arena};
    str_addf(&text, "%s bytes:", record->attr[RECORD_SIZE]);
    const struct fact **fields = NULL;
    size_t n = facts_fields(arena, &item->got, item->ours, &fields);
    for (size_t i = 0; i < n; i++)
        if (fields[i]->attr[FIELD_OFFSET] != NULL)
            str_addf(&text, " %s@%s", field_name_in(fields[i]->name, item->ours),
                     fields[i]->attr[FIELD_OFFSET]);
    return str_text(&text);
}

/* What items have in common that are in one line. */
static const char *key_of(struct arena *arena, const struct item_line *line)
{
    struct str key = {.arena = arena};

    grouping_key_number(&key, line->kind);
    grouping_key(&key, line->theirs);
    grouping_key(&key, line->ours);
    grouping_key_number(&key, line->outcome);
    grouping_key_number(&key, line->is_by_place);
    grouping_key(&key, line->layout);
    grouping_key(&key, line->unseen);
    grouping_key(&key, line->why);
    grouping_key(&key, line->homonym);
    return str_text(&key);
}

static void add_target(struct item_lines *lines, size_t number, const char *target)
{
    struct item_line *line = &lines->items[number];
    struct str key = {.arena = lines->arena};

    grouping_key_number(&key, number);
    grouping_key(&key, target);
    if (grouping_is_new(&lines->on, str_text(&key)))
        ARENA_PUSH(lines->arena, line->targets, line->n_targets, target);
}

static void add_name(struct item_lines *lines, size_t number, const struct verify_item *item)
{
    struct item_line *line = &lines->items[number];
    const struct fact *fact = facts_find(&item->got, item->kind, item->ours);
    const char *theirs = item->found != NULL ? item->found : item->theirs;
    struct proved_name name = {
        .text = strcmp(theirs, item->ours) == 0
                    ? item->ours
                    : arena_printf(lines->arena, "%s=%s", theirs, item->ours),
        .where = fact != NULL ? fact->where : no_location,
        .place = item->place,
    };
    struct str key = {.arena = lines->arena};

    grouping_key_number(&key, number);
    grouping_key(&key, name.text);
    if (grouping_is_new(&lines->named, str_text(&key)))
        ARENA_PUSH(lines->arena, line->names, line->n_names, name);
}

static void add_item(struct item_lines *lines, const struct verify_item *item,
                     const struct verification *verification)
{
    struct item_line line = {
        .kind = item->kind,
        .theirs = item->found != NULL ? item->found : item->theirs,
        .ours = item->ours,
        .outcome = report_outcome(&item->findings),
        .is_by_place = item->n_by_place > 0,
        .layout = item->view == VIEW_ENUM ? members_of(lines->arena, item, verification)
                                          : layout_of(lines->arena, item),
        .unseen = item->unseen,
        .why = item->why,
        .homonym = item->homonym,
    };

    bool is_several =
        line.layout[0] == '\0' && item->kind != FACT_RECORD && line.outcome == OUTCOME_PROVED;
    if (is_several)
        line.theirs = line.ours = NULL;
    size_t number = grouping_of(&lines->alike, key_of(lines->arena, &line));
    if (number >= lines->n)
        ARENA_PUSH(lines->arena, lines->items, lines->n, line);
    lines->items[number].n_items++;
    lines->items[number].n_facts += item->n_facts;
    add_target(lines, number, verification->target->name);
    if (is_several)
        add_name(lines, number, item);
}

static int by_place(const void *a, const void *b)
{
    const struct proved_name *x = a, *y = b;
    int order = strcmp(x->where.file != NULL ? x->where.file : "",
                       y->where.file != NULL ? y->where.file : "");

    if (order == 0)
        order = (x->where.line > y->where.line) - (x->where.line < y->where.line);
    if (order == 0)
        order = (x->where.column > y->where.column) - (x->where.column < y->where.column);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

/* The names of items that are counted in one line, as the binding declares them. */
static void print_names(struct str *out, struct item_line *line)
{
    struct str text = {.arena = out->arena};

    qsort(line->names, line->n_names, sizeof *line->names, by_place);
    for (size_t i = 0; i < line->n_names; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", line->names[i].text);
    str_add_wrapped(out, "             ", str_text(&text), 100);
}

static void print_line(struct str *out, struct item_line *line, bool is_verbose)
{
    struct str text = {.arena = out->arena};

    str_addf(out, "%-9s  ",
             line->outcome == OUTCOME_FINDINGS ? "FINDINGS"
             : line->outcome == OUTCOME_WAIVED ? "waived"
             : line->is_by_place               ? "by bytes"
                                               : "proved");
    if (line->theirs == NULL)
        str_addf(out, "%zu %s", line->n_items,
                 line->n_items == 1 ? fact_kind_name(line->kind) : fact_kind_plural(line->kind));
    else if (strcmp(line->theirs, line->ours) == 0)
        str_add(out, line->ours);
    else
        str_addf(out, "%s as %s", line->theirs, line->ours);
    if (line->layout[0] != '\0')
        str_addf(out, "  %s", line->layout);
    str_add_char(out, '\n');
    for (size_t i = 0; i < line->n_targets; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", line->targets[i]);
    str_add_wrapped(out, "           ", str_text(&text), 100);
    if (is_verbose && line->n_names > 0)
        print_names(out, line);
    if (line->why != NULL)
        str_add_wrapped(out, "           ", arena_printf(out->arena, "because it is %s", line->why),
                        100);
    if (line->homonym != NULL)
        str_add_wrapped(out, "           ", line->homonym, 100);
    if (line->unseen[0] != '\0')
        str_add_wrapped(out, "           ", line->unseen, 100);
}

/* What each kind of error among the findings does at run time, once per kind. */
static void add_effects(struct str *out, const struct findings *findings,
                        const struct explanations *explanations)
{
    struct report_kind *kinds = NULL;
    size_t n = report_kinds(out->arena, findings, true, &kinds);
    const char *last = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct explanation *explanation = explain(explanations, kinds[i].kind);
        if (explanation == NULL)
            continue;
        str_addf(out, "%s%s, at run time:\n", last == NULL ? "\n" : "", kinds[i].kind);
        str_add_wrapped(
            out, "    ",
            explanation_effect(out->arena, explanation, kinds[i].items, kinds[i].n_items), 100);
        last = kinds[i].kind;
    }
    if (last != NULL)
        str_addf(out, "`abiproof explain %s` says how to fix it\n\n", last);
}

/* "not seen: 20 constants of epoll (...)" or "not checked: NAME: why", for -v with the names. */
static const char *describe_unchecked(struct arena *arena, const struct verify_unchecked *unchecked,
                                      bool is_verbose)
{
    if (unchecked->n_passed_over > 0)
        return arena_printf(arena, "left out: %s", unchecked->text);
    if (unchecked->names == NULL)
        return arena_printf(arena, "not checked: %s: %s", unchecked->name, unchecked->text);
    return arena_printf(arena, "not seen: %s%s%s", unchecked->text, is_verbose ? ": " : "",
                        is_verbose ? unchecked->names : "");
}

/* Appends a text in lines of 100 characters, those behind the first one indented. */
static void add_hanging(struct str *out, const char *text)
{
    struct str wrapped = {.arena = out->arena};

    str_add_wrapped(&wrapped, "    ", text, 100);
    str_add(out, str_text(&wrapped) + strspn(str_text(&wrapped), " "));
}

/* What was asked for and could not be compared, or is not seen: each once, with all targets on which
 * it is so. */
static void print_unchecked(struct str *out, const struct verification *const *verifications,
                            size_t n, bool is_verbose)
{
    struct remarks remarks = {NULL, 0};
    struct report_remark *groups = NULL;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < verifications[i]->n_unchecked; k++)
            remark_add(&remarks, out->arena, verifications[i]->target->name, no_location, "%s",
                       describe_unchecked(out->arena, &verifications[i]->unchecked[k], is_verbose));
    size_t n_groups = report_group_remarks(out->arena, &remarks, &groups);
    for (size_t i = 0; i < n_groups; i++)
        add_hanging(
            out, arena_printf(out->arena, "%s [%s]", groups[i].text, str_text(&groups[i].names)));
}

static void add_unchecked(struct str *out, const struct verification *const *verifications,
                          size_t n, const struct report *report, bool is_verbose)
{
    for (size_t i = 0; i < n; i++)
        if (verifications[i]->n_items == 0)
            str_addf(
                out,
                "not checked: %s (%s) has no name that a spec has; name its types with --map, or "
                "its system with --target\n",
                verifications[i]->path, verifications[i]->target->name);
    print_unchecked(out, verifications, n, is_verbose);
    for (size_t i = 0; i < report->cases.n; i++)
        if (report->cases.items[i].outcome == OUTCOME_NOT_CHECKED &&
            report->cases.items[i].group == NULL) /* of no object */
            str_addf(out, "not checked: %s: %s\n", report->cases.items[i].name,
                     report->cases.items[i].text);
}

void report_text_verified(struct str *out, const struct verification *const *verifications,
                          size_t n, const struct report *report, struct report_options options)
{
    struct item_lines lines = {
        .arena = out->arena,
        .alike = {.arena = out->arena},
        .on = {.arena = out->arena},
        .named = {.arena = out->arena},
    };
    size_t n_outcomes[N_OUTCOMES] = {0}, n_items = 0, n_facts = 0;
    size_t n_by_place = 0, n_fields_by_place = 0, n_unseen = 0, n_names = 0, n_passed_over = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < verifications[i]->n_unchecked; k++) {
            n_names += verifications[i]->unchecked[k].n_unseen;
            n_passed_over += verifications[i]->unchecked[k].n_passed_over;
        }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < verifications[i]->n_items; k++) {
            const struct verify_item *item = &verifications[i]->items[k];
            add_item(&lines, item, verifications[i]);
            n_items++;
            n_facts += item->n_facts;
            n_fields_by_place += item->n_by_place;
            n_unseen += item->n_unseen;
            n_outcomes[report_outcome(&item->findings)]++;
            n_by_place += item->n_by_place > 0 && report_outcome(&item->findings) == OUTCOME_PROVED;
        }
    for (size_t i = 0; i < lines.n && !options.quiet; i++)
        print_line(out, &lines.items[i], options.verbose);
    if (lines.n > 0 && !options.quiet)
        str_add_char(out, '\n');
    report_text_findings(out, &report->findings, options);
    if (report->explanations != NULL && !options.quiet)
        add_effects(out, &report->findings, report->explanations);
    if (!options.quiet)
        add_unchecked(out, verifications, n, report, options.verbose);
    if (options.quiet || n == 0) /* nothing could be read: the messages say so */
        return;
    str_addf(out, "%zu of %zu items proved, ", n_outcomes[OUTCOME_PROVED] - n_by_place, n_items);
    if (n_by_place > 0)
        str_addf(out, "%zu by bytes, ", n_by_place);
    str_addf(out, "%zu with findings", n_outcomes[OUTCOME_FINDINGS]);
    if (n_outcomes[OUTCOME_WAIVED] > 0)
        str_addf(out, ", %zu waived", n_outcomes[OUTCOME_WAIVED]);
    if (n_names > 0)
        str_addf(out, ", %s not seen", str_count(out->arena, n_names, "name"));
    if (n_passed_over > 0)
        str_addf(out, ", %s left out", str_count(out->arena, n_passed_over, "name"));
    str_addf(out, "; %s", str_count(out->arena, n_facts, "fact"));
    if (n_fields_by_place > 0)
        str_addf(out, ", %zu by bytes", n_fields_by_place);
    if (n_unseen > 0)
        str_addf(out, ", %zu not compared", n_unseen);
    str_add_char(out, '\n');
}
