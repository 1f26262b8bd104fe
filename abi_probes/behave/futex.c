/* futex.c - what the kernel does with words in memory, through the generated bindings.
 *
 * In: the raw binding of futex(2), from the folder that -I names. Out: `behaviour futex.*` facts.
 *
 * Design: nobody is there to wake this process, so nothing may wait for ever. Each wait expects a
 * value that the word does not have, or has a timeout of a millisecond; a timeout is first given in
 * a form that the kernel must refuse, so that one that it reads from elsewhere is noticed before it
 * is waited for. Numbers of operations are distinguished by what they do to the words:
 * FUTEX_WAKE_OP computes, the locks write the thread's number.
 *
 * QEMU hands words to the kernel of its own machine as they are, so that a program of the other
 * byte order finds what the kernel wrote turned round. That is nothing about the program's kernel:
 * what depends on it is left out there.
 *
 * Every promise is one of futex(2) or futex_waitv(2); where the manual is silent, of kernel/futex/.
 */
#include "probe.h"

#include "futex.h"

enum {
    MILLISECOND = 1000000,
    SECOND = 1000000000,
    MONOTONIC = 1, /* CLOCK_MONOTONIC: linux/time.h */
};

/* A word where the kernel wants it: m68k's compiler puts a long on any even address. */
#define WORD _Alignas(8) raw_u32

/* futex, whichever of the two calls the target has; longs of 32 bits read the times of its own. */
#ifdef RAW_NR_futex
typedef struct raw___kernel_old_timespec time_span;
#define FUTEX raw_sys_futex
#else
typedef struct raw___kernel_timespec time_span;
#define FUTEX raw_sys_futex_time64
#endif

/* An operation with one word. */
static long one(raw_u32 *word, int op, raw_u32 value)
{
    return FUTEX(word, op, value, NULL, NULL, RAW_FUTEX_BITSET_MATCH_ANY);
}

/* An operation with two words, whose second count stands in the place of the timeout. */
static long two(raw_u32 *word, int op, raw_u32 count, long count2, raw_u32 *word2, raw_u32 value)
{
    return FUTEX(word, op, count, (const time_span *)(raw_uptr)count2, word2, value);
}

static time_span span(long seconds, long nanoseconds)
{
    time_span time;

    time.tv_sec = seconds;
    time.tv_nsec = nanoseconds;
    return time;
}

static void leave_out(const char *const *names, const char *reason)
{
    for (; *names != NULL; names++)
        probe_not_checked(*names, reason);
}
#define LEAVE_OUT(reason, ...) leave_out((const char *const[]){__VA_ARGS__, NULL}, reason)

static void check_wait(void)
{
    WORD words[2] = {7, 0};
    time_span below = span(-1, MILLISECOND), past = span(0, SECOND), soon = span(0, MILLISECOND);
    long refused_below = FUTEX(words, RAW_FUTEX_WAIT, 7, &below, NULL, 0);
    long refused_past = FUTEX(words, RAW_FUTEX_WAIT, 7, &past, NULL, 0);

    probe_result("futex.wait-for-another-value", -EAGAIN, one(words, RAW_FUTEX_WAIT, 8));
    probe_result("futex.private-wait-for-another-value", -EAGAIN,
                 one(words, RAW_FUTEX_WAIT_PRIVATE, 8));
    probe_result("futex.bitset-wait-for-another-value", -EAGAIN,
                 one(words, RAW_FUTEX_WAIT_BITSET_PRIVATE, 8));
    probe_result("futex.wait-seconds-below-0", -EINVAL, refused_below);
    probe_result("futex.wait-nanoseconds-past-limit", -EINVAL, refused_past);
    if (refused_below == -EINVAL && refused_past == -EINVAL)
        probe_result("futex.wait-times-out", -ETIMEDOUT,
                     FUTEX(words, RAW_FUTEX_WAIT_PRIVATE, 7, &soon, NULL, 0));
    else
        probe_not_checked("futex.wait-times-out", "the kernel misreads the timeout");
    probe_result("futex.wait-at-an-odd-place", -EINVAL,
                 one((raw_u32 *)(void *)((char *)words + 1), RAW_FUTEX_WAIT, 7));
    probe_result("futex.wait-for-no-bit", -EINVAL,
                 FUTEX(words, RAW_FUTEX_WAIT_BITSET, 8, NULL, NULL, 0));
    probe_result("futex.wait-at-no-place", -EFAULT, one(NULL, RAW_FUTEX_WAIT, 8));
    probe_word("futex.waiting-changes-nothing", 7, words[0]);
}

static void check_wake(void)
{
    enum { UNKNOWN = 99 };
    WORD words[2] = {7, 5};

    probe_result("futex.wake-nobody", 0, one(words, RAW_FUTEX_WAKE, 1));
    probe_result("futex.wake-nobody-by-bits", 0, one(words, RAW_FUTEX_WAKE_BITSET_PRIVATE, 1));
    probe_result("futex.wake-by-no-bit", -EINVAL,
                 FUTEX(words, RAW_FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    probe_result("futex.requeue-nobody", 0,
                 two(&words[0], RAW_FUTEX_REQUEUE_PRIVATE, 1, 1, &words[1], 0));
    probe_result("futex.requeue-nobody-if-equal", 0,
                 two(&words[0], RAW_FUTEX_CMP_REQUEUE, 1, 1, &words[1], 7));
    probe_result("futex.requeue-if-equal-of-another-value", -EAGAIN,
                 two(&words[0], RAW_FUTEX_CMP_REQUEUE_PRIVATE, 1, 1, &words[1], 8));
    probe_result("futex.unknown-operation", -ENOSYS, one(words, UNKNOWN, 0));
    probe_result("futex.operation-of-old", -ENOSYS, one(words, RAW_FUTEX_FD, 0));
}

/* What FUTEX_WAKE_OP makes of a word that is 12, where it wakes nobody in any case. */
static raw_u32 compute(raw_u32 operation, raw_u32 operand)
{
    WORD words[2] = {0, 12};
    raw_u32 code = operation << 28 | (raw_u32)RAW_FUTEX_OP_CMP_EQ << 24 | operand << 12;
    long result = two(&words[0], RAW_FUTEX_WAKE_OP_PRIVATE, 1, 1, &words[1], code);

    return result == 0 ? words[1] : 0xdead0000 | (raw_u32)-result;
}

/* True if 1 becomes the word whose first byte is 1, which no kernel of this byte order does. */
static bool is_turned_round(void)
{
    return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ && compute(RAW_FUTEX_OP_SET, 1) == 0x01000000;
}

static const char turned_round[] = "the emulator leaves words in the byte order of its own machine";

static void check_wake_op(void)
{
    if (is_turned_round()) {
        LEAVE_OUT(turned_round, "futex.op-set", "futex.op-add", "futex.op-or", "futex.op-andn",
                  "futex.op-xor", "futex.op-of-a-shifted-operand");
        return;
    }
    probe_word("futex.op-set", 10, compute(RAW_FUTEX_OP_SET, 10));
    probe_word("futex.op-add", 12 + 10, compute(RAW_FUTEX_OP_ADD, 10));
    probe_word("futex.op-or", 12 | 10, compute(RAW_FUTEX_OP_OR, 10));
    probe_word("futex.op-andn", 12 & ~10, compute(RAW_FUTEX_OP_ANDN, 10));
    probe_word("futex.op-xor", 12 ^ 10, compute(RAW_FUTEX_OP_XOR, 10));
    probe_word("futex.op-of-a-shifted-operand", 1 << 10,
               compute(RAW_FUTEX_OP_SET | RAW_FUTEX_OP_OPARG_SHIFT, 10));
}

/* A lock that lends priorities: free it is 0, taken it is the number of the thread that has it. */
static void check_locks(void)
{
    if (is_turned_round()) {
        LEAVE_OUT(turned_round, "futex.trylock", "futex.lock-has-its-holder",
                  "futex.lock-by-its-holder", "futex.unlock", "futex.unlocked-is-0",
                  "futex.unlock-of-another", "futex.lock-with-waiters-by-its-holder");
        return;
    }
    WORD lock = 0;
    long result = one(&lock, RAW_FUTEX_TRYLOCK_PI_PRIVATE, 0);
    raw_u32 holder = lock;
    probe_result("futex.trylock", 0, result);
    probe_holds("futex.lock-has-its-holder",
                (holder & RAW_FUTEX_TID_MASK) != 0 && (holder & ~RAW_FUTEX_TID_MASK) == 0);
    probe_result("futex.lock-by-its-holder", -EDEADLK, one(&lock, RAW_FUTEX_LOCK_PI_PRIVATE, 0));
    probe_result("futex.unlock", 0, one(&lock, RAW_FUTEX_UNLOCK_PI_PRIVATE, 0));
    probe_word("futex.unlocked-is-0", 0, lock);
    probe_result("futex.unlock-of-another", -EPERM, one(&lock, RAW_FUTEX_UNLOCK_PI, 0));
    lock = holder | RAW_FUTEX_WAITERS;
    probe_result("futex.lock-with-waiters-by-its-holder", -EDEADLK,
                 one(&lock, RAW_FUTEX_TRYLOCK_PI, 0));
}

static void check_waitv(void)
{
    WORD words[2] = {7, 5};
    struct raw_futex_waitv waiters[2];

    memset(waiters, 0, sizeof waiters);
    for (int i = 0; i < 2; i++) {
        waiters[i].val = words[i];
        waiters[i].uaddr = (raw_uptr)&words[i];
        waiters[i].flags = RAW_FUTEX_32 | RAW_FUTEX_PRIVATE_FLAG;
    }
    long result = raw_sys_futex_waitv(waiters, 0, 0, NULL, MONOTONIC);
    if (result == -ENOSYS) { /* Linux before 5.16, and what QEMU 7.2 answers for a program */
        LEAVE_OUT("ENOSYS", "futex.waitv-for-nothing", "futex.waitv-for-too-many",
                  "futex.waitv-times-out", "futex.waitv-second-word", "futex.waitv-reserved");
        return;
    }
    probe_result("futex.waitv-for-nothing", -EINVAL, result);
    probe_result("futex.waitv-for-too-many", -EINVAL,
                 raw_sys_futex_waitv(waiters, RAW_FUTEX_WAITV_MAX + 1, 0, NULL, MONOTONIC));
    struct raw___kernel_timespec long_ago = {0, 0};
    probe_result("futex.waitv-times-out", -ETIMEDOUT,
                 raw_sys_futex_waitv(waiters, 2, 0, &long_ago, MONOTONIC));
    waiters[1].val++;
    probe_result("futex.waitv-second-word", -EAGAIN,
                 raw_sys_futex_waitv(waiters, 2, 0, &long_ago, MONOTONIC));
    waiters[1].val--;
    waiters[1].__reserved = 1;
    probe_result("futex.waitv-reserved", -EINVAL,
                 raw_sys_futex_waitv(waiters, 2, 0, &long_ago, MONOTONIC));
}

static void check_robust_list(void)
{
    static struct raw_robust_list_head head;

    head.list.next = &head.list;
    long result = raw_sys_set_robust_list(&head, sizeof head);
    if (result == -ENOSYS) { /* what QEMU 7.2 answers for a program */
        LEAVE_OUT("ENOSYS", "futex.robust-list-size", "futex.robust-list-of-another-size",
                  "futex.robust-list-is-reported");
        return;
    }
    probe_result("futex.robust-list-size", 0, result);
    probe_result("futex.robust-list-of-another-size", -EINVAL,
                 raw_sys_set_robust_list(&head, sizeof head + 1));
    struct raw_robust_list_head *found = NULL;
    raw_size n_bytes = 0;
    (void)raw_sys_get_robust_list(0, &found, &n_bytes);
    probe_holds("futex.robust-list-is-reported", found == &head && n_bytes == sizeof head);
}

void probe_main(void)
{
    check_wait();
    check_wake();
    check_wake_op();
    check_locks();
    check_waitv();
    check_robust_list();
}
