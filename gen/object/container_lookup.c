/* container_lookup.c - sections and symbols by what is known of them; see container.h.
 *
 * In: a name, an address, or a symbol that refers to another one. Out: what has it. Design: an
 * object may have a million symbols and a section for each variable, so they are put in order when
 * the first one is looked for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/index.h"
#include "object/container_private.h"

/* What is known of sections and symbols once somebody looks for one. */
struct container_lookup {
    struct index symbols; /* by name; of several the first by its rank */
    bool has_symbols;
    const struct container_section **mapped; /* in the order of their addresses */
    size_t n_mapped;
    bool has_mapped;
};

struct container_lookup *container_lookup_new(struct arena *arena)
{
    return arena_alloc(arena, sizeof(struct container_lookup));
}

/* ---- by name ---- */

int container_section(const struct container *container, const char *name)
{
    for (size_t i = 0; i < container->n_sections; i++)
        if (strcmp(container->sections[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* A name that a symbol may have. */
struct symbol_name {
    const struct container *container;
    const char *name;
};

static bool has_name(const void *context, size_t number)
{
    const struct symbol_name *wanted = context;

    return strcmp(wanted->container->symbols[number].name, wanted->name) == 0;
}

enum rank { GLOBAL, LOCAL, UNDEFINED, N_RANKS };

static enum rank rank_of(const struct container_symbol *symbol)
{
    if (symbol->section == SYMBOL_UNDEFINED)
        return UNDEFINED;
    return symbol->is_local ? LOCAL : GLOBAL;
}

static void index_symbols(const struct container *container, enum rank rank)
{
    struct index *index = &container->lookup->symbols;

    for (size_t i = 0; i < container->n_symbols; i++) {
        const struct container_symbol *symbol = &container->symbols[i];
        struct symbol_name wanted = {container, symbol->name};
        if (rank_of(symbol) != rank || symbol->name[0] == '\0')
            continue;
        uint64_t hash = index_hash(0, symbol->name, strlen(symbol->name));
        if (index_find(index, hash, has_name, &wanted) == INDEX_NONE)
            index_add(index, container->arena, hash, i);
    }
}

/* The symbol of this name, the first by its rank; NULL if there is none. */
static const struct container_symbol *find_symbol(const struct container *container,
                                                  const char *name)
{
    struct container_lookup *lookup = container->lookup;
    struct symbol_name wanted = {container, name};

    for (int rank = 0; rank < N_RANKS && !lookup->has_symbols; rank++)
        index_symbols(container, (enum rank)rank);
    lookup->has_symbols = true;
    size_t found =
        index_find(&lookup->symbols, index_hash(0, name, strlen(name)), has_name, &wanted);
    return found != INDEX_NONE ? &container->symbols[found] : NULL;
}

const struct container_symbol *container_symbol(const struct container *container, const char *name)
{
    const struct container_symbol *found = find_symbol(container, name);

    return found != NULL && found->section != SYMBOL_UNDEFINED ? found : NULL;
}

bool container_mentions(const struct container *container, const char *name)
{
    return find_symbol(container, name) != NULL;
}

/* ---- by address ---- */

static int compare_addresses(const void *a, const void *b)
{
    const struct container_section *left = *(const struct container_section *const *)a;
    const struct container_section *right = *(const struct container_section *const *)b;

    return (left->address > right->address) - (left->address < right->address);
}

/* Puts the sections that are mapped, and whose bytes are in the file, in order. */
static void sort_mapped(const struct container *container)
{
    struct container_lookup *lookup = container->lookup;

    for (size_t i = 0; i < container->n_sections; i++) {
        const struct container_section *section = &container->sections[i];
        if (section->is_mapped && section->file != NULL && !section->is_compressed &&
            section->n_file > 0)
            ARENA_PUSH(container->arena, lookup->mapped, lookup->n_mapped, section);
    }
    if (lookup->n_mapped > 0)
        qsort(lookup->mapped, lookup->n_mapped, sizeof *lookup->mapped, compare_addresses);
    lookup->has_mapped = true;
}

const uint8_t *container_at(const struct container *container, uint64_t address, size_t n_bytes)
{
    struct container_lookup *lookup = container->lookup;

    if (!lookup->has_mapped)
        sort_mapped(container);
    size_t low = 0, high = lookup->n_mapped;
    while (low < high) { /* the first one that starts behind it */
        size_t middle = low + (high - low) / 2;
        if (lookup->mapped[middle]->address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    const struct container_section *section = lookup->mapped[low - 1];
    uint64_t offset = address - section->address;
    return offset <= section->n_file && n_bytes <= section->n_file - offset ? section->file + offset
                                                                            : NULL;
}

/* ---- by relocation ---- */

/* The symbol that a word refers to. */
struct referring {
    const struct container *container;
    uint64_t offset;
    const struct container_symbol *found;
};

static const char *refer(void *context, const struct relocation *relocation)
{
    struct referring *referring = context;
    const struct container_symbol *symbols = referring->container->symbols;

    if (referring->found == NULL && relocation->symbol >= 0 &&
        relocation->offset == referring->offset && symbols[relocation->symbol].name[0] != '\0')
        referring->found = &symbols[relocation->symbol];
    return NULL;
}

const struct container_symbol *container_reference(const struct container *container,
                                                   const struct container_symbol *symbol)
{
    struct referring referring = {.container = container};

    if (!container->is_relocatable || symbol->section < 0)
        return NULL;
    referring.offset = symbol->value - container->sections[symbol->section].address;
    if (!container->format->relocations(container, (size_t)symbol->section, refer, &referring,
                                        NULL))
        return NULL;
    return referring.found;
}
