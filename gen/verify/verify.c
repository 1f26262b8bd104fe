/* verify.c - see verify.h.
 *
 * In: an object and a request. Out: items, each judged on its own. The order of work: which target,
 * what is queried, what the object has of it, the names of its fields made the kernel's, the judge.
 * query.c decides what is looked for, field.c which field stands for which.
 */
#include "verify/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "verify/verify_private.h"
#include "object/dwarf.h"
#include "witness/headers.h"

/* ---- the object ---- */

/* An object while it is being read. */
struct mapped_object {
    const void *bytes;
    size_t n_bytes;
    struct arena arena; /* of the container: large, and of no use afterwards */
};

/* Only one file can be mapped at a time; an object of our own is small enough to be copied. */
static const void *take_bytes(struct verification *verification, struct mapped_object *object)
{
    if (verification->language == NULL)
        return out_map(verification->path, &object->n_bytes);
    const void *bytes = out_read(&object->arena, verification->path, &object->n_bytes);
    if (bytes != NULL && object->n_bytes == 0)
        errno = EINVAL;
    return object->n_bytes > 0 ? bytes : NULL;
}

/* target: what the object is to be for, which says the part of a fat file; NULL if nobody says. */
static bool open_object(struct verification *verification, const struct machines *machines,
                        const struct target *target, struct mapped_object *object)
{
    object->bytes = take_bytes(verification, object);
    if (object->bytes == NULL) {
        diag_error(verification->diag, (struct location){verification->path, 0, 0},
                   "cannot be read: %s; expected an object, a library or a program",
                   errno == EINVAL    ? "it is empty"
                   : errno == ENOTSUP ? "it is a device"
                                      : strerror(errno));
        return false;
    }
    return container_read(&verification->container, &object->arena, verification->path,
                          object->bytes, object->n_bytes, machines,
                          target != NULL ? target->machine_name : NULL, verification->diag) &&
           container_debug(&verification->container);
}

static void close_object(struct verification *verification, struct mapped_object *object)
{
    verification->container = (struct container){.path = verification->path};
    if (verification->language == NULL)
        out_unmap(object->bytes, object->n_bytes);
    arena_release(&object->arena);
}

/* ---- the target and its facts ---- */

/* What deciding on a target needs. */
struct choice {
    const struct verify_request *request;
    struct references *references;
    struct diag *diag;
};

static struct reference *reference_of(const struct choice *choice, const struct target *target)
{
    struct references *references = choice->references;

    for (size_t i = 0; i < references->n; i++)
        if (references->items[i]->target == target)
            return references->items[i];
    struct reference *reference;
    reference = arena_alloc(references->arena, sizeof *reference);
    if (!reference_load(reference, references->arena, target, choice->request->specs,
                        choice->request->workspace.root, choice->diag))
        return NULL;
    if ((choice->request->n_headers > 0 || choice->request->n_maps > 0) &&
        !verify_read_headers(reference, choice->request, choice->diag))
        return NULL; /* and is not kept: half a reference is none */
    ARENA_PUSH(references->arena, references->items, references->n, reference);
    return reference;
}

static bool choose_target(struct verification *verification, const struct verify_request *request,
                          struct references *references)
{
    struct choice choice = {request, references, verification->diag};

    verification->target = request->target;
    if (verification->target == NULL)
        verification->target = verify_target(&verification->container, request->targets,
                                             verification->arena, verification->diag);
    if (verification->target == NULL ||
        !verify_target_fits(&verification->container, request->targets, verification->target,
                            verification->arena, verification->diag))
        return false;
    verification->reference = reference_of(&choice, verification->target);
    return verification->reference != NULL;
}

/* ---- reading ---- */

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
                    item->view != VIEW_WRAPPER && item->kind != FACT_FUNCTION,
        .is_whole = item->is_whole,
        .is_through = is_through && item->kind == FACT_RECORD,
        .is_every = true,
        .is_import = !item->is_mapped && item->kind == FACT_FUNCTION,
        .packages = request->packages,
        .n_packages = request->n_packages,
        .is_anywhere = item->is_mapped,
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
                fact->attr[FUNCTION_SYMBOL] =
                    symbol_of(verification, ours->attr[FUNCTION_SYMBOL], item->ours);
        }
    }
}

static void add_abi(const struct verification *verification, struct facts *facts)
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
    add_abi(verification, &item->got);
    facts_sort(&item->got);
}

/* What an item is of: a spec, or the header that declares it. */
static const char *origin_of(const struct verify_item *item)
{
    const struct fact *fact = NULL;

    if (item->part != NULL && reference_is_of_headers(item->part))
        fact = facts_find(&item->part->facts, item->kind, item->ours);
    if (fact != NULL && fact->where.file != NULL)
        return fact->where.file;
    return item->part != NULL ? item->part->spec->name : NULL;
}

static struct finding_scope scope_of(const struct verification *verification,
                                     const struct verify_item *item)
{
    return (struct finding_scope){
        .spec = origin_of(item),
        .target = verification->target->name,
        .witness = verification->language != NULL ? verification->language->name : NULL,
        .subject = "binding",
    };
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
    add_abi(verification, &item->got);
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

/* Reads items from `first` on; others may be added behind them. */
static bool read_items_from(struct verification *verification, const struct verify_request *request,
                            size_t first)
{
    struct arena *arena = verification->arena;
    size_t n = verification->n_items - first;
    struct dwarf_source source = {&verification->container, verification->target->include,
                                  verification->target->n_include, true};
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
            continue;
        }
        item->found = queries[i].found;
        settle_item(verification, request, item, queries[i].as, &raw.items[queries[i].first_fact],
                    queries[i].n_facts);
        for (size_t k = 0; k < queries[i].n_conflicts; k++)
            resolve_conflict(verification, request, first + i, &queries[i],
                             &queries[i].conflicts[k]);
    }
    return true;
}

/* Every pass may find more types of a name, qualified by one part more than those before. */
static bool read_items(struct verification *verification, const struct verify_request *request)
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

/* A map for a field that is not there would leave the field's bytes to decide. */
static void add_unused_maps(struct verification *verification, const struct verify_request *request)
{
    size_t i = verify_unused_map(verification, request, 0);

    for (; i < request->n_maps; i = verify_unused_map(verification, request, i + 1)) {
        struct verify_item item = {
            .kind = FACT_FIELD,
            .theirs = request->maps[i].theirs,
            .ours = request->maps[i].ours,
            .missing_kind = "missing-map",
            .got = {.arena = verification->arena},
            .findings = {.arena = verification->arena},
        };
        reference_find(verification->reference, FACT_FIELD, item.ours, &item.part);
        ARENA_PUSH(verification->arena, verification->items, verification->n_items, item);
    }
}

/* ---- judging ---- */

/* Everything that the kernel's side says of an item. */
static void expect(const struct verification *verification, struct verify_item *item)
{
    const struct facts *all = &item->part->facts;
    const struct fact *abi = facts_find(all, FACT_ABI, verification->target->name);
    const struct fact *own = facts_find(all, item->kind, item->ours);
    const struct fact *field = item->kind == FACT_RECORD && item->view == VIEW_USUAL
                                   ? facts_next_field(all, item->ours, NULL, NULL)
                                   : NULL;

    item->expected = (struct facts){.arena = verification->arena};
    if (abi != NULL)
        facts_push(&item->expected, *abi);
    for (; field != NULL; field = facts_next_field(all, item->ours, field, NULL))
        facts_push(&item->expected, *field);
    if (own != NULL)
        facts_push(&item->expected, *own);
    verify_expect_inside(verification, item);
}

/* How a field that no finding is about was seen. */
enum field_view { NOT_COMPARED, ONLY_BY_SIZE, BY_PLACE, N_FIELD_VIEWS, WHOLE = N_FIELD_VIEWS };

/* A field without bytes, and a record whose own fields are there, have nothing to be seen. */
static enum field_view view_of(const struct verify_item *item, size_t i)
{
    const struct fact *fact = &item->expected.items[i];
    unsigned char agreed = item->agreed[i];

    if (fact->kind != FACT_FIELD || agreed == fact_attrs_present(fact) ||
        (fact_number(fact, FIELD_SIZE) <= 0 && fact->attr[FIELD_BIT] == NULL) ||
        facts_next_field(&item->expected, fact->name, NULL, NULL) != NULL)
        return WHOLE;
    if ((agreed & AGREED_BY_PLACE) != 0)
        return BY_PLACE;
    return agreed == 0 ? NOT_COMPARED : ONLY_BY_SIZE;
}

/* Lists the fields that no finding is about and that were not compared in everything, and those of
 * which only the place says what they are. */
static const char *unseen_fields(const struct verification *verification, struct verify_item *item)
{
    static const char *const titles[N_FIELD_VIEWS] = {
        [NOT_COMPARED] = "not compared:",
        [ONLY_BY_SIZE] = "only by offset and size:",
        [BY_PLACE] = "names do not say which is which (--map says it):",
    };
    struct str text = {.arena = verification->arena};
    struct grouping wrong = {.arena = verification->arena};

    item->n_unseen = 0;
    findings_items(&item->findings, &wrong);
    for (enum field_view view = NOT_COMPARED; view < N_FIELD_VIEWS; view++) {
        bool is_first = true;
        for (size_t i = 0; i < item->expected.n; i++) {
            const struct fact *fact = &item->expected.items[i];
            if (view_of(item, i) != view || grouping_find(&wrong, fact->name) != INDEX_NONE)
                continue;
            str_addf(&text, "%s%s %s", is_first && text.len > 0 ? "; " : "",
                     is_first ? titles[view] : "", strchr(fact->name, '.') + 1);
            is_first = false;
            item->n_unseen += view != BY_PLACE;
        }
    }
    return str_text(&text);
}

/* What is expected of something that the target has not. A number that only a header may have is
 * no proof of that: it may be the wrong header. */
static const char *describe_none(const struct verification *verification,
                                 const struct verify_item *item)
{
    const struct reference *reference = verification->reference;
    bool is_of_spec = item->kind != FACT_SYSCALL;

    for (size_t i = 0; i < reference->n && !is_of_spec; i++)
        is_of_spec = !reference_is_of_headers(&reference->parts[i]) &&
                     spec_call(reference->parts[i].spec, item->ours) != NULL;
    return arena_printf(verification->arena,
                        is_of_spec ? "nothing: %s has none" : "a number in asm/unistd.h of %s (%s)",
                        verification->target->name,
                        headers_title(verification->arena, verification->target));
}

/* Fields that the system has had since are missing where everything of it is asked for. */
static void require_newest(struct findings *findings)
{
    for (size_t i = 0; i < findings->n; i++)
        if (strcmp(findings->items[i].kind, "older-record") == 0)
            findings->items[i].severity = SEVERITY_ERROR;
}

/* Counts the facts that agree: those with an error do not, whatever else of them is right. */
static void count_facts(struct verify_item *item, struct arena *arena)
{
    struct grouping wrong = {.arena = arena};

    for (size_t i = 0; i < item->findings.n; i++)
        if (item->findings.items[i].severity == SEVERITY_ERROR)
            grouping_of(&wrong, item->findings.items[i].item);
    item->n_facts = item->n_by_place = 0;
    for (size_t i = 0; i < item->expected.n; i++) {
        const struct fact *fact = &item->expected.items[i];
        bool is_by_place = (item->agreed[i] & AGREED_BY_PLACE) != 0;
        item->n_by_place += is_by_place;
        item->n_facts += fact->kind != FACT_ABI && item->agreed[i] != 0 && !is_by_place &&
                         grouping_find(&wrong, fact->name) == INDEX_NONE;
    }
}

static void judge_item(const struct verification *verification, struct verify_item *item,
                       const struct verify_request *request)
{
    struct arena *arena = verification->arena;
    struct finding_scope scope = scope_of(verification, item);

    item->unseen = "";
    if (item->found == NULL && verification->language != NULL) {
        add_abi(verification, &item->got); /* of a binding of ours: what the headers say of it */
    } else if (item->found == NULL) {
        findings_add(&item->findings, item->missing_kind, SEVERITY_ERROR, item->ours,
                     item->missing_text != NULL
                         ? item->missing_text
                         : arena_printf(arena, "'%s' in the debug information", item->theirs),
                     "nothing", no_location, (struct location){verification->path, 0, 0}, scope);
        return;
    }
    if (item->part == NULL) {
        const struct fact *got = facts_find(&item->got, item->kind, item->ours);
        findings_add(&item->findings, arena_printf(arena, "extra-%s", fact_kind_name(item->kind)),
                     SEVERITY_ERROR, item->ours, describe_none(verification, item),
                     got != NULL && got->attr[0] != NULL ? got->attr[0] : item->found, no_location,
                     got != NULL ? got->where : no_location, scope);
        return;
    }
    expect(verification, item);
    item->agreed = arena_alloc(arena, item->expected.n + 1);
    struct judge_options options = {.mode = JUDGE_FOREIGN, .is_complete = true};
    options.verbatim = spec_verbatim(item->part->spec, arena, &options.n_verbatim);
    judge(&item->findings, &item->expected, &item->got, &options, scope, item->agreed);
    if (verify_is_complete(request, item->part->spec))
        require_newest(&item->findings);
    count_facts(item, arena);
    item->unseen = unseen_fields(verification, item);
    const struct fact *function = facts_find(&item->got, FACT_FUNCTION, item->ours);
    if (function != NULL && function->attr[FUNCTION_RETURN] == NULL)
        item->unseen =
            "not compared: result and parameters, which are not in the debug information";
}

/* A finding about something that is not there is at the record that lacks it, or at the object. */
static void locate_findings(const struct verification *verification, struct verify_item *item)
{
    const struct fact *whole = facts_find(&item->got, item->kind, item->ours);

    for (size_t i = 0; i < item->findings.n; i++) {
        struct finding *finding = &item->findings.items[i];
        if (finding->location.file == NULL && whole != NULL)
            finding->location = whole->where;
        if (finding->location.file == NULL)
            finding->location.file = verification->path;
    }
}

/* Judges; and where something is wrong once more, with the headers' own lines. */
static void judge_all(struct verification *verification, const struct verify_request *request)
{
    struct workspace workspace = request->workspace;

    for (size_t i = 0; i < verification->n_items; i++) {
        struct verify_item *item = &verification->items[i];
        struct findings before = item->findings;
        judge_item(verification, item, request);
        if (item->findings.n == before.n || item->part == NULL || item->part->is_reread)
            continue;
        reference_reread(verification->reference, item->part, &workspace, verification->diag);
        item->findings = before;
        judge_item(verification, item, request);
    }
    for (size_t i = 0; i < verification->n_items; i++)
        locate_findings(verification, &verification->items[i]);
}

/* What nobody asked for and the object does not have is no item. */
static void drop_missing(struct verification *verification)
{
    size_t n = 0;

    for (size_t i = 0; i < verification->n_items; i++)
        if (verification->items[i].missing_kind != NULL || verification->items[i].found != NULL)
            verification->items[n++] = verification->items[i];
    verification->n_items = n;
}

bool verify(struct verification *verification, const struct verify_request *request,
            struct references *references, const char *path, struct arena *arena, struct diag *diag)
{
    struct mapped_object object = {.bytes = NULL};

    *verification = (struct verification){
        .path = path,
        .arena = arena,
        .diag = diag,
        .language = request->language,
        .looked_for = {.arena = arena},
    };
    verification->is_used = arena_alloc(arena, request->n_maps + 1);
    verification->is_package_used = arena_alloc(arena, request->n_packages + 1);
    bool is_read =
        open_object(verification, &request->targets->machines, request->target, &object) &&
        choose_target(verification, request, references) &&
        verify_make_items(verification, request) && read_items(verification, request) &&
        dwarf_units(&verification->container, arena, &verification->units, &verification->n_units,
                    diag);
    close_object(verification, &object);
    if (!is_read)
        return false;
    verify_settle_parameters(verification);
    verify_settle_declarations(verification);
    if (request->language == NULL) {
        verify_find_unseen(verification, request);
        verify_find_bare_units(verification);
    }
    add_unused_maps(verification, request);
    drop_missing(verification);
    judge_all(verification, request);
    return true;
}
