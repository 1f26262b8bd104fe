/* cmd_verify.c - the subcommand verify: anybody's objects in, findings out.
 *
 * Objects do not depend on each other, but share the kernel's facts of a target. What one object is
 * lacking is reported for it alone, and the others are verified all the same.
 */
#include <string.h>

#include "commands.h"
#include "report.h"
#include "session.h"
#include "verify.h"

bool command_make_request(struct session *session, struct verify_request *request)
{
    const struct options *options = session->options;
    struct arena *arena = session->arena;

    *request = (struct verify_request){
        .targets = &session->all,
        .specs = &session->specs,
        .headers = options->headers.items,
        .n_headers = options->headers.n,
        .packages = options->packages.items,
        .n_packages = options->packages.n,
        .complete = options->complete.items,
        .n_complete = options->complete.n,
        .place = session_place(session),
    };
    if (options->targets.n > 0)
        request->target = &session->targets.items[0];
    if (options->targets.n > 1)
        diag_error(&session->diag, (struct place){NULL, 0, 0},
                   "got %zu targets, expected one: objects of several targets say it themselves",
                   options->targets.n);
    for (size_t i = 0; i < options->maps.n; i++) {
        struct verify_map map;
        if (verify_map_read(&map, arena, options->maps.items[i], (struct place){NULL, 0, 0},
                            &session->diag))
            ARENA_PUSH(arena, request->maps, request->n_maps, map);
    }
    return session->diag.n_errors == 0;
}

static void collect(struct findings *findings, const struct verification *verification)
{
    for (size_t i = 0; i < verification->n_items; i++)
        for (size_t k = 0; k < verification->items[i].findings.n; k++)
            ARENA_PUSH(findings->arena, findings->items, findings->n,
                       verification->items[i].findings.items[k]);
}

static int exit_code(const struct session *session, const struct findings *findings, size_t n_items,
                     size_t n_unreadable)
{
    if (n_unreadable > 0)
        return EXIT_USAGE;
    if (findings_count(findings, SEVERITY_ERROR) > 0 ||
        (session->options->strict && findings_count(findings, SEVERITY_NOTE) > 0))
        return EXIT_FINDINGS;
    return n_items > 0 ? EXIT_PROVED : EXIT_NOT_CHECKED;
}

static int verify_all(struct session *session, const struct verify_request *request)
{
    const struct options *options = session->options;
    struct arena *arena = session->arena;
    struct references references = {.arena = arena};
    struct report report = {.command = options->command->name, .findings = {.arena = arena}};
    struct explanations explanations;
    struct str text = {.arena = arena};
    const struct verification **done = NULL;
    size_t n_done = 0, n_items = 0;

    for (size_t i = 0; i < options->operands.n; i++) {
        const char *path = options->operands.items[i];
        struct verification *one = arena_alloc(arena, sizeof *one);
        size_t start = session->diag.text.len;
        if (!verify(one, request, &references, path, arena, &session->diag)) {
            struct report_case unreadable = {
                .name = path,
                .outcome = OUTCOME_UNREADABLE,
                .text = report_messages(arena, &session->diag, start),
            };
            ARENA_PUSH(arena, report.cases.items, report.cases.n, unreadable);
            continue;
        }
        ARENA_PUSH(arena, done, n_done, one);
        n_items += one->n_items;
        collect(&report.findings, one);
        report_cases_of_verified(&report.cases, arena, one);
    }
    findings_collapse(&report.findings);
    findings_sort(&report.findings);
    if (report.findings.n > 0 &&
        explanations_load(&explanations, arena, options->root, &session->diag))
        report.explanations = &explanations;
    if (options->format != FORMAT_TEXT)
        report_for_programs(&text, options->format, &report, options->strict);
    else
        report_text_verified(
            &text, done, n_done, &report.findings, report.explanations,
            (struct report_options){options->quiet, options->verbose, options->strict});
    if (!report_deliver(options->output, &text, &session->diag))
        return session_give_up(session);
    diag_flush(&session->diag);
    return exit_code(session, &report.findings, n_items, options->operands.n - n_done);
}

int command_verify(const struct options *options, struct arena *arena)
{
    struct session session;
    struct verify_request request;
    int code;

    if (!session_open(&session, options, arena) || !command_make_request(&session, &request))
        code = session_give_up(&session);
    else
        code = verify_all(&session, &request);
    session_close(&session);
    return code;
}
