/* c_raw.c - bindings/c/raw.h, and one header per facility that has a spec for each system.
 *
 * In: the table of targets. Out: what every binding needs: integers of fixed width, the name of the
 * target, links to symbols, and the system call itself. Design: a register may have two roles: the
 * result often comes back in the one that took the number or the first argument.
 */
#include "emit/c.h"

#include <string.h>

static void emit_types(struct str *out)
{
    static const int widths[] = {8, 16, 32, 64};

    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        str_addf(out, "typedef __UINT%d_TYPE__ raw_u%d;\ntypedef __INT%d_TYPE__ raw_i%d;\n",
                 widths[i], widths[i], widths[i], widths[i]);
    /* libc's ssize_t is its __SWORD_TYPE, for which compilers have no name; on every target in the
     * table it is their ptrdiff_t, and a function that returns it is proved to on each. */
    str_add(out, "typedef __SIZE_TYPE__ raw_size;\n"
                 "typedef __PTRDIFF_TYPE__ raw_ssize;\n"
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
                 "#define RAW_ALIGNAS(bytes) alignas(bytes)\n"
                 "#else\n"
                 "#define RAW_STATIC_ASSERT(condition, text) _Static_assert(condition, text)\n"
                 "#define RAW_ALIGNOF(type) _Alignof(type)\n"
                 "#define RAW_ALIGNAS(bytes) _Alignas(bytes)\n"
                 "#endif\n\n");
}

enum { MOST_ARGS = 6 };

/* The variable that lives in a register: $4 -> r4, %r26 -> r26, rax -> rax. */
static const char *variable_of(struct arena *arena, const char *reg)
{
    reg += strspn(reg, "$%");
    return reg[0] >= '0' && reg[0] <= '9' ? arena_printf(arena, "r%s", reg) : reg;
}

/* Declares the variable, as the constraint of the system call needs it. */
static void emit_register(struct str *out, const struct syscall_convention *way, const char *reg,
                          const char *value)
{
    const char *type = way->word != NULL ? arena_printf(out->arena, "raw_%s", way->word) : "long";

    str_addf(out, "    register %s %s __asm__(\"%s\")", type, variable_of(out->arena, reg), reg);
    if (value != NULL)
        str_addf(out, " = %s%s", way->word != NULL ? "(raw_uptr)" : "", value);
    str_add(out, ";\n");
}

/* The text as string literals, one per statement. Each statement begins with a tab: to the
 * assembler of hppa, a word at the start of a line is a label. The compiler reads %% as %. */
static void emit_statements(struct str *out, const char *text)
{
    const char *between = "";

    for (text += strspn(text, "\n"); *text != '\0'; text += strspn(text, "\n")) {
        size_t length = strcspn(text, "\n");
        str_addf(out, "%s\"", between);
        for (size_t i = 0; i < length; i++)
            str_addf(out, text[i] == '%' ? "%%%%" : "%c", text[i]);
        text += length;
        between = "\\n\\t\"\n                     ";
    }
    str_add(out, "\"");
}

/* The operands of one kind, between two colons; a long list is broken. */
struct operands {
    struct str *out;
    size_t line; /* where the last line starts */
    const char *between;
};

static struct operands begin_operands(struct str *out)
{
    str_add(out, "\n                     :");
    return (struct operands){out, out->len, ""};
}

static void add_operand(struct operands *operands, const char *constraint, const char *variable)
{
    enum { WIDTH = 79 };
    const char *text = variable == NULL
                           ? arena_printf(operands->out->arena, "\"%s\"", constraint)
                           : arena_printf(operands->out->arena, "\"%s\"(%s)", constraint, variable);

    str_add(operands->out, operands->between);
    if (operands->out->len - operands->line + 1 + strlen(text) > WIDTH) {
        str_add(operands->out, "\n                      ");
        operands->line = operands->out->len;
    }
    str_addf(operands->out, " %s", text);
    operands->between = ",";
}

/* The registers that go into a call of n arguments: the number's, then theirs. */
static unsigned registers_of(const struct syscall_convention *way, unsigned n,
                             const char *registers[1 + MOST_ARGS])
{
    registers[0] = way->number;
    for (unsigned i = 0; i < n; i++)
        registers[1 + i] = way->args[i];
    return 1 + n;
}

/* True if the result comes in one of them. */
static bool holds_result(const struct syscall_convention *way, const char *const *registers,
                         unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (strcmp(registers[i], way->result) == 0)
            return true;
    return false;
}

/* The result may come in the register of the number or of an argument, which then goes in and out.
 * So does every other one that the call destroys; those that it does not use are declared as
 * clobbers. */
static void emit_operands(struct str *out, const struct syscall_convention *way, unsigned n_args)
{
    const char *in[1 + MOST_ARGS];
    unsigned n_in = registers_of(way, n_args, in);
    struct operands list = begin_operands(out);

    add_operand(&list, holds_result(way, in, n_in) ? "+r" : "=r",
                variable_of(out->arena, way->result));
    for (unsigned i = 0; way->destroys_args && i < n_in; i++)
        if (strcmp(in[i], way->result) != 0)
            add_operand(&list, "+r", variable_of(out->arena, in[i]));
    list = begin_operands(out);
    for (unsigned i = 0; !way->destroys_args && i < n_in; i++)
        if (strcmp(in[i], way->result) != 0)
            add_operand(&list, "r", variable_of(out->arena, in[i]));
    list = begin_operands(out);
    for (unsigned i = n_args; way->destroys_args && i < way->n_args; i++)
        if (strcmp(way->args[i], way->result) != 0)
            add_operand(&list, way->args[i], NULL);
    for (unsigned i = 0; i < way->n_clobbers; i++)
        add_operand(&list, way->clobbers[i], NULL);
    add_operand(&list, "memory", NULL);
}

/* What a call finds at the address in the number's register: the number, then the arguments that
 * have no register, zero where there is none. */
static void emit_block(struct str *out, const struct syscall_convention *way, unsigned n)
{
    str_addf(out, "    const long block[%u] = {number", 1 + MOST_ARGS - way->n_args);
    for (unsigned i = way->n_args; i < n; i++)
        str_addf(out, ", arg%u", i + 1);
    str_add(out, "};\n");
}

static void emit_syscall_n(struct str *out, const struct syscall_convention *way, unsigned n)
{
    unsigned n_args = n < way->n_args ? n : way->n_args; /* in registers */
    const char *in[1 + MOST_ARGS];
    unsigned n_in = registers_of(way, n_args, in);

    str_addf(out, "static inline long raw_syscall%u(long number", n);
    for (unsigned i = 0; i < n; i++)
        str_addf(out, ", long arg%u", i + 1);
    str_add(out, ")\n{\n");
    if (n > n_args)
        emit_block(out, way, n);
    for (unsigned i = 0; i < n_in; i++)
        emit_register(out, way, in[i],
                      i > 0        ? arena_printf(out->arena, "arg%u", i)
                      : n > n_args ? "(long)block"
                                   : "number");
    if (!holds_result(way, in, n_in))
        emit_register(out, way, way->result, NULL);
    str_add(out, "\n    __asm__ volatile(");
    emit_statements(out, n > n_args ? way->block : way->instruction);
    emit_operands(out, way, n_args);
    str_addf(out, ");\n    return %s%s;\n}\n\n", way->word != NULL ? "(long)" : "",
             variable_of(out->arena, way->result));
}

static void emit_syscalls(struct str *out, const struct targets *targets)
{
    str_add(out, "/* raw_syscallN enters the kernel with N arguments and returns what it returns: "
                 "-errno, from\n"
                 " * -4095 to -1, on failure. RAW_SIGSET_SIZE is the size of the kernel's signal "
                 "set in bytes. */\n");
    bool is_open = false;
    for (unsigned i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];
        if (target->syscall == NULL)
            continue;
        str_addf(out, "#%sif defined(%s)\n", is_open ? "el" : "", target_macro(out->arena, target));
        str_addf(out, "/* Source: %s. */\n#define RAW_SIGSET_SIZE %u\n\n", target->syscall->source,
                 target->sigset);
        for (unsigned n = 0; n <= MOST_ARGS; n++)
            emit_syscall_n(out, target->syscall, n);
        is_open = true;
    }
    if (is_open)
        str_add(out, "#endif\n\n");
}

void c_raw_add(struct str *out, const struct targets *targets)
{
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

    str_addf(out,
             "/* Generated by abiproof gen; do not edit.\n"
             " *\n"
             " * %s on whichever system the compiler is building for.\n"
             " */\n"
             "#include \"raw.h\"\n\n",
             facility);
    bool is_open = false;
    for (size_t i = 0; i < n_jobs; i++) {
        if (jobs[i].spec->part_of == NULL || strcmp(jobs[i].spec->part_of, facility) != 0)
            continue;
        str_add(out, is_open ? "#elif " : "#if ");
        c_condition(out, &jobs[i], NULL);
        str_addf(out, "\n#include \"%s.h\"\n", emit_name(&jobs[i]));
        is_open = true;
    }
    str_addf(out, "#else\n#error \"%s: abiproof has proved no layout for this target\"\n#endif\n",
             facility);
}

void c_emit_common(struct emit_files *files, const struct targets *targets,
                   const struct emit_job *jobs, size_t n_jobs)
{
    c_raw_add(emit_start(files, "bindings/c/raw.h"), targets);
    for (size_t i = 0; i < n_jobs; i++)
        if (jobs[i].spec->part_of != NULL && !is_later_part(jobs, i))
            emit_facility(files, jobs, n_jobs, jobs[i].spec->part_of);
}
