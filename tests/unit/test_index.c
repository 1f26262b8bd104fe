/* Tests of index.c: finding by name, names that collide, growth. The scan that the index replaces
 * says what is right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/index.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Names by number, and one that is looked for. */
struct index_names {
    const char **items;
    size_t n;
    const char *wanted;
    size_t n_asked; /* how often a name was compared */
};

static bool is_wanted(const void *context, size_t number)
{
    struct index_names *names = (struct index_names *)context;

    names->n_asked++;
    assert_true(number < names->n);
    return strcmp(names->items[number], names->wanted) == 0;
}

static size_t find(const struct index *index, struct index_names *names, uint64_t hash,
                   const char *name)
{
    names->wanted = name;
    return index_find(index, hash, is_wanted, names);
}

static uint64_t hash_of(const char *name)
{
    return index_hash(0, name, strlen(name));
}

static size_t scan(const struct index_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0)
            return i;
    return INDEX_NONE;
}

static void test_index_find__has_nothing_in_an_empty_index(void **state)
{
    (void)state;
    struct index index = {.n = 0};
    struct index_names names = {.n = 0};
    assert_true(find(&index, &names, hash_of("a"), "a") == INDEX_NONE);
}

static void test_index_find__agrees_with_a_scan_of_many_names(void **state)
{
    (void)state;
    struct index index = {.n = 0};
    struct index_names names = {.n = 0};
    for (int i = 0; i < 3000; i++) {
        const char *name = arena_printf(&arena, "%s%d", i % 3 == 0 ? "EPOLL_" : "e.", i * 7 % 3001);
        assert_true(find(&index, &names, hash_of(name), name) == INDEX_NONE);
        index_add(&index, &arena, hash_of(name), names.n);
        ARENA_PUSH(&arena, names.items, names.n, name);
        assert_int_equal(index.n, names.n);
        for (int k = 0; k < 3; k++) {
            const char *other = arena_printf(&arena, "%s%d", k == 0 ? "EPOLL_" : "e.", i * k % 97);
            assert_true(find(&index, &names, hash_of(other), other) == scan(&names, other));
        }
    }
    for (size_t i = 0; i < names.n; i++)
        assert_int_equal(find(&index, &names, hash_of(names.items[i]), names.items[i]), i);
}

static void test_index_find__tells_apart_names_of_one_hash(void **state)
{
    (void)state;
    struct index index = {.n = 0};
    struct index_names names = {.n = 0};
    for (int i = 0; i < 100; i++) {
        index_add(&index, &arena, 0, names.n);
        ARENA_PUSH(&arena, names.items, names.n, arena_printf(&arena, "%d", i));
    }
    for (int i = 0; i < 100; i++)
        assert_int_equal(find(&index, &names, 0, arena_printf(&arena, "%d", i)), i);
    assert_true(find(&index, &names, 0, "100") == INDEX_NONE);
}

static void test_index_find__compares_about_one_name(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct index index = {.n = 0};
    struct index_names names = {.n = 0};
    for (int i = 0; i < N; i++) {
        const char *name = arena_printf(&arena, "record_%06d.field_%d", i / 9, i % 9);
        index_add(&index, &arena, hash_of(name), names.n);
        ARENA_PUSH(&arena, names.items, names.n, name);
    }
    for (size_t i = 0; i < N; i++)
        assert_int_equal(find(&index, &names, hash_of(names.items[i]), names.items[i]), i);
    assert_int_equal(names.n_asked, N); /* a collision of 64 bits would be news */
}

static void test_index_hash__depends_on_every_byte_and_the_start(void **state)
{
    (void)state;
    char text[64] = {0};
    uint64_t plain = index_hash(0, text, sizeof text);
    assert_true(index_hash(1, text, sizeof text) != plain);
    assert_true(index_hash(0, text, sizeof text - 1) != plain);
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = 1;
        assert_true(index_hash(0, text, sizeof text) != plain);
        text[i] = 0;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_index_find__has_nothing_in_an_empty_index, teardown),
        cmocka_unit_test_teardown(test_index_find__agrees_with_a_scan_of_many_names, teardown),
        cmocka_unit_test_teardown(test_index_find__tells_apart_names_of_one_hash, teardown),
        cmocka_unit_test_teardown(test_index_find__compares_about_one_name, teardown),
        cmocka_unit_test_teardown(test_index_hash__depends_on_every_byte_and_the_start, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
