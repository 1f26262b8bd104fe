/* record_faults.c - see record_faults.h.
 *
 * In: a record. Out: the same with other names or in other places. Design: each fault is a function
 * of one node, named for what a person did; which node and which fault is chosen by the bytes.
 */
#include "record_faults.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- spellings ---- */

static void set_name(struct side *side, int node, const char *name)
{
    char text[NODE_NAME_MAX];

    snprintf(text, sizeof text, "%.*s", NODE_NAME_MAX - 4, name);
    memcpy(side->nodes[node].name, text, sizeof text);
    node_make_unique(side, node);
}

/* tv_sec: TV_SEC, TvSec, or tvsec. */
static void change_letters(struct side *side, int node, unsigned form)
{
    char name[NODE_NAME_MAX];
    const char *from = side->nodes[node].name;
    size_t n = 0;
    bool is_start = true;

    for (; *from != '\0'; from++) {
        if (form > 0 && *from == '_' && from[1] != '\0' && n > 0) {
            is_start = true;
            continue;
        }
        bool is_upper = form == 0 || (form == 1 && is_start);
        name[n++] = (char)(is_upper ? toupper((unsigned char)*from) : *from);
        is_start = false;
    }
    name[n] = '\0';
    set_name(side, node, name);
}

/* it_value.tv_sec: it_value_tv_sec, in the place of the record that it was in. */
static void dissolve(struct side *side, int node)
{
    for (int i = node + 1; i < side->n; i++) {
        char name[2 * NODE_NAME_MAX];
        if (side->nodes[i].parent != node)
            continue;
        snprintf(name, sizeof name, "%s_%s", side->nodes[node].name, side->nodes[i].name);
        side->nodes[i].parent = side->nodes[node].parent;
        set_name(side, i, name);
    }
    side->nodes[node].is_gone = true;
}

static bool is_container(const struct side *side, int node)
{
    return node_is_there(side, node) && !node_is_leaf(side, node);
}

void side_respell(struct choices *choices, struct side *side)
{
    unsigned form = choice_of(choices, 5);

    for (int i = 0; i < side->n; i++)
        if (form < 3)
            change_letters(side, i, form);
        else if (form == 3 && is_container(side, i))
            dissolve(side, i);
    for (int i = 0; form == 4 && i < side->n; i++)
        if (is_container(side, i) && choice_of(choices, 2) == 0)
            dissolve(side, i);
}

/* ---- faults ---- */

typedef void fault_fn(struct choices *choices, struct side *side, int node);

static void rename_it(struct choices *choices, struct side *side, int node)
{
    char name[NODE_NAME_MAX];

    choice_of_name(choices, name);
    set_name(side, node, name);
}

static void exchange_names(struct choices *choices, struct side *side, int node)
{
    int other = (int)choice_of(choices, (unsigned)side->n);
    char name[NODE_NAME_MAX];

    memcpy(name, side->nodes[node].name, sizeof name);
    set_name(side, node, side->nodes[other].name);
    set_name(side, other, name);
}

/* The places of two fields of the same size, so that nothing else moves. */
static void exchange_places(struct choices *choices, struct side *side, int node)
{
    int start = (int)choice_of(choices, (unsigned)side->n);

    for (int k = 0; k < side->n; k++) {
        struct node *self = &side->nodes[node], *other = &side->nodes[(start + k) % side->n];
        if (other == self || other->bits != self->bits || other->is_bits != self->is_bits ||
            !node_is_leaf(side, (start + k) % side->n))
            continue;
        int first = self->first;
        self->first = other->first;
        other->first = first;
        return;
    }
}

static bool is_within(const struct side *side, int node, int outer)
{
    while (node > outer)
        node = side->nodes[node].parent;
    return node == outer;
}

/* Moves a field, and with it what is in it. */
static void move_to(struct side *side, int node, int by)
{
    for (int i = node; i < side->n; i++)
        if (is_within(side, i, node) && side->nodes[i].first + by < 0)
            return;
    for (int i = node; i < side->n; i++)
        if (is_within(side, i, node))
            side->nodes[i].first += by;
}

static void move(struct choices *choices, struct side *side, int node)
{
    static const int steps[] = {8, -8, 32, -32, 64, -64, 16, -16};
    int step = steps[choice_of(choices, 8)];

    move_to(side, node, side->nodes[node].is_bits ? step / 8 : step);
}

static void change_type(struct choices *choices, struct side *side, int node)
{
    struct node *self = &side->nodes[node];

    if (!node_is_leaf(side, node) || self->is_bits)
        return;
    self->bits = choice_of_type(choices, self->type);
}

static void change_sign(struct choices *choices, struct side *side, int node)
{
    char *type = side->nodes[node].type;

    (void)choices;
    if ((type[0] == 'u' || type[0] == 'i') && isdigit((unsigned char)type[1]) &&
        strchr(type, 'b') == NULL)
        type[0] = type[0] == 'u' ? 'i' : 'u';
}

static void drop(struct choices *choices, struct side *side, int node)
{
    (void)choices;
    side->nodes[node].is_gone = true;
}

static void make_padding(struct choices *choices, struct side *side, int node)
{
    static const char *const names[] = {"pad", "_reserved", "_", "st_pad0"};

    set_name(side, node, names[choice_of(choices, 4)]);
}

/* A word in two: lo and hi, in any order, or with other names. */
static void split(struct choices *choices, struct side *side, int node)
{
    static const char *const names[][2] = {{"_lo", "_hi"}, {"_hi", "_lo"}, {"Low", "High"},
                                           {"_a", "_b"},   {"", "_hi"},    {"", "_pad"}};
    struct node low = side->nodes[node], high = low;
    unsigned form = choice_of(choices, 6), type = choice_of(choices, 4);

    if (!node_is_leaf(side, node) || low.is_bits || low.bits % 16 != 0 || low.bits > 64)
        return;
    low.bits = high.bits = low.bits / 2;
    high.first += low.bits;
    snprintf(low.type, NODE_TYPE_MAX, "%c%d", type == 1 ? 'i' : 'u', low.bits);
    snprintf(high.type, NODE_TYPE_MAX, "%c%d", type == 2 ? 'i' : 'u', low.bits);
    snprintf(low.name, NODE_NAME_MAX, "%.40s%s", side->nodes[node].name, names[form][0]);
    snprintf(high.name, NODE_NAME_MAX, "%.40s%s", side->nodes[node].name, names[form][1]);
    side->nodes[node].is_gone = true;
    side_add(side, low);
    side_add(side, high);
}

/* The field also has the bits of its neighbour, which is gone. */
static void swallow(struct choices *choices, struct side *side, int node)
{
    struct node *self = &side->nodes[node];
    int next = node + 1;

    if (next >= side->n || !node_is_leaf(side, node) || self->is_bits ||
        side->nodes[next].is_bits || side->nodes[next].first != self->first + self->bits ||
        side->nodes[next].bits + self->bits > 128)
        return;
    self->bits += side->nodes[next].bits;
    if ((self->bits == 16 || self->bits == 32 || self->bits == 64) && choice_of(choices, 2) == 0)
        snprintf(self->type, NODE_TYPE_MAX, "u%d", self->bits);
    else
        snprintf(self->type, NODE_TYPE_MAX, "u8[%d]", self->bits / 8);
    side->nodes[next].is_gone = true;
}

/* One more field, in the bits of this one. */
static void add_view(struct choices *choices, struct side *side, int node)
{
    struct node view = side->nodes[node];

    choice_of_name(choices, view.name);
    if (!view.is_bits)
        view.bits = choice_of_type(choices, view.type);
    side_add(side, view);
}

/* A record in place of its fields' names, or bytes in place of the record. */
static void open_record(struct choices *choices, struct side *side, int node)
{
    (void)choices;
    if (is_container(side, node))
        dissolve(side, node);
}

static void make_block(struct choices *choices, struct side *side, int node)
{
    struct node *self = &side->nodes[node];

    (void)choices;
    if (self->is_bits || self->bits % 8 != 0)
        return;
    for (int i = node + 1; i < side->n; i++)
        if (side->nodes[i].parent == node)
            side->nodes[i].is_gone = true;
    snprintf(self->type, NODE_TYPE_MAX, "u8[%d]", self->bits / 8);
}

/* What a compiler writes that knows no unions, or no structs in them. */
static void exchange_kind(struct choices *choices, struct side *side, int node)
{
    (void)choices;
    if (is_container(side, node))
        snprintf(side->nodes[node].type, NODE_TYPE_MAX, "%s",
                 strcmp(side->nodes[node].type, "union") == 0 ? "struct" : "union");
}

static void change_bits(struct choices *choices, struct side *side, int node)
{
    struct node *self = &side->nodes[node];
    int bits = 1 + (int)choice_of(choices, 32);

    if (!node_is_leaf(side, node) || self->first % 32 + bits > 32 || self->bits > 32)
        return;
    self->is_bits = true;
    self->bits = bits;
    snprintf(self->type, NODE_TYPE_MAX, "%s", choice_of(choices, 4) == 0 ? "i32" : "u32");
}

static void change_size(struct choices *choices, struct side *side, int node)
{
    static const int sizes[] = {8, -8, 4, -4, 1, 16};
    int by = sizes[choice_of(choices, 6)];

    (void)node;
    if (side->size_bytes + by <= 0)
        return;
    side->size_bytes += by;
    for (int i = 0; i < side->n; i++) /* no compiler writes a field behind the end */
        if (side->nodes[i].first + side->nodes[i].bits > side->size_bytes * 8)
            side->nodes[i].is_gone = true;
}

void side_damage(struct choices *choices, struct side *side)
{
    static fault_fn *const faults[] = {
        rename_it,  exchange_names, exchange_places, move,       change_type, change_sign,
        drop,       make_padding,   split,           swallow,    add_view,    open_record,
        make_block, exchange_kind,  change_bits,     change_size};
    unsigned fault = choice_of(choices, sizeof faults / sizeof faults[0]);
    int node = (int)choice_of(choices, (unsigned)side->n);

    faults[fault](choices, side, node);
}
