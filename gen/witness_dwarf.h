/* witness_dwarf.h - facts from the debug information of any object.
 *
 * In: a container and the names that are wanted. Out: the facts of those that are there. Whoever
 * made the object (our own probe unit, a binding in another language) decides what the names are;
 * here they are only looked up.
 */
#ifndef ABIPROOF_WITNESS_DWARF_H
#define ABIPROOF_WITNESS_DWARF_H

#include "container.h"
#include "facts.h"

/* A name to look for.
 *   FACT_RECORD    a struct or union by its tag, or by the typedef of one without a tag: its fact
 *                  (no alignment: DWARF has none) and those of its fields
 *   FACT_ALIAS     a typedef
 *   FACT_CONSTANT  an enumerator
 *   FACT_FUNCTION  a function, or a variable that points to one: result and parameters
 * `name` is as in the object, in a namespace optionally with it: "unix::epoll_event". */
struct dwarf_wish {
    enum fact_kind kind;
    const char *name;
    const char *as;  /* name of the fact */
    bool is_granted; /* set when it was found */
};

struct dwarf_source {
    const struct container *container; /* after container_debug */
    const char *const *include; /* folders to leave out of places, so that headers are named */
    unsigned n_include;         /* as #include does */
};

/* Adds the facts of the wishes that the object has, each once. *pointer_bits (may be NULL) gets the
 * width of an address. Returns false after reporting: damaged, split, or without types (-g1). */
bool dwarf_read(struct facts *facts, const struct dwarf_source *source, struct dwarf_wish *wishes,
                size_t n_wishes, int *pointer_bits, struct diag *diag);

#endif
