/* Tests of declared.c: what headers declare, as items to be looked for. */
#include "fixture.h"

#include "verify/verify_private.h"

static struct reference reference;
static struct target target;

/* A request for the headers t.h and, if `more` is not NULL, of that name. */
static struct verify_request headers(const char *more)
{
    const char **files = arena_alloc(&arena, 2 * sizeof *files);
    struct reference_headers *group = arena_alloc(&arena, sizeof *group);

    files[0] = "t.h";
    files[1] = more;
    *group = (struct reference_headers){.files = files, .n_files = more != NULL ? 2 : 1};
    target = x86_64();
    target.reader = "clang";
    reference = (struct reference){
        .target = &target, .arena = &arena, .enums = {.arena = &arena}, .paths = {.arena = &arena}};
    return (struct verify_request){.headers = group, .n_headers = 1};
}

/* The items for what a header of this text declares, "record r" one a line. */
static const char *items(const char *header)
{
    struct verification verification = {.arena = &arena,
                                        .diag = &diag,
                                        .target = &target,
                                        .reference = &reference,
                                        .looked_for = {.arena = &arena}};
    struct grouping mapped = {.arena = &arena};
    struct str text = {.arena = &arena};
    struct verify_request request = headers(NULL);

    write_file("include/t.h", header);
    if (!verify_read_headers(&reference, &request, &diag))
        fail_msg("expected the header to be read, got: %s", str_text(&diag.text));
    verify_add_declarations(&verification, &request, &mapped);
    for (size_t i = 0; i < verification.n_items; i++) {
        const struct verify_item *item = &verification.items[i];
        str_addf(&text, "%s %s%s\n", fact_kind_name(item->kind), item->ours,
                 item->view == VIEW_ENUM ? ", whole"
                 : item->is_exact        ? ""
                                         : ", in any spelling");
    }
    return str_text(&text);
}

static void test_verify_add_declarations__looks_for_what_an_object_may_show(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *header;
        const char *expected;
    } rows[] = {
        {"records and functions", "struct r { int a; };\nint f(struct r *);\n",
         "function f\nrecord r\n"},
        {"a type of a number", "typedef unsigned r_t;\n", "alias r_t\n"},
        {"one of the library's own", "typedef unsigned __r_t;\n", ""},
        {"one that is no scalar", "typedef void r_f(int);\n", ""},
        {"a constant", "#define R 1\n", "constant R\n"},
        {"a macro of a field", "struct r { union { int a; } u; };\n#define r_a u.a\n",
         "record r\n"},
        {"nothing", "#define R\n", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_text(rows[i].label, rows[i].expected, items(rows[i].header));
}

static void test_verify_add_declarations__looks_for_an_enumeration_as_a_whole(void **state)
{
    (void)state;
    const char *text = items("enum e { E_A, E_B = 5 };\n");

    expect_part("whole", "alias e, whole\n", text);
    expect_part("and each", "constant E_B\n", text);
}

static void test_verify_add_declarations__leaves_out_what_a_map_is_for(void **state)
{
    (void)state;
    struct grouping mapped = {.arena = &arena};
    struct verification verification = {.arena = &arena,
                                        .diag = &diag,
                                        .target = &target,
                                        .reference = &reference,
                                        .looked_for = {.arena = &arena}};
    struct verify_request request = headers(NULL);
    struct str key = {.arena = &arena};

    write_file("include/t.h", "struct r { int a; };\nstruct s { int a; };\n");
    assert_true(verify_read_headers(&reference, &request, &diag));
    grouping_key_number(&key, FACT_RECORD);
    grouping_key(&key, "r");
    (void)grouping_of(&mapped, str_text(&key));
    verify_add_declarations(&verification, &request, &mapped);
    assert_int_equal(verification.n_items, 1);
    assert_string_equal(verification.items[0].ours, "s");
}

static void test_verify_read_headers__refuses_what_is_not_there(void **state)
{
    (void)state;
    const char *const enums[] = {"none"};
    struct verify_request request = headers("none.h");

    write_file("include/t.h", "struct r { int a; };\n");
    assert_false(verify_read_headers(&reference, &request, &diag));
    expect_part("a header", "header 'none.h' is not in the header set of x86_64-linux",
                str_text(&diag.text));
    diag_init(&diag, &arena, false);
    request = headers(NULL);
    request.complete_enums = enums;
    request.n_complete_enums = 1;
    assert_false(verify_read_headers(&reference, &request, &diag));
    expect_part("an enumeration", "cannot ask for all of 'none'", str_text(&diag.text));
}

static void test_verify_read_headers__finds_the_number_of_a_call_without_a_spec(void **state)
{
    (void)state;
    struct verify_map map = {"N", "syscall:mine", no_location};
    struct verify_request request = headers(NULL);

    write_file("include/t.h", "struct r { int a; };\n");
    write_file("include/asm/unistd.h", "#define __NR_mine 77\n");
    request.maps = &map;
    request.n_maps = 1;
    assert_true(verify_read_headers(&reference, &request, &diag));
    const struct fact *fact = reference_find(&reference, FACT_SYSCALL, "mine", NULL);
    assert_non_null(fact);
    assert_string_equal(fact->attr[SYSCALL_NUMBER], "77");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_verify_add_declarations__looks_for_what_an_object_may_show),
        TEST(test_verify_add_declarations__looks_for_an_enumeration_as_a_whole),
        TEST(test_verify_add_declarations__leaves_out_what_a_map_is_for),
        TEST(test_verify_read_headers__refuses_what_is_not_there),
        TEST(test_verify_read_headers__finds_the_number_of_a_call_without_a_spec),
    };

    return cmocka_run_group_tests_name("declared", tests, NULL, NULL);
}
