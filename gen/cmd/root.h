/* root.h - where the repository is.
 *
 * In: the current folder, and the program's own file. Out: the folder that holds gen/targets.yaml.
 */
#ifndef ABIPROOF_ROOT_H
#define ABIPROOF_ROOT_H

#include "base/arena.h"

/* What a command does with the repository. */
enum root_use {
    ROOT_NONE,  /* nothing */
    ROOT_WORKS, /* writes or builds in it, so it must be the folder's own or named by --root */
    ROOT_READS, /* knows only what is in it, so that of the program will do too, from anywhere */
};

/* Finds the nearest folder upward from the current one that holds gen/targets.yaml; with ROOT_READS
 * else from the program's file upward. Returns "" or a path with a final slash, in the arena; NULL
 * if there is none. */
const char *root_find(struct arena *arena, enum root_use use);

#endif
