/* Tests of text_verify.c, and of what findings do at run time as reports print it.
 *
 * Explanations are those of gen/explanations.yaml, read from the current folder, the repository.
 */
#include "fixture.h"

#include "report/report.h"

/* ---- at run time ---- */

static struct explanations load(void)
{
    struct explanations explanations = {NULL, 0};

    if (!explanations_load(&explanations, &arena, "", &diag))
        fail_msg("gen/explanations.yaml: %s", str_text(&diag.text));
    return explanations;
}

/* A report of one finding of each kind, all about the same item, in text or SARIF. */
static const char *report_on(const struct explanations *explanations, const char *item,
                             enum format format)
{
    struct report report = {.command = "verify", .explanations = explanations};
    struct str out = {.arena = &arena};
    struct verification nothing = {.path = "a.o"};
    const struct verification *verifications[] = {&nothing};

    report.findings.arena = &arena;
    for (unsigned i = 0; i < explanations->n; i++)
        findings_add(&report.findings, explanations->items[i].kind, SEVERITY_ERROR, item, "1", "2",
                     no_location, no_location,
                     (struct finding_scope){NULL, "x86_64-linux", NULL, "binding"});
    if (format == FORMAT_TEXT)
        report_text_verified(&out, verifications, 0, &report, (struct report_options){0});
    else
        report_for_programs(&out, format, &report, false);
    return str_text(&out);
}

/* What the specs bind, in the spelling of their names. */
static const char *const facilities[] = {"epoll", "EPOLL",   "kevent", "EVFILT",  "kqueue",
                                         "EFD_",  "eventfd", "SFD_",   "timerfd", "io_uring"};

static void test_report__has_no_word_of_epoll_under_a_record_that_is_not(void **state)
{
    (void)state;
    struct explanations explanations = load();
    static const enum format formats[] = {FORMAT_TEXT, FORMAT_SARIF};

    for (size_t k = 0; k < 2; k++) {
        const char *text = report_on(&explanations, "stat.st_size", formats[k]);
        for (unsigned i = 0; i < explanations.n; i++)
            if (strstr(text, explanations.items[i].effect) == NULL && formats[k] == FORMAT_SARIF)
                fail_msg("the effect of '%s' is not in the report", explanations.items[i].kind);
        for (size_t i = 0; i < sizeof facilities / sizeof facilities[0]; i++) {
            const char *found = strstr(text, facilities[i]);
            if (found != NULL)
                fail_msg("a report about stat.st_size names '%s': ...%.60s", facilities[i], found);
        }
    }
}

static void test_report__says_what_a_finding_does_to_a_known_record(void **state)
{
    (void)state;
    struct explanations explanations = load();
    static const struct {
        const char *item, *expected;
    } rows[] = {
        {"epoll_event", "epoll_event is 12 bytes on x86_64, x32, i386, m68k, sh4 and arc"},
        {"epoll_event.data", "epoll_event.data is at 4 on x86_64, x32, i386, m68k, sh4 and arc"},
        {"kevent.filter", "kevent's filter and flags are 16 bits on macOS"},
        {"EPOLL_CLOEXEC", "has other values"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = report_on(&explanations, rows[i].item, FORMAT_SARIF);
        if (strstr(text, rows[i].expected) == NULL)
            fail_msg("a report about %s lacks '%s'", rows[i].item, rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report__has_no_word_of_epoll_under_a_record_that_is_not),
        TEST(test_report__says_what_a_finding_does_to_a_known_record),
    };

    return cmocka_run_group_tests_name("report_verified", tests, NULL, NULL);
}
