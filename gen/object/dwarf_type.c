/* dwarf_type.c - what a type is, by DWARF 2 to 5; see dwarf_private.h.
 *
 * In: entries that name a type. Out: the words of facts.h. Design: producers write the same thing
 * in different ways, as an array's bound or its count. Scalars are dwarf_scalar.c's.
 */
#include "object/dwarf_private.h"

#include <inttypes.h>
#include <stdio.h>
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

/* Names become words of facts: a blank, as other languages have, must not end the word, and what no
 * compiler writes is shown as its bytes. */
static const char *word(struct dwarf_reading *reading, const char *text)
{
    size_t n_bytes = 0, n_unprintable = 0, n_blanks = 0;

    for (; text[n_bytes] != '\0'; n_bytes++) {
        n_blanks += text[n_bytes] == ' ';
        n_unprintable += (unsigned char)text[n_bytes] < ' ' || text[n_bytes] == 0x7f;
    }
    if (n_blanks == 0 && n_unprintable == 0)
        return text;
    char *copy = arena_alloc(reading->arena, n_bytes + 3 * n_unprintable + 1), *to = copy;
    for (const char *at = text; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            to += sprintf(to, "\\x%02x", (unsigned char)*at);
        else
            *to++ = *at == ' ' ? '_' : *at;
    return copy;
}

const char *dwarf_text(struct dwarf_reading *reading, Dwarf_Die *die, unsigned attribute)
{
    Dwarf_Attribute found;

    if (dwarf_attr(die, attribute, &found) == NULL)
        return "";
    const char *text = dwarf_formstring(&found);
    if (text != NULL)
        return word(reading, text);
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

/* Moves to the first child with this tag. Returns false when there is none. */
static bool find_child(struct dwarf_reading *reading, Dwarf_Die *die, int tag)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, die, &child);

    while (more && dwarf_tag(&child) != tag)
        more = dwarf_next(reading, &child);
    if (more)
        *die = child;
    return more;
}

/* Zig's own backend writes a pointer that may be null, `?*T`, as a union with a variant for each:
 * no pointer, or the pointer in the same bytes, where 0 says that there is none. Moves from such a
 * union to the type of the pointer. Returns false for every other type. */
static bool find_pointer(struct dwarf_reading *reading, Dwarf_Die *type)
{
    Dwarf_Die at = *type, variant, pointer;
    uint64_t size;

    if (dwarf_tag(type) != DW_TAG_union_type || dwarf_text(reading, type, DW_AT_name)[0] != '?' ||
        !dwarf_number(reading, type, DW_AT_byte_size, &size) ||
        size != (uint64_t)reading->pointer_bytes ||
        !find_child(reading, &at, DW_TAG_variant_part) || !dwarf_first(reading, &at, &variant))
        return false;
    bool is_found = false;
    for (bool more = true; more && !is_found; more = dwarf_next(reading, &variant)) {
        Dwarf_Die member = variant;
        is_found =
            dwarf_tag(&variant) == DW_TAG_variant && find_child(reading, &member, DW_TAG_member) &&
            dwarf_type_of(reading, &member, &pointer) && dwarf_tag(&pointer) == DW_TAG_pointer_type;
    }
    if (is_found)
        *type = pointer;
    return is_found;
}

bool dwarf_bare_type(struct dwarf_reading *reading, Dwarf_Die *type, const char **name)
{
    const char *alias = "";

    for (int depth = 0; depth < DWARF_DEPTH_MAX; depth++) {
        int tag = dwarf_tag(type);
        if (tag == DW_TAG_typedef) {
            alias = dwarf_text(reading, type, DW_AT_name);
        } else if (!is_qualifier(tag)) {
            (void)find_pointer(reading, type);
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
    if (dwarf_is_signed_form(dwarf_whatform(&found))) { /* carries the -1 of `int x[0]` */
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
    switch (dwarf_tag(&type)) {
    case DW_TAG_base_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_subrange_type: /* Pascal, Ada: a scalar with bounds */
        return dwarf_scalar_text(reading, &type);
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
        if (dwarf_tag(&child) == DW_TAG_formal_parameter &&
            !(reading->is_go && dwarf_flag(&child, DW_AT_variable_parameter)))
            param = dwarf_type_text(reading, &child);
        else if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
            param = "...";
        if (param != NULL)
            str_addf(&text, "%s%s", text.len > 0 ? "," : "", param);
    }
    return text.len > 0 ? str_text(&text) : "void";
}
