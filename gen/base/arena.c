/* arena.c - memory that is freed all at once.
 *
 * In: sizes. Out: zeroed, aligned pieces cut from large chunks, newest chunk first. Design: a large
 * piece gets a chunk of its own behind the newest one, so that the room left in the newest is not
 * thrown away.
 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"

/* The bytes between two pieces are poisoned, so that AddressSanitizer still sees an overrun inside
 * a chunk. Without the sanitizer these expand to nothing. */
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, size_bytes)   ((void)(start), (void)(size_bytes))
#define ASAN_UNPOISON_MEMORY_REGION(start, size_bytes) ((void)(start), (void)(size_bytes))
#endif

enum { CHUNK_BYTES = 64 * 1024, ALIGNMENT = _Alignof(max_align_t), FIRST_CAPACITY = 8 };

struct arena_chunk {
    struct arena_chunk *next; /* older */
    size_t used;
    size_t capacity;
    _Alignas(max_align_t) char bytes[];
};

static struct arena_chunk *chunk_new(size_t capacity)
{
    struct arena_chunk *chunk = calloc(1, sizeof *chunk + capacity);
    if (chunk == NULL)
        diag_die("out of memory: cannot get %zu bytes", capacity);
    chunk->capacity = capacity;
    ASAN_POISON_MEMORY_REGION(chunk->bytes, capacity);
    return chunk;
}

/* Returns a chunk with room for size_bytes, which is a multiple of ALIGNMENT. */
static struct arena_chunk *chunk_for(struct arena *arena, size_t size_bytes)
{
    struct arena_chunk *newest = arena->chunks;
    if (newest != NULL && newest->capacity - newest->used >= size_bytes)
        return newest;

    bool is_large = size_bytes > CHUNK_BYTES / 4;
    struct arena_chunk *chunk = chunk_new(is_large ? size_bytes : CHUNK_BYTES);
    struct arena_chunk **link = is_large && newest != NULL ? &newest->next : &arena->chunks;
    chunk->next = *link;
    *link = chunk;
    return chunk;
}

void *arena_alloc(struct arena *arena, size_t size_bytes)
{
    if (size_bytes > PTRDIFF_MAX - CHUNK_BYTES)
        diag_die("out of memory: cannot get %zu bytes", size_bytes);
    /* An empty piece takes room too: two pieces never share an address. */
    size_t rounded = ((size_bytes ? size_bytes : 1) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct arena_chunk *chunk = chunk_for(arena, rounded);
    char *piece = chunk->bytes + chunk->used;
    chunk->used += rounded;
    ASAN_UNPOISON_MEMORY_REGION(piece, size_bytes);
    return piece;
}

char *arena_strndup(struct arena *arena, const char *text, size_t n_bytes)
{
    n_bytes = strnlen(text, n_bytes);
    char *copy = arena_alloc(arena, n_bytes + 1);
    memcpy(copy, text, n_bytes);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return arena_strndup(arena, text, strlen(text));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char small[256]; /* most texts fit and are formatted once */
    va_list again;
    va_copy(again, args);
    int n_bytes = vsnprintf(small, sizeof small, format, again);
    va_end(again);
    if (n_bytes < 0)
        diag_die("cannot format a text of more than INT_MAX bytes");
    if ((size_t)n_bytes < sizeof small)
        return arena_strndup(arena, small, (size_t)n_bytes);
    char *text = arena_alloc(arena, (size_t)n_bytes + 1);
    vsnprintf(text, (size_t)n_bytes + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t n, size_t item_size)
{
    bool is_full = n == 0 || (n >= FIRST_CAPACITY && (n & (n - 1)) == 0);
    if (!is_full)
        return items;

    size_t capacity = FIRST_CAPACITY;
    size_t size_bytes;
    if ((n && __builtin_mul_overflow(n, 2, &capacity)) ||
        __builtin_mul_overflow(capacity, item_size, &size_bytes))
        diag_die("out of memory: cannot get more than %zu items of %zu bytes", n, item_size);
    void *copy = arena_alloc(arena, size_bytes);
    if (n)
        memcpy(copy, items, n * item_size);
    return copy;
}

void arena_rewind(struct arena *arena)
{
    struct arena_chunk *kept = arena->chunks;

    if (kept == NULL)
        return;
    arena->chunks = kept->next;
    arena_release(arena);
    ASAN_UNPOISON_MEMORY_REGION(kept->bytes, kept->capacity);
    memset(kept->bytes, 0, kept->used);
    ASAN_POISON_MEMORY_REGION(kept->bytes, kept->capacity);
    kept->used = 0;
    kept->next = NULL;
    arena->chunks = kept;
}

void arena_release(struct arena *arena)
{
    while (arena->chunks != NULL) {
        struct arena_chunk *chunk = arena->chunks;
        arena->chunks = chunk->next;
        ASAN_UNPOISON_MEMORY_REGION(chunk->bytes, chunk->capacity);
        free(chunk);
    }
}
