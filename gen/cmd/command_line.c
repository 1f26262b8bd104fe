/* command_line.c - see command_line.h.
 *
 * In: argv and the tables of syntax.h. Out: struct options. Design: no option is known here by its
 * name. getopt_long(3) finds the row of what was typed, the row's type says how to read the value,
 * and the row's member says where it goes.
 */
#include "cmd/command_line.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/proc.h"
#include "base/str.h"
#include "base/suggest.h"
#include "cmd/help.h"

bool names_choose(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return names->n == 0;
}

/* One command line that is being read. */
struct words_reading {
    struct options *options;
    struct arena *arena;
    const struct syntax *syntax;
    bool *is_noted; /* one for each old name: the user knows of it */
};

/* Prints one line on stderr and returns the exit code for it. command: NULL if none is known. */
__attribute__((format(printf, 2, 3))) static int usage_error(const struct command *command,
                                                             const char *format, ...)
{
    const char *name = command != NULL ? command->name : "", *space = command != NULL ? " " : "";
    va_list args;

    va_start(args, format);
    struct arena arena = {NULL};
    fprintf(stderr, "abiproof%s%s: %s; see `abiproof %s%s--help`\n", space, name,
            arena_vprintf(&arena, format, args), name, space);
    va_end(args);
    arena_release(&arena);
    return EXIT_USAGE;
}

/* Tells the user, once, that something has another name now. */
static void note_renamed(struct words_reading *reading, const struct renamed *renamed)
{
    bool *is_noted = &reading->is_noted[renamed - reading->syntax->old_names];

    if (!*is_noted)
        renamed_note(renamed);
    *is_noted = true;
}

/* ---- values, by type ---- */

/* Reads a value into the member of its row. Returns -1, or an exit code after printing. */
typedef int read_fn(struct words_reading *reading, const struct option_row *row, const char *value);

static void *member_of(struct words_reading *reading, const struct option_row *row)
{
    return (char *)reading->options + row->member;
}

static int read_flag(struct words_reading *reading, const struct option_row *row, const char *value)
{
    (void)value;
    *(bool *)member_of(reading, row) = true;
    return -1;
}

static int read_text(struct words_reading *reading, const struct option_row *row, const char *value)
{
    *(const char **)member_of(reading, row) = value;
    return -1;
}

static int read_folder(struct words_reading *reading, const struct option_row *row,
                       const char *value)
{
    size_t length = strlen(value);
    bool is_ended = length == 0 || value[length - 1] == '/';

    return read_text(reading, row, is_ended ? value : arena_printf(reading->arena, "%s/", value));
}

static int read_output(struct words_reading *reading, const struct option_row *row,
                       const char *value)
{
    return read_text(reading, row, strcmp(value, "-") == 0 ? NULL : value);
}

static int read_list(struct words_reading *reading, const struct option_row *row, const char *value)
{
    struct names *names = member_of(reading, row);

    ARENA_PUSH(reading->arena, names->items, names->n, value);
    return -1;
}

/* "T=O" as the map "T=const:O", and "T" as "T=const:T". */
static int read_const(struct words_reading *reading, const struct option_row *row,
                      const char *value)
{
    const char *equals = strchr(value, '=');
    size_t n_theirs = equals != NULL ? (size_t)(equals - value) : strlen(value);
    const char *ours = equals != NULL ? equals + 1 : value;

    return read_list(reading, row,
                     arena_printf(reading->arena, "%.*s=const:%s", (int)n_theirs, value, ours));
}

static int read_number(struct words_reading *reading, const struct option_row *row,
                       const char *value)
{
    const struct option_range *range = &row->range;

    errno = 0;
    char *end;
    long number = strtol(value, &end, 10);
    if (errno != 0 || *end != '\0' || end == value || number < range->least || number > range->most)
        return usage_error(reading->options->command, "bad %s '%s', expected %s%d to %d",
                           range->noun, value, range->prefix, range->least, range->most);
    *(int *)member_of(reading, row) = (int)number * range->scale;
    return -1;
}

static int read_format(struct words_reading *reading, const struct option_row *row,
                       const char *value)
{
    const struct command *command = reading->options->command;

    for (int i = 0; i < N_FORMATS; i++)
        if (strcmp(value, format_name((enum format)i)) == 0 &&
            (i == FORMAT_TEXT || (command->formats >> i & 1))) {
            *(enum format *)member_of(reading, row) = (enum format)i;
            return -1;
        }
    return usage_error(command, "unknown format '%s', expected %s", value,
                       syntax_formats(reading->arena, command, " or "));
}

static int read_help(struct words_reading *reading, const struct option_row *row, const char *value)
{
    struct str text = {.arena = reading->arena};

    (void)row, (void)value;
    help_command(&text, reading->syntax, reading->options->command);
    fputs(str_text(&text), stdout);
    return EXIT_PROVED;
}

static read_fn *const readers[N_OPTION_TYPES] = {
    [OPTION_FLAG] = read_flag,     [OPTION_TEXT] = read_text,     [OPTION_FOLDER] = read_folder,
    [OPTION_OUTPUT] = read_output, [OPTION_LIST] = read_list,     [OPTION_CONST] = read_const,
    [OPTION_NUMBER] = read_number, [OPTION_FORMAT] = read_format, [OPTION_HELP] = read_help,
};

/* ---- options ---- */

/* A long option: the name of a row, or an old name for it. */
struct long_name {
    const char *name;
    const struct option_row *row;
    const struct renamed *renamed; /* NULL: it is today's name */
};

struct long_names {
    struct long_name *items;
    size_t n;
};

/* What getopt_long returns for the first of them; more than any letter. */
enum { FIRST_LONG = UCHAR_MAX + 1 };

static struct long_names list_long_names(const struct words_reading *reading)
{
    const struct syntax *syntax = reading->syntax;
    struct long_names names = {NULL, 0};

    for (const struct option_row *row = syntax->options; row->name != NULL; row++) {
        struct long_name name = {row->name, row, NULL};
        ARENA_PUSH(reading->arena, names.items, names.n, name);
    }
    for (const struct renamed *renamed = syntax->old_names; renamed->old != NULL; renamed++) {
        if (!str_starts(renamed->old, "--"))
            continue;
        struct long_name name = {renamed->old + 2, syntax_option(syntax, renamed->now + 2),
                                 renamed};
        ARENA_PUSH(reading->arena, names.items, names.n, name);
    }
    return names;
}

/* getopt's table of names. */
static const struct option *make_longs(const struct words_reading *reading,
                                       const struct long_names *names)
{
    struct option *longs = arena_alloc(reading->arena, (names->n + 1) * sizeof *longs);

    for (size_t i = 0; i < names->n; i++) {
        const struct long_name *name = &names->items[i];
        int has_value = name->row->value != NULL ? required_argument : no_argument;
        longs[i] = (struct option){name->name, has_value, NULL, FIRST_LONG + (int)i};
    }
    return longs; /* ended by a row of zeros */
}

/* getopt's list of letters. */
static const char *make_letters(const struct words_reading *reading)
{
    struct str text = {.arena = reading->arena};

    str_add_char(&text, ':'); /* a value that is missing is reported from an unknown letter */
    for (const struct option_row *row = reading->syntax->options; row->name != NULL; row++)
        if (row->letter != '\0')
            str_addf(&text, "%c%s", row->letter, row->value != NULL ? ":" : "");
    return str_text(&text);
}

/* The row of what getopt_long returned; NULL if it is no option. */
static const struct option_row *find_row(struct words_reading *reading,
                                         const struct long_names *names, int typed)
{
    const struct option_row *row = reading->syntax->options;

    if (typed >= FIRST_LONG && (size_t)(typed - FIRST_LONG) < names->n) {
        const struct long_name *name = &names->items[typed - FIRST_LONG];
        if (name->renamed != NULL)
            note_renamed(reading, name->renamed);
        return name->row;
    }
    while (row->name != NULL && (row->letter == '\0' || row->letter != typed))
        row++;
    return row->name != NULL ? row : NULL;
}

/* " (perhaps '--target')": options of the command that are spelt like `typed`, of which a value
 * after '=' is no part. */
static const char *near_options(const struct words_reading *reading, const char *typed)
{
    const char **names = NULL;
    size_t n = 0;

    for (const struct option_row *row = reading->syntax->options; row->name != NULL; row++)
        if (syntax_takes(reading->options->command, row))
            ARENA_PUSH(reading->arena, names, n, arena_printf(reading->arena, "--%s", row->name));
    return near_hint(reading->arena, arena_strndup(reading->arena, typed, strcspn(typed, "=")),
                     names, n);
}

/* ", which is for gen, facts and prove"; "" if no command takes the option. */
static const char *who_takes(const struct words_reading *reading, const struct option_row *row)
{
    const struct command *const *commands = reading->syntax->commands;
    struct str text = {.arena = reading->arena};
    size_t n = 0, n_listed = 0;

    for (size_t i = 0; commands[i] != NULL; i++)
        n += syntax_takes(commands[i], row);
    for (size_t i = 0; commands[i] != NULL; i++)
        if (syntax_takes(commands[i], row)) {
            n_listed++;
            str_addf(&text, "%s%s",
                     n_listed == 1   ? ", which is for "
                     : n_listed == n ? " and "
                                     : ", ",
                     commands[i]->name);
        }
    return str_text(&text);
}

/* Reports what getopt_long could not take; word: where it was. */
static int report_word(struct words_reading *reading, int typed, const char *word)
{
    const struct command *command = reading->options->command;

    if (typed == ':')
        return usage_error(command, "option '%s' needs a value", word);
    if (optopt >= FIRST_LONG)
        return usage_error(command, "option '%.*s' takes no value", (int)strcspn(word, "="), word);
    if (optopt != 0)
        return usage_error(command, "unknown option '-%c'", optopt);
    return usage_error(command, "unknown option '%s'%s", word, near_options(reading, word));
}

static int read_words(struct words_reading *reading, int argc, char **argv)
{
    const struct command *command = reading->options->command;
    struct long_names names = list_long_names(reading);
    const struct option *longs = make_longs(reading, &names);
    const char *letters = make_letters(reading);

    opterr = 0;
    for (int typed; (typed = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        const struct option_row *row = find_row(reading, &names, typed);
        if (row == NULL)
            return report_word(reading, typed, argv[optind - 1]);
        if (!syntax_takes(command, row) && typed < FIRST_LONG)
            return usage_error(command, "unknown option '-%c'%s", typed, who_takes(reading, row));
        if (!syntax_takes(command, row))
            return usage_error(command, "unknown option '--%s'%s", row->name,
                               who_takes(reading, row));
        int result = readers[row->type](reading, row, optarg);
        if (result >= 0)
            return result;
    }
    for (; optind < argc; optind++)
        ARENA_PUSH(reading->arena, reading->options->operands.items, reading->options->operands.n,
                   argv[optind]);
    return -1;
}

/* ---- the whole ---- */

/* What options are where they are not typed. */
static void set_initial(struct words_reading *reading)
{
    *reading->options = (struct options){.n_workers = proc_default_workers()};
    for (const struct option_row *row = reading->syntax->options; row->name != NULL; row++)
        if (row->range.initial != 0)
            *(int *)member_of(reading, row) = row->range.initial * row->range.scale;
}

/* Finds the subcommand. Returns -1, or an exit code after reporting. */
static int find_command(struct words_reading *reading, const char *name)
{
    struct options *options = reading->options;
    const struct renamed *renamed = renamed_find(reading->syntax->old_names, name);

    options->called = name;
    if (renamed != NULL)
        note_renamed(reading, renamed);
    options->command = syntax_command(reading->syntax, renamed != NULL ? renamed->now : name);
    if (options->command != NULL)
        return -1;
    const char **names = NULL;
    size_t n = 0;
    for (size_t i = 0; reading->syntax->commands[i] != NULL; i++)
        ARENA_PUSH(reading->arena, names, n, reading->syntax->commands[i]->name);
    return usage_error(NULL, "unknown command '%s'%s", name,
                       near_hint(reading->arena, name, names, n));
}

/* `abiproof help`, or `abiproof help COMMAND`. Returns an exit code. */
static int read_help_words(struct words_reading *reading, int argc, char **argv)
{
    struct str text = {.arena = reading->arena};

    if (argc == 0) {
        help_overview(&text, reading->syntax);
        fputs(str_text(&text), stdout);
        return EXIT_PROVED;
    }
    if (argc > 1)
        return usage_error(NULL, "got %d commands to explain, expected 1", argc);
    int result = find_command(reading, argv[0]);
    return result >= 0 ? result : read_help(reading, NULL, NULL);
}

/* "2", "0 to 1" or "at least 1". */
static const char *operands_text(struct arena *arena, const struct command *command)
{
    if (command->operands_max == ANY_OPERANDS)
        return arena_printf(arena, "at least %zu", command->operands_min);
    if (command->operands_min == command->operands_max)
        return arena_printf(arena, "%zu", command->operands_min);
    return arena_printf(arena, "%zu to %zu", command->operands_min, command->operands_max);
}

/* Finds the root where no option names it. Returns -1, or an exit code after reporting. */
static int find_root(struct options *options, struct arena *arena)
{
    const struct command *command = options->command;

    options->root = root_find(arena, command->root);
    if (options->root != NULL || command->root == ROOT_NONE)
        return -1;
    return usage_error(command, "no gen/targets.yaml here%s, and no --root",
                       command->root == ROOT_READS ? ", in a folder above or above this program"
                                                   : " or in a folder above");
}

int command_line_read(struct options *options, struct arena *arena, const struct syntax *syntax,
                      int argc, char **argv)
{
    struct words_reading reading = {
        .options = options,
        .arena = arena,
        .syntax = syntax,
    };
    size_t n_old = 0;

    while (syntax->old_names[n_old].old != NULL)
        n_old++;
    reading.is_noted = arena_alloc(arena, (n_old + 1) * sizeof *reading.is_noted);
    set_initial(&reading);
    if (argc < 2)
        return usage_error(NULL, "no command given");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return read_help_words(&reading, 0, NULL);
    if (strcmp(argv[1], "help") == 0)
        return read_help_words(&reading, argc - 2, argv + 2);
    int result = find_command(&reading, argv[1]);
    if (result < 0)
        result = read_words(&reading, argc - 1, argv + 1);
    if (result >= 0)
        return result;
    const struct command *command = options->command;
    if (options->operands.n < command->operands_min || options->operands.n > command->operands_max)
        return usage_error(command, "got %zu operands, expected %s", options->operands.n,
                           operands_text(arena, command));
    return options->root == NULL ? find_root(options, arena) : -1;
}
