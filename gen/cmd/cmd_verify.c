/* cmd_verify.c - the subcommand verify: anybody's objects in, findings out.
 *
 * Objects do not depend on each other, but share the kernel's facts of a target. What is missing of
 * one object is reported for it alone, and the others are verified all the same.
 */
#include "cmd/commands.h"
#include "cmd/plan.h"
#include "report/report.h"

/* What was verified so far. */
struct verifying {
    struct session *session;
    struct plan plan;
    struct report report;
    struct explanations explanations;
    struct languages languages;
    struct homonyms homonyms;
    const struct verification **done;
    size_t n_done;
    size_t n_excluded; /* objects that were read, but are of another target than was requested */
    size_t n_items;
    size_t n_unused; /* packages in which no object has anything */
};

/* Verifies one object of the plan. */
static void verify_one(struct verifying *verifying, const struct plan_object *object,
                       struct references *references)
{
    struct session *session = verifying->session;
    struct arena *arena = session->arena;
    struct verification *one = arena_alloc(arena, sizeof *one);
    struct verify_request request = verifying->plan.request;
    size_t start = session->diag.text.len;

    request.target = object->target;
    request.languages = &verifying->languages;
    request.homonyms = &verifying->homonyms;
    if (!verify(one, &request, references, object->path, arena, &session->diag)) {
        struct report_case unreadable = {
            .name = object->path,
            .outcome = OUTCOME_UNREADABLE,
            .text = report_messages(arena, &session->diag, start),
        };
        ARENA_PUSH(arena, verifying->report.cases.items, verifying->report.cases.n, unreadable);
        return;
    }
    if (plan_excludes(session, object, one)) {
        verifying->n_excluded++;
        return;
    }
    ARENA_PUSH(arena, verifying->done, verifying->n_done, one);
    verifying->n_items += one->n_items;
}

static void collect(struct findings *all, const struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++)
        ARENA_PUSH(all->arena, all->items, all->n, findings->items[i]);
}

/* Makes a case that is not checked of every package in which there is nothing. */
static void add_unused_packages(struct verifying *verifying)
{
    struct arena *arena = verifying->session->arena;
    struct report_cases *cases = &verifying->report.cases;
    struct unused_package *unused;

    verifying->n_unused = plan_check_packages(&verifying->plan, verifying->session, verifying->done,
                                              verifying->n_done, &unused);
    for (size_t i = 0; i < verifying->n_unused; i++) {
        struct report_case one = {
            .name = arena_printf(arena, "package '%s' of %s", unused[i].name, unused[i].by),
            .outcome = OUTCOME_NOT_CHECKED,
            .text = "no object has anything in it that is looked for; write it as the object does, "
                    "as in 'mylib::sys'",
        };
        ARENA_PUSH(arena, cases->items, cases->n, one);
    }
}

/* True if an object could not be built, found or read. */
static bool is_incomplete(const struct verifying *verifying)
{
    return verifying->plan.n_failed > 0 ||
           verifying->n_done + verifying->n_excluded < verifying->plan.n_objects;
}

/* Waives, then makes the report's cases and findings, which stay as they are from then on. */
static void conclude(struct verifying *verifying)
{
    struct report *report = &verifying->report;
    struct plan *plan = &verifying->plan;
    struct arena *arena = verifying->session->arena;
    struct findings *own = arena_alloc(arena, sizeof *own);
    bool is_whole = !is_incomplete(verifying) && verifying->session->options->specs.n == 0;

    own->arena = arena;
    plan_check_required(plan, verifying->done, verifying->n_done, own);
    plan_waive(plan, verifying->done, verifying->n_done, own, is_whole);
    for (size_t i = 0; i < verifying->n_done; i++) {
        report_cases_of_verified(&report->cases, arena, verifying->done[i]);
        for (size_t k = 0; k < verifying->done[i]->n_items; k++)
            collect(&report->findings, &verifying->done[i]->items[k].findings);
    }
    report_add_own(report, own);
    if (!is_incomplete(verifying))
        add_unused_packages(verifying);
    findings_collapse(&report->findings);
    findings_sort(&report->findings);
}

/* True if a map names what no object's target has: nobody looked at what it is for. */
static bool has_vain_map(const struct verifying *verifying)
{
    const struct verify_request *request = &verifying->plan.request;
    size_t *n_absent =
        arena_alloc(verifying->session->arena, (request->n_maps + 1) * sizeof *n_absent);

    for (size_t i = 0; i < verifying->n_done; i++)
        for (size_t k = 0; k < verifying->done[i]->n_unchecked; k++) {
            const struct verify_map *map = verifying->done[i]->unchecked[k].map;
            if (map != NULL && ++n_absent[map - request->maps] == verifying->n_done)
                return true;
        }
    return false;
}

static int exit_code(const struct verifying *verifying)
{
    const struct plan *plan = &verifying->plan;
    const struct findings *findings = &verifying->report.findings;

    if (is_incomplete(verifying))
        return EXIT_USAGE;
    if (findings_count(findings, SEVERITY_ERROR) > 0 ||
        (plan->strict && findings_count(findings, SEVERITY_NOTE) > 0))
        return EXIT_FINDINGS;
    return verifying->n_items > 0 && verifying->n_unused == 0 && !has_vain_map(verifying)
               ? EXIT_PROVED
               : EXIT_NOT_CHECKED;
}

static int verify_all(struct verifying *verifying)
{
    struct session *session = verifying->session;
    const struct options *options = session->options;
    const struct plan *plan = &verifying->plan;
    struct references references = {.arena = session->arena};
    struct str text = {.arena = session->arena};

    for (size_t i = 0; i < plan->n_objects; i++)
        verify_one(verifying, &plan->objects[i], &references);
    conclude(verifying);
    if (verifying->report.findings.n > 0 &&
        explanations_load(&verifying->explanations, session->arena, options->root, &session->diag))
        verifying->report.explanations = &verifying->explanations;
    if (options->format != FORMAT_TEXT)
        report_for_programs(&text, options->format, &verifying->report, plan->strict);
    else
        report_text_verified(
            &text, verifying->done, verifying->n_done, &verifying->report,
            (struct report_options){options->quiet, options->verbose, plan->strict});
    if (!report_deliver(options->output, options->format, &text, &session->diag))
        return session_give_up(session);
    diag_flush(&session->diag);
    return exit_code(verifying);
}

static int run_verify(const struct options *options, struct arena *arena)
{
    struct session session;
    struct verifying verifying = {
        .session = &session,
        .report = {.command = options->called, .findings = {.arena = arena}},
    };
    int code;

    if (!session_open(&session, options, arena) || !plan_make(&verifying.plan, &session) ||
        !languages_load(&verifying.languages, arena, options->root, &session.all, &session.diag) ||
        !homonyms_load(&verifying.homonyms, arena, options->root, &session.diag))
        code = session_give_up(&session);
    else
        code = verify_all(&verifying);
    session_close(&session);
    return code;
}

/* What config.h reads. */
static const struct help_item config_items[] = {
    {"objects", "required: a list of objects, each with the key 'paths', a list of file patterns, "
                "and, if wanted, 'target', 'build', a shell command for --build, and 'env', a list "
                "of NAME=VALUE for that command"},
    {"maps", "a list, as of --map"},
    {"in", "a list, as of --in"},
    {"headers", "a list, as of --header; an item '{file: HEADER, defines: [NAME=VALUE]}' has its "
                "own macros before it, and is read apart from the others"},
    {"defines", "a list, as of --define"},
    {"complete", "a list, as of --complete"},
    {"require", "a list, as of --require"},
    {"strict", "'true' is as --strict"},
    {"waivers", "findings that are accepted, as in a file of --waivers"},
};

static const struct help_list config_keys = {"keys of abiproof.yaml", config_items,
                                             sizeof config_items / sizeof config_items[0]};

const struct command command_verify = {
    .name = "verify",
    .about = "verify any compiled binding by its debug information",
    .usage = "[option]... [OBJECT]...",
    .help = "Reads records, constants and functions from the debug information of objects, ELF or "
            "Mach-O and of any language, and compares them with the kernel's. Names of the specs "
            "are matched whatever their letter case and underscores; --map adds others. An object "
            "names its target itself, unless --target does.\n\n"
            "Without objects it does what abiproof.yaml says, in this folder or the nearest one "
            "above. Options add to the file; --target leaves out its objects of other targets. No "
            "command of the file is run without --build.",
    .list = &config_keys,
    .example = "app.o --map Event=epoll_event",
    .options = (const char *const[]){"spec", "target", "map", "const", "header", "define", "in",
                                     "complete", "require", "waivers", "config", "build", "strict",
                                     "format", "output", "timeout", NULL},
    .operands_max = ANY_OPERANDS,
    .root = ROOT_READS,
    .formats = FORMATS_REPORT,
    .run = run_verify,
};
