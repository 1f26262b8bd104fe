/* canvas.c - see canvas.h. */
#include "report/canvas.h"

#include <string.h>

/* What a terminal makes of each ink. */
static const char *const escapes[] = {
    [INK_NONE] = "\033[0m",
    [INK_TITLE] = "\033[1m",
    [INK_FAINT] = "\033[2m",
    [INK_MARK] = "\033[31m",
};

static struct canvas_line *line_at(struct canvas *canvas, size_t y)
{
    struct canvas_line empty;

    memset(empty.text, ' ', sizeof empty.text);
    memset(empty.ink, INK_NONE, sizeof empty.ink);
    while (canvas->n <= y)
        ARENA_PUSH(canvas->arena, canvas->lines, canvas->n, empty);
    return &canvas->lines[y];
}

void canvas_put(struct canvas *canvas, size_t y, size_t x, const char *text, size_t room,
                enum ink ink)
{
    struct canvas_line *line = line_at(canvas, y);

    for (size_t i = 0; text[i] != '\0' && i < room && x + i < CANVAS_COLUMNS; i++) {
        line->text[x + i] = text[i];
        line->ink[x + i] = (unsigned char)ink;
    }
}

void canvas_fill(struct canvas *canvas, size_t y, size_t x, char byte, size_t n, enum ink ink)
{
    struct canvas_line *line = line_at(canvas, y);

    for (size_t i = x; i < x + n && i < CANVAS_COLUMNS; i++) {
        line->text[i] = byte;
        line->ink[i] = (unsigned char)ink;
    }
}

void canvas_print(struct str *out, const struct canvas *canvas, bool is_coloured)
{
    for (size_t y = 0; y < canvas->n; y++) {
        const struct canvas_line *line = &canvas->lines[y];
        size_t width = CANVAS_COLUMNS;
        unsigned char ink = INK_NONE;
        while (width > 0 && line->text[width - 1] == ' ')
            width--;
        for (size_t x = 0; x < width; x++) {
            if (is_coloured && line->ink[x] != ink) {
                str_add(out, escapes[INK_NONE]);
                if (line->ink[x] != INK_NONE)
                    str_add(out, escapes[line->ink[x]]);
            }
            ink = line->ink[x];
            str_add_char(out, line->text[x]);
        }
        if (is_coloured && ink != INK_NONE)
            str_add(out, escapes[INK_NONE]);
        str_add_char(out, '\n');
    }
}
