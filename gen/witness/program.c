/* program.c - see program.h.
 *
 * Design: the output of a probe counts only if it is complete. Its last line must be `# end`, so
 * that a program that crashed, was killed at its bound or printed half its lines is a finding and
 * never a smaller set of facts. It is built without libc, so that nothing between it and the kernel
 * can hide or change what is being measured.
 */
#include "witness/program.h"

#include <string.h>
#include <unistd.h>

#include "witness/build.h"
#include "base/proc.h"
#include "model/toolchain.h"

bool program_is_of_binding(enum program_kind kind)
{
    return kind == PROGRAM_BINDING || kind == PROGRAM_CALL;
}

bool program_is_complete(enum program_kind kind)
{
    return kind == PROGRAM_SYSTEM || kind == PROGRAM_BINDING;
}

struct programs programs_of(const struct spec *spec, const struct workspace *workspace,
                            struct arena *arena)
{
    const char *layout =
        arena_printf(arena, "%sabi_probes/layout/%s.c", workspace->root, spec->name);
    const char *behave =
        arena_printf(arena, "%sabi_probes/behave/%s.c", workspace->root, spec->name);
    struct programs programs = {NULL, 0};
    struct program program = {.source = layout};

    for (unsigned i = 0; i < spec->n_sources; i++) {
        program.kind = PROGRAM_SYSTEM;
        program.name = spec->sources[i].name;
        program.selector = arena_printf(arena, "-DPROBE_SOURCE_%s", program.name);
        ARENA_PUSH(arena, programs.items, programs.n, program);
    }
    program =
        (struct program){PROGRAM_BINDING, "binding", layout, "-DPROBE_BINDING", "-DRAW_NO_ASSERT"};
    ARENA_PUSH(arena, programs.items, programs.n, program);
    program = (struct program){PROGRAM_BEHAVE, "behave", behave, NULL, NULL};
    if (access(behave, R_OK) == 0)
        ARENA_PUSH(arena, programs.items, programs.n, program);
    const char *call = arena_printf(arena, "%sabi_probes/call/%s.c", workspace->root, spec->name);
    program = (struct program){PROGRAM_CALL, "call", call, NULL, NULL};
    if (spec_has_syscall(spec))
        ARENA_PUSH(arena, programs.items, programs.n, program);
    return programs;
}

/* The runtime without libc that every probe is linked with; the first is the architecture's. */
static const char *const runtime[] = {NULL, "rt.c", "probe.c"};
enum { N_RUNTIME = sizeof runtime / sizeof runtime[0] };

/* Appends what compiling and linking without libc needs. */
static void freestanding(const struct target *target, const struct workspace *workspace,
                         struct arena *arena, const char ***argv, size_t *n)
{
    static const char *const flags[] = {
        "-std=gnu11",     "-O1",          "-Werror=implicit-function-declaration",
        "-ffreestanding", "-fno-builtin", "-fno-stack-protector",
        "-fno-pie",       "-no-pie",      "-static",
        "-nostdlib"};

    compiler_begin(target, arena, argv, n);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        ARENA_PUSH(arena, *argv, *n, flags[i]);
    for (unsigned i = 0; i < target->n_flag_words; i++)
        ARENA_PUSH(arena, *argv, *n, target->flag_words[i]);
    ARENA_PUSH(arena, *argv, *n, arena_printf(arena, "-I%sabi_probes/rt", workspace->root));
}

/* Runs the compiler; returns false after adding a remark. */
static bool make(struct evidence *evidence, const char *output, const char *const *argv, size_t n,
                 const struct workspace *workspace, struct arena *arena)
{
    struct proc_result result =
        build_file(arena, output, argv, n, workspace->cache, workspace->timeout_ms);

    if (result.end == PROC_EXITED && result.status == 0)
        return true;
    if (result.end == PROC_EXITED)
        remark_compiler(evidence, arena, result.err);
    else
        remark_add(&evidence->broken, arena, "probe-failed", (struct location){output, 0, 0},
                   "%s: %s", argv[0], proc_describe(arena, &result, workspace->timeout_ms));
    return false;
}

/* Compiles the runtime, once for all specs of the target, whatever headers they are read from;
 * objects get the paths of the objects. */
static bool make_runtime(struct evidence *evidence, const struct target *target,
                         const struct workspace *workspace, struct arena *arena,
                         const char *objects[N_RUNTIME])
{
    const char *folder = arena_printf(arena, "%s/rt", workspace->shared);
    int lock = build_lock(arena, folder);
    bool is_made = true;

    for (size_t i = 0; i < N_RUNTIME && is_made; i++) {
        const char *file = i == 0 ? arena_printf(arena, "%s.S", target->rt) : runtime[i];
        objects[i] = arena_printf(arena, "%s/%s.o", folder, file);
        size_t n = 0;
        const char **argv = NULL;
        freestanding(target, workspace, arena, &argv, &n);
        ARENA_PUSH(arena, argv, n, "-c");
        ARENA_PUSH(arena, argv, n,
                   arena_printf(arena, "%sabi_probes/rt/%s", workspace->root, file));
        is_made = make(evidence, objects[i], argv, n, workspace, arena);
    }
    build_unlock(lock);
    return is_made;
}

const char *program_build(struct evidence *evidence, const struct program *program,
                          const struct target *target, const struct workspace *workspace,
                          struct arena *arena)
{
    const char *path = arena_printf(arena, "%s/%s", workspace->build, program->name);
    const char *objects[N_RUNTIME];

    if (!make_runtime(evidence, target->own, workspace, arena, objects))
        return NULL;
    const char **argv = NULL;
    size_t n = 0;
    freestanding(target, workspace, arena, &argv, &n);
    ARENA_PUSH(arena, argv, n, arena_printf(arena, "-DPROBE_TARGET=\"%s\"", target->name));
    workspace_bindings(workspace, arena, &argv, &n);
    if (program->selector != NULL)
        ARENA_PUSH(arena, argv, n, program->selector);
    if (program->asserts != NULL)
        ARENA_PUSH(arena, argv, n, program->asserts);
    ARENA_PUSH(arena, argv, n, program->source);
    for (size_t i = 0; i < N_RUNTIME; i++)
        ARENA_PUSH(arena, argv, n, objects[i]);
    return make(evidence, path, argv, n, workspace, arena) ? path : NULL;
}

/* Takes `# not-checked NAME: REASON` lines, and sees whether the last line is `# end`. */
static bool read_comments(struct evidence *evidence, struct arena *arena, const char *text,
                          struct location where)
{
    static const char skipped[] = "# not-checked ";
    const char *last = "";

    for (const char *at = text; *at != '\0';) {
        const char *line = arena_strndup(arena, at, strcspn(at, "\n"));
        if (str_starts(line, skipped)) {
            const char *name = line + sizeof skipped - 1;
            size_t length = strcspn(name, ":");
            const char *reason = name + length + strspn(name + length, ": ");
            remark_add(&evidence->unchecked, arena, arena_strndup(arena, name, length), where, "%s",
                       reason);
        }
        last = line;
        at += strlen(line) + (at[strlen(line)] == '\n');
    }
    return strcmp(last, "# end") == 0;
}

void program_collect(struct evidence *evidence, const struct program *program, const char *output,
                     struct arena *arena)
{
    struct location where = {program->source, 0, 0};
    struct diag diag;

    diag_init(&diag, arena, false);
    if (!read_comments(evidence, arena, output, where)) {
        remark_add(&evidence->broken, arena, "probe-garbage", where,
                   "%s: output without the final line '# end'", program->name);
        return;
    }
    struct facts collected = {.arena = arena};
    if (!facts_parse(&collected, output, program->name, &diag)) {
        const char *reported = str_text(&diag.text);
        remark_add(&evidence->broken, arena, "probe-garbage", where, "%.*s",
                   (int)strcspn(reported, "\n"), reported);
        return;
    }
    for (size_t i = 0; i < collected.n; i++) {
        collected.items[i].where = no_location;
        facts_push(&evidence->facts, collected.items[i]);
    }
}
