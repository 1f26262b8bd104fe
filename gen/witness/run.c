/* run.c - probes that are built and run.
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

static void make_and_run(struct evidence *evidence, const struct program *program,
                         const struct target *target, const struct workspace *workspace,
                         struct arena *arena)
{
    const char *path = program_build(evidence, program, target, workspace, arena);

    if (path == NULL)
        return;
    const char **argv = NULL;
    size_t n = 0;
    if (target->runner[0] != '\0')
        ARENA_PUSH(arena, argv, n, target->runner);
    ARENA_PUSH(arena, argv, n,
               strchr(path, '/') != NULL ? path : arena_printf(arena, "./%s", path));
    ARENA_PUSH(arena, argv, n, NULL);
    struct proc_result result = build_output(arena, arena_printf(arena, "%s.out", path), argv,
                                             n - 1, workspace->cache, workspace->timeout_ms);
    if (result.end == PROC_EXITED && result.status == 0)
        program_collect(evidence, program, result.out, arena);
    else
        remark_add(&evidence->broken, arena,
                   result.end == PROC_TIMED_OUT ? "probe-hung" : "probe-failed",
                   (struct location){program->source, 0, 0}, "%s: %s", path,
                   proc_describe(arena, &result, workspace->timeout_ms));
}

/* Runs the programs of one kind. Returns false where the spec has none. */
static bool run_kind(struct evidence *evidence, const struct witness *witness,
                     enum program_kind kind, const struct witness_input *input)
{
    struct arena *arena = input->arena;
    struct programs programs = programs_of(input->spec, input->workspace, arena);

    *evidence = (struct evidence){
        .witness = witness->name,
        .subject = program_is_of_binding(kind) ? SUBJECT_BINDING : SUBJECT_SYSTEM,
        .tier = witness->tier,
        .is_complete = program_is_complete(kind),
        .facts = {.arena = arena},
        .unavailable = missing(input->target, arena),
    };
    bool has_any = false;
    for (size_t i = 0; i < programs.n; i++) {
        if (programs.items[i].kind != kind)
            continue;
        has_any = true;
        if (evidence->unavailable == NULL)
            make_and_run(evidence, &programs.items[i], input->target, input->workspace, arena);
    }
    facts_sort(&evidence->facts);
    return has_any;
}

/* ---- the rows ---- */

static bool always(const struct witness_input *input)
{
    (void)input;
    return true;
}

static const char *why_not_run(const struct witness_input *input)
{
    return input->target->emulator == NULL ? "nothing here runs this system's programs" : NULL;
}

/* For the system every source of the spec is a program of its own. */
static size_t collect_layout(const struct witness_input *input, struct evidence *list)
{
    (void)run_kind(&list[0], &run_witness, PROGRAM_SYSTEM, input);
    (void)run_kind(&list[1], &run_witness, PROGRAM_BINDING, input);
    return 2;
}

const struct witness run_witness = {
    .name = "run",
    .tier = TIER_RUN,
    .why_not = why_not_run,
    .is_expected = always,
    .collect = collect_layout,
};

static bool has_behaviour(const struct witness_input *input)
{
    struct arena arena = {NULL};
    struct programs programs = programs_of(input->spec, input->workspace, &arena);
    bool has_any = false;

    for (size_t i = 0; i < programs.n; i++)
        has_any = has_any || programs.items[i].kind == PROGRAM_BEHAVE;
    arena_release(&arena);
    return has_any;
}

static const char *why_not_behave(const struct witness_input *input)
{
    return has_behaviour(input) ? why_not_run(input)
                                : "the spec has no program that tries the kernel";
}

static size_t collect_behaviour(const struct witness_input *input, struct evidence *list)
{
    return run_kind(list, &behave_witness, PROGRAM_BEHAVE, input);
}

const struct witness behave_witness = {
    .name = "behave",
    .tier = TIER_RUN,
    .why_not = why_not_behave,
    .collect = collect_behaviour,
};

static bool has_wrappers(const struct witness_input *input)
{
    return spec_has_syscall(input->spec);
}

static const char *why_not_call(const struct witness_input *input)
{
    return has_wrappers(input) ? why_not_run(input) : "the spec has no system call";
}

/* A wrapper that the program did not call is one that nobody looked into. */
static void note_uncalled(struct evidence *evidence, const struct witness_input *input)
{
    for (size_t i = 0; i < input->facts->n; i++) {
        const struct fact *fact = &input->facts->items[i];
        const char *wrapper = arena_printf(input->arena, "raw_sys_%s", fact->name);
        if (fact->kind == FACT_SYSCALL &&
            facts_find(&evidence->facts, FACT_BEHAVIOUR, wrapper) == NULL)
            remark_add(&evidence->unchecked, input->arena, wrapper, no_location,
                       "its body was not executed");
    }
}

static size_t collect_calls(const struct witness_input *input, struct evidence *list)
{
    size_t n = run_kind(list, &call_witness, PROGRAM_CALL, input);

    if (n > 0 && evidence_was_collected(list))
        note_uncalled(list, input);
    return n;
}

const struct witness call_witness = {
    .name = "call",
    .tier = TIER_RUN,
    .why_not = why_not_call,
    .is_expected = has_wrappers,
    .collect = collect_calls,
};
