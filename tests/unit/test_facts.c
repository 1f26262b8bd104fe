/* Tests of facts.c: the text and its order, reading it back, what no ABI can break. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "model/facts.h"
#include "base/file.h"
#include "base/proc.h"

static struct arena arena;
static struct diag diag;
static struct facts facts;

static int setup(void **state)
{
    (void)state;
    diag_init(&diag, &arena, false);
    facts = (struct facts){.arena = &arena};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *text_of(const struct facts *some, bool with_sources)
{
    struct str str = {.arena = &arena};
    facts_print(&str, some, with_sources);
    return str_text(&str);
}

static void parse(const char *text)
{
    if (!facts_parse(&facts, text, "x.facts", &diag))
        fail_msg("expected '%s' to be read, got: %s", text, str_text(&diag.text));
}

/* One of each kind, in canonical order: the example of facts.h. */
static const char every_kind[] =
    "abi x86_64-linux bits=64 endian=little\n"
    "alias eventfd_t type=u64\n"
    "behaviour epoll.data-verbatim expected=0x706050403020100 got=0x706050403020100\n"
    "constant EPOLLIN value=0x1 type=u32\n"
    "field epoll_event.data offset=4 size=8 type=u64\n"
    "field x.flag offset=4 type=u32 bit=3:1\n"
    "function epoll_create1 library=c symbol=epoll_create1 return=i32 params=i32\n"
    "record epoll_event size=12 align=1 kind=struct\n"
    "syscall epoll_create1 number=291 params=i32\n";

/* ---- kinds and attributes -------------------------------------------------------------------- */

static void test_facts__has_kinds_in_the_order_of_their_names(void **state)
{
    (void)state;
    for (int i = 1; i < N_FACT_KINDS; i++)
        assert_true(strcmp(fact_kind_name(i - 1), fact_kind_name(i)) < 0);
}

static void test_facts__names_every_attribute_at_its_position(void **state)
{
    (void)state;
    static const struct {
        enum fact_kind kind;
        int attr;
        const char *expected;
    } rows[] = {
        {FACT_ABI, ABI_BITS, "bits"},
        {FACT_ABI, ABI_ENDIAN, "endian"},
        {FACT_ABI, ABI_ALIGN32, "align32"},
        {FACT_ABI, ABI_ALIGN64, "align64"},
        {FACT_ABI, ABI_ALIGN64 + 1, NULL},
        {FACT_ALIAS, ALIAS_TYPE, "type"},
        {FACT_ALIAS, ALIAS_TYPE + 1, NULL},
        {FACT_BEHAVIOUR, BEHAVIOUR_EXPECTED, "expected"},
        {FACT_BEHAVIOUR, BEHAVIOUR_GOT, "got"},
        {FACT_BEHAVIOUR, BEHAVIOUR_GOT + 1, NULL},
        {FACT_CONSTANT, CONSTANT_VALUE, "value"},
        {FACT_CONSTANT, CONSTANT_TYPE, "type"},
        {FACT_CONSTANT, CONSTANT_TYPE + 1, NULL},
        {FACT_FIELD, FIELD_OFFSET, "offset"},
        {FACT_FIELD, FIELD_SIZE, "size"},
        {FACT_FIELD, FIELD_TYPE, "type"},
        {FACT_FIELD, FIELD_BIT, "bit"},
        {FACT_FIELD, FIELD_BIT + 1, NULL},
        {FACT_FUNCTION, FUNCTION_LIBRARY, "library"},
        {FACT_FUNCTION, FUNCTION_SYMBOL, "symbol"},
        {FACT_FUNCTION, FUNCTION_RETURN, "return"},
        {FACT_FUNCTION, FUNCTION_PARAMS, "params"},
        {FACT_FUNCTION, FUNCTION_PARAMS + 1, NULL},
        {FACT_RECORD, RECORD_SIZE, "size"},
        {FACT_RECORD, RECORD_ALIGN, "align"},
        {FACT_RECORD, RECORD_KIND, "kind"},
        {FACT_RECORD, RECORD_KIND + 1, NULL},
        {FACT_SYSCALL, SYSCALL_NUMBER, "number"},
        {FACT_SYSCALL, SYSCALL_PARAMS, "params"},
        {FACT_SYSCALL, SYSCALL_PARAMS + 1, NULL},
        {FACT_SYSCALL, -1, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *got = fact_attr_name(rows[i].kind, rows[i].attr);
        if ((got == NULL) != (rows[i].expected == NULL) ||
            (got != NULL && strcmp(got, rows[i].expected) != 0))
            fail_msg("attribute %d of %s: expected '%s', got '%s'", rows[i].attr,
                     fact_kind_name(rows[i].kind), rows[i].expected ? rows[i].expected : "none",
                     got ? got : "none");
    }
}

static void test_fact_set__copies_text_and_prints_numbers(void **state)
{
    (void)state;
    char name[] = "epoll_event", kind[] = "struct";
    struct fact *fact = facts_add(&facts, FACT_RECORD, name);
    fact_set_number(&facts, fact, RECORD_SIZE, 12);
    fact_set(&facts, fact, RECORD_KIND, kind);
    memset(name, 'x', 3);
    memset(kind, 'x', 3);
    assert_string_equal(text_of(&facts, false), "record epoll_event size=12 kind=struct\n");
}

static void test_fact_set_value__is_hexadecimal_unless_negative(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        bool is_negative;
        const char *expected;
    } rows[] = {
        {0, false, "0x0"},
        {1, false, "0x1"},
        {0x80000000u, false, "0x80000000"},
        {UINT64_MAX, false, "0xffffffffffffffff"},
        {UINT64_MAX, true, "-1"},
        {(uint64_t)INT64_MIN, true, "-9223372036854775808"},
    };
    struct fact *fact = facts_add(&facts, FACT_CONSTANT, "C");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fact_set_value(&facts, fact, rows[i].bits, rows[i].is_negative);
        assert_string_equal(fact->attr[CONSTANT_VALUE], rows[i].expected);
    }
}

static void test_fact_number__is_minus_one_unless_a_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t expected;
    } rows[] = {
        {NULL, -1},
        {"0", 0},
        {"12", 12},
        {"010", 10},
        {"0x1f", 31},
        {"9223372036854775807", INT64_MAX},
        {"9223372036854775808", -1},
        {"0xffffffffffffffff", -1},
        {"", -1},
        {"-1", -1},
        {"-5", -1},
        {"+5", -1},
        {" 5", -1},
        {"5 ", -1},
        {"12a", -1},
        {"0x", -1},
        {"0x-1", -1},
        {"0x0x1", -1},
        {"u32", -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fact fact = {.kind = FACT_RECORD, .attr[RECORD_SIZE] = rows[i].text};
        int64_t got = fact_number(&fact, RECORD_SIZE);
        if (got != rows[i].expected)
            fail_msg("'%s': expected %lld, got %lld", rows[i].text ? rows[i].text : "absent",
                     (long long)rows[i].expected, (long long)got);
    }
}

static void test_facts_find__distinguishes_kinds_and_names_before_sorting(void **state)
{
    (void)state;
    facts_add(&facts, FACT_SYSCALL, "epoll_create1");
    facts_add(&facts, FACT_RECORD, "epoll_event");
    facts_add(&facts, FACT_FUNCTION, "epoll_create1");
    assert_ptr_equal(facts_find(&facts, FACT_FUNCTION, "epoll_create1"), &facts.items[2]);
    assert_ptr_equal(facts_find(&facts, FACT_SYSCALL, "epoll_create1"), &facts.items[0]);
    assert_null(facts_find(&facts, FACT_RECORD, "epoll"));
    assert_null(facts_find(&facts, FACT_FIELD, "epoll_event"));
    facts_sort(&facts);
    assert_ptr_equal(facts_find(&facts, FACT_RECORD, "epoll_event"), &facts.items[1]);
}

/* ---- printing and order ---------------------------------------------------------------------- */

static void test_facts_print__adds_as_much_of_the_source_as_is_known(void **state)
{
    (void)state;
    facts_add(&facts, FACT_RECORD, "a")->where = (struct location){"linux/eventpoll.h", 83, 9};
    facts_add(&facts, FACT_RECORD, "b")->where = (struct location){"x.facts", 0, 0};
    facts_add(&facts, FACT_RECORD, "c");
    assert_string_equal(text_of(&facts, true),
                        "record a # linux/eventpoll.h:83\nrecord b # x.facts\nrecord c\n");
    assert_string_equal(text_of(&facts, false), "record a\nrecord b\nrecord c\n");
}

/* Runs LC_ALL=C sort, as proc_run sets it, on text. */
static const char *sorted_by_sort(const char *text)
{
    char path[] = "/tmp/abiproof-test-facts-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    ssize_t n_written = write(fd, text, strlen(text));
    close(fd);
    struct proc_result got = proc_run(&arena, (const char *const[]){"sort", path, NULL}, 60 * 1000);
    unlink(path);
    assert_int_equal(n_written, strlen(text));
    if (got.end != PROC_EXITED || got.status != 0)
        fail_msg("sort: %s: %s", proc_describe(&arena, &got, 60 * 1000), got.err);
    return got.out;
}

/* Adds facts whose names and attributes are prefixes of each other, or differ around ' ', '.', '='
 * and beyond ASCII, in an order that is not sorted. */
static void add_hard_to_sort(void)
{
    static const char *const names[] = {"e",  "e.a", "e_a", "e-a", "E",        "e.a.b", "e.A",
                                        "e!", "e0",  "ea",  "e#",  "\xc3\xa9", "e=",    "~"};
    static const char *const values[] = {NULL, "1", "10", "2", "-1", "0x1", "u32[4]", "\xc3\xa9"};
    enum { N_NAMES = sizeof names / sizeof names[0], N_VALUES = sizeof values / sizeof values[0] };
    for (int i = 0; i < N_FACT_KINDS * N_NAMES * N_VALUES; i++) {
        int j = i * 37 % (N_FACT_KINDS * N_NAMES * N_VALUES); /* 37 is coprime to the count */
        enum fact_kind kind = (enum fact_kind)(j % N_FACT_KINDS);
        struct fact *fact = facts_add(&facts, kind, names[j / N_FACT_KINDS % N_NAMES]);
        fact->where = (struct location){"h.h", i % 7, 0};
        const char *value = values[j / N_FACT_KINDS / N_NAMES];
        if (value != NULL)
            fact_set(&facts, fact, fact_attr_name(kind, 1) != NULL ? j % 2 : 0, value);
    }
}

static void test_facts_sort__gives_the_order_of_sort(void **state)
{
    (void)state;
    add_hard_to_sort();
    size_t n_added = facts.n;
    const char *unsorted = text_of(&facts, false);
    assert_string_not_equal(sorted_by_sort(unsorted), unsorted); /* else this tests nothing */
    facts_sort(&facts);
    assert_int_equal(facts.n, n_added);
    const char *sorted = text_of(&facts, false);
    assert_string_equal(sorted, sorted_by_sort(unsorted));
    assert_string_equal(sorted, sorted_by_sort(sorted));
    const char *with_sources = text_of(&facts, true);
    assert_string_equal(with_sources, sorted_by_sort(with_sources));
}

static void test_facts_sort__leaves_the_order_of_the_example(void **state)
{
    (void)state;
    parse(every_kind);
    facts_sort(&facts);
    assert_string_equal(text_of(&facts, false), every_kind);
}

static void test_facts_sort__drops_exact_duplicates_and_keeps_the_first_source(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fact *fact = facts_add(&facts, FACT_CONSTANT, "EPOLLIN");
        fact_set_value(&facts, fact, i == 1 ? 2 : 1, false);
        fact->where = (struct location){"h.h", i + 1, 0};
    }
    facts_sort(&facts);
    assert_string_equal(text_of(&facts, true), "constant EPOLLIN value=0x1 # h.h:1\n"
                                               "constant EPOLLIN value=0x2 # h.h:2\n");
}

static void test_facts_sort__accepts_no_facts(void **state)
{
    (void)state;
    facts_sort(&facts);
    assert_int_equal(facts.n, 0);
    assert_string_equal(text_of(&facts, true), "");
}

/* ---- reading --------------------------------------------------------------------------------- */

static void test_facts_parse__round_trips_every_kind(void **state)
{
    (void)state;
    parse(every_kind);
    assert_string_equal(text_of(&facts, false), every_kind);
    assert_int_equal(diag.n_errors, 0);
}

static void test_facts_parse__round_trips_what_is_hard_to_sort(void **state)
{
    (void)state;
    add_hard_to_sort();
    facts_sort(&facts);
    struct facts one_per_name = {.arena = &arena};
    for (size_t i = 0; i < facts.n; i++) {
        struct fact *fact = &facts.items[i];
        if (facts_find(&one_per_name, fact->kind, fact->name) == NULL)
            facts_push(&one_per_name, *fact);
    }
    const char *text = text_of(&one_per_name, false);
    facts = (struct facts){.arena = &arena};
    parse(text);
    assert_true(facts.n > 50);
    assert_string_equal(text_of(&facts, false), text);
}

static void test_facts_parse__gives_the_location_in_the_file(void **state)
{
    (void)state;
    parse("# comment\n\nrecord a size=4 # linux/a.h:7\n   \nrecord b size=8");
    assert_int_equal(facts.n, 2);
    assert_string_equal(text_of(&facts, true),
                        "record a size=4 # x.facts:3\nrecord b size=8 # x.facts:5\n");
}

static void test_facts_parse__ignores_sources_and_order_of_attributes(void **state)
{
    (void)state;
    parse("record  a align=4 size=4 # one.h:7 size=5\nrecord a size=4 align=4 # two.h\n");
    facts_sort(&facts);
    assert_string_equal(text_of(&facts, false), "record a size=4 align=4\n");
}

static void test_facts_parse__keeps_values_as_text(void **state)
{
    (void)state;
    const char *text = "alias a type=\nbehaviour b expected=a=b got=#x\n"
                       "function f params=ptr,i32,...\n";
    parse(text);
    assert_string_equal(text_of(&facts, false), text);
    assert_string_equal(facts.items[0].attr[ALIAS_TYPE], "");
}

static void test_facts_parse__accepts_a_name_that_is_also_an_attribute(void **state)
{
    (void)state;
    parse("alias type type=u8\nrecord size size=4\n");
    assert_string_equal(text_of(&facts, false), "alias type type=u8\nrecord size size=4\n");
}

static void test_facts_parse__reads_no_facts_from_empty_text(void **state)
{
    (void)state;
    parse("");
    parse("\n\n");
    assert_int_equal(facts.n, 0);
}

static void test_facts_parse__reports_what_is_wrong_with_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *expected;
    } rows[] = {
        {"feild a.b offset=0",
         "unknown kind 'feild' of a fact; known: abi alias behaviour constant field function "
         "record syscall"},
        {"record a sizee=4", "unknown attribute 'sizee' of a record fact; known: size align kind"},
        {"alias a size=4", "unknown attribute 'size' of an alias fact; known: type"},
        {"record a siz=4", "unknown attribute 'siz' of a record fact; known: size align kind"},
        {"record a =4", "unknown attribute '' of a record fact; known: size align kind"},
        {"record a size=4 size=8",
         "repeated attribute 'size' of a record fact: expected it once, got '4' and '8'"},
        {"record a size4", "missing '=' in a record fact: expected ATTRIBUTE=VALUE, got 'size4'"},
        {"record", "missing name of a record fact: expected 'record NAME', got 'end of line'"},
        {"record # a.h:3", "missing name of a record fact: expected 'record NAME', got '#'"},
        {"abi bits=64", "missing name of an abi fact: expected 'abi NAME', got 'bits=64'"},
        {"record a size=4\r",
         "unexpected byte 0x0d: expected printable text, single spaces and LF"},
        {"record a\tsize=4", "unexpected byte 0x09: expected printable text, single spaces and LF"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        diag_init(&diag, &arena, false);
        facts = (struct facts){.arena = &arena};
        const char *text =
            arena_printf(&arena, "abi t bits=64\n\n%s\nalias z type=u8\n", rows[i].line);
        assert_false(facts_parse(&facts, text, "x.facts", &diag));
        assert_string_equal(str_text(&diag.text),
                            arena_printf(&arena, "x.facts:3: error: %s\n", rows[i].expected));
        assert_int_equal(diag.n_errors, 1);
        assert_int_equal(facts.n, 2); /* the good lines, and no half of the bad one */
    }
}

static void test_facts_parse__reports_every_bad_line(void **state)
{
    (void)state;
    assert_false(
        facts_parse(&facts, "x a\nrecord a size=4\ny b\nrecord a size=8\n", "x.facts", &diag));
    assert_int_equal(diag.n_errors, 3);
    assert_non_null(strstr(str_text(&diag.text), "x.facts:1: error: unknown kind 'x'"));
    assert_non_null(strstr(str_text(&diag.text), "x.facts:3: error: unknown kind 'y'"));
    assert_non_null(strstr(str_text(&diag.text), "x.facts:4: error: record 'a' given twice"));
}

static void test_facts_parse__reports_a_fact_given_twice_when_it_differs(void **state)
{
    (void)state;
    parse("record a size=4\nsyscall a number=4\nrecord b size=4\n");
    assert_false(facts_parse(&facts, "record a size=8 # a.h:1\n", "y.facts", &diag));
    assert_string_equal(str_text(&diag.text),
                        "y.facts:1: error: record 'a' given twice: expected 'record a size=4' as "
                        "before, got 'record a size=8'\n");
}

static void test_facts_parse__is_not_quadratic(void **state)
{
    (void)state;
    alarm(60); /* a scan per line takes minutes */
    struct str text = {.arena = &arena};
    for (int i = 0; i < 200000; i++)
        str_addf(&text, "constant SOME_RATHER_LONG_PREFIX_OF_NAMES_%06d value=0x1\n", i);
    parse(str_text(&text));
    assert_int_equal(facts.n, 200000);
    alarm(0);
}

/* ---- checking -------------------------------------------------------------------------------- */

static void test_facts_check__accepts_what_an_abi_may_do(void **state)
{
    (void)state;
    parse("record e size=12 align=1 kind=struct\n"
          "field e.events offset=0 size=4 type=u32\n"
          "field e.data offset=4 size=8 type=u64\n"
          "field e.end offset=12 type=u8[]\n" /* a flexible array starts at the end */
          "field e.flag offset=11 type=u8 bit=7:1\n"
          "field e.list offset=12 type=struct[]\n" /* and so does its first element */
          "field e.list.0 offset=12 size=8 type=struct\n"
          "field e.list.0.x offset=16 size=4 type=u32\n"
          "field e.unknown type=u32\n" /* the witness cannot see it */
          "field e.in offset=4 size=8 type=union\n"
          "field e.in.a offset=4 size=8 type=u64\n"
          "field e.in.b offset=8 size=4 type=u32\n"
          "field e.in.deep offset=8 size=4 type=struct\n"
          "field e.in.deep.x offset=11 size=1 type=u8\n"
          "record empty size=0 align=1\n"
          "record opaque\n"
          "field opaque.x offset=100 size=4\n"
          "record e.nested size=8 align=8\n" /* has offsets of its own */
          "field e.nested.x offset=0 size=8\n"
          "record sized size=12\n"
          "record aligned align=16\n");
    if (!facts_check(&facts, &diag))
        fail_msg("expected no errors, got: %s", str_text(&diag.text));
    assert_string_equal(str_text(&diag.text), "");
}

static void test_facts_check__reports_what_no_abi_can_do(void **state)
{
    (void)state;
    static const struct {
        const char *lines; /* after record r of 8 bytes with a field r.s at 4, of 4 bytes */
        const char *expected;
    } rows[] = {
        {"record a size=12 align=8",
         "bad size of record 'a': expected a multiple of its alignment 8, got 12"},
        {"record a size=12 align=3", "bad alignment of record 'a': expected a power of two, got 3"},
        {"record a size=12 align=0", "bad alignment of record 'a': expected a power of two, got 0"},
        {"record a size=big align=4",
         "bad size of record 'a': expected a number of bytes, got 'big'"},
        {"record a size=4 align=-4",
         "bad align of record 'a': expected a number of bytes, got '-4'"},
        {"field q.f offset=0 size=4",
         "no record for field 'q.f': expected a record fact for what is before a dot"},
        {"field r offset=0 size=4",
         "no record for field 'r': expected a record fact for what is before a dot"},
        {"field rr.f offset=0 size=4",
         "no record for field 'rr.f': expected a record fact for what is before a dot"},
        {"field r.f offset=5 size=4", "field 'r.f' does not fit in record 'r': expected it within "
                                      "bytes 0 to 8, got offset 5 and 4 bytes"},
        {"field r.f offset=9", "field 'r.f' does not fit in record 'r': expected it within bytes "
                               "0 to 8, got offset 9 and 0 bytes"},
        {"field r.f offset=1 size=9223372036854775807",
         "field 'r.f' does not fit in record 'r': expected it within bytes 0 to 8, got offset 1 "
         "and 9223372036854775807 bytes"},
        {"field r.f offset=x size=4",
         "bad offset of field 'r.f': expected a number of bytes, got 'x'"},
        {"field r.f offset=0 size=x",
         "bad size of field 'r.f': expected a number of bytes, got 'x'"},
        {"field r.f offset=7 bit=7:2", "field 'r.f' does not fit in record 'r': expected it within "
                                       "bytes 0 to 8, got offset 7 and 2 bytes"},
        {"field r.f offset=7 bit=9223372036854775807:9223372036854775807",
         "field 'r.f' does not fit in record 'r': expected it within bytes 0 to 8, got offset 7 "
         "and 2305843009213693952 bytes"},
        {"field r.f offset=0 bit=3",
         "bad bits of field 'r.f': expected FIRST:COUNT with COUNT above 0, got '3'"},
        {"field r.f offset=0 bit=3:0",
         "bad bits of field 'r.f': expected FIRST:COUNT with COUNT above 0, got '3:0'"},
        {"field r.f offset=0 bit=3:1:",
         "bad bits of field 'r.f': expected FIRST:COUNT with COUNT above 0, got '3:1:'"},
        {"field r.s.x offset=0 size=4", "field 'r.s.x' does not fit in field 'r.s': expected it "
                                        "within bytes 4 to 8, got offset 0 and 4 bytes"},
        {"field r.s.x offset=6 size=4", "field 'r.s.x' does not fit in field 'r.s': expected it "
                                        "within bytes 4 to 8, got offset 6 and 4 bytes"},
        {"field r.t.x offset=6 size=4", "field 'r.t.x' does not fit in record 'r': expected it "
                                        "within bytes 0 to 8, got offset 6 and 4 bytes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        diag_init(&diag, &arena, false);
        facts = (struct facts){.arena = &arena};
        parse(arena_printf(&arena,
                           "record r size=8 align=4\nfield r.s offset=4 size=4 type=struct\n%s\n",
                           rows[i].lines));
        if (facts_check(&facts, &diag))
            fail_msg("expected '%s' to be refused", rows[i].lines);
        assert_string_equal(str_text(&diag.text),
                            arena_printf(&arena, "x.facts:3: error: %s\n", rows[i].expected));
        assert_int_equal(diag.n_errors, 1);
    }
}

static void test_facts_check__reports_each_violation(void **state)
{
    (void)state;
    parse("record a size=3 align=2\nrecord b size=4 align=6\nfield a.f offset=4 size=1\n");
    assert_false(facts_check(&facts, &diag));
    assert_int_equal(diag.n_errors, 3);
}

static void test_facts_check__uses_the_location_of_the_fact(void **state)
{
    (void)state;
    struct fact *fact = facts_add(&facts, FACT_RECORD, "a");
    fact->where = (struct location){"linux/a.h", 7, 3};
    fact_set_number(&facts, fact, RECORD_ALIGN, 3);
    assert_false(facts_check(&facts, &diag));
    assert_string_equal(str_text(&diag.text), "linux/a.h:7:3: error: bad alignment of record 'a': "
                                              "expected a power of two, got 3\n");
}

/* ---- types ----------------------------------------------------------------------------------- */

static void test_scalar_of__knows_scalars_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        struct scalar expected;
    } rows[] = {
        {"u8", {1, false, true}},    {"i8", {1, true, true}},     {"u16", {2, false, true}},
        {"i16", {2, true, true}},    {"u32", {4, false, true}},   {"i32", {4, true, true}},
        {"u64", {8, false, true}},   {"i64", {8, true, true}},    {"bool", {1, false, true}},
        {"f32", {4, true, false}},   {"f64", {8, true, false}},   {"", {0, false, false}},
        {"void", {0, false, false}}, {"ptr", {0, false, false}},  {"u32[4]", {0, false, false}},
        {"u", {0, false, false}},    {"u128", {0, false, false}}, {"struct:u8", {0, false, false}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct scalar got = scalar_of(rows[i].type);
        struct scalar expected = rows[i].expected;
        if (got.size_bytes != expected.size_bytes || got.is_signed != expected.is_signed ||
            got.is_integer != expected.is_integer)
            fail_msg("'%s': expected {%d, %d, %d}, got {%d, %d, %d}", rows[i].type,
                     expected.size_bytes, expected.is_signed, expected.is_integer, got.size_bytes,
                     got.is_signed, got.is_integer);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_facts__has_kinds_in_the_order_of_their_names),
        TEST(test_facts__names_every_attribute_at_its_position),
        TEST(test_fact_set__copies_text_and_prints_numbers),
        TEST(test_fact_set_value__is_hexadecimal_unless_negative),
        TEST(test_fact_number__is_minus_one_unless_a_number),
        TEST(test_facts_find__distinguishes_kinds_and_names_before_sorting),
        TEST(test_facts_print__adds_as_much_of_the_source_as_is_known),
        TEST(test_facts_sort__gives_the_order_of_sort),
        TEST(test_facts_sort__leaves_the_order_of_the_example),
        TEST(test_facts_sort__drops_exact_duplicates_and_keeps_the_first_source),
        TEST(test_facts_sort__accepts_no_facts),
        TEST(test_facts_parse__round_trips_every_kind),
        TEST(test_facts_parse__round_trips_what_is_hard_to_sort),
        TEST(test_facts_parse__gives_the_location_in_the_file),
        TEST(test_facts_parse__ignores_sources_and_order_of_attributes),
        TEST(test_facts_parse__keeps_values_as_text),
        TEST(test_facts_parse__accepts_a_name_that_is_also_an_attribute),
        TEST(test_facts_parse__reads_no_facts_from_empty_text),
        TEST(test_facts_parse__reports_what_is_wrong_with_a_line),
        TEST(test_facts_parse__reports_every_bad_line),
        TEST(test_facts_parse__reports_a_fact_given_twice_when_it_differs),
        TEST(test_facts_parse__is_not_quadratic),
        TEST(test_facts_check__accepts_what_an_abi_may_do),
        TEST(test_facts_check__reports_what_no_abi_can_do),
        TEST(test_facts_check__reports_each_violation),
        TEST(test_facts_check__uses_the_location_of_the_fact),
        TEST(test_scalar_of__knows_scalars_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
