/* Tests of config.c: what abiproof.yaml says, where it is found, what a build may do. */
#include "fixture.h"

#include "verify/config.h"

#define OBJECT "objects:\n  - paths: [a.o]\n"

static struct config *load(const char *text)
{
    return config_load(&arena, write_file("p/abiproof.yaml", text), &diag);
}

static void test_config_load__reads_every_key(void **state)
{
    (void)state;
    struct config *config = load("# ours\n"
                                 "objects:\n"
                                 "  - paths: [build/poll.o, \"build/*.so\"]\n"
                                 "  - paths: [arm.o]\n"
                                 "    target: arm-linux\n"
                                 "    build: make ARCH=arm\n"
                                 "    env: [CC=arm-gcc, \"CFLAGS=-g -O2\"]\n"
                                 "maps: [E=epoll_event, \"var:x=EPOLLIN\"]\n"
                                 "in: [mylib]\n"
                                 "headers: [linux/stat.h, {file: sys/stat.h, defines: [A=1, B]}]\n"
                                 "complete: [epoll]\n"
                                 "require: [arm-linux, epoll_event]\n"
                                 "strict: true\n"
                                 "waivers:\n"
                                 "  - kind: bad-size\n"
                                 "    item: epoll_event\n"
                                 "    reason: r\n");
    expect_messages("no messages", "");
    assert_non_null(config);
    assert_string_equal(config->path, at_root("p/abiproof.yaml"));
    assert_string_equal(config->folder, at_root("p/"));
    assert_int_equal(config->n_objects, 2);
    assert_int_equal(config->objects[0].n_paths, 2);
    assert_string_equal(config->objects[0].paths[1], "build/*.so");
    assert_null(config->objects[0].target);
    assert_null(config->objects[0].build);
    assert_int_equal(config->objects[0].where.line, 3);
    assert_string_equal(config->objects[1].target, "arm-linux");
    assert_string_equal(config->objects[1].build, "make ARCH=arm");
    assert_int_equal(config->objects[1].n_env, 2);
    assert_string_equal(config->objects[1].env[1], "CFLAGS=-g -O2");
    assert_int_equal(config->objects[1].where.line, 4);
    assert_int_equal(config->n_maps, 2);
    assert_string_equal(config->maps[1], "var:x=EPOLLIN");
    assert_string_equal(config->in[0], "mylib");
    assert_int_equal(config->n_headers, 2);
    assert_string_equal(config->headers[0].file, "linux/stat.h");
    assert_int_equal(config->headers[0].n_defines, 0);
    assert_string_equal(config->headers[1].file, "sys/stat.h");
    assert_int_equal(config->headers[1].n_defines, 2);
    assert_string_equal(config->headers[1].defines[1], "B");
    assert_string_equal(config->complete[0], "epoll");
    assert_int_equal(config->n_require, 2);
    assert_true(config->strict);
    assert_int_equal(config->waivers.n, 1);
    assert_string_equal(config->waivers.items[0].reason, "r");
    assert_int_equal(config->waivers.items[0].where.line, 15);
}

static void test_config_load__needs_objects_only(void **state)
{
    (void)state;
    struct config *config = load(OBJECT);
    assert_non_null(config);
    assert_int_equal(config->n_maps + config->n_headers + config->n_complete + config->n_require +
                         config->waivers.n,
                     0);
    assert_false(config->strict);
}

static void test_config_load__refuses_a_bad_file_with_its_location(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        const char *expected; /* the beginning */
    } rows[] = {
        {"no objects", "maps: [a=b]\n",
         ":1:1: error: missing key 'objects' of the file, expected a list, each item a mapping "
         "with "
         "'paths'\n"},
        {"unknown key", OBJECT "map: [a=b]\n",
         ":3:1: error: unknown key 'map' of the file (perhaps 'maps')\n"},
        {"unknown key of an object", OBJECT "    path: b.o\n",
         ":3:5: error: unknown key 'path' of an item of 'objects' (perhaps 'paths')\n"},
        {"one path without a list", "objects:\n  - paths: a.o\n",
         ":2:12: error: bad value of 'paths', expected a list, got 'a.o'; write [a.o]\n"},
        {"an object without paths", "objects:\n  - target: arm-linux\n",
         ":2:5: error: missing key 'paths' of an item of 'objects', expected a list\n"},
        {"an object that is a path", "objects: [a.o]\n",
         ":1:11: error: bad item of 'objects', expected a mapping with 'paths', got 'a.o'\n"},
        {"a key of an object, too far left", OBJECT "target: arm-linux\n",
         ":3:1: error: unknown key 'target' of the file; it belongs in an item of 'objects'\n"},
        {"strict is no answer", OBJECT "strict: perhaps\n",
         ":3:9: error: bad value of 'strict', expected 'true' or 'false', got 'perhaps'\n"},
        {"strict is given in another way", OBJECT "strict: yes\n",
         ":3:9: error: bad value of 'strict', expected 'true' or 'false', got 'yes'; write "
         "true\n"},
        {"a waiver without reason", OBJECT "waivers:\n  - {kind: k, item: i}\n",
         ":4:5: error: missing key 'reason' of an item of 'waivers', expected text\n"},
        {"a waiver with a bad day",
         OBJECT "waivers:\n  - {kind: k, item: i, reason: r, expiry: soon}\n",
         ":4:43: error: bad expiry 'soon' of the waiver for 'i', expected a day as in "
         "'2027-06-30'\n"},
        {"env is no assignment", OBJECT "    build: make\n    env: [CC]\n",
         ":4:11: error: bad env 'CC', expected NAME=VALUE, with a name of letters, digits and '_' "
         "that "
         "begins with no digit\n"},
        {"env without a name", OBJECT "    build: make\n    env: [\"=x\"]\n",
         ":4:11: error: bad env '=x', expected NAME=VALUE, with a name"},
        {"env that is an option", OBJECT "    build: make\n    env: [\"--unset=PATH\"]\n",
         ":4:11: error: bad env '--unset=PATH', expected NAME=VALUE, with a name"},
        {"env with a name that no shell has", OBJECT "    build: make\n    env: [\"C C=x\"]\n",
         ":4:11: error: bad env 'C C=x', expected NAME=VALUE, with a name"},
        {"env that begins with a digit", OBJECT "    build: make\n    env: [\"1A=x\"]\n",
         ":4:11: error: bad env '1A=x', expected NAME=VALUE, with a name"},
        {"env twice", OBJECT "    build: make\n    env: [CC=a, CCX=b, CC=c]\n",
         ":4:24: error: env 'CC' is there twice, expected it once\n"},
        {"env without a build", OBJECT "    env: [A=b]\n",
         ":3:11: error: 'env' is for a 'build', and there is none\n"},
        {"a header that is a list", OBJECT "headers: [[sys/stat.h]]\n",
         ":3:11: error: bad item of 'headers', expected text, or a mapping with 'file', got a "
         "list\n"},
        {"a header without a name", OBJECT "headers: [{defines: [A]}]\n",
         ":3:11: error: missing key 'file' of an item of 'headers', expected text\n"},
        {"nothing", "", ": error: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *expected = arena_printf(&arena, "%sp/abiproof.yaml%s", root, rows[i].expected);
        if (load(rows[i].text) != NULL)
            fail_msg("%s: expected it to be refused", rows[i].label);
        if (!str_starts(str_text(&diag.text), expected))
            expect_text(rows[i].label, expected, str_text(&diag.text));
        diag_init(&diag, &arena, false);
    }
}

static void test_config_find__takes_the_nearest_folder_upward(void **state)
{
    (void)state;
    char here[4096];
    assert_non_null(getcwd(here, sizeof here));
    write_file("a/abiproof.yaml", OBJECT);
    write_file("a/b/abiproof.yaml", OBJECT);
    write_file("a/b/c/x", "");
    write_file("a/d/e/x", "");
    assert_int_equal(chdir(at_root("a/b/c")), 0);
    const char *below = config_find(&arena);
    assert_int_equal(chdir(at_root("a/d/e")), 0);
    const char *far = config_find(&arena);
    assert_int_equal(chdir(at_root("a")), 0);
    const char *same = config_find(&arena);
    assert_int_equal(chdir("/"), 0);
    const char *none = config_find(&arena);
    assert_int_equal(chdir(here), 0);
    expect_text("one up", "../abiproof.yaml", below);
    expect_text("two up", "../../abiproof.yaml", far);
    expect_text("here", "abiproof.yaml", same);
    assert_null(none);
}

static void test_config_paths__are_relative_to_the_folder_and_sorted(void **state)
{
    (void)state;
    static const char *const names[] = {"p/b/2.o", "p/b/1.o", "p/b/1.so", "p/c.o"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        write_file(names[i], "");
    struct config *config = load(arena_printf(
        &arena, "objects:\n  - paths: [\"b/*.o\", c.o, \"%s\"]\n", at_root("p/b/?.so")));
    assert_non_null(config);
    const char **paths;
    assert_int_equal(config_paths(config, &config->objects[0], &paths, &arena, &diag), 4);
    expect_messages("no messages", "");
    assert_string_equal(paths[0], at_root("p/b/1.o"));
    assert_string_equal(paths[1], at_root("p/b/2.o"));
    assert_string_equal(paths[2], at_root("p/c.o"));
    assert_string_equal(paths[3], at_root("p/b/1.so"));
}

static void test_config_paths__a_folder_is_no_pattern(void **state)
{
    (void)state;
    write_file("[x]*/a.o", "");
    write_file("x/a.o", "");
    struct config *config = config_load(&arena, write_file("[x]*/abiproof.yaml", OBJECT), &diag);
    assert_non_null(config);
    const char **paths;
    assert_int_equal(config_paths(config, &config->objects[0], &paths, &arena, &diag), 1);
    assert_string_equal(paths[0], at_root("[x]*/a.o"));
}

static void test_config_paths__names_every_pattern_that_matches_nothing(void **state)
{
    (void)state;
    write_file("p/a.o", "");
    struct config *config = load("objects:\n"
                                 "  - paths: [\"none/*\", a.o, b.o]\n"
                                 "  - paths: [c.o]\n"
                                 "    build: make c.o\n");
    assert_non_null(config);
    const char **paths;
    assert_int_equal(config_paths(config, &config->objects[0], &paths, &arena, &diag), 1);
    assert_int_equal(config_paths(config, &config->objects[1], &paths, &arena, &diag), 0);
    expect_part("pattern", "p/abiproof.yaml:2:13: error: 'none/*' matches no file below '",
                str_text(&diag.text));
    expect_part("file", "p/abiproof.yaml:2:28: error: 'b.o' matches no file below '",
                str_text(&diag.text));
    expect_part("with a build",
                "p/abiproof.yaml:3:13: error: 'c.o' matches no file: build it first; --build runs "
                "'make c.o'\n",
                str_text(&diag.text));
    assert_int_equal(diag.n_errors, 3);
}

static void test_config_build__runs_in_the_folder_with_its_env(void **state)
{
    (void)state;
    struct config *config = load("objects:\n"
                                 "  - paths: [a.o]\n"
                                 "    build: \"pwd > a.o; echo \\\"$WORD\\\" >> a.o; echo $0 $#\"\n"
                                 "    env: [\"WORD=two  words; `no` $more\", _W0RD=, W=a=b]\n");
    assert_non_null(config);
    assert_true(config_build(config, &config->objects[0], 20000, &arena, &diag));
    expect_messages("no messages", "");
    char *folder = realpath(at_root("p"), NULL);
    expect_text("what it wrote", arena_printf(&arena, "%s\ntwo  words; `no` $more\n", folder),
                out_read(&arena, at_root("p/a.o"), NULL));
    free(folder);
}

static void test_config_build__reports_how_it_failed_and_the_last_lines(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *build;
        const char *expected; /* after the place */
    } rows[] = {
        {"exit code", "echo first; echo second >&2; exit 3",
         "cannot build for arm-linux: 'echo first; echo second >&2; exit 3': exit code 3; its last "
         "lines:\n    first\n    second\n"},
        {"silence", "false", "cannot build for arm-linux: 'false': exit code 1\n"},
        {"no newline at the end", "printf x; false",
         "cannot build for arm-linux: 'printf x; false': exit code 1; its last lines:\n    x\n"},
        {"many lines", "seq 1 100; false",
         "cannot build for arm-linux: 'seq 1 100; false': exit code 1; its last lines:\n    89\n"
         "    90\n    91\n    92\n    93\n    94\n    95\n    96\n    97\n    98\n    99\n"
         "    100\n"},
        {"too slow", "echo x; sleep 60",
         "cannot build for arm-linux: 'echo x; sleep 60': no answer within 1 s; its last lines:\n"
         "    x\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct config *config = load(arena_printf(&arena,
                                                  OBJECT "    target: arm-linux\n"
                                                         "    build: %s\n",
                                                  rows[i].build));
        assert_non_null(config);
        assert_false(config_build(config, &config->objects[0], 1000, &arena, &diag));
        expect_messages(rows[i].label,
                        arena_printf(&arena, "$p/abiproof.yaml:4:12: error: %s", rows[i].expected));
        assert_true(config->objects[0].has_failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_config_load__reads_every_key),
        TEST(test_config_load__needs_objects_only),
        TEST(test_config_load__refuses_a_bad_file_with_its_location),
        TEST(test_config_find__takes_the_nearest_folder_upward),
        TEST(test_config_paths__are_relative_to_the_folder_and_sorted),
        TEST(test_config_paths__a_folder_is_no_pattern),
        TEST(test_config_paths__names_every_pattern_that_matches_nothing),
        TEST(test_config_build__runs_in_the_folder_with_its_env),
        TEST(test_config_build__reports_how_it_failed_and_the_last_lines),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
