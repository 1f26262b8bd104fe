/* Tests of root.c: which folder is the repository, from folders that this process really enters. */
#include "fixture.h"

#include <limits.h>
#include <sys/stat.h>

#include "cmd/root.h"

static char home[PATH_MAX]; /* where the tests began */

/* Enters a folder below the root of the test, which is made. */
static void enter(const char *folder)
{
    write_file(arena_printf(&arena, "%s/keep", folder), "");
    assert_int_equal(chdir(at_root(folder)), 0);
}

static int setup(void **state)
{
    return getcwd(home, sizeof home) == NULL ? -1 : fixture_setup(state);
}

static int teardown(void **state)
{
    return chdir(home) != 0 ? -1 : fixture_teardown(state);
}

static void test_root_find__takes_the_nearest_folder_upward(void **state)
{
    (void)state;
    write_file("gen/targets.yaml", "");
    write_file("a/b/gen/targets.yaml", "");
    enter("a/b");
    assert_string_equal(root_find(&arena, ROOT_WORKS), "");
    enter("a/b/c/d");
    assert_string_equal(root_find(&arena, ROOT_WORKS), "../../");
    enter("a/x");
    assert_string_equal(root_find(&arena, ROOT_WORKS), "../../");
    assert_string_equal(root_find(&arena, ROOT_READS), "../../");
    enter("a/b/gen"); /* not the folder of the table itself */
    assert_string_equal(root_find(&arena, ROOT_WORKS), "../");
}

static void test_root_find__takes_the_programs_own_only_to_read(void **state)
{
    (void)state;
    enter("nowhere");
    assert_null(root_find(&arena, ROOT_WORKS));
    const char *found = root_find(&arena, ROOT_READS); /* this test's program is in the tree */
    assert_non_null(found);
    assert_int_equal(found[0], '/');
    assert_int_equal(found[strlen(found) - 1], '/');
    struct stat here, there;
    assert_int_equal(stat(home, &here), 0);
    assert_int_equal(stat(found, &there), 0);
    assert_int_equal(here.st_ino, there.st_ino);
}

static void test_root_find__passes_over_a_table_that_cannot_be_read(void **state)
{
    (void)state;
    write_file("gen/targets.yaml", "");
    enter("a");
    assert_int_equal(mkdir(at_root("a/gen"), 0755), 0);
    assert_int_equal(symlink("none", at_root("a/gen/targets.yaml")), 0);
    assert_string_equal(root_find(&arena, ROOT_WORKS), "../");
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_root_find__takes_the_nearest_folder_upward),
        TEST(test_root_find__takes_the_programs_own_only_to_read),
        TEST(test_root_find__passes_over_a_table_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
