/* canvas.h - text that is drawn and not written: characters at a line and a column.
 *
 * In: pieces of text, each at a line and a column. Out: lines without spaces at their ends, with
 * colours where a terminal is to show them.
 */
#ifndef ABIPROOF_CANVAS_H
#define ABIPROOF_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

enum { CANVAS_COLUMNS = 80 };

/* What a piece of text is; a terminal shows it bold, dim or red. */
enum ink { INK_NONE, INK_TITLE, INK_FAINT, INK_MARK };

struct canvas_line {
    char text[CANVAS_COLUMNS];
    unsigned char ink[CANVAS_COLUMNS];
};

/* Grows downward as it is drawn on; lines and columns count from 0. */
struct canvas {
    struct arena *arena; /* set this, zero the rest */
    struct canvas_line *lines;
    size_t n;
};

/* Writes at most `room` bytes of text, or n times one byte. What lies right of the canvas is cut
 * off. */
void canvas_put(struct canvas *canvas, size_t y, size_t x, const char *text, size_t room,
                enum ink ink);
void canvas_fill(struct canvas *canvas, size_t y, size_t x, char byte, size_t n, enum ink ink);

/* Appends the lines. is_coloured: with escape sequences of ECMA-48, as terminals know them. */
void canvas_print(struct str *out, const struct canvas *canvas, bool is_coloured);

#endif
