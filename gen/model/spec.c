/* spec.c - see spec.h. */
#include "model/spec.h"

#include <errno.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/yaml.h"

/* The schema, innermost first. */
enum { REQUIRED = CYAML_FLAG_POINTER, OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

#define TEXT(type, key, flags)                                                                     \
    CYAML_FIELD_STRING_PTR(#key, flags, struct type, key, 0, CYAML_UNLIMITED)
#define LIST(type, key, flags, entry)                                                              \
    CYAML_FIELD_SEQUENCE_COUNT(#key, flags, struct type, key, n_##key, &(entry), 0, CYAML_UNLIMITED)
#define ENTRY(type, fields) {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct type, fields)}

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};
static const cyaml_strval_t as_names[] = {{"is", AS_IS}, {"words", AS_WORDS}};
static const cyaml_strval_t headers_names[] = {{"own", HEADERS_OWN}, {"newer", HEADERS_NEWER}};
static const cyaml_strval_t form_names[] = {{"library", FORM_LIBRARY}, {"syscall", FORM_SYSCALL}};

static const cyaml_schema_field_t source_fields[] = {
    TEXT(spec_source, name, REQUIRED),          TEXT(spec_source, library, OPTIONAL),
    LIST(spec_source, headers, REQUIRED, word), LIST(spec_source, optional, OPTIONAL, word),
    LIST(spec_source, defines, OPTIONAL, word), CYAML_FIELD_END,
};
static const cyaml_schema_value_t source_entry = ENTRY(spec_source, source_fields);

static const cyaml_schema_field_t view_fields[] = {
    TEXT(spec_view, name, REQUIRED),
    TEXT(spec_view, type, REQUIRED),
    TEXT(spec_view, doc, REQUIRED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t view_entry = ENTRY(spec_view, view_fields);

static const cyaml_schema_field_t field_fields[] = {
    TEXT(spec_field, name, REQUIRED),
    TEXT(spec_field, doc, REQUIRED),
    CYAML_FIELD_ENUM("as", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct spec_field, as, as_names,
                     CYAML_ARRAY_LEN(as_names)),
    LIST(spec_field, views, OPTIONAL, view_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t field_entry = ENTRY(spec_field, field_fields);

static const cyaml_schema_field_t record_fields[] = {
    TEXT(spec_record, name, REQUIRED),
    TEXT(spec_record, from, OPTIONAL),
    TEXT(spec_record, doc, REQUIRED),
    CYAML_FIELD_BOOL("show", CYAML_FLAG_OPTIONAL, struct spec_record, show),
    CYAML_FIELD_BOOL("extensible", CYAML_FLAG_OPTIONAL, struct spec_record, extensible),
    LIST(spec_record, fields, REQUIRED, field_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t record_entry = ENTRY(spec_record, record_fields);

static const cyaml_schema_field_t alias_fields[] = {
    TEXT(spec_alias, name, REQUIRED),
    TEXT(spec_alias, from, OPTIONAL),
    TEXT(spec_alias, doc, REQUIRED),
    CYAML_FIELD_BOOL("show", CYAML_FLAG_OPTIONAL, struct spec_alias, show),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t alias_entry = ENTRY(spec_alias, alias_fields);

static const cyaml_schema_field_t constants_fields[] = {
    TEXT(spec_constants, doc, REQUIRED),      LIST(spec_constants, names, REQUIRED, word),
    TEXT(spec_constants, from, OPTIONAL),     TEXT(spec_constants, header, OPTIONAL),
    TEXT(spec_constants, fallback, OPTIONAL), CYAML_FIELD_END,
};
static const cyaml_schema_value_t constants_entry = ENTRY(spec_constants, constants_fields);

static const cyaml_schema_field_t param_fields[] = {
    TEXT(spec_param, name, REQUIRED),
    TEXT(spec_param, type, REQUIRED),
    TEXT(spec_param, syscall_type, OPTIONAL),
    TEXT(spec_param, doc, REQUIRED),
    CYAML_FIELD_ENUM("form", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct spec_param, form,
                     form_names, CYAML_ARRAY_LEN(form_names)),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t param_entry = ENTRY(spec_param, param_fields);

static const cyaml_schema_field_t result_fields[] = {
    TEXT(spec_result, type, REQUIRED),
    TEXT(spec_result, doc, REQUIRED),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t fallback_fields[] = {
    TEXT(spec_fallback, call, REQUIRED),
    LIST(spec_fallback, args, REQUIRED, word),
    TEXT(spec_fallback, positive, OPTIONAL),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t call_fields[] = {
    TEXT(spec_call, name, REQUIRED),
    CYAML_FIELD_FLAGS("forms", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct spec_call, forms,
                      form_names, CYAML_ARRAY_LEN(form_names)),
    TEXT(spec_call, doc, REQUIRED),
    LIST(spec_call, params, REQUIRED, param_entry),
    CYAML_FIELD_MAPPING("returns", CYAML_FLAG_DEFAULT, struct spec_call, returns, result_fields),
    TEXT(spec_call, errors, REQUIRED),
    TEXT(spec_call, manual, REQUIRED),
    CYAML_FIELD_BOOL("per_target", CYAML_FLAG_OPTIONAL, struct spec_call, per_target),
    CYAML_FIELD_MAPPING_PTR("fallback", OPTIONAL, struct spec_call, fallback, fallback_fields),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t call_entry = ENTRY(spec_call, call_fields);

static const cyaml_schema_field_t ignore_fields[] = {
    TEXT(spec_ignore, name, REQUIRED),
    TEXT(spec_ignore, reason, REQUIRED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t ignore_entry = ENTRY(spec_ignore, ignore_fields);

static const cyaml_schema_field_t spec_fields[] = {
    TEXT(spec, name, REQUIRED),
    TEXT(spec, part_of, OPTIONAL),
    TEXT(spec, doc, REQUIRED),
    TEXT(spec, manual, REQUIRED),
    TEXT(spec, os, REQUIRED),
    CYAML_FIELD_ENUM("headers", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct spec, headers,
                     headers_names, CYAML_ARRAY_LEN(headers_names)),
    LIST(spec, sources, REQUIRED, source_entry),
    LIST(spec, patterns, REQUIRED, word),
    LIST(spec, records, OPTIONAL, record_entry),
    LIST(spec, aliases, OPTIONAL, alias_entry),
    LIST(spec, opaque, OPTIONAL, alias_entry),
    LIST(spec, constants, OPTIONAL, constants_entry),
    LIST(spec, calls, OPTIONAL, call_entry),
    LIST(spec, ignore, OPTIONAL, ignore_entry),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t spec_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct spec, spec_fields)};

struct location spec_location(const struct spec *spec, const char *item)
{
    return (struct location){spec->path, yaml_line_of(spec->path, item), 0};
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

static const struct spec_param *find_param(const struct spec_call *call, const char *name)
{
    FIND(call->params, call->n_params, name);
}

static bool lists(const char *const *names, unsigned n, const char *name)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

const char *spec_define(struct arena *arena, const char *define)
{
    size_t length = strcspn(define, "=");
    const char *value = define[length] == '=' ? define + length + 1 : "1";

    return arena_printf(arena, "#define %.*s %s", (int)length, define, value);
}

bool spec_header_is_optional(const struct spec_source *source, const char *header)
{
    return lists(source->optional, source->n_optional, header);
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

static void check_source(const struct spec *spec, const char *item, const char *from,
                         struct diag *diag)
{
    if (spec_source(spec, from) == NULL)
        diag_error(diag, spec_location(spec, item),
                   "'%s' is from '%s', which is no source of this spec", item, from);
}

/* A feature macro is a C identifier; whatever stands behind its `=` is the compiler's business. */
static void check_defines(const struct spec *spec, const struct spec_source *source,
                          struct diag *diag)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

    for (unsigned i = 0; i < source->n_defines; i++) {
        const char *define = source->defines[i];
        size_t length = strspn(define, letters);
        bool starts_well = length > 0 && strchr("0123456789", define[0]) == NULL;
        if (!starts_well || (define[length] != '\0' && define[length] != '=') ||
            strchr(define, '\n') != NULL)
            diag_error(diag, spec_location(spec, define),
                       "'defines' of source '%s': expected NAME or NAME=VALUE, got '%s'",
                       source->name, define);
    }
}

static void check_constants(const struct spec *spec, const struct spec_constants *group,
                            struct diag *diag)
{
    const char *item = group->n_names > 0 ? group->names[0] : group->doc;

    check_source(spec, item, group->from, diag);
    if ((group->header == NULL) != (group->fallback == NULL))
        diag_error(diag, spec_location(spec, item),
                   "constants '%s'...: 'header' and 'fallback' only make sense together", item);
    if (group->fallback != NULL)
        check_source(spec, item, group->fallback, diag);
    if (diag->n_errors == 0 && group->header != NULL &&
        !spec_header_is_optional(spec_source(spec, group->from), group->header))
        diag_error(diag, spec_location(spec, group->header),
                   "header '%s' of '%s'... is not among the optional headers of source '%s'",
                   group->header, item, group->from);
}

/* Counts the parameters of the system call form. */
static unsigned n_syscall_params(const struct spec_call *call)
{
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params; i++)
        n += (call->params[i].form & FORM_SYSCALL) != 0;
    return n;
}

static void check_fallback(const struct spec *spec, const struct spec_call *call, struct diag *diag)
{
    const struct spec_fallback *fallback = call->fallback;
    const struct spec_call *other = spec_call(spec, fallback->call);
    struct location location = spec_location(spec, call->name);

    if (other == NULL || (other->forms & FORM_SYSCALL) == 0) {
        diag_error(diag, location, "'%s' falls back to '%s', which is no system call of this spec",
                   call->name, fallback->call);
        return;
    }
    if (fallback->n_args != n_syscall_params(other))
        diag_error(diag, location, "'%s' falls back to '%s' with %u arguments, expected %u",
                   call->name, other->name, fallback->n_args, n_syscall_params(other));
    if (fallback->positive != NULL && find_param(call, fallback->positive) == NULL)
        diag_error(diag, location, "'positive: %s' of '%s' is no parameter of it",
                   fallback->positive, call->name);
    for (unsigned i = 0; i < fallback->n_args; i++) {
        const char *arg = fallback->args[i];
        bool is_number = arg[strspn(arg, "0123456789")] == '\0';
        if (!is_number && strcmp(arg, "NULL") != 0 && strcmp(arg, "SIGSET_SIZE") != 0 &&
            find_param(call, arg) == NULL)
            diag_error(diag, location,
                       "argument '%s' of '%s' is no parameter of '%s', number, NULL or SIGSET_SIZE",
                       arg, other->name, call->name);
    }
}

static void check_call(const struct spec *spec, const struct spec_call *call, struct diag *diag)
{
    unsigned n_libraries = 0;

    for (unsigned i = 0; i < spec->n_sources; i++)
        n_libraries += spec->sources[i].library != NULL;
    if ((call->forms & FORM_LIBRARY) != 0 && n_libraries != 1)
        diag_error(diag, spec_location(spec, call->name),
                   "'%s' is a library function, so exactly one source must name a library; got %u",
                   call->name, n_libraries);
    if (call->fallback != NULL)
        check_fallback(spec, call, diag);
}

/* A constant listed twice would be defined twice. */
static void check_unique(const struct spec *spec, unsigned group, unsigned index, struct diag *diag)
{
    const char *name = spec->constants[group].names[index];

    for (unsigned i = 0; i <= group; i++)
        for (unsigned k = 0; k < (i == group ? index : spec->constants[i].n_names); k++)
            if (strcmp(spec->constants[i].names[k], name) == 0)
                diag_error(diag, spec_location(spec, name), "constant '%s' is listed twice", name);
}

/* Checks what a schema cannot: that names refer to something. */
static void check_meaning(const struct spec *spec, const char *name, struct diag *diag)
{
    if (strcmp(spec->name, name) != 0)
        diag_error(diag, spec_location(spec, spec->name),
                   "the spec is named '%s', expected the file's name '%s'", spec->name, name);
    if (spec->n_sources == 0)
        diag_error(diag, (struct location){spec->path, 0, 0},
                   "no sources: nothing to read headers from");
    for (unsigned i = 0; i < spec->n_sources; i++)
        check_defines(spec, &spec->sources[i], diag);
    for (unsigned i = 0; i < spec->n_records; i++)
        check_source(spec, spec->records[i].name, spec->records[i].from, diag);
    for (unsigned i = 0; i < spec->n_aliases; i++)
        check_source(spec, spec->aliases[i].name, spec->aliases[i].from, diag);
    for (unsigned i = 0; i < spec->n_constants; i++)
        check_constants(spec, &spec->constants[i], diag);
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            check_unique(spec, i, k, diag);
    for (unsigned i = 0; i < spec->n_calls; i++)
        check_call(spec, &spec->calls[i], diag);
}

/* Keys that had other names once. */
static const struct renamed old_keys[] = {
    {"families", "patterns"},
    {"otherwise", "fallback"},
    {"varies", "per_target"},
    {"open", "extensible"},
    {NULL, NULL},
};

static void load_one(struct specs *specs, struct arena *arena, const char *root, const char *name,
                     struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/specs/%s.yaml", root, name);
    struct spec *spec = yaml_load_renamed(arena, path, old_keys, &spec_value, diag);

    if (spec == NULL)
        return;
    spec->path = path;
    set_defaults(spec);
    check_meaning(spec, name, diag);
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
    for (unsigned i = 0; i < spec->n_constants; i++)
        if (lists(spec->constants[i].names, spec->constants[i].n_names, name))
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
