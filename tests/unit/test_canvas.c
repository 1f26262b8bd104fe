/* Tests of canvas.c: where characters land, what is cut off, and what a terminal is sent. */
#include "fixture.h"

#include "report/canvas.h"

static struct canvas canvas;

static const char *printed(bool is_coloured)
{
    struct str out = {.arena = &arena};

    canvas_print(&out, &canvas, is_coloured);
    return str_text(&out);
}

static void begin(void)
{
    canvas = (struct canvas){.arena = &arena};
}

static void test_canvas__draws_at_a_line_and_a_column_over_what_was_there(void **state)
{
    (void)state;
    begin();
    canvas_put(&canvas, 2, 3, "abcdef", 99, INK_NONE);
    canvas_put(&canvas, 0, 1, "top", 99, INK_NONE);
    canvas_put(&canvas, 2, 4, "XY", 99, INK_NONE);
    canvas_fill(&canvas, 3, 2, '-', 4, INK_NONE);
    canvas_fill(&canvas, 3, 3, '+', 1, INK_NONE);
    expect_text("lines", " top\n\n   aXYdef\n  -+--\n", printed(false));
}

static void test_canvas_put__stays_in_its_room_and_on_the_canvas(void **state)
{
    (void)state;
    begin();
    char line[2 * CANVAS_COLUMNS];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    canvas_put(&canvas, 0, 0, "abcdef", 3, INK_NONE);
    canvas_put(&canvas, 1, CANVAS_COLUMNS - 2, "abcdef", 99, INK_NONE);
    canvas_put(&canvas, 2, CANVAS_COLUMNS, "abcdef", 99, INK_MARK);
    canvas_put(&canvas, 3, 0, line, sizeof line, INK_NONE);
    canvas_fill(&canvas, 4, CANVAS_COLUMNS - 1, '#', 1000, INK_NONE);
    canvas_put(&canvas, 5, 4, "abc", 0, INK_NONE);
    const char *expected = arena_printf(&arena, "abc\n%*sab\n\n%.*s\n%*s#\n\n", CANVAS_COLUMNS - 2,
                                        "", CANVAS_COLUMNS, line, CANVAS_COLUMNS - 1, "");
    expect_text("cut off", expected, printed(false));
}

static void test_canvas_print__ends_no_line_in_spaces(void **state)
{
    (void)state;
    begin();
    canvas_put(&canvas, 0, 0, "a  ", 99, INK_NONE);
    canvas_fill(&canvas, 1, 0, ' ', 9, INK_MARK);
    expect_text("plain", "a\n\n", printed(false));
    expect_text("coloured", "a\n\n", printed(true)); /* no ink where nothing is */
}

static void test_canvas_print__sends_a_terminal_each_ink_and_switches_it_off(void **state)
{
    (void)state;
    begin();
    canvas_put(&canvas, 0, 0, "ab", 99, INK_TITLE);
    canvas_put(&canvas, 0, 2, "cd", 99, INK_MARK);
    canvas_put(&canvas, 0, 4, "e", 99, INK_NONE);
    canvas_put(&canvas, 0, 5, "f", 99, INK_FAINT);
    canvas_put(&canvas, 1, 0, "g", 99, INK_NONE);
    expect_text("escapes", "\033[0m\033[1mab\033[0m\033[31mcd\033[0me\033[0m\033[2mf\033[0m\ng\n",
                printed(true));
    expect_text("the same without", "abcdef\ng\n", printed(false));
}

static void test_canvas__keeps_its_lines_while_it_grows(void **state)
{
    (void)state;
    begin();
    struct str expected = {.arena = &arena};
    for (size_t y = 0; y < 500; y++) {
        canvas_put(&canvas, y, y % 7, arena_printf(&arena, "%zu", y), 99, INK_NONE);
        str_addf(&expected, "%*s%zu\n", (int)(y % 7), "", y);
    }
    expect_text("500 lines", str_text(&expected), printed(false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_canvas__draws_at_a_line_and_a_column_over_what_was_there),
        TEST(test_canvas_put__stays_in_its_room_and_on_the_canvas),
        TEST(test_canvas_print__ends_no_line_in_spaces),
        TEST(test_canvas_print__sends_a_terminal_each_ink_and_switches_it_off),
        TEST(test_canvas__keeps_its_lines_while_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
