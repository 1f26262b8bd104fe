/* environment.h - which of our environment reaches compilers, emulators and libclang.
 *
 * In: the environment that we were started with. Out: the same without what would change, unseen,
 * what is read, built or computed.
 *
 * Design: a proof must be about the headers and the tools that the report names. A variable that
 * puts another folder in front of the headers (CPATH), another compiler behind the driver
 * (COMPILER_PATH), other options into it (CCC_OVERRIDE_OPTIONS), other code into any program
 * (LD_PRELOAD), or another processor under a probe (QEMU_CPU) makes it about something else, and no
 * key of what is kept on disk knows. libclang reads them too, within this process, so they are
 * taken out of it and not only kept from its children. A project's own build commands are not ours
 * to judge: they get them back.
 *
 * LD_LIBRARY_PATH and SDKROOT stay, since tools may not be found without them: a key has their
 * values (witness/build.c).
 */
#ifndef ABIPROOF_ENVIRONMENT_H
#define ABIPROOF_ENVIRONMENT_H

#include <stddef.h>

/* Takes those variables out of our environment. Once, before the first thread. */
void environment_clean(void);

/* What was taken out, n of them, each "NAME=VALUE"; valid until the end of the program. */
const char *const *environment_removed(size_t *n);

#endif
