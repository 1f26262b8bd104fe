/* Runs a list of tests and prints TAP. */
#include "check.h"

jmp_buf check_failed;
const char *check_skipped;
unsigned check_count;

enum { LIMIT_S = 60 };

int check_main(const struct test *tests, size_t n_tests, const char *only, void (*after)(void))
{
    static unsigned n_run, n_failed; /* static: they outlive a longjmp */
    static size_t i;

    for (i = 0; i < n_tests; i++) {
        if (only != NULL && strstr(tests[i].name, only) == NULL)
            continue;
        n_run++;
        check_skipped = NULL;
        check_count = 0;
        alarm(LIMIT_S);
        if (setjmp(check_failed) == 0) {
            tests[i].run();
            if (check_count == 0) {
                printf("# %s checked nothing\n", tests[i].name);
                longjmp(check_failed, 1);
            }
            printf("ok %u - %s\n", n_run, tests[i].name);
        } else if (check_skipped != NULL) {
            printf("ok %u - %s # SKIP %s\n", n_run, tests[i].name, check_skipped);
        } else {
            n_failed++;
            printf("not ok %u - %s\n", n_run, tests[i].name);
        }
        after();
        fflush(stdout);
    }
    alarm(0);
    printf("1..%u\n", n_run);
    return n_failed > 0 || n_run == 0;
}
