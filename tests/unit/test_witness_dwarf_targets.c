/* Tests of dwarf.c on every architecture whose compiler is here: what it says of the
 * real headers is what libclang says of them, and epoll_event has the shape that the kernel uses.
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

/* One architecture: its compiler, clang's name for it, and epoll_event's size, align and offset of
 * data there (the kernel's EPOLL_PACKED and the psABI of each). */
static const struct row {
    const char *name;
    const char *compiler;
    const char *triple;
    const char *folder; /* of the headers */
    int bits;
    const char *endian;
    int size, align, data;
    enum clang clang;
} rows[] = {
    {"x86_64", "x86_64-linux-gnu-gcc", "x86_64-linux-gnu", NULL, 64, "little", 12, 1, 4, CLANG_ALL},
    {"x32", "x86_64-linux-gnux32-gcc", "x86_64-linux-gnux32", "x86_64-linux-gnux32", 32, "little",
     12, 1, 4, CLANG_ALL},
    {"i386", "i686-linux-gnu-gcc", "i686-linux-gnu", "i686-linux-gnu", 32, "little", 12, 4, 4,
     CLANG_ALL},
    {"aarch64", "aarch64-linux-gnu-gcc", "aarch64-linux-gnu", "aarch64-linux-gnu", 64, "little", 16,
     8, 8, CLANG_ALL},
    {"arm", "arm-linux-gnueabi-gcc", "arm-linux-gnueabi", "arm-linux-gnueabi", 32, "little", 16, 8,
     8, CLANG_ALL},
    {"armhf", "arm-linux-gnueabihf-gcc", "arm-linux-gnueabihf", "arm-linux-gnueabihf", 32, "little",
     16, 8, 8, CLANG_ALL},
    {"riscv64", "riscv64-linux-gnu-gcc", "riscv64-linux-gnu", "riscv64-linux-gnu", 64, "little", 16,
     8, 8, CLANG_ALL},
    {"ppc64le", "powerpc64le-linux-gnu-gcc", "powerpc64le-linux-gnu", "powerpc64le-linux-gnu", 64,
     "little", 16, 8, 8, CLANG_ALL},
    {"ppc64", "powerpc64-linux-gnu-gcc", "powerpc64-linux-gnu", "powerpc64-linux-gnu", 64, "big",
     16, 8, 8, CLANG_ALL},
    {"powerpc", "powerpc-linux-gnu-gcc", "powerpc-linux-gnu", "powerpc-linux-gnu", 32, "big", 16, 8,
     8, CLANG_ALL},
    {"s390x", "s390x-linux-gnu-gcc", "s390x-linux-gnu", "s390x-linux-gnu", 64, "big", 16, 8, 8,
     CLANG_ALL},
    {"mips", "mips-linux-gnu-gcc", "mips-linux-gnu", "mips-linux-gnu", 32, "big", 16, 8, 8,
     CLANG_ALL},
    {"mipsel", "mipsel-linux-gnu-gcc", "mipsel-linux-gnu", "mipsel-linux-gnu", 32, "little", 16, 8,
     8, CLANG_ALL},
    {"mips64", "mips64-linux-gnuabi64-gcc", "mips64-linux-gnuabi64", "mips64-linux-gnuabi64", 64,
     "big", 16, 8, 8, CLANG_ALL},
    {"mips64el", "mips64el-linux-gnuabi64-gcc", "mips64el-linux-gnuabi64",
     "mips64el-linux-gnuabi64", 64, "little", 16, 8, 8, CLANG_ALL},
    {"mipsn32", "mips64-linux-gnuabi64-gcc -mabi=n32", "mips64-linux-gnuabin32",
     "mips64-linux-gnuabin32", 32, "big", 16, 8, 8, CLANG_ALL},
    {"mipsn32el", "mips64el-linux-gnuabi64-gcc -mabi=n32", "mips64el-linux-gnuabin32",
     "mips64el-linux-gnuabin32", 32, "little", 16, 8, 8, CLANG_ALL},
    {"mipsr6", "mipsisa32r6-linux-gnu-gcc", "mipsisa32r6-linux-gnu", "mipsisa32r6-linux-gnu", 32,
     "big", 16, 8, 8, CLANG_ALL},
    {"mipsr6el", "mipsisa32r6el-linux-gnu-gcc", "mipsisa32r6el-linux-gnu",
     "mipsisa32r6el-linux-gnu", 32, "little", 16, 8, 8, CLANG_ALL},
    {"mips64r6", "mipsisa64r6-linux-gnuabi64-gcc", "mipsisa64r6-linux-gnuabi64",
     "mipsisa64r6-linux-gnuabi64", 64, "big", 16, 8, 8, CLANG_ALL},
    {"mips64r6el", "mipsisa64r6el-linux-gnuabi64-gcc", "mipsisa64r6el-linux-gnuabi64",
     "mipsisa64r6el-linux-gnuabi64", 64, "little", 16, 8, 8, CLANG_ALL},
    {"sparc64", "sparc64-linux-gnu-gcc", "sparc64-linux-gnu", "sparc64-linux-gnu", 64, "big", 16, 8,
     8, CLANG_ALL},
    /* clang aligns 8 bytes to 4 there; gcc and the kernel to 2 */
    {"m68k", "m68k-linux-gnu-gcc", "m68k-linux-gnu", "m68k-linux-gnu", 32, "big", 12, 2, 4,
     CLANG_NO_LAYOUT},
    {"alpha", "alpha-linux-gnu-gcc", NULL, "alpha-linux-gnu", 64, "little", 16, 8, 8, CLANG_NONE},
    {"hppa", "hppa-linux-gnu-gcc", NULL, "hppa-linux-gnu", 32, "big", 16, 8, 8, CLANG_NONE},
    {"sh4", "sh4-linux-gnu-gcc", NULL, "sh4-linux-gnu", 32, "little", 12, 4, 4, CLANG_NONE},
    {"arc", "arc-linux-gnu-gcc", NULL, "arc-linux-gnu", 32, "little", 12, 4, 4, CLANG_NONE},
    /* clang as the compiler: another writer of DWARF, and for one architecture the only one here */
    {"clang-x86_64", CLANG " --target=x86_64-linux-gnu", "x86_64-linux-gnu", NULL, 64, "little", 12,
     1, 4, CLANG_ALL},
    {"clang-i386", CLANG " --target=i686-linux-gnu", "i686-linux-gnu", "i686-linux-gnu", 32,
     "little", 12, 4, 4, CLANG_ALL},
    {"clang-aarch64", CLANG " --target=aarch64-linux-gnu", "aarch64-linux-gnu", "aarch64-linux-gnu",
     64, "little", 16, 8, 8, CLANG_ALL},
    {"clang-arm", CLANG " --target=arm-linux-gnueabi", "arm-linux-gnueabi", "arm-linux-gnueabi", 32,
     "little", 16, 8, 8, CLANG_ALL},
    {"clang-riscv64", CLANG " --target=riscv64-linux-gnu", "riscv64-linux-gnu", "riscv64-linux-gnu",
     64, "little", 16, 8, 8, CLANG_ALL},
    {"clang-ppc64", CLANG " --target=powerpc64-linux-gnu", "powerpc64-linux-gnu",
     "powerpc64-linux-gnu", 64, "big", 16, 8, 8, CLANG_ALL},
    {"clang-powerpc", CLANG " --target=powerpc-linux-gnu", "powerpc-linux-gnu", "powerpc-linux-gnu",
     32, "big", 16, 8, 8, CLANG_ALL},
    {"clang-s390x", CLANG " --target=s390x-linux-gnu", "s390x-linux-gnu", "s390x-linux-gnu", 64,
     "big", 16, 8, 8, CLANG_ALL},
    {"clang-mips", CLANG " --target=mips-linux-gnu", "mips-linux-gnu", "mips-linux-gnu", 32, "big",
     16, 8, 8, CLANG_ALL},
    {"clang-mips64el", CLANG " --target=mips64el-linux-gnuabi64", "mips64el-linux-gnuabi64",
     "mips64el-linux-gnuabi64", 64, "little", 16, 8, 8, CLANG_ALL},
    {"clang-sparc64", CLANG " --target=sparc64-linux-gnu", "sparc64-linux-gnu", "sparc64-linux-gnu",
     64, "big", 16, 8, 8, CLANG_ALL},
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

static struct target target_of(const struct row *row)
{
    struct target target = {
        .name = row->name,
        .os = "linux",
        .triple = row->triple,
        .bits = row->bits,
        .endian = row->endian,
        .label = "",
    };

    target.compiler = words(row->compiler, &target.n_compiler);
    target.include =
        words(row->folder != NULL ? arena_printf(&arena, "/usr/%s/include", row->folder)
                                  : "/usr/include/x86_64-linux-gnu /usr/include",
              &target.n_include);
    target.cc = target.compiler;
    target.headers = target.include;
    return target;
}

/* False, with a line that says so, where the compiler or its headers are not installed. */
static bool is_here(const struct row *row, const struct target *target)
{
    bool here =
        proc_find(&arena, target->compiler[0]) != NULL && access(target->include[0], R_OK) == 0;

    if (!here)
        print_message("not checked: %s, no %s\n", row->name, row->compiler);
    return here;
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

static struct work_place place_of(const struct row *row, const char *spec)
{
    return (struct work_place){.root = "",
                               .bindings = "bindings/c",
                               .build = arena_printf(&arena, "%s/%s-%s", folder, row->name, spec),
                               .timeout_ms = 60000};
}

static struct testimony hear(const struct row *row, const struct target *target,
                             const struct spec *spec)
{
    struct work_place place = place_of(row, spec->name);
    struct testimony dwarf;

    if (!witness_dwarf_system(&dwarf, spec, target, &place, &arena, &diag))
        fail_msg("%s %s: %s", row->name, spec->name, str_text(&diag.text));
    if (dwarf.absent != NULL)
        fail_msg("%s %s: %s", row->name, spec->name, dwarf.absent);
    if (dwarf.broken.n > 0)
        fail_msg("%s %s: %s: %s", row->name, spec->name, dwarf.broken.items[0].name,
                 dwarf.broken.items[0].text);
    return dwarf;
}

static int attr(const struct facts *facts, enum fact_kind kind, const char *name, int which)
{
    const struct fact *fact = facts_find(facts, kind, name);

    return fact != NULL ? (int)fact_number(fact, which) : -1;
}

static void check(const struct row *row, const char *name)
{
    const struct target target = target_of(row);
    const struct spec *spec = load(name);
    struct testimony clang, dwarf;

    if (!is_here(row, &target))
        return;
    dwarf = hear(row, &target, spec);
    assert_int_equal(attr(&dwarf.facts, FACT_ABI, row->name, ABI_BITS), row->bits);
    if (strcmp(name, "epoll") == 0 &&
        (attr(&dwarf.facts, FACT_RECORD, "epoll_event", RECORD_SIZE) != row->size ||
         attr(&dwarf.facts, FACT_RECORD, "epoll_event", RECORD_ALIGN) != row->align ||
         attr(&dwarf.facts, FACT_FIELD, "epoll_event.data", FIELD_OFFSET) != row->data))
        fail_msg("%s: epoll_event expected %d/%d/%d, got %s", row->name, row->size, row->align,
                 row->data, lines_of(&dwarf.facts, CLANG_ALL));
    if (row->clang == CLANG_NONE)
        return;
    if (!witness_clang_system(&clang, spec, &target, &arena, &diag))
        fail_msg("%s: clang: %s", row->name, str_text(&diag.text));
    expect_same(arena_printf(&arena, "%s of %s", name, row->name),
                lines_of(&clang.facts, row->clang), lines_of(&dwarf.facts, row->clang));
}

static void test_witness_dwarf__agrees_with_clang_on_epoll_on_every_architecture(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i], "epoll");
}

static void test_witness_dwarf__agrees_with_clang_on_eventfd_on_every_architecture(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check(&rows[i], "eventfd");
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
                    const struct testimony *clang, const struct testimony *dwarf)
{
    if (dwarf->broken.n > 0)
        fail_msg("%s %s %s: %s", target->name, spec->name, subject, dwarf->broken.items[0].text);
    expect_same(arena_printf(&arena, "%s of %s for %s", subject, spec->name, target->name),
                lines_of(&clang->facts, CLANG_ALL), lines_of(&dwarf->facts, CLANG_ALL));
}

static void check_target(const struct target *target, const struct spec *spec)
{
    struct work_place place = {
        .root = "",
        .bindings = "bindings/c",
        .build = arena_printf(&arena, "%s/%s-%s-table", folder, target->name, spec->name),
        .timeout_ms = 60000};
    struct testimony clang, dwarf;

    if (!witness_clang_system(&clang, spec, target, &arena, &diag) ||
        !witness_dwarf_system(&dwarf, spec, target, &place, &arena, &diag))
        fail_msg("%s %s: %s", target->name, spec->name, str_text(&diag.text));
    compare(target, spec, "headers", &clang, &dwarf);
    if (!witness_clang_binding(&clang, spec, target, "bindings/c", &arena, &diag) ||
        !witness_dwarf_binding(&dwarf, spec, target, &place, &arena, &diag))
        fail_msg("%s %s: %s", target->name, spec->name, str_text(&diag.text));
    leave_params(&clang.facts, &dwarf.facts);
    compare(target, spec, "binding", &clang, &dwarf);
}

static void test_witness_dwarf__agrees_with_clang_on_headers_and_bindings(void **state)
{
    struct targets targets;
    struct specs specs = {0};

    (void)state;
    assert_true(targets_load(&targets, &arena, "", &diag));
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
    int failed;

    if (mkdtemp(folder) == NULL)
        return 2;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    const char *const remove[] = {"rm", "-rf", folder, NULL};
    (void)proc_run(&arena, remove, 10000);
    arena_release(&arena);
    return failed;
}
