/* rust_record.c - records of a Rust binding, spelled.
 *
 * In: the members of a record on each target, as layout.h gives them. Out: a struct with accessors,
 * and assertions of its layout. Rust has no member without a name: members that share bytes are a
 * union of its own, as clusters.h names it.
 */
#include "emit/rust.h"

#include <string.h>

#include "emit/clusters.h"

/* ---- records ---- */

static void add_typed(struct str *out, const struct item *item, const struct layout_member *member,
                      const char *type)
{
    str_addf(out, "    /// at %lld: %s\n    pub %s: %s,\n", (long long)member->offset_bytes,
             words_doc(out->arena, item->words, member->doc),
             words_name(out->arena, item->words, member->name), type);
}

static void add_member(struct str *out, const struct item *item, const struct layout_member *member)
{
    add_typed(out, item, member, words_type(out->arena, item->words, &member->type));
}

void rust_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);

    item_add_record_doc(out, item, &layout, "/// ");
    str_addf(out, "#[repr(C%s)]\n#[derive(Clone, Copy)]\npub %s %s {\n",
             layout.align > layout.member_align
                 ? arena_printf(arena, ", align(%lld)", (long long)layout.align)
                 : "",
             layout.is_union ? "union" : "struct", layout.record->name);
    for (size_t i = 0; i < layout.n; i = cluster_next(&layout, i))
        if (cluster_is(&layout, i))
            str_addf(out, "    /// at %lld: what shares these bytes\n    pub %s: %s,\n",
                     (long long)layout.members[i].offset_bytes, cluster_member(arena, &layout, i),
                     cluster_type(arena, item->words, &layout, i));
        else
            add_member(out, item, &layout.members[i]);
    str_add(out, "}\n");
}

void rust_cluster(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    size_t first = cluster_of(&layout, item);

    if (first == layout.n)
        return;
    str_addf(out, "/// What shares the bytes of [`%s`] from %lld on.\n", layout.record->name,
             (long long)item->cluster);
    str_addf(out, "#[repr(C)]\n#[derive(Clone, Copy)]\npub union %s {\n",
             cluster_type(out->arena, item->words, &layout, first));
    for (size_t i = first; i < layout_cluster_end(&layout, first); i++) {
        const char *pushed = cluster_pushed(out->arena, item->words, &layout, first, i);
        if (pushed != NULL)
            add_typed(out, item, &layout.members[i], pushed);
        else
            add_member(out, item, &layout.members[i]);
    }
    str_add(out, "}\n");
}

void rust_pushed(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    size_t i = cluster_pushed_of(&layout, item);

    if (i == layout.n)
        return;
    str_addf(out,
             "/// Where `%s` of [`%s`] lies in it.\n#[repr(C)]\n#[derive(Clone, Copy)]\n"
             "pub struct %s {\n    /// what comes before it\n    pub before: [u8; %lld],\n",
             item->pushed, layout.record->name,
             cluster_pushed(out->arena, item->words, &layout, cluster_of(&layout, item), i),
             (long long)(layout.members[i].offset_bytes - item->cluster));
    add_member(out, item, &layout.members[i]);
    str_add(out, "}\n");
}

/* ---- assertions ---- */

/* One constant without a name, which the compiler computes wherever the module is compiled. */
void rust_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
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
                     cluster_path(out->arena, item->words, &layout, first, i),
                     (long long)layout.members[i].offset_bytes, name, layout.members[i].name);
    str_add(out, "};\n");
}

/* ---- accessors of a field modelled as words ---- */

void rust_accessors(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *name = item->field->name;

    (void)on;
    str_addf(out,
             "impl %s {\n    /// The whole of `%s`: %s.\n    #[inline]\n"
             "    pub fn %s(&self) -> u64 {\n"
             "        u64::from(self.%s_hi) << 32 | u64::from(self.%s_lo)\n    }\n"
             "    /// Sets it.\n    #[inline]\n    pub fn set_%s(&mut self, value: u64) {\n"
             "        self.%s_lo = value as u32;\n        self.%s_hi = (value >> 32) as u32;\n"
             "    }\n}\n",
             item->record->name, name, words_doc(out->arena, item->words, item->field->doc),
             words_name(out->arena, item->words, name), name, name, name, name, name);
}

/* The first 32 bits in memory: where a C union would put an int. */
void rust_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *field = item->field->name, *name = item->view->name;
    const char *type = words_call_type(out->arena, item->words, item->spec, item->view->type);
    bool is_pointer = strchr(item->view->type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    const char *first = is_little ? "lo" : "hi", *second = is_little ? "hi" : "lo";
    const char *through = is_pointer ? " as usize" : "";

    str_addf(out,
             "impl %s {\n    /// `%s` as %s: %s.\n    #[inline]\n    pub fn %s(&self) -> %s {\n",
             item->record->name, field, name, words_doc(out->arena, item->words, item->view->doc),
             words_name(out->arena, item->words, name), type);
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
