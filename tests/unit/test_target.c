/* Tests of target.c: the table, and what this machine has of each target. */
#include "fixture.h"

#include <sys/stat.h>
#include <sys/utsname.h>

/* A table of one target, whose lines 3 to 12 are these; more may follow. */
#define TARGET(name, headers, cc)                                                                  \
    "machines: [{name: m, elf: [1]}, {name: sparc64, elf: [43]}]\n"                                \
    "targets:\n"                                                                                   \
    "  - name: " name "\n"                                                                         \
    "    os: linux\n"                                                                              \
    "    triple: t\n"                                                                              \
    "    when: w\n"                                                                                \
    "    bits: 64\n"                                                                               \
    "    endian: little\n"                                                                         \
    "    machine: m\n"                                                                             \
    "    headers: " headers "\n"                                                                   \
    "    cc: " cc "\n"                                                                             \
    "    link: -shared  -x\n"

static struct target *load(const char *table)
{
    static struct targets targets;
    write_file("gen/targets.yaml", table);
    if (!targets_load(&targets, &arena, root, &diag))
        fail_msg("expected the table to be read, got: %s", str_text(&diag.text));
    assert_int_equal(targets.n, 1);
    return &targets.items[0];
}

static void make_program(const char *path)
{
    assert_int_equal(chmod(write_file(path, "#!/bin/sh\n"), 0755), 0);
}

static void test_targets_load__reads_the_committed_table(void **state)
{
    (void)state;
    struct targets targets;
    if (!targets_load(&targets, &arena, "", &diag))
        fail_msg("%s", str_text(&diag.text));
    assert_true(targets.n >= 4);
    for (unsigned i = 0; i < targets.n; i++) {
        const struct target *target = &targets.items[i];
        const char *dash = strrchr(target->name, '-');
        assert_non_null(dash);
        assert_string_equal(dash + 1, target->os);
        assert_true(target->bits == 32 || target->bits == 64);
        assert_true(strcmp(target->endian, "little") == 0 || strcmp(target->endian, "big") == 0);
        assert_non_null(target->label);
        assert_ptr_equal(targets_find(&targets, target->name), target);
        if (strcmp(target->os, "linux") == 0) {
            assert_non_null(target->syscall);
            assert_true(target->syscall->n_args == 6 || target->syscall->block != NULL);
            assert_true(target->sigset > 0);
        }
    }
    assert_null(targets_find(&targets, "x86_64"));
}

static void test_targets_load__reports_file_line_and_key_when_the_table_is_bad(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        const char *expected;
    } rows[] = {
        {"unknown key", TARGET("a-linux", "[/]", "[cc]") "    emulater: qemu\n",
         "$gen/targets.yaml:13:5: error: unknown key 'emulater' of an item of 'targets' (perhaps "
         "'emulator')\n"},
        {"missing key", "machines: [{name: m, elf: [1]}]\ntargets:\n  - name: a-linux\n",
         "$gen/targets.yaml:3:5: error: missing keys 'os', 'triple', 'when', 'bits', 'endian', "
         "'headers' and 'cc' of an item of 'targets'\n"},
        {"wrong type of headers", TARGET("a-linux", "/usr/include", "[cc]"),
         "$gen/targets.yaml:10:14: error: bad value of 'headers', expected a list, got "
         "'/usr/include'; write [/usr/include]\n"},
        {"a convention without a result",
         TARGET("a-linux", "[/]",
                "[cc]") "    syscall: {source: s, instruction: i, number: n, args: [a, b]}\n",
         "$gen/targets.yaml:13:14: error: missing keys 'result' and 'clobbers' of 'syscall'\n"},
        {"no machines", "targets: [{name: a-linux}]\n",
         "$gen/targets.yaml:1:11: error: missing keys 'os', 'triple', 'when', 'bits', 'endian', "
         "'headers' and 'cc' of an item of 'targets'\n"
         "$gen/targets.yaml:1:1: error: missing key 'machines' of the file, expected a list, each "
         "item a mapping with 'name' and 'elf'\n"},
        {"not YAML", "targets: [\n",
         "$gen/targets.yaml:2:1: error: bad YAML: did not find expected node content while parsing "
         "a flow node\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct targets targets = {.n = 0};
        write_file("gen/targets.yaml", rows[i].text);
        if (targets_load(&targets, &arena, root, &diag))
            fail_msg("%s: expected the table to be refused", rows[i].label);
        expect_messages(rows[i].label, rows[i].expected);
    }
}

/* What no schema says: each message has the line of the row, the key, what is expected and what is
 * there. */
static void test_targets_load__reports_a_row_that_means_nothing(void **state)
{
    (void)state;
#define HERE "$gen/targets.yaml:3:5: error: target 'a-linux': "
    static const struct {
        const char *label;
        const char *from, *to; /* in the table */
        const char *expected;
    } rows[] = {
        {"an unknown machine", "machine: m", "machine: sparc46",
         HERE
         "bad 'machine', expected a name of the list 'machines', got 'sparc46' (perhaps 'sparc64')\n"},
        {"a machine that its name does not tell", "    machine: m\n", "",
         HERE "bad 'machine', expected a name of the list 'machines', got 'a'\n"},
        {"a width of no file", "bits: 64", "bits: 16",
         HERE "bad 'bits', expected 32 or 64, got 16\n"},
        {"an order of no file", "endian: little", "endian: Big",
         HERE "bad 'endian', expected little or big, got 'Big'\n"},
        {"flags of every file", "machine: m", "machine: m\n    e_flags: {mask: 0, value: 0}",
         HERE "bad 'e_flags', expected a 'mask' that is not 0 and a 'value' of bits that the mask "
              "has, got mask 0x0, value 0x0\n"},
        {"flags of no file", "machine: m", "machine: m\n    e_flags: {mask: 0x10, value: 0x30}",
         HERE "bad 'e_flags', expected a 'mask' that is not 0 and a 'value' of bits that the mask "
              "has, got mask 0x10, value 0x30\n"},
        {"a machine twice", "elf: [1]}", "elf: [1]}, {name: m, elf: [2]}",
         "$gen/targets.yaml:1:33: error: machine 'm' is there twice\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static const char table[] = TARGET("a-linux", "[/]", "[cc]");
        struct targets targets = {.n = 0};
        const char *at = strstr(table, rows[i].from);
        assert_non_null(at);
        write_file("gen/targets.yaml", arena_printf(&arena, "%.*s%s%s", (int)(at - table), table,
                                                    rows[i].to, at + strlen(rows[i].from)));
        if (targets_load(&targets, &arena, root, &diag))
            fail_msg("%s: expected the table to be refused", rows[i].label);
        expect_messages(rows[i].label, rows[i].expected);
    }
}

static void test_targets_load__knows_machines_by_name_and_number(void **state)
{
    (void)state;
    static struct targets targets;
    write_file(
        "gen/targets.yaml",
        "machines:\n"
        "  - {name: a, elf: [0x9026, 7], macho: 0x0100000c}\n"
        "  - {name: narrow-a, elf: [7], macho: 0x0200000c}\n"
        "targets:\n"
        "  - {name: a-linux, os: linux, triple: t, when: w, bits: 64, endian: big, headers: [/],"
        " cc: [x]}\n");
    if (!targets_load(&targets, &arena, root, &diag))
        fail_msg("%s", str_text(&diag.text));
    const struct machine *a = machine_named(&targets.machines, "a");
    assert_non_null(a);
    assert_ptr_equal(targets.items[0].machine, a); /* by the name of the target */
    assert_ptr_equal(machine_of_elf(&targets.machines, 0x9026), a);
    assert_ptr_equal(machine_of_elf(&targets.machines, 7), a); /* the first that has it */
    assert_ptr_equal(machine_of_macho(&targets.machines, 0x0100000c), a);
    assert_string_equal(machine_of_macho(&targets.machines, 0x0200000c)->name, "narrow-a");
    assert_null(machine_named(&targets.machines, "b"));
    assert_null(machine_of_elf(&targets.machines, 8));
    assert_null(machine_of_macho(&targets.machines, 0));
    assert_null(machine_of_elf(NULL, 7));
}

static void test_targets_load__takes_the_gnu_triple_from_the_compiler(void **state)
{
    (void)state;
    static const struct {
        const char *cc, *expected;
    } rows[] = {
        {"[a-b-gnu-gcc]", "a-b-gnu"},
        {"[a64-b-gnu-gcc -mabi=32]", "a64-b-gnu"},
        {"[clang --target=x, a-b-gnu-gcc, c-d-gcc]", "a-b-gnu"},
        {"[clang --target=x-gcc]", NULL},
        {"[gcc]", NULL},
        {"[-gcc]", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct target *target =
            load(arena_printf(&arena, TARGET("a-linux", "[/]", "%s"), rows[i].cc));
        expect_text(rows[i].cc, rows[i].expected != NULL ? rows[i].expected : "none",
                    target->gnu != NULL ? target->gnu : "none");
    }
}

static void test_targets_load__fails_when_there_is_no_table(void **state)
{
    (void)state;
    struct targets targets = {.n = 0};
    assert_false(targets_load(&targets, &arena, root, &diag));
    expect_messages("no table",
                    "$gen/targets.yaml: error: cannot read: No such file or directory\n");
}

static void test_targets_load__takes_the_first_header_set_that_is_whole(void **state)
{
    (void)state;
    setenv("ABIPROOF_TEST_SDK", at_root("sdk"), 1);
    setenv("ABIPROOF_TEST_EMPTY", "", 1);
    unsetenv("ABIPROOF_TEST_UNSET");
    write_file("sdk/usr/include/a.h", "");
    write_file("one/a.h", "");
    write_file("two/a.h", "");
    write_file("file", "");
    static const struct {
        const char *label;
        const char *headers;
        const char *expected; /* paths below the root, each with a space before it */
    } rows[] = {
        {"relative to the root", "[one]", " one"},
        {"a search path of two", "[\"one:two\"]", " one two"},
        {"half of the first is there", "[\"one:none\", two]", " two"},
        {"the first that is there", "[none, two, one]", " two"},
        {"a file is no folder", "[file, one]", " one"},
        {"a variable", "[$ABIPROOF_TEST_SDK/usr/include]", " sdk/usr/include"},
        {"a variable alone", "[$ABIPROOF_TEST_SDK]", " sdk"},
        {"an unset variable", "[$ABIPROOF_TEST_UNSET/usr, one]", " one"},
        {"an empty variable", "[$ABIPROOF_TEST_EMPTY/usr, one]", " one"},
        {"none is there", "[none, $ABIPROOF_TEST_UNSET]", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str got = {.arena = &arena};
        struct target *target =
            load(arena_printf(&arena, TARGET("a-linux", "%s", "[cc]"), rows[i].headers));
        for (unsigned k = 0; k < target->n_include; k++) {
            assert_true(str_starts(target->include[k], root));
            str_addf(&got, " %s", target->include[k] + strlen(root));
        }
        if (rows[i].expected == NULL && target->include == NULL)
            continue;
        expect_text(rows[i].label, rows[i].expected != NULL ? rows[i].expected : "",
                    str_text(&got));
        assert_non_null(rows[i].expected);
    }
}

static void test_targets_load__keeps_an_absolute_header_path(void **state)
{
    (void)state;
    struct target *target = load(TARGET("a-linux", "[/usr]", "[cc]"));
    assert_int_equal(target->n_include, 1);
    assert_string_equal(target->include[0], "/usr");
}

static void test_targets_load__finds_the_newer_headers_beside_the_own_ones(void **state)
{
    (void)state;
    write_file("own/a.h", "");
    write_file("new/a.h", "");
    struct target *target =
        load(TARGET("a-linux", "[own]", "[cc]") "    newer: [\"new:none\", new]\n");
    const struct target *newer = target->with_newer;
    assert_string_equal(target->include[0], at_root("own"));
    assert_ptr_equal(target->own, target);
    assert_non_null(newer);
    assert_ptr_equal(newer->own, target);
    assert_int_equal(newer->n_include, 1);
    assert_string_equal(newer->include[0], at_root("new"));
    assert_string_equal(newer->headers[0], "new:none");
    assert_string_equal(newer->name, "a-linux");

    target = load(TARGET("a-linux", "[own]", "[cc]") "    newer: [none]\n");
    assert_non_null(target->with_newer);
    assert_null(target->with_newer->include);
    assert_int_equal(target->with_newer->n_include, 0);

    target = load(TARGET("a-linux", "[own]", "[cc]"));
    assert_null(target->with_newer);
}

static void test_targets_load__takes_the_first_compiler_found_with_its_words(void **state)
{
    (void)state;
    make_program("bin/my-cc");
    const char *cc = at_root("bin/my-cc");
    struct target *target = load(
        arena_printf(&arena, TARGET("a-linux", "[/]", "[no-such-cc-1 -m32, %s  --target=a]"), cc));
    assert_int_equal(target->n_compiler, 2);
    assert_string_equal(target->compiler[0], cc);
    assert_string_equal(target->compiler[1], "--target=a");

    target = load(TARGET("a-linux", "[/]", "[no-such-cc-1, no-such-cc-2]"));
    assert_null(target->compiler);
    assert_int_equal(target->n_compiler, 0);
}

static void test_targets_load__splits_the_words_for_the_linker_and_finds_its_libraries(void **state)
{
    (void)state;
    write_file("lib/a", "");
    struct target *target = load(TARGET("a-linux", "[/]", "[cc]") "    libraries: [none, lib]\n");
    assert_int_equal(target->n_link_words, 2);
    assert_string_equal(target->link_words[0], "-shared");
    assert_string_equal(target->link_words[1], "-x");
    assert_int_equal(target->n_library_path, 1);
    assert_string_equal(target->library_path[0], at_root("lib"));

    target = load(TARGET("a-linux", "[/]", "[cc]"));
    assert_int_equal(target->n_library_path, 0);
}

static void test_targets_load__finds_what_runs_the_programs(void **state)
{
    (void)state;
    struct utsname machine;
    assert_int_equal(uname(&machine), 0);
    make_program("bin/qemu-a");
    const char *emulator = at_root("bin/qemu-a");
    const struct {
        const char *label;
        const char *name;
        const char *emulator; /* NULL: the key is missing */
        const char *expected;
    } rows[] = {
        {"an emulator", "a-linux", emulator, emulator},
        {"no such emulator", "a-linux", "no-such-qemu", NULL},
        {"no emulator in the table", "a-linux", NULL, NULL},
        {"this machine", arena_printf(&arena, "%s-linux", machine.machine), "no-such-qemu", ""},
        {"this machine, another system", arena_printf(&arena, "%s-macos", machine.machine),
         emulator, emulator},
        {"this machine is only the start of the name",
         arena_printf(&arena, "%s_be-linux", machine.machine), emulator, emulator},
        {"this machine, but no run tier", arena_printf(&arena, "%s-linux", machine.machine), NULL,
         NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *more = rows[i].emulator == NULL
                               ? ""
                               : arena_printf(&arena, "    emulator: %s\n", rows[i].emulator);
        struct target *target =
            load(arena_printf(&arena, TARGET("%s", "[/]", "[cc]") "%s", rows[i].name, more));
        if ((target->runner == NULL) != (rows[i].expected == NULL))
            fail_msg("%s: expected runner '%s', got '%s'", rows[i].label,
                     rows[i].expected ? rows[i].expected : "none",
                     target->runner ? target->runner : "none");
        if (target->runner != NULL)
            expect_text(rows[i].label, rows[i].expected, target->runner);
        assert_int_equal(target_promised_tier(target),
                         rows[i].emulator != NULL ? TIER_RUN : TIER_COMPILED);
    }
}

/* A table of one kernel, and the target that boots it. */
#define KERNEL(more)                                                                               \
    "kernels:\n"                                                                                   \
    "  - name: k\n"                                                                                \
    "    architecture: all\n"                                                                      \
    "    packages: [p]\n" more "    machine: %s -M x\n"                                            \
    "    console: c\n" TARGET("a-linux", "[/]", "[cc]") "    boot: [k]\n"

static void test_targets_load__says_what_brings_a_kernel_that_is_not_there(void **state)
{
    (void)state;
    make_program("bin/qemu-system-a");
    const char *emulator = at_root("bin/qemu-system-a");
    struct target *target = load(arena_printf(&arena, KERNEL("    releases: [r, s]\n"), emulator));
    assert_int_equal(target->kernel->n_releases, 2);
    assert_string_equal(target->kernel->releases[1], "s");
    assert_null(target->kernel->build);
    expect_text("fetched", "kernel 'k' not found; ci/fetch-kernels brings it",
                target->kernel->unavailable);

    target =
        load(arena_printf(&arena, KERNEL("    build: ARCH=a CROSS_COMPILE= vmlinux\n"), emulator));
    assert_int_equal(target->kernel->n_releases, 0);
    expect_text("built", "kernel 'k' not found; ci/fetch-kernels --build brings it",
                target->kernel->unavailable);

    write_file("build/kernels/k/vmlinuz", "an image");
    write_file("build/kernels/k/package", "p 1.0\nsum\nrecipe\n");
    target = load(arena_printf(&arena, KERNEL(""), emulator));
    assert_null(target->kernel->unavailable);
    assert_string_equal(target->kernel->package, "p 1.0");
    target = load(arena_printf(&arena, KERNEL(""), "no-such-qemu"));
    expect_text("no emulator", "emulator 'no-such-qemu' not found", target->kernel->unavailable);
}

/* A table of one kernel that is for the only target. */
#define OWN_KERNEL(more)                                                                           \
    "kernels:\n"                                                                                   \
    "  - name: a-linux\n"                                                                          \
    "    packages: [p]\n"                                                                          \
    "    machine: qemu\n"                                                                          \
    "    console: c\n" more TARGET("a-linux", "[/]", "[x-y-gcc]")

static void test_targets_load__takes_what_a_kernel_lacks_from_its_target(void **state)
{
    (void)state;
    static struct targets targets;
    static const struct {
        const char *label, *table, *architecture, *build;
    } rows[] = {
        {"a package of the architecture", OWN_KERNEL("") "    debian: b\n", "b", NULL},
        {"another architecture", OWN_KERNEL("    architecture: c\n") "    debian: b\n", "c", NULL},
        {"a source", OWN_KERNEL("    build: ARCH=a vmlinux\n"), "all",
         "ARCH=a CROSS_COMPILE=x-y- vmlinux"},
        {"a source, one word", OWN_KERNEL("    build: vmlinux\n"), "all",
         "CROSS_COMPILE=x-y- vmlinux"},
        {"another compiler", OWN_KERNEL("    build: CROSS_COMPILE=z- vmlinux\n"), "all",
         "CROSS_COMPILE=z- vmlinux"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("gen/targets.yaml", rows[i].table);
        if (!targets_load(&targets, &arena, root, &diag))
            fail_msg("%s: %s", rows[i].label, str_text(&diag.text));
        assert_string_equal(targets.kernels[0].architecture, rows[i].architecture);
        if (rows[i].build == NULL)
            assert_null(targets.kernels[0].build);
        else
            expect_text(rows[i].label, rows[i].build, targets.kernels[0].build);
    }
}

static void test_targets_load__reports_a_kernel_whose_target_lacks_it_too(void **state)
{
    (void)state;
    struct targets targets = {.n = 0};
    write_file("gen/targets.yaml", OWN_KERNEL(""));
    assert_false(targets_load(&targets, &arena, root, &diag));
    expect_messages(
        "no architecture",
        "$gen/targets.yaml:2:5: error: kernel 'a-linux': missing key 'architecture': no "
        "target of this name has 'debian'\n");
    write_file("gen/targets.yaml",
               arena_printf(&arena, KERNEL("    build: ARCH=a vmlinux\n"), "qemu"));
    assert_false(targets_load(&targets, &arena, root, &diag));
    expect_messages(
        "no compiler",
        "$gen/targets.yaml:2:5: error: kernel 'k': 'build' has no CROSS_COMPILE=, and no "
        "target of this name has a <triple>-gcc among 'cc'\n");
}

static void test_targets_load__fills_in_what_the_table_leaves_out(void **state)
{
    (void)state;
    struct target *target = load(TARGET("a-linux", "[/]", "[cc]"));
    assert_string_equal(target->label, "");
    assert_int_equal(target->sigset, 0);
    assert_null(target->syscall);
    target = load(TARGET("a-linux", "[/]", "[cc]") "    label: _\n    sigset: 16\n");
    assert_string_equal(target->label, "_");
    assert_int_equal(target->sigset, 16);
}

static void test_tier__has_a_name_that_reads_back(void **state)
{
    (void)state;
    static const char *const names[N_TIERS] = {"none", "read", "compiled", "run", "booted"};
    for (int tier = 0; tier < N_TIERS; tier++) {
        assert_string_equal(tier_name((enum tier)tier), names[tier]);
        assert_int_equal(tier_of(names[tier]), tier);
    }
    assert_int_equal(tier_of("proved"), TIER_NONE);
    assert_int_equal(tier_of(""), TIER_NONE);
    assert_true(TIER_READ < TIER_COMPILED && TIER_COMPILED < TIER_RUN && TIER_RUN < TIER_BOOTED);
}

static void test_target_macro__is_the_name_in_capitals(void **state)
{
    (void)state;
    struct target target = {.name = "aarch64_be-linux"};
    assert_string_equal(target_macro(&arena, &target), "RAW_TARGET_AARCH64_BE_LINUX");
    assert_string_equal(target.name, "aarch64_be-linux");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_targets_load__reads_the_committed_table),
        TEST(test_targets_load__reports_file_line_and_key_when_the_table_is_bad),
        TEST(test_targets_load__reports_a_row_that_means_nothing),
        TEST(test_targets_load__knows_machines_by_name_and_number),
        TEST(test_targets_load__takes_the_gnu_triple_from_the_compiler),
        TEST(test_targets_load__fails_when_there_is_no_table),
        TEST(test_targets_load__takes_the_first_header_set_that_is_whole),
        TEST(test_targets_load__keeps_an_absolute_header_path),
        TEST(test_targets_load__finds_the_newer_headers_beside_the_own_ones),
        TEST(test_targets_load__takes_the_first_compiler_found_with_its_words),
        TEST(test_targets_load__splits_the_words_for_the_linker_and_finds_its_libraries),
        TEST(test_targets_load__finds_what_runs_the_programs),
        TEST(test_targets_load__says_what_brings_a_kernel_that_is_not_there),
        TEST(test_targets_load__takes_what_a_kernel_lacks_from_its_target),
        TEST(test_targets_load__reports_a_kernel_whose_target_lacks_it_too),
        TEST(test_targets_load__fills_in_what_the_table_leaves_out),
        TEST(test_tier__has_a_name_that_reads_back),
        TEST(test_target_macro__is_the_name_in_capitals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
