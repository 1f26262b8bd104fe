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

/* Takes the unsigned LEB128 number at *at, of which the bytes before `end` are there, and moves *at
 * behind it. Returns false if it does not end there, or is wider than 63 bits. */
bool bytes_take_leb(const uint8_t **at, const uint8_t *end, uint64_t *value);

#endif
