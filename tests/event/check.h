/* What the contract tests need, in one header, since they also run as static programs on other
 * machines, where no test library is: checks, a list of tests, TAP on standard output.
 *
 * A failed check prints the expression, what was expected and what was there, ends its test and no
 * other. A test that hangs is ended by SIGALRM, which ends the program.
 */
#ifndef TESTS_EVENT_CHECK_H
#define TESTS_EVENT_CHECK_H

#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct test {
    const char *name; /* says what is broken when it fails */
    void (*run)(void);
};

extern jmp_buf check_failed;
extern const char *check_skipped; /* reason, or NULL */
extern unsigned check_count;      /* checks made by the test that runs */

#define TEST(function) {#function, function}

#define CHECK_INT(expected, got)                                                                   \
    do {                                                                                           \
        long long expected_ = (long long)(expected), got_ = (long long)(got);                      \
        check_count++;                                                                             \
        if (expected_ != got_) {                                                                   \
            printf("# %s:%d: %s: expected %lld, got %lld\n", __FILE__, __LINE__, #got, expected_,  \
                   got_);                                                                          \
            longjmp(check_failed, 1);                                                              \
        }                                                                                          \
    } while (0)

#define CHECK_BETWEEN(low, high, got)                                                              \
    do {                                                                                           \
        long long low_ = (long long)(low), high_ = (long long)(high), got_ = (long long)(got);     \
        check_count++;                                                                             \
        if (got_ < low_ || got_ > high_) {                                                         \
            printf("# %s:%d: %s: expected %lld to %lld, got %lld\n", __FILE__, __LINE__, #got,     \
                   low_, high_, got_);                                                             \
            longjmp(check_failed, 1);                                                              \
        }                                                                                          \
    } while (0)

#define CHECK_PTR(expected, got)                                                                   \
    do {                                                                                           \
        const void *expected_ = (expected), *got_ = (got);                                         \
        check_count++;                                                                             \
        if (expected_ != got_) {                                                                   \
            printf("# %s:%d: %s: expected %p, got %p\n", __FILE__, __LINE__, #got, expected_,      \
                   got_);                                                                          \
            longjmp(check_failed, 1);                                                              \
        }                                                                                          \
    } while (0)

#define CHECK(condition) CHECK_INT(1, !!(condition))

/* Ends the test as skipped. */
#define SKIP(reason)                                                                               \
    do {                                                                                           \
        check_skipped = (reason);                                                                  \
        longjmp(check_failed, 2);                                                                  \
    } while (0)

/* Runs all, or those whose name has `only` in it, and `after` behind each; 0, or 1 if one failed or
 * none ran. */
int check_main(const struct test *tests, size_t n_tests, const char *only, void (*after)(void));

#endif
