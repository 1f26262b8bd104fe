/* sources.h - which source of a spec gives what.
 *
 * In: a spec, a target, and something that the spec names. Out: the source, that is the set of
 * headers in one translation unit, in which it is declared on this target.
 */
#ifndef ABIPROOF_SOURCES_H
#define ABIPROOF_SOURCES_H

#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"

/* The source whose headers give a constant of this group on this target. */
const struct spec_source *constants_source(const struct spec *spec, const struct target *target,
                                           const struct spec_constants *group);

/* The source whose headers give this fact; NULL if the spec has no such item. */
const struct spec_source *fact_source(const struct spec *spec, const struct target *target,
                                      const struct fact *fact);

#endif
