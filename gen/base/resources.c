/* resources.c - see resources.h. */
#include "base/resources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

/* A worker has the pipes of a child, a lock and a few files open, and the child has its own. */
enum { FILES_MIN = 64 };

void resources_raise_limits(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_MIN ||
        limit.rlim_max <= limit.rlim_cur)
        return;
    limit.rlim_cur = limit.rlim_max < FILES_MIN ? limit.rlim_max : FILES_MIN;
    (void)setrlimit(RLIMIT_NOFILE, &limit); /* resources_check reports what is too low */
}

static bool has_path(struct diag *diag)
{
    const char *path = getenv("PATH");

    if (path != NULL && path[0] != '\0')
        return true;
    diag_error(diag, no_location,
               "PATH is %s: expected the folders of compilers, as in PATH=/usr/bin:/bin",
               path == NULL ? "not set" : "empty");
    return false;
}

static bool has_files(struct diag *diag)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= FILES_MIN)
        return true;
    diag_error(diag, no_location,
               "only %llu files may be open, expected at least %d: `ulimit -n %d`",
               (unsigned long long)limit.rlim_cur, FILES_MIN, FILES_MIN);
    return false;
}

static bool has_room(const char *folder, uint64_t least_bytes, struct diag *diag)
{
    struct statvfs file_system;
    struct arena scratch = {NULL};
    char *at = arena_strdup(&scratch, folder);
    int result = statvfs(at, &file_system);

    while (result != 0 && errno == ENOENT && strrchr(at, '/') > at) {
        *strrchr(at, '/') = '\0';
        result = statvfs(at, &file_system);
    }
    if (result != 0 && errno == ENOENT)
        result = statvfs(".", &file_system);
    arena_release(&scratch);
    if (result != 0)
        return true; /* it does not say */
    uint64_t room = (uint64_t)file_system.f_bavail * file_system.f_frsize;
    if (room >= least_bytes)
        return true;
    diag_error(diag, no_location,
               "'%s' has room for %llu bytes, expected at least %llu: the disk is "
               "full",
               folder, (unsigned long long)room, (unsigned long long)least_bytes);
    return false;
}

bool resources_check(const char *folder, uint64_t least_bytes, struct diag *diag)
{
    bool is_good = has_path(diag);

    is_good = has_files(diag) && is_good;
    return has_room(folder, least_bytes, diag) && is_good;
}
