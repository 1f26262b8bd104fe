"""Builds the bindings of the museum's cases and lets `abiproof verify` judge them.

In: checks of tests/museum/cases.yaml. Out: verdicts. Each check becomes one C source, which is
compiled by every target's own compiler, and one run of verify with all its objects. A binding in
its project's own language is a file beside the table.

Design: the source must have the layout of the table on every target, or the test would prove
something about another binding. So it pads explicitly, packs where the layout asks for it, and
asserts every size and offset, against the compiler that then writes the debug information.
"""

import fnmatch
import os
import re
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Tuple

import yaml

from conftest import (CLANGS, FINDINGS, PROVED, REPOSITORY, Result, compiler_of, describe,
                      find_program, findings, list_targets, run, run_program)

FOLDER = REPOSITORY / "tests/museum"
CASES = {case["id"]: case
         for case in yaml.safe_load((FOLDER / "cases.yaml").read_text())["cases"]}


class Missing(Exception):
    """What a check needs and this machine does not have."""


# ---- from a layout to a source --------------------------------------------------------------


class Field(NamedTuple):
    """A field of the table: `st_mode@24:u32`, `udata@24:ptr`, `ext@32:u64[4]`."""

    name: str
    offset: int
    type: str
    count: Optional[int]  # elements of an array; None: a single one

    def element_size(self, pointer: int) -> int:
        """In bytes; pointer: of a pointer, in bytes."""
        return pointer if self.type == "ptr" else int(self.type[1:]) // 8

    def size(self, pointer: int) -> int:
        """In bytes, of all elements."""
        return self.element_size(pointer) * (1 if self.count is None else self.count)

    def declare(self) -> str:
        """As C writes it, without a header."""
        c_type = ("void *" if self.type == "ptr" else
                  f"__{'U' if self.type[0] == 'u' else ''}INT{self.type[1:]}_TYPE__ ")
        return f"{c_type}{self.name}{'' if self.count is None else f'[{self.count}]'};"


def parse_fields(text: str) -> List[Field]:
    """The fields of one record, in the order of the table."""
    fields = []
    for word in text.split():
        match = re.fullmatch(r"(\w+)@(\d+):([ui](?:8|16|32|64)|ptr)(?:\[(\d+)\])?", word)
        assert match, f"{FOLDER}/cases.yaml: not a field: {word}"
        name, offset, type_name, count = match.groups()
        fields.append(Field(name, int(offset), type_name, None if count is None else int(count)))
    return fields


def write_record(name: str, layout: dict, pointer: int) -> str:
    """A record that has this layout whatever the compiler would have made of its fields."""
    fields = parse_fields(layout["fields"])
    lines, end = [], 0
    for field in fields + [Field("", layout["size"], "u8", 0)]:
        assert field.offset >= end, f"{name}.{field.name} overlaps the field before it"
        if field.offset > end and layout.get("pad", True):
            lines.append(f"unsigned char pad_{end}[{field.offset - end}];")
        if field.name:
            lines.append(field.declare())
        end = field.offset + field.size(pointer)
    sizes = [field.element_size(pointer) for field in fields]
    is_packed = layout["align"] < max(sizes) or any(
        field.offset % size != 0 for field, size in zip(fields, sizes))
    asserts = [(f"__builtin_offsetof(struct {name}, {field.name})", field.offset)
               for field in fields]
    asserts += [(f"sizeof(struct {name})", layout["size"]),
                (f"_Alignof(struct {name})", layout["align"])]
    return "\n".join([
        f"struct {name} {{",
        *(f"    {line}" for line in lines),
        f"}} __attribute__(({'packed, ' if is_packed else ''}aligned({layout['align']})));",
        *(f"_Static_assert({what} == {value}, \"{what}\");" for what, value in asserts),
        f"struct {name} use_{name};\n"])


def write_source(check: dict, pointer: int) -> str:
    """The binding of a check in C. Variables keep records and enumerators in the debug
    information."""
    parts = [write_record(name, layout, pointer)
             for name, layout in check.get("records", {}).items()]
    constants = check.get("constants", {})
    if check.get("as") == "data":
        parts += [f"const int {name} = {value};\n" for name, value in constants.items()]
    elif constants:
        inside = "".join(f"    {name} = {value},\n" for name, value in constants.items())
        parts.append(f"enum values {{\n{inside}}} use_values;\n")
    assert parts, f"{check['id']}: nothing to compile"
    return "\n".join(parts)


# ---- compilers ------------------------------------------------------------------------------


class Target(NamedTuple):
    """A row of `abiproof targets`."""

    name: str
    triple: str
    headers: str
    pointer: int  # bytes
    compiler: Optional[List[str]]

    @property
    def arch(self) -> str:
        return self.name.split("-")[0]

    def c_compiler(self) -> List[str]:
        if self.compiler is None:
            raise Missing(f"compiler missing: {self.name}")
        return self.compiler


def need(program: str, *others: str) -> str:
    """The first of these programs that is installed."""
    found = find_program(program, *others)
    if found is None:
        raise Missing(f"compiler missing: {program}")
    return found


def compiled(argv, folder: Path, to: Path, **variables) -> Path:
    """Runs a compiler, which must succeed."""
    result = run_program(argv, cwd=folder, env={**os.environ, **variables}, timeout=120)
    assert result.code == 0 and to.exists(), f"{argv}: {describe(result)}"
    return to


def build_c(source: Path, target: Target, folder: Path) -> Path:
    to = folder / f"{target.name}.o"
    return compiled([*target.c_compiler(), "-std=gnu11", "-g", "-c", source, "-o", to], folder, to)


def build_cxx(source: Path, target: Target, folder: Path) -> Path:
    to = folder / f"{target.name}.o"
    return compiled([need(*CLANGS), f"--target={target.triple}", "-g", "-c", source, "-o", to],
                    folder, to)


def build_d(source: Path, target: Target, folder: Path) -> Path:
    to = folder / f"{target.name}.o"
    return compiled([need("ldc2"), "-betterC", f"-mtriple={target.triple}", "-g", "-c", source,
                     f"-of={to}"], folder, to)


def build_go(source: Path, target: Target, folder: Path) -> Path:
    """A whole program: Go's objects are not ELF."""
    to = folder / target.name
    arch = {"x86_64": "amd64", "aarch64": "arm64", "i386": "386"}.get(target.arch, target.arch)
    return compiled([need("go"), "build", "-o", to, source], folder, to, GOOS="linux", GOARCH=arch,
                    CGO_ENABLED="0", GO111MODULE="off", GOFLAGS="",
                    GOCACHE=str(folder.parent / "go"))


def build_nim(source: Path, target: Target, folder: Path) -> Path:
    """Nim writes C for a processor, and the target's compiler compiles it."""
    cache = folder / f"nim-{target.name}"
    cpu = {"x86_64": "amd64", "aarch64": "arm64"}.get(target.arch, target.arch)
    commands = compiled([need("nim"), "c", "--compileOnly", "--os:linux", f"--cpu:{cpu}", "--cc:gcc",
                         f"--nimcache:{cache}", "--debugger:native", "--hints:off", source],
                        folder, cache / f"{source.stem}.json").read_text()
    [c_file] = cache.glob(f"@m{source.stem}.nim.c")
    to = folder / f"{target.name}.o"
    return compiled([*target.c_compiler(), "-g", "-w", *re.findall(r"-I[\w/.-]+", commands), "-c",
                     c_file, "-o", to], folder, to)


def build_pascal(source: Path, target: Target, folder: Path) -> Path:
    """An object of this machine; verify is given the target that it stands for."""
    to = folder / f"{source.stem}.o"
    return compiled([need("fpc"), "-gw3", f"-FU{folder}", source], folder, to)


def build_rust(source: Path, target: Target, folder: Path) -> Path:
    """Only for the machine itself: rustc comes with no other target's core library."""
    rustc = need("rustc")
    host = re.search(r"^host: (\S+)", run_program([rustc, "-vV"], cwd=folder).out, re.MULTILINE)
    if host is None or not host[1].startswith(f"{target.arch}-"):
        raise Missing(f"no core library of rustc: {target.name}")
    to = folder / f"{target.name}.o"
    return compiled([rustc, "--crate-type=lib", "--emit=obj", "-g", source, "-o", to], folder, to)


BUILDERS = {".c": build_c, ".cpp": build_cxx, ".d": build_d, ".go": build_go, ".nim": build_nim,
            ".pas": build_pascal, ".rs": build_rust}


# ---- judging --------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """The result of one check."""

    objects: int
    skipped: List[str]       # reasons
    missed: List[str]        # expected, not found
    false_alarms: List[str]  # found, not expected


def read_targets() -> Dict[str, Target]:
    """The table of targets, by name."""
    return {name: Target(name, row["triple"], row["headers"], int(row["bits"]) // 8,
                         compiler_of(row))
            for name, row in list_targets().items()}


def build(check: dict, target: Target, folder: Path) -> Path:
    """The object that stands for a check on a target. Raises Missing."""
    if target.headers == "missing":
        raise Missing(f"headers missing: {target.name}")
    if "source" in check:
        source = FOLDER / check["source"]
    else:
        source = folder / f"{target.name}.c"
        source.write_text(write_source(check, target.pointer))
    return BUILDERS[source.suffix](source, target, folder)


def options_of(check: dict) -> List[str]:
    """Those of verify, from the table."""
    words = [word for mapping in check.get("map", []) for word in ("--map", mapping)]
    return words + [word for header in check.get("header", []) for word in ("--header", header)]


def runs_of(check: dict, objects: Dict[str, Path]) -> List[Tuple[List[str], List[str]]]:
    """The runs of verify that a check takes: names of targets, and options. One does for all
    objects that say themselves what they are for; those of NetBSD and OpenBSD do not, nor which
    way of passing floating-point numbers an ARM object follows."""
    given = [name for name in objects
             if check.get("given") or re.search("-netbsd$|-openbsd$|^armhf-", name)]
    others = [name for name in objects if name not in given]
    return [([name], ["--target", name]) for name in given] + ([(others, [])] if others else [])


def judge(case: dict, check: dict, targets: Dict[str, Target], folder: Path) -> Verdict:
    """The verdict of one check. What cannot be compiled or judged was missed."""
    try:
        return judge_objects(case, {**case, **check}, targets, folder)
    except AssertionError as error:
        return Verdict(0, [], [str(error)], [])


def judge_objects(case: dict, check: dict, targets: Dict[str, Target], folder: Path) -> Verdict:
    """Compiles a check for its targets, lets verify judge the objects, and compares."""
    folder.mkdir(parents=True)
    skipped, objects = [], {}
    for name in check["targets"]:
        try:
            objects[name] = build(check, targets[name], folder)
        except Missing as missing:
            skipped.append(str(missing))
    if not objects:
        return Verdict(0, skipped, [], [])
    verdict = Verdict(len(objects), skipped, [], [])
    for names, options in runs_of(check, objects):
        result = run("verify", *(objects[name] for name in names), *options, *options_of(check),
                     cwd=REPOSITORY, timeout=120)
        missed, false_alarms = compare(check.get("findings", []), result, names)
        verdict = verdict._replace(missed=verdict.missed + missed,
                                   false_alarms=verdict.false_alarms + false_alarms)
    return verdict


def compare(expected: List[str], result: Result,
            names: List[str]) -> Tuple[List[str], List[str]]:
    """Compares verify's findings with the table, target by target. Returns what was missed
    and what was found without reason, one line each."""
    missed, false_alarms = [], []
    errors = [finding for finding in findings(result.out) if finding.severity == "error"]
    for name in names:
        found = [f"{f.kind} {f.item}" for f in errors if name in f.targets]
        missed += [f"{name}: {pattern}" for pattern in expected
                   if not fnmatch.filter(found, pattern)]
        false_alarms += [f"{name}: {line}" for line in found
                         if not any(fnmatch.fnmatchcase(line, pattern) for pattern in expected)]
    code = FINDINGS if expected else PROVED
    if result.code != code:
        (missed if expected else false_alarms).append(f"exit code {result.code}, expected {code}")
    for problems in (missed, false_alarms):
        if problems:
            problems.append(describe(result))
    return missed, false_alarms
