/* bytes.h - numbers in files of either byte order.
 *
 * In: bytes, a width and a byte order. Out: the unsigned number that they are, or the other way
 * round. Neither the order of this machine nor alignment has a part in it.
 */
#ifndef ABIPROOF_BYTES_H
#define ABIPROOF_BYTES_H

#include <stdbool.h>
#include <stdint.h>

/* The unsigned number of `width` bytes (1 to 8) at `bytes`. */
uint64_t bytes_get(const uint8_t *bytes, unsigned width, bool is_big_endian);

/* Stores the low `width` bytes (1 to 8) of a number at `bytes`. */
void bytes_set(uint8_t *bytes, unsigned width, bool is_big_endian, uint64_t value);

#endif
