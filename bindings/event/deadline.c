/* Deadlines: points of the monotonic clock in nanoseconds. In: milliseconds from now; out: how many
 * are left, rounded up. Nothing here overflows: what is too far away is ABP_NEVER.
 */
#include <time.h>

#include "abp_event.h"

enum { NS_PER_MS = 1000000 };

static int64_t now_ns(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* fails for unknown clocks and bad pointers only */
    return (int64_t)now.tv_sec * 1000 * NS_PER_MS + now.tv_nsec;
}

int64_t abp_deadline_in(int64_t timeout_ms)
{
    if (timeout_ms < 0)
        return ABP_NEVER;
    int64_t now = now_ns();
    return timeout_ms > (ABP_NEVER - now) / NS_PER_MS ? ABP_NEVER : now + timeout_ms * NS_PER_MS;
}

bool abp_deadline_expired(int64_t deadline)
{
    return deadline != ABP_NEVER && now_ns() >= deadline;
}

int64_t abp_deadline_remaining_ms(int64_t deadline)
{
    if (deadline == ABP_NEVER)
        return INT64_MAX;
    int64_t now = now_ns();
    if (deadline <= now)
        return 0;
    int64_t left = deadline - now;
    return left / NS_PER_MS + (left % NS_PER_MS != 0);
}
