"""A language's own library in an object: `verify` passes over it, and says so.

In: programs of Go, Rust, Zig and D that use what their library binds, beside a binding of their own. Out:
findings of that binding alone, one line of what was left out, and the same names where they are asked for.
"""

import os
import re
from dataclasses import dataclass

import pytest

from conftest import FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, describe, need_program, run, run_program

ZIG = REPOSITORY / "build/zig/ziglang/zig"
TARGET = ["--target", "x86_64-linux"]

GO = """package poll

import ("fmt"; "syscall"; "testing")

type EpollEvent struct { Events uint32; Gap int32; Fd int32; Pad int32 }

func TestIt(t *testing.T) {
	var theirs syscall.EpollEvent
	fmt.Println(&EpollEvent{}, &theirs, syscall.EPOLLET)
}
"""
ZIG_SOURCE = """const linux = @import("std").os.linux;
pub const EpollEvent = extern struct { events: u32, data: u64 };
export var mine: EpollEvent = undefined;
export var theirs: linux.epoll_event = undefined;
export fn use() u32 { return linux.EPOLL.IN + mine.events + theirs.events; }
"""
D = """import core.sys.linux.epoll;
struct EpollEvent { uint events; ulong data; }
extern(C) __gshared epoll_event theirs;
extern(C) __gshared EpollEvent mine;
"""
RUST = """#[repr(C)] pub struct EpollEvent { pub events: u32, pub data: u64 }
#[no_mangle] pub static MINE: EpollEvent = EpollEvent { events: 1, data: 2 };
fn main() { println!("{}", std::env::args().count() as u32 + unsafe { std::ptr::read_volatile(&MINE.events) }); }
"""


@dataclass
class Language:
    """How a source becomes an object, and what of the language's own is in it."""
    source: str
    file: str
    command: list
    ours: str  # the binding's own record
    left: str  # of what is left out; "": nothing that a spec has is in it


LANGUAGES = {
    "go": Language(GO, "poll_test.go", ["go", "test", "-c", "-o", "object", "."], "poll.EpollEvent",
                   r"left out: \d+ names of Go's own packages [^:]*syscall[^:]*: --in \S+ compares them"),
    "zig": Language(ZIG_SOURCE, "a.zig", [str(ZIG), "build-obj", "-target", "x86_64-linux", "a.zig",
                                          "-femit-bin=object"], "a::EpollEvent",
                    r"left out: \d+ names of Zig's own package std: --in std compares them"),
    "zig-llvm": Language(ZIG_SOURCE, "a.zig", [str(ZIG), "build-obj", "-fllvm", "-target", "x86_64-linux", "a.zig",
                                               "-femit-bin=object"], "a.EpollEvent",
                         r"left out: \d+ names of Zig's own package os: --in os compares them"),
    "ldc": Language(D, "a.d", ["ldc2", "-g", "-c", "a.d", "-of=object"], "a::EpollEvent",
                    r"left out: 1 name of D's own package core: --in core compares them"),
    "gdc": Language(D, "a.d", ["gdc", "-g", "-c", "a.d", "-o", "object"], "a::EpollEvent",
                    r"left out: 1 name of D's own library: --map compares one"),
    "rust": Language(RUST, "a.rs", ["rustc", "-g", "--target", "x86_64-unknown-linux-gnu", "a.rs", "-o", "object"],
                     "a::EpollEvent", ""),
}


def build(folder, name):
    """The object; skips where the compiler is missing or is another machine's."""
    language = LANGUAGES[name]
    if language.command[0] == str(ZIG) and not ZIG.exists():
        pytest.skip("no Zig; ci/fetch-zig brings it")
    need_program(language.command[0])
    (folder / language.file).write_text(language.source)
    (folder / "go.mod").write_text("module poll\n\ngo 1.18\n")
    cache = REPOSITORY / "build/e2e/cache"
    env = {**os.environ, "GOCACHE": str(cache / "go"), "GOPROXY": "off", "GOOS": "linux", "GOARCH": "amd64",
           "CGO_ENABLED": "0", "ZIG_GLOBAL_CACHE_DIR": str(cache / "zig"), "ZIG_LOCAL_CACHE_DIR": str(cache / "zig")}
    built = run_program(language.command, cwd=folder, env=env, timeout=300)
    assert built.code == 0, describe(built)
    return folder / "object"


@pytest.mark.parametrize("name", list(LANGUAGES))
def test_a_languages_own_library_is_left_out(tmp_path, name):
    """The binding's own record is wrong; nothing of the library is a finding or counted as proved."""
    language = LANGUAGES[name]
    result = run("verify", build(tmp_path, name), *TARGET, cwd=REPOSITORY)
    assert result.code == FINDINGS, describe(result)
    heads = re.findall(r"^(?:FINDINGS|proved|by bytes) +(.*)$", result.out, re.MULTILINE)
    assert heads and all(head.startswith(language.ours) for head in heads), describe(result)
    text = " ".join(result.out.split())
    assert "not checked" not in text, describe(result)
    assert ("left out" in text) == (language.left != "") and re.search(language.left, text), describe(result)


def test_packages_that_are_named_are_compared(tmp_path):
    """--in says that the library is meant; so does a map for a name that nothing else has."""
    binary = build(tmp_path, "go")
    inside = run("verify", binary, *TARGET, "--in", "syscall", cwd=REPOSITORY)
    assert inside.code == FINDINGS and "syscall.EPOLLET as EPOLLET" in inside.out, describe(inside)
    assert "left out" not in inside.out and "poll.EpollEvent" not in inside.out, describe(inside)
    mapped = run("verify", binary, *TARGET, "--map", "EPOLLET=EPOLLET", cwd=REPOSITORY)
    assert "syscall.EPOLLET as EPOLLET" in mapped.out and "missing-map" not in mapped.out, describe(mapped)
    both = run("verify", binary, *TARGET, "--map", "EpollEvent=epoll_event", cwd=REPOSITORY)
    assert "poll.EpollEvent as epoll_event" in both.out, describe(both)
    assert "syscall.EpollEvent" not in both.out, describe(both)


def test_a_program_without_a_binding_is_not_checked(tmp_path):
    """What is in the language's own library alone proves nothing of the program: exit 77, with a line that names it."""
    (tmp_path / "own").mkdir()
    language = LANGUAGES["go"]
    need_program("go")
    source = language.source.replace("EpollEvent struct", "Other struct").replace("&EpollEvent{}", "&Other{}")
    LANGUAGES["go-only"] = Language(source, *(getattr(language, key) for key in ("file", "command", "ours", "left")))
    try:
        binary = build(tmp_path / "own", "go-only")
    finally:
        del LANGUAGES["go-only"]
    result = run("verify", binary, *TARGET, cwd=REPOSITORY)
    assert result.code == NOT_CHECKED and "left out: " in result.out, describe(result)
    asked = run("verify", binary, *TARGET, "--in", "internal/runtime/syscall/linux", cwd=REPOSITORY)
    assert asked.code == PROVED, describe(asked)
