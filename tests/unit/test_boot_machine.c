/* Tests of boot_machine.c. The programs that go into the machine are built by the compiler of this
 * machine. The machine is a script of the test: a real program that prints what a console would, ends
 * or does not, and keeps count of how often it was switched on. */
#include "fixture.h"

#include <sys/stat.h>

#include "witness/boot_machine.h"

static struct targets table;
static struct target target;
static struct kernel kernel;
static struct specs specs;
static struct workspace workspace;
static struct boots boots;

#define COUNT   "echo 1 >> \"$0.count\"\n"
#define CONSOLE "echo '# boot begin'; echo '# kernel Linux 6.1'; echo '# boot end'\n"

static void make_emulator(const char *script)
{
    const char *path = write_file("emulator", arena_printf(&arena, "#!/bin/sh\n%s", script));

    assert_int_equal(chmod(path, 0755), 0);
}

/* The target of this machine with a kernel of the test; without a compiler there is nothing to
 * test. */
static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    specs = (struct specs){NULL, 0};
    if (!targets_load(&table, &arena, "", &diag) ||
        !specs_load(&specs, &arena, "", (const char *const[]){"eventfd", "memfd"}, 2, &diag))
        fail_msg("%s", str_text(&diag.text));
    target = *targets_find(&table, "x86_64-linux");
    target.own = &target;
    target.kernel = &kernel;
    const char **emulator = arena_alloc(&arena, 3 * sizeof *emulator);
    emulator[0] = at_root("emulator");
    emulator[1] = "-M";
    emulator[2] = "toy";
    kernel = (struct kernel){.name = "toy",
                             .image = write_file("vmlinuz", "a kernel"),
                             .emulator = emulator,
                             .n_emulator = 3,
                             .console = "ttyS0"};
    workspace = (struct workspace){.root = "",
                                   .bindings = "bindings/c",
                                   .build = at_root("build"),
                                   .boot = at_root("boot"),
                                   .timeout_ms = 60000};
    make_emulator(COUNT CONSOLE);
    return 0;
}

static int teardown(void **state)
{
    boots_release(&boots);
    boots = (struct boots){NULL, 0};
    return fixture_teardown(state);
}

/* Boots the first n_specs of the specs on the target. */
static struct boot *boot(size_t n_specs)
{
    struct boot_request *requests = arena_alloc(&arena, n_specs * sizeof *requests);

    if (target.compiler == NULL)
        skip();
    boots_release(&boots);
    boots = (struct boots){NULL, 0};
    for (size_t i = 0; i < n_specs; i++)
        requests[i] = (struct boot_request){specs.items[i], &target};
    boots_run(&boots, &arena, requests, n_specs, &workspace, 1);
    return boots_find(&boots, &target);
}

static size_t times_switched_on(void)
{
    size_t n_bytes = 0;

    (void)out_read(&arena, at_root("emulator.count"), &n_bytes);
    return n_bytes / strlen("1\n");
}

static void expect_well(const char *label, const struct boot *it)
{
    if (it == NULL || it->unavailable != NULL || it->kind != NULL || !it->serial.has_ended)
        fail_msg("%s: expected it to boot, got: %s", label,
                 it == NULL                ? "nothing"
                 : it->unavailable != NULL ? it->unavailable
                 : it->fault != NULL       ? it->fault
                                           : "no end");
}

static bool initramfs_holds(const char *bytes, size_t n_bytes)
{
    size_t n;
    const char *archive = out_read(&arena, at_root("boot/x86_64-linux/initramfs"), &n);

    return archive != NULL && memmem(archive, n, bytes, n_bytes) != NULL;
}

static bool initramfs_has(const char *text)
{
    return initramfs_holds(text, strlen(text));
}

static void test_boots_run__is_one_boot_for_all_specs_of_a_target(void **state)
{
    (void)state;
    const struct boot *it = boot(2);
    expect_well("two specs", it);
    assert_int_equal(boots.n, 1);
    assert_int_equal(it->n_parts, 2);
    assert_int_equal(times_switched_on(), 1);
    assert_string_equal(it->serial.kernel, "Linux 6.1");
    assert_null(it->when);
    /* The list that init reads: a bound in seconds, and every program that was built. */
    const char *list = arena_printf(&arena, "60\neventfd/%s\n", specs.items[0]->sources[0].name);
    assert_true(initramfs_has(list));
    assert_true(initramfs_has("\neventfd/binding\n"));
    assert_true(initramfs_has("\neventfd/behave\n"));
    assert_true(initramfs_has("\nmemfd/binding\n"));
    size_t n_bytes;
    const char *program = out_read(&arena, at_root("build/x86_64-linux/eventfd/binding"), &n_bytes);
    assert_non_null(program);
    assert_true(initramfs_holds(program, n_bytes));
    for (int kind = 0; kind < N_PROGRAM_KINDS; kind++)
        assert_int_equal(it->parts[0].broken[kind].n, 0);
}

static void test_boots_run__takes_an_earlier_result_while_nothing_has_changed(void **state)
{
    (void)state;
    expect_well("first", boot(1));
    const struct boot *it = boot(1);
    expect_well("again", it);
    assert_int_equal(times_switched_on(), 1);
    assert_non_null(it->when);
    assert_int_equal(strlen(it->when), strlen("2025-06-01T12:00:00Z"));
    assert_string_equal(it->serial.kernel, "Linux 6.1");
}

static void test_boots_run__boots_again_after_any_change(void **state)
{
    (void)state;
    size_t expected = 1;
    expect_well("first", boot(1));
    write_file("vmlinuz", "another kernel");
    expect_well("kernel", boot(1));
    assert_int_equal(times_switched_on(), ++expected);
    make_emulator(COUNT CONSOLE "# longer\n");
    expect_well("emulator", boot(1));
    assert_int_equal(times_switched_on(), ++expected);
    kernel.console = "ttyS1";
    expect_well("its arguments", boot(1));
    assert_int_equal(times_switched_on(), ++expected);
    expect_well("programs", boot(2));
    assert_int_equal(times_switched_on(), ++expected);
    workspace.timeout_ms += 1000; /* stands in the list of programs */
    expect_well("bound", boot(2));
    assert_int_equal(times_switched_on(), ++expected);
    expect_well("nothing", boot(2));
    assert_int_equal(times_switched_on(), expected);
}

static void test_boots_run__takes_no_earlier_result_that_is_damaged(void **state)
{
    (void)state;
    expect_well("first", boot(1));
    write_file("boot/x86_64-linux/console", "# boot begin\n# boot en");
    expect_well("cut console", boot(1));
    assert_int_equal(times_switched_on(), 2);
    const char *key = out_read(&arena, at_root("boot/x86_64-linux/key"), NULL);
    write_file("boot/x86_64-linux/key", strchr(key, '\n') + 1);
    expect_well("key without its day", boot(1));
    assert_int_equal(times_switched_on(), 3);
    assert_int_equal(unlink(at_root("boot/x86_64-linux/console")), 0);
    expect_well("no console", boot(1));
    assert_int_equal(times_switched_on(), 4);
}

static void test_boots_run__keeps_no_boot_that_went_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *script;
        const char *expected; /* of the fault */
    } rows[] = {
        {"panic", "echo 'Kernel panic - not syncing: no init'\n",
         "exit code 0; no output of init; last line: Kernel panic - not syncing: no init"},
        {"no word", "exit 3\n", "exit code 3; no output of init; last line: none"},
        {"emulator's message", "echo 'no such machine' >&2; exit 1\n",
         "exit code 1; no output of init; last line: no such machine"},
        {"init was cut off", "echo '# boot begin'; echo '# begin eventfd/binding'\n",
         "init began and did not end"},
        {"killed", "kill -9 $$\n", "killed by signal 9"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make_emulator(arena_printf(&arena, "# %zu\n" COUNT "%s", i, rows[i].script));
        for (int k = 0; k < 2; k++) {
            const struct boot *it = boot(1);
            assert_null(it->unavailable);
            if (it->kind == NULL || strcmp(it->kind, "boot-failed") != 0)
                fail_msg("%s: expected boot-failed, got %s", rows[i].label,
                         it->kind != NULL ? it->kind : "nothing");
            expect_part(rows[i].label, rows[i].expected, it->fault);
        }
        assert_int_equal(times_switched_on(), 2 * (i + 1));
    }
}

static void test_boots_run__ends_a_machine_that_hangs_and_one_that_is_done(void **state)
{
    (void)state;
    make_emulator(COUNT CONSOLE "sleep 1000\n"); /* never off, as some machines */
    expect_well("done", boot(1));
    assert_true(boots.items[0].wall_ms < 30000);
    make_emulator(COUNT "echo '# boot begin'\nsleep 1000\n");
    workspace.timeout_ms = 100; /* programs are built by now */
    const struct boot *it = boot(1);
    assert_string_equal(it->kind, "boot-hung");
    expect_part("what it was", "init began and did not end; last line: # boot begin", it->fault);
}

static void test_boots_run__is_unavailable_without_kernel_or_compiler(void **state)
{
    (void)state;
    kernel.unavailable = "no kernel here";
    const struct boot *it = boot(1);
    assert_string_equal(it->unavailable, "no kernel here");
    kernel.unavailable = NULL;
    boots_release(&boots);
    boots = (struct boots){NULL, 0};
    target.compiler = NULL;
    boots_run(&boots, &arena, &(struct boot_request){specs.items[0], &target}, 1, &workspace, 1);
    expect_part("compiler", "' not found", boots_find(&boots, &target)->unavailable);
    boots_release(&boots);
    boots = (struct boots){NULL, 0};
    target.kernel = NULL;
    boots_run(&boots, &arena, &(struct boot_request){specs.items[0], &target}, 1, &workspace, 1);
    assert_null(boots_find(&boots, &target));
    assert_int_equal(times_switched_on(), 0);
}

static void test_boots_run__leaves_out_what_does_not_build_and_boots_the_rest(void **state)
{
    (void)state;
    write_file("bindings/eventfd.h", "#error a broken binding\n");
    write_file("bindings/raw.h", out_read(&arena, "bindings/c/raw.h", NULL));
    write_file("bindings/memfd.h", out_read(&arena, "bindings/c/memfd.h", NULL));
    workspace.bindings = at_root("bindings");
    const struct boot *it = boot(2);
    expect_well("the rest", it);
    assert_int_equal(it->parts[0].broken[PROGRAM_BINDING].n, 1);
    expect_part("why", "a broken binding", it->parts[0].broken[PROGRAM_BINDING].items[0].text);
    assert_int_equal(it->parts[0].broken[PROGRAM_SYSTEM].n, 0);
    assert_int_equal(it->parts[1].broken[PROGRAM_BINDING].n, 0);
    assert_false(initramfs_has("\neventfd/binding\n"));
    assert_true(initramfs_has("\nmemfd/binding\n"));
}

static void test_boot_argv__boots_with_nothing_but_a_console(void **state)
{
    (void)state;
    const char **argv = boot_argv(&arena, &kernel, "initramfs");
    struct str text = {.arena = &arena};
    for (size_t i = 0; argv[i] != NULL; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", argv[i]);
    expect_text("command",
                arena_printf(&arena,
                             "%s -M toy -accel tcg -smp 1 -nodefaults -no-user-config -nographic "
                             "-no-reboot -serial stdio -monitor none -kernel %s -initrd initramfs "
                             "-append console=ttyS0 quiet panic=-1",
                             at_root("emulator"), at_root("vmlinuz")),
                str_text(&text));
    assert_string_equal(boot_name(&arena, specs.items[0], "binding"), "eventfd/binding");
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_boots_run__is_one_boot_for_all_specs_of_a_target),
        TEST(test_boots_run__takes_an_earlier_result_while_nothing_has_changed),
        TEST(test_boots_run__boots_again_after_any_change),
        TEST(test_boots_run__takes_no_earlier_result_that_is_damaged),
        TEST(test_boots_run__keeps_no_boot_that_went_wrong),
        TEST(test_boots_run__ends_a_machine_that_hangs_and_one_that_is_done),
        TEST(test_boots_run__is_unavailable_without_kernel_or_compiler),
        TEST(test_boots_run__leaves_out_what_does_not_build_and_boots_the_rest),
        TEST(test_boot_argv__boots_with_nothing_but_a_console),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
