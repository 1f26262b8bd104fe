/* Tests of bindings.c: a binding of ours, compiled in its own language, compared with the facts.
 * The language is a toy's, C++ compiled by clang, and so are its emitters: a right one, and one
 * that is wrong in the way in which a new emitter is wrong. The facts are the committed ones of the
 * tree. */
#include "toy_emitter.h" /* first: it knows no fixture */

#include "fixture.h"

#include "verify/bindings.h"
#include "verify/reference.h"

/* The table of targets, and one spec of the tree. */
static struct targets targets;
static const struct spec *spec;

static const struct target *load(const char *spec_name, const char *target_name)
{
    struct specs specs = {NULL, 0};

    if (!targets_load(&targets, &arena, "", &diag) ||
        !specs_load(&specs, &arena, "", &spec_name, 1, &diag))
        fail_msg("%s", str_text(&diag.text));
    spec = specs.items[0];
    assert_non_null(targets_find(&targets, target_name));
    return targets_find(&targets, target_name);
}

static struct facts read_facts(const struct target *target)
{
    struct facts facts = {.arena = &arena};

    if (!reference_read(&facts, target, spec, "", &diag))
        fail_msg("%s", str_text(&diag.text));
    return facts;
}

static const char *toy_programs[] = {CLANG};

/* By what clang defines. It defines no macro of all systems' names, so that the command does. */
static struct language_target toy_targets[] = {
    {"x86_64-linux", NULL, "x86_64"},   {"x32-linux", NULL, "x86_64"},
    {"i386-linux", NULL, "i386"},       {"aarch64-linux", NULL, "aarch64"},
    {"s390x-linux", NULL, "s390x"},     {"mips-linux", NULL, "mips"},
    {"ppc64-linux", NULL, "powerpc64"}, {"arm-linux", NULL, "arm"},
    {"aarch64-macos", NULL, "aarch64"}, {"arm-netbsd", NULL, "arm"},
};

static struct language toy_language(void)
{
    return (struct language){
        .name = "toy",
        .title = "Toy",
        .language = "toy",
        .targets = toy_targets,
        .n_targets = sizeof toy_targets / sizeof toy_targets[0],
        .programs = toy_programs,
        .n_programs = 1,
        .brings = "ci/install-deps",
        .binding = "$SPEC.cpp",
        .compile = CLANG " --target=$TRIPLE -std=c++11 -ffreestanding -g "
                         "-D__${TARGET#*-}__=1 "
                         "-fno-eliminate-unused-debug-types -c \"$SOURCE\" -o \"$OBJECT\"",
        .holds = 1U << FACT_RECORD | 1U << FACT_CONSTANT,
    };
}

/* Writes what the emitter makes for one target below the root. */
static void emit(const struct emitter *emitter, const struct target *target,
                 const struct facts *facts)
{
    struct emit_files files = {.arena = &arena};
    struct emit_on on = {target, facts};
    struct language language = toy_language();
    struct emit_job job = {.spec = spec, .on = &on, .n_on = 1, .language = &language};

    emitter->emit(&files, &job, &diag);
    expect_messages("no message", "");
    assert_int_equal(files.n, 1);
    write_file(files.items[0].path, str_text(&files.items[0].text));
}

/* "bad-offset epoll_event.data: expected 4, got 0" for each error; the binding stays in *out. */
static const char *prove(struct binding *out, const struct language *language,
                         const struct target *target, const struct facts *facts)
{
    struct languages languages = {(struct language *)language, 1, NULL, 0};
    struct workspace workspace = {
        .root = root,
        .bindings = at_root("bindings/c"),
        .build = at_root("build"),
        .timeout_ms = 20000,
    };

    *out = (struct binding){.language = language, .spec = spec, .target = target};
    binding_prove(out, facts, &targets, &languages, &workspace);
    findings_sort(&out->findings);
    struct str text = {.arena = &arena};
    for (size_t i = 0; i < out->findings.n; i++) {
        const struct finding *finding = &out->findings.items[i];
        if (finding->severity == SEVERITY_ERROR) /* that words align more is a note */
            str_addf(&text, "%s %s: expected %s, got %s\n", finding->kind, finding->item,
                     finding->expected, finding->got);
        assert_string_equal(finding->witnesses[0], "toy");
        assert_string_equal(finding->targets[0], target->name);
        assert_string_equal(finding->spec, spec->name);
    }
    return str_text(&text);
}

static void test_binding_prove__proves_what_layout_gives_in_a_new_language(void **state)
{
    (void)state;
    static const struct {
        const char *spec, *target;
    } rows[] = {
        {"epoll", "x86_64-linux"},         {"epoll", "i386-linux"},
        {"epoll", "aarch64-linux"},        {"epoll", "s390x-linux"},
        {"epoll", "mips-linux"},           {"signalfd", "ppc64-linux"},
        {"timerfd", "arm-linux"},          {"inotify", "x32-linux"},
        {"kqueue_macos", "aarch64-macos"}, {"kqueue_netbsd", "arm-netbsd"},
        {"pidfd", "x86_64-linux"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *label = arena_printf(&arena, "%s on %s", rows[i].spec, rows[i].target);
        const struct target *target = load(rows[i].spec, rows[i].target);
        struct facts facts = read_facts(target);
        struct language language = toy_language();
        emit(&emit_toy, target, &facts);
        struct binding binding;
        const char *findings = prove(&binding, &language, target, &facts);
        expect_text(label, "",
                    arena_printf(&arena, "%s%s", findings,
                                 binding.unavailable != NULL ? binding.unavailable : ""));
        size_t n = 0; /* what the language must hold */
        for (size_t k = 0; k < facts.n; k++)
            n += facts.items[k].kind == FACT_RECORD || facts.items[k].kind == FACT_FIELD ||
                 facts.items[k].kind == FACT_CONSTANT;
        assert_true(n > 0);
        assert_int_equal(binding.n_checked, n);
        assert_int_equal(binding.n_facts, facts.n - 1); /* all but the target's own */
        assert_false(binding_is_whole(&binding));
        arena_release(&binding.arena);
    }
}

static void test_binding_prove__catches_a_planted_wrong_emitter(void **state)
{
    (void)state;
    static const struct {
        const char *spec, *target, *expected;
    } rows[] = {
        /* Fields by name: data before events. On x86_64 a compiler adds a hole as well. */
        {"epoll", "x86_64-linux",
         "bad-size epoll_event: expected 12, got 16\n"
         "bad-offset epoll_event.data: expected 4, got 0\n"
         "bad-offset epoll_event.events: expected 0, got 8\n"},
        {"epoll", "aarch64-linux",
         "bad-offset epoll_event.data: expected 8, got 0\n"
         "bad-offset epoll_event.events: expected 0, got 8\n"},
        {"epoll", "i386-linux",
         "bad-offset epoll_event.data: expected 4, got 0\n"
         "bad-offset epoll_event.events: expected 0, got 8\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct target *target = load(rows[i].spec, rows[i].target);
        struct facts facts = read_facts(target);
        struct language language = toy_language();
        emit(&emit_naive, target, &facts);
        struct binding binding;
        const char *findings = prove(&binding, &language, target, &facts);
        expect_part(rows[i].target, rows[i].expected, findings);
        assert_null(binding.unavailable);
        assert_string_equal(binding.findings.items[0].location.file,
                            at_root("bindings/toy/epoll.cpp"));
        arena_release(&binding.arena);
    }
}

static void test_binding_prove__requires_everything_that_the_language_holds(void **state)
{
    (void)state;
    const struct target *target = load("eventfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();

    write_file("bindings/toy/eventfd.cpp",
               "enum : int { EFD_CLOEXEC = 0x80000, EFD_NONBLOCK = 0x800 };\n");
    struct binding binding;
    expect_text("a constant that was forgotten",
                "missing-constant EFD_SEMAPHORE: expected value=0x1 type=i32, got nothing\n",
                prove(&binding, &language, target, &facts));
    assert_string_equal(binding.findings.items[0].location.file,
                        at_root("bindings/toy/eventfd.cpp"));
    arena_release(&binding.arena);
    /* The same object: it holds no functions, and now must. */
    language.holds |= 1U << FACT_FUNCTION;
    expect_part("a function",
                "missing-function eventfd: expected library=c symbol=eventfd return=i32 "
                "params=u32,i32, got nothing\n",
                prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);
}

/* "NAME: text" for each remark. */
static const char *remarks_text(const struct remarks *remarks)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < remarks->n; i++)
        str_addf(&text, "%s: %s\n", remarks->items[i].name, remarks->items[i].text);
    return str_text(&text);
}

static void test_binding_prove__says_what_was_not_seen(void **state)
{
    (void)state;
    const struct target *target = load("eventfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();

    emit(&emit_toy, target, &facts);
    struct binding binding;
    expect_text("no finding", "", prove(&binding, &language, target, &facts));
    const char *text = remarks_text(&binding.unchecked);
    expect_part("an alias", "eventfd_t: gen/languages.yaml names no constant of that type\n", text);
    expect_part("a function",
                "eventfd: not in the debug information, in which gen/languages.yaml requires no "
                "functions\n",
                text);
    expect_part("a number",
                "eventfd2: not in the debug information, in which gen/languages.yaml requires no "
                "syscalls\n",
                text);
    assert_null(strstr(text, "EFD_CLOEXEC"));
    assert_int_equal(binding.n_checked, 3);
    arena_release(&binding.arena);
}

/* Neither proved nor missing. What it does not lack is missing all the same. */
static void test_binding_prove__counts_nothing_that_the_language_lacks(void **state)
{
    (void)state;
    const struct target *target = load("memfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();
    size_t n_functions = 0;

    for (size_t i = 0; i < facts.n; i++)
        n_functions += facts.items[i].kind == FACT_FUNCTION;
    assert_true(n_functions > 0);
    language.lacks = 1U << FACT_FUNCTION;
    emit(&emit_toy, target, &facts);
    struct binding binding;
    expect_text("no finding", "", prove(&binding, &language, target, &facts));
    assert_int_equal(binding.n_facts, facts.n - 1 - n_functions);
    assert_false(binding_is_whole(&binding)); /* the number of the call */
    const char *text = remarks_text(&binding.unchecked);
    assert_null(strstr(text, "requires no functions"));
    expect_part("a number", "requires no syscalls", text);
    arena_release(&binding.arena);

    static const char *specs[] = {"memfd"};
    assert_true(binding_is_made(&binding));
    language.without = specs;
    language.n_without = 1;
    assert_false(binding_is_made(&binding));
}

static void test_binding_prove__never_passes_what_was_not_compiled(void **state)
{
    (void)state;
    static const char *missing[] = {"no-such-compiler-$TARGET"};
    const struct target *target = load("eventfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();

    emit(&emit_toy, target, &facts);
    language.programs = missing;
    struct binding binding;
    expect_text("no compiler: no finding", "", prove(&binding, &language, target, &facts));
    expect_text("and no proof",
                "compiler 'no-such-compiler-x86_64-linux' not found; `ci/install-deps` brings it",
                binding.unavailable);
    assert_int_equal(binding.n_checked, 0);
    arena_release(&binding.arena);

    language = toy_language();
    language.binding = "$TARGET/$SPEC.cpp";
    prove(&binding, &language, target, &facts);
    expect_text("no file",
                arena_printf(&arena, "'%s': No such file or directory; run `make gen`",
                             at_root("bindings/toy/x86_64-linux/eventfd.cpp")),
                binding.unavailable);
    arena_release(&binding.arena);

    language = toy_language();
    language.compile = "true";
    expect_part("no object", "does-not-compile eventfd: expected an object, got the command",
                prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);

    language.compile = "printf nonsense >\"$OBJECT\"";
    expect_part("no object file", "probe-failed eventfd: expected an object with debug",
                prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);

    language.compile = CLANG " --target=s390x-linux-gnu -x c++ -g -c \"$SOURCE\" -o \"$OBJECT\"";
    expect_part("a target that the binding refuses", "has proved no layout for this target",
                prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);

    write_file("bindings/toy/eventfd.cpp", "enum : int { EFD_SEMAPHORE = 1 };\n");
    expect_part("an object of another target",
                "probe-failed eventfd: expected an object with debug",
                prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);
}

static void test_binding_prove__names_the_line_that_does_not_compile(void **state)
{
    (void)state;
    const struct target *target = load("eventfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();

    write_file("bindings/toy/eventfd.cpp", "\nint;\nstatic_assert(1 == 2, \"size of nothing\");\n");
    struct binding binding;
    expect_part("the compiler's own words", "size of nothing",
                prove(&binding, &language, target, &facts));
    assert_string_equal(binding.findings.items[0].kind, "does-not-compile");
    assert_string_equal(binding.findings.items[0].location.file,
                        at_root("bindings/toy/eventfd.cpp"));
    assert_int_equal(binding.findings.items[0].location.line, 3);
    arena_release(&binding.arena);
}

static void test_binding_prove__compiles_again_when_a_file_of_the_folder_changes(void **state)
{
    (void)state;
    static const char good[] = "enum : int { EFD_SEMAPHORE = 1, EFD_CLOEXEC = 0x80000, "
                               "EFD_NONBLOCK = 0x800 };\n";
    const struct target *target = load("eventfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();

    write_file("bindings/toy/eventfd.cpp", "#include \"part.h\"\n");
    write_file("bindings/toy/part.h", good);
    struct binding binding;
    expect_text("good", "", prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);
    language.compile =
        arena_printf(&arena, "%s; echo >>\"%s\"", language.compile, at_root("count"));
    for (int i = 0; i < 2; i++) { /* another command, then the same one */
        expect_text("good again", "", prove(&binding, &language, target, &facts));
        arena_release(&binding.arena);
    }
    write_file("bindings/toy/part.h", "enum : int { EFD_SEMAPHORE = 2, EFD_CLOEXEC = 0x80000, "
                                      "EFD_NONBLOCK = 0x800 };\n");
    expect_text("a changed part", "bad-value EFD_SEMAPHORE: expected 0x1, got 0x2\n",
                prove(&binding, &language, target, &facts));
    arena_release(&binding.arena);
    struct stat info;
    assert_int_equal(stat(at_root("count"), &info), 0);
    assert_int_equal(info.st_size, 2);
}

/* Where compilers write no declared function, the table says what calls it instead. */
static void test_binding_prove__takes_functions_that_the_table_spells_from_the_object(void **state)
{
    (void)state;
    static const char head[] = "enum : int { EFD_SEMAPHORE = 1, EFD_CLOEXEC = 0x80000, "
                               "EFD_NONBLOCK = 0x800 };\n"
                               "extern \"C\" {\n"
                               "int eventfd(unsigned, int);\nint eventfd_read(int, "
                               "unsigned long *);\nint eventfd_write(int, unsigned long);\n"
                               "int link_eventfd_read(int a, unsigned long *b) { return "
                               "eventfd_read(a, b); }\n";
    static const char tail[] = "}\n";
    static const struct {
        const char *label, *text, *expected;
    } rows[] = {
        {"right",
         "int link_eventfd(unsigned a, int b) { return eventfd(a, b); }\n"
         "int link_eventfd_write(int a, unsigned long b) { return eventfd_write(a, b); }\n",
         ""},
        {"a parameter",
         "int link_eventfd(unsigned a, int b) { return eventfd(a, b); }\n"
         "int link_eventfd_write(int a, int b) { return eventfd_write(a, b); }\n",
         "bad-signature eventfd_write: expected "},
        {"another symbol",
         "int eventfd2(unsigned, int) __asm__(\"event_fd\");\n"
         "int link_eventfd(unsigned a, int b) { return eventfd2(a, b); }\n"
         "int link_eventfd_write(int a, unsigned long b) { return eventfd_write(a, b); }\n",
         "bad-symbol eventfd: expected eventfd, got none\n"},
        {"one that is the object's own",
         "int eventfd(unsigned, int) { return 0; }\n"
         "int link_eventfd_write(int a, unsigned long b) { return eventfd_write(a, b); }\n",
         "missing-function eventfd: expected "},
    };
    const struct target *target = load("eventfd", "x86_64-linux");
    struct facts facts = read_facts(target);
    struct language language = toy_language();

    language.names.function = "link_*";
    language.holds |= 1U << FACT_FUNCTION;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct binding binding;
        write_file("bindings/toy/eventfd.cpp",
                   arena_printf(&arena, "%s%s%s", head, rows[i].text, tail));
        const char *findings = prove(&binding, &language, target, &facts);
        if (rows[i].expected[0] == '\0')
            expect_text(rows[i].label, "", findings);
        else
            expect_part(rows[i].label, rows[i].expected, findings);
        arena_release(&binding.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_binding_prove__proves_what_layout_gives_in_a_new_language),
        TEST(test_binding_prove__catches_a_planted_wrong_emitter),
        TEST(test_binding_prove__requires_everything_that_the_language_holds),
        TEST(test_binding_prove__says_what_was_not_seen),
        TEST(test_binding_prove__counts_nothing_that_the_language_lacks),
        TEST(test_binding_prove__never_passes_what_was_not_compiled),
        TEST(test_binding_prove__names_the_line_that_does_not_compile),
        TEST(test_binding_prove__compiles_again_when_a_file_of_the_folder_changes),
        TEST(test_binding_prove__takes_functions_that_the_table_spells_from_the_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
