/* file.h - files: read whole, written whole.
 *
 * In: a path and a text. Out: the file, replaced by rename(2) only if its bytes change, so that
 * make stays quiet, a reader never sees half a file, and an error leaves the old file as it was.
 */
#ifndef ABIPROOF_FILE_H
#define ABIPROOF_FILE_H

#include <stddef.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"

enum out_result { OUT_FAILED = -1, OUT_SAME = 0, OUT_CHANGED = 1, OUT_MISSING = 2 };

/* Reads a whole file into the arena, NUL-terminated; *n_bytes (may be NULL) gets its length.
 * Returns NULL and leaves errno set when it cannot be read. */
char *out_read(struct arena *arena, const char *path, size_t *n_bytes);

/* Maps a whole file into memory, private and not to be written; *n_bytes gets its length. For large
 * files of which little is read; what says no size, such as a pipe, is read to its end. Returns
 * NULL and leaves errno set when it cannot be read (EISDIR; ENOTSUP: it is a device; EINVAL: it is
 * empty). Free with out_unmap, before the next one is mapped. A file that somebody
 * cuts shorter meanwhile has no bytes to give: then the program ends with a message and
 * EXIT_USAGE. */
const void *out_map(const char *path, size_t *n_bytes);
void out_unmap(const void *bytes, size_t n_bytes);

/* Compares the file at path with text. Returns OUT_SAME, OUT_CHANGED, OUT_MISSING, or OUT_FAILED
 * with errno set when something is there that cannot be read. */
enum out_result out_compare(const char *path, const char *text, size_t n_bytes);

/* Makes the file at path hold text, creating folders as needed.
 * Returns OUT_SAME (untouched), OUT_CHANGED, or OUT_FAILED with the reason in diag: the folder that
 * cannot be created, or what is wrong with the file. After a failure nothing new is left, neither a
 * part of the file nor a folder. */
enum out_result out_write(const char *path, const char *text, size_t n_bytes, struct diag *diag);

/* Creates a folder and its parents. Returns false with errno set if that fails. */
bool out_make_folder(const char *path);

#endif
