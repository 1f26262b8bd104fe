/* waive.h - findings that somebody accepted, with a reason and for how long.
 *
 * In: waivers, from a file with a list of that name, and findings of single targets. Out: the same
 * findings, some of them marked as waived; and findings about the waivers themselves.
 *
 * Design: a waiver can hide nothing. What it accepts is still counted and shown, it ends on its
 * day, and when there is nothing left for it to accept it becomes a finding.
 *
 *     waivers:
 *       - kind: bad-width              # as the report prints it
 *         item: epoll_event.data       # or a pattern: EPOLL*
 *         targets: ["*-linux"]         # names or patterns; left out: every target
 *         reason: the compiler for m68k cannot have it
 *         expiry: 2027-06-30           # last day on which it holds, UTC; left out: no end
 */
#ifndef ABIPROOF_WAIVE_H
#define ABIPROOF_WAIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/findings.h"
#include "base/yaml.h"
#include "model/target.h"

struct waiver {
    const char *kind;     /* of the findings: exactly this */
    const char *item;     /* '*' stands for any text */
    const char **targets; /* the same; none: every target */
    unsigned n_targets;
    const char *reason;
    const char *expiry; /* "2027-06-30"; NULL: no end */

    /* The rest is not in the file. */
    struct location where;
    bool *is_used; /* one for each of targets, or one in all: it accepted something */
};

struct waivers {
    struct waiver *items;
    unsigned n;
};

/* The keys of one row, for files that have more in them than waivers. */
extern const struct yaml_record waiver_schema;

/* Checks what the schema cannot, in waivers that were read from a file, and notes where they are.
 * Returns false after reporting. */
bool waivers_check(struct waivers *waivers, struct arena *arena, const struct yaml_places *places,
                   struct diag *diag);

/* Reads a file that holds waivers alone and adds them to a list made by this or by ARENA_PUSH.
 * Returns false after reporting. */
bool waivers_load(struct waivers *waivers, struct arena *arena, const char *path,
                  struct diag *diag);

/* Checks that there are findings of the waivers' kinds, by gen/explanations.yaml under root ("" or
 * a path with a final slash), and that each of their patterns matches one of all targets. A
 * misspelt one would never accept anything. Returns false after reporting. */
bool waivers_check_names(const struct waivers *waivers, struct arena *arena, const char *root,
                         const struct targets *all, struct diag *diag);

/* Marks every finding that a waiver accepts, and keeps in mind which waivers did. A finding on
 * several targets of which only some are accepted becomes two. today: "2026-11-24"; a waiver whose
 * last day is past accepts nothing. */
void waive(struct findings *findings, struct waivers *waivers, const char *today);

/* Adds a finding for every waiver whose last day is past (`expired-waiver`), and, unless the run
 * left something out that could tell, for every one that accepted nothing on targets that were
 * looked at (`unused-waiver`). Call it after the last `waive`. */
void waivers_review(struct findings *findings, const struct waivers *waivers, const char *today,
                    const char *const *looked_at, size_t n_looked_at, bool is_whole);

/* Today's date in UTC, "2026-11-24". */
const char *waive_today(struct arena *arena);

#endif
