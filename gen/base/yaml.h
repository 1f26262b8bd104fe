/* yaml.h - a YAML file read into C structures that tables describe.
 *
 * In: a path, and a table of the keys that a mapping may have (yaml_table.h).
 * Out: the structure, and where in the file each part of it is; or a message with file, line,
 * column and key for each mistake: what is expected there, what is found, and what is nearest.
 *
 * Design: one walk down the table and over libyaml's events both checks the file and fills the
 * structure, so what is checked is what is used. A file of these is written by hand: aliases,
 * anchors and tags are refused, since there they are texts that lack their quotes, and so is what
 * is nested deeper or longer than anybody writes. Time is linear in the file's size.
 */
#ifndef ABIPROOF_YAML_H
#define ABIPROOF_YAML_H

#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/yaml_table.h"

/* Bytes of a file, at most. */
enum { YAML_BYTES_MAX = 16 << 20 };

/* Where the parts of what was read are. */
struct yaml_places {
    const char *path;
    struct yaml_place {
        const void *part;
        int line, column;
    } *items; /* sorted by part */
    size_t n;
};

/* Reads the file at path, which must outlive what is read. Everything read lives in the arena.
 * places: filled in; NULL if nobody needs them. Returns NULL after reporting. */
void *yaml_load(struct arena *arena, const char *path, const struct yaml_record *record,
                struct yaml_places *places, struct diag *diag);

/* Where a part is: the address of a text that was read, or of a structure in an array that was. Of
 * anything else, the file alone. */
struct location yaml_location(const struct yaml_places *places, const void *part);

#endif
