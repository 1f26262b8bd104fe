/* proc.c - other programs, and work in parallel.
 *
 * In: an argument vector and a bound on time. Out: what the program printed and how it ended.
 *
 * Design: the end is the difficulty. A program is over when its own process is, not when its pipes
 * close: a child it left behind may hold them open for ever, and a program may close them and go
 * on. So the loop asks for three things at once (output, exit, deadline) and, since exit has no
 * descriptor in POSIX and a SIGCHLD handler would be shared by all threads, naps in poll(2) and
 * looks. Then the process group is killed BEFORE its leader is reaped: until then its number cannot
 * be given to somebody else's group.
 */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/interrupt.h"
#include "base/str.h"

enum { NAP_MIN_MS = 1, NAP_MAX_MS = 20, READ_BYTES = 64 * 1024 };

enum { STREAM_OUT, STREAM_ERR, N_STREAMS };

struct child {
    pid_t pid;                     /* its process group has the same number */
    struct pollfd ends[N_STREAMS]; /* our ends of its stdout and stderr; fd is -1 once closed */
    struct str texts[N_STREAMS];
    size_t n_printed; /* bytes on all streams, counting those not kept */
    const char *last; /* the line of stdout that ends it, NULL for none */
    size_t n_seen;    /* bytes of stdout up to the end of the last whole line that was compared */
};

static char **environment_in_c_locale(struct arena *arena)
{
    size_t n = 0;
    while (environ[n] != NULL)
        n++;
    char **environment = arena_alloc(arena, (n + 2) * sizeof *environment);
    size_t n_kept = 0;
    for (size_t i = 0; i < n; i++)
        if (!str_starts(environ[i], "LC_ALL="))
            environment[n_kept++] = environ[i];
    environment[n_kept] = arena_strdup(arena, "LC_ALL=C");
    return environment;
}

/* Starts the program with its stdout and stderr on these descriptors. Returns 0 or an errno value.
 */
static int spawn(pid_t *pid, const char *const *argv, char **environment, int out, int err)
{
    posix_spawn_file_actions_t actions;
    sigset_t mask = interrupt_child_mask();
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return error;
    posix_spawnattr_t attributes;
    error = posix_spawnattr_init(&attributes);
    if (error) {
        posix_spawn_file_actions_destroy(&actions);
        return error;
    }
    /* In this order: pipes opened with 0, 1 or 2 closed get low numbers, rising from out to err. */
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
    if (!error)
        error =
            posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    if (!error)
        error = posix_spawnattr_setsigmask(&attributes, &mask);
    if (!error)
        error = posix_spawnattr_setpgroup(&attributes, 0);
    if (!error)
        error = posix_spawnp(pid, argv[0], &actions, &attributes, (char *const *)argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Starts the program and keeps our ends of its pipes. Returns 0 or an errno value. */
static int child_start(struct child *child, struct arena *arena, const char *const *argv)
{
    int writers[N_STREAMS] = {-1, -1};
    for (int i = 0; i < N_STREAMS; i++) {
        child->ends[i] = (struct pollfd){.fd = -1, .events = POLLIN};
        child->texts[i] = (struct str){.arena = arena};
    }
    int error = 0;
    for (int i = 0; i < N_STREAMS && !error; i++) {
        int fds[2];
        if (pipe2(fds, O_CLOEXEC) < 0) {
            error = errno;
        } else {
            child->ends[i].fd = fds[0];
            writers[i] = fds[1];
        }
    }
    if (!error) {
        char **environment = environment_in_c_locale(arena);
        interrupt_hold();
        error = spawn(&child->pid, argv, environment, writers[STREAM_OUT], writers[STREAM_ERR]);
        if (!error)
            interrupt_add(child->pid);
        interrupt_release();
    }
    for (int i = 0; i < N_STREAMS; i++)
        if (writers[i] >= 0)
            close(writers[i]);
    return error;
}

static void child_close_stream(struct child *child, int stream)
{
    if (child->ends[stream].fd >= 0)
        close(child->ends[stream].fd);
    child->ends[stream].fd = -1;
}

/* Reads once, at most n_bytes. poll(2) or FIONREAD has shown that this does not block. Returns the
 * number of bytes read; the stream is closed when that is 0. */
static size_t child_read(struct child *child, int stream, size_t n_bytes)
{
    char buffer[READ_BYTES];
    ssize_t n_read;
    do {
        n_read = read(child->ends[stream].fd, buffer, n_bytes < READ_BYTES ? n_bytes : READ_BYTES);
    } while (n_read < 0 && errno == EINTR);
    if (n_read <= 0) {
        child_close_stream(child, stream);
        return 0;
    }
    size_t n_new = (size_t)n_read;
    size_t room = child->n_printed < PROC_OUTPUT_MAX ? PROC_OUTPUT_MAX - child->n_printed : 0;
    str_add_bytes(&child->texts[stream], buffer, n_new < room ? n_new : room);
    child->n_printed += n_new;
    return n_new;
}

/* Reads what is in the pipes now and not a byte more: a process that left the group may still
 * be writing. */
static void child_drain(struct child *child)
{
    for (int i = 0; i < N_STREAMS; i++) {
        int n_waiting = 0;
        if (child->ends[i].fd >= 0 && ioctl(child->ends[i].fd, FIONREAD, &n_waiting) < 0)
            n_waiting = 0;
        size_t n_left = (size_t)n_waiting;
        while (n_left) {
            size_t n_read = child_read(child, i, n_left);
            if (n_read == 0)
                break;
            n_left -= n_read;
        }
    }
}

/* True if a line of stdout that has become whole since the last call is the one waited for. */
static bool has_last_line(struct child *child)
{
    const struct str *out = &child->texts[STREAM_OUT];
    size_t n_last = child->last != NULL ? strlen(child->last) : 0;
    if (child->last == NULL)
        return false;
    const char *end;
    while (child->n_seen < out->len &&
           (end = memchr(out->text + child->n_seen, '\n', out->len - child->n_seen))) {
        const char *line = out->text + child->n_seen;
        size_t n_line = (size_t)(end - line);
        child->n_seen += n_line + 1;
        while (n_line && line[n_line - 1] == '\r')
            n_line--;
        if (n_line == n_last && memcmp(line, child->last, n_last) == 0)
            return true;
    }
    return false;
}

/* True if the process has ended; it stays unreaped. */
static bool child_has_exited(const struct child *child)
{
    siginfo_t info = {0};
    int result;
    do {
        result = waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT);
    } while (result < 0 && errno == EINTR);
    return result < 0 || info.si_pid == child->pid;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads the child's output until it exits, is late, prints too much or the last line. Returns which
 * of these. */
static enum proc_end child_attend(struct child *child, int timeout_ms)
{
    int64_t deadline = now_ms() + timeout_ms;
    int64_t nap = NAP_MIN_MS;
    while (!child_has_exited(child)) {
        int64_t left = deadline - now_ms();
        if (left <= 0)
            return PROC_TIMED_OUT;
        int n_ready = poll(child->ends, N_STREAMS, (int)(nap < left ? nap : left));
        for (int i = 0; i < N_STREAMS && n_ready > 0; i++)
            if (child->ends[i].fd >= 0 && child->ends[i].revents)
                child_read(child, i, READ_BYTES);
        if (child->n_printed > PROC_OUTPUT_MAX)
            return PROC_FLOODED;
        if (n_ready > 0 && has_last_line(child))
            return PROC_STOPPED;
        nap = n_ready > 0 ? NAP_MIN_MS : nap * 2;
        if (nap > NAP_MAX_MS)
            nap = NAP_MAX_MS;
    }
    return PROC_EXITED;
}

/* Takes the exit status of a process that has ended, or is about to: it was sent SIGKILL. */
static void child_reap(const struct child *child, struct proc_result *result)
{
    int status;
    struct rusage used = {0};
    pid_t pid;
    do {
        pid = wait4(child->pid, &status, 0, &used);
    } while (pid < 0 && errno == EINTR);
    result->cpu_ms = (int)((used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                           (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
    if (pid < 0) {
        /* Our parent left SIGCHLD ignored: the status is lost, and must not look like success. */
        result->end = PROC_NOT_STARTED;
        result->status = errno;
    } else if (result->end == PROC_EXITED && WIFSIGNALED(status)) {
        result->end = PROC_SIGNALLED;
        result->status = WTERMSIG(status);
    } else if (result->end == PROC_EXITED) {
        result->status = WEXITSTATUS(status);
    }
}

static char *text_of(struct str *str)
{
    str_add(str, ""); /* so that there is a text even if nothing was printed */
    return str->text;
}

struct proc_result proc_run(struct arena *arena, const char *const *argv, int timeout_ms)
{
    return proc_run_until(arena, argv, timeout_ms, NULL);
}

struct proc_result proc_run_until(struct arena *arena, const char *const *argv, int timeout_ms,
                                  const char *last)
{
    struct child child = {.last = last};
    struct proc_result result = {.end = PROC_NOT_STARTED};
    int64_t start = now_ms();
    result.status = child_start(&child, arena, argv);
    if (result.status == 0) {
        result.end = child_attend(&child, timeout_ms);
        kill(-child.pid, SIGKILL);
        child_drain(&child);
        if (result.end == PROC_EXITED && child.n_printed > PROC_OUTPUT_MAX)
            result.end = PROC_FLOODED;
        interrupt_remove(child.pid);
        child_reap(&child, &result);
    }
    for (int i = 0; i < N_STREAMS; i++)
        child_close_stream(&child, i);
    result.out = text_of(&child.texts[STREAM_OUT]);
    result.err = text_of(&child.texts[STREAM_ERR]);
    result.n_out = child.texts[STREAM_OUT].len;
    result.n_err = child.texts[STREAM_ERR].len;
    result.wall_ms = (int)(now_ms() - start);
    return result;
}

static const char *describe_signal(struct arena *arena, int signal_number)
{
    const char *name = sigabbrev_np(signal_number);
    if (name == NULL)
        return arena_printf(arena, "killed by signal %d", signal_number);
    return arena_printf(arena, "killed by signal %d (SIG%s)", signal_number, name);
}

const char *proc_describe(struct arena *arena, const struct proc_result *result, int timeout_ms)
{
    switch (result->end) {
    case PROC_EXITED:
        return arena_printf(arena, "exit code %d", result->status);
    case PROC_SIGNALLED:
        return describe_signal(arena, result->status);
    case PROC_TIMED_OUT:
        if (timeout_ms % 1000)
            return arena_printf(arena, "no answer within %d ms", timeout_ms);
        return arena_printf(arena, "no answer within %d s", timeout_ms / 1000);
    case PROC_FLOODED:
        return arena_printf(arena, "more than %d MiB of output", PROC_OUTPUT_MAX / (1024 * 1024));
    case PROC_STOPPED:
        return "ended after its last line";
    case PROC_NOT_STARTED:
        break;
    }
    return arena_printf(arena, "not started: %s", strerror(result->status));
}

static bool is_executable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

const char *proc_find(struct arena *arena, const char *program)
{
    if (strchr(program, '/'))
        return is_executable(program) ? arena_strdup(arena, program) : NULL;

    /* As execvp(3) does: a default when unset, and an empty entry is the current folder. */
    const char *folders = getenv("PATH");
    if (folders == NULL)
        folders = "/bin:/usr/bin";
    for (;;) {
        size_t len = strcspn(folders, ":");
        const char *folder = len ? arena_strndup(arena, folders, len) : ".";
        const char *path = arena_printf(arena, "%s/%s", folder, program);
        if (is_executable(path))
            return path;
        if (folders[len] == '\0')
            return NULL;
        folders += len + 1;
    }
}

struct work_queue {
    atomic_size_t next;
    size_t n_items;
    void (*work)(void *context, size_t i);
    void *context;
};

static void *worker_main(void *argument)
{
    struct work_queue *queue = argument;
    size_t i;
    while ((i = atomic_fetch_add(&queue->next, 1)) < queue->n_items)
        queue->work(queue->context, i);
    return NULL;
}

void proc_parallel(size_t n_items, int n_workers, void (*work)(void *context, size_t i),
                   void *context)
{
    struct work_queue queue = {.n_items = n_items, .work = work, .context = context};
    size_t n_wanted = n_workers > 1 ? (size_t)n_workers - 1 : 0;
    if (n_wanted > n_items)
        n_wanted = n_items;

    /* This thread works too, so a thread that cannot be had only makes it slower. */
    struct arena arena = {0};
    pthread_t *threads = arena_alloc(&arena, n_wanted * sizeof *threads);
    size_t n_threads = 0;
    while (n_threads < n_wanted &&
           pthread_create(&threads[n_threads], NULL, worker_main, &queue) == 0)
        n_threads++;
    worker_main(&queue);
    for (size_t i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    arena_release(&arena);
}

int proc_default_workers(void)
{
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) == 0)
        return CPU_COUNT(&allowed);
    /* More processors than the set can hold. */
    long n_online = sysconf(_SC_NPROCESSORS_ONLN);
    return n_online > 0 ? (int)n_online : 1;
}
