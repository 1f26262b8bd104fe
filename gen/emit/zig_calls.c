/* zig_calls.c - system calls of a Zig binding.
 *
 * In: the calls of a spec with their numbers, and how each target enters its kernel. Out: a function
 * for each call, and raw.zig, which enters. Design: the instructions and registers are those of the
 * table of targets, so that no language has its own. Where the compiler keeps a register for itself,
 * the table has a block of memory from which it is loaded. Zig has no operand that goes in and out:
 * a register that is destroyed is an input and, under another name, an output.
 */
#include "emit/zig.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ARGS = 6 };

/* ---- registers ---- */

/* The register as LLVM has it, which knows those of LoongArch by their numbers alone: $a0 to $a7
 * are $r4 to $r11, $t0 to $t8 are $r12 to $r20. */
static const char *constraint_of(struct arena *arena, const char *reg)
{
    if (str_starts(reg, "$a") || str_starts(reg, "$t"))
        return arena_printf(arena, "$r%d", atoi(reg + 2) + (reg[1] == 'a' ? 4 : 12));
    return reg;
}

/* Appends ".NAME = true, " as Zig names what is clobbered: $4 and $r4 are r4. Condition codes of
 * sparc are two, and its floating-point registers are known by fours; lr of arm has had no name but
 * its number until Zig 0.16. */
static void add_clobber(struct str *out, const struct target *target, const char *reg)
{
    reg = constraint_of(out->arena, reg);
    reg += reg[0] == '$';
    if (strcmp(target->machine->name, "arm") == 0 && strcmp(reg, "lr") == 0)
        reg = "r14";
    if (strcmp(target->machine->name, "sparc64") == 0 && strcmp(reg, "cc") == 0)
        str_add(out, ".icc = true, .xcc = true, ");
    else if (strcmp(target->machine->name, "sparc64") == 0 && reg[0] == 'f') {
        if (atoi(reg + 1) % 4 == 0)
            str_addf(out, ".q%d = true, ", atoi(reg + 1) / 4);
    } else
        str_addf(out, ".%s%s = true, ", reg[0] >= '0' && reg[0] <= '9' ? "r" : "", reg);
}

/* ---- raw.zig ---- */

/* One system call of n arguments on one target. */
struct entry {
    const struct target *target;
    const struct syscall_convention *way;
    unsigned n;
    unsigned n_args;                      /* in registers */
    const char *registers[1 + MOST_ARGS]; /* that go in: the number's, then those of arguments */
};

static struct entry make_entry(const struct target *target, unsigned n)
{
    const struct syscall_convention *way = target->syscall;
    struct entry entry = {target, way, n, n < way->n_args ? n : way->n_args, {way->number}};

    for (unsigned i = 0; i < entry.n_args; i++)
        entry.registers[1 + i] = way->args[i];
    return entry;
}

/* True if register i comes back as something else that is not the result. */
static bool is_destroyed(const struct entry *entry, unsigned i)
{
    return entry->way->destroys_args && strcmp(entry->registers[i], entry->way->result) != 0;
}

/* Appends each statement; Zig reads %% as %. */
static void add_statements(struct str *out, const char *text)
{
    bool is_one = strchr(text, '\n') == NULL;

    str_add(out, is_one ? "\"" : "\n");
    for (text += strspn(text, "\n"); *text != '\0'; text += strspn(text, "\n")) {
        str_add(out, is_one ? "" : "            \\\\");
        for (; *text != '\0' && *text != '\n'; text++)
            str_addf(out, *text == '%' ? "%%%%" : "%c", *text);
        str_add(out, is_one ? "\"\n" : "\n");
    }
}

static void add_outputs(struct str *out, const struct entry *entry)
{
    const struct syscall_convention *way = entry->way;

    str_addf(out, "            : [result] \"={%s}\" (-> %s),\n",
             constraint_of(out->arena, way->result), way->word != NULL ? way->word : "isize");
    for (unsigned i = 0; i < 1 + entry->n_args; i++)
        if (is_destroyed(entry, i))
            str_addf(out, "              [out%u] \"={%s}\" (out%u),\n", i,
                     constraint_of(out->arena, entry->registers[i]), i);
}

static void add_inputs(struct str *out, const struct entry *entry)
{
    struct arena *arena = out->arena;
    const char *between = "            :";

    for (unsigned i = 0; i < 1 + entry->n_args; i++) {
        const char *name = i == 0 ? "number" : arena_printf(arena, "arg%u", i);
        const char *value = i == 0 && entry->n > entry->n_args ? "@intFromPtr(&block)" : name;
        if (entry->way->word != NULL)
            value = arena_printf(arena, "@as(%s, %s)", entry->way->word, value);
        str_addf(out, "%s [%s] \"{%s}\" (%s),\n", between, name,
                 constraint_of(arena, entry->registers[i]), value);
        between = "             ";
    }
}

static void add_clobbers(struct str *out, const struct entry *entry)
{
    const struct syscall_convention *way = entry->way;

    str_add(out, "            : .{ ");
    for (unsigned i = entry->n_args; way->destroys_args && i < way->n_args; i++)
        if (strcmp(way->args[i], way->result) != 0)
            add_clobber(out, entry->target, way->args[i]);
    for (unsigned i = 0; i < way->n_clobbers; i++)
        add_clobber(out, entry->target, way->clobbers[i]);
    str_add(out, ".memory = true }");
}

static void add_syscall(struct str *out, const struct target *target, unsigned n)
{
    struct entry entry = make_entry(target, n);
    const struct syscall_convention *way = entry.way;

    str_addf(out, "    fn syscall%u(number: usize", n);
    for (unsigned i = 0; i < n; i++)
        str_addf(out, ", arg%u: usize", i + 1);
    str_add(out, ") isize {\n");
    if (n > entry.n_args) {
        str_add(out, "        const block = [_]usize{ number");
        for (unsigned i = way->n_args; i < MOST_ARGS; i++)
            str_addf(out, ", %s", i < n ? arena_printf(out->arena, "arg%u", i + 1) : "0");
        str_add(out, " };\n");
    }
    for (unsigned i = 0; i < 1 + entry.n_args; i++)
        if (is_destroyed(&entry, i))
            str_addf(out, "        var out%u: usize = undefined;\n", i);
    str_addf(out, "        return %sasm volatile (",
             way->word != NULL ? "@bitCast(@as(usize, @truncate(" : "");
    add_statements(out, n > entry.n_args ? way->block : way->instruction);
    add_outputs(out, &entry);
    add_inputs(out, &entry);
    add_clobbers(out, &entry);
    str_addf(out, ")%s;\n    }\n", way->word != NULL ? ")))" : "");
}

static void text_kernel(struct str *out, const struct emit_on *on, const void *context)
{
    (void)context;
    str_addf(out, "struct {\n    // Source: %s.\n", on->target->syscall->source);
    for (unsigned n = 0; n <= MOST_ARGS; n++) {
        str_add(out, "\n");
        add_syscall(out, on->target, n);
    }
    str_add(out, "}");
}

static void text_sigset(struct str *out, const struct emit_on *on, const void *context)
{
    (void)context;
    str_addf(out, "%u", on->target->sigset);
}

void zig_raw_emit(struct emit_files *files, const struct targets *targets,
                  const struct language *language)
{
    struct emit_job job = module_raw_job(files->arena, targets, language);
    struct str *out = emit_start(files, "bindings/zig/raw.zig");
    str_add(out, "// Generated by abiproof gen; do not edit.\n"
                 "//! System calls of Linux. `syscallN` enters the kernel with N arguments and "
                 "returns what it\n"
                 "//! returns: -errno, from -4095 to -1, on failure.\n\n");
    zig_add_open(out, &job, "system call");
    str_add(out, "/// The size of the kernel's signal set in bytes.\n");
    branches_add_value(out, &zig_words, &job, "pub const SIGSET_SIZE: usize = ", text_sigset, NULL,
                       ";\n\n", "");
    for (unsigned n = 0; n <= MOST_ARGS; n++)
        str_addf(out, "pub const syscall%u = kernel.syscall%u;\n", n, n);
    str_add(out, "\n// How each kernel is entered.\n");
    branches_add_value(out, &zig_words, &job, "const kernel = ", text_kernel, NULL, ";\n", "");
}

/* ---- the calls of a spec ---- */

void zig_number(struct str *out, const struct emit_on *on, const void *context)
{
    const char *number = item_number(on, context);

    str_add(out, number != NULL ? number : "");
}

/* A parameter as the word that goes into a register: signed ones keep their sign. */
static const char *word_of(struct arena *arena, const char *name, const char *type)
{
    if (strchr("*[?", type[0]) != NULL)
        return arena_printf(arena, "@intFromPtr(%s)", name);
    if (type[0] != 'i')
        return name;
    return arena_printf(arena, "@bitCast(@as(isize, %s))", name);
}

static void add_direct(struct str *out, const struct item *item)
{
    const struct spec_call *call = item->call;
    struct arena *arena = out->arena;
    struct str args = {.arena = arena};
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params; i++) {
        const struct spec_param *param = &call->params[i];
        if ((param->form & FORM_SYSCALL) == 0)
            continue;
        str_addf(&args, ", %s",
                 word_of(arena, words_name(arena, item->words, param->name),
                         words_param_type(arena, item->words, item->spec, param, FORM_SYSCALL)));
        n++;
    }
    str_addf(out, "@truncate(raw.syscall%u(NR_%s%s))", n, call->name, str_text(&args));
}

/* The other call that a target without the number makes. */
static void add_detour(struct str *out, const struct item *item)
{
    const struct spec_fallback *fallback = item->call->fallback;

    if (fallback->positive != NULL) /* -EINVAL, as the call itself; the other takes no such one */
        str_addf(out, "if (%s <= 0) -22 else ", fallback->positive);
    str_addf(out, "sys_%s(", fallback->call);
    item_add_fallback(out, item);
    str_add(out, ")");
}

void zig_call(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (!item_has_call(on, item))
        return;
    str_add(out, "return ");
    if (item_number(on, item) != NULL)
        add_direct(out, item);
    else
        add_detour(out, item);
}
