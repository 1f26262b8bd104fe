/* usage: contract [WORD]
 *
 * Runs the contract tests of the loop against the backend that is linked; with WORD only those
 * whose name has it. TAP on standard output. Exit codes: 0 all passed or skipped, 1 one failed or
 * none ran.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "contract.h"

enum { MAX_TESTS = 128, N_DESCRIPTORS = 2048 };

/* macOS allows 256 unless it is asked. */
static void allow_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= N_DESCRIPTORS)
        return;
    limit.rlim_cur = limit.rlim_max < N_DESCRIPTORS ? limit.rlim_max : N_DESCRIPTORS;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    static struct test tests[MAX_TESTS];
    const struct test_list *lists[] = {&contract_tests, &reuse_tests,  &failure_tests, &wake_tests,
                                       &call_tests,     &shared_tests, &cost_tests,    &time_tests,
                                       &renewal_tests,  &kqueue_tests};

    (void)signal(SIGPIPE, SIG_IGN);
    allow_descriptors();
    size_t n = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (size_t k = 0; k < lists[i]->n_tests; k++) {
            if (n == MAX_TESTS)
                abort();
            tests[n++] = lists[i]->tests[k];
        }
    }
    return check_main(tests, n, argc > 1 ? argv[1] : NULL, reset);
}
