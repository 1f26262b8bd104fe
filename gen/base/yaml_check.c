/* yaml_check.c - see yaml_check.h.
 *
 * The walk goes down the schema, not the document: a document may have aliases that lead back into
 * themselves, and a schema has an end.
 */
#include "base/yaml_check.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/str.h"

/* A file of another kind has a mistake in every line. */
enum { ERRORS_MAX = 20 };

struct checking {
    yaml_document_t *document;
    const char *path;
    const cyaml_schema_value_t *top;
    struct diag *diag;
    int n_errors;
};

/* Which value is looked at: that of a key, or an item of the list that is; no key: the file. */
struct spot {
    const char *key;
    bool is_item;
};

static struct arena *arena_of(const struct checking *checking)
{
    return checking->diag->text.arena;
}

static struct location location_of(const struct checking *checking, const yaml_node_t *node)
{
    return (struct location){checking->path, (int)node->start_mark.line + 1,
                             (int)node->start_mark.column + 1};
}

/* Reports one mistake; after the last that is listed, only that there are more. */
__attribute__((format(printf, 3, 4))) static void
report_mistake(struct checking *checking, const yaml_node_t *node, const char *format, ...)
{
    checking->n_errors++;
    va_list args;
    va_start(args, format);
    if (checking->n_errors <= ERRORS_MAX)
        diag_error(checking->diag, location_of(checking, node), "%s",
                   arena_vprintf(arena_of(checking), format, args));
    else if (checking->n_errors == ERRORS_MAX + 1)
        diag_error(
            checking->diag, location_of(checking, node),
            "%d mistakes are reported, and here is one more: is this file what it should be?",
            ERRORS_MAX);
    va_end(args);
}

/* ---- words ---- */

static const char *describe_spot(struct arena *arena, struct spot spot)
{
    return spot.key == NULL
               ? "the file"
               : arena_printf(arena, "%s'%s'", spot.is_item ? "an item of " : "", spot.key);
}

/* What is bad about a value: "file", "item of 'in'", "value of 'strict'". */
static const char *describe_value(struct arena *arena, struct spot spot)
{
    return spot.key == NULL
               ? "file"
               : arena_printf(arena, "%s of '%s'", spot.is_item ? "item" : "value", spot.key);
}

/* "'own' or 'newer'", "'kind', 'item' and 'reason'". */
static const char *describe_list(struct arena *arena, const char *const *names, size_t n,
                                 const char *last_separator)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s'%s'", i == 0 ? "" : i + 1 < n ? ", " : last_separator, names[i]);
    return str_text(&text);
}

/* The words of an enumeration. */
static const char **words_of(struct arena *arena, const cyaml_schema_value_t *schema, size_t *n)
{
    const char **words = NULL;
    *n = 0;
    for (uint32_t i = 0; i < schema->enumeration.count; i++)
        ARENA_PUSH(arena, words, *n, schema->enumeration.strings[i].str);
    return words;
}

/* The keys of a mapping, or those that must be there. */
static const char **keys_of(struct arena *arena, const cyaml_schema_value_t *schema,
                            bool only_required, size_t *n)
{
    const char **keys = NULL;
    *n = 0;
    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
        if (!only_required || !(field->value.flags & CYAML_FLAG_OPTIONAL))
            ARENA_PUSH(arena, keys, *n, field->key);
    return keys;
}

static const char *describe_expected(struct arena *arena, const cyaml_schema_value_t *schema)
{
    const char **names;
    size_t n;

    switch (schema->type) {
    case CYAML_STRING:
        return "text";
    case CYAML_INT:
        return "a number";
    case CYAML_UINT:
        return "a number that is not negative";
    case CYAML_BOOL:
        return "'true' or 'false'";
    case CYAML_ENUM:
        names = words_of(arena, schema, &n);
        return describe_list(arena, names, n, " or ");
    case CYAML_FLAGS:
        names = words_of(arena, schema, &n);
        return arena_printf(arena, "a list of %s", describe_list(arena, names, n, " and "));
    case CYAML_MAPPING:
        names = keys_of(arena, schema, true, &n);
        return n == 0 ? "a mapping"
                      : arena_printf(arena, "a mapping with %s",
                                     describe_list(arena, names, n, " and "));
    case CYAML_SEQUENCE:
        return schema->sequence.entry->type != CYAML_MAPPING
                   ? "a list"
                   : arena_printf(arena, "a list, each item %s",
                                  describe_expected(arena, schema->sequence.entry));
    default:
        return "something else";
    }
}

static const char *text_of(const yaml_node_t *node)
{
    return (const char *)node->data.scalar.value;
}

/* The value as it is in a message: a long text is cut. */
static const char *describe_got(struct arena *arena, const yaml_node_t *node)
{
    enum { REPORTED_BYTES = 60 };

    if (node->type == YAML_SEQUENCE_NODE)
        return "a list";
    if (node->type == YAML_MAPPING_NODE)
        return "a mapping";
    if (node->data.scalar.length == 0)
        return "nothing";
    if (node->data.scalar.length > REPORTED_BYTES || strpbrk(text_of(node), "\n\r") != NULL)
        return "a long text";
    return arena_printf(arena, "'%s'", text_of(node));
}

/* What to do about a value of the wrong type; "" if that is plain. */
static const char *describe_advice(struct arena *arena, const cyaml_schema_value_t *schema,
                                   const yaml_node_t *node)
{
    static const char *const yes[] = {"true", "yes", "on", "y", "1"};
    static const char *const no[] = {"false", "no", "off", "n", "0"};
    bool is_text = node->type == YAML_SCALAR_NODE && node->data.scalar.length > 0;

    if ((schema->type == CYAML_SEQUENCE && schema->sequence.entry->type == CYAML_STRING) ||
        schema->type == CYAML_FLAGS)
        return is_text && strpbrk(text_of(node), ",[]{}'\"\n") == NULL
                   ? arena_printf(arena, "; write [%s]", text_of(node))
                   : "";
    if (schema->type == CYAML_ENUM && is_text) {
        size_t n;
        const char **words = words_of(arena, schema, &n);
        return near_hint(arena, text_of(node), words, n);
    }
    for (size_t i = 0; schema->type == CYAML_BOOL && is_text && i < sizeof yes / sizeof yes[0]; i++)
        if (strcasecmp(text_of(node), yes[i]) == 0 || strcasecmp(text_of(node), no[i]) == 0)
            return strcasecmp(text_of(node), no[i]) == 0 ? "; write false" : "; write true";
    return "";
}

static void refuse(struct checking *checking, const cyaml_schema_value_t *schema,
                   const yaml_node_t *node, struct spot spot)
{
    struct arena *arena = arena_of(checking);

    report_mistake(checking, node, "bad %s, expected %s, got %s%s", describe_value(arena, spot),
                   describe_expected(arena, schema), describe_got(arena, node),
                   describe_advice(arena, schema, node));
}

/* ---- single values ---- */

/* True if the whole text is a number that has room in the schema's bytes. As in C, a number may be
 * octal or hexadecimal. */
static bool is_number(const cyaml_schema_value_t *schema, const char *text)
{
    unsigned unused_bits = 64 - 8 * schema->data_size;
    bool is_negative = text[strspn(text, " \t")] == '-';

    errno = 0;
    char *end;
    if (schema->type == CYAML_INT) {
        long long number = strtoll(text, &end, 0);
        if (number > INT64_MAX >> unused_bits || number < INT64_MIN >> unused_bits)
            return false;
    } else if (strtoull(text, &end, 0) > UINT64_MAX >> unused_bits || is_negative) {
        return false;
    }
    return errno == 0 && end != text && *end == '\0';
}

static bool is_word(const cyaml_schema_value_t *schema, const char *text)
{
    for (uint32_t i = 0; i < schema->enumeration.count; i++)
        if (strcmp(schema->enumeration.strings[i].str, text) == 0)
            return true;
    return false;
}

/* True if the text is a value of the schema's. Of true and false libcyaml takes any word for one of
 * them; here nothing else is. */
static bool is_value(const cyaml_schema_value_t *schema, const char *text)
{
    switch (schema->type) {
    case CYAML_STRING:
        return strlen(text) >= schema->string.min && strlen(text) <= schema->string.max;
    case CYAML_INT:
    case CYAML_UINT:
        return is_number(schema, text);
    case CYAML_BOOL:
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    case CYAML_ENUM:
        return is_word(schema, text);
    default:
        return false;
    }
}

static void check_scalar(struct checking *checking, const cyaml_schema_value_t *schema,
                         const yaml_node_t *node, struct spot spot)
{
    if (node->type == YAML_SCALAR_NODE && strlen(text_of(node)) != node->data.scalar.length)
        report_mistake(checking, node, "bad %s, expected %s, got a text with a NUL character",
                       describe_value(arena_of(checking), spot),
                       describe_expected(arena_of(checking), schema));
    else if (node->type != YAML_SCALAR_NODE || !is_value(schema, text_of(node)))
        refuse(checking, schema, node, spot);
}

/* ---- lists and mappings ---- */

static void check(struct checking *checking, const cyaml_schema_value_t *schema,
                  const yaml_node_t *node, struct spot spot);

static void check_list(struct checking *checking, const cyaml_schema_value_t *schema,
                       const yaml_node_t *node, struct spot spot)
{
    const cyaml_schema_value_t *entry = schema->sequence.entry;
    const yaml_node_item_t *items = node->data.sequence.items.start;

    if (node->type != YAML_SEQUENCE_NODE) {
        refuse(checking, schema, node, spot);
        return;
    }
    size_t n = (size_t)(node->data.sequence.items.top - items);
    if (n < schema->sequence.min || n > schema->sequence.max)
        report_mistake(checking, node, "bad %s, expected a list of at %s %u, got one of %zu",
                       describe_value(arena_of(checking), spot),
                       n < schema->sequence.min ? "least" : "most",
                       n < schema->sequence.min ? schema->sequence.min : schema->sequence.max, n);
    spot.is_item = true;
    for (size_t i = 0; i < n; i++)
        check(checking, entry, yaml_document_get_node(checking->document, items[i]), spot);
}

/* A list of words that stand for bits. */
static void check_flags(struct checking *checking, const cyaml_schema_value_t *schema,
                        const yaml_node_t *node, struct spot spot)
{
    cyaml_schema_value_t word = *schema;
    cyaml_schema_value_t list = {.type = CYAML_SEQUENCE};

    word.type = CYAML_ENUM;
    list.sequence.entry = &word;
    list.sequence.max = CYAML_UNLIMITED;
    if (node->type != YAML_SEQUENCE_NODE)
        refuse(checking, schema, node, spot);
    else
        check_list(checking, &list, node, spot);
}

/* Finds the first mapping of the schema that has the key. */
static bool find_home(const cyaml_schema_value_t *schema, const char *key, struct spot spot,
                      struct spot *home)
{
    const cyaml_schema_field_t *fields = schema->mapping.fields;

    if (schema->type == CYAML_SEQUENCE)
        return find_home(schema->sequence.entry, key, (struct spot){spot.key, true}, home);
    if (schema->type != CYAML_MAPPING)
        return false;
    *home = spot;
    for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
        if (strcmp(field->key, key) == 0)
            return true;
    for (const cyaml_schema_field_t *field = fields; field->key != NULL; field++)
        if (find_home(&field->value, key, (struct spot){field->key, false}, home))
            return true;
    return false;
}

/* A key that is misspelt, in the wrong mapping, or neither. */
static void report_of_key(struct checking *checking, const cyaml_schema_value_t *schema,
                          const yaml_node_t *key, struct spot spot)
{
    struct arena *arena = arena_of(checking);
    size_t n;
    const char **keys = keys_of(arena, schema, false, &n);
    const char *hint = near_hint(arena, text_of(key), keys, n);
    struct spot home;

    if (hint[0] != '\0')
        report_mistake(checking, key, "unknown key '%s' of %s%s", text_of(key),
                       describe_spot(arena, spot), hint);
    else if (find_home(checking->top, text_of(key), (struct spot){NULL, false}, &home))
        report_mistake(checking, key, "unknown key '%s' of %s; it belongs in %s", text_of(key),
                       describe_spot(arena, spot),
                       home.key == NULL ? "the file's outermost mapping"
                                        : describe_spot(arena, home));
    else
        report_mistake(checking, key, "unknown key '%s' of %s, expected %s", text_of(key),
                       describe_spot(arena, spot), describe_list(arena, keys, n, " or "));
}

/* Checks the values of all pairs with this key. Returns the first such key, NULL if none. */
static const yaml_node_t *check_field(struct checking *checking, const cyaml_schema_field_t *field,
                                      const yaml_node_t *node)
{
    const yaml_node_t *first = NULL;

    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(checking->document, pair->key);
        if (key->type != YAML_SCALAR_NODE || strcmp(text_of(key), field->key) != 0)
            continue;
        if (first != NULL)
            report_mistake(checking, key, "repeated key '%s'; it is on line %zu, too", field->key,
                           first->start_mark.line + 1);
        else
            check(checking, &field->value, yaml_document_get_node(checking->document, pair->value),
                  (struct spot){field->key, false});
        first = first != NULL ? first : key;
    }
    return first;
}

static bool is_known(const cyaml_schema_value_t *schema, const char *key)
{
    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
        if (strcmp(field->key, key) == 0)
            return true;
    return false;
}

/* True for a key in braces that has no value and is not the first: a comma in a text without quotes
 * makes one of the text's rest. */
static bool is_rest_of_text(struct checking *checking, const yaml_node_t *node,
                            const yaml_node_pair_t *pair)
{
    const yaml_node_t *value = yaml_document_get_node(checking->document, pair->value);

    return node->data.mapping.style == YAML_FLOW_MAPPING_STYLE &&
           pair != node->data.mapping.pairs.start && value->type == YAML_SCALAR_NODE &&
           value->data.scalar.length == 0 && value->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

/* Reports every key that the schema does not have. Returns true if there is one. */
static bool check_keys(struct checking *checking, const cyaml_schema_value_t *schema,
                       const yaml_node_t *node, struct spot spot)
{
    bool has_unknown = false;

    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(checking->document, pair->key);
        if (key->type == YAML_SCALAR_NODE && is_known(schema, text_of(key)))
            continue;
        has_unknown = true;
        if (key->type == YAML_SCALAR_NODE && is_rest_of_text(checking, node, pair))
            report_mistake(checking, key,
                           "unknown key '%s' of %s; if it is the rest of the text before the "
                           "comma, quote the whole: \"..., %s\"",
                           text_of(key), describe_spot(arena_of(checking), spot), text_of(key));
        else if (key->type == YAML_SCALAR_NODE)
            report_of_key(checking, schema, key, spot);
        else
            report_mistake(checking, key, "bad key of %s, expected a name, got %s",
                           describe_spot(arena_of(checking), spot),
                           describe_got(arena_of(checking), key));
    }
    return has_unknown;
}

/* Where a key is unknown, a missing one is not reported beside it: they are likely to be the
 * same. */
static void check_mapping(struct checking *checking, const cyaml_schema_value_t *schema,
                          const yaml_node_t *node, struct spot spot)
{
    struct arena *arena = arena_of(checking);
    const cyaml_schema_value_t *type = NULL; /* of the last missing key */
    const char **missing = NULL;

    if (node->type != YAML_MAPPING_NODE) {
        refuse(checking, schema, node, spot);
        return;
    }
    bool has_unknown = check_keys(checking, schema, node, spot);
    size_t n_missing = 0;
    for (const cyaml_schema_field_t *field = schema->mapping.fields; field->key != NULL; field++)
        if (check_field(checking, field, node) == NULL &&
            !(field->value.flags & CYAML_FLAG_OPTIONAL)) {
            ARENA_PUSH(arena, missing, n_missing, field->key);
            type = &field->value;
        }
    if (n_missing > 0 && !has_unknown)
        report_mistake(checking, node, "missing key%s %s of %s%s%s", n_missing == 1 ? "" : "s",
                       describe_list(arena, missing, n_missing, " and "),
                       describe_spot(arena, spot), n_missing == 1 ? ", expected " : "",
                       n_missing == 1 ? describe_expected(arena, type) : "");
}

static void check(struct checking *checking, const cyaml_schema_value_t *schema,
                  const yaml_node_t *node, struct spot spot)
{
    if (checking->n_errors > ERRORS_MAX)
        return;
    switch (schema->type) {
    case CYAML_MAPPING:
        check_mapping(checking, schema, node, spot);
        break;
    case CYAML_SEQUENCE:
        check_list(checking, schema, node, spot);
        break;
    case CYAML_FLAGS:
        check_flags(checking, schema, node, spot);
        break;
    default:
        check_scalar(checking, schema, node, spot);
    }
}

bool yaml_check(yaml_document_t *document, const char *path, const cyaml_schema_value_t *schema,
                struct diag *diag)
{
    struct checking checking = {document, path, schema, diag, 0};

    check(&checking, schema, yaml_document_get_root_node(document), (struct spot){NULL, false});
    return checking.n_errors == 0;
}
