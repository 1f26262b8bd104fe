/* check.c - see check.h. */
#include "check/check.h"

#include <string.h>

#include "witness/build.h"
#include "witness/headers.h"
#include "witness/witnesses.h"

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"proved",   "partly", "not checked",
                                        "FINDINGS", "waived", "UNREADABLE"};

    return names[verdict];
}

void rows_make(struct rows *rows, struct arena *arena, const struct specs *specs,
               const struct targets *targets, bool verbose)
{
    for (size_t i = 0; i < specs->n; i++)
        for (unsigned k = 0; k < targets->n; k++)
            if (spec_covers(specs->items[i], &targets->items[k])) {
                struct row row = {.spec = specs->items[i],
                                  .target = spec_target(specs->items[i], &targets->items[k])};
                ARENA_PUSH(arena, rows->items, rows->n, row);
            }
    /* Only now do the rows stay where they are. */
    for (size_t i = 0; i < rows->n; i++) {
        diag_init(&rows->items[i].diag, &rows->items[i].arena, verbose);
        rows->items[i].findings.arena = &rows->items[i].arena;
    }
}

void rows_release(struct rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        arena_release(&rows->items[i].arena);
}

static struct finding_scope scope_of(const struct row *row, const struct testimony *testimony)
{
    return (struct finding_scope){
        .spec = row->spec->name,
        .target = row->target->name,
        .witness = testimony->witness,
        .subject = strcmp(testimony->witness, "behave") == 0 ? "behaviour"
                   : testimony->subject == SUBJECT_SYSTEM    ? "system"
                                                             : "binding",
    };
}

/* What is not a comparison of facts: forgotten names, and what could not be examined at all. */
static void judge_remarks(struct findings *findings, const struct row *row,
                          const struct testimony *testimony)
{
    struct location none = {NULL, 0, 0};
    struct finding_scope scope = scope_of(row, testimony);

    for (size_t i = 0; i < testimony->unbound.n; i++)
        findings_add(findings, "unbound-name", SEVERITY_ERROR, testimony->unbound.items[i].name,
                     "bound or ignored by the spec", "neither", testimony->unbound.items[i].where,
                     none, scope);
    for (size_t i = 0; i < testimony->broken.n; i++)
        findings_add(findings, testimony->broken.items[i].name, SEVERITY_ERROR, row->spec->name,
                     "a probe that builds, runs and ends", testimony->broken.items[i].text, none,
                     testimony->broken.items[i].where, scope);
}

/* The tier that the row would reach on a machine that has everything. */
static enum tier promised_tier(const struct row *row)
{
    return row->boot != NULL ? TIER_BOOTED : target_promised_tier(row->target);
}

static bool any_has_behaviour(const struct testimony *witnesses, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (facts_find(&witnesses[i].facts, FACT_BEHAVIOUR, name) != NULL)
            return true;
    return false;
}

bool row_has_behaviour(const struct row *row, const char *name)
{
    return any_has_behaviour(row->witnesses, row->n_witnesses, name);
}

/* Counts each behaviour once, whoever measured it. */
static size_t count_behaviours(const struct row *row)
{
    size_t n = 0;

    for (size_t i = 0; i < row->n_witnesses; i++) {
        const struct facts *facts = &row->witnesses[i].facts;
        for (size_t k = 0; k < facts->n; k++)
            n += facts->items[k].kind == FACT_BEHAVIOUR &&
                 !any_has_behaviour(row->witnesses, i, facts->items[k].name);
    }
    return n;
}

/* Holds one testimony against the headers. */
static void judge_one(struct row *row, const struct testimony *testimony, unsigned char *agreed)
{
    struct findings findings = {.arena = &row->arena};
    bool is_system = testimony->subject == SUBJECT_SYSTEM;

    if (testimony->absent != NULL)
        return;
    judge_remarks(&findings, row, testimony);
    /* A compiler goes on after an error, so what it said of the rest still counts. A program that
     * did not build or end said nothing. */
    if (testimony->broken.n == 0 || testimony->tier < TIER_RUN)
        judge(&findings, &row->system.facts, &testimony->facts,
              is_system ? JUDGE_SAME : JUDGE_MODEL,
              testimony->is_complete && testimony->facts.n > 0, scope_of(row, testimony),
              is_system ? agreed : NULL);
    findings_merge(&row->findings, &findings);
}

/* The highest tier at which somebody spoke of the subject. */
static enum tier tier_reached(const struct row *row, enum subject subject)
{
    enum tier tier = subject == SUBJECT_SYSTEM ? row->system.tier : TIER_NONE;

    for (size_t i = 0; i < row->n_witnesses; i++) {
        const struct testimony *testimony = &row->witnesses[i];
        if (testimony->subject == subject && testimony_was_given(testimony) &&
            testimony->tier > tier)
            tier = testimony->tier;
    }
    return tier;
}

static bool somebody_was_absent(const struct row *row)
{
    for (size_t i = 0; i < row->n_witnesses; i++)
        if (row->witnesses[i].absent != NULL)
            return true;
    return false;
}

static bool somebody_was_heard(const struct row *row)
{
    for (size_t i = 0; i < row->n_witnesses; i++)
        if (testimony_was_given(&row->witnesses[i]))
            return true;
    return false;
}

/* Agreement of a choice of witnesses is never a proof: what the table promises was not asked. */
static enum verdict verdict_of(const struct row *row)
{
    if (findings_count(&row->findings, SEVERITY_ERROR) > 0)
        return VERDICT_FINDINGS;
    if (row->left_out != 0)
        return somebody_was_heard(row) ? VERDICT_PARTLY : VERDICT_NOT_CHECKED;
    if (row->tier <= TIER_READ || row->n_checked == 0)
        return VERDICT_NOT_CHECKED;
    if (row->tier < promised_tier(row) || row->n_checked < row->n_facts || somebody_was_absent(row))
        return VERDICT_PARTLY;
    return VERDICT_PROVED;
}

static void conclude(struct row *row, const unsigned char *agreed)
{
    enum tier system = tier_reached(row, SUBJECT_SYSTEM),
              binding = tier_reached(row, SUBJECT_BINDING);

    row->n_facts = row->system.facts.n;
    row->n_behaviours = count_behaviours(row);
    for (size_t i = 0; i < row->n_facts; i++) {
        const struct fact *fact = &row->system.facts.items[i];
        unsigned wanted = fact_attrs_present(fact);
        /* Without a library of the system at hand nobody can confirm it; the report says so. */
        if (fact->kind == FACT_FUNCTION && row->target->link == NULL)
            wanted &= ~(1U << FUNCTION_LIBRARY);
        row->n_checked += (agreed[i] & wanted) == wanted;
    }
    row->tier = system < binding ? system : binding;
    row->verdict = verdict_of(row);
}

/* ---- which witnesses run ---- */

/* True if it is reported that the target or the spec cannot have the witness. */
static bool is_missed(const struct row *row, const struct witness *witness, unsigned bit,
                      const struct witness_input *input)
{
    if (row->asked != 0)
        return (row->asked & bit) != 0;
    return witness->is_expected != NULL && witness->is_expected(input);
}

/* The set of witnesses to run. Notes what is left out and what is lacking. */
static unsigned choose(struct row *row, const struct witness_input *input)
{
    struct location none = {NULL, 0, 0};
    unsigned usual = 0, possible = 0, chosen;
    const struct witness *witness;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++) {
        unsigned bit = 1U << i;
        const char *reason = witness->why_not != NULL ? witness->why_not(input) : NULL;
        if (reason == NULL) {
            possible |= bit;
            if (witness->is_usual == NULL || witness->is_usual(input))
                usual |= bit;
        } else if (is_missed(row, witness, bit, input)) {
            remark_add(&row->lacking, &row->arena, witness->name, none, "%s", reason);
        }
    }
    chosen = row->asked != 0 ? row->asked & possible : usual;
    row->left_out = usual & ~chosen;
    return chosen;
}

/* Collects what a set of witnesses has to tell; false if one could not be asked at all. */
static bool collect(struct row *row, unsigned set, const struct witness_input *input)
{
    const struct witness *witness;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++) {
        struct testimony testimonies[WITNESS_TESTIMONIES_MAX];
        size_t n;
        if ((set & 1U << i) == 0)
            continue;
        n = witness->collect(input, testimonies);
        for (size_t k = 0; k < n; k++)
            ARENA_PUSH(&row->arena, row->witnesses, row->n_witnesses, testimonies[k]);
        if (n == 0) {
            row->n_witnesses = 0; /* an unreadable row claims no witness */
            return false;
        }
    }
    return true;
}

void row_probe(struct row *row, const struct workspace *workspace)
{
    struct workspace own = workspace_of(workspace, row->spec, row->target, &row->arena);
    struct witness_input input = {
        .spec = row->spec,
        .target = row->target,
        .facts = &row->system.facts,
        .workspace = &own,
        .boot = row->boot,
        .arena = &row->arena,
        .diag = &row->diag,
    };
    unsigned char *agreed;
    unsigned set;
    bool is_collected;
    int lock;

    row->verdict = VERDICT_UNREADABLE;
    if (!headers_read(&row->system, row->spec, row->target, workspace, &row->arena, &row->diag))
        return;
    set = choose(row, &input);
    if (row->system.absent != NULL) {
        row->verdict = VERDICT_NOT_CHECKED;
        return;
    }
    lock = workspace_lock(&own, &row->arena, &row->diag);
    if (lock < 0)
        return;
    is_collected = collect(row, set, &input);
    build_unlock(lock);
    if (!is_collected)
        return;
    agreed = arena_alloc(&row->arena, row->system.facts.n + 1);
    judge_remarks(&row->findings, row, &row->system);
    for (size_t i = 0; i < row->n_witnesses; i++)
        judge_one(row, &row->witnesses[i], agreed);
    conclude(row, agreed);
}

bool row_was_heard(const struct row *row)
{
    return row->verdict != VERDICT_UNREADABLE && row->verdict != VERDICT_NOT_CHECKED &&
           row->left_out == 0 && !somebody_was_absent(row);
}

void row_waive(struct row *row, struct waivers *waivers, const char *today)
{
    waive(&row->findings, waivers, today);
    if (row->verdict == VERDICT_FINDINGS && findings_count(&row->findings, SEVERITY_ERROR) == 0)
        row->verdict = VERDICT_WAIVED;
}
