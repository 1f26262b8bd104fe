/* dwarf.h - facts from the debug information of any object.
 *
 * In: a container and the names that are queried. Out: the facts of those that are there. Whoever
 * made the object (our own probe unit, a binding in another language) decides what the names are;
 * here they are only looked up.
 */
#ifndef ABIPROOF_DWARF_H
#define ABIPROOF_DWARF_H

#include "object/container.h"
#include "model/facts.h"
#include "model/language.h"

/* Another thing of a queried name, which differs from what was found. */
struct dwarf_conflict {
    const char *name; /* qualified, which may be another than that of what was found */
    const char *text; /* a fact that differs */
    struct location at;
    struct facts facts; /* all that it has, as of the query */
};

/* A name to look for.
 *   FACT_RECORD    a struct or union by its tag, or by the typedef of one without a tag: its fact
 *                  (no alignment, unless the compiler writes it) and those of its fields
 *   FACT_ALIAS     a typedef; with is_through an enumeration, by its tag or a typedef: its integer,
 *                  and as "NAME.ENUMERATOR" each of its constants
 *   FACT_CONSTANT  an enumerator, a constant, or a variable whose value is known before the program
 *                  runs
 *   FACT_FUNCTION  a function, or a variable that points to one: result and parameters
 * `name` is as in the object, or any number of last parts of the qualified name there, separated by
 * "::", "." or "/": "epoll_event", "unix.EpollEvent", "linux::epoll_event". A function qualifies
 * the types that are defined in it. */
struct dwarf_query {
    enum fact_kind kind;
    const char *name;
    const char *as;     /* name of the fact */
    bool is_loose;      /* letter case and underscores do not count */
    bool is_whole;      /* name is all of the qualified name, not only its last parts */
    bool is_through;    /* of FACT_RECORD: the name of a variable, or FUNCTION.PARAMETER, and the
                           record that its type leads to is meant; of FACT_ALIAS: see above */
    unsigned parameter; /* with is_through, not 0: the name is a function's, and the record that its
                           parameter of this number, from 1, points to is meant */
    const char *record; /* with parameter: only a record of this name; NULL: any */
    bool is_every;      /* look at all of this name: the first gives the facts */
    bool is_import;     /* a function of another object: what is defined here is not meant */
    const char *const *packages; /* the name is qualified by one of these; none: by anything */
    size_t n_packages;
    bool is_anywhere;      /* is not bound by packages; those that have it are noted all the same */
    bool takes_own;        /* what belongs to a language itself is meant, too */
    bool *is_package_used; /* one for each of packages: set when it has something that was read,
                              even if another gave the facts; NULL: nobody asks */
    bool is_found;         /* set when it was found */
    const char *found;     /* its qualified name in the object, with parameter the record's own one;
                              NULL if it was not found */
    const char *declared;  /* with parameter: set to the name of a record that is only declared
                              where the function is; it may be defined in another unit */
    struct dwarf_conflict *conflicts; /* with is_every: others that differ, the first of each name,
                                         of the name that was found all that differ;
                                         too many are an error */
    size_t n_conflicts;
    const struct language *own_language; /* what it has itself of this name was passed over; else
                                            NULL */
    const char **own; /* the packages of it that have the name: "syscall"; "" where
                                            nothing qualifies it. Each once, the first few */
    size_t n_own;
    size_t first_fact, n_facts; /* among the facts that were added */
};

struct dwarf_source {
    const struct container *container; /* after container_debug */
    const char *const *include; /* folders to leave out of locations, so that headers are named */
    unsigned n_include;         /* as #include does */
    const struct languages *languages; /* whose own packages are passed over; NULL: nothing is */
    bool is_foreign; /* made by anybody's compiler: types may lie in types, one name may be many */
};

/* Adds the facts that the object has for the queries, each once. *pointer_bits (may be NULL) gets
 * the width of an address. Returns false after reporting: damaged, split, or without types
 * (-g1). */
bool dwarf_read(struct facts *facts, const struct dwarf_source *source, struct dwarf_query *queries,
                size_t n_queries, int *pointer_bits, struct diag *diag);

/* A record of an object. */
struct dwarf_found {
    const char *name;   /* qualified */
    struct facts facts; /* of the record and its fields, sorted, under the name DWARF_FOUND_AS */
};

#define DWARF_FOUND_AS "@"

/* Lists the records of an object that have one of these sizes in bytes, without those of a language's
 * own library: each name once, in the object's order, and at most `most`. Everything lives in the
 * arena. Returns false after reporting, as dwarf_read. */
bool dwarf_records(const struct dwarf_source *source, const uint64_t *sizes, size_t n_sizes,
                   size_t most, struct arena *arena, struct dwarf_found **records, size_t *n,
                   struct diag *diag);

/* Whether a unit has types. */
enum dwarf_types {
    DWARF_TYPES,
    DWARF_TYPES_NONE,    /* none are needed: assembler, or a source that uses none */
    DWARF_TYPES_LEFT_OUT /* by -g1, -gline-tables-only and the like: what it declares is not seen */
};

/* What an object was made of: one source, by one compiler. */
struct dwarf_unit {
    const char *name;     /* of the source, as the compiler was given it; "" if it does not say */
    const char *producer; /* in the compiler's own words, with options if it adds them: "GNU C17
                             12.2.0 -mtune=generic -g1", "LDC 1.30.0 (LLVM 14.0.6)"; or "" */
    const char *language; /* "C", "C++", "D", "Ada", "Pascal", "Go", "Rust", "Zig", ... whatever
                             year's; "assembler"; "" if it is not known */
    enum dwarf_types types;
};

/* Lists the units of an object, after container_debug, in its order. *units and all strings are in
 * the arena. A compiler that writes another language's number, as Nim writes C's, is that language
 * here: its producer may say more. Returns false after reporting: damaged. An object in which no
 * unit has types is none for dwarf_read, but is one here. */
bool dwarf_units(const struct container *container, struct arena *arena, struct dwarf_unit **units,
                 size_t *n, struct diag *diag);

#endif
