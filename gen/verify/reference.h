/* reference.h - the kernel's side of a comparison, by name.
 *
 * In: a target. Out: its facts: the committed ones of all specs (abi_probes/facts), which need no
 * headers and no compiler, and what further headers declare, if somebody asks for them. Committed
 * facts are those that `gen --check` and `prove` compare with the headers.
 */
#ifndef ABIPROOF_REFERENCE_H
#define ABIPROOF_REFERENCE_H

#include "base/diag.h"
#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/witness.h"

/* One spec's facts on the target. */
struct reference_part {
    const struct spec *spec;
    struct facts facts; /* sorted */
    bool is_reread;     /* from the headers: locations are lines of headers, not of files of
                           facts */
    bool is_elsewhere_read;
    struct reference **elsewhere; /* the facility's on every target, by elsewhere.c */
    size_t n_elsewhere;
};

struct reference {
    const struct target *target;
    struct arena *arena;
    struct reference_part *parts;
    size_t n;
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

/* Reads everything that `headers` of the target's header set declare, and what they include, and
 * adds it as one more part: first what they show as they are, with `defines` (NAME, NAME=VALUE)
 * before them; then, as a part of its own, what feature macros show besides. Returns false after
 * reporting a header that is not there or cannot be read. */
bool reference_add_headers(struct reference *reference, const char *const *headers,
                           size_t n_headers, const char *const *defines, size_t n_defines,
                           const struct workspace *workspace, struct diag *diag);

/* True for a part that is of headers, and of no spec. */
bool reference_is_of_headers(const struct reference_part *part);

/* Reads the named things from `headers` of the target's header set ("asm/stat.h") and adds them as
 * one more part. Returns false after reporting: a header or name that is not there. */
bool reference_add(struct reference *reference, const char *const *headers, size_t n_headers,
                   const struct reference_query *queries, size_t n_queries,
                   const struct workspace *workspace, struct diag *diag);

/* Reads the part again, from the headers, so that its locations are theirs. Without headers, or if
 * they cannot be read, it stays as it is, and a note says so. */
void reference_reread(struct reference *reference, struct reference_part *part,
                      const struct workspace *workspace, struct diag *diag);

/* Finds a fact by kind and name; *part (may be NULL) gets the one that has it. NULL if there is
 * none. */
const struct fact *reference_find(const struct reference *reference, enum fact_kind kind,
                                  const char *name, struct reference_part **part);

#endif
