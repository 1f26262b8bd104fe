/* main.c - the program abiproof: the list of its subcommands.
 *
 * In: a command line. Out: an exit code that means the same everywhere (fatal.h). A subcommand is
 * an ordered list of stages, in a cmd_*.c of its own, which ends with its description; what a stage
 * does is written in the stage's file.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/command_line.h"
#include "cmd/commands.h"
#include "base/diag.h"
#include "base/environment.h"
#include "base/resources.h"
#include "base/interrupt.h"

static const struct command *const commands[] = {
    &command_gen,  &command_facts,   &command_prove,   &command_verify,  &command_judge,
    &command_show, &command_explain, &command_targets, &command_kernels, &command_specs,
    NULL,
};

int main(int argc, char **argv)
{
    struct syntax syntax = {commands, option_rows, old_names};

    /* A parent that ignores it would make us lose the exit codes of what we run. */
    signal(SIGCHLD, SIG_DFL);
    interrupt_catch();
    environment_clean();
    resources_raise_limits();
    /* libclang would parse in a thread of its own, with a heap of its own: 10 % of gen's time. */
    setenv("LIBCLANG_NOTHREADS", "1", 0);
    struct arena arena = {NULL};
    struct options options;
    int code = command_line_read(&options, &arena, &syntax, argc, argv);
    if (code < 0)
        code = options.command->run(&options, &arena);
    if (fflush(stdout) != 0 || ferror(stdout) != 0) { /* of a long text an earlier part fails */
        static const char message[] = "abiproof: error: cannot write to stdout\n";
        if (code != EXIT_USAGE) /* else it was reported */
            write_to_stderr(message, sizeof message - 1);
        code = EXIT_USAGE;
    }
    arena_release(&arena);
    return code;
}
