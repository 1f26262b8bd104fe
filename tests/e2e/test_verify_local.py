"""Types that are defined inside functions, in the debug information of several compilers.

In: bindings whose records and constants only one function knows. Out: that `abiproof verify` sees
them there. Each source is wrong in what its test names, by epoll_ctl(2) and <linux/eventpoll.h>.
"""

import subprocess

import pytest

from conftest import CLANGS, FINDINGS, PROVED, describe, need_program
from test_verify import build_fixture, verify  # pylint: disable=unused-import

EVENT = "struct %s { uint32_t events; uint64_t data; }%s"
PACKED = " __attribute__((packed))"
HEAD = "#include <stdint.h>\nint use(void *);\n"


def compiled(folder, name, text, *command):
    """The object that a compiler makes of a source."""
    (folder / name).write_text(text)
    subprocess.run([*command, name], cwd=folder, check=True, timeout=120)
    return (folder / name).with_suffix(".o")


@pytest.mark.parametrize("attribute, code", [(PACKED, PROVED), ("", FINDINGS)])
def test_a_record_of_a_function_is_compared(build, attribute, code):
    event = EVENT % ("epoll_event", attribute)
    result = verify(build(f"{HEAD}int wait(void) {{ {event} e[2]; return use(e); }}\n", "x86_64-linux",
                          "-O2"))
    assert result.code == code and "wait::epoll_event as epoll_event" in result.out, describe(result)


def test_what_lies_in_a_block_is_compared(build):
    """An enum, a typedef of a record without a name, and a record, each in a block."""
    result = verify(build(HEAD + "int wait(int q) {\n"
                          "  if (q) { { enum { EPOLLIN = 2 } x = EPOLLIN; return use(&x); } }\n"
                          "  for (;;) { typedef struct { short fd; } pollfd; pollfd p; use(&p); }\n"
                          "  { struct epoll_event { char c; } e; return use(&e); } }\n"))
    assert result.code == FINDINGS, describe(result)
    for name in ["EPOLLIN", "pollfd", "epoll_event"]:
        assert f"wait::{name} as {name}" in result.out, describe(result)


def test_a_map_names_the_function(build):
    one = "int one(void) { " + EVENT % ("E", PACKED) + " e; return use(&e); }\n"
    two = "int two(void) { " + EVENT % ("E", "") + " e; return use(&e); }\n"
    thing = build(HEAD + one + two)
    result = verify(thing, "--map", "one::E=epoll_event")
    assert result.code == PROVED and "one::E as epoll_event" in result.out, describe(result)
    result = verify(thing, "--map", "two.E=epoll_event")
    assert result.code == FINDINGS and "two::E as epoll_event" in result.out, describe(result)


def test_a_record_outside_is_not_mistaken_for_one_inside(build):
    """Each is an item of its own, and only one of them is wrong."""
    result = verify(build(HEAD + EVENT % ("epoll_event", PACKED) + " outer;\n"
                          "int wait(void) { " + EVENT % ("epoll_event", "") +
                          " e; return use(&e); }\n"))
    assert result.code == FINDINGS and "ambiguous" not in result.out, describe(result)
    assert "proved     epoll_event" in result.out, describe(result)
    assert "FINDINGS   wait::epoll_event as epoll_event" in result.out, describe(result)


def test_blocks_may_lie_deep_in_each_other(build):
    """Some compilers open a block for every variable."""
    deep = 3000
    blocks = "".join(f"{{ int v{i} = use(0); use(&v{i}); " for i in range(deep))
    event = EVENT % ("epoll_event", "")
    result = verify(build(f"{HEAD}int wait(void) {{ {blocks} {event} e; use(&e); {'}' * deep}"
                          " return 0; }\n"))
    assert result.code == FINDINGS and "wait::epoll_event" in result.out, describe(result)


CXX = ("#include <stdint.h>\nextern \"C\" int use(void *);\n"
       "namespace n { class C { int run(); public: int in() { struct pollfd { short fd; } p;"
       " return use(&p) + run(); } };\n"
       "int C::run() { struct epoll_event { uint32_t events; uint64_t data; } e;\n"
       "  auto f = [&]() { struct inotify_event { int wd; } i; return use(&i); };\n"
       "  return use(&e) + f(); } }\n"
       "template <class T> T t(T a) { struct signalfd_siginfo { T x; } s; use(&s); return a; }\n"
       "int main() { n::C c; return c.in() + t(1); }\n")
CXX_NAMES = ["run::epoll_event", "in::pollfd", "operator()::inotify_event",
             "t<int>::signalfd_siginfo"]
D = ("extern(C) int use(void*);\n"
     "int wait(int q) { struct epoll_event { uint events; ulong data; } epoll_event e; e.events = q;"
     " return use(&e); }\n"
     "class K { int m() { struct pollfd { short fd; } pollfd p; return use(&p); } }\n")
D_NAMES = ["wait::epoll_event", "m::pollfd"]
ADA = ("with Interfaces; use Interfaces; with System;\n"
       "procedure Unit is\n"
       "   procedure Use_It (P : System.Address); pragma Import (C, Use_It, \"use\");\n"
       "   function Wait (Q : Unsigned_32) return Integer is\n"
       "      type epoll_event is record events : Unsigned_32; data : Unsigned_64; end record;\n"
       "      E : epoll_event := (Q, 2);\n"
       "   begin Use_It (E'Address); return Integer (E.events); end Wait;\n"
       "begin if Wait (3) = 3 then null; end if; end Unit;\n")
OTHERS = {
    "g++": ("unit.cc", CXX, [["x86_64-linux-gnu-g++"], ["-g", "-c"]], CXX_NAMES),
    "clang++": ("unit.cc", CXX, [CLANGS, ["--target=x86_64-linux-gnu", "-g", "-c"]], CXX_NAMES),
    "gdc": ("unit.d", D, [["gdc"], ["-g", "-c"]], D_NAMES),
    "ldc2": ("unit.d", D, [["ldc2"], ["-g", "-c", "-mtriple=x86_64-linux-gnu"]], D_NAMES),
    "gnat": ("unit.adb", ADA, [["gnatmake"], ["-q", "-c", "-g"]], ["epoll_event"]),
}


@pytest.mark.parametrize("name, text, command, found", OTHERS.values(), ids=OTHERS.keys())
def test_other_languages_have_them_too(tmp_path, name, text, command, found):
    """Methods, closures, instances of templates, nested functions."""
    compilers, flags = command
    result = verify(compiled(tmp_path, name, text, need_program(*compilers), *flags), "--target",
                    "x86_64-linux")
    assert result.code == FINDINGS, describe(result)
    for words in found:
        assert f"{words} as {words.split(':')[-1]}" in result.out, describe(result)
