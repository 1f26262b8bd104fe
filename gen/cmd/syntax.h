/* syntax.h - what may be typed after `abiproof`: tables.
 *
 * In: nothing. Out: one row per option and per old name, and the list of subcommands. Reading a
 * command line (command_line.c) and printing help (help.c) both go by these tables, so that they
 * cannot disagree. Design: a row says of which type its value is and where in struct options it
 * goes, so that an option is a row and a member; MEMBER makes sure that the two have the same type.
 */
#ifndef ABIPROOF_SYNTAX_H
#define ABIPROOF_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/renamed.h"
#include "cmd/commands.h"
#include "cmd/options.h"

/* How a value is read, and the type of the member that it goes to. */
enum option_type {
    OPTION_FLAG,   /* bool: has no value, is true once it is typed */
    OPTION_TEXT,   /* const char *: as typed; the last one counts, here and below */
    OPTION_FOLDER, /* const char *: a path with a final slash, or "" */
    OPTION_OUTPUT, /* const char *: a file; '-' is stdout, NULL */
    OPTION_LIST,   /* struct names: each adds one */
    OPTION_CONST,  /* struct names: a list of maps, to which "T=O" is added as "T=const:O" */
    OPTION_NUMBER, /* int: within bounds */
    OPTION_FORMAT, /* enum format: one that the command knows */
    OPTION_HELP,   /* no member: prints the help of the command instead of running it */
    N_OPTION_TYPES
};

/* An OPTION_NUMBER, in the unit in which it is typed. */
struct option_range {
    const char *noun;   /* for messages: "timeout" */
    const char *prefix; /* of the bounds in messages: "seconds from ", or "" */
    int least;
    int most;
    int initial; /* where it is not typed; 0: command_line_read knows better */
    int scale;   /* what is kept is this many times what is typed */
};

/* The words that an option takes, "c, probe, facts", for its help. */
typedef const char *option_choices_fn(struct arena *arena, const struct command *command);

struct option_row {
    const char *name; /* typed after "--" */
    char letter;      /* typed after "-"; 0: it has none */
    bool is_common;   /* every subcommand takes it */
    enum option_type type;
    size_t member;              /* offset in struct options */
    const char *value;          /* name of the value in the help: "FILE"; NULL: it takes none */
    const char *help;           /* no full stop at its end; "%s" stands for the choices */
    option_choices_fn *choices; /* NULL: none */
    const char *unset;          /* what it means to leave the option out; NULL: nothing special */
    struct option_range range;  /* of an OPTION_NUMBER */
};

/* The offset of a member of struct options that must be of this type. */
#define MEMBER(c_type, member)                                                                     \
    (offsetof(struct options, member) +                                                            \
     0 * sizeof(char[__builtin_types_compatible_p(__typeof__(((struct options *)NULL)->member),    \
                                                  c_type)                                          \
                         ? 1                                                                       \
                         : -1]))

/* All options, in the order of the help; ended by a row without a name. */
extern const struct option_row option_rows[];

/* Old names that still work: of subcommands, and of options as "--name". */
extern const struct renamed old_names[];

/* What command_line_read goes by. */
struct syntax {
    const struct command *const *commands; /* ended by NULL */
    const struct option_row *options;
    const struct renamed *old_names;
};

/* Finds an option by its name without dashes; a subcommand by its name. NULL if there is none. */
const struct option_row *syntax_option(const struct syntax *syntax, const char *name);
const struct command *syntax_command(const struct syntax *syntax, const char *name);

/* True if the subcommand takes the option. */
bool syntax_takes(const struct command *command, const struct option_row *row);

/* The formats of a subcommand: "text, json, junit"; the last one is separated by `last`. */
const char *syntax_formats(struct arena *arena, const struct command *command, const char *last);

#endif
