/* unseen.c - what of a spec an object does not show; see verify.h.
 *
 * In: the items of an object, of which some were found. Out: per spec that the object has something
 * of, what of it was not seen, and by which compiler. Design: a name that is missing may be missing
 * in the binding, or in the debug information alone. Nobody can tell, so it is one line that counts
 * names, and an error only for who asked that all be there.
 */
#include <string.h>

#include "base/grouping.h"
#include "object/dwarf.h"
#include "verify/verify_private.h"

/* The kinds that are listed, in this order. */
static const enum fact_kind listed_kinds[] = {FACT_RECORD, FACT_CONSTANT, FACT_FUNCTION};
enum { N_LISTED = sizeof listed_kinds / sizeof listed_kinds[0] };

/* ---- what was seen ---- */

static const char *key_of(struct arena *arena, const struct reference_part *part,
                          enum fact_kind kind, const char *name)
{
    struct str key = {.arena = arena};

    grouping_key(&key, part->spec->name);
    grouping_key_number(&key, kind);
    grouping_key(&key, name);
    return str_text(&key);
}

/* What the object has, by part, kind and the kernel's name, and the parts that it has something of.
 */
struct seen {
    struct grouping names;
    struct grouping parts;
};

static void find_seen(const struct verification *verification, struct seen *seen)
{
    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        if (item->found == NULL || item->part == NULL)
            continue;
        grouping_of(&seen->names, key_of(verification->arena, item->part, item->kind, item->ours));
        grouping_of(&seen->parts, item->part->spec->name);
    }
}

/* ---- what was not ---- */

/* "2 records: a, b; 1 constant: C", and without the names "2 records and 1 constant". */
struct unseen {
    struct str counts;
    struct str names;
    size_t n;
};

static void add_kind(struct unseen *unseen, enum fact_kind kind, struct str *names, size_t n)
{
    const char *title = n == 1 ? fact_kind_name(kind) : fact_kind_plural(kind);

    if (n == 0)
        return;
    str_addf(&unseen->counts, "%s%zu %s", unseen->n > 0 ? ", " : "", n, title);
    str_addf(&unseen->names, "%s%s %s", unseen->n > 0 ? "; " : "", title, str_text(names));
    unseen->n += n;
}

static bool is_own_record(const struct reference_part *part, const char *name)
{
    const struct spec_record *record = spec_record(part->spec, name);

    return record != NULL && verify_is_own(part->spec, record);
}

/* Names of a spec that the object does not show. A record that is not the facility's own is looked
 * for only where everything must be there, and functions are only where something calls them. */
static void find_unseen(const struct verification *verification, const struct seen *seen,
                        const struct reference_part *part, bool is_complete, struct unseen *unseen)
{
    struct arena *arena = verification->arena;

    for (size_t k = 0; k < (is_complete ? N_LISTED - 1U : N_LISTED); k++) {
        struct str names = {.arena = arena};
        size_t n = 0;
        for (size_t i = 0; i < part->facts.n; i++) {
            const struct fact *fact = &part->facts.items[i];
            if (fact->kind != listed_kinds[k] ||
                (fact->kind == FACT_RECORD && !is_complete && !is_own_record(part, fact->name)) ||
                (!is_complete && verify_is_passed_over(verification, fact->kind, fact->name)) ||
                grouping_find(&seen->names, key_of(arena, part, fact->kind, fact->name)) !=
                    INDEX_NONE)
                continue;
            str_addf(&names, "%s%s", n > 0 ? " " : "", fact->name);
            n++;
        }
        add_kind(unseen, listed_kinds[k], &names, n);
    }
}

/* "LDC writes no manifest constants": of each compiler of the object, once. */
static const char *describe_compilers(const struct verification *verification,
                                      const struct languages *languages)
{
    struct str text = {.arena = verification->arena};
    struct grouping known = {.arena = verification->arena};

    for (size_t i = 0; i < verification->n_units; i++) {
        const struct dwarf_unit *unit = &verification->units[i];
        const struct language *language =
            language_that_wrote(languages, unit->language, unit->producer);
        if (language == NULL || language->leaves_out == NULL ||
            !grouping_is_new(&known, language->name))
            continue;
        const char *compiler = strstr(language->title, ", ");
        str_addf(&text, "%s writes no %s; shown by %s; ",
                 compiler != NULL ? compiler + 2 : language->title, language->leaves_out,
                 language->shown_by);
    }
    return str_text(&text);
}

static void add_line(struct verification *verification, const struct reference_part *part,
                     struct unseen *unseen, const char *compilers)
{
    struct arena *arena = verification->arena;
    struct verify_unchecked line = {
        .name = part->spec->name,
        .text = arena_printf(arena, "%s of %s (%s`explain not-seen`)", str_text(&unseen->counts),
                             part->spec->name, compilers),
        .names = str_text(&unseen->names),
        .n_unseen = unseen->n,
    };

    ARENA_PUSH(arena, verification->unchecked, verification->n_unchecked, line);
}

/* All names in one finding: whoever lists a spec as complete does not ask for each. */
static void add_error(struct verification *verification, struct reference_part *part,
                      struct unseen *unseen)
{
    struct verify_item item = {
        .kind = FACT_RECORD,
        .theirs = part->spec->name,
        .ours = part->spec->name,
        .missing_kind = "not-seen",
        .missing_text = arena_printf(verification->arena, "%s more: %s", str_text(&unseen->counts),
                                     str_text(&unseen->names)),
        .part = part,
        .got = {.arena = verification->arena},
        .findings = {.arena = verification->arena},
    };

    ARENA_PUSH(verification->arena, verification->items, verification->n_items, item);
}

void verify_find_unseen(struct verification *verification, const struct verify_request *request)
{
    struct arena *arena = verification->arena;
    struct seen seen = {.names = {.arena = arena}, .parts = {.arena = arena}};
    struct reference *reference = verification->reference;

    find_seen(verification, &seen);
    const char *compilers = describe_compilers(verification, request->languages);
    for (size_t i = 0; i < reference->n; i++) {
        struct reference_part *part = &reference->parts[i];
        struct unseen unseen = {{.arena = arena}, {.arena = arena}, 0};
        bool is_complete = verify_is_complete(request, part->spec);
        if (reference_is_of_headers(part) ||
            (!is_complete && grouping_find(&seen.parts, part->spec->name) == INDEX_NONE))
            continue;
        find_unseen(verification, &seen, part, is_complete, &unseen);
        if (unseen.n > 0 && is_complete)
            add_error(verification, part, &unseen);
        else if (unseen.n > 0)
            add_line(verification, part, &unseen, compilers);
    }
}

/* ---- units without types ---- */

void verify_find_bare_units(struct verification *verification)
{
    struct arena *arena = verification->arena;

    for (size_t i = 0; i < verification->n_units; i++) {
        const struct dwarf_unit *unit = &verification->units[i];
        const struct language *language =
            language_that_wrote(verification->languages, unit->language, unit->producer);
        struct verify_unchecked line = {
            .name = unit->name,
            .text = "its debug information has no types: compile it with -g, not -g1 or "
                    "-gline-tables-only",
        };
        if (unit->types == DWARF_TYPES_LEFT_OUT &&
            (language == NULL || !language_owns(language, unit->name)))
            ARENA_PUSH(arena, verification->unchecked, verification->n_unchecked, line);
    }
}
