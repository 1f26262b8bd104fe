/* Tests of verify.c: one object of gcc, from its bytes to its items. What was found under which name,
 * what agrees, and what cannot be read. The small root has a record fam_r {int a; long b;} and a
 * constant FAM_A of 7. */
#include "sessions.h"

#include "verify/verify.h"

static struct session session;
static struct options options;

static int teardown(void **state)
{
    session_close(&session);
    memset(&session, 0, sizeof session);
    return fixture_teardown(state);
}

/* Opens a root with generated files; returns a request for everything that it has. */
static struct verify_request begin(void)
{
    options = some_options();
    make_root();
    open_session(&session, &options);
    struct emit_files files = make_generated(&session);
    write_generated(&files);
    return (struct verify_request){
        .targets = &session.all, .specs = &session.specs, .workspace = session_workspace(&session)};
}

/* Compiles for the target that the root's first row names. False where there is no such compiler. */
static bool compile(const char *source)
{
    const char *command = arena_printf(&arena,
                                       "cd %s && x86_64-linux-gnu-gcc -g -w -O0 "
                                       "-fno-eliminate-unused-debug-types -c o.c -o o.o",
                                       root);

    write_file("o.c", source);
    return system(command) == 0; /* a command of the test's own */
}

/* Verifies o.o, of which the messages go to the fixture's diag. */
static bool verify_object(struct verification *verification, const struct verify_request *request)
{
    struct references references = {.arena = &arena};

    return verify(verification, request, &references, at_root("o.o"), &arena, &diag);
}

/* One line an item: its name, how many facts agree, how many fields do so by place, findings. */
static const char *summary(const struct verification *verification)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        str_addf(&text, "%s as %s: %zu facts, %zu by place", item->found, item->ours, item->n_facts,
                 item->n_by_place);
        for (size_t k = 0; k < item->findings.n; k++)
            str_addf(&text, ", %s %s", item->findings.items[k].kind, item->findings.items[k].item);
        str_add(&text, "\n");
    }
    return str_text(&text);
}

/* What verify makes of a source, with one map if there is one. */
static void expect_items(const char *label, const char *source, const char *map,
                         const char *expected)
{
    struct verify_request request = begin();
    struct verify_map one;

    if (!compile(source))
        skip();
    if (map != NULL) {
        assert_true(verify_map_read(&one, &arena, map, no_location, &diag));
        request.maps = &one;
        request.n_maps = 1;
    }
    struct verification verification;
    if (!verify_object(&verification, &request))
        fail_msg("%s: expected it to be verified, got: %s", label, str_text(&diag.text));
    assert_string_equal(verification.target->name, "x86_64-linux");
    expect_text(label, expected, summary(&verification));
    session_close(&session);
    memset(&session, 0, sizeof session);
    diag_init(&diag, &arena, false);
}

static void test_verify__finds_what_has_a_name_of_a_spec(void **state)
{
    (void)state;
    expect_items("a record and a constant",
                 "struct fam_r { int a; long b; } r; enum { FAM_A = 7 } e;\n", NULL,
                 "fam_r as fam_r: 3 facts, 0 by place\nFAM_A as FAM_A: 1 facts, 0 by place\n");
    expect_items("nothing", "int x;\n", NULL, "");
}

static void test_verify__says_what_is_wrong_with_it(void **state)
{
    (void)state;
    expect_items("a field, a size and a value",
                 "struct fam_r { int a; int b; } r; enum { FAM_A = 8 } e;\n", NULL,
                 "fam_r as fam_r: 1 facts, 0 by place, bad-size fam_r, bad-offset fam_r.b, "
                 "bad-width fam_r.b\n"
                 "FAM_A as FAM_A: 0 facts, 0 by place, bad-value FAM_A\n");
}

static void test_verify__takes_a_map_at_its_word(void **state)
{
    (void)state;
    expect_items("a record of another name", "struct mine { int a; long b; } r;\n", "mine=fam_r",
                 "mine as fam_r: 3 facts, 0 by place\n");
    expect_items("fields of other names", "struct mine { int x; long y; } r;\n", "mine=fam_r",
                 "mine as fam_r: 1 facts, 2 by place, by-bytes fam_r\n");
    expect_items("a record that is not there", "struct fam_r { int a; long b; } r;\n", "mine=fam_r",
                 "(null) as fam_r: 0 facts, 0 by place, missing-map fam_r\n");
}

static void test_verify__refuses_what_it_cannot_read(void **state)
{
    (void)state;
    static const struct {
        const char *text; /* NULL: there is no file */
        const char *message;
    } rows[] = {
        {NULL,
         "$o.o: error: cannot be read: No such file or directory; expected an object, a library "
         "or a program\n"},
        {"",
         "$o.o: error: cannot be read: it is empty; expected an object, a library or a program\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verify_request request = begin();
        struct verification verification;
        if (rows[i].text != NULL)
            write_file("o.o", rows[i].text);
        assert_false(verify_object(&verification, &request));
        expect_messages("refused", rows[i].message);
        session_close(&session);
        memset(&session, 0, sizeof session);
    }
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_verify__finds_what_has_a_name_of_a_spec),
        TEST(test_verify__says_what_is_wrong_with_it),
        TEST(test_verify__takes_a_map_at_its_word),
        TEST(test_verify__refuses_what_it_cannot_read),
    };

    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
