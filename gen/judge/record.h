/* record.h - one record of anybody's binding compared with the system's, leaf by leaf.
 *
 * In: a comparison, and where the fields of the record are among the facts of both sides. Out:
 * findings; and per field of the system what agrees, and whether only its place says so.
 */
#ifndef ABIPROOF_RECORD_H
#define ABIPROOF_RECORD_H

#include <stddef.h>

#include "judge/comparison.h"
#include "judge/leaf_names.h"
#include "judge/spans.h"

/* Compares all records that `expected` has, and marks the fields of `got` as used. */
void judge_records(struct comparison *comparison);

/* ---- what record.c and record_pieces.c share ---- */

/* A list of names for one finding. */
struct name_list {
    struct str expected;
    struct str got;
};

struct record_comparison {
    struct comparison *comparison;
    struct arena *arena;
    struct leaves expected;
    struct leaves got;
    struct leaf_names expected_names;
    struct leaf_names got_names;
    struct spans expected_spans; /* bits; the numbers are positions among the leaves */
    struct spans got_spans;
    const struct fact *expected_record; /* NULL if there is none */
    const struct fact *got_record;
    int64_t expected_end; /* the bit behind the record; INT64_MAX if its size is not known */
    int64_t got_end;
    bool is_growing;  /* whoever passes the record states its size */
    bool is_little;   /* byte order of the target */
    bool *is_bad;     /* per fact of `expected`: of its leaves not all agree by name */
    bool *is_spelled; /* per fact of `expected`: a record of which a leaf has a partner by name */
    bool *is_moved;   /* per fact of `expected`: a record that lies elsewhere in the binding */
    struct grouping own_names; /* last parts of the system's names, once somebody asks for them */
    struct grouping repeated_names; /* those that several have */
    struct name_list by_place;
    struct name_list older;
};

/* Compares the types of two leaves of the same bits, and notes in which attributes they agree. */
void record_check_type(struct record_comparison *record, struct leaf *expected,
                       const struct leaf *got);

/* Looks at a leaf of the system that nothing stands for alone: what has its bits? */
void record_check_pieces(struct record_comparison *record, struct leaf *expected);

/* True if other leaves of the binding, together with this one that has the name, make up the
 * system's in the right order. Reports what is wrong with the halves. */
bool record_is_split(struct record_comparison *record, struct leaf *expected);

/* Looks at a leaf of the binding that stands for nothing. */
void record_check_idle(struct record_comparison *record, const struct leaf *got);

/* "at 4, 8 bytes", "at 4, bits 0:3" */
const char *leaf_place_text(struct arena *arena, const struct leaf *leaf);

/* Notes that these attributes of the leaf agree. */
void record_agree(struct record_comparison *record, const struct leaf *expected, unsigned attrs);

/* True if the program's own bits are in it: the kernel returns them as they were. */
bool record_is_verbatim(const struct record_comparison *record, const struct leaf *expected);

/* Notes that only its place says what the leaf is, or that the binding has padding there. */
void record_note_place(struct record_comparison *record, struct leaf *expected, const char *got);
void record_note_older(struct record_comparison *record, struct leaf *expected);

#endif
