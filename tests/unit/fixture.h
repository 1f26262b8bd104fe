/* fixture.h - what the tests of stages share: a temporary root, and specs and targets made on it.
 *
 * Each test has a folder, an arena and a diag of its own. Texts are compared whole, so that a test
 * says what is expected in the words that a user would read.
 */
#ifndef ABIPROOF_TESTS_FIXTURE_H
#define ABIPROOF_TESTS_FIXTURE_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "model/facts.h"
#include "base/file.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/witness.h"

static struct arena arena;
static struct diag diag;
static const char *root; /* of this test: ends with a slash */

static inline int fixture_setup(void **state)
{
    const char *folder = getenv("TMPDIR");
    char *path = arena_printf(&arena, "%s/abiproof-test-XXXXXX", folder != NULL ? folder : "/tmp");

    (void)state;
    if (mkdtemp(path) == NULL)
        return -1;
    root = arena_printf(&arena, "%s/", path);
    diag_init(&diag, &arena, false);
    return 0;
}

static inline int fixture_remove(const char *path, const struct stat *info, int type,
                                 struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static inline int fixture_teardown(void **state)
{
    int result = nftw(root, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);

    (void)state;
    arena_release(&arena);
    return result;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

/* A path below the root. */
static inline const char *at_root(const char *path)
{
    return arena_printf(&arena, "%s%s", root, path);
}

static inline const char *write_file(const char *path, const char *text)
{
    const char *full = at_root(path);
    struct diag failed;

    diag_init(&failed, &arena, false);
    if (out_write(full, text, strlen(text), &failed) == OUT_FAILED)
        fail_msg("cannot write '%s': %s", full, str_text(&failed.text));
    return full;
}

static inline void expect_text(const char *label, const char *expected, const char *got)
{
    if (got == NULL || strcmp(expected, got) != 0)
        fail_msg("%s\n--- expected\n%s\n--- got\n%s", label, expected, got ? got : "(nothing)");
}

static inline void expect_part(const char *label, const char *part, const char *got)
{
    if (got == NULL || strstr(got, part) == NULL)
        fail_msg("%s\n--- expected somewhere\n%s\n--- got\n%s", label, part,
                 got ? got : "(nothing)");
}

/* Compares what the diag says, in which $ stands for the root; and empties it. */
static inline void expect_messages(const char *label, const char *expected)
{
    struct str got = {.arena = &arena};

    for (const char *at = str_text(&diag.text); *at != '\0';) {
        if (str_starts(at, root)) {
            str_add_char(&got, '$');
            at += strlen(root);
        } else {
            str_add_char(&got, *at++);
        }
    }
    expect_text(label, expected, str_text(&got));
    diag_init(&diag, &arena, false);
}

/* ---- specs and targets ---- */

/* The head of a spec named x with one source; 8 lines, so that what follows starts on line 9. */
#define SPEC_HEAD                                                                                  \
    "name: x\n"                                                                                    \
    "doc: what x is\n"                                                                             \
    "manual: x(7)\n"                                                                               \
    "os: linux\n"                                                                                  \
    "sources:\n"                                                                                   \
    "  - name: kernel\n"                                                                           \
    "    headers: [t.h]\n"                                                                         \
    "patterns: [FAM_*, fam_*]\n"

/* Loads a spec whose file holds text. */
static inline const struct spec *make_spec(const char *text)
{
    write_file("gen/specs/x.yaml", text);
    struct specs specs = {NULL, 0};
    if (!specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag) || specs.n != 1)
        fail_msg("the spec of the test is bad: %s", str_text(&diag.text));
    return specs.items[0];
}

/* A target whose headers are the folder `include` of the root. */
static inline struct target make_target(const char *name, const char *triple, int bits,
                                        const char *endian)
{
    static const char *headers[] = {"/nowhere/include"}, *cc[] = {"no-such-cc"};
    struct target target = {.name = name,
                            .os = "linux",
                            .triple = triple,
                            .bits = bits,
                            .endian = endian,
                            .sigset = 8,
                            .label = "",
                            .headers = headers,
                            .n_headers = 1,
                            .cc = cc,
                            .n_cc = 1};
    const char **include = arena_alloc(&arena, 2 * sizeof *include);

    include[0] = at_root("include");
    target.include = include;
    target.n_include = 1;
    return target;
}

static inline struct target x86_64(void)
{
    return make_target("x86_64-linux", "x86_64-linux-gnu", 64, "little");
}

static inline const char *facts_text(const struct facts *facts, bool with_sources)
{
    struct str text = {.arena = &arena};

    facts_print(&text, facts, with_sources);
    return str_text(&text);
}

/* Facts from canonical text, sorted. */
static inline struct facts make_facts(const char *text)
{
    struct facts facts = {.arena = &arena};

    if (!facts_parse(&facts, text, "test.facts", &diag))
        fail_msg("the facts of the test are bad: %s", str_text(&diag.text));
    facts_sort(&facts);
    return facts;
}

/* What clang reads for a whole spec from the headers under `include`. */
static inline struct evidence read_spec(struct target target, const char *spec_text)
{
    struct evidence evidence;

    if (!witness_clang_system(&evidence, make_spec(spec_text), &target, &arena, &diag))
        fail_msg("expected the headers to be read, got: %s", str_text(&diag.text));
    return evidence;
}

/* Compares what clang reads from t.h for SPEC_HEAD and items, but the fact about the target. */
static inline void expect_facts(const char *label, struct target target, const char *items,
                                const char *header, const char *expected)
{
    write_file("include/t.h", header);
    struct evidence evidence = read_spec(target, arena_printf(&arena, "%s%s", SPEC_HEAD, items));
    const char *got = facts_text(&evidence.facts, false);
    assert_true(str_starts(got, "abi "));
    expect_text(label, expected, strchr(got, '\n') + 1);
}

#endif
