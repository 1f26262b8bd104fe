/* layout_probe.c - layout probes: abi_probes/layout/<spec>.c.
 *
 * In: a spec and the facts of its targets. Out: one C file, the same for all targets, that makes
 * the target's compiler produce every fact again. It holds one probe per source of headers and one
 * for the binding; the macro PROBE_SOURCE_<name> or PROBE_BINDING picks one, because kernel and
 * libc headers cannot share a unit. No value stands in it: a probe that knew the answer could not
 * disagree.
 */
#include "emit/emit.h"

#include <string.h>

#include "model/calltype.h"

/* One probe being written: of a source, or of the binding when source is NULL. */
struct probe_text {
    struct str *out;
    const struct emit_job *job;
    const struct spec_source *source;
};

static bool is_binding(const struct probe_text *probe)
{
    return probe->source == NULL;
}

static bool is_from(const struct probe_text *probe, const char *from)
{
    return is_binding(probe) || strcmp(probe->source->name, from) == 0;
}

static bool is_first(const struct probe_text *probe)
{
    return is_binding(probe) || probe->source == &probe->job->spec->sources[0];
}

static const char *prefix(const struct probe_text *probe, const char *of_binding)
{
    return is_binding(probe) ? of_binding : "";
}

static struct calltype_view view_of(const struct probe_text *probe)
{
    return (struct calltype_view){
        .spec = probe->job->spec,
        .is_binding = is_binding(probe),
        .declares_opaque = !is_binding(probe) && probe->source->library != NULL,
    };
}

/* A fact of that name on any target: what kind of field it is does not depend on the target. */
static const struct fact *any_fact(const struct emit_job *job, enum fact_kind kind,
                                   const char *name)
{
    const struct fact *fact = NULL;

    for (size_t i = 0; i < job->n_on && fact == NULL; i++)
        fact = facts_find(job->on[i].facts, kind, name);
    return fact;
}

/* ---- rows ---- */

/* "struct raw_kevent": the record as this probe's headers spell it. */
static const char *record_type(const struct probe_text *probe, const char *record)
{
    const struct fact *fact = any_fact(probe->job, FACT_RECORD, record);

    return arena_printf(probe->out->arena, "%s %s%s",
                        fact != NULL ? fact->attr[RECORD_KIND] : "struct", prefix(probe, "raw_"),
                        record);
}

static void emit_field(struct probe_text *probe, const char *record, const char *name)
{
    const char *printed = arena_printf(probe->out->arena, "%s.%s", record, name);
    const struct fact *fact = any_fact(probe->job, FACT_FIELD, printed);
    const char *type = fact != NULL ? fact->attr[FIELD_TYPE] : "u32";
    const char *row = strstr(type, "[]") != NULL    ? "PROBE_FLEXIBLE_FIELD"
                      : strchr(type, '[') != NULL   ? "PROBE_ARRAY_FIELD"
                      : str_starts(type, "struct:") ? "PROBE_RECORD_FIELD"
                                                    : "PROBE_FIELD";

    str_addf(probe->out, "    %s(\"%s\", %s, %s", row, printed, record_type(probe, record), name);
    if (str_starts(type, "struct:"))
        str_addf(probe->out, ", \"%s\"", type);
    str_add(probe->out, ");\n");
}

static void emit_record(struct probe_text *probe, const struct spec_record *record)
{
    if (!is_from(probe, record->from))
        return;
    str_addf(probe->out, "    PROBE_RECORD(\"%s\", %s);\n", record->name,
             record_type(probe, record->name));
    for (unsigned i = 0; i < record->n_fields; i++) {
        const struct spec_field *field = &record->fields[i];
        if (!is_binding(probe) || field->as == AS_IS) {
            emit_field(probe, record->name, field->name);
        } else {
            emit_field(probe, record->name, arena_printf(probe->out->arena, "%s_lo", field->name));
            emit_field(probe, record->name, arena_printf(probe->out->arena, "%s_hi", field->name));
        }
    }
}

/* Constants of an optional header are asked of it where it is there, and of the other source where
 * it is not. */
static void emit_constants(struct probe_text *probe, const struct spec_constants *group)
{
    bool is_here = is_from(probe, group->from);
    bool is_fallback = group->fallback != NULL && is_from(probe, group->fallback);
    bool is_guarded = group->header != NULL && !is_binding(probe);

    if (!is_here && !is_fallback)
        return;
    if (is_guarded)
        str_addf(probe->out, "#if %s__has_include(<%s>)\n", is_here ? "" : "!", group->header);
    for (unsigned i = 0; i < group->n_names; i++)
        str_addf(probe->out, "    PROBE_CONSTANT(\"%s\", %s%s);\n", group->names[i],
                 prefix(probe, "RAW_"), group->names[i]);
    if (is_guarded)
        str_add(probe->out, "#endif\n");
}

static void emit_function(struct probe_text *probe, const struct spec_call *call)
{
    struct calltype_view view = view_of(probe);

    str_addf(probe->out, "    PROBE_FUNCTION(\"%s\", %s%s, ", call->name, prefix(probe, "raw_"),
             call->name);
    calltype_prototype(probe->out, call, FORM_LIBRARY, view);
    str_addf(probe->out, ",\n                   %s, ",
             calltype_spelled(probe->out->arena, call->returns.type, view));
    calltype_params(probe->out, call, FORM_LIBRARY, view);
    str_add(probe->out, ");\n");
}

/* A target that lacks the number prints nothing. */
static void emit_syscall(struct probe_text *probe, const struct spec_call *call)
{
    const char *number = arena_printf(probe->out->arena, "%s%s",
                                      is_binding(probe) ? "RAW_NR_" : "__NR_", call->name);

    str_addf(probe->out, "#ifdef %s\n", number);
    if (is_binding(probe)) {
        str_addf(probe->out, "    PROBE_SYSCALL_FN(\"%s\", %s, raw_sys_%s, ", call->name, number,
                 call->name);
        calltype_prototype(probe->out, call, FORM_SYSCALL, view_of(probe));
        str_add(probe->out, ", ");
    } else {
        str_addf(probe->out, "    PROBE_SYSCALL(\"%s\", %s, ", call->name, number);
    }
    calltype_params(probe->out, call, FORM_SYSCALL, view_of(probe));
    str_add(probe->out, ");\n#endif\n");
}

/* Function declarations are in the source that names a library, and in the binding. */
static bool has_functions(const struct probe_text *probe)
{
    return is_binding(probe) || probe->source->library != NULL;
}

static void emit_calls(struct probe_text *probe)
{
    const struct spec *spec = probe->job->spec;

    for (unsigned i = 0; i < spec->n_calls; i++) {
        const struct spec_call *call = &spec->calls[i];
        if ((call->forms & FORM_LIBRARY) != 0 && has_functions(probe))
            emit_function(probe, call);
        if ((call->forms & FORM_SYSCALL) != 0 && is_first(probe))
            emit_syscall(probe, call);
    }
}

/* ---- the file ---- */

static void emit_includes(struct probe_text *probe)
{
    if (is_binding(probe)) {
        str_addf(probe->out, "#include \"%s.h\"\n", probe->job->spec->name);
        return;
    }
    for (unsigned i = 0; i < probe->source->n_headers; i++) {
        const char *header = probe->source->headers[i];
        bool is_optional = spec_header_is_optional(probe->source, header);
        if (is_optional)
            str_addf(probe->out, "#if __has_include(<%s>)\n", header);
        str_addf(probe->out, "#include <%s>\n", header);
        if (is_optional)
            str_add(probe->out, "#endif\n");
    }
}

/* The symbols that functions may link to, on all targets. */
static void emit_symbols(struct probe_text *probe)
{
    const struct spec *spec = probe->job->spec;

    if (!has_functions(probe))
        return;
    for (unsigned i = 0; i < spec->n_calls; i++) {
        const struct fact *fact = any_fact(probe->job, FACT_FUNCTION, spec->calls[i].name);
        if (fact != NULL)
            str_addf(probe->out, "PROBE_SYMBOL(\"%s\");\n", fact->attr[FUNCTION_SYMBOL]);
    }
    str_add(probe->out, "\n");
}

static void emit_one(struct str *out, const struct emit_job *job, const struct spec_source *source)
{
    struct probe_text probe = {out, job, source};
    const struct spec *spec = job->spec;

    emit_includes(&probe);
    str_add(out, "\n");
    emit_symbols(&probe);
    str_add(out, "void probe_main(void)\n{\n    PROBE_ABI(PROBE_TARGET);\n");
    for (unsigned i = 0; i < spec->n_aliases; i++)
        if (is_from(&probe, spec->aliases[i].from))
            str_addf(out, "    PROBE_ALIAS(\"%s\", %s%s);\n", spec->aliases[i].name,
                     prefix(&probe, "raw_"), spec->aliases[i].name);
    for (unsigned i = 0; i < spec->n_records; i++)
        emit_record(&probe, &spec->records[i]);
    for (unsigned i = 0; i < spec->n_constants; i++)
        emit_constants(&probe, &spec->constants[i]);
    emit_calls(&probe);
    str_add(out, "}\n");
}

/* Feature macros count only if they stand before the first header of all. */
static void emit_defines(struct str *out, const struct spec *spec)
{
    for (unsigned i = 0; i < spec->n_sources; i++) {
        const struct spec_source *source = &spec->sources[i];
        if (source->n_defines == 0)
            continue;
        str_addf(out, "#if defined(PROBE_SOURCE_%s)\n", source->name);
        for (unsigned k = 0; k < source->n_defines; k++)
            str_addf(out, "%s\n", spec_define(out->arena, source->defines[k]));
        str_add(out, "#endif\n");
    }
}

static void emit_layout(struct emit_files *files, const struct emit_job *job, struct diag *diag)
{
    const struct spec *spec = job->spec;
    struct str *out =
        emit_start(files, arena_printf(files->arena, "abi_probes/layout/%s.c", spec->name));

    (void)diag;
    str_addf(out, "/* Generated by abiproof gen --spec %s; do not edit.\n", spec->name);
    str_addf(out, " * Prints every fact of %s as the compiler of PROBE_TARGET sees it.\n */\n",
             spec->name);
    emit_defines(out, spec);
    str_add(out, "#include \"probe.h\"\n\n");
    for (unsigned i = 0; i < spec->n_sources; i++) {
        str_addf(out, "#%sif defined(PROBE_SOURCE_%s)\n", i > 0 ? "el" : "", spec->sources[i].name);
        emit_one(out, job, &spec->sources[i]);
    }
    str_add(out, "#elif defined(PROBE_BINDING)\n");
    emit_one(out, job, NULL);
    str_add(out, "#endif\n");
}

static const char *const folders[] = {"abi_probes/layout/*", NULL};

const struct emitter emit_probe = {
    .name = "probe",
    .about = "layout probes, abi_probes/layout/*.c",
    .folders = folders,
    .emit = emit_layout,
};
