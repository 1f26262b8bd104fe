"""Every way to get a record wrong, and the ways to write it that are right.

In: a record as a tree. Out: bindings of it: what was done, and the tree of the binding.

Design: a mutant changes one thing in one body, the record's or one within it, and what contains
that makes room. Padding is never changed: it may be cut and placed as anybody likes. A mutant with
the same leaves as the record is none.
"""

from typing import Dict, Iterator, List, NamedTuple, Tuple

from record_trees import (Array, Body, Leaf, Member, Scalar, Type, body_of, changed, element_of, flat,
                          is_padding, leaves_of, resized, size_of, unions_as_bytes, within, words_split)


class Binding(NamedTuple):
    """A way to write a record: what was done to it, in which spelling, and what it is now."""

    change: str
    spelling: str
    body: Body


# ---- right ----------------------------------------------------------------------------------


def spellings(body: Body, is_little: bool) -> Dict[str, Body]:
    """The four ways to write a record; those that are the same as an earlier one are left out."""
    found: Dict[str, Body] = {}
    for name, other in (("nested", body), ("flat", flat(body)), ("bytes", unions_as_bytes(body)),
                        ("split", words_split(body, is_little))):
        if other not in found.values():
            found[name] = other
    return found


# ---- wrong ----------------------------------------------------------------------------------


def plain(name: str) -> str:
    return name.replace("_", "").lower()


def is_scalar(kind: Type) -> bool:
    return isinstance(kind, Scalar) and kind.kind in "uicp"


def unsigned(kind: Type) -> Type:
    """An integer, or an array of them, without its sign."""
    return kind._replace(of=unsigned(kind.of)) if isinstance(kind, Array) else Scalar("u", kind.size)


def retyped(member: Member, kind: Type) -> Member:
    return member._replace(type=kind, bits=size_of(kind) * 8)


def field_mutants(body: Body) -> Iterator[Tuple[str, Body]]:
    """One field of another width or sign."""
    for i, member in enumerate(body.members):
        kind, name = member.type, member.name
        if is_padding(name):
            continue
        core = element_of(kind)
        if core in (Scalar("i", 1), Scalar("i", 2), Scalar("i", 4), Scalar("i", 8)) and (
                kind is core or core.size > 1):
            yield f"{name} without its sign", changed(body, i, member._replace(type=unsigned(kind)))
        if member.is_bits:
            yield from bit_mutants(body, i)
        elif is_scalar(kind):
            half, twice = Scalar("u", kind.size // 2), Scalar("u" if kind.kind in "cp" else kind.kind,
                                                              kind.size * 2)
            if kind.size > 1:
                half = half if kind.kind == "p" else half._replace(kind=kind.kind)
                yield f"{name} narrowed", changed(body, i, retyped(member, half))
            if kind.size < 8:
                yield f"{name} widened", resized(body, i, retyped(member, twice))
        elif isinstance(kind, Array) and kind.count > 1 and body_of(kind) is None:
            yield f"{name} shortened", changed(body, i, retyped(member, kind._replace(count=kind.count - 1)))
            if is_scalar(kind.of) and kind.of.size > 2:  # an array of bytes is a block
                other = Array(Scalar("u", kind.of.size // 2), kind.count * 2)
                yield f"{name} with elements narrowed", changed(body, i, retyped(member, other))


def bit_mutants(body: Body, i: int) -> Iterator[Tuple[str, Body]]:
    """A bit-field with one bit more or fewer than it has."""
    member = body.members[i]
    if member.bits > 1:
        yield f"{member.name} one bit narrower", changed(body, i, member._replace(bits=member.bits - 1))
        if body.kind == "struct":
            yield f"{member.name} one bit later", changed(
                body, i, member._replace(at=member.at + 1, bits=member.bits - 1))


def order_mutants(body: Body) -> Iterator[Tuple[str, Body]]:
    """Fields of a struct in another order, or one over another."""
    if body.kind != "struct":
        return
    for i, (one, two) in enumerate(zip(body.members, body.members[1:])):
        if one.end != two.at or (is_padding(one.name) and is_padding(two.name)):
            continue
        if one.is_bits == two.is_bits and plain(one.name) != plain(two.name):
            yield f"{one.name} and {two.name} swapped", body._replace(
                members=body.members[:i] + (two._replace(at=one.at),
                                            one._replace(at=one.at + two.bits)) + body.members[i + 2:])
        if is_scalar(one.type) and not one.is_bits and one.bits == two.bits and one.type.size < 8 and \
                not two.is_bits and not is_padding(one.name):
            wide = Scalar("i" if one.type.kind == "i" else "u", one.type.size * 2)
            yield f"{one.name} widened over {two.name}", body._replace(
                members=body.members[:i] + (retyped(one, wide),) + body.members[i + 2:])
    for i, member in enumerate(body.members[:-2]):
        if not is_padding(member.name) and member.bits % 8 == 0 and member.at % 8 == 0 and \
                member.bits > 0 and not any(m.is_bits or m.bits == 0 for m in body.members[i:]):
            later = tuple(m._replace(at=m.at - member.bits) for m in body.members[i + 1:])
            moved = member._replace(at=later[-1].end)
            yield f"{member.name} moved to the end", body._replace(
                members=body.members[:i] + later + (moved,))


def gaps_of(body: Body) -> List[Tuple[int, int]]:
    """(number of the member behind it, bits) of each gap of whole bytes."""
    if body.kind != "struct":
        return []
    ends = [0] + [member.end for member in body.members]
    starts = [member.at for member in body.members] + [body.size * 8]
    return [(i, at - end) for i, (end, at) in enumerate(zip(ends, starts))
            if at - end >= 8 and (at - end) % 8 == 0 and end % 8 == 0]


def gap_mutants(body: Body) -> Iterator[Tuple[str, Body]]:
    """Padding that alignment brings, left out."""
    gaps = gaps_of(body)
    for i, bits in gaps:
        later = tuple(m._replace(at=m.at - bits) for m in body.members[i:])
        where = body.members[i].name if later else "the end"
        shorter = Body(body.kind, body.size - bits // 8, body.members[:i] + later)
        yield f"padding before {where} dropped", shorter
        if later:
            yield f"padding before {where} at the end", shorter._replace(size=body.size)
    if len(gaps) > 1:
        yield "packed", packed(body)


def packed(body: Body) -> Body:
    """Every field directly behind the one before it."""
    dropped, members, end = 0, [], 0
    gaps = dict(gaps_of(body))
    for i, member in enumerate(body.members):
        dropped += gaps.get(i, 0)
        members.append(member._replace(at=member.at - dropped))
        end = max(end, member.end - dropped)
    return Body(body.kind, (end + 7) // 8, tuple(members))


def arm_mutants(body: Body) -> Iterator[Tuple[str, Body]]:
    """The name of an arm of a union over the type of another one."""
    if body.kind != "union":
        return
    for i, one in enumerate(body.members):
        for two in body.members[:i] + body.members[i + 1:]:
            if one.name and two.name and not one.is_bits and not two.is_bits and \
                    not is_padding(one.name) and is_scalar(one.type) and is_scalar(two.type) and \
                    one.bits != two.bits:
                yield f"{one.name} as {two.name}", changed(body, i, one._replace(type=two.type, bits=two.bits))
                break
        for two in body.members[:i] + body.members[i + 1:]:
            if isinstance(one.type, Body) and isinstance(two.type, Body):
                yield from crossed(body, i, one, two)


def crossed(body: Body, i: int, one: Member, two: Member) -> Iterator[Tuple[str, Body]]:
    """The names of a record over the layout of another one, where that differs."""
    if one.type.kind != "struct" or two.type.kind != "struct":
        return
    pairs = list(zip(one.type.members, two.type.members))
    if not all(is_scalar(a.type) and is_scalar(b.type) and not a.is_bits and not b.is_bits for a, b in pairs):
        return
    if all((a.at, a.bits) == (b.at, b.bits) or is_padding(a.name) for a, b in pairs):
        return
    members = tuple(b._replace(name=a.name) for a, b in pairs)
    yield (f"{one.name or one.type.members[0].name} as {two.name or two.type.members[0].name}",
           changed(body, i, one._replace(type=two.type._replace(members=members), bits=two.bits)))


def all_of(body: Body) -> Iterator[Tuple[str, Body]]:
    yield from field_mutants(body)
    yield from order_mutants(body)
    yield from gap_mutants(body)
    yield from arm_mutants(body)


# Records of which the caller states the size: a longer or shorter one is of other headers, and a note.
GROWING = {"sched_attr", "perf_event_attr", "open_how", "clone_args", "mount_attr", "tcp_info",
           "landlock_ruleset_attr", "ptrace_syscall_info"}


def size_mutants(name: str, body: Body) -> Iterator[Tuple[str, Body]]:
    """A record of another size."""
    if name in GROWING:
        return
    yield "4 bytes longer", body._replace(size=body.size + 4)
    last = body.members[-1]
    if body.kind == "struct" and len(body.members) > 1 and last.bits % 8 == 0 and last.bits > 0 and \
            last.at % 8 == 0:
        yield f"{last.name} left out", body._replace(size=last.at // 8, members=body.members[:-1])


def meaning(body: Body) -> Tuple[int, List[Leaf]]:
    return body.size, sorted(leaves_of(body))


def mutants(name: str, body: Body, is_little: bool) -> Iterator[Binding]:
    """The wrong bindings of a record."""
    same = meaning(body)
    for change, other in [*within(body, all_of), *size_mutants(name, body)]:
        if meaning(other) == same:
            continue
        yield Binding(change, "nested", other)
        if flat(other) != other:
            yield Binding(change, "flat", flat(other))
    yield from wrong_halves(body, is_little)
    yield from wrong_blocks(body)


def wrong_halves(body: Body, is_little: bool) -> Iterator[Binding]:
    """Halves of a word in the other byte order."""
    right = words_split(body, is_little)
    for name in dict.fromkeys(leaf.path.split(".")[-1] for leaf in leaves_of(body)):
        wrong = words_split(body, is_little, name)
        if wrong != right:
            yield Binding(f"halves of {name} swapped", "split", wrong)


def wrong_blocks(body: Body) -> Iterator[Binding]:
    """A union as a block of bytes of another size, or behind its neighbour."""
    blocks = unions_as_bytes(body)
    if blocks == body or body.kind == "union":
        return
    for i, (one, two) in enumerate(zip(body.members, blocks.members)):
        if one.type == two.type or not one.name or is_padding(one.name):
            continue
        if isinstance(one.type, Body) and one.type.kind == "union":
            grown = Array(Scalar("u", 1), two.type.count + 4)
            yield Binding(f"{one.name} widened", "bytes", resized(blocks, i, retyped(two, grown)))
            if i > 0 and not is_padding(blocks.members[i - 1].name) and blocks.members[i - 1].end == two.at:
                before = blocks.members[i - 1]
                yield Binding(f"{before.name} and {two.name} swapped", "bytes", blocks._replace(
                    members=blocks.members[:i - 1] + (
                        two._replace(at=before.at), before._replace(at=before.at + two.bits)) +
                    blocks.members[i + 1:]))
