/* comparison.h - one comparison of facts under way: the ground of judge.c and split.c.
 *
 * In: what is compared, how strictly, and where findings go. Out: findings, and what both files
 * have to know: which bytes mean nothing, and in which order they stand.
 */
#ifndef ABIPROOF_COMPARISON_H
#define ABIPROOF_COMPARISON_H

#include <stdbool.h>

#include "model/facts.h"
#include "model/findings.h"
#include "model/spec.h"

/* How much may differ. */
enum judge_mode {
    JUDGE_SAME,    /* two views of one thing: everything both can see must agree */
    JUDGE_MODEL,   /* a binding and what it models: padding, splits and alignment are its own choice
                    */
    JUDGE_FOREIGN, /* as MODEL, and names of types, the shape of what fills the same bytes and the
                      types of constants are its own choice too: anybody's, in any language */
};

/* How two sets of facts are compared. */
struct judge_options {
    enum judge_mode mode;
    bool is_complete; /* a fact that is missing from what is under test is a finding, too */
    const char *const *verbatim; /* fields, "epoll_event.data", in which the kernel keeps bits for
                                    the program: how these are cut up is the binding's choice */
    size_t n_verbatim;
    const struct spec *spec;    /* what says of which field a constant is; NULL: nothing does */
    const struct facts *system; /* with spec: where such fields are */
};

/* Among the attributes that agree: nothing but its place says what the field is. */
enum { AGREED_BY_PLACE = 1 << FACT_ATTRS_MAX };

struct split;

/* One comparison under way. */
struct comparison {
    struct findings *findings;
    const struct facts *expected;
    const struct facts *got;
    enum judge_mode mode;
    bool is_complete;
    struct finding_scope scope;
    const char *const *verbatim;
    size_t n_verbatim;
    const struct spec *spec;
    const struct facts *system;
    unsigned char *agreed;
    bool *used;          /* facts of `got` that stand for something expected */
    struct split *split; /* of split.c; NULL until a field is in pieces */
    int bits;            /* of a pointer */
};

/* Adds a finding about a fact. Either may be NULL, not both. */
void judge_add_finding(struct comparison *comparison, const char *kind, enum severity severity,
                       const struct fact *expected, const struct fact *got, const char *want,
                       const char *have);

/* Bytes that mean nothing, by the names that kernels and bindings give them. */
bool judge_is_padding(const char *name);

/* The byte order that the facts name; little if they name none. */
bool judge_is_little(const struct facts *facts);

#endif
