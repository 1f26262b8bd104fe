/* system.c - see system.h. */
#include "model/system.h"

#include <string.h>

static const struct yaml_field fields[] = {
    YAML_KEY(system, name, YAML_TEXT),
    YAML_KEY(system, format, YAML_TEXT),
    YAML_LIST(system, says, YAML_TEXT, .least = 1, YAML_OPTIONAL),
    YAML_LIST(system, hints, YAML_TEXT, .least = 1, YAML_OPTIONAL),
};

const struct yaml_record system_schema = YAML_RECORD(system, fields);

const struct system *system_named(const struct systems *systems, const char *name)
{
    for (unsigned i = 0; i < systems->n; i++)
        if (strcmp(systems->items[i].name, name) == 0)
            return &systems->items[i];
    return NULL;
}

bool system_is_elf(const struct systems *systems, const char *name)
{
    const struct system *system = system_named(systems, name);

    return system == NULL || strcmp(system->format, "elf") == 0;
}
