/* options.h - the command line.
 *
 * In: argv. Out: a structure, or a usage message that says what was wrong and where the help is.
 */
#ifndef ABIPROOF_OPTIONS_H
#define ABIPROOF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "report/format.h"

struct names {
    const char **items;
    size_t n;
};

struct options;

/* No upper bound. */
#define ANY_OPERANDS SIZE_MAX

/* What a command does with the repository. */
enum root_use {
    ROOT_NONE,  /* nothing */
    ROOT_WORKS, /* writes or builds in it, so it must be the folder's own or named by --root */
    ROOT_READS, /* knows only what is in it, so that of the program will do too, from anywhere */
};

/* One subcommand: a row of the table in main.c. */
struct command {
    const char *name;
    const char *about;   /* one line */
    const char *usage;   /* after "abiproof NAME " */
    const char *help;    /* what it does and prints, wrapped by hand */
    const char *accepts; /* the short letters of the options below that it takes, besides C h q v */
    size_t least_operands;
    size_t most_operands; /* or ANY_OPERANDS */
    enum root_use root;
    unsigned formats; /* that it knows beside text, as bits: 1 << FORMAT_JSON */
    int (*run)(const struct options *options, struct arena *arena);
};

struct options {
    const struct command *command;
    struct names specs;     /* s: --spec S, repeatable */
    struct names targets;   /* t: --target T, repeatable */
    struct names langs;     /* l: --lang L, repeatable */
    struct names maps;      /* m: --map THEIRS=OURS, repeatable */
    struct names headers;   /* H: --header FILE, repeatable */
    struct names packages;  /* I: --in NAME, repeatable */
    struct names complete;  /* K: --complete SPEC, repeatable */
    struct names require;   /* r: --require TIER|TARGET|ITEM|all, repeatable */
    struct names witnesses; /* w: --witness W, repeatable */
    struct names waivers;   /* W: --waivers FILE, repeatable */
    const char *config;     /* Y: --config FILE; NULL: none is named */
    bool build;             /* x: --build: run what builds the objects */
    const char *out;        /* O: --out DIR, a folder for many files */
    const char *output;     /* -o, --output FILE, for the report; NULL: stdout */
    const char *bindings;   /* b: --bindings DIR */
    bool boot;              /* B: --boot: also on real kernels under qemu-system */
    bool check;             /* c: --check */
    bool strict;            /* S: --strict: notes count as findings */
    enum format format;     /* f: --format F */
    int timeout_ms;         /* T: --timeout SECONDS, for each program that is run */
    int n_workers;          /* -j N */
    bool fresh;             /* F: --fresh */
    bool quiet;             /* -q */
    bool verbose;           /* -v */
    const char *root; /* -C DIR, or the nearest folder upward with gen/targets.yaml: "" or ".../";
                         NULL only for ROOT_NONE */
    struct names operands;
};

/* Reads the command line. Returns -1 when options are filled in, else the exit code: 0 after
 * printing help, 2 after printing what is wrong. */
int options_read(struct options *options, struct arena *arena, const struct command *commands,
                 int argc, char **argv);

#endif
