/* witness_dwarf_read.c - the entries of an object's debug information in, facts out; see
 * witness_dwarf.h. With witness_dwarf_record.c and _type.c the only user of libdw.
 *
 * In: an ELF image that has nothing to relocate. Out: facts of the names that are wanted. libdw
 * decodes attributes; the walk is ours, because the input may be damaged: every step is counted,
 * and what cannot be is refused and not repaired.
 */
#include "witness_dwarf_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS_PER_BYTE = 8, NAMESPACES_MAX = 16 };

/* ---- constants, aliases, functions ---- */

/* The value as 64 bits. Forms of a fixed width say nothing of the sign: there the type decides. */
static bool read_value(struct dwarf_reading *reading, Dwarf_Die *die,
                       const struct dwarf_integer *integer, uint64_t *bits, bool *is_negative)
{
    static const struct {
        unsigned form;
        unsigned width;
    } fixed[] = {{DW_FORM_data1, 1}, {DW_FORM_data2, 2}, {DW_FORM_data4, 4}, {DW_FORM_data8, 8}};
    unsigned shift = 64 - 8 * (unsigned)integer->size, form;
    Dwarf_Attribute found;
    Dwarf_Sword number;
    Dwarf_Word word;

    *is_negative = false;
    if (dwarf_attr(die, DW_AT_const_value, &found) == NULL)
        return dwarf_damaged(reading, die, "an enumerator has no value");
    form = dwarf_whatform(&found);
    if (form == DW_FORM_sdata || form == DW_FORM_implicit_const) {
        if (dwarf_formsdata(&found, &number) != 0)
            return dwarf_damaged(reading, die, "an enumerator has no value");
        *bits = (uint64_t)number;
        *is_negative = number < 0 && (integer->is_signed || !integer->is_known);
        if (number < 0 && !*is_negative)
            *bits = *bits << shift >> shift;
    } else {
        if (dwarf_formudata(&found, &word) != 0)
            return dwarf_damaged(reading, die, "an enumerator has no value");
        *bits = word;
        for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
            if (fixed[i].form == form && fixed[i].width >= integer->size && integer->is_signed) {
                *bits = (uint64_t)((int64_t)(*bits << shift) >> shift);
                *is_negative = (int64_t)*bits < 0;
            }
    }
    if (*is_negative ? (int64_t)*bits >> (8 * integer->size - 1) != -1
                     : (*bits << shift >> shift) != *bits)
        return dwarf_damaged(reading, die, "an enumerator does not fit its type");
    return true;
}

/* In C an enumerator that fits int is an int, whatever the enum's own type. */
static bool read_enumerator(struct dwarf_reading *reading, Dwarf_Die *die, Dwarf_Die *type,
                            const char *name)
{
    struct dwarf_integer integer = dwarf_enum_integer(reading, type);
    uint64_t bits = 0;
    bool is_negative = false, fits_int;
    struct fact *fact;

    if (reading->has_failed || !read_value(reading, die, &integer, &bits, &is_negative))
        return false;
    fits_int = is_negative ? (int64_t)bits >= INT32_MIN : bits <= INT32_MAX;
    fact = facts_add(reading->facts, FACT_CONSTANT, name);
    fact->where = dwarf_place(reading, type);
    fact_set_value(reading->facts, fact, bits, is_negative);
    fact_set(reading->facts, fact, CONSTANT_TYPE,
             fits_int
                 ? "i32"
                 : arena_printf(reading->arena, "%c%" PRIu64,
                                integer.is_signed || is_negative ? 'i' : 'u', integer.size * 8));
    return true;
}

static bool read_alias(struct dwarf_reading *reading, Dwarf_Die *die, const char *name)
{
    struct fact *fact;
    const char *type = dwarf_type_text(reading, die);
    Dwarf_Die record;

    if (reading->has_failed)
        return false;
    /* the typedef may itself be the record's only name */
    if (dwarf_type_of(reading, die, &record) && dwarf_is_record(&record) &&
        strchr(type, ':') == NULL)
        type = arena_printf(reading->arena, "%s:%s", type, dwarf_text(reading, die, DW_AT_name));
    fact = facts_add(reading->facts, FACT_ALIAS, name);
    fact->where = dwarf_place(reading, die);
    fact_set(reading->facts, fact, ALIAS_TYPE, type);
    return true;
}

/* Goes from a variable to the function that it points to; false if it does not. */
static bool pointed_function(struct dwarf_reading *reading, Dwarf_Die *die)
{
    Dwarf_Die type;

    if (dwarf_tag(die) == DW_TAG_subprogram)
        return true;
    for (int depth = 0; depth < 2; depth++) {
        if (!dwarf_type_of(reading, die, &type) || !dwarf_bare_type(reading, &type, NULL))
            return false;
        *die = type;
        if (dwarf_tag(die) == DW_TAG_subroutine_type)
            return true;
        if (dwarf_tag(die) != DW_TAG_pointer_type)
            return false;
    }
    return false;
}

static bool read_function(struct dwarf_reading *reading, Dwarf_Die *die, const char *name)
{
    Dwarf_Die function = *die;
    struct fact *fact;
    const char *result, *params;

    if (!pointed_function(reading, &function))
        return reading->has_failed ? false
                                   : dwarf_damaged(reading, die, "a function has no prototype");
    result = dwarf_type_text(reading, &function);
    params = dwarf_params_text(reading, &function);
    if (reading->has_failed)
        return false;
    fact = facts_add(reading->facts, FACT_FUNCTION, name);
    fact->where = dwarf_place(reading, die);
    fact_set(reading->facts, fact, FUNCTION_RETURN, result);
    fact_set(reading->facts, fact, FUNCTION_PARAMS, params);
    return true;
}

/* ---- wishes ---- */

static int compare_wishes(const void *a, const void *b)
{
    const struct dwarf_wish *left = *(const struct dwarf_wish *const *)a;
    const struct dwarf_wish *right = *(const struct dwarf_wish *const *)b;

    return strcmp(left->name, right->name);
}

/* A wish that is still open; NULL if nobody asked, or it was granted by an earlier unit. */
static struct dwarf_wish *find_wish(const struct dwarf_reading *reading, enum fact_kind kind,
                                    const char *name)
{
    size_t low = 0, high = reading->n_wishes;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(reading->wishes[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < reading->n_wishes && strcmp(reading->wishes[low]->name, name) == 0; low++)
        if (reading->wishes[low]->kind == kind && !reading->wishes[low]->is_granted)
            return reading->wishes[low];
    return NULL;
}

/* Where an entry stands: the names of its namespaces, "" or "a::b::". */
struct scope {
    const char *prefix;
    int depth;
};

static struct dwarf_wish *find_scoped(const struct dwarf_reading *reading, enum fact_kind kind,
                                      const struct scope *scope, const char *name)
{
    struct dwarf_wish *wish = name[0] != '\0' ? find_wish(reading, kind, name) : NULL;

    if (wish != NULL || scope->prefix[0] == '\0' || name[0] == '\0')
        return wish;
    return find_wish(reading, kind, arena_printf(reading->arena, "%s%s", scope->prefix, name));
}

/* ---- the walk ---- */

static bool visit_enum(struct dwarf_reading *reading, Dwarf_Die *type, const struct scope *scope)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, type, &child);

    for (; more; more = dwarf_next(reading, &child)) {
        struct dwarf_wish *wish;
        if (dwarf_tag(&child) != DW_TAG_enumerator)
            continue;
        wish = find_scoped(reading, FACT_CONSTANT, scope, dwarf_text(reading, &child, DW_AT_name));
        if (wish == NULL)
            continue;
        wish->is_granted = true;
        if (!read_enumerator(reading, &child, type, wish->as))
            return false;
    }
    return !reading->has_failed;
}

static bool visit_record(struct dwarf_reading *reading, Dwarf_Die *die, const struct scope *scope)
{
    struct dwarf_wish *wish =
        find_scoped(reading, FACT_RECORD, scope, dwarf_text(reading, die, DW_AT_name));

    if (wish == NULL || dwarf_flag(die, DW_AT_declaration))
        return true;
    wish->is_granted = true;
    return dwarf_read_record(reading, die, wish->as);
}

static bool visit_function(struct dwarf_reading *reading, Dwarf_Die *die, const struct scope *scope)
{
    struct dwarf_wish *wish =
        find_scoped(reading, FACT_FUNCTION, scope, dwarf_text(reading, die, DW_AT_name));

    if (wish == NULL)
        return true;
    wish->is_granted = true;
    return read_function(reading, die, wish->as);
}

/* A typedef is an alias, and may be the only name of a record. */
static bool visit_typedef(struct dwarf_reading *reading, Dwarf_Die *die, const struct scope *scope)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);
    struct dwarf_wish *alias = find_scoped(reading, FACT_ALIAS, scope, name);
    struct dwarf_wish *record = find_scoped(reading, FACT_RECORD, scope, name);
    Dwarf_Die type;

    if (alias != NULL) {
        alias->is_granted = true;
        if (!read_alias(reading, die, alias->as))
            return false;
    }
    if (record == NULL || !dwarf_type_of(reading, die, &type) || !dwarf_is_record(&type) ||
        dwarf_flag(&type, DW_AT_declaration))
        return !reading->has_failed;
    if (dwarf_text(reading, &type, DW_AT_name)[0] != '\0')
        return !reading->has_failed;
    record->is_granted = true;
    return dwarf_read_record(reading, &type, record->as);
}

static bool visit_children(struct dwarf_reading *reading, Dwarf_Die *parent,
                           const struct scope *scope);

static bool visit_namespace(struct dwarf_reading *reading, Dwarf_Die *die,
                            const struct scope *scope)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);
    struct scope inner = {arena_printf(reading->arena, "%s%s::", scope->prefix, name),
                          scope->depth + 1};

    if (inner.depth > NAMESPACES_MAX)
        return dwarf_damaged(reading, die, "namespaces lie too deep in each other");
    return visit_children(reading, die, &inner);
}

static bool visit(struct dwarf_reading *reading, Dwarf_Die *die, const struct scope *scope)
{
    switch (dwarf_tag(die)) {
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
        reading->n_types++;
        return visit_record(reading, die, scope);
    case DW_TAG_enumeration_type:
        reading->n_types++;
        return visit_enum(reading, die, scope);
    case DW_TAG_base_type:
        reading->n_types++;
        return true;
    case DW_TAG_typedef:
        reading->n_types++;
        return visit_typedef(reading, die, scope);
    case DW_TAG_variable:
    case DW_TAG_subprogram:
        return visit_function(reading, die, scope);
    case DW_TAG_namespace:
    case DW_TAG_module:
        return visit_namespace(reading, die, scope);
    default:
        return true;
    }
}

static bool visit_children(struct dwarf_reading *reading, Dwarf_Die *parent,
                           const struct scope *scope)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, parent, &child);

    for (; more; more = dwarf_next(reading, &child))
        if (!visit(reading, &child, scope))
            return false;
    return !reading->has_failed;
}

/* ---- units ---- */

static bool fail(struct dwarf_reading *reading, const char *what)
{
    diag_error(reading->diag, (struct place){reading->source->container->path, 0, 0}, "%s", what);
    reading->has_failed = true;
    return false;
}

static bool read_unit(struct dwarf_reading *reading, Dwarf_CU *unit, uint8_t kind)
{
    static const struct scope outermost = {"", 0};
    const struct container *container = reading->source->container;
    uint8_t address_size, offset_size;
    Dwarf_Die top;

    if (dwarf_cu_die(unit, &top, NULL, NULL, &address_size, &offset_size, NULL, NULL) == NULL)
        return dwarf_damaged(reading, NULL, "a unit cannot be read");
    if (kind == DW_UT_skeleton || kind == DW_UT_split_compile || kind == DW_UT_split_type ||
        dwarf_hasattr(&top, DW_AT_GNU_dwo_name) || dwarf_hasattr(&top, DW_AT_dwo_name))
        return fail(reading,
                    "section '.debug_info' is one half of split debug information: compile "
                    "without -gsplit-dwarf");
    if (kind == DW_UT_type && container->is_relocatable)
        return fail(reading, "section '.debug_info' has type units, which are for the linker: "
                             "compile with -fno-debug-types-section or read the linked file");
    if (address_size != 4 && address_size != 8)
        return dwarf_damaged(reading, &top, "addresses have neither 4 nor 8 bytes");
    reading->pointer_bytes = address_size;
    return visit_children(reading, &top, &outermost);
}

static bool read_units(struct dwarf_reading *reading, Dwarf *dwarf)
{
    Dwarf_CU *unit = NULL;
    uint8_t kind;
    int result;

    for (;;) {
        Dwarf_Half version;
        result = dwarf_get_units(dwarf, unit, &unit, &version, &kind, NULL, NULL);
        if (result != 0)
            break;
        if (!read_unit(reading, unit, kind))
            return false;
    }
    if (result < 0)
        return dwarf_damaged(reading, NULL, dwarf_errmsg(-1));
    if (reading->n_types == 0)
        return fail(reading, "its debug information has no types: compile with -g, not -g1 or "
                             "-gline-tables-only");
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const struct fact *left = *(const struct fact *const *)a;
    const struct fact *right = *(const struct fact *const *)b;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return strcmp(left->name, right->name);
}

/* Wishes are granted once, so only two members of one record can have one name. */
static bool check_names(struct dwarf_reading *reading, size_t first)
{
    const struct facts *facts = reading->facts;
    struct arena scratch = {NULL};
    const struct fact **order = arena_alloc(&scratch, (facts->n + 1) * sizeof *order);
    size_t n = 0;
    bool is_good = true;

    for (size_t i = first; i < facts->n; i++)
        order[n++] = &facts->items[i];
    qsort(order, n, sizeof *order, compare_names);
    for (size_t i = 1; i < n && is_good; i++)
        if (compare_names(&order[i - 1], &order[i]) == 0)
            is_good = dwarf_damaged(reading, NULL, "two members of a record have one name");
    arena_release(&scratch);
    return is_good;
}

bool dwarf_read(struct facts *facts, const struct dwarf_source *source, struct dwarf_wish *wishes,
                size_t n_wishes, int *pointer_bits, struct diag *diag)
{
    const struct container *container = source->container;
    struct arena scratch = {NULL};
    struct dwarf_reading reading = {
        .source = source,
        .facts = facts,
        .arena = facts->arena,
        .diag = diag,
        .n_wishes = n_wishes,
        .n_steps_left = container->n_image * STEPS_PER_BYTE,
    };
    Elf *elf = NULL;
    Dwarf *dwarf = NULL;
    size_t first = facts->n;
    bool is_done;

    reading.wishes = arena_alloc(&scratch, (n_wishes + 1) * sizeof *reading.wishes);
    for (size_t i = 0; i < n_wishes; i++)
        reading.wishes[i] = &wishes[i];
    qsort(reading.wishes, n_wishes, sizeof *reading.wishes, compare_wishes);
    elf_version(EV_CURRENT);
    elf = elf_memory((char *)container->image, container->n_image);
    dwarf = elf != NULL ? dwarf_begin_elf(elf, DWARF_C_READ, NULL) : NULL;
    is_done = dwarf != NULL ? read_units(&reading, dwarf) && check_names(&reading, first)
                            : dwarf_damaged(&reading, NULL, dwarf_errmsg(-1));
    if (pointer_bits != NULL)
        *pointer_bits = reading.pointer_bytes * 8;
    dwarf_end(dwarf);
    elf_end(elf);
    arena_release(&scratch);
    return is_done;
}
