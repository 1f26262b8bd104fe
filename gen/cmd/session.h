/* session.h - what every subcommand that reads specs starts from.
 *
 * In: a command line. Out: both tables, the chosen specs and targets, a check for each pair that
 * belongs together. What is then done with the checks is the subcommand's (cmd_*.c).
 */
#ifndef ABIPROOF_SESSION_H
#define ABIPROOF_SESSION_H

#include "witness/boot_machine.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "check/check.h"
#include "model/spec.h"
#include "model/target.h"

struct session {
    const struct options *options;
    struct arena *arena;
    struct diag diag;
    struct targets targets; /* chosen ones */
    struct targets all;     /* the whole table */
    struct specs specs;
    struct checks checks;
    struct boots boots; /* of the targets, if requested */
    struct build_cache *cache;
};

/* Loads both tables and makes the checks that the command line selects. False after collecting
 * messages: then end with session_give_up. Either way session_close frees. */
bool session_open(struct session *session, const struct options *options, struct arena *arena);
void session_close(struct session *session);

/* Prints what was collected and returns the exit code that goes with it. */
int session_give_up(struct session *session);

/* In bytes: what probes of a spec on a target take, and what a compiler leaves that had enough. */
enum { SESSION_ROOM = 16 << 20, SESSION_ROOM_LEFT = 1 << 16 };

/* True if compilers can be found and run, and have room for what they write. Returns false after
 * reporting. */
bool session_can_build(struct session *session, unsigned long least_bytes);

/* The workspace that the command line describes. */
struct workspace session_workspace(const struct session *session);

/* Reads the headers of all checks. False if one could not be read: then nothing may be
 * generated. */
bool session_read(struct session *session);

/* The same result after the checks were read in another way; reports what is not there. */
bool session_was_read(struct session *session);

#endif
