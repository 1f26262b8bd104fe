/* sched.c - what the kernel reports of a thread's schedule, through the generated bindings.
 *
 * In: the raw binding of sched(7), from the folder that -I names. Out: the size of sched_attr as
 * the kernel of this probe has it at least, and `behaviour sched.*` facts.
 *
 * Design: nothing here needs a right, and nothing changes how this process runs. What is set is
 * what was there, and what is refused is refused for its shape; so a wrong field shows as a value
 * that two calls report differently.
 *
 * Every promise is one of sched(7) and of the manual pages of the calls; where they are silent, of
 * kernel/sched/syscalls.c.
 */
#include "probe.h"

#include "sched.h"

enum { MASK_BYTES = 8192 /* for 65536 processors */, SELF = 0 };

static unsigned long mask[MASK_BYTES / sizeof(long)];

/* ---- processors ---------------------------------------------------------------------------- */

static size_t count_processors(size_t n_bytes)
{
    size_t n = 0;

    for (size_t i = 0; i < n_bytes / sizeof mask[0]; i++)
        for (unsigned long left = mask[i]; left != 0; left &= left - 1)
            n++;
    return n;
}

static void check_affinity(void)
{
    memset(mask, 0xa5, sizeof mask);
    long n = raw_sys_sched_getaffinity(SELF, sizeof mask, mask);
    probe_holds("sched.getaffinity-reports-longs",
                n > 0 && n < MASK_BYTES && (size_t)n % sizeof(long) == 0);
    if (n <= 0 || n >= MASK_BYTES)
        return;
    size_t n_processors = count_processors((size_t)n);
    probe_holds("sched.getaffinity-reports-a-processor", n_processors > 0);
    probe_word("sched.getaffinity-leaves-the-rest", 0xa5, ((unsigned char *)mask)[n]);
    probe_result("sched.setaffinity-as-it-is", 0,
                 raw_sys_sched_setaffinity(SELF, (unsigned)n, mask));
    long again = raw_sys_sched_getaffinity(SELF, sizeof mask, mask);
    probe_result("sched.getaffinity-again", n, again);
    probe_word("sched.getaffinity-of-as-many", n_processors, count_processors((size_t)n));
    probe_result("sched.getaffinity-of-half-a-long", -EINVAL,
                 raw_sys_sched_getaffinity(SELF, sizeof(long) / 2, mask));
    memset(mask, 0, sizeof mask);
    probe_result("sched.setaffinity-to-no-processor", -EINVAL,
                 raw_sys_sched_setaffinity(SELF, sizeof mask, mask));
}

/* ---- the record ---------------------------------------------------------------------------- */

/* Newer kernels have a longer record, and say so in its size; they fill no more than there is. */
static void check_attr(void)
{
    enum { ROOM_BYTES = 256 };
    static _Alignas(16) unsigned char bytes[ROOM_BYTES];
    struct raw_sched_attr *attr = (struct raw_sched_attr *)(void *)bytes;
    long policy = raw_sys_sched_getscheduler(SELF);
    struct raw_sched_param param = {-1};

    memset(bytes, 0xa5, sizeof bytes);
    long result = raw_sys_sched_getattr(SELF, attr, RAW_SCHED_ATTR_SIZE_VER0, 0);
    if (result == -ENOSYS) {
        probe_not_checked("sched.getattr", "ENOSYS");
        return;
    }
    probe_result("sched.getattr", 0, result);
    probe_word("sched.getattr-of-the-first-size", RAW_SCHED_ATTR_SIZE_VER0, attr->size);
    probe_word("sched.getattr-leaves-the-rest", 0xa5, bytes[RAW_SCHED_ATTR_SIZE_VER0]);

    memset(bytes, 0xa5, sizeof bytes);
    probe_result("sched.getattr-with-room", 0, raw_sys_sched_getattr(SELF, attr, ROOM_BYTES, 0));
    probe_holds("sched.getattr-reports-the-kernel-s-size", attr->size >= sizeof *attr);
    probe_word("sched.getattr-reports-the-policy", (raw_u32)policy, attr->sched_policy);
    (void)raw_sys_sched_getparam(SELF, &param);
    probe_word("sched.getattr-reports-the-priority", (raw_u32)param.sched_priority,
               attr->sched_priority);
    probe_holds("sched.nice-value-is-one", attr->sched_nice >= -20 && attr->sched_nice <= 19);
    probe_word("sched.deadline-of-another-policy", 0, attr->sched_deadline | attr->sched_period);
}

static void check_setattr(void)
{
    enum { UNKNOWN = 99 };
    struct raw_sched_attr attr;

    memset(&attr, 0, sizeof attr);
    if (raw_sys_sched_getattr(SELF, &attr, sizeof attr, 0) == -ENOSYS) {
        probe_not_checked("sched.setattr", "ENOSYS");
        return;
    }
    attr.size = RAW_SCHED_ATTR_SIZE_VER0;
    probe_result("sched.setattr-as-it-is", 0, raw_sys_sched_setattr(SELF, &attr, 0));
    probe_result("sched.setattr-with-flags", -EINVAL, raw_sys_sched_setattr(SELF, &attr, 1));
    probe_result("sched.getattr-with-flags", -EINVAL,
                 raw_sys_sched_getattr(SELF, &attr, sizeof attr, 1));
    probe_result("sched.getattr-of-too-few-bytes", -EINVAL,
                 raw_sys_sched_getattr(SELF, &attr, RAW_SCHED_ATTR_SIZE_VER0 - 1, 0));
    attr.sched_policy = UNKNOWN;
    probe_result("sched.setattr-to-no-policy", -EINVAL, raw_sys_sched_setattr(SELF, &attr, 0));
    attr.size = RAW_SCHED_ATTR_SIZE_VER0 - 1;
    long result = raw_sys_sched_setattr(SELF, &attr, 0);
    probe_result("sched.setattr-of-too-few-bytes", -E2BIG, result);
    probe_holds("sched.setattr-reports-the-kernel-s-size", attr.size >= sizeof attr);
}

/* ---- policies ------------------------------------------------------------------------------ */

static void check_policies(void)
{
    enum { UNKNOWN = 99 };
    int policy = raw_sys_sched_getscheduler(SELF);

    probe_result("sched.greatest-priority-of-fifo", 99,
                 raw_sys_sched_get_priority_max(RAW_SCHED_FIFO));
    probe_result("sched.least-priority-of-rr", 1, raw_sys_sched_get_priority_min(RAW_SCHED_RR));
    probe_result("sched.greatest-priority-of-normal", 0,
                 raw_sys_sched_get_priority_max(RAW_SCHED_NORMAL));
    probe_result("sched.greatest-priority-of-idle", 0,
                 raw_sys_sched_get_priority_max(RAW_SCHED_IDLE));
    probe_result("sched.greatest-priority-of-deadline", 0,
                 raw_sys_sched_get_priority_max(RAW_SCHED_DEADLINE));
    probe_result("sched.greatest-priority-of-no-policy", -EINVAL,
                 raw_sys_sched_get_priority_max(UNKNOWN));
    probe_holds("sched.getscheduler-reports-a-policy", policy >= 0);
    struct raw_sched_param none = {0};
    if (policy == RAW_SCHED_NORMAL) {
        probe_result("sched.setscheduler-as-it-is", 0,
                     raw_sys_sched_setscheduler(SELF, RAW_SCHED_NORMAL, &none));
        probe_result("sched.setparam-as-it-is", 0, raw_sys_sched_setparam(SELF, &none));
        none.sched_priority = 1;
        probe_result("sched.setparam-to-a-priority-of-real-time", -EINVAL,
                     raw_sys_sched_setparam(SELF, &none));
    }
    probe_result("sched.setscheduler-to-no-policy", -EINVAL,
                 raw_sys_sched_setscheduler(SELF, UNKNOWN, &none));
    probe_result("sched.yield", 0, raw_sys_sched_yield());
}

/* How long a turn lasts is the machine's matter; 0 is without end. */
static void check_interval(void)
{
#ifdef RAW_NR_sched_rr_get_interval
    struct raw___kernel_old_timespec turn = {-1, -1};
    long result = raw_sys_sched_rr_get_interval(SELF, &turn);

    probe_result("sched.interval", 0, result);
    probe_holds("sched.interval-is-a-time",
                turn.tv_sec >= 0 && turn.tv_nsec >= 0 && turn.tv_nsec < 1000000000);
#endif
#ifdef RAW_NR_sched_rr_get_interval_time64
    struct raw___kernel_timespec wide = {-1, -1};
    long result64 = raw_sys_sched_rr_get_interval_time64(SELF, &wide);

    if (result64 == -ENOSYS) { /* what QEMU 7.2 answers for some targets' programs */
        probe_not_checked("sched.interval-time64", "ENOSYS");
        return;
    }
    probe_result("sched.interval-time64", 0, result64);
    probe_holds("sched.interval-time64-is-a-time",
                wide.tv_sec >= 0 && wide.tv_nsec >= 0 && wide.tv_nsec < 1000000000);
#endif
}

void probe_main(void)
{
    check_affinity();
    check_attr();
    check_setattr();
    check_policies();
    check_interval();
}
