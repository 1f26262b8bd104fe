/* lookalike.c - records of an object that look like one of the kernel's; see verify.h.
 *
 * In: the items of an object after it was read. Out: lines that offer a map. Design: what is known and
 * was not seen may be there under another name. The object's records of the sizes in question are
 * read once, and found by the bits of their leaves; names decide among those. So the time is linear
 * in the object and in what is known.
 */
#include <stdlib.h>
#include <string.h>

#include "judge/likeness.h"
#include "verify/verify_private.h"

/* Records of one layout are looked at so far, and lines printed. */
enum { RECORDS_MAX = 4096, ALIKE_MAX = 16, LINES_MAX = 5 };

/* A record of the kernel's that no item found. */
struct known {
    struct reference_part *part;
    const char *name;
};

/* A record of the object's, and the known one that it looks most like. */
struct candidate {
    const struct dwarf_found *found;
    const char *ours; /* NULL: none */
    size_t n_names;
    size_t next; /* the next one of this layout, SIZE_MAX: none */
};

struct looking {
    struct verification *verification;
    struct arena *arena;
    struct known *known;
    size_t n_known;
    struct candidate *candidates;
    size_t n_candidates;
    struct grouping shapes;
    size_t *first; /* by shape: the first candidate */
};

/* ---- what is known and was not seen ---- */

/* True if records of the part are looked for: of headers, of a spec that the object has something
 * of, or of all specs where nothing else says what the object is about. */
static bool is_in_question(const struct reference_part *part, const struct grouping *touched,
                           const struct verify_request *request)
{
    return reference_is_of_headers(part) || (touched->n == 0 && request->n_headers == 0) ||
           grouping_find(touched, part->spec->name) != INDEX_NONE;
}

static bool is_own(const struct reference_part *part, const char *name)
{
    const struct spec_record *record = spec_record(part->spec, name);

    return reference_is_of_headers(part) || (record != NULL && verify_is_own(part->spec, record));
}

/* Where a record is declared: it may have two names, its tag and a typedef. */
static const char *place_of(const struct looking *looking, const struct reference_part *part,
                            const char *name)
{
    const struct fact *fact = facts_find(&part->facts, FACT_RECORD, name);

    return fact == NULL || fact->where.file == NULL
               ? name
               : arena_printf(looking->arena, "%s:%d", fact->where.file, fact->where.line);
}

static void find_known(struct looking *looking, const struct verify_request *request)
{
    struct verification *verification = looking->verification;
    struct reference *reference = verification->reference;
    struct grouping touched = {.arena = looking->arena}, names = {.arena = looking->arena},
                    places = {.arena = looking->arena};

    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        if (item->found != NULL && item->kind == FACT_RECORD)
            grouping_of(&names, item->ours);
        if (item->found != NULL && item->kind == FACT_RECORD && item->part != NULL)
            grouping_of(&places, place_of(looking, item->part, item->ours));
        if (item->found != NULL && item->part != NULL)
            grouping_of(&touched, item->part->spec->name);
    }
    for (size_t i = 0; i < reference->n; i++)
        for (size_t k = 0; k < reference->parts[i].facts.n; k++) {
            struct known one = {&reference->parts[i], reference->parts[i].facts.items[k].name};
            if (one.part->facts.items[k].kind == FACT_RECORD &&
                is_in_question(one.part, &touched, request) && is_own(one.part, one.name) &&
                grouping_is_new(&names, one.name) &&
                grouping_is_new(&places, place_of(looking, one.part, one.name)))
                ARENA_PUSH(looking->arena, looking->known, looking->n_known, one);
        }
}

/* ---- what the object has ---- */

static bool is_separator(char byte)
{
    return byte == ':' || byte == '.' || byte == '/';
}

/* True if the object's record is an item's, or is called like a known one: then it was compared. */
static bool is_taken(const struct looking *looking, const struct grouping *taken, const char *name)
{
    const char *last = name;

    for (const char *at = name; *at != '\0'; at++)
        if (is_separator(*at))
            last = at + 1;
    return grouping_find(taken, name) != INDEX_NONE ||
           reference_find(looking->verification->reference, FACT_RECORD, last, NULL) != NULL;
}

/* True if the name is qualified by the package: "mylib" or "sys" of "mylib::sys::Event". */
static bool is_in(const char *name, const char *package)
{
    size_t length = strlen(package);

    for (const char *at = strstr(name, package); at != NULL; at = strstr(at + 1, package))
        if ((at == name || is_separator(at[-1])) && is_separator(at[length]))
            return true;
    return false;
}

static bool is_in_package(const struct verify_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_packages; i++)
        if (is_in(name, request->packages[i]))
            return true;
    return request->n_packages == 0;
}

static void add_candidate(struct looking *looking, const struct dwarf_found *found)
{
    const char *shape = likeness_shape(looking->arena, &found->facts, DWARF_FOUND_AS);
    struct candidate one = {found, NULL, 0, SIZE_MAX};

    if (shape == NULL)
        return;
    size_t n = looking->shapes.n, number = grouping_of(&looking->shapes, shape);
    if (number < n)
        one.next = looking->first[number];
    else
        ARENA_PUSH(looking->arena, looking->first, n, SIZE_MAX);
    looking->first[number] = looking->n_candidates;
    ARENA_PUSH(looking->arena, looking->candidates, looking->n_candidates, one);
}

static bool find_candidates(struct looking *looking, const struct verify_request *request)
{
    struct verification *verification = looking->verification;
    struct dwarf_source source = {&verification->container, verification->target->include,
                                  verification->target->n_include,
                                  request->n_packages == 0 ? verification->languages : NULL, true};
    struct grouping taken = {.arena = looking->arena};
    uint64_t *sizes = arena_alloc(looking->arena, (looking->n_known + 1) * sizeof *sizes);
    struct dwarf_found *records;
    size_t n;

    for (size_t i = 0; i < looking->n_known; i++) {
        const struct known *known = &looking->known[i];
        sizes[i] = (uint64_t)fact_number(facts_find(&known->part->facts, FACT_RECORD, known->name),
                                         RECORD_SIZE);
    }
    for (size_t i = 0; i < verification->n_items; i++)
        if (verification->items[i].found != NULL)
            grouping_of(&taken, verification->items[i].found);
    if (!dwarf_records(&source, sizes, looking->n_known, RECORDS_MAX, looking->arena, &records, &n,
                       verification->diag))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!is_taken(looking, &taken, records[i].name) && is_in_package(request, records[i].name))
            add_candidate(looking, &records[i]);
    return true;
}

/* ---- who looks like whom ---- */

static void try_known(struct looking *looking, const struct known *known)
{
    struct verify_item item = {.kind = FACT_RECORD, .ours = known->name, .part = known->part};

    verify_expect(looking->verification, &item);
    const char *shape = likeness_shape(looking->arena, &item.expected, known->name);
    size_t number = shape != NULL ? grouping_find(&looking->shapes, shape) : INDEX_NONE;
    if (number == INDEX_NONE)
        return;
    size_t n = 0;
    for (size_t i = looking->first[number]; i != SIZE_MAX && n < ALIKE_MAX; n++) {
        struct candidate *candidate = &looking->candidates[i];
        size_t n_names = likeness_of_names(looking->arena, &item.expected, known->name,
                                           &candidate->found->facts, DWARF_FOUND_AS);
        if (n_names > candidate->n_names) {
            candidate->n_names = n_names;
            candidate->ours = known->name;
        }
        i = candidate->next;
    }
}

static void add_lines(struct looking *looking)
{
    struct verification *verification = looking->verification;
    size_t n = 0;

    for (size_t i = 0; i < looking->n_candidates && n < LINES_MAX; i++) {
        const struct candidate *candidate = &looking->candidates[i];
        struct verify_unchecked line = {.name = candidate->found->name};
        if (candidate->ours == NULL)
            continue;
        line.text = arena_printf(looking->arena, "it looks like %s: --map %s=%s", candidate->ours,
                                 line.name, candidate->ours);
        ARENA_PUSH(verification->arena, verification->unchecked, verification->n_unchecked, line);
        n++;
    }
}

bool verify_find_lookalikes(struct verification *verification, const struct verify_request *request)
{
    struct looking looking = {
        .verification = verification,
        .arena = verification->arena,
        .shapes = {.arena = verification->arena},
    };

    find_known(&looking, request);
    if (looking.n_known == 0)
        return true;
    if (!find_candidates(&looking, request))
        return false;
    for (size_t i = 0; i < looking.n_known && looking.n_candidates > 0; i++)
        try_known(&looking, &looking.known[i]);
    add_lines(&looking);
    return true;
}
