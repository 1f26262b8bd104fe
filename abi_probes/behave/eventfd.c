/* eventfd.c - what the kernel does with an event counter, through the generated bindings.
 *
 * In: the raw binding of eventfd(2), from the folder that -I names. Out: `behaviour eventfd.*`
 * facts.
 *
 * Design: a counter that blocks would hang the probe, and a wrong EFD_NONBLOCK makes one. So only
 * check_flags() believes in EFD_NONBLOCK; every other counter is kept from blocking by fcntl(2),
 * for which the binding is not needed.
 *
 * Every promise is one of eventfd(2); where the manual is silent, of fs/eventfd.c.
 */
#include "probe.h"

#include "eventfd.h"

enum { COUNTER_BYTES = 8 };

#define COUNT_MAX UINT64_C(0xfffffffffffffffe)

/* Opens a counter that does not block. */
static int open_counter(unsigned initial, int flags)
{
    int fd = raw_sys_eventfd2(initial, flags);
    rt_make_nonblocking(fd);
    return fd;
}

static long add(int fd, uint64_t count)
{
    return rt_write(fd, &count, sizeof count);
}

static long read_count(int fd)
{
    uint64_t count;
    return rt_read(fd, &count, sizeof count);
}

/* Takes the count; 0, which no successful read gives, if there is none. */
static uint64_t take(int fd)
{
    uint64_t count = 0;
    return rt_read(fd, &count, sizeof count) == COUNTER_BYTES ? count : 0;
}

static void check_flags(void)
{
    int plain = raw_sys_eventfd2(0, 0);
    int cloexec = raw_sys_eventfd2(0, RAW_EFD_CLOEXEC);
    int nonblock = raw_sys_eventfd2(0, RAW_EFD_NONBLOCK);

    probe_holds("eventfd.no-flags-set-nothing",
                plain >= 0 && !rt_is_cloexec(plain) && !rt_is_nonblocking(plain));
    probe_holds("eventfd.cloexec-is-set", rt_is_cloexec(cloexec) && !rt_is_nonblocking(cloexec));
    probe_holds("eventfd.nonblock-is-set", rt_is_nonblocking(nonblock) && !rt_is_cloexec(nonblock));
    probe_result("eventfd.unknown-flag", -EINVAL, raw_sys_eventfd2(0, 1 << 30));
    (void)rt_close(plain);
    (void)rt_close(cloexec);
    (void)rt_close(nonblock);
}

static void check_counting(void)
{
    int fd = open_counter(7, 0);
    probe_word("eventfd.initial-count-is-read", 7, take(fd));
    probe_result("eventfd.read-resets", -EAGAIN, read_count(fd));

    probe_result("eventfd.write-takes-8-bytes", COUNTER_BYTES, add(fd, 3));
    (void)add(fd, 4);
    probe_word("eventfd.writes-add-up", 7, take(fd));

    /* Only a sum done in the machine's own byte order carries from the low word into the high. */
    (void)add(fd, UINT64_C(0xffffffff));
    (void)add(fd, 1);
    probe_word("eventfd.counter-is-host-endian", UINT64_C(0x100000000), take(fd));
    (void)rt_close(fd);

    fd = open_counter(0, 0);
    probe_result("eventfd.empty-read", -EAGAIN, read_count(fd));
    (void)rt_close(fd);

    fd = raw_sys_eventfd(5); /* the older call, of one argument */
    rt_make_nonblocking(fd);
    probe_word("eventfd.legacy-initial-count-is-read", 5, take(fd));
    (void)rt_close(fd);
}

static void check_limits(void)
{
    int fd = open_counter(0, 0);

    probe_result("eventfd.write-all-ones", -EINVAL, add(fd, UINT64_MAX));
    probe_result("eventfd.write-maximum", COUNTER_BYTES, add(fd, COUNT_MAX));
    probe_result("eventfd.write-past-maximum", -EAGAIN, add(fd, 1));
    probe_word("eventfd.maximum-is-read", COUNT_MAX, take(fd));
    (void)rt_close(fd);
}

static void check_semaphore(void)
{
    int fd = open_counter(2, RAW_EFD_SEMAPHORE);

    probe_word("eventfd.semaphore-first-read", 1, take(fd));
    probe_word("eventfd.semaphore-second-read", 1, take(fd));
    probe_result("eventfd.semaphore-used-up", -EAGAIN, read_count(fd));
    (void)rt_close(fd);
}

static void check_buffers(void)
{
    int fd = open_counter(9, 0);
    uint32_t half = 1;
    uint64_t pair[2] = {0, UINT64_C(0xa5a5a5a5a5a5a5a5)};

    probe_result("eventfd.read-of-4-bytes", -EINVAL, rt_read(fd, &half, sizeof half));
    probe_result("eventfd.write-of-4-bytes", -EINVAL, rt_write(fd, &half, sizeof half));
    probe_result("eventfd.read-of-16-bytes", COUNTER_BYTES, rt_read(fd, pair, sizeof pair));
    probe_word("eventfd.read-of-16-bytes-gives-count", 9, pair[0]);
    probe_word("eventfd.read-of-16-bytes-leaves-rest", UINT64_C(0xa5a5a5a5a5a5a5a5), pair[1]);
    (void)rt_close(fd);
}

void probe_main(void)
{
    check_flags();
    check_counting();
    check_limits();
    check_semaphore();
    check_buffers();
}
