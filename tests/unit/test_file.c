/* Tests of file.c: a file is replaced only if it changes, and a failure leaves nothing behind.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"

static struct arena arena;
static struct diag diag;
static char folder[64]; /* fresh for each test, current while it runs */

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/abiproof-test-out-XXXXXX");
    if (mkdtemp(folder) == NULL || chdir(folder) < 0)
        return -1;
    diag_init(&diag, &arena, false);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status, (void)type, (void)ftw;
    return remove(path);
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return chdir("/") < 0 ? -1 : nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Number of entries in a folder, those with a dot in front included. */
static int n_entries(const char *path)
{
    DIR *dir = opendir(path);
    assert_non_null(dir);
    int n = 0;
    struct dirent *entry;
    while ((entry = readdir(dir)))
        n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(dir);
    return n;
}

static enum out_result write_text(const char *path, const char *text)
{
    return out_write(path, text, strlen(text), &diag);
}

static void assert_holds(const char *path, const char *expected)
{
    char *got = out_read(&arena, path, NULL);
    if (got == NULL)
        fail_msg("cannot read '%s': %s", path, strerror(errno));
    assert_string_equal(got, expected);
}

static void assert_failed(enum out_result result, const char *message)
{
    assert_int_equal(result, OUT_FAILED);
    assert_int_equal(diag.n_errors, 1);
    assert_string_equal(str_text(&diag.text), message);
}

static void test_out_write__creates_a_file_in_folders_that_are_missing(void **state)
{
    (void)state;
    assert_int_equal(write_text("a/b//c.txt", "text\n"), OUT_CHANGED);
    assert_holds("a/b/c.txt", "text\n");
    assert_int_equal(n_entries("a/b"), 1);
    assert_int_equal(diag.n_errors, 0);
}

static void test_out_write__creates_a_file_when_the_path_is_absolute(void **state)
{
    (void)state;
    const char *path = arena_printf(&arena, "%s/x/y.txt", folder);
    assert_int_equal(write_text(path, "text"), OUT_CHANGED);
    assert_holds("x/y.txt", "text");
}

static void test_out_write__leaves_the_file_untouched_when_it_is_the_same(void **state)
{
    (void)state;
    write_text("a.txt", "text");
    struct stat before;
    assert_int_equal(stat("a.txt", &before), 0);
    assert_int_equal(write_text("a.txt", "text"), OUT_SAME);
    struct stat after;
    assert_int_equal(stat("a.txt", &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
    assert_int_equal(n_entries("."), 1);
}

static void test_out_write__replaces_by_rename_when_the_text_differs(void **state)
{
    (void)state;
    write_text("a.txt", "old");
    int fd = open("a.txt", O_RDONLY | O_CLOEXEC);
    struct stat before;
    assert_int_equal(fstat(fd, &before), 0);
    assert_int_equal(write_text("a.txt", "new"), OUT_CHANGED);
    assert_holds("a.txt", "new");
    struct stat after;
    assert_int_equal(stat("a.txt", &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);

    /* Who had it open still reads the old file, whole. */
    char got[8] = "";
    assert_int_equal(read(fd, got, sizeof got), 3);
    assert_string_equal(got, "old");
    close(fd);
    assert_int_equal(n_entries("."), 1);
}

static void test_out_write__obeys_the_umask(void **state)
{
    (void)state;
    static const struct {
        mode_t mask, expected;
    } rows[] = {{022, 0644}, {077, 0600}, {002, 0644}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mode_t saved = umask(rows[i].mask);
        const char *path = arena_printf(&arena, "%zu.txt", i);
        enum out_result result = write_text(path, "text");
        umask(saved);
        assert_int_equal(result, OUT_CHANGED);
        struct stat status;
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_mode & 07777, rows[i].expected);
    }
}

static void test_out_write__writes_empty_and_binary_text(void **state)
{
    (void)state;
    size_t n_bytes = 99;
    assert_int_equal(out_write("empty", "", 0, &diag), OUT_CHANGED);
    assert_string_equal(out_read(&arena, "empty", &n_bytes), "");
    assert_int_equal(n_bytes, 0);
    assert_int_equal(out_write("empty", "", 0, &diag), OUT_SAME);

    assert_int_equal(out_write("binary", "a\0b", 3, &diag), OUT_CHANGED);
    char *got = out_read(&arena, "binary", &n_bytes);
    assert_int_equal(n_bytes, 3);
    assert_memory_equal(got, "a\0b", 4);
}

static void test_out_write__fails_when_a_parent_is_a_file(void **state)
{
    (void)state;
    write_text("file", "text");
    assert_failed(write_text("file/a.txt", "text"),
                  "abiproof: error: cannot write 'file/a.txt': cannot create the folder 'file': "
                  "Not a directory\n");
    assert_holds("file", "text");
}

static void test_out_write__names_the_folder_that_cannot_be_created(void **state)
{
    (void)state;
    write_text("a/file", "text");
    assert_failed(write_text("a/file/b/c.txt", "text"),
                  "abiproof: error: cannot write 'a/file/b/c.txt': cannot create the folder "
                  "'a/file': Not a directory\n");
    diag_init(&diag, &arena, false);
    assert_failed(write_text("/proc/none/b/c.txt", "text"),
                  "abiproof: error: cannot write '/proc/none/b/c.txt': cannot create the folder "
                  "'/proc/none': No such file or directory\n");
    assert_int_equal(n_entries("a"), 1);
}

static void test_out_write__removes_the_folders_it_created_when_it_fails(void **state)
{
    (void)state;
    char *name = arena_alloc(&arena, 301);
    memset(name, 'n', 300);
    const char *path = arena_printf(&arena, "a//b/%s/c.txt", name);
    assert_failed(write_text(path, "text"),
                  arena_printf(&arena,
                               "abiproof: error: cannot write '%s': cannot create the folder "
                               "'a//b/%s': File name too long\n",
                               path, name));
    assert_int_equal(n_entries("."), 0);

    diag_init(&diag, &arena, false);
    const char *file = arena_printf(&arena, "a/b/%s", name);
    assert_failed(
        write_text(file, "text"),
        arena_printf(&arena, "abiproof: error: cannot write '%s': File name too long\n", file));
    assert_int_equal(n_entries("."), 0);

    /* Those that were there stay, empty or not. */
    diag_init(&diag, &arena, false);
    assert_true(out_make_folder("a"));
    assert_failed(
        write_text(file, "text"),
        arena_printf(&arena, "abiproof: error: cannot write '%s': File name too long\n", file));
    assert_int_equal(n_entries("."), 1);
    assert_int_equal(n_entries("a"), 0);
}

static void test_out_write__fails_when_the_name_is_too_long(void **state)
{
    (void)state;
    char *name = arena_alloc(&arena, 301);
    memset(name, 'n', 300);
    assert_failed(
        write_text(name, "text"),
        arena_printf(&arena, "abiproof: error: cannot write '%s': File name too long\n", name));
    assert_int_equal(n_entries("."), 0); /* the temporary file had a good name, and is gone */
}

static void test_out_write__keeps_what_is_not_a_regular_file(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0755), 0);
    assert_failed(write_text("folder", "text"),
                  "abiproof: error: cannot write 'folder': not a regular file\n");

    /* A FIFO stands for /dev/null here: opening it to compare would hang, renaming would lose it.
     */
    diag_init(&diag, &arena, false);
    assert_int_equal(mkfifo("fifo", 0644), 0);
    assert_failed(write_text("fifo", "text"),
                  "abiproof: error: cannot write 'fifo': not a regular file\n");
    struct stat status;
    assert_int_equal(stat("fifo", &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    assert_int_equal(n_entries("."), 2);
}

static void test_out_write__keeps_the_old_file_when_the_disk_is_full(void **state)
{
    /* A limit on the size of files stands for a full disk, and holds for root as well. */
    (void)state;
    write_text("a.txt", "old");
    struct rlimit saved;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &saved), 0);
    struct rlimit small = saved;
    small.rlim_cur = 4096;
    char *text = arena_alloc(&arena, 100000);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);

    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum out_result result = out_write("a.txt", text, 100000, &diag);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &saved), 0);

    signal(SIGXFSZ, handler);
    assert_failed(result, "abiproof: error: cannot write 'a.txt': File too large\n");
    assert_holds("a.txt", "old");
    assert_int_equal(n_entries("."), 1);
}

static void test_out_write__passes_over_a_temporary_file_left_by_a_killed_process(void **state)
{
    (void)state;
    const char *left = arena_printf(&arena, ".abiproof-%ld-0.tmp", (long)getpid());
    assert_int_equal(close(open(left, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), 0);
    assert_int_equal(write_text("a.txt", "text"), OUT_CHANGED);
    assert_holds("a.txt", "text");
    assert_holds(left, "");
}

struct thread_results {
    enum out_result results[64];
    int n_errors[64];
};

static void write_from_thread(void *context, size_t i)
{
    struct thread_results *results = context;
    struct arena own = {0};
    struct diag own_diag;
    diag_init(&own_diag, &own, false);
    const char *text = arena_printf(&own, "text of %zu", i);
    results->results[i] =
        out_write(arena_printf(&own, "sub/%zu.txt", i), text, strlen(text), &own_diag);
    results->n_errors[i] = own_diag.n_errors;
    arena_release(&own);
}

static void test_out_write__keeps_files_apart_when_threads_share_a_folder(void **state)
{
    (void)state;
    struct thread_results results;
    proc_parallel(64, 8, write_from_thread, &results);
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(results.results[i], OUT_CHANGED);
        assert_int_equal(results.n_errors[i], 0);
        assert_holds(arena_printf(&arena, "sub/%zu.txt", i),
                     arena_printf(&arena, "text of %zu", i));
    }
    assert_int_equal(n_entries("sub"), 64);
}

static void test_out_compare__distinguishes_same_changed_missing_and_unreadable(void **state)
{
    (void)state;
    write_text("a.txt", "text");
    assert_int_equal(out_compare("a.txt", "text", 4), OUT_SAME);
    assert_int_equal(out_compare("a.txt", "test", 4), OUT_CHANGED);
    assert_int_equal(out_compare("a.txt", "text\n", 5), OUT_CHANGED);
    assert_int_equal(out_compare("a.txt", "tex", 3), OUT_CHANGED);
    assert_int_equal(out_compare("b.txt", "text", 4), OUT_MISSING);
    assert_int_equal(out_compare("a.txt/b", "text", 4), OUT_MISSING);
    assert_int_equal(out_compare(".", "text", 4), OUT_FAILED);
    assert_int_equal(errno, EISDIR);
}

static void test_out_read__reads_a_file_of_any_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 4095, 4096, 4097, 300000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *text = arena_alloc(&arena, sizes[i]);
        for (size_t j = 0; j < sizes[i]; j++)
            text[j] = (char)('a' + j % 23);
        assert_int_equal(out_write("big", text, sizes[i], &diag), OUT_CHANGED);
        size_t n_bytes = 0;
        char *got = out_read(&arena, "big", &n_bytes);
        assert_non_null(got);
        assert_int_equal(n_bytes, sizes[i]);
        assert_memory_equal(got, text, sizes[i]);
        assert_int_equal(got[n_bytes], '\0');
    }
}

static void test_out_read__reads_to_the_end_when_the_size_is_not_known(void **state)
{
    /* A pipe says that its size is 0. */
    (void)state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    char text[30000];
    memset(text, 'x', sizeof text);
    assert_int_equal(write(fds[1], text, sizeof text), sizeof text);
    close(fds[1]);
    size_t n_bytes = 0;
    char *got = out_read(&arena, arena_printf(&arena, "/dev/fd/%d", fds[0]), &n_bytes);
    close(fds[0]);
    assert_non_null(got);
    assert_int_equal(n_bytes, sizeof text);
    assert_memory_equal(got, text, sizeof text);
}

static void test_out_read__sets_errno_when_it_cannot_read(void **state)
{
    (void)state;
    errno = 0;
    assert_null(out_read(&arena, "missing", NULL));
    assert_int_equal(errno, ENOENT);
    assert_null(out_read(&arena, ".", NULL));
    assert_int_equal(errno, EISDIR);
}

static void test_out_make_folder__creates_parents_and_accepts_what_exists(void **state)
{
    (void)state;
    static const char *const paths[] = {"a", "a/b/c", "a/b/c", "d/e/", "f//g", ".", "/", "/tmp"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!out_make_folder(paths[i]))
            fail_msg("'%s': %s", paths[i], strerror(errno));
        struct stat status;
        assert_int_equal(stat(paths[i], &status), 0);
        assert_true(S_ISDIR(status.st_mode));
    }
}

static void test_out_make_folder__sets_errno_when_it_fails(void **state)
{
    (void)state;
    write_text("file", "text");
    assert_false(out_make_folder("file"));
    assert_int_equal(errno, ENOTDIR);
    assert_false(out_make_folder("file/a/b"));
    assert_int_equal(errno, ENOTDIR);
    assert_false(out_make_folder(""));
    assert_int_equal(errno, ENOENT);
    char *path = arena_alloc(&arena, 10001);
    for (size_t i = 0; i < 10000; i++)
        path[i] = i % 2 ? '/' : 'a';
    assert_false(out_make_folder(path));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_int_equal(n_entries("."), 1);
}

/* Writes text n times into a pipe, by a process of its own. Returns the end to read from. */
static int open_pipe(const char *text, size_t n)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        for (; n > 0; n--)
            if (write(ends[1], text, strlen(text)) != (ssize_t)strlen(text))
                _exit(1);
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static void test_out_map__reads_a_pipe_to_its_end(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 1000, 1 << 17, (1 << 17) + 1, 3 << 17}; /* of 8 bytes */
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        int end = open_pipe("a pipe!\n", counts[i]);
        size_t n_bytes = 0;
        const char *bytes = out_map(arena_printf(&arena, "/dev/fd/%d", end), &n_bytes);
        assert_non_null(bytes);
        assert_int_equal(n_bytes, 8 * counts[i]);
        for (size_t k = 0; k < n_bytes; k += 8)
            assert_memory_equal(bytes + k, "a pipe!\n", 8);
        out_unmap(bytes, n_bytes);
        close(end);
        wait(NULL);
    }
}

static void test_out_map__maps_a_file_and_reads_one_without_a_size(void **state)
{
    (void)state;
    assert_int_equal(out_write("object", "some bytes", 10, &diag), OUT_CHANGED);
    size_t n_bytes = 0;
    const char *bytes = out_map("object", &n_bytes);
    assert_non_null(bytes);
    assert_int_equal(n_bytes, 10);
    assert_memory_equal(bytes, "some bytes", 10);
    out_unmap(bytes, n_bytes);
    bytes = out_map("/proc/self/status", &n_bytes);
    assert_non_null(bytes);
    assert_true(n_bytes > 5);
    assert_memory_equal(bytes, "Name:", 5);
    out_unmap(bytes, n_bytes);
}

static void test_out_map__sets_errno_when_there_is_nothing_to_read(void **state)
{
    (void)state;
    int empty_pipe = open_pipe("", 0);
    assert_int_equal(out_write("empty", "", 0, &diag), OUT_CHANGED);
    const struct {
        const char *path;
        int error;
    } rows[] = {
        {"empty", EINVAL},      {arena_printf(&arena, "/dev/fd/%d", empty_pipe), EINVAL},
        {"/dev/zero", ENOTSUP}, {".", EISDIR},
        {"none", ENOENT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        errno = 0;
        size_t n_bytes;
        if (out_map(rows[i].path, &n_bytes) != NULL || errno != rows[i].error)
            fail_msg("'%s': expected '%s', got '%s'", rows[i].path, strerror(rows[i].error),
                     strerror(errno));
    }
    close(empty_pipe);
    wait(NULL);
}

/* Somebody writes an object anew while it is verified. */
static void test_out_map__ends_the_program_when_the_file_is_cut(void **state)
{
    (void)state;
    assert_int_equal(out_write("object", "some bytes", 10, &diag), OUT_CHANGED);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    size_t n_bytes = 0;
    if (child == 0) {
        const volatile char *bytes = out_map("object", &n_bytes);
        if (bytes == NULL || bytes[9] != 's' || dup2(ends[1], STDERR_FILENO) < 0 ||
            truncate("object", 0) != 0)
            _exit(3);
        _exit(bytes[9] == 's' ? 4 : 5);
    }
    close(ends[1]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    char message[256] = "";
    assert_true(read(ends[0], message, sizeof message - 1) > 0);
    close(ends[0]);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_USAGE);
    assert_string_equal(message, "object: error: it became shorter while it was read: run this "
                                 "again when nothing writes to it\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_out_write__creates_a_file_in_folders_that_are_missing),
        TEST(test_out_write__creates_a_file_when_the_path_is_absolute),
        TEST(test_out_write__leaves_the_file_untouched_when_it_is_the_same),
        TEST(test_out_write__replaces_by_rename_when_the_text_differs),
        TEST(test_out_write__obeys_the_umask),
        TEST(test_out_write__writes_empty_and_binary_text),
        TEST(test_out_write__fails_when_a_parent_is_a_file),
        TEST(test_out_write__names_the_folder_that_cannot_be_created),
        TEST(test_out_write__removes_the_folders_it_created_when_it_fails),
        TEST(test_out_write__fails_when_the_name_is_too_long),
        TEST(test_out_write__keeps_what_is_not_a_regular_file),
        TEST(test_out_write__keeps_the_old_file_when_the_disk_is_full),
        TEST(test_out_write__passes_over_a_temporary_file_left_by_a_killed_process),
        TEST(test_out_write__keeps_files_apart_when_threads_share_a_folder),
        TEST(test_out_compare__distinguishes_same_changed_missing_and_unreadable),
        TEST(test_out_read__reads_a_file_of_any_size),
        TEST(test_out_read__reads_to_the_end_when_the_size_is_not_known),
        TEST(test_out_read__sets_errno_when_it_cannot_read),
        TEST(test_out_make_folder__creates_parents_and_accepts_what_exists),
        TEST(test_out_make_folder__sets_errno_when_it_fails),
        TEST(test_out_map__reads_a_pipe_to_its_end),
        TEST(test_out_map__maps_a_file_and_reads_one_without_a_size),
        TEST(test_out_map__sets_errno_when_there_is_nothing_to_read),
        TEST(test_out_map__ends_the_program_when_the_file_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
