/* query.c - what is looked for in an object; see verify.h.
 *
 * In: maps, specs, a reference. Out: items that have not been looked for yet. A map decides for the
 * kernel's name that it gives; every other name of the specs is looked for as itself, where that
 * cannot be mistaken: records that are the facility's own, constants, imported functions, numbers
 * under the usual prefixes.
 */
#include <string.h>

#include "base/grouping.h"
#include "verify/verify_private.h"
#include "witness/headers.h"

static const char syscall_mark[] = "syscall:",
                  constant_mark[] = "const:", *const tag_marks[] = {"struct ", "union ", "enum "};

bool verify_map_read(struct verify_map *map, struct arena *arena, const char *text,
                     struct location where, struct diag *diag)
{
    const char *equals = strchr(text, '=');

    *map = (struct verify_map){.theirs = text, .ours = text, .where = where};
    if (equals != NULL) {
        map->theirs = arena_strndup(arena, text, (size_t)(equals - text));
        map->ours = equals + 1;
    }
    for (size_t i = 0; i < sizeof tag_marks / sizeof tag_marks[0]; i++)
        if (str_starts(map->ours, tag_marks[i])) {
            map->ours += strlen(tag_marks[i]);
            break;
        }
    if (map->theirs[0] != '\0' && map->ours[0] != '\0')
        return true;
    diag_error(diag, where, "bad map '%s', expected THEIRS=OURS, as in 'poll.Event=epoll_event'",
               text);
    return false;
}

const char *verify_number_name(const char *ours)
{
    return str_starts(ours, syscall_mark) ? ours + strlen(syscall_mark) : NULL;
}

/* True if the record has a field of this path: as it is written, behind records without a name of
 * which the path says nothing, or in a record that one of its fields is. */
static bool has_field(const struct reference *reference, const char *record, const char *path)
{
    struct arena *arena = reference->arena;
    struct reference_part *part = NULL;
    const char *end = arena_printf(arena, "*.%s", path), *name;

    if (reference_find(reference, FACT_RECORD, record, &part) == NULL)
        return false;
    for (const struct fact *field = facts_next_field(&part->facts, record, NULL, &name);
         field != NULL; field = facts_next_field(&part->facts, record, field, &name)) {
        const char *type = field->attr[FIELD_TYPE],
                   *inner = type != NULL ? strchr(type, ':') : NULL;
        const char *rest = field_name_in(path, name);
        if (strcmp(name, path) == 0 || str_glob(end, name))
            return true;
        if (inner != NULL && rest != NULL && has_field(reference, inner + 1, rest))
            return true;
    }
    return false;
}

const char *verify_field_of(const struct reference *reference, const char *ours)
{
    struct arena *arena = reference->arena;
    const char *dot = strchr(ours, '.');

    if (dot == NULL)
        return NULL;
    const char *record = arena_strndup(arena, ours, (size_t)(dot - ours));
    size_t n = strcspn(dot + 1, ".");
    if (has_field(reference, record, dot + 1))
        return ours;
    const char *path = reference_path(reference, arena_strndup(arena, dot + 1, n));
    if (path == NULL)
        return NULL;
    path = arena_printf(arena, "%s%s", path, dot + 1 + n);
    return has_field(reference, record, path) ? arena_printf(arena, "%s.%s", record, path) : NULL;
}

bool verify_find_ours(const struct reference *reference, const char *ours, enum fact_kind *kind,
                      const char **name)
{
    static const enum fact_kind kinds[] = {FACT_RECORD, FACT_FIELD, FACT_CONSTANT, FACT_FUNCTION,
                                           FACT_ALIAS};

    *name = ours;
    if (str_starts(ours, syscall_mark)) {
        *name = ours + strlen(syscall_mark);
        *kind = FACT_SYSCALL;
        for (size_t i = 0; i < reference->n; i++) {
            const struct spec_call *call = spec_call(reference->parts[i].spec, *name);
            if (call != NULL && (call->forms & FORM_SYSCALL) != 0)
                return true; /* known, whether this target has its number or not */
        }
        return false;
    }
    if (str_starts(ours, constant_mark)) {
        *name = ours + strlen(constant_mark);
        *kind = FACT_CONSTANT;
        return reference_find(reference, FACT_CONSTANT, *name, NULL) != NULL;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        *kind = kinds[i];
        if (reference_find(reference, kinds[i], ours, NULL) != NULL ||
            (*kind == FACT_ALIAS && reference_find_enum(reference, ours, NULL) != NULL))
            return true;
    }
    *kind = FACT_FIELD;
    return verify_field_of(reference, ours) != NULL;
}

/* ---- items ---- */

static struct verify_item *add_item(struct verification *verification, enum fact_kind kind,
                                    const char *theirs, const char *ours, const char *missing_kind)
{
    struct arena *arena = verification->arena;
    struct verify_item item = {
        .kind = kind,
        .theirs = theirs,
        .ours = ours,
        .missing_kind = missing_kind,
        .got = {.arena = arena},
        .findings = {.arena = arena},
    };

    reference_find(verification->reference, kind, ours, &item.part);
    ARENA_PUSH(arena, verification->items, verification->n_items, item);
    return &verification->items[verification->n_items - 1];
}

/* Where the kernel's name of a map is taken from: the facility's own record, else the headers that
 * were asked for, since a spec also has records that are everybody's. */
static void choose_part(const struct verification *verification, struct verify_item *item)
{
    const struct reference *reference = verification->reference;
    const struct spec_record *record = NULL;

    if (item->part != NULL && item->kind == FACT_RECORD)
        record = spec_record(item->part->spec, item->ours);
    if (record == NULL || verify_is_own(item->part->spec, record))
        return;
    for (size_t i = 0; i < reference->n; i++)
        if (reference_is_of_headers(&reference->parts[i]) &&
            facts_find(&reference->parts[i].facts, item->kind, item->ours) != NULL) {
            item->part = &reference->parts[i];
            return;
        }
}

/* True if a spec has the name, for another target than this one. */
static bool is_of_spec(const struct specs *specs, const char *ours)
{
    bool is_found = false;

    for (size_t i = 0; specs != NULL && i < specs->n && !is_found; i++)
        is_found = spec_has_name(specs->items[i], ours);
    return is_found;
}

/* A map for what the target does not have: the rest can be verified all the same. Where no spec and
 * no header of any target has it, it is a mistake. */
static bool add_absent(struct verification *verification, const struct verify_request *request,
                       const struct verify_map *map)
{
    struct arena *arena = verification->arena;
    const struct target *target = verification->target;
    struct verify_unchecked unchecked = {
        .map = map,
        .name = strcmp(map->theirs, map->ours) == 0
                    ? map->ours
                    : arena_printf(arena, "%s as %s", map->theirs, map->ours),
    };

    if (is_of_spec(request->specs, map->ours)) {
        unchecked.text = arena_printf(arena, "%s has none", target->name);
    } else if (request->n_headers > 0) {
        const char *macro = reference_macro_for(verification->reference, request->headers,
                                                request->n_headers, map->ours);
        unchecked.text =
            arena_printf(arena, "not in these headers (%s)%s%s%s", headers_title(arena, target),
                         macro != NULL ? "; with --define " : "", macro != NULL ? macro : "",
                         macro != NULL ? " it is" : "");
    } else {
        diag_error(verification->diag, map->where,
                   "the kernel's name '%s' is in no spec for %s: give the header that declares it, "
                   "as in --header linux/stat.h",
                   map->ours, target->name);
        return false;
    }
    ARENA_PUSH(arena, verification->unchecked, verification->n_unchecked, unchecked);
    return true;
}

static bool add_mapped(struct verification *verification, const struct verify_request *request,
                       const struct verify_map *map)
{
    enum fact_kind kind;
    const char *name;

    if (!verify_find_ours(verification->reference, map->ours, &kind, &name))
        return add_absent(verification, request, map);
    if (kind == FACT_FIELD)
        return true;
    struct verify_item *item = add_item(verification, kind, map->theirs, name, "missing-map");
    item->is_mapped = true;
    if (kind == FACT_ALIAS && reference_find_enum(verification->reference, name, &item->part))
        item->view = VIEW_ENUM;
    choose_part(verification, item);
    return true;
}

bool verify_is_complete(const struct verify_request *request, const struct spec *spec)
{
    for (size_t i = 0; i < request->n_complete; i++)
        if (strcmp(request->complete[i], spec->name) == 0 ||
            (spec->part_of != NULL && strcmp(request->complete[i], spec->part_of) == 0))
            return true;
    return false;
}

bool verify_is_own(const struct spec *spec, const struct spec_record *record)
{
    for (unsigned i = 0; i < spec->n_patterns; i++)
        if (str_glob(spec->patterns[i], record->name))
            return true;
    return record->show;
}

bool verify_is_mapped(const struct grouping *mapped, enum fact_kind kind, const char *name)
{
    struct str key = {.arena = mapped->arena};

    grouping_key_number(&key, kind);
    grouping_key(&key, name);
    return grouping_find(mapped, str_text(&key)) != INDEX_NONE;
}

static void note_mapped(struct grouping *mapped, const struct verify_item *item)
{
    struct str key = {.arena = mapped->arena};

    grouping_key_number(&key, item->kind);
    grouping_key(&key, item->ours);
    grouping_of(mapped, str_text(&key));
}

/* The name in the place of the pattern's star. */
static const char *fill(struct arena *arena, const char *pattern, const char *name)
{
    const char *star = strchr(pattern, '*');

    return arena_printf(arena, "%.*s%s%s", (int)(star - pattern), pattern, name, star + 1);
}

/* How the object spells a name of the kernel's. */
static const char *spell(struct arena *arena, const struct language *language, enum fact_kind kind,
                         const char *name)
{
    const char *pattern = language != NULL ? language_pattern(language, kind) : NULL;

    return pattern != NULL ? fill(arena, pattern, name) : name;
}

/* "missing-record" where a name of this kind must be there; NULL where it may be missing. */
static const char *missing_kind(struct arena *arena, const struct verify_request *request,
                                enum fact_kind kind)
{
    bool is_required = request->language != NULL && (request->language->holds >> kind & 1) != 0;

    return is_required ? arena_printf(arena, "missing-%s", fact_kind_name(kind)) : NULL;
}

void verify_add_number(struct verification *verification, const char *name)
{
    static const char *const marks[] = {"SYS_", "NR_", "SYS_NR_"}; /* "__NR_" is "NR_", loosely */

    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        add_item(verification, FACT_SYSCALL,
                 arena_printf(verification->arena, "%s%s", marks[i], name), name, NULL);
}

/* Where else a language's object shows what it has of the kernel's: a name that the table of
 * languages gives must be there. */
static void add_views(struct verification *verification, const struct verify_request *request,
                      const struct reference_part *part)
{
    const struct language_names *names = &request->language->names;
    const struct {
        const char *pattern;
        enum verify_view view;
    } views[N_FACT_KINDS] = {
        [FACT_SYSCALL] = {names->wrapper, VIEW_WRAPPER},
        [FACT_RECORD] = {names->alignment, VIEW_ALIGNMENT},
        [FACT_ALIAS] = {names->alias, VIEW_ALIAS},
    };

    for (size_t i = 0; i < part->facts.n; i++) {
        const struct fact *fact = &part->facts.items[i];
        const char *pattern = views[fact->kind].pattern;
        if (pattern != NULL)
            add_item(verification, fact->kind, fill(verification->arena, pattern, fact->name),
                     fact->name,
                     arena_printf(verification->arena, "missing-%s", fact_kind_name(fact->kind)))
                ->view = views[fact->kind].view;
    }
}

void verify_add_enum(struct verification *verification, const char *name,
                     struct reference_part *part, const char *missing_kind)
{
    struct verify_item *item = add_item(verification, FACT_ALIAS, name, name, missing_kind);

    item->part = part;
    item->is_exact = true;
    item->view = VIEW_ENUM;
}

void verify_add_declaration(struct verification *verification, const struct fact *fact,
                            struct reference_part *part)
{
    struct verify_item *item = add_item(verification, fact->kind, fact->name, fact->name, NULL);

    item->part = part;
    item->is_exact = true;
}

static void add_own_names(struct verification *verification, const struct verify_request *request,
                          const struct reference_part *part, const struct grouping *mapped)
{
    struct arena *arena = verification->arena;
    const struct language *language = request->language;
    const struct spec *spec = part->spec;
    bool is_requested = verify_is_complete(request, spec);

    for (unsigned i = 0; i < spec->n_records; i++) {
        const char *name = spec->records[i].name;
        if ((language != NULL || is_requested || verify_is_own(spec, &spec->records[i])) &&
            !verify_is_mapped(mapped, FACT_RECORD, name))
            add_item(verification, FACT_RECORD, spell(arena, language, FACT_RECORD, name), name,
                     missing_kind(arena, request, FACT_RECORD));
    }
    for (size_t i = 0; i < part->facts.n; i++) {
        const struct fact *fact = &part->facts.items[i];
        const char *theirs = spell(arena, language, fact->kind, fact->name);
        if (fact->kind != FACT_CONSTANT && fact->kind != FACT_FUNCTION &&
            fact->kind != FACT_SYSCALL)
            continue;
        if (verify_is_mapped(mapped, fact->kind, fact->name))
            continue;
        if (fact->kind == FACT_SYSCALL && theirs == fact->name)
            verify_add_number(verification, fact->name);
        else
            add_item(verification, fact->kind, theirs, fact->name,
                     missing_kind(arena, request, fact->kind));
    }
}

bool verify_make_items(struct verification *verification, const struct verify_request *request)
{
    const struct reference *reference = verification->reference;
    struct grouping mapped = {.arena = verification->arena};
    bool is_good = true;

    for (size_t i = 0; i < request->n_maps; i++)
        is_good = add_mapped(verification, request, &request->maps[i]) && is_good;
    for (size_t i = 0; i < verification->n_items; i++)
        note_mapped(&mapped, &verification->items[i]);
    for (size_t i = 0; is_good && i < reference->n; i++)
        if (!reference_is_of_headers(&reference->parts[i]))
            add_own_names(verification, request, &reference->parts[i], &mapped);
    if (is_good && request->n_headers > 0) {
        for (size_t i = 0; i < verification->n_items; i++)
            note_mapped(&mapped, &verification->items[i]);
        verify_add_declarations(verification, request, &mapped);
    }
    for (size_t i = 0; request->language != NULL && i < reference->n; i++)
        add_views(verification, request, &reference->parts[i]);
    if (is_good)
        verify_add_parameters(verification);
    return is_good;
}
