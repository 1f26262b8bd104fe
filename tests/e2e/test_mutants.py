"""Every generated binding, changed in one place at a time: `abiproof verify` must see each change.

In: the golden facts of every target, which say how large a field is and where. Out: a score, printed
at the end and checked: mutants caught, of mutants made; a test fails with the names of survivors.

Design: a mutant is made from the facts, as a C record with explicit padding, and not by changing
the text of a binding. The compiler asserts that each is what it should be, all mutants of a target
are one object, and a mutant that is the same to the byte is none and is not made.
"""

import re
import subprocess
from pathlib import Path
from typing import Dict, List, NamedTuple

import pytest

from conftest import PROVED, REPOSITORY, describe, print_at_end, run
from test_verify import compilers

FACTS = REPOSITORY / "abi_probes/facts"
FLAGS = ["-g", "-c", "-w", "-ffreestanding", "-fno-eliminate-unused-debug-types"]


class Field(NamedTuple):
    """A member: its name, first byte, bytes, and "u", "i" or "" for what has no sign."""

    name: str
    offset: int
    size: int
    sign: str


class Record(NamedTuple):
    """A record of a size, made of fields, which may overlap as those of a union do."""

    name: str
    size: int
    fields: tuple


class Mutant(NamedTuple):
    """What was changed, of what, and the C declarations that have it."""

    change: str
    ours: str
    theirs: str
    text: str


# ---- facts ----------------------------------------------------------------------------------


def facts_of(target: str) -> List[Dict[str, str]]:
    """All facts of a target, each as its words: kind, name, attributes."""
    facts = []
    for path in sorted((FACTS / target).glob("*.facts")):
        for line in path.read_text().splitlines():
            if not line.startswith("#"):
                kind, name, *rest = line.split()
                facts.append({**dict(word.split("=", 1) for word in rest),
                              "kind": kind, "name": name, "spec": path.stem})
    return facts


def records_of(facts, target) -> List[Record]:
    """The records, without what has no size of its own (a flexible array)."""
    found = {}
    for fact in facts:
        if fact["kind"] == "record":
            found[fact["name"]] = Record(fact["name"], int(fact["size"]), ())
    for fact in facts:
        if fact["kind"] == "field" and fact["name"].count(".") == 1 and "size" in fact:
            record, name = fact["name"].split(".")
            sign = re.fullmatch(r"([ui])\d+", fact["type"])
            field = Field(name, int(fact["offset"]), int(fact["size"]), sign[1] if sign else "")
            known = found[record]
            if field not in known.fields:
                found[record] = known._replace(fields=known.fields + (field,))
    return [record._replace(fields=tuple(sorted(record.fields, key=lambda f: f.offset)))
            for record in found.values() if record.fields]


def as_words(record: Record, endian: str) -> Record:
    """The form that bindings/c gives epoll_event: the data word as two halves."""
    fields = []
    for field in record.fields:
        if record.name == "epoll_event" and field.name == "data":
            names = ["data_lo", "data_hi"] if endian == "little" else ["data_hi", "data_lo"]
            fields += [Field(name, field.offset + 4 * i, 4, "u") for i, name in enumerate(names)]
        else:
            fields.append(field)
    return record._replace(fields=tuple(fields))


# ---- mutation -------------------------------------------------------------------------------


def replaced(record, index, field):
    return record._replace(fields=record.fields[:index] + (field,) + record.fields[index + 1:])


def is_scalar(field):
    return field.sign != "" and field.size in (1, 2, 4, 8)


def without_padding(record):
    """Every field directly behind the one before it, as a packed attribute would have it."""
    at, fields = 0, []
    for field in record.fields:
        fields.append(field._replace(offset=at))
        at += field.size
    return record._replace(fields=tuple(fields), size=at)


def overlaps(record):
    return any(a.offset + a.size > b.offset for a, b in zip(record.fields, record.fields[1:]))


# Records of which the caller states the size: a longer one is a newer one, and a note.
GROWING = {"sched_attr"}


def is_padding(field):
    """Padding has no value, and may be cut and placed as anybody likes."""
    return re.match(r"_*(pad|reserved|resv|unused|spare)", field.name) is not None


def mutants_of_record(record):
    """(change, record) of every way to get this record wrong."""
    for i, field in enumerate(record.fields):
        if is_padding(field):
            continue
        for by in (-4, -1, 1, 4):
            if 0 <= field.offset + by and field.offset + by + field.size <= record.size:
                yield f"{field.name} moved by {by}", replaced(
                    record, i, field._replace(offset=field.offset + by))
        if is_scalar(field) and field.sign == "i":  # the reverse is a note
            yield f"{field.name} without its sign", replaced(record, i, field._replace(sign="u"))
        if is_scalar(field) and field.size > 1:
            yield f"{field.name} narrowed", replaced(
                record, i, field._replace(size=field.size // 2))
        if is_scalar(field) and field.size < 8 and not overlaps(record):
            grown = [f._replace(offset=f.offset + field.size) if f.offset > field.offset else f
                     for f in record.fields]
            yield f"{field.name} widened", replaced(
                record._replace(fields=tuple(grown), size=record.size + field.size), i,
                field._replace(size=field.size * 2))
        rest = record.fields[i + 1:i + 2]
        if rest and rest[0].offset >= field.offset + field.size and rest[0].size == field.size:
            yield f"{field.name} and {rest[0].name} swapped", record._replace(
                fields=record.fields[:i] + (rest[0]._replace(offset=field.offset),
                                            field._replace(offset=rest[0].offset)) +
                record.fields[i + 2:])
    if record.name not in GROWING:
        yield "4 bytes longer", record._replace(size=record.size + 4)
    end = max(field.offset + field.size for field in record.fields)
    if end < record.size:
        yield "padding at the end dropped", record._replace(size=end)
    if not overlaps(record) and without_padding(record) != record:
        yield "packed", without_padding(record)


def mutants_of_constant(value, others):
    """(change, value) of every way to get this number wrong."""
    wrong = {"one more": value + 1, "one less": value - 1, "shifted": value << 1,
             "octal read as hexadecimal": int(f"{value:o}", 16) if value > 0 else value}
    for target, other in others:
        wrong[f"of {target}"] = other
    for change, other in wrong.items():
        # a negative number and the same bits as an unsigned one are one flag, not two
        if (other - value) % 2**32 != 0 and -2**31 <= other < 2**32:
            yield change, other


# ---- C --------------------------------------------------------------------------------------


def member(field: Field) -> str:
    """A member of exactly that many bytes."""
    if is_scalar(field):
        kind = {1: "char", 2: "short", 4: "int", 8: "long long"}[field.size]
        return f"{'unsigned' if field.sign == 'u' else 'signed'} {kind} {field.name};"
    return f"unsigned char {field.name}[{field.size}];"


def declaration(record: Record, tag: str) -> str:
    """A record with every byte accounted for; fields that overlap are views in a union."""
    lines, at = [], 0
    is_union = overlaps(record._replace(fields=tuple(sorted(record.fields, key=lambda f: f.offset))))
    for i, field in enumerate(sorted(record.fields, key=lambda f: f.offset)):
        gap = field.offset - (0 if is_union else at)
        pad = f"char pad_{i}[{gap}]; " if gap > 0 else ""
        lines.append(f"struct {{ {pad}{member(field)} }} {PACKED};" if is_union
                     else pad + member(field))
        at = field.offset + field.size
    if is_union:
        lines.append(f"char pad_all[{record.size}];")
        lines = ["union {"] + lines + [f"}} {PACKED};"]
    elif at < record.size:
        lines.append(f"char pad_end[{record.size - at}];")
    checks = [f"_Static_assert(__builtin_offsetof(struct {tag}, {f.name}) == {f.offset}, \"\");"
              for f in record.fields]
    return "\n".join([f"struct {tag} {{", *lines, f"}} {PACKED};",
                      f"_Static_assert(sizeof(struct {tag}) == {record.size}, \"\");", *checks])


PACKED = "__attribute__((packed))"


def record_mutants(target, facts):
    endian = next(fact["endian"] for fact in facts if fact["kind"] == "abi")
    for whole in records_of(facts, target):
        for record in {whole, as_words(whole, endian)}:
            for change, mutant in mutants_of_record(record):
                tag = f"mutant_{record.name}_{len(record.fields)}_{re.sub(r'[^a-z0-9]+', '_', change)}"
                tag = tag.replace("by_1", "by_plus_1") if "by 1" in change else tag
                tag = tag.replace("by_4", "by_plus_4") if "by 4" in change else tag
                yield Mutant(change, record.name, tag, declaration(mutant, tag))


def constant_mutants(facts, everywhere):
    for fact in facts:
        if fact["kind"] != "constant":
            continue
        others = everywhere[fact["name"]]
        for k, (change, value) in enumerate(mutants_of_constant(int(fact["value"], 0), others)):
            tag = f"mutant_{fact['name']}_{k}"
            yield Mutant(change, fact["name"], tag, f"enum {{ {tag} = {value} }};")


# ---- the score ------------------------------------------------------------------------------


def all_constants() -> Dict[str, list]:
    """Each constant's different values: one target for each."""
    found: Dict[str, Dict[int, str]] = {}
    for folder in sorted(FACTS.iterdir()):
        for fact in facts_of(folder.name):
            if fact["kind"] == "constant":
                found.setdefault(fact["name"], {}).setdefault(int(fact["value"], 0), folder.name)
    return {name: [(target, value) for value, target in values.items()]
            for name, values in found.items()}


def compile_for(target, text, folder: Path) -> Path:
    source, result = folder / f"{target}.c", folder / f"{target}.o"
    source.write_text(text)
    command = [*compilers()[target], *FLAGS, str(source), "-o", str(result)]
    subprocess.run(command, check=True, timeout=120)
    return result


def survivors(target, mutants: List[Mutant], folder) -> List[Mutant]:
    """The mutants of a target in which verify found nothing."""
    text = "\n".join([mutant.text for mutant in mutants] +
                     [f"struct {m.theirs} var_{m.theirs};" for m in mutants
                      if m.text.startswith("struct")])
    result = run("verify", compile_for(target, text, folder), "--target", target,
                 *[word for m in mutants for word in ("--map", f"{m.theirs}={m.ours}")],
                 cwd=REPOSITORY, timeout=300)
    caught = set(re.findall(r"^FINDINGS   (\S+) as ", result.out, re.M))
    assert "missing-map" not in result.out, result.out[:2000]
    return [mutant for mutant in mutants if mutant.theirs not in caught]


# One target for each machine, byte order, width and system; every layout of the bindings is there.
TARGETS = ["x86_64-linux", "i386-linux", "aarch64-linux", "arm-linux", "mips-linux", "s390x-linux",
           "m68k-linux", "sparc64-linux", "aarch64-macos", "x86_64-freebsd", "i386-freebsd",
           "x86_64-netbsd", "arm-netbsd", "i386-netbsd", "x86_64-openbsd", "i386-openbsd"]


class Score:
    """What became of the mutants; pytest prints it at the end."""

    def __init__(self):
        self.caught = self.made = self.targets = 0

    def lines(self) -> List[str]:
        return [f"mutants: {self.caught} of {self.made} caught, on {self.targets} targets"]


@pytest.fixture(name="score", scope="module")
def score_fixture() -> Score:
    score = Score()
    print_at_end(score.lines)
    return score


@pytest.mark.parametrize("target", TARGETS)
def test_every_mutant_is_caught(target, tmp_path, score):
    if target not in compilers():
        pytest.skip(f"no compiler for {target}")
    facts = facts_of(target)
    mutants = [*record_mutants(target, facts), *constant_mutants(facts, all_constants())]
    alive = survivors(target, mutants, tmp_path)
    score.caught += len(mutants) - len(alive)
    score.made += len(mutants)
    score.targets += 1
    assert len(mutants) > 100
    assert not alive, [f"{mutant.ours}: {mutant.change}" for mutant in alive]


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_not_changed_is_proved(target, tmp_path):
    if target not in compilers():
        pytest.skip(f"no compiler for {target}")
    facts = facts_of(target)
    endian = next(fact["endian"] for fact in facts if fact["kind"] == "abi")
    records = records_of(facts, target)
    forms = [*records, *(as_words(record, endian) for record in records)]
    mutants = [Mutant("none", record.name, f"same_{i}", declaration(record, f"same_{i}"))
               for i, record in enumerate(forms)]
    mutants += [Mutant("none", fact["name"], f"same_{fact['name']}",
                       f"enum {{ same_{fact['name']} = {fact['value']} }};")
                for fact in facts if fact["kind"] == "constant"]
    alive = survivors(target, mutants, tmp_path)
    assert len(alive) == len(mutants), sorted({m.theirs for m in mutants} - {m.theirs for m in alive})


def test_the_generated_headers_themselves_are_proved(tmp_path):
    """The mutants are made from facts: so the bindings must be what the facts say."""
    for target in TARGETS:
        if target not in compilers():
            continue
        facts = facts_of(target)
        headers = sorted({fact["spec"] for fact in facts})
        records = sorted({fact["name"] for fact in facts if fact["kind"] == "record"})
        text = "".join(f'#include "{REPOSITORY}/bindings/c/{name}.h"\n' for name in headers)
        text += "".join(f"struct raw_{name} anchor_{i};\n" for i, name in enumerate(records)
                        if f"struct raw_{name} {{" in "".join(
                            (REPOSITORY / f"bindings/c/{h}.h").read_text() for h in headers))
        maps = [f"raw_{name}={name}" for name in re.findall(r"struct raw_(\w+) anchor", text)]
        result = run("verify", compile_for(target, text, tmp_path), "--target", target,
                     *[word for one in maps for word in ("--map", one)], cwd=REPOSITORY)
        assert result.code == PROVED, f"{target}: {describe(result)}"
