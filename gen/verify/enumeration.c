/* enumeration.c - whole enumerations of headers; see verify.h.
 *
 * In: the constants of an enumeration on both sides. Out: those that have one name, for the judge of
 * all constants, and findings about the others. Design: an enumeration is no kind of fact. What
 * there is to know of one are its constants, which are facts as every other, and which of them belong
 * together is known by who reads headers and objects. A binding's names are its own, so constants
 * find each other by enumerators.h, before they are judged. Those of a newer or older system are as
 * right as those of this one: enumerations grow at their end.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "judge/enumerators.h"
#include "verify/verify_private.h"
#include "witness/headers.h"

/* One side of a comparison. */
struct side {
    const struct fact **facts;
    const char **names; /* as enumerators.h reads them */
    size_t n;
    int64_t most; /* of those that do not count the others */
};

static int64_t value_of(const struct fact *fact)
{
    const char *text = fact->attr[CONSTANT_VALUE];

    return text[0] == '-' ? strtoll(text, NULL, 0) : (int64_t)strtoull(text, NULL, 0);
}

static struct side make_side(struct arena *arena, size_t n_most)
{
    return (struct side){
        .facts = arena_alloc(arena, (n_most + 1) * sizeof(const struct fact *)),
        .names = arena_alloc(arena, (n_most + 1) * sizeof(const char *)),
        .most = INT64_MIN,
    };
}

static void add(struct side *side, struct arena *arena, const struct fact *fact, const char *name)
{
    if (fact == NULL || fact->attr[CONSTANT_VALUE] == NULL)
        return;
    if (!enumerator_is_count(arena, name) && value_of(fact) > side->most)
        side->most = value_of(fact);
    side->names[side->n] = name;
    side->facts[side->n++] = fact;
}

const struct fact *verify_enum_member(const struct verification *verification,
                                      const struct verify_item *item, size_t number)
{
    const struct header_enum *is = reference_find_enum(verification->reference, item->ours, NULL);
    const struct fact *fact = facts_find(&item->part->facts, FACT_CONSTANT, is->members[number]);

    return fact != NULL
               ? fact
               : reference_find(verification->reference, FACT_CONSTANT, is->members[number], NULL);
}

static struct side read_ours(const struct verification *verification,
                             const struct verify_item *item)
{
    const struct header_enum *is = reference_find_enum(verification->reference, item->ours, NULL);
    struct side side = make_side(verification->arena, is->n_members);

    for (size_t i = 0; i < is->n_members; i++)
        add(&side, verification->arena, verify_enum_member(verification, item, i), is->members[i]);
    return side;
}

static struct side read_theirs(const struct verification *verification,
                               const struct verify_item *item)
{
    struct side side = make_side(verification->arena, item->got.n);
    size_t skip = strlen(item->ours) + 1;

    for (size_t i = 0; i < item->got.n; i++)
        if (item->got.items[i].kind == FACT_CONSTANT)
            add(&side, verification->arena, &item->got.items[i], item->got.items[i].name + skip);
    return side;
}

/* Names in a text, of which the first are spelt out. */
struct names {
    struct str text;
    size_t n;
};

/* An enumeration being judged. */
struct comparing {
    struct arena *arena;
    struct verify_item *item;
    struct finding_scope scope;
    struct side ours, theirs;
    const struct fact **got; /* of each of ours; NULL: none */
    bool *is_by_value;       /* of each of ours: nothing but the value is the same */
    struct names older, newer, by_value_ours, by_value_theirs, unknown;
};

static void list(struct names *names, const char *name)
{
    enum { LISTED_MAX = 20 };

    if (names->n < LISTED_MAX)
        str_addf(&names->text, "%s%s", names->n > 0 ? ", " : "", name);
    else if (names->n == LISTED_MAX)
        str_add(&names->text, ", ...");
    names->n++;
}

/* True for a number of enumerators that differs only because theirs are fewer or more. */
static bool is_grown(const struct comparing *comparing, size_t i)
{
    int64_t ours = comparing->ours.most, theirs = comparing->theirs.most;
    int64_t want = value_of(comparing->ours.facts[i]), have = value_of(comparing->got[i]);

    return enumerator_is_count(comparing->arena, comparing->ours.names[i]) && ours != theirs &&
           want >= ours && have >= theirs &&
           (want - ours == have - theirs || (want / 2 == ours && have / 2 == theirs));
}

/* ---- who stands for whom ---- */

static const char *value_key(struct arena *arena, const struct fact *fact)
{
    return arena_printf(arena, "%" PRId64, value_of(fact));
}

/* One of theirs whose name is none of the system's. */
static void place_unnamed(struct comparing *comparing, const struct fact *fact, const char *name,
                          const struct grouping *values, const size_t *with_value)
{
    struct arena *arena = comparing->arena;
    size_t number = grouping_find(values, value_key(arena, fact));
    size_t i = number != INDEX_NONE ? with_value[number] : 0;

    if (number != INDEX_NONE && comparing->got[i] == NULL) {
        comparing->got[i] = fact;
        comparing->is_by_value[i] = true;
        list(&comparing->by_value_ours, comparing->ours.names[i]);
        list(&comparing->by_value_theirs, name);
    } else if (value_of(fact) > comparing->ours.most && !enumerator_is_count(arena, name)) {
        list(&comparing->newer, name);
    } else {
        list(&comparing->unknown, name);
    }
}

static void find_partners(struct comparing *comparing)
{
    struct arena *arena = comparing->arena;
    const struct side *ours = &comparing->ours, *theirs = &comparing->theirs;
    struct grouping values = {.arena = arena};
    size_t *with_value = arena_alloc(arena, (ours->n + 1) * sizeof *with_value), n = 0;
    const size_t *pairs = enumerators_pair(arena, (struct enumerators){ours->names, ours->n},
                                           (struct enumerators){theirs->names, theirs->n});

    comparing->got = arena_alloc(arena, (ours->n + 1) * sizeof *comparing->got);
    comparing->is_by_value = arena_alloc(arena, ours->n + 1);
    for (size_t i = 0; i < theirs->n; i++)
        if (pairs[i] != ENUMERATOR_NONE)
            comparing->got[pairs[i]] = theirs->facts[i];
    for (size_t i = 0; i < ours->n; i++) {
        size_t number = grouping_of(&values, value_key(arena, ours->facts[i]));
        if (number >= n)
            with_value[n++] = i;
        else if (comparing->got[i] == NULL) /* of two names for one value, that which is free */
            with_value[number] = i;
    }
    for (size_t i = 0; i < theirs->n; i++)
        if (pairs[i] == ENUMERATOR_NONE)
            place_unnamed(comparing, theirs->facts[i], theirs->names[i], &values, with_value);
}

/* Makes of what both have the facts that are compared, under the system's names. */
static void take_pairs(struct comparing *comparing)
{
    struct verify_item *item = comparing->item;
    const struct fact *alias = facts_find(&item->got, FACT_ALIAS, item->ours);
    struct facts got = {.arena = comparing->arena};

    item->expected = (struct facts){.arena = comparing->arena};
    for (size_t i = 0; i < comparing->ours.n; i++) {
        const char *name = comparing->ours.names[i];
        if (comparing->got[i] == NULL && !enumerator_is_count(comparing->arena, name))
            list(&comparing->older, name);
        if (comparing->got[i] == NULL || is_grown(comparing, i))
            continue;
        struct fact fact = *comparing->got[i];
        fact.name = name;
        facts_push(&item->expected, *comparing->ours.facts[i]);
        facts_push(&got, fact);
    }
    if (alias != NULL)
        facts_push(&got, *alias);
    facts_sort(&item->expected);
    facts_sort(&got);
    item->got = got;
}

/* ---- findings ---- */

static void add_finding(struct comparing *comparing, const char *kind, enum severity severity,
                        const char *expected, const char *got)
{
    struct verify_item *item = comparing->item;
    const struct fact *alias = facts_find(&item->got, FACT_ALIAS, item->ours);
    struct location header = no_location;

    if (comparing->ours.n > 0)
        header = comparing->ours.facts[0]->where;
    findings_add(&item->findings, kind, severity, item->ours, expected, got, header,
                 alias != NULL ? alias->where : no_location, comparing->scope);
}

/* title: of the headers. must_be_whole: what the binding lacks is an error. */
static void report_lists(struct comparing *comparing, const char *title, bool must_be_whole)
{
    struct arena *arena = comparing->arena;
    struct verify_item *item = comparing->item;

    if (comparing->older.n > 0)
        add_finding(comparing, "older-enum", must_be_whole ? SEVERITY_ERROR : SEVERITY_NOTE,
                    arena_printf(arena, "%zu enumerators", comparing->ours.n),
                    arena_printf(arena, "%zu fewer: %s", comparing->older.n,
                                 str_text(&comparing->older.text)));
    if (comparing->newer.n > 0)
        add_finding(comparing, "newer-enum", SEVERITY_NOTE,
                    arena_printf(arena, "up to %" PRId64 " in these headers (%s)",
                                 comparing->ours.most, title),
                    str_text(&comparing->newer.text));
    if (comparing->by_value_ours.n > 0)
        add_finding(comparing, "by-value", SEVERITY_NOTE, str_text(&comparing->by_value_ours.text),
                    str_text(&comparing->by_value_theirs.text));
    item->n_unseen = comparing->unknown.n;
    item->unseen =
        comparing->unknown.n > 0
            ? arena_printf(arena, "not compared, since these headers have no such name: %s",
                           str_text(&comparing->unknown.text))
            : "";
}

/* What is right by its value alone is no proof of what it means. */
static void mark_by_value(struct comparing *comparing)
{
    struct facts *expected = &comparing->item->expected;

    for (size_t i = 0; i < comparing->ours.n; i++) {
        const struct fact *fact = comparing->is_by_value[i] ? facts_find(expected, FACT_CONSTANT,
                                                                         comparing->ours.names[i])
                                                            : NULL;
        if (fact != NULL)
            comparing->item->agreed[fact - expected->items] = AGREED_BY_PLACE;
    }
}

bool verify_is_enum_listed(const struct verify_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_complete_enums; i++)
        if (strcmp(request->complete_enums[i], name) == 0)
            return true;
    return false;
}

void verify_judge_enum(const struct verification *verification, struct verify_item *item,
                       const struct verify_request *request, struct finding_scope scope)
{
    struct arena *arena = verification->arena;
    struct judge_options options = {.mode = JUDGE_FOREIGN, .is_complete = true};
    struct names none = {.text = {.arena = arena}};
    struct comparing comparing = {
        .arena = arena,
        .item = item,
        .scope = scope,
        .ours = read_ours(verification, item),
        .theirs = read_theirs(verification, item),
        .older = none,
        .newer = none,
        .by_value_ours = none,
        .by_value_theirs = none,
        .unknown = none,
    };
    struct facts constants = {.arena = arena};
    const struct header_enum *is = reference_find_enum(verification->reference, item->ours, NULL);

    find_partners(&comparing);
    take_pairs(&comparing);
    for (size_t i = 0; i < item->got.n; i++) /* the alias is for its place */
        if (item->got.items[i].kind == FACT_CONSTANT)
            facts_push(&constants, item->got.items[i]);
    item->agreed = arena_alloc(arena, item->expected.n + 1);
    judge(&item->findings, &item->expected, &constants, &options, scope, item->agreed);
    if (item->expected.n == 0) /* a map for another enumeration: nothing was compared */
        add_finding(&comparing, "missing-map", SEVERITY_ERROR,
                    arena_printf(arena, "enumerators such as %s", is->members[0]),
                    comparing.theirs.n > 0
                        ? arena_printf(arena, "%s and the like", comparing.theirs.names[0])
                        : "none");
    else
        report_lists(&comparing, headers_title(arena, verification->target),
                     verify_is_enum_listed(request, is->name));
    mark_by_value(&comparing);
}

/* ---- what is not the header's, or has been seen ---- */

/* True if the object's enumeration has a name of the header's in it. */
static bool shares_names(const struct verification *verification, const struct verify_item *item)
{
    struct side ours = read_ours(verification, item), theirs = read_theirs(verification, item);
    const size_t *pairs =
        enumerators_pair(verification->arena, (struct enumerators){ours.names, ours.n},
                         (struct enumerators){theirs.names, theirs.n});

    for (size_t i = 0; i < theirs.n; i++)
        if (pairs[i] != ENUMERATOR_NONE)
            return true;
    return false;
}

/* name: of the constant, without that of its enumeration. */
static const char *constant_key(struct arena *arena, const char *name, const struct fact *fact)
{
    struct str key = {.arena = arena};

    grouping_key(&key, name);
    grouping_key(&key, fact->attr[CONSTANT_VALUE]);
    grouping_key(&key, fact->where.file);
    grouping_key_number(&key, (size_t)fact->where.line);
    return str_text(&key);
}

void verify_settle_enumerators(struct verification *verification)
{
    struct arena *arena = verification->arena;
    struct grouping seen = {.arena = arena};

    for (size_t i = 0; i < verification->n_items; i++) {
        struct verify_item *item = &verification->items[i];
        if (item->view == VIEW_ENUM && item->is_exact && item->found != NULL &&
            !shares_names(verification, item))
            item->found = NULL; /* another one, of the program's own */
    }
    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        for (size_t k = 0; item->view == VIEW_ENUM && item->found != NULL && k < item->got.n; k++)
            if (item->got.items[k].kind == FACT_CONSTANT)
                grouping_of(&seen,
                            constant_key(arena, item->got.items[k].name + strlen(item->ours) + 1,
                                         &item->got.items[k]));
    }
    for (size_t i = 0; i < verification->n_items && seen.n > 0; i++) {
        struct verify_item *item = &verification->items[i];
        const struct fact *got = item->is_exact && item->kind == FACT_CONSTANT
                                     ? facts_find(&item->got, FACT_CONSTANT, item->ours)
                                     : NULL;
        if (got != NULL && grouping_find(&seen, constant_key(arena, item->ours, got)) != INDEX_NONE)
            item->found = NULL;
    }
}
