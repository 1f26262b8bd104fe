/* rust.h - what the files of the Rust emitter share, and nobody else includes.
 *
 * rust.c         the words of Rust, the module's frame, constants, functions, and the crate
 * rust_record.c  records, their accessors and assertions
 * rust_calls.c   system calls, and raw.rs, which enters the kernel
 * rust_proof.c   what keeps everything in the debug information
 */
#ifndef ABIPROOF_RUST_H
#define ABIPROOF_RUST_H

#include "emit/module.h"

extern const struct words rust_words;

/* How a module is made, for items that are added outside of module_emit. */
extern const struct module rust_module;

/* Texts of items; see struct module. */
item_text_fn rust_record, rust_cluster, rust_pushed, rust_accessors, rust_view, rust_asserts;
item_text_fn rust_number, rust_call;

/* Appends the module that nobody needs but `abiproof prove`. */
void rust_proof(struct str *out, const struct emit_job *job);

/* Appends the attribute of what only a target outside of the job compiles. */
void rust_add_unknown(struct str *out, const struct emit_job *job);

/* Adds raw.rs for the targets that the language can name. */
void rust_raw_emit(struct emit_files *files, const struct targets *targets,
                   const struct language *language);

#endif
