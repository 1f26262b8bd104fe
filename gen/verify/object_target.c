/* object_target.c - which target an object is for; see verify.h.
 *
 * In: an object. Out: a row of the table of targets. A file says its machine, its word size, its
 * byte order and flags, and the table says which of these each target has; nothing here knows any
 * machine. Which system it is for is object_system.c's to find out; where nothing tells, Linux is
 * taken, and a message says so.
 */
#include "verify/verify.h"

#include <string.h>

#include "verify/object_system.h"

/* What an object that tells nothing is taken for. */
static const char usual_system[] = "linux";

static bool fits(const struct target *target, const struct container *container,
                 const struct targets *targets)
{
    return strcmp(target->machine_name, container->machine) == 0 &&
           target->bits == container->bits &&
           (strcmp(target->endian, "big") == 0) == container->is_big_endian &&
           system_is_elf(&targets->systems, target->os) == container->is_elf;
}

static bool has_flags_of(const struct target *target, const struct container *container)
{
    const struct elf_flags *flags = target->e_flags;

    return flags == NULL || (container->elf_flags & flags->mask) == flags->value;
}

/* True if the object may be for this system: there are no others, or it is among them. */
static bool may_be_for(const struct object_systems *systems, const struct target *target)
{
    for (size_t i = 0; i < systems->n; i++)
        if (strcmp(systems->items[i]->name, target->os) == 0)
            return true;
    return systems->n == 0;
}

static bool has_system(const struct target *const *targets, size_t n, const char *os)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(targets[i]->os, os) == 0)
            return true;
    return false;
}

/* The targets that the object may be for: of its machine, width and byte order, on its systems. Of
 * several on one system, those with flags of their own come first, in the table's order: what is
 * meant is the first that fits. */
static const struct target **candidates(const struct container *container,
                                        const struct targets *targets,
                                        const struct object_systems *systems, struct arena *arena,
                                        size_t *n)
{
    const struct target **found = NULL;
    *n = 0;
    for (int has_flags = 1; has_flags >= 0; has_flags--)
        for (unsigned i = 0; i < targets->n; i++) {
            const struct target *target = &targets->items[i];
            if ((target->e_flags != NULL) == has_flags && fits(target, container, targets) &&
                has_flags_of(target, container) && may_be_for(systems, target) &&
                !has_system(found, *n, target->os))
                ARENA_PUSH(arena, found, *n, target);
        }
    return found;
}

/* "aarch64, 64 bits, little endian, ELF" */
static const char *describe(struct arena *arena, const struct container *container)
{
    return arena_printf(arena, "%s, %d bits, %s endian, %s", container->machine, container->bits,
                        container->is_big_endian ? "big" : "little",
                        container->is_elf ? "ELF" : "Mach-O");
}

const struct target *verify_target(const struct container *container, const struct targets *targets,
                                   struct arena *arena, struct diag *diag)
{
    struct location where = {container->path, 0, 0};
    struct object_systems systems = object_systems(container, &targets->systems, arena);
    size_t n;
    const struct target **found = candidates(container, targets, &systems, arena, &n);

    if (n == 0) {
        diag_error(diag, where, "no target has its machine%s%s: %s; `abiproof targets` lists them",
                   systems.n == 1 ? " on " : "", systems.n == 1 ? systems.items[0]->name : "",
                   describe(arena, container));
        return NULL;
    }
    for (size_t i = 0; i < n && n > 1 && systems.n == 0; i++)
        if (strcmp(found[i]->os, usual_system) == 0) {
            diag_notice(diag, where,
                        "it does not name its system: taken as %s; --target says otherwise",
                        found[i]->name);
            return found[i];
        }
    if (n == 1)
        return found[0];
    struct str names = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        str_addf(&names, " %s", found[i]->name);
    diag_error(diag, where, "it does not say for which system it is: give --target, one of%s",
               str_text(&names));
    return NULL;
}

bool verify_target_fits(const struct container *container, const struct targets *targets,
                        const struct target *target, struct arena *arena, struct diag *diag)
{
    struct object_systems systems = object_systems(container, &targets->systems, arena);

    /* Flags are left out: not every compiler sets them. Nor do traces refuse what somebody asks for. */
    if (fits(target, container, targets) && (!systems.is_certain || may_be_for(&systems, target)))
        return true;
    bool is_one = systems.is_certain && systems.n == 1;
    diag_error(diag, (struct location){container->path, 0, 0},
               "expected an object for %s, got one for %s%s%s", target->name,
               describe(arena, container), is_one ? ", " : "",
               is_one ? systems.items[0]->name : "");
    return false;
}
