/* cmd_explain.c - the subcommand explain: a kind of finding in, what it means and how to fix it
 * out. As JSON it is an array of objects with the keys of gen/explanations.yaml, of a name of
 * several structs with those of gen/homonyms.yaml.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "judge/explain.h"
#include "model/homonym.h"
#include "base/suggest.h"

static json_t *fixes_of(const struct explanation *explanation)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < explanation->n_fixes; i++) {
        const struct explanation_fix *fix = &explanation->fixes[i];
        json_t *object = json_pack("{s:s, s:s*, s:s*}", "language", fix->language, "text",
                                   fix->text, "code", fix->code);
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *examples_of(const struct explanation *explanation)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < explanation->n_examples; i++) {
        const struct explanation_example *example = &explanation->examples[i];
        json_t *items = json_array();
        for (unsigned k = 0; k < example->n_items; k++)
            json_array_append_new(items, json_string(example->items[k]));
        json_array_append_new(array,
                              json_pack("{s:o, s:s}", "items", items, "text", example->text));
    }
    return array;
}

static void print_array(json_t *array)
{
    char *text = json_dumps(array, JSON_INDENT(1));

    if (text == NULL)
        diag_die("no memory");
    puts(text);
    free(text);
    json_decref(array);
}

static void print_homonym(const struct homonym *homonym)
{
    print_array(json_pack("[{s:s, s:s, s:s*, s:s, s:s, s:s}]", "name", homonym->name, "libc",
                          homonym->libc, "kernel", homonym->kernel, "call", homonym->call, "differ",
                          homonym->differ, "source", homonym->source));
}

static void print_json(const struct explanations *explanations, const struct explanation *only)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < explanations->n; i++) {
        const struct explanation *it = &explanations->items[i];
        if (only == NULL || it == only)
            json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}",
                                                   "kind", it->kind, "severity", it->severity,
                                                   "summary", it->summary, "meaning", it->meaning,
                                                   "effect", it->effect, "fix", it->fix, "examples",
                                                   examples_of(it), "fixes", fixes_of(it)));
    }
    print_array(array);
}

/* Reports a word that is no kind and no homonym. */
static void report_unknown(struct diag *diag, const struct explanations *explanations,
                           const struct homonyms *homonyms, const char *kind)
{
    struct arena *arena = diag->text.arena;
    const char **known = NULL;
    size_t n = 0;

    for (unsigned i = 0; i < explanations->n; i++)
        ARENA_PUSH(arena, known, n, explanations->items[i].kind);
    for (unsigned i = 0; i < homonyms->n; i++)
        ARENA_PUSH(arena, known, n, homonyms->items[i].name);
    diag_error(diag, no_location,
               "unknown kind of finding, or name of several structs, '%s'%s; `abiproof explain` "
               "lists the kinds",
               kind, near_hint(arena, kind, known, n));
}

static int run_explain(const struct options *options, struct arena *arena)
{
    const char *kind = options->operands.n > 0 ? options->operands.items[0] : NULL;
    struct diag diag;

    diag_init(&diag, arena, options->verbose);
    struct explanations explanations;
    struct homonyms homonyms;
    const struct explanation *only = NULL;
    const struct homonym *homonym = NULL;
    if (explanations_load(&explanations, arena, options->root, &diag) &&
        homonyms_load(&homonyms, arena, options->root, &diag) && kind != NULL) {
        only = explain(&explanations, kind);
        homonym = homonym_find(&homonyms, kind);
        if (only == NULL && homonym == NULL)
            report_unknown(&diag, &explanations, &homonyms, kind);
    }
    diag_flush(&diag);
    if (diag.n_errors > 0)
        return EXIT_USAGE;
    struct str text = {.arena = arena};
    if (options->format == FORMAT_JSON && homonym != NULL)
        print_homonym(homonym);
    else if (options->format == FORMAT_JSON)
        print_json(&explanations, only);
    else if (homonym != NULL)
        homonym_print(&text, homonym);
    else if (only != NULL)
        explanation_print(&text, only);
    else
        explanations_list(&text, &explanations);
    fputs(str_text(&text), stdout);
    return EXIT_PROVED;
}

const struct command command_explain = {
    .name = "explain",
    .about = "explain a kind of finding: meaning, effect, fix",
    .usage = "[option]... [KIND|NAME]",
    .help = "Prints what was compared, what a program with this fault does when it runs, and how "
            "to fix it in several languages. Without KIND it lists all kinds, one per line.\n\n"
            "NAME is a struct that the C library, the kernel's headers and system calls each have "
            "under this name, such as sigaction: it prints where they are and how they differ.",
    .example = "bad-offset",
    .options = (const char *const[]){"format", NULL},
    .operands_max = 1,
    .root = ROOT_READS,
    .formats = 1 << FORMAT_JSON,
    .run = run_explain,
};
