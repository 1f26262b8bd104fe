/* homonym.h - names that the C library, the kernel's headers and system calls give to different
 * structs.
 *
 * In: gen/homonyms.yaml. Out: its rows.
 */
#ifndef ABIPROOF_HOMONYM_H
#define ABIPROOF_HOMONYM_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

struct homonym {
    const char *name;
    const char *libc;   /* "signal.h" */
    const char *kernel; /* "asm/signal.h"; NULL: no header of the kernel's has it */
    const char *call;   /* what system calls take, as a phrase */
    const char *differ; /* how, as a phrase */
    const char *source;
    const char *target;   /* one on which libc's and the kernel's differ ... */
    const char **defines; /* ... with these macros before libc's header */
    unsigned n_defines;
};

struct homonyms {
    struct homonym *items;
    unsigned n;
};

/* Reads the table; root is the folder of the tree, with a slash, or "". Everything lives in the
 * arena. Returns false after reporting: it cannot be read, or a name is there twice. */
bool homonyms_load(struct homonyms *homonyms, struct arena *arena, const char *root,
                   struct diag *diag);

/* Finds a name; NULL if it has no homonym. */
const struct homonym *homonym_find(const struct homonyms *homonyms, const char *name);

/* Appends the row for people: where each struct is, and how they differ. */
void homonym_print(struct str *out, const struct homonym *homonym);

#endif
