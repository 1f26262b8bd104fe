/* epoll_params.c - what the kernel does with the busy-poll parameters of a queue, through the
 * generated bindings.
 *
 * In: the raw bindings, from the folder that -I names. Out: `behaviour epoll_params.*` facts.
 *
 * Design: what is set comes back, wherever the kernel believes the fields to be, so that shows
 * nothing of the layout. What the kernel refuses does: a value that only one field may not have,
 * given byte by byte in an otherwise empty structure, is refused at that field's byte and at no
 * other.
 *
 * Every promise is one of ioctl_eventpoll(2); where the manual is silent, of fs/eventpoll.c. A
 * kernel before 6.9 does not know the requests (ENOTTY), one without CONFIG_NET_RX_BUSY_POLL does
 * nothing about them (EOPNOTSUPP), QEMU does not pass them on (ENOSYS or ENOTTY): nothing is
 * checked then. A wrong number cannot hide behind that, since a kernel that knows the requests
 * answers EINVAL to any other.
 */
#include "probe.h"

#include "epoll.h"
#include "epoll_params.h"

enum {
    GUARD_BYTES = 16,
    PARAMS_BYTES = 8,
    BUFFER_BYTES = GUARD_BYTES + PARAMS_BYTES + GUARD_BYTES
};

/* Why nothing can be checked; NULL if it can. */
static const char *unknown;

static void find_out(void)
{
    int epfd = raw_sys_epoll_create1(0);
    struct raw_epoll_params params;
    long result = raw_sys_ioctl(epfd, RAW_EPIOCGPARAMS, &params);

    unknown = result == -ENOTTY       ? "ENOTTY"
              : result == -ENOSYS     ? "ENOSYS"
              : result == -EOPNOTSUPP ? "EOPNOTSUPP"
                                      : NULL;
    (void)rt_close(epfd);
}

static void expect_result(const char *name, long expected, long got)
{
    if (unknown != NULL)
        probe_not_checked(name, unknown);
    else
        probe_result(name, expected, got);
}

static void expect_word(const char *name, uint64_t expected, uint64_t got)
{
    if (unknown != NULL)
        probe_not_checked(name, unknown);
    else
        probe_word(name, expected, got);
}

static long set(int epfd, void *params)
{
    return raw_sys_ioctl(epfd, RAW_EPIOCSPARAMS, (struct raw_epoll_params *)params);
}

static void check_values(void)
{
    int epfd = raw_sys_epoll_create1(0);
    struct raw_epoll_params params;

    memset(&params, 0, sizeof params);
    params.busy_poll_usecs = 0x01020304;
    params.busy_poll_budget = 40;
    params.prefer_busy_poll = 1;
    expect_result("epoll_params.set", 0, set(epfd, &params));
    struct raw_epoll_params got;
    memset(&got, 0xa5, sizeof got);
    expect_result("epoll_params.get", 0, raw_sys_ioctl(epfd, RAW_EPIOCGPARAMS, &got));
    expect_word("epoll_params.usecs-come-back", 0x01020304, got.busy_poll_usecs);
    expect_word("epoll_params.budget-comes-back", 40, got.busy_poll_budget);
    expect_word("epoll_params.preference-comes-back", 1, got.prefer_busy_poll);
    expect_word("epoll_params.pad-is-zero", 0, got.__pad);
    (void)rt_close(epfd);
}

/* A new queue has zeros: every byte that the poison is gone from was written. */
static void check_extent(void)
{
    _Alignas(16) unsigned char buffer[BUFFER_BYTES];
    int epfd = raw_sys_epoll_create1(0);

    memset(buffer, 0xa5, sizeof buffer);
    (void)raw_sys_ioctl(epfd, RAW_EPIOCGPARAMS,
                        (struct raw_epoll_params *)(void *)(buffer + GUARD_BYTES));
    size_t n_zero = 0;
    size_t n_kept = 0;
    for (size_t i = 0; i < sizeof buffer; i++) {
        bool is_inside = i >= GUARD_BYTES && i < GUARD_BYTES + PARAMS_BYTES;
        n_zero += is_inside && buffer[i] == 0;
        n_kept += !is_inside && buffer[i] == 0xa5;
    }
    expect_word("epoll_params.get-fills-8-bytes", PARAMS_BYTES, n_zero);
    expect_word("epoll_params.get-leaves-the-rest", BUFFER_BYTES - PARAMS_BYTES, n_kept);
    (void)rt_close(epfd);
}

/* The bytes at which this value is refused with EINVAL, as bits: 1 << offset. */
static unsigned refused(unsigned char value)
{
    int epfd = raw_sys_epoll_create1(0);
    unsigned offsets = 0;

    for (size_t i = 0; i < PARAMS_BYTES; i++) {
        _Alignas(16) unsigned char bytes[PARAMS_BYTES] = {0};
        bytes[i] = value;
        if (set(epfd, bytes) == -EINVAL)
            offsets |= 1U << i;
    }
    (void)rt_close(epfd);
    return offsets;
}

static unsigned at(size_t offset)
{
    return 1U << offset;
}

static void check_layout(void)
{
    enum { HIGH_BYTE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 3 : 0 };
    size_t usecs = __builtin_offsetof(struct raw_epoll_params, busy_poll_usecs);
    unsigned preference = at(__builtin_offsetof(struct raw_epoll_params, prefer_busy_poll));
    unsigned pad = at(__builtin_offsetof(struct raw_epoll_params, __pad));

    /* More than INT_MAX microseconds, a preference that is neither 0 nor 1, a pad that is not 0. */
    expect_word("epoll_params.0x1-is-refused-in-the-pad", pad, refused(0x1));
    expect_word("epoll_params.0x2-is-refused-as-preference", pad | preference, refused(0x2));
    expect_word("epoll_params.0x80-is-refused-as-highest-byte",
                pad | preference | at(usecs + HIGH_BYTE), refused(0x80));
}

static void check_refusals(void)
{
    int epfd = raw_sys_epoll_create1(0);
    int fds[2];

    rt_pipe(fds);
    struct raw_epoll_params params;
    expect_result("epoll_params.unknown-request", -EINVAL,
                  raw_sys_ioctl(epfd, RAW_EPIOCGPARAMS + 1, &params));
    expect_result("epoll_params.set-from-nowhere", -EFAULT,
                  raw_sys_ioctl(epfd, RAW_EPIOCSPARAMS, NULL));
    expect_result("epoll_params.get-to-nowhere", -EFAULT,
                  raw_sys_ioctl(epfd, RAW_EPIOCGPARAMS, NULL));
    expect_result("epoll_params.get-of-no-queue", -ENOTTY,
                  raw_sys_ioctl(fds[0], RAW_EPIOCGPARAMS, &params));
    rt_close_both(fds);
    (void)rt_close(epfd);
}

void probe_main(void)
{
    find_out();
    check_values();
    check_extent();
    check_layout();
    check_refusals();
}
