"""Bindings in Nim: what Nim takes and refuses, what `verify` sees, and programs that run on them.

In: bindings/nim, as `abiproof gen` wrote it. Out: that every module compiles without a warning, that each
mistake is refused by the module's own assertion and, without it, found by `verify` with no map, that a target
without a proved layout is refused, and that the calls do what epoll(7) says, also on big-endian machines.
`abiproof prove --lang nim` holds the modules against the facts.
"""

import re
import shutil
import subprocess

import pytest

from conftest import FINDINGS, PROVED, REPOSITORY, compiler_of, describe, list_targets, need_program, run
from test_languages import COMPILERS, need_tools, shell
from test_languages_rust import facts_of_calls

FOLDER = REPOSITORY / "bindings/nim"
MODULES = sorted(path.stem for path in (FOLDER / "abiproof").glob("*.nim"))
LINUX = [name for name in MODULES if not name.startswith("kqueue")]
WITH_CALLS = [name for name in LINUX
              if name != "raw" and "raw_syscall" in (FOLDER / f"abiproof/{name}.nim").read_text()]

# What is changed where, and whether the module itself asserts it. `verify` must find each but the packed one,
# whose bytes are where they were: its alignment is a constant that `prove` alone asks for.
MISTAKES = {
    "the words swapped": ("epoll", "x86_64-linux", True, [
        (r"(    data_)lo(\*: uint32 .*\n    data_)hi", r"\1hi\2lo")]),
    "the words swapped, big-endian": ("epoll", "ppc64-linux", True, [
        (r"(    data_)hi(\*: uint32 .*\n    data_)lo", r"\1lo\2hi")]),
    "a pad dropped": ("epoll", "aarch64-linux", True, [
        (r"    pad\*: uint32 .*\n", ""), (r".*offsetof\(EpollEvent, pad\).*\n", "")]),
    "packed": ("epoll", "aarch64-linux", True, [
        (r"type EpollEvent\* \{\.shown, bycopy\.\}", "type EpollEvent* {.shown, bycopy, packed.}"),
        (r" \{\.align: 8\.\}: uint32 ## at 0: EPOLLIN", ": uint32 ## at 0: EPOLLIN")]),
    "a constant": ("epoll", "x86_64-linux", False, [(r"(const EPOLLOUT\* = 0x)4", r"\g<1>5")]),
    "a number": ("epoll", "x86_64-linux", False, [(r"(const NR_epoll_ctl\* = 23)3", r"\g<1>4")]),
    "without its sign": ("kqueue_macos", "aarch64-macos", False, [(r"  data\*: int64", "  data*: uint64")]),
    "a filter without its sign": ("kqueue_freebsd", "x86_64-freebsd", False, [
        (r"  filter\*: int16", "  filter*: uint16")]),
    "another target's branch": ("epoll", "aarch64-linux", True, [
        (r"when defined\(amd64\)(:\n  type EpollEvent)", r"when defined(amd64) or defined(arm64)\1")]),
}


def copy(folder):
    shutil.copytree(FOLDER, folder / "source")
    return folder / "source/abiproof"


def compile_module(module, target, folder, text=None):
    """One module, or a text in its place, as `prove` does; makes object.o in `folder`."""
    source = folder / "source/abiproof"
    row = {**COMPILERS["nim"], "source": str(source / f"{module}.nim")}
    need_tools(row, target)
    if not source.exists():
        copy(folder)
    if text is not None:
        (source / f"{module}.nim").write_text(text)
    return shell(row, target, row["compile"], folder, OBJECT=str(folder / "object.o"))


def nim(folder, *args, row=None):
    """Runs Nim on main.nim in `folder`, for a target's row of the table, statically linked."""
    need_program("nim")
    options = []
    if row is not None:
        [cpu] = [one["word"] for one in COMPILERS["nim"]["targets"] if one["name"] == row["name"]]
        compiler = compiler_of(row)[0]
        options = ["--os:linux", f"--cpu:{cpu}", "--passL:-static"] + [
            f"--{key}{name}:{compiler}" for key in ("", f"{cpu}.linux.") for name in ("gcc.exe", "gcc.linkerexe")]
    return subprocess.run(["nim", *args, "--verbosity:0", "--hints:off", "--nimcache:cache", *options, "main.nim"],
                          cwd=folder, timeout=300, check=False, capture_output=True, text=True)


def test_all_modules_compile_together_without_a_warning(tmp_path):
    copy(tmp_path)
    (tmp_path / "main.nim").write_text(
        f"{{.warning[UnusedImport]: off.}}\nimport source/abiproof/[{', '.join(LINUX)}]\n")
    done = nim(tmp_path, "c", "--compileOnly")
    assert done.returncode == 0 and done.stderr + done.stdout == "", done.stderr + done.stdout


def without_assertions(text):
    return re.sub(r"^( *)static:\n(?:\1  doAssert .*\n)+", r"\1discard\n", text, flags=re.MULTILINE)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_and_found(mistake, tmp_path):
    module, target, is_asserted, edits = MISTAKES[mistake]
    text = (FOLDER / f"abiproof/{module}.nim").read_text()
    for pattern, replacement in edits:
        text, n = re.subn(pattern, replacement, text)
        assert n >= 1, f"{pattern} is not there"
    done = compile_module(module, target, tmp_path, text)
    assert (done.code != 0) == is_asserted, describe(done)
    if is_asserted:
        assert re.search(r"(size|offset|alignment) of EpollEvent|undeclared field: 'pad'", done.out + done.err), describe(done)
    done = compile_module(module, target, tmp_path, without_assertions(text))
    assert done.code == 0, describe(done)
    result = run("verify", tmp_path / "object.o", "--target", target, cwd=REPOSITORY)
    assert result.code == (PROVED if mistake == "packed" else FINDINGS), describe(result)


@pytest.mark.parametrize("module, options, what", [
    ("epoll", ["--os:macosx", "--cpu:arm64"], "layout"), ("kqueue_macos", ["--os:linux", "--cpu:amd64"], "layout"),
    ("epoll", ["--os:linux", "--cpu:m68k"], "layout"), ("raw", ["--os:freebsd", "--cpu:amd64"], "system call")])
def test_a_target_without_a_proved_layout_is_refused(module, options, what, tmp_path):
    copy(tmp_path)
    (tmp_path / "main.nim").write_text(f"import source/abiproof/{module}\n")
    done = nim(tmp_path, "c", "--compileOnly", *options)
    assert done.returncode != 0, done.stdout
    assert f"{module}: abiproof has proved no {what} for this target" in done.stderr, done.stderr


PROGRAM = """
import source/abiproof/epoll
proc pipe(fds: ptr cint): cint {.importc, cdecl, header: "<unistd.h>".}
proc write(fd: cint, start: pointer, n: csize_t): int {.importc, cdecl, header: "<unistd.h>".}
let words = [0x0123456789abcdef'u64, 0xfedcba9876543210'u64]
let queue = sys_epoll_create1(EPOLL_CLOEXEC)
for word in words:
  var ends: array[2, cint]
  var event = EpollEvent(events: EPOLLIN)
  event.data = word
  doAssert pipe(addr ends[0]) == 0 and write(ends[1], cstring("x"), 1) == 1
  doAssert sys_epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], addr event) == 0
  doAssert sys_epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], addr event) == -17
for isRaw in [false, true]:
  var events: array[4, EpollEvent]
  let n = if isRaw: sys_epoll_pwait(queue, addr events[0], 4, 1000, nil, SIGSET_SIZE)
          else: epoll_wait(queue, addr events[0], 4, 1000)
  let first = if events[0].data == words[0]: 0 else: 1
  doAssert n == 2 and events[0].events == EPOLLIN
  doAssert events[first].data == words[0] and events[1 - first].data == words[1]
echo "two events"
"""


@pytest.mark.parametrize("target", ["x86_64-linux", "aarch64-linux", "i386-linux", "ppc64-linux", "mips-linux"])
def test_a_program_waits_for_two_pipes(target, tmp_path):
    """Words of 64 bits come back as they were, by the raw calls, one of them with six arguments, and libc's."""
    row = {**list_targets()[target], "name": target}
    emulator = row["emulator"]
    if compiler_of(row) is None or emulator.startswith("missing"):
        pytest.skip(f"not installed: compiler {row['compiler']}, emulator {emulator}")
    copy(tmp_path)
    (tmp_path / "main.nim").write_text(PROGRAM)
    done = nim(tmp_path, "c", row=row)
    assert done.returncode == 0, done.stderr
    run_by = [] if emulator == "native" else [emulator]
    done = subprocess.run([*run_by, "./main"], cwd=tmp_path, timeout=30, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "two events\n"), done.stderr


RECORDER = "let SIGSET_SIZE*: uint = 8\n" + "".join(
    f"""proc raw_syscall{n}*(number{"".join(f", a{i}" for i in range(n))}: clong): clong =
  echo number, " ", {f"[{', '.join(f'a{i}' for i in range(n))}]" if n > 0 else '"[]"'}
""" for n in range(7))


def test_every_system_call_enters_with_its_number_and_arguments(tmp_path):
    """raw.nim is replaced by one that prints what it is given: each argument is another number."""
    source = copy(tmp_path)
    (source / "raw.nim").write_text(RECORDER)
    lines, expected = [], []
    for module in WITH_CALLS:
        text = (source / f"{module}.nim").read_text()
        lines.append(f"import source/abiproof/{module} as of_{module}")
        for name, number, n in facts_of_calls(module):
            [params, *_] = re.findall(rf"^ *proc sys_{name}\*\((.*)\): ", text, flags=re.MULTILINE)
            types = [re.sub(r"([A-Z]\w+)", rf"of_{module}.\1", one) for one in re.findall(r": ([^,]+)", params)]
            assert len(types) == n
            lines.append(f"discard of_{module}.sys_{name}("
                         + ", ".join(f"cast[{one}]({i + 1})" for i, one in enumerate(types)) + ")")
            expected.append(f"{number} {list(range(1, n + 1))}")
    imports = sorted(lines, key=lambda line: line.startswith("discard"))
    (tmp_path / "main.nim").write_text("\n".join(imports) + "\n")
    done = nim(tmp_path, "c")
    assert done.returncode == 0, done.stderr
    done = subprocess.run([tmp_path / "main"], timeout=30, check=True, capture_output=True, text=True)
    assert expected and done.stdout.splitlines() == expected
