"""Reports for programs: JSON, JUnit XML, SARIF, TAP and GitHub's workflow commands.

In: real reports of trees with and without findings, with something that could not be checked, and
with names that every format has to escape. Out: texts that other people's readers accept: the
schema of OASIS for SARIF, of Jenkins for JUnit, Perl's harness for TAP; and the same outcomes in all.
"""

import functools
import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import jsonschema
import pytest

from conftest import (FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, ROOT, USAGE, describe, find,
                      mutate, need_program, run, run_program, write_tool_path)

SCHEMAS = REPOSITORY / "build/schemas"
FORMATS = ["json", "junit", "sarif", "tap", "github"]
GOLDEN = "abi_probes/facts/x86_64-linux/epoll.facts"
PROBE = ["prove", "--spec", "epoll", "--spec", "eventfd", "--target", "x86_64-linux", "--target",
         "aarch64-linux"]


# ---- other people's readers -----------------------------------------------------------------


def schema_file(name):
    """A schema that ci/fetch-schemas brought."""
    path = SCHEMAS / name
    if not path.exists():
        pytest.skip(f"no build/schemas/{name}: run ci/fetch-schemas")
    return path


@functools.lru_cache(maxsize=None)
def json_validator(path):
    schema = json.loads(path.read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def read_json(text):
    """Checks a JSON report with the schema in the tree; outcome by group and name."""
    report = json.loads(text)
    json_validator(REPOSITORY / "gen/schemas/report.schema.json").validate(report)
    outcomes = {(case.get("group"), case["name"]): case["outcome"] for case in report["cases"]}
    counts = {outcome: list(outcomes.values()).count(outcome) for outcome in report["counts"]}
    assert report["counts"] == counts
    return outcomes


def read_junit(text):
    """Checks JUnit XML with Jenkins' schema; outcome by suite and name."""
    done = subprocess.run(
        [need_program("xmllint"), "--noout", "--nonet", "--schema", schema_file("junit-10.xsd"), "-"],
        input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr.decode() + text
    top = ElementTree.fromstring(text.encode())
    outcomes = {}
    sums = {"tests": 0, "failures": 0, "errors": 0}
    for suite in top:
        found = []
        for case in suite:
            tags = {element.tag for element in case} - {"system-out"}
            found.append({"skipped": "not_checked", "failure": "findings",
                          "error": "unreadable"}[tags.pop()] if tags else "proved")
            assert not tags, text
            outcomes[suite.get("name"), case.get("name")] = found[-1]
        expected = {"tests": len(found), "failures": found.count("findings"),
                    "errors": found.count("unreadable"), "skipped": found.count("not_checked")}
        assert {key: int(suite.get(key)) for key in expected} == expected, text
        assert suite.get("hostname") is None and suite.get("time") is None
        sums = {key: sums[key] + expected[key] for key in sums}
    assert {key: int(top.get(key)) for key in sums} == sums, text
    return outcomes


def read_sarif(text):
    """Checks SARIF with OASIS' schema and what the schema cannot say; returns the one run."""
    report = json.loads(text)
    json_validator(schema_file("sarif-2.1.0.json")).validate(report)
    [only] = report["runs"]
    rules = only["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result in only["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"], text
    return only


TAP_READER = """
use TAP::Parser; use JSON::PP;
my ($parser, @tests) = TAP::Parser->new({source => $ARGV[0]});
while (my $result = $parser->next) {
    push @tests, {ok => $result->is_actual_ok ? 1 : 0, skip => $result->has_skip ? 1 : 0,
                  name => $result->description, reason => $result->explanation}
        if $result->is_test;
    $tests[-1]{yaml} = $result->data if $result->is_yaml;
    die "unknown line: " . $result->as_string if $result->is_unknown;
}
die join "; ", $parser->parse_errors if $parser->parse_errors;
print JSON::PP->new->canonical->encode([$parser->tests_planned, @tests]);
"""


def read_tap(text, tmp_path):
    """Reads TAP with Perl's harness; returns the tests, each with its block of YAML."""
    (tmp_path / "report.tap").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "read.pl").write_text(TAP_READER)
    result = run_program([need_program("perl"), tmp_path / "read.pl", tmp_path / "report.tap"])
    assert result.code == 0, describe(result) + text
    planned, *tests = json.loads(result.out)
    assert planned == len(tests), text
    proved = run_program([need_program("prove"), "--exec", "cat", tmp_path / "report.tap"])
    assert (proved.code == 0) == all(test["ok"] for test in tests), describe(proved)
    return tests


COMMAND = re.compile(r"^::(error|warning|notice) ([^:]*)::(.*)$")


def unescape(text, codes):
    """As the runner does it: each of a few codes, the percent sign last."""
    for code in codes:
        text = text.replace(code, chr(int(code[1:], 16)))
    return text.replace("%25", "%")


def read_github(text):
    """Reads workflow commands as GitHub's runner does; (level, properties, message) each."""
    *lines, last = text.splitlines()
    assert not last.startswith("::") and "items proved" in last, text
    commands = []
    for line in lines:
        level, properties, message = COMMAND.match(line).groups()
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        commands.append((level,
                         {key: unescape(value, ["%0D", "%0A", "%3A", "%2C"])
                          for key, value in pairs.items()},
                         unescape(message, ["%0D", "%0A"])))
    return commands


def report(arguments, form, code, **variables):
    """The report in a format, which ends with the same code as all others."""
    result = run(*arguments, "--format", form, **variables)
    assert result.code == code, describe(result)
    return result.out


def check_all(arguments, code, outcomes, tmp_path, **variables):
    """Reads the report in all formats; each tells the same outcome of the same cases."""
    assert read_json(report(arguments, "json", code, **variables)) == outcomes
    assert read_junit(report(arguments, "junit", code, **variables)) == outcomes

    tests = read_tap(report(arguments, "tap", code, **variables), tmp_path)
    reported = {test["name"].removeprefix("- "):
                "not_checked" if test["skip"] else "proved" if test["ok"] else "findings"
                for test in tests}
    assert reported == {" ".join(key): "findings" if outcome == "unreadable" else outcome
                        for key, outcome in outcomes.items()}
    for test in tests:
        key = tuple(test["name"].removeprefix("- ").split(" ", 1))
        assert test["yaml"]["outcome"] == outcomes[key]

    sarif = read_sarif(report(arguments, "sarif", code, **variables))
    commands = read_github(report(arguments, "github", code, **variables))
    levels = [level for level, _, _ in commands]
    values = list(outcomes.values())
    assert any(result["level"] == "error" for result in sarif["results"]) == ("findings" in values)
    assert ("error" in levels) == ("findings" in values or "unreadable" in values)
    assert ("warning" in levels) == ("not_checked" in values)
    [invocation] = sarif["invocations"]
    assert invocation["executionSuccessful"] == ("unreadable" not in values)
    notified = [n["message"]["text"] for n in invocation["toolExecutionNotifications"]]
    for key, outcome in outcomes.items():
        assert any(text.startswith(" ".join(key) + ": ") for text in notified) == \
            (outcome in ("not_checked", "unreadable")), notified


def cases(outcome, **others):
    """The outcome of each check of PROBE, and of each binding that was compiled: one for all but some
    specs."""
    return {(target, name): others.get(spec, outcome) for spec in ("epoll", "eventfd")
            for name in (spec, f"{spec} in c") for target in ("x86_64-linux", "aarch64-linux")}


def without_emulator(outcome):
    """As cases, where what only an emulator can run has this outcome."""
    return {key: outcome if key[0] == "aarch64-linux" and not key[1].endswith(" in c") else "proved"
            for key in cases("proved")}


# ---- real reports ---------------------------------------------------------------------------


def test_formats_of_a_tree_that_is_proved(tmp_path):
    """All cases pass in all formats; notes are no failures."""
    check_all(PROBE, PROVED, cases("proved"), tmp_path)


def test_formats_of_notes_with_strict(tmp_path):
    """What --strict makes of notes is in the report too, or it would not fit the exit code. On
    x86_64 the binding of epoll_event is aligned to 4, where the kernel packs it."""
    expected = {**cases("proved"), ("x86_64-linux", "epoll"): "findings",
                ("x86_64-linux", "epoll in c"): "findings"}
    check_all([*PROBE, "--strict"], FINDINGS, expected, tmp_path)


@pytest.fixture
def broken(bindings):
    """Bindings in which one value is wrong; the line where."""
    path = bindings / "eventfd.h"
    mutate(path, r"^#define RAW_EFD_SEMAPHORE 0x1$", "#define RAW_EFD_SEMAPHORE 0x2")
    lines = path.read_text().splitlines()
    return path, lines.index("#define RAW_EFD_SEMAPHORE 0x2") + 1


def test_formats_of_a_broken_binding(broken, tmp_path):
    """A wrong value fails one spec on each target, and passes the other."""
    path, _ = broken
    check_all([*PROBE, "--bindings", path.parent], FINDINGS, cases("proved", eventfd="findings"),
              tmp_path)


def test_findings_are_reported_with_their_locations(broken, tmp_path):
    """Kind, item, expected, got, the binding's line and the header's are in every format."""
    path, line = broken
    arguments = [*PROBE, "--bindings", path.parent]
    [text] = find(report(arguments, "text", FINDINGS), "bad-value", "EFD_SEMAPHORE")
    header = text.details["header"]
    assert text.details["found in"] == f"{path}:{line}" and re.search(r"eventfd\.h:\d+$", header)

    [finding] = [f for f in json.loads(report(arguments, "json", FINDINGS))["findings"]
                 if f["kind"] == "bad-value"]
    assert (finding["item"], finding["expected"], finding["got"], finding["targets"]) == \
        ("EFD_SEMAPHORE", "0x1", "0x2", list(text.targets))
    assert (finding["file"], finding["line"]) == (str(path), line)
    assert f"{finding['header']}:{finding['header_line']}" == header

    top = ElementTree.fromstring(report(arguments, "junit", FINDINGS).encode())
    for case in top.findall("*/testcase[@name='eventfd']"):
        [failure] = [f for f in case.findall("failure") if f.get("type") == "bad-value"]
        assert failure.get("message") == "EFD_SEMAPHORE: expected 0x1, got 0x2"
        assert f"{path}:{line}" in failure.text and header in failure.text
        assert failure.text in case.find("system-out").text

    [result] = [r for r in read_sarif(report(arguments, "sarif", FINDINGS))["results"]
                if r["ruleId"] == "bad-value"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == path.as_uri()
    assert place["region"]["startLine"] == line
    place = result["relatedLocations"][0]["physicalLocation"]
    assert f"{place['artifactLocation']['uri']}:{place['region']['startLine']}" == header
    assert place["artifactLocation"]["uriBaseId"] == "HEADERS"
    assert result["properties"]["targets"] == list(text.targets)

    [found] = {str(f) for test in read_tap(report(arguments, "tap", FINDINGS), tmp_path)
               for f in test["yaml"].get("findings", []) if f["kind"] == "bad-value"}
    for word in ("EFD_SEMAPHORE", "0x1", "0x2", f"{path}:{line}", header):
        assert word in found, found

    [(level, properties, message)] = [c for c in read_github(report(arguments, "github", FINDINGS))
                                      if c[1]["title"] == "bad-value"]
    assert (level, properties["file"], properties["line"]) == ("error", str(path), str(line))
    assert message.startswith("EFD_SEMAPHORE: expected 0x1, got 0x2 (") and header in message


@pytest.fixture(scope="module")
def no_emulator(tmp_path_factory):
    """A PATH without qemu."""
    return write_tool_path(tmp_path_factory.mktemp("formats") / "bin", "qemu-*")


def test_formats_of_what_could_not_be_checked(no_emulator, tmp_path):
    """A target without its emulator is skipped, with the reason, and never passes."""
    check_all(PROBE, PROVED, without_emulator("not_checked"), tmp_path, PATH=no_emulator)
    for form in FORMATS:
        assert "qemu-aarch64" in report(PROBE, form, PROVED, PATH=no_emulator), form


def test_formats_when_nothing_could_be_checked(no_emulator, tmp_path):
    """Exit code 77 goes with checks that are all skipped, whatever the binding alone was seen to be."""
    arguments = ["prove", "--spec", "epoll", "--target", "aarch64-linux"]
    outcomes = {("aarch64-linux", "epoll"): "not_checked", ("aarch64-linux", "epoll in c"): "proved"}
    check_all(arguments, NOT_CHECKED, outcomes, tmp_path, PATH=no_emulator)


def test_formats_of_what_was_required_in_vain(no_emulator, tmp_path):
    """--require makes a failure of a skip, in the case that it is about."""
    arguments = [*PROBE, "--require", "run"]
    check_all(arguments, FINDINGS, without_emulator("findings"), tmp_path, PATH=no_emulator)


def test_formats_of_a_spec_that_names_what_is_not_there(root, tmp_path):
    """An unreadable row is an error of its own with the message, and the others are reported."""
    mutate(root / "gen/specs/epoll.yaml", r"EPOLLONESHOT, EPOLLET\]",
           "EPOLLONESHOT, EPOLLNONE, EPOLLET]")
    arguments = [*PROBE, "-C", root]
    outcomes = {key: "not_checked" if key[1] == "epoll in c" else outcome
                for key, outcome in cases("proved", epoll="unreadable").items()}
    check_all(arguments, USAGE, outcomes, tmp_path)
    for form in FORMATS:
        assert "EPOLLNONE" in report(arguments, form, USAGE), form


# ---- verify ---------------------------------------------------------------------------------

# The kernel packs epoll_event on x86_64 alone, so this is right on aarch64.
EVENT = "#include <stdint.h>\nstruct Event { uint32_t events; uint64_t data; } event;\n"


def test_formats_of_verify(tmp_path):
    """Each item of each object is a case; an object with nothing in it is skipped, and one that is
    none is unreadable."""
    objects = {}
    for name, compiler, text in [("wrong.o", "gcc", EVENT), ("empty.o", "gcc", "int x;\n"),
                                 ("right.o", "aarch64-linux-gnu-gcc", EVENT)]:
        (tmp_path / "event.c").write_text(text)
        objects[name] = tmp_path / name
        made = run_program([need_program(compiler), "-g", "-c", "-o", objects[name],
                            tmp_path / "event.c"])
        assert made.code == 0, describe(made)
    machine = f"{os.uname().machine}-linux"
    wrong = "proved" if machine != "x86_64-linux" else "findings"
    items = {(machine, f"Event as epoll_event in {objects['wrong.o']}"): wrong,
             ("aarch64-linux", f"Event as epoll_event in {objects['right.o']}"): "proved",
             (machine, f"epoll in {objects['wrong.o']}"): "not_checked",  # its other names
             ("aarch64-linux", f"epoll in {objects['right.o']}"): "not_checked"}
    arguments = ["verify", objects["wrong.o"], objects["right.o"], "--map", "Event=epoll_event"]
    code = FINDINGS if wrong == "findings" else PROVED
    check_all(arguments, code, items, tmp_path)
    assert "rows" not in json.loads(report(arguments, "json", code))

    check_all(["verify", objects["empty.o"]], NOT_CHECKED,
              {(machine, str(objects["empty.o"])): "not_checked"}, tmp_path)
    none = tmp_path / "event.c"
    arguments = ["verify", none, objects["empty.o"]]
    assert read_junit(report(arguments, "junit", USAGE)) == {
        ("verify", str(none)): "unreadable", (machine, str(objects["empty.o"])): "not_checked"}
    assert "ELF" in report(arguments, "github", USAGE)


# ---- judge, and names that need escaping ----------------------------------------------------

FACTS = "abi {target} bits=64 endian=little\nconstant {item} value={value} type=u32\n"
NAMES = {
    "quotes": "\"a\"'b'`c`",
    "markup": "<a>&amp;]]><!-- b",
    "percent": "100%25%0A%",
    "newline": "a\nb\r\n::error::c",
    "hash": "a # SKIP b \\# c",
    "colon": "::error file=a,b::c",
    "yaml": "- a: {b: [c]}",
    "non_ascii": "\u00e9\u20ac\U0001f600",
    "control": "a\x01\x1b[31m\x7fb",
    "not_utf8": os.fsdecode(b"a\xff\xc3b"),
}


def clean(text):
    """What a report makes of a name: U+FFFD for what is no text."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\udc80-\udcff]", "\ufffd", text)


def shown(text):
    """What people read of a name: bytes that cannot be printed, as \\x and their value."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\udc80-\udcff]",
                  lambda match: f"\\x{ord(match[0]) & 0xff:02x}", text)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_formats_escape_what_a_file_and_an_item_may_be_called(name, tmp_path):
    """A file's name comes back from every reader as it was, and an item's too, which facts allow
    neither blanks nor control characters."""
    item = re.sub(r"[\s\x00-\x1f\x7f]", "_", name)
    expected, got = tmp_path / f"expected {name}", tmp_path / f"got {name}"
    for path, value in ((expected, "0x1"), (got, "0x2")):
        path.write_text(FACTS.format(target="x86_64-linux", item=item, value=value),
                        errors="surrogateescape", newline="")
    arguments = ["judge", expected, got]
    seen, case, item = shown(item), clean(f"{got} against {expected}"), clean(item)

    data = json.loads(report(arguments, "json", FINDINGS))
    assert read_json(json.dumps(data)) == {("x86_64-linux", case): "findings"}
    assert (data["findings"][0]["item"], data["findings"][0]["file"]) == (item, clean(str(got)))

    text = report(arguments, "junit", FINDINGS)
    assert read_junit(text) == {("x86_64-linux", case): "findings"}
    [failure] = ElementTree.fromstring(text.encode()).iter("failure")
    assert failure.get("message") == f"{item}: expected 0x1, got 0x2"

    [result] = read_sarif(report(arguments, "sarif", FINDINGS))["results"]
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == item
    for places, path in ((result["locations"], got), (result["relatedLocations"], expected)):
        assert places[0]["physicalLocation"]["artifactLocation"] == {"uri": path.as_uri()}

    [test] = read_tap(report(arguments, "tap", FINDINGS), tmp_path)
    assert not test["ok"] and not test["skip"]

    [(level, properties, message)] = read_github(report(arguments, "github", FINDINGS))
    assert (level, properties["file"]) == ("error", shown(str(got)))
    assert message.startswith(f"{seen}: expected 0x1, got 0x2\n")


@pytest.mark.parametrize("value, code, outcome", [("0x1", PROVED, "proved"),
                                                  ("0x2", FINDINGS, "findings")])
def test_formats_of_judge(value, code, outcome, tmp_path):
    """judge has one case, in the group of its facts' target."""
    for name, number in (("a.facts", "0x1"), ("b.facts", value)):
        (tmp_path / name).write_text(FACTS.format(target="arm-linux", item="A", value=number))
    arguments = ["judge", tmp_path / "a.facts", tmp_path / "b.facts"]
    name = f"{tmp_path / 'b.facts'} against {tmp_path / 'a.facts'}"
    for form, read in (("json", read_json), ("junit", read_junit)):
        assert read(report(arguments, form, code)) == {("arm-linux", name): outcome}
    assert len(read_sarif(report(arguments, "sarif", code))["results"]) == (code == FINDINGS)


def test_judge_of_nothing_in_common_is_skipped(tmp_path):
    """Two files that say nothing about the same thing prove nothing, in any format."""
    for name in ("a.facts", "b.facts"):
        (tmp_path / name).write_text("")
    arguments = ["judge", tmp_path / "a.facts", tmp_path / "b.facts"]
    [outcome] = read_json(report(arguments, "json", NOT_CHECKED)).values()
    assert outcome == "not_checked"
    assert list(read_junit(report(arguments, "junit", NOT_CHECKED)).values()) == [outcome]
    [test] = read_tap(report(arguments, "tap", NOT_CHECKED), tmp_path)
    assert test["skip"] and "0 of 0 facts agree" in test["reason"]


# ---- where the report goes ------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", *FORMATS])
def test_output_writes_the_same_bytes_into_a_file(form, tmp_path):
    """-o FILE leaves stdout empty; - is stdout; folders are made; two runs write the same."""
    arguments = ["prove", "--spec", "eventfd", "--target", "x86_64-linux", "--format", form]
    plain = run(*arguments)
    assert plain.code == PROVED and plain.out.endswith("\n"), describe(plain)
    assert run(*arguments, "-o", "-") == plain
    path = tmp_path / "new" / "report"
    for option in (["-o", path], [f"--output={path}"]):
        assert run(*arguments, *option) == (PROVED, "", "")
        assert path.read_bytes().decode() == plain.out
        path.unlink()


def test_output_that_cannot_be_written_is_exit_2(tmp_path):
    """The message names the file; a report nobody can read is no proof."""
    (tmp_path / "file").write_text("old\n")
    for path in (tmp_path / "file" / "below", tmp_path, "/dev/null"):
        result = run(*PROBE, "--format", "junit", "-o", path)
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert f"cannot write '{path}'" in result.err, describe(result)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "old\n"


def test_output_creates_its_folder_or_names_it(tmp_path):
    """A missing folder is made; one that cannot be is named with the reason, and nothing stays."""
    (tmp_path / "app.c").write_text("int nothing;\n")
    run_program(["gcc", "-g", "-c", tmp_path / "app.c", "-o", tmp_path / "app.o"])
    for arguments in (["judge", GOLDEN, GOLDEN], ["verify", tmp_path / "app.o"]):
        path = tmp_path / "new" / arguments[0] / "report.json"
        result = run(*arguments, "--format", "json", "-o", path)
        assert result.code in (PROVED, NOT_CHECKED) and result.out == "", describe(result)
        assert json.loads(path.read_text())["command"] == arguments[0]
        wrong = tmp_path / "other" / ("n" * 300) / "report.json"
        result = run(*arguments, "--format", "json", "-o", wrong)
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert (f"cannot write '{wrong}': cannot create the folder '{wrong.parent}': "
                "File name too long\n") in result.err, describe(result)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["app.c", "app.o", "new"]


def test_output_stays_as_it_was_when_there_is_no_report(tmp_path):
    """Wrong usage writes nothing, not an empty file."""
    path = tmp_path / "report"
    path.write_text("old\n")
    result = run("prove", "--spec", "nothing", "--format", "sarif", "-o", path)
    assert result.code == USAGE and path.read_text() == "old\n", describe(result)


def test_schema_refuses_what_no_report_is():
    """The schema in the tree is held to: other keys, other outcomes and other counts fail."""
    validator = json_validator(REPOSITORY / "gen/schemas/report.schema.json")
    good = json.loads(report(["prove", "--spec", "eventfd"], "json", PROVED, cwd=ROOT))
    validator.validate(good)
    for change in ({"version": 3}, {"more": 1}, {"command": "none"}, {"rows": None},
                   {"counts": {}}, {"cases": [{"name": "x", "outcome": "ok", "findings": []}]},
                   {"cases": [{"name": "x", "outcome": "findings", "findings": []}]}):
        with pytest.raises(jsonschema.ValidationError):
            validator.validate({**good, **change})
