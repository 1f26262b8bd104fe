/* Tests of suggest.c: what is held to be meant. */
#include "fixture.h"

#include "base/suggest.h"

static const char *const kinds[] = {"bad-size",       "bad-sign",     "bad-offset", "bad-bit",
                                    "missing-record", "extra-record", "bad-size"};

static void test_near_hint__names_what_is_spelt_alike(void **state)
{
    (void)state;
    static const struct {
        const char *wanted;
        const char *hint;
    } rows[] = {
        {"bad-ofset", " (perhaps 'bad-offset')"},
        {"BAD-OFFSET", " (perhaps 'bad-offset')"},
        {"badoffset", " (perhaps 'bad-offset')"},
        {"abd-bti", " (perhaps 'bad-bit')"},
        {"bad-sizes", " (perhaps 'bad-size' or 'bad-sign')"},
        {"record", " (perhaps 'extra-record' or 'missing-record')"},
        {"bad", " (perhaps 'bad-bit' or 'bad-sign' or 'bad-size')"},
        {"epoll", ""},
        {"", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_text(rows[i].wanted, rows[i].hint,
                    near_hint(&arena, rows[i].wanted, kinds, sizeof kinds / sizeof kinds[0]));
    expect_text("no names", "", near_hint(&arena, "bad-size", NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_near_hint__names_what_is_spelt_alike)};

    return cmocka_run_group_tests_name("near", tests, NULL, NULL);
}
