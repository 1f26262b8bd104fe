/* boot.c - what a spec's programs printed on a real kernel.
 *
 * In: the boot of a target, which was one for all its specs. Out: the facts of this spec's
 * programs. A program that did not build, did not end well, or whose output was damaged on its way
 * is a finding, and so is one without any output.
 */
#include "witness/witness.h"

#include <string.h>

#include "witness/boot_machine.h"

/* Adds what the program printed, or what is wrong with it. */
static void collect_one(struct evidence *evidence, const struct program *program,
                        const struct spec *spec, const struct boot *boot, struct arena *arena)
{
    const char *name = boot_name(arena, spec, program->name);
    const struct serial_frame *frame = serial_find(&boot->serial, name);
    struct location where = {program->source, 0, 0};

    if (frame == NULL)
        remark_add(&evidence->broken, arena, "probe-failed", where, "%s: no output on %s", name,
                   boot->target->kernel->package);
    else if (frame->fault != NULL)
        remark_add(&evidence->broken, arena, frame->is_hung ? "probe-hung" : "probe-failed", where,
                   "%s: %s", name, frame->fault);
    else
        program_collect(evidence, program, frame->text, arena);
}

static const struct remarks *broken_of(const struct boot *boot, const struct spec *spec,
                                       enum program_kind kind)
{
    for (size_t i = 0; i < boot->n_parts; i++)
        if (boot->parts[i].spec == spec)
            return &boot->parts[i].broken[kind];
    return NULL;
}

/* Collects the output of all programs of a kind. Returns false where the spec has none. */
static bool collect_kind(struct evidence *evidence, enum program_kind kind, const struct spec *spec,
                         const struct boot *boot, struct arena *arena)
{
    struct programs programs = programs_of(spec, boot->workspace, arena);
    const struct remarks *broken = broken_of(boot, spec, kind);

    *evidence = (struct evidence){
        .witness = boot_witness.name,
        .subject = program_is_of_binding(kind) ? SUBJECT_BINDING : SUBJECT_SYSTEM,
        .tier = boot_witness.tier,
        .is_complete = program_is_complete(kind),
        .facts = {.arena = arena},
        .unavailable = boot->unavailable,
    };
    for (size_t i = 0; broken != NULL && i < broken->n; i++)
        ARENA_PUSH(arena, evidence->broken.items, evidence->broken.n, broken->items[i]);
    if (boot->fault != NULL)
        remark_add(&evidence->broken, arena, boot->kind, no_location, "%s", boot->fault);
    bool can_collect = boot->unavailable == NULL && evidence->broken.n == 0;
    bool has_any = false;
    for (size_t i = 0; i < programs.n; i++) {
        if (programs.items[i].kind != kind)
            continue;
        has_any = true;
        if (can_collect)
            collect_one(evidence, &programs.items[i], spec, boot, arena);
    }
    facts_sort(&evidence->facts);
    return has_any;
}

/* ---- the row ---- */

static const char *why_not(const struct witness_input *input)
{
    return input->target->kernel == NULL ? "the table of targets has no kernel for it" : NULL;
}

/* A boot takes time and is asked for. */
static bool is_usual(const struct witness_input *input)
{
    return input->boot != NULL;
}

static size_t collect(const struct witness_input *input, struct evidence *list)
{
    static const enum program_kind kinds[] = {PROGRAM_SYSTEM, PROGRAM_BINDING, PROGRAM_BEHAVE,
                                              PROGRAM_CALL};
    size_t n = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        n += collect_kind(&list[n], kinds[i], input->spec, input->boot, input->arena);
    return n;
}

const struct witness boot_witness = {
    .name = "boot",
    .tier = TIER_BOOTED,
    .why_not = why_not,
    .is_usual = is_usual,
    .collect = collect,
};
