"""Records of the headers in right spellings and wrong ones: `abiproof verify` must tell them apart.

In: the headers of a target by the rule of foreign_records.py, read by its compiler. Out: two scores
for each target, printed at the end: right bindings accepted, wrong ones caught. What is not as it
should be fails with its name, but for the table below; `make mutants` takes all headers and targets.

Design: all bindings of a header are one object, and a map says for which record each stands, so one
run of verify judges thousands. The compiler asserts that each is what it should be.
"""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Dict, List, NamedTuple, Tuple

import pytest

from conftest import NOT_CHECKED, REPOSITORY, USAGE, describe, print_at_end, run
from foreign_records import Reader, Record, Target, dump, headers_of, records_of, target_of
from record_mutations import Binding, mutants, spellings
from record_trees import declaration, leaves_of

FLAGS = ["-g", "-c", "-w", "-ffreestanding", "-fno-eliminate-unused-debug-types"]
IS_WHOLE = os.environ.get("MUTANTS") == "all"
# Of a record that can be wrong in more ways (struct kvm_run, FreeBSD's struct thread): evenly chosen ones.
MUTANTS_MAX = 600
TARGETS = ["x86_64-linux", "i386-linux", "arm-linux", "s390x-linux", "mips-linux", "m68k-linux",
           "riscv64-linux", "x86_64-freebsd"]
# What every run of the tests takes: input_event, uring's unions and bit-fields of perf.
SMALL = {"x86_64-linux": ["linux/input.h", "linux/perf_event.h"],
         "s390x-linux": ["linux/perf_event.h", "sys/timex.h"]}


class Known(NamedTuple):
    """A wrong binding that is not caught: of which header, record and change, and why not."""

    header: str
    record: str
    change: str
    reason: str


VERBATIM = "the kernel returns data as it was given, so its bytes may be cut as anybody likes"
# Patterns. An entry without a survivor fails: then it is to be taken out.
KNOWN = [
    Known("sys/epoll.h", "epoll_event", "data: *", VERBATIM),
    Known("sys/epoll.h", "epoll_event", "halves of u64 swapped", VERBATIM),
]


class Case(NamedTuple):
    """One binding of a record of a header, right or wrong."""

    header: str
    record: Record
    binding: Binding

    @property
    def is_right(self) -> bool:
        return self.binding.change == "none"

    def __str__(self) -> str:
        how = f"right, {self.binding.spelling}" if self.is_right else \
            f"{self.binding.change} ({self.binding.spelling})"
        return f"<{self.header}> {self.record.name}: {how}"


class Score(NamedTuple):
    """What became of the bindings of a target."""

    target: str
    headers: int
    records: int
    right: Tuple[int, int]  # accepted, made
    wrong: Tuple[int, int]  # caught, made
    known: int


class Summary:
    """The scores; pytest prints them at the end."""

    def __init__(self):
        self.scores: List[Score] = []

    def lines(self) -> List[str]:
        return [f"{score.target}: {score.records} records of {score.headers} headers; right ones accepted "
                f"{score.right[0]} of {score.right[1]}, wrong ones caught {score.wrong[0]} of "
                f"{score.wrong[1]}, known survivors {score.known}" for score in [*self.scores, self.sum()]]

    def sum(self) -> Score:
        def add(pairs):
            return tuple(sum(column) for column in zip(*pairs)) or (0, 0)
        return Score("all", sum(s.headers for s in self.scores), sum(s.records for s in self.scores),
                     add(s.right for s in self.scores), add(s.wrong for s in self.scores),
                     sum(s.known for s in self.scores))


@pytest.fixture(name="summary", scope="module")
def summary_fixture() -> Summary:
    summary = Summary()
    print_at_end(summary.lines)
    return summary


# ---- one header ---------------------------------------------------------------------------------


def cases_of(target: Target, header: str, records: List[Record]) -> List[Case]:
    """All bindings of a header's records; of those that are written the same way, the first."""
    cases = []
    for record in records:
        seen = set()
        right = [Binding("none", name, body) for name, body in
                 spellings(record.body, target.is_little).items()]
        wrong = list(mutants(record.name, record.body, target.is_little))
        for binding in [*right, *wrong[::1 + len(wrong) // MUTANTS_MAX]]:
            if binding.body not in seen:
                seen.add(binding.body)
                cases.append(Case(header, record, binding))
    return cases


def text_of(cases: List[Case]) -> str:
    return "\n".join(declaration(case.binding.body, f"m{i}") for i, case in enumerate(cases)) + "\n"


def judged(target: Target, header: str, cases: List[Case], folder: Path) -> Dict[str, dict]:
    """What verify says of each binding, by its tag."""
    stem = header.replace("/", "_")
    source, binary, config = (folder / f"{stem}{end}" for end in (".c", ".o", ".yaml"))
    source.write_text(text_of(cases))
    subprocess.run([*target.compiler, *FLAGS, str(source), "-o", str(binary)], check=True, timeout=600)
    config.write_text(
        f"objects:\n  - paths: [{binary}]\n    target: {target.name}\nheaders: [{header}]\nmaps:\n" +
        "".join(f"  - m{i}={case.record.name}\n" for i, case in enumerate(cases)))
    result = run("verify", "--config", config, "--format", "json", cwd=REPOSITORY, timeout=3000)
    assert result.code not in (USAGE, NOT_CHECKED), f"<{header}>: {describe(result)[:3000]}"
    return {one["name"].split(" ")[0]: one for one in json.loads(result.out)["cases"]}


def is_as_it_should(case: Case, verdict: dict) -> bool:
    """Right: no error. Wrong: an error of this record."""
    errors = [finding for finding in verdict["findings"] if finding["severity"] == "error"]
    if case.is_right:
        return verdict["outcome"] == "proved" and not errors
    return verdict["outcome"] == "findings" and any(
        finding["item"].split(".")[0] == case.record.name for finding in errors)


def is_known(case: Case, known: Known) -> bool:
    return not case.is_right and fnmatchcase(case.header, known.header) and \
        fnmatchcase(case.record.name, known.record) and fnmatchcase(case.binding.change, known.change)


# ---- all of a target ----------------------------------------------------------------------------


def need_target(name: str) -> Target:
    return target_of(name, REPOSITORY) or pytest.skip(f"no compiler for {name}")


def chosen_records(target: Target, folder: Path) -> List[Tuple[str, List[Record]]]:
    """The records of all headers of the rule, or of the few that every run takes."""
    headers = headers_of(target)
    if not IS_WHOLE:
        headers = [header for header in headers if header in SMALL[target.name]]
    return list(records_of(target, headers, folder))


def judge_header(target: Target, header: str, records: List[Record], folder: Path):
    """(cases, those that are not as they should be)"""
    cases = cases_of(target, header, records)
    verdicts = judged(target, header, cases, folder)
    missing = [str(case) for i, case in enumerate(cases) if f"m{i}" not in verdicts]
    assert not missing, f"not judged at all: {missing}"
    return cases, [case for i, case in enumerate(cases) if not is_as_it_should(case, verdicts[f"m{i}"])]


@pytest.mark.parametrize("name", TARGETS if IS_WHOLE else list(SMALL))
def test_right_spellings_are_accepted_and_wrong_ones_caught(name, tmp_path, summary):
    target = need_target(name)
    chosen = chosen_records(target, tmp_path)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda pair: judge_header(target, *pair, tmp_path), chosen))
    cases = [case for all_cases, _ in found for case in all_cases]
    bad = [case for _, some in found for case in some]
    known = [case for case in bad if any(is_known(case, entry) for entry in KNOWN)]
    n_right, n_refused = (sum(case.is_right for case in some) for some in (cases, bad))
    n_wrong, n_survivors = len(cases) - n_right, len(bad) - n_refused
    summary.scores.append(Score(
        name, len(chosen), sum(len(records) for _, records in chosen), (n_right - n_refused, n_right),
        (n_wrong - n_survivors, n_wrong), len(known)))
    gone = [entry for entry in KNOWN if any(is_known(case, entry) for case in cases) and
            not any(is_known(case, entry) for case in bad)]
    unexpected = [str(case) for case in bad if case not in known]
    assert not unexpected, f"{len(unexpected)} of {len(cases)}:\n" + "\n".join(unexpected)
    assert not gone, f"caught, and still in the table of survivors: {gone}"
    assert len(cases) > (20000 if IS_WHOLE else 200)


@pytest.mark.parametrize("name", list(SMALL))
def test_a_binding_is_compiled_to_what_it_was_written_as(name, tmp_path):
    """Bit-fields have no offset that a compiler could assert: its debug information has it."""
    target = need_target(name)
    header, records = next((header, records) for header, records in
                           records_of(target, ["linux/perf_event.h"], tmp_path))
    cases = cases_of(target, header, records)
    read = {record.name: record for record in Reader(dump(target, text_of(cases), tmp_path)).records()}
    wrong = [str(case) for i, case in enumerate(cases)
             if sorted(leaves_of(read[f"m{i}"].body)) != sorted(leaves_of(case.binding.body)) or
             read[f"m{i}"].body.size != case.binding.body.size]
    assert len(cases) > 100 and not wrong, wrong
