/* Tests of show.c: whole drawings. */
#include "fixture.h"

#include "report/show.h"

#define ABI "abi x86_64-linux bits=64 endian=little align32=4 align64=8\n"
/* x86_64's epoll_event, as the kernel has it: packed. */
#define KERNEL                                                                                     \
    ABI "field epoll_event.data offset=4 size=8 type=u64\n"                                        \
        "field epoll_event.events offset=0 size=4 type=u32\n"                                      \
        "record epoll_event size=12 align=1 kind=struct\n"

static const char *draw(const char *facts_of_x, bool is_coloured)
{
    struct str out = {.arena = &arena};
    struct facts facts = make_facts(facts_of_x);
    struct show_side side = {NULL, &facts, "x"};

    show_sides(&out, &side, 1, is_coloured);
    return str_text(&out);
}

/* What the judge makes of it, drawn. */
static size_t compare(struct str *out, const char *kernel, const char *binding, const char *record)
{
    struct facts left = make_facts(kernel), right = make_facts(binding);
    struct show_side system = {"kernel", &left, record}, other = {"binding", &right, record};
    struct findings findings = {.arena = &arena};
    struct finding_scope nothing = {NULL, NULL, NULL, NULL};

    judge(&findings, &left, &right,
          &(struct judge_options){.mode = JUDGE_FOREIGN, .is_complete = true}, nothing, NULL);
    return show_difference(out, &system, &other, &findings, false);
}

/* ---- one record ---- */

static void test_show_sides__draws_a_field_over_two_rows_and_says_so(void **state)
{
    (void)state;
    expect_text("packed",
                "       +0      +1      +2      +3      +4      +5      +6      +7\n"
                "     +-------------------------------+-------------------------------+\n"
                "   0 | events u32                    | data u64                      |\n"
                "     +-------------------------------+-------------------------------+\n"
                "   8 | (data)                        |\n"
                "     +-------------------------------+\n",
                draw("field x.data offset=4 size=8 type=u64\n"
                     "field x.events offset=0 size=4 type=u32\n"
                     "record x size=12 align=1 kind=struct\n",
                     false));
}

static void test_show_sides__shows_padding_inside_and_at_the_end(void **state)
{
    (void)state;
    expect_text("padded",
                "       +0      +1      +2      +3      +4      +5      +6      +7\n"
                "     +-------+-----------------------+-------------------------------+\n"
                "   0 | a u8  |.......................| b u32                         |\n"
                "     +-------+-------+---------------+-------------------------------+\n"
                "   8 | c u16         |...............|\n"
                "     +---------------+---------------+\n",
                draw("field x.a offset=0 size=1 type=u8\nfield x.b offset=4 size=4 type=u32\n"
                     "field x.c offset=8 size=2 type=u16\nrecord x size=12 align=4 kind=struct\n",
                     false));
}

static void test_show_sides__gives_each_view_of_a_union_a_line(void **state)
{
    (void)state;
    expect_text(
        "union",
        "       +0      +1      +2      +3      +4      +5      +6      +7\n"
        "     +---------------------------------------------------------------+\n"
        "   0 | whole u64                                                     |\n"
        "     | fd i32                        |                               |\n"
        "     | low u16       | high u16      |                               |\n"
        "     +---------------------------------------------------------------+\n",
        draw("field x.fd offset=0 size=4 type=i32\nfield x.high offset=2 size=2 type=u16\n"
             "field x.low offset=0 size=2 type=u16\nfield x.whole offset=0 size=8 type=u64\n"
             "record x size=8 align=8 kind=union\n",
             false));
}

static void test_show_sides__names_fields_of_an_unnamed_union_and_not_the_union(void **state)
{
    (void)state;
    expect_text("unnamed union",
                "       +0      +1      +2      +3      +4      +5      +6      +7\n"
                "     +---------------------------------------------------------------+\n"
                "   0 | u.x u64                                                       |\n"
                "     | u.y u32                       |                               |\n"
                "     +---------------------------------------------------------------+\n",
                draw("field x.u offset=0 size=8 type=union\nfield x.u.x offset=0 size=8 type=u64\n"
                     "field x.u.y offset=0 size=4 type=u32\nrecord x size=8 align=8 kind=struct\n",
                     false));
}

static void test_show_sides__leaves_out_rows_in_the_middle_of_a_long_field(void **state)
{
    (void)state;
    expect_text("long array",
                "       +0      +1      +2      +3      +4      +5      +6      +7\n"
                "     +---------------------------------------------------------------+\n"
                "   0 | text u8[4096]                                                 |\n"
                "     :                                                               :\n"
                "4088 |                                                               |\n"
                "     +---------------------------------------------------------------+\n"
                "4096 | last u64                                                      |\n"
                "     +---------------------------------------------------------------+\n",
                draw("field x.last offset=4096 size=8 type=u64\n"
                     "field x.text offset=0 size=4096 type=u8[4096]\n"
                     "record x size=4104 align=8 kind=struct\n",
                     false));
}

static void test_show_sides__leaves_a_flexible_array_open(void **state)
{
    (void)state;
    expect_text("flexible array",
                "       +0      +1      +2      +3\n"
                "     +-------------------------------+\n"
                "   0 | len u32                       |\n"
                "     +-------------------------------+\n"
                "   4 : name u8[]                                                     :\n",
                draw("field x.len offset=0 size=4 type=u32\nfield x.name offset=4 type=u8[]\n"
                     "record x size=4 align=4 kind=struct\n",
                     false));
}

static void test_show_sides__names_in_full_what_finds_no_room(void **state)
{
    (void)state;
    expect_text("narrow fields",
                "       +0      +1      +2      +3\n"
                "     +-------+-------+---------------+\n"
                "   0 | opcode| prior~| wide u16      |\n"
                "     +-------+-------+---------------+\n"
                "     in full: opcode u8 at 0, priority u8 at 1\n",
                draw("field x.opcode offset=0 size=1 type=u8\n"
                     "field x.priority offset=1 size=1 type=u8\n"
                     "field x.wide offset=2 size=2 type=u16\n"
                     "record x size=4 align=2 kind=struct\n",
                     false));
}

static void test_show_sides__puts_bit_fields_of_one_byte_below_each_other(void **state)
{
    (void)state;
    expect_text("bit-fields",
                "       +0      +1      +2      +3\n"
                "     +---------------+---------------+\n"
                "   0 | b u32 bit 3:8 |...............|\n"
                "     | a     |                       |\n"
                "     +---------------+---------------+\n"
                "     in full: a u32 bit 0:3 at 0\n",
                draw("field x.a offset=0 type=u32 bit=0:3\nfield x.b offset=0 type=u32 bit=3:8\n"
                     "record x size=4 align=4 kind=struct\n",
                     false));
}

static void test_show_sides__does_not_draw_a_record_of_any_size(void **state)
{
    (void)state;
    static const char huge[] = "field x.a offset=4611686018427387900 size=4 type=u32\n"
                               "record x size=4611686018427387904 align=4 kind=struct\n";
    expect_text("huge", "4611686018427387904 bytes: more than 65536 are not drawn\n",
                draw(huge, false));
    struct str out = {.arena = &arena};
    compare(&out, "field x.a offset=0 size=4 type=u32\nrecord x size=4 align=4 kind=struct\n", huge,
            "x");
    expect_part("a huge binding", "more than 65536 are not drawn", str_text(&out));
    expect_part("the most that is drawn", "65528|",
                draw("field x.a offset=0 size=65535 type=u8[]\n"
                     "record x size=65536 align=1 kind=struct\n",
                     false));
}

static void test_show_sides__colours_only_when_asked(void **state)
{
    (void)state;
    static const char facts[] = "field x.a offset=0 size=1 type=u8\n"
                                "record x size=2 align=1 kind=struct\n";
    const char *coloured = draw(facts, true);

    expect_part("faint padding", "|\033[0m\033[2m.......\033[0m|", coloured);
    struct str plain = {.arena = &arena};
    for (const char *at = coloured; *at != '\0';)
        if (*at == '\033')
            at += strcspn(at, "m") + 1;
        else
            str_add_char(&plain, *at++);
    expect_text("colours only", draw(facts, false), str_text(&plain));
}

/* ---- two sides ---- */

static void test_show_difference__marks_what_an_unpacked_epoll_event_has_wrong(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};
    size_t n = compare(&out, KERNEL,
                       ABI "field epoll_event.data offset=8 size=8 type=u64\n"
                           "field epoll_event.events offset=0 size=4 type=u32\n"
                           "record epoll_event size=16 align=8 kind=struct\n",
                       "epoll_event");

    expect_text("unpacked",
                " kernel                                   binding\n"
                "       +0      +1      +2      +3               +0      +1      +2      +3\n"
                "     +-------------------------------+        +-------------------------------+\n"
                "   0 | events u32                    |      0 | events u32                    |\n"
                "     +-------------------------------+        +-------------------------------+\n"
                "   4 | data u64                      |      4 |...............................|\n"
                "     |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|        |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|\n"
                "     |                               |        +-------------------------------+\n"
                "   8 |                               |      8 | data u64                      |\n"
                "     |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|        |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|\n"
                "     +-------------------------------+        |                               |\n"
                "                                           12 |                               |\n"
                "                                              |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|\n"
                "                                              +-------------------------------+\n",
                str_text(&out));
    assert_int_equal(n, 12);
}

static void test_show_difference__marks_nothing_when_a_field_is_split_into_words(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};
    size_t n = compare(&out, KERNEL,
                       ABI "field epoll_event.data_hi offset=8 size=4 type=u32\n"
                           "field epoll_event.data_lo offset=4 size=4 type=u32\n"
                           "field epoll_event.events offset=0 size=4 type=u32\n"
                           "record epoll_event size=12 align=4 kind=struct\n",
                       "epoll_event");

    assert_int_equal(n, 0);
    assert_null(strchr(str_text(&out), '^'));
    expect_part("both drawn", "   8 |                               |      8 | data_hi u32",
                str_text(&out));
}

static void test_show_difference__marks_a_sign_and_the_bytes_that_are_missing(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};
    size_t n =
        compare(&out,
                "field x.a offset=0 size=4 type=i32\nfield x.b offset=4 size=4 type=u32\n"
                "record x size=8 align=4 kind=struct\n",
                "field x.a offset=0 size=4 type=u32\nrecord x size=4 align=4 kind=struct\n", "x");

    expect_text("sign and end",
                " kernel                                   binding\n"
                "       +0      +1      +2      +3               +0      +1      +2      +3\n"
                "     +-------------------------------+        +-------------------------------+\n"
                "   0 | a i32                         |      0 | a u32                         |\n"
                "     |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|        |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|\n"
                "     +-------------------------------+        +-------------------------------+\n"
                "   4 | b u32                         |\n"
                "     |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|\n"
                "     +-------------------------------+\n",
                str_text(&out));
    assert_int_equal(n, 8);
}

static void test_show_difference__ends_a_side_where_the_other_goes_on_unseen(void **state)
{
    (void)state;
    struct str out = {.arena = &arena};
    struct facts left = make_facts("field x.a offset=0 size=64 type=u8[64]\n"
                                   "record x size=64 align=1 kind=struct\n");
    struct facts right = make_facts("field x.a offset=0 size=12 type=u8[12]\n"
                                    "record x size=12 align=1 kind=struct\n");
    struct show_side sides[] = {{NULL, &left, "x"}, {NULL, &right, "x"}};

    show_sides(&out, sides, 2, false);
    expect_text("one ends",
                "       +0      +1      +2      +3               +0      +1      +2      +3\n"
                "     +-------------------------------+        +-------------------------------+\n"
                "   0 | a u8[64]                      |      0 | a u8[12]                      |\n"
                "     :                               :        :                               :\n"
                "   8 |                               |      8 |                               |\n"
                "     |                               |        +-------------------------------+\n"
                "  12 |                               |\n"
                "     :                               :\n"
                "  60 |                               |\n"
                "     +-------------------------------+\n",
                str_text(&out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_show_sides__draws_a_field_over_two_rows_and_says_so),
        TEST(test_show_sides__shows_padding_inside_and_at_the_end),
        TEST(test_show_sides__gives_each_view_of_a_union_a_line),
        TEST(test_show_sides__names_fields_of_an_unnamed_union_and_not_the_union),
        TEST(test_show_sides__leaves_out_rows_in_the_middle_of_a_long_field),
        TEST(test_show_sides__leaves_a_flexible_array_open),
        TEST(test_show_sides__names_in_full_what_finds_no_room),
        TEST(test_show_sides__puts_bit_fields_of_one_byte_below_each_other),
        TEST(test_show_sides__does_not_draw_a_record_of_any_size),
        TEST(test_show_sides__colours_only_when_asked),
        TEST(test_show_difference__marks_what_an_unpacked_epoll_event_has_wrong),
        TEST(test_show_difference__marks_nothing_when_a_field_is_split_into_words),
        TEST(test_show_difference__marks_a_sign_and_the_bytes_that_are_missing),
        TEST(test_show_difference__ends_a_side_where_the_other_goes_on_unseen),
    };

    return cmocka_run_group_tests_name("show", tests, NULL, NULL);
}
