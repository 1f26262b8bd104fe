/* Tests of driver.c against real compilers: what GCC itself says it calls. */
#include "fixture.h"

#include <sys/stat.h>

#include "base/proc.h"
#include "witness/driver.h"

static bool has_file(const struct driver *driver, const char *path)
{
    for (size_t i = 0; i < driver->n_files; i++)
        if (strcmp(driver->files[i], path) == 0)
            return true;
    return false;
}

static bool has_file_like(const struct driver *driver, const char *pattern)
{
    for (size_t i = 0; i < driver->n_files; i++)
        if (str_glob(pattern, driver->files[i]))
            return true;
    return false;
}

static const char *write_script(const char *name, const char *text)
{
    const char *path = write_file(name, text);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

static void test_driver__is_made_of_what_gcc_says_it_calls(void **state)
{
    static const char *const programs[] = {"cc1", "as", "ld"};
    struct driver driver = driver_of(&arena, "gcc");

    (void)state;
    assert_true(has_file(&driver, proc_find(&arena, "gcc")));
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        const char *const argv[] = {"gcc", arena_printf(&arena, "-print-prog-name=%s", programs[i]),
                                    NULL};
        struct proc_result result = proc_run(&arena, argv, 10 * 1000);
        const char *name = arena_strndup(&arena, result.out, strcspn(result.out, "\n"));
        if (!has_file(&driver, proc_find(&arena, name)))
            fail_msg("'%s' (%s) is not among the files", programs[i], name);
    }
    assert_non_null(strstr(driver.calls, "cc1"));
}

static void test_driver__of_cxx_has_the_compiler_of_cxx(void **state)
{
    (void)state;
    struct driver driver = driver_of(&arena, "g++");
    if (driver.n_files == 0)
        skip();
    assert_true(has_file_like(&driver, "*/cc1plus"));
}

static void test_driver__finds_what_a_wrapper_hides(void **state)
{
    (void)state;
    const char *gcc = proc_find(&arena, "gcc");
    const char *inner =
        write_script("inner", arena_printf(&arena, "#!/bin/sh\nexec %s \"$@\"\n", gcc));
    const char *outer =
        write_script("outer", arena_printf(&arena, "#!/bin/sh\nexec %s -O3 \"$@\"\n", inner));
    struct driver driver = driver_of(&arena, outer);
    assert_true(has_file(&driver, outer));
    assert_true(has_file(&driver, gcc));
    assert_true(has_file_like(&driver, "*/cc1"));
    assert_non_null(strstr(driver.calls, "-O3")); /* whatever script adds it */
}

static void test_driver__finds_another_cc1(void **state)
{
    (void)state;
    const char *other = write_script("bin/cc1", "#!/bin/sh\n");
    const char *driver_path = write_script(
        "driver", arena_printf(&arena, "#!/bin/sh\nexec gcc -B%s \"$@\"\n", at_root("bin/")));
    struct driver driver = driver_of(&arena, driver_path);
    assert_true(has_file(&driver, other));
    assert_false(has_file_like(&driver, "/usr/lib/gcc/*/cc1"));
}

static void test_driver__of_clang_has_the_libraries_beside_it(void **state)
{
    (void)state;
    const char *const argv[] = {"readelf", "-d", CLANG, NULL};
    struct proc_result result = proc_run(&arena, argv, 10 * 1000);
    struct driver driver = driver_of(&arena, CLANG);

    assert_true(has_file(&driver, CLANG));
    if (strstr(result.out, "[libclang-cpp") == NULL || strstr(result.out, "path: [$ORIGIN") == NULL)
        skip(); /* a clang that has it all within itself */
    assert_true(has_file_like(&driver, "*/libclang-cpp*"));
}

static void test_driver__of_no_compiler_is_that_program_alone(void **state)
{
    (void)state;
    const char *path = write_script("tool", "#!/bin/sh\necho no such option >&2\nexit 2\n");
    struct driver driver = driver_of(&arena, path);
    assert_int_equal(driver.n_files, 1);
    expect_text("file", path, driver.files[0]);
    expect_text("calls", "", driver.calls);
    driver = driver_of(&arena, at_root("nowhere"));
    assert_int_equal(driver.n_files, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_driver__is_made_of_what_gcc_says_it_calls),
        TEST(test_driver__of_cxx_has_the_compiler_of_cxx),
        TEST(test_driver__finds_what_a_wrapper_hides),
        TEST(test_driver__finds_another_cc1),
        TEST(test_driver__of_clang_has_the_libraries_beside_it),
        TEST(test_driver__of_no_compiler_is_that_program_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
