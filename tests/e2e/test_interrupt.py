"""Ctrl-C, SIGTERM and SIGHUP: abiproof dies of the signal, and nothing that it started lives on.

In: a run that hangs in a probe, an emulator or a compiler. Out: the signal as the end of abiproof, an
empty process group for each program it had started, and a tree in which the next run is as good as
ever.
"""

import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import List, NamedTuple

import pytest

from conftest import (ABIPROOF, NOT_CHECKED, PROVED, describe, findings, matrix, mutate,
                      need_program, run, write_tool_path)

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
BOUND_S = 60


class Process(NamedTuple):
    """What /proc/PID/stat says, and the command line."""

    pid: int
    name: str
    words: List[str]
    state: str
    parent: int
    group: int


def processes() -> List[Process]:
    """All that live; one that has ended and was not waited for yet does not."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = (path.parent / "cmdline").read_text(errors="replace").split("\0")[:-1]
            pid, name, state, parent, group = re.match(
                r"(\d+) \((.*)\) (\S) (\d+) (-?\d+)", path.read_text(), re.DOTALL).groups()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state not in "ZX":
            found.append(Process(int(pid), name, words, state, int(parent), int(group)))
    return found


def wait_until(question):
    """Asks again and again until the answer is true, and returns it."""
    end = time.monotonic() + BOUND_S
    while time.monotonic() < end:
        answer = question()
        if answer:
            return answer
        time.sleep(0.01)
    return pytest.fail("waited too long", pytrace=True)


@contextmanager
def started(*args, ignored=(), **variables):
    """abiproof, started and not waited for; never left behind by a test that fails."""

    def as_from_a_terminal():
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)

    running = subprocess.Popen([str(ABIPROOF), *map(str, args)], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
                               env={**os.environ, **variables}, preexec_fn=as_from_a_terminal)
    groups = set()
    try:
        yield running, groups
    finally:
        running.terminate()
        try:
            running.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
        for process in processes():
            if process.group in groups:
                os.kill(process.pid, signal.SIGKILL)


def wait_for_children(running, groups, pattern: str, last: str, n: int):
    """Waits until abiproof has n programs under way of this name and with this last word, and notes
    their groups."""

    def ask():
        assert running.poll() is None, running.communicate()
        found = [p for p in processes() if p.parent == running.pid and
                 re.match(pattern, p.name) and p.words and p.words[-1].endswith(last)]
        return found if len(found) == n else None

    found = wait_until(ask)
    assert all(process.group == process.pid for process in found), found
    groups.update(process.group for process in found)


def check_ended(running, groups, number: int):
    """abiproof died of the signal, at once and without a word, and every group is empty."""
    out, err = running.communicate(timeout=10)
    assert (running.returncode, out, err) == (-number, "", "")
    wait_until(lambda: not [p for p in processes() if p.group in groups])


HANGING = ["prove", "--spec", "eventfd", "--target", "x86_64-linux", "--target", "aarch64-linux",
           "--witness", "behave", "-j", "2", "--timeout", "600"]


@pytest.fixture
def hanging_root(root):
    """A copy in which the program that tries eventfd hangs, on every target."""
    mutate(root / "abi_probes/behave/eventfd.c", r"^    check_flags\(\);$",
           "    for (;;) {}\n    check_flags();")
    return root


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_an_interrupt_ends_probe_and_emulator(number, hanging_root, targets):
    """A probe and an emulator hang in two threads: both end, and the next run finds nothing wrong."""
    need_program(targets["aarch64-linux"][4])
    with started(*HANGING, "-C", hanging_root) as (running, groups):
        wait_for_children(running, groups, "behave|qemu-aarch64", "/behave", 2)
        running.send_signal(number)
        check_ended(running, groups, number)
    assert not list(hanging_root.rglob(".abiproof-*")), "a temporary file stayed"
    mutate(hanging_root / "abi_probes/behave/eventfd.c", r"^    for \(;;\) \{\}\n", "")
    result = run(*HANGING, "-C", hanging_root)
    assert result.code == NOT_CHECKED and not findings(result.out), describe(result)
    assert {row.verdict for row in matrix(result.out).values()} == {"partly"}, describe(result)


@pytest.fixture
def path_with_hanging_compiler(tmp_path):
    """A PATH whose compiler writes half of its output, starts another program and waits for it."""
    path = write_tool_path(tmp_path / "bin", "x86_64-linux-gnu-gcc*")
    compiler = tmp_path / "bin/x86_64-linux-gnu-gcc"
    compiler.write_text("#!/bin/sh\nwhile [ $# -gt 1 ]; do\n  [ \"$1\" != -o ] || echo half > "
                        "\"$2\"\n  shift\ndone\nsleep 600 &\nwait\n")
    compiler.chmod(0o755)
    return path


def test_an_interrupt_ends_a_compiler_and_its_children(root, path_with_hanging_compiler):
    """The whole group of a compiler ends, and what it left half written is not taken for whole."""
    arguments = ["prove", "--spec", "eventfd", "--target", "x86_64-linux", "--witness", "dwarf",
                 "-C", root]
    with started(*arguments, PATH=path_with_hanging_compiler) as (running, groups):
        wait_for_children(running, groups, "x86_64-linux-gn", "", 1)
        wait_until(lambda: len([p for p in processes() if p.group in groups]) == 2)
        running.send_signal(signal.SIGTERM)
        check_ended(running, groups, signal.SIGTERM)
    assert [path for path in (root / "build/probes").rglob("*") if path.is_file() and
            path.read_bytes() == b"half\n"], "the compiler did not get so far"
    result = run(*arguments, "--require", "compiled")
    assert result.code == PROVED, describe(result)


def test_a_signal_that_the_caller_ignores_ends_nothing(hanging_root):
    """`nohup abiproof` outlives its terminal, and so do its programs; another signal ends both."""
    with started(*HANGING, "-C", hanging_root, ignored=[signal.SIGHUP]) as (running, groups):
        wait_for_children(running, groups, "behave|qemu-aarch64", "/behave", 2)
        running.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(timeout=0.5)
        assert groups <= {process.group for process in processes()}
        running.send_signal(signal.SIGINT)
        check_ended(running, groups, signal.SIGINT)


def test_a_program_that_is_started_has_the_mask_of_the_caller(root, tmp_path):
    """The signals are ours to wait for; a compiler must get them as if we were not there."""
    path = write_tool_path(tmp_path / "bin", "x86_64-linux-gnu-gcc*")
    compiler = tmp_path / "bin/x86_64-linux-gnu-gcc"
    compiler.write_text(f"#!/bin/sh\ngrep SigBlk /proc/self/status >> {tmp_path}/masks\nexit 1\n")
    compiler.chmod(0o755)
    run("prove", "--spec", "eventfd", "--target", "x86_64-linux", "--witness", "dwarf", "-C", root,
        PATH=path)
    assert set((tmp_path / "masks").read_text().split()[1::2]) == {"0" * 16}
