/* Tests of printable.c: what a terminal would do something with is shown as its bytes. */
#include "fixture.h"

#include "base/printable.h"

static void test_printable__escapes_what_is_not_seen_as_it_is(void **state)
{
    static const struct {
        const char *label, *text, *expected;
    } rows[] = {
        {"ASCII", "epoll_event.data {}\\", "epoll_event.data {}\\"},
        {"lines stay", "a\n\tb", "a\n\tb"},
        {"letters of others", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x99\x82",
         "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x99\x82"},
        {"an escape sequence", "\033[2J", "\\x1b[2J"},
        {"carriage return", "a\rb", "a\\x0db"},
        {"DEL and a C1 control", "\x7f\xc2\x9b", "\\x7f\\xc2\\x9b"},
        {"right to left override",
         "\xe2\x80\xae"
         "x",
         "\\xe2\\x80\\xaex"},
        {"isolate", "\xe2\x81\xa6", "\\xe2\\x81\\xa6"},
        {"Arabic letter mark", "\xd8\x9c", "\\xd8\\x9c"},
        {"no width",
         "a\xe2\x80\x8b"
         "b",
         "a\\xe2\\x80\\x8bb"},
        {"a line of Unicode's", "\xe2\x80\xa8", "\\xe2\\x80\\xa8"},
        {"no UTF-8", "\xff\xc3(\xc0\x80", "\\xff\\xc3(\\xc0\\x80"},
        {"cut short", "\xe2\x80", "\\xe2\\x80"},
        {"nothing", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(printable(&arena, rows[i].text), rows[i].expected) != 0)
            fail_msg("%s: expected %s, got %s", rows[i].label, rows[i].expected,
                     printable(&arena, rows[i].text));
}

static void test_printable_line__keeps_a_path_on_its_line(void **state)
{
    (void)state;
    assert_string_equal(printable_line(&arena, "a\nproved b\t"), "a\\x0aproved b\\x09");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_printable__escapes_what_is_not_seen_as_it_is),
        TEST(test_printable_line__keeps_a_path_on_its_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
