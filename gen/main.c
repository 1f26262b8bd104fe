/* main.c - the program abiproof: the table of its subcommands.
 *
 * In: a command line. Out: an exit code that means the same everywhere (diag.h). A subcommand is an
 * ordered list of stages, in a cmd_*.c of its own; what a stage does is written in the stage's
 * file.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/commands.h"
#include "base/diag.h"
#include "base/interrupt.h"

static const struct command commands[] = {
    {"gen", "write bindings, probes and golden facts from the headers",
     "[--spec S]... [--lang L]... [--out DIR] [--check]",
     "Reads the headers of every target that a spec covers and writes bindings/c, "
     "abi_probes/layout and\n"
     "abi_probes/facts. A file is replaced only if its bytes change; an error leaves all as they "
     "were.",
     "slOcj", 0, 0, ROOT_WORKS, FORMATS_NONE, command_gen},
    {"facts", "print facts as the headers of a target say them", "--target T [--spec S]...",
     "Prints canonical facts, one per line, sorted; -v adds the header and line of each.", "stj", 0,
     0, ROOT_READS, FORMATS_NONE, command_facts},
    {"probe", "prove bindings: build, run and compare, on every target",
     "[--spec S]... [--target T]... [--witness W]... [--boot] [--bindings DIR]\n"
     "                      [--check] [--require WHAT]... [--waivers FILE]...\n"
     "                      [--format F] [-o FILE]",
     "Reads the headers, builds and runs probes of the system and of the bindings, and compares "
     "all of\n"
     "them. Prints a matrix, one row per target and spec, then findings, then what was not "
     "checked.\n"
     "With --check also compares the generated files, as `abiproof gen --check` does.",
     "stwbBcrWSTfoFj", 0, 0, ROOT_WORKS, FORMATS_REPORT, command_probe},
    {"verify", "prove anybody's compiled binding from its debug information",
     "[OBJECT]... [--map THEIRS=OURS]... [--const T=O]... [--in NAME]... [--target T]\n"
     "                       [--header FILE]... [--complete S]... [--config FILE] [--build]\n"
     "                       [--waivers FILE]... [--format F] [-o FILE]",
     "Reads what the objects' debug information says of records, constants and functions, and "
     "holds it\n"
     "against the kernel's. Names of the specs are looked for as they are, letter case and "
     "underscores\n"
     "aside; --map names others. An object says itself what target it is for, unless --target "
     "does.\n"
     "Without objects it does what abiproof.yaml says, from here or the nearest folder above: "
     "objects,\n"
     "maps, waivers and what else is an option here; gen/verify/config.h lists its keys. It runs "
     "no "
     "command of\n"
     "that file but with --build. With --target it leaves out the file's objects of other "
     "targets.",
     "stmkIHKrWYxTSfo", 0, ANY_OPERANDS, ROOT_READS, FORMATS_REPORT, command_verify},
    {"judge", "compare any two files of facts", "EXPECTED GOT [--format F] [-o FILE]",
     "Compares two files of canonical facts, as `abiproof facts` and probes print them.", "Sfo", 2,
     2, ROOT_NONE, FORMATS_REPORT, command_judge},
    {"show", "draw the layout of a record, or tell what another name is, on every target",
     "NAME [OBJECT]... [--target T]... [--spec S]... [--map THEIRS=OURS]...",
     "NAME is a record, a field, a constant, a type, a function or a system call. Targets that "
     "agree are\n"
     "told once. Read from the golden facts, which `gen --check` and `probe` prove. With objects, "
     "each\n"
     "one's is drawn beside the kernel's, found as `verify` finds it, and bytes that differ are "
     "marked.",
     "stmkIH", 1, ANY_OPERANDS, ROOT_READS, FORMATS_NONE, command_show},
    {"explain", "tell what a kind of finding means, what it does, and how to mend it",
     "[KIND] [--format json]", "Without KIND it lists all kinds, one per line.", "f", 0, 1,
     ROOT_READS, 1 << FORMAT_JSON, command_explain},
    {"targets", "list the targets, and what this machine has of each", "[--format tsv]",
     "Columns: target, triple for clang, the tier that it is proved at, headers, compiler, runner.",
     "tf", 0, 0, ROOT_READS, FORMATS_TABLE, command_targets},
    {"kernels", "list the kernels that targets can boot, and what this machine has of each",
     "[--format tsv]",
     "Columns: kernel, Debian's architecture, patterns of package names, emulator, the package "
     "that "
     "is\nthere, targets whose programs it runs. ci/fetch-kernels brings what is missing.",
     "f", 0, 0, ROOT_READS, FORMATS_TABLE, command_kernels},
    {"specs", "list the specs", "[--format tsv]",
     "Columns: spec, system, number of records, constants and calls, what it is.", "sf", 0, 0,
     ROOT_READS, FORMATS_TABLE, command_specs},
    {NULL, NULL, NULL, NULL, NULL, 0, 0, ROOT_NONE, FORMATS_NONE, NULL},
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
