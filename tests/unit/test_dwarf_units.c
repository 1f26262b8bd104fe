/* Tests of dwarf_units.c: what a unit was compiled from, by whom, and whether it has types. */
#include "objects.h"

#include "object/dwarf.h"

static const char *const types[] = {
    [DWARF_TYPES] = "types", [DWARF_TYPES_NONE] = "none", [DWARF_TYPES_LEFT_OUT] = "left out"};

/* "NAME LANGUAGE types" for each unit. */
static const char *units_of(const struct object *object)
{
    struct container container;
    struct dwarf_unit *units;
    struct str text = {.arena = &arena};
    size_t n;

    if (object->bytes == NULL)
        skip();
    if (!objects_open(&container, object) || !container_debug(&container) ||
        !dwarf_units(&container, &arena, &units, &n, &diag))
        fail_msg("%s", str_text(&diag.text));
    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s %s %s\n", units[i].name, units[i].language, types[units[i].types]);
    return str_text(&text);
}

static const char source[] = "struct s { int x; } v; int f(int a) { return a; }\n";
static const char typeless[] = "void g(void) {}\n";

static void test_dwarf_units__knows_where_types_were_left_out(void **state)
{
    static const struct {
        const char *command, *source, *expected;
    } rows[] = {
        {"x86_64-linux-gnu-gcc -g", source, "types"},
        {"x86_64-linux-gnu-gcc -g1", source, "left out"},
        {"x86_64-linux-gnu-gcc -g1 -g", source, "types"},
        {"x86_64-linux-gnu-gcc -g -g1", typeless, "left out"},
        {"x86_64-linux-gnu-gcc -g1 -gno-record-gcc-switches", source, "left out"},
        {"x86_64-linux-gnu-gcc -g", typeless, "none"},
        {CLANG " --target=x86_64-linux-gnu -g", source, "types"},
        {CLANG " --target=x86_64-linux-gnu -g", typeless, "none"},
        {CLANG " --target=x86_64-linux-gnu -g1", source, "left out"},
        {CLANG " --target=x86_64-linux-gnu -gline-tables-only -O2", source, "left out"},
        {CLANG " --target=x86_64-linux-gnu -gdwarf-3 -g1", typeless, "left out"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct object object = objects_compile(rows[i].command, "a", rows[i].source);
        const char *expected = arena_printf(&arena, "a.c C %s\n", rows[i].expected);
        if (object.bytes != NULL && strcmp(units_of(&object), expected) != 0)
            fail_msg("%s: expected %s, got %s", rows[i].command, expected, units_of(&object));
    }
}

static void test_dwarf_units__lists_every_unit_with_its_language(void **state)
{
    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc") || !objects_have("x86_64-linux-gnu-g++"))
        skip();
    objects_write("a.c", source);
    objects_write("b.c", "int wrong;\n");
    objects_write("c.cc", "namespace n { struct s { int x; }; s v; }\n");
    objects_write("d.s", ".text\nnop\n");
    objects_run("x86_64-linux-gnu-gcc -g -c a.c && x86_64-linux-gnu-gcc -g1 -c b.c && "
                "x86_64-linux-gnu-g++ -g -c c.cc && x86_64-linux-gnu-gcc -g -c d.s && "
                "ld -r a.o b.o c.o d.o -o joined");
    struct object object = objects_read("joined");
    assert_string_equal(units_of(&object), "a.c C types\n"
                                           "b.c C left out\n"
                                           "c.cc C++ types\n"
                                           "d.s assembler none\n");
}

static void test_dwarf_units__keeps_the_producer_in_its_own_words(void **state)
{
    struct object object = objects_compile("x86_64-linux-gnu-gcc -g1 -m64", "a", source);
    struct container container;
    struct dwarf_unit *units;
    size_t n;

    (void)state;
    if (object.bytes == NULL)
        skip();
    assert_true(objects_open(&container, &object) && container_debug(&container));
    assert_true(dwarf_units(&container, &arena, &units, &n, &diag));
    assert_int_equal(n, 1);
    assert_memory_equal(units[0].producer, "GNU C", strlen("GNU C"));
    assert_non_null(strstr(units[0].producer, " -g1"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_dwarf_units__knows_where_types_were_left_out),
        TEST(test_dwarf_units__lists_every_unit_with_its_language),
        TEST(test_dwarf_units__keeps_the_producer_in_its_own_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
