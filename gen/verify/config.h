/* config.h - what `abiproof verify` is to do for a project: its abiproof.yaml.
 *
 * In: a file. Out: objects, maps, headers, waivers. All paths in it are relative to its folder, so
 * that a run from any folder below means the same. Design: reading a file never runs a command in
 * it. Commands that build are run only when the command line asks for it.
 *
 *     objects:
 *       - paths: [build/poll.o]                # patterns as of the shell; each must match a file
 *       - paths: ["build/aarch64/poll*.o"]
 *         target: aarch64-linux                # left out: the object says it itself
 *         build: make ARCH=aarch64             # run with sh in this folder by --build
 *         env: [CC=aarch64-linux-gnu-gcc]      # for that command
 *     maps: [EpollEvent=epoll_event]           # as --map
 *     in: [mylib]                              # as --in
 *     headers:                                 # as --header
 *       - linux/stat.h
 *       - {file: sys/stat.h, defines: [_FILE_OFFSET_BITS=64]}   # for this header alone
 *     defines: [_GNU_SOURCE]                   # as --define
 *     complete: [epoll]                        # as --complete
 *     require: [aarch64-linux, epoll_event]    # as --require
 *     strict: true                             # as --strict
 *     waivers: []                              # waive.h
 *
 * Every key but `objects` may be left out; options of the command line are added.
 */
#ifndef ABIPROOF_CONFIG_H
#define ABIPROOF_CONFIG_H

#include "base/arena.h"
#include "base/diag.h"
#include "judge/waive.h"

struct config_objects {
    const char **paths; /* patterns, as in the file */
    unsigned n_paths;
    const char *target; /* NULL: not given */
    const char *build;  /* a command for sh; NULL: none */
    const char **env;   /* "NAME=VALUE", each name once */
    unsigned n_env;

    /* The rest is not in the file. */
    struct location where;
    bool is_built;   /* its build was run */
    bool has_failed; /* and failed */
};

/* A header, written as its name alone or as a mapping. */
struct config_header {
    const char *file;
    const char **defines; /* before this header, beside those for all */
    unsigned n_defines;
};

struct config {
    struct config_objects *objects;
    unsigned n_objects;
    const char **maps;
    unsigned n_maps;
    const char **in; /* packages */
    unsigned n_in;
    struct config_header *headers;
    unsigned n_headers;
    const char **defines;
    unsigned n_defines;
    const char **complete;
    unsigned n_complete;
    const char **require;
    unsigned n_require;
    bool strict;
    struct waivers waivers;

    /* The rest is not in the file. */
    const char *path;
    struct yaml_places places; /* of its texts */
    const char *folder;        /* that paths are relative to: "" or ".../" */
};

/* Finds abiproof.yaml in the current folder or the nearest above it, up to the root of the
 * repository. Returns its path, NULL if there is none. */
const char *config_find(struct arena *arena);

/* Whose the file is, if it or its folder is neither the user's who runs this, nor root's, nor that
 * of who became root: "it belongs to 'nobody' (uid 65534)". NULL if there is no such stranger. */
const char *config_stranger(struct arena *arena, const char *path);

/* Reads the file at path. Returns NULL after reporting. */
struct config *config_load(struct arena *arena, const char *path, struct diag *diag);

/* Runs the command that builds the objects, at most timeout_ms milliseconds. Returns false after
 * reporting the target, the command and the last lines that it printed. */
bool config_build(const struct config *config, struct config_objects *objects, int timeout_ms,
                  struct arena *arena, struct diag *diag);

/* Finds the files of the objects, sorted by pattern and name. Returns their number after putting
 * them in *paths; reports every pattern that matches nothing. */
size_t config_paths(const struct config *config, const struct config_objects *objects,
                    const char ***paths, struct arena *arena, struct diag *diag);

#endif
