"""`abiproof explain`: what findings mean. `abiproof show`: what a name is on each target.

Explanations hold code in several languages. Each piece is given to its language's compiler, where
there is one: advice that does not compile is worse than none.
"""

import fnmatch
import json
import os
import platform
import pty
import re
import shutil
import subprocess

import pytest

from conftest import (ABIPROOF, FINDINGS, LINUX, PROVED, REPOSITORY, ROOT, USAGE, describe, run, run_program)

# The compiler of Zig may be unpacked there.
PATH = os.pathsep.join([str(REPOSITORY / "build/zig/ziglang"), os.environ["PATH"]])

# Zig looks only at declarations that are used.
ZIG_ALL = """
comptime {
    for (@typeInfo(@This()).@"struct".decls) |decl| _ = @field(@This(), decl.name);
}
"""


def go_file(code: str) -> str:
    """A Go file of the code: the imports that it needs are seen by their use."""
    imports = [f'import "{name}"\n' for name in ("syscall", "unsafe") if f"{name}." in code]
    return "package p\n\n" + "".join(imports) + code


# Language: file name, text of the file, compilers, each an argv; all that are here are asked.
LANGUAGES = {
    "C": ("x.c", lambda code: code,
          [["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "x.c"]]),
    "Rust": ("x.rs", lambda code: code,
             [["rustc", "--edition=2021", "--crate-type=lib", "--emit=metadata", "-Dwarnings",
               "-Anon_camel_case_types", "x.rs"]]),
    "Zig": ("x.zig", lambda code: code + ZIG_ALL,
            [["zig", "build-obj", "-lc", "-fno-emit-bin", "x.zig"]]),
    "Go": ("x.go", go_file, [["go", "vet", "."]]),
    "D": ("x.d", lambda code: code, [["ldc2", "-o-", "x.d"], ["dmd", "-o-", "x.d"],
                                     ["gdc", "-fsyntax-only", "x.d"]]),
    "Nim": ("x.nim", lambda code: code, [["nim", "check", "--hints:off", "x.nim"]]),
    "sx": None,  # no compiler of it is to be had
}


def explanations():
    """All of them, as `explain --format json` prints them."""
    result = run("explain", "--format", "json", "-C", REPOSITORY)
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    return json.loads(result.out)


@pytest.mark.parametrize("language", [name for name in LANGUAGES if LANGUAGES[name]])
def test_explain_prints_code_that_its_compiler_takes(tmp_path, language):
    """Every piece of code compiles, and the assertions in it are made: a wrong one is refused."""
    name, wrap, compilers = LANGUAGES[language]
    found = [argv for argv in compilers if shutil.which(argv[0], path=PATH)]
    if not found:
        pytest.skip(f"no compiler of {language} here: " + ", ".join(argv[0] for argv in compilers))
    if platform.machine() != "x86_64":
        pytest.skip("the code is x86_64's")
    cache = REPOSITORY / "build/e2e/cache"
    env = {**os.environ, "PATH": PATH, "GOCACHE": str(cache / "go"), "GO111MODULE": "on", "GOPROXY": "off",
           "GOFLAGS": "-mod=mod", "ZIG_GLOBAL_CACHE_DIR": str(cache / "zig"),
           "ZIG_LOCAL_CACHE_DIR": str(cache / "zig")}
    (tmp_path / "go.mod").write_text("module p\n\ngo 1.18\n")

    def compile_code(argv, code):
        (tmp_path / name).write_text(wrap(code))
        return run_program(argv, cwd=tmp_path, env=env, timeout=120)

    codes = {item["kind"]: fix["code"] for item in explanations() for fix in item["fixes"]
             if fix["language"] == language and "code" in fix}
    assert len(codes) >= 12, f"only {len(codes)} pieces of code for {language}"
    wrong = re.sub(r"\b12\b", "13", codes["bad-size"])
    assert wrong != codes["bad-size"]
    for argv in found:
        for kind, code in codes.items():
            result = compile_code(argv, code)
            assert result.code == 0, f"{argv[0]}: {kind}: {describe(result)}\n{code}"
        assert compile_code(argv, wrong).code != 0, f"{argv[0]} takes a size of 13:\n{wrong}"


def test_explain_has_each_language_once_in_an_explanation_of_several():
    """A kind that is fixed in one language is fixed in all, each listed once."""
    for item in explanations():
        names = [fix["language"] for fix in item["fixes"]]
        assert names in ([], list(LANGUAGES)), f"{item['kind']}: {names}"


def test_explain_prints_every_kind_in_79_columns():
    """A line each in the list; the text of a kind is what the list promises. Only code is wider."""
    listed = run("explain", "-C", REPOSITORY).out.splitlines()
    items = explanations()
    assert [line.split()[0] for line in listed] == [item["kind"] for item in items]
    for line, item in zip(listed, items):
        assert len(line) <= 79 and line.endswith("  " + item["summary"]), line
        result = run("explain", item["kind"], "-C", REPOSITORY)
        assert (result.code, result.err) == (PROVED, ""), describe(result)
        lines = result.out.splitlines()
        assert lines[0] == f"{item['kind']}: {item['summary']}"
        assert all(len(text) <= 79 for text in lines if not text.startswith(" " * 8)), result.out


def test_explain_names_what_a_spec_binds_in_examples_alone():
    """Meaning, effect and fix are printed under everybody's record, so no name of a spec is in them. What
    an example is about is a name of some spec."""
    names = set()
    for path in (REPOSITORY / "abi_probes/facts").glob("*/*.facts"):
        for line in path.read_text().splitlines():
            kind, name = line.split()[:2]
            if kind not in ("abi", "behaviour"):
                names.add(name)
    telling = {name for name in names if re.search(r"[_A-Z0-9]|^kevent", name)}
    for item in explanations():
        prose = " ".join(item[key] for key in ("summary", "meaning", "effect", "fix"))
        assert not telling & set(re.findall(r"[A-Za-z_0-9]+", prose)), item["kind"]
        for example in item["examples"]:
            for pattern in example["items"]:
                assert any(fnmatch.fnmatchcase(name, pattern) for name in names), (item["kind"], pattern)


@pytest.mark.parametrize("kind", ["bad-size", "bad-offset"])
def test_explain_carries_the_condition_on_the_target(kind):
    """Text and code: epoll_event is packed on some targets alone, which the committed facts list."""
    packed = set()
    for path in (REPOSITORY / "abi_probes/facts").glob("*-linux/epoll.facts"):
        if "record epoll_event size=12 " in path.read_text():
            packed.add(path.parent.name.removesuffix("-linux"))
    text = " ".join(run("explain", kind, "-C", REPOSITORY).out.split())
    listed = re.search(r" on ((?:\w+, )+\w+ and \w+), and (?:at 8|16) on all other Linux targets", text)
    assert listed and set(re.split(r", | and ", listed[1])) == packed, text
    assert "defined(__x86_64__)" in text, text


def test_explain_of_an_unknown_kind_names_near_ones():
    """Exit 2, and the kind that was meant."""
    result = run("explain", "bad-ofset", "-C", REPOSITORY)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "'bad-ofset'" in result.err and "'bad-offset'" in result.err, result.err


@pytest.mark.parametrize("argv", [("show",), ("explain", "a", "b")])
def test_show_and_explain_refuse_another_number_of_operands(argv):
    """One name at a time."""
    result = run(*argv)
    assert result.code == USAGE and "operands, expected" in result.err, describe(result)


# ---- show -----------------------------------------------------------------------------------


def test_show_draws_layouts_that_differ_beside_each_other():
    """x86_64's epoll_event has 12 bytes, aarch64's 16, with padding before data."""
    result = run("show", "epoll_event")
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    assert result.out == """\
struct epoll_event (epoll)
A  12 bytes
   align 1  x86_64-linux
B  16 bytes
   align 8  aarch64-linux

 A  12 bytes                              B  16 bytes
       +0      +1      +2      +3               +0      +1      +2      +3
     +-------------------------------+        +-------------------------------+
   0 | events u32                    |      0 | events u32                    |
     +-------------------------------+        +-------------------------------+
   4 | data u64                      |      4 |...............................|
     |                               |        +-------------------------------+
   8 |                               |      8 | data u64                      |
     +-------------------------------+        |                               |
                                           12 |                               |
                                              +-------------------------------+
"""


def test_show_agrees_with_this_machines_compiler(tmp_path):
    """What is drawn for x86_64 is what cc makes of the kernel's header, byte by byte."""
    if platform.machine() != "x86_64":
        pytest.skip("the drawing is x86_64's")
    source = tmp_path / "x.c"
    source.write_text("""#include <linux/eventpoll.h>
#include <stddef.h>
#include <stdio.h>
int main(void) {
    printf("%zu %zu %zu\\n", sizeof(struct epoll_event), offsetof(struct epoll_event, events),
           offsetof(struct epoll_event, data));
}
""")
    built = run_program(["cc", "-o", tmp_path / "x", source], cwd=tmp_path)
    assert built.code == 0, describe(built)
    size, events, data = run_program([tmp_path / "x"], cwd=tmp_path).out.split()
    shown = run("show", "epoll_event", "--target", "x86_64-linux").out
    assert f"\n  {size} bytes\n" in shown, shown
    row = re.search(r"^ +(\d+) \| (events) u32 +\| (data) u64 +\|$", shown, re.MULTILINE)
    assert row and row[1] == "0", shown
    for name, offset in (("events", events), ("data", data)):
        column = shown.splitlines()[4].index(f"+{offset}")
        assert row[0].index(name) == column, f"{name} is not drawn at {offset}:\n{shown}"


def test_show_prints_constants_functions_and_system_calls():
    """A value or number per group of targets, and which have no such call."""
    assert "0x80000 i32, decimal 524288\n      x86_64-linux aarch64-linux\n" in \
        run("show", "EPOLL_CLOEXEC").out
    shown = run("show", "epoll_wait").out
    assert "system call epoll_wait (epoll)\n  number 232 (i32, ptr, i32, i32)\n" in shown, shown
    assert "  no such number\n      aarch64-linux\n" in shown, shown
    assert "in library c, symbol epoll_wait" in shown, shown


def test_show_knows_a_spec_that_is_read_from_newer_headers():
    """epoll_params has no header set of its own on most targets; its facts are there all the same."""
    result = run("show", "epoll_params", cwd=REPOSITORY)
    assert result.code == PROVED and "struct epoll_params (epoll_params)" in result.out, \
        describe(result)
    assert "x86_64-linux aarch64-linux" in result.out, result.out


def test_show_of_an_unknown_name_names_near_ones():
    """Exit 2, nothing on stdout, and the name that was meant."""
    result = run("show", "epol_event")
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "'epol_event'" in result.err and "'epoll_event'" in result.err, result.err
    assert run("show", "epoll_event", "--target", "x86_64-linuks").code == USAGE
    assert run("show", "epoll_event", "--spec", "eventfd").code == USAGE


def build_object(folder, code: str):
    """An object of this machine with debug information."""
    (folder / "binding.c").write_text(code)
    built = run_program(["gcc", "-g", "-c", "-o", folder / "binding.o", folder / "binding.c"],
                        cwd=folder)
    assert built.code == 0, describe(built)
    return folder / "binding.o"


UNPACKED = """#include <stdint.h>
struct EpollEvent { uint32_t events; uint64_t data; } one;
struct Words { uint32_t Events; uint32_t Data_lo, Data_hi; } two;
const uint32_t EPOLLIN = 2;
"""


def test_show_draws_a_binding_beside_the_kernel(tmp_path):
    """The bytes of an unpacked epoll_event that are wrong on x86_64 are marked on both sides."""
    if platform.machine() != "x86_64":
        pytest.skip("the drawing is x86_64's")
    binding = build_object(tmp_path, UNPACKED)
    result = run("show", "epoll_event", binding)
    assert (result.code, result.err) == (FINDINGS, ""), describe(result)
    assert result.out == f"""\
EpollEvent in {binding} as epoll_event
 x86_64-linux: 12 bytes, align 1          binding: 16 bytes
       +0      +1      +2      +3               +0      +1      +2      +3
     +-------------------------------+        +-------------------------------+
   0 | events u32                    |      0 | events u32                    |
     +-------------------------------+        +-------------------------------+
   4 | data u64                      |      4 |...............................|
     |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|        |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|
     |                               |        +-------------------------------+
   8 |                               |      8 | data u64                      |
     |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|        |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|
     +-------------------------------+        |                               |
                                           12 |                               |
                                              |^^^^^^^ ^^^^^^^ ^^^^^^^ ^^^^^^^|
                                              +-------------------------------+
12 bytes differ; `abiproof verify` says how
"""


def test_show_marks_nothing_of_a_binding_in_words(tmp_path):
    """Two words of 32 bits are the same bytes as one of 64; exit 0. What else the object has under
    the kernel's own name is not this record."""
    if platform.machine() != "x86_64":
        pytest.skip("the binding is x86_64's")
    binding = build_object(tmp_path, UNPACKED.replace("EpollEvent", "Else"))
    result = run("show", "epoll_event", binding, "--map", "Words=epoll_event")
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    assert "Words in " in result.out and result.out.endswith("\nthe same bytes\n"), result.out
    assert "^" not in result.out and "| Data_lo u32 " in result.out, result.out


def test_show_prints_a_bindings_constant_beside_the_kernels(tmp_path):
    """Both values; exit 1 where they differ. A name that the object lacks is an error."""
    if platform.machine() != "x86_64":
        pytest.skip("the binding is x86_64's")
    binding = build_object(tmp_path, UNPACKED)
    result = run("show", "EPOLLIN", binding)
    assert result.code == FINDINGS, describe(result)
    assert "  x86_64-linux  0x1 u32\n  binding       0x2 u32\n" in result.out, result.out
    result = run("show", "EPOLLOUT", binding)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "'EPOLLOUT'" in result.err and "--map THEIRS=EPOLLOUT" in result.err, result.err
    result = run("show", "epoll_event", "--map", "Words=epoll_event")
    assert result.code == USAGE and "--map" in result.err, describe(result)


def on_terminal(*args, **variables) -> str:
    """What abiproof prints on a terminal."""
    ours, theirs = pty.openpty()
    try:
        env = {**os.environ, "ASAN_OPTIONS": "exitcode=99", **variables}
        done = subprocess.run([str(ABIPROOF), *args], cwd=str(ROOT), stdout=theirs, env=env,
                              timeout=60, check=False)
        assert done.returncode == PROVED
        return os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)


def test_show_colours_on_a_terminal_only():
    """Bold titles and faint padding there, unless NO_COLOR is set; never in a pipe."""
    assert "\033" not in run("show", "epoll_event", "--target", LINUX[0], "--target", LINUX[1]).out
    os.environ.pop("NO_COLOR", None)
    coloured = on_terminal("show", "epoll_event")
    assert "\033[1mA  12 bytes" in coloured and "\033[2m......" in coloured, coloured
    assert "\033" not in on_terminal("show", "epoll_event", NO_COLOR="1")
    assert "\033" in on_terminal("show", "epoll_event", NO_COLOR="")
