/* Tests of dwarf_query.c: which entry a name means. Debug information is written by
 * hand, in the assembler, as the compilers of Go, Zig and Ada write it, so that nobody needs them.
 */
#include "objects.h"

#include <dwarf.h>

#include "model/facts.h"
#include "object/dwarf.h"

/* An object whose one unit, of this language, has these entries: lines of the assembler. */
static struct object entries(unsigned language, const char *lines)
{
    return objects_compile(
        "x86_64-linux-gnu-gcc", "a",
        arena_printf(
            &arena,
            "__asm__(\".section .debug_abbrev,\\\"\\\",@progbits\\n\"\n"
            "\".byte 1,0x11,1, 0x13,0x0b, 0,0\\n\"\n"                          /* unit: language */
            "\".byte 2,0x24,0, 0x03,0x08, 0x0b,0x0b, 0x3e,0x0b, 0,0\\n\"\n"    /* base type */
            "\".byte 3,0x13,0, 0x03,0x08, 0x0b,0x0b, 0,0\\n\"\n"               /* record */
            "\".byte 4,0x27,0, 0x03,0x08, 0x49,0x13, 0x1c,0x06, 0,0, 0\\n\"\n" /* constant */
            "\".section .debug_info,\\\"\\\",@progbits\\n\"\n"
            "\"u: .long e-v\\nv: .short 4\\n.long 0\\n.byte 8, 1,%u\\n\"\n"
            "%s\".byte 0\\ne:\\n\");\n",
            language, lines));
}

/* Lines for a record of a name and a size, and for a constant of the type at label `type`. */
#define RECORD(name, size) "\".byte 3\\n.string \\\"" name "\\\"\\n.byte " size "\\n\"\n"
#define BASE(label, name, size, encoding)                                                          \
    "\"" label ": .byte 2\\n.string \\\"" name "\\\"\\n.byte " size "," encoding "\\n\"\n"
#define CONSTANT(name, type, value)                                                                \
    "\".byte 4\\n.string \\\"" name "\\\"\\n.long " type "-u\\n.long " value "\\n\"\n"

/* Answers the queries and returns the facts as text. */
static const char *answer(const struct object *object, struct dwarf_query *queries, size_t n)
{
    struct container container;
    struct dwarf_source source = {.container = &container, .is_foreign = true};

    if (object->bytes == NULL)
        skip();
    for (size_t i = 0; i < n; i++)
        queries[i].as = queries[i].as != NULL ? queries[i].as : queries[i].name;
    struct facts facts = {.arena = &arena};
    if (!objects_open(&container, object) || !container_debug(&container) ||
        !dwarf_read(&facts, &source, queries, n, NULL, &diag))
        fail_msg("%s", str_text(&diag.text));
    facts_sort(&facts);
    struct str text = {.arena = &arena};
    facts_print(&text, &facts, false);
    return str_text(&text);
}

static void test_dwarf_read__does_not_take_a_slice_for_its_element(void **state)
{
    struct object object =
        entries(DW_LANG_Go, BASE("b", "int", "8", "5") RECORD("[]poll.Event", "24")
                                RECORD("?*poll.Event", "8") RECORD("poll.Event", "12"));
    struct dwarf_query query = {
        .kind = FACT_RECORD, .name = "event", .is_loose = true, .is_every = true};

    (void)state;
    assert_string_equal(answer(&object, &query, 1), "record event size=12 kind=struct\n");
    assert_string_equal(query.found, "poll.Event");
    assert_int_equal(query.n_conflicts, 0);
}

static void test_dwarf_read__looks_only_in_the_packages_that_are_asked_for(void **state)
{
    static const char *const poll[] = {"example.org/poll"}, *const part[] = {"no", "poll"},
                             *const none[] = {"oll"};
    struct object object =
        entries(DW_LANG_Go, BASE("b", "int", "8", "5") RECORD("syscall.Event", "16")
                                RECORD("example.org/poll.Event", "12"));
    struct dwarf_query queries[] = {
        {.kind = FACT_RECORD, .name = "Event", .as = "a", .is_every = true},
        {.kind = FACT_RECORD, .name = "Event", .as = "b", .packages = poll, .n_packages = 1},
        {.kind = FACT_RECORD, .name = "Event", .as = "c", .packages = part, .n_packages = 2},
        {.kind = FACT_RECORD, .name = "Event", .as = "d", .packages = none, .n_packages = 1},
    };

    (void)state;
    assert_string_equal(answer(&object, queries, 4), "record a size=16 kind=struct\n"
                                                     "record b size=12 kind=struct\n"
                                                     "record c size=12 kind=struct\n");
    assert_string_equal(queries[0].conflicts[0].name, "example.org/poll.Event");
    assert_false(queries[3].is_found);
}

static void test_dwarf_read__notes_the_packages_that_have_something(void **state)
{
    static const char *const packages[] = {"a", "b", "a/c", "d", "e"};
    bool is_used[3] = {false}, is_other_used[5] = {false};
    struct object object = entries(DW_LANG_Go, BASE("b", "int", "8", "5") RECORD("a.Event", "12")
                                                   RECORD("b.Event", "12") RECORD("a/c.Event", "16")
                                                       RECORD("d.Other", "12"));
    struct dwarf_query queries[] = {
        {.kind = FACT_RECORD,
         .name = "Event",
         .is_every = true,
         .packages = packages,
         .n_packages = 3,
         .is_package_used = is_used},
        {.kind = FACT_RECORD,
         .name = "Other",
         .packages = packages,
         .n_packages = 5,
         .is_anywhere = true,
         .is_package_used = is_other_used},
    };

    (void)state;
    assert_string_equal(answer(&object, queries, 2), "record Event size=12 kind=struct\n"
                                                     "record Other size=12 kind=struct\n");
    assert_true(is_used[0]);
    assert_true(is_used[1]); /* the same, but it was looked at */
    assert_true(is_used[2]); /* a conflict */
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(is_other_used[i], i == 3);
}

static void test_dwarf_read__reads_universal_integers_of_ada(void **state)
{
    struct object object =
        entries(DW_LANG_Ada95, BASE("b", "universal_integer", "16", "5")
                                   CONSTANT("epoll__epoll_cloexec", "b", "0x80000"));
    struct dwarf_query queries[] = {{.kind = FACT_CONSTANT, .name = "epoll.epoll_cloexec"}};

    (void)state;
    assert_string_equal(answer(&object, queries, 1),
                        "constant epoll.epoll_cloexec value=0x80000 type=u64\n");
}

static void test_dwarf_read__knows_enumerators_by_their_enum_too(void **state)
{
    struct object object = objects_compile(
        "x86_64-linux-gnu-gcc -g", "a", "enum interest { in = 1, out = 4 } v; enum { plain } w;\n");
    struct dwarf_query queries[] = {
        {.kind = FACT_CONSTANT, .name = "in"},
        {.kind = FACT_CONSTANT, .name = "interest::in", .is_every = true},
        {.kind = FACT_CONSTANT, .name = "Interest.Out", .is_loose = true},
        {.kind = FACT_CONSTANT, .name = "other::in"},
        {.kind = FACT_CONSTANT, .name = "::plain"},
    };

    (void)state;
    assert_string_equal(answer(&object, queries, 5), "constant Interest.Out value=0x4 type=i32\n"
                                                     "constant in value=0x1 type=i32\n"
                                                     "constant interest::in value=0x1 type=i32\n");
    assert_string_equal(queries[1].found, "interest::in");
    assert_int_equal(queries[1].n_conflicts, 0);
    assert_false(queries[3].is_found);
    assert_false(queries[4].is_found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_dwarf_read__does_not_take_a_slice_for_its_element),
        TEST(test_dwarf_read__looks_only_in_the_packages_that_are_asked_for),
        TEST(test_dwarf_read__notes_the_packages_that_have_something),
        TEST(test_dwarf_read__reads_universal_integers_of_ada),
        TEST(test_dwarf_read__knows_enumerators_by_their_enum_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
