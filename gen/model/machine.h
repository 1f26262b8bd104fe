/* machine.h - the machines of gen/targets.yaml, by the numbers that object files give them.
 *
 * In: the list `machines` of the table. Out: a machine by its name, or by a number of ELF or
 * Mach-O. A reader of objects needs no more of the table than this: which target a machine is of is
 * decided elsewhere, since several targets share one.
 */
#ifndef ABIPROOF_MACHINE_H
#define ABIPROOF_MACHINE_H

#include <stdint.h>

#include "base/yaml_table.h"

struct machine {
    const char *name;
    const uint32_t *elf; /* values of e_machine */
    unsigned n_elf;
    uint32_t macho; /* cputype of Mach-O, 0: there is none */
};

struct machines {
    const struct machine *items;
    unsigned n;
};

/* The keys of one item of `machines`. */
extern const struct yaml_record machine_schema;

/* Finds a machine; NULL if there is none. Where several have the number it is the first. machines
 * may be NULL: then there is none. */
const struct machine *machine_named(const struct machines *machines, const char *name);
const struct machine *machine_of_elf(const struct machines *machines, uint32_t e_machine);
const struct machine *machine_of_macho(const struct machines *machines, uint32_t cputype);

#endif
