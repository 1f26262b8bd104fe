"""Bindings in Rust: what rustc takes and refuses, what `verify` sees, and a program that runs on them.

In: bindings/rust, as `abiproof gen` wrote it. Out: that every module compiles without a warning, that each
mistake is refused by the module's own assertion and, without it, found by `verify` with no map, that a target
without a proved layout is refused, and that the calls do what epoll(7) says. `abiproof prove --lang rust` holds
the modules against the facts.
"""

import os
import re
import shutil
import subprocess

import pytest

from conftest import FINDINGS, PROVED, REPOSITORY, describe, need_program, run
from test_languages import PATH

CRATE = REPOSITORY / "bindings/rust"
LINUX = "x86_64-unknown-linux-gnu"

AARCH64 = "aarch64-unknown-linux-gnu"

# What is changed where, and whether the module itself asserts it. `verify` must find each but the packed one,
# whose bytes are where they were: its alignment is a constant that `prove` alone asks for.
MISTAKES = {
    "the words swapped": ("epoll", LINUX, True, [(r"(    pub data_)lo(: u32,\n.*\n    pub data_)hi", r"\1hi\2lo")]),
    "a pad dropped": ("epoll", AARCH64, True, [(r"    /// at 4: the system leaves.*\n    pub pad: u32,\n", "")]),
    "packed": ("epoll", AARCH64, True, [(r"repr\(C, align\(8\)\)", "repr(C, packed)")]),
    "a constant": ("epoll", LINUX, False, [(r"(pub const EPOLLOUT: u32 = 0x)4", r"\g<1>5")]),
    "a number": ("epoll", LINUX, False, [(r"(\"x86_64\"\)\]\npub const NR_epoll_ctl: usize = 23)3", r"\g<1>4")]),
    "without its sign": ("kqueue_macos", "aarch64-apple-darwin", False, [(r"(pub data: )i64", r"\1u64")]),
    "another target's branch": ("epoll", AARCH64, True, [
        (r"any\(target_arch = \"aarch64\", ((?:.*\n)?.*\)\]\n/// One event)", r"any(\1"),
        (r"(target_arch = \"x86_64\")(\)\]\n/// One event)", r'any(\1, target_arch = "aarch64")\2')]),
}


def rustc(*args, triple=LINUX, timeout=300):
    need_program("rustc")
    return subprocess.run(["rustc-core", "--target", triple, "--edition", "2021", "--crate-type", "lib",
                           *map(str, args)], env={**os.environ, "PATH": PATH}, timeout=timeout, check=False,
                          capture_output=True, text=True)


def compile_module(module, folder, triple, text=None, *options):
    """Compiles one module, or a text in its place, as `prove` does. Returns what rustc did."""
    source = folder / "src"
    shutil.copytree(CRATE / "src", source, dirs_exist_ok=True)
    if text is not None:
        (source / f"{module}.rs").write_text(text)
    root = folder / "root.rs"
    root.write_text("#![no_std]\n" + "".join(
        f'#[path = "{source}/{name}.rs"]\npub mod {name};\n'
        for name in [module, "raw"] if name == module or "linux" in triple))
    return rustc("-g", "--cfg", "abiproof", *options, "--emit", f"obj={folder}/object.o", root, triple=triple)


def test_the_crate_compiles_without_a_warning(tmp_path):
    """With every rustc that is here: Debian's may be years older than the first in PATH."""
    need_program("rustc")
    compilers = [folder for folder in dict.fromkeys([*os.environ["PATH"].split(os.pathsep), "/usr/bin"])
                 if os.access(f"{folder}/rustc", os.X_OK)]
    for folder in compilers:
        done = subprocess.run(
            [REPOSITORY / "ci/rustc-core", "--target", LINUX, "--edition", "2021", "--crate-type", "lib", "-D",
             "warnings", "-Aunstable-features", "-Astable-features", "--emit", f"metadata={tmp_path}/x.rmeta",
             "-Zcrate-attr=feature(const_ptr_offset_from)", CRATE / "src/lib.rs"],
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "RUSTC_BOOTSTRAP": "1"}, timeout=300,
            check=False, capture_output=True, text=True)
        assert done.returncode == 0 and done.stderr == "", f"{folder}: {done.stderr}"


def without_assertions(text):
    return re.sub(r"(?:^#\[cfg\([^]]*\)\]\n)?^const _: \(\) = \{\n(?:    .*\n)+\};\n", "", text,
                  flags=re.MULTILINE)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_and_found(mistake, tmp_path):
    module, triple, is_asserted, edits = MISTAKES[mistake]
    text = (CRATE / f"src/{module}.rs").read_text()
    for pattern, replacement in edits:
        text, n = re.subn(pattern, replacement, text)
        assert n >= 1, f"{pattern} is not there"
    done = compile_module(module, tmp_path, triple, text)
    assert (done.returncode != 0) == is_asserted, done.stderr
    if is_asserted:
        assert re.search(r"size of|offset of|alignment of|no field `pad`", done.stderr), done.stderr
    done = compile_module(module, tmp_path, triple, without_assertions(text))
    assert done.returncode == 0, done.stderr
    target = ["--target", "aarch64-macos"] if "apple" in triple else []
    result = run("verify", tmp_path / "object.o", *target, cwd=REPOSITORY)
    assert result.code == (PROVED if mistake == "packed" else FINDINGS), describe(result)


@pytest.mark.parametrize("module, triple", [
    ("epoll", "x86_64-apple-darwin"), ("kqueue_macos", LINUX), ("epoll", "x86_64-unknown-linux-gnux32")])
def test_a_target_without_a_proved_layout_is_refused(module, triple, tmp_path):
    done = compile_module(module, tmp_path, triple)
    if "no rustc in PATH has" in done.stderr:
        pytest.skip(done.stderr.strip())
    assert done.returncode != 0, done.stderr
    assert f"{module}: abiproof has proved no layout for this target" in done.stderr, done.stderr


PROGRAM = """
use abiproof_raw::epoll::*;
extern "C" { fn pipe(fds: *mut i32) -> i32; fn write(fd: i32, from: *const u8, n: usize) -> isize; }
fn main() {
    let words = [0x0123_4567_89ab_cdef_u64, 0xfedc_ba98_7654_3210];
    unsafe {
        let queue = sys_epoll_create1(EPOLL_CLOEXEC);
        assert!(queue >= 0);
        for word in words {
            let mut ends = [0; 2];
            assert!(pipe(ends.as_mut_ptr()) == 0 && write(ends[1], b"x".as_ptr(), 1) == 1);
            let mut event: epoll_event = core::mem::zeroed();
            event.events = EPOLLIN;
            event.set_data(word);
            assert!(sys_epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &mut event) == 0);
            assert!(sys_epoll_ctl(queue, EPOLL_CTL_ADD, ends[0], &mut event) == -17);
        }
        let mut events: [epoll_event; 4] = core::mem::zeroed();
        assert!(epoll_wait(queue, events.as_mut_ptr(), 4, 1000) == 2);
        let mut seen: Vec<u64> = events[..2].iter().map(|event| event.data()).collect();
        seen.sort();
        assert!(seen == words && events[0].events == EPOLLIN);
        println!("two events");
    }
}
"""


def test_a_program_waits_for_two_pipes(tmp_path):
    """Words of 64 bits come back as they were, by the raw calls and by libc's."""
    compiler = need_program("rustc")
    library = tmp_path / "libabiproof_raw.rlib"
    (tmp_path / "main.rs").write_text(PROGRAM)
    for args in [["--crate-type", "rlib", "--crate-name", "abiproof_raw", "-o", library, CRATE / "src/lib.rs"],
                 ["--extern", f"abiproof_raw={library}", "-o", tmp_path / "main", tmp_path / "main.rs"]]:
        done = subprocess.run([compiler, "--edition", "2021", *map(str, args)], timeout=300, check=False,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    done = subprocess.run([tmp_path / "main"], timeout=30, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "two events\n"), done.stderr


RECORDER = "\n".join(
    f"""pub unsafe fn syscall{n}(number: usize{"".join(f", a{i}: usize" for i in range(n))}) -> isize {{
    extern crate std;
    std::println!("{{}} {{:?}}", number, [{", ".join(f"a{i}" for i in range(n))}] as [usize; {n}]);
    0
}}""" for n in range(7)) + "\npub const SIGSET_SIZE: usize = 8;\n"


def facts_of_calls(module):
    """Name, number and how many parameters each call has, by the headers of this machine."""
    for line in (REPOSITORY / f"abi_probes/facts/x86_64-linux/{module}.facts").read_text().splitlines():
        kind, name, *words = line.split()
        if kind == "syscall":
            attributes = dict(word.split("=", 1) for word in words)
            params = [] if attributes["params"] == "void" else attributes["params"].split(",")
            yield name, int(attributes["number"]), len(params)


@pytest.mark.parametrize("module", sorted(path.stem for path in (CRATE / "src").glob("*.rs")
                                          if "raw::syscall" in path.read_text()))
def test_every_system_call_enters_with_its_number_and_arguments(module, tmp_path):
    """raw.rs is replaced by one that prints what it is given: each argument is another number."""
    compiler = need_program("rustc")
    source = tmp_path / "src"
    shutil.copytree(CRATE / "src", source)
    (source / "raw.rs").write_text(RECORDER)
    calls = list(facts_of_calls(module))
    body = "".join(f"{module}::sys_{name}({', '.join(f'{i + 1} as _' for i in range(n))});\n" for name, _, n in calls)
    (source / "main.rs").write_text(f"#![allow(warnings)]\nmod raw; mod {module};\nfn main() {{ unsafe {{\n{body}}} }}\n")
    done = subprocess.run([compiler, "--edition", "2021", "-o", tmp_path / "main", source / "main.rs"], timeout=300,
                          check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    done = subprocess.run([tmp_path / "main"], timeout=30, check=True, capture_output=True, text=True)
    assert calls and done.stdout.splitlines() == [f"{number} {list(range(1, n + 1))}" for _, number, n in calls]
