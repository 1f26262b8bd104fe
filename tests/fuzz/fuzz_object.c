/* fuzz_object.c - anybody's object, damaged in any way, under libFuzzer.
 *
 * In: bytes. Out: nothing: the reader refuses them, or gives facts whose text reads back, and which
 * are judged. A crash, a report of a sanitizer, a hang or memory without bound ends the run and
 * leaves the input in build/fuzz. All that `verify` asks of an object is asked here: records by
 * name and through variables, constants from enums and from data, functions, everything of one
 * name.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "object/container.h"
#include "judge/judge.h"
#include "model/target.h"
#include "object/dwarf.h"
#include "verify/object_system.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* The names in seed.c, in the ways in which they can be asked for. */
static const struct dwarf_query queried[] = {
    {.kind = FACT_RECORD, .name = "point", .is_every = true},
    {.kind = FACT_RECORD, .name = "EPOLLEVENT", .is_loose = true, .is_every = true},
    {.kind = FACT_RECORD, .name = "anchor", .is_through = true, .is_every = true},
    {.kind = FACT_RECORD, .name = "function.parameter", .is_through = true},
    {.kind = FACT_RECORD, .name = "bits"},
    {.kind = FACT_ALIAS, .name = "word"},
    {.kind = FACT_CONSTANT, .name = "MINUS"},
    {.kind = FACT_CONSTANT, .name = "TOP", .is_loose = true, .is_every = true},
    {.kind = FACT_CONSTANT, .name = "number", .is_every = true},
    {.kind = FACT_FUNCTION, .name = "function"},
    {.kind = FACT_FUNCTION, .name = "imported", .is_import = true},
};
enum { N_QUERIES = sizeof queried / sizeof queried[0] };

/* What is read must also be a text that reads back. */
static void validate(const struct facts *facts, struct diag *diag)
{
    struct str text = {.arena = facts->arena};
    struct facts again = {.arena = facts->arena};

    facts_print(&text, facts, false);
    if (!facts_parse(&again, str_text(&text), "facts", diag))
        abort();
}

/* Whatever the fields of "point" have become, the judge comes to an end. */
static void judge_point(const struct facts *facts, struct diag *diag)
{
    static const char kernel[] = "field w0.events offset=0 size=4 type=u32\n"
                                 "field w0.word offset=8 size=8 type=u64\n"
                                 "record w0 size=16 align=8 kind=struct\n";
    struct facts expected = {.arena = facts->arena};
    struct findings findings = {.arena = facts->arena};

    if (!facts_parse(&expected, kernel, "kernel", diag))
        abort();
    judge(&findings, &expected, facts,
          &(struct judge_options){.mode = JUDGE_FOREIGN, .is_complete = true},
          (struct finding_scope){NULL, NULL, NULL, NULL}, NULL);
}

/* The table in this folder, the repository's: without its machines no Mach-O file is read. */
static const struct targets *known_targets(void)
{
    static struct targets targets;
    static struct arena forever;
    struct diag diag;

    diag_init(&diag, &forever, false);
    if (targets.n == 0 && !targets_load(&targets, &forever, "", &diag))
        abort();
    return &targets;
}

/* What else is asked of an object: its units, and the systems that it may be for. */
static void look_around(const struct container *container, struct arena *arena, struct diag *diag)
{
    struct dwarf_unit *units;
    size_t n;

    (void)dwarf_units(container, arena, &units, &n, diag);
    struct object_systems systems = object_systems(container, &known_targets()->systems, arena);
    if (systems.n > known_targets()->systems.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct dwarf_query queries[N_QUERIES];
    struct container container;
    struct dwarf_source source = {.container = &container, .is_foreign = true};

    memcpy(queries, queried, sizeof queries);
    struct arena arena = {NULL};
    for (size_t i = 0; i < N_QUERIES; i++)
        queries[i].as = arena_printf(&arena, "w%zu", i);
    struct diag diag;
    diag_init(&diag, &arena, false);
    struct facts facts = {.arena = &arena};
    bool is_read = false;
    if (container_read(&container, &arena, "input", bytes, n, &known_targets()->machines, NULL,
                       &diag) &&
        container_debug(&container)) {
        look_around(&container, &arena, &diag);
        is_read = dwarf_read(&facts, &source, queries, N_QUERIES, NULL, &diag);
    }
    if (is_read) {
        facts_sort(&facts);
        validate(&facts, &diag);
        judge_point(&facts, &diag);
    }
    arena_release(&arena);
    return 0;
}
