/* yaml.h - a YAML file read against a schema.
 *
 * In: a path and a libcyaml schema. Out: the C structure that the schema describes, or a message
 * with file, line, column and key for each mistake (yaml_check.h). Two libraries read the text in
 * turn: libyaml, whose document has locations, and libcyaml, which fills the structure and keeps
 * none.
 */
#ifndef ABIPROOF_YAML_H
#define ABIPROOF_YAML_H

#include <cyaml/cyaml.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/renamed.h"

/* Reads the file at path. path must outlive what is read. Everything read lives in the arena.
 * Returns NULL after reporting. */
void *yaml_load(struct arena *arena, const char *path, const cyaml_schema_value_t *schema,
                struct diag *diag);

/* As yaml_load, for a file that may still have keys by their old names: these are read as keys of
 * the new names, and a note reports each old name once. keys: a table as base/renamed.h has it. */
void *yaml_load_renamed(struct arena *arena, const char *path, const struct renamed *keys,
                        const cyaml_schema_value_t *schema, struct diag *diag);

/* Line of the first item of the file that says `key: name`, or lists name, counted from 1; 0 if
 * none. libcyaml keeps no locations, and messages about a meaning need one. */
int yaml_line_of(const char *path, const char *name);

/* Line of item `index`, counted from 0, of the list that is the value of `key` at the top of the
 * file, counted from 1; 0 if there is none. */
int yaml_line_in(const char *path, const char *key, size_t index);

#endif
