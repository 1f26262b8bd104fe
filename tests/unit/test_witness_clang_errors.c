/* Tests of gen/witness_clang*.c: what is reported, and where, when headers or a spec are wrong; and
 * what is read of a binding. */
#include "fixture.h"

/* Reads t.h for SPEC_HEAD and items, which start on line 9, and expects it to fail. */
static void expect_refused(const char *label, struct target target, const char *items,
                           const char *header, const char *expected)
{
    const struct spec *spec = make_spec(arena_printf(&arena, "%s%s", SPEC_HEAD, items));

    write_file("include/t.h", header);
    struct evidence evidence;
    if (witness_clang_system(&evidence, spec, &target, &arena, &diag))
        fail_msg("%s: expected it to be refused, got: %s", label,
                 facts_text(&evidence.facts, false));
    expect_messages(label, expected);
}

static void test_witness_clang__reports_which_header_is_not_there(void **state)
{
    (void)state;
    struct target target = x86_64();
    const char *two[] = {at_root("one"), at_root("two")};
    target.include = two;
    target.n_include = 2;
    struct evidence evidence;
    assert_false(witness_clang_system(&evidence, make_spec(SPEC_HEAD), &target, &arena, &diag));
    expect_messages("t.h is missing",
                    "$gen/specs/x.yaml:7:15: error: header 't.h' is not in the header set of "
                    "x86_64-linux: $one:$two\n");
}

static void test_witness_clang__reports_where_a_header_is_broken(void **state)
{
    (void)state;
    write_file("include/sub/broken.h", "\nint a[;\n");
    expect_refused("in t.h", x86_64(), "", "\n\nstruct r { int a b; };\n",
                   "t.h:3:17: error: expected ';' at end of declaration list (reading source "
                   "'kernel' of 'x' for x86_64-linux)\n");
    expect_refused("in what t.h includes", x86_64(), "", "#include <sub/broken.h>\n",
                   "sub/broken.h:2:7: error: expected expression (reading source 'kernel' of 'x' "
                   "for x86_64-linux)\n");
    expect_refused("#error", x86_64(), "", "#error not for you\n",
                   "t.h:1:2: error: not for you (reading source 'kernel' of 'x' for "
                   "x86_64-linux)\n");
    expect_refused("a header that t.h includes is missing", x86_64(), "", "\n#include <none.h>\n",
                   "t.h:2:10: error: 'none.h' file not found (reading source 'kernel' of 'x' for "
                   "x86_64-linux)\n");
}

static void test_witness_clang__does_not_take_warnings_for_errors(void **state)
{
    (void)state;
    struct target target = x86_64();
    write_file("include/t.h", "#warning careful\n#define A 1\n#define A 2\nstatic int f(void);\n");
    struct evidence evidence;
    assert_true(witness_clang_system(&evidence, make_spec(SPEC_HEAD), &target, &arena, &diag));
    expect_messages("warnings", "");
}

static void test_witness_clang__reports_which_macro_is_no_integer_constant(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *header;
        const char *expected;
    } rows[] = {
        {"a string", "\n#define FAM_A \"text\"\n",
         "t.h:2:9: error: 'FAM_A' does not evaluate to an integer constant for x86_64-linux\n"},
        {"a floating number", "#define FAM_A 1.5\n",
         "t.h:1:9: error: 'FAM_A' does not evaluate to an integer constant for x86_64-linux\n"},
        {"a pointer", "#define FAM_A ((void *)-1)\n",
         "t.h:1:9: error: 'FAM_A' does not evaluate to an integer constant for x86_64-linux\n"},
        {"a function's address", "int f(void);\n#define FAM_A f\n", NULL},
        {"a type", "#define FAM_A unsigned\n", NULL},
        {"a record", "struct r { int a; };\n#define FAM_A struct r\n", NULL},
        {"nothing", "#define FAM_A\n", NULL},
        {"an unknown name", "#define FAM_A (none + 1)\n",
         "$gen/specs/x.yaml:9:30: error: 'FAM_A' does not evaluate to an integer constant for "
         "x86_64-linux: use of undeclared identifier 'none'\n"},
        {"a variable", "extern int v;\n#define FAM_A v\n",
         "$gen/specs/x.yaml:9:30: error: 'FAM_A' does not evaluate to an integer constant for "
         "x86_64-linux: initializer element is not a compile-time constant\n"},
        {"a division by zero", "#define FAM_A (1 / 0)\n", NULL},
        {"parameters", "#define FAM_A(x) (x)\n",
         "$gen/specs/x.yaml:9:30: error: 'FAM_A' does not evaluate to an integer constant for "
         "x86_64-linux: use of undeclared identifier 'FAM_A'\n"},
        {"a statement", "#define FAM_A do { } while (0)\n", NULL},
        {"an attribute", "#define FAM_A __attribute__((packed))\n", NULL},
    };
    struct target target = x86_64();
    const struct spec *spec = make_spec(SPEC_HEAD "constants: [{doc: d, names: [FAM_A]}]\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("include/t.h", rows[i].header);
        struct evidence evidence;
        if (witness_clang_system(&evidence, spec, &target, &arena, &diag))
            fail_msg("%s: expected it to be refused, got: %s", rows[i].label,
                     facts_text(&evidence.facts, false));
        /* Every message has the location of the macro or of the spec that wants it, and the
         * name. */
        for (const char *at = str_text(&diag.text); *at != '\0'; at = strchr(at, '\n') + 1)
            if ((!str_starts(at, "t.h:") &&
                 !str_starts(at, arena_printf(&arena, "%s:9:30: ", spec->path))) ||
                !str_starts(strstr(at, "error: "), "error: 'FAM_A' does not evaluate to an integer "
                                                   "constant for x86_64-linux"))
                fail_msg("%s: got: %s", rows[i].label, str_text(&diag.text));
        if (rows[i].expected != NULL)
            expect_part(rows[i].label,
                        str_starts(rows[i].expected, "$")
                            ? arena_printf(&arena, "%s%s", root, rows[i].expected + 1)
                            : rows[i].expected,
                        str_text(&diag.text));
        diag_init(&diag, &arena, false);
    }
}

static void test_witness_clang__reports_which_number_is_no_integer_constant(void **state)
{
    (void)state;
    expect_refused("a string", x86_64(),
                   "calls:\n  - {name: fam_f, forms: [syscall], doc: d, errors: e, manual: m,\n"
                   "     params: [], returns: {type: int, doc: d}}\n",
                   "#define __NR_fam_f \"7\"\n",
                   "t.h:1:9: error: '__NR_fam_f' does not evaluate to an integer constant for "
                   "x86_64-linux\n");
}

static void test_witness_clang__reports_what_the_headers_lack(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *items;
        const char *header;
        const char *expected;
    } rows[] = {
        {"record", "records: [{name: r, doc: d, fields: []}]\n", "",
         "$gen/specs/x.yaml:9:18: error: record 'r' is not in the headers of 'x' for x86_64-linux\n"},
        {"record only declared", "records: [{name: r, doc: d, fields: []}]\n", "struct r;\n",
         "$gen/specs/x.yaml:9:18: error: record 'r' is not in the headers of 'x' for x86_64-linux\n"},
        {"alias", "\naliases: [{name: t, doc: d}]\n", "struct t { int a; };\n",
         "$gen/specs/x.yaml:10:18: error: alias 't' is not in the headers of 'x' for x86_64-linux\n"},
        {"constant", "constants:\n  - doc: d\n    names: [FAM_A,\n            FAM_B]\n",
         "#define FAM_A 1\n",
         "$gen/specs/x.yaml:12:13: error: constant 'FAM_B' is not in the headers of 'x' for "
         "x86_64-linux\n"},
        {"constant that was undefined", "constants: [{doc: d, names: [FAM_A]}]\n",
         "#define FAM_A 1\n#undef FAM_A\n",
         "$gen/specs/x.yaml:9:30: error: constant 'FAM_A' is not in the headers of 'x' for "
         "x86_64-linux\n"},
        {"two at once", "constants: [{doc: d, names: [FAM_A, FAM_B]}]\n", "",
         "$gen/specs/x.yaml:9:30: error: constant 'FAM_A' is not in the headers of 'x' for "
         "x86_64-linux\n"
         "$gen/specs/x.yaml:9:37: error: constant 'FAM_B' is not in the headers of 'x' for "
         "x86_64-linux\n"},
        {"system call",
         "calls:\n  - {name: fam_f, forms: [syscall], doc: d, errors: e, manual: m,\n"
         "     params: [], returns: {type: int, doc: d}}\n",
         "int fam_f(void);\n",
         "$gen/specs/x.yaml:10:12: error: syscall 'fam_f' is not in the headers of 'x' for "
         "x86_64-linux\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_refused(rows[i].label, x86_64(), rows[i].items, rows[i].header, rows[i].expected);
}

static void test_witness_clang__reports_which_field_a_record_lacks(void **state)
{
    (void)state;
    struct target target = x86_64();
    const struct spec *spec = make_spec(
        SPEC_HEAD
        "records: [{name: r, doc: d, fields: [{name: a, doc: d}, {name: zz, doc: d}]}]\n");
    write_file("include/t.h", "struct r { int a; };\nstruct s { int zz; };\n");
    struct evidence evidence;
    assert_false(witness_clang_system(&evidence, spec, &target, &arena, &diag));
    assert_int_equal(diag.n_errors, 1);
    expect_part("zz", "error: field 'r.zz' is not in the headers of 'x' for x86_64-linux\n",
                str_text(&diag.text));
}

static void test_witness_clang__locates_a_missing_field_on_its_line_of_the_spec(void **state)
{
    (void)state;
    expect_refused("field", x86_64(),
                   "records:\n"
                   "  - name: r\n"
                   "    doc: d\n"
                   "    fields:\n"
                   "      - {name: a, doc: d}\n"
                   "      - {name: zz, doc: d}\n",
                   "struct r { int a; };\n",
                   "$gen/specs/x.yaml:14:16: error: field 'r.zz' is not in the headers of 'x' for "
                   "x86_64-linux\n");
}

static void test_witness_clang__reports_which_function_the_library_lacks(void **state)
{
    (void)state;
    struct target target = x86_64();
    const struct spec *spec =
        make_spec("name: x\ndoc: d\nmanual: m\nos: linux\n"
                  "sources: [{name: kernel, headers: [t.h]},\n"
                  "          {name: library, library: c, headers: [l.h]}]\n"
                  "patterns: []\n"
                  "calls:\n"
                  "  - {name: f, forms: [library], doc: d, errors: e, manual: m, params: [],\n"
                  "     returns: {type: int, doc: d}}\n");
    write_file("include/t.h", "int f(void);\n"); /* not the library's header */
    write_file("include/l.h", "");
    struct evidence evidence;
    assert_false(witness_clang_system(&evidence, spec, &target, &arena, &diag));
    expect_messages("f", "$gen/specs/x.yaml:9:12: error: function 'f' is not in the headers of 'x' "
                         "for x86_64-linux\n");
}

static void test_witness_clang__checks_the_table_of_targets(void **state)
{
    (void)state;
    expect_refused("bits", make_target("a-linux", "x86_64-linux-gnu", 32, "little"), "", "",
                   "gen/targets.yaml: error: target 'a-linux' has bits 32, endian little; clang "
                   "for 'x86_64-linux-gnu' says bits 64, endian little\n");
    expect_refused("endian", make_target("a-linux", "s390x-linux-gnu", 64, "little"), "", "",
                   "gen/targets.yaml: error: target 'a-linux' has bits 64, endian little; clang "
                   "for 's390x-linux-gnu' says bits 64, endian big\n");
}

static void test_witness_clang__fails_when_clang_does_not_know_the_triple(void **state)
{
    (void)state;
    struct target target = make_target("a-linux", "nonsense-none-none", 64, "little");
    write_file("include/t.h", "");
    struct evidence evidence;
    assert_false(witness_clang_system(&evidence, make_spec(SPEC_HEAD), &target, &arena, &diag));
    expect_part("message", "nonsense-none-none", str_text(&diag.text));
}

static void test_witness_clang__is_unavailable_when_there_is_no_header_set(void **state)
{
    (void)state;
    struct target target = x86_64();
    target.include = NULL;
    target.n_include = 0;
    struct evidence evidence;
    assert_true(witness_clang_system(&evidence, make_spec(SPEC_HEAD), &target, &arena, &diag));
    assert_false(evidence_was_collected(&evidence));
    assert_int_equal(evidence.facts.n, 0);
    expect_text("why", "no header set: looked for /nowhere/include", evidence.unavailable);
    expect_messages("no message", "");
}

/* ---- bindings ---- */

#define BINDING_SPEC                                                                               \
    SPEC_HEAD "records: [{name: r, doc: d, fields: []}]\n"                                         \
              "aliases: [{name: t, doc: d}]\n"                                                     \
              "constants: [{doc: d, names: [FAM_A, FAM_B]}]\n"                                     \
              "calls:\n"                                                                           \
              "  - {name: fam_f, forms: [syscall], doc: d, errors: e, manual: m, params: [],\n"    \
              "     returns: {type: int, doc: d}}\n"                                               \
              "  - {name: fam_g, forms: [syscall], doc: d, errors: e, manual: m, params: [],\n"    \
              "     returns: {type: int, doc: d}, fallback: {call: fam_f, args: []}}\n"

static struct evidence read_binding(const char *header)
{
    struct target target = x86_64();
    const struct spec *spec = make_spec(BINDING_SPEC);

    write_file("bindings/x.h", header);
    struct evidence evidence;
    if (!witness_clang_binding(&evidence, spec, &target, at_root("bindings"), &arena, &diag))
        fail_msg("expected evidence, got: %s", str_text(&diag.text));
    expect_messages("no message", "");
    assert_int_equal(evidence.subject, SUBJECT_BINDING);
    return evidence;
}

static void test_witness_clang__reads_a_binding_without_its_prefixes(void **state)
{
    (void)state;
    struct evidence evidence = read_binding(
        "#ifndef RAW_NO_ASSERT\n#error assertions are not asked for here\n#endif\n"
        "struct raw_r { unsigned a_lo, a_hi; };\nstruct r { long not_this; };\n"
        "typedef unsigned long raw_t;\ntypedef int t;\n"
        "#define RAW_FAM_A (-1)\n#define FAM_A 2\nenum { RAW_FAM_B = 3, FAM_FORGOTTEN };\n"
        "#define RAW_NR_fam_f 7\n#define __NR_fam_f 8\n"
        /* No number on this target: the wrapper alone is no system call. */
        "static inline int raw_sys_fam_g(void) { return 0; }\n");
    expect_text("facts",
                "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
                "alias t type=u64\n"
                "constant FAM_A value=-1 type=i32\n"
                "constant FAM_B value=0x3 type=i32\n"
                "field r.a_hi offset=4 size=4 type=u32\n"
                "field r.a_lo offset=0 size=4 type=u32\n"
                "record r size=8 align=4 kind=struct\n"
                "syscall fam_f number=7 params=no-such-function\n",
                facts_text(&evidence.facts, false));
    assert_true(evidence_was_collected(&evidence));
    assert_int_equal(evidence.unbound.n, 0);
}

static void test_witness_clang__takes_the_parameters_of_a_system_call_from_its_wrapper(void **state)
{
    (void)state;
    struct evidence evidence =
        read_binding("#define RAW_NR_fam_f 7\n"
                     "static inline int raw_sys_fam_f(int a, void *b) { (void)b; return a; }\n");
    expect_part("facts", "syscall fam_f number=7 params=i32,ptr\n",
                facts_text(&evidence.facts, false));
}

static void test_witness_clang__lets_a_binding_lack_what_the_spec_names(void **state)
{
    (void)state;
    struct evidence evidence = read_binding("");
    expect_text("facts", "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n",
                facts_text(&evidence.facts, false));
}

static void test_witness_clang__reports_a_broken_binding_as_a_finding(void **state)
{
    (void)state;
    struct evidence evidence = read_binding("\nint a\nint b;\n");
    assert_false(evidence_was_collected(&evidence));
    assert_int_equal(evidence.broken.n, 1);
    assert_string_equal(evidence.broken.items[0].name, "does-not-compile");
    assert_string_equal(evidence.broken.items[0].where.file, at_root("bindings/x.h"));
    assert_int_equal(evidence.broken.items[0].where.line, 2);
    expect_part("text", "expected ';'", evidence.broken.items[0].text);
}

static void test_witness_clang__reports_a_missing_binding_as_a_finding(void **state)
{
    (void)state;
    struct evidence evidence;
    struct target target = x86_64();
    assert_true(witness_clang_binding(&evidence, make_spec(SPEC_HEAD), &target, at_root("none"),
                                      &arena, &diag));
    expect_messages("no message", "");
    assert_int_equal(evidence.broken.n, 1);
    expect_part("text", "file not found", evidence.broken.items[0].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_clang__reports_which_header_is_not_there),
        TEST(test_witness_clang__reports_where_a_header_is_broken),
        TEST(test_witness_clang__does_not_take_warnings_for_errors),
        TEST(test_witness_clang__reports_which_macro_is_no_integer_constant),
        TEST(test_witness_clang__reports_which_number_is_no_integer_constant),
        TEST(test_witness_clang__reports_what_the_headers_lack),
        TEST(test_witness_clang__reports_which_field_a_record_lacks),
        TEST(test_witness_clang__locates_a_missing_field_on_its_line_of_the_spec),
        TEST(test_witness_clang__reports_which_function_the_library_lacks),
        TEST(test_witness_clang__checks_the_table_of_targets),
        TEST(test_witness_clang__fails_when_clang_does_not_know_the_triple),
        TEST(test_witness_clang__is_unavailable_when_there_is_no_header_set),
        TEST(test_witness_clang__reads_a_binding_without_its_prefixes),
        TEST(test_witness_clang__takes_the_parameters_of_a_system_call_from_its_wrapper),
        TEST(test_witness_clang__lets_a_binding_lack_what_the_spec_names),
        TEST(test_witness_clang__reports_a_broken_binding_as_a_finding),
        TEST(test_witness_clang__reports_a_missing_binding_as_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
