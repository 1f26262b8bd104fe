/* junit.c - the report as JUnit XML, which CI servers show as test results.
 *
 * In: a report. Out: a test suite per group, a test per case, a failure per error:
 *
 *     <testsuites name="abiproof prove" tests="2" failures="1" errors="0">
 *       <testsuite name="x86_64-linux" tests="2" failures="1" errors="0" skipped="1">
 *         <testcase classname="abiproof.prove.x86_64-linux" name="epoll">
 *           <failure type="bad-offset" message="...">the finding in full</failure>
 *           <system-out>how far it is proved, then all findings</system-out>
 *         </testcase>
 *         <testcase ...><skipped message="why it was not checked, or is waived"/></testcase>
 *
 * There is no standard. This keeps to the schema of Jenkins' xUnit plugin (junit-10.xsd), which
 * allows several failures in a test; many readers show only the first, so all findings are in
 * system-out once more. There are no times and no host names: none is measured.
 *
 * Why no XML library: what is needed is the escaping of five characters, and writers such as
 * libxml2's leave the hard part, bytes that XML cannot hold at all, to the caller (report_clean).
 */
#include <string.h>

#include "base/grouping.h"
#include "report/report_private.h"

/* Appends text for the inside of an element or of an attribute. A parser turns a raw newline or tab
 * in an attribute into a space, and a raw carriage return into a newline. */
static void add_escaped(struct str *out, const char *text)
{
    for (const char *at = report_clean(out->arena, text); *at != '\0'; at++)
        switch (*at) {
        case '&':
            str_add(out, "&amp;");
            break;
        case '<':
            str_add(out, "&lt;");
            break;
        case '>':
            str_add(out, "&gt;");
            break;
        case '"':
            str_add(out, "&quot;");
            break;
        case '\t':
        case '\n':
        case '\r':
            str_addf(out, "&#%d;", *at);
            break;
        default:
            str_add_char(out, *at);
        }
}

static void add_attribute(struct str *out, const char *name, const char *value)
{
    str_addf(out, " %s=\"", name);
    add_escaped(out, value);
    str_add_char(out, '"');
}

/* Inside an element a newline may stay one, so that people can read the file. */
static void add_lines(struct str *out, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        add_escaped(out, arena_strndup(out->arena, text, length));
        text += length;
        if (*text == '\n') {
            str_add_char(out, '\n');
            text++;
        }
    }
}

static void add_failure(struct str *out, const struct finding *finding)
{
    struct str block = {.arena = out->arena};

    report_text_finding(&block, finding);
    str_add(out, "      <failure");
    add_attribute(out, "type", finding->kind);
    add_attribute(out, "message", report_sentence(out->arena, finding));
    str_add_char(out, '>');
    add_lines(out, str_text(&block));
    str_add(out, "</failure>\n");
}

static void add_case(struct str *out, const char *class_name, const struct report_case *item)
{
    struct str output = {.arena = out->arena};

    str_add(out, "    <testcase");
    add_attribute(out, "classname", class_name);
    add_attribute(out, "name", item->name);
    str_add(out, ">\n");
    if (item->outcome == OUTCOME_UNREADABLE || item->outcome == OUTCOME_NOT_CHECKED) {
        str_addf(out, "      <%s", item->outcome == OUTCOME_UNREADABLE ? "error" : "skipped");
        add_attribute(out, "message", item->text);
        str_add(out, "/>\n");
    } else if (item->outcome == OUTCOME_WAIVED) {
        str_add(out, "      <skipped");
        add_attribute(out, "message",
                      arena_printf(out->arena, "waived: %s", report_reasons(out->arena, item)));
        str_add(out, "/>\n");
    }
    if (item->text != NULL)
        str_addf(&output, "%s\n", item->text);
    for (size_t i = 0; i < item->n_findings; i++) {
        if (item->findings[i].severity == SEVERITY_ERROR && item->findings[i].waived == NULL)
            add_failure(out, &item->findings[i]);
        report_text_finding(&output, &item->findings[i]);
    }
    if (output.len > 0) {
        str_add(out, "      <system-out>");
        add_lines(out, str_text(&output));
        str_add(out, "</system-out>\n");
    }
    str_add(out, "    </testcase>\n");
}

/* The cases of one group, in their order. */
struct suite {
    const char *group;
    struct report_cases cases;
};

static void add_suite(struct str *out, const struct report *report, const struct suite *suite)
{
    struct outcome_counts counts = report_count(&suite->cases);
    const char *class_name =
        strcmp(suite->group, report->command) == 0
            ? arena_printf(out->arena, "abiproof.%s", report->command)
            : arena_printf(out->arena, "abiproof.%s.%s", report->command, suite->group);

    str_add(out, "  <testsuite");
    add_attribute(out, "name", suite->group);
    str_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n",
             suite->cases.n, counts.n[OUTCOME_FINDINGS], counts.n[OUTCOME_UNREADABLE],
             counts.n[OUTCOME_NOT_CHECKED] + counts.n[OUTCOME_WAIVED]);
    for (size_t i = 0; i < suite->cases.n; i++)
        add_case(out, class_name, &suite->cases.items[i]);
    str_add(out, "  </testsuite>\n");
}

/* One suite per group; a case without one is in that of the command. */
static size_t make_suites(struct arena *arena, const struct report *report, struct suite **suites)
{
    struct grouping grouping = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < report->cases.n; i++) {
        const struct report_case *item = &report->cases.items[i];
        struct suite new = {item->group != NULL ? item->group : report->command, {NULL, 0}};
        size_t number = grouping_of(&grouping, new.group);
        if (number >= n)
            ARENA_PUSH(arena, *suites, n, new);
        struct report_cases *cases = &(*suites)[number].cases;
        ARENA_PUSH(arena, cases->items, cases->n, *item);
    }
    return n;
}

void report_junit(struct str *out, const struct report *report)
{
    struct outcome_counts counts = report_count(&report->cases);
    struct suite *suites = NULL;
    size_t n = make_suites(out->arena, report, &suites);

    str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    add_attribute(out, "name", arena_printf(out->arena, "abiproof %s", report->command));
    str_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", report->cases.n,
             counts.n[OUTCOME_FINDINGS], counts.n[OUTCOME_UNREADABLE]);
    for (size_t i = 0; i < n; i++)
        add_suite(out, report, &suites[i]);
    str_add(out, "</testsuites>\n");
}
