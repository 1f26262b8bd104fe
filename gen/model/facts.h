/* facts.h - what is known about an ABI, one line per fact.
 *
 * In: facts from any witness. Out: canonical text: sorted by bytes, LF, independent of locale, so
 * that headers, probes, objects and golden files compare with diff(1).
 *
 * Design: a fact is a kind, a name and a few attributes that stay TEXT. Comparing two witnesses is
 * then one loop over a table, and an attribute that a witness cannot see is simply missing.
 *
 *     abi x86_64-linux bits=64 endian=little align32=4 align64=8
 *     alias eventfd_t type=u64
 *     behaviour epoll.data-verbatim expected=0x706050403020100 got=0x706050403020100
 *     constant EPOLLIN value=0x1 type=u32
 *     field epoll_event.data offset=4 size=8 type=u64
 *     function epoll_create1 library=c symbol=epoll_create1 return=i32 params=i32
 *     record epoll_event size=12 align=1 kind=struct
 *     syscall epoll_create1 number=291 params=i32
 *
 * Types: u8 i8 ... u64 i64 (integers by width and sign), bool, f32 f64, u32be or u32le (where a
 * binding has a scalar in another byte order than the target), ptr (any data or function pointer),
 * void, struct:NAME union:NAME (a named record), struct union (an unnamed one, whose fields follow
 * as RECORD.FIELD.SUBFIELD, offsets from the start of RECORD), TYPE[N] arrays, TYPE[] a flexible
 * array. Scalars that have the bytes of an integer and are none: bool32 (true or false in 32 bits),
 * char32 (a character), biased32 (0 stands for the first number of a range), bitint20 (an integer
 * of 20 bits in more; bitint where the compiler does not say how many), fixed32, decimal32,
 * complex64; "?" is any other. Sizes, alignments and offsets are bytes, in decimal. A bit-field has bit=FIRST:COUNT,
 * FIRST counted from the byte at `offset` in the direction of the target's byte order, and no size.
 * An abi fact has the alignment of 32- and 64-bit integers inside a record.
 * Constants: hexadecimal when not negative, decimal when negative. Parameters: comma-separated,
 * `void` for none, `...` last for variadic. A fact may carry its source after ` # `, as in `#
 * linux/eventpoll.h:83`; it never counts in comparisons.
 */
#ifndef ABIPROOF_FACTS_H
#define ABIPROOF_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/index.h"
#include "base/str.h"

/* In the order of their names, which is the order of the text. */
enum fact_kind {
    FACT_ABI,
    FACT_ALIAS,
    FACT_BEHAVIOUR,
    FACT_CONSTANT,
    FACT_FIELD,
    FACT_FUNCTION,
    FACT_RECORD,
    FACT_SYSCALL,
    N_FACT_KINDS
};

enum { FACT_ATTRS_MAX = 4 };

/* Attribute positions, per kind, in the order they are written. */
enum { ABI_BITS, ABI_ENDIAN, ABI_ALIGN32, ABI_ALIGN64 };
enum { ALIAS_TYPE };
enum { BEHAVIOUR_EXPECTED, BEHAVIOUR_GOT };
enum { CONSTANT_VALUE, CONSTANT_TYPE };
enum { FIELD_OFFSET, FIELD_SIZE, FIELD_TYPE, FIELD_BIT };
enum { FUNCTION_LIBRARY, FUNCTION_SYMBOL, FUNCTION_RETURN, FUNCTION_PARAMS };
enum { RECORD_SIZE, RECORD_ALIGN, RECORD_KIND };
enum { SYSCALL_NUMBER, SYSCALL_PARAMS };

struct fact {
    enum fact_kind kind;
    const char *name;                 /* no spaces */
    const char *attr[FACT_ATTRS_MAX]; /* NULL: the witness cannot see it, or there is none */
    struct location where;            /* the header (as #include spells it) or file; may be
                                            empty */
};

/* All facts of one spec on one target, from one witness. Strings live in the arena.
 *
 * Items are added by the functions below alone; from then on a fact keeps its kind and name, while
 * its attributes and location may be set. Whoever adds keeps the index, and whoever only reads
 * writes nothing, so that threads may read the same facts. */
struct facts {
    struct arena *arena; /* set this, zero the rest */
    struct fact *items;
    size_t n;
    struct index index; /* items by kind and name; of several of one name, the first */
    size_t n_ordered;   /* so many items from the start on are in the order of kind and name */
};

/* Names of a kind ("field") and of its attributes ("offset", NULL past the last). */
const char *fact_kind_name(enum fact_kind kind);
const char *fact_kind_plural(enum fact_kind kind);
const char *fact_attr_name(enum fact_kind kind, int attr);

/* Appends a fact with no attributes yet; name is copied. The pointer is valid until the next add.
 */
struct fact *facts_add(struct facts *facts, enum fact_kind kind, const char *name);

/* Appends a fact with all that it has. Its strings are not copied: they must live as long as the
 * facts. The pointer is valid until the next add. */
struct fact *facts_push(struct facts *facts, struct fact fact);

/* Sets attribute `attr` of a fact from a number, or from text that is copied. */
void fact_set(struct facts *facts, struct fact *fact, int attr, const char *text);
void fact_set_number(struct facts *facts, struct fact *fact, int attr, int64_t number);
void fact_set_value(struct facts *facts, struct fact *fact, uint64_t bits, bool is_negative);

/* Reads a numeric attribute. Returns -1 when it is missing or not a number: none of them is
 * negative. */
int64_t fact_number(const struct fact *fact, int attr);

/* The attributes that the fact has, as bits: 1 << FIELD_SIZE. */
unsigned char fact_attrs_present(const struct fact *fact);

/* The bits of a bit-field: bit=FIRST:COUNT. False if it has no such attribute, or a bad one. */
bool fact_bits(const struct fact *field, int64_t *first, int64_t *count);

/* Finds a fact by kind and name, or by the first n_bytes of `name`: of several the first; NULL if
 * there is none. Facts need not be sorted. */
const struct fact *facts_find(const struct facts *facts, enum fact_kind kind, const char *name);
const struct fact *facts_find_bytes(const struct facts *facts, enum fact_kind kind,
                                    const char *name, size_t n_bytes);

/* What is behind "RECORD." in a name: "data.fd" of "epoll_event.data.fd" in "epoll_event". NULL if
 * the name does not start so. */
const char *field_name_in(const char *name, const char *record);

/* True for a field of the record, at any depth: "epoll_event.data" and "epoll_event.data.fd" are
 * fields of "epoll_event". *field (may be NULL) gets its name in there: "data", "data.fd". Of a
 * field of unnamed type, `record` is the name of that field: "epoll_event.data". */
bool fact_is_field_of(const struct fact *fact, const char *record, const char **field);

/* Goes through the fields of a record, at any depth, in the order of the facts. last: the field
 * before, NULL to get the first. field: as above. Returns NULL behind the last one. In sorted facts
 * the first is found by halving and the others follow it; else this looks at every fact. */
const struct fact *facts_next_field(const struct facts *facts, const char *record,
                                    const struct fact *last, const char **field);

/* The direct fields of a record by their offset, and where that is the same in the order of the
 * facts: "kevent.ident", not "kevent.ext.word". Returns how many; *fields is in the arena. */
size_t facts_fields(struct arena *arena, const struct facts *facts, const char *record,
                    const struct fact ***fields);

/* Sorts into canonical order. Exact duplicates (as two headers may define one name) are dropped. */
void facts_sort(struct facts *facts);

/* Appends the canonical text of one fact (no newline), or of all, one per line.
 * with_sources: also ` # header:line`. */
void fact_print(struct str *str, const struct fact *fact, bool with_sources);
void facts_print(struct str *str, const struct facts *facts, bool with_sources);

/* The canonical text of one fact, without its source. */
const char *fact_line(struct arena *arena, const struct fact *fact);

/* Reads canonical text; empty lines and lines that start with '#' are skipped. `file` names the
 * text in messages and becomes each fact's location. Returns false after reporting every bad line:
 * unknown kind, unknown or repeated attribute, missing '=', a fact given twice with different
 * attributes. */
bool facts_parse(struct facts *facts, const char *text, const char *file, struct diag *diag);

/* Checks what no ABI can break: fields inside their record, size a multiple of the alignment,
 * alignment a power of two, a field's record present. Reports each violation; false if any. */
bool facts_check(const struct facts *facts, struct diag *diag);

/* Bits, sign and class of a scalar type's name. */
struct scalar {
    int size_bytes; /* 0: not a scalar (void, records, arrays, "ptr" is given by the target) */
    bool is_signed;
    bool is_integer;
};
struct scalar scalar_of(const char *type);

#endif
