/* Tests of spans.c: who has bytes of a range, and whether all of them have somebody. A look at
 * every thing and at every byte says what is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/spans.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A thing as it is added. */
struct thing {
    int64_t start, size;
};

static struct spans make(const struct thing *things, size_t n)
{
    struct spans spans = {.n = 0};

    for (size_t i = 0; i < n; i++)
        spans_add(&spans, &arena, things[i].start, things[i].size, i);
    spans_sort(&spans, &arena);
    return spans;
}

static void expect_overlapping(const struct spans *spans, const struct thing *things, size_t n,
                               int64_t start, int64_t end)
{
    size_t *numbers, n_found = spans_overlapping(spans, &arena, start, end, &numbers), k = 0;

    for (size_t i = 0; i < n; i++)
        if (things[i].start < end && things[i].start + things[i].size > start) {
            assert_true(k < n_found);
            assert_int_equal(numbers[k++], i);
        }
    assert_int_equal(k, n_found);
    assert_int_equal(spans_overlap(spans, start, end), n_found > 0);
}

static void expect_cover(const struct spans *spans, const struct thing *things, size_t n,
                         int64_t start, int64_t end)
{
    bool is_covered = true;

    for (int64_t byte = start; byte < end && is_covered; byte++) {
        is_covered = false;
        for (size_t i = 0; i < n; i++)
            is_covered =
                is_covered || (things[i].start <= byte && byte < things[i].start + things[i].size);
    }
    assert_int_equal(spans_cover(spans, start, end), is_covered);
}

static void test_spans__have_nothing_when_nothing_was_added(void **state)
{
    (void)state;
    struct spans spans = make(NULL, 0);
    size_t *numbers;
    assert_int_equal(spans_overlapping(&spans, &arena, 0, INT64_MAX, &numbers), 0);
    assert_false(spans_overlap(&spans, 0, INT64_MAX));
    assert_false(spans_cover(&spans, 0, 1));
    assert_true(spans_cover(&spans, 3, 3));
}

/* Things of every size from -1, which facts without a size have, on few bytes, so that they lie on
 * each other in every way; and all ranges of those bytes. */
static void test_spans__agree_with_a_look_at_everything(void **state)
{
    (void)state;
    uint32_t random = 1;
    for (int round = 0; round < 200; round++) {
        struct thing things[24];
        size_t n = (size_t)round % 24 + 1;
        for (size_t i = 0; i < n; i++) {
            random = random * 1664525 + 1013904223;
            things[i] = (struct thing){(int64_t)(random >> 16) % 14 - 1,
                                       (int64_t)(random >> 24) % (round % 2 ? 4 : 12) - 1};
        }
        struct spans spans = make(things, n);
        for (int64_t start = -2; start < 26; start++)
            for (int64_t end = start - 1; end < 26; end++) {
                expect_overlapping(&spans, things, n, start, end);
                expect_cover(&spans, things, n, start, end);
            }
    }
}

static void test_spans__find_those_beside_one_that_covers_all(void **state)
{
    (void)state;
    enum { N = 1000 };
    struct thing things[N + 1];
    for (size_t i = 0; i < N; i++)
        things[i] = (struct thing){(int64_t)i * 4, 4};
    things[N] = (struct thing){0, INT32_MAX};
    struct spans spans = make(things, N + 1);
    for (int64_t i = 0; i < N; i++)
        expect_overlapping(&spans, things, N + 1, i * 4, i * 4 + 4);
    assert_true(spans_cover(&spans, 0, INT32_MAX));
    assert_false(spans_cover(&spans, 0, (int64_t)INT32_MAX + 1));
}

static void test_spans__end_at_the_greatest_number(void **state)
{
    (void)state;
    static const struct thing things[] = {{INT64_MAX - 4, 8}, {8, INT64_MAX}};
    struct spans spans = make(things, 2);
    assert_true(spans_cover(&spans, 8, INT64_MAX));
    assert_true(spans_overlap(&spans, INT64_MAX - 1, INT64_MAX));
    assert_false(spans_overlap(&spans, 0, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_spans__have_nothing_when_nothing_was_added, teardown),
        cmocka_unit_test_teardown(test_spans__agree_with_a_look_at_everything, teardown),
        cmocka_unit_test_teardown(test_spans__find_those_beside_one_that_covers_all, teardown),
        cmocka_unit_test_teardown(test_spans__end_at_the_greatest_number, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
