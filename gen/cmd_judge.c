/* cmd_judge.c - the subcommand judge: two files of facts in, findings out. */
#include <stdio.h>

#include "commands.h"
#include "judge.h"
#include "out.h"
#include "report.h"

static bool read_facts(struct facts *facts, const char *path, struct diag *diag)
{
    char *text = out_read(facts->arena, path, NULL);

    if (text == NULL)
        diag_error(diag, (struct place){path, 0, 0}, "cannot read");
    else if (facts_parse(facts, text, path, diag) && facts_check(facts, diag))
        facts_sort(facts);
    return diag->n_errors == 0;
}

int command_judge(const struct options *options, struct arena *arena)
{
    struct facts expected = {.arena = arena}, got = {.arena = arena};
    struct findings findings = {.arena = arena};
    struct str text = {.arena = arena};
    struct report_options how = {options->quiet, options->verbose, options->strict};
    struct judge_context nothing = {NULL, NULL, NULL, NULL};
    struct diag diag;
    unsigned char *agreed;
    size_t n_checked = 0;

    diag_init(&diag, arena, options->verbose);
    if (!read_facts(&expected, options->operands.items[0], &diag) ||
        !read_facts(&got, options->operands.items[1], &diag)) {
        diag_flush(&diag);
        return EXIT_USAGE;
    }
    agreed = arena_alloc(arena, expected.n + 1);
    judge(&findings, &expected, &got, JUDGE_MODEL, true, nothing, agreed);
    findings_sort(&findings);
    report_text_findings(&text, &findings, how);
    for (size_t i = 0; i < expected.n; i++)
        n_checked += agreed[i] == fact_attrs_present(&expected.items[i]);
    if (!options->quiet)
        str_addf(&text, "%zu of %zu facts agree\n", n_checked, expected.n);
    fputs(str_text(&text), stdout);
    if (findings_count(&findings, SEVERITY_ERROR) > 0 || (options->strict && findings.n > 0))
        return EXIT_FINDINGS;
    return n_checked > 0 ? EXIT_PROVED : EXIT_NOT_CHECKED;
}
