/* yaml_words.h - a table of keys and a value of a file, in the words of messages; for yaml.c.
 *
 * In: a row of a table, and what the file has there. Out: text in the arena: what the value is
 * called, what is expected, what is got, and what to do.
 *
 * Design: every word that a reader could look for is there as the file must spell it.
 */
#ifndef ABIPROOF_YAML_WORDS_H
#define ABIPROOF_YAML_WORDS_H

#include "base/yaml_event.h"
#include "base/yaml_table.h"

/* Which value is looked at: that of a field, or an item of the list that is. The file is the value
 * of a field without a key. */
struct yaml_spot {
    const struct yaml_field *field;
    bool is_item;
};

bool yaml_is_list(const struct yaml_field *field);

/* The keys of a mapping, or those that must be there; *n gets their number. */
const char **yaml_keys(struct arena *arena, const struct yaml_record *record, bool only_required,
                       size_t *n);

/* "'own' or 'newer'", "'kind', 'item' and 'reason'". */
const char *yaml_describe_list(struct arena *arena, const char *const *names, size_t n,
                               const char *last_separator);

/* "the file", "'place'", "an item of 'parts'" */
const char *yaml_describe_spot(struct arena *arena, struct yaml_spot spot);

/* What is bad about a value: "file", "item of 'in'", "value of 'strict'". */
const char *yaml_describe_value(struct arena *arena, struct yaml_spot spot);

/* "text", "a list, each item a mapping with 'name'" */
const char *yaml_describe_expected(struct arena *arena, struct yaml_spot spot);

/* The value as it is in a message, a long text cut: "'4k'", "a list", "nothing". */
const char *yaml_describe_got(struct arena *arena, const struct yaml_event *event);

/* What to do about a value of the wrong type: "; write [one]"; "" if that is plain. */
const char *yaml_describe_advice(struct arena *arena, struct yaml_spot spot,
                                 const struct yaml_event *event);

#endif
