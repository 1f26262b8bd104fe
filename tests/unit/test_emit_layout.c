/* Tests of layout.c: which members a binding declares for the facts of a record. Sizes and offsets
 * are those of the systems' headers, or follow from the alignments that the facts say. */
#include "fixture.h"

#include "emit/layout.h"

static const char *describe_type(const struct layout_type *type)
{
    struct str text = {.arena = &arena};

    if (type->kind == LAYOUT_INTEGER)
        str_addf(&text, "%c%d", type->is_signed ? 'i' : 'u', type->size_bytes * 8);
    else if (type->kind == LAYOUT_POINTER)
        str_addf(&text, "pointer%d", type->size_bytes * 8);
    else if (type->kind == LAYOUT_RECORD)
        str_addf(&text, "%s %s", type->is_union ? "union" : "struct", type->record);
    else
        str_addf(&text, "other %s", type->text);
    for (size_t i = 0; i < type->n_bounds; i++)
        if (type->bounds[i] == LAYOUT_FLEXIBLE)
            str_add(&text, "[]");
        else
            str_addf(&text, "[%d]", (int)type->bounds[i]);
    return str_text(&text);
}

/* "4+4/4 data_lo u32 low: doc" for each member, clusters of several in braces; then the record. */
static const char *describe(const struct layout *layout)
{
    static const char *const parts[] = {"", " low", " high", " pad"};
    struct str text = {.arena = &arena};

    for (size_t i = 0, end; i < layout->n; i = end) {
        end = layout_cluster_end(layout, i);
        str_add(&text, end > i + 1 ? "{\n" : "");
        for (size_t k = i; k < end; k++) {
            const struct layout_member *member = &layout->members[k];
            str_addf(&text, "%d+%d/%d %s %s%s: %s\n", (int)member->offset_bytes,
                     (int)member->size_bytes, (int)member->align, member->name,
                     describe_type(&member->type), parts[member->part], member->doc);
            assert_true(
                (member->field != NULL) ==
                (member->part != LAYOUT_PAD && strcmp(member->doc, "not named by the spec") != 0));
        }
        str_add(&text, end > i + 1 ? "}\n" : "");
    }
    str_addf(&text, "%s of %d, align %d (members %d, system %d)\n",
             layout->is_union ? "union" : "struct", (int)layout->size_bytes, (int)layout->align,
             (int)layout->member_align, (int)layout->system_align);
    if (layout->obstacle != NULL)
        str_addf(&text, "%s %s\n", layout->obstacle_field, layout->obstacle);
    return str_text(&text);
}

/* A spec of these items; the last of its records is laid out. */
static void expect_layout(const char *label, struct target target, const char *records,
                          const char *facts_text, const char *expected)
{
    const struct spec *spec = make_spec(arena_printf(&arena, "%srecords:\n%s", SPEC_HEAD, records));
    struct facts facts = make_facts(facts_text);
    struct emit_on on = {&target, &facts};
    struct layout layout = layout_make(&arena, &on, spec, &spec->records[spec->n_records - 1]);

    assert_ptr_equal(layout.record, &spec->records[spec->n_records - 1]);
    expect_text(label, expected, describe(&layout));
}

static struct target s390x(void)
{
    return make_target("s390x-linux", "s390x-linux-gnu", 64, "big");
}

static struct target m68k(void)
{
    return make_target("m68k-linux", "m68k-linux-gnu", 32, "big");
}

/* ---- the records that everybody gets wrong ---- */

#define EPOLL                                                                                      \
    "  - {name: epoll_event, doc: d, fields: [{name: events, doc: what},\n"                        \
    "      {name: data, as: words, doc: word}]}\n"

static void test_layout__needs_no_packing_for_epoll_event(void **state)
{
    (void)state;
    expect_layout("packed on x86_64: the words lie on 4, and so does the record", x86_64(), EPOLL,
                  "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
                  "record epoll_event size=12 align=1 kind=struct\n"
                  "field epoll_event.data offset=4 size=8 type=u64\n"
                  "field epoll_event.events offset=0 size=4 type=u32\n",
                  "0+4/4 events u32: what\n"
                  "4+4/4 data_lo u32 low: word\n"
                  "8+4/4 data_hi u32 high: the upper 32 bits\n"
                  "struct of 12, align 4 (members 4, system 1)\n");
    expect_layout("natural and big-endian: a hole, the upper half first, required to lie on 8",
                  s390x(), EPOLL,
                  "abi s390x-linux bits=64 endian=big align32=4 align64=8\n"
                  "record epoll_event size=16 align=8 kind=struct\n"
                  "field epoll_event.data offset=8 size=8 type=u64\n"
                  "field epoll_event.events offset=0 size=4 type=u32\n",
                  "0+4/4 events u32: what\n"
                  "4+4/4 pad u32 pad: the system leaves the bytes before data empty\n"
                  "8+4/4 data_hi u32 high: the upper 32 bits\n"
                  "12+4/4 data_lo u32 low: word\n"
                  "struct of 16, align 8 (members 4, system 8)\n");
    expect_layout("m68k aligns integers to 2", m68k(), EPOLL,
                  "abi m68k-linux bits=32 endian=big align32=2 align64=2\n"
                  "record epoll_event size=12 align=2 kind=struct\n"
                  "field epoll_event.data offset=4 size=8 type=u64\n"
                  "field epoll_event.events offset=0 size=4 type=u32\n",
                  "0+4/2 events u32: what\n"
                  "4+4/2 data_hi u32 high: the upper 32 bits\n"
                  "8+4/2 data_lo u32 low: word\n"
                  "struct of 12, align 2 (members 2, system 2)\n");
}

/* ---- holes ---- */

#define R(fields) "  - {name: r, doc: d, fields: [" fields "]}\n"
#define A         "{name: a, doc: first}"
#define B         "{name: b, doc: second}"
#define C         "{name: c, doc: third}"
#define ABI       "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"

static void test_layout__fills_every_hole(void **state)
{
    (void)state;
    expect_layout("bytes, then words, then bytes at the end", x86_64(), R(A ", " B ", " C),
                  ABI "record r size=24 align=8 kind=struct\n"
                      "field r.a offset=0 size=1 type=u8\n"
                      "field r.b offset=4 size=4 type=i32\n"
                      "field r.c offset=16 size=3 type=u8[3]\n",
                  "0+1/1 a u8: first\n"
                  "1+3/1 pad u8[3] pad: the system leaves the bytes before b empty\n"
                  "4+4/4 b i32: second\n"
                  "8+8/4 pad2 u32[2] pad: the system leaves the bytes before c empty\n"
                  "16+3/1 c u8[3]: third\n"
                  "19+5/1 pad3 u8[5] pad: the record ends on its alignment\n"
                  "struct of 24, align 8 (members 4, system 8)\n");
    expect_layout("4 bytes that are no word, since they start off one", x86_64(), R(A ", " B),
                  ABI "record r size=6 align=1 kind=struct\n"
                      "field r.a offset=0 size=1 type=u8\n"
                      "field r.b offset=5 size=1 type=u8\n",
                  "0+1/1 a u8: first\n"
                  "1+4/1 pad u8[4] pad: the system leaves the bytes before b empty\n"
                  "5+1/1 b u8: second\n"
                  "struct of 6, align 1 (members 1, system 1)\n");
    expect_layout("before the first field", x86_64(), R(A),
                  ABI "record r size=8 align=4 kind=struct\nfield r.a offset=4 size=4 type=u32\n",
                  "0+4/4 pad u32 pad: the system leaves the bytes before a empty\n"
                  "4+4/4 a u32: first\n"
                  "struct of 8, align 4 (members 4, system 4)\n");
    expect_layout("a record of nothing else", x86_64(), R(""),
                  ABI "record r size=8 align=8 kind=struct\n",
                  "0+8/4 pad u32[2] pad: the record ends on its alignment\n"
                  "struct of 8, align 8 (members 4, system 8)\n");
    expect_layout("a record without bytes", x86_64(), R(""),
                  ABI "record r size=0 align=1 kind=struct\n",
                  "struct of 0, align 1 (members 0, system 1)\n");
}

static void test_layout__orders_fields_by_offset_and_leaves_out_those_within(void **state)
{
    (void)state;
    /* Facts are sorted by name. r.z.in is of the record within, and r2 is another one. */
    expect_layout("z, y, x", x86_64(), R("{name: z, doc: d}, {name: y, doc: d}, {name: x, doc: d}"),
                  ABI "record r size=12 align=4 kind=struct\n"
                      "field r.x offset=8 size=4 type=u32\n"
                      "field r.y offset=4 size=4 type=u32\n"
                      "field r.z offset=0 size=4 type=struct\n"
                      "field r.z.in offset=0 size=4 type=u32\n"
                      "record r2 size=4 align=4 kind=struct\n"
                      "field r2.a offset=0 size=4 type=u32\n",
                  "0+4/1 z other struct: d\n"
                  "4+4/4 y u32: d\n"
                  "8+4/4 x u32: d\n"
                  "struct of 12, align 4 (members 4, system 4)\n");
    expect_layout("a field that the spec does not name", x86_64(), R(A),
                  ABI "record r size=8 align=4 kind=struct\n"
                      "field r.a offset=0 size=4 type=u32\nfield r.n offset=4 size=4 type=u32\n",
                  "0+4/4 a u32: first\n"
                  "4+4/4 n u32: not named by the spec\n"
                  "struct of 8, align 4 (members 4, system 4)\n");
}

/* ---- types ---- */

static void test_layout__takes_types_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
        int bits;
    } rows[] = {
        {"u8", "u8", 64},
        {"i16", "i16", 64},
        {"u32", "u32", 32},
        {"i64", "i64", 32},
        {"ptr", "pointer64", 64},
        {"ptr", "pointer32", 32},
        {"ptr[2]", "pointer64[2]", 64},
        {"u8[2][3]", "u8[2][3]", 64},
        {"u64[]", "u64[]", 64},
        {"u8[0]", "u8[0]", 64},
        {"struct:timespec", "struct timespec", 64},
        {"union:u[4]", "union u[4]", 64},
        {"struct", "other struct", 64},
        {"union[2]", "other union[2][2]", 64},
        {"bool", "other bool", 64},
        {"f64", "other f64", 64},
        {"u32be", "other u32be", 64},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target = make_target("x-linux", "x", rows[i].bits, "little");
        struct layout_type type = layout_type(&arena, rows[i].text, &target);
        expect_text(rows[i].text, rows[i].expected, describe_type(&type));
        expect_text(rows[i].text, rows[i].text, type.text);
    }
}

static void test_layout__aligns_members_as_the_target_does(void **state)
{
    (void)state;
    expect_layout("i386 aligns 64 bits to 4", make_target("i386-linux", "i", 32, "little"),
                  R(A ", " B ", " C),
                  "abi i386-linux bits=32 endian=little align32=4 align64=4\n"
                  "record r size=16 align=4 kind=struct\n"
                  "field r.a offset=0 size=4 type=ptr\n"
                  "field r.b offset=4 size=8 type=u64\n"
                  "field r.c offset=12 size=2 type=u16\n",
                  "0+4/4 a pointer32: first\n"
                  "4+8/4 b u64: second\n"
                  "12+2/2 c u16: third\n"
                  "14+2/1 pad u8[2] pad: the record ends on its alignment\n"
                  "struct of 16, align 4 (members 4, system 4)\n");
    expect_layout("a witness that cannot tell alignments: as wide as they are", x86_64(),
                  R(A ", " B),
                  "record r size=16 align=8 kind=struct\n"
                  "field r.a offset=0 size=4 type=u32\nfield r.b offset=8 size=8 type=u64\n",
                  "0+4/4 a u32: first\n"
                  "4+4/4 pad u32 pad: the system leaves the bytes before b empty\n"
                  "8+8/8 b u64: second\n"
                  "struct of 16, align 8 (members 8, system 8)\n");
    expect_layout("an array as its element", x86_64(), R(A ", " B),
                  ABI
                  "record r size=24 align=8 kind=struct\n"
                  "field r.a offset=0 size=16 type=u64[2]\nfield r.b offset=16 size=8 type=i8[8]\n",
                  "0+16/8 a u64[2]: first\n"
                  "16+8/1 b i8[8]: second\n"
                  "struct of 24, align 8 (members 8, system 8)\n");
}

static void test_layout__aligns_a_record_as_the_binding_declares_what_it_embeds(void **state)
{
    (void)state;
    static const char records[] = "  - {name: in, doc: d, fields: [{name: x, as: words, doc: d}]}\n"
                                  "  - {name: r, doc: d, fields: [" A ", " B "]}\n";

    /* Packed by the system, but of two u32 in the binding: it lies on 4 in r. */
    expect_layout("a packed one", x86_64(), records,
                  ABI "record in size=8 align=1 kind=struct\nfield in.x offset=0 size=8 type=u64\n"
                      "record r size=12 align=4 kind=struct\nfield r.a offset=0 size=4 type=u32\n"
                      "field r.b offset=4 size=8 type=struct:in\n",
                  "0+4/4 a u32: first\n"
                  "4+8/4 b struct in: second\n"
                  "struct of 12, align 4 (members 4, system 4)\n");
    expect_layout("one that is required to lie on 8", x86_64(), records,
                  ABI "record in size=8 align=8 kind=struct\nfield in.x offset=0 size=8 type=u64\n"
                      "record r size=16 align=8 kind=struct\nfield r.a offset=0 size=4 type=u32\n"
                      "field r.b offset=8 size=8 type=struct:in\n",
                  "0+4/4 a u32: first\n"
                  "4+4/4 pad u32 pad: the system leaves the bytes before b empty\n"
                  "8+8/8 b struct in: second\n"
                  "struct of 16, align 8 (members 8, system 8)\n");
    expect_layout("a union of the spec", x86_64(), records,
                  ABI "record in size=8 align=8 kind=union\nfield in.x offset=0 size=8 type=u64\n"
                      "record r size=8 align=8 kind=struct\n"
                      "field r.a offset=0 size=8 type=union:in\n",
                  "0+8/8 a union in: first\n"
                  "struct of 8, align 8 (members 8, system 8)\n");
    expect_layout("one that the spec does not have", x86_64(), R(A),
                  ABI "record r size=8 align=8 kind=struct\n"
                      "field r.a offset=0 size=8 type=struct:other\n",
                  "0+8/1 a struct other: first\n"
                  "struct of 8, align 8 (members 1, system 8)\n");
}

/* ---- fields that share bytes ---- */

static void test_layout__puts_fields_that_share_bytes_into_one_cluster(void **state)
{
    (void)state;
    expect_layout("two of them, of which one starts later", x86_64(), R(A ", " B),
                  ABI "record r size=24 align=8 kind=struct\n"
                      "field r.a offset=0 size=8 type=u64\n"
                      "field r.b offset=8 size=8 type=u64\n"
                      "field r.c offset=8 size=4 type=u32\n"
                      "field r.d offset=12 size=4 type=u32\n"
                      "field r.e offset=16 size=4 type=u32\n",
                  "0+8/8 a u64: first\n"
                  "{\n"
                  "8+8/8 b u64: second\n"
                  "8+4/4 c u32: not named by the spec\n"
                  "12+4/4 d u32: not named by the spec\n"
                  "}\n"
                  "16+4/4 e u32: not named by the spec\n"
                  "20+4/4 pad u32 pad: the record ends on its alignment\n"
                  "struct of 24, align 8 (members 8, system 8)\n");
    expect_layout("a record that is a union", x86_64(), R(A ", " B),
                  ABI "record r size=8 align=8 kind=union\n"
                      "field r.a offset=0 size=8 type=u64\nfield r.b offset=0 size=4 type=u32\n",
                  "{\n"
                  "0+8/8 a u64: first\n"
                  "0+4/4 b u32: second\n"
                  "}\n"
                  "union of 8, align 8 (members 8, system 8)\n");
}

/* ---- flexible arrays ---- */

static void test_layout__ends_with_a_flexible_array(void **state)
{
    (void)state;
    expect_layout("on the end of the record", x86_64(), R(A ", " B),
                  ABI "record r size=4 align=4 kind=struct\n"
                      "field r.a offset=0 size=4 type=u32\nfield r.b offset=4 type=i8[]\n",
                  "0+4/4 a u32: first\n"
                  "4+0/1 b i8[]: second\n"
                  "struct of 4, align 4 (members 4, system 4)\n");
    /* Nothing may stand behind it: as C, the array starts in what would be padding. */
    expect_layout("before the end of the record", x86_64(), R(A ", " B ", " C),
                  ABI "record r size=16 align=8 kind=struct\n"
                      "field r.a offset=0 size=8 type=u64\nfield r.b offset=8 size=4 type=u32\n"
                      "field r.c offset=12 type=u8[]\n",
                  "0+8/8 a u64: first\n"
                  "8+4/4 b u32: second\n"
                  "12+0/1 c u8[]: third\n"
                  "struct of 16, align 8 (members 8, system 8)\n");
}

/* ---- what no binding can have ---- */

static void test_layout__names_the_first_field_that_no_binding_can_have(void **state)
{
    (void)state;
    static const struct {
        const char *label, *fields, *facts, *expected;
    } rows[] = {
        {"a bit-field", R(A),
         "record r size=4 align=4 kind=struct\nfield r.a offset=0 type=u32 bit=0:3\n",
         "a is a bit-field, which bindings cannot express yet\n"},
        {"words of 4 bytes", R("{name: a, as: words, doc: d}"),
         "record r size=4 align=4 kind=struct\nfield r.a offset=0 size=4 type=u32\n",
         "a has 4 bytes, where 'as: words' models 8\n"},
        {"packed: 8 bytes at 4", R(A),
         "record r size=12 align=1 kind=struct\nfield r.a offset=4 size=8 type=u64\n",
         "a lies at 4 in 12 bytes, and its type is aligned to 8: model it with 'as: words'\n"},
        {"packed: an end off the alignment", R(A),
         "record r size=12 align=4 kind=struct\nfield r.a offset=0 size=8 type=u64\n",
         "a lies at 0 in 12 bytes, and its type is aligned to 8: model it with 'as: words'\n"},
        {"the first of two", R(A ", " B),
         "record r size=12 align=1 kind=struct\nfield r.a offset=0 size=8 type=u64\n"
         "field r.b offset=8 type=u32 bit=0:3\n",
         "b is a bit-field, which bindings cannot express yet\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct target target = x86_64();
        const struct spec *spec =
            make_spec(arena_printf(&arena, "%srecords:\n%s", SPEC_HEAD, rows[i].fields));
        struct facts facts = make_facts(arena_printf(&arena, ABI "%s", rows[i].facts));
        struct emit_on on = {&target, &facts};
        struct layout layout = layout_make(&arena, &on, spec, &spec->records[0]);
        assert_non_null(layout.obstacle);
        expect_text(rows[i].label, rows[i].expected,
                    arena_printf(&arena, "%s %s\n", layout.obstacle_field, layout.obstacle));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_layout__needs_no_packing_for_epoll_event),
        TEST(test_layout__fills_every_hole),
        TEST(test_layout__orders_fields_by_offset_and_leaves_out_those_within),
        TEST(test_layout__takes_types_apart),
        TEST(test_layout__aligns_members_as_the_target_does),
        TEST(test_layout__aligns_a_record_as_the_binding_declares_what_it_embeds),
        TEST(test_layout__puts_fields_that_share_bytes_into_one_cluster),
        TEST(test_layout__ends_with_a_flexible_array),
        TEST(test_layout__names_the_first_field_that_no_binding_can_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
