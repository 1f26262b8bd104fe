/* usage: boot TARGET PROGRAM
 *
 * Boots the kernel that gen/targets.yaml has for TARGET, from build/kernels/, and runs PROGRAM
 * there: a static program of the target, started by abi_probes/rt/init.c with no argument and an
 * empty environment, in a file system that has /proc (not mounted) and /tmp. Out: `# kernel` and
 * the text of uname(2), then what the program printed. The console stays in
 * build/event/boot/TARGET/console.
 *
 * Exit codes: 0 the program ended with 0, and what it printed came through whole; 1 it did not; 2
 * usage, or the machine could not be made; 77 no kernel, emulator or compiler.
 *
 * Design: that of gen/witness/boot_machine.c, whose parts do the work: an emulator's exit code says
 * nothing. What counts is the line of init after the program's end, with its exit code and the
 * length and sum of its output.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "witness/boot_machine.h"
#include "witness/boot_archive.h"
#include "base/interrupt.h"
#include "base/file.h"
#include "base/proc.h"

enum { BOUND_PROGRAM_S = 100, BOUND_MACHINE_MS = 120 * 1000, BOUND_COMPILER_MS = 60 * 1000 };

static const char name[] = "contract"; /* of the program, in the machine */

static int fail(const char *target, const char *what, const char *why)
{
    (void)fprintf(stderr, "event: boot of %s: %s: %s\n", target, what, why);
    return EXIT_USAGE;
}

/* Returns the path of init, or NULL after reporting. */
static const char *build_init(struct arena *arena, const struct target *target, const char *folder)
{
    const struct program init = {PROGRAM_SYSTEM, "init", "abi_probes/rt/init.c", NULL, NULL};
    struct workspace workspace = {.root = "",
                                  .bindings = "bindings/c",
                                  .build = folder,
                                  .shared = folder,
                                  .timeout_ms = BOUND_COMPILER_MS};
    struct evidence evidence = {.witness = "boot"};
    const char *path = program_build(&evidence, &init, target, &workspace, arena);

    if (path == NULL)
        (void)fail(target->name, "init", evidence.broken.items[0].text);
    return path;
}

/* Adds the file at `path` under this name. Returns false after reporting. */
static bool add_file(struct cpio *cpio, const struct target *target, const char *path,
                     const char *as)
{
    size_t n_bytes;
    const char *content = out_read(cpio->archive.arena, path, &n_bytes);

    if (content == NULL) {
        (void)fail(target->name, path, strerror(errno));
        return false;
    }
    cpio_add_program(cpio, as, content, n_bytes);
    return true;
}

/* Writes the initramfs. Returns its path, or NULL after reporting. */
static const char *make_initramfs(struct arena *arena, const struct target *target,
                                  const char *program, const char *folder, struct diag *diag)
{
    struct cpio cpio = {.archive = {.arena = arena}};
    const char *list = arena_printf(arena, "%d\n%s\n", BOUND_PROGRAM_S, name);
    const char *path = arena_printf(arena, "%s/initramfs", folder);
    const char *init = build_init(arena, target, folder);

    if (init == NULL || !add_file(&cpio, target, init, "init") ||
        !add_file(&cpio, target, program, name))
        return NULL;
    cpio_add_file(&cpio, "probes", list, strlen(list));
    cpio_add_folder(&cpio, "proc");
    cpio_add_folder(&cpio, "tmp");
    cpio_add_folder(&cpio, "dev");
    cpio_add_device(&cpio, "dev/console", 5, 1);
    cpio_end(&cpio);
    if (out_write(path, cpio.archive.text, cpio.archive.len, diag) == OUT_FAILED)
        return NULL;
    return path;
}

/* Prints what was collected. Returns the exit code. */
static int report(struct arena *arena, const struct target *target,
                  const struct proc_result *result)
{
    struct serial serial;

    serial_read(&serial, arena, result->out);
    const struct serial_frame *frame = serial_find(&serial, name);
    printf("# kernel %s\n%s", serial.kernel, frame != NULL ? frame->text : "");
    if (serial.has_ended && frame != NULL && frame->fault == NULL)
        return EXIT_PROVED;
    const char *fault;
    if (frame != NULL && frame->fault != NULL)
        fault = frame->fault;
    else
        fault = arena_printf(arena, "%s; last line: %s; %.200s",
                             proc_describe(arena, result, BOUND_MACHINE_MS), serial.last_line,
                             result->err);
    (void)fail(target->name, name, fault);
    return EXIT_FINDINGS;
}

static int boot(struct arena *arena, struct diag *diag, const char *target_name,
                const char *program)
{
    const char *folder = arena_printf(arena, "build/event/boot/%s", target_name);
    struct targets targets;

    if (!targets_load(&targets, arena, "", diag))
        return EXIT_USAGE;
    const struct target *target = targets_find(&targets, target_name);
    if (target == NULL || target->kernel == NULL)
        return fail(target_name, "kernel", "gen/targets.yaml has none");
    if (target->kernel->unavailable != NULL || target->compiler == NULL) {
        (void)fail(target_name, "kernel",
                   target->compiler == NULL ? "no compiler" : target->kernel->unavailable);
        return EXIT_NOT_CHECKED;
    }
    const char *initramfs = make_initramfs(arena, target, program, folder, diag);
    if (initramfs == NULL)
        return EXIT_USAGE;
    struct proc_result result = proc_run_until(arena, boot_argv(arena, target->kernel, initramfs),
                                               BOUND_MACHINE_MS, SERIAL_LAST);
    if (out_write(arena_printf(arena, "%s/console", folder), result.out, result.n_out, diag) ==
        OUT_FAILED)
        return EXIT_USAGE;
    return report(arena, target, &result);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        (void)fprintf(stderr, "usage: boot TARGET PROGRAM\n");
        return EXIT_USAGE;
    }
    interrupt_catch(); /* the emulator must not outlive us */
    struct diag diag;
    struct arena arena = {NULL};
    diag_init(&diag, &arena, false);
    int code = boot(&arena, &diag, argv[1], argv[2]);
    diag_flush(&diag);
    arena_release(&arena);
    return code;
}
