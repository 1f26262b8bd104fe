/* cmd_judge.c - the subcommand judge: two files of facts in, findings out. */
#include "cmd/commands.h"
#include "judge/judge.h"
#include "base/file.h"
#include "report/report.h"

static bool read_facts(struct facts *facts, const char *path, struct diag *diag)
{
    char *text = out_read(facts->arena, path, NULL);

    if (text == NULL)
        diag_error(diag, (struct location){path, 0, 0}, "cannot read");
    else if (facts_parse(facts, text, path, diag) && facts_check(facts, diag))
        facts_sort(facts);
    return diag->n_errors == 0;
}

/* The target that the facts are of, if they say so. */
static const char *target_of(const struct facts *facts)
{
    return facts->n > 0 && facts->items[0].kind == FACT_ABI ? facts->items[0].name : NULL;
}

static bool deliver(const struct options *options, const struct findings *findings, size_t n_agreed,
                    const struct facts *expected, struct diag *diag)
{
    struct arena *arena = findings->arena;
    struct str text = {.arena = arena};
    const char *sum =
        arena_printf(arena, "%zu of %s agree", n_agreed, str_count(arena, expected->n, "fact"));
    struct report_case item = {
        .group = target_of(expected),
        .name = arena_printf(arena, "%s against %s", options->operands.items[1],
                             options->operands.items[0]),
        .outcome = findings_count(findings, SEVERITY_ERROR) > 0 ? OUTCOME_FINDINGS
                   : n_agreed > 0                               ? OUTCOME_PROVED
                                                                : OUTCOME_NOT_CHECKED,
        .text = sum,
        .findings = findings->items,
        .n_findings = findings->n,
    };
    struct report report = {
        .command = options->called,
        .cases = {&item, 1},
        .findings = *findings,
    };

    if (options->format != FORMAT_TEXT) {
        report_for_programs(&text, options->format, &report, options->strict);
    } else {
        report_text_findings(
            &text, findings,
            (struct report_options){options->quiet, options->verbose, options->strict});
        if (!options->quiet)
            str_addf(&text, "%s\n", sum);
    }
    return report_deliver(options->output, options->format, &text, diag);
}

static int run_judge(const struct options *options, struct arena *arena)
{
    struct diag diag;

    diag_init(&diag, arena, options->verbose);
    struct facts expected = {.arena = arena};
    struct facts got = {.arena = arena};
    if (!read_facts(&expected, options->operands.items[0], &diag) ||
        !read_facts(&got, options->operands.items[1], &diag)) {
        diag_flush(&diag);
        return EXIT_USAGE;
    }
    unsigned char *agreed = arena_alloc(arena, expected.n + 1);
    struct findings findings = {.arena = arena};
    struct finding_scope nothing = {NULL, NULL, NULL, NULL};
    judge(&findings, &expected, &got,
          &(struct judge_options){.mode = JUDGE_MODEL, .is_complete = true}, nothing, agreed);
    findings_sort(&findings);
    size_t n_checked = 0;
    for (size_t i = 0; i < expected.n; i++)
        n_checked += agreed[i] == fact_attrs_present(&expected.items[i]);
    if (!deliver(options, &findings, n_checked, &expected, &diag)) {
        diag_flush(&diag);
        return EXIT_USAGE;
    }
    if (findings_count(&findings, SEVERITY_ERROR) > 0 || (options->strict && findings.n > 0))
        return EXIT_FINDINGS;
    return n_checked > 0 ? EXIT_PROVED : EXIT_NOT_CHECKED;
}

const struct command command_judge = {
    .name = "judge",
    .about = "compare any two files of facts",
    .usage = "[option]... EXPECTED GOT",
    .help = "Compares two files of canonical facts, as `abiproof facts` and the probes print them.",
    .example = "expected.facts got.facts",
    .options = (const char *const[]){"strict", "format", "output", NULL},
    .operands_min = 2,
    .operands_max = 2,
    .root = ROOT_NONE,
    .formats = FORMATS_REPORT,
    .run = run_judge,
};
