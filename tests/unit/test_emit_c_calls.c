/* Tests of c.c: functions, system calls, and raw.h. */
#include "fixture.h"

#include "emit/emit.h"

#define SPEC                                                                                       \
    "name: x\ndoc: d\nmanual: m\nos: linux\n"                                                      \
    "sources:\n"                                                                                   \
    "  - {name: kernel, headers: [k.h]}\n"                                                         \
    "  - {name: library, library: c, headers: [l.h]}\n"                                            \
    "patterns: []\n"                                                                               \
    "records: [{name: r, doc: d, fields: []}]\n"                                                   \
    "opaque: [{name: o, doc: d}]\n"                                                                \
    "calls:\n"

/* The binding on x86_64-linux with the first facts and aarch64-linux with the second. */
static const char *emit(const char *calls, const char *facts_a, const char *facts_b)
{
    static const char record[] = "record r size=0 align=1 kind=struct\n";
    struct emit_files files = {.arena = &arena};
    struct target targets[] = {x86_64(),
                               make_target("aarch64-linux", "aarch64-linux-gnu", 64, "little")};
    struct facts facts[] = {make_facts(arena_printf(&arena, "%s%s", record, facts_a)),
                            make_facts(arena_printf(&arena, "%s%s", record, facts_b))};
    struct emit_on on[] = {{&targets[0], &facts[0]}, {&targets[1], &facts[1]}};
    struct emit_job job = {
        .spec = make_spec(arena_printf(&arena, "%s%s", SPEC, calls)), .on = on, .n_on = 2};

    emit_c.emit(&files, &job, &diag);
    expect_messages("no message", "");
    assert_int_equal(files.n, 1);
    return str_text(&files.items[0].text);
}

/* The part of the header between its records and its assertions. */
static const char *calls_of(const char *header)
{
    static const char end[] = "struct raw_r {\n};\n\n#endif\n\n";
    const char *from = strstr(header, end);
    const char *to = strstr(header, "#ifndef RAW_NO_ASSERT");

    assert_true(from != NULL && to != NULL && from < to);
    from += strlen(end);
    return arena_strndup(&arena, from, (size_t)(to - from));
}

static void test_emit_c__declares_functions_by_their_symbol(void **state)
{
    (void)state;
    const char *got =
        emit("  - {name: f, forms: [library], doc: Does it., errors: EIO broken, manual: f(2),\n"
             "     returns: {type: int, doc: the answer}, params: [\n"
             "     {name: p, type: \"const struct r *\", doc: what}, {name: n, type: size_t, doc: "
             "how many},\n"
             "     {name: s, type: \"o *\", doc: mask}]}\n"
             "  - {name: g, forms: [library], doc: Nothing., errors: none, manual: g(2),\n"
             "     returns: {type: \"void *\", doc: memory}, params: []}\n",
             "function f symbol=f\nfunction g symbol=g\n",
             "function f symbol=f_v2\nfunction g symbol=g\n");
    expect_text("functions",
                "/*\n"
                " * Does it.\n"
                " *   p: what\n"
                " *   n: how many\n"
                " *   s: mask\n"
                " * Returns the answer, or -1 with errno set.\n"
                " * Errors: EIO broken.\n"
                " * Library c. Source: f(2).\n"
                " */\n"
                "#if defined(RAW_TARGET_X86_64_LINUX)\n"
                "int raw_f(const struct raw_r *p, raw_size n, void *s)\n"
                "    RAW_SYMBOL(\"f\");\n"
                "#else\n"
                "int raw_f(const struct raw_r *p, raw_size n, void *s)\n"
                "    RAW_SYMBOL(\"f_v2\");\n"
                "#endif\n"
                "\n"
                "/*\n"
                " * Nothing.\n"
                " * Returns memory, or -1 with errno set.\n"
                " * Errors: none.\n"
                " * Library c. Source: g(2).\n"
                " */\n"
                "void * raw_g(void)\n"
                "    RAW_SYMBOL(\"g\");\n"
                "\n",
                calls_of(got));
}

static void test_emit_c__wraps_system_calls_and_calls_another_where_there_is_no_number(void **state)
{
    (void)state;
    /* old comes first in the spec and after what it calls in the binding. */
    const char *got = emit(
        "  - {name: old, forms: [syscall], doc: Old., errors: e, manual: m,\n"
        "     returns: {type: int, doc: d}, params: [{name: n, type: int, doc: how many}],\n"
        "     fallback: {call: new, args: [n, \"NULL\", SIGSET_SIZE], positive: n}}\n"
        "  - {name: new, forms: [syscall], doc: New., errors: e, manual: m,\n"
        "     returns: {type: int, doc: d}, params: [{name: n, type: int, doc: how many},\n"
        "     {name: p, type: \"struct r *\", syscall_type: \"const struct r *\", doc: what},\n"
        "     {name: skip, type: int, form: library, doc: d},\n"
        "     {name: size, type: size_t, form: syscall, doc: bytes}]}\n",
        "syscall old number=7 params=i32\nsyscall new number=8 params=i32,ptr,u64\n",
        "syscall new number=9 params=i32,ptr,u64\n");
    expect_text(
        "wrappers",
        "#if defined(RAW_TARGET_X86_64_LINUX)\n"
        "#define RAW_NR_new 8\n"
        "#else\n"
        "#define RAW_NR_new 9\n"
        "#endif\n"
        "/*\n"
        " * New.\n"
        " *   n: how many\n"
        " *   p: what\n"
        " *   size: bytes\n"
        " * Returns d, or -errno.\n"
        " * Errors: e.\n"
        " * System call. Source: m.\n"
        " */\n"
        "static inline int raw_sys_new(int n, const struct raw_r *p, raw_size size)\n"
        "{\n"
        "    return (int)raw_syscall3(RAW_NR_new, (long)n, (long)p, (long)size);\n"
        "}\n"
        "\n"
        "#if defined(RAW_TARGET_X86_64_LINUX)\n"
        "#define RAW_NR_old 7\n"
        "#endif\n"
        "/*\n"
        " * Old.\n"
        " *   n: how many\n"
        " * Returns d, or -errno.\n"
        " * Errors: e.\n"
        " * System call; new where the target has no such number. Source: m.\n"
        " */\n"
        "static inline int raw_sys_old(int n)\n"
        "{\n"
        "#ifdef RAW_NR_old\n"
        "    return (int)raw_syscall1(RAW_NR_old, (long)n);\n"
        "#else\n"
        "    if (n <= 0)\n"
        "        return -22; /* -EINVAL, as the call itself; new takes no such argument */\n"
        "    return raw_sys_new(n, 0, RAW_SIGSET_SIZE);\n"
        "#endif\n"
        "}\n"
        "\n",
        calls_of(got));
    expect_part("assertions",
                "#if defined(RAW_TARGET_X86_64_LINUX)\n"
                "RAW_STATIC_ASSERT(RAW_NR_old == 7, \"number of old\");\n"
                "#endif\n"
                "#if defined(RAW_TARGET_X86_64_LINUX)\n"
                "RAW_STATIC_ASSERT(RAW_NR_new == 8, \"number of new\");\n"
                "#else\n"
                "RAW_STATIC_ASSERT(RAW_NR_new == 9, \"number of new\");\n"
                "#endif\n",
                got);
}

static void test_emit_c__returns_from_a_system_call_what_the_spec_says(void **state)
{
    (void)state;
    const char *got = emit("  - {name: f, forms: [syscall], doc: F., errors: e, manual: m,\n"
                           "     returns: {type: ssize_t, doc: bytes}, params: []}\n",
                           "syscall f number=7 params=void\n", "syscall f number=7 params=void\n");
    expect_part("the wrapper",
                "static inline raw_ssize raw_sys_f(void)\n"
                "{\n"
                "    return (raw_ssize)raw_syscall0(RAW_NR_f);\n"
                "}\n",
                got);
}

/* ---- raw.h ---- */

/* A convention of letters, so that the text shows what stands where. */
static const char *regs[] = {"a1", "a2", "a3", "a4", "a5", "a6"};
static const char *clobbers[] = {"k1", "k2"};

static const char *raw_h(const struct syscall_convention *way)
{
    struct target items[] = {x86_64(), make_target("b-macos", "t", 64, "little")};
    struct targets targets = {.items = items, .n = 2};
    struct syscall_convention copy = *way;

    items[0].when = "defined(A)";
    items[0].syscall = &copy;
    items[1].when = "defined(B)";
    struct emit_files files = {.arena = &arena};
    emit_c.emit_common(&files, &targets, NULL, 0);
    assert_int_equal(files.n, 1);
    assert_string_equal(files.items[0].path, "bindings/c/raw.h");
    return str_text(&files.items[0].text);
}

static const char *function_of(const char *header, const char *name)
{
    const char *from = strstr(header, arena_printf(&arena, "static inline long %s(", name));

    if (from == NULL)
        fail_msg("raw.h has no %s", name);
    return arena_strndup(&arena, from, (size_t)(strstr(from, "\n}\n") - from) + 3);
}

static void test_emit_c__names_the_target_in_raw_h(void **state)
{
    (void)state;
    struct syscall_convention way = {
        .source = "manual(2)",
        .instruction = "enter",
        .number = "nr",
        .args = regs,
        .n_args = 6,
        .result = "res",
        .clobbers = clobbers,
        .n_clobbers = 2,
    };
    const char *got = raw_h(&way);
    expect_part("targets",
                "#if defined(A)\n#define RAW_TARGET_X86_64_LINUX 1\n"
                "#elif defined(B)\n#define RAW_TARGET_B_MACOS 1\n#endif\n",
                got);
    expect_part("source and signal set",
                "#if defined(RAW_TARGET_X86_64_LINUX)\n/* Source: manual(2). */\n"
                "#define RAW_SIGSET_SIZE 8\n",
                got);
    assert_null(strstr(got, "#elif defined(RAW_TARGET_B_MACOS)")); /* it has no such convention */
}

static void test_emit_c__passes_arguments_in_the_registers_of_the_convention(void **state)
{
    (void)state;
    struct syscall_convention way = {
        .source = "manual(2)",
        .instruction = "enter",
        .number = "nr",
        .args = regs,
        .n_args = 6,
        .result = "res",
        .clobbers = clobbers,
        .n_clobbers = 2,
    };
    expect_text("three registers apart",
                "static inline long raw_syscall2(long number, long arg1, long arg2)\n"
                "{\n"
                "    register long nr __asm__(\"nr\") = number;\n"
                "    register long a1 __asm__(\"a1\") = arg1;\n"
                "    register long a2 __asm__(\"a2\") = arg2;\n"
                "    register long res __asm__(\"res\");\n"
                "\n"
                "    __asm__ volatile(\"enter\"\n"
                "                     : \"=r\"(res)\n"
                "                     : \"r\"(nr), \"r\"(a1), \"r\"(a2)\n"
                "                     : \"k1\", \"k2\", \"memory\");\n"
                "    return res;\n"
                "}\n",
                function_of(raw_h(&way), "raw_syscall2"));
    way.result = "nr"; /* as rax on x86-64 */
    expect_text("the result is where the number was",
                "static inline long raw_syscall2(long number, long arg1, long arg2)\n"
                "{\n"
                "    register long nr __asm__(\"nr\") = number;\n"
                "    register long a1 __asm__(\"a1\") = arg1;\n"
                "    register long a2 __asm__(\"a2\") = arg2;\n"
                "\n"
                "    __asm__ volatile(\"enter\"\n"
                "                     : \"+r\"(nr)\n"
                "                     : \"r\"(a1), \"r\"(a2)\n"
                "                     : \"k1\", \"k2\", \"memory\");\n"
                "    return nr;\n"
                "}\n",
                function_of(raw_h(&way), "raw_syscall2"));
    way.result = "a1"; /* as x0 on AArch64 */
    way.n_clobbers = 0;
    expect_text("the result is where the first argument was",
                "static inline long raw_syscall1(long number, long arg1)\n"
                "{\n"
                "    register long nr __asm__(\"nr\") = number;\n"
                "    register long a1 __asm__(\"a1\") = arg1;\n"
                "\n"
                "    __asm__ volatile(\"enter\"\n"
                "                     : \"+r\"(a1)\n"
                "                     : \"r\"(nr)\n"
                "                     : \"memory\");\n"
                "    return a1;\n"
                "}\n",
                function_of(raw_h(&way), "raw_syscall1"));
    expect_part("six arguments", "long arg6)\n", function_of(raw_h(&way), "raw_syscall6"));
    expect_part("six arguments",
                "\"r\"(nr), \"r\"(a2), \"r\"(a3), \"r\"(a4), \"r\"(a5), \"r\"(a6)\n",
                function_of(raw_h(&way), "raw_syscall6"));
}

static void test_emit_c__has_a_raw_syscall_for_a_call_without_parameters(void **state)
{
    (void)state;
    struct syscall_convention way = {
        .source = "manual(2)",
        .instruction = "enter",
        .number = "nr",
        .args = regs,
        .n_args = 6,
        .result = "nr",
        .clobbers = clobbers,
        .n_clobbers = 2,
    };
    const char *got = emit("  - {name: f, forms: [syscall], doc: d, errors: e, manual: m,\n"
                           "     returns: {type: int, doc: d}, params: []}\n",
                           "syscall f number=1 params=void\n", "syscall f number=1 params=void\n");
    expect_part("the wrapper",
                "static inline int raw_sys_f(void)\n{\n"
                "    return (int)raw_syscall0(RAW_NR_f);\n}\n",
                got);
    function_of(raw_h(&way), "raw_syscall0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_emit_c__declares_functions_by_their_symbol),
        TEST(test_emit_c__returns_from_a_system_call_what_the_spec_says),
        TEST(test_emit_c__wraps_system_calls_and_calls_another_where_there_is_no_number),
        TEST(test_emit_c__names_the_target_in_raw_h),
        TEST(test_emit_c__passes_arguments_in_the_registers_of_the_convention),
        TEST(test_emit_c__has_a_raw_syscall_for_a_call_without_parameters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
