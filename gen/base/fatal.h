/* fatal.h - how the program ends, and what must be written even when there is no memory.
 *
 * In: a message. Out: one line on stderr and an exit code. Everything else in the program may fail
 * through these functions, memory included; so they use none of it.
 */
#ifndef ABIPROOF_FATAL_H
#define ABIPROOF_FATAL_H

#include <stddef.h>

/* Exit codes of every subcommand. */
enum exit_code {
    EXIT_PROVED = 0,       /* everything asked for was checked and agrees */
    EXIT_FINDINGS = 1,     /* a disagreement, or something required was not proved */
    EXIT_USAGE = 2,        /* wrong usage, or the environment lacks something */
    EXIT_NOT_CHECKED = 77, /* not proved: something needed is missing, or was left out by choice */
};

/* Writes n_bytes of text to stderr, in one write(2) unless the system takes it in parts. */
void write_to_stderr(const char *text, size_t n_bytes);

/* Writes `abiproof: message` to stderr and ends the program with EXIT_USAGE. Only for conditions no
 * caller can handle, such as no memory. */
void diag_die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

#endif
