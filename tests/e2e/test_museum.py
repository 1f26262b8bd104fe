"""Published wrong bindings must be found, and published right ones accepted: the museum.

In: tests/museum/cases.yaml, which holds what each binding declares as data, and where it is
wrong. Out: for each case, whether `abiproof verify` judges it as the table says; at the end, a
score.

Everything is compiled and judged anew, as much at a time as there are processors, before the first
test looks at it.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Dict, List

import pytest

from conftest import print_at_end
from museum import CASES, Verdict, judge, read_targets


class Score:
    """What became of the selected cases; pytest prints it at the end."""

    def __init__(self):
        self.verdicts: Dict[str, List[Verdict]] = {}

    def is_judged(self, case_id: str) -> bool:
        """True if what the case is about was judged: a right binding, or a wrong one."""
        case = CASES[case_id]
        return any(verdict.objects and (check.get("findings") or case.get("control"))
                   for check, verdict in zip(case.get("checks", []), self.verdicts[case_id]))

    def lines(self) -> List[str]:
        impossible = [case for case in CASES.values() if "impossible" in case]
        checks = [check for verdicts in self.verdicts.values() for check in verdicts]

        def count(is_so) -> int:
            return sum(any(is_so(check) for check in v) for v in self.verdicts.values())

        return [
            f"museum: {sum(map(self.is_judged, self.verdicts))} of {len(CASES)} judged, "
            f"{count(lambda check: check.missed)} missed, "
            f"{count(lambda check: check.false_alarms)} false alarms, "
            f"{len(impossible)} not expressible; {sum(check.objects for check in checks)} objects",
            *(f"  not expressible: {case['id']}: {case['impossible']}" for case in impossible),
            *(f"  skipped objects: {n}, {reason}" for reason, n in sorted(
                Counter(reason for check in checks for reason in check.skipped).items()))]


@pytest.fixture(scope="session")
def score(request, tmp_path_factory) -> Score:
    """Judges every case that this run of pytest selected."""
    board = Score()
    print_at_end(board.lines)
    selected = {item.callspec.params.get("case_id") for item in request.session.items
                if hasattr(item, "callspec")}
    folder, targets = tmp_path_factory.mktemp("museum"), read_targets()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        waiting = {
            case_id: [pool.submit(judge, case, check, targets, folder / f"{case_id}-{i}")
                      for i, check in enumerate(case.get("checks", []))]
            for case_id, case in CASES.items() if case_id in selected}
        board.verdicts = {case_id: [check.result() for check in checks]
                          for case_id, checks in waiting.items()}
    return board


@pytest.mark.parametrize("case_id", CASES)
def test_museum_case_is_judged_as_it_was_published(score, case_id):
    """verify finds what was wrong where it was wrong, and nothing where it was right."""
    if "impossible" in CASES[case_id]:
        pytest.skip(f"not expressible: {CASES[case_id]['impossible']}")
    verdicts = score.verdicts[case_id]
    if all(verdict.skipped and not verdict.objects for verdict in verdicts):
        pytest.skip("; ".join(sorted({reason for v in verdicts for reason in v.skipped})))
    problems = [f"missed: {line}" for verdict in verdicts for line in verdict.missed]
    problems += [f"false alarm: {line}" for verdict in verdicts for line in verdict.false_alarms]
    assert not problems, "\n".join(problems)


def test_museum_notices_when_verify_is_wrong(tmp_path):
    """A binding that is judged otherwise than the table says is missed, or a false alarm."""
    case, targets = CASES["rust-12003"], read_targets()
    findings = case["checks"][0]["findings"]
    wrong = judge(case, {"targets": ["aarch64-linux"]}, targets, tmp_path / "wrong")
    right = judge(case, {"targets": ["x86_64-linux"], "findings": findings}, targets,
                  tmp_path / "right")
    if wrong.skipped or right.skipped:
        pytest.skip("; ".join(wrong.skipped + right.skipped))
    assert {f"aarch64-linux: {finding}" for finding in findings} <= set(wrong.false_alarms), wrong
    assert {f"x86_64-linux: {finding}" for finding in findings} <= set(right.missed), right


def test_museum_table_is_complete():
    """Every case says where it is from and can fail: a wrong binding is found somewhere and accepted
    somewhere, corrected or where it happens to be right; a case that is not judged says why."""
    for case_id, case in CASES.items():
        assert all(case.get(key) for key in ("project", "language", "url", "item")), case_id
        checks, is_impossible = case.get("checks", []), "impossible" in case
        assert bool(checks) != is_impossible, case_id
        has_findings = {bool(check.get("findings")) for check in checks}
        is_right = case.get("control", False)
        assert has_findings == (set() if is_impossible else {False} if is_right else {False, True})
