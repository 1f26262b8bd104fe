/* environment.c - see environment.h. */
#include "base/environment.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

/* A name that ends in * stands for all that begin so. */
static const char *const harmful[] = {
    /* where GCC and clang look for headers, for programs of theirs, for libraries */
    "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "OBJC_INCLUDE_PATH", "OBJCPLUS_INCLUDE_PATH",
    "COMPILER_PATH", "GCC_EXEC_PREFIX", "LIBRARY_PATH", "LPATH",
    /* options by another way: clang's, GCC's, ld's and its library's */
    "CCC_OVERRIDE_OPTIONS", "MACOSX_DEPLOYMENT_TARGET", "GCC_COMPARE_DEBUG", "LDEMULATION",
    "GNUTARGET", "LD_RUN_PATH",
    /* where the list of dependencies goes, which is our way to know them */
    "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES",
    /* code in any program that is started */
    "LD_PRELOAD", "LD_AUDIT", "DYLD_INSERT_LIBRARIES",
    /* options of emulators: the processor, the kernel's version, a system's folder */
    "QEMU_*"};

static struct {
    struct arena arena; /* for as long as the program runs */
    const char **items;
    size_t n;
} removed;

static bool is_harmful(const char *variable)
{
    for (size_t i = 0; i < sizeof harmful / sizeof harmful[0]; i++) {
        const char *name = harmful[i];
        size_t length = strcspn(name, "*");
        if (strncmp(variable, name, length) == 0 &&
            (name[length] == '*' || variable[length] == '='))
            return true;
    }
    return false;
}

void environment_clean(void)
{
    size_t n_kept = 0;

    for (size_t i = 0; environ != NULL && environ[i] != NULL; i++)
        if (is_harmful(environ[i])) {
            const char *copy = arena_strdup(&removed.arena, environ[i]);
            ARENA_PUSH(&removed.arena, removed.items, removed.n, copy);
        } else {
            environ[n_kept++] = environ[i];
        }
    if (environ != NULL)
        environ[n_kept] = NULL;
}

const char *const *environment_removed(size_t *n)
{
    *n = removed.n;
    return removed.items;
}
