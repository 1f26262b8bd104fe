/* leaf_names.h - how the name of one leaf may be spelt by somebody else.
 *
 * In: the leaves of a record of one side. Out: for each leaf a few keys; two leaves of which a key
 * is the same have the same name in two spellings.
 *
 * Design: letter case and underscores are a language's custom. A prefix that most fields of a
 * record share (st_, it_) is C's, and is no part of the name elsewhere. How records and unions are
 * nested is everybody's own choice, so the names of those are in some keys and not in others; keys
 * with fewer parts of a name are asked later, since they say less.
 */
#ifndef ABIPROOF_LEAF_NAMES_H
#define ABIPROOF_LEAF_NAMES_H

#include "base/grouping.h"
#include "judge/leaves.h"

/* Which parts of a path are in a key, from what says most to what says least. */
enum leaf_key_level {
    LEAF_KEY_PATH,    /* all: it_value.tv_sec, itValueSec */
    LEAF_KEY_TIME,    /* all, and of a time its seconds without a name: st_atime for st_atim.tv_sec
                       */
    LEAF_KEY_NO_ARMS, /* without the names of unions: io_uring_sqe.u1.off */
    LEAF_KEY_OWN,     /* the last one as it is written */
    LEAF_KEY_TAIL,    /* the last two or more: plane_fmt.0.size of fmt.pix_mp.plane_fmt.0.size */
    LEAF_KEY_LAST,    /* the last one, with or without a prefix that its record's fields share */
    LEAF_KEY_LOOSE,   /* the last one behind its first underscore, whatever stands before */
    N_LEAF_KEY_LEVELS
};

/* The prefixes of the fields of one side's record, and of the records within it. */
struct leaf_names {
    struct arena *arena;
    const struct leaves *leaves;
    struct grouping parents;  /* paths of records */
    struct grouping prefixes; /* path of a record and a prefix */
    size_t *n_fields;         /* by number of the parent: its fields, without padding */
    size_t *n_prefixed;       /* by number of the prefix: fields that have it */
    size_t n_parents, n_prefixes;
};

/* Looks for the prefixes of a record. The leaves must live as long as the names. */
void leaf_names_make(struct leaf_names *names, struct arena *arena, const struct leaves *leaves);

/* The keys of a path ("it_value.tv_sec", or of a record in there, "it_value"). Returns how many;
 * *keys is in the arena, and none is "". */
size_t leaf_keys(const struct leaf_names *names, const char *path, enum leaf_key_level level,
                 const char ***keys);

/* Which half of a word a name says that it is: data_lo, DataHigh, w.lo. *stem gets the name without
 * that, or "" if nothing is left. */
enum leaf_half { LEAF_WHOLE, LEAF_LOW, LEAF_HIGH };
enum leaf_half leaf_half_of(struct arena *arena, const char *path, const char **stem);

#endif
