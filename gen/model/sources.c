/* sources.c - see sources.h.
 *
 * Design: older header sets lack a header that a spec names as optional. What it would give then
 * comes from another source, so the answer depends on what this target's header set has.
 */
#include "model/sources.h"

#include <string.h>

#include "model/toolchain.h"

const struct spec_source *constants_source(const struct spec *spec, const struct target *target,
                                           const struct spec_constants *group)
{
    bool is_missing = group->header != NULL && !header_exists(target, group->header);

    return spec_source(spec, is_missing ? group->fallback : group->from);
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
    for (unsigned i = 0; i < spec->n_records; i++)
        if (strcmp(name, spec->records[i].name) == 0 ||
            field_name_in(name, spec->records[i].name) != NULL)
            return spec_source(spec, spec->records[i].from);
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
