/* dwarf_made.c - names that a compiler makes; see dwarf_private.h.
 *
 * In: the types of a unit that Zig compiled. Out: the name that their author gave them. Design: Zig
 * calls a type without a name of its own after what it stands in: X__struct_719. That is the value of
 * X, where an expression chose it (`const X = if (...) extern struct {...} else ...`), or a part of
 * X, such as a union that one of its fields is. Zig's own backend says which: it has an entry X that
 * imports the type. LLVM's has names in full and nothing else. There a part of a chosen type has both
 * marks, so that only a part of a type that is called X alone can be mistaken for X; and numbers rise
 * in the order in which types are made, X before its parts.
 */
#include "object/dwarf_private.h"

#include <stdlib.h>
#include <string.h>

enum { SCOPES_MAX = 64 };

/* Where "__struct_719" begins, and its number; NULL if the name does not end so. */
static const char *find_mark(const char *name, uint64_t *number)
{
    static const char *const marks[] = {"__struct_", "__union_", "__enum_", "__opaque_"};

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const char *mark = strstr(name, marks[i]);
        const char *digits = mark != NULL ? mark + strlen(marks[i]) : "";
        size_t n = strspn(digits, "0123456789");
        if (n == 0 || digits[n] != '\0')
            continue;
        *number = strtoull(digits, NULL, 10);
        return mark;
    }
    return NULL;
}

/* Notes a type of this name. */
static void note(struct dwarf_reading *reading, const char *name)
{
    uint64_t number = 0;
    const char *mark = find_mark(name, &number);
    const char *own =
        mark != NULL ? arena_strndup(&reading->names, name, (size_t)(mark - name)) : name;

    if (own[0] != '\0' && dwarf_is_queried(reading, own)) {
        size_t i = grouping_of(&reading->made_names, own);
        if (i >= reading->n_made)
            ARENA_PUSH(&reading->unit, reading->made, reading->n_made, (struct dwarf_made){number});
        else if (number < reading->made[i].lowest)
            reading->made[i].lowest = number;
    }
    arena_rewind(&reading->names);
}

static bool note_children(struct dwarf_reading *reading, Dwarf_Die *parent, int depth)
{
    Dwarf_Die child;
    bool more = dwarf_first(reading, parent, &child);

    if (depth > SCOPES_MAX)
        return dwarf_damaged(reading, parent, "namespaces lie too deep in each other");
    for (; more; more = dwarf_next(reading, &child)) {
        bool is_record = dwarf_is_record(&child);
        if (is_record || dwarf_tag(&child) == DW_TAG_enumeration_type)
            note(reading, dwarf_text(reading, &child, DW_AT_name));
        if ((is_record || dwarf_tag(&child) == DW_TAG_namespace) &&
            !note_children(reading, &child, depth + 1))
            return false;
    }
    return !reading->has_failed;
}

bool dwarf_note_made(struct dwarf_reading *reading, Dwarf_Die *top)
{
    bool is_zig = str_starts(dwarf_text(reading, top, DW_AT_producer), "zig");

    arena_rewind(&reading->unit);
    reading->made_names = (struct grouping){.arena = &reading->unit};
    reading->made = NULL;
    reading->n_made = 0;
    reading->imports_names = is_zig && strcmp(dwarf_language(top), "Zig") == 0;
    reading->makes_names = is_zig && !reading->imports_names;
    return !reading->makes_names || note_children(reading, top, 0);
}

const char *dwarf_own_name(struct dwarf_reading *reading, const char *name)
{
    uint64_t number;
    const char *mark = reading->makes_names ? find_mark(name, &number) : NULL;

    if (mark == NULL)
        return name;
    const char *own = arena_strndup(&reading->unit, name, (size_t)(mark - name));
    size_t i = grouping_find(&reading->made_names, own);
    return i != INDEX_NONE && reading->made[i].lowest == number ? own : name;
}

bool dwarf_imported_type(struct dwarf_reading *reading, Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute found;
    uint64_t number;

    return reading->imports_names && dwarf_attr(die, DW_AT_import, &found) != NULL &&
           dwarf_formref_die(&found, type) != NULL &&
           find_mark(dwarf_text(reading, type, DW_AT_name), &number) != NULL;
}
