"""What abiproof prints, where, and what its help promises.

In: command lines that succeed or fail. Out: reports on stdout, diagnostics on stderr, exit codes.
"""

import os
import re
import shutil
import subprocess

import pytest
import yaml

from conftest import (ABIPROOF, FINDINGS, LINUX, MACOS, PROVED, REPOSITORY, ROOT, SPECS, USAGE,
                      describe, find, findings, matrix, mutate, run, run_program, section)

COMMANDS = ["gen", "facts", "prove", "verify", "judge", "show", "explain", "targets", "kernels",
            "specs"]


# ---- help -----------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_lists_the_exit_codes(command, option):
    """--help is exit 0, on stdout, and says what 0, 1, 2 and 77 mean."""
    result = run(command, option)
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    assert result.out.startswith(f"usage: abiproof {command} "), describe(result)
    codes = re.findall(r"^  (\d+) +(\w+)", result.out.split("exit codes:\n")[1], re.MULTILINE)
    assert [(int(code), word) for code, word in codes] == \
        [(0, "proved"), (1, "findings"), (2, "usage"), (77, "not")], describe(result)
    for option_of_all in ("--quiet", "--verbose", "--root", "--help"):
        assert option_of_all in result.out, describe(result)
    assert run("help", command) == result


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_fits_into_80_columns_and_explains_every_option(command):
    """No line is wider, no text sends the reader to a source file, every option has a text."""
    result = run("--help") if command is None else run(command, "--help")
    assert all(len(line) <= 80 for line in result.out.splitlines()), describe(result)
    assert not re.search(r"\bgen/\S+\.[ch]\b", result.out), describe(result)
    if command is None:
        return
    lines = result.out.split("\noptions:\n")[1].split("\n\n")[0].splitlines()
    options = [re.fullmatch(r"  (?:-(\w), )?(--[a-z]+)( [A-Z=]+)?  +\S.*", line)
               for line in lines if not line.startswith("   ")]
    assert all(options), describe(result)
    # What the help lists is taken: a flag by itself, any other asks for its value.
    flags = [option[2] for option in options if option[3] is None]
    assert run(command, *flags, "--help") == result
    for option in options:
        if option[3] is not None:
            tried = run(command, option[2])
            assert f"option '{option[2]}' needs a value" in tried.err, describe(tried)


@pytest.mark.parametrize("command", COMMANDS)
def test_example_of_the_help_runs(command, tmp_path):
    """What the help gives as an example may be typed."""
    (tmp_path / "app.c").write_text(
        "struct Event { unsigned events; unsigned long long data; } __attribute__((packed));\n"
        "struct Event event;\n")
    run_program(["gcc", "-g", "-c", "app.c", "-o", "app.o"], cwd=tmp_path)
    for name in ("expected", "got"):
        shutil.copy(ROOT / "abi_probes/facts/x86_64-linux/epoll.facts", tmp_path / f"{name}.facts")
    example = run(command, "--help").out.split("\nexample:\n")[1].splitlines()[0].split()
    assert example[:2] == ["abiproof", command]
    result = run(*example[1:], "--root", ROOT, cwd=tmp_path)
    assert result.code == PROVED and result.out != "", describe(result)


def test_example_of_the_overview_runs(tmp_path):
    """The first thing that a newcomer types finds what is wrong with a padded struct."""
    [example] = re.findall(r"^  abiproof (.*)$", run("--help").out, re.MULTILINE)
    (tmp_path / "app.c").write_text(
        "struct Event { unsigned events; unsigned long long data; } event;\n")
    run_program(["gcc", "-g", "-c", "app.c", "-o", "app.o"], cwd=tmp_path)
    result = run(*example.split(), "-C", ROOT, cwd=tmp_path)
    assert result.code == FINDINGS and find(result.out, "bad-size", "epoll_event"), describe(result)


def test_keys_of_the_help_are_those_of_the_file(tmp_path):
    """Every key of abiproof.yaml in the help may be written, and the reader of it accepts them."""
    listed = run("verify", "--help").out.split("keys of abiproof.yaml:\n")[1].split("\n\n")[0]
    keys = re.findall(r"^  ([a-z]+)  ", listed, re.MULTILINE)
    (tmp_path / "abiproof.yaml").write_text("".join(
        f"{key}: {'true' if key == 'strict' else '[{paths: [x.o]}]' if key == 'objects' else '[]'}\n"
        for key in keys))
    result = run("verify", cwd=tmp_path)
    assert "no file matches" in result.err or "x.o" in result.err, describe(result)
    assert "unexpected key" not in result.err.lower(), describe(result)


# ---- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments, hint", [
    (["porve"], "unknown command 'porve' (perhaps 'prove')"),
    (["help", "verfy"], "unknown command 'verfy' (perhaps 'verify')"),
    (["prove", "--tagret", "x86_64-linux"], "unknown option '--tagret' (perhaps '--target')"),
    ([], "no command given"),
    (["nothing"], "unknown command 'nothing'; see `abiproof --help`"),
], ids=str)
def test_what_is_misspelt_is_exit_2_with_a_hint(arguments, hint):
    """Names that are near are named, and others are not."""
    result = run(*arguments)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert hint in result.err and result.err.count("\n") == 1, describe(result)


@pytest.mark.parametrize("form", ["text", "json", "junit", "github"])
def test_probe_is_an_old_name_of_prove(form):
    """It does the same, and its reports still call it so; one note says what it is called now."""
    arguments = ["--spec", "eventfd", "--target", "x86_64-linux", "--format", form]
    now, old = run("prove", *arguments), run("probe", *arguments)
    assert now.err == "", describe(now)
    assert old.err == "abiproof: note: 'probe' is now called 'prove'\n", describe(old)
    assert (old.code, old.out) == (PROVED, re.sub(r"\bprove\b", "probe", now.out))
    assert ("probe" in old.out) == (form != "text"), describe(old)


@pytest.mark.parametrize("command", COMMANDS)
def test_workers_are_an_option_where_there_are_any(command):
    """A command that does one thing after the other refuses -j and says who takes it."""
    result = run(command, "-j", "2", "--help")
    if "--jobs" in run(command, "--help").out:
        assert command in ["gen", "facts", "prove"] and result.code == PROVED, describe(result)
    else:
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert "unknown option '-j', which is for gen, facts and prove; see " in result.err


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["help"]], ids=lambda a: a[0])
def test_overview_lists_every_command(arguments):
    """`abiproof --help` names all commands."""
    result = run(*arguments)
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    listed = result.out.split("\ncommands:\n")[1].split("\n\n")[0]
    assert re.findall(r"^  (\w+) ", listed, re.MULTILINE) == COMMANDS, describe(result)


def test_help_works_outside_of_any_repository(tmp_path):
    """Help needs no specs."""
    assert run("prove", "--help", cwd=tmp_path).code == PROVED


# ---- tables ---------------------------------------------------------------------------------


def test_targets_as_tsv_has_no_head_and_all_columns():
    """make and shell read target, triple, tier, headers, compiler, runner, and what the table says."""
    result = run("targets", "--format", "tsv")
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert [row[0] for row in rows] == LINUX + MACOS, describe(result)
    assert all(len(row) == 16 and all(row) for row in rows), describe(result)
    assert rows[0][6:] == ["x86_64", "64", "little", "none", "x86_64-linux", "qemu-x86_64", "amd64",
                           "libc6", "x86_64-linux-gnu", "none"], describe(result)
    assert [row[2] for row in rows] == ["run", "run", "compiled", "compiled"], describe(result)
    assert os.uname().machine != "x86_64" or rows[0][5] == "native", describe(result)


def test_targets_gives_all_folders_of_headers_as_the_table_writes_them():
    """Whoever compiles with a target's headers needs the common folder too, and need not guess it."""
    table = yaml.safe_load((REPOSITORY / "gen/targets.yaml").read_text())["targets"]
    sets = {row["name"]: row["headers"] for row in table}
    result = run("targets", "-C", REPOSITORY, "--format", "tsv")
    rows = [line.split("\t") for line in result.out.splitlines()]
    found = {row[0]: row[3].replace(f"{REPOSITORY}/", "") for row in rows if row[3] != "missing"}
    assert any(":" in folders for folders in found.values()), describe(result)
    for name, folders in found.items():
        assert folders in sets[name], describe(result)


def test_targets_as_text_has_a_head():
    """People get titles, and the first of the same cells."""
    text = run("targets").out.splitlines()
    tsv = run("targets", "--format", "tsv").out.splitlines()
    assert text[0].split() == ["target", "triple", "tier", "headers", "compiler", "runner"]
    assert [re.split(r"  +", line.strip()) for line in text[1:]] == \
        [line.split("\t")[:6] for line in tsv]


def test_specs_lists_every_spec():
    """Each spec with its system and how much it binds."""
    result = run("specs", "--format", "tsv")
    assert (result.code, result.err) == (PROVED, ""), describe(result)
    rows = {row[0]: row[1:] for row in (line.split("\t") for line in result.out.splitlines())}
    assert set(rows) == set(SPECS) and all(len(row) == 5 for row in rows.values())
    assert (rows["epoll"][0], rows["kqueue_macos"][0]) == ("linux", "macos"), describe(result)


def test_targets_can_be_selected():
    """--target picks rows, in the order of the command line."""
    result = run("targets", "--format", "tsv", "--target", MACOS[1], "--target", LINUX[0])
    assert [line.split("\t")[0] for line in result.out.splitlines()] == [MACOS[1], LINUX[0]]


# ---- the report -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report():
    """The report of all targets and specs."""
    result = run("prove", "--require", "all")
    assert result.code == PROVED, describe(result)
    return result


def test_report_has_one_row_per_target_and_spec(report):
    """Size, alignment and offsets, facts, tier and verdict of all that the table promises."""
    rows = matrix(report.out)
    assert set(rows) == {(target, spec) for spec, targets in SPECS.items() for target in targets}
    for (target, _), row in rows.items():
        assert row.verdict == "proved" and row.checked == row.facts > 0, describe(report)
        assert row.tier == ("run" if target in LINUX else "compiled"), describe(report)
    assert rows["x86_64-linux", "epoll"].layout.startswith("epoll_event 12/1 events@0 data@4")
    assert rows["aarch64-linux", "epoll"].layout.startswith("epoll_event 16/8 events@0 data@8")
    for target in MACOS:
        assert rows[target, "kqueue_macos"].layout.startswith("kevent 32/4 ident@0 filter@8"), \
            describe(report)


def test_report_ends_with_the_sum(report):
    """The last line counts rows and facts."""
    rows = matrix(report.out)
    last = report.out.splitlines()[-1]
    assert last.startswith("6 of 6 rows proved, 0 partly, 0 not checked, 0 with findings"), last
    assert f"{sum(row.checked for row in rows.values())} facts" in last, last


def test_report_says_what_was_not_checked(report):
    """Darwin's programs do not run here, and the report says so."""
    lines = section(report.out, "not checked:")
    assert any(line.startswith("    kqueue_macos [all its targets] run: ") for line in lines), \
        describe(report)


def test_probe_reports_only_what_was_selected():
    """--spec and --target are repeatable and narrow the matrix."""
    result = run("prove", "--spec", "epoll", "--spec", "eventfd", "--target", "x86_64-linux")
    assert result.code == PROVED, describe(result)
    assert set(matrix(result.out)) == {("x86_64-linux", "epoll"), ("x86_64-linux", "eventfd")}


def test_quiet_probe_prints_nothing_when_all_is_proved():
    """-q on success: no matrix, no line at all."""
    result = run("prove", "-q")
    assert result == (PROVED, "", ""), describe(result)


@pytest.mark.parametrize("arguments", [["gen", "--check"], ["gen"]], ids=" ".join)
def test_quiet_gen_prints_nothing(arguments, tmp_path):
    """-q on success of gen: nothing."""
    more = [] if "--check" in arguments else ["--out", tmp_path]
    assert run(*arguments, "-q", *more) == (PROVED, "", "")


def test_quiet_probe_still_prints_findings(bindings):
    """-q leaves out the matrix, never a finding."""
    mutate(bindings / "eventfd.h", r"^#define RAW_EFD_SEMAPHORE 0x1$",
           "#define RAW_EFD_SEMAPHORE 0x2")
    result = run("prove", "-q", "--spec", "eventfd", "--bindings", bindings)
    assert result.code == FINDINGS and findings(result.out), describe(result)
    assert not re.search(r"^target ", result.out, re.MULTILINE), describe(result)


def test_verbose_probe_explains_the_notes():
    """-v prints the notes that are only counted otherwise; --strict makes them findings."""
    plain, verbose = run("prove"), run("prove", "-v")
    n_notes = int(re.search(r"^(\d+) notes?:", plain.out, re.MULTILINE)[1])
    assert verbose.code == PROVED, describe(verbose)
    notes = findings(verbose.out)
    assert len(notes) == n_notes > 0 and {note.severity for note in notes} == {"note"}
    assert run("prove", "--strict").code == FINDINGS


def test_findings_go_to_stdout_and_diagnostics_to_stderr(bindings, root):
    """A report may be piped without mixing in what went wrong with the run itself."""
    mutate(bindings / "eventfd.h", r"^#define RAW_EFD_SEMAPHORE 0x1$",
           "#define RAW_EFD_SEMAPHORE 0x2")
    wrong = run("prove", "--spec", "eventfd", "--bindings", bindings)
    assert wrong.code == FINDINGS and wrong.err == "", describe(wrong)
    mutate(root / "gen/specs/eventfd.yaml", r"^manual:", "manuel:")
    broken = run("prove", "-C", root)
    assert broken.code == USAGE and broken.out == "" and broken.err != "", describe(broken)


def test_a_report_that_cannot_be_written_is_no_success():
    """A full disk behind stdout is exit 2, not a proof."""
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([str(ABIPROOF), "targets"], cwd=str(ROOT), stdout=full,
                              stderr=subprocess.PIPE, check=False)
    assert done.returncode == USAGE, done.stderr


@pytest.mark.parametrize("folder", ["gen/specs", "abi_probes/rt"])
def test_root_is_found_from_a_folder_below(folder):
    """Like git: the nearest folder upward that holds gen/targets.yaml."""
    result = run("gen", "--check", cwd=ROOT / folder)
    assert result.code == PROVED, describe(result)
    probed = run("prove", "--spec", "eventfd", "--target", "x86_64-linux", cwd=ROOT / folder)
    assert probed.code == PROVED, describe(probed)
