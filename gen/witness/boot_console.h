/* boot_console.h - what a booted machine printed on its console.
 *
 * In: everything that came out of the serial line, from the firmware on. Out: what each probe
 * printed, as abi_probes/rt/init.c framed it.
 *
 * Design: only output that the frame's trailer confirms is used. Lines of the kernel between ours
 * and carriage returns are taken out; if what is left has not the length and the sum that are given
 * at its end, it is damaged, and never a smaller or other set of facts.
 */
#ifndef ABIPROOF_BOOT_CONSOLE_H
#define ABIPROOF_BOOT_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The last line of a console that is complete. */
#define SERIAL_LAST "# boot end"

/* One program's output. */
struct serial_frame {
    const char *name;
    const char *text;
    const char *fault; /* what is wrong with it or with how the program ended; NULL if nothing is */
    bool is_hung;      /* the program was killed at its bound */
};

struct serial {
    struct serial_frame *frames;
    size_t n_frames;
    const char *kernel; /* the text of uname(2), "" if there was none */
    const char
        *last_line; /* that says anything, "" if there is none; the kernel's panic stays it */
    bool has_begun;
    bool has_ended;
};

/* Reads a console's text into `serial`, which need not be initialised. */
void serial_read(struct serial *serial, struct arena *arena, const char *text);

/* The frame of this name; NULL if there is none. */
const struct serial_frame *serial_find(const struct serial *serial, const char *name);

#endif
