/* Tests of compile.c: what is asserted, and what a compiler's errors are taken to mean. Clang is
 * used as in the table of targets; GCC where its messages differ. */
#include "fixture.h"

#include <sys/stat.h>

#include "base/proc.h"

static const char *const clang[] = {CLANG, "--target=x86_64-linux-gnu"};
static const char *const gcc[] = {"x86_64-linux-gnu-gcc"};

#define SPEC                                                                                       \
    "name: x\ndoc: d\nmanual: m\nos: linux\n"                                                      \
    "sources:\n"                                                                                   \
    "  - {name: kernel, headers: [k.h, new.h], optional: [new.h]}\n"                               \
    "  - {name: library, library: c, headers: [l.h]}\n"                                            \
    "patterns: []\n"                                                                               \
    "records:\n"                                                                                   \
    "  - {name: r, doc: d, fields: [{name: a, doc: d}, {name: b, doc: d, as: words}]}\n"           \
    "aliases: [{name: t, from: library, doc: d}]\n"                                                \
    "opaque: [{name: o, doc: d}]\n"                                                                \
    "constants: [{doc: d, names: [C]}, {doc: d, names: [N], header: new.h, fallback: library}]\n"  \
    "calls:\n"                                                                                     \
    "  - {name: f, doc: d, errors: e, manual: m, returns: {type: int, doc: d},\n"                  \
    "     params: [{name: p, type: \"struct r *\", doc: d}, {name: n, type: t, syscall_type: "     \
    "unsigned long, doc: d}]}\n"

#define KERNEL_H                                                                                   \
    "struct r { unsigned a; unsigned long long b; };\n#define C (1 - 2)\n#define __NR_f (3 + 4)\n"
#define LIBRARY_H                                                                                  \
    "typedef unsigned long t;\nstruct r;\nint f(struct r *, t) __asm__(\"f_v2\");\n"               \
    "#define N (0UL - 1)\n"
#define BINDING_H                                                                                  \
    "#ifdef RAW_NO_ASSERT\n#error assertions are asked for here\n#endif\n"                         \
    "struct raw_r { unsigned a, pad, b_lo, b_hi; };\n"                                             \
    "typedef unsigned long raw_t;\n#define RAW_C (-1)\n#define RAW_N 0xffffffffffffffffUL\n"       \
    "#define RAW_NR_f 7\nint raw_f(struct raw_r *, raw_t) __asm__(\"f_v2\");\n"                    \
    "static inline int raw_sys_f(struct raw_r *r, raw_t n) { (void)r; return (int)n; }\n"

/* What is true of these headers. */
#define ABI      "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
#define ALIAS    "alias t type=u64\n"
#define CONSTANT "constant C value=-1 type=i32\nconstant N value=0xffffffffffffffff type=u64\n"
#define FIELD_A  "field r.a offset=0 size=4 type=u32\n"
#define FIELD_B  "field r.b offset=8 size=8 type=u64\n"
#define FUNCTION "function f library=c symbol=f_v2 return=i32 params=ptr,u64\n"
#define RECORD   "record r size=16 align=8 kind=struct\n"
#define SYSCALL  "syscall f number=7 params=ptr,u64\n"
#define TRUTH    ABI ALIAS CONSTANT FIELD_A FIELD_B FUNCTION RECORD SYSCALL

static struct target target;
static const char *spec_text;

static int setup(void **state)
{
    if (fixture_setup(state) != 0)
        return -1;
    target = x86_64();
    spec_text = SPEC;
    target.compiler = (const char **)(void *)clang;
    target.n_compiler = 2;
    write_file("include/k.h", KERNEL_H);
    write_file("include/l.h", LIBRARY_H);
    write_file("bindings/x.h", BINDING_H);
    return 0;
}

static struct evidence collect(enum subject subject, const char *facts_lines)
{
    struct evidence evidence;
    struct facts facts = make_facts(facts_lines);
    struct workspace workspace = {
        .root = root,
        .bindings = at_root("bindings"),
        .build = at_root("build"),
        .shared = at_root("build"),
        .timeout_ms = 60 * 1000,
    };

    witness_compile(&evidence, subject, make_spec(spec_text), &target, &facts, &workspace, &arena);
    assert_string_equal(evidence.witness, "compile");
    assert_int_equal(evidence.tier, TIER_COMPILED);
    assert_int_equal(evidence.subject, subject);
    return evidence;
}

/* The compiler's evidence on these facts. */
static void expect_collected(const char *label, enum subject subject, const char *asserted,
                             const char *expected)
{
    struct evidence evidence = collect(subject, asserted);
    if (evidence.unavailable != NULL)
        fail_msg("%s: %s", label, evidence.unavailable);
    if (evidence.broken.n > 0)
        fail_msg("%s: %s", label, evidence.broken.items[0].text);
    expect_text(label, expected, facts_text(&evidence.facts, false));
}

/* What was asserted is collected again, but for what no assertion can express: the library. */
#define FUNCTION_COLLECTED "function f symbol=f_v2 return=i32 params=ptr,u64\n"
#define COLLECTED          ABI ALIAS CONSTANT FIELD_A FIELD_B FUNCTION_COLLECTED RECORD SYSCALL

static void test_witness_compile__collects_what_is_true(void **state)
{
    (void)state;
    expect_collected("clang", SUBJECT_SYSTEM, TRUTH, COLLECTED);
    target.compiler = (const char **)(void *)gcc;
    target.n_compiler = 1;
    expect_collected("gcc", SUBJECT_SYSTEM, TRUTH, COLLECTED);
}

static void test_witness_compile__collects_what_is_true_when_nothing_is_built(void **state)
{
    (void)state;
    expect_collected("built", SUBJECT_SYSTEM, TRUTH, COLLECTED);
    expect_collected("saved", SUBJECT_SYSTEM, TRUTH, COLLECTED);
}

static void test_witness_compile__collects_what_it_found_instead(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *asserted;
        const char *from_clang, *from_gcc;
    } rows[] = {
        {"bits", "abi x86_64-linux bits=32 endian=little\n",
         "abi x86_64-linux bits=64 endian=little\n",
         "abi x86_64-linux bits=not 32 endian=little\n"},
        {"endian", "abi x86_64-linux bits=64 endian=big\n",
         "abi x86_64-linux bits=64 endian=not big\n", "abi x86_64-linux bits=64 endian=not big\n"},
        {"type of an alias", "alias t type=i64\n", "alias t type=not i64\n",
         "alias t type=not i64\n"},
        {"width of an alias", "alias t type=u32\n", "alias t type=not u32\n",
         "alias t type=not u32\n"},
        {"negative value", "constant C value=0x1 type=i32\n", "constant C value=-1 type=i32\n",
         "constant C value=not 0x1 type=i32\n"},
        {"type of a constant", "constant C value=-1 type=u32\n",
         "constant C value=-1 type=not u32\n", "constant C value=-1 type=not u32\n"},
        {"size", "record r size=12 align=8 kind=struct\n", "record r size=16 align=8 kind=struct\n",
         "record r size=not 12 align=8 kind=struct\n"},
        {"alignment", "record r size=16 align=1 kind=struct\n",
         "record r size=16 align=8 kind=struct\n", "record r size=16 align=not 1 kind=struct\n"},
        {"offset", RECORD "field r.b offset=4 size=8 type=u64\n",
         "field r.b offset=8 size=8 type=u64\n" RECORD,
         "field r.b offset=not 4 size=8 type=u64\n" RECORD},
        {"size of a field", RECORD "field r.b offset=8 size=4 type=u64\n",
         "field r.b offset=8 size=8 type=u64\n" RECORD,
         "field r.b offset=8 size=not 4 type=u64\n" RECORD},
        {"type of a field", RECORD "field r.a offset=0 size=4 type=ptr\n",
         "field r.a offset=0 size=4 type=not ptr\n" RECORD,
         "field r.a offset=0 size=4 type=not ptr\n" RECORD},
        {"number", "syscall f number=8\n", "syscall f number=7\n", "syscall f number=not 8\n"},
    };
    for (int is_gcc = 0; is_gcc < 2; is_gcc++) {
        target.compiler = (const char **)(void *)(is_gcc ? gcc : clang);
        target.n_compiler = is_gcc ? 1 : 2;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            struct evidence evidence = collect(SUBJECT_SYSTEM, rows[i].asserted);
            const char *got = facts_text(&evidence.facts, false);
            assert_int_equal(evidence.broken.n, 0);
            expect_text(arena_printf(&arena, "%s, %s", rows[i].label, is_gcc ? "gcc" : "clang"),
                        is_gcc ? rows[i].from_gcc : rows[i].from_clang, got);
        }
    }
}

static void test_witness_compile__reads_back_a_value_that_no_signed_type_has(void **state)
{
    (void)state;
    expect_collected("all 64 bits", SUBJECT_SYSTEM, "constant N value=0x1 type=u64\n",
                     "constant N value=0xffffffffffffffff type=u64\n");
}

static void test_witness_compile__reads_back_a_value_that_is_a_literal(void **state)
{
    (void)state;
    /* Clang has no note `evaluates to '5 == 6'` where both sides are literals. */
    write_file("include/new.h", "#define N 5\n");
    expect_collected("literal", SUBJECT_SYSTEM, "constant N value=0x6 type=i32\n",
                     "constant N value=0x5 type=i32\n");
}

/* On hppa a pointer to a function is a plabel, and marked as one in the assembly. */
static void test_witness_compile__reads_the_symbol_behind_a_plabel(void **state)
{
    (void)state;
    static const char *const hppa[] = {"hppa-linux-gnu-gcc"};
    if (proc_find(&arena, hppa[0]) == NULL) {
        print_message("not checked: no %s\n", hppa[0]);
        skip();
    }
    target = make_target("hppa-linux", "hppa-linux-gnu", 32, "big");
    target.compiler = (const char **)(void *)hppa;
    target.n_compiler = 1;
    expect_collected("plabel", SUBJECT_SYSTEM,
                     "function f library=c symbol=f_v2 return=i32 params=ptr,u32\n",
                     "function f symbol=f_v2 return=i32 params=ptr,u32\n");
    expect_collected("another symbol", SUBJECT_SYSTEM,
                     "function f library=c symbol=f return=i32 params=ptr,u32\n",
                     "function f symbol=f_v2 return=i32 params=ptr,u32\n");
}

static void test_witness_compile__knows_bool(void **state)
{
    (void)state;
    static const char facts[] = "field r.a offset=0 size=1 type=bool\n"
                                "record r size=1 align=1 kind=struct\n";
    write_file("include/k.h", "struct r { _Bool a; };\n");
    target.compiler = (const char **)(void *)gcc;
    target.n_compiler = 1;
    expect_collected("gcc", SUBJECT_SYSTEM, facts, facts);
    target.compiler = (const char **)(void *)clang;
    target.n_compiler = 2;
    expect_collected("clang", SUBJECT_SYSTEM, facts, facts);
}

static void test_witness_compile__finds_a_wrong_prototype(void **state)
{
    (void)state;
    write_file("include/l.h", "typedef unsigned long t;\nstruct r;\nlong f(struct r *, t);\n"
                              "#define N (0UL - 1)\n");
    struct evidence evidence = collect(SUBJECT_SYSTEM, FUNCTION);
    assert_int_equal(evidence.broken.n, 0);
    const struct fact *fact = facts_find(&evidence.facts, FACT_FUNCTION, "f");
    assert_non_null(fact);
    expect_text("result", "not i32", fact->attr[FUNCTION_RETURN]);
    expect_text("parameters", "not ptr,u64", fact->attr[FUNCTION_PARAMS]);
    assert_null(fact->attr[FUNCTION_SYMBOL]); /* nothing was assembled */
}

static void test_witness_compile__reads_the_symbol_from_the_assembly(void **state)
{
    (void)state;
    expect_collected("another symbol than asked", SUBJECT_SYSTEM,
                     "function f library=c symbol=f return=i32 params=ptr,u64\n",
                     FUNCTION_COLLECTED);
    static const char *const mach_o[] = {CLANG, "--target=x86_64-apple-macos13"};
    target.compiler = (const char **)(void *)mach_o;
    target.label = "_";
    write_file("include/l.h", "typedef unsigned long t;\nstruct r;\n"
                              "int f(struct r *, t) __asm__(\"_f$UNIX2003\");\n");
    expect_collected("Mach-O", SUBJECT_SYSTEM,
                     "function f library=c symbol=f return=i32 params=ptr,u64\n",
                     "function f symbol=f$UNIX2003 return=i32 params=ptr,u64\n");
}

static void test_witness_compile__asserts_for_the_types_of_a_system_call(void **state)
{
    (void)state;
    expect_collected("another width", SUBJECT_SYSTEM, "syscall f number=7 params=ptr,u32\n",
                     "syscall f number=7 params=not ptr,u32\n");
    expect_collected("not known", SUBJECT_SYSTEM, "syscall f number=7\n", "syscall f number=7\n");
}

static void test_witness_compile__does_not_ask_for_an_alias_of_another_source(void **state)
{
    (void)state;
    /* t is the library's: the kernel's headers do not have it. */
    static const char with[] = "syscall_type: unsigned long, ";
    const char *at = strstr(spec_text, with);
    assert_non_null(at);
    spec_text = arena_printf(&arena, "%.*s%s", (int)(at - spec_text), spec_text, at + strlen(with));
    expect_collected("t", SUBJECT_SYSTEM, ALIAS SYSCALL, ALIAS "syscall f number=7\n");
}

static void test_witness_compile__asserts_the_source_that_a_fact_is_from(void **state)
{
    (void)state;
    /* N is from new.h where that is there. */
    expect_collected("absent", SUBJECT_SYSTEM, "constant N value=0xffffffffffffffff type=u64\n",
                     "constant N value=0xffffffffffffffff type=u64\n");
    write_file("include/new.h", "#define N (2 + 3)\n");
    expect_collected("there", SUBJECT_SYSTEM, "constant N value=0x6 type=i32\n",
                     "constant N value=0x5 type=i32\n");
}

static void test_witness_compile__asserts_a_binding_by_its_own_names(void **state)
{
    (void)state;
    /* Its alignment is its own, a field as words is two, and it has no library. */
    expect_collected("true", SUBJECT_BINDING, TRUTH,
                     ABI ALIAS CONSTANT FIELD_A
                     "field r.b_hi offset=12 size=4 type=u32\n"
                     "field r.b_lo offset=8 size=4 type=u32\n" FUNCTION_COLLECTED
                     "record r size=16 kind=struct\n" SYSCALL);
    write_file("bindings/x.h", "struct raw_r { unsigned a, b_hi, b_lo; };\n");
    expect_collected("wrong", SUBJECT_BINDING, RECORD FIELD_B,
                     "field r.b_hi offset=4 size=4 type=u32\n"
                     "field r.b_lo offset=8 size=4 type=u32\n"
                     "record r size=12 kind=struct\n");
}

static void test_witness_compile__reports_a_binding_whose_own_assertion_fails(void **state)
{
    (void)state;
    write_file("bindings/x.h", BINDING_H "_Static_assert(sizeof(struct raw_r) == 12, \"size\");\n");
    struct evidence evidence = collect(SUBJECT_BINDING, RECORD);
    assert_false(evidence_was_collected(&evidence));
    assert_string_equal(evidence.broken.items[0].name, "does-not-compile");
    assert_string_equal(evidence.broken.items[0].where.file, at_root("bindings/x.h"));
    expect_part("text", "static assertion failed", evidence.broken.items[0].text);
}

static void test_witness_compile__expects_the_upper_word_first_on_big_endian(void **state)
{
    (void)state;
    static const char *const big[] = {CLANG, "--target=s390x-linux-gnu"};
    target = make_target("s390x-linux", "s390x-linux-gnu", 64, "big");
    target.compiler = (const char **)(void *)big;
    target.n_compiler = 2;
    write_file("bindings/x.h", "struct raw_r { unsigned a, pad, b_hi, b_lo; };\n");
    expect_collected("binding", SUBJECT_BINDING, RECORD FIELD_B,
                     "field r.b_hi offset=8 size=4 type=u32\n"
                     "field r.b_lo offset=12 size=4 type=u32\n"
                     "record r size=16 kind=struct\n");
}

static void test_witness_compile__knows_every_kind_of_type(void **state)
{
    (void)state;
    static const char facts[] = "field r.a offset=0 size=1 type=u8\n"
                                "field r.b offset=4 size=4 type=u32\n"
                                "field r.c offset=8 size=8 type=ptr\n"
                                "field r.d offset=16 size=4 type=i8[4]\n"
                                "field r.e offset=24 size=16 type=ptr[2]\n"
                                "record r size=40 align=8 kind=struct\n";
    write_file("include/k.h",
               "enum e { X };\nstruct r { unsigned char a; enum e b; int (*c)(void);\n"
               "  signed char d[4]; void *e[2]; };\n");
    expect_collected("clang", SUBJECT_SYSTEM, facts, facts);
    target.compiler = (const char **)(void *)gcc;
    target.n_compiler = 1;
    expect_collected("gcc", SUBJECT_SYSTEM, facts, facts);
}

static void test_witness_compile__knows_a_record_that_only_a_typedef_names(void **state)
{
    (void)state;
    static const char facts[] = "field r.a offset=0 size=4 type=struct:tag\n"
                                "field r.b offset=4 size=8 type=struct:pair_t\n"
                                "record r size=12 align=4 kind=struct\n";
    write_file("include/k.h",
               "struct tag { int x; };\ntypedef struct { int y[2]; } pair_t, other_t;\n"
               "struct r { struct tag a; pair_t b; };\n");
    expect_collected("true", SUBJECT_SYSTEM, facts, facts);
    write_file("include/k.h",
               "struct tag { int x; };\ntypedef struct { int y[2]; } pair_t;\n"
               "typedef struct { int y[2]; } other_t;\nstruct r { struct tag a; other_t b; };\n");
    expect_collected("another record", SUBJECT_SYSTEM, facts,
                     "field r.a offset=0 size=4 type=struct:tag\n"
                     "field r.b offset=4 size=8 type=not struct:pair_t\n"
                     "record r size=12 align=4 kind=struct\n");
}

static void test_witness_compile__does_not_take_a_binding_for_a_header_of_that_name(void **state)
{
    (void)state;
    /* As bindings/c/sched.h and libc's <sched.h>. */
    write_file("bindings/k.h", "#error this is no header of the system\n");
    expect_collected("k.h", SUBJECT_SYSTEM, RECORD, RECORD);
}

static void test_witness_compile__knows_the_bounds_of_an_array_in_the_order_of_c(void **state)
{
    (void)state;
    static const char facts[] = "field r.a offset=0 size=6 type=u8[2][3]\n"
                                "record r size=6 align=1 kind=struct\n";
    write_file("include/k.h", "struct r { unsigned char a[2][3]; };\n");
    expect_collected("two dimensions", SUBJECT_SYSTEM, facts, facts);
    expect_collected("the other way round", SUBJECT_SYSTEM,
                     "field r.a offset=0 size=6 type=u8[3][2]\n"
                     "record r size=6 align=1 kind=struct\n",
                     "field r.a offset=0 size=6 type=not u8[3][2]\n"
                     "record r size=6 align=1 kind=struct\n");
}

static void test_witness_compile__does_not_assert_what_c_cannot_express(void **state)
{
    (void)state;
    /* Of a bit-field nothing, of a floating member no type is collected. */
    write_file("include/k.h", "struct in { int x; };\n"
                              "struct r { unsigned a : 3; struct in b; double c; };\n");
    expect_collected("bit-field, record, double", SUBJECT_SYSTEM,
                     "field r.a offset=0 type=u32 bit=0:3\n"
                     "field r.b offset=4 size=4 type=struct:in\n"
                     "field r.c offset=8 size=8 type=f64\n"
                     "record r size=16 align=8 kind=struct\n",
                     "field r.a\n"
                     "field r.b offset=4 size=4 type=struct:in\n"
                     "field r.c offset=8 size=8\n"
                     "record r size=16 align=8 kind=struct\n");
}

static void test_witness_compile__asserts_of_a_flexible_array_what_c_can_answer(void **state)
{
    (void)state;
    /* sizeof an incomplete array is an error in C: its offset can be asserted, its size cannot. */
    write_file("include/k.h", "struct r { unsigned a; unsigned b[]; };\n");
    expect_collected("flexible array", SUBJECT_SYSTEM,
                     FIELD_A "field r.b offset=4 type=u32[]\nrecord r size=4 align=4 kind=struct\n",
                     FIELD_A
                     "field r.b offset=4 type=u32[]\nrecord r size=4 align=4 kind=struct\n");
    expect_collected("of other elements", SUBJECT_SYSTEM,
                     FIELD_A "field r.b offset=4 type=i32[]\nrecord r size=4 align=4 kind=struct\n",
                     FIELD_A "field r.b offset=4 type=not i32[]\n"
                             "record r size=4 align=4 kind=struct\n");
}

static void test_witness_compile__asserts_a_union_by_its_own_tag(void **state)
{
    (void)state;
    static const char facts[] = "field r.a offset=0 size=4 type=u32\n"
                                "record r size=8 align=4 kind=union\n";
    write_file("include/k.h", "union r { unsigned a, b[2]; };\n");
    expect_collected("union", SUBJECT_SYSTEM, facts, facts);
}

static void test_witness_compile__is_unavailable_when_there_is_no_compiler(void **state)
{
    (void)state;
    target.compiler = NULL;
    target.n_compiler = 0;
    struct evidence evidence = collect(SUBJECT_SYSTEM, TRUTH);
    expect_text("why", "compiler 'no-such-cc' not found", evidence.unavailable);
    assert_int_equal(evidence.facts.n, 0);
    assert_false(evidence_was_collected(&evidence));
}

static void test_witness_compile__reports_a_header_that_does_not_compile(void **state)
{
    (void)state;
    write_file("include/k.h", "\n\nint a b;\n");
    struct evidence evidence = collect(SUBJECT_SYSTEM, RECORD);
    assert_false(evidence_was_collected(&evidence));
    assert_string_equal(evidence.broken.items[0].name, "does-not-compile");
    assert_string_equal(evidence.broken.items[0].where.file, at_root("include/k.h"));
    assert_int_equal(evidence.broken.items[0].where.line, 3);
    expect_part("text", "expected ';'", evidence.broken.items[0].text);
}

static void test_witness_compile__reports_a_name_that_is_not_there(void **state)
{
    (void)state;
    write_file("include/k.h", "struct r { unsigned a; };\n");
    struct evidence evidence = collect(SUBJECT_SYSTEM, "constant C value=-1 type=i32\n");
    assert_int_not_equal(evidence.broken.n, 0);
    assert_string_equal(evidence.broken.items[0].name, "does-not-compile");
    expect_part("text", "'C'", evidence.broken.items[0].text);
}

static void test_witness_compile__reports_a_compiler_that_dies(void **state)
{
    (void)state;
    const char *cc = write_file("cc", "#!/bin/sh\nkill -SEGV $$\n");
    assert_int_equal(chmod(cc, 0755), 0);
    target.compiler = &cc;
    target.n_compiler = 1;
    struct evidence evidence = collect(SUBJECT_BINDING, RECORD);
    assert_int_equal(evidence.broken.n, 1);
    assert_string_equal(evidence.broken.items[0].name, "probe-failed");
    expect_part("text", "SIGSEGV", evidence.broken.items[0].text);
}

static void test_witness_compile__reports_a_compiler_that_fails_without_a_word(void **state)
{
    (void)state;
    const char *cc = write_file("cc", "#!/bin/sh\nexit 1\n");
    assert_int_equal(chmod(cc, 0755), 0);
    target.compiler = &cc;
    target.n_compiler = 1;
    struct evidence evidence = collect(SUBJECT_BINDING, RECORD);
    assert_false(evidence_was_collected(&evidence));
    assert_int_equal(evidence.broken.n, 1);
    expect_text("text", "the compiler failed without a message", evidence.broken.items[0].text);
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_compile__collects_what_is_true),
        TEST(test_witness_compile__reads_the_symbol_behind_a_plabel),
        TEST(test_witness_compile__collects_what_is_true_when_nothing_is_built),
        TEST(test_witness_compile__collects_what_it_found_instead),
        TEST(test_witness_compile__reads_back_a_value_that_no_signed_type_has),
        TEST(test_witness_compile__reads_back_a_value_that_is_a_literal),
        TEST(test_witness_compile__knows_bool),
        TEST(test_witness_compile__finds_a_wrong_prototype),
        TEST(test_witness_compile__reads_the_symbol_from_the_assembly),
        TEST(test_witness_compile__asserts_for_the_types_of_a_system_call),
        TEST(test_witness_compile__does_not_ask_for_an_alias_of_another_source),
        TEST(test_witness_compile__asserts_the_source_that_a_fact_is_from),
        TEST(test_witness_compile__asserts_a_binding_by_its_own_names),
        TEST(test_witness_compile__reports_a_binding_whose_own_assertion_fails),
        TEST(test_witness_compile__expects_the_upper_word_first_on_big_endian),
        TEST(test_witness_compile__knows_every_kind_of_type),
        TEST(test_witness_compile__knows_a_record_that_only_a_typedef_names),
        TEST(test_witness_compile__does_not_take_a_binding_for_a_header_of_that_name),
        TEST(test_witness_compile__knows_the_bounds_of_an_array_in_the_order_of_c),
        TEST(test_witness_compile__does_not_assert_what_c_cannot_express),
        TEST(test_witness_compile__asserts_of_a_flexible_array_what_c_can_answer),
        TEST(test_witness_compile__asserts_a_union_by_its_own_tag),
        TEST(test_witness_compile__is_unavailable_when_there_is_no_compiler),
        TEST(test_witness_compile__reports_a_header_that_does_not_compile),
        TEST(test_witness_compile__reports_a_name_that_is_not_there),
        TEST(test_witness_compile__reports_a_compiler_that_dies),
        TEST(test_witness_compile__reports_a_compiler_that_fails_without_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
