/* growing.h - records of which the caller states the size.
 *
 * In: the name of a record. Out: how the kernel learns its size, if it does. Such a record grows
 * with new versions: a shorter one is an older one and a longer one a newer one, and both work.
 */
#ifndef ABIPROOF_GROWING_H
#define ABIPROOF_GROWING_H

/* How the kernel learns the size of the record, as a phrase for people; NULL: it does not, so that
 * another size is a fault. */
const char *growing_record(const char *name);

#endif
