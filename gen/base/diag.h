/* diag.h - what the program says when something is wrong.
 *
 * In: a place and a message. Out: `file:line:column: error: message`, collected per piece of work
 * and written with one write(2), so that parallel workers never interleave.
 *
 * Grammar of a message: lower case, no full stop, what failed first, the subject in 'quotes', then
 * expected and got, then what to do. stdout is for data, stderr for diagnostics.
 */
#ifndef ABIPROOF_DIAG_H
#define ABIPROOF_DIAG_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* Exit codes of every subcommand. */
enum exit_code {
    EXIT_PROVED = 0,       /* everything asked for was checked and agrees */
    EXIT_FINDINGS = 1,     /* a disagreement, or something required was not proved */
    EXIT_USAGE = 2,        /* wrong usage, or the environment lacks something */
    EXIT_NOT_CHECKED = 77, /* not proved: something needed is missing, or was left out by choice */
};

/* A place in a file: line and column count from 1, 0 = unknown; file NULL = no place. */
struct place {
    const char *file;
    int line;
    int column;
};

/* Collects the messages of one piece of work. */
struct diag {
    struct str text; /* text.arena must be set */
    int n_errors;
    bool verbose; /* keep notes given by diag_note */
};

void diag_init(struct diag *diag, struct arena *arena, bool verbose);

/* Adds an error (counted) or, only when verbose, a note. */
void diag_error(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_note(struct diag *diag, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Writes what was collected to stderr in one write and empties the buffer; n_errors stays. */
void diag_flush(struct diag *diag);

/* Writes `abiproof: message` to stderr and ends the program with EXIT_USAGE. Only for conditions no
 * caller can handle, such as no memory. */
void diag_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
