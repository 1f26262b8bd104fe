/* Tests of facts.c: finding facts by name, and the fields of a record. The scan over all facts that
 * an index replaces says what is right, whatever the order in which they came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/facts.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Names that begin like each other, and bytes around the dot and the space that order them: '-' is
 * before '.', '/' and letters behind it. Some witness may put a space in a name. */
static const char *const names[] = {
    "a",     "a.b",  "ab",      "a-b",  "a-",  "a-.b",  "a.b.c", "a.bc", "a..b",
    "a.",    "a/b",  "b",       "ab.c", "A",   "A.b",   "a.b-c", "a_b",  "a_b.c",
    "a.b.",  "aa",   "a.b.c.d", "b.a",  "~",   "",      "a.b c", "a b",  "a ",
    "a\x01", "\xc3", "a!",      "a.b!", "ab.", "a-b.c", "a.bb",  ".",    "b.",
};
enum { N_NAMES = sizeof names / sizeof names[0] };

static const struct fact *scan(const struct facts *facts, enum fact_kind kind, const char *name)
{
    for (size_t i = 0; i < facts->n; i++)
        if (facts->items[i].kind == kind && strcmp(facts->items[i].name, name) == 0)
            return &facts->items[i];
    return NULL;
}

/* Every name of the table, and every start of one, is found where a scan finds it. */
static void expect_found(const struct facts *facts)
{
    for (int kind = 0; kind < N_FACT_KINDS; kind++)
        for (size_t i = 0; i < N_NAMES; i++) {
            const struct fact *expected = scan(facts, (enum fact_kind)kind, names[i]);
            assert_ptr_equal(facts_find(facts, (enum fact_kind)kind, names[i]), expected);
            for (size_t n = 0; n <= strlen(names[i]); n++)
                assert_ptr_equal(
                    facts_find_bytes(facts, (enum fact_kind)kind, names[i], n),
                    scan(facts, (enum fact_kind)kind, arena_strndup(&arena, names[i], n)));
        }
}

/* What is below a name, in the order of the facts, is what a comparison of texts says. */
static void expect_fields(const struct facts *facts)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        const char *mark = arena_printf(&arena, "%s.", names[i]), *name = NULL;
        const struct fact *got = facts_next_field(facts, names[i], NULL, &name);
        for (size_t k = 0; k < facts->n; k++) {
            const struct fact *fact = &facts->items[k];
            if (fact->kind != FACT_FIELD || !str_starts(fact->name, mark))
                continue;
            assert_ptr_equal(got, fact);
            assert_ptr_equal(name, fact->name + strlen(mark));
            got = facts_next_field(facts, names[i], fact, &name);
        }
        assert_null(got);
    }
}

static void add(struct facts *facts, size_t i)
{
    enum fact_kind kind = (enum fact_kind)(i / N_NAMES % N_FACT_KINDS);
    struct fact *fact = facts_add(facts, kind, names[i % N_NAMES]);

    fact_set_number(facts, fact, 0, (int64_t)i % 5);
}

static void test_facts_find__agrees_with_a_scan_in_any_order(void **state)
{
    (void)state;
    static const size_t steps[] = {1, 37, 101}; /* coprime to the count: in order, and mixed */
    enum { N = N_NAMES * N_FACT_KINDS };
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        struct facts facts = {.arena = &arena};
        expect_found(&facts);
        for (size_t i = 0; i < N; i++) {
            add(&facts, i * steps[s] % N);
            if (i % 41 == 0)
                expect_found(&facts);
        }
        assert_int_equal(facts.n, N);
        expect_found(&facts);
        expect_fields(&facts);
        facts_sort(&facts);
        assert_int_equal(facts.n, N);
        expect_found(&facts);
        expect_fields(&facts);
    }
}

static void test_facts_find__follows_what_is_added_behind_sorted_facts(void **state)
{
    (void)state;
    struct facts facts = {.arena = &arena};
    for (size_t i = 0; i < N_NAMES * N_FACT_KINDS; i += 2)
        add(&facts, i);
    facts_sort(&facts);
    for (size_t i = 1; i < N_NAMES * N_FACT_KINDS; i += 2) {
        add(&facts, i);
        if (i % 43 == 0) {
            expect_found(&facts);
            expect_fields(&facts);
        }
    }
    facts_sort(&facts);
    expect_found(&facts);
    expect_fields(&facts);
}

static void test_facts_find__takes_the_first_of_one_name(void **state)
{
    (void)state;
    struct facts facts = {.arena = &arena};
    for (int pass = 0; pass < 3; pass++)
        for (size_t i = 0; i < N_NAMES; i++)
            fact_set_number(&facts, facts_add(&facts, FACT_FIELD, names[i]), FIELD_OFFSET,
                            9 - pass % 2);
    expect_found(&facts);
    expect_fields(&facts);
    facts_sort(&facts); /* drops the third of each, which is the first again */
    assert_int_equal(facts.n, 2 * N_NAMES);
    expect_found(&facts);
    expect_fields(&facts);
    assert_string_equal(facts_find(&facts, FACT_FIELD, "ab")->attr[FIELD_OFFSET], "8");
}

static void test_facts_find__works_on_what_was_read(void **state)
{
    (void)state;
    struct diag diag;
    diag_init(&diag, &arena, false);
    struct facts facts = {.arena = &arena};
    assert_true(facts_parse(&facts,
                            "record ab size=1\nfield ab.c offset=0\nfield a.b offset=4\n"
                            "record a size=8\nfield a.b.c offset=4\nfield a-b offset=0\n",
                            "x.facts", &diag));
    expect_found(&facts);
    expect_fields(&facts);
    facts_sort(&facts);
    expect_found(&facts);
    expect_fields(&facts);
}

/* Threads may read the same facts: nothing that reads may write. */
static void test_facts_find__writes_nothing(void **state)
{
    (void)state;
    struct facts facts = {.arena = &arena};
    for (size_t i = 0; i < N_NAMES * N_FACT_KINDS; i++)
        add(&facts, i * 37 % (N_NAMES * N_FACT_KINDS));
    for (int pass = 0; pass < 2; pass++) {
        struct facts before = facts;
        expect_found(&facts);
        expect_fields(&facts);
        struct arena_chunk *chunks = arena.chunks;
        const struct fact **fields;
        struct arena own = {NULL};
        for (size_t i = 0; i < N_NAMES; i++) {
            facts_find(&facts, FACT_FIELD, names[i]);
            facts_fields(&own, &facts, names[i], &fields);
        }
        assert_ptr_equal(arena.chunks, chunks);
        assert_memory_equal(&facts, &before, sizeof facts);
        arena_release(&own);
        facts_sort(&facts);
    }
}

static void test_fact_is_field_of__needs_the_dot_behind_the_name(void **state)
{
    (void)state;
    static const struct {
        enum fact_kind kind;
        const char *name, *record, *field; /* NULL: it is none */
    } rows[] = {
        {FACT_FIELD, "e.data", "e", "data"},   {FACT_FIELD, "e.data.fd", "e", "data.fd"},
        {FACT_FIELD, "e.d.fd", "e.d", "fd"},   {FACT_FIELD, "e.data", "e.data", NULL},
        {FACT_FIELD, "e.data", "e.dat", NULL}, {FACT_FIELD, "event.data", "e", NULL},
        {FACT_FIELD, "e-.data", "e", NULL},    {FACT_FIELD, "e", "e.data", NULL},
        {FACT_FIELD, "e", "e", NULL},          {FACT_RECORD, "e.data", "e", NULL},
        {FACT_BEHAVIOUR, "e.data", "e", NULL}, {FACT_FIELD, "e.", "e", ""},
        {FACT_FIELD, ".e", "", "e"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fact fact = {.kind = rows[i].kind, .name = rows[i].name};
        const char *field = NULL;
        assert_int_equal(fact_is_field_of(&fact, rows[i].record, &field), rows[i].field != NULL);
        assert_int_equal(fact_is_field_of(&fact, rows[i].record, NULL), rows[i].field != NULL);
        if (rows[i].field != NULL)
            assert_string_equal(field, rows[i].field);
    }
}

/* The names of a record's direct fields, in their order. */
static const char *fields_text(const struct facts *facts, const char *record)
{
    struct str text = {.arena = &arena};
    const struct fact **fields;
    size_t n = facts_fields(&arena, facts, record, &fields);

    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", fields[i]->name);
    return str_text(&text);
}

static void test_facts_fields__are_direct_and_by_offset(void **state)
{
    (void)state;
    static const char lines[] = "field e.z offset=0 size=4 type=u32\n"
                                "field e.b offset=16 size=8 type=union\n"
                                "field e.b.fd offset=16 size=4 type=i32\n"
                                "field e.a offset=8 size=8 type=u64\n"
                                "field e.unknown size=8\n"
                                "field ea.x offset=0 size=1 type=u8\n"
                                "field e.m offset=8 size=4 type=u32\n"
                                "field e.c offset=8 size=4 type=u32\n"
                                "record e size=24\n";
    struct diag diag;
    diag_init(&diag, &arena, false);
    struct facts facts = {.arena = &arena};
    assert_true(facts_parse(&facts, lines, "x.facts", &diag));
    assert_string_equal(fields_text(&facts, "e"), "e.unknown e.z e.a e.m e.c e.b");
    assert_string_equal(fields_text(&facts, "e.b"), "e.b.fd");
    assert_string_equal(fields_text(&facts, "ea"), "ea.x");
    assert_string_equal(fields_text(&facts, "e.a"), "");
    assert_string_equal(fields_text(&facts, "nobody"), "");
    facts_sort(&facts); /* at one offset the order of the facts counts */
    assert_string_equal(fields_text(&facts, "e"), "e.unknown e.z e.a e.c e.m e.b");
}

static void test_facts_fields__of_no_facts_are_none(void **state)
{
    (void)state;
    struct facts facts = {.arena = &arena};
    assert_string_equal(fields_text(&facts, "e"), "");
    assert_null(facts_next_field(&facts, "e", NULL, NULL));
}

static void test_fact_bits__need_a_first_and_a_count(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t first, count; /* count 0: refused */
    } rows[] = {
        {"3:1", 3, 1},  {"0:32", 0, 32}, {"7:2", 7, 2}, {NULL, 0, 0},   {"", 0, 0},
        {"3", 0, 0},    {"3:", 0, 0},    {":1", 0, 0},  {"3:0", 0, 0},  {"3:1:", 0, 0},
        {"-3:1", 0, 0}, {"3: 1", 0, 0},  {"a:b", 0, 0}, {"3:1 ", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fact field = {.kind = FACT_FIELD, .attr[FIELD_BIT] = rows[i].text};
        int64_t first, count;
        bool is_good = fact_bits(&field, &first, &count);
        if (is_good != (rows[i].count > 0) ||
            (is_good && (first != rows[i].first || count != rows[i].count)))
            fail_msg("'%s'", rows[i].text ? rows[i].text : "absent");
    }
}

#define TEST(function) cmocka_unit_test_teardown(function, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_facts_find__agrees_with_a_scan_in_any_order),
        TEST(test_facts_find__follows_what_is_added_behind_sorted_facts),
        TEST(test_facts_find__takes_the_first_of_one_name),
        TEST(test_facts_find__works_on_what_was_read),
        TEST(test_facts_find__writes_nothing),
        TEST(test_fact_is_field_of__needs_the_dot_behind_the_name),
        TEST(test_facts_fields__are_direct_and_by_offset),
        TEST(test_facts_fields__of_no_facts_are_none),
        TEST(test_fact_bits__need_a_first_and_a_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
