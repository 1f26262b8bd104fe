/* arena.h - memory that is freed all at once.
 *
 * In: sizes and strings. Out: zeroed memory that lives until arena_release(). Design: nothing in
 * the generator is freed piece by piece, so no stage has to say who owns what; leak checkers stay
 * on because each arena is released before exit.
 *
 * An arena belongs to one thread at a time. Running out of memory ends the program with exit code
 * 2: no caller could do better.
 */
#ifndef ABIPROOF_ARENA_H
#define ABIPROOF_ARENA_H

#include <stddef.h>
#include <stdarg.h>

struct arena_chunk;

/* Zero-initialise to get an empty arena. */
struct arena {
    struct arena_chunk *chunks; /* newest first */
};

/* Returns size_bytes of zeroed memory aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size_bytes);

/* Copies a NUL-terminated string, or the first n_bytes of one, adding the NUL. */
__attribute__((returns_nonnull)) char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t n_bytes);

/* Formats like printf(3) into memory of the arena. */
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* Grows an array to hold one more item: returns items, or a copy of twice the capacity.
 * items: array of n items of item_size bytes, NULL when n is 0 (the capacity is the power of two
 * at or above n, at least 8, so it need not be stored). The old copy stays in the arena. */
void *arena_grow(struct arena *arena, void *items, size_t n, size_t item_size);

/* Appends value to the array `items` of length `n`; both are lvalues. */
#define ARENA_PUSH(arena, items, n, value)                                                         \
    ((items) = arena_grow((arena), (items), (n), sizeof *(items)), (items)[(n)++] = (value))

/* Forgets everything, and keeps a chunk for what comes next: for memory that is needed again and
 * again, a little each time. */
void arena_rewind(struct arena *arena);

/* Frees everything; the arena is empty and usable afterwards. */
void arena_release(struct arena *arena);

#endif
