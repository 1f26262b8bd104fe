"""Mistakes of people: one clear message with the place, exit 2, and every file as it was.

In: specs, tables, headers and command lines that are wrong in one way. Out: the message. Every test
compares the whole tree before and after: half a result is worse than none.
"""

import re
import subprocess
from pathlib import Path

import pytest

from conftest import (FINDINGS, LINUX, PROVED, ROOT, USAGE, describe, find, mutate, run, tree)


def line_of(path, pattern: str) -> int:
    """The number of the first line that matches."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.search(pattern, line):
            return number
    return pytest.fail(f"{path}: no line matches /{pattern}/")


def check_refused(root, path, line, *words, commands=("gen", "prove")):
    """Each command fails with exit 2, prints nothing else, names the place, and writes nothing."""
    for command in commands:
        before = tree(root)
        result = run(command, "-C", root)
        assert (result.code, result.out if command == "gen" else "") == (USAGE, ""), \
            f"{command}: {describe(result)}"
        place = f"{path}:{line}" if line else f"{path}:" if path else ""
        first = result.err.splitlines()[0]
        assert first.startswith(place) and "error: " in first, f"{place}?\n{describe(result)}"
        for word in words:
            assert word in first, describe(result)
        assert tree(root) == before, f"{command} changed a file"


# ---- specs ----------------------------------------------------------------------------------

# Label: spec, pattern, replacement, pattern of the line that is to be named, words of the message.
SPEC_MISTAKES = {
    "unknown_key": ("epoll", r"^manual:", "manuel:", r"^manuel", ["manuel"]),
    "unknown_key_in_a_call": ("epoll", r"^(    )errors: as epoll_wait", r"\1eras: as epoll_wait",
                              r"eras:", ["eras"]),
    "missing_reason": ("epoll", r"\{name: epoll_data\*, reason: .*\}", "{name: epoll_data*}",
                       r"epoll_data\*}", ["reason"]),
    "not_yaml": ("epoll", r"^records:$", "records: [", None, []),
    "tab": ("epoll", r"^records:$", "records:\n\t- x", None, []),
    "key_twice": ("eventfd", r"^os: linux$", "os: linux\nos: linux", None, ["os"]),
    "unknown_form": ("eventfd", r"(- name: eventfd2\n    forms:) \[syscall\]", r"\1 [sysenter]",
                     r"sysenter", ["sysenter"]),
    "name_of_another_file": ("epoll", r"^name: epoll$", "name: epol", r"^name: epol$", ["epol"]),
    "unknown_source": ("eventfd", r"^    from: library$", "    from: nowhere", None, ["nowhere"]),
    "unknown_system": ("epoll", r"^os: linux$", "os: plan9", r"^os:", ["plan9"]),
    "unknown_type": ("epoll", r"\{name: flags, type: int,", "{name: flags, type: innt,", r"innt",
                     ["innt"]),
    "unknown_type_of_a_result": ("epoll", r"returns: \{type: int, doc: \"0\"\}",
                                 'returns: {type: struct nothing, doc: "0"}', None, ["nothing"]),
    "constant_that_the_header_lacks": ("epoll", r"EPOLLONESHOT, EPOLLET\]",
                                       "EPOLLONESHOT, EPOLLNONE, EPOLLET]", r"EPOLLNONE",
                                       ["EPOLLNONE", "[all its targets]"]),
    "record_that_the_header_lacks": ("epoll", r"__kernel_timespec", "__kernel_timespek",
                                     r"__kernel_timespek", ["__kernel_timespek"]),
    "field_that_the_header_lacks": ("kqueue_macos", r"- \{name: ext, doc", "- {name: extra, doc",
                                    r"name: extra", ["kevent64_s.extra"]),
    "function_that_the_header_lacks": ("eventfd", r"- name: eventfd_read$",
                                       "- name: eventfd_reed", r"eventfd_reed", ["eventfd_reed"]),
    "number_that_the_header_lacks": ("eventfd", r"- name: eventfd2$", "- name: eventfd3", None,
                                     ["eventfd"]),
    "alias_that_the_header_lacks": ("eventfd", r"- name: eventfd_t$", "- name: eventfd_u", None,
                                    ["eventfd_"]),
    "header_that_is_missing": ("epoll", r"\[linux/eventpoll.h,", "[linux/eventpol.h,",
                               r"eventpol\.h", ["linux/eventpol.h", "x86_64-linux"]),
    "call_otherwise_to_nothing": ("epoll", r"fallback: \{call: epoll_create1,",
                                  "fallback: {call: epoll_create9,", None, ["epoll_create9"]),
    "constant_twice": ("epoll", r"\[EPOLLIN, EPOLLPRI,", "[EPOLLIN, EPOLLPRI, EPOLLPRI,",
                       r"EPOLLPRI, EPOLLPRI", ["EPOLLPRI"]),
}


@pytest.mark.parametrize("spec, pattern, replacement, at, words", SPEC_MISTAKES.values(),
                         ids=SPEC_MISTAKES.keys())
def test_a_broken_spec_is_refused_with_its_location(spec, pattern, replacement, at, words, root):
    """A mistake in a spec is one message with file and line, from gen and from probe alike."""
    path = root / f"gen/specs/{spec}.yaml"
    mutate(path, pattern, replacement, len(re.findall(pattern, path.read_text(), re.MULTILINE)))
    check_refused(root, path, line_of(path, at) if at else None, *words)
    result = run("gen", "-C", root)
    assert re.match(rf"{re.escape(str(path))}:\d+(:\d+)?: error: ", result.err), describe(result)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "- a list\n", "\x00\x01\x02\n"],
                         ids=["empty", "comment", "list", "binary"])
def test_a_spec_without_content_is_refused(text, root):
    """A spec that says nothing must not vanish from what is proved."""
    path = root / "gen/specs/epoll.yaml"
    path.write_text(text)
    check_refused(root, path, None)


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/nowhere"),
                                  lambda path: path.mkdir()], ids=["dangling_link", "folder"])
def test_a_spec_that_cannot_be_read_is_refused(make, root):
    """A spec that is there but not readable is an error with its path."""
    path = root / "gen/specs/epoll.yaml"
    path.unlink()
    make(path)
    check_refused(root, path, None, "cannot read")


@pytest.mark.parametrize("spec, name, target", [("epoll", "EPOLLMSG", "x86_64-linux"),
                                                ("eventfd", "EFD_CLOEXEC", "aarch64-linux"),
                                                ("kqueue_macos", "NOTE_FORK", "aarch64-macos")])
def test_a_spec_that_forgets_a_name_is_a_finding(spec, name, target, root):
    """A name of the family that a spec neither binds nor ignores is `unbound-name`, in gen with
    nothing written and in probe."""
    mutate(root / f"gen/specs/{spec}.yaml", rf"^( .*[A-Z]), {name}, ([^\"]*)$", r"\1, \2")
    before = tree(root)
    made = run("gen", "-C", root)
    assert (made.code, made.out) == (FINDINGS, ""), describe(made)
    grouped = rf"gen/specs/{spec}\.yaml: error: unbound-name: 1 name .*\n" \
        rf"    \[.*\]\n        \S+\.h:\d+: {name}\n"
    assert re.search(grouped, made.err, re.MULTILINE), describe(made)
    assert tree(root) == before
    probed = run("prove", "-C", root, "--spec", spec, "--target", target)
    assert probed.code == FINDINGS, describe(probed)
    assert re.search(grouped, probed.out, re.MULTILINE), describe(probed)
    [found] = find(run("prove", "-C", root, "--spec", spec, "--target", target, "-v").out,
                   "unbound-name", name)
    assert found.severity == "error" and ".h:" in found.details["header"], describe(probed)


def test_what_is_grouped_of_forgotten_names_may_be_pasted(root):
    """The block below `unbound-name` is what the spec lacks, but for the words."""
    spec = root / "gen/specs/epoll.yaml"
    bound = (root / "bindings/c/epoll.h").read_text()
    text = re.sub(r"(?s)\nconstants:.*?(?=\ncalls:)", "", spec.read_text())
    spec.write_text(text.split("\nignore:")[0] + "\n")
    made = run("gen", "-C", root, "--spec", "epoll")
    assert made.code == FINDINGS, describe(made)
    block = made.err.split("for each:\n\n")[1]
    assert block.startswith("constants:\n") and "\nignore:\n" in block, describe(made)
    spec.write_text(spec.read_text() + re.sub(r"(doc:|reason:)", r"\1 words", block))
    again = run("gen", "-C", root, "--spec", "epoll")
    assert again.code == PROVED, describe(again)
    names = re.compile(r"#define RAW_EPOLL\w+ .*")
    assert set(names.findall(bound)) <= \
        set(names.findall((root / "bindings/c/epoll.h").read_text()))


def test_a_forgotten_name_may_be_ignored_with_a_reason(root):
    """The way out of `unbound-name` that the spec offers."""
    spec = root / "gen/specs/kqueue_macos.yaml"
    mutate(spec, r"NOTE_LOWAT, NOTE_OOB\]", "NOTE_LOWAT]")
    mutate(spec, r"^ignore:\n", 'ignore:\n  - {name: NOTE_OOB, reason: "a test"}\n')
    result = run("gen", "-C", root)
    assert result.code == PROVED, describe(result)
    assert "NOTE_OOB" not in (root / "bindings/c/kqueue_macos.h").read_text()


# ---- the table of targets -------------------------------------------------------------------

TABLE_MISTAKES = {
    "unknown_key": (r"^    sigset: 8$", "    sigsets: 8", 2, r"sigsets", ["sigsets"]),
    "not_a_number": (r"^    bits: 64$", "    bits: many", 4, r"bits: many", []),
    "not_yaml": (r"^targets:$", "targets: {", 1, None, []),
    "wrong_bits": (r"(name: x86_64-linux\n(?:    .*\n)*?    bits:) 64", r"\1 32", 1, None,
                   ["x86_64-linux", "32", "64"]),
    "name_twice": (r"- name: aarch64-linux\n    os:", "- name: x86_64-linux\n    os:", 1, None, ["x86_64-linux"]),
}


@pytest.mark.parametrize("pattern, replacement, count, at, words", TABLE_MISTAKES.values(),
                         ids=TABLE_MISTAKES.keys())
def test_a_broken_table_of_targets_is_refused(pattern, replacement, count, at, words, root):
    """A mistake in gen/targets.yaml is one message with its place."""
    path = root / "gen/targets.yaml"
    mutate(path, pattern, replacement, count)
    before = tree(root)
    result = run("gen", "-C", root)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    first = result.err.splitlines()[0]
    place = f"gen/targets.yaml:{line_of(path, at)}" if at else "gen/targets.yaml:"
    assert place in first and all(word in first for word in words), describe(result)
    assert tree(root) == before


def test_an_empty_table_of_targets_is_refused_aloud(root):
    """Without targets there is nothing to do, and a message says so."""
    (root / "gen/targets.yaml").write_text("# nothing\n")
    for command in ("gen", "prove", "targets", "specs"):
        result = run(command, "-C", root)
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert "gen/targets.yaml" in result.err, f"{command}: {describe(result)}"


# ---- headers --------------------------------------------------------------------------------


@pytest.fixture
def headers(root):
    """A folder in front of the header set of x86_64-linux."""
    folder = root / "headers"
    (folder / "linux").mkdir(parents=True)
    mutate(root / "gen/targets.yaml", r"^      - /usr/include/x86_64-linux-gnu:/usr/include$",
           f"      - {folder}:/usr/include/x86_64-linux-gnu:/usr/include")
    return folder


def test_a_header_that_does_not_parse_is_refused_with_its_location(root, headers):
    """A syntax error in a kernel header is reported where it is, and nothing is written."""
    path = headers / "linux/eventpoll.h"
    path.write_text("#include <linux/types.h>\n\nstruct epoll_event { this is not C };\n")
    check_refused(root, "", None, "linux/eventpoll.h:3")


def test_a_header_that_is_missing_from_the_set_is_refused(root):
    """A header set without the spec's header names the header, the set and the line of the spec."""
    (root / "empty").mkdir()
    mutate(root / "gen/targets.yaml", r"^      - /usr/include/x86_64-linux-gnu:/usr/include$",
           f"      - {root}/empty")
    spec = root / "gen/specs/epoll.yaml"
    check_refused(root, spec, line_of(spec, r"linux/eventpoll\.h"), "linux/eventpoll.h",
                  f"{root}/empty")


def test_a_header_that_includes_a_missing_one_is_refused(root, headers):
    """What a header includes must be there as well."""
    (headers / "linux/eventpoll.h").write_text("#include <linux/not_there.h>\n")
    check_refused(root, "", None, "linux/not_there.h", "linux/eventpoll.h:1")


def test_a_header_with_another_layout_is_a_finding_against_the_binding(root, headers):
    """When the kernel's header says something else than the binding, the binding is wrong."""
    header = headers / "linux/eventpoll.h"
    header.write_text(Path("/usr/include/linux/eventpoll.h").read_text())
    mutate(header, r"^(#define\s+EPOLLIN\s+.*)0x0*1$", r"\g<1>0x00008000")
    result = run("prove", "-C", root, "--spec", "epoll", "--target", "x86_64-linux")
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "bad-value", "EPOLLIN")
    assert (found.details["expected"], found.details["got"]) == ("0x8000", "0x1")
    assert run("gen", "--check", "-C", root).code == FINDINGS


@pytest.mark.parametrize("command", ["gen", "prove"])
def test_an_error_in_one_spec_leaves_the_files_of_all(command, root):
    """All is read before anything is written: kqueue is broken, and epoll stays stale."""
    mutate(root / "bindings/c/epoll.h", r"^#define RAW_EPOLLIN 0x1U$", "#define RAW_EPOLLIN 0x7U")
    mutate(root / "gen/specs/kqueue_macos.yaml", r"EV_ADD, EV_DELETE,", "EV_ADD, EV_DELETED,")
    before = tree(root)
    result = run(command, "-C", root)
    assert result.code == USAGE and "EV_DELETED" in result.err, describe(result)
    assert tree(root) == before


def test_gen_out_leaves_an_older_folder_as_it_was(root, tmp_path):
    """--out obeys the same rule: after an error the folder holds what it held."""
    out = tmp_path / "out"
    assert run("gen", "-C", root, "--out", out).code == PROVED
    (out / "mine.txt").write_text("mine\n")
    mutate(out / "bindings/c/epoll.h", r"^#define RAW_EPOLLIN 0x1U$", "#define RAW_EPOLLIN 0x7U")
    before = tree(out)
    mutate(root / "gen/specs/eventfd.yaml", r"^manual:", "manuel:")
    assert run("gen", "-C", root, "--out", out).code == USAGE
    assert tree(out) == before


# ---- golden facts ---------------------------------------------------------------------------


@pytest.mark.parametrize("damage, words", [
    (lambda path: path.unlink(), "cannot read: No such file or directory"),
    (lambda path: path.write_text("field epoll_event.data\nfield epoll_event.data offset=\n"),
     "offset"),
    (lambda path: mutate(path, r"^(field epoll_event.data) offset=4 ", r"\1 offset=400 "),
     "epoll_event.data"),
], ids=["missing", "no-facts", "impossible"])
def test_golden_facts_that_cannot_be_are_refused_by_everybody(damage, words, root, tmp_path):
    """What verify compares with is held to the same rules as what show prints."""
    facts = root / "abi_probes/facts/x86_64-linux/epoll.facts"
    source, thing = tmp_path / "binding.c", tmp_path / "binding.o"
    source.write_text("struct epoll_event { int events, data, more; } event;\n")
    subprocess.run(["gcc", "-g", "-c", source, "-o", thing], check=True, timeout=60)
    damage(facts)
    for command in (["show", "epoll_event"], ["verify", thing, "--target", "x86_64-linux"]):
        result = run(*command, "-C", root)
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert result.err.startswith(f"{facts}:") and words in result.err, describe(result)


# ---- the command line -----------------------------------------------------------------------

COMMAND_LINES = {
    "no_command": ([], "no command"),
    "unknown_command": (["frobnicate"], "unknown command 'frobnicate'"),
    "unknown_option": (["gen", "--frobnicate"], "unknown option '--frobnicate'"),
    "option_of_another_command": (["gen", "--bindings", "x"], "unknown option '--bindings'"),
    "missing_value": (["gen", "--spec"], "'--spec' needs a value"),
    "unexpected_operand": (["gen", "epoll"], "operands"),
    "bad_number_of_workers": (["gen", "-j", "0"], "bad number of workers '0'"),
    "workers_where_there_are_none": (["verify", "--jobs", "2", "x.o"],
                                     "'--jobs', which is for gen, facts and prove"),
    "package_without_an_object": (["show", "epoll_event", "--in", "poll"], "--in are for objects"),
    "bad_timeout": (["prove", "--timeout", "soon"], "bad timeout 'soon'"),
    "unknown_format": (["targets", "--format", "xml"],
                       "unknown format 'xml', expected text, tsv or markdown"),
    "format_of_another_table": (["specs", "--format", "markdown"],
                                "unknown format 'markdown', expected text or tsv"),
    "unknown_target": (["prove", "--target", "vax-linux"], "unknown target 'vax-linux'"),
    "unknown_target_of_facts": (["facts", "--target", "vax-linux"], "unknown target 'vax-linux'"),
    "unknown_spec": (["gen", "--spec", "poll"], "gen/specs/poll.yaml"),
    "unknown_language": (["gen", "--lang", "cobol"], "unknown language 'cobol'"),
    "facts_without_target": (["facts"], "exactly one --target"),
    "facts_of_two_targets": (["facts", "--target", LINUX[0], "--target", LINUX[1]],
                             "exactly one --target"),
    "judge_of_one_file": (["judge", "a.facts"], "operands"),
    "root_that_is_not_there": (["gen", "-C", "/nowhere"], "/nowhere/gen/targets.yaml"),
}


@pytest.mark.parametrize("arguments, message", COMMAND_LINES.values(), ids=COMMAND_LINES.keys())
def test_a_wrong_command_line_is_one_line_on_stderr(arguments, message):
    """A mistake on the command line is one line that names it, and exit 2."""
    before = tree(ROOT / "bindings")
    result = run(*arguments)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert message in result.err and len(result.err.splitlines()) == 1, describe(result)
    assert tree(ROOT / "bindings") == before


@pytest.mark.parametrize("make, word", [
    (lambda path: None, "No such file"), (lambda path: path.write_text(""), "Not a directory")])
def test_bindings_that_are_no_folder_are_refused(make, word, tmp_path):
    """Not as bindings in which everything is missing."""
    path = tmp_path / "bindings"
    make(path)
    result = run("prove", "--bindings", path, cwd=ROOT)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert f"{path}: error: " in result.err and word in result.err, describe(result)


def test_a_folder_outside_of_any_repository_is_refused(tmp_path):
    """Without a root there is one message that says what was looked for."""
    result = run("prove", cwd=tmp_path)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "gen/targets.yaml" in result.err and "--root" in result.err, describe(result)
