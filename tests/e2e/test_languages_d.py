"""Bindings in D: what LDC and GDC take and refuse, what `verify` sees, and programs that run on them.

In: bindings/d, as `abiproof gen` wrote it. Out: that every module compiles without a warning and without a
runtime library, that each mistake is refused by the module's own assertion and, without it, found by `verify`
with no map, that a target without a proved layout is refused, and that the calls do what epoll(7) says, also
optimised and on big-endian machines. `abiproof prove --lang d` holds the modules against the facts.
"""

import re
import shutil
import subprocess

import pytest

from conftest import FINDINGS, PROVED, REPOSITORY, compiler_of, describe, list_targets, need_program, run
from test_languages_rust import facts_of_calls

FOLDER = REPOSITORY / "bindings/d"
MODULES = sorted(path.stem for path in (FOLDER / "abiproof").glob("*.d"))
WITH_CALLS = [name for name in MODULES if " syscall" in (FOLDER / f"abiproof/{name}.d").read_text() and name != "raw"]
LINUX = [name for name in MODULES if not name.startswith("kqueue")]
COMPILERS = ["ldc2", "gdc"]
AARCH64, S390X = "aarch64-linux-gnu", "s390x-linux-gnu"

# What is changed where, and whether the module itself asserts it. `verify` must find each but the packed one,
# whose bytes are where they were: its alignment is a constant that `prove` alone asks for.
MISTAKES = {
    "the words swapped": ("epoll", "x86_64-linux-gnu", True, [
        (r"(        uint data_)lo(;\n.*\n        uint data_)hi", r"\1hi\2lo")]),
    "the words swapped, big-endian": ("epoll", S390X, True, [
        (r"(        uint data_)hi(;\n.*\n        uint data_)lo", r"\1lo\2hi")]),
    "a pad dropped": ("epoll", AARCH64, True, [
        (r"        /// at 4: the system leaves.*\n        uint pad;\n", ""),
        (r"    static assert\(EpollEvent.pad.*\n", "")]),
    "packed": ("epoll", AARCH64, True, [(r"align\(8\) struct EpollEvent", "align(1) struct EpollEvent")]),
    "a constant": ("epoll", "x86_64-linux-gnu", False, [(r"(enum uint EPOLLOUT = 0x)4", r"\g<1>5")]),
    "a number": ("epoll", "x86_64-linux-gnu", False, [(r"(enum size_t NR_epoll_ctl = 23)3", r"\g<1>4")]),
    "without its sign": ("kqueue_macos", "arm64-apple-macos13", False, [(r"    long data;", "    ulong data;")]),
    "a filter without its sign": ("kqueue_freebsd", "x86_64-unknown-freebsd14", False, [
        (r"    short filter;", "    ushort filter;")]),
    "another target's branch": ("epoll", AARCH64, True, [
        (r"static if \(on!\"X86_64\" && bits!64\) (\{\n    /// One event)",
         r'static if ((on!"X86_64" && bits!64) || on!"AArch64") \1')]),
}
TARGETS = {"arm64-apple-macos13": "aarch64-macos", "x86_64-unknown-freebsd14": "x86_64-freebsd"}


def compile_d(compiler, triple, folder, *args, source=FOLDER):
    """Compiles in `folder`, with the modules in `source` to import. Returns what the compiler did."""
    command = {"ldc2": ["ldc2", f"-mtriple={triple}", "-w", "-betterC"],
               "gdc": [f"{triple}-gdc", "-Wall", "-Wextra", "-Werror", "-fno-druntime"]}[compiler]
    need_program(command[0])
    return subprocess.run([*command, f"-I{source}", "-c", *map(str, args)], cwd=folder, timeout=300, check=False,
                          capture_output=True, text=True)


def compile_module(compiler, module, triple, folder, text=None):
    """One module, or a text in its place, with its proof; makes object.o in `folder`."""
    source = folder / "source"
    shutil.copytree(FOLDER, source, dirs_exist_ok=True)
    path = source / f"abiproof/{module}.d"
    if text is not None:
        path.write_text(text)
    options = {"ldc2": ["-d-version=AbiProof", f"-of={folder}/object.o"],
               "gdc": ["-fversion=AbiProof", "-fno-zero-initialized-in-bss", f"-o{folder}/object.o"]}[compiler]
    return compile_d(compiler, triple, folder, "-g", *options, path, source=source)


@pytest.mark.parametrize("compiler", COMPILERS)
def test_all_modules_compile_together_without_a_warning(compiler, tmp_path):
    done = compile_d(compiler, "x86_64-linux-gnu", tmp_path, *(FOLDER / f"abiproof/{name}.d" for name in LINUX))
    assert done.returncode == 0 and done.stderr == "", done.stderr


def without_assertions(text):
    return re.sub(r"^ *static assert\(\w+\.[\w.]+ == .*\n", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("mistake, compiler", [
    (mistake, compiler) for mistake, (_, triple, *_) in MISTAKES.items() for compiler in COMPILERS
    if compiler == "ldc2" or triple in (AARCH64, "x86_64-linux-gnu")])
def test_a_mistake_is_refused_and_found(mistake, compiler, tmp_path):
    module, triple, is_asserted, edits = MISTAKES[mistake]
    text = (FOLDER / f"abiproof/{module}.d").read_text()
    for pattern, replacement in edits:
        text, n = re.subn(pattern, replacement, text)
        assert n >= 1, f"{pattern} is not there"
    done = compile_module(compiler, module, triple, tmp_path, text)
    assert (done.returncode != 0) == is_asserted, done.stderr
    if is_asserted:
        assert re.search(r"\"?(size of|offset of|alignment of) EpollEvent", done.stderr), done.stderr
    done = compile_module(compiler, module, triple, tmp_path, without_assertions(text))
    assert done.returncode == 0, done.stderr
    target = ["--target", TARGETS[triple]] if triple in TARGETS else []
    result = run("verify", tmp_path / "object.o", *target, cwd=REPOSITORY)
    assert result.code == (PROVED if mistake == "packed" else FINDINGS), describe(result)


@pytest.mark.parametrize("module, triple, what", [
    ("epoll", "x86_64-apple-macos13", "layout"), ("kqueue_macos", "x86_64-linux-gnu", "layout"),
    ("epoll", "m68k-linux-gnu", "layout"), ("epoll", "sparc64-linux-gnu", "layout"),
    ("raw", "x86_64-unknown-freebsd14", "system call")])
def test_a_target_without_a_proved_layout_is_refused(module, triple, what, tmp_path):
    done = compile_d("ldc2", triple, tmp_path, FOLDER / f"abiproof/{module}.d")
    assert done.returncode != 0, done.stderr
    assert f"{module}: abiproof has proved no {what} for this target" in done.stderr, done.stderr


PROGRAM = """
import abiproof.epoll;
extern (C) int pipe(int* fds);
extern (C) ptrdiff_t write(int fd, const(void)* from, size_t n);
extern (C) int main()
{
    ulong[2] words = [0x0123456789abcdef, 0xfedcba9876543210];
    int queue = sys_epoll_create1(EPOLL_CLOEXEC);
    foreach (word; words)
    {
        int[2] ends;
        EpollEvent event = {events: EPOLLIN};
        event.set_data(word);
        if (pipe(ends.ptr) != 0 || write(ends[1], "x".ptr, 1) != 1 ||
            sys_epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event) != 0 ||
            sys_epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &event) != -17)
            return 1;
    }
    foreach (isRaw; 0 .. 2)
    {
        EpollEvent[4] events;
        int n = isRaw ? sys_epoll_pwait(queue, events.ptr, 4, 1000, null, SIGSET_SIZE)
                      : epoll_wait(queue, events.ptr, 4, 1000);
        bool isSwapped = events[0].data != words[0];
        if (n != 2 || events[isSwapped].data != words[0] || events[!isSwapped].data != words[1] ||
            events[0].events != EPOLLIN)
            return 2;
    }
    return write(1, "two events\\n".ptr, 11) == 11 ? 0 : 3;
}
"""


@pytest.mark.parametrize("optimised", [[], ["-O2"]], ids=["plain", "optimised"])
@pytest.mark.parametrize("compiler, target", [
    ("gdc", "x86_64-linux"), ("gdc", "aarch64-linux"), *(("ldc2", name) for name in (
        "x86_64-linux", "aarch64-linux", "i386-linux", "arm-linux", "s390x-linux", "ppc64-linux", "mips-linux"))])
def test_a_program_waits_for_two_pipes(compiler, target, optimised, tmp_path):
    """Words of 64 bits come back as they were, by the raw calls, one of them with six arguments, and libc's."""
    row = list_targets()[target]
    linker, emulator = compiler_of(row), row["emulator"]
    if linker is None or emulator.startswith("missing"):
        pytest.skip(f"not installed: compiler {row['compiler']}, emulator {emulator}")
    (tmp_path / "main.d").write_text(PROGRAM)
    done = compile_d(compiler, row["triple"], tmp_path, *optimised, FOLDER / "abiproof/raw.d",
                     FOLDER / "abiproof/epoll.d", "main.d")
    assert done.returncode == 0, done.stderr
    subprocess.run([*linker, "-static", "-o", "main", *tmp_path.glob("*.o")], cwd=tmp_path, timeout=300,
                   check=True)
    run_by = [] if emulator == "native" else [emulator]
    done = subprocess.run([*run_by, "./main"], cwd=tmp_path, timeout=30, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "two events\n"), done.stderr


RECORDER = "module abiproof.raw;\nextern (C) int printf(const(char)* format, ...) nothrow @nogc;\nnothrow @nogc:\n" + (
    "enum size_t SIGSET_SIZE = 8;\n") + "".join(
        f"""ptrdiff_t syscall{n}(size_t number{"".join(f", size_t a{i}" for i in range(n))})
{{ printf("%zd [{", ".join(["%zd"] * n)}]\\n", number{"".join(f", a{i}" for i in range(n))}); return 0; }}
""" for n in range(7))


@pytest.mark.parametrize("module", WITH_CALLS)
def test_every_system_call_enters_with_its_number_and_arguments(module, tmp_path):
    """raw.d is replaced by one that prints what it is given: each argument is another number."""
    source = tmp_path / "source/abiproof"
    source.mkdir(parents=True)
    shutil.copy(FOLDER / f"abiproof/{module}.d", source)
    (source / "raw.d").write_text(RECORDER)
    calls = list(facts_of_calls(module))
    body = "".join(f"    {module}.sys_{name}({', '.join(f'cast(P!({module}.sys_{name})[{i}]) {i + 1}' for i in range(n))});\n"
                   for name, _, n in calls)
    (tmp_path / "main.d").write_text(
        f"import {module} = abiproof.{module};\n"
        "template P(alias f) { static if (is(typeof(f) A == __parameters)) alias P = A; }\n"
        f"extern (C) int main()\n{{\n{body}    return 0;\n}}\n")
    done = compile_d("ldc2", "x86_64-linux-gnu", tmp_path, *source.glob("*.d"), "main.d", source=source.parent)
    assert done.returncode == 0, done.stderr
    subprocess.run([need_program("cc"), "-o", "main", "main.o", f"{module}.o", "raw.o"], cwd=tmp_path, timeout=60,
                   check=True)
    done = subprocess.run([tmp_path / "main"], timeout=30, check=True, capture_output=True, text=True)
    assert calls and done.stdout.splitlines() == [f"{number} {list(range(1, n + 1))}" for _, number, n in calls]
