/* Tests of bindings/c/raw.h: raw system calls of every machine, by a program that makes them.
 *
 * In: raw_calls.c, compiled and linked with libc for each target of the table whose compiler and
 * emulator are here. Out: what it prints. libc of that machine and the kernel, or the emulator's
 * kernel, say what is right.
 *
 * Design: a test program that calls raw.h itself would prove this machine alone; one program for
 * every machine has its own main and reports by lines.
 */
#include "objects.h"

/* Compiles a C file of this repository or of the folder into `program`; the compiler's errors, NULL
 * if there are none. Without the table's flags, which are for programs without libc. */
static const char *compile(const struct target *target, const char *source, const char *program)
{
    const char **argv = NULL;
    size_t n = 0;
    static const char *const flags[] = {"-O2",           "-Wall",   "-Wextra", "-Werror",
                                        "-D_GNU_SOURCE", "-static", "-iquote", "bindings/c"};

    for (unsigned i = 0; i < target->n_compiler; i++)
        ARENA_PUSH(&arena, argv, n, target->compiler[i]);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        ARENA_PUSH(&arena, argv, n, flags[i]);
    ARENA_PUSH(&arena, argv, n, source);
    ARENA_PUSH(&arena, argv, n, "-o");
    ARENA_PUSH(&arena, argv, n, arena_printf(&arena, "%s/%s", folder, program));
    ARENA_PUSH(&arena, argv, n, NULL);
    struct proc_result result = proc_run(&arena, argv, 60000);
    return result.end == PROC_EXITED && result.status == 0 ? NULL : result.err;
}

/* Runs a program in the folder, by the target's emulator. */
static struct proc_result run(const struct target *target, const char *program)
{
    const char *line = arena_printf(&arena, "cd %s && %s ./%s", folder, target->runner, program);

    return proc_run(&arena, (const char *const[]){"sh", "-c", line, NULL}, 20000);
}

/* Not every machine's libc is here, and not every emulator runs it: that is no fault of raw.h. */
static bool can_run(const struct target *target)
{
    if (strcmp(target->os, "linux") != 0 || target->compiler == NULL || target->runner == NULL)
        return false;
    objects_write("hello.c",
                  "#include <stdio.h>\nint main(void) { return puts(\"hello\") < 0; }\n");
    if (compile(target, arena_printf(&arena, "%s/hello.c", folder), "hello") != NULL) {
        print_message("not checked: %s: nothing links with its libc\n", target->name);
        return false;
    }
    struct proc_result hello = run(target, "hello");
    if (strcmp(hello.out, "hello\n") != 0)
        print_message("not checked: %s: %s runs no program of its libc\n", target->name,
                      target->runner);
    return strcmp(hello.out, "hello\n") == 0;
}

static void test_raw__calls_of_every_machine_do_what_libc_finds(void **state)
{
    (void)state;
    const struct targets *targets = objects_targets();
    int n_checked = 0;
    for (unsigned i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];
        if (!can_run(target))
            continue;
        const char *errors = compile(target, "tests/unit/raw_calls.c", "raw_calls");
        if (errors != NULL)
            fail_msg("%s: %s", target->name, errors);
        struct proc_result result = run(target, "raw_calls");
        if (strcmp(result.out, "ok\n") != 0)
            fail_msg("%s: %s\n%s%s", target->name, proc_describe(&arena, &result, 20000),
                     result.out, result.err);
        assert_int_equal(result.end, PROC_EXITED);
        assert_int_equal(result.status, 0);
        n_checked++;
    }
    if (n_checked == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_raw__calls_of_every_machine_do_what_libc_finds,
                                        objects_setup, objects_teardown),
    };
    return cmocka_run_group_tests_name("raw", tests, NULL, NULL);
}
