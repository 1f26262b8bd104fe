/* dwarf_read.c - the entries of an object's debug information in, facts out; see
 * dwarf.h. dwarf_private.h lists the files that use libdw with this one.
 *
 * In: an ELF image that has nothing to relocate. Out: facts of the names that are queried. libdw
 * decodes attributes; the walk is ours, because the input may be damaged: every step is counted,
 * and what cannot be is refused and not repaired.
 */
#include "object/dwarf_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool read_record(struct dwarf_reading *reading, Dwarf_Die *die,
                        const struct dwarf_query *query)
{
    return dwarf_read_record(reading, die, query->as);
}

/* ---- the walk ---- */

enum { SCOPES_MAX = 64 };

static bool visit_children(struct dwarf_reading *reading, Dwarf_Die *parent,
                           const struct dwarf_scope *scope);
static bool visit_body(struct dwarf_reading *reading, Dwarf_Die *function,
                       const struct dwarf_scope *scope);

/* Visits what lies in an entry, under its name. */
static bool visit_inside(struct dwarf_reading *reading, Dwarf_Die *die,
                         const struct dwarf_scope *scope, const char *name)
{
    struct dwarf_scope inner = {scope, name, scope->depth + 1, dwarf_is_record(die)};

    if (inner.depth > SCOPES_MAX)
        return dwarf_damaged(reading, die, "namespaces lie too deep in each other");
    if (dwarf_tag(die) == DW_TAG_subprogram)
        return visit_body(reading, die, &inner);
    return visit_children(reading, die, &inner);
}

enum { ENUMERATOR_PREFIX = 3 };

/* True for an enumerator that is one among others in a scope of their own, as IORING_OP.FUTEX_WAIT
 * beside IORING_OP.READV: nothing says that the constant of its bare name is meant, as it is where
 * most of its siblings begin alike. */
static bool is_stray(struct dwarf_reading *reading, Dwarf_Die *type, const char *enum_name,
                     const char *name)
{
    size_t n = 0, n_alike = 0;
    Dwarf_Die child;

    if (enum_name[0] == '\0' || (!reading->has_scoped_enums && strchr(enum_name, '.') == NULL &&
                                 !dwarf_flag(type, DW_AT_enum_class)))
        return false;
    for (bool more = dwarf_first(reading, type, &child); more; more = dwarf_next(reading, &child)) {
        if (dwarf_tag(&child) != DW_TAG_enumerator)
            continue;
        n_alike +=
            strncasecmp(dwarf_text(reading, &child, DW_AT_name), name, ENUMERATOR_PREFIX) == 0;
        n++;
    }
    return 2 * n_alike < n;
}

/* An enumerator is known by its own name, and in C++, D and Rust by that of its enum before it. */
static bool visit_enum(struct dwarf_reading *reading, Dwarf_Die *type,
                       const struct dwarf_scope *scope)
{
    const char *name = dwarf_own_name(reading, dwarf_text(reading, type, DW_AT_name));
    struct dwarf_scope inner = {scope, name, scope->depth + 1, false};
    Dwarf_Die child;

    if (!dwarf_flag(type, DW_AT_declaration) &&
        !dwarf_match(reading, FACT_ALIAS, true, scope, name, type, dwarf_read_enumeration))
        return false;
    bool more = dwarf_first(reading, type, &child);
    reading->enum_type = type;
    for (; more; more = dwarf_next(reading, &child)) {
        const char *child_name = dwarf_text(reading, &child, DW_AT_name);
        if (dwarf_tag(&child) != DW_TAG_enumerator || !dwarf_is_queried(reading, child_name))
            continue;
        reading->is_stray = is_stray(reading, type, name, child_name);
        if (!dwarf_match(reading, FACT_CONSTANT, false, scope, child_name, &child,
                         dwarf_read_enumerator))
            return false;
        if (name[0] == '\0' || !reading->source->is_foreign)
            continue;
        if (!dwarf_match(reading, FACT_CONSTANT, false, &inner, child_name, &child,
                         dwarf_read_enumerator))
            return false;
    }
    reading->is_stray = false;
    return !reading->has_failed;
}

static bool has_types_inside(struct dwarf_reading *reading, Dwarf_Die *record)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, record, &child);

    for (; more; more = dwarf_next(reading, &child)) {
        int tag = dwarf_tag(&child);
        if (tag != DW_TAG_member || dwarf_hasattr(&child, DW_AT_const_value))
            return true;
    }
    return false;
}

static bool visit_record(struct dwarf_reading *reading, Dwarf_Die *die,
                         const struct dwarf_scope *scope)
{
    const char *name = dwarf_own_name(reading, dwarf_text(reading, die, DW_AT_name));

    if (reading->sized != NULL && !dwarf_sized_note(reading, die, scope, name))
        return false;
    if (!dwarf_flag(die, DW_AT_declaration) &&
        !dwarf_match(reading, FACT_RECORD, false, scope, name, die, read_record))
        return false;
    if (reading->source->is_foreign && has_types_inside(reading, die))
        return visit_inside(reading, die, scope, name);
    return !reading->has_failed;
}

/* A variable may be a constant, point to a function, or be of a type that has no name to ask for.
 */
static bool visit_variable(struct dwarf_reading *reading, Dwarf_Die *die,
                           const struct dwarf_scope *scope)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);

    if (name[0] == '\0' || !dwarf_is_queried(reading, name))
        return !reading->has_failed;
    return dwarf_match(reading, FACT_RECORD, true, scope, name, die, dwarf_read_through) &&
           dwarf_match(reading, FACT_CONSTANT, false, scope, name, die, dwarf_read_constant) &&
           dwarf_match(reading, FACT_FUNCTION, false, scope, name, die, dwarf_read_function);
}

/* The name of a function, of a method's body that of its declaration; "" of a copy of a function,
 * such as the one that is called where others were inlined: it has the types of the original. */
static const char *function_name(struct dwarf_reading *reading, Dwarf_Die *die)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);
    Dwarf_Attribute found;
    Dwarf_Die declaration;

    if (name[0] == '\0' && dwarf_attr(die, DW_AT_specification, &found) != NULL &&
        dwarf_formref_die(&found, &declaration) != NULL)
        name = dwarf_text(reading, &declaration, DW_AT_name);
    return name;
}

static bool visit_function(struct dwarf_reading *reading, Dwarf_Die *die,
                           const struct dwarf_scope *scope)
{
    const char *name = function_name(reading, die);

    if (!scope->is_record && dwarf_is_queried(reading, name) &&
        (!dwarf_match(reading, FACT_FUNCTION, false, scope, name, die, dwarf_read_function) ||
         !dwarf_match(reading, FACT_RECORD, true, scope, name, die, dwarf_read_through)))
        return false;
    if (!reading->source->is_foreign || name[0] == '\0' || dwarf_haschildren(die) <= 0)
        return !reading->has_failed;
    return visit_inside(reading, die, scope, name);
}

/* A record that a typedef gives its only name, where records are looked for by size. */
static bool note_named(struct dwarf_reading *reading, Dwarf_Die *die,
                       const struct dwarf_scope *scope, const char *name)
{
    Dwarf_Die type;

    if (!dwarf_type_of(reading, die, &type) || !dwarf_is_record(&type) ||
        dwarf_text(reading, &type, DW_AT_name)[0] != '\0')
        return !reading->has_failed;
    return dwarf_sized_note(reading, &type, scope, name);
}

/* A record or an enumeration, by a name that another entry gives it. */
static bool visit_named(struct dwarf_reading *reading, Dwarf_Die *type,
                        const struct dwarf_scope *scope, const char *name)
{
    if (dwarf_flag(type, DW_AT_declaration))
        return !reading->has_failed;
    if (dwarf_tag(type) == DW_TAG_enumeration_type)
        return dwarf_match(reading, FACT_ALIAS, true, scope, name, type, dwarf_read_enumeration);
    if (!dwarf_is_record(type))
        return !reading->has_failed;
    return dwarf_match(reading, FACT_RECORD, false, scope, name, type, read_record);
}

/* A typedef is an alias, and may be the only name of a record or of an enumeration. */
static bool visit_typedef(struct dwarf_reading *reading, Dwarf_Die *die,
                          const struct dwarf_scope *scope)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);

    if (reading->sized != NULL)
        return note_named(reading, die, scope, name);
    if (!dwarf_is_queried(reading, name))
        return !reading->has_failed;
    if (!dwarf_match(reading, FACT_ALIAS, false, scope, name, die, dwarf_read_alias))
        return false;
    Dwarf_Die type;
    if (!dwarf_type_of(reading, die, &type) || !dwarf_bare_type(reading, &type, NULL))
        return !reading->has_failed;
    return visit_named(reading, &type, scope, name);
}

/* An entry may give a type a name that it has not in its own. */
static bool visit_import(struct dwarf_reading *reading, Dwarf_Die *die,
                         const struct dwarf_scope *scope)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);
    Dwarf_Die type;

    if (!dwarf_is_queried(reading, name) || !dwarf_imported_type(reading, die, &type))
        return !reading->has_failed;
    return visit_named(reading, &type, scope, name);
}

static bool visit(struct dwarf_reading *reading, Dwarf_Die *die, const struct dwarf_scope *scope)
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
    case DW_TAG_imported_declaration:
        return visit_import(reading, die, scope);
    case DW_TAG_constant:
    case DW_TAG_variable:
    case DW_TAG_formal_parameter:
        return visit_variable(reading, die, scope);
    case DW_TAG_member: /* of a record that is visited as a namespace: a constant of its class */
        return !dwarf_hasattr(die, DW_AT_const_value) || visit_variable(reading, die, scope);
    case DW_TAG_subprogram:
        return visit_function(reading, die, scope);
    case DW_TAG_namespace:
    case DW_TAG_module:
        return visit_inside(reading, die, scope, dwarf_text(reading, die, DW_AT_name));
    default:
        return true;
    }
}

/* A variable in a function. It may lead to a type that has no name to ask for, or be a constant: but
 * one that is not declared as such has a value only because the compiler found it out. */
static bool visit_local(struct dwarf_reading *reading, Dwarf_Die *die,
                        const struct dwarf_scope *scope)
{
    const char *name = dwarf_text(reading, die, DW_AT_name);

    if (name[0] == '\0' || !dwarf_is_queried(reading, name))
        return !reading->has_failed;
    if (reading->looks_through &&
        !dwarf_match(reading, FACT_RECORD, true, scope, name, die, dwarf_read_through))
        return false;
    return !dwarf_is_constant(reading, die) ||
           dwarf_match(reading, FACT_CONSTANT, false, scope, name, die, dwarf_read_constant);
}

/* What of a function's body is looked at: the types in it, and its variables. */
static bool visit_in_body(struct dwarf_reading *reading, Dwarf_Die *die,
                          const struct dwarf_scope *scope)
{
    switch (dwarf_tag(die)) {
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type:
    case DW_TAG_enumeration_type:
    case DW_TAG_typedef:
    case DW_TAG_subprogram:
    case DW_TAG_namespace:
    case DW_TAG_module:
        return visit(reading, die, scope);
    case DW_TAG_constant:
    case DW_TAG_variable:
    case DW_TAG_formal_parameter:
        return visit_local(reading, die, scope);
    default:
        return true;
    }
}

/* Moves to what follows an entry of a body: its sibling, or, behind the last entry of a block, that
 * of the block. A block's children are not gone through once more for that, as a look for its sibling
 * would: where they end, it goes on. Returns false behind the last entry of the body. */
static bool move_on(struct dwarf_reading *reading, Dwarf_Die *die, size_t *n_blocks)
{
    Dwarf_Die next;

    if (!dwarf_step(reading, die))
        return false;
    int result = dwarf_siblingof(die, &next);
    if (result < 0)
        return dwarf_damaged(reading, die, "an entry's sibling cannot be read");
    if (result == 0) {
        *die = next;
        return true;
    }
    const uint8_t *at = next.addr; /* the byte 0 that ends the children; NULL: the unit ends */
    for (; at != NULL && *n_blocks > 0 && at + 1 < reading->unit_end; --*n_blocks) {
        at++;
        if (*at == 0)
            continue;
        --*n_blocks;
        if (dwarf_die_addr_die(dwarf_cu_getdwarf(die->cu), (void *)at, &next) == NULL)
            return dwarf_damaged(reading, die, "the end of a block cannot be read");
        *die = next;
        return true;
    }
    return false;
}

/* Visits what lies in a function. Its blocks have no names, and some compilers open one for every
 * variable, so they are walked through without a call for each. */
static bool visit_body(struct dwarf_reading *reading, Dwarf_Die *function,
                       const struct dwarf_scope *scope)
{
    size_t n_blocks = 0;
    Dwarf_Die child, inner;
    bool more = dwarf_first(reading, function, &child);

    while (more) {
        if (dwarf_tag(&child) == DW_TAG_lexical_block && dwarf_first(reading, &child, &inner)) {
            n_blocks++;
            child = inner;
            continue;
        }
        if (!visit_in_body(reading, &child, scope))
            return false;
        more = move_on(reading, &child, &n_blocks);
    }
    return !reading->has_failed;
}

static bool visit_children(struct dwarf_reading *reading, Dwarf_Die *parent,
                           const struct dwarf_scope *scope)
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
    diag_error(reading->diag, (struct location){reading->source->container->path, 0, 0}, "%s",
               what);
    reading->has_failed = true;
    return false;
}

static bool read_unit(struct dwarf_reading *reading, Dwarf_CU *unit, uint8_t kind)
{
    static const struct dwarf_scope outermost = {NULL, "", 0, false};
    const struct container *container = reading->source->container;
    uint8_t address_size, offset_size;
    Dwarf_Half version;
    Dwarf_Die top;

    if (dwarf_cu_die(unit, &top, &version, NULL, &address_size, &offset_size, NULL, NULL) == NULL)
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
    reading->unit_end = dwarf_unit_end(container, unit, &top, version, kind);
    if (reading->unit_end == NULL)
        return dwarf_damaged(reading, &top, "a unit has no end");
    dwarf_note_language(reading, &top);
    dwarf_note_own(reading, &top);
    return dwarf_note_made(reading, &top) && visit_children(reading, &top, &outermost);
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
                             "-gline-tables-only, and a source that uses them, as in a variable of "
                             "each");
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

/* The first of a name gives the facts, so only two members of one record can have one name. */
static bool check_names(struct dwarf_reading *reading, size_t first)
{
    const struct facts *facts = reading->facts;
    struct arena scratch = {NULL};
    const struct fact **order = arena_alloc(&scratch, (facts->n + 1) * sizeof *order);
    size_t n = 0;

    for (size_t i = first; i < facts->n; i++)
        order[n++] = &facts->items[i];
    qsort(order, n, sizeof *order, compare_names);
    bool is_good = true;
    for (size_t i = 1; i < n && is_good; i++)
        if (compare_names(&order[i - 1], &order[i]) == 0)
            is_good = dwarf_damaged(reading, NULL, "two members of a record have one name");
    arena_release(&scratch);
    return is_good;
}

bool dwarf_read(struct facts *facts, const struct dwarf_source *source, struct dwarf_query *queries,
                size_t n_queries, int *pointer_bits, struct diag *diag)
{
    struct arena scratch = {NULL};
    struct dwarf_reading reading;
    struct dwarf_opened opened;
    size_t first = facts->n;

    dwarf_begin_reading(&reading, source, facts->arena, diag);
    reading.facts = facts;
    dwarf_sort_queries(&reading, &scratch, queries, n_queries);
    bool is_done = dwarf_open(&reading, &opened) && read_units(&reading, opened.dwarf) &&
                   check_names(&reading, first);
    if (pointer_bits != NULL)
        *pointer_bits = reading.pointer_bytes * 8;
    dwarf_close(&opened);
    arena_release(&reading.names);
    arena_release(&reading.passing);
    arena_release(&reading.unit);
    arena_release(&scratch);
    return is_done;
}

bool dwarf_records(const struct dwarf_source *source, const uint64_t *sizes, size_t n_sizes,
                   size_t most, struct arena *arena, struct dwarf_found **records, size_t *n,
                   struct diag *diag)
{
    struct dwarf_reading reading;
    struct dwarf_opened opened;
    struct dwarf_sized sized;

    dwarf_begin_reading(&reading, source, arena, diag);
    dwarf_sized_begin(&sized, arena, sizes, n_sizes, most);
    reading.sized = &sized;
    reading.has_no_places = true;
    bool is_done = dwarf_open(&reading, &opened) && read_units(&reading, opened.dwarf);
    dwarf_close(&opened);
    arena_release(&reading.names);
    arena_release(&reading.passing);
    arena_release(&reading.unit);
    for (size_t i = 0; i < sized.n; i++)
        facts_sort(&sized.records[i].facts);
    *records = sized.records;
    *n = sized.n;
    return is_done;
}
