"""`abiproof verify` for a project: abiproof.yaml, builds, waivers, what is required.

In: small C bindings that this machine's compilers build, and files that say what to verify. Out:
exit codes, findings, and what stays where it was. Every run is in a folder of its own, away from
abiproof's repository, as its users have it.
"""

import datetime
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from conftest import (ABIPROOF, FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, ROOT, USAGE, describe,
                      find, findings, matrix, mutate, need_program, run, run_program)
from test_formats import read_json, read_junit, read_sarif

EXAMPLE = REPOSITORY / "tests/verify"
GOOD = """
#include <stdint.h>
struct epoll_event { uint32_t events; uint64_t data; }
#ifdef __x86_64__
__attribute__((packed))
#endif
;
const uint32_t EPOLLIN = 1, EPOLLET = 0x80000000;
struct epoll_event keep;
"""
WRONG = GOOD.replace("0x80000000", "0x40000000")
COMPILERS = {"x86_64": "x86_64-linux-gnu-gcc", "aarch64": "aarch64-linux-gnu-gcc",
             "arm": "arm-linux-gnueabi-gcc"}


def compile_object(folder: Path, arch: str, source: str) -> Path:
    """Compiles a binding for one target; the object is named for it."""
    compiler = need_program(COMPILERS[arch])
    path = folder / f"{arch}.o"
    path.with_suffix(".c").write_text(source)
    done = run_program([compiler, "-g", "-c", path.with_suffix(".c"), "-o", path], cwd=folder)
    assert done.code == 0, describe(done)
    return path


def write_config(folder: Path, text: str, objects: str = "[\"*.o\"]") -> Path:
    """Writes abiproof.yaml: one group of objects, then text."""
    path = folder / "abiproof.yaml"
    path.write_text(f"objects:\n  - paths: {objects}\n{text}")
    return path


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder with objects of three targets in which EPOLLET is wrong."""
    for arch in COMPILERS:
        compile_object(tmp_path, arch, WRONG)
    return tmp_path


def waiver(expiry=None, **keys) -> str:
    """A list with one waiver of EPOLLET's value."""
    row = {"kind": "bad-value", "item": "EPOLLET", "reason": "a test", **keys}
    if expiry is not None:
        row["expiry"] = expiry
    return "waivers:\n  - " + json.dumps(row) + "\n"


# ---- the file -------------------------------------------------------------------------------


def test_the_example_is_built_and_proved(tmp_path):
    """The commented example works as it is."""
    need_program("aarch64-linux-gnu-gcc")
    shutil.copytree(EXAMPLE, tmp_path / "p")
    result = run("verify", "--build", cwd=tmp_path / "p")
    assert result.code == PROVED, describe(result)
    assert "6 of 8 items proved, 0 with findings, 2 waived, 46 names not seen; 10 facts\n" in result.out, \
        describe(result)
    assert "\nwaived: 1 finding, by abiproof.yaml:26: this project never asks" in result.out


def test_the_example_of_the_readme_is_built_and_proved(tmp_path):
    """The README's abiproof.yaml says what the commented one says, and works as it is."""
    need_program("aarch64-linux-gnu-gcc")
    [text] = re.findall(r"^```yaml abiproof.yaml\n(.*?)^```$",
                        (REPOSITORY / "gen/verify/README.md").read_text(),
                        re.MULTILINE | re.DOTALL)
    shutil.copytree(EXAMPLE, tmp_path / "p")
    (tmp_path / "p/abiproof.yaml").write_text(text)
    result = run("verify", "--build", cwd=tmp_path / "p")
    assert result.code == PROVED, describe(result)
    assert "6 of 8 items proved, 0 with findings, 2 waived, 46 names not seen; 10 facts\n" in result.out, \
        describe(result)


def test_the_example_finds_its_mistake_without_the_waiver(tmp_path):
    """What the example waives is really found."""
    need_program("aarch64-linux-gnu-gcc")
    shutil.copytree(EXAMPLE, tmp_path / "p")
    mutate(tmp_path / "p/abiproof.yaml", r"^waivers:\n(  .*\n)+", "")
    result = run("verify", "--build", cwd=tmp_path / "p")
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert (found.kind, found.item) == ("bad-value", "EPOLLET"), describe(result)
    assert found.targets == ("x86_64-linux", "aarch64-linux")


def test_the_search_ends_at_the_root_of_the_repository(project):
    write_config(project, "")
    below = project / "repository/deep"
    below.mkdir(parents=True)
    assert run("verify", cwd=below).code == FINDINGS
    (project / "repository/.git").mkdir()
    result = run("verify", cwd=below)
    assert result.code == USAGE and "no abiproof.yaml here or in a folder" in result.err
    write_config(project / "repository", "", "[\"../*.o\"]")
    assert run("verify", cwd=below).code == FINDINGS


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("given_away", ["abiproof.yaml", "."])
def test_a_file_of_somebody_else_neither_runs_commands_nor_waives(given_away, project):
    """As git has it for a repository: what a stranger put there has no say, unless it is named."""
    write_config(project, waiver(), "[\"*.o\"]\n    build: touch ran")
    assert run("verify", cwd=project).code == PROVED
    os.chown(project / given_away, 65534, 65534)
    for options in [["--build"], []]:
        result = run("verify", *options, cwd=project)
        assert result.code == USAGE and "belongs to" in result.err, describe(result)
        assert "(uid 65534)" in result.err and not (project / "ran").exists(), describe(result)
    assert run("verify", cwd=project, SUDO_UID="65534").code == PROVED
    assert run("verify", "--build", "--config", "abiproof.yaml", cwd=project).code == PROVED
    write_config(project, "")
    os.chown(project / given_away, 65534, 65534)
    assert run("verify", cwd=project).code == FINDINGS  # without waivers it can only ask for more


def test_the_file_is_found_upward_and_named(project):
    """From a folder below, paths mean the same, and the file that was read is named."""
    write_config(project, waiver())
    below = project / "a/b"
    below.mkdir(parents=True)
    result = run("verify", cwd=below)
    assert result.code == PROVED, describe(result)
    assert result.err == "abiproof verify: reading ../../abiproof.yaml\n"
    assert "by ../../abiproof.yaml:4: a test\n" in result.out, describe(result)
    assert run("verify", "-q", cwd=below).err == ""


def test_no_objects_and_no_file_is_wrong_usage(tmp_path):
    """Nothing to do is a mistake, and the message says where it looked."""
    result = run("verify", cwd=tmp_path)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "no abiproof.yaml here or in a folder above" in result.err
    assert "abiproof verify --help" in result.err


def test_objects_on_the_command_line_are_all_that_is_verified(project):
    """A file that nobody named does not change what was asked for."""
    write_config(project, waiver())
    result = run("verify", "arm.o", cwd=project)
    assert result.code == FINDINGS, describe(result)
    assert find(result.out, "bad-value", "EPOLLET")[0].targets == ("arm-linux",)


def test_options_are_added_to_the_file(project):
    """With --config, the file's objects, maps and waivers count beside those of the command line."""
    other = project / "other"
    other.mkdir()
    extra = compile_object(other, "aarch64", GOOD.replace("epoll_event", "Ev"))
    config = write_config(project, "maps: [Ev=epoll_event]\n" + waiver(), objects="[arm.o]")
    result = run("verify", extra, "--config", config, "--map", "nothing=EPOLLOUT", cwd="/")
    assert result.code == FINDINGS, describe(result)
    assert {f.kind for f in findings(result.out)} == {"missing-map"}, describe(result)
    assert "Ev as epoll_event" in result.out and "waived: 1 finding" in result.out


def test_a_map_names_its_line(project):
    """A map of the file that means nothing is reported where it is written."""
    write_config(project, "maps:\n  - EPOLLIN\n  - a=no_such_thing\n")
    result = run("verify", cwd=project)
    assert result.code == USAGE, describe(result)
    assert "abiproof.yaml:5:5: error: the kernel's name 'no_such_thing' is in no spec" in result.err


@pytest.mark.parametrize("text, line, word", [
    ("mapz: []\n", 3, "unknown key 'mapz' of the file (perhaps 'maps')"),
    ("maps: EV=epoll_event\n", 3, "expected a list, got 'EV=epoll_event'; write [EV=epoll_event]"),
    ("    target: pdp11-unix\n", 3, "unknown target 'pdp11-unix'"),
    ("    target: x86-64-linux\n", 3, "unknown target 'x86-64-linux' (perhaps 'x86_64-linux'"),
    ("maps: [\"=\"]\n", 3, "bad map"),
    (waiver(expiry="2027-02-29"), 4, "bad expiry '2027-02-29'"),
    (waiver(reason=" "), 4, "reason"),
    (waiver(kind="bad-valeu"), 4, "unknown kind of finding 'bad-valeu' of the waiver for 'EPOLLET' "
     "(perhaps 'bad-value'"),
    (waiver(targets=["arm-linx"]), 4, "'arm-linx' of the waiver for 'EPOLLET' matches no target "
     "(perhaps 'arm-linux'"),
    ("strict: yes\n", 3, "bad value of 'strict', expected 'true' or 'false', got 'yes'"),
], ids=["key", "list", "target", "near", "map", "expiry", "reason", "kind", "targets",
        "strict"])
def test_a_mistake_in_the_file_is_one_message_with_its_line(text, line, word, project):
    """Nothing is verified by a file that means something else."""
    write_config(project, text)
    result = run("verify", cwd=project)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    [message] = [text for text in result.err.splitlines() if "error: " in text]
    assert re.match(rf"abiproof\.yaml:{line}(:\d+)?: error: ", message), describe(result)
    assert word in message, describe(result)


def test_a_pattern_that_matches_nothing_is_an_error(project):
    """An object that is no longer there must not vanish from what is proved."""
    write_config(project, waiver(), objects="[x86_64.o, \"lib/*.so\"]")
    result = run("verify", cwd=project)
    assert result.code == USAGE, describe(result)
    assert "abiproof.yaml:2:23: error: 'lib/*.so' matches no file" in result.err
    assert "2 of 3 items proved" in result.out, describe(result)


def test_an_object_that_is_listed_twice_is_verified_once(project):
    """By two patterns, by one that is a link, and by an operand: one item each, and a line says
    which."""
    (project / "link.o").symlink_to("arm.o")
    write_config(project, "  - paths: [\"*.o\", ./x86_64.o]\n" + waiver(), objects="[arm.o]")
    result = run("verify", cwd=project)
    assert result.code == PROVED, describe(result)
    assert "6 of 9 items proved, 0 with findings, 3 waived" in result.out, describe(result)
    assert result.err == (
        "abiproof verify: reading abiproof.yaml\n"
        "abiproof verify: 'arm.o' of abiproof.yaml:3 is 'arm.o' of abiproof.yaml:2 again, and is "
        "verified once\n"
        "abiproof verify: 'link.o' of abiproof.yaml:3 is 'arm.o' of abiproof.yaml:2 again, and is "
        "verified once\n"
        "abiproof verify: './x86_64.o' of abiproof.yaml:3 is 'x86_64.o' of abiproof.yaml:3 again, "
        "and is verified once\n"), describe(result)
    assert run("verify", "-q", cwd=project).err == ""
    result = run("verify", "arm.o", "arm.o", "--config", "abiproof.yaml", cwd=project)
    assert "6 of 9 items proved" in result.out, describe(result)
    assert "'arm.o' of the command line is 'arm.o' of the command line again" in result.err


def test_an_object_that_is_listed_twice_keeps_what_either_says(project):
    """A target that one mention gives holds; two targets are an error of the second."""
    twice = "  - paths: [aarch64.o]\n    target: {}\n"
    write_config(project, twice.format("aarch64-linux") + waiver(), objects="[aarch64.o]")
    result = run("verify", cwd=project)
    assert result.code == PROVED and "2 of 3 items" in result.out, describe(result)
    write_config(project, twice.format("arm-linux") + waiver(), objects="[aarch64.o]")
    result = run("verify", cwd=project)
    assert result.code == USAGE and "arm-linux" in result.err, describe(result)
    write_config(project, twice.format("arm-linux") + waiver(),
                 objects="[aarch64.o]\n    target: aarch64-linux")
    result = run("verify", cwd=project)
    assert result.code == USAGE, describe(result)
    assert "abiproof.yaml:4:5: error: 'aarch64.o' is for arm-linux, but for aarch64-linux by " \
        "abiproof.yaml:2; expected one target\n" in result.err, describe(result)
    assert "2 of 3 items proved" in result.out, describe(result)


def test_an_object_of_two_builds_is_reported(project):
    """Each build runs, and nobody can tell which of them the object is of."""
    write_config(project, "    build: touch one\n  - paths: [arm.o]\n    build: touch two\n"
                 + waiver(), objects="[arm.o]")
    result = run("verify", "--build", cwd=project)
    assert result.code == PROVED, describe(result)
    assert "and is verified once; their builds differ: what the last of them leaves is " \
        "verified\n" in result.err, describe(result)
    assert (project / "one").exists() and (project / "two").exists()


def test_target_selects_what_the_file_has(project):
    """--target leaves out the file's objects of other targets, and what is required of them."""
    write_config(project, """  - paths: [none.o]
    target: arm-linux
    build: touch was-built
require: [aarch64-linux, arm-linux]
""", objects="[aarch64.o]\n    target: aarch64-linux")
    result = run("verify", "--target", "aarch64-linux", "--build", cwd=project)
    assert result.code == FINDINGS, describe(result)
    assert {f.item for f in findings(result.out)} == {"EPOLLET"}, describe(result)
    assert not (project / "was-built").exists()
    result = run("verify", "--target", "x86_64-linux", cwd=project)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "no objects for the selected targets" in result.err


def test_target_selects_among_objects_that_say_it_themselves(project):
    """An object of another target is left out, and not taken for one of the selected."""
    write_config(project, waiver())
    result = run("verify", "--target", "aarch64-linux", cwd=project)
    assert result.code == PROVED, describe(result)
    assert "2 of 3 items proved, 0 with findings, 1 waived" in result.out, describe(result)
    assert "x86_64" not in result.out and "arm-linux" not in result.out, describe(result)
    result = run("verify", "--target", "arm-linux", "--target", "aarch64-linux", cwd=project)
    assert "4 of 6 items proved" in result.out, describe(result)
    assert run("verify", "--target", "mips-linux", cwd=project).code == NOT_CHECKED


# ---- builds ---------------------------------------------------------------------------------


def test_a_file_runs_nothing_unless_asked(project):
    """Reading somebody's abiproof.yaml is safe: only --build runs its commands."""
    write_config(project, "    build: touch was-built\n" + waiver())
    for args in [["verify"], ["verify", "--config", "abiproof.yaml"], ["verify", "-v", "--strict"]]:
        run(*args, cwd=project)
        assert not (project / "was-built").exists(), args
    result = run("verify", "--build", cwd=project)
    assert result.code == PROVED, describe(result)
    assert (project / "was-built").exists()


def test_a_build_has_the_environment_that_we_were_started_with(project):
    """What our own compilers must not see is the project's matter."""
    write_config(project, '    build: test "$CPATH:$QEMU_CPU" = /x:max && touch was-built\n'
                 + waiver())
    result = run("verify", "--build", cwd=project, CPATH="/x", QEMU_CPU="max")
    assert result.code == PROVED, describe(result)
    assert (project / "was-built").exists()


def test_a_build_runs_in_the_files_folder_before_its_objects_are_read(tmp_path):
    """From a folder below too; what it made is verified, and one command runs once."""
    need_program("gcc")
    (tmp_path / "good.c").write_text(GOOD)
    (tmp_path / "below").mkdir()
    command = "echo x >> log && gcc -g -c good.c -o one.o && cp one.o two.o"
    write_config(tmp_path, f"    build: {command}\n  - paths: [two.o]\n    build: {command}\n",
                 objects="[one.o]")
    result = run("verify", "--build", cwd=tmp_path / "below")
    assert result.code == PROVED, describe(result)
    assert "6 of 6 items proved" in result.out, describe(result)
    assert (tmp_path / "log").read_text() == "x\n"
    assert f"building: {command}\n" in result.err


def test_a_failed_build_is_named_and_the_others_are_verified(project):
    """Target, command, how it ended and its last lines; and an old object is not taken for new."""
    write_config(project, """    target: arm-linux
    build: "echo no such compiler >&2; exit 3"
  - paths: [aarch64.o]
""" + waiver(), objects="[arm.o]")
    result = run("verify", "--build", cwd=project)
    assert result.code == USAGE, describe(result)
    assert "abiproof.yaml:4:12: error: cannot build for arm-linux: 'echo no such compiler >&2; " \
        "exit 3': exit code 3; its last lines:\n    no such compiler\n" in result.err
    assert "2 of 3 items proved, 0 with findings, 1 waived" in result.out, describe(result)
    assert "arm-linux" not in result.out


def test_build_without_a_file_is_wrong_usage(project):
    """--build has nothing to run where no file is read."""
    result = run("verify", "arm.o", "--build", cwd=project)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "--config" in result.err


# ---- waivers --------------------------------------------------------------------------------


def test_a_finding_stays_on_the_targets_that_no_waiver_names(project):
    """Of three targets one is waived: the finding stays on two, the waiver is counted."""
    write_config(project, waiver(targets=["arm-linux"]))
    result = run("verify", cwd=project)
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert set(found.targets) == {"x86_64-linux", "aarch64-linux"}, describe(result)
    assert "\nwaived: 1 finding, by abiproof.yaml:4: a test\n" in result.out
    assert "6 of 9 items proved, 2 with findings, 1 waived" in result.out, describe(result)


def test_verbose_shows_waived_findings_in_full(project):
    """Nothing is dropped: -v has what was expected and got, the reason and where it is written."""
    write_config(project, waiver())
    result = run("verify", "-v", cwd=project)
    assert result.code == PROVED, describe(result)
    [block] = re.findall(r"^waived: bad-value: EPOLLET .*\n((?:    .*\n)+)", result.out,
                         re.MULTILINE)
    for line in ["expected  0x80000000", "got       0x40000000", "because   a test",
                 "waived at abiproof.yaml:4"]:
        assert f"    {line}\n" in block, describe(result)


@pytest.mark.parametrize("keys, expected", [
    ({"item": "EPOLLIN"}, "'bad-value' on any target, or no waiver for it"),
    ({"kind": "bad-size"}, "'bad-size' on any target, or no waiver for it"),
    ({"targets": ["arm-linux", "*-linux", "x86_64-netbsd"], "item": "EPOLLOUT"},
     "'bad-value' on arm-linux *-linux, or no waiver for it"),
], ids=["item", "kind", "targets"])
def test_an_unused_waiver_is_a_finding(keys, expected, project):
    """A waiver that accepts nothing would hide what comes later."""
    write_config(project, waiver() + waiver(**keys).split("\n", 1)[1])
    result = run("verify", cwd=project)
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert (found.kind, found.details["expected"]) == ("unused-waiver", expected)
    assert found.details["found in"] == "abiproof.yaml:5", describe(result)


def test_a_waiver_for_what_was_not_looked_at_is_not_unused(project):
    """A run over some targets cannot tell of the others, nor one that could not read all."""
    write_config(project, waiver(targets=["arm-linux"]), objects="[aarch64.o]")
    result = run("verify", cwd=project)
    assert {f.kind for f in findings(result.out)} == {"bad-value"}, describe(result)
    write_config(project, waiver(item="EPOLLIN"), objects="[arm.o, none.o]")
    result = run("verify", cwd=project)
    assert result.code == USAGE, describe(result)
    assert {f.kind for f in findings(result.out)} == {"bad-value"}, describe(result)


def test_a_waiver_ends_after_its_last_day(project):
    """On its last day a waiver holds; afterwards it is a finding beside what it accepted."""
    now = datetime.datetime.now(datetime.timezone.utc)
    tomorrow, yesterday = (str((now + datetime.timedelta(days=n)).date()) for n in (1, -1))
    write_config(project, waiver(expiry=tomorrow))
    assert run("verify", cwd=project).code == PROVED
    write_config(project, waiver(expiry=yesterday))
    result = run("verify", cwd=project)
    assert result.code == FINDINGS, describe(result)
    assert {f.kind for f in findings(result.out)} == {"bad-value", "expired-waiver"}
    [found] = find(result.out, "expired-waiver", "EPOLLET")
    assert found.details["got"] == f"a waiver until {yesterday}: a test"
    assert found.details["found in"] == "abiproof.yaml:4"


def test_a_waived_note_does_not_fail_a_strict_run(tmp_path):
    """`strict: true` makes notes count, but those that are waived."""
    source = GOOD.replace("uint32_t events", "int32_t events")
    compile_object(tmp_path, "x86_64", source)
    note = waiver(kind="bad-sign", item="epoll_event.events")
    assert run("verify", "x86_64.o", cwd=tmp_path).code == PROVED
    write_config(tmp_path, "strict: true\n")
    strict = run("verify", cwd=tmp_path)
    assert strict.code == FINDINGS and find(strict.out, "bad-sign", "epoll_event.events"), \
        describe(strict)
    write_config(tmp_path, "strict: true\n" + note)
    result = run("verify", cwd=tmp_path)
    assert result.code == PROVED, describe(result)


def test_formats_for_programs_say_what_is_waived(project):
    """JSON and SARIF carry reason and location, TAP a TODO, JUnit a skip; all as their schemas
    and harnesses have it."""
    write_config(project, waiver(), objects="[arm.o]")
    texts = {name: run("verify", "--format", name, cwd=project)
             for name in ["json", "sarif", "tap", "junit", "github"]}
    for result in texts.values():
        assert result.code == PROVED, describe(result)
    texts = {name: result.out for name, result in texts.items()}
    assert read_json(texts["json"])["arm-linux", "EPOLLET in arm.o"] == "waived"
    [found] = json.loads(texts["json"])["findings"]
    assert (found["waived"], found["waiver"], found["waiver_line"]) == \
        ("a test", "abiproof.yaml", 4)
    [sarif] = read_sarif(texts["sarif"])["results"]
    assert sarif["suppressions"][0]["justification"] == "a test"
    assert read_junit(texts["junit"])["arm-linux", "EPOLLET in arm.o"] == "not_checked"
    assert '<skipped message="waived: a test"/>' in texts["junit"]
    assert re.search(r"^not ok \d - arm-linux EPOLLET in arm\.o # TODO a test$", texts["tap"],
                     re.MULTILINE), texts["tap"]
    (project / "report.tap").write_text(texts["tap"])
    proved = run_program([need_program("prove"), "--exec", "cat", "report.tap"], cwd=project)
    assert proved.code == 0, describe(proved)
    assert "::notice file=" in texts["github"] and "::error" not in texts["github"]


def test_formats_for_programs_have_a_case_for_waivers(project):
    """What is wrong with a waiver or a requirement is a case of its own, in no group."""
    write_config(project, waiver(item="EPOLLIN") + "require: [mips-linux]\n", objects="[arm.o]")
    own = "requirements and waivers"
    report = run("verify", "--format", "json", cwd=project)
    assert report.code == FINDINGS and read_json(report.out)[None, own] == "findings", report.out
    kinds = {finding["kind"] for case in json.loads(report.out)["cases"] if case["name"] == own
             for finding in case["findings"]}
    assert kinds == {"not-proved", "unused-waiver"}
    junit = run("verify", "--format", "junit", cwd=project)
    assert read_junit(junit.out)["verify", own] == "findings", junit.out
    for name in ["sarif", "tap", "github"]:
        assert "unused-waiver" in run("verify", "--format", name, cwd=project).out, name


def test_probe_refuses_a_waiver_of_an_unknown_kind(root):
    """A misspelt kind is an error of the file before anything runs."""
    path = root / "waivers.yaml"
    path.write_text(waiver(kind="bad-vlaue"))
    result = run("prove", "-C", root, "--target", "x86_64-linux", "--waivers", path)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "waivers.yaml:2:5: error: unknown kind of finding 'bad-vlaue'" in result.err
    assert "(perhaps 'bad-value'" in result.err, describe(result)


def test_probe_takes_waivers(root):
    """A wrong binding of our own that is accepted: its row is waived, all others are proved."""
    mutate(root / "bindings/c/epoll.h", r"^(#define RAW_EPOLLPRI) .*", r"\1 0x4U")
    path = root / "waivers.yaml"
    keys = {"targets": ["x86_64-linux"], "item": "EPOLLPRI"}
    path.write_text(waiver(**keys))
    args = ["prove", "-C", root, "--target", "x86_64-linux"]
    bare = run(*args)
    assert bare.code == FINDINGS, describe(bare)
    kinds = sorted({(f.kind, f.item) for f in findings(bare.out) if f.severity == "error"})
    path.write_text("waivers:\n" + "".join(
        waiver(**{**keys, "kind": kind, "item": item}).split("\n", 1)[1] for kind, item in kinds))
    result = run(*args, "--waivers", path, "--require", "all")
    assert result.code == PROVED, describe(result)
    assert matrix(result.out)["x86_64-linux", "epoll"].verdict == "waived", describe(result)
    assert ", 0 with findings, 0 unreadable; 1 waived; " in result.out, describe(result)
    path.write_text(path.read_text() + waiver(**{**keys, "item": "EPOLLIN"}).split("\n", 1)[1])
    result = run(*args, "--waivers", path)
    assert [f.kind for f in findings(result.out)] == ["unused-waiver"], describe(result)
    result = run(*args, "--waivers", path, "--spec", "epoll")
    assert result.code == PROVED, describe(result)


# ---- what is required -----------------------------------------------------------------------


@pytest.mark.parametrize("what, got", [
    ("riscv64-linux", "no object for it"),
    ("EPOLLOUT", "not in any object"),
    ("EPOLLINN", "no target of that name, and no item on a verified target"),
])
def test_what_is_required_and_not_checked_is_a_finding(what, got, tmp_path):
    """A requirement is met by an object of the target, or by the item on every target."""
    compile_object(tmp_path, "aarch64", GOOD)
    write_config(tmp_path, f"require: [aarch64-linux, EPOLLIN, epoll_event, {what}]\n")
    result = run("verify", cwd=tmp_path)
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert (found.kind, found.item, found.details["got"]) == ("not-proved", what, got)
    assert found.details["found in"] == "abiproof.yaml:3", describe(result)
    result = run("verify", "aarch64.o", "--require", what, cwd=tmp_path)
    assert result.code == FINDINGS and find(result.out, "not-proved", what), describe(result)
    result = run("verify", "aarch64.o", "--require", "EPOLLI*", "--require", "aarch64-linux",
                 cwd=tmp_path)
    assert result.code == PROVED, describe(result)


def test_an_item_is_not_asked_of_a_kernel_that_lacks_it(tmp_path):
    """aarch64 has no epoll_wait: the number is required where there is one."""
    for arch in ["aarch64", "arm"]:
        compile_object(tmp_path, arch, GOOD + "const int SYS_epoll_create1 = "
                       + ("20;" if arch == "aarch64" else "357; const int SYS_epoll_wait = 252;"))
    write_config(tmp_path, "require: [\"syscall:epoll_wait\", \"syscall:epoll_create1\"]\n")
    result = run("verify", cwd=tmp_path)
    assert result.code == PROVED, describe(result)
    compile_object(tmp_path, "arm", GOOD)
    result = run("verify", cwd=tmp_path)
    assert [(f.kind, f.item, f.targets) for f in findings(result.out)] == [
        ("not-proved", "syscall:epoll_create1", ("arm-linux",)),
        ("not-proved", "syscall:epoll_wait", ("arm-linux",))], describe(result)


def test_an_object_without_items_does_not_meet_a_requirement(tmp_path):
    """Nothing to check is not proved: 77 alone, a finding where the target is required."""
    compile_object(tmp_path, "aarch64", "int nothing;")
    assert run("verify", "aarch64.o", cwd=tmp_path).code == NOT_CHECKED
    result = run("verify", "aarch64.o", "--require", "aarch64-linux", cwd=tmp_path)
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert found.details["got"] == "an object with nothing to check in it", describe(result)


# ---- packages -------------------------------------------------------------------------------


@pytest.fixture
def namespaces(tmp_path) -> Path:
    """A folder with one object that has two namespaces, of which one has names of the specs."""
    (tmp_path / "x.cc").write_text("namespace a { enum { EPOLLIN = 1 }; struct other { int x; } o; "
                                   "enum { EPOLLOUT = 4 } e; }\n"
                                   "namespace b { struct __attribute__((packed)) ev { unsigned "
                                   "events; unsigned long data; } o; }\n")
    done = run_program([need_program("x86_64-linux-gnu-g++"), "-g",
                        "-fno-eliminate-unused-debug-types", "-c", "x.cc"],
                       cwd=tmp_path)
    assert done.code == 0, describe(done)
    return tmp_path


def test_a_package_in_which_nothing_is_found_is_not_checked(namespaces):
    """One of two: what the other has is verified, and the run is not proved."""
    assert run("verify", "x.o", "--in", "a", cwd=namespaces).code == PROVED
    for word in ["b", "aa"]:
        result = run("verify", "x.o", "--in", "a", "--in", word, cwd=namespaces)
        assert result.code == NOT_CHECKED, describe(result)
        assert f"\nnot checked: package '{word}' of --in: no object has anything in it that is " \
            "looked for; " in result.out, describe(result)
        assert "2 of 2 items proved" in result.out, describe(result)
    result = run("verify", "x.o", "--in", "none", cwd=namespaces)
    assert result.code == NOT_CHECKED and "package 'none' of --in" in result.out, describe(result)
    mapped = run("verify", "x.o", "--in", "a", "--in", "b", "--map", "b::ev=epoll_event",
                 cwd=namespaces)
    assert mapped.code == PROVED and "3 of 3 items" in mapped.out, describe(mapped)
    report = run("verify", "x.o", "--in", "a", "--in", "b", "--format", "json", cwd=namespaces)
    assert report.code == NOT_CHECKED, describe(report)
    assert read_json(report.out)[None, "package 'b' of --in"] == "not_checked", report.out


def test_a_package_of_the_file_names_its_line(namespaces):
    """Unless --target or --spec left out what it may be for."""
    write_config(namespaces, "in:\n  - a\n  - b\n")
    result = run("verify", cwd=namespaces)
    assert result.code == NOT_CHECKED, describe(result)
    assert "\nnot checked: package 'b' of abiproof.yaml:5: no object" in result.out
    for option in [["--target", "x86_64-linux"], ["--spec", "epoll"]]:
        result = run("verify", *option, cwd=namespaces)
        assert result.code == PROVED and "not checked: package" not in result.out, describe(result)


# ---- where abiproof is ----------------------------------------------------------------------


def test_abiproof_finds_its_own_data_from_anywhere(tmp_path):
    """Run by its path, or through a link, in a folder that is not its own."""
    compile_object(tmp_path, "x86_64", GOOD)
    link = tmp_path / "bin/abiproof"
    link.parent.mkdir()
    link.symlink_to(ABIPROOF)
    for program in [ABIPROOF, link]:
        result = run_program([program, "verify", "x86_64.o"], cwd=tmp_path)
        assert result.code == PROVED, describe(result)
    result = run_program([ABIPROOF, "specs", "--format", "tsv"], cwd=tmp_path)
    assert "epoll" in result.out, describe(result)


def test_a_folder_with_the_data_comes_before_the_programs_own(tmp_path):
    """The nearest folder upward decides, as it did when the program was not moved."""
    result = run("specs", "--format", "tsv", cwd=ROOT / "gen")
    assert len(result.out.splitlines()) < len(
        run("specs", "--format", "tsv", cwd=tmp_path).out.splitlines())


def test_what_writes_needs_a_folder_of_its_own(tmp_path):
    """Only what reads takes the program's own data: `gen` would change another's repository."""
    for command in ["gen", "prove"]:
        result = run_program([ABIPROOF, command], cwd=tmp_path)
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert "gen/targets.yaml" in result.err and "--root" in result.err, describe(result)


def test_a_program_without_its_data_says_so(tmp_path):
    """A program that was copied away names what it looks for, and --root helps."""
    copy = tmp_path / "abiproof"
    shutil.copy(ABIPROOF, copy)
    compile_object(tmp_path, "x86_64", GOOD)
    result = run_program([copy, "verify", "x86_64.o"], cwd=tmp_path)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "gen/targets.yaml" in result.err and "--root" in result.err, describe(result)
    result = run_program([copy, "verify", "x86_64.o", "-C", REPOSITORY], cwd=tmp_path)
    assert result.code == PROVED, describe(result)


# ---- what CI calls --------------------------------------------------------------------------


def run_script(name: str, *args, cwd: Path, **variables):
    """Runs a script of ci/ with the program under test."""
    env = {**os.environ, "ABIPROOF": str(ABIPROOF), **variables}
    return run_program([REPOSITORY / "ci" / name, *args], cwd=cwd, env=env)


def test_the_script_runs_where_it_is_called(project):
    """ci/verify, which the hook of pre-commit is, passes options on and the exit code back."""
    write_config(project, waiver())
    below = project / "below"
    below.mkdir()
    result = run_script("verify", "-q", "--config", "../abiproof.yaml", cwd=below)
    assert result.code == PROVED, describe(result)
    result = run_script("verify", cwd=below)
    assert result.code == PROVED and "6 of 9 items proved" in result.out, describe(result)
    assert run_script("verify", "arm.o", cwd=project).code == FINDINGS
    assert run_script("verify", cwd=Path("/")).code == USAGE
    hooks = (REPOSITORY / ".pre-commit-hooks.yaml").read_text()
    [entry] = re.findall(r"^  entry: (.*)$", hooks, re.MULTILINE)
    assert os.access(REPOSITORY / entry, os.X_OK)


def test_the_script_compiles_what_it_runs(project):
    """Without ABIPROOF, ci/verify brings build/abiproof up to date; its report alone is on
    stdout."""
    result = run_program([REPOSITORY / "ci/verify", "arm.o"], cwd=project, timeout=600,
                         env={k: v for k, v in os.environ.items() if k != "ABIPROOF"})
    assert result.code == FINDINGS, describe(result)
    assert result.out == run("verify", "arm.o", cwd=project).out, describe(result)


def test_the_action_prints_annotations_and_writes_sarif(project):
    """ci/action/run, which the action is: inputs are environment variables."""
    write_config(project, "    build: touch was-built\n")
    result = run_script("action/run", cwd=project, FORMAT="github", BUILD="true",
                        CONFIG="abiproof.yaml", SARIF="out.sarif")
    assert result.code == FINDINGS, describe(result)
    assert "::error file=" in result.out and (project / "was-built").exists(), describe(result)
    results = json.loads((project / "out.sarif").read_text())["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["bad-value"]
    result = run_script("action/run", cwd=project, ARGS="arm.o\n--map nothing=EPOLLIN\n")
    assert result.code == FINDINGS, describe(result)
    assert {f.kind for f in findings(result.out)} == {"bad-value", "missing-map"}


def test_the_action_runs_no_input_as_a_command(project):
    """Whatever an input says, it is words for abiproof; no pattern in it is expanded."""
    result = run_script("action/run", cwd=project, CONFIG="$(touch run1)", SARIF="`touch run2`",
                        ARGS="; touch run3; *.o $(touch run4)")
    assert result.code == USAGE, describe(result)
    assert not list(project.glob("run*")), describe(result)
    assert "$(touch run1)" in result.err, describe(result)


def test_the_action_passes_on_every_input():
    """Each input of action.yml reaches ci/action/run, or decides about the upload."""
    text = (REPOSITORY / "ci/action/action.yml").read_text()
    inputs = re.findall(r"^  (\w+):\n    description:", text, re.MULTILINE)
    assert len(inputs) >= 6
    script = (REPOSITORY / "ci/action/run").read_text()
    for name in inputs:
        assert f"inputs.{name} " in text, name
        assert name == "upload" or f"${{{name.upper()}" in script, name
