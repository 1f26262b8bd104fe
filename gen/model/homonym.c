/* homonym.c - see homonym.h.
 *
 * Design: the table says where the structs are and in one line how they differ. What exactly they
 * are is in the headers, and is never copied: whoever needs it reads them.
 */
#include "model/homonym.h"

#include <string.h>

#include "base/yaml.h"

static const struct yaml_field homonym_fields[] = {
    YAML_KEY(homonym, name, YAML_TEXT),
    YAML_KEY(homonym, libc, YAML_TEXT),
    YAML_KEY(homonym, kernel, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(homonym, call, YAML_TEXT),
    YAML_KEY(homonym, differ, YAML_TEXT),
    YAML_KEY(homonym, source, YAML_TEXT),
    YAML_KEY(homonym, target, YAML_TEXT),
    YAML_LIST(homonym, defines, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record homonym_schema = YAML_RECORD(homonym, homonym_fields);
static const struct yaml_field file_fields[] = {
    YAML_LIST_AS("homonyms", homonyms, items, n, YAML_MAPPING, .record = &homonym_schema,
                 .least = 1),
};
static const struct yaml_record file_schema = YAML_RECORD(homonyms, file_fields);

bool homonyms_load(struct homonyms *homonyms, struct arena *arena, const char *root,
                   struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/homonyms.yaml", root);
    struct yaml_places places;
    struct homonyms *read = yaml_load(arena, path, &file_schema, &places, diag);
    int errors_before = diag->n_errors;

    if (read == NULL)
        return false;
    for (unsigned i = 0; i < read->n; i++)
        if (homonym_find(read, read->items[i].name) != &read->items[i])
            diag_error(diag, yaml_location(&places, read->items[i].name),
                       "'%s' is there twice, expected it once", read->items[i].name);
    *homonyms = *read;
    return diag->n_errors == errors_before;
}

const struct homonym *homonym_find(const struct homonyms *homonyms, const char *name)
{
    for (unsigned i = 0; i < homonyms->n; i++)
        if (strcmp(homonyms->items[i].name, name) == 0)
            return &homonyms->items[i];
    return NULL;
}

static void add_row(struct str *out, const char *title, const char *text)
{
    enum { COLUMNS = 79 };

    str_addf(out, "  %s\n", title);
    str_add_wrapped(out, "    ", text, COLUMNS);
}

void homonym_print(struct str *out, const struct homonym *homonym)
{
    str_addf(out, "%s: one name, several structs on Linux\n", homonym->name);
    add_row(out, "the C library's",
            arena_printf(out->arena, "%s; --header %s", homonym->libc, homonym->libc));
    add_row(out, "the kernel's headers'",
            homonym->kernel != NULL
                ? arena_printf(out->arena, "%s; --header %s", homonym->kernel, homonym->kernel)
                : "none has it");
    add_row(out, "what system calls take", homonym->call);
    add_row(out, "how they differ", homonym->differ);
    add_row(out, "source", homonym->source);
}
