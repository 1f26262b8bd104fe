/* explain.c - see explain.h. */
#include "judge/explain.h"

#include <string.h>

#include "base/yaml.h"

enum { COLUMNS = 79 };

static const cyaml_schema_field_t fix_fields[] = {
    CYAML_FIELD_STRING_PTR("language", CYAML_FLAG_POINTER, struct explanation_fix, language, 1,
                           CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("text", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct explanation_fix,
                           text, 1, CYAML_UNLIMITED),
    CYAML_FIELD_STRING_PTR("code", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct explanation_fix,
                           code, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t fix_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct explanation_fix, fix_fields),
};

#define TEXT(key)                                                                                  \
    CYAML_FIELD_STRING_PTR(#key, CYAML_FLAG_POINTER, struct explanation, key, 1, CYAML_UNLIMITED)

static const cyaml_schema_field_t explanation_fields[] = {
    TEXT(kind),
    TEXT(severity),
    TEXT(summary),
    TEXT(meaning),
    TEXT(effect),
    TEXT(fix),
    CYAML_FIELD_SEQUENCE_COUNT("fixes", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                               struct explanation, fixes, n_fixes, &fix_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t explanation_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct explanation, explanation_fields),
};
static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("explanations", CYAML_FLAG_POINTER, struct explanations, items, n,
                               &explanation_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct explanations, file_fields),
};

/* What the schema cannot say. */
static void check(const struct explanations *explanations, const char *path, struct diag *diag)
{
    for (unsigned i = 0; i < explanations->n; i++) {
        const struct explanation *it = &explanations->items[i];
        if (explain(explanations, it->kind) != it)
            diag_error(diag, (struct location){path, yaml_line_of(path, it->kind), 0},
                       "'%s' is explained twice", it->kind);
        for (unsigned k = 0; k < it->n_fixes; k++)
            if (it->fixes[k].text == NULL && it->fixes[k].code == NULL)
                diag_error(diag, (struct location){path, yaml_line_of(path, it->kind), 0},
                           "'%s' for %s has neither text nor code", it->kind,
                           it->fixes[k].language);
    }
}

bool explanations_load(struct explanations *explanations, struct arena *arena, const char *root,
                       struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/explanations.yaml", root);
    struct explanations *read = yaml_load(arena, path, &file_schema, diag);

    if (read == NULL)
        return false;
    check(read, path, diag);
    *explanations = *read;
    return diag->n_errors == 0;
}

const struct explanation *explain(const struct explanations *explanations, const char *kind)
{
    for (unsigned i = 0; i < explanations->n; i++)
        if (strcmp(explanations->items[i].kind, kind) == 0)
            return &explanations->items[i];
    return NULL;
}

/* ---- text ---- */

static void add_prose(struct str *out, const char *title, const char *text)
{
    str_addf(out, "\n%s\n", title);
    str_add_wrapped(out, "    ", text, COLUMNS);
}

static void add_code(struct str *out, const char *code)
{
    for (const char *at = code; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        str_addf(out, "%s%.*s\n", length > 0 ? "        " : "", (int)length, at);
        at += length + (at[length] == '\n');
    }
}

void explanation_print(struct str *out, const struct explanation *explanation)
{
    str_addf(out, "%s: %s\n", explanation->kind, explanation->summary);
    str_addf(out, "severity: %s\n", explanation->severity);
    add_prose(out, "what it means", explanation->meaning);
    add_prose(out, "at run time", explanation->effect);
    add_prose(out, "how to fix it", explanation->fix);
    for (unsigned i = 0; i < explanation->n_fixes; i++) {
        const struct explanation_fix *fix = &explanation->fixes[i];
        str_addf(out, "\n%s\n", fix->language);
        if (fix->text != NULL)
            str_add_wrapped(out, "    ", fix->text, COLUMNS);
        if (fix->code != NULL)
            add_code(out, fix->code);
    }
}

void explanations_list(struct str *out, const struct explanations *explanations)
{
    size_t width = 0;

    for (unsigned i = 0; i < explanations->n; i++)
        if (strlen(explanations->items[i].kind) > width)
            width = strlen(explanations->items[i].kind);
    for (unsigned i = 0; i < explanations->n; i++)
        str_addf(out, "%-*s  %s\n", (int)width, explanations->items[i].kind,
                 explanations->items[i].summary);
}
