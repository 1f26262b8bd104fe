/* Tests of boot_console.c: consoles as machines write them, cut short, damaged, or of another kind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "witness/boot_console.h"
#include "base/str.h"

/* Sums that zlib's adler32() gives. */
#define PROBE   "record r size=12\nabi x bits=64\n# end\n"
#define SUM     "bytes=37 sum=ea6b0b62"
#define TRAILER "# end epoll/binding exit=0 " SUM
#define BEGIN   "# boot begin\n# kernel Linux 6.1 x86_64\n"
#define FRAME   "# begin epoll/binding\n" PROBE TRAILER "\n"
#define LAST    "# boot end\n"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct serial read_console(const char *text)
{
    struct serial serial;
    serial_read(&serial, &arena, text);
    return serial;
}

/* Every \n as these bytes, as a terminal or a firmware writes it. */
static const char *with_ends(const char *text, const char *end)
{
    struct str out = {.arena = &arena};
    for (; *text != '\0'; text++)
        if (*text == '\n')
            str_add(&out, end);
        else
            str_add_char(&out, *text);
    return str_text(&out);
}

static void assert_one_good_frame(const char *console)
{
    struct serial serial = read_console(console);
    const struct serial_frame *frame = serial_find(&serial, "epoll/binding");
    assert_true(serial.has_begun);
    assert_true(serial.has_ended);
    assert_string_equal(serial.kernel, "Linux 6.1 x86_64");
    assert_int_equal(serial.n_frames, 1);
    assert_non_null(frame);
    if (frame->fault != NULL)
        fail_msg("expected no fault, got '%s'", frame->fault);
    assert_string_equal(frame->text, PROBE);
}

static void assert_fault(const char *console, const char *expected)
{
    struct serial serial = read_console(console);
    const struct serial_frame *frame = serial_find(&serial, "epoll/binding");
    assert_non_null(frame);
    assert_non_null(frame->fault);
    assert_string_equal(frame->fault, expected);
}

static void test_serial__reads_lines_whatever_their_end(void **state)
{
    (void)state;
    assert_one_good_frame(BEGIN FRAME LAST);
    assert_one_good_frame(with_ends(BEGIN FRAME LAST, "\r\n"));
    assert_one_good_frame(with_ends(BEGIN FRAME LAST, "\r\r\n"));
}

static void test_serial__leaves_out_the_firmware_and_what_follows(void **state)
{
    (void)state;
    assert_one_good_frame(
        "\033c\033[2JBooting from ROM..\r\n# begin not/ours\nx\n\n" BEGIN FRAME LAST
        "reboot: Power down\n" BEGIN);
}

static void test_serial__leaves_out_lines_of_the_kernel(void **state)
{
    (void)state;
    assert_one_good_frame(
        "[    0.000000] Booting Linux\n" BEGIN
        "[    1.234567] random: crng init done\n# begin epoll/binding\n"
        "[   12.000001] a: b\nrecord r size=12\n<4>[12345.678901] c\nabi x bits=64\n# end\n" TRAILER
        "\n[    3.000000] # boot end\n" LAST);
}

static void test_serial__keeps_what_only_looks_like_the_kernel(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "[1.5] x", "[    1.1234567] x", "[ x.123456] y", "<a>[    1.123456] x", "[]", "<", "<4",
        "["};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *console = arena_printf(
            &arena, BEGIN "# begin epoll/binding\n%s\n" PROBE TRAILER "\n" LAST, lines[i]);
        assert_fault(console,
                     arena_printf(&arena, "damaged on the serial line: %zu bytes came of 37",
                                  37 + strlen(lines[i]) + 1));
    }
}

static void test_serial__knows_damage(void **state)
{
    (void)state;
    /* a digit lost, a digit changed, a line of the kernel within ours */
    assert_fault(BEGIN "# begin epoll/binding\nrecord r size=1\nabi x bits=64\n# end\n" TRAILER
                       "\n" LAST,
                 "damaged on the serial line: 36 bytes came of 37");
    assert_fault(BEGIN "# begin epoll/binding\nrecord r size=16\nabi x bits=64\n# end\n" TRAILER
                       "\n" LAST,
                 "damaged on the serial line: the sum is wrong");
    assert_fault(BEGIN "# begin epoll/binding\nrecord [    1.234567] oops\n r size=12\nabi x "
                       "bits=64\n# end\n" TRAILER "\n" LAST,
                 "damaged on the serial line: 58 bytes came of 37");
    assert_fault(BEGIN "# begin epoll/binding\n" TRAILER "\n" LAST,
                 "damaged on the serial line: 0 bytes came of 37");
}

static void test_serial__says_how_a_program_ended(void **state)
{
    (void)state;
    static const struct {
        const char *exit;
        const char *fault;
        bool is_hung;
    } rows[] = {
        {"2", "exit code 2", false},
        {"127", "exit code 127", false},
        {"1011", "killed by signal 11", false},
        {"2000", "no answer within its bound", true},
        {"2001", "too much output", false},
        {"2002", "init could not start it", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *console = arena_printf(&arena,
                                           BEGIN "# begin epoll/binding\n" PROBE
                                                 "# end epoll/binding exit=%s " SUM "\n" LAST,
                                           rows[i].exit);
        assert_fault(console, rows[i].fault);
        struct serial serial = read_console(console);
        assert_int_equal(serial.frames[0].is_hung, rows[i].is_hung);
    }
}

static void test_serial__takes_back_the_newline_that_init_added(void **state)
{
    (void)state;
    struct serial serial = read_console(BEGIN "# begin a/b\nab\n"
                                              "# end a/b exit=0 bytes=2 sum=012600c4\n" LAST);
    assert_int_equal(serial.n_frames, 1);
    assert_null(serial.frames[0].fault);
    assert_string_equal(serial.frames[0].text, "ab");
}

static void test_serial__is_not_led_astray_by_numbers_out_of_range(void **state)
{
    (void)state;
    struct serial serial = read_console(
        BEGIN "# begin a/b\n# end a/b exit=0 bytes=18446744073709551615 sum=1\n"
              "# begin c/d\n# end c/d exit=99999999999999999999999 bytes=-1 sum=-1\n" LAST);
    assert_int_equal(serial.n_frames, 2);
    assert_non_null(serial.frames[0].fault);
    assert_non_null(serial.frames[1].fault);
}

static void test_serial__has_no_frame_without_its_end(void **state)
{
    (void)state;
    static const char *const ends[] = {
        "",
        "# end epoll/binding exit=0 bytes=37 sum=\n",
        "# end epoll/binding exit=0 bytes=37\n",
        "# end epoll/binding exit=0 " SUM " more\n",
        "# end epoll/other exit=0 " SUM "\n",
        "# end epoll/bindings exit=0 " SUM "\n",
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct serial serial = read_console(
            arena_printf(&arena, BEGIN "# begin epoll/binding\n" PROBE "%s" LAST, ends[i]));
        assert_int_equal(serial.n_frames, 0);
        assert_false(serial.has_ended); /* within a frame it is text */
    }
}

/* Wherever a console stops, it has not ended, and no frame that it has is another one. */
static void test_serial__is_never_fooled_by_a_cut(void **state)
{
    (void)state;
    const char *whole = with_ends(BEGIN FRAME LAST, "\r\n");
    size_t n = strlen(whole), n_last = strlen("# boot end");
    for (size_t length = 0; length < n; length++) {
        struct serial serial = read_console(arena_strndup(&arena, whole, length));
        bool is_last_whole = length >= n - 2; /* but for its line's end */
        assert_int_equal(serial.has_ended, is_last_whole);
        for (size_t i = 0; i < serial.n_frames; i++) {
            bool is_sound = serial.frames[i].fault == NULL;
            if (is_sound)
                assert_string_equal(serial.frames[i].text, PROBE);
        }
        if (length + n_last + 2 < n - 2)
            assert_true(serial.n_frames == 0 || serial.frames[0].fault != NULL);
    }
}

static void test_serial__reads_garbage_as_nothing(void **state)
{
    (void)state;
    static const char *const consoles[] = {"",
                                           "\n",
                                           "\r",
                                           "\xff\xfe\x01",
                                           "# boot end\n",
                                           "# end \n# begin \n# kernel \n",
                                           "x# boot begin\n"};
    for (size_t i = 0; i < sizeof consoles / sizeof consoles[0]; i++) {
        struct serial serial = read_console(consoles[i]);
        assert_false(serial.has_begun);
        assert_false(serial.has_ended);
        assert_int_equal(serial.n_frames, 0);
    }
}

static void test_serial__remembers_the_last_line_that_says_anything(void **state)
{
    (void)state;
    struct serial serial =
        read_console("SeaBIOS\r\n[    1.000000] Kernel panic - not syncing: VFS\r\n\r\n   \n"
                     "[    1.100000] Kernel Offset: disabled\r\n");
    assert_string_equal(serial.last_line, "[    1.000000] Kernel panic - not syncing: VFS");
    assert_string_equal(read_console("a\nb\n\n").last_line, "b");
    assert_string_equal(read_console("\n").last_line, "");
}

#define TEST(function) cmocka_unit_test_teardown(function, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_serial__reads_lines_whatever_their_end),
        TEST(test_serial__leaves_out_the_firmware_and_what_follows),
        TEST(test_serial__leaves_out_lines_of_the_kernel),
        TEST(test_serial__keeps_what_only_looks_like_the_kernel),
        TEST(test_serial__knows_damage),
        TEST(test_serial__says_how_a_program_ended),
        TEST(test_serial__takes_back_the_newline_that_init_added),
        TEST(test_serial__is_not_led_astray_by_numbers_out_of_range),
        TEST(test_serial__has_no_frame_without_its_end),
        TEST(test_serial__is_never_fooled_by_a_cut),
        TEST(test_serial__reads_garbage_as_nothing),
        TEST(test_serial__remembers_the_last_line_that_says_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
