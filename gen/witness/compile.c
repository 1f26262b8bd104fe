/* compile.c - the target's compiler as a witness, where nothing can run.
 *
 * In: facts to be asserted, and headers or a binding. Out: the same facts as the compiler sees
 * them.
 *
 * Design: a compiler that only accepts or refuses shows little of what it saw instead. Each
 * attribute of each fact becomes one _Static_assert on one line of its own, so that the line of an
 * error gives the one that failed, and clang's note `expression evaluates to '28 == 32'` has what
 * it found. The unit is compiled to assembly, where the symbols that functions link to stand in
 * plain text.
 */
#include "witness/witness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "witness/build.h"
#include "model/calltype.h"
#include "base/file.h"
#include "base/proc.h"
#include "model/toolchain.h"
#include "model/sources.h"

/* What a line of the unit asserts. */
struct assertion {
    size_t fact; /* index into `facts`; SIZE_MAX: nothing */
    int attr;
};

/* One unit: the facts of one source, or of the binding when source is NULL. */
struct unit {
    const struct spec *spec;
    const struct target *target;
    const struct spec_source *source;
    struct facts *facts; /* asserted, then corrected */
    struct str text;
    struct assertion *assertions; /* assertions[i] belongs to line i + 1 */
    size_t n_assertions;
    unsigned char *asserted; /* per fact, the attributes that an assertion is about, as bits */
};

static bool is_binding(const struct unit *unit)
{
    return unit->source == NULL;
}

static const char *prefix(const struct unit *unit, const char *of_binding)
{
    return is_binding(unit) ? of_binding : "";
}

static struct calltype_view view_of(const struct unit *unit)
{
    return (struct calltype_view){unit->spec, is_binding(unit),
                                  !is_binding(unit) && unit->source->library != NULL};
}

/* Adds one line of text that asserts nothing. */
__attribute__((format(printf, 2, 3))) static void line(struct unit *unit, const char *format, ...)
{
    va_list args;
    struct assertion nothing = {SIZE_MAX, 0};

    va_start(args, format);
    str_add(&unit->text, arena_vprintf(unit->text.arena, format, args));
    va_end(args);
    str_add_char(&unit->text, '\n');
    ARENA_PUSH(unit->text.arena, unit->assertions, unit->n_assertions, nothing);
}

/* Adds one line that asserts attribute `attr` of fact number `fact`. */
__attribute__((format(printf, 4, 5))) static void add_assertion(struct unit *unit, size_t fact,
                                                                int attr, const char *format, ...)
{
    const struct fact *item = &unit->facts->items[fact];

    if (item->attr[attr] == NULL)
        return;
    va_list args;
    va_start(args, format);
    line(unit, "_Static_assert(%s, \"%s of %s %s\");",
         arena_vprintf(unit->text.arena, format, args), fact_attr_name(item->kind, attr),
         fact_kind_name(item->kind), item->name);
    va_end(args);
    unit->assertions[unit->n_assertions - 1] = (struct assertion){fact, attr};
    unit->asserted[fact] |= (unsigned char)(1U << attr);
}

/* ---- the text ---- */

/* A condition that holds if the expression has the type that a fact names; NULL if C has none: a
 * record, whose own facts have the rest. */
static const char *type_condition(struct arena *arena, const char *type, const char *expression)
{
    const char *open = strchr(type, '[');

    if (open != NULL) {
        const char *close = strchr(open, ']');
        const char *element = type_condition(
            arena, arena_printf(arena, "%.*s%s", (int)(open - type), type, close + 1),
            arena_printf(arena, "(%s)[0]", expression));
        if (element == NULL || open[1] == ']')
            return element;
        return arena_printf(arena, "sizeof(%s) == %ld * sizeof((%s)[0]) && %s", expression,
                            strtol(open + 1, NULL, 10), expression, element);
    }
    if (strcmp(type, "ptr") == 0)
        return arena_printf(arena, "__builtin_classify_type(%s) == 5", expression);
    if (strcmp(type, "bool") == 0) /* an integer to GCC, a class of its own to clang */
        return arena_printf(arena, "__builtin_types_compatible_p(__typeof__(%s), _Bool)",
                            expression);
    struct scalar scalar = scalar_of(type);
    if (!scalar.is_integer)
        return NULL;
    return arena_printf(arena,
                        "sizeof(%s) == %d && __builtin_classify_type(%s) == 1 && "
                        "((__typeof__(%s))-1 < (__typeof__(%s))1) == %d",
                        expression, scalar.size_bytes, expression, expression, expression,
                        scalar.is_signed);
}

/* "struct raw_x" for "struct:x". A fact does not distinguish a tag from a typedef of a record
 * without one, such as __kernel_fsid_t; headers do, by how they end its name. With one that ended
 * it otherwise the assertion would fail. */
static const char *record_spelling(struct unit *unit, const char *type)
{
    const char *name = strchr(type, ':') + 1;
    size_t length = strlen(name);

    if (!is_binding(unit) && length > 2 && strcmp(name + length - 2, "_t") == 0)
        return name;
    return arena_printf(unit->text.arena, "%.*s %s%s", (int)(name - 1 - type), type,
                        prefix(unit, "raw_"), name);
}

static void assert_type(struct unit *unit, size_t i, int attr, const char *expression)
{
    const char *type = unit->facts->items[i].attr[attr];

    if (strchr(type, ':') != NULL && strchr(type, '[') == NULL) {
        add_assertion(unit, i, attr, "__builtin_types_compatible_p(__typeof__(%s), %s)", expression,
                      record_spelling(unit, type));
        return;
    }
    const char *condition = type_condition(unit->text.arena, type, expression);
    if (condition != NULL)
        add_assertion(unit, i, attr, "%s", condition);
}

/* "struct raw_kevent": the record that a field's or record's fact is about. */
static const char *record_type(struct unit *unit, const struct fact *fact)
{
    size_t length = strcspn(fact->name, ".");
    const struct fact *record = facts_find_bytes(unit->facts, FACT_RECORD, fact->name, length);
    const char *kind = record != NULL ? record->attr[RECORD_KIND] : "struct";

    return arena_printf(unit->text.arena, "%s %s%.*s", kind, prefix(unit, "raw_"), (int)length,
                        fact->name);
}

static void assert_field(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    const char *path = strchr(fact->name, '.') + 1;
    const char *type = record_type(unit, fact);
    const char *member = arena_printf(unit->text.arena, "((%s *)0)->%s", type, path);

    if (fact->attr[FIELD_BIT] != NULL) /* C has no expression for the position of a bit-field */
        return;
    add_assertion(unit, i, FIELD_OFFSET, "__builtin_offsetof(%s, %s) == %s", type, path,
                  fact->attr[FIELD_OFFSET]);
    if (fact->attr[FIELD_SIZE] != NULL) /* a flexible array has none */
        add_assertion(unit, i, FIELD_SIZE, "sizeof(%s) == %s", member, fact->attr[FIELD_SIZE]);
    assert_type(unit, i, FIELD_TYPE, member);
}

/* __builtin_classify_type's numbers for records; see typeclass.h of GCC. */
enum { CLASS_STRUCT = 12, CLASS_UNION = 13 };

static void assert_record(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    const char *type = record_type(unit, fact);
    bool is_union = strcmp(fact->attr[RECORD_KIND], "union") == 0;

    add_assertion(unit, i, RECORD_SIZE, "sizeof(%s) == %s", type, fact->attr[RECORD_SIZE]);
    if (!is_binding(unit)) /* a binding may choose its own */
        add_assertion(unit, i, RECORD_ALIGN, "_Alignof(%s) == %s", type, fact->attr[RECORD_ALIGN]);
    add_assertion(unit, i, RECORD_KIND, "__builtin_classify_type(*(%s *)0) == %d", type,
                  is_union ? CLASS_UNION : CLASS_STRUCT);
}

static void assert_constant(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    const char *name = arena_printf(unit->text.arena, "(%s%s)", prefix(unit, "RAW_"), fact->name);

    /* clang notes what it found only where there is something to compute. */
    add_assertion(unit, i, CONSTANT_VALUE, "%s + 0 == %s", name, fact->attr[CONSTANT_VALUE]);
    assert_type(unit, i, CONSTANT_TYPE, name);
}

/* One assertion covers the result and the parameters. */
static void assert_prototype(struct unit *unit, size_t i, enum spec_form form, int attr,
                             const char *function)
{
    const struct spec_call *call = spec_call(unit->spec, unit->facts->items[i].name);
    struct str type = {.arena = unit->text.arena};

    calltype_prototype(&type, call, form, view_of(unit));
    add_assertion(unit, i, attr, "__builtin_types_compatible_p(__typeof__(&%s), %s)", function,
                  str_text(&type));
}

static void assert_function(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    const char *function = arena_printf(unit->text.arena, "%s%s", prefix(unit, "raw_"), fact->name);

    assert_prototype(unit, i, FORM_LIBRARY, FUNCTION_RETURN, function);
    assert_prototype(unit, i, FORM_LIBRARY, FUNCTION_PARAMS, function);
    line(unit, "const void *const abiproof_symbol_%s = (const void *)%s;", fact->name, function);
}

/* True if the type is an alias that another source than the unit's declares. */
static bool is_foreign(const struct unit *unit, const char *type)
{
    const char *base = calltype_parse(unit->text.arena, type).base;

    for (unsigned i = 0; i < unit->spec->n_aliases; i++)
        if (strcmp(unit->spec->aliases[i].name, base) == 0)
            return strcmp(unit->spec->aliases[i].from, unit->source->name) != 0;
    return false;
}

/* No header declares a system call: what can be asserted is that the C types that the spec names
 * are what the fact says on this target. All of them or nothing. */
static void assert_param_types(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    const struct spec_call *call = spec_call(unit->spec, fact->name);
    struct arena *arena = unit->text.arena;
    struct str condition = {.arena = arena};
    const char *at = fact->attr[SYSCALL_PARAMS];

    for (unsigned k = 0; k < call->n_params && at != NULL; k++) {
        if ((call->params[k].form & FORM_SYSCALL) == 0)
            continue;
        const char *type =
            calltype_spelled(arena, spec_param_type(&call->params[k], FORM_SYSCALL), view_of(unit));
        const char *stated = arena_strndup(arena, at, strcspn(at, ","));
        at += strlen(stated) + (at[strlen(stated)] == ',');
        const char *one =
            type_condition(arena, stated, arena_printf(arena, "*(__typeof__(%s) *)0", type));
        if (one == NULL || is_foreign(unit, type))
            return;
        str_addf(&condition, "%s%s", condition.len > 0 ? " && " : "", one);
    }
    if (condition.len > 0)
        add_assertion(unit, i, SYSCALL_PARAMS, "%s", str_text(&condition));
    else
        unit->asserted[i] |= 1U << SYSCALL_PARAMS; /* none: nothing that could be otherwise */
}

static void assert_syscall(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];

    add_assertion(unit, i, SYSCALL_NUMBER, "%s%s + 0 == %s", is_binding(unit) ? "RAW_NR_" : "__NR_",
                  fact->name, fact->attr[SYSCALL_NUMBER]);
    if (!is_binding(unit))
        assert_param_types(unit, i);
    else
        assert_prototype(unit, i, FORM_SYSCALL, SYSCALL_PARAMS,
                         arena_printf(unit->text.arena, "raw_sys_%s", fact->name));
}

static void assert_abi(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    bool is_little = strcmp(fact->attr[ABI_ENDIAN], "little") == 0;

    add_assertion(unit, i, ABI_BITS, "sizeof(void *) * 8 == %s", fact->attr[ABI_BITS]);
    add_assertion(unit, i, ABI_ENDIAN, "(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) == %d",
                  is_little);
    line(unit, "struct abiproof_member { char before; int word; };");
    add_assertion(unit, i, ABI_ALIGN32, "__builtin_offsetof(struct abiproof_member, word) == %s",
                  fact->attr[ABI_ALIGN32]);
    line(unit, "struct abiproof_long_member { char before; long long word; };");
    add_assertion(unit, i, ABI_ALIGN64,
                  "__builtin_offsetof(struct abiproof_long_member, word) == %s",
                  fact->attr[ABI_ALIGN64]);
}

static void assert_fact(struct unit *unit, size_t i)
{
    const struct fact *fact = &unit->facts->items[i];
    const char *name = arena_printf(unit->text.arena, "%s%s", prefix(unit, "raw_"), fact->name);

    switch (fact->kind) {
    case FACT_ABI:
        assert_abi(unit, i);
        break;
    case FACT_ALIAS:
        assert_type(unit, i, ALIAS_TYPE, arena_printf(unit->text.arena, "*(%s *)0", name));
        break;
    case FACT_CONSTANT:
        assert_constant(unit, i);
        break;
    case FACT_FIELD:
        assert_field(unit, i);
        break;
    case FACT_FUNCTION:
        assert_function(unit, i);
        break;
    case FACT_RECORD:
        assert_record(unit, i);
        break;
    case FACT_SYSCALL:
        assert_syscall(unit, i);
        break;
    default:
        break;
    }
}

static void write_unit(struct unit *unit)
{
    if (is_binding(unit))
        line(unit, "#include \"%s.h\"", unit->spec->name);
    else {
        for (unsigned i = 0; i < unit->source->n_defines; i++)
            line(unit, "%s", spec_define(unit->text.arena, unit->source->defines[i]));
        /* The compiler's own: specs may use their types. */
        line(unit, "#include <stddef.h>");
        line(unit, "#include <stdint.h>");
        for (unsigned i = 0; i < unit->source->n_headers; i++)
            if (header_exists(unit->target, unit->source->headers[i]))
                line(unit, "#include <%s>", unit->source->headers[i]);
    }
    for (size_t i = 0; i < unit->facts->n; i++)
        if (is_binding(unit) ||
            fact_source(unit->spec, unit->target, &unit->facts->items[i]) == unit->source)
            assert_fact(unit, i);
}

/* ---- the compiler's output ---- */

/* The value in clang's note: the left side of `expression evaluates to 'GOT == EXPECTED'`. */
static const char *found_instead(struct arena *arena, const char *errors, const char *expected)
{
    static const char note[] = "expression evaluates to '";
    const char *end = strstr(errors, ": error: ");
    const char *at = strstr(errors, note);

    /* Only a number can be read back: for a type the note has the result of each comparison. */
    if (at == NULL || (end != NULL && end < at) || strchr("-0123456789", expected[0]) == NULL)
        return arena_printf(arena, "not %s", expected);
    at += sizeof note - 1;
    bool is_negative = at[0] == '-';
    char *after;
    unsigned long long value = strtoull(at, &after, 10); /* of a negative number too: modulo 2^64 */
    if (!str_starts(after, " == "))
        return arena_printf(arena, "not %s", expected);
    struct facts scratch = {.arena = arena};
    struct fact *fact = facts_add(&scratch, FACT_CONSTANT, "found");
    if (str_starts(expected, "0x") || expected[0] == '-')
        fact_set_value(&scratch, fact, value, is_negative);
    else
        fact_set_number(&scratch, fact, CONSTANT_VALUE, (int64_t)value);
    return fact->attr[CONSTANT_VALUE];
}

/* The assertion on a line of our own unit that a message is about; NULL if it is about something
 * else.
 */
static struct assertion *assertion_at(struct unit *unit, const char *path, const char *text)
{
    size_t length = strlen(path);
    long number =
        str_starts(text, path) && text[length] == ':' ? strtol(text + length + 1, NULL, 10) : 0;

    if (number <= 0 || (size_t)number > unit->n_assertions ||
        unit->assertions[number - 1].fact == SIZE_MAX)
        return NULL;
    return &unit->assertions[number - 1];
}

/* Corrects the facts whose assertions failed. Any other error is a remark, and what it stands in
 * the way of was not asserted; after a fatal one nothing was. Returns false if there is none. */
static bool read_errors(struct unit *unit, struct evidence *evidence, const char *path,
                        const char *errors)
{
    struct arena *arena = unit->text.arena;
    bool has_error = false;

    for (const char *at = errors; at != NULL && *at != '\0';
         at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL) {
        const char *text = arena_strndup(arena, at, strcspn(at, "\n"));
        struct assertion *found = assertion_at(unit, path, text);
        struct fact *fact = found != NULL ? &unit->facts->items[found->fact] : NULL;
        if (strstr(text, "error: ") == NULL)
            continue;
        has_error = true;
        if (strstr(text, "static assertion failed") != NULL && found != NULL) {
            if (fact->attr[found->attr] == NULL) /* its line has had another error already */
                continue;
            fact_set(unit->facts, fact, found->attr,
                     found_instead(arena, at + strlen(text), fact->attr[found->attr]));
            continue;
        }
        remark_compiler(evidence, arena, text);
        if (found != NULL)
            fact->attr[found->attr] = NULL;
        if (strstr(text, "fatal error: ") != NULL)
            memset(unit->asserted, 0, unit->facts->n);
    }
    return has_error;
}

/* Reads the symbol that the assembler will put into `abiproof_symbol_NAME`; NULL if it is not
 * there. */
static const char *symbol_in(struct unit *unit, const char *assembly, const char *name)
{
    struct arena *arena = unit->text.arena;
    const char *label = unit->target->label;
    const char *at = strstr(assembly, arena_printf(arena, "\n%sabiproof_symbol_%s:", label, name));

    if (at == NULL)
        return NULL;
    at = strchr(at + 1, '\n');
    if (at == NULL)
        return NULL;
    at += strspn(at, " \t\n");
    at += strcspn(at, " \t\n"); /* the directive: .quad, .xword */
    at += strspn(at, " \t@");   /* arc writes @symbol */
    if (str_starts(at, "P%"))   /* hppa: its plabel, which a pointer to a function is there */
        at += strlen("P%");
    const char *symbol = arena_strndup(arena, at, strcspn(at, " \t\n"));
    return str_starts(symbol, label) ? symbol + strlen(label) : symbol;
}

static void read_symbols(struct unit *unit, const char *assembly)
{
    for (size_t i = 0; i < unit->facts->n; i++) {
        struct fact *fact = &unit->facts->items[i];
        if (fact->kind == FACT_FUNCTION && assembly != NULL &&
            (is_binding(unit) || fact_source(unit->spec, unit->target, fact) == unit->source)) {
            fact->attr[FUNCTION_SYMBOL] = symbol_in(unit, assembly, fact->name);
            unit->asserted[i] |= 1U << FUNCTION_SYMBOL;
        }
    }
}

static void compile(struct unit *unit, struct evidence *evidence, const struct workspace *workspace)
{
    static const char *const flags[] = {"-std=gnu11", "-Werror=implicit-function-declaration",
                                        "-ffreestanding", "-S"};
    struct arena *arena = unit->text.arena;
    const char *name = is_binding(unit) ? "binding" : unit->source->name;
    const char *path = arena_printf(arena, "%s/%s.c", workspace->build, name);
    const char *assembly = arena_printf(arena, "%s/%s.s", workspace->build, name);
    struct diag diag;

    diag_init(&diag, arena, false);
    if (out_write(path, str_text(&unit->text), unit->text.len, &diag) == OUT_FAILED) {
        remark_add(&evidence->broken, arena, "probe-failed", (struct location){path, 0, 0},
                   "cannot be written");
        return;
    }
    size_t n = 0;
    const char **argv = NULL;
    compiler_begin(unit->target, arena, &argv, &n);
    if (strstr(argv[0], "clang") != NULL)
        ARENA_PUSH(arena, argv, n, "-ferror-limit=0");
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        ARENA_PUSH(arena, argv, n, flags[i]);
    workspace_bindings(workspace, arena, &argv, &n);
    ARENA_PUSH(arena, argv, n, path);
    struct proc_result result =
        build_file(arena, assembly, argv, n, workspace->cache, workspace->timeout_ms);
    if (result.end != PROC_EXITED) {
        remark_add(&evidence->broken, arena, "probe-failed", (struct location){path, 0, 0},
                   "%s: %s", argv[0], proc_describe(arena, &result, workspace->timeout_ms));
        return;
    }
    if (!read_errors(unit, evidence, path, result.err) && result.status != 0)
        remark_compiler(evidence, arena, result.err);
    read_symbols(unit, result.status == 0 ? out_read(arena, assembly, NULL) : "");
}

/* ---- what to assert ---- */

/* The spec's model of the field that a fact is about; NULL if it is no field of the spec's. */
static const struct spec_field *field_of(const struct spec *spec, const struct fact *fact,
                                         struct arena *arena)
{
    size_t length = strcspn(fact->name, ".");
    const struct spec_record *record = spec_record(spec, arena_strndup(arena, fact->name, length));

    for (unsigned i = 0; fact->kind == FACT_FIELD && record != NULL && i < record->n_fields; i++)
        if (strcmp(record->fields[i].name, fact->name + length + 1) == 0)
            return &record->fields[i];
    return NULL;
}

/* A field that the binding models as words is two facts there. */
static void push_words(struct facts *chosen, const struct fact *whole, const struct target *target)
{
    bool is_little = strcmp(target->endian, "little") == 0;

    for (int half = 0; half < 2; half++) {
        const char *suffix = (half == 0) == is_little ? "lo" : "hi";
        struct fact *part = facts_add(chosen, FACT_FIELD,
                                      arena_printf(chosen->arena, "%s_%s", whole->name, suffix));
        fact_set_number(chosen, part, FIELD_OFFSET,
                        fact_number(whole, FIELD_OFFSET) + (int64_t)4 * half);
        fact_set_number(chosen, part, FIELD_SIZE, 4);
        fact_set(chosen, part, FIELD_TYPE, "u32");
    }
}

/* Copies the facts to assert, in the shape that the subject has them. */
static void choose_facts(struct facts *chosen, const struct facts *facts, const struct spec *spec,
                         enum subject subject, const struct target *target)
{
    for (size_t i = 0; i < facts->n; i++) {
        struct fact fact = facts->items[i];
        const struct spec_field *field = field_of(spec, &fact, chosen->arena);
        fact.where = no_location;
        if (subject == SUBJECT_BINDING && field != NULL && field->as == AS_WORDS)
            push_words(chosen, &fact, target);
        else
            facts_push(chosen, fact);
    }
}

/* Drops what was not asserted: it is no evidence. */
static void drop_unasserted(struct facts *facts, const unsigned char *asserted)
{
    for (size_t i = 0; i < facts->n; i++)
        for (int attr = 0; attr < FACT_ATTRS_MAX; attr++)
            if ((asserted[i] >> attr & 1) == 0)
                facts->items[i].attr[attr] = NULL;
}

void witness_compile(struct evidence *evidence, enum subject subject, const struct spec *spec,
                     const struct target *target, const struct facts *facts,
                     const struct workspace *workspace, struct arena *arena)
{
    *evidence = (struct evidence){
        .witness = compile_witness.name,
        .subject = subject,
        .tier = compile_witness.tier,
        .is_complete = true,
        .facts = {.arena = arena},
    };
    if (target->compiler == NULL) {
        evidence->unavailable = arena_printf(arena, "compiler '%s' not found", target->cc[0]);
        return;
    }
    choose_facts(&evidence->facts, facts, spec, subject, target);
    unsigned char *asserted = arena_alloc(arena, evidence->facts.n + 1);
    for (unsigned i = 0; i < (subject == SUBJECT_SYSTEM ? spec->n_sources : 1); i++) {
        struct unit unit = {
            .spec = spec,
            .target = target,
            .source = subject == SUBJECT_SYSTEM ? &spec->sources[i] : NULL,
            .facts = &evidence->facts,
            .text = {.arena = arena},
            .asserted = asserted,
        };
        write_unit(&unit);
        compile(&unit, evidence, workspace);
    }
    drop_unasserted(&evidence->facts, asserted);
    facts_sort(&evidence->facts);
}

/* ---- the row ---- */

/* The compiler need not assert what a program prints anyway. */
static bool is_usual(const struct witness_input *input)
{
    return input->target->emulator == NULL;
}

static size_t collect(const struct witness_input *input, struct evidence *list)
{
    witness_compile(&list[0], SUBJECT_SYSTEM, input->spec, input->target, input->facts,
                    input->workspace, input->arena);
    witness_compile(&list[1], SUBJECT_BINDING, input->spec, input->target, input->facts,
                    input->workspace, input->arena);
    return 2;
}

const struct witness compile_witness = {
    .name = "compile",
    .tier = TIER_COMPILED,
    .is_usual = is_usual,
    .collect = collect,
};
