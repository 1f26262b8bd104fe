/* witness_dwarf_private.h - what the files that use libdw share, and nobody else includes.
 *
 * witness_dwarf_read.c finds what is wanted among the units of an object, witness_dwarf_record.c
 * lays out records, witness_dwarf_type.c answers what a type is.
 */
#ifndef ABIPROOF_WITNESS_DWARF_PRIVATE_H
#define ABIPROOF_WITNESS_DWARF_PRIVATE_H

#include <dwarf.h>
#include <elfutils/libdw.h>

#include "witness_dwarf.h"

/* Types within types: deeper than any header, so that a damaged cycle ends. */
enum { DWARF_DEPTH_MAX = 48 };

/* One object being read. */
struct dwarf_reading {
    const struct dwarf_source *source;
    struct facts *facts;
    struct arena *arena;
    struct diag *diag;
    struct dwarf_wish **wishes; /* sorted by name */
    size_t n_wishes;
    int pointer_bytes;
    size_t n_types;
    size_t
        n_steps_left; /* debug information that is a graph must not be walked as a tree for ever */
    bool has_failed;  /* and was reported */
};

/* Reports that the debug information is damaged, once per object. Always false. */
bool dwarf_damaged(struct dwarf_reading *reading, Dwarf_Die *die, const char *what);

/* Counts a step of the walk. Returns false, after reporting, when there were too many. */
bool dwarf_step(struct dwarf_reading *reading, Dwarf_Die *die);

/* Moves to the first child, or to the next one. Returns false when there is none. */
bool dwarf_first(struct dwarf_reading *reading, Dwarf_Die *parent, Dwarf_Die *child);
bool dwarf_next(struct dwarf_reading *reading, Dwarf_Die *child);

/* An attribute: text ("" if absent), an unsigned number, a flag. */
const char *dwarf_text(struct dwarf_reading *reading, Dwarf_Die *die, unsigned attribute);
bool dwarf_number(struct dwarf_reading *reading, Dwarf_Die *die, unsigned attribute,
                  uint64_t *number);
bool dwarf_flag(Dwarf_Die *die, unsigned attribute);

/* The type of a member, variable, typedef, ...; false: void. */
bool dwarf_type_of(struct dwarf_reading *reading, Dwarf_Die *die, Dwarf_Die *type);

/* Takes typedefs and qualifiers off; false: void is left. *name (may be NULL) gets the name of the
 * type: its tag, or that of the typedef that stands for one without; "" if it has none. */
bool dwarf_bare_type(struct dwarf_reading *reading, Dwarf_Die *type, const char **name);

bool dwarf_is_record(Dwarf_Die *type);

/* "struct" or "union". */
const char *dwarf_record_kind(Dwarf_Die *record);

/* The type of `die` in the words of facts.h, and its size in bytes. */
const char *dwarf_type_text(struct dwarf_reading *reading, Dwarf_Die *die);
bool dwarf_type_size(struct dwarf_reading *reading, Dwarf_Die *die, uint64_t *size);

/* Integer type behind an enum: its size, and whether it is signed as far as is known. */
struct dwarf_integer {
    uint64_t size;
    bool is_signed;
    bool is_known;
};
struct dwarf_integer dwarf_enum_integer(struct dwarf_reading *reading, Dwarf_Die *type);

/* The parameters of a function or of the type of one. */
const char *dwarf_params_text(struct dwarf_reading *reading, Dwarf_Die *function);

/* Where an entry was declared; a header as #include spells it. */
struct place dwarf_place(struct dwarf_reading *reading, Dwarf_Die *die);

/* Adds the facts of a record under `name`. Returns false after reporting. */
bool dwarf_read_record(struct dwarf_reading *reading, Dwarf_Die *record, const char *name);

#endif
