/* yaml_words.c - see yaml_words.h. */
#include "base/yaml_words.h"

#include <string.h>

#include "base/str.h"
#include "base/suggest.h"

bool yaml_is_list(const struct yaml_field *field)
{
    return field->is_list || field->type == YAML_BITS;
}

const char *yaml_describe_spot(struct arena *arena, struct yaml_spot spot)
{
    const char *key = spot.field->key;

    return key == NULL ? "the file"
                       : arena_printf(arena, "%s'%s'", spot.is_item ? "an item of " : "", key);
}

const char *yaml_describe_value(struct arena *arena, struct yaml_spot spot)
{
    const char *key = spot.field->key;

    return key == NULL ? "file"
                       : arena_printf(arena, "%s of '%s'", spot.is_item ? "item" : "value", key);
}

const char *yaml_describe_list(struct arena *arena, const char *const *names, size_t n,
                               const char *last_separator)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s'%s'", i == 0 ? "" : i + 1 < n ? ", " : last_separator, names[i]);
    return str_text(&text);
}

static const char **words_of(struct arena *arena, const struct yaml_field *field)
{
    const char **words = arena_alloc(arena, (field->n_words + 1) * sizeof *words);

    for (size_t i = 0; i < field->n_words; i++)
        words[i] = field->words[i].text;
    return words;
}

const char **yaml_keys(struct arena *arena, const struct yaml_record *record, bool only_required,
                       size_t *n)
{
    const char **keys = NULL;

    *n = 0;
    for (size_t i = 0; i < record->n_fields; i++)
        if (!only_required || !record->fields[i].is_optional)
            ARENA_PUSH(arena, keys, *n, record->fields[i].key);
    return keys;
}

/* What a value of the field's type is to be. */
static const char *describe_type(struct arena *arena, const struct yaml_field *field)
{
    size_t n;
    const char **keys;

    switch (field->type) {
    case YAML_TEXT:
        return "text";
    case YAML_INT:
        return "a number";
    case YAML_UINT:
        return "a number that is not negative";
    case YAML_BOOL:
        return "'true' or 'false'";
    case YAML_WORD:
    case YAML_BITS:
        return yaml_describe_list(arena, words_of(arena, field), field->n_words, " or ");
    default:
        keys = yaml_keys(arena, field->record, true, &n);
        return n == 0 ? "a mapping"
                      : arena_printf(arena, "%sa mapping with %s",
                                     field->record->may_be_text ? "text, or " : "",
                                     yaml_describe_list(arena, keys, n, " and "));
    }
}

const char *yaml_describe_expected(struct arena *arena, struct yaml_spot spot)
{
    const struct yaml_field *field = spot.field;

    if (spot.is_item || !yaml_is_list(field))
        return describe_type(arena, field);
    if (field->type == YAML_BITS)
        return arena_printf(
            arena, "a list of %s",
            yaml_describe_list(arena, words_of(arena, field), field->n_words, " and "));
    return field->type != YAML_MAPPING
               ? "a list"
               : arena_printf(arena, "a list, each item %s", describe_type(arena, field));
}

const char *yaml_describe_got(struct arena *arena, const struct yaml_event *event)
{
    enum { REPORTED_BYTES = 60 };

    if (event->kind != YAML_SCALAR)
        return event->kind == YAML_LIST_BEGIN ? "a list" : "a mapping";
    if (event->n_bytes == 0)
        return "nothing";
    if (strlen(event->text) != event->n_bytes)
        return "a text with a NUL character";
    if (event->n_bytes > REPORTED_BYTES || strpbrk(event->text, "\n\r") != NULL)
        return "a long text";
    return arena_printf(arena, "'%s'", event->text);
}

const char *yaml_describe_advice(struct arena *arena, struct yaml_spot spot,
                                 const struct yaml_event *event)
{
    const struct yaml_field *field = spot.field;
    static const char *const yes[] = {"true", "yes", "on", "y", "1"};
    static const char *const no[] = {"false", "no", "off", "n", "0"};

    if (event->kind != YAML_SCALAR || event->n_bytes == 0)
        return "";
    if (yaml_is_list(field) && !spot.is_item)
        return field->type != YAML_MAPPING && strpbrk(event->text, ",[]{}'\"\n") == NULL
                   ? arena_printf(arena, "; write [%s]", event->text)
                   : "";
    if (field->n_words > 0)
        return near_hint(arena, event->text, words_of(arena, field), field->n_words);
    for (size_t i = 0; field->type == YAML_BOOL && i < sizeof yes / sizeof yes[0]; i++)
        if (strcasecmp(event->text, yes[i]) == 0 || strcasecmp(event->text, no[i]) == 0)
            return strcasecmp(event->text, no[i]) == 0 ? "; write false" : "; write true";
    return "";
}
