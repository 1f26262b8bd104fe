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

void checks_make(struct checks *checks, struct arena *arena, const struct specs *specs,
                 const struct targets *targets, bool verbose)
{
    for (size_t i = 0; i < specs->n; i++)
        for (unsigned k = 0; k < targets->n; k++)
            if (spec_covers(specs->items[i], &targets->items[k])) {
                struct check check = {.spec = specs->items[i],
                                      .target = spec_target(specs->items[i], &targets->items[k])};
                ARENA_PUSH(arena, checks->items, checks->n, check);
            }
    /* Only now do the checks stay where they are. */
    for (size_t i = 0; i < checks->n; i++) {
        diag_init(&checks->items[i].diag, &checks->items[i].arena, verbose);
        checks->items[i].findings.arena = &checks->items[i].arena;
    }
}

void checks_release(struct checks *checks)
{
    for (size_t i = 0; i < checks->n; i++)
        arena_release(&checks->items[i].arena);
}

static struct finding_scope scope_of(const struct check *check, const struct evidence *evidence)
{
    return (struct finding_scope){
        .spec = check->spec->name,
        .target = check->target->name,
        .witness = evidence->witness,
        .subject = strcmp(evidence->witness, "behave") == 0 ? "behaviour"
                   : evidence->subject == SUBJECT_SYSTEM    ? "system"
                                                            : "binding",
    };
}

void check_find_unbound(const struct check *check, struct findings *findings)
{
    const struct remarks *unbound = &check->system.unbound;

    for (size_t i = 0; i < unbound->n; i++)
        findings_add(findings, "unbound-name", SEVERITY_ERROR, unbound->items[i].name,
                     "bound or ignored by the spec", unbound->items[i].text,
                     unbound->items[i].where, no_location, scope_of(check, &check->system));
}

/* What a remark was to be instead. */
static const char *expected_of(const char *kind)
{
    return strcmp(kind, "differs-by-dialect") == 0
               ? "the same binding in every dialect of C and C++"
               : "a probe that builds, runs and ends";
}

/* What could not be examined at all, or is not one thing. */
static void judge_remarks(struct findings *findings, const struct check *check,
                          const struct evidence *evidence)
{
    struct finding_scope scope = scope_of(check, evidence);

    for (size_t i = 0; i < evidence->broken.n; i++)
        findings_add(findings, evidence->broken.items[i].name, SEVERITY_ERROR, check->spec->name,
                     expected_of(evidence->broken.items[i].name), evidence->broken.items[i].text,
                     no_location, evidence->broken.items[i].where, scope);
}

/* The tier that the check would reach on a machine that has everything. */
static enum tier promised_tier(const struct check *check)
{
    return check->boot != NULL ? TIER_BOOTED : target_promised_tier(check->target);
}

static bool any_has_behaviour(const struct evidence *witnesses, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (facts_find(&witnesses[i].facts, FACT_BEHAVIOUR, name) != NULL)
            return true;
    return false;
}

bool check_has_behaviour(const struct check *check, const char *name)
{
    return any_has_behaviour(check->witnesses, check->n_witnesses, name);
}

/* Counts each behaviour once, whoever measured it. */
static size_t count_behaviours(const struct check *check)
{
    size_t n = 0;

    for (size_t i = 0; i < check->n_witnesses; i++) {
        const struct facts *facts = &check->witnesses[i].facts;
        for (size_t k = 0; k < facts->n; k++)
            n += facts->items[k].kind == FACT_BEHAVIOUR &&
                 !any_has_behaviour(check->witnesses, i, facts->items[k].name);
    }
    return n;
}

/* Compares the evidence of one witness with the headers. */
static void judge_one(struct check *check, const struct evidence *evidence, unsigned char *agreed)
{
    struct findings findings = {.arena = &check->arena};
    bool is_system = evidence->subject == SUBJECT_SYSTEM;

    if (evidence->unavailable != NULL)
        return;
    judge_remarks(&findings, check, evidence);
    /* A compiler goes on after an error, so its evidence of the rest still counts. A program that
     * did not build or end has given none. */
    struct judge_options options = {
        .mode = is_system ? JUDGE_SAME : JUDGE_MODEL,
        .is_complete = evidence->is_complete && evidence->facts.n > 0,
    };
    if (evidence->broken.n == 0 || evidence->tier < TIER_RUN)
        judge(&findings, &check->system.facts, &evidence->facts, &options,
              scope_of(check, evidence), is_system ? agreed : NULL);
    findings_merge(&check->findings, &findings);
}

/* The highest tier at which a witness of the subject ran. */
static enum tier tier_reached(const struct check *check, enum subject subject)
{
    enum tier tier = subject == SUBJECT_SYSTEM ? check->system.tier : TIER_NONE;

    for (size_t i = 0; i < check->n_witnesses; i++) {
        const struct evidence *evidence = &check->witnesses[i];
        if (evidence->subject == subject && evidence_was_collected(evidence) &&
            evidence->tier > tier)
            tier = evidence->tier;
    }
    return tier;
}

static bool any_is_unavailable(const struct check *check)
{
    for (size_t i = 0; i < check->n_witnesses; i++)
        if (check->witnesses[i].unavailable != NULL)
            return true;
    return false;
}

static bool any_was_collected(const struct check *check)
{
    for (size_t i = 0; i < check->n_witnesses; i++)
        if (evidence_was_collected(&check->witnesses[i]))
            return true;
    return false;
}

/* Agreement of a choice of witnesses is never a proof: what the table promises did not run. */
static enum verdict verdict_of(const struct check *check)
{
    if (findings_count(&check->findings, SEVERITY_ERROR) > 0)
        return VERDICT_FINDINGS;
    if (check->excluded != 0)
        return any_was_collected(check) ? VERDICT_PARTLY : VERDICT_NOT_CHECKED;
    if (check->tier <= TIER_READ || check->n_checked == 0)
        return VERDICT_NOT_CHECKED;
    if (check->tier < promised_tier(check) || check->n_checked < check->n_facts ||
        any_is_unavailable(check))
        return VERDICT_PARTLY;
    return VERDICT_PROVED;
}

static void conclude(struct check *check, const unsigned char *agreed)
{
    enum tier system = tier_reached(check, SUBJECT_SYSTEM),
              binding = tier_reached(check, SUBJECT_BINDING);

    check->n_facts = check->system.facts.n;
    check->n_behaviours = count_behaviours(check);
    for (size_t i = 0; i < check->n_facts; i++) {
        const struct fact *fact = &check->system.facts.items[i];
        unsigned required = fact_attrs_present(fact);
        /* Without a library of the system at hand nobody can confirm it; the report says so. */
        if (fact->kind == FACT_FUNCTION && check->target->link == NULL)
            required &= ~(1U << FUNCTION_LIBRARY);
        check->n_checked += (agreed[i] & required) == required;
    }
    check->tier = system < binding ? system : binding;
    check->verdict = verdict_of(check);
}

/* ---- which witnesses run ---- */

/* True if it is reported that the target or the spec cannot have the witness. */
static bool is_missed(const struct check *check, const struct witness *witness, unsigned bit,
                      const struct witness_input *input)
{
    if (check->requested != 0)
        return (check->requested & bit) != 0;
    return witness->is_expected != NULL && witness->is_expected(input);
}

/* The set of witnesses to run. Notes what is excluded and what is unsupported. */
static unsigned choose(struct check *check, const struct witness_input *input)
{
    unsigned usual = 0, possible = 0;
    const struct witness *witness;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++) {
        unsigned bit = 1U << i;
        const char *reason = witness->why_not != NULL ? witness->why_not(input) : NULL;
        if (reason == NULL) {
            possible |= bit;
            if (witness->is_usual == NULL || witness->is_usual(input))
                usual |= bit;
        } else if (is_missed(check, witness, bit, input)) {
            remark_add(&check->unsupported, &check->arena, witness->name, no_location, "%s",
                       reason);
        }
    }
    unsigned chosen = check->requested != 0 ? check->requested & possible : usual;
    check->excluded = usual & ~chosen;
    return chosen;
}

/* Collects the evidence of a set of witnesses; false if one could not be run at all. */
static bool collect(struct check *check, unsigned set, const struct witness_input *input)
{
    const struct witness *witness;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++) {
        if ((set & 1U << i) == 0)
            continue;
        struct evidence list[WITNESS_EVIDENCE_MAX];
        size_t n = witness->collect(input, list);
        for (size_t k = 0; k < n; k++)
            ARENA_PUSH(&check->arena, check->witnesses, check->n_witnesses, list[k]);
        if (n == 0) {
            check->n_witnesses = 0; /* an unreadable check has no witness */
            return false;
        }
    }
    return true;
}

void check_run(struct check *check, const struct workspace *workspace)
{
    struct workspace own = workspace_of(workspace, check->spec, check->target, &check->arena);
    struct witness_input input = {
        .spec = check->spec,
        .target = check->target,
        .facts = &check->system.facts,
        .workspace = &own,
        .boot = check->boot,
        .arena = &check->arena,
        .diag = &check->diag,
    };

    check->verdict = VERDICT_UNREADABLE;
    if (!headers_read(&check->system, check->spec, check->target, workspace, &check->arena,
                      &check->diag))
        return;
    unsigned set = choose(check, &input);
    if (check->system.unavailable != NULL) {
        check->verdict = VERDICT_NOT_CHECKED;
        return;
    }
    int lock = workspace_lock(&own, &check->arena, &check->diag);
    if (lock < 0)
        return;
    bool is_collected = collect(check, set, &input);
    build_unlock(lock);
    if (!is_collected)
        return;
    unsigned char *agreed = arena_alloc(&check->arena, check->system.facts.n + 1);
    check_find_unbound(check, &check->findings);
    judge_remarks(&check->findings, check, &check->system);
    for (size_t i = 0; i < check->n_witnesses; i++)
        judge_one(check, &check->witnesses[i], agreed);
    conclude(check, agreed);
}

bool check_is_complete(const struct check *check)
{
    return check->verdict != VERDICT_UNREADABLE && check->verdict != VERDICT_NOT_CHECKED &&
           check->excluded == 0 && !any_is_unavailable(check);
}

void check_waive(struct check *check, struct waivers *waivers, const char *today)
{
    waive(&check->findings, waivers, today);
    if (check->verdict == VERDICT_FINDINGS && findings_count(&check->findings, SEVERITY_ERROR) == 0)
        check->verdict = VERDICT_WAIVED;
}
