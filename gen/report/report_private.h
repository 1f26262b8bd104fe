/* report_private.h - what the formats share; for report*.c alone. */
#ifndef ABIPROOF_REPORT_PRIVATE_H
#define ABIPROOF_REPORT_PRIVATE_H

#include "report/report.h"

/* How many cases have each outcome, by enum outcome. */
struct outcome_counts {
    size_t n[N_OUTCOMES];
};
struct outcome_counts report_count(const struct report_cases *cases);

/* "proved", "findings", "waived", "not_checked", "unreadable". */
const char *outcome_name(enum outcome outcome);

/* The text as UTF-8 that every format can carry: bytes that are no UTF-8, control characters other
 * than tab, newline and carriage return, and noncharacters become U+FFFD. NULL gives "". */
const char *report_clean(struct arena *arena, const char *text);

/* The path without "./" in front, which code hosts do not take for a file of the repository. */
const char *report_path(const char *path);

/* "x86_64-linux epoll": what a case is called where there is one name only. */
const char *report_case_name(struct arena *arena, const struct report_case *item);

/* "epoll_event.data: expected 4, got 8". */
const char *report_sentence(struct arena *arena, const struct finding *finding);

/* "binding of epoll; x86_64-linux x32-linux": where a finding holds; "" if nowhere in particular.
 */
const char *report_scope(struct arena *arena, const struct finding *finding);

/* A kind of finding, and all that findings of it are about. */
struct report_kind {
    const char *kind;
    const struct finding *first;
    const char **items; /* each as often as there are findings */
    size_t n_items;
};

/* Lists the kinds of the findings in the order of the first of each; with errors_only those of errors
 * that nobody accepted. Returns how many; *kinds, NULL before, is in the arena. */
size_t report_kinds(struct arena *arena, const struct findings *findings, bool errors_only,
                    struct report_kind **kinds);

/* Why the case's findings are accepted: each reason once, "" if none is. */
const char *report_reasons(struct arena *arena, const struct report_case *item);

/* The names with a space between two. */
const char *report_join(struct arena *arena, const char *const *names, size_t n);

/* "3 of 4 items proved, 1 with findings, 0 not checked". */
const char *report_summary(struct arena *arena, const struct report_cases *cases);

/* Appends one finding as a block of lines, as people see it. */
void report_text_finding(struct str *out, const struct finding *finding);

/* The outcome of a binding that was compiled in its own language. */
enum outcome report_binding_outcome(const struct binding *binding);

/* Appends the block about such bindings, those that are alike grouped; NULL: they were left out by
 * choice. */
void report_text_bindings(struct str *out, const struct bindings *bindings);

/* Adds what was not checked in a check, each with its reason: witnesses that were unavailable,
 * single things that could not be looked at, and what no machine has for this target. */
void report_unchecked(struct remarks *unchecked, struct arena *arena, const struct check *check);

/* Remarks with the same text. */
struct report_remark {
    const char *text;
    struct str names; /* of all of them, each once */
};

/* Groups remarks by their text, in the order of the first of each. Returns how many groups there
 * are; *groups, NULL before, is in the arena. */
size_t report_group_remarks(struct arena *arena, const struct remarks *remarks,
                            struct report_remark **groups);

#endif
