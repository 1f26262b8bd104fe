/* Tests of reference.c: committed facts, as they were generated and as somebody damaged them, and the
 * headers that they are from. */
#include "sessions.h"

#include "verify/reference.h"

static struct session session;

static int teardown(void **state)
{
    session_close(&session);
    memset(&session, 0, sizeof session);
    return fixture_teardown(state);
}

/* A root with generated files. */
static const struct target *begin(void)
{
    static struct options options; /* as long as the session */

    options = some_options();
    make_root();
    open_session(&session, &options);
    struct emit_files files = make_generated(&session);
    write_generated(&files);
    return targets_find(&session.all, "x86_64-linux");
}

#define FACTS "abi_probes/facts/x86_64-linux/x.facts"

/* Replaces a text in the committed facts, which must have it. */
static void change(const char *old, const char *new)
{
    const char *text = out_read(&arena, at_root(FACTS), NULL);
    const char *at = strstr(text, old);

    assert_non_null(at);
    size_t n = (size_t)(at - text);
    write_file(FACTS, arena_printf(&arena, "%.*s%s%s", (int)n, text, new, text + n + strlen(old)));
}

static bool read_facts(const struct target *target)
{
    struct facts facts = {.arena = &arena};

    return reference_read(&facts, target, session.specs.items[0], root, &diag);
}

static void test_reference_read__gives_what_was_generated(void **state)
{
    (void)state;
    const struct target *target = begin();
    struct facts facts = {.arena = &arena};
    assert_true(reference_read(&facts, target, session.specs.items[0], root, &diag));
    expect_messages("no messages", "");
    const struct fact *record = facts_find(&facts, FACT_RECORD, "fam_r");
    assert_string_equal(record->attr[RECORD_SIZE], "16");
    assert_string_equal(record->where.file, at_root(FACTS));
    assert_true(record->where.line > 0);
    assert_string_equal(facts_find(&facts, FACT_FIELD, "fam_r.b")->attr[FIELD_OFFSET], "8");
}

static void test_reference_read__refuses_what_somebody_damaged(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *old, *new;
    } rows[] = {
        {"no fact", "field fam_r.b", "filed fam_r.b"},
        {"no number", "offset=8", "offset=eight"},
        {"a field outside of its record", "offset=8", "offset=800"},
        {"an attribute that is cut", "value=0x7", "value"},
        {"a conflict mark", "constant FAM_A", "<<<<<<< ours\nconstant FAM_A"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct target *target = begin();
        change(rows[i].old, rows[i].new);
        if (read_facts(target))
            fail_msg("%s: expected it to be refused", rows[i].label);
        expect_part(rows[i].label, at_root(FACTS ":"), str_text(&diag.text));
        diag_init(&diag, &arena, false);
        session_close(&session);
    }
    const struct target *target = begin();
    assert_int_equal(unlink(at_root(FACTS)), 0);
    assert_false(read_facts(target));
    expect_messages("gone", "$" FACTS ": error: cannot read: No such file or directory; run "
                            "`abiproof gen`\n");
}

static void test_reference_load__has_the_specs_of_the_target_s_system(void **state)
{
    (void)state;
    const struct target *target = begin();
    struct reference reference;
    struct reference_part *part = NULL;
    assert_true(reference_load(&reference, &arena, target, &session.specs, root, &diag));
    assert_int_equal(reference.n, 1);
    assert_non_null(reference_find(&reference, FACT_CONSTANT, "FAM_A", &part));
    assert_ptr_equal(part, &reference.parts[0]);
    assert_null(reference_find(&reference, FACT_RECORD, "FAM_A", &part));
    assert_null(reference_find(&reference, FACT_CONSTANT, "FAM_B", NULL));
    target = targets_find(&session.all, "x86_64-toy");
    assert_true(reference_load(&reference, &arena, target, &session.specs, root, &diag));
    assert_int_equal(reference.n, 0);
    expect_messages("no messages", "");
}

static void test_reference_load__reports_each_spec_that_cannot_be_read(void **state)
{
    (void)state;
    const struct target *target = begin();
    struct reference reference;
    change("offset=8", "offset=eight");
    assert_false(reference_load(&reference, &arena, target, &session.specs, root, &diag));
    assert_int_equal(reference.n, 0);
    assert_true(diag.n_errors > 0);
}

static void test_reference_reread__names_lines_of_headers_once(void **state)
{
    (void)state;
    const struct target *target = begin();
    struct reference reference;
    struct workspace workspace = session_workspace(&session);
    assert_true(reference_load(&reference, &arena, target, &session.specs, root, &diag));
    reference_reread(&reference, &reference.parts[0], &workspace, &diag);
    const struct fact *found = reference_find(&reference, FACT_CONSTANT, "FAM_A", NULL);
    expect_part("a header", "t.h", found->where.file);
    assert_int_equal(found->where.line, 2);
    write_file("include/t.h", "\n\n" SMALL_HEADER);
    reference_reread(&reference, &reference.parts[0], &workspace, &diag);
    found = reference_find(&reference, FACT_CONSTANT, "FAM_A", NULL);
    assert_int_equal(found->where.line, 2);
    expect_messages("no messages", "");
}

static void test_reference_reread__keeps_the_facts_where_headers_cannot_be_read(void **state)
{
    (void)state;
    const struct target *target = begin();
    struct reference reference;
    struct workspace workspace = session_workspace(&session);
    diag_init(&diag, &arena, true);
    assert_true(reference_load(&reference, &arena, target, &session.specs, root, &diag));
    write_file("include/t.h", "#error not today\n");
    reference_reread(&reference, &reference.parts[0], &workspace, &diag);
    const struct fact *found = reference_find(&reference, FACT_CONSTANT, "FAM_A", NULL);
    assert_non_null(found);
    assert_string_equal(found->where.file, at_root(FACTS));
    assert_int_equal(diag.n_errors, 0);
    expect_part("a note", "the headers of 'x' for x86_64-linux cannot be read",
                str_text(&diag.text));
}

/* Two headers, of which each has another width of a type by its own macros. */
static void test_reference_add_headers__reads_each_with_its_own_macros(void **state)
{
    (void)state;
    const struct target *target = begin();
    struct reference reference;
    struct workspace workspace = session_workspace(&session);
    static const char text[] = "#ifdef LARGE\ntypedef long long NAME_t;\n#else\n"
                               "typedef short NAME_t;\n#endif\n"
                               "enum NAME_kinds { NAME_A, NAME_B = 5 };\n"
                               "typedef enum { NAME_C, NAME_D } NAME_tag;\n"
                               "enum { NAME_ONE };\n"
                               "#ifdef _LARGEFILE64_SOURCE\nstruct NAME64 { int a; };\n#endif\n";
    static const char *const names[] = {"one", "two"}, *const files[] = {"one.h", "two.h"};
    static const char *const large[] = {"LARGE"};
    const struct reference_headers groups[] = {{&files[0], 1, NULL, 0}, {&files[1], 1, large, 1}};
    for (size_t i = 0; i < 2; i++) {
        struct str header = {.arena = &arena};
        for (const char *at = text; *at != '\0'; at++) /* NAME stands for the header's own name */
            if (str_starts(at, "NAME")) {
                str_add(&header, names[i]);
                at += strlen("NAME") - 1;
            } else {
                str_add_char(&header, *at);
            }
        write_file(arena_printf(&arena, "include/%s", files[i]), str_text(&header));
    }
    assert_true(reference_load(&reference, &arena, target, &session.specs, root, &diag));
    assert_true(reference_add_headers(&reference, groups, 2, &workspace, &diag));
    assert_string_equal(reference_find(&reference, FACT_ALIAS, "one_t", NULL)->attr[ALIAS_TYPE],
                        "i16");
    assert_string_equal(reference_find(&reference, FACT_ALIAS, "two_t", NULL)->attr[ALIAS_TYPE],
                        "i64");

    struct reference_part *part = NULL;
    const struct header_enum *kinds = reference_find_enum(&reference, "two_kinds", &part);
    assert_non_null(kinds);
    assert_int_equal(kinds->n_members, 2);
    assert_string_equal(kinds->members[1], "two_B");
    assert_string_equal(facts_find(&part->facts, FACT_CONSTANT, "two_B")->attr[CONSTANT_VALUE],
                        "0x5");
    assert_non_null(reference_find_enum(&reference, "one_tag", NULL));
    assert_null(reference_find_enum(&reference, "one_ONE", NULL));

    assert_null(reference_find(&reference, FACT_RECORD, "one64", NULL));
    const char *macro = reference_macro_for(&reference, groups, 2, "two64");
    assert_string_equal(macro != NULL ? macro : "none", "_LARGEFILE64_SOURCE");
    assert_null(reference_macro_for(&reference, groups, 2, "no_such_thing"));
    expect_messages("no messages", "");
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reference_read__gives_what_was_generated),
        TEST(test_reference_read__refuses_what_somebody_damaged),
        TEST(test_reference_load__has_the_specs_of_the_target_s_system),
        TEST(test_reference_load__reports_each_spec_that_cannot_be_read),
        TEST(test_reference_reread__names_lines_of_headers_once),
        TEST(test_reference_reread__keeps_the_facts_where_headers_cannot_be_read),
        TEST(test_reference_add_headers__reads_each_with_its_own_macros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
