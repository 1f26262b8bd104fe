/* zig_record.c - records of a Zig binding, spelled.
 *
 * In: the members of a record on each target, as layout.h gives them. Out: a type as an expression,
 * with its accessors in it, since Zig has no other place for a method, and assertions of its layout.
 * Members that share bytes are a union of its own, as clusters.h names it. A record that the system
 * aligns more than its members would be has the alignment on its first member.
 */
#include "emit/zig.h"

#include <string.h>

#include "emit/clusters.h"

/* ---- accessors of a field modelled as words ---- */

/* A method is a function beside the type, which each branch of the type names. */
static void add_method_name(struct str *out, const struct item *item, const char *prefix,
                            const char *name)
{
    str_addf(out, "    pub const %s = %s_%s%s;\n",
             words_name(out->arena, item->words, arena_printf(out->arena, "%s%s", prefix, name)),
             item->record->name, prefix, name);
}

static void add_methods(struct str *out, const struct item *item)
{
    for (unsigned i = 0; i < item->record->n_fields; i++) {
        const struct spec_field *field = &item->record->fields[i];
        if (field->as != AS_WORDS)
            continue;
        str_add(out, "\n");
        add_method_name(out, item, "", field->name);
        add_method_name(out, item, "set_", field->name);
        for (unsigned k = 0; k < field->n_views; k++) {
            add_method_name(out, item, "", field->views[k].name);
            add_method_name(out, item, "set_", field->views[k].name);
        }
    }
}

/* They are the same on all targets. */
void zig_accessors(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *record = item->record->name, *type = words_record(out->arena, item->words, record);
    const char *name = item->field->name;

    (void)on;
    str_addf(out,
             "\n/// The whole of `%s`: %s.\nfn %s_%s(self: *const %s) u64 {\n"
             "    return @as(u64, self.%s_hi) << 32 | self.%s_lo;\n}\n\n"
             "/// Sets it.\nfn %s_set_%s(self: *%s, value: u64) void {\n"
             "    self.%s_lo = @truncate(value);\n    self.%s_hi = @truncate(value >> 32);\n}\n",
             name, words_doc(out->arena, item->words, item->field->doc), record, name, type, name,
             name, record, name, type, name, name);
}

static bool is_pointer(const struct item *item)
{
    return strchr(item->view->type, '*') != NULL;
}

/* True if the view is the upper half of the field: the first 32 bits in memory, where a C union
 * would put an int. */
static bool is_upper(const struct emit_on *on, const struct item *item)
{
    return strcmp(on->target->endian, "big") == 0 && !(is_pointer(item) && on->target->bits == 64);
}

/* What a view reads. */
void zig_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *half = is_upper(on, item) ? "_hi" : "_lo";

    str_addf(out, "self.%s%s", item->field->name,
             is_pointer(item) && on->target->bits == 64 ? "()" : half);
}

static void text_set(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *value = is_pointer(item) ? "@intFromPtr(value)" : "@as(u32, @bitCast(value))";

    if (is_upper(on, item))
        str_addf(out, "@as(u64, %s) << 32", value);
    else
        str_add(out, value);
}

void zig_add_view(struct str *out, const struct emit_job *job, const struct item *item)
{
    struct arena *arena = out->arena;
    const char *record = item->record->name, *name = item->view->name;
    const char *self = words_record(arena, item->words, record);
    const char *type = words_call_type(arena, item->words, item->spec, item->view->type);
    const char *get =
        arena_printf(arena, "    return %s(", is_pointer(item) ? "@ptrFromInt" : "@bitCast");

    str_addf(out, "\n/// `%s` as %s: %s.\nfn %s_%s(self: *const %s) %s {\n", item->field->name,
             name, words_doc(arena, item->words, item->view->doc), record, name, self, type);
    zig_add_value(out, job, get, zig_view, item, ");\n}\n", "");
    str_addf(out, "\n/// Sets it.\nfn %s_set_%s(self: *%s, value: %s) void {\n", record, name, self,
             type);
    zig_add_value(out, job, arena_printf(arena, "    self.set_%s(", item->field->name), text_set,
                  item, ");\n}\n", "");
}

/* ---- records ---- */

/* align: the alignment that the declaration gives the member, 0 for its type's. */
static void add_typed(struct str *out, const struct item *item, const struct layout_member *member,
                      const char *type, int64_t align)
{
    str_addf(out, "    /// at %lld: %s\n    %s: %s", (long long)member->offset_bytes,
             words_doc(out->arena, item->words, member->doc),
             words_name(out->arena, item->words, member->name), type);
    if (align > 0)
        str_addf(out, " align(%lld)", (long long)align);
    str_add(out, ",\n");
}

static void add_member(struct str *out, const struct item *item, const struct layout_member *member,
                       int64_t align)
{
    add_typed(out, item, member, words_type(out->arena, item->words, &member->type), align);
}

void zig_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);
    int64_t align = layout.align > layout.member_align ? layout.align : 0;

    str_addf(out,
             "extern %s {\n    // %lld bytes; the system aligns it to %lld, this declaration to "
             "%lld.\n\n",
             layout.is_union ? "union" : "struct", (long long)layout.size_bytes,
             (long long)layout.system_align, (long long)layout.align);
    for (size_t i = 0; i < layout.n; i = cluster_next(&layout, i)) {
        if (cluster_is(&layout, i)) {
            struct layout_member shared = layout.members[i];
            shared.name = cluster_member(arena, &layout, i);
            shared.doc = "what shares these bytes";
            add_typed(out, item, &shared, cluster_type(arena, item->words, &layout, i), align);
        } else {
            add_member(out, item, &layout.members[i], align);
        }
        align = 0;
    }
    add_methods(out, item);
    str_add(out, "}");
}

void zig_cluster(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    size_t first = cluster_of(&layout, item);

    if (first == layout.n)
        return;
    str_add(out, "extern union {\n");
    for (size_t i = first; i < layout_cluster_end(&layout, first); i++) {
        const char *pushed = cluster_pushed(out->arena, item->words, &layout, first, i);
        if (pushed != NULL)
            add_typed(out, item, &layout.members[i], pushed, 0);
        else
            add_member(out, item, &layout.members[i], 0);
    }
    str_add(out, "}");
}

void zig_pushed(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    size_t i = cluster_pushed_of(&layout, item);

    if (i == layout.n)
        return;
    str_addf(out, "extern struct {\n    /// what comes before it\n    before: [%lld]u8,\n",
             (long long)(layout.members[i].offset_bytes - item->cluster));
    add_member(out, item, &layout.members[i], 0);
    str_add(out, "}");
}

/* ---- assertions ---- */

static void add_assert(struct str *out, const char *got, int64_t expected, const char *what)
{
    str_addf(out, "        if (%s != %lld) @compileError(\"%s: expected %lld\");\n", got,
             (long long)expected, what, (long long)expected);
}

/* Where a member lies, as the compiler computes it: a member of a union lies where the union does. */
static const char *offset_of(struct arena *arena, const struct item *item,
                             const struct layout *layout, size_t first, size_t i)
{
    const char *record = words_record(arena, item->words, layout->record->name);
    const char *name = layout->members[i].name;
    const char *pushed = cluster_pushed(arena, item->words, layout, first, i);
    const char *offset =
        arena_printf(arena, "@offsetOf(%s, \"%s\")", record,
                     cluster_is(layout, first) ? cluster_member(arena, layout, first) : name);

    return pushed == NULL || layout->is_union
               ? offset
               : arena_printf(arena, "%s + @offsetOf(%s, \"%s\")", offset, pushed, name);
}

void zig_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);
    const char *name = layout.record->name, *type = words_record(arena, item->words, name);

    str_add(out, "{\n");
    add_assert(out, arena_printf(arena, "@sizeOf(%s)", type), layout.size_bytes,
               arena_printf(arena, "size of %s", name));
    add_assert(out, arena_printf(arena, "@alignOf(%s)", type), layout.align,
               arena_printf(arena, "alignment of %s", name));
    for (size_t first = 0; first < layout.n && !layout.is_union;
         first = layout_cluster_end(&layout, first))
        for (size_t i = first; i < layout_cluster_end(&layout, first); i++)
            add_assert(out, offset_of(arena, item, &layout, first, i),
                       layout.members[i].offset_bytes,
                       arena_printf(arena, "offset of %s.%s", name, layout.members[i].name));
    str_add(out, "    }");
}

void zig_add_asserts(struct str *out, const struct emit_job *job, const struct item *item)
{
    branches_add_value(out, item->words, job, "comptime {\n    ", zig_asserts, item, "\n}\n\n",
                       "{}");
}
