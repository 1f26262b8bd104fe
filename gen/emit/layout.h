/* layout.h - the records of a binding, as members that a compiler cannot put elsewhere.
 *
 * In: the facts of a record on one target, and how the spec models its fields. Out: the members
 * that a binding declares, in the order of their offsets, with every hole filled by a pad; the same
 * for all languages. An emitter walks the members and spells them.
 *
 * Design: no layout may need a packed attribute or an unaligned access. A field modelled as words
 * becomes two u32 members, what the system leaves empty becomes a member of its own, and fields
 * that share bytes stand in one cluster, which a language writes as a union. So each member lies on
 * its own alignment, and no compiler has a hole left to fill in its own way.
 *
 * What an emitter does with it:
 *
 *     struct layout layout = layout_make(arena, on, spec, record);
 *     for (size_t i = 0; i < layout.n; i = layout_cluster_end(&layout, i)) {
 *         if (layout_cluster_end(&layout, i) == i + 1)
 *             ...the member layout.members[i];
 *         else
 *             ...a union of the members up to there, each pushed to its offset;
 *     }
 *
 * then asserts in its own language that the record has layout.size_bytes bytes, the alignment
 * layout.align, and each member at its offset_bytes.
 */
#ifndef ABIPROOF_LAYOUT_H
#define ABIPROOF_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emit/emit.h"

/* ---- types ---- */

enum layout_kind {
    LAYOUT_INTEGER, /* of size_bytes and is_signed */
    LAYOUT_POINTER, /* to data or to a function; size_bytes is the target's */
    LAYOUT_RECORD,  /* another record of the spec, `record` */
    LAYOUT_OTHER,   /* floating point, bool, a record without a name: `text` says which */
};

/* The bound of a flexible array, which has as many elements as its bytes hold. */
enum { LAYOUT_FLEXIBLE = -1 };

/* The type of a member, an alias or a constant. */
struct layout_type {
    enum layout_kind kind;
    int size_bytes; /* of one element; 0 for LAYOUT_RECORD and LAYOUT_OTHER */
    bool is_signed;
    const char *record;    /* "timespec"; NULL unless LAYOUT_RECORD */
    bool is_union;         /* the record is one */
    const int64_t *bounds; /* of an array, the outermost first; LAYOUT_FLEXIBLE for [] */
    size_t n_bounds;       /* 0: no array */
    const char *text;      /* as facts have it, for messages: "u64[2]" */
};

/* Takes the type of a fact apart ("u64[2]", "ptr", "struct:timespec") for the target. Everything in
 * the arena. */
struct layout_type layout_type(struct arena *arena, const char *text, const struct target *target);

/* ---- records ---- */

/* What of the kernel's record a member stands for. */
enum layout_part {
    LAYOUT_FIELD, /* a field as it is */
    LAYOUT_LOW,   /* the lower 32 bits of a field that the spec models as words, NAME_lo */
    LAYOUT_HIGH,  /* the upper ones, NAME_hi: on a big-endian target they come first */
    LAYOUT_PAD,   /* nothing: bytes that the system leaves empty, pad, pad2, ... */
};

struct layout_member {
    const char *name;
    enum layout_part part;
    const struct spec_field *field; /* NULL for a pad, and where the spec names no such field */
    struct layout_type type;
    int64_t offset_bytes; /* from the start of the record */
    int64_t size_bytes;   /* of the whole member; 0 for a flexible array */
    int64_t align;   /* that the type has on the target, in bytes; offset_bytes is a multiple */
    const char *doc; /* one line, also for a pad */
    size_t cluster;  /* members of one number share bytes; they follow each other */
};

struct layout {
    const struct spec_record *record;
    bool is_union; /* the record itself is one: all members are one cluster, at offset 0 */
    struct layout_member *members;
    size_t n;
    int64_t size_bytes;   /* of the record */
    int64_t system_align; /* as the system's compiler has it: 1 for a packed struct */
    int64_t member_align; /* as the members alone make it, without an attribute; 0: no members */
    int64_t align;        /* that the declaration must have: the greater one. sparc64's kernel
                             refuses an epoll_event at any other place than a multiple of 8 */

    /* The first field that no binding can have in this shape, and why; NULL if there is none. An
     * emitter reports it and writes nothing: its own obstacles, types that the language lacks, come
     * after these. */
    const char *obstacle_field;
    const char *obstacle; /* "is a bit-field, which bindings cannot express yet" */
};

/* Lays out a record of the spec, which the facts must have. Everything in the arena. */
struct layout layout_make(struct arena *arena, const struct emit_on *on, const struct spec *spec,
                          const struct spec_record *record);

/* A record of a spec: what a text of it is made of, for groups_make. */
struct layout_record {
    const struct spec *spec;
    const struct spec_record *record;
};

/* The same as layout_make. */
struct layout layout_on(struct arena *arena, const struct emit_on *on,
                        const struct layout_record *record);

/* Why a language cannot have this member, "has the type 'f64', which ..."; NULL if it can. */
typedef const char *layout_obstacle_fn(struct arena *arena, const struct layout_member *member);

/* Reports the first field of the record on any target that no binding can have, or that `obstacle`,
 * unless it is NULL, refuses. Returns false if there is one. */
bool layout_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                             layout_obstacle_fn *obstacle, struct arena *arena, struct diag *diag);

/* The index behind the last member that shares bytes with member i: i + 1 if none does. */
size_t layout_cluster_end(const struct layout *layout, size_t i);

#endif
