/* Tests of text_bindings.c and cases.c: what people and programs read of bindings that were
 * compiled in their own languages. */
#include "fixture.h"

#include "report/report_private.h"

static const struct language languages[] = {{.name = "c"}, {.name = "toy"}};
static const struct spec specs[] = {{.name = "epoll"}, {.name = "eventfd"}, {.name = "poll"}};
static const struct target targets[] = {
    {.name = "x86_64-linux"}, {.name = "m68k-linux"}, {.name = "arc-linux"}};

/* A binding that is proved in 3 of 4 facts. */
static struct binding make(int language, int spec, int target)
{
    return (struct binding){
        .language = &languages[language],
        .spec = &specs[spec],
        .target = &targets[target],
        .n_facts = 4,
        .n_checked = 3,
        .findings = {.arena = &arena},
    };
}

static void add_finding(struct binding *binding, enum severity severity)
{
    struct finding_scope scope = {binding->spec->name, binding->target->name, "toy", "binding"};

    findings_add(&binding->findings, "bad-size", severity, "r", "4", "8", no_location, no_location,
                 scope);
}

static const char *text_of(struct binding *items, size_t n)
{
    struct bindings bindings = {.items = items, .n = n};
    struct str out = {.arena = &arena};

    report_text_bindings(&out, &bindings);
    return str_text(&out);
}

#define TITLE "\nbindings, each compiled in its own language and verified:\n"

static void test_report_text_bindings__groups_what_came_out_alike(void **state)
{
    (void)state;
    struct binding items[] = {
        make(0, 0, 0), make(1, 0, 0), make(0, 0, 1), make(1, 0, 1), make(0, 1, 0),
        make(1, 1, 0), make(0, 1, 1), make(1, 1, 1), make(0, 2, 2),
    };
    items[3].unavailable = items[7].unavailable = "compiler 'toyc' not found";
    items[0].n_checked = 4;
    add_finding(&items[5], SEVERITY_ERROR);
    expect_text("two languages, three specs",
                TITLE "    proved      c         4 of 4 facts\n"
                      "                epoll [x86_64-linux]\n"
                      "    partly      c         3 of 4 facts\n"
                      "                epoll [m68k-linux]\n"
                      "    partly      c         6 of 8 facts\n"
                      "                eventfd [all their targets]\n"
                      "    partly      c         3 of 4 facts\n"
                      "                poll [arc-linux]\n"
                      "    partly      toy       3 of 4 facts\n"
                      "                epoll [x86_64-linux]\n"
                      "    not checked toy       compiler 'toyc' not found\n"
                      "                epoll eventfd [m68k-linux]\n"
                      "    FINDINGS    toy       3 of 4 facts\n"
                      "                eventfd [x86_64-linux]\n"
                      "\n"
                      "specs proved  c    toy\n"
                      "x86_64-linux  1/2  0/2, 1 wrong\n"
                      "m68k-linux    0/2  0/2\n"
                      "arc-linux     0/1  -\n",
                text_of(items, 9));
    expect_text("none", "", text_of(items, 0));
}

static void test_report_text_bindings__never_says_all_of_a_selection(void **state)
{
    (void)state;
    struct binding items[] = {make(0, 0, 0), make(0, 0, 1)};
    struct bindings bindings = {.items = items, .n = 2, .is_selection = true};
    struct str out = {.arena = &arena};

    report_text_bindings(&out, &bindings);
    expect_part("two targets of many", "                epoll [x86_64-linux m68k-linux]\n",
                str_text(&out));
}

static void test_report_text_bindings__says_what_was_not_seen(void **state)
{
    (void)state;
    struct binding items[] = {make(0, 0, 0), make(0, 0, 1), make(0, 1, 0)};
    for (int i = 0; i < 3; i++) {
        remark_add(&items[i].unchecked, &arena, "f", no_location, "no function");
        remark_add(&items[i].unchecked, &arena, "t", no_location, "no alias");
        remark_add(&items[i].unchecked, &arena, "g", no_location, "no function");
    }
    remark_add(&items[1].unchecked, &arena, "r", no_location, "not compared: a");
    expect_part("names with one reason, specs with the same names",
                "    not checked in c: epoll [all their targets] f g: no function\n"
                "    not checked in c: epoll [all their targets] t: no alias\n"
                "    not checked in c: epoll [m68k-linux] r: not compared: a\n"
                "    not checked in c: eventfd [x86_64-linux] f g: no function\n"
                "    not checked in c: eventfd [x86_64-linux] t: no alias\n",
                text_of(items, 3));
}

static void test_report_text_bindings__says_what_a_language_has_no_bindings_of(void **state)
{
    (void)state;
    static const char *without[] = {"io_uring", "statx"};
    static const struct language lacking = {
        .name = "go", .lacks = 1U << FACT_FUNCTION, .without = without, .n_without = 2};
    struct binding items[] = {make(0, 0, 0), make(0, 0, 1)};
    items[0].language = items[1].language = &lacking;
    expect_part("kinds and specs", "    not bound in go: functions; the specs io_uring statx\n",
                text_of(items, 2));
    assert_null(strstr(text_of((struct binding[]){make(0, 0, 0)}, 1), "not bound"));
}

static void test_report_text_bindings__says_that_they_were_left_out(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};

    report_text_bindings(&out, NULL);
    expect_part("by choice",
                "bindings, each compiled in its own language and verified: ", str_text(&out));
    expect_part("by choice", "(--witness)\n", str_text(&out));
}

static void test_report_cases_of_bindings__never_pass_what_was_not_checked(void **state)
{
    (void)state;
    struct binding items[] = {make(0, 0, 0), make(1, 0, 0), make(1, 1, 1), make(1, 2, 2),
                              make(1, 2, 0)};
    struct bindings bindings = {.items = items, .n = 5};

    remark_add(&items[0].unchecked, &arena, "t", no_location, "no alias");
    remark_add(&items[0].unchecked, &arena, "f", no_location, "no function");
    items[1].unavailable = "compiler 'toyc' not found";
    add_finding(&items[2], SEVERITY_ERROR);
    add_finding(&items[3], SEVERITY_NOTE);
    items[3].n_checked = items[3].n_facts;
    items[4].unavailable = "required in vain";
    add_finding(&items[4], SEVERITY_ERROR);
    struct report_cases cases = {NULL, 0};
    report_cases_of_bindings(&cases, &arena, &bindings);
    static const struct {
        const char *group, *name, *text;
        enum outcome outcome;
    } rows[] = {
        {"x86_64-linux", "epoll in c",
         "compiled tier, 3 of 4 facts; not checked: t: no alias; f: no function",
         OUTCOME_NOT_CHECKED},
        {"x86_64-linux", "epoll in toy", "not checked: compiler 'toyc' not found",
         OUTCOME_NOT_CHECKED},
        {"m68k-linux", "eventfd in toy", "compiled tier, 3 of 4 facts", OUTCOME_FINDINGS},
        {"arc-linux", "poll in toy", "compiled tier, 4 of 4 facts", OUTCOME_PROVED},
        {"x86_64-linux", "poll in toy", "not checked: required in vain", OUTCOME_FINDINGS},
    };
    assert_int_equal(cases.n, 5);
    for (size_t i = 0; i < cases.n; i++) {
        assert_string_equal(cases.items[i].group, rows[i].group);
        assert_string_equal(cases.items[i].name, rows[i].name);
        expect_text(rows[i].name, rows[i].text, cases.items[i].text);
        assert_int_equal(cases.items[i].outcome, rows[i].outcome);
        assert_int_equal(cases.items[i].n_findings, items[i].findings.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_text_bindings__groups_what_came_out_alike),
        TEST(test_report_text_bindings__never_says_all_of_a_selection),
        TEST(test_report_text_bindings__says_what_was_not_seen),
        TEST(test_report_text_bindings__says_what_a_language_has_no_bindings_of),
        TEST(test_report_text_bindings__says_that_they_were_left_out),
        TEST(test_report_cases_of_bindings__never_pass_what_was_not_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
