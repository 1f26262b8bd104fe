/* root.c - see root.h. */
#include "cmd/root.h"

#include <limits.h>
#include <stdbool.h>
#include <unistd.h>

static bool is_root(struct arena *arena, const char *path)
{
    return access(arena_printf(arena, "%sgen/targets.yaml", path), R_OK) == 0;
}

static const char *find_above_program(struct arena *arena)
{
    char path[PATH_MAX];

    for (ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1); n > 0; n--) {
        path[n] = '\0';
        if (path[n - 1] == '/' && is_root(arena, path))
            return arena_strdup(arena, path);
    }
    return NULL;
}

static const char *find_above_here(struct arena *arena)
{
    const char *path = "";

    for (int depth = 0; depth < 32; depth++) {
        if (is_root(arena, path))
            return path;
        path = arena_printf(arena, "../%s", path);
    }
    return NULL;
}

const char *root_find(struct arena *arena, enum root_use use)
{
    const char *root = find_above_here(arena);

    return root == NULL && use == ROOT_READS ? find_above_program(arena) : root;
}
