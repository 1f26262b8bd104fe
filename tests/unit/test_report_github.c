/* Tests of github.c: whole texts. */
#include "reports.h"

#define NASTY_DATA "\"a\" & 'b' <c> 100%25, d: #e \\ \xc3\xa9%0Af"

static void test_report_github__writes_a_command_per_finding_and_per_reason(void **state)
{
    (void)state;
    struct report report = some_report();
    expect_text(
        "two findings, one reason of two groups, one unreadable",
        "::error file=b/epoll 1.h,line=12,col=3,title=bad-offset::epoll_event.data: expected 4, "
        "got 8 (binding of epoll; x86_64-linux x32-linux)%0Aexpected by linux/eventpoll.h:83\n"
        "::notice title=looser-align::" NASTY_DATA ": expected 8, got 4\n"
        "::warning title=not checked::" NASTY_DATA
        " [arm-linux armhf-linux]: run: no 'qemu-arm', 100%25%0Ainstall it\n"
        "::error title=unreadable::kqueue: kqueue.yaml:1: error: not YAML\n"
        "abiproof prove: 1 of 5 items proved, 1 with findings, 2 not checked, 1 unreadable\n",
        report_text(FORMAT_GITHUB, &report, false));
}

static void test_report_github__escapes_separators_in_properties_alone(void **state)
{
    (void)state;
    struct findings findings = {.arena = &arena};
    findings_add(&findings, "bad-value", SEVERITY_ERROR, "A", "1", "2", no_location,
                 (struct location){"./c:/a,b%\r\n::warning::.h", 0, 0},
                 (struct finding_scope){NULL, NULL, NULL, NULL});
    struct report report = {.command = "judge", .findings = findings};
    expect_text("file",
                "::error file=c%3A/a%2Cb%25%0D%0A%3A%3Awarning%3A%3A.h,title=bad-value::A: "
                "expected 1, got 2\n"
                "abiproof judge: 0 of 0 items proved, 0 with findings, 0 not checked\n",
                report_text(FORMAT_GITHUB, &report, false));
}

static void test_report_github__makes_an_error_of_a_note_when_strict(void **state)
{
    (void)state;
    struct report report = some_report();
    expect_part("strict",
                "\n::error title=looser-align::", report_text(FORMAT_GITHUB, &report, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_github__writes_a_command_per_finding_and_per_reason),
        TEST(test_report_github__escapes_separators_in_properties_alone),
        TEST(test_report_github__makes_an_error_of_a_note_when_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
