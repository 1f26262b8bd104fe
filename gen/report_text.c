/* report_text.c - the report for people; see report.h. Plain text, made to be read in a terminal
 * and to be compared with diff.
 */
#include "report.h"

#include <string.h>

void report_text_table(struct str *out, const char *const *cells, size_t n_rows, size_t n_columns)
{
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t column = 0; column < n_columns; column++) {
            const char *cell = cells[row * n_columns + column];
            size_t width = 0;
            for (size_t k = 0; k < n_rows; k++)
                if (strlen(cells[k * n_columns + column]) > width)
                    width = strlen(cells[k * n_columns + column]);
            str_add(out, cell);
            if (column + 1 < n_columns)
                str_addf(out, "%*s", (int)(width - strlen(cell) + 2), "");
        }
        str_add_char(out, '\n');
    }
}

/* ---- the matrix ---- */

/* "epoll_event 12/1 events@0 data@4": size, alignment, offsets of each record that the spec shows.
 */
static const char *layout_cell(struct arena *arena, const struct row *row)
{
    struct str text = {.arena = arena};
    const struct facts *facts = &row->system.facts;

    for (unsigned i = 0; i < row->spec->n_records; i++) {
        const struct spec_record *record = &row->spec->records[i];
        const struct fact *whole = facts_find(facts, FACT_RECORD, record->name);
        if (!record->show || whole == NULL)
            continue;
        str_addf(&text, "%s%s %s/%s", text.len > 0 ? "; " : "", record->name,
                 whole->attr[RECORD_SIZE], whole->attr[RECORD_ALIGN]);
        for (unsigned k = 0; k < record->n_fields; k++) {
            const struct fact *field =
                facts_find(facts, FACT_FIELD,
                           arena_printf(arena, "%s.%s", record->name, record->fields[k].name));
            if (field != NULL)
                str_addf(&text, " %s@%s", record->fields[k].name, field->attr[FIELD_OFFSET]);
        }
    }
    for (unsigned i = 0; i < row->spec->n_aliases; i++) {
        const struct spec_alias *alias = &row->spec->aliases[i];
        const struct fact *fact = facts_find(facts, FACT_ALIAS, alias->name);
        if (alias->show && fact != NULL)
            str_addf(&text, "%s%s %s", text.len > 0 ? "; " : "", alias->name,
                     fact->attr[ALIAS_TYPE]);
    }
    return text.len > 0 ? str_text(&text) : "-";
}

/* "clang run behave": everybody who was heard, once. */
static const char *witnesses_cell(struct arena *arena, const struct row *row)
{
    struct str text = {.arena = arena};

    if (row->system.absent == NULL && row->verdict != VERDICT_UNREADABLE)
        str_add(&text, row->system.witness);
    for (size_t i = 0; i < row->n_witnesses; i++) {
        const struct testimony *testimony = &row->witnesses[i];
        bool is_new = testimony_was_given(testimony) && strcmp(testimony->witness, "clang") != 0;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && strcmp(row->witnesses[k].witness, testimony->witness) != 0;
        if (is_new)
            str_addf(&text, " %s", testimony->witness);
    }
    return text.len > 0 ? str_text(&text) : "-";
}

/* What ran the probes. An emulator proves what it believes of the kernel, the machine what the
 * kernel does. */
static const char *runner_cell(const struct row *row)
{
    const char *runner = row->target->runner;

    if (row->tier == TIER_BOOTED)
        return row->target->kernel->emulator[0];
    if (row->tier < TIER_RUN || runner == NULL)
        return "-";
    if (runner[0] == '\0')
        return "native";
    return strrchr(runner, '/') != NULL ? strrchr(runner, '/') + 1 : runner;
}

static void add_matrix(struct str *out, const struct rows *rows)
{
    enum { N_COLUMNS = 9 };
    static const char *const head[N_COLUMNS] = {
        "target", "spec", "facts", "behaviour", "witnesses", "tier", "runner", "verdict", "layout"};
    struct arena *arena = out->arena;
    const char **cells = arena_alloc(arena, (rows->n + 1) * N_COLUMNS * sizeof *cells);

    memcpy(cells, head, sizeof head);
    for (size_t i = 0; i < rows->n; i++) {
        const struct row *row = &rows->items[i];
        const char **cell = &cells[(i + 1) * N_COLUMNS];
        cell[0] = row->target->name;
        cell[1] = row->spec->name;
        cell[2] = arena_printf(arena, "%zu/%zu", row->n_checked, row->n_facts);
        cell[3] = row->n_behaviours > 0 ? arena_printf(arena, "%zu", row->n_behaviours) : "-";
        cell[4] = witnesses_cell(arena, row);
        cell[5] = tier_name(row->tier);
        cell[6] = runner_cell(row);
        cell[7] = verdict_name(row->verdict);
        cell[8] = layout_cell(arena, row);
    }
    report_text_table(out, cells, rows->n + 1, N_COLUMNS);
}

/* ---- findings ---- */

static const char *join(struct arena *arena, const char *const *names, size_t n)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < n; i++)
        str_addf(&text, "%s%s", i > 0 ? " " : "", names[i]);
    return str_text(&text);
}

static void add_place(struct str *out, const char *what, struct place place)
{
    if (place.file == NULL)
        return;
    str_addf(out, "    %-9s %s", what, place.file);
    if (place.line > 0)
        str_addf(out, ":%d", place.line);
    str_add_char(out, '\n');
}

static void add_finding(struct str *out, const struct finding *finding)
{
    str_addf(out, "%s: %s: %s", finding->severity == SEVERITY_ERROR ? "error" : "note",
             finding->kind, finding->item);
    if (finding->spec != NULL)
        str_addf(out, " (%s of %s)", finding->subject, finding->spec);
    if (finding->n_targets > 0)
        str_addf(out, " [%s]", join(out->arena, finding->targets, finding->n_targets));
    str_addf(out, "\n    expected  %s\n    got       %s\n", finding->expected, finding->got);
    add_place(out, "header", finding->reference);
    add_place(out, "found in", finding->place);
    if (finding->n_witnesses > 0)
        str_addf(out, "    seen by   %s\n",
                 join(out->arena, finding->witnesses, finding->n_witnesses));
}

void report_text_findings(struct str *out, const struct findings *findings,
                          struct report_options options)
{
    size_t n_hidden = 0;

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        if (finding->severity == SEVERITY_NOTE && !options.verbose && !options.strict)
            n_hidden++;
        else
            add_finding(out, finding);
    }
    if (n_hidden > 0 && !options.quiet)
        str_addf(out, "%zu note%s: right today and worth knowing; -v shows %s\n", n_hidden,
                 n_hidden == 1 ? "" : "s", n_hidden == 1 ? "it" : "them");
}

/* ---- what was not checked, and what is worth knowing ---- */

/* One thing to say, and the targets that it is said of. */
struct saying {
    const char *spec;
    const char *name;
    const char *text;
    struct str targets;
    const struct target *last; /* of targets */
};

struct sayings {
    struct arena *arena;
    struct saying *items;
    size_t n;
};

static void say(struct sayings *sayings, const struct row *row, const char *name, const char *text)
{
    struct saying new = {row->spec->name, name, text, {.arena = sayings->arena}, NULL};
    struct saying *found = NULL;

    for (size_t i = 0; i < sayings->n && found == NULL; i++)
        if (strcmp(sayings->items[i].spec, new.spec) == 0 &&
            strcmp(sayings->items[i].name, name) == 0 && strcmp(sayings->items[i].text, text) == 0)
            found = &sayings->items[i];
    if (found == NULL) {
        ARENA_PUSH(sayings->arena, sayings->items, sayings->n, new);
        found = &sayings->items[sayings->n - 1];
    }
    /* Rows come target by target, so a target said before is the last one. */
    if (found->last != row->target)
        str_addf(&found->targets, "%s%s", found->targets.len > 0 ? " " : "", row->target->name);
    found->last = row->target;
}

static void add_sayings(struct str *out, const char *title, const struct sayings *sayings)
{
    if (sayings->n > 0)
        str_addf(out, "\n%s\n", title);
    for (size_t i = 0; i < sayings->n; i++) {
        const struct saying *saying = &sayings->items[i];
        str_addf(out, "    %s [%s] %s: %s\n", saying->spec, str_text(&saying->targets),
                 saying->name, saying->text);
    }
}

static void add_unchecked(struct str *out, const struct rows *rows)
{
    struct sayings sayings = {.arena = out->arena};

    for (size_t i = 0; i < rows->n; i++) {
        const struct row *row = &rows->items[i];
        if (row->system.absent != NULL)
            say(&sayings, row, row->system.witness, row->system.absent);
        for (size_t k = 0; k < row->n_witnesses; k++) {
            const struct testimony *testimony = &row->witnesses[k];
            if (testimony->absent != NULL)
                say(&sayings, row, testimony->witness, testimony->absent);
            for (size_t u = 0; u < testimony->unchecked.n; u++)
                if (!row_has_behaviour(row, testimony->unchecked.items[u].name))
                    say(&sayings, row, testimony->unchecked.items[u].name,
                        testimony->unchecked.items[u].text);
        }
        if (target_promised_tier(row->target) < TIER_RUN && row->verdict != VERDICT_UNREADABLE)
            say(&sayings, row, "run",
                "nothing here runs this system's programs; proved by its compiler only");
    }
    add_sayings(out, "not checked:", &sayings);
}

static void add_notes(struct str *out, const struct rows *rows)
{
    struct sayings sayings = {.arena = out->arena};

    for (size_t i = 0; i < rows->n; i++)
        for (size_t k = 0; k < rows->items[i].system.notes.n; k++)
            say(&sayings, &rows->items[i], rows->items[i].system.notes.items[k].name,
                rows->items[i].system.notes.items[k].text);
    add_sayings(out, "sources:", &sayings);
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

void report_text_rows(struct str *out, const struct rows *rows, const struct boots *boots,
                      const struct findings *findings, struct report_options options)
{
    size_t n_verdicts[VERDICT_UNREADABLE + 1] = {0}, n_facts = 0, n_behaviours = 0;

    for (size_t i = 0; i < rows->n; i++) {
        n_verdicts[rows->items[i].verdict]++;
        n_facts += rows->items[i].n_checked;
        n_behaviours += rows->items[i].n_behaviours;
    }
    if (!options.quiet)
        add_matrix(out, rows);
    if (findings->n > 0 && !options.quiet)
        str_add_char(out, '\n');
    report_text_findings(out, findings, options);
    if (options.quiet)
        return;
    add_boots(out, boots);
    add_unchecked(out, rows);
    add_notes(out, rows);
    str_add_char(out, '\n');
    str_addf(
        out,
        "%zu of %zu rows proved, %zu partly, %zu not checked, %zu with findings, %zu unreadable; ",
        n_verdicts[VERDICT_PROVED], rows->n, n_verdicts[VERDICT_PARTLY],
        n_verdicts[VERDICT_NOT_CHECKED], n_verdicts[VERDICT_FINDINGS],
        n_verdicts[VERDICT_UNREADABLE]);
    str_addf(out, "%zu facts, %zu behaviours\n", n_facts, n_behaviours);
}
