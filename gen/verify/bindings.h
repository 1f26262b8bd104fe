/* bindings.h - the bindings of this repository, each compiled in its own language and verified.
 *
 * In: a generated file of bindings/<language>/ and the facts of its spec on one target. Out: what
 * the language's own compiler made of it, compared with the facts. Design: a binding of ours is
 * proved as anybody's is, by `verify` on its object, but with more asked of it: everything that the
 * spec has on the target must be there. So a new emitter is proved from its first file on.
 */
#ifndef ABIPROOF_BINDINGS_H
#define ABIPROOF_BINDINGS_H

#include "judge/judge.h"
#include "model/language.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/witness.h"

/* One spec on one target in one language. */
struct binding {
    /* What it is; set these, zero the rest. */
    const struct language *language; /* with `binding`, and able to name the target */
    const struct spec *spec;
    const struct target *target;

    struct arena arena;       /* of everything below; release it */
    const char *path;         /* of the file, or folder, that was compiled: "bindings/c/epoll.h" */
    const char *unavailable;  /* why it could not be checked: what is missing, and what brings
                                      it */
    size_t n_facts;           /* that the headers give, without those about the target itself */
    size_t n_checked;         /* of them, seen in the object in every attribute: the same, or with a
                                 finding */
    struct remarks unchecked; /* names that were not seen, or not whole, and why */
    struct findings findings;
};

struct bindings {
    struct binding *items;
    size_t n;
    bool is_selection; /* specs have further targets, which were not chosen */
};

/* True if its language has a generated binding of the spec for the target, which can then be proved. */
bool binding_is_made(const struct binding *binding);

/* True if it could be checked, and every attribute of every fact was seen in the object. */
bool binding_is_whole(const struct binding *binding);

/* Compiles the binding, unless nothing has changed since it was, and verifies the object. facts: of
 * the spec on the target, from the headers; they must live as long as the binding. targets: the
 * whole table, by whose machines the object is read. path: where programs are looked for before
 * PATH. Workers may do this at the same time for different bindings. What does not compile, or
 * cannot be read, is a finding. */
void binding_prove(struct binding *binding, const struct facts *facts,
                   const struct targets *targets, const struct languages *languages,
                   const struct workspace *workspace);

#endif
