"""A spec that is read from the newer header sets: epoll_params.

In: the small tree with that spec added, and the golden facts of all targets. Out: that its facts do
not depend on the target's own headers, agree with what those say where they can say anything, and
that missing newer headers skip this spec and no other.
"""

import re
import shutil

import pytest

from conftest import (FINDINGS, LINUX, NOT_CHECKED, PROVED, REPOSITORY, USAGE, compiler_of, describe,
                      find, list_targets, mutate, run, run_program, section, tree)

SPEC = "epoll_params"
FACTS = sorted(path.parent.name for path in (REPOSITORY / "abi_probes/facts").glob(f"*/{SPEC}.facts"))
NEWER = r"^    newer: .*$"


@pytest.fixture
def tree_with_spec(root):
    """A copy of the small tree that has the spec, and what is generated from it."""
    shutil.copy(REPOSITORY / f"gen/specs/{SPEC}.yaml", root / "gen/specs")
    result = run("gen", "-C", root, "--spec", SPEC)
    assert result.code == PROVED, describe(result)
    return root


@pytest.fixture
def tree_without_newer(tree_with_spec):
    """The same, where the newer header sets are not there."""
    mutate(tree_with_spec / "gen/targets.yaml", NEWER,
           "    newer: [\"build/headers/nowhere:build/headers/else\"]", count=len(LINUX))
    return tree_with_spec


# ---- what is read ---------------------------------------------------------------------------


@pytest.mark.parametrize("target", LINUX)
def test_facts_come_from_the_newer_headers(target, tree_with_spec):
    """The record and both requests are known, with the header they are from, and they are what is
    committed."""
    result = run("facts", "-C", tree_with_spec, "--target", target, "--spec", SPEC, "-v")
    assert result.code == PROVED, describe(result)
    assert re.search(r"^record epoll_params size=8 align=4 kind=struct # linux/eventpoll.h:\d+$",
                     result.out, re.MULTILINE), describe(result)
    name = f"abi_probes/facts/{target}/{SPEC}.facts"
    assert (tree_with_spec / name).read_text() == (REPOSITORY / name).read_text()


def test_probe_proves_the_binding(tree_with_spec):
    """All witnesses agree; behaviours are measured, or named as not checked where the kernel is
    older than the requests."""
    result = run("prove", "-C", tree_with_spec, "--spec", SPEC, "--require", "all")
    assert result.code == PROVED, describe(result)
    assert "2 of 2 rows proved" in result.out, describe(result)
    measured = re.search(r", (\d+) behaviours; .*native; x86_64", result.out)
    skipped = [line for line in section(result.out, "not checked:") if "epoll_params.set" in line]
    assert measured or skipped, describe(result)


def test_probe_finds_a_wrong_request(tree_with_spec):
    """A request with the direction bits of another architecture is found on both targets."""
    mutate(tree_with_spec / "bindings/c/epoll_params.h", r"^#define RAW_EPIOCSPARAMS 0x40088a01ULL$",
           "#define RAW_EPIOCSPARAMS 0x80088a01ULL")
    result = run("prove", "-C", tree_with_spec, "--spec", SPEC)
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "bad-value", "EPIOCSPARAMS")
    assert set(found.targets) == set(LINUX), describe(result)
    assert (found.details["expected"], found.details["got"]) == ("0x40088a01", "0x80088a01")


# ---- the target's own headers and compiler ---------------------------------------------------


@pytest.fixture(scope="module", name="listed")
def listed_targets():
    """The whole table of targets."""
    return list_targets()


@pytest.mark.parametrize("target", FACTS)
def test_golden_numbers_are_those_of_the_own_headers(target, listed, tmp_path):
    """The encoding of requests and the number of ioctl are older than the record: the compiler
    that finds its own headers by itself computes the same. A search path with another
    architecture's asm/ would not."""
    compiler = compiler_of(listed[target])
    if compiler is None or "-gcc" not in compiler[0]:
        pytest.skip(f"no compiler with headers of its own: {listed[target]['compiler']}")
    facts = (REPOSITORY / f"abi_probes/facts/{target}/{SPEC}.facts").read_text()
    values = dict(re.findall(r"^constant (\w+) value=(\w+)", facts, re.MULTILINE))
    [number] = re.findall(r"^syscall ioctl number=(\d+)", facts, re.MULTILINE)
    (tmp_path / "say.c").write_text(
        "#include <linux/ioctl.h>\n#include <asm/unistd.h>\n"
        f"_Static_assert(_IOW(0x8a, 1, char[8]) == {values['EPIOCSPARAMS']}, \"set\");\n"
        f"_Static_assert(_IOR(0x8a, 2, char[8]) == {values['EPIOCGPARAMS']}, \"get\");\n"
        f"_Static_assert(__NR_ioctl == {number}, \"number\");\n")
    built = run_program([*compiler, "-fsyntax-only", tmp_path / "say.c"])
    assert built.code == 0, describe(built)


# ---- newer headers that are not there ---------------------------------------------------------


def test_probe_skips_the_spec_without_newer_headers(tree_without_newer):
    """The row is counted as not checked, and what was looked for is named with what brings it; it
    can be required; other specs of the same targets are proved."""
    result = run("prove", "-C", tree_without_newer, "--spec", SPEC)
    assert result.code == NOT_CHECKED, describe(result)
    reported = " ".join(" ".join(section(result.out, "not checked:")).split())
    assert (f"{SPEC} [all its targets] clang: no header set: looked for "
            "build/headers/nowhere:build/headers/else; ci/fetch-headers brings it") in reported, \
        describe(result)
    assert "0 of 2 rows proved, 0 partly, 2 not checked" in result.out, describe(result)
    required = run("prove", "-C", tree_without_newer, "--spec", SPEC, "--require", "all")
    assert required.code == FINDINGS, describe(required)
    both = run("prove", "-C", tree_without_newer, "--spec", SPEC, "--spec", "eventfd")
    assert both.code == PROVED, describe(both)
    assert "2 of 4 rows proved, 0 partly, 2 not checked" in both.out, describe(both)


def test_gen_fails_without_newer_headers_and_writes_nothing(tree_without_newer):
    """A binding for no target would be less than what is committed: an error that names both."""
    before = tree(tree_without_newer)
    result = run("gen", "-C", tree_without_newer, "--spec", SPEC)
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert f"[all its targets], which '{SPEC}' needs: no header set" in result.err, describe(result)
    assert "run `make deps`" in result.err, describe(result)
    assert tree(tree_without_newer) == before


def test_a_spec_that_no_target_can_serve_is_an_error(tree_with_spec):
    """Without `newer` in the table nothing covers the spec: it must not vanish silently."""
    mutate(tree_with_spec / "gen/targets.yaml", NEWER + r"\n", "", count=len(LINUX))
    result = run("prove", "-C", tree_with_spec)
    assert result.code == USAGE, describe(result)
    assert re.search(rf"gen/specs/{SPEC}.yaml:\d+:\d+: error: no target has the system 'linux' and newer "
                     "headers", result.err), describe(result)


def test_targets_without_newer_headers_are_not_covered(tree_with_spec):
    """A target whose row has no `newer` has no row in the matrix and stops in the binding."""
    table = tree_with_spec / "gen/targets.yaml"
    text = table.read_text()
    table.write_text(re.sub(NEWER + r"\n", "", text, count=1, flags=re.MULTILINE))
    result = run("gen", "-C", tree_with_spec, "--spec", SPEC)
    assert result.code == PROVED, describe(result)
    binding = (tree_with_spec / f"bindings/c/{SPEC}.h").read_text()
    assert "#error" in binding and "RAW_TARGET_X86_64_LINUX" not in binding, binding
    probe = run("prove", "-C", tree_with_spec, "--spec", SPEC)
    assert "1 of 1 rows proved" in probe.out, describe(probe)
