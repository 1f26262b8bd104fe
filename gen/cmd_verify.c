/* cmd_verify.c - the subcommand verify: anybody's objects in, findings out.
 *
 * Objects do not depend on each other, but share the kernel's facts of a target. What one object is
 * lacking is reported for it alone, and the others are verified all the same.
 */
#include <stdio.h>
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
    struct findings findings = {.arena = arena};
    struct str text = {.arena = arena};
    const struct verification **done = NULL;
    size_t n_done = 0, n_items = 0;

    for (size_t i = 0; i < options->operands.n; i++) {
        struct verification *one = arena_alloc(arena, sizeof *one);
        if (!verify(one, request, &references, options->operands.items[i], arena, &session->diag))
            continue;
        ARENA_PUSH(arena, done, n_done, one);
        n_items += one->n_items;
        collect(&findings, one);
    }
    findings_collapse(&findings);
    findings_sort(&findings);
    report_text_verified(
        &text, done, n_done, &findings,
        (struct report_options){options->quiet, options->verbose, options->strict});
    fputs(str_text(&text), stdout);
    fflush(stdout);
    diag_flush(&session->diag);
    return exit_code(session, &findings, n_items, options->operands.n - n_done);
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
