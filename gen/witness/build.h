/* build.h - compiles and runs, unless the answer is known because nothing has changed.
 *
 * In: a compiler's argument vector and the file it makes, or a probe to run. Out: the file, or what
 * the probe printed. Beside it lies FILE.key: the argument vector, and the hash of everything that
 * went into it: the compiler with all that it starts (driver.h) or the emulator, every source and
 * header, those of the system included; for a probe also the running kernel's version. Last comes
 * the hash of what was made. Contents are compared and never dates, so neither a fresh clone nor a
 * touched file matters.
 */
#ifndef ABIPROOF_BUILD_H
#define ABIPROOF_BUILD_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/proc.h"

/* Hashes of headers, and what compilers are, as this run saw them first. A run looks at thousands
 * of outputs that were made from the same headers: with a cache it reads each header once to see
 * what has changed. Only what the command line does not name is remembered, since that may be made
 * by the run itself; and after a build headers are read anew, so that a key never says what the
 * compiler did not see. is_fresh: the run makes each output, once, even if it is there already.
 * May be shared by threads. */
struct build_cache *build_cache_new(bool is_fresh);
void build_cache_free(struct build_cache *cache);

/* Makes `output` by running argv, of n words, which must hold exactly one C or assembly source;
 * `-MD -MF` and `-o output` are added. Files among argv (objects) count as inputs. The result is
 * that of the compiler, or PROC_EXITED 0 with no output if nothing had to be done. What fails is
 * not remembered. cache: of this run; NULL to read every file each time. */
struct proc_result build_file(struct arena *arena, const char *output, const char *const *argv,
                              size_t n, struct build_cache *cache, int timeout_ms);

/* Where a linker is to list what it read, as rules of make, for build_file to know: the file does not
 * have to be there. In the arena. */
const char *build_libraries(struct arena *arena, const char *output);

/* Commands for sh that make a file. */
struct build_command {
    const char *script;     /* ends at the first command that fails */
    const char *folder;     /* where it runs; it exists */
    const char *const *env; /* "NAME=VALUE", n_env of them, for the script alone */
    size_t n_env;
    const char *const *programs; /* paths of those that it uses, n_programs of them */
    size_t n_programs;
    const char *inputs; /* a folder: what is made may depend on any file below it */
};

/* Makes `output` by a command, which any compiler may be: it tells no dependencies, so that
 * everything in its folder of inputs counts, and of what is installed the programs alone. The result
 * is that of sh, or PROC_EXITED with status 0 where nothing had to be done; a command that leaves no
 * output has made nothing: status 1, and `err` says so. */
struct proc_result build_command(struct arena *arena, const char *output,
                                 const struct build_command *command, struct build_cache *cache,
                                 int timeout_ms);

/* Runs argv, of n words: a probe, or an emulator with a probe. What it printed is kept in the file
 * `output` and given again while the probe, the emulator and the kernel are the same. Only a run
 * that ended with exit code 0 is kept. */
struct proc_result build_output(struct arena *arena, const char *output, const char *const *argv,
                                size_t n, struct build_cache *cache, int timeout_ms);

/* Makes `folder` ours until build_unlock: another abiproof waits. Returns a handle, or -1 with
 * errno. */
int build_lock(struct arena *arena, const char *folder);
void build_unlock(int handle);

#endif
