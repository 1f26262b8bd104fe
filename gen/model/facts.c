/* facts.c - facts to canonical text and back, and what no ABI can break.
 *
 * In: facts from a witness, or their text. Out: text whose lines are in the order of their bytes,
 * so that `LC_ALL=C sort` changes nothing. The one hard idea: the order is not defined again here,
 * it IS the order of the printed lines, so facts_sort prints each fact and compares what it
 * printed.
 */
#include "model/facts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One row per kind: its name, then its attributes in the order they are written. */
struct kind_row {
    const char *name;
    const char *attrs[FACT_ATTRS_MAX];
};

static const struct kind_row kinds[N_FACT_KINDS] = {
    [FACT_ABI] = {"abi", {"bits", "endian", "align32", "align64"}},
    [FACT_ALIAS] = {"alias", {"type"}},
    [FACT_BEHAVIOUR] = {"behaviour", {"expected", "got"}},
    [FACT_CONSTANT] = {"constant", {"value", "type"}},
    [FACT_FIELD] = {"field", {"offset", "size", "type", "bit"}},
    [FACT_FUNCTION] = {"function", {"library", "symbol", "return", "params"}},
    [FACT_RECORD] = {"record", {"size", "align", "kind"}},
    [FACT_SYSCALL] = {"syscall", {"number", "params"}},
};

const char *fact_kind_name(enum fact_kind kind)
{
    return kinds[kind].name;
}

const char *fact_attr_name(enum fact_kind kind, int attr)
{
    return attr >= 0 && attr < FACT_ATTRS_MAX ? kinds[kind].attrs[attr] : NULL;
}

/* ---- making and finding ---------------------------------------------------------------------- */

struct fact *facts_add(struct facts *facts, enum fact_kind kind, const char *name)
{
    struct fact fact = {.kind = kind, .name = arena_strdup(facts->arena, name)};
    ARENA_PUSH(facts->arena, facts->items, facts->n, fact);
    return &facts->items[facts->n - 1];
}

void fact_set(struct facts *facts, struct fact *fact, int attr, const char *text)
{
    fact->attr[attr] = arena_strdup(facts->arena, text);
}

void fact_set_number(struct facts *facts, struct fact *fact, int attr, int64_t number)
{
    fact->attr[attr] = arena_printf(facts->arena, "%" PRId64, number);
}

void fact_set_value(struct facts *facts, struct fact *fact, uint64_t bits, bool is_negative)
{
    fact->attr[CONSTANT_VALUE] = is_negative ? arena_printf(facts->arena, "%" PRId64, (int64_t)bits)
                                             : arena_printf(facts->arena, "0x%" PRIx64, bits);
}

/* Reads a decimal or 0x number that ends at the byte `stop`; *rest (may be NULL) gets where. */
static bool read_number(const char *text, char stop, int64_t *number, const char **rest)
{
    if (text[0] < '0' || text[0] > '9') /* strtoll(3) would take signs and spaces */
        return false;
    char *end;
    errno = 0;
    *number = strtoll(text, &end, str_starts(text, "0x") ? 16 : 10);
    if (rest)
        *rest = end;
    return errno == 0 && *end == stop;
}

int64_t fact_number(const struct fact *fact, int attr)
{
    int64_t number;
    const char *text = fact->attr[attr];
    return text && read_number(text, '\0', &number, NULL) ? number : -1;
}

unsigned char fact_attrs_present(const struct fact *fact)
{
    unsigned present = 0;

    for (int i = 0; i < FACT_ATTRS_MAX; i++)
        present |= (fact->attr[i] != NULL ? 1U : 0U) << i;
    return (unsigned char)present;
}

/* A scan: it is right before facts_sort as well, and a spec has hundreds of facts, not millions. */
const struct fact *facts_find(const struct facts *facts, enum fact_kind kind, const char *name)
{
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->items[i];
        if (fact->kind == kind && strcmp(fact->name, name) == 0)
            return fact;
    }
    return NULL;
}

/* ---- printing and order ---------------------------------------------------------------------- */

void fact_print(struct str *str, const struct fact *fact, bool with_sources)
{
    str_add(str, kinds[fact->kind].name);
    str_add_char(str, ' ');
    str_add(str, fact->name);
    for (int i = 0; i < FACT_ATTRS_MAX; i++) {
        if (fact->attr[i])
            str_addf(str, " %s=%s", kinds[fact->kind].attrs[i], fact->attr[i]);
    }
    if (with_sources && fact->where.file) {
        str_addf(str, " # %s", fact->where.file);
        if (fact->where.line > 0)
            str_addf(str, ":%d", fact->where.line);
    }
}

void facts_print(struct str *str, const struct facts *facts, bool with_sources)
{
    for (size_t i = 0; i < facts->n; i++) {
        fact_print(str, &facts->items[i], with_sources);
        str_add_char(str, '\n');
    }
}

static const char *line_of(struct arena *arena, const struct fact *fact)
{
    struct str str = {.arena = arena};
    fact_print(&str, fact, false);
    return str_text(&str);
}

struct printed {
    const char *line;
    struct fact fact;
    size_t index; /* before sorting: of duplicates the first stays, so its source is the one kept */
};

static int compare_printed(const void *a, const void *b)
{
    const struct printed *left = a;
    const struct printed *right = b;
    int order = strcmp(left->line, right->line);
    return order ? order : (left->index > right->index) - (left->index < right->index);
}

void facts_sort(struct facts *facts)
{
    if (facts->n == 0)
        return;
    struct arena arena = {0};
    struct printed *rows = arena_alloc(&arena, facts->n * sizeof *rows);
    for (size_t i = 0; i < facts->n; i++) {
        struct fact fact = facts->items[i];
        rows[i] = (struct printed){.line = line_of(&arena, &fact), .fact = fact, .index = i};
    }
    qsort(rows, facts->n, sizeof *rows, compare_printed);

    size_t n_kept = 0;
    for (size_t i = 0; i < facts->n; i++) {
        if (i == 0 || strcmp(rows[i].line, rows[i - 1].line) != 0)
            facts->items[n_kept++] = rows[i].fact;
    }
    facts->n = n_kept;
    arena_release(&arena);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* "a record", "an abi": kinds are named in the middle of messages. */
static const char *a_kind(struct arena *arena, enum fact_kind kind)
{
    const char *name = kinds[kind].name;
    return arena_printf(arena, "%s %s", strchr("aeiou", name[0]) ? "an" : "a", name);
}

static bool kind_named(const char *name, enum fact_kind *kind)
{
    for (int i = 0; i < N_FACT_KINDS; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *kind = (enum fact_kind)i;
            return true;
        }
    }
    return false;
}

/* Returns the position of the attribute whose name is the first n_bytes of text; -1 if unknown. */
static int attr_named(enum fact_kind kind, const char *text, size_t n_bytes)
{
    for (int i = 0; i < FACT_ATTRS_MAX && kinds[kind].attrs[i]; i++) {
        const char *name = kinds[kind].attrs[i];
        if (strlen(name) == n_bytes && memcmp(name, text, n_bytes) == 0)
            return i;
    }
    return -1;
}

static void report_unknown_kind(struct diag *diag, struct place place, const char *name)
{
    struct str known = {.arena = diag->text.arena};
    for (int i = 0; i < N_FACT_KINDS; i++)
        str_addf(&known, " %s", kinds[i].name);
    diag_error(diag, place, "unknown kind '%s' of a fact; known:%s", name, str_text(&known));
}

static void report_unknown_attr(struct diag *diag, struct place place, enum fact_kind kind,
                                const char *piece, size_t n_bytes)
{
    struct str known = {.arena = diag->text.arena};
    for (int i = 0; i < FACT_ATTRS_MAX && kinds[kind].attrs[i]; i++)
        str_addf(&known, " %s", kinds[kind].attrs[i]);
    diag_error(diag, place, "unknown attribute '%.*s' of %s fact; known:%s", (int)n_bytes, piece,
               a_kind(known.arena, kind), str_text(&known));
}

/* Reads one `attribute=value` piece into the fact. */
static bool parse_attr(struct fact *fact, const char *piece, struct diag *diag)
{
    const char *equals = strchr(piece, '=');
    if (!equals) {
        diag_error(diag, fact->where, "missing '=' in %s fact: expected ATTRIBUTE=VALUE, got '%s'",
                   a_kind(diag->text.arena, fact->kind), piece);
        return false;
    }
    size_t n_bytes = (size_t)(equals - piece);
    int attr = attr_named(fact->kind, piece, n_bytes);
    if (attr < 0) {
        report_unknown_attr(diag, fact->where, fact->kind, piece, n_bytes);
        return false;
    }
    if (fact->attr[attr]) {
        diag_error(diag, fact->where,
                   "repeated attribute '%s' of %s fact: expected it once, got '%s' and '%s'",
                   kinds[fact->kind].attrs[attr], a_kind(diag->text.arena, fact->kind),
                   fact->attr[attr], equals + 1);
        return false;
    }
    fact->attr[attr] = equals + 1;
    return true;
}

/* Refuses what would survive in a value unseen, such as the CR of a file that passed an editor. */
static bool check_bytes(const char *line, struct place place, struct diag *diag)
{
    for (const char *c = line; *c; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f) {
            diag_error(diag, place,
                       "unexpected byte 0x%02x: expected printable text, single spaces and LF",
                       (unsigned)(unsigned char)*c);
            return false;
        }
    }
    return true;
}

/* Reads one line, which is cut up and must outlive the fact. Returns false after reporting. */
static bool parse_line(struct fact *fact, char *line, struct diag *diag)
{
    if (!check_bytes(line, fact->where, diag))
        return false;
    char *rest;
    const char *kind = strtok_r(line, " ", &rest);
    if (!kind_named(kind, &fact->kind)) {
        report_unknown_kind(diag, fact->where, kind);
        return false;
    }
    fact->name = strtok_r(NULL, " ", &rest);
    const char *name = fact->name ? fact->name : "end of line";
    const char *equals = strchr(name, '=');
    if (!fact->name || strcmp(name, "#") == 0 ||
        (equals && attr_named(fact->kind, name, (size_t)(equals - name)) >= 0)) {
        diag_error(diag, fact->where, "missing name of %s fact: expected '%s NAME', got '%s'",
                   a_kind(diag->text.arena, fact->kind), kind, name);
        return false;
    }
    const char *piece;
    while ((piece = strtok_r(NULL, " ", &rest)) && strcmp(piece, "#") != 0) {
        if (!parse_attr(fact, piece, diag))
            return false;
    }
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const struct fact *left = *(const struct fact *const *)a;
    const struct fact *right = *(const struct fact *const *)b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    int order = strcmp(left->name, right->name);
    return order ? order : (left > right) - (left < right);
}

static bool check_same(const struct fact *first, const struct fact *second, struct diag *diag)
{
    const char *expected = line_of(diag->text.arena, first);
    const char *got = line_of(diag->text.arena, second);
    if (strcmp(expected, got) == 0)
        return true;
    diag_error(diag, second->where, "%s '%s' given twice: expected '%s' as before, got '%s'",
               kinds[first->kind].name, first->name, expected, got);
    return false;
}

/* Checks that facts of one kind and name are equal, by sorting so that they are neighbours. */
static bool check_repeats(const struct facts *facts, struct diag *diag)
{
    struct arena arena = {0};
    const struct fact **order = arena_alloc(&arena, facts->n * sizeof *order);
    for (size_t i = 0; i < facts->n; i++)
        order[i] = &facts->items[i];
    qsort(order, facts->n, sizeof *order, compare_names);

    bool is_good = true;
    for (size_t i = 1; i < facts->n; i++) {
        const struct fact *first = order[i - 1];
        if (first->kind == order[i]->kind && strcmp(first->name, order[i]->name) == 0)
            is_good &= check_same(first, order[i], diag);
    }
    arena_release(&arena);
    return is_good;
}

bool facts_parse(struct facts *facts, const char *text, const char *file, struct diag *diag)
{
    bool is_good = true;
    struct place place = {.file = arena_strdup(facts->arena, file)};
    while (*text) {
        size_t n_bytes = strcspn(text, "\n");
        place.line++;
        if (text[0] != '#' && strspn(text, " ") < n_bytes) {
            struct fact fact = {.where = place};
            char *line = arena_strndup(facts->arena, text, n_bytes);
            if (parse_line(&fact, line, diag))
                ARENA_PUSH(facts->arena, facts->items, facts->n, fact);
            else
                is_good = false;
        }
        text += n_bytes + (text[n_bytes] == '\n');
    }
    return check_repeats(facts, diag) && is_good;
}

/* ---- checking -------------------------------------------------------------------------------- */

/* Reads an attribute that must be a number. Returns 1, 0 when it is absent (which is fine: the
 * witness cannot say), or -1 after reporting that it is something else. */
static int read_attr(const struct fact *fact, int attr, int64_t *number, struct diag *diag)
{
    *number = fact_number(fact, attr);
    if (*number >= 0)
        return 1;
    if (!fact->attr[attr])
        return 0;
    diag_error(diag, fact->where, "bad %s of %s '%s': expected a number of bytes, got '%s'",
               kinds[fact->kind].attrs[attr], kinds[fact->kind].name, fact->name, fact->attr[attr]);
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
    if (!bit)
        return read_attr(field, FIELD_SIZE, size, diag);
    int64_t first, count;
    const char *colon;
    if (!read_number(bit, ':', &first, &colon) || !read_number(colon + 1, '\0', &count, NULL) ||
        count == 0) {
        diag_error(diag, field->where,
                   "bad bits of field '%s': expected FIRST:COUNT with COUNT above 0, got '%s'",
                   field->name, bit);
        return -1;
    }
    *size = first / 8 + count / 8 + (first % 8 + count % 8 + 7) / 8; /* the sum may overflow */
    return 1;
}

/* The innermost thing that a field lies in, as bytes of its record. */
struct container {
    const struct fact *fact; /* a record, or a field of unnamed struct type; NULL: none was found */
    int64_t start;
    int64_t end; /* -1: not known */
};

/* Finds what 'R.a.b' lies in: field 'R.a' if its extent is known, else record 'R'. *has_record says
 * whether any prefix is a record. */
static struct container find_container(const struct facts *facts, const char *name,
                                       bool *has_record)
{
    struct arena arena = {0};
    struct container found = {.end = -1};
    char *prefix = arena_strdup(&arena, name);
    char *dot;
    *has_record = false;
    while (!*has_record && (dot = strrchr(prefix, '.'))) {
        *dot = '\0';
        const struct fact *record = facts_find(facts, FACT_RECORD, prefix);
        const struct fact *field = facts_find(facts, FACT_FIELD, prefix);
        *has_record = record != NULL;
        if (found.fact)
            continue;
        if (record) {
            found = (struct container){.fact = record, .end = fact_number(record, RECORD_SIZE)};
        } else if (field && fact_number(field, FIELD_OFFSET) >= 0 &&
                   fact_number(field, FIELD_SIZE) >= 0) {
            int64_t start = fact_number(field, FIELD_OFFSET);
            int64_t end;
            /* Beyond the end of numbers: that field is reported itself. */
            if (!__builtin_add_overflow(start, fact_number(field, FIELD_SIZE), &end))
                found = (struct container){.fact = field, .start = start, .end = end};
        }
    }
    arena_release(&arena);
    return found;
}

static bool check_field(const struct facts *facts, const struct fact *field, struct diag *diag)
{
    bool has_record;
    struct container in = find_container(facts, field->name, &has_record);
    if (!has_record) {
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
               field->name, kinds[in.fact->kind].name, in.fact->name, in.start, in.end, offset,
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

/* ---- types ----------------------------------------------------------------------------------- */

struct scalar scalar_of(const char *type)
{
    static const struct {
        const char *name;
        struct scalar scalar;
    } scalars[] = {
        {"u8", {1, false, true}},  {"i8", {1, true, true}},   {"u16", {2, false, true}},
        {"i16", {2, true, true}},  {"u32", {4, false, true}}, {"i32", {4, true, true}},
        {"u64", {8, false, true}}, {"i64", {8, true, true}},  {"bool", {1, false, true}},
        {"f32", {4, true, false}}, {"f64", {8, true, false}},
    };
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        if (strcmp(scalars[i].name, type) == 0)
            return scalars[i].scalar;
    }
    return (struct scalar){0};
}
