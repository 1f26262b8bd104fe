/* See source.h. In: descriptors and bits; out: Linux's calls, by the bindings where they have them.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "epoll.h"
#include "eventfd.h"
#include "timerfd.h"

enum { MAX_EVENTS = 1024, NS_PER_S = 1000000000 };

int source_queue(void)
{
    return raw_sys_epoll_create1(0);
}

int source_watch(int queue, int fd, unsigned bits, bool is_edge, void *data)
{
    struct raw_epoll_event event = {.events = (bits & SOURCE_IN) != 0 ? RAW_EPOLLIN | RAW_EPOLLRDHUP
                                                                      : RAW_EPOLLOUT};

    event.events |= is_edge ? RAW_EPOLLET : 0U;
    raw_epoll_event_set_data(&event, (uintptr_t)data);
    int result = raw_sys_epoll_ctl(queue, RAW_EPOLL_CTL_MOD, fd, &event);
    return result == -ENOENT ? raw_sys_epoll_ctl(queue, RAW_EPOLL_CTL_ADD, fd, &event) : result;
}

void source_forget(int queue, int fd)
{
    struct raw_epoll_event unused = {0};

    (void)raw_sys_epoll_ctl(queue, RAW_EPOLL_CTL_DEL, fd, &unused);
}

int source_wait(int queue, struct source_event *events, int cap, int timeout_ms)
{
    struct raw_epoll_event batch[MAX_EVENTS];
    int n = raw_sys_epoll_wait(queue, batch, cap < MAX_EVENTS ? cap : MAX_EVENTS, timeout_ms);

    for (int i = 0; i < n; i++) {
        raw_u32 mask = batch[i].events;
        events[i].data = (void *)(uintptr_t)raw_epoll_event_get_data(&batch[i]);
        events[i].bits = ((mask & RAW_EPOLLIN) != 0 ? SOURCE_IN : 0U) |
                         ((mask & RAW_EPOLLOUT) != 0 ? SOURCE_OUT : 0U) |
                         ((mask & (RAW_EPOLLRDHUP | RAW_EPOLLHUP)) != 0 ? SOURCE_END : 0U) |
                         ((mask & RAW_EPOLLERR) != 0 ? SOURCE_ERROR : 0U);
    }
    return n;
}

int source_flag(void)
{
    return raw_sys_eventfd2(0, RAW_EFD_NONBLOCK);
}

void source_raise(int flag)
{
    (void)!write(flag, &(uint64_t){1}, sizeof(uint64_t)); /* full is up as well */
}

void source_lower(int flag)
{
    uint64_t count;

    (void)!read(flag, &count, sizeof count); /* empty is down as well */
}

int source_timer(bool is_wall_clock)
{
    return raw_sys_timerfd_create(is_wall_clock ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                                  RAW_TFD_NONBLOCK);
}

int source_start(int timer, int64_t first_ns, int64_t period_ns, bool is_absolute)
{
    int64_t first = first_ns > 0 ? first_ns : 1; /* 0 would stop it */
    struct raw___kernel_itimerspec times = {
        .it_value = {.tv_sec = first / NS_PER_S, .tv_nsec = first % NS_PER_S},
        .it_interval = {.tv_sec = period_ns / NS_PER_S, .tv_nsec = period_ns % NS_PER_S},
    };
    int flags = is_absolute ? RAW_TFD_TIMER_ABSTIME : 0;

#ifdef RAW_NR_timerfd_settime64
    return raw_sys_timerfd_settime64(timer, flags, &times, NULL);
#else
    return raw_sys_timerfd_settime(timer, flags, &times, NULL); /* longs of 64 bits: the same */
#endif
}

uint64_t source_expired(int timer)
{
    uint64_t count;

    return read(timer, &count, sizeof count) == sizeof count ? count : 0;
}

/* Connections that wait to be accepted: proc(5), the receive queue of a listener in /proc/net/tcp,
 * which emulators let through, unlike TCP_INFO. 1 of what is not there, such as Unix sockets. */
static int64_t count_connections(int listener)
{
    struct sockaddr_in address = {0};
    socklen_t size = sizeof address;
    int64_t n = 1;
    FILE *table = fopen("/proc/net/tcp", "r");

    (void)getsockname(listener, (struct sockaddr *)&address, &size);
    char line[256];
    while (table != NULL && fgets(line, sizeof line, table) != NULL) {
        unsigned port, state, n_waiting;
        if (sscanf(line, "%*d: %*x:%x %*x:%*x %x %*x:%x", &port, &state, &n_waiting) == 3 &&
            state == 0x0a && port == ntohs(address.sin_port))
            n = n_waiting;
    }
    if (table != NULL)
        (void)fclose(table);
    return n;
}

int64_t source_can_read(int fd)
{
    int n = 0, is_listening = 0;
    socklen_t size = sizeof is_listening;

    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) == 0 && is_listening != 0)
        return count_connections(fd);
    return ioctl(fd, FIONREAD, &n) == 0 ? n : 0;
}

int64_t source_can_write(int fd)
{
    int used = 0, room = fcntl(fd, F_GETPIPE_SZ);
    socklen_t size = sizeof room;

    if (room > 0)
        (void)ioctl(fd, FIONREAD, &used);
    else if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &size) == 0)
        (void)ioctl(fd, SIOCOUTQ, &used);
    return room > used ? room - used : 0;
}

int source_error(int fd)
{
    int error = 0;
    socklen_t size = sizeof error;

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : 0;
}
