/* cmd_list.c - the subcommands targets, kernels and specs: tables of what there is, for people and
 * for make and shell.
 */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report.h"
#include "session.h"

/* Prints a table with its head line, or tab-separated without it. */
static void print_table(const struct options *options, struct arena *arena,
                        const char *const *cells, size_t n_rows, size_t n_columns)
{
    struct str text = {.arena = arena};

    if (options->format == FORMAT_TEXT) {
        report_text_table(&text, cells, n_rows, n_columns);
    } else {
        for (size_t i = n_columns; i < n_rows * n_columns; i++)
            str_addf(&text, "%s%c", cells[i], (i + 1) % n_columns == 0 ? '\n' : '\t');
    }
    fputs(str_text(&text), stdout);
}

static int give_up(struct session *session)
{
    int code = session_give_up(session);

    session_close(session);
    return code;
}

int command_targets(const struct options *options, struct arena *arena)
{
    enum { N_COLUMNS = 6 };
    static const char *const head[N_COLUMNS] = {"target",  "triple",   "tier",
                                                "headers", "compiler", "runner"};
    struct session session;
    const char **cells = NULL;
    size_t n = 0;

    if (!session_open(&session, options, arena))
        return give_up(&session);
    for (size_t i = 0; i < N_COLUMNS; i++)
        ARENA_PUSH(arena, cells, n, head[i]);
    for (unsigned i = 0; i < session.targets.n; i++) {
        const struct target *target = &session.targets.items[i];
        const char *runner = target->emulator == NULL ? "none"
                             : target->runner == NULL
                                 ? arena_printf(arena, "missing: %s", target->emulator)
                             : target->runner[0] == '\0' ? "native"
                                                         : target->runner;
        ARENA_PUSH(arena, cells, n, target->name);
        ARENA_PUSH(arena, cells, n, target->triple);
        ARENA_PUSH(arena, cells, n, tier_name(target_promised_tier(target)));
        ARENA_PUSH(arena, cells, n, target->include != NULL ? target->include[0] : "missing");
        ARENA_PUSH(arena, cells, n,
                   target->compiler != NULL ? target->compiler[0]
                                            : arena_printf(arena, "missing: %s", target->cc[0]));
        ARENA_PUSH(arena, cells, n, runner);
    }
    print_table(options, arena, cells, n / N_COLUMNS, N_COLUMNS);
    session_close(&session);
    return EXIT_PROVED;
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

int command_kernels(const struct options *options, struct arena *arena)
{
    enum { N_COLUMNS = 8 };
    static const char *const head[N_COLUMNS] = {"kernel", "architecture", "packages", "releases",
                                                "build",  "emulator",     "image",    "targets"};
    struct session session;
    const char **cells = NULL;
    size_t n = 0;

    if (!session_open(&session, options, arena))
        return give_up(&session);
    for (size_t i = 0; i < N_COLUMNS; i++)
        ARENA_PUSH(arena, cells, n, head[i]);
    for (unsigned i = 0; i < session.all.n_kernels; i++) {
        const struct kernel *kernel = &session.all.kernels[i];
        struct str packages = {.arena = arena}, releases = {.arena = arena};
        for (unsigned k = 0; k < kernel->n_packages; k++)
            str_addf(&packages, "%s%s", k > 0 ? " " : "", kernel->packages[k]);
        str_add(&releases, "own");
        for (unsigned k = 0; k < kernel->n_releases; k++)
            str_addf(&releases, " %s", kernel->releases[k]);
        ARENA_PUSH(arena, cells, n, kernel->name);
        ARENA_PUSH(arena, cells, n, kernel->architecture);
        ARENA_PUSH(arena, cells, n, str_text(&packages));
        ARENA_PUSH(arena, cells, n, str_text(&releases));
        ARENA_PUSH(arena, cells, n, kernel->build != NULL ? kernel->build : "none");
        ARENA_PUSH(arena, cells, n,
                   kernel->emulator != NULL
                       ? kernel->emulator[0]
                       : arena_printf(arena, "missing: %.*s", (int)strcspn(kernel->machine, " "),
                                      kernel->machine));
        ARENA_PUSH(arena, cells, n, kernel->image != NULL ? kernel->package : "missing");
        ARENA_PUSH(arena, cells, n, targets_of_kernel(&session, kernel));
    }
    print_table(options, arena, cells, n / N_COLUMNS, N_COLUMNS);
    session_close(&session);
    return EXIT_PROVED;
}

int command_specs(const struct options *options, struct arena *arena)
{
    enum { N_COLUMNS = 6 };
    static const char *const head[N_COLUMNS] = {"spec",      "os",    "records",
                                                "constants", "calls", "about"};
    struct session session;
    const char **cells = NULL;
    size_t n = 0;

    if (!session_open(&session, options, arena))
        return give_up(&session);
    for (size_t i = 0; i < N_COLUMNS; i++)
        ARENA_PUSH(arena, cells, n, head[i]);
    for (size_t i = 0; i < session.specs.n; i++) {
        const struct spec *spec = session.specs.items[i];
        unsigned n_constants = 0;
        for (unsigned k = 0; k < spec->n_constants; k++)
            n_constants += spec->constants[k].n_names;
        ARENA_PUSH(arena, cells, n, spec->name);
        ARENA_PUSH(arena, cells, n, spec->os);
        ARENA_PUSH(arena, cells, n, arena_printf(arena, "%u", spec->n_records));
        ARENA_PUSH(arena, cells, n, arena_printf(arena, "%u", n_constants));
        ARENA_PUSH(arena, cells, n, arena_printf(arena, "%u", spec->n_calls));
        ARENA_PUSH(arena, cells, n, spec->doc);
    }
    print_table(options, arena, cells, n / N_COLUMNS, N_COLUMNS);
    session_close(&session);
    return EXIT_PROVED;
}
