/* Tests of dwarf.c on every architecture whose compiler is here: its evidence on the real headers
 * is that of libclang, and epoll_event has the shape that the kernel uses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/proc.h"
#include "model/spec.h"
#include "model/target.h"
#include "witness/witness.h"

/* What libclang knows of an architecture. */
enum clang { CLANG_ALL, CLANG_NO_LAYOUT, CLANG_NONE };

/* epoll_event's size, align and offset of data on a target (the kernel's EPOLL_PACKED and the psABI
 * of each). What no row has is as the last one says. */
static const struct producer_row {
    const char *target;
    int size, align, data;
    enum clang clang;
} rows[] = {
    {"x86_64-linux", 12, 1, 4, CLANG_ALL},
    {"x32-linux", 12, 1, 4, CLANG_ALL},
    {"i386-linux", 12, 4, 4, CLANG_ALL},
    /* clang aligns 8 bytes to 4 there; gcc and the kernel to 2 */
    {"m68k-linux", 12, 2, 4, CLANG_NO_LAYOUT},
    {"alpha-linux", 16, 8, 8, CLANG_NONE},
    {"hppa-linux", 16, 8, 8, CLANG_NONE},
    {"sh4-linux", 12, 4, 4, CLANG_NONE},
    {"arc-linux", 12, 4, 4, CLANG_NONE},
    {NULL, 16, 8, 8, CLANG_ALL},
};

static struct arena arena;
static struct diag diag;
static char folder[] = "/tmp/abiproof-test-XXXXXX";

static int setup(void **state)
{
    (void)state;
    diag_init(&diag, &arena, false);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char **words(const char *text, unsigned *n)
{
    const char **items = NULL;
    size_t count = 0;

    for (const char *at = text; *at != '\0'; at += strspn(at, " ")) {
        ARENA_PUSH(&arena, items, count, arena_strndup(&arena, at, strcspn(at, " ")));
        at += strcspn(at, " ");
    }
    ARENA_PUSH(&arena, items, count, NULL);
    *n = (unsigned)count - 1;
    return items;
}

static const struct producer_row *check_of(const struct target *target)
{
    const struct producer_row *row = rows;

    while (row->target != NULL && strcmp(row->target, target->name) != 0)
        row++;
    return row;
}

/* The target with clang as its compiler: another writer of DWARF. */
static struct target with_clang(const struct target *target)
{
    struct target copy = *target;

    copy.name = arena_printf(&arena, "clang-%s", target->name);
    copy.compiler =
        words(arena_printf(&arena, CLANG " --target=%s", target->triple), &copy.n_compiler);
    return copy;
}

static const char *lines_of(const struct facts *facts, enum clang clang)
{
    struct str str = {.arena = &arena};

    for (size_t i = 0; i < facts->n; i++)
        if (clang == CLANG_ALL ||
            (facts->items[i].kind != FACT_RECORD && facts->items[i].kind != FACT_FIELD &&
             facts->items[i].kind != FACT_ABI)) {
            fact_print(&str, &facts->items[i], false);
            str_add_char(&str, '\n');
        }
    return str_text(&str);
}

static void add_lines_not_in(struct str *out, const char *mark, const char *text, const char *other)
{
    other = arena_printf(&arena, "\n%s", other);
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1) {
        const char *one = arena_strndup(&arena, at, strcspn(at, "\n") + 1);
        if (strstr(other, arena_printf(&arena, "\n%s", one)) == NULL)
            str_addf(out, "%s %s", mark, one);
    }
}

/* Fails with the lines that only one of the two has. */
static void expect_same(const char *what, const char *clang, const char *dwarf)
{
    struct str out = {.arena = &arena};

    add_lines_not_in(&out, "clang", clang, dwarf);
    add_lines_not_in(&out, "dwarf", dwarf, clang);
    if (strcmp(clang, dwarf) != 0)
        fail_msg("%s\n%s", what, str_text(&out));
}

static const struct spec *load(const char *name)
{
    struct specs specs = {0};

    assert_true(specs_load(&specs, &arena, "", &name, 1, &diag));
    return specs.items[0];
}

static struct evidence collect_one(const struct target *target, const struct spec *spec)
{
    struct workspace workspace = {
        .root = "",
        .bindings = "bindings/c",
        .build = arena_printf(&arena, "%s/%s-%s", folder, target->name, spec->name),
        .timeout_ms = 60000};
    struct evidence dwarf;

    if (!witness_dwarf_system(&dwarf, spec, target, &workspace, &arena, &diag))
        fail_msg("%s %s: %s", target->name, spec->name, str_text(&diag.text));
    if (dwarf.unavailable != NULL)
        fail_msg("%s %s: %s", target->name, spec->name, dwarf.unavailable);
    if (dwarf.broken.n > 0)
        fail_msg("%s %s: %s: %s", target->name, spec->name, dwarf.broken.items[0].name,
                 dwarf.broken.items[0].text);
    return dwarf;
}

static int attr(const struct facts *facts, enum fact_kind kind, const char *name, int which)
{
    const struct fact *fact = facts_find(facts, kind, name);

    return fact != NULL ? (int)fact_number(fact, which) : -1;
}

static void check(const struct target *target, const struct producer_row *row,
                  const struct spec *spec)
{
    struct evidence clang, dwarf = collect_one(target, spec);

    assert_int_equal(attr(&dwarf.facts, FACT_ABI, target->name, ABI_BITS), target->bits);
    if (strcmp(spec->name, "epoll") == 0 &&
        (attr(&dwarf.facts, FACT_RECORD, "epoll_event", RECORD_SIZE) != row->size ||
         attr(&dwarf.facts, FACT_RECORD, "epoll_event", RECORD_ALIGN) != row->align ||
         attr(&dwarf.facts, FACT_FIELD, "epoll_event.data", FIELD_OFFSET) != row->data))
        fail_msg("%s: epoll_event expected %d/%d/%d, got %s", target->name, row->size, row->align,
                 row->data, lines_of(&dwarf.facts, CLANG_ALL));
    if (row->clang == CLANG_NONE)
        return;
    if (!witness_clang_system(&clang, spec, target, &arena, &diag))
        fail_msg("%s: clang: %s", target->name, str_text(&diag.text));
    expect_same(arena_printf(&arena, "%s of %s", spec->name, target->name),
                lines_of(&clang.facts, row->clang), lines_of(&dwarf.facts, row->clang));
}

/* On every target of the system that has a compiler and headers here, by both compilers. */
static void check_all(const char *name)
{
    const struct spec *spec = load(name);
    struct targets targets;

    assert_true(targets_load(&targets, &arena, "", &diag));
    unsigned n = 0;
    for (unsigned i = 0; i < targets.n; i++) {
        const struct target *target = &targets.items[i];
        const struct producer_row *row = check_of(target);
        if (!spec_covers(spec, target))
            continue;
        if (target->compiler == NULL || target->include == NULL) {
            print_message("not checked: %s, no %s\n", target->name,
                          target->compiler == NULL ? target->cc[0] : target->headers[0]);
            continue;
        }
        n++;
        check(target, row, spec);
        if (row->clang != CLANG_ALL || target->gnu == NULL)
            continue;
        const struct target clang = with_clang(target);
        check(&clang, row, spec);
    }
    assert_true(n > 0);
}

static void test_witness_dwarf__agrees_with_clang_on_epoll_on_every_architecture(void **state)
{
    (void)state;
    check_all("epoll");
}

static void test_witness_dwarf__agrees_with_clang_on_eventfd_on_every_architecture(void **state)
{
    (void)state;
    check_all("eventfd");
}

/* ---- the table of targets, with bindings and other systems --------------------------------------
 */

/* NULL, or why libclang and the target's compiler cannot both be asked about it here. */
static const char *why_not(const struct target *target)
{
    if (strcmp(target->reader, "clang") != 0)
        return "libclang's layout is none or wrong";
    if (target->compiler == NULL)
        return "no compiler";
    return target->include == NULL ? "no headers" : NULL;
}

/* libclang is asked for numbers behind the wrappers and may have left their parameters out. */
static void leave_params(const struct facts *clang, struct facts *dwarf)
{
    for (size_t i = 0; i < dwarf->n; i++) {
        struct fact *fact = &dwarf->items[i];
        const struct fact *same = facts_find(clang, fact->kind, fact->name);
        if (fact->kind == FACT_SYSCALL && same != NULL && same->attr[SYSCALL_PARAMS] == NULL)
            fact->attr[SYSCALL_PARAMS] = NULL;
    }
}

static void compare(const struct target *target, const struct spec *spec, const char *subject,
                    const struct evidence *clang, const struct evidence *dwarf)
{
    if (dwarf->broken.n > 0)
        fail_msg("%s %s %s: %s", target->name, spec->name, subject, dwarf->broken.items[0].text);
    expect_same(arena_printf(&arena, "%s of %s for %s", subject, spec->name, target->name),
                lines_of(&clang->facts, CLANG_ALL), lines_of(&dwarf->facts, CLANG_ALL));
}

static void check_target(const struct target *target, const struct spec *spec)
{
    struct workspace workspace = {
        .root = "",
        .bindings = "bindings/c",
        .build = arena_printf(&arena, "%s/%s-%s-table", folder, target->name, spec->name),
        .timeout_ms = 60000};
    struct evidence clang, dwarf;

    if (!witness_clang_system(&clang, spec, target, &arena, &diag) ||
        !witness_dwarf_system(&dwarf, spec, target, &workspace, &arena, &diag))
        fail_msg("%s %s: %s", target->name, spec->name, str_text(&diag.text));
    compare(target, spec, "headers", &clang, &dwarf);
    if (!witness_clang_binding(&clang, spec, target, "bindings/c", &arena, &diag) ||
        !witness_dwarf_binding(&dwarf, spec, target, &workspace, &arena, &diag))
        fail_msg("%s %s: %s", target->name, spec->name, str_text(&diag.text));
    leave_params(&clang.facts, &dwarf.facts);
    compare(target, spec, "binding", &clang, &dwarf);
}

static void test_witness_dwarf__agrees_with_clang_on_headers_and_bindings(void **state)
{
    (void)state;
    struct targets targets;
    assert_true(targets_load(&targets, &arena, "", &diag));
    struct specs specs = {0};
    assert_true(specs_load(&specs, &arena, "", NULL, 0, &diag));
    for (unsigned i = 0; i < targets.n; i++)
        for (size_t k = 0; k < specs.n; k++) {
            if (!spec_covers(specs.items[k], &targets.items[i]))
                continue;
            const struct target *target = spec_target(specs.items[k], &targets.items[i]);
            const char *reason = why_not(target);
            if (reason == NULL)
                check_target(target, specs.items[k]);
            else
                print_message("not checked: %s of %s: %s\n", specs.items[k]->name,
                              targets.items[i].name, reason);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_witness_dwarf__agrees_with_clang_on_epoll_on_every_architecture, setup, teardown),
        cmocka_unit_test_setup_teardown(
            test_witness_dwarf__agrees_with_clang_on_eventfd_on_every_architecture, setup,
            teardown),
        cmocka_unit_test_setup_teardown(
            test_witness_dwarf__agrees_with_clang_on_headers_and_bindings, setup, teardown),
    };

    if (mkdtemp(folder) == NULL)
        return 2;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    const char *const remove[] = {"rm", "-rf", folder, NULL};
    (void)proc_run(&arena, remove, 10000);
    arena_release(&arena);
    return failed;
}
