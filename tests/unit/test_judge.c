/* Tests of judge.c: what is a finding, what a binding may choose itself, and lists of findings.
 * Facts are canonical text, so that a row reads like two files that abiproof compares. */
#include "judged.h"

#include "judge/judge.h"

static struct findings compare(const char *expected, const char *got, enum judge_mode mode,
                               bool is_complete, unsigned char *agreed)
{
    struct findings findings = {.arena = &arena};
    struct facts left = make_facts(expected), right = make_facts(got);

    judge(&findings, &left, &right,
          &(struct judge_options){.mode = mode, .is_complete = is_complete},
          (struct finding_scope){NULL, NULL, NULL, NULL}, agreed);
    findings_sort(&findings);
    return findings;
}

/* One comparison; all facts are required. */
struct judge_case {
    const char *label;
    enum judge_mode mode;
    const char *expected;
    const char *got;
    const char *findings; /* "" = none */
};

static void expect_findings(const struct judge_case *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct findings got = compare(rows[i].expected, rows[i].got, rows[i].mode, true, NULL);
        expect_text(rows[i].label, rows[i].findings, judged_summary(&got));
    }
}
#define EXPECT(rows) expect_findings(rows, sizeof rows / sizeof rows[0])

/* ---- attributes ---- */

static void test_judge__names_what_differs(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"nothing at all", JUDGE_SAME, "", "", ""},
        {"equal", JUDGE_SAME,
         "record r size=4 align=4 kind=struct\nfield r.a offset=0 size=4 type=u32\n",
         "record r size=4 align=4 kind=struct\nfield r.a offset=0 size=4 type=u32\n", ""},
        {"bits", JUDGE_SAME, "abi t bits=64 endian=little\n", "abi t bits=32 endian=little\n",
         "error bad-bits t: 64 -> 32\n"},
        {"endian", JUDGE_MODEL, "abi t bits=64 endian=little\n", "abi t bits=64 endian=big\n",
         "error bad-endian t: little -> big\n"},
        {"alias, width", JUDGE_MODEL, "alias t type=u64\n", "alias t type=u32\n",
         "error bad-width t: u64 -> u32\n"},
        {"alias, sign", JUDGE_MODEL, "alias t type=u64\n", "alias t type=i64\n",
         "error bad-sign t: u64 -> i64\n"},
        {"alias, kind of type", JUDGE_MODEL, "alias t type=u64\n", "alias t type=ptr\n",
         "error bad-type t: u64 -> ptr\n"},
        {"constant, value", JUDGE_MODEL, "constant C value=0x1 type=i32\n",
         "constant C value=0x2 type=i32\n", "error bad-value C: 0x1 -> 0x2\n"},
        {"constant, width", JUDGE_MODEL, "constant C value=0x1 type=u64\n",
         "constant C value=0x1 type=u32\n", "note bad-width C: u64 -> u32\n"},
        {"constant, sign", JUDGE_MODEL, "constant C value=0x1 type=u32\n",
         "constant C value=0x1 type=i32\n", "note bad-sign C: u32 -> i32\n"},
        {"constant, value and sign", JUDGE_MODEL, "constant C value=0xffffffff type=u32\n",
         "constant C value=-1 type=i32\n",
         "error bad-value C: 0xffffffff -> -1\nnote bad-sign C: u32 -> i32\n"},
        {"constant, kind of type", JUDGE_MODEL, "constant C value=0x1 type=u64\n",
         "constant C value=0x1 type=ptr\n", "error bad-type C: u64 -> ptr\n"},
        {"record, size", JUDGE_MODEL, "record r size=12 align=4 kind=struct\n",
         "record r size=16 align=4 kind=struct\n", "error bad-size r: 12 -> 16\n"},
        {"record, kind", JUDGE_MODEL, "record r size=4 align=4 kind=union\n",
         "record r size=4 align=4 kind=struct\n", "error bad-type r: union -> struct\n"},
        {"record, alignment of one thing", JUDGE_SAME, "record r size=12 align=1 kind=struct\n",
         "record r size=12 align=4 kind=struct\n", "error bad-align r: 1 -> 4\n"},
        {"record, alignment of a model, stricter", JUDGE_MODEL,
         "record r size=12 align=1 kind=struct\n", "record r size=12 align=4 kind=struct\n",
         "note stricter-align r: 1 -> 4\n"},
        {"record, alignment of a model, looser", JUDGE_MODEL,
         "record r size=16 align=8 kind=struct\n", "record r size=16 align=4 kind=struct\n",
         "note looser-align r: 8 -> 4\n"},
        {"function, library", JUDGE_SAME, "function f library=c symbol=f return=i32 params=void\n",
         "function f library=m symbol=f return=i32 params=void\n", "error bad-library f: c -> m\n"},
        {"function, symbol", JUDGE_MODEL, "function f library=c symbol=f return=i32 params=void\n",
         "function f symbol=f64 return=i32 params=void\n", "error bad-symbol f: f -> f64\n"},
        {"function, result", JUDGE_MODEL, "function f symbol=f return=i32 params=void\n",
         "function f symbol=f return=i64 params=void\n", "error bad-signature f: i32 -> i64\n"},
        {"function, parameters", JUDGE_MODEL, "function f symbol=f return=i32 params=u32,ptr\n",
         "function f symbol=f return=i32 params=i32,ptr\n",
         "error bad-signature f: u32,ptr -> i32,ptr\n"},
        {"system call, number", JUDGE_MODEL, "syscall f number=7 params=i32\n",
         "syscall f number=8 params=i32\n", "error bad-number f: 7 -> 8\n"},
        {"system call, parameters", JUDGE_MODEL, "syscall f number=7 params=i32\n",
         "syscall f number=7 params=i32,i32\n", "error bad-signature f: i32 -> i32,i32\n"},
        {"behaviour", JUDGE_SAME, "", "behaviour x.y expected=2 got=1\n",
         "error bad-behaviour x.y: 2 -> 1\n"},
        {"behaviour of a binding", JUDGE_MODEL, "", "behaviour x.y expected=2 got=1\n",
         "error bad-call x.y: 2 -> 1\n"},
        {"behaviour as promised", JUDGE_MODEL, "", "behaviour x.y expected=2 got=2\n", ""},
        {"behaviour that was not measured", JUDGE_SAME, "", "behaviour x.y expected=2\n", ""},
    };
    EXPECT(rows);
}

/* A record of 16 bytes around one field. */
#define FIELD(rest) "record r size=16 align=8 kind=struct\nfield r.a " rest "\n"

static void test_judge__names_what_differs_in_a_field(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"offset", JUDGE_MODEL, FIELD("offset=4 size=4 type=u32"),
         FIELD("offset=8 size=4 type=u32"), "error bad-offset r.a: 4 -> 8\n"},
        {"width: one finding, not also one of the type", JUDGE_MODEL,
         FIELD("offset=0 size=4 type=u32"), FIELD("offset=0 size=8 type=u64"),
         "error bad-width r.a: 4 -> 8\n"},
        {"sign", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"), FIELD("offset=0 size=4 type=i32"),
         "error bad-sign r.a: u32 -> i32\n"},
        {"sign of the elements", JUDGE_MODEL, FIELD("offset=0 size=4 type=u8[4]"),
         FIELD("offset=0 size=4 type=i8[4]"), "error bad-type r.a: u8[4] -> i8[4]\n"},
        {"kind of type", JUDGE_MODEL, FIELD("offset=0 size=4 type=f32"),
         FIELD("offset=0 size=4 type=u32"), "error bad-type r.a: f32 -> u32\n"},
        {"bits", JUDGE_MODEL, FIELD("offset=0 type=u32 bit=3:5"),
         FIELD("offset=0 type=u32 bit=5:3"), "error bad-bit r.a: 3:5 -> 5:3\n"},
        {"a pointer as an integer of its width", JUDGE_MODEL, FIELD("offset=0 size=8 type=ptr"),
         FIELD("offset=0 size=8 type=u64"), "note pointer-as-integer r.a: ptr -> u64\n"},
        {"an integer as a pointer of its width", JUDGE_MODEL, FIELD("offset=0 size=8 type=i64"),
         FIELD("offset=0 size=8 type=ptr"), "note pointer-as-integer r.a: i64 -> ptr\n"},
        {"a pointer as a narrower integer", JUDGE_MODEL, FIELD("offset=0 size=8 type=ptr"),
         FIELD("offset=0 size=4 type=u32"),
         "error bad-width r.a: 8 -> 4\nnote pointer-as-integer r.a: ptr -> u32\n"},
        {"a pointer as an integer, in two views of one thing", JUDGE_SAME,
         FIELD("offset=0 size=8 type=ptr"), FIELD("offset=0 size=8 type=u64"),
         "error bad-type r.a: ptr -> u64\n"},
        {"a pointer as an array", JUDGE_MODEL, FIELD("offset=0 size=8 type=ptr"),
         FIELD("offset=0 size=8 type=u32[2]"), "error bad-type r.a: ptr -> u32[2]\n"},
        {"two things at once", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"),
         FIELD("offset=4 size=4 type=i32"),
         "error bad-offset r.a: 0 -> 4\nerror bad-sign r.a: u32 -> i32\n"},
    };
    EXPECT(rows);
}

static void test_judge__finds_a_difference_of_width_when_no_size_says_it(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"one side has no size", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"),
         FIELD("offset=0 type=u64"), "error bad-width r.a: u32 -> u64\n"},
        {"bit-fields have none", JUDGE_SAME, FIELD("offset=0 type=u32 bit=0:3"),
         FIELD("offset=0 type=u16 bit=0:3"), "error bad-width r.a: u32 -> u16\n"},
    };
    EXPECT(rows);
}

static void test_judge__does_not_compare_an_attribute_that_one_side_lacks(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"of what was got", JUDGE_SAME, "record r size=12 align=4 kind=struct\n",
         "record r size=12\n", ""},
        {"of what was expected", JUDGE_SAME, "function f symbol=f\n",
         "function f library=c symbol=f return=i32 params=void\n", ""},
        {"of both", JUDGE_SAME, "constant C\n", "constant C\n", ""},
        {"type of a field", JUDGE_MODEL, FIELD("offset=0 size=8 type=ptr"),
         FIELD("offset=0 size=8"), ""},
    };
    EXPECT(rows);
}

/* ---- missing and extra ---- */

static void test_judge__finds_what_is_missing(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"alias", JUDGE_MODEL, "alias t type=u64\n", "",
         "error missing-alias t: type=u64 -> nothing\n"},
        {"constant", JUDGE_SAME, "constant C value=0x1 type=i32\n", "",
         "error missing-constant C: value=0x1 type=i32 -> nothing\n"},
        {"constant without attributes", JUDGE_SAME, "constant C\n", "",
         "error missing-constant C: present -> nothing\n"},
        {"function", JUDGE_MODEL, "function f symbol=f\n", "",
         "error missing-function f: symbol=f -> nothing\n"},
        {"syscall", JUDGE_MODEL, "syscall f number=1\n", "",
         "error missing-syscall f: number=1 -> nothing\n"},
        {"abi of another target", JUDGE_SAME, "abi a bits=64\n", "abi b bits=64\n",
         "error missing-abi a: bits=64 -> nothing\n"},
        {"a record, once for all its fields", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"), "",
         "error missing-record r: size=16 align=8 kind=struct -> nothing\n"},
        {"a field, in two views of one thing", JUDGE_SAME, FIELD("offset=0 size=4 type=u32"),
         "record r size=16 align=8 kind=struct\n",
         "error missing-field r.a: offset=0 size=4 type=u32 -> nothing\n"},
        {"a field of a model", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"),
         "record r size=16 align=8 kind=struct\n",
         "error missing-field r.a: at 0, 4 bytes -> nothing there\n"},
        {"a behaviour is not required", JUDGE_SAME, "behaviour x.y expected=1 got=1\n", "", ""},
    };
    EXPECT(rows);
}

static void test_judge__requires_nothing_when_the_other_side_is_not_complete(void **state)
{
    (void)state;
    struct findings findings =
        compare("constant A value=0x1\nconstant B value=0x2\nrecord r size=4\n"
                "field r.a offset=0 size=4\nfield r.b offset=0 size=4\n",
                "constant B value=0x3\nrecord r size=4\nfield r.a offset=0 size=4\n", JUDGE_MODEL,
                false, NULL);
    expect_text("incomplete", "error bad-value B: 0x2 -> 0x3\n", judged_summary(&findings));
}

static void test_judge__finds_what_is_too_much(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"a constant of a model is harmless", JUDGE_MODEL, "", "constant C value=0x1\n",
         "note extra-constant C: nothing -> value=0x1\n"},
        {"a constant in two views of one thing", JUDGE_SAME, "", "constant C value=0x1\n",
         "error extra-constant C: nothing -> value=0x1\n"},
        {"a number that the system lacks", JUDGE_MODEL, "", "syscall f number=1\n",
         "error extra-syscall f: nothing -> number=1\n"},
        {"a function", JUDGE_MODEL, "", "function f symbol=f\n",
         "note extra-function f: nothing -> symbol=f\n"},
        {"a record and its field", JUDGE_MODEL, "", "record r size=4\nfield r.a offset=0 size=4\n",
         "note extra-record r: nothing -> size=4\n"
         "note extra-field r.a: nothing -> offset=0 size=4\n"},
        {"a field", JUDGE_MODEL, "record r size=4\n",
         "record r size=4\nfield r.a offset=0 size=4\n",
         "note extra-field r.a: nothing -> offset=0 size=4\n"},
    };
    EXPECT(rows);
}

/* ---- padding and fields in other pieces ---- */

static void test_judge__accepts_padding_of_a_model_by_any_usual_name(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"explicit padding", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"),
         FIELD("offset=0 size=4 type=u32") "field r.pad offset=4 size=4 type=u32\n"
                                           "field r.pad2 offset=8 size=8 type=u32[2]\n",
         ""},
        {"in other languages", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"),
         FIELD("offset=0 size=4 type=u32") "field r._ offset=4 size=1 type=u8\n"
                                           "field r._pad0 offset=5 size=1 type=u8\nfield r.__pad "
                                           "offset=6 size=1 type=u8\n"
                                           "field r.Pad_cgo_0 offset=7 size=1 type=u8\n",
         ""},
        {"a name that only looks like it", JUDGE_MODEL, FIELD("offset=0 size=4 type=u32"),
         FIELD("offset=0 size=4 type=u32") "field r.spad offset=4 size=4 type=u32\n",
         "note extra-field r.spad: nothing -> offset=4 size=4 type=u32\n"},
        {"not in two views of one thing", JUDGE_SAME, FIELD("offset=0 size=4 type=u32"),
         FIELD("offset=0 size=4 type=u32") "field r.pad offset=4 size=4 type=u32\n",
         "error extra-field r.pad: nothing -> offset=4 size=4 type=u32\n"},
    };
    EXPECT(rows);
}

static void test_judge__requires_no_padding_of_the_kernel_of_a_foreign_binding(void **state)
{
    (void)state;
#define KERNEL(name) FIELD("offset=0 size=4 type=u32") "field r." name " offset=4 size=4 type=u32\n"
    static const struct judge_case rows[] = {
        {"by its name", JUDGE_FOREIGN, KERNEL("__pad1"), FIELD("offset=0 size=4 type=u32"), ""},
        {"behind the record's prefix", JUDGE_FOREIGN, KERNEL("st_padding1"),
         FIELD("offset=0 size=4 type=u32"), ""},
        {"behind a short one, while the binding pads", JUDGE_FOREIGN, KERNEL("d_pad0"),
         FIELD("offset=0 size=4 type=u32") "field r.pad_4 offset=4 size=4 type=u8[4]\n", ""},
        {"without a number", JUDGE_FOREIGN, KERNEL("st_spare"), FIELD("offset=0 size=4 type=u32"),
         ""},
        {"a field whose name begins so", JUDGE_FOREIGN, KERNEL("s_padding_mode"),
         FIELD("offset=0 size=4 type=u32"),
         "note older-record r: s_padding_mode -> padding there\n"},
        {"a field that counts what is reserved", JUDGE_FOREIGN, KERNEL("s_reserved_blocks"),
         FIELD("offset=0 size=4 type=u32"),
         "note older-record r: s_reserved_blocks -> padding there\n"},
    };
#undef KERNEL
    EXPECT(rows);
}

/* epoll_event of x86-64, and a model of it whose data is made of other members. */
#define EPOLL(endian, fields)                                                                      \
    "abi t bits=64 endian=" endian "\nrecord e size=12 align=1 kind=struct\n"                      \
    "field e.events offset=0 size=4 type=u32\n" fields
#define DATA                     "field e.data offset=4 size=8 type=u64\n"
#define PART(name, offset, size) "field e." name " offset=" offset " size=" size " type=u32\n"

static void test_judge__accepts_a_field_in_pieces_that_cover_it(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"halves, little endian", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("data_lo", "4", "4") PART("data_hi", "8", "4")), ""},
        {"halves, big endian", JUDGE_MODEL, EPOLL("big", DATA),
         EPOLL("big", PART("data_hi", "4", "4") PART("data_lo", "8", "4")), ""},
        {"fd and padding", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("fd", "4", "4") PART("pad", "8", "4")), ""},
        {"three pieces", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "4", "2") PART("b", "6", "2") PART("c", "8", "4")), ""},
        {"views of the same bytes", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "4", "4") PART("b", "4", "8")), ""},
        {"another name for the whole", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("Data", "4", "8")), ""},
    };
    EXPECT(rows);
}

static void test_judge__refuses_halves_in_the_other_order(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"little endian", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("data_hi", "4", "4") PART("data_lo", "8", "4")),
         "error bad-offset e.data_hi: 8 -> 4\nerror bad-offset e.data_lo: 4 -> 8\n"},
        {"big endian", JUDGE_MODEL, EPOLL("big", DATA),
         EPOLL("big", PART("data_lo", "4", "4") PART("data_hi", "8", "4")),
         "error bad-offset e.data_hi: 4 -> 8\nerror bad-offset e.data_lo: 8 -> 4\n"},
    };
    EXPECT(rows);
}

static void test_judge__refuses_pieces_that_do_not_cover_the_field(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"a hole at the end", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("fd", "4", "4")),
         "error missing-field e.data: at 4, 8 bytes -> fd at 4, 4 bytes\n"},
        {"a hole at the start", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("fd", "8", "4")),
         "error missing-field e.data: at 4, 8 bytes -> fd at 8, 4 bytes\n"},
        {"views of the same bytes that leave a hole", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "4", "4") PART("b", "4", "6")),
         "error missing-field e.data: at 4, 8 bytes -> a at 4, 4 bytes; b at 4, 6 bytes\n"},
        {"padding alone", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("pad", "4", "4") PART("pad2", "8", "4")),
         "error missing-field e.data: at 4, 8 bytes -> pad at 4, 4 bytes; pad2 at 8, 4 bytes\n"},
        {"a piece that begins before it", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "2", "4") PART("b", "6", "6")),
         "error missing-field e.data: at 4, 8 bytes -> a at 2, 4 bytes; b at 6, 6 bytes\n"},
        {"a piece that ends behind it", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "4", "4") PART("b", "8", "6")),
         "error missing-field e.data: at 4, 8 bytes -> a at 4, 4 bytes; b at 8, 6 bytes\n"},
        {"pieces of the right length in sum, one before it", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "2", "4") PART("b", "8", "4")),
         "error missing-field e.data: at 4, 8 bytes -> a at 2, 4 bytes; b at 8, 4 bytes\n"},
        {"pieces of another record", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", "record f size=12\nfield f.data_lo offset=4 size=4\n"
                         "field f.data_hi offset=8 size=4\n"),
         "error missing-field e.data: at 4, 8 bytes -> nothing there\n"
         "note extra-record f: nothing -> size=12\n"
         "note extra-field f.data_hi: nothing -> offset=8 size=4\n"
         "note extra-field f.data_lo: nothing -> offset=4 size=4\n"},
        {"pieces that are fields of their own", JUDGE_MODEL,
         EPOLL("little", "field e.x offset=0 size=4 type=u32\n" DATA),
         EPOLL("little", "field e.x offset=4 size=8 type=u32\n"),
         "error missing-field e.data: at 4, 8 bytes -> nothing there\n"
         "error bad-offset e.x: 0 -> 4\nerror bad-width e.x: 4 -> 8\n"},
    };
    EXPECT(rows);
}

static void test_judge__refuses_an_overlap_that_makes_up_for_a_hole(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"twice the first half", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("a", "4", "4") PART("b", "4", "4")),
         "error missing-field e.data: at 4, 8 bytes -> a at 4, 4 bytes; b at 4, 4 bytes\n"},
    };
    EXPECT(rows);
}

/* The size is one that a damaged object may have: byte by byte it would take years. */
static void test_judge__refuses_a_field_as_large_as_memory(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"in place of a word", JUDGE_FOREIGN, FIELD("offset=0 size=4 type=u32"),
         "record r size=16 align=8 kind=struct\n"
         "field r.b offset=0 size=576460752303423487 type=u8[9]\n",
         "error missing-field r.a: at 0, 4 bytes -> b at 0, 576460752303423487 bytes\n"},
    };
    EXPECT(rows);
}

static void test_judge__compares_the_members_of_a_union_that_a_foreign_binding_has(void **state)
{
    (void)state;
#define UNION                                                                                      \
    FIELD("offset=0 size=4 type=u32")                                                              \
    "field r.off offset=8 size=8 type=u64\nfield r.op offset=8 size=4 type=u32\n"
#define HALF "field r.op offset=8 size=4 type=u32\n"
    static const struct judge_case rows[] = {
        {"the large one", JUDGE_FOREIGN, UNION,
         FIELD("offset=0 size=4 type=u32") "field r.off offset=8 size=8 type=u64\n", ""},
        {"the small one, which leaves bytes", JUDGE_FOREIGN, UNION,
         FIELD("offset=0 size=4 type=u32") HALF, ""},
        {"the large one in the wrong place", JUDGE_FOREIGN, UNION,
         FIELD("offset=0 size=4 type=u32") "field r.off offset=4 size=8 type=u64\n",
         "error bad-offset r.off: 8 -> 4\n"},
        {"none", JUDGE_FOREIGN, UNION, FIELD("offset=0 size=4 type=u32"),
         "note older-record r: off, op -> padding there\n"},
        {"a struct is no member beside its own fields", JUDGE_FOREIGN,
         "record r size=8 align=4 kind=struct\nfield r.in offset=0 size=8 type=struct:s\n"
         "field r.in.a offset=0 size=4 type=u32\nfield r.in.b offset=4 size=4 type=u32\n",
         "record r size=8 align=4 kind=struct\nfield r.in offset=0 size=8 type=struct:s\n"
         "field r.in.a offset=0 size=4 type=u32\n",
         "note older-record r: in.b -> padding there\n"},
        {"a model has all", JUDGE_MODEL, UNION,
         FIELD("offset=0 size=4 type=u32") "field r.off offset=8 size=8 type=u64\n",
         "error missing-field r.op: at 8, 4 bytes -> nothing there\n"},
    };
#undef UNION
#undef HALF
    EXPECT(rows);
}

static void test_judge__notes_a_foreign_field_where_the_kernel_has_none(void **state)
{
    (void)state;
#define KERNEL "record r size=8 align=4 kind=struct\nfield r.a offset=0 size=4 type=u32\n"
    static const struct judge_case rows[] = {
        {"a name", JUDGE_FOREIGN, KERNEL, KERNEL "field r.b offset=4 size=4 type=u32\n",
         "note idle-field r.b: bytes that the kernel uses -> padding at 4, 4 bytes\n"},
        {"padding", JUDGE_FOREIGN, KERNEL, KERNEL "field r._pad offset=4 size=4 type=u32\n", ""},
        {"a field of what is padding", JUDGE_FOREIGN, KERNEL,
         KERNEL "field r._pad offset=4 size=4 type=union:u\n"
                "field r._pad.value offset=4 size=4 type=u32\n"
                "field r._pad.value.x offset=4 size=4 type=u32\n",
         ""},
        {"a field of a field", JUDGE_FOREIGN, KERNEL,
         KERNEL "field r.b.value offset=4 size=4 type=u32\n",
         "note idle-field r.b.value: bytes that the kernel uses -> padding at 4, 4 bytes\n"},
        {"no bytes", JUDGE_FOREIGN, KERNEL, KERNEL "field r.b offset=4 size=0 type=u8[0]\n", ""},
    };
#undef KERNEL
    EXPECT(rows);
}

static void test_judge__refuses_padding_alone_in_place_of_a_field(void **state)
{
    (void)state;
    static const struct judge_case rows[] = {
        {"the bytes are there, the meaning is not", JUDGE_MODEL, EPOLL("little", DATA),
         EPOLL("little", PART("pad", "4", "8")),
         "error missing-field e.data: at 4, 8 bytes -> pad at 4, 8 bytes\n"},
    };
    EXPECT(rows);
}

/* ---- what was agreed on ---- */

static void test_judge__marks_the_attributes_that_agree(void **state)
{
    (void)state;
    unsigned char agreed[6] = {0};
    compare("abi t bits=64 endian=little\n"
            "constant A value=0x1 type=i32\n"
            "constant B value=0x2 type=i32\n"
            "constant C value=0x3 type=i32\n"
            "record r size=8 align=4 kind=struct\n",
            "abi t bits=64 endian=little\n"
            "constant A value=0x1 type=i32\n"
            "constant B value=0x2 type=u32\n"
            "record r size=8\n",
            JUDGE_SAME, true, agreed);
    assert_int_equal(agreed[0], 1 << ABI_BITS | 1 << ABI_ENDIAN);
    assert_int_equal(agreed[1], 1 << CONSTANT_VALUE | 1 << CONSTANT_TYPE);
    assert_int_equal(agreed[2], 1 << CONSTANT_VALUE); /* the types differ */
    assert_int_equal(agreed[3], 0);                   /* missing */
    assert_int_equal(agreed[4], 1 << RECORD_SIZE);    /* nothing else was seen */
    assert_int_equal(agreed[5], 0);                   /* no such fact */
}

static void test_judge__adds_what_a_second_witness_agrees_with(void **state)
{
    (void)state;
    unsigned char agreed[1] = {0};
    const char *expected = "function f library=c symbol=f return=i32 params=void\n";
    compare(expected, "function f symbol=f return=i32 params=void\n", JUDGE_SAME, true, agreed);
    assert_int_equal(agreed[0], 1 << FUNCTION_SYMBOL | 1 << FUNCTION_RETURN | 1 << FUNCTION_PARAMS);
    compare(expected, "function f library=c symbol=f\n", JUDGE_SAME, false, agreed);
    assert_int_equal(agreed[0], fact_attrs_present(&make_facts(expected).items[0]));
}

static void test_judge__marks_a_field_in_pieces_only_when_it_is_accepted(void **state)
{
    (void)state;
    unsigned char agreed[4] = {0}, refused[4] = {0};
    compare(EPOLL("little", DATA), EPOLL("little", PART("fd", "4", "4") PART("pad", "8", "4")),
            JUDGE_MODEL, true, agreed);
    assert_int_equal(agreed[1], 1 << FIELD_OFFSET | 1 << FIELD_SIZE | 1 << FIELD_TYPE);
    compare(EPOLL("little", DATA), EPOLL("little", PART("fd", "4", "4")), JUDGE_MODEL, true,
            refused);
    assert_int_equal(refused[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_judge__names_what_differs),
        TEST(test_judge__names_what_differs_in_a_field),
        TEST(test_judge__finds_a_difference_of_width_when_no_size_says_it),
        TEST(test_judge__does_not_compare_an_attribute_that_one_side_lacks),
        TEST(test_judge__finds_what_is_missing),
        TEST(test_judge__requires_nothing_when_the_other_side_is_not_complete),
        TEST(test_judge__finds_what_is_too_much),
        TEST(test_judge__accepts_padding_of_a_model_by_any_usual_name),
        TEST(test_judge__requires_no_padding_of_the_kernel_of_a_foreign_binding),
        TEST(test_judge__accepts_a_field_in_pieces_that_cover_it),
        TEST(test_judge__refuses_halves_in_the_other_order),
        TEST(test_judge__refuses_pieces_that_do_not_cover_the_field),
        TEST(test_judge__refuses_an_overlap_that_makes_up_for_a_hole),
        TEST(test_judge__refuses_a_field_as_large_as_memory),
        TEST(test_judge__compares_the_members_of_a_union_that_a_foreign_binding_has),
        TEST(test_judge__notes_a_foreign_field_where_the_kernel_has_none),
        TEST(test_judge__refuses_padding_alone_in_place_of_a_field),
        TEST(test_judge__marks_the_attributes_that_agree),
        TEST(test_judge__adds_what_a_second_witness_agrees_with),
        TEST(test_judge__marks_a_field_in_pieces_only_when_it_is_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
