/* language.h - the table of languages, gen/languages.yaml.
 *
 * In: the table. Out: per language and compiler, which targets it can name, and the commands that
 * make an object with debug information of a file in it. Nothing is run here.
 */
#ifndef ABIPROOF_LANGUAGE_H
#define ABIPROOF_LANGUAGE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/facts.h"
#include "model/target.h"

/* A target that the language can name. */
struct language_target {
    const char *name;
    const char *word; /* the compiler's own word for it; NULL: the target's triple */
    const char *arch; /* the language's for its architecture; NULL: what its name begins with */
};

/* How a binding spells the kernel's names: a pattern per kind of fact in which '*' stands for the
 * kernel's name, "raw_*". NULL: like the kernel. */
struct language_names {
    const char *record;
    const char *constant;
    const char *function;
    const char *syscall;   /* its number */
    const char *wrapper;   /* the function that makes the system call; NULL: none can be seen */
    const char *alignment; /* a constant, of a record; NULL: none can be seen */
    const char *alias;     /* a constant of that type; NULL: none can be seen */
};

/* By what debug information is known to be a compiler's. NULL: it is not. */
struct language_wrote {
    const char *language; /* "C", as in struct dwarf_unit */
    const char *producer; /* a pattern, "LDC*" */
};

/* By what its own library is known in debug information: any of these is enough. */
struct language_own {
    const char **packages; /* first parts of qualified names: "syscall", "core" */
    unsigned n_packages;
    const char **folders; /* patterns of where it was compiled, or of what declares it */
    unsigned n_folders;
};

struct language {
    /* As written in the table; its head comment explains each. */
    const char *name;
    const char *title;
    const char *language;
    struct language_target *targets;
    unsigned n_targets; /* 0: all */
    const char **programs;
    unsigned n_programs;
    const char *brings;
    const char *compile;
    struct language_wrote wrote;
    const char *leaves_out; /* what the compiler does not write; NULL: it is not known */
    const char *shown_by;
    bool misaligns; /* the alignment that it writes of a record is not the record's */
    struct language_own own;
    const char *binding; /* NULL: bindings in it are not generated */
    const char *unit;    /* NULL: the binding itself is compiled */
    const char *source;  /* with unit */
    struct language_names names;
    unsigned holds;       /* set of kinds of facts, 1U << FACT_RECORD */
    unsigned lacks;       /* the same: kinds that no binding in it can have */
    const char **without; /* specs that it cannot express, which have no binding in it */
    unsigned n_without;
};

struct languages {
    struct language *items;
    unsigned n;
    const char **path;
    unsigned n_path;
};

/* Reads gen/languages.yaml under root ("" or a path with a final slash); the names of targets must
 * be among `targets`. Returns false after reporting. */
bool languages_load(struct languages *languages, struct arena *arena, const char *root,
                    const struct targets *targets, struct diag *diag);

/* The language's own word for a target, which its commands know as $T; NULL if it cannot name the
 * target, or its compiler makes no objects for it. */
const char *language_word(const struct language *language, const struct target *target);

/* The row by which bindings in a language are generated and proved: the first one with `binding` of
 * that language; NULL if there is none. */
const struct language *languages_binding(const struct languages *languages, const char *language);

/* False if the language cannot express the spec, of this name. */
bool language_has_spec(const struct language *language, const char *spec);

/* True if the language can name the target. */
bool language_names(const struct language *language, const struct target *target);

/* The language's own word for the architecture of a target that it can name, "x86_64"; several
 * targets may have one. It lives as long as the tables. */
const char *language_arch(const struct language *language, const struct target *target);

/* The language and compiler that an object's unit is of, by what its debug information says; NULL if
 * none is known. */
const struct language *language_that_wrote(const struct languages *languages, const char *language,
                                           const char *producer);

/* True if a qualified name, or a package's own, begins with one of the language's own packages. */
bool language_owns(const struct language *language, const char *name);

/* The pattern of `names` for this kind of fact; NULL: like the kernel. */
const char *language_pattern(const struct language *language, enum fact_kind kind);

#endif
