/* run.c - probes that are built, run, and listened to.
 *
 * In: the programs of a spec, and the target's runner. Out: the facts that they print.
 */
#include "witness/witness.h"

#include <string.h>

#include "witness/build.h"
#include "base/proc.h"
#include "witness/program.h"

/* Says what is missing for this witness on this machine; NULL if nothing is. */
static const char *missing(const struct target *target, struct arena *arena)
{
    if (target->compiler == NULL)
        return arena_printf(arena, "compiler '%s' not found", target->cc[0]);
    if (target->runner == NULL)
        return arena_printf(arena, "emulator '%s' not found", target->emulator);
    return NULL;
}

static void make_and_run(struct testimony *testimony, const struct program *program,
                         const struct target *target, const struct work_place *place,
                         struct arena *arena)
{
    const char *path = program_build(testimony, program, target, place, arena);
    const char **argv = NULL;
    size_t n = 0;
    struct proc_result result;

    if (path == NULL)
        return;
    if (target->runner[0] != '\0')
        ARENA_PUSH(arena, argv, n, target->runner);
    ARENA_PUSH(arena, argv, n,
               strchr(path, '/') != NULL ? path : arena_printf(arena, "./%s", path));
    ARENA_PUSH(arena, argv, n, NULL);
    result = build_output(arena, arena_printf(arena, "%s.out", path), argv, n - 1, place->is_fresh,
                          place->timeout_ms);
    if (result.end == PROC_EXITED && result.status == 0)
        program_listen(testimony, program, result.out, arena);
    else
        remark_add(&testimony->broken, arena,
                   result.end == PROC_TIMED_OUT ? "probe-hung" : "probe-failed",
                   (struct place){program->source, 0, 0}, "%s: %s", path,
                   proc_describe(arena, &result, place->timeout_ms));
}

static struct testimony begin(const char *witness, enum subject subject,
                              const struct target *target, struct arena *arena)
{
    return (struct testimony){
        .witness = witness,
        .subject = subject,
        .tier = TIER_RUN,
        .is_complete = strcmp(witness, "run") == 0,
        .facts = {.arena = arena},
        .absent = missing(target, arena),
    };
}

/* Runs the programs of one kind. Returns false where there is none. */
static bool run_kind(struct testimony *testimony, enum program_kind kind, const struct spec *spec,
                     const struct target *target, const struct work_place *place,
                     struct arena *arena)
{
    struct programs programs = programs_of(spec, place, arena);
    bool has_any = false;

    for (size_t i = 0; i < programs.n; i++) {
        if (programs.items[i].kind != kind)
            continue;
        has_any = true;
        if (testimony->absent == NULL)
            make_and_run(testimony, &programs.items[i], target, place, arena);
    }
    facts_sort(&testimony->facts);
    return has_any;
}

void witness_run(struct testimony *testimony, enum subject subject, const struct spec *spec,
                 const struct target *target, const struct work_place *place, struct arena *arena)
{
    *testimony = begin("run", subject, target, arena);
    (void)run_kind(testimony, subject == SUBJECT_BINDING ? PROGRAM_BINDING : PROGRAM_SYSTEM, spec,
                   target, place, arena);
}

bool spec_has_behaviour(const struct spec *spec, const struct work_place *place)
{
    struct arena arena = {NULL};
    struct programs programs = programs_of(spec, place, &arena);
    bool has_any = false;

    for (size_t i = 0; i < programs.n; i++)
        has_any = has_any || programs.items[i].kind == PROGRAM_BEHAVE;
    arena_release(&arena);
    return has_any;
}

bool witness_behave(struct testimony *testimony, const struct spec *spec,
                    const struct target *target, const struct work_place *place,
                    struct arena *arena)
{
    *testimony = begin("behave", SUBJECT_SYSTEM, target, arena);
    return run_kind(testimony, PROGRAM_BEHAVE, spec, target, place, arena);
}
