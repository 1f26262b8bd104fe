/* text.c - the report for people; see report.h. Plain text, made to be read in a terminal
 * and to be compared with diff.
 */
#include <string.h>

#include "base/grouping.h"
#include "report/report_private.h"
#include "report/unbound.h"
#include "witness/witnesses.h"

void report_text_table(struct str *out, const char *const *cells, size_t n_rows, size_t n_columns)
{
    size_t *widths = arena_alloc(out->arena, (n_columns + 1) * sizeof *widths);

    for (size_t i = 0; i < n_rows * n_columns; i++)
        if (strlen(cells[i]) > widths[i % n_columns])
            widths[i % n_columns] = strlen(cells[i]);
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t column = 0; column < n_columns; column++) {
            const char *cell = cells[row * n_columns + column];
            str_add(out, cell);
            if (column + 1 < n_columns)
                str_addf(out, "%*s", (int)(widths[column] - strlen(cell) + 2), "");
        }
        str_add_char(out, '\n');
    }
}

/* ---- the matrix ---- */

/* A record with more fields is shown by its size alone. */
enum { FIELDS_SHOWN = 8 };

static void add_record(struct str *text, const struct facts *facts,
                       const struct spec_record *record)
{
    const struct fact *whole = facts_find(facts, FACT_RECORD, record->name);

    if (!record->show || whole == NULL)
        return;
    str_addf(text, "%s%s %s/%s", text->len > 0 ? "; " : "", record->name, whole->attr[RECORD_SIZE],
             whole->attr[RECORD_ALIGN]);
    for (unsigned i = 0; i < record->n_fields && record->n_fields <= FIELDS_SHOWN; i++) {
        const char *name = arena_printf(text->arena, "%s.%s", record->name, record->fields[i].name);
        const struct fact *field = facts_find(facts, FACT_FIELD, name);
        if (field != NULL)
            str_addf(text, " %s@%s", record->fields[i].name, field->attr[FIELD_OFFSET]);
    }
}

/* "epoll_event 12/1 events@0 data@4": size, alignment, offsets of each record that the spec shows.
 */
static const char *layout_of(struct arena *arena, const struct check *check)
{
    struct str text = {.arena = arena};
    const struct facts *facts = &check->system.facts;

    for (unsigned i = 0; i < check->spec->n_records; i++)
        add_record(&text, facts, &check->spec->records[i]);
    for (unsigned i = 0; i < check->spec->n_aliases; i++) {
        const struct spec_alias *alias = &check->spec->aliases[i];
        const struct fact *fact = facts_find(facts, FACT_ALIAS, alias->name);
        if (alias->show && fact != NULL)
            str_addf(&text, "%s%s %s", text.len > 0 ? "; " : "", alias->name,
                     fact->attr[ALIAS_TYPE]);
    }
    return text.len > 0 ? str_text(&text) : "-";
}

/* "clang run behave": every witness that ran, once. */
static const char *witnesses_of(struct arena *arena, const struct check *check)
{
    struct str text = {.arena = arena};

    if (check->system.unavailable == NULL && check->verdict != VERDICT_UNREADABLE)
        str_add(&text, check->system.witness);
    for (size_t i = 0; i < check->n_witnesses; i++) {
        const struct evidence *evidence = &check->witnesses[i];
        bool is_new = evidence_was_collected(evidence) &&
                      strcmp(evidence->witness, check->system.witness) != 0;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && strcmp(check->witnesses[k].witness, evidence->witness) != 0;
        if (is_new)
            str_addf(&text, " %s", evidence->witness);
    }
    return text.len > 0 ? str_text(&text) : "-";
}

/* What ran the probes. An emulator proves what it believes of the kernel, the machine what the
 * kernel does. Behaviour alone is no tier of the check, but something ran it too. */
static const char *runner_of(const struct check *check)
{
    const char *runner = check->target->runner;

    if (check->tier == TIER_BOOTED)
        return check->target->kernel->emulator[0];
    if ((check->tier < TIER_RUN && check->n_behaviours == 0) || runner == NULL)
        return "-";
    if (runner[0] == '\0')
        return "native";
    return strrchr(runner, '/') != NULL ? strrchr(runner, '/') + 1 : runner;
}

/* One line per check. */
static void add_all_checks(struct str *out, const struct checks *checks)
{
    enum { N_COLUMNS = 9 };
    static const char *const head[N_COLUMNS] = {
        "target", "spec", "facts", "behaviour", "witnesses", "tier", "runner", "verdict", "layout"};
    struct arena *arena = out->arena;
    const char **cells = arena_alloc(arena, (checks->n + 1) * N_COLUMNS * sizeof *cells);

    memcpy(cells, head, sizeof head);
    for (size_t i = 0; i < checks->n; i++) {
        const struct check *check = &checks->items[i];
        const char **cell = &cells[(i + 1) * N_COLUMNS];
        cell[0] = check->target->name;
        cell[1] = check->spec->name;
        cell[2] = arena_printf(arena, "%zu/%zu", check->n_checked, check->n_facts);
        cell[3] = check->n_behaviours > 0 ? arena_printf(arena, "%zu", check->n_behaviours) : "-";
        cell[4] = witnesses_of(arena, check);
        cell[5] = tier_name(check->tier);
        cell[6] = runner_of(check);
        cell[7] = verdict_name(check->verdict);
        cell[8] = layout_of(arena, check);
    }
    report_text_table(out, cells, checks->n + 1, N_COLUMNS);
}

/* Checks of one spec that are alike, in one group. */
struct alike {
    const struct check *first;
    const char *layout;
    const char *witnesses;
    const char *runner; /* "native", "qemu-user" or "-" */
    struct str targets; /* their architectures: a spec has one system */
    size_t n;
    size_t facts[2]; /* least and most */
    size_t checked[2];
    size_t behaviours[2];
};

static void widen(size_t range[2], size_t value)
{
    if (value < range[0])
        range[0] = value;
    if (value > range[1])
        range[1] = value;
}

static void add_to_alike(struct alike *alike, const struct check *check)
{
    const char *name = check->target->name;

    str_addf(&alike->targets, " %.*s", (int)(strrchr(name, '-') - name), name);
    alike->n++;
    widen(alike->facts, check->n_facts);
    widen(alike->checked, check->n_checked);
    widen(alike->behaviours, check->n_behaviours);
}

/* What rows have in common that are alike. */
static const char *key_of(struct arena *arena, const struct alike *alike)
{
    struct str key = {.arena = arena};

    grouping_key(&key, alike->first->spec->name);
    grouping_key_number(&key, alike->first->tier);
    grouping_key_number(&key, alike->first->verdict);
    grouping_key(&key, alike->layout);
    grouping_key(&key, alike->witnesses);
    grouping_key(&key, alike->runner);
    return str_text(&key);
}

static size_t find_alike(struct arena *arena, const struct checks *checks, struct alike **groups)
{
    struct grouping grouping = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < checks->n; i++) {
        const struct check *check = &checks->items[i];
        const char *runner = runner_of(check);
        struct alike new = {
            .first = check,
            .layout = layout_of(arena, check),
            .witnesses = witnesses_of(arena, check),
            .runner = str_starts(runner, "qemu-system") ? "qemu-system"
                      : str_starts(runner, "qemu-")     ? "qemu-user"
                                                        : runner,
            .targets = {.arena = arena},
            .facts = {SIZE_MAX, 0},
            .checked = {SIZE_MAX, 0},
            .behaviours = {SIZE_MAX, 0},
        };
        size_t number = grouping_of(&grouping, key_of(arena, &new));
        if (number >= n)
            ARENA_PUSH(arena, *groups, n, new);
        add_to_alike(&(*groups)[number], check);
    }
    return n;
}

/* "42", "40-42", or "38 of 42" when not all were checked. */
static const char *facts_text(struct arena *arena, const struct alike *alike)
{
    const size_t *checked = alike->checked, *facts = alike->facts;
    const char *range = checked[0] == checked[1]
                            ? arena_printf(arena, "%zu", checked[0])
                            : arena_printf(arena, "%zu-%zu", checked[0], checked[1]);

    if (checked[0] == facts[0] && checked[1] == facts[1])
        return range;
    return arena_printf(arena, "%s of %zu", range, facts[1]);
}

/* Checks that are alike in two lines: verdict, tier, spec and layout; then what is behind it. */
static void add_matrix(struct str *out, const struct checks *checks)
{
    struct alike *groups = NULL;
    size_t n = find_alike(out->arena, checks, &groups);

    for (size_t i = 0; i < n; i++) {
        const struct alike *alike = &groups[i];
        struct str line = {.arena = out->arena};
        str_addf(out, "%-12s%-10s%-16s%s\n", verdict_name(alike->first->verdict),
                 tier_name(alike->first->tier), alike->first->spec->name, alike->layout);
        str_addf(&line, "%s fact%s", facts_text(out->arena, alike),
                 alike->facts[1] == 1 ? "" : "s");
        if (alike->behaviours[1] > 0)
            str_addf(&line, ", %s", str_count(out->arena, alike->behaviours[1], "behaviour"));
        str_addf(&line, "; %s%s%s;%s", alike->witnesses,
                 strcmp(alike->runner, "-") != 0 ? ", " : "",
                 strcmp(alike->runner, "-") != 0 ? alike->runner : "", str_text(&alike->targets));
        str_add_wrapped(out, "            ", str_text(&line), 100);
    }
}

/* ---- findings ---- */

static void add_location(struct str *out, const char *what, struct location location)
{
    if (location.file == NULL)
        return;
    str_addf(out, "    %-9s %s", what, location.file);
    if (location.line > 0)
        str_addf(out, ":%d", location.line);
    str_add_char(out, '\n');
}

static void add_layouts(struct str *out, const char *layouts)
{
    static const char indent[] = "              ";
    struct str lines = {.arena = out->arena};

    if (layouts == NULL)
        return;
    str_add_wrapped(&lines, indent, layouts, 100);
    str_addf(out, "    %-9s %s", "layouts", str_text(&lines) + strlen(indent));
}

void report_text_finding(struct str *out, const struct finding *finding)
{
    str_addf(out, "%s: %s: %s",
             finding->waived != NULL               ? "waived"
             : finding->severity == SEVERITY_ERROR ? "error"
                                                   : "note",
             finding->kind, finding->item);
    if (finding->spec != NULL)
        str_addf(out, " (%s of %s)", finding->subject, finding->spec);
    if (finding->n_targets > 0)
        str_addf(out, " [%s]", report_join(out->arena, finding->targets, finding->n_targets));
    str_addf(out, "\n    expected  %s\n    got       %s\n", finding->expected, finding->got);
    add_layouts(out, finding->layouts);
    add_location(out, "header", finding->reference);
    add_location(out, "found in", finding->location);
    if (finding->n_witnesses > 0)
        str_addf(out, "    seen by   %s\n",
                 report_join(out->arena, finding->witnesses, finding->n_witnesses));
    if (finding->waived != NULL) {
        str_addf(out, "    because   %s\n", finding->waived);
        add_location(out, "waived at", finding->waiver);
    }
}

/* Findings that one waiver accepted. */
struct accepted {
    const struct finding *first;
    size_t n;
};

/* One line for each waiver that accepted something: how much, why, and where that is written. */
static void add_waivers(struct str *out, const struct findings *findings)
{
    struct grouping grouping = {.arena = out->arena};
    struct accepted *groups = NULL;
    size_t n = 0;

    for (size_t i = 0; i < findings->n; i++) {
        struct accepted new = {&findings->items[i], 0};
        struct str key = {.arena = out->arena};
        if (new.first->waived == NULL)
            continue;
        grouping_key(&key, new.first->waiver.file);
        grouping_key_number(&key, (size_t)new.first->waiver.line);
        size_t number = grouping_of(&grouping, str_text(&key));
        if (number >= n)
            ARENA_PUSH(out->arena, groups, n, new);
        groups[number].n++;
    }
    for (size_t i = 0; i < n; i++)
        str_addf(out, "waived: %s, by %s:%d: %s\n", str_count(out->arena, groups[i].n, "finding"),
                 groups[i].first->waiver.file, groups[i].first->waiver.line,
                 groups[i].first->waived);
}

void report_text_findings(struct str *out, const struct findings *findings,
                          struct report_options options)
{
    size_t n_hidden = 0;

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        if (finding->waived != NULL && !options.verbose)
            continue;
        if (finding->severity == SEVERITY_NOTE && !options.verbose && !options.strict)
            n_hidden++;
        else
            report_text_finding(out, finding);
    }
    if (!options.verbose && !options.quiet)
        add_waivers(out, findings);
    if (n_hidden > 0 && !options.quiet)
        str_addf(out, "%s: right today and worth knowing; -v shows %s\n",
                 str_count(out->arena, n_hidden, "note"), n_hidden == 1 ? "it" : "them");
}

/* ---- what was not checked, and what is worth knowing ---- */

/* One remark, and the specs and targets that it is about. */
struct remark_group {
    const char *text;
    struct str specs, names, targets;
    const struct target *last; /* of targets */
    size_t n_targets;
};

struct remark_groups {
    struct arena *arena;
    struct remark_group *items;
    size_t n;
    struct grouping grouping;
};

static void add_word(struct str *words, const char *word)
{
    if (words->len > 0)
        str_add_char(words, ' ');
    str_add(words, word);
}

static void group_remark(struct remark_groups *groups, const struct check *check, const char *name,
                         const char *text)
{
    struct arena *arena = groups->arena;
    struct remark_group new = {text, {.arena = arena}, {.arena = arena}, {.arena = arena}, NULL, 0};
    struct str key = {.arena = arena};

    grouping_key(&key, check->spec->name);
    grouping_key(&key, name);
    grouping_key(&key, text);
    size_t number = grouping_of(&groups->grouping, str_text(&key));
    if (number >= groups->n) {
        add_word(&new.specs, check->spec->name);
        add_word(&new.names, name);
        ARENA_PUSH(arena, groups->items, groups->n, new);
    }
    struct remark_group *found = &groups->items[number];
    if (found->last == check->target) /* checks come target by target: it has been added */
        return;
    add_word(&found->targets, check->target->name);
    found->last = check->target;
    found->n_targets++;
}

/* "all targets" where it holds for every check of the spec, and these are of all its targets. */
static void name_all(struct remark_groups *groups, const struct checks *checks)
{
    struct grouping specs = {.arena = groups->arena};
    size_t *n_rows = NULL, n = 0;

    if (checks->is_selection)
        return;
    for (size_t i = 0; i < checks->n; i++) {
        size_t number = grouping_of(&specs, checks->items[i].spec->name);
        if (number >= n)
            ARENA_PUSH(groups->arena, n_rows, n, 0);
        n_rows[number]++;
    }
    for (size_t i = 0; i < groups->n; i++) {
        struct remark_group *group = &groups->items[i];
        size_t number = grouping_find(&specs, str_text(&group->specs));
        if (number == INDEX_NONE || n_rows[number] <= 1 || group->n_targets != n_rows[number])
            continue;
        group->targets = (struct str){.arena = groups->arena};
        str_add(&group->targets, "all its targets");
    }
}

/* Joins those that differ in one word: in the names if by_name, else in the specs. */
static void merge_remarks(struct remark_groups *groups, bool by_name)
{
    struct grouping grouping = {.arena = groups->arena};
    size_t n = 0;

    for (size_t i = 0; i < groups->n; i++) {
        struct remark_group *added = &groups->items[i];
        struct str key = {.arena = groups->arena};
        grouping_key(&key, added->text);
        grouping_key(&key, str_text(&added->targets));
        grouping_key(&key, str_text(by_name ? &added->specs : &added->names));
        size_t number = grouping_of(&grouping, str_text(&key));
        if (number >= n)
            groups->items[n++] = *added;
        else if (by_name)
            add_word(&groups->items[number].names, str_text(&added->names));
        else
            add_word(&groups->items[number].specs, str_text(&added->specs));
    }
    groups->n = n;
}

/* Adds the title and the groups below it; nothing where there are none. `first` is a line before
 * the others, or NULL. */
static void add_remarks(struct str *out, const char *title, const char *first,
                        struct remark_groups *groups, const struct checks *checks)
{
    name_all(groups, checks);
    merge_remarks(groups, true);
    merge_remarks(groups, false);
    if (groups->n > 0 || first != NULL)
        str_addf(out, "\n%s\n", title);
    if (first != NULL)
        str_add_wrapped(out, "    ", first, 100);
    for (size_t i = 0; i < groups->n; i++) {
        const struct remark_group *group = &groups->items[i];
        str_add_wrapped(out, "    ",
                        arena_printf(out->arena, "%s [%s] %s: %s", str_text(&group->specs),
                                     str_text(&group->targets), str_text(&group->names),
                                     group->text),
                        100);
    }
}

/* One line for all checks: a choice has one reason, whatever the check. NULL if nothing was left
 * out.
 */
static const char *excluded(struct arena *arena, const struct checks *checks)
{
    unsigned set = 0;

    for (size_t i = 0; i < checks->n; i++)
        set |= checks->items[i].excluded;
    if (set == 0)
        return NULL;
    return arena_printf(arena, "left out by choice (--witness): %s; headers are read anyway",
                        witness_names(arena, set, " "));
}

static void add_unchecked(struct str *out, const struct checks *checks)
{
    struct remark_groups groups = {.arena = out->arena, .grouping = {.arena = out->arena}};

    for (size_t i = 0; i < checks->n; i++) {
        struct remarks unchecked = {NULL, 0};
        report_unchecked(&unchecked, out->arena, &checks->items[i]);
        for (size_t k = 0; k < unchecked.n; k++)
            group_remark(&groups, &checks->items[i], unchecked.items[k].name,
                         unchecked.items[k].text);
    }
    add_remarks(out, "not checked:", excluded(out->arena, checks), &groups, checks);
}

static void add_notes(struct str *out, const struct checks *checks)
{
    struct remark_groups groups = {.arena = out->arena, .grouping = {.arena = out->arena}};

    for (size_t i = 0; i < checks->n; i++)
        for (size_t k = 0; k < checks->items[i].system.notes.n; k++)
            group_remark(&groups, &checks->items[i], checks->items[i].system.notes.items[k].name,
                         checks->items[i].system.notes.items[k].text);
    add_remarks(out, "sources:", NULL, &groups, checks);
}

/* Which kernels were booted, and when: a result may be of an earlier day. */
static void add_boots(struct str *out, const struct boots *boots)
{
    enum { N_COLUMNS = 6 };
    const char **cells = NULL;
    size_t n = 0;
    struct arena *arena = out->arena;

    for (size_t i = 0; i < boots->n; i++) {
        const struct boot *boot = &boots->items[i];
        const struct kernel *kernel = boot->target->kernel;
        if (!boot->serial.has_ended)
            continue;
        ARENA_PUSH(arena, cells, n, arena_printf(arena, "    %s", boot->target->name));
        ARENA_PUSH(arena, cells, n, boot->serial.kernel);
        ARENA_PUSH(arena, cells, n, kernel->package);
        ARENA_PUSH(arena, cells, n, kernel->emulator[0]);
        ARENA_PUSH(arena, cells, n,
                   arena_printf(arena, "%d.%d s (CPU %d.%d s)", boot->wall_ms / 1000,
                                boot->wall_ms % 1000 / 100, boot->cpu_ms / 1000,
                                boot->cpu_ms % 1000 / 100));
        ARENA_PUSH(arena, cells, n,
                   boot->when == NULL ? "now"
                                      : arena_printf(arena, "%s; same bytes since", boot->when));
    }
    if (n > 0) {
        str_add(out, "\nbooted:\n");
        report_text_table(out, cells, n / N_COLUMNS, N_COLUMNS);
    }
}

void report_text_checks(struct str *out, const struct checks *checks, const struct boots *boots,
                        const struct bindings *bindings, const struct findings *findings,
                        struct report_options options)
{
    size_t n_verdicts[VERDICT_UNREADABLE + 1] = {0}, n_facts = 0, n_behaviours = 0;
    struct findings unbound = {.arena = out->arena}, others = {.arena = out->arena};

    for (size_t i = 0; i < checks->n; i++) {
        n_verdicts[checks->items[i].verdict]++;
        n_facts += checks->items[i].n_checked;
        n_behaviours += checks->items[i].n_behaviours;
    }
    if (!options.quiet && options.verbose)
        add_all_checks(out, checks);
    else if (!options.quiet)
        add_matrix(out, checks);
    if (!options.quiet)
        report_text_bindings(out, bindings);
    if (findings->n > 0 && !options.quiet)
        str_add_char(out, '\n');
    unbound_split(findings, &unbound, &others);
    report_text_findings(out, options.verbose ? findings : &others, options);
    if (!options.verbose)
        unbound_print(out, &unbound, checks);
    if (options.quiet)
        return;
    add_boots(out, boots);
    add_unchecked(out, checks);
    add_notes(out, checks);
    str_add_char(out, '\n');
    str_addf(
        out,
        "%zu of %zu rows proved, %zu partly, %zu not checked, %zu with findings, %zu unreadable; ",
        n_verdicts[VERDICT_PROVED], checks->n, n_verdicts[VERDICT_PARTLY],
        n_verdicts[VERDICT_NOT_CHECKED], n_verdicts[VERDICT_FINDINGS],
        n_verdicts[VERDICT_UNREADABLE]);
    if (n_verdicts[VERDICT_WAIVED] > 0)
        str_addf(out, "%zu waived; ", n_verdicts[VERDICT_WAIVED]);
    str_addf(out, "%s, %s\n", str_count(out->arena, n_facts, "fact"),
             str_count(out->arena, n_behaviours, "behaviour"));
}
