/* messages.c - what is wrong with specs and headers, once for all targets.
 *
 * In: checks, each with messages of its own. Out: each message once, in the order of the first
 * check that has it, with all its targets.
 *
 * Design: two messages are the same if they differ in nothing but the names of their own targets.
 * So a check's target is taken out of its messages, and what is left is the key of a group.
 */
#include <string.h>

#include "base/grouping.h"
#include "report/report_private.h"

/* Stands for the target's name; no message has this byte. */
enum { MARK = '\1' };

/* The same message of some checks. */
struct message {
    const char *text; /* one line, the target's name replaced by MARK */
    const struct check *last;
    struct str targets; /* "x86_64-linux x32-linux" */
    size_t n;
};

static bool is_part_of_name(char byte)
{
    return byte == '-' || byte == '_' || (byte >= '0' && byte <= '9') ||
           (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* The line without the target's name as a whole word. */
static const char *without_target(struct arena *arena, const char *line, const char *target)
{
    size_t length = strlen(target);
    struct str text = {.arena = arena};

    for (const char *at = line; *at != '\0';) {
        if (str_starts(at, target) && !is_part_of_name(at[length]) &&
            (at == line || !is_part_of_name(at[-1]))) {
            str_add_char(&text, MARK);
            at += length;
        } else {
            str_add_char(&text, *at++);
        }
    }
    return str_text(&text);
}

/* "x86_64-linux", "[x86_64-linux x32-linux]", "[all its targets]" */
static const char *targets_of(struct arena *arena, const struct message *message,
                              const struct checks *checks)
{
    size_t n_checks = 0;

    for (size_t i = 0; i < checks->n; i++)
        n_checks += checks->items[i].spec == message->last->spec;
    if (message->n == 1)
        return message->last->target->name;
    return message->n == n_checks && !checks->is_selection
               ? "[all its targets]"
               : arena_printf(arena, "[%s]", str_text(&message->targets));
}

static void add_message(struct str *out, const struct message *message, const struct checks *checks)
{
    for (const char *at = message->text; *at != '\0'; at++)
        if (*at == MARK)
            str_add(out, targets_of(out->arena, message, checks));
        else
            str_add_char(out, *at);
    str_add_char(out, '\n');
}

void report_messages_of_checks(struct str *out, const struct checks *checks)
{
    struct grouping grouping = {.arena = out->arena};
    struct message *messages = NULL;
    size_t n = 0;

    for (size_t i = 0; i < checks->n; i++) {
        const struct check *check = &checks->items[i];
        for (const char *at = str_text(&check->diag.text); *at != '\0';) {
            size_t length = strcspn(at, "\n");
            const char *text = without_target(out->arena, arena_strndup(out->arena, at, length),
                                              check->target->name);
            size_t number = grouping_of(&grouping, text);
            if (number >= n) {
                struct message new = {.text = text, .targets = {.arena = out->arena}};
                ARENA_PUSH(out->arena, messages, n, new);
            }
            at += length + (at[length] == '\n');
            if (messages[number].last == check) /* it has the message twice */
                continue;
            str_addf(&messages[number].targets, "%s%s", messages[number].n > 0 ? " " : "",
                     check->target->name);
            messages[number].n++;
            messages[number].last = check;
        }
    }
    for (size_t i = 0; i < n; i++)
        add_message(out, &messages[i], checks);
}
