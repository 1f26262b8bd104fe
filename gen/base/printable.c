/* printable.c - see printable.h. */
#include "base/printable.h"

#include <stdbool.h>

size_t printable_character(const char *text, unsigned long *character)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t length = at[0] < 0x80   ? 1
                    : at[0] < 0xc0 ? 0
                    : at[0] < 0xe0 ? 2
                    : at[0] < 0xf0 ? 3
                    : at[0] < 0xf8 ? 4
                                   : 0;

    if (length == 0)
        return 0;
    *character = length == 1 ? at[0] : at[0] & (0x7fU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0) != 0x80) /* so the NUL ends it too */
            return 0;
        *character = *character << 6 | (at[i] & 0x3f);
    }
    if (*character < least[length] || *character > 0x10ffff ||
        (*character >= 0xd800 && *character < 0xe000))
        return 0;
    return length;
}

/* Source: Unicode 15, categories Cc, Cf, Zl, Zp, Co, and what no character is. Cf has the marks that
 * change the direction of text, and those that have no width. */
static bool is_printable(unsigned long character)
{
    static const struct {
        unsigned long first, last;
    } others[] = {
        {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x0600, 0x0605},
        {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x0890, 0x0891},
        {0x08e2, 0x08e2},   {0x180e, 0x180e},   {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f},   {0xe000, 0xf8ff},   {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},
        {0xfff9, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f},
        {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f}, {0xf0000, 0x10ffff},
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (character >= others[i].first && character <= others[i].last)
            return false;
    return (character & 0xfffe) != 0xfffe;
}

static const char *escape(struct arena *arena, const char *text, bool has_lines)
{
    struct str clean = {.arena = arena};

    for (const char *at = text; *at != '\0';) {
        unsigned long character = 0;
        size_t length = printable_character(at, &character);
        bool is_kept = length > 0 && (is_printable(character) ||
                                      (has_lines && (character == '\n' || character == '\t')));
        size_t n = length > 0 ? length : 1;
        for (size_t i = 0; i < n && !is_kept; i++)
            str_addf(&clean, "\\x%02x", (unsigned char)at[i]);
        if (is_kept)
            str_add_bytes(&clean, at, n);
        at += n;
    }
    return str_text(&clean);
}

const char *printable(struct arena *arena, const char *text)
{
    return escape(arena, text, true);
}

const char *printable_line(struct arena *arena, const char *text)
{
    return escape(arena, text, false);
}
