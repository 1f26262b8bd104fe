/* go.c - bindings in Go: bindings/go/<spec>, a package each.
 *
 * In: a spec and the facts of those of its targets that Go can name. Out: a package: a file for each
 * group of targets with the same text, one that refuses all other targets, and abi_test.go, which
 * shows `abiproof prove` what a linker would leave out.
 *
 * Design: no cgo, so that a package cross-compiles with nothing but Go; the functions of a library,
 * which need cgo, are left out, and system calls are made by Go's own package syscall, which lets
 * other goroutines run meanwhile. Names are spelled as another package can see them. go.h says what
 * the other file does.
 */
#include "emit/go.h"

#include <string.h>

static const char *const keywords[] = {
    "break",       "case",    "chan",    "const",  "continue", "default", "defer",  "else",
    "fallthrough", "for",     "func",    "go",     "goto",     "if",      "import", "interface",
    "map",         "package", "range",   "return", "select",   "struct",  "switch", "type",
    "var",         "unsafe",  "syscall", "atomic", NULL,
};

static const struct words words = {
    .title = "Go",
    .comment = "// ",
    .doc = "// ",
    .module_doc = "// ",
    .null = "nil",
    .sigset_size = "SIGSET_SIZE",
    .keywords = keywords,
    .keyword = "$N_",
    .has_camel_records = true,
    .integers = {{"uint8", "uint16", "uint32", "uint64"}, {"int8", "int16", "int32", "int64"}},
    .longs = {"uintptr", "int"},
    .nothing = "byte",
    .pointer = "*$T",
    .const_pointer = "*$T",
    .data_pointer = "unsafe.Pointer",
    .const_data_pointer = "unsafe.Pointer",
    .array = "[$N]$T",
};

enum { N_ARGS = 6 }; /* of syscall.Syscall6 */

/* ---- items ---- */

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *name = go_name(out->arena, item->alias->name);

    words_add_doc(out, item->words, "// ",
                  arena_printf(out->arena, "%s: %s", name, item->alias->doc));
    str_addf(out, "type %s = %s\n", name, item_alias_type(out->arena, on, item));
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    str_addf(out, "const %s %s = %s\n", item->constant, item_constant_type(out->arena, on, item),
             item_constant_value(out->arena, on, item));
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *number = item_number(on, item);

    if (number != NULL)
        str_addf(out, "const NR_%s uintptr = %s\n\n", item->call->name, number);
}

/* ---- system calls ---- */

static void add_direct(struct str *out, const struct item *item, const char *type)
{
    const struct spec_call *call = item->call;
    struct arena *arena = out->arena;
    unsigned n = 0;

    str_addf(out, "\tresult, _, errno := syscall.Syscall6(NR_%s", call->name);
    for (unsigned i = 0; i < call->n_params; i++) {
        const struct spec_param *param = &call->params[i];
        if ((param->form & FORM_SYSCALL) == 0)
            continue;
        bool is_pointer = strchr(spec_param_type(param, FORM_SYSCALL), '*') != NULL;
        str_addf(out, is_pointer ? ", uintptr(unsafe.Pointer(%s))" : ", uintptr(%s)",
                 words_name(arena, item->words, param->name));
        n++;
    }
    for (; n < N_ARGS; n++)
        str_add(out, ", 0");
    str_addf(out, ")\n\tif errno != 0 {\n\t\treturn -%s(errno)\n\t}\n\treturn %s(result)\n", type,
             type);
}

/* The other call that a target without the number makes. */
static void add_detour(struct str *out, const struct item *item, const char *type)
{
    const struct spec_fallback *fallback = item->call->fallback;

    if (fallback->positive != NULL)
        str_addf(out,
                 "\tif %s <= 0 {\n\t\t// as the call itself; %s takes no such argument\n"
                 "\t\treturn -%s(syscall.EINVAL)\n\t}\n",
                 fallback->positive, fallback->call, type);
    str_addf(out, "\treturn Sys%s(", go_name(out->arena, fallback->call));
    item_add_fallback(out, item);
    str_add(out, ")\n");
}

static void text_call(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    const char *name = go_name(arena, item->call->name);
    const char *type = words_call_type(arena, item->words, item->spec, item->call->returns.type);

    if (!item_has_call(on, item))
        return;
    item_add_call_doc(out, item, FORM_SYSCALL, "// ");
    str_addf(out, "func Sys%s(", name);
    item_add_params(out, item, FORM_SYSCALL, "$N $T");
    str_addf(out, ") %s {\n", type);
    if (item_number(on, item) != NULL)
        add_direct(out, item, type);
    else
        add_detour(out, item, type);
    str_add(out, "}\n\n");
}

/* ---- the file of one group ---- */

static bool has_calls(const struct spec *spec)
{
    for (unsigned i = 0; i < spec->n_calls; i++)
        if ((spec->calls[i].forms & FORM_SYSCALL) != 0)
            return true;
    return false;
}

/* What abi_test.go returns: the linker keeps what something refers to. */
static void add_shown(struct str *out, const struct emit_job *job)
{
    struct item item = {.spec = job->spec, .words = &words};

    if (!has_calls(job->spec))
        return;
    str_add(out, "// The calls that abi_test.go shows; the list is in no other program.\n"
                 "var shown = []any{\n");
    for (unsigned i = 0; i < job->spec->n_calls; i++) {
        item.call = &job->spec->calls[i];
        if ((item.call->forms & FORM_SYSCALL) != 0 && item_has_call(&job->on[0], &item))
            str_addf(out, "\tSys%s,\n", go_name(out->arena, item.call->name));
    }
    str_add(out, "}\n");
}

static void open_package(struct str *out, const struct emit_job *job)
{
    if (job->spec->n_calls > 0)
        str_add(out, "//\n// Without the functions of the library, for which Go needs cgo.\n");
    str_addf(out, "package %s\n\n", emit_name(job));
    if (job->on[0].target->sigset != 0 && has_calls(job->spec))
        str_addf(out,
                 "// SIGSET_SIZE is the size of the kernel's signal set in bytes.\n"
                 "const SIGSET_SIZE uintptr = %u\n\n",
                 job->on[0].target->sigset);
}

static const struct module module = {
    .words = &words,
    .open = open_package,
    .alias = text_alias,
    .constant = text_constant,
    .record = go_record,
    .accessors = go_accessors,
    .view = go_view,
    .number = text_number,
    .call = text_call,
    .asserts = go_asserts,
    .proof = add_shown,
};

/* Appends the text with what it uses imported, and without a second empty line anywhere. */
static void add_with_imports(struct str *out, const char *text)
{
    static const char *const packages[] = {"sync/atomic", "syscall", "unsafe"};
    const char *clause = strstr(text, "\npackage ");
    const char *rest = clause + strcspn(clause + 1, "\n") + 1;

    str_addf(out, "%.*s\n", (int)(rest - text), text);
    for (size_t i = 0; i < sizeof packages / sizeof packages[0]; i++) {
        const char *slash = strchr(packages[i], '/');
        const char *use = arena_printf(out->arena, "%s.", slash != NULL ? slash + 1 : packages[i]);
        if (strstr(rest, use) != NULL)
            str_addf(out, "\nimport \"%s\"", packages[i]);
    }
    str_add(out, strstr(str_text(out), "\nimport ") != NULL ? "\n\n" : "\n");
    rest += strspn(rest, "\n");
    for (; *rest != '\0'; rest++)
        if (!str_starts(rest, "\n\n\n") && strcmp(rest, "\n\n") != 0)
            str_add_char(out, *rest);
}

/* The package on one target, for groups_make. */
static void text_package(struct str *out, const struct emit_on *on, const void *context)
{
    struct emit_job job = *(const struct emit_job *)context;
    struct emit_on one = *on;
    struct str text = {.arena = out->arena};

    job.on = &one;
    job.n_on = 1;
    module_emit(&text, &job, &module);
    add_with_imports(out, str_text(&text));
}

/* ---- the files of a package ---- */

/* The words of a target, GOOS and GOARCH. */
static const char *go_os(struct arena *arena, const struct emit_job *job, size_t i)
{
    const char *word = language_word(job->language, job->on[i].target);

    return arena_strndup(arena, word, strcspn(word, "/"));
}

static const char *go_arch(const struct emit_job *job, size_t i)
{
    return strchr(language_word(job->language, job->on[i].target), '/') + 1;
}

/* "linux && (amd64 || arm64)"; chosen: NULL for all. */
static const char *constraint(struct arena *arena, const struct emit_job *job, const bool *chosen)
{
    struct str text = {.arena = arena};
    size_t n = 0;

    for (size_t i = 0; i < job->n_on; i++)
        if (chosen == NULL || chosen[i])
            str_addf(&text, "%s%s", n++ > 0 ? " || " : "", go_arch(job, i));
    return arena_printf(arena, n > 1 ? "%s && (%s)" : "%s && %s", go_os(arena, job, 0),
                        str_text(&text));
}

static struct str *start(struct emit_files *files, const struct emit_job *job, const char *name)
{
    return emit_start(files, arena_printf(files->arena, "bindings/go/%s/%s", emit_name(job), name));
}

/* A file that a tool for Go knows to be generated, for the targets of a constraint. */
static struct str *start_for(struct emit_files *files, const struct emit_job *job, const char *name,
                             const char *targets)
{
    struct str *out = start(files, job, name);

    str_addf(out, "// Code generated by abiproof; DO NOT EDIT.\n\n//go:build %s\n\n", targets);
    return out;
}

/* The name of a group's file. Go takes a last part that names an architecture for a constraint of
 * its own: right for a group of one. */
static const char *group_file(struct arena *arena, const struct emit_job *job,
                              const struct group *group)
{
    size_t first = 0;

    while (!group->chosen[first])
        first++;
    return arena_printf(arena, "z%s_%s_%s%s.go", emit_name(job), go_os(arena, job, first),
                        go_arch(job, first), group->n > 1 ? "_etc" : "");
}

static void add_groups(struct emit_files *files, const struct emit_job *job)
{
    struct arena *arena = files->arena;
    struct groups groups = groups_make(arena, job, text_package, job);

    for (size_t i = 0; i < groups.n; i++)
        str_add(start_for(files, job, group_file(arena, job, &groups.items[i]),
                          constraint(arena, job, groups.items[i].chosen)),
                groups.items[i].text);
}

/* A text is no number: the compiler quotes it. */
static void add_refusal(struct emit_files *files, const struct emit_job *job)
{
    const char *known = constraint(files->arena, job, NULL);
    struct str *out =
        start_for(files, job, arena_printf(files->arena, "z%s_unknown.go", emit_name(job)),
                  arena_printf(files->arena, "!(%s)", known));

    str_addf(out,
             "package %s\n\n"
             "var _ int = \"%s: abiproof has proved no layout for this target\"\n",
             emit_name(job), emit_name(job));
}

static void add_test(struct emit_files *files, const struct emit_job *job)
{
    struct arena *arena = files->arena;
    const struct spec *spec = job->spec;
    struct str *out = start(files, job, "abi_test.go");

    str_addf(out,
             "// Code generated by abiproof; DO NOT EDIT.\n\n"
             "// What debug information would leave out; for `abiproof prove`.\n\npackage %s\n",
             emit_name(job));
    str_add(out, spec->n_records > 0 ? "\nimport \"unsafe\"\n" : "");
    for (unsigned i = 0; i < spec->n_records; i++)
        str_addf(out, "\nconst align_%s = unsafe.Alignof(%s{})\n\nvar record_%s %s\n",
                 spec->records[i].name, go_name(arena, spec->records[i].name),
                 spec->records[i].name, go_name(arena, spec->records[i].name));
    for (unsigned i = 0; i < spec->n_aliases; i++)
        str_addf(out, "\nconst type_%s %s = 0\n", spec->aliases[i].name,
                 go_name(arena, spec->aliases[i].name));
    str_addf(out,
             "\n// Shown refers to all that the linker would leave out.\n"
             "func Shown() []any {\n\treturn %s[]any{",
             has_calls(spec) ? "append(" : "");
    for (unsigned i = 0; i < spec->n_records; i++)
        str_addf(out, "%s&record_%s", i > 0 ? ", " : "", spec->records[i].name);
    str_addf(out, "}%s\n}\n", has_calls(spec) ? ", shown...)" : "");
}

static void emit_package(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    if (!module_can_be_expressed(job, &words, files->arena, diag))
        return;
    const char *obstacle = go_obstacle(files->arena, job);
    if (obstacle != NULL) {
        diag_error(diag, spec_location(job->spec, job->spec->name),
                   "%s, which Go cannot express: list the spec '%s' under `without` of Go in "
                   "gen/languages.yaml",
                   obstacle, job->spec->name);
        return;
    }
    add_groups(files, job);
    add_refusal(files, job);
    add_test(files, job);
}

static void emit_common(struct emit_files *files, const struct targets *targets,
                        const struct emit_job *jobs, size_t n_jobs)
{
    (void)targets;
    (void)jobs;
    if (n_jobs > 0)
        str_add(emit_start(files, "bindings/go/go.mod"),
                "// Generated by abiproof gen; do not edit.\nmodule abiproof\n\ngo 1.19\n");
}

static const char *const folders[] = {"bindings/go/go.mod", "bindings/go/*/*.go", NULL};

const struct emitter emit_go = {
    .name = "go",
    .about = "Go packages, bindings/go/*/*.go",
    .is_language = true,
    .needs_words = true,
    .folders = folders,
    .emit_common = emit_common,
    .emit = emit_package,
};
