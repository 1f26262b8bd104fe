/* objects.h - what the tests that read objects share: a folder, and objects made by the compilers
 * of this machine. A compiler that is not here makes no object, and the test says so.
 */
#ifndef ABIPROOF_TESTS_OBJECTS_H
#define ABIPROOF_TESTS_OBJECTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "object/container.h"
#include "base/file.h"
#include "base/proc.h"
#include "model/target.h"

static struct arena arena;
static struct diag diag;
static char folder[] = "/tmp/abiproof-test-XXXXXX";

struct object {
    const char *path;
    uint8_t *bytes; /* NULL: it could not be made here */
    size_t n;
};

static inline int objects_setup(void **state)
{
    (void)state;
    strcpy(folder + sizeof folder - 7, "XXXXXX");
    diag_init(&diag, &arena, false);
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static inline int objects_teardown(void **state)
{
    const char *const argv[] = {"rm", "-rf", folder, NULL};

    (void)state;
    (void)proc_run(&arena, argv, 10000);
    arena_release(&arena);
    return 0;
}

/* The table that the repository has. It is read once, and lives as long as the test program. */
static inline const struct targets *objects_targets(void)
{
    static struct targets targets;
    static struct arena forever;

    if (targets.n == 0 && !targets_load(&targets, &forever, "", &diag))
        fail_msg("%s", str_text(&diag.text));
    return &targets;
}

/* Reads an object, with the machines of that table. Returns false after reporting to `diag`. */
static inline bool objects_open(struct container *container, const struct object *object)
{
    return container_read(container, &arena, object->path, object->bytes, object->n,
                          &objects_targets()->machines, NULL, &diag);
}

static inline bool objects_have(const char *command)
{
    const char *program = arena_strndup(&arena, command, strcspn(command, " "));

    if (proc_find(&arena, program) != NULL)
        return true;
    print_message("not checked: no %s\n", program);
    return false;
}

/* Runs a command in the folder; it must succeed. */
static inline void objects_run(const char *command)
{
    const char *line = arena_printf(&arena, "cd %s && %s", folder, command);
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct proc_result result = proc_run(&arena, argv, 60000);

    if (result.end != PROC_EXITED || result.status != 0)
        fail_msg("%s: %s", command, result.err);
}

static inline void objects_write(const char *name, const char *text)
{
    const char *path = arena_printf(&arena, "%s/%s", folder, name);

    if (out_write(path, text, strlen(text), &diag) == OUT_FAILED)
        fail_msg("%s", str_text(&diag.text));
}

static inline struct object objects_read(const char *name)
{
    struct object object = {.path = arena_printf(&arena, "%s/%s", folder, name)};

    object.bytes = (uint8_t *)out_read(&arena, object.path, &object.n);
    assert_non_null(object.bytes);
    return object;
}

/* Compiles NAME.c, made of `source`, into NAME.o by `command`, a compiler with its options. */
static inline struct object objects_compile(const char *command, const char *name,
                                            const char *source)
{
    if (!objects_have(command))
        return (struct object){0};
    objects_write(arena_printf(&arena, "%s.c", name), source);
    objects_run(arena_printf(&arena, "%s -w -O0 -c -o %s.o %s.c", command, name, name));
    return objects_read(arena_printf(&arena, "%s.o", name));
}

#endif
