/* split.c - fields that a binding models in other pieces than the system; see split.h.
 *
 * In: a field of the system without one of its name in the binding, or the reverse. Out: findings.
 * Names say nothing here, so bytes are compared: whatever covers all bytes of a field, and no other
 * field's, stands for it.
 */
#include "judge/split.h"

#include <string.h>

#include "base/str.h"

/* The record part of a field's name: "epoll_event." of "epoll_event.data". */
static bool same_record(const struct fact *a, const struct fact *b)
{
    const char *dot_a = strrchr(a->name, '.'), *dot_b = strrchr(b->name, '.');

    return dot_a != NULL && dot_b != NULL && dot_a - a->name == dot_b - b->name &&
           strncmp(a->name, b->name, (size_t)(dot_a - a->name)) == 0;
}

static bool is_little(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n && facts->items[i].kind == FACT_ABI; i++)
        if (facts->items[i].attr[ABI_ENDIAN] != NULL)
            return strcmp(facts->items[i].attr[ABI_ENDIAN], "little") == 0;
    return true;
}

/* The low half of a word comes first on little endian; a part that is named for a half must be it,
 * whole, and the low one without a sign, which would run into the high one. */
static void check_half(struct trial *trial, const struct fact *whole, const struct fact *part)
{
    const char *type = part->attr[FIELD_TYPE] != NULL ? part->attr[FIELD_TYPE] : "";
    bool is_low = str_glob("*_lo", part->name), is_high = str_glob("*_hi", part->name);
    int64_t offset = fact_number(whole, FIELD_OFFSET);
    int64_t size = fact_number(whole, FIELD_SIZE);
    bool is_first = is_low == is_little(trial->expected);
    int64_t want = is_first ? offset : offset + size / 2;
    struct arena *arena = trial->findings->arena;

    if (!is_low && !is_high)
        return;
    if (fact_number(part, FIELD_OFFSET) != want)
        findings_add(trial->findings, "bad-offset", SEVERITY_ERROR, part->name,
                     arena_printf(arena, "%lld", (long long)want), part->attr[FIELD_OFFSET],
                     whole->where, part->where, trial->scope);
    if (fact_number(part, FIELD_SIZE) != size / 2)
        findings_add(trial->findings, "bad-width", SEVERITY_ERROR, part->name,
                     arena_printf(arena, "%lld", (long long)(size / 2)), part->attr[FIELD_SIZE],
                     whole->where, part->where, trial->scope);
    else if (scalar_of(type).is_signed)
        findings_add(trial->findings, "bad-sign", is_low ? SEVERITY_ERROR : SEVERITY_NOTE,
                     part->name, arena_printf(arena, "u%lld", (long long)size * 4), type,
                     whole->where, part->where, trial->scope);
}

/* One field that covers all bytes of another is the same one by another name, or a view of it. */
static void check_renamed(struct trial *trial, const struct fact *whole, const struct fact *part)
{
    const char *want = whole->attr[FIELD_TYPE], *have = part->attr[FIELD_TYPE];

    if (trial->mode == JUDGE_FOREIGN && want != NULL && have != NULL &&
        !judge_is_padding(part->name) && scalar_of(want).is_integer && scalar_of(have).is_integer &&
        strcmp(want, have) != 0)
        judge_accuse(trial, "bad-sign",
                     judge_is_wide_sign(want, have) ? SEVERITY_NOTE : SEVERITY_ERROR, whole, part,
                     want, have);
}

/* True if a field is a record whose own fields are there too. In sorted facts those follow it,
 * among others whose names start with the same letters. */
static bool has_fields(const struct facts *facts, size_t index)
{
    const char *name = facts->items[index].name;
    size_t length = strlen(name);

    for (size_t i = index + 1; i < facts->n; i++) {
        const struct fact *inner = &facts->items[i];
        if (inner->kind != FACT_FIELD || strncmp(inner->name, name, length) != 0)
            return false;
        if (inner->name[length] == '.')
            return true;
    }
    return false;
}

/* True for a field of the same record; in anybody's binding also for one of a record within it, and
 * then of that record itself only its fields count. */
static bool may_stand_for(const struct trial *trial, const struct fact *whole, size_t index)
{
    const struct fact *part = &trial->got->items[index];
    size_t record = strcspn(whole->name, ".") + 1;

    if (trial->mode != JUDGE_FOREIGN)
        return same_record(whole, part);
    return strncmp(whole->name, part->name, record) == 0 && !has_fields(trial->got, index);
}

/* True if a field has bytes of [start, end). */
static bool overlaps(const struct fact *part, int64_t start, int64_t end)
{
    int64_t at = fact_number(part, FIELD_OFFSET), length = fact_number(part, FIELD_SIZE);

    return part->kind == FACT_FIELD && at >= 0 && length >= 0 && at < end && at + length > start;
}

/* Sees whether fields of `got` that stand for nothing else cover every byte of `whole` and no
 * other, as parts or as views of the same bytes, with more than padding. Describes them in `parts`.
 */
static bool is_covered(struct trial *trial, const struct fact *whole, struct str *parts)
{
    int64_t start = fact_number(whole, FIELD_OFFSET), size = fact_number(whole, FIELD_SIZE);
    bool *covered = arena_alloc(trial->findings->arena, (size_t)size + 1);
    bool is_inside = true, has_meaning = false;

    for (size_t i = 0; i < trial->got->n; i++) {
        const struct fact *part = &trial->got->items[i];
        int64_t at, length;
        if (!overlaps(part, start, start + size) || !may_stand_for(trial, whole, i) ||
            facts_find(trial->expected, FACT_FIELD, part->name) != NULL)
            continue;
        at = fact_number(part, FIELD_OFFSET);
        length = fact_number(part, FIELD_SIZE);
        is_inside = is_inside && at >= start && at + length <= start + size;
        has_meaning = has_meaning || !judge_is_padding(part->name);
        for (int64_t byte = start; byte < start + size; byte++) /* the part may be far larger */
            covered[byte - start] |= byte >= at && byte < at + length;
        trial->used[i] = true;
        if (at == start && length == size)
            check_renamed(trial, whole, part);
        str_addf(parts, "%s%s at %lld, %lld bytes", parts->len > 0 ? "; " : "",
                 strrchr(part->name, '.') + 1, (long long)at, (long long)length);
        check_half(trial, whole, part);
    }
    for (int64_t byte = 0; byte < size; byte++)
        is_inside = is_inside && covered[byte];
    return is_inside && has_meaning;
}

/* True if one name is the other's, or of a field within it. */
static bool is_within(const char *inner, const char *outer)
{
    size_t length = strlen(outer);

    return strncmp(inner, outer, length) == 0 && (inner[length] == '\0' || inner[length] == '.');
}

/* True if the system itself has other names for every byte of `whole`, as in a union, and `got` has
 * those: a binding need not have every member. */
static bool is_other_view(const struct trial *trial, const struct fact *whole)
{
    int64_t start = fact_number(whole, FIELD_OFFSET), size = fact_number(whole, FIELD_SIZE);

    for (int64_t byte = start; byte < start + size; byte++) {
        bool is_seen = false;
        for (size_t i = 0; i < trial->expected->n && !is_seen; i++) {
            const struct fact *view = &trial->expected->items[i];
            int64_t at = fact_number(view, FIELD_OFFSET);
            is_seen = view->kind == FACT_FIELD && same_record(view, whole) &&
                      !is_within(view->name, whole->name) && at <= byte &&
                      byte < at + fact_number(view, FIELD_SIZE) &&
                      facts_find(trial->got, FACT_FIELD, view->name) != NULL;
        }
        if (!is_seen)
            return false;
    }
    return size > 0;
}

void judge_split(struct trial *trial, const struct fact *whole, size_t index)
{
    struct arena *arena = trial->findings->arena;
    struct str parts = {.arena = arena};
    size_t before = trial->findings->n;

    if (whole->attr[FIELD_SIZE] == NULL || whole->attr[FIELD_OFFSET] == NULL)
        return;
    if (trial->mode == JUDGE_FOREIGN && judge_is_padding(whole->name))
        return;
    if (!is_covered(trial, whole, &parts)) {
        if (trial->mode == JUDGE_FOREIGN && parts.len == 0 && is_other_view(trial, whole))
            return; /* not compared, and so not counted as agreed */
        judge_accuse(trial, "missing-field", SEVERITY_ERROR, whole, NULL,
                     arena_printf(arena, "at %s, %s bytes", whole->attr[FIELD_OFFSET],
                                  whole->attr[FIELD_SIZE]),
                     parts.len > 0 ? str_text(&parts) : "nothing there");
    }
    if (trial->agreed != NULL && trial->findings->n == before)
        trial->agreed[index] |= fact_attrs_present(whole);
}

/* True for a field of what is padding as a whole, as Rust's MaybeUninit<[u8; 28]> has. */
static bool is_in_padding(struct arena *arena, const char *name)
{
    const char *dot = strchr(name, '.');

    while (dot != NULL && (dot = strchr(dot + 1, '.')) != NULL)
        if (judge_is_padding(arena_strndup(arena, name, (size_t)(dot - name))))
            return true;
    return false;
}

/* A field in bytes that the kernel neither reads nor writes. By its name it may be meant as
 * padding; half of a word never is. */
void judge_idle(struct trial *trial, const struct fact *got)
{
    int64_t at = fact_number(got, FIELD_OFFSET), length = fact_number(got, FIELD_SIZE);
    bool is_half = str_glob("*_lo", got->name) || str_glob("*_hi", got->name);

    if (length == 0 || is_in_padding(trial->findings->arena, got->name))
        return;
    for (size_t i = 0; i < trial->expected->n; i++) {
        const struct fact *field = &trial->expected->items[i];
        int64_t start = fact_number(field, FIELD_OFFSET), size = fact_number(field, FIELD_SIZE);
        if (field->kind == FACT_FIELD && start < at + length && at < start + size)
            return;
        if (field->kind == FACT_RECORD && at + length > fact_number(field, RECORD_SIZE))
            return; /* behind its end: the size says it */
    }
    judge_accuse(trial, "idle-field", is_half ? SEVERITY_ERROR : SEVERITY_NOTE, NULL, got,
                 "bytes that the kernel uses",
                 arena_printf(trial->findings->arena, "padding at %lld, %lld bytes", (long long)at,
                              (long long)length));
}
