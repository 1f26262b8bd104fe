/* See fixture.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "contract.h"

enum { MAX_KEPT = 4096 };

static struct abp_loop the_loop;
static bool is_open;
static int kept[MAX_KEPT];
static int n_kept;
static volatile sig_atomic_t signals;

struct abp_loop *open_loop(const struct abp_loop_options *options)
{
    CHECK_INT(0, abp_loop_init(&the_loop, options));
    is_open = true;
    return &the_loop;
}

int keep(int fd)
{
    CHECK(fd >= 0 && n_kept < MAX_KEPT);
    kept[n_kept++] = fd;
    return fd;
}

void drop(int fd)
{
    for (int i = 0; i < n_kept; i++)
        if (kept[i] == fd)
            kept[i] = kept[--n_kept];
    CHECK_INT(0, close(fd));
}

void reset(void)
{
    storm(0);
    if (is_open)
        abp_loop_close(&the_loop);
    is_open = false;
    while (n_kept > 0)
        (void)close(kept[--n_kept]); /* a test may have closed it by another way */
}

static void set_nonblocking(int fd)
{
    CHECK_INT(0, fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK));
}

void make_pair(int fds[2])
{
    CHECK_INT(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
    for (int i = 0; i < 2; i++)
        set_nonblocking(keep(fds[i]));
}

void make_pipe(int fds[2])
{
    CHECK_INT(0, pipe(fds));
    for (int i = 0; i < 2; i++)
        set_nonblocking(keep(fds[i]));
}

int make_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = keep(socket(AF_INET, SOCK_STREAM, 0));

    CHECK_INT(0, bind(listener, (struct sockaddr *)&address, sizeof address));
    CHECK_INT(0, listen(listener, 16));
    return listener;
}

int connect_to(int listener)
{
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    int fd = keep(socket(AF_INET, SOCK_STREAM, 0));

    CHECK_INT(0, getsockname(listener, (struct sockaddr *)&address, &size));
    CHECK_INT(0, connect(fd, (struct sockaddr *)&address, size));
    return fd;
}

int make_file(void)
{
    char path[] = "/tmp/abpevent-XXXXXX";
    int file = keep(mkstemp(path));

    CHECK_INT(0, unlink(path));
    return file;
}

void send_bytes(int fd, const char *text)
{
    CHECK_INT(strlen(text), write(fd, text, strlen(text)));
}

void fill(int fd)
{
    static const char block[4096];

    while (write(fd, block, sizeof block) > 0)
        continue;
    while (write(fd, block, 1) > 0)
        continue;
    CHECK_INT(EAGAIN, errno);
}

size_t drain(int fd)
{
    char block[4096];
    size_t n_bytes = 0;
    ssize_t n;

    while ((n = read(fd, block, sizeof block)) > 0)
        n_bytes += (size_t)n;
    return n_bytes;
}

int64_t now_ns(void)
{
    struct timespec now;

    CHECK_INT(0, clock_gettime(CLOCK_MONOTONIC, &now));
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t now_ms(void)
{
    return now_ns() / 1000000;
}

int64_t kernel_mask(const struct abp_loop *loop, int fd)
{
    if (BACKEND_IS_KQUEUE) /* no epoll queue */
        return -2;
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/self/fdinfo/%d", loop->queue_fd);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return -2;
    char line[256];
    int64_t found = -1;
    while (fgets(line, sizeof line, file) != NULL) {
        int number;
        uint32_t mask;
        if (sscanf(line, "tfd: %d events: %" SCNx32, &number, &mask) == 2 && number == fd)
            found = mask;
    }
    (void)fclose(file);
    return found;
}

int count_fds(void)
{
    int n = 0;

    for (int fd = 0; fd < MAX_KEPT; fd++)
        n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

void set_room(int room)
{
    static struct rlimit before;

    if (room < 0) {
        (void)setrlimit(RLIMIT_NOFILE, &before);
        return;
    }
    CHECK_INT(0, getrlimit(RLIMIT_NOFILE, &before));
    int next = dup(0); /* the lowest free number */
    CHECK_INT(0, close(next));
    struct rlimit limit = before;
    limit.rlim_cur = (rlim_t)(next + room);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        SKIP("the limit of descriptors cannot be set");
}

static pthread_t stormer, stormed;
static unsigned storm_us;
static bool storm_goes;

static void on_signal(int number)
{
    (void)number;
    signals = signals + 1;
}

static void *send_signals(void *unused)
{
    struct timespec pause = {.tv_nsec = (long)storm_us * 1000};

    while (__atomic_load_n(&storm_goes, __ATOMIC_ACQUIRE)) {
        (void)pthread_kill(stormed, SIGUSR1);
        (void)nanosleep(&pause, NULL);
    }
    return unused;
}

void storm(unsigned us)
{
    struct sigaction action = {.sa_handler = on_signal};

    if (__atomic_exchange_n(&storm_goes, us > 0, __ATOMIC_ACQ_REL))
        (void)pthread_join(stormer, NULL);
    if (us == 0)
        return;
    signals = 0;
    storm_us = us;
    stormed = pthread_self();
    (void)sigaction(SIGUSR1, &action, NULL);
    CHECK_INT(0, pthread_create(&stormer, NULL, send_signals, NULL));
}

unsigned n_signals(void)
{
    return (unsigned)signals;
}
