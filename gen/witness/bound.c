/* bound.c - see bound.h.
 *
 * In: lists of a spec. Out: one table of names. Design: of two entries of one name and kind the
 * first one counts, as for everybody who looks through the lists.
 */
#include "witness/bound.h"

static struct bound *entry_of(struct bound_names *bound, const char *name)
{
    return &bound->items[grouping_of(&bound->names, name)];
}

static size_t count(const struct spec *spec)
{
    size_t n = (size_t)spec->n_records + spec->n_aliases + spec->n_calls;

    for (unsigned i = 0; i < spec->n_constants; i++)
        n += spec->constants[i].n_names;
    return n;
}

struct bound_names bound_names_of(struct arena *arena, const struct spec *spec)
{
    struct bound_names bound = {
        .names = {.arena = arena},
        .items = arena_alloc(arena, (count(spec) + 1) * sizeof *bound.items),
    };

    for (unsigned i = spec->n_records; i-- > 0;)
        entry_of(&bound, spec->records[i].name)->record = &spec->records[i];
    for (unsigned i = spec->n_aliases; i-- > 0;)
        entry_of(&bound, spec->aliases[i].name)->alias = &spec->aliases[i];
    for (unsigned i = spec->n_constants; i-- > 0;)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            entry_of(&bound, spec->constants[i].names[k])->constants = &spec->constants[i];
    for (unsigned i = spec->n_calls; i-- > 0;)
        entry_of(&bound, spec->calls[i].name)->call = &spec->calls[i];
    return bound;
}

struct bound bound_by(const struct bound_names *bound, const char *name)
{
    size_t number = grouping_find(&bound->names, name);

    return number != INDEX_NONE ? bound->items[number] : (struct bound){NULL, NULL, NULL, NULL};
}
