/* Tests of emit.c: texts grouped by target, the golden facts, the table of emitters. */
#include "fixture.h"

#include "emit/emit.h"

/* A job of targets a-linux, b-linux, ... whose texts are given. */
static struct emit_job make_job(struct target *targets, size_t n)
{
    static const char *const names[] = {"a-linux", "b-linux", "c-linux", "d-linux"};
    static const struct facts no_facts;
    struct emit_job job = {.n_on = n};

    job.on = arena_alloc(&arena, (n + 1) * sizeof *job.on);
    for (size_t i = 0; i < n; i++) {
        targets[i] = (struct target){.name = names[i]};
        job.on[i] = (struct emit_on){&targets[i], &no_facts};
    }
    return job;
}

/* The text of a target is found by the first letter of its name. */
static void add_text(struct str *out, const struct emit_on *on, const void *context)
{
    const char *const *texts = context;
    str_add(out, texts[on->target->name[0] - 'a']);
}

static void test_emit_grouped__writes_equal_texts_once(void **state)
{
    (void)state;
#define A "defined(RAW_TARGET_A_LINUX)"
#define B "defined(RAW_TARGET_B_LINUX)"
#define C "defined(RAW_TARGET_C_LINUX)"
#define D "defined(RAW_TARGET_D_LINUX)"
    static const struct {
        const char *label;
        size_t n;
        const char *texts[4];
        const char *expected;
    } rows[] = {
        {"no target", 0, {0}, ""},
        {"one target", 1, {"x\n"}, "x\n"},
        {"one target without text", 1, {""}, ""},
        {"all equal", 3, {"x\n", "x\n", "x\n"}, "x\n"},
        {"all without text", 3, {"", "", ""}, ""},
        {"two groups", 2, {"x\n", "y\n"}, "#if " A "\nx\n#else\ny\n#endif\n"},
        {"two groups that alternate",
         4,
         {"x\n", "y\n", "x\n", "y\n"},
         "#if " A " || " C "\nx\n#else\ny\n#endif\n"},
        {"the largest group is the first",
         3,
         {"x\n", "x\n", "y\n"},
         "#if " C "\ny\n#else\nx\n#endif\n"},
        {"three groups",
         4,
         {"x\n", "y\n", "z\n", "y\n"},
         "#if " A "\nx\n#elif " C "\nz\n#else\ny\n#endif\n"},
        {"no text on the first", 3, {"", "x\n", "x\n"}, "#if !(" A ")\nx\n#endif\n"},
        {"no text on the last", 3, {"x\n", "x\n", ""}, "#if !(" C ")\nx\n#endif\n"},
        {"no text on one, two groups",
         3,
         {"x\n", "", "y\n"},
         "#if " A "\nx\n#elif !(" B ")\ny\n#endif\n"},
        {"no text on most", 4, {"", "x\n", "", ""}, "#if " B "\nx\n#endif\n"},
        {"several lines", 2, {"x\ny\n", "x\nz\n"}, "#if " A "\nx\ny\n#else\nx\nz\n#endif\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target targets[4];
        struct emit_job job = make_job(targets, rows[i].n);
        struct str out = {.arena = &arena};
        str_add(&out, "before\n");
        emit_grouped(&out, &job, add_text, rows[i].texts);
        expect_text(rows[i].label, arena_printf(&arena, "before\n%s", rows[i].expected),
                    str_text(&out));
    }
}

static void test_emit_condition__names_the_chosen_targets(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        bool chosen[3];
        const char *expected;
    } rows[] = {
        {"all", {true, true, true}, A " || " B " || " C},
        {"the last two", {false, true, true}, B " || " C},
        {"the outer two", {true, false, true}, A " || " C},
        {"none", {false, false, false}, ""},
    };
    struct target targets[3];
    struct emit_job job = make_job(targets, 3);
    struct str all = {.arena = &arena};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        emit_condition(&out, &job, rows[i].chosen);
        expect_text(rows[i].label, rows[i].expected, str_text(&out));
    }
    emit_condition(&all, &job, NULL);
    assert_string_equal(str_text(&all), A " || " B " || " C);
}

static void test_emit_start__keeps_each_file_apart(void **state)
{
    (void)state;
    struct emit_files files = {.arena = &arena};
    char path[] = "a.h";
    for (int i = 0; i < 20; i++) { /* the list grows in between */
        struct str *out = emit_start(&files, i == 0 ? path : "b.h");
        str_addf(out, "text %d", i);
        str_add(out, "\n");
    }
    path[0] = 'x';
    assert_int_equal(files.n, 20);
    assert_string_equal(files.items[0].path, "a.h");
    for (int i = 0; i < 20; i++)
        assert_string_equal(str_text(&files.items[i].text), arena_printf(&arena, "text %d\n", i));
}

static const struct emitter *emitter_named(const char *name)
{
    for (size_t i = 0; emitters[i] != NULL; i++)
        if (strcmp(emitters[i]->name, name) == 0)
            return emitters[i];
    fail_msg("no emitter '%s'", name);
    return NULL;
}

static void test_emitters__are_found_by_a_name_that_is_theirs_alone(void **state)
{
    (void)state;
    assert_ptr_equal(emitter_named("c"), &emit_c);
    assert_ptr_equal(emitter_named("probe"), &emit_probe);
    for (size_t i = 0; emitters[i] != NULL; i++) {
        assert_ptr_equal(emitter_named(emitters[i]->name), emitters[i]);
        assert_non_null(emitters[i]->about);
        assert_non_null(emitters[i]->emit);
    }
}

static void test_emit_facts__writes_one_golden_file_per_target(void **state)
{
    (void)state;
    struct emit_files files = {.arena = &arena};
    struct target targets[2];
    struct emit_job job = make_job(targets, 2);
    struct facts on_a = make_facts("syscall f number=1\nconstant C value=0x1 type=i32\n");
    struct facts on_b = make_facts("constant C value=0x2 type=i32\n");
    job.spec = make_spec(SPEC_HEAD);
    job.on[0].facts = &on_a;
    job.on[1].facts = &on_b;
    emitter_named("facts")->emit(&files, &job, &diag);
    assert_int_equal(files.n, 2);
    assert_string_equal(files.items[0].path, "abi_probes/facts/a-linux/x.facts");
    assert_string_equal(files.items[1].path, "abi_probes/facts/b-linux/x.facts");
    expect_text("a, sorted and without places",
                "# Generated by abiproof gen --spec x; do not edit.\n"
                "constant C value=0x1 type=i32\nsyscall f number=1\n",
                str_text(&files.items[0].text));
    expect_text("b",
                "# Generated by abiproof gen --spec x; do not edit.\n"
                "constant C value=0x2 type=i32\n",
                str_text(&files.items[1].text));
    struct facts again = make_facts(str_text(&files.items[0].text));
    expect_text("read back", facts_text(&on_a, false), facts_text(&again, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_emit_grouped__writes_equal_texts_once),
        TEST(test_emit_condition__names_the_chosen_targets),
        TEST(test_emit_start__keeps_each_file_apart),
        TEST(test_emitters__are_found_by_a_name_that_is_theirs_alone),
        TEST(test_emit_facts__writes_one_golden_file_per_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
