/* judge.h - compares what two witnesses say.
 *
 * In: facts taken as right, facts under test. Out: findings. Padding is no fact: a binding may pad
 * explicitly and may split a field, as long as the parts cover the same bytes with the same
 * meaning.
 */
#ifndef ABIPROOF_JUDGE_H
#define ABIPROOF_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/facts.h"
#include "base/str.h"
#include "witness/witness.h"

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
    const char *spec; /* NULL when two files are compared */
    const char *subject;
    const char **targets; /* where it holds */
    size_t n_targets;
    const char **witnesses; /* who saw it */
    size_t n_witnesses;
    struct place reference; /* header of the system, or first file */
    struct place place;     /* binding, or second file; may be empty */
    const char *waived;     /* why somebody accepted it; NULL: nobody has */
    struct place waiver;    /* where that is written */
};

struct findings {
    struct arena *arena; /* set this, zero the rest */
    struct finding *items;
    size_t n;
};

/* Where a comparison is made: copied into each finding. Any may be NULL. */
struct judge_context {
    const char *spec;
    const char *target;
    const char *witness;
    const char *subject;
};

/* How much may differ. */
enum judge_mode {
    JUDGE_SAME,    /* two views of one thing: everything both can see must agree */
    JUDGE_MODEL,   /* a binding and what it models: padding, splits and alignment are its own choice
                    */
    JUDGE_FOREIGN, /* as MODEL, and names of types, the shape of what fills the same bytes and the
                      types of constants are its own choice too: anybody's, in any language */
};

/* Compares `got` with `expected`, both sorted, adding a finding for every disagreement. An
 * attribute that either side lacks is not compared. is_complete: a fact that `got` lacks is a
 * finding too. agreed (NULL or one byte per expected fact): gets the attributes in which both sides
 * agree, as bits (1 << FIELD_SIZE). */
void judge(struct findings *findings, const struct facts *expected, const struct facts *got,
           enum judge_mode mode, bool is_complete, struct judge_context context,
           unsigned char *agreed);

/* Adds a finding that is no comparison of facts; texts are copied. */
void findings_add(struct findings *findings, const char *kind, enum severity severity,
                  const char *item, const char *expected, const char *got, struct place reference,
                  struct place place, struct judge_context context);

/* Adds all of `more`, which are of one target like those of `findings`: what several witnesses saw
 * becomes one finding. */
void findings_merge(struct findings *findings, const struct findings *more);

/* Makes one finding of those that the same witnesses saw on several targets. */
void findings_collapse(struct findings *findings);

/* Sorts for printing: errors first, then by spec, item and kind; waived ones last. */
void findings_sort(struct findings *findings);

/* Number of findings of a severity, without those that are waived. */
size_t findings_count(const struct findings *findings, enum severity severity);

#endif
