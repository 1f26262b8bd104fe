"""`verify` on one record after the other of many headers, in the shapes that programs give them.

In: C declarations in other words than the headers', with unions that lack arms, blocks of bytes and
flat times; each right by the compiler's own layout of the header, or wrong in what its row names.
Out: exit codes, and for a wrong one the finding.
"""

from typing import NamedTuple

import pytest

from conftest import FINDINGS, PROVED, describe
from test_verify import build_fixture, verify  # pylint: disable=unused-import

X86, ARM, RISCV, MIPS, SPARC = (f"{name}-linux" for name in ("x86_64", "arm", "riscv64", "mips", "sparc64"))


class Shape(NamedTuple):
    """A declaration, what it stands for, and what is wrong with it: nothing if `finding` is empty."""

    label: str
    header: str  # empty: a spec has the record
    record: str
    spelling: str
    finding: str = ""
    target: str = X86


VALUE = "union { int sival_int; void *sival_ptr; }"
EVENT = VALUE + " sigev_value; int sigev_signo, sigev_notify;"
SIGNALS = [
    Shape("every arm", "signal.h", "sigevent", EVENT + " union { int _pad[12]; int _tid;"
          " struct { void *_function, *_attribute; } _sigev_thread; } _sigev_un;"),
    Shape("an arm that is flat", "signal.h", "sigevent", EVENT + " int tid; int rest[11];"),
    Shape("an arm and room", "signal.h", "sigevent", EVENT + " union { int tid; char room[48]; } u;"),
    Shape("no arm", "signal.h", "sigevent", EVENT + " char room[48];"),
    Shape("two arms and room", "signal.h", "sigevent",
          EVENT + " union { int tid; struct { void *fn, *attr; } t; char room[48]; } u;"),
    Shape("the kernel's", "asm/siginfo.h", "sigevent", EVENT + " union { int pad[12]; int tid; } u;"),
    Shape("the room of 32 bits", "signal.h", "sigevent", EVENT + " int pad[13];", "bad-size: sigevent"),
]

INFO = "int si_signo, si_errno, si_code;"
ARMS = (" union { int pad[28 + (sizeof(long) == 4)]; struct { int pid; unsigned uid; } kill;"
        f" struct {{ int tid, overrun; {VALUE} value; int sys_private; }} timer;"
        " struct { int pid; unsigned uid; int status; long utime, stime; } chld;"
        " struct { void *addr; } fault; struct { long band; int fd; } poll; } f;")
SIGNALS += [Shape(f"{label} of {header} on {target}", header, record, spelling, finding, target)
            for target in (RISCV, ARM) for header, record in (("asm/siginfo.h", "siginfo_t"),
                                                              ("asm/siginfo.h", "siginfo"), ("signal.h", "siginfo_t"))
            for label, spelling, finding in (
                ("arms", INFO + ARMS, ""),
                ("room", INFO + " long align[0]; char rest[sizeof(long) == 8 ? 112 : 116];", ""),
                ("code before errno", INFO.replace("si_errno, si_code", "si_code, si_errno") + ARMS,
                 f"bad-offset: {record}.si_code"))]

NAME = "char name[16];"
ADDRESS = "struct { uint16_t family; char data[14]; }"
ROUTE = f" unsigned long pad1; {ADDRESS} dst, gateway, genmask; uint16_t flags; int16_t pad2; unsigned long pad3;"
NETWORK = [
    Shape("one arm and room", "linux/if.h", "ifreq", NAME + f" union {{ {ADDRESS} addr; char room[24]; }} u;"),
    Shape("three arms", "linux/if.h", "ifreq",
          NAME + f" union {{ {ADDRESS} addr; int32_t ivalue; int16_t flags; char room[24]; }} u;"),
    Shape("by the names within", "linux/if.h", "ifreq", "char ifrn_name[16]; void *ifru_data; char pad[16];"),
    Shape("libc's", "net/if.h", "ifreq", NAME + f" union {{ {ADDRESS} addr; char room[24]; }} u;"),
    Shape("no room", "linux/if.h", "ifreq", NAME + f" {ADDRESS} addr;", "bad-size: ifreq"),
    Shape("no room in libc's", "net/if.h", "ifreq", NAME + f" {ADDRESS} addr;", "bad-size: ifreq"),
    Shape("a route with other padding", "linux/route.h", "rtentry", ROUTE + " uint8_t tos, class_;"
          " int16_t pad4[3]; int16_t metric; char *dev; unsigned long mtu, window; uint16_t irtt;"),
    Shape("libc's route", "net/route.h", "rtentry", ROUTE + " uint8_t tos, class_; int16_t pad4[3];"
          " int16_t metric; char *dev; unsigned long mtu, window; uint16_t irtt;"),
    Shape("a route without its end", "linux/route.h", "rtentry",
          ROUTE + " void *pad4; int16_t metric; char *dev; unsigned long mtu;", "bad-size: rtentry"),
    Shape("a message", "linux/netlink.h", "nlmsghdr", "uint32_t len; uint16_t type, flags; uint32_t seq, pid;"),
    Shape("an address", "linux/netlink.h", "sockaddr_nl", "uint16_t family, pad; uint32_t pid, groups;"),
]

TIMES = [
    Shape("parts exchanged", "linux/input.h", "input_event",
          "long tv_usec, tv_sec; uint16_t type, code; int32_t value;", "bad-offset: input_event.time.tv_sec"),
    Shape("halves exchanged, flat", "sys/timerfd.h", "itimerspec",
          "int64_t it_value_sec, it_value_nsec, it_interval_sec, it_interval_nsec;",
          "bad-offset: itimerspec.it_value.tv_sec"),
    Shape("halves exchanged, nested", "sys/timerfd.h", "itimerspec",
          "struct { int64_t tv_sec, tv_nsec; } it_value, it_interval;", "bad-offset: itimerspec.it_value.tv_sec"),
    Shape("parts exchanged, nested", "sys/timerfd.h", "itimerspec",
          "struct { int64_t tv_nsec, tv_sec; } it_interval, it_value;", "bad-offset: itimerspec.it_value.tv_sec"),
]
STAT = ("uint64_t st_dev, st_ino, st_nlink; uint32_t st_mode, st_uid, st_gid, pad0; uint64_t st_rdev;"
        " int64_t st_size, st_blksize, st_blocks, %s, %s_nsec, %s, %s_nsec, st_ctime, st_ctime_nsec;"
        " int64_t unused[3];")
for header in ("sys/stat.h", "asm/stat.h"):
    TIMES += [Shape(f"{header} flat", header, "stat", STAT % (("st_atime",) * 2 + ("st_mtime",) * 2)),
              Shape(f"{header} exchanged", header, "stat", STAT % (("st_mtime",) * 2 + ("st_atime",) * 2),
                    "bad-offset: stat.st_")]

CREATE = "uint32_t map_type, key_size, value_size, max_entries, map_flags;"
NOTIFY = "int32_t wd; uint32_t mask, cookie, len;"
FANOTIFY = "uint32_t event_len; uint8_t vers, reserved; uint16_t metadata_len; uint64_t %s; int32_t fd, pid;"
SYSINFO = ("long uptime; unsigned long loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;"
           " uint16_t procs; unsigned long totalhigh, freehigh; uint32_t mem_unit;")
USAGE = ("struct { long s, us; } utime, stime; long maxrss, ixrss, idrss, isrss, minflt, majflt, nswap,"
         " inblock, oublock, msgsnd, msgrcv, nsignals, nvcsw, nivcsw;")
SUBMISSION = ("uint8_t opcode, flags; uint16_t ioprio; int32_t fd; union { uint64_t off, addr2; };"
              " union { uint64_t addr, splice_off_in; }; uint32_t len; union { int32_t rw_flags;"
              " uint32_t fsync_flags; uint16_t poll_events; uint32_t open_flags; }; uint64_t user_data; %s")
TERMIOS = "uint32_t c_iflag, c_oflag, c_cflag, c_lflag; uint8_t c_line; uint8_t c_cc[%d]; %s"
SPEEDS = "uint32_t c_ispeed, c_ospeed;"
OTHERS = [
    Shape("one arm alone", "linux/bpf.h", "bpf_attr", CREATE, "bad-size: bpf_attr"),
    Shape("no array at its end", "", "inotify_event", NOTIFY),
    Shape("an array at its end", "", "inotify_event", NOTIFY + " char name[];"),
    Shape("room at its end", "", "inotify_event", NOTIFY + " char name[256];", "bad-size: inotify_event"),
    Shape("names of its own", "linux/fanotify.h", "fanotify_event_metadata", FANOTIFY % "mask"),
    Shape("one name of its own", "linux/fanotify.h", "fanotify_event_metadata", FANOTIFY % "mask_align"),
    Shape("flat times", "linux/resource.h", "rusage", USAGE),
    Shape("libc's with unions", "sys/resource.h", "rusage", USAGE),
    Shape("without the empty array", "linux/sysinfo.h", "sysinfo", SYSINFO),
    Shape("with the room of 32 bits", "linux/sysinfo.h", "sysinfo", SYSINFO + " char f[20];", "bad-size: sysinfo"),
    Shape("a directory", "dirent.h", "dirent",
          "uint64_t d_ino; int64_t d_off; uint16_t d_reclen; uint8_t d_type; char d_name[256];"),
    Shape("a signal by other names", "", "signalfd_siginfo",
          "uint32_t signo; int32_t err, code; uint32_t pid, uid; int32_t fd; uint32_t tid, band, overrun,"
          " trapno; int32_t status, int_; uint64_t ptr, utime, stime, addr; uint16_t addr_lsb, pad2;"
          " int32_t syscall; uint64_t call_addr; uint32_t arch; uint8_t pad[28];"),
    # the reserved tail of sparc64's is in what a compiler adds anyway
    Shape("without the reserved tail", "asm/fcntl.h", "flock",
          "int16_t l_type, l_whence; int64_t l_start, l_len; int32_t l_pid;", target=SPARC),
    Shape("with the reserved tail", "asm/fcntl.h", "flock",
          "int16_t l_type, l_whence; int64_t l_start, l_len; int32_t l_pid; int16_t reserved;", target=SPARC),
    Shape("some arms", "linux/io_uring.h", "io_uring_sqe",
          SUBMISSION % "uint16_t buf_index, personality; int32_t splice_fd_in; uint64_t pad2[2];"),
    Shape("two fields in one place", "linux/io_uring.h", "io_uring_sqe", SUBMISSION %
          "union { uint16_t buf_index, personality; }; uint16_t pad; int32_t splice_fd_in; uint64_t pad2[2];",
          "bad-offset: io_uring_sqe.personality"),
]
for target, is_wrong in ((X86, False), (MIPS, True)):  # MIPS has 23 characters, and no speeds in libc's
    OTHERS += [
        Shape(f"libc's on {target}", "termios.h", "termios", TERMIOS % (32, SPEEDS),
              "bad-size: termios" if is_wrong else "", target),
        Shape(f"libc's as the kernel's on {target}", "asm/termbits.h", "termios", TERMIOS % (32, SPEEDS),
              "bad-size: termios", target),
        Shape(f"the kernel's second on {target}", "asm/termbits.h", "termios2", TERMIOS % (19, SPEEDS),
              "bad-width: termios2.c_cc" if is_wrong else "", target),
        Shape(f"the kernel's on {target}", "asm/termbits.h", "termios", TERMIOS % (19, ""),
              "bad-width: termios.c_cc" if is_wrong else "", target)]


@pytest.mark.parametrize("shape", SIGNALS + NETWORK + TIMES + OTHERS,
                         ids=lambda shape: f"{shape.record}: {shape.label}")
def test_a_record_in_the_words_of_a_program(build, shape):
    source = f"#include <stdint.h>\nstruct {{ {shape.spelling} }} anchor;\n"
    header = ["--header", shape.header] if shape.header else []
    result = verify(build(source, shape.target), *header, "--map", f"var:anchor={shape.record}")
    assert result.code == (FINDINGS if shape.finding else PROVED), describe(result)
    assert shape.finding in result.out, describe(result)
    if not shape.finding:
        assert "0 with findings" in result.out and "error" not in result.out, describe(result)
