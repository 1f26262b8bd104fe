/* findings.c - see findings.h.
 *
 * In: findings of many witnesses on many targets. Out: each disagreement once, with all who saw it
 * and where it holds, in an order for people.
 */
#include "model/findings.h"

#include <stdlib.h>
#include <string.h>

static const char *copy(struct findings *findings, const char *text)
{
    return text == NULL ? NULL : arena_strdup(findings->arena, text);
}

void findings_add(struct findings *findings, const char *kind, enum severity severity,
                  const char *item, const char *expected, const char *got,
                  struct location reference, struct location location, struct finding_scope scope)
{
    struct finding finding = {
        .kind = kind,
        .severity = severity,
        .item = copy(findings, item),
        .expected = copy(findings, expected),
        .got = copy(findings, got),
        .spec = scope.spec,
        .subject = scope.subject,
        .reference = reference,
        .location = location,
    };

    if (scope.target != NULL)
        ARENA_PUSH(findings->arena, finding.targets, finding.n_targets, scope.target);
    if (scope.witness != NULL)
        ARENA_PUSH(findings->arena, finding.witnesses, finding.n_witnesses, scope.witness);
    ARENA_PUSH(findings->arena, findings->items, findings->n, finding);
}

/* ---- what is alike ---- */

/* Findings that are made one where they are alike. */
struct merging {
    struct findings *findings;
    bool by_witness; /* only what the same witnesses saw is alike */
    struct arena scratch;
    struct grouping alike;
    size_t *first; /* by group: the position of the finding that stands for all */
    size_t n_first;
    struct grouping names; /* of targets and witnesses, each with the group that has it */
    bool *is_named;        /* by group: its names are among them */
    size_t n_named;
    struct str key;
};

static const char *key_of(struct merging *merging, const struct finding *finding)
{
    struct str *key = &merging->key;

    key->len = 0;
    grouping_key_number(key, finding->severity);
    grouping_key(key, finding->kind);
    grouping_key(key, finding->item);
    grouping_key(key, finding->spec);
    grouping_key(key, finding->subject);
    grouping_key(key, finding->expected);
    grouping_key(key, finding->got);
    grouping_key(key, finding->waived);
    grouping_key_number(key, (size_t)finding->waiver.line);
    for (size_t i = 0; merging->by_witness && i < finding->n_witnesses; i++)
        grouping_key(key, finding->witnesses[i]);
    return str_text(key);
}

/* The group of a finding that is, or is to be, at this position. */
static size_t group_of(struct merging *merging, const struct finding *finding, size_t position)
{
    size_t n = merging->n_first;
    size_t number = grouping_of(&merging->alike, key_of(merging, finding));

    if (number >= n) {
        ARENA_PUSH(&merging->scratch, merging->first, merging->n_first, position);
        ARENA_PUSH(&merging->scratch, merging->is_named, merging->n_named, false);
    }
    return number;
}

/* True the first time that the group gets this name. */
static bool is_new_name(struct merging *merging, size_t group, const char *what, const char *name)
{
    merging->key.len = 0;
    grouping_key_number(&merging->key, group);
    grouping_key(&merging->key, what);
    grouping_key(&merging->key, name);
    return grouping_is_new(&merging->names, str_text(&merging->key));
}

static void add_names(struct merging *merging, size_t group, const char *what, const char ***names,
                      size_t *n, const char *const *more, size_t n_more)
{
    for (size_t i = 0; i < *n && !merging->is_named[group]; i++)
        is_new_name(merging, group, what, (*names)[i]);
    for (size_t i = 0; i < n_more; i++)
        if (is_new_name(merging, group, what, more[i]))
            ARENA_PUSH(merging->findings->arena, *names, *n, more[i]);
}

/* Joins two findings of the same. */
static void absorb(struct merging *merging, size_t group, const struct finding *added)
{
    struct finding *found = &merging->findings->items[merging->first[group]];

    add_names(merging, group, "target", &found->targets, &found->n_targets, added->targets,
              added->n_targets);
    add_names(merging, group, "witness", &found->witnesses, &found->n_witnesses, added->witnesses,
              added->n_witnesses);
    merging->is_named[group] = true;
    if (found->location.file == NULL)
        found->location = added->location;
}

static void merge(struct findings *findings, const struct finding *more, size_t n_more,
                  bool by_witness)
{
    struct merging merging = {.findings = findings, .by_witness = by_witness};

    merging.alike.arena = merging.names.arena = merging.key.arena = &merging.scratch;
    for (size_t i = 0; i < findings->n; i++)
        group_of(&merging, &findings->items[i], i);
    for (size_t i = 0; i < n_more; i++) {
        size_t n = merging.n_first;
        size_t group = group_of(&merging, &more[i], findings->n);
        if (group == n)
            ARENA_PUSH(findings->arena, findings->items, findings->n, more[i]);
        else
            absorb(&merging, group, &more[i]);
    }
    arena_release(&merging.scratch);
}

void findings_merge(struct findings *findings, const struct findings *more)
{
    if (more->n > 0)
        merge(findings, more->items, more->n, false);
}

void findings_append(struct findings *findings, const struct findings *more)
{
    for (size_t i = 0; i < more->n; i++)
        ARENA_PUSH(findings->arena, findings->items, findings->n, more->items[i]);
}

void findings_items(const struct findings *findings, struct grouping *items)
{
    for (size_t i = 0; i < findings->n; i++)
        grouping_of(items, findings->items[i].item);
}

void findings_collapse(struct findings *findings)
{
    struct findings all = *findings;

    findings->items = NULL;
    findings->n = 0;
    merge(findings, all.items, all.n, true);
}

/* ---- order ---- */

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "");
}

static int by_weight(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int order = (x->waived != NULL) - (y->waived != NULL);

    if (order == 0)
        order = (int)y->severity - (int)x->severity;
    if (order == 0)
        order = compare_texts(x->spec, y->spec);
    if (order == 0)
        order = compare_texts(x->item, y->item);
    if (order == 0)
        order = compare_texts(x->kind, y->kind);
    return order != 0 ? order : compare_texts(x->got, y->got);
}

void findings_sort(struct findings *findings)
{
    if (findings->n > 0)
        qsort(findings->items, findings->n, sizeof *findings->items, by_weight);
}

size_t findings_count(const struct findings *findings, enum severity severity)
{
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++)
        n += findings->items[i].severity == severity && findings->items[i].waived == NULL;
    return n;
}
