/* call_probe.c - probes of wrappers: abi_probes/call/<spec>.c.
 *
 * In: a spec. Out: one C file, the same for all targets, that calls each wrapper of a binding with
 * arguments of its own, and says what number and registers are to come of it (abi_probes/rt/call.h
 * records what does). Specs without system calls have none.
 *
 * Design: it follows the spec and never the emitter of the bindings, or a fault there would be
 * expected here. The number is the kernel's own, by __NR_ of the target's <asm/unistd.h>; the
 * argument is what C makes of the spec's type in a long.
 */
#include "emit/emit.h"

#include <string.h>

#include "model/calltype.h"

enum { ARGS_MAX = 6 };

static bool is_of_call(const struct spec_param *param)
{
    return (param->form & FORM_SYSCALL) != 0;
}

static unsigned count_params(const struct spec_call *call)
{
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params; i++)
        n += is_of_call(&call->params[i]);
    return n;
}

/* The value of parameter number `place`, as an expression of its type: `(int)-0x70ffffff`. One that
 * the wrapper checks is positive. */
static const char *value_of(struct arena *arena, const struct spec *spec,
                            const struct spec_call *call, const struct spec_param *param,
                            unsigned place)
{
    const char *type = calltype_binding(arena, spec_param_type(param, FORM_SYSCALL), spec);

    if (strchr(type, '*') != NULL)
        return arena_printf(arena, "(%s)call_place(%u)", type, place);
    if (call->fallback != NULL && call->fallback->positive != NULL &&
        strcmp(call->fallback->positive, param->name) == 0)
        return arena_printf(arena, "(%s)0x1000001", type);
    /* Negative if it is signed; in any case the highest bit of 32 is set, and the lowest differ. */
    return arena_printf(arena, "(%s)-0x%xL", type, 0x70000000 - place);
}

static void add_expectation(struct str *out, const char *number, const char *const *values,
                            unsigned n)
{
    str_addf(out, "    call_expect(__NR_%s, %u", number, n);
    for (unsigned i = 0; i < ARGS_MAX; i++)
        str_addf(out, ", %s%s", i < n ? "(long)" : "", i < n ? values[i] : "0");
    str_add(out, ");\n");
}

/* What a target without the number is to call instead. */
static void add_detour(struct str *out, const struct spec_call *call, const char *const *values)
{
    const char *args[ARGS_MAX] = {NULL};
    const struct spec_fallback *fallback = call->fallback;

    for (unsigned i = 0; i < fallback->n_args && i < ARGS_MAX; i++) {
        args[i] = strcmp(fallback->args[i], "NULL") == 0          ? "0"
                  : strcmp(fallback->args[i], "SIGSET_SIZE") == 0 ? "CALL_SIGSET_SIZE"
                                                                  : fallback->args[i];
        for (unsigned k = 0, place = 0; k < call->n_params; k++) {
            if (is_of_call(&call->params[k]) &&
                strcmp(call->params[k].name, fallback->args[i]) == 0)
                args[i] = values[place];
            place += is_of_call(&call->params[k]);
        }
    }
    add_expectation(out, fallback->call, args, fallback->n_args);
}

/* The call itself, and its result: an error has no arguments before it. */
static void add_call(struct str *out, const struct spec_call *call, const char *suffix,
                     const char *expected, const char *const *values, unsigned n)
{
    str_addf(out, "    call_done(\"raw_sys_%s%s\", %s, (long)raw_sys_%s(", call->name, suffix,
             expected, call->name);
    for (unsigned i = 0; i < n; i++)
        str_addf(out, "%s%s", i > 0 ? ", " : "", values[i]);
    str_add(out, "));\n");
}

/* What the wrapper refuses by itself, since the other call would not. */
static void add_refusal(struct str *out, const struct spec_call *call, const char **values,
                        unsigned n)
{
    for (unsigned i = 0, place = 0; i < call->n_params; i++) {
        if (is_of_call(&call->params[i]) &&
            strcmp(call->params[i].name, call->fallback->positive) == 0)
            values[place] = "0";
        place += is_of_call(&call->params[i]);
    }
    str_addf(out, "#ifndef __NR_%s\n    call_expect_none();\n", call->name);
    add_call(out, call, ".refusal", "-EINVAL", values, n);
    str_add(out, "#endif\n");
}

static void add_wrapper(struct str *out, const struct spec *spec, const struct spec_call *call)
{
    const char *values[ARGS_MAX] = {NULL};
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params && n < ARGS_MAX; i++)
        if (is_of_call(&call->params[i])) {
            values[n] = value_of(out->arena, spec, call, &call->params[i], n);
            n++;
        }
    if (call->per_target || call->fallback != NULL)
        str_addf(out, "#ifdef __NR_%s\n", call->name);
    add_expectation(out, call->name, values, n);
    if (call->fallback != NULL) {
        str_add(out, "#else\n");
        add_detour(out, call, values);
        str_add(out, "#endif\n");
    }
    add_call(out, call, "", "CALL_RESULT", values, n);
    if (call->fallback != NULL && call->fallback->positive != NULL)
        add_refusal(out, call, values, n);
    if (call->per_target)
        str_add(out, "#endif\n");
}

/* True if a wrapper of the spec may end in raw_syscall<n>. */
static bool needs(const struct spec *spec, unsigned n)
{
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0 && count_params(&spec->calls[i]) == n)
            return true;
    return false;
}

static void emit_calls(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    const struct spec *spec = job->spec;

    (void)diag;
    if (!spec_has_syscall(spec))
        return;
    struct str *out =
        emit_start(files, arena_printf(files->arena, "abi_probes/call/%s.c", spec->name));
    str_addf(out, "/* Generated by abiproof gen --spec %s; do not edit.\n", spec->name);
    str_addf(out, " * Calls each wrapper of %s, and prints what it asks of the kernel.\n */\n",
             spec->name);
    str_addf(out, "#include \"call.h\"\n\n#include \"%s.h\"\n\nvoid probe_main(void)\n{\n",
             spec->name);
    for (unsigned n = 0; n <= ARGS_MAX; n++)
        if (needs(spec, n))
            str_addf(out, "    call_try_%u();\n", n);
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0)
            add_wrapper(out, spec, &spec->calls[i]);
    str_add(out, "}\n");
}

static const char *const folders[] = {"abi_probes/call/*", NULL};

const struct emitter emit_call = {
    .name = "call",
    .about = "probes of wrappers, abi_probes/call/*.c",
    .folders = folders,
    .emit = emit_calls,
};
