/* module.h - a binding's module: what every language has in it, in the order in which it has it.
 *
 * In: a job, and a language: its words, and how it spells each item on one target. Out: the text of
 * a module: head, refusal of other targets, aliases, constants, records with their accessors,
 * functions, system calls, assertions, and a section for `abiproof prove`.
 *
 * Design: a language gives texts for one target; here they become one text for all, by the style of
 * branches.h that it names. A language with a file per group walks a job of one target.
 */
#ifndef ABIPROOF_MODULE_H
#define ABIPROOF_MODULE_H

#include "emit/branches.h"

/* What the text of an item is made of. Its members but for the first two are set where the item is
 * one of them. */
struct item {
    const struct spec *spec;
    const struct words *words;
    const struct spec_alias *alias;
    const struct spec_constants *group; /* of the constant */
    const char *constant;
    const struct spec_record *record;
    const struct spec_field *field; /* modelled as words */
    const struct spec_view *view;   /* of that field */
    int64_t cluster;                /* the offset of members that share bytes; see clusters.h */
    const char *pushed;             /* the one of them that begins later */
    const struct spec_call *call;
};

/* A text of an item; context is a struct item. What the target does not have is no text. */
typedef groups_text_fn item_text_fn;

struct module;

/* Appends an item of all targets of the job. */
typedef void item_add_fn(struct str *out, const struct emit_job *job, const struct module *module,
                         item_text_fn *text, const struct item *item);

/* How a language makes a module. A member is NULL where the language has nothing of the kind. */
struct module {
    const struct words *words;

    /* Appends an item; NULL: by branches_add. */
    item_add_fn *add;

    /* Behind the head and before the first item: what is imported, the refusal of all targets that
     * the job does not have. Behind the last one: what is left open. */
    void (*open)(struct str *out, const struct emit_job *job);
    void (*close)(struct str *out, const struct emit_job *job);

    item_text_fn *alias;
    item_text_fn *constant;
    item_text_fn *cluster; /* a type of what shares bytes; both NULL: written in place */
    item_text_fn *pushed;
    item_text_fn *record;
    item_text_fn *accessors; /* of a field as a whole */
    item_text_fn *view;
    item_text_fn *function; /* the library's */
    item_text_fn *number;   /* of a system call */
    item_text_fn *call;     /* what makes it */
    item_text_fn *asserts;  /* of a record */
    void (*proof)(struct str *out, const struct emit_job *job);
};

/* Reports the first alias, field or constant that the language has no word for. */
bool module_can_be_expressed(const struct emit_job *job, const struct words *words,
                             struct arena *arena, struct diag *diag);

/* Appends the whole module. It can be expressed. */
void module_emit(struct str *out, const struct emit_job *job, const struct module *module);

/* Appends one item as the module does; nothing if text is NULL. */
void module_add(struct str *out, const struct emit_job *job, const struct module *module,
                item_text_fn *text, const struct item *item);

/* ---- for the texts ---- */

/* The type of a constant, or of an alias, on one target. A constant of a group with `of` has its
 * field's. */
const char *item_constant_type(struct arena *arena, const struct emit_on *on,
                               const struct item *item);
const char *item_alias_type(struct arena *arena, const struct emit_on *on, const struct item *item);

/* The value of the constant in its type: hexadecimal, or a negative decimal number. A value that
 * does not fit keeps its bits. */
const char *item_constant_value(struct arena *arena, const struct emit_on *on,
                                const struct item *item);

/* True for a system call that the target has, by its own number or by another one's. */
bool item_has_call(const struct emit_on *on, const struct item *item);

/* The number of the system call; NULL if the target has none. */
const char *item_number(const struct emit_on *on, const struct item *item);

/* The symbol of the library that the function links to. */
const char *item_symbol(const struct emit_on *on, const struct item *item);

/* Appends the parameters of one form of a call, separated by commas: `pattern` is one with its type
 * for $T and its name for $N. */
void item_add_params(struct str *out, const struct item *item, enum spec_form form,
                     const char *pattern);

/* Appends what a form of a call does, takes, returns and fails with, each line behind `indent`. */
void item_add_call_doc(struct str *out, const struct item *item, enum spec_form form,
                       const char *indent);

/* Appends what a record is, and its size and alignments, each line behind `indent`. */
void item_add_record_doc(struct str *out, const struct item *item, const struct layout *layout,
                         const char *indent);

/* An argument of the other call that a target without the number makes: a parameter's name, a
 * number, or the language's null or size of a signal set. type: what the other call takes there. */
struct item_arg {
    const char *text;
    const char *type;
    bool is_null;
};

/* The arguments of item->call->fallback, which there is. Returns *n of them, in the arena. */
const struct item_arg *item_fallback(struct arena *arena, const struct item *item, size_t *n);

#endif
