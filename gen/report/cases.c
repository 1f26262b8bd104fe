/* cases.c - what was examined, as cases for the formats that programs read.
 *
 * In: checks, or verified objects. Out: a case per check and per item, whose text says how far it
 * is proved and what was not checked in it. A check that is proved in part is not proved: its case
 * is not checked, or a program that counts passes would count it.
 */
#include <string.h>

#include "base/grouping.h"
#include "report/report_private.h"
#include "witness/witnesses.h"

void report_unchecked(struct remarks *unchecked, struct arena *arena, const struct check *check)
{
    if (check->system.unavailable != NULL)
        remark_add(unchecked, arena, check->system.witness, no_location, "%s",
                   check->system.unavailable);
    for (size_t i = 0; i < check->n_witnesses; i++) {
        const struct evidence *evidence = &check->witnesses[i];
        if (evidence->unavailable != NULL)
            remark_add(unchecked, arena, evidence->witness, no_location, "%s",
                       evidence->unavailable);
        for (size_t k = 0; k < evidence->unchecked.n; k++)
            if (!check_has_behaviour(check, evidence->unchecked.items[k].name))
                ARENA_PUSH(arena, unchecked->items, unchecked->n, evidence->unchecked.items[k]);
    }
    for (size_t i = 0; i < check->unsupported.n; i++)
        ARENA_PUSH(arena, unchecked->items, unchecked->n, check->unsupported.items[i]);
}

size_t report_group_remarks(struct arena *arena, const struct remarks *remarks,
                            struct report_remark **groups)
{
    struct grouping texts = {.arena = arena}, names = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < remarks->n; i++) {
        const struct remark *remark = &remarks->items[i];
        struct report_remark new = {remark->text, {.arena = arena}};
        size_t number = grouping_of(&texts, remark->text);
        if (number >= n)
            ARENA_PUSH(arena, *groups, n, new);
        struct str key = {.arena = arena};
        grouping_key_number(&key, number);
        grouping_key(&key, remark->name);
        struct str *joined = &(*groups)[number].names;
        if (grouping_is_new(&names, str_text(&key)))
            str_addf(joined, "%s%s", joined->len > 0 ? " " : "", remark->name);
    }
    return n;
}

/* "; not checked: run behave: no 'qemu-arm'; r.a: has bits": each reason once. */
static void add_unchecked(struct str *text, const struct check *check)
{
    struct remarks unchecked = {NULL, 0};

    report_unchecked(&unchecked, text->arena, check);
    if (check->excluded != 0)
        remark_add(&unchecked, text->arena, witness_names(text->arena, check->excluded, " "),
                   no_location, "left out by choice (--witness)");
    struct report_remark *groups = NULL;
    size_t n = report_group_remarks(text->arena, &unchecked, &groups);
    for (size_t i = 0; i < n; i++)
        str_addf(text, "%s%s%s: %s", text->len > 0 ? "; " : "", i == 0 ? "not checked: " : "",
                 str_text(&groups[i].names), groups[i].text);
}

/* "run tier, 42 of 42 facts, 56 behaviours; not checked: ...". */
static const char *describe(struct arena *arena, const struct check *check)
{
    struct str text = {.arena = arena};

    if (check->tier > TIER_NONE)
        str_addf(&text, "%s tier, %zu of %s", tier_name(check->tier), check->n_checked,
                 str_count(arena, check->n_facts, "fact"));
    if (check->n_behaviours > 0)
        str_addf(&text, ", %s", str_count(arena, check->n_behaviours, "behaviour"));
    add_unchecked(&text, check);
    return str_text(&text);
}

const char *report_messages(struct arena *arena, const struct diag *diag, size_t start)
{
    size_t n_bytes = diag->text.len;

    while (n_bytes > start && diag->text.text[n_bytes - 1] == '\n')
        n_bytes--;
    return arena_strndup(arena, str_text(&diag->text) + start, n_bytes - start);
}

static enum outcome outcome_of(const struct check *check)
{
    if (check->verdict == VERDICT_UNREADABLE)
        return OUTCOME_UNREADABLE;
    /* What --require names and does not get is a finding of a check whose verdict stays what it
     * is. */
    if (report_outcome(&check->findings) != OUTCOME_PROVED)
        return report_outcome(&check->findings);
    return check->verdict == VERDICT_PROVED ? OUTCOME_PROVED : OUTCOME_NOT_CHECKED;
}

void report_cases_of_checks(struct report_cases *cases, struct arena *arena,
                            const struct checks *checks)
{
    for (size_t i = 0; i < checks->n; i++) {
        const struct check *check = &checks->items[i];
        struct report_case item = {
            .group = check->target->name,
            .name = check->spec->name,
            .outcome = outcome_of(check),
            .findings = check->findings.items,
            .n_findings = check->findings.n,
        };
        item.text = item.outcome == OUTCOME_UNREADABLE ? report_messages(arena, &check->diag, 0)
                                                       : describe(arena, check);
        ARENA_PUSH(arena, cases->items, cases->n, item);
    }
}

/* ---- bindings in their own languages ---- */

enum outcome report_binding_outcome(const struct binding *binding)
{
    enum outcome outcome = report_outcome(&binding->findings);

    return outcome == OUTCOME_PROVED && !binding_is_whole(binding) ? OUTCOME_NOT_CHECKED : outcome;
}

/* "compiled tier, 40 of 41 facts; not checked: eventfd_t: ...". */
static const char *describe_binding(struct arena *arena, const struct binding *binding)
{
    if (binding->unavailable != NULL)
        return arena_printf(arena, "not checked: %s", binding->unavailable);
    struct str text = {.arena = arena};
    str_addf(&text, "compiled tier, %zu of %s", binding->n_checked,
             str_count(arena, binding->n_facts, "fact"));
    for (size_t i = 0; i < binding->unchecked.n; i++)
        str_addf(&text, "; %s%s: %s", i == 0 ? "not checked: " : "",
                 binding->unchecked.items[i].name, binding->unchecked.items[i].text);
    return str_text(&text);
}

void report_cases_of_bindings(struct report_cases *cases, struct arena *arena,
                              const struct bindings *bindings)
{
    for (size_t i = 0; i < bindings->n; i++) {
        const struct binding *binding = &bindings->items[i];
        struct report_case item = {
            .group = binding->target->name,
            .name = arena_printf(arena, "%s in %s", binding->spec->name, binding->language->name),
            .outcome = report_binding_outcome(binding),
            .text = describe_binding(arena, binding),
            .findings = binding->findings.items,
            .n_findings = binding->findings.n,
        };
        ARENA_PUSH(arena, cases->items, cases->n, item);
    }
}

/* ---- verified objects ---- */

/* "EpollEvent as epoll_event in app.o". */
static const char *name_of(struct arena *arena, const struct verify_item *item, const char *path)
{
    const char *theirs = item->found != NULL ? item->found : item->theirs;

    return strcmp(theirs, item->ours) == 0
               ? arena_printf(arena, "%s in %s", theirs, path)
               : arena_printf(arena, "%s as %s in %s", theirs, item->ours, path);
}

/* How far an item was compared. */
static const char *text_of_item(struct arena *arena, const struct verify_item *item)
{
    struct str text = {.arena = arena};

    str_addf(&text, "compiled tier, %s", str_count(arena, item->n_facts, "fact"));
    if (item->n_by_place > 0)
        str_addf(&text, ", %zu by bytes", item->n_by_place);
    if (item->unseen != NULL && item->unseen[0] != '\0')
        str_addf(&text, "; %s", item->unseen);
    if (item->why != NULL)
        str_addf(&text, "; because it is %s", item->why);
    if (item->homonym != NULL)
        str_addf(&text, "; %s", item->homonym);
    return str_text(&text);
}

void report_cases_of_verified(struct report_cases *cases, struct arena *arena,
                              const struct verification *verification)
{
    struct report_case nothing = {
        .group = verification->target->name,
        .name = verification->path,
        .outcome = OUTCOME_NOT_CHECKED,
        .text = "no name that a spec has; name its types with --map",
    };

    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        struct report_case one = {
            .group = verification->target->name,
            .name = name_of(arena, item, verification->path),
            .outcome = report_outcome(&item->findings),
            .text = text_of_item(arena, item),
            .findings = item->findings.items,
            .n_findings = item->findings.n,
        };
        ARENA_PUSH(arena, cases->items, cases->n, one);
    }
    for (size_t i = 0; i < verification->n_unchecked; i++) {
        const struct verify_unchecked *unchecked = &verification->unchecked[i];
        struct report_case one = {
            .group = verification->target->name,
            .name = arena_printf(arena, "%s in %s", unchecked->name, verification->path),
            .outcome = OUTCOME_NOT_CHECKED,
            .text = unchecked->names != NULL
                        ? arena_printf(arena, "not seen: %s: %s", unchecked->text, unchecked->names)
                    : unchecked->n_passed_over > 0
                        ? arena_printf(arena, "left out: %s", unchecked->text)
                        : unchecked->text,
        };
        ARENA_PUSH(arena, cases->items, cases->n, one);
    }
    if (verification->n_items == 0)
        ARENA_PUSH(arena, cases->items, cases->n, nothing);
}

void report_add_own(struct report *report, const struct findings *own)
{
    struct arena *arena = report->findings.arena;
    struct report_case one = {
        .name = "requirements and waivers",
        .outcome = report_outcome(own),
        .findings = own->items,
        .n_findings = own->n,
    };

    if (own->n > 0)
        ARENA_PUSH(arena, report->cases.items, report->cases.n, one);
    findings_append(&report->findings, own);
}
