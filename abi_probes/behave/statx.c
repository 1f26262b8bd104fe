/* statx.c - what the kernel reports of a file, through the generated bindings.
 *
 * In: the raw binding of statx(2), from the folder that -I names. Out: the size of statx and the
 * place of stx_size as the kernel writes them, and `behaviour statx.*` facts.
 *
 * Design: the layout is learned, not assumed. The kernel is given plain bytes in the place of a
 * statx. Done twice over opposite poison, every byte that is the same both times was written by the
 * kernel, and no other was. A file in memory can have any size for nothing, so the place where an
 * unlikely one turns up is that of stx_size.
 *
 * Every promise is one of statx(2); where the manual is silent, of fs/stat.c.
 */
#include "probe.h"

#include "statx.h"

enum {
    GUARD_BYTES = 64,
    ROOM_BYTES = 1024, /* for a statx of any layout */
    BUFFER_BYTES = GUARD_BYTES + ROOM_BYTES + GUARD_BYTES,
    UNLIKELY_SIZE = 0x12345678,
    KIND_MASK = 0170000, /* S_IFMT and three of its values: linux/stat.h */
    KIND_FILE = 0100000,
    KIND_FOLDER = 0040000,
    KIND_CHARACTERS = 0020000,
};

static long read_status(int fd, unsigned mask, struct raw_statx *reported)
{
    memset(reported, 0xa5, sizeof *reported);
    return raw_sys_statx(fd, "", RAW_AT_EMPTY_PATH, mask, reported);
}

static long read_status_of(const char *path, unsigned flags, unsigned mask,
                           struct raw_statx *reported)
{
    memset(reported, 0xa5, sizeof *reported);
    return raw_sys_statx(RAW_AT_FDCWD, path, flags, mask, reported);
}

/* ---- the layout ---------------------------------------------------------------------------- */

static void check_layout(void)
{
    static _Alignas(16) unsigned char buffers[2][BUFFER_BYTES];
    size_t end = GUARD_BYTES, size_at = 0, n_hits = 0, n_outside = 0;
    int fd = rt_file();
    long result = rt_set_size(fd, UNLIKELY_SIZE);

    for (int i = 0; i < 2 && result == 0; i++) {
        memset(buffers[i], i == 0 ? 0xa5 : 0x5a, BUFFER_BYTES);
        result = raw_sys_statx(fd, "", RAW_AT_EMPTY_PATH, RAW_STATX_BASIC_STATS,
                               (struct raw_statx *)(void *)(buffers[i] + GUARD_BYTES));
    }
    (void)rt_close(fd);
    probe_result("statx.of-a-descriptor", 0, result);
    while (end < BUFFER_BYTES && buffers[0][end] == buffers[1][end])
        end++;
    for (size_t at = 0; at < BUFFER_BYTES; at++)
        n_outside += (at < GUARD_BYTES || at >= end) && buffers[0][at] == buffers[1][at];
    for (size_t at = GUARD_BYTES; at + sizeof(uint64_t) <= end; at++) {
        uint64_t word;
        memcpy(&word, buffers[0] + at, sizeof word);
        size_at = word == UNLIKELY_SIZE ? at : size_at;
        n_hits += word == UNLIKELY_SIZE;
    }
    probe_record("statx", end - GUARD_BYTES, 0, NULL);
    probe_holds("statx.guard-bytes-untouched", n_outside == 0);
    if (n_hits == 1)
        probe_field("statx.stx_size", size_at - GUARD_BYTES, sizeof(uint64_t), NULL);
    else
        probe_holds("statx.size-is-reported-once", false);
}

/* ---- fields -------------------------------------------------------------------------------- */

static void check_file(void)
{
    enum { TEXT_BYTES = 5, BLOCK_BYTES = 512, SECOND = 1000000000 };
    int fd = rt_file();

    (void)rt_write(fd, "hello", TEXT_BYTES);
    struct raw_statx reported;
    (void)read_status(fd, RAW_STATX_BASIC_STATS, &reported);
    (void)rt_close(fd);
    probe_word("statx.basic-fields-are-filled", RAW_STATX_BASIC_STATS,
               reported.stx_mask & RAW_STATX_BASIC_STATS);
    probe_word("statx.size", TEXT_BYTES, reported.stx_size);
    probe_word("statx.kind-of-a-file", KIND_FILE, reported.stx_mode & KIND_MASK);
    probe_word("statx.links-of-a-file-without-a-name", 0, reported.stx_nlink);
    probe_holds("statx.blocks-have-room-for-the-size",
                reported.stx_blocks > 0 &&
                    reported.stx_blocks <= reported.stx_blksize / BLOCK_BYTES);
    probe_holds("statx.has-an-inode", reported.stx_ino != 0);
    probe_word("statx.file-is-no-device", 0, reported.stx_rdev_major | reported.stx_rdev_minor);
    probe_holds("statx.nanoseconds-below-a-second", reported.stx_atime.tv_nsec < SECOND &&
                                                        reported.stx_mtime.tv_nsec < SECOND &&
                                                        reported.stx_ctime.tv_nsec < SECOND);
    probe_holds("statx.writing-changes-both-times",
                reported.stx_mtime.tv_sec == reported.stx_ctime.tv_sec &&
                    reported.stx_mtime.tv_nsec == reported.stx_ctime.tv_nsec);
    probe_holds("statx.attributes-are-among-those-that-can-be-reported",
                (reported.stx_attributes & ~reported.stx_attributes_mask) == 0);
}

static void check_folder(void)
{
    struct raw_statx reported;

    probe_result("statx.of-a-path", 0, read_status_of("/", 0, RAW_STATX_BASIC_STATS, &reported));
    probe_word("statx.kind-of-a-folder", KIND_FOLDER, reported.stx_mode & KIND_MASK);
    probe_holds("statx.links-of-a-folder", reported.stx_nlink > 0);
}

/* /dev/null is the device 1, 3 on every Linux: Documentation/admin-guide/devices.txt. */
static void check_device(void)
{
    struct raw_statx reported;
    long result = read_status_of("/dev/null", RAW_AT_NO_AUTOMOUNT, RAW_STATX_TYPE, &reported);

    if (result == -ENOENT) {
        probe_not_checked("statx.kind-of-a-device", "there is no /dev/null");
        probe_not_checked("statx.numbers-of-a-device", "there is no /dev/null");
        return;
    }
    probe_word("statx.kind-of-a-device", KIND_CHARACTERS, reported.stx_mode & KIND_MASK);
    probe_word("statx.numbers-of-a-device", UINT64_C(1) << 32 | 3,
               (uint64_t)reported.stx_rdev_major << 32 | reported.stx_rdev_minor);
}

/* ---- what is refused ------------------------------------------------------------------------ */

static void check_refusals(void)
{
    enum { UNKNOWN = 1 << 30 };
    int fd = rt_file();
    struct raw_statx reported;

    probe_result("statx.reserved-field", -EINVAL, read_status(fd, RAW_STATX__RESERVED, &reported));
    probe_result("statx.unknown-flag", -EINVAL,
                 read_status_of("/", UNKNOWN, RAW_STATX_SIZE, &reported));
    probe_result("statx.both-ways-to-ask-a-server", -EINVAL,
                 read_status_of("/", RAW_AT_STATX_SYNC_TYPE, RAW_STATX_SIZE, &reported));
    probe_result("statx.force-sync", 0,
                 read_status_of("/", RAW_AT_STATX_FORCE_SYNC, RAW_STATX_SIZE, &reported));
    probe_result("statx.dont-sync", 0,
                 read_status_of("/", RAW_AT_STATX_DONT_SYNC, RAW_STATX_SIZE, &reported));
    probe_result("statx.empty-path-without-its-flag", -ENOENT,
                 raw_sys_statx(fd, "", 0, RAW_STATX_SIZE, &reported));
    probe_result("statx.closed-descriptor", -EBADF, read_status(-1, RAW_STATX_SIZE, &reported));
    probe_result("statx.no-buffer", -EFAULT,
                 raw_sys_statx(fd, "", RAW_AT_EMPTY_PATH, RAW_STATX_SIZE, NULL));
    (void)rt_close(fd);
}

void probe_main(void)
{
    check_layout();
    check_file();
    check_folder();
    check_device();
    check_refusals();
}
