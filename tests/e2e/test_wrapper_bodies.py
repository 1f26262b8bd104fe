"""Bodies of wrappers: each is executed, and what it asks of the kernel is what the spec says.

In: the bindings of the whole repository, with one body changed. Out: a finding that names the
wrapper, or the argument of raw_syscallN, and nothing else that is wrong.
"""

import re
import shutil

import pytest

from conftest import (FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, describe, findings, mutate,
                      need_program, run)

WRAPPERS = {
    "two arguments exchanged": (
        "timerfd", "timerfd.h", r"(RAW_NR_timerfd_settime, )\(long\)fd, \(long\)flags,",
        r"\1(long)flags, (long)fd,", "raw_sys_timerfd_settime"),
    "another number": (
        "timerfd", "timerfd.h", r"raw_syscall2\(RAW_NR_timerfd_gettime,",
        "raw_syscall2(RAW_NR_timerfd_create,", "raw_sys_timerfd_gettime"),
    "an argument less": (
        "statx", "statx.h", r"raw_syscall5\((.*), \(long\)buffer\)", r"raw_syscall4(\1)",
        "raw_sys_statx"),
    "an argument lost": (
        "pidfd", "pidfd.h", r"(RAW_NR_pidfd_getfd, \(long\)pidfd, )\(long\)targetfd", r"\g<1>0",
        "raw_sys_pidfd_getfd"),
    "an argument cut": (
        "futex", "futex.h", r"(RAW_NR_set_robust_list, \(long\)head, )\(long\)len",
        r"\1(long)(unsigned short)len", "raw_sys_set_robust_list"),
    "a sign lost": (
        "sched", "sched.h", r"\(RAW_NR_sched_getscheduler, \(long\)pid\)",
        "(RAW_NR_sched_getscheduler, (long)(unsigned int)pid)", "raw_sys_sched_getscheduler"),
    "no call": (
        "sched", "sched.h", r"return \(int\)raw_syscall0\(RAW_NR_sched_yield\)", "return 0",
        "raw_sys_sched_yield"),
    "two calls": (
        "sched", "sched.h", r"return \(int\)raw_syscall0\(RAW_NR_sched_yield\)",
        "(void)raw_syscall0(RAW_NR_sched_yield); return (int)raw_syscall0(RAW_NR_sched_yield)",
        "raw_sys_sched_yield"),
    "a result lost": (
        "memfd", "memfd.h", r"return \(int\)(raw_syscall2\(RAW_NR_memfd_create.*);",
        r"return \1 != 0;", "raw_sys_memfd_create"),
}


@pytest.fixture
def bindings(tmp_path):
    """A copy of the bindings of all specs."""
    return shutil.copytree(REPOSITORY / "bindings/c", tmp_path / "c")


def prove(spec, bindings, target="x86_64-linux"):
    """Proves one row of the repository with other bindings."""
    return run("prove", "--spec", spec, "--target", target, "--bindings", bindings,
               cwd=REPOSITORY)


def check_call(result, item):
    """This call is wrong and no other. What else is found follows from it: a parameter that is not
    used, what the kernel does."""
    assert result.code == FINDINGS, describe(result)
    [found] = [f for f in findings(result.out) if f.kind == "bad-call"]
    assert (found.item, found.seen_by) == (item, {"call"}), describe(result)
    assert found.details["expected"] != found.details["got"], describe(result)


@pytest.mark.parametrize("spec, header, pattern, replacement, item", WRAPPERS.values(),
                         ids=[name.replace(" ", "_") for name in WRAPPERS])
def test_a_wrong_body_of_a_wrapper_is_found(spec, header, pattern, replacement, item, bindings):
    """Also where no program that tries the kernel would have noticed."""
    mutate(bindings / header, pattern, replacement)
    check_call(prove(spec, bindings), item)


def test_a_wrong_detour_of_a_wrapper_is_found(bindings):
    """aarch64 has no epoll_wait: its wrapper makes another call, with two arguments of its own."""
    need_program("aarch64-linux-gnu-gcc")
    need_program("qemu-aarch64")
    mutate(bindings / "epoll.h", r"(raw_sys_epoll_pwait\(epfd, events, maxevents, timeout, 0, )"
           "RAW_SIGSET_SIZE", r"\g<1>0")
    check_call(prove("epoll", bindings, "aarch64-linux"), "raw_sys_epoll_wait")


def test_what_a_wrapper_does_not_refuse_is_found(bindings):
    """epoll_create1 has no size: who calls it instead must look at the size himself."""
    need_program("aarch64-linux-gnu-gcc")
    need_program("qemu-aarch64")
    mutate(bindings / "epoll.h", r"    if \(size <= 0\)\n", "    if (size < 0)\n")
    result = prove("epoll", bindings, "aarch64-linux")
    assert result.code == FINDINGS, describe(result)
    assert "raw_sys_epoll_create.refusal" in {f.item for f in findings(result.out)}


REGISTERS = ["rdi", "rsi", "rdx", "r10", "r8", "r9"]
# A spec whose wrappers end in raw_syscallN.
USERS = {1: "epoll", 2: "memfd", 3: "getdents64", 4: "epoll", 5: "poll", 6: "epoll"}
LOST = [(n, k) for n in USERS for k in range(1, n + 1)]


@pytest.mark.parametrize("n, k", LOST, ids=[f"raw_syscall{n}-argument{k}" for n, k in LOST])
def test_an_argument_that_does_not_reach_the_kernel_is_found(n, k, bindings):
    """raw_syscallN of x86_64, each with each of its arguments replaced by 0."""
    header = bindings / "raw.h"
    text = header.read_text()
    start = text.index(f"raw_syscall{n}(")
    end = text.index("\n}\n", start)
    body, n_changed = re.subn(rf'("{REGISTERS[k - 1]}"\)) = arg{k};', r"\1 = 0;", text[start:end])
    assert n_changed == 1
    header.write_text(text[:start] + body + text[end:])
    result = prove(USERS[n], bindings)
    assert result.code == FINDINGS, describe(result)
    assert {f.item.split(".")[0] for f in findings(result.out) if f.kind == "bad-call"} == {
        f"raw_syscall{n}"}, describe(result)


EXCHANGED = [(n, k) for n in USERS for k in range(1, n)]


@pytest.mark.parametrize("n, k", EXCHANGED,
                         ids=[f"raw_syscall{n}-arguments{k}-{k + 1}" for n, k in EXCHANGED])
def test_arguments_in_each_others_registers_are_found(n, k, bindings):
    """raw_syscallN of x86_64, each with two neighbours exchanged."""
    header = bindings / "raw.h"
    text = header.read_text()
    start = text.index(f"raw_syscall{n}(")
    end = text.index("\n}\n", start)
    body = re.sub(rf"= arg({k}|{k + 1});",
                  lambda match: f"= arg{2 * k + 1 - int(match[1])};", text[start:end])
    assert body != text[start:end]
    header.write_text(text[:start] + body + text[end:])
    result = prove(USERS[n], bindings)
    assert result.code == FINDINGS, describe(result)
    assert any(f.item.startswith(f"raw_syscall{n}.") for f in findings(result.out))


def test_the_report_says_which_wrappers_were_executed():
    """A call that a binding lacks, or a program that lost one, would not be counted as executed."""
    result = run("prove", "--spec", "timerfd", "--target", "x86_64-linux", "--witness", "call",
                 "-v", cwd=REPOSITORY)
    assert result.code == NOT_CHECKED, describe(result)
    facts = run("facts", "--spec", "timerfd", "--target", "x86_64-linux", cwd=REPOSITORY).out
    n_calls = len(re.findall(r"^syscall ", facts, re.MULTILINE))
    printed = (REPOSITORY / "build/probes/x86_64-linux/timerfd/call.out").read_text()
    assert len(re.findall(r"^behaviour raw_sys_", printed, re.MULTILINE)) == n_calls > 0


def test_a_wrapper_that_was_not_executed_is_reported(tmp_path):
    """A probe that lost a call makes nobody believe that the call was looked at."""
    for part in ["gen/specs", "abi_probes/rt", "abi_probes/call", "bindings/c"]:
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    for table in ["targets", "languages", "explanations"]:
        shutil.copy(REPOSITORY / f"gen/{table}.yaml", tmp_path / "gen")
    mutate(tmp_path / "abi_probes/call/timerfd.c", r'^    call_done\("raw_sys_timerfd_create".*\n',
           "")
    result = run("prove", "--spec", "timerfd", "--target", "x86_64-linux", "--witness", "call",
                 "-C", tmp_path)
    assert result.code in (PROVED, NOT_CHECKED), describe(result)
    assert "raw_sys_timerfd_create: its body was not executed" in result.out, describe(result)
