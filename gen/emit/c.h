/* c.h - what the files of the C emitter share, and nobody else includes.
 *
 * c.c            a header: constants, calls, and the order of it all
 * c_condition.c  preprocessor branches for targets whose text differs
 * c_record.c     records, spelled, and their accessors
 * c_raw.c        raw.h, and the header that picks a system's
 */
#ifndef ABIPROOF_C_H
#define ABIPROOF_C_H

#include "emit/emit.h"
#include "emit/groups.h"
#include "emit/layout.h"
#include "emit/words.h"

/* The C spelling of a type's element in a binding: "raw_u32", "struct raw_timespec", "void *". NULL
 * if it has none. */
const char *c_type(struct arena *arena, const struct layout_type *type);

/* What documentation has in C; nothing else of it is a table. */
extern const struct words c_words;

/* Appends `defined(RAW_TARGET_A) || defined(RAW_TARGET_B)` for the targets with chosen[i]; all of
 * them where chosen is NULL. Long lines are continued by a backslash. */
void c_condition(struct str *out, const struct emit_job *job, const bool *chosen);

/* Appends an item's text for all targets of the job: once where all agree, else in preprocessor
 * branches, one per group of targets with the same text, the largest group last as #else. Only for
 * a file that refuses targets which the job does not have. */
void c_grouped(struct str *out, const struct emit_job *job, groups_text_fn *text,
               const void *context);

/* Reports a record with a field that a C binding cannot have. */
bool c_record_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                               struct arena *arena, struct diag *diag);

/* Appends a record with its accessors, or the assertions of its layout. */
void c_record_emit(struct str *out, const struct emit_job *job, const struct spec_record *record);
void c_record_emit_asserts(struct str *out, const struct emit_job *job,
                           const struct spec_record *record);

/* Appends raw.h, for all targets. */
void c_raw_add(struct str *out, const struct targets *targets);

/* Adds raw.h and the headers that pick a system's; see struct emitter. */
void c_emit_common(struct emit_files *files, const struct targets *targets,
                   const struct emit_job *jobs, size_t n_jobs);

#endif
