/* system.c - see system.h. */
#include "model/system.h"

#include <string.h>

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};

enum { REQUIRED = CYAML_FLAG_POINTER, OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

static const cyaml_schema_field_t fields[] = {
    CYAML_FIELD_STRING_PTR("name", REQUIRED, struct system, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("format", REQUIRED, struct system, format, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("says", OPTIONAL, struct system, says, n_says, &word, 1,
                               CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("hints", OPTIONAL, struct system, hints, n_hints, &word, 1,
                               CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t system_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct system, fields)};

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
