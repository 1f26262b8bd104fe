/* Tests of unseen.c: what of a spec an object does not show, by items that were found or not. */
#include "fixture.h"

#include "verify/verify_private.h"

#define SPEC                                                                                       \
    SPEC_HEAD                                                                                      \
    "records:\n"                                                                                   \
    "  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"                                     \
    "  - {name: timespec, doc: d, fields: [{name: tv_sec, doc: d}]}\n"                             \
    "constants:\n"                                                                                 \
    "  - {doc: d, names: [FAM_A, FAM_B]}\n"

#define FACTS                                                                                      \
    "abi x86_64-linux bits=64 endian=little\n"                                                     \
    "constant FAM_A value=0x1 type=i32\n"                                                          \
    "constant FAM_B value=0x2 type=i32\n"                                                          \
    "function fam_call library=c symbol=fam_call return=i32 params=i32\n"                          \
    "record fam_r size=4 align=4 kind=struct\n"                                                    \
    "record timespec size=16 align=8 kind=struct\n"

static struct reference reference;

/* A verification of an object in which things of these names were found. */
static struct verification find(const char *const *found, size_t n)
{
    struct reference_part part = {.spec = make_spec(SPEC), .facts = make_facts(FACTS)};
    struct verification verification = {
        .arena = &arena, .diag = &diag, .reference = &reference, .path = "o.o"};

    reference = (struct reference){.arena = &arena};
    ARENA_PUSH(&arena, reference.parts, reference.n, part);
    for (size_t i = 0; i < part.facts.n; i++) {
        const struct fact *fact = &part.facts.items[i];
        struct verify_item item = {.kind = fact->kind,
                                   .theirs = fact->name,
                                   .ours = fact->name,
                                   .part = &reference.parts[0]};
        for (size_t k = 0; k < n; k++)
            if (strcmp(found[k], fact->name) == 0)
                item.found = fact->name;
        if (fact->kind != FACT_ABI)
            ARENA_PUSH(&arena, verification.items, verification.n_items, item);
    }
    return verification;
}

static void test_verify_find_unseen__counts_what_is_missing_of_a_spec_that_is_there(void **state)
{
    (void)state;
    static const char *const one[] = {"FAM_A"}, *const all[] = {"FAM_A", "FAM_B", "fam_r",
                                                                "fam_call"};
    struct verify_request request = {.n_maps = 0};
    struct verification verification = find(one, 1);

    verify_find_unseen(&verification, &request);
    assert_int_equal(verification.n_unchecked, 1);
    /* timespec is everybody's, and no part of this */
    assert_int_equal(verification.unchecked[0].n_unseen, 3);
    expect_text("counts", "1 record, 1 constant, 1 function of x (`explain not-seen`)",
                verification.unchecked[0].text);
    expect_text("names", "record fam_r; constant FAM_B; function fam_call",
                verification.unchecked[0].names);
    verification = find(all, 4);
    verify_find_unseen(&verification, &request);
    assert_int_equal(verification.n_unchecked, 0);
}

static void test_verify_find_unseen__says_nothing_of_a_spec_of_which_nothing_is_there(void **state)
{
    (void)state;
    struct verify_request request = {.n_maps = 0};
    struct verification verification = find(NULL, 0);

    verify_find_unseen(&verification, &request);
    assert_int_equal(verification.n_unchecked, 0);
}

static void test_verify_find_unseen__makes_one_item_where_all_must_be_there(void **state)
{
    (void)state;
    static const char *const one[] = {"FAM_A"}, *const complete[] = {"x"};
    struct verify_request request = {.complete = complete, .n_complete = 1};

    for (size_t n = 0; n < 2; n++) {
        struct verification verification = find(one, n);
        size_t before = verification.n_items;
        verify_find_unseen(&verification, &request);
        assert_int_equal(verification.n_unchecked, 0);
        assert_int_equal(verification.n_items, before + 1);
        const struct verify_item *item = &verification.items[before];
        assert_string_equal(item->missing_kind, "not-seen");
        assert_null(item->found);
        /* every record and constant, and no function: nobody can show one that is not called */
        expect_text("all",
                    n == 0 ? "2 records, 2 constants more: records fam_r timespec; constants FAM_A "
                             "FAM_B"
                           : "2 records, 1 constant more: records fam_r timespec; constant FAM_B",
                    item->missing_text);
    }
}

static void test_verify_find_bare_units__names_those_without_types(void **state)
{
    (void)state;
    struct dwarf_unit units[] = {{.name = "a.c", .types = DWARF_TYPES_LEFT_OUT}, {.name = "b.c"}};
    struct verification verification = find(NULL, 0);

    verification.units = units;
    verification.n_units = 2;
    verify_find_bare_units(&verification);
    assert_int_equal(verification.n_unchecked, 1);
    assert_string_equal(verification.unchecked[0].name, "a.c");
    assert_int_equal(verification.unchecked[0].n_unseen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_verify_find_unseen__counts_what_is_missing_of_a_spec_that_is_there),
        TEST(test_verify_find_unseen__says_nothing_of_a_spec_of_which_nothing_is_there),
        TEST(test_verify_find_unseen__makes_one_item_where_all_must_be_there),
        TEST(test_verify_find_bare_units__names_those_without_types),
    };

    return cmocka_run_group_tests_name("unseen", tests, NULL, NULL);
}
