/* check.h - one spec on one target: a row of the matrix.
 *
 * In: a spec, a target, a workspace. Out: the evidence of every witness, the judge's findings, and
 * a verdict that never claims more than what really ran. Checks do not depend on each other: each
 * has its own memory and messages, so that workers share nothing and one failing check hides no
 * other.
 */
#ifndef ABIPROOF_CHECK_H
#define ABIPROOF_CHECK_H

#include "judge/judge.h"
#include "model/spec.h"
#include "model/target.h"
#include "judge/waive.h"
#include "witness/witness.h"

enum verdict {
    VERDICT_PROVED,      /* all facts agree, at the tier that the target table promises */
    VERDICT_PARTLY,      /* what was checked agrees, but something promised was not there, or was
                            left out by choice */
    VERDICT_NOT_CHECKED, /* no witness beside the headers could run */
    VERDICT_FINDINGS,    /* at least one error */
    VERDICT_WAIVED,      /* errors, all of which somebody accepted */
    VERDICT_UNREADABLE,  /* the headers or the spec are broken: see the messages */
};

/* "proved", "partly", ... */
const char *verdict_name(enum verdict verdict);

struct check {
    const struct spec *spec;
    const struct target *target; /* with the header set that the spec is read from */
    const struct boot *boot; /* of the target; NULL if none was requested, or it has no kernel */
    unsigned requested;      /* set of the witnesses to run; 0: all that the target has */
    struct arena arena;
    struct diag diag;
    struct evidence system;     /* the headers: what everything is compared with */
    struct evidence *witnesses; /* what each that ran has collected, in the order of the table */
    size_t n_witnesses;
    unsigned excluded;          /* set of those that would have run without --witness */
    struct remarks unsupported; /* those that were requested and that the target does not have:
                                   name, why */
    struct findings findings;
    size_t n_facts;      /* that the headers give */
    size_t n_checked;    /* of them, seen the same by a second witness on the system */
    size_t n_behaviours; /* promises of the kernel that were measured */
    enum tier tier;      /* the highest that really ran for both system and binding */
    enum verdict verdict;
};

/* A check for every pair of the chosen specs and targets that belong together, in the order of
 * specs and of the target table. */
struct checks {
    struct check *items;
    size_t n;
    bool is_selection; /* specs have targets that were not chosen: never "all" */
};
void checks_make(struct checks *checks, struct arena *arena, const struct specs *specs,
                 const struct targets *targets, bool verbose);
void checks_release(struct checks *checks);

/* True if a witness of the check measured this behaviour. */
bool check_has_behaviour(const struct check *check, const char *name);

/* Adds a finding for each name of the facility that the headers define and the spec forgot. The
 * headers were read. */
void check_find_unbound(const struct check *check, struct findings *findings);

/* Runs the witnesses that were requested and judges: fills in everything. The reader of the headers
 * runs in any case, since everything is compared with it. */
void check_run(struct check *check, const struct workspace *workspace);

/* True if every witness that the table has for the target ran. */
bool check_is_complete(const struct check *check);

/* Marks the check's findings that a waiver accepts; if no error is left that is the verdict. */
void check_waive(struct check *check, struct waivers *waivers, const char *today);

#endif
