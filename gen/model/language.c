/* language.c - see language.h.
 *
 * In: a file. Out: its rows, compared with the schema, the table of targets and themselves: a name
 * that stands twice would hide a row, and a target that no table has would never be compiled.
 */
#include "model/language.h"

#include "base/str.h"

#include <string.h>

#include "base/yaml.h"

/* The bits of `holds`. */
static const struct yaml_word kind_names[] = {{"record", 1 << FACT_RECORD},
                                              {"constant", 1 << FACT_CONSTANT},
                                              {"function", 1 << FACT_FUNCTION},
                                              {"syscall", 1 << FACT_SYSCALL}};

static const struct yaml_field target_fields[] = {
    YAML_KEY(language_target, name, YAML_TEXT),
    YAML_KEY(language_target, word, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_target, arch, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record target_entry = YAML_RECORD(language_target, target_fields);

static const struct yaml_field names_fields[] = {
    YAML_KEY(language_names, record, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_names, constant, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_names, function, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_names, syscall, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_names, wrapper, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_names, alignment, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language_names, alias, YAML_TEXT, YAML_OPTIONAL),
};
static const struct yaml_record names_record = YAML_RECORD(language_names, names_fields);

static const struct yaml_field wrote_fields[] = {
    YAML_KEY(language_wrote, language, YAML_TEXT),
    YAML_KEY(language_wrote, producer, YAML_TEXT),
};
static const struct yaml_record wrote_record = YAML_RECORD(language_wrote, wrote_fields);

static const struct yaml_field own_fields[] = {
    YAML_LIST(language_own, packages, YAML_TEXT, .least = 1, YAML_OPTIONAL),
    YAML_LIST(language_own, folders, YAML_TEXT, .least = 1, YAML_OPTIONAL),
};
static const struct yaml_record own_record = YAML_RECORD(language_own, own_fields);

static const struct yaml_field language_fields[] = {
    YAML_KEY(language, name, YAML_TEXT),
    YAML_KEY(language, title, YAML_TEXT),
    YAML_KEY(language, language, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(language, targets, YAML_MAPPING, .record = &target_entry, .least = 1, YAML_OPTIONAL),
    YAML_LIST(language, programs, YAML_TEXT, .least = 1),
    YAML_KEY(language, brings, YAML_TEXT),
    YAML_KEY(language, compile, YAML_TEXT),
    YAML_KEY(language, wrote, YAML_MAPPING, .record = &wrote_record, YAML_OPTIONAL),
    YAML_KEY(language, leaves_out, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language, shown_by, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language, misaligns, YAML_BOOL, YAML_OPTIONAL),
    YAML_KEY(language, own, YAML_MAPPING, .record = &own_record, YAML_OPTIONAL),
    YAML_KEY(language, binding, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language, unit, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language, source, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(language, names, YAML_MAPPING, .record = &names_record, YAML_OPTIONAL),
    YAML_KEY(language, holds, YAML_BITS, YAML_WORDS(kind_names), YAML_OPTIONAL),
    YAML_KEY(language, lacks, YAML_BITS, YAML_WORDS(kind_names), YAML_OPTIONAL),
    YAML_LIST(language, without, YAML_TEXT, .least = 1, YAML_OPTIONAL),
};
static const struct yaml_record language_entry = YAML_RECORD(language, language_fields);

static const struct yaml_field table_fields[] = {
    YAML_LIST(languages, path, YAML_TEXT, .least = 1, YAML_OPTIONAL),
    YAML_LIST_AS("languages", languages, items, n, YAML_MAPPING, .record = &language_entry,
                 .least = 1),
};
static const struct yaml_record table_value = YAML_RECORD(languages, table_fields);

static const struct language_target *find_target(const struct language *language, const char *name)
{
    for (unsigned i = 0; i < language->n_targets; i++)
        if (strcmp(language->targets[i].name, name) == 0)
            return &language->targets[i];
    return NULL;
}

/* What a target's name begins with is its architecture, unless the table says otherwise. */
static void set_archs(struct language *language, struct arena *arena)
{
    for (unsigned i = 0; i < language->n_targets; i++) {
        struct language_target *target = &language->targets[i];
        if (target->arch == NULL)
            target->arch = arena_strndup(arena, target->name, strcspn(target->name, "-"));
    }
}

static void check_targets(const struct language *language, const struct yaml_places *places,
                          const struct targets *targets, struct diag *diag)
{
    for (unsigned i = 0; i < language->n_targets; i++) {
        const struct language_target *target = &language->targets[i];
        struct location where = yaml_location(places, target->name);
        if (targets_find(targets, target->name) == NULL)
            diag_error(diag, where,
                       "language '%s' names the unknown target '%s'; `abiproof targets` lists them",
                       language->name, target->name);
        else if (find_target(language, target->name) != target)
            diag_error(diag, where, "language '%s' names the target '%s' twice", language->name,
                       target->name);
    }
}

/* Bindings have one text for what a language cannot tell apart: then only one of these can be named. */
static void check_twins(const struct language *language, const struct yaml_places *places,
                        const struct targets *targets, struct diag *diag)
{
    for (unsigned i = 0; i < language->n_targets; i++)
        for (unsigned k = 0; k < i; k++) {
            const struct language_target *a = &language->targets[k], *b = &language->targets[i];
            const struct target *one = targets_find(targets, a->name);
            const struct target *other = targets_find(targets, b->name);
            if (one == NULL || other == NULL || one == other || strcmp(a->arch, b->arch) != 0 ||
                strcmp(one->os, other->os) != 0 || one->bits != other->bits ||
                strcmp(one->endian, other->endian) != 0)
                continue;
            diag_error(diag, yaml_location(places, b->name),
                       "language '%s' cannot tell '%s' from '%s': both are '%s' of %d bits and %s "
                       "endian; name one of them, or give one another 'arch'",
                       language->name, b->name, a->name, b->arch, one->bits, one->endian);
        }
}

/* A pattern without a place for the name would be one name for everything. Numbers of system calls
 * have no names of their own: one that must be there needs a pattern. */
static void check_patterns(const struct language *language, const struct yaml_places *places,
                           struct diag *diag)
{
    const char *const views[][2] = {{"wrapper", language->names.wrapper},
                                    {"alignment", language->names.alignment},
                                    {"alias", language->names.alias}};

    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        if (views[i][1] != NULL && strchr(views[i][1], '*') == NULL)
            diag_error(diag, yaml_location(places, views[i][1]),
                       "language '%s' spells every %s '%s', expected a * for the kernel's name",
                       language->name, views[i][0], views[i][1]);
    if ((language->holds >> FACT_SYSCALL & 1) != 0 && language->names.syscall == NULL)
        diag_error(
            diag, yaml_location(places, language->name),
            "language '%s' holds system calls: say in 'names' how it spells their numbers, as "
            "in syscall: SYS_*",
            language->name);
    for (int kind = 0; kind < N_FACT_KINDS; kind++) {
        const char *pattern = language_pattern(language, kind);
        if (pattern != NULL && strchr(pattern, '*') == NULL)
            diag_error(diag, yaml_location(places, pattern),
                       "language '%s' spells every %s '%s', expected a * for the kernel's name",
                       language->name, fact_kind_name(kind), pattern);
    }
}

bool languages_load(struct languages *languages, struct arena *arena, const char *root,
                    const struct targets *targets, struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/languages.yaml", root);
    struct yaml_places places;
    struct languages *read = yaml_load(arena, path, &table_value, &places, diag);
    int errors_before = diag->n_errors;

    if (read == NULL)
        return false;
    for (unsigned i = 0; i < read->n; i++) {
        struct language *language = &read->items[i];
        for (unsigned k = 0; k < i; k++)
            if (strcmp(read->items[k].name, language->name) == 0)
                diag_error(diag, yaml_location(&places, language->name),
                           "language '%s' is there twice", language->name);
        if (language->language == NULL)
            language->language = language->name;
        if (language->holds == 0)
            language->holds = 1U << FACT_RECORD | 1U << FACT_CONSTANT;
        if ((language->holds & language->lacks) != 0)
            diag_error(diag, yaml_location(&places, language->name),
                       "language '%s' has a kind of fact both in 'holds' and in 'lacks'",
                       language->name);
        if ((language->unit != NULL) != (language->source != NULL))
            diag_error(diag, yaml_location(&places, language->name),
                       "language '%s' has one of 'unit' and 'source', expected both or none",
                       language->name);
        set_archs(language, arena);
        check_targets(language, &places, targets, diag);
        if (language->binding != NULL)
            check_twins(language, &places, targets, diag);
        check_patterns(language, &places, diag);
    }
    *languages = *read;
    return diag->n_errors == errors_before;
}

bool language_has_spec(const struct language *language, const char *spec)
{
    for (unsigned i = 0; i < language->n_without; i++)
        if (strcmp(language->without[i], spec) == 0)
            return false;
    return true;
}

const char *language_word(const struct language *language, const struct target *target)
{
    const struct language_target *found = find_target(language, target->name);

    if (!language_names(language, target))
        return NULL;
    return found != NULL && found->word != NULL ? found->word : target->triple;
}

const struct language *languages_binding(const struct languages *languages, const char *language)
{
    for (unsigned i = 0; i < languages->n; i++)
        if (languages->items[i].binding != NULL &&
            strcmp(languages->items[i].language, language) == 0)
            return &languages->items[i];
    return NULL;
}

bool language_names(const struct language *language, const struct target *target)
{
    return language->n_targets == 0 || find_target(language, target->name) != NULL;
}

const char *language_arch(const struct language *language, const struct target *target)
{
    return find_target(language, target->name)->arch;
}

bool language_owns(const struct language *language, const char *name)
{
    for (unsigned i = 0; i < language->own.n_packages; i++) {
        size_t length = strlen(language->own.packages[i]);
        if (strncmp(name, language->own.packages[i], length) == 0 &&
            (name[length] == '\0' || strchr("./:", name[length]) != NULL))
            return true;
    }
    return false;
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

const struct language *language_that_wrote(const struct languages *languages, const char *language,
                                           const char *producer)
{
    for (unsigned i = 0; languages != NULL && i < languages->n; i++) {
        const struct language_wrote *wrote = &languages->items[i].wrote;
        if (wrote->language != NULL && strcmp(wrote->language, language) == 0 &&
            str_glob(wrote->producer, producer))
            return &languages->items[i];
    }
    return NULL;
}
