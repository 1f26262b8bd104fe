/* Tests of yaml.c: what is read, and that a message has file, line and key. */
#include "fixture.h"

#include <limits.h>

#include "base/yaml.h"

enum sort { SMALL = 1, LARGE = 2 };

struct yaml_point {
    unsigned at;
};

struct yaml_part {
    const char *name;
    int size;
    enum sort sort;
    unsigned forms;
    bool is_new;
    struct yaml_point place;
};

struct yaml_thing {
    const char *name;
    const char **words;
    unsigned n_words;
    struct yaml_part *parts;
    unsigned n_parts;
    const char **few;
    unsigned n_few;
};

static const cyaml_schema_value_t word = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CYAML_UNLIMITED)};
static const cyaml_strval_t sorts[] = {{"small", SMALL}, {"large", LARGE}};
static const cyaml_schema_field_t point_fields[] = {
    CYAML_FIELD_UINT("at", CYAML_FLAG_DEFAULT, struct yaml_point, at),
    CYAML_FIELD_END,
};
static const cyaml_schema_field_t part_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct yaml_part, name, 0, CYAML_UNLIMITED),
    CYAML_FIELD_INT("size", CYAML_FLAG_OPTIONAL, struct yaml_part, size),
    CYAML_FIELD_ENUM("sort", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct yaml_part, sort, sorts,
                     2),
    CYAML_FIELD_FLAGS("forms", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, struct yaml_part, forms,
                      sorts, 2),
    CYAML_FIELD_BOOL("is_new", CYAML_FLAG_OPTIONAL, struct yaml_part, is_new),
    CYAML_FIELD_MAPPING("place", CYAML_FLAG_OPTIONAL, struct yaml_part, place, point_fields),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t part_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct yaml_part, part_fields)};
static const cyaml_schema_field_t thing_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct yaml_thing, name, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("words", CYAML_FLAG_POINTER, struct yaml_thing, words, n_words,
                               &word, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("parts", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct yaml_thing,
                               parts, n_parts, &part_value, 0, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE_COUNT("few", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct yaml_thing,
                               few, n_few, &word, 1, 2),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t thing_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_thing, thing_fields)};

/* Lines 1 and 2 are right, 3 begins a part. */
#define PART "name: n\nwords: []\nparts: [{name: p, "

static struct yaml_thing *load(const char *text)
{
    return yaml_load(&arena, write_file("x.yaml", text), &thing_value, &diag);
}

static void test_yaml_load__reads_what_the_schema_describes(void **state)
{
    (void)state;
    struct yaml_thing *thing = load("# a comment\n"
                                    "name: >-\n"
                                    "  two\n"
                                    "  lines\n"
                                    "words: [one, 'two: three', \"\\x41\"]\n"
                                    "parts:\n"
                                    "  - name: p\n"
                                    "    size: 0x10\n"
                                    "    sort: large\n"
                                    "    forms: [small, large]\n"
                                    "    is_new: true\n"
                                    "    place: {at: 4294967295}\n"
                                    "  - {name: q, size: -2147483648, is_new: false}\n"
                                    "few: [a, b]\n");
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
    assert_int_equal(thing->parts[0].sort, LARGE);
    assert_int_equal(thing->parts[0].forms, SMALL | LARGE);
    assert_true(thing->parts[0].is_new);
    assert_int_equal(thing->parts[0].place.at, 4294967295);
    assert_string_equal(thing->parts[1].name, "q");
    assert_int_equal(thing->parts[1].size, INT_MIN);
    assert_int_equal(thing->parts[1].forms, 0);
    assert_false(thing->parts[1].is_new);
    assert_int_equal(thing->n_few, 2);
}

static void test_yaml_load__reads_a_list_longer_than_its_first_memory(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    str_add(&text, "name: n\nwords:\n");
    for (int i = 0; i < 1000; i++)
        str_addf(&text, "  - w%d\n", i);
    struct yaml_thing *thing = load(str_text(&text));
    assert_non_null(thing);
    assert_int_equal(thing->n_words, 1000);
    for (int i = 0; i < 1000; i++)
        assert_string_equal(thing->words[i], arena_printf(&arena, "w%d", i));
}

static void test_yaml_load__names_location_and_key_when_the_file_is_bad(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *text;
        const char *expected;
    } rows[] = {
        {"misspelt key, first in the file", "nmae: n\nwords: []\n",
         "$x.yaml:1:1: error: unknown key 'nmae' of the file (perhaps 'name')\n"},
        {"misspelt key, between others", "name: n\nwrods: []\nwords: []\n",
         "$x.yaml:2:1: error: unknown key 'wrods' of the file (perhaps 'words')\n"},
        {"misspelt key within an item", "name: n\nwords: []\nparts:\n  - name: p\n    sise: 1\n",
         "$x.yaml:5:5: error: unknown key 'sise' of an item of 'parts' (perhaps 'size')\n"},
        {"key of an inner mapping", "name: sizes\nwords: []\nsize: 1\n",
         "$x.yaml:3:1: error: unknown key 'size' of the file; it belongs in an item of 'parts'\n"},
        {"key of the outermost mapping", "name: n\nwords: []\nparts:\n  - {name: p, words: []}\n",
         "$x.yaml:4:15: error: unknown key 'words' of an item of 'parts'; it belongs in the file's "
         "outermost mapping\n"},
        {"key of nothing", "name: n\nwords: []\nparts: [{name: p, colour: red}]\n",
         "$x.yaml:3:19: error: unknown key 'colour' of an item of 'parts', expected 'name', "
         "'size', 'sort', 'forms', 'is_new' or 'place'\n"},
        {"comma in a text without quotes", "name: n\nwords: []\nparts: [{name: p, in bytes}]\n",
         "$x.yaml:3:19: error: unknown key 'in bytes' of an item of 'parts'; if it is the rest of "
         "the text before the comma, quote the whole: \"..., in bytes\"\n"},
        {"key that is a list", "name: n\n[words]: []\nwords: []\n",
         "$x.yaml:2:1: error: bad key of the file, expected a name, got a list\n"},
        {"repeated key", "name: n\nwords: []\nname: m\n",
         "$x.yaml:3:1: error: repeated key 'name'; it is on line 1, too\n"},
        {"missing key", "name: n\nparts: []\n",
         "$x.yaml:1:1: error: missing key 'words' of the file, expected a list\n"},
        {"missing keys", "parts: []\n",
         "$x.yaml:1:1: error: missing keys 'name' and 'words' of the file\n"},
        {"missing key within an item", "name: n\nwords: []\nparts:\n  - size: 1\n",
         "$x.yaml:4:5: error: missing key 'name' of an item of 'parts', expected text\n"},
        {"missing key of a mapping", "name: n\nwords: []\nparts: [{name: p, place: {}}]\n",
         "$x.yaml:3:26: error: missing key 'at' of 'place', expected a number that is not "
         "negative\n"},
        {"a word where a list belongs", "name: n\nwords: one\n",
         "$x.yaml:2:8: error: bad value of 'words', expected a list, got 'one'; write [one]\n"},
        {"a text where a list belongs", "name: n\nwords: one, two\n",
         "$x.yaml:2:8: error: bad value of 'words', expected a list, got 'one, two'\n"},
        {"nothing where a list belongs", "words:\nname: n\n",
         "$x.yaml:1:7: error: bad value of 'words', expected a list, got nothing\n"},
        {"a word where a list of mappings belongs", "name: n\nwords: []\nparts: p\n",
         "$x.yaml:3:8: error: bad value of 'parts', expected a list, each item a mapping with "
         "'name', got 'p'\n"},
        {"a word where a mapping belongs", "name: n\nwords: []\nparts: [p]\n",
         "$x.yaml:3:9: error: bad item of 'parts', expected a mapping with 'name', got 'p'\n"},
        {"a list where a word belongs", "name: [n]\nwords: []\n",
         "$x.yaml:1:7: error: bad value of 'name', expected text, got a list\n"},
        {"a mapping where a word belongs", "name: n\nwords: [{a: b}]\n",
         "$x.yaml:2:9: error: bad item of 'words', expected text, got a mapping\n"},
        {"an empty word", "name: n\nwords: [a, '']\n",
         "$x.yaml:2:12: error: bad item of 'words', expected text, got nothing\n"},
        {"a character that ends C's strings", "name: \"a\\0b\"\nwords: []\n",
         "$x.yaml:1:7: error: bad value of 'name', expected text, got a text with a NUL "
         "character\n"},
        {"too many items",
         "name: n\nwords: [a, b]\nparts: [{name: p, forms: []}]\nfew: [a, b, c]\n",
         "$x.yaml:4:6: error: bad value of 'few', expected a list of at most 2, got one of 3\n"},
        {"too few items", "name: n\nwords: []\nfew: []\n",
         "$x.yaml:3:6: error: bad value of 'few', expected a list of at least 1, got one of 0\n"},
        {"a word where a number belongs", PART "size: big}]\n",
         "$x.yaml:3:25: error: bad value of 'size', expected a number, got 'big'\n"},
        {"a number with a unit", PART "size: 4k}]\n",
         "$x.yaml:3:25: error: bad value of 'size', expected a number, got '4k'\n"},
        {"a number without room", PART "size: 2147483648}]\n",
         "$x.yaml:3:25: error: bad value of 'size', expected a number, got '2147483648'\n"},
        {"a number beyond all room", PART "size: 99999999999999999999}]\n",
         "$x.yaml:3:25: error: bad value of 'size', expected a number, got "
         "'99999999999999999999'\n"},
        {"a number below zero", PART "place: {at: -1}}]\n",
         "$x.yaml:3:31: error: bad value of 'at', expected a number that is not negative, got "
         "'-1'\n"},
        {"a misspelt word of a choice", PART "sort: smal}]\n",
         "$x.yaml:3:25: error: bad value of 'sort', expected 'small' or 'large', got 'smal' "
         "(perhaps 'small')\n"},
        {"a misspelt word of a list", PART "forms: [lagre]}]\n",
         "$x.yaml:3:27: error: bad item of 'forms', expected 'small' or 'large', got 'lagre' "
         "(perhaps 'large')\n"},
        {"a word where a list of words belongs", PART "forms: large}]\n",
         "$x.yaml:3:26: error: bad value of 'forms', expected a list of 'small' and 'large', got "
         "'large'; write [large]\n"},
        {"another word for true", PART "is_new: Yes}]\n",
         "$x.yaml:3:27: error: bad value of 'is_new', expected 'true' or 'false', got 'Yes'; write "
         "true\n"},
        {"another word for false", PART "is_new: 0}]\n",
         "$x.yaml:3:27: error: bad value of 'is_new', expected 'true' or 'false', got '0'; write "
         "false\n"},
        {"no word for either", PART "is_new: often}]\n",
         "$x.yaml:3:27: error: bad value of 'is_new', expected 'true' or 'false', got 'often'\n"},
        {"a list at the top", "- name: n\n",
         "$x.yaml:1:1: error: bad file, expected a mapping with 'name' and 'words', got a list\n"},
        {"a list that is in itself", "name: n\nwords: &a [*a]\n",
         "$x.yaml:2:8: error: bad item of 'words', expected text, got a list\n"},
        {"a second document", "name: n\nwords: []\n---\nname: m\n",
         "$x.yaml:3: error: a second document begins here, expected one in the file\n"},
        {"an unclosed list", "name: n\nwords: [one\n",
         "$x.yaml:3:1: error: bad YAML: did not find expected ',' or ']' while parsing a flow "
         "sequence that begins on line 2\n"},
        {"an indent with a tab", "name: n\nwords:\n\t- a\n",
         "$x.yaml:3:1: error: bad YAML: found character that cannot start any token while scanning "
         "for the next token; indent with spaces, not with tabs\n"},
        {"a pattern without quotes", "name: n\nwords: [*.o]\n",
         "$x.yaml:2:10: error: bad YAML: did not find expected alphabetic or numeric character "
         "while scanning an alias; a text that begins with '*' belongs in quotes\n"},
        {"a name with a star before it", "name: n\nwords: [\xc3\xa9, *o]\n",
         "$x.yaml:2:12: error: bad YAML: found undefined alias; a text that begins with '*' "
         "belongs in quotes\n"},
        {"a text that begins with another mark", "name: n\nwords: [@a]\n",
         "$x.yaml:2:9: error: bad YAML: found character that cannot start any token while scanning "
         "for the next token; a text that begins like this belongs in quotes\n"},
        {"a colon without quotes", "name: a: b\nwords: []\n",
         "$x.yaml:1:8: error: bad YAML: mapping values are not allowed in this context; a text "
         "with ': ' in it belongs in quotes\n"},
        {"bytes that are no text", "name: n\nwords: [\xff]\n",
         "$x.yaml:2: error: bad YAML: invalid leading UTF-8 octet\n"},
        {"bad YAML after a good document", "name: n\nwords: []\n---\n[\n",
         "$x.yaml:5:1: error: bad YAML: did not find expected node content while parsing a flow "
         "node\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (load(rows[i].text) != NULL)
            fail_msg("%s: expected it to be refused, got data", rows[i].label);
        if (diag.n_errors != 1)
            fail_msg("%s: expected one error, got %s", rows[i].label, str_text(&diag.text));
        expect_messages(rows[i].label, rows[i].expected);
    }
}

static void test_yaml_load__names_every_mistake_of_a_file(void **state)
{
    (void)state;
    assert_null(load("wrods: []\nparts:\n  - {size: big}\n  - {name: [], is_new: no}\n"));
    assert_int_equal(diag.n_errors, 5);
    expect_messages("all of them",
                    "$x.yaml:1:1: error: unknown key 'wrods' of the file (perhaps 'words')\n"
                    "$x.yaml:3:12: error: bad value of 'size', expected a number, got 'big'\n"
                    "$x.yaml:3:5: error: missing key 'name' of an item of 'parts', expected text\n"
                    "$x.yaml:4:12: error: bad value of 'name', expected text, got a list\n"
                    "$x.yaml:4:24: error: bad value of 'is_new', expected 'true' or 'false', got "
                    "'no'; write false\n");
}

static void test_yaml_load__stops_in_a_file_of_another_kind(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    for (int i = 1; i <= 1000; i++)
        str_addf(&text, "k%d: v\n", i);
    assert_null(load(str_text(&text)));
    assert_int_equal(diag.n_errors, 21);
    expect_part("the last that is listed", "x.yaml:20:1: error: unknown key 'k20' of the file",
                str_text(&diag.text));
    expect_part(
        "that there are more",
        "x.yaml:21:1: error: 20 mistakes are reported, and here is one more: is this file what "
        "it should be?\n",
        str_text(&diag.text));
}

static void test_yaml_load__takes_aliases_and_marks_of_a_document(void **state)
{
    (void)state;
    struct yaml_thing *thing =
        load("%YAML 1.1\n---\nname: &n one\nwords: &w [*n, two]\nfew: *w\n...\n");
    expect_messages("no messages", "");
    assert_non_null(thing);
    assert_string_equal(thing->words[0], "one");
    assert_int_equal(thing->n_few, 2);
    assert_string_equal(thing->few[1], "two");
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
        TEST(test_yaml_load__names_location_and_key_when_the_file_is_bad),
        TEST(test_yaml_load__names_every_mistake_of_a_file),
        TEST(test_yaml_load__stops_in_a_file_of_another_kind),
        TEST(test_yaml_load__takes_aliases_and_marks_of_a_document),
        TEST(test_yaml_load__reports_when_the_file_holds_nothing),
        TEST(test_yaml_load__reports_when_the_file_cannot_be_read),
        TEST(test_yaml_line_of__finds_keys_and_items),
        TEST(test_yaml_line_in__finds_items_of_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
