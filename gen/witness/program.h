/* program.h - probes: which there are, how they are built, how their output is read.
 *
 * In: a spec, a target, its compiler. Out: programs without libc, and the facts that a program's
 * output holds. Who runs them is somebody else's matter: run.c, boot_machine.c.
 */
#ifndef ABIPROOF_PROGRAM_H
#define ABIPROOF_PROGRAM_H

#include "witness/witness.h"

enum program_kind {
    PROGRAM_SYSTEM,  /* prints the layout that the system's headers give; one per source */
    PROGRAM_BINDING, /* prints the layout of the binding */
    PROGRAM_BEHAVE,  /* tries what the kernel does */
    PROGRAM_CALL,    /* calls the wrappers of the binding, and records what they ask */
    N_PROGRAM_KINDS
};

struct program {
    enum program_kind kind;
    const char *name;     /* of the file in the build folder */
    const char *source;   /* path of the C file */
    const char *selector; /* preprocessor option that picks the part, NULL for none */
    const char
        *asserts; /* option that switches the binding's own assertions off, NULL to keep them */
};

struct programs {
    struct program *items;
    size_t n;
};

/* True if what the program prints is about the binding; false: about the system. */
bool program_is_of_binding(enum program_kind kind);

/* True if it prints every fact of its subject, so that what it leaves out is missing. */
bool program_is_complete(enum program_kind kind);

/* All programs of a spec. */
struct programs programs_of(const struct spec *spec, const struct workspace *workspace,
                            struct arena *arena);

/* Builds the program into workspace->build, which is locked. Returns its path, or NULL after adding
 * a remark. */
const char *program_build(struct evidence *evidence, const struct program *program,
                          const struct target *target, const struct workspace *workspace,
                          struct arena *arena);

/* Adds the facts that the program printed; garbage is a remark. */
void program_collect(struct evidence *evidence, const struct program *program, const char *output,
                     struct arena *arena);

#endif
