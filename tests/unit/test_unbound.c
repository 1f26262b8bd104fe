/* Tests of unbound.c and messages.c: what is the same on many targets is grouped. */
#include "fixture.h"

#include "report/report.h"
#include "report/unbound.h"

/* ---- checks ---- */

enum { N_TARGETS = 3 };

static struct target targets[N_TARGETS];
static struct checks checks;

/* A check of the spec on each of three targets, the last of which clang does not read. */
static void make_checks(const char *spec_text)
{
    static const char *const names[N_TARGETS] = {"x86_64-linux", "x32-linux", "m68k-linux"};
    const struct spec *spec = make_spec(spec_text);

    checks.items = arena_alloc(&arena, N_TARGETS * sizeof *checks.items);
    checks.n = N_TARGETS;
    for (int i = 0; i < N_TARGETS; i++) {
        targets[i] = make_target(names[i], names[i], 64, "little");
        targets[i].reader = i < 2 ? "clang" : "dwarf";
        checks.items[i].spec = spec;
        checks.items[i].target = &targets[i];
        checks.items[i].system = (struct evidence){.witness = "clang"};
        diag_init(&checks.items[i].diag, &arena, false);
    }
}

static void forget(int check, const char *name, const char *what, const char *file, int line)
{
    remark_add(&checks.items[check].system.unbound, &arena, name, (struct location){file, line, 1},
               "%s of source 'kernel' that is neither", what);
}

static const char *printed(void)
{
    struct findings all = {.arena = &arena}, unbound = {.arena = &arena},
                    others = {.arena = &arena};

    for (size_t i = 0; i < checks.n; i++)
        check_find_unbound(&checks.items[i], &all);
    findings_collapse(&all);
    findings_sort(&all);
    unbound_split(&all, &unbound, &others);
    assert_int_equal(others.n, 0);
    struct str out = {.arena = &arena};
    unbound_print(&out, &unbound, &checks);
    return str_text(&out);
}

/* ---- names ---- */

static void test_unbound_print__prints_each_name_once_and_what_to_write(void **state)
{
    (void)state;
    make_checks(SPEC_HEAD);
    for (int i = 0; i < 2; i++) {
        forget(i, "FAM_BIG_B", "a constant", "t.h", 4 + i);
        forget(i, "FAM_BIG_A", "a constant", "t.h", 5 + i);
        forget(i, "FAM_BIG_C", "a constant", "t.h", 6 + i);
        forget(i, "FAM_X", "a constant", "t.h", 7 + i);
        forget(i, "FAM_NEXT", "a macro with parameters", "t.h", 8 + i);
        forget(i, "fam_r", "a record", "u.h", 9 + i);
    }
    forget(1, "FAM_NEW", "a constant", "t.h", 1);
    expect_text("all",
                arena_printf(
                    &arena,
                    "%sgen/specs/x.yaml: error: unbound-name: 7 names of the patterns that headers "
                    "define, neither bound nor ignored here\n"
                    "    [all its targets that clang reads]\n"
                    "        t.h:4: FAM_BIG_B FAM_BIG_A FAM_BIG_C FAM_X FAM_NEXT\n"
                    "        u.h:9: fam_r\n"
                    "    [x32-linux]\n"
                    "        t.h:1: FAM_NEW\n"
                    "  to paste into %sgen/specs/x.yaml, with a doc or a reason for each:\n"
                    "\n"
                    "constants:\n"
                    "  - doc:\n"
                    "    names:\n"
                    "      [FAM_X]\n"
                    "  - doc:\n"
                    "    names:\n"
                    "      [FAM_BIG_B, FAM_BIG_A, FAM_BIG_C]\n"
                    "ignore:\n"
                    "  - {name: fam_r, reason: } # a record\n"
                    "  - {name: FAM_NEW, reason: } # a constant, on x32-linux\n"
                    "  - {name: FAM_NEXT, reason: } # a macro with parameters\n"
                    "\n",
                    root, root),
                printed());
}

static void test_unbound_print__leaves_the_keys_that_the_spec_has(void **state)
{
    (void)state;
    make_checks("name: x\ndoc: d\nmanual: m\nos: linux\n"
                "sources: [{name: first, headers: [t.h]}, {name: kernel, headers: [k.h]}]\n"
                "patterns: [FAM_*]\n"
                "constants: [{doc: d, names: [FAM_A]}]\n"
                "ignore: [{name: FAM_B, reason: r}]\n");
    checks.n = 1;
    forget(0, "FAM_C", "a constant", "t.h", 4);
    forget(0, "FAM_D", "a macro with parameters", "t.h", 5);
    expect_part("one target is all", "    [all its targets]\n", printed());
    expect_part("the block",
                "\n"
                "# below constants:\n"
                "  - doc:\n"
                "    from: kernel\n"
                "    names:\n"
                "      [FAM_C]\n"
                "# below ignore:\n"
                "  - {name: FAM_D, reason: } # a macro with parameters\n",
                printed());
}

/* The beginnings of a hundred names that are sorted otherwise than by line. */
static void test_unbound_print__writes_each_group_in_one_piece(void **state)
{
    (void)state;
    make_checks(SPEC_HEAD);
    checks.n = 1;
    for (int i = 0; i < 100; i++)
        forget(0, arena_printf(&arena, i % 2 == 0 ? "FAM_%c%02d" : "FAM_M_%c%02d", 'Z' - i % 26, i),
               "a constant", "t.h", i + 1);
    const char *text = printed();
    size_t n_groups = 0;
    for (const char *at = strstr(text, "- doc:"); at != NULL; at = strstr(at + 1, "- doc:"))
        n_groups++;
    assert_int_equal(n_groups, 2);
}

static void test_unbound_print__is_silent_when_nothing_is_forgotten(void **state)
{
    (void)state;
    make_checks(SPEC_HEAD);
    assert_string_equal(printed(), "");
}

static void test_unbound_split__leaves_what_somebody_waived(void **state)
{
    (void)state;
    struct findings all = {.arena = &arena}, unbound = {.arena = &arena},
                    others = {.arena = &arena};
    struct finding_scope scope = {"x", "x86_64-linux", "clang", "system"};
    findings_add(&all, "unbound-name", SEVERITY_ERROR, "FAM_A", "e", "g", no_location, no_location,
                 scope);
    findings_add(&all, "unbound-name", SEVERITY_ERROR, "FAM_B", "e", "g", no_location, no_location,
                 scope);
    findings_add(&all, "bad-size", SEVERITY_ERROR, "r", "e", "g", no_location, no_location, scope);
    all.items[1].waived = "a test";
    unbound_split(&all, &unbound, &others);
    assert_int_equal(unbound.n, 1);
    assert_string_equal(unbound.items[0].item, "FAM_A");
    assert_int_equal(others.n, 2);
    assert_int_equal(all.n, 3);
}

/* ---- messages ---- */

static void test_report_messages_of_checks__groups_what_differs_in_the_target_alone(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};
    struct location location = {"x.yaml", 3, 0};
    make_checks(SPEC_HEAD);
    for (int i = 0; i < N_TARGETS; i++) {
        diag_error(&checks.items[i].diag, location, "'a' is not there for %s: nothing",
                   targets[i].name);
        if (i != 1)
            diag_error(&checks.items[i].diag, location, "'b' is not there for %s", targets[i].name);
        diag_error(&checks.items[i].diag, location, "'c' is wrong");
    }
    diag_error(&checks.items[2].diag, location, "'b' is not there for %s", targets[2].name);
    diag_error(&checks.items[1].diag, location, "'d' for x32-linux, not x32-linux-gnu");
    diag_error(&checks.items[2].diag, location, "'d' for x32-linux, not x32-linux-gnu");
    report_messages_of_checks(&out, &checks);
    expect_text("messages",
                "x.yaml:3: error: 'a' is not there for [all its targets]: nothing\n"
                "x.yaml:3: error: 'b' is not there for [x86_64-linux m68k-linux]\n"
                "x.yaml:3: error: 'c' is wrong\n"
                "x.yaml:3: error: 'd' for x32-linux, not x32-linux-gnu\n"
                "x.yaml:3: error: 'd' for x32-linux, not x32-linux-gnu\n",
                str_text(&out));
}

static void test_report_messages_of_checks__is_silent_when_there_are_none(void **state)
{
    (void)state;
    make_checks(SPEC_HEAD);
    struct str out = {.arena = &arena};
    report_messages_of_checks(&out, &checks);
    assert_string_equal(str_text(&out), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_unbound_print__prints_each_name_once_and_what_to_write),
        TEST(test_unbound_print__leaves_the_keys_that_the_spec_has),
        TEST(test_unbound_print__writes_each_group_in_one_piece),
        TEST(test_unbound_print__is_silent_when_nothing_is_forgotten),
        TEST(test_unbound_split__leaves_what_somebody_waived),
        TEST(test_report_messages_of_checks__groups_what_differs_in_the_target_alone),
        TEST(test_report_messages_of_checks__is_silent_when_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
