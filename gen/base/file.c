/* file.c - files: read whole, written whole.
 *
 * In: a path and a text. Out: the file, replaced only if its bytes change. Design: the text goes to
 * a temporary file in the same folder (so that rename(2) stays on one file system and is atomic),
 * and on any failure the temporary file goes and the old file stays.
 */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/interrupt.h"

enum { READ_MIN_BYTES = 4096 };

/* Reads an open file to its end. Its size is only a hint: /proc says 0, and a file may be growing.
 */
static char *read_all(struct arena *arena, int fd, size_t size_hint, size_t *n_bytes)
{
    size_t capacity = size_hint + READ_MIN_BYTES;
    char *text = arena_alloc(arena, capacity);
    size_t len = 0;
    for (;;) {
        ssize_t n_read = read(fd, text + len, capacity - len - 1);
        if (n_read < 0 && errno == EINTR)
            continue;
        if (n_read < 0)
            return NULL;
        if (n_read == 0)
            break;
        len += (size_t)n_read;
        if (len + 1 == capacity) {
            char *copy = arena_alloc(arena, capacity * 2);
            memcpy(copy, text, len);
            text = copy;
            capacity *= 2;
        }
    }
    text[len] = '\0';
    if (n_bytes != NULL)
        *n_bytes = len;
    return text;
}

static void close_keeping_errno(int fd)
{
    int saved = errno;
    close(fd);
    errno = saved;
}

char *out_read(struct arena *arena, const char *path, size_t *n_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct stat status;
    char *text = NULL;
    if (fstat(fd, &status) == 0) {
        bool has_size = S_ISREG(status.st_mode);
        text = read_all(arena, fd, has_size ? (size_t)status.st_size : 0, n_bytes);
    }
    close_keeping_errno(fd);
    return text;
}

/* The file that is mapped, and what to say if it is cut shorter. */
static struct {
    uintptr_t start;
    size_t n_bytes;
    char message[PATH_MAX + 128];
    size_t n_message;
} mapped;

/* Takes SIGBUS. Every other reason for it ends the program as it always would. */
static void describe_cut(int number, siginfo_t *info, void *context)
{
    (void)context;
    if ((uintptr_t)info->si_addr - mapped.start >= mapped.n_bytes) {
        signal(number, SIG_DFL);
        return; /* to the same instruction */
    }
    (void)!write(STDERR_FILENO, mapped.message, mapped.n_message);
    _exit(EXIT_USAGE);
}

static void watch_mapped(const char *path, const void *bytes, size_t n_bytes)
{
    struct sigaction action = {.sa_sigaction = describe_cut, .sa_flags = SA_SIGINFO};

    mapped.start = (uintptr_t)bytes;
    mapped.n_bytes = n_bytes;
    snprintf(mapped.message, sizeof mapped.message,
             "%.*s: error: it became shorter while it was read: run this again when nothing writes "
             "to it\n",
             PATH_MAX, path);
    mapped.n_message = strlen(mapped.message);
    sigaction(SIGBUS, &action, NULL);
}

/* Reads what says no size, such as a pipe, into memory that out_unmap can free. Returns MAP_FAILED
 * and leaves errno set; EINVAL, as mmap(2) has it, if there is nothing. */
static void *read_mapped(int file, size_t *n_bytes)
{
    size_t room = 1 << 20, n = 0;
    char *bytes = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ssize_t n_read = -1;

    while (bytes != MAP_FAILED) {
        n_read = read(file, bytes + n, room - n);
        if (n_read == 0 || (n_read < 0 && errno != EINTR))
            break;
        n += n_read > 0 ? (size_t)n_read : 0;
        if (n < room)
            continue;
        n_read = -1; /* until there is more room */
        char *more = mremap(bytes, room, 2 * room, MREMAP_MAYMOVE);
        if (more == MAP_FAILED)
            break;
        bytes = more;
        room *= 2;
    }
    if (n_read == 0 && n > 0) {
        *n_bytes = n;
        return mremap(bytes, room, n, 0); /* gives back the pages that are not needed */
    }
    int error = n_read == 0 ? EINVAL : errno;
    if (bytes != MAP_FAILED)
        munmap(bytes, room);
    errno = error;
    return MAP_FAILED;
}

const void *out_map(const char *path, size_t *n_bytes)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about = {.st_size = 0};
    void *bytes = MAP_FAILED;

    if (file < 0)
        return NULL;
    if (fstat(file, &about) == 0) {
        *n_bytes = (size_t)about.st_size;
        if (S_ISDIR(about.st_mode))
            errno = EISDIR;
        else if (S_ISCHR(about.st_mode) || S_ISBLK(about.st_mode))
            errno = ENOTSUP; /* it may have no end */
        else if (S_ISREG(about.st_mode) && about.st_size > 0)
            bytes = mmap(NULL, *n_bytes, PROT_READ, MAP_PRIVATE, file, 0);
        else
            bytes = read_mapped(file, n_bytes);
    }
    int error = errno;
    close(file);
    errno = error;
    if (bytes == MAP_FAILED)
        return NULL;
    watch_mapped(path, bytes, *n_bytes);
    return bytes;
}

void out_unmap(const void *bytes, size_t n_bytes)
{
    mapped.n_bytes = 0;
    if (bytes != NULL)
        munmap((void *)(uintptr_t)bytes, n_bytes);
}

enum out_result out_compare(const char *path, const char *text, size_t n_bytes)
{
    struct arena arena = {0};
    size_t n_old;
    char *old = out_read(&arena, path, &n_old);
    enum out_result result = OUT_CHANGED;
    if (old == NULL)
        result = errno == ENOENT || errno == ENOTDIR ? OUT_MISSING : OUT_FAILED;
    else if (n_old == n_bytes && (n_bytes == 0 || memcmp(old, text, n_bytes) == 0))
        result = OUT_SAME;
    int saved = errno;
    arena_release(&arena);
    errno = saved;
    return result;
}

/* Creates one folder; one that is there already, even on a read-only disk, is as good. */
static bool make_one_folder(const char *path, bool *is_new)
{
    *is_new = mkdir(path, 0777) == 0;
    if (*is_new)
        return true;
    int saved = errno;
    struct stat status;
    bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return true;
    errno = exists ? ENOTDIR : saved;
    return false;
}

/* What became of a path whose folders were to be created: "a/b/c" is three, each named by the first
 * bytes of the path. */
struct folders {
    char path[PATH_MAX];
    size_t n_bytes;
    size_t first_new; /* bytes of the outermost one that was not there; 0: all were */
    size_t failed;    /* bytes of the one that cannot be created; 0: all are there now */
};

/* True if the first n_bytes of the path name a folder in it. */
static bool is_folder_of(const struct folders *folders, size_t n_bytes)
{
    return n_bytes == folders->n_bytes ||
           (n_bytes > 0 && folders->path[n_bytes] == '/' && folders->path[n_bytes - 1] != '/');
}

/* Creates a folder and its parents, outermost first. Returns false with errno set. */
static bool make_folders(struct folders *folders, const char *path)
{
    *folders = (struct folders){.n_bytes = strlen(path)};
    if (folders->n_bytes >= sizeof folders->path) {
        folders->failed = folders->n_bytes;
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folders->path, path, folders->n_bytes);
    for (size_t i = 0; i <= folders->n_bytes; i++) {
        if (!is_folder_of(folders, i))
            continue;
        folders->path[i] = '\0';
        bool is_new;
        bool is_there = make_one_folder(folders->path, &is_new);
        folders->path[i] = path[i];
        if (is_new && folders->first_new == 0)
            folders->first_new = i;
        if (!is_there) {
            folders->failed = i;
            return false;
        }
    }
    return true;
}

/* Removes, innermost first, the folders that were not there before and are still empty. */
static void unmake_folders(struct folders *folders)
{
    for (size_t i = folders->n_bytes; folders->first_new > 0 && i >= folders->first_new; i--) {
        if (!is_folder_of(folders, i))
            continue;
        folders->path[i] = '\0';
        rmdir(folders->path);
    }
}

bool out_make_folder(const char *path)
{
    struct folders folders;
    return make_folders(&folders, path);
}

static bool write_all(int fd, const char *text, size_t n_bytes)
{
    while (n_bytes) {
        ssize_t n_written = write(fd, text, n_bytes);
        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written < 0)
            return false;
        text += n_written;
        n_bytes -= (size_t)n_written;
    }
    return true;
}

/* Opens a new file in folder. Returns its descriptor and puts its path in *path, or returns -1.
 * Not mkstemp(3): that makes the mode 0600, and asking for the umask to undo it is not safe with
 * threads. A name taken by another thread, or left over by a killed process, is passed over. */
static int open_temporary(struct arena *arena, const char *folder, char **path)
{
    for (unsigned attempt = 0;; attempt++) {
        *path = arena_printf(arena, "%s/.abiproof-%ld-%u.tmp", folder, (long)getpid(), attempt);
        int fd = open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
}

/* Puts text at path, in a folder that is there, by way of a temporary file. Returns false with
 * errno set. */
static bool replace(struct arena *arena, const char *folder, const char *path, const char *text,
                    size_t n_bytes)
{
    char *temporary;
    int fd = open_temporary(arena, folder, &temporary);
    if (fd < 0)
        return false;
    bool is_written = write_all(fd, text, n_bytes);
    if (is_written)
        is_written = close(fd) == 0; /* a full network disk may say so only now */
    else
        close_keeping_errno(fd);
    if (is_written && rename(temporary, path) == 0)
        return true;
    int saved = errno;
    unlink(temporary);
    errno = saved;
    return false;
}

/* Puts text at path, creating its folders. Returns false after reporting and removing them again.
 * */
static bool replace_in_folder(struct arena *arena, const char *path, const char *text,
                              size_t n_bytes, struct diag *diag)
{
    const char *slash = strrchr(path, '/');
    const char *folder = ".";
    if (slash != NULL)
        folder = slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));

    struct folders folders;
    if (!make_folders(&folders, folder))
        diag_error(diag, (struct location){0},
                   "cannot write '%s': cannot create the folder '%.*s': %s", path,
                   (int)folders.failed, folder, strerror(errno));
    else if (!replace(arena, folder, path, text, n_bytes))
        diag_error(diag, (struct location){0}, "cannot write '%s': %s", path, strerror(errno));
    else
        return true;
    unmake_folders(&folders);
    return false;
}

enum out_result out_write(const char *path, const char *text, size_t n_bytes, struct diag *diag)
{
    /* Renaming over a device would destroy it: `-o /dev/null` run as root must not. */
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        diag_error(diag, (struct location){0}, "cannot write '%s': not a regular file", path);
        return OUT_FAILED;
    }
    if (out_compare(path, text, n_bytes) == OUT_SAME)
        return OUT_SAME;

    interrupt_hold(); /* or a temporary file stays */
    struct arena arena = {0};
    bool is_replaced = replace_in_folder(&arena, path, text, n_bytes, diag);
    interrupt_release();
    arena_release(&arena);
    return is_replaced ? OUT_CHANGED : OUT_FAILED;
}
