/* explain.c - see explain.h. */
#include "judge/explain.h"

#include <string.h>

#include "base/yaml.h"

enum { COLUMNS = 79 };

static const struct yaml_field fix_fields[] = {
    YAML_KEY(explanation_fix, language, YAML_TEXT),
    YAML_KEY(explanation_fix, text, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(explanation_fix, code, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record fix_schema = YAML_RECORD(explanation_fix, fix_fields);

static const struct yaml_field example_fields[] = {
    YAML_LIST(explanation_example, items, YAML_TEXT, .least = 1),
    YAML_KEY(explanation_example, text, YAML_TEXT),
};
static const struct yaml_record example_schema = YAML_RECORD(explanation_example, example_fields);

static const struct yaml_field explanation_fields[] = {
    YAML_KEY(explanation, kind, YAML_TEXT),
    YAML_KEY(explanation, severity, YAML_TEXT),
    YAML_KEY(explanation, summary, YAML_TEXT),
    YAML_KEY(explanation, meaning, YAML_TEXT),
    YAML_KEY(explanation, effect, YAML_TEXT),
    YAML_KEY(explanation, fix, YAML_TEXT),
    YAML_LIST(explanation, examples, YAML_MAPPING, .record = &example_schema, .least = 1,
              YAML_OPTIONAL),
    YAML_LIST(explanation, fixes, YAML_MAPPING, .record = &fix_schema, .least = 1, YAML_OPTIONAL),
};
static const struct yaml_record explanation_schema = YAML_RECORD(explanation, explanation_fields);
static const struct yaml_field file_fields[] = {
    YAML_LIST_AS("explanations", explanations, items, n, YAML_MAPPING,
                 .record = &explanation_schema, .least = 1),
};
static const struct yaml_record file_schema = YAML_RECORD(explanations, file_fields);

/* What the schema cannot say. */
static void check(const struct explanations *explanations, const struct yaml_places *places,
                  struct diag *diag)
{
    for (unsigned i = 0; i < explanations->n; i++) {
        const struct explanation *it = &explanations->items[i];
        if (explain(explanations, it->kind) != it)
            diag_error(diag, yaml_location(places, it->kind), "'%s' is explained twice", it->kind);
        for (unsigned k = 0; k < it->n_fixes; k++)
            if (it->fixes[k].text == NULL && it->fixes[k].code == NULL)
                diag_error(diag, yaml_location(places, &it->fixes[k]),
                           "'%s' for %s has neither text nor code", it->kind,
                           it->fixes[k].language);
    }
}

bool explanations_load(struct explanations *explanations, struct arena *arena, const char *root,
                       struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/explanations.yaml", root);
    struct yaml_places places;
    struct explanations *read = yaml_load(arena, path, &file_schema, &places, diag);

    if (read == NULL)
        return false;
    check(read, &places, diag);
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

static bool is_about(const struct explanation_example *example, const char *const *items,
                     size_t n_items)
{
    for (unsigned i = 0; i < example->n_items; i++)
        for (size_t k = 0; k < n_items; k++)
            if (str_glob(example->items[i], items[k]))
                return true;
    return false;
}

const char *explanation_effect(struct arena *arena, const struct explanation *explanation,
                               const char *const *items, size_t n_items)
{
    struct str text = {.arena = arena};

    str_add(&text, explanation->effect);
    for (unsigned i = 0; i < explanation->n_examples; i++)
        if (is_about(&explanation->examples[i], items, n_items))
            str_addf(&text, "\n%s", explanation->examples[i].text);
    return str_text(&text);
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
    for (unsigned i = 0; i < explanation->n_examples; i++)
        if (i == 0)
            add_prose(out, "for example", explanation->examples[i].text);
        else
            str_add_wrapped(out, "    ", explanation->examples[i].text, COLUMNS);
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
