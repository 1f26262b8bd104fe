/* verify.h - anybody's compiled binding compared with the kernel.
 *
 * In: an object with debug information, and which of its names stand for which of the kernel's.
 * Out: per name what agrees and what does not. Design: the object is one more witness. Its facts
 * are read under the kernel's names, and the judge that compares all witnesses compares them too;
 * only the names, and what fills the same bytes, are the binding's own choice.
 */
#ifndef ABIPROOF_VERIFY_H
#define ABIPROOF_VERIFY_H

#include "base/grouping.h"
#include "object/container.h"
#include "object/dwarf.h"
#include "judge/judge.h"
#include "model/homonym.h"
#include "model/language.h"
#include "verify/reference.h"

/* "THEIRS=OURS": a name in the object, and the name of the kernel's that it stands for. */
struct verify_map {
    const char *theirs;    /* "poll.Event", "var:NAME", "poll.Event.Fd" */
    const char *ours;      /* "epoll_event", "EPOLLIN", "epoll_ctl", "syscall:NAME",
                                    "const:NAME", "epoll_event.data" */
    struct location where; /* where it is written; no file: on the command line */
};

/* Reads "THEIRS=OURS", or "NAME" for a name that both sides use. Returns false after reporting. */
bool verify_map_read(struct verify_map *map, struct arena *arena, const char *text,
                     struct location where, struct diag *diag);

/* What to verify, the same for all objects. */
struct verify_request {
    const struct targets *targets; /* the whole table */
    const struct specs *specs;     /* that are looked at */
    const struct target *target;   /* what the objects are for; NULL: they say it themselves */
    struct verify_map *maps;
    size_t n_maps;
    const struct reference_headers *headers; /* further headers: what they declare is looked for,
                                                too */
    size_t n_headers;
    const char *const *packages; /* own names are looked for in one of these, 0: everywhere */
    size_t n_packages;
    const char *const *complete; /* specs of which every record and constant must be there */
    size_t n_complete;
    const char *const *complete_enums; /* the same of enumerations of the headers */
    size_t n_complete_enums;
    const struct homonyms
        *homonyms; /* to say which struct of a name was meant; NULL: nobody asks */
    const struct languages *languages; /* to say what a compiler leaves out; NULL: nobody asks */
    /* Of a binding of our own: how it spells the kernel's names, and which kinds of facts it must
     * have all of, whosever name they have. NULL: anybody's. Several objects of our own may be
     * verified at once, each with references of its own. */
    const struct language *language;
    struct workspace workspace;
};

/* What stands for one thing of the kernel's in several places: a system call is a number and the
 * function that makes it, few compilers write the alignment of a record with the record, and what
 * an alias stands for is the type of something. */
enum verify_view {
    VIEW_USUAL,     /* a record, a constant, a function, the number of a system call */
    VIEW_WRAPPER,   /* a function: the parameters of a system call */
    VIEW_ALIGNMENT, /* a constant: the alignment of a record */
    VIEW_ALIAS,     /* a constant: its type is what an alias stands for */
    VIEW_ENUM,      /* an enumeration of headers, by its tag or a typedef: its constants */
};

/* One thing of the binding that stands for one of the kernel's. */
struct verify_item {
    enum fact_kind kind; /* FACT_RECORD, FACT_ALIAS, FACT_CONSTANT, FACT_FUNCTION or FACT_SYSCALL;
                            FACT_FIELD for one that a map names and the binding lacks */
    const char *theirs;  /* as it is queried */
    const char *found;   /* qualified, as in the object; NULL if it is not there */
    const char *ours;
    size_t place;             /* in the order in which the object has what was found */
    bool is_mapped;           /* a map names it: it is looked for by exactly this name */
    bool takes_own;           /* nothing else has the name, so a language's own may be meant */
    bool is_exact;            /* of a header: found as it is written there */
    bool is_whole;            /* theirs is a qualified name that was seen: only that is meant */
    unsigned parameter;       /* not 0: a record that is looked for as what this parameter of a
                                function points to, from 1; its name is whatever it is */
    size_t function;          /* with parameter: the index of the function's item */
    const char *record;       /* with parameter: only a record of this name; NULL: any */
    bool is_declared;         /* with parameter: it was seen only declared, so it is looked for by
                                its name after all */
    enum verify_view view;    /* which of its attributes the object shows under this name */
    const char *why;          /* it stands for ours, if not by its name or a map: "parameter 2 of
                                epoll_wait"; else NULL */
    const char *missing_text; /* what is expected then; NULL: its name */
    const char *missing_kind; /* of the finding if it is not there; NULL: then it is no item */
    struct reference_part *part; /* NULL: this target has no such thing */
    struct facts expected;       /* of the kernel's: the abi and everything of the item */
    struct facts got;            /* the binding's, under the kernel's names */
    unsigned char *agreed;       /* per fact of `expected`, attributes in which both sides agree;
                                    NULL: nothing was compared */
    size_t n_facts;              /* that were compared and agree */
    size_t n_by_place;           /* fields of which only the place says what they are */
    size_t n_unseen;             /* fields that were not compared in everything */
    const char *unseen;          /* fields that were not compared, and of which only offset and size
                                    were, as a text; "" if there are none */
    const char *homonym;         /* which struct of several of its name it was compared with, as a
                                    text; NULL: there is one */
    struct findings findings;
};

/* What belongs to a language itself, and is in everybody's program. */
struct verify_passed_over {
    const struct language *language;
    struct grouping names;    /* kind and name of ours */
    struct grouping packages; /* "syscall" */
};

/* Something that was asked for and could not be compared, or that the object does not show. */
struct verify_unchecked {
    const char *name;             /* "OP_NEW as IORING_OP_NEW" */
    const char *text;             /* why */
    const struct verify_map *map; /* that asked for it; NULL: none did */
    size_t n_passed_over;         /* names that a language's own packages have; 0: else */
    size_t n_unseen;              /* names of a spec that the object does not show; 0: else */
    const char *names;            /* these names; NULL: else */
};

struct verification {
    const char *path; /* of the object */
    struct arena *arena;
    struct diag *diag;
    struct container container; /* while the object is read */
    const struct target *target;
    const struct language *language; /* as in the request */
    const struct languages *languages;
    struct reference *reference;
    struct verify_item *items; /* those that are asked for, and others that were found */
    size_t n_items;
    struct verify_item *namesakes; /* of items, while those are read */
    size_t n_namesakes;
    struct dwarf_unit *units; /* that the object was made of */
    size_t n_units;
    struct verify_unchecked *unchecked;
    size_t n_unchecked;
    struct verify_passed_over *passed_over; /* one per language */
    size_t n_passed_over;
    struct grouping looked_for;     /* kind, name of ours and name of theirs that an item is for */
    bool *is_used;                  /* one per map: it is for a field that the binding has */
    struct grouping mapped_records; /* records that maps of fields are for */
    struct verify_field_maps {
        size_t *numbers; /* of the maps */
        size_t n;
    } *field_maps; /* by number of the record */
    size_t n_field_maps;
    bool *is_package_used; /* one per package of the request: the object has something in it */
};

/* References that were loaded, one per target. */
struct references {
    struct arena *arena;
    struct reference **items;
    size_t n;
};

/* Verifies the object at path. Returns false after reporting: it cannot be read, or nobody knows
 * what it is for. */
bool verify(struct verification *verification, const struct verify_request *request,
            struct references *references, const char *path, struct arena *arena,
            struct diag *diag);

/* The target of an object, by its machine and what else the file says. Where nothing in it tells its
 * system, it is taken for Linux's, and a notice says so. Returns NULL after reporting. */
const struct target *verify_target(const struct container *container, const struct targets *targets,
                                   struct arena *arena, struct diag *diag);

/* True if the object is for the target's machine, width and byte order, in the format of its system,
 * and for that system where the file says one. Reports if not: such an object proves nothing of the
 * target. */
bool verify_target_fits(const struct container *container, const struct targets *targets,
                        const struct target *target, struct arena *arena, struct diag *diag);

#endif
