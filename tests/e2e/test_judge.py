"""`judge`: any two files of facts, compared. `facts`: what the headers say, in the same form.

In: hand-written facts, golden files, the output of a probe that really ran. Out: exit 0, 1, 2 or 77.
"""

import pytest

from conftest import (FINDINGS, LINUX, NOT_CHECKED, PROVED, ROOT, SPECS, USAGE, describe, findings,
                      mutate, need_program, run, run_program)

FACTS = """\
abi x86_64-linux bits=64 endian=little
alias eventfd_t type=u64
constant EPOLLIN value=0x1 type=u32
constant EVFILT_READ value=-1 type=i32
field epoll_event.data offset=4 size=8 type=u64
field epoll_event.events offset=0 size=4 type=u32
function epoll_wait library=c symbol=epoll_wait return=i32 params=i32,ptr,i32,i32
record epoll_event size=12 align=1 kind=struct
syscall epoll_ctl number=233 params=i32,i32,i32,ptr
"""


@pytest.fixture
def judge(tmp_path):
    """Judges two texts."""

    def compare(expected: str, got: str, *more: str):
        (tmp_path / "expected.facts").write_text(expected)
        (tmp_path / "got.facts").write_text(got)
        return run("judge", tmp_path / "expected.facts", tmp_path / "got.facts", *more)

    return compare


def test_judge_accepts_equal_facts(judge):
    """Equal files agree in every fact."""
    result = judge(FACTS, FACTS)
    assert result.code == PROVED and "9 of 9 facts agree" in result.out, describe(result)
    assert not findings(result.out), describe(result)


def test_judge_ignores_order_comments_and_sources(judge):
    """Neither the order of lines nor what follows ` # ` is a fact."""
    lines = FACTS.splitlines()
    other = "# made by hand\n\n" + "".join(f"{line} # linux/x.h:{n}\n"
                                           for n, line in enumerate(reversed(lines), 1))
    result = judge(FACTS, other)
    assert result.code == PROVED and "9 of 9 facts agree" in result.out, describe(result)


# Label: what to replace in FACTS, by what; kind, item, expected and got of the finding.
DIFFERENCES = {
    "bits": ("bits=64", "bits=32", "bad-bits", "x86_64-linux", "64", "32"),
    "byte_order": ("endian=little", "endian=big", "bad-endian", "x86_64-linux", "little", "big"),
    "alias_width": ("eventfd_t type=u64", "eventfd_t type=u32", "bad-width", "eventfd_t", "u64",
                    "u32"),
    "alias_sign": ("eventfd_t type=u64", "eventfd_t type=i64", "bad-sign", "eventfd_t", "u64",
                   "i64"),
    "alias_type": ("eventfd_t type=u64", "eventfd_t type=ptr", "bad-type", "eventfd_t", "u64",
                   "ptr"),
    "constant_value": ("value=0x1 ", "value=0x2 ", "bad-value", "EPOLLIN", "0x1", "0x2"),
    "constant_negative": ("value=-1 ", "value=0xffffffff ", "bad-value", "EVFILT_READ", "-1",
                          "0xffffffff"),
    "field_offset": ("offset=4 size=8", "offset=0 size=8", "bad-offset", "epoll_event.data", "4",
                     "0"),
    "field_width": ("offset=4 size=8 type=u64", "offset=4 size=4 type=u32", "bad-width",
                    "epoll_event.data", "8", "4"),
    "field_sign": ("size=4 type=u32", "size=4 type=i32", "bad-sign", "epoll_event.events", "u32",
                   "i32"),
    "field_type": ("size=4 type=u32", "size=4 type=f32", "bad-type", "epoll_event.events", "u32",
                   "f32"),
    "function_library": ("library=c", "library=m", "bad-library", "epoll_wait", "c", "m"),
    "function_symbol": ("symbol=epoll_wait", "symbol=epoll_pwait", "bad-symbol", "epoll_wait",
                        "epoll_wait", "epoll_pwait"),
    "function_return": ("return=i32", "return=i64", "bad-signature", "epoll_wait", "i32", "i64"),
    "function_params": ("params=i32,ptr,i32,i32", "params=i32,ptr,i32", "bad-signature",
                        "epoll_wait", "i32,ptr,i32,i32", "i32,ptr,i32"),
    "record_size": ("size=12", "size=16", "bad-size", "epoll_event", "12", "16"),
    "record_kind": ("kind=struct", "kind=union", "bad-type", "epoll_event", "struct", "union"),
    "syscall_number": ("number=233", "number=232", "bad-number", "epoll_ctl", "233", "232"),
    "syscall_params": ("params=i32,i32,i32,ptr", "params=i32,i32,i32,u64", "bad-signature",
                       "epoll_ctl", "i32,i32,i32,ptr", "i32,i32,i32,u64"),
}


@pytest.mark.parametrize("old, new, kind, item, expected, got", DIFFERENCES.values(),
                         ids=DIFFERENCES.keys())
def test_judge_names_each_kind_of_difference(old, new, kind, item, expected, got, judge):
    """Every attribute of every kind of fact that differs is a finding of its own kind."""
    assert FACTS.count(old) == 1
    result = judge(FACTS, FACTS.replace(old, new))
    assert result.code == FINDINGS, describe(result)
    found = [(f.severity, f.kind, f.item, f.details["expected"], f.details["got"])
             for f in findings(result.out)]
    assert ("error", kind, item, expected, got) in found, describe(result)
    assert "8 of 9 facts agree" in result.out, describe(result)


@pytest.mark.parametrize("line", [line for line in FACTS.splitlines(True)
                                  if not line.startswith(("abi ", "record ", "field "))],
                         ids=lambda line: line.split()[0] + "_" + line.split()[1])
def test_judge_names_a_fact_that_is_missing(line, judge):
    """A fact that the second file lacks is `missing-KIND`."""
    kind, item = line.split()[:2]
    result = judge(FACTS, FACTS.replace(line, ""))
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert (found.kind, found.item, found.details["got"]) == (f"missing-{kind}", item, "nothing")


@pytest.mark.parametrize("field", ["data", "events"])
def test_judge_names_a_field_that_is_missing(field, judge):
    """A field without anything in its place is `missing-field`, with its place."""
    lines = [line for line in FACTS.splitlines(True) if f"epoll_event.{field} " not in line]
    result = judge(FACTS, "".join(lines))
    assert result.code == FINDINGS, describe(result)
    [found] = findings(result.out)
    assert (found.kind, found.item) == ("missing-field", f"epoll_event.{field}"), describe(result)


def test_judge_names_a_record_that_is_missing_once(judge):
    """A record that is not there is one finding, not one per field."""
    lines = [line for line in FACTS.splitlines(True) if "epoll_event" not in line]
    result = judge(FACTS, "".join(lines))
    assert result.code == FINDINGS, describe(result)
    assert [(f.kind, f.item) for f in findings(result.out)] == [("missing-record", "epoll_event")]


WORDS = FACTS.replace(
    "field epoll_event.data offset=4 size=8 type=u64\n",
    "field epoll_event.data_hi offset=8 size=4 type=u32\n"
    "field epoll_event.data_lo offset=4 size=4 type=u32\n")


def test_judge_accepts_a_field_in_two_words(judge):
    """A binding may split a field, if the words cover the same bytes."""
    result = judge(FACTS, WORDS)
    assert result.code == PROVED and "9 of 9 facts agree" in result.out, describe(result)


SPLITS = {
    "overlap": WORDS.replace("data_hi offset=8", "data_hi offset=4"),
    "half": WORDS.replace("field epoll_event.data_hi offset=8 size=4 type=u32\n", ""),
    "exchanged": WORDS.replace("data_hi", "X").replace("data_lo", "data_hi").replace("X", "data_lo"),
    "over_the_end": WORDS.replace("data_hi offset=8 size=4 type=u32",
                                  "data_hi offset=2 size=4 type=u32"),
}


@pytest.mark.parametrize("got", SPLITS.values(), ids=SPLITS.keys())
def test_judge_refuses_words_that_do_not_cover_a_field(got, judge):
    """Two words that overlap, leave a gap or lie the other way round are no field."""
    assert got != WORDS
    result = judge(FACTS, got)
    assert result.code == FINDINGS, describe(result)
    assert any(f.item.startswith("epoll_event.data") for f in findings(result.out))


@pytest.mark.parametrize("expected, got, kind", [(1, 4, "stricter-align"),
                                                 (4, 1, "looser-align")])
def test_judge_notes_another_alignment(expected, got, kind, judge):
    """Alignment alone is a note: 0, and 1 with --strict."""
    texts = [FACTS.replace("align=1", f"align={align}") for align in (expected, got)]
    result = judge(*texts, "-v")
    assert result.code == PROVED, describe(result)
    [found] = findings(result.out)
    assert (found.severity, found.kind) == ("note", kind), describe(result)
    assert judge(*texts, "--strict").code == FINDINGS


def test_judge_compares_what_both_sides_know(judge):
    """An attribute that one witness cannot see is no difference."""
    result = judge(FACTS, FACTS.replace(" kind=struct", "").replace(" align=1", ""))
    assert result.code == PROVED, describe(result)


# ---- files that are no facts ----------------------------------------------------------------

GARBAGE = {
    "no_fact": ("hello world\n", 1),
    "unknown_kind": (FACTS + "thing x size=1\n", 10),
    "unknown_attribute": (FACTS + "record x size=1 colour=red\n", 10),
    "attribute_twice": (FACTS + "record x size=1 size=2\n", 10),
    "no_value": (FACTS + "record x size\n", 10),
    "contradiction": (FACTS + "constant EPOLLIN value=0x2 type=u32\n", 10),
    "field_outside_of_its_record": (FACTS + "field epoll_event.end offset=12 size=4 type=u32\n",
                                    10),
    "binary": ("\x7fELF\x02\x01\x01\n", 1),
}


@pytest.mark.parametrize("text, line", GARBAGE.values(), ids=GARBAGE.keys())
@pytest.mark.parametrize("side", [0, 1], ids=["expected", "got"])
def test_judge_refuses_a_file_that_is_no_facts(text, line, side, judge, tmp_path):
    """Garbage on either side is exit 2 with file and line, never a comparison."""
    result = judge(*((text, FACTS) if side == 0 else (FACTS, text)))
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    path = tmp_path / ("expected.facts", "got.facts")[side]
    assert result.err.startswith(f"{path}:{line}:"), describe(result)


def test_judge_refuses_a_file_that_cannot_be_read(judge, tmp_path):
    """A missing file and a folder are exit 2 and named."""
    judge(FACTS, FACTS)
    for path in (tmp_path / "nowhere", tmp_path):
        result = run("judge", tmp_path / "expected.facts", path)
        assert (result.code, result.out) == (USAGE, ""), describe(result)
        assert result.err.startswith(f"{path}: error:"), describe(result)


@pytest.mark.parametrize("text", ["", "# nothing\n"], ids=["empty", "comment"])
def test_judge_of_nothing_is_77(text, judge):
    """Two empty files agree in nothing, which proves nothing."""
    assert judge(text, text).code == NOT_CHECKED
    assert judge(FACTS, text).code == FINDINGS


def test_judge_works_outside_of_any_repository(tmp_path):
    """Comparing two files needs no specs."""
    (tmp_path / "a").write_text(FACTS)
    assert run("judge", "a", "a", cwd=tmp_path).code == PROVED


# ---- facts of this machine ------------------------------------------------------------------


@pytest.mark.parametrize("spec, target", [(s, t) for s, ts in SPECS.items() for t in ts])
def test_headers_agree_with_the_golden_facts(spec, target, tmp_path):
    """What the headers say today is what was reviewed."""
    result = run("facts", "--target", target, "--spec", spec)
    assert result.code == PROVED and result.err == "", describe(result)
    golden = ROOT / f"abi_probes/facts/{target}/{spec}.facts"
    comments = [line for line in golden.read_text().splitlines(True) if line.startswith("#")]
    assert result.out == golden.read_text().replace("".join(comments), "")
    (tmp_path / "now.facts").write_text(result.out)
    judged = run("judge", golden, tmp_path / "now.facts")
    assert judged.code == PROVED, describe(judged)


def test_facts_with_sources_are_the_same_facts(tmp_path):
    """-v adds where each fact comes from, and judge does not mind."""
    plain = run("facts", "--target", "x86_64-linux", "--spec", "epoll")
    verbose = run("facts", "--target", "x86_64-linux", "--spec", "epoll", "-v")
    assert " # linux/eventpoll.h:" in verbose.out, describe(verbose)
    (tmp_path / "plain").write_text(plain.out)
    (tmp_path / "verbose").write_text(verbose.out)
    assert run("judge", tmp_path / "plain", tmp_path / "verbose").code == PROVED


@pytest.mark.parametrize("spec", ["epoll", "eventfd"])
@pytest.mark.parametrize("target", LINUX)
def test_output_of_the_probe_of_a_binding_agrees_with_the_headers(spec, target, tmp_path):
    """The program that `prove` built prints facts that judge accepts against the headers'."""
    emulator = [] if target == "x86_64-linux" else [need_program("qemu-aarch64")]
    built = run("prove", "--spec", spec, "--target", target)
    assert built.code == PROVED, describe(built)
    program = ROOT / f"build/probes/{target}/{spec}/binding"
    printed = run_program([*emulator, program])
    assert printed.code == 0 and printed.out.endswith("# end\n"), describe(printed)
    (tmp_path / "binding.facts").write_text(printed.out)
    (tmp_path / "headers.facts").write_text(run("facts", "--target", target, "--spec", spec).out)
    result = run("judge", tmp_path / "headers.facts", tmp_path / "binding.facts")
    assert result.code == PROVED, describe(result)
    right, wrong = {"epoll": (r"record epoll_event size=\d+", "record epoll_event size=24"),
                    "eventfd": (r"EFD_CLOEXEC value=\w+", "EFD_CLOEXEC value=0x1")}[spec]
    mutate(tmp_path / "binding.facts", right, wrong)
    result = run("judge", tmp_path / "headers.facts", tmp_path / "binding.facts")
    assert result.code == FINDINGS, describe(result)
