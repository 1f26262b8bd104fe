/* read_items.c - what an object has of each item.
 *
 * In: the items that query.c made, and the object's debug information and symbols. Out: every item
 * with its facts under the kernel's names, and more items for what else has the same name.
 *
 * Design: one reading for all items, since units are walked once however many names are looked for.
 * Two things of one name are two items; which one the linker put first decides nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/verify_private.h"
#include "object/dwarf.h"

/* What the object has of one item, as the name of its facts. */
static const char *item_as(struct arena *arena, size_t i)
{
    return arena_printf(arena, "@%zu", i);
}

/* A number is a constant's value, and what makes a system call is a function. */
static enum fact_kind kind_in_object(const struct verify_item *item)
{
    if (item->view == VIEW_WRAPPER)
        return FACT_FUNCTION;
    if (item->view == VIEW_ENUM)
        return FACT_ALIAS;
    return item->view != VIEW_USUAL || item->kind == FACT_SYSCALL ? FACT_CONSTANT : item->kind;
}

static void make_query(struct dwarf_query *query, const struct verification *verification,
                       const struct verify_item *item, size_t i,
                       const struct verify_request *request)
{
    bool is_through = str_starts(item->theirs, "var:");

    /* What holds of the function holds of the record that it takes. */
    if (item->parameter > 0 && !item->is_declared) {
        make_query(query, verification, &verification->items[item->function], i, request);
        query->kind = FACT_RECORD;
        query->is_through = true;
        query->parameter = item->parameter;
        query->record = item->record;
        return;
    }
    *query = (struct dwarf_query){
        .kind = kind_in_object(item),
        .name = is_through ? item->theirs + strlen("var:") : item->theirs,
        .as = item_as(verification->arena, i),
        .is_loose = !item->is_mapped && !item->is_whole && !item->is_exact && !item->is_declared &&
                    item->kind != FACT_FUNCTION,
        .is_whole = item->is_whole,
        .is_through = item->view == VIEW_ENUM || (is_through && item->kind == FACT_RECORD),
        .is_every = true,
        .is_import = !item->is_mapped && item->kind == FACT_FUNCTION &&
                     strcmp(item->theirs, item->ours) == 0,
        .packages = request->packages,
        .n_packages = request->n_packages,
        .is_anywhere = item->is_mapped,
        .takes_own = item->takes_own,
        .is_package_used = verification->is_package_used,
    };
}

/* The symbol that the object links a function to: the kernel's own, or the plain name where another
 * is expected. NULL if it links to neither. */
static const char *symbol_of(const struct verification *verification, const char *expected,
                             const char *name)
{
    const struct container *container = &verification->container;
    const char *plain = NULL;

    for (size_t i = 0; i < container->n_symbols; i++) {
        const char *symbol = container->symbols[i].name;
        if (symbol[0] == '_' && verification->target->label[0] == '_')
            symbol++;
        if (strncmp(symbol, expected, strlen(expected)) == 0 &&
            (symbol[strlen(expected)] == '\0' || symbol[strlen(expected)] == '@'))
            return expected;
        if (strcmp(symbol, name) == 0)
            plain = name;
    }
    return plain;
}

/* The same. A binding whose row says that it shows functions links to each: "none" where it does not.
 * Other objects may describe a function that they never call. */
static const char *linked_symbol(const struct verification *verification, const struct fact *ours,
                                 const char *name)
{
    const struct language *language = verification->language;
    bool is_shown = language != NULL && (language->holds >> FACT_FUNCTION & 1) != 0;
    const char *symbol = symbol_of(verification, ours->attr[FUNCTION_SYMBOL], name);

    return symbol == NULL && is_shown ? "none" : symbol;
}

/* Gives a fact the one attribute that a constant or a function shows of it. */
static void take_attribute(struct facts *facts, struct fact *fact, enum verify_view view,
                           const struct fact *from)
{
    if (view == VIEW_WRAPPER)
        fact->attr[SYSCALL_PARAMS] = from->attr[FUNCTION_PARAMS];
    else if (view == VIEW_ALIAS)
        fact->attr[ALIAS_TYPE] = from->attr[CONSTANT_TYPE];
    else if (from->attr[CONSTANT_VALUE] != NULL)
        fact_set_number(facts, fact, view == VIEW_ALIGNMENT ? RECORD_ALIGN : SYSCALL_NUMBER,
                        strtoll(from->attr[CONSTANT_VALUE], NULL, 0));
}

/* Takes what was read of an item, under the kernel's names. as: the name that its facts have. */
static void take_facts(const struct verification *verification, struct verify_item *item,
                       const char *as, const struct fact *facts, size_t n)
{
    struct arena *arena = verification->arena;
    size_t skip = strlen(as);

    for (size_t i = 0; i < n; i++) {
        const struct fact *from = &facts[i];
        struct fact *fact =
            facts_add(&item->got, kind_in_object(item) != item->kind ? item->kind : from->kind,
                      arena_printf(arena, "%s%s", item->ours, from->name + skip));
        memcpy(fact->attr, from->attr, sizeof fact->attr);
        fact->where = from->where;
        if (kind_in_object(item) != item->kind) {
            memset(fact->attr, 0, sizeof fact->attr);
            take_attribute(&item->got, fact, item->view, from);
        }
        if (item->kind == FACT_FUNCTION && item->part != NULL) {
            const struct fact *ours = facts_find(&item->part->facts, FACT_FUNCTION, item->ours);
            if (ours != NULL && ours->attr[FUNCTION_SYMBOL] != NULL)
                fact->attr[FUNCTION_SYMBOL] = linked_symbol(verification, ours, item->ours);
        }
    }
}

void verify_add_abi(const struct verification *verification, struct facts *facts)
{
    struct fact *fact = facts_add(facts, FACT_ABI, verification->target->name);

    fact->attr[ABI_ENDIAN] = verification->container.is_big_endian ? "big" : "little";
}

/* A function of a header that a map names may be in no debug information, since compilers leave out
 * those that are only declared. Its symbol is in the object all the same. */
static void take_symbol(const struct verification *verification, struct verify_item *item)
{
    const struct fact *ours = item->kind == FACT_FUNCTION && item->is_mapped &&
                                      item->part != NULL && reference_is_of_headers(item->part)
                                  ? facts_find(&item->part->facts, FACT_FUNCTION, item->ours)
                                  : NULL;
    const char *symbol = ours != NULL && ours->attr[FUNCTION_SYMBOL] != NULL
                             ? symbol_of(verification, ours->attr[FUNCTION_SYMBOL], item->ours)
                             : NULL;

    if (symbol == NULL)
        return;
    item->found = item->theirs;
    facts_add(&item->got, FACT_FUNCTION, item->ours)->attr[FUNCTION_SYMBOL] = symbol;
    verify_add_abi(verification, &item->got);
    facts_sort(&item->got);
}

/* The key under which it is known that an item looks for nothing but what has this name. */
static const char *looked_for_key(const struct verification *verification,
                                  const struct verify_item *item, const char *name)
{
    struct str key = {.arena = verification->arena};

    grouping_key_number(&key, item->kind);
    grouping_key(&key, item->ours);
    grouping_key(&key, name);
    return str_text(&key);
}

static void note_looked_for(struct verification *verification, const struct verify_item *item,
                            const char *name)
{
    grouping_of(&verification->looked_for, looked_for_key(verification, item, name));
}

/* True if an item is for what has this qualified name: it found that, or looks for nothing else. */
static bool is_looked_for(const struct verification *verification, const struct verify_item *item,
                          const char *name)
{
    return grouping_find(&verification->looked_for, looked_for_key(verification, item, name)) !=
           INDEX_NONE;
}

/* True if a map gives the whole of the name that was found, with what it is in: then a longer name
 * that ends so is another's, as internal/runtime/syscall.EPOLLET beside syscall.EPOLLET. */
static bool is_spelt_out(const struct verify_item *item, const char *found)
{
    return item->is_mapped && strcmp(item->theirs, found) == 0 && strpbrk(found, ".:/") != NULL;
}

/* Makes an item of what was read: its facts under the kernel's names. */
static void settle_item(struct verification *verification, const struct verify_request *request,
                        struct verify_item *item, const char *as, const struct fact *facts,
                        size_t n)
{
    take_facts(verification, item, as, facts, n);
    note_looked_for(verification, item, item->found);
    if (item->parameter > 0)
        verify_name_parameter(verification, item);
    verify_name_fields(verification, item, request);
    verify_add_abi(verification, &item->got);
    facts_sort(&item->got);
}

/* Another thing of the very name that was found, or of one that a map gives: it has been read, and
 * no longer name would find it alone. */
static void add_namesake(struct verification *verification, const struct verify_request *request,
                         struct verify_item other, const char *as,
                         const struct dwarf_conflict *conflict)
{
    other.found = conflict->name;
    other.why = NULL;
    other.got = (struct facts){.arena = verification->arena};
    other.findings = (struct findings){.arena = verification->arena};
    settle_item(verification, request, &other, as, conflict->facts.items, conflict->facts.n);
    ARENA_PUSH(verification->arena, verification->namesakes, verification->n_namesakes, other);
}

/* Two things of one name are each an item of their own: which of them a linker or compiler puts
 * first says nothing. */
static void resolve_conflict(struct verification *verification,
                             const struct verify_request *request, size_t index,
                             const struct dwarf_query *query, const struct dwarf_conflict *conflict)
{
    struct arena *arena = verification->arena;
    const char *found = query->found;
    struct verify_item *item = &verification->items[index], other = *item;

    if (is_spelt_out(item, found) && strcmp(conflict->name, found) != 0)
        return;
    if (item->is_mapped || strcmp(conflict->name, found) == 0) {
        add_namesake(verification, request, other, query->as, conflict);
        return;
    }
    if (is_looked_for(verification, item, conflict->name))
        return;
    other.theirs = conflict->name;
    other.is_whole = item->parameter == 0 || item->is_declared;
    other.record = other.is_whole ? NULL : conflict->name;
    other.why = NULL;
    other.missing_kind = NULL;
    other.found = NULL;
    other.got = (struct facts){.arena = arena};
    other.findings = (struct findings){.arena = arena};
    if (other.is_whole)
        note_looked_for(verification, &other, other.theirs);
    ARENA_PUSH(arena, verification->items, verification->n_items, other);
}

/* Looks again for what a map names and only a language's own packages have. */
static void take_own(struct verification *verification, size_t index)
{
    struct verify_item again = verification->items[index];

    again.takes_own = true;
    verification->items[index].missing_kind = NULL; /* it is looked for as another item */
    ARENA_PUSH(verification->arena, verification->items, verification->n_items, again);
}

/* Reads items from `first` on; others may be added behind them. */
static bool read_items_from(struct verification *verification, const struct verify_request *request,
                            size_t first)
{
    struct arena *arena = verification->arena;
    size_t n = verification->n_items - first;
    struct dwarf_source source = {&verification->container, verification->target->include,
                                  verification->target->n_include, verification->languages, true};
    struct dwarf_query *queries = arena_alloc(arena, (n + 1) * sizeof *queries);

    for (size_t i = 0; i < n; i++)
        make_query(&queries[i], verification, &verification->items[first + i], i, request);
    struct facts raw = {.arena = arena};
    if (!dwarf_read(&raw, &source, queries, n, NULL, verification->diag))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct verify_item *item = &verification->items[first + i];
        if (!queries[i].is_found && queries[i].declared != NULL) {
            if (item->is_whole)
                note_looked_for(verification, item, queries[i].declared);
            verify_add_declared(verification, first + i, queries[i].declared);
        }
        if (!queries[i].is_found) {
            take_symbol(verification, item);
            if (item->found == NULL && item->is_mapped && queries[i].own_language != NULL)
                take_own(verification, first + i);
            else
                verify_pass_over(verification, item, &queries[i]);
            continue;
        }
        verify_pass_over(verification, item, &queries[i]);
        item->found = queries[i].found;
        item->place = queries[i].first_fact;
        settle_item(verification, request, item, queries[i].as, &raw.items[queries[i].first_fact],
                    queries[i].n_facts);
        for (size_t k = 0; k < queries[i].n_conflicts; k++)
            resolve_conflict(verification, request, first + i, &queries[i],
                             &queries[i].conflicts[k]);
    }
    return true;
}

/* Every pass may find more types of a name, qualified by one part more than those before. */
bool verify_read_items(struct verification *verification, const struct verify_request *request)
{
    enum { PASSES_MAX = 8 };
    size_t first = 0;

    for (int pass = 0; pass < PASSES_MAX && first < verification->n_items; pass++) {
        size_t next = verification->n_items;
        if (!read_items_from(verification, request, first))
            return false;
        first = next;
    }
    for (size_t i = 0; i < verification->n_namesakes; i++)
        ARENA_PUSH(verification->arena, verification->items, verification->n_items,
                   verification->namesakes[i]);
    if (first + verification->n_namesakes == verification->n_items)
        return true;
    diag_error(verification->diag, (struct location){verification->path, 0, 0},
               "types of the name '%s' lie too deep in each other: say which one is meant, as in "
               "--map '%s=%s'",
               verification->items[first].ours, verification->items[first].theirs,
               verification->items[first].ours);
    return false;
}
