/* clang_private.h - what the files that use libclang share, and nobody else includes.
 *
 * clang.c writes the text of a unit, has it parsed and checks that the evidence is complete;
 * clang_read.c turns the declarations of the unit into facts; clang_requests.c knows which macros are
 * requests of ioctl; clang_names.c lists what headers declare.
 */
#ifndef ABIPROOF_CLANG_PRIVATE_H
#define ABIPROOF_CLANG_PRIVATE_H

#include <clang-c/Index.h>

#include "base/grouping.h"
#include "witness/bound.h"
#include "witness/feature.h"
#include "witness/witness.h"

/* Before the names of our own variables, whose initialisers are the values that the unit asks for:
 * of a constant, of a system call's number, of a fact about the target itself. */
#define CONSTANT_MARK "abiproof_c_"
#define NUMBER_MARK   "abiproof_n_"
#define ABI_MARK      "abiproof_a_"

/* How names are spelled in what is read. */
struct naming {
    const char *type;     /* before records, aliases and library functions */
    const char *constant; /* before constants */
    const char *number;   /* before a system call's number */
    const char *syscall;  /* before a system call as a function, NULL where there is none */
};
/* One translation unit being read. */
struct reading {
    const struct spec *spec;
    const struct bound_names *bound; /* of the spec */
    const struct target *target;
    const struct spec_source *source; /* NULL: a binding */
    const struct naming *naming;
    struct evidence *evidence;
    struct arena *arena;
    struct diag *diag;
    const char *text;            /* of the unit, for messages about its lines */
    struct features *features;   /* to tell what would show a name that is not there */
    struct remarks macros;       /* macros of the spec and where they are defined: the last
                                  definition of each */
    struct grouping macro_names; /* numbers of those */
    struct grouping makers;      /* macros that make requests of ioctl */
    struct remarks candidates;   /* macros of the facility that the spec leaves out, if not
                                  #undef'd */
};

/* Notes a macro that makes a request of ioctl; with `constant`, its name without the prefix, it is one
 * itself, and goes into the evidence. */
void reading_note_request(struct reading *reading, CXCursor cursor, const char *name,
                          const char *constant);

/* Appends what defines the macros of the reading's source and includes its headers. Returns false
 * after reporting one that must be there and is not. */
bool reading_include(struct reading *reading, struct str *text);

/* Parses reading->text for the target and visits its declarations with the reading. Returns false
 * after reporting that libclang cannot; errors in the text are reported and are no failure. */
bool reading_parse(struct reading *reading, CXCursorVisitor visitor);

/* Takes a string of libclang's into the arena; "" for one that is not there. */
__attribute__((returns_nonnull)) const char *reading_take(struct reading *reading, CXString string);

/* Where something is: a header as #include would spell it, or a file. */
struct location reading_location(struct reading *reading, CXSourceLocation location);

/* Where a declaration is. */
struct location reading_where(struct reading *reading, CXCursor cursor);

/* A type in the words of facts.h. The bounds of an array are in the order of C. */
const char *reading_type(struct reading *reading, CXType type);

bool reading_is_signed(enum CXTypeKind kind);
bool reading_is_array(CXType type);

/* Adds the facts of a record and its fields, by this name. */
void reading_add_record(struct reading *reading, CXCursor cursor, const char *name);

/* A record by the name of a typedef, siginfo_t of struct siginfo, unless a record has that name. */
void reading_add_named_record(struct reading *reading, CXCursor cursor, const char *name);

/* True if the constants of the group are to be read from this unit. */
bool reading_has_group(const struct reading *reading, const struct spec_constants *group);

/* The part of name after the prefix; NULL if it does not start with it. */
const char *name_without(const char *prefix, const char *name);

/* For clang_visitChildren on a unit, with a struct reading: adds the facts of each declaration. */
enum CXChildVisitResult reading_visit(CXCursor cursor, CXCursor parent, CXClientData data);

#endif
