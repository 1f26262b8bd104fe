/* prove_bindings.h - the part of a run that is about bindings in their own languages.
 *
 * In: the checks of a session. Out: a binding for each check and each language that has one, proved
 * along with the check, since both need the same facts.
 */
#ifndef ABIPROOF_PROVE_BINDINGS_H
#define ABIPROOF_PROVE_BINDINGS_H

#include "cmd/session.h"
#include "verify/bindings.h"

struct prove_bindings {
    struct languages languages;
    struct bindings bindings; /* check by check */
    size_t *first;            /* per check, and one behind the last: index of its first binding */
    bool is_skipped;          /* by choice: --witness names some witnesses, and these are none */
};

/* Reads the table of languages and makes the bindings that the checks have. Returns false after
 * reporting into the session. prove_bindings_close frees. */
bool prove_bindings_open(struct prove_bindings *proving, struct session *session);
void prove_bindings_close(struct prove_bindings *proving);

/* Proves the bindings of one check, which has been run. Workers may do so for different checks. */
void prove_bindings_of(struct prove_bindings *proving, const struct session *session,
                       size_t check_index, const struct workspace *workspace);

/* Adds a finding `not-proved` to each binding that --require asks for in vain: all, or a target. */
void prove_bindings_require(struct prove_bindings *proving, const struct session *session);

#endif
