/* Tests of waive.c: what a waiver accepts, what it leaves, and when it is itself a finding. */
#include "fixture.h"

#include <time.h>

#include "judge/judge.h"
#include "judge/waive.h"

static struct waivers waivers;

static const char *load(const char *text)
{
    waivers = (struct waivers){NULL, 0};
    return waivers_load(&waivers, &arena, write_file("w.yaml", text), &diag) ? "read" : "refused";
}

/* Adds a finding on targets, separated by spaces. */
static void add(struct findings *findings, const char *kind, const char *item, const char *targets)
{
    struct location location = {"app.o", 7, 0};
    struct finding_scope scope = {"epoll", NULL, "dwarf", "binding"};
    char *rest, *text = arena_strdup(&arena, targets);

    findings_add(findings, kind, SEVERITY_ERROR, item, "1", "2", location, location, scope);
    struct finding *finding = &findings->items[findings->n - 1];
    for (char *name = strtok_r(text, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest))
        ARENA_PUSH(&arena, finding->targets, finding->n_targets, name);
}

/* "bad-size a [x y] waived at 3: reason", one a line. */
static const char *print(const struct findings *findings)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        str_addf(&text, "%s %s [", finding->kind, finding->item);
        for (size_t k = 0; k < finding->n_targets; k++)
            str_addf(&text, "%s%s", k > 0 ? " " : "", finding->targets[k]);
        str_add(&text, "]");
        if (finding->waived != NULL)
            str_addf(&text, " waived at %d: %s", finding->waiver.line, finding->waived);
        str_add(&text, "\n");
    }
    return str_text(&text);
}

static void test_waivers_load__reads_every_key(void **state)
{
    (void)state;
    expect_text("result", "read",
                load("# ours\n"
                     "waivers:\n"
                     "  - kind: bad-size\n"
                     "    item: epoll_event\n"
                     "    targets: [x86_64-linux, \"*-netbsd\"]\n"
                     "    reason: >-\n"
                     "      an old compiler,\n"
                     "      soon gone\n"
                     "    expiry: 2028-02-29\n"
                     "  - {kind: bad-value, item: \"EPOLL*\", reason: ours differ}\n"));
    assert_int_equal(waivers.n, 2);
    assert_string_equal(waivers.items[0].kind, "bad-size");
    assert_string_equal(waivers.items[0].item, "epoll_event");
    assert_int_equal(waivers.items[0].n_targets, 2);
    assert_string_equal(waivers.items[0].targets[1], "*-netbsd");
    assert_string_equal(waivers.items[0].reason, "an old compiler, soon gone");
    assert_string_equal(waivers.items[0].expiry, "2028-02-29");
    assert_int_equal(waivers.items[0].where.line, 3);
    assert_string_equal(waivers.items[0].where.file, at_root("w.yaml"));
    assert_null(waivers.items[1].expiry);
    assert_int_equal(waivers.items[1].n_targets, 0);
    assert_int_equal(waivers.items[1].where.line, 10);
}

static void test_waivers_load__takes_an_empty_list_and_adds_to_what_is_there(void **state)
{
    (void)state;
    expect_text("none", "read", load("waivers: []\n"));
    assert_int_equal(waivers.n, 0);
    load("waivers: [{kind: a, item: b, reason: c}, {kind: d, item: e, reason: f}]\n");
    assert_true(waivers_load(&waivers, &arena,
                             write_file("v.yaml", "waivers:\n- {kind: g, item: h, reason: i}\n"),
                             &diag));
    assert_int_equal(waivers.n, 3);
    assert_string_equal(waivers.items[1].kind, "d");
    assert_int_equal(waivers.items[1].where.line, 1);
    assert_string_equal(waivers.items[2].kind, "g");
    assert_int_equal(waivers.items[2].where.line, 2);
}

static void test_waivers_load__refuses_a_bad_file_with_its_location(void **state)
{
    (void)state;
#define ROW "waivers:\n  - kind: k\n    item: i\n"
    static const struct {
        const char *label;
        const char *text;
        const char *expected;
    } rows[] = {
        {"no reason", ROW,
         "$w.yaml:2:5: error: missing key 'reason' of an item of 'waivers', expected text\n"},
        {"a reason that says nothing", ROW "    reason: \"  \"\n",
         "$w.yaml:4:13: error: the reason of the waiver for 'i' is empty\n"},
        {"no kind", "waivers:\n  - item: i\n    reason: r\n",
         "$w.yaml:2:5: error: missing key 'kind' of an item of 'waivers', expected text\n"},
        {"unknown key", ROW "    reson: r\n",
         "$w.yaml:4:5: error: unknown key 'reson' of an item of 'waivers' (perhaps 'reason')\n"},
        {"unknown key beside the list", "waiver: []\nwaivers: []\n",
         "$w.yaml:1:1: error: unknown key 'waiver' of the file (perhaps 'waivers')\n"},
    };
    static const char *const dates[] = {"2027-02-29", "2027-13-01", "2027-00-01", "2027-01-00",
                                        "2027-04-31", "27-01-01",   "2027-1-1",   "2027-01-01x",
                                        "2027/01/01", "tomorrow",   "2027-01-+1", "2100-02-29",
                                        "-027-01-01", "2027-01--1"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_text(rows[i].label, "refused", load(rows[i].text));
        expect_messages(rows[i].label, rows[i].expected);
    }
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        const char *text =
            arena_printf(&arena, ROW "    reason: r\n    expiry: \"%s\"\n", dates[i]);
        expect_text(dates[i], "refused", load(text));
        expect_messages(dates[i], arena_printf(&arena,
                                               "$w.yaml:5:13: error: bad expiry '%s' of the waiver "
                                               "for 'i', expected a day as in '2027-06-30'\n",
                                               dates[i]));
    }
    expect_text("no targets", "refused", load(ROW "    reason: r\n    targets: []\n"));
    expect_part("no targets", "w.yaml:5:14: error: ", str_text(&diag.text));
    diag_init(&diag, &arena, false);
    expect_text("leap day", "read", load(ROW "    reason: r\n    expiry: 2000-02-29\n"));
}

static void test_waivers_check_names__refuses_what_is_misspelt(void **state)
{
    (void)state;
    static struct target items[] = {{.name = "x86_64-linux"}, {.name = "arm-netbsd"}};
    const struct targets all = {.items = items, .n = 2};
    static const char *const kinds[] = {"bad-size", "bad-sign"};
    struct str text = {.arena = &arena};

    str_add(&text, "explanations:\n");
    for (size_t i = 0; i < 2; i++)
        str_addf(&text, "- {kind: %s, severity: s, summary: s, meaning: m, effect: e, fix: f}\n",
                 kinds[i]);
    write_file("gen/explanations.yaml", str_text(&text));
    load("waivers:\n"
         "- {kind: bad-size, item: a, reason: r, targets: [\"*-linux\", arm-netbsd]}\n"
         "- {kind: bad-sign, item: b, reason: r}\n");
    assert_true(waivers_check_names(&waivers, &arena, at_root(""), &all, &diag));
    expect_messages("known names", "");
    load("waivers:\n"
         "- {kind: bad-sise, item: a, reason: r}\n"
         "- {kind: bad-sign, item: b, reason: r, targets: [x86_64-linux, arm-netbds, \"*-hurd\"]}\n"
         "- {kind: worse, item: c, reason: r}\n");
    assert_false(waivers_check_names(&waivers, &arena, at_root(""), &all, &diag));
    expect_messages(
        "misspelt names",
        "$w.yaml:2:3: error: unknown kind of finding 'bad-sise' of the waiver for 'a' "
        "(perhaps 'bad-size' or 'bad-sign'); `abiproof explain` lists all\n"
        "$w.yaml:3:3: error: 'arm-netbds' of the waiver for 'b' matches no target "
        "(perhaps 'arm-netbsd'); `abiproof targets` lists all\n"
        "$w.yaml:3:3: error: '*-hurd' of the waiver for 'b' matches no target; `abiproof "
        "targets` lists all\n"
        "$w.yaml:4:3: error: unknown kind of finding 'worse' of the waiver for 'c'; "
        "`abiproof explain` lists all\n");
}

static void test_waivers_check_names__needs_no_table_without_waivers(void **state)
{
    (void)state;
    const struct targets none = {.n = 0};

    load("waivers: []\n");
    assert_true(waivers_check_names(&waivers, &arena, at_root(""), &none, &diag));
    load("waivers: [{kind: bad-size, item: a, reason: r}]\n");
    assert_false(waivers_check_names(&waivers, &arena, at_root("none/"), &none, &diag));
    expect_part("no table", "gen/explanations.yaml: error: cannot read: ", str_text(&diag.text));
}

static void test_waive__accepts_by_kind_item_and_target(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *waiver;
        const char *expected;
    } rows[] = {
        {"exactly", "kind: bad-size, item: epoll_event, targets: [arm-linux]",
         "bad-size epoll_event [arm-linux] waived at 2: r\nbad-value EPOLLIN [arm-linux]\n"},
        {"every target", "kind: bad-size, item: epoll_event",
         "bad-size epoll_event [arm-linux] waived at 2: r\nbad-value EPOLLIN [arm-linux]\n"},
        {"pattern of items", "kind: bad-value, item: EPOLL*",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux] waived at 2: r\n"},
        {"pattern of targets", "kind: bad-value, item: EPOLLIN, targets: [i386-linux, \"arm*\"]",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux] waived at 2: r\n"},
        {"another kind", "kind: bad-align, item: \"*\"",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux]\n"},
        {"part of a kind", "kind: bad, item: \"*\"",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux]\n"},
        {"another item", "kind: bad-value, item: EPOLL",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux]\n"},
        {"another target", "kind: bad-value, item: EPOLLIN, targets: [armhf-linux]",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux]\n"},
        {"its last day", "kind: bad-size, item: epoll_event, expiry: 2027-03-01",
         "bad-size epoll_event [arm-linux] waived at 2: r\nbad-value EPOLLIN [arm-linux]\n"},
        {"the day before", "kind: bad-size, item: epoll_event, expiry: 2027-02-28",
         "bad-size epoll_event [arm-linux]\nbad-value EPOLLIN [arm-linux]\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_text(rows[i].label, "read",
                    load(arena_printf(&arena, "waivers:\n  - {reason: r, %s}\n", rows[i].waiver)));
        struct findings findings = {.arena = &arena};
        add(&findings, "bad-size", "epoll_event", "arm-linux");
        add(&findings, "bad-value", "EPOLLIN", "arm-linux");
        waive(&findings, &waivers, "2027-03-01");
        expect_text(rows[i].label, rows[i].expected, print(&findings));
    }
}

static void test_waive__leaves_the_targets_that_no_waiver_names(void **state)
{
    (void)state;
    load("waivers:\n"
         "  - {kind: bad-size, item: e, targets: [b, \"d*\"], reason: r}\n");
    struct findings findings = {.arena = &arena};
    add(&findings, "bad-size", "e", "a b c d e");
    waive(&findings, &waivers, "2027-03-01");
    expect_text("split", "bad-size e [a c e]\nbad-size e [b d] waived at 2: r\n", print(&findings));
    assert_int_equal(findings_count(&findings, SEVERITY_ERROR), 1);
}

static void test_waive__survives_collapsing_over_targets(void **state)
{
    (void)state;
    static const char *const targets[] = {"a", "b", "c", "d", "e"};
    load("waivers:\n"
         "  - {kind: bad-size, item: s, targets: [b, d], reason: r}\n"
         "  - {kind: bad-size, item: s, targets: [e], reason: r}\n");
    struct findings findings = {.arena = &arena};
    for (size_t i = 0; i < 5; i++)
        add(&findings, "bad-size", "s", targets[i]);
    waive(&findings, &waivers, "2027-03-01");
    findings_collapse(&findings);
    findings_sort(&findings);
    expect_text("five targets",
                "bad-size s [a c]\nbad-size s [b d] waived at 2: r\n"
                "bad-size s [e] waived at 3: r\n",
                print(&findings));
}

static void test_waive__a_finding_of_no_target_needs_a_waiver_for_every_target(void **state)
{
    (void)state;
    load("waivers:\n  - {kind: k, item: i, targets: [\"*\"], reason: r}\n");
    struct findings findings = {.arena = &arena};
    add(&findings, "k", "i", "");
    waive(&findings, &waivers, "2027-03-01");
    expect_text("with targets", "k i []\n", print(&findings));
    load("waivers:\n  - {kind: k, item: i, reason: r}\n");
    waive(&findings, &waivers, "2027-03-01");
    expect_text("without", "k i [] waived at 2: r\n", print(&findings));
}

static void test_waivers_review__names_what_accepted_nothing(void **state)
{
    (void)state;
    static const char *const looked_at[] = {"arm-linux", "i386-linux", "x86_64-netbsd"};
    static const struct {
        const char *label;
        const char *waiver;
        const char *expected; /* "" if it is in order */
    } rows[] = {
        {"used everywhere", "kind: k, item: i, targets: [arm-linux, i386-linux]", ""},
        {"used by a pattern", "kind: k, item: i*, targets: [\"*-linux\"]", ""},
        {"used without targets", "kind: k, item: i", ""},
        {"for a target that was not looked at", "kind: k, item: i, targets: [mips-linux]", ""},
        {"in part for one that was not", "kind: k, item: i, targets: [arm-linux, mips-linux]", ""},
        {"a kind that nothing has", "kind: l, item: i", "'l' on any target, or no waiver for it"},
        {"an item that nothing has", "kind: k, item: j, targets: [arm-linux, mips-linux]",
         "'k' on arm-linux, or no waiver for it"},
        {"one target too many", "kind: k, item: i, targets: [arm-linux, x86_64-netbsd]",
         "'k' on x86_64-netbsd, or no waiver for it"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        load(arena_printf(&arena, "waivers:\n  - {reason: r, %s}\n", rows[i].waiver));
        struct findings findings = {.arena = &arena};
        add(&findings, "k", "i", "arm-linux");
        add(&findings, "k", "i", "i386-linux");
        waive(&findings, &waivers, "2027-03-01");
        struct findings own = {.arena = &arena};
        waivers_review(&own, &waivers, "2027-03-01", looked_at, 3, true);
        expect_text(rows[i].label, rows[i].expected, own.n > 0 ? own.items[0].expected : "");
        assert_true(own.n <= 1);
        if (own.n == 0)
            continue;
        assert_string_equal(own.items[0].kind, "unused-waiver");
        assert_int_equal(own.items[0].severity, SEVERITY_ERROR);
        assert_int_equal(own.items[0].location.line, 2);
        assert_string_equal(own.items[0].location.file, at_root("w.yaml"));
        own.n = 0;
        waivers_review(&own, &waivers, "2027-03-01", looked_at, 3, false);
        if (own.n != 0)
            fail_msg("%s: a run that left something out cannot tell", rows[i].label);
    }
}

static void test_waivers_review__names_what_has_expired(void **state)
{
    (void)state;
    load("waivers:\n"
         "  - {kind: k, item: i, reason: until the release, expiry: 2027-02-28}\n"
         "  - {kind: k, item: j, targets: [none-linux], reason: r, expiry: 2027-03-01}\n");
    struct findings own = {.arena = &arena};
    waivers_review(&own, &waivers, "2027-03-01", NULL, 0, false);
    expect_text("one", "expired-waiver i []\n", print(&own));
    assert_string_equal(own.items[0].expected, "'k' fixed, or accepted until a later day");
    assert_string_equal(own.items[0].got, "a waiver until 2027-02-28: until the release");
    assert_int_equal(own.items[0].location.line, 2);
    assert_int_equal(own.items[0].severity, SEVERITY_ERROR);
}

static void test_waive_today__is_the_day_of_the_clock(void **state)
{
    (void)state;
    char before[16], after[16];
    time_t now = time(NULL);
    strftime(before, sizeof before, "%Y-%m-%d", gmtime(&now));
    const char *today = waive_today(&arena);
    now = time(NULL);
    strftime(after, sizeof after, "%Y-%m-%d", gmtime(&now));
    assert_true(strcmp(today, before) == 0 || strcmp(today, after) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_waivers_load__reads_every_key),
        TEST(test_waivers_load__takes_an_empty_list_and_adds_to_what_is_there),
        TEST(test_waivers_load__refuses_a_bad_file_with_its_location),
        TEST(test_waivers_check_names__refuses_what_is_misspelt),
        TEST(test_waivers_check_names__needs_no_table_without_waivers),
        TEST(test_waive__accepts_by_kind_item_and_target),
        TEST(test_waive__leaves_the_targets_that_no_waiver_names),
        TEST(test_waive__survives_collapsing_over_targets),
        TEST(test_waive__a_finding_of_no_target_needs_a_waiver_for_every_target),
        TEST(test_waivers_review__names_what_accepted_nothing),
        TEST(test_waivers_review__names_what_has_expired),
        TEST(test_waive_today__is_the_day_of_the_clock),
    };
    return cmocka_run_group_tests_name("waive", tests, NULL, NULL);
}
