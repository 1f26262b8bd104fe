/* rust_record.c - records of a Rust binding, spelled.
 *
 * In: the members of a record on each target, as layout.h gives them. Out: a struct with accessors,
 * and assertions of its layout. Rust has no member without a name: members that share bytes become
 * a union of its own, named after the record and the offset.
 */
#include "emit/rust.h"

#include <string.h>

#include "base/grouping.h"

const char *rust_name(struct arena *arena, const char *name)
{
    static const char *const keywords[] = {
        "abstract", "as",      "async",  "await",   "become",   "box",    "break", "const",
        "continue", "do",      "dyn",    "else",    "enum",     "extern", "false", "final",
        "fn",       "for",     "if",     "impl",    "in",       "let",    "loop",  "macro",
        "match",    "mod",     "move",   "mut",     "override", "priv",   "pub",   "ref",
        "return",   "static",  "struct", "trait",   "true",     "try",    "type",  "typeof",
        "unsafe",   "unsized", "use",    "virtual", "where",    "while",  "yield",
    };

    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (strcmp(keywords[i], name) == 0)
            return arena_printf(arena, "r#%s", name);
    return name;
}

static const char *element_type(struct arena *arena, const struct layout_type *type)
{
    switch (type->kind) {
    case LAYOUT_INTEGER:
        return arena_printf(arena, "%c%d", type->is_signed ? 'i' : 'u', type->size_bytes * 8);
    case LAYOUT_POINTER:
        return "*mut c_void";
    case LAYOUT_RECORD:
        return type->record;
    case LAYOUT_OTHER:
        break;
    }
    return NULL;
}

const char *rust_type(struct arena *arena, const struct layout_type *type)
{
    const char *text = element_type(arena, type);

    for (size_t i = type->n_bounds; i > 0 && text != NULL; i--) {
        int64_t bound = type->bounds[i - 1];
        text = arena_printf(arena, "[%s; %lld]", text,
                            (long long)(bound == LAYOUT_FLEXIBLE ? 0 : bound));
    }
    return text;
}

/* ---- records ---- */

/* The name of the union at a cluster's offset, as a type and as a member. */
static const char *cluster_type(struct arena *arena, const struct layout *layout, size_t i)
{
    return arena_printf(arena, "%s_at_%lld", layout->record->name,
                        (long long)layout->members[i].offset_bytes);
}

static const char *cluster_member(struct arena *arena, const struct layout *layout, size_t i)
{
    return arena_printf(arena, "at_%lld", (long long)layout->members[i].offset_bytes);
}

static bool is_cluster(const struct layout *layout, size_t i)
{
    return !layout->is_union && layout_cluster_end(layout, i) > i + 1;
}

static void add_member(struct str *out, const struct layout_member *member)
{
    str_addf(out, "    /// at %lld: %s\n    pub %s: %s,\n", (long long)member->offset_bytes,
             member->doc, rust_name(out->arena, member->name),
             rust_type(out->arena, &member->type));
}

static void text_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct layout_record *record = context;
    struct layout layout = layout_on(out->arena, on, record);

    str_add_wrapped(out, "/// ", record->record->doc, 100);
    str_addf(out, "///\n/// %lld bytes; the system aligns it to %lld, this declaration to %lld.\n",
             (long long)layout.size_bytes, (long long)layout.system_align, (long long)layout.align);
    str_addf(out, "#[repr(C%s)]\n#[derive(Clone, Copy)]\npub %s %s {\n",
             layout.align > layout.member_align
                 ? arena_printf(out->arena, ", align(%lld)", (long long)layout.align)
                 : "",
             layout.is_union ? "union" : "struct", layout.record->name);
    for (size_t i = 0; i < layout.n; i = layout.is_union ? i + 1 : layout_cluster_end(&layout, i))
        if (is_cluster(&layout, i))
            str_addf(out, "    /// at %lld: what shares these bytes\n    pub %s: %s,\n",
                     (long long)layout.members[i].offset_bytes,
                     cluster_member(out->arena, &layout, i), cluster_type(out->arena, &layout, i));
        else
            add_member(out, &layout.members[i]);
    str_add(out, "}\n");
}

/* ---- members that share bytes ---- */

struct cluster_context {
    struct layout_record record;
    int64_t offset_bytes;
    const char *member; /* that starts later than the union; NULL: the union itself */
};

/* The first member at the context's offset, if it shares bytes; layout->n if not. */
static size_t find_cluster(const struct layout *layout, int64_t offset_bytes)
{
    for (size_t i = 0; i < layout->n; i = layout_cluster_end(layout, i))
        if (layout->members[i].offset_bytes == offset_bytes && is_cluster(layout, i))
            return i;
    return layout->n;
}

/* The name of the struct that pushes a member to its place. */
static const char *pushed_type(struct arena *arena, const struct layout *layout, size_t first,
                               const char *member)
{
    return arena_printf(arena, "%s_%s", cluster_type(arena, layout, first), member);
}

static void text_cluster(struct str *out, const struct emit_on *on, const void *context)
{
    const struct cluster_context *cluster = context;
    struct layout layout = layout_on(out->arena, on, &cluster->record);
    size_t first = find_cluster(&layout, cluster->offset_bytes);

    if (first == layout.n)
        return;
    str_addf(out, "/// What shares the bytes of [`%s`] from %lld on.\n", layout.record->name,
             (long long)cluster->offset_bytes);
    str_addf(out, "#[repr(C)]\n#[derive(Clone, Copy)]\npub union %s {\n",
             cluster_type(out->arena, &layout, first));
    for (size_t i = first; i < layout_cluster_end(&layout, first); i++) {
        const struct layout_member *member = &layout.members[i];
        if (member->offset_bytes == cluster->offset_bytes)
            add_member(out, member);
        else
            str_addf(out, "    /// at %lld: %s\n    pub %s: %s,\n", (long long)member->offset_bytes,
                     member->doc, rust_name(out->arena, member->name),
                     pushed_type(out->arena, &layout, first, member->name));
    }
    str_add(out, "}\n");
}

static void text_pushed(struct str *out, const struct emit_on *on, const void *context)
{
    const struct cluster_context *cluster = context;
    struct layout layout = layout_on(out->arena, on, &cluster->record);
    size_t first = find_cluster(&layout, cluster->offset_bytes);
    size_t end = first < layout.n ? layout_cluster_end(&layout, first) : first;

    for (size_t i = first; i < end; i++) {
        const struct layout_member *member = &layout.members[i];
        if (strcmp(member->name, cluster->member) != 0 ||
            member->offset_bytes == cluster->offset_bytes)
            continue;
        str_addf(out,
                 "/// Where `%s` of [`%s`] lies in it.\n#[repr(C)]\n#[derive(Clone, Copy)]\n"
                 "pub struct %s {\n    /// what comes before it\n    pub before: [u8; %lld],\n",
                 member->name, layout.record->name,
                 pushed_type(out->arena, &layout, first, member->name),
                 (long long)(member->offset_bytes - cluster->offset_bytes));
        add_member(out, member);
        str_add(out, "}\n");
    }
}

/* Appends the unions of one record: all that any target has, each once. */
static void emit_clusters(struct str *out, const struct emit_job *job,
                          const struct layout_record *record)
{
    struct grouping done = {.arena = out->arena};

    for (size_t k = 0; k < job->n_on; k++) {
        struct layout layout = layout_on(out->arena, &job->on[k], record);
        for (size_t i = 0; i < layout.n; i = layout_cluster_end(&layout, i)) {
            struct cluster_context context = {*record, layout.members[i].offset_bytes, NULL};
            if (!is_cluster(&layout, i))
                continue;
            if (grouping_is_new(&done, cluster_type(out->arena, &layout, i)))
                rust_grouped(out, job, text_cluster, &context);
            for (size_t m = i; m < layout_cluster_end(&layout, i); m++) {
                context.member = layout.members[m].name;
                if (grouping_is_new(&done, pushed_type(out->arena, &layout, i, context.member)))
                    rust_grouped(out, job, text_pushed, &context);
            }
        }
    }
}

/* ---- assertions ---- */

/* The path to a member: through the union that it is in, and through what pushes it to its place. */
static const char *path_of(struct arena *arena, const struct layout *layout, size_t first, size_t i)
{
    const struct layout_member *member = &layout->members[i];
    const char *name = rust_name(arena, member->name);

    if (!is_cluster(layout, first))
        return name;
    const char *path = arena_printf(arena, "%s.%s", cluster_member(arena, layout, first), name);
    if (member->offset_bytes == layout->members[first].offset_bytes)
        return path;
    return arena_printf(arena, "%s.%s", path, name);
}

/* One constant without a name, which the compiler computes wherever the module is compiled. */
static void text_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    struct layout layout = layout_on(out->arena, on, context);
    const char *name = layout.record->name;

    str_addf(out,
             "const _: () = {\n    assert!(size_of::<%s>() == %lld, \"size of %s\");\n"
             "    assert!(align_of::<%s>() == %lld, \"alignment of %s\");\n"
             "    let record = MaybeUninit::<%s>::uninit();\n    let at = record.as_ptr();\n",
             name, (long long)layout.size_bytes, name, name, (long long)layout.align, name, name);
    for (size_t first = 0; first < layout.n; first = layout_cluster_end(&layout, first))
        for (size_t i = first; i < layout_cluster_end(&layout, first); i++)
            str_addf(out,
                     "    assert!(unsafe { addr_of!((*at).%s).cast::<u8>()"
                     ".offset_from(at.cast::<u8>()) } == %lld, \"offset of %s.%s\");\n",
                     path_of(out->arena, &layout, first, i),
                     (long long)layout.members[i].offset_bytes, name, layout.members[i].name);
    str_add(out, "};\n");
}

/* ---- accessors of a field modelled as words ---- */

struct view_context {
    const char *record;
    const struct spec_field *field;
    const struct spec_view *view;
    const struct spec *spec;
};

/* The first 32 bits in memory: where a C union would put an int. */
static void text_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct view_context *view = context;
    const char *field = view->field->name, *name = view->view->name;
    const char *type = rust_call_type(out->arena, view->view->type, view->spec);
    bool is_pointer = strchr(view->view->type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    const char *first = is_little ? "lo" : "hi", *second = is_little ? "hi" : "lo";
    const char *through = is_pointer ? " as usize" : "";

    str_addf(out,
             "impl %s {\n    /// `%s` as %s: %s.\n    #[inline]\n    pub fn %s(&self) -> %s {\n",
             view->record, field, name, view->view->doc, rust_name(out->arena, name), type);
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "        self.%s() as usize as %s\n", field, type);
    else
        str_addf(out, "        self.%s_%s%s as %s\n", field, first, through, type);
    str_addf(out,
             "    }\n    /// Sets it.\n    #[inline]\n    pub fn set_%s(&mut self, value: %s) {\n",
             name, type);
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "        self.set_%s(value as usize as u64);\n", field);
    else
        str_addf(out, "        self.%s_%s = value%s as u32;\n        self.%s_%s = 0;\n", field,
                 first, through, field, second);
    str_add(out, "    }\n}\n");
}

static void emit_accessors(struct str *out, const struct emit_job *job, const char *record,
                           const struct spec_field *field)
{
    const char *name = field->name;

    str_addf(out,
             "impl %s {\n    /// The whole of `%s`: %s.\n    #[inline]\n"
             "    pub fn %s(&self) -> u64 {\n"
             "        u64::from(self.%s_hi) << 32 | u64::from(self.%s_lo)\n    }\n"
             "    /// Sets it.\n    #[inline]\n    pub fn set_%s(&mut self, value: u64) {\n"
             "        self.%s_lo = value as u32;\n        self.%s_hi = (value >> 32) as u32;\n"
             "    }\n}\n",
             record, name, field->doc, rust_name(out->arena, name), name, name, name, name, name);
    for (unsigned i = 0; i < field->n_views; i++) {
        struct view_context context = {record, field, &field->views[i], job->spec};
        rust_grouped(out, job, text_view, &context);
    }
}

/* ---- records as a whole ---- */

/* Why Rust cannot have this member; NULL if it can. */
static const char *obstacle(struct arena *arena, const struct layout_member *member)
{
    return rust_type(arena, &member->type) != NULL
               ? NULL
               : arena_printf(arena, "has the type '%s', which Rust cannot express yet",
                              member->type.text);
}

bool rust_record_can_be_expressed(const struct emit_job *job, const struct spec_record *record,
                                  struct arena *arena, struct diag *diag)
{
    return layout_can_be_expressed(job, record, obstacle, arena, diag);
}

void rust_record_emit(struct str *out, const struct emit_job *job, const struct spec_record *record)
{
    struct layout_record context = {job->spec, record};

    emit_clusters(out, job, &context);
    rust_grouped(out, job, text_record, &context);
    for (unsigned i = 0; i < record->n_fields; i++)
        if (record->fields[i].as == AS_WORDS)
            emit_accessors(out, job, record->name, &record->fields[i]);
    str_add(out, "\n");
}

void rust_record_emit_asserts(struct str *out, const struct emit_job *job,
                              const struct spec_record *record)
{
    struct layout_record context = {job->spec, record};

    rust_grouped(out, job, text_asserts, &context);
}
