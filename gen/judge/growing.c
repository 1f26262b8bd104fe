/* growing.c - see growing.h.
 *
 * In: names. Out: phrases. Design: nothing in a header says that a record is passed with its size,
 * so this is a table; each row was read in the kernel's sources (copy_struct_from_user and its
 * like) and in the man page. bpf_attr is not here: its arms are of different sizes, and the size of
 * one says nothing about the others.
 */
#include "judge/growing.h"

#include <stddef.h>
#include <string.h>

const char *growing_record(const char *name)
{
    static const struct {
        const char *name;
        const char *how;
    } records[] = {
        {"clone_args", "parameter size of clone3(2)"},
        {"landlock_ruleset_attr", "parameter size of landlock_create_ruleset(2)"},
        {"mount_attr", "parameter size of mount_setattr(2)"},
        {"open_how", "parameter size of openat2(2)"},
        {"perf_event_attr", "its field size, perf_event_open(2)"},
        {"ptrace_syscall_info", "parameter addr of ptrace(2), PTRACE_GET_SYSCALL_INFO"},
        {"sched_attr", "its field size, sched_setattr(2)"},
        {"tcp_info", "parameter optlen of getsockopt(2), TCP_INFO"},
        {"mnt_id_req", "its field size, statmount(2)"},
        {"xattr_args", "parameter size of setxattrat(2)"},
    };

    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++)
        if (strcmp(records[i].name, name) == 0)
            return records[i].how;
    return NULL;
}
