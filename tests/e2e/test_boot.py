"""Real kernels under qemu-system: what they prove, and every way in which a boot can go wrong.

In: kernels that ci/fetch-kernels brought; without them these tests are skipped. Out: rows at tier
booted, or a finding that names the boot, or a skip that names what is missing; never a pass.
"""

import re

import pytest

from conftest import (FINDINGS, PROVED, REPOSITORY, describe, find, findings, matrix, mutate, need_program,
                      run, section, write_tool_path)

KERNELS = REPOSITORY / "build/kernels"
TARGET = "x86_64-linux"

pytestmark = pytest.mark.skipif(
    not (KERNELS / TARGET / "vmlinuz").exists(),
    reason=f"no build/kernels/{TARGET}/vmlinuz: run ci/fetch-kernels")


@pytest.fixture
def root_with_kernels(root):
    """A copy of the repository that a test may damage, with the kernels."""
    need_program("qemu-system-x86_64")
    (root / "build/kernels").symlink_to(KERNELS)
    return root


def boot(root, *args, spec="eventfd", **variables):
    """Boots one target with one spec."""
    return run("prove", "--boot", "--target", TARGET, "--spec", spec, *args, "-C", root, timeout=200,
               **variables)


def booted(result):
    """When each target was booted: "now", or a date."""
    lines = section(result.out, "booted:")
    return {line.split()[0]: re.split(r" {2,}", line.strip())[-1] for line in lines}


def row(result, spec="eventfd"):
    return matrix(result.out)[TARGET, spec]


# ---- what it proves -------------------------------------------------------------------------


def test_a_booted_kernel_proves_the_bindings(root_with_kernels):
    """All specs in one boot; layouts and behaviour; the kernel says itself which one it is."""
    result = run("prove", "--boot", "--target", TARGET, "--require", "booted", "--require", "all",
                 "-C", root_with_kernels, timeout=200)
    assert result.code == PROVED, describe(result)
    for spec in ("epoll", "eventfd"):
        assert (row(result, spec).tier, row(result, spec).verdict) == ("booted", "proved")
    [line] = section(result.out, "booted:")
    assert TARGET in line and "Debian" in line and line.endswith(" now"), describe(result)


def test_without_the_option_nothing_is_booted(root_with_kernels):
    """A boot takes seconds: it has to be asked for."""
    result = run("prove", "--target", TARGET, "--spec", "eventfd", "-C", root_with_kernels)
    assert (result.code, row(result).tier) == (PROVED, "run"), describe(result)
    assert not section(result.out, "booted:")
    result = run("prove", "--target", TARGET, "--spec", "eventfd", "--require", "booted", "-C",
                 root_with_kernels)
    assert result.code == FINDINGS, describe(result)
    assert find(result.out, "not-proved", "eventfd"), describe(result)


def test_a_result_is_used_again_while_every_byte_is_the_same(root_with_kernels):
    """And only then; the report says from when it is."""
    assert booted(boot(root_with_kernels))[TARGET] == "now"
    again = boot(root_with_kernels)
    assert again.code == PROVED and row(again).tier == "booted", describe(again)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ; same bytes since", booted(again)[TARGET])

    mutate(root_with_kernels / "abi_probes/behave/eventfd.c", "open_counter\\(7, 0\\)",
           "open_counter(8, 0)")
    mutate(root_with_kernels / "abi_probes/behave/eventfd.c",
           "(initial-count-is-read\", )7", "\\g<1>8", count=1)
    assert booted(boot(root_with_kernels))[TARGET] == "now"


def test_a_console_that_was_changed_is_not_believed(root_with_kernels):
    """The result that is kept carries sums: a changed digit is no other fact."""
    boot(root_with_kernels)
    console = root_with_kernels / "build/boot" / TARGET / "console"
    text = console.read_bytes()
    assert text.count(b"constant EFD_CLOEXEC value=0x80000 ") >= 2
    console.write_bytes(text.replace(b"EFD_CLOEXEC value=0x80000 ", b"EFD_CLOEXEC value=0x80001 "))
    result = boot(root_with_kernels)
    assert result.code == FINDINGS and not find(result.out, "bad-value", "EFD_CLOEXEC")
    assert all("damaged" in f.details["got"] for f in findings(result.out)
               if f.severity == "error"), describe(result)


# ---- what it finds --------------------------------------------------------------------------


def test_a_wrong_binding_is_seen_by_the_booted_probe(root_with_kernels):
    """The machine that is booted has the binding under test, not another one."""
    mutate(root_with_kernels / "bindings/c/eventfd.h", r"(define RAW_EFD_SEMAPHORE +)\S.*$",
           r"\g<1>2")
    result = boot(root_with_kernels)
    assert result.code == FINDINGS, describe(result)
    [finding] = find(result.out, "bad-value", "EFD_SEMAPHORE")
    assert "boot" in finding.seen_by, describe(result)


BROKEN = [
    pytest.param("for (;;) {}", "probe-hung", "no answer", id="hangs"),
    pytest.param("__builtin_trap();", "probe-failed", "killed by signal", id="crashes"),
    pytest.param('rt_put("nonsense\\\\n");', "probe-garbage", "nonsense", id="garbage"),
    pytest.param('rt_put("record r size=1"); rt_fatal("no");', "probe-failed", "exit code 2",
                 id="half"),
]


@pytest.mark.parametrize("code, kind, word", BROKEN)
def test_a_broken_probe_is_a_finding_and_hides_no_other(code, kind, word, root_with_kernels):
    """The one that hangs is killed, and the rest of the boot goes on."""
    mutate(root_with_kernels / "abi_probes/behave/eventfd.c", r"^    check_flags\(\);$",
           f"    {code}\n    check_flags();")
    result = boot(root_with_kernels, "--timeout", "3")
    assert result.code == FINDINGS, describe(result)
    seen = [f for f in find(result.out, kind, "eventfd") if "boot" in f.seen_by]
    assert seen and all(word in f.details["got"] for f in seen), describe(result)
    assert booted(result)[TARGET] == "now", describe(result)
    assert not [f for f in findings(result.out) if f.kind == "boot-failed"], describe(result)


# ---- what can go wrong with the machine -----------------------------------------------------


def test_a_wrong_console_is_a_finding(root_with_kernels):
    """The machine ends with exit code 0, and that says nothing."""
    mutate(root_with_kernels / "gen/targets.yaml", r"(qemu-system-x86_64 .*\n +console: )ttyS0",
           r"\g<1>ttyS3")
    result = boot(root_with_kernels, "--timeout", "3")
    assert result.code == FINDINGS, describe(result)
    seen = [f for f in findings(result.out) if f.kind in ("boot-failed", "boot-hung")]
    assert seen and all("no output of init" in f.details["got"] for f in seen), describe(result)


def test_a_machine_that_says_nothing_is_ended_at_its_bound(root_with_kernels, tmp_path):
    """A stand-in for an emulator that hangs."""
    program = tmp_path / "machine"
    program.write_text("#!/bin/sh\nexec sleep 300\n")
    program.chmod(0o755)
    mutate(root_with_kernels / "gen/targets.yaml", r"qemu-system-x86_64 -M pc", str(program))
    result = boot(root_with_kernels, "--timeout", "1")
    assert result.code == FINDINGS, describe(result)
    assert find(result.out, "boot-hung", "eventfd"), describe(result)


def test_a_machine_that_stops_before_the_end_is_a_finding(root_with_kernels, tmp_path):
    """All of a real console but its last line; exit code 0."""
    boot(root_with_kernels)
    console = (root_with_kernels / "build/boot" / TARGET / "console").read_bytes()
    assert console.endswith(b"# boot end\r\n")
    (tmp_path / "console").write_bytes(console[:-len(b"# boot end\r\n")])
    program = tmp_path / "machine"
    program.write_text(f"#!/bin/sh\nexec cat '{tmp_path}/console'\n")
    program.chmod(0o755)
    mutate(root_with_kernels / "gen/targets.yaml", r"qemu-system-x86_64 -M pc", str(program))
    result = boot(root_with_kernels)
    assert result.code == FINDINGS and not booted(result), describe(result)
    [finding] = {f.details["got"] for f in find(result.out, "boot-failed", "eventfd")}
    assert "init began and did not end" in finding, describe(result)


def test_a_kernel_that_is_none_is_a_finding(root_with_kernels):
    """And the message is the emulator's own."""
    (root_with_kernels / "build/kernels").unlink()
    folder = root_with_kernels / "build/kernels" / TARGET
    folder.mkdir(parents=True)
    (folder / "vmlinuz").write_bytes(b"not a kernel" * 1000)
    (folder / "package").write_text("linux-image-none 1\n0\n")
    result = boot(root_with_kernels, "--timeout", "2")
    assert result.code == FINDINGS, describe(result)
    assert [f for f in findings(result.out) if f.kind.startswith("boot-")], describe(result)


# ---- what is missing ------------------------------------------------------------------------


def test_a_missing_kernel_is_named_and_skipped(root):
    """The row is proved in part, and only --require makes a failure of it."""
    result = boot(root)
    assert row(result).verdict == "partly" and row(result).tier == "run", describe(result)
    assert any("boot: " in line and "ci/fetch-kernels" in line
               for line in section(result.out, "not checked:")), describe(result)
    assert boot(root, "--require", "booted").code == FINDINGS


def test_a_missing_emulator_is_named_and_skipped(root_with_kernels, tmp_path):
    """The kernel alone proves nothing."""
    path = write_tool_path(tmp_path / "bin", "qemu-system-*")
    result = boot(root_with_kernels, PATH=path)
    assert row(result).verdict == "partly", describe(result)
    assert any("'qemu-system-x86_64' not found" in line
               for line in section(result.out, "not checked:")), describe(result)


def test_an_unknown_kernel_in_the_table_is_an_error(root):
    """File, line and name."""
    mutate(root / "gen/targets.yaml", rf"boot: \[{TARGET}\]", "boot: [vax-linux]")
    result = boot(root)
    assert result.code == 2 and re.search(r"targets\.yaml:\d+:\d+: .*'vax-linux'", result.err), describe(
        result)
