/* dwarf_units.c - how each unit of an object was compiled; see dwarf.h.
 *
 * In: an ELF image that has nothing to relocate. Out: for each unit its source, its compiler, its
 * language, and whether it has types. Design: no attribute says that a compiler left types out on
 * request. GCC writes its options down; of the others it shows by what an entry lacks that has a
 * type in every language, or by code without any function.
 */
#include <string.h>

#include "object/dwarf_private.h"

/* DWARF 6's and vendors', which elfutils' header does not know yet. */
enum {
    LANGUAGE_ZIG = 0x27,
    LANGUAGE_CRYSTAL = 0x28,
    LANGUAGE_CPP17 = 0x2a,
    LANGUAGE_CPP20 = 0x2b,
    LANGUAGE_C17 = 0x2c,
    LANGUAGE_ADA2005 = 0x2e,
    LANGUAGE_ADA2012 = 0x2f,
    LANGUAGE_ASSEMBLY = 0x31
};

static const char assembler[] = "assembler";

const char *dwarf_language(Dwarf_Die *unit)
{
    int language = dwarf_srclang(unit);

    static const struct {
        int number;
        const char *name;
    } names[] = {
        {DW_LANG_C, "C"},
        {DW_LANG_C89, "C"},
        {DW_LANG_C99, "C"},
        {DW_LANG_C11, "C"},
        {LANGUAGE_C17, "C"},
        {DW_LANG_C_plus_plus, "C++"},
        {DW_LANG_C_plus_plus_03, "C++"},
        {DW_LANG_C_plus_plus_11, "C++"},
        {DW_LANG_C_plus_plus_14, "C++"},
        {LANGUAGE_CPP17, "C++"},
        {LANGUAGE_CPP20, "C++"},
        {DW_LANG_Ada83, "Ada"},
        {DW_LANG_Ada95, "Ada"},
        {LANGUAGE_ADA2005, "Ada"},
        {LANGUAGE_ADA2012, "Ada"},
        {DW_LANG_Pascal83, "Pascal"},
        {DW_LANG_D, "D"},
        {DW_LANG_Go, "Go"},
        {DW_LANG_Rust, "Rust"},
        {DW_LANG_Swift, "Swift"},
        {DW_LANG_Haskell, "Haskell"},
        {DW_LANG_OCaml, "OCaml"},
        {DW_LANG_Julia, "Julia"},
        {DW_LANG_Fortran77, "Fortran"},
        {DW_LANG_Fortran90, "Fortran"},
        {DW_LANG_Fortran95, "Fortran"},
        {DW_LANG_Fortran03, "Fortran"},
        {DW_LANG_Fortran08, "Fortran"},
        {DW_LANG_Modula2, "Modula-2"},
        {DW_LANG_ObjC, "Objective-C"},
        {LANGUAGE_ZIG, "Zig"},
        {LANGUAGE_CRYSTAL, "Crystal"},
        {DW_LANG_Mips_Assembler, assembler},
        {LANGUAGE_ASSEMBLY, assembler},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].number == language)
            return names[i].name;
    return "";
}

/* ---- opening ---- */

void dwarf_begin_reading(struct dwarf_reading *reading, const struct dwarf_source *source,
                         struct arena *arena, struct diag *diag)
{
    enum { STEPS_PER_BYTE = 8 };

    *reading = (struct dwarf_reading){
        .source = source,
        .arena = arena,
        .diag = diag,
        .n_steps_left = source->container->n_image * STEPS_PER_BYTE,
    };
}

bool dwarf_open(struct dwarf_reading *reading, struct dwarf_opened *opened)
{
    const struct container *container = reading->source->container;

    *opened = (struct dwarf_opened){NULL, NULL};
    elf_version(EV_CURRENT);
    opened->elf = elf_memory((char *)container->image, container->n_image);
    if (opened->elf != NULL)
        opened->dwarf = dwarf_begin_elf(opened->elf, DWARF_C_READ, NULL);
    return opened->dwarf != NULL || dwarf_damaged(reading, NULL, dwarf_errmsg(-1));
}

void dwarf_close(struct dwarf_opened *opened)
{
    dwarf_end(opened->dwarf);
    elf_end(opened->elf);
}

/* ---- one unit ---- */

void dwarf_note_language(struct dwarf_reading *reading, Dwarf_Die *top)
{
    const char *language = dwarf_language(top);

    reading->is_go = strcmp(language, "Go") == 0;
    reading->is_ada = strcmp(language, "Ada") == 0;
    reading->is_caseless = reading->is_ada || strcmp(language, "Pascal") == 0;
    reading->has_scoped_enums = strcmp(language, "Rust") == 0 || strcmp(language, "D") == 0 ||
                                strcmp(language, "Zig") == 0 || strcmp(language, "Swift") == 0;
}

const uint8_t *dwarf_unit_end(const struct container *container, Dwarf_CU *unit, Dwarf_Die *top,
                              Dwarf_Half version, uint8_t kind)
{
    uint64_t signature; /* asked for, it says that the unit is in section .debug_types */
    bool is_apart = version == 4 && kind == DW_UT_type;
    Dwarf_Off start = dwarf_dieoffset(top) - dwarf_cuoffset(top), next;

    if (dwarf_next_unit(dwarf_cu_getdwarf(unit), start, &next, NULL, NULL, NULL, NULL, NULL,
                        is_apart ? &signature : NULL, NULL) != 0)
        return NULL;
    size_t left = (size_t)(container->image + container->n_image - (const uint8_t *)top->addr);
    return next >= dwarf_dieoffset(top) && next - dwarf_dieoffset(top) <= left
               ? (const uint8_t *)top->addr + (next - dwarf_dieoffset(top))
               : NULL;
}

/* ---- types ---- */

/* What the entries of a unit show. */
struct signs {
    bool has_types;
    bool lacks_type;   /* a variable or parameter has none */
    bool has_function; /* with the line where it is declared */
};

static bool is_type(int tag)
{
    switch (tag) {
    case DW_TAG_base_type:
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_typedef:
    case DW_TAG_pointer_type:
    case DW_TAG_array_type:
    case DW_TAG_subrange_type:
        return true;
    default:
        return false;
    }
}

/* Looks through a unit, or a namespace in it, up to the first type. */
static void look(struct dwarf_reading *reading, Dwarf_Die *parent, struct signs *signs, int depth)
{
    Dwarf_Die child;
    bool more = depth < DWARF_DEPTH_MAX && dwarf_first(reading, parent, &child);

    for (; more && !signs->has_types; more = dwarf_next(reading, &child)) {
        int tag = dwarf_tag(&child);
        if (is_type(tag))
            signs->has_types = true;
        else if (tag == DW_TAG_namespace || tag == DW_TAG_module)
            look(reading, &child, signs, depth + 1);
        else if (tag == DW_TAG_subprogram && dwarf_hasattr(&child, DW_AT_decl_line))
            signs->has_function = true;
        else if (tag == DW_TAG_variable && !dwarf_hasattr_integrate(&child, DW_AT_type))
            signs->lacks_type = true;
    }
}

/* True if GCC was given this option, and no later one of its kind. */
static bool is_last_g(const char *producer, const char *option)
{
    const char *last = "";

    for (const char *at = strstr(producer, " -g"); at != NULL; at = strstr(at + 1, " -g"))
        if (at[3] == ' ' || at[3] == '\0' || (at[3] >= '0' && at[3] <= '3'))
            last = at + 1;
    return strncmp(last, option, strlen(option)) == 0;
}

static enum dwarf_types types_of(struct dwarf_reading *reading, Dwarf_Die *top,
                                 const struct dwarf_unit *unit)
{
    bool has_code = dwarf_hasattr(top, DW_AT_low_pc) || dwarf_hasattr(top, DW_AT_ranges);
    struct signs signs = {0};

    look(reading, top, &signs, 0);
    if (signs.has_types)
        return DWARF_TYPES;
    if (strcmp(unit->language, assembler) == 0)
        return DWARF_TYPES_NONE;
    if (is_last_g(unit->producer, "-g1") || signs.lacks_type || (has_code && !signs.has_function))
        return DWARF_TYPES_LEFT_OUT;
    return DWARF_TYPES_NONE;
}

/* An attribute for people: unlike a name, it is no word of a fact. */
static const char *text_of(struct arena *arena, Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;
    const char *text = dwarf_attr(die, attribute, &found) != NULL ? dwarf_formstring(&found) : NULL;

    return text != NULL ? arena_strdup(arena, text) : "";
}

bool dwarf_units(const struct container *container, struct arena *arena, struct dwarf_unit **units,
                 size_t *n, struct diag *diag)
{
    struct dwarf_source source = {.container = container, .is_foreign = true};
    struct dwarf_reading reading;
    struct dwarf_opened opened;
    Dwarf_CU *at = NULL;
    int result = -1;

    *units = NULL;
    *n = 0;
    dwarf_begin_reading(&reading, &source, arena, diag);
    if (dwarf_open(&reading, &opened))
        while ((result = dwarf_get_units(opened.dwarf, at, &at, NULL, NULL, NULL, NULL)) == 0) {
            Dwarf_Die top;
            if (dwarf_cu_die(at, &top, NULL, NULL, NULL, NULL, NULL, NULL) == NULL)
                break;
            struct dwarf_unit unit;
            unit.name = text_of(arena, &top, DW_AT_name);
            unit.producer = text_of(arena, &top, DW_AT_producer);
            unit.language = dwarf_language(&top);
            unit.types = types_of(&reading, &top, &unit);
            if (reading.has_failed)
                break;
            ARENA_PUSH(arena, *units, *n, unit);
        }
    if (result != 1)
        (void)dwarf_damaged(&reading, NULL, "a unit cannot be read");
    dwarf_close(&opened);
    return !reading.has_failed;
}
