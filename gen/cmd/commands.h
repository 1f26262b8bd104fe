/* commands.h - the subcommands, each described by itself.
 *
 * In: what the user asked for (options.h). Out: an exit code (fatal.h). What is printed goes to
 * stdout, what is wrong to stderr. Each cmd_*.c ends with the description of its subcommands:
 * reading a command line and printing help know none of them by name.
 */
#ifndef ABIPROOF_COMMANDS_H
#define ABIPROOF_COMMANDS_H

#include <stdint.h>

#include "cmd/options.h"
#include "cmd/root.h"

/* No upper bound on the number of operands. */
#define ANY_OPERANDS SIZE_MAX

/* A name that the help explains. */
struct help_item {
    const char *name;
    const char *text; /* one paragraph, no full stop at its end */
};

/* Names that belong together: the columns of a table, the keys of a file. */
struct help_list {
    const char *title;
    const struct help_item *items;
    size_t n;
};

struct command {
    const char *name;
    const char *about;            /* what it does, for the overview: half a line, no full stop */
    const char *usage;            /* what follows "abiproof NAME ": options and operands */
    const char *help;             /* paragraphs, separated by an empty line; wrapped when printed */
    const struct help_list *list; /* printed below them; NULL: none */
    const char *example;          /* what may be typed after "abiproof NAME" */
    const char *const *options; /* names from the table in syntax.c, ended by NULL; those that every
                                   command takes are not listed */
    size_t operands_min;
    size_t operands_max; /* or ANY_OPERANDS */
    enum root_use root;
    unsigned formats; /* that it knows beside text, as bits: 1 << FORMAT_JSON */
    int (*run)(const struct options *options, struct arena *arena);
};

extern const struct command command_gen, command_facts, command_prove, command_verify,
    command_judge, command_show, command_explain, command_targets, command_kernels, command_specs;

#endif
