/* json.c - the report for programs that want everything; see report.h.
 *
 * In: a report. Out: one JSON object (RFC 8259). gen/schemas/report.schema.json says what each key
 * means, and may be given to any validator of JSON Schema 2020-12; in short:
 *
 *     {"version": 1, "command": "prove",
 *      "counts": {"proved", "findings", "waived", "not_checked", "unreadable"},
 *      "cases": [{"group"?, "name", "outcome", "text"?, "findings": [as below]}],
 *      "rows"?: [{"target", "spec", "tier", ...}],
 *      "findings": [{"kind", "severity", "item", "expected", "got", "layouts"?, "spec"?, "subject"?, "targets",
 *                    "witnesses", "header"?, "header_line"?, "file"?, "line"?, "waived"?,
 * "waiver"?, "waiver_line"?}]}
 *
 * A key with ? is left out where there is nothing to say. The findings of a case are of its group
 * alone; those of the whole report are listed once for all groups where they hold. Numbers of facts
 * are counts.
 */
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

#include "report/report_private.h"
#include "witness/witnesses.h"

json_t *json_text(const char *text)
{
    struct arena arena = {NULL};
    json_t *string = json_string(report_clean(&arena, text));

    arena_release(&arena);
    return string;
}

json_t *json_texts(const char *const *items, size_t n)
{
    json_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_text(items[i]));
    return array;
}

void json_set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_text(text));
}

void json_set_number(json_t *object, const char *key, size_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

void json_write(struct str *out, json_t *root)
{
    char *text = json_dumps(root, JSON_INDENT(1));

    if (text == NULL)
        diag_die("out of memory while writing JSON");
    str_add(out, text);
    str_add_char(out, '\n');
    free(text);
    json_decref(root);
}

static json_t *records_of(const struct check *check, struct arena *arena)
{
    const struct facts *facts = &check->system.facts;
    json_t *array = json_array();

    for (unsigned i = 0; i < check->spec->n_records; i++) {
        const struct spec_record *record = &check->spec->records[i];
        const struct fact *whole = facts_find(facts, FACT_RECORD, record->name);
        json_t *object = json_object(), *fields = json_object();
        json_set_text(object, "name", record->name);
        if (whole != NULL) {
            json_set_number(object, "size", (size_t)fact_number(whole, RECORD_SIZE));
            json_set_number(object, "align", (size_t)fact_number(whole, RECORD_ALIGN));
        }
        for (unsigned k = 0; k < record->n_fields; k++) {
            const char *name = arena_printf(arena, "%s.%s", record->name, record->fields[k].name);
            const struct fact *field = facts_find(facts, FACT_FIELD, name);
            if (field != NULL)
                json_set_number(fields, record->fields[k].name,
                                (size_t)fact_number(field, FIELD_OFFSET));
        }
        json_object_set_new(object, "fields", fields);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *evidence_of(const struct evidence *evidence)
{
    json_t *object = json_object();

    json_set_text(object, "name", evidence->witness);
    json_set_text(object, "subject", evidence->subject == SUBJECT_SYSTEM ? "system" : "binding");
    json_set_text(object, "tier", tier_name(evidence->tier));
    json_object_set_new(object, "ran", json_boolean(evidence_was_collected(evidence)));
    json_set_number(object, "facts", evidence->facts.n);
    json_set_text(object, "unavailable", evidence->unavailable);
    return object;
}

static void add_remarks(json_t *array, const struct remarks *remarks, const char *key)
{
    for (size_t i = 0; i < remarks->n; i++) {
        json_t *object = json_object();
        json_set_text(object, "name", remarks->items[i].name);
        json_set_text(object, key, remarks->items[i].text);
        json_array_append_new(array, object);
    }
}

/* The names of a set; NULL if it is empty. */
static json_t *witnesses_in(unsigned set)
{
    json_t *array = set != 0 ? json_array() : NULL;
    const struct witness *witness;

    for (unsigned i = 0; (witness = witness_at(i)) != NULL; i++)
        if ((set & 1U << i) != 0)
            json_array_append_new(array, json_string(witness->name));
    return array;
}

static json_t *check_of(const struct check *check, struct arena *arena)
{
    json_t *object = json_object(), *witnesses = json_array(), *unchecked = json_array(),
           *notes = json_array(), *excluded = witnesses_in(check->excluded);
    const char *runner = check->target->runner;

    json_set_text(object, "target", check->target->name);
    json_set_text(object, "spec", check->spec->name);
    json_set_text(object, "tier", tier_name(check->tier));
    json_set_text(object, "promised", tier_name(target_promised_tier(check->target)));
    json_set_text(object, "verdict", verdict_name(check->verdict));
    json_set_text(object, "runner", runner != NULL && runner[0] == '\0' ? "native" : runner);
    json_set_number(object, "facts", check->n_facts);
    json_set_number(object, "checked", check->n_checked);
    json_set_number(object, "behaviours", check->n_behaviours);
    json_object_set_new(object, "records", records_of(check, arena));
    json_array_append_new(witnesses, evidence_of(&check->system));
    for (size_t i = 0; i < check->n_witnesses; i++) {
        json_array_append_new(witnesses, evidence_of(&check->witnesses[i]));
        add_remarks(unchecked, &check->witnesses[i].unchecked, "reason");
    }
    add_remarks(unchecked, &check->unsupported, "reason");
    add_remarks(notes, &check->system.notes, "text");
    json_object_set_new(object, "witnesses", witnesses);
    if (excluded != NULL)
        json_object_set_new(object, "left_out", excluded);
    json_object_set_new(object, "not_checked", unchecked);
    json_object_set_new(object, "notes", notes);
    return object;
}

static json_t *finding_of(const struct finding *finding)
{
    json_t *object = json_object();

    json_set_text(object, "kind", finding->kind);
    json_set_text(object, "severity", finding->severity == SEVERITY_ERROR ? "error" : "note");
    json_set_text(object, "item", finding->item);
    json_set_text(object, "expected", finding->expected);
    json_set_text(object, "got", finding->got);
    json_set_text(object, "layouts", finding->layouts);
    json_set_text(object, "spec", finding->spec);
    json_set_text(object, "subject", finding->subject);
    json_object_set_new(object, "targets", json_texts(finding->targets, finding->n_targets));
    json_object_set_new(object, "witnesses", json_texts(finding->witnesses, finding->n_witnesses));
    json_set_text(object, "header", finding->reference.file);
    if (finding->reference.line > 0)
        json_set_number(object, "header_line", (size_t)finding->reference.line);
    json_set_text(object, "file", finding->location.file);
    if (finding->location.line > 0)
        json_set_number(object, "line", (size_t)finding->location.line);
    json_set_text(object, "waived", finding->waived);
    if (finding->waived != NULL) {
        json_set_text(object, "waiver", finding->waiver.file);
        json_set_number(object, "waiver_line", (size_t)finding->waiver.line);
    }
    return object;
}

static json_t *findings_of(const struct finding *findings, size_t n)
{
    json_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, finding_of(&findings[i]));
    return array;
}

static json_t *case_of(const struct report_case *item)
{
    json_t *object = json_object();

    json_set_text(object, "group", item->group);
    json_set_text(object, "name", item->name);
    json_set_text(object, "outcome", outcome_name(item->outcome));
    json_set_text(object, "text", item->text);
    json_object_set_new(object, "findings", findings_of(item->findings, item->n_findings));
    return object;
}

static json_t *counts_of(const struct report_cases *cases)
{
    struct outcome_counts counts = report_count(cases);
    json_t *object = json_object();

    for (int i = 0; i < N_OUTCOMES; i++)
        json_set_number(object, outcome_name((enum outcome)i), counts.n[i]);
    return object;
}

void report_json(struct str *out, const struct report *report)
{
    json_t *root = json_object(), *cases = json_array();

    json_set_number(root, "version", 2);
    json_set_text(root, "command", report->command);
    json_object_set_new(root, "counts", counts_of(&report->cases));
    for (size_t i = 0; i < report->cases.n; i++)
        json_array_append_new(cases, case_of(&report->cases.items[i]));
    json_object_set_new(root, "cases", cases);
    if (report->checks != NULL) {
        json_t *rows = json_array();
        for (size_t i = 0; i < report->checks->n; i++)
            json_array_append_new(rows, check_of(&report->checks->items[i], out->arena));
        json_object_set_new(root, "rows", rows);
    }
    json_object_set_new(root, "findings", findings_of(report->findings.items, report->findings.n));
    json_write(out, root);
}
