/* report.h - what the user sees.
 *
 * In: rows and findings. Out: text on stdout. A report never claims more than what really ran: what
 * was not checked is listed with its reason, and a skip never reads like a pass.
 */
#ifndef ABIPROOF_REPORT_H
#define ABIPROOF_REPORT_H

#include <stdbool.h>

#include "judge.h"
#include "boot.h"
#include "row.h"
#include "verify.h"

struct report_options {
    bool quiet;   /* findings only */
    bool verbose; /* notes in full, and who said what */
    bool strict;  /* notes count as findings */
};

/* The matrix: rows that are alike told once, or with verbose one line per row; then findings, what
 * was not checked and why, notes, and a last line with the counts. */
void report_text_rows(struct str *out, const struct rows *rows, const struct boots *boots,
                      const struct findings *findings, struct report_options options);

/* The same and everything behind it, as JSON: every row with its layout and what each witness was
 * able to say, every finding with its places, what was not checked. Keys are in gen/report_json.c.
 */
void report_json_rows(struct str *out, const struct rows *rows, const struct findings *findings);

/* What was verified: items that are alike told once, with the targets they hold on; then findings,
 * and a last line with the counts. */
void report_text_verified(struct str *out, const struct verification *const *verifications,
                          size_t n, const struct findings *findings, struct report_options options);

/* Findings alone, one block each. */
void report_text_findings(struct str *out, const struct findings *findings,
                          struct report_options options);

/* A table: columns aligned by spaces, cells[row * n_columns + column]. */
void report_text_table(struct str *out, const char *const *cells, size_t n_rows, size_t n_columns);

#endif
