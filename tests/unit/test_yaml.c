/* Tests of yaml.c: what is read, and that a message has file, line and key. */
#include "fixture.h"

#include <limits.h>
#include <time.h>

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
    struct yaml_point *other;
};

struct yaml_thing {
    const char *name;
    const char **words;
    unsigned n_words;
    struct yaml_part *parts;
    unsigned n_parts;
    struct {
        unsigned *items;
        unsigned n;
    } counts;
    const char **few;
    unsigned n_few;
};

static const struct yaml_word sorts[] = {{"small", SMALL}, {"large", LARGE}};
static const struct yaml_field point_fields[] = {
    YAML_KEY(yaml_point, at, YAML_UINT),
};
static const struct yaml_record point_record = YAML_RECORD(yaml_point, point_fields);
static const struct yaml_field part_fields[] = {
    YAML_KEY(yaml_part, name, YAML_TEXT),
    YAML_KEY(yaml_part, size, YAML_INT, YAML_OPTIONAL),
    YAML_KEY(yaml_part, sort, YAML_WORD, YAML_WORDS(sorts), YAML_OPTIONAL),
    YAML_KEY(yaml_part, forms, YAML_BITS, YAML_WORDS(sorts), YAML_OPTIONAL),
    YAML_KEY(yaml_part, is_new, YAML_BOOL, YAML_OPTIONAL),
    YAML_KEY(yaml_part, place, YAML_MAPPING, .record = &point_record, YAML_OPTIONAL),
    YAML_KEY(yaml_part, other, YAML_POINTER, .record = &point_record, YAML_OPTIONAL),
};
static const struct yaml_record part_record = YAML_RECORD(yaml_part, part_fields);
static const struct renamed old_keys[] = {{"title", "name"}, {"pieces", "parts"}, {NULL, NULL}};
static const struct yaml_field thing_fields[] = {
    YAML_KEY(yaml_thing, name, YAML_TEXT),
    YAML_LIST(yaml_thing, words, YAML_TEXT),
    YAML_LIST(yaml_thing, parts, YAML_MAPPING, .record = &part_record, YAML_OPTIONAL),
    YAML_LIST_AS("numbers", yaml_thing, counts.items, counts.n, YAML_UINT, YAML_OPTIONAL),
    YAML_LIST(yaml_thing, few, YAML_TEXT, .least = 1, .most = 2, YAML_OPTIONAL),
};
static const struct yaml_record thing_record = {sizeof(struct yaml_thing),
                                                YAML_FIELDS(thing_fields), .old_keys = old_keys};

/* Lines 1 and 2 are right, 3 begins a part. */
#define PART "name: n\nwords: []\nparts: [{name: p, "

static struct yaml_places places; /* of the last that was loaded */

static struct yaml_thing *load(const char *text)
{
    return yaml_load(&arena, write_file("x.yaml", text), &thing_record, &places, &diag);
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
                                    "    other: {at: 7}\n"
                                    "  - {name: q, size: -2147483648, is_new: false}\n"
                                    "few: [a, b]\n"
                                    "numbers: [1, 0x10, 010]\n");
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
    assert_int_equal(thing->parts[0].other->at, 7);
    assert_null(thing->parts[1].other);
    assert_int_equal(thing->counts.n, 3);
    assert_int_equal(thing->counts.items[1], 16);
    assert_int_equal(thing->counts.items[2], 8);
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
         "'size', 'sort', 'forms', 'is_new', 'place' or 'other'\n"},
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
        {"a second document", "name: n\nwords: []\n---\nname: m\n",
         "$x.yaml:3:1: error: a second document begins here, expected one in the file\n"},
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
         "$x.yaml:2:12: error: bad YAML: found the alias '*o', expected a value; a text that begins "
         "with '*' belongs in quotes\n"},
        {"an alias", "name: n\nwords: &w [a, *w]\n",
         "$x.yaml:2:8: error: bad YAML: found the anchor '&w', expected a value; a text that begins "
         "with '&' belongs in quotes\n"},
        {"an anchor before a text", "name: &n one\nwords: []\n",
         "$x.yaml:1:7: error: bad YAML: found the anchor '&n', expected a value; a text that begins "
         "with '&' belongs in quotes\n"},
        {"a tag before a text", "name: n\nwords: [!a b]\n",
         "$x.yaml:2:9: error: bad YAML: found the tag '!a', expected a value; a text that begins "
         "with '!' belongs in quotes\n"},
        {"a name for tags", "# %TAG\n%TAG ! tag:x\n---\nname: n\nwords: []\n",
         "$x.yaml:2:1: error: bad YAML: found '%TAG', expected no tags\n"},
        {"a text that begins with another mark", "name: n\nwords: [@a]\n",
         "$x.yaml:2:9: error: bad YAML: found character that cannot start any token while scanning "
         "for the next token; a text that begins like this belongs in quotes\n"},
        {"a colon without quotes", "name: a: b\nwords: []\n",
         "$x.yaml:1:8: error: bad YAML: mapping values are not allowed in this context; a text "
         "with ': ' in it belongs in quotes\n"},
        {"bytes that are no text", "name: n\nwords: [\xff]\n",
         "$x.yaml:2:9: error: bad YAML: invalid leading UTF-8 octet\n"},
        {"bad YAML after a good document", "name: n\nwords: []\n...\n]\n",
         "$x.yaml:4:1: error: bad YAML: did not find expected <document start>\n"},
        {"a key that ends early", "\"name\\0\": n\nwords: []\n",
         "$x.yaml:1:1: error: bad key of the file, expected a name, got a text with a NUL "
         "character\n"},
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

static void test_yaml_load__takes_marks_of_a_document_and_yamls_own_tags(void **state)
{
    (void)state;
    struct yaml_thing *thing = load("%YAML 1.1\n---\nname: !!str one\nwords: !!seq ['*n']\n...\n");
    expect_messages("no messages", "");
    assert_non_null(thing);
    assert_string_equal(thing->name, "one");
    assert_string_equal(thing->words[0], "*n");
}

static void test_yaml_load__refuses_what_is_nested_deep_at_once(void **state)
{
    (void)state;
    static const struct {
        const char *label;
        const char *open; /* a million bytes of it */
        const char *before, *expected;
    } rows[] = {
        {"lists", "[", "name: n\nwords: ",
         "$x.yaml:2:9: error: bad item of 'words', expected text, got a list\n"
         "$x.yaml:2:39: error: lists and mappings in one another, more than 32 deep, expected at "
         "most 32\n"},
        {"mappings", "{a: ", "name: n\nwords: []\nparts: ",
         "$x.yaml:3:8: error: bad value of 'parts', expected a list, each item a mapping with "
         "'name', got a mapping\n"
         "$x.yaml:3:132: error: lists and mappings in one another, more than 32 deep, expected at "
         "most 32\n"},
        {"keys", "? [", "",
         "$x.yaml:1:49: error: lists and mappings in one another, more than 32 deep, expected at "
         "most 32\n"},
        {"lists without brackets", "- ", "name: n\nwords:\n",
         "$x.yaml:3:3: error: bad item of 'words', expected text, got a list\n"
         "$x.yaml:3:63: error: lists and mappings in one another, more than 32 deep, expected at "
         "most 32\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str text = {.arena = &arena};
        str_add(&text, rows[i].before);
        while (text.len < 1000000)
            str_add(&text, rows[i].open);
        clock_t start = clock();
        assert_null(load(str_text(&text)));
        if (clock() - start > CLOCKS_PER_SEC)
            fail_msg("%s: expected at most a second, got %.1f", rows[i].label,
                     (double)(clock() - start) / CLOCKS_PER_SEC);
        expect_messages(rows[i].label, rows[i].expected);
    }
}

static void test_yaml_load__takes_no_more_bytes_than_its_bound(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    str_add(&text, "name: n\nwords: []\n#");
    char *line = arena_alloc(&arena, 1 << 20);
    memset(line, 'x', (1 << 20) - 1);
    while (text.len <= YAML_BYTES_MAX)
        str_add(&text, line);
    text.text[YAML_BYTES_MAX] = '\0';
    assert_non_null(load(text.text));
    text.text[YAML_BYTES_MAX] = 'x';
    assert_null(load(str_text(&text)));
    expect_messages("too long", "$x.yaml: error: cannot read: File too large\n");
}

static void test_yaml_load__reads_keys_by_their_old_names_and_notes_each_once(void **state)
{
    (void)state;
    struct yaml_thing *thing = load("title: n\nwords: []\npieces:\n"
                                    "  - title: p\n"
                                    "  - {title: q}\n");
    expect_messages("two notes", "$x.yaml:1:1: note: key 'title' is now called 'name'\n"
                                 "$x.yaml:3:1: note: key 'pieces' is now called 'parts'\n");
    assert_non_null(thing);
    assert_string_equal(thing->name, "n");
    assert_string_equal(thing->parts[1].name, "q");
    assert_null(load("name: n\ntitle: m\nwords: []\n"));
    expect_messages("both names", "$x.yaml:2:1: note: key 'title' is now called 'name'\n"
                                  "$x.yaml:2:1: error: repeated key 'name'; it is on line 1, "
                                  "too\n");
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
    assert_null(yaml_load(&arena, at_root("none.yaml"), &thing_record, NULL, &diag));
    expect_messages("no such file", "$none.yaml: error: cannot read: No such file or directory\n");
    assert_null(yaml_load(&arena, at_root(""), &thing_record, NULL, &diag));
    expect_messages("a folder", "$: error: cannot read: Is a directory\n");
}

static void expect_location(const char *label, const void *part, int line, int column)
{
    struct location got = yaml_location(&places, part);

    assert_string_equal(got.file, at_root("x.yaml"));
    if (got.line != line || got.column != column)
        fail_msg("%s: expected %d:%d, got %d:%d", label, line, column, got.line, got.column);
}

static void test_yaml_location__tells_equal_texts_and_items_apart(void **state)
{
    (void)state;
    struct yaml_thing *thing = load("# name: n\n"
                                    "name: n\n"
                                    "words: [n, \"\xc3\xa9\", n,\n"
                                    "  n]\n"
                                    "parts:\n"
                                    "  - size: 1\n"
                                    "    name: n\n"
                                    "  - {name: n, place: {at: 1}}\n");
    assert_non_null(thing);
    expect_location("value", thing->name, 2, 7);
    expect_location("first of a list", thing->words[0], 3, 9);
    expect_location("after a character of two bytes", thing->words[2], 3, 17);
    expect_location("on the next line", thing->words[3], 4, 3);
    expect_location("item", &thing->parts[0], 6, 5);
    expect_location("text of the item", thing->parts[0].name, 7, 11);
    expect_location("item in braces", &thing->parts[1], 8, 5);
    expect_location("text of no file", "n", 0, 0);
    expect_location("nothing", NULL, 0, 0);
}

static void test_yaml_location__keeps_the_places_of_a_list_that_grew(void **state)
{
    (void)state;
    struct str text = {.arena = &arena};
    str_add(&text, "name: n\nwords: []\nparts:\n");
    for (int i = 0; i < 1000; i++)
        str_add(&text, "  - name: p\n");
    struct yaml_thing *thing = load(str_text(&text));
    assert_non_null(thing);
    for (int i = 0; i < 1000; i++) {
        expect_location("item", &thing->parts[i], 4 + i, 5);
        expect_location("its name", thing->parts[i].name, 4 + i, 11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_yaml_load__reads_what_the_schema_describes),
        TEST(test_yaml_load__reads_a_list_longer_than_its_first_memory),
        TEST(test_yaml_load__names_location_and_key_when_the_file_is_bad),
        TEST(test_yaml_load__names_every_mistake_of_a_file),
        TEST(test_yaml_load__stops_in_a_file_of_another_kind),
        TEST(test_yaml_load__takes_marks_of_a_document_and_yamls_own_tags),
        TEST(test_yaml_load__refuses_what_is_nested_deep_at_once),
        TEST(test_yaml_load__takes_no_more_bytes_than_its_bound),
        TEST(test_yaml_load__reads_keys_by_their_old_names_and_notes_each_once),
        TEST(test_yaml_load__reports_when_the_file_holds_nothing),
        TEST(test_yaml_load__reports_when_the_file_cannot_be_read),
        TEST(test_yaml_location__tells_equal_texts_and_items_apart),
        TEST(test_yaml_location__keeps_the_places_of_a_list_that_grew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
