/* yaml_event.h - the text of a YAML file as a sequence of values; for yaml.c.
 *
 * In: text. Out: one after the other, its texts, and the begins and ends of lists and mappings,
 * each with its place; or a message: bad YAML, more than one document, what is refused (yaml.h).
 *
 * Design: the only user of libyaml. Its scanner becomes slow where brackets are open, so it is
 * stopped at YAML_DEPTH_MAX of them. After the first message it is stopped, and all that is open
 * ends: who reads on needs no check of their own.
 */
#ifndef ABIPROOF_YAML_EVENT_H
#define ABIPROOF_YAML_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include <yaml.h>

#include "base/arena.h"
#include "base/diag.h"

/* Lists and mappings in one another, at most. */
enum { YAML_DEPTH_MAX = 32 };

enum yaml_kind { YAML_END, YAML_SCALAR, YAML_LIST_BEGIN, YAML_MAPPING_BEGIN };

struct yaml_event {
    enum yaml_kind kind;
    int line, column;    /* from 1 */
    const char *text;    /* of a scalar, in the arena, NUL-terminated */
    size_t n_bytes;      /* of the text: more than strlen finds if it has NULs in it */
    bool is_plain;       /* a scalar without quotes */
    bool is_in_brackets; /* a list or mapping in brackets or braces */
};

struct yaml_reader {
    struct arena *arena;
    const char *path;
    const char *bytes; /* NUL-terminated */
    struct diag *diag;
    yaml_parser_t parser;
    int depth;
    bool has_begun;   /* the document */
    bool has_stopped; /* after a message */
};

/* Begins to read n_bytes of the file at path. The caller ends it with yaml_reader_end. */
void yaml_reader_begin(struct yaml_reader *reader, const char *bytes, size_t n_bytes);
void yaml_reader_end(struct yaml_reader *reader);

/* The next event; YAML_END at the file's end, too, and for ever after a message. */
struct yaml_event yaml_next(struct yaml_reader *reader);

/* Passes over the rest of a list or mapping that has begun with this event. */
void yaml_skip(struct yaml_reader *reader, const struct yaml_event *event);

#endif
