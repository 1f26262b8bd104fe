"""Bindings in other languages, built by their own compilers: `verify` proves the right ones and names
what is wrong with the others.

In: tests/languages/languages.yaml and the sources beside it, and the compilers' commands of
gen/languages.yaml, by which `prove` compiles bindings/ too. Out: for each language and target exit
0 for the binding as it is, exit 1 and the promised findings with one line of it changed, and a
missing item without the flag or line that the README says the language needs.
"""

import functools
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

from conftest import (FINDINGS, PROVED, REPOSITORY, compiler_of, describe, findings, list_targets, run,
                      run_program)

FOLDER = REPOSITORY / "tests/languages"
TABLE = yaml.safe_load((REPOSITORY / "gen/languages.yaml").read_text())
COMPILERS = {row["name"]: row for row in TABLE["languages"]}
ROWS = [{**COMPILERS[row["name"]], **row}
        for row in yaml.safe_load((FOLDER / "languages.yaml").read_text())["languages"]]

# Some compilers are not in PATH, but where a script of ci/ puts them.
PATH = os.pathsep.join([*(str(REPOSITORY / folder) for folder in TABLE["path"]), os.environ["PATH"]])


def cases(of_row):
    """One parameter per row, target and whatever else `of_row` gives, named by all of them."""
    made = []
    for row in ROWS:
        for target, *more in of_row(row):
            words = [row["name"], target, *(one.get("name") or one["what"] for one in more)]
            made.append(pytest.param(row, target, *more, id=re.sub(r"[^a-z0-9_]+", "-", "-".join(words).lower())))
    return made


def mistakes(row):
    """The mistakes of a row, each on each of the row's targets that it makes wrong."""
    for mistake in row["mistakes"]:
        for target in mistake["targets"]:
            if target in row["targets"]:
                yield target, mistake


def word(row, target):
    """The compiler's own word for a target; None: the target's triple."""
    [found] = [one for one in COMPILERS[row["name"]]["targets"] if one["name"] == target] \
        if "targets" in COMPILERS[row["name"]] else [{}]
    return found.get("word")


@functools.lru_cache()
def table_of_targets():
    """The rows of `abiproof targets`."""
    return list_targets()


def shell(row, target, commands, cwd, **variables):
    """Runs commands of a row for a target, with what gen/languages.yaml says that they see."""
    known = table_of_targets()[target]
    env = {**os.environ, "PATH": PATH, "TARGET": target, "TRIPLE": known["triple"],
           "GNU": known["gnu"], "CC": " ".join(compiler_of(known) or ["missing"]),
           "T": word(row, target) or known["triple"], "SOURCE": row["source"], "FLAGS": "",
           **variables}
    return run_program(["sh", "-euc", commands], cwd=cwd, env=env, timeout=300)


def need_tools(row, target):
    """Skips the test where a program of the row is not installed."""
    for program in row["programs"]:
        found = shell(row, target, f"set -- {program}; command -v $1 || {{ echo $1; exit 1; }}", FOLDER)
        if found.code != 0:
            pytest.skip(f"not installed: {found.out.strip()}; `make languages` installs it")


def replace(text, edit, old, new):
    """The text after an edit, which must change exactly one place."""
    if text.count(old) != 1:
        pytest.fail(f"{edit}: {old!r} is there {text.count(old)} times, expected once: adapt the edit")
    return text.replace(old, new)


def edited(row, edit):
    """The row after an edit of its own text, the same row after one of a file."""
    if edit is None or edit[0] not in ("before", "compile", "options"):
        return row
    return {**row, edit[0]: replace(row[edit[0]], *edit)}


def build(row, target, folder, edit=None) -> Path:
    """Builds the binding of a row for a target in `folder`, after an edit; returns the object."""
    need_tools(row, target)
    sources = folder / "sources"
    shutil.copytree(FOLDER / row["folder"], sources)
    if edit is not None and edited(row, edit) is row:
        path = sources / edit[0]
        path.write_text(replace(path.read_text(), *edit))
    made = folder / "object.o"
    row = edited(row, edit)
    commands = f"{row.get('before', '')}\n{row['compile']}"
    result = shell(row, target, commands, sources, OBJECT=str(made))
    assert result.code == 0 and made.is_file(), describe(result)
    return made


def verify(row, target, made, *more):
    """What verify says of the object, with the maps of the row and `more` of them."""
    maps = [word for one in [*row["maps"], *more] for word in ("--map", one)]
    return run("verify", made, "--target", target, *maps, *row.get("options", "").split(),
               cwd=REPOSITORY, timeout=300)


def found(result):
    """Kind and item of each finding of a result."""
    return {f"{finding.kind} {finding.item}" for finding in findings(result.out)
            if finding.severity == "error"}


@pytest.mark.parametrize("row, target", cases(lambda row: ([name] for name in row["targets"])))
def test_verify_proves_a_right_binding(row, target, tmp_path):
    """Every item that the binding maps is proved, on every target of the language. An item that
    also has the kernel's own name may be one more."""
    result = verify(row, target, build(row, target, tmp_path))
    assert result.code == PROVED, describe(result)
    last = re.search(r"^(\d+) of \1 items proved, 0 with findings", result.out, re.MULTILINE)
    assert last and int(last[1]) >= len(row["maps"]), describe(result)


@pytest.mark.parametrize("row, target, mistake", cases(mistakes))
def test_verify_finds_a_wrong_line(row, target, mistake, tmp_path):
    """One changed line is exit 1 and the findings that the table promises, and no other one."""
    result = verify(row, target, build(row, target, tmp_path, mistake["edit"]))
    assert result.code == FINDINGS, describe(result)
    assert found(result) == set(mistake["findings"]), describe(result)


@pytest.mark.parametrize("row, target, loss", cases(
    lambda row: [(next(iter(row["targets"])), loss) for loss in row["lost"]]))
def test_verify_says_what_is_lost(row, target, loss, tmp_path):
    """What the README says is not in the debug information is reported as missing, or as wrong where
    something else comes with it."""
    edit = loss.get("edit")
    made = build(row, target, tmp_path, edit)
    result = verify(edited(row, edit), target, made, *([loss["map"]] if "map" in loss else []))
    if loss.get("kept_by_newer") and result.code == PROVED:
        pytest.skip("this version of the compiler does not lose it")
    assert result.code == FINDINGS, describe(result)
    assert found(result) == set(loss["findings"]), describe(result)


def test_readme_says_what_each_language_needs():
    """The table of the README has the rows of the table that is tested here, and no others."""
    text = (REPOSITORY / "tests/languages/README.md").read_text()
    table = re.search(r"^\| language \|.*\n\|---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert table, "tests/languages/README.md has no table of languages"
    expected = []
    for row in ROWS:
        cells = [row["title"], row["needs"], "; ".join(loss["what"] for loss in row["lost"]) or "nothing",
                 " ".join(name.split("-")[0] for name in row["targets"])]
        expected.append(f"| {' | '.join(cells)} |")
    assert table[1].splitlines() == expected
