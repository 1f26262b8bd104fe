/* dwarf_private.h - what the files that use libdw share, and nobody else includes.
 *
 * dwarf_read.c walks through the units of an object, dwarf_units.c opens it and knows how units were
 * compiled, dwarf_query.c knows the queries, dwarf_sized.c what is looked for by size, dwarf_value.c
 * reads constants, dwarf_entry.c aliases and functions, dwarf_record.c lays out records, dwarf_type.c
 * answers what a type is, dwarf_scalar.c what a scalar is, dwarf_own.c what belongs to a language
 * itself, dwarf_made.c names that a compiler makes.
 */
#ifndef ABIPROOF_DWARF_PRIVATE_H
#define ABIPROOF_DWARF_PRIVATE_H

#include <dwarf.h>
#include <elfutils/libdw.h>

#include "base/grouping.h"
#include "object/dwarf.h"

/* Types within types: deeper than any header, so that a damaged cycle ends. */
enum { DWARF_DEPTH_MAX = 48 };

/* Longest key of a query, with its end: longer names are not queried. */
enum { DWARF_KEY_MAX = 128 };

/* Things of one name that differ: each may be queried and be looked up in turn, so the work grows
 * with the square. */
enum { DWARF_CONFLICTS_MAX = 256 };

/* Packages of a language that are noted of one name. */
enum { DWARF_OWN_MAX = 16 };

/* A query as it is looked up: the last part of its name, in small letters and without underscores.
 */
struct dwarf_key {
    const char *text;
    struct dwarf_query *query;
};

/* Records that are looked for by their sizes. */
struct dwarf_sized {
    uint64_t *sizes; /* sorted */
    size_t n_sizes;
    size_t most;
    struct grouping names; /* of records that were looked at */
    struct arena *arena;   /* of the list */
    struct dwarf_found *records;
    size_t n;
};

/* What a unit has of a name that its compiler gives to types without one. */
struct dwarf_made {
    uint64_t lowest; /* number behind the name; 0: a type is called so and nothing else */
};

/* One object being read. */
struct dwarf_reading {
    const struct dwarf_source *source;
    struct facts *facts;
    struct arena *arena;
    struct diag *diag;
    struct dwarf_key *keys; /* sorted by text */
    size_t n_keys;
    struct dwarf_sized *sized; /* NULL: records are looked for by name */
    bool looks_through;        /* a query is for the type of a variable or parameter */
    bool is_caseless;          /* the unit's language has no upper and lower case: Ada, Pascal */
    bool is_go;                /* a function's results are among its parameters, and marked */
    bool is_ada;               /* its compiler writes package.name as package__name */
    bool has_scoped_enums;     /* so that two of them may have enumerators of one name */
    bool is_stray;             /* the enumerator that is visited is one among others, by its name */
    const struct language *wrote; /* the unit; NULL: it is not known */
    bool is_own_unit;             /* it is of that language's own library */
    Dwarf_Die *enum_type;         /* of the enumerators that are being visited */
    const char *record; /* set by a reader: the name of the record that the entry led to */
    bool has_no_places; /* nobody asks where something is declared */
    struct arena names; /* of entries, while they are compared with those of queries */
    bool makes_names;   /* the unit's compiler gives names to types without one: Zig, by LLVM */
    bool imports_names; /* it does, and has entries with their authors' names: Zig's backend */
    struct grouping made_names; /* of the unit, in full and without their numbers; then `made` */
    struct dwarf_made *made;
    size_t n_made;
    struct arena unit;    /* of what is known of the unit alone */
    struct arena passing; /* for what is read to be compared and is not kept */
    int pointer_bytes;
    size_t n_types;
    const uint8_t *unit_end; /* of the unit that is read */
    size_t
        n_steps_left; /* debug information that is a graph must not be walked as a tree for ever */
    bool has_failed;  /* and was reported */
};

/* Makes a reading without queries. What it finds lives in the arena. */
void dwarf_begin_reading(struct dwarf_reading *reading, const struct dwarf_source *source,
                         struct arena *arena, struct diag *diag);

/* An image that libdw reads. */
struct dwarf_opened {
    Elf *elf;
    Dwarf *dwarf;
};

/* Opens the image of the source. Returns false after reporting; to be closed in any case. */
bool dwarf_open(struct dwarf_reading *reading, struct dwarf_opened *opened);
void dwarf_close(struct dwarf_opened *opened);

/* The language of a unit, "C++", whichever year's; "assembler"; "" if it is not known. */
const char *dwarf_language(Dwarf_Die *unit);

/* Notes how the compiler of a unit spells names. */
void dwarf_note_language(struct dwarf_reading *reading, Dwarf_Die *top);

/* Where a unit's bytes end; NULL if that cannot be read. */
const uint8_t *dwarf_unit_end(const struct container *container, Dwarf_CU *unit, Dwarf_Die *top,
                              Dwarf_Half version, uint8_t kind);

/* Reports that the debug information is damaged, once per object. Always false. */
bool dwarf_damaged(struct dwarf_reading *reading, Dwarf_Die *die, const char *what);

/* Where an entry stands: in a namespace, record, enum or function, and where that stands. The whole
 * name is put together for the few entries that are queried. */
struct dwarf_scope {
    const struct dwarf_scope *outer; /* NULL: the unit itself, which has no name */
    const char *name;
    int depth;
    bool is_record; /* its functions are methods, which no kernel has */
};

/* Makes the keys of the queries; they live in the arena. */
void dwarf_sort_queries(struct dwarf_reading *reading, struct arena *arena,
                        struct dwarf_query *queries, size_t n_queries);

/* Reads an entry whose name is queried and adds its facts under query->as. */
typedef bool dwarf_read_fn(struct dwarf_reading *reading, Dwarf_Die *die,
                           const struct dwarf_query *query);

/* Finds the queries of this kind for a name in this scope, and has the entry read for each that is
 * still open. Of those for every entry of a name, a later entry is compared with the first. Returns
 * false after reporting. */
bool dwarf_match(struct dwarf_reading *reading, enum fact_kind kind, bool is_through,
                 const struct dwarf_scope *scope, const char *name, Dwarf_Die *die,
                 dwarf_read_fn *read);

/* Notes who wrote a unit, and whether it is of that language's own library. */
void dwarf_note_own(struct dwarf_reading *reading, Dwarf_Die *top);

/* Notes the types of a unit that have names made by its compiler. Returns false after reporting. */
bool dwarf_note_made(struct dwarf_reading *reading, Dwarf_Die *top);

/* The name that its author gave a type, where its compiler made it a longer one: "X" of
 * "X__struct_719". Every other name as it is. Valid while the unit is read. */
const char *dwarf_own_name(struct dwarf_reading *reading, const char *name);

/* True if an entry gives its own name to a type that has a made one; *type gets that. */
bool dwarf_imported_type(struct dwarf_reading *reading, Dwarf_Die *die, Dwarf_Die *type);

/* True if an entry of this qualified name belongs to the language itself. */
bool dwarf_is_own(struct dwarf_reading *reading, Dwarf_Die *die, const char *full);

/* Notes with the query that such an entry was passed over. */
void dwarf_pass_over(struct dwarf_reading *reading, struct dwarf_query *query, const char *full);

/* The name with those of what it is in before it: "a::b::name", in reading->names. */
const char *dwarf_qualified(struct dwarf_reading *reading, const struct dwarf_scope *scope,
                            const char *name);

/* Makes the list of what is looked for by size. */
void dwarf_sized_begin(struct dwarf_sized *sized, struct arena *arena, const uint64_t *sizes,
                       size_t n_sizes, size_t most);

/* Reads a record that has one of the sizes. Returns false after reporting. */
bool dwarf_sized_note(struct dwarf_reading *reading, Dwarf_Die *record,
                      const struct dwarf_scope *scope, const char *name);

/* True if a query may be for this name: quick, and wrong only by being true. */
bool dwarf_is_queried(const struct dwarf_reading *reading, const char *name);

/* Constants: an enumerator of reading->enum_type, DW_TAG_constant or a variable. Of a variable
 * without a value that is known before the program runs, nothing is added. */
dwarf_read_fn dwarf_read_enumerator, dwarf_read_constant;

/* An enumeration: an alias of its integer, and its enumerators as constants, "AS.NAME". */
dwarf_read_fn dwarf_read_enumeration;

/* An alias; a function, or a variable that points to one; the record that a variable or a function's
 * parameter leads to. Of a record that a function takes by value nothing is added: kernels take
 * addresses. */
dwarf_read_fn dwarf_read_alias, dwarf_read_function, dwarf_read_through;

/* True if the entry of a function's body was declared as a constant: DW_TAG_constant, or a variable
 * of a const type. */
bool dwarf_is_constant(struct dwarf_reading *reading, Dwarf_Die *die);

/* Counts a step of the walk. Returns false, after reporting, when there were too many. */
bool dwarf_step(struct dwarf_reading *reading, Dwarf_Die *die);

/* Moves to the first child, or to the next one. Returns false when there is none. */
bool dwarf_first(struct dwarf_reading *reading, Dwarf_Die *parent, Dwarf_Die *child);
bool dwarf_next(struct dwarf_reading *reading, Dwarf_Die *child);

/* An attribute: text ("" if there is none), an unsigned number, a flag. */
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

/* The word of a base type, an enum, or a range of one; "?" if there is none for it. */
const char *dwarf_scalar_text(struct dwarf_reading *reading, Dwarf_Die *type);

/* True for the forms of numbers that have a sign: of the others, 1 byte is 0 to 255. */
bool dwarf_is_signed_form(unsigned form);

/* "be" or "le" for a scalar type that is not in the target's byte order, as GCC's
 * scalar_storage_order and Ada's Scalar_Storage_Order make them; "" for every other. */
const char *dwarf_swapped_order(struct dwarf_reading *reading, Dwarf_Die *type);

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
struct location dwarf_location(struct dwarf_reading *reading, Dwarf_Die *die);

/* Adds the facts of a record under `name`. Returns false after reporting. */
bool dwarf_read_record(struct dwarf_reading *reading, Dwarf_Die *record, const char *name);

#endif
