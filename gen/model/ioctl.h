/* ioctl.h - requests of ioctl, which are numbers with parts.
 *
 * In: a number and a target. Out: its direction, type, number and size, as the macros _IOC_DIR and
 * the like of that target's headers take it apart. Whether a constant is a request says its header;
 * any number looks like one.
 */
#ifndef ABIPROOF_IOCTL_H
#define ABIPROOF_IOCTL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/target.h"

/* What the caller's data is for; both are a read and a write. */
enum { IOCTL_NONE = 0, IOCTL_READ = 1, IOCTL_WRITE = 2 };

struct ioctl_request {
    int direction;
    unsigned type;   /* mostly a letter */
    unsigned number; /* 0 to 255 */
    unsigned size;   /* of the data, bytes */
};

/* Takes a request apart. Returns false for a number that the target's macros do not make: of more
 * than 32 bits, or of a direction that there is not. */
bool ioctl_decode(struct ioctl_request *request, const struct target *target, uint64_t value);

/* "_IOR 'f' 1, 8 bytes"; NULL for a number that is no request. */
const char *ioctl_text(struct arena *arena, const struct target *target, uint64_t value);

#endif
