/* item.c - what the text of an item asks; see item.h.
 *
 * In: an item, and the facts of one target. Out: types, values, numbers and documentation, in the
 * words of the language.
 */
#include "emit/item.h"

#include <stdlib.h>
#include <string.h>

/* ---- constants and aliases ---- */

/* The type by which a group types its constants on a target; NULL: each has its own. */
static const char *field_type(const struct emit_on *on, const struct item *item)
{
    if (item->group->of == NULL)
        return NULL;
    const struct fact *field = facts_find(on->facts, FACT_FIELD, item->group->of);
    const char *type = field != NULL ? field->attr[FIELD_TYPE] : NULL;
    return type != NULL && scalar_of(type).is_integer ? type : NULL;
}

static const struct fact *constant_fact(const struct emit_on *on, const struct item *item)
{
    return facts_find(on->facts, FACT_CONSTANT, item->constant);
}

static const char *constant_type(const struct emit_on *on, const struct item *item)
{
    const char *type = field_type(on, item);

    return type != NULL ? type : constant_fact(on, item)->attr[CONSTANT_TYPE];
}

const char *item_constant_type(struct arena *arena, const struct emit_on *on,
                               const struct item *item)
{
    struct layout_type type = layout_type(arena, constant_type(on, item), on->target);

    return words_type(arena, item->words, &type);
}

const char *item_alias_type(struct arena *arena, const struct emit_on *on, const struct item *item)
{
    const struct fact *fact = facts_find(on->facts, FACT_ALIAS, item->alias->name);
    struct layout_type type = layout_type(arena, fact->attr[ALIAS_TYPE], on->target);

    return words_type(arena, item->words, &type);
}

const char *item_constant_value(struct arena *arena, const struct emit_on *on,
                                const struct item *item)
{
    const char *text = constant_fact(on, item)->attr[CONSTANT_VALUE];
    struct scalar scalar = scalar_of(constant_type(on, item));
    int n_unused = 64 - 8 * scalar.size_bytes;
    uint64_t bits = text[0] == '-' ? (uint64_t)strtoll(text, NULL, 10) : strtoull(text, NULL, 16);

    if (field_type(on, item) == NULL || n_unused < 0 || n_unused >= 64)
        return text;
    bits = bits << n_unused >> n_unused;
    bool is_negative = scalar.is_signed && (bits << n_unused) >> 63 != 0;
    if (!is_negative)
        return arena_printf(arena, "0x%llx", (unsigned long long)bits);
    return arena_printf(arena, "-%llu", (unsigned long long)((0 - bits) << n_unused >> n_unused));
}

/* ---- calls ---- */

const char *item_number(const struct emit_on *on, const struct item *item)
{
    const struct fact *fact = facts_find(on->facts, FACT_SYSCALL, item->call->name);

    return fact != NULL ? fact->attr[SYSCALL_NUMBER] : NULL;
}

bool item_has_call(const struct emit_on *on, const struct item *item)
{
    return item_number(on, item) != NULL || item->call->fallback != NULL;
}

const char *item_symbol(const struct emit_on *on, const struct item *item)
{
    return facts_find(on->facts, FACT_FUNCTION, item->call->name)->attr[FUNCTION_SYMBOL];
}

void item_add_params(struct str *out, const struct item *item, enum spec_form form,
                     const char *pattern)
{
    struct arena *arena = out->arena;
    const char *between = "";

    for (unsigned i = 0; i < item->call->n_params; i++) {
        const struct spec_param *param = &item->call->params[i];
        if ((param->form & form) == 0)
            continue;
        str_addf(out, "%s%s", between,
                 words_fill(arena, pattern,
                            words_param_type(arena, item->words, item->spec, param, form),
                            words_name(arena, item->words, param->name)));
        between = ", ";
    }
}

unsigned item_n_args(const struct item *item)
{
    unsigned n = 0;

    for (unsigned i = 0; i < item->call->n_params; i++)
        n += (item->call->params[i].form & FORM_SYSCALL) != 0;
    return n;
}

/* The nth parameter of a system call. */
static const struct spec_param *nth_param(const struct spec_call *call, unsigned n)
{
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & FORM_SYSCALL) != 0 && n-- == 0)
            return &call->params[i];
    return NULL;
}

void item_add_fallback(struct str *out, const struct item *item)
{
    const struct spec_fallback *fallback = item->call->fallback;
    const struct spec_call *other = spec_call(item->spec, fallback->call);
    const struct words *words = item->words;
    struct arena *arena = out->arena;

    for (unsigned i = 0; i < fallback->n_args; i++) {
        const char *arg = fallback->args[i];
        str_add(out, i > 0 ? ", " : "");
        if (strcmp(arg, "NULL") == 0 && words->null_arg != NULL)
            arg = words_fill(
                arena, words->null_arg,
                words_param_type(arena, words, item->spec, nth_param(other, i), FORM_SYSCALL),
                NULL);
        else if (strcmp(arg, "NULL") == 0)
            arg = words->null;
        else if (strcmp(arg, "SIGSET_SIZE") == 0)
            arg = words->sigset_size;
        else
            arg = words_name(arena, words, arg);
        str_add(out, arg);
    }
}

/* ---- documentation ---- */

void item_add_call_doc(struct str *out, const struct item *item, enum spec_form form,
                       const char *indent)
{
    const struct spec_call *call = item->call;
    struct arena *arena = out->arena;

    words_add_doc(out, item->words, indent, call->doc);
    str_addf(out, "%.*s\n", (int)strlen(indent) - 1, indent);
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & form) != 0)
            words_add_doc(
                out, item->words, indent,
                arena_printf(arena, "- `%s`: %s", call->params[i].name, call->params[i].doc));
    words_add_doc(out, item->words, indent,
                  arena_printf(arena, "- returns %s, or %s", call->returns.doc,
                               form == FORM_LIBRARY ? "-1 with errno set" : "-errno"));
    words_add_doc(out, item->words, indent, arena_printf(arena, "- errors: %s", call->errors));
    words_add_doc(out, item->words, indent, arena_printf(arena, "- source: %s", call->manual));
}

void item_add_record_doc(struct str *out, const struct item *item, const struct layout *layout,
                         const char *indent)
{
    words_add_doc(out, item->words, indent, item->record->doc);
    str_addf(out, "%.*s\n%s%lld bytes; the system aligns it to %lld, this declaration to %lld.\n",
             (int)strlen(indent) - 1, indent, indent, (long long)layout->size_bytes,
             (long long)layout->system_align, (long long)layout->align);
}
