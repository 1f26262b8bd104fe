/* spec.c - see spec.h. */
#include "model/spec_private.h"

#include <errno.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/grouping.h"
#include "base/str.h"
#include "base/yaml.h"

/* The tables of keys, innermost first. */
static const struct yaml_word as_words[] = {{"is", AS_IS}, {"words", AS_WORDS}};
static const struct yaml_word headers_words[] = {{"own", HEADERS_OWN}, {"newer", HEADERS_NEWER}};
static const struct yaml_word form_words[] = {{"library", FORM_LIBRARY}, {"syscall", FORM_SYSCALL}};

static const struct yaml_field source_fields[] = {
    YAML_KEY(spec_source, name, YAML_TEXT),
    YAML_KEY(spec_source, library, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(spec_source, headers, YAML_TEXT),
    YAML_LIST(spec_source, optional, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(spec_source, defines, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record source_record = YAML_RECORD(spec_source, source_fields);

static const struct yaml_field view_fields[] = {
    YAML_KEY(spec_view, name, YAML_TEXT),
    YAML_KEY(spec_view, type, YAML_TEXT),
    YAML_KEY(spec_view, doc, YAML_TEXT),
};
static const struct yaml_record view_record = YAML_RECORD(spec_view, view_fields);

static const struct yaml_field field_fields[] = {
    YAML_KEY(spec_field, name, YAML_TEXT),
    YAML_KEY(spec_field, doc, YAML_TEXT),
    YAML_KEY(spec_field, as, YAML_WORD, YAML_WORDS(as_words), YAML_OPTIONAL),
    YAML_KEY(spec_field, verbatim, YAML_BOOL, YAML_OPTIONAL),
    YAML_LIST(spec_field, views, YAML_MAPPING, .record = &view_record, YAML_OPTIONAL),
};
static const struct yaml_record field_record = YAML_RECORD(spec_field, field_fields);

static const struct yaml_field record_fields[] = {
    YAML_KEY(spec_record, name, YAML_TEXT),
    YAML_KEY(spec_record, from, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_record, doc, YAML_TEXT),
    YAML_KEY(spec_record, show, YAML_BOOL, YAML_OPTIONAL),
    YAML_KEY(spec_record, extensible, YAML_BOOL, YAML_OPTIONAL),
    YAML_LIST(spec_record, fields, YAML_MAPPING, .record = &field_record),
};
static const struct yaml_record record_record = YAML_RECORD(spec_record, record_fields);

static const struct yaml_field alias_fields[] = {
    YAML_KEY(spec_alias, name, YAML_TEXT),
    YAML_KEY(spec_alias, from, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_alias, doc, YAML_TEXT),
    YAML_KEY(spec_alias, show, YAML_BOOL, YAML_OPTIONAL),
};
static const struct yaml_record alias_record = YAML_RECORD(spec_alias, alias_fields);

static const struct yaml_field constants_fields[] = {
    YAML_KEY(spec_constants, doc, YAML_TEXT),
    YAML_LIST(spec_constants, names, YAML_TEXT),
    YAML_KEY(spec_constants, of, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_constants, from, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_constants, header, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_constants, fallback, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record constants_record = YAML_RECORD(spec_constants, constants_fields);

static const struct yaml_field param_fields[] = {
    YAML_KEY(spec_param, name, YAML_TEXT),
    YAML_KEY(spec_param, type, YAML_TEXT),
    YAML_KEY(spec_param, syscall_type, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_param, doc, YAML_TEXT),
    YAML_KEY(spec_param, form, YAML_WORD, YAML_WORDS(form_words), YAML_OPTIONAL),
    YAML_KEY(spec_param, count, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec_param, nullable, YAML_BOOL, YAML_OPTIONAL),
};
static const struct yaml_record param_record = YAML_RECORD(spec_param, param_fields);

static const struct yaml_field result_fields[] = {
    YAML_KEY(spec_result, type, YAML_TEXT),
    YAML_KEY(spec_result, doc, YAML_TEXT),
};
static const struct yaml_record result_record = YAML_RECORD(spec_result, result_fields);

static const struct yaml_field fallback_fields[] = {
    YAML_KEY(spec_fallback, call, YAML_TEXT),
    YAML_LIST(spec_fallback, args, YAML_TEXT),
    YAML_KEY(spec_fallback, positive, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record fallback_record = YAML_RECORD(spec_fallback, fallback_fields);

static const struct yaml_field call_fields[] = {
    YAML_KEY(spec_call, name, YAML_TEXT),
    YAML_KEY(spec_call, forms, YAML_BITS, YAML_WORDS(form_words), YAML_OPTIONAL),
    YAML_KEY(spec_call, doc, YAML_TEXT),
    YAML_LIST(spec_call, params, YAML_MAPPING, .record = &param_record),
    YAML_KEY(spec_call, returns, YAML_MAPPING, .record = &result_record),
    YAML_KEY(spec_call, errors, YAML_TEXT),
    YAML_KEY(spec_call, manual, YAML_TEXT),
    YAML_KEY(spec_call, per_target, YAML_BOOL, YAML_OPTIONAL),
    YAML_KEY(spec_call, fallback, YAML_POINTER, .record = &fallback_record, YAML_OPTIONAL),
};
static const struct yaml_record call_record = YAML_RECORD(spec_call, call_fields);

static const struct yaml_field ignore_fields[] = {
    YAML_KEY(spec_ignore, name, YAML_TEXT),
    YAML_KEY(spec_ignore, reason, YAML_TEXT),
};
static const struct yaml_record ignore_record = YAML_RECORD(spec_ignore, ignore_fields);

/* Keys that had other names once. */
static const struct renamed old_keys[] = {
    {"families", "patterns"},
    {"otherwise", "fallback"},
    {"varies", "per_target"},
    {"open", "extensible"},
    {NULL, NULL},
};

static const struct yaml_field spec_fields[] = {
    YAML_KEY(spec, name, YAML_TEXT),
    YAML_KEY(spec, part_of, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(spec, doc, YAML_TEXT),
    YAML_KEY(spec, manual, YAML_TEXT),
    YAML_KEY(spec, os, YAML_TEXT),
    YAML_KEY(spec, headers, YAML_WORD, YAML_WORDS(headers_words), YAML_OPTIONAL),
    YAML_LIST(spec, sources, YAML_MAPPING, .record = &source_record),
    YAML_LIST(spec, patterns, YAML_TEXT),
    YAML_LIST(spec, records, YAML_MAPPING, .record = &record_record, YAML_OPTIONAL),
    YAML_LIST(spec, aliases, YAML_MAPPING, .record = &alias_record, YAML_OPTIONAL),
    YAML_LIST(spec, opaque, YAML_MAPPING, .record = &alias_record, YAML_OPTIONAL),
    YAML_LIST(spec, constants, YAML_MAPPING, .record = &constants_record, YAML_OPTIONAL),
    YAML_LIST(spec, calls, YAML_MAPPING, .record = &call_record, YAML_OPTIONAL),
    YAML_LIST(spec, ignore, YAML_MAPPING, .record = &ignore_record, YAML_OPTIONAL),
};
static const struct yaml_record spec_schema = {sizeof(struct spec), YAML_FIELDS(spec_fields),
                                               .old_keys = old_keys};

struct location spec_location(const struct spec *spec, const void *part)
{
    struct location location = yaml_location(&spec->places, part);

    location.file = spec->path;
    return location;
}

/* Linear search by the `name` member of the items of an array. */
#define FIND(items, n, wanted)                                                                     \
    for (unsigned i = 0; i < (n); i++)                                                             \
        if (strcmp((items)[i].name, (wanted)) == 0)                                                \
            return &(items)[i];                                                                    \
    return NULL

const struct spec_source *spec_source(const struct spec *spec, const char *name)
{
    FIND(spec->sources, spec->n_sources, name);
}

const struct spec_record *spec_record(const struct spec *spec, const char *name)
{
    FIND(spec->records, spec->n_records, name);
}

const struct spec_call *spec_call(const struct spec *spec, const char *name)
{
    FIND(spec->calls, spec->n_calls, name);
}

bool spec_has_syscall(const struct spec *spec)
{
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0)
            return true;
    return false;
}

bool spec_has_name(const struct spec *spec, const char *name)
{
    static const char mark[] = "syscall:";
    const char *bare = str_starts(name, mark) ? name + strlen(mark) : name;

    if (spec_call(spec, bare) != NULL)
        return true;
    for (unsigned i = 0; i < spec->n_records; i++) {
        size_t length = strlen(spec->records[i].name);
        if (strncmp(spec->records[i].name, name, length) == 0 &&
            (name[length] == '\0' || name[length] == '.'))
            return true;
    }
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (strcmp(spec->aliases[i].name, name) == 0)
            return true;
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            if (strcmp(spec->constants[i].names[k], name) == 0)
                return true;
    return false;
}

const struct spec_param *spec_param(const struct spec_call *call, const char *name)
{
    FIND(call->params, call->n_params, name);
}

/* The group of a constant, and its place there. */
static const struct spec_constants *find_constant(const struct spec *spec, const char *name,
                                                  unsigned *k)
{
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (*k = 0; *k < spec->constants[i].n_names; ++*k)
            if (strcmp(spec->constants[i].names[*k], name) == 0)
                return &spec->constants[i];
    return NULL;
}

const char *spec_constant(const struct spec *spec, const char *name)
{
    unsigned k;
    const struct spec_constants *group = find_constant(spec, name, &k);

    return group != NULL ? group->names[k] : NULL;
}

const char *spec_field_of(const struct spec *spec, const char *constant)
{
    unsigned k;
    const struct spec_constants *group = find_constant(spec, constant, &k);

    return group != NULL ? group->of : NULL;
}

const char *spec_define(struct arena *arena, const char *define)
{
    size_t length = strcspn(define, "=");
    const char *value = define[length] == '=' ? define + length + 1 : "1";

    return arena_printf(arena, "#define %.*s %s", (int)length, define, value);
}

bool spec_header_is_optional(const struct spec_source *source, const char *header)
{
    for (unsigned i = 0; i < source->n_optional; i++)
        if (strcmp(source->optional[i], header) == 0)
            return true;
    return false;
}

/* Fills in what the file may leave out. */
static void set_defaults(struct spec *spec)
{
    const char *first = spec->n_sources > 0 ? spec->sources[0].name : "";

    for (unsigned i = 0; i < spec->n_records; i++)
        if (spec->records[i].from == NULL)
            spec->records[i].from = first;
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (spec->aliases[i].from == NULL)
            spec->aliases[i].from = first;
    for (unsigned i = 0; i < spec->n_constants; i++)
        if (spec->constants[i].from == NULL)
            spec->constants[i].from = first;
    for (unsigned i = 0; i < spec->n_calls; i++) {
        if (spec->calls[i].forms == 0)
            spec->calls[i].forms = FORM_BOTH;
        for (unsigned k = 0; k < spec->calls[i].n_params; k++)
            if (spec->calls[i].params[k].form == 0)
                spec->calls[i].params[k].form = FORM_BOTH;
    }
}

static void load_one(struct specs *specs, struct arena *arena, const char *root, const char *name,
                     struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/specs/%s.yaml", root, name);
    struct yaml_places places;
    struct spec *spec = yaml_load(arena, path, &spec_schema, &places, diag);

    if (spec == NULL)
        return;
    spec->path = path;
    spec->places = places;
    set_defaults(spec);
    spec_check(spec, name, diag);
    ARENA_PUSH(arena, specs->items, specs->n, spec);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of all specs in gen/specs, sorted. */
static const char **list_specs(struct arena *arena, const char *root, size_t *n, struct diag *diag)
{
    const char *folder = arena_printf(arena, "%sgen/specs", root);
    DIR *entries = opendir(folder);

    *n = 0;
    if (entries == NULL) {
        diag_error(diag, (struct location){folder, 0, 0}, "cannot list specs: %s", strerror(errno));
        return NULL;
    }
    const char **names = NULL;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
        if (entry->d_name[0] != '.' && str_glob("*.yaml", entry->d_name))
            ARENA_PUSH(
                arena, names, *n,
                arena_strndup(arena, entry->d_name, strlen(entry->d_name) - strlen(".yaml")));
    closedir(entries);
    if (*n > 0)
        qsort(names, *n, sizeof *names, by_text);
    return names;
}

bool specs_load(struct specs *specs, struct arena *arena, const char *root,
                const char *const *names, size_t n_names, struct diag *diag)
{
    int errors_before = diag->n_errors;

    if (n_names == 0)
        names = list_specs(arena, root, &n_names, diag);
    for (size_t i = 0; i < n_names; i++)
        load_one(specs, arena, root, names[i], diag);
    return diag->n_errors == errors_before;
}

static bool binds(const struct spec *spec, const char *name)
{
    if (spec_constant(spec, name) != NULL)
        return true;
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (strcmp(spec->aliases[i].name, name) == 0)
            return true;
    if (str_starts(name, "__NR_"))
        name += strlen("__NR_");
    return spec_record(spec, name) != NULL || spec_call(spec, name) != NULL;
}

bool spec_leaves_unbound(const struct spec *spec, const char *name)
{
    bool is_match = false;

    for (unsigned i = 0; i < spec->n_patterns && !is_match; i++)
        is_match = str_glob(spec->patterns[i], name);
    if (!is_match || binds(spec, name))
        return false;
    for (unsigned i = 0; i < spec->n_ignore; i++)
        if (str_glob(spec->ignore[i].name, name))
            return false;
    return true;
}

bool spec_excludes(const struct spec *spec, const char *record, const char *field)
{
    const struct spec_record *found = spec_record(spec, record);

    if (found == NULL || !found->extensible)
        return false;
    for (unsigned i = 0; i < found->n_fields; i++)
        if (strcmp(found->fields[i].name, field) == 0)
            return false;
    return true;
}

bool spec_covers(const struct spec *spec, const struct target *target)
{
    return strcmp(spec->os, target->os) == 0 &&
           (spec->headers == HEADERS_OWN || target->with_newer != NULL);
}

const struct target *spec_target(const struct spec *spec, const struct target *target)
{
    return spec->headers == HEADERS_NEWER ? target->with_newer : target;
}

const char *spec_param_type(const struct spec_param *param, enum spec_form form)
{
    return form == FORM_SYSCALL && param->syscall_type != NULL ? param->syscall_type : param->type;
}

const char *const *spec_verbatim(const struct spec *spec, struct arena *arena, size_t *n)
{
    const char **names = NULL;

    *n = 0;
    for (unsigned i = 0; i < spec->n_records; i++)
        for (unsigned k = 0; k < spec->records[i].n_fields; k++)
            if (spec->records[i].fields[k].verbatim)
                ARENA_PUSH(arena, names, *n,
                           arena_printf(arena, "%s.%s", spec->records[i].name,
                                        spec->records[i].fields[k].name));
    return names;
}
