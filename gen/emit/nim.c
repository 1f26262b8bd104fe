/* nim.c - bindings in Nim: bindings/nim/abiproof/<spec>.nim.
 *
 * In: a spec and the facts of those of its targets that Nim can name. Out: one module that needs
 * nothing beside it but raw.nim, and the package around all of them.
 *
 * Design: Nim makes C, so that its system calls are those of the bindings in C: raw.nim imports
 * raw.h, which stands beside it. Nim makes up the names of what it writes in C; under -d:abiproof
 * the pragma `shown` keeps ours. nim.h says what the other files do.
 */
#include "emit/nim.h"

#include <string.h>

#include "emit/c.h"

static const char *const keywords[] = {
    "addr",      "and",     "as",    "asm",      "bind",      "block",  "break",   "case",
    "cast",      "concept", "const", "continue", "converter", "defer",  "discard", "distinct",
    "div",       "do",      "elif",  "else",     "end",       "enum",   "except",  "export",
    "finally",   "for",     "from",  "func",     "if",        "import", "in",      "include",
    "interface", "is",      "isnot", "iterator", "let",       "macro",  "method",  "mixin",
    "mod",       "nil",     "not",   "notin",    "object",    "of",     "or",      "out",
    "proc",      "ptr",     "raise", "ref",      "return",    "shl",    "shr",     "static",
    "template",  "try",     "tuple", "type",     "using",     "var",    "when",    "while",
    "xor",       "yield",   NULL,
};

static const char *const systems[][2] = {{"macos", "macosx"}, {NULL}};

const struct words nim_words = {
    .title = "Nim",
    .comment = "# ",
    .doc = "## ",
    .module_doc = "## ",
    .null = "nil",
    .sigset_size = "SIGSET_SIZE",
    .keywords = keywords,
    .keyword = "`$N`",
    .has_plain_names = true,
    .has_camel_records = true,
    .integers = {{"uint8", "uint16", "uint32", "uint64"}, {"int8", "int16", "int32", "int64"}},
    .longs = {"uint", "int"},
    .nothing = "void",
    .pointer = "ptr $T",
    .const_pointer = "ptr $T",
    .data_pointer = "pointer",
    .const_data_pointer = "pointer",
    .array = "array[$N, $T]",
    .systems = systems,
    .os = "defined($N)",
    .arch = "defined($N)",
    .bits = "defined(cpu$N)",
    .endians = {"defined(littleEndian)", "defined(bigEndian)"},
    .all = {"(", " and ", ")"},
    .any = {"(", " or ", ")"},
    .negation = "not $T",
    .first = "when $T:",
    .next = "elif $T:",
    .last = "else:",
    .indent = "  ",
};

/* ---- items ---- */

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    str_addf(out, "type %s* = %s\n", item->alias->name, item_alias_type(out->arena, on, item));
    words_add_doc(out, item->words, "  ## ", item->alias->doc);
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    const char *type = item_constant_type(out->arena, on, item);
    const char *bits = type + strcspn(type, "0123456789"); /* "32" of uint32 */

    str_addf(out, "const %s* = %s'%c%s\n", words_name(out->arena, item->words, item->constant),
             item_constant_value(out->arena, on, item), type[0], bits);
}

/* "proc NAME*(a: A; b: B): R", without what follows. */
static void add_head(struct str *out, const struct item *item, enum spec_form form)
{
    const char *type =
        words_call_type(out->arena, item->words, item->spec, item->call->returns.type);

    str_addf(out, "proc %s%s*(", form == FORM_SYSCALL ? "sys_" : "", item->call->name);
    item_add_params(out, item, form, "$N: $T");
    str_add(out, ")");
    if (strcmp(type, item->words->nothing) != 0)
        str_addf(out, ": %s", type);
}

static void text_function(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    add_head(out, item, FORM_LIBRARY);
    str_addf(out, " {.cdecl, importc: \"%s\".}\n", item_symbol(on, item));
    item_add_call_doc(out, item, FORM_LIBRARY, "  ## ");
}

static void text_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *number = item_number(on, item);

    if (number != NULL)
        str_addf(out, "const NR_%s* = %s\n", item->call->name, number);
}

static void add_direct(struct str *out, const struct item *item, const char *type)
{
    unsigned n = item_n_args(item);

    str_addf(out, "  cast[%s](raw_syscall%u(NR_%s%s", type, n, item->call->name, n > 0 ? ", " : "");
    item_add_params(out, item, FORM_SYSCALL, "cast[clong]($N)");
    str_add(out, "))\n");
}

/* The other call that a target without the number makes. */
static void add_detour(struct str *out, const struct item *item)
{
    const struct spec_fallback *fallback = item->call->fallback;

    if (fallback->positive != NULL)
        str_addf(out,
                 "  if %s <= 0:\n    return -22 # -EINVAL, as the call itself; %s takes no such "
                 "argument\n",
                 fallback->positive, fallback->call);
    str_addf(out, "  sys_%s(", fallback->call);
    item_add_fallback(out, item);
    str_add(out, ")\n");
}

/* True if one of the calls before `last` makes this one in its own place. Nim has no name before its
 * declaration, so that it was declared there. */
static bool is_declared(const struct emit_on *on, struct item item, const struct spec_call *call,
                        const struct spec_call *last)
{
    for (item.call = item.spec->calls; item.call < last; item.call++)
        if ((item.call->forms & FORM_SYSCALL) != 0 && item.call->fallback != NULL &&
            item_number(on, &item) == NULL && strcmp(item.call->fallback->call, call->name) == 0)
            return true;
    return false;
}

/* Declares the other call that the item makes, if it comes later. */
static void declare_other(struct str *out, const struct emit_on *on, const struct item *item)
{
    struct item other = *item;

    other.call = spec_call(item->spec, item->call->fallback->call);
    if (other.call < item->call || is_declared(on, *item, other.call, item->call))
        return;
    add_head(out, &other, FORM_SYSCALL);
    str_add(out, " {.shown.}\n");
}

static void text_call(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (!item_has_call(on, item))
        return;
    if (item_number(on, item) == NULL)
        declare_other(out, on, item);
    add_head(out, item, FORM_SYSCALL);
    str_add(out, is_declared(on, *item, item->call, item->call) ? " =\n" : " {.shown.} =\n");
    item_add_call_doc(out, item, FORM_SYSCALL, "  ## ");
    if (item_number(on, item) != NULL)
        add_direct(out, item,
                   words_call_type(out->arena, item->words, item->spec, item->call->returns.type));
    else
        add_detour(out, item);
}

/* ---- the module ---- */

static void open_module(struct str *out, const struct emit_job *job)
{
    str_add(out, "\n");
    words_add_condition(out, &nim_words, "when not $T:", words_known(out->arena, &nim_words, job));
    str_addf(out,
             "\n  {.error: \"%s: abiproof has proved no layout for this target\".}\n\n"
             "when defined(abiproof):\n  {.pragma: shown, exportc.}\n"
             "else:\n  {.pragma: shown.}\n\n",
             job->spec->name);
    if (strcmp(job->spec->os, "linux") == 0)
        str_add(out, "import ./raw\nexport raw.SIGSET_SIZE\n\n");
}

const struct module nim_module = {
    .words = &nim_words,
    .open = open_module,
    .alias = text_alias,
    .constant = text_constant,
    .cluster = nim_cluster,
    .pushed = nim_pushed,
    .record = nim_record,
    .accessors = nim_accessors,
    .view = nim_view,
    .function = text_function,
    .number = text_number,
    .call = text_call,
    .asserts = nim_asserts,
    .proof = nim_proof,
};

static void emit_module(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    if (module_can_be_expressed(job, &nim_words, files->arena, diag))
        module_emit(emit_start(files, arena_printf(files->arena, "bindings/nim/abiproof/%s.nim",
                                                   emit_name(job))),
                    job, &nim_module);
}

/* ---- the package ---- */

static void emit_raw(struct str *out)
{
    str_add(out, "# Generated by abiproof gen; do not edit.\n"
                 "## System calls of Linux. `raw_syscallN` enters the kernel with N arguments and "
                 "returns what it\n"
                 "## returns: -errno, from -4095 to -1, on failure. raw.h, which is in C, stands "
                 "beside this file.\n\n"
                 "when not defined(linux):\n"
                 "  {.error: \"raw: abiproof has proved no system call for this target\".}\n\n"
                 "const header = currentSourcePath()[0 .. ^len(\"nim \")] & \"h\"\n\n"
                 "let SIGSET_SIZE* {.importc: \"RAW_SIGSET_SIZE\", header: header.}: uint\n"
                 "  ## the size of the kernel's signal set in bytes\n");
    for (unsigned n = 0; n <= 6; n++) {
        str_addf(out, "proc raw_syscall%u*(number", n);
        for (unsigned i = 1; i <= n; i++)
            str_addf(out, ", arg%u", i);
        str_add(out, ": clong): clong {.importc, header: header.}\n");
    }
}

static void emit_package(struct emit_files *files, const struct targets *targets,
                         const struct emit_job *jobs, size_t n_jobs)
{
    (void)jobs;
    if (n_jobs == 0)
        return;
    c_raw_add(emit_start(files, "bindings/nim/abiproof/raw.h"), targets);
    emit_raw(emit_start(files, "bindings/nim/abiproof/raw.nim"));
    str_add(emit_start(files, "bindings/nim/abiproof.nimble"),
            "# Generated by abiproof gen; do not edit.\n"
            "version = \"0.1.0\"\nauthor = \"abiproof\"\n"
            "description = \"Raw bindings of the kernel, proved against its headers\"\n"
            "license = \"MIT\"\ninstallExt = @[\"nim\", \"h\"]\n\nrequires \"nim >= 1.6.0\"\n");
}

static const char *const folders[] = {"bindings/nim/abiproof/*", "bindings/nim/*.nimble", NULL};

const struct emitter emit_nim = {
    .name = "nim",
    .about = "Nim modules, bindings/nim/abiproof/*.nim",
    .is_language = true,
    .needs_words = true,
    .folders = folders,
    .emit_common = emit_package,
    .emit = emit_module,
};
