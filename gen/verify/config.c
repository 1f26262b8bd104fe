/* config.c - see config.h. */
#include "verify/config.h"

#include <glob.h>
#include <string.h>

#include "base/environment.h"
#include "base/grouping.h"
#include "base/proc.h"
#include "base/yaml.h"

/* ---- the file ---- */

static const struct yaml_field objects_fields[] = {
    YAML_LIST(config_objects, paths, YAML_TEXT, .least = 1),
    YAML_KEY(config_objects, target, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(config_objects, build, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(config_objects, env, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record objects_entry = YAML_RECORD(config_objects, objects_fields);

static const struct yaml_field header_fields[] = {
    YAML_KEY(config_header, file, YAML_TEXT),
    YAML_LIST(config_header, defines, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record header_entry =
    YAML_RECORD(config_header, header_fields, .may_be_text = true);

static const struct yaml_field config_fields[] = {
    YAML_LIST(config, objects, YAML_MAPPING, .record = &objects_entry, .least = 1),
    YAML_LIST(config, maps, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(config, in, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(config, headers, YAML_MAPPING, .record = &header_entry, YAML_OPTIONAL),
    YAML_LIST(config, defines, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(config, complete, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(config, require, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(config, strict, YAML_BOOL, YAML_OPTIONAL),
    YAML_LIST_AS("waivers", config, waivers.items, waivers.n, YAML_MAPPING,
                 .record = &waiver_schema, YAML_OPTIONAL),
};
static const struct yaml_record config_schema = YAML_RECORD(config, config_fields);

/* Bytes of a variable's name, if the text is NAME=VALUE with a name that a shell can use; else 0.
 * env(1) would take "-i=x" for an option. */
static size_t name_length(const char *text)
{
    static const char allowed[] = "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length = strspn(text, allowed);

    return text[length] == '=' && strchr("0123456789", text[0]) == NULL ? length : 0;
}

/* The variables of a build: env(1) would take the last of two without a word. */
static void check_env(const struct config_objects *objects, const struct yaml_places *places,
                      struct diag *diag)
{
    struct grouping names = {.arena = diag->text.arena};

    for (unsigned i = 0; i < objects->n_env; i++) {
        const char *text = objects->env[i];
        const char *name = arena_strndup(names.arena, text, name_length(text));
        if (name[0] == '\0')
            diag_error(diag, yaml_location(places, text),
                       "bad env '%s', expected NAME=VALUE, with a name of letters, digits and '_' "
                       "that begins with no digit",
                       text);
        else if (!grouping_is_new(&names, name))
            diag_error(diag, yaml_location(places, text),
                       "env '%s' is there twice, expected it once", name);
    }
}

/* What a schema cannot say of one group of objects. */
static void check_objects(const struct config_objects *objects, const struct yaml_places *places,
                          struct diag *diag)
{
    check_env(objects, places, diag);
    if (objects->n_env > 0 && objects->build == NULL)
        diag_error(diag, yaml_location(places, objects->env[0]),
                   "'env' is for a 'build', and there is none");
}

struct config *config_load(struct arena *arena, const char *path, struct diag *diag)
{
    int errors_before = diag->n_errors;
    struct yaml_places places;
    struct config *config = yaml_load(arena, path, &config_schema, &places, diag);
    const char *slash = strrchr(path, '/');

    if (config == NULL)
        return NULL;
    config->path = path;
    config->places = places;
    config->folder = slash == NULL ? "" : arena_strndup(arena, path, (size_t)(slash + 1 - path));
    for (unsigned i = 0; i < config->n_objects; i++) {
        config->objects[i].where = yaml_location(&places, &config->objects[i]);
        check_objects(&config->objects[i], &places, diag);
    }
    waivers_check(&config->waivers, arena, &places, diag);
    return diag->n_errors == errors_before ? config : NULL;
}

/* ---- builds ---- */

/* The last lines of a program's output, each behind spaces. */
static const char *last_lines(struct arena *arena, const char *text)
{
    enum { LINES = 12 };
    const char *start = text + strlen(text);

    for (int n = 0; start > text; start--)
        if (start[-1] == '\n' && start[0] != '\0' && ++n == LINES)
            break;
    struct str lines = {.arena = arena};
    while (*start != '\0') {
        size_t length = strcspn(start, "\n");
        str_addf(&lines, "\n    %.*s", (int)length, start);
        start += length + (start[length] == '\n');
    }
    return str_text(&lines);
}

bool config_build(const struct config *config, struct config_objects *objects, int timeout_ms,
                  struct arena *arena, struct diag *diag)
{
    /* The shell changes folder, so that a thread of ours need not; 2>&1 keeps the order of lines.
     */
    static const char script[] = "cd -- \"$0\" && exec sh -c \"$1\" 2>&1";
    const char *folder = config->folder[0] == '\0' ? "." : config->folder;
    const char **argv = NULL;
    size_t n = 0;

    size_t n_removed;
    const char *const *removed = environment_removed(&n_removed);
    ARENA_PUSH(arena, argv, n, "env");
    for (size_t i = 0; i < n_removed; i++) /* from our own tools, not from the project's */
        ARENA_PUSH(arena, argv, n, removed[i]);
    for (unsigned i = 0; i < objects->n_env; i++)
        ARENA_PUSH(arena, argv, n, objects->env[i]);
    ARENA_PUSH(arena, argv, n, "sh");
    ARENA_PUSH(arena, argv, n, "-c");
    ARENA_PUSH(arena, argv, n, script);
    ARENA_PUSH(arena, argv, n, folder);
    ARENA_PUSH(arena, argv, n, objects->build);
    ARENA_PUSH(arena, argv, n, NULL);
    struct proc_result result = proc_run(arena, argv, timeout_ms);
    objects->has_failed = result.end != PROC_EXITED || result.status != 0;
    if (!objects->has_failed)
        return true;
    diag_error(diag, yaml_location(&config->places, objects->build),
               "cannot build for %s: '%s': %s%s%s",
               objects->target != NULL ? objects->target : "any target", objects->build,
               proc_describe(arena, &result, timeout_ms),
               result.n_out + result.n_err > 0 ? "; its last lines:" : "",
               last_lines(arena, arena_printf(arena, "%s%s", result.out, result.err)));
    return false;
}

/* ---- files ---- */

/* The pattern below the file's folder, whose own name is no pattern. */
static const char *below_folder(struct arena *arena, const char *folder, const char *pattern)
{
    struct str text = {.arena = arena};

    if (pattern[0] != '/')
        for (; *folder != '\0'; folder++) {
            if (strchr("*?[]\\", *folder) != NULL)
                str_add_char(&text, '\\');
            str_add_char(&text, *folder);
        }
    str_add(&text, pattern);
    return str_text(&text);
}

size_t config_paths(const struct config *config, const struct config_objects *objects,
                    const char ***paths, struct arena *arena, struct diag *diag)
{
    size_t n = 0;
    *paths = NULL;
    for (unsigned i = 0; i < objects->n_paths; i++) {
        glob_t found;
        int result = glob(below_folder(arena, config->folder, objects->paths[i]), 0, NULL, &found);
        for (size_t k = 0; result == 0 && k < found.gl_pathc; k++)
            ARENA_PUSH(arena, *paths, n, arena_strdup(arena, found.gl_pathv[k]));
        if (result != 0 && objects->build != NULL)
            diag_error(diag, yaml_location(&config->places, objects->paths[i]),
                       "'%s' matches no file: build it first; --build runs '%s'", objects->paths[i],
                       objects->build);
        else if (result != 0)
            diag_error(diag, yaml_location(&config->places, objects->paths[i]),
                       "'%s' matches no file below '%s'", objects->paths[i],
                       config->folder[0] == '\0' ? "." : config->folder);
        globfree(&found);
    }
    return n;
}
