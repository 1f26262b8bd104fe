/* rust.h - what the files of the Rust emitter share, and nobody else includes.
 *
 * rust.c            a module: constants, calls, and the order of it all
 * rust_condition.c  attributes for targets whose text differs
 * rust_record.c     records, spelled, and their accessors
 * rust_calls.c      system calls, and raw.rs, which enters the kernel
 * rust_proof.c      what keeps everything in the debug information
 */
#ifndef ABIPROOF_RUST_H
#define ABIPROOF_RUST_H

#include "emit/emit.h"
#include "emit/groups.h"
#include "emit/layout.h"

/* The name as Rust takes it: keywords are written r#type. */
const char *rust_name(struct arena *arena, const char *name);

/* The Rust spelling of a member's type: "u32", "[u64; 2]", "*mut c_void", "timespec"; a flexible
 * array has 0 elements. NULL if it has none. */
const char *rust_type(struct arena *arena, const struct layout_type *type);

/* The same for a parameter or result of a spec: "*const timespec". */
const char *rust_call_type(struct arena *arena, const char *text, const struct spec *spec);

/* Appends "fd: i32, event: *mut epoll_event" for one form of a call; only the types if !is_named. */
void rust_params(struct str *out, const struct spec *spec, const struct spec_call *call,
                 enum spec_form form, bool is_named);

/* Appends what a form of a call does, takes, returns and fails with, each line behind `indent`. */
void rust_call_doc(struct str *out, const struct spec_call *call, enum spec_form form,
                   const char *indent);

/* Appends the numbers of a spec's system calls, and a function for each. */
void rust_calls_emit(struct str *out, const struct emit_job *job);

/* Adds raw.rs for the targets that the language can name. */
void rust_raw_emit(struct emit_files *files, const struct targets *targets,
                   const struct language *language);

/* Appends `#[cfg(...)]` and the end of its line: true on the targets of the job with chosen[i]. */
void rust_cfg(struct str *out, const struct emit_job *job, const bool *chosen);

/* Appends an attribute, or an inner one of the file, for a target that the job does not have. */
void rust_cfg_unknown(struct str *out, const struct emit_job *job);

/* Appends an item's text for all targets of the job: once where all agree, else each text with the
 * attribute that chooses it. A text must be one item: an attribute is for no more. */
void rust_grouped(struct str *out, const struct emit_job *job, groups_text_fn *text,
                  const void *context);

/* Reports a record with a field that Rust cannot have. */
bool rust_record_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                                  struct arena *arena, struct diag *diag);

/* Appends a record with its accessors, or the assertions of its layout. */
void rust_record_emit(struct str *out, const struct emit_job *job,
                      const struct spec_record *record);
void rust_record_emit_asserts(struct str *out, const struct emit_job *job,
                              const struct spec_record *record);

/* Appends the module that nobody needs but `abiproof prove`. */
void rust_proof_emit(struct str *out, const struct emit_job *job);

#endif
