/* judged.h - what the tests of the judge share: findings as text.
 *
 * In: findings. Out: one line each, "error bad-offset r.a: 0 -> 4", for expect_text.
 */
#ifndef ABIPROOF_TESTS_JUDGED_H
#define ABIPROOF_TESTS_JUDGED_H

#include "fixture.h"

#include "model/findings.h"

/* The findings in their order. The text is in the fixture's arena. */
static inline const char *judged_summary(const struct findings *findings)
{
    struct str text = {.arena = &arena};

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        str_addf(&text, "%s %s %s: %s -> %s\n",
                 finding->severity == SEVERITY_ERROR ? "error" : "note", finding->kind,
                 finding->item, finding->expected, finding->got);
    }
    return str_text(&text);
}

#endif
