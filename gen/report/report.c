/* report.c - what all formats share, and where a report goes.
 *
 * In: a report. Out: its text in the format asked for, on stdout or in a file. Design: names come
 * from files, and a file may call itself anything. XML, JSON and YAML each forbid other bytes, and
 * their parsers refuse the whole report for one of them; so every string is made harmless once, in
 * one way, before a format escapes what is special to it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/file.h"
#include "base/grouping.h"
#include "report/report_private.h"

struct outcome_counts report_count(const struct report_cases *cases)
{
    struct outcome_counts counts = {{0}};

    for (size_t i = 0; i < cases->n; i++)
        counts.n[cases->items[i].outcome]++;
    return counts;
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[N_OUTCOMES] = {"proved", "findings", "waived", "not_checked",
                                                  "unreadable"};

    return names[outcome];
}

enum outcome report_outcome(const struct findings *findings)
{
    if (findings_count(findings, SEVERITY_ERROR) > 0)
        return OUTCOME_FINDINGS;
    for (size_t i = 0; i < findings->n; i++)
        if (findings->items[i].severity == SEVERITY_ERROR)
            return OUTCOME_WAIVED;
    return OUTCOME_PROVED;
}

/* ---- strings ---- */

static bool is_harmless(unsigned long character)
{
    if (character < 0x20)
        return character == '\t' || character == '\n' || character == '\r';
    if (character >= 0x7f && character < 0xa0) /* DEL and the C1 controls */
        return false;
    return (character & 0xfffe) != 0xfffe && !(character >= 0xfdd0 && character < 0xfdf0) &&
           character != 0xfeff;
}

const char *report_clean(struct arena *arena, const char *text)
{
    struct str clean = {.arena = arena};

    for (const char *at = text != NULL ? text : ""; *at != '\0';) {
        unsigned long character = 0;
        size_t length = printable_character(at, &character);
        if (length > 0 && is_harmless(character))
            str_add_bytes(&clean, at, length);
        else
            str_add(&clean, "\xef\xbf\xbd");
        at += length > 0 ? length : 1;
    }
    return str_text(&clean);
}

const char *report_join(struct arena *arena, const char *const *names, size_t n)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", names[i]);
    return str_text(&text);
}

const char *report_path(const char *path)
{
    while (str_starts(path, "./"))
        path += 2 + strspn(path + 2, "/");
    return path;
}

const char *report_case_name(struct arena *arena, const struct report_case *item)
{
    return item->group == NULL ? item->name : arena_printf(arena, "%s %s", item->group, item->name);
}

const char *report_sentence(struct arena *arena, const struct finding *finding)
{
    return arena_printf(arena, "%s: expected %s, got %s", finding->item, finding->expected,
                        finding->got);
}

const char *report_scope(struct arena *arena, const struct finding *finding)
{
    struct str text = {.arena = arena};

    if (finding->spec != NULL && finding->subject != NULL)
        str_addf(&text, "%s of %s", finding->subject, finding->spec);
    if (finding->n_targets > 0)
        str_addf(&text, "%s%s", text.len > 0 ? "; " : "",
                 report_join(arena, finding->targets, finding->n_targets));
    return str_text(&text);
}

size_t report_kinds(struct arena *arena, const struct findings *findings, bool errors_only,
                    struct report_kind **kinds)
{
    struct grouping grouping = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        struct report_kind new = {finding->kind, finding, NULL, 0};
        if (errors_only && (finding->severity == SEVERITY_NOTE || finding->waived != NULL))
            continue;
        size_t number = grouping_of(&grouping, finding->kind);
        if (number >= n)
            ARENA_PUSH(arena, *kinds, n, new);
        ARENA_PUSH(arena, (*kinds)[number].items, (*kinds)[number].n_items, finding->item);
    }
    return n;
}

const char *report_reasons(struct arena *arena, const struct report_case *item)
{
    struct grouping reasons = {.arena = arena};
    struct str text = {.arena = arena};

    for (size_t i = 0; i < item->n_findings; i++) {
        const char *reason = item->findings[i].waived;
        if (reason != NULL && grouping_is_new(&reasons, reason))
            str_addf(&text, "%s%s", text.len > 0 ? "; " : "", reason);
    }
    return str_text(&text);
}

const char *report_summary(struct arena *arena, const struct report_cases *cases)
{
    struct outcome_counts counts = report_count(cases);
    struct str text = {.arena = arena};

    str_addf(&text, "%zu of %zu items proved, %zu with findings, %zu not checked",
             counts.n[OUTCOME_PROVED], cases->n, counts.n[OUTCOME_FINDINGS],
             counts.n[OUTCOME_NOT_CHECKED]);
    if (counts.n[OUTCOME_WAIVED] > 0)
        str_addf(&text, ", %zu waived", counts.n[OUTCOME_WAIVED]);
    if (counts.n[OUTCOME_UNREADABLE] > 0)
        str_addf(&text, ", %zu unreadable", counts.n[OUTCOME_UNREADABLE]);
    return str_text(&text);
}

/* ---- the whole ---- */

static bool has_open_finding(const struct report_case *item)
{
    for (size_t i = 0; i < item->n_findings; i++)
        if (item->findings[i].waived == NULL)
            return true;
    return false;
}

/* A copy in which every finding is an error. */
static struct finding *as_errors(struct arena *arena, const struct finding *findings, size_t n)
{
    struct finding *copy = arena_alloc(arena, (n + 1) * sizeof *copy);

    for (size_t i = 0; i < n; i++) {
        copy[i] = findings[i];
        copy[i].severity = SEVERITY_ERROR;
    }
    return copy;
}

static struct report make_strict(struct arena *arena, const struct report *report)
{
    struct report strict = *report;

    strict.findings.items = as_errors(arena, report->findings.items, report->findings.n);
    strict.cases.items = arena_alloc(arena, (report->cases.n + 1) * sizeof *strict.cases.items);
    for (size_t i = 0; i < report->cases.n; i++) {
        struct report_case *item = &strict.cases.items[i];
        *item = report->cases.items[i];
        item->findings = as_errors(arena, item->findings, item->n_findings);
        if (has_open_finding(item) && item->outcome != OUTCOME_UNREADABLE)
            item->outcome = OUTCOME_FINDINGS;
        else if (item->n_findings > 0 && item->outcome == OUTCOME_PROVED)
            item->outcome = OUTCOME_WAIVED;
    }
    return strict;
}

void report_for_programs(struct str *out, enum format format, const struct report *report,
                         bool is_strict)
{
    static void (*const writers[N_FORMATS])(struct str *, const struct report *) = {
        [FORMAT_JSON] = report_json, [FORMAT_JUNIT] = report_junit,   [FORMAT_SARIF] = report_sarif,
        [FORMAT_TAP] = report_tap,   [FORMAT_GITHUB] = report_github,
    };
    struct report shown = is_strict ? make_strict(out->arena, report) : *report;

    writers[format](out, &shown);
}

bool report_deliver(const char *file, enum format format, const struct str *text, struct diag *diag)
{
    /* The others have rules of their own for what they cannot hold. */
    const char *shown =
        format == FORMAT_TEXT ? printable(text->arena, str_text(text)) : str_text(text);

    if (file != NULL)
        return out_write(file, shown, strlen(shown), diag) != OUT_FAILED;
    if (fputs(shown, stdout) != EOF && fflush(stdout) == 0)
        return true;
    diag_error(diag, no_location, "cannot write to stdout: %s", strerror(errno));
    return false;
}
