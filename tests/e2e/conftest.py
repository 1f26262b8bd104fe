"""What the tests through the command line share: running abiproof, copies of the tree, mutations.

In: the program under test, named by the environment variable ABIPROOF (default: the one with
sanitizers that `make e2e` builds). Out: helpers and fixtures.

Most tests run in a small tree, build/e2e/root*, made from the real one: the same sources, but only
the specs and targets in SPECS, so that a run takes a second and not a minute.

Design: a test that changes a generated file must not turn into a test that changes nothing
when the generator changes its style. So every edit goes through `mutate`, which fails unless
its pattern matches exactly as often as the test says.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# Each process of pytest has a tree of its own: they share neither what is generated nor the cache.
ROOT = REPOSITORY / "build/e2e" / ("root" + os.environ.get("PYTEST_XDIST_WORKER", ""))
ABIPROOF = Path(os.environ.get("ABIPROOF") or "build/asan/abiproof")
ABIPROOF = ABIPROOF if ABIPROOF.is_absolute() else REPOSITORY / ABIPROOF

# Exit codes, as every --help lists them.
PROVED, FINDINGS, USAGE, NOT_CHECKED = 0, 1, 2, 77

LINUX = ["x86_64-linux", "aarch64-linux"]
MACOS = ["x86_64-macos", "aarch64-macos"]
SPECS = {"epoll": LINUX, "eventfd": LINUX, "kqueue_macos": MACOS}


# ---- running --------------------------------------------------------------------------------


class Result(NamedTuple):
    """How a program ended, and what it printed."""

    code: int
    out: str
    err: str


def run_program(argv, cwd=ROOT, env=None, timeout=60) -> Result:
    """Runs any program; env, if given, is the whole environment."""
    done = subprocess.run(
        [str(word) for word in argv], cwd=str(cwd), env=env, timeout=timeout, encoding="utf-8",
        errors="backslashreplace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def run(*args, cwd=ROOT, timeout=60, **variables) -> Result:
    """Runs abiproof; variables are added to the environment, or taken out of it if None. A report
    of a sanitizer is never an ordinary failure."""
    env = {"ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "exitcode=99", **os.environ}
    for name, value in variables.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = str(value)
    result = run_program([ABIPROOF, *args], cwd, env, timeout)
    assert "Sanitizer" not in result.err and "runtime error" not in result.err, result.err
    assert result.code in (PROVED, FINDINGS, USAGE, NOT_CHECKED), describe(result)
    return result


def describe(result: Result) -> str:
    """A result for the message of a failed assertion."""
    return f"exit code {result.code}\n--- stdout\n{result.out}--- stderr\n{result.err}"


# ---- reading the report ---------------------------------------------------------------------


class Finding(NamedTuple):
    """One finding of the text report."""

    severity: str
    kind: str
    item: str
    subject: str
    spec: str
    targets: Tuple[str, ...]
    details: Dict[str, str]

    @property
    def seen_by(self):
        return set(self.details.get("seen by", "").split())


FINDING = re.compile(
    r"^(?P<severity>error|note): (?P<kind>[a-z-]+): (?P<item>\S+)"
    r"(?: \((?P<subject>\w+) of (?P<spec>[^)\s]+)\))?(?: \[(?P<targets>[^]]*)\])?\n"
    r"(?P<details>(?:    (?:(?:expected|got|layouts|header|found in|seen by) |          ).*\n)+)", re.MULTILINE)
DETAIL = re.compile(r"^    (expected|got|layouts|header|found in|seen by) +(.*(?:\n {14}.*)*)$", re.MULTILINE)


def findings(text: str) -> List[Finding]:
    """All findings of a report."""
    found = [
        Finding(m["severity"], m["kind"], m["item"], m["subject"] or "", m["spec"] or "",
                tuple((m["targets"] or "").split()), dict(DETAIL.findall(m["details"])))
        for m in FINDING.finditer(text)
    ]
    headlines = re.findall(r"^(?:error|note): ", text, re.MULTILINE)
    assert len(found) == len(headlines), f"a finding does not look as expected:\n{text}"
    return found


def find(text: str, kind: str, item: str) -> List[Finding]:
    """The findings of one kind about one item."""
    return [f for f in findings(text) if f.kind == kind and f.item == item]


class Row(NamedTuple):
    """One row of the matrix."""

    checked: int
    facts: int
    tier: str
    verdict: str
    layout: str


def matrix(text: str) -> Dict[Tuple[str, str], Row]:
    """The rows of the matrix, by target and spec. Rows that are alike are grouped: a line with
    verdict, tier, spec and layout in fixed columns, then indented lines that end with the
    architectures."""
    rows = {}
    pattern = re.compile(r"^(\S.{11})(.{10})(\S.{15})(.*)\n((?: {12}\S.*\n)+)", re.MULTILINE)
    for verdict, tier, spec, layout, details in pattern.findall(text):
        facts, *_, names = " ".join(details.split()).split(";")
        numbers = [int(number) for number in re.findall(r"\d+", facts.split(" facts")[0])]
        assert "-" not in facts.split(" facts")[0], f"rows with different counts:\n{text}"
        system = SPECS[spec.strip()][0].split("-")[1]
        for name in names.split():
            rows[f"{name}-{system}", spec.strip()] = Row(numbers[0], numbers[-1], tier.strip(),
                                                         verdict.strip(), layout)
    assert rows, f"no matrix in:\n{text}"
    return rows


def section(text: str, title: str) -> List[str]:
    """The indented lines below a title such as `not checked:`."""
    found = re.search(rf"^{title}\n((?:    .*\n)+)", text, re.MULTILINE)
    return found[1].splitlines() if found else []


# ---- the table of targets -------------------------------------------------------------------

TARGET_COLUMNS = ["name", "triple", "tier", "headers", "compiler", "runner", "machine", "bits",
                  "endian", "e_flags", "kernels", "emulator", "debian", "libc", "gnu", "options"]


def list_targets(root=REPOSITORY) -> Dict[str, Dict[str, str]]:
    """The rows of `abiproof targets`, by name: a cell by its column."""
    result = run("targets", "-C", root, "--format", "tsv")
    assert result.code == PROVED, describe(result)
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert all(len(row) == len(TARGET_COLUMNS) and all(row) for row in rows), describe(result)
    return {row[0]: dict(zip(TARGET_COLUMNS, row)) for row in rows}


def compiler_of(row: Dict[str, str]) -> Optional[List[str]]:
    """The command that compiles C for a target; None if it is missing here."""
    if row["compiler"].startswith("missing"):
        return None
    return [row["compiler"], *(row["options"].split() if row["options"] != "none" else [])]


# ---- trees ----------------------------------------------------------------------------------


def tree(folder: Path) -> Dict[str, str]:
    """What a folder holds: the hash of each file by its path. build/ is left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != "build"
    }


GENERATED = ["bindings/c", "abi_probes/layout", "abi_probes/call", "abi_probes/facts"]


def generated(folder: Path) -> Dict[str, str]:
    """What a folder holds of generated files."""
    return {f"{part}/{name}": digest for part in GENERATED
            for name, digest in tree(folder / part).items()}


def copy_root(to: Path) -> Path:
    """A copy of everything that abiproof reads and writes in ROOT; the downloaded headers are
    linked."""
    for part in ["gen/specs", "abi_probes", "bindings/c"]:
        shutil.copytree(ROOT / part, to / part)
    for table in ["targets", "languages", "explanations", "homonyms"]:
        shutil.copy(ROOT / f"gen/{table}.yaml", to / "gen")
    (to / "build").mkdir()
    (to / "build/headers").symlink_to(REPOSITORY / "build/headers")
    return to


def choose_rows(rows: str, names: List[str]) -> List[str]:
    """Those of a list in gen/targets.yaml that have these names."""
    return [row for row in re.split(r"\n(?=  - name: )", rows) if row.split()[2] in names]


def small_languages() -> str:
    """The table of languages with the row of C alone: others need programs of the repository."""
    head, rows = (REPOSITORY / "gen/languages.yaml").read_text().split("\nlanguages:\n")
    [chosen] = [row for row in re.split(r"\n\n", rows) if re.search(r"^  - name: c$", row, re.MULTILINE)]
    return "\n".join([head, "languages:", chosen]) + "\n"


def make_small_root() -> None:
    """Makes ROOT: the sources of the repository, the specs and targets of SPECS, and what is
    generated from them. Its build folder stays, so that little is built twice."""
    for part in ["gen", "abi_probes", "bindings"]:
        shutil.rmtree(ROOT / part, ignore_errors=True)
    (ROOT / "gen/specs").mkdir(parents=True)
    for spec in SPECS:
        shutil.copy(REPOSITORY / f"gen/specs/{spec}.yaml", ROOT / "gen/specs")
    for name in ("explanations.yaml", "homonyms.yaml"):
        shutil.copy(REPOSITORY / "gen" / name, ROOT / "gen")
    table = (REPOSITORY / "gen/targets.yaml").read_text()
    head, kernels, rows = re.split(r"\n(?:kernels|targets):\n", table)
    chosen = choose_rows(rows, LINUX + MACOS)
    assert len(chosen) == len(LINUX + MACOS)
    (ROOT / "gen/targets.yaml").write_text("\n".join(
        [head, "kernels:", *choose_rows(kernels, LINUX), "targets:", *chosen]) + "\n")
    (ROOT / "gen/languages.yaml").write_text(small_languages())
    for part in ["rt", "behave"]:
        shutil.copytree(REPOSITORY / "abi_probes" / part, ROOT / "abi_probes" / part)
    (ROOT / "build").mkdir(exist_ok=True)
    if not (ROOT / "build/headers").is_symlink():
        (ROOT / "build/headers").symlink_to(REPOSITORY / "build/headers")
    result = run("gen", "-C", ROOT)
    if result.code != PROVED:
        pytest.exit(f"cannot make {ROOT}: {describe(result)}", returncode=2)


def mutate(path: Path, pattern: str, replacement: str, count: int = 1) -> None:
    """Replaces a regular expression in a file. Fails unless it matches `count` times and the file
    changes: a mutation that does nothing would prove nothing."""
    text = path.read_text()
    changed, n = re.subn(pattern, replacement, text, flags=re.MULTILINE)
    if n != count or changed == text:
        pytest.fail(f"{path}: /{pattern}/ matches {n} times, expected {count}: the file is no "
                    "longer written as this test thinks; adapt the pattern", pytrace=True)
    path.write_text(changed)


def write_tool_path(folder: Path, *excluded: str) -> str:
    """Fills a folder with links to all programs of PATH but those that match a pattern of
    `excluded`; returns a PATH of that folder alone."""
    folder.mkdir()
    for part in os.environ["PATH"].split(os.pathsep):
        for program in Path(part).glob("*") if part else []:
            link = folder / program.name
            if not link.is_symlink() and not any(program.match(word) for word in excluded):
                link.symlink_to(program)
    return str(folder)


# ---- fixtures -------------------------------------------------------------------------------


# What pytest prints at its end; those of another process are taken over when it ends.
_summaries: List[Callable[[], List[str]]] = []


def print_at_end(lines: Callable[[], List[str]]) -> None:
    """Has these lines printed when all tests have run."""
    _summaries.append(lines)


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["summary"] = [line for lines in _summaries for line in lines()]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    lines = getattr(node, "workeroutput", {}).get("summary", [])
    print_at_end(lambda: lines)


def pytest_terminal_summary(terminalreporter):
    for lines in _summaries:
        for line in lines():
            terminalreporter.write_line(line)


def pytest_configure(config):
    if config.getoption("numprocesses", None):
        return  # this process only distributes
    if not os.access(ABIPROOF, os.X_OK):
        pytest.exit(f"no program {ABIPROOF}: run `make asan`, or set ABIPROOF", returncode=2)
    make_small_root()


@pytest.fixture
def root(tmp_path) -> Path:
    """A copy of the small tree that a test may damage."""
    return copy_root(tmp_path / "root")


@pytest.fixture(scope="session")
def _bindings_folder(tmp_path_factory) -> Path:
    """One path for all mutated bindings: it is part of every compiler's command line, so that
    probes of the system are built only once."""
    return tmp_path_factory.mktemp("bindings") / "c"


@pytest.fixture
def bindings(_bindings_folder) -> Path:
    """A copy of bindings/c that a test may damage."""
    shutil.rmtree(_bindings_folder, ignore_errors=True)
    shutil.copytree(ROOT / "bindings/c", _bindings_folder)
    return _bindings_folder


@pytest.fixture(scope="session")
def targets() -> Dict[str, List[str]]:
    """The table of targets: triple, tier, headers (folders between colons), compiler, runner by
    name."""
    result = run("targets", "--format", "tsv")
    assert result.code == PROVED, describe(result)
    return {line.split("\t")[0]: line.split("\t")[1:] for line in result.out.splitlines()}


def find_program(*names: str) -> Optional[str]:
    """The first of these programs that is installed; None if none is."""
    return next((path for path in map(shutil.which, names) if path is not None), None)


def need_program(*names: str) -> str:
    """The first of these programs that is installed, or skips the test."""
    return find_program(*names) or pytest.skip(f"not installed: {' or '.join(names)}")


# The one whose libclang abiproof uses; libclang may be installed without it.
CLANGS = [run_program([REPOSITORY / "ci/find-llvm"], REPOSITORY).out.strip() + "/bin/clang", "clang"]
