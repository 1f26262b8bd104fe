/* driver.c - see driver.h.
 *
 * Design: the driver that a command line names compiles nothing. GCC's starts cc1, as and ld, which
 * other packages bring and other folders may shadow; a script of that name starts GCC's; clang's is
 * a few hundred kilobytes in front of a library. So the driver itself is asked: `-###` makes it
 * print each command that it would run, by path, and through any number of wrappers who it is
 * (COLLECT_GCC) and which files of options it has read. Only the linker it does not name, since
 * collect2 starts that: `-print-prog-name=ld` does. Libraries count where a program brings its own,
 * by a run path; those of the system are not the compiler.
 */
#include "witness/driver.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "base/grouping.h"
#include "base/proc.h"
#include "base/str.h"

/* For a driver to say something of itself. */
enum { ANSWER_MS = 10 * 1000 };

struct parts {
    struct driver driver;
    struct grouping seen;
    struct arena *arena;
};

/* Adds a file, once. */
static void add_file(struct parts *parts, const char *path)
{
    if (path != NULL && access(path, R_OK) == 0 && grouping_is_new(&parts->seen, path))
        ARENA_PUSH(parts->arena, parts->driver.files, parts->driver.n_files, path);
}

/* ---- what a driver says ---- */

/* The language whose compiler proper it calls, by GCC's name: a driver has several. */
static const char *language_of(const char *program)
{
    size_t length = strlen(program);

    if (length >= 2 && strcmp(program + length - 2, "++") == 0)
        return "c++";
    return length >= 3 && strcmp(program + length - 3, "gdc") == 0 ? "d" : "c";
}

/* Takes one line of what -### prints: a command begins with a blank, its program may be quoted. */
static void read_line(struct parts *parts, const char *line)
{
    static const char *const files[] = {"Reading specs from ", "Configuration file: "};
    static const char driver[] = "COLLECT_GCC=";

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (str_starts(line, files[i]))
            add_file(parts, line + strlen(files[i]));
    if (str_starts(line, driver))
        add_file(parts, proc_find(parts->arena, line + strlen(driver)));
    if (line[0] != ' ')
        return;
    const char *start = line[1] == '"' ? line + 2 : line + 1;
    size_t length = strcspn(start, line[1] == '"' ? "\"" : " ");
    add_file(parts, proc_find(parts->arena, arena_strndup(parts->arena, start, length)));
}

static void ask(struct parts *parts, const char *program)
{
    /* Through pipes, or the names of temporary files would be in what it prints. */
    const char *const calls[] = {program, "-###",      "-x", language_of(program), "-c",
                                 "-pipe", "/dev/null", "-o", "/dev/null",          NULL};
    const char *const linker[] = {program, "-print-prog-name=ld", NULL};
    struct proc_result result = proc_run(parts->arena, calls, ANSWER_MS);

    if (result.end != PROC_EXITED || result.status != 0)
        return;
    parts->driver.calls = result.err;
    for (const char *at = result.err; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        read_line(parts, arena_strndup(parts->arena, at, length));
        at += length + (at[length] == '\n');
    }
    result = proc_run(parts->arena, linker, ANSWER_MS);
    if (result.end == PROC_EXITED && result.status == 0)
        add_file(parts, proc_find(parts->arena, arena_strndup(parts->arena, result.out,
                                                              strcspn(result.out, "\n"))));
}

/* ---- libraries of its own ---- */

/* The dynamic section of an ELF file; NULL if it has none. */
static Elf_Data *find_dynamic(Elf *elf, GElf_Shdr *header)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(elf, section)) != NULL)
        if (gelf_getshdr(section, header) != NULL && header->sh_type == SHT_DYNAMIC)
            return elf_getdata(section, NULL);
    return NULL;
}

/* Adds the library if a folder of the run path has it: "$ORIGIN/../lib:/opt/x/lib". */
static void add_library(struct parts *parts, const char *program, const char *run_path,
                        const char *library)
{
    static const char origin[] = "$ORIGIN";
    const char *slash = strrchr(program, '/');
    const char *own =
        slash == NULL ? "." : arena_strndup(parts->arena, program, (size_t)(slash - program));

    for (size_t length; *run_path != '\0'; run_path += length + (run_path[length] == ':')) {
        length = strcspn(run_path, ":");
        const char *folder = arena_strndup(parts->arena, run_path, length);
        if (str_starts(folder, origin))
            folder = arena_printf(parts->arena, "%s%s", own, folder + strlen(origin));
        add_file(parts, arena_printf(parts->arena, "%s/%s", folder, library));
    }
}

/* Adds the libraries that lie on the run path of a program or library. */
static void add_libraries_of(struct parts *parts, const char *path, Elf *elf)
{
    GElf_Shdr header;
    Elf_Data *dynamic = find_dynamic(elf, &header);
    const char *run_path = NULL;
    GElf_Dyn entry;

    for (int i = 0; dynamic != NULL && gelf_getdyn(dynamic, i, &entry) != NULL; i++)
        if (entry.d_tag == DT_RUNPATH || (entry.d_tag == DT_RPATH && run_path == NULL))
            run_path = elf_strptr(elf, header.sh_link, entry.d_un.d_val);
    for (int i = 0; run_path != NULL && gelf_getdyn(dynamic, i, &entry) != NULL; i++) {
        const char *library =
            entry.d_tag == DT_NEEDED ? elf_strptr(elf, header.sh_link, entry.d_un.d_val) : NULL;
        if (library != NULL)
            add_library(parts, path, run_path, library);
    }
}

static void add_libraries(struct parts *parts, const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = file >= 0 && elf_version(EV_CURRENT) != EV_NONE
                   ? elf_begin(file, ELF_C_READ_MMAP, NULL)
                   : NULL;

    if (elf != NULL && elf_kind(elf) == ELF_K_ELF)
        add_libraries_of(parts, path, elf);
    if (elf != NULL)
        elf_end(elf);
    if (file >= 0)
        close(file);
}

struct driver driver_of(struct arena *arena, const char *program)
{
    struct parts parts = {.driver.calls = "", .seen.arena = arena, .arena = arena};
    const char *path = proc_find(arena, program);

    if (path == NULL)
        return parts.driver;
    add_file(&parts, path);
    ask(&parts, path);
    for (size_t i = 0; i < parts.driver.n_files; i++) /* and of the libraries that this adds */
        add_libraries(&parts, parts.driver.files[i]);
    return parts.driver;
}
