/* dwarf_entry.c - aliases, functions, and records by way of what leads to them; see dwarf_private.h.
 *
 * In: an entry whose name is queried. Out: its facts. Design: a name that was found may be that of
 * something else, which anybody may have: then nothing is added, and another entry of the name may
 * be the one.
 */
#include "object/dwarf_private.h"

#include <string.h>

bool dwarf_read_alias(struct dwarf_reading *reading, Dwarf_Die *die,
                      const struct dwarf_query *query)
{
    const char *type = dwarf_type_text(reading, die);

    if (reading->has_failed)
        return false;
    Dwarf_Die record;
    /* the typedef may itself be the record's only name */
    if (dwarf_type_of(reading, die, &record) && dwarf_is_record(&record) &&
        strchr(type, ':') == NULL)
        type = arena_printf(reading->arena, "%s:%s", type, dwarf_text(reading, die, DW_AT_name));
    struct fact *fact = facts_add(reading->facts, FACT_ALIAS, query->as);
    fact->where = dwarf_location(reading, die);
    fact_set(reading->facts, fact, ALIAS_TYPE, type);
    return true;
}

/* Goes from a variable to the function that it points to; false if it does not. */
static bool pointed_function(struct dwarf_reading *reading, Dwarf_Die *die)
{
    if (dwarf_tag(die) == DW_TAG_subprogram)
        return true;
    Dwarf_Die type;
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

bool dwarf_read_function(struct dwarf_reading *reading, Dwarf_Die *die,
                         const struct dwarf_query *query)
{
    Dwarf_Die function = *die;

    if (!pointed_function(reading, &function)) {
        if (reading->has_failed)
            return false;
        /* a variable of the same name, which anybody may have */
        return reading->source->is_foreign ||
               dwarf_damaged(reading, die, "a function has no prototype");
    }
    const char *result = dwarf_type_text(reading, &function);
    const char *params = dwarf_params_text(reading, &function);
    if (reading->has_failed)
        return false;
    struct fact *fact = facts_add(reading->facts, FACT_FUNCTION, query->as);
    fact->where = dwarf_location(reading, die);
    fact_set(reading->facts, fact, FUNCTION_RETURN, result);
    fact_set(reading->facts, fact, FUNCTION_PARAMS, params);
    return true;
}

static bool is_pointer(Dwarf_Die *type)
{
    int tag = dwarf_tag(type);

    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type || tag == DW_TAG_array_type;
}

/* Goes from a variable or parameter to the record that its type leads to; *name gets its name. That
 * may be only declared. */
static bool leads_to_record(struct dwarf_reading *reading, Dwarf_Die *die, Dwarf_Die *record,
                            const char **name)
{
    *record = *die;
    for (int depth = 0; depth < DWARF_DEPTH_MAX; depth++) {
        Dwarf_Die type;
        if (!dwarf_step(reading, die) || !dwarf_type_of(reading, record, &type) ||
            !dwarf_bare_type(reading, &type, name))
            return false;
        *record = type;
        if (dwarf_is_record(record))
            return true;
        if (!is_pointer(record))
            return false;
    }
    return false;
}

/* Goes from a function, or a variable that points to one, to its parameter of this number. */
static bool find_parameter(struct dwarf_reading *reading, Dwarf_Die *die, unsigned number,
                           Dwarf_Die *parameter)
{
    Dwarf_Die function = *die;
    bool more = pointed_function(reading, &function) && dwarf_first(reading, &function, parameter);

    for (; more; more = dwarf_next(reading, parameter))
        if (dwarf_tag(parameter) == DW_TAG_formal_parameter && --number == 0)
            return true;
    return false;
}

/* A record by way of something that leads to it. One that a function takes by value is not what the
 * query is for: kernels take addresses. */
bool dwarf_read_through(struct dwarf_reading *reading, Dwarf_Die *die,
                        const struct dwarf_query *query)
{
    Dwarf_Die from = *die, type, record;

    if (query->parameter > 0 && (!find_parameter(reading, die, query->parameter, &from) ||
                                 !dwarf_type_of(reading, &from, &type) ||
                                 !dwarf_bare_type(reading, &type, NULL) || !is_pointer(&type)))
        return !reading->has_failed;
    const char *name = "";
    if (!leads_to_record(reading, &from, &record, &name))
        return !reading->has_failed;
    if (query->parameter > 0)
        reading->record = name[0] != '\0' ? name
                                          : arena_printf(reading->arena, "parameter %u of %s",
                                                         query->parameter, query->name);
    if (dwarf_flag(&record, DW_AT_declaration) ||
        (query->record != NULL && strcmp(query->record, reading->record) != 0))
        return true;
    return dwarf_read_record(reading, &record, query->as);
}
