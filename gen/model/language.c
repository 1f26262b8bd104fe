/* language.c - see language.h.
 *
 * In: a file. Out: its rows, compared with the schema, the table of targets and themselves: a name
 * that stands twice would hide a row, and a target that no table has would never be compiled.
 */
#include "model/language.h"

#include <string.h>

#include "base/yaml.h"

enum { REQUIRED = CYAML_FLAG_POINTER, OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

#define TEXT(type, key, flags)                                                                     \
    CYAML_FIELD_STRING_PTR(#key, flags, struct type, key, 1, CYAML_UNLIMITED)
#define LIST(type, key, flags, entry)                                                              \
    CYAML_FIELD_SEQUENCE_COUNT(#key, flags, struct type, key, n_##key, &(entry), 1, CYAML_UNLIMITED)

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};

/* The bits of `holds`. */
static const cyaml_strval_t kind_names[] = {{"record", 1 << FACT_RECORD},
                                            {"constant", 1 << FACT_CONSTANT},
                                            {"function", 1 << FACT_FUNCTION},
                                            {"syscall", 1 << FACT_SYSCALL}};

static const cyaml_schema_field_t target_fields[] = {
    TEXT(language_target, name, REQUIRED),
    TEXT(language_target, word, OPTIONAL),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t target_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct language_target, target_fields)};

static const cyaml_schema_field_t names_fields[] = {
    TEXT(language_names, record, OPTIONAL),   TEXT(language_names, constant, OPTIONAL),
    TEXT(language_names, function, OPTIONAL), TEXT(language_names, syscall, OPTIONAL),
    TEXT(language_names, wrapper, OPTIONAL),  TEXT(language_names, alignment, OPTIONAL),
    TEXT(language_names, alias, OPTIONAL),    CYAML_FIELD_END,
};

static const cyaml_schema_field_t language_fields[] = {
    TEXT(language, name, REQUIRED),
    TEXT(language, title, REQUIRED),
    TEXT(language, language, OPTIONAL),
    LIST(language, targets, OPTIONAL, target_entry),
    LIST(language, programs, REQUIRED, word),
    TEXT(language, brings, REQUIRED),
    TEXT(language, compile, REQUIRED),
    TEXT(language, binding, OPTIONAL),
    TEXT(language, unit, OPTIONAL),
    TEXT(language, source, OPTIONAL),
    CYAML_FIELD_MAPPING("names", CYAML_FLAG_OPTIONAL, struct language, names, names_fields),
    CYAML_FIELD_FLAGS("holds", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct language, holds,
                      kind_names, CYAML_ARRAY_LEN(kind_names)),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t language_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct language, language_fields)};

static const cyaml_schema_field_t table_fields[] = {
    LIST(languages, path, OPTIONAL, word),
    CYAML_FIELD_SEQUENCE_COUNT("languages", REQUIRED, struct languages, items, n, &language_entry,
                               1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t table_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct languages, table_fields)};

static const struct language_target *find_target(const struct language *language, const char *name)
{
    for (unsigned i = 0; i < language->n_targets; i++)
        if (strcmp(language->targets[i].name, name) == 0)
            return &language->targets[i];
    return NULL;
}

static void check_targets(const struct language *language, const char *path,
                          const struct targets *targets, struct diag *diag)
{
    for (unsigned i = 0; i < language->n_targets; i++) {
        const struct language_target *target = &language->targets[i];
        struct location where = {path, yaml_line_of(path, language->name), 0};
        if (targets_find(targets, target->name) == NULL)
            diag_error(diag, where,
                       "language '%s' names the unknown target '%s'; `abiproof targets` lists them",
                       language->name, target->name);
        else if (find_target(language, target->name) != target)
            diag_error(diag, where, "language '%s' names the target '%s' twice", language->name,
                       target->name);
    }
}

/* A pattern without a place for the name would be one name for everything. Numbers of system calls
 * have no names of their own: one that must be there needs a pattern. */
static void check_patterns(const struct language *language, const char *path, struct diag *diag)
{
    const char *const views[][2] = {{"wrapper", language->names.wrapper},
                                    {"alignment", language->names.alignment},
                                    {"alias", language->names.alias}};

    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        if (views[i][1] != NULL && strchr(views[i][1], '*') == NULL)
            diag_error(diag, (struct location){path, yaml_line_of(path, language->name), 0},
                       "language '%s' spells every %s '%s', expected a * for the kernel's name",
                       language->name, views[i][0], views[i][1]);
    if ((language->holds >> FACT_SYSCALL & 1) != 0 && language->names.syscall == NULL)
        diag_error(
            diag, (struct location){path, yaml_line_of(path, language->name), 0},
            "language '%s' holds system calls: say in 'names' how it spells their numbers, as "
            "in syscall: SYS_*",
            language->name);
    for (int kind = 0; kind < N_FACT_KINDS; kind++) {
        const char *pattern = language_pattern(language, kind);
        if (pattern != NULL && strchr(pattern, '*') == NULL)
            diag_error(diag, (struct location){path, yaml_line_of(path, language->name), 0},
                       "language '%s' spells every %s '%s', expected a * for the kernel's name",
                       language->name, fact_kind_name(kind), pattern);
    }
}

bool languages_load(struct languages *languages, struct arena *arena, const char *root,
                    const struct targets *targets, struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/languages.yaml", root);
    struct languages *read = yaml_load(arena, path, &table_value, diag);
    int errors_before = diag->n_errors;

    if (read == NULL)
        return false;
    for (unsigned i = 0; i < read->n; i++) {
        struct language *language = &read->items[i];
        for (unsigned k = 0; k < i; k++)
            if (strcmp(read->items[k].name, language->name) == 0)
                diag_error(diag, (struct location){path, yaml_line_of(path, language->name), 0},
                           "language '%s' is there twice", language->name);
        if (language->language == NULL)
            language->language = language->name;
        if (language->holds == 0)
            language->holds = 1U << FACT_RECORD | 1U << FACT_CONSTANT;
        if ((language->unit != NULL) != (language->source != NULL))
            diag_error(diag, (struct location){path, yaml_line_of(path, language->name), 0},
                       "language '%s' has one of 'unit' and 'source', expected both or none",
                       language->name);
        check_targets(language, path, targets, diag);
        check_patterns(language, path, diag);
    }
    *languages = *read;
    return diag->n_errors == errors_before;
}

const char *language_word(const struct language *language, const struct target *target)
{
    const struct language_target *found = find_target(language, target->name);

    if (language->n_targets > 0 && found == NULL)
        return NULL;
    return found != NULL && found->word != NULL ? found->word : target->triple;
}

const char *language_pattern(const struct language *language, enum fact_kind kind)
{
    switch (kind) {
    case FACT_RECORD:
        return language->names.record;
    case FACT_CONSTANT:
        return language->names.constant;
    case FACT_FUNCTION:
        return language->names.function;
    case FACT_SYSCALL:
        return language->names.syscall;
    default:
        return NULL;
    }
}
