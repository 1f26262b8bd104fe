/* target.h - the table of targets, gen/targets.yaml.
 *
 * In: the table and the machine it is read on. Out: per target what is really there: the header
 * set, the compiler, the way to run its programs. A thing that is not there is NULL with a reason
 * to give.
 */
#ifndef ABIPROOF_TARGET_H
#define ABIPROOF_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/machine.h"
#include "model/system.h"

/* How sure a statement is: the best witness that really ran. Ordered. */
enum tier { TIER_NONE, TIER_READ, TIER_COMPILED, TIER_RUN, TIER_BOOTED, N_TIERS };

/* "read", "compiled", ... and back; TIER_NONE for an unknown name. */
const char *tier_name(enum tier tier);
enum tier tier_of(const char *name);

/* Raw system calls: registers by name, as assemblers spell them. */
struct syscall_convention {
    const char *source;
    const char *instruction;
    const char *block; /* the instruction with more arguments than `args` names, else NULL */
    const char *number;
    const char **args;
    unsigned n_args;
    const char *result;
    bool destroys_args;
    const char *word; /* type that fills a register, NULL if a long does */
    const char **clobbers;
    unsigned n_clobbers;
};

/* Bits of e_flags in the header of an ELF file: those under `mask` are `value`. */
struct elf_flags {
    uint32_t mask;
    uint32_t value;
};

/* A kernel that can be booted under qemu-system. */
struct kernel {
    /* As written in the table. */
    const char *name;
    const char *architecture; /* as Debian names it; "all" of a package of sources */
    const char **packages;
    unsigned n_packages;
    const char **releases;
    unsigned n_releases;
    const char *build; /* words for make, with CROSS_COMPILE=; NULL if Debian has the image */
    const char *machine;
    const char *console;

    /* What this machine has. */
    const char *image;     /* path of the kernel; NULL if it is not there */
    const char *package;   /* name and version of the package that it comes from */
    const char **emulator; /* argv of `machine`; NULL if there is no such program */
    unsigned n_emulator;
    const char *unavailable; /* why it cannot be booted here; NULL if it can */
};

struct target {
    /* As written in the table; its head comment explains each. */
    const char *name;
    const char *os;
    const char *triple;
    const char *when;
    int bits;
    const char *endian;
    const char *machine_name;
    const struct elf_flags *e_flags; /* NULL: its objects have none of their own */
    unsigned sigset;                 /* bytes, 0 where there is none */
    const char *label;
    const char **headers;
    unsigned n_headers;
    const char **defines; /* NAME or NAME=VALUE, as the compiler's option -D takes them */
    unsigned n_defines;
    const char **newer;
    unsigned n_newer;
    const char *debian; /* NULL: no package of Debian is used */
    const char *libc;
    const char **cc;
    unsigned n_cc;
    const char *flags;
    const char *link;
    const char **libraries;
    unsigned n_libraries;
    const char *emulator;
    const char *reader; /* the witness that reads the headers: "clang", or "dwarf" where clang's
                           layout is none or wrong */
    const char *rt;
    const char **boot;
    unsigned n_boot;
    struct syscall_convention *syscall;

    /* What follows from it. */
    const struct machine *machine; /* the one of machine_name */
    const char
        *gnu; /* the triple that its GNU tools start with: "x86_64-linux-gnu"; NULL: it is not
                        known to have any */

    /* What this machine has. */
    const char **include; /* search path of the first complete header set, NULL if there is none */
    unsigned n_include;
    const char **compiler; /* argv of the first compiler found, NULL if there is none */
    unsigned n_compiler;
    const char **flag_words; /* argv of `flags` */
    unsigned n_flag_words;
    const char **link_words; /* argv of `link` */
    unsigned n_link_words;
    const char **library_path; /* as `include`; empty where the compiler knows its own */
    unsigned n_library_path;
    const char *runner; /* the emulator; "" = the machine runs it itself; NULL = nothing does */
    /* The first kernel of `boot` that can be booted here, else the first; NULL without `boot`. */
    const struct kernel *kernel;

    /* The same target with the header sets of `newer` in the place of `headers`, for specs that ask
     * for them; NULL if the table has none. `own` leads back to the row of the table. */
    const struct target *with_newer;
    const struct target *own;
};

struct targets {
    struct target *items;
    unsigned n;
    struct kernel *kernels;
    unsigned n_kernels;
    struct machines machines;
    struct systems systems;
};

/* Reads gen/targets.yaml under root ("" or a path with a final slash) and looks up what this
 * machine has. Returns false after reporting. */
bool targets_load(struct targets *targets, struct arena *arena, const char *root,
                  struct diag *diag);

/* Finds a target by name, NULL if there is none. */
struct target *targets_find(const struct targets *targets, const char *name);

/* The tier that the table promises for the target on a machine that has everything, kernels to boot
 * not counted. */
enum tier target_promised_tier(const struct target *target);

/* True if the target's headers are read from the debug information of its compiler, and not by
 * libclang. */
bool target_is_read_by_dwarf(const struct target *target);

/* Preprocessor name of the target in bindings: x86_64-linux -> RAW_TARGET_X86_64_LINUX. */
const char *target_macro(struct arena *arena, const struct target *target);

#endif
