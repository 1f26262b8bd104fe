/* bytes.c - see bytes.h. */
#include "base/bytes.h"

uint64_t bytes_get(const uint8_t *bytes, unsigned width, bool is_big_endian)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < width; i++)
        value = value << 8 | bytes[is_big_endian ? i : width - 1 - i];
    return value;
}

void bytes_set(uint8_t *bytes, unsigned width, bool is_big_endian, uint64_t value)
{
    for (unsigned i = 0; i < width; i++) {
        bytes[is_big_endian ? width - 1 - i : i] = (uint8_t)value;
        value >>= 8;
    }
}

bool bytes_take_leb(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; *at < end && shift < 63; shift += 7) {
        uint8_t byte = *(*at)++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}
