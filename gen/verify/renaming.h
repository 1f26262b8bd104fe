/* renaming.h - fields whose names change, each together with those within it.
 *
 * In: the facts of one record, with the names that a binding gives to its fields. Out: the same
 * facts with other names.
 *
 * Design: a fact keeps its name once it is among facts, so the new names are kept beside them until
 * all are known. Each path knows who is at or below it, so that giving another name to a field
 * costs as much as there is in that field, and not a look at every field of the record.
 */
#ifndef ABIPROOF_RENAMING_H
#define ABIPROOF_RENAMING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/grouping.h"
#include "model/facts.h"

struct renaming_path;

struct renaming {
    struct arena *arena;
    const struct facts *facts;
    size_t skip;        /* length of the record's name and the dot behind it */
    const char **names; /* of each fact, as they are now */
    size_t *turn;       /* of each fact: the last renaming that gave it another one */
    size_t n_turns;
    struct grouping paths;
    struct renaming_path *at; /* by number of `paths` */
    struct str path;          /* room to write one */
};

/* Begins with the names that the facts of `record` have; they stay as they are until the end. */
void renaming_begin(struct renaming *renaming, struct arena *arena, const struct facts *facts,
                    const char *record);

/* True if a field has this name now. */
bool renaming_has(const struct renaming *renaming, const char *name);

/* Gives the fields of this name, and those within them, the other name. */
void renaming_do(struct renaming *renaming, const char *name, const char *other);

/* Puts the facts, under their new names and in the same order, in the place of the old ones. */
void renaming_end(const struct renaming *renaming, struct facts *facts);

#endif
