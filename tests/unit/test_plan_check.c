/* Tests of plan_check.c: what a run was to prove, held to objects that the compiler of this machine
 * made and that were really verified. */
#include "sessions.h"

#include "base/proc.h"
#include "cmd/plan.h"
#include "model/toolchain.h"

enum { OBJECTS_MAX = 4 };

static struct session session;
static struct plan plan;
static struct references references;
static struct verification objects[OBJECTS_MAX];
static const struct verification *verified[OBJECTS_MAX];
static size_t n_verified;

static int teardown(void **state)
{
    session_close(&session);
    memset(&session, 0, sizeof session);
    return fixture_teardown(state);
}

/* Compiles to p/NAME for the target, of which there must be a compiler. */
static void compile(const char *target_name, const char *name, const char *source)
{
    const struct target *target = targets_find(&session.all, target_name);
    const char **argv = NULL;
    size_t n = 0;

    if (target->compiler == NULL)
        skip();
    write_file("p/source.c", source);
    compiler_begin(target, &arena, &argv, &n);
    ARENA_PUSH(&arena, argv, n, "-g");
    ARENA_PUSH(&arena, argv, n, "-c");
    ARENA_PUSH(&arena, argv, n, "-o");
    ARENA_PUSH(&arena, argv, n, at_root(arena_printf(&arena, "p/%s", name)));
    ARENA_PUSH(&arena, argv, n, at_root("p/source.c"));
    ARENA_PUSH(&arena, argv, n, NULL);
    struct proc_result result = proc_run(&arena, argv, 60000);
    if (result.end != PROC_EXITED || result.status != 0)
        fail_msg("cannot compile: %s", result.err);
}

/* Opens the session on a root with everything that is generated. */
static void open_root(struct options *options)
{
    make_root();
    open_session(&session, options);
    struct emit_files files = make_generated(&session);
    write_generated(&files);
    references = (struct references){.arena = &arena};
    n_verified = 0;
}

static void verify_all(struct options *options, const char *config)
{
    options->config = write_file("p/abiproof.yaml", config);
    if (!plan_make(&plan, &session))
        fail_msg("expected a plan, got: %s", str_text(&session.diag.text));
    for (size_t i = 0; i < plan.n_objects; i++) {
        struct verify_request request = plan.request;
        request.target = plan.objects[i].target;
        if (!verify(&objects[i], &request, &references, plan.objects[i].path, &arena,
                    &session.diag))
            fail_msg("expected it to be verified, got: %s", str_text(&session.diag.text));
        verified[n_verified++] = &objects[i];
    }
}

/* "KIND ITEM TARGET: got", one a line. */
static const char *findings_text(const struct findings *findings)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *it = &findings->items[i];
        str_addf(&text, "%s %s %s%s\n", it->kind, it->item, it->got,
                 it->waiver.file != NULL ? " (waived)" : "");
    }
    return str_text(&text);
}

#define RIGHT   "struct fam_r { int a; long b; } r;\nenum { FAM_A = 7 } e;\n"
#define X86_64  "objects:\n  - {paths: [a.o], target: x86_64-linux}\n"
#define AARCH64 "  - {paths: [b.o], target: aarch64-linux}\n"
#define NOTHING "int unrelated;\n"

static void expect_required(const char *label, const char *expected)
{
    struct findings findings = {.arena = &arena};

    plan_check_required(&plan, verified, n_verified, &findings);
    expect_text(label, expected, findings_text(&findings));
}

static void test_plan_check_required__is_silent_where_all_was_verified(void **state)
{
    (void)state;
    struct options options = some_options();
    open_root(&options);
    compile("x86_64-linux", "a.o", RIGHT);
    verify_all(&options, X86_64 "require: [x86_64-linux, fam_r, FAM_A, 'fam*', 'FAM_?A', '*']\n");
    expect_required("all but a pattern without a match",
                    "not-proved FAM_?A no target of that name, and no item on a verified target\n");
}

static void
test_plan_check_required__names_a_target_without_an_object_or_with_an_empty_one(void **state)
{
    (void)state;
    struct options options = some_options();
    open_root(&options);
    compile("x86_64-linux", "a.o", NOTHING);
    verify_all(&options, X86_64 "require: [x86_64-linux, aarch64-linux, fam_r, no_such]\n");
    expect_required("nothing is proved",
                    "not-proved x86_64-linux an object with nothing to check in it\n"
                    "not-proved aarch64-linux no object for it\n"
                    "not-proved fam_r not in any object\n"
                    "not-proved no_such no target of that name, and no item on a verified "
                    "target\n");
}

static void test_plan_check_required__wants_an_item_on_every_target_that_was_verified(void **state)
{
    (void)state;
    struct options options = some_options();
    open_root(&options);
    compile("x86_64-linux", "a.o", RIGHT);
    compile("aarch64-linux", "b.o", "enum { FAM_A = 7 } e;\n");
    verify_all(&options, X86_64 AARCH64 "require: [fam_r, FAM_A]\n");
    struct findings findings = {.arena = &arena};
    plan_check_required(&plan, verified, n_verified, &findings);
    assert_int_equal(findings.n, 1);
    assert_string_equal(findings.items[0].item, "fam_r");
    assert_int_equal(findings.items[0].severity, SEVERITY_ERROR);
    assert_string_equal(findings.items[0].targets[0], "aarch64-linux");
}

static void test_plan_check_required__is_not_met_by_a_map_of_what_is_not_there(void **state)
{
    (void)state;
    struct options options = some_options();
    open_root(&options);
    compile("x86_64-linux", "a.o", NOTHING);
    verify_all(&options, X86_64 "maps: [none=fam_r]\nrequire: [fam_r]\n");
    expect_required("a map", "not-proved fam_r not in any object\n");
}

static void test_plan_check_required__is_met_by_one_of_a_target_s_objects(void **state)
{
    (void)state;
    struct options options = some_options();
    open_root(&options);
    compile("x86_64-linux", "a.o", NOTHING);
    compile("x86_64-linux", "c.o", RIGHT);
    verify_all(&options, "objects:\n  - {paths: [a.o, c.o], target: x86_64-linux}\n"
                         "require: [x86_64-linux, fam_r]\n");
    expect_required("in one of two", "");
}

static void test_plan_check_packages__names_those_without_anything_and_who_named_them(void **state)
{
    (void)state;
    struct options options = some_options();
    struct unused_package *unused;
    options.packages = NAMES("misspelt");
    open_root(&options);
    compile("x86_64-linux", "a.o", RIGHT);
    verify_all(&options, X86_64 "in: [other]\n");
    assert_int_equal(plan_check_packages(&plan, &session, verified, n_verified, &unused), 2);
    assert_string_equal(unused[0].name, "misspelt");
    assert_string_equal(unused[0].by, "--in");
    assert_string_equal(unused[1].name, "other");
    assert_string_equal(unused[1].by, arena_printf(&arena, "%s:3", at_root("p/abiproof.yaml")));
}

static void
test_plan_check_packages__asks_only_of_the_command_line_where_some_is_left_out(void **state)
{
    (void)state;
    struct options options = some_options();
    struct unused_package *unused;
    options.packages = NAMES("misspelt");
    options.targets = NAMES("x86_64-linux");
    open_root(&options);
    compile("x86_64-linux", "a.o", RIGHT);
    verify_all(&options, X86_64 "in: [other]\n");
    assert_int_equal(plan_check_packages(&plan, &session, verified, n_verified, &unused), 1);
    assert_string_equal(unused[0].name, "misspelt");
}

#define WAIVE(item, target)                                                                        \
    "  - {kind: not-proved, item: " item ", reason: r, targets: [" target "]}\n"

static void test_plan_waive__accepts_findings_and_names_waivers_that_accepted_none(void **state)
{
    (void)state;
    struct options options = some_options();
    open_root(&options);
    write_file("gen/explanations.yaml", out_read(&arena, "gen/explanations.yaml", NULL));
    compile("x86_64-linux", "a.o", NOTHING);
    verify_all(&options, X86_64 "require: [fam_r, FAM_A]\nwaivers:\n" WAIVE("fam_r", "x86_64-*")
                             WAIVE("fam_x", "x86_64-linux") WAIVE("fam_r", "aarch64-linux"));
    struct findings findings = {.arena = &arena};
    plan_check_required(&plan, verified, n_verified, &findings);
    plan_waive(&plan, verified, n_verified, &findings, true);
    expect_text("whole",
                "not-proved fam_r not in any object (waived)\n"
                "not-proved FAM_A not in any object\n"
                "unused-waiver fam_x nothing to waive\n",
                findings_text(&findings));
    findings = (struct findings){.arena = &arena};
    plan_waive(&plan, verified, n_verified, &findings, false);
    expect_text("something was left out that could tell", "", findings_text(&findings));
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plan_check_required__is_silent_where_all_was_verified),
        TEST(test_plan_check_required__names_a_target_without_an_object_or_with_an_empty_one),
        TEST(test_plan_check_required__wants_an_item_on_every_target_that_was_verified),
        TEST(test_plan_check_required__is_not_met_by_a_map_of_what_is_not_there),
        TEST(test_plan_check_required__is_met_by_one_of_a_target_s_objects),
        TEST(test_plan_check_packages__names_those_without_anything_and_who_named_them),
        TEST(test_plan_check_packages__asks_only_of_the_command_line_where_some_is_left_out),
        TEST(test_plan_waive__accepts_findings_and_names_waivers_that_accepted_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
