/* Tests of bytes.c: numbers in either byte order, compared with those of <endian.h>. */
#include "fixture.h"

#include <endian.h>

#include "base/bytes.h"

static const uint64_t numbers[] = {0,         1, 0x80, 0x7f, 0x0102030405060708, 0xfedcba9876543210,
                                   UINT64_MAX};
enum { N_NUMBERS = sizeof numbers / sizeof numbers[0] };

static void test_bytes_get__reads_what_the_system_writes(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_NUMBERS; i++) {
        uint64_t big = htobe64(numbers[i]), little = htole64(numbers[i]);
        uint32_t big32 = htobe32((uint32_t)numbers[i]), little32 = htole32((uint32_t)numbers[i]);
        uint16_t big16 = htobe16((uint16_t)numbers[i]), little16 = htole16((uint16_t)numbers[i]);
        uint8_t byte = (uint8_t)numbers[i];
        assert_int_equal(bytes_get((uint8_t *)&big, 8, true), numbers[i]);
        assert_int_equal(bytes_get((uint8_t *)&little, 8, false), numbers[i]);
        assert_int_equal(bytes_get((uint8_t *)&big32, 4, true), (uint32_t)numbers[i]);
        assert_int_equal(bytes_get((uint8_t *)&little32, 4, false), (uint32_t)numbers[i]);
        assert_int_equal(bytes_get((uint8_t *)&big16, 2, true), (uint16_t)numbers[i]);
        assert_int_equal(bytes_get((uint8_t *)&little16, 2, false), (uint16_t)numbers[i]);
        assert_int_equal(bytes_get(&byte, 1, true), byte);
        assert_int_equal(bytes_get(&byte, 1, false), byte);
    }
}

/* Every width, at an odd address, and the bytes around stay as they are. */
static void test_bytes_set__writes_its_bytes_and_no_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_NUMBERS; i++)
        for (unsigned width = 1; width <= 8; width++)
            for (int is_big = 0; is_big <= 1; is_big++) {
                uint8_t bytes[12];
                uint64_t wanted = width == 8 ? numbers[i] : numbers[i] & ((1ULL << width * 8) - 1);
                memset(bytes, 0xa5, sizeof bytes);
                bytes_set(bytes + 1, width, is_big, numbers[i]);
                assert_int_equal(bytes_get(bytes + 1, width, is_big), wanted);
                assert_int_equal(bytes[is_big ? width : 1], numbers[i] & 0xff); /* the lowest */
                assert_int_equal(bytes[0], 0xa5);
                for (size_t k = width + 1; k < sizeof bytes; k++)
                    assert_int_equal(bytes[k], 0xa5);
            }
}

/* The examples of DWARF 5, figure 22. */
static void test_bytes_take_leb__reads_the_examples_of_the_standard(void **state)
{
    static const struct {
        uint64_t number;
        uint8_t bytes[2];
        size_t n;
    } rows[] = {{2, {2}, 1},
                {127, {127}, 1},
                {128, {0x80, 1}, 2},
                {129, {0x81, 1}, 2},
                {12857, {57 + 0x80, 100}, 2}};
    static const uint8_t endless[12] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80};
    uint64_t value;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint8_t *at = rows[i].bytes;
        assert_true(bytes_take_leb(&at, rows[i].bytes + rows[i].n, &value));
        assert_int_equal(value, rows[i].number);
        assert_ptr_equal(at, rows[i].bytes + rows[i].n);
        at = rows[i].bytes;
        assert_false(bytes_take_leb(&at, rows[i].bytes + rows[i].n - 1, &value));
    }
    const uint8_t *at = endless;
    assert_false(bytes_take_leb(&at, endless + sizeof endless, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_take_leb__reads_the_examples_of_the_standard),
        TEST(test_bytes_get__reads_what_the_system_writes),
        TEST(test_bytes_set__writes_its_bytes_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
