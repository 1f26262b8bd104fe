/* driver.h - what a compiler is made of.
 *
 * In: the name of a compiler's driver, `m68k-linux-gnu-gcc`. Out: the files that compile when it is
 * called, and how it calls them.
 */
#ifndef ABIPROOF_DRIVER_H
#define ABIPROOF_DRIVER_H

#include <stddef.h>

#include "base/arena.h"

struct driver {
    const char **files; /* paths: the driver first; the compiler proper, as, ld, spec files, ... */
    size_t n_files;
    const char *calls; /* what the driver prints of how it calls them, "" if it prints nothing */
};

/* Looks up a driver, in PATH unless it has a slash, and asks it what it calls. A program that is no
 * driver, or one that does not answer, is made of itself alone. Without any file if there is no
 * such program. In the arena. */
struct driver driver_of(struct arena *arena, const char *program);

#endif
