"""Records and constants as compilers of several languages write them into debug information.

In: small bindings of epoll_event and its constants. Out: that `abiproof verify` takes a union for one
however it is written, takes nothing for an integer that is none, and mistakes no constant for another
of its name. What is right is by epoll_ctl(2) and <linux/eventpoll.h>.
"""

import subprocess

import pytest

from conftest import CLANGS, FINDINGS, NOT_CHECKED, PROVED, USAGE, describe, need_program
from test_verify import verify  # pylint: disable=unused-import

LDC_UNION = """module poller;
union Data { void* ptr; int fd; uint u32; ulong u64; }
align(1) struct epoll_event { align(1): uint events; Data data; }
__gshared epoll_event ev;
"""
GDC_ANONYMOUS = """module a;
struct io_uring_cqe { union { ulong user_data; void* p; } int res; uint flags; }
__gshared io_uring_cqe cqe;
"""
PASCAL_VARIANT = """unit a;
interface
{$packrecords c}
type
  TData = record
    case integer of
      0: (ptr: pointer); 1: (fd: longint); 2: (u64: qword);
  end;
  EPoll_Event = packed record Events: dword; Data: TData; end;
var ev: EPoll_Event;
implementation
end.
"""
PASCAL_BOOLEAN = """unit a;
interface
{$packrecords 1}
type epoll_event = record events: LongBool; data: qword; end;
var e: epoll_event;
implementation
end.
"""
ADA = """with Interfaces; use Interfaces;
package A is
  type Word is range %s; for Word'Size use 32;
  type Epoll_Event is record Events : Word; Data : Unsigned_64; end record;
  for Epoll_Event use record Events at 0 range 0 .. 31; Data at 4 range 0 .. 63; end record;
  X : Epoll_Event := (5, 6);
end A;
"""
RUST = """#![crate_type="lib"]
#[repr(C,packed)] pub struct epoll_event { pub events: %s, pub data: u64 }
#[no_mangle] pub static mut X: epoll_event = epoll_event { events: %s, data: 1 };
"""
BIT_INT = "struct epoll_event { unsigned %s events; unsigned long data; } __attribute__((packed)) e;\n"
SWAPPED = """#include <stdint.h>
enum set { A = 1, B = 0x80000000 };
struct __attribute__((packed, scalar_storage_order("big-endian"))) epoll_event {
    enum set events; uint64_t data; } e;
"""
LDC = ["ldc2", "-mtriple=x86_64-linux-gnu", "-g", "-c", "-of=a.o"]
GDC = ["gdc", "-m64", "-g", "-c", "-o", "a.o"]
FPC = ["fpc", "-Px86_64", "-g", "-gw3", "-v0", "-l-"]
GNAT = ["x86_64-linux-gnu-gnatgcc", "-gnatws", "-g", "-c"]
RUSTC = ["rustc", "--target", "x86_64-unknown-linux-gnu", "-g", "--emit=obj", "-o", "a.o"]
GCC = ["x86_64-linux-gnu-gcc", "-g", "-c"]
CLANG = ["clang", "--target=x86_64-linux-gnu", "-std=c2x", "-g", "-c"]

RECORDS = {
    "union_of_ldc": (LDC, "a.d", LDC_UNION, PROVED, "poller::epoll_event as epoll_event  12 bytes"),
    "anonymous_union_of_gdc": (GDC, "a.d", GDC_ANONYMOUS, PROVED, "user_data@0"),
    "variant_record_of_pascal": (FPC, "a.pas", PASCAL_VARIANT, PROVED, "12 bytes"),
    "wide_boolean_of_pascal": (FPC, "a.pas", PASCAL_BOOLEAN, FINDINGS, "got       bool32"),
    "biased_range_of_ada": (GNAT, "a.ads", ADA % "1 .. 2**32", FINDINGS, "got       biased32"),
    "whole_range_of_ada": (GNAT, "a.ads", ADA % "0 .. 2**32 - 1", PROVED, "events@0"),
    "character_of_rust": (RUSTC, "a.rs", RUST % ("char", "'a'"), FINDINGS, "got       char32"),
    "word_of_rust": (RUSTC, "a.rs", RUST % ("u32", "1"), PROVED, "events@0"),
    "bit_int": (CLANG, "a.c", BIT_INT % "_BitInt(20)", FINDINGS, "got       bitint"),
    "no_bit_int": (CLANG, "a.c", BIT_INT % "int", PROVED, "events@0"),
    "enum_in_another_byte_order": (GCC, "a.c", SWAPPED, FINDINGS, "got       u32be"),
}


def test_a_module_that_uses_none_of_its_types_says_what_to_do(tmp_path):
    """LDC writes only what code uses: -g was given, and is no help."""
    need_program(LDC[0])
    (tmp_path / "a.d").write_text("module a; extern (C): struct epoll_event { align(1): uint events; ulong data; }\n")
    subprocess.run([*LDC, "a.d"], cwd=tmp_path, check=True, timeout=120)
    result = verify(tmp_path / "a.o")
    assert result.code == USAGE and "a source that uses them, as in a variable of each" in result.err, describe(result)


def test_an_enumeration_in_a_swapped_record_is_not_seen_as_swapped(tmp_path):
    """GCC 12 writes no byte order for an enumeration of its own name, as it does for integers: there is
    nothing to see, and this shows when a compiler begins to write it."""
    (tmp_path / "a.c").write_text(SWAPPED.replace("uint64_t data;", "char data[8];"))
    subprocess.run([need_program(GCC[0]), *GCC[1:], "a.c"], cwd=tmp_path, check=True, timeout=120)
    result = verify(tmp_path / "a.o")
    assert result.code == PROVED, describe(result)


@pytest.mark.parametrize("case", RECORDS)
def test_a_record_is_what_its_compiler_means(case, tmp_path):
    command, name, source, code, text = RECORDS[case]
    program = need_program(*CLANGS) if command[0] == "clang" else need_program(command[0])
    (tmp_path / name).write_text(source)
    subprocess.run([program, *command[1:], name], cwd=tmp_path, check=True, timeout=120,
                   stdout=subprocess.DEVNULL)
    result = verify(tmp_path / "a.o", "--target", "x86_64-linux", "-v")
    assert result.code == code and text in result.out, describe(result)


RIGHT = ("static const unsigned EPOLLET = 0x80000000u, EPOLLIN = 1;\n"
         "unsigned f(void) { return EPOLLET + EPOLLIN; }\nint main(void) { return 0; }\n")
WRONG = ("static const unsigned EPOLLET = 0x40000000u, EPOLLIN = 2;\n"
         "unsigned g(void) { return EPOLLET + EPOLLIN; }\n")
LOCAL = ("const unsigned EPOLLET = 0x80000000u;\nunsigned h(void) {\n"
         "  static const unsigned EPOLLET = 0x40000000u;\n"
         "  return *(volatile const unsigned *)&EPOLLET; }\n")
JOINS = {"program": ["gcc", "a.o", "b.o", "-o", "joined"],
         "program_in_the_other_order": ["gcc", "b.o", "a.o", "-o", "joined"],
         "partial_link": ["ld", "-r", "a.o", "b.o", "-o", "joined"],
         "one_object": ["cp", "b.o", "joined"]}


def joined(folder, *commands):
    for command in commands:
        subprocess.run([need_program(command[0]), *command[1:]], cwd=folder, check=True, timeout=120)
    return folder / "joined"


@pytest.mark.parametrize("join", JOINS)
def test_two_constants_of_one_name_are_two(join, tmp_path):
    """The wrong one is found, whichever comes first in the file."""
    (tmp_path / "a.c").write_text(RIGHT)
    (tmp_path / "b.c").write_text(WRONG)
    result = verify(joined(tmp_path, ["gcc", "-g", "-c", "a.c", "b.c"], JOINS[join]))
    assert result.code == FINDINGS, describe(result)
    assert "0x40000000" in result.out and "0x2" in result.out, describe(result)
    (tmp_path / "b.c").write_text(RIGHT.replace("main", "other").replace(" f(", " g("))
    result = verify(joined(tmp_path, ["gcc", "-g", "-c", "a.c", "b.c"], JOINS[join]))
    assert result.code == PROVED and "2 constants" in result.out, describe(result)


def test_two_constants_without_a_name_for_their_namespace_are_two(tmp_path):
    """Each file of C++ has its own; the one that is linked last is the wrong one."""
    text = ("namespace {{ const unsigned EPOLLET = {}; constexpr unsigned EPOLLIN = {}; }}\n"
            "unsigned {}() {{ return *(volatile const unsigned *)&EPOLLET + EPOLLIN; }}\n")
    (tmp_path / "a.cc").write_text(text.format("0x80000000u", 1, "f") + "int main() { return 0; }\n")
    (tmp_path / "b.cc").write_text(text.format("0x40000000u", 2, "g"))
    result = verify(joined(tmp_path, ["g++", "-g", "a.cc", "b.cc", "-o", "joined"]))
    assert result.code == FINDINGS, describe(result)
    assert "bad-value: EPOLLET" in result.out and "bad-value: EPOLLIN" in result.out, describe(result)


def test_a_constant_of_a_function_is_not_the_one_outside(tmp_path):
    (tmp_path / "a.c").write_text(LOCAL)
    result = verify(joined(tmp_path, ["gcc", "-g", "-c", "a.c"], ["cp", "a.o", "joined"]))
    assert result.code == FINDINGS and "h::EPOLLET as EPOLLET" in result.out, describe(result)
    assert "got       0x40000000" in result.out, describe(result)


LIPO = ["llvm-lipo-19", "llvm-lipo-16", "llvm-lipo-15", "llvm-lipo-14", "llvm-lipo"]
KEVENT = ("struct kevent { unsigned long ident; short filter; unsigned short flags; unsigned fflags;"
          " long data; void *udata; } anchor;\n")


def test_the_target_chooses_the_part_of_a_fat_file(tmp_path):
    clang, lipo = need_program(*CLANGS), need_program(*LIPO)
    (tmp_path / "a.c").write_text(KEVENT)
    for machine in ["x86_64", "arm64"]:
        subprocess.run([clang, f"--target={machine}-apple-macos13", "-g", "-c", "a.c", "-o", machine],
                       cwd=tmp_path, check=True, timeout=120)
    subprocess.run([lipo, "-create", "x86_64", "arm64", "-output", "fat"], cwd=tmp_path, check=True,
                   timeout=120)
    for target in ["x86_64-macos", "aarch64-macos"]:
        result = verify(tmp_path / "fat", "--target", target)
        assert result.code == PROVED and f"{target}\n" in result.out, describe(result)
    result = verify(tmp_path / "fat")
    assert result.code == USAGE and "say which by --target" in result.err, describe(result)


def test_debug_information_in_another_file_is_named(tmp_path):
    """`dwz -m` moves what two programs share; with one program alone everything stays in it."""
    dwz, compiler = need_program("dwz"), need_program("gcc")
    (tmp_path / "a.c").write_text("#include <stdint.h>\nstruct epoll_event { uint32_t events;"
                                  " uint64_t data; } __attribute__((packed)) e;\nint main(void)"
                                  " { return 0; }\n")
    subprocess.run([compiler, "-g", "a.c", "-o", "a"], cwd=tmp_path, check=True, timeout=120)
    for name in ["b", "alone"]:
        (tmp_path / name).write_bytes((tmp_path / "a").read_bytes())
    subprocess.run([dwz, "-m", "shared", "a", "b"], cwd=tmp_path, check=True, timeout=120)
    result = verify(tmp_path / "a")
    assert result.code == USAGE and "in a file 'shared'" in result.err, describe(result)
    assert "damaged" not in result.err, describe(result)
    assert verify(tmp_path / "shared").code == PROVED
    subprocess.run([dwz, "alone"], cwd=tmp_path, check=False, timeout=120)
    assert verify(tmp_path / "alone").code == PROVED


@pytest.mark.parametrize("declaration, code, words", [
    # A scope of their own, and hardly any of its names is one of inotify.
    ("enum class op { NOP, READ, WRITE, FSYNC, IN_ACCESS } value;", NOT_CHECKED, "no name"),
    # Most of them are; a value that is not theirs is wrong.
    ("enum class mask { IN_ACCESS = 1, IN_MODIFY = 3 } value;", FINDINGS, "bad-value: IN_MODIFY"),
    ("enum class mask { IN_ACCESS = 1, IN_MODIFY = 2 } value;", PROVED, "2 items"),
    # No scope of their own: the name is the constant's, whatever is beside it.
    ("enum op { NOP, READ, WRITE, FSYNC, IN_ACCESS } value;", FINDINGS, "bad-value: IN_ACCESS"),
])
def test_an_enumerator_among_others_in_their_scope_is_not_the_constant(declaration, code, words,
                                                                       tmp_path):
    compiler = need_program("g++")
    (tmp_path / "a.cc").write_text(declaration + "\n")
    subprocess.run([compiler, "-g", "-c", "a.cc"], cwd=tmp_path, check=True, timeout=120)
    result = verify(tmp_path / "a.o")
    assert result.code == code and words in result.out + result.err, describe(result)
    mapped = verify(tmp_path / "a.o", "--map", "IN_ACCESS=IN_ACCESS")
    assert mapped.code == (PROVED if code == PROVED else FINDINGS), describe(mapped)
