/* toolchain.c - see toolchain.h.
 *
 * Design: what a header says must not depend on the release of the compiler that reads it, so every
 * command line begins with what undoes the defaults in which releases differ.
 */
#include "model/toolchain.h"

#include <string.h>
#include <unistd.h>

const char *missing_headers(const struct target *target, struct arena *arena)
{
    bool is_fetched = strstr(target->headers[0], "build/headers/") != NULL;

    if (target->include != NULL)
        return NULL;
    return arena_printf(arena, "no header set: looked for %s%s", target->headers[0],
                        is_fetched ? "; ci/fetch-headers brings it" : "");
}

bool header_exists(const struct target *target, const char *header)
{
    struct arena arena = {NULL};
    bool found = false;

    for (unsigned i = 0; i < target->n_include && !found; i++)
        found = access(arena_printf(&arena, "%s/%s", target->include[i], header), R_OK) == 0;
    arena_release(&arena);
    return found;
}

void compiler_begin(const struct target *target, struct arena *arena, const char ***argv, size_t *n)
{
    for (unsigned i = 0; i < target->n_compiler; i++)
        ARENA_PUSH(arena, *argv, *n, target->compiler[i]);
    for (unsigned i = 0; i < target->n_include; i++) {
        ARENA_PUSH(arena, *argv, *n, "-isystem");
        ARENA_PUSH(arena, *argv, *n, target->include[i]);
    }
    for (unsigned i = 0; i < target->n_defines; i++)
        ARENA_PUSH(arena, *argv, *n, arena_printf(arena, "-D%s", target->defines[i]));
    /* Debian 13's compilers predefine both as 64 on targets with 32-bit longs, which turns libc's
     * timespec and symbols into others. What a header says must not depend on the release. */
    ARENA_PUSH(arena, *argv, *n, "-U_TIME_BITS");
    ARENA_PUSH(arena, *argv, *n, "-U_FILE_OFFSET_BITS");
}
