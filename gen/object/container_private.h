/* container_private.h - what container.c and the readers of one format each (elf.c, macho.c) share,
 * and nobody else includes.
 *
 * In: the bytes of one format. Out: sections, symbols and relocations in the same words for all.
 */
#ifndef ABIPROOF_CONTAINER_PRIVATE_H
#define ABIPROOF_CONTAINER_PRIVATE_H

#include "base/bytes.h"
#include "object/container.h"
#include "object/relocate.h"

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

/* Where what is looked up will be kept. */
struct container_lookup *container_lookup_new(struct arena *arena);

/* Reports an error about the file and returns false. */
bool container_fail(const struct container *container, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The file's bytes [offset, offset + size), NULL if they are not all there. */
const uint8_t *container_slice(const struct container *container, uint64_t offset, uint64_t size);

#endif
