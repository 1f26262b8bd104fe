/* words.c - see words.h.
 *
 * In: a table of words, and what is to be spelled. Out: texts in the arena. Design: every text is
 * made by words_fill from a pattern of the table; nothing here knows a language.
 */
#include "emit/words.h"

#include <ctype.h>
#include <string.h>

#include "emit/condition.h"
#include "model/calltype.h"

const char *words_fill(struct arena *arena, const char *pattern, const char *t, const char *n)
{
    struct str text = {.arena = arena};

    for (const char *at = pattern; *at != '\0'; at++)
        if (str_starts(at, "$T") || str_starts(at, "$N"))
            str_add(&text, *++at == 'T' ? t : n);
        else
            str_add_char(&text, *at);
    return arena_strdup(arena, str_text(&text));
}

/* ---- names ---- */

/* The name without underscores at its ends, and with single ones inside. */
static const char *plain_name(struct arena *arena, const char *name)
{
    struct str text = {.arena = arena};

    for (name += strspn(name, "_"); *name != '\0'; name++)
        if (*name != '_' || (name[1] != '_' && name[1] != '\0'))
            str_add_char(&text, *name);
    return arena_strdup(arena, str_text(&text));
}

const char *words_name(struct arena *arena, const struct words *words, const char *name)
{
    if (words->has_plain_names)
        name = plain_name(arena, name);
    for (const char *const *keyword = words->keywords; *keyword != NULL; keyword++)
        if (strcmp(*keyword, name) == 0)
            return words_fill(arena, words->keyword, NULL, name);
    return name;
}

const char *words_record(struct arena *arena, const struct words *words, const char *record)
{
    struct str text = {.arena = arena};
    bool is_start = true;

    if (!words->has_camel_records)
        return record;
    for (const char *at = record; *at != '\0'; at++) {
        if (*at != '_')
            str_add_char(&text, (char)(is_start ? toupper((unsigned char)*at) : *at));
        is_start = *at == '_';
    }
    return arena_strdup(arena, str_text(&text));
}

/* ---- documentation ---- */

const char *words_doc(struct arena *arena, const struct words *words, const char *doc)
{
    static const char null[] = "{null}", sigset_size[] = "{SIGSET_SIZE}";
    struct str text = {.arena = arena};

    if (strchr(doc, '{') == NULL)
        return doc;
    while (*doc != '\0')
        if (str_starts(doc, null)) {
            str_add(&text, words->null);
            doc += strlen(null);
        } else if (str_starts(doc, sigset_size)) {
            str_add(&text, words->sigset_size);
            doc += strlen(sigset_size);
        } else {
            str_add_char(&text, *doc++);
        }
    return arena_strdup(arena, str_text(&text));
}

void words_add_doc(struct str *out, const struct words *words, const char *indent, const char *doc)
{
    str_add_wrapped(out, indent, words_doc(out->arena, words, doc), WORDS_COLUMNS);
}

/* ---- types ---- */

static const char *integer_type(const struct words *words, bool is_signed, int size_bytes)
{
    for (int power = 0; power < 4; power++)
        if (size_bytes == 1 << power)
            return words->integers[is_signed][power];
    return NULL;
}

/* A pointer to data of no type. */
static const char *data_pointer(struct arena *arena, const struct words *words, bool is_const)
{
    const char *own = is_const ? words->const_data_pointer : words->data_pointer;

    return own != NULL ? own
                       : words_fill(arena, is_const ? words->const_pointer : words->pointer,
                                    words->nothing, NULL);
}

/* The pointer, which may be null. */
static const char *nullable(struct arena *arena, const struct words *words, const char *pointer)
{
    return words->nullable != NULL ? words_fill(arena, words->nullable, pointer, NULL) : pointer;
}

static const char *element_type(struct arena *arena, const struct words *words,
                                const struct layout_type *type)
{
    switch (type->kind) {
    case LAYOUT_INTEGER:
        return integer_type(words, type->is_signed, type->size_bytes);
    case LAYOUT_POINTER: /* no header says which may be null */
        return nullable(arena, words, data_pointer(arena, words, false));
    case LAYOUT_RECORD:
        return words_record(arena, words, type->record);
    case LAYOUT_OTHER:
        break;
    }
    return NULL;
}

const char *words_type(struct arena *arena, const struct words *words,
                       const struct layout_type *type)
{
    const char *text = element_type(arena, words, type);

    for (size_t i = type->n_bounds; i > 0 && text != NULL; i--) {
        int64_t bound = type->bounds[i - 1] == LAYOUT_FLEXIBLE ? 0 : type->bounds[i - 1];
        text = words_fill(arena, words->array, text, arena_printf(arena, "%lld", (long long)bound));
    }
    return text;
}

/* ---- types of calls ---- */

/* A C type of specs: as wide as what, signed or not. */
static const struct c_scalar {
    const char *name;
    bool is_signed;
    int size_bytes; /* 0: as a pointer */
} c_scalars[] = {
    {"char", false, 1},          {"int", true, 4},
    {"unsigned int", false, 4},  {"long", true, 0},
    {"unsigned long", false, 0}, {"size_t", false, 0},
    {"ssize_t", true, 0},        {"int16_t", true, 2},
    {"uint16_t", false, 2},      {"int32_t", true, 4},
    {"uint32_t", false, 4},      {"int64_t", true, 8},
    {"uint64_t", false, 8},
};

/* A type's base, which calltype_check has found known. */
static const char *base_type(struct arena *arena, const struct words *words,
                             const struct spec *spec, const char *base)
{
    for (size_t i = 0; i < sizeof c_scalars / sizeof c_scalars[0]; i++)
        if (strcmp(c_scalars[i].name, base) == 0)
            return c_scalars[i].size_bytes == 0
                       ? words->longs[c_scalars[i].is_signed]
                       : integer_type(words, c_scalars[i].is_signed, c_scalars[i].size_bytes);
    if (str_starts(base, "struct "))
        base += strlen("struct ");
    for (unsigned i = 0; i < spec->n_opaque; i++)
        if (strcmp(spec->opaque[i].name, base) == 0)
            return words->nothing;
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (strcmp(spec->aliases[i].name, base) == 0)
            return base;
    return strcmp(base, "void") == 0 ? words->nothing : words_record(arena, words, base);
}

/* A pointer to one, or to the first of several. */
static const char *pointer_type(struct arena *arena, const struct words *words, const char *pointee,
                                bool is_const, bool is_many)
{
    const char *pattern = is_const ? words->const_pointer : words->pointer;
    const char *many = is_const ? words->const_many : words->many;

    if (strcmp(pointee, words->nothing) == 0)
        return data_pointer(arena, words, is_const);
    return words_fill(arena, is_many && many != NULL ? many : pattern, pointee, NULL);
}

static const char *call_type(struct arena *arena, const struct words *words,
                             const struct spec *spec, const char *text, bool is_many,
                             bool may_be_null)
{
    struct calltype type = calltype_parse(arena, text);
    const char *base = base_type(arena, words, spec, type.base);

    if (!type.is_pointer)
        return base;
    bool is_text = strcmp(type.base, "char") == 0 && type.is_const;
    const char *pointer = is_text && words->const_text != NULL
                              ? words_fill(arena, words->const_text, base, NULL)
                              : pointer_type(arena, words, base, type.is_const, is_many || is_text);
    return may_be_null ? nullable(arena, words, pointer) : pointer;
}

const char *words_call_type(struct arena *arena, const struct words *words, const struct spec *spec,
                            const char *text)
{
    return call_type(arena, words, spec, text, false, true);
}

const char *words_param_type(struct arena *arena, const struct words *words,
                             const struct spec *spec, const struct spec_param *param,
                             enum spec_form form)
{
    return call_type(arena, words, spec, spec_param_type(param, form), param->count != NULL,
                     param->nullable);
}

/* ---- conditions ---- */

static const char *list_text(struct arena *arena, const struct words_list *list,
                             const char *const *items, size_t n)
{
    struct str text = {.arena = arena};

    str_add(&text, n > 1 ? list->open : "");
    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s%s", i > 0 ? list->between : "", items[i]);
    str_add(&text, n > 1 ? list->close : "");
    return arena_strdup(arena, str_text(&text));
}

static const char *term_text(struct arena *arena, const struct words *words,
                             const struct condition_term *term)
{
    const char *items[3];
    size_t n = 0;

    if (term->arch != NULL)
        items[n++] = words_fill(arena, words->arch, NULL, term->arch);
    if (term->bits != 0)
        items[n++] = words_fill(arena, words->bits, NULL, arena_printf(arena, "%d", term->bits));
    if (term->endian != NULL && words->endians[0] != NULL)
        items[n++] = words->endians[strcmp(term->endian, "big") == 0];
    return list_text(arena, &words->all, items, n);
}

static const char *condition_text(struct arena *arena, const struct words *words,
                                  const struct condition *condition)
{
    const char **items = arena_alloc(arena, (condition->n + 1) * sizeof *items);

    for (size_t i = 0; i < condition->n; i++)
        items[i] = term_text(arena, words, &condition->terms[i]);
    return list_text(arena, &words->any, items, condition->n);
}

/* True if the first character is a parenthesis that the last one closes. */
static bool is_enclosed(const char *text)
{
    int depth = 0;

    if (text[0] != '(')
        return false;
    for (; *text != '\0'; text++) {
        depth += (*text == '(') - (*text == ')');
        if (depth == 0)
            return text[1] == '\0';
    }
    return false;
}

/* The pattern with a condition, which is not enclosed twice. */
static const char *fill_condition(struct arena *arena, const char *pattern, const char *condition)
{
    if (strstr(pattern, "($T)") != NULL && is_enclosed(condition))
        condition = arena_strndup(arena, condition + 1, strlen(condition) - 2);
    return words_fill(arena, pattern, condition, NULL);
}

const char *words_condition(struct arena *arena, const struct words *words,
                            const struct emit_job *job, const bool *chosen)
{
    bool *others = arena_alloc(arena, job->n_on + 1);
    bool has_endian = words->endians[0] != NULL;

    for (size_t i = 0; i < job->n_on; i++)
        others[i] = !chosen[i];
    struct condition these = condition_for(arena, job, chosen, has_endian);
    struct condition those = condition_for(arena, job, others, has_endian);
    const char *text = condition_text(arena, words, &these);
    const char *negated =
        fill_condition(arena, words->negation, condition_text(arena, words, &those));
    return those.n > 0 && strlen(negated) < strlen(text) ? negated : text;
}

/* What the language calls the system. */
static const char *system_name(const struct words *words, const char *os)
{
    for (size_t i = 0; words->systems != NULL && words->systems[i][0] != NULL; i++)
        if (strcmp(words->systems[i][0], os) == 0)
            return words->systems[i][1];
    return os;
}

const char *words_known(struct arena *arena, const struct words *words, const struct emit_job *job)
{
    struct condition known = condition_known(arena, job);
    const char *items[] = {words_fill(arena, words->os, NULL, system_name(words, job->spec->os)),
                           condition_text(arena, words, &known)};

    return list_text(arena, &words->all, items, 2);
}

/* The bytes of the text up to where its first list may be broken; all of them if it has none. */
static size_t unbroken(const struct words *words, const char *text)
{
    size_t shortest = strlen(text);
    const char *const between[] = {words->all.between, words->any.between};

    for (size_t i = 0; i < sizeof between / sizeof between[0]; i++) {
        const char *at = strstr(text, between[i]);
        if (at != NULL && (size_t)(at - text) + strlen(between[i]) < shortest)
            shortest = (size_t)(at - text) + strlen(between[i]);
    }
    return shortest;
}

/* How far the last line of the text goes. */
static size_t column_of(const struct str *out)
{
    size_t column = 0;

    while (column < out->len && out->text[out->len - column - 1] != '\n')
        column++;
    return column;
}

void words_add_condition(struct str *out, const struct words *words, const char *pattern,
                         const char *condition)
{
    const char *text = fill_condition(out->arena, pattern, condition);
    const char *continued = words->continued != NULL ? words->continued : "";
    size_t behind = strlen(strstr(pattern, "$T") + strlen("$T"));
    const char *further = words->further != NULL ? words->further : "    ";
    size_t column = column_of(out);
    bool is_first = true;

    while (*text != '\0') {
        size_t length = unbroken(words, text);
        bool is_last = text[length] == '\0';
        size_t shown = length - (text[length - 1] == ' ' && !is_last); /* no line ends with one */
        if (!is_first && column + 1 + shown + behind + strlen(continued) > WORDS_COLUMNS) {
            str_addf(out, "%s\n%s", continued, further);
            column = strlen(further);
        } else if (!is_first) {
            str_add_char(out, ' ');
            column++;
        }
        is_first = false;
        str_add_bytes(out, text, shown);
        column += shown;
        text += length;
    }
}
