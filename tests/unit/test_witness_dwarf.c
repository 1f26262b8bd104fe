/* Tests of gen/witness_dwarf*.c: what small C sources, compiled here, are by their debug
 * information. Sizes and offsets were worked out by hand and are asserted in the sources too, so
 * that the compiler confirms them; bit-fields, which C cannot ask about, follow the psABI. */
#include "objects.h"

#include <dwarf.h>

#include "model/spec.h"
#include "model/target.h"
#include "witness/witness.h"
#include "object/dwarf.h"

/* ---- reading an object ------------------------------------------------------------------------
 */

/* Reads the queries of an object into text; NULL after an error. */
static const char *read_text(const struct object *object, struct dwarf_query *queries, size_t n,
                             bool with_sources)
{
    struct container container;
    struct dwarf_source from = {.container = &container};

    for (size_t i = 0; i < n; i++) {
        queries[i].as = queries[i].as != NULL ? queries[i].as : queries[i].name;
        queries[i].is_found = false;
    }
    struct facts facts = {.arena = &arena};
    if (!objects_open(&container, object) || !container_debug(&container) ||
        !dwarf_read(&facts, &from, queries, n, NULL, &diag))
        return NULL;
    facts_sort(&facts);
    struct str text = {.arena = &arena};
    facts_print(&text, &facts, with_sources);
    return str_text(&text);
}

static void expect(const char *command, const char *source, struct dwarf_query *queries, size_t n,
                   const char *expected)
{
    struct object object = objects_compile(
        arena_printf(&arena, "%s -fno-eliminate-unused-debug-types", command), "a", source);

    if (object.bytes == NULL)
        return;
    const char *got = read_text(&object, queries, n, false);
    if (got == NULL)
        fail_msg("%s: %s", command, str_text(&diag.text));
    if (strcmp(got, expected) != 0)
        fail_msg("%s\nexpected:\n%s\ngot:\n%s", command, expected, got);
}

#define EXPECT(command, source, queries, expected)                                                 \
    expect(command, source, queries, sizeof(queries) / sizeof(queries)[0], expected)

/* Little-endian LP64 compilers that write every version of DWARF. */
static const char *const lp64[] = {
    "x86_64-linux-gnu-gcc -gdwarf-5",
    "x86_64-linux-gnu-gcc -gdwarf-4",
    "x86_64-linux-gnu-gcc -gdwarf-3 -gstrict-dwarf",
    "x86_64-linux-gnu-gcc -gdwarf-2 -gstrict-dwarf",
    CLANG " --target=x86_64-linux-gnu -gdwarf-5",
    CLANG " --target=x86_64-linux-gnu -gdwarf-4",
    CLANG " --target=x86_64-linux-gnu -gdwarf-2",
    CLANG " --target=x86_64-apple-macos13 -gdwarf-4",
};
enum { N_LP64 = sizeof lp64 / sizeof lp64[0] };

static void test_dwarf_read__hoists_anonymous_members_and_follows_unnamed_ones(void **state)
{
    static const char source[] =
        "struct r { char a; struct { short b; union { int c; char d[3]; }; }; struct { long e; } f;"
        " union { char g; int h; } i[2]; struct r *next; };\n"
        "#define AT(m, n) _Static_assert(__builtin_offsetof(struct r, m) == n, #m)\n"
        "AT(b, 4); AT(c, 8); AT(d, 8); AT(f, 16); AT(f.e, 16); AT(i, 24); AT(next, 32);\n"
        "_Static_assert(sizeof(struct r) == 40, \"size\");\n"
        "struct r v;\n";
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};

    (void)state;
    for (size_t i = 0; i < N_LP64; i++)
        EXPECT(lp64[i], source, queries,
               "field r.a offset=0 size=1 type=i8\n"
               "field r.b offset=4 size=2 type=i16\n"
               "field r.c offset=8 size=4 type=i32\n"
               "field r.d offset=8 size=3 type=i8[3]\n"
               "field r.f offset=16 size=8 type=struct\n"
               "field r.f.e offset=16 size=8 type=i64\n"
               "field r.i offset=24 size=8 type=union[2]\n"
               "field r.i.0 offset=24 size=4 type=union\n"
               "field r.i.0.g offset=24 size=1 type=i8\n"
               "field r.i.0.h offset=24 size=4 type=i32\n"
               "field r.i.1 offset=28 size=4 type=union[1]\n"
               "field r.next offset=32 size=8 type=ptr\n"
               "record r size=40 kind=struct\n");
}

/* The low bits come first on little endian: a 3, then 5 in the same byte; 33 do not fit behind 8
 * bits of a 64-bit unit's first byte but do in the unit itself, so they start at bit 8. */
static const char bits_source[] =
    "struct r { unsigned a : 3; int b : 5; unsigned long long c : 33; int : 0; unsigned d : 1; "
    "short e; };\n"
    "_Static_assert(sizeof(struct r) == 16, \"size\");\n"
    "_Static_assert(__builtin_offsetof(struct r, e) == 10, \"e\");\n"
    "struct r v;\n";

static const char bits_expected[] = "field r.a offset=0 type=u32 bit=0:3\n"
                                    "field r.b offset=0 type=i32 bit=3:5\n"
                                    "field r.c offset=1 type=u64 bit=0:33\n"
                                    "field r.d offset=8 type=u32 bit=0:1\n"
                                    "field r.e offset=10 size=2 type=i16\n"
                                    "record r size=16 kind=struct\n";

static void test_dwarf_read__finds_bit_fields_on_little_endian(void **state)
{
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};

    (void)state;
    for (size_t i = 0; i < N_LP64; i++)
        EXPECT(lp64[i], bits_source, queries, bits_expected);
    EXPECT("mipsel-linux-gnu-gcc -gdwarf-2", bits_source, queries, bits_expected);
    EXPECT("aarch64-linux-gnu-gcc -gdwarf-5", bits_source, queries, bits_expected);
}

/* From the most significant bit on, on big endian: the text is the same, which is the point. */
static void test_dwarf_read__finds_bit_fields_on_big_endian(void **state)
{
    static const char *const some[] = {
        "s390x-linux-gnu-gcc -gdwarf-5",      "s390x-linux-gnu-gcc -gdwarf-4",
        "s390x-linux-gnu-gcc -gdwarf-2",      "mips-linux-gnu-gcc -gdwarf-5",
        "mips-linux-gnu-gcc -gdwarf-3",       "powerpc64-linux-gnu-gcc -gdwarf-2",
        CLANG " --target=s390x-linux-gnu -g", CLANG " --target=powerpc-linux-gnu -gdwarf-2",
        CLANG " --target=mips-linux-gnu -g",  "sparc64-linux-gnu-gcc -gdwarf-4",
    };
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        EXPECT(some[i], bits_source, queries, bits_expected);
}

static void test_dwarf_read__finds_packed_bit_fields_that_straddle_units(void **state)
{
    static const char source[] =
        "struct __attribute__((packed)) r { unsigned a : 3; unsigned b : 30; signed char c; };\n"
        "_Static_assert(sizeof(struct r) == 6, \"size\");\n"
        "struct r v;\n";
    static const char *const some[] = {
        "x86_64-linux-gnu-gcc -gdwarf-5", "s390x-linux-gnu-gcc -gdwarf-5",
        CLANG " --target=x86_64-linux-gnu -g", CLANG " --target=s390x-linux-gnu -g"};
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        EXPECT(some[i], source, queries,
               "field r.a offset=0 type=u32 bit=0:3\n"
               "field r.b offset=0 type=u32 bit=3:30\n"
               "field r.c offset=5 size=1 type=i8\n"
               "record r size=6 kind=struct\n");
}

/* Debug information of one record in one language: `events` at 0, and `data` of 64 bits at bit 32
 * in the form of a bit-field, as GNAT writes a component that is not aligned. */
static const char *whole_bit_field(unsigned language)
{
    return arena_printf(
        &arena,
        "__asm__(\".section .debug_abbrev,\\\"\\\",@progbits\\n\"\n"
        "\".byte 1,0x11,1, 0x13,0x0b, 0,0\\n\"\n"                       /* unit: language */
        "\".byte 2,0x24,0, 0x03,0x08, 0x0b,0x0b, 0x3e,0x0b, 0,0\\n\"\n" /* name, size, encoding */
        "\".byte 3,0x13,1, 0x03,0x08, 0x0b,0x0b, 0,0\\n\"\n"            /* record: name, size */
        "\".byte 4,0x0d,0, 0x03,0x08, 0x49,0x13, 0x38,0x0b, 0,0\\n\"\n" /* name, type, location */
        "\".byte 5,0x0d,0, 0x03,0x08, 0x49,0x13, 0x0d,0x0b, 0x6b,0x0b, 0,0, 0\\n\"\n" /* bits */
        "\".section .debug_info,\\\"\\\",@progbits\\n\"\n"
        "\"u: .long e-v\\nv: .short 4\\n.long 0\\n.byte 8, 1,%u\\n\"\n"
        "\"w: .byte 2\\n.string \\\"u32\\\"\\n.byte 4,7\\n\"\n"
        "\"x: .byte 2\\n.string \\\"u64\\\"\\n.byte 8,7\\n\"\n"
        "\".byte 3\\n.string \\\"r\\\"\\n.byte 12\\n\"\n"
        "\".byte 4\\n.string \\\"events\\\"\\n.long w-u\\n.byte 0\\n\"\n"
        "\".byte 5\\n.string \\\"data\\\"\\n.long x-u\\n.byte 64,32, 0, 0\\n\"\n"
        "\"e:\\n\");\n",
        language);
}

static void test_dwarf_read__takes_whole_components_of_ada_for_no_bit_fields(void **state)
{
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};

    (void)state;
    EXPECT("x86_64-linux-gnu-gcc", whole_bit_field(DW_LANG_Ada95), queries,
           "field r.data offset=4 size=8 type=u64\n"
           "field r.events offset=0 size=4 type=u32\n"
           "record r size=12 kind=struct\n");
    EXPECT("x86_64-linux-gnu-gcc", whole_bit_field(DW_LANG_C99), queries,
           "field r.data offset=4 type=u64 bit=0:64\n"
           "field r.events offset=0 size=4 type=u32\n"
           "record r size=12 kind=struct\n");
}

static void test_dwarf_read__spells_every_type(void **state)
{
    static const char source[] =
        "typedef unsigned long word; typedef const volatile word odd; typedef struct { int x; } "
        "t;\n"
        "enum e { E }; enum n { N = -1 }; union u { char c; };\n"
        "struct r { _Bool a; unsigned char b; signed char c; short d; unsigned e; long long f;\n"
        "  float g; double h; void *i; int (*j)(int); const char *const k; odd l; volatile t m;\n"
        "  enum e n; enum n o; union u p; int q[2][3]; t s[4]; _Atomic int v; long tail[]; };\n"
        "#define AT(m, n) _Static_assert(__builtin_offsetof(struct r, m) == n, #m)\n"
        "AT(e, 8); AT(f, 16); AT(h, 32); AT(k, 56); AT(m, 72); AT(q, 88); AT(s, 112);\n"
        "AT(v, 128); AT(tail, 136);\n"
        "struct r v;\n";
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};

    (void)state;
    for (size_t i = 0; i < N_LP64; i++)
        EXPECT(lp64[i], source, queries,
               "field r.a offset=0 size=1 type=bool\n"
               "field r.b offset=1 size=1 type=u8\n"
               "field r.c offset=2 size=1 type=i8\n"
               "field r.d offset=4 size=2 type=i16\n"
               "field r.e offset=8 size=4 type=u32\n"
               "field r.f offset=16 size=8 type=i64\n"
               "field r.g offset=24 size=4 type=f32\n"
               "field r.h offset=32 size=8 type=f64\n"
               "field r.i offset=40 size=8 type=ptr\n"
               "field r.j offset=48 size=8 type=ptr\n"
               "field r.k offset=56 size=8 type=ptr\n"
               "field r.l offset=64 size=8 type=u64\n"
               "field r.m offset=72 size=4 type=struct:t\n"
               "field r.n offset=76 size=4 type=u32\n"
               "field r.o offset=80 size=4 type=i32\n"
               "field r.p offset=84 size=1 type=union:u\n"
               "field r.q offset=88 size=24 type=i32[3][2]\n"
               "field r.s offset=112 size=16 type=struct:t[4]\n"
               "field r.tail offset=136 type=i64[]\n"
               "field r.v offset=128 size=4 type=i32\n"
               "record r size=136 kind=struct\n");
}

static void test_dwarf_read__knows_the_sign_of_plain_char(void **state)
{
    static const char source[] = "struct r { char c; } v; typedef char text[4]; text w;\n";
    struct dwarf_query queries[] = {{.kind = FACT_ALIAS, .name = "text"}};

    (void)state;
    EXPECT("x86_64-linux-gnu-gcc -g", source, queries, "alias text type=i8[4]\n");
    EXPECT("arm-linux-gnueabi-gcc -g", source, queries, "alias text type=u8[4]\n");
    EXPECT("s390x-linux-gnu-gcc -g", source, queries, "alias text type=u8[4]\n");
    EXPECT(CLANG " --target=aarch64-linux-gnu -g", source, queries, "alias text type=u8[4]\n");
}

static void test_dwarf_read__knows_records_that_only_a_typedef_names(void **state)
{
    static const char source[] = "typedef struct { char a; int b; } only; only v;\n"
                                 "_Static_assert(sizeof(only) == 8, \"size\");\n";
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "only"},
                                    {.kind = FACT_ALIAS, .name = "only", .as = "other"}};

    (void)state;
    for (size_t i = 0; i < N_LP64; i++)
        EXPECT(lp64[i], source, queries,
               "alias other type=struct:only\n"
               "field only.a offset=0 size=1 type=i8\n"
               "field only.b offset=4 size=4 type=i32\n"
               "record only size=8 kind=struct\n");
}

/* What was found for a query, and each other thing of its name: "name: fact that differs". */
static const char *conflicts(const struct dwarf_query *query)
{
    struct str text = {.arena = &arena};

    str_addf(&text, "%s\n", query->is_found ? query->found : "nothing");
    for (size_t i = 0; i < query->n_conflicts; i++)
        str_addf(&text, "%s: %s\n", query->conflicts[i].name, query->conflicts[i].text);
    return str_text(&text);
}

static void test_dwarf_read__reports_every_other_type_of_a_name(void **state)
{
    static const char source[] = "namespace a { struct r { int x; }; }\n"
                                 "namespace b { struct r { int x; char y; }; }\n"
                                 "namespace c { struct r { int x; }; }\n"
                                 "namespace d { struct r { long x; }; }\n"
                                 "a::r v; b::r w; c::r x; d::r y;\n";
    static const char *const compilers[] = {CLANG " -x c++ --target=x86_64-linux-gnu -gdwarf-4",
                                            CLANG " -x c++ --target=x86_64-linux-gnu -gdwarf-5"};

    (void)state;
    int n_compiled = 0;
    for (size_t i = 0; i < sizeof compilers / sizeof compilers[0]; i++) {
        struct object object = objects_compile(compilers[i], "a", source);
        struct container container;
        struct dwarf_source from = {.container = &container, .is_foreign = true};
        struct dwarf_query query = {.kind = FACT_RECORD, .name = "r", .as = "r", .is_every = true};
        if (object.bytes == NULL)
            continue;
        n_compiled++;
        assert_true(objects_open(&container, &object));
        assert_true(container_debug(&container));
        struct facts facts = {.arena = &arena};
        assert_true(dwarf_read(&facts, &from, &query, 1, NULL, &diag));
        assert_string_equal(conflicts(&query), "a::r\n"
                                               "b::r: record r size=8 kind=struct\n"
                                               "d::r: record r size=8 kind=struct\n");
    }
    if (n_compiled == 0)
        skip();
}

static void test_dwarf_read__refuses_too_many_types_of_a_name(void **state)
{
    struct container container;
    struct dwarf_source from = {.container = &container, .is_foreign = true};
    struct dwarf_query query = {.kind = FACT_RECORD, .name = "r", .as = "r", .is_every = true};

    (void)state;
    struct str source = {.arena = &arena};
    for (int i = 0; i < 300; i++)
        str_addf(&source, "namespace n%d { struct r { char x[%d]; }; r v; }\n", i, i + 1);
    struct object object =
        objects_compile(CLANG " -x c++ --target=x86_64-linux-gnu -g", "a", str_text(&source));
    if (object.bytes == NULL)
        skip();
    assert_true(objects_open(&container, &object));
    assert_true(container_debug(&container));
    struct facts facts = {.arena = &arena};
    assert_false(dwarf_read(&facts, &from, &query, 1, NULL, &diag));
    assert_non_null(strstr(str_text(&diag.text), "more than 256 records of the name 'r' differ"));
    assert_non_null(strstr(str_text(&diag.text), "--map 'n0::r=...'"));
}

static void test_dwarf_read__gives_enumerators_the_sign_of_their_enum(void **state)
{
    static const char source[] =
        "enum a { MINUS = -1, PLUS = 200, LOW = -2147483647 - 1 }; enum b { TOP = 0x80000000u, ONE "
        "= 1 };\n"
        "enum c { HUGE = 0xffffffffffffffffull }; enum d { DEEP = -0x7fffffffffffffffll };\n"
        "enum a v; enum b w; enum c x; enum d y;\n";
    struct dwarf_query queries[] = {
        {.kind = FACT_CONSTANT, .name = "MINUS"}, {.kind = FACT_CONSTANT, .name = "PLUS"},
        {.kind = FACT_CONSTANT, .name = "LOW"},   {.kind = FACT_CONSTANT, .name = "TOP"},
        {.kind = FACT_CONSTANT, .name = "ONE"},   {.kind = FACT_CONSTANT, .name = "HUGE"},
        {.kind = FACT_CONSTANT, .name = "DEEP"},
    };
    static const char *const some[] = {
        "x86_64-linux-gnu-gcc -gdwarf-5", "x86_64-linux-gnu-gcc -gdwarf-4",
        "s390x-linux-gnu-gcc -gdwarf-5",  CLANG " --target=x86_64-linux-gnu -gdwarf-5",
        "mips-linux-gnu-gcc -gdwarf-5",   CLANG " --target=arm64-apple-macos13 -gdwarf-4"};

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        EXPECT(some[i], source, queries,
               "constant DEEP value=-9223372036854775807 type=i64\n"
               "constant HUGE value=0xffffffffffffffff type=u64\n"
               "constant LOW value=-2147483648 type=i32\n"
               "constant MINUS value=-1 type=i32\n"
               "constant ONE value=0x1 type=i32\n"
               "constant PLUS value=0xc8 type=i32\n"
               "constant TOP value=0x80000000 type=u32\n");
}

static void test_dwarf_read__reads_prototypes_of_functions_and_pointers(void **state)
{
    static const char source[] =
        "struct s { int a; }; extern int f(const char *, ...);\n"
        "int (*pf)(const char *, ...) = f;\n"
        "void (*const pv)(void); unsigned long (*ps)(struct s, short);\n"
        "_Bool g(unsigned char c, float x) { int local = c; return local; }"
        "\n";
    struct dwarf_query queries[] = {{.kind = FACT_FUNCTION, .name = "pf"},
                                    {.kind = FACT_FUNCTION, .name = "pv"},
                                    {.kind = FACT_FUNCTION, .name = "ps"},
                                    {.kind = FACT_FUNCTION, .name = "g"}};

    (void)state;
    for (size_t i = 0; i < N_LP64; i++)
        EXPECT(lp64[i], source, queries,
               "function g return=bool params=u8,f32\n"
               "function pf return=i32 params=ptr,...\n"
               "function ps return=u64 params=struct:s,i16\n"
               "function pv return=void params=void\n");
}

static void test_dwarf_read__says_where_things_are_declared(void **state)
{
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "r"}};
    struct object object =
        objects_compile("x86_64-linux-gnu-gcc -g", "a", "\nstruct r {\n    int a;\n} v;\n");

    (void)state;
    if (object.bytes == NULL)
        skip();
    const char *expected = arena_printf(&arena,
                                        "field r.a offset=0 size=4 type=i32 # %s/a.c:3\n"
                                        "record r size=4 kind=struct # %s/a.c:2\n",
                                        folder, folder);
    assert_string_equal(read_text(&object, queries, 1, true), expected);
}

static void test_dwarf_read__finds_only_what_is_there(void **state)
{
    struct dwarf_query queries[] = {{.kind = FACT_RECORD, .name = "declared"},
                                    {.kind = FACT_RECORD, .name = "absent"},
                                    {.kind = FACT_RECORD, .name = "r"}};
    struct object object = objects_compile(
        "x86_64-linux-gnu-gcc -g", "a", "struct declared; struct r { struct declared *a; } v;\n");

    (void)state;
    if (object.bytes == NULL)
        skip();
    assert_string_equal(read_text(&object, queries, 3, false),
                        "field r.a offset=0 size=8 type=ptr\nrecord r size=8 kind=struct\n");
    assert_false(queries[0].is_found);
    assert_false(queries[1].is_found);
    assert_true(queries[2].is_found);
}

/* ---- the witness ------------------------------------------------------------------------------
 */

/* A spec of one header, as the loader would make it. */
static const char *spec_headers[] = {"h.h"};
static struct spec_source spec_sources[] = {
    {.name = "system", .library = "c", .headers = spec_headers, .n_headers = 1}};
static struct spec_record spec_records[] = {{.name = "thing", .from = "system"}};
static struct spec_alias spec_aliases[] = {{.name = "word_t", .from = "system"}};
static const char *spec_names[] = {"FLAG", "MASK"};
static struct spec_constants spec_groups[] = {
    {.names = spec_names, .n_names = 2, .from = "system"}};
static struct spec_call spec_calls[] = {
    {.name = "call", .forms = FORM_BOTH, .returns = {.type = "int"}}};

static struct spec make_spec(void)
{
    return (struct spec){
        .path = arena_printf(&arena, "%s/s.yaml", folder),
        .name = "s",
        .os = "linux",
        .sources = spec_sources,
        .n_sources = 1,
        .records = spec_records,
        .n_records = 1,
        .aliases = spec_aliases,
        .n_aliases = 1,
        .constants = spec_groups,
        .n_constants = 1,
        .calls = spec_calls,
        .n_calls = 1,
    };
}

static const char *compiler_words[2];
static const char *include_words[1];

static struct target make_target(const char *compiler)
{
    compiler_words[0] = compiler;
    compiler_words[1] = NULL;
    include_words[0] = arena_strdup(&arena, folder);
    return (struct target){
        .name = "t",
        .os = "linux",
        .triple = "x86_64-linux-gnu",
        .bits = 64,
        .endian = "little",
        .label = "",
        .headers = include_words,
        .n_headers = 1,
        .cc = compiler_words,
        .n_cc = 1,
        .include = include_words,
        .n_include = 1,
        .compiler = compiler_words,
        .n_compiler = 1,
    };
}

static struct workspace make_workspace(void)
{
    return (struct workspace){.root = "",
                              .bindings = folder,
                              .build = arena_printf(&arena, "%s/build", folder),
                              .timeout_ms = 60000};
}

static const char header[] = "struct thing { char a; long b; };\n"
                             "typedef unsigned short word_t;\n"
                             "enum { FLAG = 4 };\n"
                             "#define MASK (1U << 31)\n"
                             "int call(struct thing *, word_t) __asm__(\"call64\");\n"
                             "#define __NR_call 77\n";

/* The evidence of the witness on a header, as text. */
static struct evidence collect_one(const char *compiler, const char *text, bool *is_collected)
{
    struct spec spec = make_spec();
    struct target target = make_target(compiler);
    struct workspace workspace = make_workspace();

    objects_write("h.h", text);
    struct evidence evidence;
    *is_collected = witness_dwarf_system(&evidence, &spec, &target, &workspace, &arena, &diag);
    return evidence;
}

static const char *text_of(const struct evidence *evidence)
{
    struct str text = {.arena = &arena};

    facts_print(&text, &evidence->facts, false);
    return str_text(&text);
}

static void expect_collected(const char *compiler, const char *text, const char *expected)
{
    bool is_collected;
    struct evidence evidence = collect_one(compiler, text, &is_collected);

    if (!is_collected || !evidence_was_collected(&evidence))
        fail_msg("%s %s", str_text(&diag.text),
                 evidence.broken.n > 0 ? evidence.broken.items[0].text : "");
    if (strcmp(text_of(&evidence), expected) != 0)
        fail_msg("expected:\n%s\ngot:\n%s", expected, text_of(&evidence));
    assert_string_equal(evidence.witness, "dwarf");
    assert_int_equal(evidence.tier, TIER_COMPILED);
    assert_true(evidence.is_complete);
}

static const char *with_record(const char *record)
{
    return arena_printf(&arena, "%s%s", record, strchr(header, '\n') + 1);
}

static void test_witness_dwarf__collects_everything_of_a_header(void **state)
{
    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    expect_collected("x86_64-linux-gnu-gcc", header,
                     "abi t bits=64 endian=little align32=4 align64=8\n"
                     "alias word_t type=u16\n"
                     "constant FLAG value=0x4 type=i32\n"
                     "constant MASK value=0x80000000 type=u32\n"
                     "field thing.a offset=0 size=1 type=i8\n"
                     "field thing.b offset=8 size=8 type=i64\n"
                     "function call library=c symbol=call64 return=i32 params=ptr,u16\n"
                     "record thing size=16 align=8 kind=struct\n"
                     "syscall call number=77 params=void\n");
}

static void test_witness_dwarf__learns_whether_a_record_is_a_union_or_a_typedef(void **state)
{
    static const char rest[] = "abi t bits=64 endian=little align32=4 align64=8\n"
                               "alias word_t type=u16\n"
                               "constant FLAG value=0x4 type=i32\n"
                               "constant MASK value=0x80000000 type=u32\n";
    static const char tail[] = "syscall call number=77 params=void\n";
    static const char *const compilers[] = {"x86_64-linux-gnu-gcc", CLANG};

    (void)state;
    int n_collected = 0;
    for (int i = 0; i < 2; i++) {
        if (!objects_have(compilers[i]))
            continue;
        n_collected++;
        expect_collected(
            compilers[i],
            arena_printf(&arena, "union thing { char a; int b; };\n#define thing_t union thing\n"
                                 "typedef unsigned short word_t; enum { FLAG = 4 };\n"
                                 "#define MASK (1U << 31)\n#define __NR_call 77\n"
                                 "void call(void);\n"),
            arena_printf(&arena,
                         "%sfield thing.a offset=0 size=1 type=i8\n"
                         "field thing.b offset=0 size=4 type=i32\n"
                         "function call library=c symbol=call return=void params=void\n"
                         "record thing size=4 align=4 kind=union\n%s",
                         rest, tail));
        expect_collected(
            compilers[i],
            arena_printf(&arena, "typedef struct { short a; } __attribute__((aligned(8))) thing;\n"
                                 "typedef unsigned short word_t; enum { FLAG = 4 };\n"
                                 "#define MASK (1U << 31)\n#define __NR_call 77\n"
                                 "void call(void);\n"),
            arena_printf(&arena,
                         "%sfield thing.a offset=0 size=2 type=i16\n"
                         "function call library=c symbol=call return=void params=void\n"
                         "record thing size=8 align=8 kind=struct\n%s",
                         rest, tail));
    }
    if (n_collected == 0)
        skip();
}

static void test_witness_dwarf__reports_what_a_header_lacks(void **state)
{
    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    bool is_collected;
    (void)collect_one(
        "x86_64-linux-gnu-gcc",
        "struct thing { char a; };\ntypedef int word_t;\n#define FLAG 1\n#define MASK "
        "\"text\"\n",
        &is_collected);
    assert_false(is_collected);
    assert_non_null(strstr(str_text(&diag.text), "constant 'MASK' is not in the headers"));
    assert_non_null(strstr(str_text(&diag.text), "function 'call' is not in the headers"));
    assert_non_null(strstr(str_text(&diag.text), "'call' undeclared"));
    assert_non_null(strstr(str_text(&diag.text), "syscall 'call' is not in the headers"));
    assert_null(strstr(str_text(&diag.text), "'FLAG'"));
    assert_int_equal(diag.n_errors, 3);
}

static void test_witness_dwarf__makes_a_finding_of_a_header_that_does_not_compile(void **state)
{
    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    bool is_collected;
    struct evidence evidence = collect_one(
        "x86_64-linux-gnu-gcc", with_record("struct thing { no_such_type a; };\n"), &is_collected);
    assert_true(is_collected);
    assert_int_equal(evidence.broken.n, 1);
    assert_string_equal(evidence.broken.items[0].name, "does-not-compile");
    assert_non_null(strstr(evidence.broken.items[0].text, "no_such_type"));
    assert_int_equal(evidence.broken.items[0].where.line, 1);
}

static void test_witness_dwarf__is_unavailable_without_its_compiler(void **state)
{
    struct spec spec = make_spec();
    struct target target = make_target("no-such-gcc");
    struct workspace workspace = make_workspace();

    (void)state;
    target.compiler = NULL;
    struct evidence evidence;
    assert_true(witness_dwarf_system(&evidence, &spec, &target, &workspace, &arena, &diag));
    assert_string_equal(evidence.unavailable, "compiler 'no-such-gcc' not found");
    target.include = NULL;
    assert_true(witness_dwarf_binding(&evidence, &spec, &target, &workspace, &arena, &diag));
    assert_non_null(strstr(evidence.unavailable, "no header set"));
}

static void test_witness_dwarf__reads_a_binding_by_its_prefixes(void **state)
{
    struct spec spec = make_spec();
    struct target target = make_target("x86_64-linux-gnu-gcc");
    struct workspace workspace = make_workspace();

    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    objects_write("s.h", "struct raw_thing { char a; int b; };\n"
                         "#define RAW_FLAG 4\n"
                         "int raw_call(struct raw_thing *) __asm__(\"call64\");\n"
                         "#define RAW_NR_call 77\n"
                         "static inline int raw_sys_call(long x, void *y) { return 0; }\n");
    struct evidence evidence;
    assert_true(witness_dwarf_binding(&evidence, &spec, &target, &workspace, &arena, &diag));
    assert_true(evidence_was_collected(&evidence));
    assert_string_equal(text_of(&evidence), "abi t bits=64 endian=little align32=4 align64=8\n"
                                            "constant FLAG value=0x4 type=i32\n"
                                            "field thing.a offset=0 size=1 type=i8\n"
                                            "field thing.b offset=4 size=4 type=i32\n"
                                            "function call symbol=call64 return=i32 params=ptr\n"
                                            "record thing size=8 align=4 kind=struct\n"
                                            "syscall call number=77 params=i64,ptr\n");
}

/* A compiler that answers with the object of another unit: names are there, the anchor is not. */
static void test_witness_dwarf__refuses_an_object_without_its_anchor(void **state)
{
    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    objects_write("b.c", header);
    objects_write(
        "cc",
        "#!/bin/sh\n[ \"$1\" != -### ] || exit 1\nd=${0%/*}\nfor o; do last=$out; out=$o; [ \"$last\" != -o ] || "
        "break; done\n: >\"$out.d\"\n"
        "x86_64-linux-gnu-gcc -g -fno-eliminate-unused-debug-types -c -o \"$out\" "
        "\"$d/b.c\"\n");
    const char *script = arena_printf(&arena, "%s/cc", folder);
    objects_run("chmod +x cc");
    bool is_collected;
    struct evidence evidence = collect_one(script, header, &is_collected);
    assert_true(is_collected);
    assert_int_equal(evidence.facts.n, 0);
    assert_int_equal(evidence.broken.n, 1);
    assert_string_equal(evidence.broken.items[0].name, "probe-garbage");
    assert_non_null(strstr(evidence.broken.items[0].text, "abiproof_anchor"));
}

static void test_witness_dwarf__does_not_compile_twice(void **state)
{
    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    objects_write("cc", "#!/bin/sh\n"
                        "case $* in *-MD*) echo x >>\"${0%/*}/count\" ;; esac\n"
                        "exec x86_64-linux-gnu-gcc \"$@\"\n");
    objects_run("chmod +x cc");
    bool is_collected;
    (void)collect_one(arena_printf(&arena, "%s/cc", folder), header, &is_collected);
    (void)collect_one(arena_printf(&arena, "%s/cc", folder), header, &is_collected);
    assert_true(is_collected);
    assert_int_equal(objects_read("count").n, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_dwarf_read__hoists_anonymous_members_and_follows_unnamed_ones),
        TEST(test_dwarf_read__finds_bit_fields_on_little_endian),
        TEST(test_dwarf_read__finds_bit_fields_on_big_endian),
        TEST(test_dwarf_read__finds_packed_bit_fields_that_straddle_units),
        TEST(test_dwarf_read__takes_whole_components_of_ada_for_no_bit_fields),
        TEST(test_dwarf_read__spells_every_type),
        TEST(test_dwarf_read__knows_the_sign_of_plain_char),
        TEST(test_dwarf_read__knows_records_that_only_a_typedef_names),
        TEST(test_dwarf_read__reports_every_other_type_of_a_name),
        TEST(test_dwarf_read__refuses_too_many_types_of_a_name),
        TEST(test_dwarf_read__gives_enumerators_the_sign_of_their_enum),
        TEST(test_dwarf_read__reads_prototypes_of_functions_and_pointers),
        TEST(test_dwarf_read__says_where_things_are_declared),
        TEST(test_dwarf_read__finds_only_what_is_there),
        TEST(test_witness_dwarf__collects_everything_of_a_header),
        TEST(test_witness_dwarf__learns_whether_a_record_is_a_union_or_a_typedef),
        TEST(test_witness_dwarf__reports_what_a_header_lacks),
        TEST(test_witness_dwarf__makes_a_finding_of_a_header_that_does_not_compile),
        TEST(test_witness_dwarf__is_unavailable_without_its_compiler),
        TEST(test_witness_dwarf__reads_a_binding_by_its_prefixes),
        TEST(test_witness_dwarf__refuses_an_object_without_its_anchor),
        TEST(test_witness_dwarf__does_not_compile_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
