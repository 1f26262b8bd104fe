/* renamed.h - old names that still work.
 *
 * In: a table of what was called otherwise before, and a name that somebody typed or wrote. Out:
 * today's name, and a note that gives it. Renaming something is one more row here and the new name
 * everywhere else.
 */
#ifndef ABIPROOF_RENAMED_H
#define ABIPROOF_RENAMED_H

struct renamed {
    const char *old;
    const char *now;
};

/* Finds what has this old name. Returns NULL if nothing has. The table ends with a row of NULLs. */
const struct renamed *renamed_find(const struct renamed *table, const char *name);

/* Writes "abiproof: note: 'probe' is now called 'prove'" to stderr. The caller sees to it that a
 * name that is used twice is noted once. */
void renamed_note(const struct renamed *renamed);

#endif
