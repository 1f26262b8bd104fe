/* yaml.c - see yaml.h. */
#include "base/yaml.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/yaml_check.h"

/* Keeps the first line that libcyaml says. */
__attribute__((format(printf, 3, 0))) static void keep_first_line(cyaml_log_t level, void *context,
                                                                  const char *format, va_list args)
{
    struct str *reported = context;

    (void)level;
    if (reported->len == 0)
        str_add(reported, arena_vprintf(reported->arena, format, args));
}

/* libcyaml's allocator: nothing is freed before the arena is. The size of each block is kept in
 * front of it, because realloc must copy and the arena does not know sizes. */
static void *allocate(void *context, void *old, size_t size_bytes)
{
    enum { HEADER = 16 };

    if (size_bytes == 0)
        return NULL;
    char *block = (char *)arena_alloc(context, size_bytes + HEADER) + HEADER;
    memcpy(block - HEADER, &size_bytes, sizeof size_bytes);
    if (old != NULL) {
        size_t old_bytes;
        memcpy(&old_bytes, (char *)old - HEADER, sizeof old_bytes);
        memcpy(block, old, old_bytes < size_bytes ? old_bytes : size_bytes);
    }
    return block;
}

/* ---- syntax ---- */

/* What comes after so many characters of a text, or its end. */
static const char *skip(const char *text, size_t n_characters)
{
    for (; n_characters > 0 && *text != '\0'; n_characters--)
        do
            text++;
        while (((unsigned char)*text & 0xc0) == 0x80); /* the rest of a character in UTF-8 */
    return text;
}

/* The byte of the text at a mark; '\0' past its end. */
static char byte_at(const char *text, const yaml_mark_t *mark)
{
    for (size_t line = 0; line < mark->line && text != NULL; line++) {
        text = strchr(text, '\n');
        text = text != NULL ? text + 1 : NULL;
    }
    return text != NULL ? *skip(text, mark->column) : '\0';
}

/* What is usually the cause of what libyaml says. */
static const char *syntax_advice(const yaml_parser_t *parser, const char *text)
{
    const char *context = parser->context != NULL ? parser->context : "";

    if (byte_at(text, &parser->problem_mark) == '\t')
        return "; indent with spaces, not with tabs";
    if (strstr(context, "alias") != NULL || strstr(parser->problem, "alias") != NULL)
        return "; a text that begins with '*' belongs in quotes";
    if (strstr(context, "anchor") != NULL)
        return "; a text that begins with '&' belongs in quotes";
    if (strstr(parser->problem, "cannot start any token") != NULL)
        return "; a text that begins like this belongs in quotes";
    if (strstr(parser->problem, "mapping values are not allowed") != NULL)
        return "; a text with ': ' in it belongs in quotes";
    return "";
}

/* Reports why the parser stopped: what it found, where, and what usually is the cause. text: what
 * it parsed, NUL-terminated. */
static void report_syntax(const yaml_parser_t *parser, const char *path, const char *text,
                          struct diag *diag)
{
    struct location location = {path, (int)parser->problem_mark.line + 1,
                                (int)parser->problem_mark.column + 1};

    if (parser->problem == NULL)
        diag_die("no memory");
    const char *context = "";
    if (parser->error == YAML_READER_ERROR) { /* knows no line, only a byte */
        location.line = 1;
        for (size_t i = 0; i < parser->problem_offset && text[i] != '\0'; i++)
            location.line += text[i] == '\n';
        location.column = 0;
    } else if (parser->context != NULL) {
        context = arena_printf(diag->text.arena, " %s", parser->context);
        if (parser->context_mark.line != parser->problem_mark.line)
            context = arena_printf(diag->text.arena, "%s that begins on line %zu", context,
                                   parser->context_mark.line + 1);
    }
    diag_error(diag, location, "bad YAML: %s%s%s", parser->problem, context,
               parser->error == YAML_READER_ERROR ? "" : syntax_advice(parser, text));
}

/* ---- the file ---- */

/* Reads the first document of a text. Returns false if it is bad YAML. The caller deletes the
 * parser in any case, the document after true. */
static bool parse(yaml_parser_t *parser, yaml_document_t *document, const char *text,
                  size_t n_bytes)
{
    if (!yaml_parser_initialize(parser))
        diag_die("no memory");
    yaml_parser_set_input_string(parser, (const unsigned char *)text, n_bytes);
    return yaml_parser_load(parser, document) == 1;
}

/* A second document would be left out without a word. */
static bool check_end(yaml_parser_t *parser, const char *path, const char *text, struct diag *diag)
{
    yaml_document_t document;
    struct location location = {path, 0, 0};

    if (!yaml_parser_load(parser, &document)) {
        report_syntax(parser, path, text, diag);
        return false;
    }
    const yaml_node_t *root = yaml_document_get_root_node(&document);
    if (root != NULL) {
        location.line = (int)document.start_mark.line + 1;
        diag_error(diag, location, "a second document begins here, expected one in the file");
    }
    yaml_document_delete(&document);
    return root == NULL;
}

/* Returns false after reporting what is wrong with the text. */
static bool check(const char *path, const char *text, size_t n_bytes,
                  const cyaml_schema_value_t *schema, struct diag *diag)
{
    yaml_parser_t parser;
    yaml_document_t document;
    bool is_good = false;

    if (!parse(&parser, &document, text, n_bytes)) {
        report_syntax(&parser, path, text, diag);
    } else {
        if (yaml_document_get_root_node(&document) == NULL)
            diag_error(diag, (struct location){path, 0, 0}, "there is nothing in it");
        else
            is_good =
                yaml_check(&document, path, schema, diag) && check_end(&parser, path, text, diag);
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return is_good;
}

/* ---- old names of keys ---- */

/* Which nodes of a document are keys of mappings, by index. */
static bool *find_keys(struct arena *arena, yaml_document_t *document)
{
    size_t n = (size_t)(document->nodes.top - document->nodes.start);
    bool *is_key = arena_alloc(arena, n + 1);

    for (size_t i = 0; i < n; i++) {
        const yaml_node_t *node = &document->nodes.start[i];
        if (node->type != YAML_MAPPING_NODE)
            continue;
        for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++)
            is_key[pair->key - 1] = true;
    }
    return is_key;
}

/* The text with the new names of keys. Scalars are in the order of the text, so it is copied from
 * one to the next. A text that cannot be parsed stays as it is: it is reported where it is read. */
static const char *rename_keys(struct arena *arena, const char *path, const char *text,
                               size_t *n_bytes, const struct renamed *keys, struct diag *diag)
{
    const char *rest = text;
    size_t at = 0;         /* characters before the rest */
    unsigned reported = 0; /* old names, as bits */
    yaml_parser_t parser;
    yaml_document_t document;

    if (!parse(&parser, &document, text, *n_bytes)) {
        yaml_parser_delete(&parser);
        return text;
    }
    bool *is_key = find_keys(arena, &document);
    struct str renamed = {.arena = arena};
    for (yaml_node_t *node = document.nodes.start; node < document.nodes.top; node++) {
        if (!is_key[node - document.nodes.start] || node->type != YAML_SCALAR_NODE)
            continue;
        const struct renamed *key = renamed_find(keys, (const char *)node->data.scalar.value);
        if (key == NULL)
            continue;
        const char *old = skip(rest, node->start_mark.index - at);
        str_add_bytes(&renamed, rest, (size_t)(old - rest));
        str_add(&renamed, key->now);
        rest = skip(old, node->end_mark.index - node->start_mark.index);
        at = node->end_mark.index;
        if ((reported >> (key - keys) & 1) == 0)
            diag_notice(diag,
                        (struct location){path, (int)node->start_mark.line + 1,
                                          (int)node->start_mark.column + 1},
                        "key '%s' is now called '%s'", key->old, key->now);
        reported |= 1U << (key - keys);
    }
    str_add(&renamed, rest);
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    *n_bytes = renamed.len;
    return str_text(&renamed);
}

void *yaml_load(struct arena *arena, const char *path, const cyaml_schema_value_t *schema,
                struct diag *diag)
{
    static const struct renamed none = {NULL, NULL};

    return yaml_load_renamed(arena, path, &none, schema, diag);
}

void *yaml_load_renamed(struct arena *arena, const char *path, const struct renamed *keys,
                        const cyaml_schema_value_t *schema, struct diag *diag)
{
    struct str reported = {.arena = arena};
    cyaml_config_t config = {
        .log_fn = keep_first_line,
        .log_ctx = &reported,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = allocate,
        .mem_ctx = arena,
    };
    size_t n_bytes;
    const char *text = out_read(arena, path, &n_bytes);

    if (text == NULL) {
        diag_error(diag, (struct location){path, 0, 0}, "cannot read: %s", strerror(errno));
        return NULL;
    }
    if (keys->old != NULL)
        text = rename_keys(arena, path, text, &n_bytes, keys, diag);
    if (!check(path, text, n_bytes, schema, diag))
        return NULL;
    cyaml_data_t *data = NULL;
    if (cyaml_load_data((const uint8_t *)text, n_bytes, &config, schema, &data, NULL) == CYAML_OK)
        return data;
    diag_error(diag, (struct location){path, 0, 0}, "cannot be loaded: %.*s",
               (int)strcspn(str_text(&reported), "\n"), str_text(&reported));
    return NULL;
}

/* ---- locations ---- */

/* Line that has `key` as a mapping key or as an item of a list; 0 if there is none. */
static int line_with(const char *text, const char *key)
{
    size_t length = strlen(key);
    int line = 1;

    for (const char *at = text; *at != '\0'; line++) {
        const char *end = strchrnul(at, '\n');
        for (const char *hit = strstr(at, key); hit != NULL && hit < end;
             hit = strstr(hit + 1, key)) {
            bool starts = hit == at || strchr(" [{,\"", hit[-1]) != NULL;
            bool ends = strchr(":,]} \"\n", hit[length]) != NULL;
            if (starts && ends && *(at + strspn(at, " ")) != '#')
                return line;
        }
        at = *end == '\0' ? end : end + 1;
    }
    return 0;
}

int yaml_line_of(const char *path, const char *name)
{
    struct arena arena = {NULL};
    char *text = out_read(&arena, path, NULL);
    int line = text == NULL ? 0 : line_with(text, name);

    arena_release(&arena);
    return line;
}

/* The value of a key of a mapping, NULL if there is none. */
static yaml_node_t *value_of(yaml_document_t *document, const yaml_node_t *mapping, const char *key)
{
    const yaml_node_pair_t *pairs = mapping->data.mapping.pairs.start;

    for (; pairs < mapping->data.mapping.pairs.top; pairs++) {
        const yaml_node_t *name = yaml_document_get_node(document, pairs->key);
        if (name->type == YAML_SCALAR_NODE && name->data.scalar.length == strlen(key) &&
            memcmp(name->data.scalar.value, key, strlen(key)) == 0)
            return yaml_document_get_node(document, pairs->value);
    }
    return NULL;
}

int yaml_line_in(const char *path, const char *key, size_t index)
{
    struct arena arena = {NULL};
    size_t n_bytes;
    char *text = out_read(&arena, path, &n_bytes);

    if (text == NULL) {
        arena_release(&arena);
        return 0;
    }
    yaml_parser_t parser;
    yaml_document_t document;
    const yaml_node_t *list = NULL;
    int line = 0;
    if (parse(&parser, &document, text, n_bytes)) {
        const yaml_node_t *root = yaml_document_get_root_node(&document);
        if (root != NULL && root->type == YAML_MAPPING_NODE)
            list = value_of(&document, root, key);
        if (list != NULL && list->type == YAML_SEQUENCE_NODE &&
            index < (size_t)(list->data.sequence.items.top - list->data.sequence.items.start)) {
            const yaml_node_t *item =
                yaml_document_get_node(&document, list->data.sequence.items.start[index]);
            line = (int)item->start_mark.line + 1;
        }
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    arena_release(&arena);
    return line;
}
