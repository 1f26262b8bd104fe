"""The signatures of the specs' system calls against the kernel's own declarations.

In: abi_probes/facts; include/linux/syscalls.h of Linux 6.1, parameter types written down here. Out:
every system call of every spec has the kernel's parameters, in number, width and sign.

Design: no header that programs see declares a system call, so no witness can read its parameters:
the specs state them, and this table is what states them a second time. Where the kernel's internal
headers are installed (Debian's linux-headers-*-common), the table itself is compared with them.
"""

import re
from pathlib import Path

import pytest

from conftest import REPOSITORY

# As the kernel declares them; every pointer is `ptr`, and typedefs of int are int. A call whose
# number ends in 64 on targets with 32-bit longs has the plain name here.
DECLARED = {
    "epoll_create": "int",
    "epoll_create1": "int",
    "epoll_ctl": "int int int ptr",
    "epoll_pwait": "int ptr int int ptr size_t",
    "epoll_pwait2": "int ptr int ptr ptr size_t",
    "epoll_wait": "int ptr int int",
    "eventfd": "unsigned",
    "eventfd2": "unsigned int",
    "fanotify_init": "unsigned unsigned",
    "futex": "ptr int unsigned ptr ptr unsigned",
    "futex_waitv": "ptr unsigned unsigned ptr int",
    "get_robust_list": "int ptr ptr",
    "getdents64": "unsigned ptr unsigned",
    "inotify_add_watch": "int ptr unsigned",
    "inotify_init": "",
    "inotify_init1": "int",
    "inotify_rm_watch": "int int",
    "io_uring_enter": "unsigned unsigned unsigned unsigned ptr size_t",
    "io_uring_register": "unsigned unsigned ptr unsigned",
    "io_uring_setup": "unsigned ptr",
    "ioctl": "unsigned unsigned unsigned_long",
    "memfd_create": "ptr unsigned",
    "pidfd_getfd": "int int unsigned",
    "pidfd_open": "int unsigned",
    "pidfd_send_signal": "int int ptr unsigned",
    "poll": "ptr unsigned int",
    "ppoll": "ptr unsigned ptr ptr size_t",
    "sched_get_priority_max": "int",
    "sched_get_priority_min": "int",
    "sched_getaffinity": "int unsigned ptr",
    "sched_getattr": "int ptr unsigned unsigned",
    "sched_getparam": "int ptr",
    "sched_getscheduler": "int",
    "sched_rr_get_interval": "int ptr",
    "sched_setaffinity": "int unsigned ptr",
    "sched_setattr": "int ptr unsigned",
    "sched_setparam": "int ptr",
    "sched_setscheduler": "int int ptr",
    "sched_yield": "",
    "set_robust_list": "ptr size_t",
    "signalfd": "int ptr size_t",
    "signalfd4": "int ptr size_t int",
    "statx": "int ptr unsigned unsigned ptr",
    "timerfd_create": "int int",
    "timerfd_gettime": "int ptr",
    "timerfd_settime": "int int ptr ptr",
}


def kernel_name(call: str) -> str:
    """The name of a number's call in the kernel: futex_time64 is sys_futex."""
    return call if call in DECLARED else re.sub(r"(_time)?64$", "", call)


def calls_of(target: str):
    """Every system call of the golden facts of a target: (spec, name, types of its parameters)."""
    for path in sorted((REPOSITORY / "abi_probes/facts" / target).glob("*.facts")):
        for line in path.read_text().splitlines():
            if line.startswith("syscall "):
                words = line.split()
                params = dict(word.split("=", 1) for word in words[2:])["params"]
                yield path.stem, words[1], [] if params == "void" else params.split(",")


def agrees(declared: str, stated: str, bits: str) -> bool:
    """A spec may say what the kernel's untyped word points to."""
    allowed = {"int": ["i32"], "unsigned": ["u32"], "size_t": ["u" + bits], "ptr": ["ptr"],
               "unsigned_long": ["u" + bits, "ptr"]}
    return stated in allowed[declared]


@pytest.mark.parametrize("target, bits", [("x86_64-linux", "64"), ("i386-linux", "32")],
                         ids=["x86_64-linux", "i386-linux"])
def test_system_calls_have_the_parameters_that_the_kernel_declares(target, bits):
    """Number, width and sign of every parameter of every system call."""
    calls = list(calls_of(target))
    wrong = [f"{spec}: {name}: the kernel has ({DECLARED[kernel_name(name)]}), the spec {params}"
             for spec, name, params in calls
             if len(params) != len(DECLARED[kernel_name(name)].split())
             or not all(agrees(*pair, bits)
                        for pair in zip(DECLARED[kernel_name(name)].split(), params))]

    assert len(calls) > 40
    assert wrong == []


def test_every_declared_call_is_in_a_spec():
    """A row that nothing uses says that a call was lost, or written differently."""
    used = {kernel_name(name) for target in ("x86_64-linux", "i386-linux")
            for _, name, _ in calls_of(target)}

    assert used == set(DECLARED)


def word_of(parameter: str) -> str:
    """A declared parameter, with or without its name, as DECLARED writes it."""
    if "*" in parameter:
        return "ptr"
    text = re.sub(r"\b(const|__user)\b", "", parameter).strip()
    for word, pattern in (("unsigned_long", r"unsigned long\b"), ("size_t", r"size_t\b"),
                          ("unsigned", r"(unsigned( int)?|u32)\b"),
                          ("int", r"(int|__s32|pid_t|clockid_t)\b")):
        if re.match(pattern, text):
            return word
    return text


def read_declarations(text: str):
    """Calls of syscalls.h, as DECLARED has them."""
    return {name: " ".join(word_of(one) for one in params.split(",") if one.strip() != "void")
            for name, params in re.findall(r"asmlinkage\s+long\s+sys_(\w+)\s*\(([^;]*)\);", text)}


def test_the_table_is_what_the_kernels_header_declares():
    """The table above, where the kernel's internal headers are installed."""
    headers = sorted(Path("/usr/src").glob("linux-headers-*/include/linux/syscalls.h"))
    if not headers:
        pytest.skip("no linux-headers-*-common in /usr/src")
    for header in headers:
        declared = read_declarations(header.read_text())
        assert {name: declared.get(name) for name in DECLARED} == DECLARED, header
