/* yaml_table.h - which keys a mapping of a YAML file may have, and what they fill.
 *
 * In: nothing. Out: types and macros for one table per mapping, which reads as the mapping does:
 *
 *     static const struct yaml_field view_fields[] = {
 *         YAML_KEY(spec_view, name, YAML_TEXT),
 *         YAML_LIST(spec_view, words, YAML_TEXT, .least = 1, YAML_OPTIONAL),
 *     };
 *     static const struct yaml_record view_record = YAML_RECORD(spec_view, view_fields);
 *
 * Design: a table has an end, where a file may have none, so it is the table that is walked.
 */
#ifndef ABIPROOF_YAML_TABLE_H
#define ABIPROOF_YAML_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/renamed.h"

/* What a value is, and what member it fills. */
enum yaml_type {
    YAML_TEXT,    /* const char *: not empty */
    YAML_INT,     /* int: decimal, octal or hexadecimal, as in C */
    YAML_UINT,    /* unsigned */
    YAML_BOOL,    /* bool: true or false */
    YAML_WORD,    /* an enum: the value of one of `words` */
    YAML_BITS,    /* unsigned: a list of `words`, their values or-ed */
    YAML_MAPPING, /* a structure: `record` */
    YAML_POINTER, /* a pointer to one; NULL without the key */
};

struct yaml_word {
    const char *text;
    int value;
};

/* One key of a mapping. A member whose key is not in the file is zero. */
struct yaml_field {
    const char *key;
    enum yaml_type type; /* of the value; of a list, of each item */
    bool is_optional;
    bool is_list;         /* the member is a pointer to an array, NULL if the list is empty */
    unsigned least, most; /* items of a list; most 0: any number */
    size_t offset;        /* of the member, in bytes */
    size_t n_offset;      /* of a list: of the unsigned member for its length */
    const struct yaml_word *words;
    size_t n_words;
    const struct yaml_record *record;
};

/* A structure, and the keys that fill it. */
struct yaml_record {
    size_t size_bytes;
    const struct yaml_field *fields;
    size_t n_fields;
    bool may_be_text; /* a text in place of the mapping is the value of its first key */
    const struct renamed *old_keys; /* of the outermost record: keys of all that had other names;
                                       a note gives the new one, once each. NULL: none */
};

/* Rows of a table. What follows the type are more members: `.is_optional = true`, `.least = 1`,
 * YAML_WORDS(array), `.record = &record`. The member of a list NAME has its length in n_NAME; the
 * forms with _AS are for a member that is not named like its key. */
#define YAML_KEY_AS(name, structure, member, kind, ...)                                            \
    {.key = (name), .type = (kind), .offset = offsetof(struct structure, member), ##__VA_ARGS__}
#define YAML_KEY(structure, member, kind, ...)                                                     \
    YAML_KEY_AS(#member, structure, member, kind, ##__VA_ARGS__)
#define YAML_LIST_AS(name, structure, member, n_member, kind, ...)                                 \
    YAML_KEY_AS(name, structure, member, kind, .is_list = true,                                    \
                .n_offset = offsetof(struct structure, n_member), ##__VA_ARGS__)
#define YAML_LIST(structure, member, kind, ...)                                                    \
    YAML_LIST_AS(#member, structure, member, n_##member, kind, ##__VA_ARGS__)
#define YAML_OPTIONAL     .is_optional = true
#define YAML_WORDS(array) .words = (array), .n_words = sizeof(array) / sizeof *(array)
#define YAML_RECORD(type, of, ...)                                                                 \
    {.size_bytes = sizeof(struct type), YAML_FIELDS(of), ##__VA_ARGS__}
#define YAML_FIELDS(array) .fields = (array), .n_fields = sizeof(array) / sizeof *(array)

#endif
