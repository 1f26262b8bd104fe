/* Tests of homonym.c: the table as it is, and as somebody broke it. */
#include "fixture.h"

#include "model/homonym.h"

#define ROW(name) "- {name: " name ", libc: a.h, call: c, differ: d, source: s, target: x}\n"

static void test_homonyms_load__reads_the_table(void **state)
{
    (void)state;
    struct homonyms homonyms;
    assert_true(homonyms_load(&homonyms, &arena, "", &diag));
    expect_messages("no messages", "");
    const struct homonym *found = homonym_find(&homonyms, "sigaction");
    assert_non_null(found);
    assert_string_equal(found->kernel, "asm/signal.h");
    assert_null(homonym_find(&homonyms, "dirent")->kernel);
    assert_null(homonym_find(&homonyms, "epoll_event"));
}

static void test_homonyms_load__refuses_a_name_that_is_there_twice(void **state)
{
    (void)state;
    struct homonyms homonyms;
    write_file("gen/homonyms.yaml", "homonyms:\n" ROW("stat") ROW("stat"));
    assert_false(homonyms_load(&homonyms, &arena, at_root(""), &diag));
    expect_messages("twice",
                    "$gen/homonyms.yaml:3:10: error: 'stat' is there twice, expected it once\n");
}

static void test_homonyms_load__refuses_what_is_not_there(void **state)
{
    (void)state;
    struct homonyms homonyms;
    assert_false(homonyms_load(&homonyms, &arena, at_root("no/"), &diag));
    assert_int_equal(diag.n_errors, 1);
}

static void test_homonym_print__names_every_place(void **state)
{
    (void)state;
    struct homonym homonym = {
        .name = "n", .libc = "l.h", .call = "c", .differ = "d", .source = "s"};
    struct str text = {.arena = &arena};
    homonym_print(&text, &homonym);
    expect_text("without a header of the kernel's",
                "n: one name, several structs on Linux\n  the C library's\n    l.h; --header l.h\n"
                "  the kernel's headers'\n    none has it\n  what system calls take\n    c\n"
                "  how they differ\n    d\n  source\n    s\n",
                str_text(&text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_homonyms_load__reads_the_table),
        TEST(test_homonyms_load__refuses_a_name_that_is_there_twice),
        TEST(test_homonyms_load__refuses_what_is_not_there),
        TEST(test_homonym_print__names_every_place),
    };

    return cmocka_run_group_tests_name("homonym", tests, NULL, NULL);
}
