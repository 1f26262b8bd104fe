/* witness.c - what all witnesses share; see witness.h. */
#include "witness/witness.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

bool evidence_was_collected(const struct evidence *evidence)
{
    return evidence->unavailable == NULL && evidence->broken.n == 0;
}

void remark_add(struct remarks *remarks, struct arena *arena, const char *name,
                struct location where, const char *format, ...)
{
    struct remark remark = {.name = arena_strdup(arena, name), .where = where};
    va_list args;

    va_start(args, format);
    remark.text = arena_vprintf(arena, format, args);
    va_end(args);
    ARENA_PUSH(arena, remarks->items, remarks->n, remark);
}

/* Takes `file:line:column: ` off the front of a compiler's message. */
static struct location take_location(struct arena *arena, const char **text)
{
    struct location location = no_location;
    const char *colon = strchr(*text, ':');

    if (colon == NULL || colon == *text)
        return location;
    char *end;
    location.line = (int)strtol(colon + 1, &end, 10);
    if (end == colon + 1 || *end != ':')
        return no_location;
    location.file = arena_strndup(arena, *text, (size_t)(colon - *text));
    location.column = (int)strtol(end + 1, &end, 10);
    *text = end + strspn(end, ": ");
    return location;
}

/* The first line of a compiler's or linker's messages that says what is wrong. */
static const char *first_error(const char *errors)
{
    static const char *const signs[] = {"undefined reference", "undefined symbol", "error: "};

    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *hit = strstr(errors, signs[i]);
        if (hit == NULL)
            continue;
        while (hit > errors && hit[-1] != '\n')
            hit--;
        return hit;
    }
    return errors;
}

void remark_compiler(struct evidence *evidence, struct arena *arena, const char *errors)
{
    const char *line = first_error(errors);

    line = arena_strndup(arena, line, strcspn(line, "\n"));
    struct location location = take_location(arena, &line);
    remark_add(&evidence->broken, arena, "does-not-compile", location, "%s",
               line[0] != '\0' ? line : "the compiler failed without a message");
}
