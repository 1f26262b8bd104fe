/* Tests of str.c: appending, wrapping, globs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"

static int setup(void **state)
{
    static struct arena arena;
    static struct str str;
    str = (struct str){.arena = &arena};
    *state = &str;
    return 0;
}

static int teardown(void **state)
{
    struct str *str = *state;
    arena_release(str->arena);
    return 0;
}

static void test_str__is_empty_text_when_nothing_was_added(void **state)
{
    assert_string_equal(str_text(*state), "");
}

static void test_str__joins_what_was_added(void **state)
{
    struct str *str = *state;
    str_add(str, "size");
    str_add_char(str, '=');
    str_addf(str, "%d%s", 12, "!");
    str_add_bytes(str, "?tail", 1);
    str_add(str, "");
    assert_string_equal(str_text(str), "size=12!?");
    assert_int_equal(str->len, 9);
}

static void test_str__keeps_its_invariant_when_it_grows(void **state)
{
    struct str *str = *state;
    for (size_t i = 0; i < 5000; i++) {
        str_add_char(str, (char)('a' + i % 26));
        assert_int_equal(str->len, i + 1);
        assert_true(str->capacity > str->len);
        assert_int_equal(str->text[str->len], '\0');
    }
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(str->text[i], 'a' + i % 26);
}

static void test_str__takes_a_piece_larger_than_twice_its_capacity(void **state)
{
    struct str *str = *state;
    str_add(str, "x");
    str_addf(str, "%5000d", 7);
    assert_int_equal(str->len, 5001);
    assert_int_equal(str->text[0], 'x');
    assert_int_equal(str->text[5000], '7');
}

static void test_str__takes_zero_bytes(void **state)
{
    struct str *str = *state;
    str_add_bytes(str, NULL, 0);
    assert_int_equal(str->len, 0);
    assert_string_equal(str_text(str), "");
}

static void test_str_add_wrapped__breaks_at_spaces(void **state)
{
    static const struct {
        const char *label;
        const char *indent;
        const char *text;
        size_t columns;
        const char *expected;
    } rows[] = {
        {"no text", " * ", "", 20, ""},
        {"fits exactly", " * ", "abc def", 10, " * abc def\n"},
        {"one column short", " * ", "abc def", 9, " * abc\n * def\n"},
        {"three lines", "", "aa bb cc dd ee", 5, "aa bb\ncc dd\nee\n"},
        {"long word alone", "", "a bbbbbbbb c", 4, "a\nbbbbbbbb\nc\n"},
        {"long word first", "> ", "bbbbbbbb c", 4, "> bbbbbbbb\n> c\n"},
        {"indent wider than the columns", "      ", "a b", 3, "      a\n      b\n"},
        {"newline in text", "# ", "one\ntwo", 80, "# one\n# two\n"},
        {"newline at the end", "# ", "one\n", 80, "# one\n"},
        {"empty line", " * ", "one\n\ntwo", 80, " * one\n *\n * two\n"},
        {"spaces where it breaks", "", "aaa    bbb", 5, "aaa\nbbb\n"},
        {"spaces within a line", "", "a  b", 10, "a  b\n"},
        {"spaces in front", "", "  abcdef g", 6, "  abcdef\ng\n"},
        {"spaces at the end", "", "ab   ", 3, "ab\n"},
        {"only spaces", "# ", "   ", 80, "#\n"},
    };
    struct str *str = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t start = str->len;
        str_add_wrapped(str, rows[i].indent, rows[i].text, rows[i].columns);
        if (strcmp(str_text(str) + start, rows[i].expected) != 0)
            fail_msg("%s: expected '%s', got '%s'", rows[i].label, rows[i].expected,
                     str_text(str) + start);
    }
}

static void test_str_add_wrapped__keeps_what_was_there_when_that_ends_in_spaces(void **state)
{
    struct str *str = *state;
    str_add(str, "x   ");
    str_add_wrapped(str, "", " \n", 80);
    assert_string_equal(str_text(str), "x   \n");
}

static void test_str_glob__matches_stars_and_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        const char *text;
        bool expected;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"EPOLLIN", "EPOLLIN", true},
        {"EPOLLIN", "EPOLLINE", false},
        {"EPOLLIN", "EPOLLI", false},
        {"EPOLL*", "EPOLLIN", true},
        {"EPOLL*", "EPOLL", true},
        {"EPOLL*", "EPOL", false},
        {"*_max", "pid_max", true},
        {"*_max", "pid_max_", false},
        {"a*b*c", "aXbYbZc", true},
        {"a*b*c", "aXcYb", false},
        {"*aab", "aaab", true},
        {"*ab*ab", "abab", true},
        {"*ab*ab", "aab", false},
        {"a**b", "ab", true},
        {"a?c", "abc", false},
        {"a?c", "a?c", true},
        {"*", "*", true},
        {"a*", "*a", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (str_glob(rows[i].pattern, rows[i].text) != rows[i].expected)
            fail_msg("'%s' on '%s': expected %s", rows[i].pattern, rows[i].text,
                     rows[i].expected ? "a match" : "no match");
}

static void test_str_glob__is_not_exponential_in_its_stars(void **state)
{
    struct str *str = *state;
    for (int i = 0; i < 2000; i++)
        str_add_char(str, 'a');
    alarm(60); /* else it would not fail but never end */
    assert_false(str_glob("a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", str_text(str)));
    alarm(0);
}

static void test_str_starts__compares_the_whole_prefix(void **state)
{
    (void)state;
    assert_true(str_starts("struct:epoll_event", "struct:"));
    assert_true(str_starts("struct:", "struct:"));
    assert_true(str_starts("", ""));
    assert_false(str_starts("struct", "struct:"));
    assert_false(str_starts("union:x", "struct:"));
}

static void test_str_count__has_no_s_for_one(void **state)
{
    struct str *str = *state;
    assert_string_equal(str_count(str->arena, 0, "fact"), "0 facts");
    assert_string_equal(str_count(str->arena, 1, "fact"), "1 fact");
    assert_string_equal(str_count(str->arena, 2, "fact"), "2 facts");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_str__is_empty_text_when_nothing_was_added),
        TEST(test_str__joins_what_was_added),
        TEST(test_str__keeps_its_invariant_when_it_grows),
        TEST(test_str__takes_a_piece_larger_than_twice_its_capacity),
        TEST(test_str__takes_zero_bytes),
        TEST(test_str_add_wrapped__breaks_at_spaces),
        TEST(test_str_add_wrapped__keeps_what_was_there_when_that_ends_in_spaces),
        TEST(test_str_glob__matches_stars_and_bytes),
        TEST(test_str_glob__is_not_exponential_in_its_stars),
        TEST(test_str_starts__compares_the_whole_prefix),
        TEST(test_str_count__has_no_s_for_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
