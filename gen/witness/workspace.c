/* workspace.c - see workspace.h. */
#include "witness/workspace.h"

#include <errno.h>
#include <string.h>

#include "witness/build.h"

struct workspace workspace_of(const struct workspace *run, const struct spec *spec,
                              const struct target *target, struct arena *arena)
{
    struct workspace own = *run;

    own.shared = arena_printf(arena, "%s/%s", run->build, target->name);
    own.build = arena_printf(arena, "%s/%s", own.shared, spec->name);
    return own;
}

void workspace_bindings(const struct workspace *workspace, struct arena *arena, const char ***argv,
                        size_t *n)
{
    ARENA_PUSH(arena, *argv, *n, "-iquote");
    ARENA_PUSH(arena, *argv, *n, workspace->bindings);
}

int workspace_lock(const struct workspace *own, struct arena *arena, struct diag *diag)
{
    int lock = build_lock(arena, own->build);

    if (lock < 0)
        diag_error(diag, (struct location){own->build, 0, 0}, "cannot use the build folder: %s",
                   strerror(errno));
    return lock;
}
