/* Tests of dwarf_record.c and dwarf_type.c: records as the compilers of other languages than C
 * write them. The sources are compiled here; what no compiler of this machine writes is left out,
 * and the test says so. */
#include "objects.h"

#include "model/facts.h"
#include "object/dwarf.h"

/* Writes `source` to a file of this name and compiles it: the command makes a.o of it. */
static struct object compile(const char *command, const char *file, const char *source)
{
    if (!objects_have(command))
        skip();
    objects_write(file, source);
    objects_run(arena_printf(&arena, "%s %s", command, file));
    return objects_read("a.o");
}

/* The facts of one record of anybody's object, as text. */
static const char *facts_of(const struct object *object, const char *record)
{
    struct container container;
    struct dwarf_source source = {.container = &container, .is_foreign = true};
    struct dwarf_query query = {.kind = FACT_RECORD, .name = record, .as = "r", .is_loose = true};
    struct facts facts = {.arena = &arena};

    if (object->bytes == NULL)
        skip();
    if (!objects_open(&container, object) || !container_debug(&container) ||
        !dwarf_read(&facts, &source, &query, 1, NULL, &diag))
        fail_msg("%s", str_text(&diag.text));
    facts_sort(&facts);
    struct str text = {.arena = &arena};
    facts_print(&text, &facts, false);
    return str_text(&text);
}

static void test_dwarf_read__reads_unions_that_ldc_writes_as_structs(void **state)
{
    static const char source[] =
        "module a; union Data { void* ptr; int fd; ulong u64; }\n"
        "align(1) struct event { align(1): uint events; Data data; } __gshared event e;\n";
    struct object object = compile("ldc2 -mtriple=x86_64-linux-gnu -g -c -of=a.o", "a.d", source);

    (void)state;
    assert_string_equal(facts_of(&object, "event"),
                        "field r.data offset=4 size=8 type=struct:Data\n"
                        "field r.data.fd offset=4 size=4 type=i32\n"
                        "field r.data.ptr offset=4 size=8 type=ptr\n"
                        "field r.data.u64 offset=4 size=8 type=u64\n"
                        "field r.events offset=0 size=4 type=u32\n"
                        "record r size=12 align=1 kind=struct\n");
}

static void test_dwarf_read__reads_anonymous_unions_of_gdc(void **state)
{
    static const char source[] = "module a; struct cqe { union { ulong user_data; void* p; } "
                                 "struct { int res; uint flags; } } __gshared cqe c;\n";
    struct object object = compile("gdc -m64 -g -o a.o -c", "a.d", source);

    (void)state;
    assert_string_equal(facts_of(&object, "cqe"), "field r.flags offset=12 size=4 type=u32\n"
                                                  "field r.p offset=0 size=8 type=ptr\n"
                                                  "field r.res offset=8 size=4 type=i32\n"
                                                  "field r.user_data offset=0 size=8 type=u64\n"
                                                  "record r size=16 kind=struct\n");
}

static void
test_dwarf_read__hoists_the_members_of_a_named_struct_without_a_member_name(void **state)
{
    struct object object =
        objects_compile("x86_64-linux-gnu-gcc -g -fms-extensions", "a",
                        "struct inner { int a, b; }; struct event { char x; struct inner; } v;\n");

    (void)state;
    assert_string_equal(facts_of(&object, "event"), "field r.a offset=4 size=4 type=i32\n"
                                                    "field r.b offset=8 size=4 type=i32\n"
                                                    "field r.x offset=0 size=1 type=i8\n"
                                                    "record r size=12 kind=struct\n");
}

static const char pascal[] =
    "unit a;\ninterface\n{$packrecords c}\n"
    "type\n"
    "  TData = record case integer of 0: (ptr: pointer); 1: (fd: longint); 2: (u64: qword); end;\n"
    "  TEvent = packed record Events: dword; Data: TData; end;\n"
    "  TFlags = record a: LongBool; b: QWordBool; c: boolean; d: 0..200; e: widechar; end;\n"
    "var e: TEvent; f: TFlags;\nimplementation\nend.\n";

static void test_dwarf_read__reads_variant_records_of_pascal(void **state)
{
    struct object object = compile("fpc -Px86_64 -gw3 -v0 -l-", "a.pas", pascal);

    (void)state;
    assert_string_equal(facts_of(&object, "tevent"),
                        "field r.Data offset=4 size=8 type=struct:TDATA\n"
                        "field r.Data.fd offset=4 size=4 type=i32\n"
                        "field r.Data.ptr offset=4 size=8 type=ptr\n"
                        "field r.Data.u64 offset=4 size=8 type=u64\n"
                        "field r.Events offset=0 size=4 type=u32\n"
                        "record r size=12 kind=struct\n");
}

static void test_dwarf_read__takes_no_wide_boolean_of_pascal_for_an_integer(void **state)
{
    struct object object = compile("fpc -Px86_64 -gw3 -v0 -l-", "a.pas", pascal);

    (void)state;
    assert_string_equal(facts_of(&object, "tflags"), "field r.a offset=0 size=4 type=bool32\n"
                                                     "field r.b offset=8 size=8 type=bool64\n"
                                                     "field r.c offset=16 size=1 type=bool\n"
                                                     "field r.d offset=17 size=1 type=u8\n"
                                                     "field r.e offset=18 size=2 type=char16\n"
                                                     "record r size=24 kind=struct\n");
}

static const char ada[] =
    "with Interfaces; use Interfaces; with System;\n"
    "package A is\n"
    "  type Biased is range 1 .. 2**32; for Biased'Size use 32;\n"
    "  type Whole is range 0 .. 2**32 - 1; for Whole'Size use 32;\n"
    "  type Short is range -5 .. 100; for Short'Size use 16;\n"
    "  type Enum is (X, Y); for Enum'Size use 32;\n"
    "  type Flag is new Boolean; for Flag'Size use 32;\n"
    "  type Fixed is delta 0.5 range -1000.0 .. 1000.0; for Fixed'Size use 32;\n"
    "  type Rec is record\n"
    "    B : Biased; W : Whole; S : Short; E : Enum; F : Flag; D : Fixed; C : Wide_Wide_Character;\n"
    "  end record with Convention => C;\n"
    "  for Rec use record B at 0 range 0 .. 31; end record;\n"
    "  type Big is record U : Unsigned_32; E : Enum; end record;\n"
    "  for Big'Bit_Order use System.High_Order_First;\n"
    "  for Big'Scalar_Storage_Order use System.High_Order_First;\n"
    "  type Var (D : Unsigned_32 := 0) is record\n"
    "    X : Unsigned_32;\n"
    "    case D is\n"
    "      when 0 => P : Unsigned_64;\n"
    "      when 1 => Q : Integer; R : Integer;\n"
    "      when others => Z : Unsigned_16;\n"
    "    end case;\n"
    "  end record;\n"
    "  type Open (N : Integer) is record S : String (1 .. N); T : Integer; end record;\n"
    "  V : Rec; W : Big; U : Var; O : Open (3);\n"
    "end A;\n";

static const char ada_compiler[] = "x86_64-linux-gnu-gnatgcc -gnatws -g -o a.o -c";

static void test_dwarf_read__takes_for_integers_what_is_one_in_ada(void **state)
{
    struct object object = compile(ada_compiler, "a.ads", ada);

    (void)state;
    assert_string_equal(facts_of(&object, "a.rec"), "field r.b offset=0 size=4 type=biased32\n"
                                                    "field r.c offset=24 size=4 type=char32\n"
                                                    "field r.d offset=20 size=4 type=fixed32\n"
                                                    "field r.e offset=12 size=4 type=u32\n"
                                                    "field r.f offset=16 size=4 type=bool32\n"
                                                    "field r.s offset=8 size=2 type=i16\n"
                                                    "field r.w offset=4 size=4 type=u32\n"
                                                    "record r size=28 kind=struct\n");
}

static void test_dwarf_read__gives_an_enum_the_byte_order_of_its_record(void **state)
{
    struct object object = compile(ada_compiler, "a.ads", ada);

    (void)state;
    assert_string_equal(facts_of(&object, "a.big"), "field r.e offset=4 size=4 type=u32be\n"
                                                    "field r.u offset=0 size=4 type=u32be\n"
                                                    "record r size=8 kind=struct\n");
}

static void test_dwarf_read__reads_variants_as_members(void **state)
{
    struct object object = compile(ada_compiler, "a.ads", ada);

    (void)state;
    assert_string_equal(facts_of(&object, "a.var"), "field r.d offset=0 size=4 type=u32\n"
                                                    "field r.p offset=8 size=8 type=u64\n"
                                                    "field r.q offset=8 size=4 type=i32\n"
                                                    "field r.r offset=12 size=4 type=i32\n"
                                                    "field r.x offset=4 size=4 type=u32\n"
                                                    "field r.z offset=8 size=2 type=u16\n"
                                                    "record r size=16 kind=struct\n");
}

/* A record whose size depends on a field is nobody's fault. */
static void test_dwarf_read__leaves_out_records_without_a_size(void **state)
{
    struct object object = compile(ada_compiler, "a.ads", ada);

    (void)state;
    assert_string_equal(facts_of(&object, "a.open"), "");
}

static void test_dwarf_read__takes_no_character_of_rust_for_an_integer(void **state)
{
    static const char source[] =
        "#![crate_type=\"lib\"]\n"
        "#[repr(C)] pub enum Either { A(u32), B(i16) }\n"
        "#[repr(C)] pub struct event { pub c: char, pub b: [bool; 4], pub u: u8, pub e: Either }\n"
        "#[no_mangle] pub static X: event = event { c: 'a', b: [true; 4], u: 1, e: Either::A(1) "
        "};\n";
    struct object object =
        compile("rustc --target x86_64-unknown-linux-gnu -g --emit=obj -o a.o", "a.rs", source);

    (void)state;
    const char *text = facts_of(&object, "event");
    assert_non_null(strstr(text, "field r.b offset=4 size=4 type=bool[4]\n"));
    assert_non_null(strstr(text, "field r.c offset=0 size=4 type=char32\n"));
    assert_non_null(strstr(text, "field r.u offset=8 size=1 type=u8\n"));
    assert_non_null(strstr(text, "field r.e.A.__0 offset=16 size=4 type=u32\n"));
    assert_non_null(strstr(text, "field r.e.B.__0 offset=16 size=2 type=i16\n"));
}

/* Clang does not say how many bits such an integer has. */
static void test_dwarf_read__takes_no_bit_int_for_an_integer(void **state)
{
    struct object object =
        objects_compile(CLANG " --target=x86_64-linux-gnu -std=c2x -g", "a",
                        "struct event { unsigned _BitInt(20) a; _BitInt(33) b; _Complex float c;\n"
                        " long double d; __uint128_t e; } v;\n");

    (void)state;
    assert_string_equal(facts_of(&object, "event"), "field r.a offset=0 size=4 type=bitint\n"
                                                    "field r.b offset=8 size=8 type=bitint\n"
                                                    "field r.c offset=16 size=8 type=complex64\n"
                                                    "field r.d offset=32 size=16 type=f128\n"
                                                    "field r.e offset=48 size=16 type=u128\n"
                                                    "record r size=64 kind=struct\n");
}

/* Which has them among its parameters. */
static void test_dwarf_read__takes_no_result_of_go_for_a_parameter(void **state)
{
    static const char source[] = "package main\n"
                                 "//go:noinline\n"
                                 "func Control(queue int32, at *uint32) (n int16, more uint64) {\n"
                                 "\treturn int16(queue), uint64(*at)\n}\n"
                                 "func main() {\n\tx := uint32(1)\n\tControl(1, &x)\n}\n";
    struct object object = compile("go build -o a.o", "a.go", source);
    struct container container;
    struct dwarf_source from = {.container = &container, .is_foreign = true};
    struct dwarf_query query = {.kind = FACT_FUNCTION, .name = "main.Control", .as = "f"};
    struct facts facts = {.arena = &arena};

    (void)state;
    assert_true(objects_open(&container, &object) && container_debug(&container) &&
                dwarf_read(&facts, &from, &query, 1, NULL, &diag));
    assert_int_equal(facts.n, 1);
    assert_string_equal(facts.items[0].attr[FUNCTION_PARAMS], "i32,ptr");
}

/* A member of C++ may have the name of one of the base class. */
static void test_dwarf_read__reads_a_member_that_hides_one_of_the_base_class(void **state)
{
    struct object object = objects_compile("x86_64-linux-gnu-g++ -x c++ -g", "a",
                                           "struct base { int x; }; struct event : base { long x; "
                                           "} v;\n");

    (void)state;
    assert_string_equal(facts_of(&object, "event"), "field r.x offset=0 size=4 type=i32\n"
                                                    "field r.x'1 offset=8 size=8 type=i64\n"
                                                    "record r size=16 kind=struct\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_dwarf_read__reads_unions_that_ldc_writes_as_structs),
        TEST(test_dwarf_read__reads_anonymous_unions_of_gdc),
        TEST(test_dwarf_read__hoists_the_members_of_a_named_struct_without_a_member_name),
        TEST(test_dwarf_read__reads_variant_records_of_pascal),
        TEST(test_dwarf_read__takes_no_wide_boolean_of_pascal_for_an_integer),
        TEST(test_dwarf_read__takes_for_integers_what_is_one_in_ada),
        TEST(test_dwarf_read__gives_an_enum_the_byte_order_of_its_record),
        TEST(test_dwarf_read__reads_variants_as_members),
        TEST(test_dwarf_read__leaves_out_records_without_a_size),
        TEST(test_dwarf_read__takes_no_character_of_rust_for_an_integer),
        TEST(test_dwarf_read__takes_no_bit_int_for_an_integer),
        TEST(test_dwarf_read__takes_no_result_of_go_for_a_parameter),
        TEST(test_dwarf_read__reads_a_member_that_hides_one_of_the_base_class),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
