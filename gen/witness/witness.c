/* witness.c - what all witnesses share; see witness.h. */
#include "witness/witness.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[N_WITNESS_KINDS] = {"clang",  "dwarf", "compile", "run",
                                                   "behave", "link",  "boot"};

const char *witness_name(enum witness_kind kind)
{
    return names[kind];
}

enum witness_kind witness_of(const char *name)
{
    unsigned kind = 0;

    while (kind < N_WITNESS_KINDS && strcmp(names[kind], name) != 0)
        kind++;
    return (enum witness_kind)kind;
}

const char *witness_names(struct arena *arena, unsigned set)
{
    struct str text = {.arena = arena};

    for (unsigned kind = 0; kind < N_WITNESS_KINDS; kind++)
        if ((set & 1U << kind) != 0)
            str_addf(&text, "%s%s", text.len > 0 ? " " : "", names[kind]);
    return str_text(&text);
}

bool testimony_was_given(const struct testimony *testimony)
{
    return testimony->absent == NULL && testimony->broken.n == 0;
}

void remark_add(struct remarks *remarks, struct arena *arena, const char *name, struct place where,
                const char *format, ...)
{
    struct remark remark = {.name = arena_strdup(arena, name), .where = where};
    va_list args;

    va_start(args, format);
    remark.text = arena_vprintf(arena, format, args);
    va_end(args);
    ARENA_PUSH(arena, remarks->items, remarks->n, remark);
}

const char *missing_headers(const struct target *target, struct arena *arena)
{
    bool is_fetched = strstr(target->headers[0], "build/headers/") != NULL;

    if (target->include != NULL)
        return NULL;
    return arena_printf(arena, "no header set: looked for %s%s", target->headers[0],
                        is_fetched ? "; ci/fetch-headers brings it" : "");
}

bool header_exists(const struct target *target, const char *header)
{
    struct arena arena = {NULL};
    bool found = false;

    for (unsigned i = 0; i < target->n_include && !found; i++)
        found = access(arena_printf(&arena, "%s/%s", target->include[i], header), R_OK) == 0;
    arena_release(&arena);
    return found;
}

const struct spec_source *constants_source(const struct spec *spec, const struct target *target,
                                           const struct spec_constants *group)
{
    bool is_absent = group->header != NULL && !header_exists(target, group->header);

    return spec_source(spec, is_absent ? group->otherwise : group->from);
}

static const struct spec_source *library_source(const struct spec *spec)
{
    for (unsigned i = 0; i < spec->n_sources; i++)
        if (spec->sources[i].library != NULL)
            return &spec->sources[i];
    return NULL;
}

static const struct spec_source *constant_source(const struct spec *spec,
                                                 const struct target *target, const char *name)
{
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            if (strcmp(spec->constants[i].names[k], name) == 0)
                return constants_source(spec, target, &spec->constants[i]);
    return NULL;
}

static const struct spec_source *record_source(const struct spec *spec, const char *name)
{
    for (unsigned i = 0; i < spec->n_records; i++) {
        size_t length = strlen(spec->records[i].name);
        if (strncmp(spec->records[i].name, name, length) == 0 &&
            (name[length] == '\0' || name[length] == '.'))
            return spec_source(spec, spec->records[i].from);
    }
    return NULL;
}

const struct spec_source *fact_source(const struct spec *spec, const struct target *target,
                                      const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_CONSTANT:
        return constant_source(spec, target, fact->name);
    case FACT_FUNCTION:
        return library_source(spec);
    case FACT_RECORD:
    case FACT_FIELD:
        return record_source(spec, fact->name);
    case FACT_ALIAS:
        for (unsigned i = 0; i < spec->n_aliases; i++)
            if (strcmp(spec->aliases[i].name, fact->name) == 0)
                return spec_source(spec, spec->aliases[i].from);
        return NULL;
    default:
        return &spec->sources[0];
    }
}

void compiler_begin(const struct target *target, struct arena *arena, const char ***argv, size_t *n)
{
    for (unsigned i = 0; i < target->n_compiler; i++)
        ARENA_PUSH(arena, *argv, *n, target->compiler[i]);
    for (unsigned i = 0; i < target->n_include; i++) {
        ARENA_PUSH(arena, *argv, *n, "-isystem");
        ARENA_PUSH(arena, *argv, *n, target->include[i]);
    }
    /* Debian 13's compilers predefine both as 64 on targets with 32-bit longs, which turns libc's
     * timespec and symbols into others. What a header says must not depend on the release. */
    ARENA_PUSH(arena, *argv, *n, "-U_TIME_BITS");
    ARENA_PUSH(arena, *argv, *n, "-U_FILE_OFFSET_BITS");
}

/* Takes `file:line:column: ` off the front of a compiler's message. */
static struct place take_place(struct arena *arena, const char **text)
{
    struct place place = {NULL, 0, 0};
    const char *colon = strchr(*text, ':');
    char *end;

    if (colon == NULL || colon == *text)
        return place;
    place.line = (int)strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != ':')
        return (struct place){NULL, 0, 0};
    place.file = arena_strndup(arena, *text, (size_t)(colon - *text));
    place.column = (int)strtol(end + 1, &end, 10);
    *text = end + strspn(end, ": ");
    return place;
}

/* The first line of a compiler's or linker's messages that says what is wrong. */
static const char *first_error(const char *errors)
{
    static const char *const signs[] = {"undefined reference", "undefined symbol", "error: "};

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *hit = strstr(errors, signs[i]);
        if (hit == NULL)
            continue;
        while (hit > errors && hit[-1] != '\n')
            hit--;
        return hit;
    }
    return errors;
}

void remark_compiler(struct testimony *testimony, struct arena *arena, const char *errors)
{
    const char *line = first_error(errors);
    struct place place;

    line = arena_strndup(arena, line, strcspn(line, "\n"));
    place = take_place(arena, &line);
    remark_add(&testimony->broken, arena, "does-not-compile", place, "%s",
               line[0] != '\0' ? line : "the compiler failed and said nothing");
}
