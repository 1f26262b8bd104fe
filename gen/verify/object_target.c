/* object_target.c - which target an object is for; see verify.h.
 *
 * In: an object. Out: a row of the table of targets. A file says its machine, its word size, its
 * byte order and flags, and the table says which of these each target has; nothing here knows any
 * machine. What system it is for a file says only sometimes (in the header's OS/ABI byte, or in a
 * note section), and Linux is what the others mean, unless a name is asked for that Linux lacks.
 */
#include "verify/verify.h"

#include <elf.h>
#include <string.h>

static bool is_elf(const struct container *container)
{
    return container->n_bytes >= EI_NIDENT && memcmp(container->bytes, ELFMAG, SELFMAG) == 0;
}

/* "linux", "freebsd", ...; NULL where the file does not say. */
static const char *system_of(const struct container *container)
{
    if (!is_elf(container))
        return "macos";
    if (container_section(container, ".note.openbsd.ident") >= 0)
        return "openbsd";
    if (container_section(container, ".note.netbsd.ident") >= 0)
        return "netbsd";
    switch (container->bytes[EI_OSABI]) {
    case ELFOSABI_FREEBSD:
        return "freebsd";
    case ELFOSABI_NETBSD:
        return "netbsd";
    case ELFOSABI_OPENBSD:
        return "openbsd";
    case ELFOSABI_GNU:
        return "linux";
    default:
        return container_section(container, ".note.ABI-tag") >= 0 ? "linux" : NULL;
    }
}

static bool fits(const struct target *target, const struct container *container)
{
    return strcmp(target->machine_name, container->machine) == 0 &&
           target->bits == container->bits &&
           (strcmp(target->endian, "big") == 0) == container->is_big_endian;
}

static bool has_flags_of(const struct target *target, const struct container *container)
{
    const struct elf_flags *flags = target->e_flags;

    return flags == NULL || (container->elf_flags & flags->mask) == flags->value;
}

/* True if the file says this system, or none. */
static bool may_be_for(const char *system, const struct target *target)
{
    return system == NULL || strcmp(target->os, system) == 0;
}

static bool has_system(const struct target *const *targets, size_t n, const char *os)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(targets[i]->os, os) == 0)
            return true;
    return false;
}

/* The targets that the object may be for: of its machine, width and byte order, on its system, or
 * on any where it does not say. Of several on one system, those with flags of their own come first,
 * in the table's order: what is meant is the first that fits. */
static const struct target **candidates(const struct container *container,
                                        const struct targets *targets, struct arena *arena,
                                        size_t *n)
{
    const char *system = system_of(container);

    const struct target **found = NULL;
    *n = 0;
    for (int has_flags = 1; has_flags >= 0; has_flags--)
        for (unsigned i = 0; i < targets->n; i++) {
            const struct target *target = &targets->items[i];
            if ((target->e_flags != NULL) == has_flags && fits(target, container) &&
                has_flags_of(target, container) && may_be_for(system, target) &&
                !has_system(found, *n, target->os))
                ARENA_PUSH(arena, found, *n, target);
        }
    return found;
}

const struct target *verify_target(const struct container *container, const struct targets *targets,
                                   verify_has_names_fn *has_names, void *context,
                                   struct arena *arena, struct diag *diag)
{
    size_t n, n_having = 0;
    const struct target **found = candidates(container, targets, arena, &n), *having = NULL;
    struct str names = {.arena = arena};

    for (size_t i = 0; i < n; i++) {
        if (n == 1 || strcmp(found[i]->os, "linux") == 0) {
            if (n == 1 || has_names(found[i], context))
                return found[i];
            continue;
        }
        if (has_names(found[i], context)) {
            having = found[i];
            n_having++;
            str_addf(&names, " %s", found[i]->name);
        }
    }
    if (n_having == 1)
        return having;
    if (n == 0)
        diag_error(diag, (struct location){container->path, 0, 0},
                   "no target has its machine: %s, %d bits, %s endian%s; `abiproof targets` lists "
                   "them",
                   container->machine, container->bits, container->is_big_endian ? "big" : "little",
                   is_elf(container) ? "" : ", Mach-O");
    else if (n_having > 1)
        diag_error(diag, (struct location){container->path, 0, 0},
                   "it does not say for which system it is: give --target, one of%s",
                   str_text(&names));
    else
        return found[0];
    return NULL;
}

bool verify_target_fits(const struct container *container, const struct target *target,
                        struct diag *diag)
{
    const char *system = system_of(container);

    /* Flags are left out: not every compiler sets them. */
    if (fits(target, container) && may_be_for(system, target))
        return true;
    diag_error(diag, (struct location){container->path, 0, 0},
               "expected an object for %s, got one for %s, %d bits, %s endian%s%s", target->name,
               container->machine, container->bits, container->is_big_endian ? "big" : "little",
               system != NULL ? ", " : "", system != NULL ? system : "");
    return false;
}
