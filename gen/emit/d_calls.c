/* d_calls.c - system calls of a D binding.
 *
 * In: the calls of a spec with their numbers, and how each target enters its kernel. Out: a function
 * for each call, and raw.d, which enters.
 *
 * Design: the instructions and registers are those of the table of targets. LDC takes a register by
 * its name, on every target. GDC has no name for most: there, a block in memory holds the number and
 * the arguments, each register is loaded from it and the result stored into it, by the two
 * instructions of `moves`.
 */
#include "emit/d.h"

#include <string.h>

enum { MOST_ARGS = 6 };

/* ---- raw.d, by LDC ---- */

/* Appends the instruction as one literal; a dollar begins an operand of LLVM's. */
static void add_instruction(struct str *out, const char *text, bool is_llvm)
{
    for (; *text != '\0'; text++)
        if (*text == '\n')
            str_add(out, text[1] != '\0' ? "\\n" : "");
        else if (*text == (is_llvm ? '$' : '%'))
            str_addf(out, "%c%c", *text, *text);
        else
            str_add_char(out, *text);
}

/* The constraints: the result, what else is destroyed, what goes in, what is clobbered. */
static void add_constraints(struct str *out, const struct syscall_convention *way, unsigned n_args,
                            unsigned *n_results)
{
    const char *regs[1 + MOST_ARGS] = {way->number};

    *n_results = 1;
    memcpy(&regs[1], way->args, way->n_args * sizeof *regs);
    str_addf(out, "={%s}", way->result);
    for (unsigned i = 0; i <= n_args && way->destroys_args; i++)
        if (strcmp(regs[i], way->result) != 0) {
            str_addf(out, ",={%s}", regs[i]);
            ++*n_results;
        }
    for (unsigned i = 0; i <= n_args; i++)
        str_addf(out, ",{%s}", regs[i]);
    for (unsigned i = n_args + 1; i <= way->n_args && way->destroys_args; i++)
        if (strcmp(regs[i], way->result) != 0)
            str_addf(out, ",~{%s}", regs[i]);
    for (unsigned i = 0; i < way->n_clobbers; i++)
        str_addf(out, ",~{%s}", way->clobbers[i]);
    str_add(out, ",~{memory},~{cc},~{flags}");
}

static void add_ldc(struct str *out, const struct syscall_convention *way, unsigned n)
{
    const char *word = way->word != NULL ? "ulong" : "size_t";
    unsigned n_args = n < way->n_args ? n : way->n_args, n_results; /* in registers */
    struct str constraints = {.arena = out->arena};

    add_constraints(&constraints, way, n_args, &n_results);
    if (n > n_args) {
        str_addf(out, "        size_t[%u] block = [number", 1 + MOST_ARGS - way->n_args);
        for (unsigned i = way->n_args; i < MOST_ARGS; i++)
            str_addf(out, ", %s", i < n ? arena_printf(out->arena, "arg%u", i + 1) : "0");
        str_add(out, "];\n");
    }
    str_add(out, "        return cast(ptrdiff_t) ");
    if (n_results > 1) {
        str_add(out, "results!(");
        for (unsigned i = 0; i < n_results; i++)
            str_addf(out, "%s%s", i > 0 ? ", " : "", word);
        str_add(out, ")(\"");
    } else {
        str_addf(out, "__asm!%s(\"", word);
    }
    add_instruction(out, n > n_args ? way->block : way->instruction, true);
    str_addf(out, "\",\n            \"%s\",\n            %s", str_text(&constraints),
             n > n_args ? "&block[0]" : arena_printf(out->arena, "cast(%s) number", word));
    for (unsigned i = 0; i < n_args; i++)
        str_addf(out, ", cast(%s) arg%u", word, i + 1);
    str_addf(out, ")%s;\n", n_results > 1 ? ".v[0]" : "");
}

/* ---- raw.d, by GDC ---- */

/* How a machine loads register $N from byte $T of the block, and stores it there. */
static const struct moves {
    const char *machine;
    const char *load, *store;
} moves[] = {
    {"x86_64", "movq $T(%0), %%$N", "movq %%$N, $T(%0)"},
    {"aarch64", "ldr $N, [%0, #$T]", "str $N, [%0, #$T]"},
};

static const struct moves *moves_of(const struct target *target)
{
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (strcmp(moves[i].machine, target->machine->name) == 0 && target->bits == 64)
            return &moves[i];
    return NULL;
}

static void add_gdc(struct str *out, const struct target *target, unsigned n)
{
    const struct syscall_convention *way = target->syscall;
    const struct moves *move = moves_of(target);
    struct arena *arena = out->arena;

    str_addf(out, "        size_t[%u] block = [number", n + 1);
    for (unsigned i = 1; i <= n; i++)
        str_addf(out, ", arg%u", i);
    str_add(out, "];\n        asm nothrow @nogc\n        {\n            \"");
    for (unsigned i = 0; i <= n; i++)
        str_addf(out, "%s\\n",
                 words_fill(arena, move->load, arena_printf(arena, "%u", 8 * i),
                            i == 0 ? way->number : way->args[i - 1]));
    add_instruction(out, way->instruction, false);
    str_addf(out, "\\n%s\"\n            : : \"r\"(&block[0]) : ",
             words_fill(arena, move->store, "0", way->result));
    if (strcmp(way->result, way->number) != 0 && strcmp(way->result, way->args[0]) != 0)
        str_addf(out, "\"%s\", ", way->result);
    str_addf(out, "\"%s\", ", way->number);
    for (unsigned i = 0; i < way->n_args; i++)
        str_addf(out, "\"%s\", ", way->args[i]);
    for (unsigned i = 0; i < way->n_clobbers; i++)
        str_addf(out, "\"%s\", ", way->clobbers[i]);
    str_add(out, "\"memory\";\n        }\n        return cast(ptrdiff_t) block[0];\n");
}

/* ---- raw.d ---- */

struct raw_context {
    unsigned n;
};

static void text_syscall(struct str *out, const struct emit_on *on, const void *context)
{
    const struct raw_context *raw = context;

    str_addf(out, "ptrdiff_t syscall%u(size_t number", raw->n);
    for (unsigned i = 0; i < raw->n; i++)
        str_addf(out, ", size_t arg%u", i + 1);
    str_add(out, ")\n{\n    version (LDC)\n    {\n");
    add_ldc(out, on->target->syscall, raw->n);
    str_add(out, "    }\n");
    if (moves_of(on->target) == NULL) {
        str_add(out,
                "    else\n        static assert(false, \"raw: LDC can enter the kernel here, \"\n"
                "            ~ \"no other compiler\");\n}\n");
        return;
    }
    str_add(out, "    else\n    {\n");
    add_gdc(out, on->target, raw->n);
    str_add(out, "    }\n}\n");
}

static void text_sigset(struct str *out, const struct emit_on *on, const void *context)
{
    (void)context;
    str_addf(out, "enum size_t SIGSET_SIZE = %u;\n", on->target->sigset);
}

void d_raw_emit(struct emit_files *files, const struct targets *targets,
                const struct language *language)
{
    struct emit_job job = module_raw_job(files->arena, targets, language);
    struct str *out = emit_start(files, "bindings/d/abiproof/raw.d");
    str_add(out, "// Generated by abiproof gen; do not edit.\n"
                 "/// System calls of Linux. `syscallN` enters the kernel with N arguments and "
                 "returns what it\n"
                 "/// returns: -errno, from -4095 to -1, on failure.\n");
    d_open(out, &job, "system call");
    str_add(out,
            "\nversion (LDC)\n{\n    import ldc.llvmasm : __asm, __asmtuple_t;\n\n"
            "    // Several results; LDC's own declaration of it is neither nothrow nor @nogc.\n"
            "    pragma(LDC_inline_asm)\n    private template results(T...)\n    {\n"
            "        __asmtuple_t!T results(const(char)[] code, const(char)[] constraints, ...)\n"
            "            nothrow @nogc;\n    }\n}\n\n"
            "/// The size of the kernel's signal set in bytes.\n");
    branches_add(out, &d_words, &job, text_sigset, NULL);
    for (unsigned n = 0; n <= MOST_ARGS; n++) {
        struct raw_context context = {n};
        str_add(out, "\n");
        branches_add(out, &d_words, &job, text_syscall, &context);
    }
}

/* ---- the calls of a spec ---- */

void d_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *number = item_number(on, item);

    if (number != NULL)
        str_addf(out, "enum size_t NR_%s = %s;\n", item->call->name, number);
}

static void add_direct(struct str *out, const struct item *item, const char *type)
{
    unsigned n = item_n_args(item);

    str_addf(out, "    return cast(%s) syscall%u(NR_%s%s", type, n, item->call->name,
             n > 0 ? ", " : "");
    item_add_params(out, item, FORM_SYSCALL, "cast(size_t) $N");
    str_add(out, ");\n");
}

/* The other call that a target without the number makes. */
static void add_detour(struct str *out, const struct item *item)
{
    const struct spec_fallback *fallback = item->call->fallback;

    if (fallback->positive != NULL)
        str_addf(
            out,
            "    if (%s <= 0)\n        return -22; // -EINVAL, as the call itself; %s takes no "
            "such argument\n",
            fallback->positive, fallback->call);
    str_addf(out, "    return sys_%s(", fallback->call);
    item_add_fallback(out, item);
    str_add(out, ");\n");
}

void d_call(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *type =
        words_call_type(out->arena, item->words, item->spec, item->call->returns.type);

    if (!item_has_call(on, item))
        return;
    item_add_call_doc(out, item, FORM_SYSCALL, "/// ");
    str_addf(out, "%s sys_%s(", type, item->call->name);
    item_add_params(out, item, FORM_SYSCALL, "$T $N");
    str_add(out, ")\n{\n");
    if (item_number(on, item) != NULL)
        add_direct(out, item, type);
    else
        add_detour(out, item);
    str_add(out, "}\n");
}
