/* Tests of words.c, branches.c and item.c: types, conditions, branches and constants, spelled by two
 * made-up tables of words: one with an attribute for each item, one with a chain. */
#include "fixture.h"

#include "emit/branches.h"
#include "emit/item.h"

static const char *const keywords[] = {"type", NULL};

static const struct words attributes = {
    .title = "A",
    .comment = "-- ",
    .null = "nil",
    .sigset_size = "SIZE",
    .keywords = keywords,
    .keyword = "_$N",
    .integers = {{"u8", "u16", "u32", "u64"}, {"i8", "i16", "i32", NULL}},
    .longs = {"uword", "word"},
    .nothing = "any",
    .pointer = "$T ptr",
    .const_pointer = "$T cptr",
    .array = "$N of $T",
    .os = "os $N",
    .arch = "arch $N",
    .bits = "bits $N",
    .endians = {"little", "big"},
    .all = {"all(", ", ", ")"},
    .any = {"any(", ", ", ")"},
    .negation = "not($T)",
    .first = "@[$T]",
    .indent = "",
};

static struct words chain_words(void)
{
    struct words words = attributes;

    words.has_camel_records = true;
    words.integers[1][3] = "i64";
    words.many = "[$T]";
    words.const_many = "[c $T]";
    words.const_text = "text of $T";
    words.data_pointer = words.const_data_pointer = "raw";
    words.nullable = "?$T";
    words.endians[0] = words.endians[1] = NULL;
    words.all = (struct words_list){"", " and ", ""};
    words.any = (struct words_list){"(", " or ", ")"};
    words.negation = "not $T";
    words.first = "if $T:";
    words.next = "elif $T:";
    words.last = "else:";
    words.indent = "  ";
    return words;
}

/* ---- names and types ---- */

static void test_words__spell_names(void **state)
{
    (void)state;
    struct words camel = chain_words();

    expect_text("keyword", "_type", words_name(&arena, &camel, "type"));
    expect_text("no keyword", "types", words_name(&arena, &camel, "types"));
    expect_text("camel", "KernelTimespec", words_record(&arena, &camel, "__kernel_timespec"));
    expect_text("as it is", "epoll_event", words_record(&arena, &attributes, "epoll_event"));
    camel.has_plain_names = true;
    expect_text("plain", "a_b_c", words_name(&arena, &camel, "__a__b_c_"));
    expect_text("plain keyword", "_type", words_name(&arena, &camel, "__type"));
    expect_text("doc", "nil, SIZE bytes, {more}",
                words_doc(&arena, &camel, "{null}, {SIGSET_SIZE} bytes, {more}"));
}

static void test_words_type__spells_fact_types_or_has_none(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"u8", "u8"},
        {"i16", "i16"},
        {"ptr", "any ptr"},
        {"u32[2]", "2 of u32"},
        {"u8[2][3]", "2 of 3 of u8"},
        {"u8[]", "0 of u8"},
        {"struct:a_b", "a_b"},
        {"i64", NULL},
        {"f64", NULL},
        {"i64[2]", NULL},
    };
    struct target target = x86_64();

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct layout_type type = layout_type(&arena, rows[i][0], &target);
        const char *text = words_type(&arena, &attributes, &type);
        expect_text(rows[i][0], rows[i][1] != NULL ? rows[i][1] : "none",
                    text != NULL ? text : "none");
    }
}

/* A call with a pointer of each kind. */
#define POINTERS                                                                                   \
    SPEC_HEAD "opaque:\n  - {name: mask_t, doc: d}\n"                                              \
              "aliases:\n  - {name: word_t, doc: d}\n"                                             \
              "records:\n  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"                 \
              "calls:\n  - {name: f, doc: d, forms: [syscall], errors: e, manual: m, "             \
              "returns: {type: long, doc: d}, params: ["                                           \
              "{name: one, type: 'struct fam_r *', doc: d}, "                                      \
              "{name: list, type: 'const struct fam_r *', count: n, doc: d}, "                     \
              "{name: n, type: size_t, doc: d}, "                                                  \
              "{name: mask, type: 'const mask_t *', nullable: true, doc: d}, "                     \
              "{name: out, type: 'unsigned int *', nullable: true, doc: d}, "                      \
              "{name: alias, type: word_t, doc: d}, "                                              \
              "{name: path, type: 'const char *', doc: d}]}\n"

static void test_words_param_type__knows_one_several_and_null(void **state)
{
    (void)state;
    const struct spec *spec = make_spec(POINTERS);
    struct words chain = chain_words();
    struct item item = {.spec = spec, .words = &chain, .call = &spec->calls[0]};
    struct str text = {.arena = &arena};

    item_add_params(&text, &item, FORM_SYSCALL, "$N: $T");
    expect_text(
        "chain",
        "one: FamR ptr, list: [c FamR], n: uword, mask: ?raw, out: ?u32 ptr, alias: word_t, "
        "path: text of u8",
        str_text(&text));
    item.words = &attributes;
    text = (struct str){.arena = &arena};
    item_add_params(&text, &item, FORM_SYSCALL, "$T");
    expect_text("attributes", "fam_r ptr, fam_r cptr, uword, any cptr, u32 ptr, word_t, u8 cptr",
                str_text(&text));
    expect_text("result", "word", words_call_type(&arena, &attributes, spec, "long"));
}

/* ---- constants ---- */

static void test_item_constant__has_the_type_and_the_bits_of_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *field, *constant, *expected;
    } rows[] = {
        {"i16", "value=-1 type=i32", "i16 -1"},
        {"u32", "value=-1048576 type=i32", "u32 0xfff00000"},
        {"i16", "value=0x8000 type=i32", "i16 -32768"},
        {"u64", "value=-1 type=i32", "u64 0xffffffffffffffff"},
        {"u8[2]", "value=0x3 type=i32", "i32 0x3"}, /* no field of one integer */
        {"ptr", "value=-3 type=i32", "i32 -3"},
    };
    const struct spec *spec =
        make_spec(SPEC_HEAD "records:\n  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"
                            "constants:\n  - {doc: d, of: fam_r.a, names: [FAM_A]}\n");
    struct target target = x86_64();
    struct item item = {
        .spec = spec, .words = &attributes, .group = &spec->constants[0], .constant = "FAM_A"};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct facts facts = make_facts(arena_printf(
            &arena,
            "abi x86_64-linux bits=64 endian=little align32=4 align64=8\nconstant FAM_A %s\n"
            "record fam_r size=8 align=8 kind=struct\nfield fam_r.a offset=0 size=8 type=%s\n",
            rows[i].constant, rows[i].field));
        struct emit_on on = {&target, &facts};
        expect_text(rows[i].field, rows[i].expected,
                    arena_printf(&arena, "%s %s", item_constant_type(&arena, &on, &item),
                                 item_constant_value(&arena, &on, &item)));
    }
}

/* ---- conditions and branches ---- */

enum { N_TARGETS = 4 };
static struct target targets[N_TARGETS];
static struct emit_on ons[N_TARGETS];
static struct language_target names[] = {{"x86_64-linux", NULL, "x86_64"},
                                         {"i386-linux", NULL, "x86"},
                                         {"mips-linux", NULL, "mips"},
                                         {"s390x-linux", NULL, "s390x"}};
static struct language language = {.name = "a", .targets = names, .n_targets = N_TARGETS};
static const struct spec linux_spec = {.name = "x", .os = "linux"};

static struct emit_job make_job(void)
{
    for (int i = 0; i < N_TARGETS; i++) {
        bool is_wide = i == 0 || i == 3;
        targets[i] = make_target(names[i].name, "", is_wide ? 64 : 32, i < 2 ? "little" : "big");
        ons[i].target = &targets[i];
    }
    return (struct emit_job){
        .spec = &linux_spec, .on = ons, .n_on = N_TARGETS, .language = &language};
}

/* The text of a target: the line that is its own letter of the context; '-' is none. */
static void text_of(struct str *out, const struct emit_on *on, const void *context)
{
    char letter = ((const char *)context)[on - ons];

    if (letter != '-')
        str_addf(out, "%c\n", letter);
}

static const char *branches(const struct words *words, const char *texts)
{
    struct emit_job job = make_job();
    struct str out = {.arena = &arena};

    branches_add(&out, words, &job, text_of, texts);
    return str_text(&out);
}

static void test_branches_add__gives_each_item_its_attribute(void **state)
{
    (void)state;
    expect_text("all agree", "a\n", branches(&attributes, "aaaa"));
    expect_text("two", "@[little]\na\n@[big]\nb\n", branches(&attributes, "aabb"));
    expect_text("the shorter one", "@[not(arch x86)]\na\n@[arch x86]\nb\n",
                branches(&attributes, "abaa"));
    expect_text("some have none", "@[arch mips]\na\n", branches(&attributes, "--a-"));
    expect_text("none", "", branches(&attributes, "----"));
}

static void test_branches_add__puts_the_largest_group_last_in_a_chain(void **state)
{
    (void)state;
    struct words chain = chain_words();

    expect_text("all agree", "a\n", branches(&chain, "aaaa"));
    expect_text("two", "if arch x86:\n  b\nelse:\n  a\n", branches(&chain, "abaa"));
    expect_text("three", "if arch x86:\n  b\nelif arch mips:\n  c\nelse:\n  a\n",
                branches(&chain, "abca"));
    expect_text("without a word for the byte order",
                "if (arch x86_64 or arch x86):\n  a\nelse:\n  b\n", branches(&chain, "aabb"));
    expect_text("some have none", "if arch mips:\n  a\nif arch s390x:\n  b\n",
                branches(&chain, "--ab"));
}

static void test_branches_add_value__chooses_an_expression(void **state)
{
    (void)state;
    struct words chain = chain_words();
    struct emit_job job = make_job();
    static const char *const rows[][2] = {
        {"aaaa", "N = a\n;"},
        {"abaa", "N = if arch x86:b\nelse:a\n;"},
        {"-a--", "N = if arch x86:a\nelse:none;"},
        {"----", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        branches_add_value(&out, &chain, &job, "N = ", text_of, rows[i][0], ";", "none");
        expect_text(rows[i][0], rows[i][1], str_text(&out));
    }
}

static void test_words_known__names_the_system_and_each_target(void **state)
{
    (void)state;
    struct words chain = chain_words();
    struct emit_job job = make_job();

    job.n_on = 2;
    expect_text("attributes",
                "all(os linux, any(all(arch x86_64, bits 64, little), all(arch x86, bits 32, "
                "little)))",
                words_known(&arena, &attributes, &job));
    expect_text("chain", "os linux and (arch x86_64 and bits 64 or arch x86 and bits 32)",
                words_known(&arena, &chain, &job));
    static const char *const systems[][2] = {{"macos", "OSX"}, {"linux", "Linux"}, {NULL}};
    chain.systems = systems;
    job.n_on = 1;
    expect_text("its own name", "os Linux and arch x86_64 and bits 64",
                words_known(&arena, &chain, &job));
}

static void test_words_add_condition__breaks_long_lines_behind_a_list(void **state)
{
    (void)state;
    struct words chain = chain_words();
    struct str out = {.arena = &arena}, parts = {.arena = &arena};

    for (int i = 0; i < 9; i++)
        str_addf(&parts, "%sarchitecture_%d", i > 0 ? " or " : "", i);
    words_add_condition(&out, &chain, "if $T:", str_text(&parts));
    expect_text("long",
                "if architecture_0 or architecture_1 or architecture_2 or architecture_3 or "
                "architecture_4 or\n    architecture_5 or architecture_6 or architecture_7 or "
                "architecture_8:",
                str_text(&out));
    out = (struct str){.arena = &arena};
    chain.continued = " &";
    words_add_condition(&out, &chain, "if $T:", str_text(&parts));
    expect_part("continued", "architecture_4 or &\n    architecture_5", str_text(&out));
    out = (struct str){.arena = &arena};
    chain.further = "\t";
    str_add(&out, "a line\nwith something before it, ");
    words_add_condition(&out, &chain, "if $T:", str_text(&parts));
    expect_part("where it begins is counted", "it, if architecture_0 or", str_text(&out));
    expect_part("further", "architecture_2 or &\n\tarchitecture_3", str_text(&out));
}

static void test_words_add_condition__encloses_nothing_twice(void **state)
{
    (void)state;
    struct words chain = chain_words();
    static const char *const rows[][3] = {
        {"if ($T):", "(a or b)", "if (a or b):"},
        {"if $T:", "(a or b)", "if (a or b):"},
        {"if ($T):", "(a or b) and (c or d)", "if ((a or b) and (c or d)):"},
        {"if ($T):", "a", "if (a):"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str out = {.arena = &arena};
        words_add_condition(&out, &chain, rows[i][0], rows[i][1]);
        expect_text(rows[i][1], rows[i][2], str_text(&out));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_words__spell_names),
        TEST(test_words_type__spells_fact_types_or_has_none),
        TEST(test_words_param_type__knows_one_several_and_null),
        TEST(test_item_constant__has_the_type_and_the_bits_of_its_field),
        TEST(test_branches_add__gives_each_item_its_attribute),
        TEST(test_branches_add__puts_the_largest_group_last_in_a_chain),
        TEST(test_branches_add_value__chooses_an_expression),
        TEST(test_words_known__names_the_system_and_each_target),
        TEST(test_words_add_condition__breaks_long_lines_behind_a_list),
        TEST(test_words_add_condition__encloses_nothing_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
