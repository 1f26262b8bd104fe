/* show.c - see show.h.
 *
 * In: facts of a record. Out: a picture. Fields are put into lanes first: a field goes to the first
 * lane where its bytes are free, so a struct needs one lane and a union one per view. Then rows are
 * drawn one by one on a canvas; two sides share each row, and the higher one gives its height.
 */
#include "report/show.h"

#include <stdlib.h>
#include <string.h>

#include "report/canvas.h"

enum {
    SIDES_MAX = 2,
    BYTE_COLUMNS = 8, /* of a byte, with the border on its left */
    MARGIN = 5,       /* for the offset */
    GAP = 3,          /* between two sides */
    SIZE_MAX_DRAWN = 65536,
};

/* ---- fields in lanes ---- */

/* A field as it is drawn. */
struct drawn_part {
    const char *name; /* without the record's */
    const char *type;
    size_t start; /* bytes from the start of the record; start == end: a flexible array */
    size_t end;
    size_t lane;
};

struct picture {
    struct arena *arena;
    const char *title;
    size_t x; /* first column on the canvas */
    size_t row_bytes;
    size_t size;
    struct drawn_part *parts; /* by start */
    size_t n_parts;
    size_t n_lanes;
    size_t *by_lane;    /* numbers of parts, lane by lane; in a lane none lie on each other */
    size_t *lane_start; /* of each lane, and at n_lanes: where its numbers begin in by_lane */
    long *owners;       /* per byte that is drawn */
    const bool *marked; /* per byte; NULL: nothing is */
    struct str cut;     /* what found no room */
};

/* First byte and end of a field; false if the facts do not say. */
static bool extent_of(const struct fact *field, size_t *start, size_t *end)
{
    int64_t offset = fact_number(field, FIELD_OFFSET), size = fact_number(field, FIELD_SIZE);

    if (offset < 0)
        return false;
    if (field->attr[FIELD_BIT] != NULL) {
        char *rest;
        unsigned first = (unsigned)strtoul(field->attr[FIELD_BIT], &rest, 10);
        unsigned count = *rest == ':' ? (unsigned)strtoul(rest + 1, NULL, 10) : 0;
        *start = (size_t)offset + first / 8;
        *end = (size_t)offset + (first + count + 7) / 8;
    } else {
        *start = (size_t)offset;
        *end = *start + (size > 0 ? (size_t)size : 0);
    }
    return true;
}

static int by_start(const void *a, const void *b)
{
    const struct drawn_part *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end > y->end ? -1 : 1;
    return strcmp(x->name, y->name);
}

static void assign_lanes(struct picture *picture)
{
    size_t *ends = arena_alloc(picture->arena, (picture->n_parts + 1) * sizeof *ends);

    for (size_t i = 0; i < picture->n_parts; i++) {
        struct drawn_part *part = &picture->parts[i];
        while (part->lane < picture->n_lanes && ends[part->lane] > part->start)
            part->lane++;
        if (part->lane == picture->n_lanes)
            picture->n_lanes++;
        ends[part->lane] = part->end;
    }
}

/* Who has a byte in the first lane: a field, by its number, padding, a field of another lane only,
 * or nobody because the record has ended. Neighbours of one owner have no border between them. */
enum { OWNER_END = -1, OWNER_PADDING = -2, OWNER_OTHER = -3 };

static void list_lanes(struct picture *picture)
{
    size_t n = 0, *counts = arena_alloc(picture->arena, (picture->n_lanes + 1) * sizeof *counts);

    picture->by_lane = arena_alloc(picture->arena, (picture->n_parts + 1) * sizeof n);
    picture->lane_start = arena_alloc(picture->arena, (picture->n_lanes + 1) * sizeof n);
    for (size_t i = 0; i < picture->n_parts; i++)
        counts[picture->parts[i].lane]++;
    for (size_t lane = 0; lane <= picture->n_lanes; lane++) {
        picture->lane_start[lane] = n;
        n += counts[lane];
        counts[lane] = picture->lane_start[lane];
    }
    for (size_t i = 0; i < picture->n_parts; i++)
        picture->by_lane[counts[picture->parts[i].lane]++] = i;
}

static void find_owners(struct picture *picture)
{
    size_t n = picture->size < SIZE_MAX_DRAWN ? picture->size : SIZE_MAX_DRAWN, reached = 0;

    picture->owners = arena_alloc(picture->arena, (n + 1) * sizeof *picture->owners);
    for (size_t byte = 0; byte < n; byte++)
        picture->owners[byte] = OWNER_PADDING;
    for (size_t i = 0; i < picture->n_parts; i++) {
        const struct drawn_part *part = &picture->parts[i];
        size_t end = part->end < n ? part->end : n;
        size_t byte = part->lane > 0 && reached > part->start ? reached : part->start;
        for (; byte < end; byte++)
            if (part->lane == 0)
                picture->owners[byte] = (long)i;
            else if (picture->owners[byte] == OWNER_PADDING)
                picture->owners[byte] = OWNER_OTHER;
        reached = end > reached ? end : reached;
    }
}

static struct picture picture_of(struct arena *arena, const struct show_side *side, size_t x,
                                 size_t row_bytes)
{
    struct picture picture = {.arena = arena, .title = side->title, .x = x, .row_bytes = row_bytes};
    const struct fact *record = facts_find(side->facts, FACT_RECORD, side->record);

    picture.cut.arena = arena;
    if (record != NULL && fact_number(record, RECORD_SIZE) > 0)
        picture.size = (size_t)fact_number(record, RECORD_SIZE);
    const char *name;
    for (const struct fact *fact = facts_next_field(side->facts, side->record, NULL, &name);
         fact != NULL; fact = facts_next_field(side->facts, side->record, fact, &name)) {
        struct drawn_part part = {
            .name = name, .type = fact->attr[FIELD_TYPE] != NULL ? fact->attr[FIELD_TYPE] : ""};
        /* A struct or union whose fields are facts of their own is not drawn itself. */
        if (facts_next_field(side->facts, fact->name, NULL, NULL) != NULL ||
            !extent_of(fact, &part.start, &part.end))
            continue;
        if (fact->attr[FIELD_BIT] != NULL)
            part.type = arena_printf(arena, "%s bit %s", part.type, fact->attr[FIELD_BIT]);
        ARENA_PUSH(arena, picture.parts, picture.n_parts, part);
        if (part.end > picture.size)
            picture.size = part.end;
    }
    if (picture.n_parts > 0)
        qsort(picture.parts, picture.n_parts, sizeof *picture.parts, by_start);
    assign_lanes(&picture);
    list_lanes(&picture);
    find_owners(&picture);
    return picture;
}

/* ---- one row of one side ---- */

static long owner_of(const struct picture *picture, size_t byte)
{
    return byte < picture->size ? picture->owners[byte] : OWNER_END;
}

static size_t column_of(const struct picture *picture, size_t byte_of_row)
{
    return picture->x + MARGIN + byte_of_row * BYTE_COLUMNS;
}

/* Where the parts of a lane that have bytes in the row begin in by_lane, or else those behind it.
 * */
static size_t first_in_row(const struct picture *picture, size_t lane, size_t row)
{
    size_t low = picture->lane_start[lane], high = picture->lane_start[lane + 1];

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct drawn_part *part = &picture->parts[picture->by_lane[middle]];
        if (part->start < row * picture->row_bytes && part->end <= row * picture->row_bytes)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool starts_in_row(const struct picture *picture, size_t lane, size_t row)
{
    for (size_t k = first_in_row(picture, lane, row); k < picture->lane_start[lane + 1]; k++) {
        const struct drawn_part *part = &picture->parts[picture->by_lane[k]];
        if (part->start / picture->row_bytes > row)
            return false;
        if (part->start / picture->row_bytes == row && part->end > part->start)
            return true;
    }
    return false;
}

static bool has_row(const struct picture *picture, size_t row)
{
    return row * picture->row_bytes < picture->size;
}

static bool has_marks(const struct picture *picture, size_t row)
{
    for (size_t i = row * picture->row_bytes;
         picture->marked != NULL && i < (row + 1) * picture->row_bytes && i < picture->size; i++)
        if (picture->marked[i])
            return true;
    return false;
}

/* Lines that a row needs between its borders. */
static size_t height_of(const struct picture *picture, size_t row)
{
    size_t height = 1;

    if (!has_row(picture, row))
        return 0;
    for (size_t lane = 1; lane < picture->n_lanes; lane++)
        height += starts_in_row(picture, lane, row);
    return height + has_marks(picture, row);
}

static size_t rows_of(const struct picture *picture)
{
    return (picture->size + picture->row_bytes - 1) / picture->row_bytes;
}

/* True for a row in the middle of one field, with nothing new in it, or past the end. */
static bool is_uniform(const struct picture *picture, size_t row)
{
    size_t first = (row - 1) * picture->row_bytes, last = (row + 2) * picture->row_bytes - 1;

    if (!has_row(picture, row))
        return row > rows_of(picture);
    for (size_t byte = first; byte <= last; byte++)
        if (owner_of(picture, byte) != owner_of(picture, first))
            return false;
    return height_of(picture, row) == 1;
}

static const char *label_of(struct picture *picture, const struct drawn_part *part, size_t room)
{
    const char *full = part->type[0] != '\0'
                           ? arena_printf(picture->arena, "%s %s", part->name, part->type)
                           : part->name;
    const char *label = full;

    if (strlen(full) <= room)
        return label;
    label = strlen(part->name) <= room
                ? part->name
                : arena_printf(picture->arena, "%.*s~", (int)room - 1, part->name);
    str_addf(&picture->cut, "%s%s at %zu", picture->cut.len > 0 ? ", " : "", full, part->start);
    return label;
}

/* Draws the part of a field that lies in the row, and its name where that starts. */
static void draw_part(struct canvas *canvas, size_t y, struct picture *picture,
                      const struct drawn_part *part, size_t row)
{
    size_t first = row * picture->row_bytes, end = first + picture->row_bytes;
    size_t from = part->start > first ? part->start : first, to = part->end < end ? part->end : end;
    size_t left = column_of(picture, from - first), right = column_of(picture, to - first);
    size_t room = right - left - 2;

    canvas_fill(canvas, y, left, '|', 1, INK_NONE);
    canvas_fill(canvas, y, right, '|', 1, INK_NONE);
    if (part->start >= first)
        canvas_put(canvas, y, left + 2, label_of(picture, part, room), room,
                   picture->marked != NULL && picture->marked[part->start] ? INK_MARK : INK_NONE);
    else if (part->lane == 0 && part->start % picture->row_bytes != 0 &&
             part->start / picture->row_bytes + 1 == row && strlen(part->name) + 2 <= room)
        canvas_put(canvas, y, left + 2, arena_printf(picture->arena, "(%s)", part->name), room,
                   INK_NONE);
}

static void draw_padding(struct canvas *canvas, size_t y, const struct picture *picture, size_t row)
{
    size_t first = row * picture->row_bytes;

    for (size_t i = 0; i < picture->row_bytes; i++) {
        long owner = owner_of(picture, first + i);
        bool goes_on = i > 0 && owner_of(picture, first + i - 1) == OWNER_PADDING;
        size_t x = column_of(picture, i);
        if (owner != OWNER_PADDING)
            continue;
        canvas_fill(canvas, y, x, goes_on ? '.' : '|', 1, goes_on ? INK_FAINT : INK_NONE);
        canvas_fill(canvas, y, x + 1, '.', BYTE_COLUMNS - 1, INK_FAINT);
        canvas_fill(canvas, y, x + BYTE_COLUMNS, '|', 1, INK_NONE);
    }
}

/* Draws the lines of a row between its borders, `height` of them. */
static void draw_row(struct canvas *canvas, size_t y, struct picture *picture, size_t row,
                     size_t height)
{
    size_t first = row * picture->row_bytes, used = 0;
    size_t n =
        picture->size - first < picture->row_bytes ? picture->size - first : picture->row_bytes;

    canvas_put(canvas, y, picture->x, arena_printf(picture->arena, "%*zu", MARGIN - 1, first),
               MARGIN, INK_NONE);
    for (size_t i = 0; i < height; i++) {
        canvas_fill(canvas, y + i, column_of(picture, 0), '|', 1, INK_NONE);
        canvas_fill(canvas, y + i, column_of(picture, n), '|', 1, INK_NONE);
    }
    draw_padding(canvas, y, picture, row);
    for (size_t lane = 0; lane < picture->n_lanes; lane++) {
        if (lane > 0 && !starts_in_row(picture, lane, row))
            continue;
        for (size_t k = first_in_row(picture, lane, row); k < picture->lane_start[lane + 1]; k++) {
            const struct drawn_part *part = &picture->parts[picture->by_lane[k]];
            if (part->start >= first + n)
                break;
            if (part->end > first)
                draw_part(canvas, y + used, picture, part, row);
        }
        used++;
    }
    for (size_t i = 0; i < n && picture->marked != NULL; i++)
        if (picture->marked[first + i])
            canvas_fill(canvas, y + height - 1, column_of(picture, i) + 1, '^', BYTE_COLUMNS - 1,
                        INK_MARK);
}

/* Draws the flexible array below the record's end, open downward. */
static void draw_flexible(struct canvas *canvas, size_t y, struct picture *picture)
{
    size_t left = column_of(picture, 0), right = column_of(picture, picture->row_bytes);

    for (size_t i = 0; i < picture->n_parts; i++) {
        const struct drawn_part *part = &picture->parts[i];
        if (part->start != part->end)
            continue;
        canvas_put(canvas, y, picture->x,
                   arena_printf(picture->arena, "%*zu", MARGIN - 1, part->start), MARGIN, INK_NONE);
        canvas_fill(canvas, y, left, ':', 1, INK_NONE);
        canvas_fill(canvas, y, right, ':', 1, INK_NONE);
        canvas_put(canvas, y, left + 2, label_of(picture, part, right - left - 2), right - left - 2,
                   INK_NONE);
    }
}

/* Draws the border above a row: none between two rows of one field, but one between two of padding,
 * which may be of different fields. */
static void draw_border(struct canvas *canvas, size_t y, struct picture *picture, size_t row)
{
    long above[2] = {OWNER_END, OWNER_END}, below[2] = {OWNER_END, OWNER_END}; /* left, right */
    bool lined[2] = {false, false};

    for (size_t i = 0; i <= picture->row_bytes; i++) {
        bool is_last = i == picture->row_bytes;
        size_t byte = row * picture->row_bytes + i, x = column_of(picture, i);
        above[1] = is_last || row == 0 ? OWNER_END : owner_of(picture, byte - picture->row_bytes);
        below[1] = is_last ? OWNER_END : owner_of(picture, byte);
        lined[1] = above[1] != below[1] || below[1] == OWNER_PADDING;
        if (lined[0] || lined[1])
            canvas_fill(
                canvas, y, x,
                !lined[0] || !lined[1] || above[0] != above[1] || below[0] != below[1] ? '+' : '-',
                1, INK_NONE);
        else if (above[0] != above[1])
            canvas_fill(canvas, y, x, '|', 1, INK_NONE);
        if (lined[1])
            canvas_fill(canvas, y, x + 1, '-', BYTE_COLUMNS - 1, INK_NONE);
        above[0] = above[1], below[0] = below[1], lined[0] = lined[1];
    }
    if (row == rows_of(picture))
        draw_flexible(canvas, y + 1, picture);
}

/* ---- a whole drawing ---- */

static size_t draw_head(struct canvas *canvas, const struct picture *pictures, size_t n)
{
    bool has_title = false;

    for (size_t i = 0; i < n; i++)
        has_title = has_title || pictures[i].title != NULL;
    for (size_t i = 0; i < n; i++) {
        if (pictures[i].title != NULL)
            canvas_put(canvas, 0, pictures[i].x + 1, pictures[i].title,
                       n > 1 ? SHOW_TITLE_COLUMNS : CANVAS_COLUMNS, INK_TITLE);
        for (size_t byte = 0; byte < pictures[i].row_bytes && byte < pictures[i].size; byte++)
            canvas_put(canvas, has_title, column_of(&pictures[i], byte) + 2,
                       arena_printf(canvas->arena, "+%zu", byte), BYTE_COLUMNS, INK_FAINT);
    }
    return (size_t)has_title + 1;
}

/* Draws a line for rows that are left out, if the side has them. */
static void draw_skipped(struct canvas *canvas, size_t y, const struct picture *picture, size_t row)
{
    if (!has_row(picture, row))
        return;
    canvas_fill(canvas, y, column_of(picture, 0), ':', 1, INK_NONE);
    canvas_fill(canvas, y, column_of(picture, picture->row_bytes), ':', 1, INK_NONE);
}

static void draw(struct str *out, struct picture *pictures, size_t n, bool is_coloured)
{
    struct canvas canvas = {.arena = out->arena};
    size_t y = draw_head(&canvas, pictures, n), n_rows = 0;

    for (size_t i = 0; i < n; i++)
        n_rows = rows_of(&pictures[i]) > n_rows ? rows_of(&pictures[i]) : n_rows;
    bool was_skipped = false;
    for (size_t row = 0; row < n_rows; row++) {
        size_t height = 0;
        bool is_skipped = row > 0;
        for (size_t i = 0; i < n; i++) {
            size_t needed = height_of(&pictures[i], row);
            height = needed > height ? needed : height;
            is_skipped = is_skipped && is_uniform(&pictures[i], row);
        }
        for (size_t i = 0; i < n && is_skipped && !was_skipped; i++)
            draw_skipped(&canvas, y, &pictures[i], row);
        y += is_skipped && !was_skipped;
        for (size_t i = 0; i < n && !is_skipped; i++) {
            if (!was_skipped)
                draw_border(&canvas, y, &pictures[i], row);
            if (has_row(&pictures[i], row))
                draw_row(&canvas, y + !was_skipped, &pictures[i], row, height);
        }
        y += is_skipped ? 0 : height + !was_skipped;
        was_skipped = is_skipped;
    }
    for (size_t i = 0; i < n; i++)
        draw_border(&canvas, y, &pictures[i], n_rows);
    canvas_print(out, &canvas, is_coloured);
}

/* Names in full what found no room in the drawing. */
static void add_cut(struct str *out, const struct picture *picture)
{
    if (picture->cut.len > 0)
        str_add_wrapped(out, "     ",
                        arena_printf(out->arena, "in full: %s", str_text(&picture->cut)), 79);
}

static void make_pictures(struct picture *pictures, struct arena *arena,
                          const struct show_side *sides, size_t n)
{
    size_t row_bytes = n > 1 ? 4 : 8;

    for (size_t i = 0; i < n; i++)
        pictures[i] = picture_of(arena, &sides[i],
                                 i * (MARGIN + row_bytes * BYTE_COLUMNS + 1 + GAP), row_bytes);
}

/* False after saying that a record has more bytes than anybody would look at. A hostile object may
 * claim any size. */
static bool can_be_drawn(struct str *out, const struct picture *pictures, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pictures[i].size > SIZE_MAX_DRAWN) {
            str_addf(out, "%zu bytes: more than %d are not drawn\n", pictures[i].size,
                     SIZE_MAX_DRAWN);
            return false;
        }
    return true;
}

/* The second side prints only what the first one has not printed. */
static void finish(struct str *out, struct picture *pictures, size_t n, bool is_coloured)
{
    struct str first = {.arena = out->arena}, second = {.arena = out->arena};

    draw(out, pictures, n, is_coloured);
    add_cut(&first, &pictures[0]);
    str_add(out, str_text(&first));
    if (n > 1) {
        add_cut(&second, &pictures[1]);
        if (strcmp(str_text(&first), str_text(&second)) != 0)
            str_add(out, str_text(&second));
    }
}

void show_sides(struct str *out, const struct show_side *sides, size_t n_sides, bool is_coloured)
{
    struct picture pictures[SIDES_MAX];

    make_pictures(pictures, out->arena, sides, n_sides);
    if (!can_be_drawn(out, pictures, n_sides))
        return;
    finish(out, pictures, n_sides, is_coloured);
}

/* ---- differences ---- */

static void mark_field(bool *marked, size_t size, const struct facts *facts, const char *name)
{
    const struct fact *field = facts_find(facts, FACT_FIELD, name);
    size_t start, end;

    if (field != NULL && extent_of(field, &start, &end))
        for (size_t byte = start; byte < end && byte < size; byte++)
            marked[byte] = true;
}

size_t show_difference(struct str *out, const struct show_side *system,
                       const struct show_side *binding, const struct findings *findings,
                       bool is_coloured)
{
    struct show_side sides[SIDES_MAX] = {*system, *binding};
    struct picture pictures[SIDES_MAX];

    make_pictures(pictures, out->arena, sides, SIDES_MAX);
    size_t least = pictures[0].size < pictures[1].size ? pictures[0].size : pictures[1].size;
    size_t most = pictures[0].size + pictures[1].size - least;
    if (!can_be_drawn(out, pictures, SIDES_MAX))
        return most - least;
    bool *marked = arena_alloc(out->arena, most + 1);
    for (size_t i = 0; i < findings->n; i++)
        for (size_t k = 0; k < SIDES_MAX && findings->items[i].severity == SEVERITY_ERROR; k++)
            mark_field(marked, most, sides[k].facts, findings->items[i].item);
    size_t n_marked = 0;
    for (size_t byte = 0; byte < most; byte++) {
        marked[byte] = marked[byte] || byte >= least;
        n_marked += marked[byte];
    }
    pictures[0].marked = pictures[1].marked = marked;
    finish(out, pictures, SIDES_MAX, is_coloured);
    return n_marked;
}
