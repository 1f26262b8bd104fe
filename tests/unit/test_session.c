/* Tests of session.c: what a command line selects, and what it must not lose silently. */
#include "sessions.h"

/* Opens a session that must not open, and compares what it says. */
static void expect_refused(const char *label, struct options options, const char *expected)
{
    struct session session;

    if (session_open(&session, &options, &arena))
        fail_msg("%s: expected it to be refused", label);
    expect_session(label, &session, expected);
    session_close(&session);
}

static void test_session_open__pairs_each_spec_with_the_targets_of_its_system(void **state)
{
    (void)state;
    make_root();
    struct options options = some_options();
    struct session session;
    open_session(&session, &options);
    assert_int_equal(session.all.n, 3);
    assert_int_equal(session.targets.n, 3);
    assert_int_equal(session.specs.n, 1);
    assert_int_equal(session.checks.n, 2); /* the toy system has none of it */
    assert_string_equal(session.checks.items[0].target->name, "x86_64-linux");
    assert_string_equal(session.checks.items[1].target->name, "aarch64-linux");
    assert_ptr_equal(session.checks.items[1].spec, session.specs.items[0]);
    assert_false(session.checks.is_selection);
    session_close(&session);
}

static void test_session_open__takes_the_chosen_targets_once_each_in_their_order(void **state)
{
    (void)state;
    make_root();
    struct options options = some_options();
    struct session session;
    options.targets = NAMES("aarch64-linux", "x86_64-linux", "aarch64-linux");
    open_session(&session, &options);
    assert_int_equal(session.targets.n, 2);
    assert_string_equal(session.targets.items[0].name, "aarch64-linux");
    assert_string_equal(session.targets.items[1].name, "x86_64-linux");
    assert_int_equal(session.all.n, 3);
    assert_int_equal(session.checks.n, 2);
    assert_true(session.checks.is_selection);
    session_close(&session);
}

static void test_session_open__refuses_what_would_select_nothing(void **state)
{
    (void)state;
    make_root();
    struct options options = some_options();
    options.targets = NAMES("x86_64-linux", "x86_64-linus", "arm");
    expect_refused(
        "unknown targets", options,
        "abiproof: error: unknown target 'x86_64-linus'; known: x86_64-linux aarch64-linux "
        "x86_64-toy\n"
        "abiproof: error: unknown target 'arm'; known: x86_64-linux aarch64-linux x86_64-toy\n");
    options.targets = NAMES("x86_64-toy");
    expect_refused("a target without specs", options,
                   "abiproof: error: no spec covers a selected target: nothing to do\n");
    options = some_options();
    options.specs = NAMES("none");
    expect_refused("no such spec", options,
                   "$gen/specs/none.yaml: error: cannot read: No such file or directory\n");
}

static void test_session_open__refuses_a_spec_that_no_target_can_have(void **state)
{
    (void)state;
    make_root();
    write_file("gen/specs/y.yaml", "name: y\ndoc: d\nmanual: m\nos: plan9\n"
                                   "sources:\n  - {name: kernel, headers: [t.h]}\npatterns: []\n");
    expect_refused("a system of no target", some_options(),
                   "$gen/specs/y.yaml:4:5: error: no target has the system 'plan9'\n");
    write_file("gen/specs/y.yaml", "name: y\ndoc: d\nmanual: m\nos: linux\nheaders: newer\n"
                                   "sources:\n  - {name: kernel, headers: [t.h]}\npatterns: []\n");
    expect_refused("headers of no target", some_options(),
                   "$gen/specs/y.yaml:4:5: error: no target has the system 'linux' and newer "
                   "headers\n");
}

static void test_session_open__refuses_bindings_that_are_no_folder(void **state)
{
    (void)state;
    make_root();
    struct options options = some_options();
    options.bindings = at_root("none");
    expect_refused("no folder", options,
                   "$none: error: cannot be read: No such file or directory; expected a folder of "
                   "C bindings\n");
    options.bindings = at_root("include/t.h");
    expect_refused("a file", options,
                   "$include/t.h: error: cannot be read: Not a directory; expected a folder of C "
                   "bindings\n");
    options.bindings = at_root("include");
    struct session session;
    open_session(&session, &options);
    assert_string_equal(session_workspace(&session).bindings, at_root("include"));
    session_close(&session);
}

static void test_session_workspace__is_below_the_root(void **state)
{
    (void)state;
    make_root();
    struct options options = some_options();
    struct session session;
    open_session(&session, &options);
    struct workspace workspace = session_workspace(&session);
    assert_string_equal(workspace.root, root);
    assert_string_equal(workspace.bindings, at_root("bindings/c"));
    assert_string_equal(workspace.build, at_root("build/probes"));
    assert_string_equal(workspace.boot, at_root("build/boot"));
    assert_int_equal(workspace.timeout_ms, 60000);
    session_close(&session);
}

static void test_session_read__reads_the_headers_of_every_check(void **state)
{
    (void)state;
    make_root();
    struct options options = some_options();
    struct session session;
    options.n_workers = 2;
    open_session(&session, &options);
    if (!session_read(&session))
        fail_msg("expected the headers to be read, got: %s",
                 str_text(&session.checks.items[0].diag.text));
    for (size_t i = 0; i < session.checks.n; i++) {
        const struct facts *facts = &session.checks.items[i].system.facts;
        const struct fact *record = facts_find(facts, FACT_RECORD, "fam_r");
        assert_non_null(record);
        assert_string_equal(record->attr[RECORD_SIZE], "16");
        assert_string_equal(facts_find(facts, FACT_CONSTANT, "FAM_A")->attr[CONSTANT_VALUE], "0x7");
    }
    session_close(&session);
}

static void test_session_read__fails_where_one_header_cannot_be_read(void **state)
{
    (void)state;
    make_root();
    write_file("include/t.h", SMALL_HEADER "#if defined __aarch64__\n#error not here\n#endif\n");
    struct options options = some_options();
    struct session session;
    open_session(&session, &options);
    assert_false(session_read(&session));
    assert_int_equal(session.checks.items[0].diag.n_errors, 0);
    assert_true(session.checks.items[0].verdict != VERDICT_UNREADABLE);
    assert_int_equal(session.checks.items[1].verdict, VERDICT_UNREADABLE);
    expect_part("where", "t.h:4:2: error: ", str_text(&session.checks.items[1].diag.text));
    session_close(&session);
}

static void test_session_read__fails_where_headers_are_not_there(void **state)
{
    (void)state;
    make_root();
    write_file("gen/specs/x.yaml", "name: x\ndoc: d\nmanual: m\nos: toy\n"
                                   "sources:\n  - {name: kernel, headers: [t.h]}\npatterns: []\n");
    struct options options = some_options();
    struct session session;
    open_session(&session, &options);
    assert_int_equal(session.checks.n, 1);
    assert_false(session_read(&session));
    expect_part("what is missing", "error: x86_64-toy, which 'x' needs: ",
                str_text(&session.checks.items[0].diag.text));
    expect_part("what to do", "; run `make deps`\n", str_text(&session.checks.items[0].diag.text));
    session_close(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_session_open__pairs_each_spec_with_the_targets_of_its_system),
        TEST(test_session_open__takes_the_chosen_targets_once_each_in_their_order),
        TEST(test_session_open__refuses_what_would_select_nothing),
        TEST(test_session_open__refuses_a_spec_that_no_target_can_have),
        TEST(test_session_open__refuses_bindings_that_are_no_folder),
        TEST(test_session_workspace__is_below_the_root),
        TEST(test_session_read__reads_the_headers_of_every_check),
        TEST(test_session_read__fails_where_one_header_cannot_be_read),
        TEST(test_session_read__fails_where_headers_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
