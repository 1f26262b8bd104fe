/* record_faults.h - other spellings of a record, and what people get wrong in one.
 *
 * In: a record and choices. Out: the record changed. The choices, and how fields are added, are
 * record_pair.c's, and shared here.
 */
#ifndef ABIPROOF_FUZZ_RECORD_FAULTS_H
#define ABIPROOF_FUZZ_RECORD_FAULTS_H

#include "record_pair.h"

/* Bytes that are turned into choices, one after the other. */
struct choices {
    const uint8_t *bytes;
    size_t n;
    size_t at;
};

/* A number below n, which is at most 256; 0 when there are no bytes left. */
unsigned choice_of(struct choices *choices, unsigned n);

/* A name, NODE_NAME_MAX bytes. */
void choice_of_name(struct choices *choices, char *name);

/* A scalar or array, NODE_TYPE_MAX bytes. Returns its bits. */
int choice_of_type(struct choices *choices, char *type);

/* Adds a number to the node's name until no other of its parent has it. */
void node_make_unique(struct side *side, int node);

/* Adds a node under a name that is unique. Returns its number, or -1 if there is no room. */
int side_add(struct side *side, struct node node);

/* The same record in other letters, without prefixes, flat, or in one more record: right. */
void side_respell(struct choices *choices, struct side *side);

/* One change: mostly wrong, and now and then right. */
void side_damage(struct choices *choices, struct side *side);

#endif
