/* Tests of plan.c: what a command line and an abiproof.yaml together ask for. Files are real, builds
 * are commands that sh runs. */
#include "sessions.h"

#include "cmd/plan.h"

static struct session session;
static struct plan plan;

/* Opens a session and makes the plan of a file with this text; NULL: no file. */
static bool make(struct options *options, const char *config)
{
    make_root();
    if (config != NULL)
        options->config = write_file("p/abiproof.yaml", config);
    open_session(&session, options);
    return plan_make(&plan, &session);
}

static int teardown(void **state)
{
    session_close(&session);
    memset(&session, 0, sizeof session);
    return fixture_teardown(state);
}

/* A plan that must be made, and then has these objects: "PATH TARGET" each, the path below p/, "-"
 * for a target that the object says itself. */
static void expect_objects(const char *label, struct options options, const char *config,
                           const char *expected)
{
    struct str got = {.arena = &arena};

    if (!make(&options, config))
        fail_msg("%s: expected a plan, got: %s", label, str_text(&session.diag.text));
    for (size_t i = 0; i < plan.n_objects; i++) {
        const char *path = plan.objects[i].path;
        const struct target *target = plan.objects[i].target;
        str_addf(&got, "%s %s\n", str_starts(path, root) ? path + strlen(root) : path,
                 target != NULL ? target->name : "-");
    }
    expect_text(label, expected, str_text(&got));
}

static void make_objects(void)
{
    write_file("p/a.o", "");
    write_file("p/b.o", "");
    write_file("p/sub/c.o", "");
}

static void test_plan_make__lists_operands_before_the_objects_of_the_file(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.operands = NAMES(at_root("p/sub/c.o"), "no/such.o");
    expect_objects("both", options,
                   "objects:\n"
                   "  - paths: [\"*.o\"]\n"
                   "    target: aarch64-linux\n",
                   "p/sub/c.o -\nno/such.o -\np/a.o aarch64-linux\np/b.o aarch64-linux\n");
    expect_session("no messages", &session, "");
    assert_int_equal(plan.n_failed, 0);
    assert_null(plan.objects[0].group);
    assert_non_null(plan.objects[3].group);
}

static void test_plan_make__gives_operands_the_one_target_of_the_command_line(void **state)
{
    (void)state;
    struct options options = some_options();
    options.operands = NAMES("a.o");
    options.targets = NAMES("aarch64-linux");
    expect_objects("one target", options, NULL, "a.o aarch64-linux\n");
}

static void test_plan_make__wants_one_target_for_operands(void **state)
{
    (void)state;
    struct options options = some_options();
    options.operands = NAMES("a.o");
    options.targets = NAMES("aarch64-linux", "x86_64-linux");
    assert_false(make(&options, NULL));
    expect_session("two targets", &session,
                   "abiproof: error: got 2 targets, expected one: objects of several targets say "
                   "it themselves\n");
}

static void test_plan_make__leaves_groups_of_other_targets_out_and_unbuilt(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.targets = NAMES("aarch64-linux");
    options.build = true;
    expect_objects("one target", options,
                   "objects:\n"
                   "  - {paths: [a.o], target: aarch64-linux, build: touch built-a}\n"
                   "  - {paths: [b.o], target: x86_64-linux, build: touch built-b}\n"
                   "  - {paths: [sub/c.o]}\n" /* may turn out to be for it */
                   "  - {paths: [none.o], target: x86_64-linux}\n",
                   "p/a.o aarch64-linux\np/sub/c.o -\n");
    assert_int_equal(access(at_root("p/built-a"), F_OK), 0);
    assert_int_equal(access(at_root("p/built-b"), F_OK), -1);
    struct verification verification = {.target = targets_find(&session.all, "x86_64-linux")};
    assert_true(plan_excludes(&session, &plan.objects[1], &verification));
    verification.target = targets_find(&session.all, "aarch64-linux");
    assert_false(plan_excludes(&session, &plan.objects[1], &verification));
}

static void test_plan_make__lists_a_file_once_by_whatever_path(void **state)
{
    (void)state;
    make_objects();
    assert_int_equal(symlink("a.o", at_root("p/link.o")), 0);
    struct options options = some_options();
    options.operands = NAMES(at_root("p/./a.o"));
    expect_objects("links", options,
                   "objects:\n"
                   "  - {paths: [link.o, a.o, ../p/a.o], target: aarch64-linux}\n"
                   "  - {paths: [a.o]}\n",
                   "p/./a.o aarch64-linux\n");
}

static void test_plan_make__refuses_one_file_for_two_targets_and_keeps_the_others(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    expect_objects("two targets", options,
                   "objects:\n"
                   "  - {paths: [a.o, b.o], target: aarch64-linux}\n"
                   "  - {paths: [b.o], target: x86_64-linux}\n"
                   "  - {paths: [sub/c.o]}\n",
                   "p/a.o aarch64-linux\np/b.o aarch64-linux\np/sub/c.o -\n");
    assert_int_equal(plan.n_failed, 1);
    expect_part("message", "p/abiproof.yaml:3:5: error: '", str_text(&session.diag.text));
    expect_part("targets", "b.o' is for x86_64-linux, but for aarch64-linux by ",
                str_text(&session.diag.text));
}

static void test_plan_make__runs_equal_builds_once(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.build = true;
    expect_objects("builds", options,
                   "objects:\n"
                   "  - {paths: [a.o], build: 'echo 1 >> log'}\n"
                   "  - {paths: [b.o], build: 'echo 1 >> log'}\n"
                   "  - {paths: [sub/c.o], build: 'echo 1 >> log', env: [A=b]}\n"
                   "  - {paths: [sub/c.o], build: 'echo 1 >> log', env: [A=c]}\n",
                   "p/a.o -\np/b.o -\np/sub/c.o -\n");
    expect_text("three different ones", "1\n1\n1\n", out_read(&arena, at_root("p/log"), NULL));
}

static void test_plan_make__counts_a_failed_build_for_every_group_that_needs_it(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.build = true;
    expect_objects("a build that fails", options,
                   "objects:\n"
                   "  - {paths: [a.o], build: 'echo 1 >> log; exit 3'}\n"
                   "  - {paths: [b.o], build: 'echo 1 >> log; exit 3'}\n"
                   "  - {paths: [sub/c.o], build: 'true'}\n",
                   "p/sub/c.o -\n");
    assert_int_equal(plan.n_failed, 2);
    assert_int_equal(session.diag.n_errors, 1); /* it is reported once */
    expect_text("it ran once", "1\n", out_read(&arena, at_root("p/log"), NULL));
}

static void test_plan_make__runs_no_command_of_a_file_unasked(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    expect_objects("no --build", options, "objects:\n  - {paths: [a.o], build: touch built}\n",
                   "p/a.o -\n");
    assert_int_equal(access(at_root("p/built"), F_OK), -1);
}

static void test_plan_make__adds_options_to_what_the_file_says(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.maps = NAMES("Ev=fam_r");
    options.headers = NAMES("one.h");
    options.defines = NAMES("ALL");
    options.packages = NAMES("lib");
    options.complete = NAMES("x");
    options.require = NAMES("FAM_A");
    assert_true(make(&options, "objects: [{paths: [a.o]}]\n"
                               "maps: [B=struct fam_r]\n"
                               "headers: [two.h, {file: three.h, defines: [LARGE]}]\n"
                               "in: [other]\n"
                               "require: [aarch64-linux, 'fam_*']\n"
                               "strict: true\n"));
    const struct verify_request *request = &plan.request;
    assert_int_equal(request->n_maps, 2);
    assert_string_equal(request->maps[0].theirs, "Ev");
    assert_null(request->maps[0].where.file);
    assert_string_equal(request->maps[1].ours, "fam_r");
    assert_int_equal(request->maps[1].where.line, 2);
    assert_int_equal(request->maps[1].where.column, 8);
    assert_int_equal(request->n_headers, 2);
    assert_int_equal(request->headers[0].n_files, 2);
    assert_string_equal(request->headers[0].files[1], "two.h");
    assert_int_equal(request->headers[0].n_defines, 1);
    assert_string_equal(request->headers[1].files[0], "three.h");
    assert_int_equal(request->headers[1].n_defines, 2);
    assert_string_equal(request->headers[1].defines[1], "LARGE");
    assert_int_equal(request->n_packages, 2);
    assert_string_equal(request->packages[0], "lib");
    assert_int_equal(request->n_complete, 1);
    assert_int_equal(plan.n_requirements, 3);
    assert_null(plan.requirements[0].target);
    assert_string_equal(plan.requirements[1].target->name, "aarch64-linux");
    assert_int_equal(plan.requirements[2].where.column, 26);
    assert_true(plan.strict);
}

static void test_plan_make__drops_what_the_file_requires_of_targets_left_out(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.targets = NAMES("x86_64-linux");
    assert_true(make(&options, "objects: [{paths: [a.o]}]\n"
                               "require: [aarch64-linux, x86_64-linux]\n"));
    assert_int_equal(plan.n_requirements, 1);
    assert_string_equal(plan.requirements[0].what, "x86_64-linux");
}

static void test_plan_make__refuses_what_cannot_be_meant(void **state)
{
    (void)state;
    make_objects();
    static const struct {
        const char *label;
        const char *config;
        const char *expected;
    } rows[] = {
        {"unknown target", "objects: [{paths: [a.o], target: x86_64-linus}]\n",
         "$p/abiproof.yaml:1:34: error: unknown target 'x86_64-linus' (perhaps 'x86_64-linux'); "
         "`abiproof targets` lists them\n"},
        {"unknown spec", "objects: [{paths: [a.o]}]\ncomplete: [x, epol]\n",
         "$p/abiproof.yaml:2:15: error: cannot ask for all of 'epol', which is no selected spec; "
         "`abiproof specs` lists them\n"},
        {"a map of nothing", "objects: [{paths: [a.o]}]\nmaps: ['=fam_r', 'a=', b=c]\n",
         "$p/abiproof.yaml:2:8: error: bad map '=fam_r', expected THEIRS=OURS, as in "
         "'poll.Event=epoll_event'\n"
         "$p/abiproof.yaml:2:18: error: bad map 'a=', expected THEIRS=OURS, as in "
         "'poll.Event=epoll_event'\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct options options = some_options();
        if (make(&options, rows[i].config))
            fail_msg("%s: expected no plan", rows[i].label);
        expect_session(rows[i].label, &session, rows[i].expected);
        session_close(&session);
    }
    struct options options = some_options();
    options.operands = NAMES("a.o");
    options.build = true;
    assert_false(make(&options, NULL));
    expect_session("nothing to build", &session,
                   "abiproof: error: --build runs what an abiproof.yaml says, and none is read: "
                   "give --config\n");
}

static void test_plan_make__refuses_a_plan_of_nothing(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.targets = NAMES("x86_64-linux");
    assert_false(make(&options, "objects: [{paths: [a.o], target: aarch64-linux}]\n"));
    expect_session("all left out", &session,
                   "$p/abiproof.yaml: error: there are no objects for the selected targets\n");
}

static void test_plan_make__refuses_a_requirement_that_its_own_target_leaves_out(void **state)
{
    (void)state;
    make_objects();
    struct options options = some_options();
    options.targets = NAMES("x86_64-linux");
    options.require = NAMES("aarch64-linux");
    assert_false(make(&options, "objects: [{paths: [a.o]}]\n"));
    expect_session("left out", &session,
                   "abiproof: error: --require 'aarch64-linux' is a target that --target leaves "
                   "out\n");
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plan_make__lists_operands_before_the_objects_of_the_file),
        TEST(test_plan_make__gives_operands_the_one_target_of_the_command_line),
        TEST(test_plan_make__wants_one_target_for_operands),
        TEST(test_plan_make__leaves_groups_of_other_targets_out_and_unbuilt),
        TEST(test_plan_make__lists_a_file_once_by_whatever_path),
        TEST(test_plan_make__refuses_one_file_for_two_targets_and_keeps_the_others),
        TEST(test_plan_make__runs_equal_builds_once),
        TEST(test_plan_make__counts_a_failed_build_for_every_group_that_needs_it),
        TEST(test_plan_make__runs_no_command_of_a_file_unasked),
        TEST(test_plan_make__adds_options_to_what_the_file_says),
        TEST(test_plan_make__drops_what_the_file_requires_of_targets_left_out),
        TEST(test_plan_make__refuses_what_cannot_be_meant),
        TEST(test_plan_make__refuses_a_plan_of_nothing),
        TEST(test_plan_make__refuses_a_requirement_that_its_own_target_leaves_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
