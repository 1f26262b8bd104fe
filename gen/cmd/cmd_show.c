/* cmd_show.c - the subcommand show: a name in, what it is on each target out.
 *
 * The golden facts answer, so that no header, compiler or probe is needed. Targets with the same
 * facts are grouped, in the order of the target table. With objects, what verify() finds in them
 * stands beside.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/commands.h"
#include "base/grouping.h"
#include "base/suggest.h"
#include "cmd/plan.h"
#include "model/homonym.h"
#include "verify/reference.h"
#include "cmd/session.h"
#include "report/show.h"
#include "verify/verify.h"

/* The golden facts of one spec on one target. */
struct source {
    const struct target *target;
    const char *spec;
    struct facts facts;
};

/* Targets with the same facts about the name. */
struct show_group {
    const struct source *first;
    const struct fact *fact; /* of `first`; NULL: these have no such fact */
    const char *key;
    const char *detail; /* what may differ in one picture: the alignment */
    struct str targets;
};

struct show_groups {
    struct arena *arena;
    struct show_group *items;
    size_t n;
    struct grouping grouping;
};

/* The facts of every spec on every target that it covers, target by target in the order of the
 * table. NULL after reporting. */
static struct source *read_sources(struct session *session, size_t *n)
{
    struct source *sources = NULL;
    *n = 0;
    for (unsigned t = 0; t < session->targets.n; t++)
        for (size_t i = 0; i < session->specs.n; i++) {
            const struct spec *spec = session->specs.items[i];
            struct source source = {
                &session->targets.items[t], spec->name, {.arena = session->arena}};
            if (spec_covers(spec, source.target) &&
                reference_read(&source.facts, source.target, spec, session->options->root,
                               &session->diag))
                ARENA_PUSH(session->arena, sources, *n, source);
        }
    return session->diag.n_errors == 0 ? sources : NULL;
}

/* ---- groups ---- */

/* What two targets have to agree in. Of a record: everything but its alignment. */
static const char *key_of(struct arena *arena, const struct facts *facts, const struct fact *fact)
{
    if (fact->kind != FACT_RECORD)
        return fact_line(arena, fact);
    struct str key = {.arena = arena};
    str_addf(&key, "%s %s", fact->attr[RECORD_SIZE], fact->attr[RECORD_KIND]);
    for (const struct fact *field = facts_next_field(facts, fact->name, NULL, NULL); field != NULL;
         field = facts_next_field(facts, fact->name, field, NULL)) {
        str_add_char(&key, '\n');
        fact_print(&key, field, false);
    }
    return str_text(&key);
}

static void add_to_group(struct show_groups *groups, const struct source *source,
                         const struct fact *fact)
{
    struct show_group new = {source,
                             fact,
                             fact != NULL ? key_of(groups->arena, &source->facts, fact) : "",
                             fact != NULL && fact->kind == FACT_RECORD ? fact->attr[RECORD_ALIGN]
                                                                       : "",
                             {.arena = groups->arena}};
    struct str key = {.arena = groups->arena};

    grouping_key(&key, new.key);
    grouping_key(&key, new.detail);
    size_t number = grouping_of(&groups->grouping, str_text(&key));
    if (number >= groups->n)
        ARENA_PUSH(groups->arena, groups->items, groups->n, new);
    struct show_group *found = &groups->items[number];
    str_addf(&found->targets, "%s%s", found->targets.len > 0 ? " " : "", source->target->name);
}

/* The facts of this kind about the name, grouped. Of several specs that have it the first one
 * counts, on each target. Where some targets have a system call and others of the same spec have
 * not, the latter are a group too. */
static struct show_groups find_groups(struct arena *arena, const struct source *sources, size_t n,
                                      enum fact_kind kind, const char *name)
{
    struct show_groups groups = {.arena = arena, .grouping = {.arena = arena}};
    const struct target *last = NULL;

    for (size_t i = 0; i < n; i++) {
        const struct fact *fact = facts_find(&sources[i].facts, kind, name);
        if (fact != NULL && last != sources[i].target) {
            add_to_group(&groups, &sources[i], fact);
            last = sources[i].target;
        }
    }
    for (size_t i = 0, had = groups.n; i < n && had > 0 && kind == FACT_SYSCALL; i++)
        if (strcmp(sources[i].spec, groups.items[0].first->spec) == 0 &&
            facts_find(&sources[i].facts, kind, name) == NULL)
            add_to_group(&groups, &sources[i], NULL);
    return groups;
}

/* ---- text ---- */

static const char *or_unknown(const char *text)
{
    return text != NULL ? text : "?";
}

static const char *parameters(struct arena *arena, const char *params)
{
    struct str text = {.arena = arena};

    for (const char *at = or_unknown(params); *at != '\0'; at++)
        str_addf(&text, "%c%s", *at, *at == ',' ? " " : "");
    return str_text(&text);
}

/* One line about a fact that is not drawn. */
static const char *describe(struct arena *arena, const struct fact *fact)
{
    if (fact == NULL)
        return "no such number";
    struct str text = {.arena = arena};
    switch (fact->kind) {
    case FACT_CONSTANT:
        str_addf(&text, "%s %s", or_unknown(fact->attr[CONSTANT_VALUE]),
                 or_unknown(fact->attr[CONSTANT_TYPE]));
        if (fact->attr[CONSTANT_VALUE] != NULL && str_starts(fact->attr[CONSTANT_VALUE], "0x") &&
            strlen(fact->attr[CONSTANT_VALUE]) > 3)
            str_addf(&text, ", decimal %llu", strtoull(fact->attr[CONSTANT_VALUE], NULL, 16));
        break;
    case FACT_FUNCTION:
        str_addf(&text, "%s (%s)", or_unknown(fact->attr[FUNCTION_RETURN]),
                 parameters(arena, fact->attr[FUNCTION_PARAMS]));
        if (fact->attr[FUNCTION_LIBRARY] != NULL)
            str_addf(&text, " in library %s", fact->attr[FUNCTION_LIBRARY]);
        if (fact->attr[FUNCTION_SYMBOL] != NULL)
            str_addf(&text, ", symbol %s", fact->attr[FUNCTION_SYMBOL]);
        break;
    case FACT_SYSCALL:
        str_addf(&text, "number %s", or_unknown(fact->attr[SYSCALL_NUMBER]));
        if (fact->attr[SYSCALL_PARAMS] != NULL)
            str_addf(&text, " (%s)", parameters(arena, fact->attr[SYSCALL_PARAMS]));
        break;
    default: {
        size_t skip = strlen(fact_kind_name(fact->kind)) + strlen(fact->name) + 2;
        fact_print(&text, fact, false);
        return str_text(&text) + skip;
    }
    }
    return str_text(&text);
}

/* Appends `head` and beside it the targets, wrapped. */
static void add_targets(struct str *out, const char *head, const struct show_group *group)
{
    struct str lines = {.arena = out->arena};
    const char *indent = arena_printf(out->arena, "%*s", (int)strlen(head), "");

    str_add_wrapped(&lines, indent, str_text(&group->targets), 79);
    str_addf(out, "%s%s", head, str_text(&lines) + strlen(head));
}

/* "struct kevent (kqueue_freebsd kqueue_netbsd)". */
static void add_head(struct str *out, const char *what, const struct show_groups *groups)
{
    struct str specs = {.arena = out->arena};

    for (size_t i = 0; i < groups->n; i++)
        if (i == 0 || strcmp(groups->items[i].first->spec, groups->items[i - 1].first->spec) != 0)
            str_addf(&specs, "%s%s", i == 0 ? "" : " ", groups->items[i].first->spec);
    str_add_wrapped(
        out, "",
        arena_printf(out->arena, "%s %s (%s)", what, groups->items[0].fact->name, str_text(&specs)),
        79);
}

static void add_groups(struct str *out, enum fact_kind kind, const struct show_groups *groups)
{
    if (groups->n > 0)
        add_head(out, kind == FACT_SYSCALL ? "system call" : fact_kind_name(kind), groups);
    for (size_t i = 0; i < groups->n; i++) {
        str_addf(out, "  %s\n", describe(out->arena, groups->items[i].fact));
        add_targets(out, "      ", &groups->items[i]);
    }
}

/* Groups that are drawn in one picture: they differ in the alignment alone. */
struct drawing {
    const struct show_group *first;
    struct str targets; /* of each group, beside its alignment */
};

static size_t make_drawings(struct arena *arena, const struct show_groups *groups,
                            struct drawing **drawings)
{
    struct grouping grouping = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < groups->n; i++) {
        const struct show_group *group = &groups->items[i];
        struct drawing new = {group, {.arena = arena}};
        size_t number = grouping_of(&grouping, group->key);
        if (number >= n)
            ARENA_PUSH(arena, *drawings, n, new);
        add_targets(&(*drawings)[number].targets,
                    arena_printf(arena, "   align %s  ", group->detail), group);
    }
    return n;
}

/* The targets of each picture, then the pictures: one in full width, more of them in pairs. */
static void add_record(struct str *out, const struct show_groups *groups, bool is_coloured)
{
    struct drawing *drawings = NULL;
    size_t n = make_drawings(out->arena, groups, &drawings);
    struct show_side *sides = arena_alloc(out->arena, (n + 1) * sizeof *sides);

    add_head(out, groups->items[0].fact->attr[RECORD_KIND], groups);
    for (size_t i = 0; i < n; i++) {
        const struct show_group *first = drawings[i].first;
        const char *title = arena_printf(out->arena, "%c  %s bytes", (char)('A' + i % 26),
                                         first->fact->attr[RECORD_SIZE]);
        str_addf(out, "%s\n%s", n > 1 ? title : title + 1, str_text(&drawings[i].targets));
        sides[i] =
            (struct show_side){n > 1 ? title : NULL, &first->first->facts, first->fact->name};
    }
    for (size_t i = 0; i < n; i += 2) {
        str_add_char(out, '\n');
        show_sides(out, &sides[i], n - i > 1 ? 2 : 1, is_coloured);
    }
}

/* Reports a name that no fact has. */
static void report_unknown(struct session *session, const struct source *sources, size_t n,
                           const char *name)
{
    const char **known = NULL;
    size_t n_known = 0;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sources[i].facts.n; k++)
            if (sources[i].facts.items[k].kind != FACT_ABI)
                ARENA_PUSH(session->arena, known, n_known, sources[i].facts.items[k].name);
    diag_error(&session->diag, no_location,
               "no record, constant or call '%s' on a selected target%s", name,
               near_hint(session->arena, name, known, n_known));
}

/* ---- objects ---- */

/* "12 bytes, align 1"; debug information says the alignment only where the source sets it. */
static const char *size_of(struct arena *arena, const struct facts *facts, const char *record)
{
    const struct fact *fact = facts_find(facts, FACT_RECORD, record);
    struct str text = {.arena = arena};

    str_addf(&text, "%s bytes", or_unknown(fact != NULL ? fact->attr[RECORD_SIZE] : NULL));
    if (fact != NULL && fact->attr[RECORD_ALIGN] != NULL)
        str_addf(&text, ", align %s", fact->attr[RECORD_ALIGN]);
    return str_text(&text);
}

static void add_item_record(struct str *out, const struct verification *verification,
                            const struct verify_item *item, bool is_coloured)
{
    struct arena *arena = out->arena;
    const char *ours = size_of(arena, &item->expected, item->ours);
    const char *theirs = size_of(arena, &item->got, item->ours);
    struct show_side system = {arena_printf(arena, "%s: %s", verification->target->name, ours),
                               &item->expected, item->ours};
    struct show_side binding = {arena_printf(arena, "binding: %s", theirs), &item->got, item->ours};
    size_t n = show_difference(out, &system, &binding, &item->findings, is_coloured);

    if (n > 0)
        str_addf(out, "%zu byte%s; `abiproof verify` says how\n", n,
                 n == 1 ? " differs" : "s differ");
    else if (findings_count(&item->findings, SEVERITY_ERROR) > 0)
        str_add(out, "no byte differs, but `abiproof verify` has a finding\n");
    else
        str_add(out, "the same bytes\n");
}

/* One item of an object: where it is, and what both sides have. */
static void add_item(struct str *out, const struct verification *verification,
                     const struct verify_item *item, bool is_coloured)
{
    const struct fact *ours = facts_find(&item->expected, item->kind, item->ours);
    const struct fact *theirs = facts_find(&item->got, item->kind, item->ours);

    str_addf(out, "%s%s in %s as %s\n", out->len > 0 ? "\n" : "", item->found, verification->path,
             item->ours);
    if (item->kind == FACT_RECORD && ours != NULL && theirs != NULL)
        add_item_record(out, verification, item, is_coloured);
    else
        str_addf(out, "  %s  %s\n  binding%*s  %s\n", verification->target->name,
                 ours != NULL ? describe(out->arena, ours) : "nothing",
                 (int)strlen(verification->target->name) - (int)strlen("binding"), "",
                 theirs != NULL ? describe(out->arena, theirs) : "nothing");
}

/* What each object has under the kernel's name. Returns the exit code: that of `verify` for this
 * name, and EXIT_USAGE if an object does not have it. */
static int show_objects(struct session *session, const char *name, bool is_coloured)
{
    const struct names *operands = &session->options->operands;
    struct references references = {.arena = session->arena};
    struct verify_request request;
    struct str out = {.arena = session->arena};

    if (!plan_make_request(&request, session, NULL))
        return session_give_up(session);
    size_t n_errors = 0;
    for (size_t i = 1; i < operands->n; i++) {
        struct verification one;
        if (!verify(&one, &request, &references, operands->items[i], session->arena,
                    &session->diag))
            continue;
        size_t n_found = 0;
        for (size_t k = 0; k < one.n_items; k++) {
            const struct verify_item *item = &one.items[k];
            if (strcmp(item->ours, name) != 0 || item->found == NULL)
                continue;
            add_item(&out, &one, item, is_coloured);
            n_errors += findings_count(&item->findings, SEVERITY_ERROR);
            n_found++;
        }
        if (n_found == 0)
            diag_error(&session->diag, (struct location){one.path, 0, 0},
                       "has nothing for '%s' of %s; name it by --map THEIRS=%s", name,
                       one.target->name, name);
    }
    fputs(str_text(&out), stdout);
    fflush(stdout);
    if (session->diag.n_errors > 0)
        return session_give_up(session);
    return n_errors > 0 ? EXIT_FINDINGS : EXIT_PROVED;
}

/* ---- targets ---- */

static int show_targets(struct session *session, const char *name, bool is_coloured)
{
    static const enum fact_kind order[] = {FACT_RECORD,   FACT_FIELD,    FACT_ALIAS,
                                           FACT_CONSTANT, FACT_FUNCTION, FACT_SYSCALL};
    struct str out = {.arena = session->arena};
    size_t n;
    const struct source *sources = read_sources(session, &n);

    if (sources == NULL)
        return session_give_up(session);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        struct show_groups groups = find_groups(session->arena, sources, n, order[i], name);
        if (groups.n > 0 && out.len > 0)
            str_add_char(&out, '\n');
        if (groups.n > 0 && order[i] == FACT_RECORD)
            add_record(&out, &groups, is_coloured);
        else
            add_groups(&out, order[i], &groups);
    }
    struct homonyms homonyms;
    if (!homonyms_load(&homonyms, session->arena, session->options->root, &session->diag))
        return session_give_up(session);
    const struct homonym *homonym = homonym_find(&homonyms, name);
    if (homonym != NULL) {
        str_add(&out, out.len > 0 ? "\n" : "");
        homonym_print(&out, homonym);
    }
    fputs(str_text(&out), stdout);
    if (out.len > 0)
        return EXIT_PROVED;
    report_unknown(session, sources, n, name);
    return session_give_up(session);
}

static int run_show(const struct options *options, struct arena *arena)
{
    const char *name = options->operands.items[0], *no_color = getenv("NO_COLOR");
    bool is_coloured = isatty(STDOUT_FILENO) == 1 && (no_color == NULL || no_color[0] == '\0');
    struct session session;
    int code;

    if (!session_open(&session, options, arena))
        code = session_give_up(&session);
    else if (options->operands.n == 1 && (options->maps.n > 0 || options->headers.n > 0 ||
                                          options->defines.n > 0 || options->packages.n > 0)) {
        diag_error(
            &session.diag, no_location,
            "--map, --const, --header, --define and --in are for objects, and none is given");
        code = session_give_up(&session);
    } else if (options->operands.n > 1)
        code = show_objects(&session, name, is_coloured);
    else
        code = show_targets(&session, name, is_coloured);
    session_close(&session);
    return code;
}

const struct command command_show = {
    .name = "show",
    .about = "draw a record's layout, or print what a name is, on every target",
    .usage = "[option]... NAME [OBJECT]...",
    .help = "NAME is a record, a field, a constant, a type, a function or a system call. Targets "
            "that agree are grouped. The source is the golden facts, which `abiproof gen --check` "
            "and `abiproof prove` compare with the headers.\n\n"
            "With objects, the layout in each one is drawn beside the kernel's, found as "
            "`abiproof verify` finds it, and bytes that differ are marked.",
    .example = "epoll_event",
    .options =
        (const char *const[]){"spec", "target", "map", "const", "header", "define", "in", NULL},
    .operands_min = 1,
    .operands_max = ANY_OPERANDS,
    .root = ROOT_READS,
    .run = run_show,
};
