/* judge_items.c - compares what was read of each item with what the system has.
 *
 * In: items with their facts. Out: findings, and what agreed, what was seen by place alone, and what
 * was not seen.
 *
 * Design: golden facts first; headers are parsed again, for their lines, only where something is
 * wrong.
 */
#include <string.h>

#include "verify/verify_private.h"
#include "witness/headers.h"

/* What an item is of: a spec, or the header that declares it. */
static const char *origin_of(const struct verification *verification,
                             const struct verify_item *item)
{
    const struct fact *fact = NULL;

    if (item->view == VIEW_ENUM)
        fact = verify_enum_member(verification, item, 0);
    else if (item->part != NULL && reference_is_of_headers(item->part))
        fact = facts_find(&item->part->facts, item->kind, item->ours);
    if (fact != NULL && fact->where.file != NULL)
        return fact->where.file;
    return item->part != NULL ? item->part->spec->name : NULL;
}

static struct finding_scope scope_of(const struct verification *verification,
                                     const struct verify_item *item)
{
    return (struct finding_scope){
        .spec = origin_of(verification, item),
        .target = verification->target->name,
        .witness = verification->language != NULL ? verification->language->name : NULL,
        .subject = "binding",
    };
}

void verify_expect(const struct verification *verification, struct verify_item *item)
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
    if (item->kind == FACT_RECORD && item->view == VIEW_USUAL)
        verify_expect_more(verification, item);
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
    struct arena scratch = {.chunks = NULL};
    struct grouping wrong = {.arena = &scratch};

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
    arena_release(&scratch);
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

/* Makes every finding of the kind an error. */
static void require(struct findings *findings, const char *kind)
{
    for (size_t i = 0; i < findings->n; i++)
        if (strcmp(findings->items[i].kind, kind) == 0)
            findings->items[i].severity = SEVERITY_ERROR;
}

/* Counts the facts that agree: those with an error do not, whatever else of them is right. */
static void count_facts(struct verify_item *item)
{
    struct arena scratch = {.chunks = NULL};
    struct grouping wrong = {.arena = &scratch};

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
    arena_release(&scratch);
}

void verify_judge_item(const struct verification *verification, struct verify_item *item,
                       const struct verify_request *request)
{
    struct arena *arena = verification->arena;
    struct finding_scope scope = scope_of(verification, item);

    item->unseen = "";
    if (item->found == NULL && verification->language != NULL) {
        verify_add_abi(verification,
                       &item->got); /* of a binding of ours: what the headers say of it */
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
    if (item->view == VIEW_ENUM) {
        verify_judge_enum(verification, item, request, scope);
        return count_facts(item);
    }
    verify_expect(verification, item);
    item->agreed = arena_alloc(arena, item->expected.n + 1);
    struct judge_options options = {.mode = JUDGE_FOREIGN, .is_complete = true};
    options.verbatim = spec_verbatim(item->part->spec, arena, &options.n_verbatim);
    options.spec = item->part->spec;
    options.system = &item->part->facts;
    judge(&item->findings, &item->expected, &item->got, &options, scope, item->agreed);
    if (verify_is_complete(request, item->part->spec))
        require(&item->findings, "older-record"); /* the system has had these fields since */
    /* C's may be somebody's copy (prove --bindings), which is packed and has the same bytes. */
    if (verification->language != NULL && strcmp(verification->language->language, "c") != 0)
        require(&item->findings, "looser-align");
    count_facts(item);
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

void verify_judge_items(struct verification *verification, const struct verify_request *request)
{
    struct workspace workspace = request->workspace;

    for (size_t i = 0; i < verification->n_items; i++) {
        struct verify_item *item = &verification->items[i];
        struct findings before = item->findings;
        verify_judge_item(verification, item, request);
        if (item->findings.n == before.n || item->part == NULL || item->part->is_reread)
            continue;
        reference_reread(verification->reference, item->part, &workspace, verification->diag);
        item->findings = before;
        verify_judge_item(verification, item, request);
    }
    for (size_t i = 0; i < verification->n_items; i++) {
        locate_findings(verification, &verification->items[i]);
        /* A binding of our own is read by one of several threads, and other witnesses report the
         * same finding in the same words. */
        if (verification->language != NULL)
            continue;
        verify_show_values(verification, &verification->items[i]);
        verify_compare_targets(verification, request, &verification->items[i]);
    }
}
