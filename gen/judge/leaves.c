/* leaves.c - see leaves.h.
 *
 * In: facts. Out: leaves. Design: a leaf is an arm of a union if another leaf has some of its bits,
 * if a field above it is a union, or if the record is one. The first is found by one pass over the
 * leaves in the order of their first bits, which remembers how far those before have reached.
 */
#include "judge/leaves.h"

#include <stdlib.h>
#include <string.h>

#include "judge/comparison.h"

#define BITS_OF_BYTE 8
#define BYTES_MAX    (INT64_MAX / BITS_OF_BYTE / 2) /* larger ones are of a damaged object */

bool leaf_path_is_padding(struct arena *arena, const char *path)
{
    for (const char *dot = strchr(path, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        if (judge_is_padding(arena_strndup(arena, path, (size_t)(dot - path))))
            return true;
    return judge_is_padding(path);
}

static bool is_union(const struct fact *fact, int attr)
{
    return fact != NULL && fact->attr[attr] != NULL &&
           strncmp(fact->attr[attr], "union", strlen("union")) == 0;
}

/* Marks the leaf as an arm if the record, or a field that it lies in, is a union; its group is then
 * the whole of the outermost one. */
static void find_union(const struct facts *facts, const char *record, struct leaf *leaf)
{
    const char *name = leaf->fact->name, *dot = name + strlen(record);
    const struct fact *outer = facts_find(facts, FACT_RECORD, record);

    if (is_union(outer, RECORD_KIND)) {
        leaf->is_optional = true;
        leaf->group_end = INT64_MAX;
        return;
    }
    while ((dot = strchr(dot + 1, '.')) != NULL) {
        outer = facts_find_bytes(facts, FACT_FIELD, name, (size_t)(dot - name));
        if (!is_union(outer, FIELD_TYPE))
            continue;
        int64_t offset = fact_number(outer, FIELD_OFFSET), size = fact_number(outer, FIELD_SIZE);
        leaf->is_optional = true;
        if (offset >= 0 && offset <= BYTES_MAX && size >= 0 && size <= BYTES_MAX) {
            leaf->group_first = offset * BITS_OF_BYTE;
            leaf->group_end = (offset + size) * BITS_OF_BYTE;
        }
        return;
    }
}

bool leaf_read_bits(const struct fact *field, struct leaf *leaf)
{
    const char *type = field->attr[FIELD_TYPE];
    int64_t offset = fact_number(field, FIELD_OFFSET), size = fact_number(field, FIELD_SIZE);
    int64_t first, count;

    if (offset < 0 || offset > BYTES_MAX ||
        (size == 0 && (type == NULL || strchr(type, '[') == NULL)))
        return false;
    if (size > BYTES_MAX)
        size = BYTES_MAX;
    leaf->first = leaf->end = offset * BITS_OF_BYTE;
    if (fact_bits(field, &first, &count)) {
        leaf->is_bits = true;
        leaf->first += first;
        leaf->end = leaf->first + count;
    } else if (size > 0) {
        leaf->end += size * BITS_OF_BYTE;
    }
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct leaf *x = *(const struct leaf *const *)a, *y = *(const struct leaf *const *)b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Gives leaves that lie on each other the bits that all of them have, if they are not known to be
 * of a larger union. */
static void set_group(struct leaf **leaves, size_t n, int64_t first, int64_t end)
{
    for (size_t i = 0; i < n; i++) {
        if (leaves[i]->group_end == 0 || first < leaves[i]->group_first)
            leaves[i]->group_first = first;
        if (end > leaves[i]->group_end)
            leaves[i]->group_end = end;
    }
}

/* Marks the leaves that share bits with others. */
static void mark_overlaps(struct leaves *leaves, struct arena *arena)
{
    struct leaf **order = arena_alloc(arena, (leaves->n + 1) * sizeof(struct leaf *));
    struct leaf *furthest = NULL;
    size_t start = 0; /* of the group */
    int64_t first = 0;

    for (size_t i = 0; i < leaves->n; i++)
        order[i] = &leaves->items[i];
    if (leaves->n > 1)
        qsort(order, leaves->n, sizeof(struct leaf *), by_first);
    for (size_t i = 0; i < leaves->n; i++) {
        if (furthest != NULL && order[i]->first < furthest->end) {
            order[i]->is_optional = furthest->is_optional = true;
        } else if (furthest != NULL) {
            set_group(order + start, i - start, first, furthest->end);
            start = i;
        }
        if (i == start)
            first = order[i]->first;
        if (furthest == NULL || order[i]->end > furthest->end)
            furthest = order[i];
    }
    if (furthest != NULL)
        set_group(order + start, leaves->n - start, first, furthest->end);
}

void leaves_make(struct leaves *leaves, struct arena *arena, const struct facts *facts,
                 const char *record, size_t from, size_t to)
{
    *leaves = (struct leaves){.record = record, .facts = facts, .from = from, .to = to};
    for (size_t i = from; i < to; i++) {
        const struct fact *field = &facts->items[i];
        struct leaf leaf = {.fact = field, .index = i, .path = field->name + strlen(record) + 1};
        if (!leaf_read_bits(field, &leaf) ||
            facts_next_field(facts, field->name, NULL, NULL) != NULL)
            continue;
        leaf.is_padding = leaf_path_is_padding(arena, leaf.path);
        find_union(facts, record, &leaf);
        ARENA_PUSH(arena, leaves->items, leaves->n, leaf);
    }
    mark_overlaps(leaves, arena);
}

/* ---- types of leaves ---- */

struct leaf_type leaf_type_of(struct arena *arena, const char *type)
{
    const char *bracket = strchr(type, '[');
    struct leaf_type result = {.class = LEAF_OTHER, .element = type};

    if (bracket != NULL)
        result.element = arena_strndup(arena, type, (size_t)(bracket - type));
    struct scalar scalar = scalar_of(result.element);
    result.element_bits = (int64_t)scalar.size_bytes * BITS_OF_BYTE;
    result.is_signed = scalar.is_signed;
    if (strncmp(result.element, "struct", strlen("struct")) == 0 ||
        strncmp(result.element, "union", strlen("union")) == 0)
        result.class = LEAF_OPAQUE;
    else if (bracket != NULL && strcmp(bracket, "[1]") != 0)
        result.class = LEAF_ARRAY;
    else if (strcmp(result.element, "bool") == 0)
        result.class = LEAF_BOOL;
    else if (strcmp(result.element, "ptr") == 0)
        result.class = LEAF_POINTER;
    else if (scalar.is_integer)
        result.class = LEAF_INTEGER;
    else if (scalar.size_bytes > 0)
        result.class = LEAF_FLOAT;
    return result;
}
