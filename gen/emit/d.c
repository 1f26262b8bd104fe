/* d.c - bindings in D: bindings/d/abiproof/<spec>.d.
 *
 * In: a spec and the facts of those of its targets that D can name. Out: one module that needs
 * nothing beside it but raw.d, neither a runtime library nor a garbage collector.
 *
 * Design: `version` has no "and", so a module asks for versions by a template, and conditions are
 * expressions of `static if`. Compilers write neither manifest constants nor declared functions
 * into debug information: the proof has an immutable of each constant and a function that calls
 * each function, whose parameters the compiler takes from the declaration. d.h says what the other
 * files do.
 */
#include "emit/d.h"

#include <string.h>

static const char *const keywords[] = {
    "abstract",  "alias",     "align",        "asm",       "assert",   "auto",       "body",
    "bool",      "break",     "byte",         "case",      "cast",     "catch",      "cdouble",
    "cent",      "cfloat",    "char",         "class",     "const",    "continue",   "creal",
    "dchar",     "debug",     "default",      "delegate",  "delete",   "deprecated", "do",
    "double",    "else",      "enum",         "export",    "extern",   "false",      "final",
    "finally",   "float",     "for",          "foreach",   "function", "goto",       "idouble",
    "if",        "ifloat",    "immutable",    "import",    "in",       "inout",      "int",
    "interface", "invariant", "ireal",        "is",        "lazy",     "long",       "macro",
    "mixin",     "module",    "new",          "nothrow",   "null",     "out",        "override",
    "package",   "pragma",    "private",      "protected", "public",   "pure",       "real",
    "ref",       "return",    "scope",        "shared",    "short",    "static",     "struct",
    "super",     "switch",    "synchronized", "template",  "this",     "throw",      "true",
    "try",       "typeid",    "typeof",       "ubyte",     "ucent",    "uint",       "ulong",
    "union",     "unittest",  "ushort",       "version",   "void",     "wchar",      "while",
    "with",      NULL,
};

static const char *const systems[][2] = {
    {"macos", "OSX"}, {"freebsd", "FreeBSD"}, {"netbsd", "NetBSD"}, {"openbsd", "OpenBSD"}, {NULL},
};

const struct words d_words = {
    .title = "D",
    .comment = "// ",
    .doc = "/// ",
    .module_doc = "/// ",
    .null = "null",
    .sigset_size = "SIGSET_SIZE",
    .keywords = keywords,
    .keyword = "$N_",
    .has_camel_records = true,
    .integers = {{"ubyte", "ushort", "uint", "ulong"}, {"byte", "short", "int", "long"}},
    .longs = {"size_t", "ptrdiff_t"},
    .nothing = "void",
    .pointer = "$T*",
    .const_pointer = "const($T)*",
    .array = "$T[$N]",
    .systems = systems,
    .os = "on!\"$N\"",
    .arch = "on!\"$N\"",
    .bits = "bits!$N",
    .endians = {"on!\"LittleEndian\"", "on!\"BigEndian\""},
    .all = {"(", " && ", ")"},
    .any = {"(", " || ", ")"},
    .negation = "!$T",
    .first = "static if ($T) {",
    .next = "} else static if ($T) {",
    .last = "} else {",
    .end = "}",
    .indent = "    ",
};

/* ---- items ---- */

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    words_add_doc(out, item->words, "/// ", item->alias->doc);
    str_addf(out, "alias %s = %s;\n", item->alias->name, item_alias_type(out->arena, on, item));
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    str_addf(out, "enum %s %s = %s;\n", item_constant_type(out->arena, on, item), item->constant,
             item_constant_value(out->arena, on, item));
}

static void text_function(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *name = item->call->name, *symbol = item_symbol(on, item);

    item_add_call_doc(out, item, FORM_LIBRARY, "/// ");
    if (strcmp(symbol, name) != 0)
        str_addf(out, "pragma(mangle, \"%s\")\n", symbol);
    str_addf(out, "extern (C) %s %s(",
             words_call_type(out->arena, item->words, item->spec, item->call->returns.type), name);
    item_add_params(out, item, FORM_LIBRARY, "$T $N");
    str_add(out, ");\n");
}

/* ---- the proof ---- */

static void proof_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    str_addf(out, "        immutable %s %s = .%s;\n", item_constant_type(out->arena, on, item),
             item->constant, item->constant);
}

static void proof_number(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (item_number(on, item) != NULL)
        str_addf(out, "        immutable size_t NR_%s = .NR_%s;\n", item->call->name,
                 item->call->name);
}

static const struct module d_module;

static void prove_calls(struct str *out, const struct emit_job *job, struct item item)
{
    for (unsigned i = 0; i < job->spec->n_calls; i++) {
        item.call = &job->spec->calls[i];
        if ((item.call->forms & FORM_SYSCALL) != 0)
            module_add(out, job, &d_module, proof_number, &item);
        if ((item.call->forms & FORM_LIBRARY) != 0)
            str_addf(out, "        auto link_%s(ParametersOf!(.%s) args) { return .%s(args); }\n",
                     item.call->name, item.call->name, item.call->name);
    }
}

/* The names are the kernel's, in a name space of their own. */
static void add_proof(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;
    struct item item = {.spec = spec, .words = &d_words};

    str_add(out, "\n// What debug information would leave out; for `abiproof prove`.\n"
                 "version (AbiProof)\n{\n"
                 "    private template ParametersOf(alias call)\n    {\n"
                 "        static if (is(typeof(call) P == __parameters))\n"
                 "            alias ParametersOf = P;\n    }\n\n"
                 "    mixin template Proof()\n    {\n");
    for (unsigned i = 0; i < spec->n_constants; i++) {
        item.group = &spec->constants[i];
        for (unsigned k = 0; k < item.group->n_names; k++) {
            item.constant = item.group->names[k];
            module_add(out, job, &d_module, proof_constant, &item);
        }
    }
    prove_calls(out, job, item);
    for (unsigned i = 0; i < spec->n_records; i++) {
        const char *name = spec->records[i].name;
        const char *type = words_record(out->arena, &d_words, name);
        str_addf(out,
                 "        immutable size_t align_%s = %s.alignof;\n"
                 "        __gshared %s record_%s;\n",
                 name, type, type, name);
    }
    for (unsigned i = 0; i < spec->n_aliases; i++)
        str_addf(out, "        immutable %s type_%s = 0;\n", spec->aliases[i].name,
                 spec->aliases[i].name);
    str_add(out, "    }\n    mixin Proof proof;\n}\n");
}

/* ---- the module ---- */

void d_open(struct str *out, const struct emit_job *job, const char *what)
{
    str_addf(out,
             "module abiproof.%s;\n\nnothrow @nogc:\n\n"
             "private enum on(string name) =\n"
             "    mixin(\"{ version (\" ~ name ~ \") return true; else return false; }()\");\n"
             "private enum bits(int n) = size_t.sizeof * 8 == n;\n\n",
             emit_name(job));
    words_add_condition(out, &d_words, "static if (!$T)", words_known(out->arena, &d_words, job));
    str_addf(out,
             "\n    static assert(false, \"%s: abiproof has proved no %s for this target\");\n",
             job->spec->name, what);
}

static void open_module(struct str *out, const struct emit_job *job)
{
    d_open(out, job, "layout");
    if (strcmp(job->spec->os, "linux") == 0) /* else raw.d would refuse the target first */
        str_add(out, "else {\n    import abiproof.raw;\n"
                     "    public import abiproof.raw : SIGSET_SIZE;\n}\n");
    str_add(out, "\n");
}

static const struct module d_module = {
    .words = &d_words,
    .open = open_module,
    .alias = text_alias,
    .constant = text_constant,
    .record = d_record,
    .function = text_function,
    .number = d_number,
    .call = d_call,
    .asserts = d_asserts,
    .proof = add_proof,
};

static void emit_module(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    if (module_can_be_expressed(job, &d_words, files->arena, diag))
        module_emit(emit_start(files, arena_printf(files->arena, "bindings/d/abiproof/%s.d",
                                                   emit_name(job))),
                    job, &d_module);
}

static void emit_common(struct emit_files *files, const struct targets *targets,
                        const struct emit_job *jobs, size_t n_jobs)
{
    if (n_jobs > 0)
        d_raw_emit(files, targets, jobs[0].language);
}

static const char *const folders[] = {"bindings/d/abiproof/*", NULL};

const struct emitter emit_d = {
    .name = "d",
    .about = "D modules, bindings/d/abiproof/*.d",
    .is_language = true,
    .needs_words = true,
    .folders = folders,
    .emit_common = emit_common,
    .emit = emit_module,
};
