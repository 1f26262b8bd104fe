/* go.h - what the files of the Go emitter share, and nobody else includes.
 *
 * go.c         the words of Go, constants, system calls, the files of a package
 * go_record.c  records, their accessors and assertions
 */
#ifndef ABIPROOF_GO_H
#define ABIPROOF_GO_H

#include "emit/module.h"

/* A name of the kernel as another package can see it: "data_lo" is "DataLo". */
const char *go_name(struct arena *arena, const char *name);

/* Texts of items; see struct module. */
item_text_fn go_record, go_accessors, go_view, go_asserts;

/* Why Go cannot have a record of the job, for a message; NULL if it can have all. It has no members
 * that share bytes, and an array of no elements at a record's end makes the record longer. */
const char *go_obstacle(struct arena *arena, const struct emit_job *job);

#endif
