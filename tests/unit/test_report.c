/* Tests of text.c: whole texts. */
#include "fixture.h"

#include "report/report.h"
#include "witness/witnesses.h"

/* ---- tables ---- */

static void test_report_text_table__aligns_columns(void **state)
{
    (void)state;
    static const char *const cells[] = {"target", "bits", "c", "x32", "32", "long", "", "64", ""};
    struct str out = {.arena = &arena};
    report_text_table(&out, cells, 3, 3);
    expect_text("three rows",
                "target  bits  c\n"
                "x32     32    long\n"
                "        64    \n",
                str_text(&out));
}

static void test_report_text_table__writes_nothing_when_there_are_no_rows(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};
    report_text_table(&out, NULL, 0, 3);
    assert_string_equal(str_text(&out), "");
}

/* ---- findings ---- */

static struct findings some_findings(void)
{
    struct findings findings = {.arena = &arena}, more = {.arena = &arena};

    findings_add(&findings, "bad-offset", SEVERITY_ERROR, "epoll_event.data", "4", "8",
                 (struct location){"linux/eventpoll.h", 83, 5},
                 (struct location){"b/epoll.h", 12, 0},
                 (struct finding_scope){"epoll", "x86_64-linux", "clang", "binding"});
    findings_add(&more, "bad-offset", SEVERITY_ERROR, "epoll_event.data", "4", "8", no_location,
                 no_location, (struct finding_scope){"epoll", "x32-linux", "run", "binding"});
    findings_merge(&findings, &more);
    findings_add(&findings, "looser-align", SEVERITY_NOTE, "epoll_event", "8", "4", no_location,
                 (struct location){"b/epoll.h", 0, 0},
                 (struct finding_scope){"epoll", "aarch64-linux", NULL, "system"});
    findings_add(&findings, "bad-value", SEVERITY_ERROR, "EPOLLIN", "0x1", "0x2", no_location,
                 no_location, (struct finding_scope){NULL, NULL, NULL, NULL});
    return findings;
}

#define BLOCK_OFFSET                                                                               \
    "error: bad-offset: epoll_event.data (binding of epoll) [x86_64-linux x32-linux]\n"            \
    "    expected  4\n"                                                                            \
    "    got       8\n"                                                                            \
    "    header    linux/eventpoll.h:83\n"                                                         \
    "    found in  b/epoll.h:12\n"                                                                 \
    "    seen by   clang run\n"
#define BLOCK_ALIGN                                                                                \
    "note: looser-align: epoll_event (system of epoll) [aarch64-linux]\n"                          \
    "    expected  8\n"                                                                            \
    "    got       4\n"                                                                            \
    "    found in  b/epoll.h\n"
#define BLOCK_VALUE                                                                                \
    "error: bad-value: EPOLLIN\n"                                                                  \
    "    expected  0x1\n"                                                                          \
    "    got       0x2\n"

static void test_report_text_findings__prints_a_block_each_and_notes_when_asked(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct report_options options;
        const char *expected;
    } rows[] = {
        {"plain",
         {false, false, false},
         BLOCK_OFFSET BLOCK_VALUE "1 note: right today and worth knowing; -v shows it\n"},
        {"quiet", {true, false, false}, BLOCK_OFFSET BLOCK_VALUE},
        {"verbose", {false, true, false}, BLOCK_OFFSET BLOCK_ALIGN BLOCK_VALUE},
        {"strict", {false, false, true}, BLOCK_OFFSET BLOCK_ALIGN BLOCK_VALUE},
        {"quiet and strict", {true, false, true}, BLOCK_OFFSET BLOCK_ALIGN BLOCK_VALUE},
    };
    struct findings findings = some_findings();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        report_text_findings(&out, &findings, rows[i].options);
        expect_text(rows[i].label, rows[i].expected, str_text(&out));
    }
}

static void test_report_text_findings__counts_hidden_notes(void **state)
{
    (void)state;
    struct str none = {.arena = &arena}, two = {.arena = &arena};
    struct findings findings = {.arena = &arena};
    report_text_findings(&none, &findings, (struct report_options){false, false, false});
    assert_string_equal(str_text(&none), "");
    for (int i = 0; i < 2; i++)
        findings_add(&findings, "bad-sign", SEVERITY_NOTE, "C", "u32", "i32", no_location,
                     no_location, (struct finding_scope){NULL, NULL, NULL, NULL});
    report_text_findings(&two, &findings, (struct report_options){false, false, false});
    assert_string_equal(str_text(&two), "2 notes: right today and worth knowing; -v shows them\n");
}

/* ---- checks ---- */

static struct target with_runner(const char *name, const char *emulator, const char *runner)
{
    struct target target = x86_64();

    target.name = name;
    target.emulator = emulator;
    target.runner = runner;
    return target;
}

static struct evidence collected(const char *witness, enum subject subject)
{
    return (struct evidence){.witness = witness, .subject = subject, .facts = {.arena = &arena}};
}

/* A check that is proved: 3 of 3 facts, 2 behaviours. */
static struct check proved_check(const struct spec *spec, const struct target *target)
{
    struct check check = {
        .spec = spec, .target = target, .system = collected("clang", SUBJECT_SYSTEM)};

    check.system.facts = make_facts("alias t type=u64\n"
                                    "field r.a offset=0 size=4 type=u32\n"
                                    "field r.b offset=4 size=8 type=u64\n"
                                    "record hidden size=1 align=1 kind=struct\n"
                                    "record r size=12 align=1 kind=struct\n");
    check.n_witnesses = 4;
    check.witnesses = arena_alloc(&arena, check.n_witnesses * sizeof *check.witnesses);
    check.witnesses[0] = collected("clang", SUBJECT_BINDING);
    check.witnesses[1] = collected("run", SUBJECT_SYSTEM);
    check.witnesses[2] = collected("run", SUBJECT_BINDING);
    check.witnesses[3] = collected("behave", SUBJECT_BINDING);
    check.n_facts = check.n_checked = 3;
    check.n_behaviours = 2;
    check.tier = TIER_RUN;
    check.verdict = VERDICT_PROVED;
    return check;
}

static const struct spec *the_spec(void)
{
    return make_spec(SPEC_HEAD
                     "records:\n"
                     "  - {name: hidden, doc: d, fields: []}\n"
                     "  - {name: r, show: true, doc: d, fields: [{name: a, doc: d}, {name: b, doc: "
                     "d}]}\n"
                     "aliases: [{name: t, show: true, doc: d}]\n");
}

static const char *report(struct check *items, size_t n, const struct findings *findings,
                          struct report_options options)
{
    struct str out = {.arena = &arena};
    struct checks checks = {.items = items, .n = n};
    struct findings nothing = {.arena = &arena};
    struct boots boots = {0};
    struct bindings bindings = {.n = 0};

    report_text_checks(&out, &checks, &boots, &bindings, findings != NULL ? findings : &nothing,
                       options);
    return str_text(&out);
}

static void test_report_text_findings__groups_waived_ones_by_their_waivers(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        struct report_options options;
        const char *expected;
    } rows[] = {
        {"plain",
         {false, false, false},
         BLOCK_OFFSET "waived: 1 finding, by w.yaml:7: of old\n"
                      "waived: 2 findings, by w.yaml:3: soon gone\n"},
        {"quiet", {true, false, false}, BLOCK_OFFSET},
        {"strict",
         {false, false, true},
         BLOCK_OFFSET "waived: 1 finding, by w.yaml:7: of old\n"
                      "waived: 2 findings, by w.yaml:3: soon gone\n"},
    };
    struct findings findings = some_findings(), more = some_findings();
    ARENA_PUSH(&arena, findings.items, findings.n, more.items[2]);
    for (size_t i = 1; i < findings.n; i++) {
        findings.items[i].waived = i == 1 ? "of old" : "soon gone";
        findings.items[i].waiver = (struct location){"w.yaml", i == 1 ? 7 : 3, 0};
    }
    assert_int_equal(findings.n, 4);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        report_text_findings(&out, &findings, rows[i].options);
        expect_text(rows[i].label, rows[i].expected, str_text(&out));
    }
    struct str verbose = {.arena = &arena};
    report_text_findings(&verbose, &findings, (struct report_options){false, true, false});
    expect_part("verbose", "waived: ", str_text(&verbose));
    expect_part("reason", "    because   soon gone\n    waived at w.yaml:3\n", str_text(&verbose));
}

static void test_report_text_checks__prints_the_matrix_and_the_counts(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", ""),
                  b = with_runner("b-linux", "qemu-b", "/usr/bin/qemu-b");
    struct check checks[] = {proved_check(spec, &a), proved_check(spec, &b)};
    checks[1].n_behaviours = 0;
    checks[1].n_witnesses = 3;
    const char *counts = "\n2 of 2 rows proved, 0 partly, 0 not checked, 0 with findings, 0 "
                         "unreadable; 6 facts, 2 behaviours\n";
    expect_text("two checks that differ in what ran, and in what ran it",
                arena_printf(&arena,
                             "proved      run       x               r 12/1 a@0 b@4; t u64\n"
                             "            3 facts, 2 behaviours; clang run behave, native; a\n"
                             "proved      run       x               r 12/1 a@0 b@4; t u64\n"
                             "            3 facts; clang run, qemu-user; b\n%s",
                             counts),
                report(checks, 2, NULL, (struct report_options){false, false, false}));
    expect_text(
        "verbose",
        arena_printf(
            &arena, "%s%s",
            "target   spec  facts  behaviour  witnesses         tier  runner  verdict  layout\n"
            "a-linux  x     3/3    2          clang run behave  run   native  proved   r 12/1 "
            "a@0 b@4; t u64\n"
            "b-linux  x     3/3    -          clang run         run   qemu-b  proved   r 12/1 "
            "a@0 b@4; t u64\n",
            counts),
        report(checks, 2, NULL, (struct report_options){false, true, false}));
}

static void test_report_text_checks__groups_checks_that_are_alike(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", "/usr/bin/qemu-a"),
                  b = with_runner("b-linux", "qemu-b", "/usr/bin/qemu-b"),
                  c = with_runner("c-linux", "qemu-c", "/usr/bin/qemu-c");
    struct check checks[] = {proved_check(spec, &a), proved_check(spec, &b),
                             proved_check(spec, &c)};
    checks[1].n_facts = checks[1].n_checked = 5; /* a constant or two more: the same layout */
    checks[2].system.facts = make_facts("alias t type=u64\n"
                                        "field r.a offset=0 size=4 type=u32\n"
                                        "field r.b offset=8 size=8 type=u64\n"
                                        "record r size=16 align=8 kind=struct\n");
    expect_text("two are alike, one has another layout",
                "proved      run       x               r 12/1 a@0 b@4; t u64\n"
                "            3-5 facts, 2 behaviours; clang run behave, qemu-user; a b\n"
                "proved      run       x               r 16/8 a@0 b@8; t u64\n"
                "            3 facts, 2 behaviours; clang run behave, qemu-user; c\n"
                "\n"
                "3 of 3 rows proved, 0 partly, 0 not checked, 0 with findings, 0 unreadable; 11 "
                "facts, 6 behaviours\n",
                report(checks, 3, NULL, (struct report_options){false, false, false}));
    checks[1].verdict = VERDICT_PARTLY;
    checks[1].n_checked = 4;
    expect_part("another verdict is never in its group",
                "            3 facts, 2 behaviours; clang run behave, qemu-user; a\n"
                "partly      run       x               r 12/1 a@0 b@4; t u64\n"
                "            4 of 5 facts, 2 behaviours; clang run behave, qemu-user; b\n",
                report(checks, 3, NULL, (struct report_options){false, false, false}));
}

static void test_report_text_checks__says_all_its_targets_where_none_is_left_out(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", ""),
                  b = with_runner("b-linux", "qemu-b", "");
    struct check checks[] = {proved_check(spec, &a), proved_check(spec, &b)};
    for (int i = 0; i < 2; i++) {
        remark_add(&checks[i].witnesses[1].unchecked, &arena, "r.a", no_location, "has bits");
        remark_add(&checks[i].witnesses[1].unchecked, &arena, "r.b", no_location, "has bits");
    }
    checks[1].witnesses[3].unavailable = "no program";
    expect_part("both, and one",
                "\n\nnot checked:\n"
                "    x [all its targets] r.a r.b: has bits\n"
                "    x [b-linux] behave: no program\n"
                "\n2 of 2 ",
                report(checks, 2, NULL, (struct report_options){false, false, false}));
}

static void test_report_text_checks__never_lets_a_skip_read_like_a_pass(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", NULL),
                  b = with_runner("b-linux", "qemu-b", NULL),
                  c = with_runner("c-macos", NULL, NULL), d = with_runner("d-linux", "q", "");
    struct check checks[] = {proved_check(spec, &a),
                             proved_check(spec, &b),
                             proved_check(spec, &c),
                             {.spec = spec, .target = &d}};
    for (int i = 0; i < 2; i++) { /* no emulator: the run witnesses are unavailable */
        for (int k = 1; k < 4; k++)
            checks[i].witnesses[k].unavailable = "no qemu; install it";
        checks[i].tier = TIER_READ;
        checks[i].verdict = VERDICT_NOT_CHECKED;
        checks[i].n_checked = checks[i].n_behaviours = 0;
    }
    checks[2].witnesses[1] = collected("compile", SUBJECT_SYSTEM); /* compiled only */
    checks[2].witnesses[2] = collected("compile", SUBJECT_BINDING);
    checks[2].n_witnesses = 3;
    remark_add(&checks[2].witnesses[1].unchecked, &arena, "r.a", no_location, "has bits");
    checks[2].n_checked = 2;
    checks[2].tier = TIER_COMPILED;
    checks[2].verdict = VERDICT_PARTLY;
    checks[2].n_behaviours = 0;
    remark_add(&checks[2].unsupported, &arena, "run", no_location,
               "nothing here runs this system's programs");
    checks[3].system = collected("clang", SUBJECT_SYSTEM); /* no headers */
    checks[3].system.unavailable = "no header set";
    checks[3].verdict = VERDICT_NOT_CHECKED;
    const char *missing =
        "\n"
        "not checked:\n"
        "    x [a-linux b-linux] run behave: no qemu; install it\n"
        "    x [c-macos] r.a: has bits\n"
        "    x [c-macos] run: nothing here runs this system's programs\n"
        "    x [d-linux] clang: no header set\n"
        "\n"
        "0 of 4 rows proved, 1 partly, 3 not checked, 0 with findings, 0 unreadable; 2 "
        "facts, 0 behaviours\n";
    expect_text("what is missing, once for all targets that miss it",
                arena_printf(&arena,
                             "not checked read      x               r 12/1 a@0 b@4; t u64\n"
                             "            0 of 3 facts; clang; a b\n"
                             "partly      compiled  x               r 12/1 a@0 b@4; t u64\n"
                             "            2 of 3 facts; clang compile; c\n"
                             "not checked none      x               -\n"
                             "            0 facts; -; d\n%s",
                             missing),
                report(checks, 4, NULL, (struct report_options){false, false, false}));
    expect_text(
        "verbose",
        arena_printf(
            &arena, "%s%s",
            "target   spec  facts  behaviour  witnesses      tier      runner  verdict      "
            "layout\n"
            "a-linux  x     0/3    -          clang          read      -       not checked  r "
            "12/1 a@0 b@4; t u64\n"
            "b-linux  x     0/3    -          clang          read      -       not checked  r "
            "12/1 a@0 b@4; t u64\n"
            "c-macos  x     2/3    -          clang compile  compiled  -       partly       r "
            "12/1 a@0 b@4; t u64\n"
            "d-linux  x     0/0    -          -              none      -       not checked  -\n",
            missing),
        report(checks, 4, NULL, (struct report_options){false, true, false}));
}

static void test_report_text_checks__says_once_what_was_left_out_by_choice(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", ""), b = with_runner("b-macos", NULL, NULL);
    struct check checks[] = {proved_check(spec, &a), proved_check(spec, &b)};
    for (int i = 0; i < 2; i++) { /* --witness behave */
        checks[i].requested = witness_set("behave");
        checks[i].tier = TIER_NONE;
        checks[i].n_checked = 0;
    }
    checks[0].witnesses[0] = checks[0].witnesses[3];
    checks[0].n_witnesses = 1;
    checks[0].excluded = witness_set("clang") | witness_set("run") | witness_set("link");
    checks[0].verdict = VERDICT_PARTLY;
    checks[1].n_witnesses = checks[1].n_behaviours = 0;
    checks[1].excluded = witness_set("clang") | witness_set("compile");
    checks[1].verdict = VERDICT_NOT_CHECKED;
    remark_add(&checks[1].unsupported, &arena, "behave", no_location, "nothing runs");
    expect_text(
        "behaviour alone is no tier, but something ran it",
        "partly      none      x               r 12/1 a@0 b@4; t u64\n"
        "            0 of 3 facts, 2 behaviours; clang behave, native; a\n"
        "not checked none      x               r 12/1 a@0 b@4; t u64\n"
        "            0 of 3 facts; clang; b\n"
        "\n"
        "not checked:\n"
        "    left out by choice (--witness): clang compile run link; headers are read anyway\n"
        "    x [b-macos] behave: nothing runs\n"
        "\n"
        "0 of 2 rows proved, 1 partly, 1 not checked, 0 with findings, 0 unreadable; 0 "
        "facts, 2 behaviours\n",
        report(checks, 2, NULL, (struct report_options){false, false, false}));
    checks[1].unsupported.n = 0;
    expect_part(
        "that line alone",
        "\n\nnot checked:\n"
        "    left out by choice (--witness): clang compile run link; headers are read anyway\n"
        "\n0 of 2 rows proved",
        report(checks, 2, NULL, (struct report_options){false, false, false}));
}

static void test_report_text_checks__prints_findings_below_the_matrix(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", "");
    struct check checks[] = {proved_check(spec, &a)};
    struct findings findings = some_findings();
    checks[0].verdict = VERDICT_FINDINGS;
    checks[0].witnesses[3].unavailable = "no program";
    const char *rest =
        "\n"
        "not checked:\n"
        "    x [a-linux] behave: no program\n"
        "\n"
        "0 of 1 rows proved, 0 partly, 0 not checked, 1 with findings, 0 unreadable; "
        "3 facts, 2 behaviours\n";
    expect_text("findings, then what was not checked",
                arena_printf(&arena,
                             "FINDINGS    run       x               r 12/1 a@0 b@4; t u64\n"
                             "            3 facts, 2 behaviours; clang run, native; a\n"
                             "\n%s%s",
                             BLOCK_OFFSET BLOCK_VALUE
                             "1 note: right today and worth knowing; -v shows it\n",
                             rest),
                report(checks, 1, &findings, (struct report_options){false, false, false}));
    expect_text(
        "verbose",
        arena_printf(
            &arena,
            "target   spec  facts  behaviour  witnesses  tier  runner  verdict   layout\n"
            "a-linux  x     3/3    2          clang run  run   native  FINDINGS  r 12/1 a@0 "
            "b@4; t u64\n"
            "\n%s%s",
            BLOCK_OFFSET BLOCK_ALIGN BLOCK_VALUE, rest),
        report(checks, 1, &findings, (struct report_options){false, true, false}));
    expect_text("quiet: findings only", BLOCK_OFFSET BLOCK_VALUE,
                report(checks, 1, &findings, (struct report_options){true, false, false}));
}

static void test_report_text_checks__names_no_witness_of_an_unreadable_check(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", "");
    struct check checks[] = {{.spec = spec,
                              .target = &a,
                              .system = collected("clang", SUBJECT_SYSTEM),
                              .verdict = VERDICT_UNREADABLE}};
    const char *counts = "\n0 of 1 rows proved, 0 partly, 0 not checked, 0 with findings, 1 "
                         "unreadable; 0 facts, 0 behaviours\n";
    expect_text("unreadable",
                arena_printf(&arena,
                             "UNREADABLE  none      x               -\n"
                             "            0 facts; -; a\n%s",
                             counts),
                report(checks, 1, NULL, (struct report_options){false, false, false}));
    expect_text("verbose",
                arena_printf(
                    &arena, "%s%s",
                    "target   spec  facts  behaviour  witnesses  tier  runner  verdict     layout\n"
                    "a-linux  x     0/0    -          -          none  -       UNREADABLE  -\n",
                    counts),
                report(checks, 1, NULL, (struct report_options){false, true, false}));
}

static void
test_report_text_checks__says_where_facts_came_from_when_not_the_first_source(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", "");
    struct check checks[] = {proved_check(spec, &a)};
    remark_add(&checks[0].system.notes, &arena, "linux/eventfd.h", no_location,
               "not in the header set");
    expect_part(
        "note",
        "\n\nsources:\n    x [a-linux] linux/eventfd.h: not in the header set\n\n1 of 1 rows "
        "proved",
        report(checks, 1, NULL, (struct report_options){false, false, false}));
}

static void
test_report_text_checks__does_not_name_a_broken_witness_among_those_that_ran(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    struct target a = with_runner("a-linux", "qemu-a", "");
    struct check checks[] = {proved_check(spec, &a)};
    for (int i = 1; i < 3; i++)
        remark_add(&checks[0].witnesses[i].broken, &arena, "probe-failed", no_location, "hangs");
    expect_part("witnesses", "; clang behave, native; ",
                report(checks, 1, NULL, (struct report_options){false, false, false}));
    expect_part("verbose", "  clang behave  ",
                report(checks, 1, NULL, (struct report_options){false, true, false}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_report_text_table__aligns_columns),
        TEST(test_report_text_table__writes_nothing_when_there_are_no_rows),
        TEST(test_report_text_findings__prints_a_block_each_and_notes_when_asked),
        TEST(test_report_text_findings__counts_hidden_notes),
        TEST(test_report_text_findings__groups_waived_ones_by_their_waivers),
        TEST(test_report_text_checks__prints_the_matrix_and_the_counts),
        TEST(test_report_text_checks__groups_checks_that_are_alike),
        TEST(test_report_text_checks__says_all_its_targets_where_none_is_left_out),
        TEST(test_report_text_checks__never_lets_a_skip_read_like_a_pass),
        TEST(test_report_text_checks__says_once_what_was_left_out_by_choice),
        TEST(test_report_text_checks__prints_findings_below_the_matrix),
        TEST(test_report_text_checks__names_no_witness_of_an_unreadable_check),
        TEST(test_report_text_checks__says_where_facts_came_from_when_not_the_first_source),
        TEST(test_report_text_checks__does_not_name_a_broken_witness_among_those_that_ran),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
