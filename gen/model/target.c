/* target.c - see target.h.
 *
 * In: gen/targets.yaml. Out: its rows, checked and completed: what a row leaves out follows from
 * its name or from another key, so that nothing is written twice. What this machine has of each is
 * found in target_here.c.
 */
#include "model/target_private.h"

#include <string.h>

#include "base/suggest.h"
#include "base/yaml.h"

static const char *const tier_names[N_TIERS] = {"none", "read", "compiled", "run", "booted"};

const char *tier_name(enum tier tier)
{
    return tier_names[tier];
}

enum tier tier_of(const char *name)
{
    for (int tier = TIER_READ; tier < N_TIERS; tier++)
        if (strcmp(tier_names[tier], name) == 0)
            return (enum tier)tier;
    return TIER_NONE;
}

static const struct yaml_field convention_fields[] = {
    YAML_KEY(syscall_convention, source, YAML_TEXT),
    YAML_KEY(syscall_convention, instruction, YAML_TEXT),
    YAML_KEY(syscall_convention, block, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(syscall_convention, number, YAML_TEXT),
    YAML_LIST(syscall_convention, args, YAML_TEXT, .least = 1, .most = 8),
    YAML_KEY(syscall_convention, result, YAML_TEXT),
    YAML_KEY(syscall_convention, destroys_args, YAML_BOOL, YAML_OPTIONAL),
    YAML_KEY(syscall_convention, word, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(syscall_convention, clobbers, YAML_TEXT, .most = 64),
};
static const struct yaml_record convention_record =
    YAML_RECORD(syscall_convention, convention_fields);

static const struct yaml_field e_flags_fields[] = {
    YAML_KEY(elf_flags, mask, YAML_UINT),
    YAML_KEY(elf_flags, value, YAML_UINT),
};
static const struct yaml_record e_flags_record = YAML_RECORD(elf_flags, e_flags_fields);

static const struct yaml_field target_fields[] = {
    YAML_KEY(target, name, YAML_TEXT),
    YAML_KEY(target, os, YAML_TEXT),
    YAML_KEY(target, triple, YAML_TEXT),
    YAML_KEY(target, when, YAML_TEXT),
    YAML_KEY(target, bits, YAML_INT),
    YAML_KEY(target, endian, YAML_TEXT),
    YAML_KEY_AS("machine", target, machine_name, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(target, e_flags, YAML_POINTER, .record = &e_flags_record, YAML_OPTIONAL),
    YAML_KEY(target, sigset, YAML_UINT, YAML_OPTIONAL),
    YAML_KEY(target, label, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(target, headers, YAML_TEXT, .least = 1, .most = 8),
    YAML_LIST(target, defines, YAML_TEXT, .least = 1, .most = 8, YAML_OPTIONAL),
    YAML_LIST(target, newer, YAML_TEXT, .least = 1, .most = 8, YAML_OPTIONAL),
    YAML_KEY(target, debian, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(target, libc, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(target, cc, YAML_TEXT, .least = 1, .most = 8),
    YAML_KEY(target, flags, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(target, link, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(target, libraries, YAML_TEXT, .least = 1, .most = 8, YAML_OPTIONAL),
    YAML_KEY(target, emulator, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(target, reader, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(target, rt, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(target, boot, YAML_TEXT, .least = 1, .most = 8, YAML_OPTIONAL),
    YAML_KEY(target, syscall, YAML_POINTER, .record = &convention_record, YAML_OPTIONAL),
};
static const struct yaml_record target_value = YAML_RECORD(target, target_fields);

static const struct yaml_field kernel_fields[] = {
    YAML_KEY(kernel, name, YAML_TEXT),
    YAML_KEY(kernel, architecture, YAML_TEXT, YAML_OPTIONAL),
    YAML_LIST(kernel, packages, YAML_TEXT, .least = 1, .most = 8),
    YAML_LIST(kernel, releases, YAML_TEXT, .least = 1, .most = 8, YAML_OPTIONAL),
    YAML_KEY(kernel, build, YAML_TEXT, YAML_OPTIONAL),
    YAML_KEY(kernel, machine, YAML_TEXT),
    YAML_KEY(kernel, console, YAML_TEXT),
};
static const struct yaml_record kernel_value = YAML_RECORD(kernel, kernel_fields);

static const struct yaml_field table_fields[] = {
    YAML_LIST_AS("machines", targets, machines.items, machines.n, YAML_MAPPING,
                 .record = &machine_schema, .least = 1),
    YAML_LIST_AS("systems", targets, systems.items, systems.n, YAML_MAPPING,
                 .record = &system_schema, .least = 1, YAML_OPTIONAL),
    YAML_LIST(targets, kernels, YAML_MAPPING, .record = &kernel_value, .least = 1, YAML_OPTIONAL),
    YAML_LIST_AS("targets", targets, items, n, YAML_MAPPING, .record = &target_value, .least = 1),
};
static const struct yaml_record table_value = YAML_RECORD(targets, table_fields);

/* x86_64-linux -> x86_64 */
static const char *arch_of(struct arena *arena, const struct target *target)
{
    return arena_strndup(arena, target->name, strcspn(target->name, "-"));
}

/* ---- what a row says of itself ---- */

/* A row of the table, for messages. */
struct table_row {
    struct location location;
    struct diag *diag;
};

/* Each of six arguments needs a register, or the call a way to do without. */
static bool has_six_args(const struct target *target, const struct table_row *row)
{
    enum { MOST_ARGS = 6 };
    const struct syscall_convention *way = target->syscall;

    if (way == NULL || (way->n_args < MOST_ARGS) == (way->block != NULL))
        return true;
    diag_error(row->diag, row->location,
               "target '%s': 'args' has %u registers, and 'block' goes with fewer than %d",
               target->name, way->n_args, MOST_ARGS);
    return false;
}

/* Any other width or order would fit no object, and any other word for the order is none. */
static bool has_width_and_order(const struct target *target, const struct table_row *row)
{
    bool is_order = strcmp(target->endian, "little") == 0 || strcmp(target->endian, "big") == 0;

    if (target->bits != 32 && target->bits != 64)
        diag_error(row->diag, row->location, "target '%s': bad 'bits', expected 32 or 64, got %d",
                   target->name, target->bits);
    else if (!is_order)
        diag_error(row->diag, row->location,
                   "target '%s': bad 'endian', expected little or big, got '%s'", target->name,
                   target->endian);
    return is_order && (target->bits == 32 || target->bits == 64);
}

/* Finds the machine by its name. Returns false after reporting. */
static bool find_machine(struct target *target, const struct machines *machines,
                         struct arena *arena, const struct table_row *row)
{
    target->machine = machine_named(machines, target->machine_name);
    if (target->machine != NULL)
        return true;
    size_t n = 0;
    const char **names = NULL;
    for (unsigned i = 0; i < machines->n; i++)
        ARENA_PUSH(arena, names, n, machines->items[i].name);
    diag_error(row->diag, row->location,
               "target '%s': bad 'machine', expected a name of the list 'machines', got '%s'%s",
               target->name, target->machine_name,
               near_hint(arena, target->machine_name, names, n));
    return false;
}

/* Flags that are empty would fit every object, and bits outside of the mask none. */
static bool has_possible_flags(const struct target *target, const struct table_row *row)
{
    const struct elf_flags *flags = target->e_flags;

    if (flags == NULL || (flags->mask != 0 && (flags->value & ~flags->mask) == 0))
        return true;
    diag_error(row->diag, row->location,
               "target '%s': bad 'e_flags', expected a 'mask' that is not 0 and a 'value' of bits "
               "that the mask has, got mask 0x%x, value 0x%x",
               target->name, flags->mask, flags->value);
    return false;
}

/* The triple of "<triple>-gcc", the first of `cc` that is such; NULL if none is. */
static const char *gnu_of(struct arena *arena, const struct target *target)
{
    static const char gcc[] = "-gcc";

    for (unsigned i = 0; i < target->n_cc; i++) {
        size_t length = strcspn(target->cc[i], " "), tail = sizeof gcc - 1;
        if (length > tail && strncmp(target->cc[i] + length - tail, gcc, tail) == 0)
            return arena_strndup(arena, target->cc[i], length - tail);
    }
    return NULL;
}

/* Fills in what the row leaves out, and checks what it says. Returns false after reporting. */
static bool complete(struct target *target, const struct machines *machines, struct arena *arena,
                     const struct table_row *row)
{
    if (target->label == NULL)
        target->label = "";
    if (target->reader == NULL)
        target->reader = "clang";
    if (target->flags == NULL)
        target->flags = "";
    if (target->rt == NULL)
        target->rt = arch_of(arena, target);
    if (target->machine_name == NULL)
        target->machine_name = arch_of(arena, target);
    if (target->libc == NULL)
        target->libc = "libc6";
    target->gnu = gnu_of(arena, target);
    return has_width_and_order(target, row) && find_machine(target, machines, arena, row) &&
           has_possible_flags(target, row) && has_six_args(target, row);
}

/* A name given twice would make a target or a machine that nobody can select. */
static bool has_unique_names(const struct targets *targets, const struct yaml_places *places,
                             struct diag *diag)
{
    for (unsigned i = 0; i < targets->machines.n; i++) {
        const struct machine *machine = &targets->machines.items[i];
        if (machine_named(&targets->machines, machine->name) == machine)
            continue;
        diag_error(diag, yaml_location(places, machine), "machine '%s' is there twice",
                   machine->name);
        return false;
    }
    for (unsigned i = 0; i < targets->n; i++)
        if (targets_find(targets, targets->items[i].name) != &targets->items[i]) {
            diag_error(diag, yaml_location(places, &targets->items[i]),
                       "target '%s' is there twice", targets->items[i].name);
            return false;
        }
    return true;
}

/* "ARCH=m68k vmlinux" with "CROSS_COMPILE=<gnu>-" before the last word. */
static const char *with_compiler(struct arena *arena, const char *words, const char *gnu)
{
    const char *last = strrchr(words, ' ');
    size_t length = last != NULL ? (size_t)(last + 1 - words) : 0;

    return arena_printf(arena, "%.*sCROSS_COMPILE=%s- %s", (int)length, words, gnu, words + length);
}

/* Fills in what a kernel has from the target of its name. Returns false after reporting. */
static bool complete_kernel(struct kernel *kernel, const struct targets *targets,
                            struct arena *arena, const struct table_row *row)
{
    const struct target *target = targets_find(targets, kernel->name);

    if (kernel->architecture == NULL && kernel->build != NULL)
        kernel->architecture = "all";
    else if (kernel->architecture == NULL && target != NULL)
        kernel->architecture = target->debian;
    if (kernel->architecture == NULL) {
        diag_error(row->diag, row->location,
                   "kernel '%s': missing key 'architecture': no target of this name has 'debian'",
                   kernel->name);
        return false;
    }
    if (kernel->build == NULL || strstr(kernel->build, "CROSS_COMPILE=") != NULL)
        return true;
    if (target == NULL || target->gnu == NULL) {
        diag_error(row->diag, row->location,
                   "kernel '%s': 'build' has no CROSS_COMPILE=, and no target of this name has a "
                   "<triple>-gcc among 'cc'",
                   kernel->name);
        return false;
    }
    kernel->build = with_compiler(arena, kernel->build, target->gnu);
    return true;
}

/* Takes the first of the target's kernels that can be booted here. Reports an unknown name. */
static bool find_kernel(struct target *target, const struct targets *targets,
                        const struct yaml_places *places, struct diag *diag)
{
    for (unsigned i = 0; i < target->n_boot; i++) {
        const struct kernel *kernel = NULL;
        for (unsigned k = 0; k < targets->n_kernels && kernel == NULL; k++)
            if (strcmp(targets->kernels[k].name, target->boot[i]) == 0)
                kernel = &targets->kernels[k];
        if (kernel == NULL) {
            diag_error(diag, yaml_location(places, target->boot[i]),
                       "target '%s' boots the unknown kernel '%s'", target->name, target->boot[i]);
            return false;
        }
        if (target->kernel == NULL ||
            (target->kernel->unavailable != NULL && kernel->unavailable == NULL))
            target->kernel = kernel;
    }
    return true;
}

bool targets_load(struct targets *targets, struct arena *arena, const char *root, struct diag *diag)
{
    const char *path = arena_printf(arena, "%sgen/targets.yaml", root);
    struct yaml_places places;
    struct targets *read = yaml_load(arena, path, &table_value, &places, diag);

    if (read == NULL || !has_unique_names(read, &places, diag))
        return false;
    for (unsigned i = 0; i < read->n; i++)
        if (!complete(&read->items[i], &read->machines, arena,
                      &(struct table_row){yaml_location(&places, &read->items[i]), diag}))
            return false;
    for (unsigned i = 0; i < read->n_kernels; i++) {
        if (!complete_kernel(&read->kernels[i], read, arena,
                             &(struct table_row){yaml_location(&places, &read->kernels[i]), diag}))
            return false;
        kernel_look_up(&read->kernels[i], arena, root);
    }
    for (unsigned i = 0; i < read->n; i++) {
        if (!find_kernel(&read->items[i], read, &places, diag))
            return false;
        target_look_up(&read->items[i], arena, root);
    }
    *targets = *read;
    return true;
}

struct target *targets_find(const struct targets *targets, const char *name)
{
    for (unsigned i = 0; i < targets->n; i++)
        if (strcmp(targets->items[i].name, name) == 0)
            return &targets->items[i];
    return NULL;
}

enum tier target_promised_tier(const struct target *target)
{
    return target->emulator != NULL ? TIER_RUN : TIER_COMPILED;
}

bool target_is_read_by_dwarf(const struct target *target)
{
    return strcmp(target->reader, "dwarf") == 0;
}

const char *target_macro(struct arena *arena, const struct target *target)
{
    char *macro = arena_printf(arena, "RAW_TARGET_%s", target->name);

    for (char *at = macro; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    return macro;
}
