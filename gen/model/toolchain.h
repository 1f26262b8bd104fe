/* toolchain.h - what this machine has to compile for a target, and how it is used.
 *
 * In: a target of the table, as targets_load found it on this machine. Out: the beginning of its
 * compiler's command line, and what its header set has or lacks.
 */
#ifndef ABIPROOF_TOOLCHAIN_H
#define ABIPROOF_TOOLCHAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/target.h"

/* Why the target's headers cannot be read: none of its header sets is there. NULL if one is. */
const char *missing_headers(const struct target *target, struct arena *arena);

/* True if the target's header set has this header. */
bool header_exists(const struct target *target, const char *header);

/* Appends to argv the target's compiler, the search path of its headers and what they need
 * defined. */
void compiler_begin(const struct target *target, struct arena *arena, const char ***argv,
                    size_t *n);

#endif
