/* explain.h - what the kinds of findings mean.
 *
 * In: gen/explanations.yaml. Out: per kind what was compared, what a wrong program does, and how to
 * fix it in several languages. It is prose, so it lies in a data file and not in the code.
 */
#ifndef ABIPROOF_EXPLAIN_H
#define ABIPROOF_EXPLAIN_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"

/* The fix in one language. At least one of `text` and `code` is there. */
struct explanation_fix {
    const char *language; /* "C", "Rust", "Zig", "Go", "D", "Nim", "sx" */
    const char *text;     /* NULL if the code says it all */
    const char *code;     /* lines, each with its newline; NULL if there is none */
};

/* What a kind of finding means for one thing that many programs bind. */
struct explanation_example {
    const char **items; /* patterns of the items of findings, as a waiver has them: "EPOLL*" */
    unsigned n_items;
    const char *text; /* stands by itself */
};

struct explanation {
    const char *kind;     /* as in struct finding */
    const char *severity; /* for people: "error", "note", "error; a note for a constant" */
    const char *summary;  /* one line of at most 58 characters, no full stop */
    const char *meaning;
    const char *effect; /* at run time */
    const char *fix;    /* in any language */
    struct explanation_example *examples;
    unsigned n_examples;
    struct explanation_fix *fixes;
    unsigned n_fixes;
};

/* In the order of the file, which goes from records to what could not be proved. */
struct explanations {
    struct explanation *items;
    unsigned n;
};

/* Reads gen/explanations.yaml under root ("" or a path with a final slash) into the arena. False
 * after reporting. */
bool explanations_load(struct explanations *explanations, struct arena *arena, const char *root,
                       struct diag *diag);

/* Finds the explanation of a kind; NULL if there is none. */
const struct explanation *explain(const struct explanations *explanations, const char *kind);

/* The explanation's effect, and behind it, each in a line of its own, those of its examples that one
 * of the items is of. */
const char *explanation_effect(struct arena *arena, const struct explanation *explanation,
                               const char *const *items, size_t n_items);

/* Appends one explanation in full, at most 79 columns wide but for code, or a line for each kind.
 */
void explanation_print(struct str *out, const struct explanation *explanation);
void explanations_list(struct str *out, const struct explanations *explanations);

#endif
