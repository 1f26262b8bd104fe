/* Tests of container.c, elf.c and macho.c: every format, class and byte order that is supported,
 * and the message for everything else. */
#include <elf.h>

#include "objects.h"

#include "object/container_private.h"
#include "object/dwarf.h"

static const char source[] = "struct point { char a; long b; } origin;\n"
                             "__thread int local;\n"
                             "int f(int);\n"
                             "int (*pf)(int) = f;\n"
                             "int main(void) { return f(local); }\n";

static bool read_all(struct container *container, const struct object *object, const char *machine)
{
    return container_read(container, &arena, "object", object->bytes, object->n,
                          &objects_targets()->machines, machine, &diag) &&
           container_debug(container);
}

/* Offset of point.b by the object's debug information; -1 after an error. */
static int64_t read_offset(const struct object *object, const char *machine)
{
    struct facts facts = {.arena = &arena};
    struct dwarf_query query = {.kind = FACT_RECORD, .name = "point", .as = "point"};
    struct container container;
    struct dwarf_source from = {.container = &container};

    if (!read_all(&container, object, machine) ||
        !dwarf_read(&facts, &from, &query, 1, NULL, &diag))
        return -1;
    const struct fact *field = facts_find(&facts, FACT_FIELD, "point.b");
    return field != NULL ? fact_number(field, FIELD_OFFSET) : -1;
}

/* Expects an error that has all of the text. */
static void expect_refused(const struct object *object, const char *machine, const char *text)
{
    diag_init(&diag, &arena, false);
    assert_int_equal(read_offset(object, machine), -1);
    if (strstr(str_text(&diag.text), text) == NULL)
        fail_msg("expected '%s', got: %s", text, str_text(&diag.text));
    assert_int_equal(diag.n_errors, 1);
}

static void expect_offset(const struct object *object, const char *machine, int64_t offset,
                          const char *label)
{
    int64_t got = read_offset(object, machine);

    if (got != offset)
        fail_msg("%s: expected %lld, got %lld: %s", label, (long long)offset, (long long)got,
                 str_text(&diag.text));
}

/* ---- architectures ----------------------------------------------------------------------------
 */

/* A compiler of a target of Linux or macOS: the table's, or clang, which writes other objects. */
struct container_row {
    const char *command;
    const struct target *target;
};

static void add_row(struct container_row **rows, size_t *n, const char *command,
                    const struct target *target)
{
    if (objects_have(command))
        ARENA_PUSH(&arena, *rows, *n, ((struct container_row){command, target}));
}

static struct container_row *list_rows(size_t *n)
{
    const struct targets *targets = objects_targets();

    struct container_row *rows = NULL;
    *n = 0;
    for (unsigned i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];
        if (strcmp(target->os, "linux") != 0 && strcmp(target->os, "macos") != 0)
            continue;
        if (target->gnu != NULL)
            add_row(&rows, n, target->cc[0], target);
        if (strcmp(target->reader, "clang") == 0)
            add_row(&rows, n, arena_printf(&arena, CLANG " --target=%s", target->triple), target);
    }
    return rows;
}

/* Where a `long` lies behind a char: at its own size, but for the psABI of the 68000. */
static int64_t offset_of_long(const struct target *target)
{
    return strcmp(target->name, "m68k-linux") == 0 ? 2 : target->bits / 8;
}

static void check_row(const struct container_row *row, const char *dwarf)
{
    struct object object =
        objects_compile(arena_printf(&arena, "%s %s", row->command, dwarf), "a", source);
    struct container container;

    if (!objects_open(&container, &object))
        fail_msg("%s: %s", row->command, str_text(&diag.text));
    assert_string_equal(container.machine, row->target->machine_name);
    assert_int_equal(container.bits, row->target->bits);
    assert_int_equal(container.is_big_endian, strcmp(row->target->endian, "big") == 0);
    assert_true(container.is_relocatable);
    expect_offset(&object, NULL, offset_of_long(row->target), row->command);
}

static void test_container__reads_every_architecture(void **state)
{
    (void)state;
    size_t n;
    const struct container_row *rows = list_rows(&n);
    for (size_t i = 0; i < n; i++) {
        check_row(&rows[i], "-gdwarf-5");
        check_row(&rows[i], "-gdwarf-4");
        check_row(&rows[i], "-gdwarf-2");
    }
    assert_true(n > 0);
}

static void test_container__finds_symbols_and_what_they_refer_to(void **state)
{
    (void)state;
    size_t n;
    const struct container_row *rows = list_rows(&n);
    for (size_t i = 0; i < n; i++) {
        struct object object = objects_compile(rows[i].command, "a", source);
        const char *const label = rows[i].target->label;
        struct container container;
        assert_true(objects_open(&container, &object));
        const struct container_symbol *pointer =
            container_symbol(&container, arena_printf(&arena, "%spf", label));
        assert_non_null(pointer);
        assert_false(pointer->is_local);
        assert_true(pointer->section >= 0);
        if (label[0] == '\0')
            assert_int_equal(pointer->size, rows[i].target->bits / 8);
        const struct container_symbol *function = container_reference(&container, pointer);
        if (function == NULL)
            fail_msg("%s: pf refers to nothing", rows[i].command);
        assert_string_equal(function->name, arena_printf(&arena, "%sf", label));
        assert_int_equal(function->section, SYMBOL_UNDEFINED);
        assert_null(container_symbol(&container, function->name));
    }
}

/* ---- relocations ------------------------------------------------------------------------------
 */

/* Section header of an ELF64 file of this machine's byte order, by its name. */
static Elf64_Shdr *find_section(const struct object *object, const char *name)
{
    Elf64_Ehdr *file = (Elf64_Ehdr *)object->bytes;
    Elf64_Shdr *headers = (Elf64_Shdr *)(object->bytes + file->e_shoff);

    for (unsigned i = 0; i < file->e_shnum; i++)
        if (strcmp((char *)object->bytes + headers[file->e_shstrndx].sh_offset + headers[i].sh_name,
                   name) == 0)
            return &headers[i];
    fail_msg("no section '%s'", name);
    return NULL;
}

static void test_container__names_an_unknown_relocation(void **state)
{
    struct object object = objects_compile("x86_64-linux-gnu-gcc -g", "a", source);

    (void)state;
    if (object.bytes == NULL)
        skip();
    Elf64_Rela *relocation =
        (Elf64_Rela *)(object.bytes + find_section(&object, ".rela.debug_info")->sh_offset);
    relocation->r_info = ELF64_R_INFO(1, 200);
    expect_refused(&object, NULL,
                   "section '.debug_info' cannot be relocated for x86_64: relocation type 200 is "
                   "unknown");
    relocation->r_info = ELF64_R_INFO(0xffffff, R_X86_64_32);
    expect_refused(&object, NULL, "a relocation is to a symbol that is not there");
}

static void test_container__refuses_composed_relocations_of_mips(void **state)
{
    struct object object = objects_compile("mips64el-linux-gnuabi64-gcc -g", "a", source);

    (void)state;
    if (object.bytes == NULL)
        skip();
    uint8_t *info = object.bytes + find_section(&object, ".rela.debug_info")->sh_offset + 8;
    info[6] = R_MIPS_64; /* a second operation on the first one's result */
    expect_refused(&object, NULL, "a relocation of several operations is unknown");
}

/* ---- compression ------------------------------------------------------------------------------
 */

static void test_container__decompresses_zlib_of_both_styles_and_classes(void **state)
{
    static const struct {
        const char *command;
        const char *section;
        int offset;
    } some[] = {
        {"x86_64-linux-gnu-gcc -g -gz=zlib", ".debug_info", 8},
        {"x86_64-linux-gnu-gcc -g -Wa,--compress-debug-sections=zlib-gnu", ".zdebug_info", 8},
        {"s390x-linux-gnu-gcc -g -gz=zlib", ".debug_info", 8},
        {"mips-linux-gnu-gcc -g -gz=zlib", ".debug_info", 4},
        {"i686-linux-gnu-gcc -g -Wa,--compress-debug-sections=zlib-gnu", ".zdebug_info", 4},
    };

    (void)state;
    struct str large = {.arena = &arena};
    str_add(&large, source);
    for (int i = 0; i < 200; i++) /* what does not shrink is left as it is */
        str_addf(&large, "struct s%d { int a, b; } v%d;\n", i, i);
    size_t n_checked = 0;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        struct object object = objects_compile(some[i].command, "a", str_text(&large));
        if (object.bytes == NULL)
            continue;
        struct container container;
        assert_true(read_all(&container, &object, NULL));
        int section = container_section(&container, some[i].section);
        assert_true(section >= 0);
        assert_true(container.sections[section].is_compressed);
        expect_offset(&object, NULL, some[i].offset, some[i].command);
        n_checked++;
    }
    if (n_checked == 0)
        skip();
}

static struct object compile_compressed(void)
{
    struct str large = {.arena = &arena};

    str_add(&large, source);
    for (int i = 0; i < 200; i++)
        str_addf(&large, "struct s%d { int a, b; } v%d;\n", i, i);
    return objects_compile("x86_64-linux-gnu-gcc -g -gz=zlib", "a", str_text(&large));
}

static void test_container__refuses_compression_that_it_cannot_undo(void **state)
{
    struct object object = compile_compressed();

    (void)state;
    if (object.bytes == NULL)
        skip();
    Elf64_Chdr *header =
        (Elf64_Chdr *)(object.bytes + find_section(&object, ".debug_info")->sh_offset);
    header->ch_type = 2;
#ifdef HAVE_ZSTD
    expect_refused(&object, NULL, "section '.debug_info' cannot be decompressed");
#else
    expect_refused(&object, NULL, "section '.debug_info' is compressed with zstd");
#endif
    header->ch_type = 77;
    expect_refused(&object, NULL, "section '.debug_info' is compressed by method 77");
    header->ch_type = ELFCOMPRESS_ZLIB;
    header->ch_size += 1;
    expect_refused(&object, NULL, "section '.debug_info' cannot be decompressed");
    header->ch_size = 1ULL << 60;
    expect_refused(&object, NULL, "section '.debug_info' promises 1152921504606846976 bytes");
}

/* ---- linked files, Mach-O ---------------------------------------------------------------------
 */

static void test_container__reads_a_linked_library(void **state)
{
    struct object object = objects_compile("x86_64-linux-gnu-gcc -g -fPIC", "a", source);

    (void)state;
    if (object.bytes == NULL)
        skip();
    objects_run("x86_64-linux-gnu-gcc -shared -nostdlib -o a.so a.o");
    object = objects_read("a.so");
    struct container container;
    assert_true(container_read(&container, &arena, "a.so", object.bytes, object.n,
                               &objects_targets()->machines, NULL, &diag));
    assert_false(container.is_relocatable);
    assert_null(container_reference(&container, container_symbol(&container, "pf")));
    expect_offset(&object, NULL, 8, "a.so");
}

/* Joins objects behind a fat header of 4096 bytes each. */
static struct object make_fat(const struct object *parts, const uint32_t *processors, size_t n)
{
    struct object fat = {.n = 4096};
    size_t at = 4096;

    for (size_t i = 0; i < n; i++)
        fat.n += parts[i].n;
    fat.bytes = arena_alloc(&arena, fat.n);
    bytes_set(fat.bytes, 4, true, 0xcafebabe);
    bytes_set(fat.bytes + 4, 4, true, n);
    for (size_t i = 0; i < n; i++) {
        uint8_t *entry = fat.bytes + 8 + 20 * i;
        bytes_set(entry, 4, true, processors[i]);
        bytes_set(entry + 8, 4, true, at);
        bytes_set(entry + 12, 4, true, parts[i].n);
        memcpy(fat.bytes + at, parts[i].bytes, parts[i].n);
        at += parts[i].n;
    }
    return fat;
}

static void test_container__takes_a_part_of_a_fat_file(void **state)
{
    static const uint32_t processors[] = {0x01000007, 0x0100000c};
    struct object parts[] = {
        objects_compile(CLANG " --target=x86_64-apple-macos13 -g", "x", source),
        objects_compile(CLANG " --target=arm64-apple-macos13 -g", "a", source),
    };

    (void)state;
    if (parts[0].bytes == NULL)
        skip();
    struct object fat = make_fat(parts, processors, 2);
    expect_offset(&fat, "aarch64", 8, "aarch64 of a fat file");
    expect_offset(&fat, "x86_64", 8, "x86_64 of a fat file");
    struct container container;
    assert_true(read_all(&container, &fat, "aarch64"));
    assert_string_equal(container.machine, "aarch64");
    struct object single = make_fat(parts, processors, 1);
    expect_offset(&single, NULL, 8, "the only part");
    expect_refused(&fat, NULL, "a fat file for x86_64, aarch64: say which by --target");
    expect_refused(&fat, "ppc", "a fat file for x86_64, aarch64: no part for 'ppc'");
    fat.n = 4096 + 8;
    expect_refused(&fat, "x86_64", "truncated: part 0 of a fat file");
}

static void test_container__reads_what_dsymutil_makes(void **state)
{
    struct object object = objects_compile(CLANG " --target=arm64-apple-macos13 -g", "a",
                                           "struct point { char a; long b; } origin;\n"
                                           "int main(void) { return origin.a; }\n");

    (void)state;
    if (object.bytes == NULL || !objects_have(LD64) || !objects_have(DSYMUTIL))
        skip();
    objects_run(LD64 " -arch arm64 -platform_version macos 13 13 -dylib -o a.dylib a.o");
    objects_run(DSYMUTIL " a.dylib -o a.dSYM");
    object = objects_read("a.dylib");
    expect_refused(&object, NULL, "run dsymutil");
    diag_init(&diag, &arena, false);
    object = objects_read("a.dSYM/Contents/Resources/DWARF/a.dylib");
    struct container container;
    assert_true(read_all(&container, &object, NULL));
    assert_false(container.is_relocatable);
    expect_offset(&object, NULL, 8, "a.dSYM");
}

/* ---- what is refused --------------------------------------------------------------------------
 */

static void test_container__says_what_to_do_about_objects_without_debug_information(void **state)
{
    static const struct {
        const char *command;
        const char *message;
    } some[] = {
        {"x86_64-linux-gnu-gcc -g0", "no section '.debug_info': compile with -g"},
        {"x86_64-linux-gnu-gcc -g -flto", "compile without -flto"},
        {CLANG " --target=x86_64-linux-gnu -g -flto", "LLVM bitcode, not an object"},
        {"x86_64-linux-gnu-gcc -g1", "has no types: compile with -g, not -g1"},
        {CLANG " --target=x86_64-linux-gnu -g1", "has no types: compile with -g, not -g1"},
        {CLANG " --target=arm64-apple-macos13 -g1", "has no types: compile with -g, not -g1"},
        {"x86_64-linux-gnu-gcc -gdwarf-5 -fdebug-types-section", "-fno-debug-types-section"},
        {"x86_64-linux-gnu-gcc -gdwarf-4 -fdebug-types-section", "-fno-debug-types-section"},
        {"x86_64-linux-gnu-gcc -gdwarf-5 -gsplit-dwarf", "compile without -gsplit-dwarf"},
        {"x86_64-linux-gnu-gcc -gdwarf-4 -gsplit-dwarf", "compile without -gsplit-dwarf"},
        {CLANG " --target=x86_64-linux-gnu -gdwarf-5 -gsplit-dwarf",
         "compile without -gsplit-dwarf"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        struct object object = objects_compile(some[i].command, "a", source);
        if (object.bytes != NULL)
            expect_refused(&object, NULL, some[i].message);
    }
}

static void test_container__names_the_file_that_debug_information_was_moved_to(void **state)
{
    struct object object = objects_compile("x86_64-linux-gnu-gcc -g", "a", source);

    (void)state;
    if (object.bytes == NULL)
        skip();
    objects_run("objcopy --only-keep-debug a.o a.debug && objcopy --strip-debug "
                "--add-gnu-debuglink=a.debug a.o b.o");
    object = objects_read("b.o");
    expect_refused(&object, NULL, "stripped: its debug information is in a file 'a.debug'");
}

static void test_container__refuses_what_is_no_object(void **state)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *message;
    } some[] = {
        {"", 0, "the file is empty"},
        {"#!/bin/sh\n", 10, "neither ELF nor Mach-O"},
        {"!<arch>\nx", 9, "an archive, not an object"},
        {"!<thin>\nx", 9, "an archive, not an object"},
        {"\177ELF", 4, "the header is not one of ELF"},
        {"\xca\xfe\xba\xbe\0\0\0\x37", 8, "a fat file of 55 parts (or a Java class)"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
        struct object object = {.bytes = arena_alloc(&arena, some[i].n + 1), .n = some[i].n};
        memcpy(object.bytes, some[i].bytes, some[i].n);
        expect_refused(&object, NULL, some[i].message);
    }
}

static void test_container__says_where_a_file_was_cut(void **state)
{
    struct object object = objects_compile("x86_64-linux-gnu-gcc -g", "a", source);

    (void)state;
    if (object.bytes == NULL)
        skip();
    Elf64_Shdr *section = find_section(&object, ".debug_info");
    section->sh_size = object.n;
    expect_refused(&object, NULL, "truncated: section '.debug_info' ends behind the file");
    object.n /= 2;
    expect_refused(&object, NULL, "no table of sections: stripped, or truncated");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_container__reads_every_architecture),
        TEST(test_container__finds_symbols_and_what_they_refer_to),
        TEST(test_container__names_an_unknown_relocation),
        TEST(test_container__refuses_composed_relocations_of_mips),
        TEST(test_container__decompresses_zlib_of_both_styles_and_classes),
        TEST(test_container__refuses_compression_that_it_cannot_undo),
        TEST(test_container__reads_a_linked_library),
        TEST(test_container__takes_a_part_of_a_fat_file),
        TEST(test_container__reads_what_dsymutil_makes),
        TEST(test_container__says_what_to_do_about_objects_without_debug_information),
        TEST(test_container__names_the_file_that_debug_information_was_moved_to),
        TEST(test_container__refuses_what_is_no_object),
        TEST(test_container__says_where_a_file_was_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
