/* plan.h - what one run of `abiproof verify` is to do.
 *
 * In: the command line, and an abiproof.yaml if one is named or found. Out: a list of objects, each
 * with its target, one request for all, waivers, and what must be proved at the end. The command
 * line adds to the file, but `--target` chooses: what the file says of other targets waits for
 * another run.
 */
#ifndef ABIPROOF_PLAN_H
#define ABIPROOF_PLAN_H

#include "base/grouping.h"
#include "cmd/session.h"
#include "verify/config.h"
#include "verify/verify.h"

struct plan_object {
    const char *path;
    const struct target *target;        /* NULL: it says it itself */
    const struct config_objects *group; /* of the file that lists it: --target chooses it or not,
                                           and says nothing of it; NULL: an operand */
    const char *file;                   /* its path without links; NULL: it has none */
};

/* A target that must be proved, or an item on every target that was looked at. */
struct plan_requirement {
    const char *what;            /* "arm-linux", "epoll_event", "EPOLL*", "syscall:epoll_wait" */
    const struct target *target; /* NULL: it is an item */
    struct location where;       /* in the file; no file: on the command line */
};

struct plan {
    struct verify_request request; /* the target is each object's */
    struct plan_object *objects;
    size_t n_objects;
    struct grouping files; /* those that the objects are, by the same numbers */
    size_t n_failed; /* groups of objects with a build, a pattern or an object that is wrong; each
                        is reported */
    struct waivers waivers;
    struct plan_requirement *requirements;
    size_t n_requirements;
    struct yaml_places places; /* of the file's texts; empty: there is none */
    bool strict;
};

/* Fills in what the command line and the file (NULL: none) say for all objects alike; the target is
 * that of the command line. Returns false after reporting into the session. */
bool plan_make_request(struct verify_request *request, struct session *session,
                       const struct config *config);

/* Makes the plan; with --build, builds what the file says. Returns false after reporting into the
 * session: then nothing can be verified. What only one object lacks is reported and counted, and
 * the others are in the plan. A file that is listed twice is there once, with what was given first,
 * and a line on stderr reports it. */
bool plan_make(struct plan *plan, struct session *session);

/* True if the object turned out to be of a target that --target leaves out. */
bool plan_excludes(const struct session *session, const struct plan_object *object,
                   const struct verification *verification);

/* ---- at the end: plan_check.c ---- */

/* Adds a finding `not-proved` for every requirement that the verified objects do not meet. */
void plan_check_required(const struct plan *plan, const struct verification *const *verified,
                         size_t n_verified, struct findings *findings);

/* A package in which no verified object has anything: it may be misspelt. */
struct unused_package {
    const char *name;
    const char *by; /* who named it: "--in", or "abiproof.yaml:5" */
};

/* Finds the unused packages of the command line, and unless --target or --spec left something out
 * of the file, those of the file too. Returns their number; *unused gets them, in the session's
 * arena. */
size_t plan_check_packages(const struct plan *plan, const struct session *session,
                           const struct verification *const *verified, size_t n_verified,
                           struct unused_package **unused);

/* Waives, in all items and in `findings`, what the plan's waivers accept, and adds findings about
 * waivers to `findings`. is_whole: every object could be read. */
void plan_waive(struct plan *plan, const struct verification *const *verified, size_t n_verified,
                struct findings *findings, bool is_whole);

#endif
