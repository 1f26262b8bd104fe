/* rust.c - bindings in Rust: bindings/rust/src/<spec>.rs.
 *
 * In: a spec and the facts of those of its targets that Rust can name. Out: one module without std
 * that needs nothing beside it, and the crate around all of them. Names are the kernel's own. Every
 * item has the attribute of its targets where they differ; rust.h says what the other files do.
 */
#include "emit/rust.h"

#include <string.h>

#include "model/calltype.h"

/* ---- types of calls ---- */

static const char *const scalars[][2] = {
    {"void", "c_void"},      {"char", "u8"},       {"int", "i32"},
    {"unsigned int", "u32"}, {"long", "isize"},    {"unsigned long", "usize"},
    {"size_t", "usize"},     {"ssize_t", "isize"}, {"int16_t", "i16"},
    {"uint16_t", "u16"},     {"int32_t", "i32"},   {"uint32_t", "u32"},
    {"int64_t", "i64"},      {"uint64_t", "u64"},
};

const char *rust_call_type(struct arena *arena, const char *text, const struct spec *spec)
{
    struct calltype type = calltype_parse(arena, text);
    const char *base = type.base;

    if (str_starts(base, "struct "))
        base += strlen("struct ");
    for (unsigned i = 0; i < spec->n_opaque; i++)
        if (strcmp(spec->opaque[i].name, base) == 0)
            base = "c_void";
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++)
        if (strcmp(scalars[i][0], base) == 0)
            base = scalars[i][1];
    return type.is_pointer ? arena_printf(arena, "*%s %s", type.is_const ? "const" : "mut", base)
                           : base;
}

void rust_params(struct str *out, const struct spec *spec, const struct spec_call *call,
                 enum spec_form form, bool is_named)
{
    const char *between = "";

    for (unsigned i = 0; i < call->n_params; i++) {
        const struct spec_param *param = &call->params[i];
        if ((param->form & form) == 0)
            continue;
        str_add(out, between);
        if (is_named)
            str_addf(out, "%s: ", rust_name(out->arena, param->name));
        str_add(out, rust_call_type(out->arena, spec_param_type(param, form), spec));
        between = ", ";
    }
}

/* ---- aliases and constants ---- */

static void text_alias(struct str *out, const struct emit_on *on, const void *context)
{
    const struct spec_alias *alias = context;
    const struct fact *fact = facts_find(on->facts, FACT_ALIAS, alias->name);
    struct layout_type type = layout_type(out->arena, fact->attr[ALIAS_TYPE], on->target);

    str_add_wrapped(out, "/// ", alias->doc, 100);
    str_addf(out, "pub type %s = %s;\n", alias->name, rust_type(out->arena, &type));
}

static bool alias_can_be_expressed(const struct emit_job *job, const struct spec_alias *alias,
                                   struct arena *arena, struct diag *diag)
{
    for (size_t i = 0; i < job->n_on; i++) {
        const char *text = facts_find(job->on[i].facts, FACT_ALIAS, alias->name)->attr[ALIAS_TYPE];
        struct layout_type type = layout_type(arena, text, job->on[i].target);
        if (rust_type(arena, &type) != NULL)
            continue;
        diag_error(diag, spec_location(job->spec, alias->name),
                   "alias '%s' has the type '%s', which Rust cannot express yet (%s)", alias->name,
                   text, job->on[i].target->name);
        return false;
    }
    return true;
}

static void text_constant(struct str *out, const struct emit_on *on, const void *context)
{
    const char *name = context;
    const struct fact *fact = facts_find(on->facts, FACT_CONSTANT, name);

    str_addf(out, "pub const %s: %s = %s;\n", name, fact->attr[CONSTANT_TYPE],
             fact->attr[CONSTANT_VALUE]);
}

static void emit_constants(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_constants; i++) {
        const struct spec_constants *group = &job->spec->constants[i];
        str_add_wrapped(out, "// ", group->doc, 100);
        for (unsigned k = 0; k < group->n_names; k++)
            rust_grouped(out, job, text_constant, group->names[k]);
        str_add(out, "\n");
    }
}

/* ---- functions ---- */

struct call_context {
    const struct spec *spec;
    const struct spec_call *call;
};

void rust_call_doc(struct str *out, const struct spec_call *call, enum spec_form form,
                   const char *indent)
{
    struct arena *arena = out->arena;

    str_add_wrapped(out, indent, call->doc, 100);
    str_addf(out, "%.*s\n", (int)strlen(indent) - 1, indent);
    for (unsigned i = 0; i < call->n_params; i++)
        if ((call->params[i].form & form) != 0)
            str_add_wrapped(
                out, indent,
                arena_printf(arena, "- `%s`: %s", call->params[i].name, call->params[i].doc), 100);
    str_add_wrapped(out, indent,
                    arena_printf(arena, "- returns %s, or %s", call->returns.doc,
                                 form == FORM_LIBRARY ? "-1 with errno set" : "-errno"),
                    100);
    str_add_wrapped(out, indent, arena_printf(arena, "- errors: %s", call->errors), 100);
    str_add_wrapped(out, indent, arena_printf(arena, "- source: %s", call->manual), 100);
}

/* A block of its own, so that an attribute is for all of it. */
static void text_function(struct str *out, const struct emit_on *on, const void *context)
{
    const struct call_context *call = context;
    const char *name = call->call->name;
    const char *type = rust_call_type(out->arena, call->call->returns.type, call->spec);
    const char *symbol = facts_find(on->facts, FACT_FUNCTION, name)->attr[FUNCTION_SYMBOL];

    str_add(out, "extern \"C\" {\n");
    rust_call_doc(out, call->call, FORM_LIBRARY, "    /// ");
    if (strcmp(symbol, name) != 0)
        str_addf(out, "    #[link_name = \"%s\"]\n", symbol);
    str_addf(out, "    pub fn %s(", name);
    rust_params(out, call->spec, call->call, FORM_LIBRARY, true);
    str_addf(out, ")%s%s;\n}\n", strcmp(type, "c_void") != 0 ? " -> " : "",
             strcmp(type, "c_void") != 0 ? type : "");
}

static void emit_functions(struct str *out, const struct emit_job *job)
{
    for (unsigned i = 0; i < job->spec->n_calls; i++) {
        struct call_context context = {job->spec, &job->spec->calls[i]};
        if ((context.call->forms & FORM_LIBRARY) == 0)
            continue;
        rust_grouped(out, job, text_function, &context);
        str_add(out, "\n");
    }
}

/* ---- the module ---- */

static void add_unsupported(struct str *out, const struct emit_job *job)
{
    struct str text = {.arena = out->arena};

    for (size_t i = 0; i < job->n_unsupported; i++)
        str_addf(&text, "%s%s", i > 0 ? ", " : "", job->unsupported[i]->name);
    if (job->n_unsupported == 0)
        return;
    str_add(out, "//!\n");
    str_add_wrapped(out, "//! ",
                    arena_printf(out->arena,
                                 "Left out, since gen/languages.yaml has no word of "
                                 "Rust's for them: %s.",
                                 str_text(&text)),
                    100);
}

static void emit_head(struct str *out, const struct emit_job *job)
{
    const struct spec *spec = job->spec;

    str_addf(out, "// Generated by abiproof gen --spec %s; do not edit.\n", spec->name);
    str_addf(out, "//! %s. See %s.\n//!\n", spec->doc, spec->manual);
    struct str sources = {.arena = out->arena};
    for (unsigned i = 0; i < spec->n_sources; i++)
        for (unsigned k = 0; k < spec->sources[i].n_headers; k++)
            str_addf(&sources, "%s <%s>", i + k > 0 ? "," : "", spec->sources[i].headers[k]);
    str_add_wrapped(out, "//! ", arena_printf(out->arena, "From%s.", str_text(&sources)), 100);
    add_unsupported(out, job);
    str_add(out, "#![allow(non_camel_case_types, non_upper_case_globals, unused_imports)]\n\n"
                 "use core::ffi::c_void;\nuse core::mem::{align_of, size_of, MaybeUninit};\n"
                 "use core::ptr::addr_of;\n\n");
    rust_cfg_unknown(out, job);
    str_addf(out, "compile_error!(\"%s: abiproof has proved no layout for this target\");\n\n",
             spec->name);
}

static bool can_be_expressed(const struct emit_job *job, struct arena *arena, struct diag *diag)
{
    bool can = true;

    for (unsigned i = 0; i < job->spec->n_aliases && can; i++)
        can = alias_can_be_expressed(job, &job->spec->aliases[i], arena, diag);
    for (unsigned i = 0; i < job->spec->n_records && can; i++)
        can = rust_record_can_be_expressed(job, &job->spec->records[i], arena, diag);
    return can;
}

static void emit_module(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    const struct spec *spec = job->spec;

    if (!can_be_expressed(job, files->arena, diag))
        return;
    struct str *out =
        emit_start(files, arena_printf(files->arena, "bindings/rust/src/%s.rs", spec->name));
    emit_head(out, job);
    for (unsigned i = 0; i < spec->n_aliases; i++)
        rust_grouped(out, job, text_alias, &spec->aliases[i]);
    str_add(out, spec->n_aliases > 0 ? "\n" : "");
    emit_constants(out, job);
    for (unsigned i = 0; i < spec->n_records; i++)
        rust_record_emit(out, job, &spec->records[i]);
    emit_functions(out, job);
    rust_calls_emit(out, job);
    for (unsigned i = 0; i < spec->n_records; i++)
        rust_record_emit_asserts(out, job, &spec->records[i]);
    rust_proof_emit(out, job);
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
                 jobs[i].spec->name);
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
