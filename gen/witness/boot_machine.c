/* boot_machine.c - see boot_machine.h.
 *
 * Design: an emulator's end says nothing. A missing initramfs, an init of another architecture and
 * a wrong console all end with exit code 0, and some machines never end. So the emulator is killed
 * as soon as the console has init's last line, and that line, with everything before it, is what
 * counts.
 */
#include "witness/boot_machine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "witness/build.h"
#include "witness/boot_archive.h"
#include "base/file.h"
#include "base/proc.h"
#include "model/toolchain.h"

/* A machine may take so many times as long as a program. */
enum { BOUND_FACTOR = 6 };

/* What every machine has in common: emulated to the last instruction, nothing but a console, and
 * off rather than on again. */
static const char *const common[] = {
    "-accel",     "tcg",        "-smp",    "1",     "-nodefaults", "-no-user-config",
    "-nographic", "-no-reboot", "-serial", "stdio", "-monitor",    "none",
};

const char *boot_name(struct arena *arena, const struct spec *spec, const char *program)
{
    return arena_printf(arena, "%s/%s", spec->name, program);
}

/* What goes into the machine. */
struct load {
    struct boot *boot;
    struct cpio cpio;
    struct str list;            /* a bound, names of the programs, one per line */
    struct workspace workspace; /* of what is built now */
    const char *folder;         /* of the boot */
};

/* ---- programs into the archive ---- */

/* Appends a program that was built, under this name. Returns false with a remark. */
static bool add_file(struct load *load, struct remarks *broken, const char *path, const char *name)
{
    size_t n_bytes;
    const char *content = out_read(&load->boot->arena, path, &n_bytes);

    if (content == NULL)
        remark_add(broken, &load->boot->arena, "probe-failed", (struct location){path, 0, 0},
                   "%s: %s", path, strerror(errno));
    else
        cpio_add_program(&load->cpio, name, content, n_bytes);
    return content != NULL;
}

/* Builds a program of a part into the archive; what does not build is the part's matter. */
static void add_program(struct load *load, struct boot_part *part, const struct program *program,
                        const struct workspace *workspace)
{
    struct boot *boot = load->boot;
    struct evidence evidence = {.witness = "boot", .broken = part->broken[program->kind]};
    const char *name = boot_name(&boot->arena, part->spec, program->name);
    const char *path = program_build(&evidence, program, part->target, workspace, &boot->arena);

    if (path != NULL && add_file(load, &evidence.broken, path, name))
        str_addf(&load->list, "%s\n", name);
    part->broken[program->kind] = evidence.broken;
}

static void add_part(struct load *load, struct boot_part *part)
{
    struct arena *arena = &load->boot->arena;
    struct workspace workspace =
        workspace_of(&load->workspace, part->spec, load->boot->target, arena);
    struct programs programs = programs_of(part->spec, &workspace, arena);

    int lock = build_lock(arena, workspace.build);
    if (lock < 0) {
        for (int kind = 0; kind < N_PROGRAM_KINDS; kind++)
            remark_add(&part->broken[kind], arena, "probe-failed",
                       (struct location){workspace.build, 0, 0}, "cannot use the build folder: %s",
                       strerror(errno));
        return;
    }
    cpio_add_folder(&load->cpio, part->spec->name);
    for (size_t i = 0; i < programs.n; i++)
        add_program(load, part, &programs.items[i], &workspace);
    build_unlock(lock);
}

/* Builds init into the archive, which has the console that it prints on. */
static bool add_init(struct load *load)
{
    struct boot *boot = load->boot;
    const struct program init = {
        PROGRAM_SYSTEM, "init",
        arena_printf(&boot->arena, "%sabi_probes/rt/init.c", load->workspace.root), NULL, NULL};
    struct evidence evidence = {.witness = "boot"};
    struct workspace workspace = load->workspace;

    workspace.shared = arena_printf(&boot->arena, "%s/%s", workspace.build, boot->target->name);
    workspace.build = load->folder;
    const char *path = program_build(&evidence, &init, boot->target, &workspace, &boot->arena);
    if (path == NULL || !add_file(load, &evidence.broken, path, "init")) {
        boot->kind = "boot-failed";
        boot->fault = arena_printf(&boot->arena, "init: %s", evidence.broken.items[0].text);
        return false;
    }
    cpio_add_folder(&load->cpio, "dev");
    cpio_add_device(&load->cpio, "dev/console", 5, 1);
    return true;
}

/* ---- the machine ---- */

const char **boot_argv(struct arena *arena, const struct kernel *kernel, const char *initramfs)
{
    const char **argv = NULL;
    size_t n = 0;

    for (unsigned i = 0; i < kernel->n_emulator; i++)
        ARENA_PUSH(arena, argv, n, kernel->emulator[i]);
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        ARENA_PUSH(arena, argv, n, common[i]);
    ARENA_PUSH(arena, argv, n, "-kernel");
    ARENA_PUSH(arena, argv, n, kernel->image);
    ARENA_PUSH(arena, argv, n, "-initrd");
    ARENA_PUSH(arena, argv, n, initramfs);
    ARENA_PUSH(arena, argv, n, "-append");
    ARENA_PUSH(arena, argv, n, arena_printf(arena, "console=%s quiet panic=-1", kernel->console));
    ARENA_PUSH(arena, argv, n, NULL);
    return argv;
}

static void add_hash(struct str *key, const char *path)
{
    size_t n_bytes;
    struct arena own = {NULL}; /* kernels are large */
    const char *content = out_read(&own, path, &n_bytes);

    str_addf(key, "%016llx %s\n",
             content != NULL ? (unsigned long long)XXH3_64bits(content, n_bytes) : 0, path);
    arena_release(&own);
}

/* What the result depends on, as text. The emulator is known by its file, as compilers are. */
static const char *key_of(struct arena *arena, const char *const *argv, const char *image,
                          const char *initramfs)
{
    struct str key = {.arena = arena};
    const char *emulator = proc_find(arena, argv[0]);
    struct stat info;

    if (emulator != NULL && stat(emulator, &info) == 0)
        str_addf(&key, "%lld %lld %s\n", (long long)info.st_size, (long long)info.st_mtime,
                 emulator);
    for (size_t i = 0; argv[i] != NULL; i++)
        str_addf(&key, "arg %s\n", argv[i]);
    add_hash(&key, image);
    add_hash(&key, initramfs);
    return str_text(&key);
}

/* Takes the result of an earlier boot with this key. Its key file begins with the line
 * `booted 2025-06-01T12:00:00Z WALL_MS CPU_MS`. */
static bool take_earlier(struct boot *boot, const char *keyfile, const char *console,
                         const char *key)
{
    const char *old_key = out_read(&boot->arena, keyfile, NULL);
    const char *text = out_read(&boot->arena, console, NULL);
    char when[32];
    int wall_ms, cpu_ms;

    if (old_key == NULL || text == NULL || strchr(old_key, '\n') == NULL ||
        strcmp(strchr(old_key, '\n') + 1, key) != 0 ||
        sscanf(old_key, "booted %31s %d %d", when, &wall_ms, &cpu_ms) != 3)
        return false;
    serial_read(&boot->serial, &boot->arena, text);
    if (!boot->serial.has_ended)
        return false;
    boot->when = arena_strdup(&boot->arena, when);
    boot->wall_ms = wall_ms;
    boot->cpu_ms = cpu_ms;
    return true;
}

/* Without its key a result is booted again: slower, not wrong. */
static void keep(struct boot *boot, const char *keyfile, const char *key)
{
    time_t now = time(NULL);
    struct tm utc;
    char when[32];

    if (gmtime_r(&now, &utc) == NULL ||
        strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        return;
    struct diag ignored;
    diag_init(&ignored, &boot->arena, false);
    key = arena_printf(&boot->arena, "booted %s %d %d\n%s", when, boot->wall_ms, boot->cpu_ms, key);
    (void)out_write(keyfile, key, strlen(key), &ignored);
}

/* Notes what went wrong, with the last line of output. */
static void set_fault(struct boot *boot, const struct proc_result *result, const char *program,
                      int timeout_ms)
{
    struct arena *arena = &boot->arena;
    const char *reported = boot->serial.last_line;

    if (reported[0] == '\0')
        reported = arena_strndup(arena, result->err, strcspn(result->err, "\n"));
    boot->kind = result->end == PROC_TIMED_OUT ? "boot-hung" : "boot-failed";
    boot->fault = arena_printf(
        arena, "%s: %s; %s; last line: %s", program, proc_describe(arena, result, timeout_ms),
        boot->serial.has_begun ? "init began and did not end" : "no output of init",
        reported[0] != '\0' ? reported : "none");
}

static void switch_on(struct load *load, const char *initramfs)
{
    struct boot *boot = load->boot;
    struct arena *arena = &boot->arena;
    const char **argv = boot_argv(arena, boot->target->kernel, initramfs);
    const char *console = arena_printf(arena, "%s/console", load->folder);
    const char *keyfile = arena_printf(arena, "%s/key", load->folder);
    const char *key = key_of(arena, argv, boot->target->kernel->image, initramfs);
    int timeout_ms = load->workspace.timeout_ms * BOUND_FACTOR;

    if (take_earlier(boot, keyfile, console, key))
        return;
    (void)unlink(keyfile); /* before the console changes: no old key may lead to it */
    struct proc_result result = proc_run_until(arena, argv, timeout_ms, SERIAL_LAST);
    boot->wall_ms = result.wall_ms;
    boot->cpu_ms = result.cpu_ms;
    serial_read(&boot->serial, arena, result.out);
    struct diag ignored;
    diag_init(&ignored, arena, false);
    bool is_kept = out_write(console, result.out, strlen(result.out), &ignored) != OUT_FAILED;
    if (!boot->serial.has_ended)
        set_fault(boot, &result, argv[0], timeout_ms);
    else if (is_kept)
        keep(boot, keyfile, key);
}

/* ---- one boot ---- */

static const char *missing(const struct target *target, struct arena *arena)
{
    if (target->kernel->unavailable != NULL)
        return target->kernel->unavailable;
    if (target->compiler == NULL)
        return arena_printf(arena, "compiler '%s' not found", target->cc[0]);
    return missing_headers(target, arena);
}

static void load_and_switch_on(struct load *load)
{
    struct boot *boot = load->boot;
    const char *initramfs = arena_printf(&boot->arena, "%s/initramfs", load->folder);

    if (!add_init(load))
        return;
    str_addf(&load->list, "%d\n", (load->workspace.timeout_ms + 999) / 1000);
    for (size_t i = 0; i < boot->n_parts; i++)
        add_part(load, &boot->parts[i]);
    cpio_add_file(&load->cpio, "probes", str_text(&load->list), load->list.len);
    cpio_end(&load->cpio);
    struct diag diag;
    diag_init(&diag, &boot->arena, false);
    if (out_write(initramfs, load->cpio.archive.text, load->cpio.archive.len, &diag) ==
        OUT_FAILED) {
        boot->kind = "boot-failed";
        boot->fault = arena_printf(&boot->arena, "cannot write %s: %s", initramfs, strerror(errno));
        return;
    }
    switch_on(load, initramfs);
}

static void boot_one(void *context, size_t i)
{
    struct boots *boots = context;
    struct boot *boot = &boots->items[i];
    struct arena *arena = &boot->arena;
    struct load load = {.boot = boot, .workspace = *boot->workspace};

    boot->unavailable = missing(boot->target, arena);
    if (boot->unavailable != NULL)
        return;
    load.cpio.archive.arena = arena;
    load.list.arena = arena;
    load.folder = arena_printf(arena, "%s/%s", load.workspace.boot, boot->target->name);
    int lock = build_lock(arena, load.folder);
    if (lock < 0) {
        boot->unavailable =
            arena_printf(arena, "cannot use the folder %s: %s", load.folder, strerror(errno));
        return;
    }
    load_and_switch_on(&load);
    build_unlock(lock);
}

/* ---- all of them ---- */

struct boot *boots_find(const struct boots *boots, const struct target *target)
{
    for (size_t i = 0; i < boots->n; i++)
        if (boots->items[i].target == target->own)
            return &boots->items[i];
    return NULL;
}

void boots_run(struct boots *boots, struct arena *arena, const struct boot_request *requests,
               size_t n_requests, const struct workspace *workspace, int n_workers)
{
    for (size_t i = 0; i < n_requests; i++) {
        const struct target *target = requests[i].target->own;
        struct boot boot = {.target = target, .workspace = workspace};
        if (target->kernel != NULL && boots_find(boots, target) == NULL)
            ARENA_PUSH(arena, boots->items, boots->n, boot);
    }
    /* Only now do the boots stay where they are. */
    for (size_t i = 0; i < n_requests; i++) {
        const struct target *target = requests[i].target;
        struct boot *boot = boots_find(boots, target);
        struct boot_part part = {.spec = requests[i].spec, .target = target};
        if (boot != NULL && target->include != NULL) /* else nobody asks for this part */
            ARENA_PUSH(&boot->arena, boot->parts, boot->n_parts, part);
    }
    proc_parallel(boots->n, n_workers, boot_one, boots);
}

void boots_release(struct boots *boots)
{
    for (size_t i = 0; i < boots->n; i++)
        arena_release(&boots->items[i].arena);
}
