/* nim.h - what the files of the Nim emitter share, and nobody else includes.
 *
 * nim.c         the words of Nim, the module's frame, constants, calls, the package
 * nim_record.c  records with their accessors, and assertions
 * nim_proof.c   what keeps everything in the debug information
 */
#ifndef ABIPROOF_NIM_H
#define ABIPROOF_NIM_H

#include "emit/module.h"

extern const struct words nim_words;

/* How a module is made, for items that are added outside of module_emit. */
extern const struct module nim_module;

/* Texts of items; see struct module. */
item_text_fn nim_record, nim_cluster, nim_pushed, nim_accessors, nim_view, nim_asserts;

/* Appends what is compiled with -d:abiproof only. */
void nim_proof(struct str *out, const struct emit_job *job);

#endif
