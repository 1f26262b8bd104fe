/* Tests of groups.c and c_condition.c: targets with the same text, and the preprocessor branches
 * that C makes of them. */
#include "fixture.h"

#include "emit/c.h"

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

/* ---- groups ---- */

/* "a-linux c-linux: TEXT" for each group, then the text of the largest. */
static const char *describe(const struct emit_job *job, const struct groups *groups)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < groups->n; i++) {
        const struct group *group = &groups->items[i];
        size_t n = 0;
        for (size_t k = 0; k < job->n_on; k++)
            if (group->chosen[k]) {
                str_addf(&text, "%s ", job->on[k].target->name);
                n++;
            }
        assert_int_equal(group->n, n);
        str_addf(&text, "'%s'\n", group->text);
    }
    if (groups_largest(groups) != NULL)
        str_addf(&text, "largest '%s'\n", groups_largest(groups)->text);
    return str_text(&text);
}

static void test_groups_make__puts_targets_of_one_text_together(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        size_t n;
        const char *texts[4];
        const char *expected;
    } rows[] = {
        {"no target", 0, {0}, ""},
        {"one target", 1, {"x"}, "a-linux 'x'\nlargest 'x'\n"},
        {"all equal", 3, {"x", "x", "x"}, "a-linux b-linux c-linux 'x'\nlargest 'x'\n"},
        {"in the order of their first targets",
         4,
         {"y", "x", "z", "x"},
         "a-linux 'y'\nb-linux d-linux 'x'\nc-linux 'z'\nlargest 'x'\n"},
        {"as many: the last one", 2, {"x", "y"}, "a-linux 'x'\nb-linux 'y'\nlargest 'y'\n"},
        {"a target without the item", 2, {"x", ""}, "a-linux 'x'\nb-linux ''\nlargest ''\n"},
        {"a text is no prefix of another",
         2,
         {"x", "xx"},
         "a-linux 'x'\nb-linux 'xx'\nlargest 'xx'\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target targets[4];
        struct emit_job job = make_job(targets, rows[i].n);
        struct groups groups = groups_make(&arena, &job, add_text, rows[i].texts);
        expect_text(rows[i].label, rows[i].expected, describe(&job, &groups));
    }
}

/* ---- branches of the preprocessor ---- */

static void test_c_grouped__writes_equal_texts_once(void **state)
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
        c_grouped(&out, &job, add_text, rows[i].texts);
        expect_text(rows[i].label, arena_printf(&arena, "before\n%s", rows[i].expected),
                    str_text(&out));
    }
}

static void test_c_condition__names_the_chosen_targets(void **state)
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
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        c_condition(&out, &job, rows[i].chosen);
        expect_text(rows[i].label, rows[i].expected, str_text(&out));
    }
    struct str all = {.arena = &arena};
    c_condition(&all, &job, NULL);
    assert_string_equal(str_text(&all), A " || " B " || " C);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_groups_make__puts_targets_of_one_text_together),
        TEST(test_c_grouped__writes_equal_texts_once),
        TEST(test_c_condition__names_the_chosen_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
