/* Tests of generated.c: which files a session makes, and what on disk is not as it would be made.
 * The files are written, changed and removed for real. */
#include "sessions.h"

static struct session session;

static int teardown(void **state)
{
    session_close(&session);
    memset(&session, 0, sizeof session);
    return fixture_teardown(state);
}

static struct emit_files make(const struct options *options)
{
    make_root();
    open_session(&session, options);
    return make_generated(&session);
}

static bool has(const struct emit_files *files, const char *path)
{
    for (size_t i = 0; i < files->n; i++)
        if (strcmp(files->items[i].path, path) == 0)
            return true;
    return false;
}

static void test_generated_make__makes_what_all_specs_share_only_for_all_of_them(void **state)
{
    (void)state;
    struct options options = some_options();
    struct emit_files files = make(&options);
    assert_true(has(&files, "bindings/c/x.h"));
    assert_true(has(&files, "bindings/c/raw.h"));
    assert_true(has(&files, "abi_probes/layout/x.c"));
    assert_true(has(&files, "abi_probes/facts/x86_64-linux/x.facts"));
    assert_true(has(&files, "abi_probes/facts/aarch64-linux/x.facts"));
    assert_false(has(&files, "abi_probes/facts/x86_64-toy/x.facts"));
    session_close(&session);
    options.specs = NAMES("x");
    files = make(&options);
    assert_true(has(&files, "bindings/c/x.h"));
    assert_false(has(&files, "bindings/c/raw.h"));
}

static void test_generated_make__makes_the_chosen_languages_and_targets_alone(void **state)
{
    (void)state;
    struct options options = some_options();
    options.langs = NAMES("facts");
    options.targets = NAMES("aarch64-linux");
    struct emit_files files = make(&options);
    assert_int_equal(files.n, 1);
    assert_string_equal(files.items[0].path, "abi_probes/facts/aarch64-linux/x.facts");
    expect_part("its facts", "constant FAM_A value=0x7", str_text(&files.items[0].text));
}

static void test_generated_make__reports_what_a_binding_cannot_express(void **state)
{
    (void)state;
    struct options options = some_options();
    make_root();
    write_file("include/t.h", "struct fam_r { struct { int i; } a; long b; };\n#define FAM_A 7\n");
    open_session(&session, &options);
    assert_true(session_read(&session));
    struct emit_files files = {.arena = &arena};
    assert_false(generated_make(&files, &session, NULL));
    expect_part("where and what", "gen/specs/x.yaml:10:12: error: field 'a' of 'fam_r' ",
                str_text(&session.diag.text));
}

static void test_generated_path__is_below_the_folder_that_was_asked_for(void **state)
{
    (void)state;
    struct options options = some_options();
    struct emit_files files = make(&options);
    const char *path = files.items[0].path;
    assert_string_equal(generated_path(&session, &files.items[0]), at_root(path));
    options.out = "elsewhere";
    assert_string_equal(generated_path(&session, &files.items[0]),
                        arena_printf(&arena, "elsewhere/%s", path));
}

static void test_generated_compare__is_silent_where_all_is_as_it_would_be_made(void **state)
{
    (void)state;
    struct options options = some_options();
    struct emit_files files = make(&options);
    write_generated(&files);
    assert_int_equal(generated_compare(&session, &files, NULL, false), 0);
    expect_session("nothing to say", &session, "");
}

static void test_generated_compare__finds_what_is_missing_stale_or_longer(void **state)
{
    (void)state;
    struct options options = some_options();
    struct emit_files files = make(&options);
    write_generated(&files);
    const char *facts = "abi_probes/facts/aarch64-linux/x.facts";
    write_file(facts, arena_printf(&arena, "%s\n", out_read(&arena, at_root(facts), NULL)));
    char *binding = out_read(&arena, at_root("bindings/c/x.h"), NULL);
    char *value = strstr(binding, "FAM_A");
    assert_non_null(value);
    *value = 'f'; /* as long as before */
    write_file("bindings/c/x.h", binding);
    assert_int_equal(unlink(at_root("abi_probes/layout/x.c")), 0);
    assert_int_equal(generated_compare(&session, &files, NULL, false), 3);
    assert_int_equal(session.diag.n_errors, 3);
    const char *reported = str_text(&session.diag.text);
    expect_part("one byte more", "aarch64-linux/x.facts: error: is stale; run `make gen`\n",
                reported);
    expect_part("one byte other", "bindings/c/x.h: error: is stale; run `make gen`\n", reported);
    expect_part("gone", "layout/x.c: error: is missing; run `make gen`\n", reported);
}

static void test_generated_compare__finds_what_no_spec_makes_any_more(void **state)
{
    (void)state;
    struct options options = some_options();
    struct emit_files files = make(&options);
    write_generated(&files);
    write_file("bindings/c/old.h", "");
    write_file("abi_probes/layout/old.c", "");
    write_file("abi_probes/facts/pdp11-unix/x.facts", "");
    write_file("bindings/README.md", ""); /* where nothing is generated */
    assert_int_equal(generated_compare(&session, &files, NULL, false), 0);
    assert_int_equal(session.diag.n_errors, 3);
    const char *reported = str_text(&session.diag.text);
    expect_part("binding", "bindings/c/old.h: error: is made by no spec; remove it\n", reported);
    expect_part("probe", "layout/old.c: error: is made by no spec; remove it\n", reported);
    expect_part("facts", "pdp11-unix/x.facts: error: is made by no spec; remove it\n", reported);
}

static void
test_generated_compare__takes_nothing_for_left_behind_where_not_all_was_made(void **state)
{
    (void)state;
    struct options options = some_options();
    options.specs = NAMES("x");
    struct emit_files files = make(&options);
    write_generated(&files);
    write_file("bindings/c/old.h", "");
    assert_int_equal(generated_compare(&session, &files, NULL, false), 0);
    expect_session("one spec", &session, "");
    options.specs.n = 0;
    options.langs = NAMES("c");
    (void)generated_compare(&session, &files, &options.langs, false);
    expect_session("one language", &session, "");
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_generated_make__makes_what_all_specs_share_only_for_all_of_them),
        TEST(test_generated_make__makes_the_chosen_languages_and_targets_alone),
        TEST(test_generated_make__reports_what_a_binding_cannot_express),
        TEST(test_generated_path__is_below_the_folder_that_was_asked_for),
        TEST(test_generated_compare__is_silent_where_all_is_as_it_would_be_made),
        TEST(test_generated_compare__finds_what_is_missing_stale_or_longer),
        TEST(test_generated_compare__finds_what_no_spec_makes_any_more),
        TEST(test_generated_compare__takes_nothing_for_left_behind_where_not_all_was_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
