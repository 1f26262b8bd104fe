/* Tests of environment.c: what is taken out of the environment, and what stays. */
#include "fixture.h"

#include "base/environment.h"
#include "base/proc.h"

/* What env(1) prints of a variable when we start it. */
static bool child_sees(const char *variable)
{
    const char *const argv[] = {"env", NULL};
    struct proc_result result = proc_run(&arena, argv, 10 * 1000);

    assert_int_equal(result.end, PROC_EXITED);
    return strstr(result.out, arena_printf(&arena, "\n%s\n", variable)) != NULL ||
           str_starts(result.out, arena_printf(&arena, "%s\n", variable));
}

static bool was_removed(const char *variable)
{
    size_t n;
    const char *const *removed = environment_removed(&n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(removed[i], variable) == 0)
            return true;
    return false;
}

static void test_environment__takes_out_what_changes_a_compiler_or_an_emulator(void **state)
{
    static const char *const harmful[] = {
        "CPATH",        "COMPILER_PATH", "GCC_EXEC_PREFIX",    "C_INCLUDE_PATH",
        "LIBRARY_PATH", "QEMU_CPU",      "SUNPRO_DEPENDENCIES"};
    static const char *const harmless[] = {"CPATHOLOGY", "MY_QEMU_CPU", "LD_LIBRARY_PATH_OF_MINE"};

    (void)state;
    for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++)
        assert_int_equal(setenv(harmful[i], "/x", 1), 0);
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        assert_int_equal(setenv(harmless[i], "/x", 1), 0);
    assert_true(child_sees("CPATH=/x"));
    environment_clean();
    for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++) {
        const char *variable = arena_printf(&arena, "%s=/x", harmful[i]);
        if (getenv(harmful[i]) != NULL || child_sees(variable) || !was_removed(variable))
            fail_msg("'%s' is still there", harmful[i]);
    }
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
        const char *variable = arena_printf(&arena, "%s=/x", harmless[i]);
        if (!child_sees(variable) || was_removed(variable))
            fail_msg("'%s' was taken out", harmless[i]);
    }
    assert_non_null(getenv("PATH"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_environment__takes_out_what_changes_a_compiler_or_an_emulator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
