/* command_line.h - reading the command line.
 *
 * In: argv, and tables of what may be typed (syntax.h). Out: struct options, or a usage message
 * that says what is wrong, what may have been meant, and where the help is.
 */
#ifndef ABIPROOF_COMMAND_LINE_H
#define ABIPROOF_COMMAND_LINE_H

#include "base/arena.h"
#include "cmd/options.h"
#include "cmd/syntax.h"

/* Reads the command line. Returns -1 when options are filled in, else the exit code: 0 after
 * printing help, 2 after printing what is wrong. An old name is noted on stderr, once. */
int command_line_read(struct options *options, struct arena *arena, const struct syntax *syntax,
                      int argc, char **argv);

#endif
