/* judge.c - see judge.h.
 *
 * In: two sets of sorted facts. Out: findings. Facts are text, so almost everything is one loop
 * over the attributes of a kind and a table of what a difference is called. A record that a binding
 * models in other pieces than the system is for split.c, and the fields of anybody's for record.c.
 */
#include "judge/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "judge/growing.h"
#include "judge/record.h"
#include "judge/split.h"

/* What a difference in an attribute is called. */
static const char *const difference_kinds[N_FACT_KINDS][FACT_ATTRS_MAX] = {
    [FACT_ABI] = {[ABI_BITS] = "bad-bits",
                  [ABI_ENDIAN] = "bad-endian",
                  [ABI_ALIGN32] = "bad-align",
                  [ABI_ALIGN64] = "bad-align"},
    [FACT_ALIAS] = {[ALIAS_TYPE] = "bad-type"},
    [FACT_CONSTANT] = {[CONSTANT_VALUE] = "bad-value", [CONSTANT_TYPE] = "bad-type"},
    [FACT_FIELD] = {[FIELD_OFFSET] = "bad-offset",
                    [FIELD_SIZE] = "bad-width",
                    [FIELD_TYPE] = "bad-type",
                    [FIELD_BIT] = "bad-bit"},
    [FACT_FUNCTION] = {[FUNCTION_LIBRARY] = "bad-library",
                       [FUNCTION_SYMBOL] = "bad-symbol",
                       [FUNCTION_RETURN] = "bad-signature",
                       [FUNCTION_PARAMS] = "bad-signature"},
    [FACT_RECORD] =
        {[RECORD_SIZE] = "bad-size", [RECORD_ALIGN] = "bad-align", [RECORD_KIND] = "bad-type"},
    [FACT_SYSCALL] = {[SYSCALL_NUMBER] = "bad-number", [SYSCALL_PARAMS] = "bad-signature"},
};

/* ---- attributes ---- */

/* What is wrong with a type: its width, its sign, or more than that. */
static const char *type_difference(const char *expected, const char *got)
{
    struct scalar want = scalar_of(expected), have = scalar_of(got);

    if (!want.is_integer || !have.is_integer)
        return "bad-type";
    return want.size_bytes != have.size_bytes ? "bad-width" : "bad-sign";
}

/* True if a pointer stands where an integer of the same width is expected, or the other way round.
 * The bytes are the same, and the size attribute has been compared. */
static bool is_pointer_as_integer(const char *expected, const char *got)
{
    bool want = strcmp(expected, "ptr") == 0, have = strcmp(got, "ptr") == 0;

    return want != have && scalar_of(want ? got : expected).is_integer;
}

static void report_align(struct comparison *comparison, const struct fact *expected,
                         const struct fact *got, const char *want, const char *have)
{
    if (comparison->mode == JUDGE_SAME)
        judge_add_finding(comparison, "bad-align", SEVERITY_ERROR, expected, got, want, have);
    else if (fact_number(got, RECORD_ALIGN) > fact_number(expected, RECORD_ALIGN))
        judge_add_finding(comparison, "stricter-align", SEVERITY_NOTE, expected, got, want, have);
    else
        judge_add_finding(comparison, "looser-align", SEVERITY_NOTE, expected, got, want, have);
}

static void report_type(struct comparison *comparison, const struct fact *expected,
                        const struct fact *got, const char *want, const char *have)
{
    const char *kind = type_difference(want, have);

    /* The value is compared on its own, so the type of a constant cannot change what it means. */
    if (expected->kind == FACT_CONSTANT && strcmp(kind, "bad-type") != 0)
        judge_add_finding(comparison, kind, SEVERITY_NOTE, expected, got, want, have);
    else if (comparison->mode != JUDGE_SAME && expected->kind == FACT_FIELD &&
             is_pointer_as_integer(want, have))
        judge_add_finding(comparison, "pointer-as-integer", SEVERITY_NOTE, expected, got, want,
                          have);
    else if (expected->kind == FACT_FIELD && strcmp(kind, "bad-width") == 0 &&
             expected->attr[FIELD_SIZE] != NULL && got->attr[FIELD_SIZE] != NULL)
        return; /* the size attribute says it */
    else
        judge_add_finding(comparison, kind, SEVERITY_ERROR, expected, got, want, have);
}

/* A value as 64 bits. */
static uint64_t value_bits(const char *text)
{
    return text[0] == '-' ? (uint64_t)strtoll(text, NULL, 0) : strtoull(text, NULL, 0);
}

/* True if the value lies in as many bits, signed or not. */
static bool fits(uint64_t value, int n_unused)
{
    return n_unused == 0 || value >> (64 - n_unused) == 0 ||
           (int64_t)value >> (63 - n_unused) == -1;
}

/* True if the constant is of a field that has the type in which it is given, and both values are the
 * same bits there: what a typed language must write for ~0xfffff in an unsigned field. */
static bool is_same_in_field(const struct comparison *comparison, const struct fact *expected,
                             const struct fact *got)
{
    if (expected->kind != FACT_CONSTANT)
        return false;
    const char *name =
        comparison->spec != NULL ? spec_field_of(comparison->spec, expected->name) : NULL;
    const struct fact *field =
        name != NULL ? facts_find(comparison->system, FACT_FIELD, name) : NULL;
    const char *type = got->attr[CONSTANT_TYPE];

    if (field == NULL || field->attr[FIELD_TYPE] == NULL || type == NULL ||
        strcmp(field->attr[FIELD_TYPE], type) != 0 || !scalar_of(type).is_integer)
        return false;
    int n_unused = 64 - 8 * scalar_of(type).size_bytes;
    uint64_t value = value_bits(expected->attr[CONSTANT_VALUE]);
    return n_unused >= 0 && n_unused < 64 && fits(value, n_unused) &&
           value << n_unused == value_bits(got->attr[CONSTANT_VALUE]) << n_unused;
}

/* The same bits, once read as signed and once as unsigned: in a word of 32 or 64 bits it is the
 * same flag. */
static void report_value(struct comparison *comparison, const struct fact *expected,
                         const struct fact *got)
{
    const char *want = expected->attr[CONSTANT_VALUE], *have = got->attr[CONSTANT_VALUE];
    uint64_t a = value_bits(want), b = value_bits(have);
    bool is_wide =
        got->attr[CONSTANT_TYPE] != NULL && scalar_of(got->attr[CONSTANT_TYPE]).size_bytes > 4;

    if (a == b || (!is_wide && (uint32_t)a == (uint32_t)b && (have[0] == '-' || want[0] == '-')))
        judge_add_finding(comparison, "bad-sign", SEVERITY_NOTE, expected, got, want, have);
    else
        judge_add_finding(comparison, "bad-value", SEVERITY_ERROR, expected, got, want, have);
}

/* Takes the next type off a list of parameters; false at its end. */
static bool next_type(struct arena *arena, const char **list, const char **type)
{
    size_t length = strcspn(*list, ",");

    if (length == 0)
        return false;
    *type = arena_strndup(arena, *list, length);
    *list += length + ((*list)[length] == ',');
    return true;
}

/* Types of parameters or of a result: what differs in width or number is passed wrongly, what
 * differs in sign only is passed in the same bits. */
static void report_signature(struct comparison *comparison, const struct fact *expected,
                             const struct fact *got, const char *want, const char *have)
{
    struct arena *arena = comparison->findings->arena;
    enum severity severity = SEVERITY_NOTE;
    const char *a = want, *b = have, *x, *y;

    for (;;) {
        bool is_a = next_type(arena, &a, &x), is_b = next_type(arena, &b, &y);
        if (!is_a && !is_b)
            break;
        if (is_a != is_b || (strcmp(x, y) != 0 && !is_pointer_as_integer(x, y) &&
                             strcmp(type_difference(x, y), "bad-sign") != 0)) {
            severity = SEVERITY_ERROR;
            break;
        }
        if (is_pointer_as_integer(x, y) &&
            scalar_of(strcmp(x, "ptr") == 0 ? y : x).size_bytes * 8 != comparison->bits)
            severity = SEVERITY_ERROR;
    }
    judge_add_finding(comparison, severity == SEVERITY_NOTE ? "bad-sign" : "bad-signature",
                      severity, expected, got, want, have);
}

/* Attributes that another language's binding has in its own way. Returns false for the others. */
static bool report_foreign(struct comparison *comparison, const struct fact *expected,
                           const struct fact *got, int i)
{
    const char *want = expected->attr[i], *have = got->attr[i];

    if (comparison->mode != JUDGE_FOREIGN)
        return false;
    if (expected->kind == FACT_CONSTANT) {
        if (i == CONSTANT_VALUE)
            report_value(comparison, expected, got);
        return true; /* the value is what counts, not the type that it is written in */
    }
    if (expected->kind == FACT_RECORD && i == RECORD_KIND)
        return true;
    if (expected->kind == FACT_RECORD && i == RECORD_SIZE)
        return growing_record(expected->name) != NULL; /* record.c says what that means */
    if (expected->kind == FACT_FUNCTION && (i == FUNCTION_RETURN || i == FUNCTION_PARAMS)) {
        report_signature(comparison, expected, got, want, have);
        return true;
    }
    return false;
}

static void report_attr(struct comparison *comparison, const struct fact *expected,
                        const struct fact *got, int i)
{
    const char *want = expected->attr[i], *have = got->attr[i];

    if (report_foreign(comparison, expected, got, i))
        return;
    if (expected->kind == FACT_RECORD && i == RECORD_ALIGN)
        report_align(comparison, expected, got, want, have);
    else if ((expected->kind == FACT_FIELD && i == FIELD_TYPE) ||
             (expected->kind == FACT_CONSTANT && i == CONSTANT_TYPE) ||
             expected->kind == FACT_ALIAS)
        report_type(comparison, expected, got, want, have);
    else
        judge_add_finding(comparison, difference_kinds[expected->kind][i], SEVERITY_ERROR, expected,
                          got, want, have);
}

/* Compares what both see. Returns the attributes that agree, as bits. */
static unsigned char compare(struct comparison *comparison, const struct fact *expected,
                             const struct fact *got)
{
    unsigned agreed = 0;

    for (int i = 0; i < FACT_ATTRS_MAX; i++) {
        if (expected->attr[i] == NULL || got->attr[i] == NULL)
            continue;
        if (strcmp(expected->attr[i], got->attr[i]) == 0 ||
            (i == CONSTANT_VALUE && is_same_in_field(comparison, expected, got)))
            agreed |= 1U << i;
        else
            report_attr(comparison, expected, got, i);
    }
    return (unsigned char)agreed;
}

/* ---- all facts ---- */

static const char *summary(struct comparison *comparison, const struct fact *fact)
{
    struct str text = {.arena = comparison->findings->arena};
    size_t skip = strlen(fact_kind_name(fact->kind)) + strlen(fact->name) + 2;

    fact_print(&text, fact, false);
    return text.len > skip ? str_text(&text) + skip : "present";
}

static bool record_is_known(const struct facts *facts, const struct fact *field)
{
    return facts_find_bytes(facts, FACT_RECORD, field->name, strcspn(field->name, ".")) != NULL;
}

static void judge_missing(struct comparison *comparison, const struct fact *expected, size_t index)
{
    if (!comparison->is_complete)
        return;
    /* A record that is not there at all is one finding, not one per field. */
    if (expected->kind == FACT_FIELD && !record_is_known(comparison->got, expected))
        return;
    if (comparison->mode != JUDGE_SAME && expected->kind == FACT_FIELD)
        judge_split(comparison, expected, index);
    else
        judge_add_finding(
            comparison,
            arena_printf(comparison->findings->arena, "missing-%s", fact_kind_name(expected->kind)),
            SEVERITY_ERROR, expected, NULL, summary(comparison, expected), "nothing");
}

static void judge_extra(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->got->n; i++) {
        const struct fact *got = &comparison->got->items[i];
        if (comparison->used[i] || got->kind == FACT_BEHAVIOUR || got->kind == FACT_ABI ||
            (got->kind == FACT_FIELD && comparison->mode != JUDGE_SAME &&
             judge_is_padding(got->name)))
            continue;
        const char *kind =
            arena_printf(comparison->findings->arena, "extra-%s", fact_kind_name(got->kind));
        /* A number that the system lacks is a call to something else; a name too many is harmless.
         */
        judge_add_finding(comparison, kind,
                          got->kind == FACT_SYSCALL || comparison->mode == JUDGE_SAME
                              ? SEVERITY_ERROR
                              : SEVERITY_NOTE,
                          NULL, got, "nothing", summary(comparison, got));
    }
}

/* What the system does, or a wrapper asks of it, is promised and measured in one fact. */
static void judge_behaviour(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->got->n; i++) {
        const struct fact *fact = &comparison->got->items[i];
        if (fact->kind == FACT_BEHAVIOUR && fact->attr[BEHAVIOUR_EXPECTED] != NULL &&
            fact->attr[BEHAVIOUR_GOT] != NULL &&
            strcmp(fact->attr[BEHAVIOUR_EXPECTED], fact->attr[BEHAVIOUR_GOT]) != 0)
            judge_add_finding(comparison,
                              comparison->mode == JUDGE_MODEL ? "bad-call" : "bad-behaviour",
                              SEVERITY_ERROR, NULL, fact, fact->attr[BEHAVIOUR_EXPECTED],
                              fact->attr[BEHAVIOUR_GOT]);
    }
}

static int pointer_bits(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n && facts->items[i].kind == FACT_ABI; i++)
        if (facts->items[i].attr[ABI_BITS] != NULL)
            return (int)fact_number(&facts->items[i], ABI_BITS);
    return 0;
}

void judge(struct findings *findings, const struct facts *expected, const struct facts *got,
           const struct judge_options *options, struct finding_scope scope, unsigned char *agreed)
{
    struct comparison comparison = {
        .findings = findings,
        .expected = expected,
        .got = got,
        .mode = options->mode,
        .is_complete = options->is_complete,
        .verbatim = options->verbatim,
        .n_verbatim = options->n_verbatim,
        .spec = options->spec,
        .system = options->system,
        .scope = scope,
        .agreed = agreed,
        .used = arena_alloc(findings->arena, got->n + 1),
        .bits = pointer_bits(expected),
    };

    for (size_t i = 0; i < expected->n; i++) {
        const struct fact *fact = &expected->items[i];
        const struct fact *match = facts_find(got, fact->kind, fact->name);
        if (fact->kind == FACT_BEHAVIOUR ||
            (fact->kind == FACT_FIELD && options->mode == JUDGE_FOREIGN))
            continue;
        if (match != NULL)
            comparison.used[match - got->items] = true;
        if (match == NULL) {
            judge_missing(&comparison, fact, i);
        } else {
            unsigned char same = compare(&comparison, fact, match);
            if (agreed != NULL)
                agreed[i] |= same;
        }
    }
    if (options->mode == JUDGE_FOREIGN)
        judge_records(&comparison);
    judge_extra(&comparison);
    judge_behaviour(&comparison);
}
