/* Linked into the contract tests when they are started by the first program of a booted kernel,
 * abi_probes/rt/init.c, which leaves the machine as the kernel does: nothing mounted, the loopback
 * interface down, no environment. Sets that up, before main.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

/* A machine that is emulated to the last instruction sends fewer wakes. */
static const char wakes[] = "50000";

static void check(int result, const char *what)
{
    if (result >= 0)
        return;
    printf("# cannot %s: %s\n", what, strerror(errno));
    exit(2);
}

__attribute__((constructor)) static void prepare(void)
{
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    check(fd, "open a socket");
    check(ioctl(fd, SIOCSIFFLAGS, &loopback), "bring the loopback interface up");
    check(close(fd), "close a socket");
    check(mount("proc", "/proc", "proc", 0, NULL), "mount /proc");
    check(setenv("ABP_TEST_WAKES", wakes, 0), "set a variable");
}
