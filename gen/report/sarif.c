/* sarif.c - the report as SARIF 2.1.0 (OASIS), which code hosts and editors show at the
 * line.
 *
 * In: a report. Out: one run of one tool:
 *
 *     tool.driver.rules    a rule per kind of finding that occurs; its id is the kind
 *     results              a result per finding, of all targets where it holds: at the
 *                          binding's line, with the header's as a related location, and expected,
 *                          got, targets and witnesses as properties
 *     invocations          a notification per case that was not checked or could not be read
 *
 * A path is a URI: relative to the current folder as it was given, or file:///. A header's is as
 * #include spells it, relative to HEADERS, which stands for each target's own header folders.
 */
#include <ctype.h>
#include <string.h>

#include "base/grouping.h"
#include "report/json.h"
#include "report/report_private.h"

static const char schema[] =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/* {"text": ...}: a message, and a description too. */
static json_t *message(const char *text)
{
    json_t *object = json_object();

    json_set_text(object, "text", text);
    return object;
}

/* ---- locations ---- */

/* A path as a URI reference (RFC 3986). A colon is escaped, or it would end a scheme. */
static const char *uri_of(struct arena *arena, const char *path)
{
    struct str uri = {.arena = arena};

    if (path[0] == '/')
        str_add(&uri, "file://");
    for (; *path != '\0'; path++)
        if (isalnum((unsigned char)*path) || strchr("-._~/", *path) != NULL)
            str_add_char(&uri, *path);
        else
            str_addf(&uri, "%%%02X", (unsigned char)*path);
    return str_text(&uri);
}

static json_t *physical_location(struct arena *arena, struct location where, const char *base)
{
    json_t *location = json_object(), *artifact = json_object();

    json_set_text(artifact, "uri", uri_of(arena, report_path(where.file)));
    if (where.file[0] != '/')
        json_set_text(artifact, "uriBaseId", base);
    json_object_set_new(location, "artifactLocation", artifact);
    if (where.line > 0) {
        json_t *region = json_object();
        json_set_number(region, "startLine", (size_t)where.line);
        if (where.column > 0)
            json_set_number(region, "startColumn", (size_t)where.column);
        json_object_set_new(location, "region", region);
    }
    return location;
}

/* Where it is wrong: the binding's line, if known, and in any case the item by its name. */
static json_t *locations_of(struct arena *arena, const struct finding *finding)
{
    json_t *location = json_object(), *logical = json_object();

    if (finding->location.file != NULL)
        json_object_set_new(location, "physicalLocation",
                            physical_location(arena, finding->location, NULL));
    json_set_text(logical, "fullyQualifiedName", finding->item);
    json_object_set_new(location, "logicalLocations", json_pack("[o]", logical));
    return json_pack("[o]", location);
}

/* `judge` compares one file of facts with another; elsewhere a reference is a header. */
static json_t *related_of(struct arena *arena, const struct report *report,
                          const struct finding *finding)
{
    bool is_header = strcmp(report->command, "judge") != 0;
    json_t *location = json_object();

    json_set_number(location, "id", 0);
    json_object_set_new(location, "physicalLocation",
                        physical_location(arena, finding->reference, is_header ? "HEADERS" : NULL));
    json_object_set_new(location, "message",
                        message(is_header ? "what the system's header says" : "what is expected"));
    return json_pack("[o]", location);
}

/* ---- rules and results ---- */

/* "bad offset" of "bad-offset". */
static const char *describe_kind(struct arena *arena, const char *kind)
{
    char *text = arena_strdup(arena, kind);

    for (char *at = text; *at != '\0'; at++)
        if (*at == '-')
            *at = ' ';
    return text;
}

static const char *level_of(const struct finding *finding)
{
    return finding->severity == SEVERITY_ERROR ? "error" : "note";
}

static json_t *rule_of(struct arena *arena, const struct report *report,
                       const struct report_kind *kind)
{
    json_t *rule = json_object(), *configuration = json_object();
    const struct explanation *known =
        report->explanations != NULL ? explain(report->explanations, kind->kind) : NULL;
    const char *description = known != NULL ? known->summary : describe_kind(arena, kind->kind);

    json_set_text(rule, "id", kind->kind);
    json_object_set_new(rule, "shortDescription", message(description));
    json_object_set_new(rule, "fullDescription",
                        message(known != NULL ? known->meaning : description));
    if (known != NULL)
        json_object_set_new(
            rule, "help",
            message(arena_printf(arena, "At run time: %s\n\nTo fix it: %s",
                                 explanation_effect(arena, known, kind->items, kind->n_items),
                                 known->fix)));
    json_set_text(configuration, "level", level_of(kind->first));
    json_object_set_new(rule, "defaultConfiguration", configuration);
    return rule;
}

/* A rule for each kind, in the order of the first findings; kinds: gets their numbers. */
static json_t *rules_of(struct arena *arena, const struct report *report, struct grouping *kinds)
{
    json_t *rules = json_array();
    struct report_kind *known = NULL;
    size_t n = report_kinds(arena, &report->findings, false, &known);

    for (size_t i = 0; i < n; i++) {
        grouping_of(kinds, known[i].kind);
        json_array_append_new(rules, rule_of(arena, report, &known[i]));
    }
    return rules;
}

static json_t *properties_of(const struct finding *finding)
{
    json_t *properties = json_object();

    json_set_text(properties, "kind", finding->kind);
    json_set_text(properties, "item", finding->item);
    json_set_text(properties, "expected", finding->expected);
    json_set_text(properties, "got", finding->got);
    json_set_text(properties, "layouts", finding->layouts);
    json_set_text(properties, "spec", finding->spec);
    json_set_text(properties, "subject", finding->subject);
    json_object_set_new(properties, "targets", json_texts(finding->targets, finding->n_targets));
    json_object_set_new(properties, "witnesses",
                        json_texts(finding->witnesses, finding->n_witnesses));
    return properties;
}

/* What makes a finding of one run the same as that of another, though lines have moved. */
static json_t *fingerprints_of(struct arena *arena, const struct finding *finding)
{
    json_t *fingerprints = json_object();

    json_set_text(fingerprints, "abiproof/v1",
                  arena_printf(arena, "%s %s of %s: %s", finding->kind,
                               finding->subject != NULL ? finding->subject : "-",
                               finding->spec != NULL ? finding->spec : "-",
                               report_sentence(arena, finding)));
    return fingerprints;
}

/* A waiver: what accepts the finding is written outside of the code. */
static json_t *suppressions_of(struct arena *arena, const struct finding *finding)
{
    json_t *suppression = json_object(), *location = json_object();

    json_set_text(suppression, "kind", "external");
    json_set_text(suppression, "status", "accepted");
    json_set_text(suppression, "justification", finding->waived);
    json_object_set_new(location, "physicalLocation",
                        physical_location(arena, finding->waiver, NULL));
    json_object_set_new(suppression, "location", location);
    return json_pack("[o]", suppression);
}

/* kinds: the numbers of the rules. */
static json_t *result_of(struct arena *arena, const struct report *report,
                         const struct finding *finding, const struct grouping *kinds)
{
    json_t *result = json_object();
    const char *scope = report_scope(arena, finding);

    json_set_text(result, "ruleId", finding->kind);
    json_set_number(result, "ruleIndex", grouping_find(kinds, finding->kind));
    json_set_text(result, "level", level_of(finding));
    json_object_set_new(
        result, "message",
        message(arena_printf(arena, "%s%s%s%s%s%s", report_sentence(arena, finding),
                             scope[0] != '\0' ? " (" : "", scope, scope[0] != '\0' ? ")" : "",
                             finding->layouts != NULL ? "; layouts: " : "",
                             finding->layouts != NULL ? finding->layouts : "")));
    json_object_set_new(result, "locations", locations_of(arena, finding));
    if (finding->reference.file != NULL)
        json_object_set_new(result, "relatedLocations", related_of(arena, report, finding));
    json_object_set_new(result, "partialFingerprints", fingerprints_of(arena, finding));
    json_object_set_new(result, "properties", properties_of(finding));
    if (finding->waived != NULL)
        json_object_set_new(result, "suppressions", suppressions_of(arena, finding));
    return result;
}

/* ---- what was not checked ---- */

static json_t *notification_of(struct arena *arena, const struct report_case *item)
{
    bool is_broken = item->outcome == OUTCOME_UNREADABLE;
    json_t *notification = json_object(), *descriptor = json_object();

    json_set_text(descriptor, "id", is_broken ? "unreadable" : "not-checked");
    json_set_number(descriptor, "index", is_broken ? 1 : 0);
    json_object_set_new(notification, "descriptor", descriptor);
    json_set_text(notification, "level", is_broken ? "error" : "warning");
    json_object_set_new(notification, "message",
                        message(arena_printf(arena, "%s: %s", report_case_name(arena, item),
                                             item->text != NULL ? item->text : "")));
    return notification;
}

static json_t *invocation_of(struct arena *arena, const struct report_cases *cases)
{
    struct outcome_counts counts = report_count(cases);
    json_t *invocation = json_object(), *notifications = json_array();

    for (size_t i = 0; i < cases->n; i++)
        if (cases->items[i].outcome == OUTCOME_NOT_CHECKED ||
            cases->items[i].outcome == OUTCOME_UNREADABLE)
            json_array_append_new(notifications, notification_of(arena, &cases->items[i]));
    json_object_set_new(invocation, "executionSuccessful",
                        json_boolean(counts.n[OUTCOME_UNREADABLE] == 0));
    json_object_set_new(invocation, "toolExecutionNotifications", notifications);
    return invocation;
}

static json_t *driver_of(json_t *rules)
{
    json_t *driver = json_object();

    json_set_text(driver, "name", "abiproof");
    json_object_set_new(driver, "rules", rules);
    json_object_set_new(driver, "notifications",
                        json_pack("[{s:s, s:{s:s}}, {s:s, s:{s:s}}]", "id", "not-checked",
                                  "shortDescription", "text", "something needed was missing", "id",
                                  "unreadable", "shortDescription", "text",
                                  "what was to be examined is broken"));
    return driver;
}

void report_sarif(struct str *out, const struct report *report)
{
    struct arena *arena = out->arena;
    struct grouping kinds = {.arena = arena};
    json_t *rules = rules_of(arena, report, &kinds);
    json_t *root = json_object(), *run = json_object(), *results = json_array();

    for (size_t i = 0; i < report->findings.n; i++)
        json_array_append_new(results,
                              result_of(arena, report, &report->findings.items[i], &kinds));
    json_object_set_new(run, "tool", json_pack("{s:o}", "driver", driver_of(rules)));
    json_object_set_new(run, "invocations", json_pack("[o]", invocation_of(arena, &report->cases)));
    json_object_set_new(run, "originalUriBaseIds",
                        json_pack("{s:{s:{s:s}}}", "HEADERS", "description", "text",
                                  "the folders where each target's headers are"));
    json_object_set_new(run, "results", results);
    json_object_set_new(run, "properties",
                        json_pack("{s:s, s:s}", "command", report->command, "summary",
                                  report_summary(arena, &report->cases)));
    json_set_text(root, "$schema", schema);
    json_set_text(root, "version", "2.1.0");
    json_object_set_new(root, "runs", json_pack("[o]", run));
    json_write(out, root);
}
