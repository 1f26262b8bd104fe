/* fuzz_record.c - any two records before the judge, under libFuzzer.
 *
 * In: bytes, which record_pair.c makes two declarations of one record of. Out: nothing; a verdict
 * that the oracle shows to be false ends the run, with both records on standard error and the input
 * in build/fuzz.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "record_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct record_pair pair;
    struct arena arena = {NULL};

    record_pair_make(&pair, bytes, n);
    const char *complaint = record_oracle_try(&arena, &pair);
    if (complaint != NULL) {
        fputs(complaint, stderr);
        abort();
    }
    arena_release(&arena);
    return 0;
}
