/* target.c - see target.h. */
#include "model/target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "base/str.h"
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

#define STRING(key, flags)                                                                         \
    CYAML_FIELD_STRING_PTR(#key, flags, struct target, key, 1, CYAML_UNLIMITED)
static const cyaml_schema_field_t target_fields[] = {
    STRING(name, REQUIRED),
    STRING(os, REQUIRED),
    STRING(triple, REQUIRED),
    STRING(when, REQUIRED),
    CYAML_FIELD_INT("bits", CYAML_FLAG_DEFAULT, struct target, bits),
    STRING(endian, REQUIRED),
    CYAML_FIELD_UINT("sigset", CYAML_FLAG_OPTIONAL, struct target, sigset),
    STRING(label, OPTIONAL),
    CYAML_FIELD_SEQUENCE_COUNT("headers", REQUIRED, struct target, headers, n_headers, &word, 1, 8),
    CYAML_FIELD_SEQUENCE_COUNT("defines", OPTIONAL, struct target, defines, n_defines, &word, 1, 8),
    CYAML_FIELD_SEQUENCE_COUNT("newer", OPTIONAL, struct target, newer, n_newer, &word, 1, 8),
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
    KERNEL_STRING(architecture, REQUIRED),
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
    CYAML_FIELD_SEQUENCE_COUNT("kernels", OPTIONAL, struct targets, kernels, n_kernels,
                               &kernel_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("targets", CYAML_FLAG_POINTER, struct targets, items, n,
                               &target_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t table_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct targets, table_fields)};

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
            struct stat info;
            set[k] = expand(arena, root, set[k]);
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
    size_t length;

    if (uname(&machine) != 0 || strcmp(machine.sysname, "Linux") != 0)
        return false;
    length = strlen(machine.machine);
    return strncmp(target->name, machine.machine, length) == 0 &&
           strcmp(target->name + length, "-linux") == 0;
}

static void find_runner(struct target *target, struct arena *arena)
{
    if (target->emulator == NULL)
        return;
    target->runner = is_native(target) ? "" : proc_find(arena, target->emulator);
}

/* x86_64-linux -> x86_64 */
static const char *arch_of(struct arena *arena, const struct target *target)
{
    return arena_strndup(arena, target->name, strcspn(target->name, "-"));
}

/* Each of six arguments needs a register, or the call a way to do without. */
static bool has_six_args(const struct target *target, const char *path, struct diag *diag)
{
    enum { MOST_ARGS = 6 };
    const struct syscall_convention *way = target->syscall;

    if (way == NULL || (way->n_args < MOST_ARGS) == (way->block != NULL))
        return true;
    diag_error(diag, (struct place){path, 0, 0},
               "target '%s': 'args' has %u registers, and 'block' goes with fewer than %d",
               target->name, way->n_args, MOST_ARGS);
    return false;
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

/* Fills in what this machine has. */
static void look_up(struct target *target, struct arena *arena, const char *root)
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

/* A name given twice would make a target that nobody can select. */
static bool has_unique_names(const struct targets *targets, const char *path, struct diag *diag)
{
    for (unsigned i = 0; i < targets->n; i++)
        if (targets_find(targets, targets->items[i].name) != &targets->items[i]) {
            diag_error(diag, (struct place){path, yaml_line_of(path, targets->items[i].name), 0},
                       "target '%s' is there twice", targets->items[i].name);
            return false;
        }
    return true;
}

/* What ci/fetch-kernels left: the image, and beside it the text that says where it is from. */
static void look_up_kernel(struct kernel *kernel, struct arena *arena, const char *root)
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
        kernel->absent = arena_printf(arena, "kernel '%s' not found; ci/fetch-kernels %sbrings it",
                                      kernel->name, kernel->build != NULL ? "--build " : "");
    else if (kernel->emulator == NULL)
        kernel->absent = arena_printf(arena, "emulator '%s' not found", n > 0 ? argv[0] : "");
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
            diag_error(diag, (struct place){path, yaml_line_of(path, target->boot[i]), 0},
                       "target '%s' boots the unknown kernel '%s'", target->name, target->boot[i]);
            return false;
        }
        if (target->kernel == NULL || (target->kernel->absent != NULL && kernel->absent == NULL))
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
    for (unsigned i = 0; i < read->n_kernels; i++)
        look_up_kernel(&read->kernels[i], arena, root);
    for (unsigned i = 0; i < read->n; i++) {
        if (!find_kernel(&read->items[i], read, path, diag))
            return false;
        if (read->items[i].label == NULL)
            read->items[i].label = "";
        if (read->items[i].reader == NULL)
            read->items[i].reader = "clang";
        if (read->items[i].flags == NULL)
            read->items[i].flags = "";
        if (read->items[i].rt == NULL)
            read->items[i].rt = arch_of(arena, &read->items[i]);
        if (!has_six_args(&read->items[i], path, diag))
            return false;
        look_up(&read->items[i], arena, root);
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
