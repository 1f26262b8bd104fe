/* printable.h - text from anybody, for people's eyes.
 *
 * In: text of any bytes, such as a name in somebody's object. Out: text that a terminal shows as it
 * is, and does nothing else with. What is not printable is written as the bytes that it is, \xNN: an
 * escape sequence that would clear the screen, a mark that turns the rest of the line round, and what
 * is no UTF-8.
 */
#ifndef ABIPROOF_PRINTABLE_H
#define ABIPROOF_PRINTABLE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/* Reads one character of UTF-8 (RFC 3629): returns its length in bytes and puts it in *character,
 * or returns 0 where the bytes are none: cut short, overlong, a surrogate, past U+10FFFF. text ends
 * with a NUL. */
size_t printable_character(const char *text, unsigned long *character);

/* The text with what is not printable escaped; newlines and tabs stay. */
const char *printable(struct arena *arena, const char *text);

/* The same for what must stay on one line, such as a path: newlines and tabs are escaped, too. */
const char *printable_line(struct arena *arena, const char *text);

#endif
