/* facts.c - lists of facts: adding, finding, fields of records, printing, order; see facts.h.
 *
 * In: facts from a witness. Out: text whose lines are in the order of their bytes, so that
 * `LC_ALL=C sort` changes nothing. Design: the order is not defined again here, it IS the order of
 * the printed lines, so facts_sort prints each fact and compares what it printed. Since no byte of
 * a usual name comes before the space that ends it in a line, that is the order of kinds and names
 * too, and the fields of a record are found by halving.
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

const char *fact_kind_plural(enum fact_kind kind)
{
    static const char *const plurals[N_FACT_KINDS] = {
        [FACT_ABI] = "abis",           [FACT_ALIAS] = "aliases",    [FACT_BEHAVIOUR] = "behaviours",
        [FACT_CONSTANT] = "constants", [FACT_FIELD] = "fields",     [FACT_FUNCTION] = "functions",
        [FACT_RECORD] = "records",     [FACT_SYSCALL] = "syscalls",
    };

    return plurals[kind];
}

const char *fact_attr_name(enum fact_kind kind, int attr)
{
    return attr >= 0 && attr < FACT_ATTRS_MAX ? kinds[kind].attrs[attr] : NULL;
}

/* ---- making and finding ---------------------------------------------------------------------- */

/* A name that is looked for. */
struct wanted {
    const struct facts *facts;
    enum fact_kind kind;
    const char *name;
    size_t n_bytes;
};

static bool is_wanted(const void *context, size_t position)
{
    const struct wanted *wanted = context;
    const struct fact *fact = &wanted->facts->items[position];

    return fact->kind == wanted->kind && strncmp(fact->name, wanted->name, wanted->n_bytes) == 0 &&
           fact->name[wanted->n_bytes] == '\0';
}

static size_t find_position(const struct facts *facts, enum fact_kind kind, const char *name,
                            size_t n_bytes, uint64_t *hash)
{
    struct wanted wanted = {facts, kind, name, n_bytes};

    *hash = index_hash(kind, name, n_bytes);
    return index_find(&facts->index, *hash, is_wanted, &wanted);
}

/* In the order of the text: a space, which ends a name there, comes before all that is in one. */
static int compare_names(const struct fact *a, const struct fact *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Takes item `position`, the first that is not known yet, into the index and the order. */
static void learn(struct facts *facts, size_t position)
{
    const struct fact *fact = &facts->items[position];
    uint64_t hash;

    if (find_position(facts, fact->kind, fact->name, strlen(fact->name), &hash) == INDEX_NONE)
        index_add(&facts->index, facts->arena, hash, position);
    if (facts->n_ordered == position && (position == 0 || compare_names(fact - 1, fact) <= 0))
        facts->n_ordered++;
}

struct fact *facts_push(struct facts *facts, struct fact fact)
{
    ARENA_PUSH(facts->arena, facts->items, facts->n, fact);
    learn(facts, facts->n - 1);
    return &facts->items[facts->n - 1];
}

struct fact *facts_add(struct facts *facts, enum fact_kind kind, const char *name)
{
    return facts_push(facts, (struct fact){.kind = kind, .name = arena_strdup(facts->arena, name)});
}

const struct fact *facts_find_bytes(const struct facts *facts, enum fact_kind kind,
                                    const char *name, size_t n_bytes)
{
    uint64_t hash;
    size_t position = find_position(facts, kind, name, n_bytes, &hash);

    return position != INDEX_NONE ? &facts->items[position] : NULL;
}

const struct fact *facts_find(const struct facts *facts, enum fact_kind kind, const char *name)
{
    return facts_find_bytes(facts, kind, name, strlen(name));
}

/* ---- fields of records ----------------------------------------------------------------------- */

const char *field_name_in(const char *name, const char *record)
{
    size_t length = strlen(record);

    return strncmp(name, record, length) == 0 && name[length] == '.' ? name + length + 1 : NULL;
}

bool fact_is_field_of(const struct fact *fact, const char *record, const char **field)
{
    const char *name = fact->kind == FACT_FIELD ? field_name_in(fact->name, record) : NULL;

    if (name != NULL && field != NULL)
        *field = name;
    return name != NULL;
}

/* Where the fields of the record begin among items that are in order: behind all whose kind and
 * name come before FACT_FIELD and "RECORD.". */
static size_t first_position(const struct facts *facts, const char *record)
{
    size_t length = strlen(record), low = 0, high = facts->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct fact *fact = &facts->items[middle];
        int order = (int)fact->kind - (int)FACT_FIELD;
        if (order == 0)
            order = strncmp(fact->name, record, length);
        if (order == 0)
            order = (unsigned char)fact->name[length] - '.';
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct fact *facts_next_field(const struct facts *facts, const char *record,
                                    const struct fact *last, const char **field)
{
    bool is_ordered = facts->n_ordered == facts->n;
    size_t i = 0;

    if (last != NULL)
        i = (size_t)(last - facts->items) + 1;
    else if (is_ordered)
        i = first_position(facts, record);
    for (; i < facts->n; i++)
        if (fact_is_field_of(&facts->items[i], record, field))
            return &facts->items[i];
        else if (is_ordered)
            return NULL;
    return NULL;
}

static int by_offset(const void *a, const void *b)
{
    const struct fact *x = *(const struct fact *const *)a, *y = *(const struct fact *const *)b;
    int64_t left = fact_number(x, FIELD_OFFSET), right = fact_number(y, FIELD_OFFSET);

    if (left != right)
        return left < right ? -1 : 1;
    return (x > y) - (x < y);
}

size_t facts_fields(struct arena *arena, const struct facts *facts, const char *record,
                    const struct fact ***fields)
{
    const char *name;
    size_t n = 0;
    *fields = NULL;
    for (const struct fact *fact = facts_next_field(facts, record, NULL, &name); fact != NULL;
         fact = facts_next_field(facts, record, fact, &name))
        if (strchr(name, '.') == NULL)
            ARENA_PUSH(arena, *fields, n, fact);
    if (n > 0)
        qsort(*fields, n, sizeof **fields, by_offset);
    return n;
}

/* ---- attributes ------------------------------------------------------------------------------ */

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
    errno = 0;
    char *end;
    *number = strtoll(text, &end, str_starts(text, "0x") ? 16 : 10);
    if (rest)
        *rest = end;
    return errno == 0 && *end == stop;
}

bool fact_bits(const struct fact *field, int64_t *first, int64_t *count)
{
    const char *text = field->attr[FIELD_BIT], *rest;

    return text != NULL && read_number(text, ':', first, &rest) &&
           read_number(rest + 1, '\0', count, NULL) && *count > 0;
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

/* ---- printing and order ---------------------------------------------------------------------- */

void fact_print(struct str *str, const struct fact *fact, bool with_sources)
{
    str_add(str, kinds[fact->kind].name);
    str_add_char(str, ' ');
    str_add(str, fact->name);
    for (int i = 0; i < FACT_ATTRS_MAX; i++)
        if (fact->attr[i])
            str_addf(str, " %s=%s", kinds[fact->kind].attrs[i], fact->attr[i]);
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

const char *fact_line(struct arena *arena, const struct fact *fact)
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

/* True for items that are as facts_sort leaves them: in the order of kind and name, each once. A
 * witness may have names with spaces in them, of which only the lines have an order. */
static bool is_sorted(const struct facts *facts)
{
    if (facts->n_ordered != facts->n || facts->index.n != facts->n)
        return false;
    for (size_t i = 0; i < facts->n; i++)
        for (const char *at = facts->items[i].name; *at != '\0'; at++)
            if ((unsigned char)*at <= ' ')
                return false;
    return true;
}

void facts_sort(struct facts *facts)
{
    size_t n = facts->n;

    if (is_sorted(facts))
        return;
    struct arena scratch = {0};
    struct printed *rows;
    rows = arena_alloc(&scratch, n * sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        struct fact fact = facts->items[i];
        rows[i] = (struct printed){.line = fact_line(&scratch, &fact), .fact = fact, .index = i};
    }
    qsort(rows, n, sizeof *rows, compare_printed);

    facts->n = facts->n_ordered = 0;
    facts->index = (struct index){.n = 0};
    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(rows[i].line, rows[i - 1].line) != 0) {
            facts->items[facts->n++] = rows[i].fact;
            learn(facts, facts->n - 1);
        }
    arena_release(&scratch);
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
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        if (strcmp(scalars[i].name, type) == 0)
            return scalars[i].scalar;
    return (struct scalar){0};
}
