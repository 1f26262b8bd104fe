/* machine.c - see machine.h. */
#include "model/machine.h"

#include <string.h>

static const struct yaml_field fields[] = {
    YAML_KEY(machine, name, YAML_TEXT),
    YAML_LIST(machine, elf, YAML_UINT, .least = 1, .most = 8),
    YAML_KEY(machine, macho, YAML_UINT, YAML_OPTIONAL),
};

const struct yaml_record machine_schema = YAML_RECORD(machine, fields);

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
