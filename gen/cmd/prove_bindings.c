/* prove_bindings.c - see prove_bindings.h. */
#include "cmd/prove_bindings.h"

#include <string.h>

bool prove_bindings_open(struct prove_bindings *proving, struct session *session)
{
    struct arena *arena = session->arena;
    struct bindings *bindings = &proving->bindings;

    *proving = (struct prove_bindings){.is_skipped = session->options->witnesses.n > 0};
    if (!languages_load(&proving->languages, arena, session->options->root, &session->all,
                        &session->diag))
        return false;
    bindings->is_selection = session->checks.is_selection;
    proving->first = arena_alloc(arena, (session->checks.n + 1) * sizeof *proving->first);
    for (size_t i = 0; i < session->checks.n; i++) {
        const struct check *check = &session->checks.items[i];
        proving->first[i] = bindings->n;
        for (unsigned k = 0; k < proving->languages.n && !proving->is_skipped; k++) {
            struct binding binding = {
                .language = &proving->languages.items[k],
                .spec = check->spec,
                .target = check->target,
            };
            if (names_choose(&session->options->langs, binding.language->language) &&
                binding_is_made(&binding))
                ARENA_PUSH(arena, bindings->items, bindings->n, binding);
        }
    }
    proving->first[session->checks.n] = bindings->n;
    for (size_t i = 0; i < bindings->n; i++) /* only now do they stay where they are */
        bindings->items[i].findings.arena = &bindings->items[i].arena;
    return true;
}

void prove_bindings_close(struct prove_bindings *proving)
{
    for (size_t i = 0; i < proving->bindings.n; i++)
        arena_release(&proving->bindings.items[i].arena);
}

void prove_bindings_of(struct prove_bindings *proving, const struct session *session,
                       size_t check_index, const struct workspace *workspace)
{
    const struct evidence *system = &session->checks.items[check_index].system;

    for (size_t i = proving->first[check_index]; i < proving->first[check_index + 1]; i++) {
        struct binding *binding = &proving->bindings.items[i];
        if (system->unavailable != NULL)
            binding->unavailable = system->unavailable;
        else if (session->checks.items[check_index].verdict == VERDICT_UNREADABLE)
            binding->unavailable =
                "the row is unreadable, so there is nothing to compare the binding with";
        else
            binding_prove(binding, &system->facts, &session->all, &proving->languages, workspace);
    }
}

void prove_bindings_require(struct prove_bindings *proving, const struct session *session)
{
    for (size_t i = 0; i < session->options->require.n; i++) {
        const char *what = session->options->require.items[i];
        for (size_t k = 0; k < proving->bindings.n; k++) {
            struct binding *binding = &proving->bindings.items[k];
            struct finding_scope scope = {binding->spec->name, binding->target->name,
                                          binding->language->name, "binding"};
            bool is_meant = strcmp(what, "all") == 0 || strcmp(what, binding->target->name) == 0;
            if (is_meant && binding->unavailable != NULL)
                findings_add(&binding->findings, "not-proved", SEVERITY_ERROR, binding->spec->name,
                             arena_printf(&binding->arena, "proved in %s, as --require %s says",
                                          binding->language->name, what),
                             binding->unavailable, no_location, no_location, scope);
        }
    }
}
