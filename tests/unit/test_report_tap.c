/* Tests of tap.c: whole texts. Perl's harness is in the tests through the command line.
 */
#include "reports.h"

#define NASTY_LINE   "\"a\" & 'b' <c> 100%, d: \\#e \\\\ \xc3\xa9 f"
#define NASTY_QUOTED "\"\\\"a\\\" & 'b' <c> 100%, d: #e \\\\ \xc3\xa9\\nf\""

static void test_report_tap__writes_a_test_point_with_a_block_per_case(void **state)
{
    (void)state;
    struct report report = some_report();
    expect_text("five cases",
                "TAP version 13\n"
                "1..5\n"
                "not ok 1 - x86_64-linux epoll\n"
                "  ---\n"
                "  message: \"epoll_event.data: expected 4, got 8\"\n"
                "  outcome: \"findings\"\n"
                "  checked: \"run tier, 42 of 42 facts\"\n"
                "  findings:\n"
                "    - kind: \"bad-offset\"\n"
                "      severity: \"error\"\n"
                "      item: \"epoll_event.data\"\n"
                "      expected: \"4\"\n"
                "      got: \"8\"\n"
                "      header: \"linux/eventpoll.h:83\"\n"
                "      at: \"b/epoll 1.h:12\"\n"
                "      seen_by: \"clang run\"\n"
                "    - kind: \"looser-align\"\n"
                "      severity: \"note\"\n"
                "      item: " NASTY_QUOTED "\n"
                "      expected: \"8\"\n"
                "      got: \"4\"\n"
                "  ...\n"
                "ok 2 - arm-linux " NASTY_LINE " # SKIP run: no 'qemu-arm', 100% install it\n"
                "  ---\n"
                "  message: \"run: no 'qemu-arm', 100%\\ninstall it\"\n"
                "  outcome: \"not_checked\"\n"
                "  ...\n"
                "ok 3 - x86_64-linux eventfd\n"
                "  ---\n"
                "  outcome: \"proved\"\n"
                "  ...\n"
                "ok 4 - armhf-linux " NASTY_LINE " # SKIP run: no 'qemu-arm', 100% install it\n"
                "  ---\n"
                "  message: \"run: no 'qemu-arm', 100%\\ninstall it\"\n"
                "  outcome: \"not_checked\"\n"
                "  ...\n"
                "not ok 5 - kqueue\n"
                "  ---\n"
                "  message: \"kqueue.yaml:1: error: not YAML\"\n"
                "  outcome: \"unreadable\"\n"
                "  ...\n",
                report_text(FORMAT_TAP, &report, false));
}

static void test_report_tap__fails_a_note_when_strict(void **state)
{
    (void)state;
    struct report report = some_report();
    report.cases.items[0].findings++;
    report.cases.items[0].n_findings = 1;
    report.cases.items[0].outcome = OUTCOME_PROVED;
    expect_part("plain", "\nok 1 - ", report_text(FORMAT_TAP, &report, false));
    expect_part("strict", "\nnot ok 1 - x86_64-linux epoll\n  ---\n  message: \"\\\"a\\\" & ",
                report_text(FORMAT_TAP, &report, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_tap__writes_a_test_point_with_a_block_per_case),
        TEST(test_report_tap__fails_a_note_when_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
