/* record_names.c - see record_names.h.
 *
 * In: names. Out: answers. Nothing here knows how the judge reads names; the words for padding and
 * for halves are those that the explanations and the README of verify list.
 */
#include "record_names.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- one part of a name ---- */

/* In small letters without underscores. */
static void plain(char *to, size_t room, const char *from)
{
    size_t n = 0;

    for (; *from != '\0' && n + 1 < room; from++)
        if (*from != '_')
            to[n++] = (char)tolower((unsigned char)*from);
    to[n] = '\0';
}

/* Behind the first underscore that is within the part: tv_sec is sec. */
static const char *without_prefix(const char *part)
{
    const char *at = part + strspn(part, "_");
    const char *end = strchr(at, '_');

    return end != NULL && end[1] != '\0' ? end + 1 : part;
}

static bool is_padding_word(const char *part)
{
    static const char *const words[] = {"pad",  "unused", "reserved", "resv",
                                        "rsvd", "spare",  "filler"};
    char text[NODE_NAME_MAX];

    if (part[strspn(part, "_")] == '\0')
        return true;
    plain(text, sizeof text, part);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(text, words[i], strlen(words[i])) == 0)
            return true;
    /* st_pad0: behind a prefix only with a number. */
    plain(text, sizeof text, without_prefix(part));
    size_t n = strncmp(text, "pad", 3) == 0 ? strspn(text + 3, "0123456789") : 0;
    return strncmp(text, "pad", 3) == 0 && text[3 + n] == '\0';
}

static bool ends_with(const char *part, const char *word)
{
    size_t n = strlen(part), m = strlen(word);

    return n >= m && strcasecmp(part + n - m, word) == 0;
}

static enum half half_of(const char *part)
{
    if (ends_with(part, "hi") || ends_with(part, "high"))
        return HALF_HIGH;
    return ends_with(part, "lo") || ends_with(part, "low") ? HALF_LOW : HALF_NONE;
}

/* ---- names ---- */

static void append(char *to, const char *part)
{
    size_t n = strlen(to);

    plain(to + n, NODE_PATH_MAX - n, part);
}

static void make_name(struct name *name, const struct side *side, int node)
{
    memset(name, 0, sizeof *name);
    node_path(side, node, name->path);
    for (const char *from = name->path, *to; from != NULL; from = to != NULL ? to + 1 : NULL) {
        char part[NODE_PATH_MAX];
        to = strchr(from, '.');
        snprintf(part, sizeof part, "%.*s", (int)(to != NULL ? to - from : (long)strlen(from)),
                 from);
        name->is_padding = name->is_padding || is_padding_word(part);
        memcpy(name->half_bare, name->joined, sizeof name->joined);
        append(name->joined, part);
        append(name->bare, without_prefix(part));
        append(name->half_bare, without_prefix(part));
        plain(name->last, sizeof name->last, part);
        name->half = half_of(part);
    }
    name->is_leaf = node_is_leaf(side, node);
}

void names_make(struct names *names, const struct record_pair *pair)
{
    names->n_kernel = pair->kernel.n;
    names->n_binding = pair->binding.n;
    for (int i = 0; i < pair->kernel.n; i++)
        make_name(&names->kernel[i], &pair->kernel, i);
    for (int i = 0; i < pair->binding.n; i++)
        make_name(&names->binding[i], &pair->binding, i);
}

/* Cuts what says that a part is seconds: statime, atimesec and atim are the same time. */
static void cut_time(char *text)
{
    static const char *const ends[] = {"nsec", "usec", "sec", "tv", "e"};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (ends_with(text, ends[i]) && (ends[i][0] != 'e' || ends_with(text, "time")))
            text[strlen(text) - strlen(ends[i])] = '\0';
}

/* True if the shorter text, which is not empty, ends the other one. */
static bool is_end_of(const char *a, const char *b)
{
    return a[0] != '\0' && b[0] != '\0' && (ends_with(a, b) || ends_with(b, a));
}

/* The same for the start: it_key_b and it_key.b.value are one if the record has nothing else. */
static bool is_start_of(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);

    return n > 0 && m > 0 && strncmp(a, b, n < m ? n : m) == 0;
}

/* Two parts, with and without prefixes, and as times. */
static bool parts_may_agree(const char *a, const char *b)
{
    for (int form = 0; form < 8; form++) {
        char x[NODE_NAME_MAX], y[NODE_NAME_MAX];
        plain(x, sizeof x, form & 1 ? without_prefix(a) : a);
        plain(y, sizeof y, form & 2 ? without_prefix(b) : b);
        if (form & 4) {
            cut_time(x);
            cut_time(y);
        }
        if (x[0] != '\0' && strcmp(x, y) == 0)
            return true;
    }
    return false;
}

static const char *next_part(const char *path, char *part)
{
    size_t n = strcspn(path, ".");

    snprintf(part, NODE_NAME_MAX, "%.*s", (int)n, path);
    return path[n] == '.' ? path + n + 1 : NULL;
}

static bool wholes_may_agree(const struct name *a, const struct name *b)
{
    const char *const ours[] = {a->joined, a->bare, a->half_bare};
    const char *const theirs[] = {b->joined, b->bare, b->half_bare};

    for (int i = 0; i < 9; i++)
        if (is_end_of(ours[i % 3], theirs[i / 3]) || is_start_of(ours[i % 3], theirs[i / 3]))
            return true;
    return strcmp(a->path, b->path) == 0;
}

bool names_may_agree(const struct name *a, const struct name *b)
{
    char x[NODE_NAME_MAX], y[NODE_NAME_MAX];

    if (wholes_may_agree(a, b))
        return true;
    for (const char *i = a->path; i != NULL;) {
        i = next_part(i, x);
        for (const char *k = b->path; k != NULL;) {
            k = next_part(k, y);
            if (parts_may_agree(x, y))
                return true;
        }
    }
    /* it_value_sec and itv.value.tv_sec: ends of the last parts. */
    return parts_may_agree(a->last, b->last) || is_end_of(a->last, b->last);
}

bool names_surely_agree(const struct names *names, int kernel, int binding)
{
    const struct name *a = &names->kernel[kernel], *b = &names->binding[binding];

    if (strcmp(a->last, b->last) != 0 || a->is_padding || b->is_padding || a->last[0] == '\0')
        return false;
    for (int i = 0; i < names->n_kernel; i++)
        if (i != kernel && names->kernel[i].is_leaf && names_may_agree(&names->kernel[i], b))
            return false;
    for (int i = 0; i < names->n_binding; i++)
        if (i != binding && names->binding[i].is_leaf && names_may_agree(a, &names->binding[i]))
            return false;
    return true;
}

bool names_are_clear(const struct names *names)
{
    for (int i = 0; i < names->n_kernel; i++)
        for (int k = 0; k < i; k++)
            if (names->kernel[i].joined[0] == '\0' ||
                (names->kernel[k].is_padding && !names->kernel[k].is_leaf) ||
                is_end_of(names->kernel[i].joined, names->kernel[k].joined))
                return false;
    return true;
}
