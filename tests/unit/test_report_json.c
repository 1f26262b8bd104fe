/* Tests of json.c: the text is read back by jansson, and has the keys that the file
 * documents. */
#include "reports.h"

#include <jansson.h>

#include "witness/witnesses.h"

/* A report, read back. */
static json_t *read_report(const struct report *report)
{
    struct str out = {.arena = &arena};

    report_json(&out, report);
    json_error_t error;
    json_t *root_object = json_loads(str_text(&out), JSON_REJECT_DUPLICATES, &error);
    if (root_object == NULL)
        fail_msg("line %d: %s in: %s", error.line, error.text, str_text(&out));
    assert_int_equal(str_text(&out)[out.len - 1], '\n');
    assert_int_equal(json_integer_value(json_object_get(root_object, "version")), 2);
    assert_string_equal(json_string_value(json_object_get(root_object, "command")),
                        report->command);
    return root_object;
}

/* The report of checks, read back. */
static json_t *report(struct check *items, size_t n, const struct findings *findings)
{
    struct checks checks = {.items = items, .n = n};

    return read_report(
        &(struct report){.command = "prove", .findings = *findings, .checks = &checks});
}

/* Compares JSON as text without blanks, keys in their order. */
static void expect_json(const char *label, const char *expected, json_t *got)
{
    char *text = json_dumps(got, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
    const char *copy = text != NULL ? arena_strdup(&arena, text) : NULL;

    free(text);
    expect_text(label, expected, copy);
}

static struct evidence collected(const char *witness, enum subject subject, enum tier tier)
{
    return (struct evidence){
        .witness = witness, .subject = subject, .tier = tier, .facts = {.arena = &arena}};
}

static void test_report_json__writes_a_check_with_its_layout_and_witnesses(void **state)
{
    (void)state;
    struct target target = x86_64();
    struct check check = {
        .spec = make_spec(SPEC_HEAD "records:\n"
                                    "  - {name: r, doc: d, fields: [{name: a, doc: d}, {name: b, "
                                    "doc: d}]}\n"),
        .target = &target,
        .system = collected("clang", SUBJECT_SYSTEM, TIER_READ),
        .n_witnesses = 2,
        .n_facts = 3,
        .n_checked = 2,
        .n_behaviours = 4,
        .tier = TIER_RUN,
        .verdict = VERDICT_PARTLY,
    };
    target.emulator = "qemu-x86_64";
    target.runner = "";
    check.system.facts = make_facts("field r.a offset=0 size=4 type=u32\n"
                                    "field r.b offset=4 size=8 type=u64\n"
                                    "record r size=12 align=1 kind=struct\n");
    check.witnesses = arena_alloc(&arena, check.n_witnesses * sizeof *check.witnesses);
    check.witnesses[0] = collected("run", SUBJECT_BINDING, TIER_RUN);
    check.witnesses[1] = collected("behave", SUBJECT_BINDING, TIER_RUN);
    check.witnesses[1].unavailable = "no \"program\"";
    remark_add(&check.witnesses[0].unchecked, &arena, "r.a", no_location, "has bits");
    remark_add(&check.system.notes, &arena, "new.h", no_location, "not in the header set");
    check.excluded = witness_set("dwarf") | witness_set("link");
    remark_add(&check.unsupported, &arena, "clang", no_location, "knows no layout");
    struct findings nothing = {.arena = &arena};
    json_t *got = report(&check, 1, &nothing);
    expect_json("rows",
                "[{\"behaviours\":4,\"checked\":2,\"facts\":3,"
                "\"left_out\":[\"dwarf\",\"link\"],"
                "\"not_checked\":[{\"name\":\"r.a\",\"reason\":\"has bits\"},"
                "{\"name\":\"clang\",\"reason\":\"knows no layout\"}],"
                "\"notes\":[{\"name\":\"new.h\",\"text\":\"not in the header set\"}],"
                "\"promised\":\"run\","
                "\"records\":[{\"align\":1,\"fields\":{\"a\":0,\"b\":4},\"name\":\"r\","
                "\"size\":12}],"
                "\"runner\":\"native\",\"spec\":\"x\",\"target\":\"x86_64-linux\","
                "\"tier\":\"run\",\"verdict\":\"partly\","
                "\"witnesses\":["
                "{\"facts\":3,\"name\":\"clang\",\"ran\":true,\"subject\":\"system\","
                "\"tier\":\"read\"},"
                "{\"facts\":0,\"name\":\"run\",\"ran\":true,\"subject\":\"binding\","
                "\"tier\":\"run\"},"
                "{\"facts\":0,\"name\":\"behave\",\"ran\":false,\"subject\":\"binding\","
                "\"tier\":\"run\",\"unavailable\":\"no \\\"program\\\"\"}]}]",
                json_object_get(got, "rows"));
    expect_json("findings", "[]", json_object_get(got, "findings"));
    json_decref(got);
}

static void test_report_json__writes_findings_and_leaves_out_what_is_not_known(void **state)
{
    (void)state;
    struct findings findings = {.arena = &arena};
    findings_add(&findings, "bad-offset", SEVERITY_ERROR, "epoll_event.data", "4", "8",
                 (struct location){"linux/eventpoll.h", 83, 5},
                 (struct location){"b/epoll.h", 12, 0},
                 (struct finding_scope){"epoll", "x86_64-linux", "clang", "binding"});
    findings_add(&findings, "bad-sign", SEVERITY_NOTE, "C", "u32", "i32", no_location,
                 (struct location){"b/x.h", 0, 0}, (struct finding_scope){NULL, NULL, NULL, NULL});
    json_t *got = report(NULL, 0, &findings);
    expect_json("rows", "[]", json_object_get(got, "rows"));
    expect_json("findings",
                "[{\"expected\":\"4\",\"file\":\"b/epoll.h\",\"got\":\"8\","
                "\"header\":\"linux/eventpoll.h\",\"header_line\":83,"
                "\"item\":\"epoll_event.data\",\"kind\":\"bad-offset\",\"line\":12,"
                "\"severity\":\"error\",\"spec\":\"epoll\",\"subject\":\"binding\","
                "\"targets\":[\"x86_64-linux\"],\"witnesses\":[\"clang\"]},"
                "{\"expected\":\"u32\",\"file\":\"b/x.h\",\"got\":\"i32\",\"item\":\"C\","
                "\"kind\":\"bad-sign\",\"severity\":\"note\",\"targets\":[],\"witnesses\":[]}]",
                json_object_get(got, "findings"));
    json_decref(got);
}

static void test_report_json__has_no_runner_and_no_size_where_there_is_none(void **state)
{
    (void)state;
    struct target target = x86_64();
    struct findings nothing = {.arena = &arena};
    struct check check = {
        .spec = make_spec(SPEC_HEAD "records: [{name: r, doc: d, fields: [{name: a, doc: d}]}]\n"),
        .target = &target,
        .system = collected("clang", SUBJECT_SYSTEM, TIER_READ),
        .verdict = VERDICT_UNREADABLE,
    };
    json_t *got = report(&check, 1, &nothing);
    json_t *first = json_array_get(json_object_get(got, "rows"), 0);
    assert_null(json_object_get(first, "runner"));
    expect_json("verdict", "\"UNREADABLE\"", json_object_get(first, "verdict"));
    expect_json("records", "[{\"fields\":{},\"name\":\"r\"}]", json_object_get(first, "records"));
    json_decref(got);
}

static void test_report_json__writes_cases_with_their_own_findings(void **state)
{
    (void)state;
    struct report full = some_report();
    full.cases.items[0].n_findings = 1;
    json_t *got = read_report(&full);
    expect_json("counts",
                "{\"findings\":1,\"not_checked\":2,\"proved\":1,\"unreadable\":1,\"waived\":0}",
                json_object_get(got, "counts"));
    assert_null(json_object_get(got, "rows"));
    json_t *cases = json_object_get(got, "cases");
    assert_int_equal(json_array_size(cases), 5);
    expect_json("a case with a finding",
                "{\"findings\":[{\"expected\":\"4\",\"file\":\"b/epoll 1.h\",\"got\":\"8\","
                "\"header\":\"linux/eventpoll.h\",\"header_line\":83,"
                "\"item\":\"epoll_event.data\",\"kind\":\"bad-offset\",\"line\":12,"
                "\"severity\":\"error\",\"spec\":\"epoll\",\"subject\":\"binding\","
                "\"targets\":[\"x86_64-linux\",\"x32-linux\"],"
                "\"witnesses\":[\"clang\",\"run\"]}],"
                "\"group\":\"x86_64-linux\",\"name\":\"epoll\",\"outcome\":\"findings\","
                "\"text\":\"run tier, 42 of 42 facts\"}",
                json_array_get(cases, 0));
    json_t *skipped = json_array_get(cases, 1);
    assert_string_equal(json_string_value(json_object_get(skipped, "name")), NASTY);
    expect_json("outcome", "\"not_checked\"", json_object_get(skipped, "outcome"));
    expect_json("a case without group and findings",
                "{\"findings\":[],\"name\":\"kqueue\",\"outcome\":\"unreadable\","
                "\"text\":\"kqueue.yaml:1: error: not YAML\"}",
                json_array_get(cases, 4));
    json_decref(got);
}

static void test_report_json__keeps_a_key_whose_text_is_no_utf8(void **state)
{
    (void)state;
    struct report_case item = {NULL, "a\xff\x01z", OUTCOME_PROVED, NULL, NULL, 0};
    json_t *got = read_report(&(struct report){.command = "judge", .cases = {&item, 1}});
    expect_json("name", "\"a\xef\xbf\xbd\xef\xbf\xbdz\"",
                json_object_get(json_array_get(json_object_get(got, "cases"), 0), "name"));
    json_decref(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_json__writes_a_check_with_its_layout_and_witnesses),
        TEST(test_report_json__writes_findings_and_leaves_out_what_is_not_known),
        TEST(test_report_json__has_no_runner_and_no_size_where_there_is_none),
        TEST(test_report_json__writes_cases_with_their_own_findings),
        TEST(test_report_json__keeps_a_key_whose_text_is_no_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
