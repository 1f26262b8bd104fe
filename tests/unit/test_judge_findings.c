/* Tests of judge.c: lists of findings - added, merged, collapsed, sorted, counted. */
#include "fixture.h"

#include "judge/judge.h"

/* "kind item [targets] (witnesses)", one a line. */
static const char *lines(const struct findings *findings)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        str_addf(&text, "%s %s [", finding->kind, finding->item);
        for (size_t k = 0; k < finding->n_targets; k++)
            str_addf(&text, "%s%s", k > 0 ? " " : "", finding->targets[k]);
        str_add(&text, "] (");
        for (size_t k = 0; k < finding->n_witnesses; k++)
            str_addf(&text, "%s%s", k > 0 ? " " : "", finding->witnesses[k]);
        str_add(&text, ")\n");
    }
    return str_text(&text);
}

static void add(struct findings *findings, const char *kind, const char *target,
                const char *witness)
{
    findings_add(findings, kind, SEVERITY_ERROR, "item", "1", "2", no_location, no_location,
                 (struct finding_scope){"spec", target, witness, "binding"});
}

static void test_findings_add__copies_texts_and_context(void **state)
{
    (void)state;
    struct findings findings = {.arena = &arena};
    char item[] = "item", expected[] = "1", got[] = "2";
    findings_add(&findings, "bad-size", SEVERITY_NOTE, item, expected, got,
                 (struct location){"h.h", 1, 2}, (struct location){"b.h", 3, 4},
                 (struct finding_scope){"epoll", "a-linux", "run", "system"});
    memset(item, 'x', 4), expected[0] = got[0] = 'x';
    const struct finding *finding = &findings.items[0];
    assert_int_equal(findings.n, 1);
    assert_string_equal(finding->kind, "bad-size");
    assert_int_equal(finding->severity, SEVERITY_NOTE);
    assert_string_equal(finding->item, "item");
    assert_string_equal(finding->expected, "1");
    assert_string_equal(finding->got, "2");
    assert_string_equal(finding->spec, "epoll");
    assert_string_equal(finding->subject, "system");
    assert_string_equal(finding->reference.file, "h.h");
    assert_int_equal(finding->location.line, 3);
    assert_string_equal(lines(&findings), "bad-size item [a-linux] (run)\n");

    findings_add(&findings, "bad-size", SEVERITY_NOTE, "i", NULL, NULL, no_location, no_location,
                 (struct finding_scope){NULL, NULL, NULL, NULL});
    assert_int_equal(findings.items[1].n_targets + findings.items[1].n_witnesses, 0);
    assert_null(findings.items[1].expected);
}

static void test_judge__gives_a_finding_both_locations(void **state)
{
    (void)state;
    struct facts expected = {.arena = &arena}, got = {.arena = &arena};
    assert_true(facts_parse(&expected, "\nconstant C value=0x1\n", "a.facts", &diag));
    assert_true(
        facts_parse(&got, "constant C value=0x2\nconstant D value=0x2\n", "b.facts", &diag));
    struct findings findings = {.arena = &arena};
    judge(&findings, &expected, &got,
          &(struct judge_options){.mode = JUDGE_SAME, .is_complete = true},
          (struct finding_scope){"s", "t", "run", "system"}, NULL);
    assert_int_equal(findings.n, 2);
    assert_string_equal(findings.items[0].reference.file, "a.facts");
    assert_int_equal(findings.items[0].reference.line, 2);
    assert_string_equal(findings.items[0].location.file, "b.facts");
    assert_int_equal(findings.items[0].location.line, 1);
    assert_null(findings.items[1].reference.file); /* extra: nothing is expected anywhere */
    assert_int_equal(findings.items[1].location.line, 2);
    assert_string_equal(lines(&findings), "bad-value C [t] (run)\nextra-constant D [t] (run)\n");
}

static void test_findings_merge__joins_what_several_witnesses_saw(void **state)
{
    (void)state;
    struct findings all = {.arena = &arena}, more = {.arena = &arena};
    add(&all, "bad-size", "a", "clang");
    add(&more, "bad-size", "a", "run");
    add(&more, "bad-align", "a", "run");
    more.items[0].location = (struct location){"b.h", 7, 0};
    findings_merge(&all, &more);
    findings_merge(&all, &more); /* nobody is named twice */
    assert_string_equal(lines(&all), "bad-size item [a] (clang run)\nbad-align item [a] (run)\n");
    assert_string_equal(all.items[0].location.file, "b.h"); /* the first one had no location */
    assert_string_equal(lines(&more), "bad-size item [a] (run)\nbad-align item [a] (run)\n");
}

static void test_findings_merge__keeps_apart_what_differs_in_anything(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *kind, *item, *expected, *got, *spec, *subject;
        enum severity severity;
    } rows[] = {
        {"kind", "bad-align", "item", "1", "2", "spec", "binding", SEVERITY_ERROR},
        {"item", "bad-size", "other", "1", "2", "spec", "binding", SEVERITY_ERROR},
        {"expected", "bad-size", "item", "3", "2", "spec", "binding", SEVERITY_ERROR},
        {"got", "bad-size", "item", "1", "3", "spec", "binding", SEVERITY_ERROR},
        {"spec", "bad-size", "item", "1", "2", NULL, "binding", SEVERITY_ERROR},
        {"subject", "bad-size", "item", "1", "2", "spec", "system", SEVERITY_ERROR},
        {"severity", "bad-size", "item", "1", "2", "spec", "binding", SEVERITY_NOTE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct findings all = {.arena = &arena}, more = {.arena = &arena};
        add(&all, "bad-size", "a", "run");
        findings_add(&more, rows[i].kind, rows[i].severity, rows[i].item, rows[i].expected,
                     rows[i].got, no_location, no_location,
                     (struct finding_scope){rows[i].spec, "a", "run", rows[i].subject});
        findings_merge(&all, &more);
        if (all.n != 2)
            fail_msg("%s: expected two findings, got %zu", rows[i].label, all.n);
    }
}

static void test_findings_collapse__joins_targets_when_the_witnesses_are_the_same(void **state)
{
    (void)state;
    struct findings findings = {.arena = &arena};
    add(&findings, "bad-size", "a", "run");
    add(&findings, "bad-align", "a", "run");
    add(&findings, "bad-size", "b", "run");
    add(&findings, "bad-size", "c", "clang");
    add(&findings, "bad-size", "d", "run");
    findings_collapse(&findings);
    assert_string_equal(lines(&findings), "bad-size item [a b d] (run)\n"
                                          "bad-align item [a] (run)\n"
                                          "bad-size item [c] (clang)\n");
    findings_collapse(&findings);
    assert_int_equal(findings.n, 3);
}

static void test_findings_collapse__joins_more_targets_than_fit_at_first(void **state)
{
    (void)state;
    struct findings findings = {.arena = &arena};
    for (int i = 0; i < 40; i++)
        add(&findings, "bad-size", arena_printf(&arena, "t%d", i), "run");
    findings_collapse(&findings);
    assert_int_equal(findings.n, 1);
    assert_int_equal(findings.items[0].n_targets, 40);
    for (int i = 0; i < 40; i++)
        assert_string_equal(findings.items[0].targets[i], arena_printf(&arena, "t%d", i));
}

static void test_findings_sort__puts_errors_first_then_spec_item_kind_and_got(void **state)
{
    (void)state;
    static const struct {
        enum severity severity;
        const char *spec, *item, *kind, *got;
    } rows[] = {
        /* in the order expected */
        {SEVERITY_ERROR, NULL, "z", "z", "z"}, {SEVERITY_ERROR, "a", "a", "b", "b"},
        {SEVERITY_ERROR, "a", "b", "a", "b"},  {SEVERITY_ERROR, "a", "b", "b", "a"},
        {SEVERITY_ERROR, "a", "b", "b", "b"},  {SEVERITY_ERROR, "b", "a", "a", "a"},
        {SEVERITY_NOTE, "a", "a", "a", "a"},
    };
    enum { N = sizeof rows / sizeof rows[0] };
    struct findings findings = {.arena = &arena};
    findings_sort(&findings); /* an empty list is sorted */
    for (int i = 0; i < N; i++) {
        int k = (i * 3 + 2) % N;
        findings_add(&findings, rows[k].kind, rows[k].severity, rows[k].item, "e", rows[k].got,
                     no_location, no_location,
                     (struct finding_scope){rows[k].spec, NULL, NULL, NULL});
    }
    findings_sort(&findings);
    for (int i = 0; i < N; i++) {
        const struct finding *finding = &findings.items[i];
        if (finding->severity != rows[i].severity || strcmp(finding->item, rows[i].item) != 0 ||
            strcmp(finding->kind, rows[i].kind) != 0 || strcmp(finding->got, rows[i].got) != 0)
            fail_msg("place %d: got %s %s %s", i, finding->item, finding->kind, finding->got);
    }
    assert_int_equal(findings_count(&findings, SEVERITY_ERROR), 6);
    assert_int_equal(findings_count(&findings, SEVERITY_NOTE), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_findings_add__copies_texts_and_context),
        TEST(test_judge__gives_a_finding_both_locations),
        TEST(test_findings_merge__joins_what_several_witnesses_saw),
        TEST(test_findings_merge__keeps_apart_what_differs_in_anything),
        TEST(test_findings_collapse__joins_targets_when_the_witnesses_are_the_same),
        TEST(test_findings_collapse__joins_more_targets_than_fit_at_first),
        TEST(test_findings_sort__puts_errors_first_then_spec_item_kind_and_got),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
