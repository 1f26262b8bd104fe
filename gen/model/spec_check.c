/* spec_check.c - what no schema can check of a spec: that its names refer to something.
 *
 * In: a spec as it was read, with defaults filled in. Out: errors with the place in its file.
 * Design: each kind of part has a check of its own; what the headers have to do with it is the
 * witnesses' matter.
 */
#include "model/spec_private.h"

#include <string.h>

#include "base/grouping.h"

static void check_source(const struct spec *spec, const char *item, const char *from,
                         struct diag *diag)
{
    if (spec_source(spec, from) == NULL)
        diag_error(diag, spec_location(spec, from),
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

/* `of` names a field by which other languages type these constants. */
static void check_field(const struct spec *spec, const struct spec_constants *group,
                        const char *item, struct diag *diag)
{
    size_t length = strcspn(group->of, ".");
    const struct spec_record *record =
        spec_record(spec, arena_strndup(diag->text.arena, group->of, length));

    for (unsigned i = 0; record != NULL && group->of[length] == '.' && i < record->n_fields; i++)
        if (strcmp(record->fields[i].name, group->of + length + 1) == 0)
            return;
    diag_error(diag, spec_location(spec, group->of),
               "constants '%s'...: 'of: %s' is no field of a record of this spec, as RECORD.FIELD",
               item, group->of);
}

static void check_constants(const struct spec *spec, const struct spec_constants *group,
                            struct diag *diag)
{
    const char *item = group->n_names > 0 ? group->names[0] : group->doc;

    check_source(spec, item, group->from, diag);
    if (group->of != NULL)
        check_field(spec, group, item, diag);
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
    struct location location = spec_location(spec, fallback->call);

    if (other == NULL || (other->forms & FORM_SYSCALL) == 0) {
        diag_error(diag, location, "'%s' falls back to '%s', which is no system call of this spec",
                   call->name, fallback->call);
        return;
    }
    if (fallback->n_args != n_syscall_params(other))
        diag_error(diag, location, "'%s' falls back to '%s' with %u arguments, expected %u",
                   call->name, other->name, fallback->n_args, n_syscall_params(other));
    if (fallback->positive != NULL && spec_param(call, fallback->positive) == NULL)
        diag_error(diag, spec_location(spec, fallback->positive),
                   "'positive: %s' of '%s' is no parameter of it", fallback->positive, call->name);
    for (unsigned i = 0; i < fallback->n_args; i++) {
        const char *arg = fallback->args[i];
        bool is_number = arg[strspn(arg, "0123456789")] == '\0';
        if (!is_number && strcmp(arg, "NULL") != 0 && strcmp(arg, "SIGSET_SIZE") != 0 &&
            spec_param(call, arg) == NULL)
            diag_error(diag, spec_location(spec, arg),
                       "argument '%s' of '%s' is no parameter of '%s', number, NULL or SIGSET_SIZE",
                       arg, other->name, call->name);
    }
}

/* What is only true of a pointer. */
static void check_pointer(const struct spec *spec, const struct spec_call *call,
                          const struct spec_param *param, struct diag *diag)
{
    bool is_pointer = strchr(param->type, '*') != NULL;

    if (param->count != NULL && (!is_pointer || spec_param(call, param->count) == NULL))
        diag_error(diag, spec_location(spec, param->count), "'count: %s' of '%s' in '%s': %s",
                   param->count, param->name, call->name,
                   is_pointer ? "expected another parameter of the call"
                              : "only a pointer is to several");
    if (param->nullable && !is_pointer)
        diag_error(diag, spec_location(spec, param->name),
                   "'nullable' of '%s' in '%s': only a pointer may be null", param->name,
                   call->name);
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
    for (unsigned i = 0; i < call->n_params; i++)
        check_pointer(spec, call, &call->params[i], diag);
    if (call->fallback != NULL)
        check_fallback(spec, call, diag);
}

/* A constant listed twice would be defined twice. */
static void check_unique(const struct spec *spec, struct diag *diag)
{
    struct grouping names = {.arena = diag->text.arena};

    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++) {
            const char *name = spec->constants[i].names[k];
            if (!grouping_is_new(&names, name))
                diag_error(diag, spec_location(spec, name), "constant '%s' is listed twice", name);
        }
}

void spec_check(const struct spec *spec, const char *name, struct diag *diag)
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
    check_unique(spec, diag);
    for (unsigned i = 0; i < spec->n_calls; i++)
        check_call(spec, &spec->calls[i], diag);
}
