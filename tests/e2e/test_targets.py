"""gen/targets.yaml: what it says of machines, who else reads it, and that a target is one row of it.

In: the repository's table, and copies of the small tree with one more row. Out: its numbers are those
of the systems' own headers; scripts and documents say the same as the program; a target that nobody
here has collected of is generated, probed and verified when its row is there and nothing else.
"""

import os
import re

import pytest

from conftest import (CLANGS, GENERATED, PROVED, REPOSITORY, USAGE, choose_rows, describe,
                      list_targets, matrix, need_program, run, run_program, tree)

TABLE = (REPOSITORY / "gen/targets.yaml").read_text()


# ---- numbers ----------------------------------------------------------------------------------


def section_of(name):
    """The lines of one of the table's lists."""
    return re.search(rf"^{name}:\n((?:  .*\n|\n)+)", TABLE, re.MULTILINE)[1].splitlines()


def named_numbers():
    """Pairs of a name in a comment of the table, and the number that it is the name of."""
    pairs = []
    for line in filter(None, section_of("machines")):
        match = re.fullmatch(r"  - \{name: \w+, elf: \[([^]]+)\](?:, macho: (\w+))?\} # (.+)", line)
        assert match, f"not written as this test thinks: {line}"
        numbers = match[1].split(", ") + ([match[2]] if match[2] else [])
        names = match[3].split(", ")
        assert len(names) == len(numbers), line
        pairs += zip(names, numbers)
    flags = [line for line in section_of("targets") if "e_flags:" in line]
    for line in flags:
        match = re.fullmatch(r"    e_flags: \{mask: (\w+), value: (\w+)\} # (\w+), (\w+)", line)
        assert match, f"not written as this test thinks: {line}"
        pairs += [(match[3], match[1]), (match[4], match[2])]
    assert flags
    return pairs


def check_numbers(pairs, header, compiler, folder):
    """Holds each number against the header's. Returns the names that it does not have."""
    source = folder / "numbers.c"
    source.write_text(f"#include <{header}>\n" + "".join(
        f"#ifdef {name}\n_Static_assert((unsigned){name} == {number}u, \"{name}\");\n"
        f"#else\n#warning lacks {name}\n#endif\n" for name, number in pairs))
    result = run_program([*compiler, "-fsyntax-only", source])
    assert result.code == 0, describe(result)
    return set(re.findall(r"warning: .*lacks (\w+)", result.err))


def test_numbers_of_elf_are_those_of_the_systems_header(tmp_path):
    """Of the names that this machine's <elf.h> has; older ones lack a few."""
    pairs = [pair for pair in named_numbers() if not pair[0].startswith("CPU_TYPE_")]
    lacks = check_numbers(pairs, "elf.h", [need_program("cc", "gcc")], tmp_path)
    assert all(re.search("R6$|LOONGARCH|ARCV2|ARC_COMPACT", name) for name in lacks), lacks
    assert len(pairs) - len(lacks) > 15


def test_numbers_of_mach_o_are_those_of_apples_header(tmp_path):
    [folder] = (REPOSITORY / "build/headers").glob("*/libc/include/any-darwin-any")
    pairs = [pair for pair in named_numbers() if pair[0].startswith("CPU_TYPE_")]
    compiler = [need_program(*CLANGS), "--target=x86_64-apple-macos13", "-isystem", folder]
    assert check_numbers(pairs, "mach/machine.h", compiler, tmp_path) == set()
    assert len(pairs) == len(re.findall("macho: 0x", TABLE))


# ---- others who read it -----------------------------------------------------------------------


def print_before_building(*names, root=REPOSITORY):
    """What ci/targets says."""
    return run_program([root / "ci/targets", *names])


def test_targets_shows_how_a_language_names_each():
    """The words of the table of languages, and 'none' where there can be no binding."""
    result = run("targets", "--lang", "rust", "--format", "tsv", cwd=REPOSITORY)
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in result.out.splitlines()}
    assert result.code == PROVED and list(rows) == list(list_targets()), describe(result)
    assert rows["i386-linux"] == ["rust", "rust", "i686-unknown-linux-gnu", "x86"], describe(result)
    assert rows["alpha-linux"] == ["rust", "none", "none", "none"], describe(result)
    named = {name for name, row in rows.items() if row[1] != "none"}
    head = (REPOSITORY / "bindings/rust/src/epoll.rs").read_text().split("#![allow")[0]
    left_out = set(re.findall(r"[\w]+-linux", head.split("Left out,")[1]))
    assert left_out == {name for name in rows if name.endswith("-linux")} - named
    result = run("targets", "--lang", "rsut", cwd=REPOSITORY)
    assert result.code == USAGE and "unknown language 'rsut'" in result.err, describe(result)


def test_scripts_read_the_same_before_the_program_is_built():
    """ci/targets knows no YAML, and says what the program says all the same."""
    expected = [[row[column] for column in ("name", "emulator", "debian", "libc", "gnu")]
                for row in list_targets().values()]
    result = print_before_building()
    assert result.code == 0, describe(result)
    assert [line.split("\t") for line in result.out.splitlines()] == expected
    assert print_before_building("alpha-linux").out.split() == \
        ["alpha-linux", "qemu-alpha", "alpha", "libc6.1", "alpha-linux-gnu"]


def test_a_target_that_is_not_in_the_table_is_named_by_the_script():
    result = print_before_building("x86_64-linux", "vax-linux")
    assert result.code == 2 and "no target 'vax-linux'" in result.err, describe(result)


def test_packages_of_every_debian_architecture_are_installed(tmp_path):
    """The headers of each, and GCC for each triple once; as if nothing were installed."""
    need_program("apt-cache")
    own = run_program([need_program("dpkg"), "--print-architecture"]).out.strip()
    (tmp_path / "dpkg-query").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "dpkg-query").chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    result = run_program([REPOSITORY / "ci/install-deps", "-n", "--for", "verify"], REPOSITORY, env)
    assert result.code == 1, describe(result)
    listed = [line.split()[0] for line in result.out.splitlines() if line.startswith("  ")]
    rows = [row for row in list_targets().values() if row["debian"] not in ("none", own)]
    expected = {f"gcc-{row['gnu'].replace('_', '-')}" for row in rows if row["gnu"] != "none"}
    for row in rows:
        expected |= {f"linux-libc-dev-{row['debian']}-cross",
                     f"{row['libc']}-dev-{row['debian']}-cross"}
    assert len(listed) == len(set(listed)), describe(result)
    assert {name for name in listed if re.search("-cross$|^gcc-", name)} == expected
    assert {"gcc-mips64-linux-gnuabi64", "linux-libc-dev-mipsn32-cross",
            "libc6.1-dev-alpha-cross"} <= expected


MARK = "<!-- abiproof targets -->\n"


def test_the_document_that_has_the_table_of_targets_has_the_programs():
    """Wherever the mark is, the lines behind it are what the program prints today."""
    names = run_program(["git", "ls-files", "*.md"], REPOSITORY)
    assert names.code == 0, describe(names)
    texts = [(REPOSITORY / name).read_text() for name in names.out.split()]
    [tail] = [tail for text in texts for tail in text.split(MARK)[1:]]
    result = run("targets", "-C", REPOSITORY, "--format", "markdown")
    assert result.code == PROVED, describe(result)
    assert tail.split("\n\n")[0] + "\n" == result.out, \
        "put what `build/abiproof targets --format markdown` prints behind the mark"


def promised_witnesses(root):
    """Who ran of each target, as the table for documents says it."""
    result = run("targets", "-C", root, "--format", "markdown")
    assert result.code == PROVED, describe(result)
    rows = [line.strip("|").split("|") for line in result.out.splitlines()[2:]]
    return {f"{arch}-{system.strip()}": witnesses.split()
            for system, archs, _, witnesses in rows for arch in archs.split()}


# ---- a target is one row ----------------------------------------------------------------------

ZIG = "build/headers/ziglang-0.16.0/libc/include"
BIG_ENDIAN = f"""
  - name: aarch64_be-linux
    os: linux
    triple: aarch64_be-linux-gnu
    when: defined(__linux__) && defined(__aarch64__) && defined(__AARCH64EB__)
    bits: 64
    endian: big
    machine: aarch64
    sigset: 8
    headers: ["{ZIG}/aarch64-linux-any:{ZIG}/any-linux-any:{ZIG}/aarch64-linux-gnu:{ZIG}/generic-glibc"]
    cc: [aarch64-linux-gnu-gcc -mbig-endian]
    emulator: qemu-aarch64_be
    rt: aarch64
    syscall:
      source: arch/arm64/kernel/entry.S; syscall(2)
      instruction: "svc #0"
      number: x8
      args: [x0, x1, x2, x3, x4, x5]
      result: x0
      clobbers: []
"""


def without_fpu():
    """The row of sh4, for a processor without floating point: only its flags set its objects apart."""
    [row] = choose_rows(TABLE.split("\ntargets:\n")[1], ["sh4-linux"])
    changed = row
    for old, new in [("name: sh4-linux", "name: sh4nofpu-linux"),
                     ("defined(__SH4__)", "defined(__SH4_NOFPU__)"),
                     ("machine: sh\n", "machine: sh\n    e_flags: {mask: 0x1f, value: 0x11}\n"
                      "    rt: sh4\n"),
                     ("[sh4-linux-gnu-gcc]", "[sh4-linux-gnu-gcc -m4-nofpu]")]:
        assert changed.count(old) == 1, f"the row of sh4 has no {old}"
        changed = changed.replace(old, new)
    return f"\n{row}\n{changed}\n"


@pytest.mark.parametrize("rows, name, compiler, emulator, others", [
    pytest.param(BIG_ENDIAN, "aarch64_be-linux", ["aarch64-linux-gnu-gcc", "-mbig-endian"],
                 "qemu-aarch64_be", {"aarch64-linux": ["aarch64-linux-gnu-gcc"]}, id="byte order"),
    pytest.param(without_fpu(), "sh4nofpu-linux", ["sh4-linux-gnu-gcc", "-m4-nofpu"], "qemu-sh4",
                 {"sh4-linux": ["sh4-linux-gnu-gcc"]}, id="flags"),
])
def test_a_target_is_added_by_its_row(rows, name, compiler, emulator, others, root, tmp_path):
    """Listed, generated, run under its emulator and reported from its neighbours, with no other change."""
    need_program(compiler[0])
    need_program(emulator)
    with open(root / "gen/targets.yaml", "a", encoding="utf-8") as table:
        table.write(rows)
    before = tree(root)

    row = list_targets(root)[name]
    assert (row["tier"], row["options"]) == ("run", compiler[1]), row
    (root / "ci").mkdir()
    (root / "ci/targets").write_bytes((REPOSITORY / "ci/targets").read_bytes())
    (root / "ci/targets").chmod(0o755)
    assert print_before_building(name, root=root).out.split() == \
        [name, emulator, row["debian"], row["libc"], row["gnu"]]

    out = tmp_path / "out"
    result = run("gen", "-C", root, "--spec", "eventfd", "--out", out)
    assert result.code == PROVED, describe(result)
    assert (out / f"abi_probes/facts/{name}/eventfd.facts").exists()
    assert run("gen", "-C", root).code == PROVED
    after = tree(root)
    changed = {path for path in after if before.get(path) != after[path]} - {"ci/targets"}
    assert changed and all(path.startswith(tuple(GENERATED)) for path in changed), changed

    result = run("prove", "-C", root, "--spec", "eventfd", "--target", name, "--require", "run",
                 timeout=120)
    assert result.code == PROVED, describe(result)
    assert (matrix(result.out)[name, "eventfd"].tier,
            matrix(result.out)[name, "eventfd"].verdict) == ("run", "proved"), describe(result)
    ran = re.search(r"; ([a-z ]+), ", result.out)
    assert ran[1].split() == promised_witnesses(root)[name], describe(result)

    source = tmp_path / "binding.c"
    source.write_text("enum { EFD_SEMAPHORE = 1 } semaphore;\n")
    for expected, command in {name: compiler, **others}.items():
        made = run_program([*command, "-g", "-c", source, "-o", tmp_path / "binding.o"])
        assert made.code == 0, describe(made)
        result = run("verify", "-C", root, tmp_path / "binding.o")
        assert result.code == PROVED and f" {expected}\n" in result.out, describe(result)


def test_the_document_promises_what_the_matrix_ran():
    """Without --boot, everybody whom the table for documents names ran, and nobody else."""
    result = run("prove", "--spec", "epoll", "--spec", "kqueue_macos", timeout=120)
    assert result.code == PROVED, describe(result)
    promised = promised_witnesses(REPOSITORY)
    found = re.findall(r"facts(?:, \d+ behaviours)?; ([a-z ]+)(?:, [a-z-]+)?; ([\w ]+)\n", result.out)
    for (witnesses, archs), system in zip(found, ["linux", "linux", "macos"]):
        for arch in archs.split():
            expected = [who for who in promised[f"{arch}-{system}"] if who != "boot"]
            assert witnesses.split() == expected, describe(result)
    assert len(found) == 3, describe(result)
