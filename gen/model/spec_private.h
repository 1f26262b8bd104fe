/* spec_private.h - what the files that read specs share, and nobody else includes. */
#ifndef ABIPROOF_SPEC_PRIVATE_H
#define ABIPROOF_SPEC_PRIVATE_H

#include "model/spec.h"

/* Reports every name in the spec that refers to nothing. name: what its file is called. */
void spec_check(const struct spec *spec, const char *name, struct diag *diag);

#endif
