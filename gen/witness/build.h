/* build.h - compiles and runs, unless the answer is known because nothing has changed.
 *
 * In: a compiler's argument vector and the file it makes, or a probe to run. Out: the file, or what
 * the probe printed. Beside it lies FILE.key: the argument vector, the compiler or emulator, and
 * the hash of every file that went into it, headers of the system included; for a probe also the
 * running kernel's version. Contents are compared and never dates, so neither a fresh clone nor a
 * touched file matters.
 */
#ifndef ABIPROOF_BUILD_H
#define ABIPROOF_BUILD_H

#include "base/arena.h"
#include "base/proc.h"

/* Hashes of headers, and what compilers are, as this run saw them first. A run looks at thousands
 * of outputs that were made from the same headers: with a memo it reads each header once to see
 * what has changed. Only what the command line does not name is remembered, since that may be made
 * by the run itself; and after a build everything is read anew, so that a key never says what the
 * compiler did not see. May be shared by threads. */
struct build_memo *build_memo_new(void);
void build_memo_free(struct build_memo *memo);

/* Makes `output` by running argv, of n words, which must hold exactly one C or assembly source;
 * `-MD -MF` and `-o output` are added. Files among argv (objects) count as inputs. The result is
 * that of the compiler, or PROC_EXITED 0 with no output if nothing had to be done. What fails is
 * not remembered. memo: of this run; NULL to read every file each time. */
struct proc_result build_file(struct arena *arena, const char *output, const char *const *argv,
                              size_t n, struct build_memo *memo, int timeout_ms);

/* Runs argv, of n words: a probe, or an emulator with a probe. What it printed is kept in the file
 * `output` and given again while the probe, the emulator and the kernel are the same. Only a run
 * that ended with exit code 0 is kept. is_fresh: run in any case. */
struct proc_result build_output(struct arena *arena, const char *output, const char *const *argv,
                                size_t n, bool is_fresh, int timeout_ms);

/* Makes `folder` ours until build_unlock: another abiproof waits. Returns a handle, or -1 with
 * errno. */
int build_lock(struct arena *arena, const char *folder);
void build_unlock(int handle);

#endif
