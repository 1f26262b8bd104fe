/* dwarf_scalar.c - integers, and what has the bytes of one and is none; see dwarf_private.h.
 *
 * In: a base type, an enum, or a range of one. Out: its word in facts.h. Design: what a word of
 * memory may hold is more than its size. A boolean of 4 bytes, a character of 4 bytes, a range that
 * does not start at 0 and an integer of 20 bits all lie there as an unsigned of 32 bits does.
 */
#include "object/dwarf_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool dwarf_is_signed_form(unsigned form)
{
    return form == DW_FORM_sdata || form == DW_FORM_implicit_const;
}

static bool is_signed_encoding(uint64_t encoding)
{
    return encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
}

/* Only a negative number needs a signed form. */
static bool has_negative(struct dwarf_reading *reading, Dwarf_Die *type)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, type, &child);

    for (; more; more = dwarf_next(reading, &child)) {
        Dwarf_Attribute found;
        Dwarf_Sword value;
        if (dwarf_attr(&child, DW_AT_const_value, &found) != NULL &&
            dwarf_whatform(&found) == DW_FORM_sdata && dwarf_formsdata(&found, &value) == 0 &&
            value < 0)
            return true;
    }
    return false;
}

struct dwarf_integer dwarf_enum_integer(struct dwarf_reading *reading, Dwarf_Die *type)
{
    Dwarf_Die base;

    if (dwarf_type_of(reading, type, &base) && dwarf_bare_type(reading, &base, NULL) &&
        dwarf_tag(&base) == DW_TAG_base_type)
        type = &base;
    uint64_t encoding;
    struct dwarf_integer integer = {0};
    integer.is_known = dwarf_number(reading, type, DW_AT_encoding, &encoding);
    integer.is_signed = integer.is_known ? is_signed_encoding(encoding)
                                         : has_negative(reading, type); /* before DWARF 3 */
    if (!dwarf_number(reading, type, DW_AT_byte_size, &integer.size) || integer.size == 0 ||
        integer.size > 8)
        (void)dwarf_damaged(reading, type, "an enum has no size");
    return integer;
}

const char *dwarf_swapped_order(struct dwarf_reading *reading, Dwarf_Die *type)
{
    uint64_t order = DW_END_default;
    bool is_big = reading->source->container->is_big_endian;

    if (!dwarf_hasattr(type, DW_AT_endianity) ||
        !dwarf_number(reading, type, DW_AT_endianity, &order))
        return "";
    if (order == DW_END_big && !is_big)
        return "be";
    return order == DW_END_little && is_big ? "le" : "";
}

/* A scalar as it lies in memory: its own type, or one that a subrange makes of it. */
struct scalar_type {
    Dwarf_Die base; /* DW_TAG_base_type, or an enum */
    uint64_t encoding, size;
    bool is_biased; /* 0 stands for the first number of the range */
    bool is_signed;
};

/* How a C compiler names the integers of C23 that have any number of bits. Clang gives no number,
 * GCC does: "unsigned _BitInt", "_BitInt(20)". */
static const char bit_int_mark[] = "_BitInt";

/* The number of bits that a name such as Zig's "u20" says; 0 if it says none. */
static uint64_t bits_in_name(const char *name)
{
    char *end;

    if ((name[0] != 'u' && name[0] != 'i') || name[1] < '1' || name[1] > '9')
        return 0;
    uint64_t n_bits = strtoull(name + 1, &end, 10);
    return *end == '\0' ? n_bits : 0;
}

/* True for an integer that has, or may have, fewer bits than its bytes; *n_bits gets their number,
 * 0 if it is not known. */
static bool is_narrow(struct dwarf_reading *reading, struct scalar_type *scalar, uint64_t *n_bits)
{
    const char *name = dwarf_text(reading, &scalar->base, DW_AT_name);
    const char *mark = strstr(name, bit_int_mark);
    const char *number = mark != NULL ? mark + strlen(bit_int_mark) : "";

    if (!dwarf_number(reading, &scalar->base, DW_AT_bit_size, n_bits))
        *n_bits = number[0] == '(' ? strtoull(number + 1, NULL, 10) : bits_in_name(name);
    return (mark != NULL || *n_bits > 0) && *n_bits != scalar->size * 8;
}

/* A word of facts.h with the number of bits behind it. */
static const char *sized(struct dwarf_reading *reading, const char *word,
                         const struct scalar_type *scalar, const char *order)
{
    return arena_printf(reading->arena, "%s%" PRIu64 "%s", word, scalar->size * 8, order);
}

static const char *integer_text(struct dwarf_reading *reading, struct scalar_type *scalar,
                                const char *order)
{
    uint64_t n_bits;

    if (scalar->is_biased)
        return sized(reading, "biased", scalar, order);
    if (!is_narrow(reading, scalar, &n_bits))
        return sized(reading, scalar->is_signed ? "i" : "u", scalar, order);
    if (n_bits == 0)
        return "bitint";
    return arena_printf(reading->arena, "bitint%" PRIu64 "%s", n_bits, order);
}

/* What is no integer, though it may have the bytes of one, has a word of its own: the values that
 * it may take, or what they stand for, are others. */
static const char *scalar_text(struct dwarf_reading *reading, struct scalar_type *scalar)
{
    const char *order = dwarf_swapped_order(reading, &scalar->base);

    switch (scalar->encoding) {
    case DW_ATE_signed:
    case DW_ATE_unsigned:
        return integer_text(reading, scalar, order);
    case DW_ATE_boolean:
        return scalar->size == 1 ? "bool" : sized(reading, "bool", scalar, order);
    case DW_ATE_signed_char: /* a byte is a number, a wider character is not */
    case DW_ATE_unsigned_char:
    case DW_ATE_UTF:
    case DW_ATE_UCS:
    case DW_ATE_ASCII:
        return scalar->size == 1 ? integer_text(reading, scalar, "")
                                 : sized(reading, "char", scalar, order);
    case DW_ATE_float:
        return sized(reading, "f", scalar, order);
    case DW_ATE_complex_float:
        return sized(reading, "complex", scalar, order);
    case DW_ATE_imaginary_float:
        return sized(reading, "imaginary", scalar, order);
    case DW_ATE_decimal_float:
    case DW_ATE_packed_decimal:
        return sized(reading, "decimal", scalar, order);
    case DW_ATE_signed_fixed:
    case DW_ATE_unsigned_fixed:
        return sized(reading, "fixed", scalar, order);
    case DW_ATE_address:
        return "ptr";
    default:
        return "?";
    }
}

/* Goes through subranges to the scalar that they are of. A subrange may have other bytes than its
 * type: Ada makes `range 0 .. 2**32 - 1` of 4 bytes from an integer of 8. False if it is no scalar.
 */
static bool find_scalar(struct dwarf_reading *reading, Dwarf_Die *type, struct scalar_type *scalar)
{
    uint64_t bias = 0, own_size = 0;
    bool is_negative = false;

    *scalar = (struct scalar_type){.base = *type};
    for (int depth = 0; dwarf_tag(&scalar->base) == DW_TAG_subrange_type; depth++) {
        Dwarf_Attribute found;
        Dwarf_Sword lower;
        Dwarf_Die inner;
        if (depth == DWARF_DEPTH_MAX)
            return dwarf_damaged(reading, type, "a range is of itself");
        if (dwarf_number(reading, &scalar->base, DW_AT_GNU_bias, &bias) && bias != 0)
            scalar->is_biased = true;
        if (own_size == 0)
            (void)dwarf_number(reading, &scalar->base, DW_AT_byte_size, &own_size);
        if (dwarf_attr(&scalar->base, DW_AT_lower_bound, &found) != NULL &&
            dwarf_is_signed_form(dwarf_whatform(&found)) && dwarf_formsdata(&found, &lower) == 0)
            is_negative = is_negative || lower < 0;
        if (!dwarf_type_of(reading, &scalar->base, &inner) ||
            !dwarf_bare_type(reading, &inner, NULL))
            return false;
        scalar->base = inner;
    }
    if (dwarf_tag(&scalar->base) == DW_TAG_enumeration_type) {
        struct dwarf_integer integer = dwarf_enum_integer(reading, &scalar->base);
        scalar->encoding = integer.is_signed ? DW_ATE_signed : DW_ATE_unsigned;
        scalar->size = integer.size;
    } else if (dwarf_tag(&scalar->base) != DW_TAG_base_type ||
               !dwarf_number(reading, &scalar->base, DW_AT_encoding, &scalar->encoding)) {
        return false;
    } else if (!dwarf_number(reading, &scalar->base, DW_AT_byte_size, &scalar->size)) {
        return dwarf_damaged(reading, &scalar->base, "a base type has no size");
    }
    scalar->is_signed = is_signed_encoding(scalar->encoding);
    if (own_size != 0 && own_size != scalar->size) {
        scalar->size = own_size;
        scalar->is_signed = is_negative;
    }
    return !reading->has_failed && scalar->size <= INT32_MAX / 8;
}

const char *dwarf_scalar_text(struct dwarf_reading *reading, Dwarf_Die *type)
{
    struct scalar_type scalar;

    return find_scalar(reading, type, &scalar) ? scalar_text(reading, &scalar) : "?";
}
