/* boot_archive.c - see boot_archive.h. */
#include "witness/boot_archive.h"

#include <string.h>

/* Kinds and permissions, as in the mode of stat(2). They are the format's, not this machine's. */
enum {
    MODE_PROGRAM = 0100755,
    MODE_FILE = 0100644,
    MODE_FOLDER = 0040755,
    MODE_DEVICE = 0020600,
};

enum { ALIGNMENT = 4 };

static void pad(struct cpio *cpio)
{
    while (cpio->archive.len % ALIGNMENT != 0)
        str_add_char(&cpio->archive, '\0');
}

static void add_entry(struct cpio *cpio, const char *path, unsigned mode, unsigned n_links,
                      const char *content, size_t n_bytes, unsigned major, unsigned minor)
{
    const struct {
        const char *name; /* as the format calls it */
        unsigned value;
    } header[] = {
        {"ino", ++cpio->n_entries},
        {"mode", mode},
        {"uid", 0},
        {"gid", 0},
        {"nlink", n_links},
        {"mtime", 0},
        {"filesize", (unsigned)n_bytes},
        {"maj", 0},
        {"min", 0},
        {"rmaj", major},
        {"rmin", minor},
        {"namesize", (unsigned)strlen(path) + 1},
        {"chksum", 0},
    };

    str_add(&cpio->archive, "070701");
    for (size_t i = 0; i < sizeof header / sizeof header[0]; i++)
        str_addf(&cpio->archive, "%08X", header[i].value);
    str_add_bytes(&cpio->archive, path, strlen(path) + 1);
    pad(cpio);
    str_add_bytes(&cpio->archive, content, n_bytes);
    pad(cpio);
}

void cpio_add_folder(struct cpio *cpio, const char *path)
{
    add_entry(cpio, path, MODE_FOLDER, 2, "", 0, 0, 0);
}

void cpio_add_program(struct cpio *cpio, const char *path, const char *content, size_t n_bytes)
{
    add_entry(cpio, path, MODE_PROGRAM, 1, content, n_bytes, 0, 0);
}

void cpio_add_file(struct cpio *cpio, const char *path, const char *content, size_t n_bytes)
{
    add_entry(cpio, path, MODE_FILE, 1, content, n_bytes, 0, 0);
}

void cpio_add_device(struct cpio *cpio, const char *path, unsigned major, unsigned minor)
{
    add_entry(cpio, path, MODE_DEVICE, 1, "", 0, major, minor);
}

void cpio_end(struct cpio *cpio)
{
    add_entry(cpio, "TRAILER!!!", 0, 1, "", 0, 0, 0);
}
