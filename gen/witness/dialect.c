/* dialect.c - a binding in the dialects of C and C++.
 *
 * In: the binding of a spec, and the target's compiler. Out: a finding where a dialect sees another
 * text; no facts.
 *
 * Design: every other witness compiles a binding in one way, without a hosted library and with
 * GNU's extensions. A program may be hosted, strict, threaded, optimized, or C++, and a header can
 * ask for each of these. A compiler that is given the same text after preprocessing gives the same
 * binding, bodies included, so the texts are compared, which takes a third of compiling them. The
 * unit ends with all names of the spec, so that a macro whose value depends on the dialect shows,
 * too. C++ is what its macros say, as to a header: few targets have a compiler for it at hand.
 *
 * Everything differs at once between the two rows, since starting a compiler is what takes time: a
 * condition on one macro shows. One that holds in C only is seen where the binding is compiled in
 * its own language (languages.yaml), strict and hosted, and its facts are compared.
 */
#include "witness/witness.h"

#include <string.h>

#include "base/file.h"
#include "base/proc.h"
#include "model/toolchain.h"
#include "witness/build.h"

/* Options, by blanks; the first row is what the others are compared with: each macro that a header
 * can ask for is defined in one of them. */
static const struct dialect {
    const char *name;
    const char *options;
} dialects[] = {
    {"C", "-std=gnu11 -ffreestanding -O0"},
    {"strict hosted C++, threads, optimized",
     "-std=c11 -D_REENTRANT -O2 -D__cplusplus=201103L -U__STDC_VERSION__ -D_GNU_SOURCE=1 "
     "-Dalignas=_Alignas"},
};
enum { N_DIALECTS = sizeof dialects / sizeof dialects[0] };

struct unit {
    const struct witness_input *input;
    struct evidence *evidence;
    const char *source;
};

static bool write_unit(struct unit *unit)
{
    const struct spec *spec = unit->input->spec;
    struct str text = {.arena = unit->input->arena};
    struct diag diag;

    str_addf(&text, "#include \"%s.h\"\n", spec->name);
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            str_addf(&text, "%s: RAW_%s\n", spec->constants[i].names[k],
                     spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0)
            str_addf(&text, "number of %s: RAW_NR_%s\n", spec->calls[i].name, spec->calls[i].name);
    diag_init(&diag, text.arena, false);
    return out_write(unit->source, str_text(&text), text.len, &diag) != OUT_FAILED;
}

/* Preprocesses the unit in a dialect. Returns the text; NULL after a remark. */
static const char *preprocess(struct unit *unit, unsigned number)
{
    static const char *const fixed[] = {"-E", "-P", "-dD", "-w", "-DRAW_NO_ASSERT"};
    const struct workspace *workspace = unit->input->workspace;
    struct arena *arena = unit->input->arena;
    const char *output = arena_printf(arena, "%s/dialect-%u.i", workspace->build, number);
    const char **argv = NULL;
    size_t n = 0;

    compiler_begin(unit->input->target, arena, &argv, &n);
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        ARENA_PUSH(arena, argv, n, fixed[i]);
    for (const char *at = dialects[number].options; *at != '\0'; at += strspn(at, " ")) {
        ARENA_PUSH(arena, argv, n, arena_strndup(arena, at, strcspn(at, " ")));
        at += strcspn(at, " ");
    }
    workspace_bindings(workspace, arena, &argv, &n);
    ARENA_PUSH(arena, argv, n, unit->source);
    struct proc_result result =
        build_file(arena, output, argv, n, workspace->cache, workspace->timeout_ms);
    if (result.end == PROC_EXITED && result.status == 0)
        return out_read(arena, output, NULL);
    if (result.end == PROC_EXITED)
        remark_compiler(unit->evidence, arena, result.err);
    else
        remark_add(&unit->evidence->broken, arena, "probe-failed", (struct location){output, 0, 0},
                   "%s: %s", argv[0], proc_describe(arena, &result, workspace->timeout_ms));
    return NULL;
}

/* True for a line that may differ: the compiler's own macros, those by which a binding says the
 * same in C and C++, and the braces of `extern "C"`, which only lines of braces can be. */
static bool is_of_the_language(const char *line)
{
    static const char *const starts[] = {"#define RAW_STATIC_ASSERT(", "#define RAW_ALIGNOF(",
                                         "#define RAW_ALIGNAS("};

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(line, starts[i]))
            return true;
    if (line[0] == '#')
        return !str_starts(line, "#define RAW_") && !str_starts(line, "#undef RAW_");
    return line[0] == '\0' || strcmp(line, "}") == 0 || strcmp(line, "extern \"C\" {") == 0;
}

/* The next line that counts, NULL at the end; `at` moves behind it. */
static const char *next_line(struct arena *arena, const char **at)
{
    while (**at != '\0') {
        size_t length = strcspn(*at, "\n");
        const char *line = arena_strndup(arena, *at, length);
        *at += length + ((*at)[length] == '\n');
        if (!is_of_the_language(line))
            return line;
    }
    return NULL;
}

/* Adds a remark with the first line that differs. */
static void compare(struct unit *unit, const char *expected, const char *got,
                    const struct dialect *dialect)
{
    struct arena *arena = unit->input->arena;
    const char *want, *have;

    do {
        want = next_line(arena, &expected);
        have = next_line(arena, &got);
    } while (want != NULL && have != NULL && strcmp(want, have) == 0);
    if (want != NULL || have != NULL)
        remark_add(
            &unit->evidence->broken, arena, "differs-by-dialect",
            (struct location){arena_printf(arena, "%s/%s.h", unit->input->workspace->bindings,
                                           unit->input->spec->name),
                              0, 0},
            "in %s: '%s' instead of '%s'", dialect->name, have != NULL ? have : "nothing",
            want != NULL ? want : "nothing");
}

static size_t collect(const struct witness_input *input, struct evidence *list)
{
    struct arena *arena = input->arena;
    struct unit unit = {input, list, arena_printf(arena, "%s/dialect.c", input->workspace->build)};

    *list = (struct evidence){
        .witness = dialect_witness.name,
        .subject = SUBJECT_BINDING,
        .tier = dialect_witness.tier,
        .facts = {.arena = arena},
    };
    if (input->target->compiler == NULL)
        list->unavailable = arena_printf(arena, "compiler '%s' not found", input->target->cc[0]);
    else if (!write_unit(&unit))
        list->unavailable = arena_printf(arena, "cannot write '%s'", unit.source);
    if (list->unavailable != NULL)
        return 1;
    const char *base = preprocess(&unit, 0);
    for (unsigned i = 1; i < N_DIALECTS && base != NULL && list->broken.n == 0; i++) {
        const char *text = preprocess(&unit, i);
        if (text != NULL)
            compare(&unit, base, text, &dialects[i]);
    }
    return 1;
}

const struct witness dialect_witness = {
    .name = "dialect",
    .tier = TIER_COMPILED,
    .collect = collect,
};
