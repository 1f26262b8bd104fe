/* options.h - the command line.
 *
 * In: argv. Out: a structure, or a usage message that says what was wrong and where the help is.
 */
#ifndef ABIPROOF_OPTIONS_H
#define ABIPROOF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

struct names {
    const char **items;
    size_t n;
};

struct options;

/* One operand or more. */
#define ANY_OPERANDS SIZE_MAX

enum format { FORMAT_TEXT, FORMAT_TSV, FORMAT_JSON };

/* One subcommand: a row of the table in main.c. */
struct command {
    const char *name;
    const char *about; /* one line */
    const char *usage; /* after "abiproof NAME " */
    const char *help;  /* what it does and prints, wrapped by hand */
    const char
        *accepts;      /* the short letters of the options below that it takes, besides h j q v R */
    size_t n_operands; /* exactly so many operands, or ANY_OPERANDS */
    enum format format; /* that it knows beside text; FORMAT_TEXT: none */
    int (*run)(const struct options *options, struct arena *arena);
};

struct options {
    const struct command *command;
    struct names specs;     /* s: --spec S, repeatable */
    struct names targets;   /* t: --target T, repeatable */
    struct names langs;     /* l: --lang L, repeatable */
    struct names maps;      /* m: --map THEIRS=OURS, repeatable */
    struct names headers;   /* H: --header FILE, repeatable */
    struct names complete;  /* K: --complete SPEC, repeatable */
    struct names require;   /* r: --require TIER|TARGET|all, repeatable */
    struct names witnesses; /* w: --witness W, repeatable */
    const char *out;        /* o: --out DIR */
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
    const char *root; /* -C DIR, or the nearest folder upward with gen/targets.yaml: "" or ".../" */
    struct names operands;
};

/* Reads the command line. Returns -1 when options are filled in, else the exit code: 0 after
 * printing help, 2 after printing what is wrong. */
int options_read(struct options *options, struct arena *arena, const struct command *commands,
                 int argc, char **argv);

#endif
