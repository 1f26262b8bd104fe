/* workspace.c - see workspace.h. */
#include "witness/workspace.h"

#include <errno.h>
#include <string.h>

#include "witness/build.h"

struct work_place work_place_of(const struct work_place *run, const struct spec *spec,
                                const struct target *target, struct arena *arena)
{
    struct work_place own = *run;

    own.shared = arena_printf(arena, "%s/%s", run->build, target->name);
    own.build = arena_printf(arena, "%s/%s", own.shared, spec->name);
    return own;
}

void work_place_bindings(const struct work_place *place, struct arena *arena, const char ***argv,
                         size_t *n)
{
    ARENA_PUSH(arena, *argv, *n, "-iquote");
    ARENA_PUSH(arena, *argv, *n, place->bindings);
}

int work_place_lock(const struct work_place *own, struct arena *arena, struct diag *diag)
{
    int lock = build_lock(arena, own->build);

    if (lock < 0)
        diag_error(diag, (struct place){own->build, 0, 0}, "cannot use the build folder: %s",
                   strerror(errno));
    return lock;
}
