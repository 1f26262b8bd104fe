/* rust_condition.c - attributes of a Rust binding.
 *
 * In: an item with its text on each target. Out: the text once where all agree, else once for each
 * group with an attribute cfg. Design: every item has a condition of its own, since Rust has no
 * "else" between items; the shorter of "these" and "not those" is taken.
 */
#include "emit/rust.h"

#include <string.h>

#include "emit/condition.h"

enum { COLUMNS = 100 };

/* "all(target_arch = "mips", target_endian = "big")", or a single one of them. */
static const char *term_text(struct arena *arena, const struct condition_term *term)
{
    struct str text = {.arena = arena};
    int n = (term->arch != NULL) + (term->endian != NULL) + (term->bits != 0);
    const char *between = "";

    str_add(&text, n > 1 ? "all(" : "");
    if (term->arch != NULL) {
        str_addf(&text, "target_arch = \"%s\"", term->arch);
        between = ", ";
    }
    if (term->bits != 0) {
        str_addf(&text, "%starget_pointer_width = \"%d\"", between, term->bits);
        between = ", ";
    }
    if (term->endian != NULL)
        str_addf(&text, "%starget_endian = \"%s\"", between, term->endian);
    str_add(&text, n > 1 ? ")" : "");
    return str_text(&text);
}

static const char *condition_text(struct arena *arena, const struct condition *condition)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < condition->n; i++)
        str_addf(&text, "%s%s", i > 0 ? ", " : "", term_text(arena, &condition->terms[i]));
    return condition->n == 1 ? str_text(&text) : arena_printf(arena, "any(%s)", str_text(&text));
}

/* Appends "#[cfg(CONDITION)]", broken behind commas. */
static void add_attribute(struct str *out, const char *condition)
{
    size_t line = strlen("#[cfg(");

    str_add(out, "#[cfg(");
    for (const char *at = condition; *at != '\0';) {
        const char *comma = strstr(at, ", ");
        size_t length = comma != NULL ? (size_t)(comma - at) + 1 : strlen(at);
        if (line + length + strlen(")]") > COLUMNS) {
            str_add(out, "\n   ");
            line = strlen("   ");
        }
        str_add(out, at > condition ? " " : "");
        str_add_bytes(out, at, length);
        line += length + 1;
        at += length;
        at += *at == ' ';
    }
    str_add(out, ")]\n");
}

/* "any(...)" of the chosen ones, or "not(...)" of the others where that is shorter. */
static const char *shortest(struct arena *arena, const struct emit_job *job, const bool *chosen)
{
    bool *others = arena_alloc(arena, job->n_on + 1);

    for (size_t i = 0; i < job->n_on; i++)
        others[i] = !chosen[i];
    struct condition these = condition_for(arena, job, chosen);
    struct condition those = condition_for(arena, job, others);
    const char *text = condition_text(arena, &these);
    const char *negated = arena_printf(arena, "not(%s)", condition_text(arena, &those));
    return those.n > 0 && strlen(negated) < strlen(text) ? negated : text;
}

void rust_cfg(struct str *out, const struct emit_job *job, const bool *chosen)
{
    add_attribute(out, shortest(out->arena, job, chosen));
}

void rust_cfg_unknown(struct str *out, const struct emit_job *job)
{
    struct condition known = condition_known(out->arena, job);

    add_attribute(out, arena_printf(out->arena, "not(all(target_os = \"%s\", %s))", job->spec->os,
                                    condition_text(out->arena, &known)));
}

void rust_grouped(struct str *out, const struct emit_job *job, groups_text_fn *text,
                  const void *context)
{
    struct groups groups = groups_make(out->arena, job, text, context);

    for (size_t i = 0; i < groups.n; i++) {
        if (groups.n > 1 && groups.items[i].text[0] != '\0')
            rust_cfg(out, job, groups.items[i].chosen);
        str_add(out, groups.items[i].text);
    }
}
