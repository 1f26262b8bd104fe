"""Records as trees: what a compiler's debug information says of them, and C declarations of any layout.

In: trees, read from headers (foreign_records.py) or made wrong (record_mutations.py). Out: leaves,
and C text with every byte accounted for, whose layout the compiler asserts.

Design: everything has an offset of its own, so that a layout which no compiler would choose can be
written down. Nothing is left to alignment: records are packed, and gaps are members with the name
of padding. Bit-fields follow each other in the order of the target's bits, as compilers place them.
"""

import re
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple, Union

PACKED = "__attribute__((packed))"


class Scalar(NamedTuple):
    """u: unsigned, i: signed, c: char, p: an address, b: a boolean, f: a float; x: something else."""

    kind: str
    size: int


class Array(NamedTuple):
    """Some of one type; none if the array has no bounds."""

    of: "Type"
    count: int


class Body(NamedTuple):
    """What is between the braces: struct or union, bytes, members by offset."""

    kind: str
    size: int
    members: Tuple["Member", ...]


class Member(NamedTuple):
    """A name, or "" for a record without one; first bit within its body, and bits."""

    name: str
    at: int
    bits: int
    type: "Type"
    is_bits: bool = False

    @property
    def end(self) -> int:
        return self.at + self.bits


Type = Union[Scalar, Array, Body]
BYTE = Scalar("u", 1)


def size_of(kind: Type) -> int:
    """Bytes."""
    return size_of(kind.of) * kind.count if isinstance(kind, Array) else kind.size


def is_padding(name: str) -> bool:
    """Padding has no value, and may be cut and placed as anybody likes."""
    name = name.lower().lstrip("_")
    return re.match(r"(pad|unused|reserved|glibc_reserved|resv|rsvd|spare|filler)", name) is not None or \
        re.fullmatch(r"[a-z0-9]+_(pad|padding|spare)\d*", name) is not None


def element_of(kind: Type) -> Type:
    """What an array is of, through all of its dimensions."""
    return element_of(kind.of) if isinstance(kind, Array) else kind


def body_of(kind: Type):
    """The record that a type is, or is an array of; None if it is of scalars."""
    found = element_of(kind)
    return found if isinstance(found, Body) else None


# ---- leaves -----------------------------------------------------------------------------------


class Leaf(NamedTuple):
    """Something with a meaning of its own: its name from the record on, bits, and type in words."""

    path: str
    at: int
    bits: int
    type: str


def word_of(kind: Type) -> str:
    if isinstance(kind, Array):
        return f"{word_of(kind.of)}[{kind.count}]"
    return kind.kind if isinstance(kind, Body) else f"{kind.kind}{kind.size * 8}"


def leaves_of(body: Body, path: str = "", at: int = 0) -> Iterator[Leaf]:
    """The leaves without padding. Of an array of records, those of its first element are."""
    for member in body.members:
        if is_padding(member.name):
            continue
        name = f"{path}.{member.name}" if path and member.name else path or member.name
        inner = body_of(member.type)
        if inner is not None:
            count = "" if inner is member.type else word_of(member.type)
            yield from leaves_of(inner, name + count, at + member.at)
        else:
            word = word_of(member.type)
            yield Leaf(name, at + member.at, member.bits, word[0] + ":" if member.is_bits else word)


# ---- change of a part ---------------------------------------------------------------------------


def changed(body: Body, index: int, member: Member) -> Body:
    """With another member in that place; nothing else moves."""
    return body._replace(members=body.members[:index] + (member,) + body.members[index + 1:])


def resized(body: Body, index: int, member: Member) -> Body:
    """With another member in that place, which those behind it make room for."""
    more = member.bits - body.members[index].bits
    if body.kind == "union":
        return changed(body, index, member)._replace(size=max(body.size, member.end // 8))
    later = tuple(m._replace(at=m.at + more) for m in body.members[index + 1:])
    return Body(body.kind, body.size + more // 8, body.members[:index] + (member,) + later)


def with_body(kind: Type, body: Body) -> Type:
    """The type with another record at its core."""
    return kind._replace(of=with_body(kind.of, body)) if isinstance(kind, Array) else body


def within(body: Body, mutate: Callable[[Body], Iterator[Tuple[str, Body]]]):
    """(change, record) of every way that `mutate` changes the record or one within it."""
    yield from mutate(body)
    for i, member in enumerate(body.members):
        inner = body_of(member.type)
        if inner is None or is_padding(member.name):
            continue
        for change, other in within(inner, mutate):
            kind = with_body(member.type, other)
            where = f"{member.name}: {change}" if member.name else change
            yield where, resized(body, i, member._replace(type=kind, bits=size_of(kind) * 8))


# ---- spellings ----------------------------------------------------------------------------------


def mapped(body: Body, change: Callable[[Member], List[Member]]) -> Body:
    """Each member, from the innermost records on, replaced by others of the same bits."""
    members: List[Member] = []
    for member in body.members:
        inner = body_of(member.type)
        if inner is not None:
            member = member._replace(type=with_body(member.type, mapped(inner, change)))
        members += change(member)
    return body._replace(members=tuple(members))


def unions_as_bytes(body: Body) -> Body:
    """Every union within the record is a block of bytes; a record that is one itself, too."""
    number = iter(range(1000))

    def change(member):
        if not isinstance(member.type, Body) or member.type.kind != "union":
            return [member]
        name = member.name or f"anonymous_{next(number)}"
        return [member._replace(name=name, type=Array(BYTE, member.type.size))]

    if body.kind == "union":
        return Body("struct", body.size, (Member("opaque_blob", 0, body.size * 8, Array(BYTE, body.size)),))
    return mapped(body, change)


def words_split(body: Body, is_little: bool, wrong: str = "") -> Body:
    """Every integer of 8 bytes is two halves in the byte order of the target; those of the member
    `wrong` are in the other one."""
    def halves(member):
        if member.type not in (Scalar("u", 8), Scalar("i", 8)) or member.is_bits:
            return (member,)
        low = Member(f"{member.name}_lo", member.at, 32, Scalar("u", 4))
        high = Member(f"{member.name}_hi", member.at, 32, Scalar(member.type.kind, 4))
        first, second = (low, high) if is_little != (member.name == wrong) else (high, low)
        return (first, second._replace(at=member.at + 32))

    def arm(member):
        """Halves lie in a record of their own where the whole is an arm of a union."""
        parts = halves(member)
        if len(parts) == 1:
            return parts
        inner = Body("struct", 8, tuple(part._replace(at=part.at - member.at) for part in parts))
        return (Member("", member.at, 64, inner),)

    change = arm if body.kind == "union" else halves
    members = []
    for member in body.members:
        inner = body_of(member.type)
        if inner is not None:
            kind = with_body(member.type, words_split(inner, is_little, wrong))
            member = member._replace(type=kind)
        members += change(member)
    return body._replace(members=tuple(members))


def flat(body: Body) -> Body:
    """The fields of records within the record are its own; unions, and the records that are their
    arms, have no names. A field has its own name if no other has it, else all names on the way."""
    names: Dict[str, int] = {}

    def count(one, path):
        for member in one.members:
            inner = body_of(member.type)
            if inner is not None:
                count(inner, path + [member.name])
            if not isinstance(member.type, Body):
                names[plain(member.name)] = names.get(plain(member.name), 0) + 1

    def plain(name):
        return name.replace("_", "").lower()

    def name_of(path, name):
        if names[plain(name)] == 1:
            return name
        return "_".join([part for part in path if part] + [name])

    def spell(one, path, at):
        for member in one.members:
            inner, place = member.type, at + member.at
            if not isinstance(inner, Body):
                yield member._replace(name=name_of(path, member.name), at=place)
            elif inner.kind == one.kind == "struct":
                yield from spell(inner, path + [member.name], place)
            else:
                spelt = tuple(spell(inner, path + [member.name], 0))
                yield Member("", place, member.bits, inner._replace(members=spelt))

    count(body, [])
    return body._replace(members=tuple(spell(body, [], 0)))


# ---- C ------------------------------------------------------------------------------------------

INTEGERS = {1: "char", 2: "short", 4: "int", 8: "long long"}


class Writer:
    """Writes one record; each gap gets a name of its own."""

    def __init__(self):
        self.gaps = 0

    def declarator(self, kind: Type, name: str) -> str:
        """A member of exactly that type."""
        if isinstance(kind, Array):
            return self.declarator(kind.of, f"{name}[{kind.count}]")
        if isinstance(kind, Body):
            return f"{kind.kind} {{ {self.members(kind)} }} {PACKED} {name}"
        if kind.kind in "ui" and kind.size in INTEGERS:
            return f"{'unsigned' if kind.kind == 'u' else 'signed'} {INTEGERS[kind.size]} {name}"
        if kind == Scalar("c", 1):
            return f"char {name}"
        if kind.kind == "p":
            return f"void *{name}"
        if kind.kind == "b" and kind.size == 1:
            return f"_Bool {name}"
        if kind.kind == "f":
            return f"{ {4: 'float', 8: 'double'}.get(kind.size, 'long double')} {name}"
        return f"unsigned char {name}[{kind.size}]"

    def gap(self, at: int, to: int) -> str:
        """Nothing but padding from one bit to another."""
        text = ""
        rest = min((8 - at % 8) % 8, to - at)
        if rest:
            text += f"unsigned char :{rest}; "
            at += rest
        if to - at >= 8:
            self.gaps += 1
            text += f"char pad__{self.gaps}[{(to - at) // 8}]; "
            at += (to - at) // 8 * 8
        return text + (f"unsigned char :{to - at}; " if to > at else "")

    def member(self, member: Member) -> str:
        if not member.is_bits:
            return self.declarator(member.type, member.name) + ";"
        kind = member.type
        if kind.kind == "b":
            return f"_Bool {member.name}:{member.bits};"
        words = "signed" if kind.kind == "i" else "unsigned"
        return f"{words} {INTEGERS[kind.size]} {member.name}:{member.bits};"

    def members(self, body: Body) -> str:
        """The members with the gaps between them; in a union, each in a record if it has a gap."""
        parts, at = [], 0
        for member in body.members:
            if body.kind == "union":
                gap = self.gap(0, member.at)
                parts.append(f"struct {{ {gap}{self.member(member)} }} {PACKED};" if gap else
                             self.member(member))
            else:
                parts.append(self.gap(at, member.at) + self.member(member))
            at = max(at, member.end)
        if body.size * 8 > at:
            parts.append(self.gap(0 if body.kind == "union" else at, body.size * 8))
        return " ".join(parts)


def checks(body: Body, tag: str, path: str = "", at: int = 0) -> Iterator[str]:
    """What the compiler must find: offset and size of each member that is no bit-field."""
    for member in body.members:
        inner = body_of(member.type)
        name = f"{path}.{member.name}" if path and member.name else path or member.name
        place = at + member.at
        if member.name and not member.is_bits:
            yield (f"_Static_assert(__builtin_offsetof({tag}, {name}) == {place // 8} && "
                   f"sizeof((({tag} *)0)->{name}) == {member.bits // 8}, \"{name}\");")
        if inner is not None and (inner is member.type or member.bits > 0):
            index, kind = "", member.type
            while isinstance(kind, Array):
                index, kind = index + "[0]", kind.of
            yield from checks(inner, tag, name + index, place)


def declaration(body: Body, tag: str) -> str:
    """The record, under that tag, with what the compiler must find."""
    named = f"{body.kind} {tag}"
    return "\n".join([f"{named} {{ {Writer().members(body)} }} {PACKED};",
                      f"_Static_assert(sizeof({named}) == {body.size}, \"\");",
                      *checks(body, named)])
