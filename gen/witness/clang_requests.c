/* clang_requests.c - which constants of headers are requests of ioctl; see clang_private.h.
 *
 * In: the macros of a unit, in the order of their definitions. Out: the names of constants whose
 * value is made by _IOC, directly or by macros that are, such as _IOR or a header's own _SIOR.
 *
 * Design: any number can be taken apart as a request, and a flag would be nonsense then. So what
 * counts is how the header writes it.
 */
#include <string.h>

#include "witness/clang_private.h"

/* What makes requests on every system. */
static const char maker[] = "_IOC";

static bool is_maker(struct reading *reading, CXTranslationUnit unit, CXToken token)
{
    CXString spelling = clang_getTokenSpelling(unit, token);
    const char *text = clang_getCString(spelling);
    bool is_one = text != NULL &&
                  (strcmp(text, maker) == 0 || grouping_find(&reading->makers, text) != INDEX_NONE);

    clang_disposeString(spelling);
    return is_one;
}

void reading_note_request(struct reading *reading, CXCursor cursor, const char *name,
                          const char *constant)
{
    CXTranslationUnit unit = clang_Cursor_getTranslationUnit(cursor);
    unsigned n = 0;
    CXToken *tokens = NULL;
    bool is_made = false;

    if (constant == NULL && clang_Cursor_isMacroFunctionLike(cursor) == 0)
        return;
    clang_tokenize(unit, clang_getCursorExtent(cursor), &tokens, &n);
    for (unsigned i = 1; i < n && !is_made; i++)
        is_made = clang_getTokenKind(tokens[i]) == CXToken_Identifier &&
                  is_maker(reading, unit, tokens[i]);
    clang_disposeTokens(unit, tokens, n);
    if (!is_made)
        return;
    grouping_of(&reading->makers, name);
    if (constant != NULL)
        remark_add(&reading->evidence->requests, reading->arena, constant, no_location, "%s", "");
}
