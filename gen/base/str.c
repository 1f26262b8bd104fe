/* str.c - text that grows, and the two questions asked of names.
 *
 * In: pieces of text. Out: one NUL-terminated string in an arena. Design: a line breaks at the last
 * space that fits, and a word that fits nowhere is left whole, because a broken name or path cannot
 * be searched for.
 */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

/* Makes room for n_bytes more and the NUL. */
static void reserve(struct str *str, size_t n_bytes)
{
    size_t needed = str->len + n_bytes + 1;
    if (needed <= str->capacity)
        return;
    size_t capacity = str->capacity ? str->capacity * 2 : FIRST_CAPACITY;
    if (capacity < needed)
        capacity = needed;
    char *text = arena_alloc(str->arena, capacity);
    if (str->len)
        memcpy(text, str->text, str->len);
    str->text = text;
    str->capacity = capacity;
}

void str_add_bytes(struct str *str, const char *text, size_t n_bytes)
{
    reserve(str, n_bytes);
    if (n_bytes)
        memcpy(str->text + str->len, text, n_bytes);
    str->len += n_bytes;
    str->text[str->len] = '\0';
}

void str_add(struct str *str, const char *text)
{
    str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char byte)
{
    str_add_bytes(str, &byte, 1);
}

void str_addf(struct str *str, const char *format, ...)
{
    char small[256]; /* most texts fit, and leave nothing else in the arena */
    va_list args;
    va_start(args, format);
    int n_bytes = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n_bytes >= 0 && (size_t)n_bytes < sizeof small) {
        str_add_bytes(str, small, (size_t)n_bytes);
        return;
    }
    va_start(args, format);
    str_add(str, arena_vprintf(str->arena, format, args));
    va_end(args);
}

const char *str_count(struct arena *arena, size_t n, const char *noun)
{
    return arena_printf(arena, "%zu %s%s", n, noun, n == 1 ? "" : "s");
}

/* Returns how many of the n_bytes of text go on a line with this much room. */
static size_t bytes_of_line(const char *text, size_t n_bytes, size_t room)
{
    if (n_bytes <= room)
        return n_bytes;
    /* Spaces in front are indentation: breaking there would leave an empty line. */
    size_t word = 0;
    while (word < n_bytes && text[word] == ' ')
        word++;
    for (size_t i = room; i > word; i--)
        if (text[i] == ' ')
            return i;
    while (word < n_bytes && text[word] != ' ')
        word++;
    return word;
}

static size_t without_trailing_spaces(const char *text, size_t n_bytes)
{
    while (n_bytes && text[n_bytes - 1] == ' ')
        n_bytes--;
    return n_bytes;
}

static void add_line(struct str *str, const char *indent, const char *text, size_t n_bytes)
{
    size_t start = str->len;
    str_add(str, indent);
    str_add_bytes(str, text, n_bytes);
    str->len = start + without_trailing_spaces(str->text + start, str->len - start);
    str_add_char(str, '\n');
}

void str_add_wrapped(struct str *str, const char *indent, const char *text, size_t columns)
{
    size_t n_indent = strlen(indent);
    size_t room = columns > n_indent ? columns - n_indent : 0;

    while (*text) {
        size_t n_left = strcspn(text, "\n");
        do {
            size_t n_bytes = bytes_of_line(text, n_left, room);
            add_line(str, indent, text, n_bytes);
            while (n_bytes < n_left && text[n_bytes] == ' ')
                n_bytes++;
            text += n_bytes;
            n_left -= n_bytes;
        } while (n_left);
        if (*text == '\n')
            text++;
    }
}

const char *str_text(const struct str *str)
{
    return str->text != NULL ? str->text : "";
}

bool str_glob(const char *pattern, const char *text)
{
    /* Only the last '*' is ever retried: whatever an earlier one could take, it can take too. */
    const char *star = NULL;
    const char *star_end = NULL; /* in text, the end of the run the star stands for */
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            star_end = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star + 1;
            text = ++star_end;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool str_starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}
