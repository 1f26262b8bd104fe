/* Tests of query.c: what a map means, which names of the kernel's there are, and what is looked for
 * in an object. The reference is one spec with facts that are written here. */
#include "fixture.h"

#include "verify/verify_private.h"

#define SPEC                                                                                       \
    SPEC_HEAD                                                                                      \
    "records:\n"                                                                                   \
    "  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"                                     \
    "  - {name: timespec, doc: d, fields: [{name: tv_sec, doc: d}]}\n"                             \
    "constants:\n"                                                                                 \
    "  - {doc: d, names: [FAM_A, FAM_B]}\n"

#define FACTS                                                                                      \
    "abi x86_64-linux bits=64 endian=little\n"                                                     \
    "constant FAM_A value=0x1 type=i32\n"                                                          \
    "constant FAM_B value=0x2 type=i32\n"                                                          \
    "field fam_r.a offset=0 size=4 type=i32\n"                                                     \
    "field fam_r.u offset=8 size=16 type=union\n"                                                  \
    "field fam_r.u.deep offset=8 size=4 type=i32\n"                                                \
    "field fam_r.u.time offset=8 size=16 type=struct:timespec\n"                                   \
    "field timespec.tv_sec offset=0 size=8 type=i64\n"                                             \
    "function fam_call library=c symbol=fam_call return=i32 params=i32\n"                          \
    "record fam_r size=24 align=8 kind=struct\n"                                                   \
    "record timespec size=16 align=8 kind=struct\n"

static struct reference reference;
static struct target target;

/* Sets the reference. */
static void refer(void)
{
    struct reference_part part = {.spec = make_spec(SPEC), .facts = make_facts(FACTS)};
    const char *path = "u.time.tv_sec";
    size_t n = 0;

    target = x86_64();
    reference = (struct reference){.target = &target, .arena = &arena, .paths = {.arena = &arena}};
    reference.enums.arena = &arena;
    ARENA_PUSH(&arena, reference.parts, reference.n, part);
    (void)grouping_of(&reference.paths, "r_time");
    ARENA_PUSH(&arena, reference.of_paths, n, path);
    (void)grouping_of(&reference.paths, "r_none");
    path = "u.none";
    ARENA_PUSH(&arena, reference.of_paths, n, path);
}

static struct verification begin(void)
{
    refer();
    return (struct verification){.arena = &arena,
                                 .diag = &diag,
                                 .target = &target,
                                 .reference = &reference,
                                 .looked_for = {.arena = &arena}};
}

static void test_verify_map_read__takes_both_names_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *theirs, *ours; /* NULL: refused */
    } rows[] = {
        {"poll.Event=epoll_event", "poll.Event", "epoll_event"},
        {"EPOLLIN", "EPOLLIN", "EPOLLIN"},
        {"E.data=epoll_event.data", "E.data", "epoll_event.data"},
        {"S=struct stat", "S", "stat"},
        {"E=enum e", "E", "e"},
        {"a=b=c", "a", "b=c"},
        {"=b", NULL, NULL},
        {"a=", NULL, NULL},
        {"a=struct ", NULL, NULL},
        {"", NULL, NULL},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verify_map map;
        bool is_read = verify_map_read(&map, &arena, rows[i].text, no_location, &diag);
        assert_int_equal(is_read, rows[i].ours != NULL);
        if (is_read) {
            assert_string_equal(map.theirs, rows[i].theirs);
            assert_string_equal(map.ours, rows[i].ours);
        } else {
            expect_part(rows[i].text, "expected THEIRS=OURS", str_text(&diag.text));
        }
        diag_init(&diag, &arena, false);
    }
}

static void test_verify_find_ours__knows_what_a_name_is(void **state)
{
    (void)state;
    static const struct {
        const char *ours;
        enum fact_kind kind; /* N_FACT_KINDS: there is none */
    } rows[] = {
        {"fam_r", FACT_RECORD},
        {"FAM_A", FACT_CONSTANT},
        {"const:FAM_A", FACT_CONSTANT},
        {"fam_call", FACT_FUNCTION},
        {"fam_r.a", FACT_FIELD},
        {"fam_r.u.deep", FACT_FIELD},
        {"fam_r.deep", FACT_FIELD}, /* a union without a name is left out */
        {"fam_r.u.time.tv_sec", FACT_FIELD},
        {"fam_r.r_time", FACT_FIELD},
        {"fam_r.r_none", N_FACT_KINDS},
        {"fam_r.none", N_FACT_KINDS},
        {"fam_r.u.time.none", N_FACT_KINDS},
        {"none", N_FACT_KINDS},
        {"none.a", N_FACT_KINDS},
        {"const:fam_r", N_FACT_KINDS},
        {"syscall:none", N_FACT_KINDS},
    };

    refer();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum fact_kind kind;
        const char *name;
        bool is_found = verify_find_ours(&reference, rows[i].ours, &kind, &name);
        if (is_found != (rows[i].kind != N_FACT_KINDS) || (is_found && kind != rows[i].kind))
            fail_msg("%s: found %d, kind %d", rows[i].ours, is_found, (int)kind);
    }
}

static void test_verify_field_of__follows_the_names_that_c_has(void **state)
{
    (void)state;
    refer();
    assert_string_equal(verify_field_of(&reference, "fam_r.r_time"), "fam_r.u.time.tv_sec");
    assert_string_equal(verify_field_of(&reference, "fam_r.u.deep"), "fam_r.u.deep");
    assert_null(verify_field_of(&reference, "fam_r.r_none"));
    assert_null(verify_field_of(&reference, "timespec.r_time"));
    assert_null(verify_field_of(&reference, "fam_r"));
}

/* "record fam_r by mine" per item. */
static const char *items_text(const struct verification *verification)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < verification->n_items; i++) {
        const struct verify_item *item = &verification->items[i];
        str_addf(&text, "%s %s by %s%s\n", fact_kind_name(item->kind), item->ours, item->theirs,
                 item->is_mapped ? ", mapped" : "");
    }
    return str_text(&text);
}

static void test_verify_make_items__looks_for_names_of_the_spec(void **state)
{
    (void)state;
    struct verification verification = begin();
    struct verify_request request = {.n_maps = 0};

    assert_true(verify_make_items(&verification, &request));
    /* timespec is everybody's: only a map names it */
    expect_text("own names",
                "record fam_r by fam_r\nconstant FAM_A by FAM_A\nconstant FAM_B by FAM_B\n"
                "function fam_call by fam_call\n",
                items_text(&verification));
}

static void test_verify_make_items__lets_a_map_decide(void **state)
{
    (void)state;
    struct verification verification = begin();
    struct verify_map maps[] = {{"mine", "fam_r", no_location},
                                {"mine.x", "fam_r.a", no_location},
                                {"T", "timespec", no_location}};
    struct verify_request request = {.maps = maps, .n_maps = 3};

    assert_true(verify_make_items(&verification, &request));
    expect_text("mapped",
                "record fam_r by mine, mapped\nrecord timespec by T, mapped\n"
                "constant FAM_A by FAM_A\nconstant FAM_B by FAM_B\nfunction fam_call by fam_call\n",
                items_text(&verification));
}

static void test_verify_make_items__refuses_a_name_of_no_header(void **state)
{
    (void)state;
    struct verification verification = begin();
    struct verify_map map = {"mine", "fam_q", no_location};
    struct verify_request request = {.maps = &map, .n_maps = 1};

    assert_false(verify_make_items(&verification, &request));
    expect_part("unknown", "the kernel's name 'fam_q' is in no spec for x86_64-linux",
                str_text(&diag.text));
}

static void test_verify_is_complete__is_a_spec_or_its_facility(void **state)
{
    (void)state;
    const char *complete[] = {"y", "x"};
    struct spec spec = *make_spec(SPEC), part = spec;

    assert_true(
        verify_is_complete(&(struct verify_request){.complete = complete, .n_complete = 2}, &spec));
    assert_false(
        verify_is_complete(&(struct verify_request){.complete = complete, .n_complete = 1}, &spec));
    part.name = "x_params";
    part.part_of = "x";
    assert_true(
        verify_is_complete(&(struct verify_request){.complete = complete, .n_complete = 2}, &part));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_verify_map_read__takes_both_names_apart),
        TEST(test_verify_find_ours__knows_what_a_name_is),
        TEST(test_verify_field_of__follows_the_names_that_c_has),
        TEST(test_verify_make_items__looks_for_names_of_the_spec),
        TEST(test_verify_make_items__lets_a_map_decide),
        TEST(test_verify_make_items__refuses_a_name_of_no_header),
        TEST(test_verify_is_complete__is_a_spec_or_its_facility),
    };

    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
