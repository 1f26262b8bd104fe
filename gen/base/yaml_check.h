/* yaml_check.h - a YAML document compared with a libcyaml schema, before libcyaml reads it.
 *
 * In: a document of libyaml, which knows lines and columns, and a schema, which knows keys, words
 * and types. Out: one message for each mistake, in the words of the file. libcyaml checks the same,
 * but stops at the first mistake and tells it in its own words: `Expecting SEQUENCE, got event:
 * SCALAR`. So this must refuse all that libcyaml refuses.
 */
#ifndef ABIPROOF_YAML_CHECK_H
#define ABIPROOF_YAML_CHECK_H

#include <stdbool.h>

#include <cyaml/cyaml.h>
#include <yaml.h>

#include "base/diag.h"

/* Reports every mistake in the document (with a root) of the file at path, up to a screenful.
 * Returns true if there is none. */
bool yaml_check(yaml_document_t *document, const char *path, const cyaml_schema_value_t *schema,
                struct diag *diag);

#endif
