/* Tests of gen/witness_clang*.c: functions, system calls, sources, and names that a spec forgot. */
#include "fixture.h"

/* ---- functions ---- */

/* Spec with one library and one call, which is read from t.h. */
#define LIBRARY_SPEC(name, forms)                                                                  \
    "name: x\ndoc: d\nmanual: m\nos: linux\n"                                                      \
    "sources: [{name: library, library: c, headers: [t.h]}]\n"                                     \
    "patterns: [\"fam_*\"]\n"                                                                      \
    "calls:\n"                                                                                     \
    "  - {name: " name ", forms: " forms ", doc: d, params: [], errors: e, manual: m,\n"           \
    "     returns: {type: int, doc: d}}\n"

static void expect_function(const char *label, const char *header, const char *expected)
{
    write_file("include/t.h", header);
    struct evidence evidence = read_spec(x86_64(), LIBRARY_SPEC("fam_f", "[library]"));
    expect_text(label,
                arena_printf(&arena,
                             "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
                             "function fam_f library=c %s\n",
                             expected),
                facts_text(&evidence.facts, false));
}

static void test_witness_clang__reads_prototypes(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *header;
        const char *expected;
    } rows[] = {
        {"no parameters", "int fam_f(void);", "symbol=fam_f return=i32 params=void"},
        {"no result", "void fam_f(int);", "symbol=fam_f return=void params=i32"},
        {"several", "long fam_f(unsigned, const char *, __SIZE_TYPE__);",
         "symbol=fam_f return=i64 params=u32,ptr,u64"},
        {"variadic", "int fam_f(int fd, ...);", "symbol=fam_f return=i32 params=i32,..."},
        {"pointers", "void *fam_f(struct s *, int (*)(int), int *restrict);",
         "symbol=fam_f return=ptr params=ptr,ptr,ptr"},
        {"aliases", "typedef unsigned short u16; typedef u16 t; t fam_f(t, _Bool);",
         "symbol=fam_f return=u16 params=u16,bool"},
        {"enum", "enum e { X }; enum e fam_f(enum e);", "symbol=fam_f return=u32 params=u32"},
        {"asm label", "int fam_f(int) __asm__(\"fam_f_v2\");",
         "symbol=fam_f_v2 return=i32 params=i32"},
        {"declared twice", "int fam_f(int); int fam_f(int);", "symbol=fam_f return=i32 params=i32"},
        {"asm label first of two", "int fam_f(int) __asm__(\"fam_f_v2\"); int fam_f(int);",
         "symbol=fam_f_v2 return=i32 params=i32"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_function(rows[i].label, rows[i].header, rows[i].expected);
}

static void test_witness_clang__reads_an_array_parameter_as_a_pointer(void **state)
{
    (void)state;
    /* C11 6.7.6.3p7; as in `int pipe2(int pipedes[2], int flags)`. */
    expect_function("array", "int fam_f(int a[2], const char b[]);",
                    "symbol=fam_f return=i32 params=ptr,ptr");
    expect_function("function", "int fam_f(int (int));", "symbol=fam_f return=i32 params=ptr");
}

static void test_witness_clang__takes_the_symbol_of_a_later_declaration(void **state)
{
    (void)state;
    /* The label holds for every call after it, as both GCC and Clang compile it. */
    expect_function("asm label", "int fam_f(int); int fam_f(int) __asm__(\"fam_f_v2\");",
                    "symbol=fam_f_v2 return=i32 params=i32");
}

static void test_witness_clang__leaves_out_the_label_that_the_object_format_adds(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *header;
        const char *expected;
    } rows[] = {
        {"plain", "int fam_f(void);", "symbol=fam_f "},
        {"own underscore", "int fam_f(void) __asm__(\"__fam_f\");", "symbol=_fam_f "},
        {"asm label", "int fam_f(void) __asm__(\"_fam_f$UNIX2003\");", "symbol=fam_f$UNIX2003 "},
    };
    struct target target = make_target("x86_64-macos", "x86_64-apple-macos13", 64, "little");
    target.label = "_"; /* Mach-O */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("include/t.h", rows[i].header);
        struct evidence evidence = read_spec(target, LIBRARY_SPEC("fam_f", "[library]"));
        expect_part(rows[i].label, rows[i].expected, facts_text(&evidence.facts, false));
    }
}

/* ---- system calls ---- */

#define SYSCALLS                                                                                   \
    "calls:\n"                                                                                     \
    "  - {name: fam_new, forms: [syscall], doc: d, errors: e, manual: m,\n"                        \
    "     returns: {type: int, doc: d}, params: [{name: a, type: int, doc: d},\n"                  \
    "     {name: b, type: \"void *\", doc: d}, {name: c, type: size_t, doc: d}]}\n"                \
    "  - {name: fam_old, forms: [syscall], doc: d, errors: e, manual: m,\n"                        \
    "     returns: {type: int, doc: d}, params: [],\n"                                             \
    "     fallback: {call: fam_new, args: [\"0\", \"NULL\", \"8\"]}}\n"

static void test_witness_clang__reads_numbers_and_takes_parameters_from_the_spec(void **state)
{
    (void)state;
    expect_facts("both are there", x86_64(), SYSCALLS,
                 "#define __NR_fam_old 7\n#define BASE 0x100\n#define __NR_fam_new (BASE + 3)\n",
                 "syscall fam_new number=259 params=i32,ptr,u64\n"
                 "syscall fam_old number=7 params=void\n");
    expect_facts("number 0", make_target("i386-linux", "i386-linux-gnu", 32, "little"), SYSCALLS,
                 "#define __NR_fam_new 0\n", "syscall fam_new number=0 params=i32,ptr,u32\n");
}

static void test_witness_clang__lets_a_number_be_missing_when_there_is_another_call(void **state)
{
    (void)state;
    struct target target = x86_64();
    expect_facts("fam_old is missing", target, SYSCALLS, "#define __NR_fam_new 1\n",
                 "syscall fam_new number=1 params=i32,ptr,u64\n");
    write_file("include/t.h", "#define __NR_fam_old 1\n");
    struct evidence evidence;
    assert_false(
        witness_clang_system(&evidence, make_spec(SPEC_HEAD SYSCALLS), &target, &arena, &diag));
    expect_messages(
        "fam_new is missing",
        "$gen/specs/x.yaml:10:12: error: syscall 'fam_new' is not in the headers of 'x' "
        "for x86_64-linux\n");
}

/* ---- sources ---- */

static void test_witness_clang__reads_each_thing_from_its_own_source(void **state)
{
    (void)state;
    /* The same names in both: only those of the source that the spec names count. */
    static const char spec[] =
        "name: x\ndoc: d\nmanual: m\nos: linux\n"
        "sources:\n"
        "  - {name: kernel, headers: [k.h]}\n"
        "  - {name: library, library: c, headers: [l.h]}\n"
        "patterns: []\n"
        "records: [{name: r, doc: d, fields: []}, {name: s, from: library, doc: d, fields: []}]\n"
        "aliases: [{name: t, from: library, doc: d}]\n"
        "constants: [{doc: d, names: [FAM_K]}, {doc: d, names: [FAM_L], from: library}]\n"
        "calls: [{name: f, doc: d, errors: e, manual: m, returns: {type: int, doc: d},\n"
        "         params: [{name: a, type: int, doc: d, form: library}]}]\n";
    write_file("include/k.h", "struct r { int a; };\nstruct s { int a; };\ntypedef int t;\n"
                              "#define FAM_K 1\n#define FAM_L 1\n#define __NR_f 1\nint f(int);\n");
    write_file("include/l.h", "struct r { long a; };\nstruct s { long a; };\ntypedef long t;\n"
                              "#define FAM_K 2\n#define FAM_L 2\n#define __NR_f 2\nint f(void);\n");
    struct evidence evidence = read_spec(x86_64(), spec);
    expect_text("facts and their places",
                "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
                "alias t type=i64 # l.h:3\n"
                "constant FAM_K value=0x1 type=i32 # k.h:4\n"
                "constant FAM_L value=0x2 type=i32 # l.h:5\n"
                "field r.a offset=0 size=4 type=i32 # k.h:1\n"
                "field s.a offset=0 size=8 type=i64 # l.h:2\n"
                "function f library=c symbol=f return=i32 params=void # l.h:7\n"
                "record r size=4 align=4 kind=struct # k.h:1\n"
                "record s size=8 align=8 kind=struct # l.h:2\n"
                "syscall f number=1 params=void # k.h:6\n",
                facts_text(&evidence.facts, true));
}

static void
test_witness_clang__reads_another_source_when_an_optional_header_is_missing(void **state)
{
    (void)state;
    static const char spec[] =
        "name: x\ndoc: d\nmanual: m\nos: linux\n"
        "sources:\n"
        "  - {name: kernel, headers: [k.h, new.h], optional: [new.h]}\n"
        "  - {name: library, library: c, headers: [l.h]}\n"
        "patterns: [FAM_*]\n"
        "constants: [{doc: d, names: [FAM_A], header: new.h, fallback: library}]\n";
    write_file("include/k.h", "");
    write_file("include/l.h", "#define FAM_A 2\n");
    struct evidence evidence = read_spec(x86_64(), spec);
    expect_part("new.h is missing", "constant FAM_A value=0x2 type=i32 # l.h:1\n",
                facts_text(&evidence.facts, true));
    assert_int_equal(evidence.notes.n, 1);
    assert_string_equal(evidence.notes.items[0].name, "new.h");
    expect_text("the note", "not in the header set; its constants come from <l.h>",
                evidence.notes.items[0].text);

    write_file("include/new.h", "#define FAM_A 1\n");
    evidence = read_spec(x86_64(), spec);
    expect_part("new.h is there", "constant FAM_A value=0x1 type=i32 # new.h:1\n",
                facts_text(&evidence.facts, true));
    assert_int_equal(evidence.notes.n, 0);
}

/* ---- forgotten names ---- */

/* The names that the spec forgot, with their locations, one a line. */
static const char *unbound_text(const struct evidence *evidence)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < evidence->unbound.n; i++)
        str_addf(&text, "%s %s:%d\n", evidence->unbound.items[i].name,
                 evidence->unbound.items[i].where.file, evidence->unbound.items[i].where.line);
    return str_text(&text);
}

static void expect_unbound(const char *label, const char *header, const char *expected)
{
    static const char spec[] =
        "name: x\ndoc: d\nmanual: m\nos: linux\n"
        "sources: [{name: kernel, headers: [t.h]}]\n"
        "patterns: [FAM_*, \"fam_*\", __NR_fam_*]\n"
        "constants: [{doc: d, names: [FAM_A]}]\n"
        "ignore: [{name: FAM_IGNORED, reason: r}, {name: FAM_OLD_*, reason: r}]\n"
        "calls:\n"
        "  - {name: fam_base, forms: [syscall], doc: d, errors: e, manual: m, params: [],\n"
        "     returns: {type: int, doc: d}}\n"
        "  - {name: fam_call, forms: [syscall], doc: d, errors: e, manual: m, params: [],\n"
        "     returns: {type: int, doc: d}, fallback: {call: fam_base, args: []}}\n";

    write_file("include/bound.h", "#ifndef FAM_A\n#define FAM_A 1\n#endif\n");
    write_file("include/t.h",
               arena_printf(&arena, "%s\n#include <bound.h>\n#define __NR_fam_base 1\n", header));
    struct evidence evidence = read_spec(x86_64(), spec);
    expect_text(label, expected, unbound_text(&evidence));
}

static void test_witness_clang__reports_what_each_forgotten_name_is(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *what;
    } rows[] = {
        {"#define FAM_X (1 << 3)", "a constant"},
        {"#define FAM_X sizeof(int)", "a constant"},
        {"enum { FAM_X };", "a constant"},
        {"#define FAM_X", "a macro without a value"},
        {"#define FAM_X(x) (x)", "a macro with parameters"},
        {"#define FAM_X __attribute__((packed))", "a macro that is no number"},
        {"#define FAM_X struct r", "a macro that is no number"},
        {"#define FAM_X \"text\"", "a macro that is no number"},
        {"#define __NR_fam_x 3", "a system call's number"},
        {"enum fam_e { OTHER };", "an enumeration"},
        {"struct fam_s { int a; };", "a record"},
        {"union fam_u { int a; };", "a record"},
        {"typedef int fam_t;", "a typedef"},
        {"int fam_f(void);", "a function"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("include/t.h", rows[i].header);
        struct evidence evidence =
            read_spec(x86_64(), "name: x\ndoc: d\nmanual: m\nos: linux\n"
                                "sources: [{name: kernel, headers: [t.h]}]\n"
                                "patterns: [FAM_*, \"fam_*\", __NR_fam_*]\n");
        assert_int_equal(evidence.unbound.n, 1);
        expect_text(rows[i].header,
                    arena_printf(&arena, "%s of source 'kernel' that is neither", rows[i].what),
                    evidence.unbound.items[0].text);
    }
}

static void test_witness_clang__reports_forgotten_names_of_every_kind(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *header;
        const char *expected;
    } rows[] = {
        {"bound", "#define FAM_A 1", ""},
        {"another family", "#define OTHER 1\nstruct other { int a; };\nint other_f(void);", ""},
        {"ignored by name", "#define FAM_IGNORED 1", ""},
        {"ignored by pattern", "#define FAM_OLD_1 1\nenum { FAM_OLD_2 };", ""},
        {"macro", "\n#define FAM_X 1", "FAM_X t.h:2\n"},
        {"macro without a value", "#define FAM_X", "FAM_X t.h:1\n"},
        {"macro with parameters", "#define FAM_X(x) (x)", "FAM_X t.h:1\n"},
        {"macro that is no expression", "#define FAM_X struct {", "FAM_X t.h:1\n"},
        {"undefined macro", "#define FAM_X 1\n#undef FAM_X", ""},
        {"enumerator", "enum { FAM_X = 1 };", "FAM_X t.h:1\n"},
        {"enum", "enum fam_e { OTHER };", "fam_e t.h:1\n"},
        {"record", "struct fam_s { int a; };", "fam_s t.h:1\n"},
        {"union", "union fam_u { int a; };", "fam_u t.h:1\n"},
        {"alias", "typedef int fam_t;", "fam_t t.h:1\n"},
        {"function", "int fam_f(void);", "fam_f t.h:1\n"},
        {"member and parameter", "struct s { int fam_a; };\nint f(int fam_b);", ""},
        {"number", "#define __NR_fam_x 1", "__NR_fam_x t.h:1\n"},
        {"number of a bound call", "#define __NR_fam_call 1", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_unbound(rows[i].label, rows[i].header, rows[i].expected);
}

static void test_witness_clang__does_not_report_what_the_compiler_itself_defines(void **state)
{
    (void)state;
    write_file("include/t.h", "#ifndef __x86_64__\n#error\n#endif\n");
    struct evidence evidence =
        read_spec(x86_64(), "name: x\ndoc: d\nmanual: m\nos: linux\n"
                            "sources: [{name: kernel, headers: [t.h]}]\npatterns: [__x86*]\n");
    expect_text("__x86_64__", "", unbound_text(&evidence));
}

static void
test_witness_clang__reports_a_forgotten_macro_once_where_it_is_last_defined(void **state)
{
    (void)state;
    expect_unbound("defined, undefined, defined again",
                   "#define FAM_X 1\n#undef FAM_X\n#define FAM_X 2", "FAM_X t.h:3\n");
}

static void
test_witness_clang__reports_a_forgotten_name_once_when_it_is_declared_twice(void **state)
{
    (void)state;
    expect_unbound("record", "struct fam_s;\nstruct fam_s { int a; };", "fam_s t.h:1\n");
    expect_unbound("function", "int fam_f(void);\nint fam_f(void);", "fam_f t.h:1\n");
}

static void test_witness_clang__reports_forgotten_names_declared_within_a_record(void **state)
{
    (void)state;
    /* C11 6.2.1p4: their scope is that around the record. */
    expect_unbound("enumerator", "struct s { enum { FAM_X } a; };", "FAM_X t.h:1\n");
    expect_unbound("record", "struct s { struct fam_s { int a; } b; };", "fam_s t.h:1\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_clang__reads_prototypes),
        TEST(test_witness_clang__reads_an_array_parameter_as_a_pointer),
        TEST(test_witness_clang__takes_the_symbol_of_a_later_declaration),
        TEST(test_witness_clang__leaves_out_the_label_that_the_object_format_adds),
        TEST(test_witness_clang__reads_numbers_and_takes_parameters_from_the_spec),
        TEST(test_witness_clang__lets_a_number_be_missing_when_there_is_another_call),
        TEST(test_witness_clang__reads_each_thing_from_its_own_source),
        TEST(test_witness_clang__reads_another_source_when_an_optional_header_is_missing),
        TEST(test_witness_clang__reports_what_each_forgotten_name_is),
        TEST(test_witness_clang__reports_forgotten_names_of_every_kind),
        TEST(test_witness_clang__does_not_report_what_the_compiler_itself_defines),
        TEST(test_witness_clang__reports_a_forgotten_macro_once_where_it_is_last_defined),
        TEST(test_witness_clang__reports_a_forgotten_name_once_when_it_is_declared_twice),
        TEST(test_witness_clang__reports_forgotten_names_declared_within_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
