/* zig.h - what the files of the Zig emitter share, and nobody else includes.
 *
 * zig.c         the words of Zig, the module's frame, constants, functions, and the package
 * zig_record.c  records with their accessors, and assertions
 * zig_calls.c   system calls, and raw.zig, which enters the kernel
 */
#ifndef ABIPROOF_ZIG_H
#define ABIPROOF_ZIG_H

#include "emit/module.h"

extern const struct words zig_words;

/* Texts of items: each is an expression, but for accessors, which are functions, and
 * assertions, a block. */
item_text_fn zig_record, zig_cluster, zig_pushed, zig_view, zig_number, zig_call;
item_text_fn zig_accessors, zig_asserts;

/* Appends what is imported and named, and the refusal of all targets that the job does not have. */
void zig_add_open(struct str *out, const struct emit_job *job, const char *what);

/* Appends a value that is chosen by target as branches_add_value does: on one line if it fits, else
 * a line for each branch. */
void zig_add_value(struct str *out, const struct emit_job *job, const char *head,
                   item_text_fn *text, const struct item *item, const char *tail, const char *none);

/* Appends the functions that read and set a field as its view. */
void zig_add_view(struct str *out, const struct emit_job *job, const struct item *item);

/* Appends assertions of a record, for all targets. */
void zig_add_asserts(struct str *out, const struct emit_job *job, const struct item *item);

/* The result of a call: "i32", "void". */
const char *zig_result(struct arena *arena, const struct item *item);

/* Adds raw.zig for the targets that the language can name. */
void zig_raw_emit(struct emit_files *files, const struct targets *targets,
                  const struct language *language);

#endif
