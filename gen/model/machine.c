/* machine.c - see machine.h. */
#include "model/machine.h"

#include <string.h>

static const cyaml_schema_value_t number = {CYAML_VALUE_UINT(CYAML_FLAG_DEFAULT, uint32_t)};

static const cyaml_schema_field_t fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct machine, name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("elf", CYAML_FLAG_POINTER, struct machine, elf, n_elf, &number, 1,
                               8),
    CYAML_FIELD_UINT("macho", CYAML_FLAG_OPTIONAL, struct machine, macho),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t machine_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct machine, fields)};

const struct machine *machine_named(const struct machines *machines, const char *name)
{
    for (unsigned i = 0; machines != NULL && i < machines->n; i++)
        if (strcmp(machines->items[i].name, name) == 0)
            return &machines->items[i];
    return NULL;
}

const struct machine *machine_of_elf(const struct machines *machines, uint32_t e_machine)
{
    for (unsigned i = 0; machines != NULL && i < machines->n; i++)
        for (unsigned k = 0; k < machines->items[i].n_elf; k++)
            if (machines->items[i].elf[k] == e_machine)
                return &machines->items[i];
    return NULL;
}

const struct machine *machine_of_macho(const struct machines *machines, uint32_t cputype)
{
    for (unsigned i = 0; machines != NULL && i < machines->n; i++)
        if (machines->items[i].macho == cputype && cputype != 0)
            return &machines->items[i];
    return NULL;
}
