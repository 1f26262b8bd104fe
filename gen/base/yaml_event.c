/* yaml_event.c - see yaml_event.h. */
#include "base/yaml_event.h"

#include <string.h>

#include "base/str.h"

/* Reports at a mark of libyaml, and stops. */
__attribute__((format(printf, 3, 4))) static void stop(struct yaml_reader *reader, yaml_mark_t mark,
                                                       const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_error(reader->diag,
               (struct location){reader->path, (int)mark.line + 1, (int)mark.column + 1}, "%s",
               arena_vprintf(reader->arena, format, args));
    va_end(args);
    reader->has_stopped = true;
}

/* ---- syntax ---- */

/* What is usually the cause of what libyaml reports. */
static const char *syntax_advice(const yaml_parser_t *parser)
{
    const char *context = parser->context != NULL ? parser->context : "";

    if (parser->error == YAML_SCANNER_ERROR && *parser->buffer.pointer == '\t')
        return "; indent with spaces, not with tabs";
    if (strstr(context, "alias") != NULL)
        return "; a text that begins with '*' belongs in quotes";
    if (strstr(context, "anchor") != NULL)
        return "; a text that begins with '&' belongs in quotes";
    if (strstr(parser->problem, "cannot start any token") != NULL)
        return "; a text that begins like this belongs in quotes";
    if (strstr(parser->problem, "mapping values are not allowed") != NULL)
        return "; a text with ': ' in it belongs in quotes";
    return "";
}

/* The mark of a byte, which is all that libyaml knows of where bytes are no text. */
static yaml_mark_t mark_of(const char *bytes, size_t offset)
{
    yaml_mark_t mark = {0};

    for (size_t i = 0; i < offset && bytes[i] != '\0'; i++) {
        mark.column += ((unsigned char)bytes[i] & 0xc0) != 0x80; /* not within a character */
        if (bytes[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return mark;
}

/* Reports why the parser stopped: what it found, where, and what usually is the cause. */
static void report_syntax(struct yaml_reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    const char *context = "";

    if (parser->problem == NULL)
        diag_die("no memory");
    if (parser->error == YAML_READER_ERROR) {
        stop(reader, mark_of(reader->bytes, parser->problem_offset), "bad YAML: %s",
             parser->problem);
        return;
    }
    if (parser->context != NULL) {
        context = arena_printf(reader->arena, " %s", parser->context);
        if (parser->context_mark.line != parser->problem_mark.line)
            context = arena_printf(reader->arena, "%s that begins on line %zu", context,
                                   parser->context_mark.line + 1);
    }
    stop(reader, parser->problem_mark, "bad YAML: %s%s%s", parser->problem, context,
         syntax_advice(parser));
}

/* ---- events ---- */

/* libyaml compares each such line with all before it, and what it is for is refused. */
static void refuse_directives(struct yaml_reader *reader)
{
    const char *bytes = reader->bytes;
    const char *found = str_starts(bytes, "%TAG") ? bytes : strstr(bytes, "\n%TAG");

    if (found != NULL)
        stop(reader, mark_of(bytes, (size_t)(found - bytes) + (*found == '\n')),
             "bad YAML: found '%%TAG', expected no tags");
}

void yaml_reader_begin(struct yaml_reader *reader, const char *bytes, size_t n_bytes)
{
    reader->bytes = bytes;
    if (!yaml_parser_initialize(&reader->parser))
        diag_die("no memory");
    yaml_parser_set_input_string(&reader->parser, (const unsigned char *)bytes, n_bytes);
    refuse_directives(reader);
}

void yaml_reader_end(struct yaml_reader *reader)
{
    yaml_parser_delete(&reader->parser);
}

/* Stops where a value is an alias, or has an anchor or a tag before it. libyaml spells out YAML's
 * own tags, as !!str, which are let through. */
static void refuse_marks(struct yaml_reader *reader, const yaml_event_t *event)
{
    bool is_alias = event->type == YAML_ALIAS_EVENT;
    /* All kinds of values begin with these two, an alias with the first. */
    const char *anchor = (const char *)event->data.scalar.anchor;
    const char *tag = is_alias ? NULL : (const char *)event->data.scalar.tag;

    if (anchor != NULL)
        stop(reader, event->start_mark,
             "bad YAML: found %s%s', expected a value; a text that begins with '%c' belongs in "
             "quotes",
             is_alias ? "the alias '*" : "the anchor '&", anchor, is_alias ? '*' : '&');
    else if (tag != NULL && !str_starts(tag, "tag:yaml.org,2002:"))
        stop(reader, event->start_mark,
             "bad YAML: found the tag '%s', expected a value; a text that begins with '!' belongs "
             "in quotes",
             tag);
}

static void take_scalar(struct yaml_reader *reader, const yaml_event_t *event,
                        struct yaml_event *taken)
{
    char *text = arena_alloc(reader->arena, event->data.scalar.length + 1);

    memcpy(text, event->data.scalar.value, event->data.scalar.length);
    taken->kind = YAML_SCALAR;
    taken->text = text;
    taken->n_bytes = event->data.scalar.length;
    taken->is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static void begin_collection(struct yaml_reader *reader, const yaml_event_t *event,
                             struct yaml_event *taken)
{
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;

    taken->kind = is_list ? YAML_LIST_BEGIN : YAML_MAPPING_BEGIN;
    taken->is_in_brackets = is_list ? event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
                                    : event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    if (++reader->depth > YAML_DEPTH_MAX)
        stop(reader, event->start_mark,
             "lists and mappings in one another, more than %d deep, expected at most %d",
             YAML_DEPTH_MAX, YAML_DEPTH_MAX);
}

/* Returns false if the event says nothing that a reader needs. */
static bool take(struct yaml_reader *reader, const yaml_event_t *event, struct yaml_event *taken)
{
    taken->line = (int)event->start_mark.line + 1;
    taken->column = (int)event->start_mark.column + 1;
    switch (event->type) {
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return false;
    case YAML_DOCUMENT_START_EVENT:
        if (reader->has_begun)
            stop(reader, event->start_mark,
                 "a second document begins here, expected one in the file");
        reader->has_begun = true;
        return false;
    case YAML_SCALAR_EVENT:
        take_scalar(reader, event, taken);
        refuse_marks(reader, event);
        return true;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        begin_collection(reader, event, taken);
        refuse_marks(reader, event);
        return true;
    case YAML_ALIAS_EVENT:
        refuse_marks(reader, event);
        return true;
    default: /* an end */
        reader->depth--;
        return true;
    }
}

struct yaml_event yaml_next(struct yaml_reader *reader)
{
    struct yaml_event taken = {.kind = YAML_END};
    bool is_taken = false;

    while (!is_taken && !reader->has_stopped) {
        yaml_event_t event;
        if (yaml_parser_parse(&reader->parser, &event)) {
            is_taken = take(reader, &event, &taken);
            yaml_event_delete(&event);
        } else {
            report_syntax(reader);
        }
    }
    return reader->has_stopped ? (struct yaml_event){.kind = YAML_END} : taken;
}

void yaml_skip(struct yaml_reader *reader, const struct yaml_event *event)
{
    int depth = event->kind == YAML_LIST_BEGIN || event->kind == YAML_MAPPING_BEGIN;

    while (depth > 0 && !reader->has_stopped)
        switch (yaml_next(reader).kind) {
        case YAML_LIST_BEGIN:
        case YAML_MAPPING_BEGIN:
            depth++;
            break;
        case YAML_END:
            depth--;
            break;
        case YAML_SCALAR:
            break;
        }
}
