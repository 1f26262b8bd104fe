/* boot_archive.h - an archive that a kernel unpacks into its first file system.
 *
 * In: paths and contents. Out: bytes of the "newc" format
 * (Documentation/driver-api/early-userspace/buffer-format.rst). Written here because no tool that
 * makes it need be installed, and none makes a device node without being root.
 *
 * Equal input gives equal bytes: no dates, no owners, inode numbers in order.
 */
#ifndef ABIPROOF_BOOT_ARCHIVE_H
#define ABIPROOF_BOOT_ARCHIVE_H

#include <stddef.h>

#include "base/str.h"

/* An archive under way: set archive.arena, zero the rest. Paths have no leading slash; a folder
 * comes before what it holds. */
struct cpio {
    struct str archive;
    unsigned n_entries;
};

void cpio_add_folder(struct cpio *cpio, const char *path);
void cpio_add_program(struct cpio *cpio, const char *path, const char *content, size_t n_bytes);
void cpio_add_file(struct cpio *cpio, const char *path, const char *content, size_t n_bytes);
void cpio_add_device(struct cpio *cpio, const char *path, unsigned major, unsigned minor);

/* Ends the archive: nothing may be added after this. */
void cpio_end(struct cpio *cpio);

#endif
