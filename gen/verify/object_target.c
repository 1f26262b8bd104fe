/* object_target.c - which target an object is for; see verify.h.
 *
 * In: an object. Out: a row of the table of targets. A file says its machine, its word size and its
 * byte order; what system it is for it says only sometimes (in the header's OS/ABI byte, or in a
 * note section), and Linux is what the others mean, unless a name is asked for that Linux lacks.
 */
#include "verify/verify.h"

#include <elf.h>
#include <string.h>

#include "base/bytes.h"

/* In e_flags: MIPS release 6, which older copies of elf.h do not know. */
#define MIPS_ARCH_32R6 0x90000000U
#define MIPS_ARCH_64R6 0xa0000000U

/* Architectures of the table by what their objects say. */
static const struct shape {
    const char *arch; /* of the target's name */
    const char *machine;
    int bits;
    char endian;               /* 'l', 'b', or ' ' for either */
    uint32_t flag_mask, flags; /* of e_flags */
} shapes[] = {
    {"x86_64", "x86_64", 64, 'l', 0, 0},
    {"x32", "x86_64", 32, 'l', 0, 0},
    {"i386", "i386", 32, 'l', 0, 0},
    {"aarch64", "aarch64", 64, 'l', 0, 0},
    {"arm", "arm", 32, 'l', 0, 0},
    {"armhf", "arm", 32, 'l', 0, 0},
    {"riscv64", "riscv", 64, 'l', 0, 0},
    {"riscv32", "riscv", 32, 'l', 0, 0},
    {"loongarch64", "loongarch", 64, 'l', 0, 0},
    {"ppc64le", "ppc64", 64, 'l', 0, 0},
    {"ppc64", "ppc64", 64, 'b', 0, 0},
    {"powerpc64", "ppc64", 64, 'b', 0, 0},
    {"powerpc", "ppc", 32, 'b', 0, 0},
    {"s390x", "s390", 64, 'b', 0, 0},
    {"mips64r6", "mips", 64, 'b', (uint32_t)EF_MIPS_ARCH, MIPS_ARCH_64R6},
    {"mips64r6el", "mips", 64, 'l', (uint32_t)EF_MIPS_ARCH, MIPS_ARCH_64R6},
    {"mips64", "mips", 64, 'b', 0, 0},
    {"mips64el", "mips", 64, 'l', 0, 0},
    {"mipsn32", "mips", 32, 'b', EF_MIPS_ABI2, EF_MIPS_ABI2},
    {"mipsn32el", "mips", 32, 'l', EF_MIPS_ABI2, EF_MIPS_ABI2},
    {"mipsr6", "mips", 32, 'b', (uint32_t)EF_MIPS_ARCH, MIPS_ARCH_32R6},
    {"mipsr6el", "mips", 32, 'l', (uint32_t)EF_MIPS_ARCH, MIPS_ARCH_32R6},
    {"mips", "mips", 32, 'b', 0, 0},
    {"mipsel", "mips", 32, 'l', 0, 0},
    {"sparc64", "sparc64", 64, 'b', 0, 0},
    {"sparc", "sparc", 32, 'b', 0, 0},
    {"m68k", "m68k", 32, 'b', 0, 0},
    {"alpha", "alpha", 64, 'l', 0, 0},
    {"hppa", "hppa", 32, 'b', 0, 0},
    {"sh4", "sh", 32, 'l', 0, 0},
    {"arc", "arc", 32, 'l', 0, 0},
};

static bool is_elf(const struct container *container)
{
    return container->n_bytes >= EI_NIDENT && memcmp(container->bytes, ELFMAG, SELFMAG) == 0;
}

static uint32_t elf_flags(const struct container *container)
{
    size_t at =
        container->bits == 64 ? offsetof(Elf64_Ehdr, e_flags) : offsetof(Elf32_Ehdr, e_flags);

    if (!is_elf(container) || container->n_bytes < at + 4)
        return 0;
    return (uint32_t)bytes_get(container->bytes + at, 4, container->is_big_endian);
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

static bool fits(const struct shape *shape, const struct container *container, uint32_t flags)
{
    return strcmp(shape->machine, container->machine) == 0 && shape->bits == container->bits &&
           shape->endian == (container->is_big_endian ? 'b' : 'l') &&
           (flags & shape->flag_mask) == shape->flags;
}

static bool is_arch(const struct target *target, const char *arch)
{
    size_t length = strlen(arch);

    return strncmp(target->name, arch, length) == 0 && target->name[length] == '-';
}

/* The targets of the object's architecture on its system, or on any where it does not say. Of ABIs
 * that share everything but flags (mips64 and mips64r6) the first that fits is meant. */
static const struct target **candidates(const struct container *container,
                                        const struct targets *targets, struct arena *arena,
                                        size_t *n)
{
    const char *system = system_of(container);
    uint32_t flags = elf_flags(container);
    const struct target **found = NULL;

    *n = 0;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (!fits(&shapes[i], container, flags))
            continue;
        for (unsigned k = 0; k < targets->n; k++) {
            const struct target *target = &targets->items[k];
            bool is_known = false;
            for (size_t j = 0; j < *n; j++)
                is_known = is_known || strcmp(found[j]->os, target->os) == 0;
            if (is_arch(target, shapes[i].arch) && !is_known &&
                (system == NULL || strcmp(target->os, system) == 0))
                ARENA_PUSH(arena, found, *n, target);
        }
    }
    return found;
}

const struct target *verify_target(const struct container *container, const struct targets *targets,
                                   verify_has_wanted_fn *has_wanted, void *context,
                                   struct arena *arena, struct diag *diag)
{
    size_t n, n_having = 0;
    const struct target **found = candidates(container, targets, arena, &n), *having = NULL;
    struct str names = {.arena = arena};

    for (size_t i = 0; i < n; i++) {
        if (n == 1 || strcmp(found[i]->os, "linux") == 0) {
            if (n == 1 || has_wanted(found[i], context))
                return found[i];
            continue;
        }
        if (has_wanted(found[i], context)) {
            having = found[i];
            n_having++;
            str_addf(&names, " %s", found[i]->name);
        }
    }
    if (n_having == 1)
        return having;
    if (n == 0)
        diag_error(diag, (struct place){container->path, 0, 0},
                   "no target has its machine: %s, %d bits, %s endian%s; `abiproof targets` lists "
                   "them",
                   container->machine, container->bits, container->is_big_endian ? "big" : "little",
                   is_elf(container) ? "" : ", Mach-O");
    else if (n_having > 1)
        diag_error(diag, (struct place){container->path, 0, 0},
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
    bool is_machine = false;

    /* Flags are left out: not every compiler sets them. */
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0] && !is_machine; i++)
        is_machine =
            is_arch(target, shapes[i].arch) && fits(&shapes[i], container, shapes[i].flags);
    if (is_machine && (system == NULL || strcmp(target->os, system) == 0))
        return true;
    diag_error(diag, (struct place){container->path, 0, 0},
               "expected an object for %s, got one for %s, %d bits, %s endian%s%s", target->name,
               container->machine, container->bits, container->is_big_endian ? "big" : "little",
               system != NULL ? ", " : "", system != NULL ? system : "");
    return false;
}
