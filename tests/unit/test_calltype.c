/* Tests of calltype.c: C types of calls, as facts and as a binding spells them. */
#include "fixture.h"

#include "model/calltype.h"

static const struct spec *the_spec(void)
{
    return make_spec(SPEC_HEAD "records: [{name: timespec, doc: d, fields: []}]\n"
                               "aliases: [{name: counter_t, doc: d}]\n"
                               "opaque: [{name: sigset_t, doc: d}]\n"
                               "calls:\n"
                               "  - name: f\n"
                               "    forms: [syscall]\n"
                               "    doc: d\n"
                               "    errors: e\n"
                               "    manual: m\n"
                               "    returns: {type: \"counter_t *\", doc: d}\n"
                               "    params:\n"
                               "      - {name: a, type: int, doc: d}\n"
                               "      - {name: b, type: \"struct timespec *\", "
                               "syscall_type: \"const struct timespec *\", doc: d}\n"
                               "      - {name: c, type: \"const sigset_t *\", doc: d}\n"
                               "      - {name: d, type: size_t, form: syscall, doc: d}\n"
                               "      - {name: e, type: long, form: library, doc: d}\n"
                               "  - {name: g, forms: [syscall], doc: d, errors: e, manual: m, "
                               "params: [], returns: {type: void, doc: d}}\n");
}

static void test_calltype_parse__takes_a_type_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *base;
        bool is_const, is_pointer;
    } rows[] = {
        {"int", "int", false, false},
        {"unsigned int", "unsigned int", false, false},
        {"void *", "void", false, true},
        {"void*", "void", false, true},
        {"const void *", "void", true, true},
        {"struct timespec *", "struct timespec", false, true},
        {"const struct timespec *", "struct timespec", true, true},
        {"const int", "int", true, false},
        {"constant_t", "constant_t", false, false},
        {"", "", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calltype type = calltype_parse(&arena, rows[i].text);
        expect_text(rows[i].text, rows[i].base, type.base);
        if (type.is_const != rows[i].is_const || type.is_pointer != rows[i].is_pointer)
            fail_msg("'%s': got const %d, pointer %d", rows[i].text, type.is_const,
                     type.is_pointer);
    }
}

static void test_calltype_is_known__knows_scalars_and_what_the_spec_declares(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool expected;
    } rows[] = {
        {"int", true},
        {"unsigned int", true},
        {"long", true},
        {"size_t", true},
        {"uint64_t", true},
        {"void", true},
        {"void *", true},
        {"const uint32_t *", true},
        {"struct timespec *", true},
        {"counter_t", true},
        {"counter_t *", true},
        {"const sigset_t *", true},
        {"sigset_t", false}, /* only pointers to it are used */
        {"struct timeval *", false},
        {"timespec", false},
        {"long long", false},
        {"uint", false},
        {"char **", false},
        {"int **", false},
        {"", false},
        {"*", false},
    };
    const struct spec *spec = the_spec();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (calltype_is_known(&arena, rows[i].text, spec) != rows[i].expected)
            fail_msg("'%s': expected %s", rows[i].text, rows[i].expected ? "known" : "unknown");
}

static void test_calltype_fact__depends_on_the_width_of_a_pointer(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *on32, *on64;
    } rows[] = {
        {"void", "void", "void"},
        {"int", "i32", "i32"},
        {"unsigned int", "u32", "u32"},
        {"long", "i32", "i64"}, /* ILP32 and LP64 */
        {"unsigned long", "u32", "u64"},
        {"size_t", "u32", "u64"},
        {"ssize_t", "i32", "i64"},
        {"int16_t", "i16", "i16"},
        {"uint16_t", "u16", "u16"},
        {"int32_t", "i32", "i32"},
        {"uint32_t", "u32", "u32"},
        {"int64_t", "i64", "i64"},
        {"uint64_t", "u64", "u64"},
        {"const int", "i32", "i32"},
        {"void *", "ptr", "ptr"},
        {"const struct timespec *", "ptr", "ptr"},
        {"none_t *", "ptr", "ptr"},
        {"counter_t", "u64", "u64"}, /* an alias: looked up */
        {"none_t", "?", "?"},
    };
    struct target on32 = {.bits = 32}, on64 = {.bits = 64};
    struct facts facts = make_facts("alias counter_t type=u64\nconstant none_t value=0x1\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect_text(rows[i].text, rows[i].on32, calltype_fact(&arena, rows[i].text, &on32, &facts));
        expect_text(rows[i].text, rows[i].on64, calltype_fact(&arena, rows[i].text, &on64, &facts));
    }
}

static void test_calltype_check_width__finds_what_needs_two_registers(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(
        "name: x\ndoc: d\nmanual: m\nos: linux\n"
        "sources: [{name: kernel, library: c, headers: [t.h]}]\npatterns: []\n"
        "aliases: [{name: counter_t, doc: d}, {name: short_t, doc: d}]\n"
        "calls:\n"
        "  - {name: f, doc: d, errors: e, manual: m, forms: [syscall],\n"
        "     params: [{name: a, type: uint64_t, doc: d}, {name: b, type: \"int64_t *\", doc: d},\n"
        "              {name: c, type: counter_t, doc: d}, {name: s, type: short_t, doc: d}],\n"
        "     returns: {type: int, doc: d}}\n"
        "  - {name: g, doc: d, errors: e, manual: m, forms: [library],\n"
        "     params: [{name: a, type: uint64_t, doc: d}], returns: {type: int, doc: d}}\n");
    struct facts facts = make_facts("alias counter_t type=i64\nalias short_t type=u32\n");
    struct target on64 = x86_64(), on32 = make_target("arm-linux", "arm", 32, "little");
    assert_true(calltype_check_width(&arena, spec, &on64, &facts, &diag));
    assert_false(calltype_check_width(&arena, spec, &on32, &facts, &diag));
    expect_messages(
        "two of four",
        "$gen/specs/x.yaml:9:12: error: parameter 'a' of the system call 'f' has 64 bits, for which a "
        "long of arm-linux is too short: use 'forms: [library]'\n"
        "$gen/specs/x.yaml:9:12: error: parameter 'c' of the system call 'f' has 64 bits, for which a "
        "long of arm-linux is too short: use 'forms: [library]'\n");
}

static void test_calltype_spelled__names_types_as_the_view_declares_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *binding;
        const char *bare; /* in the system's headers that do not declare opaque types */
    } rows[] = {
        {"int", "int", "int"},
        {"size_t", "raw_size", "size_t"},
        {"uint16_t", "raw_u16", "uint16_t"},
        {"int64_t", "raw_i64", "int64_t"},
        {"void", "void", "void"},
        {"const void *", "const void *", "const void *"},
        {"uint32_t*", "raw_u32 *", "uint32_t*"},
        {"struct timespec *", "struct raw_timespec *", "struct timespec *"},
        {"const struct timespec *", "const struct raw_timespec *", "const struct timespec *"},
        {"counter_t", "raw_counter_t", "counter_t"},
        {"counter_t *", "raw_counter_t *", "counter_t *"},
        {"sigset_t *", "void *", "void *"},
        {"const sigset_t *", "const void *", "const void *"},
    };
    const struct spec *spec = the_spec();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = rows[i].text;
        expect_text(text, rows[i].binding, calltype_binding(&arena, text, spec));
        expect_text(text, rows[i].binding,
                    calltype_spelled(&arena, text, (struct calltype_view){spec, true, false}));
        expect_text(text, text,
                    calltype_spelled(&arena, text, (struct calltype_view){spec, false, true}));
        expect_text(text, rows[i].bare,
                    calltype_spelled(&arena, text, (struct calltype_view){spec, false, false}));
    }
}

static void test_calltype_prototype__takes_the_parameters_of_one_form(void **state)
{
    (void)state;
    const struct spec *spec = the_spec();
    const struct {
        const char *label;
        const struct spec_call *call;
        enum spec_form form;
        struct calltype_view view;
        const char *expected;
    } rows[] = {
        {"library",
         &spec->calls[0],
         FORM_LIBRARY,
         {spec, false, true},
         "counter_t * (*)(int, struct timespec *, const sigset_t *, long)"},
        {"system call",
         &spec->calls[0],
         FORM_SYSCALL,
         {spec, false, true},
         "counter_t * (*)(int, const struct timespec *, const sigset_t *, size_t)"},
        {"system call, kernel headers",
         &spec->calls[0],
         FORM_SYSCALL,
         {spec, false, false},
         "counter_t * (*)(int, const struct timespec *, const void *, size_t)"},
        {"binding",
         &spec->calls[0],
         FORM_SYSCALL,
         {spec, true, false},
         "raw_counter_t * (*)(int, const struct raw_timespec *, const void *, raw_size)"},
        {"no parameters", &spec->calls[1], FORM_SYSCALL, {spec, true, false}, "void (*)(void)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        calltype_prototype(&out, rows[i].call, rows[i].form, rows[i].view);
        expect_text(rows[i].label, rows[i].expected, str_text(&out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_calltype_parse__takes_a_type_apart),
        TEST(test_calltype_is_known__knows_scalars_and_what_the_spec_declares),
        TEST(test_calltype_fact__depends_on_the_width_of_a_pointer),
        TEST(test_calltype_check_width__finds_what_needs_two_registers),
        TEST(test_calltype_spelled__names_types_as_the_view_declares_them),
        TEST(test_calltype_prototype__takes_the_parameters_of_one_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
