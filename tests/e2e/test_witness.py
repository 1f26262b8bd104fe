"""`probe --witness`: each witness alone, or some together, and no more claimed than these saw.

In: the small tree, sound and with a mutation that one witness can see. Out: verdict, tier and counts
of what ran, one line for what was left out by choice, exit 77 or what --require makes of it.
"""

import json

import pytest

from conftest import (FINDINGS, NOT_CHECKED, PROVED, USAGE, describe, find, matrix, mutate, run,
                      section)

ALL = ["clang", "dwarf", "compile", "dialect", "run", "behave", "call", "link", "boot"]
USUAL = {"x86_64-linux": ["clang", "dwarf", "dialect", "run", "behave", "call", "link"],
         "aarch64-macos": ["clang", "dwarf", "compile", "dialect", "link"]}


def options(*witnesses):
    """The command line that asks for these."""
    return [word for name in witnesses for word in ("--witness", name)]


def left_out(result):
    """The witnesses that the report says were left out by choice."""
    printed = [line.split("(--witness): ")[1].split(";")[0].split()
               for line in section(result.out, "not checked:") if "left out by choice" in line]
    assert len(printed) <= 1, describe(result)
    return printed[0] if printed else []


def ran(result):
    """Of the JSON report of one row: witness and subject of everything that ran."""
    [row] = json.loads(result.out)["rows"]
    return {(w["name"], w["subject"]) for w in row["witnesses"] if w["ran"]}


# Witness: its evidence on x86_64, beside the reader of the headers; the tier that both subjects
# have.
ALONE = {
    "clang": ([("clang", "binding")], "read"),
    "dwarf": ([("dwarf", "system"), ("dwarf", "binding")], "compiled"),
    "compile": ([("compile", "system"), ("compile", "binding")], "compiled"),
    "dialect": ([("dialect", "binding")], "read"),
    "run": ([("run", "system"), ("run", "binding")], "run"),
    "behave": ([("behave", "system")], "none"),
    "call": ([("call", "binding")], "read"),
    "link": ([("link", "system")], "none"),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_witness_alone_runs_and_no_other(name):
    """Only the witness that was named runs, at its tier, and the row is not called proved."""
    who, tier = ALONE[name]
    arguments = ["prove", "--spec", "epoll", "--target", "x86_64-linux", *options(name)]
    text, data = run(*arguments), run(*arguments, "--format", "json")
    assert text.code == data.code == NOT_CHECKED, describe(text)
    assert ran(data) == {("clang", "system"), *who}, describe(data)
    row = matrix(text.out)["x86_64-linux", "epoll"]
    assert (row.verdict, row.tier) == ("partly", tier), describe(text)
    others = [other for other in USUAL["x86_64-linux"] if other != name]
    assert left_out(text) == others, describe(text)
    assert json.loads(data.out)["rows"][0]["left_out"] == others, describe(data)


def test_one_witness_of_the_headers_confirms_no_fact():
    """With clang alone nobody has seen the headers a second time."""
    result = run("prove", "--target", "x86_64-linux", *options("clang"))
    assert {row.checked for row in matrix(result.out).values()} == {0}, describe(result)


def test_a_pair_confirms_what_both_see():
    """The run confirms what a program can print, and dwarf all but the library."""
    counts = {name: matrix(run("prove", "--spec", "epoll", "--target", "x86_64-linux",
                               *options(*name)).out)["x86_64-linux", "epoll"]
              for name in [("run",), ("dwarf",), ("dwarf", "link")]}
    assert 0 < counts["run",].checked < counts["dwarf", "link"].checked, counts
    assert counts["dwarf", "link"].checked == counts["dwarf", "link"].facts, counts
    assert {row.verdict for row in counts.values()} == {"partly"}, counts


@pytest.mark.parametrize("target", USUAL)
def test_all_by_name_is_the_same_as_none_left_out(target):
    """Who names every witness that the target has has left out nothing, and the row is proved."""
    result = run("prove", "--target", target, *options(*USUAL[target]), "--require", "all")
    usual = run("prove", "--target", target, "--require", "all")
    assert result.code == usual.code == PROVED, describe(result)
    assert matrix(result.out) == matrix(usual.out), describe(result)
    assert left_out(result) == [], describe(result)


@pytest.mark.parametrize("name", ["run", "behave", "boot"])
def test_a_witness_that_the_target_does_not_have_is_not_checked(name):
    """Darwin has no emulator and no kernel to boot: a reason, and no verdict better than that."""
    result = run("prove", "--target", "aarch64-macos", *options(name))
    assert result.code == NOT_CHECKED, describe(result)
    row = matrix(result.out)["aarch64-macos", "kqueue_macos"]
    assert (row.verdict, row.tier, row.checked) == ("not checked", "none", 0), describe(result)
    assert any(f"aarch64-macos] {name}: " in line
               for line in section(result.out, "not checked:")), describe(result)


def test_what_was_not_asked_is_not_missed():
    """Where `run` was not requested, the report does not mention that nothing runs here."""
    usual, chosen = (run("prove", "--target", "aarch64-macos", *more)
                     for more in ([], options("dwarf")))
    assert "run: nothing here runs" in usual.out, describe(usual)
    assert "run: nothing here runs" not in chosen.out, describe(chosen)


def test_an_unknown_witness_is_refused():
    """A misspelt name must not be a witness that never runs; the known ones are listed."""
    result = run("prove", *options("clang", "gcc"))
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert f"unknown witness 'gcc'; known: {' '.join(ALL)}" in result.err, describe(result)


# What is required, of whom; whether that is reached.
REQUIRED = [(["dwarf"], "compiled", True), (["dwarf"], "run", False), (["clang"], "read", True),
            (["clang"], "compiled", False), (["behave"], "run", False), (["run"], "run", True),
            (["dwarf", "run"], "all", False), (["dwarf", "run"], "x86_64-linux", False)]


@pytest.mark.parametrize("names, what, is_reached", REQUIRED,
                         ids=["-".join([*names, what]) for names, what, _ in REQUIRED])
def test_require_asks_no_less_because_of_a_choice(names, what, is_reached):
    """A tier that ran meets a tier that is required; `all` and a target need all witnesses."""
    result = run("prove", "--spec", "eventfd", "--target", "x86_64-linux", *options(*names),
                 "--require", what)
    assert result.code == (PROVED if is_reached else FINDINGS), describe(result)
    found = find(result.out, "not-proved", "eventfd")
    assert bool(found) != is_reached, describe(result)
    for finding in found:
        assert "--witness leaves out: " in finding.details["got"], describe(result)


# Witness: a mutation of bindings/c/epoll.h that it sees alone.
SEEN = ["clang", "dwarf", "compile", "run"]


@pytest.mark.parametrize("name", SEEN)
def test_a_witness_alone_sees_a_wrong_binding(name, bindings):
    """Each witness of the binding finds a wrong number by itself, and says that it was alone."""
    mutate(bindings / "epoll.h", r"^#define RAW_EPOLLIN 0x1U$", "#define RAW_EPOLLIN 0x2U")
    result = run("prove", "--spec", "epoll", "--target", "x86_64-linux", "--bindings", bindings,
                 *options(name))
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "bad-value", "EPOLLIN")
    assert found.seen_by == {name}, describe(result)


def test_a_witness_that_cannot_see_it_claims_nothing(bindings):
    """The linker sees no constant: nothing is found, and the row is not called proved."""
    mutate(bindings / "epoll.h", r"^#define RAW_EPOLLIN 0x1U$", "#define RAW_EPOLLIN 0x2U")
    result = run("prove", "--spec", "epoll", "--target", "x86_64-linux", "--bindings", bindings,
                 *options("link"))
    assert result.code == NOT_CHECKED, describe(result)
    row = matrix(result.out)["x86_64-linux", "epoll"]
    assert (row.verdict, row.tier, row.checked) == ("partly", "none", 0), describe(result)
