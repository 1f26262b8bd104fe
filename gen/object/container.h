/* container.h - object files: bytes in, sections and symbols out, debug information ready to read.
 *
 * In: the bytes of an ELF or Mach-O file of any machine, relocatable or linked, from anybody.
 * Out: its sections and symbols, and its debug sections, decompressed and relocated, as an ELF file
 * in memory that has nothing else. No reader of DWARF has to know of relocations, compression, byte
 * order of headers or Apple's names.
 *
 * The input is not trusted: every offset, size and index is checked before it is used, and what is
 * wrong, or not supported, is one error that names the section and what to do.
 */
#ifndef ABIPROOF_CONTAINER_H
#define ABIPROOF_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/machine.h"

/* Where a symbol is that no section has. */
enum { SYMBOL_UNDEFINED = -1, SYMBOL_ABSOLUTE = -2, SYMBOL_COMMON = -3 };

struct container_section {
    const char *name;    /* ELF's spelling, ".debug_info"; Mach-O's "__TEXT,__text" otherwise */
    uint64_t address;    /* of a relocatable ELF file one that no other section has, as a linker
                            would give it; 0 where it is not mapped */
    bool is_mapped;      /* the program finds it at `address` */
    uint64_t size;       /* in memory, were it not compressed */
    const uint8_t *file; /* as it stands in the file, NULL if it takes no room there */
    size_t n_file;
    bool is_compressed; /* `file` starts with a header of ELF's or ".zdebug"'s */
};

struct container_symbol {
    const char *name; /* as in the file, with the underscore of Mach-O; "" if it has none */
    int section;      /* index, or one of SYMBOL_... */
    uint64_t value; /* address; of what is in no section, or in one that is not mapped, a number */
    uint64_t size;  /* 0: unknown */
    bool is_local;
};

struct container_format;
struct container_lookup;

struct container {
    const char *path;     /* for messages */
    const char *machine;  /* by its name in the table; "machine 4711" if it has none there */
    unsigned elf_machine; /* e_machine, also of a Mach-O file's machine */
    uint32_t elf_flags;   /* e_flags, 0 of a Mach-O file */
    int bits;
    bool is_big_endian;
    bool is_elf; /* else Mach-O */
    bool is_relocatable;
    struct container_section *sections;
    size_t n_sections;
    struct container_symbol *symbols; /* in the file's order: relocations count on it */
    size_t n_symbols;
    const uint8_t *image; /* after container_debug: an ELF file of the debug sections */
    size_t n_image;

    /* Private to container*.c. */
    const struct container_format *format;
    const struct machines *machines; /* only while it is read */
    struct container_lookup *lookup; /* made when something is looked up */
    void *raw;
    const uint8_t *bytes;
    size_t n_bytes;
    struct arena *arena;
    struct diag *diag;
};

/* Reads headers, sections and symbols. bytes must live as long as the container. machines: those
 * that are known by name; NULL: none, and then no Mach-O file is read. machine: which part of a fat
 * file to take, by its name; NULL if there is only one. Returns false after reporting. */
bool container_read(struct container *container, struct arena *arena, const char *path,
                    const uint8_t *bytes, size_t n_bytes, const struct machines *machines,
                    const char *machine, struct diag *diag);

/* Makes the image, which takes no more memory than the file's debug sections and, of compressed ones,
 * 64 times the file and 16 MB. Returns false after reporting: no debug information, compressed in a
 * way that we cannot undo or to more than that, a relocation that we do not know, type units of a relocatable file. */
bool container_debug(struct container *container);

/* Finds a section or a symbol that is defined, a global one before all others; -1 or NULL if there
 * is none. */
int container_section(const struct container *container, const char *name);
const struct container_symbol *container_symbol(const struct container *container,
                                                const char *name);

/* True if there is a symbol of this name, whether it is defined or not. */
bool container_mentions(const struct container *container, const char *name);

/* The n_bytes that the program finds at this address before it runs; NULL if they are not all in
 * one section, or not in the file. */
const uint8_t *container_at(const struct container *container, uint64_t address, size_t n_bytes);

/* The symbol that the word at `symbol`'s own place refers to in a relocatable file: of
 * `void *p = f;` and `p` it is `f`. NULL if there is none, or it has no name. */
const struct container_symbol *container_reference(const struct container *container,
                                                   const struct container_symbol *symbol);

#endif
