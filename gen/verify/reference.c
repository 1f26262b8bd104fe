/* reference.c - see reference.h. */
#include "verify/reference.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
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

    *reference = (struct reference){.target = target, .arena = arena};
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
    return is_read && part->facts.n > 0;
}

const char reference_headers[] = "--header";

/* A spec that no file has: the named things of these headers. */
static struct spec *make_spec(struct reference *reference, const char *const *headers,
                              size_t n_headers, const struct reference_query *queries,
                              size_t n_queries)
{
    struct arena *arena = reference->arena;
    struct spec *spec = arena_alloc(arena, sizeof *spec);
    struct spec_source *source = arena_alloc(arena, sizeof *source);
    struct spec_constants *constants = arena_alloc(arena, sizeof *constants);

    *source = (struct spec_source){.name = "headers"};
    for (size_t i = 0; i < n_headers; i++) {
        size_t n = source->n_headers;
        ARENA_PUSH(arena, source->headers, n, headers[i]);
        source->n_headers = (unsigned)n;
    }
    *constants = (struct spec_constants){.from = source->name};
    *spec = (struct spec){.path = reference_headers, .name = headers[0]};
    spec->os = reference->target->os;
    spec->sources = source;
    spec->n_sources = 1;
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
    spec->constants = constants;
    spec->n_constants = n_names > 0;
    spec->n_calls = (unsigned)n_calls;
    return spec;
}

bool reference_add(struct reference *reference, const char *const *headers, size_t n_headers,
                   const struct reference_query *queries, size_t n_queries,
                   const struct workspace *workspace, struct diag *diag)
{
    struct reference_part part = {
        .spec = make_spec(reference, headers, n_headers, queries, n_queries),
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
        part->facts = again.facts;
    else
        diag_note(diag, no_location,
                  "the headers of '%s' for %s cannot be read, so findings name lines of facts, not "
                  "of headers; run `make deps`",
                  part->spec->name, reference->target->name);
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
