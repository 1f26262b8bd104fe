/* Tests of gen/yaml.c: what is read, and that a message has file, line and key. */
#include "fixture.h"

#include "yaml.h"

struct part {
    const char *name;
    int size;
};

struct thing {
    const char *name;
    const char **words;
    unsigned n_words;
    struct part *parts;
    unsigned n_parts;
};

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};
static const cyaml_schema_field_t part_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct part, name, 0, CYAML_UNLIMITED),
    CYAML_FIELD_INT("size", CYAML_FLAG_OPTIONAL, struct part, size),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t part_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct part, part_fields)};
static const cyaml_schema_field_t thing_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct thing, name, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("words", CYAML_FLAG_POINTER, struct thing, words, n_words, &word, 0,
                               CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("parts", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct thing,
                               parts, n_parts, &part_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t thing_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct thing, thing_fields)};

static struct thing *load(const char *text)
{
    return yaml_load(&arena, write_file("x.yaml", text), &thing_value, &diag);
}

static void test_yaml_load__reads_what_the_schema_describes(void **state)
{
    (void)state;
    struct thing *thing = load("# a comment\n"
                               "name: >-\n"
                               "  two\n"
                               "  lines\n"
                               "words: [one, 'two: three', \"\\x41\"]\n"
                               "parts:\n"
                               "  - name: p\n"
                               "    size: 0x10\n"
                               "  - {name: q}\n");
    assert_non_null(thing);
    expect_messages("no messages", "");
    assert_string_equal(thing->name, "two lines");
    assert_int_equal(thing->n_words, 3);
    assert_string_equal(thing->words[0], "one");
    assert_string_equal(thing->words[1], "two: three");
    assert_string_equal(thing->words[2], "A");
    assert_int_equal(thing->n_parts, 2);
    assert_string_equal(thing->parts[0].name, "p");
    assert_int_equal(thing->parts[0].size, 16);
    assert_string_equal(thing->parts[1].name, "q");
    assert_int_equal(thing->parts[1].size, 0);
}

static void test_yaml_load__reads_a_list_longer_than_its_first_memory(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    str_add(&text, "name: n\nwords:\n");
    for (int i = 0; i < 1000; i++)
        str_addf(&text, "  - w%d\n", i);
    struct thing *thing = load(str_text(&text));
    assert_non_null(thing);
    assert_int_equal(thing->n_words, 1000);
    for (int i = 0; i < 1000; i++)
        assert_string_equal(thing->words[i], arena_printf(&arena, "w%d", i));
}

static void test_yaml_load__names_file_line_and_key_when_the_file_is_bad(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        const char *expected;
    } rows[] = {
        {"unknown key, first in the file", "nmae: n\nwords: []\n",
         "$x.yaml:1: error: unknown key 'nmae'\n"},
        {"unknown key, between others", "name: n\nwrods: []\nwords: []\n",
         "$x.yaml:2: error: unknown key 'wrods'\n"},
        {"unknown key that is a word further up", "name: sizes\nwords: []\nsizes: 1\n",
         "$x.yaml:3: error: unknown key 'sizes'\n"},
        {"unknown key that a comment has, too", "name: n\n# sizes:\nsizes: 1\nwords: []\n",
         "$x.yaml:3: error: unknown key 'sizes'\n"},
        {"unknown key within an item", "name: n\nwords: []\nparts:\n  - name: p\n    sise: 1\n",
         "$x.yaml:5: error: unknown key 'sise'\n"},
        {"missing key", "name: n\nparts: []\n",
         "$x.yaml:2:8: error: Missing required mapping field: words, in mapping field 'parts'\n"},
        {"missing key within an item", "name: n\nwords: []\nparts:\n  - size: 1\n",
         "$x.yaml:4:11: error: Missing required mapping field: name, in mapping field 'size'\n"},
        {"a word where a list belongs", "name: n\nwords: one\n",
         "$x.yaml:2:8: error: Expecting SEQUENCE, got event: SCALAR, in mapping field 'words'\n"},
        {"a list where a word belongs", "name: [n]\nwords: []\n",
         "$x.yaml:1:7: error: Expecting STRING, got event: SEQUENCE_START, in mapping field "
         "'name'\n"},
        {"a word where a number belongs",
         "name: n\nwords: []\nparts:\n  - name: p\n    size: big\n",
         "$x.yaml:5:11: error: Invalid INT value: 'big', in mapping field 'size'\n"},
        {"an unclosed list", "name: n\nwords: [one\n",
         "$x.yaml:2:9: error: libyaml: did not find expected ',' or ']', in sequence entry '1'\n"},
        {"a list at the top", "- name: n\n",
         "$x.yaml: error: Expecting MAPPING, got event: SEQUENCE_START\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (load(rows[i].text) != NULL)
            fail_msg("%s: expected it to be refused, got data", rows[i].label);
        assert_int_equal(diag.n_errors, 1);
        expect_messages(rows[i].label, rows[i].expected);
    }
}

static void test_yaml_load__places_an_unknown_key_where_it_is_a_key(void **state)
{
    (void)state;
    assert_null(load("name: n\nwords: [size]\nsize: 1\n"));
    expect_messages("a word of the line before", "$x.yaml:3: error: unknown key 'size'\n");
}

static void test_yaml_load__places_a_repeated_key_where_it_is_repeated(void **state)
{
    (void)state;
    assert_null(load("name: n\nwords: []\nname: m\n"));
    expect_messages("the second one", "$x.yaml:3: error: repeated key 'name'\n");
}

static void test_yaml_load__reports_when_the_file_holds_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\n", "# only a comment\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        diag_init(&diag, &arena, false);
        assert_null(load(texts[i]));
        if (diag.n_errors != 1)
            fail_msg("'%s': expected one error, got %d", texts[i], diag.n_errors);
        expect_part(texts[i], "x.yaml", str_text(&diag.text));
    }
}

static void test_yaml_load__reports_when_the_file_cannot_be_read(void **state)
{
    (void)state;
    assert_null(yaml_load(&arena, at_root("none.yaml"), &thing_value, &diag));
    expect_messages("no such file", "$none.yaml: error: cannot read: No such file or directory\n");
    assert_null(yaml_load(&arena, at_root(""), &thing_value, &diag));
    expect_messages("a folder", "$: error: cannot read: Is a directory\n");
}

static void test_yaml_line_of__finds_keys_and_items(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int expected;
    } rows[] = {
        {"records", 2}, /* line 1 is a comment that has it, too */
        {"epoll_event", 3}, {"EPOLLIN", 5},  {"EPOLLOUT", 5}, {"EPOLLET", 6}, {"EPOLL", 0},
        {"LLIN", 0},        {"a header", 7}, {"last", 8},     {"none", 0},
    };
    const char *path = write_file("x.yaml", "  # records: epoll_event\n"
                                            "records:\n"
                                            "  - name: epoll_event\n"
                                            "    names:\n"
                                            "      [EPOLLIN, EPOLLOUT]\n"
                                            "      - EPOLLET\n"
                                            "    header: \"a header\"\n"
                                            "    x: last");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (yaml_line_of(path, rows[i].name) != rows[i].expected)
            fail_msg("'%s': expected line %d, got %d", rows[i].name, rows[i].expected,
                     yaml_line_of(path, rows[i].name));
    assert_int_equal(yaml_line_of(at_root("none.yaml"), "records"), 0);
}

static void test_yaml_line_in__finds_items_of_a_list(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        int lines[3]; /* of the first three items of `words` */
    } rows[] = {
        {"block", "# words:\nname: n\nwords:\n  - a\n\n  # b\n  - b: 1\n    c: 2\n", {4, 7, 0}},
        {"at the margin", "words:\n- a\n- b\n- c\nname: n\n", {2, 3, 4}},
        {"in brackets", "words: [a,\n  {b: c}, d]\n", {1, 2, 2}},
        {"a list of that name further down", "parts:\n  words: [a]\nwords: [b]\n", {3, 0, 0}},
        {"quoted key", "\"words\":\n  - a\n", {2, 0, 0}},
        {"no list", "words: a\n", {0, 0, 0}},
        {"no such key", "word: [a]\n", {0, 0, 0}},
        {"no mapping", "[words, a]\n", {0, 0, 0}},
        {"nothing", "", {0, 0, 0}},
        {"no YAML", "words: [a\n", {0, 0, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *path = write_file("x.yaml", rows[i].text);
        for (size_t k = 0; k < 3; k++)
            if (yaml_line_in(path, "words", k) != rows[i].lines[k])
                fail_msg("%s: expected item %zu on line %d, got %d", rows[i].label, k,
                         rows[i].lines[k], yaml_line_in(path, "words", k));
    }
    assert_int_equal(yaml_line_in(at_root("none.yaml"), "words", 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_yaml_load__reads_what_the_schema_describes),
        TEST(test_yaml_load__reads_a_list_longer_than_its_first_memory),
        TEST(test_yaml_load__names_file_line_and_key_when_the_file_is_bad),
        TEST(test_yaml_load__places_an_unknown_key_where_it_is_a_key),
        TEST(test_yaml_load__places_a_repeated_key_where_it_is_repeated),
        TEST(test_yaml_load__reports_when_the_file_holds_nothing),
        TEST(test_yaml_load__reports_when_the_file_cannot_be_read),
        TEST(test_yaml_line_of__finds_keys_and_items),
        TEST(test_yaml_line_in__finds_items_of_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
