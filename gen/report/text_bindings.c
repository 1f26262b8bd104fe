/* text_bindings.c - bindings that were compiled in their own languages, for people; see report.h.
 *
 * In: bindings, one for each spec, target and language. Out: a line for all that came out alike: of
 * one language, and of several specs where they have the same targets. So that nothing is compared
 * with everything else, lines are sorted and neighbours merged: first over targets, then over
 * specs.
 */
#include <stdlib.h>
#include <string.h>

#include "report/report_private.h"

/* What there is to say of some specs on some targets. */
struct line {
    const char *language;
    const char *head;    /* "proved", or names that were not seen */
    const char *text;    /* the reason; "" for none */
    const char *specs;   /* one, then several */
    const char *targets; /* one, then several, then "all their targets" */
    size_t n_targets;
    size_t n_checked, n_facts;
    size_t order; /* of the first binding */
};

struct lines {
    struct arena *arena;
    struct line *items;
    size_t n;
};

static const char *join(struct arena *arena, const char *a, const char *b)
{
    return a[0] == '\0' ? b : arena_printf(arena, "%s %s", a, b);
}

static void add_line(struct lines *lines, const struct binding *binding, const char *head,
                     const char *text, size_t order)
{
    struct line line = {
        .language = binding->language->name,
        .head = head,
        .text = text,
        .specs = binding->spec->name,
        .targets = binding->target->name,
        .n_targets = 1,
        .n_checked = binding->n_checked,
        .n_facts = binding->n_facts,
        .order = order,
    };

    ARENA_PUSH(lines->arena, lines->items, lines->n, line);
}

/* ---- merging ---- */

static int compare_heads(const struct line *a, const struct line *b)
{
    int order = strcmp(a->language, b->language);

    if (order == 0)
        order = strcmp(a->head, b->head);
    return order != 0 ? order : strcmp(a->text, b->text);
}

static int compare_order(const struct line *a, const struct line *b)
{
    return a->order < b->order ? -1 : a->order > b->order;
}

static int by_spec(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = compare_heads(x, y);

    if (order == 0)
        order = strcmp(x->specs, y->specs);
    return order != 0 ? order : compare_order(x, y);
}

static int by_targets(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = compare_heads(x, y);

    if (order == 0)
        order = strcmp(x->targets, y->targets);
    return order != 0 ? order : compare_order(x, y);
}

static int by_language(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int order = strcmp(x->language, y->language);

    return order != 0 ? order : compare_order(x, y);
}

static void sort(struct lines *lines, int (*compare)(const void *, const void *))
{
    if (lines->n > 0)
        qsort(lines->items, lines->n, sizeof *lines->items, compare);
}

/* Makes one of the lines of one spec: their targets are joined. */
static void merge_targets(struct lines *lines)
{
    size_t n = 0;

    sort(lines, by_spec);
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = &lines->items[i];
        struct line *last = n > 0 ? &lines->items[n - 1] : NULL;
        if (last == NULL || compare_heads(last, line) != 0 ||
            strcmp(last->specs, line->specs) != 0) {
            lines->items[n++] = *line;
            continue;
        }
        last->targets = join(lines->arena, last->targets, line->targets);
        last->n_targets++;
        last->n_checked += line->n_checked;
        last->n_facts += line->n_facts;
    }
    lines->n = n;
}

/* Makes one of the lines with the same targets: their specs are joined. */
static void merge_specs(struct lines *lines)
{
    size_t n = 0;

    sort(lines, by_targets);
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = &lines->items[i];
        struct line *last = n > 0 ? &lines->items[n - 1] : NULL;
        if (last == NULL || compare_heads(last, line) != 0 ||
            strcmp(last->targets, line->targets) != 0) {
            lines->items[n++] = *line;
            continue;
        }
        last->specs = join(lines->arena, last->specs, line->specs);
        last->n_checked += line->n_checked;
        last->n_facts += line->n_facts;
    }
    lines->n = n;
    sort(lines, by_language);
}

/* Says "all their targets" where a line has all that there are of its language and spec: as many
 * as the line of `all` for them, which is sorted by spec. */
static void name_all(struct lines *lines, const struct lines *all)
{
    for (size_t i = 0; i < lines->n; i++) {
        struct line *line = &lines->items[i];
        struct line key = {
            .language = line->language, .head = "", .text = "", .specs = line->specs};
        size_t low = 0, high = all->n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (by_spec(&all->items[middle], &key) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        if (line->n_targets > 1 && line->n_targets == all->items[low].n_targets)
            line->targets = "all their targets";
    }
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
        return "not checked";
    }
}

/* One line for each reason why names of the binding were not seen, with all that it holds for. */
static void add_unseen(struct lines *lines, const struct binding *binding, size_t order)
{
    const struct remarks *unchecked = &binding->unchecked;

    for (size_t i = 0; i < unchecked->n; i++) {
        const char *text = unchecked->items[i].text, *names = "";
        bool is_first = true;
        for (size_t k = 0; k < i && is_first; k++)
            is_first = strcmp(unchecked->items[k].text, text) != 0;
        for (size_t k = i; k < unchecked->n && is_first; k++)
            if (strcmp(unchecked->items[k].text, text) == 0)
                names = join(lines->arena, names, unchecked->items[k].name);
        if (is_first)
            add_line(lines, binding, names, text, order);
    }
}

static void print_outcomes(struct str *out, const struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = &lines->items[i];
        str_addf(out, "    %-12s%-10s", line->head, line->language);
        if (line->text[0] != '\0')
            str_addf(out, "%s\n", line->text);
        else
            str_addf(out, "%zu of %zu facts\n", line->n_checked, line->n_facts);
        str_add_wrapped(out, "                ",
                        arena_printf(out->arena, "%s [%s]", line->specs, line->targets), 100);
    }
}

static void print_unseen(struct str *out, const struct lines *lines)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct line *line = &lines->items[i];
        str_add_wrapped(out, "    ",
                        arena_printf(out->arena, "not checked in %s: %s [%s] %s: %s",
                                     line->language, line->specs, line->targets, line->head,
                                     line->text),
                        100);
    }
}

void report_text_bindings(struct str *out, const struct bindings *bindings)
{
    static const char title[] = "bindings, each compiled in its own language and verified:";
    struct lines all = {.arena = out->arena}, outcomes = all, unseen = all;

    if (bindings == NULL) {
        str_addf(out, "\n%s left out by choice (--witness)\n", title);
        return;
    }
    for (size_t i = 0; i < bindings->n; i++) {
        const struct binding *binding = &bindings->items[i];
        add_line(&all, binding, "", "", 0);
        add_line(&outcomes, binding, outcome_text(binding),
                 binding->unavailable != NULL ? binding->unavailable : "", i);
        add_unseen(&unseen, binding, i);
    }
    merge_targets(&all);
    merge_targets(&outcomes);
    name_all(&outcomes, &all);
    merge_specs(&outcomes);
    merge_targets(&unseen);
    name_all(&unseen, &all);
    merge_specs(&unseen);
    if (bindings->n > 0)
        str_addf(out, "\n%s\n", title);
    print_outcomes(out, &outcomes);
    print_unseen(out, &unseen);
}
