/* memfd.c - what the kernel does with a file in memory and its seals, through the generated
 * bindings.
 *
 * In: the raw binding of memfd_create(2), from the folder that -I names. Out: `behaviour memfd.*`
 * facts.
 *
 * Design: a seal is reported by what it refuses and by what it still allows. A binding whose
 * F_SEAL_GROW were the kernel's F_SEAL_WRITE would refuse to grow, too; only a write inside the
 * file shows the difference.
 *
 * Every promise is one of memfd_create(2) or fcntl(2); where the manual is silent, of mm/memfd.c
 * and mm/shmem.c.
 */
#include "probe.h"

#include "memfd.h"

enum { LONGEST_NAME = 249, TEXT_BYTES = 4 };

/* A file of TEXT_BYTES bytes with these seals; -1, which every call refuses, if there is none. */
static int sealed(int seals)
{
    int fd = raw_sys_memfd_create("sealed", RAW_MFD_CLOEXEC | RAW_MFD_ALLOW_SEALING);

    if (rt_write(fd, "text", TEXT_BYTES) != TEXT_BYTES)
        return -1;
    return rt_fcntl(fd, RAW_F_ADD_SEALS, seals) == 0 ? fd : -1;
}

/* What a write returns at the end of the file, and at its start. */
static long grow(int fd)
{
    return rt_seek(fd, TEXT_BYTES) == 0 ? rt_write(fd, "more", TEXT_BYTES) : -EBADF;
}

static long overwrite(int fd)
{
    return rt_seek(fd, 0) == 0 ? rt_write(fd, "TEXT", TEXT_BYTES) : -EBADF;
}

static void check_flags(void)
{
    enum { UNKNOWN = 1 << 25 }; /* below the six bits of a page's size, above all flags */
    int plain = raw_sys_memfd_create("plain", 0);
    int cloexec = raw_sys_memfd_create("cloexec", RAW_MFD_CLOEXEC);
    int sealable = raw_sys_memfd_create("sealable", RAW_MFD_ALLOW_SEALING);

    probe_holds("memfd.no-flags-set-nothing", plain >= 0 && !rt_is_cloexec(plain));
    probe_holds("memfd.cloexec-is-set", rt_is_cloexec(cloexec));
    probe_result("memfd.sealing-not-allowed-is-a-seal", RAW_F_SEAL_SEAL,
                 rt_fcntl(plain, RAW_F_GET_SEALS, 0));
    probe_result("memfd.sealing-allowed-is-no-seal", 0, rt_fcntl(sealable, RAW_F_GET_SEALS, 0));
    probe_result("memfd.seal-where-not-allowed", -EPERM,
                 rt_fcntl(plain, RAW_F_ADD_SEALS, RAW_F_SEAL_GROW));
    probe_result("memfd.unknown-flag", -EINVAL, raw_sys_memfd_create("unknown", UNKNOWN));
    (void)rt_close(plain);
    (void)rt_close(cloexec);
    (void)rt_close(sealable);
}

/* A page's size is part of the flags only with MFD_HUGETLB. Whether there are huge pages is the
 * machine's matter. */
static void check_huge(void)
{
    probe_result("memfd.size-of-a-page-without-hugetlb", -EINVAL,
                 raw_sys_memfd_create("huge", RAW_MFD_HUGE_2MB));
    probe_word("memfd.size-of-a-page-is-its-logarithm", 21,
               RAW_MFD_HUGE_2MB >> RAW_MFD_HUGE_SHIFT & RAW_MFD_HUGE_MASK);
}

static void check_name(void)
{
    char name[LONGEST_NAME + 2];

    memset(name, 'x', sizeof name);
    name[LONGEST_NAME] = '\0';
    int fd = raw_sys_memfd_create(name, 0);
    probe_holds("memfd.longest-name", fd >= 0);
    (void)rt_close(fd);
    name[LONGEST_NAME] = 'x';
    name[LONGEST_NAME + 1] = '\0';
    probe_result("memfd.name-too-long", -EINVAL, raw_sys_memfd_create(name, 0));
    probe_result("memfd.no-name", -EFAULT, raw_sys_memfd_create(NULL, 0));
}

static void check_grow_and_shrink(void)
{
    int fd = sealed(RAW_F_SEAL_GROW);

    probe_result("memfd.grow-sealed-cannot-grow", -EPERM, grow(fd));
    probe_result("memfd.grow-sealed-can-be-written", TEXT_BYTES, overwrite(fd));
    probe_result("memfd.grow-sealed-can-shrink", 0, rt_set_size(fd, 1));
    (void)rt_close(fd);

    fd = sealed(RAW_F_SEAL_SHRINK);
    probe_result("memfd.shrink-sealed-cannot-shrink", -EPERM, rt_set_size(fd, 1));
    probe_result("memfd.shrink-sealed-can-be-written", TEXT_BYTES, overwrite(fd));
    probe_result("memfd.shrink-sealed-can-grow", TEXT_BYTES, grow(fd));
    (void)rt_close(fd);
}

static void check_write(void)
{
    int fd = sealed(RAW_F_SEAL_WRITE);

    probe_result("memfd.write-sealed-cannot-be-written", -EPERM, overwrite(fd));
    probe_result("memfd.write-sealed-can-shrink", 0, rt_set_size(fd, TEXT_BYTES - 1));
    (void)rt_seek(fd, 0);
    char text[TEXT_BYTES] = {0};
    probe_result("memfd.write-sealed-can-be-read", TEXT_BYTES - 1, rt_read(fd, text, sizeof text));
    probe_holds("memfd.text-is-read", memcmp(text, "tex", TEXT_BYTES) == 0);
    (void)rt_close(fd);

    fd = sealed(RAW_F_SEAL_FUTURE_WRITE); /* since Linux 5.1 */
    probe_result("memfd.future-write-sealed-cannot-be-written", -EPERM, overwrite(fd));
    (void)rt_close(fd);
}

static void check_seals(void)
{
    int fd = sealed(RAW_F_SEAL_GROW);

    probe_result("memfd.seals-add-up", 0, rt_fcntl(fd, RAW_F_ADD_SEALS, RAW_F_SEAL_SHRINK));
    probe_result("memfd.seals-are-reported", RAW_F_SEAL_GROW | RAW_F_SEAL_SHRINK,
                 rt_fcntl(fd, RAW_F_GET_SEALS, 0));
    probe_result("memfd.unknown-seal", -EINVAL, rt_fcntl(fd, RAW_F_ADD_SEALS, 1 << 30));
    probe_result("memfd.seal-the-seals", 0, rt_fcntl(fd, RAW_F_ADD_SEALS, RAW_F_SEAL_SEAL));
    probe_result("memfd.sealed-seals-stay", -EPERM,
                 rt_fcntl(fd, RAW_F_ADD_SEALS, RAW_F_SEAL_WRITE));
    (void)rt_close(fd);
}

void probe_main(void)
{
    check_flags();
    check_huge();
    check_name();
    check_grow_and_shrink();
    check_write();
    check_seals();
}
