/* c_condition.c - preprocessor branches of a C binding.
 *
 * In: an item with its text on each target. Out: the text once where all agree, else a branch for
 * each group. Design: the largest group comes last, as #else, so that its targets need not be
 * listed. That is right only in a header that refuses every target which the job does not have.
 */
#include "emit/c.h"

#include <string.h>

void c_condition(struct str *out, const struct emit_job *job, const bool *chosen)
{
    enum { COLUMNS = 100 };
    size_t line = 0;

    while (line < out->len && out->text[out->len - line - 1] != '\n')
        line++;
    bool is_first = true;
    for (size_t i = 0; i < job->n_on; i++) {
        if (chosen != NULL && !chosen[i])
            continue;
        const char *macro = target_macro(out->arena, job->on[i].target);
        size_t length = strlen(" || defined()") + strlen(macro);
        if (!is_first)
            str_add(out, " ||");
        if (line + length > COLUMNS - strlen(" || \\")) {
            str_add(out, " \\\n   ");
            line = strlen("   ");
        }
        str_addf(out, "%sdefined(%s)", is_first ? "" : " ", macro);
        line += length;
        is_first = false;
    }
}

/* The last branch: #else, or the list of those without the item where there are such. */
static void emit_largest(struct str *out, const struct emit_job *job, const struct group *largest,
                         const struct group *without, bool is_open)
{
    if (largest->text[0] == '\0')
        return;
    if (without != NULL) {
        str_add(out, is_open ? "#elif !(" : "#if !(");
        c_condition(out, job, without->chosen);
        str_add(out, ")\n");
    } else {
        str_add(out, "#else\n");
    }
    str_add(out, largest->text);
}

void c_grouped(struct str *out, const struct emit_job *job, groups_text_fn *text,
               const void *context)
{
    struct groups groups = groups_make(out->arena, job, text, context);
    const struct group *largest = groups_largest(&groups), *without = NULL;

    if (groups.n <= 1) {
        str_add(out, groups.n == 1 ? largest->text : "");
        return;
    }
    bool is_open = false;
    for (size_t i = 0; i < groups.n; i++) {
        const struct group *group = &groups.items[i];
        if (group == largest)
            continue;
        if (group->text[0] == '\0') {
            without = group;
            continue;
        }
        str_add(out, is_open ? "#elif " : "#if ");
        c_condition(out, job, group->chosen);
        str_addf(out, "\n%s", group->text);
        is_open = true;
    }
    emit_largest(out, job, largest, without, is_open);
    str_add(out, "#endif\n");
}
