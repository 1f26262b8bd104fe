/* A binding as many projects have one, for tests and for the README: one record and a few constants
 * of epoll, written by hand. One constant is wrong on purpose: abiproof.yaml accepts it. */
#include <stdint.h>

struct event {
    uint32_t interest;
    uint64_t data;
}
#ifdef __x86_64__
__attribute__((packed))
#endif
;

const uint32_t EPOLLIN = 0x1;
const uint32_t EPOLLOUT = 0x4;
const uint32_t EPOLLET = 0x40000000; /* is 0x80000000 */

/* A type that nothing uses is not in the debug information. */
struct event pending[64];
