/* parameter.c - records that are known by the function that takes them; see verify.h.
 *
 * In: the functions that are looked for. Out: one more item for each of their parameters that
 * points to a record of the kernel's. Design: what stands at parameter 2 of epoll_wait is the
 * binding's epoll_event, whatever it is called, because the kernel reads and writes it as that. The
 * types of parameters are the specs', which witnesses compare with the headers' prototypes.
 */
#include <string.h>

#include "base/grouping.h"
#include "model/calltype.h"
#include "verify/verify_private.h"

/* ---- what is looked for ---- */

/* The name of the record that a parameter points to, NULL if it points to none. */
static const char *pointed_record(struct arena *arena, const struct spec_param *param)
{
    static const char *const marks[] = {"struct ", "union "};
    struct calltype type = calltype_parse(arena, spec_param_type(param, FORM_LIBRARY));

    for (size_t i = 0; type.is_pointer && i < sizeof marks / sizeof marks[0]; i++)
        if (str_starts(type.base, marks[i]))
            return type.base + strlen(marks[i]);
    return NULL;
}

static void add_parameters_of(struct verification *verification, size_t index)
{
    struct arena *arena = verification->arena;
    const struct verify_item *function = &verification->items[index];
    const struct reference_part *part = function->part;
    const struct spec_call *call = part != NULL ? spec_call(part->spec, function->ours) : NULL;
    struct verify_item item = {
        .kind = FACT_RECORD,
        .theirs = function->theirs,
        .part = function->part,
        .function = index,
        .got = {.arena = arena},
        .findings = {.arena = arena},
    };

    for (unsigned i = 0; call != NULL && i < call->n_params; i++) {
        if ((call->params[i].form & FORM_LIBRARY) == 0)
            continue;
        item.parameter++;
        item.ours = pointed_record(arena, &call->params[i]);
        if (item.ours != NULL && facts_find(&part->facts, FACT_RECORD, item.ours) != NULL)
            ARENA_PUSH(arena, verification->items, verification->n_items, item);
    }
}

void verify_add_parameters(struct verification *verification)
{
    size_t n = verification->n_items;

    for (size_t i = 0; i < n; i++)
        if (verification->items[i].kind == FACT_FUNCTION)
            add_parameters_of(verification, i);
}

void verify_add_declared(struct verification *verification, size_t index, const char *name)
{
    struct verify_item item = verification->items[index];

    item.theirs = name;
    item.is_declared = true;
    ARENA_PUSH(verification->arena, verification->items, verification->n_items, item);
}

/* ---- what was found ---- */

void verify_name_parameter(const struct verification *verification, struct verify_item *item)
{
    const struct verify_item *function = &verification->items[item->function];

    item->theirs = item->found;
    item->why =
        arena_printf(verification->arena, "parameter %u of %s", item->parameter, function->theirs);
}

static size_t count_parameters(const struct facts *facts, const char *name)
{
    const struct fact *fact = facts_find(facts, FACT_FUNCTION, name);
    const char *text = fact != NULL ? fact->attr[FUNCTION_PARAMS] : NULL;
    size_t n = text != NULL;

    for (; text != NULL && *text != '\0'; text++)
        n += *text == ',';
    return n;
}

/* True if the function is the kernel's: by a map, or because the object links to it. One of that
 * name with other parameters is somebody else's, and so is one that a header redirects to another
 * symbol, which takes other records. */
static bool is_kernels(const struct verify_item *function)
{
    if (function->found == NULL)
        return false;
    const struct fact *ours = facts_find(&function->part->facts, FACT_FUNCTION, function->ours);
    const struct fact *theirs = facts_find(&function->got, FACT_FUNCTION, function->ours);
    if (ours == NULL || theirs == NULL ||
        count_parameters(&function->part->facts, function->ours) !=
            count_parameters(&function->got, function->ours))
        return false;
    return function->is_mapped || ours->attr[FUNCTION_SYMBOL] == NULL ||
           theirs->attr[FUNCTION_SYMBOL] != NULL;
}

/* True for a record of which the binding says nothing but its name: it only hands the address on.
 */
static bool is_opaque(const struct verify_item *item)
{
    for (size_t i = 0; i < item->got.n; i++)
        if (item->got.items[i].kind == FACT_FIELD)
            return false;
    return true;
}

static const char *last_part(const char *name)
{
    const char *last = name;

    for (; *name != '\0'; name++)
        if (strchr(":./", *name) != NULL)
            last = name + 1;
    return last;
}

static bool same_attributes(const struct fact *a, const struct fact *b)
{
    for (int i = 0; i < FACT_ATTRS_MAX; i++)
        if (a->attr[i] != NULL && b->attr[i] != NULL && strcmp(a->attr[i], b->attr[i]) != 0)
            return false;
    return true;
}

/* True if two items are one record of the binding's: of one name, and alike in everything. */
static bool is_same(const struct verify_item *a, const struct verify_item *b)
{
    if (a->found == NULL || b->found == NULL || a->kind != b->kind || a->got.n != b->got.n ||
        strcmp(a->ours, b->ours) != 0 || strcmp(last_part(a->found), last_part(b->found)) != 0)
        return false;
    for (size_t i = 0; i < a->got.n; i++)
        if (a->got.items[i].kind != b->got.items[i].kind ||
            strcmp(a->got.items[i].name, b->got.items[i].name) != 0 ||
            !same_attributes(&a->got.items[i], &b->got.items[i]))
            return false;
    return true;
}

/* Items that may be one record of the binding's. */
struct alike {
    size_t *items; /* their indexes, rising */
    size_t n;
};

/* Groups the items that were found by what is_same asks of their names. alike: the groups; number:
 * of each item's group, INDEX_NONE for one that was not found. */
static void find_alike(const struct verification *verification, struct alike **alike,
                       size_t *number)
{
    struct arena *arena = verification->arena;
    struct grouping grouping = {.arena = arena};
    struct alike none = {NULL, 0};
    size_t n = 0;

    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        number[i] = INDEX_NONE;
        if (item->found == NULL)
            continue;
        struct str key = {.arena = arena};
        grouping_key_number(&key, item->kind);
        grouping_key_number(&key, item->got.n);
        grouping_key(&key, item->ours);
        grouping_key(&key, last_part(item->found));
        number[i] = grouping_of(&grouping, str_text(&key));
        if (number[i] >= n)
            ARENA_PUSH(arena, *alike, n, none);
        struct alike *group = &(*alike)[number[i]];
        ARENA_PUSH(arena, group->items, group->n, i);
    }
}

/* Gives an item up that is the same record as another one, which keeps what both are known for. */
static void give_up_again(struct verification *verification, size_t index,
                          const struct alike *alike)
{
    struct verify_item *item = &verification->items[index];

    for (size_t i = 0; i < alike->n; i++) {
        struct verify_item *other = &verification->items[alike->items[i]];
        if (other == item || !is_same(item, other) || (other->parameter > 0 && other > item))
            continue;
        if (other->parameter > 0)
            other->why = arena_printf(verification->arena, "%s, %s", other->why, item->why);
        item->found = NULL;
        return;
    }
}

void verify_settle_parameters(struct verification *verification)
{
    size_t n = verification->n_items;
    size_t *number = arena_alloc(verification->arena, (n + 1) * sizeof *number);
    struct alike *alike = NULL;

    find_alike(verification, &alike, number);
    for (size_t i = 0; i < n; i++) {
        struct verify_item *item = &verification->items[i];
        if (item->parameter == 0 || item->found == NULL)
            continue;
        if (!is_kernels(&verification->items[item->function]) || is_opaque(item))
            item->found = NULL;
        else
            give_up_again(verification, i, &alike[number[i]]);
    }
}
