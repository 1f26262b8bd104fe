/* branches.c - see branches.h.
 *
 * In: groups of targets with the same text. Out: branches, in the order of the groups, but for the
 * largest one, which comes last where the language has an "else".
 */
#include "emit/branches.h"

#include <string.h>

void branches_add_indented(struct str *out, const struct words *words, const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        str_addf(out, "%s%.*s\n", length > 0 ? words->indent : "", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* Each text with a condition of its own. */
static void add_conditions(struct str *out, const struct words *words, const struct emit_job *job,
                           const struct groups *groups)
{
    for (size_t i = 0; i < groups->n; i++) {
        if (groups->items[i].text[0] == '\0')
            continue;
        words_add_condition(out, words, words->first,
                            words_condition(out->arena, words, job, groups->items[i].chosen));
        str_add(out, "\n");
        branches_add_indented(out, words, groups->items[i].text);
        if (words->end != NULL)
            str_addf(out, "%s\n", words->end);
    }
}

static bool has_empty(const struct groups *groups)
{
    for (size_t i = 0; i < groups->n; i++)
        if (groups->items[i].text[0] == '\0')
            return true;
    return false;
}

/* One branch of a chain, up to its text; without a condition if it is the last one. */
static void begin_branch(struct str *out, const struct words *words, const struct emit_job *job,
                         const struct group *group, bool is_first, bool is_last)
{
    if (is_last)
        str_add(out, words->last);
    else
        words_add_condition(out, words, is_first ? words->first : words->next,
                            words_condition(out->arena, words, job, group->chosen));
}

static void add_chain(struct str *out, const struct words *words, const struct emit_job *job,
                      const struct groups *groups)
{
    const struct group *last = groups_largest(groups);
    bool is_first = true;

    for (size_t i = 0; i <= groups->n; i++) {
        const struct group *group = i < groups->n ? &groups->items[i] : last;
        if (i < groups->n && group == last)
            continue;
        begin_branch(out, words, job, group, is_first, i == groups->n);
        str_add(out, "\n");
        branches_add_indented(out, words, group->text);
        is_first = false;
    }
    if (words->end != NULL)
        str_addf(out, "%s\n", words->end);
}

void branches_add(struct str *out, const struct words *words, const struct emit_job *job,
                  groups_text_fn *text, const void *context)
{
    struct groups groups = groups_make(out->arena, job, text, context);

    if (groups.n == 1)
        str_add(out, groups.items[0].text);
    else if (words->next == NULL || has_empty(&groups))
        add_conditions(out, words, job, &groups);
    else if (groups.n > 0)
        add_chain(out, words, job, &groups);
}

void branches_add_value(struct str *out, const struct words *words, const struct emit_job *job,
                        const char *head, groups_text_fn *text, const void *context,
                        const char *tail, const char *none)
{
    struct groups groups = groups_make(out->arena, job, text, context);
    const struct group *last = groups_largest(&groups);
    bool is_first = true;

    if (groups.n == 0 || (groups.n == 1 && last->text[0] == '\0'))
        return;
    str_add(out, head);
    for (size_t i = 0; i <= groups.n; i++) {
        const struct group *group = i < groups.n ? &groups.items[i] : last;
        if (i < groups.n && group == last)
            continue;
        if (groups.n > 1)
            begin_branch(out, words, job, group, is_first, i == groups.n);
        str_add(out, group->text[0] != '\0' ? group->text : none);
        is_first = false;
    }
    str_add(out, tail);
}
