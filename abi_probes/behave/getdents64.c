/* getdents64.c - how the kernel writes the names in a folder, through the generated bindings.
 *
 * In: the raw binding of getdents64(2), from the folder that -I names. Out: `behaviour
 * getdents64.*` facts.
 *
 * Design: which names there are is the machine's matter, so only what holds for every folder is
 * asked. The records must lead from one to the next and end exactly where the kernel stopped to
 * write, which no wrong place of d_reclen does; two of the names are "." and ".."; and d_off of one
 * record must lead to the next one.
 *
 * Every promise is one of getdents(2); where the manual is silent, of fs/readdir.c.
 */
#include "probe.h"

#include "getdents64.h"

enum {
    BUFFER_BYTES = 4096,
    GUARD_BYTES = 64,
    NAME_AT = __builtin_offsetof(struct raw_dirent64, d_name),
    LEAST_BYTES = NAME_AT + sizeof ".",
    /* The kernel's are multiples of 8; QEMU's only what the target's compiler wants. */
    RECORD_ALIGN = _Alignof(struct raw_dirent64),
};

static _Alignas(16) unsigned char buffer[BUFFER_BYTES + GUARD_BYTES];

/* The record at a place in the buffer. */
static const struct raw_dirent64 *record_at(size_t at)
{
    return (const struct raw_dirent64 *)(const void *)(buffer + at);
}

static const char *name_at(size_t at)
{
    return (const char *)record_at(at)->d_name;
}

static bool is_name(size_t at, const char *name)
{
    const char *got = name_at(at);
    size_t i = 0;

    while (got[i] == name[i] && name[i] != '\0')
        i++;
    return got[i] == name[i];
}

/* True if a zero byte ends the name before the record does. */
static bool has_end(size_t at)
{
    size_t end = record_at(at)->d_reclen;

    for (size_t i = NAME_AT; i < end; i++)
        if (buffer[at + i] == '\0')
            return true;
    return false;
}

/* Fills the buffer over poison. */
static long take(int folder)
{
    memset(buffer, 0xa5, sizeof buffer);
    return raw_sys_getdents64((unsigned)folder, buffer, BUFFER_BYTES);
}

/* Where in n_bytes the record of that name is; n_bytes if it is not there. */
static size_t find(size_t n_bytes, const char *name)
{
    size_t at = 0;

    while (at + LEAST_BYTES <= n_bytes && !is_name(at, name))
        at += record_at(at)->d_reclen;
    return at + LEAST_BYTES <= n_bytes ? at : n_bytes;
}

/* Walks over the records. Returns true if they end where the kernel stopped. */
static bool check_chain(size_t n_bytes)
{
    size_t at = 0, n_records = 0, n_crooked = 0, n_endless = 0, n_written = 0;

    while (at + LEAST_BYTES <= n_bytes && record_at(at)->d_reclen >= LEAST_BYTES) {
        n_records++;
        n_crooked += record_at(at)->d_reclen % RECORD_ALIGN != 0;
        n_endless += at + record_at(at)->d_reclen > n_bytes || !has_end(at);
        at += record_at(at)->d_reclen;
    }
    for (size_t i = n_bytes; i < sizeof buffer; i++)
        n_written += buffer[i] != 0xa5;
    probe_holds("getdents64.records-end-where-the-kernel-stopped", at == n_bytes);
    probe_holds("getdents64.there-are-two-records-at-least", n_records >= 2);
    probe_holds("getdents64.records-are-aligned", n_crooked == 0);
    probe_holds("getdents64.names-end-in-their-records", n_endless == 0);
    probe_holds("getdents64.nothing-is-written-behind-them", n_written == 0);
    return at == n_bytes && n_records >= 2 && n_endless == 0;
}

static void check_dots(size_t n_bytes)
{
    size_t one = find(n_bytes, "."), two = find(n_bytes, "..");

    probe_holds("getdents64.both-dots-are-there", one != n_bytes && two != n_bytes);
    if (one == n_bytes || two == n_bytes)
        return;
    probe_holds("getdents64.a-dot-has-an-inode", record_at(one)->d_ino != 0);
    if (record_at(one)->d_type == RAW_DT_UNKNOWN)
        probe_not_checked("getdents64.kind-of-a-dot", "the file system does not report kinds");
    else
        probe_word("getdents64.kind-of-a-dot", RAW_DT_DIR, record_at(one)->d_type);
}

/* d_off of the first record leads to the second one. */
static void check_offset(int folder)
{
    raw_i64 second = record_at(0)->d_off;
    char name[sizeof record_at(0)->d_name];

    memcpy(name, name_at(record_at(0)->d_reclen), sizeof name);
    long result = rt_seek(folder, second);
    if (result == -EOVERFLOW) {
        probe_not_checked("getdents64.offset-leads-to-the-next", "it does not fit a long");
        return;
    }
    probe_holds("getdents64.offset-leads-to-the-next",
                result == 0 && take(folder) > 0 && is_name(0, name));
}

static void check_folder(void)
{
    int folder = (int)rt_open("/");
    long n = take(folder);

    probe_holds("getdents64.a-folder-is-read", n > 0 && n <= BUFFER_BYTES);
    if (n > 0 && n <= BUFFER_BYTES && check_chain((size_t)n)) {
        check_dots((size_t)n);
        check_offset(folder);
    }
    while (n > 0)
        n = take(folder);
    probe_result("getdents64.after-the-last-name", 0, n);
    (void)rt_close(folder);
}

static void check_refusals(void)
{
    int folder = (int)rt_open("/");
    int file = rt_file();

    probe_result("getdents64.buffer-too-small", -EINVAL,
                 raw_sys_getdents64((unsigned)folder, buffer, 1));
    probe_result("getdents64.of-a-file", -ENOTDIR, take(file));
    probe_result("getdents64.of-nothing", -EBADF, take(-1));
    (void)rt_close(folder);
    (void)rt_close(file);
}

void probe_main(void)
{
    check_folder();
    check_refusals();
}
