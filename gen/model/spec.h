/* spec.h - what to bind for one facility: gen/specs/<name>.yaml.
 *
 * In: a spec file. Out: plain structures, checked against the schema and against themselves (every
 * source, call and argument that is named exists). gen/specs/README.md explains the keys to a
 * writer of specs; here each field says what the code may rely on.
 */
#ifndef ABIPROOF_SPEC_H
#define ABIPROOF_SPEC_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/yaml.h"
#include "model/target.h"

/* Which of a target's header sets a spec is read from. */
enum spec_headers {
    HEADERS_OWN,   /* the target's own */
    HEADERS_NEWER, /* `newer` in the table of targets, of which these names are a part */
};

/* A set of headers that live in one translation unit. Kernel and libc headers often cannot. */
struct spec_source {
    const char *name;
    const char *library; /* the library that its functions link to, NULL if it declares none */
    const char **headers;
    unsigned n_headers;
    const char **optional; /* those of `headers` that older header sets lack */
    unsigned n_optional;
    const char **defines; /* macros defined before the headers: NAME, or NAME=VALUE */
    unsigned n_defines;
};

/* Another way to use the same bytes: an accessor of its own. */
struct spec_view {
    const char *name;
    const char *type; /* a C scalar or pointer type */
    const char *doc;
};

/* How a binding models a field. */
enum spec_as {
    AS_IS,    /* a member of the field's own type */
    AS_WORDS, /* two u32 members NAME_lo and NAME_hi with accessors: needs no 8-byte alignment */
};

struct spec_field {
    const char *name;
    const char *doc;
    enum spec_as as;
    bool verbatim; /* the kernel keeps these bits for the program, and gives them back as they were
                      */
    struct spec_view *views;
    unsigned n_views;
};

struct spec_record {
    const char *name;
    const char *from; /* name of a source; the first one when the file says nothing */
    const char *doc;
    bool show;       /* its layout is load-bearing: reports print it */
    bool extensible; /* grows with the system: fields that the spec does not name are left out */
    struct spec_field *fields;
    unsigned n_fields;
};

/* A typedef, or, when opaque, a type of which only pointers are used. */
struct spec_alias {
    const char *name;
    const char *from;
    const char *doc;
    bool show;
};

struct spec_constants {
    const char *doc;
    const char **names;
    unsigned n_names;
    const char *of; /* "kevent.filter", the field whose values they are; NULL: no one field's */
    const char *from;
    const char *header;   /* the optional header that gives them, NULL if theirs is not optional */
    const char *fallback; /* the source that gives them where `header` is missing */
};

/* The two ways to reach a kernel entry. */
enum spec_form { FORM_LIBRARY = 1, FORM_SYSCALL = 2, FORM_BOTH = 3 };

struct spec_param {
    const char *name;
    const char *type;         /* C type */
    const char *syscall_type; /* C type in the system call where that differs, else NULL */
    const char *doc;
    enum spec_form form; /* the form that has this parameter; FORM_BOTH as a rule */
    const char *count;   /* the parameter that says how many a pointer is to; NULL: one */
    bool nullable;       /* the pointer may be null */
};

struct spec_result {
    const char *type;
    const char *doc;
};

/* How a system call is made where the target has none of that number: another call of this spec,
 * with these arguments: a parameter's name, a number, NULL, or SIGSET_SIZE. */
struct spec_fallback {
    const char *call;
    const char **args;
    unsigned n_args;
    const char *positive; /* a parameter that the call itself refuses with EINVAL unless it is above
                             0, and the other call does not know; NULL if there is none */
};

struct spec_call {
    const char *name;
    unsigned forms; /* of enum spec_form */
    const char *doc;
    struct spec_param *params;
    unsigned n_params;
    struct spec_result returns;
    const char *errors;
    const char *manual;
    bool per_target; /* not every target has this number, and those that lack it have no such
                        call */
    struct spec_fallback *fallback;
};

/* A name that the spec's patterns match and that is left out on purpose. */
struct spec_ignore {
    const char *name; /* '*' stands for any characters */
    const char *reason;
};

struct spec {
    const char *path; /* of the file, for messages */
    struct yaml_places places;
    bool may_lack; /* its names are what a header seems to have: one that is not there is left
                         out, and is no error */
    const char *name;
    const char
        *part_of; /* the facility that this is one system's part of; NULL if there is but one */
    const char *doc;
    const char *manual;
    const char *os;
    enum spec_headers headers;
    struct spec_source *sources;
    unsigned n_sources;
    const char **patterns; /* patterns of the facility's names */
    unsigned n_patterns;
    struct spec_record *records;
    unsigned n_records;
    struct spec_alias *aliases;
    unsigned n_aliases;
    struct spec_alias *opaque;
    unsigned n_opaque;
    struct spec_constants *constants;
    unsigned n_constants;
    struct spec_call *calls;
    unsigned n_calls;
    struct spec_ignore *ignore;
    unsigned n_ignore;
};

struct specs {
    struct spec **items;
    size_t n;
};

/* Reads gen/specs/NAME.yaml under root for each of `names`, or every spec there, sorted by name,
 * when n_names is 0. Returns false after reporting every bad one. */
bool specs_load(struct specs *specs, struct arena *arena, const char *root,
                const char *const *names, size_t n_names, struct diag *diag);

/* Where a part of the spec is in its file, for messages: one of its texts, or a structure of one of
 * its lists. Of anything else, the file alone. */
struct location spec_location(const struct spec *spec, const void *part);

/* Finds a part of the spec by its name, or the spec's own text of a constant's; NULL if it has none.
 */
const char *spec_constant(const struct spec *spec, const char *name);
const struct spec_source *spec_source(const struct spec *spec, const char *name);
const struct spec_record *spec_record(const struct spec *spec, const char *name);
const struct spec_call *spec_call(const struct spec *spec, const char *name);
const struct spec_param *spec_param(const struct spec_call *call, const char *name);

/* True if a call of the spec is a system call: one that a binding makes by a wrapper. */
bool spec_has_syscall(const struct spec *spec);

/* True if the spec has a record, a field ("epoll_event.data"), a constant, an alias or a call of this
 * name, or "syscall:NAME", on whichever targets. */
bool spec_has_name(const struct spec *spec, const char *name);

/* The directive that defines one of a source's macros, in the arena, without a line's end:
 * "#define _GNU_SOURCE 1" for _GNU_SOURCE, "#define _POSIX_C_SOURCE 200809L" for
 * _POSIX_C_SOURCE=200809L. It is the same as the compiler's option -D would define. */
const char *spec_define(struct arena *arena, const char *define);

/* True if the source lists this header as one that may be missing. */
bool spec_header_is_optional(const struct spec_source *source, const char *header);

/* True if `name` is a name of the facility that the spec neither binds nor ignores. */
bool spec_leaves_unbound(const struct spec *spec, const char *name);

/* True for a field that an open record of the spec does not name. */
bool spec_excludes(const struct spec *spec, const char *record, const char *field);

/* True if the spec applies to the target: it is of the system, and has the header sets. */
bool spec_covers(const struct spec *spec, const struct target *target);

/* The target with the header set that the spec is read from. The spec covers it. */
const struct target *spec_target(const struct spec *spec, const struct target *target);

/* The fields whose bits the kernel gives back as they were, as "epoll_event.data". Returns the names;
 * *n says how many. They are in the arena. */
const char *const *spec_verbatim(const struct spec *spec, struct arena *arena, size_t *n);

/* The field, "kevent.fflags", whose values the constant's group is; NULL if it is no one field's. */
const char *spec_field_of(const struct spec *spec, const char *constant);

/* The C type of a parameter in one form. */
const char *spec_param_type(const struct spec_param *param, enum spec_form form);

#endif
