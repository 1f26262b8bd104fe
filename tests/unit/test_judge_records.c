/* Tests of record.c, record_pieces.c, leaf_match.c and leaf_names.c: which leaf of a binding stands
 * for which of the system's, and what is wrong with it. Facts are canonical text, so that a row
 * reads like two declarations. */
#include "judged.h"

#include "judge/judge.h"
#include "judge/leaf_names.h"

/* One comparison of anybody's binding. */
struct record_case {
    const char *label;
    const char *expected;
    const char *got;
    const char *findings; /* "" = none */
};

static void expect_findings(const struct record_case *rows, size_t n)
{
    struct judge_options options = {.mode = JUDGE_FOREIGN, .is_complete = true};

    for (size_t i = 0; i < n; i++) {
        struct findings findings = {.arena = &arena};
        const char *abi =
            str_starts(rows[i].expected, "abi")
                ? arena_strndup(&arena, rows[i].expected, strcspn(rows[i].expected, "\n") + 1)
                : "";
        struct facts left = make_facts(rows[i].expected);
        struct facts right = make_facts(arena_printf(&arena, "%s%s", abi, rows[i].got));
        judge(&findings, &left, &right, &options, (struct finding_scope){NULL, NULL, NULL, NULL},
              NULL);
        findings_sort(&findings);
        expect_text(rows[i].label, rows[i].findings, judged_summary(&findings));
    }
}
#define EXPECT(rows) expect_findings(rows, sizeof rows / sizeof rows[0])

#define LITTLE                   "abi t bits=64 endian=little\n"
#define BIG                      "abi t bits=64 endian=big\n"
#define RECORD(size)             "record r size=" size " align=8 kind=struct\n"
#define AT(name, at, size, type) "field r." name " offset=" at " size=" size " type=" type "\n"
#define I64(name, at)            AT(name, at, "8", "i64")
#define U64(name, at)            AT(name, at, "8", "u64")
#define U32(name, at)            AT(name, at, "4", "u32")

/* itimerspec: a record in a record, twice. */
#define SPAN(name, at) AT(name, at, "16", "struct")
#define ITIMERSPEC                                                                                 \
    LITTLE RECORD("32") SPAN("it_interval", "0") I64("it_interval.tv_sec", "0")                    \
        I64("it_interval.tv_nsec", "8") SPAN("it_value", "16") I64("it_value.tv_sec", "16")        \
            I64("it_value.tv_nsec", "24")

static void test_records__take_flat_and_nested_spellings_for_the_same(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"nested, of another custom", ITIMERSPEC,
         RECORD("32") SPAN("Interval", "0") I64("Interval.Sec", "0") I64("Interval.Nsec", "8")
             SPAN("Value", "16") I64("Value.Sec", "16") I64("Value.Nsec", "24"),
         ""},
        {"flat, with the prefix", ITIMERSPEC,
         RECORD("32") I64("it_interval_sec", "0") I64("it_interval_nsec", "8")
             I64("it_value_sec", "16") I64("it_value_nsec", "24"),
         ""},
        {"flat, without it", ITIMERSPEC,
         RECORD("32") I64("intervalTvSec", "0") I64("intervalTvNsec", "8") I64("valueTvSec", "16")
             I64("valueTvNsec", "24"),
         ""},
        {"as bytes", ITIMERSPEC,
         RECORD("32") AT("it_interval", "0", "16", "u8[16]") AT("it_value", "16", "16", "u8[16]"),
         "note by-bytes r: it_interval.tv_nsec, it_interval.tv_sec, it_value.tv_nsec, "
         "it_value.tv_sec -> in it_interval, in it_interval, in it_value, in it_value\n"},
        {"a nested time where the system has it flat",
         RECORD("16") I64("st_atime", "0") I64("st_atime_nsec", "8"),
         RECORD("16") SPAN("st_atim", "0") I64("st_atim.tv_sec", "0") I64("st_atim.tv_nsec", "8"),
         ""},
    };
    EXPECT(rows);
}

static void test_records__find_what_was_exchanged(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"two parts of a record",
         RECORD("16") SPAN("time", "0") I64("time.tv_sec", "0") I64("time.tv_usec", "8"),
         RECORD("16") I64("tv_usec", "0") I64("tv_sec", "8"),
         "error bad-offset r.time.tv_sec: 0 -> 8\nerror bad-offset r.time.tv_usec: 8 -> 0\n"},
        {"two records, flat", ITIMERSPEC,
         RECORD("32") I64("value_sec", "0") I64("value_nsec", "8") I64("interval_sec", "16")
             I64("interval_nsec", "24"),
         "error bad-offset r.it_interval.tv_nsec: 8 -> 24\n"
         "error bad-offset r.it_interval.tv_sec: 0 -> 16\n"
         "error bad-offset r.it_value.tv_nsec: 24 -> 8\n"
         "error bad-offset r.it_value.tv_sec: 16 -> 0\n"},
        {"two records, as bytes", ITIMERSPEC,
         RECORD("32") AT("it_value", "0", "16", "u8[16]") AT("it_interval", "16", "16", "u8[16]"),
         "error bad-offset r.it_interval: 0 -> 16\nerror bad-offset r.it_value: 16 -> 0\n"},
        {"seconds of two times",
         RECORD("32") SPAN("st_atim", "0") I64("st_atim.tv_sec", "0") I64("st_atim.tv_nsec", "8")
             SPAN("st_mtim", "16") I64("st_mtim.tv_sec", "16") I64("st_mtim.tv_nsec", "24"),
         RECORD("32") I64("st_mtime", "0") I64("st_atime_nsec", "8") I64("st_atime", "16")
             I64("st_mtime_nsec", "24"),
         "error bad-offset r.st_atim.tv_sec: 0 -> 16\n"
         "error bad-offset r.st_mtim.tv_sec: 16 -> 0\n"},
    };
    EXPECT(rows);
}

static void test_records__report_a_record_that_is_elsewhere_once(void **state)
{
    (void)state;
#define BLOCK LITTLE RECORD("16") U64("a", "0") AT("in", "8", "8", "struct") U64("in.x", "8")
    static const struct record_case rows[] = {
        {"twice as bytes", BLOCK,
         RECORD("24") U64("a", "0") AT("in", "16", "4", "u8[4]") AT("IN", "20", "4", "u8[4]"),
         "error bad-size r: 16 -> 24\nerror bad-offset r.in: 8 -> 20\n"},
        {"its parts are there", BLOCK,
         RECORD("16") AT("in", "0", "8", "u8[8]") AT("in_x", "8", "8", "u64"),
         "note by-bytes r: a -> in at 0\n"},
        {"as some of its bits", BLOCK,
         RECORD("16") U64("a", "0") "field r.in offset=8 type=u32 bit=4:4\n",
         "error bad-offset r.in: at 8 -> at 8, bits 4:4\n"},
    };
#undef BLOCK
    EXPECT(rows);
}

static void test_records__say_what_only_its_place_says(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"names of its own", RECORD("16") U64("key", "0") U64("value", "8"),
         RECORD("16") U64("a", "0") U64("b", "8"),
         "note by-bytes r: key, value -> a at 0, b at 8\n"},
        {"one of them", RECORD("16") U64("key", "0") U64("value", "8"),
         RECORD("16") U64("key", "0") U64("b", "8"), "note by-bytes r: value -> b at 8\n"},
        {"elements that are wider", RECORD("16") AT("key", "0", "4", "u16[2]") U64("value", "8"),
         RECORD("16") AT("a", "0", "8", "u32[2]") U64("value", "8"),
         "error missing-field r.key: at 0, 4 bytes -> a at 0, 8 bytes\n"},
        {"an address in an array", RECORD("16") AT("key", "0", "8", "ptr") U64("value", "8"),
         RECORD("16") AT("a", "0", "16", "u64[2]"),
         "note by-bytes r: key, value -> in a, an element of a\n"},
        {"a number in a record of others", RECORD("8") AT("key", "0", "8", "struct:other"),
         RECORD("8") U32("a", "0") U32("pad", "4"),
         "note by-bytes r: key -> a at 0, 4 bytes; pad at 4, 4 bytes\n"},
        {"a last part that two places have", ITIMERSPEC,
         RECORD("32") SPAN("a", "0") I64("a.tv_sec", "0") I64("a.tv_nsec", "8")
             SPAN("it_value", "16") I64("it_value.tv_sec", "16") I64("it_value.tv_nsec", "24"),
         "note by-bytes r: it_interval.tv_nsec, it_interval.tv_sec -> a.tv_nsec at 8, a.tv_sec at "
         "0\n"},
    };
    EXPECT(rows);
}

static void test_records__want_halves_in_the_order_of_bytes(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"little endian", LITTLE RECORD("8") U64("word", "0"),
         RECORD("8") U32("word_lo", "0") U32("word_hi", "4"), ""},
        {"big endian", BIG RECORD("8") U64("word", "0"),
         RECORD("8") U32("wordHigh", "0") U32("wordLow", "4"), ""},
        {"the wrong order", BIG RECORD("8") U64("word", "0"),
         RECORD("8") U32("word_lo", "0") U32("word_hi", "4"),
         "error bad-offset r.word_hi: 0 -> 4\nerror bad-offset r.word_lo: 4 -> 0\n"},
        {"a low half with a sign", LITTLE RECORD("8") U64("word", "0"),
         RECORD("8") AT("word_lo", "0", "4", "i32") U32("word_hi", "4"),
         "error bad-sign r.word_lo: u32 -> i32\n"},
        {"the low half and padding", LITTLE RECORD("8") U64("word", "0"),
         RECORD("8") U32("word", "0") U32("pad", "4"), "error bad-width r.word: 8 -> 4\n"},
        {"a part and padding", LITTLE RECORD("8") U64("word", "0"),
         RECORD("8") U32("a", "0") U32("pad", "4"),
         "error missing-field r.word: at 0, 8 bytes -> a at 0, 4 bytes; pad at 4, 4 bytes\n"},
        {"the high half and padding", BIG RECORD("8") U64("word", "0"),
         RECORD("8") U32("word", "0") U32("pad", "4"), "error bad-width r.word: 8 -> 4\n"},
        {"parts that name no half", LITTLE RECORD("8") U64("word", "0"),
         RECORD("8") U32("a", "0") U32("b", "4"),
         "error missing-field r.word: at 0, 8 bytes -> a at 0, 4 bytes; b at 4, 4 bytes\n"},
        {"an array is no word", BIG RECORD("8") AT("word", "0", "8", "u32[2]"),
         RECORD("8") U32("word_hi", "0") U32("word", "4"),
         "error bad-offset r.word: 0 -> 4\nerror bad-width r.word: 8 -> 4\n"},
        {"a half that is no number", BIG RECORD("8") I64("word", "0"),
         RECORD("8") AT("word", "0", "4", "f32") U32("word_lo", "4"),
         "error bad-width r.word: 8 -> 4\n"},
        {"an address", LITTLE RECORD("8") AT("word", "0", "8", "ptr"),
         RECORD("8") U32("word_lo", "0") U32("word_hi", "4"), ""},
        {"a half that is another field", LITTLE RECORD("16") U64("word", "0") U32("lo", "8"),
         RECORD("16") U32("word_hi", "0") U32("lo", "4"),
         "error bad-offset r.lo: 8 -> 4\n"
         "error missing-field r.word: at 0, 8 bytes -> lo at 4, 4 bytes; word_hi at 0, 4 bytes\n"},
        {"of two arms", BIG "record r size=8 align=8 kind=union\n" U64("a", "0") I64("b", "0"),
         RECORD("8") U32("lo", "0") U32("hi", "4"),
         "error bad-offset r.hi: 0 -> 4\nerror bad-offset r.lo: 4 -> 0\n"},
        {"one number over two", BIG RECORD("8") U32("a", "0") U32("b", "4"),
         RECORD("8") U64("both", "0"),
         "error missing-field r.a: at 0, 4 bytes -> both at 0, 8 bytes\n"
         "error missing-field r.b: at 4, 4 bytes -> both at 0, 8 bytes\n"},
    };
    EXPECT(rows);
}

static void test_records__want_the_bits_of_a_bit_field(void **state)
{
    (void)state;
#define BITS(name, bits) "field r." name " offset=0 type=u32 bit=" bits "\n"
    static const struct record_case rows[] = {
        {"the same", RECORD("4") BITS("a", "0:3") BITS("b", "3:29"),
         RECORD("4") BITS("a", "0:3") BITS("b", "3:29"), ""},
        {"narrower than the field", RECORD("4") U32("events", "0"),
         RECORD("4") BITS("events", "0:1"),
         "error bad-width r.events: at 0, 4 bytes -> at 0, bits 0:1\n"},
        {"as wide as the field", RECORD("4") U32("events", "0"), RECORD("4") BITS("events", "0:32"),
         ""},
        {"moved by one", RECORD("4") BITS("a", "0:3") BITS("b", "3:3"),
         RECORD("4") BITS("a", "0:3") BITS("b", "4:3"),
         "error bad-bit r.b: at 0, bits 3:3 -> at 0, bits 4:3\n"},
        {"in one word", RECORD("4") BITS("a", "0:3") BITS("b", "3:29"),
         RECORD("4") U32("flags", "0"), "note by-bytes r: a, b -> in flags, in flags\n"},
    };
#undef BITS
    EXPECT(rows);
}

static void test_records__compare_the_arms_of_a_union_that_are_there(void **state)
{
    (void)state;
#define UNION                                                                                      \
    LITTLE RECORD("24") U32("kind", "0") AT("u", "8", "16", "union") U64("u.key", "8")             \
        AT("u.pid", "8", "4", "i32") AT("u.in", "8", "16", "struct") U64("u.in.a", "8")            \
            U64("u.in.b", "16")
    static const struct record_case rows[] = {
        {"one", UNION, RECORD("24") U32("kind", "0") AT("pid", "8", "4", "i32"), ""},
        {"another", UNION, RECORD("24") U32("kind", "0") U64("a", "8") U64("b", "16"), ""},
        {"bytes", UNION, RECORD("24") U32("kind", "0") AT("u", "8", "16", "u8[16]"), ""},
        {"nothing but bytes", UNION, RECORD("24") AT("all", "0", "24", "u8[24]"),
         "note by-bytes r: kind -> in all\n"},
        {"nothing but bytes of nothing but arms",
         "record r size=16 align=8 kind=union\n" U64("a", "0") U64("b", "8") U32("c", "0"),
         "record r size=16 align=8 kind=struct\n" AT("all", "0", "16", "u8[16]"),
         "note by-bytes r: a, b, c -> bytes, bytes, bytes\n"},
        {"the sign of an arm", UNION, RECORD("24") U32("kind", "0") AT("pid", "8", "4", "u32"),
         "error bad-sign r.u.pid: i32 -> u32\n"},
        {"the place of an arm", UNION, RECORD("24") U32("kind", "0") AT("pid", "12", "4", "i32"),
         "error bad-offset r.u.pid: 8 -> 12\n"},
        {"a record in one, flat, of which a part has the name of an arm",
         RECORD("16") AT("u", "0", "16", "union") AT("u.ifru_addr", "0", "16", "struct") AT(
             "u.ifru_addr.sa_family", "0", "2", "u16") AT("u.ifru_addr.sa_data", "2", "14",
                                                          "i8[14]")
             AT("u.ifru_dst", "0", "16", "struct") AT("u.ifru_dst.sa_family", "0", "2", "u16")
                 AT("u.ifru_dst.sa_data", "2", "14", "i8[14]") AT("u.ifru_data", "0", "8", "ptr"),
         RECORD("16") AT("family", "0", "2", "u16") AT("data", "2", "14", "i8[14]"),
         "note by-bytes r: u.ifru_addr.sa_data -> data at 2\n"},
        {"named unions where the system has none",
         RECORD("8") U64("off", "0") U64("addr2", "0") AT("op", "0", "4", "u32"),
         RECORD("8") AT("u1", "0", "8", "union") U64("u1.off", "0") U64("u1.addr2", "0"), ""},
    };
#undef UNION
    EXPECT(rows);
}

static void test_records__note_what_the_system_has_had_since(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"in reserved bytes", RECORD("16") U64("a", "0") U32("b", "8") U32("c", "12"),
         RECORD("16") U64("a", "0") AT("reserved", "8", "8", "u8[8]"),
         "note older-record r: b, c -> padding there\n"},
        {"behind the end", RECORD("16") U64("a", "0") U64("b", "8"), RECORD("8") U64("a", "0"),
         "error bad-size r: 16 -> 8\nerror missing-field r.b: at 8, 8 bytes -> nothing there\n"},
        {"behind the end, where the size is passed",
         "record open_how size=24 align=8 kind=struct\n"
         "field open_how.flags offset=0 size=8 type=u64\n"
         "field open_how.mode offset=8 size=8 type=u64\n"
         "field open_how.resolve offset=16 size=8 type=u64\n",
         "record open_how size=16 align=8 kind=struct\n"
         "field open_how.flags offset=0 size=8 type=u64\n"
         "field open_how.mode offset=8 size=8 type=u64\n",
         "note older-record open_how: resolve -> padding there, or the end of the record\n"},
    };
    EXPECT(rows);
}

static void test_records__want_a_sign_that_the_system_has(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"lost", RECORD("8") I64("a", "0"), RECORD("8") U64("a", "0"),
         "error bad-sign r.a: i64 -> u64\n"},
        {"too many", RECORD("8") U64("a", "0"), RECORD("8") I64("a", "0"),
         "note bad-sign r.a: u64 -> i64\n"},
        {"addresses as numbers of another width", RECORD("16") AT("a", "0", "16", "ptr[2]"),
         RECORD("16") AT("a", "0", "16", "u32[4]"), "error bad-width r.a: ptr[2] -> u32[4]\n"},
        {"of characters", RECORD("8") AT("a", "0", "8", "i8[8]"),
         RECORD("8") AT("a", "0", "8", "u8[8]"), ""},
        {"a kind that is no integer", RECORD("4") U32("a", "0"),
         RECORD("4") AT("a", "0", "4", "bool32"), "error bad-type r.a: u32 -> bool32\n"},
    };
    EXPECT(rows);
}

/* An array of records: its first element, and the others as a block. */
#define PAIRS                                                                                      \
    RECORD("24")                                                                                   \
    AT("p", "0", "24", "struct:pair[3]")                                                           \
    AT("p.0", "0", "8", "struct:pair")                                                             \
    U32("p.0.key", "0") U32("p.0.value", "4") AT("p.1", "8", "16", "struct[2]")

static void test_records__look_into_an_element_of_an_array(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"of another custom", PAIRS,
         RECORD("24") AT("P", "0", "24", "struct:Pair[3]") AT("P.0", "0", "8", "struct:Pair")
             U32("P.0.Key", "0") U32("P.0.Value", "4") AT("P.1", "8", "16", "struct[2]"),
         ""},
        {"exchanged", PAIRS,
         RECORD("24") AT("p", "0", "24", "struct:pair[3]") AT("p.0", "0", "8", "struct:pair")
             U32("p.0.value", "0") U32("p.0.key", "4") AT("p.1", "8", "16", "struct[2]"),
         "error bad-offset r.p.0.key: 0 -> 4\nerror bad-offset r.p.0.value: 4 -> 0\n"},
        {"of other elements", PAIRS,
         RECORD("24") AT("p", "0", "24", "struct:pair[6]") AT("p.0", "0", "4", "struct:pair")
             AT("p.0.key", "0", "2", "u16") AT("p.0.value", "2", "2", "u16")
                 AT("p.1", "4", "20", "struct[5]"),
         "error bad-width r.p.0.key: 4 -> 2\nerror bad-offset r.p.0.value: 4 -> 2\n"
         "error bad-width r.p.0.value: 4 -> 2\nerror bad-offset r.p.1: 8 -> 4\n"
         "error bad-width r.p.1: 16 -> 20\n"},
        {"as bytes", PAIRS, RECORD("24") AT("p", "0", "24", "u8[24]"),
         "note by-bytes r: p.0.key, p.0.value, p.1 -> in p, in p, in p\n"},
        {"of an arm, where names are flat",
         RECORD("16") AT("u", "0", "16", "union") AT("u.a", "0", "16", "struct") U64(
             "u.a.size", "0") AT("u.b", "0", "16", "struct") AT("u.b.p", "0", "16", "struct:e[2]")
             AT("u.b.p.0", "0", "8", "struct:e") U32("u.b.p.0.size", "0") U32("u.b.p.0.line", "4")
                 AT("u.b.p.1", "8", "8", "struct[1]"),
         RECORD("16") AT("p", "0", "16", "struct:e[2]") AT("p.0", "0", "8", "struct:e")
             U32("p.0.line", "0") U32("p.0.size", "4") AT("p.1", "8", "8", "struct[1]"),
         "error bad-offset r.u.b.p.0.line: 4 -> 0\nerror bad-offset r.u.b.p.0.size: 0 -> 4\n"},
        {"without bounds, which the binding lacks",
         RECORD("4") U32("n", "0") AT("p", "4", "0", "struct:e[0]") AT("p.0", "4", "4", "struct:e")
             U32("p.0.key", "4"),
         RECORD("4") U32("n", "0"), ""},
        {"without bounds, as bytes",
         RECORD("4") U32("n", "0") AT("p", "4", "0", "struct:e[0]") AT("p.0", "4", "8", "struct:e")
             AT("p.0.u", "4", "8", "union") U32("p.0.u.a", "4") U64("p.0.u.b", "4"),
         RECORD("4") U32("n", "0") AT("p", "4", "0", "struct:e[0]") AT("p.0", "4", "8", "struct:e")
             AT("p.0.u", "4", "8", "u8[8]"),
         ""},
        {"without bounds, elsewhere",
         RECORD("8") U32("n", "0") U32("m", "4") AT("p", "8", "0", "u8[0]"),
         RECORD("8") U32("n", "0") U32("m", "4") AT("p", "4", "0", "u8[0]"),
         "error bad-offset r.p: 8 -> 4\n"},
    };
    EXPECT(rows);
}

static void test_records__read_names_as_they_are_before_what_they_are_like(void **state)
{
    (void)state;
    static const struct record_case rows[] = {
        {"a name that is also one behind a prefix",
         RECORD("8") AT("c", "0", "2", "struct") AT("c.level", "0", "2", "u16")
             AT("e", "4", "4", "struct") AT("e.up_level", "4", "2", "u16")
                 AT("e.up_time", "6", "2", "u16"),
         RECORD("8") AT("level", "0", "1", "u8") AT("up_level", "4", "2", "u16")
             AT("up_time", "6", "2", "u16"),
         "error bad-width r.c.level: 2 -> 1\n"},
        {"a block with the name of a union, and of one of its arms",
         RECORD("16") AT("can_family", "0", "2", "u16") AT("can_index", "4", "4", "i32")
             AT("can_addr", "8", "8", "union") AT("can_addr.tp", "8", "8", "struct")
                 U64("can_addr.tp.id", "8") AT("can_addr.j", "8", "8", "struct")
                     U32("can_addr.j.pgn", "8") AT("can_addr.j.addr", "12", "1", "u8"),
         RECORD("16") AT("can_family", "0", "2", "u16") AT("can_index", "4", "4", "i32")
             AT("can_addr", "8", "8", "u8[8]"),
         ""},
        {"a name within a record that is also the record's",
         RECORD("4") AT("mode", "0", "4", "struct") AT("mode.mode", "0", "1", "u8")
             AT("mode.wait", "1", "1", "u8") AT("mode.sig", "2", "2", "u16"),
         RECORD("4") AT("wait", "0", "1", "u8") AT("mode", "1", "1", "u8")
             AT("sig", "2", "2", "u16"),
         "error bad-offset r.mode.mode: 0 -> 1\nerror bad-offset r.mode.wait: 1 -> 0\n"},
        {"a name that is also the whole of another in one union",
         BIG RECORD("4") AT("h", "0", "4", "union") AT("h.csum_start", "0", "2", "u16")
             AT("h.csum_at", "2", "2", "u16") AT("h.csum", "0", "4", "struct")
                 AT("h.csum.start", "0", "2", "u16") AT("h.csum.at", "2", "2", "u16"),
         RECORD("4") AT("csum_start", "0", "2", "u16") AT("csum_at", "2", "2", "u16")
             U32("start", "0"),
         "error bad-width r.h.csum_start: 2 -> 4\n"},
        {"halves of two arms of one name",
         LITTLE RECORD("16") AT("u", "0", "16", "union") AT("u.a", "0", "16", "struct")
             U64("u.a.lun", "0") U64("u.a.more", "8") AT("u.b", "0", "16", "struct")
                 U32("u.b.id", "0") U64("u.b.lun", "4"),
         RECORD("16") AT("u", "0", "16", "union") AT("u.a", "0", "16", "struct")
             U32("u.a.lun_lo", "0") U32("u.a.lun_hi", "4") U64("u.a.more", "8")
                 AT("u.b", "0", "16", "struct") U32("u.b.id", "0") U32("u.b.lun_lo", "4")
                     U32("u.b.lun_hi", "8"),
         ""},
        {"halves of one arm",
         LITTLE RECORD("8") AT("u", "0", "8", "union") U64("u.whole", "0") U32("u.part", "0"),
         RECORD("8") AT("u", "0", "8", "union") U32("u.whole_hi", "0") U32("u.whole_lo", "4")
             U32("u.part", "0"),
         "error bad-offset r.u.whole_hi: 4 -> 0\nerror bad-offset r.u.whole_lo: 0 -> 4\n"},
        {"halves of one arm, in the order of bytes",
         LITTLE RECORD("8") AT("u", "0", "8", "union") U64("u.whole", "0") U32("u.part", "0"),
         RECORD("8") AT("u", "0", "8", "union") U32("u.whole_lo", "0") U32("u.whole_hi", "4")
             U32("u.part", "0"),
         ""},
    };
    EXPECT(rows);
}

static void test_records__do_not_prove_an_arm_by_two_low_halves(void **state)
{
    (void)state;
    static const char system[] = LITTLE "record r size=8 align=8 kind=union\n" U64("a", "0");
    static const char *const halves[] = {U32("aLow", "0") U32("a_lo", "0"),
                                         U32("a_hi", "4") U32("a_lo", "0")};

    for (size_t i = 0; i < 2; i++) {
        struct findings findings = {.arena = &arena};
        struct facts left = make_facts(system);
        struct facts right =
            make_facts(arena_printf(&arena, "record r size=8 align=8 kind=union\n%s", halves[i]));
        unsigned char agreed[4] = {0};
        judge(&findings, &left, &right,
              &(struct judge_options){.mode = JUDGE_FOREIGN, .is_complete = true},
              (struct finding_scope){NULL, NULL, NULL, NULL}, agreed);
        assert_int_equal(left.items[1].kind, FACT_FIELD);
        assert_int_equal(agreed[1] & ~AGREED_BY_PLACE,
                         i == 0 ? 0 : fact_attrs_present(&left.items[1]));
    }
}

static void test_leaf_half_of__knows_whole_words(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        enum leaf_half half;
        const char *stem;
    } rows[] = {
        {"data_lo", LEAF_LOW, "data"},  {"dataHigh", LEAF_HIGH, "data"}, {"w.lo", LEAF_LOW, "w"},
        {"pos_h", LEAF_HIGH, "pos"},    {"flow", LEAF_WHOLE, "flow"},    {"lo", LEAF_LOW, ""},
        {"solo", LEAF_WHOLE, "solo"},   {"hi_", LEAF_HIGH, ""},          {"x2Low", LEAF_LOW, "x2"},
        {"width", LEAF_WHOLE, "width"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *stem;
        assert_int_equal(leaf_half_of(&arena, rows[i].path, &stem), rows[i].half);
        assert_string_equal(stem, rows[i].stem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_records__take_flat_and_nested_spellings_for_the_same),
        TEST(test_records__find_what_was_exchanged),
        TEST(test_records__report_a_record_that_is_elsewhere_once),
        TEST(test_records__say_what_only_its_place_says),
        TEST(test_records__want_halves_in_the_order_of_bytes),
        TEST(test_records__want_the_bits_of_a_bit_field),
        TEST(test_records__compare_the_arms_of_a_union_that_are_there),
        TEST(test_records__note_what_the_system_has_had_since),
        TEST(test_records__want_a_sign_that_the_system_has),
        TEST(test_records__look_into_an_element_of_an_array),
        TEST(test_records__read_names_as_they_are_before_what_they_are_like),
        TEST(test_records__do_not_prove_an_arm_by_two_low_halves),
        TEST(test_leaf_half_of__knows_whole_words),
    };

    return cmocka_run_group_tests_name("judge_records", tests, NULL, NULL);
}
