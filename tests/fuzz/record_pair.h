/* record_pair.h - two declarations of one record, made of any bytes.
 *
 * In: bytes of a fuzzer, or of a generator of numbers. Out: the system's record and a binding's, as
 * trees of fields with absolute bits, and both as the facts that a witness would give.
 *
 * Design: two records that have nothing in common are refused at once and test nothing. So most
 * bindings begin as a copy of the system's record in the same or another spelling, and a few faults
 * follow; the same bytes always make the same pair. A field is a name, a type and bits, and knows
 * nothing of how the judge compares: the oracle reads this, and no facts.
 */
#ifndef ABIPROOF_FUZZ_RECORD_PAIR_H
#define ABIPROOF_FUZZ_RECORD_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum { NODES_MAX = 48, NODE_NAME_MAX = 48, NODE_TYPE_MAX = 16, NODE_PATH_MAX = 256 };

/* A field: a scalar, an array, or a record or union of the nodes that have it for their parent. */
struct node {
    char name[NODE_NAME_MAX]; /* no other of its parent has it */
    char type[NODE_TYPE_MAX]; /* as in facts: "u32", "u8[3]", "struct", "union", "struct:other" */
    int parent;               /* number of a node that comes before; -1: the record itself */
    int first, bits;          /* bits of the record, in the direction of the byte order */
    bool is_bits;             /* a bit-field */
    bool is_gone;             /* as if it were not there; so is what has it for a parent */
};

struct side {
    struct node nodes[NODES_MAX];
    int n;
    int size_bytes;
    bool is_union;
};

/* What is known about a pair by how it was made. */
enum pair_relation {
    PAIR_ANY,     /* nothing */
    PAIR_COPY,    /* both are the same */
    PAIR_SPELLED, /* the binding is the same in other letters, without prefixes, or flat */
};

struct record_pair {
    const char *record; /* its name; of "open_how" the caller states the size */
    bool is_little;
    enum pair_relation relation;
    struct side kernel;
    struct side binding;
};

/* Makes a pair. Bytes that are not there count as 0. */
void record_pair_make(struct record_pair *pair, const uint8_t *bytes, size_t n_bytes);

/* True if neither the node nor what it lies in is gone. */
bool node_is_there(const struct side *side, int node);

/* True for one that is there and has no nodes in it. */
bool node_is_leaf(const struct side *side, int node);

/* "it_value.tv_sec". path: NODE_PATH_MAX bytes. */
void node_path(const struct side *side, int node, char *path);

/* The facts of one side, with the `abi` line: what facts_parse reads. */
void side_facts(struct str *text, const struct record_pair *pair, const struct side *side);

/* Both sides as tables for people, leaves by their order: "  at 4, 4 bytes  u32  events". */
void record_pair_print(struct str *text, const struct record_pair *pair);

#endif
