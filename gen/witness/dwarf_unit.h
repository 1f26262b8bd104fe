/* dwarf_unit.h - the unit that the target's compiler turns into debug information.
 *
 * In: a source of a spec, or a binding. Out: an object in which every name of the spec can be
 * found, and what DWARF does not say of it by itself:
 *
 *     struct abiproof_align_X { char c; struct X x; };         alignment: the offset of x
 *     enum abiproof_e_X { abiproof_c_X = (X) };                value of a macro ...
 *     typedef __typeof__(X) abiproof_t_X;                      ... and its exact type
 *     __typeof__(f) *abiproof_f_f = f;                         prototype and symbol of a function
 *
 * What the compiler refuses is taken out and compiled again, so that one name that is missing does
 * not hide the others.
 */
#ifndef ABIPROOF_DWARF_UNIT_H
#define ABIPROOF_DWARF_UNIT_H

#include "witness/witness.h"

/* Before the names of our own declarations. */
#define PROBE_ALIGN    "abiproof_align_" /* struct, its member x */
#define PROBE_VALUE    "abiproof_c_"     /* enumerator */
#define PROBE_TYPE     "abiproof_t_"     /* typedef */
#define PROBE_NUMBER   "abiproof_n_"     /* enumerator */
#define PROBE_FUNCTION "abiproof_f_"     /* variable */
#define PROBE_WRAPPER  "abiproof_w_"     /* variable */
#define PROBE_ANCHOR                                                                               \
    "abiproof_anchor"              /* struct { char a; long b; short c; }; with 32 and 64          \
                                      behind it, with an int and a long long alone */
#define PROBE_EXPECT "abiproof_x_" /* enumerators b, c, size of the anchor */

/* How a name is asked for. C needs the tag's kind to name a record, and specs do not give it. */
enum probe_form { AS_STRUCT, AS_UNION, AS_TYPEDEF, AS_NOTHING };

/* One name of the spec in this unit. */
struct probe {
    enum fact_kind kind;
    const char *name;     /* as the spec has it */
    const char *spelling; /* as the headers or the binding have it */
    enum probe_form form; /* AS_NOTHING: refused in every form that there is */
    unsigned refused;     /* forms, as bits */
    const char *message;  /* the compiler's message about the first one */
};

struct probe_unit {
    const struct spec *spec;
    const struct target *target;
    const struct spec_source *source; /* NULL: the binding */
    const struct workspace *workspace;
    struct arena *arena;
    struct probe *probes;
    size_t n_probes;
    const char *path; /* of its text */
};

/* Lists what is asked of the unit. */
void probe_unit_plan(struct probe_unit *unit);

/* Compiles it. Returns the path of the object, or NULL after adding a remark to the evidence. */
const char *probe_unit_compile(struct probe_unit *unit, struct evidence *evidence);

#endif
