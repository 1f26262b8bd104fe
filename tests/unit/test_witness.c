/* Tests of witness.c: the names of the witnesses. */
#include "fixture.h"

#include "witness/witness.h"

static void test_witness_of__is_the_inverse_of_witness_name(void **state)
{
    (void)state;
    static const char *const names[] = {"clang",  "dwarf", "compile", "run",
                                        "behave", "link",  "boot"};
    assert_int_equal(sizeof names / sizeof names[0], N_WITNESS_KINDS);
    for (unsigned kind = 0; kind < N_WITNESS_KINDS; kind++) {
        assert_string_equal(witness_name((enum witness_kind)kind), names[kind]);
        assert_int_equal(witness_of(names[kind]), kind);
    }
}

static void test_witness_of__knows_no_other_name(void **state)
{
    (void)state;
    static const char *const others[] = {"", "clan", "clangs", "Clang", "run ", "read", "none"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (witness_of(others[i]) != N_WITNESS_KINDS)
            fail_msg("'%s' is taken for %s", others[i], witness_name(witness_of(others[i])));
}

static void test_witness_names__lists_a_set_in_the_order_of_hearing(void **state)
{
    (void)state;
    assert_string_equal(witness_names(&arena, 0), "");
    assert_string_equal(witness_names(&arena, 1U << WITNESS_LINK), "link");
    assert_string_equal(witness_names(&arena, 1U << WITNESS_BOOT | 1U << WITNESS_CLANG),
                        "clang boot");
    assert_string_equal(witness_names(&arena, ~0U), "clang dwarf compile run behave link boot");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_of__is_the_inverse_of_witness_name),
        TEST(test_witness_of__knows_no_other_name),
        TEST(test_witness_names__lists_a_set_in_the_order_of_hearing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
