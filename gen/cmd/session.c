/* session.c - see session.h. */
#include "cmd/session.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "report/report.h"
#include "base/resources.h"
#include "witness/build.h"
#include "witness/headers.h"
#include "model/calltype.h"
#include "base/proc.h"
#include "base/str.h"

int session_give_up(struct session *session)
{
    report_messages_of_checks(&session->diag.text, &session->checks);
    diag_flush(&session->diag);
    return EXIT_USAGE;
}

static bool choose_targets(struct session *session)
{
    const struct names *names = &session->options->targets;
    struct str known = {.arena = session->arena};

    if (names->n == 0) {
        session->targets = session->all;
        return true;
    }
    for (unsigned i = 0; i < session->all.n; i++)
        str_addf(&known, " %s", session->all.items[i].name);
    size_t n = 0;
    for (size_t i = 0; i < names->n; i++) {
        struct target *target = targets_find(&session->all, names->items[i]);
        session->targets.n = (unsigned)n;
        if (targets_find(&session->targets, names->items[i]) != NULL)
            continue; /* given twice */
        if (target == NULL)
            diag_error(&session->diag, no_location, "unknown target '%s'; known:%s",
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
    diag_error(&session->diag, spec_location(spec, spec->os), "no target has the system '%s'%s",
               spec->os, spec->headers == HEADERS_NEWER ? " and newer headers" : "");
    return false;
}

/* A folder that is not there would look like bindings in which everything is missing. */
static bool has_bindings(struct session *session)
{
    const char *folder = session->options->bindings;
    struct stat status;
    int error = folder == NULL || stat(folder, &status) == 0 ? 0 : errno;

    if (folder != NULL && error == 0 && !S_ISDIR(status.st_mode))
        error = ENOTDIR;
    if (error != 0)
        diag_error(&session->diag, (struct location){folder, 0, 0},
                   "cannot be read: %s; expected a folder of C bindings", strerror(error));
    return error == 0;
}

bool session_open(struct session *session, const struct options *options, struct arena *arena)
{
    *session = (struct session){
        .options = options, .arena = arena, .cache = build_cache_new(options->fresh)};
    diag_init(&session->diag, arena, options->verbose);
    if (!targets_load(&session->all, arena, options->root, &session->diag) ||
        !choose_targets(session) || !has_bindings(session) ||
        !specs_load(&session->specs, arena, options->root, options->specs.items, options->specs.n,
                    &session->diag))
        return false;
    for (size_t i = 0; i < session->specs.n; i++)
        if (!calltype_check(arena, session->specs.items[i], &session->diag) ||
            !has_system(session, session->specs.items[i]))
            return false;
    checks_make(&session->checks, arena, &session->specs, &session->targets, options->verbose);
    session->checks.is_selection = options->targets.n > 0;
    if (session->checks.n == 0)
        diag_error(&session->diag, no_location, "no spec covers a selected target: nothing to do");
    if (session->diag.n_errors == 0)
        diag_flush(&session->diag); /* notes about the specs */
    return session->checks.n > 0;
}

void session_close(struct session *session)
{
    checks_release(&session->checks);
    boots_release(&session->boots);
    build_cache_free(session->cache);
}

bool session_can_build(struct session *session, unsigned long least_bytes)
{
    return resources_check(session_workspace(session).build, least_bytes, &session->diag);
}

struct workspace session_workspace(const struct session *session)
{
    const struct options *options = session->options;

    return (struct workspace){
        .root = options->root,
        .bindings = options->bindings != NULL
                        ? options->bindings
                        : arena_printf(session->arena, "%sbindings/c", options->root),
        .build = arena_printf(session->arena, "%sbuild/probes", options->root),
        .boot = arena_printf(session->arena, "%sbuild/boot", options->root),
        .cache = session->cache,
        .timeout_ms = options->timeout_ms,
    };
}

/* What the workers share. */
struct headers_reading {
    struct checks *checks;
    struct workspace workspace;
};

static void read_check(void *context, size_t i)
{
    struct headers_reading *reading = context;

    struct check *check = &reading->checks->items[i];

    if (!headers_read(&check->system, check->spec, check->target, &reading->workspace,
                      &check->arena, &check->diag))
        check->verdict = VERDICT_UNREADABLE;
}

bool session_read(struct session *session)
{
    struct headers_reading reading = {.checks = &session->checks,
                                      .workspace = session_workspace(session)};

    proc_parallel(session->checks.n, session->options->n_workers, read_check, &reading);
    return session_was_read(session);
}

bool session_was_read(struct session *session)
{
    int errors = 0;

    for (size_t i = 0; i < session->checks.n; i++) {
        struct check *check = &session->checks.items[i];
        if (check->system.unavailable != NULL)
            diag_error(&check->diag, no_location, "%s, which '%s' needs: %s; run `make deps`",
                       check->target->name, check->spec->name, check->system.unavailable);
        errors += check->diag.n_errors;
    }
    return errors == 0;
}
