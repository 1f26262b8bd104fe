/* epoll.c - what the kernel does with an event queue, through the generated bindings.
 *
 * In: the raw binding of epoll(7), from the folder that -I names. Out: the layout of epoll_event as
 * the kernel reads and writes it, and `behaviour epoll.*` facts.
 *
 * Design: the layout is learned, not assumed. The kernel is given plain bytes in place of events,
 * and each byte says at which offset it lies. The data word comes back verbatim, so what it holds
 * tells from where the kernel read it, and where it lies tells where the kernel writes it; the
 * second event tells the stride. Done twice over opposite poison, every byte that is the same both
 * times was written by the kernel, and no other was.
 *
 * A wrong stride can work by luck: an event of 16 bytes where the kernel's has 12 brings the first
 * data word back correctly and breaks the second. Hence two events wherever one would seem to do.
 *
 * Every promise is one of epoll_create(2), epoll_ctl(2) or epoll_wait(2); where the manual is
 * silent, of fs/eventpoll.c. Nothing waits for long, even through a wrong binding.
 */
#include "probe.h"

#include "epoll.h"

enum { N_FDS = 2, WAIT_MS = 100 };

/* ---- the layout ---------------------------------------------------------------------------- */

enum {
    GUARD_BYTES = 64,
    EVENT_BYTES = 32, /* room for one event of any layout */
    ARRAY_BYTES = N_FDS * EVENT_BYTES,
    BUFFER_BYTES = GUARD_BYTES + ARRAY_BYTES + GUARD_BYTES,
    MASK_BYTES = 4, /* __poll_t, which is a __u32 everywhere: linux/types.h */
};

/* What byte i of the event given for descriptor k holds, after the mask: base[k] + i. */
static const unsigned char base[N_FDS] = {0x10, 0x60};

/* Where a data word lies in the buffer, and where in the event given to epoll_ctl it came from. */
struct word {
    size_t at;
    size_t source;
    size_t size; /* 0: not found */
};

static void give_event(int epfd, int fd, unsigned char first)
{
    _Alignas(16) unsigned char bytes[EVENT_BYTES];
    raw_u32 mask = RAW_EPOLLIN;

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(first + i);
    memcpy(bytes, &mask, MASK_BYTES);
    (void)raw_sys_epoll_ctl(epfd, RAW_EPOLL_CTL_ADD, fd, (struct raw_epoll_event *)(void *)bytes);
}

/* Poisons the buffer and has the kernel write events into its middle. Returns how many. */
static long take_events(unsigned char buffer[BUFFER_BYTES], int poison)
{
    int fds[N_FDS][2];
    int epfd = raw_sys_epoll_create1(0);

    /* A socket that can be read and written: were the mask read from elsewhere, more than EPOLLIN
     * would come back. */
    for (int k = 0; k < N_FDS; k++) {
        rt_socketpair(fds[k]);
        (void)rt_write(fds[k][1], "", 1);
        give_event(epfd, fds[k][0], base[k]);
    }
    memset(buffer, poison, BUFFER_BYTES);
    long n = raw_sys_epoll_wait(epfd, (struct raw_epoll_event *)(void *)(buffer + GUARD_BYTES),
                                N_FDS, WAIT_MS);
    for (int k = 0; k < N_FDS; k++)
        rt_close_both(fds[k]);
    (void)rt_close(epfd);
    return n;
}

/* Finds the longest row of written bytes that count upwards and came from the event given. */
static struct word find_word(const unsigned char *buffer, const bool *is_written,
                             unsigned char first)
{
    struct word best = {0, 0, 0};

    for (size_t at = 0; at < BUFFER_BYTES; at++) {
        size_t source = (size_t)(unsigned char)(buffer[at] - first);
        size_t size = 0;
        while (source + size < EVENT_BYTES && at + size < BUFFER_BYTES && is_written[at + size] &&
               buffer[at + size] == (unsigned char)(first + source + size)) {
            size++;
        }
        if (source >= MASK_BYTES && size > best.size)
            best = (struct word){at, source, size};
    }
    return best;
}

static void print_layout(const unsigned char *buffer, const bool *is_written, struct word first,
                         struct word second)
{
    size_t stride = second.at - first.at;
    size_t events_at = BUFFER_BYTES;
    size_t events_size = 0;
    bool is_guard_whole = true;

    for (size_t at = 0; at < BUFFER_BYTES; at++) {
        bool is_data = at >= first.at && at < first.at + first.size;
        if (!is_written[at])
            continue;
        if (at < GUARD_BYTES || at >= GUARD_BYTES + N_FDS * stride) {
            is_guard_whole = false;
        } else if (at < GUARD_BYTES + stride && !is_data) {
            events_at = at < events_at ? at : events_at;
            events_size++;
        }
    }
    raw_u32 masks[N_FDS] = {0, 0};
    if (events_size == MASK_BYTES && events_at + stride + MASK_BYTES <= BUFFER_BYTES) {
        memcpy(&masks[0], buffer + events_at, MASK_BYTES);
        memcpy(&masks[1], buffer + events_at + stride, MASK_BYTES);
    }

    probe_record("epoll_event", stride, 0, NULL);
    probe_field("epoll_event.events", events_at - GUARD_BYTES, events_size, NULL);
    probe_field("epoll_event.data", first.at - GUARD_BYTES, first.size, NULL);
    probe_holds("epoll.guard-bytes-untouched", is_guard_whole);
    probe_holds("epoll.data-written-where-read", first.source == first.at - GUARD_BYTES &&
                                                     second.source == first.source &&
                                                     second.size == first.size);
    probe_word("epoll.first-mask-returned", RAW_EPOLLIN, masks[0]);
    probe_word("epoll.second-mask-returned", RAW_EPOLLIN, masks[1]);
}

static void check_layout(void)
{
    static _Alignas(16) unsigned char buffers[2][BUFFER_BYTES];
    static bool is_written[BUFFER_BYTES];
    long n = take_events(buffers[0], 0xa5);
    long n_again = take_events(buffers[1], 0x5a);

    for (size_t at = 0; at < BUFFER_BYTES; at++)
        is_written[at] = buffers[0][at] == buffers[1][at];
    struct word words[N_FDS];
    for (int k = 0; k < N_FDS; k++)
        words[k] = find_word(buffers[0], is_written, base[k]);

    probe_result("epoll.both-events-returned", N_FDS, n == N_FDS ? n_again : n);
    if (words[0].size == 0 || words[1].size == 0)
        probe_not_checked("epoll.guard-bytes-untouched", "the kernel returned no data word");
    else if (words[0].at < words[1].at) /* the kernel may return events in any order */
        print_layout(buffers[0], is_written, words[0], words[1]);
    else
        print_layout(buffers[0], is_written, words[1], words[0]);
}

/* ---- the binding's accessors --------------------------------------------------------------- */

/* Two pipes that can be read, and a queue to watch them. */
struct pipes {
    int epfd;
    int fds[N_FDS][2];
};

static void pipes_open(struct pipes *pipes)
{
    pipes->epfd = raw_sys_epoll_create1(0);
    for (int k = 0; k < N_FDS; k++) {
        rt_pipe(pipes->fds[k]);
        (void)rt_write(pipes->fds[k][1], "", 1);
    }
}

static void pipes_close(struct pipes *pipes)
{
    for (int k = 0; k < N_FDS; k++)
        rt_close_both(pipes->fds[k]);
    (void)rt_close(pipes->epfd);
}

/* Adds pipe k with the data that event already holds. */
static long pipes_add(struct pipes *pipes, int k, struct raw_epoll_event *event)
{
    event->events = RAW_EPOLLIN;
    return raw_sys_epoll_ctl(pipes->epfd, RAW_EPOLL_CTL_ADD, pipes->fds[k][0], event);
}

/* Waits for both and puts them into the order of the pipes, distinguished by the first one's
 * data. */
static void pipes_wait(struct pipes *pipes, struct raw_epoll_event events[N_FDS + 1],
                       raw_u64 second_data)
{
    memset(events, 0xa5, (N_FDS + 1) * sizeof events[0]);
    (void)raw_sys_epoll_wait(pipes->epfd, events, N_FDS, WAIT_MS);
    if (raw_epoll_event_get_data(&events[0]) == second_data) {
        struct raw_epoll_event first = events[1];
        events[1] = events[0];
        events[0] = first;
    }
}

static void check_data(void)
{
    static const raw_u64 words[N_FDS] = {UINT64_C(0x0706050403020100),
                                         UINT64_C(0xf7f6f5f4f3f2f1f0)};
    struct pipes pipes;

    pipes_open(&pipes);
    struct raw_epoll_event events[N_FDS + 1];
    for (int k = 0; k < N_FDS; k++) {
        raw_epoll_event_set_data(&events[k], words[k]);
        (void)pipes_add(&pipes, k, &events[k]);
    }
    pipes_wait(&pipes, events, words[1]);
    probe_word("epoll.first-data-verbatim", words[0], raw_epoll_event_get_data(&events[0]));
    probe_word("epoll.second-data-verbatim", words[1], raw_epoll_event_get_data(&events[1]));
    probe_word("epoll.first-events", RAW_EPOLLIN, events[0].events);
    probe_word("epoll.second-events", RAW_EPOLLIN, events[1].events);

    /* A binding's event that is smaller than the kernel's would have had this one written over. */
    struct raw_epoll_event untouched;
    memset(&untouched, 0xa5, sizeof untouched);
    probe_holds("epoll.third-event-untouched",
                memcmp(&events[N_FDS], &untouched, sizeof untouched) == 0);
    pipes_close(&pipes);
}

static void check_views(void)
{
    static const int numbers[N_FDS] = {0x12345678, 0x7edcba98};
    struct pipes pipes;

    pipes_open(&pipes);
    struct raw_epoll_event events[N_FDS + 1];
    memset(events, 0xa5, sizeof events);
    for (int k = 0; k < N_FDS; k++) {
        raw_epoll_event_set_fd(&events[k], numbers[k]);
        (void)pipes_add(&pipes, k, &events[k]);
    }
    pipes_wait(&pipes, events, raw_epoll_event_get_data(&events[1]));
    probe_word("epoll.first-fd-verbatim", (raw_u32)numbers[0],
               (raw_u32)raw_epoll_event_get_fd(&events[0]));
    probe_word("epoll.second-fd-verbatim", (raw_u32)numbers[1],
               (raw_u32)raw_epoll_event_get_fd(&events[1]));
    pipes_close(&pipes);

    pipes_open(&pipes);
    memset(events, 0xa5, sizeof events);
    for (int k = 0; k < N_FDS; k++) {
        raw_epoll_event_set_ptr(&events[k], &pipes.fds[k]);
        (void)pipes_add(&pipes, k, &events[k]);
    }
    pipes_wait(&pipes, events, raw_epoll_event_get_data(&events[1]));
    probe_holds("epoll.first-pointer-verbatim",
                raw_epoll_event_get_ptr(&events[0]) == (void *)&pipes.fds[0]);
    probe_holds("epoll.second-pointer-verbatim",
                raw_epoll_event_get_ptr(&events[1]) == (void *)&pipes.fds[1]);
    pipes_close(&pipes);
}

/* ---- one descriptor ------------------------------------------------------------------------ */

static long control(int epfd, int op, int fd, raw_u32 events)
{
    struct raw_epoll_event event;
    event.events = events;
    raw_epoll_event_set_fd(&event, fd);
    return raw_sys_epoll_ctl(epfd, op, fd, &event);
}

/* What wait returns at once: the number of events, and which happened to the first descriptor. */
static long poll_queue(int epfd, raw_u32 *events)
{
    struct raw_epoll_event happened[N_FDS];
    long n = raw_sys_epoll_wait(epfd, happened, N_FDS, 0);
    *events = n > 0 ? happened[0].events : 0;
    return n;
}

static long count_events(int epfd)
{
    raw_u32 events;
    return poll_queue(epfd, &events);
}

static void check_half_close(void)
{
    int epfd = raw_sys_epoll_create1(0);
    int fds[2];

    rt_socketpair(fds);
    (void)control(epfd, RAW_EPOLL_CTL_ADD, fds[0], RAW_EPOLLIN | RAW_EPOLLRDHUP);
    raw_u32 events;
    probe_result("epoll.nothing-happened", 0, poll_queue(epfd, &events));
    (void)rt_shutdown_writing(fds[1]);
    (void)poll_queue(epfd, &events);
    probe_word("epoll.half-close-is-rdhup", RAW_EPOLLIN | RAW_EPOLLRDHUP, events);
    rt_close_both(fds);
    (void)rt_close(epfd);
}

static void check_triggers(void)
{
    int epfd = raw_sys_epoll_create1(0);
    int fds[2];

    rt_pipe(fds);
    (void)rt_write(fds[1], "", 1);

    (void)control(epfd, RAW_EPOLL_CTL_ADD, fds[0], RAW_EPOLLIN);
    probe_result("epoll.level-triggered", 1, count_events(epfd));
    probe_result("epoll.level-triggered-again", 1, count_events(epfd));

    (void)control(epfd, RAW_EPOLL_CTL_MOD, fds[0], RAW_EPOLLIN | RAW_EPOLLET);
    probe_result("epoll.edge-triggered", 1, count_events(epfd));
    probe_result("epoll.edge-triggered-once", 0, count_events(epfd));
    (void)rt_write(fds[1], "", 1);
    probe_result("epoll.edge-triggered-by-more-data", 1, count_events(epfd));

    (void)control(epfd, RAW_EPOLL_CTL_MOD, fds[0], RAW_EPOLLIN | RAW_EPOLLONESHOT);
    probe_result("epoll.oneshot", 1, count_events(epfd));
    probe_result("epoll.oneshot-once", 0, count_events(epfd));
    (void)rt_write(fds[1], "", 1);
    probe_result("epoll.oneshot-not-by-more-data", 0, count_events(epfd));
    (void)control(epfd, RAW_EPOLL_CTL_MOD, fds[0], RAW_EPOLLIN | RAW_EPOLLONESHOT);
    probe_result("epoll.oneshot-rearmed-by-mod", 1, count_events(epfd));

    rt_close_both(fds);
    (void)rt_close(epfd);
}

static void check_control(void)
{
    enum { NO_SUCH_OP = 99 };
    int epfd = raw_sys_epoll_create1(0);
    int fds[2];

    rt_pipe(fds);
    int fd = fds[0];
    probe_result("epoll.mod-absent", -ENOENT, control(epfd, RAW_EPOLL_CTL_MOD, fd, RAW_EPOLLIN));
    probe_result("epoll.del-absent", -ENOENT, control(epfd, RAW_EPOLL_CTL_DEL, fd, 0));
    probe_result("epoll.add", 0, control(epfd, RAW_EPOLL_CTL_ADD, fd, RAW_EPOLLIN));
    probe_result("epoll.add-twice", -EEXIST, control(epfd, RAW_EPOLL_CTL_ADD, fd, RAW_EPOLLIN));
    probe_result("epoll.mod", 0, control(epfd, RAW_EPOLL_CTL_MOD, fd, RAW_EPOLLIN));
    probe_result("epoll.unknown-op", -EINVAL, control(epfd, NO_SUCH_OP, fd, RAW_EPOLLIN));
    probe_result("epoll.mod-exclusive", -EINVAL,
                 control(epfd, RAW_EPOLL_CTL_MOD, fd, RAW_EPOLLIN | RAW_EPOLLEXCLUSIVE));
    probe_result("epoll.del-without-event", 0,
                 raw_sys_epoll_ctl(epfd, RAW_EPOLL_CTL_DEL, fd, NULL));
    probe_result("epoll.add-exclusive", 0,
                 control(epfd, RAW_EPOLL_CTL_ADD, fd, RAW_EPOLLIN | RAW_EPOLLEXCLUSIVE));
    probe_result("epoll.add-itself", -EINVAL, control(epfd, RAW_EPOLL_CTL_ADD, epfd, RAW_EPOLLIN));
    probe_result("epoll.add-closed", -EBADF, control(epfd, RAW_EPOLL_CTL_ADD, -1, RAW_EPOLLIN));
    rt_close_both(fds);
    (void)rt_close(epfd);
}

/* ---- the calls ----------------------------------------------------------------------------- */

static void check_create(void)
{
    int plain = raw_sys_epoll_create1(0);
    int cloexec = raw_sys_epoll_create1(RAW_EPOLL_CLOEXEC);
    int older = raw_sys_epoll_create(1);
    int sizeless = raw_sys_epoll_create(0);

    probe_holds("epoll.no-flags-set-nothing", plain >= 0 && !rt_is_cloexec(plain));
    probe_holds("epoll.cloexec-is-set", rt_is_cloexec(cloexec));
    probe_result("epoll.unknown-flag", -EINVAL, raw_sys_epoll_create1(1));
    probe_holds("epoll.create-opens-a-queue", older >= 0 && count_events(older) == 0);
    probe_result("epoll.create-of-size-0", -EINVAL, sizeless);
    (void)rt_close(plain);
    (void)rt_close(cloexec);
    (void)rt_close(older);
    (void)rt_close(sizeless);
}

static void check_wait(void)
{
    /* The kernel's mask, with room for a size that is too large: a signal that nobody sends. */
    raw_u64 mask[4] = {1, 0, 0, 0};
    struct pipes pipes;

    pipes_open(&pipes);
    struct raw_epoll_event events[N_FDS];
    probe_result("epoll.wait-of-0-ms", 0, raw_sys_epoll_wait(pipes.epfd, events, N_FDS, 0));
    probe_result("epoll.wait-times-out", 0, raw_sys_epoll_wait(pipes.epfd, events, N_FDS, 1));
    probe_result("epoll.maxevents-0", -EINVAL, raw_sys_epoll_wait(pipes.epfd, events, 0, 0));
    probe_result("epoll.maxevents-negative", -EINVAL,
                 raw_sys_epoll_wait(pipes.epfd, events, -1, 0));
    probe_result("epoll.wait-on-no-queue", -EINVAL,
                 raw_sys_epoll_wait(pipes.fds[0][0], events, N_FDS, 0));

    for (int k = 0; k < N_FDS; k++) {
        raw_epoll_event_set_fd(&events[k], k);
        (void)pipes_add(&pipes, k, &events[k]);
    }
    probe_result("epoll.maxevents-is-kept", 1, raw_sys_epoll_wait(pipes.epfd, events, 1, 0));
    probe_result("epoll.pwait-without-mask", N_FDS,
                 raw_sys_epoll_pwait(pipes.epfd, events, N_FDS, 0, NULL, RAW_SIGSET_SIZE));
    probe_result("epoll.pwait-sigset-size", N_FDS,
                 raw_sys_epoll_pwait(pipes.epfd, events, N_FDS, 0, mask, RAW_SIGSET_SIZE));
    probe_result("epoll.pwait-sigset-of-half-size", -EINVAL,
                 raw_sys_epoll_pwait(pipes.epfd, events, N_FDS, 0, mask, RAW_SIGSET_SIZE / 2));
    probe_result("epoll.pwait-sigset-of-double-size", -EINVAL,
                 raw_sys_epoll_pwait(pipes.epfd, events, N_FDS, 0, mask, RAW_SIGSET_SIZE * 2));
    pipes_close(&pipes);
}

static long pwait2(int epfd, raw_i64 seconds, raw_i64 nanoseconds, raw_size sigset_size)
{
    struct raw___kernel_timespec timeout;
    raw_u64 mask[4] = {1, 0, 0, 0};

    timeout.tv_sec = seconds;
    timeout.tv_nsec = nanoseconds;
    struct raw_epoll_event events[N_FDS];
    return raw_sys_epoll_pwait2(epfd, events, N_FDS, &timeout, mask, sigset_size);
}

static void check_pwait2(void)
{
    enum { MILLISECOND = 1000000, SECOND = 1000000000 };
    int empty = raw_sys_epoll_create1(0);
    struct pipes pipes;

    pipes_open(&pipes);
    for (int k = 0; k < N_FDS; k++) {
        struct raw_epoll_event event;
        raw_epoll_event_set_fd(&event, k);
        (void)pipes_add(&pipes, k, &event);
    }

    /* With events at hand no timeout, however misread, makes this wait. What the kernel rejects, it
     * must have read from where the binding put it. */
    long n = pwait2(pipes.epfd, 0, MILLISECOND, RAW_SIGSET_SIZE);
    long below = pwait2(pipes.epfd, -1, MILLISECOND, RAW_SIGSET_SIZE);
    long past = pwait2(pipes.epfd, 0, SECOND, RAW_SIGSET_SIZE);
    long half = pwait2(pipes.epfd, 0, MILLISECOND, RAW_SIGSET_SIZE / 2);

    if (n == -ENOSYS) { /* Linux before 5.11, and what QEMU 7.2 answers for a program */
        probe_not_checked("epoll.pwait2", "ENOSYS");
        probe_not_checked("epoll.pwait2-seconds-below-0", "ENOSYS");
        probe_not_checked("epoll.pwait2-nanoseconds-past-limit", "ENOSYS");
        probe_not_checked("epoll.pwait2-sigset-of-half-size", "ENOSYS");
        probe_not_checked("epoll.pwait2-times-out", "ENOSYS");
    } else {
        probe_result("epoll.pwait2", N_FDS, n);
        probe_result("epoll.pwait2-seconds-below-0", -EINVAL, below);
        probe_result("epoll.pwait2-nanoseconds-past-limit", -EINVAL, past);
        probe_result("epoll.pwait2-sigset-of-half-size", -EINVAL, half);
        if (below == -EINVAL && past == -EINVAL) {
            probe_result("epoll.pwait2-times-out", 0,
                         pwait2(empty, 0, MILLISECOND, RAW_SIGSET_SIZE));
        } else {
            probe_not_checked("epoll.pwait2-times-out", "the kernel misreads the timeout");
        }
    }
    pipes_close(&pipes);
    (void)rt_close(empty);
}

void probe_main(void)
{
    check_layout();
    check_data();
    check_views();
    check_half_close();
    check_triggers();
    check_control();
    check_create();
    check_wait();
    check_pwait2();
}
