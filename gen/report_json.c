/* report_json.c - the report for programs; see report.h.
 *
 * In: rows and findings. Out: one JSON object:
 *
 *     {"version": 1,
 *      "rows": [{"target", "spec", "tier", "promised", "verdict", "runner"?, "facts", "checked",
 * "behaviours", "records": [{"name", "size"?, "align"?, "fields": {name: offset}}], "witnesses":
 * [{"name", "subject", "tier", "heard", "facts", "absent"?}], "left_out"?: [witness],
 * "not_checked": [{"name", "reason"}], "notes": [{"name", "text"}]}], "findings": [{"kind",
 * "severity", "item", "expected", "got", "spec"?, "subject"?, "targets", "witnesses", "header"?,
 * "header_line"?, "file"?, "line"?}]}
 *
 * A key with ? is left out where there is nothing to say. Numbers of facts are counts. "promised"
 * is of the table, whatever was left out by --witness.
 */
#include "report.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *strings(const char *const *items, size_t n)
{
    json_t *array = json_array();

    for (size_t i = 0; i < n; i++)
        json_array_append_new(array, json_string(items[i]));
    return array;
}

/* Adds a key only if there is a text. */
static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

static void set_number(json_t *object, const char *key, size_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static json_t *records_of(const struct row *row, struct arena *arena)
{
    const struct facts *facts = &row->system.facts;
    json_t *array = json_array();

    for (unsigned i = 0; i < row->spec->n_records; i++) {
        const struct spec_record *record = &row->spec->records[i];
        const struct fact *whole = facts_find(facts, FACT_RECORD, record->name);
        json_t *object = json_object(), *fields = json_object();
        set_text(object, "name", record->name);
        if (whole != NULL) {
            set_number(object, "size", (size_t)fact_number(whole, RECORD_SIZE));
            set_number(object, "align", (size_t)fact_number(whole, RECORD_ALIGN));
        }
        for (unsigned k = 0; k < record->n_fields; k++) {
            const char *name = arena_printf(arena, "%s.%s", record->name, record->fields[k].name);
            const struct fact *field = facts_find(facts, FACT_FIELD, name);
            if (field != NULL)
                set_number(fields, record->fields[k].name,
                           (size_t)fact_number(field, FIELD_OFFSET));
        }
        json_object_set_new(object, "fields", fields);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *testimony_of(const struct testimony *testimony)
{
    json_t *object = json_object();

    set_text(object, "name", testimony->witness);
    set_text(object, "subject", testimony->subject == SUBJECT_SYSTEM ? "system" : "binding");
    set_text(object, "tier", tier_name(testimony->tier));
    json_object_set_new(object, "heard", json_boolean(testimony_was_given(testimony)));
    set_number(object, "facts", testimony->facts.n);
    set_text(object, "absent", testimony->absent);
    return object;
}

static void add_remarks(json_t *array, const struct remarks *remarks, const char *key)
{
    for (size_t i = 0; i < remarks->n; i++) {
        json_t *object = json_object();
        set_text(object, "name", remarks->items[i].name);
        set_text(object, key, remarks->items[i].text);
        json_array_append_new(array, object);
    }
}

/* The names of a set; NULL if it is empty. */
static json_t *witnesses_in(unsigned set)
{
    json_t *array = set != 0 ? json_array() : NULL;

    for (unsigned kind = 0; kind < N_WITNESS_KINDS; kind++)
        if ((set & 1U << kind) != 0)
            json_array_append_new(array, json_string(witness_name(kind)));
    return array;
}

static json_t *row_of(const struct row *row, struct arena *arena)
{
    json_t *object = json_object(), *witnesses = json_array(), *unchecked = json_array(),
           *notes = json_array(), *left_out = witnesses_in(row->left_out);
    const char *runner = row->target->runner;

    set_text(object, "target", row->target->name);
    set_text(object, "spec", row->spec->name);
    set_text(object, "tier", tier_name(row->tier));
    set_text(object, "promised", tier_name(target_promised_tier(row->target)));
    set_text(object, "verdict", verdict_name(row->verdict));
    set_text(object, "runner", runner != NULL && runner[0] == '\0' ? "native" : runner);
    set_number(object, "facts", row->n_facts);
    set_number(object, "checked", row->n_checked);
    set_number(object, "behaviours", row->n_behaviours);
    json_object_set_new(object, "records", records_of(row, arena));
    json_array_append_new(witnesses, testimony_of(&row->system));
    for (size_t i = 0; i < row->n_witnesses; i++) {
        json_array_append_new(witnesses, testimony_of(&row->witnesses[i]));
        add_remarks(unchecked, &row->witnesses[i].unchecked, "reason");
    }
    add_remarks(unchecked, &row->lacking, "reason");
    add_remarks(notes, &row->system.notes, "text");
    json_object_set_new(object, "witnesses", witnesses);
    if (left_out != NULL)
        json_object_set_new(object, "left_out", left_out);
    json_object_set_new(object, "not_checked", unchecked);
    json_object_set_new(object, "notes", notes);
    return object;
}

static json_t *finding_of(const struct finding *finding)
{
    json_t *object = json_object();

    set_text(object, "kind", finding->kind);
    set_text(object, "severity", finding->severity == SEVERITY_ERROR ? "error" : "note");
    set_text(object, "item", finding->item);
    set_text(object, "expected", finding->expected);
    set_text(object, "got", finding->got);
    set_text(object, "spec", finding->spec);
    set_text(object, "subject", finding->subject);
    json_object_set_new(object, "targets", strings(finding->targets, finding->n_targets));
    json_object_set_new(object, "witnesses", strings(finding->witnesses, finding->n_witnesses));
    set_text(object, "header", finding->reference.file);
    if (finding->reference.line > 0)
        set_number(object, "header_line", (size_t)finding->reference.line);
    set_text(object, "file", finding->place.file);
    if (finding->place.line > 0)
        set_number(object, "line", (size_t)finding->place.line);
    return object;
}

void report_json_rows(struct str *out, const struct rows *rows, const struct findings *findings)
{
    json_t *root = json_object(), *row_array = json_array(), *finding_array = json_array();
    char *text;

    set_number(root, "version", 1);
    for (size_t i = 0; i < rows->n; i++)
        json_array_append_new(row_array, row_of(&rows->items[i], out->arena));
    for (size_t i = 0; i < findings->n; i++)
        json_array_append_new(finding_array, finding_of(&findings->items[i]));
    json_object_set_new(root, "rows", row_array);
    json_object_set_new(root, "findings", finding_array);
    text = json_dumps(root, JSON_INDENT(1));
    if (text == NULL)
        diag_die("out of memory while writing JSON");
    str_add(out, text);
    str_add_char(out, '\n');
    free(text);
    json_decref(root);
}
