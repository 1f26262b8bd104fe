/* passed_over.c - what of an object belongs to a language itself; see verify.h.
 *
 * In: what queries passed over. Out: one line per language: how many names, and of which packages.
 *
 * Design: Go's syscall and Zig's std are in everybody's program, and what is wrong in them is no
 * finding of the program's author. But it is not proved either, so it is named and counted, with
 * what compares it all the same.
 */
#include <string.h>

#include "verify/verify_private.h"

static const char *key_of(struct arena *arena, enum fact_kind kind, const char *name)
{
    struct str key = {.arena = arena};

    grouping_key_number(&key, kind);
    grouping_key(&key, name);
    return str_text(&key);
}

static struct verify_passed_over *passed_over_of(struct verification *verification,
                                                 const struct language *language)
{
    struct arena *arena = verification->arena;
    struct verify_passed_over new = {language, {.arena = arena}, {.arena = arena}};

    for (size_t i = 0; i < verification->n_passed_over; i++)
        if (verification->passed_over[i].language == language)
            return &verification->passed_over[i];
    ARENA_PUSH(arena, verification->passed_over, verification->n_passed_over, new);
    return &verification->passed_over[verification->n_passed_over - 1];
}

void verify_pass_over(struct verification *verification, const struct verify_item *item,
                      const struct dwarf_query *query)
{
    if (query->own_language == NULL)
        return;
    struct verify_passed_over *passed_over = passed_over_of(verification, query->own_language);
    grouping_of(&passed_over->names, key_of(verification->arena, item->kind, item->ours));
    for (size_t i = 0; i < query->n_own; i++)
        if (query->own[i][0] != '\0')
            grouping_of(&passed_over->packages, query->own[i]);
}

bool verify_is_passed_over(const struct verification *verification, enum fact_kind kind,
                           const char *name)
{
    for (size_t i = 0; i < verification->n_passed_over; i++)
        if (grouping_find(&verification->passed_over[i].names,
                          key_of(verification->arena, kind, name)) != INDEX_NONE)
            return true;
    return false;
}

/* "Go" of "Go", "D" of "D, GDC". */
static const char *title_of(struct arena *arena, const struct language *language)
{
    return arena_strndup(arena, language->title, strcspn(language->title, ","));
}

void verify_add_passed_over(struct verification *verification)
{
    struct arena *arena = verification->arena;

    for (size_t i = 0; i < verification->n_passed_over; i++) {
        const struct verify_passed_over *passed_over = &verification->passed_over[i];
        const struct grouping *packages = &passed_over->packages;
        const char *title = title_of(arena, passed_over->language);
        struct str text = {.arena = arena};
        str_addf(&text, "%s of %s's own ", str_count(arena, passed_over->names.n, "name"), title);
        if (packages->n == 0)
            str_add(&text, "library: --map compares one");
        else
            str_add(&text, packages->n == 1 ? "package" : "packages");
        for (size_t k = 0; k < packages->n; k++)
            str_addf(&text, "%s %s", k > 0 ? "," : "", packages->keys[k]);
        if (packages->n > 0)
            str_addf(&text, ": --in %s compares them", packages->keys[0]);
        struct verify_unchecked line = {
            .name = arena_printf(arena, "%s's own library", title),
            .text = str_text(&text),
            .n_passed_over = passed_over->names.n,
        };
        ARENA_PUSH(arena, verification->unchecked, verification->n_unchecked, line);
    }
}
