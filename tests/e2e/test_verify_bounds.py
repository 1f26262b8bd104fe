"""Objects that nobody's compiler makes: large, deep, compressed without end, with names of any bytes.

In: debug information that is written by hand. Out: that `abiproof verify` reads it in time and memory
that are in proportion, or refuses it with exit code 2, and prints nothing that a terminal would obey.
"""

import resource
import shutil
import subprocess
import sys

import pytest

from conftest import (ABIPROOF, FINDINGS, PROVED, REPOSITORY, ROOT, USAGE, describe,
                      need_program, run)
from test_verify import verify  # pylint: disable=unused-import

sys.path.insert(0, str(REPOSITORY / "tests/bench"))
import entries  # noqa: E402  pylint: disable=wrong-import-position,import-error

LINUX = ["--target", "x86_64-linux"]


def assemble(folder, text, *options):
    (folder / "a.s").write_text(text)
    subprocess.run([need_program("x86_64-linux-gnu-gcc"), "-c", *options, "a.s", "-o", "a.o"],
                   cwd=folder, check=True, timeout=120)
    return folder / "a.o"


def test_blocks_in_blocks_take_time_in_proportion(tmp_path):
    """Half a million of them: were each gone through for the one around it, it would take a day."""
    result = verify(assemble(tmp_path, entries.blocks(500000)), *LINUX)
    assert result.code == PROVED and "f::epoll_event as epoll_event" in result.out, describe(result)


def test_a_record_that_is_there_very_often_is_one_item(tmp_path):
    result = verify(assemble(tmp_path, entries.records(20000)), *LINUX)
    assert result.code == PROVED and "1 of 1 items proved" in result.out, describe(result)


def compressed(folder, n_bytes):
    """An object with four debug sections of zeros, each compressed to a thousandth."""
    zeros = "".join(f'.section .debug_{name},"",@progbits\n.zero {n_bytes}\n'
                    for name in ("str", "line", "loc", "ranges"))
    return assemble(folder, entries.one() + zeros, "-Wa,--compress-debug-sections=zlib")


def test_sections_that_promise_too_much_together_are_refused(tmp_path):
    """Each is within the bounds of one section; the four would be a thousand times the file."""
    thing = compressed(tmp_path, 64 << 20)
    done = verify(thing, *LINUX)
    assert done.code == USAGE and "compressed sections promise 2684" in done.err, \
        describe(done)
    assert "at most 64 times" in done.err, describe(done)


def test_sections_that_are_only_small_are_read(tmp_path):
    result = verify(compressed(tmp_path, 1 << 20), *LINUX)
    assert result.code == PROVED, describe(result)


@pytest.mark.parametrize("form", ["text", "tap", "github", "json", "junit", "sarif"])
def test_no_report_has_what_a_terminal_obeys(form, tmp_path):
    """Escape sequences, and marks that turn a line round, in names and in the path."""
    path = tmp_path / "\x1b[2J\u202eo.o"
    thing = assemble(tmp_path, entries.one(name="pollfd", first=r"\033[2J", second="da\\342\\200\\256ta\\233"))
    thing.rename(path)
    result = verify(path, *LINUX, "--format", form)
    assert result.code == FINDINGS, describe(result)
    shown = result.out + result.err
    for character in "\x1b\u009b":
        assert character not in shown, repr(shown)
    if form in ("text", "tap", "github"):
        assert "\u202e" not in shown, repr(shown)
        assert "\\xe2\\x80\\xae" in shown.replace("\\\\", "\\"), repr(shown)


def test_a_message_has_nothing_that_a_terminal_obeys(tmp_path):
    path = tmp_path / "\x1b[2J\n\u202eo.o"
    path.write_text("no object")
    result = verify(path)
    assert result.code == USAGE and "\\x1b[2J\\x0a\\xe2\\x80\\xaeo.o: error: " in result.err
    assert "\x1b" not in result.err and "\u202e" not in result.err


# ---- what this machine lacks ----------------------------------------------------------------


@pytest.mark.parametrize("command", [["prove", "--spec", "eventfd", "--target", "x86_64-linux"],
                                     ["gen", "--check"]])
def test_without_path_nothing_is_a_finding(command):
    done = subprocess.run([str(ABIPROOF), *command], cwd=str(ROOT), env={}, check=False,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == USAGE and "PATH is not set" in done.stderr, done.stdout


def test_on_a_full_disk_nothing_is_a_finding(root, tmp_path):
    """A compiler that cannot write its object has not compiled something wrong."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)],
                             check=False, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.rmtree(root / "build")
        (root / "build").symlink_to(small)
        result = run("prove", "-C", root, "--spec", "eventfd", "--target", "x86_64-linux")
    finally:
        subprocess.run(["umount", str(small)], check=True)
    assert result.code == USAGE and "the disk is full" in result.err, describe(result)


def test_with_too_few_files_nothing_is_a_finding():
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))
    done = subprocess.run([str(ABIPROOF), "prove", "--spec", "eventfd", "--target", "x86_64-linux"],
                          cwd=str(ROOT), preexec_fn=limit, check=False, capture_output=True, text=True,
                          timeout=120)  # pylint: disable=subprocess-popen-preexec-fn
    assert done.returncode == USAGE and "only 20 files may be open" in done.stderr, done.stderr
