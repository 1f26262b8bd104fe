/* calltype.c - see calltype.h. */
#include "model/calltype.h"

#include <string.h>

/* C scalars: their fact type where longs and pointers have 32 and 64 bits, and their spelling in a
 * binding, which includes no header. */
static const struct type_row {
    const char *name;
    const char *fact32;
    const char *fact64;
    const char *binding;
} scalars[] = {
    {"void", "void", "void", "void"},
    {"char", "?", "?", "char"}, /* signed or not, as the target has it: only behind a pointer */
    {"int", "i32", "i32", "int"},
    {"unsigned int", "u32", "u32", "unsigned int"},
    {"long", "i32", "i64", "long"},
    {"unsigned long", "u32", "u64", "unsigned long"},
    {"size_t", "u32", "u64", "raw_size"},
    {"ssize_t", "i32", "i64", "raw_ssize"},
    {"int16_t", "i16", "i16", "raw_i16"},
    {"uint16_t", "u16", "u16", "raw_u16"},
    {"int32_t", "i32", "i32", "raw_i32"},
    {"uint32_t", "u32", "u32", "raw_u32"},
    {"int64_t", "i64", "i64", "raw_i64"},
    {"uint64_t", "u64", "u64", "raw_u64"},
};

static const struct type_row *find_scalar(const char *name)
{
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        if (strcmp(scalars[i].name, name) == 0)
            return &scalars[i];
    return NULL;
}

struct calltype calltype_parse(struct arena *arena, const char *text)
{
    struct calltype type = {.is_const = str_starts(text, "const ")};

    if (type.is_const)
        text += strlen("const ");
    size_t length = strlen(text);
    if (length > 0 && text[length - 1] == '*') {
        type.is_pointer = true;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    type.base = arena_strndup(arena, text, length);
    return type;
}

static bool is_opaque(const struct spec *spec, const char *base)
{
    for (unsigned i = 0; i < spec->n_opaque; i++)
        if (strcmp(spec->opaque[i].name, base) == 0)
            return true;
    return false;
}

static bool is_alias(const struct spec *spec, const char *base)
{
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (strcmp(spec->aliases[i].name, base) == 0)
            return true;
    return false;
}

bool calltype_is_known(struct arena *arena, const char *text, const struct spec *spec)
{
    struct calltype type = calltype_parse(arena, text);

    if (str_starts(type.base, "struct "))
        return spec_record(spec, type.base + strlen("struct ")) != NULL;
    if (is_opaque(spec, type.base))
        return type.is_pointer;
    return find_scalar(type.base) != NULL || is_alias(spec, type.base);
}

static bool check_type(struct arena *arena, const struct spec *spec, const struct spec_call *call,
                       const char *type, struct diag *diag)
{
    if (calltype_is_known(arena, type, spec))
        return true;
    diag_error(
        diag, spec_location(spec, type),
        "type '%s' in '%s' is no integer, pointer, record, alias or opaque type of this spec", type,
        call->name);
    return false;
}

bool calltype_check(struct arena *arena, const struct spec *spec, struct diag *diag)
{
    bool is_known = true;

    for (unsigned i = 0; i < spec->n_calls; i++) {
        const struct spec_call *call = &spec->calls[i];
        is_known &= check_type(arena, spec, call, call->returns.type, diag);
        for (unsigned k = 0; k < call->n_params; k++) {
            const struct spec_param *param = &call->params[k];
            is_known &= check_type(arena, spec, call, param->type, diag);
            if (param->syscall_type != NULL)
                is_known &= check_type(arena, spec, call, param->syscall_type, diag);
        }
    }
    return is_known;
}

const char *calltype_fact(struct arena *arena, const char *text, const struct target *target,
                          const struct facts *facts)
{
    struct calltype type = calltype_parse(arena, text);
    const struct type_row *scalar = find_scalar(type.base);

    if (type.is_pointer)
        return "ptr";
    if (scalar != NULL)
        return target->bits == 64 ? scalar->fact64 : scalar->fact32;
    const struct fact *alias = facts_find(facts, FACT_ALIAS, type.base);
    return alias != NULL ? alias->attr[ALIAS_TYPE] : "?";
}

const char *calltype_fact_params(struct arena *arena, const struct spec_call *call,
                                 enum spec_form form, const struct target *target,
                                 const struct facts *facts)
{
    struct str params = {.arena = arena};

    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & form) != 0)
            str_addf(&params, "%s%s", params.len > 0 ? "," : "",
                     calltype_fact(arena, spec_param_type(&call->params[i], form), target, facts));
    return params.len > 0 ? str_text(&params) : "void";
}

bool calltype_check_width(struct arena *arena, const struct spec *spec, const struct target *target,
                          const struct facts *facts, struct diag *diag)
{
    bool fits = true;

    for (unsigned i = 0; i < spec->n_calls; i++) {
        const struct spec_call *call = &spec->calls[i];
        for (unsigned k = 0; k < call->n_params; k++) {
            const struct spec_param *param = &call->params[k];
            const char *type =
                calltype_fact(arena, spec_param_type(param, FORM_SYSCALL), target, facts);
            if ((call->forms & param->form & FORM_SYSCALL) == 0 || target->bits >= 64 ||
                scalar_of(type).size_bytes < 8)
                continue;
            diag_error(diag, spec_location(spec, call->name),
                       "parameter '%s' of the system call '%s' has 64 bits, for which a long of %s "
                       "is too short: use 'forms: [library]'",
                       param->name, call->name, target->name);
            fits = false;
        }
    }
    return fits;
}

const char *calltype_binding(struct arena *arena, const char *text, const struct spec *spec)
{
    struct calltype type = calltype_parse(arena, text);
    const struct type_row *scalar = find_scalar(type.base);
    const char *base;

    if (scalar != NULL)
        base = scalar->binding;
    else if (str_starts(type.base, "struct "))
        base = arena_printf(arena, "struct raw_%s", type.base + strlen("struct "));
    else if (is_opaque(spec, type.base))
        base = "void";
    else
        base = arena_printf(arena, "raw_%s", type.base);
    return arena_printf(arena, "%s%s%s", type.is_const ? "const " : "", base,
                        type.is_pointer ? " *" : "");
}

const char *calltype_spelled(struct arena *arena, const char *text, struct calltype_view view)
{
    bool is_hidden =
        !view.declares_opaque && is_opaque(view.spec, calltype_parse(arena, text).base);

    return view.is_binding || is_hidden ? calltype_binding(arena, text, view.spec) : text;
}

void calltype_params(struct str *out, const struct spec_call *call, enum spec_form form,
                     struct calltype_view view)
{
    unsigned n = 0;

    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & form) != 0)
            str_addf(out, "%s%s", n++ > 0 ? ", " : "",
                     calltype_spelled(out->arena, spec_param_type(&call->params[i], form), view));
    if (n == 0)
        str_add(out, "void");
}

void calltype_prototype(struct str *out, const struct spec_call *call, enum spec_form form,
                        struct calltype_view view)
{
    str_addf(out, "%s (*)(", calltype_spelled(out->arena, call->returns.type, view));
    calltype_params(out, call, form, view);
    str_add(out, ")");
}
