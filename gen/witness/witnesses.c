/* witnesses.c - see witnesses.h. */
#include "witness/witnesses.h"

#include <limits.h>
#include <string.h>

#include "base/str.h"

/* In the order in which they run and are reported. Each row is at the end of the file that collects
 * its facts. */
static const struct witness *const witnesses[] = {
    &clang_witness,  &dwarf_witness, &compile_witness, &dialect_witness, &run_witness,
    &behave_witness, &call_witness,  &link_witness,    &boot_witness,
};
enum { N_WITNESSES = sizeof witnesses / sizeof witnesses[0] };
_Static_assert(N_WITNESSES <= sizeof(unsigned) * CHAR_BIT, "a set has a bit for every witness");

const struct witness *witness_at(unsigned position)
{
    return position < N_WITNESSES ? witnesses[position] : NULL;
}

unsigned witness_set(const char *name)
{
    for (unsigned i = 0; i < N_WITNESSES; i++)
        if (strcmp(witnesses[i]->name, name) == 0)
            return 1U << i;
    return 0;
}

const char *witness_names(struct arena *arena, unsigned set, const char *separator)
{
    struct str text = {.arena = arena};

    for (unsigned i = 0; i < N_WITNESSES; i++)
        if ((set & 1U << i) != 0)
            str_addf(&text, "%s%s", text.len > 0 ? separator : "", witnesses[i]->name);
    return str_text(&text);
}
