/* text_bindings.c - bindings that were compiled in their own languages, for people; see report.h.
 *
 * In: bindings, one for each spec, target and language. Out: a line for all that came out alike: of
 * one language on all targets, and of all specs that came out so on the same ones; and of several
 * languages, how many specs are proved in each on each target.
 */
#include <stdlib.h>
#include <string.h>

#include "base/grouping.h"
#include "report/report_private.h"

/* What there is to say of some specs on some targets. */
struct binding_line {
    const char *language;
    const char *head; /* "proved", or names that were not seen */
    const char *text; /* the reason; "" for none */
    struct str specs;
    struct str targets;
    size_t n_targets;
    size_t n_checked, n_facts;
    size_t order; /* of the first binding */
};

struct binding_lines {
    struct arena *arena;
    struct grouping grouping; /* by language, head, text and spec */
    struct binding_line *items;
    size_t n;
};

/* How many bindings there are of each language and spec. */
struct totals {
    struct grouping grouping;
    size_t *n_bindings;
    size_t n;
};

static void add_word(struct str *text, const char *word)
{
    str_addf(text, "%s%s", text->len > 0 ? " " : "", word);
}

static const char *key_of(struct arena *arena, const char *const *texts, size_t n)
{
    struct str key = {.arena = arena};

    for (size_t i = 0; i < n; i++)
        grouping_key(&key, texts[i]);
    return str_text(&key);
}

static void add_line(struct binding_lines *lines, const struct binding *binding, const char *head,
                     const char *text, size_t order)
{
    struct arena *arena = lines->arena;
    const char *language = binding->language->name, *spec = binding->spec->name;
    size_t number = grouping_of(
        &lines->grouping, key_of(arena, (const char *const[]){language, head, text, spec}, 4));

    if (number >= lines->n) {
        struct binding_line new = {.language = language,
                                   .head = head,
                                   .text = text,
                                   .specs = {.arena = arena},
                                   .targets = {.arena = arena},
                                   .order = order};
        add_word(&new.specs, spec);
        ARENA_PUSH(arena, lines->items, lines->n, new);
    }
    struct binding_line *line = &lines->items[number];
    add_word(&line->targets, binding->target->name);
    line->n_targets++;
    line->n_checked += binding->n_checked;
    line->n_facts += binding->n_facts;
}

static void count_binding(struct totals *totals, const struct binding *binding)
{
    struct arena *arena = totals->grouping.arena;
    const char *const texts[] = {binding->language->name, binding->spec->name};
    size_t number = grouping_of(&totals->grouping, key_of(arena, texts, 2));

    if (number >= totals->n)
        ARENA_PUSH(arena, totals->n_bindings, totals->n, 0);
    totals->n_bindings[number]++;
}

/* Says so where a line, still of one spec, has all targets of its language and spec. */
static void name_all(struct binding_lines *lines, const struct totals *totals)
{
    for (size_t i = 0; i < lines->n; i++) {
        struct binding_line *line = &lines->items[i];
        const char *const texts[] = {line->language, str_text(&line->specs)};
        size_t number = grouping_find(&totals->grouping, key_of(lines->arena, texts, 2));
        if (line->n_targets <= 1 || line->n_targets != totals->n_bindings[number])
            continue;
        line->targets = (struct str){.arena = lines->arena};
        str_add(&line->targets, "all their targets");
    }
}

static int by_language(const void *a, const void *b)
{
    const struct binding_line *x = a, *y = b;
    int order = strcmp(x->language, y->language);

    return order != 0 ? order : x->order < y->order ? -1 : x->order > y->order;
}

/* Makes one line of those that say the same of the same targets: their specs are joined. */
static void merge_specs(struct binding_lines *lines)
{
    struct grouping grouping = {.arena = lines->arena};
    size_t n = 0;

    for (size_t i = 0; i < lines->n; i++) {
        const struct binding_line *line = &lines->items[i];
        const char *const texts[] = {line->language, line->head, line->text,
                                     str_text(&line->targets)};
        size_t number = grouping_of(&grouping, key_of(lines->arena, texts, 4));
        if (number >= n) {
            lines->items[n++] = *line;
            continue;
        }
        add_word(&lines->items[number].specs, str_text(&line->specs));
        lines->items[number].n_checked += line->n_checked;
        lines->items[number].n_facts += line->n_facts;
    }
    lines->n = n;
    if (n > 0)
        qsort(lines->items, n, sizeof *lines->items, by_language);
}

/* ---- the block ---- */

static const char *outcome_text(const struct binding *binding)
{
    switch (report_binding_outcome(binding)) {
    case OUTCOME_PROVED:
        return "proved";
    case OUTCOME_FINDINGS:
        return "FINDINGS";
    case OUTCOME_WAIVED:
        return "waived";
    default:
        return binding->unavailable != NULL ? "not checked" : "partly";
    }
}

/* One line for each reason why names of the binding were not seen, with all that it holds for. */
static void add_unseen(struct binding_lines *lines, const struct binding *binding, size_t order)
{
    const struct remarks *unchecked = &binding->unchecked;
    struct grouping reasons = {.arena = lines->arena};
    struct str *names = arena_alloc(lines->arena, (unchecked->n + 1) * sizeof *names);

    for (size_t i = 0; i < unchecked->n; i++) {
        size_t number = grouping_of(&reasons, unchecked->items[i].text);
        names[number].arena = lines->arena;
        add_word(&names[number], unchecked->items[i].name);
    }
    for (size_t i = 0; i < reasons.n; i++)
        add_line(lines, binding, str_text(&names[i]), reasons.keys[i], order);
}

static void print_outcomes(struct str *out, const struct binding_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct binding_line *line = &lines->items[i];
        str_addf(out, "    %-12s%-10s", line->head, line->language);
        if (line->text[0] != '\0')
            str_addf(out, "%s\n", line->text);
        else
            str_addf(out, "%zu of %s\n", line->n_checked,
                     str_count(out->arena, line->n_facts, "fact"));
        str_add_wrapped(
            out, "                ",
            arena_printf(out->arena, "%s [%s]", str_text(&line->specs), str_text(&line->targets)),
            100);
    }
}

static void print_unseen(struct str *out, const struct binding_lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct binding_line *line = &lines->items[i];
        str_add_wrapped(out, "    ",
                        arena_printf(out->arena, "not checked in %s: %s [%s] %s: %s",
                                     line->language, str_text(&line->specs),
                                     str_text(&line->targets), line->head, line->text),
                        100);
    }
}

/* What a language has no bindings of: that is no fault of a binding, and no proof either. */
static void print_unbound(struct str *out, const struct bindings *bindings)
{
    struct grouping languages = {.arena = out->arena};

    for (size_t i = 0; i < bindings->n; i++) {
        const struct language *language = bindings->items[i].language;
        struct str text = {.arena = out->arena};
        if (!grouping_is_new(&languages, language->name))
            continue;
        for (int kind = 0; kind < N_FACT_KINDS; kind++)
            if ((language->lacks >> kind & 1) != 0)
                add_word(&text, fact_kind_plural(kind));
        for (unsigned k = 0; k < language->n_without; k++)
            str_addf(&text, "%s%s",
                     k > 0          ? " "
                     : text.len > 0 ? "; the specs "
                                    : "the specs ",
                     language->without[k]);
        if (text.len > 0)
            str_add_wrapped(
                out, "    ",
                arena_printf(out->arena, "not bound in %s: %s", language->name, str_text(&text)),
                100);
    }
}

/* ---- language by target ---- */

/* The specs of one language on one target. */
struct matrix_cell {
    size_t n_specs, n_proved, n_wrong;
};

static const char *cell_text(struct arena *arena, const struct matrix_cell *cell)
{
    if (cell->n_specs == 0)
        return "-";
    const char *text = arena_printf(arena, "%zu/%zu", cell->n_proved, cell->n_specs);
    return cell->n_wrong > 0 ? arena_printf(arena, "%s, %zu wrong", text, cell->n_wrong) : text;
}

static void count_cell(struct matrix_cell *cell, const struct binding *binding)
{
    enum outcome outcome = report_binding_outcome(binding);

    cell->n_specs++;
    cell->n_proved += outcome == OUTCOME_PROVED;
    cell->n_wrong += outcome == OUTCOME_FINDINGS;
}

/* A table: a row for each target, a column for each language and compiler. */
static void print_matrix(struct str *out, const struct bindings *bindings)
{
    struct arena *arena = out->arena;
    struct grouping targets = {.arena = arena}, languages = {.arena = arena};

    for (size_t i = 0; i < bindings->n; i++) {
        grouping_of(&targets, bindings->items[i].target->name);
        grouping_of(&languages, bindings->items[i].language->name);
    }
    if (languages.n < 2)
        return;
    size_t n_columns = languages.n + 1;
    struct matrix_cell *counts = arena_alloc(arena, targets.n * languages.n * sizeof *counts);
    for (size_t i = 0; i < bindings->n; i++) {
        const struct binding *binding = &bindings->items[i];
        size_t row = grouping_of(&targets, binding->target->name);
        size_t column = grouping_of(&languages, binding->language->name);
        count_cell(&counts[row * languages.n + column], binding);
    }
    const char **cells = arena_alloc(arena, (targets.n + 1) * n_columns * sizeof *cells);
    cells[0] = "specs proved";
    for (size_t k = 0; k < languages.n; k++)
        cells[k + 1] = languages.keys[k];
    for (size_t i = 0; i < targets.n; i++) {
        cells[(i + 1) * n_columns] = targets.keys[i];
        for (size_t k = 0; k < languages.n; k++)
            cells[(i + 1) * n_columns + k + 1] = cell_text(arena, &counts[i * languages.n + k]);
    }
    str_add(out, "\n");
    report_text_table(out, cells, targets.n + 1, n_columns);
}

void report_text_bindings(struct str *out, const struct bindings *bindings)
{
    static const char title[] = "bindings, each compiled in its own language and verified:";
    struct binding_lines outcomes = {.arena = out->arena, .grouping = {.arena = out->arena}};
    struct binding_lines unseen = outcomes;
    struct totals totals = {.grouping = {.arena = out->arena}};

    if (bindings == NULL) {
        str_addf(out, "\n%s left out by choice (--witness)\n", title);
        return;
    }
    for (size_t i = 0; i < bindings->n; i++) {
        const struct binding *binding = &bindings->items[i];
        count_binding(&totals, binding);
        add_line(&outcomes, binding, outcome_text(binding),
                 binding->unavailable != NULL ? binding->unavailable : "", i);
        add_unseen(&unseen, binding, i);
    }
    if (!bindings->is_selection) {
        name_all(&outcomes, &totals);
        name_all(&unseen, &totals);
    }
    merge_specs(&outcomes);
    merge_specs(&unseen);
    if (bindings->n > 0)
        str_addf(out, "\n%s\n", title);
    print_outcomes(out, &outcomes);
    print_unseen(out, &unseen);
    print_unbound(out, bindings);
    print_matrix(out, bindings);
}
