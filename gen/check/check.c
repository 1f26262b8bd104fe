/* check.c - see check.h. */
#include "check/check.h"

#include <string.h>

#include "witness/build.h"
#include "witness/headers.h"

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
    struct place none = {NULL, 0, 0};
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

/* ---- who is heard ---- */

static bool has_functions(const struct row *row)
{
    for (size_t i = 0; i < row->system.facts.n; i++)
        if (row->system.facts.items[i].kind == FACT_FUNCTION)
            return true;
    return false;
}

/* Why the target cannot have this witness on any machine; NULL if it can. */
static const char *reason_against(const struct row *row, enum witness_kind kind,
                                  const struct work_place *place)
{
    const struct target *target = row->target;

    switch (kind) {
    case WITNESS_CLANG:
        return headers_are_read_by_dwarf(row->target)
                   ? "clang's layout for this target is none, or wrong"
                   : NULL;
    case WITNESS_RUN:
        return target->emulator == NULL ? "nothing here runs this system's programs" : NULL;
    case WITNESS_BEHAVE:
        if (!spec_has_behaviour(row->spec, place))
            return "the spec has no program that tries the kernel";
        return target->emulator == NULL ? "nothing here runs this system's programs" : NULL;
    case WITNESS_LINK:
        if (!has_functions(row))
            return "the spec has no library function";
        return target->link == NULL ? "no library of this system to link with" : NULL;
    case WITNESS_BOOT:
        return target->kernel == NULL ? "the table of targets has no kernel for it" : NULL;
    default:
        return NULL;
    }
}

/* What is heard unless the command line chooses. The compiler need not assert what a program prints
 * anyway; a boot takes time and is asked for. */
static unsigned usual_set(const struct row *row)
{
    unsigned set = 1U << WITNESS_CLANG | 1U << WITNESS_DWARF | 1U << WITNESS_LINK;

    if (row->target->emulator != NULL)
        set |= 1U << WITNESS_RUN | 1U << WITNESS_BEHAVE;
    else
        set |= 1U << WITNESS_COMPILE;
    if (row->boot != NULL)
        set |= 1U << WITNESS_BOOT;
    return set;
}

/* True if it is worth saying that the target lacks the witness. Without a choice that is so where
 * the promise is less for it. */
static bool is_missed(const struct row *row, enum witness_kind kind)
{
    if (row->asked != 0)
        return (row->asked & 1U << kind) != 0;
    return kind == WITNESS_RUN || (kind == WITNESS_LINK && has_functions(row));
}

/* The set of witnesses to hear. Notes what is left out and what is lacking. */
static unsigned choose(struct row *row, const struct work_place *place)
{
    struct place none = {NULL, 0, 0};
    unsigned usual = usual_set(row), asked = row->asked != 0 ? row->asked : usual;

    for (unsigned kind = 0; kind < N_WITNESS_KINDS; kind++) {
        const char *reason = reason_against(row, kind, place);
        if (reason == NULL)
            continue;
        usual &= ~(1U << kind);
        asked &= ~(1U << kind);
        if (is_missed(row, kind))
            remark_add(&row->lacking, &row->arena, witness_name(kind), none, "%s", reason);
    }
    row->left_out = usual & ~asked;
    return asked;
}

/* Hears one witness of both subjects, as far as it speaks of them. Returns how many testimonies
 * that gave; 0 if it could not be asked at all. */
static size_t hear(struct row *row, struct testimony *at, enum witness_kind kind,
                   const struct work_place *own)
{
    const struct spec *spec = row->spec;
    const struct target *target = row->target;
    const struct facts *facts = &row->system.facts;
    struct arena *arena = &row->arena;
    size_t n_read = 0;

    switch (kind) {
    case WITNESS_CLANG:
        return witness_clang_binding(at, spec, target, own->bindings, arena, &row->diag);
    case WITNESS_DWARF:
        if (!headers_are_read_by_dwarf(row->target)) {
            if (!witness_dwarf_system(at, spec, target, own, arena, &row->diag))
                return 0;
            n_read = 1;
        }
        return witness_dwarf_binding(at + n_read, spec, target, own, arena, &row->diag) ? n_read + 1
                                                                                        : 0;
    case WITNESS_COMPILE:
        witness_compile(at, SUBJECT_SYSTEM, spec, target, facts, own, arena);
        witness_compile(at + 1, SUBJECT_BINDING, spec, target, facts, own, arena);
        return 2;
    case WITNESS_RUN:
        witness_run(at, SUBJECT_SYSTEM, spec, target, own, arena);
        witness_run(at + 1, SUBJECT_BINDING, spec, target, own, arena);
        return 2;
    case WITNESS_BEHAVE:
        return witness_behave(at, spec, target, own, arena);
    case WITNESS_LINK:
        return witness_link(at, spec, target, facts, own, arena);
    default:
        return witness_boot(at, spec, row->boot, arena);
    }
}

/* Hears a set of witnesses; false if one could not be asked at all. */
static bool hear_all(struct row *row, unsigned set, const struct work_place *own)
{
    for (unsigned kind = 0; kind < N_WITNESS_KINDS; kind++) {
        size_t n;
        if ((set & 1U << kind) == 0)
            continue;
        n = hear(row, &row->witnesses[row->n_witnesses], kind, own);
        row->n_witnesses += n;
        if (n == 0) {
            row->n_witnesses = 0; /* an unreadable row claims no witness */
            return false;
        }
    }
    return true;
}

void row_probe(struct row *row, const struct work_place *place)
{
    struct work_place own = work_place_of(place, row->spec, row->target, &row->arena);
    unsigned char *agreed;
    unsigned set;
    bool is_heard;
    int lock;

    row->verdict = VERDICT_UNREADABLE;
    if (!headers_read(&row->system, row->spec, row->target, place, &row->arena, &row->diag))
        return;
    set = choose(row, &own);
    if (row->system.absent != NULL) {
        row->verdict = VERDICT_NOT_CHECKED;
        return;
    }
    lock = work_place_lock(&own, &row->arena, &row->diag);
    if (lock < 0)
        return;
    is_heard = hear_all(row, set, &own);
    build_unlock(lock);
    if (!is_heard)
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
