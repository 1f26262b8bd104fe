/* diag.c - what the program says when something is wrong.
 *
 * In: a place and a message. Out: `file:line:column: error: message` lines on stderr. The hard
 * idea: lines are collected and written with one write(2), since two threads that each print a line
 * in pieces produce a line that nobody wrote.
 */
#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* A write to stderr that fails has nobody left to tell, so errors end it silently. */
static void write_to_stderr(const char *text, size_t n_bytes)
{
    while (n_bytes) {
        ssize_t n_written = write(STDERR_FILENO, text, n_bytes);
        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written <= 0)
            return;
        text += n_written;
        n_bytes -= (size_t)n_written;
    }
}

static void add_message(struct str *str, struct place place, const char *severity,
                        const char *format, va_list args)
{
    str_add(str, place.file ? place.file : "abiproof");
    if (place.file && place.line > 0) {
        str_addf(str, ":%d", place.line);
        if (place.column > 0)
            str_addf(str, ":%d", place.column);
    }
    str_addf(str, ": %s: ", severity);
    str_add(str, arena_vprintf(str->arena, format, args));
    str_add_char(str, '\n');
}

void diag_init(struct diag *diag, struct arena *arena, bool verbose)
{
    *diag = (struct diag){.text = {.arena = arena}, .verbose = verbose};
}

void diag_error(struct diag *diag, struct place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_message(&diag->text, place, "error", format, args);
    va_end(args);
    diag->n_errors++;
}

void diag_note(struct diag *diag, struct place place, const char *format, ...)
{
    if (!diag->verbose)
        return;
    va_list args;
    va_start(args, format);
    add_message(&diag->text, place, "note", format, args);
    va_end(args);
}

void diag_flush(struct diag *diag)
{
    write_to_stderr(str_text(&diag->text), diag->text.len);
    diag->text = (struct str){.arena = diag->text.arena};
}

void diag_die(const char *format, ...)
{
    /* On the stack: memory may be what ran out. A longer message is cut. */
    char text[1024];
    int n_prefix = snprintf(text, sizeof text, "abiproof: ");
    va_list args;
    va_start(args, format);
    int n_message = vsnprintf(text + n_prefix, sizeof text - (size_t)n_prefix - 1, format, args);
    va_end(args);

    size_t n_bytes = (size_t)n_prefix + (n_message > 0 ? (size_t)n_message : 0);
    if (n_bytes > sizeof text - 2)
        n_bytes = sizeof text - 2;
    text[n_bytes] = '\n';
    write_to_stderr(text, n_bytes + 1);
    /* Not exit(3): two threads may die at once, and half a report on stdout helps nobody. */
    _exit(EXIT_USAGE);
}
