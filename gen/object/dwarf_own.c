/* dwarf_own.c - what belongs to a language itself; see dwarf_private.h.
 *
 * In: a unit, an entry of it and its qualified name; the table of languages. Out: whether that is of
 * the language's own library, which its compiler links into everybody's program.
 *
 * Design: compilers leave three traces, and each of them shows it in another way: Go by the path of
 * the package in every name, Rust by the folder in which its library was compiled, Zig and D by the
 * file that declares something. So the table has names of packages and patterns of folders, and any
 * of them is enough.
 */
#include <string.h>

#include "base/str.h"
#include "object/dwarf_private.h"

static bool is_in_folder(struct dwarf_reading *reading, const char *path)
{
    const struct language_own *own = &reading->wrote->own;

    for (unsigned i = 0; path != NULL && i < own->n_folders; i++)
        if (str_glob(own->folders[i], path))
            return true;
    return false;
}

static const char *attribute_of(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    const char *text =
        dwarf_attr(die, name, &attribute) != NULL ? dwarf_formstring(&attribute) : NULL;

    return text != NULL ? text : "";
}

void dwarf_note_own(struct dwarf_reading *reading, Dwarf_Die *top)
{
    const char *folder = attribute_of(top, DW_AT_comp_dir);

    reading->is_own_unit = false;
    reading->wrote = language_that_wrote(reading->source->languages, dwarf_language(top),
                                         attribute_of(top, DW_AT_producer));
    if (reading->wrote == NULL || reading->wrote->own.n_folders == 0)
        return;
    reading->is_own_unit = is_in_folder(reading, attribute_of(top, DW_AT_name)) ||
                           is_in_folder(reading, arena_printf(&reading->names, "%s/", folder));
    arena_rewind(&reading->names);
}

/* The length of what qualifies the last part of a name: of "internal/poll" in "internal/poll.FD". A
 * path of folders belongs to it, and what else stands before the first separator. */
static size_t length_of_package(const char *full)
{
    const char *slash = strrchr(full, '/');
    const char *start = slash != NULL ? slash : full;
    size_t length = strcspn(start, ".:");

    return start[length] != '\0' ? (size_t)(start - full) + length : 0;
}

bool dwarf_is_own(struct dwarf_reading *reading, Dwarf_Die *die, const char *full)
{
    const struct language_own *own = reading->wrote != NULL ? &reading->wrote->own : NULL;

    if (own == NULL || (own->n_packages == 0 && own->n_folders == 0))
        return false;
    if (reading->is_own_unit || language_owns(reading->wrote, full))
        return true;
    if (dwarf_tag(die) == DW_TAG_enumerator && reading->enum_type != NULL)
        die = reading->enum_type; /* which alone says where it is declared */
    return own->n_folders > 0 && is_in_folder(reading, dwarf_decl_file(die));
}

void dwarf_pass_over(struct dwarf_reading *reading, struct dwarf_query *query, const char *full)
{
    const char *package = arena_strndup(&reading->names, full, length_of_package(full));

    query->own_language = reading->wrote;
    for (size_t i = 0; i < query->n_own; i++)
        if (strcmp(query->own[i], package) == 0)
            return;
    if (query->n_own < DWARF_OWN_MAX)
        ARENA_PUSH(reading->arena, query->own, query->n_own, arena_strdup(reading->arena, package));
}
