/* calltype.h - the few C types that specs use for parameters and results.
 *
 * In: the text of a type, as "const struct timespec *". Out: the type of a fact ("ptr"), or the
 * same type spelled for a binding ("const struct raw_timespec *"). Calls to a kernel pass integers
 * and pointers only, so a base name, `const` and at most one `*` are enough.
 */
#ifndef ABIPROOF_CALLTYPE_H
#define ABIPROOF_CALLTYPE_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"

struct calltype {
    const char *base; /* "int", "struct timespec", "eventfd_t", "void" */
    bool is_const;
    bool is_pointer;
};

/* Takes a type apart; text must be one that specs may use (see calltype_is_known). */
struct calltype calltype_parse(struct arena *arena, const char *text);

/* True if the base is a C scalar, void, or a record, alias or opaque type of the spec. */
bool calltype_is_known(struct arena *arena, const char *text, const struct spec *spec);

/* Reports every parameter and result of the spec whose type is not known. Returns false if any. */
bool calltype_check(struct arena *arena, const struct spec *spec, struct diag *diag);

/* Type of a fact on a target: "i32", "u64", "ptr", "void". An alias is looked up among `facts`; its
 * result is "?" if they lack it. */
const char *calltype_fact(struct arena *arena, const char *text, const struct target *target,
                          const struct facts *facts);

/* Reports every parameter of a system call that is wider than a long of the target: it would take
 * two registers, and which two is the convention's matter. A binding that passed a long would lose
 * half of it, and every witness would agree with the binding. facts: those of the spec, where
 * aliases are looked up. Returns false if there is one. */
bool calltype_check_width(struct arena *arena, const struct spec *spec, const struct target *target,
                          const struct facts *facts, struct diag *diag);

/* The parameter types of one form of a call, as a fact has them: "i32,ptr", or "void". */
const char *calltype_fact_params(struct arena *arena, const struct spec_call *call,
                                 enum spec_form form, const struct target *target,
                                 const struct facts *facts);

/* The type as a C binding spells it: records and aliases with the prefix raw_, opaque types as
 * void. */
const char *calltype_binding(struct arena *arena, const char *text, const struct spec *spec);

/* The type as a probe spells it: for a binding as above; for the system as in the spec, but void
 * for an opaque type that the probe's headers do not declare. */
struct calltype_view {
    const struct spec *spec;
    bool is_binding;
    bool declares_opaque;
};
const char *calltype_spelled(struct arena *arena, const char *text, struct calltype_view view);

/* Appends the parameter types of one form of a call, separated by commas: "int, void *", or "void".
 */
void calltype_params(struct str *out, const struct spec_call *call, enum spec_form form,
                     struct calltype_view view);

/* Appends the type of a pointer to one form of a call: "int (*)(int, struct epoll_event *)". */
void calltype_prototype(struct str *out, const struct spec_call *call, enum spec_form form,
                        struct calltype_view view);

#endif
