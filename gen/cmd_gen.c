/* cmd_gen.c - the subcommands gen and facts: headers in; files, or facts as text, out.
 *
 * The one rule: all texts are made before the first file is written, so that an error leaves every
 * file as it was.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "emit.h"
#include "out.h"
#include "session.h"

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

int command_gen(const struct options *options, struct arena *arena)
{
    struct session session;
    struct emit_files files = {.arena = arena};
    bool is_read;
    int code;

    is_read =
        session_open(&session, options, arena) && check_langs(&session) && session_read(&session);
    if (is_read && !is_complete(&session))
        code = EXIT_FINDINGS;
    else if (is_read && emit_all(&session, &files))
        code = finish_files(&session, &files);
    else
        code = session_give_up(&session);
    session_close(&session);
    return code;
}

/* ---- facts ---- */

int command_facts(const struct options *options, struct arena *arena)
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
    if (!session_open(&session, options, arena) || !session_read(&session)) {
        code = session_give_up(&session);
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
    session_close(&session);
    return code;
}
