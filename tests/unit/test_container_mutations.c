/* Tests of container*.c and dwarf_read.c on damaged objects: 10,000 mutations of
 * objects of every class, byte order and format end in facts that pass the validation, or in an
 * error, and never in a crash, a hang or memory without bound.
 *
 * ABIPROOF_MUTATIONS is the number of mutations, ABIPROOF_SEED the first one's seed. */
#include <sys/resource.h>

#include "objects.h"

#include "object/dwarf.h"

enum { N_MUTATIONS = 10000, SECONDS_MAX = 5, MEGABYTES_MAX = 1500 };

static const char source[] =
    "struct point { char a; long b; struct { short c; union { int d; char e[3]; }; } in; };\n"
    "struct bits { unsigned x : 3; int y : 7; unsigned long long z : 33; int tail[]; };\n"
    "typedef struct { struct point p[2]; void *q; double r; } both;\n"
    "enum sign { MINUS = -2, PLUS = 200 };\n"
    "enum wide { TOP = 0x8000000000000000u };\n"
    "typedef unsigned long word;\n"
    "int f(int, char *, both);\n"
    "int (*pf)(int, char *, both) = f;\n"
    "struct point v0; struct bits v1; both v2; enum sign v3; enum wide v4; word v5;\n";

/* What is damaged: the compiler, its options, whether it is a fat file afterwards. */
static const struct kind {
    const char *name;
    const char *command;
    bool is_fat;
} kinds[] = {
    {"elf64-little", "x86_64-linux-gnu-gcc -gdwarf-5", false},
    {"elf64-little-dwarf-2", "x86_64-linux-gnu-gcc -gdwarf-2 -gstrict-dwarf", false},
    {"elf64-big", "s390x-linux-gnu-gcc -gdwarf-5", false},
    {"elf32-little", "i686-linux-gnu-gcc -gdwarf-4", false},
    {"elf32-big", "mips-linux-gnu-gcc -gdwarf-5", false},
    {"elf64-mips", "mips64el-linux-gnuabi64-gcc -gdwarf-5", false},
    {"elf64-add-sub", "riscv64-linux-gnu-gcc -gdwarf-5", false},
    {"elf64-clang", CLANG " --target=riscv64-linux-gnu -gdwarf-5", false},
    {"elf64-zlib", "x86_64-linux-gnu-gcc -gdwarf-5 -gz=zlib", false},
    {"elf32-zdebug", "i686-linux-gnu-gcc -gdwarf-4 -Wa,--compress-debug-sections=zlib-gnu", false},
    {"macho", CLANG " --target=arm64-apple-macos13 -gdwarf-5", false},
    {"macho-fat", CLANG " --target=x86_64-apple-macos13 -gdwarf-4", true},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

struct sample {
    const char *name;
    uint8_t *bytes;
    size_t n;
};

static struct sample samples[N_KINDS];
static size_t n_samples;

/* ---- samples ----------------------------------------------------------------------------------
 */

/* Puts a fat header before a thin file. */
static uint8_t *make_fat(const uint8_t *thin, size_t *n)
{
    enum { HEADER = 4096 };
    static const uint8_t head[] = {0xca, 0xfe, 0xba, 0xbe, 0,    0, 0, 1, 0x01, 0, 0, 0x07, 0, 0,
                                   0,    3,    0,    0,    0x10, 0, 0, 0, 0,    0, 0, 0,    0, 12};
    uint8_t *fat = arena_alloc(&arena, HEADER + *n);

    memcpy(fat, head, sizeof head);
    for (int i = 0; i < 4; i++)
        fat[20 + i] = (uint8_t)(*n >> (8 * (3 - i)));
    memcpy(fat + HEADER, thin, *n);
    *n += HEADER;
    return fat;
}

static int setup(void **state)
{
    if (objects_setup(state) != 0)
        return -1;
    for (size_t i = 0; i < N_KINDS; i++) {
        const char *command =
            arena_printf(&arena, "%s -fno-eliminate-unused-debug-types", kinds[i].command);
        struct object object = objects_compile(command, kinds[i].name, source);
        struct sample sample = {kinds[i].name, object.bytes, object.n};
        if (object.bytes == NULL)
            continue;
        if (kinds[i].is_fat)
            sample.bytes = make_fat(sample.bytes, &sample.n);
        samples[n_samples++] = sample;
    }
    return 0;
}

/* ---- reading ----------------------------------------------------------------------------------
 */

enum outcome { REFUSED, EMPTY, FACTS };

static void validate(const struct facts *facts, struct diag *reported, const char *label)
{
    struct str out = {.arena = facts->arena};
    struct facts again = {.arena = facts->arena};

    facts_print(&out, facts, false);
    if (!facts_parse(&again, str_text(&out), "facts", reported))
        fail_msg("%s: facts that are no text: %s", label, str_text(&reported->text));
}

/* Reads an object as any witness does. */
static enum outcome read_one(const uint8_t *bytes, size_t n, const char *label)
{
    struct dwarf_query queries[] = {
        {.kind = FACT_RECORD, .name = "point", .as = "point"},
        {.kind = FACT_RECORD, .name = "bits", .as = "bits"},
        {.kind = FACT_RECORD, .name = "both", .as = "both"},
        {.kind = FACT_ALIAS, .name = "word", .as = "word"},
        {.kind = FACT_CONSTANT, .name = "MINUS", .as = "MINUS"},
        {.kind = FACT_CONSTANT, .name = "PLUS", .as = "PLUS"},
        {.kind = FACT_CONSTANT, .name = "TOP", .as = "TOP"},
        {.kind = FACT_FUNCTION, .name = "pf", .as = "pf"},
    };
    struct arena scratch = {NULL};
    struct facts facts = {.arena = &scratch};
    struct container container;
    struct dwarf_source from = {.container = &container};
    enum outcome outcome = REFUSED;
    struct diag reported;

    diag_init(&reported, &scratch, false);
    if (container_read(&container, &scratch, "object", bytes, n, &objects_targets()->machines, NULL,
                       &reported)) {
        const struct container_symbol *symbol = container_symbol(&container, "pf");
        if (symbol != NULL)
            (void)container_reference(&container, symbol);
        if (container_debug(&container) &&
            dwarf_read(&facts, &from, queries, sizeof queries / sizeof queries[0], NULL,
                       &reported) &&
            facts_check(&facts, &reported)) {
            outcome = facts.n > 0 ? FACTS : EMPTY;
            validate(&facts, &reported, label);
        }
    }
    if (outcome == REFUSED && reported.n_errors == 0)
        fail_msg("%s: refused without a word", label);
    arena_release(&scratch);
    return outcome;
}

/* ---- damage -----------------------------------------------------------------------------------
 */

/* xorshift64*: the same on every machine. */
static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717ULL;
}

static size_t below(uint64_t *seed, size_t n)
{
    return n == 0 ? 0 : (size_t)((random_next(seed) >> 11) % n);
}

static void flip_bits(uint64_t *seed, uint8_t *bytes, size_t n)
{
    for (size_t i = below(seed, 8) + 1; i > 0 && n > 0; i--)
        bytes[below(seed, n)] ^= (uint8_t)(1U << below(seed, 8));
}

/* Overwrites a word by one that is likely to be believed and wrong. */
static void set_word(uint64_t *seed, uint8_t *bytes, size_t n)
{
    static const uint64_t words[] = {0,          1,          0xff,       0xffff,    0x7fffffff,
                                     0x80000000, 0xffffffff, UINT64_MAX, INT64_MAX, 0x10000};
    uint64_t word = words[below(seed, sizeof words / sizeof words[0])];
    size_t width = (size_t)1 << below(seed, 4);
    size_t at = below(seed, n);

    for (size_t i = 0; i < width && at + i < n; i++)
        bytes[at + i] = (uint8_t)(word >> (8 * i));
}

/* Copies a piece of some sample to somewhere. */
static void splice(uint64_t *seed, uint8_t *bytes, size_t n)
{
    const struct sample *from = &samples[below(seed, n_samples)];
    size_t length = below(seed, 256) + 1, to = below(seed, n), at = below(seed, from->n);

    for (size_t i = 0; i < length && to + i < n && at + i < from->n; i++)
        bytes[to + i] = from->bytes[at + i];
}

/* A damaged copy, exactly as large as it is long, so that one byte too many is seen. */
static uint8_t *damage(const struct sample *sample, uint64_t seed, size_t *n)
{
    (void)random_next(&seed);
    uint64_t kind = below(&seed, 8);
    *n = kind == 0 ? below(&seed, sample->n) : sample->n;
    uint8_t *bytes = malloc(*n > 0 ? *n : 1);
    assert_non_null(bytes);
    memcpy(bytes, sample->bytes, *n);
    if (kind == 0)
        return bytes;
    if (kind <= 3)
        flip_bits(&seed, bytes, *n);
    else if (kind <= 5)
        set_word(&seed, bytes, *n);
    else
        splice(&seed, bytes, *n);
    return bytes;
}

static uint64_t number_from(const char *variable, uint64_t fallback)
{
    const char *text = getenv(variable);

    return text != NULL ? strtoull(text, NULL, 10) : fallback;
}

/* ---- tests ------------------------------------------------------------------------------------
 */

static void test_container__reads_every_sample_undamaged(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_samples; i++)
        assert_int_equal(read_one(samples[i].bytes, samples[i].n, samples[i].name), FACTS);
}

static void test_container__survives_mutations(void **state)
{
    uint64_t n_mutations = number_from("ABIPROOF_MUTATIONS", N_MUTATIONS);
    uint64_t first = number_from("ABIPROOF_SEED", 1);

    (void)state;
    if (n_samples == 0)
        skip();
    size_t counts[3] = {0};
    for (uint64_t i = 0; i < n_mutations; i++) {
        const struct sample *sample = &samples[(first + i) % n_samples];
        const char *label =
            arena_printf(&arena, "%s, seed %llu", sample->name, (unsigned long long)(first + i));
        size_t n;
        uint8_t *bytes = damage(sample, first + i, &n);
        if (getenv("ABIPROOF_VERBOSE") != NULL)
            fprintf(stderr, "%s\n", label);
        alarm(SECONDS_MAX); /* a hang ends the program: cmocka names the test */
        counts[read_one(bytes, n, label)]++;
        alarm(0);
        free(bytes);
    }
    print_message("%zu samples, %llu mutations: %zu refused, %zu without facts, %zu with facts\n",
                  n_samples, (unsigned long long)n_mutations, counts[REFUSED], counts[EMPTY],
                  counts[FACTS]);
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    assert_true(usage.ru_maxrss / 1024 < MEGABYTES_MAX);
}

static void test_container__refuses_every_truncation_that_cuts_the_headers(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_samples; i++)
        for (size_t n = 0; n < 64; n++) {
            uint8_t *bytes = malloc(n > 0 ? n : 1);
            assert_non_null(bytes);
            memcpy(bytes, samples[i].bytes, n);
            assert_int_equal(read_one(bytes, n, samples[i].name), REFUSED);
            free(bytes);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_container__reads_every_sample_undamaged),
        cmocka_unit_test(test_container__refuses_every_truncation_that_cuts_the_headers),
        cmocka_unit_test(test_container__survives_mutations),
    };

    return cmocka_run_group_tests(tests, setup, objects_teardown);
}
