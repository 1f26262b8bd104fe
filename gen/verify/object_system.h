/* object_system.h - which systems an object may be for.
 *
 * In: an object, and the systems of the table of targets. Out: those that it says or hints at.
 */
#ifndef ABIPROOF_OBJECT_SYSTEM_H
#define ABIPROOF_OBJECT_SYSTEM_H

#include "base/bytes.h"
#include "model/system.h"
#include "object/container.h"

struct object_systems {
    const struct system **items;
    size_t n;        /* 0: nothing in it tells its system from another */
    bool is_certain; /* by the file's format, its header, a note or its interpreter; else there are
                     only traces of the compiler or of the C library, which may be of several */
};

/* Looks for what says a system, and where there is none for what hints at one: the C library that
 * it is linked with, then its compiler's comment, symbols, and last the header's byte. The first of these that any system
 * has decides. The list is in the arena. */
struct object_systems object_systems(const struct container *container,
                                     const struct systems *systems, struct arena *arena);

#endif
