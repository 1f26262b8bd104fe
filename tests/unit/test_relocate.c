/* Tests of relocate.c: the bytes that it leaves are those that each machine's own linker leaves, or
 * it says that it does not know the relocation.
 *
 * In: lines of assembly, assembled for every machine whose assembler is here. Out: the section
 * after relocate(), beside the same section in the linked program. Nothing in these numbers is
 * ours.
 */
#include <elf.h>

#include "objects.h"

#include "object/container_private.h"

/* Where the symbol `there` is: given to the linker, and to relocate as what a symbol is worth. */
enum { THERE = 0x34, PLACE_BYTES = 16 };

/* What compilers write into debug sections: a number of 1, 2, 4, 8 bytes, and how far it is there.
 * */
static const struct expression {
    char letter;
    const char *line;
} expressions[] = {
    {'1', ".byte there+5"},    {'2', ".2byte there+5"},   {'4', ".4byte there-5"},
    {'8', ".8byte there-5"},   {'d', ".2byte there-5-."}, {'p', ".4byte there-5-."},
    {'q', ".8byte there-5-."},
};

/* known: expressions that must be as the linker leaves them. unknown: those that must be refused.
 * The assembler cannot express the rest. types: relocations that the assembler does not choose by
 * itself; "there-5" is what they are to, as the lines have it. */
static const struct tools {
    const char *assembler;
    const char *linker;
    const char *known;
    const char *unknown;
    const char *types;
} tools[] = {
    {"x86_64-linux-gnu-as", "x86_64-linux-gnu-ld", "1248pq", "d", "R_X86_64_32S"},
    {"x86_64-linux-gnux32-as", "x86_64-linux-gnux32-ld", "1248p", "d", "R_X86_64_32S"},
    {"i686-linux-gnu-as", "i686-linux-gnu-ld", "124p", "d", ""},
    {"aarch64-linux-gnu-as", "aarch64-linux-gnu-ld", "248pq", "d", ""},
    {"aarch64-linux-gnu-as -mabi=ilp32", "aarch64-linux-gnu-ld -m aarch64linux32", "4", "2", ""},
    {"arm-linux-gnueabi-as", "arm-linux-gnueabi-ld", "124p", "", "R_ARM_TARGET1"},
    {"riscv64-linux-gnu-as", "riscv64-linux-gnu-ld --no-relax", "48pqd", "", "R_RISCV_32_PCREL"},
    {"powerpc64-linux-gnu-as", "powerpc64-linux-gnu-ld", "248pq", "d",
     "R_PPC64_UADDR16 R_PPC64_UADDR32 R_PPC64_UADDR64"},
    {"powerpc64le-linux-gnu-as", "powerpc64le-linux-gnu-ld", "248pq", "d",
     "R_PPC64_UADDR16 R_PPC64_UADDR32 R_PPC64_UADDR64"},
    {"powerpc-linux-gnu-as", "powerpc-linux-gnu-ld", "24p", "d", "R_PPC_UADDR16 R_PPC_UADDR32"},
    {"s390x-linux-gnu-as", "s390x-linux-gnu-ld", "1248pq", "", ""},
    {"mips-linux-gnu-as", "mips-linux-gnu-ld", "4p", "", ""},
    {"mipsel-linux-gnu-as", "mipsel-linux-gnu-ld", "4p", "", ""},
    {"mips64-linux-gnuabi64-as", "mips64-linux-gnuabi64-ld", "48p", "", ""},
    {"mips64el-linux-gnuabi64-as", "mips64el-linux-gnuabi64-ld", "48p", "", ""},
    {"mips64-linux-gnuabi64-as -n32", "mips64-linux-gnuabi64-ld -m elf32btsmipn32", "4p", "", ""},
    {"m68k-linux-gnu-as", "m68k-linux-gnu-ld", "124p", "d", ""},
    {"sparc64-linux-gnu-as", "sparc64-linux-gnu-ld", "1248", "",
     "R_SPARC_16 R_SPARC_32 R_SPARC_64 R_SPARC_DISP32 R_SPARC_DISP64"},
    {"sparc64-linux-gnu-as -32", "sparc64-linux-gnu-ld -m elf32_sparc", "124", "",
     "R_SPARC_16 R_SPARC_32 R_SPARC_DISP32"},
    {"alpha-linux-gnu-as", "alpha-linux-gnu-ld", "48pq", "d", ""},
    {"hppa-linux-gnu-as", "hppa-linux-gnu-ld", "4p", "", ""},
    {"sh4-linux-gnu-as", "sh4-linux-gnu-ld", "4p", "12d", ""},
    {"arc-linux-gnu-as", "arc-linux-gnu-ld", "124p", "", ""},
    {CLANG " -c --target=riscv64-linux-gnu -mno-relax", LLD, "48pqd", "", "R_RISCV_32_PCREL"},
    {CLANG " -c --target=riscv64-linux-gnu", LLD " --no-relax", "48pqd", "", ""},
    {CLANG " -c --target=loongarch64-linux-gnu", LLD, "48pq", "", ""},
    {CLANG " -c --target=mips64el-linux-gnuabi64", LLD, "48p", "", ""},
};

/* The section of that name in a file of the folder. */
static struct container read_file(const char *name, int *section)
{
    struct object object = objects_read(name);
    struct container container;

    if (!container_read(&container, &arena, name, object.bytes, object.n, NULL, NULL, &diag))
        fail_msg("%s", str_text(&diag.text));
    *section = container_section(&container, ".debug_x");
    assert_true(*section >= 0);
    return container;
}

struct relocating {
    const struct container *container;
    uint8_t *contents;
    size_t n;
    size_t n_relocations;
};

static const char *apply(void *context, const struct relocation *from)
{
    struct relocating *relocating = context;
    const struct container *container = relocating->container;
    struct relocation relocation = *from;

    if (from->symbol >= 0 && strcmp(container->symbols[from->symbol].name, "there") == 0)
        relocation.value = THERE;
    relocating->n_relocations++;
    return relocate(&arena, &relocation, container->format->relocation_machine(container),
                    container->is_big_endian, relocating->contents, relocating->n, 0);
}

/* Assembles lines, each at its place, into a.o. Returns the section as relocate leaves it, NULL
 * after it refused. */
static const uint8_t *relocated(const struct tools *tool, const char *lines, size_t *n)
{
    int section;

    objects_write("a.s", arena_printf(&arena, "\t.section .debug_x,\"\",%%progbits\n%s", lines));
    objects_run(arena_printf(&arena, "%s a.s -o a.o", tool->assembler));
    struct container container = read_file("a.o", &section);
    *n = container.sections[section].n_file;
    struct relocating relocating = {&container, arena_alloc(&arena, *n), *n, 0};
    memcpy(relocating.contents, container.sections[section].file, *n);
    if (!container.format->relocations(&container, (size_t)section, apply, &relocating, &diag))
        return NULL;
    assert_true(relocating.n_relocations > 0);
    return relocating.contents;
}

/* One line at the next place of 16 bytes; what is around it is not 0. */
static void add_location(struct str *lines, const char *line)
{
    str_addf(lines, "\t.balign %d, 0x5a\n\t%s\n\t.byte 0x5a\n\t.balign %d, 0x5a\n", PLACE_BYTES,
             line, PLACE_BYTES);
}

static void expect_linked(const struct tools *tool, const char *lines)
{
    size_t n;
    const uint8_t *ours = relocated(tool, lines, &n);
    int section;

    if (ours == NULL)
        fail_msg("%s: %s", tool->assembler, str_text(&diag.text));
    objects_run(
        arena_printf(&arena, "%s -e 0 --defsym there=0x%x a.o -o a.out", tool->linker, THERE));
    struct container linked = read_file("a.out", &section);
    const uint8_t *theirs = linked.sections[section].file;
    assert_int_equal(linked.sections[section].n_file, n);
    for (size_t i = 0; i < n; i++)
        if (ours[i] != theirs[i])
            fail_msg("%s: byte %zu: the linker has 0x%02x, we have 0x%02x, of\n%s", tool->assembler,
                     i, theirs[i], ours[i], lines);
}

static bool is_here(const struct tools *tool)
{
    return objects_have(tool->assembler) && objects_have(tool->linker);
}

static void test_relocate__leaves_what_the_linker_leaves(void **state)
{
    (void)state;
    size_t n_checked = 0;
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        struct str lines = {.arena = &arena};
        if (!is_here(&tools[i]))
            continue;
        for (size_t k = 0; k < sizeof expressions / sizeof expressions[0]; k++)
            if (strchr(tools[i].known, expressions[k].letter) != NULL)
                add_location(&lines, expressions[k].line);
        expect_linked(&tools[i], str_text(&lines));
        n_checked++;
    }
    if (n_checked == 0)
        skip();
}

static void test_relocate__refuses_what_it_does_not_know(void **state)
{
    (void)state;
    size_t n_checked = 0;
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        for (size_t k = 0; k < sizeof expressions / sizeof expressions[0]; k++) {
            struct str lines = {.arena = &arena};
            size_t n;
            if (strchr(tools[i].unknown, expressions[k].letter) == NULL || !is_here(&tools[i]))
                continue;
            add_location(&lines, expressions[k].line);
            if (relocated(&tools[i], str_text(&lines), &n) != NULL)
                fail_msg("%s: %s: expected it to be refused", tools[i].assembler,
                         expressions[k].line);
            if (strstr(str_text(&diag.text), " is unknown\n") == NULL)
                fail_msg("%s: %s", tools[i].assembler, str_text(&diag.text));
            diag_init(&diag, &arena, false);
            n_checked++;
        }
    }
    if (n_checked == 0)
        skip();
}

/* What an assembler writes only on request: other languages' compilers may. */
static void test_relocate__knows_relocations_that_have_to_be_asked_for(void **state)
{
    (void)state;
    size_t n_checked = 0;
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        struct str lines = {.arena = &arena};
        int place = 0;
        if (!is_here(&tools[i]))
            continue;
        for (const char *at = tools[i].types; *at != '\0'; at += strspn(at, " ")) {
            size_t length = strcspn(at, " ");
            str_addf(&lines, "\t.fill 16, 1, 0x5a\n\t.reloc %d, %.*s, there-5\n",
                     PLACE_BYTES * place++, (int)length, at);
            at += length;
        }
        if (place == 0)
            continue;
        expect_linked(&tools[i], str_text(&lines));
        n_checked++;
    }
    if (n_checked == 0)
        skip();
}

/* ---- differences of labels, which a linker that shortens code may change ---- */

static const char differences[] = "\t.byte .Lend-.Lbegin\n"
                                  "\t.2byte .Lend-.Lbegin\n"
                                  "\t.4byte .Lend-.Lbegin\n"
                                  "\t.8byte .Lend-.Lbegin\n"
                                  "\t.8byte .Lbegin-.Lend\n";
static const char code[] = "\t.text\n.Lbegin:\n\tnop\n\tcall there\n\tnop\n.Lend:\n";

static void test_relocate__sums_up_differences(void **state)
{
    (void)state;
    static const struct {
        struct tools tools;
        const char *more;
    } rows[] = {
        {{"riscv64-linux-gnu-as", "riscv64-linux-gnu-ld --no-relax", "", "", ""}, ""},
        {{CLANG " -c --target=riscv64-linux-gnu", LLD " --no-relax", "", "", ""},
         "\t.uleb128 .Lend-.Lbegin\n\t.byte 0x5a\n"},
    };
    size_t n_checked = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!is_here(&rows[i].tools))
            continue;
        expect_linked(&rows[i].tools,
                      arena_printf(&arena, "%s%s%s", differences, rows[i].more, code));
        n_checked++;
    }
    if (n_checked == 0)
        skip();
}

/* ---- by hand: what no assembler here writes ---- */

/* Applies one relocation at offset 0 of a section of 8 bytes at address 0. */
struct by_hand {
    const char *label;
    unsigned machine;
    bool is_big_endian;
    struct relocation relocation;
    uint8_t before[8], after[8];
};

static void expect_bytes(const struct by_hand *row)
{
    uint8_t contents[8];

    memcpy(contents, row->before, sizeof contents);
    const char *wrong =
        relocate(&arena, &row->relocation, row->machine, row->is_big_endian, contents, 8, 0);
    if (wrong != NULL)
        fail_msg("%s: %s", row->label, wrong);
    for (size_t i = 0; i < sizeof contents; i++)
        if (contents[i] != row->after[i])
            fail_msg("%s: byte %zu: expected 0x%02x, got 0x%02x", row->label, i, row->after[i],
                     contents[i]);
}

static void test_relocate__does_what_the_psabi_says(void **state)
{
    (void)state;
    static const struct by_hand rows[] = {
        {"SET6 keeps the upper bits",
         EM_RISCV,
         false,
         {.type = R_RISCV_SET6, .value = 0x44},
         {0xff, 7},
         {0xc4, 7}},
        {"SUB6 borrows within its bits",
         EM_RISCV,
         false,
         {.type = R_RISCV_SUB6, .value = 2},
         {0xc1, 7},
         {0xff, 7}},
        {"SUB16 with an addend",
         EM_RISCV,
         false,
         {.type = R_RISCV_SUB16, .value = 2, .addend = 1},
         {9, 0, 7},
         {6, 0, 7}},
        {"SET_ULEB128 keeps its length",
         EM_RISCV,
         false,
         {.type = 60, .value = 0x85},
         {0x80, 0x80, 0x00, 7},
         {0x85, 0x81, 0x00, 7}},
        {"SUB_ULEB128",
         EM_RISCV,
         false,
         {.type = 61, .value = 5},
         {0x85, 0x01, 7},
         {0x80, 0x01, 7}},
        {"ADD24 carries into its third byte",
         EM_LOONGARCH,
         false,
         {.type = R_LARCH_ADD24, .value = 1},
         {0xff, 0xff, 0, 8},
         {0, 0, 1, 8}},
        {"ADD24 carries into nothing",
         EM_LOONGARCH,
         false,
         {.type = R_LARCH_ADD24, .value = 2},
         {0xff, 0xff, 0xff, 7},
         {1, 0, 0, 7}},
        {"SUB24 borrows from nothing",
         EM_LOONGARCH,
         false,
         {.type = R_LARCH_SUB24, .value = 2},
         {1, 0, 0, 7},
         {0xff, 0xff, 0xff, 7}},
        {"SUB8 of LoongArch borrows from nothing",
         EM_LOONGARCH,
         false,
         {.type = R_LARCH_SUB8, .value = 2},
         {1, 7},
         {0xff, 7}},
        {"ADD6 leaves the upper bits",
         EM_LOONGARCH,
         false,
         {.type = 105, .value = 3},
         {0x7f, 7},
         {0x42, 7}},
        {"SUB6 of LoongArch", EM_LOONGARCH, false, {.type = 106, .value = 3}, {0x81, 7}, {0xbe, 7}},
        {"ADD8 carries into nothing",
         EM_RISCV,
         false,
         {.type = R_RISCV_ADD8, .value = 2},
         {0xff, 7},
         {1, 7}},
        {"ADD16 carries into nothing",
         EM_RISCV,
         false,
         {.type = R_RISCV_ADD16, .value = 2},
         {0xff, 0xff, 7},
         {1, 0, 7}},
        {"SUB16 of LoongArch borrows from nothing",
         EM_LOONGARCH,
         false,
         {.type = R_LARCH_SUB16, .value = 2},
         {1, 0, 7},
         {0xff, 0xff, 7}},
        {"ADD_ULEB128",
         EM_LOONGARCH,
         false,
         {.type = 107, .value = 3},
         {0x81, 0x00, 7},
         {0x84, 0x00, 7}},
        {"a negative addend in place",
         EM_MIPS,
         true,
         {.type = R_MIPS_32, .value = 0x10, .is_in_place = true},
         {0xff, 0xff, 0xff, 0xff, 7},
         {0, 0, 0, 0x0f, 7}},
        {"the least addend in place",
         EM_386,
         false,
         {.type = R_386_32, .value = 0x10, .is_in_place = true},
         {0, 0, 0, 0x80, 7},
         {0x10, 0, 0, 0x80, 7}},
        {"thread-local: left alone",
         EM_X86_64,
         false,
         {.type = R_X86_64_DTPOFF32, .value = 9, .addend = 9},
         {7},
         {7}},
        {"none of any machine", EM_ALPHA, false, {.value = 9, .addend = 9}, {7}, {7}},
        {"Mach-O, unsigned",
         MACHO | EM_AARCH64,
         false,
         {.value = 0x10, .is_in_place = true, .width = 4},
         {5, 0, 0, 0, 7},
         {0x15, 0, 0, 0, 7}},
        {"Mach-O, subtractor",
         MACHO | EM_X86_64,
         false,
         {.type = 5, .value = 5, .is_in_place = true, .width = 8},
         {0x15},
         {0x10}},
        {"Mach-O of arm64, subtractor",
         MACHO | EM_AARCH64,
         false,
         {.type = 1, .value = 6, .is_in_place = true, .width = 4},
         {5, 0, 0, 0, 7},
         {0xff, 0xff, 0xff, 0xff, 7}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_bytes(&rows[i]);
}

static void test_relocate__counts_from_the_place(void **state)
{
    (void)state;
    struct relocation relocation = {.offset = 4, .value = 0x20, .addend = 1, .type = R_PPC_REL32};
    uint8_t contents[8] = {0};
    assert_null(relocate(&arena, &relocation, EM_PPC, true, contents, 8, 0x10));
    assert_int_equal(bytes_get(contents, 4, true), 0);
    assert_int_equal(bytes_get(contents + 4, 4, true), 0x20 + 1 - 0x14);
}

static void test_relocate__refuses_what_is_outside_and_changes_nothing(void **state)
{
    (void)state;
    static const struct {
        struct relocation relocation;
        unsigned machine;
        const char *wrong;
    } rows[] = {
        {{.offset = 1, .type = R_X86_64_32}, EM_X86_64, "relocation at 0x1 is outside"},
        {{.offset = 4, .type = R_X86_64_8}, EM_X86_64, "relocation at 0x4 is outside"},
        {{.type = R_X86_64_64}, EM_X86_64, "relocation at 0x0 is outside"},
        {{.offset = UINT64_MAX, .type = R_X86_64_32},
         EM_X86_64,
         "relocation at 0xffffffffffffffff is outside"},
        {{.type = 200}, EM_X86_64, "relocation type 200 is unknown"},
        {{.type = R_X86_64_32}, 4711, "relocation type 10 is unknown"},
        {{.type = 60}, EM_RISCV, "relocation at 0x0 is of no ULEB128 number"},
        {{.offset = 3, .type = 60}, EM_RISCV, "relocation at 0x3 is of no ULEB128 number"},
        {{.width = 0}, MACHO | EM_AARCH64, "relocation at 0x0 is outside"},
        {{.width = 16}, MACHO | EM_AARCH64, "relocation at 0x0 is outside"},
        {{.width = 4}, MACHO | EM_PPC, "relocation type 0 is unknown"},
    };
    static const uint8_t before[4] = {0x80, 0x80, 0x80, 0x80};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t contents[4];
        memcpy(contents, before, sizeof contents);
        const char *wrong = relocate(&arena, &rows[i].relocation, rows[i].machine, false, contents,
                                     sizeof contents, 0);
        assert_non_null(wrong);
        assert_string_equal(wrong, rows[i].wrong);
        assert_memory_equal(contents, before, sizeof contents);
    }
}

static void test_relocate__reaches_the_last_byte(void **state)
{
    (void)state;
    uint8_t contents[4] = {0};
    struct relocation last = {.offset = 3, .value = 7, .type = R_X86_64_8};
    struct relocation whole = {.value = 0x01020304, .type = R_X86_64_32};
    assert_null(relocate(&arena, &last, EM_X86_64, false, contents, 4, 0));
    assert_int_equal(contents[3], 7);
    assert_null(relocate(&arena, &whole, EM_X86_64, false, contents, 4, 0));
    assert_int_equal(bytes_get(contents, 4, false), 0x01020304);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_relocate__leaves_what_the_linker_leaves),
        TEST(test_relocate__refuses_what_it_does_not_know),
        TEST(test_relocate__knows_relocations_that_have_to_be_asked_for),
        TEST(test_relocate__sums_up_differences),
        TEST(test_relocate__does_what_the_psabi_says),
        TEST(test_relocate__counts_from_the_place),
        TEST(test_relocate__refuses_what_is_outside_and_changes_nothing),
        TEST(test_relocate__reaches_the_last_byte),
    };
    return cmocka_run_group_tests_name("relocate", tests, NULL, NULL);
}
