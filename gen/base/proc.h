/* proc.h - other programs, and work in parallel.
 *
 * In: an argument vector and a bound on time. Out: what the program printed and how it ended.
 * Design: a program that hangs, or floods its output, must end within its bound together with the
 * children it started, and only those.
 */
#ifndef ABIPROOF_PROC_H
#define ABIPROOF_PROC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* How a program ended. */
enum proc_end {
    PROC_EXITED,     /* status is the exit code */
    PROC_SIGNALLED,  /* status is the signal number */
    PROC_TIMED_OUT,  /* killed at its bound */
    PROC_FLOODED,    /* killed because it printed more than PROC_OUTPUT_MAX */
    PROC_STOPPED,    /* killed because it printed the line that was waited for */
    PROC_NOT_STARTED /* status is an errno value, ENOENT when there is no such program */
};

enum { PROC_OUTPUT_MAX = 16 * 1024 * 1024 };

struct proc_result {
    enum proc_end end;
    int status;
    char *out; /* stdout, NUL-terminated, in the arena */
    char *err; /* stderr, NUL-terminated, in the arena */
    size_t n_out;
    size_t n_err;
    int wall_ms; /* from start to end */
    int cpu_ms;  /* of the program itself, as far as it was waited for */
};

/* Runs argv (NULL-terminated, argv[0] looked up in PATH) with no stdin, in a process group of its
 * own and with LC_ALL=C, and waits for it at most timeout_ms milliseconds. When this returns, the
 * whole group is gone, and so it is when an interrupt ends this program (interrupt.h). */
struct proc_result proc_run(struct arena *arena, const char *const *argv, int timeout_ms);

/* As proc_run, but ends the program as soon as its stdout has the line `last`, whole: ended by a
 * newline, carriage returns before that not counted. For programs that would rather not end, or
 * whose end says nothing: emulators. A program that ends by itself has PROC_EXITED even if it
 * printed the line: ask the output. */
struct proc_result proc_run_until(struct arena *arena, const char *const *argv, int timeout_ms,
                                  const char *last);

/* Describes how a program ended in a few words: "exit code 1", "killed by signal 11 (SIGSEGV)",
 * "no answer within 10 s". In the arena. */
const char *proc_describe(struct arena *arena, const struct proc_result *result, int timeout_ms);

/* Finds an executable in PATH, or checks a path with a slash. Returns its path, NULL if there is
 * none. */
const char *proc_find(struct arena *arena, const char *program);

/* Calls work(context, i) for each i in [0, n_items) from n_workers threads (1 = this thread), each
 * item exactly once, and returns when all are done. Items start in order. */
void proc_parallel(size_t n_items, int n_workers, void (*work)(void *context, size_t i),
                   void *context);

/* Number of processors this process may use, at least 1. */
int proc_default_workers(void);

#endif
