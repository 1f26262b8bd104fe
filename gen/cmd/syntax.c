/* syntax.c - see syntax.h: the table of options, and of old names. */
#include "cmd/syntax.h"

#include <string.h>

#include "base/str.h"
#include "emit/emit.h"
#include "witness/witnesses.h"

/* ---- what an option may be ---- */

const char *syntax_formats(struct arena *arena, const struct command *command, const char *last)
{
    struct str text = {.arena = arena};
    unsigned left = command->formats & ~(1U << FORMAT_TEXT);

    str_add(&text, format_name(FORMAT_TEXT));
    for (int i = 0; i < N_FORMATS; i++)
        if (left >> i & 1) {
            left &= ~(1U << i);
            str_addf(&text, "%s%s", left != 0 ? ", " : last, format_name((enum format)i));
        }
    return str_text(&text);
}

static const char *formats(struct arena *arena, const struct command *command)
{
    return syntax_formats(arena, command, ", ");
}

static const char *languages(struct arena *arena, const struct command *command)
{
    struct str text = {.arena = arena};
    bool is_gen = strcmp(command->name, "gen") == 0; /* writes other files, too */

    for (size_t i = 0; emitters[i] != NULL; i++)
        if (is_gen || emitters[i]->is_language)
            str_addf(&text, "%s%s", text.len > 0 ? ", " : "", emitters[i]->name);
    return str_text(&text);
}

static const char *witnesses(struct arena *arena, const struct command *command)
{
    (void)command;
    return witness_names(arena, ~0U, ", ");
}

/* ---- the options ---- */

#define FLAG(to)   .type = OPTION_FLAG, .member = MEMBER(bool, to)
#define TEXT(to)   .type = OPTION_TEXT, .member = MEMBER(const char *, to)
#define FOLDER(to) .type = OPTION_FOLDER, .member = MEMBER(const char *, to)
#define OUTPUT(to) .type = OPTION_OUTPUT, .member = MEMBER(const char *, to)
#define LIST(to)   .type = OPTION_LIST, .member = MEMBER(struct names, to)
#define CONST(to)  .type = OPTION_CONST, .member = MEMBER(struct names, to)
#define NUMBER(to) .type = OPTION_NUMBER, .member = MEMBER(int, to)
#define FORMAT(to) .type = OPTION_FORMAT, .member = MEMBER(enum format, to)

const struct option_row option_rows[] = {
    {.name = "spec", LIST(specs), .value = "SPEC", .unset = "all", .help = "only this spec"},

    {.name = "target",
     LIST(targets),
     .value = "TARGET",
     .unset = "all",
     .help = "only this target"},

    {.name = "lang",
     LIST(langs),
     .value = "LANG",
     .choices = languages,
     .unset = "all",
     .help = "only what is of this language or kind: %s"},

    {.name = "out",
     TEXT(out),
     .value = "DIR",
     .help = "write the files below DIR instead of into the repository"},

    {.name = "flat",
     FLAG(flat),
     .help =
         "write the files into DIR of --out itself, for another project: those of one language, "
         "with what they need of it"},

    {.name = "module",
     TEXT(module),
     .value = "NAME",
     .help = "with --flat and one --spec, name its module and file NAME"},

    {.name = "prefix",
     TEXT(prefix),
     .value = "PREFIX",
     .unset = "raw_",
     .help = "with --flat and --lang c, begin names with PREFIX, and macros with it in capitals"},

    {.name = "check",
     FLAG(check),
     .help = "fail if a generated file is out of date, and leave it as it is"},

    {.name = "bindings",
     TEXT(bindings),
     .value = "DIR",
     .unset = "bindings/c",
     .help = "folder of the C bindings to prove"},

    {.name = "map",
     LIST(maps),
     .value = "THEIRS=OURS",
     .help = "compare THEIRS in the object with the kernel's OURS. THEIRS is a name, such as "
             "'mylib::Event', or 'var:NAME' for the type of a variable; OURS is a record, a field "
             "(record.field), a constant, a function, or a system call ('syscall:NAME')"},

    {.name = "const",
     CONST(maps),
     .value = "THEIRS=OURS",
     .help =
         "as --map, for a constant whose name something else has, too; NAME alone if it has the "
         "same name on both sides"},

    {.name = "header",
     LIST(headers),
     .value = "FILE",
     .help = "compare what the object has of this header of the target, too, such as 'asm/stat.h': "
             "each record, type, constant and function that both name, and what --map names"},

    {.name = "define",
     LIST(defines),
     .value = "NAME=VALUE",
     .help = "define this macro, NAME alone as 1, before the headers of --header, such as "
             "'_FILE_OFFSET_BITS=64'"},

    {.name = "in",
     LIST(packages),
     .value = "NAME",
     .help = "look for the names of the specs only in this package, module or namespace, such as "
             "'poll' or 'mylib::sys'; --map finds names everywhere"},

    {.name = "complete",
     LIST(complete),
     .value = "SPEC",
     .help = "fail unless every record and constant of this spec is in the object"},

    {.name = "witness",
     LIST(witnesses),
     .value = "WITNESS",
     .choices = witnesses,
     .unset = "all that the target has, and boot only with --boot",
     .help = "compare the headers with the facts of this witness only: %s. If one is left out "
             "that the target has, checks are partly proved at best"},

    {.name = "boot",
     FLAG(boot),
     .help = "run the probes on real kernels under qemu-system too; `ci/fetch-kernels` downloads "
             "the kernels"},

    {.name = "require",
     LIST(require),
     .value = "WHAT",
     .help = "fail unless WHAT is proved. WHAT is a target; for prove also a tier (read, compiled, "
             "run, booted) that every selected target has to reach, or 'all', every check; for "
             "verify also an item, such as 'epoll_event' or 'EPOLL*'"},

    {.name = "waivers",
     LIST(waivers),
     .value = "FILE",
     .help = "YAML file of findings that are accepted: under the key 'waivers', a list with the "
             "keys kind, item, targets, reason and expiry"},

    {.name = "config",
     TEXT(config),
     .value = "FILE",
     .unset = "abiproof.yaml, here or in the nearest folder above",
     .help = "the file that says what to verify; see above"},

    {.name = "build",
     FLAG(build),
     .help = "first run the commands that build the objects, as the configuration file has them"},

    {.name = "strict", FLAG(strict), .help = "treat notes as errors"},

    {.name = "format",
     FORMAT(format),
     .value = "FORMAT",
     .choices = formats,
     .unset = "text",
     .help = "format of the output: %s"},

    {.name = "output",
     .letter = 'o',
     OUTPUT(output),
     .value = "FILE",
     .unset = "stdout, as '-'",
     .help = "write the report to FILE, all of it or nothing; missing folders are created"},

    {.name = "fresh",
     FLAG(fresh),
     .help = "build and run every probe again, even if nothing has changed"},

    {.name = "timeout",
     NUMBER(timeout_ms),
     .value = "SECONDS",
     .range = {.noun = "timeout",
               .prefix = "seconds from ",
               .least = 1,
               .most = 3600,
               .initial = 20,
               .scale = 1000},
     .help =
         "time limit for each program that is run; six times as long for a boot, thirty times for "
         "a command that builds objects"},

    {.name = "root",
     .letter = 'C',
     .is_common = true,
     FOLDER(root),
     .value = "DIR",
     .unset = "the nearest folder upward with gen/targets.yaml",
     .help = "abiproof's repository"},

    {.name = "jobs",
     .letter = 'j',
     NUMBER(n_workers),
     .value = "N",
     .unset = "one per processor",
     .range = {.noun = "number of workers", .prefix = "", .least = 1, .most = 1024, .scale = 1},
     .help = "number of parallel workers"},

    {.name = "quiet",
     .letter = 'q',
     .is_common = true,
     FLAG(quiet),
     .help = "print findings and errors only"},

    {.name = "verbose",
     .letter = 'v',
     .is_common = true,
     FLAG(verbose),
     .help = "print more details"},

    {.name = "help",
     .letter = 'h',
     .is_common = true,
     .type = OPTION_HELP,
     .help = "print this text"},

    {.name = NULL},
};

const struct renamed old_names[] = {
    {"probe", "prove"},
    {NULL, NULL},
};

/* ---- finding ---- */

const struct option_row *syntax_option(const struct syntax *syntax, const char *name)
{
    for (const struct option_row *row = syntax->options; row->name != NULL; row++)
        if (strcmp(row->name, name) == 0)
            return row;
    return NULL;
}

const struct command *syntax_command(const struct syntax *syntax, const char *name)
{
    for (size_t i = 0; syntax->commands[i] != NULL; i++)
        if (strcmp(syntax->commands[i]->name, name) == 0)
            return syntax->commands[i];
    return NULL;
}

bool syntax_takes(const struct command *command, const struct option_row *row)
{
    if (row->is_common)
        return true;
    for (const char *const *name = command->options; *name != NULL; name++)
        if (strcmp(*name, row->name) == 0)
            return true;
    return false;
}
