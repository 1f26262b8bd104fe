"""Constants, numbers and calls of a binding that are wrong in one place: `prove` must see each.

In: a copy of bindings/c with one change, with and without the binding's own assertion adapted: an
assertion protects whoever compiles the binding, and a proof must not lean on it.
"""

from typing import NamedTuple

import pytest

from conftest import FINDINGS, LINUX, MACOS, SPECS, describe, find, findings, mutate, run


def probe(spec: str, target: str, bindings):
    return run("prove", "--spec", spec, "--target", target, "--bindings", bindings)


def check_finding(result, kind, item, expected, got, seen_by):
    """Compares one finding with what is expected."""
    assert result.code == FINDINGS, describe(result)
    found = [f for f in find(result.out, kind, item)
             if (f.details["expected"], f.details["got"]) == (expected, got)]
    assert found, f"no {kind} of {item}, expected {expected}, got {got}\n{describe(result)}"
    assert all(f.severity == "error" and f.subject == "binding" for f in found), describe(result)
    assert set().union(*(f.seen_by for f in found)) >= set(seen_by.split()), describe(result)


# ---- constants ------------------------------------------------------------------------------


class Constant(NamedTuple):
    """A constant, as text of the header, and what to make of it."""

    spec: str
    name: str
    text: str  # of the macro
    value: str  # of the assertion and of the finding
    new: str
    n_defined: int = 1


CONSTANTS = [
    Constant("epoll", "EPOLLRDHUP", "0x2000U", "0x2000", "0x4000"),
    Constant("epoll", "EPOLL_CTL_MOD", "0x3", "0x3", "0x2"),
    Constant("epoll", "EPOLLET", "0x80000000U", "0x80000000", "0x40000000"),
    Constant("eventfd", "EFD_SEMAPHORE", "0x1", "0x1", "0x2"),
    Constant("eventfd", "EFD_NONBLOCK", "0x800", "0x800", "0x4"),
    Constant("kqueue_macos", "EVFILT_READ", r"\(-1\)", "-1", "-2"),
    Constant("kqueue_macos", "EV_ADD", "0x1", "0x1", "0x3"),
    Constant("kqueue_macos", "NOTE_EXIT", "0x80000000U", "0x80000000", "0x40000000"),
]
ON_TARGETS = [
    pytest.param(constant, target, id=f"{constant.spec}-{target}-{constant.name}")
    for constant in CONSTANTS for target in SPECS[constant.spec]
]
SECOND = {"epoll": "run", "eventfd": "run", "kqueue_macos": "compile"}


@pytest.mark.parametrize("assertion", ["kept", "adapted"], ids=lambda how: f"assertion_{how}")
@pytest.mark.parametrize("constant, target", ON_TARGETS)
def test_probe_names_expected_and_got_of_a_wrong_constant(constant, target, assertion, bindings):
    """One wrong constant is found by two witnesses, whether or not its assertion was adapted."""
    header = bindings / f"{constant.spec}.h"
    mutate(header, rf"^#define RAW_{constant.name} {constant.text}$",
           f"#define RAW_{constant.name} ({constant.new})")
    if assertion == "adapted":
        mutate(header, rf"\(RAW_{constant.name} == {constant.value},",
               f"(RAW_{constant.name} == {constant.new},")
    result = probe(constant.spec, target, bindings)
    check_finding(result, "bad-value", constant.name, constant.value, constant.new,
                  f"clang {SECOND[constant.spec]}")


@pytest.mark.parametrize("constant, target", [case for case in ON_TARGETS
                                              if case.values[0].name in
                                              ("EPOLLET", "EFD_NONBLOCK", "EV_ADD")])
def test_probe_names_a_constant_that_was_dropped(constant, target, bindings):
    """A constant that a binding lacks is named, with its value."""
    header = bindings / f"{constant.spec}.h"
    mutate(header, rf"^#define RAW_{constant.name} .*\n", "")
    mutate(header, rf"^RAW_STATIC_ASSERT\(RAW_{constant.name} .*\n", "")
    result = probe(constant.spec, target, bindings)
    assert result.code == FINDINGS, describe(result)
    [missing] = find(result.out, "missing-constant", constant.name)
    assert f"value={constant.value}" in missing.details["expected"], describe(result)
    assert missing.details["got"] == "nothing" and missing.seen_by == {"clang", "dwarf", "c"}, describe(result)
    assert any(f"RAW_{constant.name}" in f.details["got"]
               for f in find(result.out, "does-not-compile", constant.spec)), describe(result)


# ---- system calls ---------------------------------------------------------------------------

NUMBERS = [
    ("epoll", "epoll_ctl", "x86_64-linux", 233, 291),
    ("epoll", "epoll_ctl", "aarch64-linux", 21, 20),
    ("eventfd", "eventfd2", "x86_64-linux", 290, 284),
    ("eventfd", "eventfd2", "aarch64-linux", 19, 20),
]


@pytest.mark.parametrize("assertion", ["kept", "adapted"], ids=lambda how: f"assertion_{how}")
@pytest.mark.parametrize("spec, call, target, number, new", NUMBERS,
                         ids=[f"{spec}-{target}-{call}" for spec, call, target, _, _ in NUMBERS])
def test_probe_names_expected_and_got_of_a_wrong_number(spec, call, target, number, new, assertion,
                                                        bindings):
    """One wrong system call number is found by two witnesses."""
    header = bindings / f"{spec}.h"
    mutate(header, rf"^#define RAW_NR_{call} {number}$", f"#define RAW_NR_{call} {new}")
    if assertion == "adapted":
        mutate(header, rf"\(RAW_NR_{call} == {number},", f"(RAW_NR_{call} == {new},")
    result = probe(spec, target, bindings)
    check_finding(result, "bad-number", call, str(number), str(new), "clang run")
    if assertion == "adapted":
        assert any("behave" in f.seen_by for f in findings(result.out)), describe(result)


def test_probe_ends_a_behaviour_that_hangs(bindings):
    """epoll_ctl that is really epoll_wait waits for ever: the bound makes it a finding, and what
    the other witnesses saw is still reported."""
    header = bindings / "epoll.h"
    mutate(header, r"^#define RAW_NR_epoll_ctl 233$", "#define RAW_NR_epoll_ctl 232")
    mutate(header, r"\(RAW_NR_epoll_ctl == 233,", "(RAW_NR_epoll_ctl == 232,")
    result = run("prove", "--spec", "epoll", "--target", "x86_64-linux", "--bindings", bindings,
                 "--timeout", "1", timeout=30)
    check_finding(result, "bad-number", "epoll_ctl", "233", "232", "clang run")
    [hung] = find(result.out, "probe-hung", "epoll")
    assert hung.seen_by == {"behave"}, describe(result)


@pytest.mark.parametrize("target", LINUX)
def test_probe_sees_a_wrong_parameter_of_a_system_call(target, bindings):
    """The function that makes a system call has the parameters that the spec says."""
    mutate(bindings / "epoll.h", r"(raw_sys_epoll_ctl\(int epfd, )int op", r"\1unsigned int op")
    result = probe("epoll", target, bindings)
    assert result.code == FINDINGS, describe(result)
    found = find(result.out, "bad-signature", "epoll_ctl")
    assert any(f.details["expected"] == "i32,i32,i32,ptr" and "run" in f.seen_by for f in found), \
        describe(result)


@pytest.mark.parametrize("target", LINUX)
def test_probe_sees_that_a_system_call_was_dropped(target, bindings):
    """A binding that has the number of a system call and not the function says so, and a probe of
    it does not build."""
    mutate(bindings / "epoll.h",
           r"^static inline int raw_sys_epoll_pwait2\(.*\)\n\{\n(?:    .*\n)+\}\n", "")
    result = probe("epoll", target, bindings)
    check_finding(result, "bad-signature", "epoll_pwait2", "i32,ptr,i32,ptr,ptr,u64",
                  "no-such-function", "clang")
    broken = find(result.out, "does-not-compile", "epoll")
    assert "run" in set().union(*(f.seen_by for f in broken)), describe(result)
    assert all("raw_sys_epoll_pwait2" in f.details["got"] for f in broken), describe(result)


# ---- library functions ----------------------------------------------------------------------

SYMBOLS = [("epoll", "epoll_wait", "epoll_pwait"), ("eventfd", "eventfd_read", "eventfd_write"),
           ("kqueue_macos", "kevent", "kevent64")]
PARAMETERS = [
    ("epoll", "epoll_ctl", r"int epfd, int op", "int epfd, long op", "i32,i32,i32,ptr",
     "i32,i64,i32,ptr"),
    ("epoll", "epoll_wait", r"struct raw_epoll_event \*events", "unsigned int events",
     "i32,ptr,i32,i32", "i32,u32,i32,i32"),
    ("eventfd", "eventfd", r"unsigned int initval", "int initval", "u32,i32", "i32,i32"),
    ("eventfd", "eventfd_write", r"raw_eventfd_t value", "unsigned int value", "i32,u64",
     "i32,u32"),
    ("kqueue_macos", "kevent", r"int nchanges", "long nchanges", "i32,ptr,i32,ptr,i32,ptr",
     "i32,ptr,i64,ptr,i32,ptr"),
    ("kqueue_macos", "kevent64", r"unsigned int flags", "int flags", "i32,ptr,i32,ptr,i32,u32,ptr",
     "i32,ptr,i32,ptr,i32,i32,ptr"),
]


def on_targets(cases):
    return [pytest.param(*case, target, id=f"{case[0]}-{target}-{case[1]}") for case in cases
            for target in SPECS[case[0]]]


@pytest.mark.parametrize("spec, function, symbol, target", on_targets(SYMBOLS))
def test_probe_names_expected_and_got_of_a_wrong_symbol(spec, function, symbol, target, bindings):
    """A function that links to another symbol is found by two witnesses."""
    mutate(bindings / f"{spec}.h", rf'RAW_SYMBOL\("{function}"\)', f'RAW_SYMBOL("{symbol}")')
    result = probe(spec, target, bindings)
    check_finding(result, "bad-symbol", function, function, symbol, f"clang {SECOND[spec]}")


@pytest.mark.parametrize("target", MACOS)
def test_probe_sees_a_symbol_that_no_library_has(target, bindings):
    """A misspelt symbol is shown as it is spelt."""
    mutate(bindings / "kqueue_macos.h", r'RAW_SYMBOL\("kqueue"\)', 'RAW_SYMBOL("kqueeu")')
    result = probe("kqueue_macos", target, bindings)
    check_finding(result, "bad-symbol", "kqueue", "kqueue", "kqueeu", "clang compile")


@pytest.mark.parametrize("spec, function, pattern, replacement, expected, got, target",
                         on_targets(PARAMETERS))
def test_probe_names_expected_and_got_of_a_wrong_parameter(spec, function, pattern, replacement,
                                                           expected, got, target, bindings):
    """One parameter of another type is named with the whole list; a second witness agrees."""
    mutate(bindings / f"{spec}.h", rf"^(int raw_{function}\((?:.*, )?){pattern}",
           rf"\1{replacement}")
    result = probe(spec, target, bindings)
    check_finding(result, "bad-signature", function, expected, got, "clang")
    about = [f for f in find(result.out, "bad-signature", function)
             if f.details["expected"] == expected]
    assert SECOND[spec] in set().union(*(f.seen_by for f in about)), describe(result)


@pytest.mark.parametrize("spec, function, target", on_targets(
    [("epoll", "epoll_create1"), ("eventfd", "eventfd_write"), ("kqueue_macos", "kevent64")]))
def test_probe_names_a_function_that_was_dropped(spec, function, target, bindings):
    """A function that a binding lacks is named, with its symbol; its probe does not build."""
    mutate(bindings / f"{spec}.h",
           rf'^int raw_{function}\(.*\)\n    RAW_SYMBOL\("{function}"\);\n', "")
    result = probe(spec, target, bindings)
    assert result.code == FINDINGS, describe(result)
    [missing] = find(result.out, "missing-function", function)
    assert f"symbol={function}" in missing.details["expected"], describe(result)
    assert missing.details["got"] == "nothing" and "clang" in missing.seen_by, describe(result)
    broken = find(result.out, "does-not-compile", spec)
    assert SECOND[spec] in set().union(*(f.seen_by for f in broken)), describe(result)


def test_probe_reports_every_mutation_of_a_header_at_once(bindings):
    """Two unrelated mistakes are two findings; one does not hide the other."""
    header = bindings / "epoll.h"
    mutate(header, r"^#define RAW_EPOLLIN 0x1U$", "#define RAW_EPOLLIN 0x3U")
    mutate(header, r"^(#define RAW_NR_epoll_pwait2) 441$", r"\1 440")
    result = run("prove", "--spec", "epoll", "--bindings", bindings)
    assert result.code == FINDINGS, describe(result)
    [value] = find(result.out, "bad-value", "EPOLLIN")
    [number] = find(result.out, "bad-number", "epoll_pwait2")
    for found in (value, number):
        assert set(found.targets) == set(LINUX), describe(result)
        assert found.seen_by >= {"clang", "run"}, describe(result)
        assert str(header) in found.details["found in"], describe(result)
