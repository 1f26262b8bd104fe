/* sessions.h - what the tests of subcommands' stages share: a whole small root, on which a session
 * opens as on the real one.
 *
 * Two Linux targets, of which this machine has headers and perhaps a compiler, and one of another
 * system, without headers; one spec with a record, a constant and a library function.
 */
#ifndef ABIPROOF_TESTS_SESSIONS_H
#define ABIPROOF_TESTS_SESSIONS_H

#include "fixture.h"

#include "cmd/generated.h"
#include "cmd/session.h"

#define SMALL_TARGET(name, machine, cc)                                                            \
    "  - name: " name "\n"                                                                         \
    "    os: linux\n"                                                                              \
    "    triple: " machine "-linux-gnu\n"                                                          \
    "    when: defined(__" machine "__)\n"                                                         \
    "    bits: 64\n"                                                                               \
    "    endian: little\n"                                                                         \
    "    sigset: 8\n"                                                                              \
    "    headers: [include]\n"                                                                     \
    "    cc: [" cc "]\n"

#define SMALL_TABLE                                                                                                       \
    "machines: [{name: x86_64, elf: [62]}, {name: aarch64, elf: [183]}]\n"                                                \
    "targets:\n" SMALL_TARGET("x86_64-linux", "x86_64", "x86_64-linux-gnu-gcc, gcc") SMALL_TARGET(                        \
        "aarch64-linux", "aarch64",                                                                                       \
        "aarch64-linux-gnu-gcc") "  - {name: x86_64-toy, os: toy, triple: x86_64-unknown-none, when: defined(__toy__),\n" \
                                 "     bits: 64, endian: little, headers: [none], cc: [no-such-cc]}\n"

#define SMALL_SPEC                                                                                 \
    "name: x\n"                                                                                    \
    "doc: what x is\n"                                                                             \
    "manual: x(7)\n"                                                                               \
    "os: linux\n"                                                                                  \
    "sources:\n"                                                                                   \
    "  - name: kernel\n"                                                                           \
    "    headers: [t.h]\n"                                                                         \
    "patterns: [FAM_*, fam_*]\n"                                                                   \
    "records:\n"                                                                                   \
    "  - {name: fam_r, doc: d, fields: [{name: a, doc: d}, {name: b, doc: d}]}\n"                  \
    "constants:\n"                                                                                 \
    "  - {doc: d, names: [FAM_A]}\n"

#define SMALL_HEADER "struct fam_r { int a; long b; };\n#define FAM_A 7\n"

/* Writes the root. */
static inline void make_root(void)
{
    write_file("gen/targets.yaml", SMALL_TABLE);
    write_file("gen/languages.yaml", "languages: [{name: c, title: C, programs: [cc], brings: b, "
                                     "compile: x}]\n");
    write_file("gen/specs/x.yaml", SMALL_SPEC);
    write_file("include/t.h", SMALL_HEADER);
}

/* What a command line without options gives, on the root of the test. */
static inline struct options some_options(void)
{
    return (struct options){.root = root, .timeout_ms = 60000, .n_workers = 1, .quiet = true};
}

/* A list of names for an option. */
#define NAMES(...)                                                                                 \
    ((struct names){(const char *[]){__VA_ARGS__},                                                 \
                    sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)})

/* Opens a session that must open. The caller closes it. */
static inline void open_session(struct session *session, const struct options *options)
{
    if (!session_open(session, options, &arena))
        fail_msg("expected the session to open, got: %s", str_text(&session->diag.text));
}

/* Reads the headers and makes the generated files, in memory. */
static inline struct emit_files make_generated(struct session *session)
{
    struct emit_files files = {.arena = &arena};

    if (!session_read(session))
        fail_msg("the headers of the test are bad");
    if (!generated_make(&files, session, &session->options->langs))
        fail_msg("expected files, got: %s", str_text(&session->diag.text));
    return files;
}

/* Writes them where they belong. */
static inline void write_generated(const struct emit_files *files)
{
    for (size_t i = 0; i < files->n; i++)
        write_file(files->items[i].path, str_text(&files->items[i].text));
}

/* Compares what the session says, and empties it. */
static inline void expect_session(const char *label, struct session *session, const char *expected)
{
    diag = session->diag;
    expect_messages(label, expected);
    diag_init(&session->diag, &arena, false);
}

#endif
