/* container_private.h - what the files container*.c and relocate.c share, and nobody else includes.
 */
#ifndef ABIPROOF_CONTAINER_PRIVATE_H
#define ABIPROOF_CONTAINER_PRIVATE_H

#include "object/container.h"

/* Mach-O's processors, beside the numbers that ELF gives its machines. */
enum { MACHO_X86_64 = 0x10000, MACHO_ARM64, MACHO_OTHER };

/* A relocation, the same for all formats. */
struct relocation {
    uint64_t offset; /* in its section */
    uint64_t value;  /* of what it refers to; 0 if that is not known before linking */
    int64_t addend;
    bool is_in_place; /* the addend is what the section holds there */
    int symbol;       /* index, -1: none */
    uint32_t type;
    unsigned width; /* bytes, 0: the type says */
};

/* Takes one relocation; returns NULL, or what is wrong with it. */
typedef const char *relocation_visit_fn(void *context, const struct relocation *relocation);

struct container_format {
    const char *name;
    /* Fills in the container from its bytes. */
    bool (*read)(struct container *container, const char *machine);
    /* Visits the relocations of a section, in the file's order, until one is wrong. Returns false
     * after reporting; diag may be NULL. One at a time: there may be millions. */
    bool (*relocations)(const struct container *container, size_t section,
                        relocation_visit_fn *visit, void *context, struct diag *diag);
    unsigned (*relocation_machine)(const struct container *container);
};

extern const struct container_format container_elf;
extern const struct container_format container_macho;

/* Reports an error about the file and returns false. */
bool container_fail(const struct container *container, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The file's bytes [offset, offset + size), NULL if they are not all there. */
const uint8_t *container_slice(const struct container *container, uint64_t offset, uint64_t size);

/* Stores an unsigned number of `width` bytes (1 to 8); bytes_get (container.h) is the reverse. */
void bytes_set(uint8_t *bytes, unsigned width, bool is_big_endian, uint64_t value);

/* Applies a relocation to the contents of its section. Returns NULL, or what is wrong. */
const char *relocate(struct arena *arena, const struct relocation *relocation, unsigned machine,
                     bool is_big_endian, uint8_t *contents, size_t n_contents,
                     uint64_t section_address);

#endif
