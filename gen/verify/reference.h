/* reference.h - the kernel's side of a comparison, by name.
 *
 * In: a target. Out: its facts: the committed ones of all specs (abi_probes/facts), which need no
 * headers and no compiler, and what further headers declare, if somebody asks for them. Committed
 * facts are those that `gen --check` and `prove` compare with the headers.
 */
#ifndef ABIPROOF_REFERENCE_H
#define ABIPROOF_REFERENCE_H

#include "base/diag.h"
#include "base/grouping.h"
#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/headers.h"

/* Targets on which a record has the same bytes: one of them, and how many they are. */
struct reference_layout {
    struct reference *first;
    size_t n;
};

/* The layouts that a record has. */
struct reference_layouts {
    struct reference_layout *items;
    size_t n;
    size_t own; /* the number of the target's own */
};

/* One spec's facts on the target. */
struct reference_part {
    const struct spec *spec;
    struct facts facts;              /* sorted */
    const struct header_enum *enums; /* of headers: the constants of each are among the facts of
                                        this part or of one before it */
    size_t n_enums;
    bool is_reread; /* from the headers: locations are lines of headers, not of files of
                           facts */
    struct grouping
        requests; /* constants that are requests of ioctl, as far as headers were read */
    /* Of the facility on every target, by elsewhere.c, as far as somebody asked. */
    bool is_elsewhere_read;
    struct reference **elsewhere;
    size_t n_elsewhere;
    struct grouping layout_records;    /* records whose layouts are known */
    struct reference_layouts *layouts; /* by their numbers */
    size_t n_layouts;
};

/* Where an enumeration is: the number of its part, and its own in there. */
struct reference_enum {
    size_t part;
    size_t index;
};

struct reference {
    const struct target *target;
    struct arena *arena;
    struct reference_part *parts;
    size_t n;
    struct grouping enums;           /* names of all enumerations ... */
    struct reference_enum *of_enums; /* ... by their number in there */
    struct grouping paths;           /* macros that name fields within fields ... */
    const char **of_paths;           /* ... and what they stand for, by their number in there */
};

/* Reads the committed facts of one spec on the target, checked as facts_check does. facts->arena
 * must be set; `root` is the folder of the tree, with a slash, or "". Returns false after
 * reporting. */
bool reference_read(struct facts *facts, const struct target *target, const struct spec *spec,
                    const char *root, struct diag *diag);

/* Reads the committed facts of every spec that covers the target. Returns false after reporting. */
bool reference_load(struct reference *reference, struct arena *arena, const struct target *target,
                    const struct specs *specs, const char *root, struct diag *diag);

/* The path of the spec that stands for headers without one. */
extern const char reference_headers[];

/* What to look for in headers that no spec has. */
struct reference_query {
    enum fact_kind kind; /* FACT_RECORD, FACT_CONSTANT or FACT_SYSCALL */
    const char *name;
};

/* Headers of a target's header set that are included together, and what is defined before them. */
struct reference_headers {
    const char *const *files; /* "asm/stat.h" */
    size_t n_files;
    const char *const *defines; /* NAME or NAME=VALUE */
    size_t n_defines;
};

/* Reads everything that the groups of headers declare, and what they include: as parts, one per
 * group, first what they show as they are, then what feature macros show besides. A name is in the
 * first part that has it alone. Returns false after reporting a header that is not there or cannot
 * be read. */
bool reference_add_headers(struct reference *reference, const struct reference_headers *groups,
                           size_t n_groups, const struct workspace *workspace, struct diag *diag);

/* Finds out whether headers declare a name with one more macro before them that a program may
 * define, such as _FILE_OFFSET_BITS=64. Returns the macro, NULL if none of them shows it. */
const char *reference_macro_for(const struct reference *reference,
                                const struct reference_headers *groups, size_t n_groups,
                                const char *name);

/* True for a part that is of headers, and of no spec; and which ones these are. */
bool reference_is_of_headers(const struct reference_part *part);
struct reference_headers reference_headers_of(const struct reference_part *part);

/* Reads the named things from the headers and adds them as one more part. Returns false after
 * reporting: a header or name that is not there. */
bool reference_add(struct reference *reference, const struct reference_headers *headers,
                   const struct reference_query *queries, size_t n_queries,
                   const struct workspace *workspace, struct diag *diag);

/* Reads the part again, from the headers, so that its locations are theirs. Without headers, or if
 * they cannot be read, it stays as it is, and a note says so. */
void reference_reread(struct reference *reference, struct reference_part *part,
                      const struct workspace *workspace, struct diag *diag);

/* Finds an enumeration of headers by name; *part (may be NULL) gets the one that has it. NULL if
 * there is none. */
const struct header_enum *reference_find_enum(const struct reference *reference, const char *name,
                                              struct reference_part **part);

/* The path of fields that C has a name for: "ifr_ifrn.ifrn_name" for ifr_name. NULL if no header
 * that was read whole defines it. */
const char *reference_path(const struct reference *reference, const char *name);

/* Finds a fact by kind and name; *part (may be NULL) gets the one that has it. NULL if there is
 * none. */
const struct fact *reference_find(const struct reference *reference, enum fact_kind kind,
                                  const char *name, struct reference_part **part);

#endif
