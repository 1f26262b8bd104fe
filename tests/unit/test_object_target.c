/* Tests of object_target.c: an object of each target's own compiler is taken for that target.
 *
 * Nothing here says how the objects of a machine look: gcc, clang and their linkers do, and the
 * table of targets has to agree with them.
 */
#include "objects.h"

#include "verify/verify.h"

/* ---- of each target's own compiler ---- */

/* A symbol of the system's C library, of which there is no trace but this one in an object. */
static const char *symbol_of(const struct target *target)
{
    static const struct {
        const char *os, *symbol;
    } symbols[] = {
        {"linux", "__errno_location"}, {"netbsd", "__stat50"}, {"openbsd", "__guard_local"}};

    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
        if (strcmp(symbols[i].os, target->os) == 0)
            return symbols[i].symbol;
    return "symbol";
}

/* "'clang' '--target=x'", for the shell. */
static const char *quote(const char **words, unsigned n)
{
    struct str text = {.arena = &arena};

    for (unsigned i = 0; i < n; i++)
        str_addf(&text, "%s'%s'", i > 0 ? " " : "", words[i]);
    return str_text(&text);
}

/* Reads NAME in the folder. */
static struct container open_object(const char *name)
{
    struct object object = objects_read(name);
    struct container container;

    if (!objects_open(&container, &object))
        fail_msg("%s: %s", name, str_text(&diag.text));
    return container;
}

static void expect_target(const char *name, const struct target *made_for, const char *expected)
{
    struct container container = open_object(name);
    const struct target *found = verify_target(&container, objects_targets(), &arena, &diag);

    if (!verify_target_fits(&container, objects_targets(), made_for, &arena, &diag) ||
        found == NULL)
        fail_msg("%s: %s", name, str_text(&diag.text));
    if (strcmp(found->name, expected) != 0)
        fail_msg("%s: expected target %s, got %s", name, expected, found->name);
}

/* Compiles a variable for the target, and what else there is, into NAME. */
static void make(const struct target *target, const char *options, const char *more,
                 const char *name)
{
    objects_write("a.c", arena_printf(&arena, "int variable = 1;\n%s", more));
    objects_run(arena_printf(&arena, "%s %s a.c -o %s", quote(target->compiler, target->n_compiler),
                             options, name));
}

static void test_verify_target__is_the_one_whose_compiler_made_the_object(void **state)
{
    (void)state;
    const struct targets *targets = objects_targets();
    unsigned n_compiled = 0, n_linked = 0;
    for (unsigned i = 0; i < targets->n; i++) {
        const struct target *target = &targets->items[i];
        if (target->compiler == NULL) {
            print_message("not checked: %s, no %s\n", target->name, target->cc[0]);
            continue;
        }
        make(target, "-c",
             arena_printf(&arena, "extern char %s[]; char *pointer = %s;\n", symbol_of(target),
                          symbol_of(target)),
             "a.o");
        expect_target("a.o", target, target->name);
        n_compiled++;
        if (target->link_words == NULL || strcmp(target->os, "linux") != 0)
            continue;
        make(target,
             arena_printf(&arena, "-fPIC %s", quote(target->link_words, target->n_link_words)), "",
             "a.so");
        expect_target("a.so", target, target->name);
        n_linked++;
    }
    print_message("of %u targets, %u compiled and %u linked\n", targets->n, n_compiled, n_linked);
    assert_true(n_compiled > 0 && n_linked > 0);
}

/* ---- where an object does not say it ---- */

/* An object for this target, with another header; false if it cannot be compiled here. */
static bool make_changed(const char *name, const char *more,
                         void (*change)(struct container *container), struct container *container)
{
    const struct target *target = targets_find(objects_targets(), name);

    if (target->compiler == NULL) {
        print_message("not checked: no %s\n", target->cc[0]);
        return false;
    }
    make(target, "-c", more, "a.o");
    *container = open_object("a.o");
    change(container);
    return true;
}

static void leave(struct container *container)
{
    (void)container;
}

static void forget_flags(struct container *container)
{
    container->elf_flags = 0;
}

static void become_unknown(struct container *container)
{
    container->machine = "machine 4711";
}

/* Not every compiler sets them: they choose between targets, and refuse none. */
static void test_verify_target__of_an_object_without_flags_has_none_in_the_table(void **state)
{
    (void)state;
    const struct targets *targets = objects_targets();
    struct container container;
    if (!make_changed("mips64r6-linux", "", forget_flags, &container))
        return;
    const struct target *found = verify_target(&container, targets, &arena, &diag);
    assert_non_null(found);
    assert_string_equal(found->name, "mips64-linux");
    assert_true(verify_target_fits(&container, targets, targets_find(targets, "mips64r6-linux"),
                                   &arena, &diag));
}

static void test_verify_target__names_a_machine_that_no_target_has(void **state)
{
    (void)state;
    struct container container;
    if (!make_changed("s390x-linux", "", become_unknown, &container))
        return;
    assert_null(verify_target(&container, objects_targets(), &arena, &diag));
    assert_non_null(strstr(str_text(&diag.text),
                           "no target has its machine on linux: machine 4711, 64 "
                           "bits, big endian, ELF; "));
}

/* NetBSD's and OpenBSD's libraries have this one. */
static void test_verify_target__asks_where_several_systems_have_the_symbol(void **state)
{
    (void)state;
    struct container container;
    if (!make_changed("sparc64-netbsd", "extern int *__errno(void); void *p = __errno;\n", leave,
                      &container))
        return;
    assert_null(verify_target(&container, objects_targets(), &arena, &diag));
    assert_non_null(strstr(str_text(&diag.text),
                           "it does not say for which system it is: give "
                           "--target, one of sparc64-netbsd sparc64-openbsd"));
}

static void test_verify_target__takes_an_object_without_traces_for_linux_and_says_so(void **state)
{
    (void)state;
    struct container container;
    if (!make_changed("x86_64-netbsd", "", leave, &container))
        return;
    const struct target *found = verify_target(&container, objects_targets(), &arena, &diag);
    assert_non_null(found);
    assert_string_equal(found->name, "x86_64-linux");
    assert_int_equal(diag.n_errors, 0);
    assert_non_null(strstr(str_text(&diag.text), "note: it does not name its system: taken as "
                                                 "x86_64-linux; --target says otherwise"));
    diag_init(&diag, &arena, false);
    assert_true(verify_target_fits(&container, objects_targets(),
                                   targets_find(objects_targets(), "x86_64-netbsd"), &arena,
                                   &diag));
}

/* Clang writes GNU's number for every system, where a section is to be kept by the linker. */
static void test_verify_target_fits__does_not_take_gnu_for_linux(void **state)
{
    static const char kept[] = "__attribute__((retain, used)) int kept = 1;\n";
    struct container container;

    (void)state;
    if (!make_changed("x86_64-netbsd", kept, leave, &container))
        return;
    assert_int_equal(container.bytes[7], 3); /* EI_OSABI is ELFOSABI_GNU */
    assert_true(verify_target_fits(&container, objects_targets(),
                                   targets_find(objects_targets(), "x86_64-netbsd"), &arena,
                                   &diag));
    if (!make_changed("x86_64-netbsd",
                      arena_printf(&arena, "%sextern char __stat50[]; char *p = __stat50;\n", kept),
                      leave, &container))
        return;
    assert_string_equal(verify_target(&container, objects_targets(), &arena, &diag)->name,
                        "x86_64-netbsd");
}

/* What its own compiler says, a note of the linker or the format decide against --target. */
static void test_verify_target_fits__refuses_an_object_of_another_system(void **state)
{
    static const struct {
        const char *made_for, *asked, *says;
    } rows[] = {
        {"x86_64-linux", "x86_64-macos", "got one for x86_64, 64 bits, little endian, ELF\n"},
        {"x86_64-macos", "x86_64-linux", "little endian, Mach-O, macos\n"},
        {"x86_64-freebsd", "x86_64-linux", "little endian, ELF, freebsd\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct container container;
        if (!make_changed(rows[i].made_for, "", leave, &container))
            continue;
        diag_init(&diag, &arena, false);
        assert_false(verify_target_fits(&container, objects_targets(),
                                        targets_find(objects_targets(), rows[i].asked), &arena,
                                        &diag));
        if (strstr(str_text(&diag.text), rows[i].says) == NULL)
            fail_msg("expected '%s', got '%s'", rows[i].says, str_text(&diag.text));
    }
}

static void test_verify_target_fits__says_what_the_object_is_for(void **state)
{
    (void)state;
    const struct targets *targets = objects_targets();
    struct container container;
    if (!make_changed("i386-linux", "", leave, &container))
        return;
    assert_false(
        verify_target_fits(&container, targets, targets_find(targets, "x32-linux"), &arena, &diag));
    assert_non_null(strstr(str_text(&diag.text), "expected an object for x32-linux, got one for "
                                                 "i386, 32 bits, little endian"));
}

/* ---- the table ---- */

static void test_systems__have_marks_of_the_kinds_that_are_looked_for(void **state)
{
    static const char *const says[] = {"osabi ", "note ", "interpreter "};
    static const char *const hints[] = {"library ", "comment ", "symbol ", "osabi "};
    const struct targets *targets = objects_targets();

    (void)state;
    for (unsigned i = 0; i < targets->n; i++)
        assert_non_null(system_named(&targets->systems, targets->items[i].os));
    for (unsigned i = 0; i < targets->systems.n; i++) {
        const struct system *system = &targets->systems.items[i];
        for (unsigned k = 0; k < system->n_says; k++)
            assert_true(str_starts(system->says[k], says[0]) ||
                        str_starts(system->says[k], says[1]) ||
                        str_starts(system->says[k], says[2]));
        for (unsigned k = 0; k < system->n_hints; k++)
            assert_true(
                str_starts(system->hints[k], hints[0]) || str_starts(system->hints[k], hints[1]) ||
                str_starts(system->hints[k], hints[3]) ||
                (str_starts(system->hints[k], hints[2]) && strchr(system->hints[k], '*') == NULL));
    }
}

int main(void)
{
#define OBJECT_TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)
    const struct CMUnitTest tests[] = {
        OBJECT_TEST(test_verify_target__is_the_one_whose_compiler_made_the_object),
        OBJECT_TEST(test_verify_target__of_an_object_without_flags_has_none_in_the_table),
        OBJECT_TEST(test_verify_target__names_a_machine_that_no_target_has),
        OBJECT_TEST(test_verify_target__asks_where_several_systems_have_the_symbol),
        OBJECT_TEST(test_verify_target__takes_an_object_without_traces_for_linux_and_says_so),
        OBJECT_TEST(test_verify_target_fits__refuses_an_object_of_another_system),
        OBJECT_TEST(test_verify_target_fits__does_not_take_gnu_for_linux),
        OBJECT_TEST(test_verify_target_fits__says_what_the_object_is_for),
        OBJECT_TEST(test_systems__have_marks_of_the_kinds_that_are_looked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
