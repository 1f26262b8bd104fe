/* witness.h - sources of facts that do not depend on each other.
 *
 * In: a spec and a target. Out: a testimony: the facts that this witness has seen, at the tier that
 * it really reached, or the reason why it could not be heard. A witness never compares; the judge
 * does.
 */
#ifndef ABIPROOF_WITNESS_H
#define ABIPROOF_WITNESS_H

#include <stdbool.h>

#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/workspace.h"

/* The witnesses, in the order in which they are heard. A set of them is bits, 1U << kind. */
enum witness_kind {
    WITNESS_CLANG,
    WITNESS_DWARF,
    WITNESS_COMPILE,
    WITNESS_RUN,
    WITNESS_BEHAVE,
    WITNESS_LINK,
    WITNESS_BOOT,
    N_WITNESS_KINDS
};

/* "clang", "dwarf", ... and back; N_WITNESS_KINDS for an unknown name. */
const char *witness_name(enum witness_kind kind);
enum witness_kind witness_of(const char *name);

/* "clang dwarf": the names of a set, in the arena. */
const char *witness_names(struct arena *arena, unsigned set);

/* What a testimony is about: the system's own headers (and kernel), or a binding to them. */
enum subject { SUBJECT_SYSTEM, SUBJECT_BINDING };

/* A name, what there is to say of it, and where. */
struct remark {
    const char *name;
    const char *text;
    struct place where;
};

struct remarks {
    struct remark *items;
    size_t n;
};

struct testimony {
    const char *witness; /* witness_name of its kind */
    enum subject subject;
    enum tier tier;   /* what this witness proves when it speaks */
    bool is_complete; /* it speaks of every fact of its subject: what it leaves out is missing */
    struct facts facts;
    const char *absent;       /* why it could not be heard: the missing thing, and what brings it */
    struct remarks broken;    /* what does not compile, hangs, or prints garbage: each a finding */
    struct remarks unbound;   /* names of the facility that the spec neither binds nor ignores */
    struct remarks unchecked; /* single things it could not look at, with the reason */
    struct remarks notes;     /* worth knowing: another source than the first one was used */
};

/* True if the witness was heard: it was there and what it examined could be examined. */
bool testimony_was_given(const struct testimony *testimony);

/* Adds a remark with a formatted text. */
void remark_add(struct remarks *remarks, struct arena *arena, const char *name, struct place where,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* clang: the headers, or the binding, as libclang reads them for the target; tier read.
 * An environment that cannot be read (header missing or broken, spec naming what is not there) is
 * reported to diag and gives false; a broken binding is a remark in the testimony. */
bool witness_clang_system(struct testimony *testimony, const struct spec *spec,
                          const struct target *target, struct arena *arena, struct diag *diag);
bool witness_clang_binding(struct testimony *testimony, const struct spec *spec,
                           const struct target *target, const char *folder, struct arena *arena,
                           struct diag *diag);

/* dwarf: the headers, or the binding, as the target's own compiler lays them out, read from the
 * debug information of an object that it makes; tier compiled. A spec that names what is not there
 * is reported to diag and gives false; what does not compile or cannot be read is a remark. */
bool witness_dwarf_system(struct testimony *testimony, const struct spec *spec,
                          const struct target *target, const struct work_place *place,
                          struct arena *arena, struct diag *diag);
bool witness_dwarf_binding(struct testimony *testimony, const struct spec *spec,
                           const struct target *target, const struct work_place *place,
                           struct arena *arena, struct diag *diag);

/* run: the generated layout probe, built by the target's compiler without libc, run by the machine
 * or under qemu-user; tier run. For the system every source of the spec is a program of its own. */
void witness_run(struct testimony *testimony, enum subject subject, const struct spec *spec,
                 const struct target *target, const struct work_place *place, struct arena *arena);

/* behave: abi_probes/behave/<spec>.c on the raw bindings, run in the same way: what the kernel
 * does, and the layout that it is seen to use. Returns false where there is no such program. */
bool witness_behave(struct testimony *testimony, const struct spec *spec,
                    const struct target *target, const struct work_place *place,
                    struct arena *arena);

/* boot: the same programs, run by the first program of a real kernel under qemu-system; tier
 * booted. Fills in up to three testimonies (system, binding, behaviour) and returns how many. */
struct boot;
size_t witness_boot(struct testimony *testimonies, const struct spec *spec, const struct boot *boot,
                    struct arena *arena);

/* compile: every fact of `facts` as a compile-time assertion, built by the target's compiler
 * against the system's headers or the binding; tier compiled. Its facts are those asserted, with
 * what the compiler found instead where an assertion failed. */
void witness_compile(struct testimony *testimony, enum subject subject, const struct spec *spec,
                     const struct target *target, const struct facts *facts,
                     const struct work_place *place, struct arena *arena);

/* True if the spec has a program for behave. */
bool spec_has_behaviour(const struct spec *spec, const struct work_place *place);

/* link: does the library have the symbols of the headers' functions, as the target's linker finds
 * them? tier compiled. Returns false where the spec has no library functions. */
bool witness_link(struct testimony *testimony, const struct spec *spec, const struct target *target,
                  const struct facts *facts, const struct work_place *place, struct arena *arena);

/* Adds what a failed compiler said as a remark `does-not-compile`: its first error, and where. */
void remark_compiler(struct testimony *testimony, struct arena *arena, const char *errors);

#endif
