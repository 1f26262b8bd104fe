/* zig.c - bindings in Zig: bindings/zig/<spec>.zig.
 *
 * In: a spec and the facts of those of its targets that Zig can name. Out: one file that needs
 * nothing beside it but raw.zig, and the package around all of them. Design: what differs by target
 * is an expression, `if (...) ... else ...`, of which the compiler looks at the branch of its target
 * alone. Nothing is compiled that nobody uses, so that the proof needs no switch: it is compiled
 * where a file is the root, which it is for `abiproof prove`. zig.h says what the other files do.
 */
#include "emit/zig.h"

#include <string.h>

#include "base/grouping.h"
#include "emit/condition.h"

static const char *const keywords[] = {
    "addrspace",   "align",    "allowzero", "and",         "anyframe",    "anytype",  "asm",
    "break",       "callconv", "catch",     "comptime",    "const",       "continue", "defer",
    "else",        "enum",     "errdefer",  "error",       "export",      "extern",   "fn",
    "for",         "if",       "inline",    "linksection", "noalias",     "noinline", "nosuspend",
    "opaque",      "or",       "orelse",    "packed",      "pub",         "resume",   "return",
    "struct",      "suspend",  "switch",    "test",        "threadlocal", "try",      "union",
    "unreachable", "var",      "volatile",  "while",       "type",        NULL,
};

const struct words zig_words = {
    .title = "Zig",
    .comment = "// ",
    .doc = "/// ",
    .module_doc = "//! ",
    .null = "null",
    .sigset_size = "raw.SIGSET_SIZE",
    .keywords = keywords,
    .keyword = "@\"$N\"",
    .has_camel_records = true,
    .integers = {{"u8", "u16", "u32", "u64"}, {"i8", "i16", "i32", "i64"}},
    .longs = {"usize", "isize"},
    .nothing = "anyopaque",
    .pointer = "*$T",
    .const_pointer = "*const $T",
    .many = "[*]$T",
    .const_many = "[*]const $T",
    .const_text = "[*:0]const $T",
    .nullable = "?$T",
    .array = "[$N]$T",
    .os = "builtin.os.tag == .$N",
    .arch = "arch == .$N",
    .bits = "bits == $N",
    .endians = {"endian == .little", "endian == .big"},
    .all = {"", " and ", ""},
    .any = {"(", " or ", ")"},
    .negation = "!($T)",
    .first = "if ($T) ",
    .next = " else if ($T) ",
    .last = " else ",
    .indent = "",
};

const char *zig_result(struct arena *arena, const struct item *item)
{
    const char *type = words_call_type(arena, item->words, item->spec, item->call->returns.type);

    return strcmp(type, item->words->nothing) == 0 ? "void" : type;
}

void zig_add_value(struct str *out, const struct emit_job *job, const char *head,
                   item_text_fn *text, const struct item *item, const char *tail, const char *none)
{
    struct arena *arena = out->arena;
    int indent = (int)strspn(head, " ");
    struct words lines = zig_words;
    struct str line = {.arena = arena};

    branches_add_value(&line, &zig_words, job, head, text, item, "", none);
    if (strchr(str_text(&line), '\n') == NULL && line.len + strlen(";") <= WORDS_COLUMNS) {
        str_addf(out, "%s%s", str_text(&line), line.len > 0 ? tail : "");
        return;
    }
    lines.further = arena_printf(arena, "%*s", indent + 4, "");
    lines.first = arena_printf(arena, "if ($T)\n%*s", indent + 4, "");
    lines.next = arena_printf(arena, "\n%*selse if ($T)\n%*s", indent, "", indent + 4, "");
    lines.last = arena_printf(arena, "\n%*selse\n%*s", indent, "", indent + 4, "");
    branches_add_value(out, &lines, job, head, text, item, tail, none);
}

/* ---- items ---- */

/* What stands for an item where the target has none. */
static const char *absent(struct arena *arena, const char *name)
{
    return arena_printf(arena, "@compileError(\"%s: not on this target\")", name);
}

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    str_add(out, item_alias_type(out->arena, on, context));
}

static void text_constant_type(struct str *out, const struct emit_on *on, const void *context)
{
    str_add(out, item_constant_type(out->arena, on, context));
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    str_add(out, item_constant_value(out->arena, on, context));
}

static void text_symbol(struct str *out, const struct emit_on *on, const void *context)
{
    str_addf(out, "\"%s\"", item_symbol(on, context));
}

static bool has_other_symbol(const struct emit_job *job, const struct item *item)
{
    for (size_t i = 0; i < job->n_on; i++)
        if (strcmp(item_symbol(&job->on[i], item), item->call->name) != 0)
            return true;
    return false;
}

/* A declaration has the symbol's name; one of another name is a pointer to the symbol. */
static void add_function(struct str *out, const struct emit_job *job, const struct item *item)
{
    item_add_call_doc(out, item, FORM_LIBRARY, "/// ");
    if (!has_other_symbol(job, item)) {
        str_addf(out, "pub extern \"c\" fn %s(", item->call->name);
        item_add_params(out, item, FORM_LIBRARY, "$N: $T");
        str_addf(out, ") %s;\n", zig_result(out->arena, item));
        return;
    }
    str_addf(out, "pub const %s = @extern(*const fn (", item->call->name);
    item_add_params(out, item, FORM_LIBRARY, "$N: $T");
    str_addf(out, ") callconv(.c) %s, .{ .name = ", zig_result(out->arena, item));
    branches_add_value(out, item->words, job, "", text_symbol, item, "", "");
    str_add(out, ", .library_name = \"c\" });\n");
}

static void add_constant(struct str *out, const struct emit_job *job, const struct item *item)
{
    struct str head = {.arena = out->arena};

    branches_add_value(&head, item->words, job,
                       arena_printf(out->arena, "pub const %s: ", item->constant),
                       text_constant_type, item, " = ", "");
    zig_add_value(out, job, str_text(&head), text_constant, item, ";\n", "");
}

static void add_call(struct str *out, const struct emit_job *job, const struct item *item)
{
    item_add_call_doc(out, item, FORM_SYSCALL, "/// ");
    str_addf(out, "pub fn sys_%s(", item->call->name);
    item_add_params(out, item, FORM_SYSCALL, "$N: $T");
    str_addf(out, ") %s {\n", zig_result(out->arena, item));
    zig_add_value(out, job, "    ", zig_call, item, ";\n}\n", absent(out->arena, item->call->name));
}

/* A type with a name: "pub const NAME = ...;". */
static void add_type(struct str *out, const struct emit_job *job, item_text_fn *text,
                     const struct item *item, const char *name)
{
    branches_add_value(out, item->words, job, arena_printf(out->arena, "pub const %s = ", name),
                       text, item, ";\n", absent(out->arena, name));
}

/* An item of a record. */
static void add_record_item(struct str *out, const struct emit_job *job,
                            const struct module *module, item_text_fn *text,
                            const struct item *item)
{
    struct arena *arena = out->arena;
    const char *name = item->record->name, *type = words_record(arena, item->words, name);
    const char *at = arena_printf(arena, "%s_at_%lld", name, (long long)item->cluster);

    if (text == module->record) {
        words_add_doc(out, item->words, "/// ", item->record->doc);
        add_type(out, job, text, item, type);
    } else if (text == module->cluster) {
        str_addf(out, "/// What shares the bytes of `%s` from %lld on.\n", type,
                 (long long)item->cluster);
        add_type(out, job, text, item, words_record(arena, item->words, at));
    } else if (text == module->pushed) {
        str_addf(out, "/// Where `%s` of `%s` lies in it.\n", item->pushed, type);
        add_type(out, job, text, item,
                 words_record(arena, item->words, arena_printf(arena, "%s_%s", at, item->pushed)));
    } else if (text == module->accessors) {
        text(out, &job->on[0], item);
    } else if (text == module->view) {
        zig_add_view(out, job, item);
    } else {
        zig_add_asserts(out, job, item);
    }
}

static void add_item(struct str *out, const struct emit_job *job, const struct module *module,
                     item_text_fn *text, const struct item *item)
{
    if (text == module->alias) {
        words_add_doc(out, item->words, "/// ", item->alias->doc);
        add_type(out, job, text, item, item->alias->name);
    } else if (text == module->constant) {
        add_constant(out, job, item);
    } else if (text == module->function) {
        add_function(out, job, item);
    } else if (text == module->number) {
        zig_add_value(out, job,
                      arena_printf(out->arena, "pub const NR_%s: usize = ", item->call->name), text,
                      item, ";\n", absent(out->arena, item->call->name));
    } else if (text == module->call) {
        add_call(out, job, item);
    } else {
        add_record_item(out, job, module, text, item);
    }
}

/* ---- the proof ---- */

/* "&NAME" where the target has it. */
static void text_number_use(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (item_number(on, item) != NULL)
        str_addf(out, "&NR_%s", item->call->name);
}

static void text_call_use(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    if (item_has_call(on, item))
        str_addf(out, "&sys_%s", item->call->name);
}

/* Constants, numbers and functions are in the debug information if something refers to them. */
static void add_uses(struct str *out, const struct emit_job *job, struct item item)
{
    const struct spec *spec = job->spec;

    str_add(out, "    comptime {\n");
    for (unsigned i = 0; i < spec->n_constants; i++)
        for (unsigned k = 0; k < spec->constants[i].n_names; k++)
            str_addf(out, "        _ = &%s;\n", spec->constants[i].names[k]);
    for (unsigned i = 0; i < spec->n_calls; i++) {
        item.call = &spec->calls[i];
        if ((item.call->forms & FORM_SYSCALL) == 0)
            continue;
        zig_add_value(out, job, "        _ = ", text_number_use, &item, ";\n", "null");
        zig_add_value(out, job, "        _ = ", text_call_use, &item, ";\n", "null");
    }
    str_add(out, "    }\n");
}

/* Types are there if something that is exported has them; so is what a library has. */
static void add_proof(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;
    struct item item = {.spec = spec, .words = &zig_words};

    str_add(out, "/// What debug information would leave out; for `abiproof prove`, which compiles "
                 "this file alone.\npub const abi = struct {\n");
    size_t start = out->len;
    for (unsigned i = 0; i < spec->n_records; i++) {
        const char *name = spec->records[i].name,
                   *type = words_record(out->arena, &zig_words, name);
        str_addf(out,
                 "    export const align_%s: usize = @alignOf(%s);\n"
                 "    export var record_%s: %s = undefined;\n",
                 name, type, name, type);
    }
    for (unsigned i = 0; i < spec->n_aliases; i++)
        str_addf(out, "    export const type_%s: %s = 0;\n", spec->aliases[i].name,
                 spec->aliases[i].name);
    for (unsigned i = 0; i < spec->n_calls; i++) {
        item.call = &spec->calls[i];
        if ((item.call->forms & FORM_LIBRARY) == 0)
            continue;
        str_addf(out, "    export const link_%s = %s%s;\n", item.call->name,
                 has_other_symbol(job, &item) ? "" : "&", item.call->name);
    }
    str_add(out, out->len > start ? "\n" : "");
    add_uses(out, job, item);
    str_add(out, "};\n\ncomptime {\n    if (@import(\"root\") == @This()) _ = abi;\n}\n");
}

/* ---- the module ---- */

enum { WIDTH_32 = 1, WIDTH_64 = 2 };

/* The widths that an architecture has among the terms. */
static int widths_of(const struct condition *known, const char *arch)
{
    int widths = 0;

    for (size_t i = 0; i < known->n; i++)
        if (strcmp(known->terms[i].arch, arch) == 0)
            widths |= known->terms[i].bits == 64 ? WIDTH_64 : WIDTH_32;
    return widths;
}

/* A branch of the switch: the architectures with just these widths. An architecture of Zig's has
 * one byte order. */
static void add_known(struct str *out, const struct condition *known, int widths, const char *then)
{
    struct str names = {.arena = out->arena};
    struct grouping done = {.arena = out->arena};

    for (size_t i = 0; i < known->n; i++)
        if (widths_of(known, known->terms[i].arch) == widths &&
            grouping_is_new(&done, known->terms[i].arch))
            str_addf(&names, "%s.%s", names.len > 0 ? ", " : "", known->terms[i].arch);
    if (names.len > 0)
        str_add_wrapped(out, "        ",
                        arena_printf(out->arena, "%s => %s,", str_text(&names), then),
                        WORDS_COLUMNS);
}

/* Targets that are one with a named one by architecture and width, and by what Zig knows them. */
static const struct variant {
    const char *target;
    const char *condition;
} variants[] = {
    {"arm-linux", "arch == .arm and builtin.abi.float() == .soft"},
    {"mipsr6-linux", "builtin.cpu.has(.mips, .mips32r6)"}, /* which 64 bits have as well */
};

/* The condition for those that the job does not have; "" if there are none. */
static const char *other_variants(struct arena *arena, const struct emit_job *job)
{
    struct str text = {.arena = arena};

    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        for (size_t k = 0; k < job->n_unsupported; k++)
            if (strcmp(job->unsupported[k]->name, variants[i].target) == 0)
                str_addf(&text, "%s%s", text.len > 0 ? " or " : "", variants[i].condition);
    return str_text(&text);
}

void zig_add_open(struct str *out, const struct emit_job *job, const char *what)
{
    struct condition known = condition_known(out->arena, job);
    const char *others = other_variants(out->arena, job);

    str_addf(out,
             "const builtin = @import(\"builtin\");\n"
             "const arch = builtin.cpu.arch;\n"
             "const bits = @bitSizeOf(usize);\n"
             "const endian = arch.endian();\n\n"
             "comptime {\n    const is_proved = builtin.os.tag == .%s and switch (arch) {\n",
             job->spec->os);
    add_known(out, &known, WIDTH_64, "bits == 64");
    add_known(out, &known, WIDTH_32, "bits == 32");
    add_known(out, &known, WIDTH_64 | WIDTH_32, "true");
    str_add(out, "        else => false,\n    };\n");
    if (others[0] != '\0')
        str_addf(out, "    const is_other = %s;\n", others);
    str_addf(out,
             "    if (!is_proved%s)\n"
             "        @compileError(\"%s: abiproof has proved no %s for this target\");\n}\n\n",
             others[0] != '\0' ? " or is_other" : "", emit_name(job), what);
}

static void open_module(struct str *out, const struct emit_job *job)
{
    str_add(out, "\n");
    if (spec_has_syscall(job->spec))
        str_add(out, "const raw = @import(\"raw.zig\");\n");
    zig_add_open(out, job, "layout");
}

static const struct module zig_module = {
    .words = &zig_words,
    .add = add_item,
    .open = open_module,
    .alias = text_alias,
    .constant = text_constant,
    .cluster = zig_cluster,
    .pushed = zig_pushed,
    .record = zig_record,
    .accessors = zig_accessors,
    .view = zig_view,
    .function = text_symbol,
    .number = zig_number,
    .call = zig_call,
    .asserts = zig_asserts,
    .proof = add_proof,
};

static void emit_module(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    if (!module_can_be_expressed(job, &zig_words, files->arena, diag))
        return;
    module_emit(
        emit_start(files, arena_printf(files->arena, "bindings/zig/%s.zig", emit_name(job))), job,
        &zig_module);
}

/* ---- the package ---- */

static void emit_package(struct emit_files *files, const struct targets *targets,
                         const struct emit_job *jobs, size_t n_jobs)
{
    if (n_jobs == 0)
        return;
    zig_raw_emit(files, targets, jobs[0].language);
    struct str *out = emit_start(files, "bindings/zig/root.zig");
    str_add(out,
            "// Generated by abiproof gen; do not edit.\n"
            "//! Bindings of the kernel, each proved against its headers. No code of others.\n\n"
            "pub const raw = @import(\"raw.zig\");\n");
    for (size_t i = 0; i < n_jobs; i++)
        str_addf(out, "pub const %s = @import(\"%s.zig\");\n", emit_name(&jobs[i]),
                 emit_name(&jobs[i]));
    out = emit_start(files, "bindings/zig/build.zig");
    str_add(out, "// Generated by abiproof gen; do not edit.\n"
                 "const std = @import(\"std\");\n\n"
                 "pub fn build(b: *std.Build) void {\n"
                 "    _ = b.addModule(\"abiproof_raw\", .{ .root_source_file = "
                 "b.path(\"root.zig\") });\n}\n");
    out = emit_start(files, "bindings/zig/build.zig.zon");
    str_add(out, "// Generated by abiproof gen; do not edit.\n"
                 ".{\n"
                 "    .name = .abiproof_raw,\n"
                 "    .version = \"0.1.0\",\n"
                 "    .fingerprint = 0x170cadae5ee193d8,\n"
                 "    .minimum_zig_version = \"0.15.1\",\n"
                 "    .paths = .{\"\"},\n"
                 "}\n");
}

static const char *const folders[] = {"bindings/zig/*", NULL};

const struct emitter emit_zig = {
    .name = "zig",
    .about = "Zig files, bindings/zig/*.zig",
    .is_language = true,
    .needs_words = true,
    .folders = folders,
    .emit_common = emit_package,
    .emit = emit_module,
};
