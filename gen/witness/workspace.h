/* workspace.h - where witnesses find things and put things.
 *
 * In: the folders of one run. Out: the folders of one spec on one target below them, which belong
 * to one process at a time.
 */
#ifndef ABIPROOF_WORKSPACE_H
#define ABIPROOF_WORKSPACE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/spec.h"
#include "model/target.h"

struct build_cache;
struct workspace {
    const char *root;          /* of the repository: "" or a path with a final slash */
    const char *bindings;      /* folder of the C bindings under test */
    const char *build;         /* folder for what is compiled, of this spec and target alone */
    const char *shared;        /* folder for what all specs of this target share */
    const char *boot;          /* folder for what is booted */
    struct build_cache *cache; /* of this run, NULL for none */
    int timeout_ms;            /* bound for each program that is run */
};

/* The folders of one spec on one target, below `build` of the run. Paths are in the arena. */
struct workspace workspace_of(const struct workspace *run, const struct spec *spec,
                              const struct target *target, struct arena *arena);

/* Appends to a compiler's argv the folder of the bindings, for #include "NAME.h" alone: libc has a
 * <poll.h> and a <sched.h>, too. */
void workspace_bindings(const struct workspace *workspace, struct arena *arena, const char ***argv,
                        size_t *n);

/* Makes the build folder ours until build_unlock (build.h): another abiproof waits. Returns a
 * handle, or -1 after reporting. */
int workspace_lock(const struct workspace *own, struct arena *arena, struct diag *diag);

#endif
