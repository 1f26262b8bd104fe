/* bound.h - what a spec binds under a name.
 *
 * In: a spec. Out: its entry for each name, found at once: the headers of a source declare thousands
 * of names, and a spec of whole headers has as many.
 */
#ifndef ABIPROOF_BOUND_H
#define ABIPROOF_BOUND_H

#include "base/grouping.h"
#include "model/spec.h"

/* What is bound under one name; NULL: nothing of this kind. */
struct bound {
    const struct spec_record *record;
    const struct spec_alias *alias;
    const struct spec_constants *constants; /* the group that lists it */
    const struct spec_call *call;
};

struct bound_names {
    struct grouping names;
    struct bound *items;
};

/* Enters all names of the spec, which must live as long. */
struct bound_names bound_names_of(struct arena *arena, const struct spec *spec);

/* What is bound under the name: all NULL if nothing is. */
struct bound bound_by(const struct bound_names *bound, const char *name);

#endif
