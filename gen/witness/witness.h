/* witness.h - sources of facts that do not depend on each other.
 *
 * In: a spec and a target. Out: evidence: the facts that this witness has collected, at the tier
 * that it really reached, or why it is unavailable. A witness never compares; the judge does.
 */
#ifndef ABIPROOF_WITNESS_H
#define ABIPROOF_WITNESS_H

#include <stdbool.h>

#include "model/facts.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/workspace.h"

/* What evidence is about: the system's own headers (and kernel), or a binding to them. */
enum subject { SUBJECT_SYSTEM, SUBJECT_BINDING };

/* A name, what there is to say of it, and where. */
struct remark {
    const char *name;
    const char *text;
    struct location where;
};

struct remarks {
    struct remark *items;
    size_t n;
};

struct evidence {
    const char *witness; /* its name */
    enum subject subject;
    enum tier tier;   /* what this witness proves when it runs */
    bool is_complete; /* it collects every fact of its subject: what it leaves out is missing */
    struct facts facts;
    const char *unavailable; /* why it is unavailable: the missing thing, and what brings
                                      it */
    struct remarks broken;   /* what does not compile, hangs, or prints garbage: each a finding */
    /* Names of the facility that the spec neither binds nor ignores; the text begins with what one
     * is and where from: "a constant of source 'kernel'". */
    struct remarks unbound;
    struct remarks unchecked; /* single things it could not look at, with the reason */
    struct remarks requests;  /* constants that the headers make by _IOC: requests of ioctl */
    struct remarks notes;     /* worth knowing: another source than the first one was used */
};

/* True if the witness ran: it was available, and what it examined could be examined. */
bool evidence_was_collected(const struct evidence *evidence);

/* Adds a remark with a formatted text. */
void remark_add(struct remarks *remarks, struct arena *arena, const char *name,
                struct location where, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* What a witness is asked about and may use: one spec on one target. */
struct boot;
struct witness_input {
    const struct spec *spec;
    const struct target *target;       /* with the header set that the spec is read from */
    const struct facts *facts;         /* that the headers give, sorted */
    const struct workspace *workspace; /* of this spec and target; locked while facts are
                                           collected */
    const struct boot *boot;           /* of the target; NULL if none was asked for */
    struct arena *arena;
    struct diag *diag;
};

/* Pieces of evidence that one witness gives at most: of the system, of the binding, of
 * behaviour, of wrappers. */
enum { WITNESS_EVIDENCE_MAX = 4 };

/* A source of facts: one row of the table in witnesses.c. */
struct witness {
    const char *name; /* "clang" */
    enum tier tier;   /* what it proves when it runs */
    /* Why this target or spec cannot have it on any machine; NULL if it can. No function: it always
     * can. */
    const char *(*why_not)(const struct witness_input *input);
    /* True if it runs unless the command line chooses. No function: it does. */
    bool (*is_usual)(const struct witness_input *input);
    /* True if `why_not` is reported even where nobody asked for the witness, since less is proved
     * without it. No function: it is not. */
    bool (*is_expected)(const struct witness_input *input);
    /* Collects facts of the system, of the binding, or of both: fills in up to WITNESS_EVIDENCE_MAX
     * pieces of evidence and returns how many; 0 after reporting to input->diag an environment that
     * cannot be used at all. */
    size_t (*collect)(const struct witness_input *input, struct evidence *list);
};

/* The rows; each is in the file that is named for it, behave in run.c.
 * clang    the headers, or the binding, as libclang reads them for the target
 * dwarf    the same as the target's own compiler lays them out, by an object's debug information
 * compile  every fact of the headers as an assertion that the target's compiler checks
 * dialect  the binding after preprocessing, in dialects of C and C++: the same text in all
 * run      the generated layout probe, built without libc, run by the machine or under qemu-user
 * behave   abi_probes/behave/SPEC.c, run in the same way: what the kernel does
 * call     abi_probes/call/SPEC.c, run in the same way: what the wrappers of the binding ask
 * link     the symbols of the headers' functions, looked for in the library by the target's linker
 * boot     the same programs as run and behave, on a real kernel under qemu-system */
extern const struct witness clang_witness, dwarf_witness, compile_witness, dialect_witness,
    run_witness, behave_witness, call_witness, link_witness, boot_witness;

/* Adds the message of a failed compiler as a remark `does-not-compile`: its first error, and
 * where. */
void remark_compiler(struct evidence *evidence, struct arena *arena, const char *errors);

/* The headers, or the binding, as libclang reads them for the target. An environment that cannot be
 * read (header missing or broken, spec naming what is not there) is reported to diag and gives
 * false; a broken binding is a remark in the evidence. */
bool witness_clang_system(struct evidence *evidence, const struct spec *spec,
                          const struct target *target, struct arena *arena, struct diag *diag);
bool witness_clang_binding(struct evidence *evidence, const struct spec *spec,
                           const struct target *target, const char *folder, struct arena *arena,
                           struct diag *diag);

/* The headers, or the binding, as the target's own compiler lays them out, read from the debug
 * information of an object that it makes. A spec that names what is not there
 * is reported to diag and gives false; what does not compile or cannot be read is a remark. */
bool witness_dwarf_system(struct evidence *evidence, const struct spec *spec,
                          const struct target *target, const struct workspace *workspace,
                          struct arena *arena, struct diag *diag);
bool witness_dwarf_binding(struct evidence *evidence, const struct spec *spec,
                           const struct target *target, const struct workspace *workspace,
                           struct arena *arena, struct diag *diag);

/* Every fact of `facts` as a compile-time assertion, built by the target's compiler
 * against the system's headers or the binding. Its facts are those asserted, with
 * what the compiler found instead where an assertion failed. */
void witness_compile(struct evidence *evidence, enum subject subject, const struct spec *spec,
                     const struct target *target, const struct facts *facts,
                     const struct workspace *workspace, struct arena *arena);

#endif
