/* boot_console.c - see boot_console.h. */
#include "witness/boot_console.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const char first[] = "# boot begin";
static const char kernel[] = "# kernel ";
static const char begin[] = "# begin ";
static const char end[] = "# end ";

/* As init.c numbers what became of a program. */
enum { CODE_SIGNAL = 1000, CODE_HUNG = 2000, CODE_FLOODED = 2001, CODE_NOT_STARTED = 2002 };

/* The line at a frame's end. */
struct trailer {
    unsigned long exit;
    unsigned long n_bytes;
    unsigned long sum;
};

/* True for a line of the kernel's log: `[    1.234567] text`, the level may come first: `<6>[`. */
static bool is_of_kernel(const char *line)
{
    size_t n;

    if (line[0] == '<') {
        n = strspn(line + 1, "0123456789");
        if (n == 0 || line[1 + n] != '>')
            return false;
        line += n + 2;
    }
    if (line[0] != '[')
        return false;
    line += 1 + strspn(line + 1, " ");
    n = strspn(line, "0123456789");
    if (n == 0 || line[n] != '.')
        return false;
    line += n + 1;
    n = strspn(line, "0123456789");
    return n == 6 && line[n] == ']';
}

/* Adler-32, RFC 1950. */
static uint32_t sum_of(const char *bytes, size_t n_bytes)
{
    enum { PRIME = 65521 };
    uint32_t low = 1, high = 0;

    for (size_t i = 0; i < n_bytes; i++) {
        low = (low + (unsigned char)bytes[i]) % PRIME;
        high = (high + low) % PRIME;
    }
    return high << 16 | low;
}

static bool take_number(const char **at, const char *key, int base, unsigned long *number)
{
    if (!str_starts(*at, key))
        return false;
    char *after;
    *number = strtoul(*at + strlen(key), &after, base);
    if (after == *at + strlen(key))
        return false;
    *at = after;
    return true;
}

/* Reads `# end NAME exit=0 bytes=1234 sum=89abcdef`. */
static bool read_trailer(const char *line, const char *name, struct trailer *trailer)
{
    const char *at = line + sizeof end - 1;

    if (!str_starts(line, end) || !str_starts(at, name))
        return false;
    at += strlen(name);
    return take_number(&at, " exit=", 10, &trailer->exit) &&
           take_number(&at, " bytes=", 10, &trailer->n_bytes) &&
           take_number(&at, " sum=", 16, &trailer->sum) && *at == '\0';
}

static const char *fault_of(struct arena *arena, const struct str *text,
                            const struct trailer *trailer)
{
    switch (trailer->exit) {
    case 0:
        break;
    case CODE_HUNG:
        return "no answer within its bound";
    case CODE_FLOODED:
        return "too much output";
    case CODE_NOT_STARTED:
        return "init could not start it";
    default:
        if (trailer->exit > CODE_SIGNAL)
            return arena_printf(arena, "killed by signal %lu", trailer->exit - CODE_SIGNAL);
        return arena_printf(arena, "exit code %lu", trailer->exit);
    }
    if (text->len != trailer->n_bytes)
        return arena_printf(arena, "damaged on the serial line: %zu bytes came of %lu", text->len,
                            trailer->n_bytes);
    if (sum_of(str_text(text), text->len) != trailer->sum)
        return "damaged on the serial line: the sum is wrong";
    return NULL;
}

static void close_frame(struct serial *serial, struct arena *arena, const char *name,
                        struct str *text, const struct trailer *trailer)
{
    struct serial_frame frame = {.name = name, .is_hung = trailer->exit == CODE_HUNG};

    /* A last line that the program left open was ended by init. */
    if (text->len > 0 && text->len - 1 == trailer->n_bytes)
        text->text[--text->len] = '\0';
    frame.text = arena_strdup(arena, str_text(text));
    frame.fault = fault_of(arena, text, trailer);
    ARENA_PUSH(arena, serial->frames, serial->n_frames, frame);
}

/* The line at `text` without its end; *next gets where the next one starts. */
static const char *take_line(struct arena *arena, const char *text, const char **next)
{
    size_t length = strcspn(text, "\n");

    *next = text + length + (text[length] == '\n');
    while (length > 0 && text[length - 1] == '\r')
        length--;
    return arena_strndup(arena, text, length);
}

void serial_read(struct serial *serial, struct arena *arena, const char *text)
{
    const char *name = NULL; /* of the frame that is open */

    struct str output = {.arena = arena};
    struct trailer trailer;
    *serial = (struct serial){.kernel = "", .last_line = ""};
    while (*text != '\0' && !serial->has_ended) {
        const char *line = take_line(arena, text, &text);
        if (line[strspn(line, " \r\t")] != '\0' &&
            strstr(serial->last_line, "Kernel panic") == NULL)
            serial->last_line = line;
        if (is_of_kernel(line))
            continue;
        if (!serial->has_begun) {
            serial->has_begun = strcmp(line, first) == 0;
        } else if (name != NULL) {
            if (read_trailer(line, name, &trailer)) {
                close_frame(serial, arena, name, &output, &trailer);
                name = NULL;
            } else {
                str_addf(&output, "%s\n", line);
            }
        } else if (str_starts(line, begin)) {
            name = line + sizeof begin - 1;
            output = (struct str){.arena = arena};
        } else if (str_starts(line, kernel)) {
            serial->kernel = line + sizeof kernel - 1;
        } else {
            serial->has_ended = strcmp(line, SERIAL_LAST) == 0;
        }
    }
}

const struct serial_frame *serial_find(const struct serial *serial, const char *name)
{
    for (size_t i = 0; i < serial->n_frames; i++)
        if (strcmp(serial->frames[i].name, name) == 0)
            return &serial->frames[i];
    return NULL;
}
