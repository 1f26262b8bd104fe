/* Tests of object_target.c: an object of each target's own compiler is taken for that target.
 *
 * Nothing here says how the objects of a machine look: gcc, clang and their linkers do, and the
 * table of targets has to agree with them.
 */
#include "objects.h"

#include "verify/verify.h"

/* ---- of each target's own compiler ---- */

/* Names that only this system has are asked for, which decides where an object says no system. */
static bool is_of_system(const struct target *target, void *system)
{
    return strcmp(target->os, system) == 0;
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
    const struct target *found = verify_target(&container, objects_targets(), is_of_system,
                                               (void *)made_for->os, &arena, &diag);

    if (!verify_target_fits(&container, made_for, &diag) || found == NULL)
        fail_msg("%s: %s", name, str_text(&diag.text));
    if (strcmp(found->name, expected) != 0)
        fail_msg("%s: expected target %s, got %s", name, expected, found->name);
}

/* Compiles a variable for the target into NAME. */
static void make(const struct target *target, const char *options, const char *name)
{
    objects_write("a.c", "int variable = 1;\n");
    objects_run(arena_printf(&arena, "%s %s a.c -o %s", quote(target->compiler, target->n_compiler),
                             options, name));
}

/* That it is hard-float an object for ARM says only in .ARM.attributes; the linker puts it into
 * e_flags. */
static const char *expected_before_linking(const struct target *target)
{
    return strcmp(target->name, "armhf-linux") == 0 ? "arm-linux" : target->name;
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
        make(target, "-c", "a.o");
        expect_target("a.o", target, expected_before_linking(target));
        n_compiled++;
        if (target->link_words == NULL || strcmp(target->os, "linux") != 0)
            continue;
        make(target,
             arena_printf(&arena, "-fPIC %s", quote(target->link_words, target->n_link_words)),
             "a.so");
        expect_target("a.so", target, target->name);
        n_linked++;
    }
    print_message("of %u targets, %u compiled and %u linked\n", targets->n, n_compiled, n_linked);
    assert_true(n_compiled > 0 && n_linked > 0);
}

/* ---- where an object does not say it ---- */

/* An object for this target, with another header; false if it cannot be compiled here. */
static bool make_changed(const char *name, void (*change)(struct container *container),
                         struct container *container)
{
    const struct target *target = targets_find(objects_targets(), name);

    if (target->compiler == NULL) {
        print_message("not checked: no %s\n", target->cc[0]);
        return false;
    }
    make(target, "-c", "a.o");
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

static bool has_all(const struct target *target, void *context)
{
    (void)target;
    (void)context;
    return true;
}

static bool has_all_but_linux(const struct target *target, void *context)
{
    (void)context;
    return strcmp(target->os, "linux") != 0;
}

/* Not every compiler sets them: they choose between targets, and refuse none. */
static void test_verify_target__of_an_object_without_flags_has_none_in_the_table(void **state)
{
    (void)state;
    const struct targets *targets = objects_targets();
    struct container container;
    if (!make_changed("mips64r6-linux", forget_flags, &container))
        return;
    const struct target *found = verify_target(&container, targets, has_all, NULL, &arena, &diag);
    assert_non_null(found);
    assert_string_equal(found->name, "mips64-linux");
    assert_true(verify_target_fits(&container, targets_find(targets, "mips64r6-linux"), &diag));
}

static void test_verify_target__names_a_machine_that_no_target_has(void **state)
{
    (void)state;
    struct container container;
    if (!make_changed("s390x-linux", become_unknown, &container))
        return;
    assert_null(verify_target(&container, objects_targets(), has_all, NULL, &arena, &diag));
    assert_non_null(strstr(str_text(&diag.text),
                           "no target has its machine: machine 4711, 64 bits, big endian"));
}

static void test_verify_target__asks_where_several_systems_have_the_names(void **state)
{
    (void)state;
    struct container container;
    if (!make_changed("sparc64-linux", leave, &container))
        return;
    assert_null(
        verify_target(&container, objects_targets(), has_all_but_linux, NULL, &arena, &diag));
    assert_non_null(strstr(str_text(&diag.text),
                           "it does not say for which system it is: give "
                           "--target, one of sparc64-netbsd sparc64-openbsd"));
}

static void test_verify_target_fits__says_what_the_object_is_for(void **state)
{
    (void)state;
    const struct targets *targets = objects_targets();
    struct container container;
    if (!make_changed("i386-linux", leave, &container))
        return;
    assert_false(verify_target_fits(&container, targets_find(targets, "x32-linux"), &diag));
    assert_non_null(strstr(str_text(&diag.text), "expected an object for x32-linux, got one for "
                                                 "i386, 32 bits, little endian"));
}

int main(void)
{
#define OBJECT_TEST(name) cmocka_unit_test_setup_teardown(name, objects_setup, objects_teardown)
    const struct CMUnitTest tests[] = {
        OBJECT_TEST(test_verify_target__is_the_one_whose_compiler_made_the_object),
        OBJECT_TEST(test_verify_target__of_an_object_without_flags_has_none_in_the_table),
        OBJECT_TEST(test_verify_target__names_a_machine_that_no_target_has),
        OBJECT_TEST(test_verify_target__asks_where_several_systems_have_the_names),
        OBJECT_TEST(test_verify_target_fits__says_what_the_object_is_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
