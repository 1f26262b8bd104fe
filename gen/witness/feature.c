/* feature.c - see feature.h.
 *
 * Design: a misspelt name is more likely than a hidden one, and each reading takes as long as the
 * one that failed. So the first reading has all macros at once,
 * which only ever show more; where that one does not have the name, no single macro is tried.
 */
#include "witness/feature.h"

#include "model/sources.h"

static const char *const macros[] = {"_GNU_SOURCE", "_DEFAULT_SOURCE", "_DARWIN_C_SOURCE",
                                     "_NETBSD_SOURCE", "_OPENBSD_SOURCE"};
enum { N_MACROS = sizeof macros / sizeof macros[0] };

/* A copy of the spec whose sources define the macros first to last, too. */
static struct spec with_macros(struct arena *arena, const struct spec *spec, size_t first,
                               size_t last)
{
    struct spec copy = *spec;

    copy.sources = arena_alloc(arena, spec->n_sources * sizeof *copy.sources);
    for (unsigned i = 0; i < spec->n_sources; i++) {
        const struct spec_source *source = &spec->sources[i];
        const char **defines = NULL;
        size_t n = 0;
        for (unsigned k = 0; k < source->n_defines; k++)
            ARENA_PUSH(arena, defines, n, source->defines[k]);
        for (size_t k = first; k <= last; k++)
            ARENA_PUSH(arena, defines, n, macros[k]);
        copy.sources[i] = *source;
        copy.sources[i].defines = defines;
        copy.sources[i].n_defines = (unsigned)n;
    }
    return copy;
}

/* What the headers show with macro number `macro`; with all of them for N_MACROS. */
static const struct facts *facts_with(struct features *features, size_t macro)
{
    struct arena *arena = features->arena;

    if (features->tried == NULL)
        features->tried = arena_alloc(arena, (N_MACROS + 1) * sizeof *features->tried);
    if (features->tried[macro] == NULL) {
        bool is_one = macro < N_MACROS;
        struct spec spec =
            with_macros(arena, features->spec, is_one ? macro : 0, is_one ? macro : N_MACROS - 1);
        features->tried[macro] = arena_alloc(arena, sizeof **features->tried);
        features->tried[macro]->arena = arena;
        features->read(features->tried[macro], &spec, features->context);
    }
    return features->tried[macro];
}

const char *features_hint(struct features *features, enum fact_kind kind, const char *name)
{
    const struct fact *shown = facts_find(facts_with(features, N_MACROS), kind, name);

    if (shown == NULL)
        return "";
    for (size_t i = 0; i < N_MACROS; i++)
        if (facts_find(facts_with(features, i), kind, name) != NULL)
            return arena_printf(features->arena,
                                "; it is there with `defines: [%s]` in source '%s'", macros[i],
                                fact_source(features->spec, features->target, shown)->name);
    return "";
}
