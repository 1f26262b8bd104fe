/* declared.c - what a header declares, on the kernel's side; see verify.h.
 *
 * In: the headers of a request. Out: a part of the reference with all that they declare, and an
 * item for each of it. A header is named because the object has things of it, so everything that
 * both name is compared, whether a map says so or not. Design: a spec has few names, chosen with
 * care, and they are found in any spelling. A header has thousands, so its names are found as they
 * are written.
 */
#include <string.h>

#include "base/grouping.h"
#include "model/toolchain.h"
#include "verify/verify_private.h"
#include "witness/headers.h"

/* ---- reading ---- */

/* A header that nothing needs must be there all the same: it may be misspelled. */
static bool check_headers(const struct reference *reference, const struct verify_request *request,
                          struct diag *diag)
{
    const struct target *target = reference->target;

    for (size_t i = 0; target->include != NULL && i < request->n_headers; i++)
        for (size_t k = 0; k < request->headers[i].n_files; k++)
            if (!header_exists(target, request->headers[i].files[k])) {
                diag_error(diag, no_location,
                           "header '%s' is not in the header set of %s, which starts at %s",
                           request->headers[i].files[k], target->name, target->include[0]);
                return false;
            }
    return true;
}

/* What must be there in whole must be known. */
static bool check_enums(const struct reference *reference, const struct verify_request *request,
                        struct diag *diag)
{
    for (size_t i = 0; i < request->n_complete_enums; i++)
        if (reference_find_enum(reference, request->complete_enums[i], NULL) == NULL) {
            diag_error(diag, no_location,
                       "cannot ask for all of '%s', which is no spec, and no enumeration of these "
                       "headers of %s",
                       request->complete_enums[i], reference->target->name);
            return false;
        }
    return true;
}

/* Reads the numbers that maps name by syscall: and no spec has, from the header that has them. */
static bool read_numbers(struct reference *reference, const struct verify_request *request,
                         struct diag *diag)
{
    static const char *const files[] = {"asm/unistd.h"};
    static const struct reference_headers numbers = {files, 1, NULL, 0};
    struct grouping queried = {.arena = reference->arena};
    struct reference_query *queries = NULL;
    size_t n = 0;

    for (size_t i = 0; i < request->n_maps; i++) {
        struct reference_query query = {FACT_SYSCALL, verify_number_name(request->maps[i].ours)};
        enum fact_kind kind;
        const char *name;
        if (query.name != NULL &&
            !verify_find_ours(reference, request->maps[i].ours, &kind, &name) &&
            grouping_is_new(&queried, query.name))
            ARENA_PUSH(reference->arena, queries, n, query);
    }
    if (n == 0 || strcmp(reference->target->os, "linux") != 0 || reference->target->include == NULL)
        return true;
    return reference_add(reference, &numbers, queries, n, &request->workspace, diag);
}

bool verify_read_headers(struct reference *reference, const struct verify_request *request,
                         struct diag *diag)
{
    if (!check_headers(reference, request, diag))
        return false;
    if (request->n_headers > 0 &&
        !reference_add_headers(reference, request->headers, request->n_headers, &request->workspace,
                               diag))
        return false;
    if (!check_enums(reference, request, diag) || !read_numbers(reference, request, diag))
        return false;
    if (request->n_headers > 0)
        verify_read_inside(reference, request);
    return true;
}

/* ---- items ---- */

/* True for a type whose width and sign are all there is to know. */
static bool is_scalar(const char *type)
{
    return type != NULL && (scalar_of(type).size_bytes > 0 || strcmp(type, "ptr") == 0);
}

/* True if an object may show this by the name that the header gives it. */
static bool is_comparable(const struct fact *fact)
{
    switch (fact->kind) {
    case FACT_RECORD:
    case FACT_FUNCTION:
        return true;
    case FACT_CONSTANT:
        return !str_starts(fact->name, "__NR_"); /* a system call's number, and found as that */
    case FACT_ALIAS: /* a name that starts with an underscore is the library's own */
        return fact->name[0] != '_' && is_scalar(fact->attr[ALIAS_TYPE]);
    default:
        return false;
    }
}

void verify_add_declarations(struct verification *verification,
                             const struct verify_request *request, const struct grouping *mapped)
{
    struct reference *reference = verification->reference;

    for (size_t i = 0; i < reference->n; i++) {
        struct reference_part *part = &reference->parts[i];
        if (!reference_is_of_headers(part))
            continue;
        for (size_t k = 0; k < part->n_enums; k++)
            if (!verify_is_mapped(mapped, FACT_ALIAS, part->enums[k].name))
                verify_add_enum(verification, part->enums[k].name, part,
                                verify_is_enum_listed(request, part->enums[k].name) ? "not-seen"
                                                                                    : NULL);
        for (size_t k = 0; k < part->facts.n; k++) {
            const struct fact *fact = &part->facts.items[k];
            bool is_done =
                verify_is_mapped(mapped, fact->kind, fact->name) ||
                (fact->kind == FACT_ALIAS && reference_find_enum(reference, fact->name, NULL));
            if (!is_done && fact->kind == FACT_SYSCALL)
                verify_add_number(verification, fact->name);
            else if (!is_done && is_comparable(fact))
                verify_add_declaration(verification, fact, part);
        }
    }
}

void verify_settle_declarations(struct verification *verification)
{
    for (size_t i = 0; i < verification->n_items; i++) {
        struct verify_item *item = &verification->items[i];
        const struct fact *got = facts_find(&item->got, item->kind, item->ours);
        if (item->is_exact && item->kind == FACT_FUNCTION && got != NULL &&
            got->attr[FUNCTION_SYMBOL] == NULL)
            item->found = NULL;
    }
    verify_settle_enumerators(verification);
}
