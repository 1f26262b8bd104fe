/* Tests of sources.c and toolchain.c: from which headers a fact comes, and how the compiler is
 * called. Headers are files; the command line is run by the compiler of this machine. */
#include "fixture.h"

#include "base/proc.h"
#include "model/sources.h"
#include "model/toolchain.h"

#define THREE_SOURCES                                                                              \
    "name: x\ndoc: d\nmanual: m\nos: linux\n"                                                      \
    "sources:\n"                                                                                   \
    "  - {name: kernel, headers: [t.h, new.h], optional: [new.h]}\n"                               \
    "  - {name: library, library: libc, headers: [t.h]}\n"                                         \
    "  - {name: other, headers: [t.h]}\n"                                                          \
    "patterns: []\n"                                                                               \
    "records: [{name: r, doc: d, from: other, fields: [{name: a, doc: d}]},\n"                     \
    "          {name: r2, doc: d, fields: []}]\n"                                                  \
    "aliases: [{name: t, doc: d, from: other}]\n"                                                  \
    "constants:\n"                                                                                 \
    "  - {doc: d, names: [OLD], from: other}\n"                                                    \
    "  - {doc: d, names: [NEW], header: new.h, fallback: library}\n"

static const char *source_of(const struct spec *spec, const struct target *target,
                             enum fact_kind kind, const char *name)
{
    const struct spec_source *source =
        fact_source(spec, target, &(struct fact){.kind = kind, .name = name});

    return source != NULL ? source->name : "none";
}

static void test_fact_source__is_that_of_the_item_in_the_spec(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(THREE_SOURCES);
    struct target target = x86_64();
    write_file("include/new.h", "");
    assert_string_equal(source_of(spec, &target, FACT_RECORD, "r"), "other");
    assert_string_equal(source_of(spec, &target, FACT_FIELD, "r.a"), "other");
    assert_string_equal(source_of(spec, &target, FACT_FIELD, "r2.a"), "kernel");
    assert_string_equal(source_of(spec, &target, FACT_RECORD, "r3"), "none");
    assert_string_equal(source_of(spec, &target, FACT_ALIAS, "t"), "other");
    assert_string_equal(source_of(spec, &target, FACT_ALIAS, "u"), "none");
    assert_string_equal(source_of(spec, &target, FACT_CONSTANT, "OLD"), "other");
    assert_string_equal(source_of(spec, &target, FACT_CONSTANT, "NONE"), "none");
    assert_string_equal(source_of(spec, &target, FACT_FUNCTION, "f"), "library");
    assert_string_equal(source_of(spec, &target, FACT_SYSCALL, "f"), "kernel");
}

static void test_fact_source__falls_back_where_the_header_set_lacks_the_header(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(THREE_SOURCES);
    struct target target = x86_64();
    write_file("include/t.h", "");
    assert_string_equal(source_of(spec, &target, FACT_CONSTANT, "NEW"), "library");
    assert_string_equal(source_of(spec, &target, FACT_CONSTANT, "OLD"), "other");
    write_file("include/new.h", "");
    assert_string_equal(source_of(spec, &target, FACT_CONSTANT, "NEW"), "kernel");
}

static void test_header_exists__looks_in_every_folder_of_the_set(void **state)
{
    (void)state;
    struct target target = x86_64();
    const char *two[] = {at_root("one"), at_root("two")};
    target.include = two;
    target.n_include = 2;
    write_file("two/linux/a.h", "");
    assert_true(header_exists(&target, "linux/a.h"));
    assert_false(header_exists(&target, "a.h"));
    target.n_include = 1;
    assert_false(header_exists(&target, "linux/a.h"));
}

static void test_missing_headers__names_the_place_and_who_brings_it(void **state)
{
    (void)state;
    struct target target = x86_64();
    assert_null(missing_headers(&target, &arena));
    target.include = NULL;
    expect_text("of this machine", "no header set: looked for /nowhere/include",
                missing_headers(&target, &arena));
    const char *fetched[] = {"build/headers/netbsd"};
    target.headers = fetched;
    expect_text("fetched",
                "no header set: looked for build/headers/netbsd; ci/fetch-headers brings it",
                missing_headers(&target, &arena));
}

/* What the preprocessor makes of a header of the test with the target's command line. */
static void test_compiler_begin__gives_the_compiler_the_headers_of_the_target_alone(void **state)
{
    (void)state;
    struct target target = x86_64();
    const char *compiler[] = {proc_find(&arena, "gcc") != NULL ? "gcc" : "cc", "-D_TIME_BITS=64",
                              "-D_FILE_OFFSET_BITS=64"};
    const char *defines[] = {"_TOY_SOURCE", "LEVEL=3"};
    const char *two[] = {at_root("one"), at_root("two")};
    target.compiler = compiler;
    target.n_compiler = 3;
    target.defines = defines;
    target.n_defines = 2;
    target.include = two;
    target.n_include = 2;
    write_file("one/stdlib.h", "first LEVEL _TOY_SOURCE _TIME_BITS _FILE_OFFSET_BITS\n");
    write_file("two/stdlib.h", "second\n");
    write_file("a.c", "#include <stdlib.h>\n");
    const char **argv = NULL;
    size_t n = 0;
    compiler_begin(&target, &arena, &argv, &n);
    ARENA_PUSH(&arena, argv, n, "-E");
    ARENA_PUSH(&arena, argv, n, "-P");
    ARENA_PUSH(&arena, argv, n, at_root("a.c"));
    ARENA_PUSH(&arena, argv, n, NULL);
    struct proc_result result = proc_run(&arena, argv, 60000);
    if (result.end == PROC_NOT_STARTED)
        skip();
    expect_text("the first folder, and what is defined", "first 3 1 _TIME_BITS _FILE_OFFSET_BITS\n",
                result.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_fact_source__is_that_of_the_item_in_the_spec),
        TEST(test_fact_source__falls_back_where_the_header_set_lacks_the_header),
        TEST(test_header_exists__looks_in_every_folder_of_the_set),
        TEST(test_missing_headers__names_the_place_and_who_brings_it),
        TEST(test_compiler_begin__gives_the_compiler_the_headers_of_the_target_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
