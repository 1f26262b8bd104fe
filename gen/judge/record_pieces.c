/* record_pieces.c - bits of a record that one side has in other pieces; see record.h.
 *
 * In: a leaf of one side that no leaf of the other stands for alone. Out: findings, or why there is
 * none. Design: three things may stand in the bits of a leaf of the system. Padding: then the
 * binding is older than the leaf. Something larger: a block of bytes is right and says nothing, a
 * number is wrong. Parts: they must cover all bits with one meaning, so they are halves by the byte
 * order: one half and padding loses what the kernel writes to the other. Only bits that the program
 * gets back as it gave them may be cut as it likes.
 */
#include "judge/record.h"

#include <string.h>

#include "judge/leaf_match.h"

/* What the binding has in the bits of one leaf of the system. */
struct pieces {
    struct leaf **items; /* that are no padding */
    size_t n;
    size_t n_padding;
    const struct leaf *cover; /* one that has all bits of the leaf and more; NULL if none */
    bool is_inside;           /* none has bits of others */
    bool is_taken;            /* one of them stands for another leaf, or a part, where that lies */
    struct str text;          /* "a at 0, 4 bytes; b at 4, 4 bytes" */
};

static int64_t bits_of(const struct leaf *leaf)
{
    return leaf->end - leaf->first;
}

static bool is_in_place(const struct leaf *got)
{
    return got->partner != NULL && leaf_is_at(got, got->partner);
}

static struct pieces find_pieces(const struct record_comparison *record,
                                 const struct leaf *expected)
{
    struct pieces pieces = {.is_inside = true, .text = {.arena = record->arena}};
    size_t *found;
    size_t n = spans_overlapping(&record->got_spans, record->arena, expected->first, expected->end,
                                 &found);

    for (size_t i = 0; i < n; i++) {
        struct leaf *leaf = &record->got.items[found[i]];
        str_addf(&pieces.text, "%s%s %s", i > 0 ? "; " : "", leaf->path,
                 leaf_place_text(record->arena, leaf));
        if (leaf->is_padding) {
            pieces.n_padding++;
            continue;
        }
        bool is_inside = leaf->first >= expected->first && leaf->end <= expected->end;
        pieces.is_inside = pieces.is_inside && is_inside;
        bool is_part = leaf->is_used && leaf->partner == NULL && !leaf->is_moved;
        pieces.is_taken = pieces.is_taken || is_in_place(leaf) || is_part;
        if (!is_inside && leaf->first <= expected->first && leaf->end >= expected->end)
            pieces.cover = leaf;
        ARENA_PUSH(record->arena, pieces.items, pieces.n, leaf);
    }
    return pieces;
}

static void add_missing(struct record_comparison *record, struct leaf *expected,
                        const struct pieces *pieces)
{
    expected->match = LEAF_WRONG;
    judge_add_finding(record->comparison, "missing-field", SEVERITY_ERROR, expected->fact, NULL,
                      leaf_place_text(record->arena, expected),
                      pieces->text.len > 0 ? str_text((struct str *)&pieces->text)
                                           : "nothing there");
}

/* True if the binding spells something of the union that the leaf is in, or has its bytes as
 * padding. */
static bool has_union(const struct record_comparison *record, const struct leaf *expected,
                      const struct pieces *pieces)
{
    size_t *found;
    size_t n = spans_overlapping(&record->got_spans, record->arena, expected->group_first,
                                 expected->group_end, &found);

    for (size_t i = 0; i < n; i++)
        if (!record->got.items[found[i]].is_padding)
            return expected->is_optional;
    return expected->is_optional && pieces->n_padding > 0;
}

/* ---- something larger ---- */

/* True if the bits of a leaf of the binding are, on the system's side, bit-fields and padding. */
static bool is_of_bits(const struct record_comparison *record, const struct leaf *got)
{
    size_t *found;
    size_t n =
        spans_overlapping(&record->expected_spans, record->arena, got->first, got->end, &found);

    for (size_t i = 0; i < n; i++) {
        const struct leaf *leaf = &record->expected.items[found[i]];
        if (!leaf->is_padding &&
            (!leaf->is_bits || leaf->first < got->first || leaf->end > got->end))
            return false;
    }
    return true;
}

/* True if some leaf of the system has just the bits of this one. */
static bool is_of_one(const struct record_comparison *record, const struct leaf *got)
{
    size_t *found;
    size_t n =
        spans_overlapping(&record->expected_spans, record->arena, got->first, got->end, &found);

    for (size_t i = 0; i < n; i++)
        if (leaf_is_at(&record->expected.items[found[i]], got))
            return true;
    return false;
}

static struct leaf_type type_of(const struct record_comparison *record, const struct leaf *leaf)
{
    const char *type = leaf->fact->attr[FIELD_TYPE];

    return leaf_type_of(record->arena, type != NULL ? type : "struct");
}

static void check_cover(struct record_comparison *record, struct leaf *expected,
                        const struct leaf *cover, const struct pieces *pieces)
{
    struct leaf_type want = type_of(record, expected), have = type_of(record, cover);
    bool is_block =
        have.class == LEAF_OPAQUE || (have.class == LEAF_ARRAY && have.element_bits == 8);
    bool is_element = have.class == LEAF_ARRAY && have.element_bits == bits_of(expected) &&
                      (expected->first - cover->first) % have.element_bits == 0;

    /* What is another field by its name, or is more than its record, is no block of bytes; an array
     * without bounds begins behind its record. */
    if ((cover->partner != NULL && !expected->is_optional) || cover->is_moved ||
        (cover->end > record->got_end && cover->first < record->got_end)) {
        add_missing(record, expected, pieces);
        return;
    }
    expected->match = LEAF_NOT_COMPARED;
    if (!is_block && expected->is_bits && !is_of_bits(record, cover)) {
        add_missing(record, expected, pieces);
        return;
    }
    if (is_block || expected->is_bits) {
        if (!expected->is_optional) /* its bytes are there, and nothing says what they are */
            record_note_place(record, expected, arena_printf(record->arena, "in %s", cover->path));
        return;
    }
    if (is_element && want.class == LEAF_INTEGER && !expected->is_optional) {
        record_note_place(record, expected,
                          arena_printf(record->arena, "an element of %s", cover->path));
        return;
    }
    if (expected->is_optional &&
        (record->is_little || have.class == LEAF_ARRAY || want.class != LEAF_INTEGER ||
         bits_of(expected) == 8 || is_of_one(record, cover)))
        return;
    bool is_alike = want.class == LEAF_POINTER
                        ? is_element
                        : want.class == LEAF_OPAQUE ||
                              (want.class == LEAF_ARRAY &&
                               (want.element_bits == 8 || want.element_bits == have.element_bits));
    if (have.class == LEAF_ARRAY && is_alike) {
        record_note_place(record, expected, arena_printf(record->arena, "in %s", cover->path));
        return;
    }
    add_missing(record, expected, pieces);
}

/* ---- parts ---- */

/* Where the half of a word is that a name means. */
static int64_t start_of_half(const struct record_comparison *record, const struct leaf *whole,
                             const struct leaf *part, bool is_low)
{
    return is_low == record->is_little ? whole->first : whole->end - bits_of(part);
}

/* Reports a part of a word that is not where the byte order has it. */
static void report_half(struct record_comparison *record, struct leaf *whole,
                        const struct leaf *part, bool is_low)
{
    struct arena *arena = record->arena;
    const char *name = arena_printf(arena, "%s.%s", record->expected.record, part->path);
    const char *type = part->fact->attr[FIELD_TYPE];
    int64_t want = start_of_half(record, whole, part, is_low);

    if (part->first != want)
        findings_add(record->comparison->findings, "bad-offset", SEVERITY_ERROR, name,
                     arena_printf(arena, "%lld", (long long)want / 8),
                     part->fact->attr[FIELD_OFFSET], whole->fact->where, part->fact->where,
                     record->comparison->scope);
    if (is_low && type != NULL && scalar_of(type).is_signed && bits_of(part) * 2 == bits_of(whole))
        findings_add(record->comparison->findings, "bad-sign", SEVERITY_ERROR, name,
                     arena_printf(arena, "u%lld", (long long)bits_of(part)), type,
                     whole->fact->where, part->fact->where, record->comparison->scope);
}

/* True if a half has the name of the whole, but for what says which half it is. */
static bool is_half_of(const struct record_comparison *record, const struct leaf *whole,
                       const char *stem, enum leaf_key_level last)
{
    const char **ours, **theirs;

    for (enum leaf_key_level level = LEAF_KEY_PATH; level <= last; level++) {
        size_t n = leaf_keys(&record->expected_names, whole->path, level, &ours);
        size_t m = stem[0] != '\0' ? leaf_keys(&record->got_names, stem, level, &theirs) : 0;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < m; k++)
                if (strcmp(ours[i], theirs[k]) == 0)
                    return true;
    }
    return false;
}

static void use_all(const struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->n; i++)
        pieces->items[i]->is_used = true;
}

/* Notes that parts stand for the whole: by the names that they have, or by their place alone. */
static void accept_parts(struct record_comparison *record, struct leaf *whole,
                         const struct pieces *pieces, bool is_named)
{
    use_all(pieces);
    if (is_named) {
        unsigned attrs = (1 << FACT_ATTRS_MAX) - 1;
        if (type_of(record, whole).class == LEAF_POINTER)
            attrs &= ~(1U << FIELD_TYPE);
        whole->match = LEAF_BY_NAME;
        record_agree(record, whole, attrs);
    } else {
        record_note_place(record, whole, str_text((struct str *)&pieces->text));
    }
}

/* True for a leaf that is one number, or as good as one. */
static bool is_number(const struct record_comparison *record, const struct leaf *leaf)
{
    enum leaf_class class = type_of(record, leaf).class;

    return !leaf->is_bits && (class == LEAF_INTEGER || class == LEAF_POINTER);
}

/* Two parts that call themselves low and high, or one that has the whole's name and a high one. */
static bool accept_halves(struct record_comparison *record, struct leaf *whole,
                          const struct pieces *pieces)
{
    enum leaf_half halves[2] = {LEAF_WHOLE, LEAF_WHOLE};
    bool is_named = record_is_verbatim(record, whole);

    if (!is_number(record, whole))
        return false;
    for (size_t i = 0; i < 2; i++) {
        const char *stem;
        const struct leaf *partner = pieces->items[i]->partner;
        if (bits_of(pieces->items[i]) * 2 != bits_of(whole) ||
            !is_number(record, pieces->items[i]) || (partner != NULL && partner != whole))
            return false;
        halves[i] = leaf_half_of(record->arena, pieces->items[i]->path, &stem);
        if (halves[i] == LEAF_WHOLE && pieces->items[i] == whole->partner)
            halves[i] = LEAF_LOW;
        is_named = is_named || pieces->items[i] == whole->partner ||
                   (halves[i] != LEAF_WHOLE && is_half_of(record, whole, stem, LEAF_KEY_LAST));
    }
    if (halves[0] == halves[1] || halves[0] == LEAF_WHOLE || halves[1] == LEAF_WHOLE)
        return false;
    size_t before = record->comparison->findings->n;
    for (size_t i = 0; i < 2; i++)
        report_half(record, whole, pieces->items[i], halves[i] == LEAF_LOW);
    if (record->comparison->findings->n == before) {
        accept_parts(record, whole, pieces, is_named);
    } else {
        use_all(pieces);
        whole->match = LEAF_WRONG;
    }
    return true;
}

/* True if no other leaf of the system has the last part of this one's name. */
static bool has_own_name(struct record_comparison *record, const struct leaf *leaf)
{
    const char **keys;
    bool is_asked_first = record->own_names.arena == NULL;

    record->own_names.arena = record->repeated_names.arena = record->arena;
    for (size_t i = 0; is_asked_first && i < record->expected.n; i++) {
        size_t n =
            leaf_keys(&record->expected_names, record->expected.items[i].path, LEAF_KEY_OWN, &keys);
        if (n > 0 && !grouping_is_new(&record->own_names, keys[0]))
            (void)grouping_of(&record->repeated_names, keys[0]);
    }
    return leaf_keys(&record->expected_names, leaf->path, LEAF_KEY_OWN, &keys) > 0 &&
           grouping_find(&record->repeated_names, keys[0]) == INDEX_NONE;
}

/* Of an arm of a union: parts that call themselves its halves, whatever else is in its bits. True if
 * there are any. */
static bool check_halves_of_arm(struct record_comparison *record, struct leaf *whole,
                                const struct pieces *pieces)
{
    size_t before = record->comparison->findings->n, n_low = 0, n_high = 0;
    enum leaf_key_level last = LEAF_KEY_NO_ARMS;

    if (pieces->n > 0 && has_own_name(record, whole))
        last = LEAF_KEY_OWN;
    for (size_t i = 0; i < pieces->n; i++) {
        struct leaf *part = pieces->items[i];
        const char *stem;
        enum leaf_half half = leaf_half_of(record->arena, part->path, &stem);
        if (part->is_used || half == LEAF_WHOLE || bits_of(part) * 2 != bits_of(whole) ||
            !is_number(record, part) || !is_half_of(record, whole, stem, last))
            continue;
        report_half(record, whole, part, half == LEAF_LOW);
        part->is_used = true;
        n_low += half == LEAF_LOW;
        n_high += half == LEAF_HIGH;
    }
    if (record->comparison->findings->n > before)
        whole->match = LEAF_WRONG;
    else if (n_low > 0 && n_high > 0)
        record_agree(record, whole, (1 << FACT_ATTRS_MAX) - 1);
    return n_low + n_high > 0;
}

/* Parts of what is no number: they are as good as the bytes that they cover. */
static bool accept_block(struct record_comparison *record, struct leaf *whole,
                         const struct pieces *pieces)
{
    struct leaf_type type = type_of(record, whole);

    if (type.class == LEAF_OPAQUE && pieces->n_padding == 0) {
        use_all(pieces);
        whole->match = LEAF_BY_NAME;
        record_agree(record, whole, 1U << FIELD_OFFSET | 1U << FIELD_SIZE);
        return true;
    }
    if (type.class != LEAF_ARRAY && type.class != LEAF_OPAQUE)
        return false;
    accept_parts(record, whole, pieces, false);
    return true;
}

/* True if a part calls itself a half of the whole: then it is to be one. */
static bool has_half(const struct record_comparison *record, const struct leaf *whole,
                     const struct pieces *pieces)
{
    const char *stem;

    for (size_t i = 0; i < pieces->n; i++)
        if (leaf_half_of(record->arena, pieces->items[i]->path, &stem) != LEAF_WHOLE &&
            (stem[0] == '\0' || is_half_of(record, whole, stem, LEAF_KEY_LAST)))
            return true;
    return false;
}

/* Sees whether parts, none of which has other bits, make up the whole. */
static bool accept_split(struct record_comparison *record, struct leaf *whole,
                         const struct pieces *pieces)
{
    if (record_is_verbatim(record, whole) && whole->end <= record->got_end &&
        !has_half(record, whole, pieces)) {
        accept_parts(record, whole, pieces, true);
        return true;
    }
    if (!spans_cover(&record->got_spans, whole->first, whole->end))
        return false;
    if (accept_block(record, whole, pieces))
        return true;
    return pieces->n == 2 && accept_halves(record, whole, pieces);
}

bool record_is_split(struct record_comparison *record, struct leaf *expected)
{
    struct pieces pieces = find_pieces(record, expected);

    return pieces.n == 2 && pieces.is_inside && accept_halves(record, expected, &pieces);
}

/* ---- one leaf ---- */

/* Where the binding has nothing but padding, or nothing at all. */
static void check_padding(struct record_comparison *record, struct leaf *expected,
                          const struct pieces *pieces)
{
    if (has_union(record, expected, pieces) || expected->first >= record->expected_end)
        expected->match = LEAF_NOT_COMPARED;
    else if (expected->end <= record->got_end || record->is_growing)
        record_note_older(record, expected);
    else
        add_missing(record, expected, pieces);
}

void record_check_pieces(struct record_comparison *record, struct leaf *expected)
{
    if (expected->is_padding) {
        record_agree(record, expected, (1 << FACT_ATTRS_MAX) - 1);
        return;
    }
    if (expected->end == expected->first) /* of no known size */
        return;
    struct pieces pieces = find_pieces(record, expected);
    expected->match = LEAF_NOT_COMPARED;
    bool is_halved = pieces.n > 0 && expected->is_optional &&
                     type_of(record, expected).class == LEAF_INTEGER &&
                     check_halves_of_arm(record, expected, &pieces);
    if (is_halved || (pieces.n > 0 && expected->is_optional && pieces.is_taken))
        return; /* it, or another arm of its union, is there */
    if (pieces.n == 0)
        check_padding(record, expected, &pieces);
    else if (pieces.cover != NULL)
        check_cover(record, expected, pieces.cover, &pieces);
    else if ((!pieces.is_inside || !accept_split(record, expected, &pieces)) &&
             !expected->is_optional)
        add_missing(record, expected, &pieces);
}

void record_check_idle(struct record_comparison *record, const struct leaf *got)
{
    const char *stem;
    bool is_half = leaf_half_of(record->arena, got->path, &stem) != LEAF_WHOLE;
    size_t *found;
    size_t n =
        spans_overlapping(&record->expected_spans, record->arena, got->first, got->end, &found);

    if (got->is_padding || got->end > record->expected_end || got->end == got->first)
        return; /* behind the system's end: the size says it */
    for (size_t i = 0; i < n; i++)
        if (!record->expected.items[found[i]].is_padding)
            return; /* another view of something */
    judge_add_finding(
        record->comparison, "idle-field", is_half && n == 0 ? SEVERITY_ERROR : SEVERITY_NOTE, NULL,
        got->fact, "bytes that the kernel uses",
        arena_printf(record->arena, "padding %s", leaf_place_text(record->arena, got)));
}
