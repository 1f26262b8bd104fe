/* record_checked.c - one pair of records before the judge and before the oracle.
 *
 * In: a pair. Out: nothing, or all that is needed to see who of the two is wrong. The only file
 * that the judge and the oracle meet in.
 */
#include "record_oracle.h"

#include <stdlib.h>
#include <string.h>

#include "judge/judge.h"

/* Facts as a witness gives them. Only a fault of record_pair.c gives others. */
static void read_facts(struct facts *facts, const struct record_pair *pair, const struct side *side)
{
    struct str text = {.arena = facts->arena};
    struct diag diag;

    diag_init(&diag, facts->arena, false);
    side_facts(&text, pair, side);
    if (!facts_parse(facts, str_text(&text), "facts", &diag))
        abort();
    facts_sort(facts);
}

static enum verdict verdict_of(const struct facts *facts, const unsigned char *agreed,
                               const char *record, const char *path)
{
    const char *name = arena_printf(facts->arena, "%s.%s", record, path);
    const struct fact *fact = facts_find(facts, FACT_FIELD, name);
    unsigned char bits = fact != NULL ? agreed[fact - facts->items] : 0;

    if ((bits & AGREED_BY_PLACE) != 0)
        return VERDICT_BY_PLACE;
    if (fact != NULL && bits == fact_attrs_present(fact))
        return VERDICT_PROVED;
    return bits != 0 ? VERDICT_PARTLY : VERDICT_NONE;
}

static void print_answer(struct str *text, const struct record_pair *pair,
                         const struct answer *answer)
{
    static const char *const words[] = {"not proved", "partly", "by place", "proved"};
    char path[NODE_PATH_MAX];

    for (int i = 0; i < pair->kernel.n; i++)
        if (node_is_there(&pair->kernel, i)) {
            node_path(&pair->kernel, i, path);
            str_addf(text, "%-10s %s\n", words[answer->verdicts[i]], path);
        }
    for (size_t i = 0; i < answer->findings->n; i++) {
        const struct finding *finding = &answer->findings->items[i];
        str_addf(text, "%s %s %s: %s -> %s\n",
                 finding->severity == SEVERITY_ERROR ? "error" : "note", finding->kind,
                 finding->item, finding->expected, finding->got);
    }
}

const char *record_oracle_try(struct arena *arena, const struct record_pair *pair)
{
    struct facts expected = {.arena = arena}, got = {.arena = arena};
    struct findings findings = {.arena = arena};
    struct answer answer = {.findings = &findings};
    struct str text = {.arena = arena};
    char path[NODE_PATH_MAX];

    read_facts(&expected, pair, &pair->kernel);
    read_facts(&got, pair, &pair->binding);
    unsigned char *agreed = arena_alloc(arena, expected.n + 1);
    judge(&findings, &expected, &got,
          &(struct judge_options){.mode = JUDGE_FOREIGN, .is_complete = true},
          (struct finding_scope){NULL, NULL, NULL, NULL}, agreed);
    for (int i = 0; i < pair->kernel.n; i++) {
        if (!node_is_there(&pair->kernel, i))
            continue;
        node_path(&pair->kernel, i, path);
        answer.verdicts[i] = verdict_of(&expected, agreed, pair->record, path);
    }
    const char *complaint = record_oracle(arena, pair, &answer);
    if (complaint == NULL)
        return NULL;
    record_pair_print(&text, pair);
    print_answer(&text, pair, &answer);
    str_addf(&text, "=> %s\n", complaint);
    return str_text(&text);
}
