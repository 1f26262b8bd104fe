/* headers.c - see headers.h. */
#include "witness/headers.h"

#include "model/calltype.h"
#include "witness/build.h"

static bool read_headers(struct evidence *system, const struct spec *spec,
                         const struct target *target, const struct workspace *workspace,
                         struct arena *arena, struct diag *diag)
{
    if (!target_is_read_by_dwarf(target))
        return witness_clang_system(system, spec, target, arena, diag);

    struct workspace own = workspace_of(workspace, spec, target, arena);
    int lock = workspace_lock(&own, arena, diag);
    if (lock < 0)
        return false;
    bool is_read = witness_dwarf_system(system, spec, target, &own, arena, diag);
    build_unlock(lock);
    return is_read;
}

bool headers_read(struct evidence *system, const struct spec *spec, const struct target *target,
                  const struct workspace *workspace, struct arena *arena, struct diag *diag)
{
    return read_headers(system, spec, target, workspace, arena, diag) &&
           calltype_check_width(arena, spec, target, &system->facts, diag);
}
