/* reference.c - see reference.h. */
#include "verify/reference.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/grouping.h"
#include "base/str.h"
#include "witness/headers.h"

bool reference_read(struct facts *facts, const struct target *target, const struct spec *spec,
                    const char *root, struct diag *diag)
{
    const char *path = arena_printf(facts->arena, "%sabi_probes/facts/%s/%s.facts", root,
                                    target->name, spec->name);
    char *text = out_read(facts->arena, path, NULL);

    if (text == NULL)
        diag_error(diag, (struct location){path, 0, 0}, "cannot read: %s; run `abiproof gen`",
                   strerror(errno));
    return text != NULL && facts_parse(facts, text, path, diag) && facts_check(facts, diag);
}

bool reference_load(struct reference *reference, struct arena *arena, const struct target *target,
                    const struct specs *specs, const char *root, struct diag *diag)
{
    int errors_before = diag->n_errors;

    *reference = (struct reference){
        .target = target, .arena = arena, .enums = {.arena = arena}, .paths = {.arena = arena}};
    for (size_t i = 0; i < specs->n; i++) {
        struct reference_part part = {.spec = specs->items[i], .facts = {.arena = arena}};
        if (spec_covers(part.spec, target) &&
            reference_read(&part.facts, target, part.spec, root, diag))
            ARENA_PUSH(arena, reference->parts, reference->n, part);
    }
    return diag->n_errors == errors_before;
}

/* ---- from headers ---- */

/* Reads the headers of a part's spec into its facts. Returns false after reporting. */
static bool read_headers(struct reference *reference, struct reference_part *part,
                         const struct workspace *workspace, struct diag *diag)
{
    struct evidence system = {.unavailable = NULL};
    struct diag own;

    diag_init(&own, reference->arena, false);
    bool is_read = headers_read(&system, part->spec, spec_target(part->spec, reference->target),
                                workspace, reference->arena, &own);
    if (system.unavailable != NULL)
        diag_error(diag, no_location, "%s: %s; run `make deps`", reference->target->name,
                   system.unavailable);
    diag->n_errors += own.n_errors;
    str_add(&diag->text, str_text(&own.text));
    part->is_reread = true;
    if (is_read)
        part->facts = system.facts;
    if (is_read && part->facts.n == 0 && system.broken.n > 0)
        diag_error(diag, system.broken.items[0].where, "%s", system.broken.items[0].text);
    part->requests = (struct grouping){.arena = reference->arena};
    for (size_t i = 0; is_read && i < system.requests.n; i++)
        grouping_of(&part->requests, system.requests.items[i].name);
    return is_read && part->facts.n > 0;
}

const char reference_headers[] = "--header";

bool reference_is_of_headers(const struct reference_part *part)
{
    return part->spec->path == reference_headers;
}

struct reference_headers reference_headers_of(const struct reference_part *part)
{
    const struct spec_source *source = &part->spec->sources[0];

    return (struct reference_headers){source->headers, source->n_headers, source->defines,
                                      source->n_defines};
}

/* A spec that no file has: of these headers, without a name so far. */
static struct spec *begin_spec(const struct reference *reference,
                               const struct reference_headers *headers)
{
    struct arena *arena = reference->arena;
    struct spec *spec = arena_alloc(arena, sizeof *spec);
    struct spec_source *source = arena_alloc(arena, sizeof *source);
    struct spec_constants *constants = arena_alloc(arena, sizeof *constants);

    size_t n_files = 0, n_defines = 0;
    *source = (struct spec_source){.name = "headers"};
    for (size_t i = 0; i < headers->n_files; i++)
        ARENA_PUSH(arena, source->headers, n_files, headers->files[i]);
    for (size_t i = 0; i < headers->n_defines; i++)
        ARENA_PUSH(arena, source->defines, n_defines, headers->defines[i]);
    source->n_headers = (unsigned)n_files;
    source->n_defines = (unsigned)n_defines;
    *constants = (struct spec_constants){.from = source->name};
    *spec = (struct spec){.path = reference_headers, .name = headers->files[0]};
    spec->os = reference->target->os;
    spec->sources = source;
    spec->n_sources = 1;
    spec->constants = constants;
    return spec;
}

/* A spec of the named things of these headers. */
static struct spec *make_spec(struct reference *reference, const struct reference_headers *headers,
                              const struct reference_query *queries, size_t n_queries)
{
    struct arena *arena = reference->arena;
    struct spec *spec = begin_spec(reference, headers);
    struct spec_source *source = spec->sources;
    struct spec_constants *constants = spec->constants;
    size_t n_records = 0;
    size_t n_names = 0;
    size_t n_calls = 0;
    for (size_t i = 0; i < n_queries; i++) {
        const char *name = queries[i].name;
        struct spec_record record = {.name = name, .from = source->name, .show = true};
        struct spec_call call = {.name = name, .forms = FORM_SYSCALL, .per_target = true};
        call.returns.type = "int";
        if (queries[i].kind == FACT_RECORD)
            ARENA_PUSH(arena, spec->records, n_records, record);
        else if (queries[i].kind == FACT_CONSTANT)
            ARENA_PUSH(arena, constants->names, n_names, name);
        else
            ARENA_PUSH(arena, spec->calls, n_calls, call);
    }
    spec->n_records = (unsigned)n_records;
    constants->n_names = (unsigned)n_names;
    spec->n_constants = n_names > 0;
    spec->n_calls = (unsigned)n_calls;
    return spec;
}

/* ---- everything of headers ---- */

/* True if a part of headers has the name. */
static bool is_known(const struct reference *reference, const struct header_name *name)
{
    for (size_t i = 0; i < reference->n; i++)
        if (reference_is_of_headers(&reference->parts[i]) &&
            facts_find(&reference->parts[i].facts, name->kind, name->name) != NULL)
            return true;
    return false;
}

/* Fills the spec with those of the names that no part has. Returns how many. */
static size_t fill_spec(const struct reference *reference, struct spec *spec,
                        const struct header_names *names)
{
    struct arena *arena = reference->arena;
    const char *source = spec->sources[0].name;
    struct grouping calls = {.arena = arena};
    size_t n[N_FACT_KINDS] = {0}, n_calls = 0, n_all = 0;

    for (size_t i = 0; i < names->n; i++) {
        const struct header_name *name = &names->items[i];
        struct spec_record record = {.name = name->name, .from = source};
        struct spec_alias alias = {.name = name->name, .from = source};
        struct spec_call call = {
            .name = name->name, .per_target = true, .returns = {.type = "int"}};
        if (is_known(reference, name))
            continue;
        n_all++;
        call.forms = name->kind == FACT_SYSCALL ? FORM_SYSCALL : FORM_LIBRARY;
        if (name->kind == FACT_RECORD)
            ARENA_PUSH(arena, spec->records, n[FACT_RECORD], record);
        else if (name->kind == FACT_ALIAS)
            ARENA_PUSH(arena, spec->aliases, n[FACT_ALIAS], alias);
        else if (name->kind == FACT_CONSTANT)
            ARENA_PUSH(arena, spec->constants[0].names, n[FACT_CONSTANT], name->name);
        else if (grouping_is_new(&calls, name->name))
            ARENA_PUSH(arena, spec->calls, n_calls, call);
        else
            spec->calls[grouping_find(&calls, name->name)].forms |= call.forms;
    }
    spec->n_records = (unsigned)n[FACT_RECORD];
    spec->n_aliases = (unsigned)n[FACT_ALIAS];
    spec->constants[0].n_names = (unsigned)n[FACT_CONSTANT];
    spec->n_constants = n[FACT_CONSTANT] > 0;
    spec->n_calls = (unsigned)n_calls;
    return n_all;
}

/* Lists what the headers show. Returns false after reporting. */
static bool list_headers(struct header_names *names, struct spec **spec,
                         const struct reference *reference, const struct reference_headers *headers,
                         struct diag *diag)
{
    *names = (struct header_names){.n = 0};
    *spec = begin_spec(reference, headers);
    (*spec)->may_lack = true;
    (*spec)->sources[0].library = "c";
    return headers_list(names, *spec, reference->target, reference->arena, diag);
}

/* Enters the enumerations of the part that is added next. */
static void add_enums(struct reference *reference, struct reference_part *part,
                      const struct header_names *names)
{
    struct header_enum *enums = NULL;

    for (size_t i = 0; i < names->n_enums; i++) {
        struct reference_enum one = {reference->n, part->n_enums};
        if (!grouping_is_new(&reference->enums, names->enums[i].name))
            continue;
        ARENA_PUSH(reference->arena, enums, part->n_enums, names->enums[i]);
        size_t n = reference->enums.n - 1;
        ARENA_PUSH(reference->arena, reference->of_enums, n, one);
    }
    part->enums = enums;
}

static void add_paths(struct reference *reference, const struct header_names *names)
{
    for (size_t i = 0; i < names->n_paths; i++) {
        size_t n = reference->paths.n;
        if (grouping_is_new(&reference->paths, names->paths[i].name))
            ARENA_PUSH(reference->arena, reference->of_paths, n, names->paths[i].path);
    }
}

const char *reference_path(const struct reference *reference, const char *name)
{
    size_t number = grouping_find(&reference->paths, name);

    return number != INDEX_NONE ? reference->of_paths[number] : NULL;
}

static bool add_part(struct reference *reference, const struct reference_headers *headers,
                     const struct workspace *workspace, struct diag *diag)
{
    struct reference_part part = {.facts = {.arena = reference->arena}};
    struct header_names names;
    struct spec *spec;

    if (!list_headers(&names, &spec, reference, headers, diag))
        return false;
    add_paths(reference, &names);
    if (fill_spec(reference, spec, &names) == 0)
        return true;
    part.spec = spec;
    if (!read_headers(reference, &part, workspace, diag))
        return false;
    add_enums(reference, &part, &names);
    ARENA_PUSH(reference->arena, reference->parts, reference->n, part);
    return true;
}

/* The headers with these macros defined as well. */
static struct reference_headers with_defines(struct arena *arena,
                                             const struct reference_headers *headers,
                                             const char *const *defines, size_t n_defines)
{
    struct reference_headers more = *headers;
    const char **all = NULL;
    size_t n = 0;

    for (size_t i = 0; i < headers->n_defines; i++)
        ARENA_PUSH(arena, all, n, headers->defines[i]);
    for (size_t i = 0; i < n_defines; i++)
        ARENA_PUSH(arena, all, n, defines[i]);
    more.defines = all;
    more.n_defines = n;
    return more;
}

bool reference_add_headers(struct reference *reference, const struct reference_headers *groups,
                           size_t n_groups, const struct workspace *workspace, struct diag *diag)
{
    static const char *const features[] = {"_GNU_SOURCE", "_DARWIN_C_SOURCE", "_NETBSD_SOURCE",
                                           "_OPENBSD_SOURCE"};
    struct diag ignored;

    for (size_t i = 0; i < n_groups; i++)
        if (!add_part(reference, &groups[i], workspace, diag))
            return false;
    diag_init(&ignored, reference->arena, false);
    for (size_t i = 0; i < n_groups; i++) { /* what shows only in a way that does not compile is
                                               not there */
        struct reference_headers more = with_defines(reference->arena, &groups[i], features,
                                                     sizeof features / sizeof features[0]);
        (void)add_part(reference, &more, workspace, &ignored);
    }
    return true;
}

/* True if the headers declare the name as they are. */
static bool has_name(const struct reference *reference, const struct reference_headers *headers,
                     const char *name)
{
    struct header_names names;
    struct spec *spec;
    struct diag ignored;

    diag_init(&ignored, reference->arena, false);
    if (!list_headers(&names, &spec, reference, headers, &ignored))
        return false;
    for (size_t i = 0; i < names.n; i++)
        if (strcmp(names.items[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < names.n_enums; i++)
        if (strcmp(names.enums[i].name, name) == 0)
            return true;
    return false;
}

const char *reference_macro_for(const struct reference *reference,
                                const struct reference_headers *groups, size_t n_groups,
                                const char *name)
{
    static const char *const macros[] = {
        "_LARGEFILE64_SOURCE",
        "_FILE_OFFSET_BITS=64",
        "_DEFAULT_SOURCE",
        "_XOPEN_SOURCE=700",
        "_KERNEL",
        "__KERNEL__",
    };

    for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++)
        for (size_t k = 0; k < n_groups; k++) {
            struct reference_headers more =
                with_defines(reference->arena, &groups[k], &macros[i], 1);
            if (has_name(reference, &more, name))
                return macros[i];
        }
    return NULL;
}

bool reference_add(struct reference *reference, const struct reference_headers *headers,
                   const struct reference_query *queries, size_t n_queries,
                   const struct workspace *workspace, struct diag *diag)
{
    struct reference_part part = {
        .spec = make_spec(reference, headers, queries, n_queries),
        .facts = {.arena = reference->arena},
    };

    if (!read_headers(reference, &part, workspace, diag))
        return false;
    ARENA_PUSH(reference->arena, reference->parts, reference->n, part);
    return true;
}

void reference_reread(struct reference *reference, struct reference_part *part,
                      const struct workspace *workspace, struct diag *diag)
{
    struct reference_part again = {.spec = part->spec, .facts = {.arena = reference->arena}};

    if (part->is_reread)
        return;
    part->is_reread = true;
    struct diag ignored;
    diag_init(&ignored, reference->arena, false);
    if (read_headers(reference, &again, workspace, &ignored))
        part->facts = again.facts, part->requests = again.requests;
    else
        diag_note(diag, no_location,
                  "the headers of '%s' for %s cannot be read, so findings name lines of facts, not "
                  "of headers; run `make deps`",
                  part->spec->name, reference->target->name);
}

const struct header_enum *reference_find_enum(const struct reference *reference, const char *name,
                                              struct reference_part **part)
{
    size_t number = grouping_find(&reference->enums, name);

    if (number == INDEX_NONE)
        return NULL;
    const struct reference_enum *found = &reference->of_enums[number];
    if (part != NULL)
        *part = &reference->parts[found->part];
    return &reference->parts[found->part].enums[found->index];
}

const struct fact *reference_find(const struct reference *reference, enum fact_kind kind,
                                  const char *name, struct reference_part **part)
{
    for (size_t i = 0; i < reference->n; i++) {
        const struct fact *fact = facts_find(&reference->parts[i].facts, kind, name);
        if (fact != NULL && part != NULL)
            *part = &reference->parts[i];
        if (fact != NULL)
            return fact;
    }
    return NULL;
}
