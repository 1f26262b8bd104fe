/* link.c - the target's linker as a witness: which library has which symbol.
 *
 * In: the functions of a spec, as the headers declare them. Out: for each the library and the
 * symbol, if the linker found it there.
 *
 * A header only promises a symbol. Here a shared library that refers to every one of them, and may
 * leave none undefined, is linked against the real library (or Apple's text stub of it) and nothing
 * else.
 */
#include "witness/witness.h"

#include <string.h>
#include <unistd.h>

#include "witness/build.h"
#include "base/file.h"
#include "model/toolchain.h"
#include "model/sources.h"

/* A unit that refers to each symbol, by the name that the object file has. */
static void write_unit(struct str *out, const struct target *target, const struct facts *functions)
{
    for (size_t i = 0; i < functions->n; i++)
        str_addf(out,
                 "extern const char abiproof_%zu[] __asm__(\"%s%s\");\n"
                 "const char *const abiproof_use_%zu = abiproof_%zu;\n",
                 i, target->label, functions->items[i].attr[FUNCTION_SYMBOL], i, i);
}

static bool is_word(char byte)
{
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/* True if a line that says "undefined" names the symbol as a whole word. */
static bool is_undefined(struct arena *arena, const char *errors, const char *symbol)
{
    for (const char *at = errors; *at != '\0';) {
        const char *line = arena_strndup(arena, at, strcspn(at, "\n"));
        const char *hit = strstr(line, "undefined") != NULL ? strstr(line, symbol) : NULL;
        for (; hit != NULL; hit = strstr(hit + 1, symbol))
            if ((hit == line || !is_word(hit[-1])) && !is_word(hit[strlen(symbol)]))
                return true;
        at += strlen(line) + (at[strlen(line)] == '\n');
    }
    return false;
}

/* Appends the library, so that the key of what is linked knows its contents: a text stub by its
 * path, a library of ELF by the list that the linker writes of what it read. */
static void add_library(const char ***argv, size_t *n, const char *library,
                        const struct target *target, const char *output, struct arena *arena)
{
    for (unsigned i = 0; i < target->n_library_path; i++) {
        const char *stub = arena_printf(arena, "%s/lib%s.tbd", target->library_path[i], library);
        if (access(stub, R_OK) == 0) {
            ARENA_PUSH(arena, *argv, *n, stub);
            return;
        }
    }
    for (unsigned i = 0; i < target->n_library_path; i++)
        ARENA_PUSH(arena, *argv, *n, arena_printf(arena, "-L%s", target->library_path[i]));
    ARENA_PUSH(arena, *argv, *n,
               arena_printf(arena, "-Wl,--dependency-file=%s", build_libraries(arena, output)));
    ARENA_PUSH(arena, *argv, *n, arena_printf(arena, "-l%s", library));
}

/* Links; corrects the functions whose symbols are not there. */
static void link_unit(struct evidence *evidence, const char *library, const struct target *target,
                      const struct workspace *workspace, struct arena *arena)
{
    const char *source = arena_printf(arena, "%s/link.c", workspace->build);
    const char *output = arena_printf(arena, "%s/link.out", workspace->build);
    struct diag diag;

    diag_init(&diag, arena, false);
    struct str text = {.arena = arena};
    write_unit(&text, target, &evidence->facts);
    if (out_write(source, str_text(&text), text.len, &diag) == OUT_FAILED) {
        evidence->unavailable = arena_printf(arena, "cannot write '%s'", source);
        return;
    }
    size_t n = 0;
    const char **argv = NULL;
    compiler_begin(target, arena, &argv, &n);
    ARENA_PUSH(arena, argv, n, "-w");
    ARENA_PUSH(arena, argv, n, "-fPIC");
    ARENA_PUSH(arena, argv, n, source);
    for (unsigned i = 0; i < target->n_link_words; i++)
        ARENA_PUSH(arena, argv, n, target->link_words[i]);
    add_library(&argv, &n, library, target, output, arena);
    struct proc_result result =
        build_file(arena, output, argv, n, workspace->cache, workspace->timeout_ms);
    if (result.end == PROC_EXITED && result.status == 0)
        return;
    size_t n_missing = 0;
    for (size_t i = 0; i < evidence->facts.n; i++) {
        struct fact *fact = &evidence->facts.items[i];
        if (!is_undefined(arena, result.err, fact->attr[FUNCTION_SYMBOL]))
            continue;
        fact_set(
            &evidence->facts, fact, FUNCTION_LIBRARY,
            arena_printf(arena, "not %s, which lacks '%s'", library, fact->attr[FUNCTION_SYMBOL]));
        n_missing++;
    }
    if (n_missing == 0) /* no library, no linker: nothing was learnt */
        evidence->unavailable = arena_printf(
            arena, "%s cannot link with -l%s: %.*s", argv[0], library,
            (int)strcspn(result.err, "\n"),
            result.end == PROC_EXITED ? result.err
                                      : proc_describe(arena, &result, workspace->timeout_ms));
}

/* ---- the row ---- */

static bool has_functions(const struct witness_input *input)
{
    for (size_t i = 0; i < input->facts->n; i++)
        if (input->facts->items[i].kind == FACT_FUNCTION)
            return true;
    return false;
}

static const char *why_not(const struct witness_input *input)
{
    if (!has_functions(input))
        return "the spec has no library function";
    return input->target->link == NULL ? "no library of this system to link with" : NULL;
}

static size_t collect(const struct witness_input *input, struct evidence *evidence)
{
    const struct target *target = input->target;
    const struct facts *facts = input->facts;
    struct arena *arena = input->arena;

    *evidence = (struct evidence){
        .witness = link_witness.name,
        .subject = SUBJECT_SYSTEM,
        .tier = link_witness.tier,
        .facts = {.arena = arena},
    };
    const char *library = NULL;
    for (size_t i = 0; i < facts->n; i++)
        if (facts->items[i].kind == FACT_FUNCTION) {
            struct fact fact = facts->items[i];
            library = fact_source(input->spec, target, &fact)->library;
            fact.attr[FUNCTION_RETURN] = fact.attr[FUNCTION_PARAMS] = NULL;
            fact.where = no_location;
            facts_push(&evidence->facts, fact);
        }
    if (library == NULL)
        return 0;
    if (target->compiler == NULL)
        evidence->unavailable = arena_printf(arena, "compiler '%s' not found", target->cc[0]);
    else
        link_unit(evidence, library, target, input->workspace, arena);
    return 1;
}

const struct witness link_witness = {
    .name = "link",
    .tier = TIER_COMPILED,
    .why_not = why_not,
    .is_expected = has_functions,
    .collect = collect,
};
