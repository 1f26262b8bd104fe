/* Tests of report.c and gen/report/cases.c: strings made harmless, checks as cases, where a report
 * goes. */
#include "reports.h"

/* ---- strings ---- */

static void test_report_clean__keeps_utf8_and_replaces_what_some_format_forbids(void **state)
{
    (void)state;
#define R "\xef\xbf\xbd" /* U+FFFD */
    static const struct {
        const char *label, *text, *expected;
    } rows[] = {
        {"nothing", "", ""},
        {"blanks and signs", "a\t\r\n\"<&>%\\", "a\t\r\n\"<&>%\\"},
        {"2, 3 and 4 bytes, the first and last of each",
         "\xc2\xa0\xdf\xbf\xe0\xa0\x80\xef\xbf\xbc\xf0\x90\x80\x80\xf4\x8f\xbf\xbd",
         "\xc2\xa0\xdf\xbf\xe0\xa0\x80\xef\xbf\xbc\xf0\x90\x80\x80\xf4\x8f\xbf\xbd"},
        {"controls", "a\x01\x08\x0b\x1f\x7f", "a" R R R R R},
        {"C1 controls", "\xc2\x80\xc2\x9f", R R},
        {"overlong", "\xc0\xaf|\xe0\x80\xaf|\xf0\x80\x80\xaf", R R "|" R R R "|" R R R R},
        {"surrogates", "\xed\xa0\x80", R R R},
        {"past the last character", "\xf4\x90\x80\x80", R R R R},
        {"no first byte", "\x80\xbf\xf8\xff", R R R R},
        {"cut short", "\xc3|\xe2\x82|\xf0\x9f\x98", R "|" R R "|" R R R},
        {"noncharacters and the byte order mark",
         "\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90\xf0\x9f\xbf\xbf\xef\xbb\xbf", R R R R R},
    };
#undef R
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_text(rows[i].label, rows[i].expected, report_clean(&arena, rows[i].text));
    expect_text("NULL", "", report_clean(&arena, NULL));
}

static void test_report_summary__counts_outcomes(void **state)
{
    (void)state;
    struct report report = some_report();
    expect_text("all", "1 of 5 items proved, 1 with findings, 2 not checked, 1 unreadable",
                report_summary(&arena, &report.cases));
    report.cases.n = 3;
    expect_text("none is unreadable", "1 of 3 items proved, 1 with findings, 1 not checked",
                report_summary(&arena, &report.cases));
}

/* ---- strict ---- */

static void test_report_for_programs__leaves_the_report_itself_as_it_is(void **state)
{
    (void)state;
    struct report report = some_report();
    report.cases.items[0].outcome = OUTCOME_PROVED;
    const char *before = report_text(FORMAT_JSON, &report, false),
               *strict = report_text(FORMAT_JSON, &report, true);
    assert_null(strstr(strict, "\"note\""));
    expect_part("the case has findings now", "\"outcome\": \"findings\"", strict);
    expect_text("afterwards", before, report_text(FORMAT_JSON, &report, false));
}

/* ---- checks ---- */

static struct evidence collected(const char *witness)
{
    return (struct evidence){.witness = witness, .facts = {.arena = &arena}};
}

static struct check make_check(const struct spec *spec, const struct target *target,
                               enum verdict verdict)
{
    struct check check = {.spec = spec,
                          .target = target,
                          .system = collected("clang"),
                          .findings = {.arena = &arena},
                          .n_facts = 42,
                          .n_checked = 42,
                          .tier = TIER_RUN,
                          .verdict = verdict};

    diag_init(&check.diag, &arena, false);
    return check;
}

/* The one case of a check. */
static struct report_case case_of(struct check *check)
{
    struct report_cases cases = {NULL, 0};
    struct checks checks = {.items = check, .n = 1};

    report_cases_of_checks(&cases, &arena, &checks);
    assert_int_equal(cases.n, 1);
    return cases.items[0];
}

static void expect_case(const char *label, struct check *check, enum outcome outcome,
                        const char *text)
{
    struct report_case item = case_of(check);

    assert_string_equal(item.group, "x86_64-linux");
    assert_string_equal(item.name, "x");
    expect_text(label, outcome_name(outcome), outcome_name(item.outcome));
    expect_text(label, text, item.text);
}

static void test_report_cases_of_checks__counts_only_a_whole_proof_as_proved(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(SPEC_HEAD);
    struct target target = x86_64();
    target.emulator = "qemu-x86_64";
    struct check proved = make_check(spec, &target, VERDICT_PROVED),
                 partly = make_check(spec, &target, VERDICT_PARTLY),
                 skipped = make_check(spec, &target, VERDICT_NOT_CHECKED),
                 unreadable = make_check(spec, &target, VERDICT_UNREADABLE);
    proved.n_behaviours = 5;
    expect_case("proved", &proved, OUTCOME_PROVED, "run tier, 42 of 42 facts, 5 behaviours");

    partly.tier = TIER_COMPILED;
    partly.n_checked = 40;
    partly.n_witnesses = 4;
    partly.witnesses = arena_alloc(&arena, partly.n_witnesses * sizeof *partly.witnesses);
    partly.witnesses[0] = partly.witnesses[1] = collected("run");
    partly.witnesses[2] = collected("behave");
    for (int i = 0; i < 3; i++)
        partly.witnesses[i].unavailable = "no 'qemu'; install it";
    partly.witnesses[3] = collected("dwarf");
    remark_add(&partly.witnesses[3].unchecked, &arena, "r.a", no_location, "has bits");
    expect_case("partly", &partly, OUTCOME_NOT_CHECKED,
                "compiled tier, 40 of 42 facts; not checked: run behave: no 'qemu'; install it; "
                "r.a: has bits");

    skipped.tier = TIER_NONE;
    skipped.system.unavailable = "no header set";
    expect_case("no headers", &skipped, OUTCOME_NOT_CHECKED, "not checked: clang: no header set");

    diag_error(&unreadable.diag, (struct location){"x.yaml", 3, 0}, "no such constant");
    diag_error(&unreadable.diag, (struct location){"x.yaml", 4, 0}, "nor this one");
    expect_case("unreadable", &unreadable, OUTCOME_UNREADABLE,
                "x.yaml:3: error: no such constant\nx.yaml:4: error: nor this one");
}

static void
test_report_cases_of_checks__takes_errors_from_the_findings_not_the_verdict(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(SPEC_HEAD);
    struct target target = x86_64();
    target.emulator = "qemu-x86_64";
    struct check check = make_check(spec, &target, VERDICT_PROVED);
    findings_add(&check.findings, "looser-align", SEVERITY_NOTE, "r", "8", "4", no_location,
                 no_location, (struct finding_scope){NULL, NULL, NULL, NULL});
    expect_case("a note is no error", &check, OUTCOME_PROVED, "run tier, 42 of 42 facts");
    check.verdict = VERDICT_NOT_CHECKED;
    findings_add(&check.findings, "not-proved", SEVERITY_ERROR, "x", "proved", "not", no_location,
                 no_location, (struct finding_scope){NULL, NULL, NULL, NULL});
    expect_case("required in vain", &check, OUTCOME_FINDINGS, "run tier, 42 of 42 facts");
    struct report_case item = case_of(&check);
    assert_int_equal(item.n_findings, 2);
    assert_string_equal(item.findings[1].kind, "not-proved");
}

/* ---- verified objects ---- */

static void test_report_cases_of_verified__names_both_sides_and_the_object(void **state)
{
    (void)state;
    struct target target = x86_64();
    struct verify_item items[] = {
        {.theirs = "Event", .found = "poll.Event", .ours = "epoll_event", .n_facts = 3},
        {.theirs = "EPOLLIN", .found = "EPOLLIN", .ours = "EPOLLIN", .n_facts = 1},
        {.theirs = "Sec", .ours = "tv_sec"},
    };
    struct verification verification = {
        .path = "a.o", .target = &target, .items = items, .n_items = 3};
    for (int i = 1; i < 3; i++) {
        items[i].findings.arena = &arena;
        findings_add(&items[i].findings, "missing-map", i == 1 ? SEVERITY_NOTE : SEVERITY_ERROR,
                     "x", "a", "b", no_location, no_location,
                     (struct finding_scope){NULL, NULL, NULL, NULL});
    }
    struct report_cases cases = {NULL, 0};
    report_cases_of_verified(&cases, &arena, &verification);
    verification.n_items = 0;
    report_cases_of_verified(&cases, &arena, &verification);
    static const struct {
        const char *name, *text;
        enum outcome outcome;
        size_t n_findings;
    } rows[] = {
        {"poll.Event as epoll_event in a.o", "compiled tier, 3 facts", OUTCOME_PROVED, 0},
        {"EPOLLIN in a.o", "compiled tier, 1 fact", OUTCOME_PROVED, 1},
        {"Sec as tv_sec in a.o", "compiled tier, 0 facts", OUTCOME_FINDINGS, 1},
        {"a.o", "no name that a spec has; name its types with --map", OUTCOME_NOT_CHECKED, 0},
    };
    assert_int_equal(cases.n, 4);
    for (size_t i = 0; i < 4; i++) {
        expect_text("name", rows[i].name, cases.items[i].name);
        expect_text("text", rows[i].text, cases.items[i].text);
        expect_text("group", "x86_64-linux", cases.items[i].group);
        expect_text(rows[i].name, outcome_name(rows[i].outcome),
                    outcome_name(cases.items[i].outcome));
        assert_int_equal(cases.items[i].n_findings, rows[i].n_findings);
    }
}

/* ---- where it goes ---- */

static void test_report_deliver__writes_a_file_whole_or_not_at_all(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    const char *path = write_file("out", "old\n");
    str_add(&text, "a report\n");
    assert_true(report_deliver(path, FORMAT_JSON, &text, &diag));
    expect_text("replaced", "a report\n", out_read(&arena, path, NULL));
    expect_messages("none", "");
    assert_true(report_deliver(at_root("new/folder/out"), FORMAT_JSON, &text, &diag));
    expect_text("new", "a report\n", out_read(&arena, at_root("new/folder/out"), NULL));
    assert_false(report_deliver(at_root("new"), FORMAT_JSON, &text, &diag));
    expect_messages("a folder", "abiproof: error: cannot write '$new': not a regular file\n");
    assert_false(report_deliver(at_root("out/below"), FORMAT_JSON, &text, &diag));
    expect_messages("below a file",
                    "abiproof: error: cannot write '$out/below': cannot create the folder '$out': "
                    "Not a directory\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_clean__keeps_utf8_and_replaces_what_some_format_forbids),
        TEST(test_report_summary__counts_outcomes),
        TEST(test_report_for_programs__leaves_the_report_itself_as_it_is),
        TEST(test_report_cases_of_checks__counts_only_a_whole_proof_as_proved),
        TEST(test_report_cases_of_checks__takes_errors_from_the_findings_not_the_verdict),
        TEST(test_report_cases_of_verified__names_both_sides_and_the_object),
        TEST(test_report_deliver__writes_a_file_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
