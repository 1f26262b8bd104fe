"""Records of a binding that are wrong in one place: `prove` must see each, and say what it is.

In: a copy of bindings/c with one change. Out: exit 1 and a finding that names the item, what was
expected and what was got. The witnesses that see it are part of the promise: libclang alone would
be one opinion.
"""

from typing import NamedTuple

import pytest

from conftest import (FINDINGS, LINUX, MACOS, PROVED, SPECS, describe, find, findings, matrix,
                      mutate, run)


class Edit(NamedTuple):
    """A change of a header: a pattern, what replaces it, how often it must be there."""

    pattern: str
    replacement: str
    count: int = 1


class Expect(NamedTuple):
    """A finding that must be there."""

    kind: str
    item: str
    expected: str
    got: str
    seen_by: str


# The first member of a record may have an attribute that aligns it as the system aligns the record.
ALIGNAS = r"(?:RAW_ALIGNAS\(\d+\) )?"


def member(record: str, field: str, replacement: str, count: int = 1) -> Edit:
    """Replaces the line that declares a field, in each of `count` declarations of a record."""
    return Edit(r"(struct raw_%s \{\n(?:    .*\n)*?)    %s\w+ \*?%s;.*\n" %
                (record, ALIGNAS, field), r"\1" + replacement, count)


def swap(record: str, first: str, second: str, count: int = 1) -> Edit:
    """Exchanges two fields that follow each other, but for padding."""
    return Edit(
        r"(struct raw_%s \{\n(?:    .*\n)*?)(    %s\w+ \*?%s;.*\n)(    \w+ pad;.*\n)?"
        r"(    \w+ \*?%s;.*\n)" % (record, ALIGNAS, first, second), r"\1\4\3\2", count)


# epoll_event is declared twice, once per layout.
EPOLL_EVENT = {
    "drop_first_field": (
        member("epoll_event", "events", "", 2),
        {"x86_64-linux": Expect("bad-size", "epoll_event", "12", "8", "clang"),
         "aarch64-linux": Expect("bad-size", "epoll_event", "16", "12", "clang")}),
    "drop_half_of_data": (
        member("epoll_event", "data_hi", "", 2),
        {"x86_64-linux": Expect("missing-field", "epoll_event.data", "at 4, 8 bytes",
                                "data_lo at 4, 4 bytes", "clang"),
         "aarch64-linux": Expect("missing-field", "epoll_event.data", "at 8, 8 bytes",
                                 "data_lo at 8, 4 bytes", "clang")}),
    "swap_events_and_data": (
        swap("epoll_event", "events", "data_lo", 2),
        {"x86_64-linux": Expect("bad-offset", "epoll_event.events", "0", "4", "clang run"),
         "aarch64-linux": Expect("bad-offset", "epoll_event.events", "0", "8", "clang run")}),
    "swap_data_lo_and_data_hi": (
        swap("epoll_event", "data_lo", "data_hi", 2),
        {"x86_64-linux": Expect("bad-offset", "epoll_event.data_lo", "4", "8", "clang run"),
         "aarch64-linux": Expect("bad-offset", "epoll_event.data_lo", "8", "12", "clang run")}),
    "widen_field": (
        member("epoll_event", "events", "    raw_u64 events;\n", 2),
        {target: Expect("bad-width", "epoll_event.events", "4", "8", "clang run")
         for target in LINUX}),
    "narrow_field": (
        member("epoll_event", "events", "    raw_u16 events;\n", 2),
        {target: Expect("bad-width", "epoll_event.events", "4", "2", "clang run")
         for target in LINUX}),
    "change_sign_of_field": (
        member("epoll_event", "events", "    raw_i32 events;\n", 2),
        {target: Expect("bad-sign", "epoll_event.events", "u32", "i32", "clang run")
         for target in LINUX}),
    "narrow_field_of_timespec": (
        member("timespec", "tv_nsec", "    raw_i32 tv_nsec;\n"),
        {target: Expect("bad-width", "timespec.tv_nsec", "8", "4", "clang run")
         for target in LINUX}),
}

# eventfd has no record, but a type.
EVENTFD_T = {
    "narrow_alias": (
        Edit(r"typedef raw_u64 raw_eventfd_t;", "typedef raw_u32 raw_eventfd_t;"),
        {target: Expect("bad-width", "eventfd_t", "u64", "u32", "clang run") for target in LINUX}),
    "change_sign_of_alias": (
        Edit(r"typedef raw_u64 raw_eventfd_t;", "typedef raw_i64 raw_eventfd_t;"),
        {target: Expect("bad-sign", "eventfd_t", "u64", "i64", "clang run") for target in LINUX}),
}

KEVENT = {
    "drop_field": (
        member("kevent", "fflags", ""),
        Expect("missing-field", "kevent.fflags", "at 12, 4 bytes", "nothing there", "clang")),
    "swap_filter_and_flags": (
        swap("kevent", "filter", "flags"),
        Expect("bad-offset", "kevent.filter", "8", "10", "clang compile")),
    "swap_data_and_udata": (
        swap("kevent", "data", "udata"),
        Expect("bad-offset", "kevent.data", "16", "24", "clang compile")),
    "widen_field": (
        member("kevent", "flags", "    raw_u32 flags;\n"),
        Expect("bad-width", "kevent.flags", "2", "4", "clang compile")),
    "narrow_field": (
        member("kevent", "fflags", "    raw_u16 fflags;\n"),
        Expect("bad-width", "kevent.fflags", "4", "2", "clang compile")),
    "change_sign_of_field": (
        member("kevent", "filter", "    raw_u16 filter;\n"),
        Expect("bad-sign", "kevent.filter", "i16", "u16", "clang")),
    "narrow_first_field": (
        member("kevent", "ident", "    raw_u32 ident;\n"),
        Expect("bad-offset", "kevent.filter", "8", "4", "clang compile")),
    "lengthen_array": (
        Edit(r"raw_u64 ext\[2\];", "raw_u64 ext[3];"),
        Expect("bad-size", "kevent64_s", "48", "56", "clang compile")),
}

CASES = [
    pytest.param(spec, target, edit, per_target[target], id=f"{spec}-{target}-{label}")
    for spec, table in [("epoll", EPOLL_EVENT), ("eventfd", EVENTFD_T)]
    for label, (edit, per_target) in table.items() for target in LINUX
] + [
    pytest.param("kqueue_macos", target, edit, expect, id=f"kqueue-{target}-{label}")
    for label, (edit, expect) in KEVENT.items() for target in MACOS
]


def probe(spec: str, target: str, bindings, *more: str):
    return run("prove", "--spec", spec, "--target", target, "--bindings", bindings, *more)


@pytest.mark.parametrize("spec, target", [(s, t) for s, ts in SPECS.items() for t in ts])
def test_probe_proves_an_unchanged_copy_of_a_binding(spec, target, bindings):
    """A copy of the committed binding is proved, so what fails below fails for its mutation."""
    result = probe(spec, target, bindings)
    assert result.code == PROVED, describe(result)
    row = matrix(result.out)[target, spec]
    assert row.verdict == "proved" and row.checked == row.facts > 0, describe(result)


@pytest.mark.parametrize("spec, target, edit, expect", CASES)
def test_probe_names_item_expected_and_got_of_a_wrong_record(spec, target, edit, expect, bindings):
    """One wrong field makes probe exit 1 and say which, what it should be and what it is."""
    mutate(bindings / f"{spec}.h", *edit)
    result = probe(spec, target, bindings)
    assert result.code == FINDINGS, describe(result)
    found = [f for f in find(result.out, expect.kind, expect.item)
             if (f.details["expected"], f.details["got"]) == (expect.expected, expect.got)]
    assert found, f"no finding {expect}\n{describe(result)}"
    seen_by = set().union(*(f.seen_by for f in found))
    assert seen_by >= set(expect.seen_by.split()), describe(result)
    assert all(f.severity == "error" and f.targets == (target,) for f in found), describe(result)
    assert matrix(result.out)[target, spec].verdict == "FINDINGS", describe(result)


@pytest.mark.parametrize("target", MACOS)
def test_compiler_alone_sees_a_wrong_sign(target, bindings):
    """Where nothing can run, the compiler is the second witness of a field's sign."""
    mutate(bindings / "kqueue_macos.h", *member("kevent", "filter", "    raw_u16 filter;\n"))
    result = probe("kqueue_macos", target, bindings)
    about = [f for f in findings(result.out) if f.item == "kevent.filter"]
    assert any(f.details["expected"] == "i16" and "compile" in f.seen_by for f in about), \
        describe(result)


# ---- packed ---------------------------------------------------------------------------------

PACKED = [("epoll", target, "epoll_event", 2) for target in LINUX] + \
         [("kqueue_macos", target, "kevent", 1) for target in MACOS]
PACKED_IDS = [f"{spec}-{target}" for spec, target, _, _ in PACKED]


def pack(bindings, spec: str, record: str, count: int) -> None:
    header = bindings / f"{spec}.h"
    mutate(header, r"struct raw_%s \{" % record,
           f"struct __attribute__((packed)) raw_{record} {{", count)
    if "RAW_ALIGNAS" in header.read_text(encoding="utf-8"):
        mutate(header, ALIGNAS[:-1].replace("?:", "") + "(?=raw_)", "", 1)


@pytest.mark.parametrize("spec, target, record, count", PACKED, ids=PACKED_IDS)
def test_probe_refuses_a_binding_whose_own_assertion_fails(spec, target, record, count, bindings):
    """A packed record contradicts the binding's assertion, so nobody can compile it: a finding."""
    pack(bindings, spec, record, count)
    result = probe(spec, target, bindings)
    assert result.code == FINDINGS, describe(result)
    assert any(f"alignment of {record}" in f.details["got"]
               for f in find(result.out, "does-not-compile", spec)), describe(result)


@pytest.mark.parametrize("spec, target, record, count", PACKED[1:], ids=PACKED_IDS[1:])
def test_probe_notes_a_looser_alignment(spec, target, record, count, bindings):
    """Packed but with the same bytes is a note: exit 0, and 1 with --strict."""
    pack(bindings, spec, record, count)
    mutate(bindings / f"{spec}.h", r"(RAW_ALIGNOF\(struct raw_%s\) ==) \d+" % record, r"\1 1",
           count)
    result = probe(spec, target, bindings, "-v")
    [found] = find(result.out, "looser-align", record)
    assert (found.severity, found.details["got"]) == ("note", "1"), describe(result)
    assert result.code == PROVED, describe(result)
    strict = probe(spec, target, bindings, "--strict")
    assert strict.code == FINDINGS and find(strict.out, "looser-align", record), describe(strict)


def test_probe_accepts_the_alignment_of_the_system_on_x86_64(bindings):
    """The kernel's own epoll_event is packed on x86_64: a packed one there is exactly equal."""
    pack(bindings, "epoll", "epoll_event", 2)
    mutate(bindings / "epoll.h", r"(RAW_ALIGNOF\(struct raw_epoll_event\) ==) 4", r"\1 1")
    result = probe("epoll", "x86_64-linux", bindings, "-v")
    assert result.code == PROVED, describe(result)
    assert not [f for f in findings(result.out) if f.item == "epoll_event"], describe(result)


# ---- behaviour ------------------------------------------------------------------------------


def pad_epoll_event(bindings) -> None:
    """Gives epoll_event the layout of other architectures on x86_64, with all else adapted: the
    classic bug of a binding that forgets the packed attribute."""
    header = bindings / "epoll.h"
    condition = r"(if defined\(RAW_TARGET_X86_64_LINUX\)\n"
    mutate(header, condition + r"/\*.*\*/\nstruct raw_epoll_event \{\n    raw_u32 events;.*\n)",
           r"\1    raw_u32 pad;\n")
    for what, old, new in [("sizeof(struct raw_epoll_event)", 12, 16),
                           ("__builtin_offsetof(struct raw_epoll_event, data_lo)", 4, 8),
                           ("__builtin_offsetof(struct raw_epoll_event, data_hi)", 8, 12)]:
        pattern = "".join("\\" + c if c in "()" else c for c in what)
        mutate(header, rf"({pattern} ==) {old}\b", rf"\1 {new}")


def test_kernel_itself_shows_the_stride_of_a_padded_epoll_event(bindings):
    """A 16-byte epoll_event on x86_64 delivers the first fd by luck and breaks the second."""
    pad_epoll_event(bindings)
    result = probe("epoll", "x86_64-linux", bindings)
    assert result.code == FINDINGS, describe(result)
    assert not find(result.out, "does-not-compile", "epoll"), describe(result)
    [size] = find(result.out, "bad-size", "epoll_event")
    assert (size.details["expected"], size.details["got"]) == ("12", "16"), describe(result)
    assert size.seen_by == {"clang", "dwarf", "run", "c"}, describe(result)
    [second] = find(result.out, "bad-behaviour", "epoll.second-fd-verbatim")
    assert second.seen_by == {"behave"} and second.details["expected"] != second.details["got"]
    assert not find(result.out, "bad-behaviour", "epoll.first-fd-verbatim"), describe(result)
    [data] = find(result.out, "bad-behaviour", "epoll.second-data-verbatim")
    assert data.details["expected"] == "0xf7f6f5f4f3f2f1f0", describe(result)


@pytest.mark.parametrize("target", LINUX)
def test_kernel_itself_shows_a_signed_half_of_the_data_word(target, bindings):
    """A signed data_lo has the right bytes, but its sign spoils data_hi: only running tells."""
    mutate(bindings / "epoll.h", *member("epoll_event", "data_lo", "    raw_i32 data_lo;\n", 2))
    result = probe("epoll", target, bindings)
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "bad-behaviour", "epoll.second-data-verbatim")
    assert found.details["expected"] == "0xf7f6f5f4f3f2f1f0", describe(result)
    assert found.seen_by == {"behave"}, describe(result)
