/* ioctl.c - see ioctl.h.
 *
 * In: a number. Out: its parts. Design: number and type are the lowest two bytes everywhere. Above
 * them is the size, and on top the direction, in one of a few ways, a row of the table each: Linux's
 * own (asm-generic/ioctl.h), the older one of some machines (asm/ioctl.h of mips, powerpc, sparc,
 * alpha), that of hppa, and that of BSD and macOS (sys/ioccom.h), which it was taken from.
 */
#include "model/ioctl.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"

struct encoding {
    const char *pattern;        /* of the target's name */
    unsigned size_bits;         /* behind number and type */
    unsigned none, read, write; /* of the bits that are left */
    /* A size of one bit more, whose highest one lies on that of no direction. */
    bool is_overlapping;
};

static const struct encoding encodings[] = {
    {"mips*-linux", 13, 1, 2, 4, false},  {"powerpc*-linux", 13, 1, 2, 4, false},
    {"ppc64*-linux", 13, 1, 2, 4, false}, {"alpha*-linux", 13, 1, 2, 4, false},
    {"sparc*-linux", 13, 1, 2, 4, true},  {"hppa*-linux", 14, 0, 1, 2, false},
    {"*-linux", 14, 0, 2, 1, false},      {"*", 13, 1, 2, 4, false},
};

static const struct encoding *encoding_of(const struct target *target)
{
    const struct encoding *row = encodings;

    while (!str_glob(row->pattern, target->name))
        row++;
    return row;
}

bool ioctl_decode(struct ioctl_request *request, const struct target *target, uint64_t value)
{
    const struct encoding *encoding = encoding_of(target);
    enum { NUMBER_BITS = 8, SIZE_SHIFT = 16 };
    unsigned direction = (unsigned)(value >> (SIZE_SHIFT + encoding->size_bits));
    unsigned size_bits = encoding->size_bits;

    if (value >> 32 != 0)
        return false;
    if (encoding->is_overlapping && (direction & (encoding->read | encoding->write)) != 0) {
        direction &= encoding->read | encoding->write;
        size_bits++;
    }
    *request = (struct ioctl_request){
        .number = value & 0xff,
        .type = value >> NUMBER_BITS & 0xff,
        .size = (unsigned)(value >> SIZE_SHIFT) & ((1U << size_bits) - 1),
    };
    if (direction == encoding->none) /* without one, that bit is none of a size */
        return !encoding->is_overlapping || request->size == 0;
    request->direction = ((direction & encoding->read) != 0 ? IOCTL_READ : 0) |
                         ((direction & encoding->write) != 0 ? IOCTL_WRITE : 0);
    return direction != 0 && (direction & ~(encoding->read | encoding->write)) == 0;
}

const char *ioctl_text(struct arena *arena, const struct target *target, uint64_t value)
{
    static const char *const macros[] = {
        [IOCTL_NONE] = "_IO",
        [IOCTL_READ] = "_IOR",
        [IOCTL_WRITE] = "_IOW",
        [IOCTL_READ | IOCTL_WRITE] = "_IOWR",
    };
    struct ioctl_request request;
    struct str text = {.arena = arena};

    if (!ioctl_decode(&request, target, value))
        return NULL;
    str_add(&text, macros[request.direction]);
    str_addf(&text, isgraph((int)request.type) != 0 ? " '%c' %u" : " 0x%02x %u", request.type,
             request.number);
    if (request.direction != IOCTL_NONE || request.size > 0)
        str_addf(&text, ", %s", str_count(arena, request.size, "byte"));
    return str_text(&text);
}
