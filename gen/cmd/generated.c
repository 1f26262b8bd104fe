/* generated.c - see generated.h. */
#include "cmd/generated.h"

#include <ctype.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/grouping.h"

/* One job per chosen spec, with the facts of its targets. */
static struct emit_job *make_jobs(struct session *session, size_t *n)
{
    struct emit_job *jobs = NULL;
    *n = 0;
    for (size_t i = 0; i < session->specs.n; i++) {
        struct emit_job job = {.spec = session->specs.items[i], .module = session->options->module};
        for (size_t r = 0; r < session->checks.n; r++) {
            struct check *check = &session->checks.items[r];
            struct emit_on on = {check->target, &check->system.facts};
            if (check->spec == job.spec)
                ARENA_PUSH(session->arena, job.on, job.n_on, on);
        }
        if (job.n_on > 0)
            ARENA_PUSH(session->arena, jobs, *n, job);
    }
    return jobs;
}

/* The job with those targets alone that the language can name. */
static struct emit_job narrow(struct arena *arena, const struct emit_job *job,
                              const struct language *language)
{
    struct emit_job narrow = {.spec = job->spec, .module = job->module, .language = language};

    for (size_t i = 0; i < job->n_on; i++)
        if (language_names(language, job->on[i].target))
            ARENA_PUSH(arena, narrow.on, narrow.n_on, job->on[i]);
        else
            ARENA_PUSH(arena, narrow.unsupported, narrow.n_unsupported, job->on[i].target);
    return narrow;
}

/* The jobs of an emitter: those with a target that its language can name. */
static const struct emit_job *jobs_of(struct session *session, const struct emitter *emitter,
                                      const struct languages *languages,
                                      const struct emit_job *jobs, size_t *n)
{
    const struct language *language = languages_binding(languages, emitter->name);
    struct emit_job *narrowed = NULL;
    size_t n_jobs = *n;

    if (!emitter->needs_words)
        return jobs;
    *n = 0;
    for (size_t i = 0; i < n_jobs && language != NULL && language->n_targets > 0; i++) {
        struct emit_job job = narrow(session->arena, &jobs[i], language);
        if (job.n_on > 0 && language_has_spec(language, job.spec->name))
            ARENA_PUSH(session->arena, narrowed, *n, job);
    }
    return narrowed;
}

static void emit_all(struct emit_files *files, struct session *session,
                     const struct emitter *emitter, const struct emit_job *jobs, size_t n_jobs)
{
    if (emitter->emit_common != NULL && (session->options->specs.n == 0 || session->options->flat))
        emitter->emit_common(files, &session->all, jobs, n_jobs);
    for (size_t i = 0; i < n_jobs; i++)
        emitter->emit(files, &jobs[i], &session->diag);
}

bool generated_check_langs(struct session *session, bool is_language)
{
    for (size_t i = 0; i < session->options->langs.n; i++) {
        const char *lang = session->options->langs.items[i];
        bool is_known = false;
        for (size_t k = 0; emitters[k] != NULL; k++)
            is_known = is_known || (strcmp(emitters[k]->name, lang) == 0 &&
                                    (emitters[k]->is_language || !is_language));
        if (!is_known)
            diag_error(&session->diag, no_location, "unknown language '%s'", lang);
    }
    return session->diag.n_errors == 0;
}

/* ---- for another project ---- */

static bool is_identifier(const char *text)
{
    return text[0] != '\0' && strchr("0123456789", text[0]) == NULL &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789")] ==
               '\0';
}

bool generated_check_flat(struct session *session)
{
    const struct options *options = session->options;
    struct diag *diag = &session->diag;
    bool is_c = options->langs.n == 1 && strcmp(options->langs.items[0], "c") == 0;

    if (options->flat && (options->out == NULL || options->langs.n != 1))
        diag_error(diag, no_location, "--flat needs --out DIR, and one --lang");
    if (!options->flat && (options->module != NULL || options->prefix != NULL))
        diag_error(diag, no_location, "--%s is for another project's files: it needs --flat",
                   options->module != NULL ? "module" : "prefix");
    if (options->module != NULL && options->specs.n != 1)
        diag_error(diag, no_location, "--module names the module of one --spec");
    if (options->prefix != NULL && !is_c)
        diag_error(diag, no_location,
                   "--prefix: names of C alone have one; those of --lang %s are in a module",
                   options->langs.n > 0 ? options->langs.items[0] : "LANG");
    if (options->module != NULL && !is_identifier(options->module))
        diag_error(diag, no_location, "--module: expected an identifier, got '%s'",
                   options->module);
    if (options->prefix != NULL && !is_identifier(options->prefix))
        diag_error(diag, no_location, "--prefix: expected the beginning of an identifier, got '%s'",
                   options->prefix);
    return diag->n_errors == 0;
}

/* Appends the prefix, or the same in capitals. */
static void add_prefix(struct str *out, const char *prefix, bool is_macro)
{
    for (const char *at = prefix; *at != '\0'; at++)
        str_add_char(out, (char)(is_macro ? toupper((unsigned char)*at) : *at));
}

/* Every name of the bindings in C begins with raw_ or RAW_; no other word does. */
static void replace_prefix(struct str *text, const char *prefix)
{
    struct str out = {.arena = text->arena};
    bool is_inside = false; /* a word */

    for (const char *at = str_text(text); *at != '\0'; at++) {
        bool is_macro = str_starts(at, "RAW_");
        if (!is_inside && (is_macro || str_starts(at, "raw_"))) {
            add_prefix(&out, prefix, is_macro);
            at += strlen("raw_") - 1;
        } else {
            str_add_char(&out, *at);
        }
        is_inside = isalnum((unsigned char)*at) || *at == '_';
    }
    *text = out;
}

/* Two files of one name cannot lie in one folder. */
static bool check_flat_paths(struct session *session, const struct emit_files *files)
{
    struct grouping names = {.arena = session->arena};

    for (size_t i = 0; i < files->n && session->options->flat && session->diag.n_errors == 0; i++)
        if (!grouping_is_new(&names, strrchr(files->items[i].path, '/') + 1))
            diag_error(&session->diag, no_location, "--flat: two files would be called '%s'",
                       strrchr(files->items[i].path, '/') + 1);
    return session->diag.n_errors == 0;
}

bool generated_make(struct emit_files *files, struct session *session, const struct names *langs)
{
    size_t n_jobs;
    const struct emit_job *jobs = make_jobs(session, &n_jobs);
    struct languages languages;

    if (!languages_load(&languages, session->arena, session->options->root, &session->all,
                        &session->diag))
        return false;

    for (size_t k = 0; emitters[k] != NULL; k++) {
        if (langs != NULL && !names_choose(langs, emitters[k]->name))
            continue;
        size_t n = n_jobs;
        const struct emit_job *chosen = jobs_of(session, emitters[k], &languages, jobs, &n);
        emit_all(files, session, emitters[k], chosen, n);
    }
    if (session->options->prefix != NULL)
        for (size_t i = 0; i < files->n; i++)
            replace_prefix(&files->items[i].text, session->options->prefix);
    return session->diag.n_errors == 0 && check_flat_paths(session, files);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The paths of all files, sorted. */
static const char **sort_paths(struct arena *arena, const struct emit_files *files)
{
    const char **paths = arena_alloc(arena, (files->n + 1) * sizeof *paths);

    for (size_t i = 0; i < files->n; i++)
        paths[i] = files->items[i].path;
    qsort(paths, files->n, sizeof *paths, by_text);
    return paths;
}

/* Reports what matches a pattern of generated files and is not among the paths that were made. */
static void check_folder(struct session *session, const char *pattern, const char *const *paths,
                         size_t n_paths)
{
    const char *root = session->options->root;
    glob_t found;

    if (glob(arena_printf(session->arena, "%s%s", root, pattern), 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i] + strlen(root);
        if (bsearch(&path, paths, n_paths, sizeof *paths, by_text) == NULL)
            diag_error(&session->diag,
                       (struct location){arena_strdup(session->arena, found.gl_pathv[i]), 0, 0},
                       "is made by no spec; remove it");
    }
    globfree(&found);
}

/* Reports what lies where emitters write and no spec makes any more: nobody would keep it right. */
static void check_orphans(struct session *session, const struct emit_files *files)
{
    const char **paths = sort_paths(session->arena, files);

    for (size_t k = 0; emitters[k] != NULL; k++)
        for (size_t i = 0; emitters[k]->folders[i] != NULL; i++)
            check_folder(session, emitters[k]->folders[i], paths, files->n);
}

const char *generated_path(const struct session *session, const struct emit_file *file)
{
    const struct options *options = session->options;

    if (options->flat)
        return arena_printf(session->arena, "%s/%s", options->out, strrchr(file->path, '/') + 1);
    if (options->out != NULL)
        return arena_printf(session->arena, "%s/%s", options->out, file->path);
    return arena_printf(session->arena, "%s%s", options->root, file->path);
}

size_t generated_compare(struct session *session, const struct emit_files *files,
                         const struct names *langs, bool lists)
{
    const struct options *options = session->options;
    size_t n_stale = 0;

    for (size_t i = 0; i < files->n; i++) {
        const struct str *text = &files->items[i].text;
        const char *path = generated_path(session, &files->items[i]);
        enum out_result result = out_compare(path, str_text(text), text->len);
        n_stale += result != OUT_SAME;
        if (result != OUT_SAME)
            diag_error(&session->diag, (struct location){path, 0, 0}, "%s; run `make gen`",
                       result == OUT_MISSING ? "is missing" : "is stale");
        else if (lists)
            printf("same    %s\n", path);
    }
    if (options->specs.n == 0 && (langs == NULL || langs->n == 0) && options->out == NULL)
        check_orphans(session, files);
    return n_stale;
}
