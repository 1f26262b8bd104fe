/* Tests of boot_archive.c: the bytes of the archive, and what another reader makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "witness/boot_archive.h"
#include "base/file.h"
#include "base/proc.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct cpio new_archive(void)
{
    return (struct cpio){.archive = {.arena = &arena}};
}

/* A reader of its own, written from the kernel's description of the format. */
static unsigned hex_at(const char *bytes)
{
    return (unsigned)strtoul(arena_strndup(&arena, bytes, 8), NULL, 16);
}

static size_t round_up(size_t n)
{
    return (n + 3) / 4 * 4;
}

/* One line per entry: path, mode in octal, links, size, device, content. */
static const char *list(const struct cpio *cpio)
{
    enum { HEADER = 110, MODE = 14, LINKS = 38, SIZE = 54, MAJOR = 78, MINOR = 86, NAME = 94 };
    struct str text = {.arena = &arena};
    const char *at = cpio->archive.text, *end = at + cpio->archive.len;

    while (at < end) {
        assert_true(end - at >= HEADER);
        assert_memory_equal(at, "070701", 6);
        assert_int_equal((at - cpio->archive.text) % 4, 0);
        unsigned n_name = hex_at(at + NAME), n_bytes = hex_at(at + SIZE);
        const char *name = at + HEADER, *content = at + round_up(HEADER + n_name);
        assert_int_equal(name[n_name - 1], '\0');
        assert_int_equal(strlen(name), n_name - 1);
        str_addf(&text, "%s %o %u %u %u:%u %.*s\n", name, hex_at(at + MODE), hex_at(at + LINKS),
                 n_bytes, hex_at(at + MAJOR), hex_at(at + MINOR), (int)n_bytes, content);
        at = content + round_up(n_bytes);
    }
    assert_ptr_equal(at, end);
    return str_text(&text);
}

static struct cpio example(void)
{
    struct cpio cpio = new_archive();

    cpio_add_program(&cpio, "init", "#!", 2);
    cpio_add_folder(&cpio, "dev");
    cpio_add_device(&cpio, "dev/console", 5, 1);
    cpio_add_file(&cpio, "empty", "", 0);
    cpio_add_file(&cpio, "four", "1234", 4);
    cpio_add_file(&cpio, "five", "12345", 5);
    cpio_end(&cpio);
    return cpio;
}

static void test_cpio__has_what_was_added_in_order(void **state)
{
    (void)state;
    struct cpio cpio = example();
    assert_string_equal(list(&cpio), "init 100755 1 2 0:0 #!\n"
                                     "dev 40755 2 0 0:0 \n"
                                     "dev/console 20600 1 0 5:1 \n"
                                     "empty 100644 1 0 0:0 \n"
                                     "four 100644 1 4 0:0 1234\n"
                                     "five 100644 1 5 0:0 12345\n"
                                     "TRAILER!!! 0 1 0 0:0 \n");
}

static void test_cpio__is_aligned_whatever_the_lengths(void **state)
{
    (void)state;
    for (size_t n_name = 1; n_name <= 9; n_name++) {
        for (size_t n_bytes = 0; n_bytes <= 9; n_bytes++) {
            struct cpio cpio = new_archive();
            const char *name = arena_strndup(&arena, "abcdefghi", n_name);
            cpio_add_file(&cpio, name, "123456789", n_bytes);
            cpio_end(&cpio);
            assert_string_equal(list(&cpio),
                                arena_printf(&arena,
                                             "%s 100644 1 %zu 0:0 %.*s\nTRAILER!!! 0 1 0 0:0 \n",
                                             name, n_bytes, (int)n_bytes, "123456789"));
        }
    }
}

static void test_cpio__keeps_zero_bytes(void **state)
{
    (void)state;
    struct cpio cpio = new_archive();
    cpio_add_file(&cpio, "f", "a\0b", 3);
    cpio_end(&cpio);
    assert_memory_equal(cpio.archive.text + 112, "a\0b\0", 4);
}

static void test_cpio__gives_equal_bytes_and_no_inode_twice(void **state)
{
    (void)state;
    struct cpio first = example(), second = example();
    assert_int_equal(first.archive.len, second.archive.len);
    assert_memory_equal(first.archive.text, second.archive.text, first.archive.len);
    assert_int_equal(first.n_entries, 7);
    assert_int_equal(hex_at(first.archive.text + 6), 1);
    assert_int_equal(hex_at(first.archive.text + 120 + 6), 2);
}

/* What cpio(1) or bsdcpio(1) reads, where one is installed. */
static void test_cpio__is_read_by_another_program(void **state)
{
    (void)state;
    struct cpio cpio = example();
    const char *program = proc_find(&arena, "cpio");

    if (program == NULL)
        program = proc_find(&arena, "bsdcpio");
    if (program == NULL)
        skip();
    char path[] = "/tmp/abiproof-test-cpio-XXXXXX";
    int handle = mkstemp(path);
    assert_true(handle >= 0);
    close(handle);
    struct diag diag;
    diag_init(&diag, &arena, false);
    assert_int_not_equal(out_write(path, cpio.archive.text, cpio.archive.len, &diag), OUT_FAILED);
    struct proc_result got =
        proc_run(&arena, (const char *const[]){program, "-t", "--quiet", "-F", path, NULL}, 10000);
    unlink(path);
    assert_int_equal(got.end, PROC_EXITED);
    assert_string_equal(got.out, "init\ndev\ndev/console\nempty\nfour\nfive\n");
    assert_int_equal(got.status, 0);
}

#define TEST(function) cmocka_unit_test_teardown(function, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_cpio__has_what_was_added_in_order),
        TEST(test_cpio__is_aligned_whatever_the_lengths),
        TEST(test_cpio__keeps_zero_bytes),
        TEST(test_cpio__gives_equal_bytes_and_no_inode_twice),
        TEST(test_cpio__is_read_by_another_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
