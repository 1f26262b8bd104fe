/* object_system.c - which system an object is for; see object_system.h.
 *
 * In: an object. Out: what it says, or hints at, compared with the marks of gen/targets.yaml. A
 * file for a machine names its system where a linker has put a note, an interpreter or a byte of
 * the header in; before that there are only traces of the compiler and of the C library. Design:
 * every trace becomes a text, "note NetBSD" or "symbol __errno", and the table has patterns of
 * those: nothing here knows any system. Which headers know the names that are asked for is no
 * trace: other systems have records of the same names.
 */
#include "verify/object_system.h"

#include <elf.h>
#include <string.h>

/* Of the strings in a file, so many are looked at. A linker keeps one for each compiler. */
enum { TEXTS_MAX = 4096 };

/* Traces of one kind. */
struct texts {
    struct arena *arena;
    const char **items;
    size_t n;
};

static void add(struct texts *texts, const char *text)
{
    if (texts->n < TEXTS_MAX)
        ARENA_PUSH(texts->arena, texts->items, texts->n, text);
}

static const struct container_section *section_named(const struct container *container,
                                                     const char *name)
{
    int index = container_section(container, name);

    return index >= 0 && container->sections[index].file != NULL ? &container->sections[index]
                                                                 : NULL;
}

/* ---- what it says ---- */

static uint32_t word_at(const struct container *container, const uint8_t *at)
{
    return (uint32_t)bytes_get(at, 4, container->is_big_endian);
}

/* "note OWNER" for each note of a section, "note GNU 0" for the tag in which GNU's linker writes
 * the system's number. */
static void add_notes(struct texts *texts, const struct container *container,
                      const struct container_section *section)
{
    enum { HEADER = 12, TAG = 1 /* NT_GNU_ABI_TAG */ };
    const uint8_t *at = section->file, *end = at + section->n_file;

    while ((size_t)(end - at) > HEADER && texts->n < TEXTS_MAX) {
        size_t n_owner = word_at(container, at), n_content = word_at(container, at + 4);
        uint32_t type = word_at(container, at + 8);
        size_t left = (size_t)(end - at) - HEADER;
        const char *owner = (const char *)at + HEADER;
        if (n_owner > left || n_content > left || strnlen(owner, n_owner) == n_owner)
            return;
        size_t n_skipped = (n_owner + 3) / 4 * 4;
        if (strcmp(owner, "GNU") != 0)
            add(texts, arena_printf(texts->arena, "note %s", owner));
        else if (type == TAG && n_content >= 4 && n_skipped + 4 <= left)
            add(texts, arena_printf(texts->arena, "note GNU %u",
                                    word_at(container, at + HEADER + n_skipped)));
        n_skipped += (n_content + 3) / 4 * 4;
        if (n_skipped > left)
            return;
        at += HEADER + n_skipped;
    }
}

static void add_header(struct texts *texts, const struct container *container)
{
    if (container->bytes[EI_OSABI] != ELFOSABI_NONE)
        add(texts, arena_printf(texts->arena, "osabi %u", container->bytes[EI_OSABI]));
}

static void add_certain(struct texts *texts, const struct container *container)
{
    const struct container_section *interpreter = section_named(container, ".interp");

    add_header(texts, container);
    if (interpreter != NULL)
        add(texts, arena_printf(texts->arena, "interpreter %s",
                                arena_strndup(texts->arena, (const char *)interpreter->file,
                                              strnlen((const char *)interpreter->file,
                                                      interpreter->n_file))));
    for (size_t i = 0; i < container->n_sections; i++)
        if (str_starts(container->sections[i].name, ".note") &&
            container->sections[i].file != NULL && !container->sections[i].is_compressed)
            add_notes(texts, container, &container->sections[i]);
}

/* ---- what it hints at ---- */

/* The strings of a section that start so, each behind the word. */
static void add_strings(struct texts *texts, const struct container *container, const char *name,
                        const char *start, const char *word)
{
    const struct container_section *section = section_named(container, name);
    const char *at = section != NULL ? (const char *)section->file : NULL;
    const char *end = section != NULL ? at + section->n_file : NULL;
    size_t n_start = strlen(start);

    while (at < end && texts->n < TEXTS_MAX) {
        size_t length = strnlen(at, (size_t)(end - at)), shown = length < 256 ? length : 256;
        if (length > 0 && length >= n_start && memcmp(at, start, n_start) == 0)
            add(texts, arena_printf(texts->arena, "%s %.*s", word, (int)shown, at));
        at += length + 1;
    }
}

/* ---- comparing ---- */

static bool has_any(const char *const *patterns, unsigned n, const struct texts *texts)
{
    for (unsigned i = 0; i < n; i++)
        for (size_t k = 0; k < texts->n; k++)
            if (str_glob(patterns[i], texts->items[k]))
                return true;
    return false;
}

/* The systems that have one of these texts as a mark: among those that decide, or the hints. */
static size_t find(const struct systems *systems, const struct texts *texts, bool says,
                   const struct system **found)
{
    size_t n = 0;

    for (unsigned i = 0; i < systems->n; i++) {
        const struct system *system = &systems->items[i];
        if (has_any((const char *const *)(says ? system->says : system->hints),
                    says ? system->n_says : system->n_hints, texts))
            found[n++] = system;
    }
    return n;
}

/* True if another system has the hint, too. */
static bool is_shared(const struct systems *systems, const struct system *own, const char *hint)
{
    for (unsigned i = 0; i < systems->n; i++)
        for (unsigned k = 0; k < systems->items[i].n_hints && &systems->items[i] != own; k++)
            if (strcmp(systems->items[i].hints[k], hint) == 0)
                return true;
    return false;
}

/* The systems of which the object has a symbol: one that several have, or one of its own. */
static size_t find_symbols(const struct container *container, const struct systems *systems,
                           bool shared, const struct system **found)
{
    static const char word[] = "symbol ";
    size_t n = 0;

    for (unsigned i = 0; i < systems->n; i++) {
        const struct system *system = &systems->items[i];
        bool is_found = false;
        for (unsigned k = 0; k < system->n_hints && !is_found; k++)
            is_found = str_starts(system->hints[k], word) &&
                       container_mentions(container, system->hints[k] + strlen(word)) &&
                       is_shared(systems, system, system->hints[k]) == shared;
        if (is_found)
            found[n++] = system;
    }
    return n;
}

static size_t find_format(const struct systems *systems, bool is_elf, const struct system **found)
{
    size_t n = 0;

    for (unsigned i = 0; i < systems->n; i++)
        if (system_is_elf(systems, systems->items[i].name) == is_elf)
            found[n++] = &systems->items[i];
    return n;
}

struct object_systems object_systems(const struct container *container,
                                     const struct systems *systems, struct arena *arena)
{
    struct object_systems result = {
        .items = arena_alloc(arena, (systems->n + 1) * sizeof *result.items), .is_certain = true};
    struct texts texts = {.arena = arena};

    if (!container->is_elf) {
        result.n = find_format(systems, false, result.items);
        return result;
    }
    add_certain(&texts, container);
    result.n = find(systems, &texts, true, result.items);
    if (result.n > 0)
        return result;
    result.is_certain = false;
    texts.n = 0;
    add_strings(&texts, container, ".dynstr", "libc.", "library");
    result.n = find(systems, &texts, false, result.items);
    if (result.n > 0)
        return result;
    texts.n = 0;
    add_strings(&texts, container, ".comment", "", "comment");
    result.n = find(systems, &texts, false, result.items);
    if (result.n == 0)
        result.n = find_symbols(container, systems, false, result.items);
    if (result.n == 0)
        result.n = find_symbols(container, systems, true, result.items);
    if (result.n == 0) {
        texts.n = 0;
        add_header(&texts, container);
        result.n = find(systems, &texts, false, result.items);
    }
    return result;
}
