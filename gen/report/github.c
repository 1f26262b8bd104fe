/* github.c - the report as workflow commands of GitHub Actions, which become annotations.
 *
 * In: a report. Out: a line per finding, at the file and line of the binding, a line per reason why
 * something was not checked, and one line for people:
 *
 *     ::error file=b/epoll.h,line=12,title=bad-offset::epoll_event.data: expected 4, got 8 (...)
 *     ::warning title=not checked::epoll [aarch64-linux]: run: no 'qemu-aarch64'
 *     abiproof prove: 3 of 4 items proved, 1 with findings, 0 not checked
 *
 * Notes are notices, and so is what is waived. The runner undoes %-escapes: of %, CR and LF in a
 * message, and of ':' and ',' in a property too. It shows only the first few of a step's
 * annotations, so what holds for many targets is one.
 */
#include <string.h>

#include "base/printable.h"
#include "base/grouping.h"
#include "report/report_private.h"

static void add_escaped(struct str *out, const char *text, const char *special)
{
    struct str escaped = {.arena = out->arena};

    for (const char *at = text != NULL ? text : ""; *at != '\0'; at++)
        if (strchr(special, *at) != NULL)
            str_addf(&escaped, "%%%02X", (unsigned)*at);
        else
            str_add_char(&escaped, *at);
    str_add(out, printable_line(out->arena, str_text(&escaped)));
}

static void add_property(struct str *out, const char *separator, const char *name,
                         const char *value)
{
    str_addf(out, "%s%s=", separator, name);
    add_escaped(out, value, "%\r\n:,");
}

static void add_message(struct str *out, const char *text)
{
    str_add(out, "::");
    add_escaped(out, text, "%\r\n");
    str_add_char(out, '\n');
}

static void add_finding(struct str *out, const struct finding *finding)
{
    struct arena *arena = out->arena;
    const char *scope = report_scope(arena, finding), *separator = " ";

    str_add(out, finding->severity == SEVERITY_ERROR && finding->waived == NULL ? "::error"
                                                                                : "::notice");
    if (finding->location.file != NULL) {
        add_property(out, separator, "file", report_path(finding->location.file));
        separator = ",";
    }
    if (finding->location.file != NULL && finding->location.line > 0)
        add_property(out, separator, "line", arena_printf(arena, "%d", finding->location.line));
    if (finding->location.file != NULL && finding->location.line > 0 &&
        finding->location.column > 0)
        add_property(out, separator, "col", arena_printf(arena, "%d", finding->location.column));
    add_property(out, separator, "title", finding->kind);
    struct str message = {.arena = arena};
    str_add(&message, report_sentence(arena, finding));
    if (scope[0] != '\0')
        str_addf(&message, " (%s)", scope);
    if (finding->layouts != NULL)
        str_addf(&message, "\nlayouts: %s", finding->layouts);
    if (finding->reference.file != NULL)
        str_addf(&message, "\nexpected by %s%s", finding->reference.file,
                 finding->reference.line > 0 ? arena_printf(arena, ":%d", finding->reference.line)
                                             : "");
    if (finding->waived != NULL)
        str_addf(&message, "\nwaived by %s:%d: %s", finding->waiver.file, finding->waiver.line,
                 finding->waived);
    add_message(out, str_text(&message));
}

/* Cases that were not examined, for one reason. */
struct unchecked {
    const struct report_case *first;
    struct str groups; /* of all of them */
};

static void add_unchecked(struct str *out, const struct unchecked *unchecked)
{
    const struct report_case *item = unchecked->first;
    bool is_broken = item->outcome == OUTCOME_UNREADABLE;
    const char *text = item->text != NULL ? item->text : "";

    str_add(out, is_broken ? "::error" : "::warning");
    add_property(out, " ", "title", is_broken ? "unreadable" : "not checked");
    add_message(out, unchecked->groups.len > 0
                         ? arena_printf(out->arena, "%s [%s]: %s", item->name,
                                        str_text(&unchecked->groups), text)
                         : arena_printf(out->arena, "%s: %s", item->name, text));
}

/* Says of each case why it was not examined; of those that are alike once, with all groups. */
static void add_all_unchecked(struct str *out, const struct report_cases *cases)
{
    struct arena *arena = out->arena;
    struct grouping grouping = {.arena = arena};
    struct unchecked *items = NULL;
    size_t n = 0;

    for (size_t i = 0; i < cases->n; i++) {
        const struct report_case *item = &cases->items[i];
        struct unchecked new = {item, {.arena = arena}};
        if (item->outcome != OUTCOME_NOT_CHECKED && item->outcome != OUTCOME_UNREADABLE)
            continue;
        struct str key = {.arena = arena};
        grouping_key_number(&key, item->outcome);
        grouping_key(&key, item->name);
        grouping_key(&key, item->text != NULL ? item->text : "");
        size_t number = grouping_of(&grouping, str_text(&key));
        if (number >= n)
            ARENA_PUSH(arena, items, n, new);
        struct str *groups = &items[number].groups;
        if (item->group != NULL)
            str_addf(groups, "%s%s", groups->len > 0 ? " " : "", item->group);
    }
    for (size_t i = 0; i < n; i++)
        add_unchecked(out, &items[i]);
}

void report_github(struct str *out, const struct report *report)
{
    for (size_t i = 0; i < report->findings.n; i++)
        add_finding(out, &report->findings.items[i]);
    add_all_unchecked(out, &report->cases);
    str_addf(out, "abiproof %s: %s\n", report->command, report_summary(out->arena, &report->cases));
}
