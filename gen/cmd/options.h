/* options.h - what the user asked for.
 *
 * In: the command line, as command_line.c has read it. Out: one structure, which every subcommand
 * goes by.
 */
#ifndef ABIPROOF_OPTIONS_H
#define ABIPROOF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "report/format.h"

struct names {
    const char **items;
    size_t n;
};

/* True if the name is among them, or there are none: then everything is meant. */
bool names_choose(const struct names *names, const char *name);

struct command;

/* Each member but the first two and the last is where the value of an option goes (syntax.c). It is
 * false, NULL or empty where the option is not typed, unless the option says otherwise. */
struct options {
    const struct command *command;
    const char *called; /* the name by which the command was called: an old one may be typed, too */
    struct names specs;
    struct names targets;
    struct names langs;
    struct names maps;
    struct names headers;
    struct names defines;
    struct names packages;
    struct names complete;
    struct names require; /* a tier, a target, an item or "all" */
    struct names witnesses;
    struct names waivers;
    const char *config;   /* NULL: none is named */
    bool build;           /* run what builds the objects */
    const char *out;      /* a folder for many files; NULL: the root */
    bool flat;            /* ... that has no folders of its own */
    const char *prefix;   /* of names in C; NULL: raw_ */
    const char *module;   /* what the one spec is called; NULL: as it is */
    const char *output;   /* a file for the report; NULL: stdout */
    const char *bindings; /* folder of the C bindings; NULL: the root's */
    bool boot;            /* also on real kernels under qemu-system */
    bool check;
    bool strict; /* notes count as findings */
    enum format format;
    int timeout_ms; /* for each program that is run */
    int n_workers;
    bool fresh;
    bool quiet;
    bool verbose;
    const char *root; /* of the repository: "" or ".../"; NULL only for ROOT_NONE */
    struct names operands;
};

#endif
