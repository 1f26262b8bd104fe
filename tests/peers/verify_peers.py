"""Holds other projects' structs, constants and numbers against ours, target by target.

In: peers.yaml (who they are), known.yaml (disagreements that are understood), abi_probes/facts/
(what the kernels have). Out: a matrix of targets and peers, findings, a last line with the counts.
Design: agreement counts only for what was really compared. A name that the peer does not have is
counted as absent, and each number in the matrix says how many names stand behind it.
"""

import argparse
import collections
import fnmatch
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

import yaml

from compilers import COMPILERS, REPOSITORY, Unavailable, Wanted

PROVED, FINDINGS, USAGE, NOT_CHECKED = 0, 1, 2, 77


class Finding(NamedTuple):
    """One finding of `abiproof verify` about one target."""

    is_error: bool
    kind: str
    item: str
    target: str
    details: Tuple[str, ...]


class Cell(NamedTuple):
    """What came of one peer on one target."""

    wanted: List[str]  # the kernel's names that were asked for
    absent: List[str]  # of these, what the peer does not have
    findings: List[Finding]
    facts: int  # that agree
    unseen: Dict[str, str]  # records, and which of their fields were not compared, or not wholly

    def items(self, findings) -> set:
        """The names that findings are about; a field's is its record's."""
        return {finding.item.split(".")[0] for finding in findings}


# ---- tables -----------------------------------------------------------------------------------


def fail(text: str) -> None:
    """Ends the program: usage, or a table that is wrong."""
    print(f"ci/verify-peers: {text}", file=sys.stderr)
    sys.exit(USAGE)


def load(path: Path, key: str, fields: Dict[str, type],
         optional: Tuple[str, ...] = ()) -> List[dict]:
    """The rows of a table; every key is checked."""
    rows = yaml.safe_load(path.read_text()).get(key) or []
    for row in rows:
        for name, kind in fields.items():
            if name not in row and name not in optional:
                fail(f"{path}: a row of {key} lacks '{name}': {row}")
            if name in row and not isinstance(row[name], kind):
                fail(f"{path}: '{name}' in {key}: expected {kind.__name__}, got {row[name]!r}")
        for name in row.keys() - fields.keys():
            fail(f"{path}: unknown key '{name}' in {key}; expected {', '.join(fields)}")
    return rows


def load_peers(folder: Path) -> List[dict]:
    return load(folder / "peers.yaml", "peers",
                {"name": str, "compiler": str, "what": str, "package": str, "targets": dict,
                 "names": dict}, optional=("package",))


def load_known(path: Path, peers: List[dict]) -> List[dict]:
    rows = load(path, "known", {"peer": str, "targets": list, "findings": list, "wrong": str,
                                "evidence": str})
    for row in rows:
        if row["wrong"] not in ("theirs", "ours", "neither"):
            fail(f"{path}: 'wrong' of {row['findings'][0]}: expected theirs, ours or neither, got "
                 f"{row['wrong']!r}")
        if row["peer"] not in [peer["name"] for peer in peers]:
            fail(f"{path}: no peer '{row['peer']}' in peers.yaml")
    return rows


def read_facts(target: str) -> Dict[str, str]:
    """Kinds by name, of everything that the committed facts of a target say."""
    names = {}
    for path in sorted((REPOSITORY / "abi_probes/facts" / target).glob("*.facts")):
        for line in path.read_text().splitlines():
            kind, name = line.split()[:2]
            if kind in ("constant", "record"):
                names[name] = kind
            elif kind == "syscall":
                names["syscall:" + name] = kind
    if not names:
        fail(f"no facts of {target} in abi_probes/facts")
    return names


def rename(name: str, rules: List[Dict[str, str]]) -> Optional[str]:
    """What the peer calls a constant, by the first rule that fits; None if none does."""
    for rule in rules:
        for ours, theirs in rule.items():
            if fnmatch.fnmatchcase(name, ours):
                middle = name[ours.index("*"):] if "*" in ours else ""
                return theirs.replace("*", middle)
    return None


def wanted_names(names: dict, target: str) -> List[Wanted]:
    """Every name of the target's facts that the peer may have."""
    wanted, has_headers = [], "headers" in names
    facts = read_facts(target)
    for ours, theirs in names.get("records", {}).items():
        if ours in facts or has_headers:
            wanted.append(Wanted(ours, theirs, True))
    for ours, kind in facts.items():
        theirs = None
        if kind == "constant":
            theirs = rename(ours, names.get("constants", []))
        elif kind == "syscall" and "syscalls" in names:
            name = ours.split(":")[1]
            theirs = names["syscalls"].format(name=name, NAME=name.upper())
        if theirs is not None:
            wanted.append(Wanted(ours, theirs, False))
    return wanted


# ---- one peer on one target ---------------------------------------------------------------------

FINDING = re.compile(r"^(error|note): ([a-z-]+): (\S+) .*\n((?:    .*\n)+)", re.MULTILINE)
RECORD = re.compile(r"^(?:proved|by bytes) +\S+ as (\S+)  \d+ bytes:.*\n((?: {11}.*\n)+)", re.MULTILINE)
UNSEEN = re.compile(r"(?:not compared|only by offset and size|names do not say which is which).*: .*")
TOTAL = re.compile(r"^\d+ of \d+ items proved, .*\d+ with findings.*; (\d+) facts?\b", re.MULTILINE)


def read_report(text: str, target: str, maps: Dict[str, str]) -> Cell:
    """The report of `abiproof verify` about one object. maps: what it was asked for, ours: theirs;
    what the object does not have is named by theirs."""
    absent, findings = [], []
    ours = {theirs: name for name, theirs in maps.items()}
    for severity, kind, item, details in FINDING.findall(text):
        if kind == "missing-map":
            absent.append(ours[details.split("'")[1]])
        else:
            findings.append(Finding(severity == "error", kind, item, target,
                                    tuple(line.strip() for line in details.splitlines())))
    total = TOTAL.search(text)
    if total is None:
        raise RuntimeError(f"no last line in the report of abiproof verify:\n{text}")
    unseen = {name: UNSEEN.search(" ".join(lines.split())) for name, lines in RECORD.findall(text)}
    return Cell(list(maps), absent, findings, int(total[1]),
                {name: match[0] for name, match in unseen.items() if match})


def verify(abiproof: Path, peer: dict, target: str, compiler, work: Path) -> Cell:
    """Builds one object and judges it. Raises Unavailable or RuntimeError."""
    names = peer["names"]["linux" if target.endswith("-linux") else "kqueue"]
    wanted = wanted_names(names, target)
    folder = work / peer["name"] / target
    folder.mkdir(parents=True, exist_ok=True)
    built = compiler.build(peer.get("package"), peer["targets"][target], wanted, folder)
    argv = [abiproof, "verify", built.path.relative_to(REPOSITORY), "--target", target, "-v"]
    for header in names.get("headers", []):
        argv += ["--header", header]
    for ours, theirs in built.maps.items():
        argv += ["--map", f"{theirs}={ours}"]
    done = subprocess.run(argv, cwd=REPOSITORY, encoding="utf-8", stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)
    (folder / "report.txt").write_text(done.stdout + done.stderr)
    if done.returncode not in (PROVED, FINDINGS):
        raise RuntimeError(f"abiproof verify: exit code {done.returncode}: {done.stderr.strip()}")
    cell = read_report(done.stdout, target, built.maps)
    lost = built.present & set(cell.absent)
    if lost:
        raise RuntimeError("in the object, but not found in its debug information: "
                           + " ".join(sorted(lost)))
    return cell


# ---- the report ---------------------------------------------------------------------------------


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


class Report:
    """All cells, and what is printed of them."""

    def __init__(self, peers: List[dict], all_peers: List[dict], known: List[dict]):
        self.peers, self.all_peers, self.known = peers, all_peers, known
        self.cells: Dict[Tuple[str, str], Cell] = {}
        self.skipped: Dict[Tuple[str, str], str] = {}  # peer and target: why
        self.errors: Dict[Tuple[str, str], str] = {}
        self.versions: Dict[str, str] = {}
        self.used = set()  # rows of known, by index, and which of their findings and targets

    def is_known(self, peer: str, finding: Finding) -> bool:
        text = f"{finding.kind} {finding.item}"
        rules = {(index, part) for index, row in enumerate(self.known)
                 if row["peer"] == peer and text in row["findings"]
                 for glob in row["targets"] if fnmatch.fnmatchcase(finding.target, glob)
                 for part in (text, glob)}
        self.used |= rules
        return bool(rules)

    def split(self, peer: str, cell: Cell) -> Tuple[List[Finding], List[Finding]]:
        """A cell's errors: those that nobody has explained, those that known.yaml has."""
        errors = [finding for finding in cell.findings if finding.is_error]
        known = [finding for finding in errors if self.is_known(peer, finding)]
        return [finding for finding in errors if finding not in known], known

    def text(self, peer: str, target: str) -> str:
        """One cell of the matrix."""
        if (peer, target) in self.errors:
            return "error"
        if (peer, target) not in self.cells:
            return "skipped" if (peer, target) in self.skipped else "-"
        cell = self.cells[peer, target]
        new, known = self.split(peer, cell)
        text = f"{len(cell.wanted) - len(cell.absent)}/{len(cell.wanted)}"
        text += f" !{len(cell.items(new))}" if new else ""
        return text + (f" ={len(cell.items(known))}" if known else "")

    def print_matrix(self) -> None:
        targets = list(dict.fromkeys(target for peer in self.peers for target in peer["targets"]))
        for peer in self.peers:
            if peer["name"] in self.versions:
                print(f"{peer['name']:<11} {peer['what']} {self.versions[peer['name']]}")
        names = "".join(f"{peer['name']:<15}" for peer in self.peers)
        print(f"\n{'target':<20}{names}".rstrip())
        for target in targets:
            row = [self.text(peer["name"], target) for peer in self.peers]
            if set(row) != {"-"}:
                print((f"{target:<20}" + "".join(f"{text:<15}" for text in row)).rstrip())
        print("\nn/m: of m names that the target's facts have, the peer has n, and these were "
              "compared;\n!k: k of them with findings; =k: k with findings that "
              "tests/peers/known.yaml explains")

    def print_findings(self) -> None:
        """Those that nobody has explained; the same finding on several targets once."""
        groups = collections.defaultdict(list)
        for (peer, target), cell in self.cells.items():
            for finding in self.split(peer, cell)[0]:
                details = tuple(line for line in finding.details
                                if not line.startswith(("header", "seen by")))
                groups[peer, finding.kind, finding.item, details[:2]].append((target, finding))
        for (peer, kind, item, _), found in groups.items():
            print(f"\nerror: {kind}: {item} ({peer}) [{' '.join(target for target, _ in found)}]")
            print("".join(f"    {line}\n" for line in found[0][1].details), end="")

    def print_known(self) -> None:
        used = {index for index, _ in self.used}
        for index, row in enumerate(self.known):
            if index in used:
                print(f"known: {row['peer']} [{' '.join(row['targets'])}]: "
                      f"{', '.join(row['findings'])}\n    {row['wrong']} wrong: {row['evidence']}")

    def print_notes(self, is_verbose: bool) -> None:
        groups = collections.defaultdict(list)
        for (peer, target), cell in self.cells.items():
            for finding in cell.findings:
                if not finding.is_error:
                    groups[peer, finding.kind, finding.item, finding.details[:2]].append(target)
        if groups and not is_verbose:
            print(f"{count(len(groups), 'note')}: right today and worth knowing; -v shows them")
        for (peer, kind, item, details), targets in groups.items() if is_verbose else []:
            print(f"note: {kind}: {item} ({peer}) [{' '.join(targets)}] {'; '.join(details)}")

    def print_not_compared(self, is_verbose: bool) -> None:
        groups = collections.defaultdict(list)
        for (peer, target), why in self.skipped.items():
            groups[peer, why].append(target)
        for (peer, why), targets in groups.items():
            print(f"not checked: {peer} [{' '.join(targets)}]: {why}")
        groups.clear()
        for (peer, target), cell in self.cells.items():
            for record, text in cell.unseen.items():
                groups[peer, record, text].append(target)
        for (peer, record, text), targets in groups.items():
            where = " ".join(targets) if is_verbose else count(len(targets), "target")
            print(f"partly: {peer}: {record} [{where}]: {text}")
        for peer in [peer["name"] for peer in self.peers]:
            cells = {target: cell for (name, target), cell in self.cells.items() if name == peer}
            names = {item for cell in cells.values() for item in cell.wanted}
            absent = {item for item in names if all(
                item in cell.absent for cell in cells.values() if item in cell.wanted)}
            if absent:
                print(f"absent: {peer} has none of {len(absent)} names, of {len(names)}"
                      + (": " + " ".join(sorted(absent)) if is_verbose else ""))

    def unused(self) -> List[Tuple[dict, str]]:
        """Findings and targets in known.yaml that explain nothing, if all targets of their row
        were looked at."""
        targets = {peer["name"]: peer["targets"] for peer in self.all_peers}
        return [(row, part) for index, row in enumerate(self.known)
                for part in row["findings"] + row["targets"]
                if (index, part) not in self.used and
                all((row["peer"], target) in self.cells for target in targets[row["peer"]]
                    if any(fnmatch.fnmatchcase(target, glob) for glob in row["targets"]))]

    def last_line(self) -> Tuple[int, str]:
        new = known = items = facts = 0
        for (peer, _), cell in self.cells.items():
            of_new, of_known = self.split(peer, cell)
            new += len(cell.items(of_new))
            known += len(cell.items(of_known) - cell.items(of_new))
            items += len(cell.wanted) - len(cell.absent)
            facts += cell.facts
        return new, (f"{items - new - known} of {items} items proved, {known} known to disagree, "
                     f"{new} with findings; {facts} facts; {len(self.cells)} objects, "
                     f"{len(self.skipped)} not checked, {len(self.errors)} failed")


def select(peers: List[dict], names: List[str], targets: List[str]) -> List[dict]:
    """The peers and targets that the command line wants; a name that none has is an error."""
    for name in names:
        if name not in [peer["name"] for peer in peers]:
            fail(f"no peer '{name}'; expected one of {' '.join(peer['name'] for peer in peers)}")
    for target in targets:
        if all(target not in peer["targets"] for peer in peers):
            fail(f"no peer builds for '{target}'")
    return [{**peer, "targets": {target: triple for target, triple in peer["targets"].items()
                                 if not targets or target in targets}}
            for peer in peers if not names or peer["name"] in names]


def run_all(report: Report, options) -> None:
    """Fills the report. A compiler is looked for once; its targets are built side by side."""
    found = {}
    jobs = []
    for peer in report.peers:
        kind = peer["compiler"]
        if kind not in found:
            try:
                found[kind] = COMPILERS[kind](options.work)
            except (Unavailable, RuntimeError) as error:
                found[kind] = error
        if isinstance(found[kind], Exception):
            for target in peer["targets"]:
                report.skipped[peer["name"], target] = str(found[kind])
            continue
        report.versions[peer["name"]] = found[kind].version(peer.get("package"))
        jobs += [(peer, target, found[kind]) for target in peer["targets"]]

    def one(job) -> None:
        peer, target, compiler = job
        key = peer["name"], target
        try:
            report.cells[key] = verify(options.abiproof, peer, target, compiler, options.work)
        except Unavailable as error:
            report.skipped[key] = str(error)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            report.errors[key] = str(error)

    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(one, jobs))


def print_all(report: Report, options) -> int:
    """Prints the report and returns the exit code."""
    report.print_matrix()
    report.print_findings()
    print()
    report.print_known()
    report.print_notes(options.verbose)
    report.print_not_compared(options.verbose)
    for (peer, target), text in report.errors.items():
        print(f"ci/verify-peers: {peer} for {target}: {text}", file=sys.stderr)
    unused = report.unused()
    for row, part in unused:
        print(f"error: unused-known: '{part}' ({row['peer']}): no finding needs it; remove it from "
              "known.yaml")
    if options.require and report.skipped:
        print(f"error: not-checked: {count(len(report.skipped), 'object')} of those above, and "
              "--require wants all")
    n_new, text = report.last_line()
    print(text)
    if report.errors:
        return USAGE
    if n_new or unused or (options.require and report.skipped):
        return FINDINGS
    return PROVED if report.cells else NOT_CHECKED


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="ci/verify-peers", description="Holds the kernel structs, constants and numbers of "
        "other projects against abi_probes/facts.",
        epilog="exit codes: 0 proved, 1 findings, 2 usage or environment, 77 nothing was checked")
    parser.add_argument("--peer", action="append", default=[], help="only this one (repeatable)")
    parser.add_argument("--target", action="append", default=[], help="only this one (repeatable)")
    parser.add_argument("--require", action="store_true", help="fail if anything is skipped")
    parser.add_argument("--tables", type=Path, default=REPOSITORY / "tests/peers", metavar="DIR",
                        help="folder of peers.yaml and known.yaml")
    parser.add_argument("--work", type=Path, default=REPOSITORY / "build/peers", metavar="DIR",
                        help="folder for all that is built, inside the repository")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("-v", "--verbose", action="store_true", help="print notes and absent names")
    options = parser.parse_args()
    options.abiproof = Path(os.environ.get("ABIPROOF") or REPOSITORY / "build/abiproof").resolve()
    if not options.abiproof.exists():
        fail(f"no {options.abiproof}; run 'make' first")
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    peers = load_peers(options.tables)
    known = load_known(options.tables / "known.yaml", peers)
    report = Report(select(peers, options.peer, options.target), peers, known)
    run_all(report, options)
    return print_all(report, options)


if __name__ == "__main__":
    sys.exit(main())
