/* boot_machine.h - all probes of a target in one boot of a real kernel.
 *
 * In: the specs and targets that are asked for, the kernels that ci/fetch-kernels brought. Out: per
 * target what the machine printed on its console, or why nothing was booted. A boot takes seconds,
 * so there is one for all specs of a target; boot.c gives each spec its part.
 *
 * A boot is not repeated while the kernel, the emulator and every program in it are the same to the
 * byte: the result is then that of an earlier day, and the report says of which.
 */
#ifndef ABIPROOF_BOOT_MACHINE_H
#define ABIPROOF_BOOT_MACHINE_H

#include "witness/boot_console.h"
#include "witness/program.h"

/* One spec on one target, whose programs are to be booted. */
struct boot_request {
    const struct spec *spec;
    const struct target *target; /* with the header set that the spec is read from */
};

/* Why a spec cannot have its part: its own programs, not the boot, are at fault. */
struct boot_part {
    const struct spec *spec;
    const struct target *target;            /* as the request has it */
    struct remarks broken[N_PROGRAM_KINDS]; /* what does not build */
};

struct boot {
    const struct target *target; /* as the table has it */
    const struct workspace *workspace;
    struct arena arena;
    struct boot_part *parts;
    size_t n_parts;
    const char *unavailable; /* why nothing was booted; NULL if something was */
    const char *kind;        /* of the finding, if the boot went wrong; NULL if it went well */
    const char *fault;       /* what it was */
    struct serial serial;
    const char *when; /* "2025-06-01T12:00:00Z" if it was an earlier run that booted; NULL: now */
    int wall_ms;
    int cpu_ms;
};

struct boots {
    struct boot *items;
    size_t n;
};

/* Boots every target of the n_requests that has a kernel, n_workers machines at a time. boots:
 * zeroed; filled in with one boot a target, in the order of the requests. place: of the run; it and
 * the requests' specs and targets must live as long as the boots. What goes wrong is noted in each
 * boot. */
void boots_run(struct boots *boots, struct arena *arena, const struct boot_request *requests,
               size_t n_requests, const struct workspace *workspace, int n_workers);

/* The boot of this target, in any of its header sets; NULL if none was asked for, or it has no
 * kernel. */
struct boot *boots_find(const struct boots *boots, const struct target *target);

void boots_release(struct boots *boots);

/* The command that boots a kernel with this initramfs and nothing but a serial console on its
 * stdout, NULL-terminated; the kernel must be available. In the arena. */
const char **boot_argv(struct arena *arena, const struct kernel *kernel, const char *initramfs);

/* Name of a program in the machine: "epoll/binding". */
const char *boot_name(struct arena *arena, const struct spec *spec, const char *program);

#endif
