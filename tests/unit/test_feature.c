/* Tests of feature macros: `defines` of a source, as every witness and the layout probe take them,
 * and feature.c, which finds out by reading which macro would show a name. The last word has a
 * header that nobody here wrote: this machine's <sys/mman.h>. */
#include "fixture.h"

#include <unistd.h>

#include "emit/emit.h"

/* Two sources, and a call, a record and a constant of the second one. `defines` is its line. */
#define SPEC(defines)                                                                              \
    "name: x\ndoc: d\nmanual: m\nos: linux\n"                                                      \
    "sources:\n"                                                                                   \
    "  - {name: kernel, headers: [k.h]}\n"                                                         \
    "  - name: library\n"                                                                          \
    "    library: c\n"                                                                             \
    "    headers: [l.h]\n" defines "patterns: []\n"                                                \
    "records: [{name: r, from: library, doc: d, fields: [{name: a, doc: d}]}]\n"                   \
    "constants: [{doc: d, from: library, names: [C]}]\n"                                           \
    "calls:\n"                                                                                     \
    "  - {name: f, forms: [library], doc: d, errors: e, manual: m, params: [],\n"                  \
    "     returns: {type: int, doc: d}}\n"

/* As libc's headers do it: one name needs a value of its macro, the others the macro alone. */
#define LIBRARY_H                                                                                  \
    "#ifdef FEATURE\nint f(void);\n#endif\n"                                                       \
    "#if FEATURE_LEVEL >= 200\nstruct r { int a; };\n#endif\n"                                     \
    "#ifdef FEATURE\n#define C FEATURE\n#endif\n"

#define DEFINES "    defines: [FEATURE, FEATURE_LEVEL=200L]\n"

#define TRUTH                                                                                      \
    "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"                                 \
    "constant C value=0x1 type=i32\n"                                                              \
    "field r.a offset=0 size=4 type=i32\n"                                                         \
    "function f library=c symbol=f return=i32 params=void\n"                                       \
    "record r size=4 align=4 kind=struct\n"

static struct target target;
static struct workspace workspace;

static int setup(void **state)
{
    static const char *gcc[] = {"x86_64-linux-gnu-gcc"};

    if (fixture_setup(state) != 0)
        return -1;
    target = x86_64();
    target.compiler = gcc;
    target.n_compiler = 1;
    workspace = (struct workspace){.root = root,
                                   .bindings = at_root("bindings"),
                                   .build = at_root("build"),
                                   .shared = at_root("build"),
                                   .timeout_ms = 60 * 1000};
    write_file("include/k.h", "");
    write_file("include/l.h", LIBRARY_H);
    return 0;
}

static void test_defines__show_clang_what_a_header_hides(void **state)
{
    (void)state;
    struct evidence evidence;
    if (!witness_clang_system(&evidence, make_spec(SPEC(DEFINES)), &target, &arena, &diag))
        fail_msg("%s", str_text(&diag.text));
    expect_text("clang", TRUTH, facts_text(&evidence.facts, false));
}

static void test_defines__show_the_compiler_what_a_header_hides(void **state)
{
    (void)state;
    struct evidence evidence;
    if (!witness_dwarf_system(&evidence, make_spec(SPEC(DEFINES)), &target, &workspace, &arena,
                              &diag))
        fail_msg("%s", str_text(&diag.text));
    expect_text("dwarf", TRUTH, facts_text(&evidence.facts, false));
}

static void test_defines__stand_in_the_unit_of_assertions(void **state)
{
    (void)state;
    struct evidence evidence;
    struct facts facts = make_facts(TRUTH);
    witness_compile(&evidence, SUBJECT_SYSTEM, make_spec(SPEC(DEFINES)), &target, &facts,
                    &workspace, &arena);
    if (evidence.broken.n > 0)
        fail_msg("%s", evidence.broken.items[0].text);
    expect_part("the function", "function f symbol=f return=i32 params=void\n",
                facts_text(&evidence.facts, false));
    expect_part("the constant", "constant C value=0x1 type=i32\n",
                facts_text(&evidence.facts, false));
}

static void test_defines__stand_before_every_header_of_the_layout_probe(void **state)
{
    (void)state;
    struct emit_files files = {.arena = &arena};
    struct facts facts = make_facts(TRUTH);
    struct emit_on on = {&target, &facts};
    struct emit_job job = {.spec = make_spec(SPEC(DEFINES)), .on = &on, .n_on = 1};
    emit_probe.emit(&files, &job, &diag);
    expect_messages("no message", "");
    expect_part("the probe",
                " */\n"
                "#if defined(PROBE_SOURCE_library)\n"
                "#define FEATURE 1\n"
                "#define FEATURE_LEVEL 200L\n"
                "#endif\n"
                "#include \"probe.h\"\n",
                str_text(&files.items[0].text));
}

static void test_defines__are_the_target_s_too(void **state)
{
    (void)state;
    static const char *defines[] = {"FEATURE", "FEATURE_LEVEL=200L"};
    target.defines = defines;
    target.n_defines = 2;
    struct evidence evidence;
    if (!witness_clang_system(&evidence, make_spec(SPEC("")), &target, &arena, &diag))
        fail_msg("%s", str_text(&diag.text));
    expect_text("clang", TRUTH, facts_text(&evidence.facts, false));
    if (!witness_dwarf_system(&evidence, make_spec(SPEC("")), &target, &workspace, &arena, &diag))
        fail_msg("%s", str_text(&diag.text));
    expect_text("dwarf", TRUTH, facts_text(&evidence.facts, false));
}

/* ---- hints ---- */

/* What is reported of a spec without defines, if l.h is this. */
static void expect_refused(const char *label, const char *spec, const char *header,
                           const char *expected)
{
    write_file("include/l.h", header);
    struct evidence evidence;
    assert_false(witness_clang_system(&evidence, make_spec(spec), &target, &arena, &diag));
    expect_messages(label, expected);
}

#define GUARDED(macro) "#ifdef " macro "\n" KNOWN "#endif\n"
#define KNOWN          "int f(void);\nstruct r { int a; };\n#define C 1\n"
#define LACKS(place, name, hint)                                                                   \
    "$gen/specs/x.yaml:" place ": error: " name                                                    \
    " is not in the headers of 'x' for x86_64-linux" hint "\n"
#define HINT(macro) "; it is there with `defines: [" macro "]` in source 'library'"

static void test_features_hint__names_the_macro_that_was_seen_to_show_the_name(void **state)
{
    (void)state;
    expect_refused("GNU", SPEC(""), GUARDED("_GNU_SOURCE"),
                   LACKS("11:18", "record 'r'", HINT("_GNU_SOURCE"))
                       LACKS("11:60", "field 'r.a'", HINT("_GNU_SOURCE"))
                           LACKS("12:45", "constant 'C'", HINT("_GNU_SOURCE"))
                               LACKS("14:12", "function 'f'", HINT("_GNU_SOURCE")));
    expect_refused("another one", SPEC(""),
                   "int f(void);\n#define C 1\n#ifdef _NETBSD_SOURCE\n" KNOWN "#endif\n",
                   LACKS("11:18", "record 'r'", HINT("_NETBSD_SOURCE"))
                       LACKS("11:60", "field 'r.a'", HINT("_NETBSD_SOURCE")));
}

static void test_features_hint__is_silent_when_no_macro_shows_the_name(void **state)
{
    (void)state;
    expect_refused("none", SPEC(""), "int f(void);\nstruct r { int a; };\n",
                   LACKS("12:45", "constant 'C'", ""));
    expect_refused("one that is no feature macro", SPEC(""),
                   "int f(void);\nstruct r { int a; };\n" GUARDED("OTHER"),
                   LACKS("12:45", "constant 'C'", ""));
    expect_refused("all of them, but none alone", SPEC(""),
                   "int f(void);\nstruct r { int a; };\n"
                   "#if defined _GNU_SOURCE && defined _DEFAULT_SOURCE\n#define C 1\n#endif\n",
                   LACKS("12:45", "constant 'C'", ""));
    expect_refused("the macro is there and does not help", SPEC("    defines: [_GNU_SOURCE]\n"),
                   "int f(void);\nstruct r { int a; };\n", LACKS("13:45", "constant 'C'", ""));
}

static void test_features_hint__is_given_by_the_target_s_compiler_too(void **state)
{
    (void)state;
    write_file("include/l.h",
               "struct r { int a; };\n#define C 1\n#ifdef _GNU_SOURCE\nint f(void);\n#endif\n");
    struct evidence evidence;
    assert_false(
        witness_dwarf_system(&evidence, make_spec(SPEC("")), &target, &workspace, &arena, &diag));
    expect_messages("f", LACKS("14:12", "function 'f'", HINT("_GNU_SOURCE")));
}

static void test_features_hint__finds_out_about_this_machine_s_libc(void **state)
{
    (void)state;
    static const char *include[] = {"/usr/include/x86_64-linux-gnu", "/usr/include"};
    static const char spec[] =
        "name: x\ndoc: d\nmanual: m\nos: linux\n"
        "sources: [{name: library, library: c, headers: [sys/mman.h]}]\n"
        "patterns: []\n"
        "calls:\n"
        "  - {name: memfd_create, forms: [library], doc: d, errors: e, manual: m, params: [],\n"
        "     returns: {type: int, doc: d}}\n";
    if (access("/usr/include/x86_64-linux-gnu/bits/mman-shared.h", R_OK) != 0)
        skip();
    target.include = include;
    target.n_include = 2;
    struct evidence evidence;
    assert_false(witness_clang_system(&evidence, make_spec(spec), &target, &arena, &diag));
    expect_messages("memfd_create", LACKS("8:12", "function 'memfd_create'", HINT("_GNU_SOURCE")));
}

#undef TEST
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defines__show_clang_what_a_header_hides),
        TEST(test_defines__show_the_compiler_what_a_header_hides),
        TEST(test_defines__stand_in_the_unit_of_assertions),
        TEST(test_defines__stand_before_every_header_of_the_layout_probe),
        TEST(test_defines__are_the_target_s_too),
        TEST(test_features_hint__names_the_macro_that_was_seen_to_show_the_name),
        TEST(test_features_hint__is_silent_when_no_macro_shows_the_name),
        TEST(test_features_hint__is_given_by_the_target_s_compiler_too),
        TEST(test_features_hint__finds_out_about_this_machine_s_libc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
