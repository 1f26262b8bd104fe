/* Tests of check.c: what one spec on one target comes to, by witnesses that really run: libclang and
 * the compiler of this machine. */
#include "sessions.h"

#include "witness/witnesses.h"

static struct session session;
static struct check *check;

static int teardown(void **state)
{
    session_close(&session);
    memset(&session, 0, sizeof session);
    return fixture_teardown(state);
}

/* A root with its generated files, and the session that made them. */
static void make_generated_root(void)
{
    struct options options = some_options();
    make_root();
    open_session(&session, &options);
    struct emit_files files = make_generated(&session);
    write_generated(&files);
    session_close(&session);
}

/* Runs the check of x86_64-linux on the root as it is now; requested: a set of witnesses, 0: all. */
static void run(unsigned requested)
{
    static const char *only[] = {"x86_64-linux"};
    static struct options options; /* as long as the session */
    options = some_options();
    options.targets = (struct names){only, 1};
    open_session(&session, &options);
    struct workspace workspace = session_workspace(&session);
    check = &session.checks.items[0];
    if (check->target->compiler == NULL)
        skip();
    check->requested = requested;
    check_run(check, &workspace);
}

static unsigned bit_of(const char *name)
{
    const struct witness *witness;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++)
        if (strcmp(witness->name, name) == 0)
            return 1U << i;
    fail_msg("no witness '%s'", name);
    return 0;
}

static void expect_verdict(const char *label, enum verdict expected)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < check->findings.n; i++)
        str_addf(&text, "%s %s: expected %s, got %s\n", check->findings.items[i].kind,
                 check->findings.items[i].item, check->findings.items[i].expected,
                 check->findings.items[i].got);
    if (check->verdict != expected)
        fail_msg("%s: expected '%s', got '%s': %s%s", label, verdict_name(expected),
                 verdict_name(check->verdict), str_text(&check->diag.text), str_text(&text));
}

static const struct finding *find(const char *kind, const char *item)
{
    for (size_t i = 0; i < check->findings.n; i++)
        if (strcmp(check->findings.items[i].kind, kind) == 0 &&
            strcmp(check->findings.items[i].item, item) == 0)
            return &check->findings.items[i];
    return NULL;
}

/* Replaces a text in a file of the root, which must have it. */
static void change(const char *path, const char *old, const char *new)
{
    char *text = out_read(&arena, at_root(path), NULL);
    const char *at = strstr(text, old);

    assert_non_null(at);
    size_t n = (size_t)(at - text);
    write_file(path, arena_printf(&arena, "%.*s%s%s", (int)n, text, new, text + n + strlen(old)));
}

static void test_check_run__proves_what_every_witness_sees_the_same(void **state)
{
    (void)state;
    make_generated_root();
    run(0);
    expect_verdict("all agree", VERDICT_PROVED);
    assert_int_equal(check->findings.n, 0);
    assert_int_equal(check->tier, TIER_COMPILED); /* the table gives no way to run */
    assert_true(check->n_facts >= 4);
    assert_int_equal(check->n_checked, check->n_facts);
    assert_int_equal(check->excluded, 0);
    assert_true(check_is_complete(check));
}

static void test_check_run__never_calls_a_choice_of_witnesses_a_proof(void **state)
{
    (void)state;
    make_generated_root();
    run(bit_of("compile"));
    expect_verdict("one of several", VERDICT_PARTLY);
    assert_true(check->excluded != 0);
    assert_int_equal(check->excluded & bit_of("compile"), 0);
    assert_false(check_is_complete(check));
    for (size_t i = 0; i < check->n_witnesses; i++)
        assert_string_equal(check->witnesses[i].witness, "compile");
}

static void test_check_run__reaches_no_tier_for_the_system_by_what_saw_the_binding(void **state)
{
    (void)state;
    make_generated_root();
    run(bit_of("dialect")); /* compiles the binding, while the headers are only read */
    assert_int_equal(check->n_witnesses, 1);
    assert_int_equal(check->witnesses[0].tier, TIER_COMPILED);
    assert_int_equal(check->tier, TIER_READ);
}

static void test_check_run__reaches_no_tier_for_the_binding_by_what_saw_the_system(void **state)
{
    (void)state;
    make_generated_root();
    run(bit_of("link") | bit_of("clang"));
    for (size_t i = 0; i < check->n_witnesses; i++)
        assert_true(check->witnesses[i].tier == TIER_READ ||
                    check->witnesses[i].subject == SUBJECT_SYSTEM);
    assert_int_equal(check->tier, TIER_READ);
}

static void test_check_run__names_a_requested_witness_that_the_target_cannot_have(void **state)
{
    (void)state;
    make_generated_root();
    run(bit_of("boot") | bit_of("clang"));
    assert_true(check->unsupported.n >= 1);
    assert_string_equal(check->unsupported.items[0].name, "boot");
    assert_false(check_is_complete(check));
}

static void test_check_run__finds_a_constant_of_the_binding_that_is_wrong(void **state)
{
    (void)state;
    make_generated_root();
    change("bindings/c/x.h", "0x7", "0x8");
    run(0);
    expect_verdict("FAM_A", VERDICT_FINDINGS);
    const struct finding *finding = find("bad-value", "FAM_A");
    assert_non_null(finding);
    assert_string_equal(finding->expected, "0x7");
    assert_string_equal(finding->got, "0x8");
    assert_string_equal(finding->subject, "binding");
    assert_true(finding->n_witnesses >= 2); /* libclang and the compiler, each by itself */
    assert_true(check_is_complete(check));
}

static void test_check_run__finds_headers_that_changed_since_the_binding_was_made(void **state)
{
    (void)state;
    make_generated_root();
    write_file("include/t.h", "struct fam_r { int a; int c; long long b; };\n#define FAM_A 7\n");
    run(0);
    expect_verdict("a field more", VERDICT_FINDINGS);
    assert_null(find("bad-value", "FAM_A"));
    assert_non_null(find("missing-field", "fam_r.c"));
}

static void test_check_run__finds_a_name_that_the_spec_forgot(void **state)
{
    (void)state;
    make_generated_root();
    write_file("include/t.h", SMALL_HEADER "#define FAM_NEW 9\n#define OTHER 1\n");
    run(0);
    expect_verdict("FAM_NEW", VERDICT_FINDINGS);
    const struct finding *finding = find("unbound-name", "FAM_NEW");
    assert_non_null(finding);
    assert_int_equal(finding->reference.line, 3);
    assert_null(find("unbound-name", "OTHER"));
    assert_int_equal(check->findings.n, 1);
}

static void test_check_run__finds_a_binding_that_does_not_compile(void **state)
{
    (void)state;
    make_generated_root();
    change("bindings/c/x.h", "struct raw_fam_r {", "struct raw_fam_r { no_such_type z;");
    run(0);
    expect_verdict("a broken binding", VERDICT_FINDINGS);
    assert_non_null(find("does-not-compile", "x"));
}

static void test_check_run__is_unreadable_where_the_headers_are_broken(void **state)
{
    (void)state;
    make_generated_root();
    write_file("include/t.h", SMALL_HEADER "#error not this time\n");
    run(0);
    expect_verdict("an error", VERDICT_UNREADABLE);
    assert_int_equal(check->n_witnesses, 0);
    assert_false(check_is_complete(check));
    expect_part("where", "t.h:3:2: error: not this time", str_text(&check->diag.text));
}

static void test_check_run__checks_nothing_without_a_compiler(void **state)
{
    (void)state;
    make_generated_root();
    change("gen/targets.yaml", "x86_64-linux-gnu-gcc, gcc", "no-such-cc");
    struct options options = some_options();
    options.targets = NAMES("x86_64-linux");
    open_session(&session, &options);
    struct workspace workspace = session_workspace(&session);
    check = &session.checks.items[0];
    check_run(check, &workspace);
    expect_verdict("headers alone", VERDICT_NOT_CHECKED);
    assert_int_equal(check->findings.n, 0);
    assert_true(check->tier <= TIER_READ);
    assert_false(check_is_complete(check));
}

static void test_check_waive__is_the_verdict_only_when_no_error_is_left(void **state)
{
    (void)state;
    make_generated_root();
    change("bindings/c/x.h", "0x7", "0x8");
    write_file("include/t.h", SMALL_HEADER "#define FAM_NEW 9\n");
    run(0);
    struct waivers waivers = {.n = 0};
    const char *of_value = "waivers: [{kind: bad-value, item: FAM_A, reason: r}]\n";
    assert_true(waivers_load(&waivers, &arena, write_file("w.yaml", of_value), &diag));
    check_waive(check, &waivers, "2026-01-01");
    expect_verdict("one of two", VERDICT_FINDINGS);
    const char *of_name = "waivers:\n"
                          "  - {kind: unbound-name, item: 'FAM_*', reason: r}\n"
                          "  - {kind: does-not-compile, item: x, reason: r}\n";
    assert_true(waivers_load(&waivers, &arena, write_file("v.yaml", of_name), &diag));
    check_waive(check, &waivers, "2026-01-01");
    expect_verdict("both", VERDICT_WAIVED);
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_check_run__proves_what_every_witness_sees_the_same),
        TEST(test_check_run__never_calls_a_choice_of_witnesses_a_proof),
        TEST(test_check_run__reaches_no_tier_for_the_system_by_what_saw_the_binding),
        TEST(test_check_run__reaches_no_tier_for_the_binding_by_what_saw_the_system),
        TEST(test_check_run__names_a_requested_witness_that_the_target_cannot_have),
        TEST(test_check_run__finds_a_constant_of_the_binding_that_is_wrong),
        TEST(test_check_run__finds_headers_that_changed_since_the_binding_was_made),
        TEST(test_check_run__finds_a_name_that_the_spec_forgot),
        TEST(test_check_run__finds_a_binding_that_does_not_compile),
        TEST(test_check_run__is_unreadable_where_the_headers_are_broken),
        TEST(test_check_run__checks_nothing_without_a_compiler),
        TEST(test_check_waive__is_the_verdict_only_when_no_error_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
