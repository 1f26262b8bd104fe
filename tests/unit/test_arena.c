/* Tests of arena.c: pieces are zeroed, aligned and apart; arrays grow when full and only then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"

#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#endif

static int setup(void **state)
{
    static struct arena arena;
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_release(*state);
    return 0;
}

static void assert_all_bytes(const char *bytes, size_t n_bytes, int expected)
{
    for (size_t i = 0; i < n_bytes; i++)
        if (bytes[i] != expected)
            fail_msg("byte %zu of %zu: expected %d, got %d", i, n_bytes, expected, bytes[i]);
}

static void test_arena__returns_zeroed_aligned_memory_of_any_size(void **state)
{
    static const size_t sizes[] = {1, 3, 8, 17, 1000, 16384, 16385, 65536, 1000000, 5};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *piece = arena_alloc(*state, sizes[i]);
        if ((uintptr_t)piece % _Alignof(max_align_t) != 0)
            fail_msg("piece of %zu bytes is not aligned: %p", sizes[i], (void *)piece);
        assert_all_bytes(piece, sizes[i], 0);
        memset(piece, 0xff, sizes[i]);
    }
}

static void test_arena__keeps_pieces_apart(void **state)
{
    enum { N = 300 };
    char *pieces[N];
    for (int i = 0; i < N; i++) {
        size_t size = (size_t)i * 97 % 20000 + 1; /* small, and large enough for their own chunk */
        pieces[i] = arena_alloc(*state, size);
        memset(pieces[i], i % 100 + 1, size);
    }
    for (int i = 0; i < N; i++)
        assert_all_bytes(pieces[i], (size_t)i * 97 % 20000 + 1, i % 100 + 1);
}

static void test_arena__gives_distinct_addresses_when_size_is_zero(void **state)
{
    void *first = arena_alloc(*state, 0);
    void *second = arena_alloc(*state, 0);
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);
}

static void test_arena__goes_on_in_a_chunk_when_a_large_piece_came_between(void **state)
{
    char *before = arena_alloc(*state, 16);
    arena_alloc(*state, 1000000);
    char *after = arena_alloc(*state, 16);
    assert_ptr_equal(after, before + 16);
}

static void test_arena__poisons_what_is_between_pieces(void **state)
{
#ifdef __SANITIZE_ADDRESS__
    char *piece = arena_alloc(*state, 5);
    assert_false(__asan_address_is_poisoned(piece + 4));
    assert_true(__asan_address_is_poisoned(piece + 5));
#else
    (void)state;
    skip(); /* only AddressSanitizer has poison */
#endif
}

static void test_arena__is_usable_when_released(void **state)
{
    struct arena *arena = *state;
    arena_strdup(arena, "before");
    arena_release(arena);
    assert_null(arena->chunks);
    assert_string_equal(arena_strdup(arena, "after"), "after");
    arena_release(arena);
    arena_release(arena); /* empty already */
    assert_null(arena->chunks);
}

static void test_arena__copies_strings(void **state)
{
    char source[] = "epoll";
    char *copy = arena_strdup(*state, source);
    char *part = arena_strndup(*state, source, 2);
    char *longer = arena_strndup(*state, source, 100);
    memset(source, 'x', sizeof source - 1);
    assert_string_equal(copy, "epoll");
    assert_string_equal(part, "ep");
    assert_string_equal(longer, "epoll");
    assert_string_equal(arena_strdup(*state, ""), "");
}

static void test_arena__copies_bytes_that_have_no_nul(void **state)
{
    const char bytes[2] = {'a', 'b'};
    assert_string_equal(arena_strndup(*state, bytes, sizeof bytes), "ab");
}

static void test_arena__formats_text_of_any_length(void **state)
{
    assert_string_equal(arena_printf(*state, "%s=%d", "size", 12), "size=12");
    /* around the size up to which texts are formatted once */
    for (int width = 254; width <= 258; width++) {
        char *text = arena_printf(*state, "%*d", width, 7);
        assert_int_equal(strlen(text), width);
        assert_int_equal(text[width - 1], '7');
    }
    assert_int_equal(strlen(arena_printf(*state, "%100000d", 7)), 100000);
}

static void test_arena_grow__moves_only_when_full(void **state)
{
    static const struct {
        size_t n;
        bool moves;
    } rows[] = {{1, false},  {7, false}, {8, true},   {9, false},
                {15, false}, {16, true}, {17, false}, {32, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int *items = arena_alloc(*state, 64 * sizeof *items);
        int *grown = arena_grow(*state, items, rows[i].n, sizeof *items);
        if ((grown != items) != rows[i].moves)
            fail_msg("array of %zu: expected %s", rows[i].n, rows[i].moves ? "a copy" : "no copy");
    }
    assert_non_null(arena_grow(*state, NULL, 0, sizeof(int)));
}

static void test_arena_push__keeps_all_items(void **state)
{
    size_t *items = NULL;
    size_t n = 0;
    for (size_t i = 0; i < 1000; i++)
        ARENA_PUSH(*state, items, n, i * i);
    assert_int_equal(n, 1000);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(items[i], i * i);
}

/* Runs action in a child. Returns its wait status and puts what it wrote to stderr in text. */
static int run_in_child(void (*action)(void), char *text, size_t capacity)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        action();
        _exit(0);
    }
    close(fds[1]);
    ssize_t n_read = read(fds[0], text, capacity - 1);
    text[n_read > 0 ? n_read : 0] = '\0';
    close(fds[0]);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void ask_for_too_many_bytes(void)
{
    struct arena arena = {0};
    arena_alloc(&arena, SIZE_MAX);
}

static void ask_for_too_many_items(void)
{
    struct arena arena = {0};
    char item[16] = {0};
    arena_grow(&arena, item, SIZE_MAX / 2 + 1, sizeof item);
}

static void test_arena__ends_the_program_when_memory_is_out(void **state)
{
    (void)state;
    void (*const actions[])(void) = {ask_for_too_many_bytes, ask_for_too_many_items};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        char text[512];
        int status = run_in_child(actions[i], text, sizeof text);
        if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_USAGE)
            fail_msg("action %zu: expected exit code 2, got wait status 0x%x", i, status);
        if (strncmp(text, "abiproof: out of memory: ", 25) != 0)
            fail_msg("action %zu: expected 'abiproof: out of memory', got '%s'", i, text);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

static void test_arena_rewind__gives_the_same_memory_again_and_zeroed(void **state)
{
    struct arena again = {NULL};

    (void)state;
    arena_rewind(&again);
    char *first = arena_alloc(&again, 100);
    memset(first, 1, 100);
    for (int i = 0; i < 3; i++)
        (void)arena_alloc(&again, 100000); /* chunks of their own */
    arena_rewind(&again);
    char *second = arena_alloc(&again, 200);
    assert_ptr_equal(second, first);
    for (int i = 0; i < 200; i++)
        assert_int_equal(second[i], 0);
    arena_release(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_rewind__gives_the_same_memory_again_and_zeroed),
        TEST(test_arena__returns_zeroed_aligned_memory_of_any_size),
        TEST(test_arena__keeps_pieces_apart),
        TEST(test_arena__gives_distinct_addresses_when_size_is_zero),
        TEST(test_arena__goes_on_in_a_chunk_when_a_large_piece_came_between),
        TEST(test_arena__poisons_what_is_between_pieces),
        TEST(test_arena__is_usable_when_released),
        TEST(test_arena__copies_strings),
        TEST(test_arena__copies_bytes_that_have_no_nul),
        TEST(test_arena__formats_text_of_any_length),
        TEST(test_arena_grow__moves_only_when_full),
        TEST(test_arena_push__keeps_all_items),
        TEST(test_arena__ends_the_program_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
