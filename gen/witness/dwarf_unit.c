/* dwarf_unit.c - see dwarf_unit.h.
 *
 * Design: a compiler reports a missing name by its line, so each line of the unit belongs to at
 * most one probe: the line of an error is enough to find the one to change or to take out.
 */
#include "witness/dwarf_unit.h"

#include <stdlib.h>
#include <string.h>

#include "witness/build.h"
#include "base/file.h"
#include "model/toolchain.h"
#include "model/sources.h"

static bool is_binding(const struct probe_unit *unit)
{
    return unit->source == NULL;
}

/* ---- the plan ---- */

static void plan(struct probe_unit *unit, enum fact_kind kind, const char *prefix, const char *name)
{
    struct probe probe = {
        .kind = kind,
        .name = name,
        .spelling = arena_printf(unit->arena, "%s%s", is_binding(unit) ? prefix : "", name),
    };

    if (kind == FACT_SYSCALL && !is_binding(unit))
        probe.spelling = arena_printf(unit->arena, "__NR_%s", name);
    ARENA_PUSH(unit->arena, unit->probes, unit->n_probes, probe);
}

/* True if an item that the spec takes from source `from` is this unit's. */
static bool is_ours(const struct probe_unit *unit, const char *from)
{
    return is_binding(unit) || strcmp(unit->source->name, from) == 0;
}

static void plan_calls(struct probe_unit *unit)
{
    const struct spec *spec = unit->spec;

    for (unsigned i = 0; i < spec->n_calls; i++) {
        const struct spec_call *call = &spec->calls[i];
        if ((call->forms & FORM_LIBRARY) != 0 &&
            (is_binding(unit) || unit->source->library != NULL))
            plan(unit, FACT_FUNCTION, "raw_", call->name);
        if ((call->forms & FORM_SYSCALL) != 0 &&
            (is_binding(unit) || unit->source == &spec->sources[0]))
            plan(unit, FACT_SYSCALL, "RAW_NR_", call->name);
    }
}

void probe_unit_plan(struct probe_unit *unit)
{
    const struct spec *spec = unit->spec;

    for (unsigned i = 0; i < spec->n_records; i++)
        if (is_ours(unit, spec->records[i].from))
            plan(unit, FACT_RECORD, "raw_", spec->records[i].name);
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (is_ours(unit, spec->aliases[i].from))
            plan(unit, FACT_ALIAS, "raw_", spec->aliases[i].name);
    for (unsigned i = 0; i < spec->n_constants; i++)
        if (is_binding(unit) ||
            constants_source(spec, unit->target, &spec->constants[i]) == unit->source)
            for (unsigned k = 0; k < spec->constants[i].n_names; k++)
                plan(unit, FACT_CONSTANT, "RAW_", spec->constants[i].names[k]);
    plan_calls(unit);
}

/* ---- the text ---- */

/* The text, and for each of its lines the probe that it belongs to; SIZE_MAX: none. */
struct unit_text {
    struct str text;
    size_t *owners;
    size_t n_lines;
};

__attribute__((format(printf, 3, 4))) static void line(struct unit_text *out, size_t owner,
                                                       const char *format, ...)
{
    va_list args;

    va_start(args, format);
    str_add(&out->text, arena_vprintf(out->text.arena, format, args));
    va_end(args);
    str_add_char(&out->text, '\n');
    ARENA_PUSH(out->text.arena, out->owners, out->n_lines, owner);
}

static void write_record(struct unit_text *out, size_t i, const struct probe *probe)
{
    static const char *const tags[] = {
        [AS_STRUCT] = "struct ", [AS_UNION] = "union ", [AS_TYPEDEF] = ""};

    line(out, i, "struct " PROBE_ALIGN "%s { char c; %s%s x; } abiproof_p_%s;", probe->name,
         tags[probe->form], probe->spelling, probe->name);
}

/* An enumerator has the value, which need not fit an int, and a typedef the type. */
static void write_constant(struct unit_text *out, size_t i, const struct probe *probe,
                           const char *mark)
{
    line(out, SIZE_MAX, "#ifdef %s", probe->spelling);
    line(out, i, "enum abiproof_e%s%s { %s%s = (%s) } abiproof_v%s%s;", mark, probe->name, mark,
         probe->name, probe->spelling, mark, probe->name);
    if (probe->kind == FACT_CONSTANT)
        line(out, i, "typedef __typeof__(%s) " PROBE_TYPE "%s;", probe->spelling, probe->name);
    line(out, SIZE_MAX, "#endif");
}

static void write_pointer(struct unit_text *out, size_t i, const char *mark, const char *name,
                          const char *function)
{
    line(out, i, "__typeof__(%s) *%s%s = %s;", function, mark, name, function);
}

static void write_probe(struct unit_text *out, const struct probe_unit *unit, size_t i)
{
    const struct probe *probe = &unit->probes[i];

    switch (probe->kind) {
    case FACT_RECORD:
        write_record(out, i, probe);
        break;
    case FACT_ALIAS:
        line(out, i, "%s abiproof_u_%s;", probe->spelling, probe->name);
        break;
    case FACT_CONSTANT:
        write_constant(out, i, probe, PROBE_VALUE);
        break;
    case FACT_FUNCTION:
        write_pointer(out, i, PROBE_FUNCTION, probe->name, probe->spelling);
        break;
    case FACT_SYSCALL:
        write_constant(out, i, probe, PROBE_NUMBER);
        if (!is_binding(unit))
            break;
        line(out, SIZE_MAX, "#ifdef %s", probe->spelling);
        write_pointer(out, i, PROBE_WRAPPER, probe->name,
                      arena_printf(unit->arena, "raw_sys_%s", probe->name));
        line(out, SIZE_MAX, "#endif");
        break;
    default:
        break;
    }
}

static void write_headers(struct unit_text *out, const struct probe_unit *unit)
{
    const struct spec_source *source = unit->source;

    for (unsigned i = 0; i < source->n_defines; i++)
        line(out, SIZE_MAX, "%s", spec_define(unit->arena, source->defines[i]));
    for (unsigned i = 0; i < source->n_headers; i++)
        if (header_exists(unit->target, source->headers[i]))
            line(out, SIZE_MAX, "#include <%s>", source->headers[i]);
}

static void write_unit(struct unit_text *out, const struct probe_unit *unit)
{
    if (is_binding(unit))
        line(out, SIZE_MAX, "#include \"%s.h\"", unit->spec->name);
    else
        write_headers(out, unit);
    line(out, SIZE_MAX, "struct " PROBE_ANCHOR " { char a; long b; short c; } abiproof_anchor_v;");
    line(out, SIZE_MAX, "struct " PROBE_ANCHOR "32 { char a; int b; } abiproof_anchor32_v;");
    line(out, SIZE_MAX, "struct " PROBE_ANCHOR "64 { char a; long long b; } abiproof_anchor64_v;");
    line(out, SIZE_MAX,
         "enum abiproof_expect { " PROBE_EXPECT "b = __builtin_offsetof(struct " PROBE_ANCHOR
         ", b), " PROBE_EXPECT "c = __builtin_offsetof(struct " PROBE_ANCHOR ", c), " PROBE_EXPECT
         "size = sizeof(struct " PROBE_ANCHOR ") } abiproof_expect_v;");
    for (size_t i = 0; i < unit->n_probes; i++)
        if (unit->probes[i].form != AS_NOTHING)
            write_probe(out, unit, i);
}

/* ---- compiling ---- */

/* The text that was compiled last has the forms that worked then: a hint that saves time. */
static void remember_forms(struct probe_unit *unit)
{
    const char *old = out_read(unit->arena, unit->path, NULL);

    for (size_t i = 0; old != NULL && i < unit->n_probes; i++) {
        struct probe *probe = &unit->probes[i];
        if (probe->kind != FACT_RECORD)
            continue;
        if (strstr(old, arena_printf(unit->arena, " union %s x; }", probe->spelling)) != NULL)
            probe->form = AS_UNION;
        else if (strstr(old, arena_printf(unit->arena, "; %s x; }", probe->spelling)) != NULL)
            probe->form = AS_TYPEDEF;
    }
}

/* Changes a probe that was refused: a record may be of another kind; else it is not there. */
static void repair(struct probe *probe, const char *message)
{
    enum probe_form form = probe->kind == FACT_RECORD ? AS_STRUCT : AS_NOTHING;

    if (probe->message == NULL)
        probe->message = message;
    probe->refused |= 1U << probe->form;
    while (form != AS_NOTHING && (probe->refused >> form & 1) != 0)
        form++;
    probe->form = form;
}

/* Attributes the errors to probes and changes these. Returns false if one is nobody's. */
static bool read_errors(struct probe_unit *unit, const struct unit_text *text, const char *errors,
                        const char **unknown)
{
    static const char mark[] = "error: ";
    size_t length = strlen(unit->path);
    size_t last = SIZE_MAX;

    bool any = false;
    *unknown = NULL;
    for (const char *at = errors; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
        const char *reported = arena_strndup(unit->arena, at, strcspn(at, "\n"));
        const char *message = strstr(reported, mark);
        long number = str_starts(reported, unit->path) && reported[length] == ':'
                          ? strtol(reported + length + 1, NULL, 10)
                          : 0;
        size_t owner =
            number > 0 && (size_t)number <= text->n_lines ? text->owners[number - 1] : SIZE_MAX;
        if (message == NULL)
            continue;
        any = true;
        if (owner == SIZE_MAX)
            *unknown = *unknown != NULL ? *unknown : reported;
        else if (owner != last) /* more about the same line follows from the first */
            repair(&unit->probes[owner], message + sizeof mark - 1);
        last = owner;
    }
    return any && *unknown == NULL;
}

static struct proc_result run_compiler(const struct probe_unit *unit, const char *object)
{
    /* DWARF 5 counts bit-fields from the start of the record; all compilers in use write it. */
    static const char *const flags[] = {"-std=gnu11",
                                        "-w",
                                        "-ffreestanding",
                                        "-DRAW_NO_ASSERT",
                                        "-O0",
                                        "-gdwarf-5",
                                        "-fno-eliminate-unused-debug-types",
                                        "-c"};
    struct arena *arena = unit->arena;
    const char **argv = NULL;
    size_t n = 0;

    compiler_begin(unit->target, arena, &argv, &n);
    bool is_clang = strstr(argv[0], "clang") != NULL;
    /* errors in a macro are to be reported where it is used, as clang does */
    ARENA_PUSH(arena, argv, n, is_clang ? "-ferror-limit=0" : "-ftrack-macro-expansion=0");
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        ARENA_PUSH(arena, argv, n, flags[i]);
    workspace_bindings(unit->workspace, arena, &argv, &n);
    ARENA_PUSH(arena, argv, n, unit->path);
    return build_file(arena, object, argv, n, unit->workspace->cache, unit->workspace->timeout_ms);
}

/* A record is refused in three forms before it is left out. */
enum { ROUNDS_MAX = 4 };

const char *probe_unit_compile(struct probe_unit *unit, struct evidence *evidence)
{
    struct arena *arena = unit->arena;
    const char *name = is_binding(unit) ? "binding" : unit->source->name;
    const char *object = arena_printf(arena, "%s/dwarf-%s.o", unit->workspace->build, name);
    struct diag diag;

    diag_init(&diag, arena, false);
    unit->path = arena_printf(arena, "%s/dwarf-%s.c", unit->workspace->build, name);
    remember_forms(unit);
    struct proc_result result;
    const char *unknown = NULL;
    for (int round = 0; round < ROUNDS_MAX; round++) {
        struct unit_text text = {.text = {.arena = arena}};
        write_unit(&text, unit);
        if (out_write(unit->path, str_text(&text.text), text.text.len, &diag) == OUT_FAILED) {
            remark_add(&evidence->broken, arena, "probe-failed",
                       (struct location){unit->path, 0, 0}, "cannot be written");
            return NULL;
        }
        result = run_compiler(unit, object);
        if (result.end != PROC_EXITED) {
            remark_add(&evidence->broken, arena, "probe-failed",
                       (struct location){unit->path, 0, 0}, "%s: %s", unit->target->compiler[0],
                       proc_describe(arena, &result, unit->workspace->timeout_ms));
            return NULL;
        }
        if (result.status == 0)
            return object;
        if (!read_errors(unit, &text, result.err, &unknown))
            break;
    }
    remark_compiler(evidence, arena, unknown != NULL ? unknown : result.err);
    return NULL;
}
