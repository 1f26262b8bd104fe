/* tap.c - the report in the Test Anything Protocol, which prove(1) and many harnesses read.
 *
 * In: a report. Out: a test point per case, with what is known of it as a block of YAML:
 *
 *     TAP version 13
 *     1..2
 *     not ok 1 - x86_64-linux epoll
 *       ---
 *       message: "epoll_event.data: expected 4, got 8"
 *       ...
 *     ok 2 - aarch64-linux epoll # SKIP run: no 'qemu-aarch64'
 *     not ok 3 - arm-linux epoll # TODO why it is waived
 *
 * What is written is TAP 14 but for the first line: version 14 only adds subtests and pragmas,
 * which are not used here, and harnesses of either version read a document of version 13, while
 * Perl's, up to the one in Debian 12, refuse one that says 14.
 *
 * A string of JSON is a string of YAML too, once control characters are escaped (printable), so
 * jansson does the quoting. Perl's harness knows a part of YAML only: keys are single words.
 */
#include <stdlib.h>

#include "base/printable.h"
#include "report/json.h"
#include "report/report_private.h"

/* Appends a text to a line of TAP: '#' would start a directive, and a newline end the line. */
static void add_description(struct str *out, const char *text)
{
    for (const char *at = printable(out->arena, text != NULL ? text : ""); *at != '\0'; at++)
        if (*at == '#' || *at == '\\')
            str_addf(out, "\\%c", *at);
        else
            str_add_char(out, *at == '\n' || *at == '\r' || *at == '\t' ? ' ' : *at);
}

static void add_quoted(struct str *out, const char *text)
{
    json_t *string = json_text(printable(out->arena, text));
    char *quoted = json_dumps(string, JSON_ENCODE_ANY);

    if (quoted == NULL)
        diag_die("out of memory while writing TAP");
    str_add(out, quoted);
    free(quoted);
    json_decref(string);
}

/* A key of YAML, left out where there is no value. */
static void add_key(struct str *out, const char *indent, const char *key, const char *value)
{
    if (value == NULL)
        return;
    str_addf(out, "%s%s: ", indent, key);
    add_quoted(out, value);
    str_add_char(out, '\n');
}

static const char *location_text(struct arena *arena, struct location location)
{
    if (location.file == NULL || location.line <= 0)
        return location.file;
    return arena_printf(arena, "%s:%d", location.file, location.line);
}

static void add_finding(struct str *out, const struct finding *finding)
{
    static const char indent[] = "      ";
    struct arena *arena = out->arena;

    add_key(out, "    - ", "kind", finding->kind);
    add_key(out, indent, "severity", finding->severity == SEVERITY_ERROR ? "error" : "note");
    add_key(out, indent, "item", finding->item);
    add_key(out, indent, "expected", finding->expected);
    add_key(out, indent, "got", finding->got);
    add_key(out, indent, "layouts", finding->layouts);
    add_key(out, indent, "header", location_text(arena, finding->reference));
    add_key(out, indent, "at", location_text(arena, finding->location));
    add_key(out, indent, "waived", finding->waived);
    if (finding->waived != NULL)
        add_key(out, indent, "waiver", location_text(arena, finding->waiver));
    if (finding->n_witnesses > 0)
        add_key(out, indent, "seen_by",
                report_join(arena, finding->witnesses, finding->n_witnesses));
}

/* What the case is about in one line: its first error, or else its text. */
static const char *message_of(struct arena *arena, const struct report_case *item)
{
    for (size_t i = 0; i < item->n_findings && item->outcome == OUTCOME_FINDINGS; i++)
        if (item->findings[i].severity == SEVERITY_ERROR && item->findings[i].waived == NULL)
            return report_sentence(arena, &item->findings[i]);
    return item->text;
}

static void add_block(struct str *out, const struct report_case *item)
{
    str_add(out, "  ---\n");
    add_key(out, "  ", "message", message_of(out->arena, item));
    add_key(out, "  ", "outcome", outcome_name(item->outcome));
    if (item->outcome == OUTCOME_FINDINGS)
        add_key(out, "  ", "checked", item->text);
    if (item->n_findings > 0)
        str_add(out, "  findings:\n");
    for (size_t i = 0; i < item->n_findings; i++)
        add_finding(out, &item->findings[i]);
    str_add(out, "  ...\n");
}

void report_tap(struct str *out, const struct report *report)
{
    str_addf(out, "TAP version 13\n1..%zu\n", report->cases.n);
    for (size_t i = 0; i < report->cases.n; i++) {
        const struct report_case *item = &report->cases.items[i];
        bool is_ok = item->outcome == OUTCOME_PROVED || item->outcome == OUTCOME_NOT_CHECKED;
        str_addf(out, "%s %zu - ", is_ok ? "ok" : "not ok", i + 1);
        add_description(out, report_case_name(out->arena, item));
        if (item->outcome == OUTCOME_NOT_CHECKED) {
            str_add(out, " # SKIP ");
            add_description(out, item->text);
        } else if (item->outcome == OUTCOME_WAIVED) {
            str_add(out, " # TODO ");
            add_description(out, report_reasons(out->arena, item));
        }
        str_add_char(out, '\n');
        add_block(out, item);
    }
}
