/* build.c - see build.h. */
#include "witness/build.h"

#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/grouping.h"
#include "base/str.h"
#include "witness/driver.h"

/* ---- what stays the same while a run lasts ---- */

struct build_cache {
    pthread_mutex_t lock;
    struct arena arena;
    struct grouping names; /* paths, and names of compilers */
    const char **lines;    /* of a key; by number of the name */
    size_t n_lines;
    bool is_fresh;        /* make everything once, whatever is there */
    struct grouping made; /* outputs that were, in this run */
};

struct build_cache *build_cache_new(bool is_fresh)
{
    struct build_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL || pthread_mutex_init(&cache->lock, NULL) != 0)
        diag_die("out of memory");
    cache->names.arena = &cache->arena;
    cache->made.arena = &cache->arena;
    cache->is_fresh = is_fresh;
    return cache;
}

void build_cache_free(struct build_cache *cache)
{
    if (cache == NULL)
        return;
    pthread_mutex_destroy(&cache->lock);
    arena_release(&cache->arena);
    free(cache);
}

/* The line for this name; NULL if there is none yet. */
static const char *find_line(struct build_cache *cache, const char *name)
{
    pthread_mutex_lock(&cache->lock);
    size_t number = grouping_find(&cache->names, name);
    const char *line = number != INDEX_NONE ? cache->lines[number] : NULL;
    pthread_mutex_unlock(&cache->lock);
    return line;
}

static void add_line(struct build_cache *cache, const char *name, const char *line)
{
    pthread_mutex_lock(&cache->lock);
    if (grouping_is_new(&cache->names, name)) {
        const char *copy = arena_strdup(&cache->arena, line);
        ARENA_PUSH(&cache->arena, cache->lines, cache->n_lines, copy);
    }
    pthread_mutex_unlock(&cache->lock);
}

/* True if the output is to be made though the one that is there may be right. */
static bool must_make(struct build_cache *cache, const char *output)
{
    if (cache == NULL || !cache->is_fresh)
        return false;
    pthread_mutex_lock(&cache->lock);
    bool is_first = grouping_is_new(&cache->made, output);
    pthread_mutex_unlock(&cache->lock);
    return is_first;
}

/* Adds the line that `add` adds for this name, asking it only once. */
static void add_once(struct str *key, struct build_cache *cache, const char *name,
                     void (*add)(struct str *key, const char *name))
{
    const char *line = cache != NULL ? find_line(cache, name) : NULL;
    size_t start = key->len;

    if (line != NULL) {
        str_add(key, line);
        return;
    }
    add(key, name); /* without the lock: another thread may do the same, with the same result */
    if (cache != NULL)
        add_line(cache, name, str_text(key) + start);
}

/* ---- keys ---- */

/* Hashed piece by piece: a run hashes some hundred megabytes of headers, and keeping them would
 * cost more than reading them. */
static void add_hash(struct str *key, const char *path)
{
    enum { PIECE = 32 * 1024 };
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        str_addf(key, "missing %s\n", path);
        return;
    }
    XXH3_state_t state;
    XXH3_64bits_reset(&state);
    ssize_t n;
    unsigned char piece[PIECE];
    while ((n = read(file, piece, sizeof piece)) > 0)
        XXH3_64bits_update(&state, piece, (size_t)n);
    close(file);
    if (n < 0)
        str_addf(key, "missing %s\n", path);
    else
        str_addf(key, "%016llx %s\n", (unsigned long long)XXH3_64bits_digest(&state), path);
}

/* A program that computes by itself: an emulator. */
static void add_program(struct str *key, const char *program)
{
    const char *path = proc_find(key->arena, program);

    if (path == NULL)
        str_addf(key, "missing %s\n", program);
    else
        add_hash(key, path);
}

/* Everything that compiles when this driver is called, and how it is called. */
static void add_compiler(struct str *key, const char *program)
{
    static const char *const kept[] = {"LD_LIBRARY_PATH", "SDKROOT"}; /* see environment.h */
    struct driver driver = driver_of(key->arena, program);

    if (driver.n_files == 0)
        str_addf(key, "missing %s\n", program);
    for (size_t i = 0; i < driver.n_files; i++)
        add_hash(key, driver.files[i]);
    str_addf(key, "%016llx calls of %s\n",
             (unsigned long long)XXH3_64bits(driver.calls, strlen(driver.calls)), program);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (getenv(kept[i]) != NULL)
            str_addf(key, "env %s=%s\n", kept[i], getenv(kept[i]));
}

static bool is_among(const char *word, const char *const *argv, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

/* Appends the files that a dependency file's first rule names: `target: file file \`, blanks as `\ `.
 * Those of argv have been hashed already. */
static void add_dependencies(struct str *key, const char *depfile, const char *const *argv,
                             size_t n, struct build_cache *cache)
{
    const char *text = out_read(key->arena, depfile, NULL);
    const char *at = text != NULL ? strstr(text, ": ") : NULL;

    if (at == NULL) {
        str_addf(key, "missing %s\n", depfile);
        return;
    }
    for (at += 2; *at != '\0' && *at != '\n';) {
        struct str path = {.arena = key->arena};
        at += strspn(at, " ");
        if (at[0] == '\\' && at[1] == '\n') {
            at += 2;
            continue;
        }
        for (; *at != '\0' && *at != ' ' && *at != '\n'; at++) {
            if (at[0] == '\\' && at[1] != '\0')
                at++;
            str_add_char(&path, *at);
        }
        if (path.len > 0 && !is_among(str_text(&path), argv, n))
            add_once(key, cache, str_text(&path), add_hash);
    }
}

static const char *dependencies_of(struct arena *arena, const char *output)
{
    return arena_printf(arena, "%s.d", output);
}

const char *build_libraries(struct arena *arena, const char *output)
{
    return arena_printf(arena, "%s.libraries.d", output);
}

/* What the output depends on, as text. The compiler is the one that this run saw first: asking it
 * takes as long as building. One that is exchanged while we run is seen by the next run.
 * headers: NULL to read them anew. */
static const char *key_of(struct arena *arena, const char *output, const char *const *argv,
                          size_t n, struct build_cache *cache, struct build_cache *headers)
{
    struct str key = {.arena = arena};
    const char *depfile = dependencies_of(arena, output);

    add_once(&key, cache, argv[0], add_compiler);
    for (size_t i = 0; i < n; i++) {
        str_addf(&key, "arg %s\n", argv[i]);
        struct stat info;
        if (i > 0 && argv[i][0] != '-' && stat(argv[i], &info) == 0 && S_ISREG(info.st_mode))
            add_hash(&key, argv[i]);
    }
    add_dependencies(&key, depfile, argv, n, headers);
    const char *libraries = build_libraries(arena, output);
    if (access(libraries, R_OK) == 0)
        add_dependencies(&key, libraries, argv, n, headers);
    return str_text(&key);
}

/* The whole of a key: what an output was made from, and what it was when it had been made. One that
 * was cut short, or written by somebody else, is made again. */
static const char *with_output(struct arena *arena, const char *inputs, const char *output)
{
    struct str key = {.arena = arena};

    str_addf(&key, "%soutput ", inputs);
    add_hash(&key, output);
    return str_text(&key);
}

/* True if the output is there, is what was made, and was made from these inputs. */
static bool is_made(struct arena *arena, const char *output, const char *keyfile,
                    const char *inputs)
{
    const char *old_key = out_read(arena, keyfile, NULL);

    return old_key != NULL && str_starts(old_key, inputs) &&
           strcmp(old_key, with_output(arena, inputs, output)) == 0;
}

/* Remembers what the output was made from. Where that cannot be written it is made again: slower,
 * not wrong. */
static void keep_key(struct arena *arena, const char *output, const char *keyfile,
                     const char *inputs)
{
    const char *key = with_output(arena, inputs, output);
    struct diag ignored;

    diag_init(&ignored, arena, false);
    (void)out_write(keyfile, key, strlen(key), &ignored);
}

struct proc_result build_file(struct arena *arena, const char *output, const char *const *argv,
                              size_t n, struct build_cache *cache, int timeout_ms)
{
    const char *depfile = dependencies_of(arena, output);
    const char *keyfile = arena_printf(arena, "%s.key", output);
    const char *const more[] = {"-MD", "-MF", depfile, "-o", output, NULL};
    struct proc_result result = {.end = PROC_EXITED, .out = "", .err = ""};

    if (!must_make(cache, output) && access(keyfile, R_OK) == 0 &&
        is_made(arena, output, keyfile, key_of(arena, output, argv, n, cache, cache)))
        return result;
    const char **full = NULL;
    size_t n_full = 0;
    for (size_t i = 0; i < n; i++)
        ARENA_PUSH(arena, full, n_full, argv[i]);
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
        ARENA_PUSH(arena, full, n_full, more[i]);
    (void)unlink(keyfile); /* before the output changes: a crash must not leave an old key to it */
    result = proc_run(arena, full, timeout_ms);
    if (result.end == PROC_EXITED && result.status == 0)
        keep_key(arena, output, keyfile, key_of(arena, output, argv, n, cache, NULL));
    return result;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Appends every file below a folder, in the order of their names. */
static void add_folder(struct str *key, const char *folder, struct build_cache *cache)
{
    char *const roots[] = {arena_strdup(key->arena, folder), NULL};
    FTS *walk = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, by_name);

    for (FTSENT *entry; walk != NULL && (entry = fts_read(walk)) != NULL;)
        if (entry->fts_info == FTS_F)
            add_once(key, cache, entry->fts_path, add_hash);
        else if (entry->fts_info != FTS_D && entry->fts_info != FTS_DP)
            str_addf(key, "missing %s\n", entry->fts_path);
    if (walk == NULL || fts_close(walk) != 0)
        str_addf(key, "missing %s\n", folder);
}

static const char *command_key(struct arena *arena, const struct build_command *command,
                               struct build_cache *cache)
{
    struct str key = {.arena = arena};

    str_addf(&key, "sh %s\nin %s\n", command->script, command->folder);
    for (size_t i = 0; i < command->n_env; i++)
        str_addf(&key, "env %s\n", command->env[i]);
    for (size_t i = 0; i < command->n_programs; i++)
        add_once(&key, cache, command->programs[i], add_compiler);
    add_folder(&key, command->inputs, cache);
    return str_text(&key);
}

struct proc_result build_command(struct arena *arena, const char *output,
                                 const struct build_command *command, struct build_cache *cache,
                                 int timeout_ms)
{
    /* The shell changes folder, so that a thread of ours need not. */
    static const char enter[] = "cd -- \"$0\" && exec sh -euc \"$1\"";
    const char *keyfile = arena_printf(arena, "%s.key", output);
    const char *inputs = command_key(arena, command, cache);
    struct proc_result result = {.end = PROC_EXITED, .out = "", .err = ""};

    if (!must_make(cache, output) && is_made(arena, output, keyfile, inputs))
        return result;
    const char **argv = NULL;
    size_t n = 0;
    ARENA_PUSH(arena, argv, n, "env");
    for (size_t i = 0; i < command->n_env; i++)
        ARENA_PUSH(arena, argv, n, command->env[i]);
    for (size_t i = 0; i < 3; i++)
        ARENA_PUSH(arena, argv, n, ((const char *const[]){"sh", "-c", enter})[i]);
    ARENA_PUSH(arena, argv, n, command->folder);
    ARENA_PUSH(arena, argv, n, command->script);
    ARENA_PUSH(arena, argv, n, NULL);
    (void)unlink(keyfile);
    (void)unlink(output); /* an old one must not be taken for what the command made */
    result = proc_run(arena, argv, timeout_ms);
    if (result.end != PROC_EXITED || result.status != 0)
        return result;
    if (access(output, R_OK) != 0) {
        result.status = 1;
        result.err = arena_printf(arena, "the command ended well and left no '%s'\n", output);
        return result;
    }
    keep_key(arena, output, keyfile, inputs);
    return result;
}

/* What a probe's output depends on: itself, who runs it, and the kernel below. */
static const char *run_key(struct arena *arena, const char *const *argv, size_t n,
                           struct build_cache *cache)
{
    struct str key = {.arena = arena};
    struct utsname machine;

    if (uname(&machine) == 0)
        str_addf(&key, "%s %s %s %s\n", machine.sysname, machine.release, machine.version,
                 machine.machine);
    for (size_t i = 0; i + 1 < n; i++)
        add_once(&key, cache, argv[i], add_program);
    add_hash(&key, argv[n - 1]);
    return str_text(&key);
}

struct proc_result build_output(struct arena *arena, const char *output, const char *const *argv,
                                size_t n, struct build_cache *cache, int timeout_ms)
{
    const char *keyfile = arena_printf(arena, "%s.key", output);
    const char *inputs = run_key(arena, argv, n, cache);
    struct proc_result result = {.end = PROC_EXITED, .err = ""};

    if (!must_make(cache, output) && is_made(arena, output, keyfile, inputs)) {
        result.out = out_read(arena, output, &result.n_out);
        if (result.out != NULL)
            return result;
    }
    (void)unlink(keyfile);
    result = proc_run(arena, argv, timeout_ms);
    struct diag ignored;
    diag_init(&ignored, arena, false);
    if (result.end == PROC_EXITED && result.status == 0 &&
        out_write(output, result.out, result.n_out, &ignored) != OUT_FAILED)
        keep_key(arena, output, keyfile, inputs);
    return result;
}

int build_lock(struct arena *arena, const char *folder)
{
    if (!out_make_folder(folder))
        return -1;
    int handle = open(arena_printf(arena, "%s/lock", folder), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (handle >= 0 && flock(handle, LOCK_EX) != 0) {
        close(handle);
        return -1;
    }
    return handle;
}

void build_unlock(int handle)
{
    close(handle);
}
