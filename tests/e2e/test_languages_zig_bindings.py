"""Bindings in Zig: what both of its backends take and refuse, what `verify` sees, and programs that run on them.

In: bindings/zig, as `abiproof gen` wrote it, and the pinned Zig (ci/fetch-zig). Out: that the package is formatted
as Zig wants it, that each mistake is refused by the module's own assertion and, without it, found by `verify` with
no map, that a target without a proved layout is refused, and that the calls do what epoll(7) says, also on
big-endian machines. `abiproof prove --lang zig` holds the modules against the facts.
"""

import re
import shutil
import subprocess

import pytest
import yaml

from conftest import FINDINGS, PROVED, REPOSITORY, compiler_of, describe, find, list_targets, run
from test_languages_rust import facts_of_calls

FOLDER = REPOSITORY / "bindings/zig"
ZIG = REPOSITORY / "build/zig/ziglang/zig"
OTHERS = {"raw", "root", "build"}
MODULES = sorted(path.stem for path in FOLDER.glob("*.zig") if path.stem not in OTHERS)
WITH_CALLS = [name for name in MODULES if "raw.syscall" in (FOLDER / f"{name}.zig").read_text()]
LINUX, AARCH64, S390X = "x86_64-linux-gnu", "aarch64-linux-gnu", "s390x-linux-gnu"
BACKENDS = {"own": [], "llvm": ["-fllvm"]}

# What is changed where, and whether the module itself asserts it. `verify` must find each but those of the
# alignment alone, whose bytes are where they were: it is a constant that `prove` alone asks for.
MISTAKES = {
    "the words swapped": ("epoll", LINUX, True, [(r"(    data_)lo(: u32,\n.*\n    data_)hi", r"\1hi\2lo")]),
    "the words swapped, big-endian": ("epoll", S390X, True, [
        (r"(    data_)hi(: u32,\n.*\n    data_)lo", r"\1lo\2hi")]),
    "a pad dropped": ("epoll", AARCH64, True, [
        (r"    /// at 4: the system leaves.*\n    pad: u32,\n", ""), (r".*@offsetOf\(EpollEvent, \"pad\"\).*\n", "")]),
    "packed": ("epoll", LINUX, True, [(r"(    events: u32)(,\n    /// at 4: 64)", r"\1 align(1)\2"),
                                      (r"(    data_(?:lo|hi): u32),", r"\1 align(1),")]),
    "aligned less": ("epoll", AARCH64, True, [(r"events: u32 align\(8\)", "events: u32")]),
    "a constant": ("epoll", LINUX, False, [(r"(pub const EPOLLOUT: u32 = 0x)4", r"\g<1>5")]),
    "a number": ("epoll", LINUX, False, [(r"(NR_epoll_ctl: usize = if .*\n    23)3", r"\g<1>4")]),
    "without its sign": ("kqueue_macos", "aarch64-macos", False, [(r"(    data: )i64", r"\1u64")]),
    "a filter without its sign": ("kqueue_freebsd", "x86_64-freebsd", False, [(r"(    filter: )i16", r"\1u16")]),
    "another target's branch": ("epoll", AARCH64, True, [
        (r"(EpollEvent = if \(arch == .x86_64)\)", r"\1 or arch == .aarch64)")]),
    "a member of another width": ("statx", LINUX, True, [(r"(    stx_mask: )u32", r"\1u64")]),
}
NAMES = {"aarch64-macos": "aarch64-macos", "x86_64-freebsd": "x86_64-freebsd"}
UNMOVED = {"packed", "aligned less"}


def row_of_zig():
    """How bindings in Zig are compiled, by gen/languages.yaml."""
    rows = yaml.safe_load((REPOSITORY / "gen/languages.yaml").read_text())["languages"]
    [row] = [row for row in rows if row["name"] == "zig"]
    return row


def zig(*args, cwd):
    if not ZIG.exists():
        pytest.skip(f"no {ZIG.relative_to(REPOSITORY)}: run ci/fetch-zig")
    return subprocess.run([ZIG, *map(str, args)], cwd=cwd, timeout=300, check=False, capture_output=True, text=True)


def compile_module(module, target, folder, text=None, options=()):
    """One module, or a text in its place, as the root, with its proof; makes object.o in `folder`."""
    shutil.copytree(FOLDER, folder / "zig", dirs_exist_ok=True)
    path = folder / f"zig/{module}.zig"
    if text is not None:
        path.write_text(text)
    return zig("build-obj", "-lc", "-target", target, *options, path, f"-femit-bin={folder}/object.o", cwd=folder)


def test_the_package_is_as_zig_formats_it(tmp_path):
    done = zig("fmt", "--check", FOLDER, cwd=tmp_path)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"


def test_the_package_builds(tmp_path):
    """By its own build.zig, which knows its name and fingerprint."""
    shutil.copytree(FOLDER, tmp_path / "zig")
    done = zig("build", "--cache-dir", tmp_path / "cache", cwd=tmp_path / "zig")
    assert done.returncode == 0 and done.stderr == "", done.stderr


def without_assertions(text):
    text, n = re.subn(r"^ *if \(@(?:sizeOf|alignOf|offsetOf).*\n", "", text, flags=re.MULTILINE)
    assert n > 0
    return text


@pytest.mark.parametrize("mistake, backend", [
    (mistake, backend) for mistake, (_, target, *_) in MISTAKES.items() for backend in BACKENDS
    if backend == "own" or target == LINUX])
def test_a_mistake_is_refused_and_found(mistake, backend, tmp_path):
    module, target, is_asserted, edits = MISTAKES[mistake]
    text = (FOLDER / f"{module}.zig").read_text()
    for pattern, replacement in edits:
        text, n = re.subn(pattern, replacement, text)
        assert n >= 1, f"{pattern} is not there"
    done = compile_module(module, target, tmp_path, text, BACKENDS[backend])
    assert (done.returncode != 0) == is_asserted, done.stderr
    if is_asserted:
        assert re.search(r"error: (size of|offset of|alignment of) \w+(\.\w+)?: expected \d+", done.stderr), done.stderr
    done = compile_module(module, target, tmp_path, without_assertions(text), BACKENDS[backend])
    assert done.returncode == 0, done.stderr
    options = ["--target", NAMES[target]] if target in NAMES else []
    result = run("verify", tmp_path / "object.o", *options, cwd=REPOSITORY)
    assert result.code == (PROVED if mistake in UNMOVED else FINDINGS), describe(result)


@pytest.mark.parametrize("edit, kind, item", [
    ([(r"(pub fn sys_epoll_create1\(flags: )i32", r"\1i64")], "bad-signature", "epoll_create1"),
    ([(r"(pub extern \"c\" fn epoll_wait\(epfd: )i32", r"\1u64")], "bad-signature", "epoll_wait"),
], ids=["system-call", "function"])
def test_prove_sees_what_the_proof_shows(edit, kind, item, root):
    """Parameters of calls and functions, whose names in the object are no names of the kernel's."""
    if not ZIG.exists():
        pytest.skip(f"no {ZIG.relative_to(REPOSITORY)}: run ci/fetch-zig")
    row = {**row_of_zig(), "targets": [{"name": AARCH64[:-4], "word": AARCH64}]}
    table = root / "gen/languages.yaml"
    table.write_text(table.read_text() + yaml.dump([row]).replace("\n", "\n  ").join(["  ", "\n"]))
    (root / "build/zig").symlink_to(REPOSITORY / "build/zig")
    shutil.copytree(FOLDER, root / "bindings/zig")
    path = root / "bindings/zig/epoll.zig"
    text = without_assertions(path.read_text())
    for pattern, replacement in edit:
        text, n = re.subn(pattern, replacement, text)
        assert n >= 1, f"{pattern} is not there"
    path.write_text(text)
    result = run("prove", "-C", root, "--lang", "zig", "--spec", "epoll", "--target", "aarch64-linux", timeout=300)
    found = find(result.out, kind, item)
    assert result.code == FINDINGS and found and found[0].seen_by == {"zig"}, describe(result)


@pytest.mark.parametrize("module, target, what", [
    ("epoll", "x86_64-macos", "layout"), ("kqueue_macos", LINUX, "layout"), ("epoll", "m68k-linux-gnu", "layout"),
    ("epoll", "aarch64_be-linux-gnu", "layout"), ("epoll", "arm-linux-gnueabi", "layout"),
    ("epoll", "mips-linux-gnueabihf -mcpu=mips32r6", "layout"),
    ("raw", "mips64-linux-gnuabi64 -mcpu=mips64r6", "system call"),
    ("raw", "x86_64-freebsd", "system call")])
def test_a_target_without_a_proved_layout_is_refused(module, target, what, tmp_path):
    (tmp_path / "user.zig").write_text(f"export const used = @sizeOf(@TypeOf(@import(\"{module}\")));\n")
    done = zig("build-obj", "-fno-emit-bin", "-target", *target.split(), "--dep", module, "-Mroot=user.zig",
               f"-M{module}={FOLDER}/{module}.zig", cwd=tmp_path)
    assert done.returncode != 0, done.stderr
    assert f"error: {module}: abiproof has proved no {what} for this target" in done.stderr, done.stderr


PROGRAM = """
const epoll = @import("abiproof_raw").epoll;
extern "c" fn pipe(fds: *[2]i32) i32;
extern "c" fn write(fd: i32, from: [*]const u8, n: usize) isize;

export fn main() i32 {
    const words = [_]u64{ 0x0123456789abcdef, 0xfedcba9876543210 };
    const queue = epoll.sys_epoll_create1(epoll.EPOLL_CLOEXEC);
    for (words) |word| {
        var ends: [2]i32 = undefined;
        var event: epoll.EpollEvent = undefined;
        event.events = epoll.EPOLLIN;
        event.set_data(word);
        if (pipe(&ends) != 0 or write(ends[1], "x", 1) != 1) return 1;
        if (epoll.sys_epoll_ctl(queue, epoll.EPOLL_CTL_ADD, ends[0], &event) != 0) return 2;
        if (epoll.sys_epoll_ctl(queue, epoll.EPOLL_CTL_ADD, ends[0], &event) != -17) return 3;
    }
    for (0..2) |i| {
        var events: [4]epoll.EpollEvent = undefined;
        const n = if (i == 0)
            epoll.epoll_wait(queue, &events, 4, 1000)
        else
            epoll.sys_epoll_pwait(queue, &events, 4, 1000, null, @import("abiproof_raw").raw.SIGSET_SIZE);
        if (n != 2 or events[0].events != epoll.EPOLLIN) return 4;
        const is_swapped = events[0].data() != words[0];
        if (events[@intFromBool(is_swapped)].data() != words[0]) return 5;
        if (events[@intFromBool(!is_swapped)].data() != words[1]) return 6;
    }
    return if (write(1, "two events\\n", 11) == 11) 0 else 7;
}
"""

RUNS = ["x86_64-linux", "aarch64-linux", "i386-linux", "armhf-linux", "riscv64-linux", "s390x-linux", "ppc64le-linux",
        "powerpc-linux", "mips-linux", "mips64-linux", "sparc64-linux"]


@pytest.mark.parametrize("target, options", [
    *((target, ["-O", "ReleaseSmall"]) for target in RUNS), ("x86_64-linux", [])],
    ids=lambda value: value if isinstance(value, str) else "".join(value[:1]).strip("-") or "own")
def test_a_program_waits_for_two_pipes(target, options, tmp_path):
    """Words of 64 bits come back as they were, by the raw calls, one of them with six arguments, and libc's."""
    row = list_targets()[target]
    linker, emulator = compiler_of(row), row["emulator"]
    if linker is None or emulator.startswith("missing"):
        pytest.skip(f"not installed: compiler {row['compiler']}, emulator {emulator}")
    (tmp_path / "main.zig").write_text(PROGRAM)
    [word] = [one["word"] for one in row_of_zig()["targets"] if one["name"] == target]
    done = zig("build-obj", "-lc", "-target", word, *options, "--dep", "abiproof_raw",
               "-Mroot=main.zig", f"-Mabiproof_raw={FOLDER}/root.zig", "-femit-bin=main.o", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([*linker, "-static", "-o", "main", "main.o"], cwd=tmp_path, timeout=300, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    argv = ["./main"] if emulator == "native" else [emulator, "./main"]
    done = subprocess.run(argv, cwd=tmp_path, timeout=60, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "two events\n"), done.stderr


ALONE = """
const linux = @import("std").os.linux;
const epoll = @import("abiproof_raw").epoll;

pub fn main() u8 {
    const queue = epoll.sys_epoll_create1(epoll.EPOLL_CLOEXEC);
    var ends: [2]i32 = undefined;
    var event: epoll.EpollEvent = undefined;
    var events: [2]epoll.EpollEvent = undefined;
    event.events = epoll.EPOLLIN;
    event.set_data(0x0123456789abcdef);
    if (linux.pipe2(&ends, .{}) != 0 or linux.write(ends[1], "x", 1) != 1) return 1;
    if (epoll.sys_epoll_ctl(queue, epoll.EPOLL_CTL_ADD, ends[0], &event) != 0) return 2;
    if (epoll.sys_epoll_ctl(queue, epoll.EPOLL_CTL_ADD, ends[0], &event) != -17) return 3;
    if (epoll.sys_epoll_wait(queue, &events, 2, 1000) != 1) return 4;
    return if (events[0].data() == 0x0123456789abcdef) 0 else 5;
}
"""


@pytest.mark.parametrize("target, word", [
    ("ppc64-linux", "powerpc64-linux-musl"), ("loongarch64-linux", "loongarch64-linux-musl")])
def test_a_program_runs_where_no_libc_is_to_link_with(target, word, tmp_path):
    """Zig's ABI of ppc64 is not that of its GNU libc, and there is no libc of LoongArch."""
    emulator = list_targets()[target]["emulator"]
    if emulator.startswith("missing"):
        pytest.skip(f"not installed: emulator {emulator}")
    (tmp_path / "main.zig").write_text(ALONE)
    done = zig("build-exe", "-O", "ReleaseSmall", "-fstrip", "-fsingle-threaded", "-target", word, "--dep",
               "abiproof_raw", "-Mroot=main.zig", f"-Mabiproof_raw={FOLDER}/root.zig", "-femit-bin=main", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([emulator, "./main"], cwd=tmp_path, timeout=60, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


RECORDER = "pub const SIGSET_SIZE: usize = 8;\nextern \"c\" fn printf(format: [*:0]const u8, ...) c_int;\n" + "\n".join(
    f"""pub fn syscall{n}(number: usize{"".join(f", a{i}: usize" for i in range(n))}) isize {{
    _ = printf("%zu [{", ".join(["%zu"] * n)}]\\n", number{"".join(f", a{i}" for i in range(n))});
    return 0;
}}""" for n in range(7)) + "\n"


def test_every_system_call_enters_with_its_number_and_arguments(tmp_path):
    """raw.zig is replaced by one that prints what it is given: each argument is another number."""
    shutil.copytree(FOLDER, tmp_path / "zig")
    (tmp_path / "zig/raw.zig").write_text(RECORDER)
    expected, body = [], ""
    for module in WITH_CALLS:
        for name, number, n in facts_of_calls(module):
            expected.append(f"{number} {list(range(1, n + 1))}")
            body += f"    call(all.{module}.sys_{name});\n"
    (tmp_path / "main.zig").write_text("""const all = @import("abiproof_raw");
fn as(comptime T: type, comptime value: usize) T {
    return if (@typeInfo(T) == .int) value else @ptrFromInt(value * 64);
}
fn call(function: anytype) void {
    var args: @import("std").meta.ArgsTuple(@TypeOf(function)) = undefined;
    inline for (&args, 1..) |*arg, i| arg.* = as(@TypeOf(arg.*), i);
    _ = @call(.auto, function, args);
}
pub fn main() void {
%s}
""" % body)
    done = zig("build-exe", "-lc", "--dep", "abiproof_raw", "-Mroot=main.zig",
               f"-Mabiproof_raw={tmp_path}/zig/root.zig", "-femit-bin=main", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([tmp_path / "main"], timeout=30, check=True, capture_output=True, text=True)
    seen = [re.sub(r"\b(64|128|192|256|320|384)\b(?=[,\]])", lambda found: str(int(found[1]) // 64), line)
            for line in done.stdout.splitlines()]
    assert expected and seen == expected
