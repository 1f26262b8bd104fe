/* nim_record.c - records of a Nim binding, spelled.
 *
 * In: the members of a record on each target, as layout.h gives them. Out: an object with accessors,
 * and assertions of its layout. Nim has no member without a name: members that share bytes are a
 * union of its own, as clusters.h names it.
 */
#include "emit/nim.h"

#include <string.h>

#include "emit/clusters.h"

/* ---- records ---- */

/* Appends a member. align: that it must have beyond its own; 0: none. */
static void add_typed(struct str *out, const struct item *item, const char *name, const char *type,
                      int64_t offset, const char *doc, int64_t align)
{
    str_addf(out, "  %s*", name);
    if (align > 0)
        str_addf(out, " {.align: %lld.}", (long long)align);
    str_addf(out, ": %s ## at %lld: %s\n", type, (long long)offset,
             words_doc(out->arena, item->words, doc));
}

/* The type of a member. A flexible array has no length that Nim counts. */
static const char *type_of(struct arena *arena, const struct item *item,
                           const struct layout_member *member)
{
    struct layout_type type = member->type;

    if (type.n_bounds == 0 || type.bounds[0] != LAYOUT_FLEXIBLE)
        return words_type(arena, item->words, &type);
    type.bounds++;
    type.n_bounds--;
    return arena_printf(arena, "UncheckedArray[%s]", words_type(arena, item->words, &type));
}

static void add_member(struct str *out, const struct item *item, const struct layout_member *member,
                       int64_t align)
{
    add_typed(out, item, words_name(out->arena, item->words, member->name),
              type_of(out->arena, item, member), member->offset_bytes, member->doc, align);
}

void nim_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);

    str_addf(out, "type %s* {.shown, bycopy%s.} = object\n",
             words_record(arena, item->words, layout.record->name),
             layout.is_union ? ", union" : "");
    item_add_record_doc(out, item, &layout, "  ## ");
    for (size_t i = 0; i < layout.n; i = cluster_next(&layout, i)) {
        int64_t align = i == 0 && layout.align > layout.member_align ? layout.align : 0;
        if (cluster_is(&layout, i))
            add_typed(out, item, cluster_member(arena, &layout, i),
                      cluster_type(arena, item->words, &layout, i), layout.members[i].offset_bytes,
                      "what shares these bytes", align);
        else
            add_member(out, item, &layout.members[i], align);
    }
}

void nim_cluster(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);
    size_t first = cluster_of(&layout, item);

    if (first == layout.n)
        return;
    str_addf(out,
             "type %s* {.shown, bycopy, union.} = object\n"
             "  ## What shares the bytes of %s from %lld on.\n",
             cluster_type(arena, item->words, &layout, first),
             words_record(arena, item->words, layout.record->name), (long long)item->cluster);
    for (size_t i = first; i < layout_cluster_end(&layout, first); i++) {
        const struct layout_member *member = &layout.members[i];
        const char *pushed = cluster_pushed(arena, item->words, &layout, first, i);
        add_typed(out, item, words_name(arena, item->words, member->name),
                  pushed != NULL ? pushed : type_of(arena, item, member), member->offset_bytes,
                  member->doc, 0);
    }
}

void nim_pushed(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);
    size_t i = cluster_pushed_of(&layout, item);

    if (i == layout.n)
        return;
    str_addf(out,
             "type %s* {.shown, bycopy.} = object\n  ## Where `%s` of %s lies in it.\n"
             "  before*: array[%lld, uint8] ## what comes before it\n",
             cluster_pushed(arena, item->words, &layout, cluster_of(&layout, item), i),
             item->pushed, words_record(arena, item->words, layout.record->name),
             (long long)(layout.members[i].offset_bytes - item->cluster));
    add_member(out, item, &layout.members[i], 0);
}

/* ---- assertions ---- */

/* The sum of offsetof along the path to member i of a record: each step is in a type of its own. */
static const char *offset_of(struct arena *arena, const struct item *item,
                             const struct layout *layout, size_t first, size_t i)
{
    const char *record = words_record(arena, item->words, layout->record->name);
    const char *name = words_name(arena, item->words, layout->members[i].name);

    if (!cluster_is(layout, first))
        return arena_printf(arena, "offsetof(%s, %s)", record, name);
    const char *pushed = cluster_pushed(arena, item->words, layout, first, i);
    const char *outer = arena_printf(arena, "offsetof(%s, %s) + offsetof(%s, %s)", record,
                                     cluster_member(arena, layout, first),
                                     cluster_type(arena, item->words, layout, first), name);
    return pushed == NULL ? outer
                          : arena_printf(arena, "%s + offsetof(%s, %s)", outer, pushed, name);
}

void nim_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct layout layout = layout_make(out->arena, on, item->spec, item->record);
    const char *name = words_record(out->arena, item->words, layout.record->name);

    str_addf(out,
             "static:\n  doAssert sizeof(%s) == %lld, \"size of %s\"\n"
             "  doAssert alignof(%s) == %lld, \"alignment of %s\"\n",
             name, (long long)layout.size_bytes, name, name, (long long)layout.align, name);
    for (size_t first = 0; first < layout.n; first = layout_cluster_end(&layout, first))
        for (size_t i = first; i < layout_cluster_end(&layout, first); i++)
            str_addf(out, "  doAssert %s == %lld, \"offset of %s.%s\"\n",
                     offset_of(out->arena, item, &layout, first, i),
                     (long long)layout.members[i].offset_bytes, name, layout.members[i].name);
}

/* ---- accessors of a field modelled as words ---- */

static void add_setter(struct str *out, const struct item *item, const char *name, const char *type)
{
    str_addf(out, "proc `%s=`*(record: var %s, value: %s) {.inline.} =\n  ## Sets it.\n", name,
             words_record(out->arena, item->words, item->record->name), type);
}

void nim_accessors(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *name = item->field->name;

    (void)on;
    str_addf(out,
             "proc %s*(record: %s): uint64 {.inline.} =\n  ## The whole of `%s`: %s.\n"
             "  uint64(record.%s_hi) shl 32 or uint64(record.%s_lo)\n",
             words_name(out->arena, item->words, name),
             words_record(out->arena, item->words, item->record->name), name,
             words_doc(out->arena, item->words, item->field->doc), name, name);
    add_setter(out, item, name, "uint64");
    str_addf(out,
             "  record.%s_lo = cast[uint32](value)\n  record.%s_hi = cast[uint32](value shr 32)\n",
             name, name);
}

/* The first 32 bits in memory: where a C union would put an int. */
void nim_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    const char *field = item->field->name, *name = item->view->name;
    const char *type = words_call_type(out->arena, item->words, item->spec, item->view->type);
    bool is_pointer = strchr(item->view->type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    const char *first = is_little ? "lo" : "hi", *second = is_little ? "hi" : "lo";

    str_addf(out, "proc %s*(record: %s): %s {.inline.} =\n  ## `%s` as %s: %s.\n",
             words_name(out->arena, item->words, name),
             words_record(out->arena, item->words, item->record->name), type, field, name,
             words_doc(out->arena, item->words, item->view->doc));
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "  cast[%s](record.%s)\n", type, field);
    else
        str_addf(out, "  cast[%s](record.%s_%s)\n", type, field, first);
    add_setter(out, item, name, type);
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "  record.%s = cast[uint64](value)\n", field);
    else
        str_addf(out, "  record.%s_%s = cast[uint32](value)\n  record.%s_%s = 0\n", field, first,
                 field, second);
}
