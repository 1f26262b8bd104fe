"""`ci/verify-peers`: other projects' bindings, built by their own compilers.

In: Go's own library, which needs no download, on two targets. Out: agreement, or the finding that a
deliberately wrong copy of it must be.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import ABIPROOF, FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, Result, USAGE, describe

TARGETS = ["x86_64-linux", "aarch64-linux"]


@pytest.fixture(name="peers")
def peers_fixture(tmp_path):
    """Runs ci/verify-peers with a folder of its own; skips without Go or the table's reader."""
    if shutil.which("go") is None:
        pytest.skip("no go in PATH")
    if subprocess.run([REPOSITORY / "ci/find-python", "yaml"], capture_output=True,
                      check=False).returncode != 0:
        pytest.skip("no python3 in PATH has yaml")
    work = REPOSITORY / "build/peers-test" / tmp_path.name

    def run(*args, **variables) -> Result:
        done = subprocess.run(
            [REPOSITORY / "ci/verify-peers", "--work", work, "--peer", "go-syscall",
             *[word for target in TARGETS for word in ("--target", target)], *args],
            env={**os.environ, "ABIPROOF": str(ABIPROOF), **variables}, timeout=600,
            encoding="utf-8", stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return Result(done.returncode, done.stdout, done.stderr)

    yield run
    shutil.rmtree(work, ignore_errors=True)


def output(*argv) -> str:
    """What a program prints."""
    return subprocess.run(argv, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def numbers(text: str):
    """Each target's number of names that were compared."""
    return {target: int(count) for target, count in
            re.findall(r"^(\S+-linux) +(\d+)/\d+", text, re.MULTILINE)}


def overlay(tmp_path: Path, name: str, right: str, wrong: str) -> str:
    """The value of GOFLAGS that makes Go compile its own library with one file changed."""
    original = Path(output("go", "env", "GOROOT"), "src/syscall", name)
    text = original.read_text()
    assert len(re.findall(right, text)) == 1, f"{original} has changed: {right}"
    (tmp_path / name).write_text(re.sub(right, wrong, text))
    rules = tmp_path / "overlay.json"
    rules.write_text(json.dumps({"Replace": {str(original): str(tmp_path / name)}}))
    return f"-overlay={rules}"


def test_a_peer_agrees_but_for_what_is_known(peers):
    """Every disagreement of Go's own library is in known.yaml, and much else is compared."""
    result = peers("--require")
    assert result.code == PROVED, describe(result)
    assert set(numbers(result.out)) == set(TARGETS), describe(result)
    assert all(count > 50 for count in numbers(result.out).values()), describe(result)
    assert "bad-size inotify_event\n    theirs wrong:" in result.out, describe(result)


def test_a_wrong_copy_of_a_struct_is_found(peers, tmp_path):
    """epoll_event as aarch64 has it, on x86_64: on that target alone it is a finding."""
    flags = overlay(tmp_path, "ztypes_linux_amd64.go",
                    r"(type EpollEvent struct \{\n\tEvents uint32\n)", r"\1\tFill int32\n")
    result = peers(GOFLAGS=flags)
    assert result.code == FINDINGS, describe(result)
    assert re.search(r"bad-size: epoll_event \(go-syscall\) \[x86_64-linux\]\n"
                     r"    expected  12\n    got       16\n", result.out), describe(result)
    assert "epoll_event (go-syscall) [aarch64-linux]" not in result.out


def test_an_explanation_of_nothing_is_a_finding(peers, tmp_path):
    """known.yaml may not outlive what it explains."""
    tables = tmp_path / "tables"
    tables.mkdir()
    peers_table = (REPOSITORY / "tests/peers/peers.yaml").read_text()
    (tables / "peers.yaml").write_text(peers_table)
    known = (REPOSITORY / "tests/peers/known.yaml").read_text()
    (tables / "known.yaml").write_text(known + """
  - peer: go-syscall
    targets: [x86_64-linux]
    findings: [bad-value EPOLLIN]
    wrong: theirs
    evidence: there is no such disagreement
""")
    result = peers("--tables", tables)
    assert result.code == FINDINGS, describe(result)
    assert "error: unused-known: 'bad-value EPOLLIN' (go-syscall)" in result.out, describe(result)


def test_without_a_compiler_nothing_is_checked(peers, tmp_path):
    """A missing tool is named and counted, and is no agreement."""
    python = output(output(REPOSITORY / "ci/find-python", "yaml"), "-c",
                    "import sys; print(sys.executable)")
    (tmp_path / "python3").write_text(f'#!/bin/sh\nexec {python} "$@"\n')
    (tmp_path / "python3").chmod(0o755)
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    result = peers(PATH=tmp_path)
    assert result.code == NOT_CHECKED, describe(result)
    assert "no go in PATH" in result.out and "2 not checked" in result.out, describe(result)
    required = peers("--require", PATH=tmp_path)
    assert required.code == FINDINGS and "error: not-checked: 2 objects" in required.out


def test_an_unknown_peer_or_target_is_an_error(peers):
    """A name that selects nothing is not silently nothing."""
    assert peers("--peer", "none").code == USAGE
    assert "no peer builds for 'none'" in peers("--target", "none").err
