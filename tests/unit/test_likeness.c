/* Tests of likeness.c: which records may be the same under two names. */
#include "fixture.h"

#include "judge/likeness.h"

static struct facts facts_of(const char *text)
{
    struct facts facts = {.arena = &arena};

    assert_true(facts_parse(&facts, text, "t", &diag));
    facts_sort(&facts);
    return facts;
}

#define U32(field, at) "field r." field " offset=" at " size=4 type=u32\n"
#define U64(field, at) "field r." field " offset=" at " size=8 type=u64\n"
#define R(size)        "record r size=" size " kind=struct\n"

static const char *shape_of(const char *text)
{
    struct facts facts = facts_of(text);

    return likeness_shape(&arena, &facts, "r");
}

static void test_likeness_shape__is_size_and_bits_whatever_names_and_nesting(void **state)
{
    (void)state;
    const char *flat = shape_of(R("16") U64("a", "0") U64("b", "8"));
    const char *nested = shape_of(
        R("16") "field r.t offset=0 size=16 type=struct:t\n" U64("t.x", "0") U64("t.y", "8"));
    expect_text("nested", flat, nested);
    expect_text("a flexible array has no bits", flat,
                shape_of(R("16") U64("a", "0") U64("b", "8") "field r.c offset=16 type=u8[]\n"));
    static const char *const others[] = {
        R("24") U64("a", "0") U64("b", "8"),
        R("16") U64("a", "0") U32("b", "8"),
        R("16") U64("a", "0") U32("b", "8") U32("c", "12"),
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_string_not_equal(shape_of(others[i]), flat);
    assert_null(shape_of(R("8") U64("a", "0")));
    assert_null(shape_of(U64("a", "0") U64("b", "8")));
}

static void test_likeness_of_names__needs_enough_of_them(void **state)
{
    (void)state;
#define FOUR(a, b, c, d)   R("16") U32(a, "0") U32(b, "4") U32(c, "8") U32(d, "12")
#define VARIED(a, b, c, d) R("24") U32(a, "0") U32(b, "4") U64(c, "8") U64(d, "16")
#define TWO(a, b)          R("8") U32(a, "0") U32(b, "4")
    static const struct {
        const char *label, *ours, *theirs;
        size_t n;
    } rows[] = {
        {"all", FOUR("wd", "mask", "cookie", "len"), FOUR("Wd", "Mask", "Cookie", "Len"), 4},
        {"a prefix", FOUR("st_a", "st_b", "st_c", "st_d"), FOUR("a", "b", "c", "d"), 4},
        {"half", FOUR("wd", "mask", "cookie", "len"), FOUR("wd", "mask", "x", "y"), 2},
        {"one of four", FOUR("wd", "mask", "cookie", "len"), FOUR("wd", "p", "x", "y"), 0},
        {"none", FOUR("wd", "mask", "cookie", "len"), FOUR("a", "b", "x", "y"), 0},
        {"names in other places", FOUR("wd", "mask", "cookie", "len"),
         FOUR("len", "cookie", "mask", "wd"), 0},
        {"two of varied widths", VARIED("op", "flags", "addr", "len"),
         VARIED("op", "flags", "p", "q"), 2},
        {"one of varied widths", VARIED("op", "flags", "addr", "len"), VARIED("op", "g", "p", "q"),
         0},
        {"two of two", TWO("sec", "nsec"), TWO("sec", "nsec"), 2},
        {"one of two", TWO("sec", "nsec"), TWO("sec", "x"), 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct facts ours = facts_of(rows[i].ours), theirs = facts_of(rows[i].theirs);
        size_t n = likeness_of_names(&arena, &ours, "r", &theirs, "r");
        if (n != rows[i].n)
            fail_msg("%s: expected %zu, got %zu", rows[i].label, rows[i].n, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_likeness_shape__is_size_and_bits_whatever_names_and_nesting),
        TEST(test_likeness_of_names__needs_enough_of_them),
    };

    return cmocka_run_group_tests_name("likeness", tests, NULL, NULL);
}
