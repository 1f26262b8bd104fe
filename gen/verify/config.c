/* config.c - see config.h. */
#include "verify/config.h"

#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "base/environment.h"
#include "base/proc.h"
#include "base/yaml.h"

static const char file_name[] = "abiproof.yaml";

/* ---- the file ---- */

enum { REQUIRED = CYAML_FLAG_POINTER, OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

#define LIST(type, key, flags, least, entry)                                                       \
    CYAML_FIELD_SEQUENCE_COUNT(#key, flags, struct type, key, n_##key, &(entry), least,            \
                               CYAML_UNLIMITED)

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};
static const cyaml_schema_field_t objects_fields[] = {
    LIST(config_objects, paths, REQUIRED, 1, word),
    CYAML_FIELD_STRING_PTR("target", OPTIONAL, struct config_objects, target, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("build", OPTIONAL, struct config_objects, build, 1, CYAML_UNLIMITED),
    LIST(config_objects, env, OPTIONAL, 0, word),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t objects_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct config_objects, objects_fields)};

static const cyaml_schema_field_t config_fields[] = {
    LIST(config, objects, REQUIRED, 1, objects_entry),
    LIST(config, maps, OPTIONAL, 0, word),
    LIST(config, in, OPTIONAL, 0, word),
    LIST(config, headers, OPTIONAL, 0, word),
    LIST(config, complete, OPTIONAL, 0, word),
    LIST(config, require, OPTIONAL, 0, word),
    CYAML_FIELD_BOOL("strict", CYAML_FLAG_OPTIONAL, struct config, strict),
    CYAML_FIELD_SEQUENCE_COUNT("waivers", OPTIONAL, struct config, waivers.items, waivers.n,
                               &waiver_schema, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields)};

/* Bytes of a variable's name, if the text is NAME=VALUE with a name that a shell can use; else 0.
 * env(1) would take "-i=x" for an option. */
static size_t name_length(const char *text)
{
    static const char allowed[] = "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t length = strspn(text, allowed);

    return text[length] == '=' && strchr("0123456789", text[0]) == NULL ? length : 0;
}

/* The variables of a build: env(1) would take the last of two without a word. */
static void check_env(const struct config_objects *objects, struct diag *diag)
{
    for (unsigned i = 0; i < objects->n_env; i++) {
        const char *text = objects->env[i];
        size_t length = name_length(text);
        if (length == 0)
            diag_error(diag, objects->where,
                       "bad env '%s', expected NAME=VALUE, with a name of letters, digits and '_' "
                       "that begins with no digit",
                       text);
        for (unsigned k = 0; k < i && length > 0; k++)
            if (strncmp(objects->env[k], text, length + 1) == 0)
                diag_error(diag, objects->where, "env '%.*s' is there twice, expected it once",
                           (int)length, text);
    }
}

/* What a schema cannot say of one group of objects. */
static void check_objects(const struct config_objects *objects, struct diag *diag)
{
    check_env(objects, diag);
    if (objects->n_env > 0 && objects->build == NULL)
        diag_error(diag, objects->where, "'env' is for a 'build', and there is none");
}

struct config *config_load(struct arena *arena, const char *path, struct diag *diag)
{
    int errors_before = diag->n_errors;
    struct config *config = yaml_load(arena, path, &config_schema, diag);
    const char *slash = strrchr(path, '/');

    if (config == NULL)
        return NULL;
    config->path = path;
    config->folder = slash == NULL ? "" : arena_strndup(arena, path, (size_t)(slash + 1 - path));
    for (unsigned i = 0; i < config->n_objects; i++) {
        config->objects[i].where = (struct location){path, yaml_line_in(path, "objects", i), 0};
        check_objects(&config->objects[i], diag);
    }
    waivers_check(&config->waivers, arena, path, diag);
    return diag->n_errors == errors_before ? config : NULL;
}

const char *config_find(struct arena *arena)
{
    enum { DEPTH_MAX = 64 };
    const char *folder = "";

    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        const char *path = arena_printf(arena, "%s%s", folder, file_name);
        if (access(path, F_OK) == 0)
            return path;
        folder = arena_printf(arena, "../%s", folder);
    }
    return NULL;
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
    diag_error(diag, objects->where, "cannot build for %s: '%s': %s%s%s",
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
            diag_error(diag, objects->where,
                       "'%s' matches no file: build it first; --build runs '%s'", objects->paths[i],
                       objects->build);
        else if (result != 0)
            diag_error(diag, objects->where, "'%s' matches no file below '%s'", objects->paths[i],
                       config->folder[0] == '\0' ? "." : config->folder);
        globfree(&found);
    }
    return n;
}
