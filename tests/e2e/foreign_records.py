"""Records of the headers of a target, read by somebody else's tools: which there are, and of what.

In: the rule below, the header folders of a target. Out: each header that compiles alone, with the
complete records that it declares or includes, as trees.

Design: nothing here is abiproof's. The target's compiler reads the headers and llvm-dwarfdump reads
what it wrote. A record that an earlier header has shown, from the same line, is not shown again.
"""

import re
import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from conftest import CLANGS, find_program, list_targets
from record_trees import Array, Body, Member, Scalar, Type, size_of

# The rule: all of these that the folders of the target have, in this order.
LINUX_HEADERS = [
    "linux/input.h", "linux/if.h", "linux/if_addr.h", "linux/if_link.h", "linux/if_packet.h",
    "linux/if_tun.h", "linux/stat.h", "linux/perf_event.h", "linux/io_uring.h", "linux/bpf.h",
    "linux/fanotify.h", "linux/inotify.h", "linux/videodev2.h", "linux/kvm.h", "linux/signal*.h",
    "linux/time*.h", "linux/netlink.h", "linux/rtnetlink.h", "linux/can.h", "linux/can/*.h",
    "linux/fuse.h", "linux/uinput.h", "linux/hidraw.h", "linux/i2c*.h", "linux/spi/*.h",
    "linux/openat2.h", "linux/sched/*.h", "linux/mount.h", "linux/fs.h", "linux/seccomp.h",
    "linux/ptrace.h", "linux/futex.h", "linux/aio_abi.h", "linux/taskstats.h", "linux/tcp.h",
    "linux/userfaultfd.h", "linux/vfio.h", "linux/virtio_*.h", "linux/ethtool.h", "linux/quota.h"]
HEADERS = ["asm/*.h", "sys/*.h"]
FLAGS = ["-gdwarf-5", "-w", "-D_GNU_SOURCE", "-fno-eliminate-unused-debug-types", "-ffreestanding"]


class Record(NamedTuple):
    """What a header calls it, where that is declared, and what it is."""

    name: str
    place: str
    body: Body


class Target(NamedTuple):
    """A row of the table of targets, as far as it is needed."""

    name: str
    compiler: List[str]
    folders: List[Path]
    is_little: bool


def target_of(name: str, root: Path) -> Optional[Target]:
    """None if this machine lacks its compiler."""
    row = list_targets()[name]
    if row["compiler"].startswith("missing"):
        return None
    folders = [root / folder for folder in row["headers"].split(":")]
    options = row["options"].split() if row["options"] != "none" else []
    if row["compiler"].startswith("clang"):
        options += ["-nostdlibinc", *[w for folder in folders for w in ("-isystem", str(folder))]]
    return Target(name, [row["compiler"], *options], folders, row["endian"] == "little")


def headers_of(target: Target) -> List[str]:
    """The headers of the rule, without those that several patterns have twice."""
    patterns = (LINUX_HEADERS if target.name.endswith("-linux") else []) + HEADERS
    found = {}
    for pattern in patterns:
        for folder in target.folders:
            for path in sorted(folder.glob(pattern)):
                found[str(path.relative_to(folder))] = True
    return list(found)


# ---- debug information --------------------------------------------------------------------------


class Entry:
    """An entry of the debug information: tag, attributes as they are printed, entries within."""

    def __init__(self, tag: str):
        self.tag = tag
        self.words: Dict[str, str] = {}
        self.children: List["Entry"] = []

    def number(self, name: str) -> Optional[int]:
        return int(self.words[name], 0) if name in self.words else None

    def text(self, name: str) -> str:
        return self.words.get(name, '""')[1:-1]


ENTRY = re.compile(r"^0x([0-9a-f]+):( +)DW_TAG_(\w+)")
ATTRIBUTE = re.compile(r"^ +DW_AT_(\w+)\t\((.*)\)$")


def read_entries(text: str) -> Tuple[Dict[int, Entry], List[Entry]]:
    """All entries by offset, and those of the outermost level, from what llvm-dwarfdump prints."""
    by_offset: Dict[int, Entry] = {}
    levels: List[Entry] = []
    entry = None
    for line in text.splitlines():
        attribute = ATTRIBUTE.match(line)
        if attribute is not None and entry is not None:
            entry.words[attribute[1]] = attribute[2]
            continue
        start = ENTRY.match(line)
        if start is None:
            continue
        entry = by_offset[int(start[1], 16)] = Entry(start[3])
        depth = (len(start[2]) - 1) // 2
        del levels[depth:]
        if levels:
            levels[-1].children.append(entry)
        levels.append(entry)
    top = next((e for e in by_offset.values() if e.tag == "compile_unit"), Entry(""))
    return by_offset, top.children


class Reader:
    """Makes types of entries."""

    def __init__(self, text: str):
        self.entries, self.top = read_entries(text)
        self.known: Dict[int, Type] = {}
        address = re.search(r"addr_size = (0x[0-9a-f]+)", text)
        self.address_bytes = int(address[1], 0) if address is not None else 0

    def type_at(self, entry: Entry) -> Type:
        """The type that an entry refers to, without names and qualifiers."""
        if "type" not in entry.words:
            return Scalar("x", 0)
        offset = int(entry.words["type"].split()[0], 16)
        if offset not in self.known:
            self.known[offset] = self.make(self.entries[offset])
        return self.known[offset]

    def make(self, entry: Entry) -> Type:
        size = entry.number("byte_size") or 0
        if entry.tag in ("typedef", "const_type", "volatile_type", "atomic_type", "restrict_type"):
            return self.type_at(entry)
        if entry.tag in ("structure_type", "union_type"):
            return self.body_of(entry)
        if entry.tag == "array_type":
            return self.array_of(entry)
        if entry.tag == "pointer_type":
            return Scalar("p", size or self.address_bytes)  # Clang leaves it out
        if entry.tag == "enumeration_type":
            values = [child.words.get("const_value", "0") for child in entry.children]
            return Scalar("i" if any(value.startswith("-") for value in values) else "u", size)
        kinds = {"DW_ATE_signed": "i", "DW_ATE_unsigned": "u", "DW_ATE_signed_char": "i",
                 "DW_ATE_unsigned_char": "u", "DW_ATE_boolean": "b", "DW_ATE_float": "f"}
        kind = "c" if entry.text("name") == "char" else kinds.get(entry.words.get("encoding", ""), "x")
        if "float128" in entry.text("name").lower():
            kind = "x"  # of a compiler's own; where it is long double, its name is that
        return Scalar("x" if kind in "ui" and size > 8 else kind, size)

    def array_of(self, entry: Entry) -> Type:
        kind = self.type_at(entry)
        for child in reversed([c for c in entry.children if c.tag == "subrange_type"]):
            upper = child.number("upper_bound")
            count = child.number("count") or (upper + 1 if upper is not None else 0)
            kind = Array(kind, 0 if count > 2**31 else count)
        return kind

    def body_of(self, entry: Entry) -> Body:
        kind = "union" if entry.tag == "union_type" else "struct"
        members = [self.member_of(child) for child in entry.children if child.tag == "member"]
        return Body(kind, entry.number("byte_size") or 0, tuple(members))

    def member_of(self, entry: Entry) -> Member:
        kind = self.type_at(entry)
        at = (entry.number("data_member_location") or 0) * 8
        if "bit_size" not in entry.words:
            return Member(entry.text("name"), at, size_of(kind) * 8, kind)
        return Member(entry.text("name"), at + (entry.number("data_bit_offset") or 0),
                      entry.number("bit_size") or 0, kind, True)

    def records(self) -> Iterator[Record]:
        """The complete records that have a name: a tag, or that of a type."""
        for entry in self.top:
            if "decl_file" not in entry.words or "built-in" in entry.words["decl_file"] or \
                    entry.text("decl_file").endswith("/stddef.h"):
                continue  # the compiler's own, such as va_list and max_align_t
            place = f"{entry.text('decl_file')}:{entry.words.get('decl_line')}"
            if entry.tag in ("structure_type", "union_type") and "name" in entry.words:
                if "declaration" not in entry.words:
                    yield Record(entry.text("name"), place, self.body_of(entry))
            elif entry.tag == "typedef" and "type" in entry.words:
                named = self.entries[int(entry.words["type"].split()[0], 16)]
                if named.tag in ("structure_type", "union_type") and "name" not in named.words:
                    yield Record(entry.text("name"), place, self.body_of(named))


def dump(target: Target, text: str, folder: Path) -> Optional[str]:
    """The debug information of a C file, as text; None if it does not compile."""
    source, result = folder / "read.c", folder / "read.o"
    source.write_text(text)
    clang = target.compiler[0].startswith("clang")
    # GCC's objects are linked, so that nothing is left to relocate.
    how = ["-c"] if clang else ["-shared", "-fPIC", "-nostdlib"]
    done = subprocess.run([*target.compiler, *FLAGS, *how, str(source), "-o", str(result)],
                          capture_output=True, timeout=600, check=False)
    if done.returncode != 0:
        return None
    reader = find_program(str(Path(CLANGS[0]).with_name("llvm-dwarfdump")), "llvm-dwarfdump")
    return subprocess.run([reader, "--debug-info", str(result)], capture_output=True, timeout=600,
                          check=True, text=True).stdout


def is_whole(body: Body) -> bool:
    """True if it has members, and no member has bytes that they do not show."""
    return body.size > 0 and len(body.members) > 0


def records_of(target: Target, headers: List[str], folder: Path) -> Iterator[Tuple[str, List[Record]]]:
    """Each header that compiles alone, with the records that no header before it has shown."""
    seen = set()
    for header in headers:
        text = dump(target, f"#include <{header}>\n", folder)
        records = []
        for record in Reader(text).records() if text is not None else []:
            if (record.name, record.place) not in seen and is_whole(record.body):
                seen.add((record.name, record.place))
                records.append(record)
        if records:
            yield header, records
