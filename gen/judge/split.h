/* split.h - fields that a binding models in other pieces than the system.
 *
 * In: a comparison, and a field of one side that has no field of its name on the other. Out:
 * findings, where the bytes of that field are not covered by what stands there instead.
 */
#ifndef ABIPROOF_SPLIT_H
#define ABIPROOF_SPLIT_H

#include <stddef.h>

#include "judge/comparison.h"

/* Sees whether other fields of the binding cover this one, which is number `index` of those
 * expected. */
void judge_split(struct comparison *comparison, const struct fact *whole, size_t index);

#endif
