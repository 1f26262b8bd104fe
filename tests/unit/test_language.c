/* Tests of language.c: the table of languages, and what is wrong with one. */
#include "fixture.h"

#include "model/language.h"

#define ROW                                                                                        \
    "languages:\n"                                                                                 \
    "  - name: toy\n"                                                                              \
    "    title: Toy\n"                                                                             \
    "    programs: [toyc]\n"                                                                       \
    "    brings: nobody\n"                                                                         \
    "    compile: toyc $SOURCE\n"

static struct targets table(void)
{
    struct targets targets = {.n = 2};

    targets.items = arena_alloc(&arena, 2 * sizeof *targets.items);
    targets.items[0] = x86_64();
    targets.items[1] = make_target("s390x-linux", "s390x-linux-gnu", 64, "big");
    return targets;
}

/* Loads a table of this text; false after reporting. */
static bool load(struct languages *languages, const char *text)
{
    struct targets targets = table();

    write_file("gen/languages.yaml", text);
    return languages_load(languages, &arena, root, &targets, &diag);
}

static void test_languages_load__fills_in_what_a_row_leaves_out(void **state)
{
    (void)state;
    struct languages languages;
    struct targets targets = table();

    assert_true(load(&languages, "path: [build/toy]\n" ROW));
    assert_int_equal(languages.n, 1);
    assert_string_equal(languages.path[0], "build/toy");
    const struct language *toy = &languages.items[0];
    assert_string_equal(toy->language, "toy");
    assert_int_equal(toy->holds, 1U << FACT_RECORD | 1U << FACT_CONSTANT);
    assert_null(toy->binding);
    assert_string_equal(language_word(toy, &targets.items[0]), "x86_64-linux-gnu");
    assert_string_equal(language_word(toy, &targets.items[1]), "s390x-linux-gnu");
    for (int kind = 0; kind < N_FACT_KINDS; kind++)
        assert_null(language_pattern(toy, kind));
}

static void test_languages_load__reads_a_whole_row(void **state)
{
    (void)state;
    struct languages languages;
    struct targets targets = table();

    assert_true(load(&languages, ROW
                     "    language: other\n"
                     "    targets: [{name: x86_64-linux, word: amd64}]\n"
                     "    binding: $SPEC.toy\n"
                     "    unit: print\n"
                     "    source: unit.toy\n"
                     "    names: {record: toy_*, function: call_*, syscall: NR_*, constant: K_*}\n"
                     "    holds: [record, function, syscall]\n"
                     "    lacks: [constant]\n"
                     "    without: [inotify]\n"));
    const struct language *toy = &languages.items[0];
    assert_string_equal(toy->language, "other");
    assert_string_equal(language_word(toy, &targets.items[0]), "amd64");
    assert_null(language_word(toy, &targets.items[1]));
    assert_string_equal(language_pattern(toy, FACT_RECORD), "toy_*");
    assert_string_equal(language_pattern(toy, FACT_FUNCTION), "call_*");
    assert_string_equal(language_pattern(toy, FACT_SYSCALL), "NR_*");
    assert_string_equal(language_pattern(toy, FACT_CONSTANT), "K_*");
    assert_null(language_pattern(toy, FACT_FIELD));
    assert_int_equal(toy->holds, 1U << FACT_RECORD | 1U << FACT_FUNCTION | 1U << FACT_SYSCALL);
    assert_int_equal(toy->lacks, 1U << FACT_CONSTANT);
    assert_true(language_has_spec(toy, "epoll"));
    assert_false(language_has_spec(toy, "inotify"));
}

/* Whose bindings would have one text for both. */
static void test_languages_load__refuses_two_targets_of_the_same_words(void **state)
{
    (void)state;
    struct targets targets = table();
    struct languages languages;

    targets.items[1] = make_target("armhf-linux", "armhf", 64, "little");
    write_file("gen/languages.yaml",
               ROW "    binding: b\n"
                   "    targets: [{name: x86_64-linux}, {name: armhf-linux, arch: x86_64}]\n");
    assert_false(languages_load(&languages, &arena, root, &targets, &diag));
    expect_part(
        "twins",
        "language 'toy' cannot tell 'armhf-linux' from 'x86_64-linux': both are 'x86_64' of "
        "64 bits and little endian",
        str_text(&diag.text));
    diag.n_errors = 0;
    write_file("gen/languages.yaml",
               ROW "    targets: [{name: x86_64-linux}, {name: armhf-linux, arch: x86_64}]\n");
    assert_true(languages_load(&languages, &arena, root, &targets, &diag));
}

static void test_languages_load__reports_a_bad_table(void **state)
{
    (void)state;
    static const struct {
        const char *label, *text, *part;
    } rows[] = {
        {"no rows", "path: [x]\n", "gen/languages.yaml:1:1: error: "},
        {"an unknown key", ROW "    compilers: [x]\n", "compilers"},
        {"no way to compile", "languages:\n  - {name: toy, title: t, programs: [x], brings: b}\n",
         "compile"},
        {"a target that no table has", ROW "    targets: [{name: x86_64-linx}]\n",
         "gen/languages.yaml:7:22: error: language 'toy' names the unknown target 'x86_64-linx'; "
         "`abiproof targets` lists them\n"},
        {"a target twice", ROW "    targets: [{name: s390x-linux}, {name: s390x-linux}]\n",
         "gen/languages.yaml:7:43: error: language 'toy' names the target 's390x-linux' twice\n"},
        {"a name twice", ROW "  - {name: toy, title: t, programs: [x], brings: b, compile: c}\n",
         "error: language 'toy' is there twice\n"},
        {"a pattern of one name", ROW "    names: {record: toy_}\n",
         "gen/languages.yaml:7:21: error: language 'toy' spells every record 'toy_', expected a * for "
         "the kernel's name\n"},
        {"numbers that have no names", ROW "    holds: [syscall]\n",
         "gen/languages.yaml:2:11: error: language 'toy' holds system calls: say in 'names' how it "
         "spells their numbers, as in syscall: SYS_*\n"},
        {"a unit without a name", ROW "    unit: print\n",
         "gen/languages.yaml:2:11: error: language 'toy' has one of 'unit' and 'source', expected both "
         "or none\n"},
        {"a kind that is there and cannot be", ROW "    holds: [record]\n    lacks: [record]\n",
         "gen/languages.yaml:2:11: error: language 'toy' has a kind of fact both in 'holds' and in "
         "'lacks'\n"},
        {"a kind that objects do not have", ROW "    holds: [behaviour]\n", "holds"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct languages languages;
        assert_false(load(&languages, rows[i].text));
        expect_part(rows[i].label, rows[i].part, str_text(&diag.text));
        diag_init(&diag, &arena, false);
    }
}

static void test_languages_load__reads_the_table_of_the_tree(void **state)
{
    (void)state;
    struct targets targets;

    assert_true(targets_load(&targets, &arena, "", &diag));
    struct languages languages;
    assert_true(languages_load(&languages, &arena, "", &targets, &diag));
    expect_messages("no message", "");
    bool has_binding = false;
    for (unsigned i = 0; i < languages.n; i++)
        has_binding = has_binding || languages.items[i].binding != NULL;
    assert_true(has_binding);
}

static void test_language_owns__compares_whole_parts_of_a_name(void **state)
{
    (void)state;
    const char *packages[] = {"syscall", "internal", "os.linux"};
    const struct language language = {.own = {.packages = packages, .n_packages = 3}};
    static const struct {
        const char *name;
        bool expected;
    } rows[] = {
        {"syscall.EpollEvent", true},
        {"syscall", true},
        {"internal/poll.FD", true},
        {"os.linux.epoll_event", true},
        {"os.EpollEvent", false},
        {"syscalls.EpollEvent", false},
        {"my/syscall.EpollEvent", false},
        {"my::syscall::EpollEvent", false},
        {"", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (language_owns(&language, rows[i].name) != rows[i].expected)
            fail_msg("'%s': expected %s", rows[i].name, rows[i].expected ? "its own" : "another's");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_languages_load__fills_in_what_a_row_leaves_out),
        TEST(test_languages_load__reads_a_whole_row),
        TEST(test_languages_load__refuses_two_targets_of_the_same_words),
        TEST(test_languages_load__reports_a_bad_table),
        TEST(test_languages_load__reads_the_table_of_the_tree),
        TEST(test_language_owns__compares_whole_parts_of_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
