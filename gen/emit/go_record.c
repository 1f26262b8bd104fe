/* go_record.c - records of a Go binding, spelled.
 *
 * In: the members of a record on one target, as layout.h gives them. Out: a struct, accessors as its
 * methods, and assertions that the compiler computes. Design: Go has no attribute that aligns; a
 * member of no bytes does. Where 32-bit targets align to 8 bytes, as Go itself never does, that
 * member is of the one type for which Go's compiler makes an exception, sync/atomic's.
 */
#include "emit/go.h"

#include <ctype.h>
#include <string.h>

const char *go_name(struct arena *arena, const char *name)
{
    struct str text = {.arena = arena};
    bool is_start = true;

    for (const char *at = name; *at != '\0'; at++) {
        if (*at != '_')
            str_add_char(&text, (char)(is_start ? toupper((unsigned char)*at) : *at));
        is_start = *at == '_';
    }
    return arena_strdup(arena, str_text(&text));
}

const char *go_obstacle(struct arena *arena, const struct emit_job *job)
{
    for (size_t k = 0; k < job->n_on; k++)
        for (unsigned r = 0; r < job->spec->n_records; r++) {
            const struct spec_record *record = &job->spec->records[r];
            struct layout layout = layout_make(arena, &job->on[k], job->spec, record);
            for (size_t i = 0; i < layout.n; i++)
                if (layout.is_union || layout_cluster_end(&layout, i) > i + 1)
                    return arena_printf(arena, "fields of '%s' share bytes", record->name);
                else if (layout.members[i].size_bytes == 0)
                    return arena_printf(arena, "'%s' ends with an array of no elements",
                                        record->name);
        }
    return NULL;
}

/* ---- records ---- */

/* The alignment that Go gives a member by itself. */
static int64_t own_align(const struct layout_member *member, const struct target *target)
{
    int64_t word = target->bits / 8;

    if (member->type.kind == LAYOUT_RECORD || member->align < word)
        return member->align;
    return word;
}

/* Appends the member of no bytes that aligns the record, where the others do not. */
static void add_aligner(struct str *out, const struct layout *layout, const struct target *target)
{
    int64_t align = 1;

    for (size_t i = 0; i < layout->n; i++)
        if (own_align(&layout->members[i], target) > align)
            align = own_align(&layout->members[i], target);
    if (align >= layout->align)
        return;
    if (layout->align > target->bits / 8)
        str_add(out, "\t_ [0]atomic.Uint64 // aligns the record\n");
    else
        str_addf(out, "\t_ [0]uint%lld // aligns the record\n", (long long)layout->align * 8);
}

void go_record(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);

    item_add_record_doc(out, item, &layout, "// ");
    str_addf(out, "type %s struct {\n", go_name(arena, layout.record->name));
    add_aligner(out, &layout, on->target);
    for (size_t i = 0; i < layout.n; i++)
        str_addf(out, "\t// at %lld: %s\n\t%s %s\n", (long long)layout.members[i].offset_bytes,
                 words_doc(arena, item->words, layout.members[i].doc),
                 go_name(arena, layout.members[i].name),
                 words_type(arena, item->words, &layout.members[i].type));
    str_add(out, "}\n\n");
}

/* ---- accessors of a field modelled as words ---- */

void go_accessors(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    const char *record = go_name(arena, item->record->name);
    const char *name = go_name(arena, item->field->name);

    (void)on;
    str_addf(out,
             "// %s is the whole of `%s`: %s.\nfunc (r *%s) %s() uint64 {\n"
             "\treturn uint64(r.%sHi)<<32 | uint64(r.%sLo)\n}\n\n"
             "// Set%s sets it.\nfunc (r *%s) Set%s(value uint64) {\n"
             "\tr.%sLo = uint32(value)\n\tr.%sHi = uint32(value >> 32)\n}\n\n",
             name, item->field->name, words_doc(arena, item->words, item->field->doc), record, name,
             name, name, name, record, name, name, name);
}

/* The first 32 bits in memory: where a C union would put an int. A pointer is a number: the
 * collector must not take what the kernel returns for memory of its own. */
void go_view(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    const char *record = go_name(arena, item->record->name);
    const char *field = go_name(arena, item->field->name);
    const char *name = go_name(arena, item->view->name);
    bool is_pointer = strchr(item->view->type, '*') != NULL;
    bool is_little = strcmp(on->target->endian, "little") == 0;
    const char *first = is_little ? "Lo" : "Hi", *second = is_little ? "Hi" : "Lo";
    const char *type =
        is_pointer ? "uintptr" : words_call_type(arena, item->words, item->spec, item->view->type);

    str_addf(out, "// %s is `%s` as %s: %s.\n", name, item->field->name, item->view->name,
             words_doc(arena, item->words, item->view->doc));
    if (is_pointer)
        str_add(out, "// Go's garbage collector does not see it: keep what it points to alive.\n");
    str_addf(out, "func (r *%s) %s() %s {\n", record, name, type);
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "\treturn %s(r.%s())\n}\n\n", type, field);
    else
        str_addf(out, "\treturn %s(r.%s%s)\n}\n\n", type, field, first);
    str_addf(out, "// Set%s sets it.\nfunc (r *%s) Set%s(value %s) {\n", name, record, name, type);
    if (is_pointer && on->target->bits == 64)
        str_addf(out, "\tr.Set%s(uint64(value))\n}\n\n", field);
    else
        str_addf(out, "\tr.%s%s = uint32(value)\n\tr.%s%s = 0\n}\n\n", field, first, field, second);
}

/* ---- assertions ---- */

/* Arrays of different lengths are different types, and the compiler prints both. */
static void add_assert(struct str *out, int64_t expected, const char *what)
{
    str_addf(out, "var _ [%lld]byte = [%s]byte{}\n", (long long)expected, what);
}

void go_asserts(struct str *out, const struct emit_on *on, const void *context)
{
    const struct item *item = context;
    struct arena *arena = out->arena;
    struct layout layout = layout_make(arena, on, item->spec, item->record);
    const char *name = go_name(arena, layout.record->name);

    str_addf(out, "// Size, alignment and offsets of %s.\n", name);
    add_assert(out, layout.size_bytes, arena_printf(arena, "unsafe.Sizeof(%s{})", name));
    add_assert(out, layout.align, arena_printf(arena, "unsafe.Alignof(%s{})", name));
    for (size_t i = 0; i < layout.n; i++)
        add_assert(out, layout.members[i].offset_bytes,
                   arena_printf(arena, "unsafe.Offsetof(%s{}.%s)", name,
                                go_name(arena, layout.members[i].name)));
    str_add(out, "\n");
}
