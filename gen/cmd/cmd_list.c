/* cmd_list.c - the subcommands targets, kernels and specs: tables of what there is, for people and
 * for make and shell.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
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

/* Prints a table with its head line, or tab-separated without it. */
static void print_table(const struct options *options, const struct table *table)
{
    struct str text = {.arena = table->arena};

    if (options->format == FORMAT_TEXT) {
        report_text_table(&text, table->cells, table->n / table->n_columns, table->n_columns);
    } else {
        for (size_t i = table->n_columns; i < table->n; i++)
            str_addf(&text, "%s%c", table->cells[i], (i + 1) % table->n_columns == 0 ? '\n' : '\t');
    }
    fputs(str_text(&text), stdout);
}

/* Adds the rows of what there is. */
typedef void add_rows_fn(struct table *table, const struct session *session);

/* Opens a session, fills a table with this head, prints it. */
static int list(const struct options *options, struct arena *arena, const char *const *head,
                size_t n_columns, add_rows_fn *add_rows)
{
    struct table table = {.arena = arena, .n_columns = n_columns};
    struct session session;
    int code = EXIT_PROVED;

    if (session_open(&session, options, arena)) {
        for (size_t i = 0; i < n_columns; i++)
            add_cell(&table, head[i]);
        add_rows(&table, &session);
        print_table(options, &table);
    } else {
        code = session_give_up(&session);
    }
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

static void add_targets(struct table *table, const struct session *session)
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
    }
}

int command_targets(const struct options *options, struct arena *arena)
{
    static const char *const head[] = {"target", "triple", "tier", "headers", "compiler", "runner"};

    return list(options, arena, head, sizeof head / sizeof head[0], add_targets);
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

static void add_kernels(struct table *table, const struct session *session)
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
}

int command_kernels(const struct options *options, struct arena *arena)
{
    static const char *const head[] = {"kernel", "architecture", "packages", "releases",
                                       "build",  "emulator",     "image",    "targets"};

    return list(options, arena, head, sizeof head / sizeof head[0], add_kernels);
}

static void add_specs(struct table *table, const struct session *session)
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
}

int command_specs(const struct options *options, struct arena *arena)
{
    static const char *const head[] = {"spec", "os", "records", "constants", "calls", "about"};

    return list(options, arena, head, sizeof head / sizeof head[0], add_specs);
}
