/* renamed.c - see renamed.h. */
#include "base/renamed.h"

#include <stdio.h>
#include <string.h>

const struct renamed *renamed_find(const struct renamed *table, const char *name)
{
    for (; table->old != NULL; table++)
        if (strcmp(table->old, name) == 0)
            return table;
    return NULL;
}

void renamed_note(const struct renamed *renamed)
{
    fprintf(stderr, "abiproof: note: '%s' is now called '%s'\n", renamed->old, renamed->now);
}
