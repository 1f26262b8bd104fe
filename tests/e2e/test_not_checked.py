"""What cannot be checked is skipped aloud, and never passes: empty runs, missing tools.

In: a PATH, a table of targets or a folder of specs that lack something. Out: exit 77, 1 or 2, and
the name of what is missing.
"""

import pytest

from conftest import (CLANGS, FINDINGS, LINUX, MACOS, NOT_CHECKED, PROVED, USAGE, describe, find,
                      matrix, mutate, need_program, run, run_program, section, tree,
                      write_tool_path)

EMULATOR, CROSS_COMPILER = "qemu-*", "aarch64-linux-gnu-gcc*"


@pytest.fixture(scope="session")
def path_without(tmp_path_factory):
    """A function from a pattern of program names to a PATH without them."""
    known = {}

    def get(*patterns):
        if patterns not in known:
            known[patterns] = write_tool_path(tmp_path_factory.mktemp("tools") / "bin", *patterns)
        return known[patterns]

    return get


def is_unchecked(result, target: str, missing: str) -> bool:
    """True if `not checked` names both."""
    return any(target in line and f"'{missing}" in line
               for line in section(result.out, "not checked:"))


# ---- empty runs -----------------------------------------------------------------------------


def test_probe_fails_when_no_spec_covers_the_target():
    """kqueue on Linux selects nothing, and nothing is not a success."""
    result = run("prove", "--spec", "kqueue_macos", "--target", "x86_64-linux")
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "no spec covers a selected target" in result.err, describe(result)


@pytest.mark.parametrize("command", [["prove"], ["gen"], ["gen", "--check"],
                                     ["facts", "--target", "x86_64-linux"]], ids=" ".join)
def test_a_folder_without_specs_fails(command, root):
    """A repository whose specs are gone proves, generates and prints nothing."""
    for spec in (root / "gen/specs").glob("*.yaml"):
        spec.unlink()
    before = tree(root)
    result = run(*command, "-C", root)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert len(result.err.splitlines()) == 1, describe(result)
    assert tree(root) == before


def test_an_empty_folder_of_bindings_fails(tmp_path):
    """Bindings that are not there are not proved."""
    result = run("prove", "--bindings", tmp_path)
    assert result.code in (FINDINGS, USAGE), describe(result)
    assert str(tmp_path) in result.out + result.err, describe(result)


@pytest.mark.parametrize("what", ["ran", "riscv64-linux", ""], ids=["tier", "target", "nothing"])
def test_require_of_an_unknown_name_fails(what):
    """A misspelt requirement must not be one that is always met."""
    result = run("prove", "--spec", "eventfd", "--require", what)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert f"--require '{what}'" in result.err, describe(result)


def test_require_of_a_target_that_is_not_selected_fails():
    """What was not selected cannot be proved by this run."""
    result = run("prove", "--target", "x86_64-linux", "--require", "aarch64-macos")
    assert result.code == USAGE and "aarch64-macos" in result.err, describe(result)


# ---- a missing emulator or compiler ---------------------------------------------------------

# What is missing, its name, and how far the others get without it: the compiler's own view of the
# headers needs no emulator.
MISSING = [pytest.param(EMULATOR, "qemu-aarch64", "compiled", "partly", id="emulator"),
           pytest.param(CROSS_COMPILER, "aarch64-linux-gnu-gcc", "read", "not checked",
                        id="compiler")]


@pytest.mark.parametrize("pattern, name, tier, verdict", MISSING)
def test_probe_skips_a_target_whose_tool_is_missing(pattern, name, tier, verdict, path_without):
    """Without its emulator or compiler aarch64 is not proved, by name, and the exit code is 77."""
    result = run("prove", "--target", "aarch64-linux", PATH=path_without(pattern))
    assert result.code == NOT_CHECKED, describe(result)
    assert is_unchecked(result, "aarch64-linux", name), describe(result)
    rows = matrix(result.out)
    assert len(rows) == 2, describe(result)
    for row in rows.values():
        assert (row.tier, row.verdict) == (tier, verdict), describe(result)


@pytest.mark.parametrize("pattern, name, tier, verdict", MISSING)
@pytest.mark.parametrize("what", ["run", "all", "aarch64-linux"])
def test_probe_fails_when_a_required_tool_is_missing(pattern, name, tier, verdict, what,
                                                     path_without):
    """--require makes the skip a finding that says what was required and what was reached."""
    result = run("prove", "--target", "aarch64-linux", "--require", what,
                 PATH=path_without(pattern))
    assert result.code == FINDINGS, describe(result)
    for spec in ("epoll", "eventfd"):
        found = {f.subject: f.details for f in find(result.out, "not-proved", spec)}
        assert all(what in details["expected"] for details in found.values()), describe(result)
        assert found.pop("system")["got"] == f"{verdict} at tier {tier}", describe(result)
        if pattern == CROSS_COMPILER and what != "run": # a tier is of checks alone
            assert f"compiler '{name}' not found" in found.pop("binding")["got"], describe(result)
        assert not found, describe(result)
    assert is_unchecked(result, "aarch64-linux", name), describe(result)


@pytest.mark.parametrize("pattern, name, tier, verdict", MISSING)
def test_probe_proves_one_target_and_lists_the_skip_of_another(pattern, name, tier, verdict,
                                                               path_without):
    """One target that can be proved is proved; the other is listed, and required it fails."""
    arguments = ["prove", "--target", "x86_64-linux", "--target", "aarch64-linux"]
    result = run(*arguments, PATH=path_without(pattern))
    assert result.code == PROVED, describe(result)
    assert is_unchecked(result, "aarch64-linux", name), describe(result)
    rows = matrix(result.out)
    for spec in ("epoll", "eventfd"):
        assert rows["x86_64-linux", spec].verdict == "proved", describe(result)
        assert rows["aarch64-linux", spec].verdict == verdict, describe(result)
        assert rows["aarch64-linux", spec].tier == tier, describe(result)
    required = run(*arguments, "--require", "aarch64-linux", PATH=path_without(pattern))
    assert required.code == FINDINGS, describe(required)
    other = run(*arguments, "--require", "x86_64-linux", PATH=path_without(pattern))
    assert other.code == PROVED, describe(other)


@pytest.mark.parametrize("target", MACOS)
def test_probe_skips_darwin_without_a_compiler(target, path_without):
    """Without clang a Darwin target is not checked, and claims no tier above read."""
    path = path_without("clang*")
    result = run("prove", "--target", target, PATH=path)
    assert result.code == NOT_CHECKED, describe(result)
    assert is_unchecked(result, target, "clang"), describe(result)
    assert matrix(result.out)[target, "kqueue_macos"].tier == "read", describe(result)
    assert run("prove", "--target", target, "--require", "compiled", PATH=path).code == FINDINGS


def test_nothing_installed_at_all_is_77(path_without):
    """Every target is skipped when there is neither a compiler nor an emulator."""
    result = run("prove", PATH=path_without("*"))
    assert result.code == NOT_CHECKED, describe(result)
    assert {row.verdict for row in matrix(result.out).values()} == {"not checked"}


def test_targets_says_which_tool_is_missing(path_without):
    """The table of targets names the program to install."""
    result = run("targets", "--format", "tsv", PATH=path_without(EMULATOR, CROSS_COMPILER))
    assert result.code == PROVED, describe(result)
    [row] = [line.split("\t") for line in result.out.splitlines() if line.startswith("aarch64-l")]
    assert "missing" in row[4] and "aarch64-linux-gnu-gcc" in row[4], describe(result)
    assert "missing" in row[5] and "qemu-aarch64" in row[5], describe(result)


@pytest.mark.parametrize("target", LINUX)
def test_darwin_is_never_required_to_run(target):
    """--require run of all targets fails for Darwin, where no program can run here."""
    result = run("prove", "--target", target, "--target", "aarch64-macos", "--require", "run")
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "not-proved", "kqueue_macos")
    assert found.targets == ("aarch64-macos",), describe(result)
    assert "compiled" in found.details["got"], describe(result)


# ---- missing headers ------------------------------------------------------------------------


@pytest.fixture
def root_without_headers(root):
    """A copy whose aarch64-linux has no header set."""
    mutate(root / "gen/targets.yaml", r"^      - /usr/aarch64-linux-gnu/include$",
           "      - /nowhere/include")
    mutate(root / "gen/targets.yaml", r"^      - /usr/include/aarch64-linux-gnu:/usr/include$",
           "      - $ABIPROOF_TEST_UNSET/include")
    return root


def test_probe_skips_a_target_without_headers(root_without_headers):
    """Without a header set a target is not checked, and the folder that was looked for is named."""
    result = run("prove", "-C", root_without_headers, "--target", "aarch64-linux")
    assert result.code == NOT_CHECKED, describe(result)
    lines = section(result.out, "not checked:")
    assert any("aarch64-linux" in line and "/nowhere/include" in line for line in lines), \
        describe(result)
    assert {row.facts for row in matrix(result.out).values()} == {0}, describe(result)
    both = run("prove", "-C", root_without_headers, "--target", "aarch64-linux", "--target",
               "x86_64-linux", "--spec", "eventfd")
    assert both.code == PROVED, describe(both)
    assert matrix(both.out)["x86_64-linux", "eventfd"].verdict == "proved", describe(both)


def test_probe_check_fails_without_headers(root_without_headers):
    """What was not read cannot be compared: reported for each spec, and no file is called stale."""
    result = run("prove", "--check", "-C", root_without_headers)
    assert result.code == USAGE, describe(result)
    lines = result.err.splitlines()
    assert len(lines) == 2 and all("aarch64-linux" in line and "/nowhere/include" in line
                                   for line in lines), describe(result)
    assert "stale" not in result.out, describe(result)


@pytest.mark.parametrize("more", [[], ["-v"]], ids=["", "v"])
def test_verify_without_headers_says_what_its_locations_are(more, root_without_headers, tmp_path):
    """The facts are committed, so it judges all the same; only the headers' lines are not known."""
    source = tmp_path / "binding.c"
    source.write_text("struct epoll_event { char c; } event;\n")
    program = need_program(*CLANGS)
    assert run_program([program, "--target=aarch64-linux-gnu", "-g", "-c", source, "-o",
                        tmp_path / "binding.o"]).code == 0
    result = run("verify", tmp_path / "binding.o", "-C", root_without_headers, *more)
    assert result.code == FINDINGS, describe(result)
    [finding] = find(result.out, "bad-size", "epoll_event")
    assert "/facts/aarch64-linux/epoll.facts:" in finding.details["header"], describe(result)
    notes = [line for line in result.err.splitlines() if ": note: " in line]
    assert len(notes) == len(more), describe(result)
    assert all("'epoll' for aarch64-linux" in note for note in notes), describe(result)


@pytest.mark.parametrize("command", [["gen"], ["gen", "--check"],
                                     ["facts", "--target", "aarch64-linux"]], ids=" ".join)
def test_gen_fails_without_headers_and_writes_nothing(command, root_without_headers):
    """Bindings for the targets that are left would be less than what is committed: an error."""
    before = tree(root_without_headers)
    result = run(*command, "-C", root_without_headers)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "aarch64-linux" in result.err and "/nowhere/include" in result.err, describe(result)
    assert tree(root_without_headers) == before


def test_targets_says_that_headers_are_missing(root_without_headers):
    """The table of targets has `missing` in the column of headers."""
    result = run("targets", "--format", "tsv", "-C", root_without_headers)
    [row] = [line.split("\t") for line in result.out.splitlines() if line.startswith("aarch64-l")]
    assert row[3] == "missing", describe(result)
