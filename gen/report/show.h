/* show.h - the layout of a record as a picture of its bytes.
 *
 * In: facts of a record. Out: plain text that fits 80 columns, one row per 4 or 8 bytes:
 *
 *          +0      +1      +2      +3
 *        +-------------------------------+
 *      0 | events u32                    |
 *        +-------------------------------+
 *      4 | data u64                      |
 *        |                               |
 *      8 |                               |
 *        +-------------------------------+
 *
 * Bytes of no field are dots. Fields that share bytes, as in a union, have a line each. Rows that
 * say nothing new, in the middle of a long field, become one line of colons.
 */
#ifndef ABIPROOF_SHOW_H
#define ABIPROOF_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "model/facts.h"
#include "judge/judge.h"
#include "base/str.h"

/* One drawing: a record, and what stands above it. */
struct show_side {
    const char *title; /* NULL for none; at most SHOW_TITLE_COLUMNS are shown beside another side */
    const struct facts *facts;
    const char *record; /* a FACT_RECORD of these facts */
};

enum { SHOW_TITLE_COLUMNS = 36 };

/* Draws one record with 8 bytes a row, or two beside each other with 4 bytes a row; the rows of
 * both are at the same offsets. n_sides is 1 or 2. is_coloured: with escape sequences of ECMA-48,
 * for a terminal. A field whose name or type finds no room is named in full below. A record of more
 * than 64 KiB is not drawn, and the text says so. */
void show_sides(struct str *out, const struct show_side *sides, size_t n_sides, bool is_coloured);

/* Draws what the system has and what a binding has beside each other. Bytes with ^ below them
 * differ by what `findings` call an error: they belong on either side to a field that is missing,
 * moved or of another width or sign, or only one side has them. Findings name fields as the facts
 * do, and both records have the same name. Returns the number of offsets that are marked. */
size_t show_difference(struct str *out, const struct show_side *system,
                       const struct show_side *binding, const struct findings *findings,
                       bool is_coloured);

#endif
