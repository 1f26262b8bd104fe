/* Tests of clang_names.c: everything that a header declares, by name. What each line of a header is,
 * C says; the names that are expected are read off it. */
#include "fixture.h"

#include "witness/headers.h"

/* The list of a header of this text; as it is read for the target. */
static struct header_names list(const char *text, struct target target)
{
    struct header_names names = {.n = 0};

    target.reader = "clang";
    write_file("include/t.h", text);
    const struct spec *spec = make_spec(SPEC_HEAD "constants: [{doc: d, names: [FAM_A]}]\n");
    if (!headers_list(&names, spec, &target, &arena, &diag))
        fail_msg("expected the header to be listed, got: %s", str_text(&diag.text));
    return names;
}

/* "record point", one a line, in the order in which they are listed. */
static const char *names_text(const struct header_names *names)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < names->n; i++)
        str_addf(&text, "%s %s\n", fact_kind_name(names->items[i].kind), names->items[i].name);
    return str_text(&text);
}

static void expect_names(const char *label, const char *expected, const char *header)
{
    struct header_names names = list(header, x86_64());

    expect_text(label, expected, names_text(&names));
}

static void test_headers_list__has_each_kind_of_declaration_once(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *header;
        const char *names;
    } rows[] = {
        {"a record", "struct a { int i; };\nstruct a *next(struct a *);\n",
         "record a\nfunction next\n"},
        {"one that is only announced", "struct a;\nextern struct a *first;\n", ""},
        {"one by its typedef", "typedef struct { int i; } a_t;\n", "record a_t\n"},
        {"one within one", "struct a { struct b { int i; } b; };\n", "record a\nrecord b\n"},
        {"a type", "typedef unsigned a_t;\n", "alias a_t\n"},
        {"enumerators", "enum { A = 1, B };\n", "constant A\nconstant B\n"},
        {"a function twice", "int f(void);\nint f(void);\n", "function f\n"},
        {"a function of the file", "static inline int f(void) { return 1; }\n", ""},
        {"a number of a call", "#define __NR_read 63\n", "syscall read\nconstant __NR_read\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_names(rows[i].label, rows[i].names, rows[i].header);
}

static void test_headers_list__has_macros_whose_value_is_an_integer(void **state)
{
    (void)state;
    static const struct {
        const char *macro;
        bool is_listed;
    } rows[] = {
        {"A 1", true},
        {"A (1 << 4)", true},
        {"A B\n#define B 2", true},
        {"A", false},
        {"A \"text\"", false},
        {"A 1.5", false},
        {"A(x) (x)", false},
        {"A (1", false},
        {"A unknown_name", false},
        {"A ((void *)0)", false},
        {"A do { } while (0)", false},
        {"A struct a", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct header_names names =
            list(arena_printf(&arena, "#define %s\n", rows[i].macro), x86_64());
        bool is_listed = false;
        for (size_t k = 0; k < names.n; k++)
            is_listed = is_listed || strcmp(names.items[k].name, "A") == 0;
        if (is_listed != rows[i].is_listed)
            fail_msg("%s: expected %d", rows[i].macro, rows[i].is_listed);
    }
}

static void test_headers_list__has_enumerations_of_several_members(void **state)
{
    (void)state;
    struct header_names names = list("enum one { ONLY };\nenum two { A, B };\n"
                                     "typedef enum { C, D, E } three;\nenum { F, G };\n"
                                     "enum later;\n",
                                     x86_64());

    assert_int_equal(names.n_enums, 2);
    assert_string_equal(names.enums[0].name, "two");
    assert_int_equal(names.enums[0].n_members, 2);
    assert_string_equal(names.enums[0].members[1], "B");
    assert_string_equal(names.enums[1].name, "three");
    assert_int_equal(names.enums[1].n_members, 3);
}

static void test_headers_list__has_macros_that_are_paths_of_fields(void **state)
{
    (void)state;
    struct header_names names = list("#define r_name r_u.u_name\n#define r_deep a.b.c\n"
                                     "#define r_one u_name\n#define r_point p->x\n"
                                     "#define r_call(x) x.y\n#define r_open a.\n"
                                     "#define r_sum a.b + 1\n#define r_half 1.5\n",
                                     x86_64());

    assert_int_equal(names.n_paths, 2);
    assert_string_equal(names.paths[0].name, "r_name");
    assert_string_equal(names.paths[0].path, "r_u.u_name");
    assert_string_equal(names.paths[1].path, "a.b.c");
}

static void test_headers_list__is_the_target_s(void **state)
{
    (void)state;
    static const char header[] =
        "#ifdef __s390x__\n#define BIG 1\n#else\n#define SMALL 1\n#endif\n";
    struct header_names big =
        list(header, make_target("s390x-linux", "s390x-linux-gnu", 64, "big"));
    struct header_names small = list(header, x86_64());

    expect_text("s390x", "constant BIG\n", names_text(&big));
    expect_text("x86_64", "constant SMALL\n", names_text(&small));
}

static void test_headers_list__refuses_a_header_that_is_missing_or_broken(void **state)
{
    (void)state;
    struct header_names names = {.n = 0};
    struct target target = x86_64();
    target.reader = "clang";
    const struct spec *spec = make_spec(SPEC_HEAD "constants: [{doc: d, names: [FAM_A]}]\n");

    assert_false(headers_list(&names, spec, &target, &arena, &diag));
    expect_part("missing", "t.h", str_text(&diag.text));
    diag_init(&diag, &arena, false);
    write_file("include/t.h", "struct a { int i }\n");
    assert_false(headers_list(&names, spec, &target, &arena, &diag));
    expect_part("broken", "t.h:1", str_text(&diag.text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_headers_list__has_each_kind_of_declaration_once),
        TEST(test_headers_list__has_macros_whose_value_is_an_integer),
        TEST(test_headers_list__has_enumerations_of_several_members),
        TEST(test_headers_list__has_macros_that_are_paths_of_fields),
        TEST(test_headers_list__is_the_target_s),
        TEST(test_headers_list__refuses_a_header_that_is_missing_or_broken),
    };

    return cmocka_run_group_tests_name("clang_names", tests, NULL, NULL);
}
