/* emit.c - the table of emitters, and the files that they start; see emit.h. */
#include "emit/emit.h"

const struct emitter *const emitters[] = {&emit_c,      &emit_rust, &emit_d,     &emit_zig,
                                          &emit_nim,    &emit_go,   &emit_probe, &emit_call,
                                          &emit_golden, NULL};

struct str *emit_start(struct emit_files *files, const char *path)
{
    struct emit_file file = {.path = arena_strdup(files->arena, path),
                             .text = {.arena = files->arena}};

    ARENA_PUSH(files->arena, files->items, files->n, file);
    return &files->items[files->n - 1].text;
}

const char *emit_name(const struct emit_job *job)
{
    return job->module != NULL ? job->module : job->spec->name;
}
