/* comparison.c - see comparison.h.
 *
 * Design: padding has no mark of its own in a header or in debug information. Its name is all that
 * tells it from a field, so the names that kernels, libcs and bindings use are listed here, and
 * only here.
 */
#include "judge/comparison.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

void judge_add_finding(struct comparison *comparison, const char *kind, enum severity severity,
                       const struct fact *expected, const struct fact *got, const char *want,
                       const char *have)
{
    const struct fact *named = expected != NULL ? expected : got;

    findings_add(comparison->findings, kind, severity, named->name, want, have,
                 expected != NULL ? expected->where : no_location,
                 got != NULL ? got->where : no_location, comparison->scope);
}

/* True for st_padding1, d_pad0, st_spare: padding behind the prefix that C gives a record's fields.
 * Behind a prefix, only such a word and a number after it are padding: s_reserved_blocks is a
 * field. */
static bool is_prefixed_padding(const char *name)
{
    static const char *const words[] = {"pad", "padding", "spare"};
    const char *word = strchr(name, '_');

    for (size_t i = 0; word != NULL && i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(word + 1, words[i], length) == 0 &&
            strspn(word + 1 + length, "0123456789") == strlen(word + 1 + length))
            return true;
    }
    return false;
}

/* Bytes that mean nothing, by the names that kernels and bindings give them. */
bool judge_is_padding(const char *name)
{
    static const char *const patterns[] = {"pad*",  "unused*", "reserved*", "glibc_reserved*",
                                           "resv*", "rsvd*",   "spare*",    "filler*"};
    const char *last = strrchr(name, '.') != NULL ? strrchr(name, '.') + 1 : name;
    last += strspn(last, "_");
    if (last[0] == '\0') /* nothing but underscores */
        return true;
    char small[64];
    size_t n = 0;

    for (; last[n] != '\0' && n + 1 < sizeof small; n++)
        small[n] = (char)tolower((unsigned char)last[n]);
    small[n] = '\0';
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        if (str_glob(patterns[i], small))
            return true;
    return is_prefixed_padding(small);
}

bool judge_is_little(const struct facts *facts)
{
    for (size_t i = 0; i < facts->n && facts->items[i].kind == FACT_ABI; i++)
        if (facts->items[i].attr[ABI_ENDIAN] != NULL)
            return strcmp(facts->items[i].attr[ABI_ENDIAN], "little") == 0;
    return true;
}
