/* cmd_prove.c - the subcommand prove: checks in, a matrix of what was proved out.
 *
 * A check is run and judged in check.c; here is what concerns all checks together: that workers
 * share them, what --require names, and which exit code follows.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "cmd/generated.h"
#include "cmd/prove_bindings.h"
#include "base/grouping.h"
#include "base/proc.h"
#include "report/report.h"
#include "cmd/session.h"
#include "witness/witnesses.h"

struct proving {
    struct session *session;
    struct checks *checks;
    struct prove_bindings *bindings;
    struct workspace workspace;
    bool shows_progress;
    atomic_size_t n_done;
};

/* One line on a terminal, written over itself; nothing where nobody looks. */
static void show_progress(struct proving *proving, const struct check *check)
{
    size_t n = atomic_fetch_add(&proving->n_done, 1) + 1;

    if (!proving->shows_progress)
        return;
    if (n < proving->checks->n)
        fprintf(stderr, "\r\033[K%zu of %zu: %s %s", n, proving->checks->n, check->target->name,
                check->spec->name);
    else
        fprintf(stderr, "\r\033[K");
}

static void prove_check(void *context, size_t i)
{
    struct proving *proving = context;

    check_run(&proving->checks->items[i], &proving->workspace);
    prove_bindings_of(proving->bindings, proving->session, i, &proving->workspace);
    show_progress(proving, &proving->checks->items[i]);
}

/* The set that --witness names; 0 for none. --boot is one more. Unknown names are reported. */
static unsigned requested_witnesses(struct session *session)
{
    const struct names *names = &session->options->witnesses;
    unsigned set = 0;

    for (size_t i = 0; i < names->n; i++) {
        unsigned witness = witness_set(names->items[i]);
        if (witness == 0)
            diag_error(&session->diag, no_location, "unknown witness '%s'; known: %s",
                       names->items[i], witness_names(session->arena, ~0U, " "));
        set |= witness;
    }
    return set != 0 && session->options->boot ? set | witness_set("boot") : set;
}

/* "partly at tier read", and why it cannot be more if that was a choice. */
static const char *what_was_reached(struct arena *arena, const struct check *check)
{
    const char *text =
        arena_printf(arena, "%s at tier %s", verdict_name(check->verdict), tier_name(check->tier));

    if (check->excluded == 0)
        return text;
    return arena_printf(arena, "%s; --witness leaves out: %s", text,
                        witness_names(arena, check->excluded, " "));
}

/* What --require wants of the checks: a tier of all, a target, or all that the table promises. */
static void check_required(struct session *session)
{
    for (size_t i = 0; i < session->options->require.n; i++) {
        const char *what = session->options->require.items[i];
        enum tier tier = tier_of(what);
        for (size_t k = 0; k < session->checks.n; k++) {
            struct check *check = &session->checks.items[k];
            bool is_meant = tier != TIER_NONE || strcmp(what, "all") == 0 ||
                            strcmp(what, check->target->name) == 0;
            bool is_reached =
                tier != TIER_NONE ? check->tier >= tier : check->verdict == VERDICT_PROVED;
            struct finding_scope scope = {check->spec->name, check->target->name, NULL, "system"};
            if (is_meant && !is_reached && check->verdict != VERDICT_FINDINGS)
                findings_add(&check->findings, "not-proved", SEVERITY_ERROR, check->spec->name,
                             arena_printf(session->arena, "proved, as --require %s says", what),
                             what_was_reached(session->arena, check), no_location, no_location,
                             scope);
        }
    }
}

/* Waives what --waivers accepts, then sees whether they were needed. Only a run over all specs with
 * every witness of a target can tell that there is nothing left to waive on it. */
static void waive_all(struct session *session, struct bindings *bindings, struct waivers *waivers,
                      struct findings *own)
{
    const char *today = waive_today(session->arena);
    struct grouping missed = {.arena = session->arena}; /* targets on which a witness is lacking */
    const char **looked_at = NULL;

    for (size_t i = 0; i < session->checks.n; i++)
        check_waive(&session->checks.items[i], waivers, today);
    for (size_t i = 0; i < bindings->n; i++)
        waive(&bindings->items[i].findings, waivers, today);
    for (size_t i = 0; i < session->checks.n; i++)
        if (!check_is_complete(&session->checks.items[i]))
            grouping_of(&missed, session->checks.items[i].target->name);
    size_t n_looked_at = 0;
    for (unsigned t = 0; t < session->targets.n; t++)
        if (grouping_find(&missed, session->targets.items[t].name) == INDEX_NONE)
            ARENA_PUSH(session->arena, looked_at, n_looked_at, session->targets.items[t].name);
    waivers_review(own, waivers, today, looked_at, n_looked_at, session->options->specs.n == 0);
}

static bool load_waivers(struct session *session, struct waivers *waivers)
{
    for (size_t i = 0; i < session->options->waivers.n; i++)
        waivers_load(waivers, session->arena, session->options->waivers.items[i], &session->diag);
    return session->diag.n_errors == 0 &&
           waivers_check_names(waivers, session->arena, session->options->root, &session->all,
                               &session->diag);
}

static bool check_require_names(struct session *session)
{
    for (size_t i = 0; i < session->options->require.n; i++) {
        const char *what = session->options->require.items[i];
        if (tier_of(what) == TIER_NONE && strcmp(what, "all") != 0 &&
            targets_find(&session->targets, what) == NULL)
            diag_error(&session->diag, no_location,
                       "--require '%s' is no tier, no selected target and not 'all'", what);
    }
    return session->diag.n_errors == 0;
}

static int prove_code(const struct session *session, const struct findings *findings)
{
    size_t n_proved = 0, n_partly = 0, n_unreadable = 0;

    for (size_t i = 0; i < session->checks.n; i++) {
        n_proved += session->checks.items[i].verdict == VERDICT_PROVED ||
                    session->checks.items[i].verdict == VERDICT_WAIVED;
        n_partly += session->checks.items[i].verdict == VERDICT_PARTLY;
        n_unreadable += session->checks.items[i].verdict == VERDICT_UNREADABLE;
    }
    if (n_unreadable > 0)
        return EXIT_USAGE;
    if (findings_count(findings, SEVERITY_ERROR) > 0 ||
        (session->options->strict && findings_count(findings, SEVERITY_NOTE) > 0))
        return EXIT_FINDINGS;
    /* A tier may be all that was required: here every check has it, or there would be a finding. */
    bool is_as_required =
        session->options->require.n > 0 && n_proved + n_partly == session->checks.n;
    return n_proved > 0 || is_as_required ? EXIT_PROVED : EXIT_NOT_CHECKED;
}

/* --check: compares the generated files, from the facts that the checks have read anyway. What a
 * spec forgot is a finding of its check. */
static int check_files(struct session *session)
{
    struct emit_files files = {.arena = session->arena};

    if (!session_was_read(session) || !generated_make(&files, session, NULL))
        return EXIT_USAGE;
    size_t n_stale = generated_compare(session, &files, NULL, false);
    if (!session->options->quiet && session->options->format == FORMAT_TEXT)
        printf("%zu files, %zu stale\n", files.n, n_stale);
    return session->diag.n_errors == 0 ? EXIT_PROVED : EXIT_FINDINGS;
}

/* The worse of two exit codes: what could not be looked at, then what was found. */
static int worse(int a, int b)
{
    if (a == EXIT_USAGE || b == EXIT_USAGE)
        return EXIT_USAGE;
    if (a == EXIT_FINDINGS || b == EXIT_FINDINGS)
        return EXIT_FINDINGS;
    return a != EXIT_PROVED ? a : b;
}

/* Boots the targets of all checks, and gives each check the boot of its target. */
static void boot_all(struct session *session, const struct workspace *workspace)
{
    struct checks *checks = &session->checks;
    struct boot_request *requests = arena_alloc(session->arena, checks->n * sizeof *requests);

    for (size_t i = 0; i < checks->n; i++)
        requests[i] = (struct boot_request){checks->items[i].spec, checks->items[i].target};
    boots_run(&session->boots, session->arena, requests, checks->n, workspace,
              session->options->n_workers);
    for (size_t i = 0; i < checks->n; i++)
        checks->items[i].boot = boots_find(&session->boots, checks->items[i].target);
}

/* The findings of all checks and their bindings. What a binding shows once more, compiled in its
 * own language, is the same finding, seen by one more witness. */
static void collect_findings(struct findings *all, const struct session *session,
                             const struct prove_bindings *bindings)
{
    for (size_t i = 0; i < session->checks.n; i++) {
        struct findings of_check = {.arena = all->arena};
        findings_merge(&of_check, &session->checks.items[i].findings);
        for (size_t k = bindings->first[i]; k < bindings->first[i + 1]; k++)
            findings_merge(&of_check, &bindings->bindings.items[k].findings);
        for (size_t k = 0; k < of_check.n; k++)
            ARENA_PUSH(all->arena, all->items, all->n, of_check.items[k]);
    }
}

static int prove_all(struct session *session, struct prove_bindings *bindings, unsigned requested,
                     struct waivers *waivers)
{
    const struct options *options = session->options;
    struct report report = {
        .command = options->called,
        .findings = {.arena = session->arena},
        .checks = &session->checks,
    };
    struct findings own = {.arena = session->arena}; /* of no check */
    struct str text = {.arena = session->arena};
    struct proving proving = {
        .session = session,
        .checks = &session->checks,
        .bindings = bindings,
        .workspace = session_workspace(session),
        .shows_progress = isatty(STDERR_FILENO) && !options->quiet,
    };

    for (size_t i = 0; i < session->checks.n; i++)
        session->checks.items[i].requested = requested;
    if (options->boot || (requested & witness_set("boot")) != 0)
        boot_all(session, &proving.workspace);
    proc_parallel(session->checks.n, options->n_workers, prove_check, &proving);
    /* A disk that has become full makes compilers fail, which is no finding. */
    if (!session_can_build(session, SESSION_ROOM_LEFT))
        return session_give_up(session);
    int code = options->check ? check_files(session) : EXIT_PROVED;
    report_messages_of_checks(&session->diag.text, &session->checks);
    diag_flush(&session->diag);
    check_required(session);
    prove_bindings_require(bindings, session);
    waive_all(session, &bindings->bindings, waivers, &own);
    report_cases_of_checks(&report.cases, session->arena, &session->checks);
    report_cases_of_bindings(&report.cases, session->arena, &bindings->bindings);
    collect_findings(&report.findings, session, bindings);
    report_add_own(&report, &own);
    findings_collapse(&report.findings);
    findings_sort(&report.findings);
    if (options->format != FORMAT_TEXT)
        report_for_programs(&text, options->format, &report, options->strict);
    else
        report_text_checks(
            &text, &session->checks, &session->boots,
            bindings->is_skipped ? NULL : &bindings->bindings, &report.findings,
            (struct report_options){options->quiet, options->verbose, options->strict});
    if (!report_deliver(options->output, options->format, &text, &session->diag)) {
        diag_flush(&session->diag);
        return EXIT_USAGE;
    }
    return worse(code, prove_code(session, &report.findings));
}

static int run_prove(const struct options *options, struct arena *arena)
{
    struct session session;
    struct prove_bindings bindings = {.is_skipped = true};
    unsigned requested = 0;
    bool is_open = session_open(&session, options, arena);

    if (is_open)
        requested = requested_witnesses(&session);
    if (options->check && options->targets.n > 0)
        diag_error(&session.diag, no_location,
                   "--check needs all targets, since a generated file is made of them: leave out "
                   "--target");
    struct waivers waivers = {NULL, 0};
    int code;
    if (!is_open || !session_can_build(&session, SESSION_ROOM) ||
        !generated_check_langs(&session, true) || !check_require_names(&session) ||
        !load_waivers(&session, &waivers) || !prove_bindings_open(&bindings, &session))
        code = session_give_up(&session);
    else
        code = prove_all(&session, &bindings, requested, &waivers);
    prove_bindings_close(&bindings);
    session_close(&session);
    return code;
}

const struct command command_prove = {
    .name = "prove",
    .about = "prove our own bindings: build, run and compare, on every target",
    .usage = "[option]...",
    .help =
        "For each spec on each target it reads the headers, builds and runs probes of the "
        "system and of the bindings, and compares all of them. It also compiles the bindings of "
        "each language by gen/languages.yaml and verifies the objects. Prints a matrix in which "
        "equal results are grouped (-v: one line per target and spec), then the compiled "
        "bindings, then findings, then what was not checked and why.\n\n"
        "With --check it compares the generated files, too, as `abiproof gen --check` does.",
    .example = "--spec epoll --target x86_64-linux",
    .options = (const char *const[]){"spec", "target", "lang", "check", "bindings", "witness",
                                     "boot", "require", "waivers", "strict", "format", "output",
                                     "fresh", "timeout", "jobs", NULL},
    .root = ROOT_WORKS,
    .formats = FORMATS_REPORT,
    .run = run_prove,
};
