/* rust.c - bindings in Rust: bindings/rust/src/<spec>.rs.
 *
 * In: a spec and the facts of those of its targets that Rust can name. Out: one module without std
 * that needs nothing beside it but raw.rs, and the crate around all of them. Design: names are the
 * kernel's own, since Rust keeps types and functions apart; every item has the attribute of its
 * targets where they differ. rust.h says what the other files do.
 */
#include "emit/rust.h"

#include <string.h>

static const char *const keywords[] = {
    "abstract", "as",      "async",  "await",   "become",   "box",    "break", "const",
    "continue", "do",      "dyn",    "else",    "enum",     "extern", "false", "final",
    "fn",       "for",     "if",     "impl",    "in",       "let",    "loop",  "macro",
    "match",    "mod",     "move",   "mut",     "override", "priv",   "pub",   "ref",
    "return",   "static",  "struct", "trait",   "true",     "try",    "type",  "typeof",
    "unsafe",   "unsized", "use",    "virtual", "where",    "while",  "yield", NULL,
};

const struct words rust_words = {
    .title = "Rust",
    .comment = "// ",
    .doc = "/// ",
    .module_doc = "//! ",
    .null = "null",
    .sigset_size = "crate::raw::SIGSET_SIZE",
    .null_arg = "0 as $T",
    .keywords = keywords,
    .keyword = "r#$N",
    .integers = {{"u8", "u16", "u32", "u64"}, {"i8", "i16", "i32", "i64"}},
    .longs = {"usize", "isize"},
    .nothing = "c_void",
    .pointer = "*mut $T",
    .const_pointer = "*const $T",
    .array = "[$T; $N]",
    .os = "target_os = \"$N\"",
    .arch = "target_arch = \"$N\"",
    .bits = "target_pointer_width = \"$N\"",
    .endians = {"target_endian = \"little\"", "target_endian = \"big\""},
    .all = {"all(", ", ", ")"},
    .any = {"any(", ", ", ")"},
    .negation = "not($T)",
    .first = "#[cfg($T)]",
    .indent = "",
};

/* ---- items ---- */

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    words_add_doc(out, item->words, "/// ", item->alias->doc);
    str_addf(out, "pub type %s = %s;\n", item->alias->name, item_alias_type(out->arena, on, item));
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;

    str_addf(out, "pub const %s: %s = %s;\n", item->constant,
             item_constant_type(out->arena, on, item), item_constant_value(out->arena, on, item));
}

/* A block of its own, so that an attribute is for all of it. */
static void text_function(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *name = item->call->name;
    const char *type =
        words_call_type(out->arena, item->words, item->spec, item->call->returns.type);
    const char *symbol = item_symbol(on, item);
    bool has_result = strcmp(type, item->words->nothing) != 0;

    str_add(out, "extern \"C\" {\n");
    item_add_call_doc(out, item, FORM_LIBRARY, "    /// ");
    if (strcmp(symbol, name) != 0)
        str_addf(out, "    #[link_name = \"%s\"]\n", symbol);
    str_addf(out, "    pub fn %s(", name);
    item_add_params(out, item, FORM_LIBRARY, "$N: $T");
    str_addf(out, ")%s%s;\n}\n", has_result ? " -> " : "", has_result ? type : "");
}

/* ---- the module ---- */

/* The condition stands inside "not(...)", which words_known has no word for. */
void rust_add_unknown(struct str *out, const struct emit_job *job)
{
    words_add_condition(out, &rust_words, "#[cfg(not($T))]",
                        words_known(out->arena, &rust_words, job));
    str_add(out, "\n");
}

static void open_module(struct str *out, const struct emit_job *job)
{
    str_add(out, "#![allow(non_camel_case_types, non_upper_case_globals, unused_imports)]\n\n"
                 "use core::ffi::c_void;\nuse core::mem::{align_of, size_of, MaybeUninit};\n"
                 "use core::ptr::addr_of;\n\n");
    rust_add_unknown(out, job);
    str_addf(out, "compile_error!(\"%s: abiproof has proved no layout for this target\");\n\n",
             job->spec->name);
}

const struct module rust_module = {
    .words = &rust_words,
    .open = open_module,
    .alias = text_alias,
    .constant = text_constant,
    .cluster = rust_cluster,
    .pushed = rust_pushed,
    .record = rust_record,
    .accessors = rust_accessors,
    .view = rust_view,
    .function = text_function,
    .number = rust_number,
    .call = rust_call,
    .asserts = rust_asserts,
    .proof = rust_proof,
};

static void emit_module(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    if (!module_can_be_expressed(job, &rust_words, files->arena, diag))
        return;
    module_emit(
        emit_start(files, arena_printf(files->arena, "bindings/rust/src/%s.rs", emit_name(job))),
        job, &rust_module);
}

/* ---- the crate ---- */

static void emit_crate(struct emit_files *files, const struct targets *targets,
                       const struct emit_job *jobs, size_t n_jobs)
{
    if (n_jobs == 0)
        return;
    rust_raw_emit(files, targets, jobs[0].language);
    struct str *out = emit_start(files, "bindings/rust/src/lib.rs");
    str_add(out, "// Generated by abiproof gen; do not edit.\n"
                 "//! Bindings of the kernel, each proved against its headers. No std, no code of "
                 "others.\n"
                 "#![no_std]\n\n#[cfg(target_os = \"linux\")]\npub mod raw;\n");
    for (size_t i = 0; i < n_jobs; i++)
        str_addf(out, "#[cfg(target_os = \"%s\")]\npub mod %s;\n", jobs[i].spec->os,
                 emit_name(&jobs[i]));
    out = emit_start(files, "bindings/rust/Cargo.toml");
    str_add(out, "# Generated by abiproof gen; do not edit.\n"
                 "[package]\nname = \"abiproof-raw\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"
                 "rust-version = \"1.65\"\n"
                 "description = \"Raw bindings of the kernel, proved against its headers\"\n\n"
                 "[lints.rust]\nunexpected_cfgs = { level = \"warn\", check-cfg = "
                 "[\"cfg(abiproof)\"] }\n");
}

static const char *const folders[] = {"bindings/rust/src/*", "bindings/rust/Cargo.toml", NULL};

const struct emitter emit_rust = {
    .name = "rust",
    .about = "Rust modules, bindings/rust/src/*.rs",
    .is_language = true,
    .needs_words = true,
    .folders = folders,
    .emit_common = emit_crate,
    .emit = emit_module,
};
