/* yaml.c - see yaml.h.
 *
 * In: events and a table. Out: the structure, or a message for each mistake.
 *
 * Design: a value of the wrong kind is reported and passed over, so that one run names every
 * mistake of a file, in its order.
 */
#include "base/yaml.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/suggest.h"
#include "base/yaml_event.h"
#include "base/yaml_words.h"

/* A file of another kind has a mistake in every line. */
enum { ERRORS_MAX = 20 };

struct loading {
    struct yaml_reader reader;
    struct arena *arena;
    const struct yaml_record *top;
    struct yaml_places places;
    unsigned reported; /* old names of keys, as bits */
    int n_errors;
};

static struct location location_of(const struct loading *loading, const struct yaml_event *event)
{
    return (struct location){loading->reader.path, event->line, event->column};
}

/* Reports one mistake; after the last that is listed, only that there are more. */
__attribute__((format(printf, 3, 4))) static void
report_mistake(struct loading *loading, const struct yaml_event *event, const char *format, ...)
{
    struct yaml_reader *reader = &loading->reader;

    if (reader->has_stopped)
        return;
    va_list args;
    va_start(args, format);
    if (loading->n_errors++ < ERRORS_MAX) {
        diag_error(reader->diag, location_of(loading, event), "%s",
                   arena_vprintf(loading->arena, format, args));
    } else {
        diag_error(
            reader->diag, location_of(loading, event),
            "%d mistakes are reported, and here is one more: is this file what it should be?",
            ERRORS_MAX);
        reader->has_stopped = true;
    }
    va_end(args);
}

/* Reports a value of the wrong type, and passes over it. */
static void refuse(struct loading *loading, struct yaml_spot spot, const struct yaml_event *event)
{
    struct arena *arena = loading->arena;

    report_mistake(loading, event, "bad %s, expected %s, got %s%s",
                   yaml_describe_value(arena, spot), yaml_describe_expected(arena, spot),
                   yaml_describe_got(arena, event), yaml_describe_advice(arena, spot, event));
    yaml_skip(&loading->reader, event);
}

/* ---- single values ---- */

/* True for a text that is not empty and that C's strings can hold. */
static bool is_text(const struct yaml_event *event)
{
    return event->kind == YAML_SCALAR && event->n_bytes > 0 &&
           strlen(event->text) == event->n_bytes;
}

static void add_place(struct loading *loading, const void *part, const struct yaml_event *event)
{
    struct yaml_places *places = &loading->places;
    struct yaml_place place = {part, event->line, event->column};

    ARENA_PUSH(loading->arena, places->items, places->n, place);
}

/* Stores a number that has room in the member. As in C, it may be octal or hexadecimal. */
static bool load_number(bool is_signed, const char *text, void *member)
{
    char *end;

    errno = 0;
    long long number = strtoll(text, &end, 0);
    if (errno != 0 || end == text || *end != '\0' || number < (is_signed ? INT_MIN : 0) ||
        number > (is_signed ? INT_MAX : (long long)UINT_MAX))
        return false;
    if (is_signed)
        *(int *)member = (int)number;
    else
        *(unsigned *)member = (unsigned)number;
    return true;
}

static bool load_word(const struct yaml_field *field, const char *text, int *member)
{
    for (size_t i = 0; i < field->n_words; i++)
        if (strcmp(field->words[i].text, text) == 0) {
            *member = field->words[i].value;
            return true;
        }
    return false;
}

/* Returns false if the text is no value of the field. */
static bool load_scalar(struct loading *loading, const struct yaml_field *field,
                        const struct yaml_event *event, void *member)
{
    if (event->kind != YAML_SCALAR || event->n_bytes == 0 || strlen(event->text) != event->n_bytes)
        return false;
    switch (field->type) {
    case YAML_TEXT:
        *(const char **)member = event->text;
        add_place(loading, event->text, event);
        return true;
    case YAML_BOOL:
        *(bool *)member = strcmp(event->text, "true") == 0;
        return *(bool *)member || strcmp(event->text, "false") == 0;
    case YAML_WORD:
    case YAML_BITS:
        return load_word(field, event->text, member);
    default:
        return load_number(field->type == YAML_INT, event->text, member);
    }
}

/* ---- keys ---- */

/* True for a value that is not there at all: '' is one. */
static bool is_nothing(const struct yaml_event *event)
{
    return event->kind == YAML_SCALAR && event->n_bytes == 0 && event->is_plain;
}

/* Finds a key of the mapping by its name of today or before; NULL if there is none. */
static const struct yaml_field *
find_field(struct loading *loading, const struct yaml_record *record, const struct yaml_event *key)
{
    const struct renamed *old_keys = loading->top->old_keys;
    const struct renamed *old =
        old_keys == NULL || !is_text(key) ? NULL : renamed_find(old_keys, key->text);

    if (old != NULL && (loading->reported >> (old - old_keys) & 1) == 0)
        diag_notice(loading->reader.diag, location_of(loading, key), "key '%s' is now called '%s'",
                    old->old, old->now);
    if (old != NULL)
        loading->reported |= 1U << (old - old_keys);
    for (size_t i = 0; i < record->n_fields && is_text(key); i++)
        if (strcmp(record->fields[i].key, old != NULL ? old->now : key->text) == 0)
            return &record->fields[i];
    return NULL;
}

/* Finds the first mapping of the table that has the key. */
static bool find_home(struct yaml_spot spot, const char *key, struct yaml_spot *home)
{
    const struct yaml_record *record = spot.field->record;

    *home = spot;
    for (size_t i = 0; record != NULL && i < record->n_fields; i++)
        if (strcmp(record->fields[i].key, key) == 0)
            return true;
    for (size_t i = 0; record != NULL && i < record->n_fields; i++)
        if (find_home((struct yaml_spot){&record->fields[i], yaml_is_list(&record->fields[i])}, key,
                      home))
            return true;
    return false;
}

/* A key that is misspelt, in the wrong mapping, or neither. is_rest: it is likely to be the rest of a
 * text before it, which a comma ends where it has no quotes. */
static void report_unknown(struct loading *loading, struct yaml_spot spot,
                           const struct yaml_event *key, bool is_rest)
{
    struct arena *arena = loading->arena;
    const struct yaml_field file = {.type = YAML_MAPPING, .record = loading->top};
    const char *mapping = yaml_describe_spot(arena, spot);
    size_t n;
    const char **keys = yaml_keys(arena, spot.field->record, false, &n);
    const char *hint = is_text(key) ? near_hint(arena, key->text, keys, n) : "";
    struct yaml_spot home;

    if (!is_text(key))
        report_mistake(loading, key, "bad key of %s, expected a name, got %s", mapping,
                       yaml_describe_got(arena, key));
    else if (is_rest)
        report_mistake(loading, key,
                       "unknown key '%s' of %s; if it is the rest of the text before the comma, "
                       "quote the whole: \"..., %s\"",
                       key->text, mapping, key->text);
    else if (hint[0] != '\0')
        report_mistake(loading, key, "unknown key '%s' of %s%s", key->text, mapping, hint);
    else if (find_home((struct yaml_spot){&file, false}, key->text, &home))
        report_mistake(loading, key, "unknown key '%s' of %s; it belongs in %s", key->text, mapping,
                       home.field->key == NULL ? "the file's outermost mapping"
                                               : yaml_describe_spot(arena, home));
    else
        report_mistake(loading, key, "unknown key '%s' of %s, expected %s", key->text, mapping,
                       yaml_describe_list(arena, keys, n, " or "));
}

/* lines: of the keys that are there, 0 for the others. */
static void report_missing(struct loading *loading, struct yaml_spot spot,
                           const struct yaml_event *mapping, const int *lines)
{
    const struct yaml_record *record = spot.field->record;
    struct arena *arena = loading->arena;
    const struct yaml_field *last = NULL;
    const char **missing = NULL;
    size_t n = 0;

    for (size_t i = 0; i < record->n_fields; i++)
        if (lines[i] == 0 && !record->fields[i].is_optional) {
            last = &record->fields[i];
            ARENA_PUSH(arena, missing, n, last->key);
        }
    if (n > 0)
        report_mistake(loading, mapping, "missing key%s %s of %s%s%s", n == 1 ? "" : "s",
                       yaml_describe_list(arena, missing, n, " and "),
                       yaml_describe_spot(arena, spot), n == 1 ? ", expected " : "",
                       n == 1 ? yaml_describe_expected(arena, (struct yaml_spot){last, false})
                              : "");
}

/* ---- lists and mappings ---- */

static void load_field(struct loading *loading, const struct yaml_field *field,
                       const struct yaml_event *event, char *structure);

/* Where a key is unknown, a missing one is not reported beside it: they are likely to be the
 * same. */
static void load_mapping(struct loading *loading, struct yaml_spot spot,
                         const struct yaml_event *mapping, void *structure)
{
    struct yaml_reader *reader = &loading->reader;
    const struct yaml_record *record = spot.field->record;
    int *lines = arena_alloc(loading->arena, (record->n_fields + 1) * sizeof *lines);
    bool has_unknown = false, is_first = true;

    for (struct yaml_event key; (key = yaml_next(reader)).kind != YAML_END; is_first = false) {
        yaml_skip(reader, &key);
        struct yaml_event value = yaml_next(reader);
        const struct yaml_field *field = find_field(loading, record, &key);
        int *line = field != NULL ? &lines[field - record->fields] : NULL;
        if (line != NULL && *line == 0) {
            *line = key.line;
            load_field(loading, field, &value, structure);
            continue;
        }
        if (line != NULL)
            report_mistake(loading, &key, "repeated key '%s'; it is on line %d, too", field->key,
                           *line);
        else
            report_unknown(loading, spot, &key,
                           mapping->is_in_brackets && !is_first && is_nothing(&value));
        has_unknown = has_unknown || line == NULL;
        yaml_skip(reader, &value);
    }
    if (!has_unknown)
        report_missing(loading, spot, mapping, lines);
}

/* Loads one value that is no list, of a key or an item. */
static void load_one(struct loading *loading, struct yaml_spot spot, const struct yaml_event *event,
                     void *member)
{
    const struct yaml_field *field = spot.field;
    bool is_mapping = field->type == YAML_MAPPING || field->type == YAML_POINTER;

    if (is_mapping && event->kind == YAML_MAPPING_BEGIN) {
        if (field->type == YAML_POINTER)
            member = *(void **)member = arena_alloc(loading->arena, field->record->size_bytes);
        load_mapping(loading, spot, event, member);
    } else if (is_mapping && field->record->may_be_text && is_text(event)) {
        load_field(loading, &field->record->fields[0], event, member);
    } else if (is_mapping || !load_scalar(loading, field, event, member)) {
        refuse(loading, spot, event);
    }
}

static size_t item_bytes(const struct yaml_field *field)
{
    return field->type == YAML_MAPPING ? field->record->size_bytes
           : field->type == YAML_TEXT  ? sizeof(const char *)
                                       : sizeof(int);
}

static void load_list(struct loading *loading, const struct yaml_field *field,
                      const struct yaml_event *list, char *structure)
{
    struct yaml_spot spot = {field, true};
    struct yaml_event *events = NULL; /* of the items */
    char *items = NULL;
    size_t n = 0, n_events = 0, size_bytes = item_bytes(field);

    for (struct yaml_event event; (event = yaml_next(&loading->reader)).kind != YAML_END; n++) {
        items = arena_grow(loading->arena, items, n, size_bytes);
        load_one(loading, spot, &event, items + n * size_bytes);
        ARENA_PUSH(loading->arena, events, n_events, event);
    }
    bool is_short = n < field->least;
    if (is_short || (field->most > 0 && n > field->most))
        report_mistake(loading, list, "bad %s, expected a list of at %s %u, got one of %zu",
                       yaml_describe_value(loading->arena, (struct yaml_spot){field, false}),
                       is_short ? "least" : "most", is_short ? field->least : field->most, n);
    for (size_t i = 0; i < n && field->type == YAML_MAPPING; i++)
        add_place(loading, items + i * size_bytes, &events[i]);
    if (field->type == YAML_BITS) {
        for (size_t i = 0; i < n; i++)
            *(unsigned *)(structure + field->offset) |= ((unsigned *)items)[i];
        return;
    }
    *(void **)(structure + field->offset) = items;
    *(unsigned *)(structure + field->n_offset) = (unsigned)n;
}

static void load_field(struct loading *loading, const struct yaml_field *field,
                       const struct yaml_event *event, char *structure)
{
    struct yaml_spot spot = {field, false};

    if (!yaml_is_list(field))
        load_one(loading, spot, event, structure + field->offset);
    else if (event->kind == YAML_LIST_BEGIN)
        load_list(loading, field, event, structure);
    else
        refuse(loading, spot, event);
}

/* ---- the file ---- */

static int by_part(const void *a, const void *b)
{
    const struct yaml_place *x = a, *y = b;

    return x->part < y->part ? -1 : x->part > y->part;
}

static void *load(struct loading *loading)
{
    const struct yaml_record *top = loading->top;
    const struct yaml_field file = {.type = YAML_MAPPING, .record = top};
    void *structure = arena_alloc(loading->arena, top->size_bytes);
    struct yaml_event event = yaml_next(&loading->reader);

    if (event.kind == YAML_END && !loading->reader.has_stopped)
        diag_error(loading->reader.diag, (struct location){loading->reader.path, 0, 0},
                   "there is nothing in it");
    else
        load_one(loading, (struct yaml_spot){&file, false}, &event, structure);
    yaml_next(&loading->reader); /* reports what is after the document */
    return structure;
}

void *yaml_load(struct arena *arena, const char *path, const struct yaml_record *record,
                struct yaml_places *places, struct diag *diag)
{
    struct loading loading = {
        .reader = {.arena = arena, .path = path, .diag = diag},
        .arena = arena,
        .top = record,
    };
    int errors_before = diag->n_errors;
    size_t n_bytes;
    const char *text = out_read(arena, path, &n_bytes);

    if (text == NULL || n_bytes > YAML_BYTES_MAX) {
        diag_error(diag, (struct location){path, 0, 0}, "cannot read: %s",
                   text == NULL ? strerror(errno) : strerror(EFBIG));
        return NULL;
    }
    yaml_reader_begin(&loading.reader, text, n_bytes);
    void *structure = load(&loading);
    yaml_reader_end(&loading.reader);
    if (diag->n_errors > errors_before)
        return NULL;
    if (places != NULL) {
        *places = loading.places;
        places->path = path;
        if (places->n > 0)
            qsort(places->items, places->n, sizeof *places->items, by_part);
    }
    return structure;
}

struct location yaml_location(const struct yaml_places *places, const void *part)
{
    struct yaml_place key = {.part = part};
    const struct yaml_place *found =
        places->n == 0 ? NULL : bsearch(&key, places->items, places->n, sizeof key, by_part);

    return found == NULL ? (struct location){places->path, 0, 0}
                         : (struct location){places->path, found->line, found->column};
}
