/* same_name.c - which struct of several of one name an item was compared with; see verify.h.
 *
 * In: items that were judged, and the table of homonyms. Out: for each of such a name a line: whose
 * struct it was compared with, and that there are others. Design: the table knows that there are
 * several, and headers know what they are. Where the item disagrees with the one that it was compared
 * with, the other one is read and tried, since a header that was chosen wrongly is the likeliest
 * mistake; what agrees costs nothing.
 */
#include <string.h>

#include "model/toolchain.h"
#include "verify/verify_private.h"

static bool is_kernel_s(const char *header)
{
    static const char *const folders[] = {"asm/", "asm-generic/", "linux/"};

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (str_starts(header, folders[i]))
            return true;
    return false;
}

/* True if the item agrees with what this header declares under its name. */
static bool agrees_with(const struct verification *verification, const struct verify_item *item,
                        const char *header, const struct verify_request *request)
{
    struct arena *arena = verification->arena;
    struct reference_headers headers = {&header, 1, NULL, 0};
    struct reference_query query = {item->kind, item->ours};
    struct reference reference = {
        .target = verification->target, .arena = arena, .enums = {.arena = arena}};
    struct verify_request other_request = *request;
    struct verification other = *verification;
    struct verify_item other_item = *item;
    struct diag ignored;

    diag_init(&ignored, arena, false);
    other_request.headers = &headers;
    other_request.n_headers = 1;
    other.reference = &reference;
    other.diag = &ignored;
    if (!header_exists(verification->target, header) ||
        !reference_add(&reference, &headers, &query, 1, &request->workspace, &ignored))
        return false;
    verify_read_inside(&reference, &other_request);
    other_item.part = &reference.parts[0];
    other_item.findings = (struct findings){.arena = arena};
    verify_judge_item(&other, &other_item, &other_request);
    return other_item.n_facts > 0 && findings_count(&other_item.findings, SEVERITY_ERROR) == 0;
}

static const char *describe(const struct verification *verification, const struct verify_item *item,
                            const char *header, const struct homonym *homonym,
                            const struct verify_request *request)
{
    struct str text = {.arena = verification->arena};
    bool is_kernel = is_kernel_s(header);
    const char *other = is_kernel ? homonym->libc : homonym->kernel;

    str_addf(&text, "compared with the %s (%s); ", is_kernel ? "kernel's" : "C library's", header);
    if (other != NULL)
        str_addf(&text, "%s has another %s; ", other, item->ours);
    str_addf(&text, "%s (`explain %s`)", homonym->call, item->ours);
    if (other != NULL && findings_count(&item->findings, SEVERITY_ERROR) > 0 &&
        agrees_with(verification, item, other, request))
        str_addf(&text, "; it is the %s: --header %s", is_kernel ? "C library's" : "kernel's",
                 other);
    return str_text(&text);
}

void verify_find_same_names(struct verification *verification, const struct verify_request *request)
{
    if (request->homonyms == NULL || strcmp(verification->target->os, "linux") != 0)
        return;
    for (size_t i = 0; i < verification->n_items; i++) {
        struct verify_item *item = &verification->items[i];
        const struct homonym *homonym = homonym_find(request->homonyms, item->ours);
        const struct fact *fact = NULL;
        if (homonym != NULL && item->found != NULL && item->part != NULL &&
            (item->kind == FACT_RECORD || item->kind == FACT_ALIAS) &&
            reference_is_of_headers(item->part))
            fact = facts_find(&item->part->facts, item->kind, item->ours);
        if (fact != NULL && fact->where.file != NULL)
            item->homonym = describe(verification, item, fact->where.file, homonym, request);
    }
}
