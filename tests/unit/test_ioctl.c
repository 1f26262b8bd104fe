/* Tests of ioctl.c against the headers of each system, as its compiler reads them: what a number is
 * taken apart into, their own _IOC puts together again, and their macros take out of it.
 */
#include "objects.h"

#include "base/str.h"
#include "model/ioctl.h"

/* Of each way to put a request together at least one target. */
static const char *const names[] = {
    "x86_64-linux",  "s390x-linux",    "arm-linux",     "mips-linux",     "mips64el-linux",
    "powerpc-linux", "ppc64le-linux",  "alpha-linux",   "sparc64-linux",  "hppa-linux",
    "m68k-linux",    "x86_64-freebsd", "x86_64-netbsd", "x86_64-openbsd", "aarch64-macos",
};

static bool is_linux(const struct target *target)
{
    return strcmp(target->os, "linux") == 0;
}

/* Appends what the compiler has to agree with. Returns false if the number is no request. */
static bool add_assertions(struct str *source, const struct target *target, uint32_t value)
{
    static const char *const directions[2][4] = {
        {"IOC_VOID", "IOC_OUT", "IOC_IN", "IOC_INOUT"},
        {"_IOC_NONE", "_IOC_READ", "_IOC_WRITE", "_IOC_READ | _IOC_WRITE"},
    };
    struct ioctl_request request;

    if (!ioctl_decode(&request, target, value))
        return false;
    str_addf(source, "_Static_assert((unsigned)_IOC(%s, %uU, %uU, %uU) == %uU, \"%#x\");\n",
             directions[is_linux(target)][request.direction], request.type, request.number,
             request.size, value, value);
    if (is_linux(target))
        str_addf(source,
                 "_Static_assert(_IOC_TYPE(%uU) == %uU && _IOC_NR(%uU) == %uU && _IOC_SIZE(%uU) == "
                 "%uU, \"%#x\");\n",
                 value, request.type, value, request.number, value, request.size, value);
    else
        str_addf(source, "_Static_assert(IOCPARM_LEN(%uU) == %uU, \"%#x\");\n", value, request.size,
                 value);
    return true;
}

static void compile(const struct target *target, const struct str *source)
{
    const char **argv = NULL;
    size_t n = 0;

    objects_write("a.c", str_text(source));
    for (unsigned i = 0; i < target->n_compiler; i++)
        ARENA_PUSH(&arena, argv, n, target->compiler[i]);
    ARENA_PUSH(&arena, argv, n, "-nostdinc");
    for (unsigned i = 0; i < target->n_include; i++) {
        ARENA_PUSH(&arena, argv, n, "-isystem");
        ARENA_PUSH(&arena, argv, n, target->include[i]);
    }
    ARENA_PUSH(&arena, argv, n, "-w");
    ARENA_PUSH(&arena, argv, n, "-fsyntax-only");
    ARENA_PUSH(&arena, argv, n, arena_printf(&arena, "%s/a.c", folder));
    ARENA_PUSH(&arena, argv, n, NULL);
    struct proc_result result = proc_run(&arena, argv, 60000);
    if (result.end != PROC_EXITED || result.status != 0)
        fail_msg("%s: %s", target->name, result.err);
}

static void test_ioctl_decode__agrees_with_the_headers_of_each_target(void **state)
{
    enum { N_VALUES = 2000 };
    size_t n_targets = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct target *target = targets_find(objects_targets(), names[i]);
        struct str source = {.arena = &arena};
        uint32_t value = 1;
        size_t n = 0;
        assert_non_null(target);
        if (target->compiler == NULL || target->include == NULL) {
            print_message("not checked: %s has no compiler or no headers here\n", names[i]);
            continue;
        }
        str_addf(&source, "#include <%s>\n", is_linux(target) ? "asm/ioctl.h" : "sys/ioccom.h");
        for (size_t k = 0; k < N_VALUES; k++) {
            value = value * 1664525U + 1013904223U; /* in every bit, the same on each run */
            n += add_assertions(&source, target, value);
        }
        compile(target, &source);
        assert_in_range(n, N_VALUES / 4, N_VALUES);
        n_targets++;
    }
    assert_true(n_targets > 0);
}

static void test_ioctl_decode__takes_what_the_headers_make(void **state)
{
    static const struct {
        const char *target;
        uint32_t value;
        const char *expected;
    } rows[] = {
        {"x86_64-linux", 0x80086601, "_IOR 'f' 1, 8 bytes"},
        {"x86_64-linux", 0x80046601, "_IOR 'f' 1, 4 bytes"},
        {"x86_64-linux", 0xae80, "_IO 0xae 128"},
        {"x86_64-linux", 0xc0046b06, "_IOWR 'k' 6, 4 bytes"},
        {"mips-linux", 0x40046601, "_IOR 'f' 1, 4 bytes"},
        {"mips-linux", 0x2000ae80, "_IO 0xae 128"},
        {"mips-linux", 0x5401, NULL}, /* its headers make no number without a direction */
        {"hppa-linux", 0x40046601, "_IOR 'f' 1, 4 bytes"},
        {"sparc64-linux", 0x40086601, "_IOR 'f' 1, 8 bytes"},
        {"x86_64-freebsd", 0x4004667f, "_IOR 'f' 127, 4 bytes"},
        {"x86_64-freebsd", 0x20006601, "_IO 'f' 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct target *target = targets_find(objects_targets(), rows[i].target);
        const char *text = ioctl_text(&arena, target, rows[i].value);
        if ((text == NULL) != (rows[i].expected == NULL) ||
            (text != NULL && strcmp(text, rows[i].expected) != 0))
            fail_msg("%s: %#x: expected %s, got %s", rows[i].target, rows[i].value,
                     rows[i].expected != NULL ? rows[i].expected : "nothing",
                     text != NULL ? text : "nothing");
    }
    assert_null(ioctl_text(&arena, targets_find(objects_targets(), "x86_64-linux"), 0x180086601));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, objects_setup, objects_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_ioctl_decode__agrees_with_the_headers_of_each_target),
        TEST(test_ioctl_decode__takes_what_the_headers_make),
    };

    return cmocka_run_group_tests_name("ioctl", tests, NULL, NULL);
}
