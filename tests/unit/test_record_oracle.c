/* Tests of the judge against the oracle of tests/fuzz, which knows records by their bits alone, and
 * of that oracle: a few thousand pairs that are the same on every run. `make fuzz` tries millions. */
#include "fixture.h"

#include "../fuzz/record_oracle.h"

enum { N_PAIRS = 4000, N_BYTES = 160 };

/* Bytes that are as good as random, and always the same for one number. */
static void fill(uint8_t *bytes, uint64_t number)
{
    uint64_t state = number * UINT64_C(0x9e3779b97f4a7c15) + 1;

    for (size_t i = 0; i < N_BYTES; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (uint8_t)(state >> 32);
    }
}

static void test_judge__says_nothing_false_of_random_records(void **state)
{
    (void)state;
    uint8_t bytes[N_BYTES];
    struct record_pair pair;
    size_t n_relations[3] = {0};

    for (uint64_t number = 0; number < N_PAIRS; number++) {
        struct arena own = {NULL};
        fill(bytes, number);
        record_pair_make(&pair, bytes, sizeof bytes);
        n_relations[pair.relation]++;
        const char *complaint = record_oracle_try(&own, &pair);
        if (complaint != NULL)
            fail_msg("pair %llu\n%s", (unsigned long long)number, complaint);
        arena_release(&own);
    }
    for (size_t i = 0; i < 3; i++)
        assert_true(n_relations[i] > N_PAIRS / 20);
}

/* ---- the oracle itself ---- */

static struct node leaf(const char *name, const char *type, int first, int bits)
{
    struct node node = {.parent = -1, .first = first, .bits = bits};

    snprintf(node.name, sizeof node.name, "%s", name);
    snprintf(node.type, sizeof node.type, "%s", type);
    return node;
}

/* Two numbers on each side, the binding's as given. */
static struct record_pair two_numbers(bool is_little, struct node a, struct node b)
{
    struct record_pair pair = {.record = "r", .is_little = is_little};

    pair.kernel = (struct side){.n = 2, .size_bytes = 16};
    pair.kernel.nodes[0] = leaf("sec", "i64", 0, 64);
    pair.kernel.nodes[1] = leaf("nsec", "i64", 64, 64);
    pair.binding = (struct side){.n = 2, .size_bytes = 16};
    pair.binding.nodes[0] = a;
    pair.binding.nodes[1] = b;
    return pair;
}

static void test_oracle__refuses_a_proof_that_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *a, *a_type;
        int a_first, a_bits;
        const char *b, *b_type;
        int b_first, b_bits;
        const char *complaint;
    } rows[] = {
        {"the same", "sec", "i64", 0, 64, "nsec", "i64", 64, 64, NULL},
        {"exchanged", "nsec", "i64", 0, 64, "sec", "i64", 64, 64,
         "proved, and not so by its bits: sec"},
        {"moved", "sec", "i64", 8, 64, "nsec", "i64", 64, 64,
         "proved, and not so by its bits: sec"},
        {"narrow", "sec", "i32", 0, 32, "nsec", "i64", 64, 64,
         "proved, and not so by its bits: sec"},
        {"without a sign", "sec", "i64", 0, 64, "nsec", "u64", 64, 64,
         "proved, and not so by its bits: nsec"},
        {"a float", "sec", "f64", 0, 64, "nsec", "i64", 64, 64,
         "proved, and not so by its bits: sec"},
        {"padding", "sec", "i64", 0, 64, "pad", "i64", 64, 64,
         "proved, and not so by its bits: nsec"},
        {"of another name", "sec", "i64", 0, 64, "mode", "i64", 64, 64,
         "proved, and not so by its bits: nsec"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct record_pair pair =
            two_numbers(true, leaf(rows[i].a, rows[i].a_type, rows[i].a_first, rows[i].a_bits),
                        leaf(rows[i].b, rows[i].b_type, rows[i].b_first, rows[i].b_bits));
        struct findings none = {.arena = &arena};
        struct answer answer = {.findings = &none, .verdicts = {VERDICT_PROVED, VERDICT_PROVED}};
        const char *complaint = record_oracle(&arena, &pair, &answer);
        expect_text(rows[i].label, rows[i].complaint != NULL ? rows[i].complaint : "none",
                    complaint != NULL ? complaint : "none");
    }
}

static void test_oracle__refuses_silence_and_false_alarms(void **state)
{
    (void)state;
    struct record_pair pair =
        two_numbers(true, leaf("sec", "i64", 0, 64), leaf("nsec", "i64", 64, 64));
    struct findings findings = {.arena = &arena};
    struct answer answer = {.findings = &findings, .verdicts = {VERDICT_PROVED, VERDICT_NONE}};

    expect_text("silence", "not proved, and no finding says so: nsec",
                record_oracle(&arena, &pair, &answer));
    answer.verdicts[1] = VERDICT_PROVED;
    findings_add(&findings, "bad-offset", SEVERITY_ERROR, "r.nsec", "8", "0", no_location,
                 no_location, (struct finding_scope){NULL, NULL, NULL, NULL});
    expect_text("both", "proved, and a finding about it: nsec",
                record_oracle(&arena, &pair, &answer));
    answer.verdicts[1] = VERDICT_NONE;
    pair.relation = PAIR_COPY;
    expect_text("alarm", "a copy, and a finding", record_oracle(&arena, &pair, &answer));
    pair.relation = PAIR_ANY;
    findings.n = 0;
    answer.verdicts[1] = VERDICT_PROVED;
    pair.binding.size_bytes = 24;
    expect_text("size", "another size, and no error", record_oracle(&arena, &pair, &answer));
}

static void test_oracle__wants_halves_in_the_order_of_bytes(void **state)
{
    (void)state;
    for (int is_little = 0; is_little < 2; is_little++) {
        struct record_pair pair =
            two_numbers(is_little, leaf("sec_lo", "u32", 0, 32), leaf("sec_hi", "u32", 32, 32));
        struct findings findings = {.arena = &arena};
        struct answer answer = {.findings = &findings, .verdicts = {VERDICT_PROVED, VERDICT_NONE}};
        pair.kernel.n = 1;
        const char *complaint = record_oracle(&arena, &pair, &answer);
        expect_text("halves", is_little ? "none" : "proved, and not so by its bits: sec",
                    complaint != NULL ? complaint : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_judge__says_nothing_false_of_random_records),
        TEST(test_oracle__refuses_a_proof_that_is_none),
        TEST(test_oracle__refuses_silence_and_false_alarms),
        TEST(test_oracle__wants_halves_in_the_order_of_bytes),
    };

    return cmocka_run_group_tests_name("record_oracle", tests, NULL, NULL);
}
