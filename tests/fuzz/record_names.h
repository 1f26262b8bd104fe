/* record_names.h - the names of a pair's fields, and which may be the same.
 *
 * In: a pair of records. Out: per field its path, what kind of word its name is, and answers about
 * two names. Design: see record_oracle.h: "may agree" is as wide as possible, "surely agree" as
 * narrow as is still of use.
 */
#ifndef ABIPROOF_FUZZ_RECORD_NAMES_H
#define ABIPROOF_FUZZ_RECORD_NAMES_H

#include "record_pair.h"

enum half { HALF_NONE, HALF_LOW, HALF_HIGH };

struct name {
    char path[NODE_PATH_MAX];
    char joined[NODE_PATH_MAX];    /* all parts, in small letters without underscores */
    char bare[NODE_PATH_MAX];      /* the same without the prefix of each part */
    char half_bare[NODE_PATH_MAX]; /* the same without the prefix of the last part */
    char last[NODE_NAME_MAX];      /* the last part, so */
    bool is_leaf;
    bool is_padding; /* it, or what it lies in, has the name of padding */
    enum half half;
};

struct names {
    struct name kernel[NODES_MAX]; /* by number of the node */
    struct name binding[NODES_MAX];
    int n_kernel, n_binding;
};

void names_make(struct names *names, const struct record_pair *pair);

/* True if one could be a spelling of the other: some part of it, or all parts, with or without
 * prefixes, and as the seconds of a time. */
bool names_may_agree(const struct name *a, const struct name *b);

/* True if fields number `kernel` and `binding` have the same name, all parts of it or the last one,
 * and neither could be any other. */
bool names_surely_agree(const struct names *names, int kernel, int binding);

/* True if no two fields of the system have names that in another spelling could be the same. */
bool names_are_clear(const struct names *names);

#endif
