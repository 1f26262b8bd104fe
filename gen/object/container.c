/* container.c - what all formats of object files share: telling them apart, decompressing and
 * relocating debug sections, and writing them as an ELF file in memory; see container.h.
 */
#include "object/container_private.h"

#include <elf.h>
#include <stdarg.h>
#include <string.h>

#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

/* What a reader of types and their locations needs. */
static const char *const needed[] = {
    ".debug_info", ".debug_types",       ".debug_abbrev", ".debug_str",
    ".debug_line", ".debug_str_offsets", ".debug_addr",   ".debug_line_str",
    ".debug_loc",  ".debug_loclists",    ".debug_ranges", ".debug_rnglists",
};
enum { N_NEEDED = sizeof needed / sizeof needed[0] };

/* No debug section of ours comes near; a header that promises more is broken or hostile. All sections
 * of a file together may have so many times the file's bytes, and a little more in a small one:
 * debug information of the most repetitive code shrinks to a tenth. */
enum {
    DECOMPRESSED_MAX = 1 << 29,
    ZLIB_RATIO_MAX = 1032,
    WHOLE_RATIO_MAX = 64,
    WHOLE_LEAST = 1 << 24,
    ZLIB_MARK = 12
};

bool container_fail(const struct container *container, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct arena scratch = {NULL};
    diag_error(container->diag, (struct location){container->path, 0, 0}, "%s",
               arena_vprintf(&scratch, format, args));
    va_end(args);
    arena_release(&scratch);
    return false;
}

const uint8_t *container_slice(const struct container *container, uint64_t offset, uint64_t size)
{
    if (offset > container->n_bytes || size > container->n_bytes - offset)
        return NULL;
    return container->bytes + offset;
}

/* ---- telling formats apart ---- */

static bool starts_with(const struct container *container, const void *magic, size_t n)
{
    return container->n_bytes >= n && memcmp(container->bytes, magic, n) == 0;
}

static const struct container_format *find_format(const struct container *container)
{
    uint64_t magic = container->n_bytes >= 4 ? bytes_get(container->bytes, 4, true) : 0;

    if (starts_with(container, ELFMAG, SELFMAG))
        return &container_elf;
    if (magic == 0xfeedface || magic == 0xfeedfacf || magic == 0xcefaedfe || magic == 0xcffaedfe ||
        magic == 0xcafebabe || magic == 0xcafebabf)
        return &container_macho;
    return NULL;
}

static bool fail_unknown(const struct container *container)
{
    if (starts_with(container, "BC\xc0\xde", 4) || starts_with(container, "\xde\xc0\x17\x0b", 4))
        return container_fail(container, "LLVM bitcode, not an object: compile without -flto");
    if (starts_with(container, "!<arch>\n", 8) || starts_with(container, "!<thin>\n", 8))
        return container_fail(container, "an archive, not an object: extract its members first");
    if (container->n_bytes == 0)
        return container_fail(container, "the file is empty: expected an ELF or Mach-O object");
    return container_fail(container, "neither ELF nor Mach-O: expected an object, a library or a "
                                     "program");
}

bool container_read(struct container *container, struct arena *arena, const char *path,
                    const uint8_t *bytes, size_t n_bytes, const struct machines *machines,
                    const char *machine, struct diag *diag)
{
    *container = (struct container){
        .path = path,
        .bytes = bytes,
        .n_bytes = n_bytes,
        .machines = machines,
        .arena = arena,
        .diag = diag,
        .lookup = container_lookup_new(arena),
    };
    container->format = find_format(container);
    container->is_elf = container->format == &container_elf;
    if (container->format == NULL)
        return fail_unknown(container);
    bool is_read = container->format->read(container, machine);
    container->machines = NULL;
    return is_read;
}

/* ---- decompressing ---- */

/* How a section is compressed: the method as ELF numbers it, the size, and what follows. */
struct compressed {
    uint32_t method;
    uint64_t size;
    const uint8_t *bytes;
    size_t n_bytes;
};

static bool read_compressed(const struct container *container,
                            const struct container_section *section, struct compressed *compressed)
{
    bool is_marked = str_starts(section->name, ".z");
    unsigned word = container->bits == 64 ? 8 : 4;
    size_t header = is_marked               ? ZLIB_MARK
                    : container->bits == 64 ? sizeof(Elf64_Chdr)
                                            : sizeof(Elf32_Chdr);

    if (section->n_file < header || (is_marked && memcmp(section->file, "ZLIB", 4) != 0))
        return container_fail(container, "section '%s' is compressed, but has no such header",
                              section->name);
    if (is_marked) {
        compressed->method = ELFCOMPRESS_ZLIB;
        compressed->size = bytes_get(section->file + 4, 8, true);
    } else {
        compressed->method = (uint32_t)bytes_get(section->file, 4, container->is_big_endian);
        compressed->size = bytes_get(section->file + word, word, container->is_big_endian);
    }
    compressed->bytes = section->file + header;
    compressed->n_bytes = section->n_file - header;
    return true;
}

static bool inflate_into(uint8_t *to, const struct compressed *compressed)
{
    uLongf size = compressed->size;

    return uncompress(to, &size, compressed->bytes, compressed->n_bytes) == Z_OK &&
           size == compressed->size;
}

static bool unzstd_into(uint8_t *to, const struct compressed *compressed)
{
#ifdef HAVE_ZSTD
    return ZSTD_decompress(to, compressed->size, compressed->bytes, compressed->n_bytes) ==
           compressed->size;
#else
    (void)to, (void)compressed;
    return false;
#endif
}

enum { COMPRESSED_ZSTD = 2 }; /* ELFCOMPRESS_ZSTD, younger than some elf.h */

/* Checks what can be known before memory is given. Returns false after reporting. */
static bool check_compressed(const struct container *container, const char *name,
                             const struct compressed *compressed)
{
    bool is_zlib = compressed->method == ELFCOMPRESS_ZLIB;

#ifndef HAVE_ZSTD
    if (compressed->method == COMPRESSED_ZSTD)
        return container_fail(container,
                              "section '%s' is compressed with zstd, which this abiproof was built "
                              "without: compile with -gz=zlib, or run `objcopy "
                              "--decompress-debug-sections` on it",
                              name);
#endif
    if (!is_zlib && compressed->method != COMPRESSED_ZSTD)
        return container_fail(container,
                              "section '%s' is compressed by method %u: expected zlib (1) or zstd "
                              "(2)",
                              name, compressed->method);
    if (compressed->size > DECOMPRESSED_MAX ||
        (is_zlib && compressed->size / ZLIB_RATIO_MAX > compressed->n_bytes + 1))
        return container_fail(container,
                              "section '%s' promises %llu bytes from %zu compressed ones", name,
                              (unsigned long long)compressed->size, compressed->n_bytes);
    return true;
}

/* ---- the image ---- */

/* A section on its way into the image. */
struct section_part {
    const struct container_section *section;
    struct compressed compressed;
    uint64_t size;
    uint64_t offset; /* in the image */
};

/* Index of a debug section's name among those wanted, with or without the z; -1 if it is none. */
static int needed_index(const char *name)
{
    for (int i = 0; i < N_NEEDED; i++)
        if (strcmp(name, needed[i]) == 0 ||
            (str_starts(name, ".z") && strcmp(name + 2, needed[i] + 1) == 0))
            return i;
    return -1;
}

static const struct container_section *section_like(const struct container *container,
                                                    const char *prefix)
{
    for (size_t i = 0; i < container->n_sections; i++)
        if (str_starts(container->sections[i].name, prefix))
            return &container->sections[i];
    return NULL;
}

/* Says why there is no debug information. */
static bool fail_without(const struct container *container)
{
    const struct container_section *link = section_like(container, ".gnu_debuglink");

    if (section_like(container, ".gnu.lto_") != NULL ||
        section_like(container, ".gnu.debuglto_") != NULL ||
        section_like(container, ".llvm.lto") != NULL)
        return container_fail(container, "an object for link-time optimisation has its debug "
                                         "information only after linking: compile without -flto");
    if (section_like(container, ".debug_info.dwo") != NULL)
        return container_fail(container, "section '.debug_info.dwo' is one half of split debug "
                                         "information: compile without -gsplit-dwarf");
    if (link != NULL && link->file != NULL && memchr(link->file, '\0', link->n_file) != NULL)
        return container_fail(container,
                              "stripped: its debug information is in a file '%s'; read that one",
                              (const char *)link->file);
    if (container->format == &container_macho && !container->is_relocatable)
        return container_fail(container, "no section '__DWARF,__debug_info': run dsymutil and read "
                                         "the .dSYM that it makes");
    return container_fail(container, "no section '.debug_info': compile with -g and do not strip");
}

static bool add_part(const struct container *container, struct section_part *part,
                     const struct container_section *section)
{
    if (part->section != NULL)
        return container_fail(container,
                              "section '%s' is there twice: type units and COMDAT debug "
                              "information are for the linker; compile with "
                              "-fno-debug-types-section or read the linked file",
                              section->name);
    part->section = section;
    part->size = section->n_file;
    if (!section->is_compressed)
        return true;
    if (!read_compressed(container, section, &part->compressed) ||
        !check_compressed(container, section->name, &part->compressed))
        return false;
    part->size = part->compressed.size;
    return true;
}

/* Takes the sections that are there. Returns false after reporting. */
static bool find_parts(const struct container *container, struct section_part *parts)
{
    for (size_t i = 0; i < container->n_sections; i++) {
        const struct container_section *section = &container->sections[i];
        int index = needed_index(section->name);
        if (index < 0)
            continue;
        if (section->file == NULL) /* as `objcopy --only-keep-debug` leaves the others */
            continue;
        if (container->is_relocatable && strcmp(needed[index], ".debug_types") == 0)
            return container_fail(container,
                                  "section '%s' has type units, which are for the linker: compile "
                                  "with -fno-debug-types-section or read the linked file",
                                  section->name);
        if (!add_part(container, &parts[index], section))
            return false;
    }
    return parts[0].section != NULL || fail_without(container);
}

/* A section that is being relocated. */
struct relocating {
    const struct container *container;
    struct arena scratch; /* for messages */
    uint8_t *contents;
    uint64_t size, address;
};

static const char *relocate_one(void *context, const struct relocation *relocation)
{
    struct relocating *relocating = context;
    const struct container *container = relocating->container;

    return relocate(&relocating->scratch, relocation,
                    container->format->relocation_machine(container), container->is_big_endian,
                    relocating->contents, relocating->size, relocating->address);
}

static bool relocate_part(const struct container *container, const struct section_part *part,
                          uint8_t *contents)
{
    struct relocating relocating = {
        container, {NULL}, contents, part->size, part->section->address};
    bool done =
        container->format->relocations(container, (size_t)(part->section - container->sections),
                                       relocate_one, &relocating, container->diag);

    arena_release(&relocating.scratch);
    return done;
}

static bool fill_part(const struct container *container, const struct section_part *part,
                      uint8_t *contents)
{
    const struct compressed *compressed = &part->compressed;

    if (!part->section->is_compressed)
        memcpy(contents, part->section->file, part->size);
    else if (!(compressed->method == ELFCOMPRESS_ZLIB ? inflate_into(contents, compressed)
                                                      : unzstd_into(contents, compressed)))
        return container_fail(container,
                              "section '%s' cannot be decompressed: its bytes are damaged",
                              part->section->name);
    return !container->is_relocatable || relocate_part(container, part, contents);
}

/* Zeros after each section: a string or a number that runs over the end still ends in our memory.
 */
enum { IMAGE_ALIGN = 16, IMAGE_GAP = 64 };

static uint64_t round_up(uint64_t offset)
{
    return (offset + IMAGE_ALIGN - 1) / IMAGE_ALIGN * IMAGE_ALIGN;
}

/* The headers of the image, of the file's own class and byte order. */
struct headers {
    uint8_t *image;
    uint8_t *next; /* section header to be written */
    bool is_64;
    bool is_big;
};

static void put(struct headers *headers, uint8_t **at, unsigned width32, unsigned width64,
                uint64_t value)
{
    unsigned width = headers->is_64 ? width64 : width32;

    bytes_set(*at, width, headers->is_big, value);
    *at += width;
}

static void put_file_header(struct headers *headers, unsigned machine, uint64_t sections,
                            unsigned n_sections)
{
    uint8_t *at = headers->image;

    bytes_set(at, SELFMAG, true, 0x7f454c46); /* \177ELF */
    at[EI_CLASS] = headers->is_64 ? ELFCLASS64 : ELFCLASS32;
    at[EI_DATA] = headers->is_big ? ELFDATA2MSB : ELFDATA2LSB;
    at[EI_VERSION] = EV_CURRENT;
    at += EI_NIDENT;
    put(headers, &at, 2, 2, ET_EXEC); /* nothing is left to relocate */
    put(headers, &at, 2, 2, machine);
    put(headers, &at, 4, 4, EV_CURRENT);
    put(headers, &at, 4, 8, 0); /* e_entry */
    put(headers, &at, 4, 8, 0); /* e_phoff */
    put(headers, &at, 4, 8, sections);
    put(headers, &at, 4, 4, 0); /* e_flags */
    put(headers, &at, 2, 2, headers->is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
    put(headers, &at, 2, 2, 0); /* e_phentsize */
    put(headers, &at, 2, 2, 0); /* e_phnum */
    put(headers, &at, 2, 2, headers->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
    put(headers, &at, 2, 2, n_sections);
    put(headers, &at, 2, 2, n_sections - 1); /* e_shstrndx: the last one */
}

static void put_section_header(struct headers *headers, uint64_t name, uint32_t type,
                               uint64_t offset, uint64_t size)
{
    uint8_t **at = &headers->next;

    put(headers, at, 4, 4, name);
    put(headers, at, 4, 4, type);
    put(headers, at, 4, 8, 0); /* sh_flags */
    put(headers, at, 4, 8, 0); /* sh_addr */
    put(headers, at, 4, 8, offset);
    put(headers, at, 4, 8, size);
    put(headers, at, 4, 4, 0);                        /* sh_link */
    put(headers, at, 4, 4, 0);                        /* sh_info */
    put(headers, at, 4, 8, type == SHT_NULL ? 0 : 1); /* sh_addralign */
    put(headers, at, 4, 8, 0);                        /* sh_entsize */
}

/* Lays out the image: file header, sections, their names, section headers. */
static void build_image(struct container *container, struct section_part *parts)
{
    struct str names = {.arena = container->arena};
    uint64_t end = round_up(sizeof(Elf64_Ehdr));
    unsigned n_sections = 2; /* the null section and the names */
    struct headers headers = {.is_64 = container->bits == 64, .is_big = container->is_big_endian};
    size_t entry = headers.is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);

    str_add_char(&names, '\0');
    uint64_t name_of[N_NEEDED] = {0};
    for (int i = 0; i < N_NEEDED; i++) {
        if (parts[i].section == NULL)
            continue;
        name_of[i] = names.len;
        str_add_bytes(&names, needed[i], strlen(needed[i]) + 1);
        parts[i].offset = end;
        end = round_up(end + parts[i].size + IMAGE_GAP);
        n_sections++;
    }
    uint64_t own_name = names.len;
    str_add_bytes(&names, ".shstrtab", sizeof ".shstrtab");
    uint64_t names_offset = end;
    end = round_up(end + names.len);
    uint8_t *image = arena_alloc(container->arena, end + n_sections * entry);
    headers.image = image;
    headers.next = image + end;
    put_file_header(&headers, container->elf_machine, end, n_sections);
    put_section_header(&headers, 0, SHT_NULL, 0, 0);
    for (int i = 0; i < N_NEEDED; i++)
        if (parts[i].section != NULL)
            put_section_header(&headers, name_of[i], SHT_PROGBITS, parts[i].offset, parts[i].size);
    put_section_header(&headers, own_name, SHT_STRTAB, names_offset, names.len);
    memcpy(image + names_offset, names.text, names.len);
    container->image = image;
    container->n_image = end + n_sections * entry;
}

/* Debug information of which a part is in another file is less than half of it: names and types are
 * there. Returns false after reporting. */
static bool check_alone(const struct container *container)
{
    const struct container_section *link = section_like(container, ".gnu_debugaltlink");

    if (link == NULL)
        return true;
    bool is_named = link->file != NULL && memchr(link->file, '\0', link->n_file) != NULL;
    return container_fail(
        container,
        "a part of its debug information is in a file '%s', which `dwz -m` has made "
        "of several: read an object as it was before",
        is_named ? (const char *)link->file : "?");
}

/* Checks what all compressed sections promise. Returns false after reporting. */
static bool check_whole(const struct container *container, const struct section_part *parts)
{
    uint64_t total = 0;

    for (int i = 0; i < N_NEEDED; i++)
        if (parts[i].section != NULL && parts[i].section->is_compressed)
            total += parts[i].size; /* each is at most DECOMPRESSED_MAX */
    if (total <= WHOLE_LEAST || total / WHOLE_RATIO_MAX <= container->n_bytes)
        return true;
    return container_fail(
        container,
        "its compressed sections promise %llu bytes, expected at most %d times the "
        "%zu of the file: if they are what they say, run `objcopy "
        "--decompress-debug-sections` on it",
        (unsigned long long)total, WHOLE_RATIO_MAX, container->n_bytes);
}

bool container_debug(struct container *container)
{
    struct section_part parts[N_NEEDED] = {0};

    if (!check_alone(container) || !find_parts(container, parts) || !check_whole(container, parts))
        return false;
    uint64_t total = 0;
    for (int i = 0; i < N_NEEDED; i++)
        total += parts[i].size;
    if (container->bits == 32 && total > UINT32_MAX / 2)
        return container_fail(container, "%llu bytes of debug information in a file of 32 bits",
                              (unsigned long long)total);
    build_image(container, parts);
    for (int i = 0; i < N_NEEDED; i++)
        if (parts[i].section != NULL &&
            !fill_part(container, &parts[i], (uint8_t *)container->image + parts[i].offset)) {
            container->image = NULL;
            return false;
        }
    return true;
}
