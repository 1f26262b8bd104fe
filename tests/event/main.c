/* usage: contract [WORD]
 *
 * Runs the contract tests of the loop against the backend that is linked; with WORD only those
 * whose name has it. TAP on standard output. Exit codes: 0 all passed or skipped, 1 one failed or
 * none ran.
 */
#include <signal.h>
#include <stdlib.h>

#include "contract.h"

enum { MAX_TESTS = 128 };

int main(int argc, char **argv)
{
    static struct test tests[MAX_TESTS];
    const struct test_list *lists[] = {&contract_tests, &reuse_tests, &failure_tests, &wake_tests,
                                       &call_tests};
    size_t n = 0;

    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (size_t k = 0; k < lists[i]->n_tests; k++) {
            if (n == MAX_TESTS)
                abort();
            tests[n++] = lists[i]->tests[k];
        }
    }
    return check_main(tests, n, argc > 1 ? argv[1] : NULL, reset);
}
