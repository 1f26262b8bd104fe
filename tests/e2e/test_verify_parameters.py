"""Records that `abiproof verify` knows by the function that takes them.

In: bindings in C that call their own record anything, and hand its address to the system's function.
Out: what verify says of it. Nobody gives a map: the kernel reads what stands there as its own record.
"""

import subprocess

import pytest

from conftest import FINDINGS, NOT_CHECKED, PROVED, describe
from test_verify import build_fixture, verify  # pylint: disable=unused-import

# Sources: epoll_wait(2), and <linux/eventpoll.h>, which packs the record on x86-64 alone.
RIGHT = "struct my_ev { uint32_t events; uint64_t data; } __attribute__((packed));\n"
WRONG = "struct my_ev { uint32_t events; uint64_t data; };\n"
DECLARE = "int epoll_wait(int, struct my_ev *, int, int);\n"
CALL = ("int use(int queue) { struct my_ev e[4]; return epoll_wait(queue, e, 4, -1)"
        " + (int)e[0].events; }\n")
WHY = "because it is parameter 2 of epoll_wait\n"


def source(*parts):
    return "#include <stdint.h>\n" + "".join(parts)


def has_size_of_the_kernels(build, record, target):
    """True if the target's compiler finds the record as large as that of the kernel's header."""
    check = "#include <linux/eventpoll.h>\n" + record + \
        "_Static_assert(sizeof(struct my_ev) == sizeof(struct epoll_event), \"\");\n"
    try:
        build(source(check), target, name="check.c")
    except subprocess.CalledProcessError:
        return False
    return True


@pytest.mark.parametrize("target, flags", [
    ("x86_64-linux", ["-O0"]), ("x86_64-linux", ["-O2"]), ("x86_64-linux", ["-gdwarf-2"]),
    ("i386-linux", []), ("aarch64-linux", []), ("s390x-linux", []),
], ids=lambda value: value if isinstance(value, str) else " ".join(value))
@pytest.mark.parametrize("record", [RIGHT, WRONG], ids=["packed", "padded"])
def test_the_record_that_a_function_takes_is_compared(build, record, target, flags):
    """Right where the target's own compiler finds it as large as the kernel's."""
    is_right = has_size_of_the_kernels(build, record, target)
    result = verify(build(source(record, DECLARE, CALL), target, *flags))
    assert result.code == (PROVED if is_right else FINDINGS), describe(result)
    assert "my_ev as epoll_event" in result.out and WHY in result.out, describe(result)
    assert ("bad-size: epoll_event" in result.out) == (not is_right), describe(result)


@pytest.mark.parametrize("declare", [
    "typedef struct my_ev other; int epoll_wait(int, other *, int, int);\n",
    "int epoll_wait(int, struct my_ev * restrict const, int, int);\n",
    "typedef struct my_ev *pointer; int epoll_wait(int, pointer, int, int);\n",
    "int epoll_wait(int, struct my_ev [], int, int);\n",
    "static int (*epoll_wait)(int, struct my_ev *, int, int);\n",
], ids=["typedef", "qualified", "named-pointer", "array", "pointer-to-function"])
def test_it_is_found_behind_names_and_qualifiers(build, declare):
    result = verify(build(source(WRONG, declare, CALL)))
    assert result.code == FINDINGS and "bad-size: epoll_event" in result.out, describe(result)
    assert "my_ev as epoll_event" in result.out, describe(result)


def test_a_record_without_a_name_is_known_by_its_location(build):
    result = verify(build(source(
        "int epoll_wait(int, struct { uint32_t events; uint64_t data; } *, int, int);\n",
        "int use(int queue) { return epoll_wait(queue, 0, 4, -1); }\n")))
    assert result.code == FINDINGS and "bad-size: epoll_event" in result.out, describe(result)
    assert "parameter 2 of epoll_wait as epoll_event" in result.out, describe(result)


def test_one_record_of_several_functions_is_one_item(build):
    declare = DECLARE + "int epoll_ctl(int, int, int, struct my_ev *);\n"
    call = CALL + "int add(int q, struct my_ev *e) { return epoll_ctl(q, 1, 2, e); }\n"
    result = verify(build(source(RIGHT, declare, call)))
    assert result.code == PROVED and result.out.count("my_ev as epoll_event") == 1, describe(result)
    assert "parameter 4 of epoll_ctl, parameter 2 of epoll_wait" in result.out, describe(result)


def test_a_record_that_is_found_by_name_or_map_is_one_item(build):
    named = source(RIGHT, DECLARE, CALL).replace("my_ev", "epoll_event")
    result = verify(build(named))
    assert result.code == PROVED and "1 of 1" not in result.out, describe(result)
    assert result.out.count("epoll_event") == 1 and "because" not in result.out, describe(result)
    result = verify(build(source(RIGHT, DECLARE, CALL)), "--map", "my_ev=epoll_event")
    assert result.code == PROVED and "because" not in result.out, describe(result)
    assert "2 of 2 items proved" in result.out, describe(result)


def test_types_of_several_sources_are_each_compared(build, tmp_path):
    """Two sources of one program may declare the function in their own ways."""
    one = build(source(RIGHT, DECLARE, CALL), name="one.c")
    other = build(source(WRONG, DECLARE, CALL).replace("my_ev", "their_ev").replace("use", "use2"),
                  name="other.c")
    both = tmp_path / "both.o"
    for order in [(one, other), (other, one)]:
        subprocess.run(["ld", "-r", *order, "-o", both], check=True, timeout=60)
        result = verify(both)
        assert result.code == FINDINGS and "ambiguous" not in result.out, describe(result)
        assert "proved     my_ev as epoll_event" in result.out, describe(result)
        assert "FINDINGS   their_ev as epoll_event" in result.out, describe(result)


def test_a_mapped_function_says_what_it_takes(build):
    """A wrapper that makes the system call itself has another name, and is defined here."""
    wrapper = ("long syscall(long, ...);\n"
               "int my_wait(int q, struct my_ev *e, int n, int t)\n"
               "{ return (int)syscall(232, q, e, n, t); }\n")
    result = verify(build(source(WRONG, wrapper)), "--map", "my_wait=epoll_wait")
    assert result.code == FINDINGS and "bad-size: epoll_event" in result.out, describe(result)
    assert "because it is parameter 2 of my_wait\n" in result.out, describe(result)


@pytest.mark.parametrize("record, code", [(RIGHT, PROVED), (WRONG, FINDINGS)])
def test_a_record_that_another_source_defines_is_compared(build, tmp_path, record, code):
    """Where the function is declared, the record may have nothing but a name."""
    one = build(source("struct my_ev;\n", DECLARE,
                       "int wait(int q, struct my_ev *e) { return epoll_wait(q, e, 4, -1); }\n"),
                name="one.c")
    other = build(source(record, "struct my_ev events[4];\n"), name="other.c")
    subprocess.run(["ld", "-r", one, other, "-o", tmp_path / "both.o"], check=True, timeout=60)
    result = verify(tmp_path / "both.o")
    assert result.code == code and "my_ev as epoll_event" in result.out, describe(result)
    assert WHY in result.out, describe(result)


@pytest.mark.parametrize("parts", [
    ("struct my_ev;\n", DECLARE, "int use(int q, void *e) { return epoll_wait(q, e, 4, -1); }\n"),
    ("struct my_ev { int : 0; };\n", DECLARE,
     "int use(int q, void *e) { return epoll_wait(q, e, 4, -1); }\n"),
], ids=["incomplete", "empty"])
def test_an_opaque_record_is_not_compared(build, parts):
    """Only its address is handed on."""
    result = verify(build(source(*parts)))
    assert result.code == PROVED and "my_ev" not in result.out, describe(result)


@pytest.mark.parametrize("declare, call", [
    ("int epoll_wait(struct my_ev *, struct my_ev *);\n", "epoll_wait(e, e)"),
    ("static __attribute__((noinline)) int epoll_wait(int q, struct my_ev *e, int n, int t)"
     " { return e->events + q + n + t; }\n", "epoll_wait(1, e, 1, 1)"),
    ("int epoll_wait(int, struct my_ev *, int, int) __asm__(\"other\");\n", "epoll_wait(1, e, 1, 1)"),
], ids=["other-parameters", "defined-here", "other-symbol"])
def test_a_function_that_only_has_the_name_says_nothing(build, declare, call):
    result = verify(build(source(WRONG, declare, f"int use(struct my_ev *e) {{ return {call}; }}\n")))
    assert result.code in (PROVED, FINDINGS, NOT_CHECKED), describe(result)
    assert "my_ev" not in result.out, describe(result)


@pytest.mark.parametrize("member, is_right", [
    ("long tv_sec; long tv_nsec;", True), ("int64_t tv_sec; long tv_nsec;", False),
], ids=["32-bit", "64-bit"])
def test_a_second_record_of_a_function_is_compared_too(build, member, is_right):
    """Of 32-bit programs, epoll_pwait2 takes 32-bit seconds, and by another symbol 64-bit ones:
    glibc's <sys/epoll.h> declares `__epoll_pwait2_time64` for these."""
    declare = (f"struct span {{ {member} }};\n"
               "int epoll_pwait2(int, void *, int, const struct span *, const void *);\n"
               "int use(const struct span *s) { return epoll_pwait2(1, 0, 1, s, 0); }\n")
    result = verify(build(source(declare), "i386-linux"))
    assert result.code == (PROVED if is_right else FINDINGS), describe(result)
    assert "span as timespec" in result.out, describe(result)
    redirected = declare.replace("const void *);", "const void *) __asm__(\"__epoll_pwait2_time64\");")
    result = verify(build(source(redirected), "i386-linux"))
    assert "span" not in result.out, describe(result)


@pytest.mark.parametrize("target", ["x86_64-freebsd", "x86_64-openbsd", "x86_64-macos"])
def test_both_lists_of_kevent_are_compared(build, target):
    """kevent(2): parameters 2 and 4 are of one type, 6 is a timespec."""
    declare = ("struct ev { unsigned long ident; short filter; unsigned short flags; unsigned fflags;"
               " long data; void *udata; };\nstruct span { long s, ns; };\n"
               "int kevent(int, const struct ev *, int, struct ev *, int, const struct span *);\n"
               "int use(struct ev *e, const struct span *s) { return kevent(1, e, 1, e, 1, s); }\n")
    result = verify(build(declare, target, "-O2", "-gdwarf-5"), "--target", target)
    is_right = target != "x86_64-freebsd"  # which has ext[4] at the end
    assert result.code == (PROVED if is_right else FINDINGS), describe(result)
    assert "ev as kevent" in result.out and "span as timespec" in result.out, describe(result)
    assert "because it is parameter 2 of kevent, parameter 4 of kevent\n" in result.out, \
        describe(result)


def test_programs_get_the_reason_too(build, tmp_path):
    """Reports for programs have the reason in the text of the case."""
    to = tmp_path / "report.xml"
    verify(build(source(RIGHT, DECLARE, CALL)), "--format", "junit", "-o", to)
    assert WHY.strip() in to.read_text()
