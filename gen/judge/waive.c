/* waive.c - see waive.h. */
#include "judge/waive.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "judge/explain.h"
#include "base/suggest.h"
#include "base/yaml.h"

/* ---- the file ---- */

static const struct yaml_field waiver_fields[] = {
    YAML_KEY(waiver, kind, YAML_TEXT),
    YAML_KEY(waiver, item, YAML_TEXT),
    YAML_LIST(waiver, targets, YAML_TEXT, .least = 1, YAML_OPTIONAL),
    YAML_KEY(waiver, reason, YAML_TEXT),
    YAML_KEY(waiver, expiry, YAML_TEXT, YAML_OPTIONAL),
};
const struct yaml_record waiver_schema = YAML_RECORD(waiver, waiver_fields);

static const struct yaml_field file_fields[] = {
    YAML_LIST_AS("waivers", waivers, items, n, YAML_MAPPING, .record = &waiver_schema),
};
static const struct yaml_record file_schema = YAML_RECORD(waivers, file_fields);

/* True for a day of the calendar, written "2027-06-30": then texts compare as days do. */
static bool is_date(const char *text)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day, end = 0;

    if (strlen(text) != strlen("2027-06-30") || strspn(text, "0123456789") != 4 ||
        sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end] != '\0' ||
        strpbrk(text, " +\t") != NULL)
        return false;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && is_leap);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

bool waivers_check(struct waivers *waivers, struct arena *arena, const struct yaml_places *places,
                   struct diag *diag)
{
    int errors_before = diag->n_errors;

    for (unsigned i = 0; i < waivers->n; i++) {
        struct waiver *waiver = &waivers->items[i];
        waiver->where = yaml_location(places, waiver);
        waiver->is_used = arena_alloc(arena, (waiver->n_targets + 1) * sizeof *waiver->is_used);
        if (is_blank(waiver->reason))
            diag_error(diag, yaml_location(places, waiver->reason),
                       "the reason of the waiver for '%s' is empty", waiver->item);
        if (waiver->expiry != NULL && !is_date(waiver->expiry))
            diag_error(diag, yaml_location(places, waiver->expiry),
                       "bad expiry '%s' of the waiver for '%s', expected a day as in '2027-06-30'",
                       waiver->expiry, waiver->item);
    }
    return diag->n_errors == errors_before;
}

bool waivers_load(struct waivers *waivers, struct arena *arena, const char *path, struct diag *diag)
{
    struct yaml_places places;
    struct waivers *read = yaml_load(arena, path, &file_schema, &places, diag);
    size_t n = waivers->n;

    if (read == NULL || !waivers_check(read, arena, &places, diag))
        return false;
    for (unsigned i = 0; i < read->n; i++)
        ARENA_PUSH(arena, waivers->items, n, read->items[i]);
    waivers->n = (unsigned)n;
    return true;
}

/* ---- names ---- */

static void check_kind(const struct waiver *waiver, const struct explanations *explanations,
                       struct arena *arena, struct diag *diag)
{
    if (explain(explanations, waiver->kind) != NULL)
        return;
    size_t n = 0;
    const char **known = NULL;
    for (unsigned i = 0; i < explanations->n; i++)
        ARENA_PUSH(arena, known, n, explanations->items[i].kind);
    diag_error(
        diag, waiver->where,
        "unknown kind of finding '%s' of the waiver for '%s'%s; `abiproof explain` lists all",
        waiver->kind, waiver->item, near_hint(arena, waiver->kind, known, n));
}

static void check_targets(const struct waiver *waiver, const struct targets *all,
                          struct arena *arena, struct diag *diag)
{
    const char **known = NULL;
    size_t n = 0;

    for (unsigned k = 0; k < all->n; k++)
        ARENA_PUSH(arena, known, n, all->items[k].name);
    for (unsigned i = 0; i < waiver->n_targets; i++) {
        bool is_known = false;
        for (size_t k = 0; k < n && !is_known; k++)
            is_known = str_glob(waiver->targets[i], known[k]);
        if (!is_known)
            diag_error(diag, waiver->where,
                       "'%s' of the waiver for '%s' matches no target%s; `abiproof targets` lists "
                       "all",
                       waiver->targets[i], waiver->item,
                       near_hint(arena, waiver->targets[i], known, n));
    }
}

bool waivers_check_names(const struct waivers *waivers, struct arena *arena, const char *root,
                         const struct targets *all, struct diag *diag)
{
    int errors_before = diag->n_errors;

    if (waivers->n == 0)
        return true;
    struct explanations explanations;
    if (!explanations_load(&explanations, arena, root, diag))
        return false;
    for (unsigned i = 0; i < waivers->n; i++) {
        check_kind(&waivers->items[i], &explanations, arena, diag);
        check_targets(&waivers->items[i], all, arena, diag);
    }
    return diag->n_errors == errors_before;
}

/* ---- findings ---- */

static bool is_expired(const struct waiver *waiver, const char *today)
{
    return waiver->expiry != NULL && strcmp(waiver->expiry, today) < 0;
}

/* Without patterns a waiver is for every target. */
static bool names_target(const struct waiver *waiver, const char *target)
{
    for (unsigned i = 0; i < waiver->n_targets; i++)
        if (str_glob(waiver->targets[i], target))
            return true;
    return waiver->n_targets == 0;
}

/* Marks patterns as used: a target may match several, and then all of them are. */
static void use(struct waiver *waiver, const char *target)
{
    if (waiver->n_targets == 0)
        waiver->is_used[0] = true;
    for (unsigned i = 0; i < waiver->n_targets; i++)
        if (str_glob(waiver->targets[i], target))
            waiver->is_used[i] = true;
}

/* Takes the targets that the waiver names out of the finding, and returns them as a finding of
 * their own. Its n_targets is 0 if there are none. */
static struct finding split_off(struct finding *finding, const struct waiver *waiver,
                                struct arena *arena)
{
    struct finding taken = *finding, left = *finding;

    taken.targets = left.targets = NULL;
    taken.n_targets = left.n_targets = 0;
    for (size_t i = 0; i < finding->n_targets; i++) {
        struct finding *to = names_target(waiver, finding->targets[i]) ? &taken : &left;
        ARENA_PUSH(arena, to->targets, to->n_targets, finding->targets[i]);
    }
    *finding = left;
    return taken;
}

static void mark(struct finding *finding, struct waiver *waiver)
{
    finding->waived = waiver->reason;
    finding->waiver = waiver->where;
    for (size_t i = 0; i < finding->n_targets; i++)
        use(waiver, finding->targets[i]);
    if (finding->n_targets == 0)
        waiver->is_used[0] = true;
}

/* Compares finding `i` with the waiver. */
static void waive_one(struct findings *findings, size_t i, struct waiver *waiver)
{
    struct finding *finding = &findings->items[i];

    if (finding->waived != NULL || strcmp(finding->kind, waiver->kind) != 0 ||
        !str_glob(waiver->item, finding->item))
        return;
    if (finding->n_targets == 0) {
        if (waiver->n_targets == 0)
            mark(finding, waiver);
        return;
    }
    struct finding taken = split_off(finding, waiver, findings->arena);
    if (taken.n_targets == 0)
        return;
    mark(&taken, waiver);
    if (finding->n_targets == 0)
        *finding = taken;
    else
        ARENA_PUSH(findings->arena, findings->items, findings->n, taken);
}

void waive(struct findings *findings, struct waivers *waivers, const char *today)
{
    for (unsigned k = 0; k < waivers->n; k++) {
        struct waiver *waiver = &waivers->items[k];
        size_t n = findings->n; /* those that are split off are waived already */
        for (size_t i = 0; i < n && !is_expired(waiver, today); i++)
            waive_one(findings, i, waiver);
    }
}

/* ---- findings about waivers ---- */

static void add_finding(struct findings *findings, const char *kind, const struct waiver *waiver,
                        const char *expected, const char *got)
{
    struct finding_scope scope = {NULL, NULL, NULL, NULL};

    findings_add(findings, kind, SEVERITY_ERROR, waiver->item, expected, got, no_location,
                 waiver->where, scope);
}

/* The patterns of targets for which there was nothing to accept, of those that were looked at:
 * "x86_64-linux *-netbsd", "" if there are none. */
static const char *unused_on(struct arena *arena, const struct waiver *waiver,
                             const char *const *looked_at, size_t n_looked_at)
{
    struct str text = {.arena = arena};

    for (unsigned i = 0; i < waiver->n_targets; i++) {
        bool is_looked_at = false;
        for (size_t k = 0; k < n_looked_at; k++)
            is_looked_at = is_looked_at || str_glob(waiver->targets[i], looked_at[k]);
        if (is_looked_at && !waiver->is_used[i])
            str_addf(&text, "%s%s", text.len > 0 ? " " : "", waiver->targets[i]);
    }
    if (waiver->n_targets == 0 && n_looked_at > 0 && !waiver->is_used[0])
        str_add(&text, "any target");
    return str_text(&text);
}

void waivers_review(struct findings *findings, const struct waivers *waivers, const char *today,
                    const char *const *looked_at, size_t n_looked_at, bool is_whole)
{
    struct arena *arena = findings->arena;

    for (unsigned i = 0; i < waivers->n; i++) {
        const struct waiver *waiver = &waivers->items[i];
        if (is_expired(waiver, today)) {
            add_finding(
                findings, "expired-waiver", waiver,
                arena_printf(arena, "'%s' fixed, or accepted until a later day", waiver->kind),
                arena_printf(arena, "a waiver until %s: %s", waiver->expiry, waiver->reason));
            continue;
        }
        const char *unused = unused_on(arena, waiver, looked_at, n_looked_at);
        if (is_whole && unused[0] != '\0')
            add_finding(
                findings, "unused-waiver", waiver,
                arena_printf(arena, "'%s' on %s, or no waiver for it", waiver->kind, unused),
                "nothing to waive");
    }
}

const char *waive_today(struct arena *arena)
{
    time_t now = time(NULL);
    struct tm day;

    gmtime_r(&now, &day);
    return arena_printf(arena, "%04d-%02d-%02d", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}
