/* main.c - the program abiproof: each subcommand as an ordered list of stages.
 *
 * In: a command line. Out: an exit code that means the same everywhere (diag.h). What a stage does
 * is written in its own file; here is only which comes after which, and what decides the exit code.
 */
#include <glob.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot.h"
#include "calltype.h"
#include "diag.h"
#include "emit.h"
#include "judge.h"
#include "options.h"
#include "out.h"
#include "proc.h"
#include "report.h"
#include "row.h"
#include "spec.h"
#include "target.h"
#include "witness.h"

/* What every subcommand that reads specs starts from. */
struct session {
    const struct options *options;
    struct arena *arena;
    struct diag diag;
    struct targets targets; /* chosen ones */
    struct targets all;     /* the whole table */
    struct specs specs;
    struct rows rows;
    struct boots boots; /* of the targets, if asked for */
};

/* Reports what was collected and says with which code to end. */
static int give_up(struct session *session)
{
    diag_flush(&session->diag);
    for (size_t i = 0; i < session->rows.n; i++)
        diag_flush(&session->rows.items[i].diag);
    return EXIT_USAGE;
}

static bool choose_targets(struct session *session)
{
    const struct names *names = &session->options->targets;
    struct str known = {.arena = session->arena};
    size_t n = 0;

    if (names->n == 0) {
        session->targets = session->all;
        return true;
    }
    for (unsigned i = 0; i < session->all.n; i++)
        str_addf(&known, " %s", session->all.items[i].name);
    for (size_t i = 0; i < names->n; i++) {
        struct target *target = targets_find(&session->all, names->items[i]);
        if (target == NULL)
            diag_error(&session->diag, (struct place){NULL, 0, 0}, "unknown target '%s'; known:%s",
                       names->items[i], str_text(&known));
        else
            ARENA_PUSH(session->arena, session->targets.items, n, *target);
    }
    session->targets.n = (unsigned)n;
    return session->diag.n_errors == 0;
}

/* A spec for a system that no target has would vanish silently. */
static bool has_system(struct session *session, const struct spec *spec)
{
    for (unsigned i = 0; i < session->all.n; i++)
        if (spec_covers(spec, &session->all.items[i]))
            return true;
    diag_error(&session->diag, spec_place(spec, spec->os), "no target has the system '%s'",
               spec->os);
    return false;
}

/* Loads both tables and makes the rows that the command line selects. */
static bool open_session(struct session *session, const struct options *options,
                         struct arena *arena)
{
    *session = (struct session){.options = options, .arena = arena};
    diag_init(&session->diag, arena, options->verbose);
    if (!targets_load(&session->all, arena, options->root, &session->diag) ||
        !choose_targets(session) ||
        !specs_load(&session->specs, arena, options->root, options->specs.items, options->specs.n,
                    &session->diag))
        return false;
    for (size_t i = 0; i < session->specs.n; i++)
        if (!calltype_check(arena, session->specs.items[i], &session->diag) ||
            !has_system(session, session->specs.items[i]))
            return false;
    rows_make(&session->rows, arena, &session->specs, &session->targets, options->verbose);
    if (session->rows.n == 0)
        diag_error(&session->diag, (struct place){NULL, 0, 0},
                   "no spec covers a selected target: nothing to do");
    return session->rows.n > 0;
}

static void close_session(struct session *session)
{
    rows_release(&session->rows);
    boots_release(&session->boots);
}

/* ---- gen ---- */

struct probing {
    struct rows *rows;
    struct work_place place;
    bool shows_progress;
    atomic_size_t n_done;
};

/* Where things are, by the command line. */
static struct work_place place_of(const struct session *session)
{
    const struct options *options = session->options;

    return (struct work_place){
        .root = options->root,
        .bindings = options->bindings != NULL
                        ? options->bindings
                        : arena_printf(session->arena, "%sbindings/c", options->root),
        .build = arena_printf(session->arena, "%sbuild/probes", options->root),
        .boot = arena_printf(session->arena, "%sbuild/boot", options->root),
        .timeout_ms = options->timeout_ms,
        .is_fresh = options->fresh,
    };
}

static void read_row(void *context, size_t i)
{
    struct probing *probing = context;

    if (!row_read(&probing->rows->items[i], &probing->place))
        probing->rows->items[i].verdict = VERDICT_UNREADABLE;
}

/* Reads the headers of all rows. False if one could not be read: then nothing may be generated. */
static bool read_rows(struct session *session)
{
    struct probing probing = {.rows = &session->rows, .place = place_of(session)};
    int errors = 0;

    proc_parallel(session->rows.n, session->options->n_workers, read_row, &probing);
    for (size_t i = 0; i < session->rows.n; i++) {
        struct row *row = &session->rows.items[i];
        if (row->system.absent != NULL)
            diag_error(&row->diag, (struct place){NULL, 0, 0},
                       "%s, which '%s' needs: %s; run `make deps`", row->target->name,
                       row->spec->name, row->system.absent);
        errors += row->diag.n_errors;
    }
    return errors == 0;
}

static bool is_chosen(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0)
            return true;
    return names->n == 0;
}

static bool check_langs(struct session *session)
{
    for (size_t i = 0; i < session->options->langs.n; i++) {
        bool is_known = false;
        for (size_t k = 0; emitters[k] != NULL; k++)
            is_known = is_known || strcmp(emitters[k]->name, session->options->langs.items[i]) == 0;
        if (!is_known)
            diag_error(&session->diag, (struct place){NULL, 0, 0}, "unknown language '%s'",
                       session->options->langs.items[i]);
    }
    return session->diag.n_errors == 0;
}

/* One job per chosen spec, with the facts of its targets. */
static struct emit_job *make_jobs(struct session *session, size_t *n)
{
    struct emit_job *jobs = NULL;

    *n = 0;
    for (size_t i = 0; i < session->specs.n; i++) {
        struct emit_job job = {.spec = session->specs.items[i]};
        for (size_t r = 0; r < session->rows.n; r++) {
            struct row *row = &session->rows.items[r];
            struct emit_on on = {row->target, &row->system.facts};
            if (row->spec == job.spec)
                ARENA_PUSH(session->arena, job.on, job.n_on, on);
        }
        if (job.n_on > 0)
            ARENA_PUSH(session->arena, jobs, *n, job);
    }
    return jobs;
}

/* All texts, in memory: an error leaves every file as it was. Files that belong to all specs are
 * written only when all specs were chosen. */
static bool emit_all(struct session *session, struct emit_files *files)
{
    size_t n_jobs;
    const struct emit_job *jobs = make_jobs(session, &n_jobs);

    for (size_t k = 0; emitters[k] != NULL; k++) {
        if (!is_chosen(&session->options->langs, emitters[k]->name))
            continue;
        if (emitters[k]->emit_common != NULL && session->options->specs.n == 0)
            emitters[k]->emit_common(files, &session->all, jobs, n_jobs);
        for (size_t i = 0; i < n_jobs; i++)
            emitters[k]->emit(files, &jobs[i], &session->diag);
    }
    return session->diag.n_errors == 0;
}

static bool is_generated(const struct emit_files *files, const char *path)
{
    for (size_t i = 0; i < files->n; i++)
        if (strcmp(files->items[i].path, path) == 0)
            return true;
    return false;
}

/* Reports what lies in the generated folders and no spec makes any more: nobody would keep it
 * right. */
static void check_orphans(struct session *session, const struct emit_files *files, const char *root)
{
    static const char *const patterns[] = {"bindings/c/*", "abi_probes/layout/*",
                                           "abi_probes/facts/*/*"};

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        glob_t found;
        if (glob(arena_printf(session->arena, "%s%s", root, patterns[i]), 0, NULL, &found) != 0)
            continue;
        for (size_t k = 0; k < found.gl_pathc; k++)
            if (!is_generated(files, found.gl_pathv[k] + strlen(root)))
                diag_error(&session->diag,
                           (struct place){arena_strdup(session->arena, found.gl_pathv[k]), 0, 0},
                           "is made by no spec; remove it");
        globfree(&found);
    }
}

/* Writes the files, or with --check says which ones are stale. */
static int finish_files(struct session *session, const struct emit_files *files)
{
    const struct options *options = session->options;
    size_t n_changed = 0;

    for (size_t i = 0; i < files->n; i++) {
        const struct str *text = &files->items[i].text;
        const char *path =
            options->out != NULL
                ? arena_printf(session->arena, "%s/%s", options->out, files->items[i].path)
                : arena_printf(session->arena, "%s%s", options->root, files->items[i].path);
        enum out_result result = options->check
                                     ? out_compare(path, str_text(text), text->len)
                                     : out_write(path, str_text(text), text->len, &session->diag);
        n_changed += result != OUT_SAME;
        if (options->check && result != OUT_SAME)
            diag_error(&session->diag, (struct place){path, 0, 0}, "%s; run `make gen`",
                       result == OUT_MISSING ? "is missing" : "is stale");
        else if (options->verbose)
            printf("%s %s\n", result == OUT_SAME ? "same   " : "written", path);
    }
    if (options->check && options->specs.n == 0 && options->langs.n == 0 && options->out == NULL)
        check_orphans(session, files, options->root);
    diag_flush(&session->diag);
    if (!options->quiet)
        printf("%zu files, %zu %s\n", files->n, n_changed, options->check ? "stale" : "written");
    if (session->diag.n_errors == 0)
        return EXIT_PROVED;
    return options->check ? EXIT_FINDINGS : EXIT_USAGE;
}

/* Names that the headers define and the spec forgot: a binding without them would not be complete.
 */
static bool is_complete(struct session *session)
{
    size_t n = 0;

    for (size_t i = 0; i < session->rows.n; i++) {
        struct row *row = &session->rows.items[i];
        for (size_t k = 0; k < row->system.unbound.n; k++)
            diag_error(&row->diag, row->system.unbound.items[k].where,
                       "unbound-name: '%s' is defined for %s, and %s neither binds nor ignores it",
                       row->system.unbound.items[k].name, row->target->name, row->spec->path);
        n += row->system.unbound.n;
        diag_flush(&row->diag);
    }
    return n == 0;
}

static int run_gen(const struct options *options, struct arena *arena)
{
    struct session session;
    struct emit_files files = {.arena = arena};
    bool is_read;
    int code;

    is_read =
        open_session(&session, options, arena) && check_langs(&session) && read_rows(&session);
    if (is_read && !is_complete(&session))
        code = EXIT_FINDINGS;
    else if (is_read && emit_all(&session, &files))
        code = finish_files(&session, &files);
    else
        code = give_up(&session);
    close_session(&session);
    return code;
}

/* ---- facts ---- */

static int run_facts(const struct options *options, struct arena *arena)
{
    struct session session;
    struct facts all = {.arena = arena};
    struct str text = {.arena = arena};
    int code = EXIT_PROVED;

    if (options->targets.n != 1) {
        fprintf(stderr,
                "abiproof facts: give exactly one --target; `abiproof targets` lists them\n");
        return EXIT_USAGE;
    }
    if (!open_session(&session, options, arena) || !read_rows(&session)) {
        code = give_up(&session);
    } else {
        for (size_t i = 0; i < session.rows.n; i++) {
            const struct facts *facts = &session.rows.items[i].system.facts;
            for (size_t k = 0; k < facts->n; k++)
                ARENA_PUSH(arena, all.items, all.n, facts->items[k]);
        }
        facts_sort(&all);
        facts_print(&text, &all, options->verbose);
        fputs(str_text(&text), stdout);
    }
    close_session(&session);
    return code;
}

/* ---- probe ---- */

/* One line on a terminal, written over itself; nothing where nobody looks. */
static void show_progress(struct probing *probing, const struct row *row)
{
    size_t n = atomic_fetch_add(&probing->n_done, 1) + 1;

    if (!probing->shows_progress)
        return;
    if (n < probing->rows->n)
        fprintf(stderr, "\r\033[K%zu of %zu: %s %s", n, probing->rows->n, row->target->name,
                row->spec->name);
    else
        fprintf(stderr, "\r\033[K");
}

static void probe_row(void *context, size_t i)
{
    struct probing *probing = context;

    row_probe(&probing->rows->items[i], &probing->place);
    show_progress(probing, &probing->rows->items[i]);
}

/* What --require asks of the rows: a tier of all, a target, or all that the table promises. */
static void check_required(struct session *session, struct findings *findings)
{
    struct place none = {NULL, 0, 0};

    for (size_t i = 0; i < session->options->require.n; i++) {
        const char *what = session->options->require.items[i];
        enum tier tier = tier_of(what);
        for (size_t k = 0; k < session->rows.n; k++) {
            const struct row *row = &session->rows.items[k];
            bool is_meant = tier != TIER_NONE || strcmp(what, "all") == 0 ||
                            strcmp(what, row->target->name) == 0;
            bool is_reached =
                tier != TIER_NONE ? row->tier >= tier : row->verdict == VERDICT_PROVED;
            struct judge_context context = {row->spec->name, row->target->name, NULL, "system"};
            if (is_meant && !is_reached && row->verdict != VERDICT_FINDINGS)
                findings_add(findings, "not-proved", SEVERITY_ERROR, row->spec->name,
                             arena_printf(session->arena, "proved, as --require %s says", what),
                             arena_printf(session->arena, "%s at tier %s",
                                          verdict_name(row->verdict), tier_name(row->tier)),
                             none, none, context);
        }
    }
}

static bool check_require_names(struct session *session)
{
    for (size_t i = 0; i < session->options->require.n; i++) {
        const char *what = session->options->require.items[i];
        if (tier_of(what) == TIER_NONE && strcmp(what, "all") != 0 &&
            targets_find(&session->targets, what) == NULL)
            diag_error(&session->diag, (struct place){NULL, 0, 0},
                       "--require '%s' is no tier, no selected target and not 'all'", what);
    }
    return session->diag.n_errors == 0;
}

static int probe_code(const struct session *session, const struct findings *findings)
{
    size_t n_proved = 0, n_unreadable = 0;

    for (size_t i = 0; i < session->rows.n; i++) {
        n_proved += session->rows.items[i].verdict == VERDICT_PROVED;
        n_unreadable += session->rows.items[i].verdict == VERDICT_UNREADABLE;
    }
    if (n_unreadable > 0)
        return EXIT_USAGE;
    if (findings_count(findings, SEVERITY_ERROR) > 0 ||
        (session->options->strict && findings_count(findings, SEVERITY_NOTE) > 0))
        return EXIT_FINDINGS;
    return n_proved > 0 ? EXIT_PROVED : EXIT_NOT_CHECKED;
}

static int probe_all(struct session *session)
{
    const struct options *options = session->options;
    struct findings findings = {.arena = session->arena};
    struct str text = {.arena = session->arena};
    struct probing probing = {
        .rows = &session->rows,
        .place = place_of(session),
        .shows_progress = isatty(STDERR_FILENO) && !options->quiet,
    };

    if (options->boot)
        boots_run(&session->boots, session->arena, &session->rows, &probing.place,
                  options->n_workers);
    proc_parallel(session->rows.n, options->n_workers, probe_row, &probing);
    for (size_t i = 0; i < session->rows.n; i++) {
        diag_flush(&session->rows.items[i].diag);
        for (size_t k = 0; k < session->rows.items[i].findings.n; k++)
            ARENA_PUSH(session->arena, findings.items, findings.n,
                       session->rows.items[i].findings.items[k]);
    }
    check_required(session, &findings);
    findings_collapse(&findings);
    findings_sort(&findings);
    if (options->format == FORMAT_JSON)
        report_json_rows(&text, &session->rows, &findings);
    else
        report_text_rows(
            &text, &session->rows, &session->boots, &findings,
            (struct report_options){options->quiet, options->verbose, options->strict});
    fputs(str_text(&text), stdout);
    return probe_code(session, &findings);
}

static int run_probe(const struct options *options, struct arena *arena)
{
    struct session session;
    int code;

    if (!open_session(&session, options, arena) || !check_require_names(&session))
        code = give_up(&session);
    else
        code = probe_all(&session);
    close_session(&session);
    return code;
}

/* ---- judge ---- */

static bool read_facts(struct facts *facts, const char *path, struct diag *diag)
{
    char *text = out_read(facts->arena, path, NULL);

    if (text == NULL)
        diag_error(diag, (struct place){path, 0, 0}, "cannot read");
    else if (facts_parse(facts, text, path, diag) && facts_check(facts, diag))
        facts_sort(facts);
    return diag->n_errors == 0;
}

static int run_judge(const struct options *options, struct arena *arena)
{
    struct facts expected = {.arena = arena}, got = {.arena = arena};
    struct findings findings = {.arena = arena};
    struct str text = {.arena = arena};
    struct report_options how = {options->quiet, options->verbose, options->strict};
    struct judge_context nothing = {NULL, NULL, NULL, NULL};
    struct diag diag;
    unsigned char *agreed;
    size_t n_checked = 0;

    diag_init(&diag, arena, options->verbose);
    if (!read_facts(&expected, options->operands.items[0], &diag) ||
        !read_facts(&got, options->operands.items[1], &diag)) {
        diag_flush(&diag);
        return EXIT_USAGE;
    }
    agreed = arena_alloc(arena, expected.n + 1);
    judge(&findings, &expected, &got, JUDGE_MODEL, true, nothing, agreed);
    findings_sort(&findings);
    report_text_findings(&text, &findings, how);
    for (size_t i = 0; i < expected.n; i++)
        n_checked += agreed[i] == fact_attrs_present(&expected.items[i]);
    if (!options->quiet)
        str_addf(&text, "%zu of %zu facts agree\n", n_checked, expected.n);
    fputs(str_text(&text), stdout);
    if (findings_count(&findings, SEVERITY_ERROR) > 0 || (options->strict && findings.n > 0))
        return EXIT_FINDINGS;
    return n_checked > 0 ? EXIT_PROVED : EXIT_NOT_CHECKED;
}

/* ---- tables ---- */

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

static int run_targets(const struct options *options, struct arena *arena)
{
    enum { N_COLUMNS = 6 };
    static const char *const head[N_COLUMNS] = {"target",  "triple",   "tier",
                                                "headers", "compiler", "runner"};
    struct session session;
    const char **cells = NULL;
    size_t n = 0;

    if (!open_session(&session, options, arena))
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
    close_session(&session);
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

static int run_kernels(const struct options *options, struct arena *arena)
{
    enum { N_COLUMNS = 6 };
    static const char *const head[N_COLUMNS] = {"kernel",   "architecture", "packages",
                                                "emulator", "image",        "targets"};
    struct session session;
    const char **cells = NULL;
    size_t n = 0;

    if (!open_session(&session, options, arena))
        return give_up(&session);
    for (size_t i = 0; i < N_COLUMNS; i++)
        ARENA_PUSH(arena, cells, n, head[i]);
    for (unsigned i = 0; i < session.all.n_kernels; i++) {
        const struct kernel *kernel = &session.all.kernels[i];
        struct str packages = {.arena = arena};
        for (unsigned k = 0; k < kernel->n_packages; k++)
            str_addf(&packages, "%s%s", k > 0 ? " " : "", kernel->packages[k]);
        ARENA_PUSH(arena, cells, n, kernel->name);
        ARENA_PUSH(arena, cells, n, kernel->architecture);
        ARENA_PUSH(arena, cells, n, str_text(&packages));
        ARENA_PUSH(arena, cells, n,
                   kernel->emulator != NULL
                       ? kernel->emulator[0]
                       : arena_printf(arena, "missing: %.*s", (int)strcspn(kernel->machine, " "),
                                      kernel->machine));
        ARENA_PUSH(arena, cells, n, kernel->image != NULL ? kernel->package : "missing");
        ARENA_PUSH(arena, cells, n, targets_of_kernel(&session, kernel));
    }
    print_table(options, arena, cells, n / N_COLUMNS, N_COLUMNS);
    close_session(&session);
    return EXIT_PROVED;
}

static int run_specs(const struct options *options, struct arena *arena)
{
    enum { N_COLUMNS = 6 };
    static const char *const head[N_COLUMNS] = {"spec",      "os",    "records",
                                                "constants", "calls", "about"};
    struct session session;
    const char **cells = NULL;
    size_t n = 0;

    if (!open_session(&session, options, arena))
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
    close_session(&session);
    return EXIT_PROVED;
}

static const struct command commands[] = {
    {"gen", "write bindings, probes and golden facts from the headers",
     "[--spec S]... [--lang L]... [--out DIR] [--check]",
     "Reads the headers of every target that a spec covers and writes bindings/c, "
     "abi_probes/layout and\n"
     "abi_probes/facts. A file is replaced only if its bytes change; an error leaves all as they "
     "were.",
     "sloc", 0, FORMAT_TEXT, run_gen},
    {"facts", "print facts as the headers of a target say them", "--target T [--spec S]...",
     "Prints canonical facts, one per line, sorted; -v adds the header and line of each.", "st", 0,
     FORMAT_TEXT, run_facts},
    {"probe", "prove bindings: build, run and compare, on every target",
     "[--spec S]... [--target T]... [--boot] [--bindings DIR] [--require WHAT]... [--format json]",
     "Reads the headers, builds and runs probes of the system and of the bindings, and compares "
     "all of\n"
     "them. Prints a matrix, one row per target and spec, then findings, then what was not "
     "checked.",
     "stbBrSTfF", 0, FORMAT_JSON, run_probe},
    {"judge", "compare any two files of facts", "EXPECTED GOT",
     "Compares two files of canonical facts, as `abiproof facts` and probes print them.", "S", 2,
     FORMAT_TEXT, run_judge},
    {"targets", "list the targets, and what this machine has of each", "[--format tsv]",
     "Columns: target, triple for clang, the tier that it is proved at, headers, compiler, runner.",
     "tf", 0, FORMAT_TSV, run_targets},
    {"kernels", "list the kernels that targets can boot, and what this machine has of each",
     "[--format tsv]",
     "Columns: kernel, Debian's architecture, patterns of package names, emulator, the package "
     "that "
     "is\nthere, targets whose programs it runs. ci/fetch-kernels brings what is missing.",
     "f", 0, FORMAT_TSV, run_kernels},
    {"specs", "list the specs", "[--format tsv]",
     "Columns: spec, system, number of records, constants and calls, what it is.", "sf", 0,
     FORMAT_TSV, run_specs},
    {NULL, NULL, NULL, NULL, NULL, 0, FORMAT_TEXT, NULL},
};

int main(int argc, char **argv)
{
    struct arena arena = {NULL};
    struct options options;
    int code;

    /* A parent that ignores it would make us lose the exit codes of what we run. */
    signal(SIGCHLD, SIG_DFL);
    /* libclang would parse in a thread of its own, with a heap of its own: 10 % of gen's time. */
    setenv("LIBCLANG_NOTHREADS", "1", 0);
    code = options_read(&options, &arena, commands, argc, argv);
    if (code < 0)
        code = options.command->run(&options, &arena);
    if (fflush(stdout) != 0)
        code = EXIT_USAGE;
    arena_release(&arena);
    return code;
}
