/* dwarf_type.c - what a type is, by DWARF 2 to 5; see dwarf_private.h.
 *
 * In: entries that name a type. Out: the words of facts.h. Design: producers write the same thing
 * in different ways: an array's bound or its count, an enum's sign by its type or by the form of
 * its values.
 */
#include "object/dwarf_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- attributes ---- */

bool dwarf_damaged(struct dwarf_reading *reading, Dwarf_Die *die, const char *what)
{
    if (!reading->has_failed)
        diag_error(reading->diag, (struct location){reading->source->container->path, 0, 0},
                   "damaged debug information: %s (entry 0x%llx of .debug_info)", what,
                   die != NULL ? (unsigned long long)dwarf_dieoffset(die) : 0ULL);
    reading->has_failed = true;
    return false;
}

bool dwarf_step(struct dwarf_reading *reading, Dwarf_Die *die)
{
    if (reading->has_failed)
        return false;
    if (reading->n_steps_left == 0)
        return dwarf_damaged(reading, die, "types refer to each other without end");
    reading->n_steps_left--;
    return true;
}

bool dwarf_first(struct dwarf_reading *reading, Dwarf_Die *parent, Dwarf_Die *child)
{
    int result = dwarf_step(reading, parent) ? dwarf_child(parent, child) : 1;

    if (result < 0)
        return dwarf_damaged(reading, parent, "an entry's children cannot be read");
    return result == 0;
}

bool dwarf_next(struct dwarf_reading *reading, Dwarf_Die *child)
{
    Dwarf_Die next;
    int result = dwarf_step(reading, child) ? dwarf_siblingof(child, &next) : 1;

    if (result < 0)
        return dwarf_damaged(reading, child, "an entry's sibling cannot be read");
    if (result == 0)
        *child = next;
    return result == 0;
}

/* Names become words of facts: a blank, as other languages have, must not end the word. */
static const char *word(struct dwarf_reading *reading, Dwarf_Die *die, const char *text)
{
    char *copy = NULL;

    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            (void)dwarf_damaged(reading, die, "a name has unprintable bytes");
            return "";
        }
        if (*at != ' ')
            continue;
        if (copy == NULL)
            copy = arena_strdup(reading->arena, text);
        copy[at - text] = '_';
    }
    return copy != NULL ? copy : text;
}

const char *dwarf_text(struct dwarf_reading *reading, Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;

    if (dwarf_attr(die, attribute, &found) == NULL)
        return "";
    const char *text = dwarf_formstring(&found);
    if (text != NULL)
        return word(reading, die, text);
    (void)dwarf_damaged(reading, die, "a name is not in the strings");
    return "";
}

bool dwarf_number(struct dwarf_reading *reading, Dwarf_Die *die, unsigned attribute,
                  uint64_t *number)
{
    (void)reading;
    Dwarf_Attribute found;
    Dwarf_Word value;
    /* A size may also be an expression or another entry, as of variable-length arrays: no number.
     */
    if (dwarf_attr(die, attribute, &found) == NULL || dwarf_formudata(&found, &value) != 0)
        return false;
    *number = value;
    return true;
}

bool dwarf_flag(Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;
    bool value = false;

    return dwarf_attr(die, attribute, &found) != NULL && dwarf_formflag(&found, &value) == 0 &&
           value;
}

/* ---- types ---- */

bool dwarf_type_of(struct dwarf_reading *reading, Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute found;

    if (reading->has_failed || dwarf_attr(die, DW_AT_type, &found) == NULL)
        return false;
    if (dwarf_formref_die(&found, type) == NULL)
        return dwarf_damaged(reading, die, "a type is not there");
    return true;
}

static bool is_qualifier(int tag)
{
    return tag == DW_TAG_const_type || tag == DW_TAG_volatile_type || tag == DW_TAG_restrict_type ||
           tag == DW_TAG_atomic_type || tag == DW_TAG_immutable_type || tag == DW_TAG_packed_type ||
           tag == DW_TAG_shared_type;
}

bool dwarf_bare_type(struct dwarf_reading *reading, Dwarf_Die *type, const char **name)
{
    const char *alias = "";

    for (int depth = 0; depth < DWARF_DEPTH_MAX; depth++) {
        int tag = dwarf_tag(type);
        if (tag == DW_TAG_typedef) {
            alias = dwarf_text(reading, type, DW_AT_name);
        } else if (!is_qualifier(tag)) {
            if (name != NULL)
                *name = dwarf_text(reading, type, DW_AT_name);
            if (name != NULL && (*name)[0] == '\0')
                *name = alias;
            return !reading->has_failed;
        } else {
            /* `typedef const struct { } x` names the const type, not the struct */
            alias = "";
        }
        Dwarf_Die inner;
        if (!dwarf_step(reading, type) || !dwarf_type_of(reading, type, &inner))
            return false;
        *type = inner;
    }
    return dwarf_damaged(reading, type, "a type is defined by itself");
}

bool dwarf_is_record(Dwarf_Die *type)
{
    int tag = dwarf_tag(type);

    return tag == DW_TAG_structure_type || tag == DW_TAG_union_type || tag == DW_TAG_class_type;
}

const char *dwarf_record_kind(Dwarf_Die *record)
{
    return dwarf_tag(record) == DW_TAG_union_type ? "union" : "struct";
}

static bool is_signed_encoding(uint64_t encoding)
{
    return encoding == DW_ATE_signed || encoding == DW_ATE_signed_char;
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

/* True for an integer that has, or may have, fewer bits than its bytes; *n_bits gets their number,
 * 0 if it is not known. */
static bool is_narrow(struct dwarf_reading *reading, struct scalar_type *scalar, uint64_t *n_bits)
{
    const char *name = dwarf_text(reading, &scalar->base, DW_AT_name);
    const char *mark = strstr(name, bit_int_mark);
    const char *number = mark != NULL ? mark + strlen(bit_int_mark) : "";

    if (!dwarf_number(reading, &scalar->base, DW_AT_bit_size, n_bits))
        *n_bits = number[0] == '(' ? strtoull(number + 1, NULL, 10) : 0;
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

/* An unsigned form of 1 byte is 0 to 255. */
static bool is_signed_form(unsigned form)
{
    return form == DW_FORM_sdata || form == DW_FORM_implicit_const;
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
            is_signed_form(dwarf_whatform(&found)) && dwarf_formsdata(&found, &lower) == 0)
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

/* ---- arrays ---- */

/* Number of elements of one dimension; false: it is open. */
static bool dimension(struct dwarf_reading *reading, Dwarf_Die *range, uint64_t *count)
{
    if (dwarf_number(reading, range, DW_AT_count, count))
        return true;
    Dwarf_Attribute found;
    if (dwarf_attr(range, DW_AT_upper_bound, &found) == NULL)
        return false;
    uint64_t lower = 0;
    (void)dwarf_number(reading, range, DW_AT_lower_bound, &lower);
    Dwarf_Sword upper;
    if (is_signed_form(dwarf_whatform(&found))) { /* carries the -1 of `int x[0]` */
        if (dwarf_formsdata(&found, &upper) != 0)
            return false;
        *count = (uint64_t)upper + 1 - lower;
        return true;
    }
    if (!dwarf_number(reading, range, DW_AT_upper_bound, count))
        return false;
    *count = *count + 1 - lower;
    return true;
}

/* Numbers of elements, outermost first; of an open dimension -1. */
struct dimensions {
    int64_t counts[8];
    unsigned n;
};

static bool read_dimensions(struct dwarf_reading *reading, Dwarf_Die *array,
                            struct dimensions *dimensions)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, array, &child);

    dimensions->n = 0;
    for (; more; more = dwarf_next(reading, &child)) {
        if (dwarf_tag(&child) != DW_TAG_subrange_type)
            continue;
        if (dimensions->n == sizeof dimensions->counts / sizeof dimensions->counts[0])
            return dwarf_damaged(reading, array, "an array has too many dimensions");
        uint64_t count = 0;
        bool is_bound = dimension(reading, &child, &count);
        if (is_bound && count > INT32_MAX)
            return dwarf_damaged(reading, &child, "an array has too many elements");
        dimensions->counts[dimensions->n++] = is_bound ? (int64_t)count : -1;
    }
    return !reading->has_failed;
}

static const char *type_text(struct dwarf_reading *reading, Dwarf_Die *die, int depth);

static const char *array_text(struct dwarf_reading *reading, Dwarf_Die *array, int depth)
{
    struct str text = {.arena = reading->arena};
    struct dimensions dimensions;

    if (dwarf_flag(array, DW_AT_GNU_vector) || !read_dimensions(reading, array, &dimensions))
        return "?";
    str_add(&text, type_text(reading, array, depth + 1));
    for (unsigned i = dimensions.n; i > 0; i--)
        if (dimensions.counts[i - 1] < 0)
            str_add(&text, "[]");
        else
            str_addf(&text, "[%" PRId64 "]", dimensions.counts[i - 1]);
    return str_text(&text);
}

/* ---- what a type is, and how large ---- */

static const char *type_text(struct dwarf_reading *reading, Dwarf_Die *die, int depth)
{
    if (depth > DWARF_DEPTH_MAX) {
        (void)dwarf_damaged(reading, die, "an array has itself as its element");
        return "?";
    }
    const char *name = "";
    Dwarf_Die type;
    if (!dwarf_type_of(reading, die, &type) || !dwarf_bare_type(reading, &type, &name))
        return "void";
    struct scalar_type scalar;
    switch (dwarf_tag(&type)) {
    case DW_TAG_base_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_subrange_type: /* Pascal, Ada: a scalar with bounds */
        return find_scalar(reading, &type, &scalar) ? scalar_text(reading, &scalar) : "?";
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
    case DW_TAG_ptr_to_member_type:
        return "ptr";
    case DW_TAG_array_type:
        return array_text(reading, &type, depth);
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
        return name[0] == '\0'
                   ? dwarf_record_kind(&type)
                   : arena_printf(reading->arena, "%s:%s", dwarf_record_kind(&type), name);
    default:
        return "?";
    }
}

const char *dwarf_type_text(struct dwarf_reading *reading, Dwarf_Die *die)
{
    return type_text(reading, die, 0);
}

static bool array_size(struct dwarf_reading *reading, Dwarf_Die *array, uint64_t element,
                       uint64_t *size)
{
    struct dimensions dimensions;

    if (!read_dimensions(reading, array, &dimensions))
        return false;
    *size = element;
    for (unsigned i = 0; i < dimensions.n; i++) {
        uint64_t count = dimensions.counts[i] < 0 ? 0 : (uint64_t)dimensions.counts[i];
        if (__builtin_mul_overflow(*size, count, size))
            return dwarf_damaged(reading, array, "an array is larger than memory");
    }
    return true;
}

static bool type_size(struct dwarf_reading *reading, Dwarf_Die *die, int depth, uint64_t *size)
{
    *size = 0;
    if (depth > DWARF_DEPTH_MAX)
        return dwarf_damaged(reading, die, "an array has itself as its element");
    Dwarf_Die type;
    if (!dwarf_type_of(reading, die, &type) || !dwarf_bare_type(reading, &type, NULL))
        return false;
    if (dwarf_number(reading, &type, DW_AT_byte_size, size))
        return true;
    uint64_t element;
    switch (dwarf_tag(&type)) {
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_rvalue_reference_type:
        *size = (uint64_t)reading->pointer_bytes;
        return true;
    case DW_TAG_array_type:
        return type_size(reading, &type, depth + 1, &element) &&
               array_size(reading, &type, element, size);
    case DW_TAG_subrange_type:
        return type_size(reading, &type, depth + 1, size);
    default:
        return false;
    }
}

bool dwarf_type_size(struct dwarf_reading *reading, Dwarf_Die *die, uint64_t *size)
{
    return type_size(reading, die, 0, size);
}

const char *dwarf_params_text(struct dwarf_reading *reading, Dwarf_Die *function)
{
    struct str text = {.arena = reading->arena};
    Dwarf_Die child;
    bool more = dwarf_first(reading, function, &child);

    for (; more; more = dwarf_next(reading, &child)) {
        const char *param = NULL;
        if (dwarf_tag(&child) == DW_TAG_formal_parameter)
            param = dwarf_type_text(reading, &child);
        else if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
            param = "...";
        if (param != NULL)
            str_addf(&text, "%s%s", text.len > 0 ? "," : "", param);
    }
    return text.len > 0 ? str_text(&text) : "void";
}
