/* d.h - what the files of the D emitter share, and nobody else includes.
 *
 * d.c         the words of D, the module's frame, constants, functions, the proof
 * d_record.c  records with their accessors, and assertions
 * d_calls.c   system calls, and raw.d, which enters the kernel
 */
#ifndef ABIPROOF_D_H
#define ABIPROOF_D_H

#include "emit/module.h"

extern const struct words d_words;

/* Texts of items; see struct module. */
item_text_fn d_record, d_asserts, d_number, d_call;

/* Appends "module abiproof.NAME;", what conditions are made of, and the refusal of targets that the
 * job does not have: "NAME: abiproof has proved no WHAT for this target". */
void d_open(struct str *out, const struct emit_job *job, const char *what);

/* Adds raw.d for the targets that the language can name. */
void d_raw_emit(struct emit_files *files, const struct targets *targets,
                const struct language *language);

#endif
