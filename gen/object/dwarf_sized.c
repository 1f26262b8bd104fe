/* dwarf_sized.c - records of an object by their sizes, whatever their names; see dwarf.h.
 *
 * In: records as they are met, and sizes. Out: each record that has one of the sizes, once. Design:
 * only the first of a name is read. An object may have a million records of one size, so there is an
 * end to them.
 */
#include <stdlib.h>

#include "object/dwarf_private.h"

static int by_size(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

void dwarf_sized_begin(struct dwarf_sized *sized, struct arena *arena, const uint64_t *sizes,
                       size_t n_sizes, size_t most)
{
    *sized = (struct dwarf_sized){
        .sizes = arena_alloc(arena, (n_sizes + 1) * sizeof *sized->sizes),
        .n_sizes = n_sizes,
        .most = most,
        .names = {.arena = arena},
        .arena = arena,
    };
    for (size_t i = 0; i < n_sizes; i++)
        sized->sizes[i] = sizes[i];
    qsort(sized->sizes, n_sizes, sizeof *sized->sizes, by_size);
}

bool dwarf_sized_note(struct dwarf_reading *reading, Dwarf_Die *record,
                      const struct dwarf_scope *scope, const char *name)
{
    struct dwarf_sized *sized = reading->sized;
    struct dwarf_found found = {.facts = {.arena = reading->arena}};
    uint64_t size;

    if (name[0] == '\0' || sized->n >= sized->most || dwarf_flag(record, DW_AT_declaration) ||
        !dwarf_number(reading, record, DW_AT_byte_size, &size) ||
        bsearch(&size, sized->sizes, sized->n_sizes, sizeof size, by_size) == NULL)
        return !reading->has_failed;
    found.name = dwarf_qualified(reading, scope, name);
    bool is_read = true;
    if (grouping_is_new(&sized->names, found.name) && !dwarf_is_own(reading, record, found.name)) {
        found.name = arena_strdup(reading->arena, found.name);
        reading->facts = &found.facts;
        is_read = dwarf_read_record(reading, record, DWARF_FOUND_AS);
        reading->facts = NULL;
    }
    arena_rewind(&reading->names);
    if (is_read && found.facts.n > 0)
        ARENA_PUSH(sized->arena, sized->records, sized->n, found);
    return is_read;
}
