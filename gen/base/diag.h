/* diag.h - what the program says when something is wrong.
 *
 * In: a location and a message. Out: `file:line:column: error: message`, collected per piece of
 * work and written with one write(2), so that parallel workers never interleave.
 *
 * Grammar of a message: lower case, no full stop, what failed first, the subject in 'quotes', then
 * expected and got, then what to do. stdout is for data, stderr for diagnostics.
 */
#ifndef ABIPROOF_DIAG_H
#define ABIPROOF_DIAG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "base/str.h"

/* A location in a file: line and column count from 1, 0 = unknown; file NULL = none. */
struct location {
    const char *file;
    int line;
    int column;
};

/* Of what is in no file. */
extern const struct location no_location;

/* Collects the messages of one piece of work. */
struct diag {
    struct str text; /* text.arena must be set */
    int n_errors;
    bool verbose; /* keep notes given by diag_note */
};

void diag_init(struct diag *diag, struct arena *arena, bool verbose);

/* Adds an error (counted) or, only when verbose, a note; a notice is a note in any case. */
void diag_error(struct diag *diag, struct location location, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_notice(struct diag *diag, struct location location, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note(struct diag *diag, struct location location, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes what was collected to stderr in one write and empties the buffer; n_errors stays. */
void diag_flush(struct diag *diag);

#endif
