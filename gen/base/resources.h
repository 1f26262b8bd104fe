/* resources.h - what a program that builds and runs others must find: programs, files, room.
 *
 * In: the environment of this process, and the folder where it builds. Out: whether work can be done
 * there. A compiler that fails for want of any of these fails as one does on a wrong binding, and a
 * report must not mistake one for the other.
 */
#ifndef ABIPROOF_RESOURCES_H
#define ABIPROOF_RESOURCES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/diag.h"

/* Lets this process, and those that it starts, open as many files as it may. */
void resources_raise_limits(void);

/* True if PATH names a folder, enough files may be open, and `folder`, or the nearest one above it
 * that is there, has least_bytes of room. Reports what is missing. */
bool resources_check(const char *folder, uint64_t least_bytes, struct diag *diag);

#endif
