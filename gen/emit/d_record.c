/* d_record.c - records of a D binding, spelled.
 *
 * In: the members of a record on each target, as layout.h gives them. Out: a struct or union with
 * its accessors as methods, and assertions of its layout. Members that share bytes are a union
 * without a name.
 */
#include "emit/d.h"

#include <string.h>

/* ---- members ---- */

static void add_member(struct str *out, const struct item *item, const struct layout_member *member,
                       const char *indent)
{
    str_addf(out, "%s/// at %lld: %s\n%s%s %s;\n", indent, (long long)member->offset_bytes,
             words_doc(out->arena, item->words, member->doc), indent,
             words_type(out->arena, item->words, &member->type),
             words_name(out->arena, item->words, member->name));
}

/* Members from `first` up to `end` share bytes. One that starts later is pushed to its place. */
static void add_union(struct str *out, const struct item *item, const struct layout_member *first,
                      const struct layout_member *end)
{
    str_add(out, "    union\n    {\n");
    for (const struct layout_member *member = first; member < end; member++) {
        if (member->offset_bytes == first->offset_bytes) {
            add_member(out, item, member, "        ");
            continue;
        }
        str_addf(out, "        struct\n        {\n            ubyte[%lld] before_%s;\n",
                 (long long)(member->offset_bytes - first->offset_bytes), member->name);
        add_member(out, item, member, "            ");
        str_add(out, "        }\n");
    }
    str_add(out, "    }\n");
}

/* ---- accessors of a field modelled as words ---- */

/* The first 32 bits in memory: where a C union would put an int. */
static void add_view(struct str *out, const struct emit_on *on, const struct item *item,
                     const struct spec_view *view)
{
    const char *field = item->field->name;
    const char *type = words_call_type(out->arena, item->words, item->spec, view->type);
    bool is_pointer = strchr(view->type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    const char *first = is_little ? "lo" : "hi", *second = is_little ? "hi" : "lo";
    const char *through = is_pointer ? "cast(size_t) " : "";

    str_addf(out, "    /// `%s` as %s: %s.\n    %s %s() const\n    {\n", field, view->name,
             words_doc(out->arena, item->words, view->doc), type,
             words_name(out->arena, item->words, view->name));
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "        return cast(%s) %s%s();\n", type, through, field);
    else
        str_addf(out, "        return cast(%s) %s%s_%s;\n", type, through, field, first);
    str_addf(out, "    }\n    /// Sets it.\n    void set_%s(%s value)\n    {\n", view->name, type);
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "        set_%s(%svalue);\n", field, through);
    else
        str_addf(out, "        %s_%s = cast(uint) %svalue;\n        %s_%s = 0;\n", field, first,
                 through, field, second);
    str_add(out, "    }\n");
}

static void add_accessors(struct str *out, const struct emit_on *on, const struct item *item)
{
    const char *name = item->field->name;

    str_addf(
        out,
        "\n    pure nothrow @nogc:\n    /// The whole of `%s`: %s.\n    ulong %s() const\n    {\n"
        "        return cast(ulong) %s_hi << 32 | %s_lo;\n    }\n"
        "    /// Sets it.\n    void set_%s(ulong value)\n    {\n"
        "        %s_lo = cast(uint) value;\n        %s_hi = cast(uint) (value >> 32);\n    }\n",
        name, words_doc(out->arena, item->words, item->field->doc),
        words_name(out->arena, item->words, name), name, name, name, name, name);
    for (unsigned i = 0; i < item->field->n_views; i++)
        add_view(out, on, item, &item->field->views[i]);
}

/* ---- records ---- */

void d_record(struct str *out, const struct emit_on *on, const void *context)
{
    struct item item = *(const struct item *)context;
    struct layout layout = layout_make(out->arena, on, item.spec, item.record);

    item_add_record_doc(out, &item, &layout, "/// ");
    if (layout.align > layout.member_align)
        str_addf(out, "align(%lld) ", (long long)layout.align);
    str_addf(out, "%s %s\n{\n", layout.is_union ? "union" : "struct",
             words_record(out->arena, item.words, layout.record->name));
    for (size_t i = 0, end; i < layout.n; i = end) {
        end = layout.is_union ? i + 1 : layout_cluster_end(&layout, i);
        if (end == i + 1)
            add_member(out, &item, &layout.members[i], "    ");
        else
            add_union(out, &item, &layout.members[i], &layout.members[end]);
    }
    for (unsigned i = 0; i < item.record->n_fields; i++) {
        item.field = &item.record->fields[i];
        if (item.field->as == AS_WORDS)
            add_accessors(out, on, &item);
    }
    str_add(out, "}\n");
}

void d_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    const char *name = words_record(out->arena, item->words, layout.record->name);

    str_addf(out,
             "static assert(%s.sizeof == %lld, \"size of %s\");\n"
             "static assert(%s.alignof == %lld, \"alignment of %s\");\n",
             name, (long long)layout.size_bytes, name, name, (long long)layout.align, name);
    for (size_t i = 0; i < layout.n; i++)
        str_addf(out, "static assert(%s.%s.offsetof == %lld, \"offset of %s.%s\");\n", name,
                 words_name(out->arena, item->words, layout.members[i].name),
                 (long long)layout.members[i].offset_bytes, name, layout.members[i].name);
}
