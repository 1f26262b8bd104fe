/* help.c - see help.h.
 *
 * In: texts that are one paragraph each, and lists of names with texts. Out: all of it wrapped, the
 * texts of a list in a column of their own. Design: texts stand beside what they describe, in
 * the table of options and in each subcommand, and only here it is known how wide a line is.
 */
#include "cmd/help.h"

#include <string.h>

enum { COLUMNS = 80 };

/* Appends "  NAME  TEXT", the text wrapped from this column on. */
static void add_item(struct str *out, const struct help_item *item, size_t column)
{
    struct str text = {.arena = out->arena};

    str_add_wrapped(&text, arena_printf(out->arena, "%*s", (int)column, ""), item->text, COLUMNS);
    str_addf(out, "  %-*s%s", (int)(column - strlen("  ")), item->name,
             text.len > column ? str_text(&text) + column : "\n");
}

/* Appends a list below its title, the texts in the first column that all names leave free. */
static void add_list(struct str *out, const char *title, const struct help_item *items, size_t n)
{
    size_t longest = 0;

    for (size_t i = 0; i < n; i++)
        if (strlen(items[i].name) > longest)
            longest = strlen(items[i].name);
    str_addf(out, "\n%s:\n", title);
    for (size_t i = 0; i < n; i++)
        add_item(out, &items[i], strlen("  ") + longest + strlen("  "));
}

static void add_exit_codes(struct str *out)
{
    static const struct help_item codes[] = {
        {"0", "proved: everything asked for was checked and agrees"},
        {"1", "findings: a disagreement, or something required was not proved"},
        {"2", "usage or environment: see the message"},
        {"77", "not proved: something is missing or was left out, see what was not checked"},
    };

    add_list(out, "exit codes", codes, sizeof codes / sizeof codes[0]);
}

/* ---- options ---- */

/* "-o, --output FILE" */
static const char *option_name(struct arena *arena, const struct option_row *row)
{
    const char *letter = row->letter != '\0' ? arena_printf(arena, "-%c, ", row->letter) : "";

    return row->value != NULL ? arena_printf(arena, "%s--%s %s", letter, row->name, row->value)
                              : arena_printf(arena, "%s--%s", letter, row->name);
}

/* What the option does, with its choices, and in brackets how often it may be typed and what it
 * means to leave it out. */
static const char *option_text(struct arena *arena, const struct option_row *row,
                               const struct command *command)
{
    struct str text = {.arena = arena};
    const char *mark = row->choices != NULL ? strstr(row->help, "%s") : NULL;
    const char *initial =
        row->range.initial != 0 ? arena_printf(arena, "%d", row->range.initial) : row->unset;
    bool is_repeatable = row->type == OPTION_LIST || row->type == OPTION_CONST;

    if (mark != NULL) {
        str_add_bytes(&text, row->help, (size_t)(mark - row->help));
        str_add(&text, row->choices(arena, command));
        str_add(&text, mark + strlen("%s"));
    } else {
        str_add(&text, row->help);
    }
    if (is_repeatable || initial != NULL)
        str_addf(&text, " (%s%s%s%s)", is_repeatable ? "repeatable" : "",
                 is_repeatable && initial != NULL ? "; " : "", initial != NULL ? "default: " : "",
                 initial != NULL ? initial : "");
    return str_text(&text);
}

static void add_options(struct str *out, const struct syntax *syntax, const struct command *command)
{
    struct help_item *items = NULL;
    size_t n = 0;

    for (const struct option_row *row = syntax->options; row->name != NULL; row++) {
        struct help_item item = {option_name(out->arena, row),
                                 option_text(out->arena, row, command)};
        if (syntax_takes(command, row))
            ARENA_PUSH(out->arena, items, n, item);
    }
    add_list(out, "options", items, n);
}

/* ---- the whole ---- */

void help_command(struct str *out, const struct syntax *syntax, const struct command *command)
{
    str_addf(out, "usage: abiproof %s %s\n\n", command->name, command->usage);
    str_add_wrapped(out, "", command->help, COLUMNS);
    if (command->list != NULL)
        add_list(out, command->list->title, command->list->items, command->list->n);
    add_options(out, syntax, command);
    str_addf(out, "\nexample:\n  abiproof %s %s\n", command->name, command->example);
    add_exit_codes(out);
}

void help_overview(struct str *out, const struct syntax *syntax)
{
    struct help_item *items = NULL;
    size_t n = 0;

    for (size_t i = 0; syntax->commands[i] != NULL; i++) {
        struct help_item item = {syntax->commands[i]->name, syntax->commands[i]->about};
        ARENA_PUSH(out->arena, items, n, item);
    }
    str_add(out, "usage: abiproof COMMAND [option]... [operand]...\n\n");
    str_add_wrapped(out, "",
                    "Generates raw kernel bindings, and proves that bindings in any compiled "
                    "language agree with the kernel byte for byte, target by target.",
                    COLUMNS);
    str_add(out, "\nexample: a binding of your own, compiled with -g, against the kernel's ABI\n"
                 "  abiproof verify app.o --map Event=epoll_event\n");
    add_list(out, "commands", items, n);
    str_add(out, "\n`abiproof COMMAND --help` explains one: what it does, options, an example.\n");
    add_exit_codes(out);
}
