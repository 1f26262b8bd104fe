/* target_here.c - what this machine has of a target: see target.h.
 *
 * In: a row of the table, the environment, PATH and the file system. Out: the row's members under
 * "What this machine has". A search path counts only if every folder of it exists: half a header
 * set would be read without a word, and be another system's.
 */
#include "model/target_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"

/* Splits text at any byte of `at` into a NULL-terminated array. */
static const char **split(struct arena *arena, const char *text, const char *at, unsigned *n)
{
    const char **words = NULL;
    size_t count = 0;

    for (text += strspn(text, at); *text != '\0'; text += strspn(text, at)) {
        size_t length = strcspn(text, at);
        ARENA_PUSH(arena, words, count, arena_strndup(arena, text, length));
        text += length;
    }
    ARENA_PUSH(arena, words, count, NULL);
    *n = (unsigned)count - 1;
    return words;
}

/* Replaces a leading $NAME and makes a relative path start at root; NULL if the variable is unset.
 */
static const char *expand(struct arena *arena, const char *root, const char *path)
{
    if (path[0] == '$') {
        size_t length = strcspn(path + 1, "/");
        const char *value = getenv(arena_strndup(arena, path + 1, length));
        if (value == NULL || value[0] == '\0')
            return NULL;
        return arena_printf(arena, "%s%s", value, path + 1 + length);
    }
    return path[0] == '/' ? path : arena_printf(arena, "%s%s", root, path);
}

/* Takes the first of the search paths `sets` of which every folder exists; NULL if there is none.
 */
static const char **find_path(struct arena *arena, const char *root, const char *const *sets,
                              unsigned n_sets, unsigned *n_found)
{
    for (unsigned i = 0; i < n_sets; i++) {
        unsigned n, n_there = 0;
        const char **set = split(arena, sets[i], ":", &n);
        for (unsigned k = 0; k < n; k++) {
            set[k] = expand(arena, root, set[k]);
            struct stat info;
            n_there += set[k] != NULL && stat(set[k], &info) == 0 && S_ISDIR(info.st_mode);
        }
        if (n > 0 && n_there == n) {
            *n_found = n;
            return set;
        }
    }
    return NULL;
}

static void find_compiler(struct target *target, struct arena *arena)
{
    for (unsigned i = 0; i < target->n_cc && target->compiler == NULL; i++) {
        unsigned n;
        const char **argv = split(arena, target->cc[i], " ", &n);
        if (n > 0 && proc_find(arena, argv[0]) != NULL) {
            target->compiler = argv;
            target->n_compiler = n;
        }
    }
}

/* True if this machine runs the target's programs itself: names start with uname's machine. */
static bool is_native(const struct target *target)
{
    struct utsname machine;

    if (uname(&machine) != 0 || strcmp(machine.sysname, "Linux") != 0)
        return false;
    size_t length = strlen(machine.machine);
    return strncmp(target->name, machine.machine, length) == 0 &&
           strcmp(target->name + length, "-linux") == 0;
}

static void find_runner(struct target *target, struct arena *arena)
{
    if (target->emulator == NULL)
        return;
    target->runner = is_native(target) ? "" : proc_find(arena, target->emulator);
}

/* A copy that differs in nothing but the headers. */
static const struct target *with_newer(const struct target *target, struct arena *arena,
                                       const char *root)
{
    struct target *copy = arena_alloc(arena, sizeof *copy);

    *copy = *target;
    copy->headers = target->newer;
    copy->n_headers = target->n_newer;
    copy->n_include = 0;
    copy->include = find_path(arena, root, copy->headers, copy->n_headers, &copy->n_include);
    return copy;
}

void target_look_up(struct target *target, struct arena *arena, const char *root)
{
    target->include =
        find_path(arena, root, target->headers, target->n_headers, &target->n_include);
    target->library_path =
        find_path(arena, root, target->libraries, target->n_libraries, &target->n_library_path);
    target->flag_words = split(arena, target->flags, " ", &target->n_flag_words);
    if (target->link != NULL)
        target->link_words = split(arena, target->link, " ", &target->n_link_words);
    find_compiler(target, arena);
    find_runner(target, arena);
    target->own = target;
    if (target->newer != NULL)
        target->with_newer = with_newer(target, arena, root);
}

/* What ci/fetch-kernels left: the image, and beside it the text that says where it is from. */
void kernel_look_up(struct kernel *kernel, struct arena *arena, const char *root)
{
    const char *folder = arena_printf(arena, "%sbuild/kernels/%s", root, kernel->name);
    const char *image = arena_printf(arena, "%s/vmlinuz", folder);
    const char *package = out_read(arena, arena_printf(arena, "%s/package", folder), NULL);
    unsigned n;
    const char **argv = split(arena, kernel->machine, " ", &n);

    if (package != NULL && access(image, R_OK) == 0) {
        kernel->image = image;
        kernel->package = arena_strndup(arena, package, strcspn(package, "\n"));
    }
    if (n > 0 && proc_find(arena, argv[0]) != NULL) {
        kernel->emulator = argv;
        kernel->n_emulator = n;
    }
    if (kernel->image == NULL)
        kernel->unavailable =
            arena_printf(arena, "kernel '%s' not found; ci/fetch-kernels %sbrings it", kernel->name,
                         kernel->build != NULL ? "--build " : "");
    else if (kernel->emulator == NULL)
        kernel->unavailable = arena_printf(arena, "emulator '%s' not found", n > 0 ? argv[0] : "");
}
