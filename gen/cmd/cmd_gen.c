/* cmd_gen.c - the subcommands gen and facts: headers in; files, or facts as text, out.
 *
 * Design: all texts are made before the first file is written, so that an error leaves every file
 * as it was.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "cmd/generated.h"
#include "report/unbound.h"
#include "base/file.h"

/* Writes the files. */
static size_t write_files(struct session *session, const struct emit_files *files)
{
    size_t n_written = 0;

    for (size_t i = 0; i < files->n; i++) {
        const struct str *text = &files->items[i].text;
        const char *path = generated_path(session, &files->items[i]);
        enum out_result result = out_write(path, str_text(text), text->len, &session->diag);
        n_written += result != OUT_SAME;
        if (session->options->verbose)
            printf("%s %s\n", result == OUT_SAME ? "same   " : "written", path);
    }
    return n_written;
}

/* Writes the files, or with --check says which ones are stale. */
static int finish_files(struct session *session, const struct emit_files *files)
{
    const struct options *options = session->options;
    size_t n_changed = options->check
                           ? generated_compare(session, files, &options->langs, options->verbose)
                           : write_files(session, files);

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
    struct findings findings = {.arena = session->arena};

    for (size_t i = 0; i < session->checks.n; i++)
        check_find_unbound(&session->checks.items[i], &findings);
    findings_collapse(&findings);
    findings_sort(&findings);
    unbound_print(&session->diag.text, &findings, &session->checks);
    diag_flush(&session->diag);
    return findings.n == 0;
}

static int run_gen(const struct options *options, struct arena *arena)
{
    struct session session;

    bool is_read = session_open(&session, options, arena) &&
                   session_can_build(&session, SESSION_ROOM) &&
                   generated_check_langs(&session, options->flat) &&
                   generated_check_flat(&session) && session_read(&session);
    int code;
    struct emit_files files = {.arena = arena};
    if (is_read && !is_complete(&session))
        code = EXIT_FINDINGS;
    else if (is_read && generated_make(&files, &session, &options->langs))
        code = finish_files(&session, &files);
    else
        code = session_give_up(&session);
    session_close(&session);
    return code;
}

/* ---- facts ---- */

static int run_facts(const struct options *options, struct arena *arena)
{
    int code = EXIT_PROVED;

    if (options->targets.n != 1) {
        fprintf(stderr,
                "abiproof facts: give exactly one --target; `abiproof targets` lists them\n");
        return EXIT_USAGE;
    }
    struct session session;
    struct str text = {.arena = arena};
    struct facts all = {.arena = arena};
    if (!session_open(&session, options, arena) || !session_read(&session)) {
        code = session_give_up(&session);
    } else {
        for (size_t i = 0; i < session.checks.n; i++) {
            const struct facts *facts = &session.checks.items[i].system.facts;
            for (size_t k = 0; k < facts->n; k++)
                facts_push(&all, facts->items[k]);
        }
        facts_sort(&all);
        facts_print(&text, &all, options->verbose);
        fputs(str_text(&text), stdout);
    }
    session_close(&session);
    return code;
}

/* ---- */

const struct command command_gen = {
    .name = "gen",
    .about = "generate bindings, probes and golden facts from the headers",
    .usage = "[option]...",
    .help = "Reads the kernel headers of every target that a spec covers, and writes bindings "
            "(bindings/), probes of the layout (abi_probes/layout/) and golden facts "
            "(abi_probes/facts/). A file is replaced only if its bytes change; after an error "
            "every file is as it was.",
    .example = "--spec epoll --check",
    .options = (const char *const[]){"spec", "lang", "out", "flat", "module", "prefix", "check",
                                     "jobs", NULL},
    .root = ROOT_WORKS,
    .run = run_gen,
};

const struct command command_facts = {
    .name = "facts",
    .about = "print the facts of a target, as its headers define them",
    .usage = "--target TARGET [option]...",
    .help = "Prints canonical facts: sizes, offsets, types, values, numbers of system calls, "
            "signatures; one per line, sorted. -v adds the header and line of each.",
    .example = "--target x86_64-linux --spec epoll",
    .options = (const char *const[]){"spec", "target", "jobs", NULL},
    .root = ROOT_READS,
    .run = run_facts,
};
