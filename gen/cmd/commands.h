/* commands.h - the subcommands: a command line in, an exit code (diag.h) out. What is printed goes
 * to stdout, what is wrong to stderr.
 */
#ifndef ABIPROOF_COMMANDS_H
#define ABIPROOF_COMMANDS_H

#include "cmd/options.h"

int command_gen(const struct options *options, struct arena *arena);
int command_facts(const struct options *options, struct arena *arena);
int command_probe(const struct options *options, struct arena *arena);
int command_verify(const struct options *options, struct arena *arena);
int command_judge(const struct options *options, struct arena *arena);
int command_show(const struct options *options, struct arena *arena);
int command_explain(const struct options *options, struct arena *arena);
int command_targets(const struct options *options, struct arena *arena);
int command_kernels(const struct options *options, struct arena *arena);
int command_specs(const struct options *options, struct arena *arena);

#endif
