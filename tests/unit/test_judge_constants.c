/* Tests of judge.c: a constant in the type of the field whose values it is. The first rows are what
 * others published of NOTE_PCTRLMASK, ~0xfffff in Apple's sys/event.h: Rust's libc has it as u32, Go's
 * package syscall as a negative number. */
#include "judged.h"

#include "judge/judge.h"

/* The system's facts: a constant of this value, a field of this type. */
static struct facts system_of(const char *value, const char *type)
{
    return make_facts(
        arena_printf(&arena,
                     "constant FAM_A value=%s type=i32\nrecord fam_r size=8 align=8 kind=struct\n"
                     "field fam_r.a offset=0 size=8 type=%s\n",
                     value, type));
}

/* What is found in a constant of a binding, and whether its value agrees. */
static const char *judged(const char *group, const char *value, const char *field, const char *got)
{
    const struct spec *spec = make_spec(
        arena_printf(&arena,
                     "%srecords:\n  - {name: fam_r, doc: d, fields: [{name: a, doc: d}]}\n"
                     "constants:\n  - {doc: d, %snames: [FAM_A]}\n",
                     SPEC_HEAD, group));
    struct facts system = system_of(value, field);
    struct facts expected =
        make_facts(arena_printf(&arena, "constant FAM_A value=%s type=i32\n", value));
    struct facts binding = make_facts(arena_printf(&arena, "constant FAM_A %s\n", got));
    struct findings findings = {.arena = &arena};
    unsigned char agreed[1] = {0};

    judge(&findings, &expected, &binding,
          &(struct judge_options){
              .mode = JUDGE_FOREIGN, .is_complete = true, .spec = spec, .system = &system},
          (struct finding_scope){NULL, NULL, NULL, NULL}, agreed);
    return arena_printf(&arena, "%s%s", judged_summary(&findings),
                        (agreed[0] & 1 << CONSTANT_VALUE) != 0 ? "agrees" : "");
}

static void test_judge__takes_a_constant_in_the_type_of_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *value, *field, *got, *expected;
    } rows[] = {
        {"-1048576", "u32", "value=0xfff00000 type=u32", "agrees"},
        {"-1048576", "u32", "value=-1048576 type=i32", "agrees"},
        {"-1", "i16", "value=-1 type=i16", "agrees"},
        {"0x8000", "i16", "value=-32768 type=i16", "agrees"},
        /* in another type, other bits, or more of them than the field has */
        {"-1048576", "u64", "value=0xfff00000 type=u32",
         "note bad-sign FAM_A: -1048576 -> 0xfff00000\n"},
        {"-1048576", "u32", "value=0xffe00000 type=u32",
         "error bad-value FAM_A: -1048576 -> 0xffe00000\n"},
        {"0x12345", "u16", "value=0x2345 type=u16", "error bad-value FAM_A: 0x12345 -> 0x2345\n"},
        {"-1", "u16", "value=0xffff type=u32", "error bad-value FAM_A: -1 -> 0xffff\n"},
        {"-65537", "u16", "value=0xffff type=u16", "error bad-value FAM_A: -65537 -> 0xffff\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_text(arena_printf(&arena, "%s in %s, %s", rows[i].value, rows[i].field, rows[i].got),
                    rows[i].expected,
                    judged("of: fam_r.a, ", rows[i].value, rows[i].field, rows[i].got));
}

static void test_judge__takes_no_bits_of_a_constant_that_is_of_no_field(void **state)
{
    (void)state;
    expect_text("no field", "note bad-sign FAM_A: -1048576 -> 0xfff00000\n",
                judged("", "-1048576", "u32", "value=0xfff00000 type=u32"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_judge__takes_a_constant_in_the_type_of_its_field),
        TEST(test_judge__takes_no_bits_of_a_constant_that_is_of_no_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
