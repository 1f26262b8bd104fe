/* Tests of enumerators.c: names of constants as headers and other languages write them. */
#include "fixture.h"

#include "judge/enumerators.h"

/* The words of a text. */
static struct enumerators words_of(const char *text)
{
    const char **names = NULL;
    size_t n = 0;

    for (const char *at = text; *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        ARENA_PUSH(&arena, names, n, arena_strndup(&arena, at, length));
        at += length;
    }
    return (struct enumerators){names, n};
}

/* "Hash=BPF_HASH" for each of `got`, and "Other=" for one that is none of `expected`. */
static const char *pairs_of(const char *expected, const char *got)
{
    struct enumerators ours = words_of(expected), theirs = words_of(got);
    const size_t *pairs = enumerators_pair(&arena, ours, theirs);
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < theirs.n; i++)
        str_addf(&text, "%s%s=%s", i > 0 ? " " : "", theirs.names[i],
                 pairs[i] == ENUMERATOR_NONE ? "" : ours.names[pairs[i]]);
    return str_text(&text);
}

static void test_enumerators_pair__knows_names_of_other_languages(void **state)
{
    (void)state;
    static const struct {
        const char *label, *ours, *theirs, *pairs;
    } rows[] = {
        {"C's own", "MAP_HASH MAP_ARRAY", "MAP_ARRAY", "MAP_ARRAY=MAP_ARRAY"},
        {"Rust", "MAP_HASH MAP_LRU_HASH MAP_PERCPU_HASH", "Hash LruHash PerCpuHash",
         "Hash=MAP_HASH LruHash=MAP_LRU_HASH PerCpuHash=MAP_PERCPU_HASH"},
        {"Zig", "MAP_HASH MAP_LRU_HASH", "hash lru_hash", "hash=MAP_HASH lru_hash=MAP_LRU_HASH"},
        {"Pascal", "MAP_HASH MAP_LRU_HASH", "mtHash mtLRUHash",
         "mtHash=MAP_HASH mtLRUHash=MAP_LRU_HASH"},
        {"Ada", "MAP_HASH MAP_LRU_HASH", "ad__hash ad__lru_hash",
         "ad__hash=MAP_HASH ad__lru_hash=MAP_LRU_HASH"},
        {"a part of the prefix", "BPF_MAP_HASH BPF_MAP_ARRAY", "MAP_HASH MAP_ARRAY",
         "MAP_HASH=BPF_MAP_HASH MAP_ARRAY=BPF_MAP_ARRAY"},
        {"a single one", "BPF_MAP_HASH BPF_MAP_ARRAY", "MAP_HASH", "MAP_HASH=BPF_MAP_HASH"},
        {"one without the prefix of the others", "F_A F_B F_C G_INIT", "a b G_Init",
         "a=F_A b=F_B G_Init=G_INIT"},
        {"an inner prefix", "NL_A NL_B_X NL_B_Y NL_B_Z", "BX BY A", "BX=NL_B_X BY=NL_B_Y A=NL_A"},
        {"a longer name that ends alike", "MAP_HASH MAP_ARRAY", "Hash OtherHash",
         "Hash=MAP_HASH OtherHash="},
        {"none of them", "MAP_HASH MAP_ARRAY", "queue stack", "queue= stack="},
        {"two that fold to one", "M_AB M_A_B M_C", "ab c", "ab= c=M_C"},
        {"two for one", "M_HASH M_C", "Hash HASH", "Hash=M_HASH HASH="},
        {"nothing at all", "", "a", "a="},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_text(rows[i].label, rows[i].pairs, pairs_of(rows[i].ours, rows[i].theirs));
}

/* A name of an object may have any length: no step grows with its square. */
static void test_enumerators_pair__takes_names_of_any_length(void **state)
{
    (void)state;
    enum { LONG = 1 << 20 };
    char *name = arena_alloc(&arena, LONG + 1);
    const char *names[] = {name};

    for (size_t i = 0; i < LONG; i++)
        name[i] = i % 2 == 0 ? 'a' : 'B';
    struct enumerators one = {names, 1};
    assert_int_equal(enumerators_pair(&arena, one, one)[0], 0);
}

static void test_enumerator_is_count__knows_what_grows_with_the_others(void **state)
{
    (void)state;
    static const char *const counts[] = {"BPF_LINK_TYPE_MAX", "MAX_BPF_LINK_TYPE",
                                         "__NL80211_CMD_AFTER_LAST", "IoUringOp_Last", "numOps"};
    static const char *const others[] = {"MAXIMUM", "FUSE_LOOKUP", "IFLA_MAXED", "Endpoint"};

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        if (!enumerator_is_count(&arena, counts[i]))
            fail_msg("%s: expected it to be a count", counts[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (enumerator_is_count(&arena, others[i]))
            fail_msg("%s: expected it to be none", others[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_enumerators_pair__knows_names_of_other_languages),
        TEST(test_enumerators_pair__takes_names_of_any_length),
        TEST(test_enumerator_is_count__knows_what_grows_with_the_others),
    };

    return cmocka_run_group_tests_name("enumerators", tests, NULL, NULL);
}
