/* elf.c - ELF of either class and byte order; see container.h.
 *
 * In: the file. Out: sections, symbols, relocations in the words of container_private.h. Design:
 * nothing in the headers is trusted, and MIPS has an order of bytes of its own in r_info.
 */
#include "object/container_private.h"

#include <elf.h>
#include <string.h>

/* A section header, widened. */
struct elf_section {
    uint32_t type, link, info;
    uint64_t flags, address, offset, size, entry_size;
};

struct elf {
    struct elf_section *headers; /* one for each of container->sections */
    size_t symbol_table;         /* index of the section that the symbols are from, 0: none */
};

static const char *machine_name(const struct container *container)
{
    const struct machine *machine = machine_of_elf(container->machines, container->elf_machine);

    return machine != NULL ? machine->name
                           : arena_printf(container->arena, "machine %u", container->elf_machine);
}

/* Reads fields one after the other; some are wider in ELF64. */
struct cursor {
    const uint8_t *at;
    bool is_64;
    bool is_big;
};

static uint64_t take(struct cursor *cursor, unsigned width32, unsigned width64)
{
    unsigned width = cursor->is_64 ? width64 : width32;
    uint64_t value = bytes_get(cursor->at, width, cursor->is_big);

    cursor->at += width;
    return value;
}

static struct cursor cursor_at(const struct container *container, const uint8_t *at)
{
    return (struct cursor){at, container->bits == 64, container->is_big_endian};
}

/* ---- headers ---- */

static struct elf_section read_header(const struct container *container, const uint8_t *at)
{
    struct cursor cursor = cursor_at(container, at + 4); /* behind sh_name */
    struct elf_section header;

    header.type = (uint32_t)take(&cursor, 4, 4);
    header.flags = take(&cursor, 4, 8);
    header.address = take(&cursor, 4, 8);
    header.offset = take(&cursor, 4, 8);
    header.size = take(&cursor, 4, 8);
    header.link = (uint32_t)take(&cursor, 4, 4);
    header.info = (uint32_t)take(&cursor, 4, 4);
    (void)take(&cursor, 4, 8); /* sh_addralign */
    header.entry_size = take(&cursor, 4, 8);
    return header;
}

/* The strings of a table; NULL unless it ends in a NUL, so that every string in it ends. */
static const char *read_strings(const struct container *container, const struct elf_section *header,
                                size_t *n)
{
    const uint8_t *bytes = container_slice(container, header->offset, header->size);

    if (header->type != SHT_STRTAB || bytes == NULL || header->size == 0 ||
        bytes[header->size - 1] != '\0')
        return NULL;
    *n = header->size;
    return (const char *)bytes;
}

static bool name_sections(struct container *container, const uint8_t *table, size_t entry_size,
                          size_t names_index)
{
    const struct elf *elf = container->raw;
    size_t n_names;
    const char *names = names_index < container->n_sections
                            ? read_strings(container, &elf->headers[names_index], &n_names)
                            : NULL;

    if (names == NULL)
        return container_fail(container, "damaged: the names of sections are not in section %zu",
                              names_index);
    for (size_t i = 0; i < container->n_sections; i++) {
        struct container_section *section = &container->sections[i];
        const struct elf_section *header = &elf->headers[i];
        uint64_t name = bytes_get(table + i * entry_size, 4, container->is_big_endian);
        if (name >= n_names)
            return container_fail(container, "damaged: section %zu has no name", i);
        section->name = names + name;
        section->size = header->size;
        section->is_mapped = !container->is_relocatable && header->address != 0 &&
                             (header->flags & (SHF_ALLOC | SHF_TLS)) == SHF_ALLOC;
        section->address = section->is_mapped ? header->address : 0;
        section->is_compressed =
            (header->flags & SHF_COMPRESSED) != 0 ||
            (header->type != SHT_NOBITS && str_starts(section->name, ".zdebug"));
        if (header->type == SHT_NOBITS || header->type == SHT_NULL)
            continue;
        section->file = container_slice(container, header->offset, header->size);
        section->n_file = header->size;
        if (section->file == NULL)
            return container_fail(container, "truncated: section '%s' ends behind the file",
                                  section->name);
    }
    return true;
}

/* Gives the sections of a relocatable file addresses, so that what refers to one of them, such as
 * debug information, says which one it is. Those without bytes in the file come last: they may be
 * large, and their addresses are not asked for. */
static void place_sections(struct container *container)
{
    enum { FIRST = 0x1000, ALIGN = 16 };
    const struct elf *elf = container->raw;
    uint64_t address = FIRST, end = container->bits == 64 ? INT64_MAX : INT32_MAX;

    for (int has_bytes = 1; has_bytes >= 0; has_bytes--)
        for (size_t i = 0; i < container->n_sections; i++) {
            struct container_section *section = &container->sections[i];
            if ((elf->headers[i].flags & (SHF_ALLOC | SHF_TLS)) != SHF_ALLOC ||
                (section->file != NULL) != has_bytes || section->size >= end - address - ALIGN)
                continue;
            section->is_mapped = true;
            section->address = address;
            address = (address + section->size + ALIGN) / ALIGN * ALIGN; /* touches no other */
        }
}

static bool read_sections(struct container *container, uint64_t offset, uint64_t n,
                          uint64_t names_index)
{
    struct elf *elf = container->raw;
    size_t entry_size = container->bits == 64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
    const uint8_t *table = container_slice(container, offset, entry_size);

    if (offset == 0 || table == NULL)
        return container_fail(container, "no table of sections: stripped, or truncated");
    elf->headers = arena_alloc(container->arena, sizeof *elf->headers);
    elf->headers[0] = read_header(container, table);
    if (n == 0) /* too many for e_shnum */
        n = elf->headers[0].size;
    if (names_index == SHN_XINDEX)
        names_index = elf->headers[0].link;
    if (n > container->n_bytes / entry_size ||
        container_slice(container, offset, n * entry_size) == NULL)
        return container_fail(container,
                              "truncated: the table of %llu sections ends behind the file",
                              (unsigned long long)n);
    elf->headers = arena_alloc(container->arena, (n + 1) * sizeof *elf->headers);
    container->sections = arena_alloc(container->arena, (n + 1) * sizeof *container->sections);
    container->n_sections = n;
    for (size_t i = 0; i < n; i++)
        elf->headers[i] = read_header(container, table + i * entry_size);
    if (!name_sections(container, table, entry_size, names_index))
        return false;
    if (container->is_relocatable)
        place_sections(container);
    return true;
}

/* ---- symbols ---- */

/* Large files keep section indices that do not fit into a symbol in a table of their own. */
static const uint8_t *find_wide_indices(const struct container *container, size_t symbol_table,
                                        size_t n_symbols)
{
    const struct elf *elf = container->raw;

    for (size_t i = 0; i < container->n_sections; i++)
        if (elf->headers[i].type == SHT_SYMTAB_SHNDX && elf->headers[i].link == symbol_table &&
            container->sections[i].n_file / 4 >= n_symbols)
            return container->sections[i].file;
    return NULL;
}

static int section_of_symbol(const struct container *container, uint64_t index, const uint8_t *wide)
{
    if (index == SHN_XINDEX && wide != NULL)
        index = bytes_get(wide, 4, container->is_big_endian);
    else if (index == SHN_UNDEF)
        return SYMBOL_UNDEFINED;
    else if (index == SHN_COMMON)
        return SYMBOL_COMMON;
    return index < container->n_sections && index <= INT32_MAX ? (int)index : SYMBOL_ABSOLUTE;
}

static void read_symbol(struct container *container, const uint8_t *at, const uint8_t *wide,
                        const char *names, size_t n_names, struct container_symbol *symbol)
{
    struct cursor cursor = cursor_at(container, at);
    uint64_t name = take(&cursor, 4, 4);
    uint64_t info, index;

    if (cursor.is_64) { /* the two classes order the fields differently */
        info = take(&cursor, 1, 1);
        (void)take(&cursor, 1, 1);
        index = take(&cursor, 2, 2);
        symbol->value = take(&cursor, 8, 8);
        symbol->size = take(&cursor, 8, 8);
    } else {
        symbol->value = take(&cursor, 4, 4);
        symbol->size = take(&cursor, 4, 4);
        info = take(&cursor, 1, 1);
        (void)take(&cursor, 1, 1);
        index = take(&cursor, 2, 2);
    }
    symbol->name = name < n_names ? names + name : "";
    symbol->section = section_of_symbol(container, index, wide);
    if (container->is_relocatable && symbol->section >= 0) /* was an offset */
        symbol->value += container->sections[symbol->section].address;
    symbol->is_local = ELF64_ST_BIND(info) == STB_LOCAL;
}

/* Reads .symtab, or .dynsym where there is no other: a stripped file has symbols still. */
static bool read_symbols(struct container *container)
{
    struct elf *elf = container->raw;
    size_t entry_size = container->bits == 64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

    for (size_t i = 1; i < container->n_sections; i++)
        if ((elf->headers[i].type == SHT_SYMTAB) ||
            (elf->headers[i].type == SHT_DYNSYM && elf->symbol_table == 0))
            elf->symbol_table = i;
    if (elf->symbol_table == 0)
        return true;
    const struct elf_section *header = &elf->headers[elf->symbol_table];
    size_t n_names = 0;
    const char *names = header->link < container->n_sections
                            ? read_strings(container, &elf->headers[header->link], &n_names)
                            : NULL;
    if (names == NULL)
        return container_fail(container, "damaged: section '%s' has no names for its symbols",
                              container->sections[elf->symbol_table].name);
    size_t n = container->sections[elf->symbol_table].n_file / entry_size;
    const uint8_t *wide = find_wide_indices(container, elf->symbol_table, n);
    container->symbols = arena_alloc(container->arena, (n + 1) * sizeof *container->symbols);
    container->n_symbols = n;
    for (size_t i = 0; i < n; i++)
        read_symbol(container, container->sections[elf->symbol_table].file + i * entry_size,
                    wide != NULL ? wide + 4 * i : NULL, names, n_names, &container->symbols[i]);
    return true;
}

/* ---- ARM ---- */

/* The value of an attribute of the whole file, 0 if it has none. Source: ELF for the ARM
 * Architecture's addenda, build attributes: tags below 32 have numbers, but for 4, 5, and 32 both. */
static uint64_t arm_attribute(const uint8_t *at, const uint8_t *end, uint64_t wanted)
{
    enum { RAW_NAME = 4, NAME = 5, COMPATIBILITY = 32 };
    uint64_t tag, value = 0;

    while (at < end && bytes_take_leb(&at, end, &tag)) {
        bool is_text = tag == RAW_NAME || tag == NAME || (tag > COMPATIBILITY && tag % 2 == 1);
        if (!is_text && !bytes_take_leb(&at, end, &value))
            return 0;
        if (tag == wanted)
            return value;
        if (is_text || tag == COMPATIBILITY)
            at += strnlen((const char *)at, (size_t)(end - at)) + 1;
    }
    return 0;
}

/* That floats are passed in registers of their own an object says in its attributes: sets the flag
 * that a linker makes of it. */
static void note_arm_floats(struct container *container)
{
    static const char vendor[] = "aeabi";
    enum { FILE_TAG = 1, VFP_ARGS = 28, HEADER = 1 + 4 + sizeof vendor };
    int index = container_section(container, ".ARM.attributes");

    if (container->elf_machine != EM_ARM || index < 0)
        return;
    const struct container_section *section = &container->sections[index];
    const uint8_t *at = section->file;
    if (at == NULL || section->n_file < HEADER + 5 || at[0] != 'A' ||
        memcmp(at + 5, vendor, sizeof vendor) != 0 || at[HEADER] != FILE_TAG)
        return;
    uint64_t n = bytes_get(at + HEADER + 1, 4, container->is_big_endian);
    if (n < 5 || n > section->n_file - HEADER)
        return;
    if (arm_attribute(at + HEADER + 5, at + HEADER + n, VFP_ARGS) == 1)
        container->elf_flags |= EF_ARM_ABI_FLOAT_HARD;
}

static bool read_elf(struct container *container, const char *machine)
{
    const uint8_t *bytes = container->bytes;

    (void)machine; /* there is only one */
    if (container->n_bytes < sizeof(Elf32_Ehdr) ||
        (bytes[EI_CLASS] != ELFCLASS32 && bytes[EI_CLASS] != ELFCLASS64) ||
        (bytes[EI_DATA] != ELFDATA2LSB && bytes[EI_DATA] != ELFDATA2MSB) ||
        (bytes[EI_CLASS] == ELFCLASS64 && container->n_bytes < sizeof(Elf64_Ehdr)))
        return container_fail(container, "damaged: the header is not one of ELF");
    container->bits = bytes[EI_CLASS] == ELFCLASS64 ? 64 : 32;
    container->is_big_endian = bytes[EI_DATA] == ELFDATA2MSB;
    container->raw = arena_alloc(container->arena, sizeof(struct elf));
    struct cursor cursor = cursor_at(container, bytes + EI_NIDENT);
    uint64_t type = take(&cursor, 2, 2);
    container->is_relocatable = type == ET_REL;
    container->elf_machine = (unsigned)take(&cursor, 2, 2);
    container->machine = machine_name(container);
    (void)take(&cursor, 4, 4); /* e_version */
    (void)take(&cursor, 4, 8); /* e_entry */
    (void)take(&cursor, 4, 8); /* e_phoff */
    uint64_t offset = take(&cursor, 4, 8);
    container->elf_flags = (uint32_t)take(&cursor, 4, 4);
    (void)take(&cursor, 6, 6); /* e_ehsize, e_phentsize, e_phnum */
    if (take(&cursor, 2, 2) != (container->bits == 64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr)) &&
        offset != 0)
        return container_fail(container, "damaged: section headers have an odd size");
    uint64_t n = take(&cursor, 2, 2);
    uint64_t names_index = take(&cursor, 2, 2);
    if (!read_sections(container, offset, n, names_index))
        return false;
    note_arm_floats(container);
    return read_symbols(container);
}

/* ---- relocations ---- */

/* Splits r_info. 64-bit MIPS has a 32-bit symbol, then four single bytes, of which the last is the
 * type; a little-endian file stores them in this order, not as one number. */
static bool split_info(const struct container *container, const uint8_t *at, uint64_t info,
                       uint64_t *symbol, struct relocation *relocation)
{
    bool is_mips64 = container->elf_machine == EM_MIPS && container->bits == 64;

    if (is_mips64) {
        *symbol = bytes_get(at, 4, container->is_big_endian);
        relocation->type = at[7];
        return at[4] == 0 && at[5] == 0 && at[6] == 0; /* no second and third operation */
    }
    *symbol = container->bits == 64 ? ELF64_R_SYM(info) : ELF32_R_SYM(info);
    relocation->type = (uint32_t)(container->bits == 64 ? ELF64_R_TYPE(info) : ELF32_R_TYPE(info));
    if (container->elf_machine == EM_SPARCV9) { /* the rest is OLO10's second addend */
        relocation->addend += (int32_t)(relocation->type & 0xffffff00) >> 8;
        relocation->type &= 0xff;
    }
    return true;
}

static void set_value(const struct container *container, uint64_t symbol,
                      struct relocation *relocation)
{
    const struct container_symbol *to = &container->symbols[symbol];

    relocation->symbol = (int)symbol;
    if (to->section != SYMBOL_UNDEFINED && to->section != SYMBOL_COMMON)
        relocation->value = to->value;
}

static const char *read_relocation(const struct container *container, const uint8_t *at,
                                   bool has_addend, struct relocation *relocation)
{
    struct cursor cursor = cursor_at(container, at);

    *relocation = (struct relocation){.symbol = -1, .is_in_place = !has_addend};
    relocation->offset = take(&cursor, 4, 8);
    const uint8_t *info_at = cursor.at;
    uint64_t info = take(&cursor, 4, 8);
    if (has_addend)
        relocation->addend =
            cursor.is_64 ? (int64_t)take(&cursor, 8, 8) : (int32_t)(uint32_t)take(&cursor, 4, 4);
    uint64_t symbol;
    if (!split_info(container, info_at, info, &symbol, relocation))
        return "a relocation of several operations is unknown";
    if (symbol >= container->n_symbols)
        return symbol == 0 ? NULL : "a relocation is to a symbol that is not there";
    if (symbol != 0)
        set_value(container, symbol, relocation);
    return NULL;
}

static bool fail_relocations(const struct container *container, struct diag *diag, size_t section,
                             const char *wrong)
{
    if (diag != NULL)
        (void)container_fail(container, "section '%s' cannot be relocated for %s: %s",
                             container->sections[section].name, container->machine, wrong);
    return false;
}

static bool visit_table(const struct container *container, size_t table, relocation_visit_fn *visit,
                        void *context, struct diag *diag)
{
    const struct elf *elf = container->raw;
    bool has_addend = elf->headers[table].type == SHT_RELA;
    size_t entry_size = (has_addend ? 3 : 2) * (size_t)container->bits / 8;
    const struct container_section *section = &container->sections[table];

    if (elf->headers[table].link != elf->symbol_table || section->is_compressed)
        return fail_relocations(container, diag, table, "its symbols are not those of the file");
    for (size_t i = 0; i < section->n_file / entry_size; i++) {
        struct relocation relocation;
        const char *wrong =
            read_relocation(container, section->file + i * entry_size, has_addend, &relocation);
        if (wrong == NULL)
            wrong = visit(context, &relocation);
        if (wrong != NULL)
            return fail_relocations(container, diag, elf->headers[table].info, wrong);
    }
    return true;
}

static bool elf_relocations(const struct container *container, size_t section,
                            relocation_visit_fn *visit, void *context, struct diag *diag)
{
    const struct elf *elf = container->raw;
    int n_tables = 0;

    for (size_t i = 1; i < container->n_sections; i++) {
        uint32_t type = elf->headers[i].type;
        if ((type != SHT_REL && type != SHT_RELA) || elf->headers[i].info != section)
            continue;
        if (++n_tables > 2) /* one of each type; more would cost time without end */
            return fail_relocations(container, diag, section, "it has too many relocation tables");
        if (!visit_table(container, i, visit, context, diag))
            return false;
    }
    return true;
}

static unsigned elf_machine(const struct container *container)
{
    return container->elf_machine;
}

const struct container_format container_elf = {"ELF", read_elf, elf_relocations, elf_machine};
