/* config_find.c - where a project's abiproof.yaml is, and whose; see config.h.
 *
 * In: the current folder, and who runs this. Out: a path, and whether its owner may decide what is
 * proved and what is run. Design: a file that nobody named is one that somebody else may have put
 * there, in /tmp or above a repository that was unpacked in a shared folder. So the search ends at
 * the repository's root, and a file of another user has no say, as git has it for a repository
 * (safe.directory). What root owns only root can have put there, who needs no file for that.
 */
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/config.h"

static const char file_name[] = "abiproof.yaml";

const char *config_find(struct arena *arena)
{
    enum { DEPTH_MAX = 64 };
    const char *folder = "";

    for (int depth = 0; depth < DEPTH_MAX; depth++) {
        const char *path = arena_printf(arena, "%s%s", folder, file_name);
        if (access(path, F_OK) == 0)
            return path;
        if (access(arena_printf(arena, "%s.git", folder), F_OK) == 0) /* a worktree's is a file */
            return NULL;
        folder = arena_printf(arena, "../%s", folder);
    }
    return NULL;
}

/* True for the user who runs this, root, and who became root by sudo(8). */
static bool is_trusted(uid_t owner)
{
    const char *before = getenv("SUDO_UID");
    char *end;

    if (owner == geteuid() || owner == 0)
        return true;
    if (geteuid() != 0 || before == NULL || before[0] < '0' || before[0] > '9')
        return false;
    errno = 0;
    unsigned long uid = strtoul(before, &end, 10);
    return errno == 0 && *end == '\0' && uid == owner;
}

/* "'nobody' (uid 65534)" if the file, or what a link leads to, is another user's; else NULL. */
static const char *owner_of(struct arena *arena, const char *path)
{
    for (int follows = 0; follows < 2; follows++) {
        struct stat status;
        if ((follows ? stat(path, &status) : lstat(path, &status)) != 0 ||
            is_trusted(status.st_uid))
            continue;
        const struct passwd *entry = getpwuid(status.st_uid);
        return arena_printf(arena, "'%s' (uid %lu)",
                            entry != NULL ? entry->pw_name : "nobody known",
                            (unsigned long)status.st_uid);
    }
    return NULL;
}

const char *config_stranger(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *folder =
        slash == NULL ? "." : arena_strndup(arena, path, (size_t)(slash + 1 - path));
    const char *owner = owner_of(arena, path);

    if (owner != NULL)
        return arena_printf(arena, "it belongs to %s", owner);
    owner = owner_of(arena, folder);
    return owner != NULL ? arena_printf(arena, "its folder belongs to %s", owner) : NULL;
}
