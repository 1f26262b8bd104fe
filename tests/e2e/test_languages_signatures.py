"""Wrong declarations in the bindings of other languages, which no compiler and no assertion of theirs can see.

In: bindings, each with one parameter, result, symbol, alias or alignment changed. Out: `abiproof prove`
names it: what these languages show of a function is a function or a variable of the proof's own, whose type and
symbol must be those of the declaration.
"""

import re
import shutil

import pytest

from conftest import FINDINGS, REPOSITORY, describe, find, mutate, run
from test_languages import COMPILERS, need_tools

ROWS = {"d": "d-ldc", "nim": "nim"}

# Per mutant: language, target, module, pattern, replacement, and the finding.
MUTANTS = {
    "a parameter of D": ("d", "x86_64-linux", "epoll", r"^(extern \(C\) int epoll_ctl\(int epfd, )int op", r"\1long op",
                         "bad-signature epoll_ctl"),
    "a parameter of D less": ("d", "x86_64-linux", "epoll", r"^(extern \(C\) int epoll_wait\(.*), int timeout", r"\1",
                              "bad-signature epoll_wait"),
    "a result of D": ("d", "x86_64-linux", "epoll", r"^extern \(C\) int (epoll_wait)\(", r"extern (C) short \1(",
                      "bad-signature epoll_wait"),
    "a symbol of D": ("d", "x86_64-linux", "epoll", r"^(extern \(C\) int epoll_wait\()",
                      r'pragma(mangle, "epoll_wait2") \1', "bad-symbol epoll_wait"),
    "a plain symbol of D": ("d", "x86_64-netbsd", "kqueue_netbsd", r'^pragma\(mangle, "__kevent50"\)\n', "",
                            "bad-symbol kevent"),
    "a system call of D": ("d", "x86_64-linux", "epoll", r"^(int sys_epoll_ctl\(int epfd, )int op", r"\1long op",
                           "bad-signature epoll_ctl"),
    "an alias of D": ("d", "x86_64-linux", "eventfd", r"^(alias eventfd_t = )ulong", r"\1uint", "bad-width eventfd_t"),
    "a parameter of Nim": ("nim", "x86_64-linux", "epoll", r"^(proc epoll_ctl\*\(epfd: int32, op: )int32", r"\1int64",
                           "bad-signature epoll_ctl"),
    "a parameter of Nim less": ("nim", "x86_64-linux", "epoll", r"^(proc epoll_wait\*\(.*), timeout: int32", r"\1",
                                "bad-signature epoll_wait"),
    "a result of Nim": ("nim", "x86_64-linux", "epoll", r"^(proc epoll_wait\*\(.*\): )int32", r"\1int16",
                        "bad-signature epoll_wait"),
    "a symbol of Nim": ("nim", "x86_64-linux", "epoll", r'(importc: "epoll_wait)"', r'\g<1>2"', "bad-symbol epoll_wait"),
    "a plain symbol of Nim": ("nim", "x86_64-netbsd", "kqueue_netbsd", r'(importc: ")__kevent50', r"\1kevent",
                              "bad-symbol kevent"),
    "a system call of Nim": ("nim", "x86_64-linux", "epoll", r"^(proc sys_epoll_ctl\*\(epfd: int32, op: )int32",
                             r"\1int64", "bad-signature epoll_ctl"),
    "an alias of Nim": ("nim", "x86_64-linux", "eventfd", r"^(type eventfd_t\* = uint)64", r"\g<1>32",
                        "bad-width eventfd_t"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A root with the repository's own specs and probes, whose build folder and bindings are the tests'."""
    root = tmp_path_factory.mktemp("root")
    for part in ("gen", "abi_probes", "ci"):
        (root / part).symlink_to(REPOSITORY / part)
    for part in ("bindings", "build"):
        (root / part).mkdir()
    (REPOSITORY / "build/rust").mkdir(exist_ok=True)
    for part in ("headers", "zig", "rust"):
        (root / "build" / part).symlink_to(REPOSITORY / "build" / part)
    return root


def copy_bindings(language, tree):
    folder = tree / "bindings" / language
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(REPOSITORY / "bindings" / language, folder)


def prove(tree, language, module, target):
    return run("prove", "-C", tree, "--lang", language, "--spec", module, "--target", target, cwd=REPOSITORY,
               timeout=300)


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_declaration_is_a_finding_of_prove(mutant, tree):
    language, target, module, pattern, replacement, finding = MUTANTS[mutant]
    need_tools({**COMPILERS[ROWS[language]], "source": ""}, target)
    mutate(copy_bindings(language, tree) / f"abiproof/{module}.{language}", pattern, replacement)
    result = prove(tree, language, module, target)
    assert result.code == FINDINGS, describe(result)
    assert find(result.out, *finding.split()), describe(result)


# Per language: its row, its module, what aligns epoll_event and what asserts that.
ALIGNED = {
    "d": ("d-ldc", "abiproof/epoll.d", r"align\(8\) (?=struct EpollEvent)", r"^ *static assert\(EpollEvent\.alignof.*\n"),
    "nim": ("nim", "abiproof/epoll.nim", r"(?<=events\*) \{\.align: 8\.\}", r"^ *doAssert alignof\(EpollEvent\).*\n"),
    "rust": ("rust", "src/epoll.rs", r"(?<=repr\(C), align\(8\)", r"^ *assert!\(align_of::<epoll_event>.*\n"),
    "zig": ("zig", "epoll.zig", r"(?<=events: u32) align\(8\)", r"^ *if \(@alignOf\(EpollEvent\).*\n"),
}


@pytest.mark.parametrize("language", ALIGNED)
def test_a_record_that_is_aligned_too_little_is_a_finding_of_prove(language, tree):
    """No byte moves, so that only the constant of its alignment shows it, where no assertion refuses it."""
    row, module, aligns, asserts = ALIGNED[language]
    need_tools({**COMPILERS[row], "source": ""}, "aarch64-linux")
    path = copy_bindings(language, tree) / module
    right = prove(tree, language, "epoll", "aarch64-linux")
    assert re.search(rf"^    proved +{row} ", right.out, re.MULTILINE) and "looser-align" not in right.out, describe(right)
    for pattern in (aligns, asserts):
        text, n = re.subn(pattern, "", path.read_text(), flags=re.MULTILINE)
        assert n > 0, pattern
        path.write_text(text)
    result = prove(tree, language, "epoll", "aarch64-linux")
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "looser-align", "epoll_event")
    assert (found.severity, found.details["expected"], found.details["got"]) == ("error", "8", "4"), describe(result)
