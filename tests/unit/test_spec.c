/* Tests of spec.c: what a spec may say, what is filled in, and what refers to nothing. */
#include "fixture.h"

/* A call of the spec, on one line. */
#define CALL(name, params, more)                                                                   \
    "  - {name: " name ", doc: d, params: " params ", returns: {type: int, doc: d}, errors: e, "   \
    "manual: m" more "}\n"
#define PARAM_A "[{name: a, type: int, doc: d}]"

/* A head of 10 lines with two sources, of which the second may lack its header b.h. */
#define TWO_SOURCES                                                                                \
    "name: x\n"                                                                                    \
    "doc: d\n"                                                                                     \
    "manual: m\n"                                                                                  \
    "os: linux\n"                                                                                  \
    "sources:\n"                                                                                   \
    "  - {name: kernel, headers: [a.h, asm/unistd.h]}\n"                                           \
    "  - name: library\n"                                                                          \
    "    library: c\n"                                                                             \
    "    headers: [b.h, c.h]\n"                                                                    \
    "    optional: [b.h]\n"                                                                        \
    "patterns: [\"FAM_*\", \"*_family\", __NR_fam*]\n"

static void test_specs_load__reads_the_committed_specs_in_order_of_their_names(void **state)
{
    (void)state;
    struct specs specs = {NULL, 0};
    if (!specs_load(&specs, &arena, "", NULL, 0, &diag))
        fail_msg("%s", str_text(&diag.text));
    assert_true(specs.n >= 3);
    for (size_t i = 0; i < specs.n; i++) {
        assert_string_equal(specs.items[i]->path,
                            arena_printf(&arena, "gen/specs/%s.yaml", specs.items[i]->name));
        if (i > 0)
            assert_true(strcmp(specs.items[i - 1]->name, specs.items[i]->name) < 0);
    }
}

static void test_specs_load__reads_only_yaml_files(void **state)
{
    (void)state;
    make_spec(SPEC_HEAD);
    write_file("gen/specs/README.md", "not a spec");
    write_file("gen/specs/.y.yaml", "not a spec");
    write_file("gen/specs/z.yaml.orig", "not a spec");
    struct specs specs = {NULL, 0};
    assert_true(specs_load(&specs, &arena, root, NULL, 0, &diag));
    assert_int_equal(specs.n, 1);
    assert_string_equal(specs.items[0]->name, "x");
}

static void test_specs_load__reports_every_bad_file(void **state)
{
    (void)state;
    const char *const names[] = {"none", "x", "y"};
    write_file("gen/specs/x.yaml", SPEC_HEAD "record: []\n");
    write_file("gen/specs/y.yaml", SPEC_HEAD);
    struct specs specs = {NULL, 0};
    assert_false(specs_load(&specs, &arena, root, names, 3, &diag));
    expect_messages(
        "three bad specs",
        "$gen/specs/none.yaml: error: cannot read: No such file or directory\n"
        "$gen/specs/x.yaml:9:1: error: unknown key 'record' of the file (perhaps 'records')\n"
        "$gen/specs/y.yaml:1:7: error: the spec is named 'x', expected the file's name "
        "'y'\n");
}

static void test_specs_load__fails_when_there_is_no_folder(void **state)
{
    (void)state;
    struct specs specs = {NULL, 0};
    assert_false(specs_load(&specs, &arena, root, NULL, 0, &diag));
    expect_messages("no folder",
                    "$gen/specs: error: cannot list specs: No such file or directory\n");
}

static void test_specs_load__fails_when_the_file_holds_nothing(void **state)
{
    (void)state;
    write_file("gen/specs/x.yaml", "");
    struct specs specs = {NULL, 0};
    assert_false(specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag));
    expect_part("an empty file", "gen/specs/x.yaml", str_text(&diag.text));
}

static void test_specs_load__reports_what_the_schema_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text; /* after SPEC_HEAD: starts on line 9 */
        const char *expected;
    } rows[] = {
        {"unknown key of a field",
         "records:\n  - {name: r, doc: d, fields: [{name: f, doc: d, ass: words}]}\n",
         "$gen/specs/x.yaml:10:50: error: unknown key 'ass' of an item of 'fields' (perhaps "
         "'as')\n"},
        {"missing doc of a field",
         "records:\n  - name: r\n    doc: d\n    fields:\n      - name: f\n",
         "$gen/specs/x.yaml:13:9: error: missing key 'doc' of an item of 'fields', expected "
         "text\n"},
        {"unknown model of a field",
         "records:\n  - {name: r, doc: d, fields: [{name: f, doc: d, as: word}]}\n",
         "$gen/specs/x.yaml:10:54: error: bad value of 'as', expected 'is' or 'words', got 'word' "
         "(perhaps 'words')\n"},
        {"unknown headers", "headers: newest\n",
         "$gen/specs/x.yaml:9:10: error: bad value of 'headers', expected 'own' or 'newer', got "
         "'newest' (perhaps 'newer')\n"},
        {"unknown form", "calls:\n" CALL("f", "[]", ", forms: [libary]"),
         "$gen/specs/x.yaml:10:95: error: bad item of 'forms', expected 'library' or 'syscall', "
         "got "
         "'libary' (perhaps 'library')\n"},
        {"names that are no list", "constants:\n  - {doc: d, names: FAM_A}\n",
         "$gen/specs/x.yaml:10:21: error: bad value of 'names', expected a list, got 'FAM_A'; "
         "write "
         "[FAM_A]\n"},
        {"not YAML", "records: [}\n",
         "$gen/specs/x.yaml:9:11: error: bad YAML: did not find expected node content while "
         "parsing "
         "a flow node\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("gen/specs/x.yaml", arena_printf(&arena, "%s%s", SPEC_HEAD, rows[i].text));
        struct specs specs = {NULL, 0};
        if (specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag))
            fail_msg("%s: expected the spec to be refused", rows[i].label);
        expect_messages(rows[i].label, rows[i].expected);
    }
}

static void test_specs_load__reports_names_that_refer_to_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text; /* after TWO_SOURCES: starts on line 12 */
        const char *expected;
    } rows[] = {
        {"source of a record", "records:\n  - {name: r, doc: d, from: none, fields: []}\n",
         "$gen/specs/x.yaml:13:29: error: 'r' is from 'none', which is no source of this spec\n"},
        {"source of an alias", "aliases:\n  - {name: t, doc: d, from: none}\n",
         "$gen/specs/x.yaml:13:29: error: 't' is from 'none', which is no source of this spec\n"},
        {"source of constants", "constants:\n  - {doc: d, names: [FAM_A, FAM_B], from: none}\n",
         "$gen/specs/x.yaml:13:43: error: 'FAM_A' is from 'none', which is no source of this spec\n"},
        {"other source of constants",
         "constants:\n"
         "  - {doc: d, names: [FAM_A], from: library, header: b.h, fallback: none}\n",
         "$gen/specs/x.yaml:13:68: error: 'FAM_A' is from 'none', which is no source of this spec\n"},
        {"header without fallback",
         "constants:\n  - {doc: d, names: [FAM_A], from: library, header: b.h}\n",
         "$gen/specs/x.yaml:13:22: error: constants 'FAM_A'...: 'header' and 'fallback' only make "
         "sense together\n"},
        {"fallback without header", "constants:\n  - {doc: d, names: [FAM_A], fallback: library}\n",
         "$gen/specs/x.yaml:13:22: error: constants 'FAM_A'...: 'header' and 'fallback' only make "
         "sense together\n"},
        {"a header that is not optional",
         "constants:\n"
         "  - {doc: d, names: [FAM_A], from: library, header: c.h, fallback: kernel}\n",
         "$gen/specs/x.yaml:13:53: error: header 'c.h' of 'FAM_A'... is not among the optional headers "
         "of source 'library'\n"},
        {"fallback, an unknown call",
         "calls:\n" CALL("f", PARAM_A, ", fallback: {call: g, args: []}"),
         "$gen/specs/x.yaml:13:132: error: 'f' falls back to 'g', which is no system call of this "
         "spec\n"},
        {"fallback, a call that is no system call",
         "calls:\n" CALL("f", PARAM_A, ", fallback: {call: g, args: [a]}")
             CALL("g", PARAM_A, ", forms: [library]"),
         "$gen/specs/x.yaml:13:132: error: 'f' falls back to 'g', which is no system call of this "
         "spec\n"},
        {"fallback, too few arguments",
         "calls:\n" CALL("g", PARAM_A, "") CALL("f", PARAM_A, ", fallback: {call: g, args: []}"),
         "$gen/specs/x.yaml:14:132: error: 'f' falls back to 'g' with 0 arguments, expected 1\n"},
        {"fallback, arguments of the library form do not count",
         "calls:\n" CALL("g", "[{name: a, type: int, doc: d, form: library}]", "")
             CALL("f", PARAM_A, ", fallback: {call: g, args: [a]}"),
         "$gen/specs/x.yaml:14:132: error: 'f' falls back to 'g' with 1 arguments, expected 0\n"},
        {"fallback, an unknown argument",
         "calls:\n" CALL("g", PARAM_A, "") CALL("f", PARAM_A, ", fallback: {call: g, args: [b]}"),
         "$gen/specs/x.yaml:14:142: error: argument 'b' of 'g' is no parameter of 'f', number, NULL or "
         "SIGSET_SIZE\n"},
        {"fallback, nothing as an argument",
         "calls:\n" CALL("g", PARAM_A, "") CALL("f", PARAM_A, ", fallback: {call: g, args: [0x1]}"),
         "$gen/specs/x.yaml:14:142: error: argument '0x1' of 'g' is no parameter of 'f', number, NULL "
         "or SIGSET_SIZE\n"},
        {"fallback, positive names no parameter",
         "calls:\n" CALL("g", PARAM_A, "")
             CALL("f", PARAM_A, ", fallback: {call: g, args: [a], positive: b}"),
         "$gen/specs/x.yaml:14:156: error: 'positive: b' of 'f' is no parameter of it\n"},
        {"count, no parameter",
         "calls:\n" CALL("f", "[{name: a, type: 'int *', count: n, doc: d}]", ""),
         "$gen/specs/x.yaml:13:64: error: 'count: n' of 'a' in 'f': expected another parameter of "
         "the call\n"},
        {"count, no pointer", "calls:\n" CALL("f", "[{name: a, type: int, count: a, doc: d}]", ""),
         "$gen/specs/x.yaml:13:60: error: 'count: a' of 'a' in 'f': only a pointer is to several\n"},
        {"nullable, no pointer",
         "calls:\n" CALL("f", "[{name: a, type: int, nullable: true, doc: d}]", ""),
         "$gen/specs/x.yaml:13:39: error: 'nullable' of 'a' in 'f': only a pointer may be null\n"},
        {"constants of an unknown field",
         "records:\n  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"
         "constants:\n  - {doc: d, of: fam_r.b, names: [FAM_A]}\n",
         "$gen/specs/x.yaml:15:18: error: constants 'FAM_A'...: 'of: fam_r.b' is no field of a "
         "record of this spec, as RECORD.FIELD\n"},
        {"constants of a record",
         "records:\n  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"
         "constants:\n  - {doc: d, of: fam_r, names: [FAM_A]}\n",
         "$gen/specs/x.yaml:15:18: error: constants 'FAM_A'...: 'of: fam_r' is no field of a "
         "record of this spec, as RECORD.FIELD\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        write_file("gen/specs/x.yaml", arena_printf(&arena, "%s%s", TWO_SOURCES, rows[i].text));
        struct specs specs = {NULL, 0};
        if (specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag))
            fail_msg("%s: expected the spec to be refused", rows[i].label);
        expect_messages(rows[i].label, rows[i].expected);
    }
}

static void test_specs_load__wants_one_library_when_there_are_library_functions(void **state)
{
    (void)state;
    write_file("gen/specs/x.yaml", SPEC_HEAD "calls:\n" CALL("f", "[]", ""));
    struct specs specs = {NULL, 0};
    assert_false(specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag));
    expect_messages(
        "no library",
        "$gen/specs/x.yaml:10:12: error: 'f' is a library function, so exactly one source "
        "must name a library; got 0\n");
    make_spec(SPEC_HEAD "calls:\n" CALL("f", "[]", ", forms: [syscall]"));
}

static void test_specs_load__wants_feature_macros_that_can_be_defined(void **state)
{
    (void)state;
    write_file("gen/specs/x.yaml",
               "name: x\ndoc: d\nmanual: m\nos: linux\n"
               "sources:\n"
               "  - name: kernel\n"
               "    headers: [t.h]\n"
               "    defines: [_GNU_SOURCE, L=200L, E=, -DX, 2ND, \"A B\", \"F(x)=x\"]\n"
               "patterns: []\n");
    struct specs specs = {NULL, 0};
    assert_false(specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag));
    static const struct {
        const char *define;
        int column;
    } bad[] = {{"-DX", 40}, {"2ND", 45}, {"A B", 50}, {"F(x)=x", 57}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_part(bad[i].define,
                    arena_printf(&arena,
                                 "gen/specs/x.yaml:8:%d: error: 'defines' of source 'kernel': "
                                 "expected NAME or NAME=VALUE, got '%s'\n",
                                 bad[i].column, bad[i].define),
                    str_text(&diag.text));
    assert_int_equal(diag.n_errors, 4);
    assert_string_equal(spec_define(&arena, "_GNU_SOURCE"), "#define _GNU_SOURCE 1");
    assert_string_equal(spec_define(&arena, "L=200L"), "#define L 200L");
    assert_string_equal(spec_define(&arena, "E="), "#define E ");
}

static void test_specs_load__wants_a_source(void **state)
{
    (void)state;
    write_file("gen/specs/x.yaml", "name: x\ndoc: d\nmanual: m\nos: linux\nsources: []\n"
                                   "patterns: []\n");
    struct specs specs = {NULL, 0};
    assert_false(specs_load(&specs, &arena, root, (const char *const[]){"x"}, 1, &diag));
    expect_messages("no sources",
                    "$gen/specs/x.yaml: error: no sources: nothing to read headers from\n");
}

static void test_specs_load__fills_in_defaults(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(
        TWO_SOURCES "records: [{name: r, doc: d, fields: [{name: f, doc: d}]}]\n"
                    "aliases: [{name: t, doc: d}, {name: u, doc: d, from: library}]\n"
                    "constants: [{doc: d, names: [FAM_A]}]\n"
                    "calls:\n" CALL("f", PARAM_A, "")
                        CALL("g", "[{name: a, type: int, doc: d, form: syscall}]",
                             ", forms: [library, syscall]") CALL("h", "[]", ", forms: [syscall]"));
    assert_string_equal(spec->records[0].from, "kernel");
    assert_false(spec->records[0].show);
    assert_int_equal(spec->records[0].fields[0].as, AS_IS);
    assert_string_equal(spec->aliases[0].from, "kernel");
    assert_string_equal(spec->aliases[1].from, "library");
    assert_string_equal(spec->constants[0].from, "kernel");
    assert_null(spec->constants[0].fallback);
    assert_int_equal(spec->calls[0].forms, FORM_BOTH);
    assert_int_equal(spec->calls[0].params[0].form, FORM_BOTH);
    assert_int_equal(spec->calls[1].forms, FORM_BOTH);
    assert_int_equal(spec->calls[1].params[0].form, FORM_SYSCALL);
    assert_int_equal(spec->calls[2].forms, FORM_SYSCALL);
    assert_null(spec->calls[0].fallback);
    assert_int_equal(spec->n_opaque + spec->n_ignore, 0);
}

static void test_specs_load__reads_views_and_models(void **state)
{
    (void)state;
    const struct spec *spec =
        make_spec(SPEC_HEAD "records:\n"
                            "  - name: r\n"
                            "    show: true\n"
                            "    doc: d\n"
                            "    fields:\n"
                            "      - name: f\n"
                            "        doc: d\n"
                            "        as: words\n"
                            "        views: [{name: ptr, type: \"void *\", doc: p}]\n");
    assert_true(spec->records[0].show);
    assert_int_equal(spec->records[0].fields[0].as, AS_WORDS);
    assert_int_equal(spec->records[0].fields[0].n_views, 1);
    assert_string_equal(spec->records[0].fields[0].views[0].type, "void *");
}

/* Old names of keys as specs once had them; apart from the colon, so that they stay what they are.
 * */
#define OLD(key, value) key ": " value

static void test_specs_load__reads_old_names_of_keys_with_a_note_each(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(
        "name: x\n"
        "doc: d\n"
        "manual: m(7)\n"
        "os: linux\n"
        "sources:\n"
        "  - {name: k, headers: [a.h], optional: [a.h]}\n"
        "  - {name: l, headers: [b.h]}\n" OLD(
            "'families'",
            "[FAM_*, otherwise]\n") "records:\n"
                                    "  - {name: r, doc: d, " OLD(
                                        "open",
                                        "true") ", fields: [{name: open, doc: d}]}\n"
                                                "constants:\n"
                                                "  - {doc: d, names: [FAM_A], header: a.h, " OLD(
                                                    "otherwise",
                                                    "l}\n") "  - {doc: d, names: [FAM_B], header: a.h, fallback: l}\n"
                                                            "calls:\n"
                                                            "  - {name: f, forms: [syscall], doc: d, params: [], errors: e, manual: m,\n"
                                                            "     returns: {type: int, doc: d}, " OLD(
                                                                "varies",
                                                                "true}\n") "  - {name: g, forms: [syscall], doc: d, params: [], errors: e, manual: m,\n"
                                                                           "     returns: {type: int, doc: d}, " OLD(
                                                                               "otherwise",
                                                                               "{call: f, args: []}}\n"));
    assert_int_equal(spec->n_patterns, 2);
    assert_string_equal(spec->patterns[1], "otherwise"); /* a value is no key */
    assert_true(spec->records[0].extensible);
    assert_string_equal(spec->records[0].fields[0].name, "open");
    assert_string_equal(spec->constants[0].fallback, "l");
    assert_string_equal(spec->constants[1].fallback, "l");
    assert_true(spec->calls[0].per_target);
    assert_string_equal(spec->calls[1].fallback->call, "f");
    expect_messages("each once, at the first",
                    "$gen/specs/x.yaml:8:1: note: key 'families' is now called 'patterns'\n"
                    "$gen/specs/x.yaml:10:23: note: key 'open' is now called 'extensible'\n"
                    "$gen/specs/x.yaml:12:43: note: key 'otherwise' is now called 'fallback'\n"
                    "$gen/specs/x.yaml:16:36: note: key 'varies' is now called 'per_target'\n");
}

static void test_spec__finds_its_items_and_their_locations(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(TWO_SOURCES "records: [{name: r, doc: d, fields: []}]\n"
                                                    "calls:\n" CALL("f", PARAM_A, ""));
    assert_ptr_equal(spec_source(spec, "library"), &spec->sources[1]);
    assert_null(spec_source(spec, "lib"));
    assert_ptr_equal(spec_record(spec, "r"), &spec->records[0]);
    assert_null(spec_record(spec, "f"));
    assert_ptr_equal(spec_call(spec, "f"), &spec->calls[0]);
    assert_null(spec_call(spec, "r"));
    struct location location = spec_location(spec, spec->calls[0].name);
    assert_string_equal(location.file, at_root("gen/specs/x.yaml"));
    assert_int_equal(location.line, 14);
    assert_int_equal(location.column, 12);
    location = spec_location(spec, "f"); /* no text of the file */
    assert_string_equal(location.file, at_root("gen/specs/x.yaml"));
    assert_int_equal(location.line, 0);
    assert_true(spec_header_is_optional(&spec->sources[1], "b.h"));
    assert_false(spec_header_is_optional(&spec->sources[1], "c.h"));
    assert_false(spec_header_is_optional(&spec->sources[0], "b.h"));
}

static void test_spec_leaves_unbound__is_true_for_forgotten_names_of_the_patterns_only(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool expected;
    } rows[] = {
        {"FAM_FORGOTTEN", true}, {"FAM_A", false},      {"FAM_IGNORED", false},
        {"FAM_GLOB_1", false},   {"FAM_GLOB_", false},  {"FAM_GLOB", true},
        {"OTHER", false},        {"xFAM_A", false},     {"r_family", false},
        {"t_family", false},     {"s_family", true},    {"__NR_famcall", false},
        {"__NR_famother", true}, {"__NR_other", false}, {"o_family", false},
        {"c_family", false},
    };
    const struct spec *spec = make_spec(
        TWO_SOURCES "records: [{name: r_family, doc: d, fields: []}]\n"
                    "aliases: [{name: t_family, doc: d}]\n"
                    "constants: [{doc: d, names: [FAM_A]}]\n"
                    "ignore:\n"
                    "  - {name: FAM_IGNORED, reason: r}\n"
                    "  - {name: FAM_GLOB_*, reason: r}\n"
                    "  - {name: o_family, reason: r}\n"
                    "calls:\n" CALL("famcall", PARAM_A, "") CALL("c_family", PARAM_A, ""));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (spec_leaves_unbound(spec, rows[i].name) != rows[i].expected)
            fail_msg("'%s': expected %s", rows[i].name, rows[i].expected ? "unbound" : "not so");
}

static void test_spec_covers__compares_the_system(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(SPEC_HEAD);
    struct target target = {.name = "x86_64-linux", .os = "linux"};
    assert_true(spec_covers(spec, &target));
    target.os = "macos";
    assert_false(spec_covers(spec, &target));
}

static void test_spec_target__has_the_headers_that_the_spec_asks_for(void **state)
{
    (void)state;
    struct target newer = {.name = "x86_64-linux", .os = "linux"};
    struct target target = {.name = "x86_64-linux", .os = "linux", .with_newer = &newer};
    const struct spec *spec = make_spec(SPEC_HEAD);
    assert_int_equal(spec->headers, HEADERS_OWN);
    assert_ptr_equal(spec_target(spec, &target), &target);

    spec = make_spec(SPEC_HEAD "headers: own\n");
    assert_ptr_equal(spec_target(spec, &target), &target);

    spec = make_spec(SPEC_HEAD "headers: newer\n");
    assert_true(spec_covers(spec, &target));
    assert_ptr_equal(spec_target(spec, &target), &newer);
    target.os = "macos";
    assert_false(spec_covers(spec, &target));
    target.os = "linux";
    target.with_newer = NULL;
    assert_false(spec_covers(spec, &target));
}

static void
test_spec_param_type__differs_in_the_system_call_only_when_the_spec_says_so(void **state)
{
    (void)state;
    struct spec_param same = {.type = "int"}, other = {.type = "int", .syscall_type = "long"};
    assert_string_equal(spec_param_type(&same, FORM_LIBRARY), "int");
    assert_string_equal(spec_param_type(&same, FORM_SYSCALL), "int");
    assert_string_equal(spec_param_type(&other, FORM_LIBRARY), "int");
    assert_string_equal(spec_param_type(&other, FORM_SYSCALL), "long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_specs_load__reads_the_committed_specs_in_order_of_their_names),
        TEST(test_specs_load__reads_only_yaml_files),
        TEST(test_specs_load__reports_every_bad_file),
        TEST(test_specs_load__fails_when_there_is_no_folder),
        TEST(test_specs_load__fails_when_the_file_holds_nothing),
        TEST(test_specs_load__reports_what_the_schema_refuses),
        TEST(test_specs_load__reports_names_that_refer_to_nothing),
        TEST(test_specs_load__wants_one_library_when_there_are_library_functions),
        TEST(test_specs_load__wants_feature_macros_that_can_be_defined),
        TEST(test_specs_load__wants_a_source),
        TEST(test_specs_load__fills_in_defaults),
        TEST(test_specs_load__reads_views_and_models),
        TEST(test_specs_load__reads_old_names_of_keys_with_a_note_each),
        TEST(test_spec__finds_its_items_and_their_locations),
        TEST(test_spec_leaves_unbound__is_true_for_forgotten_names_of_the_patterns_only),
        TEST(test_spec_covers__compares_the_system),
        TEST(test_spec_target__has_the_headers_that_the_spec_asks_for),
        TEST(test_spec_param_type__differs_in_the_system_call_only_when_the_spec_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
