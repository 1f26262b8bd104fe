/* words.h - a language as a table: how it spells types, names, conditions and comments.
 *
 * In: a table per language, and the types, names and targets of a job. Out: their spelling. What a
 * language says with other words is here; what it builds in another way is code of its emitter.
 *
 * Design: patterns are filled in by plain substitution, $T and $N, so that a table can hold no
 * mistake worse than a wrong word. An entry that a language lacks is NULL, and what needs it cannot
 * be expressed, which is reported before a file is begun.
 */
#ifndef ABIPROOF_WORDS_H
#define ABIPROOF_WORDS_H

#include "emit/emit.h"
#include "emit/layout.h"

/* Columns of a generated file, as far as its words let it be broken. */
enum { WORDS_COLUMNS = 100 };

/* How a list of conditions is written: "any(a, b)", "(a or b)". */
struct words_list {
    const char *open;    /* not written around a single one */
    const char *between; /* a line may be broken behind it; it ends with a blank */
    const char *close;
};

struct words {
    const char *title; /* "Rust", for messages and heads */

    /* Comments: what each line begins with. */
    const char *comment;    /* "// " */
    const char *doc;        /* "/// ", of what follows */
    const char *module_doc; /* "//! ", of the file */

    /* Words of documentation that the specs leave open, as {null}. */
    const char *null;        /* "null" */
    const char *sigset_size; /* "raw::SIGSET_SIZE" */
    const char *null_arg;    /* null as an argument of the type $T; NULL: like `null` */

    /* Names. */
    const char *const *keywords; /* ended by NULL */
    const char *keyword;         /* what one becomes: "r#$N" */
    bool has_plain_names;        /* no underscore at an end, nor two in a row */
    bool has_camel_records;      /* EpollEvent, as types and functions share their names' space */

    /* Types. */
    const char *integers[2][4]; /* unsigned and signed, of 1, 2, 4 and 8 bytes */
    const char *longs[2];       /* as wide as a pointer, unsigned and signed */
    const char *nothing;        /* what a pointer to any data points to: "c_void" */
    const char *pointer;        /* to one $T, or to $N of them where `many` is NULL */
    const char *const_pointer;
    const char *many; /* to the first of several $T; NULL: no different from one */
    const char *const_many;
    const char *const_text;   /* to a text that a zero byte ends; NULL: const_many */
    const char *data_pointer; /* to `nothing`; NULL: like `pointer` */
    const char *const_data_pointer;
    const char *nullable; /* a pointer $T that may be null; NULL: any may be */
    const char *array;    /* $N elements of $T */

    /* Conditions. */
    /* Names of systems here and in the language, ended by NULL, where they differ; NULL: nowhere. */
    const char *const (*systems)[2];
    const char *os;         /* of the system $N */
    const char *arch;       /* $N is the word of gen/languages.yaml */
    const char *bits;       /* of a pointer, $N of them */
    const char *endians[2]; /* little and big; NULL: the architecture says which */
    struct words_list all, any;
    const char *negation;  /* "not($T)" */
    const char *further;   /* begins a further line of a condition; NULL: four blanks */
    const char *continued; /* ends a line of a condition that goes on, " \\"; NULL: nothing does */

    /* Branches over targets, for branches.h: the line that begins one, without its end. */
    const char *first;  /* "#[cfg($T)]", "static if ($T) {", "if ($T)" */
    const char *next;   /* "} else static if ($T) {"; NULL: each branch is a first one */
    const char *last;   /* "} else {" */
    const char *end;    /* the line behind the last branch, "}"; NULL: none */
    const char *indent; /* of what is in a branch */
};

/* The pattern with $T and $N filled in; an unused one may be NULL. */
const char *words_fill(struct arena *arena, const char *pattern, const char *t, const char *n);

/* The name as the language takes it: a keyword is written as `keyword` has it. */
const char *words_name(struct arena *arena, const struct words *words, const char *name);

/* The name of a record: "epoll_event", or "EpollEvent" without its underscores. */
const char *words_record(struct arena *arena, const struct words *words, const char *record);

/* Documentation of a spec, with its open words filled in: {null}, {SIGSET_SIZE}. */
const char *words_doc(struct arena *arena, const struct words *words, const char *doc);

/* Appends the documentation, wrapped, each line behind `indent`. */
void words_add_doc(struct str *out, const struct words *words, const char *indent, const char *doc);

/* The spelling of a member's type; a flexible array has 0 elements. NULL if there is none. */
const char *words_type(struct arena *arena, const struct words *words,
                       const struct layout_type *type);

/* The same for a result of a spec's call or an accessor: "*mut c_void". void is `nothing`. */
const char *words_call_type(struct arena *arena, const struct words *words, const struct spec *spec,
                            const char *text);

/* The same for a parameter in one form of its call. */
const char *words_param_type(struct arena *arena, const struct words *words,
                             const struct spec *spec, const struct spec_param *param,
                             enum spec_form form);

/* The condition for the targets of the job with chosen[i]: the shorter of "these" and "not the
 * others". It is right where the file refuses all but those of words_known. */
const char *words_condition(struct arena *arena, const struct words *words,
                            const struct emit_job *job, const bool *chosen);

/* The condition for all targets of the job, with its system, and no other target at all. */
const char *words_known(struct arena *arena, const struct words *words, const struct emit_job *job);

/* Appends a pattern of a branch with the condition for $T, broken behind `between` of words_list,
 * where further lines are indented. Without a line's end. */
void words_add_condition(struct str *out, const struct words *words, const char *pattern,
                         const char *condition);

#endif
