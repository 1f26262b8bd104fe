/* reports.h - what the tests of formats share: a report with one case of each outcome.
 *
 * The first case is written with all characters that some format gives a meaning to: quotes, '&',
 * '<', '>', '%', ',', ':', '#', a backslash, a newline, letters outside of ASCII.
 */
#ifndef ABIPROOF_TESTS_REPORTS_H
#define ABIPROOF_TESTS_REPORTS_H

#include "fixture.h"

#include "report/report.h"
#include "report/report_private.h"

#define NASTY "\"a\" & 'b' <c> 100%, d: #e \\ \xc3\xa9\nf"

/* An error with everything, and a note with as little as there can be. */
static inline struct findings some_findings(void)
{
    struct findings findings = {.arena = &arena}, more = {.arena = &arena};

    findings_add(&findings, "bad-offset", SEVERITY_ERROR, "epoll_event.data", "4", "8",
                 (struct location){"linux/eventpoll.h", 83, 5},
                 (struct location){"b/epoll 1.h", 12, 3},
                 (struct finding_scope){"epoll", "x86_64-linux", "clang", "binding"});
    findings_add(&more, "bad-offset", SEVERITY_ERROR, "epoll_event.data", "4", "8", no_location,
                 no_location, (struct finding_scope){"epoll", "x32-linux", "run", "binding"});
    findings_merge(&findings, &more);
    findings_add(&findings, "looser-align", SEVERITY_NOTE, NASTY, "8", "4", no_location,
                 no_location, (struct finding_scope){NULL, NULL, NULL, NULL});
    return findings;
}

/* Five cases of three groups, one without, of which two groups are not in one piece. */
static inline struct report some_report(void)
{
    struct report report = {.command = "prove", .findings = some_findings()};
    const struct report_case cases[] = {
        {"x86_64-linux", "epoll", OUTCOME_FINDINGS, "run tier, 42 of 42 facts",
         report.findings.items, 2},
        {"arm-linux", NASTY, OUTCOME_NOT_CHECKED, "run: no 'qemu-arm', 100%\ninstall it", NULL, 0},
        {"x86_64-linux", "eventfd", OUTCOME_PROVED, NULL, NULL, 0},
        {"armhf-linux", NASTY, OUTCOME_NOT_CHECKED, "run: no 'qemu-arm', 100%\ninstall it", NULL,
         0},
        {NULL, "kqueue", OUTCOME_UNREADABLE, "kqueue.yaml:1: error: not YAML", NULL, 0},
    };

    report.cases.n = sizeof cases / sizeof cases[0];
    report.cases.items = arena_alloc(&arena, sizeof cases);
    memcpy(report.cases.items, cases, sizeof cases);
    return report;
}

/* The report in a format. */
static inline const char *report_text(enum format format, const struct report *report,
                                      bool is_strict)
{
    struct str out = {.arena = &arena};

    report_for_programs(&out, format, report, is_strict);
    return str_text(&out);
}

#endif
