/* Tests of gen/witness_clang*.c: constants. Values are derived by hand, the rule beside them. */
#include "fixture.h"

static struct target i386(void)
{
    return make_target("i386-linux", "i386-linux-gnu", 32, "little");
}

/* ---- object-like macros ---- */

/* Defines FAM_A as an expression and reads it. */
static void expect_macro(const char *expression, struct target target, const char *expected)
{
    expect_facts(arena_printf(&arena, "%s on %s", expression, target.name), target,
                 "constants: [{doc: d, names: [FAM_A]}]\n",
                 arena_printf(&arena,
                              "typedef unsigned short u16; typedef signed char i8;\n"
                              "typedef unsigned long long u64; typedef unsigned poll_t;\n"
                              "enum e { SMALL = 3, LARGE = 0x80000000 };\n"
                              "struct s { char c; int i; };\n"
                              "#define ONE 1\n#define FAM_A %s\n",
                              expression),
                 arena_printf(&arena, "constant FAM_A %s\n", expected));
}

static void test_witness_clang__evaluates_macros_with_the_type_that_c_gives_them(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        const char *expected;
    } rows[] = {
        {"1", "value=0x1 type=i32"},
        {"0", "value=0x0 type=i32"},
        {"-1", "value=-1 type=i32"},
        {"(~0)", "value=-1 type=i32"},
        {"(~0U)", "value=0xffffffff type=u32"},
        {"~ONE", "value=-2 type=i32"},
        {"(1U << 31)", "value=0x80000000 type=u32"},
        {"(1ULL << 63)", "value=0x8000000000000000 type=u64"},
        {"0x7fffffff", "value=0x7fffffff type=i32"},
        /* C11 6.4.4.1p5: a hexadecimal literal may be unsigned, a decimal one may not. */
        {"0x80000000", "value=0x80000000 type=u32"},
        {"2147483648", "value=0x80000000 type=i64"},
        {"(-2147483647 - 1)", "value=-2147483648 type=i32"},
        {"(-9223372036854775807LL - 1)", "value=-9223372036854775808 type=i64"},
        {"0xffffffffffffffffULL", "value=0xffffffffffffffff type=u64"},
        {"((u16)-1)", "value=0xffff type=u16"},
        {"((i8)255)", "value=-1 type=i8"},
        {"((poll_t)(1 << 30))", "value=0x40000000 type=u32"},
        {"((_Bool)2)", "value=0x1 type=bool"},
        {"'a'", "value=0x61 type=i32"}, /* 6.4.4.4p10: int */
        {"(1 ? ONE : 0)", "value=0x1 type=i32"},
        {"(SMALL | 4)", "value=0x7 type=i32"},
        {"LARGE", "value=0x80000000 type=u32"},
        {"((enum e)1)", "value=0x1 type=u32"},
        {"sizeof(u64)", "value=0x8 type=u64"},
        {"__builtin_offsetof(struct s, i)", "value=0x4 type=u64"},
        {"(sizeof(struct s) == 8 && !0)", "value=0x1 type=i32"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_macro(rows[i].expression, x86_64(), rows[i].expected);
}

static void test_witness_clang__evaluates_macros_for_the_target(void **state)
{
    (void)state;
    expect_macro("sizeof(void *)", i386(), "value=0x4 type=u32");
    expect_macro("2147483648", i386(), "value=0x80000000 type=i64"); /* too large for long */
    expect_macro("(-1L)", i386(), "value=-1 type=i32");
    expect_macro("((char)-1)", make_target("s390x-linux", "s390x-linux-gnu", 64, "big"),
                 "value=0xff type=u8");
}

static void test_witness_clang__evaluates_the_numbers_of_ioctls(void **state)
{
    (void)state;
    /* asm-generic/ioctl.h: number at bit 0, type at 8 ('E' is 0x45), size at 16, direction at 30.
     * The struct is 8 + 4 bytes: 16 with align 8, and 12 on i386, where 8 bytes are aligned to 4.
     * A size is a size_t, so that the whole number has that type; _IO has none. */
    static const char items[] = "constants: [{doc: d, names: [FAM_N, FAM_R, FAM_W, FAM_RW]}]\n";
    write_file(
        "include/ioctl.h",
        "#define _IOC_NONE 0U\n#define _IOC_WRITE 1U\n#define _IOC_READ 2U\n"
        "#define _IOC(dir, type, nr, size) \\\n"
        "  (((dir) << 30) | ((type) << 8) | ((nr) << 0) | ((size) << 16))\n"
        "#define _IO(type, nr) _IOC(_IOC_NONE, (type), (nr), 0)\n"
        "#define _IOR(type, nr, of) _IOC(_IOC_READ, (type), (nr), sizeof(of))\n"
        "#define _IOW(type, nr, of) _IOC(_IOC_WRITE, (type), (nr), sizeof(of))\n"
        "#define _IOWR(type, nr, of) _IOC(_IOC_READ | _IOC_WRITE, (type), (nr), sizeof(of))\n");
    static const char header[] = "#include <ioctl.h>\n"
                                 "struct params { unsigned long long a; unsigned b; };\n"
                                 "#define FAM_N _IO('E', 1)\n"
                                 "#define FAM_R _IOR('E', 2, struct params)\n"
                                 "#define FAM_W _IOW('E', 3, struct params)\n"
                                 "#define FAM_RW _IOWR('E', 4, struct params)\n";
    expect_facts("x86_64", x86_64(), items, header,
                 "constant FAM_N value=0x4501 type=u32\n"
                 "constant FAM_R value=0x80104502 type=u64\n"
                 "constant FAM_RW value=0xc0104504 type=u64\n"
                 "constant FAM_W value=0x40104503 type=u64\n");
    expect_facts("i386", i386(), items, header,
                 "constant FAM_N value=0x4501 type=u32\n"
                 "constant FAM_R value=0x800c4502 type=u32\n"
                 "constant FAM_RW value=0xc00c4504 type=u32\n"
                 "constant FAM_W value=0x400c4503 type=u32\n");
}

static void test_witness_clang__takes_the_last_definition_of_a_macro(void **state)
{
    (void)state;
    write_file("include/t.h", "#define FAM_A 1\n#undef FAM_A\n\n#define FAM_A 2\n");
    struct evidence evidence =
        read_spec(x86_64(), SPEC_HEAD "constants: [{doc: d, names: [FAM_A]}]\n");
    expect_part("value and place", "constant FAM_A value=0x2 type=i32 # t.h:4\n",
                facts_text(&evidence.facts, true));
    assert_int_equal(evidence.unbound.n, 0);
}

/* ---- enumerators ---- */

static void test_witness_clang__gives_an_enumerator_that_fits_the_type_int(void **state)
{
    (void)state;
    /* C11 6.7.2.2p3: an enumerator is an int. As GCC and Clang extend it, one that does not fit has
     * the type of its enum: unsigned int, or long if there is a negative one as well. */
    static const struct {
        const char *label;
        const char *body;
        const char *expected; /* of the enumerator FAM_A */
    } rows[] = {
        {"plain", "FAM_A = 5", "value=0x5 type=i32"},
        {"counted", "X = 7, FAM_A", "value=0x8 type=i32"},
        {"negative", "FAM_A = -1", "value=-1 type=i32"},
        {"largest int", "FAM_A = 0x7fffffff", "value=0x7fffffff type=i32"},
        {"smallest int", "FAM_A = -2147483647 - 1", "value=-2147483648 type=i32"},
        {"bit 31", "FAM_A = 0x80000000", "value=0x80000000 type=u32"},
        {"bit 31 shifted", "FAM_A = 1u << 31", "value=0x80000000 type=u32"},
        {"all 32 bits", "FAM_A = 0xffffffff", "value=0xffffffff type=u32"},
        {"small beside bit 31", "X = 0x80000000, FAM_A = 1", "value=0x1 type=i32"},
        {"bit 31 beside a negative", "X = -1, FAM_A = 0x80000000", "value=0x80000000 type=i64"},
        {"negative beside bit 31", "X = 0x80000000, FAM_A = -1", "value=-1 type=i32"},
        {"bit 32", "FAM_A = 0x100000000", "value=0x100000000 type=u64"},
        {"bit 63", "FAM_A = 0x8000000000000000", "value=0x8000000000000000 type=u64"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_facts(rows[i].label, x86_64(), "constants: [{doc: d, names: [FAM_A]}]\n",
                     arena_printf(&arena, "enum e { %s };\n", rows[i].body),
                     arena_printf(&arena, "constant FAM_A %s\n", rows[i].expected));
}

static void
test_witness_clang__keeps_an_enumerator_unsigned_when_its_64_bits_look_negative(void **state)
{
    (void)state;
    /* As a long long it would be -1, which would fit int. */
    expect_facts("all 64 bits", x86_64(), "constants: [{doc: d, names: [FAM_A]}]\n",
                 "enum e { FAM_A = 0xffffffffffffffff };\n",
                 "constant FAM_A value=0xffffffffffffffff type=u64\n");
}

static void test_witness_clang__reads_an_enumerator_and_the_macro_of_its_name_once(void **state)
{
    (void)state;
    /* As glibc does, so that #ifdef works; both are read through the macro. */
    write_file("include/t.h", "enum { FAM_A = 4,\n#define FAM_A FAM_A\n"
                              "  FAM_B = 0x80000000 };\n#define FAM_B FAM_B\n");
    struct evidence evidence =
        read_spec(x86_64(), SPEC_HEAD "constants: [{doc: d, names: [FAM_A, FAM_B]}]\n");
    expect_text("both",
                "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
                "constant FAM_A value=0x4 type=i32 # t.h:2\n"
                "constant FAM_B value=0x80000000 type=u32 # t.h:4\n",
                facts_text(&evidence.facts, true));
}

static void test_witness_clang__reads_an_enumerator_whose_macro_was_undefined(void **state)
{
    (void)state;
    expect_facts("#undef, then an enum", x86_64(), "constants: [{doc: d, names: [FAM_A]}]\n",
                 "#define FAM_A 1\n#undef FAM_A\nenum { FAM_A = 5 };\n",
                 "constant FAM_A value=0x5 type=i32\n");
}

static void test_witness_clang__reads_enumerators_declared_within_a_record(void **state)
{
    (void)state;
    /* C11 6.2.1p4: the scope of an enumerator in a member list is that around the record. */
    expect_facts("enum in a struct", x86_64(), "constants: [{doc: d, names: [FAM_A]}]\n",
                 "struct s { enum { FAM_A = 5 } kind; };\n", "constant FAM_A value=0x5 type=i32\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_clang__evaluates_macros_with_the_type_that_c_gives_them),
        TEST(test_witness_clang__evaluates_macros_for_the_target),
        TEST(test_witness_clang__evaluates_the_numbers_of_ioctls),
        TEST(test_witness_clang__takes_the_last_definition_of_a_macro),
        TEST(test_witness_clang__gives_an_enumerator_that_fits_the_type_int),
        TEST(test_witness_clang__keeps_an_enumerator_unsigned_when_its_64_bits_look_negative),
        TEST(test_witness_clang__reads_an_enumerator_and_the_macro_of_its_name_once),
        TEST(test_witness_clang__reads_an_enumerator_whose_macro_was_undefined),
        TEST(test_witness_clang__reads_enumerators_declared_within_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
