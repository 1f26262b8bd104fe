/* c.c - bindings in C: bindings/c/<spec>.h.
 *
 * In: a spec and the facts of its targets. Out: one header that needs no other but raw.h, compiles
 * as C11 and C++11, and may stand beside libc's own headers since every name starts with raw_ or
 * RAW_. Targets share text only where the text is equal; c.h says what the other files of the C
 * emitter do.
 */
#include "emit/c.h"

#include <ctype.h>
#include <string.h>

#include "model/calltype.h"

const struct words c_words = {.null = "NULL", .sigset_size = "RAW_SIGSET_SIZE"};

/* ---- aliases and constants ---- */

/* The C type of an alias on a target; NULL if it has none. */
static const char *alias_type(struct arena *arena, const struct emit_on *on, const char *text)
{
    struct layout_type type = layout_type(arena, text, on->target);

    return type.n_bounds == 0 ? c_type(arena, &type) : NULL;
}

static bool alias_can_be_expressed(const struct emit_job *job, const struct spec_alias *alias,
                                   struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        const struct fact *fact = facts_find(job->on[i].facts, FACT_ALIAS, alias->name);
        if (alias_type(arena, &job->on[i], fact->attr[ALIAS_TYPE]) != NULL)
            continue;
        diag_error(diag, spec_location(job->spec, alias->name),
                   "alias '%s' has the type '%s', which a C binding cannot express yet (%s)",
                   alias->name, fact->attr[ALIAS_TYPE], job->on[i].target->name);
        return false;
    }
    return true;
}

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct spec_alias *alias = context;
    const struct fact *fact = facts_find(on->facts, FACT_ALIAS, alias->name);

    str_addf(out, "typedef %s raw_%s;\n", alias_type(out->arena, on, fact->attr[ALIAS_TYPE]),
             alias->name);
}

/* True for the least value of a signed type. C has no negative literals, and the type has no
 * positive one of that size: it is written as one less than the next. */
static bool is_least(const char *value, const char *type)
{
    return (strcmp(type, "i32") == 0 && strcmp(value, "-2147483648") == 0) ||
           (strcmp(type, "i64") == 0 && strcmp(value, "-9223372036854775808") == 0);
}

/* An expression of the constant's own type, usable in #if. */
static const char *constant_text(struct arena *arena, const struct fact *fact)
{
    const char *value = fact->attr[CONSTANT_VALUE], *type = fact->attr[CONSTANT_TYPE];
    const char *suffix = strcmp(type, "u64") == 0   ? "ULL"
                         : strcmp(type, "i64") == 0 ? "LL"
                         : strcmp(type, "u32") == 0 ? "U"
                                                    : "";

    if (is_least(value, type)) /* ends in 8 */
        return arena_printf(arena, "(%.*s7%s - 1)", (int)strlen(value) - 1, value, suffix);
    return arena_printf(arena, value[0] == '-' ? "(%s%s)" : "%s%s", value, suffix);
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, name);

    str_addf(out, "#define RAW_%s %s\n", name, constant_text(out->arena, fact));
}

static void text_constant_assert(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, name);
    const char *value = fact->attr[CONSTANT_VALUE];

    if (is_least(value, fact->attr[CONSTANT_TYPE]))
        value = constant_text(out->arena, fact);
    str_addf(out, "RAW_STATIC_ASSERT(RAW_%s == %s, \"value of %s\");\n", name, value, name);
}

static void emit_constants(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_constants; i++) {
        const struct spec_constants *group = &job->spec->constants[i];
        str_add(out, "/*\n");
        words_add_doc(out, &c_words, " * ", group->doc);
        str_add(out, " */\n");
        for (unsigned k = 0; k < group->n_names; k++)
            c_grouped(out, job, text_constant, group->names[k]);
        str_add(out, "\n");
    }
}

/* ---- calls ---- */

/* "int epfd, struct raw_epoll_event *events", or "void". */
static void emit_params(struct str *out, const struct spec *spec, const struct spec_call *call,
                        enum spec_form form)
{
    size_t before = out->len;

    for (unsigned i = 0; i < call->n_params; i++) {
        const struct spec_param *param = &call->params[i];
        if ((param->form & form) == 0)
            continue;
        const char *type = calltype_binding(out->arena, spec_param_type(param, form), spec);
        str_addf(out, "%s%s%s%s", out->len > before ? ", " : "", type,
                 strchr(type, '*') != NULL ? "" : " ", param->name);
    }
    if (out->len == before)
        str_add(out, "void");
}

static void emit_call_doc(struct str *out, const struct spec_call *call, enum spec_form form,
                          const char *origin)
{
    bool is_library = form == FORM_LIBRARY;
    struct str *text = out;

    str_add(out, "/*\n");
    words_add_doc(out, &c_words, " * ", call->doc);
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & form) != 0)
            words_add_doc(
                out, &c_words, " *   ",
                arena_printf(text->arena, "%s: %s", call->params[i].name, call->params[i].doc));
    words_add_doc(out, &c_words, " * ",
                  arena_printf(text->arena, "Returns %s, or %s.", call->returns.doc,
                               is_library ? "-1 with errno set" : "-errno"));
    words_add_doc(out, &c_words, " * ", arena_printf(text->arena, "Errors: %s.", call->errors));
    words_add_doc(out, &c_words, " * ",
                  arena_printf(text->arena, "%s Source: %s.", origin, call->manual));
    str_add(out, " */\n");
}

struct call_context {
    const struct spec *spec;
    const struct spec_call *call;
};

static void text_function(struct str *out, const struct emit_on *on, const void *context)
{
    const struct call_context *call = context;
    const struct fact *fact = facts_find(on->facts, FACT_FUNCTION, call->call->name);
    const char *type = calltype_binding(out->arena, call->call->returns.type, call->spec);

    str_addf(out, "%s raw_%s(", type, call->call->name);
    emit_params(out, call->spec, call->call, FORM_LIBRARY);
    str_addf(out, ")\n    RAW_SYMBOL(\"%s\");\n", fact->attr[FUNCTION_SYMBOL]);
}

static const char *library_of(const struct spec *spec)
{
    for (unsigned i = 0; i < spec->n_sources; i++)
        if (spec->sources[i].library != NULL)
            return spec->sources[i].library;
    return "";
}

static void emit_functions(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_calls; i++) {
        struct call_context context = {job->spec, &job->spec->calls[i]};
        if ((context.call->forms & FORM_LIBRARY) == 0)
            continue;
        emit_call_doc(out, context.call, FORM_LIBRARY,
                      arena_printf(out->arena, "Library %s.", library_of(job->spec)));
        c_grouped(out, job, text_function, &context);
        str_add(out, "\n");
    }
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_SYSCALL, name);

    if (fact != NULL)
        str_addf(out, "#define RAW_NR_%s %s\n", name, fact->attr[SYSCALL_NUMBER]);
}

static void text_number_assert(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_SYSCALL, name);

    if (fact != NULL)
        str_addf(out, "RAW_STATIC_ASSERT(RAW_NR_%s == %s, \"number of %s\");\n", name,
                 fact->attr[SYSCALL_NUMBER], name);
}

static void emit_direct(struct str *out, const struct spec *spec, const struct spec_call *call)
{
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params; i++)
        n += (call->params[i].form & FORM_SYSCALL) != 0;
    str_addf(out, "    return (%s)raw_syscall%u(RAW_NR_%s",
             calltype_binding(out->arena, call->returns.type, spec), n, call->name);
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & FORM_SYSCALL) != 0)
            str_addf(out, ", (long)%s", call->params[i].name);
    str_add(out, ");\n");
}

/* The other call that a target without the number makes. */
static void emit_detour(struct str *out, const struct spec_fallback *fallback)
{
    str_add(out, "#else\n");
    if (fallback->positive != NULL)
        str_addf(
            out,
            "    if (%s <= 0)\n"
            "        return -22; /* -EINVAL, as the call itself; %s takes no such argument */\n",
            fallback->positive, fallback->call);
    str_addf(out, "    return raw_sys_%s(", fallback->call);
    for (unsigned i = 0; i < fallback->n_args; i++) {
        const char *arg = fallback->args[i];
        str_addf(out, "%s%s", i > 0 ? ", " : "",
                 strcmp(arg, "NULL") == 0          ? "0"
                 : strcmp(arg, "SIGSET_SIZE") == 0 ? "RAW_SIGSET_SIZE"
                                                   : arg);
    }
    str_add(out, ");\n#endif\n");
}

static void emit_wrapper(struct str *out, const struct emit_job *job, const struct spec_call *call)
{
    const struct spec_fallback *fallback = call->fallback;

    c_grouped(out, job, text_number, call->name);
    emit_call_doc(out, call, FORM_SYSCALL,
                  call->per_target ? "System call; only where the target has its number."
                  : fallback == NULL
                      ? "System call."

                      : arena_printf(out->arena,
                                     "System call; %s where the target has no such number.",
                                     fallback->call));
    if (call->per_target)
        str_addf(out, "#ifdef RAW_NR_%s\n", call->name);
    str_addf(out, "static inline %s raw_sys_%s(",
             calltype_binding(out->arena, call->returns.type, job->spec), call->name);
    emit_params(out, job->spec, call, FORM_SYSCALL);
    str_add(out, ")\n{\n");
    if (fallback != NULL)
        str_addf(out, "#ifdef RAW_NR_%s\n", call->name);
    emit_direct(out, job->spec, call);
    if (fallback != NULL)
        emit_detour(out, fallback);
    str_add(out, call->per_target ? "}\n#endif\n\n" : "}\n\n");
}

/* A call that may be made by way of another one comes after it. */
static void emit_wrappers(struct str *out, const struct emit_job *job)
{
    for (int pass = 0; pass < 2; pass++)
        for (unsigned i = 0; i < job->spec->n_calls; i++) {
            const struct spec_call *call = &job->spec->calls[i];
            if ((call->forms & FORM_SYSCALL) != 0 && (call->fallback != NULL) == (pass == 1))
                emit_wrapper(out, job, call);
        }
}

/* ---- the header ---- */

static void emit_asserts(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;

    str_add(out, "#ifndef RAW_NO_ASSERT\n");
    for (unsigned i = 0; i < spec->n_records; i++)
        c_record_emit_asserts(out, job, &spec->records[i]);
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            c_grouped(out, job, text_constant_assert, spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0)
            c_grouped(out, job, text_number_assert, spec->calls[i].name);
    str_add(out, "#endif\n\n");
}

/* "RAW_EPOLL_H", in the arena. */
static const char *guard_of(struct arena *arena, const char *name)
{
    char *guard = arena_strdup(arena, arena_printf(arena, "RAW_%s_H", name));

    for (char *at = guard; *at != '\0'; at++)
        *at = (char)toupper((unsigned char)*at);
    return guard;
}

static void emit_head(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;
    const char *guard = guard_of(out->arena, emit_name(job));

    str_addf(out, "/* Generated by abiproof gen --spec %s; do not edit.\n * From", spec->name);
    for (unsigned i = 0; i < spec->n_sources; i++)
        for (unsigned k = 0; k < spec->sources[i].n_headers; k++)
            str_addf(out, "%s <%s>", i + k > 0 ? "," : "", spec->sources[i].headers[k]);
    str_addf(out, ".\n *\n * %s. See %s.\n */\n#ifndef %s\n#define %s\n\n", spec->doc, spec->manual,
             guard, guard);
    str_add(out, "#include \"raw.h\"\n\n#if !(");
    c_condition(out, job, NULL);
    str_addf(out, ")\n#error \"%s: abiproof has proved no layout for this target\"\n#endif\n\n",
             spec->name);
    str_add(out, "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n");
}

static void emit_header(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    const struct spec *spec = job->spec;

    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (!alias_can_be_expressed(job, &spec->aliases[i], files->arena, diag))
            return;
    for (unsigned i = 0; i < spec->n_records; i++)
        if (!c_record_can_be_expressed(job, &spec->records[i], files->arena, diag))
            return;
    struct str *out =
        emit_start(files, arena_printf(files->arena, "bindings/c/%s.h", emit_name(job)));
    emit_head(out, job);
    for (unsigned i = 0; i < spec->n_aliases; i++) {
        str_addf(out, "/* %s */\n", words_doc(out->arena, &c_words, spec->aliases[i].doc));
        c_grouped(out, job, text_alias, &spec->aliases[i]);
        str_add(out, "\n");
    }
    emit_constants(out, job);
    for (unsigned i = 0; i < spec->n_records; i++)
        c_record_emit(out, job, &spec->records[i]);
    emit_functions(out, job);
    emit_wrappers(out, job);
    emit_asserts(out, job);
    str_add(out, "#ifdef __cplusplus\n}\n#endif\n\n#endif\n");
}

static const char *const folders[] = {"bindings/c/*", NULL};

const struct emitter emit_c = {
    .name = "c",
    .about = "C headers, bindings/c/*.h",
    .is_language = true,
    .folders = folders,
    .emit_common = c_emit_common,
    .emit = emit_header,
};
