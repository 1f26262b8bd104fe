/* elsewhere.c - what a record is on other targets; see verify.h.
 *
 * In: an item whose layout is wrong, and the committed facts of every target. Out: one line for it:
 * which targets have which layout, where that differs, and on which ones the binding's is right.
 *
 * Design: who gets a layout wrong has mostly written, or generated, that of another target. So the
 * binding is judged once more against each of them, by the judge that found it wrong. Only specs
 * have facts of other targets; a header's record has no such line.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_private.h"

/* ---- other targets ---- */

static bool is_of_facility(const struct spec *spec, const struct spec *of)
{
    return spec == of || (spec->part_of != NULL && of->part_of != NULL &&
                          strcmp(spec->part_of, of->part_of) == 0);
}

/* Reads the facts of the part's facility on every target, once. Where some cannot be read there
 * are none. */
static void read_elsewhere(struct reference_part *part, const struct verify_request *request,
                           struct arena *arena)
{
    struct specs specs = {NULL, 0};
    struct diag ignored;

    if (part->is_elsewhere_read)
        return;
    part->is_elsewhere_read = true;
    diag_init(&ignored, arena, false);
    for (size_t i = 0; i < request->specs->n; i++)
        if (is_of_facility(request->specs->items[i], part->spec))
            ARENA_PUSH(arena, specs.items, specs.n, request->specs->items[i]);
    for (unsigned i = 0; i < request->targets->n; i++) {
        struct reference *one = arena_alloc(arena, sizeof *one);
        if (!reference_load(one, arena, &request->targets->items[i], &specs,
                            request->workspace.root, &ignored))
            part->n_elsewhere = 0;
        else if (one->n > 0)
            ARENA_PUSH(arena, part->elsewhere, part->n_elsewhere, one);
    }
    if (ignored.n_errors > 0)
        part->n_elsewhere = 0;
}

/* "x86_64" of "x86_64-linux" where both are of one system. */
static const char *short_name(struct arena *arena, const struct target *target,
                              const struct target *own)
{
    if (strcmp(target->os, own->os) != 0)
        return target->name;
    return arena_strndup(arena, target->name, (size_t)(strrchr(target->name, '-') - target->name));
}

/* ---- which layout is where ---- */

/* Targets with one size of the record, or one place of a field. */
struct layout_group {
    const char *text; /* "12 bytes" */
    const char **names;
    size_t n;
    size_t n_by_width[2]; /* of 32 and of 64 bits */
};

/* What the layout is known by: the size of the record, or offset or size of a field. NULL if the
 * target has no such thing. */
static const char *layout_text(struct arena *arena, const struct reference *on, const char *record,
                               const char *field, int attr)
{
    const struct fact *fact = reference_find(on, field != NULL ? FACT_FIELD : FACT_RECORD,
                                             field != NULL ? field : record, NULL);

    if (fact == NULL || fact->attr[attr] == NULL)
        return NULL;
    if (field == NULL)
        return arena_printf(arena, "%s bytes", fact->attr[attr]);
    return arena_printf(arena, attr == FIELD_OFFSET ? "%s at %s" : "%s %s bytes",
                        field + strlen(record) + 1, fact->attr[attr]);
}

static size_t group_targets(const struct verification *verification,
                            const struct reference_part *part, const char *record,
                            const char *field, int attr, struct layout_group **groups)
{
    struct arena *arena = verification->arena;
    struct grouping grouping = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < part->n_elsewhere; i++) {
        const struct target *target = part->elsewhere[i]->target;
        const char *text = layout_text(arena, part->elsewhere[i], record, field, attr);
        if (text == NULL || strcmp(target->os, verification->target->os) != 0)
            continue;
        struct layout_group new = {.text = text};
        size_t number = grouping_of(&grouping, text);
        if (number >= n)
            ARENA_PUSH(arena, *groups, n, new);
        struct layout_group *group = &(*groups)[number];
        ARENA_PUSH(arena, group->names, group->n, short_name(arena, target, verification->target));
        group->n_by_width[target->bits == 64]++;
    }
    return n;
}

static int by_number(const void *a, const void *b)
{
    const struct layout_group *x = a, *y = b;

    return (x->n > y->n) - (x->n < y->n);
}

/* "12 bytes on x86_64, i386; 16 bytes elsewhere": the largest group last. A group that is all of one
 * width is called so. */
static const char *describe_groups(struct arena *arena, struct layout_group *groups, size_t n)
{
    struct str text = {.arena = arena};
    size_t n_by_width[2] = {0, 0};

    qsort(groups, n, sizeof *groups, by_number);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < 2; k++)
            n_by_width[k] += groups[i].n_by_width[k];
    for (size_t i = 0; i < n; i++) {
        const struct layout_group *group = &groups[i];
        int width = group->n_by_width[1] == group->n;
        str_addf(&text, "%s%s", i > 0 ? "; " : "", group->text);
        if (i + 1 == n)
            str_add(&text, " elsewhere");
        else if (group->n > 1 && group->n == n_by_width[width])
            str_addf(&text, " on targets of %d bits", width ? 64 : 32);
        else
            for (size_t k = 0; k < group->n; k++)
                str_addf(&text, "%s%s", k == 0 ? " on " : ", ", group->names[k]);
    }
    return str_text(&text);
}

/* Where targets differ in what the finding is about: in the record's size, else in the field. NULL if
 * they do not. */
static const char *describe_layouts(const struct verification *verification,
                                    const struct verify_item *item, const char *field)
{
    bool has_field = field_name_in(field, item->ours) != NULL;
    const struct {
        const char *field;
        int attr;
    } views[] = {{NULL, RECORD_SIZE}, {field, FIELD_OFFSET}, {field, FIELD_SIZE}};

    for (size_t i = 0; i < (has_field ? 3U : 1U); i++) {
        struct layout_group *groups = NULL;
        size_t n = group_targets(verification, item->part, item->ours, views[i].field,
                                 views[i].attr, &groups);
        if (n > 1)
            return describe_groups(verification->arena, groups, n);
    }
    return NULL;
}

/* ---- where the binding is right ---- */

/* What the object has of the item, as if it were for another target. Its byte order does not move a
 * field; halves of words are compared in that of the target. */
static struct facts got_as(const struct verification *verification, const struct verify_item *item,
                           const char *target)
{
    struct facts facts = {.arena = verification->arena};

    for (size_t i = 0; i < item->got.n; i++) {
        struct fact fact = item->got.items[i];
        if (fact.kind == FACT_ABI) {
            fact.name = target;
            fact.attr[ABI_ENDIAN] = NULL;
        }
        facts_push(&facts, fact);
    }
    facts_sort(&facts);
    return facts;
}

/* Fills in what is expected of the record on another target. Returns false if it is not there. */
static bool expect_on(const struct verification *verification, const struct verify_item *item,
                      struct reference *on, struct verify_item *other)
{
    struct verification there = *verification;

    there.target = on->target;
    there.reference = on;
    *other = *item;
    other->part = NULL;
    if (reference_find(on, FACT_RECORD, item->ours, &other->part) == NULL)
        return false;
    verify_expect(&there, other);
    return true;
}

/* All that the judge looks at on the kernel's side, but for the target's name and byte order. */
static const char *layout_key(struct arena *arena, const struct facts *expected)
{
    struct str key = {.arena = arena};

    for (size_t i = 0; i < expected->n; i++)
        if (expected->items[i].kind != FACT_ABI)
            grouping_key(&key, fact_line(arena, &expected->items[i]));
        else
            grouping_key(&key, expected->items[i].attr[ABI_BITS]);
    return str_text(&key);
}

/* The layouts of the item's record: each is judged once, however many targets have it. */
static const struct reference_layouts *layouts_of(const struct verification *verification,
                                                  const struct verify_item *item)
{
    struct reference_part *part = item->part;
    struct arena *arena = verification->reference->arena;
    struct reference_layouts new = {NULL, 0, SIZE_MAX};
    struct arena scratch = {NULL};
    struct grouping keys = {.arena = &scratch};

    part->layout_records.arena = arena;
    size_t number = grouping_of(&part->layout_records, item->ours);
    if (number < part->n_layouts)
        return &part->layouts[number];
    struct verification passing = *verification;
    passing.arena = &scratch;
    for (size_t i = 0; i < part->n_elsewhere; i++) {
        struct verify_item other;
        struct reference_layout layout = {part->elsewhere[i], 0};
        if (!expect_on(&passing, item, layout.first, &other))
            continue;
        size_t known = grouping_of(&keys, layout_key(&scratch, &other.expected));
        if (known >= new.n)
            ARENA_PUSH(arena, new.items, new.n, layout);
        new.items[known].n++;
        if (layout.first->target == verification->target)
            new.own = known;
    }
    arena_release(&scratch);
    ARENA_PUSH(arena, part->layouts, part->n_layouts, new);
    return &part->layouts[number];
}

static bool is_right_on(const struct verification *verification, const struct verify_item *item,
                        struct reference *on)
{
    struct arena scratch = {NULL};
    struct verification passing = *verification;
    struct judge_options options = {.mode = JUDGE_FOREIGN, .is_complete = true};
    struct findings findings = {.arena = &scratch};
    struct verify_item other;

    passing.arena = &scratch;
    bool is_right = expect_on(&passing, item, on, &other);
    if (is_right) {
        other.got = got_as(&passing, item, on->target->name);
        options.verbatim = spec_verbatim(other.part->spec, &scratch, &options.n_verbatim);
        options.spec = other.part->spec;
        options.system = &other.part->facts;
        judge(&findings, &other.expected, &other.got, &options, (struct finding_scope){0}, NULL);
        is_right = findings_count(&findings, SEVERITY_ERROR) == 0;
    }
    arena_release(&scratch);
    return is_right;
}

/* "the binding's is that of aarch64 and 22 more"; NULL if it is that of none. */
static const char *describe_right(const struct verification *verification,
                                  const struct verify_item *item)
{
    const struct reference_layouts *layouts = layouts_of(verification, item);
    const struct target *first = NULL;
    size_t n = 0;

    for (size_t i = 0; i < layouts->n; i++) {
        if (i == layouts->own || !is_right_on(verification, item, layouts->items[i].first))
            continue;
        first = first == NULL ? layouts->items[i].first->target : first;
        n += layouts->items[i].n;
    }
    if (first == NULL)
        return NULL;
    return n == 1 ? arena_printf(verification->arena, "the binding's is that of %s", first->name)
                  : arena_printf(verification->arena, "the binding's is that of %s and %zu more",
                                 first->name, n - 1);
}

/* ---- the finding that says it ---- */

static bool is_about_layout(const struct finding *finding)
{
    static const char *const kinds[] = {"bad-size",  "bad-offset", "bad-align",
                                        "bad-width", "bad-bit",    "missing-field"};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(finding->kind, kinds[i]) == 0)
            return finding->severity == SEVERITY_ERROR;
    return false;
}

/* The first of the item's findings about its layout, in the order in which they are printed. */
static struct finding *first_about_layout(struct verify_item *item)
{
    struct finding *first = NULL;

    for (size_t i = 0; i < item->findings.n; i++) {
        struct finding *finding = &item->findings.items[i];
        if (is_about_layout(finding) && (first == NULL || strcmp(finding->item, first->item) < 0))
            first = finding;
    }
    return first;
}

void verify_compare_targets(const struct verification *verification,
                            const struct verify_request *request, struct verify_item *item)
{
    struct finding *finding = first_about_layout(item);

    if (finding == NULL || item->kind != FACT_RECORD || item->part == NULL ||
        reference_is_of_headers(item->part))
        return;
    read_elsewhere(item->part, request, verification->reference->arena);
    const char *layouts = describe_layouts(verification, item, finding->item);
    const char *right = describe_right(verification, item);
    if (layouts != NULL && right != NULL)
        finding->layouts = arena_printf(verification->arena, "%s; %s", layouts, right);
    else
        finding->layouts = layouts != NULL ? layouts : right;
}
