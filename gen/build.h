/* build.h - runs a compiler, unless what it made is still what it would make.
 *
 * In: a compiler's argument vector and the file it makes. Out: the file. Beside it lies FILE.key:
 * the argument vector, the compiler, and the hash of every file that went into it, headers of the
 * system included. Contents are compared and never dates, so neither a fresh clone nor a touched
 * file matters.
 *
 * Only the building is saved. Programs are always run: a witness that did not speak today is none.
 */
#ifndef ABIPROOF_BUILD_H
#define ABIPROOF_BUILD_H

#include "arena.h"
#include "proc.h"

/* Makes `output` by running argv, of n words, which must hold exactly one C or assembly source;
 * `-MD -MF` and `-o output` are added. Files among argv (objects) count as inputs. The result is
 * that of the compiler, or PROC_EXITED 0 with no output if nothing had to be done. What fails is
 * not remembered. */
struct proc_result build_file(struct arena *arena, const char *output, const char *const *argv,
                              size_t n, int timeout_ms);

/* Makes `folder` ours until build_unlock: another abiproof waits. Returns a handle, or -1 with
 * errno. */
int build_lock(struct arena *arena, const char *folder);
void build_unlock(int handle);

#endif
