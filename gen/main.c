/* main.c - the program abiproof: the table of its subcommands.
 *
 * In: a command line. Out: an exit code that means the same everywhere (diag.h). A subcommand is an
 * ordered list of stages, in a cmd_*.c of its own; what a stage does is written in the stage's
 * file.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "diag.h"
#include "interrupt.h"

static const struct command commands[] = {
    {"gen", "write bindings, probes and golden facts from the headers",
     "[--spec S]... [--lang L]... [--out DIR] [--check]",
     "Reads the headers of every target that a spec covers and writes bindings/c, "
     "abi_probes/layout and\n"
     "abi_probes/facts. A file is replaced only if its bytes change; an error leaves all as they "
     "were.",
     "sloc", 0, FORMAT_TEXT, command_gen},
    {"facts", "print facts as the headers of a target say them", "--target T [--spec S]...",
     "Prints canonical facts, one per line, sorted; -v adds the header and line of each.", "st", 0,
     FORMAT_TEXT, command_facts},
    {"probe", "prove bindings: build, run and compare, on every target",
     "[--spec S]... [--target T]... [--witness W]... [--boot] [--bindings DIR] [--check] "
     "[--require WHAT]... [--format json]",
     "Reads the headers, builds and runs probes of the system and of the bindings, and compares "
     "all of\n"
     "them. Prints a matrix, one row per target and spec, then findings, then what was not "
     "checked.\n"
     "With --check also compares the generated files, as `abiproof gen --check` does.",
     "stwbBcrSTfF", 0, FORMAT_JSON, command_probe},
    {"verify", "prove anybody's compiled binding from its debug information",
     "OBJECT... [--map THEIRS=OURS]... [--target T] [--header FILE]... [--complete S]...",
     "Reads what the objects' debug information says of records, constants and functions, and "
     "holds it\n"
     "against the kernel's. Names of the specs are looked for as they are, letter case and "
     "underscores\n"
     "aside; --map names others. An object says itself what target it is for, unless --target "
     "does.",
     "stmHKSf", ANY_OPERANDS, FORMAT_TEXT, command_verify},
    {"judge", "compare any two files of facts", "EXPECTED GOT",
     "Compares two files of canonical facts, as `abiproof facts` and probes print them.", "S", 2,
     FORMAT_TEXT, command_judge},
    {"targets", "list the targets, and what this machine has of each", "[--format tsv]",
     "Columns: target, triple for clang, the tier that it is proved at, headers, compiler, runner.",
     "tf", 0, FORMAT_TSV, command_targets},
    {"kernels", "list the kernels that targets can boot, and what this machine has of each",
     "[--format tsv]",
     "Columns: kernel, Debian's architecture, patterns of package names, emulator, the package "
     "that "
     "is\nthere, targets whose programs it runs. ci/fetch-kernels brings what is missing.",
     "f", 0, FORMAT_TSV, command_kernels},
    {"specs", "list the specs", "[--format tsv]",
     "Columns: spec, system, number of records, constants and calls, what it is.", "sf", 0,
     FORMAT_TSV, command_specs},
    {NULL, NULL, NULL, NULL, NULL, 0, FORMAT_TEXT, NULL},
};

int main(int argc, char **argv)
{
    struct arena arena = {NULL};
    struct options options;
    int code;

    /* A parent that ignores it would make us lose the exit codes of what we run. */
    signal(SIGCHLD, SIG_DFL);
    interrupt_catch();
    /* libclang would parse in a thread of its own, with a heap of its own: 10 % of gen's time. */
    setenv("LIBCLANG_NOTHREADS", "1", 0);
    code = options_read(&options, &arena, commands, argc, argv);
    if (code < 0)
        code = options.command->run(&options, &arena);
    if (fflush(stdout) != 0)
        code = EXIT_USAGE;
    arena_release(&arena);
    return code;
}
