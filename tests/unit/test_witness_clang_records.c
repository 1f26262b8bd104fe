/* Tests of gen/witness_clang*.c: records and aliases as clang lays them out. Every number is
 * derived by hand; unless noted otherwise by the System V ABI (psABI 3.1.2): a member lies on the
 * next multiple of its alignment, a record ends on a multiple of its largest alignment, and the
 * members of a union all lie at its start. */
#include "fixture.h"

/* A spec that wants record r and names none of its fields. */
#define RECORD_R "records: [{name: r, doc: d, fields: []}]\n"

static void test_witness_clang__lays_members_on_their_alignment(void **state)
{
    (void)state;
    expect_facts("scalars", x86_64(), RECORD_R,
                 "struct r { unsigned char a; short b; unsigned int c; signed char d; };\n",
                 "field r.a offset=0 size=1 type=u8\n"
                 "field r.b offset=2 size=2 type=i16\n"
                 "field r.c offset=4 size=4 type=u32\n"
                 "field r.d offset=8 size=1 type=i8\n"
                 "record r size=12 align=4 kind=struct\n"); /* 9 bytes, rounded up to 12 */
}

static void test_witness_clang__names_every_kind_of_type(void **state)
{
    (void)state;
    /* LP64: long has 8 bytes. An enum without a negative enumerator is unsigned int to clang and
     * gcc, one with one is int. */
    expect_facts(
        "types", x86_64(), RECORD_R,
        "typedef unsigned long base; typedef const base middle; enum e { A }; enum f { B = -1 };\n"
        "struct in { int x; }; union un { int x; };\n"
        "struct r { _Bool a; float b; double c; void *d; int (*e)(int); middle f; enum e g;\n"
        "  enum f h; struct in i; union un j; volatile long k; const char *const l; };\n",
        "field r.a offset=0 size=1 type=bool\n"
        "field r.b offset=4 size=4 type=f32\n"
        "field r.c offset=8 size=8 type=f64\n"
        "field r.d offset=16 size=8 type=ptr\n"
        "field r.e offset=24 size=8 type=ptr\n"
        "field r.f offset=32 size=8 type=u64\n"
        "field r.g offset=40 size=4 type=u32\n"
        "field r.h offset=44 size=4 type=i32\n"
        "field r.i offset=48 size=4 type=struct:in\n"
        "field r.j offset=52 size=4 type=union:un\n"
        "field r.k offset=56 size=8 type=i64\n"
        "field r.l offset=64 size=8 type=ptr\n"
        "record r size=72 align=8 kind=struct\n");
}

static void test_witness_clang__gives_plain_char_the_sign_of_the_target(void **state)
{
    (void)state;
    /* psABIs: char is signed on x86, unsigned on AArch64 (AAPCS64 10.1.1) and s390x. */
    static const char header[] = "struct r { char a; };\n";
    expect_facts("x86_64", x86_64(), RECORD_R, header,
                 "field r.a offset=0 size=1 type=i8\nrecord r size=1 align=1 kind=struct\n");
    expect_facts("aarch64", make_target("aarch64-linux", "aarch64-linux-gnu", 64, "little"),
                 RECORD_R, header,
                 "field r.a offset=0 size=1 type=u8\nrecord r size=1 align=1 kind=struct\n");
    expect_facts("s390x", make_target("s390x-linux", "s390x-linux-gnu", 64, "big"), RECORD_R,
                 header,
                 "field r.a offset=0 size=1 type=u8\nrecord r size=1 align=1 kind=struct\n");
}

static void test_witness_clang__hoists_the_members_of_anonymous_records(void **state)
{
    (void)state;
    /* C11 6.7.2.1p13: members of an anonymous structure or union are members of what is around it,
     * recursively. The union has align 8, so it starts at 8; low and high are its bytes again. */
    expect_facts(
        "anonymous union and struct", x86_64(), RECORD_R,
        "struct r { unsigned tag; union { unsigned long whole; struct { unsigned low, high; }; };\n"
        "  unsigned char end; };\n",
        "field r.end offset=16 size=1 type=u8\n"
        "field r.high offset=12 size=4 type=u32\n"
        "field r.low offset=8 size=4 type=u32\n"
        "field r.tag offset=0 size=4 type=u32\n"
        "field r.whole offset=8 size=8 type=u64\n"
        "record r size=24 align=8 kind=struct\n");
}

static void test_witness_clang__puts_the_fields_of_an_unnamed_type_under_its_member(void **state)
{
    (void)state;
    /* s has align 4 (of y), so it starts at 4; within it the union starts at 4, after x and a hole;
     * offsets count from the start of r. */
    expect_facts("unnamed types with a member name", x86_64(), RECORD_R,
                 "struct r { unsigned short a; struct { short x; union { unsigned y; unsigned char "
                 "z[4]; } in; } s;\n"
                 "  unsigned short t; };\n",
                 "field r.a offset=0 size=2 type=u16\n"
                 "field r.s offset=4 size=8 type=struct\n"
                 "field r.s.in offset=8 size=4 type=union\n"
                 "field r.s.in.y offset=8 size=4 type=u32\n"
                 "field r.s.in.z offset=8 size=4 type=u8[4]\n"
                 "field r.s.x offset=4 size=2 type=i16\n"
                 "field r.t offset=12 size=2 type=u16\n"
                 "record r size=16 align=4 kind=struct\n");
}

static void test_witness_clang__counts_offsets_from_the_outermost_record(void **state)
{
    (void)state;
    expect_facts("anonymous in unnamed in anonymous", x86_64(), RECORD_R,
                 "struct r { unsigned long head; struct { unsigned a; struct { unsigned b;\n"
                 "  struct { unsigned skip; union { unsigned c; }; } s; }; }; };\n",
                 "field r.a offset=8 size=4 type=u32\n"
                 "field r.b offset=12 size=4 type=u32\n"
                 "field r.head offset=0 size=8 type=u64\n"
                 "field r.s offset=16 size=8 type=struct\n"
                 "field r.s.c offset=20 size=4 type=u32\n"
                 "field r.s.skip offset=16 size=4 type=u32\n"
                 "record r size=24 align=8 kind=struct\n");
}

static void test_witness_clang__reads_a_union(void **state)
{
    (void)state;
    /* 5 bytes, rounded up to the 4 of its largest alignment. */
    expect_facts("union", x86_64(), RECORD_R, "union r { unsigned a; unsigned char b[5]; };\n",
                 "field r.a offset=0 size=4 type=u32\n"
                 "field r.b offset=0 size=5 type=u8[5]\n"
                 "record r size=8 align=4 kind=union\n");
}

static void test_witness_clang__reads_a_record_declared_within_another(void **state)
{
    (void)state;
    /* C11 6.2.1p4: a tag declared in a member list has the scope of the list's surroundings. */
    expect_facts("struct r within struct outer", x86_64(), RECORD_R,
                 "struct outer { int x; struct r { unsigned short a; } in; };\n",
                 "field r.a offset=0 size=2 type=u16\n"
                 "record r size=2 align=2 kind=struct\n");
}

static void test_witness_clang__reads_a_definition_after_a_declaration_once(void **state)
{
    (void)state;
    expect_facts("declared, defined, declared", x86_64(), RECORD_R,
                 "struct r; struct r { int a; }; struct r; typedef struct r r_t;\n",
                 "field r.a offset=0 size=4 type=i32\n"
                 "record r size=4 align=4 kind=struct\n");
}

static void test_witness_clang__reads_arrays(void **state)
{
    (void)state;
    /* An array has the alignment of its element; a flexible one takes no space and has no
     * size (C11 6.7.2.1p18). */
    expect_facts("arrays", x86_64(), RECORD_R,
                 "struct in { int x; };\n"
                 "struct r { unsigned char a[3]; unsigned short b[5]; void *c[2]; struct in d[2]; "
                 "unsigned e[]; };\n",
                 "field r.a offset=0 size=3 type=u8[3]\n"
                 "field r.b offset=4 size=10 type=u16[5]\n"
                 "field r.c offset=16 size=16 type=ptr[2]\n"
                 "field r.d offset=32 size=8 type=struct:in[2]\n"
                 "field r.e offset=40 type=u32[]\n"
                 "record r size=40 align=8 kind=struct\n");
}

static void test_witness_clang__writes_the_bounds_of_an_array_in_the_order_of_c(void **state)
{
    (void)state;
    /* C11 6.7.6.2: `a[2][3]` is 2 arrays of 3. Emitters write the bounds after the member's name,
     * so a fact must have them in that order. */
    expect_facts("two dimensions", x86_64(), RECORD_R, "struct r { unsigned char a[2][3]; };\n",
                 "field r.a offset=0 size=6 type=u8[2][3]\n"
                 "record r size=6 align=1 kind=struct\n");
}

/* a and b share the first unsigned int; c has 17 bits, of which 16 would remain, so that it starts
 * the next one (a bit-field never crosses the unit of its declared type); d takes the next whole
 * byte after bit 49; the unnamed 4 bits are at bit 64; e follows in the same unsigned short. The
 * record ends at bit 73, and its alignment is that of unsigned int. Both ABIs allocate from the end
 * of a unit that comes first in memory: x86-64 from the low bits (3.1.2), s390x from the high ones
 * (zSeries ELF supplement, "Bit-fields"), so that counted in the direction of the byte order the
 * positions are the same. */
static const char bit_fields[] =
    "struct r { unsigned a : 3; unsigned b : 13; unsigned c : 17; unsigned char d;\n"
    "  unsigned short : 4; unsigned short e : 5; };\n";
static const char bit_facts[] = "field r.a offset=0 type=u32 bit=0:3\n"
                                "field r.b offset=0 type=u32 bit=3:13\n"
                                "field r.c offset=4 type=u32 bit=0:17\n"
                                "field r.d offset=7 size=1 type=u8\n"
                                "field r.e offset=8 type=u16 bit=4:5\n"
                                "record r size=12 align=4 kind=struct\n";

static void test_witness_clang__gives_bit_fields_a_position_and_a_count(void **state)
{
    (void)state;
    expect_facts("little endian", x86_64(), RECORD_R, bit_fields, bit_facts);
    expect_facts("big endian", make_target("s390x-linux", "s390x-linux-gnu", 64, "big"), RECORD_R,
                 bit_fields, bit_facts);
}

static void test_witness_clang__counts_a_bit_from_the_byte_that_it_starts_in(void **state)
{
    (void)state;
    expect_facts("signed bits at 13", x86_64(), RECORD_R,
                 "struct r { unsigned : 13; int a : 9; };\n",
                 "field r.a offset=1 type=i32 bit=5:9\n"
                 "record r size=4 align=4 kind=struct\n");
}

static void test_witness_clang__ends_a_unit_at_a_bit_field_of_no_width(void **state)
{
    (void)state;
    /* C11 6.7.2.1p12: none shares the unit before it. It is unnamed: on x86-64 it does not align
     * the record (psABI 3.1.2), on AArch64 it does (AAPCS64 8.1.8.2). */
    static const char header[] =
        "struct r { unsigned char a : 1; unsigned : 0; unsigned char b : 1; };\n";
    expect_facts("x86_64", x86_64(), RECORD_R, header,
                 "field r.a offset=0 type=u8 bit=0:1\n"
                 "field r.b offset=4 type=u8 bit=0:1\n"
                 "record r size=5 align=1 kind=struct\n");
    expect_facts("aarch64", make_target("aarch64-linux", "aarch64-linux-gnu", 64, "little"),
                 RECORD_R, header,
                 "field r.a offset=0 type=u8 bit=0:1\n"
                 "field r.b offset=4 type=u8 bit=0:1\n"
                 "record r size=8 align=4 kind=struct\n");
}

static void test_witness_clang__lays_out_epoll_event_as_each_kernel_does(void **state)
{
    (void)state;
    /* As in linux/eventpoll.h. Packed on x86-64 and x32: 4 + 8 bytes. i386's ABI aligns an 8-byte
     * integer in a record to 4. The others align it to 8. */
    static const struct {
        const char *name, *triple;
        int bits;
        const char *endian;
        const char *expected;
    } rows[] = {
        {"x86_64-linux", "x86_64-linux-gnu", 64, "little", "12 1 4"},
        {"x32-linux", "x86_64-linux-gnux32", 32, "little", "12 1 4"},
        {"i386-linux", "i386-linux-gnu", 32, "little", "12 4 4"},
        {"aarch64-linux", "aarch64-linux-gnu", 64, "little", "16 8 8"},
        {"arm-linux", "armv7-linux-gnueabihf", 32, "little", "16 8 8"},
        {"riscv64-linux", "riscv64-linux-gnu", 64, "little", "16 8 8"},
        {"powerpc-linux", "powerpc-linux-gnu", 32, "big", "16 8 8"},
        {"s390x-linux", "s390x-linux-gnu", 64, "big", "16 8 8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned size, align, offset;
        assert_int_equal(sscanf(rows[i].expected, "%u %u %u", &size, &align, &offset), 3);
        expect_facts(
            rows[i].name, make_target(rows[i].name, rows[i].triple, rows[i].bits, rows[i].endian),
            "records:\n  - name: epoll_event\n    doc: d\n    fields:\n"
            "      - {name: events, doc: d}\n      - {name: data, doc: d}\n",
            "#ifdef __x86_64__\n"
            "#define EPOLL_PACKED __attribute__((packed))\n"
            "#else\n"
            "#define EPOLL_PACKED\n"
            "#endif\n"
            "struct epoll_event { unsigned events; unsigned long long data; } EPOLL_PACKED;\n",
            arena_printf(&arena,
                         "field epoll_event.data offset=%u size=8 type=u64\n"
                         "field epoll_event.events offset=0 size=4 type=u32\n"
                         "record epoll_event size=%u align=%u kind=struct\n",
                         offset, size, align));
    }
}

static void test_witness_clang__obeys_an_alignment_that_the_header_asks_for(void **state)
{
    (void)state;
    expect_facts(
        "aligned_u64 of the kernel on i386",
        make_target("i386-linux", "i386-linux-gnu", 32, "little"), RECORD_R,
        "struct r { unsigned a; unsigned long long b __attribute__((aligned(8))); long c; };\n",
        "field r.a offset=0 size=4 type=u32\n"
        "field r.b offset=8 size=8 type=u64\n"
        "field r.c offset=16 size=4 type=i32\n"
        "record r size=24 align=8 kind=struct\n");
}

static void test_witness_clang__follows_aliases_to_their_end(void **state)
{
    (void)state;
    static const char items[] =
        "aliases:\n"
        "  - {name: counter_t, doc: d}\n  - {name: handle_t, doc: d}\n"
        "  - {name: mode_e, doc: d}\n  - {name: pair_t, doc: d}\n  - {name: call_t, doc: d}\n";
    static const char header[] = "typedef unsigned long base; typedef base middle;\n"
                                 "typedef const volatile middle counter_t;\n"
                                 "struct pair { int a, b; };\n"
                                 "typedef struct none *handle_t;\n"
                                 "typedef enum { A = 1 } mode_e;\n"
                                 "typedef struct pair pair_t;\n"
                                 "typedef int (*call_t)(void);\n";
    expect_facts("LP64", x86_64(), items, header,
                 "alias call_t type=ptr\n"
                 "alias counter_t type=u64\n"
                 "alias handle_t type=ptr\n"
                 "alias mode_e type=u32\n"
                 "alias pair_t type=struct:pair\n");
    expect_facts("ILP32", make_target("i386-linux", "i386-linux-gnu", 32, "little"), items, header,
                 "alias call_t type=ptr\n"
                 "alias counter_t type=u32\n"
                 "alias handle_t type=ptr\n"
                 "alias mode_e type=u32\n"
                 "alias pair_t type=struct:pair\n");
}

static void test_witness_clang__reports_what_it_sees_of_the_target(void **state)
{
    (void)state;
    static const struct {
        const char *name, *triple;
        int bits;
        const char *endian;
        int align32, align64; /* of an int and a long long in a record */
    } rows[] = {
        {"x86_64-linux", "x86_64-linux-gnu", 64, "little", 4, 8},
        {"x32-linux", "x86_64-linux-gnux32", 32, "little", 4, 8},
        {"i386-linux", "i386-linux-gnu", 32, "little", 4, 4},
        {"s390x-linux", "s390x-linux-gnu", 64, "big", 4, 8},
        {"mips-linux", "mips-linux-gnu", 32, "big", 4, 8},
    };
    write_file("include/t.h", "");
    const struct spec *spec = make_spec(SPEC_HEAD);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target =
            make_target(rows[i].name, rows[i].triple, rows[i].bits, rows[i].endian);
        struct evidence evidence;
        assert_true(witness_clang_system(&evidence, spec, &target, &arena, &diag));
        expect_text(rows[i].name,
                    arena_printf(&arena, "abi %s bits=%d endian=%s align32=%d align64=%d\n",
                                 rows[i].name, rows[i].bits, rows[i].endian, rows[i].align32,
                                 rows[i].align64),
                    facts_text(&evidence.facts, false));
        assert_string_equal(evidence.witness, "clang");
        assert_int_equal(evidence.tier, TIER_READ);
        assert_int_equal(evidence.subject, SUBJECT_SYSTEM);
        assert_true(evidence_was_collected(&evidence));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_witness_clang__lays_members_on_their_alignment),
        TEST(test_witness_clang__names_every_kind_of_type),
        TEST(test_witness_clang__gives_plain_char_the_sign_of_the_target),
        TEST(test_witness_clang__hoists_the_members_of_anonymous_records),
        TEST(test_witness_clang__puts_the_fields_of_an_unnamed_type_under_its_member),
        TEST(test_witness_clang__counts_offsets_from_the_outermost_record),
        TEST(test_witness_clang__reads_a_union),
        TEST(test_witness_clang__reads_a_record_declared_within_another),
        TEST(test_witness_clang__reads_a_definition_after_a_declaration_once),
        TEST(test_witness_clang__reads_arrays),
        TEST(test_witness_clang__writes_the_bounds_of_an_array_in_the_order_of_c),
        TEST(test_witness_clang__gives_bit_fields_a_position_and_a_count),
        TEST(test_witness_clang__counts_a_bit_from_the_byte_that_it_starts_in),
        TEST(test_witness_clang__ends_a_unit_at_a_bit_field_of_no_width),
        TEST(test_witness_clang__lays_out_epoll_event_as_each_kernel_does),
        TEST(test_witness_clang__obeys_an_alignment_that_the_header_asks_for),
        TEST(test_witness_clang__follows_aliases_to_their_end),
        TEST(test_witness_clang__reports_what_it_sees_of_the_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
