/* comparison.h - one comparison of facts under way: the ground of judge.c and split.c.
 *
 * In: what is compared, how strictly, and where findings go. Out: findings, and what both files
 * have to know of names and types: which bytes mean nothing, and which signs no value reaches.
 */
#ifndef ABIPROOF_COMPARISON_H
#define ABIPROOF_COMPARISON_H

#include <stdbool.h>

#include "model/facts.h"
#include "model/findings.h"

/* How much may differ. */
enum judge_mode {
    JUDGE_SAME,    /* two views of one thing: everything both can see must agree */
    JUDGE_MODEL,   /* a binding and what it models: padding, splits and alignment are its own choice
                    */
    JUDGE_FOREIGN, /* as MODEL, and names of types, the shape of what fills the same bytes and the
                      types of constants are its own choice too: anybody's, in any language */
};

struct split;

/* One comparison under way. */
struct comparison {
    struct findings *findings;
    const struct facts *expected;
    const struct facts *got;
    enum judge_mode mode;
    bool is_complete;
    struct finding_scope scope;
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

/* A sign that no value reaches: both types are integers of 64 bits. */
bool judge_is_wide_sign(const char *expected, const char *got);

#endif
