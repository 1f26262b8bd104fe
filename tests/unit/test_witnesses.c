/* Tests of witnesses.c: names and sets; and of its rows: which witness can run on what, and which
 * of them run, or are missed, unless somebody chooses. */
#include "fixture.h"

#include "witness/boot_machine.h"
#include "witness/witnesses.h"

static void test_witness_at__ends_after_the_last(void **state)
{
    (void)state;
    static const char *const names[] = {"clang",  "dwarf", "compile", "dialect", "run",
                                        "behave", "call",  "link",    "boot"};
    unsigned n = sizeof names / sizeof names[0];
    for (unsigned i = 0; i < n; i++)
        assert_string_equal(witness_at(i)->name, names[i]);
    assert_null(witness_at(n));
    assert_null(witness_at(~0U));
}

static void test_witness_at__gives_rows_that_can_be_used(void **state)
{
    (void)state;
    const struct witness *witness;
    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++) {
        assert_int_equal(witness_set(witness->name), 1U << i);
        assert_in_range(witness->tier, TIER_READ, TIER_BOOTED);
        assert_non_null(witness->collect);
    }
}

static void test_witness_set__is_empty_for_an_unknown_name(void **state)
{
    (void)state;
    static const char *const others[] = {"", "clan", "clangs", "Clang", "run ", "read", "none"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (witness_set(others[i]) != 0)
            fail_msg("'%s' is taken for %s", others[i],
                     witness_names(&arena, witness_set(others[i]), " "));
}

static void test_witness_names__lists_a_set_in_the_order_of_the_table(void **state)
{
    (void)state;
    assert_string_equal(witness_names(&arena, 0, " "), "");
    assert_string_equal(witness_names(&arena, witness_set("link"), " "), "link");
    assert_string_equal(witness_names(&arena, witness_set("boot") | witness_set("clang"), ", "),
                        "clang, boot");
    assert_string_equal(witness_names(&arena, ~0U, " "),
                        "clang dwarf compile dialect run behave call link boot");
}

/* Names of the rows that answer as `wanted`: "can", "usual", "missed". */
static const char *rows_that(const char *wanted, const struct witness_input *input)
{
    const struct witness *witness;
    unsigned set = 0;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++) {
        bool can = witness->why_not == NULL || witness->why_not(input) == NULL;
        bool is_usual = witness->is_usual == NULL || witness->is_usual(input);
        bool is_expected = witness->is_expected != NULL && witness->is_expected(input);
        if (strcmp(wanted, "can") == 0     ? can
            : strcmp(wanted, "usual") == 0 ? can && is_usual
                                           : !can && is_expected)
            set |= 1U << i;
    }
    return witness_names(&arena, set, " ");
}

static void test_witness__runs_where_target_and_spec_have_what_it_needs(void **state)
{
    (void)state;
    struct kernel kernel = {.name = "k"};
    struct boot boot = {.n_parts = 0}; /* only whether there is one counts here */
    static const char function[] = "function f library=c symbol=f return=i32 params=void\n";
    const struct {
        const char *label;
        const char *reader, *emulator, *link;
        const struct kernel *kernel;
        const struct boot *boot;
        const char *facts;
        const char *can, *usual, *missed;
    } rows[] = {
        {"Linux", "clang", "qemu", "-shared", NULL, NULL, function,
         "clang dwarf compile dialect run link", "clang dwarf dialect run link", ""},
        {"no function", "clang", "qemu", "-shared", NULL, NULL, "",
         "clang dwarf compile dialect run", "clang dwarf dialect run", ""},
        {"a kernel", "clang", "qemu", "-shared", &kernel, NULL, function,
         "clang dwarf compile dialect run link boot", "clang dwarf dialect run link", ""},
        {"and it boots", "clang", "qemu", "-shared", &kernel, &boot, function,
         "clang dwarf compile dialect run link boot", "clang dwarf dialect run link boot", ""},
        {"dwarf reads", "dwarf", "qemu", "-shared", NULL, NULL, function,
         "dwarf compile dialect run link", "dwarf dialect run link", ""},
        {"nothing runs", "clang", NULL, "-shared", NULL, NULL, function,
         "clang dwarf compile dialect link", "clang dwarf compile dialect link", "run"},
        {"nor links", "clang", NULL, NULL, NULL, NULL, function, "clang dwarf compile dialect",
         "clang dwarf compile dialect", "run link"},
        {"nor has functions", "clang", NULL, NULL, NULL, NULL, "", "clang dwarf compile dialect",
         "clang dwarf compile dialect", "run"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target = {.name = "t", .reader = rows[i].reader};
        target.emulator = rows[i].emulator;
        target.link = rows[i].link;
        target.kernel = rows[i].kernel;
        struct spec spec = {.name = "nosuch"};
        struct facts facts = make_facts(rows[i].facts);
        struct workspace workspace = {.root = ""};
        struct witness_input input = {.spec = &spec,
                                      .target = &target,
                                      .facts = &facts,
                                      .workspace = &workspace,
                                      .boot = rows[i].boot,
                                      .arena = &arena};
        const char *label = rows[i].label;
        expect_text(arena_printf(&arena, "%s: can", label), rows[i].can, rows_that("can", &input));
        expect_text(arena_printf(&arena, "%s: usual", label), rows[i].usual,
                    rows_that("usual", &input));
        expect_text(arena_printf(&arena, "%s: missed", label), rows[i].missed,
                    rows_that("missed", &input));
    }
}

static void test_witness__tries_the_kernel_where_there_is_a_program_for_it(void **state)
{
    (void)state;
    struct target target = {.name = "t", .reader = "clang", .emulator = "qemu"};
    struct spec spec = {.name = "epoll"};
    struct facts facts = {.arena = &arena};
    struct workspace workspace = {.root = ""}; /* tests run in the repository */
    struct witness_input input = {.spec = &spec,
                                  .target = &target,
                                  .facts = &facts,
                                  .workspace = &workspace,
                                  .arena = &arena};
    expect_text("a program", "clang dwarf compile dialect run behave", rows_that("can", &input));
    spec.name = "nosuch";
    expect_text("no program", "clang dwarf compile dialect run", rows_that("can", &input));
}

static void test_witness__calls_wrappers_where_the_spec_has_system_calls(void **state)
{
    (void)state;
    struct spec_call calls[] = {{.name = "f", .forms = FORM_LIBRARY},
                                {.name = "g", .forms = FORM_SYSCALL}};
    struct target target = {.name = "t", .reader = "clang", .emulator = "qemu"};
    struct spec spec = {.name = "nosuch", .calls = calls, .n_calls = 1};
    struct facts facts = {.arena = &arena};
    struct workspace workspace = {.root = ""};
    struct witness_input input = {.spec = &spec,
                                  .target = &target,
                                  .facts = &facts,
                                  .workspace = &workspace,
                                  .arena = &arena};
    expect_text("no system call", "clang dwarf compile dialect run", rows_that("can", &input));
    spec.n_calls = 2;
    expect_text("one", "clang dwarf compile dialect run call", rows_that("can", &input));
    target.emulator = NULL;
    expect_text("nothing runs", "run call", rows_that("missed", &input));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_at__ends_after_the_last),
        TEST(test_witness_at__gives_rows_that_can_be_used),
        TEST(test_witness_set__is_empty_for_an_unknown_name),
        TEST(test_witness_names__lists_a_set_in_the_order_of_the_table),
        TEST(test_witness__runs_where_target_and_spec_have_what_it_needs),
        TEST(test_witness__calls_wrappers_where_the_spec_has_system_calls),
        TEST(test_witness__tries_the_kernel_where_there_is_a_program_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
