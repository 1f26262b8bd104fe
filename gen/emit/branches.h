/* branches.h - an item of a binding whose text differs by target.
 *
 * In: the text of an item on each target of a job. Out: the text once where all agree, else each
 * text with the condition under which it holds, in the words of a language.
 *
 * Design: four styles serve all languages, and a language has one of them. An attribute per item
 * and a chain of statements are `branches_add`: they differ in their words alone. A chain that is an
 * expression is `branches_add_value`. A language with a file for each group of targets needs
 * neither: its whole file is one item of groups_make.
 */
#ifndef ABIPROOF_BRANCHES_H
#define ABIPROOF_BRANCHES_H

#include "emit/groups.h"
#include "emit/words.h"

/* Appends an item. In a chain, the largest group comes last and needs no condition; texts are
 * indented by words->indent, and an empty one is no branch. Only for a file that refuses targets
 * which the job does not have. */
void branches_add(struct str *out, const struct words *words, const struct emit_job *job,
                  groups_text_fn *text, const void *context);

/* Appends the lines of a text, each that is not empty behind words->indent. */
void branches_add_indented(struct str *out, const struct words *words, const char *text);

/* Appends `head`, an expression that is chosen by target, and `tail`: "pub const A = ", "1", ";".
 * `first` and `next` of the words stand before an expression, `last` before the last one. Nothing is
 * appended where all texts are empty; a target whose own is empty is given `none`. */
void branches_add_value(struct str *out, const struct words *words, const struct emit_job *job,
                        const char *head, groups_text_fn *text, const void *context,
                        const char *tail, const char *none);

#endif
