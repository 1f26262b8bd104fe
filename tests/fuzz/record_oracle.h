/* record_oracle.h - whether what the judge says about a pair of records is true.
 *
 * In: a pair of records, and the judge's answer. Out: a complaint, or nothing.
 *
 * Design: nothing of the judge is used. For each bit of the record this knows which fields have it,
 * under which name, as which sort of value and with which weight, by plain loops over all fields of
 * both sides. What the judge calls proved must then be true of every bit. Names have many spellings,
 * so two questions are asked of them: whether they could be the same at all, and whether they surely
 * are; the judge decides freely in between.
 */
#ifndef ABIPROOF_FUZZ_RECORD_ORACLE_H
#define ABIPROOF_FUZZ_RECORD_ORACLE_H

#include "model/findings.h"
#include "record_pair.h"

/* What the judge says of one field of the system. */
enum verdict {
    VERDICT_NONE,     /* nothing agrees, or not everything */
    VERDICT_PARTLY,   /* place and size agree, and the type was not compared */
    VERDICT_BY_PLACE, /* nothing but its place says what it is */
    VERDICT_PROVED,
};

struct answer {
    enum verdict verdicts[NODES_MAX]; /* by number of the system's node */
    const struct findings *findings;
};

/* Looks for a statement that is not true, or that contradicts another. Returns a line about the
 * first one, in memory of `arena`, or NULL. */
const char *record_oracle(struct arena *arena, const struct record_pair *pair,
                          const struct answer *answer);

/* Judges the pair and asks the oracle: what the harness and the unit tests do. Returns NULL, or a
 * text of both records, the findings and the complaint. */
const char *record_oracle_try(struct arena *arena, const struct record_pair *pair);

#endif
