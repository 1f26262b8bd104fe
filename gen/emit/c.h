/* c.h - what the files of the C emitter share, and nobody else includes.
 *
 * c.c         a header: constants, calls, and the order of it all
 * c_record.c  records: how fields become members, and their accessors
 * c_raw.c     raw.h, and the header that picks a system's
 */
#ifndef ABIPROOF_C_H
#define ABIPROOF_C_H

#include "emit/emit.h"

/* The C spelling of a scalar, pointer or record in a binding; NULL if it has none. */
const char *c_type(struct arena *arena, const char *type);

/* Reports a record with a field that a C binding cannot have. */
bool c_record_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                               struct arena *arena, struct diag *diag);

/* Appends a record with its accessors, or the assertions of its layout. */
void c_record_emit(struct str *out, const struct emit_job *job, const struct spec_record *record);
void c_record_emit_asserts(struct str *out, const struct emit_job *job,
                           const struct spec_record *record);

/* Adds raw.h and the headers that pick a system's; see struct emitter. */
void c_emit_common(struct emit_files *files, const struct targets *targets,
                   const struct emit_job *jobs, size_t n_jobs);

#endif
