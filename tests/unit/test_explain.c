/* Tests of explain.c, and of gen/explanations.yaml against the sources: every kind of finding
 * that these report is explained, and none is that they do not.
 *
 * The sources are read as text from the current folder, the repository, where `make unit` runs. A
 * kind is a string like "bad-size" that is given to something which makes findings, or that starts
 * as only kinds do.
 */
#include "fixture.h"

#include <ctype.h>
#include <glob.h>

#include "judge/explain.h"

static struct explanations load(void)
{
    struct explanations explanations = {NULL, 0};

    if (!explanations_load(&explanations, &arena, "", &diag))
        fail_msg("gen/explanations.yaml: %s", str_text(&diag.text));
    return explanations;
}

/* ---- kinds in the sources ---- */

struct words {
    const char **items;
    size_t n;
};

static bool has_word(struct words words, const char *word)
{
    for (size_t i = 0; i < words.n; i++)
        if (strcmp(words.items[i], word) == 0)
            return true;
    return false;
}

/* Lower-case words joined by hyphens. */
static bool is_kebab(const char *text)
{
    bool has_hyphen = false;

    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == '-' ? i == 0 || text[i + 1] == '-' || text[i + 1] == '\0'
                           : !islower((unsigned char)text[i]))
            return false;
        has_hyphen = has_hyphen || text[i] == '-';
    }
    return has_hyphen;
}

/* statement: what comes before the string since the last ; or { or }. */
static bool makes_findings(const char *statement)
{
    return strstr(statement, "findings_add(") != NULL ||
           strstr(statement, "add_finding(") != NULL ||
           (strstr(statement, "remark_add(") != NULL && strstr(statement, "broken") != NULL) ||
           strstr(statement, "->kind = ") != NULL || strstr(statement, ".kind = ") != NULL;
}

static bool starts_as_kind(const char *text)
{
    return str_starts(text, "bad-") || str_starts(text, "missing-") || str_starts(text, "extra-") ||
           str_starts(text, "stricter-") || str_starts(text, "looser-");
}

/* Returns what follows the string, comment or character that starts here; text + 1 otherwise. */
static const char *after(const char *text)
{
    if (str_starts(text, "/*"))
        return strstr(text, "*/") != NULL ? strstr(text, "*/") + 2 : text + strlen(text);
    if (*text != '"' && *text != '\'')
        return text + 1;
    for (const char *at = text + 1; *at != '\0'; at++)
        if (*at == '\\' && at[1] != '\0')
            at++;
        else if (*at == *text)
            return at + 1;
    return text + strlen(text);
}

static void find_in(struct words *kinds, const char *text)
{
    const char *start = text;

    for (const char *at = text, *next; *at != '\0'; at = next) {
        next = after(at);
        if (strchr(";{}", *at) != NULL)
            start = next;
        if (*at != '"' || next - at < 2)
            continue;
        const char *word = arena_strndup(&arena, at + 1, (size_t)(next - at) - 2);
        const char *statement = arena_strndup(&arena, start, (size_t)(at - start));
        if (is_kebab(word) && (starts_as_kind(word) || makes_findings(statement)) &&
            !has_word(*kinds, word))
            ARENA_PUSH(&arena, kinds->items, kinds->n, word);
    }
}

/* Kinds that are named in full, and those that judge.c makes of the kinds of facts. */
static struct words kinds_in_sources(void)
{
    glob_t found;
    const char *judge = out_read(&arena, "gen/judge/judge.c", NULL);

    if (judge == NULL || glob("gen/*/*.c", 0, NULL, &found) != 0)
        fail_msg("no sources in gen/: run this test in the repository");
    struct words kinds = {NULL, 0};
    for (size_t i = 0; i < found.gl_pathc; i++)
        find_in(&kinds, out_read(&arena, found.gl_pathv[i], NULL));
    globfree(&found);
    expect_part("kinds made by judge.c", "\"missing-%s\"", judge);
    expect_part("kinds made by judge.c", "\"extra-%s\"", judge);
    for (int kind = 0; kind < N_FACT_KINDS; kind++) {
        const char *missing = arena_printf(&arena, "missing-%s", fact_kind_name(kind));
        const char *extra = arena_printf(&arena, "extra-%s", fact_kind_name(kind));
        if (kind != FACT_BEHAVIOUR && !has_word(kinds, missing)) /* judged by itself */
            ARENA_PUSH(&arena, kinds.items, kinds.n, missing);
        if (kind != FACT_BEHAVIOUR && kind != FACT_ABI && !has_word(kinds, extra))
            ARENA_PUSH(&arena, kinds.items, kinds.n, extra);
    }
    return kinds;
}

static void test_explanations__have_every_kind_that_the_sources_report(void **state)
{
    (void)state;
    static const char *const some[] = {"bad-size",   "bad-sign",  "looser-align", "unbound-name",
                                       "probe-hung", "boot-hung", "not-proved",   "extra-syscall"};
    struct explanations explanations = load();
    struct words kinds = kinds_in_sources();

    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        if (!has_word(kinds, some[i]))
            fail_msg("this test no longer sees '%s' in gen/*/*.c", some[i]);
    for (size_t i = 0; i < kinds.n; i++)
        if (explain(&explanations, kinds.items[i]) == NULL)
            fail_msg("gen/*/*.c reports '%s', expected it in gen/explanations.yaml",
                     kinds.items[i]);
}

static void test_explanations__have_no_kind_that_nothing_reports(void **state)
{
    (void)state;
    struct explanations explanations = load();
    struct words kinds = kinds_in_sources();

    for (unsigned i = 0; i < explanations.n; i++)
        if (!has_word(kinds, explanations.items[i].kind))
            fail_msg("gen/explanations.yaml explains '%s', which nothing in gen/*/*.c reports",
                     explanations.items[i].kind);
}

static void test_explanations__have_summaries_that_fit_a_line(void **state)
{
    (void)state;
    struct explanations explanations = load();

    for (unsigned i = 0; i < explanations.n; i++) {
        const struct explanation *it = &explanations.items[i];
        if (strlen(it->summary) > 58 || it->summary[strlen(it->summary) - 1] == '.')
            fail_msg("'%s': expected a summary of at most 58 characters without a full stop, got "
                     "%zu: %s",
                     it->kind, strlen(it->summary), it->summary);
    }
}

/* ---- reading and printing ---- */

#define ONE                                                                                        \
    "explanations:\n"                                                                              \
    "- kind: bad-x\n"                                                                              \
    "  severity: error\n"                                                                          \
    "  summary: x is bad\n"                                                                        \
    "  meaning: What x is.\n"                                                                      \
    "  effect: What it does.\n"                                                                    \
    "  fix: What to do.\n"

static void expect_refused(const char *label, const char *text, const char *message)
{
    write_file("gen/explanations.yaml", text);
    struct explanations explanations;
    assert_false(explanations_load(&explanations, &arena, root, &diag));
    expect_messages(label, message);
}

static void test_explanations_load__names_what_is_wrong(void **state)
{
    (void)state;
    expect_refused("twice",
                   ONE "- kind: bad-x\n  severity: error\n  summary: again\n  meaning: M\n"
                       "  effect: E\n  fix: F\n",
                   "$gen/explanations.yaml:8:9: error: 'bad-x' is explained twice\n");
    expect_refused("empty fix", ONE "  fixes:\n    - language: C\n",
                   "$gen/explanations.yaml:9:7: error: 'bad-x' for C has neither text nor code\n");
    write_file("gen/explanations.yaml", "explanations:\n- kind: bad-x\n");
    struct explanations explanations;
    assert_false(explanations_load(&explanations, &arena, root, &diag));
    expect_messages("keys are missing",
                    "$gen/explanations.yaml:2:3: error: missing keys 'severity', 'summary', "
                    "'meaning', 'effect' and 'fix' of an item of 'explanations'\n");
}

static void test_explanation_print__wraps_prose_and_keeps_code(void **state)
{
    (void)state;

    write_file("gen/explanations.yaml",
               ONE "  fixes:\n    - language: C\n      text: Do it.\n      code: |\n"
                   "        struct x {\n            int a;\n        };\n\n        int b;\n");
    struct explanations explanations;
    assert_true(explanations_load(&explanations, &arena, root, &diag));
    assert_null(explain(&explanations, "bad-y"));
    struct str out = {.arena = &arena};
    explanation_print(&out, explain(&explanations, "bad-x"));
    expect_text("in full",
                "bad-x: x is bad\n"
                "severity: error\n"
                "\n"
                "what it means\n"
                "    What x is.\n"
                "\n"
                "at run time\n"
                "    What it does.\n"
                "\n"
                "how to fix it\n"
                "    What to do.\n"
                "\n"
                "C\n"
                "    Do it.\n"
                "        struct x {\n"
                "            int a;\n"
                "        };\n"
                "\n"
                "        int b;\n",
                str_text(&out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_explanations__have_every_kind_that_the_sources_report),
        TEST(test_explanations__have_no_kind_that_nothing_reports),
        TEST(test_explanations__have_summaries_that_fit_a_line),
        TEST(test_explanations_load__names_what_is_wrong),
        TEST(test_explanation_print__wraps_prose_and_keeps_code),
    };

    return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
