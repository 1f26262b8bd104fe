"""Every README says what is so: its console blocks are run, its files are used, its links lead somewhere.

In: all README.md of the repository. Out: a test for each that has a `console` block, in which `$ COMMAND`
is followed by what it prints (standard output and standard error); a line `...` stands for any number of
lines, `[exit N]` for an exit code that is not 0. A block such as ```c poll.c is that file.

Design: a block runs in an empty folder with `abiproof` in PATH, all blocks of a README in one folder and in
order, as a reader would. A command that starts with build/abiproof runs in the repository. So a README
cannot show what the program does not print.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from conftest import ABIPROOF, PROVED, REPOSITORY, describe, need_program, run

BLOCK = re.compile(r"^```(\w+)(?: ([\w./-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)")


def readmes():
    """Every README.md of the tree, down to the third folder; not those of what was unpacked."""
    found = [path for depth in ("", "*/", "*/*/") for path in REPOSITORY.glob(depth + "README.md")]
    return sorted(path for path in found if path.relative_to(REPOSITORY).parts[0] != "build")


def blocks(readme: Path):
    """Language, file name or None, and text of each fenced block."""
    return [match.groups() for match in BLOCK.finditer(readme.read_text())]


def commands(text: str):
    """Pairs of a command and the lines expected after it."""
    found = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            assert found, f"a console block starts with '{line}', expected '$ COMMAND'"
            found[-1][1].append(line)
    return found


def pattern_of(lines) -> str:
    """A regular expression of expected lines."""
    parts = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines]
    return "".join(parts)


def name_of(readme: Path) -> str:
    return str(readme.relative_to(REPOSITORY))


WITH_COMMANDS = [readme for readme in readmes()
                 if any(language == "console" for language, _, _ in blocks(readme))]


@pytest.fixture(name="environment")
def fixture_environment(tmp_path):
    """An environment in which `abiproof` is the program under test."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/abiproof").symlink_to(ABIPROOF)
    return {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}


def run_shown(command: str, folder: Path, environment) -> str:
    """What a reader sees who types the command."""
    if command.startswith("build/abiproof "):
        command, folder = command[len("build/"):], REPOSITORY
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, timeout=300,
                          encoding="utf-8", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    return done.stdout + (f"[exit {done.returncode}]\n" if done.returncode else "")


def test_there_are_readmes_with_commands():
    """The tests below are not an empty list."""
    assert "README.md" in map(name_of, WITH_COMMANDS)


@pytest.mark.parametrize("readme", WITH_COMMANDS, ids=name_of)
def test_commands_print_what_the_readme_shows(readme, tmp_path, environment):
    """Each command of a README, run in order, prints what stands below it."""
    folder = tmp_path / "reader"
    folder.mkdir()
    for language, name, text in blocks(readme):
        if name is not None:
            (folder / name).write_text(text)
        if language != "console":
            continue
        for command, lines in commands(text):
            for word in re.findall(r"\S+-linux-gnu\S*-gcc", command):
                need_program(word)
            shown = run_shown(command, folder, environment)
            assert re.fullmatch(pattern_of(lines), shown), \
                f"{name_of(readme)}: $ {command}\nprinted\n{shown}\nexpected\n" + "\n".join(lines)


@pytest.mark.parametrize("readme", readmes(), ids=name_of)
def test_links_lead_somewhere(readme):
    """A relative link of a README names a file of the repository."""
    for target in LINK.findall(readme.read_text()):
        if "://" not in target:
            assert (readme.parent / target).exists(), f"{name_of(readme)} links to {target}"


@pytest.mark.parametrize("readme", readmes(), ids=name_of)
def test_commands_in_text_exist(readme):
    """`make TARGET` and `ci/SCRIPT` that a README names are there."""
    text = readme.read_text()
    listed = subprocess.run(["make", "-pn", "help"], cwd=REPOSITORY, check=True,
                            stdout=subprocess.PIPE, encoding="utf-8").stdout
    targets = set(re.findall(r"^([a-z][a-z0-9-]*):", listed, re.MULTILINE))
    for target in re.findall(r"`make ([a-z][a-z0-9-]+)", text):
        assert target in targets, f"{name_of(readme)} names `make {target}`"
    for script in re.findall(r"`((?:ci|tests/event|tests/bench)/[a-z-]+)[` ]", text):
        assert (REPOSITORY / script).exists(), f"{name_of(readme)} names {script}"


def test_the_table_of_languages_counts_their_targets():
    """The numbers of README.md are those of the table of languages, and no language is left out."""
    rows = re.findall(r"^\| [^|]+ \| `bindings/(\w+)` \| (\d+) \|", (REPOSITORY / "README.md").read_text(), re.MULTILINE)
    for language, number in rows:
        result = run("targets", "--lang", language, "--format", "tsv", cwd=REPOSITORY)
        assert result.code == PROVED, describe(result)
        named = {line.split("\t")[0] for line in result.out.splitlines() if line.split("\t")[2] != "none"}
        assert len(named) == int(number), language
    folders = {path.name for path in (REPOSITORY / "bindings").iterdir() if path.is_dir()}
    assert {language for language, _ in rows} == folders - {"c", "event"}
