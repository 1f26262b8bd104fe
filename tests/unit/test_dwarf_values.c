/* Tests of dwarf_value.c: each constant has its own value, whatever else has its name, in objects,
 * in what `ld -r` makes of several, and in programs. */
#include "objects.h"

#include "model/facts.h"
#include "object/dwarf.h"

/* The values of everything of this name, each behind its qualified name. */
static const char *values_of(const struct object *object, const char *name)
{
    struct container container;
    struct dwarf_source source = {.container = &container, .is_foreign = true};
    struct dwarf_query query = {.kind = FACT_CONSTANT, .name = name, .as = "v", .is_every = true};
    struct facts facts = {.arena = &arena};
    struct str text = {.arena = &arena};

    if (object->bytes == NULL)
        skip();
    if (!objects_open(&container, object) || !container_debug(&container) ||
        !dwarf_read(&facts, &source, &query, 1, NULL, &diag))
        fail_msg("%s", str_text(&diag.text));
    for (size_t i = 0; i < query.n_facts; i++)
        str_addf(&text, "%s %s\n", query.found, facts.items[i].attr[CONSTANT_VALUE]);
    for (size_t i = 0; i < query.n_conflicts; i++)
        str_addf(&text, "%s %s\n", query.conflicts[i].name,
                 strstr(query.conflicts[i].text, "value=") + strlen("value="));
    return str_text(&text);
}

/* Two sources with a constant of one name each, which the compiler must keep in memory. */
static const char first[] = "static const unsigned V = 0x80000000;\n"
                            "unsigned f(void) { return *(volatile const unsigned *)&V; }\n"
                            "int main(void) { return 0; }\n";
static const char second[] = "static const unsigned W = 7, V = 0x40000000;\n"
                             "unsigned g(void) { return *(volatile const unsigned *)&V + W; }\n";

/* Compiles both and makes one file of them. */
static struct object join(const char *compiler, const char *command)
{
    if (!objects_have(compiler))
        skip();
    objects_write("a.c", first);
    objects_write("b.c", second);
    objects_run(arena_printf(&arena, "%s -O0 -c a.c b.c && %s", compiler, command));
    return objects_read("joined");
}

static void test_dwarf_read__gives_each_static_constant_its_own_value(void **state)
{
    static const char expected[] = "V 0x80000000\nV 0x40000000 type=u32\n";
    static const char *const compilers[] = {
        "x86_64-linux-gnu-gcc -gdwarf-5",
        "x86_64-linux-gnu-gcc -gdwarf-2 -fdata-sections",
        CLANG " --target=x86_64-linux-gnu -gdwarf-5",
        CLANG " --target=x86_64-linux-gnu -gdwarf-4 -fdata-sections",
    };

    (void)state;
    for (size_t i = 0; i < sizeof compilers / sizeof compilers[0]; i++) {
        struct object joined = join(compilers[i], "ld -r a.o b.o -o joined");
        assert_string_equal(values_of(&joined, "V"), expected);
        joined = join(compilers[i], "x86_64-linux-gnu-gcc a.o b.o -o joined");
        assert_string_equal(values_of(&joined, "V"), expected);
        joined = join(compilers[i], "x86_64-linux-gnu-gcc -static-pie a.o b.o -o joined");
        assert_string_equal(values_of(&joined, "V"), expected);
    }
}

/* Every machine has a relocation of its own for the address. */
static void test_dwarf_read__finds_constants_by_address_on_every_machine(void **state)
{
    static const char *const machines[] = {
        "aarch64-linux-gnu",       "arm-linux-gnueabihf", "i686-linux-gnu",
        "riscv64-linux-gnu",       "s390x-linux-gnu",     "mips-linux-gnu",
        "mips64el-linux-gnuabi64", "powerpc-linux-gnu",   "powerpc64le-linux-gnu",
        "sparc64-linux-gnu",       "m68k-linux-gnu",      "alpha-linux-gnu",
        "hppa-linux-gnu",          "sh4-linux-gnu",       "x86_64-linux-gnux32",
    };
    static const char source[] =
        "static const unsigned U = 1; const unsigned short V = 0xfedc; static const int W = -2;\n"
        "int f(void) { static const int V = 3;\n"
        "  return *(volatile const int *)&V + *(volatile const int *)&U +\n"
        "         *(volatile const int *)&W; }\n";
    int n = 0;

    (void)state;
    for (size_t i = 0; i < sizeof machines / sizeof machines[0]; i++) {
        struct object object = objects_compile(
            arena_printf(&arena, "%s-gcc -g -fdata-sections", machines[i]), "a", source);
        if (object.bytes == NULL)
            continue;
        n++;
        if (strcmp(values_of(&object, "V"), "V 0xfedc\nf::V 0x3 type=i32\n") != 0 ||
            strcmp(values_of(&object, "W"), "W -2\n") != 0)
            fail_msg("%s: %s%s", machines[i], values_of(&object, "V"), values_of(&object, "W"));
    }
    if (n == 0)
        skip();
}

static void test_dwarf_read__finds_constants_of_macho_by_address(void **state)
{
    struct object object = objects_compile(
        CLANG " --target=x86_64-apple-macos13 -g", "a",
        "static const unsigned V = 0x80000000; const short W = 5;\n"
        "unsigned f(void) { return *(volatile const unsigned *)&V; }\n"
        "unsigned g(void) { static const int V = 3; return *(volatile const int *)&V; }\n");

    (void)state;
    assert_string_equal(values_of(&object, "V"), "g::V 0x3\nV 0x80000000 type=u32\n");
    assert_string_equal(values_of(&object, "W"), "W 0x5\n");
}

/* What is only declared has the value of the global symbol, and never of a local one. */
static void test_dwarf_read__takes_the_symbol_of_a_declared_constant(void **state)
{
    static const char declared[] = "extern const unsigned V; int main(void) { return (int)V; }\n";

    (void)state;
    if (!objects_have("x86_64-linux-gnu-gcc"))
        skip();
    objects_write("a.c", declared);
    objects_write("b.c", "const unsigned V = 9;\n");
    objects_write("c.c", "static const unsigned V = 8; const void *volatile p = &V;\n");
    objects_run("x86_64-linux-gnu-gcc -g -c a.c && x86_64-linux-gnu-gcc -g0 -c b.c c.c && "
                "ld -r a.o c.o b.o -o whole.o && ld -r a.o c.o -o half.o");
    struct object whole = objects_read("whole.o"), half = objects_read("half.o");
    assert_string_equal(values_of(&whole, "V"), "V 0x9\n");
    assert_string_equal(values_of(&half, "V"), "");
}

/* A variable that nobody declared as a constant may have a value that the compiler worked out. */
static void test_dwarf_read__takes_no_local_variable_for_a_constant(void **state)
{
    struct object object = objects_compile(
        "x86_64-linux-gnu-gcc -g -O2 -fno-inline", "a",
        "int use(int); int f(void) { int V = 5; { static const int W = 6; return use(V) + use(W); } }\n");

    (void)state;
    assert_string_equal(values_of(&object, "V"), "");
    assert_string_equal(values_of(&object, "W"), "f::W 0x6\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_dwarf_read__gives_each_static_constant_its_own_value),
        TEST(test_dwarf_read__finds_constants_by_address_on_every_machine),
        TEST(test_dwarf_read__finds_constants_of_macho_by_address),
        TEST(test_dwarf_read__takes_the_symbol_of_a_declared_constant),
        TEST(test_dwarf_read__takes_no_local_variable_for_a_constant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
