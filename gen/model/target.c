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

enum { REQUIRED = CYAML_FLAG_POINTER, OPTIONAL = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL };

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};

#define CONVENTION(key, flags)                                                                     \
    CYAML_FIELD_STRING_PTR(#key, flags, struct syscall_convention, key, 1, CYAML_UNLIMITED)
static const cyaml_schema_field_t convention_fields[] = {
    CONVENTION(source, REQUIRED),
    CONVENTION(instruction, REQUIRED),
    CONVENTION(block, OPTIONAL),
    CONVENTION(number, REQUIRED),
    CYAML_FIELD_SEQUENCE_COUNT("args", REQUIRED, struct syscall_convention, args, n_args, &word, 1,
                               8),
    CONVENTION(result, REQUIRED),
    CYAML_FIELD_BOOL("destroys_args", CYAML_FLAG_OPTIONAL, struct syscall_convention,
                     destroys_args),
    CONVENTION(word, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("clobbers", REQUIRED, struct syscall_convention, clobbers,
                               n_clobbers, &word, 0, 64),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t e_flags_fields[] = {
    CYAML_FIELD_UINT("mask", CYAML_FLAG_DEFAULT, struct elf_flags, mask),
    CYAML_FIELD_UINT("value", CYAML_FLAG_DEFAULT, struct elf_flags, value),
    CYAML_FIELD_END,
};

#define STRING(key, flags)                                                                         \
    CYAML_FIELD_STRING_PTR(#key, flags, struct target, key, 1, CYAML_UNLIMITED)
static const cyaml_schema_field_t target_fields[] = {
    STRING(name, REQUIRED),
    STRING(os, REQUIRED),
    STRING(triple, REQUIRED),
    STRING(when, REQUIRED),
    CYAML_FIELD_INT("bits", CYAML_FLAG_DEFAULT, struct target, bits),
    STRING(endian, REQUIRED),
    CYAML_FIELD_STRING_PTR("machine", OPTIONAL, struct target, machine_name, 1, CYAML_UNLIMITED),
    CYAML_FIELD_MAPPING_PTR("e_flags", OPTIONAL, struct target, e_flags, e_flags_fields),
    CYAML_FIELD_UINT("sigset", CYAML_FLAG_OPTIONAL, struct target, sigset),
    STRING(label, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("headers", REQUIRED, struct target, headers, n_headers, &word, 1, 8),
    CYAML_FIELD_SEQUENCE_COUNT("defines", OPTIONAL, struct target, defines, n_defines, &word, 1, 8),
    CYAML_FIELD_SEQUENCE_COUNT("newer", OPTIONAL, struct target, newer, n_newer, &word, 1, 8),
    STRING(debian, OPTIONAL),
    STRING(libc, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("cc", REQUIRED, struct target, cc, n_cc, &word, 1, 8),
    STRING(flags, OPTIONAL),
    STRING(link, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("libraries", OPTIONAL, struct target, libraries, n_libraries, &word,
                               1, 8),
    STRING(emulator, OPTIONAL),
    STRING(reader, OPTIONAL),
    STRING(rt, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("boot", OPTIONAL, struct target, boot, n_boot, &word, 1, 8),
    CYAML_FIELD_MAPPING_PTR("syscall", OPTIONAL, struct target, syscall, convention_fields),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t target_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct target, target_fields)};

#define KERNEL_STRING(key, flags)                                                                  \
    CYAML_FIELD_STRING_PTR(#key, flags, struct kernel, key, 1, CYAML_UNLIMITED)
static const cyaml_schema_field_t kernel_fields[] = {
    KERNEL_STRING(name, REQUIRED),
    KERNEL_STRING(architecture, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("packages", REQUIRED, struct kernel, packages, n_packages, &word, 1,
                               8),
    CYAML_FIELD_SEQUENCE_COUNT("releases", OPTIONAL, struct kernel, releases, n_releases, &word, 1,
                               8),
    KERNEL_STRING(build, OPTIONAL),
    KERNEL_STRING(machine, REQUIRED),
    KERNEL_STRING(console, REQUIRED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t kernel_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct kernel, kernel_fields)};

static const cyaml_schema_field_t table_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("machines", REQUIRED, struct targets, machines.items, machines.n,
                               &machine_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("systems", OPTIONAL, struct targets, systems.items, systems.n,
                               &system_schema, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("kernels", OPTIONAL, struct targets, kernels, n_kernels,
                               &kernel_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("targets", CYAML_FLAG_POINTER, struct targets, items, n,
                               &target_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t table_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct targets, table_fields)};

/* x86_64-linux -> x86_64 */
static const char *arch_of(struct arena *arena, const struct target *target)
{
    return arena_strndup(arena, target->name, strcspn(target->name, "-"));
}

/* ---- what a row says of itself ---- */

/* A row of the table, for messages. */
struct table_row {
    const char *path;
    const char *list; /* "targets" or "kernels" */
    unsigned index;
    struct diag *diag;
};

static struct location location_of(const struct table_row *row)
{
    return (struct location){row->path, yaml_line_in(row->path, row->list, row->index), 0};
}

/* Each of six arguments needs a register, or the call a way to do without. */
static bool has_six_args(const struct target *target, const struct table_row *row)
{
    enum { MOST_ARGS = 6 };
    const struct syscall_convention *way = target->syscall;

    if (way == NULL || (way->n_args < MOST_ARGS) == (way->block != NULL))
        return true;
    diag_error(row->diag, location_of(row),
               "target '%s': 'args' has %u registers, and 'block' goes with fewer than %d",
               target->name, way->n_args, MOST_ARGS);
    return false;
}

/* Any other width or order would fit no object, and any other word for the order is none. */
static bool has_width_and_order(const struct target *target, const struct table_row *row)
{
    bool is_order = strcmp(target->endian, "little") == 0 || strcmp(target->endian, "big") == 0;

    if (target->bits != 32 && target->bits != 64)
        diag_error(row->diag, location_of(row),
                   "target '%s': bad 'bits', expected 32 or 64, got %d", target->name,
                   target->bits);
    else if (!is_order)
        diag_error(row->diag, location_of(row),
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
    diag_error(row->diag, location_of(row),
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
    diag_error(row->diag, location_of(row),
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
static bool has_unique_names(const struct targets *targets, const char *path, struct diag *diag)
{
    for (unsigned i = 0; i < targets->machines.n; i++) {
        const struct machine *machine = &targets->machines.items[i];
        if (machine_named(&targets->machines, machine->name) == machine)
            continue;
        diag_error(diag, (struct location){path, yaml_line_in(path, "machines", i), 0},
                   "machine '%s' is there twice", machine->name);
        return false;
    }
    for (unsigned i = 0; i < targets->n; i++)
        if (targets_find(targets, targets->items[i].name) != &targets->items[i]) {
            diag_error(diag, (struct location){path, yaml_line_in(path, "targets", i), 0},
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
        diag_error(row->diag, location_of(row),
                   "kernel '%s': missing key 'architecture': no target of this name has 'debian'",
                   kernel->name);
        return false;
    }
    if (kernel->build == NULL || strstr(kernel->build, "CROSS_COMPILE=") != NULL)
        return true;
    if (target == NULL || target->gnu == NULL) {
        diag_error(row->diag, location_of(row),
                   "kernel '%s': 'build' has no CROSS_COMPILE=, and no target of this name has a "
                   "<triple>-gcc among 'cc'",
                   kernel->name);
        return false;
    }
    kernel->build = with_compiler(arena, kernel->build, target->gnu);
    return true;
}

/* Takes the first of the target's kernels that can be booted here. Reports an unknown name. */
static bool find_kernel(struct target *target, const struct targets *targets, const char *path,
                        struct diag *diag)
{
    for (unsigned i = 0; i < target->n_boot; i++) {
        const struct kernel *kernel = NULL;
        for (unsigned k = 0; k < targets->n_kernels && kernel == NULL; k++)
            if (strcmp(targets->kernels[k].name, target->boot[i]) == 0)
                kernel = &targets->kernels[k];
        if (kernel == NULL) {
            diag_error(diag, (struct location){path, yaml_line_of(path, target->boot[i]), 0},
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
    struct targets *read = yaml_load(arena, path, &table_value, diag);

    if (read == NULL || !has_unique_names(read, path, diag))
        return false;
    for (unsigned i = 0; i < read->n; i++)
        if (!complete(&read->items[i], &read->machines, arena,
                      &(struct table_row){path, "targets", i, diag}))
            return false;
    for (unsigned i = 0; i < read->n_kernels; i++) {
        if (!complete_kernel(&read->kernels[i], read, arena,
                             &(struct table_row){path, "kernels", i, diag}))
            return false;
        kernel_look_up(&read->kernels[i], arena, root);
    }
    for (unsigned i = 0; i < read->n; i++) {
        if (!find_kernel(&read->items[i], read, path, diag))
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
