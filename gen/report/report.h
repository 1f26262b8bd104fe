/* report.h - what the user sees, and what the user's programs read.
 *
 * In: what a subcommand examined, and findings. Out: a text, put on stdout or into a file. A report
 * never claims more than what really ran: what was not checked is listed with its reason, and a
 * skip never reads like a pass.
 *
 * Each subcommand has a text of its own for people. For programs all of them report cases: a case
 * is one thing that was examined, with an outcome. So a format is one file that knows no
 * subcommand.
 */
#ifndef ABIPROOF_REPORT_H
#define ABIPROOF_REPORT_H

#include <stdbool.h>

#include "check/check.h"
#include "judge/explain.h"
#include "model/findings.h"
#include "report/format.h"
#include "verify/bindings.h"
#include "verify/verify.h"
#include "witness/boot_machine.h"

/* ---- for people ---- */

struct report; /* below */

struct report_options {
    bool quiet;   /* findings only */
    bool verbose; /* notes in full, and which witness saw what */
    bool strict;  /* notes count as findings */
};

/* The matrix: rows that are alike grouped, or with verbose one line per row; the same for the
 * bindings that were compiled (NULL: left out by choice); then findings, what was not checked and
 * why, notes, and a last line with the counts. */
void report_text_checks(struct str *out, const struct checks *checks, const struct boots *boots,
                        const struct bindings *bindings, const struct findings *findings,
                        struct report_options options);

/* Appends the messages that the checks have collected, each once for all targets that it is about.
 * */
void report_messages_of_checks(struct str *out, const struct checks *checks);

/* What was verified: items that are alike grouped, with the targets they hold on; then the report's
 * findings, what they do at run time (if it has explanations), its cases that are not checked, and
 * a last line with the counts. */
void report_text_verified(struct str *out, const struct verification *const *verifications,
                          size_t n, const struct report *report, struct report_options options);

/* Findings alone, one block each. */
void report_text_findings(struct str *out, const struct findings *findings,
                          struct report_options options);

/* A table: columns aligned by spaces, cells[row * n_columns + column]. */
void report_text_table(struct str *out, const char *const *cells, size_t n_rows, size_t n_columns);

/* ---- for programs ---- */

enum outcome {
    OUTCOME_PROVED,
    OUTCOME_FINDINGS,    /* at least one error among the findings */
    OUTCOME_WAIVED,      /* no error but those that somebody accepted */
    OUTCOME_NOT_CHECKED, /* not proved, and no error: something needed was missing */
    OUTCOME_UNREADABLE,  /* what was to be examined is broken, as `text` says: exit code 2 */
    N_OUTCOMES
};

/* The outcome of something that was checked and has these findings. */
enum outcome report_outcome(const struct findings *findings);

/* One thing that was examined. Strings may hold any bytes; the formats replace what is not UTF-8,
 * or a control character, by U+FFFD. */
struct report_case {
    const char *group; /* what is alike: the target, "x86_64-linux"; NULL: no group */
    const char *name;  /* what was examined: "epoll", or "EpollEvent as epoll_event in app.o" */
    enum outcome outcome;
    const char
        *text; /* one or more lines: how far it is proved, or why not; NULL: nothing to say */
    const struct finding *findings; /* its own, errors and notes */
    size_t n_findings;
};

struct report_cases {
    struct report_case *items;
    size_t n;
};

/* All that one run of a subcommand found out. */
struct report {
    const char *command; /* as it was called: "prove" */
    struct report_cases cases;
    struct findings findings;                /* of all cases, collapsed and sorted */
    const struct checks *checks;             /* of prove, which only JSON shows; NULL: none */
    const struct explanations *explanations; /* of the findings' kinds; NULL: not at hand */
};

/* Makes a case of each check, in their order. Call it before the checks' messages are flushed:
 * those of an unreadable check become its text. */
void report_cases_of_checks(struct report_cases *cases, struct arena *arena,
                            const struct checks *checks);

/* Makes a case of each binding that was compiled in its own language, in their order. */
void report_cases_of_bindings(struct report_cases *cases, struct arena *arena,
                              const struct bindings *bindings);

/* The messages that diag holds from the byte `start` of its text on, without the last newline: the
 * text of an unreadable case. */
const char *report_messages(struct arena *arena, const struct diag *diag, size_t start);

/* Makes a case of each item of a verified object, in their order; of an object in which nothing was
 * found, one that is not checked. */
void report_cases_of_verified(struct report_cases *cases, struct arena *arena,
                              const struct verification *verification);

/* Adds findings that are of no case, about requirements and waivers, as a case of their own. */
void report_add_own(struct report *report, const struct findings *own);

/* Appends the report in one of FORMATS_REPORT. is_strict: notes count as errors, so their cases
 * have findings; `report` itself stays as it is. */
void report_for_programs(struct str *out, enum format format, const struct report *report,
                         bool is_strict);

/* The formats, each in a file of its own, opened by what it looks like and who reads it. */
void report_json(struct str *out, const struct report *report);
void report_junit(struct str *out, const struct report *report);
void report_sarif(struct str *out, const struct report *report);
void report_tap(struct str *out, const struct report *report);
void report_github(struct str *out, const struct report *report);

/* ---- for both ---- */

/* Puts a finished report on stdout, or with a file name into that file, whole or not at all.
 * Returns false after adding to diag why it cannot be written. */
bool report_deliver(const char *file, enum format format, const struct str *text,
                    struct diag *diag);

#endif
