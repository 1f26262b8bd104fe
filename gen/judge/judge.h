/* judge.h - compares the evidence of two witnesses.
 *
 * In: facts taken as right, facts under test. Out: findings. Padding is no fact: a binding may pad
 * explicitly and may split a field, as long as the parts cover the same bytes with the same
 * meaning.
 */
#ifndef ABIPROOF_JUDGE_H
#define ABIPROOF_JUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/comparison.h"
#include "model/facts.h"
#include "model/findings.h"

/* Compares `got` with `expected`, both sorted, adding a finding for every disagreement. An
 * attribute that either side lacks is not compared. agreed (NULL or one byte per expected fact):
 * gets the attributes in which both sides agree, as bits (1 << FIELD_SIZE), or AGREED_BY_PLACE. */
void judge(struct findings *findings, const struct facts *expected, const struct facts *got,
           const struct judge_options *options, struct finding_scope scope, unsigned char *agreed);

#endif
