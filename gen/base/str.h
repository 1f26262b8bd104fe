/* str.h - text that grows: what every emitter and report writes into.
 *
 * In: pieces of text. Out: one NUL-terminated string in an arena. Emitters write here and never to
 * a FILE, so that unit tests compare text and files are written whole or not at all.
 */
#ifndef ABIPROOF_STR_H
#define ABIPROOF_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Invariant: text is NULL (len 0) or NUL-terminated at text[len]; capacity > len then. */
struct str {
    struct arena *arena; /* set this, zero the rest */
    char *text;
    size_t len;
    size_t capacity;
};

/* Appends text, n_bytes of text, one byte, or printf(3)-formatted text. */
void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const char *text, size_t n_bytes);
void str_add_char(struct str *str, char byte);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends `text` broken at spaces so that no line passes `columns`; every line starts with `indent`
 * and ends with a newline. A newline in text starts a new line. No line ends in spaces, not even
 * those of `indent`; a word that is too long for a line is left whole. */
void str_add_wrapped(struct str *str, const char *indent, const char *text, size_t columns);

/* "1 fact", "2 facts": a number of what the noun names, which adds an s for several. In the arena. */
const char *str_count(struct arena *arena, size_t n, const char *noun);

/* Returns the text so far, "" when there is none. Valid until the next append. */
const char *str_text(const struct str *str);

/* True if text matches pattern, where '*' stands for any run of bytes. */
bool str_glob(const char *pattern, const char *text);

/* True if text starts with prefix. */
bool str_starts(const char *text, const char *prefix);

#endif
