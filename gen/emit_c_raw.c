/* emit_c_raw.c - bindings/c/raw.h, and one header per facility that has a spec for each system.
 *
 * In: the table of targets. Out: what every binding needs: integers of fixed width, the name of the
 * target, links to symbols, and the system call itself. The hard part is a register that has two
 * roles: the result often comes back in the one that took the number or the first argument.
 */
#include "emit_c.h"

#include <string.h>

static void emit_types(struct str *out)
{
    static const int widths[] = {8, 16, 32, 64};

    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        str_addf(out, "typedef __UINT%d_TYPE__ raw_u%d;\ntypedef __INT%d_TYPE__ raw_i%d;\n",
                 widths[i], widths[i], widths[i], widths[i]);
    str_add(out, "typedef __SIZE_TYPE__ raw_size;\n"
                 "typedef __UINTPTR_TYPE__ raw_uptr;\n\n");
}

static void emit_targets(struct str *out, const struct targets *targets)
{
    str_add(out, "/* The target that the compiler is building for. Each header below refuses a "
                 "target without\n"
                 " * a proved layout; this one only names it. */\n");
    for (unsigned i = 0; i < targets->n; i++)
        str_addf(out, "#%sif %s\n#define %s 1\n", i > 0 ? "el" : "", targets->items[i].when,
                 target_macro(out->arena, &targets->items[i]));
    str_add(out, "#endif\n\n");
}

static void emit_helpers(struct str *out)
{
    str_add(out, "/* Links a declaration to a symbol of another name. */\n"
                 "#define RAW_TEXT_(x) #x\n"
                 "#define RAW_TEXT(x) RAW_TEXT_(x)\n"
                 "#define RAW_SYMBOL(name) __asm__(RAW_TEXT(__USER_LABEL_PREFIX__) name)\n\n"
                 "#ifdef __cplusplus\n"
                 "#define RAW_STATIC_ASSERT(condition, text) static_assert(condition, text)\n"
                 "#define RAW_ALIGNOF(type) alignof(type)\n"
                 "#else\n"
                 "#define RAW_STATIC_ASSERT(condition, text) _Static_assert(condition, text)\n"
                 "#define RAW_ALIGNOF(type) _Alignof(type)\n"
                 "#endif\n\n");
}

/* Declares a variable that lives in a register, as the constraint of the system call needs it. */
static void emit_register(struct str *out, const char *name, const char *value)
{
    str_addf(out, "    register long %s __asm__(\"%s\")", name, name);
    if (value != NULL)
        str_addf(out, " = %s", value);
    str_add(out, ";\n");
}

/* The register that takes the result may be that of the number or of the first argument. */
static void emit_syscall_n(struct str *out, const struct syscall_convention *way, unsigned n_args)
{
    bool result_is_number = strcmp(way->result, way->number) == 0;
    bool result_is_arg = n_args > 0 && strcmp(way->result, way->args[0]) == 0;

    str_addf(out, "static inline long raw_syscall%u(long number", n_args);
    for (unsigned i = 0; i < n_args; i++)
        str_addf(out, ", long arg%u", i + 1);
    str_add(out, ")\n{\n");
    emit_register(out, way->number, "number");
    for (unsigned i = 0; i < n_args; i++)
        emit_register(out, way->args[i], arena_printf(out->arena, "arg%u", i + 1));
    if (!result_is_number && !result_is_arg)
        emit_register(out, way->result, NULL);
    str_addf(out,
             "\n    __asm__ volatile(\"%s\"\n                     : \"%sr\"(%s)\n                  "
             "   : ",
             way->instruction, result_is_number || result_is_arg ? "+" : "=", way->result);
    if (!result_is_number)
        str_addf(out, "\"r\"(%s)%s", way->number, n_args > (unsigned)result_is_arg ? ", " : "");
    for (unsigned i = result_is_arg; i < n_args; i++)
        str_addf(out, "\"r\"(%s)%s", way->args[i], i + 1 < n_args ? ", " : "");
    str_add(out, "\n                     : ");
    for (unsigned i = 0; i < way->n_clobbers; i++)
        str_addf(out, "\"%s\", ", way->clobbers[i]);
    str_addf(out, "\"memory\");\n    return %s;\n}\n\n", way->result);
}

static void emit_syscalls(struct str *out, const struct targets *targets)
{
    enum { MOST_ARGS = 6 };
    bool is_open = false;

    str_add(out, "/* raw_syscallN enters the kernel with N arguments and returns what it returns: "
                 "-errno, from\n"
                 " * -4095 to -1, on failure. RAW_SIGSET_SIZE is the size of the kernel's signal "
                 "set in bytes. */\n");
    for (unsigned i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];
        if (target->syscall == NULL)
            continue;
        str_addf(out, "#%sif defined(%s)\n", is_open ? "el" : "", target_macro(out->arena, target));
        str_addf(out, "/* Source: %s. */\n#define RAW_SIGSET_SIZE %u\n\n", target->syscall->source,
                 target->sigset);
        for (unsigned n = 1; n <= MOST_ARGS; n++)
            emit_syscall_n(out, target->syscall, n);
        is_open = true;
    }
    if (is_open)
        str_add(out, "#endif\n\n");
}

static void emit_raw(struct emit_files *files, const struct targets *targets)
{
    struct str *out = emit_start(files, "bindings/c/raw.h");

    str_add(out, "/* Generated by abiproof gen; do not edit.\n"
                 " *\n"
                 " * What every header beside this one needs: integers of fixed width without "
                 "libc, the name of the\n"
                 " * target, links to symbols, raw system calls. C11 or C++11, GCC or Clang.\n"
                 " *\n"
                 " * RAW_NO_ASSERT leaves out the compile-time assertions of those headers.\n"
                 " */\n"
                 "#ifndef RAW_RAW_H\n"
                 "#define RAW_RAW_H\n\n");
    emit_types(out);
    emit_targets(out, targets);
    emit_helpers(out);
    emit_syscalls(out, targets);
    str_add(out, "#endif\n");
}

/* ---- one header for a facility of which each system has its own spec ---- */

static bool is_later_part(const struct emit_job *jobs, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (jobs[k].spec->part_of != NULL &&
            strcmp(jobs[k].spec->part_of, jobs[i].spec->part_of) == 0)
            return true;
    return false;
}

static void emit_facility(struct emit_files *files, const struct emit_job *jobs, size_t n_jobs,
                          const char *facility)
{
    struct str *out = emit_start(files, arena_printf(files->arena, "bindings/c/%s.h", facility));
    bool is_open = false;

    str_addf(out,
             "/* Generated by abiproof gen; do not edit.\n"
             " *\n"
             " * %s on whichever system the compiler is building for.\n"
             " */\n"
             "#include \"raw.h\"\n\n",
             facility);
    for (size_t i = 0; i < n_jobs; i++) {
        if (jobs[i].spec->part_of == NULL || strcmp(jobs[i].spec->part_of, facility) != 0)
            continue;
        str_add(out, is_open ? "#elif " : "#if ");
        emit_condition(out, &jobs[i], NULL);
        str_addf(out, "\n#include \"%s.h\"\n", jobs[i].spec->name);
        is_open = true;
    }
    str_addf(out, "#else\n#error \"%s: abiproof has proved no layout for this target\"\n#endif\n",
             facility);
}

void c_emit_common(struct emit_files *files, const struct targets *targets,
                   const struct emit_job *jobs, size_t n_jobs)
{
    emit_raw(files, targets);
    for (size_t i = 0; i < n_jobs; i++)
        if (jobs[i].spec->part_of != NULL && !is_later_part(jobs, i))
            emit_facility(files, jobs, n_jobs, jobs[i].spec->part_of);
}
