/* Tests of bound.c: what a spec binds under a name. */
#include "fixture.h"

#include "witness/bound.h"

static void test_bound_by__finds_every_kind_and_the_first_of_two(void **state)
{
    (void)state;
    struct spec_record records[] = {{.name = "r"}, {.name = "both"}, {.name = "r"}};
    struct spec_alias aliases[] = {{.name = "a"}, {.name = "both"}};
    const char *first[] = {"X", "Y"}, *second[] = {"Y", "Z"};
    struct spec_constants constants[] = {{.names = first, .n_names = 2},
                                         {.names = second, .n_names = 2}};
    struct spec_call calls[] = {{.name = "c"}};
    struct spec spec = {
        .records = records,
        .n_records = 3,
        .aliases = aliases,
        .n_aliases = 2,
        .constants = constants,
        .n_constants = 2,
        .calls = calls,
        .n_calls = 1,
    };
    struct bound_names bound = bound_names_of(&arena, &spec);

    assert_ptr_equal(bound_by(&bound, "r").record, &records[0]);
    assert_null(bound_by(&bound, "r").alias);
    assert_ptr_equal(bound_by(&bound, "both").record, &records[1]);
    assert_ptr_equal(bound_by(&bound, "both").alias, &aliases[1]);
    assert_ptr_equal(bound_by(&bound, "X").constants, &constants[0]);
    assert_ptr_equal(bound_by(&bound, "Y").constants, &constants[0]);
    assert_ptr_equal(bound_by(&bound, "Z").constants, &constants[1]);
    assert_ptr_equal(bound_by(&bound, "c").call, &calls[0]);
    assert_null(bound_by(&bound, "nothing").record);
    assert_null(bound_by(&bound, "nothing").call);
}

static void test_bound_by__finds_nothing_in_a_spec_without_names(void **state)
{
    (void)state;
    struct spec spec = {.n_records = 0};
    struct bound_names bound = bound_names_of(&arena, &spec);

    assert_null(bound_by(&bound, "").constants);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_bound_by__finds_every_kind_and_the_first_of_two),
        TEST(test_bound_by__finds_nothing_in_a_spec_without_names),
    };

    return cmocka_run_group_tests_name("bound", tests, NULL, NULL);
}
