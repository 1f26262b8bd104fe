/* Tests of grouping.c: numbers of groups, and keys of several texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/grouping.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void test_grouping_of__numbers_groups_in_the_order_of_their_first_things(void **state)
{
    (void)state;
    struct grouping grouping = {.arena = &arena};
    static const struct {
        const char *key;
        size_t number;
    } rows[] = {{"b", 0}, {"a", 1}, {"b", 0}, {"", 2}, {"ab", 3}, {"a", 1}, {"", 2}, {"c", 4}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(grouping_of(&grouping, rows[i].key), rows[i].number);
    assert_int_equal(grouping.n, 5);
    assert_string_equal(grouping.keys[3], "ab");
}

static void test_grouping_of__copies_the_key(void **state)
{
    (void)state;
    struct grouping grouping = {.arena = &arena};
    char key[] = "one";
    assert_int_equal(grouping_of(&grouping, key), 0);
    memcpy(key, "two", sizeof key);
    assert_int_equal(grouping_of(&grouping, key), 1);
    assert_int_equal(grouping_of(&grouping, "one"), 0);
}

static void test_grouping_find__makes_no_group(void **state)
{
    (void)state;
    struct grouping grouping = {.arena = &arena};
    assert_true(grouping_find(&grouping, "a") == INDEX_NONE);
    assert_int_equal(grouping.n, 0);
    grouping_of(&grouping, "a");
    assert_int_equal(grouping_find(&grouping, "a"), 0);
    assert_true(grouping_find(&grouping, "b") == INDEX_NONE);
    assert_int_equal(grouping.n, 1);
}

/* Keys of two texts are equal only if both texts are. */
static void test_grouping_key__keeps_texts_apart(void **state)
{
    (void)state;
    static const char *const texts[] = {NULL, "", "-", "-,", "0,", "1,a", "a", "ab", "b", ",", "2"};
    enum { N = sizeof texts / sizeof texts[0] };
    struct grouping grouping = {.arena = &arena};
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < N; i++)
            for (size_t k = 0; k < N; k++) {
                struct str key = {.arena = &arena};
                grouping_key(&key, texts[i]);
                grouping_key(&key, texts[k]);
                assert_int_equal(grouping_of(&grouping, str_text(&key)), i * N + k);
            }
}

static void test_grouping_key_number__keeps_numbers_apart(void **state)
{
    (void)state;
    static const size_t numbers[] = {0, 1, 11, 10, SIZE_MAX};
    enum { N = sizeof numbers / sizeof numbers[0] };
    struct grouping grouping = {.arena = &arena};
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++) {
            struct str key = {.arena = &arena};
            grouping_key_number(&key, numbers[i]);
            grouping_key_number(&key, numbers[k]);
            assert_int_equal(grouping_of(&grouping, str_text(&key)), i * N + k);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            test_grouping_of__numbers_groups_in_the_order_of_their_first_things, teardown),
        cmocka_unit_test_teardown(test_grouping_of__copies_the_key, teardown),
        cmocka_unit_test_teardown(test_grouping_find__makes_no_group, teardown),
        cmocka_unit_test_teardown(test_grouping_key__keeps_texts_apart, teardown),
        cmocka_unit_test_teardown(test_grouping_key_number__keeps_numbers_apart, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
