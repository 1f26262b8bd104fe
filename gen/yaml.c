/* yaml.c - see yaml.h. */
#include "yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "out.h"

/* What libcyaml said of one file. */
struct complaint {
    struct arena *arena;
    const char *what; /* "Unexpected key: recrods" */
    const char *in;   /* innermost item: "mapping field 'name'" */
    int line;
    int column;
};

/* Picks the message and the innermost place out of libcyaml's log lines; see cyaml_log_fn_t. */
__attribute__((format(printf, 3, 0))) static void listen(cyaml_log_t level, void *context,
                                                         const char *format, va_list args)
{
    struct complaint *complaint = context;
    char *text = arena_vprintf(complaint->arena, format, args);
    char *place = strstr(text, " (line: ");

    (void)level;
    text[strcspn(text, "\n")] = '\0';
    if (str_starts(text, "Load: "))
        text += strlen("Load: ");
    if (complaint->what == NULL)
        complaint->what = text;
    else if (place != NULL && complaint->in == NULL) {
        *place = '\0';
        sscanf(place + 1, "(line: %d, column: %d)", &complaint->line, &complaint->column);
        complaint->in = text + strspn(text, " ");
    }
}

/* libcyaml's allocator: nothing is freed before the arena is. The size of each block is kept in
 * front of it, because realloc must copy and the arena does not know sizes. */
static void *allocate(void *context, void *old, size_t size_bytes)
{
    enum { HEADER = 16 };
    char *block;

    if (size_bytes == 0)
        return NULL;
    block = (char *)arena_alloc(context, size_bytes + HEADER) + HEADER;
    memcpy(block - HEADER, &size_bytes, sizeof size_bytes);
    if (old != NULL) {
        size_t old_bytes;
        memcpy(&old_bytes, (char *)old - HEADER, sizeof old_bytes);
        memcpy(block, old, old_bytes < size_bytes ? old_bytes : size_bytes);
    }
    return block;
}

/* Line from `from` on that has `key` as a mapping key, or unless only_key as an item of a list; 0
 * if there is none. */
static int line_with(const char *text, int from, const char *key, bool only_key)
{
    size_t length = strlen(key);
    int line = 1;

    for (const char *at = text; *at != '\0'; line++) {
        const char *end = strchrnul(at, '\n');
        for (const char *hit = strstr(at, key); hit != NULL && hit < end;
             hit = strstr(hit + 1, key)) {
            bool starts = hit == at || strchr(" [{,\"", hit[-1]) != NULL;
            bool ends = only_key ? hit[length] == ':' : strchr(":,]} \"\n", hit[length]) != NULL;
            if (line >= from && starts && ends && *(at + strspn(at, " ")) != '#')
                return line;
        }
        at = *end == '\0' ? end : end + 1;
    }
    return 0;
}

/* libcyaml places an unknown or repeated key at the end of the item before it: look for the key
 * itself. */
static void report(const char *path, const char *text, struct complaint *complaint,
                   const char *error, struct diag *diag)
{
    static const char unknown[] = "Unexpected key: ", repeated[] = "Mapping field already seen: ";
    struct place place = {path, complaint->line, complaint->column};

    if (complaint->what != NULL && str_starts(complaint->what, unknown)) {
        const char *key = complaint->what + sizeof unknown - 1;
        place.line = line_with(text, complaint->line, key, true);
        place.column = 0;
        diag_error(diag, place, "unknown key '%s'", key);
    } else if (complaint->what != NULL && str_starts(complaint->what, repeated)) {
        const char *key = complaint->what + sizeof repeated - 1;
        place.line = line_with(text, complaint->line, key, true);
        place.column = 0;
        diag_error(diag, place, "repeated key '%s'", key);
    } else if (complaint->in != NULL) {
        diag_error(diag, place, "%s, %s", complaint->what, complaint->in);
    } else {
        diag_error(diag, place, "%s", complaint->what != NULL ? complaint->what : error);
    }
}

void *yaml_load(struct arena *arena, const char *path, const cyaml_schema_value_t *schema,
                struct diag *diag)
{
    struct complaint complaint = {.arena = arena};
    cyaml_config_t config = {
        .log_fn = listen,
        .log_ctx = &complaint,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = allocate,
        .mem_ctx = arena,
    };
    cyaml_data_t *data = NULL;
    size_t n_bytes;
    char *text = out_read(arena, path, &n_bytes);
    cyaml_err_t error;

    if (text == NULL) {
        diag_error(diag, (struct place){path, 0, 0}, "cannot read: %s", strerror(errno));
        return NULL;
    }
    error = cyaml_load_data((const uint8_t *)text, n_bytes, &config, schema, &data, NULL);
    if (error != CYAML_OK) {
        report(path, text, &complaint, cyaml_strerror(error), diag);
        return NULL;
    }
    if (data == NULL)
        diag_error(diag, (struct place){path, 0, 0}, "there is nothing in it");
    return data;
}

int yaml_line_of(const char *path, const char *name)
{
    struct arena arena = {NULL};
    char *text = out_read(&arena, path, NULL);
    int line = text == NULL ? 0 : line_with(text, 1, name, false);

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
    yaml_parser_t parser;
    yaml_document_t document;
    const yaml_node_t *root, *list = NULL;
    int line = 0;

    if (text == NULL || !yaml_parser_initialize(&parser)) {
        arena_release(&arena);
        return 0;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, n_bytes);
    if (yaml_parser_load(&parser, &document)) {
        root = yaml_document_get_root_node(&document);
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
