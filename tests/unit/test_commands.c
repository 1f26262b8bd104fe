/* Tests of the tables that describe the command line: the subcommands of main.c, the options and
 * the old names of syntax.c, and the help that is made of them.
 *
 * main.c is part of this program, so that its own list of subcommands is looked at.
 */
int abiproof_main(int argc, char **argv);
#define main abiproof_main
#include "main.c"
#undef main

#include "fixture.h"

#include "cmd/help.h"

static const struct syntax syntax = {commands, option_rows, old_names};

/* ---- options ---- */

static void test_options__have_names_and_letters_of_their_own(void **state)
{
    (void)state;
    for (const struct option_row *row = option_rows; row->name != NULL; row++)
        for (const struct option_row *other = row + 1; other->name != NULL; other++) {
            if (strcmp(row->name, other->name) == 0)
                fail_msg("two rows are called '--%s'", row->name);
            if (row->letter != '\0' && row->letter == other->letter)
                fail_msg("'--%s' and '--%s' both have the letter '%c'", row->name, other->name,
                         row->letter);
        }
}

/* A value that is named but not read, or read but not named, would shift the words behind it. */
static void test_options__name_their_value_where_they_take_one(void **state)
{
    (void)state;
    for (const struct option_row *row = option_rows; row->name != NULL; row++) {
        bool takes_one = row->type != OPTION_FLAG && row->type != OPTION_HELP;
        bool has_bounds = row->range.least != 0 && row->range.least < row->range.most &&
                          row->range.scale != 0 && row->range.noun != NULL &&
                          row->range.prefix != NULL;
        if (takes_one != (row->value != NULL))
            fail_msg("'--%s' %s", row->name,
                     takes_one ? "does not name its value" : "has no value");
        if ((row->type == OPTION_NUMBER) != has_bounds)
            fail_msg("'--%s': its bounds do not fit its type", row->name);
        if ((row->choices != NULL) != (strstr(row->help, "%s") != NULL))
            fail_msg("'--%s': its help has no place for its choices, or none to put there",
                     row->name);
    }
}

static bool is_taken(const struct option_row *row)
{
    for (size_t i = 0; commands[i] != NULL; i++)
        if (syntax_takes(commands[i], row))
            return true;
    return false;
}

static void test_options__are_each_taken_by_a_command(void **state)
{
    (void)state;
    for (const struct option_row *row = option_rows; row->name != NULL; row++)
        if (!is_taken(row))
            fail_msg("no command takes '--%s'", row->name);
}

/* ---- subcommands ---- */

static void test_commands__name_options_that_exist_once(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i] != NULL; i++)
        for (const char *const *name = commands[i]->options; *name != NULL; name++) {
            const struct option_row *row = syntax_option(&syntax, *name);
            if (row == NULL)
                fail_msg("%s takes '--%s', which is no option", commands[i]->name, *name);
            if (row->is_common)
                fail_msg("%s need not name '--%s', which all take", commands[i]->name, *name);
            for (const char *const *other = name + 1; *other != NULL; other++)
                if (strcmp(*name, *other) == 0)
                    fail_msg("%s names '--%s' twice", commands[i]->name, *name);
        }
}

static void test_commands__describe_themselves(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i] != NULL; i++) {
        const struct command *command = commands[i];
        if (command->about == NULL || command->usage == NULL || command->help == NULL ||
            command->example == NULL || command->run == NULL || command->options == NULL)
            fail_msg("%s leaves out something of itself", command->name);
        if (syntax_command(&syntax, command->name) != command)
            fail_msg("two commands are called '%s'", command->name);
        if (command->operands_min > command->operands_max)
            fail_msg("%s takes no number of operands", command->name);
        if ((command->formats != 0) != syntax_takes(command, syntax_option(&syntax, "format")))
            fail_msg("%s: --format and formats do not go together", command->name);
    }
}

/* ---- old names ---- */

static void test_old_names__stand_for_what_there_is(void **state)
{
    (void)state;
    for (const struct renamed *row = old_names; row->old != NULL; row++) {
        bool is_option = str_starts(row->old, "--");
        bool is_known =
            is_option ? str_starts(row->now, "--") && syntax_option(&syntax, row->now + 2) != NULL
                      : syntax_command(&syntax, row->now) != NULL;
        bool is_free = is_option ? syntax_option(&syntax, row->old + 2) == NULL
                                 : syntax_command(&syntax, row->old) == NULL;
        if (!is_known)
            fail_msg("'%s' is called '%s' now, which there is not", row->old, row->now);
        if (!is_free)
            fail_msg("'%s' is old, and a new name too", row->old);
        if (renamed_find(old_names, row->old) != row)
            fail_msg("'%s' is renamed twice", row->old);
    }
    assert_string_equal(renamed_find(old_names, "probe")->now, "prove");
    assert_null(renamed_find(old_names, "prove"));
}

/* ---- help ---- */

/* Fails if a line passes 80 columns or ends in a space. */
static void expect_narrow(const char *what, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length > 80)
            fail_msg("%s: %zu columns: %.*s", what, length, (int)length, text);
        if (length > 0 && text[length - 1] == ' ')
            fail_msg("%s: a space at the end: %.*s|", what, (int)length, text);
        if (text[length] == '\0')
            fail_msg("%s: the last line does not end", what);
        text += length + 1;
    }
}

static void test_help_overview__lists_the_commands_in_one_line_each(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    help_overview(&text, &syntax);
    expect_narrow("overview", str_text(&text));
    for (size_t i = 0; commands[i] != NULL; i++)
        expect_part("overview",
                    arena_printf(&arena, "\n  %-7s  %s\n", commands[i]->name, commands[i]->about),
                    str_text(&text));
    expect_part("overview", "\n  77  not proved: ", str_text(&text));
}

static void test_help_command__explains_every_option_in_80_columns(void **state)
{
    (void)state;
    for (size_t i = 0; commands[i] != NULL; i++) {
        struct str text = {.arena = &arena};
        help_command(&text, &syntax, commands[i]);
        expect_narrow(commands[i]->name, str_text(&text));
        expect_part(commands[i]->name, "\n  77  not proved: ", str_text(&text));
        for (const struct option_row *row = option_rows; row->name != NULL; row++) {
            const char *letter =
                row->letter != '\0' ? arena_printf(&arena, "-%c, ", row->letter) : "";
            const char *name =
                arena_printf(&arena, "\n  %s--%s%s%s ", letter, row->name,
                             row->value != NULL ? " " : "", row->value != NULL ? row->value : "");
            const char *at = strstr(str_text(&text), name);
            if (syntax_takes(commands[i], row) != (at != NULL))
                fail_msg("%s: '--%s' is %s", commands[i]->name, row->name,
                         at == NULL ? "not explained" : "not its own");
            if (at != NULL && at[strlen(name) + strspn(at + strlen(name), " ")] == '\n')
                fail_msg("%s: '--%s' has no text", commands[i]->name, row->name);
        }
    }
}

static void test_help_command__lists_what_the_tables_have(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    help_command(&text, &syntax, &command_gen);
    expect_part("--lang", "of this language or kind: c, ", str_text(&text));
    help_command(&text, &syntax, &command_prove);
    expect_part("--witness", "this witness only:\n", str_text(&text));
    expect_part("--witness", " clang, dwarf, compile, ", str_text(&text));
    for (int i = FORMAT_JSON; i < N_FORMATS; i++)
        expect_part("--format", format_name((enum format)i), str_text(&text));
}

static void test_help_command__wraps_paragraphs_and_lists(void **state)
{
    (void)state;
    static const struct help_item items[] = {
        {"key", "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"},
        {"longer", "text"},
    };
    static const struct help_list list = {"keys", items, 2};
    static const char *const none[] = {NULL};
    static const struct command command = {
        .name = "x",
        .about = "",
        .usage = "A",
        .help = "A first paragraph that is too long for one line of eighty columns, and so is "
                "broken.\n\nA second one.",
        .list = &list,
        .example = "y",
        .options = none,
    };
    static const struct option_row rows[] = {{.name = NULL}};
    static const struct syntax own = {commands, rows, old_names};
    struct str text = {.arena = &arena};

    help_command(&text, &own, &command);
    expect_part("help",
                "usage: abiproof x A\n"
                "\n"
                "A first paragraph that is too long for one line of eighty columns, and so is\n"
                "broken.\n"
                "\n"
                "A second one.\n"
                "\n"
                "keys:\n"
                "  key     one two three four five six seven eight nine ten eleven twelve\n"
                "          thirteen fourteen\n"
                "  longer  text\n"
                "\n"
                "options:\n"
                "\n"
                "example:\n"
                "  abiproof x y\n"
                "\n"
                "exit codes:\n",
                str_text(&text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_options__have_names_and_letters_of_their_own),
        TEST(test_options__name_their_value_where_they_take_one),
        TEST(test_options__are_each_taken_by_a_command),
        TEST(test_commands__name_options_that_exist_once),
        TEST(test_commands__describe_themselves),
        TEST(test_old_names__stand_for_what_there_is),
        TEST(test_help_overview__lists_the_commands_in_one_line_each),
        TEST(test_help_command__explains_every_option_in_80_columns),
        TEST(test_help_command__lists_what_the_tables_have),
        TEST(test_help_command__wraps_paragraphs_and_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
