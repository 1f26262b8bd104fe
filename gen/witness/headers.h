/* headers.h - what the system's own headers say: the facts that everything is compared with.
 *
 * In: a spec and a target. Out: the facts that the target's headers give for the spec. Who reads
 * them is a column of the table of targets: libclang, or the target's own compiler through the
 * debug information of an object, where libclang's layout for the target is none, or wrong.
 */
#ifndef ABIPROOF_HEADERS_H
#define ABIPROOF_HEADERS_H

#include <stdbool.h>

#include "witness/witness.h"

/* Reads the headers of one spec on one target. target: with the header set that the spec is read
 * from (spec_target). place: of the run; where a compiler is needed, the build folder of this spec
 * and target is locked meanwhile. Returns false after reporting what is broken: a header, the spec,
 * or the folder. No header set, or no compiler, is no error: system->missing says so. */
bool headers_read(struct evidence *system, const struct spec *spec, const struct target *target,
                  const struct workspace *workspace, struct arena *arena, struct diag *diag);

/* A name that headers declare. */
struct header_name {
    enum fact_kind kind; /* FACT_RECORD by its tag or a typedef, FACT_ALIAS, FACT_CONSTANT,
                            FACT_FUNCTION, FACT_SYSCALL without "__NR_" */
    const char *name;
};

/* An enumeration that headers declare. */
struct header_enum {
    const char *name; /* its tag, or the typedef of one without a tag */
    const char **members;
    size_t n_members;
};

/* A macro by which C names a field within a record or union of a record: ifr_name of ifreq. */
struct header_path {
    const char *name;
    const char *path; /* "ifr_ifrn.ifrn_name" */
};

struct header_names {
    struct header_name *items;
    size_t n;
    struct header_enum *enums; /* those whose names are among the constants */
    size_t n_enums;
    struct header_path *paths;
    size_t n_paths;
};

/* Lists everything that the headers of the spec's first source declare for the target, and what
 * they include: each name once, and the enumerations that have a name and more than one member. A
 * macro is listed if its value is an integer, or if it is a path of fields. names: zeroed; its
 * strings are in the arena. Returns false after reporting a header that is missing or broken. */
bool headers_list(struct header_names *names, const struct spec *spec, const struct target *target,
                  struct arena *arena, struct diag *diag);

/* What the target's headers are of: "Linux 6.1" by linux/version.h, else "x86_64-macos". */
const char *headers_title(struct arena *arena, const struct target *target);

#endif
