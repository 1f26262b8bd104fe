/* Tests of run.c and program.c: programs that are built without libc and run by this machine, the
 * right ones and those that crash, hang, stop half way or print garbage. */
#include "fixture.h"

#include <limits.h>

#include "witness/program.h"

static struct target target;
static struct workspace workspace;
static struct witness_input input;
static struct facts no_facts;

#define PROGRAM(body) "#include \"probe.h\"\nvoid probe_main(void)\n{\n" body "}\n"

/* A root with the real runtime, and a spec x whose layout program is this text. */
static void begin(const char *layout)
{
    static struct targets table;
    char here[PATH_MAX];

    assert_non_null(realpath("abi_probes/rt", here));
    if (!targets_load(&table, &arena, "", &diag))
        fail_msg("%s", str_text(&diag.text));
    target = *targets_find(&table, "x86_64-linux");
    target.own = &target;
    if (target.compiler == NULL || target.runner == NULL)
        skip();
    write_file("abi_probes/layout/x.c", layout);
    assert_int_equal(symlink(here, at_root("abi_probes/rt")), 0);
    write_file("build/x86_64-linux/x/keep", "");
    workspace = (struct workspace){.root = root,
                                   .bindings = at_root("bindings"),
                                   .build = at_root("build/x86_64-linux/x"),
                                   .shared = at_root("build/x86_64-linux"),
                                   .timeout_ms = 60000};
    input = (struct witness_input){.spec = make_spec(SPEC_HEAD),
                                   .target = &target,
                                   .facts = &no_facts,
                                   .workspace = &workspace,
                                   .arena = &arena,
                                   .diag = &diag};
}

/* The evidence about the system; the binding's is behind it. */
static const struct evidence *collect(void)
{
    struct evidence *list = arena_alloc(&arena, WITNESS_EVIDENCE_MAX * sizeof *list);

    assert_int_equal(run_witness.collect(&input, list), 2);
    assert_int_equal(list[0].subject, SUBJECT_SYSTEM);
    assert_int_equal(list[1].subject, SUBJECT_BINDING);
    return list;
}

static void expect_broken(const char *label, const struct evidence *evidence, const char *kind,
                          const char *part)
{
    if (evidence->broken.n != 1)
        fail_msg("%s: expected one remark, got %zu; facts:\n%s", label, evidence->broken.n,
                 facts_text(&evidence->facts, false));
    expect_text(label, kind, evidence->broken.items[0].name);
    expect_part(label, part, evidence->broken.items[0].text);
    if (evidence->facts.n != 0)
        fail_msg("%s: expected no facts, got:\n%s", label, facts_text(&evidence->facts, false));
    assert_false(evidence_was_collected(evidence));
}

static void test_witness_run__collects_what_each_program_prints(void **state)
{
    (void)state;
    begin("#include \"probe.h\"\n"
          "void probe_main(void)\n{\n"
          "    PROBE_ABI(PROBE_TARGET);\n"
          "#ifdef PROBE_BINDING\n"
          "    PROBE_CONSTANT(\"FAM_A\", 8);\n"
          "#else\n"
          "    PROBE_CONSTANT(\"FAM_A\", 7);\n"
          "#endif\n}\n");
    const struct evidence *list = collect();
    for (int i = 0; i < 2; i++)
        if (list[i].broken.n > 0)
            fail_msg("%s", list[i].broken.items[0].text);
    assert_string_equal(facts_find(&list[0].facts, FACT_CONSTANT, "FAM_A")->attr[CONSTANT_VALUE],
                        "0x7");
    assert_string_equal(facts_find(&list[1].facts, FACT_CONSTANT, "FAM_A")->attr[CONSTANT_VALUE],
                        "0x8");
    assert_string_equal(facts_find(&list[0].facts, FACT_ABI, "x86_64-linux")->attr[ABI_BITS], "64");
    assert_true(evidence_was_collected(&list[0]));
    assert_int_equal(list[0].tier, TIER_RUN);
}

static void test_witness_run__takes_no_fact_of_a_program_that_did_not_end_well(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *body; /* after a fact was printed */
        const char *kind;
        const char *part;
    } rows[] = {
        {"crash", "*(volatile int *)0 = 1;\n", "probe-failed", "killed by signal 11"},
        {"exit code", "rt_exit(3);\n", "probe-failed", "exit code 3"},
        {"half way", "rt_exit(0);\n", "probe-garbage", "without the final line '# end'"},
        {"garbage", "rt_write(1, \"no fact\\n\", 8);\n", "probe-garbage", ""},
        {"a line that is cut", "rt_write(1, \"constant C\", 10);\n", "probe-garbage", ""},
        {"does not compile", "no_such_function();\n", "does-not-compile", "no_such_function"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str text = {.arena = &arena};
        str_addf(&text,
                 "#include \"probe.h\"\nvoid probe_main(void)\n{\n"
                 "    PROBE_ABI(PROBE_TARGET);\n    PROBE_CONSTANT(\"FAM_A\", 7);\n"
                 "#ifndef PROBE_BINDING\n%s#endif\n}\n",
                 rows[i].body);
        if (i == 0)
            begin(str_text(&text));
        else
            write_file("abi_probes/layout/x.c", str_text(&text));
        const struct evidence *list = collect();
        expect_broken(rows[i].label, &list[0], rows[i].kind, rows[i].part);
        if (list[1].broken.n > 0 || list[1].facts.n != 2)
            fail_msg("%s: the binding's program is another one", rows[i].label);
    }
}

static void test_witness_run__ends_a_program_that_hangs(void **state)
{
    (void)state;
    begin(PROGRAM("    PROBE_ABI(PROBE_TARGET);\n    for (;;)\n        ;\n"));
    struct evidence built = {.witness = "run"};
    struct programs programs = programs_of(input.spec, &workspace, &arena);
    for (size_t i = 0; i < programs.n; i++) /* in the time that a compiler takes */
        assert_non_null(program_build(&built, &programs.items[i], &target, &workspace, &arena));
    workspace.timeout_ms = 200;
    const struct evidence *list = collect();
    expect_broken("loop", &list[0], "probe-hung", "no answer within");
}

static void test_witness_run__takes_what_a_program_could_not_check_as_unchecked(void **state)
{
    (void)state;
    begin(PROGRAM("    PROBE_ABI(PROBE_TARGET);\n"
                  "    static const char line[] = \"# not-checked fam_r.b: no such kernel\\n\";\n"
                  "    rt_write(1, line, sizeof line - 1);\n"));
    const struct evidence *list = collect();
    assert_int_equal(list[0].broken.n, 0);
    assert_int_equal(list[0].unchecked.n, 1);
    assert_string_equal(list[0].unchecked.items[0].name, "fam_r.b");
    assert_string_equal(list[0].unchecked.items[0].text, "no such kernel");
}

static void test_witness_run__is_unavailable_without_compiler_or_emulator(void **state)
{
    (void)state;
    begin(PROGRAM("    PROBE_ABI(PROBE_TARGET);\n"));
    target.runner = NULL;
    expect_text("emulator", "emulator 'qemu-x86_64' not found", collect()[0].unavailable);
    target.compiler = NULL;
    expect_part("compiler", "compiler '", collect()[1].unavailable);
    assert_false(evidence_was_collected(&collect()[0]));
    target.emulator = NULL;
    assert_string_equal(run_witness.why_not(&input), "nothing here runs this system's programs");
}

static void test_program_collect__wants_the_last_line_to_be_the_last(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *output;
        bool is_good;
    } rows[] = {
        {"whole", "constant C value=0x1\n# end\n", true},
        {"without the last newline", "constant C value=0x1\n# end", true},
        {"nothing", "", false},
        {"half of it", "constant C value=0x1\n# en", false},
        {"more behind it", "constant C value=0x1\n# end\nconstant D value=0x1\n", false},
        {"within a line", "constant C value=0x1 # end\n", false},
    };
    const struct program program = {PROGRAM_SYSTEM, "kernel", "x.c", NULL, NULL};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct evidence evidence = {.facts = {.arena = &arena}};
        program_collect(&evidence, &program, rows[i].output, &arena);
        if ((evidence.broken.n == 0) != rows[i].is_good ||
            (evidence.facts.n == 1) != rows[i].is_good)
            fail_msg("%s: expected it to be %s", rows[i].label,
                     rows[i].is_good ? "taken" : "garbage");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_run__collects_what_each_program_prints),
        TEST(test_witness_run__takes_no_fact_of_a_program_that_did_not_end_well),
        TEST(test_witness_run__ends_a_program_that_hangs),
        TEST(test_witness_run__takes_what_a_program_could_not_check_as_unchecked),
        TEST(test_witness_run__is_unavailable_without_compiler_or_emulator),
        TEST(test_program_collect__wants_the_last_line_to_be_the_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
