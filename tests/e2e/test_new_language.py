"""Bindings in a language of their own: `prove` compiles them by gen/languages.yaml and holds the objects
against the headers' facts, so that a new emitter is proved, or refuted, on its first run.

In: a copy of the small tree whose table has one more language, a toy that is C++, with a binding of
epoll in it. Out: what `prove` says of the binding as it is, with its fields in another order, with a
name too few, without its compiler.
"""

import re

import pytest

from conftest import (CLANGS, FINDINGS, LINUX, PROVED, USAGE, describe, find, findings, matrix, mutate,
                      need_program, run, REPOSITORY)

ROW = """
  - name: toy
    title: Toy
    targets: [{name: x86_64-linux}, {name: aarch64-linux}]
    programs: [%s]
    brings: nobody
    binding: $SPEC.cpp
    compile: >-
      %s --target=$TRIPLE -std=c++11 -ffreestanding -g -fno-eliminate-unused-debug-types
      -c "$SOURCE" -o "$OBJECT"
"""

RECORDS = """
typedef __UINT32_TYPE__ u32;
#if defined(__x86_64__)
struct epoll_event {
    u32 events, data_lo, data_hi;
};
#else
struct alignas(8) epoll_event {
    u32 events, pad, data_lo, data_hi;
};
#endif
struct __kernel_timespec {
    __INT64_TYPE__ tv_sec, tv_nsec;
};
struct timespec {
    long tv_sec, tv_nsec;
};
"""


def constants(root):
    """A typed enumerator for each constant of the golden facts: they are the same on both targets."""
    texts = {target: (root / f"abi_probes/facts/{target}/epoll.facts").read_text() for target in LINUX}
    found = {target: re.findall(r"^constant (\S+) value=(\S+) type=([iu])32", text, re.MULTILINE)
             for target, text in texts.items()}
    assert found[LINUX[0]] == found[LINUX[1]] and found[LINUX[0]]
    return "".join(f"enum : __{'' if sign == 'i' else 'U'}INT32_TYPE__ {{ {name} = {value} }};\n"
                   for name, value, sign in found[LINUX[0]])


def add_toy(root, program):
    """Adds the language, compiled by this program, and its binding of epoll; returns the binding."""
    table = root / "gen/languages.yaml"
    table.write_text(table.read_text() + ROW % (program, program))
    (root / "bindings/toy").mkdir()
    path = root / "bindings/toy/epoll.cpp"
    path.write_text(RECORDS + constants(root))
    return path


@pytest.fixture
def toy(root):
    return add_toy(root, need_program(*CLANGS))


def prove(root, *more):
    return run("prove", "-C", root, "--spec", "epoll", "--target", LINUX[0], "--target", LINUX[1], *more)


def line_of(result, language):
    """The one line about a language: its outcome, what it says, and where."""
    found = re.findall(rf"^    (\S.{{11}}){language} +(.*)\n {{16}}(.*)$", result.out, re.MULTILINE)
    assert len(found) == 1, describe(result)
    return tuple(word.strip() for word in found[0])


def test_prove_proves_a_right_binding_of_a_new_language(root, toy):
    """Every record and constant is compared; what the language cannot show is counted and named."""
    result = prove(root, "--require", "all")
    assert result.code == PROVED, describe(result)
    verdict, facts, where = line_of(result, "toy")
    checked, all_facts = map(int, re.fullmatch(r"(\d+) of (\d+) facts", facts).groups())
    assert verdict == "partly" and where == "epoll [x86_64-linux aarch64-linux]", describe(result)
    assert 0 < checked < all_facts, describe(result)
    assert "not checked in toy: epoll [x86_64-linux aarch64-linux] epoll_create epoll_create1" in result.out, describe(result)
    assert line_of(result, "c")[0] == "proved", describe(result)
    assert all(row.verdict == "proved" for row in matrix(result.out).values())


@pytest.mark.parametrize("pattern, replacement, target, item", [
    ("u32 events, data_lo, data_hi", "u32 data_lo, data_hi, events", "x86_64-linux", "events"),
    ("u32 events, pad, data_lo, data_hi", "u32 data_lo, data_hi, events, pad", "aarch64-linux", "events"),
    ("u32 events, data_lo, data_hi", "u32 events, data_hi, data_lo", "x86_64-linux", "data_lo"),
    ("__INT64_TYPE__ tv_sec, tv_nsec", "__INT64_TYPE__ tv_nsec, tv_sec", "x86_64-linux", "tv_sec"),
], ids=["packed", "natural", "halves", "another-record"])
def test_prove_catches_a_wrong_order_of_fields(root, toy, pattern, replacement, target, item):
    """Two fields that changed places are errors of the binding, by name, seen by that language alone."""
    mutate(toy, re.escape(pattern), replacement)
    result = prove(root)
    assert result.code == FINDINGS, describe(result)
    found = [one for record in ("epoll_event", "__kernel_timespec")
             for one in find(result.out, "bad-offset", f"{record}.{item}")]
    assert found and all(one.severity == "error" and one.seen_by == {"toy"} for one in found), describe(result)
    assert all(target in one.targets for one in found), describe(result)
    assert all("bindings/toy/epoll.cpp:" in one.details["found in"] for one in found), describe(result)
    assert re.search(r"^    FINDINGS +toy ", result.out, re.MULTILINE), describe(result)
    assert all(row.verdict == "proved" for row in matrix(result.out).values()), describe(result)
    assert line_of(result, "c")[0] == "proved", describe(result)


@pytest.mark.parametrize("key, value, text", [
    ("wrapper", r"call_\*", "its number alone, since gen/languages.yaml names no wrapper"),
    ("alignment", r"align_\*", "not its alignment, of which gen/languages.yaml names no constant"),
], ids=["wrapper", "alignment"])
def test_prove_calls_nothing_proved_that_was_not_seen(root, key, value, text):
    """A number is not a whole system call, nor are size and fields a whole record."""
    mutate(root / "gen/languages.yaml", rf"{key}: {value},\s", "")
    result = prove(root)
    assert result.code == PROVED, describe(result)
    assert line_of(result, "c")[0] == "partly", describe(result)
    assert text in re.sub(r"\s+", " ", result.out), describe(result)
    [case] = [line for line in prove(root, "--format", "tap").out.splitlines()
              if "x86_64-linux epoll in c" in line]
    assert re.match(r"ok \d+ - .* # SKIP compiled tier, \d+ of 41 facts; not checked: ", case), case


def test_c_shows_what_the_wrapper_of_a_system_call_takes(root):
    """A parameter of another width is seen in the object too, not by the readers of the header alone."""
    mutate(root / "bindings/c/epoll.h", r"(raw_sys_epoll_create1\()int( flags\))", r"\1raw_u64\2")
    result = prove(root)
    assert result.code == FINDINGS, describe(result)
    [found] = [one for one in find(result.out, "bad-signature", "epoll_create1") if "c" in one.seen_by]
    assert (found.details["expected"], found.details["got"]) == ("i32", "u64"), describe(result)


def test_prove_catches_what_a_project_published(root, toy):
    """The epoll_event of a real project, packed everywhere, is refuted where the kernel does not pack it."""
    text = (REPOSITORY / "tests/museum/cxx/fex_590.cpp").read_text()
    record = re.search(r"^struct .*?^};\n", text, re.MULTILINE | re.DOTALL)
    mutate(toy, r"^#if defined\(__x86_64__\)\n(.*\n)*?#endif\n", record[0])
    result = prove(root)
    assert result.code == FINDINGS, describe(result)
    wrong = {(one.kind, one.item): one.targets for one in findings(result.out) if one.severity == "error"}
    assert wrong == {("bad-size", "epoll_event"): ("aarch64-linux",),
                     ("bad-offset", "epoll_event.data"): ("aarch64-linux",)}, describe(result)


def test_prove_catches_a_name_that_an_emitter_forgot(root, toy):
    """A constant that the binding lacks is missing, on both targets, and everything else is compared."""
    mutate(toy, r"^enum .* EPOLLET = .*\n", "")
    result = prove(root)
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "missing-constant", "EPOLLET")
    assert set(found.targets) == set(LINUX) and found.seen_by == {"toy"}, describe(result)
    assert len(re.findall(r"^error: ", result.out, re.MULTILINE)) == 1, describe(result)


def test_prove_names_the_line_that_does_not_compile(root, toy):
    """The compiler's own words, at the binding's own line."""
    toy.write_text(toy.read_text() + 'static_assert(sizeof(epoll_event) == 11, "size of epoll_event");\n')
    result = prove(root)
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "does-not-compile", "epoll")
    assert "size of epoll_event" in found.details["got"], describe(result)
    line = toy.read_text().count("\n")
    assert found.details["found in"].endswith(f"bindings/toy/epoll.cpp:{line}"), describe(result)


def test_prove_says_what_a_missing_compiler_leaves_unchecked(root):
    """Without its compiler a binding is not checked, with the reason; only --require makes that fail."""
    add_toy(root, "no-such-compiler")
    result = prove(root)
    assert result.code == PROVED, describe(result)
    assert line_of(result, "toy") == (
        "not checked", "compiler 'no-such-compiler' not found; `nobody` brings it", "epoll [x86_64-linux aarch64-linux]")
    for what in ("all", LINUX[1]):
        result = prove(root, "--require", what)
        assert result.code == FINDINGS, describe(result)
        [found] = find(result.out, "not-proved", "epoll")
        assert what in found.details["expected"] and "toy" in found.details["expected"], describe(result)
        assert "no-such-compiler" in found.details["got"], describe(result)


def test_prove_says_that_a_binding_was_not_generated(root, toy):
    """A file that the table promises and that is not there is not checked."""
    toy.unlink()
    result = prove(root, "--require", "all")
    assert result.code == FINDINGS, describe(result)
    assert line_of(result, "toy")[0] == "FINDINGS", describe(result)
    assert "run `make gen`" in result.out, describe(result)


def test_prove_leaves_bindings_out_where_witnesses_are_chosen(root, toy):
    """--witness chooses what is compared: no compiled binding is, and the report says so."""
    mutate(toy, "u32 events, data_lo, data_hi", "u32 data_lo, data_hi, events")
    result = prove(root, "--witness", "clang")
    assert "toy" not in result.out, describe(result)
    assert "each compiled in its own language and verified:" in result.out, describe(result)
    assert find(result.out, "bad-offset", "epoll_event.events") == [], describe(result)


def test_prove_accepts_a_waiver_for_a_binding(root, toy, tmp_path):
    """What a waiver accepts is waived in the binding, as in a check."""
    mutate(toy, r"^enum .* EPOLLET = .*\n", "")
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text("waivers:\n  - {kind: missing-constant, item: EPOLLET, reason: as a test}\n")
    result = prove(root, "--waivers", waivers)
    assert result.code == PROVED, describe(result)
    assert line_of(result, "toy")[0] == "waived", describe(result)


def test_prove_refuses_a_bad_table(root, toy):
    """A row that cannot be meant is an error with file and line."""
    mutate(root / "gen/languages.yaml", r"\{name: aarch64-linux\}\]\n    programs: \[/", "{name: aarch46-linux}]\n    programs: [/")
    result = prove(root)
    assert result.code == USAGE, describe(result)
    assert re.search(r"gen/languages\.yaml:\d+:\d+: error: language 'toy' names the unknown target 'aarch46-linux'",
                     result.err), describe(result)
