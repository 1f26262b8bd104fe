/* system.h - the systems of gen/targets.yaml, and what says in an object that it is for one.
 *
 * In: the list `systems` of the table. Out: a system by its name. What the marks look like is
 * written at the head of the table; who reads objects makes texts of that form and compares.
 */
#ifndef ABIPROOF_SYSTEM_H
#define ABIPROOF_SYSTEM_H

#include <stdbool.h>

#include "base/yaml.h"

struct system {
    const char *name;   /* `os` of targets */
    const char *format; /* of its object files: "elf" or "macho" */
    const char **says;  /* marks that decide, as patterns of str_glob */
    unsigned n_says;
    const char **hints; /* marks that count where no other system has any */
    unsigned n_hints;
};

struct systems {
    const struct system *items;
    unsigned n;
};

/* One item of `systems`. */
extern const struct yaml_record system_schema;

/* Finds a system; NULL if the table has none of this name. */
const struct system *system_named(const struct systems *systems, const char *name);

/* True if the objects of the system are ELF files; of one that the table does not describe, too. */
bool system_is_elf(const struct systems *systems, const char *name);

#endif
