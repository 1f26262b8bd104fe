"""The golden facts against sources that share nothing with abiproof.

In: abi_probes/facts. Out: the same numbers from the manual pages' promises written down here, from
a C program that the system's compiler builds with libc, and from pahole.
"""

import re

import pytest

from conftest import LINUX, MACOS, ROOT, SPECS, describe, need_program, run_program


def read(target: str, spec: str):
    """Golden facts: the attributes by kind and name."""
    facts = {}
    for line in (ROOT / f"abi_probes/facts/{target}/{spec}.facts").read_text().splitlines():
        if not line.startswith("#"):
            kind, name, *attributes = line.split()
            facts[kind, name] = dict(word.split("=", 1) for word in attributes)
    return facts


def layout(facts, record: str):
    """Size, alignment, and offset of each field of a record."""
    whole = facts["record", record]
    fields = {name.split(".", 1)[1]: int(attributes["offset"])
              for (kind, name), attributes in facts.items()
              if kind == "field" and name.startswith(record + ".")}
    return int(whole["size"]), int(whole["align"]), fields


KEVENT = {"ident": 0, "filter": 8, "flags": 10, "fflags": 12, "data": 16, "udata": 24}
LAYOUTS = {
    "epoll_event-x86_64-linux": ("x86_64-linux", "epoll", "epoll_event", 12, 1,
                                 {"events": 0, "data": 4}),
    "epoll_event-aarch64-linux": ("aarch64-linux", "epoll", "epoll_event", 16, 8,
                                  {"events": 0, "data": 8}),
    **{f"{record}-{target}": (target, "kqueue_macos", record, size, align, fields)
       for target in MACOS
       for record, size, align, fields in [("kevent", 32, 4, KEVENT),
                                           ("kevent64_s", 48, 8, {**KEVENT, "ext": 32}),
                                           ("timespec", 16, 8, {"tv_sec": 0, "tv_nsec": 8})]},
}


@pytest.mark.parametrize("target, spec, record, size, align, fields", LAYOUTS.values(),
                         ids=LAYOUTS.keys())
def test_golden_layout_is_the_known_one(target, spec, record, size, align, fields):
    """The layouts that every reader of this project knows by heart."""
    assert layout(read(target, spec), record) == (size, align, fields)


# Sources: arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h.
SYSCALLS = {
    ("x86_64-linux", "epoll"): {"epoll_create": 213, "epoll_wait": 232, "epoll_ctl": 233,
                                "epoll_pwait": 281, "epoll_create1": 291, "epoll_pwait2": 441},
    ("aarch64-linux", "epoll"): {"epoll_create1": 20, "epoll_ctl": 21, "epoll_pwait": 22,
                                 "epoll_pwait2": 441},
    ("x86_64-linux", "eventfd"): {"eventfd": 284, "eventfd2": 290},
    ("aarch64-linux", "eventfd"): {"eventfd2": 19},
    **{(target, "kqueue_macos"): {} for target in MACOS},
}


@pytest.mark.parametrize("target, spec", SYSCALLS.keys(), ids=lambda name: name)
def test_golden_numbers_are_those_of_the_kernel_tables(target, spec):
    """Exactly these system calls, with the numbers of the kernel's own tables."""
    numbers = {name: int(attributes["number"])
               for (kind, name), attributes in read(target, spec).items() if kind == "syscall"}
    assert numbers == SYSCALLS[target, spec]


@pytest.mark.parametrize("target", MACOS)
def test_golden_filters_of_kqueue_are_the_known_ones(target):
    """Values of Apple's <sys/event.h> that programs depend on."""
    facts = read(target, "kqueue_macos")
    known = {"EVFILT_READ": -1, "EVFILT_WRITE": -2, "EVFILT_VNODE": -4, "EVFILT_PROC": -5,
             "EVFILT_SIGNAL": -6, "EVFILT_TIMER": -7, "EVFILT_USER": -10, "EV_ADD": 1,
             "EV_DELETE": 2, "EV_ENABLE": 4, "EV_DISABLE": 8, "EV_ONESHOT": 0x10,
             "EV_CLEAR": 0x20, "EV_RECEIPT": 0x40, "EV_EOF": 0x8000, "EV_ERROR": 0x4000,
             "NOTE_EXIT": 0x80000000, "NOTE_TRIGGER": 0x01000000}
    assert {name: int(facts["constant", name]["value"], 0) for name in known} == known
    assert facts["field", "kevent.filter"]["type"] == "i16"


# ---- libc and the system's compiler ---------------------------------------------------------

PROLOGUE = r"""
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#define RECORD(type) printf("record %s %zu %zu\n", #type, sizeof(struct type), _Alignof(struct type))
#define FIELD(type, name) printf("field %s.%s %zu %zu\n", #type, #name, \
    offsetof(struct type, name), sizeof ((struct type *)0)->name)
#define CONSTANT(name) printf("constant %s %lld\n", #name, (long long)(name))
#define NUMBER(name) printf("syscall %s %ld\n", #name, (long)SYS_##name)
int main(void)
{
    printf("alias eventfd_t %zu %d\n", sizeof(eventfd_t), (eventfd_t)-1 > 0);
"""
ROWS = {"record": "RECORD({})", "field": "FIELD({}, {})", "constant": "CONSTANT({})",
        "syscall": "NUMBER({})"}
# libc has no names for these; <linux/time_types.h> and <linux/eventpoll.h> do.
NOT_IN_LIBC = {"__kernel_timespec", "EPOLLNVAL"}


def write_program(facts) -> str:
    """A C program that prints what libc says of every golden fact it can know."""
    lines = []
    for kind, name in facts:
        if kind not in ROWS or name.split(".")[0] in NOT_IN_LIBC:
            continue
        row = "    " + ROWS[kind].format(*name.split(".")) + ";"
        if kind == "constant":  # libc's enum has a macro of the same name for each
            row = f"#ifdef {name}\n{row}\n#endif"
        lines.append(row)
    return PROLOGUE + "\n".join(lines) + "\n    return 0;\n}\n"


@pytest.mark.parametrize("target", LINUX)
def test_golden_facts_are_what_libc_says(target, tmp_path):
    """A hosted C program, built by gcc and run, prints the numbers of the golden facts."""
    compiler = need_program("x86_64-linux-gnu-gcc", "gcc") if target == "x86_64-linux" else \
        need_program("aarch64-linux-gnu-gcc")
    runner = [] if target == "x86_64-linux" else \
        [need_program("qemu-aarch64"), "-L", "/usr/aarch64-linux-gnu"]
    facts = {**read(target, "epoll"), **read(target, "eventfd")}
    (tmp_path / "say.c").write_text(write_program(facts))
    built = run_program([compiler, "-Wall", "-Werror", "-o", tmp_path / "say", tmp_path / "say.c"])
    assert built.code == 0, describe(built)
    printed = run_program([*runner, tmp_path / "say"])
    assert printed.code == 0, describe(printed)
    counts = {}
    for line in printed.out.splitlines():
        kind, name, *numbers = line.split()
        fact = facts[kind, name]
        if kind == "record":
            known = [fact["size"], fact["align"]]
        elif kind == "field":
            known = [fact["offset"], fact["size"]]
        elif kind == "syscall":
            known = [fact["number"]]
        elif kind == "alias":
            known = [str(int(fact["type"][1:]) // 8), str(int(fact["type"][0] == "u"))]
        else:  # constants compare by their bits: libc's are of an enum or signed
            known, numbers = [int(fact["value"], 0) % 2**32], [int(numbers[0]) % 2**32]
        assert known == numbers, f"{line}, golden: {fact}"
        counts[kind] = counts.get(kind, 0) + 1
    expected = sum(SYSCALLS[target, spec] != {} and len(SYSCALLS[target, spec])
                   for spec in ("epoll", "eventfd"))
    assert counts["syscall"] == expected
    assert (counts["record"], counts["field"], counts["alias"]) == (2, 4, 1)
    assert counts["constant"] >= 20


@pytest.mark.parametrize("target", LINUX)
def test_golden_layout_is_what_pahole_reads(target, tmp_path):
    """pahole reads the debug information of an object and sees the same epoll_event."""
    pahole = need_program("pahole")
    compiler = need_program(*(("x86_64-linux-gnu-gcc", "gcc") if target == "x86_64-linux" else
                              ("aarch64-linux-gnu-gcc",)))
    (tmp_path / "x.c").write_text("#include <linux/eventpoll.h>\nstruct epoll_event it;\n")
    built = run_program([compiler, "-g", "-shared", "-fPIC", "-nostdlib", "-o", tmp_path / "x.so",
                         tmp_path / "x.c"])
    assert built.code == 0, describe(built)
    seen = run_program([pahole, "-C", "epoll_event", tmp_path / "x.so"])
    assert seen.code == 0 and "struct epoll_event {" in seen.out, describe(seen)
    size, _, fields = layout(read(target, "epoll"), "epoll_event")
    offsets = {m[1]: int(m[2]) for m in
               re.finditer(r"(\w+);\s*/\*\s*(\d+)\s+\d+\s*\*/", seen.out)}
    assert int(re.search(r"/\* size: (\d+)", seen.out)[1]) == size, describe(seen)
    assert {name: offsets[name] for name in fields} == fields, describe(seen)


# ---- form -----------------------------------------------------------------------------------


@pytest.mark.parametrize("spec, target", [(s, t) for s, ts in SPECS.items() for t in ts])
def test_golden_file_is_canonical(spec, target):
    """One fact a line, sorted by bytes, after a first line that says who wrote it."""
    path = ROOT / f"abi_probes/facts/{target}/{spec}.facts"
    head, *lines = path.read_text().splitlines()
    assert head == f"# Generated by abiproof gen --spec {spec}; do not edit."
    assert lines == sorted(lines, key=str.encode) and len(lines) == len(set(lines))
    assert lines[0].startswith(f"abi {target} bits=64 endian=little")


def test_golden_folder_has_exactly_one_file_per_target_and_spec():
    """A spec or target that is gone leaves no facts behind."""
    folder = ROOT / "abi_probes/facts"
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == \
        {f"{target}/{spec}.facts" for spec, targets in SPECS.items() for target in targets}
