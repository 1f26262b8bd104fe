/* Tests of command_line.c: every option, every message, and the help. */
#include "fixture.h"

#include <fcntl.h>
#include <getopt.h>

#include "cmd/command_line.h"
#include "base/proc.h"

static int run_nothing(const struct options *options, struct arena *memory)
{
    (void)options, (void)memory;
    return 42;
}

#define OPTIONS(...)                                                                               \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__ __VA_OPT__(, ) NULL                                                            \
    } /* of file scope */

static const struct command all = {
    .name = "all",
    .about = "takes every option",
    .usage = "[option]...",
    .help = "Does all.\n\nIn two paragraphs.",
    .example = "--check",
    .options = OPTIONS("spec", "lang", "require", "witness", "out", "bindings", "check", "strict",
                       "format", "timeout", "fresh", "jobs"),
    .root = ROOT_WORKS,
    .formats = FORMATS_TABLE,
    .run = run_nothing,
};

static const struct command few = {
    .name = "few",
    .about = "takes few options",
    .usage = "[option]... A B",
    .help = "Does little.",
    .example = "x y",
    .options = OPTIONS("strict"),
    .operands_min = 2,
    .operands_max = 2,
    .run = run_nothing,
};

static const struct command some = {
    .name = "some",
    .about = "takes one or none",
    .usage = "[A]",
    .help = "Does something.",
    .example = "x",
    .options = OPTIONS(),
    .operands_max = 1,
    .root = ROOT_WORKS,
    .run = run_nothing,
};

static const struct command many = {
    .name = "many",
    .about = "takes one or more",
    .usage = "A...",
    .help = "Does much.",
    .example = "x y z",
    .options = OPTIONS(),
    .operands_min = 1,
    .operands_max = ANY_OPERANDS,
    .root = ROOT_READS,
    .run = run_nothing,
};

static const struct command report = {
    .name = "report",
    .about = "writes reports",
    .usage = "[option]...",
    .help = "Reports.",
    .example = "--format json",
    .options = OPTIONS("format", "output"),
    .root = ROOT_WORKS,
    .formats = FORMATS_REPORT,
    .run = run_nothing,
};

static const struct command *const commands[] = {&all, &few, &some, &many, &report, NULL};

static const struct renamed old[] = {
    {"everything", "all"},
    {"--spek", "--spec"},
    {"--stern", "--strict"},
    {NULL, NULL},
};

static const struct syntax usual = {commands, option_rows, old};

/* What command_line_read printed. */
static char out[8192], err[8192];

static int open_capture(int fd, const char *path, int *saved)
{
    int file = open(at_root(path), O_RDWR | O_CREAT | O_TRUNC, 0600);

    *saved = dup(fd);
    assert_true(file >= 0 && *saved >= 0 && dup2(file, fd) == fd);
    return file;
}

static void close_capture(int fd, int saved, int file, char *text, size_t size)
{
    ssize_t n = pread(file, text, size - 1, 0);

    assert_true(dup2(saved, fd) == fd);
    close(saved);
    close(file);
    assert_true(n >= 0 && (size_t)n < size - 1);
    text[n] = '\0';
}

/* Reads a command line of words separated by spaces; keeps what it prints in out and err. */
static int read_line_of(const struct syntax *syntax, struct options *options, const char *line)
{
    char **argv = arena_alloc(&arena, 64 * sizeof *argv);
    char *rest, *text = arena_strdup(&arena, line);
    int argc = 0, saved_out, saved_err;

    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        argv[argc++] = strcmp(word, "''") == 0 ? "" : word;
    optind = 0; /* glibc: start anew */
    fflush(stdout);
    int file_out = open_capture(STDOUT_FILENO, "out", &saved_out);
    int file_err = open_capture(STDERR_FILENO, "err", &saved_err);
    int result = command_line_read(options, &arena, syntax, argc, argv);
    fflush(stdout);
    close_capture(STDOUT_FILENO, saved_out, file_out, out, sizeof out);
    close_capture(STDERR_FILENO, saved_err, file_err, err, sizeof err);
    return result;
}

static int read_line(struct options *options, const char *line)
{
    return read_line_of(&usual, options, line);
}

static void expect_read(struct options *options, const char *line)
{
    int result = read_line(options, line);
    if (result != -1)
        fail_msg("'%s': expected it to be accepted, got exit code %d: %s", line, result, err);
    expect_text(line, "", out);
    expect_text(line, "", err);
}

static const char *join(struct names names)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < names.n; i++)
        str_addf(&text, "%s|", names.items[i]);
    return str_text(&text);
}

static void test_command_line_read__fills_in_defaults(void **state)
{
    (void)state;
    struct options options;
    memset(&options, 0xff, sizeof options);
    expect_read(&options, "abiproof all");
    assert_ptr_equal(options.command, &all);
    assert_string_equal(options.called, "all");
    assert_int_equal(options.command->run(&options, &arena), 42);
    assert_int_equal(options.specs.n + options.targets.n + options.langs.n + options.require.n +
                         options.witnesses.n + options.operands.n,
                     0);
    assert_null(options.out);
    assert_null(options.bindings);
    assert_false(options.check || options.strict || options.fresh ||
                 options.format != FORMAT_TEXT || options.quiet || options.verbose);
    assert_int_equal(options.timeout_ms, 20000);
    assert_int_equal(options.n_workers, proc_default_workers());
    assert_string_equal(options.root, ""); /* the test runs in the root of the repository */
}

static void test_command_line_read__takes_every_option(void **state)
{
    (void)state;
    struct options options;
    expect_read(&options,
                "abiproof all --spec epoll --spec=eventfd --lang c --require run --require all "
                "--witness run --witness=x "
                "--out o --bindings b --check --strict --format tsv --timeout 3 --root /r --jobs 7 "
                "--quiet --verbose");
    assert_string_equal(join(options.specs), "epoll|eventfd|");
    assert_string_equal(join(options.langs), "c|");
    assert_string_equal(join(options.require), "run|all|");
    assert_string_equal(join(options.witnesses), "run|x|"); /* the command knows their names */
    assert_string_equal(options.out, "o");
    assert_string_equal(options.bindings, "b");
    assert_true(options.check && options.strict && options.format == FORMAT_TSV && options.quiet &&
                options.verbose);
    assert_int_equal(options.timeout_ms, 3000);
    assert_int_equal(options.n_workers, 7);
    assert_string_equal(options.root, "/r/");

    expect_read(&options, "abiproof all --format text -j3 -qv -C /r/");
    assert_int_equal(options.format, FORMAT_TEXT);
    assert_int_equal(options.n_workers, 3);
    assert_true(options.quiet && options.verbose);
    assert_string_equal(options.root, "/r/");
    expect_read(&options, "abiproof all -C ''");
    assert_string_equal(options.root, "");
}

static void test_command_line_read__takes_the_formats_of_a_command(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum format format;
    } rows[] = {
        {"text", FORMAT_TEXT},   {"json", FORMAT_JSON}, {"junit", FORMAT_JUNIT},
        {"sarif", FORMAT_SARIF}, {"tap", FORMAT_TAP},   {"github", FORMAT_GITHUB},
    };
    struct options options;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_read(&options, arena_printf(&arena, "abiproof report --format %s", rows[i].name));
        assert_int_equal(options.format, rows[i].format);
    }
    expect_read(&options, "abiproof report --format json --format text");
    assert_int_equal(options.format, FORMAT_TEXT);
}

static void test_command_line_read__takes_a_file_for_the_report(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "abiproof report -o file", "abiproof report -ofile", "abiproof report --output file",
        "abiproof report --output=file", "abiproof report -o - -o file"};
    struct options options;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        expect_read(&options, lines[i]);
        expect_text(lines[i], "file", options.output);
        assert_null(options.out);
    }
    expect_read(&options, "abiproof report");
    assert_null(options.output);
    expect_read(&options, "abiproof report -o file -o -");
    assert_null(options.output);
    expect_read(&options, "abiproof all --out folder");
    assert_null(options.output);
}

static void test_command_line_read__takes_operands_and_options_in_any_order(void **state)
{
    (void)state;
    static const char *const lines[] = {"abiproof few a b --strict", "abiproof few --strict a b",
                                        "abiproof few a --strict b",
                                        "abiproof few --strict -- a b"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct options options;
        expect_read(&options, lines[i]);
        expect_text(lines[i], "a|b|", join(options.operands));
        assert_true(options.strict);
    }
    struct options options;
    expect_read(&options, "abiproof few -- --strict -q");
    expect_text("after --", "--strict|-q|", join(options.operands));
    assert_false(options.strict || options.quiet);
}

static void test_command_line_read__takes_numbers_up_to_their_bounds(void **state)
{
    (void)state;
    struct options options;
    expect_read(&options, "abiproof all --timeout 1 -j 1");
    assert_int_equal(options.timeout_ms, 1000);
    assert_int_equal(options.n_workers, 1);
    expect_read(&options, "abiproof all --timeout 3600 -j 1024");
    assert_int_equal(options.timeout_ms, 3600000);
    assert_int_equal(options.n_workers, 1024);
}

static void expect_message(const char *line, const char *expected)
{
    struct options options;
    int result = read_line(&options, line);
    if (result != EXIT_USAGE)
        fail_msg("'%s': expected exit code 2, got %d", line, result);
    expect_text(line, expected, err);
    expect_text(line, "", out);
}

static void test_command_line_read__says_what_is_wrong_and_where_the_help_is(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *expected;
    } rows[] = {
        {"abiproof", "abiproof: no command given; see `abiproof --help`\n"},
        {"abiproof none", "abiproof: unknown command 'none'; see `abiproof --help`\n"},
        {"abiproof --strict", "abiproof: unknown command '--strict'; see `abiproof --help`\n"},
        {"abiproof all --none",
         "abiproof all: unknown option '--none'; see `abiproof all --help`\n"},
        {"abiproof al", "abiproof: unknown command 'al'; see `abiproof --help`\n"},
        {"abiproof fwe",
         "abiproof: unknown command 'fwe' (perhaps 'few'); see `abiproof --help`\n"},
        {"abiproof help nothing", "abiproof: unknown command 'nothing'; see `abiproof --help`\n"},
        {"abiproof help all few",
         "abiproof: got 2 commands to explain, expected 1; see `abiproof --help`\n"},
        {"abiproof all --cehck", "abiproof all: unknown option '--cehck' (perhaps '--check'); see "
                                 "`abiproof all --help`\n"},
        {"abiproof all --frmat=tsv", "abiproof all: unknown option '--frmat=tsv' (perhaps "
                                     "'--format'); see `abiproof all --help`\n"},
        {"abiproof all --targte x", "abiproof all: unknown option '--targte'; see `abiproof all "
                                    "--help`\n"},
        {"abiproof all --check=yes", "abiproof all: option '--check' takes no value; see `abiproof "
                                     "all --help`\n"},
        {"abiproof all -x", "abiproof all: unknown option '-x'; see `abiproof all --help`\n"},
        {"abiproof all -s epoll", "abiproof all: unknown option '-s'; see `abiproof all --help`\n"},
        {"abiproof few a b --check",
         "abiproof few: unknown option '--check', which is for all; see `abiproof few --help`\n"},
        {"abiproof few a b --spec=epoll",
         "abiproof few: unknown option '--spec', which is for all; see `abiproof few --help`\n"},
        {"abiproof few a b -j 2",
         "abiproof few: unknown option '-j', which is for all; see `abiproof few --help`\n"},
        {"abiproof few a b --jobs 2",
         "abiproof few: unknown option '--jobs', which is for all; see `abiproof few --help`\n"},
        {"abiproof many a --strict", "abiproof many: unknown option '--strict', which is for all "
                                     "and few; see `abiproof many --help`\n"},
        {"abiproof few a b --config x",
         "abiproof few: unknown option '--config'; see `abiproof few --help`\n"},
        {"abiproof all --spec",
         "abiproof all: option '--spec' needs a value; see `abiproof all --help`\n"},
        {"abiproof all -j", "abiproof all: option '-j' needs a value; see `abiproof all --help`\n"},
        {"abiproof all --format json", "abiproof all: unknown format 'json', expected text or tsv; "
                                       "see `abiproof all --help`\n"},
        {"abiproof report --format tsv",
         "abiproof report: unknown format 'tsv', expected text, json, junit, sarif, tap or github; "
         "see `abiproof report --help`\n"},
        {"abiproof report --format=", "abiproof report: unknown format '', expected text, json, "
                                      "junit, sarif, tap or github; see `abiproof report "
                                      "--help`\n"},
        {"abiproof all -o file",
         "abiproof all: unknown option '-o', which is for report; see `abiproof all --help`\n"},
        {"abiproof all --output file",
         "abiproof all: unknown option '--output', which is for report; see `abiproof all "
         "--help`\n"},
        {"abiproof report --out folder",
         "abiproof report: unknown option '--out', which is for all; see `abiproof report "
         "--help`\n"},
        {"abiproof report -o",
         "abiproof report: option '-o' needs a value; see `abiproof report --help`\n"},
        {"abiproof all --timeout 0", "abiproof all: bad timeout '0', expected seconds from 1 to "
                                     "3600; see `abiproof all --help`\n"},
        {"abiproof all --timeout 3601", "abiproof all: bad timeout '3601', expected seconds from 1 "
                                        "to 3600; see `abiproof all --help`\n"},
        {"abiproof all --timeout 20s", "abiproof all: bad timeout '20s', expected seconds from 1 "
                                       "to 3600; see `abiproof all --help`\n"},
        {"abiproof all --timeout=", "abiproof all: bad timeout '', expected seconds from 1 to "
                                    "3600; see `abiproof all --help`\n"},
        {"abiproof all --timeout 99999999999999999999",
         "abiproof all: bad timeout '99999999999999999999', expected seconds from 1 to 3600; see "
         "`abiproof all --help`\n"},
        {"abiproof all -j0", "abiproof all: bad number of workers '0', expected 1 to 1024; see "
                             "`abiproof all --help`\n"},
        {"abiproof all -j 1025", "abiproof all: bad number of workers '1025', expected 1 to 1024; "
                                 "see `abiproof all --help`\n"},
        {"abiproof all a", "abiproof all: got 1 operands, expected 0; see `abiproof all --help`\n"},
        {"abiproof few", "abiproof few: got 0 operands, expected 2; see `abiproof few --help`\n"},
        {"abiproof few a", "abiproof few: got 1 operands, expected 2; see `abiproof few --help`\n"},
        {"abiproof few a b c",
         "abiproof few: got 3 operands, expected 2; see `abiproof few --help`\n"},
        {"abiproof some a b",
         "abiproof some: got 2 operands, expected 0 to 1; see `abiproof some --help`\n"},
        {"abiproof many",
         "abiproof many: got 0 operands, expected at least 1; see `abiproof many --help`\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_message(rows[i].line, rows[i].expected);
}

static void
test_command_line_read__names_an_option_that_the_command_does_not_take_not_its_value(void **state)
{
    (void)state;
    expect_message(
        "abiproof few a b --spec epoll",
        "abiproof few: unknown option '--spec', which is for all; see `abiproof few --help`\n");
}

static void test_command_line_read__names_an_unknown_letter_among_others(void **state)
{
    (void)state;
    expect_message("abiproof all -xq",
                   "abiproof all: unknown option '-x'; see `abiproof all --help`\n");
    expect_message("abiproof all -qxv",
                   "abiproof all: unknown option '-x'; see `abiproof all --help`\n");
}

static void test_command_line_read__looks_for_the_root_upward(void **state)
{
    (void)state;
    char *home = getcwd(NULL, 0);
    write_file("gen/targets.yaml", "");
    write_file("one/two/file", "");
    assert_int_equal(chdir(at_root("one/two")), 0);
    struct options options;
    int result = read_line(&options, "abiproof all");
    assert_int_equal(chdir(home), 0);
    assert_int_equal(result, -1);
    assert_string_equal(options.root, "../../");
    free(home);
}

static void
test_command_line_read__takes_the_programs_root_for_commands_that_only_read(void **state)
{
    (void)state;
    char *home = getcwd(NULL, 0);
    write_file("own/gen/targets.yaml", "");
    assert_int_equal(chdir(root), 0);
    struct options options;
    int from_afar = read_line(&options, "abiproof many a");
    const char *far = options.root;
    assert_int_equal(chdir(at_root("own")), 0);
    int from_near = read_line(&options, "abiproof many a");
    assert_int_equal(chdir(home), 0);
    assert_int_equal(from_afar, -1);
    assert_int_equal(from_near, -1);
    expect_text("that of this test program", arena_printf(&arena, "%s/", home), far);
    expect_text("one's own comes first", "", options.root);
    free(home);
}

static void test_command_line_read__needs_a_root_unless_the_command_does_without(void **state)
{
    (void)state;
    char *home = getcwd(NULL, 0);
    assert_int_equal(chdir(root), 0);
    struct options options;
    int of_all = read_line(&options, "abiproof all");
    const char *message = arena_strdup(&arena, err);
    int of_few = read_line(&options, "abiproof few a b");
    int of_some = read_line(&options, "abiproof some a");
    assert_int_equal(chdir(home), 0);
    free(home);
    assert_int_equal(of_all, EXIT_USAGE);
    expect_text("no root",
                "abiproof all: no gen/targets.yaml here or in a folder above, and no --root; see "
                "`abiproof all --help`\n",
                message);
    assert_int_equal(of_few, -1);
    assert_int_equal(of_some, EXIT_USAGE);
}

static void test_command_line_read__takes_a_range_of_operands(void **state)
{
    (void)state;
    struct options options;
    expect_read(&options, "abiproof some");
    expect_read(&options, "abiproof some a");
    expect_text("one operand", "a|", join(options.operands));
    expect_read(&options, "abiproof many a b c");
    expect_text("three operands", "a|b|c|", join(options.operands));
}

static void test_command_line_read__prints_an_overview_of_the_commands(void **state)
{
    (void)state;
    static const char *const lines[] = {"abiproof --help", "abiproof -h", "abiproof help"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct options options;
        assert_int_equal(read_line(&options, lines[i]), EXIT_PROVED);
        expect_text(lines[i], "", err);
        assert_true(str_starts(out, "usage: abiproof COMMAND"));
        expect_part(lines[i],
                    "\n  all     takes every option\n  few     takes few options\n"
                    "  some    takes one or none\n  many    takes one or more\n"
                    "  report  writes reports\n",
                    out);
    }
}

static void test_command_line_read__prints_the_help_of_a_command(void **state)
{
    (void)state;
    static const char *const lines[] = {"abiproof few --help", "abiproof few -h",
                                        "abiproof few a -qh", "abiproof few --strict --help x y z",
                                        "abiproof help few"};
    static const char expected[] =
        "usage: abiproof few [option]... A B\n"
        "\n"
        "Does little.\n"
        "\n"
        "options:\n"
        "  --strict        treat notes as errors\n"
        "  -C, --root DIR  abiproof's repository (default: the nearest folder upward with\n"
        "                  gen/targets.yaml)\n"
        "  -q, --quiet     print findings and errors only\n"
        "  -v, --verbose   print more details\n"
        "  -h, --help      print this text\n"
        "\n"
        "example:\n"
        "  abiproof few x y\n"
        "\n"
        "exit codes:\n"
        "  0   proved: everything asked for was checked and agrees\n"
        "  1   findings: a disagreement, or something required was not proved\n"
        "  2   usage or environment: see the message\n"
        "  77  not proved: something is missing or was left out, see what was not checked\n";
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct options options;
        assert_int_equal(read_line(&options, lines[i]), EXIT_PROVED);
        expect_text(lines[i], expected, out);
        expect_text(lines[i], "", err);
    }
}

static void test_command_line_read__lists_in_the_help_the_formats_of_a_command(void **state)
{
    (void)state;
    struct options options;
    assert_int_equal(read_line(&options, "abiproof report --help"), EXIT_PROVED);
    expect_part("help of report",
                "\n  --format FORMAT    format of the output: text, json, junit, sarif, tap, github"
                "\n                     (default: text)\n  -o, --output FILE  ",
                out);
    assert_int_equal(read_line(&options, "abiproof all --help"), EXIT_PROVED);
    expect_part("help of all", "format of the output: text, tsv (default: text)\n", out);
    assert_null(strstr(out, "--output"));
}

static void test_command_line_read__lists_in_the_help_what_a_command_takes(void **state)
{
    (void)state;
    struct options options;
    assert_int_equal(read_line(&options, "abiproof all --help"), EXIT_PROVED);
    static const char *const names[] = {"spec",    "lang",   "out",     "check", "bindings",
                                        "require", "strict", "format",  "root",  "timeout",
                                        "jobs",    "quiet",  "verbose", "help",  "witness"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect_part("help of all", arena_printf(&arena, "--%s", names[i]), out);
    assert_null(strstr(out, "--target")); /* not among its options */
}

static void test_command_line_read__notes_an_old_name_once_and_goes_on(void **state)
{
    (void)state;
    static const char note[] = "abiproof: note: 'everything' is now called 'all'\n";
    struct options options;
    assert_int_equal(read_line(&options, "abiproof everything --check"), -1);
    expect_text("command", note, err);
    assert_ptr_equal(options.command, &all);
    assert_string_equal(options.called, "everything"); /* for its report */
    assert_true(options.check);

    assert_int_equal(read_line(&options, "abiproof all --spek a --spek=b --stern --spec c"), -1);
    expect_text("options",
                "abiproof: note: '--spek' is now called '--spec'\n"
                "abiproof: note: '--stern' is now called '--strict'\n",
                err);
    assert_string_equal(join(options.specs), "a|b|c|");
    assert_true(options.strict);

    assert_int_equal(read_line(&options, "abiproof everything --help"), EXIT_PROVED);
    expect_text("its help", note, err);
    assert_true(str_starts(out, "usage: abiproof all "));
    assert_null(strstr(out, "spek"));
    assert_int_equal(read_line(&options, "abiproof help everything"), EXIT_PROVED);
    expect_text("help on it", note, err);
    assert_int_equal(read_line(&options, "abiproof everything --none"), EXIT_USAGE);
    expect_text("a mistake",
                arena_printf(&arena,
                             "%sabiproof all: unknown option '--none'; see `abiproof all --help`\n",
                             note),
                err);
}

/* An option that is added: one row, and its name with a command. */
static void test_command_line_read__takes_an_option_that_is_one_more_row(void **state)
{
    (void)state;
    static const char *const both[] = {"number", "colours", NULL}, *const none[] = {NULL};
    static const struct command taker = {.name = "taker",
                                         .about = "",
                                         .usage = "[option]...",
                                         .help = "Takes.",
                                         .example = "-n 3",
                                         .options = both,
                                         .run = run_nothing};
    static const struct command other = {.name = "other",
                                         .about = "",
                                         .usage = "",
                                         .help = "",
                                         .example = "",
                                         .options = none,
                                         .run = run_nothing};
    static const struct command *const two[] = {&taker, &other, NULL};
    static const struct option_row rows[] = {
        {.name = "number",
         .letter = 'n',
         .type = OPTION_NUMBER,
         .member = MEMBER(int, n_workers),
         .value = "N",
         .help = "how many",
         .range =
             {.noun = "number", .prefix = "", .least = 2, .most = 4, .initial = 3, .scale = 5}},
        {.name = "colours",
         .type = OPTION_LIST,
         .member = MEMBER(struct names, specs),
         .value = "COLOUR",
         .help = "which"},
        {.name = NULL},
    };
    static const struct renamed nothing[] = {{NULL, NULL}};
    static const struct syntax syntax = {two, rows, nothing};
    struct options options;

    assert_int_equal(read_line_of(&syntax, &options, "abiproof taker"), -1);
    assert_int_equal(options.n_workers, 15);
    assert_int_equal(
        read_line_of(&syntax, &options, "abiproof taker -n4 --colours red --colours blue"), -1);
    assert_int_equal(options.n_workers, 20);
    expect_text("list", "red|blue|", join(options.specs));
    assert_int_equal(read_line_of(&syntax, &options, "abiproof taker --number 5"), EXIT_USAGE);
    expect_text("bounds",
                "abiproof taker: bad number '5', expected 2 to 4; see `abiproof taker "
                "--help`\n",
                err);
    assert_int_equal(read_line_of(&syntax, &options, "abiproof other -n 2"), EXIT_USAGE);
    expect_text("not its own",
                "abiproof other: unknown option '-n', which is for taker; see "
                "`abiproof other --help`\n",
                err);
    assert_int_equal(read_line_of(&syntax, &options, "abiproof help taker"), EXIT_PROVED);
    expect_part("help",
                "options:\n"
                "  -n, --number N    how many (default: 3)\n"
                "  --colours COLOUR  which (repeatable)\n",
                out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_command_line_read__fills_in_defaults),
        TEST(test_command_line_read__takes_every_option),
        TEST(test_command_line_read__takes_the_formats_of_a_command),
        TEST(test_command_line_read__takes_a_file_for_the_report),
        TEST(test_command_line_read__takes_operands_and_options_in_any_order),
        TEST(test_command_line_read__takes_numbers_up_to_their_bounds),
        TEST(test_command_line_read__says_what_is_wrong_and_where_the_help_is),
        TEST(test_command_line_read__names_an_option_that_the_command_does_not_take_not_its_value),
        TEST(test_command_line_read__names_an_unknown_letter_among_others),
        TEST(test_command_line_read__looks_for_the_root_upward),
        TEST(test_command_line_read__takes_the_programs_root_for_commands_that_only_read),
        TEST(test_command_line_read__needs_a_root_unless_the_command_does_without),
        TEST(test_command_line_read__takes_a_range_of_operands),
        TEST(test_command_line_read__prints_an_overview_of_the_commands),
        TEST(test_command_line_read__prints_the_help_of_a_command),
        TEST(test_command_line_read__lists_in_the_help_the_formats_of_a_command),
        TEST(test_command_line_read__lists_in_the_help_what_a_command_takes),
        TEST(test_command_line_read__notes_an_old_name_once_and_goes_on),
        TEST(test_command_line_read__takes_an_option_that_is_one_more_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
