/* The contract when something is refused: by the kernel, by the limit of descriptors, by the
 * allocator. What fails leaves everything as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "contract.h"

static char tag_a, tag_b;

static void refused_registration_changes_the_state(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int file = make_file(), fds[2];

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(-EBADF, abp_loop_add_read(loop, -1, &tag_b));
    CHECK_INT(-EBADF, abp_loop_add_read(loop, INT32_MAX, &tag_b));
    CHECK_INT(-EBADF, abp_loop_add_write(loop, fds[1] + 50, &tag_b));
    CHECK_INT(-EINVAL, abp_loop_add_read(loop, loop->queue_fd, &tag_b));
    CHECK_INT(-EINVAL, abp_loop_add_read(loop, abp_loop_fd(loop), &tag_b));
    if (!BACKEND_IS_KQUEUE) {
        CHECK_INT(-EPERM, abp_loop_add_read(loop, file, &tag_b));
        CHECK_INT(-EPERM, abp_loop_add_write(loop, file, &tag_b));
        CHECK_INT(0, abp_loop_del_read(loop, file));
    }
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_a, event.udata);
    CHECK(event.readable && !event.writable);
}

/* The kernel refuses to change a registration, because the descriptor is closed; then it is back.
 */
static void table_changes_although_the_kernel_refused(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    int copy = keep(dup(fds[0]));
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(0, close(fds[0]));
    CHECK_INT(-EBADF, abp_loop_add_write(loop, fds[0], &tag_b));
    CHECK_INT(-EBADF, abp_loop_add_read(loop, fds[0], &tag_b));
    CHECK_INT(fds[0], dup2(copy, fds[0]));
    send_bytes(fds[1], "x");
    struct abp_event event;
    CHECK_INT(BACKEND_IS_KQUEUE ? 0 : 1, abp_loop_wait(loop, &event, 1, 0));
    if (!BACKEND_IS_KQUEUE) {
        CHECK(event.readable && !event.writable);
        CHECK_PTR(&tag_a, event.udata);
    }
}

/* Each descriptor that init opens is refused in turn. */
static void init_at_the_limit_of_descriptors_leaks_or_lies(void)
{
    const int needed = BACKEND_IS_KQUEUE ? 1 : 2;
    struct abp_loop loop;
    int before = count_fds(), result = -EMFILE, room = 0;

    for (; room < 8 && result != 0; room++) {
        set_room(room);
        result = abp_loop_init(&loop, NULL);
        int fd = loop.queue_fd;
        abp_loop_close(&loop);
        set_room(-1);
        CHECK_INT(result == 0 ? 0 : -EMFILE, result);
        CHECK_INT(result == 0, fd >= 0);
        CHECK_INT(before, count_fds());
    }
    CHECK_INT(0, result);
    if (!BACKEND_IS_EMULATED) /* which needs more than a kernel does */
        CHECK_INT(needed, room - 1);
}

/* ---- an allocator that fails ---- */

struct allocator {
    int n_calls;
    int fails_at; /* this call and no other; -1: none */
    size_t n_bytes;
    bool is_wrong; /* a size was not the one that was asked for */
};

/* Every block begins with its size. */
static void *reallocate(void *context, void *memory, size_t old_bytes, size_t new_bytes)
{
    enum { HEAD = 64 };
    struct allocator *allocator = context;
    size_t *block = memory != NULL ? (size_t *)(void *)((char *)memory - HEAD) : NULL;

    if (block != NULL ? *block != old_bytes : old_bytes != 0)
        allocator->is_wrong = true;
    if (new_bytes > 0 && allocator->n_calls++ == allocator->fails_at)
        return NULL;
    allocator->n_bytes += new_bytes - old_bytes;
    if (new_bytes == 0) {
        free(block);
        return NULL;
    }
    char *grown = realloc(block, HEAD + new_bytes);
    if (grown == NULL)
        abort();
    if (new_bytes > old_bytes) /* what is new is never zero */
        memset(grown + HEAD + old_bytes, 0xa5, new_bytes - old_bytes);
    memcpy(grown, &new_bytes, sizeof new_bytes);
    return grown + HEAD;
}

/* Adds few descriptors and many, so that the table grows twice; -ENOMEM is tried again once. */
static int use(struct abp_loop *loop, int *n_failures)
{
    static struct abp_event events[100];
    int fds[2], result = 0;

    make_pair(fds);
    send_bytes(fds[1], "x");
    for (int number = fds[1] + 1; number < 400 && result == 0; number += 150) {
        int fd = keep(fcntl(fds[0], F_DUPFD, number));
        result = abp_loop_add_read(loop, fd, &tag_a);
        if (result == -ENOMEM) {
            (*n_failures)++;
            result = abp_loop_add_read(loop, fd, &tag_a);
        }
    }
    int n = abp_loop_wait(loop, events, 100, 0);
    return result < 0 ? result : n;
}

static void failing_allocation_leaks_or_breaks_the_loop(void)
{
    struct allocator allocator = {.fails_at = -1};
    struct abp_loop_options options = {
        .reallocate = reallocate, .allocator_context = &allocator, .n_fds = 8};
    int before = count_fds();

    struct abp_loop *loop = open_loop(&options);
    CHECK_INT(3, use(loop, &(int){0}));
    reset();
    int n_calls = allocator.n_calls;
    CHECK_BETWEEN(2, 20, n_calls);
    CHECK_INT(0, allocator.n_bytes);
    for (int at = 0; at < n_calls; at++) {
        allocator = (struct allocator){.fails_at = at};
        struct abp_loop other;
        int result = abp_loop_init(&other, &options);
        int n_failures = 0;
        if (result == 0)
            result = use(&other, &n_failures);
        else
            n_failures++;
        abp_loop_close(&other);
        CHECK_INT(-EBADF, abp_loop_add_read(&other, 1000, NULL)); /* and takes no memory again */
        reset();
        CHECK(result == 3 || result == -ENOMEM);
        if (!BACKEND_IS_KQUEUE) /* kqueue's larger batch may fail unseen */
            CHECK_INT(1, n_failures);
        CHECK_INT(0, allocator.n_bytes);
        CHECK(!allocator.is_wrong);
        CHECK_INT(before, count_fds());
    }
}

/* kqueue's batch cannot be made larger, so it is taken in parts. */
static void larger_array_without_memory_loses_events(void)
{
    enum { N = 100 };
    static struct abp_event events[2 * N];
    struct allocator allocator = {.fails_at = -1};
    struct abp_loop_options options = {
        .reallocate = reallocate, .allocator_context = &allocator, .n_fds = 4 * N};
    struct abp_loop *loop = open_loop(&options);
    int fds[2], n_seen = 0;

    make_pair(fds);
    send_bytes(fds[1], "x");
    for (int i = 0; i < N; i++)
        CHECK_INT(0, abp_loop_add_read(loop, keep(dup(fds[0])), NULL));
    allocator.fails_at = allocator.n_calls;
    for (int turns = 0; n_seen < N && turns < 3; turns++) {
        int n = abp_loop_wait(loop, events, 2 * N, 0);
        CHECK_BETWEEN(1, N, n);
        for (int i = 0; i < n; i++)
            CHECK_INT(0, abp_loop_del_read(loop, events[i].fd));
        n_seen += n;
        allocator.fails_at = allocator.n_calls;
    }
    CHECK_INT(N, n_seen);
    CHECK(!allocator.is_wrong);
    reset(); /* while its allocator is there */
}

static const struct test tests[] = {
    TEST(refused_registration_changes_the_state),         /* L13 */
    TEST(table_changes_although_the_kernel_refused),      /* L21 */
    TEST(init_at_the_limit_of_descriptors_leaks_or_lies), /* L1 */
    TEST(failing_allocation_leaks_or_breaks_the_loop),    /* L1, L13 */
    TEST(larger_array_without_memory_loses_events),       /* L15 */
};

const struct test_list failure_tests = {tests, sizeof tests / sizeof tests[0]};
