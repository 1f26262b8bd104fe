/* record_pair.c - see record_pair.h.
 *
 * In: bytes. Out: trees of fields, and texts of them.
 */
#include "record_pair.h"

#include <stdio.h>
#include <string.h>

#include "record_faults.h"

/* ---- choosing ---- */

unsigned choice_of(struct choices *choices, unsigned n)
{
    unsigned byte = choices->at < choices->n ? choices->bytes[choices->at++] : 0;

    return byte % n;
}

/* Names are drawn from few, so that the same ones often meet. */
void choice_of_name(struct choices *choices, char *name)
{
    static const char *const prefixes[] = {"", "", "", "", "st_", "x_", "it_", "_"};
    static const char *const words[] = {
        "a",    "b",      "c",       "key",     "val",  "A",       "tv_sec", "tv_nsec", "sec",
        "nsec", "flags",  "lo",      "hi",      "data", "atim",    "atime",  "size",    "Key",
        "a_b",  "val_lo", "data_hi", "dataLow", "ab",   "tv_usec", "pad0",   "_",       "unused"};

    snprintf(name, NODE_NAME_MAX, "%s%s",
             prefixes[choice_of(choices, sizeof prefixes / sizeof prefixes[0])],
             words[choice_of(choices, sizeof words / sizeof words[0])]);
}

/* Every sort of scalar and array that facts have; the first rows are the usual ones. */
static const struct {
    const char *name;
    int bits;
} types[] = {{"u32", 32},     {"u64", 64},     {"i32", 32},     {"i64", 64},      {"u16", 16},
             {"u8", 8},       {"i16", 16},     {"i8", 8},       {"ptr", 64},      {"u8[4]", 32},
             {"u32[2]", 64},  {"u8[8]", 64},   {"i32[2]", 64},  {"bool", 8},      {"f32", 32},
             {"f64", 64},     {"u16[2]", 32},  {"i8[8]", 64},   {"char32", 32},   {"bool32", 32},
             {"u32be", 32},   {"u64[2]", 128}, {"u8[16]", 128}, {"biased32", 32}, {"struct:t", 128},
             {"bitint20", 32}};

int choice_of_type(struct choices *choices, char *type)
{
    unsigned i = choice_of(choices, sizeof types / sizeof types[0]);

    snprintf(type, NODE_TYPE_MAX, "%s", types[i].name);
    return types[i].bits;
}

/* ---- nodes ---- */

bool node_is_there(const struct side *side, int node)
{
    for (; node >= 0; node = side->nodes[node].parent)
        if (side->nodes[node].is_gone)
            return false;
    return true;
}

static bool has_nodes(const struct side *side, int node)
{
    for (int i = 0; i < side->n; i++)
        if (side->nodes[i].parent == node && node_is_there(side, i))
            return true;
    return false;
}

bool node_is_leaf(const struct side *side, int node)
{
    return node_is_there(side, node) && !has_nodes(side, node);
}

void node_path(const struct side *side, int node, char *path)
{
    char rest[NODE_PATH_MAX] = "";

    for (path[0] = '\0'; node >= 0; node = side->nodes[node].parent) {
        snprintf(path, NODE_PATH_MAX, "%s%s%.*s", side->nodes[node].name,
                 rest[0] != '\0' ? "." : "", (int)(NODE_PATH_MAX - NODE_NAME_MAX - 2), rest);
        memcpy(rest, path, NODE_PATH_MAX);
    }
}

void node_make_unique(struct side *side, int node)
{
    struct node *self = &side->nodes[node];

    for (int number = 2, i = 0; i < side->n; i++) {
        const struct node *other = &side->nodes[i];
        if (i == node || other->is_gone || other->parent != self->parent ||
            strcmp(other->name, self->name) != 0)
            continue;
        self->name[NODE_NAME_MAX - 4] = '\0';
        snprintf(self->name + strlen(self->name), 4, "%d", number++);
        i = -1; /* from the start: another may have that name */
    }
}

int side_add(struct side *side, struct node node)
{
    if (side->n == NODES_MAX)
        return -1;
    side->nodes[side->n] = node;
    node_make_unique(side, side->n);
    return side->n++;
}

/* ---- the system's record ---- */

static int align_up(int bits, int to)
{
    return (bits + to - 1) / to * to;
}

/* Fills a run of bit-fields into one word. Returns the bits behind it. */
static int add_bit_fields(struct choices *choices, struct side *side, int parent, int first)
{
    bool is_signed = choice_of(choices, 4) == 0;
    int at = 0;

    for (unsigned n = 1 + choice_of(choices, 4); n > 0 && at < 32; n--) {
        struct node node = {.parent = parent, .is_bits = true};
        int left = 32 - at, bits = 1 + (int)choice_of(choices, 32);
        choice_of_name(choices, node.name);
        snprintf(node.type, NODE_TYPE_MAX, "%s", is_signed ? "i32" : "u32");
        node.first = first + at;
        node.bits = bits < left ? bits : left;
        at += node.bits;
        side_add(side, node);
    }
    return 32;
}

/* Adds the fields of a record or union that starts at bit `first`. Returns how many bits it has. */
static int add_fields(struct choices *choices, struct side *side, int parent, int first, int depth)
{
    bool is_union = parent < 0 ? side->is_union : strcmp(side->nodes[parent].type, "union") == 0;
    bool is_packed = choice_of(choices, 4) == 0;
    int end = 0;

    for (unsigned n = 1 + choice_of(choices, depth == 0 ? 7 : 3); n > 0; n--) {
        struct node node = {.parent = parent};
        unsigned sort = choice_of(choices, 16);
        int at = is_union ? 0 : end, bits, number;
        if (sort < 3 && depth < 3) {
            at = is_packed ? at : align_up(at, 64);
            node.first = first + at;
            choice_of_name(choices, node.name);
            snprintf(node.type, NODE_TYPE_MAX, "%s", sort == 0 ? "union" : "struct");
            number = side_add(side, node);
            if (number < 0)
                break;
            bits = add_fields(choices, side, number, first + at, depth + 1);
            side->nodes[number].bits = bits;
            side->nodes[number].is_gone = bits == 0; /* there was no room for its fields */
        } else if (sort == 3) {
            at = is_packed ? at : align_up(at, 32);
            bits = add_bit_fields(choices, side, parent, first + at);
        } else {
            choice_of_name(choices, node.name);
            bits = choice_of_type(choices, node.type);
            at = is_packed ? at : align_up(at, bits > 64 ? 64 : bits);
            node.first = first + at;
            node.bits = bits;
            side_add(side, node);
        }
        end = at + bits > end ? at + bits : end;
    }
    return is_packed ? end : align_up(end, 64);
}

/* ---- texts ---- */

static int bytes_of(int bits)
{
    return (bits + 7) / 8;
}

void side_facts(struct str *text, const struct record_pair *pair, const struct side *side)
{
    char path[NODE_PATH_MAX];

    str_addf(text, "abi t bits=64 endian=%s\n", pair->is_little ? "little" : "big");
    str_addf(text, "record %s size=%d align=1 kind=%s\n", pair->record, side->size_bytes,
             side->is_union ? "union" : "struct");
    for (int i = 0; i < side->n; i++) {
        const struct node *node = &side->nodes[i];
        if (!node_is_there(side, i))
            continue;
        node_path(side, i, path);
        str_addf(text, "field %s.%s", pair->record, path);
        if (node->is_bits)
            str_addf(text, " offset=%d type=%s bit=%d:%d\n", node->first / 32 * 4, node->type,
                     node->first % 32, node->bits);
        else
            str_addf(text, " offset=%d size=%d type=%s\n", node->first / 8, bytes_of(node->bits),
                     node->type);
    }
}

static void print_side(struct str *text, const char *label, const struct side *side)
{
    char path[NODE_PATH_MAX];

    str_addf(text, "%s: %d bytes, a %s\n", label, side->size_bytes,
             side->is_union ? "union" : "struct");
    for (int i = 0; i < side->n; i++) {
        const struct node *node = &side->nodes[i];
        if (!node_is_there(side, i))
            continue;
        node_path(side, i, path);
        if (node->is_bits || node->first % 8 != 0)
            str_addf(text, "  bits %4d to %4d    %-9s %s\n", node->first, node->first + node->bits,
                     node->type, path);
        else
            str_addf(text, "  at %4d, %3d bytes   %-9s %s\n", node->first / 8, bytes_of(node->bits),
                     node->type, path);
    }
}

void record_pair_print(struct str *text, const struct record_pair *pair)
{
    static const char *const relations[] = {"as it came", "a copy", "a copy in another spelling"};

    str_addf(text, "record %s, %s endian; the binding is %s\n", pair->record,
             pair->is_little ? "little" : "big", relations[pair->relation]);
    print_side(text, "system", &pair->kernel);
    print_side(text, "binding", &pair->binding);
}

/* ---- both ---- */

static void make_record(struct choices *choices, struct side *side)
{
    memset(side, 0, sizeof *side);
    side->is_union = choice_of(choices, 16) == 1;
    side->size_bytes = bytes_of(add_fields(choices, side, -1, 0, 0));
}

void record_pair_make(struct record_pair *pair, const uint8_t *bytes, size_t n_bytes)
{
    struct choices choices = {.bytes = bytes, .n = n_bytes};

    pair->is_little = choice_of(&choices, 2) == 0;
    pair->record = choice_of(&choices, 8) == 7 ? "open_how" : "r";
    unsigned sort = choice_of(&choices, 16), n_faults = choice_of(&choices, 4);
    make_record(&choices, &pair->kernel);
    pair->relation = PAIR_ANY;
    if (sort == 15) {
        make_record(&choices, &pair->binding);
        return;
    }
    pair->binding = pair->kernel;
    bool is_respelled = sort >= 8;
    if (is_respelled)
        side_respell(&choices, &pair->binding);
    for (unsigned i = 0; i < n_faults; i++)
        side_damage(&choices, &pair->binding);
    if (n_faults == 0)
        pair->relation = is_respelled ? PAIR_SPELLED : PAIR_COPY;
}
