/* findings.h - what was found to disagree, and lists of it.
 *
 * In: one disagreement at a time, with where it holds and who saw it. Out: a list in which each is
 * there once, in an order for people. What the kinds mean is judge/explain.h's matter.
 */
#ifndef ABIPROOF_FINDINGS_H
#define ABIPROOF_FINDINGS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/grouping.h"

enum severity {
    SEVERITY_NOTE,  /* right today and worth knowing; counts only with --strict */
    SEVERITY_ERROR, /* bytes, values, numbers or calls are wrong */
};

struct finding {
    const char *kind; /* stable, kebab-case: "bad-size" */
    enum severity severity;
    const char *item; /* "epoll_event.data" */
    const char *expected;
    const char *got;
    const char
        *layouts;     /* of the record on other targets: "12 bytes on x86_64; 16 bytes elsewhere";
                            NULL: nothing is known, or another finding of it has it */
    const char *spec; /* NULL when two files are compared */
    const char *subject;
    const char **targets; /* where it holds */
    size_t n_targets;
    const char **witnesses; /* who saw it */
    size_t n_witnesses;
    struct location reference; /* header of the system, or first file */
    struct location location;  /* binding, or second file; may be empty */
    const char *waived;        /* why somebody accepted it; NULL: nobody has */
    struct location waiver;    /* where that is written */
};

struct findings {
    struct arena *arena; /* set this, zero the rest */
    struct finding *items;
    size_t n;
};

/* Where a comparison is made: copied into each finding. Any may be NULL. */
struct finding_scope {
    const char *spec;
    const char *target;
    const char *witness;
    const char *subject;
};

/* Adds a finding that is no comparison of facts; texts are copied. */
void findings_add(struct findings *findings, const char *kind, enum severity severity,
                  const char *item, const char *expected, const char *got,
                  struct location reference, struct location location, struct finding_scope scope);

/* Adds all of `more`, which are of one target like those of `findings`: what several witnesses saw
 * becomes one finding. */
void findings_merge(struct findings *findings, const struct findings *more);

/* Adds all of `more` as they are. */
void findings_append(struct findings *findings, const struct findings *more);

/* Makes one finding of those that the same witnesses saw on several targets. */
void findings_collapse(struct findings *findings);

/* Enters the items that findings are about, as keys of `items`, to find out by grouping_find
 * whether one is about something. */
void findings_items(const struct findings *findings, struct grouping *items);

/* Sorts for printing: errors first, then by spec, item and kind; waived ones last. */
void findings_sort(struct findings *findings);

/* Number of findings of a severity, without those that are waived. */
size_t findings_count(const struct findings *findings, enum severity severity);

#endif
