/* facts_check.c - what no ABI can break; see facts.h.
 *
 * In: facts. Out: messages about those that no compiler can have meant. Design: what a field lies
 * in need not be its record. A field of unnamed struct type holds the fields whose names go on
 * behind its own, and bounds them more tightly than the record does.
 */
#include <inttypes.h>
#include <string.h>

#include "model/facts.h"

/* Reads an attribute that must be a number. Returns 1, 0 when it is missing (which is fine: the
 * witness cannot see it), or -1 after reporting that it is something else. */
static int read_attr(const struct fact *fact, int attr, int64_t *number, struct diag *diag)
{
    *number = fact_number(fact, attr);
    if (*number >= 0)
        return 1;
    if (fact->attr[attr] == NULL)
        return 0;
    diag_error(diag, fact->where, "bad %s of %s '%s': expected a number of bytes, got '%s'",
               fact_attr_name(fact->kind, attr), fact_kind_name(fact->kind), fact->name,
               fact->attr[attr]);
    return -1;
}

static bool check_record(const struct fact *record, struct diag *diag)
{
    int64_t size, align;
    int has_size = read_attr(record, RECORD_SIZE, &size, diag);
    int has_align = read_attr(record, RECORD_ALIGN, &align, diag);
    if (has_align == 1 && (align == 0 || (align & (align - 1)) != 0)) {
        diag_error(diag, record->where,
                   "bad alignment of record '%s': expected a power of two, got %" PRId64,
                   record->name, align);
        return false;
    }
    if (has_size == 1 && has_align == 1 && size % align != 0) {
        diag_error(diag, record->where,
                   "bad size of record '%s': expected a multiple of its alignment %" PRId64
                   ", got %" PRId64,
                   record->name, align, size);
        return false;
    }
    return has_size >= 0 && has_align >= 0;
}

/* Reads how many bytes from its offset on a field covers. Results as for read_attr. */
static int read_extent(const struct fact *field, int64_t *size, struct diag *diag)
{
    const char *bit = field->attr[FIELD_BIT];

    if (bit == NULL)
        return read_attr(field, FIELD_SIZE, size, diag);
    int64_t count;
    int64_t first;
    if (!fact_bits(field, &first, &count)) {
        diag_error(diag, field->where,
                   "bad bits of field '%s': expected FIRST:COUNT with COUNT above 0, got '%s'",
                   field->name, bit);
        return -1;
    }
    *size = first / 8 + count / 8 + (first % 8 + count % 8 + 7) / 8; /* the sum may overflow */
    return 1;
}

/* The innermost thing that a field lies in, as bytes of its record. */
struct bounds {
    const struct fact *fact; /* a record, or a field of unnamed struct type; NULL: none was found */
    int64_t start;
    int64_t end; /* -1: not known */
};

/* The prefix of a name that ends before its last dot, among the first n_bytes; 0: there is none. */
static size_t outer_bytes(const char *name, size_t n_bytes)
{
    const char *dot = memrchr(name, '.', n_bytes);

    return dot != NULL ? (size_t)(dot - name) : 0;
}

/* True if what is before a dot of the name is a record. The shortest such prefix nearly always
 * is. */
static bool has_record(const struct facts *facts, const char *name)
{
    for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
        if (facts_find_bytes(facts, FACT_RECORD, name, (size_t)(dot - name)) != NULL)
            return true;
    return false;
}

/* What 'R.a.b' lies in: field 'R.a' if its extent is known, else record 'R'. */
static struct bounds find_bounds(const struct facts *facts, const char *name)
{
    for (size_t n = outer_bytes(name, strlen(name)); n > 0; n = outer_bytes(name, n)) {
        const struct fact *record = facts_find_bytes(facts, FACT_RECORD, name, n);
        const struct fact *field = facts_find_bytes(facts, FACT_FIELD, name, n);
        if (record != NULL)
            return (struct bounds){.fact = record, .end = fact_number(record, RECORD_SIZE)};
        if (field == NULL)
            continue;
        int64_t start = fact_number(field, FIELD_OFFSET);
        int64_t size = fact_number(field, FIELD_SIZE);
        int64_t end;
        if (size <= 0 && field->attr[FIELD_TYPE] != NULL &&
            strchr(field->attr[FIELD_TYPE], '[') != NULL)
            break; /* an array without bounds: its first element is behind the record */
        /* Beyond the end of numbers: that field is reported itself. */
        if (start >= 0 && size >= 0 && !__builtin_add_overflow(start, size, &end))
            return (struct bounds){.fact = field, .start = start, .end = end};
    }
    return (struct bounds){.end = -1};
}

static bool check_field(const struct facts *facts, const struct fact *field, struct diag *diag)
{
    struct bounds in = find_bounds(facts, field->name);
    if (!has_record(facts, field->name)) {
        diag_error(diag, field->where,
                   "no record for field '%s': expected a record fact for what is before a dot",
                   field->name);
        return false;
    }
    int64_t offset, size;
    int has_offset = read_attr(field, FIELD_OFFSET, &offset, diag);
    int has_size = read_extent(field, &size, diag);
    if (has_offset < 0 || has_size < 0)
        return false;
    if (has_offset == 0 || in.end < 0)
        return true;
    if (has_size == 0)
        size = 0;
    if (offset >= in.start && offset <= in.end && size <= in.end - offset)
        return true;
    diag_error(diag, field->where,
               "field '%s' does not fit in %s '%s': expected it within bytes %" PRId64
               " to %" PRId64 ", got offset %" PRId64 " and %" PRId64 " bytes",
               field->name, fact_kind_name(in.fact->kind), in.fact->name, in.start, in.end, offset,
               size);
    return false;
}

bool facts_check(const struct facts *facts, struct diag *diag)
{
    bool is_good = true;
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind == FACT_RECORD)
            is_good &= check_record(fact, diag);
        else if (fact->kind == FACT_FIELD)
            is_good &= check_field(facts, fact, diag);
    }
    return is_good;
}
