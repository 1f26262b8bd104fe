/* Tests of link.c: symbols looked for by the linker of this machine, in libraries that its compiler
 * made for the test. */
#include "fixture.h"

#include "base/proc.h"

enum { BOUND_MS = 60000 };

static struct target target;
static struct workspace workspace;
static struct witness_input input;

static const char *const folder_words[] = {"-shared", "-nostdlib", "-Wl,--no-undefined"};

#define LINK_SPEC                                                                                  \
    "name: x\ndoc: d\nmanual: m\nos: linux\n"                                                      \
    "sources:\n"                                                                                   \
    "  - {name: kernel, headers: [t.h]}\n"                                                         \
    "  - {name: library, library: toy, headers: [t.h]}\n"                                          \
    "patterns: []\n"

static void run_compiler(const char *const *words, size_t n_words)
{
    const char **argv = NULL;
    size_t n = 0;

    ARENA_PUSH(&arena, argv, n, target.compiler[0]);
    for (size_t i = 0; i < n_words; i++)
        ARENA_PUSH(&arena, argv, n, words[i]);
    ARENA_PUSH(&arena, argv, n, NULL);
    struct proc_result result = proc_run(&arena, argv, BOUND_MS);
    if (result.end != PROC_EXITED || result.status != 0)
        fail_msg("cannot compile: %s", result.err);
}

/* Makes libNAME.so of the test from C. */
static void make_library(const char *name, const char *source)
{
    const char *output = at_root(arena_printf(&arena, "lib/lib%s.so", name));

    write_file("lib/source.c", source);
    run_compiler((const char *const[]){"-shared", "-fPIC", "-nostdlib", "-o", output,
                                       at_root("lib/source.c")},
                 6);
}

static const char *find_compiler(void)
{
    return proc_find(&arena, "x86_64-linux-gnu-gcc") != NULL ? "x86_64-linux-gnu-gcc"
           : proc_find(&arena, "gcc") != NULL                ? "gcc"
                                                             : NULL;
}

/* A target with this machine's compiler, which looks for libraries in the folder of the test. */
static void begin(const char *functions)
{
    static struct facts facts;
    const char **words = arena_alloc(&arena, 4 * sizeof *words);

    words[0] = find_compiler();
    if (words[0] == NULL)
        skip();
    words[1] = NULL;
    words[2] = at_root("lib");
    target = x86_64();
    target.compiler = words;
    target.n_compiler = 1;
    target.link = "-shared -nostdlib -Wl,--no-undefined";
    target.link_words = (const char **)folder_words;
    target.n_link_words = 3;
    target.library_path = words + 2;
    target.n_library_path = 1;
    workspace = (struct workspace){.root = root, .build = at_root("build"), .timeout_ms = BOUND_MS};
    write_file("build/keep", "");
    write_file("include/t.h", "");
    facts = make_facts(functions);
    input = (struct witness_input){.spec = make_spec(LINK_SPEC),
                                   .target = &target,
                                   .facts = &facts,
                                   .workspace = &workspace,
                                   .arena = &arena,
                                   .diag = &diag};
}

#define FUNCTION(name, symbol)                                                                     \
    "function " name " library=toy symbol=" symbol " return=i32 params=i32\n"

static struct evidence collect(void)
{
    struct evidence list[WITNESS_EVIDENCE_MAX];

    assert_int_equal(link_witness.collect(&input, list), 1);
    assert_int_equal(list[0].subject, SUBJECT_SYSTEM);
    return list[0];
}

/* "NAME LIBRARY", one a line; or why nothing was learnt. */
static const char *text_of(const struct evidence *evidence)
{
    struct str text = {.arena = &arena};

    if (evidence->unavailable != NULL)
        return evidence->unavailable;
    for (size_t i = 0; i < evidence->facts.n; i++)
        str_addf(&text, "%s %s\n", evidence->facts.items[i].name,
                 evidence->facts.items[i].attr[FUNCTION_LIBRARY]);
    return str_text(&text);
}

static void test_witness_link__confirms_what_the_library_has(void **state)
{
    (void)state;
    begin("constant C value=0x1\n" FUNCTION("f", "f") FUNCTION("g", "g_v2"));
    make_library("toy", "int f; int g_v2;\n");
    struct evidence evidence = collect();
    expect_text("both", "f toy\ng toy\n", text_of(&evidence));
    assert_null(evidence.facts.items[0].attr[FUNCTION_RETURN]); /* a symbol has no type */
    assert_string_equal(evidence.facts.items[1].attr[FUNCTION_SYMBOL], "g_v2");
    assert_int_equal(evidence.tier, TIER_COMPILED);
}

static void test_witness_link__names_each_symbol_that_is_not_there(void **state)
{
    (void)state;
    begin(FUNCTION("f", "f") FUNCTION("fo", "fo") FUNCTION("foo", "foo") FUNCTION("o", "o")
              FUNCTION("oo", "oo"));
    make_library("toy", "int f; int fo; int oo;\n"); /* all are within the name foo */
    struct evidence evidence = collect();
    expect_text("two of five",
                "f toy\nfo toy\nfoo not toy, which lacks 'foo'\no not toy, which lacks 'o'\n"
                "oo toy\n",
                text_of(&evidence));
}

static void test_witness_link__looks_in_the_spec_s_library_alone(void **state)
{
    (void)state;
    begin(FUNCTION("f", "f"));
    make_library("other", "int f;\n");
    make_library("toy", "int other;\n");
    struct evidence evidence = collect();
    expect_text("in another", "f not toy, which lacks 'f'\n", text_of(&evidence));
}

static void test_witness_link__learns_nothing_without_library_or_linker(void **state)
{
    (void)state;
    begin(FUNCTION("f", "f"));
    struct evidence evidence = collect();
    expect_part("no library", " cannot link with -ltoy: ", evidence.unavailable);
    expect_text("claims nothing else", "toy", evidence.facts.items[0].attr[FUNCTION_LIBRARY]);
    make_library("toy", "int f;\n");
    target.compiler = NULL;
    evidence = collect();
    expect_text("no compiler", "compiler 'no-such-cc' not found", evidence.unavailable);
}

static void test_witness_link__sees_a_library_that_lost_a_symbol(void **state)
{
    (void)state;
    begin(FUNCTION("f", "f"));
    make_library("toy", "int f;\n");
    struct evidence evidence = collect();
    expect_text("there", "f toy\n", text_of(&evidence));
    make_library("toy", "int g;\n");
    evidence = collect();
    expect_text("gone", "f not toy, which lacks 'f'\n", text_of(&evidence));
}

static void test_witness_link__is_only_for_functions_and_systems_with_a_library(void **state)
{
    (void)state;
    begin("constant C value=0x1\n");
    assert_string_equal(link_witness.why_not(&input), "the spec has no library function");
    assert_false(link_witness.is_expected(&input));
    begin(FUNCTION("f", "f"));
    assert_null(link_witness.why_not(&input));
    assert_true(link_witness.is_expected(&input));
    target.link = NULL;
    assert_string_equal(link_witness.why_not(&input), "no library of this system to link with");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_link__confirms_what_the_library_has),
        TEST(test_witness_link__names_each_symbol_that_is_not_there),
        TEST(test_witness_link__looks_in_the_spec_s_library_alone),
        TEST(test_witness_link__learns_nothing_without_library_or_linker),
        TEST(test_witness_link__sees_a_library_that_lost_a_symbol),
        TEST(test_witness_link__is_only_for_functions_and_systems_with_a_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
