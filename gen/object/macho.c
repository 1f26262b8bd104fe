/* macho.c - Mach-O, thin and fat, as Apple's compilers and dsymutil write it; see
 * container.h.
 *
 * In: the file. Out: the same as from ELF. Sections of the segment __DWARF get the names that ELF
 * gives them, so that nobody else has to know of Apple's 16 characters ("__debug_str_offs").
 *
 * Source: <mach-o/loader.h>, <mach-o/nlist.h>, <mach-o/reloc.h>, <mach-o/fat.h>, written down here
 * because no system but Apple's has them.
 */
#include "object/container_private.h"

#include <string.h>

enum { LC_SEGMENT = 0x1, LC_SYMTAB = 0x2, LC_SEGMENT_64 = 0x19 };
enum { MH_OBJECT = 1 };
enum { S_ZEROFILL = 1, S_GB_ZEROFILL = 12, S_THREAD_LOCAL_ZEROFILL = 18 }; /* flags & 0xff */
static const uint32_t S_ATTR_CODE = 0x80000400; /* ..._PURE_INSTRUCTIONS, ..._SOME_INSTRUCTIONS */
enum { N_EXT = 0x01, N_TYPE = 0x0e, N_ABS = 0x2, N_SECT = 0xe, N_STAB = 0xe0 };
enum { NAME_MAX_BYTES = 16, COMMANDS_MAX = 65536, FAT_MAX = 32 };

/* Where the relocations of a section are. */
struct macho_section {
    uint64_t relocations; /* offset in the file */
    uint32_t n_relocations;
};

struct macho {
    struct macho_section *more; /* one for each of container->sections */
};

/* ---- fat files ---- */

struct fat {
    const uint8_t *entries;
    uint64_t n;
    bool is_64;
};

/* Narrows the container to the entry's bytes. Returns false after reporting. */
static bool enter(struct container *container, const struct fat *fat, uint64_t i)
{
    size_t entry_size = fat->is_64 ? 32 : 20;
    unsigned word = fat->is_64 ? 8 : 4;
    const uint8_t *entry = fat->entries + i * entry_size;
    uint64_t offset = bytes_get(entry + 8, word, true);
    uint64_t size = bytes_get(entry + 8 + word, word, true);
    const uint8_t *bytes = container_slice(container, offset, size);

    if (bytes == NULL)
        return container_fail(container, "truncated: part %llu of a fat file ends behind the file",
                              (unsigned long long)i);
    container->bytes = bytes;
    container->n_bytes = size;
    return true;
}

static const char *entry_name(const struct container *container, const struct fat *fat, uint64_t i)
{
    uint32_t number = (uint32_t)bytes_get(fat->entries + i * (fat->is_64 ? 32 : 20), 4, true);
    const struct machine *machine = machine_of_macho(container->machines, number);

    return machine != NULL ? machine->name
                           : arena_printf(container->arena, "processor 0x%x", number);
}

/* Finds the part for the machine. Returns false after reporting. */
static bool choose_part(struct container *container, const char *machine)
{
    struct str names = {.arena = container->arena};
    struct fat fat = {.is_64 = container->bytes[3] == 0xbf};
    const uint8_t *header = container_slice(container, 0, 8);

    fat.n = header != NULL ? bytes_get(header + 4, 4, true) : 0;
    if (fat.n == 0 || fat.n > FAT_MAX)
        return container_fail(container, "damaged: a fat file of %llu parts (or a Java class)",
                              (unsigned long long)fat.n);
    fat.entries = container_slice(container, 8, fat.n * (fat.is_64 ? 32 : 20));
    if (fat.entries == NULL)
        return container_fail(container, "truncated: the table of a fat file ends behind the file");
    for (uint64_t i = 0; i < fat.n; i++) {
        const char *name = entry_name(container, &fat, i);
        str_addf(&names, "%s%s", i > 0 ? ", " : "", name);
        if (machine != NULL ? strcmp(name, machine) == 0 : fat.n == 1)
            return enter(container, &fat, i);
    }
    if (machine == NULL)
        return container_fail(container, "a fat file for %s: say which by --target",
                              str_text(&names));
    return container_fail(container, "a fat file for %s: no part for '%s'", str_text(&names),
                          machine);
}

/* ---- sections ---- */

static uint64_t get(const struct container *container, const uint8_t *at, unsigned width)
{
    return bytes_get(at, width, container->is_big_endian);
}

static const char *section_name(struct container *container, const uint8_t *at)
{
    const char *name = arena_strndup(container->arena, (const char *)at,
                                     strnlen((const char *)at, NAME_MAX_BYTES));
    const char *segment = arena_strndup(container->arena, (const char *)at + NAME_MAX_BYTES,
                                        strnlen((const char *)at + NAME_MAX_BYTES, NAME_MAX_BYTES));

    if (strcmp(segment, "__DWARF") != 0 || !str_starts(name, "__"))
        return arena_printf(container->arena, "%s,%s", segment, name);
    if (strcmp(name, "__debug_str_offs") == 0)
        return ".debug_str_offsets";
    return arena_printf(container->arena, ".%s", name + 2);
}

static bool add_section(struct container *container, const uint8_t *at)
{
    struct macho *macho = container->raw;
    unsigned word = (unsigned)container->bits / 8;
    const uint8_t *numbers = at + (size_t)2 * NAME_MAX_BYTES; /* address, size */
    const uint8_t *rest = numbers + (size_t)2 * word;         /* words of 32 bits */
    struct container_section section = {.name = section_name(container, at)};
    uint64_t offset = get(container, rest, 4);
    uint32_t flags = (uint32_t)get(container, rest + 16, 4);
    unsigned type = flags & 0xff;
    size_t n = container->n_sections;

    section.address = get(container, numbers, word);
    section.size = get(container, numbers + word, word);
    section.is_compressed = str_starts(section.name, ".zdebug");
    /* An object starts with its code, at 0, where everything seems to be that is nowhere. */
    section.is_mapped = section.name[0] != '.' && (flags & S_ATTR_CODE) == 0;
    struct macho_section more;
    more.relocations = get(container, rest + 8, 4);
    more.n_relocations = (uint32_t)get(container, rest + 12, 4);
    /* dsymutil keeps the headers of all other sections, with offset 0 or sizes that mean nothing */
    if (type != S_ZEROFILL && type != S_GB_ZEROFILL && type != S_THREAD_LOCAL_ZEROFILL &&
        offset != 0) {
        section.file = container_slice(container, offset, section.size);
        section.n_file = section.size;
        if (section.file == NULL && section.name[0] == '.')
            return container_fail(container, "truncated: section '%s' ends behind the file",
                                  section.name);
        if (section.file == NULL)
            section.n_file = 0;
    }
    ARENA_PUSH(container->arena, macho->more, n, more);
    ARENA_PUSH(container->arena, container->sections, container->n_sections, section);
    return true;
}

static bool read_segment(struct container *container, const uint8_t *command, uint64_t size)
{
    bool is_64 = container->bits == 64;
    size_t head = is_64 ? 72 : 56, entry = is_64 ? 80 : 68;

    if (size < head)
        return container_fail(container, "damaged: a segment command of %llu bytes",
                              (unsigned long long)size);
    uint64_t n = get(container, command + head - 8, 4);
    if (n > (size - head) / entry)
        return container_fail(container, "damaged: a segment of %llu sections in %llu bytes",
                              (unsigned long long)n, (unsigned long long)size);
    for (uint64_t i = 0; i < n; i++)
        if (!add_section(container, command + head + i * entry))
            return false;
    return true;
}

/* ---- symbols ---- */

static struct container_symbol read_symbol(const struct container *container, const uint8_t *at,
                                           const char *names, size_t n_names)
{
    struct container_symbol symbol = {.name = "", .section = SYMBOL_UNDEFINED};
    uint64_t name = get(container, at, 4);
    unsigned type = at[4], section = at[5];

    symbol.value = get(container, at + 8, container->bits / 8);
    symbol.is_local = (type & N_EXT) == 0;
    if ((type & N_STAB) != 0) { /* a debugger's entry names no symbol */
        symbol.section = SYMBOL_ABSOLUTE;
        return symbol;
    }
    if (name < n_names)
        symbol.name = names + name;
    if ((type & N_TYPE) == N_SECT && section > 0 && section <= container->n_sections)
        symbol.section = (int)section - 1;
    else if ((type & N_TYPE) == N_ABS)
        symbol.section = SYMBOL_ABSOLUTE;
    else if (symbol.value != 0)
        symbol.section = SYMBOL_COMMON;
    return symbol;
}

static bool read_symbols(struct container *container, const uint8_t *command, uint64_t size)
{
    size_t entry = container->bits == 64 ? 16 : 12;

    if (size < 24)
        return container_fail(container, "damaged: a symbol command of %llu bytes",
                              (unsigned long long)size);
    uint64_t n = get(container, command + 12, 4);
    uint64_t n_names = get(container, command + 20, 4);
    const uint8_t *table = container_slice(container, get(container, command + 8, 4), n * entry);
    const char *names =
        (const char *)container_slice(container, get(container, command + 16, 4), n_names);
    if (table == NULL || names == NULL)
        return container_fail(container, "truncated: the symbols end behind the file");
    if (n == 0 || container->symbols != NULL)
        return true;
    if (n_names > 0 && names[n_names - 1] != '\0') { /* so that every name in it ends */
        char *copy = arena_alloc(container->arena, n_names + 1);
        memcpy(copy, names, n_names);
        names = copy;
    }
    container->symbols = arena_alloc(container->arena, n * sizeof *container->symbols);
    container->n_symbols = n;
    for (uint64_t i = 0; i < n; i++)
        container->symbols[i] = read_symbol(container, table + i * entry, names, n_names);
    return true;
}

/* ---- the file ---- */

static bool read_command(struct container *container, uint64_t kind, const uint8_t *command,
                         uint64_t size, bool symbols)
{
    if (symbols)
        return kind != LC_SYMTAB || read_symbols(container, command, size);
    if (kind == (container->bits == 64 ? LC_SEGMENT_64 : LC_SEGMENT))
        return read_segment(container, command, size);
    return true;
}

/* Symbols name sections, so they are read when all of these are known. */
static bool read_commands(struct container *container, bool symbols)
{
    uint64_t n = get(container, container->bytes + 16, 4);
    uint64_t at = container->bits == 64 ? 32 : 28;

    if (n > COMMANDS_MAX)
        return container_fail(container, "damaged: %llu load commands", (unsigned long long)n);
    for (uint64_t i = 0; i < n; i++) {
        const uint8_t *command = container_slice(container, at, 8);
        uint64_t size = command != NULL ? get(container, command + 4, 4) : 0;
        if (size < 8 || container_slice(container, at, size) == NULL)
            return container_fail(container, "truncated: load command %llu ends behind the file",
                                  (unsigned long long)i);
        if (!read_command(container, get(container, command, 4), command, size, symbols))
            return false;
        at += size;
    }
    return true;
}

static bool read_macho(struct container *container, const char *machine)
{
    struct macho *macho = arena_alloc(container->arena, sizeof *macho);

    container->raw = macho;
    if (container->bytes[0] == 0xca && !choose_part(container, machine))
        return false;
    if (container->n_bytes < 32)
        return container_fail(container, "truncated: the header of a Mach-O file ends behind it");
    container->is_big_endian = container->bytes[0] == 0xfe;
    if ((get(container, container->bytes, 4) & ~1U) != 0xfeedface)
        return container_fail(container, "damaged: the header is not one of Mach-O");
    container->bits = get(container, container->bytes, 4) == 0xfeedfacf ? 64 : 32;
    uint32_t number = (uint32_t)get(container, container->bytes + 4, 4);
    const struct machine *known = machine_of_macho(container->machines, number);
    if (known == NULL)
        return container_fail(container, "Mach-O for an unknown processor, 0x%x", number);
    container->machine = known->name;
    container->elf_machine = known->elf[0];
    container->is_relocatable = get(container, container->bytes + 12, 4) == MH_OBJECT;
    return read_commands(container, false) && read_commands(container, true);
}

/* ---- relocations ---- */

/* Both 64-bit processors are little endian, where C's bit-fields start at the low end. */
static const char *read_relocation(const struct container *container, const uint8_t *at,
                                   struct relocation *relocation)
{
    uint64_t place = get(container, at, 4);
    uint32_t word = (uint32_t)get(container, at + 4, 4);
    uint32_t symbol = word & 0xffffff;

    *relocation = (struct relocation){
        .offset = place,
        .symbol = -1,
        .is_in_place = true,
        .width = 1U << (word >> 25 & 3),
        .type = word >> 28,
    };
    if ((place & 0x80000000) != 0)
        return "a scattered relocation is unknown";
    if ((word >> 27 & 1) == 0) /* to a section: what is there is the address already */
        return NULL;
    if (symbol >= container->n_symbols)
        return "a relocation is to a symbol that is not there";
    relocation->symbol = (int)symbol;
    if (container->symbols[symbol].section != SYMBOL_UNDEFINED &&
        container->symbols[symbol].section != SYMBOL_COMMON)
        relocation->value = container->symbols[symbol].value;
    return NULL;
}

static bool macho_relocations(const struct container *container, size_t section,
                              relocation_visit_fn *visit, void *context, struct diag *diag)
{
    const struct macho_section *more = &((const struct macho *)container->raw)->more[section];
    const uint8_t *table =
        container_slice(container, more->relocations, (uint64_t)more->n_relocations * 8);
    const char *wrong = table == NULL ? "its relocations end behind the file" : NULL;

    for (uint32_t i = 0; wrong == NULL && i < more->n_relocations; i++) {
        struct relocation relocation;
        wrong = read_relocation(container, table + (uint64_t)i * 8, &relocation);
        if (wrong == NULL)
            wrong = visit(context, &relocation);
    }
    if (wrong != NULL && diag != NULL)
        (void)container_fail(container, "section '%s' cannot be relocated for %s: %s",
                             container->sections[section].name, container->machine, wrong);
    return wrong == NULL;
}

static unsigned macho_machine(const struct container *container)
{
    return MACHO | container->elf_machine;
}

const struct container_format container_macho = {"Mach-O", read_macho, macho_relocations,
                                                 macho_machine};
