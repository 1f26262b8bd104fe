/* dwarf.c - the target's compiler as a witness, by the debug information that it writes.
 *
 * In: headers or a binding, compiled by the target's own compiler. Out: facts of tier compiled, all
 * of them, from the object alone: nothing of what another witness saw goes in, so this one also
 * runs where libclang knows no layout.
 *
 * Design: what DWARF does not carry is put into the unit in such a way that it does; see
 * dwarf_unit.h. And because an object that was read wrongly still looks like numbers, the unit also
 * holds an anchor, a record whose layout is known twice: by DWARF and by sizeof.
 */
#include "object/dwarf.h"

#include <string.h>

#include "model/calltype.h"
#include "base/file.h"
#include "witness/dwarf_unit.h"
#include "model/toolchain.h"
#include "witness/feature.h"

/* What was read of one unit, still by the names of our own declarations. */
struct answer {
    const struct probe_unit *unit;
    struct facts raw;
    struct container container;
    int pointer_bits;
};

/* ---- reading the object ---- */

struct queries {
    struct arena *arena;
    struct dwarf_query *items;
    size_t n;
};

static void add_query(struct queries *queries, enum fact_kind kind, const char *name,
                      const char *as)
{
    struct dwarf_query item = {.kind = kind, .name = name, .as = as};

    ARENA_PUSH(queries->arena, queries->items, queries->n, item);
}

static void add_probe_query(struct queries *queries, enum fact_kind kind, const char *mark,
                            const char *name)
{
    const char *marked = arena_printf(queries->arena, "%s%s", mark, name);

    add_query(queries, kind, marked, marked);
}

static void add_queries_for(struct queries *queries, const struct probe *probe)
{
    switch (probe->kind) {
    case FACT_RECORD:
        add_query(queries, FACT_RECORD, probe->spelling, probe->name);
        add_probe_query(queries, FACT_RECORD, PROBE_ALIGN, probe->name);
        break;
    case FACT_ALIAS:
        add_query(queries, FACT_ALIAS, probe->spelling, probe->name);
        break;
    case FACT_CONSTANT: /* a macro; or an enumerator, or both */
        add_query(queries, FACT_CONSTANT, probe->spelling, probe->name);
        add_probe_query(queries, FACT_CONSTANT, PROBE_VALUE, probe->name);
        add_probe_query(queries, FACT_ALIAS, PROBE_TYPE, probe->name);
        break;
    case FACT_FUNCTION:
        add_probe_query(queries, FACT_FUNCTION, PROBE_FUNCTION, probe->name);
        break;
    case FACT_SYSCALL:
        add_probe_query(queries, FACT_CONSTANT, PROBE_NUMBER, probe->name);
        add_probe_query(queries, FACT_FUNCTION, PROBE_WRAPPER, probe->name);
        break;
    default:
        break;
    }
}

static bool read_object(struct answer *answer, const char *path, struct diag *diag)
{
    const struct probe_unit *unit = answer->unit;
    struct arena *arena = unit->arena;
    struct dwarf_source source = {&answer->container, unit->target->include,
                                  unit->target->n_include, NULL, false};
    const struct machine *machine = unit->target->machine;
    struct machines own = {machine, machine != NULL};
    size_t n_bytes;
    const char *bytes = out_read(arena, path, &n_bytes);

    if (bytes == NULL) {
        diag_error(diag, (struct location){path, 0, 0}, "cannot be read");
        return false;
    }
    struct queries queries = {.arena = arena};
    for (size_t i = 0; i < unit->n_probes; i++)
        add_queries_for(&queries, &unit->probes[i]);
    add_query(&queries, FACT_RECORD, PROBE_ANCHOR, PROBE_ANCHOR);
    add_query(&queries, FACT_RECORD, PROBE_ANCHOR "32", PROBE_ANCHOR "32");
    add_query(&queries, FACT_RECORD, PROBE_ANCHOR "64", PROBE_ANCHOR "64");
    add_probe_query(&queries, FACT_CONSTANT, PROBE_EXPECT, "b");
    add_probe_query(&queries, FACT_CONSTANT, PROBE_EXPECT, "c");
    add_probe_query(&queries, FACT_CONSTANT, PROBE_EXPECT, "size");
    return container_read(&answer->container, arena, path, (const uint8_t *)bytes, n_bytes, &own,
                          NULL, diag) &&
           container_debug(&answer->container) &&
           dwarf_read(&answer->raw, &source, queries.items, queries.n, &answer->pointer_bits, diag);
}

/* ---- validation ---- */

static const struct fact *find(const struct answer *answer, enum fact_kind kind, const char *mark,
                               const char *name)
{
    return facts_find(&answer->raw, kind, arena_printf(answer->raw.arena, "%s%s", mark, name));
}

static int64_t number_of(const struct answer *answer, enum fact_kind kind, const char *mark,
                         const char *name, int attr)
{
    const struct fact *fact = find(answer, kind, mark, name);

    return fact != NULL ? fact_number(fact, attr) : -1;
}

/* The anchor's layout by DWARF is the one by sizeof, and one that a C compiler may choose. */
static bool check_anchor(const struct answer *answer, struct diag *diag)
{
    const char *const anchor = PROBE_ANCHOR ".";
    int64_t a = number_of(answer, FACT_FIELD, anchor, "a", FIELD_OFFSET);
    int64_t b = number_of(answer, FACT_FIELD, anchor, "b", FIELD_OFFSET);
    int64_t b_size = number_of(answer, FACT_FIELD, anchor, "b", FIELD_SIZE);
    int64_t c = number_of(answer, FACT_FIELD, anchor, "c", FIELD_OFFSET);
    int64_t size = number_of(answer, FACT_RECORD, PROBE_ANCHOR, "", RECORD_SIZE);
    bool is_possible = a == 0 && b >= 1 && b <= b_size && c == b + b_size && size >= c + 2 &&
                       b_size * 8 == answer->pointer_bits;

    if (is_possible && b == number_of(answer, FACT_CONSTANT, PROBE_EXPECT, "b", CONSTANT_VALUE) &&
        c == number_of(answer, FACT_CONSTANT, PROBE_EXPECT, "c", CONSTANT_VALUE) &&
        size == number_of(answer, FACT_CONSTANT, PROBE_EXPECT, "size", CONSTANT_VALUE))
        return true;
    diag_error(diag, (struct location){answer->container.path, 0, 0},
               "the debug information is not read rightly: expected 'struct " PROBE_ANCHOR
               "' as sizeof sees it, got a, b, c at %lld, %lld, %lld of %lld bytes",
               (long long)a, (long long)b, (long long)c, (long long)size);
    return false;
}

/* ---- from our own names to facts ---- */

static struct fact *add(struct evidence *evidence, const struct fact *from, const char *name)
{
    struct fact *fact = facts_add(&evidence->facts, from->kind, name);

    memcpy(fact->attr, from->attr, sizeof fact->attr);
    fact->where = from->where;
    return fact;
}

/* Names of a binding's records carry a prefix; facts never do: "struct:raw_x" is "struct:x". */
static void drop_prefix(const struct answer *answer, struct fact *field)
{
    const char *type = field->attr[FIELD_TYPE];
    const char *colon = type != NULL ? strchr(type, ':') : NULL;

    if (answer->unit->source == NULL && colon != NULL && str_starts(colon + 1, "raw_"))
        field->attr[FIELD_TYPE] = arena_printf(answer->raw.arena, "%.*s:%s", (int)(colon - type),
                                               type, colon + 1 + strlen("raw_"));
}

static void add_record(struct evidence *evidence, const struct answer *answer, const char *name)
{
    const struct fact *record = facts_find(&answer->raw, FACT_RECORD, name);
    const struct fact *inner =
        find(answer, FACT_FIELD, PROBE_ALIGN, arena_printf(answer->raw.arena, "%s.x", name));

    if (record == NULL)
        return;
    struct fact *fact = add(evidence, record, name);
    if (inner != NULL)
        fact->attr[RECORD_ALIGN] = inner->attr[FIELD_OFFSET];
    const char *path;
    for (const struct fact *field = facts_next_field(&answer->raw, name, NULL, &path);
         field != NULL; field = facts_next_field(&answer->raw, name, field, &path))
        if (!spec_excludes(answer->unit->spec, name, path))
            drop_prefix(answer, add(evidence, field, field->name));
}

static void add_constant(struct evidence *evidence, const struct answer *answer, const char *name)
{
    const struct fact *enumerator = facts_find(&answer->raw, FACT_CONSTANT, name);
    const struct fact *value = find(answer, FACT_CONSTANT, PROBE_VALUE, name);
    const struct fact *type = find(answer, FACT_ALIAS, PROBE_TYPE, name);

    if (value == NULL && enumerator == NULL)
        return;
    struct fact *fact = add(evidence, value != NULL ? value : enumerator, name);
    if (value == NULL)
        return;
    fact->attr[CONSTANT_TYPE] = type != NULL ? type->attr[ALIAS_TYPE] : NULL;
    fact->where = enumerator != NULL ? enumerator->where : no_location;
}

/* The symbol that our pointer to the function refers to, without the label of the format. */
static const char *symbol_of(const struct answer *answer, const char *name)
{
    const char *label = answer->unit->target->label;
    const struct container_symbol *pointer = container_symbol(
        &answer->container, arena_printf(answer->raw.arena, "%s" PROBE_FUNCTION "%s", label, name));
    const struct container_symbol *symbol =
        pointer != NULL ? container_reference(&answer->container, pointer) : NULL;

    if (symbol == NULL)
        return NULL;
    return str_starts(symbol->name, label) ? symbol->name + strlen(label) : symbol->name;
}

static void add_function(struct evidence *evidence, const struct answer *answer, const char *name)
{
    const struct fact *pointer = find(answer, FACT_FUNCTION, PROBE_FUNCTION, name);

    if (pointer == NULL)
        return;
    struct fact *fact = add(evidence, pointer, name);
    fact->where = no_location; /* of the pointer */
    if (answer->unit->source != NULL)
        fact->attr[FUNCTION_LIBRARY] = answer->unit->source->library;
    fact->attr[FUNCTION_SYMBOL] = symbol_of(answer, name);
}

static void add_syscall(struct evidence *evidence, const struct answer *answer, const char *name)
{
    const struct fact *number = find(answer, FACT_CONSTANT, PROBE_NUMBER, name);
    const struct fact *wrapper = find(answer, FACT_FUNCTION, PROBE_WRAPPER, name);

    if (number == NULL)
        return;
    struct fact *fact = facts_add(&evidence->facts, FACT_SYSCALL, name);
    fact_set_number(&evidence->facts, fact, SYSCALL_NUMBER, fact_number(number, CONSTANT_VALUE));
    if (wrapper != NULL)
        fact->attr[SYSCALL_PARAMS] = wrapper->attr[FUNCTION_PARAMS];
}

static void add_abi(struct evidence *evidence, const struct answer *answer)
{
    const char *name = answer->unit->target->name;

    if (facts_find(&evidence->facts, FACT_ABI, name) != NULL)
        return;
    struct fact *fact = facts_add(&evidence->facts, FACT_ABI, name);
    fact_set_number(&evidence->facts, fact, ABI_BITS, answer->pointer_bits);
    fact->attr[ABI_ENDIAN] = answer->container.is_big_endian ? "big" : "little";
    fact_set_number(&evidence->facts, fact, ABI_ALIGN32,
                    number_of(answer, FACT_FIELD, PROBE_ANCHOR "32.", "b", FIELD_OFFSET));
    fact_set_number(&evidence->facts, fact, ABI_ALIGN64,
                    number_of(answer, FACT_FIELD, PROBE_ANCHOR "64.", "b", FIELD_OFFSET));
}

static void add_all(struct evidence *evidence, const struct answer *answer)
{
    const struct probe_unit *unit = answer->unit;

    add_abi(evidence, answer);
    for (size_t i = 0; i < unit->n_probes; i++) {
        const char *name = unit->probes[i].name;
        switch (unit->probes[i].kind) {
        case FACT_RECORD:
            add_record(evidence, answer, name);
            break;
        case FACT_ALIAS:
            if (facts_find(&answer->raw, FACT_ALIAS, name) != NULL)
                (void)add(evidence, facts_find(&answer->raw, FACT_ALIAS, name), name);
            break;
        case FACT_CONSTANT:
            add_constant(evidence, answer, name);
            break;
        case FACT_FUNCTION:
            add_function(evidence, answer, name);
            break;
        case FACT_SYSCALL:
            add_syscall(evidence, answer, name);
            break;
        default:
            break;
        }
    }
}

/* Compiles one unit, reads its object and adds what is in it. An object that cannot be read gives
 * no facts at all. */
static void collect_one(struct evidence *evidence, struct probe_unit *unit)
{
    struct answer answer = {.unit = unit, .raw = {.arena = unit->arena}};
    struct diag diag;

    diag_init(&diag, unit->arena, false);
    probe_unit_plan(unit);
    const char *object = probe_unit_compile(unit, evidence);
    if (object == NULL)
        return;
    if (read_object(&answer, object, &diag) && check_anchor(&answer, &diag) &&
        facts_check(&answer.raw, &diag)) {
        add_all(evidence, &answer);
    } else {
        const char *reported = str_text(&diag.text);
        remark_add(&evidence->broken, unit->arena, "probe-garbage", (struct location){object, 0, 0},
                   "%.*s", (int)strcspn(reported, "\n"), reported);
    }
}

/* ---- completeness ---- */

/* A spec that names what its headers do not give is wrong: reports where it names `item`, and
 * the compiler's message.
 */
static void require(struct evidence *evidence, const struct probe_unit *unit,
                    struct features *features, enum fact_kind kind, const char *name,
                    const char *item, struct diag *diag)
{
    if (unit->spec->may_lack || facts_find(&evidence->facts, kind, name) != NULL)
        return;
    const char *refused = NULL;
    for (size_t i = 0; i < unit->n_probes; i++)
        if (unit->probes[i].kind == kind && strcmp(unit->probes[i].name, name) == 0)
            refused = unit->probes[i].message;
    const char *hint = features_hint(features, kind, name);
    if (hint[0] == '\0' && refused != NULL)
        hint = arena_printf(unit->arena, ": %s", refused);
    diag_error(diag, spec_location(unit->spec, item),
               "%s '%s' is not in the headers of '%s' for %s%s", fact_kind_name(kind), name,
               unit->spec->name, unit->target->name, hint);
}

static bool has_fallback(const struct spec *spec, const char *name)
{
    const struct spec_call *call = spec_call(spec, name);

    return call != NULL && (call->fallback != NULL || call->per_target);
}

static void require_all(struct evidence *evidence, const struct probe_unit *unit,
                        struct features *features, struct diag *diag)
{
    for (size_t i = 0; i < unit->n_probes; i++) {
        const struct probe *probe = &unit->probes[i];
        const struct spec_record *record =
            probe->kind == FACT_RECORD ? spec_record(unit->spec, probe->name) : NULL;
        if (probe->kind != FACT_SYSCALL || !has_fallback(unit->spec, probe->name))
            require(evidence, unit, features, probe->kind, probe->name, probe->name, diag);
        for (unsigned k = 0; record != NULL && k < record->n_fields; k++)
            require(evidence, unit, features, FACT_FIELD,
                    arena_printf(unit->arena, "%s.%s", record->name, record->fields[k].name),
                    record->fields[k].name, diag);
    }
}

/* The kernel's headers declare no parameters of system calls: these are the spec's. */
static void add_params(struct evidence *evidence, const struct spec *spec,
                       const struct target *target)
{
    for (size_t i = 0; i < evidence->facts.n; i++) {
        struct fact *fact = &evidence->facts.items[i];
        if (fact->kind == FACT_SYSCALL)
            fact->attr[SYSCALL_PARAMS] =
                calltype_fact_params(evidence->facts.arena, spec_call(spec, fact->name),
                                     FORM_SYSCALL, target, &evidence->facts);
    }
}

static struct evidence begin(enum subject subject, const struct target *target, struct arena *arena)
{
    struct evidence evidence = {
        .witness = dwarf_witness.name,
        .subject = subject,
        .tier = dwarf_witness.tier,
        .is_complete = true,
        .facts = {.arena = arena},
    };

    evidence.unavailable = missing_headers(target, arena);
    if (evidence.unavailable == NULL && target->compiler == NULL)
        evidence.unavailable = arena_printf(arena, "compiler '%s' not found", target->cc[0]);
    return evidence;
}

/* Reads all sources of a spec. Returns a unit for each of them. */
static struct probe_unit *read_sources(struct evidence *evidence, const struct spec *spec,
                                       const struct target *target,
                                       const struct workspace *workspace, struct arena *arena)
{
    struct probe_unit *units = arena_alloc(arena, spec->n_sources * sizeof *units);

    for (unsigned i = 0; i < spec->n_sources; i++) {
        units[i] = (struct probe_unit){
            .spec = spec,
            .target = target,
            .source = &spec->sources[i],
            .workspace = workspace,
            .arena = arena,
        };
        collect_one(evidence, &units[i]);
    }
    return units;
}

/* A feature_read_fn; context: a unit of the spec that was found to be wrong. */
static void read_again(struct facts *facts, const struct spec *spec, const void *context)
{
    const struct probe_unit *unit = context;
    struct evidence evidence = begin(SUBJECT_SYSTEM, unit->target, facts->arena);

    (void)read_sources(&evidence, spec, unit->target, unit->workspace, facts->arena);
    *facts = evidence.facts;
}

bool witness_dwarf_system(struct evidence *evidence, const struct spec *spec,
                          const struct target *target, const struct workspace *workspace,
                          struct arena *arena, struct diag *diag)
{
    int errors_before = diag->n_errors;
    struct features features = {spec, target, arena, read_again, NULL, NULL};

    *evidence = begin(SUBJECT_SYSTEM, target, arena);
    if (evidence->unavailable != NULL)
        return true;
    struct probe_unit *units = read_sources(evidence, spec, target, workspace, arena);
    features.context = units;
    for (unsigned i = 0; i < spec->n_sources && evidence_was_collected(evidence); i++)
        require_all(evidence, &units[i], &features, diag);
    add_params(evidence, spec, target);
    facts_sort(&evidence->facts);
    return diag->n_errors == errors_before &&
           (spec->may_lack || facts_check(&evidence->facts, diag));
}

bool witness_dwarf_binding(struct evidence *evidence, const struct spec *spec,
                           const struct target *target, const struct workspace *workspace,
                           struct arena *arena, struct diag *diag)
{
    struct probe_unit unit = {
        .spec = spec,
        .target = target,
        .workspace = workspace,
        .arena = arena,
    };

    *evidence = begin(SUBJECT_BINDING, target, arena);
    if (evidence->unavailable != NULL)
        return true;
    collect_one(evidence, &unit);
    facts_sort(&evidence->facts);
    return facts_check(&evidence->facts, diag);
}

/* ---- the row ---- */

/* Of the binding, and of the headers unless it is dwarf that has read them already. */
static size_t collect(const struct witness_input *input, struct evidence *list)
{
    size_t n = 0;

    if (!target_is_read_by_dwarf(input->target)) {
        if (!witness_dwarf_system(&list[n], input->spec, input->target, input->workspace,
                                  input->arena, input->diag))
            return 0;
        n++;
    }
    if (!witness_dwarf_binding(&list[n], input->spec, input->target, input->workspace, input->arena,
                               input->diag))
        return 0;
    return n + 1;
}

const struct witness dwarf_witness = {
    .name = "dwarf",
    .tier = TIER_COMPILED,
    .collect = collect,
};
