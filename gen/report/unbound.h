/* unbound.h - the names that specs forgot, grouped, with what to write into the specs.
 *
 * In: findings of the kind `unbound-name`, one for each name, and the checks that they are from.
 * Out: text for people.
 *
 * Design: a header that is new to a spec brings dozens of names on dozens of targets. What a writer
 * of specs needs is each name once, and a block to paste.
 */
#ifndef ABIPROOF_UNBOUND_H
#define ABIPROOF_UNBOUND_H

#include "check/check.h"

/* Appends to `unbound` the findings of that kind that nobody waived, and the others to `others`, as
 * they are. findings: sorted (findings_sort). */
void unbound_split(const struct findings *findings, struct findings *unbound,
                   struct findings *others);

/* findings: of unbound_split. Appends for each spec that has some: the names by targets and header,
 * and a block of YAML that binds the constants that every target has and ignores the rest. Appends
 * nothing if there are none. */
void unbound_print(struct str *out, const struct findings *findings, const struct checks *checks);

#endif
