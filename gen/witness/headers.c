/* headers.c - see headers.h. */
#include "witness/headers.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
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

const char *headers_title(struct arena *arena, const struct target *target)
{
    static const char mark[] = "LINUX_VERSION_CODE ";

    for (unsigned i = 0; i < target->n_include; i++) {
        const char *text =
            out_read(arena, arena_printf(arena, "%s/linux/version.h", target->include[i]), NULL);
        const char *at = text != NULL ? strstr(text, mark) : NULL;
        if (at == NULL)
            continue;
        unsigned long code = strtoul(at + strlen(mark), NULL, 10);
        return arena_printf(arena, "Linux %lu.%lu", code >> 16, code >> 8 & 0xff);
    }
    return target->name;
}
