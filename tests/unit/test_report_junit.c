/* Tests of junit.c: whole texts. The schema of Jenkins is in the tests through the
 * command line. */
#include "reports.h"

#define BLOCK_OFFSET                                                                               \
    "error: bad-offset: epoll_event.data (binding of epoll) [x86_64-linux x32-linux]\n"            \
    "    expected  4\n"                                                                            \
    "    got       8\n"                                                                            \
    "    header    linux/eventpoll.h:83\n"                                                         \
    "    found in  b/epoll 1.h:12\n"                                                               \
    "    seen by   clang run\n"
#define NASTY_TEXT                                                                                 \
    "&quot;a&quot; &amp; 'b' &lt;c&gt; 100%, d: #e \\ \xc3\xa9\n"                                  \
    "f"
#define NASTY_ATTRIBUTE                                                                            \
    "&quot;a&quot; &amp; 'b' &lt;c&gt; 100%, d: #e \\ \xc3\xa9&#10;"                               \
    "f"
#define SKIPPED(target)                                                                            \
    "  <testsuite name=\"" target "\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\">\n"    \
    "    <testcase classname=\"abiproof.prove." target "\" name=\"" NASTY_ATTRIBUTE "\">\n"        \
    "      <skipped message=\"run: no 'qemu-arm', 100%&#10;install it\"/>\n"                       \
    "      <system-out>run: no 'qemu-arm', 100%\n"                                                 \
    "install it\n"                                                                                 \
    "</system-out>\n"                                                                              \
    "    </testcase>\n"                                                                            \
    "  </testsuite>\n"

static void test_report_junit__writes_a_suite_per_group_and_a_case_per_case(void **state)
{
    (void)state;
    struct report report = some_report();
    expect_text("five cases",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<testsuites name=\"abiproof prove\" tests=\"5\" failures=\"1\" errors=\"1\">\n"
                "  <testsuite name=\"x86_64-linux\" tests=\"2\" failures=\"1\" errors=\"0\" "
                "skipped=\"0\">\n"
                "    <testcase classname=\"abiproof.prove.x86_64-linux\" name=\"epoll\">\n"
                "      <failure type=\"bad-offset\" message=\"epoll_event.data: expected 4, got "
                "8\">" BLOCK_OFFSET "</failure>\n"
                "      <system-out>run tier, 42 of 42 facts\n" BLOCK_OFFSET
                "note: looser-align: " NASTY_TEXT "\n"
                "    expected  8\n"
                "    got       4\n"
                "</system-out>\n"
                "    </testcase>\n"
                "    <testcase classname=\"abiproof.prove.x86_64-linux\" name=\"eventfd\">\n"
                "    </testcase>\n"
                "  </testsuite>\n" SKIPPED("arm-linux") SKIPPED(
                    "armhf-linux") "  <testsuite name=\"prove\" tests=\"1\" failures=\"0\" "
                                   "errors=\"1\" skipped=\"0\">\n"
                                   "    <testcase classname=\"abiproof.prove\" name=\"kqueue\">\n"
                                   "      <error message=\"kqueue.yaml:1: error: not YAML\"/>\n"
                                   "      <system-out>kqueue.yaml:1: error: not YAML\n"
                                   "</system-out>\n"
                                   "    </testcase>\n"
                                   "  </testsuite>\n"
                                   "</testsuites>\n",
                report_text(FORMAT_JUNIT, &report, false));
}

static void test_report_junit__makes_a_failure_of_a_note_when_strict(void **state)
{
    (void)state;
    struct report report = some_report();
    report.cases.items[0].findings++;
    report.cases.items[0].n_findings = 1;
    report.cases.items[0].outcome = OUTCOME_PROVED;
    const char *plain = report_text(FORMAT_JUNIT, &report, false),
               *strict = report_text(FORMAT_JUNIT, &report, true);
    assert_null(strstr(plain, "<failure"));
    expect_part("plain", " failures=\"0\" errors=\"1\">", plain);
    expect_part("strict", "<failure type=\"looser-align\" message=\"" NASTY_ATTRIBUTE, strict);
    expect_part("strict", " failures=\"1\" errors=\"1\">", strict);
}

static void test_report_junit__replaces_what_xml_cannot_hold(void **state)
{
    (void)state;
    struct report_case item = {"g", "a\x01\xff\tb\r", OUTCOME_PROVED, NULL, NULL, 0};
    struct report report = {.command = "judge", .cases = {&item, 1}};
    expect_part("a control character, a byte that is no UTF-8, blanks that stay",
                "name=\"a\xef\xbf\xbd\xef\xbf\xbd&#9;b&#13;\">",
                report_text(FORMAT_JUNIT, &report, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_junit__writes_a_suite_per_group_and_a_case_per_case),
        TEST(test_report_junit__makes_a_failure_of_a_note_when_strict),
        TEST(test_report_junit__replaces_what_xml_cannot_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
