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
                  const char *item, const char *expected, const char *got, struct place reference,
                  struct place place, struct finding_scope scope)
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
        .place = place,
    };

    if (scope.target != NULL)
        ARENA_PUSH(findings->arena, finding.targets, finding.n_targets, scope.target);
    if (scope.witness != NULL)
        ARENA_PUSH(findings->arena, finding.witnesses, finding.n_witnesses, scope.witness);
    ARENA_PUSH(findings->arena, findings->items, findings->n, finding);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same(const struct finding *a, const struct finding *b)
{
    return a->severity == b->severity && same_text(a->kind, b->kind) &&
           same_text(a->item, b->item) && same_text(a->spec, b->spec) &&
           same_text(a->subject, b->subject) && same_text(a->expected, b->expected) &&
           same_text(a->got, b->got) && same_text(a->waived, b->waived) &&
           a->waiver.line == b->waiver.line;
}

static void add_names(struct arena *arena, const char ***names, size_t *n, const char *const *more,
                      size_t n_more)
{
    for (size_t i = 0; i < n_more; i++) {
        bool is_new = true;
        for (size_t k = 0; k < *n; k++)
            is_new = is_new && strcmp((*names)[k], more[i]) != 0;
        if (is_new)
            ARENA_PUSH(arena, *names, *n, more[i]);
    }
}

/* Makes two findings that say the same into one. */
static void absorb(struct arena *arena, struct finding *found, const struct finding *added)
{
    add_names(arena, &found->targets, &found->n_targets, added->targets, added->n_targets);
    add_names(arena, &found->witnesses, &found->n_witnesses, added->witnesses, added->n_witnesses);
    if (found->place.file == NULL)
        found->place = added->place;
}

static bool same_names(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
    if (n_a != n_b)
        return false;
    for (size_t i = 0; i < n_a; i++)
        if (strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

void findings_merge(struct findings *findings, const struct findings *more)
{
    for (size_t i = 0; i < more->n; i++) {
        struct finding *found = NULL;
        for (size_t k = 0; k < findings->n && found == NULL; k++)
            if (is_same(&findings->items[k], &more->items[i]))
                found = &findings->items[k];
        if (found == NULL)
            ARENA_PUSH(findings->arena, findings->items, findings->n, more->items[i]);
        else
            absorb(findings->arena, found, &more->items[i]);
    }
}

void findings_collapse(struct findings *findings)
{
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++) {
        struct finding *found = NULL;
        for (size_t k = 0; k < n && found == NULL; k++)
            if (is_same(&findings->items[k], &findings->items[i]) &&
                same_names(findings->items[k].witnesses, findings->items[k].n_witnesses,
                           findings->items[i].witnesses, findings->items[i].n_witnesses))
                found = &findings->items[k];
        if (found == NULL)
            findings->items[n++] = findings->items[i];
        else
            absorb(findings->arena, found, &findings->items[i]);
    }
    findings->n = n;
}

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
