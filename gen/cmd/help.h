/* help.h - what --help prints.
 *
 * In: the tables of what may be typed (syntax.h). Out: text, no line of which passes 80 columns.
 */
#ifndef ABIPROOF_HELP_H
#define ABIPROOF_HELP_H

#include "base/str.h"
#include "cmd/syntax.h"

/* Appends the list of subcommands, with an example to start with. */
void help_overview(struct str *out, const struct syntax *syntax);

/* Appends what one subcommand does, its options and an example. */
void help_command(struct str *out, const struct syntax *syntax, const struct command *command);

#endif
