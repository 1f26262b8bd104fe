/* relocate.h - what a relocation does to the bytes of a debug section.
 *
 * In: a relocation, in the same words for every format of object file, and the bytes of its
 * section. Out: the bytes as a linker that puts every section at its own address would leave them.
 */
#ifndef ABIPROOF_RELOCATE_H
#define ABIPROOF_RELOCATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/* Of Mach-O's relocations, beside the numbers that ELF gives the same machines, of 16 bits. */
enum { MACHO = 0x10000 };

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

/* Applies a relocation to the n_contents bytes of its section, which lies at section_address.
 * machine: ELF's number of it, with MACHO for Mach-O's relocations. Returns NULL, or what is wrong,
 * in the arena. Nothing is changed then. */
const char *relocate(struct arena *arena, const struct relocation *relocation, unsigned machine,
                     bool is_big_endian, uint8_t *contents, size_t n_contents,
                     uint64_t section_address);

#endif
