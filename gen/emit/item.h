/* item.h - one item of a binding: a constant, a record, a call.
 *
 * In: an item of a spec, and the facts of one target. Out: what its text is made of, in the words of
 * a language: types, values, numbers, parameters, documentation.
 *
 * Design: all texts have one kind of context, so that a language's table of them needs no other.
 */
#ifndef ABIPROOF_ITEM_H
#define ABIPROOF_ITEM_H

#include "emit/groups.h"
#include "emit/layout.h"
#include "emit/words.h"

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

/* How many arguments the system call has. */
unsigned item_n_args(const struct item *item);

/* Appends the arguments of item->call->fallback, which there is, separated by commas: names of
 * parameters, numbers, and the language's null and size of a signal set. */
void item_add_fallback(struct str *out, const struct item *item);

#endif
