/* cmd_list.c - the subcommands targets, kernels and specs: tables of what there is, for people and
 * for make and shell.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/generated.h"
#include "report/report.h"
#include "cmd/session.h"

/* A table that is being filled, cell by cell. */
struct table {
    struct arena *arena;
    const char **cells; /* row by row; the first row is the head */
    size_t n;
    size_t n_columns;
};

static void add_cell(struct table *table, const char *text)
{
    ARENA_PUSH(table->arena, table->cells, table->n, text);
}

/* Appends a table as Markdown has it. */
static void add_markdown(struct str *text, const struct table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        str_addf(text, "| %s %s", table->cells[i], (i + 1) % table->n_columns == 0 ? "|\n" : "");
        for (size_t k = 0; i + 1 == table->n_columns && k < table->n_columns; k++)
            str_addf(text, "|---%s", k + 1 == table->n_columns ? "|\n" : "");
    }
}

/* Prints a table with its head line, or tab-separated without it. */
static void print_table(const struct options *options, const struct table *table)
{
    struct str text = {.arena = table->arena};

    if (options->format == FORMAT_MARKDOWN)
        add_markdown(&text, table);
    else if (options->format == FORMAT_TEXT)
        report_text_table(&text, table->cells, table->n / table->n_columns, table->n_columns);
    else
        for (size_t i = table->n_columns; i < table->n; i++)
            str_addf(&text, "%s%c", table->cells[i], (i + 1) % table->n_columns == 0 ? '\n' : '\t');
    fputs(str_text(&text), stdout);
}

/* Adds the rows of what there is. Returns false after reporting. */
typedef bool add_rows_fn(struct table *table, struct session *session);

/* Opens a session, fills a table that has these columns, prints it. */
static int list(const struct options *options, struct arena *arena, const struct help_list *columns,
                add_rows_fn *add_rows)
{
    struct table table = {.arena = arena, .n_columns = columns->n};
    struct session session;
    int code = EXIT_PROVED;

    for (size_t i = 0; i < columns->n; i++)
        add_cell(&table, columns->items[i].name);
    if (session_open(&session, options, arena) && add_rows(&table, &session))
        print_table(options, &table);
    else
        code = session_give_up(&session);
    session_close(&session);
    return code;
}

/* The folders of a target's headers, as the table of targets writes them. */
static const char *headers_of(struct arena *arena, const struct target *target)
{
    struct str text = {.arena = arena};

    for (unsigned i = 0; i < target->n_include; i++)
        str_addf(&text, "%s%s", i > 0 ? ":" : "", target->include[i]);
    return text.len > 0 ? str_text(&text) : "missing";
}

/* Words with a space between two; "none" of none. */
static const char *join(struct arena *arena, const char *const *words, size_t n)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", words[i]);
    return n > 0 ? str_text(&text) : "none";
}

static const char *or_none(const char *text)
{
    return text != NULL ? text : "none";
}

/* What the table says; of several compilers, what it says of the one that is here. ci/targets
 * prints some of it before there is a program, so both must agree. */
static void add_table_cells(struct table *table, const struct target *target)
{
    const struct elf_flags *flags = target->e_flags;

    add_cell(table, target->machine_name);
    add_cell(table, arena_printf(table->arena, "%d", target->bits));
    add_cell(table, target->endian);
    add_cell(table, flags != NULL
                        ? arena_printf(table->arena, "0x%x=0x%x", flags->mask, flags->value)
                        : "none");
    add_cell(table, join(table->arena, target->boot, target->n_boot));
    add_cell(table, or_none(target->emulator));
    add_cell(table, or_none(target->debian));
    add_cell(table, target->debian != NULL ? target->libc : "none");
    add_cell(table, or_none(target->gnu));
    add_cell(table, join(table->arena, target->compiler != NULL ? target->compiler + 1 : NULL,
                         target->compiler != NULL ? target->n_compiler - 1 : 0));
}

/* People want no more than this. */
enum { TARGET_COLUMNS_OF_TEXT = 6 };

static bool add_targets(struct table *table, struct session *session)
{
    for (unsigned i = 0; i < session->targets.n; i++) {
        const struct target *target = &session->targets.items[i];
        const char *runner = target->emulator == NULL ? "none"
                             : target->runner == NULL
                                 ? arena_printf(table->arena, "missing: %s", target->emulator)
                             : target->runner[0] == '\0' ? "native"
                                                         : target->runner;
        add_cell(table, target->name);
        add_cell(table, target->triple);
        add_cell(table, tier_name(target_promised_tier(target)));
        add_cell(table, headers_of(table->arena, target));
        add_cell(table, target->compiler != NULL
                            ? target->compiler[0]
                            : arena_printf(table->arena, "missing: %s", target->cc[0]));
        add_cell(table, runner);
        if (table->n_columns > TARGET_COLUMNS_OF_TEXT)
            add_table_cells(table, target);
    }
    return true;
}

/* ---- how far each target is proved ---- */

static bool is_packaged(const struct targets *targets, const char *kernel)
{
    for (unsigned i = 0; i < targets->n_kernels; i++)
        if (strcmp(targets->kernels[i].name, kernel) == 0)
            return targets->kernels[i].build == NULL;
    return false;
}

/* The best that the table promises of a target, kernels to boot counted. */
static const char *promise_of(const struct target *target, const struct targets *targets)
{
    for (unsigned i = 0; i < target->n_boot; i++)
        if (is_packaged(targets, target->boot[i]))
            return "booted";
    if (target->n_boot > 0)
        return "booted, with a kernel that is built here";
    return tier_name(target_promised_tier(target));
}

/* Who ran on a machine that has everything. */
static const char *witnesses_of(struct arena *arena, const struct target *target)
{
    const char **names = NULL;
    size_t n = 0;

    if (strcmp(target->reader, "clang") == 0)
        ARENA_PUSH(arena, names, n, "clang");
    ARENA_PUSH(arena, names, n, "dwarf");
    if (target->emulator == NULL)
        ARENA_PUSH(arena, names, n, "compile");
    ARENA_PUSH(arena, names, n, "dialect");
    if (target->emulator != NULL)
        ARENA_PUSH(arena, names, n, "run behave call");
    if (target->link != NULL)
        ARENA_PUSH(arena, names, n, "link");
    if (target->n_boot > 0)
        ARENA_PUSH(arena, names, n, "boot");
    return join(arena, names, n);
}

/* Adds one row for all targets that are promised the same, in the table's order. */
static bool add_promises(struct table *table, struct session *session)
{
    struct promise {
        const char *os, *promise, *witnesses;
        struct str archs;
    } *groups = NULL;
    size_t n = 0, g;

    for (unsigned i = 0; i < session->targets.n; i++) {
        const struct target *target = &session->targets.items[i];
        const char *promise = promise_of(target, &session->all);
        const char *witnesses = witnesses_of(table->arena, target);
        for (g = 0; g < n; g++)
            if (strcmp(groups[g].os, target->os) == 0 && strcmp(groups[g].promise, promise) == 0 &&
                strcmp(groups[g].witnesses, witnesses) == 0)
                break;
        if (g == n)
            ARENA_PUSH(table->arena, groups, n,
                       ((struct promise){target->os, promise, witnesses, {.arena = table->arena}}));
        str_addf(&groups[g].archs, "%s%.*s", groups[g].archs.len > 0 ? " " : "",
                 (int)strcspn(target->name, "-"), target->name);
    }
    for (g = 0; g < n; g++) {
        add_cell(table, groups[g].os);
        add_cell(table, str_text(&groups[g].archs));
        add_cell(table, groups[g].promise);
        add_cell(table, groups[g].witnesses);
    }
    return true;
}

static const struct help_item target_items[] = {
    {"target", "its name everywhere"},
    {"triple", "clang's name for it"},
    {"tier", "how far the bindings are proved for it: read, compiled or run"},
    {"headers", "folders of the kernel's and the C library's headers, or 'missing'"},
    {"compiler", "the target's own compiler, or what is missing"},
    {"runner", "what runs its programs: 'native', an emulator, or what is missing"},
    {"machine", "of its object files (tsv only, like all that follow)"},
    {"bits", "of a pointer"},
    {"endian", "'little' or 'big'"},
    {"e_flags", "of its ELF files, as MASK=VALUE; or 'none'"},
    {"kernels", "that boot its programs, or 'none'"},
    {"emulator", "of its programs, here or not; or 'none'"},
    {"debian", "Debian's architecture, or 'none'"},
    {"libc", "Debian's package of its C library, or 'none'"},
    {"gnu", "GNU's triple, or 'none'"},
    {"options", "of its compiler, or 'none'"},
};

static const struct help_list target_columns = {"columns", target_items,
                                                sizeof target_items / sizeof target_items[0]};

/* ---- how a language names them ---- */

/* Adds what one row of the table of languages says of a target. Returns false if it cannot name it. */
static bool add_word(struct table *table, const struct language *language,
                     const struct target *target)
{
    if (!language_names(language, target))
        return false;
    add_cell(table, target->name);
    add_cell(table, language->language);
    add_cell(table, language->name);
    add_cell(table, language_word(language, target));
    add_cell(table, language->n_targets > 0 ? language_arch(language, target) : "none");
    return true;
}

static bool add_words(struct table *table, struct session *session)
{
    struct languages languages;
    const struct names *langs = &session->options->langs;

    if (!generated_check_langs(session, true) ||
        !languages_load(&languages, table->arena, session->options->root, &session->all,
                        &session->diag))
        return false;
    for (size_t l = 0; l < langs->n; l++)
        for (unsigned i = 0; i < session->targets.n; i++) {
            bool is_named = false;
            for (unsigned k = 0; k < languages.n; k++)
                if (strcmp(languages.items[k].language, langs->items[l]) == 0)
                    is_named = add_word(table, &languages.items[k], &session->targets.items[i]) ||
                               is_named;
            if (is_named)
                continue;
            add_cell(table, session->targets.items[i].name);
            add_cell(table, langs->items[l]);
            for (int k = 0; k < 3; k++)
                add_cell(table, "none");
        }
    return true;
}

static const struct help_item word_items[] = {
    {"target", "its name everywhere"},
    {"language", "of --lang"},
    {"row", "of gen/languages.yaml: a compiler of the language"},
    {"word", "the compiler's own for the target; or 'none', and there are no bindings for it"},
    {"arch", "the language's own word for its architecture, or 'none' if bindings need none"},
};

static const struct help_list word_columns = {"columns with --lang", word_items,
                                              sizeof word_items / sizeof word_items[0]};

static int run_targets(const struct options *options, struct arena *arena)
{
    static const struct help_item promises[] = {
        {"system", ""}, {"targets", ""}, {"proved", ""}, {"witnesses", ""}};
    static const struct help_list promised = {"columns", promises,
                                              sizeof promises / sizeof promises[0]};
    static const struct help_list for_people = {"columns", target_items, TARGET_COLUMNS_OF_TEXT};

    if (options->langs.n > 0)
        return list(options, arena, &word_columns, add_words);
    if (options->format == FORMAT_MARKDOWN)
        return list(options, arena, &promised, add_promises);
    return list(options, arena, options->format == FORMAT_TEXT ? &for_people : &target_columns,
                add_targets);
}

/* The targets that boot this kernel, in order of preference or not. */
static const char *targets_of_kernel(const struct session *session, const struct kernel *kernel)
{
    struct str text = {.arena = session->arena};

    for (unsigned i = 0; i < session->all.n; i++)
        for (unsigned k = 0; k < session->all.items[i].n_boot; k++)
            if (strcmp(session->all.items[i].boot[k], kernel->name) == 0)
                str_addf(&text, "%s%s", text.len > 0 ? " " : "", session->all.items[i].name);
    return text.len > 0 ? str_text(&text) : "none";
}

static bool add_kernels(struct table *table, struct session *session)
{
    for (unsigned i = 0; i < session->all.n_kernels; i++) {
        const struct kernel *kernel = &session->all.kernels[i];
        struct str packages = {.arena = table->arena}, releases = {.arena = table->arena};
        for (unsigned k = 0; k < kernel->n_packages; k++)
            str_addf(&packages, "%s%s", k > 0 ? " " : "", kernel->packages[k]);
        str_add(&releases, "own");
        for (unsigned k = 0; k < kernel->n_releases; k++)
            str_addf(&releases, " %s", kernel->releases[k]);
        add_cell(table, kernel->name);
        add_cell(table, kernel->architecture);
        add_cell(table, str_text(&packages));
        add_cell(table, str_text(&releases));
        add_cell(table, kernel->build != NULL ? kernel->build : "none");
        add_cell(table, kernel->emulator != NULL
                            ? kernel->emulator[0]
                            : arena_printf(table->arena, "missing: %.*s",
                                           (int)strcspn(kernel->machine, " "), kernel->machine));
        add_cell(table, kernel->image != NULL ? kernel->package : "missing");
        add_cell(table, targets_of_kernel(session, kernel));
    }
    return true;
}

static const struct help_item kernel_items[] = {
    {"kernel", "its name in the table of targets"},
    {"architecture", "Debian's name for it"},
    {"packages", "patterns of the names of Debian's packages"},
    {"releases", "releases of Debian that are searched for them; 'own' is that of this machine"},
    {"build", "words for make, where Debian has but the source; else 'none'"},
    {"emulator", "the machine's emulator, or what is missing"},
    {"image", "the package of the kernel that is here, or 'missing'"},
    {"targets", "targets whose programs it runs, or 'none'"},
};

static const struct help_list kernel_columns = {"columns", kernel_items,
                                                sizeof kernel_items / sizeof kernel_items[0]};

static int run_kernels(const struct options *options, struct arena *arena)
{
    return list(options, arena, &kernel_columns, add_kernels);
}

static bool add_specs(struct table *table, struct session *session)
{
    for (size_t i = 0; i < session->specs.n; i++) {
        const struct spec *spec = session->specs.items[i];
        unsigned n_constants = 0;
        for (unsigned k = 0; k < spec->n_constants; k++)
            n_constants += spec->constants[k].n_names;
        add_cell(table, spec->name);
        add_cell(table, spec->os);
        add_cell(table, arena_printf(table->arena, "%u", spec->n_records));
        add_cell(table, arena_printf(table->arena, "%u", n_constants));
        add_cell(table, arena_printf(table->arena, "%u", spec->n_calls));
        add_cell(table, spec->doc);
    }
    return true;
}

static const struct help_item spec_items[] = {
    {"spec", "its name"},
    {"os", "the system whose interface it binds"},
    {"records", "number of records: structs and unions"},
    {"constants", "number of constants"},
    {"calls", "number of functions and system calls"},
    {"about", "what it is"},
};

static const struct help_list spec_columns = {"columns", spec_items,
                                              sizeof spec_items / sizeof spec_items[0]};

static int run_specs(const struct options *options, struct arena *arena)
{
    return list(options, arena, &spec_columns, add_specs);
}

/* ---- */

const struct command command_targets = {
    .name = "targets",
    .about = "list the targets, and the tools that this machine has for each",
    .usage = "[option]...",
    .help =
        "Prints a table; as tsv with all columns and without the head line, for make and shell; "
        "as markdown how far each target is proved where everything is there, in which targets "
        "that are alike share a row. With --lang, how the compilers of that language name each "
        "target (target, language, row of gen/languages.yaml, word, architecture), or 'none' where "
        "there can be no binding.",
    .list = &target_columns,
    .example = "--format tsv",
    .options = (const char *const[]){"target", "lang", "format", NULL},
    .root = ROOT_READS,
    .formats = FORMATS_TABLE | 1 << FORMAT_MARKDOWN,
    .run = run_targets,
};

const struct command command_kernels = {
    .name = "kernels",
    .about = "list the kernels that can be booted, and what is here of each",
    .usage = "[option]...",
    .help = "Prints a table; as tsv without its head line, for make and shell. `ci/fetch-kernels` "
            "downloads what is missing.",
    .list = &kernel_columns,
    .example = "--format tsv",
    .options = (const char *const[]){"format", NULL},
    .root = ROOT_READS,
    .formats = FORMATS_TABLE,
    .run = run_kernels,
};

const struct command command_specs = {
    .name = "specs",
    .about = "list the specs: what is bound",
    .usage = "[option]...",
    .help = "Prints a table; as tsv without its head line, for make and shell.",
    .list = &spec_columns,
    .example = "--spec epoll",
    .options = (const char *const[]){"spec", "format", NULL},
    .root = ROOT_READS,
    .formats = FORMATS_TABLE,
    .run = run_specs,
};
