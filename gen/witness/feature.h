/* feature.h - which feature macro would show a name that a spec misses.
 *
 * In: a spec, a target, a way to read the spec's headers, and the name of something that they do
 * not show. Out: words to put behind the error. A macro is only named after the headers were read
 * with it and the name was there.
 */
#ifndef ABIPROOF_FEATURE_H
#define ABIPROOF_FEATURE_H

#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"

/* Reads the headers of a spec into facts, without reporting what is missing. */
typedef void (*feature_read_fn)(struct facts *facts, const struct spec *spec, const void *context);

/* The readings made so far for one spec and target: each is made once, when first needed. */
struct features {
    const struct spec *spec;
    const struct target *target;
    struct arena *arena;
    feature_read_fn read;
    const void *context;  /* of read */
    struct facts **tried; /* NULL before the first question */
};

/* "; it is there with `defines: [_GNU_SOURCE]` in source 'library'", or "" if no macro helps or
 * the source has it already. In the arena. */
const char *features_hint(struct features *features, enum fact_kind kind, const char *name);

#endif
