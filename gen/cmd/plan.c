/* plan.c - see plan.h. */
#include "cmd/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grouping.h"
#include "base/suggest.h"
#include "base/yaml.h"

/* ---- the request ---- */

static void add_map(struct verify_request *request, struct session *session, const char *text,
                    struct location where)
{
    struct verify_map map;

    if (verify_map_read(&map, session->arena, text, where, &session->diag))
        ARENA_PUSH(session->arena, request->maps, request->n_maps, map);
}

/* The words of the command line, then those of the file. */
static const char *const *join(struct arena *arena, const struct names *names,
                               const char *const *more, unsigned n_more, size_t *n)
{
    const char **all = NULL;
    *n = 0;
    for (size_t i = 0; i < names->n; i++)
        ARENA_PUSH(arena, all, *n, names->items[i]);
    for (unsigned i = 0; i < n_more; i++)
        ARENA_PUSH(arena, all, *n, more[i]);
    return all;
}

/* Headers while they are put into groups: those with the same macros before them are one. */
struct grouped {
    struct arena *arena;
    struct grouping defines;
    struct reference_headers *groups;
    size_t n;
};

static void add_header(struct grouped *grouped, const char *file, const char *const *defines,
                       size_t n_defines)
{
    struct reference_headers new = {NULL, 0, defines, n_defines};
    struct str key = {.arena = grouped->arena};

    for (size_t i = 0; i < n_defines; i++)
        grouping_key(&key, defines[i]);
    size_t number = grouping_of(&grouped->defines, str_text(&key));
    if (number >= grouped->n)
        ARENA_PUSH(grouped->arena, grouped->groups, grouped->n, new);
    struct reference_headers *group = &grouped->groups[number];
    const char **files = (const char **)group->files;
    ARENA_PUSH(grouped->arena, files, group->n_files, file);
    group->files = files;
}

/* The headers of the command line, then those of the file, each behind the macros of both and its
 * own. */
static void add_headers(struct verify_request *request, struct session *session,
                        const struct config *config)
{
    const struct options *options = session->options;
    struct arena *arena = session->arena;
    struct grouped grouped = {.arena = arena, .defines = {.arena = arena}};
    size_t n_defines;
    const char *const *defines =
        join(arena, &options->defines, config->defines, config->n_defines, &n_defines);

    for (size_t i = 0; i < options->headers.n; i++)
        add_header(&grouped, options->headers.items[i], defines, n_defines);
    for (unsigned i = 0; i < config->n_headers; i++) {
        const struct config_header *header = &config->headers[i];
        const char **own = NULL;
        size_t n_own = 0;
        for (size_t k = 0; k < n_defines; k++)
            ARENA_PUSH(arena, own, n_own, defines[k]);
        for (unsigned k = 0; k < header->n_defines; k++)
            ARENA_PUSH(arena, own, n_own, header->defines[k]);
        add_header(&grouped, header->file, own, n_own);
    }
    request->headers = grouped.groups;
    request->n_headers = grouped.n;
}

/* A spec that must be complete and that nobody has would never be missed. Where there are headers,
 * what is no spec is an enumeration, of which more is known when those have been read. */
static void check_complete(struct verify_request *request, struct session *session,
                           const struct config *config)
{
    const char **enums = NULL;
    const struct specs *specs = &session->specs;
    const char **known = NULL;
    size_t n_known = 0, n_options = session->options->complete.n;

    for (size_t i = 0; i < specs->n; i++) {
        ARENA_PUSH(session->arena, known, n_known, specs->items[i]->name);
        if (specs->items[i]->part_of != NULL)
            ARENA_PUSH(session->arena, known, n_known, specs->items[i]->part_of);
    }
    for (size_t i = 0; i < request->n_complete; i++) {
        bool is_known = i >= n_options && session->options->specs.n > 0; /* left out by --spec */
        struct location where = no_location;
        for (size_t k = 0; k < n_known && !is_known; k++)
            is_known = strcmp(known[k], request->complete[i]) == 0;
        if (i >= n_options)
            where = yaml_location(&config->places, request->complete[i]);
        if (!is_known && request->n_headers > 0)
            ARENA_PUSH(session->arena, enums, request->n_complete_enums, request->complete[i]);
        else if (!is_known)
            diag_error(&session->diag, where,
                       "cannot ask for all of '%s', which is no selected spec%s; `abiproof specs` "
                       "lists them",
                       request->complete[i],
                       near_hint(session->arena, request->complete[i], known, n_known));
    }
    request->complete_enums = enums;
}

/* What the command line says that objects are for. */
static const struct target *given_target(const struct session *session)
{
    return session->options->targets.n == 1
               ? targets_find(&session->all, session->options->targets.items[0])
               : NULL;
}

bool plan_make_request(struct verify_request *request, struct session *session,
                       const struct config *config)
{
    static const struct config none;
    const struct options *options = session->options;
    struct arena *arena = session->arena;

    if (config == NULL)
        config = &none;
    *request = (struct verify_request){
        .targets = &session->all,
        .specs = &session->specs,
        .target = given_target(session),
        .workspace = session_workspace(session),
    };
    add_headers(request, session, config);
    request->packages =
        join(arena, &options->packages, config->in, config->n_in, &request->n_packages);
    request->complete =
        join(arena, &options->complete, config->complete, config->n_complete, &request->n_complete);
    check_complete(request, session, config);
    for (size_t i = 0; i < options->maps.n; i++)
        add_map(request, session, options->maps.items[i], no_location);
    for (unsigned i = 0; i < config->n_maps; i++)
        add_map(request, session, config->maps[i], yaml_location(&config->places, config->maps[i]));
    if (config->path == NULL && options->targets.n > 1)
        diag_error(&session->diag, no_location,
                   "got %zu targets, expected one: objects of several targets say it themselves",
                   options->targets.n);
    return session->diag.n_errors == 0;
}

/* ---- objects ---- */

/* A target that is not known yet may turn out to be. */
static bool is_selected(const struct session *session, const struct target *target)
{
    return session->options->targets.n == 0 || target == NULL ||
           targets_find(&session->targets, target->name) != NULL;
}

static bool same_build(const struct config_objects *a, const struct config_objects *b)
{
    if (b->build == NULL || strcmp(a->build, b->build) != 0 || a->n_env != b->n_env)
        return false;
    for (unsigned i = 0; i < a->n_env; i++)
        if (strcmp(a->env[i], b->env[i]) != 0)
            return false;
    return true;
}

/* Builds group `index` of the file, unless another one has the same command. A build is given more
 * time than a probe: it may compile a whole project. */
static bool build_group(const struct config *config, unsigned index, struct session *session)
{
    enum { TIMES = 30 };
    struct config_objects *objects = &config->objects[index];

    for (unsigned i = 0; i < index; i++)
        if (same_build(objects, &config->objects[i]) && config->objects[i].is_built) {
            objects->has_failed = config->objects[i].has_failed;
            return !objects->has_failed;
        }
    objects->is_built = true;
    if (!session->options->quiet)
        fprintf(stderr, "abiproof verify: building: %s\n", objects->build);
    return config_build(config, objects, TIMES * session->options->timeout_ms, session->arena,
                        &session->diag);
}

/* "abiproof.yaml:5" */
static const char *describe_where(struct arena *arena, const struct plan_object *object)
{
    return object->group == NULL
               ? "the command line"
               : arena_printf(arena, "%s:%d", object->group->where.file, object->group->where.line);
}

/* Takes from a later mention of an object what the first does not say. An object is of one target;
 * but a file that two builds write may be meant, so that is only a message. */
static void merge(struct plan_object *first, const struct plan_object *again,
                  struct session *session)
{
    struct arena *arena = session->arena;
    bool differ = first->group != NULL && again->group != NULL && first->group->build != NULL &&
                  again->group->build != NULL && !same_build(first->group, again->group);

    if (first->target != NULL && again->target != NULL && first->target != again->target)
        diag_error(&session->diag, again->group != NULL ? again->group->where : no_location,
                   "'%s' is for %s, but for %s by %s; expected one target", again->path,
                   again->target->name, first->target->name, describe_where(arena, first));
    else if (!session->options->quiet)
        fprintf(stderr, "abiproof verify: '%s' of %s is '%s' of %s again, and is verified once%s\n",
                again->path, describe_where(arena, again), first->path,
                describe_where(arena, first),
                differ ? "; their builds differ: what the last of them leaves is verified" : "");
    if (first->target == NULL)
        first->target = again->target;
}

static void add_object(struct plan *plan, struct session *session, struct plan_object object)
{
    char *file = realpath(object.path, NULL);

    object.file = file != NULL ? arena_strdup(session->arena, file) : NULL;
    free(file);
    size_t number = grouping_of(&plan->files, object.file != NULL ? object.file : object.path);
    if (number < plan->n_objects)
        merge(&plan->objects[number], &object, session);
    else
        ARENA_PUSH(session->arena, plan->objects, plan->n_objects, object);
}

static void add_objects(struct plan *plan, struct session *session, const struct config *config,
                        unsigned index)
{
    struct config_objects *objects = &config->objects[index];
    struct plan_object object = {.group = objects};
    int errors_before = session->diag.n_errors;

    if (objects->target != NULL)
        object.target = targets_find(&session->all, objects->target);
    if (!is_selected(session, object.target))
        return;
    if (session->options->build && objects->build != NULL && !build_group(config, index, session)) {
        plan->n_failed++;
        return;
    }
    const char **paths;
    size_t n = config_paths(config, objects, &paths, session->arena, &session->diag);
    for (size_t i = 0; i < n; i++) {
        object.path = paths[i];
        add_object(plan, session, object);
    }
    plan->n_failed += session->diag.n_errors > errors_before;
}

bool plan_excludes(const struct session *session, const struct plan_object *object,
                   const struct verification *verification)
{
    return object->group != NULL && !is_selected(session, verification->target);
}

/* ---- requirements ---- */

static void add_requirement(struct plan *plan, struct session *session, const char *what,
                            struct location where)
{
    const struct target *target = targets_find(&session->all, what);
    struct plan_requirement requirement = {what, target, where};

    if (!is_selected(session, target) && where.file == NULL)
        diag_error(&session->diag, where, "--require '%s' is a target that --target leaves out",
                   what);
    else if (is_selected(session, target))
        ARENA_PUSH(session->arena, plan->requirements, plan->n_requirements, requirement);
}

/* ---- the whole ---- */

static const char *near_target(const struct session *session, const char *name)
{
    const char **known = NULL;
    size_t n = 0;

    for (unsigned i = 0; i < session->all.n; i++)
        ARENA_PUSH(session->arena, known, n, session->all.items[i].name);
    return near_hint(session->arena, name, known, n);
}

/* A file that nobody named must not run commands, or waive what is found, for somebody else. */
static bool is_refused(struct session *session, const struct config *config)
{
    const struct options *options = session->options;
    const char *stranger =
        options->config == NULL ? config_stranger(session->arena, config->path) : NULL;

    if (stranger == NULL || (!options->build && config->waivers.n == 0))
        return false;
    diag_error(&session->diag, (struct location){config->path, 0, 0},
               "%s: expected one of yours, for %s; if it is meant, name it: --config %s", stranger,
               options->build ? "--build to run its commands" : "its waivers to count",
               config->path);
    return true;
}

/* The file that is named, or that is found where no object is. Returns false after reporting;
 * *config stays empty where there need not be one. */
static bool open_config(struct config *config, struct session *session)
{
    const struct options *options = session->options;
    const char *path = options->config;

    if (path == NULL && options->operands.n == 0) {
        path = config_find(session->arena);
        if (path == NULL)
            diag_error(&session->diag, no_location,
                       "got no operand, and there is no abiproof.yaml here or in a folder "
                       "above; see `abiproof verify --help`");
        else if (!options->quiet)
            fprintf(stderr, "abiproof verify: reading %s\n", path);
    }
    if (path == NULL)
        return session->diag.n_errors == 0;
    const struct config *read = config_load(session->arena, path, &session->diag);
    if (read == NULL)
        return false;
    *config = *read;
    if (is_refused(session, config))
        return false;
    for (unsigned i = 0; i < config->n_objects; i++)
        if (config->objects[i].target != NULL &&
            targets_find(&session->all, config->objects[i].target) == NULL)
            diag_error(&session->diag, yaml_location(&config->places, config->objects[i].target),
                       "unknown target '%s'%s; `abiproof targets` lists them",
                       config->objects[i].target, near_target(session, config->objects[i].target));
    return session->diag.n_errors == 0;
}

static bool check_options(struct session *session, const struct config *config)
{
    const struct options *options = session->options;

    if (config->path == NULL && options->build)
        diag_error(&session->diag, no_location,
                   "--build runs what an abiproof.yaml says, and none is read: give --config");
    return session->diag.n_errors == 0;
}

/* Waivers of the file and of --waivers. */
static bool load_waivers(struct plan *plan, struct session *session, const struct config *config)
{
    size_t n = 0;

    for (unsigned i = 0; i < config->waivers.n; i++)
        ARENA_PUSH(session->arena, plan->waivers.items, n, config->waivers.items[i]);
    plan->waivers.n = (unsigned)n;
    for (size_t i = 0; i < session->options->waivers.n; i++)
        waivers_load(&plan->waivers, session->arena, session->options->waivers.items[i],
                     &session->diag);
    return session->diag.n_errors == 0 &&
           waivers_check_names(&plan->waivers, session->arena, session->options->root,
                               &session->all, &session->diag);
}

bool plan_make(struct plan *plan, struct session *session)
{
    const struct options *options = session->options;
    struct config config = {.n_objects = 0};

    *plan = (struct plan){.files = {.arena = session->arena}, .strict = options->strict};
    if (!open_config(&config, session) || !check_options(session, &config) ||
        !load_waivers(plan, session, &config))
        return false;
    plan->strict = plan->strict || config.strict;
    plan->places = config.places;
    if (!plan_make_request(&plan->request, session, &config))
        return false;
    for (size_t i = 0; i < options->require.n; i++)
        add_requirement(plan, session, options->require.items[i], no_location);
    for (unsigned i = 0; i < config.n_require; i++)
        add_requirement(plan, session, config.require[i],
                        yaml_location(&config.places, config.require[i]));
    if (session->diag.n_errors > 0)
        return false;
    for (size_t i = 0; i < options->operands.n; i++) {
        struct plan_object object = {
            .path = options->operands.items[i],
            .target = plan->request.target,
        };
        add_object(plan, session, object);
    }
    for (unsigned i = 0; i < config.n_objects; i++)
        add_objects(plan, session, &config, i);
    if (plan->n_objects == 0 && plan->n_failed == 0)
        diag_error(&session->diag, (struct location){config.path, 0, 0},
                   "there are no objects for the selected targets");
    return plan->n_objects > 0 || plan->n_failed > 0;
}
