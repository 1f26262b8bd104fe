/* diag.c - what the program says when something is wrong.
 *
 * In: a location and a message. Out: `file:line:column: error: message` lines on stderr. Design:
 * lines are collected and written with one write(2), since two threads that each print a line in
 * pieces produce a line that nobody wrote.
 */
#include "base/diag.h"

#include <stdarg.h>

#include "base/printable.h"

const struct location no_location = {NULL, 0, 0};

static void add_message(struct str *str, struct location location, const char *severity,
                        const char *format, va_list args)
{
    str_add(str, location.file != NULL ? printable_line(str->arena, location.file) : "abiproof");
    if (location.file != NULL && location.line > 0) {
        str_addf(str, ":%d", location.line);
        if (location.column > 0)
            str_addf(str, ":%d", location.column);
    }
    str_addf(str, ": %s: ", severity);
    str_add(str, printable(str->arena, arena_vprintf(str->arena, format, args)));
    str_add_char(str, '\n');
}

void diag_init(struct diag *diag, struct arena *arena, bool verbose)
{
    *diag = (struct diag){.text = {.arena = arena}, .verbose = verbose};
}

void diag_error(struct diag *diag, struct location location, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_message(&diag->text, location, "error", format, args);
    va_end(args);
    diag->n_errors++;
}

void diag_notice(struct diag *diag, struct location location, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_message(&diag->text, location, "note", format, args);
    va_end(args);
}

void diag_note(struct diag *diag, struct location location, const char *format, ...)
{
    if (!diag->verbose)
        return;
    va_list args;
    va_start(args, format);
    add_message(&diag->text, location, "note", format, args);
    va_end(args);
}

void diag_flush(struct diag *diag)
{
    write_to_stderr(str_text(&diag->text), diag->text.len);
    diag->text = (struct str){.arena = diag->text.arena};
}
