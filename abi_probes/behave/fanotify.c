/* fanotify.c - what the kernel reports of a folder that is opened, through the generated bindings.
 *
 * In: the raw binding of fanotify(7), from the folder that -I names. Out: `behaviour fanotify.*`
 * facts.
 *
 * Design: a queue needs a right that the probe may lack, and what it reports depends on the file
 * system of "/". What cannot be tried here is reported as not checked, with the error; what can be
 * asked is held to the manual. Other processes may open "/" as well, and their events look the
 * same.
 *
 * Every promise is one of fanotify_init(2), fanotify_mark(2) or fanotify(7); where the manual is
 * silent, of fs/notify/fanotify/.
 */
#include "probe.h"

#include <asm/unistd.h>

#include "fanotify.h"

enum {
    ROOM_BYTES = 512,
    OPENED = RAW_FAN_OPEN | RAW_FAN_ONDIR,
    WORKING_FOLDER = -100, /* AT_FDCWD: linux/fcntl.h */
    QUIET = RAW_FAN_CLASS_NOTIF | RAW_FAN_NONBLOCK | RAW_FAN_CLOEXEC,
};

static _Alignas(16) unsigned char buffer[ROOM_BYTES];

static const struct raw_fanotify_event_metadata *event(void)
{
    return (const struct raw_fanotify_event_metadata *)(const void *)buffer;
}

/* The mask takes two registers where they have 32 bits, the first half first as in memory. */
static long mark(int fd, unsigned flags, uint64_t mask)
{
    static const char path[] = "/";
#if defined(__LP64__) || (defined(__mips__) && _MIPS_SIM == _ABIN32)
    return rt_syscall(__NR_fanotify_mark, fd, (long)flags, (long)mask, WORKING_FOLDER, (long)path,
                      0);
#else
    bool is_little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
    long low = (long)mask, high = (long)(mask >> 32);
    return rt_syscall(__NR_fanotify_mark, fd, (long)flags, is_little ? low : high,
                      is_little ? high : low, WORKING_FOLDER, (long)path);
#endif
}

/* Opens "/" and reads what the queue reports of that, over poison. */
static long open_and_read(int queue)
{
    memset(buffer, 0xa5, sizeof buffer);
    (void)rt_close((int)rt_open("/"));
    return rt_read(queue, buffer, sizeof buffer);
}

/* ---- marks --------------------------------------------------------------------------------- */

static void check_marks(int queue)
{
    probe_holds("fanotify.cloexec-is-set", rt_is_cloexec(queue));
    probe_holds("fanotify.nonblock-is-set", rt_is_nonblocking(queue));
    probe_result("fanotify.mark-of-nothing", -EINVAL, mark(queue, RAW_FAN_MARK_ADD, 0));
    probe_result("fanotify.mark-neither-added-nor-removed", -EINVAL, mark(queue, 0, OPENED));
    probe_result("fanotify.mark-of-no-folder", -EBADF, mark(-1, RAW_FAN_MARK_ADD, OPENED));
    probe_result("fanotify.mark-is-not-there", -ENOENT, mark(queue, RAW_FAN_MARK_REMOVE, OPENED));
    probe_result("fanotify.empty-queue", -EAGAIN, rt_read(queue, buffer, sizeof buffer));
    probe_result("fanotify.mark", 0, mark(queue, RAW_FAN_MARK_ADD | RAW_FAN_MARK_ONLYDIR, OPENED));
}

/* ---- events -------------------------------------------------------------------------------- */

static void check_event(int queue)
{
    long n = open_and_read(queue);

    probe_holds("fanotify.event-is-read", n >= (long)RAW_FAN_EVENT_METADATA_LEN);
    if (n < (long)RAW_FAN_EVENT_METADATA_LEN)
        return;
    probe_word("fanotify.event-length", RAW_FAN_EVENT_METADATA_LEN, event()->event_len);
    probe_word("fanotify.event-version", RAW_FANOTIFY_METADATA_VERSION, event()->vers);
    probe_word("fanotify.event-metadata-length", RAW_FAN_EVENT_METADATA_LEN, event()->metadata_len);
    /* Only a queue that reports file ids reports that it was a folder, too. */
    probe_word("fanotify.event-mask", RAW_FAN_OPEN, event()->mask);
    probe_holds("fanotify.event-file", event()->fd > 2 && rt_close(event()->fd) == 0);
    probe_holds("fanotify.event-process", event()->pid > 0);
}

static void check_end(int queue)
{
    probe_result("fanotify.mark-removed", 0, mark(queue, RAW_FAN_MARK_REMOVE, OPENED));
    probe_result("fanotify.marks-flushed", 0, mark(queue, RAW_FAN_MARK_FLUSH, 0));
    while (rt_read(queue, buffer, sizeof buffer) > 0)
        ; /* of others */
    probe_result("fanotify.no-event-without-a-mark", -EAGAIN, open_and_read(queue));
}

/* ---- information behind an event ------------------------------------------------------------ */

/* A queue that reports more; what it adds stands behind the metadata. NULL if nothing can be read.
 * */
static const void *information(unsigned flags, const char *name)
{
    int queue = raw_sys_fanotify_init(QUIET | flags, 0);
    long result = queue < 0 ? queue : mark(queue, RAW_FAN_MARK_ADD, OPENED);

    if (result == 0)
        result = open_and_read(queue);
    (void)rt_close(queue);
    if (result < 0) {
        probe_not_checked(name, "this kernel or file system does not report it");
        return NULL;
    }
    return buffer + event()->metadata_len;
}

static void check_information(void)
{
    static const char pidfd_name[] = "fanotify.pidfd-of-an-event", fid_name[] = "fanotify.file-id";
    const struct raw_fanotify_event_info_pidfd *pidfd =
        information(RAW_FAN_REPORT_PIDFD, pidfd_name);

    if (pidfd != NULL)
        probe_holds(pidfd_name, event()->event_len == event()->metadata_len + sizeof *pidfd &&
                                    pidfd->hdr.info_type == RAW_FAN_EVENT_INFO_TYPE_PIDFD &&
                                    pidfd->hdr.len == sizeof *pidfd && pidfd->pidfd > 2 &&
                                    rt_is_cloexec(pidfd->pidfd));
    const struct raw_fanotify_event_info_fid *fid = information(RAW_FAN_REPORT_FID, fid_name);
    if (fid != NULL)
        probe_holds(fid_name, event()->mask == OPENED && event()->fd == RAW_FAN_NOFD &&
                                  fid->hdr.info_type == RAW_FAN_EVENT_INFO_TYPE_FID &&
                                  fid->hdr.len == event()->event_len - event()->metadata_len &&
                                  fid->hdr.len > sizeof *fid);
}

void probe_main(void)
{
    enum { UNKNOWN = 1 << 30 };
    int queue = raw_sys_fanotify_init(QUIET, 0);

    if (queue == -EPERM || queue == -ENOSYS) {
        probe_not_checked("fanotify.queue", queue == -EPERM ? "EPERM" : "ENOSYS");
        return;
    }
    probe_holds("fanotify.queue", queue >= 0);
    probe_result("fanotify.unknown-flag", -EINVAL, raw_sys_fanotify_init(UNKNOWN, 0));
    check_marks(queue);
    check_event(queue);
    check_end(queue);
    (void)rt_close(queue);
    check_information();
}
