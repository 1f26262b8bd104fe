/* values.c - how findings show the values of constants; see verify.h.
 *
 * In: the findings about a constant. Out: both values in the same base and width, and a request of
 * ioctl taken apart. Design: the judge compares texts, and facts have negative numbers in decimal;
 * what differs in a flag or in the size of a request is to be seen without a calculator.
 */
#include <stdlib.h>
#include <string.h>

#include "model/ioctl.h"
#include "verify/verify_private.h"

struct value {
    uint64_t bits;
    bool is_negative;
    const char *text;
};

static bool read_value(struct value *value, const char *text)
{
    char *end;

    value->text = text;
    value->is_negative = text[0] == '-';
    value->bits = value->is_negative ? (uint64_t)strtoll(text, &end, 0) : strtoull(text, &end, 0);
    return end != text && *end == '\0';
}

/* In a word of 32 bits if the number fits in one. */
static uint64_t in_word(const struct value *value)
{
    return value->is_negative && (int64_t)value->bits >= INT32_MIN ? (uint32_t)value->bits
                                                                   : value->bits;
}

static int digits_of(uint64_t bits)
{
    int n = 1;

    while ((bits >>= 4) != 0)
        n++;
    return n;
}

/* "0x80000000", "0x80000000 (-2147483648)", "0x80046601 (_IOR 'f' 1, 4 bytes)". */
static const char *show(struct arena *arena, const struct value *value, int digits,
                        const struct target *request_of)
{
    uint64_t bits = in_word(value);
    struct str text = {.arena = arena};
    const char *request = request_of != NULL ? ioctl_text(arena, request_of, bits) : NULL;

    str_addf(&text, "0x%0*llx", digits, (unsigned long long)bits);
    if (value->is_negative || request != NULL)
        str_addf(&text, " (%s%s%s)", value->is_negative ? value->text : "",
                 value->is_negative && request != NULL ? ", " : "", request != NULL ? request : "");
    return str_text(&text);
}

static bool is_request(const struct verify_item *item)
{
    return item->part != NULL && grouping_find(&item->part->requests, item->ours) != INDEX_NONE;
}

void verify_show_values(const struct verification *verification, struct verify_item *item)
{
    for (size_t i = 0; i < item->findings.n && item->kind == FACT_CONSTANT; i++) {
        struct finding *finding = &item->findings.items[i];
        struct value want, have;
        bool is_value =
            strcmp(finding->kind, "bad-value") == 0 || strcmp(finding->kind, "bad-sign") == 0;
        if (!is_value || !read_value(&want, finding->expected) || !read_value(&have, finding->got))
            continue;
        uint64_t larger = in_word(&want) > in_word(&have) ? in_word(&want) : in_word(&have);
        const struct target *request_of = is_request(item) ? verification->target : NULL;
        int digits = digits_of(larger);
        finding->expected = show(verification->arena, &want, digits, request_of);
        finding->got = show(verification->arena, &have, digits, request_of);
    }
}
