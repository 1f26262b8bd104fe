/* Tests of condition.c: the terms that hold on the chosen targets of a job and on no other. */
#include "fixture.h"

#include "emit/condition.h"

enum { N_TARGETS = 6 };
static struct target targets[N_TARGETS];
static struct emit_on on[N_TARGETS];
static struct language_target names[] = {
    {"x86_64-linux", NULL, "x86_64"}, {"x32-linux", NULL, "x86_64"},
    {"i386-linux", NULL, "x86"},      {"mips-linux", NULL, "mips"},
    {"mipsel-linux", NULL, "mips"},   {"s390x-linux", NULL, "s390x"},
};
static struct language language = {.name = "toy", .targets = names, .n_targets = N_TARGETS};

static struct emit_job make_job(void)
{
    static const struct {
        int bits;
        const char *endian;
    } shapes[N_TARGETS] = {{64, "little"}, {32, "little"}, {32, "little"},
                           {32, "big"},    {32, "little"}, {64, "big"}};

    for (int i = 0; i < N_TARGETS; i++) {
        targets[i] = make_target(names[i].name, "", shapes[i].bits, shapes[i].endian);
        on[i].target = &targets[i];
    }
    return (struct emit_job){.on = on, .n_on = N_TARGETS, .language = &language};
}

static const char *text_of(const struct condition *condition)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < condition->n; i++) {
        const struct condition_term *term = &condition->terms[i];
        str_addf(&text, "%s%s %s %d", i > 0 ? "; " : "", term->arch != NULL ? term->arch : "any",
                 term->endian != NULL ? term->endian : "any", term->bits);
    }
    return str_text(&text);
}

/* chosen: "101000", one digit per target */
static void expect_terms(const char *chosen, const char *expected)
{
    struct emit_job job = make_job();
    bool is_chosen[N_TARGETS];

    for (int i = 0; i < N_TARGETS; i++)
        is_chosen[i] = chosen[i] == '1';
    struct condition condition = condition_for(&arena, &job, is_chosen, true);
    expect_text(chosen, expected, text_of(&condition));
}

static void test_condition__is_the_architecture_where_all_of_it_is_chosen(void **state)
{
    (void)state;
    expect_terms("001000", "x86 any 0");
    expect_terms("110000", "x86_64 any 0");
    expect_terms("001001", "x86 any 0; s390x any 0");
}

static void test_condition__is_byte_order_or_width_where_these_are_shared(void **state)
{
    (void)state;
    expect_terms("000101", "any big 0");
    expect_terms("111010", "any little 0");
    expect_terms("011110", "any any 32");
}

static void test_condition__combines_where_one_word_covers_too_much(void **state)
{
    (void)state;
    expect_terms("100000", "x86_64 any 64");
    expect_terms("000100", "mips big 0");
    expect_terms("010000", "x86_64 any 32");
    expect_terms("010010", "mips little 0; x86_64 any 32");
}

static void test_condition__knows_each_architecture_with_width_and_byte_order(void **state)
{
    (void)state;
    struct emit_job job = make_job();
    struct condition condition = condition_known(&arena, &job);
    expect_text("known",
                "x86_64 little 64; x86_64 little 32; x86 little 32; mips any 32; s390x big 64",
                text_of(&condition));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_condition__is_the_architecture_where_all_of_it_is_chosen),
        TEST(test_condition__is_byte_order_or_width_where_these_are_shared),
        TEST(test_condition__combines_where_one_word_covers_too_much),
        TEST(test_condition__knows_each_architecture_with_width_and_byte_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
