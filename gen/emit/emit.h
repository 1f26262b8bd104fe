/* emit.h - facts in, files out.
 *
 * In: specs, and the facts of each of their targets. Out: named texts; nothing is written here, so
 * that an error leaves every file as it was. One emitter per kind of file: a row of the table in
 * emit.c. README.md says how to add one.
 */
#ifndef ABIPROOF_EMIT_H
#define ABIPROOF_EMIT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/facts.h"
#include "model/language.h"
#include "model/spec.h"
#include "model/target.h"

/* The facts of one target. */
struct emit_on {
    const struct target *target;
    const struct facts *facts;
};

/* One spec with all targets that it covers, in the order of the target table. */
struct emit_job {
    const struct spec *spec;
    const char *module; /* what its file and module are called; NULL: as the spec */
    struct emit_on *on;
    size_t n_on;

    /* Of an emitter whose language the table of languages has: `on` are the targets that it can
     * name, and these are the others. Else NULL and none. */
    const struct language *language;
    const struct target **unsupported;
    size_t n_unsupported;
};

struct emit_file {
    const char *path; /* relative to the root of the repository */
    struct str text;
};

struct emit_files {
    struct arena *arena; /* set this, zero the rest */
    struct emit_file *items;
    size_t n;
};

struct emitter {
    const char *name;  /* what --lang selects */
    const char *about; /* what it writes, for --help: a few words */
    bool is_language;  /* bindings, which a row of gen/languages.yaml proves */
    bool needs_words;  /* for targets, of that row: without one there are no bindings */
    /* Patterns as of the shell, ended by NULL, of all files that it may write. A file there that
     * nobody writes any more was left behind, and `gen --check` reports it. */
    const char *const *folders;
    /* Files that belong to all specs together; NULL if there are none. */
    void (*emit_common)(struct emit_files *files, const struct targets *targets,
                        const struct emit_job *jobs, size_t n_jobs);
    /* The files of one spec. What cannot be expressed is reported. */
    void (*emit)(struct emit_files *files, const struct emit_job *job, struct diag *diag);
};

extern const struct emitter emit_c, emit_rust, emit_d, emit_zig, emit_nim, emit_go, emit_probe,
    emit_call, emit_golden;

/* All emitters, ended by NULL. */
extern const struct emitter *const emitters[];

/* What the job's file and module are called. */
const char *emit_name(const struct emit_job *job);

/* Starts a file and returns its text, valid until the next call. */
struct str *emit_start(struct emit_files *files, const char *path);

#endif
