/* interrupt.h - Ctrl-C, and what must not be left behind by it.
 *
 * In: SIGINT, SIGTERM or SIGHUP. Out: a program that died of that signal, and with it every program
 * that it had started. Those are in process groups of their own (proc.h), so no terminal and no
 * `kill` of the parent reaches them.
 */
#ifndef ABIPROOF_INTERRUPT_H
#define ABIPROOF_INTERRUPT_H

#include <signal.h>
#include <sys/types.h>

/* Catches the three signals from now on, but those that the caller of this program ignores or
 * blocks: `nohup` stays as it is. Call it once, before there is any other thread. Where it was not
 * called the rest of this header does no harm. */
void interrupt_catch(void);

/* Between these two no interrupt ends the program: it waits. For moments only, such as between
 * making a temporary file and renaming it. Not to be nested. */
void interrupt_hold(void);
void interrupt_release(void);

/* Says that a process group is to be ended with us; call it within a hold that began before the
 * group was made. */
void interrupt_add(pid_t group);

/* Takes it back; call it before the group's leader is reaped, since then its number may be given to
 * somebody else's group. Holds by itself. */
void interrupt_remove(pid_t group);

/* The signal mask that a program which we start is to have: the one that we were started with. */
sigset_t interrupt_child_mask(void);

#endif
