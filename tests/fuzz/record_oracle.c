/* record_oracle.c - see record_oracle.h.
 *
 * In: two trees of fields and verdicts. Out: a complaint. Design: brute force. Every rule is a
 * sentence about bits above its function; where a rule gives way to what is written for users (the
 * table in gen/verify/README.md, gen/explanations.yaml), it says to what.
 */
#include "record_oracle.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record_names.h"

/* ---- what fields are ---- */

enum sort { SORT_NUMBER, SORT_ADDRESS, SORT_FLAG, SORT_FLOAT, SORT_ARRAY, SORT_BYTES, SORT_ODD };

struct value {
    enum sort sort;
    bool is_signed;
    int element_bits; /* of a number, and of an array's elements */
};

static struct value value_of(const char *type)
{
    struct value value = {.sort = SORT_ODD};
    char *end = NULL;
    long bits = 0;

    if (type[0] == 'u' || type[0] == 'i')
        bits = strtol(type + 1, &end, 10);
    if (bits > 0 && (*end == '\0' || *end == '[')) {
        value.sort = *end == '[' && strcmp(end, "[1]") != 0 ? SORT_ARRAY : SORT_NUMBER;
        value.is_signed = type[0] == 'i';
        value.element_bits = (int)bits;
    } else if (strcmp(type, "ptr") == 0) {
        value.sort = SORT_ADDRESS;
    } else if (strcmp(type, "bool") == 0) {
        value.sort = SORT_FLAG;
    } else if (strcmp(type, "f32") == 0 || strcmp(type, "f64") == 0) {
        value.sort = SORT_FLOAT;
    } else if (strncmp(type, "struct", 6) == 0 || strncmp(type, "union", 5) == 0) {
        value.sort = SORT_BYTES;
    }
    return value;
}

static bool is_same_value(const struct node *a, const struct node *b)
{
    struct value x = value_of(a->type), y = value_of(b->type);

    if (x.sort == SORT_ODD || x.sort == SORT_BYTES)
        return strcmp(a->type, b->type) == 0;
    /* A sign of characters says nothing: they are bytes. */
    return x.sort == y.sort && x.element_bits == y.element_bits &&
           (x.is_signed == y.is_signed || (x.sort == SORT_ARRAY && x.element_bits == 8));
}

/* A bit-field's type says how its bits are read, and no width. */
static bool is_same_meaning(const struct node *a, const struct node *b)
{
    struct value x = value_of(a->type), y = value_of(b->type);

    if (a->is_bits || b->is_bits)
        return x.sort == y.sort && x.is_signed == y.is_signed;
    return is_same_value(a, b);
}

static bool is_at(const struct node *a, const struct node *b)
{
    return a->first == b->first && a->bits == b->bits;
}

static bool have_common_bits(const struct node *a, const struct node *b)
{
    return a->first < b->first + b->bits && b->first < a->first + a->bits;
}

/* ---- the question, with all that rules ask ---- */

struct question {
    struct arena *arena;
    const struct record_pair *pair;
    const struct answer *answer;
    const struct side *kernel;
    const struct side *binding;
    struct names names;
    size_t n_errors;
    bool is_by_place; /* a note says that names do not tell */
    bool is_older, is_newer;
};

/* A field of the system of which the binding need not have the bits: another one has some of them,
 * or it lies in a union. */
static bool is_arm(const struct side *side, int leaf)
{
    for (int node = leaf; node >= 0; node = side->nodes[node].parent)
        if (strcmp(side->nodes[node].type, "union") == 0)
            return true;
    for (int i = 0; i < side->n; i++)
        if (i != leaf && node_is_leaf(side, i) &&
            have_common_bits(&side->nodes[i], &side->nodes[leaf]))
            return true;
    return side->is_union;
}

static const char *complain(const struct question *question, const char *what, int kernel,
                            int binding)
{
    return arena_printf(
        question->arena, "%s: %s%s%s", what, kernel >= 0 ? question->names.kernel[kernel].path : "",
        binding >= 0 ? " -> " : "", binding >= 0 ? question->names.binding[binding].path : "");
}

/* ---- a field that is proved ---- */

/* True if no other field of the system is what this field of the binding is called. */
static bool is_no_other(const struct question *question, int kernel, int binding)
{
    const struct name *got = &question->names.binding[binding];

    for (int i = 0; i < question->kernel->n; i++)
        if (i != kernel && question->names.kernel[i].is_leaf &&
            !is_at(&question->kernel->nodes[i], &question->kernel->nodes[kernel]) &&
            strcmp(question->names.kernel[i].path, got->path) == 0 &&
            strcmp(question->names.kernel[kernel].path, got->path) != 0)
            return false;
    return true;
}

/* One field of the binding that is the system's: same bits, same sort, sign and width, and a name
 * that may be the system's and is not that of another one. */
static bool is_whole(const struct question *question, int kernel)
{
    for (int i = 0; i < question->binding->n; i++)
        if (question->names.binding[i].is_leaf &&
            is_at(&question->kernel->nodes[kernel], &question->binding->nodes[i]) &&
            is_same_meaning(&question->kernel->nodes[kernel], &question->binding->nodes[i]) &&
            !question->names.binding[i].is_padding &&
            names_may_agree(&question->names.kernel[kernel], &question->names.binding[i]) &&
            is_no_other(question, kernel, i))
            return true;
    return false;
}

/* The numbers of the binding that have just these bits; the first from `from` on, -1 if none. */
static int number_at(const struct question *question, int first, int bits, int from)
{
    for (int i = from; i < question->binding->n; i++) {
        const struct node *node = &question->binding->nodes[i];
        enum sort sort = value_of(node->type).sort;
        if (question->names.binding[i].is_leaf && !question->names.binding[i].is_padding &&
            node->first == first && node->bits == bits &&
            (sort == SORT_NUMBER || sort == SORT_ADDRESS))
            return i;
    }
    return -1;
}

/* Two numbers of half the width, of which the one in the low bits has no sign and does not call
 * itself high, and the other calls itself high: "NAME_lo comes first on little endian only". Other
 * arms of a union may have the same bits. */
static bool is_halves(const struct question *question, int kernel)
{
    const struct node *whole = &question->kernel->nodes[kernel];
    const struct names *names = &question->names;
    enum sort sort = value_of(whole->type).sort;
    int bits = whole->bits / 2, back = whole->first + bits;
    int low_at = question->pair->is_little ? whole->first : back;
    int high_at = question->pair->is_little ? back : whole->first;

    if (whole->bits % 2 != 0 || (sort != SORT_NUMBER && sort != SORT_ADDRESS))
        return false;
    for (int low = number_at(question, low_at, bits, 0); low >= 0;
         low = number_at(question, low_at, bits, low + 1)) {
        bool is_low = names->binding[low].half != HALF_HIGH ||
                      strcmp(names->binding[low].last, names->kernel[kernel].last) == 0;
        if (!is_low || value_of(question->binding->nodes[low].type).is_signed)
            continue;
        for (int high = number_at(question, high_at, bits, 0); high >= 0;
             high = number_at(question, high_at, bits, high + 1))
            if (names->binding[high].half == HALF_HIGH)
                return true;
    }
    return false;
}

/* What is proved is true of all bits of the field. */
static const char *check_proved(const struct question *question)
{
    for (int i = 0; i < question->kernel->n; i++)
        if (question->names.kernel[i].is_leaf && !question->names.kernel[i].is_padding &&
            question->answer->verdicts[i] == VERDICT_PROVED && !is_whole(question, i) &&
            !is_halves(question, i))
            return complain(question, "proved, and not so by its bits", i, -1);
    return NULL;
}

/* A record or union within the record is proved if all of it is. */
static const char *check_outer(const struct question *question)
{
    for (int i = 0; i < question->kernel->n; i++) {
        int outer = question->kernel->nodes[i].parent;
        if (!question->names.kernel[i].is_leaf || question->names.kernel[i].is_padding ||
            question->answer->verdicts[i] == VERDICT_PROVED)
            continue;
        for (; outer >= 0; outer = question->kernel->nodes[outer].parent)
            if (question->answer->verdicts[outer] == VERDICT_PROVED)
                return complain(question, "a record is proved of which this field is not", i, -1);
    }
    return NULL;
}

/* ---- no finding ---- */

/* True if some field of the binding, or several, have all bits of the system's field. */
static bool is_covered(const struct question *question, const struct node *field, bool is_loose)
{
    for (int bit = field->first; bit < field->first + field->bits; bit++) {
        bool is_there = false;
        for (int i = 0; i < question->binding->n && !is_there; i++) {
            const struct node *part = &question->binding->nodes[i];
            enum sort sort = value_of(part->type).sort;
            is_there = question->names.binding[i].is_leaf && part->first <= bit &&
                       bit < part->first + part->bits && !question->names.binding[i].is_padding &&
                       (!is_loose || sort == SORT_ARRAY || sort == SORT_BYTES ||
                        value_of(field->type).sort == SORT_BYTES ||
                        value_of(field->type).sort == SORT_ARRAY);
        }
        if (!is_there)
            return false;
    }
    return true;
}

/* Without a finding, every field that is no arm of a union is proved, or its bytes are there as a
 * block that says nothing else: "only by offset and size". */
static const char *check_silence(const struct question *question)
{
    if (question->answer->findings->n > 0)
        return NULL;
    for (int i = 0; i < question->kernel->n; i++)
        if (question->names.kernel[i].is_leaf && !question->names.kernel[i].is_padding &&
            question->answer->verdicts[i] != VERDICT_PROVED && !is_arm(question->kernel, i) &&
            (question->answer->verdicts[i] != VERDICT_PARTLY ||
             (!is_covered(question, &question->kernel->nodes[i], true) && !is_halves(question, i))))
            return complain(question, "not proved, and no finding says so", i, -1);
    return NULL;
}

/* Without an error the sizes are equal. Where the caller states the size, shorter is older and
 * longer is newer, and both are reported. */
static const char *check_size(const struct question *question)
{
    int want = question->kernel->size_bytes, have = question->binding->size_bytes;
    bool is_growing = strcmp(question->pair->record, "open_how") == 0;

    if (question->n_errors > 0 || want == have)
        return NULL;
    if (!is_growing)
        return "another size, and no error";
    if (have > want)
        return question->is_newer ? NULL : "longer, and nothing says that it is newer";
    for (int i = 0; i < question->kernel->n && !question->is_older; i++) {
        const struct node *node = &question->kernel->nodes[i];
        if (question->names.kernel[i].is_leaf && !question->names.kernel[i].is_padding &&
            !is_arm(question->kernel, i) && node->first >= have * 8)
            return complain(question, "behind the end, and nothing says that the record is older",
                            i, -1);
    }
    return NULL;
}

/* True if `block` says nothing but that these bytes are there: what is in it is not compared. */
static bool is_block_of(const struct node *block, const struct node *field)
{
    return value_of(block->type).sort == SORT_BYTES && block->first <= field->first &&
           block->first + block->bits >= field->first + field->bits;
}

/* Without an error no field of the binding lies elsewhere than the system's of its name. The low
 * half of a word may have the name of the whole; what the half is called is checked above. */
static const char *check_places(const struct question *question)
{
    if (question->n_errors > 0)
        return NULL;
    for (int i = 0; i < question->binding->n; i++)
        for (int k = 0; k < question->kernel->n; k++) {
            const struct node *got = &question->binding->nodes[i];
            const struct node *want = &question->kernel->nodes[k];
            if (!question->names.binding[i].is_leaf || !question->names.kernel[k].is_leaf ||
                question->names.binding[i].is_padding || is_at(got, want) ||
                is_block_of(got, want) || (is_halves(question, k) && have_common_bits(got, want)))
                continue;
            if (strcmp(question->names.kernel[k].path, question->names.binding[i].path) == 0)
                return complain(question, "of the same name elsewhere, and no error", k, i);
            if (!question->is_by_place && names_surely_agree(&question->names, k, i))
                return complain(question, "of one name elsewhere, and no finding", k, i);
        }
    return NULL;
}

/* ---- false alarms ---- */

/* Of a copy nothing is wrong, and everything is proved but the arms and the padding. */
static const char *check_copy(const struct question *question)
{
    const struct findings *findings = question->answer->findings;

    if (question->pair->relation == PAIR_SPELLED && names_are_clear(&question->names) &&
        question->n_errors > 0)
        return "the same in another spelling, and an error";
    if (question->pair->relation != PAIR_COPY)
        return NULL;
    if (findings->n > 0)
        return "a copy, and a finding";
    for (int i = 0; i < question->kernel->n; i++)
        if (question->names.kernel[i].is_leaf && question->answer->verdicts[i] != VERDICT_PROVED)
            return complain(question, "a copy, and not proved", i, -1);
    return NULL;
}

/* ---- contradictions ---- */

/* The field of the system that a finding is about; -1 if it is about another. A half of a word has
 * the binding's name, which may be that of a record of the system. */
static int node_of(const struct question *question, const char *item)
{
    const char *path = item + strlen(question->pair->record) + 1;

    if (strchr(item, '.') == NULL)
        return -1;
    for (int i = 0; i < question->binding->n; i++)
        if (question->names.binding[i].is_leaf &&
            strcmp(question->names.binding[i].path, path) == 0)
            for (int k = 0; k < question->kernel->n; k++)
                if (node_is_there(question->kernel, k) && !question->names.kernel[k].is_leaf &&
                    strcmp(question->names.kernel[k].path, path) == 0)
                    return -1;
    for (int i = 0; i < question->kernel->n; i++)
        if (node_is_there(question->kernel, i) && strcmp(question->names.kernel[i].path, path) == 0)
            return i;
    return -1;
}

/* True if a list of names, "a, b.c", has this one. */
static bool is_listed(const char *list, const char *name)
{
    size_t n = strlen(name);

    for (const char *at = list; at != NULL; at = strchr(at, ' '), at = at != NULL ? at + 1 : NULL)
        if (strncmp(at, name, n) == 0 && (at[n] == ',' || at[n] == '\0'))
            return true;
    return false;
}

/* No two statements about one field exclude each other, and none has the same on both sides. */
static const char *check_contradictions(const struct question *question)
{
    const struct findings *findings = question->answer->findings;

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        int node = node_of(question, finding->item);
        if (strcmp(finding->expected, finding->got) == 0)
            return complain(question, "a finding without a difference", node, -1);
        if (node >= 0 && question->answer->verdicts[node] == VERDICT_PROVED &&
            strcmp(finding->kind, "idle-field") != 0)
            return complain(question, "proved, and a finding about it", node, -1);
        for (size_t k = 0; k < findings->n; k++) {
            const struct finding *other = &findings->items[k];
            if (k != i && strcmp(finding->kind, other->kind) == 0 &&
                strcmp(finding->item, other->item) == 0)
                return complain(question, "one thing found twice", node, -1);
            if (node >= 0 && finding->severity == SEVERITY_ERROR &&
                (strcmp(other->kind, "by-bytes") == 0 ||
                 strcmp(other->kind, "older-record") == 0) &&
                is_listed(other->expected, question->names.kernel[node].path))
                return complain(question, "wrong, and in a list of what is right", node, -1);
        }
    }
    return NULL;
}

/* What is missing is not there: no field has its name in its bits. */
static const char *check_missing(const struct question *question)
{
    const struct findings *findings = question->answer->findings;

    for (size_t i = 0; i < findings->n; i++) {
        int node = node_of(question, findings->items[i].item);
        if (node < 0 || strcmp(findings->items[i].kind, "missing-field") != 0)
            continue;
        for (int k = 0; k < question->binding->n; k++)
            if (question->names.binding[k].is_leaf &&
                is_at(&question->kernel->nodes[node], &question->binding->nodes[k]) &&
                strcmp(question->names.kernel[node].path, question->names.binding[k].path) == 0)
                return complain(question, "missing, and there", node, k);
    }
    return NULL;
}

/* ---- all rules ---- */

const char *record_oracle(struct arena *arena, const struct record_pair *pair,
                          const struct answer *answer)
{
    static const char *(*const rules[])(const struct question *) = {
        check_proved, check_outer, check_silence,        check_size,
        check_places, check_copy,  check_contradictions, check_missing};
    struct question question = {.arena = arena,
                                .pair = pair,
                                .answer = answer,
                                .kernel = &pair->kernel,
                                .binding = &pair->binding};
    const char *complaint = NULL;

    names_make(&question.names, pair);
    for (size_t i = 0; i < answer->findings->n; i++) {
        const struct finding *finding = &answer->findings->items[i];
        question.n_errors += finding->severity == SEVERITY_ERROR;
        question.is_by_place |= strcmp(finding->kind, "by-bytes") == 0;
        question.is_older |= strcmp(finding->kind, "older-record") == 0;
        question.is_newer |= strcmp(finding->kind, "newer-record") == 0;
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0] && complaint == NULL; i++)
        complaint = rules[i](&question);
    return complaint;
}
