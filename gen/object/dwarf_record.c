/* dwarf_record.c - structs and unions, by DWARF 2 to 5; see dwarf_private.h.
 *
 * In: the entry of a record. Out: facts of it and of its fields, those of unnamed records within it
 * included. Design: bit-fields are the difficulty: DWARF 2 counts from the most significant bit of
 * a storage unit, DWARF 4 from the start of the record, and we from the first bit in the direction
 * of the byte order. Members may lie on each other in any record, since compilers of languages
 * without unions in C's sense write those as structs: LDC, Free Pascal, Crystal. Variants of a
 * record, as Ada and Rust have, are members of it. What anybody's compiler leaves to run time, such
 * as the place of a member behind an array of any length, is not there.
 */
#include "object/dwarf_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/printable.h"

/* Of one record, those of the records within it counted: that these may lie in each other makes a
 * damaged one large, and checks compare all with all. Not even a machine's registers are so many.
 */
enum { MEMBERS_MAX = 20000 };

/* ---- locations ---- */

/* The path as #include spells it. Folders may be relative, paths are absolute. */
static const char *shorten(const struct dwarf_source *source, const char *path)
{
    const char *best = path;

    for (unsigned i = 0; i < source->n_include; i++) {
        const char *folder = source->include[i];
        size_t length = strlen(folder);
        const char *at = folder[0] == '/' ? path : strstr(path, folder);
        if (at != NULL && strncmp(at, folder, length) == 0 && at[length] == '/' &&
            at + length + 1 > best)
            best = at + length + 1;
    }
    return best;
}

/* The path of the unit's own source, where the entry says file 0: that since DWARF 5, none before.
 * libdw takes it for none in either, and Clang writes it. NULL if the entry says another one. */
static const char *primary_file(struct dwarf_reading *reading, Dwarf_Die *die)
{
    Dwarf_Attribute found;
    Dwarf_Word index;
    Dwarf_Half version;
    Dwarf_Die unit;

    if (dwarf_attr_integrate(die, DW_AT_decl_file, &found) == NULL ||
        dwarf_formudata(&found, &index) != 0 || index != 0 ||
        dwarf_cu_info(die->cu, &version, NULL, NULL, NULL, NULL, NULL, NULL) != 0 || version < 5 ||
        dwarf_diecu(die, &unit, NULL, NULL) == NULL)
        return NULL;
    const char *name = dwarf_text(reading, &unit, DW_AT_name);
    const char *folder = dwarf_text(reading, &unit, DW_AT_comp_dir);
    if (name[0] == '\0')
        return NULL;
    return name[0] == '/' || folder[0] == '\0'
               ? name
               : arena_printf(reading->arena, "%s/%s", folder, name);
}

struct location dwarf_location(struct dwarf_reading *reading, Dwarf_Die *die)
{
    struct location location = no_location;
    const char *path = reading->has_no_places ? NULL : dwarf_decl_file(die);

    if (path == NULL && !reading->has_no_places)
        path = primary_file(reading, die);
    if (path == NULL)
        return location;
    location.file = printable_line(reading->arena, shorten(reading->source, path));
    if (dwarf_decl_line(die, &location.line) != 0 || location.line < 0)
        location.line = 0;
    if (dwarf_decl_column(die, &location.column) != 0 || location.column < 0)
        location.column = 0;
    return location;
}

/* ---- where a member is ---- */

/* Bits from the start of the record. */
struct member {
    uint64_t offset_bits;
    uint64_t n_bits; /* of a bit-field, else 0 */
};

/* A program that adds a constant to the address of the record. */
static bool run_location(const Dwarf_Block *block, uint64_t *offset)
{
    const uint8_t *at = block->data, *end = at + block->length;

    bool is_pushed = false;
    uint64_t value = 0;
    *offset = 0;
    while (at < end) {
        uint8_t operation = *at++;
        if (operation == DW_OP_plus_uconst && !is_pushed) {
            if (!bytes_take_leb(&at, end, &value))
                return false;
            *offset += value;
        } else if (operation == DW_OP_constu && !is_pushed) {
            is_pushed = bytes_take_leb(&at, end, &value);
            if (!is_pushed)
                return false;
        } else if (operation >= DW_OP_lit0 && operation <= DW_OP_lit31 && !is_pushed) {
            value = operation - DW_OP_lit0;
            is_pushed = true;
        } else if (operation == DW_OP_const1u && !is_pushed && at < end) {
            value = *at++;
            is_pushed = true;
        } else if (operation == DW_OP_plus && is_pushed) {
            *offset += value;
            is_pushed = false;
        } else {
            return false;
        }
    }
    return !is_pushed;
}

/* False, after reporting or in anybody's object without: its place is known only at run time. */
static bool read_location(struct dwarf_reading *reading, Dwarf_Die *member, uint64_t *offset)
{
    Dwarf_Attribute found;
    *offset = 0;
    if (dwarf_attr(member, DW_AT_data_member_location, &found) == NULL)
        return true; /* of a union, or the first one */
    Dwarf_Word value;
    if (dwarf_formudata(&found, &value) == 0) {
        *offset = value;
        return true;
    }
    Dwarf_Block block;
    if (dwarf_formblock(&found, &block) != 0 || !run_location(&block, offset))
        return reading->source->is_foreign
                   ? false
                   : dwarf_damaged(reading, member, "a member's place is not a constant");
    return true;
}

/* DWARF 2 and 3 count from the most significant bit of a storage unit to that of the field. */
static bool read_old_bits(struct dwarf_reading *reading, Dwarf_Die *member, Dwarf_Sword bit_offset,
                          uint64_t n_bits, uint64_t *offset_bits)
{
    uint64_t storage;

    if (!dwarf_number(reading, member, DW_AT_byte_size, &storage) &&
        !dwarf_type_size(reading, member, &storage))
        return dwarf_damaged(reading, member, "a bit-field has no storage");
    if (storage == 0 || storage > 16 || bit_offset < -128 || bit_offset > 128 || n_bits > 128)
        return dwarf_damaged(reading, member, "a bit-field is not in its storage");
    if (reading->source->container->is_big_endian)
        *offset_bits += (uint64_t)bit_offset;
    else
        *offset_bits += storage * 8 - (uint64_t)bit_offset - n_bits;
    return true;
}

static bool read_position(struct dwarf_reading *reading, Dwarf_Die *member, struct member *position)
{
    bool is_bit_field = dwarf_number(reading, member, DW_AT_bit_size, &position->n_bits);

    if (!is_bit_field)
        position->n_bits = 0;
    else if (position->n_bits == 0 || position->n_bits > INT64_MAX / 16)
        return dwarf_damaged(reading, member, "a bit-field is too wide");
    if (dwarf_number(reading, member, DW_AT_data_bit_offset, &position->offset_bits))
        return true;
    uint64_t offset;
    if (!read_location(reading, member, &offset))
        return false;
    if (offset > INT64_MAX / 16)
        return dwarf_damaged(reading, member, "a member lies behind the end of memory");
    position->offset_bits = offset * 8;
    Dwarf_Attribute found;
    if (!is_bit_field || dwarf_attr(member, DW_AT_bit_offset, &found) == NULL)
        return true;
    Dwarf_Sword bit_offset;
    if (dwarf_formsdata(&found, &bit_offset) != 0)
        return dwarf_damaged(reading, member, "a bit-field has no place");
    return read_old_bits(reading, member, bit_offset, position->n_bits, &position->offset_bits);
}

/* GNAT writes a member that its type's alignment does not allow, such as a 64-bit word at 4, as a
 * bit-field of all its bits. It is none: Ada has components, and this one fills whole bytes. */
static bool is_whole_in_ada(struct dwarf_reading *reading, const struct member *position,
                            uint64_t size)
{
    return reading->is_ada && position->offset_bits % 8 == 0 && position->n_bits == size * 8;
}

/* Where a member is, and how large: its bytes, of a bit-field those of its type. has_size: false
 * where the type has none, such as one that is only declared. Returns false after reporting, or if
 * the place is known only at run time. */
static bool read_extent(struct dwarf_reading *reading, Dwarf_Die *member, struct member *position,
                        uint64_t *size, bool *has_size)
{
    if (!read_position(reading, member, position))
        return false;
    *has_size = dwarf_type_size(reading, member, size);
    if (reading->has_failed)
        return false;
    if (*has_size && *size > INT64_MAX / 16)
        return dwarf_damaged(reading, member, "a member is larger than memory");
    if (*has_size && is_whole_in_ada(reading, position, *size))
        position->n_bits = 0;
    if (position->offset_bits % 8 != 0 && position->n_bits == 0) /* as packed arrays have them */
        position->n_bits = *size * 8;
    if (position->offset_bits % 8 != 0 && position->n_bits == 0)
        return dwarf_damaged(reading, member, "a member without bits starts within a byte");
    if (position->n_bits == 0 && !*has_size && !reading->source->is_foreign)
        return dwarf_damaged(reading, member, "a member has no size");
    return true;
}

/* ---- records ---- */

/* A record inside a record. */
struct record_walk {
    struct dwarf_reading *reading;
    Dwarf_Die *outermost; /* the record that is asked for */
    size_t *n_members;    /* of it, so far */
    const char *path;
    uint64_t base_bits;
    int depth;
    const char *order; /* of the record's scalars, see order_of; NULL: not known yet */
};

static bool read_fields(struct record_walk *walk, Dwarf_Die *record);

/* A record within this one; its fields start with `path`. */
static struct record_walk walk_inside(const struct record_walk *walk, const char *path)
{
    return (struct record_walk){
        .reading = walk->reading,
        .outermost = walk->outermost,
        .n_members = walk->n_members,
        .path = path,
        .base_bits = walk->base_bits,
        .depth = walk->depth + 1,
    };
}

/* Reports a record that is larger than anybody compares. Always false. */
static bool fail_large(const struct record_walk *walk)
{
    struct dwarf_reading *reading = walk->reading;
    struct location at = dwarf_location(reading, walk->outermost);
    const char *name = dwarf_text(reading, walk->outermost, DW_AT_name);

    diag_error(reading->diag, (struct location){reading->source->container->path, 0, 0},
               "%s '%s'%s%s has more than %d members, counting those of the records within it: so "
               "many are not compared",
               dwarf_record_kind(walk->outermost), name[0] != '\0' ? name : "without a name",
               at.file != NULL ? " of " : "", at.file != NULL ? at.file : "", MEMBERS_MAX);
    reading->has_failed = true;
    return false;
}

/* The order of bytes of a record's scalars, where it is not the target's: GCC writes it at the types
 * of its integers, but not at its enums. "" if it is the target's. */
static const char *order_of(struct record_walk *walk, Dwarf_Die *record)
{
    struct dwarf_reading *reading = walk->reading;
    Dwarf_Die child, type;
    bool more = walk->order == NULL && dwarf_first(reading, record, &child);

    if (walk->order == NULL)
        walk->order = "";
    for (; more && walk->order[0] == '\0'; more = dwarf_next(reading, &child))
        if (dwarf_tag(&child) == DW_TAG_member && dwarf_type_of(reading, &child, &type) &&
            dwarf_bare_type(reading, &type, NULL))
            walk->order = dwarf_swapped_order(reading, &type);
    return walk->order;
}

/* The type of a member, in the words of facts.h. */
static const char *type_of_member(struct record_walk *walk, Dwarf_Die *record, Dwarf_Die *member,
                                  Dwarf_Die *type)
{
    const char *text = dwarf_type_text(walk->reading, member);

    if (dwarf_tag(type) != DW_TAG_enumeration_type)
        return text;
    return arena_printf(walk->reading->arena, "%s%s", text, order_of(walk, record));
}

/* A name of the record that no other member has: one of C++ may have the name of one of its base
 * class, which is then out of sight. */
static const char *own_name(const struct record_walk *walk, const char *name)
{
    struct dwarf_reading *reading = walk->reading;
    const char *path = arena_printf(reading->arena, "%s.%s", walk->path, name);

    if (!reading->source->is_foreign || facts_find(reading->facts, FACT_FIELD, path) == NULL)
        return path;
    return arena_printf(reading->arena, "%s'%zu", path, *walk->n_members);
}

static bool add_field(const struct record_walk *walk, Dwarf_Die *member, const char *path,
                      const char *type, const struct member *position, uint64_t size, bool has_size)
{
    struct dwarf_reading *reading = walk->reading;
    struct facts *facts = reading->facts;
    uint64_t bits = walk->base_bits + position->offset_bits;

    if (reading->has_failed)
        return false;
    if (++*walk->n_members > MEMBERS_MAX)
        return fail_large(walk);
    struct fact *fact = facts_add(facts, FACT_FIELD, path);
    fact->where = dwarf_location(reading, member);
    fact_set_number(facts, fact, FIELD_OFFSET, (int64_t)(bits / 8));
    fact_set(facts, fact, FIELD_TYPE, type);
    if (position->n_bits > 0)
        fact_set(facts, fact, FIELD_BIT,
                 arena_printf(reading->arena, "%" PRIu64 ":%" PRIu64, bits % 8, position->n_bits));
    else if (has_size && strstr(type, "[]") == NULL) /* a flexible array has no size */
        fact_set_number(facts, fact, FIELD_SIZE, (int64_t)size);
    return true;
}

/* GNAT puts the components that a representation clause places into a record of its own. */
static bool is_wrapper_of_ada(const struct dwarf_reading *reading, const char *type_name)
{
    return reading->is_ada && str_glob("*___REP", type_name);
}

/* The type that an array has, through all of its dimensions. False after reporting. */
static bool element_of(struct dwarf_reading *reading, Dwarf_Die *type, const char **name)
{
    for (int depth = 0; dwarf_tag(type) == DW_TAG_array_type; depth++) {
        Dwarf_Die inner;
        if (depth > DWARF_DEPTH_MAX)
            return dwarf_damaged(reading, type, "an array has itself as its element");
        if (!dwarf_type_of(reading, type, &inner) || !dwarf_bare_type(reading, &inner, name))
            return false;
        *type = inner;
    }
    return !reading->has_failed;
}

/* A member that is an array of records: the fields of its first element, as of a record "0" in it,
 * and all others as one block "1". So what lies in an element is compared, and a long array does not
 * become many fields. */
static bool read_elements(struct record_walk *walk, Dwarf_Die *member, Dwarf_Die *type,
                          const struct member *position, uint64_t size_bytes)
{
    struct dwarf_reading *reading = walk->reading;
    struct arena *arena = reading->arena;
    const char *name = "";
    uint64_t element_bytes;

    if (!element_of(reading, type, &name))
        return !reading->has_failed;
    if (!dwarf_is_record(type) || (name[0] != '\0' && !reading->source->is_foreign) ||
        !dwarf_number(reading, type, DW_AT_byte_size, &element_bytes) || element_bytes == 0 ||
        element_bytes > INT32_MAX)
        return true;
    const char *kind = dwarf_record_kind(type);
    const char *text = name[0] != '\0' ? arena_printf(arena, "%s:%s", kind, name) : kind;
    struct member rest = {.offset_bits = position->offset_bits + element_bytes * 8};
    struct record_walk inner = walk_inside(walk, arena_printf(arena, "%s.0", walk->path));
    if (!add_field(walk, member, inner.path, text, position, element_bytes, true))
        return false;
    /* without a name: nothing looks into it */
    text = arena_printf(arena, "%s[%" PRIu64 "]", kind, size_bytes / element_bytes - 1);
    if (size_bytes > element_bytes &&
        !add_field(walk, member, arena_printf(arena, "%s.1", walk->path), text, &rest,
                   size_bytes - element_bytes, true))
        return false;
    inner.base_bits += position->offset_bits;
    return read_fields(&inner, type);
}

/* A member; the fields of a record without a name of its own, as C11 has them, belong to the outer
 * one. GDC gives its type a name, and so does a C compiler with -fms-extensions. */
static bool read_member(struct record_walk *walk, Dwarf_Die *record, Dwarf_Die *member)
{
    struct dwarf_reading *reading = walk->reading;
    struct record_walk inner = walk_inside(walk, walk->path);
    const char *name = dwarf_text(reading, member, DW_AT_name), *type_name = "";

    if (dwarf_flag(member, DW_AT_external) || dwarf_flag(member, DW_AT_declaration))
        return true; /* a static member of C++ */
    Dwarf_Die type;
    if (!dwarf_type_of(reading, member, &type) || !dwarf_bare_type(reading, &type, &type_name))
        return reading->has_failed ? false : dwarf_damaged(reading, member, "a member has no type");
    if (strcmp(name, "_") == 0 || (name[0] == '\0' && !dwarf_is_record(&type)))
        return true; /* padding, in Go and in C */
    struct member position;
    uint64_t size = 0;
    bool has_size, is_hoisted = name[0] == '\0' || is_wrapper_of_ada(reading, type_name);
    if (!read_extent(reading, member, &position, &size, &has_size))
        return !reading->has_failed;
    if (!is_hoisted) {
        inner.path = own_name(walk, name);
        if (!add_field(walk, member, inner.path, type_of_member(walk, record, member, &type),
                       &position, size, has_size))
            return false;
    }
    if (dwarf_tag(&type) == DW_TAG_array_type)
        return read_elements(&inner, member, &type, &position, size);
    inner.base_bits += position.offset_bits;
    /* Another project's record may stand for fields that the kernel has side by side. */
    if (!is_hoisted && type_name[0] != '\0' && !reading->source->is_foreign)
        return true;
    return !dwarf_is_record(&type) || read_fields(&inner, &type);
}

/* A base class of C++: its fields belong to the record. */
static bool read_base(struct record_walk *walk, Dwarf_Die *base)
{
    struct dwarf_reading *reading = walk->reading;
    struct record_walk inner = walk_inside(walk, walk->path);

    if (dwarf_hasattr(base, DW_AT_virtuality))
        return true; /* where it lies is known only at run time */
    Dwarf_Die type;
    if (!dwarf_type_of(reading, base, &type) || !dwarf_bare_type(reading, &type, NULL))
        return reading->has_failed ? false
                                   : dwarf_damaged(reading, base, "a base class has no type");
    struct member position;
    if (!dwarf_is_record(&type) || !read_position(reading, base, &position))
        return !reading->has_failed;
    inner.base_bits += position.offset_bits;
    return read_fields(&inner, &type);
}

/* The members of a record, or of what lies in it and has none of its own: DW_TAG_variant_part, and
 * each DW_TAG_variant in that. */
static bool read_members(struct record_walk *walk, Dwarf_Die *record, Dwarf_Die *parent, int depth)
{
    struct dwarf_reading *reading = walk->reading;
    Dwarf_Die child;
    bool more = dwarf_first(reading, parent, &child);

    if (depth > DWARF_DEPTH_MAX)
        return dwarf_damaged(reading, record, "variants of a record lie too deep in each other");
    for (; more; more = dwarf_next(reading, &child)) {
        int tag = dwarf_tag(&child);
        if ((tag == DW_TAG_member && !read_member(walk, record, &child)) ||
            (tag == DW_TAG_inheritance && !read_base(walk, &child)) ||
            ((tag == DW_TAG_variant_part || tag == DW_TAG_variant) &&
             !read_members(walk, record, &child, depth + 1)))
            return false;
    }
    return !reading->has_failed;
}

static bool read_fields(struct record_walk *walk, Dwarf_Die *record)
{
    if (walk->depth > DWARF_DEPTH_MAX)
        return dwarf_damaged(walk->reading, record, "a record lies in itself");
    return read_members(walk, record, record, 0);
}

bool dwarf_read_record(struct dwarf_reading *reading, Dwarf_Die *record, const char *name)
{
    size_t n_members = 0;
    struct record_walk walk = {
        .reading = reading, .outermost = record, .n_members = &n_members, .path = name};
    uint64_t size, align;

    if (!dwarf_number(reading, record, DW_AT_byte_size, &size) || size > INT64_MAX)
        return reading->source->is_foreign /* it may depend on a field, as in Ada */
                   ? !reading->has_failed
                   : dwarf_damaged(reading, record, "a record has no size");
    struct fact *fact = facts_add(reading->facts, FACT_RECORD, name);
    fact->where = dwarf_location(reading, record);
    fact_set_number(reading->facts, fact, RECORD_SIZE, (int64_t)size);
    fact_set(reading->facts, fact, RECORD_KIND, dwarf_record_kind(record));
    /* Rust and Zig always write it; C compilers only where an attribute sets it. */
    if (reading->source->is_foreign && !(reading->wrote != NULL && reading->wrote->misaligns) &&
        dwarf_number(reading, record, DW_AT_alignment, &align) && align > 0 && align <= INT32_MAX)
        fact_set_number(reading->facts, fact, RECORD_ALIGN, (int64_t)align);
    return read_fields(&walk, record);
}
