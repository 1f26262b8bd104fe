/* json.h - JSON as reports write it, with jansson; for the files of report/ alone.
 *
 * A json_t that is returned is a new reference.
 */
#ifndef ABIPROOF_JSON_H
#define ABIPROOF_JSON_H

#include <jansson.h>

#include "base/str.h"

/* A string of any bytes, made harmless by report_clean; an array of such. */
json_t *json_text(const char *text);
json_t *json_texts(const char *const *items, size_t n);

/* Sets a key, with a text only if there is one. */
void json_set_text(json_t *object, const char *key, const char *text);
void json_set_number(json_t *object, const char *key, size_t number);

/* Appends the text of root and a newline; root is released. */
void json_write(struct str *out, json_t *root);

#endif
