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
#include "emit/item.h"

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

/* The job of what enters the kernel: all targets with system calls that the language can name, and
 * the others. It has no facts. In the arena. */
struct emit_job module_raw_job(struct arena *arena, const struct targets *targets,
                               const struct language *language);

/* Appends one item as the module does; nothing if text is NULL. */
void module_add(struct str *out, const struct emit_job *job, const struct module *module,
                item_text_fn *text, const struct item *item);

#endif
