/* Tests of build.c: when the compiler is run again, and when not. The compiler is a script that
 * counts its runs. */
#include "fixture.h"

#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "witness/build.h"

enum { LONG_MS = 60 * 1000 };

/* Copies the source to the output; writes a dependency file that names it and the header, as
 * `gcc -MD -MF` does. A source that holds `fail` fails, one that holds `hang` hangs. */
static const char compiler[] =
    "#!/bin/sh\n"
    "folder=$(dirname \"$0\")\n"
    "case $1 in -###) exit 1 ;; esac\n"
    "echo run >> \"$folder/log\"\n"
    "while [ $# -gt 0 ]; do\n"
    "  case $1 in\n"
    "    -o) output=$2; shift ;;\n"
    "    -MF) deps=$2; shift ;;\n"
    "    *.c) source=$1 ;;\n"
    "  esac\n"
    "  shift\n"
    "done\n"
    "cat \"$source\" > \"$output\"\n"
    "printf '%s: %s \\\\\\n  %s\\n' \"$output\" \"$source\" \"$folder/my\\\\ h.h\" > \"$deps\"\n"
    "echo warned >&2\n"
    "! grep -q fail \"$source\" || exit 3\n"
    "! grep -q hang \"$source\" || sleep 60\n";

static const char *cc, *output;
static struct build_cache *cache; /* NULL: each test as if it were several runs */

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    cc = write_file("cc", compiler);
    output = at_root("out.o");
    write_file("a.c", "text");
    write_file("lib.o", "object");
    write_file("my h.h", "header");
    write_file("log", "");
    return chmod(cc, 0755);
}

static int n_runs(void)
{
    size_t n_bytes;
    assert_non_null(out_read(&arena, at_root("log"), &n_bytes));
    return (int)(n_bytes / strlen("run\n"));
}

static struct proc_result build_with(const char *flag)
{
    const char *const argv[] = {cc, flag, at_root("a.c"), at_root("lib.o")};
    return build_file(&arena, output, argv, 4, cache, LONG_MS);
}

static void expect_built(const char *label, const char *flag, int n_expected, const char *text)
{
    struct proc_result result = build_with(flag);
    if (result.end != PROC_EXITED || result.status != 0)
        fail_msg("%s: got end %d, status %d, '%s'", label, result.end, result.status, result.err);
    if (n_runs() != n_expected)
        fail_msg("%s: expected %d runs of the compiler, got %d", label, n_expected, n_runs());
    expect_text(label, text, out_read(&arena, output, NULL));
}

static void test_build_file__runs_the_compiler_once_when_nothing_changes(void **state)
{
    (void)state;
    struct proc_result result = build_with("-O2");
    assert_string_equal(result.err, "warned\n");
    expect_built("first", "-O2", 1, "text");
    result = build_with("-O2");
    assert_int_equal(result.end, PROC_EXITED);
    assert_int_equal(result.status, 0);
    assert_string_equal(result.out, "");
    assert_string_equal(result.err, "");
    assert_int_equal(n_runs(), 1);
}

static void test_build_file__looks_at_contents_and_not_at_dates(void **state)
{
    (void)state;
    struct timeval later[2] = {{time(NULL) + 1000, 0}, {time(NULL) + 1000, 0}};
    expect_built("first", "-O2", 1, "text");
    assert_int_equal(utimes(at_root("a.c"), later), 0);
    assert_int_equal(utimes(at_root("my h.h"), later), 0);
    assert_int_equal(utimes(at_root("lib.o"), later), 0);
    expect_built("touched", "-O2", 1, "text");
}

static void test_build_file__runs_the_compiler_again_when_something_changed(void **state)
{
    (void)state;
    expect_built("first", "-O2", 1, "text");
    write_file("a.c", "other");
    expect_built("source", "-O2", 2, "other");
    write_file("my h.h", "HEADER");
    expect_built("header, of the same size", "-O2", 3, "other");
    write_file("lib.o", "OBJECT");
    expect_built("object", "-O2", 4, "other");
    expect_built("argument", "-O3", 5, "other");
    expect_built("argument as before", "-O2", 6, "other");
    expect_built("nothing", "-O2", 6, "other");
    assert_int_equal(chmod(write_file("cc", arena_printf(&arena, "%s# newer\n", compiler)), 0755),
                     0);
    expect_built("compiler", "-O2", 7, "other");
    expect_built("nothing again", "-O2", 7, "other");
}

static void test_build_file__knows_a_compiler_by_its_contents_and_not_by_its_date(void **state)
{
    (void)state;
    struct timeval then[2] = {{1577836800, 0}, {1577836800, 0}};
    write_file("cc", arena_printf(&arena, "%s# older\n", compiler));
    assert_int_equal(chmod(cc, 0755), 0);
    assert_int_equal(utimes(cc, then), 0);
    expect_built("first", "-O2", 1, "text");
    write_file("cc", arena_printf(&arena, "%s# newer\n", compiler));
    assert_int_equal(chmod(cc, 0755), 0);
    assert_int_equal(utimes(cc, then), 0);
    expect_built("another one of that size and date", "-O2", 2, "text");
}

static void test_build_file__makes_again_what_is_not_what_it_made(void **state)
{
    (void)state;
    expect_built("first", "-O2", 1, "text");
    write_file("out.o", "");
    expect_built("cut short", "-O2", 2, "text");
    write_file("out.o", "TEXT");
    expect_built("of the same size", "-O2", 3, "text");
    expect_built("nothing", "-O2", 3, "text");
}

static void test_build_cache__makes_each_output_once_in_a_fresh_run(void **state)
{
    (void)state;
    expect_built("first", "-O2", 1, "text");
    cache = build_cache_new(true);
    expect_built("fresh", "-O2", 2, "text");
    expect_built("again in that run", "-O2", 2, "text");
    build_cache_free(cache);
    cache = build_cache_new(true);
    expect_built("in another fresh run", "-O2", 3, "text");
    build_cache_free(cache);
    cache = NULL;
    expect_built("afterwards", "-O2", 3, "text");
}

static void test_build_file__links_anew_when_a_library_that_the_linker_read_changed(void **state)
{
    (void)state;
    write_file("lib.so", "library");
    write_file("out.o.libraries.d", arena_printf(&arena, "%s: \\\n  %s\n\n%s:\n", output,
                                                 at_root("lib.so"), at_root("lib.so")));
    expect_built("first", "-O2", 1, "text");
    expect_built("nothing", "-O2", 1, "text");
    write_file("lib.so", "LIBRARY");
    expect_built("library", "-O2", 2, "text");
}

/* Runs a probe, a script that counts its runs; `emulator` is another, whose contents count. */
static const char *probe_output(const char *emulator, const char *probe)
{
    const char *const argv[] = {emulator, probe, NULL};
    struct proc_result result = build_output(&arena, at_root("probe.out"), argv, 2, cache, LONG_MS);

    assert_int_equal(result.end, PROC_EXITED);
    assert_int_equal(result.status, 0);
    return result.out;
}

static void test_build_output__runs_again_when_anything_changed(void **state)
{
    (void)state;
    const char *emulator = write_file("emulator", "#!/bin/sh\nexec sh \"$1\"\n");
    const char *text = arena_printf(&arena, "echo run >> %s\necho fact\n", at_root("log"));
    const char *probe = write_file("probe", text);
    assert_int_equal(chmod(emulator, 0755), 0);

    expect_text("first", "fact\n", probe_output(emulator, probe));
    expect_text("kept", "fact\n", probe_output(emulator, probe));
    assert_int_equal(n_runs(), 1);
    write_file("probe.out", "lies\n");
    expect_text("what it printed was edited", "fact\n", probe_output(emulator, probe));
    assert_int_equal(n_runs(), 2);
    write_file("probe", arena_printf(&arena, "%s#\n", text));
    expect_text("the probe", "fact\n", probe_output(emulator, probe));
    assert_int_equal(n_runs(), 3);
    write_file("emulator", "#!/bin/sh\nexec sh $1\n");
    assert_int_equal(chmod(emulator, 0755), 0);
    expect_text("the emulator", "fact\n", probe_output(emulator, probe));
    assert_int_equal(n_runs(), 4);
    cache = build_cache_new(true);
    expect_text("a fresh run", "fact\n", probe_output(emulator, probe));
    assert_int_equal(n_runs(), 5);
    build_cache_free(cache);
    cache = NULL;
}

static void test_build_cache__sees_a_header_once_and_what_is_named_each_time(void **state)
{
    (void)state;
    expect_built("first", "-O2", 1, "text");
    cache = build_cache_new(false);
    expect_built("nothing changed", "-O2", 1, "text");
    write_file("my h.h", "HEADER");
    expect_built("a header, in the same run", "-O2", 1, "text");
    write_file("a.c", "other");
    expect_built("a source, in the same run", "-O2", 2, "other");
    write_file("lib.o", "OBJECT");
    expect_built("an object, in the same run", "-O2", 3, "other");
    build_cache_free(cache);
    cache = NULL;
    expect_built("the key says what the compiler saw, not the cache", "-O2", 3, "other");
    write_file("my h.h", "header");
    expect_built("a header, in another run", "-O2", 4, "other");
}

static void test_build_cache__sees_a_compiler_once(void **state)
{
    (void)state;
    expect_built("first", "-O2", 1, "text");
    cache = build_cache_new(false);
    expect_built("nothing changed", "-O2", 1, "text");
    assert_int_equal(chmod(write_file("cc", arena_printf(&arena, "%s# newer\n", compiler)), 0755),
                     0);
    expect_built("in the same run", "-O2", 1, "text");
    build_cache_free(cache);
    cache = build_cache_new(false);
    expect_built("in another run", "-O2", 2, "text");
    build_cache_free(cache);
    cache = NULL;
}

static void test_build_file__runs_the_compiler_again_when_something_is_gone(void **state)
{
    (void)state;
    static const char *const paths[] = {"out.o", "out.o.key", "out.o.d", "my h.h"};
    expect_built("first", "-O2", 1, "text");
    for (int i = 0; i < (int)(sizeof paths / sizeof paths[0]); i++) {
        assert_int_equal(unlink(at_root(paths[i])), 0);
        expect_built(paths[i], "-O2", 2 + i, "text");
    }
    write_file("my h.h", "header");
    expect_built("the header is back", "-O2", 6, "text");
}

static void test_build_file__takes_arguments_apart(void **state)
{
    (void)state;
    const char *const one[] = {cc, at_root("a.c"), "-a", "b"};
    const char *const other[] = {cc, at_root("a.c"), "-a b"};
    build_file(&arena, output, one, 4, cache, LONG_MS);
    build_file(&arena, output, other, 3, cache, LONG_MS);
    assert_int_equal(n_runs(), 2);
    build_file(&arena, output, one, 3, cache, LONG_MS); /* only its first three words */
    assert_int_equal(n_runs(), 3);
}

static void test_build_file__remembers_each_output_apart(void **state)
{
    (void)state;
    expect_built("one", "-O2", 1, "text");
    output = at_root("other.o");
    expect_built("other", "-O2", 2, "text");
    output = at_root("out.o");
    expect_built("one again", "-O2", 2, "text");
}

static void test_build_file__does_not_remember_a_failure(void **state)
{
    (void)state;
    write_file("a.c", "fail");
    for (int i = 1; i <= 2; i++) {
        struct proc_result result = build_with("-O2");
        assert_int_equal(result.end, PROC_EXITED);
        assert_int_equal(result.status, 3);
        assert_string_equal(result.err, "warned\n");
        assert_int_equal(n_runs(), i);
    }
    write_file("a.c", "text");
    expect_built("fixed", "-O2", 3, "text");
}

static void test_build_file__forgets_the_old_output_when_a_later_build_fails(void **state)
{
    (void)state;
    expect_built("first", "-O2", 1, "text");
    write_file("a.c", "fail");
    assert_int_equal(build_with("-O2").status, 3);
    /* The source is as it was, but the output is not: the failed compiler wrote to it. */
    write_file("a.c", "text");
    expect_built("as at first", "-O2", 3, "text");
}

static void test_build_file__does_not_remember_a_compiler_that_hangs(void **state)
{
    (void)state;
    write_file("a.c", "hang");
    const char *const argv[] = {cc, at_root("a.c")};
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(build_file(&arena, output, argv, 2, cache, 500).end, PROC_TIMED_OUT);
        assert_int_equal(n_runs(), i);
    }
}

static void test_build_file__says_that_there_is_no_compiler(void **state)
{
    (void)state;
    const char *const argv[] = {"abiproof-no-such-cc", at_root("a.c")};
    struct proc_result result = build_file(&arena, output, argv, 2, cache, LONG_MS);
    assert_int_equal(result.end, PROC_NOT_STARTED);
}

static void test_build_lock__makes_another_process_wait(void **state)
{
    (void)state;
    const char *folder = at_root("build/deep");
    int lock = build_lock(&arena, folder), ends[2];
    assert_true(lock >= 0);
    assert_int_equal(pipe(ends), 0);
    alarm(60); /* else it would not fail but never end */
    pid_t child = fork();
    if (child == 0) {
        close(lock); /* it is ours as well, by fork */
        struct arena own = {NULL};
        int second = build_lock(&own, folder);
        _exit(second >= 0 && write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    close(ends[1]);
    struct timespec a_while = {0, 100 * 1000 * 1000};
    nanosleep(&a_while, NULL);
    int status = 0;
    assert_int_equal(waitpid(child, &status, WNOHANG), 0); /* it waits */
    build_unlock(lock);
    char byte = 0;
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    alarm(0);
    assert_int_equal(status, 0);
    close(ends[0]);
}

static void test_build_lock__fails_when_the_folder_cannot_be_made(void **state)
{
    (void)state;
    write_file("file", "");
    assert_int_equal(build_lock(&arena, at_root("file/build")), -1);
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_build_file__runs_the_compiler_once_when_nothing_changes),
        TEST(test_build_file__looks_at_contents_and_not_at_dates),
        TEST(test_build_file__runs_the_compiler_again_when_something_changed),
        TEST(test_build_file__knows_a_compiler_by_its_contents_and_not_by_its_date),
        TEST(test_build_file__makes_again_what_is_not_what_it_made),
        TEST(test_build_cache__makes_each_output_once_in_a_fresh_run),
        TEST(test_build_file__links_anew_when_a_library_that_the_linker_read_changed),
        TEST(test_build_output__runs_again_when_anything_changed),
        TEST(test_build_cache__sees_a_header_once_and_what_is_named_each_time),
        TEST(test_build_cache__sees_a_compiler_once),
        TEST(test_build_file__runs_the_compiler_again_when_something_is_gone),
        TEST(test_build_file__takes_arguments_apart),
        TEST(test_build_file__remembers_each_output_apart),
        TEST(test_build_file__does_not_remember_a_failure),
        TEST(test_build_file__forgets_the_old_output_when_a_later_build_fails),
        TEST(test_build_file__does_not_remember_a_compiler_that_hangs),
        TEST(test_build_file__says_that_there_is_no_compiler),
        TEST(test_build_lock__makes_another_process_wait),
        TEST(test_build_lock__fails_when_the_folder_cannot_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
