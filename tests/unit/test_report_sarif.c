/* Tests of sarif.c: the text is read back by jansson. The schema of OASIS is in the
 * tests through the command line. */
#include "reports.h"

#include <jansson.h>

/* The run of a report. Release *log. */
static json_t *read_run(const struct report *report, bool is_strict, json_t **log)
{
    const char *text = report_text(FORMAT_SARIF, report, is_strict);
    json_error_t error;

    *log = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (*log == NULL)
        fail_msg("line %d: %s in: %s", error.line, error.text, text);
    assert_string_equal(json_string_value(json_object_get(*log, "version")), "2.1.0");
    assert_int_equal(json_array_size(json_object_get(*log, "runs")), 1);
    return json_array_get(json_object_get(*log, "runs"), 0);
}

/* Compares JSON as text without blanks, keys sorted. */
static void expect_json(const char *label, const char *expected, json_t *got)
{
    char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    const char *copy = text != NULL ? arena_strdup(&arena, text) : NULL;

    free(text);
    expect_text(label, expected, copy);
}

static void test_report_sarif__writes_a_result_per_finding_with_its_locations(void **state)
{
    (void)state;
    struct report report = some_report();
    json_t *log, *run = read_run(&report, false, &log);
    json_t *results = json_object_get(run, "results");
    assert_int_equal(json_array_size(results), 2);
    expect_json(
        "an error with everything",
        "{\"level\":\"error\","
        "\"locations\":[{\"logicalLocations\":[{\"fullyQualifiedName\":\"epoll_event.data\"}],"
        "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"b/epoll%201.h\"},"
        "\"region\":{\"startColumn\":3,\"startLine\":12}}}],"
        "\"message\":{\"text\":\"epoll_event.data: expected 4, got 8 (binding of epoll; "
        "x86_64-linux x32-linux)\"},"
        "\"partialFingerprints\":{\"abiproof/v1\":\"bad-offset binding of epoll: "
        "epoll_event.data: expected 4, got 8\"},"
        "\"properties\":{\"expected\":\"4\",\"got\":\"8\",\"item\":\"epoll_event.data\","
        "\"kind\":\"bad-offset\",\"spec\":\"epoll\",\"subject\":\"binding\","
        "\"targets\":[\"x86_64-linux\",\"x32-linux\"],\"witnesses\":[\"clang\",\"run\"]},"
        "\"relatedLocations\":[{\"id\":0,"
        "\"message\":{\"text\":\"what the system's header says\"},"
        "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"linux/eventpoll.h\","
        "\"uriBaseId\":\"HEADERS\"},\"region\":{\"startColumn\":5,\"startLine\":83}}}],"
        "\"ruleId\":\"bad-offset\",\"ruleIndex\":0}",
        json_array_get(results, 0));
    json_t *note = json_array_get(results, 1);
    expect_json("level", "\"note\"", json_object_get(note, "level"));
    expect_json("rule", "1", json_object_get(note, "ruleIndex"));
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(note, "properties"), "item")), NASTY);
    assert_null(json_object_get(note, "relatedLocations"));
    json_decref(log);
}

static void test_report_sarif__has_one_rule_per_kind(void **state)
{
    (void)state;
    struct report report = some_report();
    struct findings more = some_findings();
    for (size_t i = 0; i < more.n; i++)
        ARENA_PUSH(&arena, report.findings.items, report.findings.n, more.items[i]);
    json_t *log, *run = read_run(&report, false, &log);
    json_t *rules =
        json_object_get(json_object_get(json_object_get(run, "tool"), "driver"), "rules");
    static const char *const kinds[] = {"bad-offset", "looser-align"};
    assert_int_equal(json_array_size(rules), 2);
    for (size_t i = 0; i < 2; i++) {
        json_t *rule = json_array_get(rules, i);
        expect_text("id", kinds[i], json_string_value(json_object_get(rule, "id")));
        assert_non_null(json_object_get(rule, "shortDescription"));
        assert_non_null(json_object_get(rule, "fullDescription"));
    }
    json_t *results = json_object_get(run, "results");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(
            json_integer_value(json_object_get(json_array_get(results, i), "ruleIndex")), i % 2);
    json_decref(log);
}

static void test_report_sarif__notifies_of_what_was_not_checked(void **state)
{
    (void)state;
    struct report report = some_report();
    json_t *log, *run = read_run(&report, false, &log);
    json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
    json_t *notifications = json_object_get(invocation, "toolExecutionNotifications");
    expect_json("one case is unreadable", "false",
                json_object_get(invocation, "executionSuccessful"));
    assert_int_equal(json_array_size(notifications), 3);
    expect_json("unreadable",
                "{\"descriptor\":{\"id\":\"unreadable\",\"index\":1},\"level\":\"error\","
                "\"message\":{\"text\":\"kqueue: kqueue.yaml:1: error: not YAML\"}}",
                json_array_get(notifications, 2));
    expect_json("not checked", "\"warning\"",
                json_object_get(json_array_get(notifications, 0), "level"));
    report.cases.n--;
    json_decref(log);
    run = read_run(&report, false, &log);
    invocation = json_array_get(json_object_get(run, "invocations"), 0);
    expect_json("none is", "true", json_object_get(invocation, "executionSuccessful"));
    json_decref(log);
}

static void test_report_sarif__writes_paths_as_uris(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        const char *artifact;
    } rows[] = {
        {"/a b/c.h", "{\"uri\":\"file:///a%20b/c.h\"}"},
        {"a:b/c#d?e%.h", "{\"uri\":\"a%3Ab/c%23d%3Fe%25.h\"}"},
        {"./b/./c.h", "{\"uri\":\"b/./c.h\"}"},
        {".//c.h", "{\"uri\":\"c.h\"}"},
        {"../\xc3\xa9\xff\n~.h", "{\"uri\":\"../%C3%A9%FF%0A~.h\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct findings findings = {.arena = &arena};
        findings_add(&findings, "bad-value", SEVERITY_ERROR, "A", "1", "2",
                     (struct location){rows[i].path, 0, 0}, (struct location){rows[i].path, 0, 0},
                     (struct finding_scope){NULL, NULL, NULL, NULL});
        struct report report = {.command = "judge", .findings = findings};
        json_t *log, *run = read_run(&report, false, &log);
        json_t *result = json_array_get(json_object_get(run, "results"), 0);
        static const char *const keys[] = {"locations", "relatedLocations"};
        for (size_t k = 0; k < 2; k++) /* both are files here: no base */
            expect_json(
                rows[i].path, rows[i].artifact,
                json_object_get(json_object_get(json_array_get(json_object_get(result, keys[k]), 0),
                                                "physicalLocation"),
                                "artifactLocation"));
        json_decref(log);
    }
}

static void test_report_sarif__makes_an_error_of_a_note_when_strict(void **state)
{
    (void)state;
    struct report report = some_report();
    json_t *log, *run = read_run(&report, true, &log);
    expect_json("level", "\"error\"",
                json_object_get(json_array_get(json_object_get(run, "results"), 1), "level"));
    json_decref(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_sarif__writes_a_result_per_finding_with_its_locations),
        TEST(test_report_sarif__has_one_rule_per_kind),
        TEST(test_report_sarif__notifies_of_what_was_not_checked),
        TEST(test_report_sarif__writes_paths_as_uris),
        TEST(test_report_sarif__makes_an_error_of_a_note_when_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
