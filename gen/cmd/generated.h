/* generated.h - the generated files of a session: made anew, and compared with those on disk.
 *
 * In: checks whose headers have been read. Out: all texts, in memory, so that an error leaves every
 * file as it was; and what on disk is not as it would be generated. Who writes them is gen
 * (cmd_gen.c).
 */
#ifndef ABIPROOF_GENERATED_H
#define ABIPROOF_GENERATED_H

#include "emit/emit.h"
#include "cmd/session.h"

/* Reports what --lang names and no emitter is called; is_language: only those of bindings count.
 * Returns false if there is any. */
bool generated_check_langs(struct session *session, bool is_language);

/* Reports what --flat, --module and --prefix need and is not given. Returns false if there is any. */
bool generated_check_flat(struct session *session);

/* Makes the texts of the chosen specs by the emitters of these names; NULL or none: by all. Files
 * that belong to all specs are made when all specs were chosen, and with --flat. files->arena must be set. False
 * after reporting what cannot be expressed. */
bool generated_make(struct emit_files *files, struct session *session, const struct names *langs);

/* Where a file belongs, by the command line. In the session's arena. */
const char *generated_path(const struct session *session, const struct emit_file *file);

/* Reports to the session's messages each file that is stale or missing and, when everything was
 * made, each file in the generated folders that no spec makes any more. lists: also prints a line
 * for each that is the same. langs: as for generated_make. Returns how many are stale or missing. */
size_t generated_compare(struct session *session, const struct emit_files *files,
                         const struct names *langs, bool lists);

#endif
