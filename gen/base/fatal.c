/* fatal.c - see fatal.h.
 *
 * Design: this is the ground that arena.c and diag.c stand on, so the message is formatted on the
 * stack and nothing here allocates.
 */
#include "base/fatal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* A write to stderr that fails cannot be reported anywhere, so errors end it silently. */
void write_to_stderr(const char *text, size_t n_bytes)
{
    while (n_bytes > 0) {
        ssize_t n_written = write(STDERR_FILENO, text, n_bytes);
        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written <= 0)
            return;
        text += n_written;
        n_bytes -= (size_t)n_written;
    }
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
