/* leaves.h - the fields of a record that have no fields of their own, by bits and by names.
 *
 * In: the facts of one record, in which records within it are spelt out ("itimerspec.it_value",
 * "itimerspec.it_value.tv_sec"). Out: its leaves: first and last bit, whether the name says that it
 * is padding, and whether other fields of the system have the same bits.
 *
 * Design: what two declarations of a record share is the meaning of bits. How they nest, and what
 * they call a record or a union between the whole and a leaf, is their own choice; so everything
 * about a record is decided leaf by leaf. A union needs no mark: its arms are leaves that lie on
 * each other.
 */
#ifndef ABIPROOF_LEAVES_H
#define ABIPROOF_LEAVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/facts.h"

/* How a leaf of the system found what stands for it in a binding. */
enum leaf_match {
    LEAF_UNMATCHED,    /* nothing stands for it alone */
    LEAF_BY_NAME,      /* its name says so */
    LEAF_BY_PLACE,     /* only its bits say so */
    LEAF_NOT_COMPARED, /* its bytes are there, and the binding does not spell it: a block of bytes,
                          or another arm of a union */
    LEAF_OLDER,        /* the binding has padding there */
    LEAF_WRONG,        /* a finding is about it */
};

struct leaf {
    const struct fact *fact;
    size_t index;     /* of the fact in its facts */
    const char *path; /* "it_value.tv_sec": the name without the record's */
    int64_t first;    /* bit of the record, in the direction of the target's byte order */
    int64_t end;      /* the bit behind its last one; as `first` if the size is not known */
    int64_t
        group_first; /* bits of all leaves that lie on it, and on those, and so on: of a union */
    int64_t group_end;
    bool is_bits;     /* a bit-field */
    bool is_padding;  /* it, or a record that it lies in, has the name of padding */
    bool is_optional; /* an arm of a union: other leaves have its bits, or it lies in a union */
    enum leaf_match match;
    struct leaf *partner; /* with BY_NAME and BY_PLACE: the leaf of the other side, and the reverse
                           */
    bool is_used;         /* of a binding: it stands for something, alone or as a part */
    bool is_block;        /* of a binding: it has the name and the bits of a record of the system */
    bool is_moved;        /* of a binding: it has the name of a record that lies elsewhere */
};

/* All leaves of one record of one side. */
struct leaves {
    const char *record; /* its name */
    const struct facts *facts;
    size_t from, to;    /* its fields among the facts, with those that are no leaves */
    struct leaf *items; /* in the order of the facts */
    size_t n;
};

/* The leaves of the record: facts `from` to `to`, without it, are its fields. A field without bits
 * that is no array is no leaf, and one of unknown offset neither. */
void leaves_make(struct leaves *leaves, struct arena *arena, const struct facts *facts,
                 const char *record, size_t from, size_t to);

/* Reads the bits of a field into first, end and is_bits. False if it has none; those of an array
 * without elements end where they begin. */
bool leaf_read_bits(const struct fact *field, struct leaf *leaf);

/* True if the path names padding, or something within it. */
bool leaf_path_is_padding(struct arena *arena, const char *path);

/* ---- types of leaves ---- */

enum leaf_class {
    LEAF_INTEGER,
    LEAF_POINTER,
    LEAF_BOOL,
    LEAF_FLOAT,
    LEAF_ARRAY,  /* of scalars */
    LEAF_OPAQUE, /* a record, or an array of records: only its bytes are known */
    LEAF_OTHER,  /* what no language of the system's has: a scalar in another byte order */
};

/* What a type is. An array of one is its element. */
struct leaf_type {
    enum leaf_class class;
    const char *element;  /* of an array, else the type itself; without sizes */
    int64_t element_bits; /* of an integer or of an array's elements; 0 if not known */
    bool is_signed;
};
struct leaf_type leaf_type_of(struct arena *arena, const char *type);

#endif
