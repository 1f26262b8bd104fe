/* Tests of renaming.c: fields that get other names, compared with the plain way to do it: look at
 * every field, every time. */
#include "fixture.h"

#include "verify/renaming.h"

static const char *names_of(const struct facts *facts)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < facts->n; i++)
        str_addf(&text, "%s\n", facts->items[i].name);
    return str_text(&text);
}

static struct facts some_facts(void)
{
    return make_facts("record r size=24 align=8 kind=struct\n"
                      "field r.a offset=0 size=8 type=struct%20s\n"
                      "field r.a.x offset=0 size=4 type=i32\n"
                      "field r.a.y offset=4 size=4 type=i32\n"
                      "field r.ab offset=8 size=8 type=u64\n"
                      "field r.b offset=16 size=8 type=u64\n");
}

static void test_renaming_do__takes_what_is_within_along_and_nothing_that_begins_alike(void **state)
{
    (void)state;
    struct facts facts = some_facts();
    struct renaming renaming;
    renaming_begin(&renaming, &arena, &facts, "r");
    assert_true(renaming_has(&renaming, "r.a"));
    renaming_do(&renaming, "r.a", "r.first");
    assert_false(renaming_has(&renaming, "r.a"));
    assert_false(renaming_has(&renaming, "r.a.x"));
    assert_true(renaming_has(&renaming, "r.first.x"));
    assert_true(renaming_has(&renaming, "r.ab"));
    assert_false(renaming_has(&renaming, "r"));             /* a record is no field */
    assert_non_null(facts_find(&facts, FACT_FIELD, "r.a")); /* until the end */
    renaming_end(&renaming, &facts);
    expect_text("names", "r.first\nr.first.x\nr.first.y\nr.ab\nr.b\nr\n", names_of(&facts));
    assert_non_null(facts_find(&facts, FACT_FIELD, "r.first.y"));
    assert_null(facts_find(&facts, FACT_FIELD, "r.a.y"));
    expect_messages("no messages", "");
}

static void test_renaming_do__swaps_two_fields_by_way_of_a_third_name(void **state)
{
    (void)state;
    struct facts facts = some_facts();
    struct renaming renaming;
    renaming_begin(&renaming, &arena, &facts, "r");
    renaming_do(&renaming, "r.a", "r.b");
    assert_true(renaming_has(&renaming, "r.b")); /* twice now */
    renaming_do(&renaming, "r.b", "r.c");
    assert_false(renaming_has(&renaming, "r.b"));
    renaming_do(&renaming, "r.c.x", "r.z");
    assert_true(renaming_has(&renaming, "r.c"));
    assert_false(renaming_has(&renaming, "r.c.x"));
    renaming_end(&renaming, &facts);
    expect_text("names", "r.c\nr.z\nr.c.y\nr.ab\nr.c\nr\n", names_of(&facts));
}

static void test_renaming_do__of_a_name_that_nobody_has_changes_nothing(void **state)
{
    (void)state;
    struct facts facts = some_facts();
    struct renaming renaming;
    const char *before = names_of(&facts);
    renaming_begin(&renaming, &arena, &facts, "r");
    renaming_do(&renaming, "r.none", "r.other");
    renaming_do(&renaming, "r.a.x.deeper", "r.other");
    renaming_end(&renaming, &facts);
    expect_text("names", before, names_of(&facts));
}

static void test_renaming_do__to_a_name_within_itself_adds_one_level_once(void **state)
{
    (void)state;
    struct facts facts = some_facts();
    struct renaming renaming;
    renaming_begin(&renaming, &arena, &facts, "r");
    renaming_do(&renaming, "r.a.x", "r.a.z"); /* it is met a second time below r.a */
    renaming_do(&renaming, "r.a", "r.a.in");
    renaming_end(&renaming, &facts);
    expect_text("names", "r.a.in\nr.a.in.z\nr.a.in.y\nr.ab\nr.b\nr\n", names_of(&facts));
}

/* The plain way. */
static void rename_plainly(const char **names, size_t n, const char *name, const char *other)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < n; i++)
        if (strncmp(names[i], name, length) == 0 &&
            (names[i][length] == '\0' || names[i][length] == '.'))
            names[i] = arena_printf(&arena, "%s%s", other, names[i] + length);
}

/* A path of one to three of three letters, so that paths often meet. */
static const char *some_path(unsigned *seed)
{
    struct str path = {.arena = &arena};

    str_add(&path, "r");
    for (int depth = 1 + rand_r(seed) % 3; depth > 0; depth--)
        str_addf(&path, ".%c", 'a' + rand_r(seed) % 3);
    return str_text(&path);
}

static void test_renaming__agrees_with_the_plain_way_on_random_names(void **state)
{
    (void)state;
    enum { RUNS = 300, FACTS = 20, STEPS = 12 };
    for (unsigned run = 1; run <= RUNS; run++) {
        unsigned seed = run;
        struct facts facts = {.arena = &arena};
        const char *names[FACTS];
        struct renaming renaming;
        for (size_t i = 0; i < FACTS; i++) {
            names[i] = some_path(&seed);
            facts_push(&facts, (struct fact){.kind = FACT_FIELD, .name = names[i]});
        }
        renaming_begin(&renaming, &arena, &facts, "r");
        for (int step = 0; step < STEPS; step++) {
            const char *name = some_path(&seed), *other = some_path(&seed), *query;
            bool expected = false;
            renaming_do(&renaming, name, other);
            rename_plainly(names, FACTS, name, other);
            query = some_path(&seed);
            for (size_t i = 0; i < FACTS; i++)
                expected = expected || strcmp(names[i], query) == 0;
            if (renaming_has(&renaming, query) != expected)
                fail_msg("run %u, step %d: '%s': expected %s", run, step, query,
                         expected ? "a field" : "none");
        }
        renaming_end(&renaming, &facts);
        for (size_t i = 0; i < FACTS; i++)
            if (strcmp(facts.items[i].name, names[i]) != 0)
                fail_msg("run %u, fact %zu: expected '%s', got '%s'", run, i, names[i],
                         facts.items[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_renaming_do__takes_what_is_within_along_and_nothing_that_begins_alike),
        TEST(test_renaming_do__swaps_two_fields_by_way_of_a_third_name),
        TEST(test_renaming_do__to_a_name_within_itself_adds_one_level_once),
        TEST(test_renaming_do__of_a_name_that_nobody_has_changes_nothing),
        TEST(test_renaming__agrees_with_the_plain_way_on_random_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
