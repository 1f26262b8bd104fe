/* dwarf_value.c - constants: the number behind a name; see dwarf_private.h.
 *
 * In: an enumerator, a constant, or a variable. Out: its value, by its type. Design: a value may be
 * an attribute, whose form says nothing of its sign, or lie in a section of the object, at the
 * address that the variable's entry gives. Names are for linkers: an object may have many variables
 * of one.
 */
#include "object/dwarf_private.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"

/* The value as 64 bits. Forms of a fixed width say nothing of the sign: there the type decides. */
static bool read_value(struct dwarf_reading *reading, Dwarf_Die *die,
                       const struct dwarf_integer *integer, uint64_t *bits, bool *is_negative)
{
    static const struct {
        unsigned form;
        unsigned width;
    } fixed[] = {{DW_FORM_data1, 1}, {DW_FORM_data2, 2}, {DW_FORM_data4, 4}, {DW_FORM_data8, 8}};
    unsigned shift = 64 - 8 * (unsigned)integer->size;

    Dwarf_Attribute found;
    *is_negative = false;
    if (dwarf_attr(die, DW_AT_const_value, &found) == NULL)
        return dwarf_damaged(reading, die, "a constant has no value");
    unsigned form = dwarf_whatform(&found);
    Dwarf_Sword number;
    Dwarf_Word word;
    if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
        if (dwarf_formsdata(&found, &number) != 0)
            return dwarf_damaged(reading, die, "a constant has no value");
        *bits = (uint64_t)number;
        *is_negative = number < 0 && (integer->is_signed || !integer->is_known);
        if (number < 0 && !*is_negative)
            *bits = *bits << shift >> shift;
    } else {
        if (dwarf_formudata(&found, &word) != 0)
            return dwarf_damaged(reading, die, "a constant has no value");
        *bits = word;
        for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
            if (fixed[i].form == form && fixed[i].width >= integer->size && integer->is_signed) {
                *bits = (uint64_t)((int64_t)(*bits << shift) >> shift);
                *is_negative = (int64_t)*bits < 0;
            }
    }
    return true;
}

/* A number that its type cannot hold. */
static bool is_out_of_range(const struct dwarf_integer *integer, uint64_t bits, bool is_negative)
{
    unsigned shift = 64 - 8 * (unsigned)integer->size;

    return is_negative ? (int64_t)bits >> (8 * integer->size - 1) != -1
                       : bits << shift >> shift != bits;
}

static void set_constant(struct dwarf_reading *reading, struct fact *fact,
                         const struct dwarf_integer *integer, uint64_t bits, bool is_negative)
{
    fact_set_value(reading->facts, fact, bits, is_negative);
    fact_set(reading->facts, fact, CONSTANT_TYPE,
             arena_printf(reading->arena, "%c%" PRIu64,
                          integer->is_signed || is_negative ? 'i' : 'u', integer->size * 8));
}

/* In C an enumerator that fits int is an int, whatever the enum's own type. */
bool dwarf_read_enumerator(struct dwarf_reading *reading, Dwarf_Die *die,
                           const struct dwarf_query *query)
{
    struct dwarf_integer integer = dwarf_enum_integer(reading, reading->enum_type);
    uint64_t bits = 0;
    bool is_negative = false;

    if (reading->has_failed || !read_value(reading, die, &integer, &bits, &is_negative))
        return false;
    if (is_out_of_range(&integer, bits, is_negative))
        return dwarf_damaged(reading, die, "an enumerator does not fit its type");
    struct fact *fact = facts_add(reading->facts, FACT_CONSTANT, query->as);
    fact->where = dwarf_location(reading, die);
    if (fact->where.line == 0)
        fact->where = dwarf_location(reading, reading->enum_type);
    set_constant(reading, fact, &integer, bits, is_negative);
    if (is_negative ? (int64_t)bits >= INT32_MIN : bits <= INT32_MAX)
        fact_set(reading->facts, fact, CONSTANT_TYPE, "i32");
    return true;
}

bool dwarf_read_enumeration(struct dwarf_reading *reading, Dwarf_Die *die,
                            const struct dwarf_query *query)
{
    struct dwarf_integer integer = dwarf_enum_integer(reading, die);
    Dwarf_Die child;

    if (reading->has_failed)
        return false;
    struct fact *fact = facts_add(reading->facts, FACT_ALIAS, query->as);
    fact->where = dwarf_location(reading, die);
    fact_set(reading->facts, fact, ALIAS_TYPE,
             arena_printf(reading->arena, "%c%" PRIu64, integer.is_signed ? 'i' : 'u',
                          integer.size * 8));
    reading->enum_type = die;
    for (bool more = dwarf_first(reading, die, &child); more; more = dwarf_next(reading, &child)) {
        const char *name = dwarf_text(reading, &child, DW_AT_name);
        struct dwarf_query member = *query;
        if (dwarf_tag(&child) != DW_TAG_enumerator || name[0] == '\0')
            continue;
        member.as = arena_printf(reading->arena, "%s.%s", query->as, name);
        if (!dwarf_read_enumerator(reading, &child, &member))
            return false;
    }
    return !reading->has_failed;
}

/* ---- variables ---- */

/* The integer that a variable holds; false if it holds something else. */
static bool integer_of(struct dwarf_reading *reading, Dwarf_Die *die, struct dwarf_integer *integer)
{
    const char *text = dwarf_type_text(reading, die);
    struct scalar scalar = scalar_of(text);

    *integer = (struct dwarf_integer){.size = 8};
    if (reading->has_failed)
        return false;
    Dwarf_Die type;
    if (!dwarf_type_of(reading, die, &type))
        return !reading->has_failed; /* a constant of no type in particular */
    if (strcmp(text, "i128") == 0 && dwarf_hasattr(die, DW_AT_const_value))
        return true; /* Ada's universal integer: likewise */
    *integer = (struct dwarf_integer){(uint64_t)scalar.size_bytes, scalar.is_signed, true};
    return scalar.is_integer && scalar.size_bytes > 0 && scalar.size_bytes <= 8;
}

/* The address of a variable, by DW_AT_location. False if it has none: it is in a register, or was
 * left out. */
static bool read_address(Dwarf_Attribute *location, uint64_t *address)
{
    Dwarf_Op *operations;
    size_t n;

    if (dwarf_getlocation(location, &operations, &n) != 0 || n != 1)
        return false;
    *address = operations[0].number;
    if (operations[0].atom == DW_OP_addr)
        return true;
    Dwarf_Attribute found;
    Dwarf_Addr indexed;
    if ((operations[0].atom != DW_OP_addrx && operations[0].atom != DW_OP_GNU_addr_index) ||
        dwarf_getlocation_attr(location, &operations[0], &found) != 0 ||
        dwarf_formaddr(&found, &indexed) != 0)
        return false;
    *address = indexed;
    return true;
}

/* The symbol of a variable that is only declared where the entry stands: by its linkage name, else
 * by its own, with the label of the format. A local one of that name is another variable. */
static const struct container_symbol *symbol_of(struct dwarf_reading *reading, Dwarf_Die *die)
{
    static const unsigned attributes[] = {DW_AT_linkage_name, DW_AT_MIPS_linkage_name, DW_AT_name};
    const struct container *container = reading->source->container;

    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const char *name = dwarf_text(reading, die, attributes[i]);
        const struct container_symbol *symbol = NULL;
        if (name[0] != '\0')
            symbol = container_symbol(
                container, container->is_elf ? name : arena_printf(reading->arena, "_%s", name));
        if (symbol != NULL && symbol->section >= 0 && !symbol->is_local)
            return symbol;
    }
    return NULL;
}

/* Where the variable's own bytes are. Its name decides only where nothing else does: two constants
 * of one name are two. */
static const uint8_t *bytes_of(struct dwarf_reading *reading, Dwarf_Die *die, uint64_t size)
{
    const struct container *container = reading->source->container;
    const struct container_symbol *symbol;
    Dwarf_Attribute location;
    uint64_t address;

    if (dwarf_attr(die, DW_AT_location, &location) != NULL)
        return read_address(&location, &address) ? container_at(container, address, size) : NULL;
    if (!dwarf_flag(die, DW_AT_external) || !dwarf_flag(die, DW_AT_declaration))
        return NULL;
    symbol = symbol_of(reading, die);
    if (symbol == NULL || !container->sections[symbol->section].is_mapped)
        return NULL;
    return container_at(container, symbol->value, size);
}

/* Reads the value from the object's own data; false if it is not there. */
static bool read_data(struct dwarf_reading *reading, Dwarf_Die *die,
                      const struct dwarf_integer *integer, uint64_t *bits, bool *is_negative)
{
    const struct container *container = reading->source->container;
    unsigned shift = 64 - 8 * (unsigned)integer->size;

    const uint8_t *bytes = bytes_of(reading, die, integer->size);
    if (bytes == NULL)
        return false;
    *bits = bytes_get(bytes, (unsigned)integer->size, container->is_big_endian);
    if (integer->is_signed)
        *bits = (uint64_t)((int64_t)(*bits << shift) >> shift);
    *is_negative = integer->is_signed && (int64_t)*bits < 0;
    return true;
}

bool dwarf_is_constant(struct dwarf_reading *reading, Dwarf_Die *die)
{
    Dwarf_Die type;

    if (dwarf_tag(die) != DW_TAG_variable)
        return dwarf_tag(die) == DW_TAG_constant;
    if (!dwarf_type_of(reading, die, &type))
        return false;
    for (int depth = 0; depth < DWARF_DEPTH_MAX && dwarf_step(reading, die); depth++) {
        Dwarf_Die inner;
        int tag = dwarf_tag(&type);
        if (tag == DW_TAG_const_type || tag == DW_TAG_immutable_type)
            return true;
        if ((tag != DW_TAG_typedef && tag != DW_TAG_volatile_type) ||
            !dwarf_type_of(reading, &type, &inner))
            return false;
        type = inner;
    }
    return false;
}

bool dwarf_read_constant(struct dwarf_reading *reading, Dwarf_Die *die,
                         const struct dwarf_query *query)
{
    struct dwarf_integer integer;

    if (!integer_of(reading, die, &integer))
        return !reading->has_failed;
    uint64_t bits = 0;
    Dwarf_Block block;
    bool is_negative = false;
    Dwarf_Attribute found;
    if (dwarf_attr(die, DW_AT_const_value, &found) == NULL) {
        if (!read_data(reading, die, &integer, &bits, &is_negative))
            return !reading->has_failed;
    } else if (dwarf_formblock(&found, &block) == 0) {
        if (block.length != integer.size)
            return true; /* no number */
        bits = bytes_get(block.data, (unsigned)integer.size,
                         reading->source->container->is_big_endian);
    } else if (!read_value(reading, die, &integer, &bits, &is_negative)) {
        return false;
    }
    if (is_out_of_range(&integer, bits, is_negative))
        integer = (struct dwarf_integer){8, is_negative, true};
    struct fact *fact = facts_add(reading->facts, FACT_CONSTANT, query->as);
    fact->where = dwarf_location(reading, die);
    set_constant(reading, fact, &integer, bits, is_negative);
    return true;
}
