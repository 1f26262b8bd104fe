"""`verify` on whole enumerations of headers, and on headers with macros of their own.

In: bindings in C and other languages, right and wrong by the headers of the target: a right one's
values are those of the header, or of the compiler that includes it. Out: exit codes and lines of the
report.
"""

import re
import shutil
import subprocess

import pytest

from conftest import FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, USAGE, describe, need_program, run
from test_verify import build_fixture, verify  # pylint: disable=unused-import

FLAGS = ("-fno-eliminate-unused-debug-types",)
BPF = ("--header", "linux/bpf.h", "--map", "MapType=bpf_map_type")
# Read by libclang and, the last, by the target's own compiler.
TARGETS = ["x86_64-linux", "s390x-linux", "m68k-linux"]


def enum(body, name="MapType"):
    return f"enum {name} {{ {body} }} keep;\n"


@pytest.mark.parametrize("target", TARGETS)
def test_an_enumeration_of_the_header_is_whole(build, target):
    result = verify(build("#include <linux/bpf.h>\nenum bpf_map_type keep;\n", target, *FLAGS), "--header",
                    "linux/bpf.h", "--complete", "bpf_map_type")
    line = re.search(r"^proved +bpf_map_type  (\d+) of (\d+) enumerators$", result.out, re.M)
    assert result.code == PROVED and line and line[1] == line[2], describe(result)


RIGHT = {
    "C's names": "BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2",
    "another prefix": "MT_HASH = 1, MT_ARRAY = 2, MT_LRU_PERCPU_HASH = 10",
    "no prefix": "HASH = 1, ARRAY = 2, PROG_ARRAY = 3",
    "letter case": "Hash = 1, PerCpuHash = 5, LRUHash = 9",
}


@pytest.mark.parametrize("body", RIGHT.values(), ids=RIGHT.keys())
def test_names_with_another_prefix_are_the_header_s(build, body):
    result = verify(build(enum(body)), *BPF)
    assert result.code == PROVED and "by bytes" not in result.out, describe(result)
    assert f"{body.count('=')} of 3" in result.out, describe(result)
    assert "note: older-enum: bpf_map_type" in verify(build(enum(body)), *BPF, "-v").out


WRONG = {
    "a value": ("Hash = 1, Array = 3", "bad-value: BPF_MAP_TYPE_ARRAY"),
    "a swap": ("Hash = 2, Array = 1", "bad-value: BPF_MAP_TYPE_HASH"),
    "one above all": ("Hash = 1, Array = 77", "bad-value: BPF_MAP_TYPE_ARRAY"),
    "another enumeration": ("Red = 500, Green = 600", "missing-map: bpf_map_type"),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("body, finding", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_constant_of_an_enumeration_is_an_error(build, body, finding, target):
    result = verify(build(enum(body), target), *BPF)
    assert result.code == FINDINGS and f"error: {finding}" in result.out, describe(result)


def test_what_only_one_side_has_is_a_note(build):
    """Older, newer, and what nothing but its value makes known."""
    body = "Hash = 1, Array = 2, Wooden = 3, Future = 1000"
    result = verify(build(enum(body)), *BPF, "-v")
    assert result.code == PROVED, describe(result)
    for note, text in (("older-enum", "BPF_MAP_TYPE_LRU_HASH"), ("newer-enum", "Future"), ("by-value", "Wooden")):
        found = re.search(rf"note: {note}: bpf_map_type .*\n +expected +(.*)\n +got +(.*)\n", result.out)
        assert found and text in found[2], describe(result)
    assert re.search(r"^by bytes +MapType as bpf_map_type  3 of \d+", result.out, re.M), describe(result)
    assert verify(build(enum(body)), *BPF, "--strict").code == FINDINGS


def test_complete_asks_for_every_constant_of_an_enumeration(build):
    binding = build(enum("Hash = 1, Array = 2"))
    result = verify(binding, *BPF, "--complete", "bpf_map_type")
    assert result.code == FINDINGS and "error: older-enum: bpf_map_type" in result.out, describe(result)
    absent = verify(binding, *BPF, "--complete", "bpf_cmd")
    assert absent.code == FINDINGS and "not-seen: bpf_cmd" in absent.out, describe(absent)
    misspelt = verify(binding, *BPF, "--complete", "bpf_map_typ")
    assert misspelt.code == USAGE and "bpf_map_typ" in misspelt.err, describe(misspelt)


def test_a_count_that_grew_with_its_enumeration_is_right(build):
    """A newer kernel has more link types, and its MAX is larger by as many."""
    names = ["UNSPEC", "RAW_TRACEPOINT", "TRACING", "CGROUP", "ITER", "NETNS", "XDP", "PERF_EVENT", "KPROBE_MULTI",
             "STRUCT_OPS", "NETFILTER", "TCX"]
    for text, code in (("", PROVED), ("= 13", FINDINGS)):
        body = ", ".join(f"BPF_LINK_TYPE_{name}" for name in names) + f", MAX_BPF_LINK_TYPE {text}"
        result = verify(build(enum(body, "bpf_link_type"), name=f"t{code}.c"), "--header", "linux/bpf.h")
        assert result.code == code, describe(result)
        assert ("bad-value: MAX_BPF_LINK_TYPE" in result.out) == (code == FINDINGS), describe(result)


def test_an_enumeration_of_the_program_s_own_is_not_the_header_s(build):
    result = verify(build(enum("RED, GREEN", "xdp_action")), "--header", "linux/bpf.h")
    assert result.code == NOT_CHECKED and "xdp_action" not in result.out, describe(result)


def test_a_wrong_constant_is_reported_once(build):
    """The object's enumeration and each of its constants have names of the header."""
    result = verify(build(enum("XDP_ABORTED, XDP_DROP, XDP_TX", "xdp_action")), "--header", "linux/bpf.h")
    assert result.code == FINDINGS and result.out.count("bad-value: XDP_TX") == 1, describe(result)
    assert "0 of 1 items proved, 1 with findings" in result.out, describe(result)


def test_what_is_required_may_be_a_constant_of_an_enumeration(build):
    binding = build(enum("XDP_ABORTED, XDP_DROP", "xdp_action"))
    assert verify(binding, "--header", "linux/bpf.h", "--require", "XDP_DROP").code == PROVED
    assert verify(binding, "--header", "linux/bpf.h", "--require", "XDP_TX").code == FINDINGS


SOURCES = {
    "rust": ("rustc", "t.rs", "#![no_std]\n#[repr(u32)] #[derive(Clone, Copy)] pub enum MapType "
             "{ Unspec, Hash, Array, ProgArray = %s }\n#[repr(C)] pub struct S { pub t: MapType }\n"
             "#[no_mangle] pub extern \"C\" fn f(s: &S) -> u32 { s.t as u32 }\n",
             ["rustc", "-g", "--crate-type=lib", "--emit=obj", "-Cpanic=abort", "-o", "t.o", "t.rs"], "MapType"),
    "d": ("gdc", "t.d", "module t; enum MapType : uint { unspec, hash, array, progArray = %s }\n"
          "extern(C) __gshared MapType x;\n", ["gdc", "-g", "-c", "t.d", "-o", "t.o"], "t.MapType"),
    "pascal": ("fpc", "t.pas", "unit t; interface type TMapType = (mtUnspec, mtHash, mtArray, mtProgArray = %s);\n"
               "var x: TMapType; implementation end.\n", ["fpc", "-g", "-gw3", "t.pas"], "TMapType"),
    "c++": ("g++", "t.cc", "enum class MapType : unsigned { Unspec, Hash, Array, ProgArray = %s }; MapType x;\n",
            ["g++", "-g", "-c", "t.cc", "-o", "t.o"], "MapType"),
    "typedef": ("gcc", "t.c", "typedef enum { Unspec, Hash, Array, ProgArray = %s } MapType; MapType x;\n",
                ["gcc", "-g", "-c", "t.c", "-o", "t.o"], "MapType"),
}


@pytest.mark.parametrize("program, name, source, command, theirs", SOURCES.values(), ids=SOURCES.keys())
def test_enumerations_of_other_languages(tmp_path, program, name, source, command, theirs):
    need_program(program)
    for value, code in (("3", PROVED), ("4", FINDINGS)):
        (tmp_path / name).write_text(source % value)
        subprocess.run(command, cwd=tmp_path, check=True, timeout=120, stdout=subprocess.DEVNULL)
        result = verify(tmp_path / "t.o", "--target", "x86_64-linux", "--header", "linux/bpf.h", "--map",
                        f"{theirs}=bpf_map_type")
        assert result.code == code and "4 of 3" in result.out, describe(result)


# ---- headers with macros of their own --------------------------------------------------------


def test_each_header_has_its_own_macros(build, tmp_path):
    """On i386 struct stat has 96 bytes with _FILE_OFFSET_BITS=64 and 88 without; dirent differs likewise."""
    source = ("#define _FILE_OFFSET_BITS 64\n#include <sys/stat.h>\nstruct stat s;\n"
              "struct mine { unsigned long d_ino; long d_off; unsigned short d_reclen; unsigned char d_type; "
              "char d_name[256]; } d;\n")
    shutil.copy(build(source, "i386-linux"), tmp_path / "t.o")
    large = "{file: sys/stat.h, defines: [_FILE_OFFSET_BITS=64]}"
    for headers, code in ((f"dirent.h, {large}", PROVED), ("dirent.h, sys/stat.h", FINDINGS),
                          (f"{{file: dirent.h, defines: [_FILE_OFFSET_BITS=64]}}, {large}", FINDINGS)):
        (tmp_path / "abiproof.yaml").write_text(
            f"objects: [{{paths: [t.o]}}]\nmaps: [mine=dirent]\nheaders: [{headers}]\n")
        result = run("verify", "--config", tmp_path / "abiproof.yaml", "--root", REPOSITORY)
        assert result.code == code, headers + describe(result)


def test_the_macro_that_shows_a_name_is_suggested(build):
    """Only what is not there costs a look for it."""
    binding = build("struct mine { int a; } m; struct pollfd { int fd; short events, revents; } p;\n", "i386-linux")
    result = verify(binding, "--header", "bits/types/struct_itimerspec.h", "--map", "mine=no_such_thing")
    assert "no_such_thing: not in these headers" in result.out and "--define" not in result.out, describe(result)
