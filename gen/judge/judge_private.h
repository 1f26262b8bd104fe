/* judge_private.h - what the files judge*.c share, and nobody else includes. */
#ifndef ABIPROOF_JUDGE_PRIVATE_H
#define ABIPROOF_JUDGE_PRIVATE_H

#include "judge/judge.h"

/* One comparison under way. */
struct trial {
    struct findings *findings;
    const struct facts *expected;
    const struct facts *got;
    enum judge_mode mode;
    bool is_complete;
    struct finding_scope scope;
    unsigned char *agreed;
    bool *used; /* facts of `got` that stand for something expected */
    int bits;   /* of a pointer */
};

/* Adds a finding about a fact. Either may be NULL, not both. */
void judge_accuse(struct trial *trial, const char *kind, enum severity severity,
                  const struct fact *expected, const struct fact *got, const char *want,
                  const char *have);

/* Bytes that mean nothing, by the names that kernels and bindings give them. */
bool judge_is_padding(const char *name);

/* A sign that no value reaches: both types are integers of 64 bits. */
bool judge_is_wide_sign(const char *expected, const char *got);

/* Sees whether other fields of the binding cover this one, which is number `index` of those
 * expected. */
void judge_split(struct trial *trial, const struct fact *whole, size_t index);

/* Looks at a field of anybody's binding that stands for nothing. */
void judge_idle(struct trial *trial, const struct fact *got);

#endif
