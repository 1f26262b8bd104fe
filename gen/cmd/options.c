/* options.c - see options.h. */
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/proc.h"
#include "base/str.h"

/* Every option once: long name, letter, name of its value (NULL: none), one line of help. */
static const struct row {
    const char *name;
    char letter;
    const char *value;
    const char *help;
} rows[] = {
    {"spec", 's', "S", "only this spec (repeatable; default: all)"},
    {"target", 't', "T", "only this target (repeatable; default: all)"},
    {"lang", 'l', "L", "only this kind of file: c, probe, facts (repeatable; default: all)"},
    {"out", 'O', "DIR", "write below this folder instead of the repository"},
    {"check", 'c', NULL, "fail if a generated file would change; gen writes nothing then"},
    {"bindings", 'b', "DIR", "folder of the C bindings to prove (default: bindings/c)"},
    {"map", 'm', "T=O",
     "T, a name in the object ('mylib::Event'; 'var:NAME' for the type of a variable),\n"
     "                    stands for O, the kernel's (record, constant, function, record.field, "
     "or\n"
     "                    syscall:NAME); repeatable"},
    {"const", 'k', "T=O",
     "as --map, for a constant of a header whose name has small letters, or NAME alone\n"
     "                    where both sides call it so (repeatable)"},
    {"header", 'H', "FILE",
     "also know the records and constants of this header of the target's header set,\n"
     "                    as in asm/stat.h, that a map names (repeatable)"},
    {"in", 'I', "NAME",
     "look for the specs' own names only in this package, module or namespace, as in\n"
     "                    'poll' or 'mylib::sys'; maps are not bound by it (repeatable)"},
    {"complete", 'K', "S", "every record and constant of this spec must be there (repeatable)"},
    {"witness", 'w', "W",
     "hear only this one beside the reader of the headers: clang, dwarf, compile, run,\n"
     "                    behave, link, boot (repeatable; default: all that the target has, boot\n"
     "                    with --boot); a row is partly proved at best if one is left out"},
    {"boot", 'B', NULL,
     "boot real kernels too, each target's under qemu-system; ci/fetch-kernels\n"
     "                    brings them"},
    {"require", 'r', "WHAT",
     "fail unless it is proved: a target; for probe also a tier (read, compiled, run,\n"
     "                    booted) of every selected target, or 'all' that the table promises; for\n"
     "                    verify also an item such as epoll_event or EPOLL* (repeatable)"},
    {"waivers", 'W', "FILE", "findings that are accepted, and why (gen/judge/waive.h; repeatable)"},
    {"config", 'Y', "FILE",
     "what to verify (gen/verify/config.h; default: abiproof.yaml, see\n"
     "                    above)"},
    {"build", 'x', NULL, "first run the commands that the file has for building the objects"},
    {"strict", 'S', NULL, "notes are findings too"},
    {"format", 'f', "F", "text (default), or for programs: "}, /* print_help adds which */
    {"output", 'o', "FILE",
     "write the report to this file, whole or not at all (default: stdout, as '-')"},
    {"fresh", 'F', NULL, "run every probe again, even if nothing has changed"},
    {"timeout", 'T', "SECONDS",
     "bound for each program that is run (default: 20); six times that for a boot,\n"
     "                    thirty times for a --build"},
    {"root", 'C', "DIR",
     "the repository (default: the nearest folder upward with gen/targets.yaml)"},
    {"jobs", 'j', "N", "workers (default: one per processor)"},
    {"quiet", 'q', NULL, "print findings and errors only"},
    {"verbose", 'v', NULL, "say more"},
    {"help", 'h', NULL, "this text"},
};
enum { N_ROWS = sizeof rows / sizeof rows[0] };

static const char common[] = "Cqvh";
/* Those whose letter may be typed; the letters of the others are only their keys here. */
static const char typed[] = "Cjqvho";

static bool accepts(const struct command *command, char letter)
{
    return strchr(command->accepts, letter) != NULL || strchr(common, letter) != NULL;
}

static bool has_letter(const struct row *row)
{
    return strchr(typed, row->letter) != NULL;
}

static size_t count_formats(const struct command *command)
{
    size_t n = 0;

    for (int i = 0; i < N_FORMATS; i++)
        n += command->formats >> i & 1;
    return n;
}

/* The formats of a command beside text: "json, junit or tap". */
static const char *list_formats(struct arena *arena, const struct command *command,
                                const char *last_separator)
{
    struct str text = {.arena = arena};
    size_t n_left = count_formats(command);

    for (int i = 0; i < N_FORMATS; i++)
        if (command->formats >> i & 1) {
            n_left--;
            str_addf(&text, "%s%s", format_name((enum format)i),
                     n_left > 1    ? ", "
                     : n_left == 1 ? last_separator
                                   : "");
        }
    return str_text(&text);
}

static void print_overview(const struct command *commands)
{
    printf("usage: abiproof COMMAND [option]...\n\n"
           "Generates raw kernel bindings and proves that bindings are byte-exact, target by "
           "target.\n\n");
    for (; commands->name != NULL; commands++)
        printf("  %-8s  %s\n", commands->name, commands->about);
    printf("\n`abiproof COMMAND --help` explains one.\n");
}

static void print_help(const struct command *command)
{
    printf("usage: abiproof %s %s\n\n%s\n\noptions:\n", command->name, command->usage,
           command->help);
    for (size_t i = 0; i < N_ROWS; i++) {
        const struct row *row = &rows[i];
        struct arena arena = {NULL};
        if (accepts(command, row->letter))
            printf("  %-16s  %s%s\n",
                   arena_printf(&arena, has_letter(row) ? "-%c, --%s%s%s" : "%.0d--%s%s%s",
                                has_letter(row) ? row->letter : 0, row->name, row->value ? " " : "",
                                row->value ? row->value : ""),
                   row->help, row->letter == 'f' ? list_formats(&arena, command, ", ") : "");
        arena_release(&arena);
    }
    printf("\nexit codes:\n"
           "  0   proved: everything asked for was checked and agrees\n"
           "  1   findings: a disagreement, or something required was not proved\n"
           "  2   usage or environment: see the message\n"
           "  77  not proved: something is missing or was left out, see what was not checked\n");
}

/* Prints one line on stderr and returns the exit code for it. */
__attribute__((format(printf, 2, 3))) static int complain(const char *command, const char *format,
                                                          ...)
{
    va_list args;
    struct arena arena = {NULL};

    va_start(args, format);
    fprintf(stderr, "abiproof%s%s: %s; see `abiproof %s%s--help`\n", command ? " " : "",
            command ? command : "", arena_vprintf(&arena, format, args), command ? command : "",
            command ? " " : "");
    va_end(args);
    arena_release(&arena);
    return EXIT_USAGE;
}

static bool read_number(const char *text, int least, int most, int *number)
{
    char *end;
    long value;

    errno = 0;
    value = strtol(text, &end, 10);
    if (errno != 0 || *end != '\0' || end == text || value < least || value > most)
        return false;
    *number = (int)value;
    return true;
}

static void add(struct arena *arena, struct names *names, const char *name)
{
    ARENA_PUSH(arena, names->items, names->n, name);
}

/* A path as it is, with a final slash; "" stays "". */
static const char *as_root(struct arena *arena, const char *path)
{
    size_t length = strlen(path);

    return length == 0 || path[length - 1] == '/' ? path : arena_printf(arena, "%s/", path);
}

static bool is_root(struct arena *arena, const char *path)
{
    return access(arena_printf(arena, "%sgen/targets.yaml", path), R_OK) == 0;
}

/* Walks up from the program's own file; NULL if there is none. */
static const char *find_root_of_program(struct arena *arena)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    for (; n > 0; n--) {
        path[n] = '\0';
        if (path[n - 1] == '/' && is_root(arena, path))
            return arena_strdup(arena, path);
    }
    return NULL;
}

/* Walks up from the current folder to the one that holds gen/targets.yaml; NULL if there is none.
 */
static const char *find_root_here(struct arena *arena)
{
    const char *path = "";

    for (int depth = 0; depth < 32; depth++) {
        if (is_root(arena, path))
            return path;
        path = arena_printf(arena, "../%s", path);
    }
    return NULL;
}

/* Finds the root where no option names it. Returns -1, or the exit code after complaining. */
static int find_root(struct options *options, struct arena *arena)
{
    const struct command *command = options->command;

    options->root = find_root_here(arena);
    if (options->root == NULL && command->root == ROOT_READS)
        options->root = find_root_of_program(arena);
    if (options->root != NULL || command->root == ROOT_NONE)
        return -1;
    return complain(command->name, "no gen/targets.yaml here%s, and no --root",
                    command->root == ROOT_READS ? ", in a folder above or above this program"
                                                : " or in a folder above");
}

static bool read_format(struct options *options, const char *name)
{
    for (int i = 0; i < N_FORMATS; i++)
        if (strcmp(name, format_name((enum format)i)) == 0 &&
            (i == FORMAT_TEXT || (options->command->formats >> i & 1))) {
            options->format = (enum format)i;
            return true;
        }
    return false;
}

/* "T=O" as the map "T=const:O". */
static const char *as_constant(struct arena *arena, const char *text)
{
    const char *equals = strchr(text, '=');

    return equals != NULL
               ? arena_printf(arena, "%.*s=const:%s", (int)(equals - text), text, equals + 1)
               : arena_printf(arena, "%s=const:%s", text, text);
}

static int set(struct options *options, struct arena *arena, const struct row *row,
               const char *value)
{
    const char *command = options->command->name;

    switch (row->letter) {
    case 's':
        add(arena, &options->specs, value);
        break;
    case 't':
        add(arena, &options->targets, value);
        break;
    case 'l':
        add(arena, &options->langs, value);
        break;
    case 'm':
        add(arena, &options->maps, value);
        break;
    case 'k':
        add(arena, &options->maps, as_constant(arena, value));
        break;
    case 'H':
        add(arena, &options->headers, value);
        break;
    case 'I':
        add(arena, &options->packages, value);
        break;
    case 'K':
        add(arena, &options->complete, value);
        break;
    case 'r':
        add(arena, &options->require, value);
        break;
    case 'w':
        add(arena, &options->witnesses, value);
        break;
    case 'W':
        add(arena, &options->waivers, value);
        break;
    case 'Y':
        options->config = value;
        break;
    case 'x':
        options->build = true;
        break;
    case 'O':
        options->out = value;
        break;
    case 'o':
        options->output = strcmp(value, "-") == 0 ? NULL : value;
        break;
    case 'b':
        options->bindings = value;
        break;
    case 'B':
        options->boot = true;
        break;
    case 'c':
        options->check = true;
        break;
    case 'S':
        options->strict = true;
        break;
    case 'F':
        options->fresh = true;
        break;
    case 'f':
        if (!read_format(options, value))
            return complain(command, "unknown format '%s', expected text%s%s", value,
                            count_formats(options->command) > 1 ? ", " : " or ",
                            list_formats(arena, options->command, " or "));
        break;
    case 'T':
        if (!read_number(value, 1, 3600, &options->timeout_ms))
            return complain(command, "bad timeout '%s', expected seconds from 1 to 3600", value);
        options->timeout_ms *= 1000;
        break;
    case 'C':
        options->root = as_root(arena, value);
        break;
    case 'j':
        if (!read_number(value, 1, 1024, &options->n_workers))
            return complain(command, "bad number of workers '%s', expected 1 to 1024", value);
        break;
    case 'q':
        options->quiet = true;
        break;
    case 'v':
        options->verbose = true;
        break;
    case 'h':
        print_help(options->command);
        return EXIT_PROVED;
    }
    return -1;
}

/* getopt's tables, made from ours. Long options are told apart by their index. */
static void make_getopt_tables(struct option *longs, char *letters)
{
    char *at = letters;

    *at++ = ':';
    for (size_t i = 0; i < N_ROWS; i++) {
        longs[i] =
            (struct option){rows[i].name, rows[i].value != NULL ? required_argument : no_argument,
                            NULL, rows[i].letter};
        if (has_letter(&rows[i])) {
            *at++ = rows[i].letter;
            if (rows[i].value != NULL)
                *at++ = ':';
        }
    }
    longs[N_ROWS] = (struct option){NULL, 0, NULL, 0};
    *at = '\0';
}

/* ", which is for gen, facts and probe"; "" if no command takes the option. */
static const char *who_takes(struct arena *arena, const struct command *commands, char letter)
{
    struct str text = {.arena = arena};
    size_t n = 0, n_told = 0;

    for (const struct command *command = commands; command->name != NULL; command++)
        n += accepts(command, letter);
    for (const struct command *command = commands; command->name != NULL; command++)
        if (accepts(command, letter)) {
            n_told++;
            str_addf(&text, "%s%s",
                     n_told == 1   ? ", which is for "
                     : n_told == n ? " and "
                                   : ", ",
                     command->name);
        }
    return str_text(&text);
}

static int read_all(struct options *options, struct arena *arena, const struct command *commands,
                    int argc, char **argv)
{
    struct option longs[N_ROWS + 1];
    char letters[2 * N_ROWS + 2];
    const char *command = options->command->name;
    int index = -1; /* of a long option; stays so for a letter */

    make_getopt_tables(longs, letters);
    opterr = 0;
    for (int letter; (letter = getopt_long(argc, argv, letters, longs, &index)) != -1; index = -1) {
        int result;
        size_t i = 0;
        while (i < N_ROWS && rows[i].letter != letter)
            i++;
        if (letter == ':')
            return complain(command, "option '%s' needs a value", argv[optind - 1]);
        if ((letter == '?' || i == N_ROWS) && optopt != 0)
            return complain(command, "unknown option '-%c'", optopt);
        if (letter == '?' || i == N_ROWS)
            return complain(command, "unknown option '%s'", argv[optind - 1]);
        if (!accepts(options->command, (char)letter) && index < 0)
            return complain(command, "unknown option '-%c'%s", letter,
                            who_takes(arena, commands, (char)letter));
        if (!accepts(options->command, (char)letter))
            return complain(command, "unknown option '--%s'%s", rows[i].name,
                            who_takes(arena, commands, (char)letter));
        result = set(options, arena, &rows[i], optarg);
        if (result >= 0)
            return result;
    }
    for (; optind < argc; optind++)
        add(arena, &options->operands, argv[optind]);
    return -1;
}

/* "2", "0 to 1" or "at least 1". */
static const char *operands_text(struct arena *arena, const struct command *command)
{
    if (command->most_operands == ANY_OPERANDS)
        return arena_printf(arena, "at least %zu", command->least_operands);
    if (command->least_operands == command->most_operands)
        return arena_printf(arena, "%zu", command->least_operands);
    return arena_printf(arena, "%zu to %zu", command->least_operands, command->most_operands);
}

int options_read(struct options *options, struct arena *arena, const struct command *commands,
                 int argc, char **argv)
{
    const struct command *command = commands;
    int result;

    *options = (struct options){.timeout_ms = 20000, .n_workers = proc_default_workers()};
    if (argc < 2)
        return complain(NULL, "no command given");
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        print_overview(commands);
        return EXIT_PROVED;
    }
    while (command->name != NULL && strcmp(command->name, argv[1]) != 0)
        command++;
    if (command->name == NULL)
        return complain(NULL, "unknown command '%s'", argv[1]);
    options->command = command;
    result = read_all(options, arena, commands, argc - 1, argv + 1);
    if (result >= 0)
        return result;
    if (options->operands.n < command->least_operands ||
        options->operands.n > command->most_operands)
        return complain(command->name, "got %zu operands, expected %s", options->operands.n,
                        operands_text(arena, command));
    return options->root == NULL ? find_root(options, arena) : -1;
}
